//! Large objects: a span each. They are swept as the spans of small ones are, by those who
//! need pages and in the background.

use crate::size_class::span_class;
use crate::space::{PAGE_BYTES, Page};
use crate::span::Span;
use crate::sync::atomic::Ordering::Relaxed;
use crate::types::Type;
use crate::{Heap, OutOfMemory};
use std::ops::Range;

/// Objects that are swept together.
const BATCH: usize = 64;
/// An allocation looks at so many objects for each page it needs, until it has found as many
/// pages: about what it costs to clear these.
const LOOKS_PER_PAGE: usize = 8;

/// All large objects.
#[derive(Default)]
pub(crate) struct LargeSpans {
    /// Those that may have to be freed, ...
    unswept: Vec<Page>,
    /// ... and those that were reached, or made since the last collection.
    swept: Vec<Page>,
}

impl LargeSpans {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.unswept.len() + self.swept.len()
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = Page> {
        self.unswept.iter().chain(&self.swept).copied()
    }

    /// Makes all unswept: the world is stopped.
    pub(crate) fn begin_sweeping(&mut self) {
        debug_assert!(self.unswept.is_empty());
        std::mem::swap(&mut self.unswept, &mut self.swept);
    }
}

impl Heap {
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_large(&self, size: usize, ty: Option<&Type>, zeroed: bool) -> *mut u8 {
        // SAFETY: the caller of `alloc` passes a valid descriptor.
        let ty = ty.map(|ty| unsafe { ty.repeated_part() });
        let pages = size.div_ceil(PAGE_BYTES);
        let Ok(count) = u32::try_from(pages) else {
            (self.config.out_of_memory)(size)
        };
        self.sweep_for(pages);
        let taken = match self.take_pages(count) {
            Ok(taken) => taken,
            Err(OutOfMemory { .. }) => (self.config.out_of_memory)(size),
        };
        let class = span_class(0, ty.is_none());
        let bytes = pages * PAGE_BYTES;
        if !taken.zeroed && (zeroed || ty.is_some()) {
            // SAFETY: the pages were just taken for this object.
            unsafe { (self.space.address(taken.start) as *mut u8).write_bytes(0, bytes) };
        }
        let dirty = !taken.zeroed;
        Span::init(&self.space, taken.start, count, class, dirty, self.cycle());
        let span = self.space.span(taken.start);
        span.large_type
            .store(ty.map_or(0, |ty| ty as *const Type as usize), Relaxed);
        span.large_bytes.store(size, Relaxed);
        let bits = self.space.slot_bits(taken.start, 0);
        let marking = self.is_marking();
        if marking {
            self.black_bytes.fetch_add(bytes as u64, Relaxed);
        }
        bits.take(1, marking);
        self.large.lock().swept.push(taken.start);
        self.counts.large_mallocs.fetch_add(1, Relaxed);
        self.counts
            .large_bytes_allocated
            .fetch_add(bytes as u64, Relaxed);
        self.note_allocation(bytes);
        let object = self.space.address(taken.start);
        self.shadow_alloc(object, bytes, size, ty);
        object as *mut u8
    }

    /// Sweeps until so many pages were found, or for about as long as these are worth.
    fn sweep_for(&self, pages: usize) {
        let mut looks = pages.saturating_mul(LOOKS_PER_PAGE);
        let mut found = 0;
        while found < pages && looks > 0 && self.may_sweep() {
            let swept = self.sweep_large(looks);
            if swept.objects == 0 {
                break;
            }
            looks -= swept.objects;
            found += swept.pages;
        }
        if found < pages {
            self.sweep_some(pages.min(BATCH));
        }
    }

    /// Sweeps some large objects, no more than `most`.
    pub(crate) fn sweep_large(&self, most: usize) -> SweptLarge {
        let mut batch = {
            let unswept = &mut self.large.lock().unswept;
            let rest = unswept.len().saturating_sub(most.min(BATCH));
            unswept.split_off(rest)
        };
        let mut swept = SweptLarge {
            objects: batch.len(),
            pages: 0,
        };
        // Objects that were allocated one after another mostly lie so.
        let mut runs: Vec<Range<Page>> = vec![];
        batch.retain(|&at| {
            let span = self.space.span(at);
            span.swept.store(self.cycle(), Relaxed);
            if self.space.slot_bits(at, 0).sweep().0 != 0 {
                return true;
            }
            self.free_large(at, span);
            let end = at + span.pages();
            match runs.last_mut() {
                Some(run) if run.end == at => run.end = end,
                _ => runs.push(at..end),
            }
            false
        });
        if !runs.is_empty() {
            let mut pages = self.pages.lock();
            for run in &runs {
                swept.pages += run.len();
                pages.put(run.start, run.len() as u32);
            }
        }
        if !batch.is_empty() {
            self.large.lock().swept.append(&mut batch);
        }
        swept
    }

    /// All about it but giving back its pages.
    fn free_large(&self, at: Page, span: &Span) {
        let pages = span.pages();
        let bytes = pages as usize * PAGE_BYTES;
        self.counts.large_frees.fetch_add(1, Relaxed);
        self.counts
            .large_bytes_freed
            .fetch_add(bytes as u64, Relaxed);
        self.poison(self.space.address(at), bytes);
        self.space.unmap_span(at, pages);
    }
}

/// What was swept.
pub(crate) struct SweptLarge {
    /// Objects that were looked at.
    pub(crate) objects: usize,
    /// Pages that came free.
    pub(crate) pages: usize,
}
