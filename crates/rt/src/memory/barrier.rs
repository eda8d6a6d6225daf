//! Write barriers of code that is not compiled Go: the slow path of the stub that compiled
//! code calls, and what the runtime does after it has written pointers for Go code.
//!
//! Nothing in here is a safe point: what is written and recorded in one runtime call is so
//! between two stops of the world.

use super::{cache, heap};
use crate::sched::m::here;
use std::ptr;

/// Records a pointer that was stored outside of the stacks.
///
/// # Safety
/// On an M, in a runtime call.
unsafe fn shade(pointer: usize) {
    // SAFETY: see above; without a P there is no cache.
    unsafe {
        if (*here()).p.is_null() {
            heap().shade_alone(pointer);
        } else {
            heap().shade(cache(), pointer);
        }
    }
}

/// To be called after values that may hold pointers were written to `bytes` bytes at `start`:
/// words of it that look like pointers are taken for such.
///
/// # Safety
/// The memory is readable; on an M, in a runtime call that wrote it.
#[inline]
pub unsafe fn wrote(start: *const u8, bytes: usize) {
    if heap().is_marking() {
        // SAFETY: see above.
        unsafe { shade_words(start, bytes) };
    }
}

#[cold]
unsafe fn shade_words(start: *const u8, bytes: usize) {
    let first = start.addr().next_multiple_of(8);
    let end = start.addr() + bytes;
    for at in (first..end.saturating_sub(7)).step_by(8) {
        // SAFETY: the caller wrote these words.
        unsafe { shade(ptr::read_volatile(at as *const usize)) };
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_gc_shade_slow(pointer: usize) {
    // SAFETY: called by the barrier's stub.
    unsafe { shade(pointer) };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_memmove_pointers_slow(dst: *mut u8, src: *const u8, bytes: usize) {
    // SAFETY: Go passes two places of this size; nil faults as in `memmove`.
    unsafe {
        ptr::copy(src, dst, bytes);
        wrote(dst, bytes);
    }
}
