//! An app's own `ingress`: a route of the gateway, with what environments change
//! of it.

use kubewright_source::{Diagnostic, Span};
use kubewright_yaml::{Entry, Key, Mapping, Node, Path};

use super::context::{Context, OwnRoute};
use super::entry::each_override;
use super::gateway::{Place, switches};
use super::tree::{block, entry, is, items, laid, map, plain, text};

/// Takes the routes out of an entry. `service`: what they lead to.
pub(super) fn take(mapping: &mut Mapping, service: &str, path: &Path<'_>, context: &Context<'_>) {
    let visibility = is_public(mapping);
    let base = mapping.remove("ingress");
    if let Some(old) = &base {
        context.old(&old.key, "ingress", "a route of `gateway`", path);
    }
    let own = Own {
        service,
        is_public: visibility,
        path,
        context,
    };
    let found = own.routes(base.as_ref());
    if let Some(off) = base.as_ref().filter(|_| found.is_empty()) {
        own.unused(off);
    }
    for (key, route) in &found {
        own.add(None, key, route.clone());
    }
    let above = path.key("overrides");
    each_override(mapping, |key, layer| {
        let path = above.key(&key.text);
        let said = own.said(layer, base.as_ref(), &path);
        if let Some(over) = said {
            own.change(key, &found, &over);
        }
    });
}

/// Whether a layer asks to be reached from outside.
fn is_public(mapping: &Mapping) -> bool {
    let own = mapping.get("visibility");
    let own = own.or_else(|| mapping.get("security")?.get("visibility"));
    own.is_some_and(|word| is(word, "public"))
}

struct Own<'a> {
    service: &'a str,
    is_public: bool,
    path: &'a Path<'a>,
    context: &'a Context<'a>,
}

impl Own<'_> {
    /// What an environment says of the route: the whole block as it is there.
    fn said(&self, layer: &mut Mapping, base: Option<&Entry>, path: &Path<'_>) -> Option<Entry> {
        let own = layer.remove("ingress");
        if let Some(old) = &own {
            self.context
                .old(&old.key, "ingress", "a route of `gateway`", path);
        }
        let mut whole = match (base, &own) {
            (Some(base), Some(own)) => laid(&base.value, &own.value),
            (Some(base), None) => base.value.clone(),
            (None, Some(own)) => own.value.clone(),
            (None, None) => map(Span::NONE, []),
        };
        let mut key = own.map(|own| own.key);
        let new = "`gateway.overrides.E.routes`";
        for (word, into) in [
            ("ingress_annotations", "annotations"),
            ("ingress_path", "path"),
        ] {
            let Some(old) = layer.remove(word) else {
                continue;
            };
            self.context.old(&old.key, word, new, path);
            if let Some(mapping) = whole.as_mapping_mut() {
                let value = match mapping.get(into).filter(|_| into == "annotations") {
                    Some(above) => laid(&old.value, above),
                    None => old.value,
                };
                mapping.insert(Key::new(into, old.key.span), value);
            }
            key.get_or_insert(old.key);
        }
        Some(Entry {
            key: key?,
            value: whole,
        })
    }

    /// What is different in an environment.
    fn change(&self, environment: &Key, base: &[(Key, Node)], over: &Entry) {
        let there = self.routes(Some(over));
        if there.is_empty() && base.is_empty() {
            self.unused(over);
        }
        for (key, _) in base {
            if !there.iter().any(|(other, _)| other.text == key.text) {
                self.add(Some(environment), key, Node::null(over.key.span));
            }
        }
        for (key, route) in there {
            let under = base.iter().find(|(other, _)| other.text == key.text);
            let changed = match under {
                None => Some(route),
                Some((_, under)) => difference(under, &route),
            };
            if let Some(changed) = changed {
                self.add(Some(environment), &key, changed);
            }
        }
    }

    fn add(&self, environment: Option<&Key>, path: &Key, route: Node) {
        self.context.routes.borrow_mut().push(OwnRoute {
            environment: environment.cloned(),
            path: path.clone(),
            route,
        });
    }

    fn unused(&self, block: &Entry) {
        let message = format!(
            "`{}` says nothing here: `{}` has no route of its own",
            block.key.text, self.service
        );
        let said = Diagnostic::note("unused", block.key.span, message);
        let said = said.path(self.path.key(&block.key.text).to_string());
        self.context
            .report
            .push(said.help("write `enabled: true` in its `ingress`, or a route of `gateway`"));
    }

    /// The routes that a block asks for, by their places.
    fn routes(&self, ingress: Option<&Entry>) -> Vec<(Key, Node)> {
        let Some(Entry { key, value }) = ingress else {
            return Vec::new();
        };
        let Some(mapping) = value.as_mapping() else {
            return Vec::new();
        };
        let is_on = match mapping.get("enabled") {
            Some(enabled) => !is(enabled, "false"),
            None => self.is_public || !self.context.is_old,
        };
        if !is_on {
            return Vec::new();
        }
        let at = mapping.get("path").and_then(text).unwrap_or("/");
        let at = if at.starts_with('/') {
            at.to_owned()
        } else {
            format!("/{at}")
        };
        let place = mapping.get("path").map_or(key.span, |node| node.span);
        let route = self.route(mapping, value.span);
        let hosts = hosts(mapping);
        if hosts.is_empty() {
            return vec![(Key::new(at, place), route)];
        }
        let hosts = hosts.into_iter().map(|host| {
            let whole = format!("{}{at}", text(&host).unwrap_or_default());
            (Key::new(whole, host.span), route.clone())
        });
        hosts.collect()
    }

    fn route(&self, ingress: &Mapping, span: Span) -> Node {
        let mut route = Mapping::default();
        let service = entry("service", Node::string(span, self.service));
        route.insert(service.key, service.value);
        for Entry { key, value } in ingress {
            let (name, value) = match &*key.text {
                "enabled" | "path" | "hosts" => continue,
                "rewrite_target" => ("rewrite_to", value.clone()),
                "tls" => ("tls", tls(value)),
                _ => (&*key.text, value.clone()),
            };
            route.insert(Key::new(name, key.span), value);
        }
        let path = self.path.key("ingress");
        switches(&mut route, Place::Ingress, "", &path, self.context);
        Node::new(span, route)
    }
}

