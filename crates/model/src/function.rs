//! Functions that scale to none.

use crate::app::App;
use crate::gateway::{Auth, Cors, Method, Switch};
use crate::scaling::RateLimit;
use crate::value::{Cron, Duration, Name, Port, PositiveCount, TimeZone};
use crate::{Given, Located};

/// Functions that share one image.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionProject {
    /// The folder with the sources.
    pub path: Located<String>,
    /// What all handlers take over.
    pub app: App,
    /// Secrets of all handlers: a variable, and a file below `/secrets`.
    pub secrets: Vec<Located<String>>,
    /// The first port of local serving.
    pub port_base: Given<Port>,
    /// By name.
    pub handlers: Vec<Handler>,
}

/// One function.
#[derive(Clone, Debug, PartialEq)]
pub struct Handler {
    /// Its name; its objects are `{project}-{handler}`.
    pub name: Located<Name>,
    /// What calls it.
    pub trigger: Trigger,
    /// How long a call may take.
    pub timeout: Given<Duration>,
    /// What differs from the project's app.
    pub app: App,
}

/// What calls a function.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "functions are few, and most are called by requests"
)]
pub enum Trigger {
    /// A request.
    Http {
        /// The path; parts in `{}` are parameters.
        path: Located<String>,
        /// Which methods; empty: all.
        methods: Vec<Located<Method>>,
        /// Who may ask.
        auth: Switch<FunctionAuth>,
        /// Which pages of other origins may ask.
        cors: Switch<Cors>,
        /// How many requests are admitted.
        rate_limit: Switch<RateLimit>,
    },
    /// A message.
    Queue {
        /// The queue.
        name: Located<String>,
        /// How many messages at once.
        batch_size: Given<PositiveCount>,
        /// How long a message stays hidden while it is worked on.
        visibility_timeout: Given<Duration>,
    },
    /// The time.
    Schedule {
        /// When.
        schedule: Located<Cron>,
        /// The zone.
        time_zone: Given<TimeZone>,
    },
}

/// Who may call a function: checked by its own runtime, or by the gateway.
#[derive(Clone, Debug, PartialEq)]
pub enum FunctionAuth {
    /// A key in a header, checked by the runtime.
    ApiKey,
    /// A token, checked by the runtime.
    Jwt,
    /// What the gateway can check.
    Gateway(Auth),
}
