//! Quotes of the user's words that stay readable, whatever the words are.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;

/// The longest text in backticks that is shown whole, in characters.
const LONGEST: usize = 120;

/// The longest key path that is shown whole, in characters.
const LONGEST_PATH: usize = 400;

/// The diagnostic with what is longer than anybody reads cut.
pub(crate) fn shortened(diagnostic: Cow<'_, Diagnostic>) -> Cow<'_, Diagnostic> {
    let related = diagnostic.related.iter().map(|related| &*related.message);
    let texts = [&*diagnostic.message, &*diagnostic.label, &*diagnostic.help];
    let is_long = |text: &str| text.len() > LONGEST;
    if diagnostic.path.len() <= LONGEST_PATH && !texts.into_iter().chain(related).any(is_long) {
        return diagnostic;
    }
    let mut short = diagnostic.into_owned();
    short.message = quotes(&short.message, |_| false);
    short.label = Cow::Owned(quotes(&short.label, |_| false));
    // A command that is cut does something else, or nothing.
    short.help = quotes(&short.help, is_command);
    short.path = cut(&short.path, LONGEST_PATH);
    for related in &mut short.related {
        related.message = quotes(&related.message, |_| false);
    }
    Cow::Owned(short)
}

/// Whether a quote is a command that people are to run.
fn is_command(quote: &str) -> bool {
    const PROGRAMS: [&str; 3] = ["kubectl ", "kubewright ", "git "];
    PROGRAMS.iter().any(|program| quote.starts_with(program))
}

/// Cuts the quotes in a text, but for those that are to stay whole.
fn quotes(text: &str, is_whole: impl Fn(&str) -> bool) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| match at % 2 == 1 && !is_whole(part) {
        true => cut(part, LONGEST),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`")
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn commands_are_whole() {
        let command = format!(
            "kubectl create secret generic a{}",
            " --from-literal=B=…".repeat(40)
        );
        let said = Diagnostic::error("a", Span::NONE, format!("`{command}`"))
            .help(format!("run `{command}`, not `{}`", "x".repeat(200)));
        let short = shortened(Cow::Borrowed(&said));
        let cut = "x".repeat(120);
        assert_eq!(short.help, format!("run `{command}`, not `{cut}…`"));
        assert!(short.message.len() < said.message.len());
    }

    #[test]
    fn only_long_quotes_are_cut() {
        let long = "ü".repeat(5_000);
        let said = Diagnostic::error("a", Span::NONE, format!("unknown key `{long}` in `web`"))
            .path(&*long)
            .help("x".repeat(200));
        let short = shortened(Cow::Borrowed(&said));
        let cut = |most| format!("{}…", "ü".repeat(most));
        assert_eq!(
            short.message,
            format!("unknown key `{}` in `web`", cut(120))
        );
        assert_eq!(short.path, cut(400));
        assert_eq!(short.help, said.help);
        let plain = Diagnostic::error("a", Span::NONE, "`b`");
        assert!(matches!(shortened(Cow::Borrowed(&plain)), Cow::Borrowed(_)));
    }
}
