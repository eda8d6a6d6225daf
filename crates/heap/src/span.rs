//! The record of a span: a run of pages with slots of one size class, or one large object.
//!
//! Ownership: `cursor` and the slots' *allocated* bits belong to the cache that holds the
//! span, else to whoever takes it from its class's lists; `swept` says whether it still has
//! to be swept for the current cycle. The other fields are written when the span is made.

use crate::size_class::{SIZES, SPAN_SLOTS};
use crate::space::{Page, Space};
use crate::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

/// See the module's documentation. Zeroes are a valid value: tables start as such.
#[repr(C)]
pub(crate) struct Span {
    pages: AtomicU32,
    class: AtomicU32,
    slots: AtomicU32,
    /// The collection cycle it was last swept for.
    pub(crate) swept: AtomicU32,
    /// The next slot at which to look for free ones.
    pub(crate) cursor: AtomicU32,
    /// Not 0: free slots may hold old contents.
    pub(crate) dirty: AtomicU32,
    /// Large objects: type (0: none) ...
    pub(crate) large_type: AtomicUsize,
    /// ... and the size asked for.
    pub(crate) large_bytes: AtomicUsize,
}

impl Span {
    /// Makes a span of these pages, with all slots free and its bits clear.
    pub(crate) fn init(space: &Space, at: Page, pages: u32, class: usize, dirty: bool, cycle: u32) {
        let span = space.span(at);
        let slots = if class < 2 {
            1
        } else {
            SPAN_SLOTS[class / 2] as u32
        };
        span.pages.store(pages, Relaxed);
        span.class.store(class as u32, Relaxed);
        span.slots.store(slots, Relaxed);
        span.swept.store(cycle, Relaxed);
        span.cursor.store(0, Relaxed);
        span.dirty.store(dirty as u32, Relaxed);
        for word in 0..slots.div_ceil(64) as usize {
            space.slot_bits(at, word).clear();
        }
        space.map_span(at, pages, class);
    }

    /// Pages.
    #[inline]
    pub(crate) fn pages(&self) -> u32 {
        self.pages.load(Relaxed)
    }

    /// Span class.
    #[inline]
    pub(crate) fn class(&self) -> usize {
        self.class.load(Relaxed) as usize
    }

    /// Number of slots.
    #[inline]
    pub(crate) fn slots(&self) -> u32 {
        self.slots.load(Relaxed)
    }

    /// Bytes of a slot; of a large object, its pages.
    #[inline]
    pub(crate) fn slot_bytes(&self) -> usize {
        match self.class() / 2 {
            0 => self.pages() as usize * crate::space::PAGE_BYTES,
            class => SIZES[class] as usize,
        }
    }
}
