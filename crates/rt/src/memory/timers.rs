//! Timers and the collector. There may be a million, so no stop of the world looks at them.
//!
//! A timer that calls a function is alive as long as it is going to do so: markers read the
//! entries of all heaps while the world runs, and what is started or reset meanwhile is
//! recorded, as is what moves to another heap. One with a channel lives for who may receive
//! from that. When marking is done the entries of timers that were not reached are removed,
//! like all that is settled (`goxide_heap::Watched`), before the timers are freed; until then
//! none of them may fire ([`timer_is_garbage`]), as its goroutine would hold on to it.

use super::heap;
use crate::sched::SCHED;
use crate::sync::Lock;
use crate::timer::{Entry, Timers};
use goxide_abi::Timer;
use std::collections::HashSet;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// So many are looked at in a stop.
const FEW: usize = 500;

/// Entries of timers that were not reached are in the heaps.
static UNSETTLED: AtomicBool = AtomicBool::new(false);
/// Held where timers move from one heap to another, or must not.
static MOVES: Lock = Lock::new();

/// How many there are.
pub(super) fn count() -> usize {
    let len = |p: &crate::sched::p::P| p.timers.len();
    SCHED.all_procs().map(len).sum()
}

/// Whether a stop should leave them to the markers.
pub(super) fn are_many() -> bool {
    count() > FEW
}

/// The words that keep timers alive, with the world stopped.
pub(super) fn roots_in_stop(visit: &mut dyn FnMut(std::ops::Range<usize>)) {
    for p in SCHED.all_procs() {
        let (start, end) = p.timers.root_range();
        visit(start..end);
    }
}

/// The timers of the `i`th P that are going to call a function; `None` if there is no such P.
/// While marking is on.
pub(super) fn roots_of(i: usize) -> Option<Vec<usize>> {
    SCHED.all_procs().nth(i).map(|p| active(&p.timers))
}

fn active(timers: &Timers) -> Vec<usize> {
    let entries = timers.snapshot();
    let is_active = |e: &&Entry| {
        // SAFETY: an object that was in a heap while marking is on is not freed before it
        // ends; somebody may be changing the word.
        !e.is_weak()
            && heap().contains(e.timer() as usize)
            && unsafe { ptr::read_volatile(&raw const (*e.timer()).when_ns) } != 0
    };
    let active = entries.iter().filter(is_active);
    active.map(|e| e.timer() as usize).collect()
}

/// A timer is about to be started or reset: markers may be past its place in the heap.
///
/// # Safety
/// It is live; on an M, in a runtime call.
pub unsafe fn shade_timer(timer: *const Timer) {
    // SAFETY: see above.
    if heap().is_marking() && unsafe { (*timer).channel } == 0 {
        heap().shade_alone(timer as usize);
    }
}

/// Moves all timers of a P that goes out of use to another.
pub fn move_timers(from: &Timers, to: &Timers) {
    MOVES.with(|| {
        if heap().is_marking() {
            active(from).into_iter().for_each(|t| heap().shade_alone(t));
        }
        to.absorb(from);
    });
}

/// Marking is done, the world is stopped.
pub(super) fn marking_is_done() {
    UNSETTLED.store(true, Ordering::SeqCst);
}

/// Whether a timer with a channel was not reached. To be asked with the lock of its heap, and
/// believed while that is held: nothing is freed before [`forget`] has had it too.
pub fn timer_is_garbage(timer: *const Timer) -> bool {
    UNSETTLED.load(Ordering::SeqCst) && !heap().is_reached(timer as usize)
}

/// Removes the entries of timers that were not reached.
pub(super) fn forget(is_reached: &dyn Fn(usize) -> bool) {
    MOVES.with(|| {
        let mut dead = HashSet::new();
        for p in SCHED.all_procs() {
            let timers = p.timers.snapshot().into_iter().map(|e| e.timer() as usize);
            dead.extend(timers.filter(|&t| heap().contains(t) && !is_reached(t)));
        }
        if !dead.is_empty() {
            for p in SCHED.all_procs() {
                p.timers.drop_dead(&|t| dead.contains(&(t as usize)));
            }
        }
        UNSETTLED.store(false, Ordering::SeqCst);
        for p in SCHED.all_procs() {
            p.timers.let_others_finish();
        }
    });
}
