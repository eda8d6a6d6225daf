//! The profile of allocations: the heap says which objects are sampled (`heap::sample`), this
//! module counts them by stack, and notices when they are gone.
//!
//! What is shown are the figures of the end of the last collection, as in Go: allocations
//! since then, of which it is not known yet whether they are garbage, would make the program
//! look as if it held on to more than it does. Before the first collection all are shown.

use super::table::Table;
use crate::sched::m::current_g;
use crate::{memory, module};
use goxide_abi::{EntryPoint, PROFILE_FRAMES, ProfileRecord};
use goxide_heap::Cache;
use goxide_heap::size_class::MAX_SMALL_BYTES;
use std::collections::HashMap;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Large objects have pages of their own.
const PAGE_BYTES: usize = 8192;

/// `runtime.MemProfileRate`, once the program has said where that is.
static RATE: AtomicPtr<AtomicUsize> = AtomicPtr::new(std::ptr::null_mut());
/// The rate that the caches of all Ps have, or will when they next allocate the slow way.
static KNOWN: AtomicUsize = AtomicUsize::new(0);
static TABLE: Table<Counts> = Table::new();
/// Sampled objects that live, with their index in the table: in parts, each of which the
/// collector settles by itself.
static LIVE: [Mutex<Option<HashMap<usize, usize>>>; PARTS] = [const { Mutex::new(None) }; PARTS];
/// How many there are.
static COUNT: AtomicUsize = AtomicUsize::new(0);
/// Parts that the last collection has settled.
static SETTLED: AtomicUsize = AtomicUsize::new(0);
/// How many parts there are.
pub const PARTS: usize = 64;

/// How many sampled objects live.
pub fn live_count() -> usize {
    COUNT.load(Ordering::Relaxed)
}

#[derive(Default)]
struct Counts {
    /// Objects allocated and freed, ...
    now: [usize; 2],
    /// ... and as they were when the last collection ended.
    shown: [usize; 2],
    /// Objects allocated when marking was done.
    at_end: usize,
}

/// The address of the Go variable. If the program may ask for the profile, objects are sampled
/// from now on; this M's cache begins anew.
///
/// # Safety
/// On an M with a P.
pub unsafe fn set_rate_address(address: usize) -> usize {
    if module::entry_address(EntryPoint::MemProfile) != 0 {
        RATE.store(address as *mut AtomicUsize, Ordering::Relaxed);
        rate_is_known();
        // SAFETY: see above.
        unsafe { memory::flush_cache() };
    }
    0
}

/// Bytes between two samples, 0: none are taken.
#[inline]
fn rate() -> usize {
    let rate = RATE.load(Ordering::Relaxed);
    if rate.is_null() {
        return 0;
    }
    // SAFETY: a word-sized variable of the program, which may change it at any time; below 0
    // means 0.
    (unsafe { (*rate).load(Ordering::Relaxed) } as isize).max(0) as usize
}

/// Before a cache allocates the slow way: sees whether the program has changed the rate.
#[inline]
pub fn prepare(cache: &mut Cache) {
    let rate = rate();
    if rate != cache.sampling_rate() {
        memory::heap().set_sampling(cache, rate);
    }
}

/// Whether the program has changed the rate, and other Ps may have what was cut at the old one.
#[inline]
pub fn rate_is_new() -> bool {
    rate() != KNOWN.load(Ordering::Relaxed)
}

/// They will not have it any more.
pub fn rate_is_known() {
    KNOWN.store(rate(), Ordering::Relaxed);
}

/// After it has: counts the object, if it is sampled.
///
/// # Safety
/// In a runtime call of a goroutine; `object` has just been allocated with this size.
#[inline]
pub unsafe fn allocated(cache: &mut Cache, object: usize, size: usize) {
    let small = cache.take_sampled(object);
    if small || size > MAX_SMALL_BYTES && cache.samples_large(size) {
        // SAFETY: see above.
        unsafe { sampled(object, size, small) };
    }
}

#[cold]
unsafe fn sampled(object: usize, size: usize, small: bool) {
    let bytes = match small {
        true => memory::heap().charged_bytes(object),
        false => size.next_multiple_of(PAGE_BYTES),
    };
    let mut pcs = [0; PROFILE_FRAMES];
    // SAFETY: in a runtime call, or in the scheduler's part of one.
    let pcs = unsafe {
        match current_g() {
            g if g.is_null() => &[],
            g => super::stack_of(g, &mut pcs),
        }
    };
    let index = TABLE.count(bytes, pcs, |counts| counts.now[0] += 1);
    live(part_of(object))
        .get_or_insert_default()
        .insert(object, index);
    COUNT.fetch_add(1, Ordering::Relaxed);
}

fn live(part: usize) -> MutexGuard<'static, Option<HashMap<usize, usize>>> {
    LIVE[part].lock().unwrap_or_else(PoisonError::into_inner)
}

/// The part for an object.
fn part_of(object: usize) -> usize {
    // Fibonacci hashing: the highest bits depend on all of the address.
    let hash = (object as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash >> (64 - PARTS.ilog2())) as usize
}

/// Marking is done, the world is stopped: what is allocated from now on is not to be shown.
pub fn marking_is_done() {
    SETTLED.store(0, Ordering::Relaxed);
    TABLE.for_each(|counts| counts.at_end = counts.now[0]);
    // Then the parts need not be settled.
    if live_count() == 0 {
        show();
    }
}

fn show() {
    TABLE.for_each(|counts| counts.shown = [counts.at_end, counts.now[1]]);
}

/// Counts what is garbage as freed; when that is done for all parts, shows the figures.
pub fn settle(part: usize, is_reached: &dyn Fn(usize) -> bool) {
    if let Some(live) = &mut *live(part) {
        let before = live.len();
        live.retain(|&object, &mut index| {
            let alive = is_reached(object);
            if !alive {
                TABLE.change(index, |counts| counts.now[1] += 1);
            }
            alive
        });
        COUNT.fetch_sub(before - live.len(), Ordering::Relaxed);
    }
    if SETTLED.fetch_add(1, Ordering::AcqRel) + 1 == PARTS {
        show();
    }
}

/// Roughly what the profile occupies.
pub fn bytes() -> usize {
    let capacity = |part| live(part).as_ref().map_or(0, |live| live.capacity());
    let live: usize = (0..PARTS).map(capacity).sum();
    TABLE.bytes() + live * size_of::<(usize, usize)>()
}

/// As [`Table::record`].
pub fn record(index: usize, record: Option<&mut ProfileRecord>) -> usize {
    if index == 0 && memory::collections() == 0 {
        TABLE.for_each(|counts| counts.shown = counts.now);
    }
    TABLE.record(index, record, |counts| counts.shown)
}
