//! Middlewares: what they do to requests, and which of it a route can say.
//!
//! <https://doc.traefik.io/traefik/reference/routing-configuration/http/middlewares/overview/>

use std::collections::BTreeSet;

use kubewright_model::Located;
use kubewright_model::gateway::{PathType, RoutePolicy, Switch};
use kubewright_model::scaling::RateLimit;
use kubewright_model::value::{Memory, Rate};
use kubewright_source::Severity;

use super::super::super::service::Service;
use super::super::Wish;
use super::label::{Labels, Options, Said};
use super::project::{Traefik, local};
use super::rule;

/// What a middleware does, as far as routes go.
pub(super) enum Effect<'a> {
    /// Takes these away from the front of the path.
    Strip(&'a Said),
    /// Puts this in front of the path.
    Add(&'a Said),
    /// Puts this in place of the path.
    Replace(&'a Said),
    /// Sends all requests on to TLS.
    Redirect,
    /// Lets so many requests in.
    Rate(&'a Options),
    /// Lets bodies in up to a size.
    Body(&'a Said),
    /// Decides who may ask: what it is, for messages.
    Guard(String),
    /// Something that is not carried, and that nobody is kept out by.
    Lost(&'a str, &'a Said),
}

/// A middleware by its name.
pub(super) struct Used {
    pub(super) name: String,
    /// A label names it, so that messages can.
    pub(super) by_label: bool,
}

/// Appends what the middlewares of that name do, chains taken apart. What is not
/// known may be a guard.
pub(super) fn effects<'a>(used: &Used, all: &'a Traefik, found: &mut Vec<Effect<'a>>) {
    expand(used, all, &mut BTreeSet::new(), found);
}

fn expand<'a>(
    used: &Used,
    all: &'a Traefik,
    seen: &mut BTreeSet<String>,
    found: &mut Vec<Effect<'a>>,
) {
    let known = local(&used.name).and_then(|name| all.middlewares.get_key_value(&name));
    let Some((name, options)) = known else {
        return found.push(Effect::Guard(undeclared(used)));
    };
    if !seen.insert(name.clone()) {
        return;
    }
    let mut kinds: Vec<&str> = Vec::new();
    for (option, said) in options {
        let kind = option.split('.').next().unwrap_or(option);
        if option == "chain.middlewares" && !said.is_secret {
            for name in said.list() {
                let next = Used {
                    name: name.to_owned(),
                    by_label: true,
                };
                expand(&next, all, seen, found);
            }
        } else if !kinds.contains(&kind) {
            kinds.push(kind);
            found.push(effect(name, kind, said, options));
        }
    }
}

fn undeclared(used: &Used) -> String {
    let who = match used.by_label {
        true => format!("the middleware `{}`", used.name.escape_default()),
        false => "a middleware of its entrypoint".to_owned(),
    };
    format!("{who} is not declared by labels and may be a guard")
}

fn effect<'a>(name: &str, kind: &'a str, first: &'a Said, options: &'a Options) -> Effect<'a> {
    let option = |option: &str| options.get(option).filter(|said| !said.is_secret);
    let carried = match kind {
        "stripprefix" => option("stripprefix.prefixes").map(Effect::Strip),
        "addprefix" => option("addprefix.prefix").map(Effect::Add),
        "replacepath" => option("replacepath.path").map(Effect::Replace),
        "redirectscheme" => option("redirectscheme.scheme")
            .filter(|scheme| scheme.text.eq_ignore_ascii_case("https"))
            .map(|_| Effect::Redirect),
        "ratelimit" => Some(Effect::Rate(options)),
        "buffering" => option("buffering.maxrequestbodybytes").map(Effect::Body),
        "basicauth" | "digestauth" | "forwardauth" | "ipallowlist" | "ipwhitelist" | "plugin"
        | "chain" => Some(Effect::Guard(format!(
            "the middleware `{name}` (`{kind}`) guards it"
        ))),
        _ => None,
    };
    carried.unwrap_or(Effect::Lost(kind, first))
}

/// Carries what a wish can say of them; the rest is reported where it is declared.
pub(super) fn apply(service: &Service<'_>, effects: &[Effect<'_>], wish: &mut Wish) {
    let mut path = Rewritten::of(wish);
    for effect in effects {
        match effect {
            Effect::Strip(said) => path.strip(service, said),
            Effect::Add(said) => path.add(said),
            Effect::Replace(said) => path.replace(service, said),
            Effect::Rate(options) => limit(service, options, &mut wish.policy),
            Effect::Body(said) => body(service, said, &mut wish.policy),
            Effect::Lost(kind, said) => lost(service, kind, said),
            Effect::Redirect | Effect::Guard(_) => {}
        }
    }
    path.write(wish);
}

/// The path as the app sees it.
struct Rewritten {
    from: String,
    is_exact: bool,
    /// With the label that made it so.
    to: Option<Located<String>>,
}

