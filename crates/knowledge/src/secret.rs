//! Which variables are to be kept secret, by their names and by their values.
//!
//! Names are read word by word, so that `MONKEY`, `TOKENIZER` or `COMPASS` mean
//! nothing; values are searched for passwords inside URLs and connection strings,
//! and for private keys and tokens, which have forms of their own.

mod assigned;
mod header;
mod name;
mod token;
mod value;

pub use assigned::{assigned, assigned_words};
pub use header::headers;
pub use name::{looks_secret, names_object};
pub use token::{credentials, holds_credential};
pub use value::{holds_password, passwords};
