//! Large objects: a span each.

use crate::size_class::span_class;
use crate::space::{PAGE_BYTES, Page};
use crate::span::Span;
use crate::sync::atomic::Ordering::Relaxed;
use crate::types::Type;
use crate::{Heap, OutOfMemory};

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
        self.sweep_some(pages.min(64));
        let taken = match self.pages.lock().take(&self.space, count) {
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
        self.large.lock().push(taken.start);
        self.counts.large_mallocs.fetch_add(1, Relaxed);
        self.counts
            .large_bytes_allocated
            .fetch_add(bytes as u64, Relaxed);
        self.note_allocation(bytes);
        let object = self.space.address(taken.start);
        self.shadow_alloc(object, bytes, size, ty);
        object as *mut u8
    }

    /// Frees the large objects that are not marked; the world is stopped.
    pub(crate) fn sweep_large(&self) {
        let mut large = self.large.lock();
        let mut pages = self.pages.lock();
        let cycle = self.cycle();
        // Objects that were allocated one after another mostly lie so.
        let mut free = 0..0;
        large.retain(|&at| {
            let (span, bits) = (self.space.span(at), self.space.slot_bits(at, 0));
            span.swept.store(cycle, Relaxed);
            if bits.sweep().0 != 0 {
                return true;
            }
            self.free_large(at, span);
            if free.end != at {
                pages.put(free.start, free.end - free.start);
                free.start = at;
            }
            free.end = at + span.pages();
            false
        });
        pages.put(free.start, free.end - free.start);
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
