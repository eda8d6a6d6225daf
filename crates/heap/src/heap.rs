//! The heap as a whole: its parts, and questions about addresses.

use crate::cache::Cache;
use crate::class_spans::ClassSpans;
use crate::collect::History;
use crate::concurrent::Marking;
use crate::figures::Counters;
use crate::large::LargeSpans;
use crate::mark::Pool;
use crate::os::OutOfMemory;
use crate::pacer::Pacer;
use crate::pages::PageHeap;
use crate::sanity::Shadow;
use crate::settle::{MAX_WATCHED_PARTS, Watched};
use crate::size_class::{self, HEADER_BYTES, MAX_BITMAP_BYTES, SPAN_CLASSES, is_noscan};
use crate::space::{Location, Space};
use crate::specials::Specials;
use crate::stats::Counts;
use crate::sync::Mutex;
use crate::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering::Relaxed};
use crate::types::Type;
use std::ptr::NonNull;

/// How to make a [`Heap`].
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Address space to reserve; halved until the OS agrees. A multiple of 64 MiB.
    pub reserve_bytes: usize,
    /// Address to reserve it at if that is free, or 0.
    pub address_hint: usize,
    /// `GOGC`; negative: off.
    pub gc_percent: i32,
    /// `GOMEMLIMIT` in bytes; `i64::MAX`: none.
    pub memory_limit: i64,
    /// Bytes beside the heap and its tables that the limit is for as well: stacks, the
    /// runtime's own. Called often, with locks held.
    pub other_bytes: fn() -> u64,
    /// Threads that mark, the one that calls `collect` included.
    pub workers: usize,
    /// Mark while the program runs; its stores must then have write barriers.
    pub concurrent: bool,
    /// `should_collect` is always true, and freed memory is filled with a pattern.
    pub torture: bool,
    /// Compare every collection with the slow, obviously right one; panic on a difference.
    pub sanity: bool,
    /// The OS refused this many bytes. Must not return.
    pub out_of_memory: fn(bytes: usize) -> !,
    /// Finalizers or cleanups have become due while the world runs, or none can any more until
    /// the next collection. On any thread; may take
    /// no lock that is held while this crate is called.
    pub on_due: fn(),
    /// What the runtime knows of objects.
    pub watched: Watched,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            reserve_bytes: 256 << 30,
            address_hint: 0xc0_0000_0000,
            gc_percent: 100,
            memory_limit: i64::MAX,
            other_bytes: || 0,
            workers: std::thread::available_parallelism().map_or(1, usize::from),
            concurrent: false,
            torture: false,
            sanity: false,
            out_of_memory: |bytes| panic!("{}", OutOfMemory { bytes }),
            on_due: || {},
            watched: Watched::default(),
        }
    }
}

/// An object found by an address in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Object {
    /// Its first byte, as `alloc` gave it.
    pub base: usize,
    /// Usable bytes from `base`.
    pub size: usize,
    /// It holds no pointers.
    pub noscan: bool,
}

