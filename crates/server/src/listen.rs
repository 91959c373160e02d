//! Listening, answering, stopping.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, watch};

use crate::connections::{Connections, Place};
use crate::project::Project;
use crate::routes::{Shared, router};
use crate::{Limits, Loopback, Token};

/// What a server is told.
#[derive(Debug)]
pub struct Settings {
    /// The project's folder.
    pub folder: PathBuf,
    /// Where to listen.
    pub address: Loopback,
    /// At which port; 0: any that is free.
    pub port: u16,
    /// What clients must show.
    pub token: Token,
    /// What a request may cost.
    pub limits: Limits,
}

/// Why a server does not serve.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The project's folder cannot be opened.
    #[error("`{}` cannot be served: {reason}", folder.display())]
    Folder {
        /// The folder as it was given.
        folder: PathBuf,
        /// Why, in the words of the system.
        reason: String,
    },
    /// The address is taken, or forbidden.
    #[error("`{address}` cannot be listened at: {reason}")]
    Listen {
        /// The address with its port.
        address: SocketAddr,
        /// Why, in the words of the system.
        reason: String,
    },
    /// The system gives no threads.
    #[error("the server cannot run: {0}")]
    Threads(String),
}

/// A server that listens already, and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    shared: Arc<Shared>,
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    /// [`ServeError`].
    pub fn bind(settings: Settings) -> Result<Self, ServeError> {
        let Settings {
            folder,
            address,
            port,
            token,
            limits,
        } = settings;
        let root = std::fs::canonicalize(&folder)
            .and_then(|root| std::fs::read_dir(&root).map(|_| root))
            .map_err(|error| ServeError::Folder {
                reason: words(&error),
                folder,
            })?;
        let address = address.with_port(port);
        let listen = || {
            let listener = TcpListener::bind(address)?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = listen().map_err(|error: std::io::Error| ServeError::Listen {
            address,
            reason: words(&error),
        })?;
        let shared = Arc::new(Shared {
            project: Project {
                root,
                busy: limits.busy,
            },
            token,
            workers: Arc::new(Semaphore::new(limits.workers.max(1))),
            limits,
            address,
        });
        Ok(Self { listener, shared })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// The folder that is served, without symbolic links.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.shared.project.root
    }

    /// The URL that lets a browser in.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}?token={}", self.shared.url(), self.shared.token.as_str())
    }

    /// Answers until `stop` is ready. Requests that are under way then are finished,
    /// unless that takes longer than [`Limits::stopping`]. Blocks this thread.
    ///
    /// # Errors
    /// [`ServeError::Threads`].
    pub fn run(self, stop: impl Future<Output = ()>) -> Result<(), ServeError> {
        let failed = |error: std::io::Error| ServeError::Threads(words(&error));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .max_blocking_threads(self.shared.limits.workers.max(1) + 2)
            .build()
            .map_err(failed)?;
        let served = runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?;
            serve(listener, &self.shared, stop).await;
            Ok(())
        });
        // Work for a client that is gone puts back what it wrote.
        runtime.shutdown_timeout(self.shared.limits.stopping);
        served.map_err(failed)
    }
}

/// Ready when the user has had enough: Ctrl-C, or SIGTERM. Signals count from the
/// call on, not only from the first wait.
///
/// # Panics
/// Outside of the future that [`Server::run`] waits for.
pub fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
    async move {
        let [interrupt, terminate] = signals.map(async |signal| match signal {
            Ok(mut signal) => {
                signal.recv().await;
            }
            // Without a handler the system ends the process.
            Err(_) => std::future::pending().await,
        });
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

async fn serve(
    listener: tokio::net::TcpListener,
    shared: &Arc<Shared>,
    stop: impl Future<Output = ()>,
) {
    let router = router(Arc::clone(shared));
    let connections = Connections::new(shared.limits.connections);
    let stopping = watch::Sender::new(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let stream = listener.accept().await?.0;
            Ok::<_, std::io::Error>((stream, connections.place().await))
        };
        tokio::select! {
            accepted = next => match accepted {
                Ok((stream, place)) => {
                    let answer = answer(stream, place, router.clone(), shared.limits, stopping.subscribe());
                    tokio::spawn(answer);
                }
                // Too many open files, most likely: others end meanwhile.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    stopping.send_replace(());
    // Each connection listens for it until it ends.
    let _ = tokio::time::timeout(shared.limits.stopping, stopping.closed()).await;
}

/// Answers the requests of one connection, until the client has no more, the server
/// stops, or another wants the room.
async fn answer(
    stream: TcpStream,
    place: Place,
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<()>,
) {
    // An answer goes out at once; where that cannot be asked for, it goes out later.
    let _ = stream.set_nodelay(true);
    let place = Arc::new(place);
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.arrival)
        .serve_connection(
            TokioIo::new(stream),
            marking(TowerToHyperService::new(router), Arc::clone(&place)),
        );
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A client that breaks off is nobody's fault.
        _ = &mut connection => return,
        _ = stopping.changed() => {}
        () = place.leaves() => {
            if place.is_fresh() {
                return;
            }
            // The last answer may be on its way out still.
        }
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

/// The calls, and a mark whenever a request comes and is answered.
fn marking(
    calls: TowerToHyperService<Router>,
    place: Arc<Place>,
) -> impl Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Send {
    service_fn(move |request: Request<Incoming>| {
        place.begins();
        let answer = calls.call(request);
        let place = Arc::clone(&place);
        async move {
            let answer = answer.await;
            place.ends();
            answer
        }
    })
}

/// An error of the system in our words, without its number.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}
