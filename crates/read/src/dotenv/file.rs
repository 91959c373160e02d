//! One env file, and its variables.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use kubewright_source::{Diagnostic, Diagnostics, Located, SourceId, Sources, Span};

use super::escape::unescape;
use super::lex::{Fault, FaultKind, Format, Quote, Statement, Value, statements};
use crate::document::secret;
use crate::interpolate::{Dialect, Lookup, MissingVariables, expand};

/// One line of an env file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name, not yet checked against what Kubernetes allows.
    pub name: Located<String>,
    /// Its value; `None` for a bare name that the environment does not know
    /// either, which compose leaves out.
    pub value: Option<Located<String>>,
    /// The value refers to a variable that is secret.
    pub is_secret: bool,
}

/// An env file taken apart, its references not yet replaced.
#[derive(Clone, Debug)]
pub struct EnvFile {
    text: String,
    source: SourceId,
    statements: Vec<Statement>,
}

impl EnvFile {
    /// Takes `text` apart and notes it in `sources` under `name`, its values masked.
    ///
    /// Each line that is no assignment becomes an error with the code
    /// `bad-env-file`; the others are read all the same.
    pub fn parse(
        name: &str,
        text: String,
        format: Format,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let (statements, faults) = statements(&text, format);
        let source = sources.add_masked(name, masked(&text, &statements, &faults));
        for fault in faults {
            let span = Span::new(source, fault.range.start, fault.range.end);
            diagnostics.push(diagnostic(&fault.kind, span));
        }
        Self {
            text,
            source,
            statements,
        }
    }

    /// The variables in the order of the file, with references replaced.
    ///
    /// A reference is looked up with `lookup` first, then among `known`: what
    /// earlier files and earlier lines said. The variables of this file are added
    /// to `known`. A value that cannot be expanded becomes an error
    /// (`bad-interpolation` or `missing-variable`) and is left out.
    pub fn variables(
        &self,
        lookup: &Lookup<'_>,
        known: &mut BTreeMap<String, String>,
        missing: &mut MissingVariables,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Variable> {
        let mut variables = Vec::with_capacity(self.statements.len());
        for statement in &self.statements {
            let name = self.located(&statement.name);
            let mut is_secret = false;
            let value = match &statement.value {
                None => lookup(&name).map(|value| Located::new(value.into_owned(), name.span)),
                Some(value) => {
                    is_secret = self.has_secrets(value, lookup, known);
                    let Some(value) = self.value(&name, value, lookup, known, missing, diagnostics)
                    else {
                        continue;
                    };
                    Some(value)
                }
            };
            if let Some(value) = &value {
                known.insert(name.value.clone(), value.value.clone());
            }
            variables.push(Variable {
                name,
                value,
                is_secret,
            });
        }
        variables
    }

    /// Whether a value refers to variables that are secret.
    fn has_secrets(
        &self,
        value: &Value,
        lookup: &Lookup<'_>,
        known: &BTreeMap<String, String>,
    ) -> bool {
        let text = &self.text[value.range.clone()];
        let both = |wanted: &str| {
            lookup(wanted).or_else(|| known.get(wanted).map(|value| Cow::Owned(value.clone())))
        };
        match value.quote {
            Quote::Raw | Quote::Single => false,
            Quote::Double | Quote::None => !secret::found(text, Dialect::Compose, &both).is_empty(),
        }
    }

    fn value(
        &self,
        name: &str,
        value: &Value,
        lookup: &Lookup<'_>,
        known: &BTreeMap<String, String>,
        missing: &mut MissingVariables,
        diagnostics: &mut Diagnostics,
    ) -> Option<Located<String>> {
        let span = self.span(&value.range);
        let text = &self.text[value.range.clone()];
        let text = match value.quote {
            Quote::Raw => return Some(Located::new(text.to_owned(), span)),
            Quote::Single => return Some(Located::new(text.replace("\\'", "'"), span)),
            Quote::Double => Cow::Owned(unescape(text)),
            Quote::None => Cow::Borrowed(text),
        };
        let both = |wanted: &str| {
            lookup(wanted).or_else(|| known.get(wanted).map(|value| Cow::Owned(value.clone())))
        };
        match expand(&text, Dialect::Compose, &both) {
            Ok(expanded) => {
                for (variable, _) in &expanded.missing {
                    missing.say(variable, span, diagnostics);
                }
                Some(Located::new(expanded.text.into_owned(), span))
            }
            Err(fault) => {
                missing.refused(&fault);
                diagnostics.push(crate::interpolate::diagnostic(
                    &fault,
                    span,
                    &format!("the value of `{name}`"),
                ));
                None
            }
        }
    }

    fn located(&self, range: &Range<usize>) -> Located<String> {
        Located::new(self.text[range.clone()].to_owned(), self.span(range))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }
}

/// The text with every value as asterisks, byte for byte.
fn masked(text: &str, statements: &[Statement], faults: &[Fault]) -> String {
    let values = statements
        .iter()
        .filter_map(|s| Some(s.value.as_ref()?.range.clone()));
    let mut hidden: Vec<Range<usize>> = values
        .chain(faults.iter().map(|f| f.hidden.clone()))
        .collect();
    hidden.sort_by_key(|range| range.start);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in hidden {
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        let mask = |byte: u8| if byte == b'\n' { '\n' } else { '*' };
        out.extend(text[range.clone()].bytes().map(mask));
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

fn diagnostic(kind: &FaultKind, span: Span) -> Diagnostic {
    let (message, help) = match kind {
        FaultKind::UnexpectedCharacter(c) => (
            format!("unexpected character `{c}` in the name of a variable"),
            "write `NAME=value`; names have letters, digits, `_`, `.` and `-`, a comment begins with `#`",
        ),
        FaultKind::SpaceInName => (
            "the name of a variable cannot contain a space".to_owned(),
            "write `NAME=value`, one variable a line",
        ),
        FaultKind::NoName => (
            "this line has a value and no name".to_owned(),
            "write `NAME=value`",
        ),
        FaultKind::Unterminated => (
            "this quoted value is never closed".to_owned(),
            "close it with the same quote; inside the value write the quote as `\\\"` or `\\'`",
        ),
    };
    Diagnostic::error("bad-env-file", span, message).help(help)
}

#[cfg(test)]
mod tests;
