//! Ticks of a CPU profile that is made while a trace runs, as events of the trace.
//!
//! The handler of the signal puts them into a ring besides that of the profile, which is
//! emptied when a generation ends. Ticks of threads that are no Ms are left out, as the
//! trace knows no such threads.

use super::event::{Event, put_number};
use super::stacks::StackTable;
use super::writer::TableWriter;
use super::{is_on, queue, time_stamp};
use crate::module;
use crate::profile::{Ring, Sample, cpu};
use crate::sched::m::M;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// Made when a trace and a profile are on for the first time, and kept.
static RING: AtomicPtr<Ring> = AtomicPtr::new(ptr::null_mut());

/// "P" of a thread without one.
const NO_PROC: u64 = u64::MAX;

/// A trace or a profile has begun.
pub fn prepare() {
    if !is_on() || !cpu::is_on() || ring().is_some() {
        return;
    }
    let made = Box::into_raw(Box::new(Ring::new()));
    let stored = RING.compare_exchange(ptr::null_mut(), made, Ordering::AcqRel, Ordering::Acquire);
    if stored.is_err() {
        // SAFETY: nobody else has seen it.
        drop(unsafe { Box::from_raw(made) });
    }
}

fn ring() -> Option<&'static Ring> {
    // SAFETY: never freed.
    unsafe { RING.load(Ordering::Acquire).as_ref() }
}

/// A tick of the profile on this thread, whose M is `m` or null. Async-signal-safe.
///
/// # Safety
/// In the handler of the signal.
pub unsafe fn tick(m: *const M, sample: &mut Sample) {
    let Some(ring) = ring().filter(|_| is_on() && !m.is_null()) else {
        return;
    };
    // SAFETY: this thread's M; Gs and Ps are never freed.
    unsafe {
        let (g, p) = ((*m).g.load(Ordering::Relaxed), (*m).p);
        sample.origin = [
            time_stamp(),
            (*m).trace.writer.thread,
            if p.is_null() { NO_PROC } else { (*p).id as u64 },
            if g.is_null() { 0 } else { (*g).context.goid },
        ];
    }
    // The collector does not look for labels in this ring.
    sample.labels = 0;
    ring.push(sample);
}

/// Forgets ticks that came too late for the last trace.
///
/// # Safety
/// There is no other reader of the ring, as the world is stopped.
pub unsafe fn forget() {
    let Some(ring) = ring() else { return };
    // SAFETY: see above.
    while unsafe { ring.pop() }.is_some() {}
    ring.take_lost();
}

/// The ticks of the generation that ends become batches of it; their stacks are in `stacks`.
///
/// # Safety
/// As for [`forget`].
pub unsafe fn flush(generation: u64, stacks: &mut StackTable) {
    let Some(ring) = ring() else { return };
    let mut out = TableWriter::new(Event::CpuSamples, generation);
    let mut record = Vec::new();
    // SAFETY: see above.
    while let Some(sample) = unsafe { ring.pop() } {
        record.clear();
        record.push(Event::CpuSample as u8);
        let is_go = |pc: &usize| module::function_at(pc.wrapping_sub(1)).is_some();
        let pcs = sample.pcs[..sample.depth].iter().copied();
        let pcs: Vec<usize> = pcs.filter(is_go).collect();
        for n in sample.origin {
            put_number(&mut record, n);
        }
        put_number(&mut record, stacks.id(&pcs));
        out.record(&record);
    }
    out.finish().into_iter().for_each(queue::push);
}
