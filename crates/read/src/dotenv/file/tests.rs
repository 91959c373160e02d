use super::*;

fn outside(name: &str) -> Option<Cow<'static, str>> {
    (name == "HOST").then_some(Cow::Borrowed("from outside"))
}

fn read(text: &str, format: Format) -> (Vec<(String, Option<String>)>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = EnvFile::parse(
        ".env",
        text.to_owned(),
        format,
        &mut sources,
        &mut diagnostics,
    );
    let mut known = BTreeMap::new();
    let mut missing = MissingVariables::default();
    let variables = file.variables(&outside, &mut known, &mut missing, &mut diagnostics);
    let pairs = variables
        .into_iter()
        .map(|v| (v.name.value, v.value.map(|value| value.value)))
        .collect();
    (pairs, diagnostics.into_sorted())
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), Some((*value).to_owned()));
    expected.iter().map(own).collect()
}

#[test]
fn lines_are_read_as_compose_reads_them() {
    let rows: &[(&str, &[(&str, &str)])] = &[
        ("", &[]),
        ("# only\n\n  # comments\n", &[]),
        ("A=b", &[("A", "b")]),
        ("A=b\nC=d\n", &[("A", "b"), ("C", "d")]),
        ("\u{feff}A=b\r\nC=d\r\n", &[("A", "b"), ("C", "d")]),
        ("export A=b\nexport\tC=d", &[("A", "b"), ("C", "d")]),
        ("exported=1", &[("exported", "1")]),
        ("A: b\nC : d", &[("A", "b"), ("C", "d")]),
        ("A = b", &[("A", "b")]),
        ("A=", &[("A", "")]),
        ("A=\nC=d", &[("A", ""), ("C", "d")]),
        ("A=b # c", &[("A", "b")]),
        ("A=b#c", &[("A", "b#c")]),
        ("A= # c", &[("A", "# c")]),
        ("A=b=c:d", &[("A", "b=c:d")]),
        ("A=b c  ", &[("A", "b c")]),
        ("A='b # $C \\n'", &[("A", "b # $C \\n")]),
        ("A='it\\'s'", &[("A", "it's")]),
        ("A=\"b\\tc\\\"\"", &[("A", "b\tc\"")]),
        ("A=\"b\nc\" # d\nE=f", &[("A", "b\nc"), ("E", "f")]),
        ("A='b\nc'\nE=f", &[("A", "b\nc"), ("E", "f")]),
        ("A=\"\\\\\"", &[("A", "\\")]),
        (
            "A=1\nB=${A}2\nC=\"$B\"3",
            &[("A", "1"), ("B", "12"), ("C", "12")],
        ),
        ("A=$HOST", &[("A", "from outside")]),
        (
            "HOST=own\nA=$HOST",
            &[("HOST", "own"), ("A", "from outside")],
        ),
        ("A=${B:-c}", &[("A", "c")]),
        ("A=$$B\nC=\"\\$B\"", &[("A", "$B"), ("C", "$B")]),
        ("HOST\nA=b", &[("HOST", "from outside"), ("A", "b")]),
        ("HOST", &[("HOST", "from outside")]),
        ("a.b-c[0]=d", &[("a.b-c[0]", "d")]),
        ("Ä=ö", &[("Ä", "ö")]),
        ("A=1\nA=2", &[("A", "1"), ("A", "2")]),
        ("A={\"a\": \"b\"}", &[("A", "{\"a\": \"b\"}")]),
    ];
    for (text, expected) in rows {
        // `"$B"3` leaves a `3` behind, which is a bare name to compose as well.
        let (mut found, diagnostics) = read(text, Format::Dotenv);
        found.retain(|(name, _)| name != "3");
        assert_eq!(found, pairs(expected), "{text}");
        assert!(diagnostics.is_empty(), "{text}: {diagnostics:?}");
    }
}

#[test]
fn a_bare_name_without_a_value_is_kept_without_one() {
    let (found, diagnostics) = read("GONE\nA=b", Format::Dotenv);
    assert_eq!(found[0], ("GONE".to_owned(), None));
    assert_eq!(found.len(), 2);
    assert!(diagnostics.is_empty());
}

#[test]
fn raw_files_are_taken_literally() {
    let text = "# c\n  A= \"b\" # $C \nHOST\nB='\r\nGONE\n\nC=d=e";
    let (found, diagnostics) = read(text, Format::Raw);
    let mut expected = pairs(&[
        ("A", " \"b\" # $C "),
        ("HOST", "from outside"),
        ("B", "'"),
        ("GONE", ""),
        ("C", "d=e"),
    ]);
    expected[3].1 = None;
    assert_eq!(found, expected);
    assert!(diagnostics.is_empty());
}

#[test]
fn each_faulty_line_is_an_error_and_the_others_are_read() {
    let rows = [
        ("A$B=c", "bad-env-file", "unexpected character `$`"),
        ("{\"a\": 1}", "bad-env-file", "unexpected character `{`"),
        ("A B=c", "bad-env-file", "cannot contain a space"),
        ("just words", "bad-env-file", "cannot contain a space"),
        ("=c", "bad-env-file", "no name"),
        ("A=${", "bad-interpolation", "the value of `A`"),
        ("A=${B:?set me}", "missing-variable", "set me"),
    ];
    for (line, code, part) in rows {
        let (found, diagnostics) = read(&format!("X=1\n{line}\nZ=2"), Format::Dotenv);
        assert_eq!(found, pairs(&[("X", "1"), ("Z", "2")]), "{line}");
        assert_eq!(diagnostics.len(), 1, "{line}: {diagnostics:?}");
        assert_eq!(diagnostics[0].code, code, "{line}");
        assert!(
            diagnostics[0].message.contains(part),
            "{}",
            diagnostics[0].message
        );
        assert!(!diagnostics[0].help.is_empty(), "{line}");
    }
    let (_, diagnostics) = read("A=\"b\nC=d", Format::Dotenv);
    assert!(diagnostics[0].message.contains("never closed"));
    let (_, diagnostics) = read("A b=c\n=d", Format::Raw);
    assert_eq!(diagnostics.len(), 2);
}

#[test]
fn values_are_masked_in_what_is_shown() {
    let text = "A=hunter2 # note\nB=\"hun\nter2\"\nC$=hunter2\nD = 'hunter2";
    for format in [Format::Dotenv, Format::Raw] {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        EnvFile::parse(
            ".env",
            text.to_owned(),
            format,
            &mut sources,
            &mut diagnostics,
        );
        let shown = sources.iter().next().unwrap().text();
        assert_eq!(shown.len(), text.len());
        assert_eq!(shown.lines().count(), text.lines().count());
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(diagnostics.iter().all(|d| !d.message.contains("hunter2")));
    }
}

#[test]
fn a_missing_variable_is_said_once() {
    let (found, diagnostics) = read("A=$GONE\nB=${GONE}x", Format::Dotenv);
    assert_eq!(found, pairs(&[("A", ""), ("B", "x")]));
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "missing-variable");
}
