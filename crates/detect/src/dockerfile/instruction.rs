//! A Dockerfile as instructions: lines put together, comments and the bodies of
//! here-documents left out.

/// One instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// In capitals.
    pub(super) name: String,
    /// What stands behind it.
    pub(super) rest: String,
}

/// The instructions of a text, in order.
pub(super) fn instructions(text: &str) -> Vec<Instruction> {
    let escape = escape(text);
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut whole = line.to_owned();
        while let Some(begun) = whole.strip_suffix(escape) {
            whole = begun.trim_end().to_owned();
            // Comments and empty lines within an instruction are passed over.
            let Some(next) = lines
                .by_ref()
                .map(str::trim)
                .find(|line| !line.is_empty() && !line.starts_with('#'))
            else {
                break;
            };
            whole.push(' ');
            whole.push_str(next);
        }
        for end in here_documents(&whole) {
            lines
                .by_ref()
                .find(|line| line.trim_start_matches('\t') == end);
        }
        let (name, rest) = whole
            .split_once(char::is_whitespace)
            .unwrap_or((&whole, ""));
        found.push(Instruction {
            name: name.to_ascii_uppercase(),
            rest: rest.trim().to_owned(),
        });
    }
    found
}

/// The character that continues a line; `# escape=` in the first comments may
/// change it.
fn escape(text: &str) -> char {
    for line in text.lines() {
        let Some(comment) = line.trim().strip_prefix('#') else {
            break;
        };
        let Some((name, value)) = comment.split_once('=') else {
            break;
        };
        if name.trim().eq_ignore_ascii_case("escape") && value.trim() == "`" {
            return '`';
        }
    }
    '\\'
}

/// The words that end the here-documents of an instruction: `<<EOF`, `<<-"EOF"`.
fn here_documents(line: &str) -> Vec<String> {
    let takes_them = ["RUN", "COPY", "ADD"].iter().any(|name| {
        let start = line.get(..name.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(name))
    });
    if !takes_them {
        return Vec::new();
    }
    let word = |word: &str| {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = rest.strip_prefix("<<")?;
        let name = rest.strip_prefix('-').unwrap_or(rest);
        let name = name.trim_matches(['"', '\'']);
        let is_name = !name.is_empty() && name.chars().all(|c| c == '_' || c.is_alphanumeric());
        is_name.then(|| name.to_owned())
    };
    line.split_whitespace().filter_map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let told = |one: Instruction| format!("{} {}", one.name, one.rest);
        instructions(text).into_iter().map(told).collect()
    }

    #[test]
    fn lines_become_instructions() {
        let table: [(&str, &[&str]); 6] = [
            ("from a\n\nuser b\n", &["FROM a", "USER b"]),
            ("RUN a \\\n # c\n\n  b\nUSER d", &["RUN a b", "USER d"]),
            ("# escape=`\nRUN a `\n b", &["RUN a b"]),
            ("RUN <<EOF\nFROM no\nEOF\nUSER a", &["RUN <<EOF", "USER a"]),
            ("RUN a \\", &["RUN a"]),
            (
                "COPY <<-'X' /a\n\tFROM no\n\tX\nUSER a",
                &["COPY <<-'X' /a", "USER a"],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
