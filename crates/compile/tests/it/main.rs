//! The line as a whole, over all cases below `tests/cases`.

mod argocd;
mod case;
mod converted;
mod documented;
mod drop_key;
mod edge_rules;
mod explain;
mod generated;
mod golden;
mod kustomize;
mod malformed;
mod planted;
mod planted_variable;
mod rows;
mod shuffle;
mod stopped;
mod wizard;
mod written;
mod wrong_type;
