//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, if one is near enough to be a slip of the
/// pen: at most a third of its letters differ. Ties go to the first candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = folded(word).collect();
    let limit = wanted.len().max(3) / 3;
    let wanted = &wanted[..wanted.len().min(MOST)];
    let mut best: Option<(usize, &str)> = None;
    let mut letters: Vec<char> = Vec::new();
    for candidate in candidates {
        // Only what is nearer than the best one is of interest.
        let limit = match best {
            None => limit,
            Some((0, _)) => break,
            Some((distance, _)) => distance - 1,
        };
        letters.clear();
        letters.extend(folded(candidate).take(MOST));
        if let Some(distance) = distance(wanted, &letters, limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters of a word are compared.
const MOST: usize = 64;

/// `a`, `b` and `c`, each in backticks: the end of a sentence that lists choices.
pub fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "and")
}

/// `a`, `b` or `c`, each in backticks: what is to be chosen from.
pub fn either<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    joined(words, "or")
}

fn joined<'a>(words: impl IntoIterator<Item = &'a str>, before_last: &str) -> String {
    let quoted: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {before_last} {last}", rest.join(", ")),
    }
}

fn folded(word: &str) -> impl Iterator<Item = char> {
    word.chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .flat_map(char::to_lowercase)
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of
/// neighbours count one each. None where it is more than `limit`. Neither has more
/// than [`MOST`] letters.
fn distance(a: &[char], b: &[char], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before = [0; MOST + 1];
    let mut above: [usize; MOST + 1] = std::array::from_fn(|j| j);
    let mut row = [0; MOST + 1];
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let differs = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (above[j] + 1)
                .min(row[j - 1] + 1)
                .min(above[j - 1] + differs);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        // A swap reaches over one row: two that are too far end it.
        let is_far = |row: &[usize]| row.iter().all(|distance| *distance > limit);
        if is_far(&row[..=b.len()]) && is_far(&above[..=b.len()]) {
            return None;
        }
        before = above;
        above = row;
    }
    Some(above[b.len()]).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        let keys = ["ports", "image", "environment", "depends_on", "cap_add"];
        let rows = [
            ("prots", Some("ports")),
            ("enviroment", Some("environment")),
            ("dependsOn", Some("depends_on")),
            ("capadd", Some("cap_add")),
            ("imag", Some("image")),
            ("zebra", None),
            ("", None),
        ];
        for (word, expected) in rows {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }

    #[test]
    fn the_limit_only_ends_what_is_too_far() {
        let words = [
            "", "a", "ab", "ba", "abc", "acb", "bca", "abcd", "badc", "xyz", "ports",
        ];
        for (a, b) in words.iter().flat_map(|a| words.map(|b| (*a, b))) {
            let [one, two] = [a, b].map(|word| folded(word).collect::<Vec<_>>());
            let full = distance(&one, &two, MOST).expect("no limit");
            for limit in 0..6 {
                let expected = (full <= limit).then_some(full);
                assert_eq!(distance(&one, &two, limit), expected, "{a} {b} {limit}");
            }
        }
        assert_eq!(
            nearest("port", ["ports", "sport", "port", "Port"]),
            Some("port")
        );
        assert_eq!(nearest("porx", ["port", "pory"]), Some("port"));
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(list(["a"]), "`a`");
        assert_eq!(list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
