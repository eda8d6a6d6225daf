//! The way to the heap: allocation for Go code and for the runtime, collections, finalizers,
//! figures.
//!
//! A collection may start in `mallocgc`, after the new object has been noted in
//! `M::pending`, where the collector finds it. Rust code that allocates for itself uses
//! [`alloc`], which never collects, and calls [`may_collect`] when nothing is in its hands.
//!
//! Marking runs while the program does (ARCHITECTURE.md, "Collector", **C1**–**C5**): Rust
//! code that writes values of Go code calls [`wrote`] in the same runtime call.

mod barrier;
mod collect;
mod finalize;
mod leaks;
mod no_p;
mod roots;
mod stacks;
mod stats;
mod timers;

pub use barrier::wrote;
pub use collect::{collect_if_periodic, may_collect, periodic};
pub use finalize::may_come as finalizers_may_come;
pub use roots::forget_operands;
pub use stacks::are_pending as stacks_are_pending;
pub use stats::mark_cpu_ns;
pub use timers::{move_timers, shade_timer};

use crate::chan::Channel;
use crate::profile::allocations;
use crate::sched::m::here;
use goxide_heap::{Cache, Config, Heap, Type, Watched};
use std::mem::offset_of;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, Ordering};

static HEAP: AtomicPtr<Heap> = AtomicPtr::new(ptr::null_mut());

/// The heap; [`initialize`] has made it.
#[inline]
pub fn heap() -> &'static Heap {
    // SAFETY: set once, before any goroutine runs, and never freed.
    unsafe { &*HEAP.load(Ordering::Relaxed) }
}

/// Makes the heap, with the settings of the environment.
pub fn initialize() {
    keep_freed_memory();
    let environment = crate::environment::Settings::read();
    let config = Config {
        gc_percent: environment.gc_percent,
        memory_limit: environment.memory_limit,
        other_bytes: stats::other_bytes,
        torture: environment.gc_torture > 0,
        sanity: environment.gc_sanity,
        concurrent: environment.gc_concurrent,
        out_of_memory,
        on_due: finalize::note_due,
        watched: Watched {
            count: || allocations::live_count() + timers::count(),
            parts: allocations::PARTS + timers::PARTS,
            forget,
        },
        ..Config::default()
    };
    stats::start();
    collect::set_trace(environment.gc_trace);
    collect::set_torture(environment.gc_torture);
    match Heap::new(config) {
        Ok(heap) => HEAP.store(Box::into_raw(heap), Ordering::Release),
        Err(e) => crate::fatal::throw_text(&format!("runtime: cannot reserve the heap: {e}")),
    }
}

/// A part of what the runtime knows of objects is to be put right.
fn forget(part: usize, is_reached: &dyn Fn(usize) -> bool) {
    match part.checked_sub(allocations::PARTS) {
        Some(part) => timers::forget(part, is_reached),
        None => allocations::settle(part, is_reached),
    }
}

/// Has the C library keep some memory of the runtime's own (markers' lists, most of all) that
/// would otherwise go back to the system at the end of a collection, and be asked for, a
/// page fault at a time, in the next one's stops of the world.
fn keep_freed_memory() {
    const KEPT_BYTES: i32 = 4 << 20;
    const ASKED_FOR_BYTES: i32 = 256 << 10;
    // SAFETY: plain settings, made before there are other threads.
    unsafe {
        libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT_BYTES);
        libc::mallopt(libc::M_TOP_PAD, ASKED_FOR_BYTES);
    }
}

fn out_of_memory(bytes: usize) -> ! {
    let text = format!(
        "runtime: out of memory: cannot allocate {bytes}-byte block ({} in use)\n",
        heap().live_bytes()
    );
    crate::fatal::throw_after(&text, "out of memory")
}

/// What a P keeps for the allocator.
pub struct PCache(NonNull<Cache>);

impl PCache {
    /// For a new P.
    pub fn new() -> PCache {
        PCache(heap().new_cache())
    }

