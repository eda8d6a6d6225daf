//! The spans of one class, and who has which. The lists are under a lock, sweeping is not:
//! a span that is to be swept belongs to whoever took it here, until that one gives it back
//! or uses it.

use crate::space::Page;

/// The spans of one class.
pub(crate) struct ClassSpans {
    /// Spans that may have to be swept, the next one last.
    unswept: Vec<Page>,
    /// The others that exist: swept, or made since the last collection, or in a cache that is
    /// about to sweep them.
    swept: Vec<Page>,
    /// Swept spans with free slots, in no cache.
    partial: Vec<Page>,
}

/// A span for a cache, whose it is now.
pub(crate) enum ForCache {
    /// Swept, with free slots.
    Free(Page),
    /// To be swept by the caller; perhaps it has no free slot, and then it is nobody's.
    Unswept(Page),
}

impl ClassSpans {
    pub(crate) const fn new() -> Self {
        Self {
            unswept: Vec::new(),
            swept: Vec::new(),
            partial: Vec::new(),
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.unswept.len() + self.swept.len()
    }

    /// Makes all spans unswept, without touching each: the world is stopped.
    pub(crate) fn begin_sweeping(&mut self) {
        debug_assert!(self.unswept.is_empty());
        std::mem::swap(&mut self.unswept, &mut self.swept);
        self.partial.clear();
    }

    /// A new one, which is in a cache.
    pub(crate) fn add(&mut self, at: Page) {
        self.swept.push(at);
    }

    /// One with free slots, for a cache.
    pub(crate) fn take_partial(&mut self) -> Option<Page> {
        self.partial.pop()
    }

    /// One for a cache; only swept ones unless spans may be swept.
    pub(crate) fn take(&mut self, may_sweep: bool) -> Option<ForCache> {
        if let Some(at) = self.partial.pop() {
            return Some(ForCache::Free(at));
        }
        if !may_sweep {
            return None;
        }
        let at = self.unswept.pop()?;
        self.swept.push(at);
        Some(ForCache::Unswept(at))
    }

    /// A cache no longer has it.
    pub(crate) fn give_back(&mut self, at: Page) {
        self.partial.push(at);
    }

    /// One to be swept by the caller, and to be given to `file` if objects are left in it. Until
    /// then no list has it.
    pub(crate) fn take_unswept(&mut self) -> Option<Page> {
        self.unswept.pop()
    }

    /// Puts a swept one where it belongs.
    pub(crate) fn file(&mut self, at: Page, has_free_slots: bool) {
        self.swept.push(at);
        if has_free_slots {
            self.partial.push(at);
        }
    }
}
