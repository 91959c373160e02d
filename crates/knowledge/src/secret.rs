//! Which variables are to be kept secret, by their names and by their values.
//!
//! Names are read word by word, so that `MONKEY`, `TOKENIZER` or `COMPASS` mean
//! nothing; values are searched for passwords inside URLs and connection strings.

mod name;
mod value;

pub use name::looks_secret;
pub use value::holds_password;