    /// For `g.cache`, which the fast path of `mallocgc` uses.
    #[inline]
    pub fn address(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// The cache.
    ///
    /// # Safety
    /// The caller's M owns the P.
    #[inline]
    pub unsafe fn get(&mut self) -> &mut Cache {
        // SAFETY: caches live as long as the heap; see above.
        unsafe { self.0.as_mut() }
    }
}

impl Default for PCache {
    fn default() -> Self {
        Self::new()
    }
}

/// This M's cache.
///
/// # Safety
/// On an M with a P; not while another reference to it lives.
#[inline]
unsafe fn cache() -> &'static mut Cache {
    // SAFETY: see above.
    unsafe { (*(*here()).p).own().memory.get() }
}

/// Gives the free slots that this M's cache holds back.
///
/// # Safety
/// As for [`alloc`].
pub unsafe fn flush_cache() {
    // SAFETY: see above.
    unsafe { heap().flush_cache(NonNull::from(cache())) };
}

/// A zeroed object of `size` bytes; `ty` describes it (or the elements it consists of), 0:
/// no pointers. Never collects.
///
/// # Safety
/// `ty` is 0 or the address of a type descriptor; on an M with a P.
pub unsafe fn alloc(size: usize, ty: usize) -> *mut u8 {
    // SAFETY: see above.
    unsafe { alloc_sampled(size, ty, true) }
}

/// [`Heap::alloc`], and the object's place in the profile of allocations.
///
/// # Safety
/// As for [`alloc`], in a runtime call.
#[inline]
unsafe fn alloc_sampled(size: usize, ty: usize, zeroed: bool) -> *mut u8 {
    // SAFETY: see above.
    unsafe {
        let cache = cache();
        allocations::prepare(cache);
        let object = heap().alloc(cache, size, ty as *const Type, zeroed);
        allocations::allocated(cache, object as usize, size);
        object
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_mallocgc_slow(size: usize, ty: usize, zeroed: usize) -> usize {
    // SAFETY: Go passes a type descriptor or 0; Go code runs on an M with a P, or in a system
    // call without.
    unsafe {
        if (*here()).p.is_null() {
            return no_p::alloc(size, ty as *const Type) as usize;
        }
        let object = alloc_sampled(size, ty, zeroed & 1 != 0);
        crate::tracer::heap_alloc();
        if allocations::rate_is_new() {
            collect::after_new_rate(object as usize);
        }
        if heap().should_collect() {
            collect::after_allocation(object as usize);
        }
        object as usize
    }
}

/// Descriptor of [`Channel`] for the collector: its pointers are those to its buffer, to its
/// timer and to its bubble (no other bubble may come to lie there).
pub fn channel_type() -> usize {
    const BUFFER: usize = offset_of!(Channel, buffer) / 8;
    const TIMER: usize = offset_of!(Channel, timer) / 8;
    const BUBBLE: usize = offset_of!(Channel, bubble) / 8;
    // Its lock is one word of zeroed memory.
    const _: () = assert!(size_of::<crate::sync::Lock>() == 4);
    static MASK: u64 = 1 << BUFFER | 1 << TIMER | 1 << BUBBLE;
    static TYPE: SharedType = SharedType(Type {
        size: size_of::<Channel>(),
        ptr_bytes: 8 * (BUBBLE + 1),
        hash: 0,
        tflag: 0,
        align: 8,
        field_align: 8,
        kind: 25, // struct
        equal: 0,
        gc_data: (&raw const MASK).cast(),
        str: 0,
        ptr_to_this: 0,
    });
    &raw const TYPE.0 as usize
}

struct SharedType(Type);
// SAFETY: never changes.
unsafe impl Sync for SharedType {}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_find_object(address: usize, out: *mut [usize; 2]) -> usize {
    let Some(object) = heap().find_object(address) else {
        return 0;
    };
    // SAFETY: Go passes an array to fill.
    unsafe { *out = [object.size, usize::from(object.noscan)] };
    object.base
}

#[unsafe(no_mangle)]
extern "C" fn goxide_round_up_size(bytes: usize, noscan: usize) -> usize {
    Heap::round_up_size(bytes, noscan & 1 != 0)
}

/// Bytes of Go's global variables.
pub fn global_bytes() -> u64 {
    let bytes = crate::module::header().map_or(0, |h| h.data[1] - h.data[0] + h.bss[1] - h.bss[0]);
    bytes as u64
}

/// How many collections there were.
pub fn collections() -> u32 {
    heap().mem_stats().num_gc
}
