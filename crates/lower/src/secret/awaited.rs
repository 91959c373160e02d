//! What has to be in the cluster, because nobody writes it.

use kubewright_source::{Diagnostic, Span, suggest};

/// A Secret that nobody writes, and without which no pod starts. `keys` are its keys,
/// each with the file that has the value, where there is one.
pub(crate) fn secret(
    span: Span,
    name: &str,
    namespace: Option<&str>,
    keys: &[(&str, Option<&str>)],
) -> Diagnostic {
    let listed = suggest::list(keys.iter().map(|(key, _)| *key));
    let of = namespace.map_or_else(String::new, |namespace| format!("-n {namespace} "));
    let options = keys.iter().map(|(key, file)| match file {
        Some(file) => format!(" --from-file={key}={file}"),
        None => format!(" --from-literal={key}=…"),
    });
    Diagnostic::warning(
        "awaited-secret",
        span,
        format!("Secret `{name}` is not written and has to be in the cluster, with {listed}"),
    )
    .help(format!(
        "make it before you apply: `kubectl {of}create secret generic {name}{}`",
        options.collect::<String>()
    ))
}
