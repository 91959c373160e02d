//! One router: whether it may be opened, and the wishes that it becomes.

use kubewright_model::Given;
use kubewright_model::Located;
use kubewright_model::gateway::{PathType, Switch, Tls};
use kubewright_model::service::Port as ModelPort;
use kubewright_model::value::{Host, Port};
use kubewright_source::Severity;

use super::super::super::service::Service;
use super::super::{Expose, Wish, own};
use super::label::{Labels, Options, Said};
use super::middleware::{self, Effect, Used};
use super::project::local;
use super::rule::{self, Clause};
use super::{ASK, balancer};

/// What becomes of a router.
pub(super) enum Outcome {
    /// Routes.
    Open(Vec<Wish>),
    /// Nothing, and these requests must not come in by others either.
    Shut(Vec<Clause>),
    /// Nothing.
    Nothing,
}

/// A router with the service that it leads to.
pub(super) struct Router<'a> {
    /// Its name, for messages; none: the one that Traefik makes by itself.
    name: Option<&'a str>,
    options: &'a Options,
    labels: &'a Labels,
    /// The label that stands for it in messages.
    said: &'a Said,
}

/// The routers of a service; Traefik makes one where none is declared.
pub(super) fn all(labels: &Labels) -> Vec<Router<'_>> {
    const NONE: &Options = &Options::new();
    let routers = labels.routers.iter().filter_map(|(name, options)| {
        Some(Router {
            name: name.split('@').next(),
            options,
            labels,
            said: first(options)?,
        })
    });
    let routers: Vec<Router<'_>> = routers.collect();
    let asks = labels.enable.as_ref();
    let asks = asks.or_else(|| labels.services.values().find_map(first));
    match (routers.is_empty(), asks) {
        (true, Some(said)) => vec![Router {
            name: None,
            options: NONE,
            labels,
            said,
        }],
        _ => routers,
    }
}

/// What it is called by in messages: its rule, if it has one.
pub(super) fn first(options: &Options) -> Option<&Said> {
    options.get("rule").or_else(|| options.values().next())
}

