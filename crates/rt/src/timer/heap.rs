//! A four-ary heap of timers, ordered by time, then by insertion. It knows of a timer only
//! when it was due at the time it was put in; [`super::queue`] knows the rest.

use goxide_abi::Timer;

const ARITY: usize = 4;
/// Bits of [`Entry::order`] that are the number of the insertion.
const TICKET_BITS: u32 = 40;

/// A timer's place in the heap.
#[derive(Clone, Copy)]
pub struct Entry {
    /// When it is due, unless it was stopped or reset since.
    pub when_ns: i64,
    order: u64,
    /// The collector looks at these words, and so keeps alive what is going to fire.
    timer: *mut Timer,
}

impl Entry {
    /// The `ticket`th of this heap; `tie` comes first among those due at the same time.
    ///
    /// # Safety
    /// The timer is live.
    #[inline]
    pub unsafe fn new(timer: *mut Timer, tie: u32, ticket: usize) -> Entry {
        // SAFETY: promised by the caller.
        let when_ns = unsafe { (*timer).when_ns };
        Entry {
            when_ns,
            order: u64::from(tie) << TICKET_BITS | ticket as u64 & ((1 << TICKET_BITS) - 1),
            timer,
        }
    }

    /// The timer.
    pub fn timer(&self) -> *mut Timer {
        self.timer
    }

    /// What the timer's word for its place says if this is where it stands: the P's number
    /// plus 1, and the number of the insertion.
    pub fn place(&self, p: usize) -> usize {
        (p + 1) << TICKET_BITS | (self.order & ((1 << TICKET_BITS) - 1)) as usize
    }

    /// The same at another time.
    pub fn at(self, when_ns: i64) -> Entry {
        Entry { when_ns, ..self }
    }

    #[inline]
    fn key(&self) -> (i64, u64) {
        (self.when_ns, self.order)
    }
}

/// The number of the P in a word for a place, which is not 0.
pub fn p_of_place(place: usize) -> usize {
    (place >> TICKET_BITS) - 1
}

/// The heap.
#[derive(Default)]
pub struct Heap {
    entries: Vec<Entry>,
    /// How many were ever put in.
    pub tickets: usize,
}

impl Heap {
    /// The first.
    pub fn first(&self) -> Option<Entry> {
        self.entries.first().copied()
    }

    /// All, in no order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Takes all of them out.
    pub fn take(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.entries)
    }

    /// Puts one in.
    #[inline]
    pub fn push(&mut self, e: Entry) {
        let mut i = self.entries.len();
        // Not read again: what was just stored in pieces is slow to load as a whole.
        self.entries.push(e);
        while i > 0 {
            let parent = (i - 1) / ARITY;
            if self.entries[parent].key() <= e.key() {
                break;
            }
            self.entries[i] = self.entries[parent];
            i = parent;
            self.entries[i] = e;
        }
    }

    /// Takes the first out.
    pub fn pop(&mut self) {
        self.entries.swap_remove(0);
        if !self.entries.is_empty() {
            self.down(0);
        }
    }

    /// Puts another, or the same at another time, in the place of the first.
    pub fn replace_first(&mut self, e: Entry) {
        self.entries[0] = e;
        self.down(0);
    }

    /// Keeps those for which `keep` says so; it may change their times.
    pub fn retain(&mut self, keep: impl FnMut(&mut Entry) -> bool) {
        self.entries.retain_mut(keep);
        let inner = (self.entries.len() + ARITY - 2) / ARITY;
        for i in (0..inner).rev() {
            self.down(i);
        }
    }

    fn down(&mut self, mut i: usize) {
        let e = self.entries[i];
        loop {
            let first = i * ARITY + 1;
            let children = first..(first + ARITY).min(self.entries.len());
            let Some(least) = children.min_by_key(|&c| self.entries[c].key()) else {
                break;
            };
            if self.entries[least].key() >= e.key() {
                break;
            }
            self.entries[i] = self.entries[least];
            i = least;
        }
        self.entries[i] = e;
    }
}
