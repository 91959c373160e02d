//! The fields of a manifest, each with its line.

use kubewright_source::{Source, Sources};
use kubewright_yaml::{Limits, Node, Value, read_documents};

/// What names an item of a list: the first of these that it has.
const NAMES: [&str; 8] = [
    "name",
    "mountPath",
    "containerPort",
    "port",
    "ip",
    "key",
    "path",
    "topologyKey",
];

/// One node of a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    path: String,
    first_line: usize,
    last_line: usize,
    /// The text of a scalar.
    value: Option<String>,
}

/// All nodes of a manifest, from top to bottom, a parent before its children.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(Vec<Field>);

impl Fields {
    /// Of a text; nothing of one that is no YAML.
    pub(super) fn of_text(text: &str) -> Self {
        let mut sources = Sources::default();
        let id = sources.add("", text);
        let source = sources.get(id).expect("it was just added");
        let mut fields = Self::default();
        for node in read_documents(text, id, &Limits::default()).unwrap_or_default() {
            fields.add(source, String::new(), &node, 1);
        }
        fields
    }

    fn add(&mut self, source: &Source, path: String, node: &Node, first_line: usize) {
        let end = source
            .place(node.span.end.max(node.span.start + 1) - 1)
            .line;
        let value = node.as_scalar().map(|scalar| scalar.text.to_string());
        self.0.push(Field {
            path: path.clone(),
            first_line,
            last_line: end.max(first_line),
            value,
        });
        match &node.value {
            Value::Scalar(_) => {}
            Value::Mapping(mapping) => {
                for entry in mapping {
                    let below = child(&path, &entry.key.text);
                    let line = source.place(entry.key.span.start).line;
                    self.add(source, below, &entry.value, line);
                }
            }
            Value::Sequence(items) => {
                let mut taken = std::collections::BTreeSet::new();
                for (at, item) in items.iter().enumerate() {
                    let line = source.place(item.span.start).line;
                    let named = format!("{path}[{}]", item_name(item, at));
                    let below = match taken.insert(named.clone()) {
                        true => named,
                        false => format!("{path}[{at}]"),
                    };
                    self.add(source, below, item, line);
                }
            }
        }
    }

    /// The first field that begins at a line, else the closest that holds it.
    pub(super) fn at_line(&self, line: usize) -> Option<&str> {
        let begins = |field: &&Field| field.first_line == line && !field.path.is_empty();
        let holds = |field: &&Field| (field.first_line..=field.last_line).contains(&line);
        let found = self.0.iter().find(begins);
        let found = found.or_else(|| self.0.iter().rfind(holds));
        found.map(|field| field.path.as_str())
    }

    /// A field as people name it: `[0]` where an item has a name is understood.
    pub(super) fn named(&self, path: &str) -> Option<&str> {
        let path = path.trim_start_matches('.');
        if let Some(field) = self.0.iter().find(|field| field.path == path) {
            return Some(&field.path);
        }
        let mut at = "";
        for step in steps(path) {
            let numbered = step
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'));
            let next = match numbered.and_then(|number| number.parse::<usize>().ok()) {
                Some(number) => self.items(at).nth(number)?,
                None if step.starts_with('[') => self.find(&format!("{at}{step}"))?,
                None => self.find(&child(at, step))?,
            };
            at = next;
        }
        Some(at)
    }

    fn find(&self, path: &str) -> Option<&str> {
        let found = self.0.iter().find(|field| field.path == path)?;
        Some(&found.path)
    }

