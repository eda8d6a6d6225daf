//! A marking worker: pops grey objects, marks what they point to.
//!
//! Objects and their mark bits are mostly not in the CPU's caches, so both are fetched ahead:
//! a pointer waits in one short ring until its mark bits are there, a grey object in another
//! until its words are.

use super::copied::Copied;
use super::queue::{Queue, Work};
use super::roots::{RootJob, shrink_to_words};
use crate::Heap;
use crate::collect::Stacks;
use crate::os::thread_cpu_ns;
use crate::size_class::{HEADER_BYTES, MAX_BITMAP_BYTES, SIZES, is_noscan};
use crate::space::Location;
use crate::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use crate::types::{Type, low_bits};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Large objects are scanned in parts of about this size: each pointer in it may lead to
/// memory that no cache of the processor has, and a stop of the world waits for a part.
const PART_BYTES: usize = 16 * 1024;
/// A worker with fewer grey objects gives none away.
const SHARE_FROM: usize = 32;
/// A worker with more leaves some where others find them.
const LEAVE_FROM: usize = 4 * SHARE_FROM;
/// Bytes scanned between looks at who is hungry, and at the time; an object counts as these
/// more.
const BYTES_BETWEEN_LOOKS: usize = 8 * 1024;
const BYTES_PER_OBJECT: usize = 256;
/// Grey objects of the roots are given away in such portions.
const SHADE_ITEMS: usize = 512;
/// How far ahead memory is fetched.
const RING_ITEMS: usize = 16;

/// A marking phase: what its workers share.
pub(crate) struct Phase<'a> {
    heap: &'a Heap,
    /// Its number, if it is concurrent.
    round: u32,
    jobs: Vec<RootJob>,
    next_job: AtomicUsize,
    /// More roots, which are read while the world runs.
    stacks: Option<Arc<dyn Stacks>>,
    pub(crate) queue: Queue,
}

/// A phase that goes on in the background; the heap waits for its workers before it goes.
pub(crate) type PhaseRef = Arc<Phase<'static>>;

impl<'a> Phase<'a> {
    /// A phase that may outlive this call.
    pub(crate) fn shared(
        heap: &Heap,
        round: u32,
        jobs: Vec<RootJob>,
        stacks: Option<Arc<dyn Stacks>>,
        workers: usize,
    ) -> PhaseRef {
        // SAFETY: workers are waited for before the heap is dropped, and nobody else uses it.
        let heap: &'static Heap = unsafe { &*(heap as *const Heap) };
        Arc::new(Phase {
            heap,
            round,
            jobs,
            next_job: AtomicUsize::new(0),
            stacks,
            queue: Queue::new(workers),
        })
    }

    /// [`work`](Self::work), then asks for the end of the collection.
    ///
    /// # Safety
    /// As there.
    pub(crate) unsafe fn work_then_report(&self) {
        let mut worker = Worker::new(self);
        worker.holds = true;
        worker.run();
        self.note_done();
    }

    /// Tells the heap that all is marked that was known of.
    pub(crate) fn note_done(&self) {
        self.heap.note_round_done(self.round);
    }

    /// Works until all is marked.
    ///
    /// # Safety
    /// The words of all jobs and objects are readable. If mutators run they keep to the
    /// rules of concurrent marking.
    pub(crate) unsafe fn work(&self) {
        Worker::new(self).run();
    }

    /// Marks what the words of these ranges point to (but those that are as they were
    /// `copied`), what these words point to and these objects' contents, and goes on for as
    /// long as `limit` allows. False if something may be left to the workers.
    ///
    /// # Safety
    /// The words are readable; the world is stopped.
    pub(crate) unsafe fn shade(
        &self,
        (ranges, copied): (&[Range<usize>], &Copied),
        words: &[usize],
        contents_of: &[usize],
        limit: Option<Duration>,
    ) -> bool {
        let until = limit.map(|limit| Instant::now() + limit);
        let no_time = limit.is_some_and(|limit| limit.is_zero());
        let mut worker = Worker::new(self);
        for range in ranges {
            worker.scan_changed(range.clone(), copied);
        }
        words.iter().for_each(|&word| worker.mark(word));
        worker.scan_contents(contents_of);
        let enough = |_: &Worker<'_>| until.is_some_and(|until| Instant::now() >= until);
        let mut all = !no_time && worker.drain_until(enough);
        while all && let Some(work) = self.queue.try_take() {
            worker.take_up(work);
            all = worker.drain_until(enough);
        }
        worker.stop();
        all
    }

