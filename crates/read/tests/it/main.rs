//! The readers from outside: texts in, documents and diagnostics out.

mod apps;
mod load;
