//! Names of objects, ports, labels and variables.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/>

use super::{Invalid, checked_text};

/// Longest label of DNS, and so of most Kubernetes names.
const LABEL: usize = 63;
/// Longest subdomain of DNS.
const SUBDOMAIN: usize = 253;

/// A DNS-1123 label: 1–63 lower-case letters, digits and `-`, a letter or digit
/// at both ends. The names of apps, namespaces, containers and volumes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);
checked_text!(Name);

impl Name {
    /// # Errors
    /// When the text is empty, too long, or has a character that a name may not have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        check_label("a name", text, LABEL)?;
        Ok(Self(text.into()))
    }

    /// The nearest name to `text`: lower case, every other character a `-`, no
    /// `-` at the ends or twice. Compose and wizards allow more than Kubernetes.
    ///
    /// # Errors
    /// When nothing of the text remains, or more than 63 characters: cutting a
    /// name silently would let two meet.
    pub fn sanitised(text: &str) -> Result<Self, Invalid> {
        Self::parse(&one_label(text))
    }

    /// This name and a suffix, joined by `-`, as the name of an object of its own.
    ///
    /// # Errors
    /// When the two together are longer than a name may be.
    pub fn suffixed(&self, suffix: &str) -> Result<Self, Invalid> {
        Self::parse(&format!("{self}-{suffix}"))
    }
}

fn one_label(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => name.push(c),
            _ if name.ends_with('-') || name.is_empty() => {}
            _ => name.push('-'),
        }
    }
    name.truncate(name.trim_end_matches('-').len());
    name
}

/// A DNS-1123 subdomain: labels joined by `.`, at most 253 characters. The names
/// of ConfigMaps, Secrets and most other objects.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName(Box<str>);
checked_text!(ObjectName);

impl ObjectName {
    /// # Errors
    /// When the text is empty, too long, or one of its labels is none.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "an object name";
        if text.len() > SUBDOMAIN {
            return Err(too_long(WHAT, text, SUBDOMAIN));
        }
        for label in text.split('.') {
            check_label(WHAT, label, SUBDOMAIN)?;
        }
        Ok(Self(text.into()))
    }

    /// The nearest name to `text` that has no dots, as [`Name::sanitised`] makes
    /// it, with up to 253 characters.
    ///
    /// # Errors
    /// When nothing of the text remains, or more than 253 characters.
    pub fn sanitised(text: &str) -> Result<Self, Invalid> {
        Self::parse(&one_label(text))
    }
}

impl From<&Name> for ObjectName {
    fn from(name: &Name) -> Self {
        Self(name.0.clone())
    }
}

impl From<Name> for ObjectName {
    fn from(name: Name) -> Self {
        Self(name.0)
    }
}

/// An object name, or `namespace/name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QualifiedName {
    /// The namespace, when it is another than the entry's own.
    pub namespace: Option<Name>,
    /// The object.
    pub name: ObjectName,
}

impl QualifiedName {
    /// # Errors
    /// When either half is no name.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((namespace, name)) = text.split_once('/') else {
            return Ok(Self {
                namespace: None,
                name: ObjectName::parse(text)?,
            });
        };
        Ok(Self {
            namespace: Some(Name::parse(namespace)?),
            name: ObjectName::parse(name)?,
        })
    }
}

impl std::fmt::Display for QualifiedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}/{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// A port's name (IANA service name): 1–15 lower-case letters, digits and `-`,
/// at least one letter, no `-` at the ends or twice.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortName(Box<str>);
checked_text!(PortName);

impl PortName {
    /// # Errors
    /// When the text is empty, longer than 15 characters, without a letter, or
    /// has a character that a port's name may not have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a port name";
        check_label(WHAT, text, 15)?;
        if text.contains("--") {
            return Err(Invalid::new(
                WHAT,
                "it has `-` twice in a row",
                "write one `-`",
            ));
        }
        if !text.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return Err(Invalid::new(
                WHAT,
                "it has no letter",
                "name it after its protocol, like `http`",
            ));
        }
        Ok(Self(text.into()))
    }

    /// The nearest name to `text`: lower case, every other character a `-`, no
    /// `-` at the ends or twice, cut behind the 15th character. Compose allows
    /// any text.
    ///
    /// # Errors
    /// When no letter remains.
    pub fn sanitised(text: &str) -> Result<Self, Invalid> {
        let mut name = String::new();
        for c in text.chars() {
            match c.to_ascii_lowercase() {
                _ if name.len() == 15 => break,
                c @ ('a'..='z' | '0'..='9') => name.push(c),
                _ if name.ends_with('-') || name.is_empty() => {}
                _ => name.push('-'),
            }
        }
        Self::parse(name.trim_end_matches('-'))
    }
}