    fn items<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter_map(move |field| {
            let rest = field.path.strip_prefix(path)?.strip_prefix('[')?;
            (rest.find(']') == Some(rest.len() - 1)).then_some(field.path.as_str())
        })
    }

    /// The part of a path that is there, and what stands right below it.
    pub(super) fn closest(&self, path: &str) -> (&str, Vec<&str>) {
        let mut above = "";
        for step in steps(path.trim_start_matches('.')) {
            let next = match step.starts_with('[') {
                true => self.find(&format!("{above}{step}")),
                false => self.find(&child(above, step)),
            };
            match next {
                Some(next) => above = next,
                None => break,
            }
        }
        let below = self.0.iter().filter_map(|field| {
            let rest = field.path.strip_prefix(above)?;
            let is_child = steps(rest.trim_start_matches('.')).len() == 1;
            (is_child && is_within(&field.path, above)).then_some(field.path.as_str())
        });
        (above, below.collect())
    }

    /// The line at which a field begins.
    pub(super) fn line(&self, path: &str) -> Option<usize> {
        let found = self.0.iter().find(|field| field.path == path)?;
        Some(found.first_line)
    }

    /// The text of a scalar.
    pub(super) fn value(&self, path: &str) -> Option<&str> {
        let found = self.0.iter().find(|field| field.path == path)?;
        found.value.as_deref()
    }

    /// Whether there is such a field.
    pub(super) fn has(&self, path: &str) -> bool {
        self.0.iter().any(|field| field.path == path)
    }

    /// A field with all below it: what has to be equal for it to be the same.
    pub(super) fn below(&self, path: &str) -> Vec<(&str, Option<&str>)> {
        let below = self.0.iter().filter(|field| is_within(&field.path, path));
        below
            .map(|field| (field.path.as_str(), field.value.as_deref()))
            .collect()
    }

    /// Scalars, by path.
    pub(super) fn scalars(&self) -> impl Iterator<Item = (&str, &str, usize)> {
        self.0.iter().filter_map(|field| {
            let value = field.value.as_deref()?;
            Some((field.path.as_str(), value, field.first_line))
        })
    }

    /// The highest part of a path that is not there.
    pub(super) fn first_missing<'p>(&self, path: &'p str) -> &'p str {
        let mut ends: Vec<usize> = path
            .char_indices()
            .filter(|(at, c)| matches!(c, '.' | '[') && *at > 0)
            .map(|(at, _)| at)
            .collect();
        ends.push(path.len());
        let missing = ends.into_iter().map(|end| &path[..end]);
        let mut missing = missing.filter(|part| !part.is_empty() && !self.has(part));
        missing.find(|part| is_whole(part)).unwrap_or(path)
    }
}

/// Brackets are closed: a name within them may hold points.
fn is_whole(path: &str) -> bool {
    path.matches('[').count() == path.matches(']').count()
}

fn is_within(path: &str, above: &str) -> bool {
    match path.strip_prefix(above) {
        Some(rest) => above.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']),
        None => false,
    }
}

fn child(path: &str, key: &str) -> String {
    match key.contains(['.', '[', ']', '/']) {
        true => format!("{path}[{key}]"),
        false if path.is_empty() => key.to_owned(),
        false => format!("{path}.{key}"),
    }
}

/// `a`, `[b.c]`, `d` of `a[b.c].d`.
fn steps(path: &str) -> Vec<&str> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let end = match rest.starts_with('[') {
            true => rest.find(']').map_or(rest.len(), |at| at + 1),
            false => rest.find(['.', '[']).unwrap_or(rest.len()),
        };
        steps.push(&rest[..end]);
        rest = rest[end..].trim_start_matches('.');
        if end == 0 {
            break;
        }
    }
    steps
}

fn item_name(item: &Node, at: usize) -> String {
    let name = NAMES.iter().find_map(|key| item.get(key)?.as_scalar());
    match name {
        Some(scalar) => scalar.text.to_string(),
        None => at.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# a comment
kind: Deployment
metadata:
  annotations:
    kubewright.dev/config-hash: abc
spec:
  containers:
    - name: api
      ports:
        - containerPort: 80
        - containerPort: 80
      args: [a, b]
";

    #[test]
    fn fields_are_found_by_line_and_by_name() {
        let fields = Fields::of_text(TEXT);
        let rows = [
            (1, ""),
            (2, "kind"),
            (3, "metadata"),
            (5, "metadata.annotations[kubewright.dev/config-hash]"),
            (8, "spec.containers[api]"),
            (10, "spec.containers[api].ports[80]"),
            (11, "spec.containers[api].ports[1]"),
            (12, "spec.containers[api].args"),
        ];
        for (line, path) in rows {
            assert_eq!(fields.at_line(line), Some(path), "{line}");
        }
        assert_eq!(fields.at_line(99), None);
        let rows = [
            ("spec.containers[0].name", "spec.containers[api].name"),
            (
                "spec.containers[api].args[1]",
                "spec.containers[api].args[1]",
            ),
            (".kind", "kind"),
        ];
        for (given, path) in rows {
            assert_eq!(fields.named(given), Some(path), "{given}");
        }
        assert_eq!(fields.named("spec.nothing"), None);
    }

    #[test]
    fn what_is_missing_is_said_from_the_top() {
        let fields = Fields::of_text(TEXT);
        let rows = [
            ("spec.volumes[a].name", "spec.volumes"),
            ("spec.containers[b].image", "spec.containers[b]"),
            ("metadata.annotations[a.b/c]", "metadata.annotations[a.b/c]"),
        ];
        for (path, missing) in rows {
            assert_eq!(fields.first_missing(path), missing);
        }
    }
}
