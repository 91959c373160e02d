//! Work in chunks on a few threads.

use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::WriteError;

/// Files of one folder that one thread takes at a time: enough that opening
/// the folder does not count, few enough that all threads stay busy.
const CHUNK: usize = 256;

/// More threads than this wait for each other in the file system.
const MAX_THREADS: usize = 8;

/// Cuts `len` things into ranges of at most [`CHUNK`] neighbours of one folder.
pub(crate) fn chunks(len: usize, folder_of: impl Fn(usize) -> usize) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    for at in 1..=len {
        let full = at - start == CHUNK;
        if at == len || full || folder_of(at) != folder_of(start) {
            chunks.push(start..at);
            start = at;
        }
    }
    chunks
}

/// Does `work` for every chunk and gives the results in the order of the
/// chunks.
///
/// # Errors
/// That of the first chunk that failed; what was not begun by then is not done.
pub(crate) fn for_each<R: Send>(
    chunks: &[Range<usize>],
    work: impl Fn(Range<usize>) -> Result<R, WriteError> + Sync,
) -> Result<Vec<R>, WriteError> {
    let one_by_one = || chunks.iter().cloned().map(&work).collect();
    // How many threads there may be, the system looks up in files.
    if chunks.len() < 2 {
        return one_by_one();
    }
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(MAX_THREADS);
    if threads == 1 {
        return one_by_one();
    }
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let results = Mutex::new(Vec::with_capacity(chunks.len()));
    let worker = || {
        while !failed.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(at) else { return };
            let result = work(chunk.clone());
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            results
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .push((at, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(chunks.len()) {
            scope.spawn(worker);
        }
        worker();
    });
    let mut results = results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_unstable_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_folders_and_lengths() {
        assert!(chunks(0, |_| 0).is_empty());
        assert_eq!(chunks(3, |_| 0), vec![Range { start: 0, end: 3 }]);
        assert_eq!(chunks(3, |at| at / 2), [0..2, 2..3]);
        assert_eq!(chunks(CHUNK + 1, |_| 0), [0..CHUNK, CHUNK..CHUNK + 1]);
    }

    #[test]
    fn keeps_the_order_and_the_first_error() {
        let chunks = chunks(1000, |at| at);
        let all = for_each(&chunks, |chunk| Ok(chunk.start)).unwrap();
        assert_eq!(all, (0..1000).collect::<Vec<_>>());
        let error = for_each(&chunks, |chunk| match chunk.start {
            at if at >= 300 => Err(WriteError::TargetIsFolder {
                path: at.to_string().into(),
            }),
            at => Ok(at),
        });
        assert_eq!(
            error,
            Err(WriteError::TargetIsFolder { path: "300".into() })
        );
    }
}
