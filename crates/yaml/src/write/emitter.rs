//! The text under construction.
//!
//! Every entry of a mapping is written as it comes, a run of whole lines each.
//! When the mapping is complete and its ranks are not in order, the runs are
//! permuted in place. Lines of a list item are written as if no dash were there;
//! the dash is put into the first line's indentation afterwards, so that a run can
//! move without minding whether it is the first.

use super::{KeyOrder, WriteError, block, scalar};

/// Deeper than any tree that serde's own readers build.
pub(super) const DEEPEST: usize = 500;

/// YAML allows 1024 characters for a key with its quotes.
pub(super) const LONGEST_KEY: usize = 1000;

/// Where a value stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) slot: Slot,
    /// The column of a block collection's lines here.
    pub(super) indent: usize,
    /// The key under which the value stands, as bytes of the text.
    pub(super) name: Name,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// At the start of the text.
    Root,
    /// Behind `key:`.
    Key,
    /// At the start of a line that becomes a list item's.
    Item,
}

/// What a mapping is called when its keys are ranked.
#[derive(Clone, Copy)]
pub(super) enum Name {
    Struct(&'static str),
    /// A key that was written before, without its quotes.
    Key {
        start: usize,
        end: usize,
    },
}

/// A mapping that is being written.
pub(super) struct Open {
    pub(super) place: Place,
    /// How many runs of outer mappings wait below its own.
    base: usize,
    /// Where its first run starts.
    start: usize,
    last_rank: u32,
    sorted: bool,
}

/// One entry of a mapping, a run of whole lines.
#[derive(Clone, Copy)]
struct Run {
    rank: u32,
    start: usize,
}

pub(super) struct Emitter<'o, O> {
    pub(super) out: Vec<u8>,
    order: &'o O,
    /// The runs of all open mappings, innermost last.
    runs: Vec<Run>,
    sorting: Vec<(u32, usize, usize)>,
    scratch: Vec<u8>,
}

impl<'o, O: KeyOrder> Emitter<'o, O> {
    pub(super) fn new(order: &'o O) -> Self {
        Self {
            out: Vec::with_capacity(2048),
            order,
            runs: Vec::new(),
            sorting: Vec::new(),
            scratch: Vec::new(),
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// A value of one line that needs no quotes.
    pub(super) fn line(&mut self, place: Place, text: &[u8]) {
        self.lead(place);
        self.out.extend_from_slice(text);
        self.out.push(b'\n');
    }

    /// A string: plain, quoted or as a literal block.
    pub(super) fn string(&mut self, place: Place, text: &str) {
        self.lead(place);
        if scalar::is_plain(text) {
            self.out.extend_from_slice(text.as_bytes());
        } else if let Some(header) = block::header(text, place.slot == Slot::Root) {
            let indent = place.indent.max(2);
            block::write(&mut self.out, text, header, indent);
            return;
        } else {
            scalar::quote(&mut self.out, text);
        }
        self.out.push(b'\n');
    }

    /// What stands before a value on its own line.
    fn lead(&mut self, place: Place) {
        match place.slot {
            Slot::Root => {}
            Slot::Key => self.out.push(b' '),
            Slot::Item => spaces(&mut self.out, place.indent),
        }
    }

    /// Begins a mapping.
    pub(super) fn open(&mut self, place: Place) -> Result<Open, WriteError> {
        if place.indent > 2 * DEEPEST {
            return Err(WriteError::Depth(DEEPEST));
        }
        Ok(Open {
            place,
            base: self.runs.len(),
            start: self.out.len(),
            last_rank: 0,
            sorted: true,
        })
    }

    /// Writes the key of the next entry; what comes back is the place of its value.
    pub(super) fn key(&mut self, open: &mut Open, key: &str) -> Result<Place, WriteError> {
        if key.len() > LONGEST_KEY {
            return Err(WriteError::LongKey(key.len()));
        }
        if self.runs.len() == open.base {
            self.first_line(open.place.slot);
            open.start = self.out.len();
        }
        let rank = self.rank(open.place.name, key);
        open.sorted &= rank >= open.last_rank;
        open.last_rank = rank;
        let start = self.out.len();
        self.runs.push(Run { rank, start });
        spaces(&mut self.out, open.place.indent);
        let name = self.key_text(key);
        self.out.push(b':');
        Ok(Place {
            slot: Slot::Key,
            indent: open.place.indent + 2,
            name,
        })
    }

    fn key_text(&mut self, key: &str) -> Name {
        let quoted = !scalar::is_plain(key);
        let start = self.out.len() + usize::from(quoted);
        if quoted {
            scalar::quote(&mut self.out, key);
        } else {
            self.out.extend_from_slice(key.as_bytes());
        }
        let end = self.out.len() - usize::from(quoted);
        Name::Key { start, end }
    }

    /// Whether the order leaves this field of a struct out.
    pub(super) fn omits(&self, open: &Open, key: &str) -> bool {
        match open.place.name {
            Name::Struct(name) => self.order.omits(open.place.slot != Slot::Root, name, key),
            Name::Key { .. } => false,
        }
    }

    fn rank(&self, name: Name, key: &str) -> u32 {
        match name {
            Name::Struct(name) => self.order.rank(name, key),
            Name::Key { start, end } => {
                let bytes = self.out.get(start..end).unwrap_or_default();
                let name = std::str::from_utf8(bytes).unwrap_or_default();
                self.order.rank(name, key)
            }
        }
    }

    /// Ends a mapping.
    pub(super) fn close(&mut self, open: &Open) {
        if self.runs.len() == open.base {
            self.line(open.place, b"{}");
            return;
        }
        if !open.sorted {
            self.permute(open);
        }
        self.runs.truncate(open.base);
    }

    fn permute(&mut self, open: &Open) {
        let runs = self.runs.get(open.base..).unwrap_or_default();
        let next = runs.iter().skip(1).map(|run| run.start);
        let ends = next.chain([self.out.len()]);
        self.sorting.clear();
        let with_ends = runs.iter().zip(ends);
        self.sorting
            .extend(with_ends.map(|(run, end)| (run.rank, run.start, end)));
        // Starts ascend, so that equal ranks keep their order.
        self.sorting.sort_unstable();
        self.scratch.clear();
        for (_, start, end) in &self.sorting {
            self.scratch.extend_from_slice(&self.out[*start..*end]);
        }
        self.out[open.start..].copy_from_slice(&self.scratch);
    }

    /// The line break behind the key of a block collection.
    pub(super) fn first_line(&mut self, slot: Slot) {
        match slot {
            Slot::Key => self.out.push(b'\n'),
            Slot::Root | Slot::Item => {}
        }
    }

    /// Makes the line that starts at `start` the first of a list item.
    pub(super) fn dash(&mut self, start: usize, indent: usize) {
        if let Some(byte) = self.out.get_mut(start + indent) {
            *byte = b'-';
        }
    }
}

/// Writes so many spaces.
pub(super) fn spaces(out: &mut Vec<u8>, count: usize) {
    const SPACES: [u8; 64] = [b' '; 64];
    match SPACES.get(..count) {
        Some(spaces) => out.extend_from_slice(spaces),
        None => out.resize(out.len() + count, b' '),
    }
}
