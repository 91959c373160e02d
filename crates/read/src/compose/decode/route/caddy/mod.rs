//! Labels of caddy-docker-proxy: a route for each site and path, and none where
//! something decides who comes in.
//!
//! <https://github.com/lucaslorentz/caddy-docker-proxy#labels-to-caddyfile-conversion>
//!
//! - `label`: the labels of a service, as blocks of directives;
//! - `site`: what stands in them.

mod label;
mod site;

use kubewright_model::gateway::{PathType, Switch, Tls};
use kubewright_model::{Located, Span};
use kubewright_source::Severity;

use super::super::service::Service;
use super::foreign::{self, ASK};
use super::traefik::Asked;
use super::{Expose, Wish};
pub(in super::super) use label::is_ours;
use label::{Block, Directive, Said};
use site::Site;

/// Directives that change nothing of who comes in, and where to.
const HARMLESS: [&str; 7] = [
    "encode",
    "header",
    "log",
    "redir",
    "request_body",
    "request_header",
    "tls",
];

/// What the labels ask for. `form` is the way in that is asked for beside them.
pub(super) fn read(service: &Service<'_>, form: Option<Expose>) -> Asked {
    let mut asked = Asked::default();
    let blocks = label::blocks(service);
    let guarded = blocks.values().filter(|block| has_guard(service, block));
    let is_guarded = guarded.count() > 0;
    for block in blocks.values() {
        let Some(sites) = &block.sites else {
            no_site(service, block);
            continue;
        };
        asked.is_closed = true;
        let wishes = targets(service, block);
        let sites = all_sites(service, sites);
        if is_guarded {
            wishes.iter().for_each(|wish| {
                foreign::guarded(service, wish.span, " here: it could lead around a guard");
            });
            continue;
        }
        if !wishes.is_empty() {
            say_certificate(service, block, &sites, form);
        }
        for site in &sites {
            let wishes = wishes.iter().map(|wish| at_site(service, wish, site));
            asked.wishes.extend(wishes);
        }
    }
    asked
}

/// Where the first site stands, if the labels name any.
pub(super) fn place(service: &Service<'_>) -> Option<Span> {
    let mut blocks = label::blocks(service).into_values();
    blocks.find_map(|block| Some(block.sites?.text.span))
}

/// Our own labels say where, so Caddy's are left out.
pub(super) fn report_replaced(service: &Service<'_>) {
    for block in label::blocks(service).into_values() {
        let directives = block.directives.into_iter().map(|it| it.said);
        for said in block.sites.into_iter().chain(directives) {
            let message = format!(
                "the label `{}` of `{}` is left out: labels of kubewright or kompose say how it \
                 is reached",
                said.key, service.name.value
            );
            let help = "leave out one of the two";
            said.say(service, Severity::Note, "unused", message, help);
        }
    }
}

fn no_site(service: &Service<'_>, block: &Block) {
    for directive in &block.directives {
        let message = format!(
            "the label `{}` is an option of Caddy itself, and names no site",
            directive.said.key
        );
        let help = "set what it is for in your ingress controller";
        directive.said.lost(service, message, help);
    }
}

/// Whether anything decides who comes in, or may: each such label is said.
fn has_guard(service: &Service<'_>, block: &Block) -> bool {
    if block.sites.is_none() {
        return false;
    }
    let guards: Vec<&Directive> = block.directives.iter().filter(|it| guards(it)).collect();
    for guard in &guards {
        let message = format!(
            "the label `{}` may decide who comes in to `{}`, which no route carries",
            guard.said.key, service.name.value
        );
        let code = "guarded-route";
        guard
            .said
            .say(service, Severity::Warning, code, message, ASK);
    }
    !guards.is_empty()
}

fn guards(directive: &Directive) -> bool {
    let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["handle" | "handle_path" | "route"] | ["reverse_proxy", ..] => false,
        ["handle" | "handle_path" | "route", "reverse_proxy", ..] => false,
        ["handle" | "handle_path" | "route", word, ..] | [word, ..] => !HARMLESS.contains(word),
        [] => false,
    }
}

