//! Environment variables of containers.
//!
//! <https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/>

use crate::container::KnownSecret;
use crate::value::{DataKey, FieldPath, ObjectName, ResourceField, VariableName};
use crate::{Given, Located};

/// One variable: a name, and one of the places that a value can come from.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The variable's name.
    pub name: Located<VariableName>,
    /// Where its value comes from.
    pub value: VariableValue,
}

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum VariableValue {
    /// A text, kept in the app's ConfigMap.
    Text(Located<String>),
    /// A text that stands in the container itself; `$(NAME)` in it is replaced
    /// by Kubernetes.
    Inline(Located<String>),
    /// `${NAME}`, left for whoever deploys.
    Deploy(Located<String>),
    /// A secret, kept in the app's Secret.
    Secret(Box<SecretVariable>),
    /// A key of a Secret that exists.
    SecretKey(KeyReference),
    /// A key of a ConfigMap that exists.
    ConfigMapKey(KeyReference),
    /// A field of the pod: `status.podIP`.
    Field(Located<FieldPath>),
    /// A resource of a container: `limits.memory`.
    ResourceField {
        /// The container; none: this one.
        container: Given<String>,
        /// The resource.
        resource: Located<ResourceField>,
    },
}

/// A variable whose value is secret.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretVariable {
    /// The secret's name in the store or among the project's sources; none: the
    /// variable's own name, in the app's Secret only.
    pub name: Given<String>,
    /// The key within the secret.
    pub key: Given<String>,
    /// The version within the store.
    pub version: Given<String>,
    /// The value, where the input or an env file has it.
    pub known: KnownSecret,
}

/// A key of a ConfigMap or Secret that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyReference {
    /// The object.
    pub name: Located<ObjectName>,
    /// The key.
    pub key: Located<DataKey>,
    /// The container starts without it, too.
    pub optional: Given<bool>,
}

/// A whole ConfigMap or Secret whose keys become variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariablesFrom {
    /// The object.
    pub source: VariablesSource,
    /// What goes in front of every key.
    pub prefix: Given<String>,
    /// The container starts without it, too.
    pub optional: Given<bool>,
}

/// Which kind of object variables are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariablesSource {
    /// A ConfigMap.
    ConfigMap(Located<ObjectName>),
    /// A Secret.
    Secret(Located<ObjectName>),
}