/// The heap. Locks are taken in the order of the fields.
pub struct Heap {
    pub(crate) config: Config,
    pub(crate) space: Space,
    /// Held while sweeping in the background, and during a collection.
    pub(crate) sweep_gate: Mutex<()>,
    pub(crate) caches: Mutex<Vec<CachePtr>>,
    pub(crate) specials: Specials,
    pub(crate) shadow: Option<Mutex<Shadow>>,
    pub(crate) large: Mutex<LargeSpans>,
    pub(crate) classes: [Mutex<ClassSpans>; SPAN_CLASSES],
    pub(crate) pages: Mutex<PageHeap>,
    pub(crate) pacer: Mutex<Pacer>,
    /// Bytes of pages that a memory limit leaves for the heap; `u64::MAX`: there is none.
    pub(crate) most_resident: AtomicU64,
    /// Processor time that marking took in this cycle.
    pub(crate) mark_cpu_ns: AtomicU64,
    /// Concurrent marking that is under way, ...
    pub(crate) marking: Mutex<Option<Marking>>,
    /// ... whether there is any, for barriers, ...
    pub(crate) marking_on: AtomicBool,
    /// ... numbers of the last round of it that has begun ...
    pub(crate) rounds_begun: AtomicU32,
    /// ... and of the last in which markers found all they could, ...
    pub(crate) rounds_done: AtomicU32,
    /// ... whether they are to pause, ...
    pub(crate) markers_hold: AtomicBool,
    /// ... bytes of stacks they have read, ...
    pub(crate) stack_bytes: AtomicU64,
    /// ... bytes they have marked, ...
    pub(crate) marked_so_far: AtomicU64,
    /// ... `live` when it began, ...
    pub(crate) live_at_begin: AtomicU64,
    /// ... the heap size at which it should be over, ...
    pub(crate) goal_of_cycle: AtomicU64,
    /// ... bytes to mark for each byte allocated (the bits of an f64), ...
    pub(crate) assist_ratio: AtomicU64,
    /// ... pointers recorded after the markers were done, ...
    pub(crate) recorded: Mutex<Vec<usize>>,
    /// ... and bytes of objects that were allocated marked.
    pub(crate) black_bytes: AtomicU64,
    pub(crate) history: Mutex<History>,
    pub(crate) counts: Counts,
    pub(crate) counters: Counters,
    /// Threads that help to mark.
    pub(crate) pool: Pool,
    /// The class to sweep next.
    pub(crate) sweep_class: AtomicUsize,
    /// Number of the collection that spans are to be swept for.
    cycle: AtomicU32,
    /// Bytes of objects: marked by the last collection or allocated since (whole runs).
    pub(crate) live: AtomicU64,
    /// Value of `live` at which a collection is due.
    pub(crate) trigger: AtomicU64,
    pub(crate) collection_due: AtomicBool,
}

/// A cache on the list of all; only looked at while its owner does not use it.
pub(crate) struct CachePtr(pub(crate) NonNull<Cache>);

// SAFETY: see the type's documentation; caches have no ties to a thread.
unsafe impl Send for CachePtr {}

impl Heap {
    /// Reserves the address space and makes an empty heap.
    pub fn new(config: Config) -> Result<Box<Heap>, OutOfMemory> {
        let parts = config.watched.parts;
        assert!(parts <= MAX_WATCHED_PARTS, "too many parts: {parts}");
        let space = Space::new(config.address_hint, config.reserve_bytes)?;
        let heap = Box::new(Heap {
            config,
            space,
            sweep_gate: Mutex::default(),
            caches: Mutex::default(),
            specials: Specials::default(),
            shadow: config.sanity.then(Mutex::default),
            large: Mutex::default(),
            classes: [const { Mutex::new(ClassSpans::new()) }; SPAN_CLASSES],
            pages: Mutex::default(),
            pacer: Mutex::new(Pacer::new(config.gc_percent, config.memory_limit)),
            most_resident: AtomicU64::new(u64::MAX),
            mark_cpu_ns: AtomicU64::new(0),
            marking: Mutex::default(),
            marking_on: AtomicBool::new(false),
            rounds_begun: AtomicU32::new(0),
            rounds_done: AtomicU32::new(0),
            markers_hold: AtomicBool::new(false),
            stack_bytes: AtomicU64::new(0),
            marked_so_far: AtomicU64::new(0),
            live_at_begin: AtomicU64::new(0),
            goal_of_cycle: AtomicU64::new(0),
            assist_ratio: AtomicU64::new(0),
            recorded: Mutex::default(),
            black_bytes: AtomicU64::new(0),
            history: Mutex::default(),
            counts: Counts::default(),
            counters: Counters::default(),
            pool: Pool::default(),
            sweep_class: AtomicUsize::new(SPAN_CLASSES),
            cycle: AtomicU32::new(1),
            live: AtomicU64::new(0),
            trigger: AtomicU64::new(0),
            collection_due: AtomicBool::new(config.torture),
        });
        heap.update_trigger();
        Ok(heap)
    }

    /// A new cache, registered with the heap for as long as that lives.
    pub fn new_cache(&self) -> NonNull<Cache> {
        let cache = Box::new(Cache::new(self.space.ptr_bits_bias()));
        let cache = NonNull::from(Box::leak(cache));
        self.caches.lock().push(CachePtr(cache));
        cache
    }

