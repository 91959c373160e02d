//! The rules of a firewall for web applications: OWASP's core rule set, as
//! ModSecurity and Coraza are told of it.
//!
//! <https://coreruleset.org/docs/2-how-crs-works/2-2-paranoia_levels/>

use kubewright_model::Located;
use kubewright_model::gateway::{Waf, WafLevel, WafMode};
use kubewright_model::value::PositiveCount;
use kubewright_source::{Diagnostic, Diagnostics, suggest};

/// Where a program keeps the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What comes before the rules.
    setup: &'static [&'static str],
    /// The folder of the rules.
    rules: &'static str,
}

/// Within Coraza.
pub(super) const CORAZA: Place = Place {
    setup: &[
        "Include @coraza.conf-recommended",
        "Include @crs-setup.conf.example",
    ],
    rules: "@owasp_crs",
};

/// In the image of ingress-nginx, whose own configuration is read before.
pub(super) const NGINX: Place = Place {
    setup: &["Include /etc/nginx/owasp-modsecurity-crs/crs-setup.conf"],
    rules: "/etc/nginx/owasp-modsecurity-crs/rules",
};

/// Groups of rules by the names that people know, and their files.
const GROUPS: &[(&str, &str)] = &[
    ("method", "REQUEST-911-METHOD-ENFORCEMENT"),
    ("scanner", "REQUEST-913-SCANNER-DETECTION"),
    ("protocol", "REQUEST-920-PROTOCOL-ENFORCEMENT"),
    ("protocol-attack", "REQUEST-921-PROTOCOL-ATTACK"),
    ("multipart", "REQUEST-922-MULTIPART-ATTACK"),
    ("lfi", "REQUEST-930-APPLICATION-ATTACK-LFI"),
    ("rfi", "REQUEST-931-APPLICATION-ATTACK-RFI"),
    ("rce", "REQUEST-932-APPLICATION-ATTACK-RCE"),
    ("php", "REQUEST-933-APPLICATION-ATTACK-PHP"),
    ("generic", "REQUEST-934-APPLICATION-ATTACK-GENERIC"),
    ("xss", "REQUEST-941-APPLICATION-ATTACK-XSS"),
    ("sqli", "REQUEST-942-APPLICATION-ATTACK-SQLI"),
    (
        "session-fixation",
        "REQUEST-943-APPLICATION-ATTACK-SESSION-FIXATION",
    ),
    ("java", "REQUEST-944-APPLICATION-ATTACK-JAVA"),
];

/// What any choice of groups needs before and behind it.
const FIRST: &str = "REQUEST-901-INITIALIZATION";
const LAST: &str = "REQUEST-949-BLOCKING-EVALUATION";

/// Whether a hit is turned away.
pub(super) fn blocks(waf: &Waf) -> bool {
    match waf.mode.as_ref().map(|mode| mode.value).unwrap_or_default() {
        WafMode::Block => true,
        WafMode::Detect => false,
    }
}

/// Whether more is said than that there is one.
pub(super) fn is_tuned(waf: &Waf) -> bool {
    waf.level.is_some() || !waf.rules.is_empty() || !waf.exclude.is_empty()
}

/// The configuration, line by line. A group that there is not is reported.
pub(super) fn directives(waf: &Waf, place: Place, diagnostics: &mut Diagnostics) -> Vec<String> {
    let engine = if blocks(waf) { "On" } else { "DetectionOnly" };
    let mut lines: Vec<String> = place.setup.iter().map(|line| (*line).to_owned()).collect();
    lines.push(format!("SecRuleEngine {engine}"));
    if let Some(level) = &waf.level {
        lines.push(format!(
            "SecAction \"id:900000,phase:1,pass,t:none,nolog,setvar:tx.blocking_paranoia_level={}\"",
            number(level.value)
        ));
    }
    lines.extend(includes(&waf.rules, place.rules, diagnostics));
    if !waf.exclude.is_empty() {
        lines.push(format!("SecRuleRemoveById {}", numbers(&waf.exclude)));
    }
    lines
}

fn includes(
    chosen: &[Located<String>],
    folder: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let include = |file: &str| format!("Include {folder}/{file}.conf");
    if chosen.is_empty() {
        return vec![include("*")];
    }
    let mut files = Vec::new();
    for name in chosen {
        match GROUPS.iter().find(|(known, _)| *known == name.value) {
            Some((_, file)) => files.push(*file),
            None => diagnostics.push(unknown(name)),
        }
    }
    // The core rules want their own order.
    files.sort_unstable();
    files.dedup();
    let files = [FIRST].into_iter().chain(files).chain([LAST]);
    files.map(include).collect()
}

fn unknown(name: &Located<String>) -> Diagnostic {
    let known = || GROUPS.iter().map(|(known, _)| *known);
    let help = match suggest::nearest(&name.value, known()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known are {}", suggest::list(known())),
    };
    let text = format!("the core rules have no group `{}`", name.value);
    Diagnostic::error("unknown-name", name.span, text).help(help)
}

fn number(level: WafLevel) -> u8 {
    match level {
        WafLevel::One => 1,
        WafLevel::Two => 2,
        WafLevel::Three => 3,
        WafLevel::Four => 4,
    }
}

fn numbers(list: &[Located<PositiveCount>]) -> String {
    let mut numbers: Vec<u32> = list.iter().map(|number| number.value.get()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
    texts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_say_what_is_asked_for() {
        let text = |text: &str| Located::nowhere(text.to_owned());
        let number = |number| Located::nowhere(PositiveCount::new(number).unwrap());
        let all = "Include @owasp_crs/*.conf";
        let rows = [
            (Waf::default(), vec!["SecRuleEngine On", all]),
            (
                Waf {
                    mode: Some(Located::nowhere(WafMode::Detect)),
                    exclude: vec![number(942_100), number(920_350)],
                    ..Waf::default()
                },
                vec![
                    "SecRuleEngine DetectionOnly",
                    all,
                    "SecRuleRemoveById 920350 942100",
                ],
            ),
            (
                Waf {
                    level: Some(Located::nowhere(WafLevel::Two)),
                    rules: vec![text("xss"), text("lfi")],
                    ..Waf::default()
                },
                vec![
                    "SecRuleEngine On",
                    "SecAction \"id:900000,phase:1,pass,t:none,nolog,setvar:tx.blocking_paranoia_level=2\"",
                    "Include @owasp_crs/REQUEST-901-INITIALIZATION.conf",
                    "Include @owasp_crs/REQUEST-930-APPLICATION-ATTACK-LFI.conf",
                    "Include @owasp_crs/REQUEST-941-APPLICATION-ATTACK-XSS.conf",
                    "Include @owasp_crs/REQUEST-949-BLOCKING-EVALUATION.conf",
                ],
            ),
        ];
        for (waf, expected) in rows {
            let mut diagnostics = Diagnostics::default();
            let lines = directives(&waf, CORAZA, &mut diagnostics);
            assert_eq!(lines[CORAZA.setup.len()..], expected);
            assert!(diagnostics.is_empty());
        }
    }

    #[test]
    fn a_group_that_there_is_not() {
        let waf = Waf {
            rules: vec![Located::nowhere("sqll".to_owned())],
            ..Waf::default()
        };
        let mut diagnostics = Diagnostics::default();
        directives(&waf, NGINX, &mut diagnostics);
        let said = diagnostics.into_sorted();
        assert_eq!(said[0].code, "unknown-name");
        assert_eq!(said[0].help, "did you mean `sqli`?");
    }
}