/// The hosts; those of the certificate where nothing else is said.
fn hosts(ingress: &Mapping) -> Vec<Node> {
    let own = ingress.get("hosts").cloned().map(items).unwrap_or_default();
    if !own.is_empty() {
        return own;
    }
    let tls = ingress.get("tls").and_then(|tls| tls.get("hosts"));
    tls.cloned().map(items).unwrap_or_default()
}

/// `enabled`, `secret`; the hosts are those of the route.
fn tls(node: &Node) -> Node {
    let Some(mapping) = node.as_mapping() else {
        return node.clone();
    };
    let enabled = mapping.get("enabled");
    if let Some(off) = enabled.filter(|enabled| is(enabled, "false")) {
        return plain(off.span, "false");
    }
    let mut left = mapping.clone();
    left.retain(|entry| !matches!(&*entry.key.text, "enabled" | "hosts"));
    match left.is_empty() {
        true => plain(node.span, "true"),
        false => Node::new(node.span, left),
    }
}

/// What of a route is said anew; nothing where all is the same. What is said no
/// more is taken away.
fn difference(under: &Node, over: &Node) -> Option<Node> {
    let (lower, upper) = (under.as_mapping()?, over.as_mapping()?);
    let mut changed = Mapping::default();
    for entry in upper {
        let below = lower.get(&entry.key.text);
        if !below.is_some_and(|below| below.same(&entry.value)) {
            changed.insert(entry.key.clone(), entry.value.clone());
        }
    }
    for entry in lower {
        if !upper.contains_key(&entry.key.text) {
            changed.insert(entry.key.clone(), Node::null(over.span));
        }
    }
    (!changed.is_empty()).then(|| Node::new(over.span, changed))
}

/// Puts all routes that entries asked for into the gateway.
pub(super) fn place(top: &mut Mapping, context: &Context<'_>) {
    for own in context.routes.take() {
        let span = own.path.span;
        let Some(gateway) = block(top, "gateway", "", span) else {
            return;
        };
        match own.environment {
            None => add(gateway, own.path, own.route),
            Some(environment) => {
                let layer = block(gateway, "overrides", "", environment.span)
                    .and_then(|all| block(all, &environment.text, "", environment.span));
                if let Some(layer) = layer {
                    add(layer, own.path, own.route);
                }
            }
        }
    }
}

/// Adds a route to a list or a map of routes.
fn add(gateway: &mut Mapping, path: Key, mut route: Node) {
    let is_list = gateway
        .get("routes")
        .is_some_and(|routes| routes.as_sequence().is_some());
    if is_list {
        let routes = super::tree::list(gateway, "routes", path.span);
        if let Some(mapping) = route.as_mapping_mut() {
            mapping.insert(
                Key::new("path", path.span),
                Node::string(path.span, &*path.text),
            );
        }
        routes.push(route);
        return;
    }
    let Some(routes) = block(gateway, "routes", "", path.span) else {
        return;
    };
    // Two entries that want one place: both stand, and the place is said twice.
    if routes.contains_key(&path.text) {
        let kept = std::mem::take(routes);
        let mut listed: Vec<Node> = kept
            .into_iter()
            .map(|entry| listed(entry.key, entry.value))
            .collect();
        listed.push(self::listed(path, route));
        let span = listed.first().map_or(Span::NONE, |node| node.span);
        gateway.insert(Key::new("routes", span), Node::new(span, listed));
        return;
    }
    routes.insert(path, route);
}

/// A member of a map as an item of a list.
fn listed(path: Key, mut route: Node) -> Node {
    if text(&route).is_some() {
        route = map(route.span, [entry("service", route)]);
    }
    if let Some(mapping) = route.as_mapping_mut() {
        mapping.insert(
            Key::new("path", path.span),
            Node::string(path.span, &*path.text),
        );
    }
    route
}
