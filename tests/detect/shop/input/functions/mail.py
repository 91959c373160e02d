from k3sfn import queue_trigger


@queue_trigger(queue="mail")
def send(message):
    return message