impl Rewritten {
    fn of(wish: &Wish) -> Self {
        Self {
            from: wish.path.value.trim_end_matches('/').to_owned(),
            is_exact: wish.path_type.map(|it| it.value) == Some(PathType::Exact),
            to: None,
        }
    }

    fn now(&self) -> &str {
        self.to.as_ref().map_or(&self.from, |to| to.value.as_str())
    }

    fn strip(&mut self, service: &Service<'_>, said: &Said) {
        let taken = said.list().map(|prefix| prefix.trim_end_matches('/'));
        let mut taken = taken.filter(|prefix| rule::is_below(self.now(), prefix));
        let Some(prefix) = taken.next().map(str::len) else {
            return said.lost(
                service.fields.at().report,
                "what is taken away here is not the front of the router's path".to_owned(),
                "let the app answer below that path, or give it a router of its own with \
                 `PathPrefix`",
            );
        };
        self.to = Some(Located::new(self.now()[prefix..].to_owned(), said.span));
    }

    fn add(&mut self, said: &Said) {
        let front = said.text.trim().trim_matches('/');
        self.to = Some(Located::new(format!("/{front}{}", self.now()), said.span));
    }

    /// A whole path can be replaced only where the whole path is known.
    fn replace(&mut self, service: &Service<'_>, said: &Said) {
        match self.is_exact {
            true => self.to = Some(said.located()),
            false => lost(service, "replacepath", said),
        }
    }

    fn write(self, wish: &mut Wish) {
        let Some(to) = self.to.filter(|to| to.value != self.from) else {
            return;
        };
        match to.value.is_empty() {
            true => wish.strip_prefix = Some(Located::new(true, to.span)),
            false => wish.rewrite_to = Some(to),
        }
    }
}

/// `average` requests in each `period`, and `burst` more at once.
fn limit(service: &Service<'_>, options: &Options, policy: &mut RoutePolicy) {
    let word = |option: &str| options.get(option).map(|said| said.text.trim());
    let unit = match word("ratelimit.period").unwrap_or("1s") {
        "1" | "1s" => Some("s"),
        "60" | "60s" | "1m" => Some("m"),
        "3600" | "1h" => Some("h"),
        _ => None,
    };
    let average = options.get("ratelimit.average");
    let rate = average.filter(|said| !said.is_secret).and_then(|said| {
        let rate = Rate::parse(&format!("{}/{}", said.text.trim(), unit?)).ok()?;
        Some(Located::new(rate, said.span))
    });
    let Some(rate) = rate else {
        let said = average.or_else(|| options.values().next());
        return said.map_or((), |said| lost(service, "ratelimit", said));
    };
    let burst = options.get("ratelimit.burst");
    let burst = burst.and_then(|said| Some(Located::new(said.text.parse().ok()?, said.span)));
    let span = rate.span;
    policy.rate_limit = Switch::On(Located::new(RateLimit { rate, burst }, span));
    let others = options
        .iter()
        .find(|(option, _)| option.contains("sourcecriterion"));
    if let Some((_, said)) = others {
        lost(service, "ratelimit.sourcecriterion", said);
    }
}

fn body(service: &Service<'_>, said: &Said, policy: &mut RoutePolicy) {
    let bytes = said.text.parse().ok().filter(|bytes| *bytes > 0);
    match bytes.and_then(|bytes| Memory::from_bytes(bytes).ok()) {
        Some(size) => policy.body_size = Some(Located::new(size, said.span)),
        None => lost(service, "buffering", said),
    }
}

fn lost(service: &Service<'_>, kind: &str, said: &Said) {
    let help = match kind.split('.').next().unwrap_or(kind) {
        "headers" | "contenttype" => {
            "let the app set the headers, or give the Ingress your controller's annotations for them"
        }
        "redirectregex" | "redirectscheme" => {
            "let the app send requests on; to TLS they are sent by the controller where there is a certificate"
        }
        "replacepath" | "replacepathregex" | "stripprefixregex" => {
            "let the app answer at that path, or give the Ingress your controller's annotations for it"
        }
        "compress" => "let the app compress, or switch it on in the controller",
        _ => "leave it out, or give the Ingress your controller's annotations for it",
    };
    said.lost(
        service.fields.at().report,
        format!("no route can say what the middleware option `{kind}` does"),
        help,
    );
}

/// Middlewares that no router uses.
pub(super) fn report_unused(service: &Service<'_>, labels: &Labels) {
    let used = &service.scope.traefik.used;
    for (name, options) in &labels.middlewares {
        let first = options.values().next().filter(|_| !used.contains(name));
        if let Some(first) = first {
            first.say(
                service.fields.at().report,
                Severity::Note,
                "unused",
                format!("the middleware `{name}` is used by no router of the project"),
                "leave its labels out, or name it in a router's `middlewares`",
            );
        }
    }
}
