//! A route in the annotations of ingress-nginx.
//!
//! <https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/>

use kubewright_model::gateway::{Auth, Cors, PathType};
use kubewright_model::scaling::RateLimit;
use kubewright_source::Diagnostics;

use super::cors;
use super::ingress::Words;
use super::lack;
use super::policy::Said;
use super::secret;
use super::target::Place;
use super::waf;
use super::way::{Way, or_root};

const PREFIX: &str = "nginx.ingress.kubernetes.io";

/// The annotations of a route. What cannot be said in them is reported.
pub(super) fn words(way: &Way<'_>, diagnostics: &mut Diagnostics) -> Words {
    let mut made = Made::default();
    made.rewrite(way, diagnostics);
    made.backend(way);
    made.times(way, diagnostics);
    made.redirect(way);
    if let Some(method) = way.route.methods.first() {
        diagnostics.push(lack::METHODS.of(way, method.span));
    }
    if let Some(limit) = way.policy.rate_limit {
        made.rate(way, limit, diagnostics);
    }
    if let Some(cors) = way.policy.cors {
        made.cors(way, &cors.value.value, diagnostics);
    }
    if let Some(auth) = way.policy.auth {
        made.auth(way, auth, diagnostics);
    }
    made.firewall(way, diagnostics);
    made.body(way);
    made.words
}

/// The path of a route on a host of which some path is rewritten: there, nginx
/// takes every path for a regular expression, without an end and without regard
/// to case, and tries the longest text first. So all get the same end, and exact
/// ones a longer one.
pub(super) fn pattern(way: &Way<'_>) -> Option<String> {
    let path = escaped(way.path().trim_end_matches('/'));
    match way.path_type() {
        PathType::Prefix if path.is_empty() => Some("/()(.*)".to_owned()),
        PathType::Prefix => Some(format!("{path}(/|$)(.*)")),
        PathType::Exact if path.is_empty() => Some("/()()()()()$".to_owned()),
        PathType::Exact => Some(format!("{path}()()()()()$")),
        PathType::ImplementationSpecific => None,
    }
}

/// A text as a regular expression that matches it and nothing else.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '.' | '+' | '*' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' | '|' | '\\'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[derive(Default)]
struct Made {
    words: Words,
}

impl Made {
    fn set(&mut self, key: &str, value: impl Into<String>) {
        let key = format!("{PREFIX}/{key}");
        self.words.path.insert(key, value.into());
    }

    fn rewrite(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        let Some(to) = way.rewritten() else { return };
        match way.path_type() {
            PathType::Exact => self.set("rewrite-target", or_root(to.value)),
            PathType::Prefix => self.set("rewrite-target", format!("{}/$2", to.value)),
            PathType::ImplementationSpecific => {
                diagnostics.push(lack::REWRITE_OF_PATTERN.of(way, to.span));
            }
        }
        self.set("use-regex", "true");
    }

    fn backend(&mut self, way: &Way<'_>) {
        if way.target.to_tls {
            self.set("backend-protocol", "HTTPS");
        }
        if let Place::Interceptor { host } = &way.target.place {
            self.set("upstream-vhost", host.clone());
        }
    }

    fn times(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        let policy = &way.policy;
        if let Some(connect) = policy.connect {
            let seconds = connect.value.value.seconds_up();
            self.set("proxy-connect-timeout", seconds.to_string());
        }
        if let Some(server) = policy.server {
            let seconds = server.value.value.seconds_up().to_string();
            self.set("proxy-send-timeout", seconds.clone());
            self.set("proxy-read-timeout", seconds);
        }
        if let Some(client) = policy.client {
            diagnostics.push(lack::CLIENT.of(way, client.value.span));
        }
        if let Some(queue) = policy.queue {
            diagnostics.push(lack::QUEUE.of(way, queue.value.span));
        }
    }

    /// The controller itself sends on to TLS where there is a certificate; where
    /// there is none, TLS may end before it.
    fn redirect(&mut self, way: &Way<'_>) {
        match (way.redirect.map(|word| word.value), way.has_tls()) {
            (Some(false), true) => self.set("ssl-redirect", "false"),
            (Some(true), false) => self.set("force-ssl-redirect", "true"),
            (Some(true), true) | (Some(false), false) | (None, _) => {}
        }
    }