    /// Marks about so many bytes, as one more worker; false if there was nothing to do.
    ///
    /// # Safety
    /// As for [`work`](Self::work).
    pub(crate) unsafe fn assist(&self, bytes: u64) -> bool {
        let mut worker = Worker::new(self);
        let mut found = false;
        while worker.take_from_queue() || worker.take_roots() {
            found = true;
            if !worker.drain_until(|worker| worker.marked_in_all >= bytes) {
                break;
            }
        }
        worker.stop();
        found
    }
}

/// Marks everything reachable from the jobs; `Heap::marked_so_far` grows by that.
///
/// # Safety
/// The world is stopped, no cache holds a run, and the jobs' words are readable.
pub(crate) unsafe fn mark(heap: &Heap, jobs: Vec<RootJob>, workers: usize) {
    let helpers = heap.pool.helpers(workers.saturating_sub(1).min(63));
    // A helper that comes late finds the queue closed: nobody waits for it.
    let phase = Phase::shared(heap, 0, jobs, None, 1);
    let theirs = phase.clone();
    let help = move || {
        if theirs.queue.join() {
            // SAFETY: promised by the caller.
            unsafe { theirs.work() };
        }
    };
    heap.pool.start_if_idle(helpers, Arc::new(help));
    // SAFETY: promised by the caller.
    unsafe { phase.work() };
}

struct Worker<'a> {
    phase: &'a Phase<'a>,
    heap: &'a Heap,
    /// Slots that were pointed to, while their bits are fetched.
    to_mark: Ring,
    /// Marked objects still to be scanned.
    grey: Vec<u64>,
    /// Grey objects, while their contents are fetched.
    to_scan: Ring,
    /// Bytes marked since the heap was told, and all.
    marked_bytes: u64,
    marked_in_all: u64,
    /// Bytes scanned since the last look around.
    scanned_bytes: usize,
    /// It pauses when the world is to stop.
    holds: bool,
    /// CPU time of this thread before.
    cpu_began_ns: u64,
}

/// The last few items, as a queue; 0 is no item.
struct Ring {
    items: [u64; RING_ITEMS],
    /// The place of the newest; behind it is that of the oldest.
    at: usize,
    /// How many items there are.
    held: usize,
}

impl Ring {
    /// Puts an item in and takes the oldest one (or none) out.
    #[inline]
    fn exchange(&mut self, item: u64) -> u64 {
        self.at = (self.at + 1) % RING_ITEMS;
        let oldest = std::mem::replace(&mut self.items[self.at], item);
        self.held += (oldest == 0) as usize;
        oldest
    }

    /// Takes the oldest item out.
    #[inline]
    fn take(&mut self) -> Option<u64> {
        if self.held == 0 {
            return None;
        }
        self.held -= 1;
        loop {
            self.at = (self.at + 1) % RING_ITEMS;
            let oldest = std::mem::take(&mut self.items[self.at]);
            if oldest != 0 {
                return Some(oldest);
            }
        }
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        let ns = thread_cpu_ns() - self.cpu_began_ns;
        self.heap.mark_cpu_ns.fetch_add(ns, Relaxed);
    }
}

impl<'a> Worker<'a> {
    fn new(phase: &'a Phase<'a>) -> Self {
        let ring = || Ring {
            items: [0; RING_ITEMS],
            at: 0,
            held: 0,
        };
        Self {
            phase,
            heap: phase.heap,
            to_mark: ring(),
            grey: Vec::new(),
            to_scan: ring(),
            marked_bytes: 0,
            marked_in_all: 0,
            scanned_bytes: 0,
            holds: false,
            cpu_began_ns: thread_cpu_ns(),
        }
    }

    fn run(mut self) {
        self.grey.reserve(4096);
        while self.take_roots() {
            self.drain();
        }
        while let Some(work) = self.phase.queue.take() {
            self.take_up(work);
            self.drain();
        }
    }

