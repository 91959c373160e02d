//! The block of ours in the `.gitignore` of the output folder.

use std::collections::BTreeSet;

/// The first line of the block.
pub(crate) const BEGIN: &str = "# kubewright: files that hold secrets";
/// Its last line.
pub(crate) const END: &str = "# kubewright: end";

/// What of our own may hold secrets or traces of them: beside the texts of the lock
/// what a run that was cut short leaves.
const OWN: [&str; 4] = [
    "/.kubewright/secrets.json",
    "/.kubewright/secrets.lz4",
    "/.kubewright/unfinished.json",
    ".kubewright-*.tmp",
];

/// The text of `.gitignore` with the block naming `secrets`, paths in the
/// output folder; none when nothing would be left of it.
///
/// The lines before and after the block stay as they are. A rule behind it that
/// takes files in again would win over it
/// (<https://git-scm.com/docs/gitignore>): then the block moves to the end. In the
/// block, lines that are no path of ours stay too, behind it; so does one whose file
/// `is_there`, in the block: it may still hold a secret.
pub(crate) fn merge(
    old: Option<&[u8]>,
    secrets: &[&str],
    is_there: impl Fn(&str) -> bool,
) -> Option<Vec<u8>> {
    let Parts {
        before,
        inside,
        after,
    } = split(old.unwrap_or_default());
    let mut wanted: Vec<Vec<u8>> = secrets.iter().map(|path| pattern(path)).collect();
    let mut theirs: Vec<&[u8]> = Vec::new();
    for line in inside {
        match our_path(line) {
            Some(path) if is_there(&path) => wanted.push(pattern(&path)),
            Some(_) => {}
            None => theirs.push(line),
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    let takes_in = |line: &[u8]| line.starts_with(b"!");
    let is_last = theirs.iter().copied().chain(lines(&after)).any(takes_in);
    let behind = theirs
        .into_iter()
        .chain((!after.is_empty()).then_some(&*after));
    let (above, below): (Vec<&[u8]>, Vec<&[u8]>) = behind.partition(|_| is_last);
    let mut text = before;
    push_parts(&mut text, &above);
    if !wanted.is_empty() {
        end_line(&mut text);
        let ours = OWN.map(|line| line.as_bytes().to_vec());
        push_line(&mut text, BEGIN.as_bytes());
        wanted
            .iter()
            .chain(&ours)
            .for_each(|line| push_line(&mut text, line));
        push_line(&mut text, END.as_bytes());
    }
    push_parts(&mut text, &below);
    let gone = text.is_empty() && old.is_some_and(|old| !old.is_empty());
    if gone || (old.is_none() && text.is_empty()) {
        None
    } else {
        Some(text)
    }
}

/// Whether the text has a block of ours.
pub(crate) fn has_block(text: &[u8]) -> bool {
    lines(text).any(|line| is(line, BEGIN))
}

/// The paths that the block of ours names.
pub(crate) fn named(text: &[u8]) -> BTreeSet<String> {
    let inside = split(text).inside.into_iter();
    let paths = inside.filter_map(our_path);
    paths.filter(|path| !path.is_empty()).collect()
}

/// A text around and in our blocks. Lines keep their ends.
#[derive(Default)]
struct Parts<'t> {
    before: Vec<u8>,
    inside: Vec<&'t [u8]>,
    after: Vec<u8>,
}

/// A block without an end is a stray first line; the lines after it are the
/// user's.
fn split(text: &[u8]) -> Parts<'_> {
    let all: Vec<&[u8]> = lines(text).collect();
    let mut parts = Parts::default();
    let mut seen = false;
    let mut at = 0;
    while at < all.len() {
        let end = is(all[at], BEGIN)
            .then(|| {
                all[at + 1..]
                    .iter()
                    .position(|line| is(line, END) || is(line, BEGIN))
            })
            .flatten()
            .map(|length| at + 1 + length)
            .filter(|end| is(all[*end], END));
        match end {
            Some(end) => {
                parts.inside.extend(&all[at + 1..end]);
                at = end;
                seen = true;
            }
            None if is(all[at], BEGIN) => {}
            None if seen => parts.after.extend_from_slice(all[at]),
            None => parts.before.extend_from_slice(all[at]),
        }
        at += 1;
    }
    parts
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

fn is(line: &[u8], marker: &str) -> bool {
    line.trim_ascii() == marker.as_bytes()
}

/// The line that ignores the file at `path` and no other
/// (<https://git-scm.com/docs/gitignore>). An output path holds neither `*`,
/// `?` nor `\`, and ends in no space.
fn pattern(path: &str) -> Vec<u8> {
    format!("/{}", path.replace('[', "\\[")).into_bytes()
}

/// The path that a line of ours names; none for a line that is not ours, the
/// empty path for one about the writer's own files.
fn our_path(line: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(line.trim_ascii()).ok()?;
    if OWN.contains(&line) || line.starts_with("/.kubewright/") {
        return Some(String::new());
    }
    Some(line.strip_prefix('/')?.replace("\\[", "["))
}

/// Parts that begin lines of their own.
fn push_parts(text: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        end_line(text);
        text.extend_from_slice(part);
    }
}

