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

/// A collection stopped the world for so long.
pub fn note_pause(ns: u64) {
    TOTAL_NS.fetch_add(ns, Ordering::Relaxed);
    let mut pauses = PAUSES.lock().unwrap();
    let i = pauses.count % 256;
    pauses.ns[i] = ns;
    pauses.end[i] = crate::time::wall_ns() as u64;
    pauses.count += 1;
}

/// All of them.
pub fn pause_total_ns() -> u64 {
    TOTAL_NS.load(Ordering::Relaxed)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_read_mem_stats(out: *mut MemStatsWords) {
    let heap = heap().mem_stats();
    let stacks = goxide_fiber::mapped_segment_bytes() as u64;
    let caches = SCHED.all_procs().count() as u64 * size_of::<goxide_heap::Cache>() as u64;
    let sys = heap.heap_sys + heap.gc_sys + stacks + caches;
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
        stacks,
        stacks,
        0,
        0,
        caches,
        caches,
        0,
        heap.gc_sys,
        0,
        heap.next_gc,
        heap.last_gc_unix_ns,
        pause_total_ns(),
    ];
    let pauses = PAUSES.lock().unwrap();
    out.pause_ns = pauses.ns;
    out.pause_end = pauses.end;
    out.num_gc = heap.num_gc;
    out.num_forced_gc = heap.num_forced_gc;
    out.gc_cpu_fraction = 0;
    out.enabled = [1, 0, 0, 0, 0, 0, 0, 0];
    for (slot, class) in out.by_size.iter_mut().zip(&heap.by_class) {
        *slot = [u64::from(class.size), class.mallocs, class.frees];
    }
}
