//! Tests with `curl`, `wget` and `nc` that a kubelet can do itself.
//!
//! Only what surely means the same is taken: a plain GET of one URL on the own
//! machine. Anything else stays a command.

use kubewright_model::Port;
use kubewright_model::probe::ProbeCheck;

use super::healthcheck::number;
use super::own_name::OwnNames;
use super::test_header::Header;
use crate::shell;

/// A command as a check of the kubelet's.
pub(super) fn check(words: &[String], own: &OwnNames) -> Option<ProbeCheck> {
    let (program, rest) = words.split_first()?;
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match program.rsplit('/').next()? {
        "curl" => request(&rest, &CURL, own),
        "wget" => request(&rest, &WGET, own),
        "nc" | "ncat" | "netcat" => tcp(&rest, own),
        "sh" | "bash" => match rest.as_slice() {
            ["-c", line] => check_line(line, own),
            _ => None,
        },
        _ => None,
    }
}

/// A shell's line as a check of the kubelet's.
pub(super) fn check_line(line: &str, own: &OwnNames) -> Option<ProbeCheck> {
    let mut line = line.trim();
    for tail in ["|| exit 1", "|| false", "|| exit 1;"] {
        if let Some(rest) = line.strip_suffix(tail) {
            line = rest.trim_end();
        }
    }
    for tail in [
        ">/dev/null 2>&1",
        "> /dev/null 2>&1",
        "&>/dev/null",
        "> /dev/null",
        ">/dev/null",
    ] {
        if let Some(rest) = line.strip_suffix(tail) {
            line = rest.trim_end();
        }
    }
    let split = shell::split(line).ok()?;
    let is_plain = split.rest.is_none() && !line.contains(['$', '`', '*', '~']);
    is_plain.then(|| check(&split.words, own)).flatten()
}

/// Which options of a program change nothing of what a kubelet does.
struct Program {
    /// Without a value. Letters may stand together: `-fsS`.
    letters: &'static str,
    words: &'static [&'static str],
    /// With a value behind, in the same word or the next.
    valued: &'static [&'static str],
    /// With a header behind.
    header: &'static [&'static str],
    /// With the name of the program that asks behind.
    agent: &'static [&'static str],
    /// Options that make a failing status a failure; none: it always is.
    fails: Option<&'static [&'static str]>,
}

static CURL: Program = Program {
    letters: "fsSkgiIvL4",
    words: &[
        "--fail",
        "--silent",
        "--show-error",
        "--insecure",
        "--globoff",
        "--include",
        "--head",
        "--verbose",
        "--location",
        "--ipv4",
        "--fail-with-body",
        "--no-progress-meter",
    ],
    valued: &[
        "-o",
        "--output",
        "-m",
        "--max-time",
        "--connect-timeout",
        "--retry",
        "--retry-delay",
        "--retry-max-time",
    ],
    header: &["-H", "--header"],
    agent: &["-A", "--user-agent"],
    fails: Some(&["-f", "--fail", "--fail-with-body"]),
};
static WGET: Program = Program {
    letters: "qSc4",
    words: &[
        "--quiet",
        "--spider",
        "--no-verbose",
        "-nv",
        "--server-response",
        "--no-check-certificate",
        "--inet4-only",
        "-qO-",
        "-qO",
        "-O-",
    ],
    valued: &[
        "-O",
        "--output-document",
        "-t",
        "--tries",
        "-T",
        "--timeout",
        "-Y",
        "--no-proxy",
    ],
    header: &["--header"],
    agent: &["-U", "--user-agent"],
    fails: None,
};