/// A label or annotation key: `name` or `prefix/name`; the name 1–63 letters,
/// digits, `-`, `_` and `.`, the prefix a DNS subdomain.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelKey(Box<str>);
checked_text!(LabelKey);

impl LabelKey {
    /// # Errors
    /// When either half breaks its rule.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a label key";
        let name = match text.split_once('/') {
            Some((prefix, name)) => {
                ObjectName::parse(prefix).map_err(|mut invalid| {
                    invalid.what = WHAT;
                    invalid
                })?;
                name
            }
            None => text,
        };
        check_qualified(WHAT, name)?;
        Ok(Self(text.into()))
    }
}

/// A label's value: empty, or 1–63 letters, digits, `-`, `_` and `.`, a letter or
/// digit at both ends.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelValue(Box<str>);
checked_text!(LabelValue);

impl LabelValue {
    /// # Errors
    /// When the text is too long or has a character that a label may not have.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if !text.is_empty() {
            check_qualified("a label value", text)?;
        }
        Ok(Self(text.into()))
    }
}

/// The name of an environment variable: printable ASCII without `=`.
///
/// <https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableName(Box<str>);
checked_text!(VariableName);

impl VariableName {
    /// # Errors
    /// When the text is empty, has `=`, a blank at an end, or a character that
    /// is no printable ASCII.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a variable name";
        const HELP: &str = "use letters, digits and `_`, like `LOG_LEVEL`";
        if text.is_empty() {
            return Err(Invalid::new(WHAT, "it is empty", HELP));
        }
        if let Some(c) = text.chars().find(|c| *c == '=' || !(' '..='~').contains(c)) {
            return Err(Invalid::new(WHAT, format!("it has {}", shown(c)), HELP));
        }
        Ok(Self(text.into()))
    }

    /// True when the name can also be the key of a ConfigMap or Secret.
    pub fn is_data_key(&self) -> bool {
        DataKey::parse(&self.0).is_ok()
    }
}

/// A key of a ConfigMap or Secret: 1–253 letters, digits, `-`, `_` and `.`, not
/// `.` or `..` and not beginning with `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataKey(Box<str>);
checked_text!(DataKey);

impl DataKey {
    /// # Errors
    /// When the text is empty, too long, or has another character.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        const WHAT: &str = "a key of a ConfigMap or Secret";
        const HELP: &str = "use letters, digits, `-`, `_` and `.`";
        if text.is_empty() {
            return Err(Invalid::new(WHAT, "it is empty", HELP));
        }
        if text.len() > SUBDOMAIN {
            return Err(too_long(WHAT, text, SUBDOMAIN));
        }
        if let Some(c) = text.chars().find(|c| !is_word(*c)) {
            return Err(Invalid::new(WHAT, format!("it has {}", shown(c)), HELP));
        }
        if text == "." || text.starts_with("..") {
            return Err(Invalid::new(
                WHAT,
                "it begins with dots like a folder",
                HELP,
            ));
        }
        Ok(Self(text.into()))
    }

    /// The nearest key to `text`: every character that a key may not have
    /// becomes `_`, dots at the front go.
    ///
    /// # Errors
    /// When nothing remains or it is too long.
    pub fn sanitised(text: &str) -> Result<Self, Invalid> {
        let kept: String = text
            .trim_start_matches("..")
            .chars()
            .map(|c| if is_word(c) { c } else { '_' })
            .collect();
        Self::parse(&kept)
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

fn check_label(what: &'static str, text: &str, limit: usize) -> Result<(), Invalid> {
    const HELP: &str =
        "use lower-case letters, digits and `-`, with a letter or digit at both ends";
    if text.is_empty() {
        return Err(Invalid::new(what, "it is empty", HELP));
    }
    if let Some(c) = text
        .chars()
        .find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '-'))
    {
        return Err(Invalid::new(what, format!("it has {}", shown(c)), HELP));
    }
    if text.starts_with('-') || text.ends_with('-') {
        return Err(Invalid::new(what, "it has `-` at an end", HELP));
    }
    if text.len() > limit {
        return Err(too_long(what, text, limit));
    }
    Ok(())
}