    /// Takes a piece of the roots that nobody has taken; false if there is none.
    fn take_roots(&mut self) -> bool {
        let phase = self.phase;
        if let Some(job) = phase.jobs.get(phase.next_job.fetch_add(1, Relaxed)) {
            self.do_job(job);
            return true;
        }
        let Some(stacks) = &phase.stacks else {
            return false;
        };
        let mut bytes = 0;
        let found = stacks.read_some(&mut |range| {
            let range = shrink_to_words(range);
            bytes += range.len() as u64;
            self.scan_range(range);
        });
        self.heap.stack_bytes.fetch_add(bytes, Relaxed);
        found
    }

    /// Takes work that is there for all.
    fn take_from_queue(&mut self) -> bool {
        let work = self.phase.queue.try_take();
        let found = work.is_some();
        work.into_iter().for_each(|work| self.take_up(work));
        found
    }

    /// Makes work from the queue this worker's.
    fn take_up(&mut self, work: Work) {
        match work {
            Work::Grey(objects) if self.grey.is_empty() => self.grey = objects,
            Work::Grey(objects) => self.grey.extend(objects),
            Work::Words(words) => words.iter().for_each(|&word| self.mark(word)),
            // SAFETY: the type of a live object is valid.
            Work::Part(start, bytes, ty) => unsafe {
                self.scan_part(start, bytes, &*(ty as *const Type));
            },
        }
    }

    fn do_job(&mut self, job: &RootJob) {
        match job {
            RootJob::Range(range) => self.scan_range(range.clone()),
            RootJob::Words(words) => words.iter().for_each(|&word| self.mark(word)),
            RootJob::Copied(copied) => copied.words().for_each(|word| self.mark(word)),
            RootJob::ContentsOf(objects) => self.scan_contents(objects),
            RootJob::Specials(shard) => {
                let roots = self.heap.specials.roots_of_shard(*shard);
                roots.words.iter().for_each(|&word| self.mark(word));
                self.scan_contents(&roots.contents_of);
            }
            RootJob::Due(numbers) => {
                let words = self.heap.specials.due.words(numbers.clone());
                words.iter().for_each(|&word| self.mark(word));
            }
        }
    }

    fn scan_contents(&mut self, objects: &[usize]) {
        for &object in objects {
            if let Some(at) = self.heap.space.locate(object) {
                self.scan(pack(at));
            }
        }
    }

    /// Works until nothing is grey here.
    fn drain(&mut self) {
        self.drain_until(|_| false);
    }

    /// Works until nothing is grey here (true) or it is enough.
    fn drain_until(&mut self, enough: impl Fn(&Self) -> bool) -> bool {
        self.scanned_bytes = BYTES_BETWEEN_LOOKS;
        while let Some(object) = self.next_to_scan() {
            if object != 0 {
                self.scanned_bytes += BYTES_PER_OBJECT;
                self.scan(object);
            }
            if self.scanned_bytes >= BYTES_BETWEEN_LOOKS {
                self.scanned_bytes = 0;
                self.report();
                if enough(self) {
                    return false;
                }
                self.share();
                self.hold();
            }
        }
        self.report();
        true
    }

    /// A grey object whose contents have been fetched, or 0 while one is fetched; `None`:
    /// nothing is grey here.
    #[inline]
    fn next_to_scan(&mut self) -> Option<u64> {
        if self.grey.is_empty() {
            self.settle_marks();
        }
        match self.grey.pop() {
            Some(item) => {
                self.prefetch_contents(item);
                Some(self.to_scan.exchange(item))
            }
            // There is nothing to do meanwhile.
            None => self.to_scan.take(),
        }
    }

    fn hold(&self) {
        if self.holds {
            self.heap.hold_if_asked();
        }
    }

    /// Tells the heap how much has been marked.
    fn report(&mut self) {
        let bytes = std::mem::take(&mut self.marked_bytes);
        self.marked_in_all += bytes;
        self.heap.marked_so_far.fetch_add(bytes, Relaxed);
    }

