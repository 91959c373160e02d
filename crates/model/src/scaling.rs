//! How many pods there are.

use crate::value::{Cron, Duration, Percentage, PortName, PositiveCount, Rate, TimeZone};
use crate::{Given, Located};

/// How many pods there are: a fixed number, or a scaler's.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaling {
    /// A fixed number; none: 1.
    Fixed(Given<u32>),
    /// By the use of processor and memory.
    Hpa(Box<Hpa>),
    /// By requests, down to none.
    KedaHttp(Box<KedaHttp>),
    /// By the length of a queue, down to none.
    KedaQueue(Box<KedaQueue>),
    /// By the time of day.
    KedaCron(Box<KedaCron>),
}

impl Default for Scaling {
    fn default() -> Self {
        Self::Fixed(None)
    }
}

impl Scaling {
    /// True when something changes the number while the app runs.
    pub fn is_automatic(&self) -> bool {
        !matches!(self, Self::Fixed(_))
    }

    /// What a scaler may do; none where nothing scales.
    pub fn bounds(&self) -> Option<&Bounds> {
        match self {
            Self::Fixed(_) => None,
            Self::Hpa(hpa) => Some(&hpa.bounds),
            Self::KedaHttp(http) => Some(&http.bounds),
            Self::KedaQueue(queue) => Some(&queue.bounds),
            Self::KedaCron(cron) => Some(&cron.bounds),
        }
    }

    /// The most pods there may be.
    pub fn most_pods(&self) -> u32 {
        match self {
            Self::Fixed(count) => count.as_ref().map_or(1, |count| count.value),
            Self::Hpa(_) | Self::KedaHttp(_) | Self::KedaQueue(_) | Self::KedaCron(_) => {
                self.bounds().map_or(MOST_PODS, Bounds::most_pods)
            }
        }
    }
}

/// The most pods of a scaler where nothing is said.
const MOST_PODS: u32 = 10;

/// The bounds of a scaler, and how quickly it reacts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// The fewest pods.
    pub min_instances: Given<u32>,
    /// The most pods.
    pub max_instances: Given<PositiveCount>,
    /// How long a higher wish must last.
    pub scale_up_stabilization: Given<Duration>,
    /// How long a lower wish must last.
    pub scale_down_stabilization: Given<Duration>,
}

impl Bounds {
    /// The most pods.
    pub fn most_pods(&self) -> u32 {
        self.max_instances
            .as_ref()
            .map_or(MOST_PODS, |max| max.get())
    }
}

/// A HorizontalPodAutoscaler.
///
/// <https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hpa {
    /// 1–10 where nothing is said.
    pub bounds: Bounds,
    /// Mean use of the requested processor time; none with no memory target: 80.
    pub target_cpu: Given<Percentage>,
    /// Mean use of the requested memory.
    pub target_memory: Given<Percentage>,
}

/// Scaling by requests through KEDA's HTTP add-on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KedaHttp {
    /// 0–10 where nothing is said.
    pub bounds: Bounds,
    /// Requests that one pod serves; none: a rate of 100.
    pub target: Given<HttpTarget>,
    /// How long without requests before the last pod goes.
    pub cooldown_period: Given<Duration>,
    /// The port that gets them; none: the primary one.
    pub port: Given<PortName>,
}

/// What one pod serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpTarget {
    /// Requests in a second.
    RequestRate(PositiveCount),
    /// Requests at once.
    Concurrency(PositiveCount),
}

/// Which objects scaling by requests becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KedaHttpObjects {
    /// An HTTPScaledObject.
    #[default]
    HttpScaledObject,
    /// An InterceptorRoute and a ScaledObject.
    InterceptorRoute,
}

/// Scaling by the length of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct KedaQueue {
    /// 0–10 where nothing is said.
    pub bounds: Bounds,
    /// The list or stream.
    pub queue_name: Located<String>,
    /// Messages that one pod works off; none: 5.
    pub queue_length: Given<PositiveCount>,
    /// What the queue is.
    pub queue_kind: Given<QueueKind>,
    /// The server; none: the environment's.
    pub server: Option<QueueServer>,
    /// How long without messages before the last pod goes.
    pub cooldown_period: Given<Duration>,
}

/// What a queue is in Redis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueKind {
    /// A list.
    #[default]
    List,
    /// A stream with a consumer group.
    Stream,
}

/// The Redis or Valkey server behind queues.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueServer {
    /// `host:port`, a URL, or an entry of the project.
    pub address: Given<String>,
    /// The name of the master that Sentinel knows.
    pub sentinel_master: Given<String>,
    /// Secret and key of the password, `name/key`.
    pub secret: Given<String>,
}

/// Scaling by the time of day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KedaCron {
    /// How many outside of all schedules, and at most.
    pub bounds: Bounds,
    /// At least one.
    pub schedules: Vec<CronWindow>,
}

/// A time in which there are so many pods.
#[derive(Clone, Debug, PartialEq)]
pub struct CronWindow {
    /// The zone of both times.
    pub time_zone: Located<TimeZone>,
    /// When it begins.
    pub start: Located<Cron>,
    /// When it ends.
    pub end: Located<Cron>,
    /// How many meanwhile.
    pub replicas: Located<u32>,
}

/// A rate at which requests are admitted, with a burst.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// The rate.
    pub rate: Located<Rate>,
    /// How many at once beyond it.
    pub burst: Given<u32>,
}
