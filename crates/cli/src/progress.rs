//! A bar on a terminal, for work that takes longer than half a second.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work may take before it is shown.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears only when work takes long, and never where nobody sees it.
pub(crate) struct Progress {
    visible: bool,
    since: Instant,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    /// A bar for a terminal; nothing ever appears where `visible` is false.
    pub(crate) fn new(visible: bool) -> Self {
        Self {
            visible,
            since: Instant::now(),
            bar: Mutex::new(None),
        }
    }

    /// So many more are done, of so many.
    pub(crate) fn advance(&self, done: usize, all: usize, what: &'static str) {
        if !self.visible {
            return;
        }
        let Ok(mut bar) = self.bar.lock() else { return };
        let bar = bar.get_or_insert_with(|| hidden(all, what));
        bar.inc(done as u64);
        if bar.is_hidden() && self.since.elapsed() > PATIENCE {
            bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        if let Ok(mut bar) = self.bar.lock()
            && let Some(bar) = bar.take()
        {
            bar.finish_and_clear();
        }
    }
}

fn hidden(all: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(all as u64), ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.with_message(what)
}
