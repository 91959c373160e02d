//! Work that takes the processor or the disk, off the threads that answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::problem::Problem;
use crate::project::Project;
use crate::routes::Shared;

/// Whether whoever asked is gone: the client hung up, or time is over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gone(Arc<AtomicBool>);

impl Gone {
    /// Whether the work is for nobody.
    pub(crate) fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says so when the request is dropped before its answer.
struct Asking(Gone);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Does `work` on the project, a few at once. A writer that finds its caller gone
/// puts back what it did.
pub(crate) async fn blocking<T: Send + 'static>(
    shared: Arc<Shared>,
    work: impl FnOnce(&Project, &Gone) -> T + Send + 'static,
) -> Result<T, Problem> {
    let workers = Arc::clone(&shared.workers);
    let permit = workers.acquire_owned().await;
    let permit = permit.expect("the semaphore is never closed");
    let gone = Gone::default();
    let asking = Asking(gone.clone());
    let done = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work(&shared.project, &gone)
    })
    .await;
    drop(asking);
    done.map_err(|_| Problem::internal())
}