fn request(words: &[&str], program: &Program, own: &OwnNames) -> Option<ProbeCheck> {
    let mut url = None;
    let mut fails = program.fails.is_none();
    let mut headers = Vec::new();
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        if let Some(text) = value_of(word, program.header, &mut rest) {
            headers.push(Header::parse(text?)?);
        } else if let Some(agent) = value_of(word, program.agent, &mut rest) {
            headers.push(Header::new("User-Agent", agent?)?);
        } else if word == "-X" || word == "--request" {
            (rest.next()? == "GET").then_some(())?;
        } else if program.valued.contains(&word) {
            rest.next()?;
        } else if program.valued.iter().any(|option| with_value(word, option)) {
        } else if program.words.contains(&word) || is_letters(word, program) {
            // The option behind `O` in `-qO file` is the file.
            if word == "-qO" {
                rest.next()?;
            }
            let asked = program.fails.into_iter().flatten();
            fails |= asked.into_iter().any(|option| is_given(word, option));
        } else if word.starts_with('-') || url.is_some() {
            return None;
        } else {
            url = Some(word);
        }
    }
    if !fails || headers.iter().any(Header::is_secret) {
        return None;
    }
    let url = own_url(url?, own)?;
    // A header of the request's own host counts more than the URL's.
    let said = headers.iter().position(Header::is_host);
    let host = said.map(|at| headers.remove(at).value).or(url.host);
    Some(ProbeCheck::Http {
        path: url.path,
        port: number(url.port),
        https: url.https,
        host,
        headers: headers.into_iter().map(Header::into_pair).collect(),
    })
}

/// What stands behind one of the options, in the same word or the next. None:
/// the word is none of them; `Some(None)`: nothing stands behind.
fn value_of<'w>(
    word: &'w str,
    options: &[&str],
    rest: &mut impl Iterator<Item = &'w str>,
) -> Option<Option<&'w str>> {
    if options.contains(&word) {
        return Some(rest.next());
    }
    let option = options.iter().find(|option| with_value(word, option))?;
    let value = &word[option.len()..];
    Some(Some(match option.starts_with("--") {
        true => &value[1..],
        false => value,
    }))
}

fn with_value(word: &str, option: &str) -> bool {
    let rest = word.strip_prefix(option);
    rest.is_some_and(|rest| match option.starts_with("--") {
        true => rest.starts_with('='),
        false => !rest.is_empty(),
    })
}

fn is_letters(word: &str, program: &Program) -> bool {
    let letters = word.strip_prefix('-');
    letters.is_some_and(|letters| {
        !letters.is_empty() && letters.chars().all(|c| program.letters.contains(c))
    })
}

fn is_given(word: &str, option: &str) -> bool {
    let is_short = !option.starts_with("--") && !word.starts_with("--");
    word == option || is_short && word.contains(option.trim_start_matches('-'))
}

/// A URL of the own machine.
struct OwnUrl {
    port: Port,
    https: bool,
    path: String,
    /// What programs ask for in `Host`, where that is a name.
    host: Option<String>,
}

fn own_url(url: &str, own: &OwnNames) -> Option<OwnUrl> {
    let (https, rest) = match url.split_once("://") {
        Some(("http", rest)) => (false, rest),
        Some(("https", rest)) => (true, rest),
        Some(_) => return None,
        None => (false, url),
    };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (address, path) = rest.split_at(end);
    let (host, port) = match address.strip_prefix('[') {
        Some(inside) => {
            let (host, rest) = inside.split_once(']')?;
            (host, rest.strip_prefix(':'))
        }
        None => match address.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (address, None),
        },
    };
    let is_machine = is_machine(host) || host == "::";
    let asked = (!is_machine).then(|| address.to_ascii_lowercase());
    let port = match port {
        Some(port) => Port::parse(port).ok()?,
        None => Port::new(if https { 443 } else { 80 }).ok()?,
    };
    let path = match path.chars().next() {
        None => "/".to_owned(),
        Some('?') => format!("/{path}"),
        Some(_) => path.split('#').next().unwrap_or_default().to_owned(),
    };
    (is_machine || own.has(host)).then_some(OwnUrl {
        port,
        https,
        path,
        host: asked,
    })
}

/// What every machine calls itself.
fn is_machine(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "0.0.0.0" | "::1")
}