    /// Gives back what the cache of a P that goes out of use holds; it may be used again.
    ///
    /// # Safety
    /// The cache is this heap's and no other thread uses it.
    pub unsafe fn flush_cache(&self, mut cache: NonNull<Cache>) {
        // SAFETY: promised by the caller.
        self.flush(unsafe { cache.as_mut() });
    }

    /// True if a collection is due or under way: one relaxed load.
    #[inline]
    pub fn should_collect(&self) -> bool {
        self.collection_due.load(Relaxed)
    }

    /// True if the address is in the heap's range (not: in an object).
    #[inline]
    pub fn contains(&self, address: usize) -> bool {
        self.space.contains(address)
    }

    /// The object that this address is in, if it is in an allocated one. (Slots that a cache
    /// has taken but not yet given out count as allocated; no valid pointer leads to them.)
    pub fn find_object(&self, address: usize) -> Option<Object> {
        let at = self.space.locate(address)?;
        let bits = self.space.slot_bits(at.span, at.slot as usize / 64);
        if bits.allocated() >> (at.slot % 64) & 1 == 0 {
            return None;
        }
        let header = self.header_bytes(at);
        Some(Object {
            base: self.space.slot_address(at) + header,
            size: self.space.span(at.span).slot_bytes() - header,
            noscan: is_noscan(at.class as usize),
        })
    }

    /// Bytes that an allocation of `size` can use; `append` rounds capacities up to it.
    pub fn round_up_size(size: usize, noscan: bool) -> usize {
        size_class::round_up_size(size, noscan)
    }

    /// Bytes of header that objects of this slot's class begin with.
    #[inline]
    pub(crate) fn header_bytes(&self, at: Location) -> usize {
        let small = size_class::SIZES[at.class as usize / 2] as usize;
        if !is_noscan(at.class as usize) && small > MAX_BITMAP_BYTES {
            HEADER_BYTES
        } else {
            0
        }
    }

    /// Allocations take one slot at a time, and all of them the slow path.
    #[inline]
    pub(crate) fn one_by_one(&self) -> bool {
        self.config.torture || self.config.sanity
    }

    /// Every collection is compared with that of the sanity collector.
    pub fn is_checked(&self) -> bool {
        self.config.sanity
    }

    /// Counts bytes of a run or a large object as live; looks whether a collection is due.
    pub(crate) fn note_allocation(&self, bytes: usize) {
        let live = self.live.fetch_add(bytes as u64, Relaxed) + bytes as u64;
        if live >= self.trigger.load(Relaxed) {
            self.collection_due.store(true, Relaxed);
        }
    }

    /// Takes back part of what `note_allocation` counted.
    pub(crate) fn unnote_allocation(&self, bytes: usize) {
        self.live.fetch_sub(bytes as u64, Relaxed);
    }

    /// Bytes of objects: those that the last collection found alive, and those made since.
    pub fn live_bytes(&self) -> u64 {
        self.live.load(Relaxed)
    }

    /// Whether the heap is as large as it gets before a collection begins, torture aside.
    pub fn is_over_trigger(&self) -> bool {
        self.live_bytes() >= self.trigger.load(Relaxed)
    }

    /// Grows by 1 with each complete collection.
    pub fn cycles(&self) -> u32 {
        self.cycle()
    }

    pub(crate) fn cycle(&self) -> u32 {
        self.cycle.load(Relaxed)
    }

    /// Begins the next cycle; the world is stopped.
    pub(crate) fn next_cycle(&self) {
        self.cycle.store(self.cycle().wrapping_add(1), Relaxed);
    }

    /// Tells the shadow heap, if there is one, of an allocation.
    #[inline]
    pub(crate) fn shadow_alloc(
        &self,
        slot: usize,
        slot_bytes: usize,
        bytes: usize,
        ty: Option<&Type>,
    ) {
        if let Some(shadow) = &self.shadow {
            shadow.lock().alloc(slot, slot_bytes, bytes, ty);
        }
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.pool.close();
        for CachePtr(cache) in self.caches.lock().drain(..) {
            // SAFETY: made by `new_cache` from a box; nobody may use it after the heap.
            drop(unsafe { Box::from_raw(cache.as_ptr()) });
        }
    }
}
