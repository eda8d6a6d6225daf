//! Stops of the world, and the collector's work.
//!
//! These events belong to a goroutine. Where the scheduler does such work between two
//! goroutines, one is made up to stand for it.

use super::event::{Event, Text};
use super::writer::Writer;
use super::{is_on, own_stack};
use crate::memory::heap;
use crate::sched::g::G;
use crate::sched::m::{M, here};
use std::sync::atomic::{AtomicU64, Ordering};

/// Counts the beginnings, mentions and ends of collections, which are in that order.
static SEQUENCE: AtomicU64 = AtomicU64::new(0);
/// An M mentions the heap's size again when it differs by as much.
const HEAP_STEP_BYTES: u64 = 16 << 10;
/// The goal of the last collection.
static GOAL_BYTES: AtomicU64 = AtomicU64::new(0);

fn sequence() -> u64 {
    SEQUENCE.fetch_add(1, Ordering::Relaxed) + 1
}

/// This M has the right to stop the world, and will; None: for the tracer itself.
///
/// # Safety
/// On an M with a P.
#[inline]
pub unsafe fn stop_begin(why: Option<Text>) {
    if let Some(why) = why
        && is_on()
    {
        // SAFETY: see above.
        unsafe { begin(here(), why) };
    }
}

/// # Safety
/// The M is this thread's and has a P.
#[cold]
pub(super) unsafe fn begin(m: *mut M, why: Text) {
    // SAFETY: see above.
    unsafe {
        let trace = &mut (*m).trace;
        if (*m).g.load(Ordering::Relaxed).is_null() {
            trace.stand_in = G::next_id();
            let w = &mut trace.writer;
            w.event(Event::GoCreate, &[trace.stand_in, 0, 0]);
            w.event(Event::GoStart, &[trace.stand_in, 1]);
        }
        let stack = own_stack(&mut trace.writer);
        trace.writer.event(Event::StwBegin, &[why.id(), stack]);
        trace.stops = true;
    }
}

/// The world is about to go on.
///
/// # Safety
/// As for [`stop_begin`].
#[inline]
pub unsafe fn stop_end() {
    if is_on() {
        // SAFETY: see above.
        unsafe {
            let trace = &mut (*here()).trace;
            if std::mem::take(&mut trace.stops) {
                trace.writer.event(Event::StwEnd, &[]);
            }
            if std::mem::take(&mut trace.stand_in) != 0 {
                trace.writer.event(Event::GoDestroy, &[]);
            }
        }
    }
}

/// A collection begins; the world is stopped.
///
/// # Safety
/// As for [`stop_begin`].
#[inline]
pub unsafe fn gc_begin() {
    if is_on() {
        // SAFETY: see above.
        unsafe {
            let w = &mut (*here()).trace.writer;
            let stack = own_stack(w);
            w.event(Event::GcBegin, &[sequence(), stack]);
        }
    }
}

/// A collection has ended, with the world stopped, and found a new goal.
///
/// # Safety
/// As for [`stop_begin`].
#[inline]
pub unsafe fn gc_end(goal_bytes: u64) {
    GOAL_BYTES.store(goal_bytes, Ordering::Relaxed);
    if is_on() {
        // SAFETY: see above.
        unsafe {
            let w = &mut (*here()).trace.writer;
            w.event(Event::GcEnd, &[sequence()]);
            heap_state(w);
        }
    }
}

/// The heap's size and goal.
pub(super) fn heap_state(w: &mut Writer) {
    w.event(Event::HeapAlloc, &[heap().live_bytes()]);
    let goal = match GOAL_BYTES.load(Ordering::Relaxed) {
        0 => heap().mem_stats().next_gc,
        goal => goal,
    };
    w.event(Event::HeapGoal, &[goal]);
}

/// A generation begins: marking may be under way.
pub(super) fn mention(w: &mut Writer) {
    if heap().is_marking() {
        w.event(Event::GcActive, &[sequence()]);
    }
}

/// The heap may have grown.
///
/// # Safety
/// As for [`stop_begin`].
#[inline]
pub unsafe fn heap_alloc() {
    if is_on() {
        // SAFETY: see above.
        unsafe { heap_grew() };
    }
}

/// # Safety
/// As for [`stop_begin`].
#[cold]
unsafe fn heap_grew() {
    let live = heap().live_bytes();
    // SAFETY: see above.
    let trace = unsafe { &mut (*here()).trace };
    if live.abs_diff(trace.heap_bytes) >= HEAP_STEP_BYTES {
        trace.heap_bytes = live;
        trace.writer.event(Event::HeapAlloc, &[live]);
    }
}

/// Runs a goroutine's help with marking.
///
/// # Safety
/// In a runtime call of a goroutine, on an M with a P; `f` does not leave the M.
#[inline]
pub unsafe fn assist<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: see above.
    unsafe { range(Event::AssistBegin, Event::AssistEnd, &[], f) }
}

/// Runs sweeping. How much was swept the heap does not say.
///
/// # Safety
/// On an M with a P; `f` does not leave it.
#[inline]
pub unsafe fn sweep<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: see above.
    unsafe { range(Event::SweepBegin, Event::SweepEnd, &[0, 0], f) }
}

unsafe fn range<R>(begin: Event, end: Event, arguments: &[u64], f: impl FnOnce() -> R) -> R {
    if !is_on() {
        return f();
    }
    // SAFETY: the caller's: the M stays, with its P, so no generation ends meanwhile.
    unsafe {
        let w = &mut (*here()).trace.writer;
        let stack = own_stack(w);
        w.event(begin, &[stack]);
        let result = f();
        (*here()).trace.writer.event(end, arguments);
        result
    }
}