    /// Leaves everything that is grey here to others.
    fn stop(mut self) {
        self.settle_marks();
        while let Some(item) = self.to_scan.take() {
            self.grey.push(item);
        }
        for grey in self.grey.chunks(SHADE_ITEMS) {
            self.give_away(Work::Grey(grey.to_vec()));
        }
        self.report();
    }

    /// Marks what waits to be marked.
    fn settle_marks(&mut self) {
        while let Some(item) = self.to_mark.take() {
            self.mark_now(item);
        }
    }

    /// Gives grey objects to workers that have none. Some are always left for mutators that
    /// have to help: this thread may not run for a while.
    fn share(&mut self) {
        let queue = &self.phase.queue;
        let hungry = self.grey.len() >= SHARE_FROM && queue.is_hungry();
        if hungry || self.grey.len() >= LEAVE_FROM && queue.is_empty() {
            // The older half: objects near the roots, with more below them.
            let rest = self.grey.split_off(self.grey.len() / 2);
            let given = std::mem::replace(&mut self.grey, rest);
            self.give_away(Work::Grey(given));
        }
    }

    fn give_away(&self, work: Work) {
        // A worker that is not idle keeps the queue open.
        assert!(
            self.phase.queue.push(work).is_ok(),
            "a worker works on a closed queue"
        );
    }

    #[inline]
    fn prefetch_contents(&self, item: u64) {
        let at = unpack(item);
        let slot = self.heap.space.slot_address(at);
        prefetch(slot);
        if SIZES[at.class as usize / 2] as usize <= MAX_BITMAP_BYTES {
            prefetch(self.heap.space.ptr_bits(slot).0 as usize);
        }
    }

    /// Marks the object that a word points into, if it does: soon.
    #[inline]
    fn mark(&mut self, word: usize) {
        let Some(at) = self.heap.space.locate(word) else {
            return;
        };
        prefetch(self.heap.space.slot_bits(at.span, at.slot as usize / 64) as *const _ as usize);
        let oldest = self.to_mark.exchange(pack(at));
        if oldest != 0 {
            self.mark_now(oldest);
        }
    }

    // (A place in parts would go through memory, and be read back as one word too soon.)
    #[inline(always)]
    fn mark_now(&mut self, item: u64) {
        let at = unpack(item);
        let bits = self.heap.space.slot_bits(at.span, at.slot as usize / 64);
        if !bits.mark(at.slot % 64) {
            return;
        }
        self.marked_bytes += match at.class / 2 {
            0 => self.heap.space.span(at.span).slot_bytes() as u64,
            class => SIZES[class as usize] as u64,
        };
        if !is_noscan(at.class as usize) {
            self.grey.push(item);
        }
    }

    /// Marks what an object points to.
    #[inline]
    fn scan(&mut self, item: u64) {
        let at = unpack(item);
        if is_noscan(at.class as usize) {
            return;
        }
        let slot = self.heap.space.slot_address(at);
        let slot_bytes = SIZES[at.class as usize / 2] as usize;
        if slot_bytes == 0 {
            self.scan_large(at, slot);
        } else if slot_bytes <= MAX_BITMAP_BYTES {
            self.scan_small(slot, slot_bytes);
        } else {
            // SAFETY: objects of these classes begin with their type, which is valid; the
            // rest of the slot is the object and zeroes.
            // (Null: a slot taken from its run whose owner has stored nothing to it yet.)
            unsafe {
                if let Some(ty) = (*(slot as *const *const Type)).as_ref() {
                    self.scan_typed(slot + HEADER_BYTES, slot_bytes - HEADER_BYTES, ty);
                }
            }
        }
    }

    #[inline]
    fn scan_small(&mut self, slot: usize, slot_bytes: usize) {
        let (word, shift) = self.heap.space.ptr_bits(slot);
        self.scanned_bytes += slot_bytes;
        let words = slot_bytes / 8;
        // SAFETY: the table has bits for all words of the slot; the second word is only read
        // if the slot reaches into it. No one writes them while the world is stopped.
        let bits = unsafe {
            let mut bits = *word >> shift;
            if shift as usize + words > 64 {
                bits |= *word.add(1) << (64 - shift);
            }
            bits & low_bits(words)
        };
        self.scan_words(slot, bits);
    }