    fn rate(&mut self, way: &Way<'_>, limit: Said<'_, RateLimit>, diagnostics: &mut Diagnostics) {
        let limit = &limit.value.value;
        let (count, window) = (limit.rate.value.count(), limit.rate.value.seconds());
        match window {
            1 => self.set("limit-rps", count.to_string()),
            60 => self.set("limit-rpm", count.to_string()),
            // A leaky bucket: 120 an hour is 2 a minute.
            _ if count.is_multiple_of(60) => self.set("limit-rpm", (count / 60).to_string()),
            _ => {
                diagnostics.push(lack::RATE_OF_HOUR.of(way, limit.rate.span));
                return;
            }
        }
        if let Some(burst) = &limit.burst {
            let per_window = if window == 3600 { count / 60 } else { count };
            let times = burst.value / per_window;
            if times == 0 || !burst.value.is_multiple_of(per_window) {
                diagnostics.push(lack::BURST_IN_PARTS.of(way, burst.span));
            }
            self.set("limit-burst-multiplier", times.max(1).to_string());
        }
    }

    fn cors(&mut self, way: &Way<'_>, cors: &Cors, diagnostics: &mut Diagnostics) {
        self.set("enable-cors", "true");
        let origins = cors::origins(cors);
        let all: Vec<&str> = origins.exact.into_iter().chain(origins.patterns).collect();
        self.set("cors-allow-origin", all.join(", "));
        let any = cors.allow_headers.iter().find(|header| header.value == "*");
        if let Some(any) = any {
            diagnostics.push(lack::ANY_HEADER.of(way, any.span));
        }
        let headers = match any {
            Some(_) => String::new(),
            None => cors::texts(&cors.allow_headers).join(", "),
        };
        let lists = [
            ("cors-allow-methods", cors::methods(cors).join(", ")),
            ("cors-allow-headers", headers),
            (
                "cors-expose-headers",
                cors::texts(&cors.expose_headers).join(", "),
            ),
        ];
        for (key, list) in lists {
            if !list.is_empty() {
                self.set(key, list);
            }
        }
        self.set(
            "cors-allow-credentials",
            cors::credentials(cors).to_string(),
        );
        if let Some(age) = &cors.max_age {
            self.set("cors-max-age", age.value.seconds_up().to_string());
        }
    }

    fn auth(&mut self, way: &Way<'_>, auth: Said<'_, Auth>, diagnostics: &mut Diagnostics) {
        match &auth.value.value {
            Auth::Basic { secret, realm } => {
                let Some(secret) = secret::local(way, secret, diagnostics) else {
                    return;
                };
                self.set("auth-type", "basic");
                self.set("auth-secret", secret);
                if let Some(realm) = realm {
                    self.set("auth-realm", realm.value.clone());
                }
            }
            Auth::Forward { url, headers } => {
                self.set("auth-url", url.as_str());
                if !headers.is_empty() {
                    self.set("auth-response-headers", cors::texts(headers).join(", "));
                }
            }
            Auth::Jwt { .. } | Auth::Bearer { .. } | Auth::ApiKey { .. } => {
                diagnostics.push(lack::TOKEN.of(way, auth.value.span));
            }
        }
    }

    /// Switched on alone, the firewall only watches; whatever else is said needs
    /// a snippet, which takes the place of the core rules' own key.
    fn firewall(&mut self, way: &Way<'_>, diagnostics: &mut Diagnostics) {
        let Some(said) = way.policy.waf else { return };
        let waf = &said.value.value;
        self.set("enable-modsecurity", "true");
        if !waf::blocks(waf) && !waf::is_tuned(waf) {
            self.set("enable-owasp-core-rules", "true");
            return;
        }
        let lines = waf::directives(waf, waf::NGINX, diagnostics);
        self.set("modsecurity-snippet", lines.join("\n"));
        diagnostics.push(lack::wants_setting(
            said.value.span,
            "ingress-nginx refuses rules for the firewall unless it is told to take them",
            "set `allow-snippet-annotations: \"true\"` and `annotations-risk-level: Critical` in \
             the controller's ConfigMap",
        ));
    }

    fn body(&mut self, way: &Way<'_>) {
        if let Some(size) = way.policy.body_size {
            self.set("proxy-body-size", size.value.value.bytes().to_string());
        }
        if let Some(word) = way.policy.buffering {
            let word = if word.value.value { "on" } else { "off" };
            self.set("proxy-buffering", word);
            self.set("proxy-request-buffering", word);
        }
    }
}