/// What the directives of a block lead to, at any of its sites.
fn targets(service: &Service<'_>, block: &Block) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for directive in &block.directives {
        let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["reverse_proxy"] => wishes.extend(target(service, directive, None)),
            ["handle" | "handle_path" | "route", "reverse_proxy"] => {
                let group = block.directives.iter();
                let group = group.filter(|it| it.words.len() == 1);
                let mut group = group.filter(|it| is_parent(it, directive));
                wishes.extend(target(service, directive, group.next()));
            }
            ["handle" | "handle_path" | "route"]
                if block.directives.iter().any(|it| is_parent(directive, it)) => {}
            _ if guards(directive) => {}
            _ => {
                let message = format!("the label `{}` is not carried", directive.said.key);
                let help = "set what it is for in your ingress controller, or in the service";
                directive.said.lost(service, message, help);
            }
        }
    }
    wishes
}

/// Whether `caddy.handle` is where `caddy.handle.reverse_proxy` stands.
fn is_parent(group: &Directive, directive: &Directive) -> bool {
    let key = group.said.key.split_once('.').map(|(_, rest)| rest);
    key == Some(directive.parent.as_str())
}

fn target(service: &Service<'_>, proxy: &Directive, group: Option<&Directive>) -> Option<Wish> {
    let said = &proxy.said;
    let found = site::upstream(&said.text.value);
    let inner = found.as_ref().and_then(|it| site::paths(&it.matcher));
    let outer = group.map(|group| site::paths(&group.said.text.value));
    let is_whole = |paths: &site::Paths| paths.0 == "/" && paths.1 == PathType::Prefix;
    let paths = match (outer, inner) {
        (None, inner) => inner,
        (Some(Some(outer)), Some(inner)) if is_whole(&inner) => Some(outer),
        (Some(_), _) => None,
    };
    let (Some(found), Some((path, kind))) = (found, paths) else {
        let message = format!(
            "the label `{}` becomes no route: it leads elsewhere, or asks for more than a path",
            said.key
        );
        let help = "write it like `/api/* {{upstreams 80}}`, or ask for a route with the label \
                    `kubewright.host`";
        said.lost(service, message, help);
        return None;
    };
    let span = said.text.span;
    let mut wish = Wish::whole(span);
    wish.path = Located::new(path, span);
    wish.path_type = (kind == PathType::Exact).then(|| Located::new(kind, span));
    wish.port = found.port.map(|port| Located::new(port, span));
    let protocol = found.protocol.map(str::to_owned);
    wish.protocol = protocol.map(|word| Located::new(word, span));
    let strips = group.filter(|group| group.words[0] == "handle_path");
    wish.strip_prefix = strips.map(|group| Located::new(true, group.said.text.span));
    Some(wish)
}

fn all_sites(service: &Service<'_>, said: &Said) -> Vec<Located<Site>> {
    let separators = |c: char| c == ',' || c.is_whitespace();
    let texts = said.text.value.split(separators);
    let found = texts.filter(|text| !text.is_empty()).filter_map(|text| {
        let site = site::site(text);
        if site.is_none() {
            let message = format!(
                "`{}` becomes no route at `{}`, which is no name of a host",
                service.name.value,
                text.escape_default()
            );
            let help = "write sites like `shop.example.com`, without ports and paths";
            said.lost(service, message, help);
        }
        Some(Located::new(site?, said.text.span))
    });
    found.collect()
}

/// Caddy gets certificates for all sites but those that say `http://`.
fn say_certificate(
    service: &Service<'_>,
    block: &Block,
    sites: &[Located<Site>],
    form: Option<Expose>,
) {
    let wanted = sites.iter().any(|site| site.value.tls);
    if !wanted || service.scope.options.has_certificate || form == Some(Expose::Gateway) {
        return;
    }
    let Some(said) = &block.sites else { return };
    let message = format!(
        "`{}` wants TLS, and its certificate is Caddy's: until one is named, the controller \
         shows its own",
        service.name.value
    );
    let help = "let cert-manager make one with `--cluster-issuer NAME`, or name a Secret with \
                `--tls-secret`";
    said.say(service, Severity::Note, "needs-certificate", message, help);
}

fn at_site(service: &Service<'_>, wish: &Wish, site: &Located<Site>) -> Wish {
    let mut wish = wish.clone();
    wish.host = Some(Located::new(site.value.host.clone(), site.span));
    if site.value.tls && !service.scope.options.has_certificate {
        wish.policy.tls = Switch::On(Located::new(Tls::Default, site.span));
    }
    wish
}