impl Router<'_> {
    pub(super) fn outcome(
        &self,
        service: &Service<'_>,
        ports: Option<&[ModelPort]>,
        form: Option<Expose>,
    ) -> Outcome {
        if self.hides(service) {
            return Outcome::Shut(vec![Clause::default()]);
        }
        let mut effects = Vec::new();
        for name in self.middlewares(service) {
            middleware::effects(&name, &service.scope.traefik, &mut effects);
        }
        if effects.iter().any(|it| matches!(it, Effect::Redirect)) {
            // Another router answers; controllers send on to TLS by themselves.
            return Outcome::Nothing;
        }
        let guard = self.guard(&effects);
        let Some(clauses) = self.clauses(service, form) else {
            return match guard {
                Some(_) => Outcome::Shut(vec![Clause::default()]),
                None => Outcome::Nothing,
            };
        };
        if let Some(why) = guard {
            self.guarded(service, &clauses, &why);
            return Outcome::Shut(clauses);
        }
        let Some(target) = self.target(service, ports) else {
            return Outcome::Nothing;
        };
        if !self.enters(service) {
            return Outcome::Nothing;
        }
        self.report_rest(service);
        let tls = self.tls(service, form);
        let wish = |clause: &Clause| self.wish(service, clause, &target, &tls, &effects);
        Outcome::Open(clauses.iter().filter_map(wish).collect())
    }

    fn what(&self) -> String {
        match self.name {
            Some(name) => format!("the router `{name}`"),
            None => "the router that Traefik makes".to_owned(),
        }
    }

    /// An option that holds a secret is not looked at, so nobody knows whom the
    /// router would let in.
    fn hides(&self, service: &Service<'_>) -> bool {
        let Some(said) = self.options.values().find(|said| said.is_secret) else {
            return false;
        };
        said.say(
            service.fields.at().report,
            Severity::Warning,
            "exposed-secret",
            format!(
                "the label `{}` holds a secret and is left out: routes are no place for it",
                said.key
            ),
            "write it out, or use a variable whose name does not look secret",
        );
        true
    }

    /// Which requests it is about; none where that cannot be told.
    fn clauses(&self, service: &Service<'_>, form: Option<Expose>) -> Option<Vec<Clause>> {
        let Some(said) = self.options.get("rule") else {
            let has_domain = service.scope.options.domain.is_some();
            if !has_domain && !matches!(form, Some(Expose::Ingress | Expose::Gateway)) {
                self.without_rule(service);
                return None;
            }
            return Some(vec![Clause::default()]);
        };
        match rule::parse(&said.text) {
            Ok(clauses) => Some(clauses),
            Err(why) => {
                said.lost(
                    service.fields.at().report,
                    format!("the rule of {} leads to no route: {why}", self.what()),
                    "write it like Host(`shop.example.com`) && PathPrefix(`/api`)",
                );
                None
            }
        }
    }

    fn without_rule(&self, service: &Service<'_>) {
        let text = format!(
            "`{}` gets no route: {} has no rule that names a host",
            service.name.value,
            self.what()
        );
        self.said.say(
            service.fields.at().report,
            Severity::Note,
            "no-route",
            text,
            "name a domain with `--domain`, or add the router's `rule`",
        );
    }

    /// The middlewares that every request meets: those of its entrypoints, unless
    /// one of them has none, then its own.
    fn middlewares(&self, service: &Service<'_>) -> Vec<Used> {
        let own = self.options.iter();
        let own = own.filter(|(option, _)| option.starts_with("middlewares"));
        let own = own.flat_map(|(_, said)| said.list()).map(|name| Used {
            name: name.to_owned(),
            by_label: true,
        });
        let entrypoints = &service.scope.traefik.settings.entrypoints;
        let used: Vec<String> = match self.options.get("entrypoints") {
            Some(said) => said.list().map(str::to_ascii_lowercase).collect(),
            None => entrypoints.keys().cloned().collect(),
        };
        let at = |name: &String| entrypoints.get(name).map_or(&[][..], Vec::as_slice);
        let ways = || used.iter().filter(|name| is_open(name));
        let is_free = ways().any(|name| at(name).is_empty());
        let general = ways().filter(|_| !is_free).flat_map(at);
        let general = general.map(|name| Used {
            name: name.clone(),
            by_label: false,
        });
        general.chain(own).collect()
    }

    /// Why not everyone may come in by it.
    fn guard(&self, effects: &[Effect<'_>]) -> Option<String> {
        let by_middleware = effects.iter().find_map(|effect| match effect {
            Effect::Guard(why) => Some(why.clone()),
            Effect::Strip(_)
            | Effect::Add(_)
            | Effect::Replace(_)
            | Effect::Redirect
            | Effect::Rate(_)
            | Effect::Body(_)
            | Effect::Lost(..) => None,
        });
        let options = self.options.get("tls.options");
        let options = options.filter(|said| local(&said.text).as_deref() != Some("default"));
        by_middleware.or_else(|| {
            let options = options?;
            let name = options.text.escape_default();
            Some(format!(
                "the TLS options `{name}` may ask for certificates of clients"
            ))
        })
    }

    fn guarded(&self, service: &Service<'_>, clauses: &[Clause], why: &str) {
        let place = self.options.iter();
        let mut place = place
            .filter(|(option, _)| option.starts_with("middlewares") || *option == "tls.options");
        let first = clauses.first().cloned().unwrap_or_default();
        let path = first.path.map(|(path, _)| path).unwrap_or_default();
        let at = match first.host {
            Some(host) => format!(" at `{}{}`", host.escape_default(), path.escape_default()),
            None => String::new(),
        };
        let text = format!(
            "`{}` gets no route{at}: {why}, and no route can carry that",
            service.name.value
        );
        let said = place.next().map_or(self.said, |(_, said)| said);
        let report = service.fields.at().report;
        said.say(report, Severity::Warning, "guarded-route", text, ASK);
    }

    /// What it leads to; none where that is not this service.
    fn target(&self, service: &Service<'_>, ports: Option<&[ModelPort]>) -> Option<Target> {
        let report = service.fields.at().report;
        let named = self.options.get("service");
        let services = &self.labels.services;
        let balancer = match named {
            Some(said) => {
                let found = local(&said.text).and_then(|name| services.get(&name));
                if found.is_none() {
                    said.lost(
                        report,
                        format!(
                            "{} leads to `{}`, which no label declares",
                            self.what(),
                            said.text.escape_default()
                        ),
                        "write the route to it by hand; what Traefik itself shows is a matter of \
                         its own installation in the cluster",
                    );
                    return None;
                }
                found
            }
            None if services.len() > 1 => {
                // Segments of Traefik 1 have one of the same name.
                let same = self.name.and_then(|name| services.get(name));
                if same.is_none() {
                    self.lost(service, "does not say which of its services it leads to");
                    return None;
                }
                same
            }
            None => services.values().next(),
        };
        let port = balancer.and_then(balancer::port);
        let of_image = service
            .family
            .is_some_and(|family| !family.ports.is_empty());
        if port.is_none() && ports.is_none_or(<[ModelPort]>::is_empty) && !of_image {
            self.lost(service, "leads to a port that nobody names");
            return None;
        }
        let protocol = balancer.and_then(balancer::protocol);
        Some(Target { port, protocol })
    }

    fn lost(&self, service: &Service<'_>, what: &str) {
        let help = "say the port with `traefik.http.services.NAME.loadbalancer.server.port`, and \
             the service with the router's `service`";
        let text = format!("{} {what}, and becomes no route", self.what());
        self.said.lost(service.fields.at().report, text, help);
    }

    /// Whether one of its entrypoints is where the world comes in; the others are
    /// reported.
    fn enters(&self, service: &Service<'_>) -> bool {
        let Some(said) = self.options.get("entrypoints") else {
            return true;
        };
        let (open, other): (Vec<&str>, Vec<&str>) = said.list().partition(|name| is_open(name));
        if let Some(name) = other.first() {
            let what = match open.is_empty() {
                true => "becomes no route",
                false => "is no way in",
            };
            said.lost(
                service.fields.at().report,
                format!(
                    "the entrypoint `{}` of {} {what}: routes come in at the ports of HTTP only",
                    name.escape_default(),
                    self.what()
                ),
                "if everyone may come in, ask for the route with the label `kubewright.host`",
            );
        }
        !open.is_empty() || other.is_empty()
    }

    /// Options that no route has a word for.
    fn report_rest(&self, service: &Service<'_>) {
        let report = service.fields.at().report;
        for (option, said) in self.options {
            let help = match option.as_str() {
                "rule" | "entrypoints" | "service" | "tls" | "tls.certresolver" | "tls.options"
                | "rulesyntax" => continue,
                option if option.starts_with("middlewares") => continue,
                option if option.starts_with("redirect") => {
                    "controllers send on to TLS by themselves where there is a certificate"
                }
                option if option.starts_with("tls.domains") => {
                    "the certificate is for the hosts of the route; for others, bring your own \
                     with `--tls-secret`"
                }
                "priority" => {
                    "the longest path goes first in Kubernetes: leave it out where that will do"
                }
                _ => "leave it out, or give the Ingress your controller's annotation for it",
            };
            said.lost(
                report,
                format!("`{option}` of {} is not carried", self.what()),
                help,
            );
        }
    }

    /// TLS where the router wants it: with the certificate of the environment,
    /// else with the controller's own.
    fn tls(&self, service: &Service<'_>, form: Option<Expose>) -> Switch<Tls> {
        let by_word = self.options.iter().find(|(option, said)| {
            let is_off = option.as_str() == "tls" && !said.is_true();
            (option.as_str() == "tls" || option.starts_with("tls.")) && !is_off
        });
        let by_entrypoint = self.options.get("entrypoints");
        let by_entrypoint = by_entrypoint.filter(|said| said.list().any(is_secure));
        let resolver = self.options.get("tls.certresolver");
        let wanted = resolver.or(by_word.map(|(_, said)| said)).or(by_entrypoint);
        let Some(said) = wanted.filter(|_| !service.scope.options.has_certificate) else {
            return Switch::Unsaid;
        };
        if form != Some(Expose::Gateway) {
            let resolver = resolver.map(|said| said.text.escape_default().to_string());
            self.without_certificate(service, said, resolver);
        }
        Switch::On(Located::new(Tls::Default, said.span))
    }

    fn without_certificate(&self, service: &Service<'_>, said: &Said, resolver: Option<String>) {
        let who = match resolver {
            Some(resolver) => format!(", and the resolver `{resolver}` is Traefik's"),
            None => String::new(),
        };
        said.say(
            service.fields.at().report,
            Severity::Note,
            "needs-certificate",
            format!(
                "{} wants TLS{who}: until a certificate is named, the controller shows its own",
                self.what()
            ),
            "let cert-manager make one with `--cluster-issuer NAME`, or name a Secret with \
             `--tls-secret`",
        );
    }

    fn wish(
        &self,
        service: &Service<'_>,
        clause: &Clause,
        target: &Target,
        tls: &Switch<Tls>,
        effects: &[Effect<'_>],
    ) -> Option<Wish> {
        if let Some(what) = &clause.beyond {
            self.beyond(service, what);
            return None;
        }
        let mut wish = Wish::whole(self.said.span);
        if let Some(host) = &clause.host {
            wish.host = Some(self.host(service, host)?);
        }
        if let Some((path, path_type)) = &clause.path {
            if !own::is_path(path) {
                self.misses(service, "a path", path);
                return None;
            }
            wish.path = Located::new(path.clone(), self.said.span);
            let is_exact = *path_type == PathType::Exact;
            wish.path_type = is_exact.then(|| Located::new(*path_type, self.said.span));
        }
        wish.port = target.port;
        wish.protocol.clone_from(&target.protocol);
        wish.policy.tls = tls.clone();
        middleware::apply(service, effects, &mut wish);
        Some(wish)
    }

    fn host(&self, service: &Service<'_>, host: &str) -> Option<Located<Host>> {
        let found = Host::parse(host).ok();
        if found.is_none() {
            self.misses(service, "a host", host);
        }
        Some(Located::new(found?, self.said.span))
    }

    fn misses(&self, service: &Service<'_>, what: &str, text: &str) {
        let text = format!(
            "{} becomes no route at `{}`, which is no name of {what}",
            self.what(),
            text.escape_default()
        );
        let help = "write hosts like `shop.example.com`, and paths like `/api`";
        self.said.lost(service.fields.at().report, text, help);
    }

    /// Conditions that cannot be asked for are not left out: more would come in.
    fn beyond(&self, service: &Service<'_>, what: &str) {
        let text = format!(
            "{} asks for more than a route can (`{what}`), and becomes none there",
            self.what()
        );
        let help = "name hosts and paths only, or ask for a route with the label `kubewright.host`";
        self.said.lost(service.fields.at().report, text, help);
    }
}

/// Where a router leads.
struct Target {
    port: Given<Port>,
    protocol: Given<String>,
}

/// Entrypoints have any name; by habit, the world comes in by these.
fn is_open(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let inner = ["internal", "intern", "local", "lan", "vpn", "private"];
    (name.contains("web") || name.contains("http") || matches!(name.as_str(), "80" | "443"))
        && !inner.iter().any(|word| name.contains(word))
}

fn is_secure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    is_open(&name) && (name.contains("secure") || name.contains("https") || name.contains("443"))
}

/// Whether a host of a route answers for another: `*.a.test` does for `b.a.test`.
pub(super) fn covers(host: &str, other: &str) -> bool {
    let below = |wild: &str, name: &str| {
        let parent = wild.strip_prefix("*.");
        parent.is_some_and(|parent| {
            name.strip_suffix(parent)
                .is_some_and(|it| it.ends_with('.'))
        })
    };
    host == other || below(host, other) || below(other, host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entrypoints_of_the_world() {
        let rows = [
            ("web", true, false),
            ("websecure", true, true),
            ("https", true, true),
            ("http", true, false),
            ("lan-https", false, false),
            ("internal", false, false),
            ("metrics", false, false),
        ];
        for (name, open, secure) in rows {
            assert_eq!((is_open(name), is_secure(name)), (open, secure), "{name}");
        }
    }

    #[test]
    fn hosts_that_answer_for_others() {
        let rows = [
            ("a.test", "a.test", true),
            ("*.a.test", "b.a.test", true),
            ("b.a.test", "*.a.test", true),
            ("*.a.test", "ba.test", false),
            ("a.test", "b.test", false),
        ];
        for (host, other, expected) in rows {
            assert_eq!(covers(host, other), expected, "{host} {other}");
        }
    }
}
