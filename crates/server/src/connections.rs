//! Connections at once, and which of them make room for others.
//!
//! A connection on which no request is under way is idle: nothing was asked on it
//! yet, or all was answered. When there is no room for a new one, the one that has
//! been idle the longest makes room, so that connections that say nothing keep
//! nobody out.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, sleep_until};

/// How long a connection may be idle before it makes room: a request may be on its
/// way. As long is waited for one that was asked, before the next is.
const GRACE: Duration = Duration::from_millis(200);

/// Room for connections.
#[derive(Debug)]
pub(crate) struct Connections {
    room: Arc<Semaphore>,
    idle: Arc<Idle>,
}

/// Those that are idle, in the order in which they became so.
#[derive(Debug, Default)]
struct Idle {
    waiting: Mutex<Waiting>,
    /// Told when one becomes idle, and when one that was asked has a request.
    changed: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    /// How many became idle until now.
    count: u64,
    by_turn: BTreeMap<u64, Arc<Notify>>,
    /// The one that was asked last and has not left.
    asked: Option<u64>,
}

impl Idle {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Nothing panics while it is held.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, wanted: &Arc<Notify>) -> Turn {
        let mut waiting = self.waiting();
        waiting.count += 1;
        let number = waiting.count;
        waiting.by_turn.insert(number, Arc::clone(wanted));
        drop(waiting);
        self.changed.notify_one();
        Turn {
            number,
            since: Instant::now(),
        }
    }

    fn remove(&self, turn: Turn) {
        let mut waiting = self.waiting();
        waiting.by_turn.remove(&turn.number);
        if waiting.asked == Some(turn.number) {
            waiting.asked = None;
            drop(waiting);
            self.changed.notify_one();
        }
    }

    /// Tells the one that has been idle the longest that its room is wanted, unless
    /// one was told already.
    fn ask_for_room(&self) {
        let mut waiting = self.waiting();
        if waiting.asked.is_none()
            && let Some((turn, wanted)) = waiting.by_turn.pop_first()
        {
            waiting.asked = Some(turn);
            wanted.notify_one();
        }
    }

    /// The one that was asked takes its time: the next may be asked.
    fn ask_another(&self) {
        self.waiting().asked = None;
    }
}

impl Connections {
    /// Room for so many; at least for one.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            room: Arc::new(Semaphore::new(most.max(1))),
            idle: Arc::default(),
        }
    }

    /// Room for one more, as soon as there is some.
    pub(crate) async fn place(&self) -> Place {
        loop {
            if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
                return Place::new(permit, &self.idle);
            }
            self.idle.ask_for_room();
            tokio::select! {
                permit = Arc::clone(&self.room).acquire_owned() => {
                    let permit = permit.expect("the semaphore is never closed");
                    return Place::new(permit, &self.idle);
                }
                () = self.idle.changed.notified() => {}
                () = sleep(2 * GRACE) => self.idle.ask_another(),
            }
        }
    }
}

/// A connection's place among those that are idle.
#[derive(Clone, Copy, Debug)]
struct Turn {
    number: u64,
    since: Instant,
}

/// The room of one connection, which is idle at first.
#[derive(Debug)]
pub(crate) struct Place {
    permit: Option<OwnedSemaphorePermit>,
    idle: Arc<Idle>,
    wanted: Arc<Notify>,
    turn: Mutex<Option<Turn>>,
    /// Whether something was asked here.
    used: AtomicBool,
}

impl Place {
    fn new(permit: OwnedSemaphorePermit, idle: &Arc<Idle>) -> Self {
        let wanted = Arc::new(Notify::new());
        let turn = idle.add(&wanted);
        Self {
            permit: Some(permit),
            idle: Arc::clone(idle),
            wanted,
            turn: Mutex::new(Some(turn)),
            used: AtomicBool::new(false),
        }
    }

    fn turn(&self) -> MutexGuard<'_, Option<Turn>> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request has come: the connection is not idle.
    pub(crate) fn begins(&self) {
        self.used.store(true, Ordering::Relaxed);
        if let Some(turn) = self.turn().take() {
            self.idle.remove(turn);
        }
    }

    /// The request is answered: the connection is idle again.
    pub(crate) fn ends(&self) {
        // Held meanwhile: it may be asked at once.
        let mut turn = self.turn();
        *turn = Some(self.idle.add(&self.wanted));
    }

    /// Whether nothing was ever asked here.
    pub(crate) fn is_fresh(&self) -> bool {
        !self.used.load(Ordering::Relaxed)
    }

    /// Ready when the connection has to make room: its room was wanted, and no request
    /// came within [`GRACE`].
    pub(crate) async fn leaves(&self) {
        loop {
            self.wanted.notified().await;
            let turn = *self.turn();
            let Some(turn) = turn.filter(|turn| self.is_asked(*turn)) else {
                continue;
            };
            sleep_until(turn.since + GRACE).await;
            let now = *self.turn();
            if now.is_some_and(|now| now.number == turn.number) {
                return;
            }
        }
    }

    fn is_asked(&self, turn: Turn) -> bool {
        !self.idle.waiting().by_turn.contains_key(&turn.number)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // First, so that whoever is told below finds the room.
        drop(self.permit.take());
        if let Some(turn) = self.turn().take() {
            self.idle.remove(turn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(test: impl Future<Output = ()>) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_time().build().unwrap().block_on(test);
    }

    #[test]
    fn the_one_idle_the_longest_is_asked() {
        run(async {
            let connections = Connections::new(3);
            let (busy, first, second) = (
                connections.place().await,
                connections.place().await,
                connections.place().await,
            );
            busy.begins();
            let asked = async {
                first.leaves().await;
                drop(first);
            };
            let (_fourth, ()) = tokio::join!(connections.place(), asked);
            assert!(second.turn().is_some_and(|turn| !second.is_asked(turn)));
        });
    }

    #[test]
    fn one_that_has_a_request_meanwhile_stays_and_the_next_is_asked() {
        run(async {
            let connections = Connections::new(2);
            let (first, second) = (connections.place().await, connections.place().await);
            let wanted = async {
                tokio::task::yield_now().await;
                first.begins();
            };
            let leaves = async {
                second.leaves().await;
                drop(second);
            };
            let (_third, (), ()) = tokio::join!(connections.place(), wanted, leaves);
            assert!(first.turn().is_none());
        });
    }

    #[test]
    fn where_none_is_idle_the_first_that_becomes_so_makes_room() {
        run(async {
            let connections = Connections::new(1);
            let first = connections.place().await;
            first.begins();
            let ends = async {
                tokio::task::yield_now().await;
                first.ends();
                first.leaves().await;
                assert!(!first.is_fresh());
                drop(first);
            };
            tokio::join!(connections.place(), ends);
        });
    }
}
