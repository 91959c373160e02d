//! Version 2 of the file, rewritten into version 3 before anything else reads it.
//!
//! What comes out is a tree of version 3 whose places are those of the input, so
//! that errors point at what was written:
//!
//! - [`words`]: every key of version 2, and `check`: what a file of version 2 says
//!   beyond them;
//! - `root`, `environment`: what stands at the top;
//! - `entry`: an entry and its overrides; `app`, `access`, `variable`, `compose`:
//!   what they say;
//! - `ingress`, `gateway`: routes;
//! - `default`, `store`: what version 2 means where nothing is said;
//! - `context`, `tree`: what all of them share.
//!
//! A file of version 3 may use words of version 2, too; the note `old-key` says
//! what they are called now. There, nothing is laid under.

mod access;
mod app;
mod check;
mod compose;
mod context;
mod default;
mod entry;
mod environment;
mod gateway;
mod ingress;
mod root;
mod store;
mod tree;
mod variable;
mod words;

use std::collections::BTreeSet;

use kubewright_yaml::Node;

use crate::fields::Report;
use context::Context;

pub(super) use store::{has_store, without_stores};

/// Whether a file says that it is of version 2.
pub(super) fn is_old(root: &Node) -> bool {
    let version = root.get("version").and_then(Node::as_scalar);
    version.is_some_and(|version| matches!(&*version.text, "2" | "2.0"))
}

/// What came of rewriting a file.
pub(super) struct Rewritten {
    /// A tree of version 3.
    pub(super) root: Node,
    /// It was of version 2.
    pub(super) was_old: bool,
    /// Secrets with a store of their own, which their variables named.
    pub(super) with_store: BTreeSet<String>,
}

/// The whole of a file as version 3.
pub(super) fn rewritten(mut root: Node, report: &Report) -> Rewritten {
    let is_old = is_old(&root);
    if is_old {
        check::check(&mut root, report);
    }
    let context = Context::new(report, is_old, &root);
    let mut with_store = BTreeSet::new();
    if let Some(top) = root.as_mapping_mut() {
        root::rewrite(top, &context);
        if is_old {
            default::lay(top, &context);
            store::lay(top, &context);
            root::raise(top);
        }
        with_store = store::name(top, &context);
    }
    Rewritten {
        root,
        was_old: is_old,
        with_store,
    }
}

/// A part of a file, laid over it: `--set`. Nothing is said of its words.
pub(super) fn rewritten_part(mut part: Node, root: &Node, report: &Report) -> Node {
    let context = Context::new(report, false, root).silent();
    if let Some(top) = part.as_mapping_mut() {
        root::rewrite(top, &context);
    }
    part
}
