//! The line behind HTTP, for one project folder, on this machine only.
//!
//! - [`Settings`]: which folder, which port, which [`Token`], which [`Limits`];
//! - [`Server`]: listens, answers, and stops when it is told;
//! - `guard`: who is let in: the right token, no foreign `Host`, no foreign `Origin`;
//! - `connections`: how many at once, and which make room;
//! - `body`: requests within their limits;
//! - `project`: the folder that is served, and the way to the line and to the disk;
//! - `problem`: what goes wrong, with a stable code;
//! - `routes`: one file a call.
//!
//! No rule of the domain stands here: a handler reads its request, calls one
//! function of `kubewright-run`, and says what came of it.

mod blocking;
mod body;
mod confined;
mod connections;
mod guard;
mod limits;
mod listen;
mod loopback;
mod openapi;
mod problem;
mod project;
mod routes;
mod token;

pub use limits::Limits;
pub use listen::{ServeError, Server, Settings, interrupted};
pub use loopback::Loopback;
pub use openapi::document as openapi;
pub use token::Token;
