//! Texts that are no trees, such as a `Tiltfile`: merged line by line.
//!
//! What both sides changed at the same place, or side by side, is a conflict
//! unless they changed it alike. Where both only added lines, and not the same ones, all of
//! them are taken, those of the user last. A line of the user's with [`KEEP`] wins. Lines that
//! all end with `\r\n` where none did are no edits: git wrote them so, and so they stay.

use std::collections::HashSet;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::outcome::{Conflict, Outcome, Untaken, Why};
use crate::three_way::{KEEP, LooksSecret};

/// The user's text with the changes from `base` to `new`.
#[must_use]
pub fn merge_lines(base: &str, user: &str, new: &str, looks_secret: LooksSecret<'_>) -> Outcome {
    if !is_converted(base, user) {
        return merge_same_ends(base, user, new, looks_secret);
    }
    match merge_same_ends(base, &user.replace("\r\n", "\n"), new, looks_secret) {
        Outcome::Merged(text) => Outcome::Merged(text.replace('\n', "\r\n")),
        Outcome::Conflicts(mut conflicts, untaken) => {
            for conflict in &mut conflicts {
                conflict.place = converted(user, &conflict.place);
            }
            Outcome::Conflicts(conflicts, untaken)
        }
    }
}

/// Whether all of the user's lines end with `\r\n`, and none of those that were written.
fn is_converted(base: &str, user: &str) -> bool {
    let plain = user.matches('\n').count();
    plain > 0 && user.matches("\r\n").count() == plain && !base.contains('\r')
}

/// A place within one line of a text whose lines end with `\r\n`, where `place` is that
/// in the same text with `\n`.
fn converted(text: &str, place: &Range<usize>) -> Range<usize> {
    let mut start = 0;
    let mut plain = 0;
    for line in text.split_inclusive('\n') {
        let length = line.replace("\r\n", "\n").len();
        if plain + length > place.start {
            break;
        }
        plain += length;
        start += line.len();
    }
    start + (place.start - plain)..start + (place.end - plain)
}

fn merge_same_ends(base: &str, user: &str, new: &str, looks_secret: LooksSecret<'_>) -> Outcome {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let (base, user, new) = (lines(base), lines(user), lines(new));
    let mut merged = String::new();
    let mut conflicts = Vec::new();
    let mut taken = 0;
    let mut at = 0;
    for region in regions(&changes(&base, &user), &changes(&base, &new)) {
        merged.extend(base[at..region.base.start].iter().copied());
        at = region.base.end;
        let (old, ours) = (&base[region.base.clone()], &user[region.user.clone()]);
        let theirs = &new[region.new.clone()];
        let kept = ours.iter().any(|line| line.contains(KEEP));
        let both_added = old.is_empty() && ours != theirs && share_nothing(ours, theirs);
        match (old == ours, old == theirs || ours == theirs || kept) {
            (true, _) => {
                taken += 1;
                merged.extend(theirs.iter().copied());
            }
            (false, _) if both_added => {
                taken += 1;
                merged.extend(theirs.iter().copied());
                if !theirs.last().is_none_or(|line| line.ends_with('\n')) {
                    merged.push('\n');
                }
                merged.extend(ours.iter().copied());
            }
            (false, true) => merged.extend(ours.iter().copied()),
            (false, false) => {
                conflicts.push(conflict(&user, &region, [ours, theirs, old], looks_secret));
            }
        }
    }
    merged.extend(base[at..].iter().copied());
    match conflicts.is_empty() {
        true => Outcome::Merged(merged),
        false => Outcome::Conflicts(conflicts, Untaken(taken)),
    }
}

/// Whether no line that says something is in both.
fn share_nothing(ours: &[&str], theirs: &[&str]) -> bool {
    let says = |line: &&&str| line.contains(char::is_alphanumeric);
    let ours: HashSet<&str> = ours.iter().filter(says).map(|line| line.trim()).collect();
    let mut theirs = theirs.iter().filter(says);
    !theirs.any(|line| ours.contains(line.trim()))
}

/// A part of the base, and what became of it on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Region {
    base: Range<usize>,
    user: Range<usize>,
    new: Range<usize>,
}

/// A part of the base, and what became of it on one side.
type Change = (Range<usize>, Range<usize>);

fn changes(base: &[&str], other: &[&str]) -> Vec<Change> {
    let operations = capture_diff_slices(Algorithm::Myers, base, other);
    let changed = operations
        .iter()
        .filter(|operation| !matches!(operation, DiffOp::Equal { .. }));
    changed
        .map(|operation| (operation.old_range(), operation.new_range()))
        .collect()
}

