//! Inputs to one resolved compose document, without compiling it.

use kubewright_files::Files;
use kubewright_read::Environment;
use kubewright_read::compose::load;
use kubewright_read::compose::resolved;
use kubewright_source::{Diagnostic, Diagnostics, Sources, Span};

pub use kubewright_read::compose::resolved::ResolveOptions;
use kubewright_read::compose::resolved::Resolved;

use crate::{Request, asked, conceal};

/// What came of resolving.
#[derive(Debug)]
pub struct Resolution {
    /// Every text that was read.
    pub sources: Sources,
    /// What there is to say.
    pub diagnostics: Diagnostics,
    /// The document; none where there was an error.
    pub resolved: Option<Resolved>,
}

impl Resolution {
    /// The document as text. What cannot be written is an error.
    pub fn print(&mut self) -> Option<String> {
        let printed = resolved::print(&self.resolved.as_ref()?.root);
        let said = printed.map_err(|error| {
            let message = format!("the document cannot be written: {error}");
            Diagnostic::error("unwritable", Span::NONE, message)
                .help("this is a fault of kubewright; report it with the input")
        });
        said.map_err(|error| self.diagnostics.push(error)).ok()
    }
}

/// Resolves inputs into the document that `docker compose config` would print.
pub fn resolve(
    request: &Request,
    files: &dyn Files,
    environment: &Environment,
    options: ResolveOptions,
) -> Resolution {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let asked = asked(request);
    let document = load::load(&asked, files, environment, &mut sources, &mut diagnostics);
    let mut resolved = document.map(|document| resolved::resolve(&document, options));
    if let Some(resolved) = &mut resolved {
        resolved::add(std::mem::take(&mut resolved.faults), &mut diagnostics);
    }
    let resolved = resolved.filter(|_| !diagnostics.has_errors());
    conceal::settle_all(&mut sources);
    Resolution {
        sources,
        diagnostics,
        resolved,
    }
}
