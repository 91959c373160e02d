//! Names of the chart's own objects, wherever objects name each other.
//!
//! Every name begins with the helper `prefix`, which is empty unless the value
//! `nameOverride` is set: so two releases in one namespace have nothing in common.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::hole::{Holes, quoted};
use crate::helm::Chart;

/// What objects of the chart are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// All of them.
    objects: HashSet<String>,
    /// Those that are host names.
    services: HashSet<String>,
    /// Values of the label `app`.
    apps: HashSet<String>,
    /// Secrets that can be replaced by people's own: the helper that names them.
    secrets: HashMap<String, String>,
}

impl Names {
    /// Takes in an object of the chart.
    pub(super) fn add(&mut self, tree: &Value) {
        let kind = tree["kind"].as_str().unwrap_or_default();
        if kind == "Namespace" {
            return;
        }
        let Some(name) = tree["metadata"]["name"].as_str() else {
            return;
        };
        self.objects.insert(name.to_owned());
        if kind == "Service" {
            self.services.insert(name.to_owned());
        }
        if let Some(app) = tree["metadata"]["labels"]["app"].as_str() {
            self.apps.insert(app.to_owned());
        }
    }

    /// A Secret that people can replace by one of their own.
    pub(super) fn replaceable(&mut self, name: &str, helper: String) {
        self.secrets.insert(name.to_owned(), helper);
    }

    /// Puts the prefix in front of all names within a tree.
    pub(super) fn mark(&self, tree: &mut Value, chart: &Chart<'_>, holes: &mut Holes) {
        let makes_secret = tree["kind"] == "Secret" || tree["kind"] == "ExternalSecret";
        let own = tree["metadata"]["name"].as_str().map(str::to_owned);
        let own = own.filter(|name| makes_secret && self.objects.contains(name));
        self.walk(tree, ("", ""), chart, holes);
        // What is made keeps its name where people bring a Secret of their own.
        if let Some(own) = own {
            let name = self.prefixed(&own, chart, holes);
            let target = tree.pointer_mut("/spec/target/name");
            if let Some(target) = target {
                *target = name.clone();
            }
            tree["metadata"]["name"] = name;
        }
    }

    /// `above` and `key` are the keys over a value.
    fn walk(
        &self,
        at: &mut Value,
        (above, key): (&str, &str),
        chart: &Chart<'_>,
        holes: &mut Holes,
    ) {
        match at {
            Value::Object(map) => {
                for (name, value) in map.iter_mut() {
                    self.walk(value, (key, name), chart, holes);
                }
            }
            Value::Array(list) => {
                for value in list.iter_mut() {
                    self.walk(value, (above, key), chart, holes);
                }
            }
            Value::String(text) => {
                if let Some(marked) = self.text(text, (above, key), chart, holes) {
                    *at = marked;
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A text in which names are marked; none where there is none.
    fn text(
        &self,
        text: &str,
        (above, key): (&str, &str),
        chart: &Chart<'_>,
        holes: &mut Holes,
    ) -> Option<Value> {
        if key == "app" && matches!(above, "labels" | "matchLabels" | "selector") {
            return self
                .apps
                .contains(text)
                .then(|| self.prefixed(text, chart, holes));
        }
        if is_reference(above, key) {
            return self
                .objects
                .contains(text)
                .then(|| self.name(text, chart, holes));
        }
        if matches!(above, "labels" | "matchLabels" | "annotations") || key == "image" {
            return None;
        }
        let parts = self.split(text)?;
        Some(spliced(&parts, chart, holes))
    }

    /// A name as others refer to it.
    fn name(&self, name: &str, chart: &Chart<'_>, holes: &mut Holes) -> Value {
        match self.secrets.get(name) {
            Some(helper) => holes.inline(format!("{{{{ include \"{helper}\" . }}}}")),
            None => self.prefixed(name, chart, holes),
        }
    }

    fn prefixed(&self, name: &str, chart: &Chart<'_>, holes: &mut Holes) -> Value {
        spliced(&["", name], chart, holes)
    }

    /// The value of a variable that speaks to a Service of the chart, as an expression of
    /// the template. Where the variable's name says that it is a host, so is a bare name.
    pub(super) fn expression(
        &self,
        variable: &str,
        text: &str,
        chart: &Chart<'_>,
    ) -> Option<String> {
        let ends = ["HOST", "HOSTNAME"].iter();
        let is_host = ends.into_iter().any(|end| variable.ends_with(end));
        if is_host && self.services.contains(text) {
            return Some(printed(&["", text], chart));
        }
        Some(printed(&self.split(text)?, chart))
    }

    /// A text, cut in front of every host name of the chart; none where there is none.
    fn split<'t>(&self, text: &'t str) -> Option<Vec<&'t str>> {
        let mut parts = Vec::new();
        let mut from = 0;
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let length = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
                .unwrap_or(rest.len());
            if length == 0 {
                at += rest.chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let word = &rest[..length];
            let is_waited_for = text[..at].ends_with("job/") && self.objects.contains(word);
            let is_host = self.services.contains(word) && is_host(&text[..at], &rest[length..]);
            if is_waited_for || is_host {
                parts.push(&text[from..at]);
                from = at;
            }
            at += length;
        }
        if parts.is_empty() {
            return None;
        }
        parts.push(&text[from..]);
        Some(parts)
    }
}

/// Whether a word between these texts is a host: behind `//` or `@`, in front of a port
/// or of the domain of Services, or an argument of `nc`.
fn is_host(before: &str, after: &str) -> bool {
    let ends_word = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let begins_alone = before.is_empty() || before.ends_with(ends_word);
    if !begins_alone {
        return false;
    }
    let stops = after.is_empty() || after.starts_with(ends_word);
    let behind = before.ends_with("//") || before.ends_with('@') || before.ends_with("nc -z ");
    let port = after
        .strip_prefix(':')
        .is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
    let domain = after.strip_prefix('.').is_some_and(|rest| {
        let mut labels = rest
            .split(|c: char| ends_word(c))
            .next()
            .unwrap_or_default()
            .split('.');
        labels.next() == Some("svc") || labels.next() == Some("svc")
    });
    (behind && stops) || port || domain
}

/// Texts with the prefix between them, as an expression.
fn printed(parts: &[&str], chart: &Chart<'_>) -> String {
    let prefix = format!("(include \"{}\" .)", chart.helper("prefix"));
    let mut text = String::from("print");
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            text.push(' ');
            text.push_str(&prefix);
        }
        if !part.is_empty() {
            text.push(' ');
            text.push_str(&quoted(part));
        }
    }
    text
}