fn check_qualified(what: &'static str, text: &str) -> Result<(), Invalid> {
    const HELP: &str = "use letters, digits, `-`, `_` and `.`, with a letter or digit at both ends";
    if text.is_empty() {
        return Err(Invalid::new(what, "it is empty", HELP));
    }
    if text.len() > LABEL {
        return Err(too_long(what, text, LABEL));
    }
    if let Some(c) = text.chars().find(|c| !is_word(*c)) {
        return Err(Invalid::new(what, format!("it has {}", shown(c)), HELP));
    }
    let ends = [text.chars().next(), text.chars().next_back()];
    if ends.iter().flatten().any(|c| !c.is_ascii_alphanumeric()) {
        return Err(Invalid::new(
            what,
            "an end is neither letter nor digit",
            HELP,
        ));
    }
    Ok(())
}

fn too_long(what: &'static str, text: &str, limit: usize) -> Invalid {
    let cut: String = text.chars().take(limit.min(40)).collect();
    let proposal = cut.trim_end_matches(['-', '.', '_']);
    Invalid::new(
        what,
        format!("it has {} characters, {limit} are allowed", text.len()),
        format!("choose a shorter one, like `{proposal}`"),
    )
}

fn shown(c: char) -> String {
    match c {
        ' ' => "a blank".to_owned(),
        c if c.is_control() => format!("the control character {}", c.escape_unicode()),
        c => format!("`{c}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_dns_1123() {
        let long = "a".repeat(63);
        for good in ["a", "web", "a-1", "1a", long.as_str()] {
            assert!(Name::parse(good).is_ok(), "{good}");
        }
        let longer = "a".repeat(64);
        for bad in [
            "",
            "Web",
            "a_b",
            "-a",
            "a-",
            "a.b",
            "ü",
            "../x",
            "a\n",
            longer.as_str(),
        ] {
            assert!(Name::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sanitising_keeps_what_can_be_kept() {
        let rows = [
            ("my_app", Some("my-app")),
            ("Web.API", Some("web-api")),
            ("__a__", Some("a")),
            ("a--b", Some("a-b")),
            ("../../x", Some("x")),
            ("___", None),
            ("", None),
        ];
        for (text, expected) in rows {
            let name = Name::sanitised(text).ok();
            assert_eq!(name.as_ref().map(Name::as_str), expected, "{text}");
        }
        assert!(Name::sanitised(&"a".repeat(64)).is_err());
    }

    #[test]
    fn other_names() {
        assert!(ObjectName::parse("a.b-c").is_ok());
        assert!(ObjectName::parse("a..b").is_err());
        assert!(PortName::parse("http").is_ok());
        assert!(PortName::parse("8080").is_err());
        assert!(PortName::parse("a-very-long-port-name").is_err());
        let rows = [
            ("http", Some("http")),
            ("My HTTP_api", Some("my-http-api")),
            ("--a--", Some("a")),
            ("a-very-long-port-name", Some("a-very-long-por")),
            ("four-teen-char_x", Some("four-teen-char")),
            ("8080", None),
            ("", None),
            ("ü", None),
        ];
        for (text, expected) in rows {
            let name = PortName::sanitised(text).ok();
            assert_eq!(name.as_ref().map(PortName::as_str), expected, "{text}");
        }
        assert!(LabelKey::parse("app.kubernetes.io/name").is_ok());
        assert!(LabelKey::parse("a/b/c").is_err());
        assert!(LabelValue::parse("").is_ok());
        assert!(LabelValue::parse("a b").is_err());
        assert!(VariableName::parse("a.b-c").is_ok());
        assert!(VariableName::parse("A=B").is_err());
        assert!(DataKey::parse("..a").is_err());
        assert_eq!(DataKey::sanitised("a b/c").unwrap().as_str(), "a_b_c");
        assert_eq!(QualifiedName::parse("ns/x").unwrap().name.as_str(), "x");
    }
}
