//! What objects want of each other: keys of ConfigMaps and Secrets, ports of
//! Services.

use std::collections::BTreeSet;

use kubewright_source::Span;
use kubewright_yaml::Node;

use crate::claim::pod_of;
use crate::object::{Object, items, text};

/// A part of another object, without which this one does not work.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// The kind of the other.
    pub(crate) kind: &'static str,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    /// A key of it, or the number or name of a port; none where it is enough that it
    /// exists.
    pub(crate) part: Option<String>,
    pub(crate) place: Span,
}

/// The parts that an object has for others: keys of a ConfigMap or Secret, numbers
/// and names of the ports of a Service. None where nothing refers to its parts.
pub(crate) fn offers(object: &Object) -> Option<BTreeSet<String>> {
    let keys = |field: &str| {
        let map = object.at(field).and_then(Node::as_mapping);
        let keys = map.into_iter().flat_map(|map| map.iter());
        keys.map(|entry| entry.key.text.to_string())
            .collect::<Vec<_>>()
    };
    match &*object.kind {
        "ConfigMap" => Some([keys("data"), keys("binaryData")].concat()),
        "Secret" => Some([keys("data"), keys("stringData")].concat()),
        "Service" => {
            let ports = items(object.at("spec.ports")).iter();
            let words = ports.flat_map(|port| [port.get("port"), port.get("name")]);
            Some(
                words
                    .flatten()
                    .filter_map(text)
                    .map(str::to_owned)
                    .collect(),
            )
        }
        _ => None,
    }
    .map(BTreeSet::from_iter)
}

/// Whether objects of a kind can want something of one of the kind `of`.
pub(crate) fn may_want(kind: &str, of: &str) -> bool {
    match of {
        "Service" => matches!(kind, "Ingress" | "HTTPRoute"),
        _ => crate::claim::is_workload(kind),
    }
}

/// All that an object wants; what it says to be `optional` is not wanted.
pub(crate) fn wishes(object: &Object) -> Vec<Wish> {
    let mut wishes = Wishes {
        namespace: object.name().0.map(str::to_owned),
        found: Vec::new(),
    };
    match (&*object.kind, pod_of(object)) {
        (_, Some(pod)) => wishes.of_pod(pod),
        ("Ingress", None) => wishes.of_ingress(object),
        ("HTTPRoute", None) => {
            for rule in items(object.at("spec.rules")) {
                for backend in items(rule.get("backendRefs")) {
                    wishes.add("Service", backend.get("name"), backend.get("port"));
                }
            }
        }
        (_, None) => {}
    }
    wishes.found
}

struct Wishes {
    namespace: Option<String>,
    found: Vec<Wish>,
}

impl Wishes {
    fn add(&mut self, kind: &'static str, name: Option<&Node>, part: Option<&Node>) {
        let Some((node, name)) = name.and_then(|node| Some((node, text(node)?))) else {
            return;
        };
        self.found.push(Wish {
            kind,
            namespace: self.namespace.clone(),
            name: name.to_owned(),
            part: part.and_then(text).map(str::to_owned),
            place: part.unwrap_or(node).span,
        });
    }

    fn of_ingress(&mut self, object: &Object) {
        let rules = items(object.at("spec.rules")).iter();
        let paths =
            rules.flat_map(|rule| items(rule.get("http").and_then(|http| http.get("paths"))));
        let backends = paths.map(|path| path.get("backend"));
        for backend in backends.chain([object.at("spec.defaultBackend")]).flatten() {
            let service = backend.get("service");
            let port = service.and_then(|service| service.get("port"));
            let port = port.and_then(|port| port.get("number").or_else(|| port.get("name")));
            self.add(
                "Service",
                service.and_then(|service| service.get("name")),
                port,
            );
        }
    }

    fn of_pod(&mut self, pod: &Node) {
        let volumes = items(pod.get("volumes"));
        volumes.iter().for_each(|volume| self.of_volume(volume));
        for list in ["initContainers", "containers"] {
            for container in items(pod.get(list)) {
                self.of_variables(container);
                self.of_mounts(container, volumes);
            }
        }
    }

    fn of_variables(&mut self, container: &Node) {
        for variable in items(container.get("env")) {
            let from = variable.get("valueFrom");
            for (field, kind) in [("configMapKeyRef", "ConfigMap"), ("secretKeyRef", "Secret")] {
                let reference = from.and_then(|from| from.get(field)).filter(is_needed);
                if let Some(reference) = reference {
                    self.add(kind, reference.get("name"), reference.get("key"));
                }
            }
        }
        for source in items(container.get("envFrom")) {
            for (field, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                let reference = source.get(field).filter(is_needed);
                self.add(kind, reference.and_then(|one| one.get("name")), None);
            }
        }
    }