    fn scan_large(&mut self, at: Location, start: usize) {
        let span = self.heap.space.span(at.span);
        let (ty, bytes) = (
            span.large_type.load(Relaxed),
            span.large_bytes.load(Relaxed),
        );
        // SAFETY: an object of this type, which is valid.
        unsafe { self.scan_part(start, bytes, &*(ty as *const Type)) };
    }

    /// Marks what the first part of these values points to, and leaves the rest to whoever
    /// has nothing else to do.
    ///
    /// # Safety
    /// As [`scan_typed`](Self::scan_typed).
    unsafe fn scan_part(&mut self, start: usize, bytes: usize, ty: &Type) {
        let part_bytes = match ty.size {
            size if size < PART_BYTES => PART_BYTES / size * size,
            size => size,
        };
        if part_bytes < bytes {
            let ty = ty as *const Type as usize;
            self.give_away(Work::Part(start + part_bytes, bytes - part_bytes, ty));
        }
        // SAFETY: promised by the caller.
        unsafe { self.scan_typed(start, part_bytes.min(bytes), ty) };
    }

    /// Marks what whole values of a type, one after another, point to.
    ///
    /// # Safety
    /// The memory is `bytes` of a live object, the type is valid and has pointers.
    unsafe fn scan_typed(&mut self, start: usize, bytes: usize, ty: &Type) {
        self.scanned_bytes += bytes;
        // SAFETY: the type is valid.
        let mask = unsafe { ty.mask() };
        if ty.size == 8 {
            return self.scan_range(start..start + bytes);
        }
        let words = ty.ptr_bytes / 8;
        let mut element = start;
        let end = start + bytes;
        while element + ty.ptr_bytes <= end {
            for i in 0..words.div_ceil(64) {
                // SAFETY: the mask has that many words; bits beyond the type are dropped.
                let bits = unsafe { *mask.add(i) } & low_bits(words - i * 64);
                self.scan_words(element + i * 512, bits);
            }
            element += ty.size;
        }
    }

    /// Marks what the words whose bits are set point to.
    #[inline]
    fn scan_words(&mut self, start: usize, mut bits: u64) {
        while bits != 0 {
            let at = start + bits.trailing_zeros() as usize * 8;
            bits &= bits - 1;
            // SAFETY: the callers give words of live objects; mutators may be writing them.
            let word = unsafe { (*(at as *const AtomicUsize)).load(Relaxed) };
            self.mark(word);
        }
    }

    /// Marks what the words of a range of roots point to, but those that are as they were.
    fn scan_changed(&mut self, range: Range<usize>, copied: &Copied) {
        let in_heap = self.heap.space.committed_range();
        // SAFETY: the runtime promises that roots are readable.
        unsafe { copied.each_changed(range, &in_heap, |word| self.mark(word)) };
    }

    /// Marks what the words of a range point to.
    fn scan_range(&mut self, range: Range<usize>) {
        // SAFETY: the runtime promises that roots are readable, as live objects are.
        let load = |at: usize| unsafe { (*(at as *const AtomicUsize)).load(Relaxed) };
        let in_heap = self.heap.space.committed_range();
        let mut at = range.start;
        // Most words of static data lead nowhere, and much of what is large is empty.
        while range.end - at >= 4 * 8 {
            let words = [0, 8, 16, 24].map(|offset| load(at + offset));
            if words.iter().any(|word| in_heap.contains(word)) {
                words.iter().for_each(|&word| self.mark(word));
            }
            at += 4 * 8;
        }
        (at..range.end)
            .step_by(8)
            .for_each(|at| self.mark(load(at)));
    }
}

/// Asks for the cache line of an address.
#[inline]
fn prefetch(address: usize) {
    // SAFETY: prefetching any address has no effect that a program could see.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(address as *const i8);
    }
}

/// A slot's place in one word, never 0.
#[inline(always)]
fn pack(at: Location) -> u64 {
    1 << 55 | at.span as u64 | (at.slot as u64) << 32 | (at.class as u64) << 56
}

#[inline(always)]
fn unpack(item: u64) -> Location {
    Location {
        span: item as u32,
        slot: (item >> 32) as u32 & 0x7f_ffff,
        class: (item >> 56) as u8,
    }
}
