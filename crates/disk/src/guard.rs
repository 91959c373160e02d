//! One run at a time.

use std::path::Path;
use std::time::{Duration, Instant};

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use crate::place::Place;
use crate::write::interrupted;
use crate::{Doing, WriteError, WriteOptions};

const PAUSE: Duration = Duration::from_millis(20);

/// Finds the output folder and locks it against other runs until the place is
/// dropped. A folder that does not exist yet is guarded by the nearest one that
/// does.
///
/// The lock is advisory (`flock`) and needs no file of its own. On file systems
/// that have none (NFS does not lock folders) the run goes on without it. It is not
/// waited for longer than the options say, nor for a run that is to stop.
pub(crate) fn lock(out: &Path, options: &WriteOptions<'_>) -> Result<Place, WriteError> {
    let begin = Instant::now();
    loop {
        let place = Place::find(out, options.within)?;
        take(&place, begin, options)?;
        // While we waited, another run may have made or replaced the folder.
        if Place::find(out, options.within)?.is_same(&place) {
            return Ok(place);
        }
    }
}

fn take(place: &Place, begin: Instant, options: &WriteOptions<'_>) -> Result<(), WriteError> {
    loop {
        match rustix::fs::flock(&place.folder, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(Errno::WOULDBLOCK) if (options.stop)() => return Err(interrupted(&place.shown)),
            Err(Errno::WOULDBLOCK) if begin.elapsed() < options.wait => std::thread::sleep(PAUSE),
            Err(Errno::WOULDBLOCK) => {
                return Err(WriteError::Busy {
                    out: place.shown.clone(),
                    waited: options.wait,
                });
            }
            Err(Errno::BADF | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => {
                return Ok(());
            }
            Err(error) => return Err(WriteError::io(Doing::Inspect, &place.shown, error)),
        }
    }
}
