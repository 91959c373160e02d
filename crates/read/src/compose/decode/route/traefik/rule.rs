//! Rules of routers, taken apart: which requests they are about.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/>

use kubewright_model::gateway::PathType;

/// Requests that a rule is about: those that fulfil all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clause {
    /// Their host; none: any.
    pub(super) host: Option<String>,
    /// Their path; none: any.
    pub(super) path: Option<(String, PathType)>,
    /// What they must be beside, which no route can ask for.
    pub(super) beyond: Option<String>,
}

/// How deep parentheses may stand, and how many clauses may come of a rule: no
/// rule that a person wrote comes near.
const DEEPEST: usize = 32;
const MOST: usize = 200;

/// The clauses of a rule: a request that fulfils one of them is meant.
///
/// # Errors
/// What is wrong, where it is no rule.
pub(super) fn parse(text: &str) -> Result<Vec<Clause>, &'static str> {
    let mut rest = Rest { text, deep: 0 };
    let clauses = rest.any()?;
    match rest.text.trim().is_empty() {
        true => Ok(clauses),
        false => Err("something stands behind it"),
    }
}

/// What is still to be read.
struct Rest<'a> {
    text: &'a str,
    deep: usize,
}

impl<'a> Rest<'a> {
    /// Clauses with `||` between them.
    fn any(&mut self) -> Result<Vec<Clause>, &'static str> {
        let mut clauses = self.all()?;
        while self.take("||") {
            clauses.extend(self.all()?);
            if clauses.len() > MOST {
                return Err("it has too many parts");
            }
        }
        Ok(clauses)
    }

    /// Matchers with `&&` between them.
    fn all(&mut self) -> Result<Vec<Clause>, &'static str> {
        let mut clauses = self.one()?;
        while self.take("&&") {
            let more = self.one()?;
            if clauses.len() * more.len() > MOST {
                return Err("it has too many parts");
            }
            let pairs = clauses
                .iter()
                .flat_map(|a| more.iter().map(move |b| (a, b)));
            clauses = pairs.filter_map(|(a, b)| both(a, b)).collect();
        }
        Ok(clauses)
    }

    fn one(&mut self) -> Result<Vec<Clause>, &'static str> {
        self.deep += 1;
        if self.deep > DEEPEST {
            return Err("it is too deep");
        }
        let found = if self.take("!") {
            self.one().map(|_| vec![beyond("!")])
        } else if self.take("(") {
            let inner = self.any()?;
            match self.take(")") {
                true => Ok(inner),
                false => Err("a parenthesis is not closed"),
            }
        } else {
            self.matcher()
        };
        self.deep -= 1;
        found
    }

    /// ``Host(`a`, `b`)``
    fn matcher(&mut self) -> Result<Vec<Clause>, &'static str> {
        let text = self.text.trim_start();
        let end = text.find(|c: char| !c.is_ascii_alphanumeric());
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        self.text = rest;
        if name.is_empty() || !self.take("(") {
            return Err("it has no matcher such as Host(`shop.example.com`) where one belongs");
        }
        let mut values = Vec::new();
        while !self.take(")") {
            values.push(self.quoted()?);
            self.take(",");
        }
        Ok(clauses(name, &values))
    }

    fn quoted(&mut self) -> Result<&'a str, &'static str> {
        let text = self.text.trim_start();
        let mark = text
            .chars()
            .next()
            .filter(|c| matches!(c, '`' | '"' | '\''));
        let mark = mark.ok_or("a value of a matcher is not quoted")?;
        let (value, rest) = text[1..]
            .split_once(mark)
            .ok_or("the quotes of a value are not closed")?;
        self.text = rest;
        Ok(value)
    }

    /// Takes a sign away if it comes next.
    fn take(&mut self, sign: &str) -> bool {
        match self.text.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }
}

fn beyond(what: &str) -> Clause {
    Clause {
        beyond: Some(what.to_owned()),
        ..Clause::default()
    }
}

/// What a matcher with these values asks for.
fn clauses(name: &str, values: &[&str]) -> Vec<Clause> {
    let each = |clause: &dyn Fn(&str) -> Clause| values.iter().map(|value| clause(value)).collect();
    let path = |path_type| {
        move |text: &str| match text.contains('{') {
            // Until version 3 these were regular expressions.
            true => beyond(name),
            false => Clause {
                path: Some((text.to_owned(), path_type)),
                ..Clause::default()
            },
        }
    };
    match name {
        "Host" | "HostHeader" => each(&|host| Clause {
            host: Some(host.to_ascii_lowercase()),
            ..Clause::default()
        }),
        "Path" => each(&path(PathType::Exact)),
        "PathPrefix" => each(&path(PathType::Prefix)),
        _ => vec![beyond(name)],
    }
}

