//! `runtime.MemStats`.

use super::heap;
use crate::sched::SCHED;
use goxide_abi::MemStatsWords;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

struct Pauses {
    ns: [u64; 256],
    end: [u64; 256],
    count: usize,
}

static PAUSES: Mutex<Pauses> = Mutex::new(Pauses {
    ns: [0; 256],
    end: [0; 256],
    count: 0,
});
static TOTAL_NS: AtomicU64 = AtomicU64::new(0);

/// Place of LastGC in the counters.
const LAST_GC: usize = 22;

/// When the collection began, and CPU time of all collections, ns.
static BEGAN_NS: AtomicU64 = AtomicU64::new(0);
static CPU_NS: AtomicU64 = AtomicU64::new(0);

/// The part of it that was spent beside the program.
static MARK_NS: AtomicU64 = AtomicU64::new(0);

/// CPU time of the threads that mark, ns.
pub fn mark_cpu_ns() -> u64 {
    MARK_NS.load(Ordering::Relaxed)
}

/// A collection stopped the world for so long, perhaps not for the last time.
pub fn note_pause(ns: u64) {
    TOTAL_NS.fetch_add(ns, Ordering::Relaxed);
}

/// A collection begins.
pub fn collection_begins() {
    BEGAN_NS.store(crate::time::nanotime() as u64, Ordering::Relaxed);
}

/// A collection is complete; it has stopped the world for so long in all.
pub fn collection_ends(pauses_ns: u64, done: &goxide_heap::Collection) {
    let procs = SCHED.gomaxprocs.load(Ordering::Relaxed) as u64;
    let marking = done.mark_ns * done.workers as u64;
    MARK_NS.fetch_add(marking, Ordering::Relaxed);
    let cpu = pauses_ns * procs + marking;
    CPU_NS.fetch_add(cpu, Ordering::Relaxed);
    let mut pauses = PAUSES.lock().unwrap();
    let i = pauses.count % 256;
    pauses.ns[i] = pauses_ns;
    pauses.end[i] = crate::time::wall_ns() as u64;
    pauses.count += 1;
}

/// The collector's share of the CPU time that the program could have used so far.
pub fn cpu_share(procs: usize) -> f64 {
    let since = crate::time::nanotime() as u64 - START_NS.load(Ordering::Relaxed);
    CPU_NS.load(Ordering::Relaxed) as f64 / (since.max(1) as f64 * procs as f64)
}

/// Bytes of stacks and of the runtime's own data.
pub fn other_bytes() -> u64 {
    goxide_fiber::mapped_segment_bytes() as u64 + crate::system_memory::in_use_bytes()
}

/// The program begins.
pub fn start() {
    START_NS.store(crate::time::nanotime() as u64, Ordering::Relaxed);
}

static START_NS: AtomicU64 = AtomicU64::new(0);

/// All of them.
fn pause_total_ns() -> u64 {
    TOTAL_NS.load(Ordering::Relaxed)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_read_mem_stats(out: *mut MemStatsWords) {
    let (heap, figures) = (heap().mem_stats(), heap().figures());
    let profiles = crate::profile::bytes();
    let runtime = crate::system_memory::in_use_bytes().saturating_sub(profiles);
    let stacks = goxide_fiber::mapped_segment_bytes() as u64;
    let unused = goxide_fiber::cached_segment_bytes() + crate::sched::lifecycle::dead_bytes();
    let stacks_used = stacks.saturating_sub(unused as u64);
    let caches = SCHED.all_procs().count() as u64 * size_of::<goxide_heap::Cache>() as u64;
    let sys = heap.heap_sys + heap.gc_sys + stacks + caches + profiles + runtime;
    let procs = SCHED.gomaxprocs.load(Ordering::Relaxed);
    let caches_used = caches.min((procs * size_of::<goxide_heap::Cache>()) as u64);
    // SAFETY: Go passes a place for it.
    let out = unsafe { &mut *out };
    out.counters = [
        heap.heap_alloc,
        heap.total_alloc,
        sys,
        0,
        heap.mallocs,
        heap.frees,
        heap.heap_alloc,
        heap.heap_sys,
        heap.heap_idle,
        heap.heap_inuse,
        heap.heap_released,
        heap.mallocs - heap.frees,
        stacks_used,
        stacks,
        figures.span_bytes_used,
        figures.span_bytes,
        caches_used,
        caches,
        profiles,
        heap.gc_sys - figures.span_bytes.min(heap.gc_sys),
        runtime,
        heap.next_gc,
        heap.last_gc_unix_ns,
        pause_total_ns(),
    ];
    let pauses = PAUSES.lock().unwrap();
    if let Some(newest) = pauses.count.checked_sub(1) {
        out.counters[LAST_GC] = pauses.end[newest % 256];
    }
    out.pause_ns = pauses.ns;
    out.pause_end = pauses.end;
    out.num_gc = heap.num_gc;
    out.num_forced_gc = heap.num_forced_gc;
    out.gc_cpu_fraction = cpu_share(procs).to_bits();
    out.enabled = [1, 0, 0, 0, 0, 0, 0, 0];
    // Large objects have no class in Go's table.
    for (slot, class) in out.by_size.iter_mut().zip(&heap.by_class).skip(1) {
        *slot = [u64::from(class.size), class.mallocs, class.frees];
    }
}
