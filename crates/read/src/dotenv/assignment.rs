//! Where the assignments of an env file stand.

use std::ops::Range;

use super::lex::{Format, Quote, Statement, statements};

/// Where an assignment stands, in bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// All of it: `export` and the quotes too, the comment behind it not.
    pub whole: Range<usize>,
    /// The name.
    pub name: Range<usize>,
    /// The value without its quotes; none of a bare name.
    pub value: Option<Range<usize>>,
}

/// The assignments of an env file, from top to bottom. Its values may be masked.
#[must_use]
pub fn assignments(text: &str) -> Vec<Assignment> {
    let (statements, _) = statements(text, Format::Dotenv);
    let found = statements.into_iter();
    found.map(|statement| assignment(text, statement)).collect()
}

fn assignment(text: &str, statement: Statement) -> Assignment {
    let Statement { name, value } = statement;
    let end = match &value {
        None => name.end,
        Some(value) => match value.quote {
            Quote::Single | Quote::Double => value.range.end + 1,
            Quote::None | Quote::Raw => value.range.end,
        },
    };
    Assignment {
        whole: start_of(text, name.start)..end,
        name,
        value: value.map(|value| value.range),
    }
}

/// Where the word `export` in front of a name begins, else the name.
fn start_of(text: &str, name: usize) -> usize {
    let before = text[..name].trim_end_matches([' ', '\t']);
    match before.strip_suffix("export") {
        Some(line) if before.len() < name && begins_line(line) => line.len(),
        Some(_) | None => name,
    }
}

/// Whether nothing but blanks stands between the last line break and the end.
fn begins_line(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.trim_start_matches('\u{feff}').trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_ends_before_its_comment() {
        let text = "# a\nexport A='b\nc' # d\n B : \"e\"\nC=f # g\nD\nE=\n";
        let parts: Vec<_> = assignments(text)
            .into_iter()
            .map(|found| {
                let value = found.value.map(|value| &text[value]);
                (&text[found.whole], &text[found.name], value)
            })
            .collect();
        let expected = [
            ("export A='b\nc'", "A", Some("b\nc")),
            ("B : \"e\"", "B", Some("e")),
            ("C=f", "C", Some("f")),
            ("D", "D", None),
            ("E=", "E", Some("")),
        ];
        assert_eq!(parts, expected);
    }
}
