//! Values with a form of their own, one file each.
//!
//! - `pairs`: `KEY=value` as a list or a mapping;
//! - `command`: command lines and tests of health;
//! - `port`, `mount`, `device`, `file`: items with a short form;
//! - `network`: networks and models by name, `depends_on`;
//! - `host`: `extra_hosts`;
//! - `limit`: `ulimits`;
//! - `build`, `external`, `gpu`.

pub(super) mod build;
pub(super) mod command;
pub(super) mod device;
pub(super) mod external;
pub(super) mod file;
pub(super) mod gpu;
pub(super) mod host;
pub(super) mod limit;
pub(super) mod mount;
pub(super) mod network;
pub(super) mod pairs;
pub(super) mod port;
