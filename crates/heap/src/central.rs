//! How a cache gets a new run from the spans of its class.

use crate::bits::{find_zero_run, range_masks};
use crate::cache::{Cache, EAGER_ZERO_BYTES, NO_SPAN};
use crate::class_spans::ForCache;
use crate::size_class::{MAX_BITMAP_BYTES, SIZES, SPAN_CLASSES, SPAN_PAGES, is_noscan};
use crate::space::Page;
use crate::span::Span;
use crate::sync::atomic::Ordering::Relaxed;
use crate::types::Type;
use crate::{Heap, OutOfMemory};
use goxide_abi::SlotRun;

/// Runs are at most this long, so that memory is zeroed just before it is used.
const RUN_BYTES: usize = 8192;
/// Spans of other classes to sweep before new memory is taken for one.
const SWEEP_BEFORE_GROWTH: usize = 8;

impl Heap {
    /// A slot of the class from a new run; the rest of the run goes to the cache.
    #[cold]
    #[inline(never)]
    pub(crate) fn alloc_slow(
        &self,
        cache: &mut Cache,
        class: usize,
        bytes: usize,
        ty: Option<&Type>,
    ) -> usize {
        let slot_bytes = SIZES[class / 2] as usize;
        if let Some(slot) = cache.take_hit(class) {
            self.shadow_alloc(slot, slot_bytes, bytes, ty);
            return slot;
        }
        let run = loop {
            if let Some(run) = self.next_run(cache, class) {
                break run;
            }
            cache.spans[class] = match self.take_span(class) {
                Ok(span) => span,
                Err(OutOfMemory { bytes }) => (self.config.out_of_memory)(bytes),
            };
        };
        let slot = cache.begin_run(class, run);
        self.note_allocation(run.end - run.next);
        self.shadow_alloc(slot, slot_bytes, bytes, ty);
        slot
    }

    /// The next run of free slots in the cache's span, made ready for use.
    fn next_run(&self, cache: &mut Cache, class: usize) -> Option<SlotRun> {
        let at = cache.spans[class];
        if at == NO_SPAN {
            return None;
        }
        let (span, slot_bytes) = (self.space.span(at), SIZES[class / 2] as usize);
        let most = if self.one_by_one() {
            1
        } else {
            (RUN_BYTES / slot_bytes).max(1)
        };
        let allocated = |word| self.space.slot_bits(at, word).allocated();
        let (from, limit) = (span.cursor.load(Relaxed) as usize, span.slots() as usize);
        let Some((slot, count)) = find_zero_run(allocated, from, limit, most) else {
            cache.spans[class] = NO_SPAN;
            return None;
        };
        span.cursor.store((slot + count) as u32, Relaxed);
        self.take_slots(at, slot, count, slot_bytes);
        *cache.mallocs[class].get_mut() += count as u64;
        let start = self.space.address(at) + slot * slot_bytes;
        let run = SlotRun {
            next: start,
            end: start + count * slot_bytes,
        };
        self.prepare_run(cache, class, run, span.dirty.load(Relaxed) != 0);
        Some(run)
    }

    /// Marks free slots as allocated, and while marking as reached.
    fn take_slots(&self, at: Page, slot: usize, count: usize, slot_bytes: usize) {
        let marking = self.is_marking();
        for (word, mask) in range_masks(slot, count) {
            self.space.slot_bits(at, word).take(mask, marking);
        }
        if marking {
            self.black_bytes
                .fetch_add((count * slot_bytes) as u64, Relaxed);
        }
    }

    /// Zeroes a run, if that is due now, and its pointer bits.
    fn prepare_run(&self, cache: &mut Cache, class: usize, run: SlotRun, dirty: bool) {
        let slot_bytes = SIZES[class / 2] as usize;
        cache.dirty[class] = dirty;
        if dirty && (!is_noscan(class) || slot_bytes <= EAGER_ZERO_BYTES) {
            // SAFETY: the slots were free and are this cache's now.
            unsafe { (run.next as *mut u8).write_bytes(0, run.end - run.next) };
        }
        if !is_noscan(class) && slot_bytes <= MAX_BITMAP_BYTES {
            let (words, first) = self.space.ptr_bits(run.next);
            for (word, mask) in range_masks(first as usize, (run.end - run.next) / 8) {
                // SAFETY: the bits are of slots in a span that this cache owns.
                unsafe { *words.add(word) &= !mask };
            }
        }
    }

    /// A span with free slots for a cache.
    fn take_span(&self, class: usize) -> Result<Page, OutOfMemory> {
        if let Some(span) = self.take_listed_span(class) {
            return Ok(span);
        }
        if self.sweep_some(SWEEP_BEFORE_GROWTH)
            && let Some(span) = self.classes[class].lock().take_partial()
        {
            return Ok(span);
        }
        let count = SPAN_PAGES[class / 2] as u32;
        let pages = self.take_pages(count)?;
        Span::init(
            &self.space,
            pages.start,
            count,
            class,
            !pages.zeroed,
            self.cycle(),
        );
        self.classes[class].lock().add(pages.start);
        Ok(pages.start)
    }

    fn take_listed_span(&self, class: usize) -> Option<Page> {
        let may_sweep = self.may_sweep();
        loop {
            let next = self.classes[class].lock().take(may_sweep);
            match next? {
                ForCache::Free(span) => return Some(span),
                ForCache::Unswept(span) if self.sweep_span(span).free > 0 => return Some(span),
                ForCache::Unswept(_) => {}
            }
        }
    }

    /// Takes back what a cache holds.
    pub(crate) fn flush(&self, cache: &mut Cache) {
        self.flush_runs(cache, self.is_marking());
    }

    /// Takes back a cache's runs; `marked` if they were taken while marking.
    pub(crate) fn flush_runs(&self, cache: &mut Cache, marked: bool) {
        for class in 2..SPAN_CLASSES {
            let (run, at) = (cache.whole_run(class), cache.spans[class]);
            cache.head.runs[class] = SlotRun::default();
            cache.spans[class] = NO_SPAN;
            if at != NO_SPAN {
                self.return_run(cache, class, run, at, marked);
            }
        }
        cache.head.tiny = SlotRun::default();
    }

    fn return_run(&self, cache: &mut Cache, class: usize, run: SlotRun, at: Page, marked: bool) {
        let slot_bytes = SIZES[class / 2] as usize;
        let slot = (run.next - self.space.address(at)) / slot_bytes;
        let bytes = run.end - run.next;
        let count = bytes / slot_bytes;
        for (word, mask) in range_masks(slot, count) {
            self.space.slot_bits(at, word).give_back(mask, marked);
        }
        if marked {
            self.black_bytes.fetch_sub(bytes as u64, Relaxed);
        }
        *cache.mallocs[class].get_mut() -= count as u64;
        self.unnote_allocation(bytes);
        // Slots of the run before `next` are in use, those behind its end not looked at.
        self.space.span(at).cursor.store(slot as u32, Relaxed);
        self.classes[class].lock().give_back(at);
    }
}
