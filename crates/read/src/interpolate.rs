//! `$VAR`, `${VAR}`, `${VAR:-default}` and their kin.
//!
//! - [`pieces`]: a text as literal pieces and references, nothing looked up;
//! - [`expand`]: the text with its references replaced;
//! - [`MissingVariables`]: saying once per variable that it has no value.
//!
//! Both know the two languages that have such references by their [`Dialect`].
//! The forms are those of the Compose Specification:
//! <https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md>

mod diagnostic;
mod expand;
mod missing;
mod piece;

pub use diagnostic::diagnostic;
pub use expand::{Expanded, Lookup, expand};
pub use missing::MissingVariables;
pub(crate) use piece::MAX_DEPTH;
pub use piece::{Dialect, Fault, FaultKind, Operator, Piece, Reference, pieces};