/// Texts with the prefix between them.
fn spliced(parts: &[&str], chart: &Chart<'_>, holes: &mut Holes) -> Value {
    if chart.needs_quotes(&parts.concat()) {
        // Quotes that only the text itself would ask for are asked for by the template.
        return holes.inline(format!("{{{{ {} | quote }}}}", printed(parts, chart)));
    }
    let mark = holes.inline(format!(
        "{{{{ include \"{}\" . }}}}",
        chart.helper("prefix")
    ));
    let mark = mark.as_str().unwrap_or_default().to_owned();
    Value::String(parts.join(&mark))
}

/// Whether the value of a key is the name of an object.
fn is_reference(above: &str, key: &str) -> bool {
    match key {
        "secretName" | "claimName" | "serviceName" | "serviceAccountName" | "configMapName"
        | "resourceNames" => true,
        "name" => matches!(
            above,
            "metadata"
                | "configMapRef"
                | "secretRef"
                | "configMapKeyRef"
                | "secretKeyRef"
                | "configMap"
                | "secret"
                | "service"
                | "scaleTargetRef"
                | "authenticationRef"
                | "target"
                | "roleRef"
                | "subjects"
                | "backendRefs"
                | "parentRefs"
                | "services"
                | "middlewares"
                | "imagePullSecrets"
                | "secretTargetRef"
        ),
        "service" => above == "scaleTargetRef",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_what_stands_around_them() {
        let names = Names {
            services: HashSet::from(["db".to_owned(), "web-api".to_owned()]),
            ..Names::default()
        };
        let rows: [(&str, Option<&[&str]>); 9] = [
            (
                "postgres://shop:x@db:5432/db",
                Some(&["postgres://shop:x@", "db:5432/db"]),
            ),
            ("db:5432", Some(&["", "db:5432"])),
            ("http://web-api/x", Some(&["http://", "web-api/x"])),
            (
                "until nc -z db 5432; do",
                Some(&["until nc -z ", "db 5432; do"]),
            ),
            ("a,db:1,db:2", Some(&["a,", "db:1,", "db:2"])),
            (
                "http://db.shop.svc.cluster.local",
                Some(&["http://", "db.shop.svc.cluster.local"]),
            ),
            ("http://my.db.example.com", None),
            ("db", None),
            ("mydb:5432", None),
        ];
        for (text, expected) in rows {
            let found = names.split(text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
