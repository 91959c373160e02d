//! The command as people run it: arguments, what is printed, the exit code.

mod again;
mod argocd;
mod clones;
mod command;
mod convert;
mod diff;
mod docs;
mod examples;
mod explain;
mod generate;
mod helm;
mod init;
mod kill;
mod kustomize;
mod layout;
mod merge;
mod newcomer;
mod options;
mod serve;
mod settings;
mod skaffold;
mod tilt;
mod trouble;
mod upgrade;