    fn of_volume(&mut self, volume: &Node) {
        let projected = volume.get("projected");
        let sources = items(projected.and_then(|projected| projected.get("sources")));
        for source in std::iter::once(volume).chain(sources) {
            for (kind, files) in files(source) {
                let name = files.get("name").or_else(|| files.get("secretName"));
                self.add(kind, name, None);
                for item in items(files.get("items")) {
                    self.add(kind, name, item.get("key"));
                }
            }
        }
    }

    /// A `subPath` of a volume that takes all keys as they are called names a key.
    fn of_mounts(&mut self, container: &Node, volumes: &[Node]) {
        for mount in items(container.get("volumeMounts")) {
            let name = mount.get("name").and_then(text);
            let is_it = |volume: &&Node| volume.get("name").and_then(text) == name;
            let volume = volumes.iter().find(is_it);
            let Some(path) = mount.get("subPath") else {
                continue;
            };
            for (kind, files) in volume.into_iter().flat_map(files) {
                if files.get("items").is_none() {
                    let name = files.get("name").or_else(|| files.get("secretName"));
                    self.add(kind, name, Some(path));
                }
            }
        }
    }
}

/// The ConfigMap and the Secret behind a volume or a source of one.
fn files(source: &Node) -> impl Iterator<Item = (&'static str, &Node)> {
    [("configMap", "ConfigMap"), ("secret", "Secret")]
        .into_iter()
        .filter_map(|(field, kind)| Some((kind, source.get(field).filter(is_needed)?)))
}

fn is_needed(reference: &&Node) -> bool {
    reference.get("optional").and_then(text) != Some("true")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::read;

    fn wanted(text: &str) -> Vec<String> {
        let wishes = wishes(&read(text).pop().expect("an object"));
        let word = |wish: &Wish| {
            let part = wish.part.as_deref().unwrap_or("*");
            format!("{} {} {part}", wish.kind, wish.name)
        };
        wishes.iter().map(word).collect()
    }

    #[test]
    fn what_pods_and_routes_want() {
        let pod = |of: &str| {
            format!("kind: Deployment\nmetadata: {{name: a}}\nspec: {{template: {{spec: {of}}}}}\n")
        };
        let rows: [(String, &[&str]); 9] = [
            (
                pod("{containers: [{env: [{valueFrom: {configMapKeyRef: {name: c, key: A}}}]}]}"),
                &["ConfigMap c A"],
            ),
            (
                pod("{initContainers: [{env: [{valueFrom: {secretKeyRef: {name: s, key: B}}}]}]}"),
                &["Secret s B"],
            ),
            (
                pod("{containers: [{env: [{valueFrom: {secretKeyRef: {name: s, key: B, optional: true}}}]}]}"),
                &[],
            ),
            (
                pod("{containers: [{envFrom: [{configMapRef: {name: c}}, {secretRef: {name: s}}]}]}"),
                &["ConfigMap c *", "Secret s *"],
            ),
            (
                pod("{volumes: [{name: v, configMap: {name: c, items: [{key: a.conf}]}}]}"),
                &["ConfigMap c *", "ConfigMap c a.conf"],
            ),
            (
                pod("{volumes: [{name: v, secret: {secretName: s}}], containers: [{volumeMounts: [{name: v, subPath: key.pem}]}]}"),
                &["Secret s *", "Secret s key.pem"],
            ),
            (
                pod("{volumes: [{projected: {sources: [{secret: {name: s}}]}}]}"),
                &["Secret s *"],
            ),
            (
                "kind: Ingress\nmetadata: {name: a}\nspec: {rules: [{http: {paths: [{backend: {service: {name: web, port: {number: 80}}}}]}}]}\n".to_owned(),
                &["Service web 80"],
            ),
            (
                "kind: HTTPRoute\nmetadata: {name: a}\nspec: {rules: [{backendRefs: [{name: web, port: 81}]}]}\n".to_owned(),
                &["Service web 81"],
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(wanted(&text), expected, "{text}");
        }
    }

    #[test]
    fn what_objects_have() {
        let rows = [
            (
                "kind: ConfigMap\ndata: {A: x}\nbinaryData: {B: eA==}\n",
                "A B",
            ),
            ("kind: Secret\nstringData: {C: x}\n", "C"),
            (
                "kind: Service\nspec: {ports: [{name: http, port: 80}]}\n",
                "80 http",
            ),
        ];
        for (text, expected) in rows {
            let object = read(&format!("metadata: {{name: a}}\n{text}")).pop();
            let offers = offers(&object.expect("an object")).expect("parts");
            assert_eq!(Vec::from_iter(offers).join(" "), expected);
        }
    }
}
