//! Secrets that an input wants to be made where secrets are kept.

use crate::Located;
use crate::value::{Name, ObjectName, VariableName};

/// One secret that is to be made. Its value is none of the model's business: it
/// must not reach any output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedSecret {
    /// The entry whose variable it is.
    pub service: Located<Name>,
    /// The variable.
    pub variable: Located<VariableName>,
    /// The Secret that will hold it in the cluster.
    pub secret: ObjectName,
    /// What it is called in the vault.
    pub key: String,
}
