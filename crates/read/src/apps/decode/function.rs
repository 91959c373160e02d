//! Functions that share one image.

use kubewright_model::function::{FunctionAuth, FunctionProject, Handler, Trigger};
use kubewright_model::gateway::Switch;
use kubewright_model::project::Entry;
use kubewright_model::value::{Cron, PositiveCount, TimeZone};
use kubewright_model::{Located, Name};

use super::file::folder_within;
use super::given::{duration, members, number, parsed, text, texts, word};
use super::scope::Scope;
use super::{app, gateway, pod};
use crate::fields::{At, Fields};

/// A group of functions: what is said at the top lies under each handler.
pub(super) fn read(name: Located<Name>, fields: &Fields<'_>, scope: &Scope<'_>) -> Option<Entry> {
    fields.need("path");
    let path = folder_within(fields, "path", scope);
    let secrets = texts(fields, "secrets");
    let handlers = fields.get("handlers");
    let handlers = handlers.as_ref().map(members).unwrap_or_default();
    let handlers = handlers.into_iter().filter_map(|(handler, at)| {
        let handler = at.checked(&handler?.map(str::to_owned), Name::sanitised)?;
        read_handler(&name, handler, at, scope)
    });
    let handlers = handlers.collect();
    let mut app = app::of_functions(name, fields, scope)?;
    let develop = fields.get("develop").and_then(pod::develop_functions);
    let (develop, port_base) = develop.unzip();
    app.develop = develop;
    Some(Entry::Functions(Box::new(FunctionProject {
        path: path?,
        app,
        secrets,
        port_base: port_base.flatten(),
        handlers,
    })))
}

fn read_handler(
    group: &Located<Name>,
    name: Located<Name>,
    at: At<'_>,
    scope: &Scope<'_>,
) -> Option<Handler> {
    let fields = at.fields(format!("handler `{}`", name.value))?;
    let whole = Located::new(format!("{}-{}", group.value, name.value), name.span);
    let whole = at_checked(&fields, &whole)?;
    fields.need("trigger");
    let trigger = fields.get("trigger").and_then(trigger);
    let timeout = duration(&fields, "timeout");
    let app = app::of_functions(whole, &fields, scope).map(|mut app| {
        app.develop = fields.get("develop").and_then(pod::develop);
        app
    });
    fields.finish();
    Some(Handler {
        name,
        trigger: trigger?,
        timeout,
        app: app?,
    })
}

fn at_checked(fields: &Fields<'_>, name: &Located<String>) -> Option<Located<Name>> {
    fields.at().checked(name, Name::parse)
}

fn trigger(at: At<'_>) -> Option<Trigger> {
    let fields = at.fields("`trigger`")?;
    let trigger = if let Some(at) = fields.get("http") {
        http(at)
    } else if let Some(at) = fields.get("queue") {
        queue(at)
    } else if let Some(at) = fields.get("schedule") {
        schedule(at)
    } else {
        fields.at().error(
            "missing-key",
            "a trigger says nothing",
            "write `http`, `queue` or `schedule`",
        );
        None
    };
    fields.finish();
    trigger
}

fn http(at: At<'_>) -> Option<Trigger> {
    let fields = at.fields("`http`")?;
    fields.need("path");
    let trigger = Trigger::Http {
        path: text(&fields, "path")?,
        methods: gateway::methods(&fields, "methods"),
        auth: fields.get("auth").map(auth).unwrap_or_default(),
        cors: gateway::cors(&fields),
        rate_limit: gateway::switch(&fields, "rate_limit", None, gateway::rate_limit),
    };
    fields.finish();
    Some(trigger)
}

/// `api_key`, `jwt`, or as in the gateway.
fn auth(at: At<'_>) -> Switch<FunctionAuth> {
    let span = at.span();
    let on = |auth| Switch::On(Located::new(auth, span));
    if at.node.as_mapping().is_some() {
        let found = gateway::auth(at).map(FunctionAuth::Gateway);
        return found.map_or(Switch::Unsaid, on);
    }
    match word(&at).as_deref().map(String::as_str) {
        Some("api_key") => on(FunctionAuth::ApiKey),
        Some("jwt") => on(FunctionAuth::Jwt),
        Some("false" | "none") => Switch::Off(Located::new((), span)),
        Some(_) | None => {
            at.bad(
                "this is no way to know who asks",
                "write `api_key`, `jwt` or a block as in `gateway`",
            );
            Switch::Unsaid
        }
    }
}

fn queue(at: At<'_>) -> Option<Trigger> {
    let fields = at.fields("`queue`")?;
    fields.need("name");
    let trigger = Trigger::Queue {
        name: text(&fields, "name")?,
        batch_size: number(&fields, "batch_size", PositiveCount::new),
        visibility_timeout: duration(&fields, "visibility_timeout"),
    };
    fields.finish();
    Some(trigger)
}

fn schedule(at: At<'_>) -> Option<Trigger> {
    let fields = at.fields("`schedule`")?;
    fields.need("cron");
    let trigger = Trigger::Schedule {
        schedule: parsed(&fields, "cron", Cron::parse)?,
        time_zone: parsed(&fields, "timezone", TimeZone::parse),
    };
    fields.finish();
    Some(trigger)
}