/// The places at which something changed; changes that touch are one place.
fn regions(user: &[Change], new: &[Change]) -> Vec<Region> {
    let mut bases: Vec<Range<usize>> = user
        .iter()
        .chain(new)
        .map(|(base, _)| base.clone())
        .collect();
    bases.sort_by_key(|base| (base.start, base.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for base in bases {
        match joined.last_mut().filter(|last| base.start <= last.end) {
            Some(last) => last.end = last.end.max(base.end),
            None => joined.push(base),
        }
    }
    let region = |base: Range<usize>| Region {
        user: there(user, &base),
        new: there(new, &base),
        base,
    };
    joined.into_iter().map(region).collect()
}

/// Where a part of the base lies on one side. Its changes lie within it or apart
/// from it.
fn there(changes: &[Change], base: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (base.start, base.end);
    for (old, new) in changes {
        if old.end < base.start {
            start = new.end + (base.start - old.end);
        }
        if old.end <= base.end {
            end = new.end + (base.end - old.end);
        }
    }
    start..end
}

fn conflict(
    user: &[&str],
    region: &Region,
    [ours, theirs, old]: [&[&str]; 3],
    looks_secret: LooksSecret<'_>,
) -> Conflict {
    let side = |lines: &[&str]| -> Option<String> {
        let text = lines.concat();
        (!text.is_empty()).then(|| text.trim_end().to_owned())
    };
    let start: usize = user[..region.user.start]
        .iter()
        .map(|line| line.len())
        .sum();
    let line = user.get(region.user.start).copied().unwrap_or_default();
    let sides = [side(ours), side(theirs), side(old)];
    let texts: Vec<&str> = sides.iter().flatten().map(String::as_str).collect();
    let is_veiled = looks_secret("", &texts);
    let [user, generated, base] = match is_veiled {
        true => sides.map(|side| side.map(|_| crate::veil::MASK.to_owned())),
        false => sides,
    };
    Conflict {
        path: format!("line {}", region.user.start + 1),
        place: start..start + line.trim_end().len(),
        is_veiled,
        why: Why::BothChanged,
        user,
        generated,
        base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "one\ntwo\nthree\nfour\nfive\nsix\n";

    fn merged(base: &str, user: &str, new: &str) -> Result<String, Vec<String>> {
        match merge_lines(base, user, new, &|_, _| false) {
            Outcome::Merged(text) => Ok(text),
            Outcome::Conflicts(conflicts, _) => Err(conflicts
                .into_iter()
                .map(|conflict| conflict.path)
                .collect()),
        }
    }

    #[test]
    fn what_is_apart_is_taken_from_both() {
        let rows = [
            (BASE, BASE, BASE),
            (
                "one\nTWO\nthree\nfour\nfive\nsix\n",
                BASE,
                "one\nTWO\nthree\nfour\nfive\nsix\n",
            ),
            (BASE, "one\ntwo\nthree\nsix\n", "one\ntwo\nthree\nsix\n"),
            (
                "zero\none\ntwo\nthree\nfour\nfive\nsix\n",
                "one\ntwo\nthree\nfive\nsix\nseven\n",
                "zero\none\ntwo\nthree\nfive\nsix\nseven\n",
            ),
            (
                "one\n2\n2\nthree\nfour\nfive\nsix\n",
                "one\ntwo\nthree\nfour\nfive\n6",
                "one\n2\n2\nthree\nfour\nfive\n6",
            ),
        ];
        for (user, new, expected) in rows {
            assert_eq!(
                merged(BASE, user, new).as_deref(),
                Ok(expected),
                "{user}{new}"
            );
        }
    }

    #[test]
    fn the_same_change_is_no_conflict() {
        let both = "one\n2\nthree\nfour\nfive\nsix\nend\n";
        assert_eq!(merged(BASE, both, both).as_deref(), Ok(both));
    }

    #[test]
    fn the_same_place_is_a_conflict() {
        let user = "one\nmine\nthree\nfour\nfive\nsix\n";
        let new = "one\nours\nthree\nfour\nfive\n6\n";
        assert_eq!(merged(BASE, user, new), Err(vec!["line 2".to_owned()]));
        let beside = "one\ntwo\nours\nfour\nfive\nsix\n";
        assert_eq!(merged(BASE, user, beside), Err(vec!["line 2".to_owned()]));
    }

    #[test]
    fn what_both_add_at_one_place_is_taken() {
        let end = |lines: &str| format!("{BASE}{lines}");
        assert_eq!(
            merged(BASE, &end("mine\n"), &end("\nours\n")),
            Ok(end("\nours\nmine\n"))
        );
        let kept = format!("mine {KEEP}\n");
        assert_eq!(
            merged(BASE, &end(&kept), &end("ours\n")),
            Ok(end(&format!("ours\n{kept}")))
        );
        assert_eq!(
            merged(BASE, &end("same\nmine\n"), &end("  same\nours\n")),
            Err(vec!["line 7".to_owned()])
        );
        // Where the user's last line has no end, nothing is put behind it.
        let open = BASE.trim_end();
        assert_eq!(
            merged(open, &format!("{open}\nmine"), &format!("{open}\nours")),
            Err(vec!["line 6".to_owned()])
        );
    }

    #[test]
    fn lines_that_git_converted_are_no_edits() {
        let git = |text: &str| text.replace('\n', "\r\n");
        let new = "one\ntwo\nthree\nfour\nfive\n6\nseven\n";
        assert_eq!(merged(BASE, &git(BASE), new), Ok(git(new)));
        let edited = "one\nmine\nthree\nfour\nfive\nsix\n";
        let both = "one\nmine\nthree\nfour\nfive\n6\nseven\n";
        assert_eq!(merged(BASE, &git(edited), new), Ok(git(both)));

        let user = git(edited);
        let Outcome::Conflicts(conflicts, _) =
            merge_lines(BASE, &user, &BASE.replace("two", "2"), &|_, _| false)
        else {
            panic!("both changed line 2");
        };
        assert_eq!(&user[conflicts[0].place.clone()], "mine");
    }

    #[test]
    fn some_lines_with_other_ends_are_edits() {
        let user = BASE.replace("two\n", "two\r\n");
        let new = BASE.replace("five", "5");
        assert_eq!(merged(BASE, &user, &new), Ok(user.replace("five", "5")));
    }

    #[test]
    fn what_is_to_be_kept_is_kept() {
        let user = format!("one\nmine {KEEP}\nthree\nfour\nfive\nsix\n");
        let new = "one\nours\nthree\nfour\nfive\n6\n";
        let expected = format!("one\nmine {KEEP}\nthree\nfour\nfive\n6\n");
        assert_eq!(merged(BASE, &user, new), Ok(expected));
    }
}
