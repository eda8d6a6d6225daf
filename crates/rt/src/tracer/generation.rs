//! Beginning and end of traces and of generations, with the world stopped.

use super::event::{CLOCK_HZ, Event, GoState, NO_THREAD, ProcState, Text, put_number};
use super::stacks::{self, StackTable, Tables};
use super::writer::{TableWriter, Writer};
use super::{
    BEGAN_NS, GENERATION, IN_USE, ON, OUTSIDE, WATCHER, collector, generation, is_on, own_stack,
    procs, queue, samples, time_stamp, wake_reader,
};
use crate::sched::g::{self, G, Status};
use crate::sched::m::{self, M, here};
use crate::sched::{SCHED, world};
use crate::time;
use std::sync::atomic::Ordering;

/// Goroutines whose stacks a generation begins with; of more it gives the states only, so
/// that the stop of the world stays short.
const MOST_STACKS: usize = 10_000;

/// Starts a trace; false if there is one.
///
/// # Safety
/// In a runtime call of a goroutine, on an M with a P.
pub unsafe fn start() -> bool {
    // SAFETY: see above; the locks are taken in the order that `queue_without_p` has.
    unsafe {
        let stopped = world::stop_for(None);
        let started = SCHED.with(|_| OUTSIDE.lock.with(|| !is_on() && start_stopped()));
        drop(stopped);
        samples::prepare();
        started
    }
}

/// # Safety
/// The world is stopped, the scheduler and [`OUTSIDE`] are locked.
unsafe fn start_stopped() -> bool {
    // SAFETY: see above.
    unsafe {
        (*OUTSIDE.writer.get()).thread = WATCHER.load(Ordering::Relaxed);
        look_at_everything();
        samples::forget();
        queue::begin();
        IN_USE.store(true, Ordering::SeqCst);
        ON.store(true, Ordering::SeqCst);
        begin_generation();
        let m = here();
        let w = &mut (*m).trace.writer;
        let stack = own_stack(w);
        let procs = SCHED.gomaxprocs.load(Ordering::Relaxed) as u64;
        w.event(Event::ProcsChange, &[procs, stack]);
        collector::begin(m, Text::StopStartTrace);
    }
    true
}

/// Sets what the reader is to believe to what is so.
///
/// # Safety
/// As for [`start_stopped`].
unsafe fn look_at_everything() {
    // SAFETY: the world is stopped; threads without a P change the status of a goroutine
    // with the scheduler locked, or else only make ready what waits (T2).
    unsafe {
        for p in SCHED.all_procs() {
            let m = p.m.load(Ordering::Acquire);
            let in_go = !m.is_null()
                && std::ptr::eq((*m).p, p)
                && !(*m).g.load(Ordering::Relaxed).is_null();
            let trace = procs::of(p);
            trace.m = m;
            trace.state = if in_go {
                ProcState::Running
            } else {
                ProcState::Idle
            };
        }
        g::for_each(|g| {
            (*g).trace.state = match (*g).status() {
                Status::Dead => GoState::Unknown,
                Status::Runnable => GoState::Runnable,
                Status::Running => GoState::Running,
                Status::Syscall => GoState::Syscall,
                Status::Waiting => GoState::Waiting,
            };
        });
    }
}

/// Opens the next generation and writes what it begins with (T4).
///
/// # Safety
/// The world is stopped, [`OUTSIDE`] is locked, and this M runs a goroutine.
unsafe fn begin_generation() {
    let number = GENERATION.fetch_add(1, Ordering::Relaxed) + 1;
    BEGAN_NS.store(time::nanotime(), Ordering::Relaxed);
    stacks::begin_generation();
    queue::open(number);
    // SAFETY: see above; T3.
    unsafe {
        let own = &raw mut (*here()).trace.writer;
        let now = time_stamp();
        for p in SCHED.all_procs() {
            let trace = procs::of(p);
            let w = match trace.state {
                ProcState::Unknown => continue,
                ProcState::Running => &mut (*trace.m).trace.writer,
                ProcState::Idle | ProcState::Syscall => &mut *own,
            };
            trace.sequence = 0;
            let arguments = [p.id as u64, trace.state as u64];
            w.event_at(now, Event::ProcStatus, &arguments);
        }
        let mut stacks_left = MOST_STACKS;
        g::for_each(|g| {
            if (*g).trace.state != GoState::Unknown {
                mention(&mut *own, g, now, &mut stacks_left);
            }
        });
        collector::mention(&mut *own);
        collector::heap_state(&mut *own);
    }
}

