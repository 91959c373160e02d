//! A route in the annotations of HAProxy Ingress.
//!
//! Some belong to a path, others to the back end, which all paths that lead to
//! one port of a Service have in common.
//!
//! <https://haproxy-ingress.github.io/docs/configuration/keys/>

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use kubewright_model::Duration;
use kubewright_model::gateway::{Auth, Controller, Cors, Method, Waf};
use kubewright_model::scaling::RateLimit;
use kubewright_objects::Object;
use kubewright_source::Diagnostics;

use super::Owner;
use super::cors;
use super::ingress::Words;
use super::lack;
use super::policy::Said;
use super::secret;
use super::target::Place;
use super::waf;
use super::way::{Way, or_root};

const PREFIX: &str = "haproxy-ingress.github.io";

/// The annotations of a route. What cannot be said in them is reported.
pub(super) fn words(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Words {
    let mut made = Made::default();
    made.rewrite(way);
    made.backend(way);
    made.times(way, diagnostics);
    made.redirect(way, diagnostics);
    if let Some(limit) = way.policy.rate_limit {
        made.rate(way, limit, diagnostics);
    }
    if let Some(cors) = way.policy.cors {
        made.cors(&cors.value.value);
    }
    if let Some(auth) = way.policy.auth {
        made.auth(way, auth, diagnostics);
    }
    made.firewall(way, diagnostics);
    made.body(way);
    made.finished()
}

#[derive(Default)]
struct Made {
    words: Words,
    /// Lines of HAProxy's own configuration.
    lines: Vec<String>,
}

impl Made {
    fn path(&mut self, key: &str, value: impl Into<String>) {
        let key = format!("{PREFIX}/{key}");
        self.words.path.insert(key, value.into());
    }

    fn back(&mut self, key: &str, value: impl Into<String>) {
        let key = format!("{PREFIX}/{key}");
        self.words.back.insert(key, value.into());
    }

    fn finished(mut self) -> Words {
        if !self.lines.is_empty() {
            let lines = self.lines.join("\n");
            self.back("config-backend", lines);
        }
        self.words
    }

    /// What stands behind the matched path is appended as it is, with its `/`;
    /// only of `/` alone the controller makes no `//`.
    fn rewrite(&mut self, way: &Way<'_>) {
        if let Some(to) = way.rewritten() {
            self.path("rewrite-target", or_root(to.value));
        }
    }

    fn backend(&mut self, way: &Way<'_>) {
        if way.target.to_tls {
            self.back("backend-protocol", "h1-ssl");
        }
        let methods: Vec<&str> = way.methods().into_iter().map(Method::as_str).collect();
        if !methods.is_empty() {
            let methods = methods.join(" ");
            self.lines.push(format!(
                "http-request deny deny_status 405 unless {{ method {methods} }}"
            ));
        }
        if let Place::Interceptor { host } = &way.target.place {
            self.lines
                .push(format!("http-request set-header Host {host}"));
        }
    }

    fn times(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        let policy = &way.policy;
        let times = [
            ("timeout-connect", policy.connect),
            ("timeout-server", policy.server),
            ("timeout-queue", policy.queue),
        ];
        for (key, said) in times {
            if let Some(said) = said {
                self.back(key, one_unit(said.value.value));
            }
        }
        if let Some(client) = policy.client {
            diagnostics.push(lack::CLIENT.of(way, client.value.span));
        }
    }

    /// The controller itself sends on to TLS where there is a certificate.
    fn redirect(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        match way.redirect {
            Some(word) if !word.value && way.has_tls() => self.path("ssl-redirect", "false"),
            Some(word) if word.value && !way.has_tls() && !way.of_app => {
                diagnostics.push(lack::REDIRECT_TO_NOTHING.of(way, word.span));
            }
            Some(_) | None => {}
        }
    }

    /// By the second there is a key; other windows are counted in a table of the
    /// back end.
    fn rate(&mut self, way: &Way<'_>, limit: Said<'_, RateLimit>, diagnostics: &mut Diagnostics) {
        let limit = &limit.value.value;
        let (count, window) = (limit.rate.value.count(), limit.rate.value.seconds());
        if window == 1 {
            self.back("limit-rps", count.to_string());
        } else {
            let unit = if window == 60 { "1m" } else { "1h" };
            self.lines.extend([
                format!("stick-table type ip size 100k expire {unit} store http_req_rate({unit})"),
                "http-request track-sc1 src".to_owned(),
                format!("http-request deny deny_status 429 if {{ sc1_http_req_rate gt {count} }}"),
            ]);
        }
        if let Some(burst) = &limit.burst {
            diagnostics.push(lack::BURST.of(way, burst.span));
        }
    }

    fn cors(&mut self, cors: &Cors) {
        self.path("cors-enable", "true");
        let origins = cors::origins(cors);
        if !origins.exact.is_empty() {
            self.path("cors-allow-origin", origins.exact.join(","));
        }
        if !origins.patterns.is_empty() {
            let patterns = origins.patterns.iter().map(|origin| cors::pattern(origin));
            let patterns: Vec<String> = patterns.collect();
            self.path("cors-allow-origin-regex", patterns.join(" "));
        }
        let lists = [
            ("cors-allow-methods", cors::methods(cors).join(",")),
            (
                "cors-allow-headers",
                cors::texts(&cors.allow_headers).join(","),
            ),
            (
                "cors-expose-headers",
                cors::texts(&cors.expose_headers).join(","),
            ),
        ];
        for (key, list) in lists {
            if !list.is_empty() {
                self.path(key, list);
            }
        }
        self.path(
            "cors-allow-credentials",
            cors::credentials(cors).to_string(),
        );
        if let Some(age) = &cors.max_age {
            self.path("cors-max-age", age.value.seconds_up().to_string());
        }
    }

    fn auth(&mut self, way: &Way<'_>, auth: Said<'_, Auth>, diagnostics: &mut Diagnostics) {
        match &auth.value.value {
            Auth::Basic { secret, realm } => {
                let Some(secret) = secret::local(way, secret, diagnostics) else {
                    return;
                };
                self.path("auth-secret", secret);
                if let Some(realm) = realm {
                    self.path("auth-realm", realm.value.clone());
                }
            }
            Auth::Forward { url, headers } => {
                self.path("auth-url", url.as_str());
                if !headers.is_empty() {
                    self.path("auth-headers-succeed", cors::texts(headers).join(","));
                }
            }
            Auth::Jwt { .. } | Auth::Bearer { .. } | Auth::ApiKey { .. } => {
                diagnostics.push(lack::TOKEN.of(way, auth.value.span));
            }
        }
    }

    /// How strict it is stands in the agent's own configuration: see `ingress`.
    fn firewall(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        let Some(said) = way.policy.waf else { return };
        self.path("waf", "modsecurity");
        let blocks = waf::blocks(&said.value.value);
        self.path("waf-mode", if blocks { "deny" } else { "detect" });
        diagnostics.push(lack::wants_setting(
            said.value.span,
            "HAProxy Ingress asks a firewall only where it knows one: without it, all is let in",
            "name the firewall's agent (ModSecurity or Coraza) with the controller's global \
             `modsecurity-endpoints`",
        ));
    }

    fn body(&mut self, way: &Way<'_>) {
        if let Some(size) = way.policy.body_size {
            self.path("proxy-body-size", size.value.value.bytes().to_string());
        }
        // Without the option HAProxy passes on as it gets.
        if way.policy.buffering.is_some_and(|word| word.value.value) {
            self.lines.push("option http-buffer-request".to_owned());
        }
    }
}

/// HAProxy takes one unit only: `90s`, never `1m30s`.
fn one_unit(time: Duration) -> String {
    match time.is_whole_seconds() {
        true => format!("{}s", time.millis() / 1000),
        false => format!("{}ms", time.millis()),
    }
}

/// The rules of the firewall, for its agent: it has one set for all routes. None
/// where nothing but the core rules' own defaults is asked for.
pub(super) fn firewall_rules<'w, 'a: 'w>(
    owner: &Owner<'_>,
    ways: impl Iterator<Item = &'w Way<'a>>,
    diagnostics: &mut Diagnostics,
) -> Option<Object> {
    let guarded = ways.filter(|way| way.controller == Controller::Haproxy);
    let mut guarded = guarded.filter_map(|way| Some((way, way.policy.waf?)));
    let (_, first) = guarded.next()?;
    let rules = rules_of(first);
    for (way, other) in guarded {
        if rules_of(other) != rules {
            diagnostics.push(lack::WAF_OF_ROUTE.of(way, other.value.span));
        }
    }
    if !waf::is_tuned(&rules) {
        return None;
    }
    let name = format!("{}-waf", owner.base);
    diagnostics.push(lack::wants_setting(
        first.value.span,
        "the firewall of HAProxy Ingress has its rules from its agent, not from an Ingress",
        &format!("let the agent load `rules.conf` of ConfigMap `{name}`"),
    ));
    let lines = waf::directives(&rules, waf::CORAZA, diagnostics);
    let text = format!("{}\n", lines.join("\n"));
    let made = ConfigMap {
        metadata: (owner.metadata)(name),
        data: Some(BTreeMap::from([("rules.conf".to_owned(), text)])),
        ..ConfigMap::default()
    };
    Some((owner.object)(made.into()))
}

/// What a route says to the agent: whether a hit is turned away is said to
/// HAProxy.
fn rules_of(said: Said<'_, Waf>) -> Waf {
    Waf {
        mode: None,
        ..said.value.value.clone()
    }
}
