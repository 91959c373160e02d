//! The small values: parsed once, at the edge; after that the type is the proof.
//!
//! Every type here has private fields and one constructor that can fail with
//! [`Invalid`]. A value that exists is valid.

mod cron;
mod duration;
mod field_path;
mod http;
mod image;
mod mode;
mod name;
mod network;
mod number;
mod path;
mod quantity;
mod secret;
mod time_zone;

pub use cron::Cron;
pub use duration::Duration;
pub use field_path::{FieldPath, ResourceField};
pub use http::{AppProtocol, HeaderName, Origin};
pub use image::{Image, Tag};
pub use mode::FileMode;
pub use name::{
    DataKey, LabelKey, LabelValue, Name, ObjectName, PortName, QualifiedName, VariableName,
};
pub use network::{Cidr, Host, Url};
pub use number::{AccountId, IntOrPercentage, Percentage, Port, PositiveCount, Rate, Weight};
pub use path::{MountPath, NodePath, RoutePath, SubPath};
pub use quantity::{Cpu, Memory, Quantity};
pub use secret::SecretText;
pub use time_zone::TimeZone;

use std::fmt;

/// Why a text is not the value that it should be.
///
/// It carries facts, not the text itself: the reader that knows the place adds
/// both to its diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// What was wanted: `a port`, `an image reference`.
    pub what: &'static str,
    /// What is wrong with the text.
    pub why: String,
    /// How to put it right.
    pub help: String,
}

impl Invalid {
    /// A refusal: what was wanted, what is wrong, how to put it right.
    pub fn new(what: &'static str, why: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what,
            why: why.into(),
            help: help.into(),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not {}: {}", self.what, self.why)
    }
}

impl std::error::Error for Invalid {}

/// The parts that every checked text has in common.
macro_rules! checked_text {
    ($name:ident) => {
        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::value::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0.into()
            }
        }

        impl From<&$name> for String {
            fn from(value: &$name) -> Self {
                value.0.to_string()
            }
        }
    };
}
pub(crate) use checked_text;