/// # Safety
/// As for [`begin_generation`].
unsafe fn mention(own: &mut Writer, g: *mut G, now: u64, stacks_left: &mut usize) {
    // SAFETY: a goroutine that runs or is in a system call has an M; the others stay where
    // they are.
    unsafe {
        let state = (*g).trace.state;
        let (w, thread) = match state {
            GoState::Running | GoState::Syscall => {
                let m = (*g).context.m as *mut M;
                let w = &mut (*m).trace.writer;
                let thread = w.thread;
                (w, thread)
            }
            _ => (own, NO_THREAD),
        };
        // One that halted in a runtime call, or was interrupted, has a stack to look at; so
        // has one in a system call.
        let stack = if *stacks_left > 0 {
            *stacks_left -= 1;
            w.stacks.of_goroutine(g)
        } else {
            0
        };
        (*g).trace.sequence = 0;
        let arguments = [(*g).context.goid, thread, state as u64, stack];
        w.event_at(now, Event::GoStatusStack, &arguments);
    }
}

/// Ends the generation and begins the next one or, with `stop`, ends the trace. Gives the
/// number of the generation that ended, 0 if there is no trace.
///
/// # Safety
/// As for [`start`].
pub unsafe fn advance(stop: bool) -> u64 {
    // SAFETY: see above.
    let ended = unsafe {
        let stopped = world::stop_for(None);
        let ended = OUTSIDE.lock.with(|| is_on().then(|| advance_stopped(stop)));
        drop(stopped);
        ended
    };
    let Some((number, tables)) = ended else {
        return 0;
    };
    // Names are looked up while the world runs.
    tables.batches(number).into_iter().for_each(queue::push);
    if stop {
        queue::end();
    }
    queue::seal(number);
    wake_reader();
    number
}

/// # Safety
/// The world is stopped and [`OUTSIDE`] is locked.
unsafe fn advance_stopped(stop: bool) -> (u64, Tables) {
    let number = generation();
    let mut all = Vec::new();
    let mut close = |w: &mut Writer| {
        w.flush();
        all.append(&mut w.stacks.take());
        if stop {
            w.release();
        }
    };
    // SAFETY: T3.
    unsafe {
        m::for_each(|m| close(&mut (*m).trace.writer));
        close(&mut *OUTSIDE.writer.get());
        let mut sampled = StackTable::new();
        samples::flush(number, &mut sampled);
        all.append(&mut sampled.take());
        clocks(number);
        let tables = Tables::take(all);
        if stop {
            ON.store(false, Ordering::SeqCst);
        } else {
            begin_generation();
        }
        (number, tables)
    }
}

/// How the trace's clock relates to others.
fn clocks(number: u64) {
    let mut record = vec![Event::Frequency as u8];
    put_number(&mut record, CLOCK_HZ);
    let (mono, wall) = (time::nanotime(), time::wall_ns());
    record.push(Event::ClockSnapshot as u8);
    let (seconds, ns) = (wall / 1_000_000_000, wall % 1_000_000_000);
    // The batch has the time of the snapshot.
    for n in [0, mono as u64, seconds as u64, ns as u64] {
        put_number(&mut record, n);
    }
    let mut out = TableWriter::new(Event::Sync, number);
    out.record(&record);
    out.finish().into_iter().for_each(queue::push);
}
