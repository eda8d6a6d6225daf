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
//!
//! Both are done in pieces of a list of addresses that is made before, for those who allocate
//! take part: making the list costs little for each timer, looking at the timers much more.

use super::heap;
use crate::sched::SCHED;
use crate::sync::Lock;
use crate::timer::{self, Timers};
use goxide_abi::Timer;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// So many are looked at in a stop.
const FEW: usize = 500;

/// So many are one piece of the roots.
const PIECE: usize = 2048;
/// The parts in which they are settled.
pub(super) const PARTS: usize = 64;

/// Held where timers move from one heap to another, or must not.
static MOVES: Lock = Lock::new();

/// How many entries heaps have: the stale ones, too, as these are what has to be removed.
pub(super) fn count() -> usize {
    let entries = |p: &crate::sched::p::P| p.timers.entry_count();
    SCHED.all_procs().map(entries).sum()
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

/// The timers that markers have yet to look at, while marking is on.
#[derive(Default)]
pub(super) struct Unread(Mutex<Reading>);

/// How far they are.
#[derive(Default)]
struct Reading {
    /// The P whose timers come when those of the list are done.
    next_p: usize,
    timers: Arc<Vec<usize>>,
    /// How many of the list somebody has taken.
    taken: usize,
}

impl Unread {
    /// Of a piece that nobody has looked at, those that belong into a heap; `None` if all have
    /// been looked at.
    pub(super) fn take_some(&self) -> Option<Vec<usize>> {
        let (timers, piece) = self.take_piece()?;
        Some(active(&timers[piece]))
    }

    fn take_piece(&self) -> Option<(Arc<Vec<usize>>, std::ops::Range<usize>)> {
        let mut reading = lock(&self.0);
        while reading.taken == reading.timers.len() {
            let p = SCHED.all_procs().nth(reading.next_p)?;
            *reading = Reading {
                next_p: reading.next_p + 1,
                timers: Arc::new(addresses(&p.timers)),
                taken: 0,
            };
        }
        let start = reading.taken;
        reading.taken = reading.timers.len().min(start + PIECE);
        Some((reading.timers.clone(), start..reading.taken))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The timers in the garbage-collected heap that have an entry there.
fn addresses(timers: &Timers) -> Vec<usize> {
    let timers = timers.snapshot().into_iter().map(|t| t as usize);
    timers.filter(|&t| heap().contains(t)).collect()
}

/// Those that belong into a heap.
fn active(timers: &[usize]) -> Vec<usize> {
    let timers = timers.iter().copied();
    // SAFETY: an object that was in a heap while marking is on is not freed before it ends.
    timers
        .filter(|&t| unsafe { timer::seems_active(t as *mut Timer) })
        .collect()
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
            active(&addresses(from))
                .into_iter()
                .for_each(|t| heap().shade_alone(t));
        }
        to.absorb(from);
    });
}

/// The settling that is under way.
static FORGETTING: Mutex<Forgetting> = Mutex::new(Forgetting {
    timers: None,
    dead: vec![],
    parts: 0,
});

struct Forgetting {
    /// All that had an entry when the first part began; whatever gets one later is reached.
    timers: Option<Arc<Vec<usize>>>,
    /// Those that were not reached.
    dead: Vec<usize>,
    /// How many parts are done.
    parts: usize,
}

/// Looks which timers of a part were not reached. With the last part removes their entries.
pub(super) fn forget(part: usize, is_reached: &dyn Fn(usize) -> bool) {
    let timers = timers_to_settle();
    let bounds = [part, part + 1].map(|part| timers.len() * part / PARTS);
    let part = timers[bounds[0]..bounds[1]].iter().copied();
    let dead: Vec<usize> = part.filter(|&t| !is_reached(t)).collect();
    let mut forgetting = lock(&FORGETTING);
    forgetting.dead.extend(dead);
    forgetting.parts += 1;
    if forgetting.parts == PARTS {
        forgetting.parts = 0;
        forgetting.timers = None;
        let dead = std::mem::take(&mut forgetting.dead);
        drop(forgetting);
        remove(dead.into_iter().collect());
    }
}

fn timers_to_settle() -> Arc<Vec<usize>> {
    let mut forgetting = lock(&FORGETTING);
    let timers = forgetting.timers.get_or_insert_with(|| {
        let mut timers = vec![];
        // None is between two heaps.
        MOVES.with(|| {
            let procs = SCHED.all_procs();
            procs.for_each(|p| timers.append(&mut addresses(&p.timers)));
        });
        Arc::new(timers)
    });
    timers.clone()
}

/// Removes the entries of timers that are garbage and have not been freed yet, wherever they
/// are by now.
fn remove(dead: HashSet<usize>) {
    if dead.is_empty() {
        return;
    }
    MOVES.with(|| {
        for p in SCHED.all_procs() {
            p.timers.drop_dead(&|t| dead.contains(&(t as usize)));
        }
    });
}