fn push_line(text: &mut Vec<u8>, line: &[u8]) {
    text.extend_from_slice(line);
    text.push(b'\n');
}

/// Ends the last line if the user did not.
fn end_line(text: &mut Vec<u8>) {
    if text.last().is_some_and(|byte| *byte != b'\n') {
        text.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn own() -> String {
        OWN.map(|line| format!("{line}\n")).concat()
    }

    fn merged(old: Option<&str>, secrets: &[&str]) -> Option<String> {
        merge(old.map(str::as_bytes), secrets, |path| path == "there.yaml")
            .map(|text| String::from_utf8(text).unwrap())
    }

    fn block(paths: &str) -> String {
        format!("{BEGIN}\n{paths}{}{END}\n", own())
    }

    /// Name, text before, secrets, text after.
    type Row<'r> = (&'r str, Option<&'r str>, &'r [&'r str], Option<&'r str>);

    #[test]
    fn merges() {
        let (a, ab) = (block("/a.yaml\n"), block("/a.yaml\n/e/b.yaml\n"));
        let crlf = format!("x\n{}y\n", a.replace('\n', "\r\n"));
        let rows: [Row<'_>; 16] = [
            ("nothing at all", None, &[], None),
            ("new", None, &["a.yaml"], Some(&a)),
            ("sorted", None, &["e/b.yaml", "a.yaml"], Some(&ab)),
            ("same", Some(&a), &["a.yaml"], Some(&a)),
            ("no more secrets", Some(&a), &[], None),
            ("empty stays", Some(""), &[], Some("")),
            ("foreign stays", Some("x\n\ny"), &[], Some("x\n\ny")),
            (
                "appended",
                Some("x\n\ny"),
                &["a.yaml"],
                Some(&format!("x\n\ny\n{a}")),
            ),
            (
                "in place",
                Some(&format!("x\n{a}y")),
                &["a.yaml", "e/b.yaml"],
                Some(&format!("x\n{ab}y")),
            ),
            (
                "taken out",
                Some(&format!("x\n{a}y\n")),
                &[],
                Some("x\ny\n"),
            ),
            (
                "own line within",
                Some(&a.replace(END, "*.log\n# kubewright: end")),
                &[],
                Some("*.log\n"),
            ),
            (
                "no end",
                Some(&format!("{BEGIN}\n/x\ny\n")),
                &["a.yaml"],
                Some(&format!("/x\ny\n{a}")),
            ),
            (
                "two blocks",
                Some(&format!("x\n{a}y\n{a}z\n")),
                &["a.yaml"],
                Some(&format!("x\n{a}y\nz\n")),
            ),
            (
                "a rule that takes in again",
                Some(&format!("x\n{a}*.log\n!*.yaml\n")),
                &["a.yaml"],
                Some(&format!("x\n*.log\n!*.yaml\n{a}")),
            ),
            (
                "one within",
                Some(&a.replace(END, "!/a.yaml\n# kubewright: end")),
                &["a.yaml"],
                Some(&format!("!/a.yaml\n{a}")),
            ),
            (
                "CRLF",
                Some(&crlf),
                &["a.yaml"],
                Some(&format!("x\n{a}y\n")),
            ),
        ];
        for (name, old, secrets, new) in rows {
            assert_eq!(merged(old, secrets).as_deref(), new, "{name}");
        }
    }

    #[test]
    fn a_file_that_is_still_there_stays_ignored() {
        let old = block("/gone.yaml\n/there.yaml\n");
        assert_eq!(merged(Some(&old), &[]), Some(block("/there.yaml\n")));
    }

    #[test]
    fn paths_of_the_block() {
        let text = format!("/other.yaml\n{}*.log\n", block("/a\\[b].yaml\n/e/b.yaml\n"));
        let expected = BTreeSet::from(["a[b].yaml".to_owned(), "e/b.yaml".to_owned()]);
        assert_eq!(named(text.as_bytes()), expected);
        assert_eq!(named(b"/a.yaml\n"), BTreeSet::new());
    }

    #[test]
    fn brackets_are_no_pattern() {
        assert_eq!(merged(None, &["a[b].yaml"]), Some(block("/a\\[b].yaml\n")));
    }

    proptest! {
        #[test]
        fn lines_outside_stay(before in "([a-z#*/]{0,4}\n){0,4}", after in "([a-z#*/]{0,4}\n){0,4}") {
            let with = merged(Some(&format!("{before}{}{after}", block("/a\n"))), &["b"]).unwrap();
            prop_assert_eq!(&with, &format!("{before}{}{after}", block("/b\n")));
            let without = merged(Some(&with), &[]).unwrap_or_default();
            prop_assert_eq!(without, format!("{before}{after}"));
        }

        #[test]
        fn merging_twice_changes_nothing(old in "(# kubewright: end\n|# kubewright: files that hold secrets\n|[a-z/]{0,3}\n?){0,6}") {
            let once = merged(Some(&old), &["a"]);
            prop_assert_eq!(merged(once.as_deref(), &["a"]), once);
        }
    }
}
