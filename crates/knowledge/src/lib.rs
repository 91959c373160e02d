//! What is known of commonly used container images.
//!
//! The knowledge is data: one row per image family, written as `static` tables
//! in the folder `table`, so that nothing is parsed at run time. Around the
//! rows stands a small API:
//!
//! - [`known`] and [`family`] find the row of an image, by the components of its
//!   repository path and never by a piece of text inside them;
//! - [`Family`] answers which ports, user, data folders, probe, variables and
//!   capabilities the image has, where needed depending on its tag;
//! - [`Need`] is what an image has to be told, or else it does not start;
//! - [`user_named`] and [`group_named`] turn the names of accounts into numbers;
//! - [`secret`] tells which variables are to be kept secret.
//!
//! A row says only what is certain. A wrong user id breaks production, a missing
//! one costs a default: what is not known for sure is left out.

mod account;
mod content;
mod family;
mod fresh;
mod lookup;
mod need;
mod program;
mod row;
pub mod secret;
mod table;
mod tag;
mod variant;

pub use account::{User, group_named, user_named};
pub use family::{DataPath, Family, Kind, Port, Probe, Protocol, Role, Workload};
pub use fresh::Fix;
pub use lookup::{Known, families, family, known};
pub use need::{Need, Telling};
