//! The server as its clients see it: it listens, and they speak HTTP to it.

mod client;
mod detect;
mod documents;
mod flow;
mod hangup;
mod idle;
mod options;
mod refused;
mod resources;
mod skaffold;
mod state;
mod stopping;
mod v1;
