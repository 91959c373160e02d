//! `.env` files, `env_file`s and `label_file`s: `NAME=value` by the line.
//!
//! - [`EnvFile`]: one file taken apart; its values wait for their variables, so
//!   that a file used by a thousand services is read once;
//! - [`EnvFile::variables`]: its variables, with `${…}` replaced.
//!
//! The rules are those of Docker Compose
//! (<https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/>):
//!
//! | line | value |
//! |---|---|
//! | `A=b`, `export A=b`, `A: b`, `A = b` | `b` |
//! | `A=b # c` | `b`: a comment needs a space in front of `#` |
//! | `A='b $C \n'` | as it stands, also over several lines; only `\'` is `'` |
//! | `A="b $C \n"` | escapes and references replaced, also over several lines |
//! | `A=b $C` | references replaced |
//! | `A` | whatever the environment says, nothing if it says nothing |
//! | `A` in `format: raw` | the same, and `A=` takes the rest of the line literally |
//!
//! Values are secrets more often than not: the text that is kept for diagnostics
//! has them masked, and no message repeats one.

mod assignment;
mod escape;
mod file;
mod lex;

pub use assignment::{Assignment, assignments};
pub use file::{EnvFile, Variable};
pub use lex::Format;
