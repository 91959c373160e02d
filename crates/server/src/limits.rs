use std::time::Duration;

/// What one request may cost.
///
/// How deep JSON may nest (100 levels) is the reader's limit, not one of these.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// How long a request's head, and then its body, may take to arrive.
    pub arrival: Duration,
    /// How long a request may take from its head to its answer.
    pub time: Duration,
    /// How long a request waits for another run into its output folder.
    pub busy: Duration,
    /// Connections at once; more wait.
    pub connections: usize,
    /// Requests that compile or write at once; more wait.
    pub workers: usize,
    /// How long requests under way may take when the server is to stop.
    pub stopping: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 16 << 20,
            arrival: Duration::from_secs(10),
            time: Duration::from_secs(30),
            busy: Duration::from_secs(10),
            connections: 256,
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            stopping: Duration::from_secs(10),
        }
    }
}
