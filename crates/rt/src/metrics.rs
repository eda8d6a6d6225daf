//! Times and counts that only `runtime/metrics` reads, noted where they come about.

use crate::memory;
use crate::sched::SCHED;
use crate::sched::g::{self, G, Status};
use goxide_abi::{METRIC_BUCKETS, MetricWords};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// How long things took, by classes: a quarter of a power of two each, from 2^8 ns on, and
/// four equal ones below that. The first counts negative times, the last very long ones.
pub struct Histogram([AtomicU64; METRIC_BUCKETS]);

impl Histogram {
    const fn new() -> Histogram {
        Histogram([const { AtomicU64::new(0) }; METRIC_BUCKETS])
    }

    /// Counts a time.
    pub fn note(&self, ns: i64) {
        self.0[bucket(ns)].fetch_add(1, Relaxed);
    }

    fn read(&self) -> [u64; METRIC_BUCKETS] {
        std::array::from_fn(|i| self.0[i].load(Relaxed))
    }
}

fn bucket(ns: i64) -> usize {
    match ns {
        ..0 => 0,
        0..256 => 1 + ns as usize / 64,
        _ => {
            let top = ns.ilog2();
            let quarter = ns >> (top - 2) & 3;
            (1 + 4 * (top as usize - 7) + quarter as usize).min(METRIC_BUCKETS - 1)
        }
    }
}

/// From runnable to running, of one in [`SAMPLED`] turns.
pub static LATENCIES: Histogram = Histogram::new();
/// One turn of a goroutine in so many is timed.
pub const SAMPLED: u8 = 8;

/// Stops of the world: until it stood, and until it went on.
pub struct Stops {
    stopping: Histogram,
    total: Histogram,
}

/// Those of the collector ...
static COLLECTOR: Stops = Stops::new();
/// ... and all others.
static OTHER: Stops = Stops::new();
/// Those of the collector in ns, times GOMAXPROCS.
static COLLECTOR_CPU_NS: AtomicU64 = AtomicU64::new(0);

impl Stops {
    const fn new() -> Stops {
        Stops {
            stopping: Histogram::new(),
            total: Histogram::new(),
        }
    }
}

/// The world stood after `stopping_ns` and goes on now, after `total_ns`.
pub fn note_stop(by_collector: bool, stopping_ns: i64, total_ns: i64) {
    let stops = if by_collector { &COLLECTOR } else { &OTHER };
    stops.stopping.note(stopping_ns);
    stops.total.note(total_ns);
    if by_collector {
        let procs = SCHED.gomaxprocs.load(Relaxed) as u64;
        COLLECTOR_CPU_NS.fetch_add(total_ns.max(0) as u64 * procs, Relaxed);
    }
}

/// For how long goroutines have waited for locks.
pub static LOCK_WAIT_NS: AtomicU64 = AtomicU64::new(0);
/// For how long they have helped to mark.
pub static ASSIST_NS: AtomicU64 = AtomicU64::new(0);

/// Goroutines that are no system ones: waiting, runnable, running, in a system call.
fn by_state() -> [u64; 4] {
    let mut states = [0; 4];
    g::for_each(|g: *mut G| {
        // SAFETY: Gs are never freed; the world runs, so this is a moment's view.
        let (status, system) = unsafe { ((*g).status(), (*g).system) };
        let state = match status {
            Status::Waiting => 0,
            Status::Runnable => 1,
            Status::Running => 2,
            Status::Syscall => 3,
            Status::Dead => return,
        };
        if !system {
            states[state] += 1;
        }
    });
    states
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_read_metrics(out: *mut MetricWords) {
    let heap = memory::heap().figures();
    // SAFETY: Go passes a place for it.
    let out = unsafe { &mut *out };
    out.goroutines_by_state = by_state();
    out.goroutines_created = g::created();
    // sysmon is one that the scheduler does not count.
    out.threads = SCHED.with(|shared| shared.m_count) as u64 + 1;
    out.gc_percent = heap.gc_percent as i64 as u64;
    out.marked_bytes = heap.marked_bytes;
    out.global_bytes = memory::global_bytes();
    out.scannable_bytes = heap.scannable_bytes;
    out.stack_bytes = heap.root_bytes.saturating_sub(out.global_bytes);
    out.first_stack_bytes = goxide_fiber::FIRST_SEGMENT_BYTES as u64;
    out.tiny_mallocs = heap.tiny_mallocs;
    out.queued = [heap.finalizers_queued, heap.cleanups_queued];
    out.mark_ns = memory::mark_cpu_ns();
    out.assist_ns = ASSIST_NS.load(Relaxed);
    out.pause_ns = COLLECTOR_CPU_NS.load(Relaxed);
    out.release_ns = [heap.release_ns, heap.forced_release_ns];
    out.lock_wait_ns = LOCK_WAIT_NS.load(Relaxed);
    for (slot, class) in out
        .by_class
        .iter_mut()
        .zip(memory::heap().mem_stats().by_class)
    {
        *slot = [u64::from(class.size), class.mallocs, class.frees];
    }
    out.latencies = LATENCIES.read();
    out.collector_stops = [COLLECTOR.stopping.read(), COLLECTOR.total.read()];
    out.other_stops = [OTHER.stopping.read(), OTHER.total.read()];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_fall_into_quarters_of_powers_of_two() {
        let buckets = |times: &[i64]| times.iter().map(|&ns| bucket(ns)).collect::<Vec<_>>();
        assert_eq!(buckets(&[-1, 0, 63, 64, 255]), [0, 1, 1, 2, 4]);
        assert_eq!(buckets(&[256, 319, 320, 511, 512]), [5, 5, 6, 8, 9]);
        assert_eq!(buckets(&[639, 640, 1023, 1024]), [9, 10, 12, 13]);
        let last = METRIC_BUCKETS - 1;
        let limit = 1i64 << 47;
        assert_eq!(
            buckets(&[limit - 1, limit, i64::MAX]),
            [last - 1, last, last]
        );
    }
}