/// `nc -z localhost 5432`.
fn tcp(words: &[&str], own: &OwnNames) -> Option<ProbeCheck> {
    let mut scans = false;
    let mut address = Vec::new();
    let mut rest = words.iter().copied();
    while let Some(word) = rest.next() {
        match word.strip_prefix('-') {
            Some("w") => {
                rest.next()?;
            }
            Some(letters)
                if letters
                    .chars()
                    .all(|c| "zvn4".contains(c) || c.is_ascii_digit() || c == 'w') =>
            {
                scans |= letters.contains('z');
            }
            Some(_) => return None,
            None => address.push(word),
        }
    }
    let [host, port] = address.as_slice() else {
        return None;
    };
    let is_own = is_machine(host) || own.has(host);
    let port = Port::parse(port).ok()?;
    (scans && is_own).then(|| ProbeCheck::Tcp { port: number(port) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let own = OwnNames::of(["shop".to_owned()]);
        match check_line(line, &own) {
            Some(ProbeCheck::Http {
                path,
                port,
                https,
                host,
                headers,
            }) => format!("{port:?} {path} {https} {host:?} {headers:?}")
                .replace("Some(Number(", "")
                .replace("))", ""),
            Some(ProbeCheck::Tcp { port }) => format!("tcp {port:?}"),
            Some(ProbeCheck::Grpc { .. } | ProbeCheck::Exec(_)) | None => "exec".to_owned(),
        }
    }

    #[test]
    fn plain_requests_are_the_kubelets() {
        let rows = [
            (
                "curl -f http://localhost:3000/healthz",
                "3000 /healthz false None []",
            ),
            (
                "curl -fsS http://127.0.0.1/ || exit 1",
                "80 / false None []",
            ),
            (
                "curl --fail --silent https://localhost:8443/a?b=c",
                "8443 /a?b=c true None []",
            ),
            ("curl -f -o /dev/null http://[::1]:80", "80 / false None []"),
            (
                "curl -sf localhost:9200 >/dev/null 2>&1 || exit 1",
                "9200 / false None []",
            ),
            (
                "wget -q --spider http://localhost:80/x",
                "80 /x false None []",
            ),
            (
                "wget --no-verbose --tries=1 --spider http://0.0.0.0:8080/ping",
                "8080 /ping false None []",
            ),
            ("wget -qO- http://localhost:1/", "1 / false None []"),
            (
                "wget -O /dev/null -t 1 http://localhost:1/",
                "1 / false None []",
            ),
            (
                "curl -f -H 'X-A: b' http://localhost:1/",
                "1 / false None [(\"X-A\", \"b\")]",
            ),
        ];
        for (line, expected) in rows {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn hosts_and_headers_are_asked_for() {
        let rows = [
            (
                "curl -f http://Shop:8080/x",
                "8080 /x false Some(\"shop:8080\") []",
            ),
            ("wget -q shop", "80 / false Some(\"shop\") []"),
            (
                "curl -f https://shop.localhost/",
                "443 / true Some(\"shop.localhost\") []",
            ),
            (
                "curl -f -H 'Host: a.test' http://shop:1/",
                "1 / false Some(\"a.test\") []",
            ),
            ("curl -fHX-A:b --header=X-C:d http://localhost:1/", "exec"),
            (
                "curl -f -HX-A:b --header=X-C:d http://localhost:1/",
                "1 / false None [(\"X-A\", \"b\"), (\"X-C\", \"d\")]",
            ),
            (
                "curl -f -A 'check 1' http://localhost:1/",
                "1 / false None [(\"User-Agent\", \"check 1\")]",
            ),
            (
                "wget -q -Ucheck --header 'Accept: text/html' http://localhost:1/",
                "1 / false None [(\"User-Agent\", \"check\"), (\"Accept\", \"text/html\")]",
            ),
        ];
        for (line, expected) in rows {
            assert_eq!(shown(line), expected, "{line}");
        }
    }

    #[test]
    fn anything_else_stays_a_command() {
        for line in [
            "curl http://localhost:80/",
            "curl -f -X POST http://localhost:80/",
            "curl -f -u a:b http://localhost:80/",
            "curl -f -H 'Authorization: x' http://localhost:80/",
            "curl -f http://other:80/",
            "curl -f http://localhost:80/ | grep ok",
            "curl -f http://localhost:80/ && true",
            "curl -f http://localhost:$PORT/",
            "curl -f -d x http://localhost:80/",
            "pg_isready -U shop",
            "redis-cli ping",
            "nc localhost 80",
            "nc -z db 80",
            "curl -f -H 'Accept:' http://localhost:80/",
            "curl -f -H @headers http://localhost:80/",
            "curl -f -H 'X_A: b' http://localhost:80/",
            "curl -f http://user@shop:80/",
            "curl -f http://localhost:80/ -H",
            "",
        ] {
            assert_eq!(shown(line), "exec", "{line}");
        }
        for line in [
            "nc -z localhost 5432",
            "nc -zv -w 1 127.0.0.1 5432",
            "nc -z shop 5432",
        ] {
            assert!(shown(line).starts_with("tcp"), "{line}");
        }
    }
}