/// What fulfils both; none where nothing can.
fn both(a: &Clause, b: &Clause) -> Option<Clause> {
    let host = match (&a.host, &b.host) {
        (Some(a), Some(b)) if a != b => return None,
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    let path = match (&a.path, &b.path) {
        (Some(a), Some(b)) => Some(narrower(a, b)?),
        (a, b) => a.clone().or_else(|| b.clone()),
    };
    let beyond = a.beyond.clone().or_else(|| b.beyond.clone());
    Some(Clause { host, path, beyond })
}

fn narrower(a: &(String, PathType), b: &(String, PathType)) -> Option<(String, PathType)> {
    let within = |inner: &(String, PathType), outer: &(String, PathType)| match outer.1 {
        PathType::Exact => inner == outer,
        PathType::Prefix | PathType::ImplementationSpecific => is_below(&inner.0, &outer.0),
    };
    if within(a, b) {
        return Some(a.clone());
    }
    within(b, a).then(|| b.clone())
}

/// Whether a path is another or stands below it, by whole parts as Kubernetes
/// goes by them.
pub(super) fn is_below(path: &str, above: &str) -> bool {
    let above = above.trim_end_matches('/');
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Clauses as short texts: `host path beyond`, a path with `=` is exact.
    fn shown(rule: &str) -> Result<Vec<String>, &'static str> {
        let show = |clause: Clause| {
            let path = clause.path.map(|(path, kind)| match kind {
                PathType::Exact => format!("={path}"),
                PathType::Prefix | PathType::ImplementationSpecific => path,
            });
            let parts = [clause.host, path, clause.beyond.map(|it| format!("+{it}"))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        Ok(parse(rule)?.into_iter().map(show).collect())
    }

    #[test]
    fn rules_become_clauses() {
        let rows: [(&str, &[&str]); 15] = [
            ("Host(`a.test`)", &["a.test"]),
            ("Host(`A.test`, \"b.test\")", &["a.test", "b.test"]),
            ("Host(`a.test`) || Host(`b.test`)", &["a.test", "b.test"]),
            ("Host(`a.test`) && PathPrefix(`/x`)", &["a.test /x"]),
            (
                "Host(`a`) && (Path(`/x`) || PathPrefix(`/y`))",
                &["a =/x", "a /y"],
            ),
            ("Host(`a`)&&PathPrefix(`/x`,`/y`)", &["a /x", "a /y"]),
            ("Host(`a`) && Host(`b`)", &[]),
            ("PathPrefix(`/x`) && PathPrefix(`/x/y`)", &["/x/y"]),
            ("PathPrefix(`/x`) && Path(`/xy`)", &[]),
            ("Path(`/x`) && PathPrefix(`/`)", &["=/x"]),
            ("Host(`a`) && !PathPrefix(`/x`)", &["a +!"]),
            ("!(Host(`a`) || Host(`b`))", &["+!"]),
            ("HostRegexp(`.+`) || Host(`a`)", &["+HostRegexp", "a"]),
            (
                "Host(`a`) && Header(`X`, `1`) && Method(`GET`)",
                &["a +Header"],
            ),
            ("Host(`a`) && Path(`/{id:[0-9]+}`)", &["a +Path"]),
        ];
        for (rule, expected) in rows {
            let found = shown(rule);
            let expected = expected.iter().map(|it| (*it).to_owned()).collect();
            assert_eq!(found, Ok(expected), "{rule}");
        }
    }

    #[test]
    fn what_is_no_rule_is_said() {
        let long = "(".repeat(100_000);
        let many = vec!["(Host(`a`)||Host(`b`))"; 30].join("&&");
        let rows = [
            "",
            "Host",
            "Host(a)",
            "Host(`a)",
            "Host(`a`) Host(`b`)",
            "(Host(`a`)",
            &long,
        ];
        for rule in rows {
            assert!(parse(rule).is_err(), "{rule}");
        }
        // Two hosts at once are none, so these never grow.
        assert!(parse(&many).is_ok_and(|clauses| clauses.len() <= MOST));
        let paths = vec!["(Header(`a`)||Header(`b`))"; 30].join("&&");
        assert!(parse(&paths).is_err());
    }

    #[test]
    fn whole_parts_count() {
        let rows = [
            ("/x/y", "/x", true),
            ("/x", "/x/", true),
            ("/xy", "/x", false),
            ("/x", "/", true),
            ("/", "/x", false),
        ];
        for (path, above, expected) in rows {
            assert_eq!(is_below(path, above), expected, "{path} {above}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[A-Za-z`\"!&|(),/{} é]{0,60}") {
            let _ = parse(&text);
        }
    }
}
