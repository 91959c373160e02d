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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use kubewright_compile::Input;
    use kubewright_read::Environment;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::{Limits, Token};

    fn shared(root: &std::path::Path) -> Arc<Shared> {
        Arc::new(Shared {
            project: Project {
                root: root.to_owned(),
                busy: Duration::from_secs(10),
            },
            token: Token::random().unwrap(),
            limits: Limits::default(),
            address: "127.0.0.1:8470".parse().unwrap(),
            workers: Arc::new(Semaphore::new(1)),
        })
    }

    /// Without end, unless it is told that nobody waits.
    fn until_stopped(_: &Project, gone: &Gone) {
        while !gone.is_so() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The only permit is free again when whoever asked has gone: the second work is
    /// done, which would else wait for the first without end.
    #[test]
    fn work_for_nobody_frees_its_permit() {
        let folder = tempfile::tempdir().unwrap();
        let shared = shared(folder.path());
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.enable_time().worker_threads(1).build().unwrap();
        let done = runtime.block_on(async {
            let first = blocking(Arc::clone(&shared), until_stopped);
            let in_time = tokio::time::timeout(Duration::from_millis(20), first).await;
            assert!(in_time.is_err());
            blocking(shared, |_, gone| gone.is_so()).await
        });
        assert!(!done.unwrap());
    }

    #[test]
    fn nothing_is_compiled_or_written_for_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let shared = shared(folder.path());
        let text = "services: {a: {image: 'a:1'}}\n".to_owned();
        let name = "compose.yaml".to_owned();
        let project = &shared.project;
        let request = project.request(vec![Input::Text { name, text }]);
        let gone = Gone::default();
        let variables = Environment::default();
        assert!(project.compile(&request, &variables, &gone).is_ok());
        drop(Asking(gone.clone()));
        let told = project.compile(&request, &variables, &gone).unwrap_err();
        let told = serde_json::to_value(&told).unwrap();
        assert_eq!(told["diagnostics"][0]["code"], "stopped", "{told}");
        let options = kubewright_disk::WriteOptions::default();
        let run = project.run(request, &variables, None, options, &gone, |_| ());
        assert!(run.is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
