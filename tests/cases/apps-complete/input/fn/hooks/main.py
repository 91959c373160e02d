def order(): pass
