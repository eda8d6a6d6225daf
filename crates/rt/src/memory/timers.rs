//! Timers and the collector. There may be a million, so no stop of the world looks at them.
//!
//! A timer is alive as long as it belongs into a heap: it is going to call a function, or a
//! goroutine waits for its channel. Markers read the entries of all heaps while the world
//! runs, and what comes to belong there meanwhile is recorded, as is what moves to another
//! heap. Any other timer lives for who may change it or receive from it, and is in no heap but
//! for an entry that was not put right yet: when marking is done such entries of timers that
//! were not reached are removed, like all that is settled (`goxide_heap::Watched`), before the
//! timers are freed. (Nothing can bring these back into use, so nothing has to keep them from
//! firing meanwhile.)

use super::heap;
use crate::sched::SCHED;
use crate::sync::Lock;
use crate::timer::{self, Entry, Timers};
use goxide_abi::Timer;
use std::collections::HashSet;

/// So many are looked at in a stop.
const FEW: usize = 500;

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

/// The timers of the `i`th P that belong there; `None` if there is no such P. While marking is
/// on.
pub(super) fn roots_of(i: usize) -> Option<Vec<usize>> {
    SCHED.all_procs().nth(i).map(|p| active(&p.timers))
}

fn active(timers: &Timers) -> Vec<usize> {
    let entries = timers.snapshot();
    let is_active = |e: &&Entry| {
        // SAFETY: an object that was in a heap while marking is on is not freed before it ends.
        heap().contains(e.timer() as usize) && unsafe { timer::seems_active(e.timer()) }
    };
    let active = entries.iter().filter(is_active);
    active.map(|e| e.timer() as usize).collect()
}

/// A timer comes into a heap, or will by this runtime call: markers may be past its place.
///
/// # Safety
/// It is live; on an M, in a runtime call.
pub unsafe fn shade_timer(timer: *const Timer) {
    if heap().is_marking() {
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
    });
}
