//! The runtime calls behind `runtime.StartTrace`, `StopTrace` and `ReadTrace`.

use super::queue::{self, Next};
use super::{IN_USE, READER, generation, is_due, is_on};
use crate::sched::m::current_g;
use crate::time;
use std::ptr;
use std::sync::atomic::Ordering;

/// Nothing to read yet: wait.
const NOTHING: usize = 0;
/// A piece of the trace.
const CHUNK: usize = 1;
/// The trace has ended.
const END: usize = 2;
/// It is time for the next generation.
const ADVANCE: usize = 3;

/// Starts a trace; 1 if there is one already.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_start() -> usize {
    if is_on() || !queue::is_idle() {
        return 1;
    }
    // SAFETY: a runtime call of a goroutine, on an M with a P.
    usize::from(!unsafe { generation::start() })
}

/// Ends the generation, or the trace; gives its number, 0 if there is no trace.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_advance(stop: usize) -> usize {
    if !is_on() {
        return 0;
    }
    // SAFETY: as above.
    unsafe { generation::advance(stop & 1 != 0) as usize }
}

/// The next piece of the trace: `out` is its address, its size, and the generation whose
/// end was the piece before (else 0).
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_next(out: *mut [usize; 3]) -> usize {
    if is_due(time::nanotime()) {
        // SAFETY: Go passes an array to fill.
        unsafe { *out = [0; 3] };
        return ADVANCE;
    }
    let (mut next, read) = queue::next();
    while next == Next::Nothing {
        READER.store(current_g(), Ordering::SeqCst);
        // What came meanwhile may have found nobody to wake. If somebody is about to wake
        // us, we have to park for that.
        if !queue::has_next() || READER.swap(ptr::null_mut(), Ordering::SeqCst).is_null() {
            break;
        }
        next = queue::next().0;
    }
    let (what, address, bytes) = match next {
        Next::Nothing => (NOTHING, 0, 0),
        Next::Chunk(address, bytes) => (CHUNK, address, bytes),
        Next::End => {
            IN_USE.store(false, Ordering::SeqCst);
            (END, 0, 0)
        }
    };
    // SAFETY: as above.
    unsafe { *out = [address, bytes, read as usize] };
    what
}
