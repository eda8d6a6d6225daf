//! Stacks as lists of program counters, and as text in Go's form.
//!
//! Frames are found by the chain of frame pointers, which crosses stack segments by itself;
//! only the return address of a function that was entered on a new segment is hidden by
//! `goxide_lessstack`, and is found in the segment instead.
//!
//! Of arguments dumps show that there are none (`main.f()`), otherwise `main.f(...)`. Go shows
//! words, which its functions store to their frames at entry for that purpose, or keep there
//! at times (what may be old is marked by `?`). Our functions store none: an argument is in
//! whatever register the code generator finds best, and gone when nothing needs it. To show
//! some would cost every call a store for each word.

pub mod ancestors;
mod interrupted;
mod labels;
mod text;
mod walk;

pub use interrupted::Interrupted;
pub use text::{
    Level, Stacks, dump_all, dump_other, dump_own, frames, header, interrupted_state, level,
    level_from_environment, others, runtime_is_at_fault, set_level,
};
pub use walk::{Frame, Walk};

use crate::sched::g::G;
use crate::sched::m::current_g;
use crate::sched::world;
use crate::tracer::Text;
use goxide_abi::GoroutineRecord;

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_callers(skip: usize, pcs: *mut usize, max: usize, fp: usize) -> usize {
    // SAFETY: the running goroutine's stack, below which nothing moves; Go passes a buffer.
    unsafe {
        let g = current_g();
        let walk = if fp == 0 {
            Walk::parked(g)
        } else {
            Walk::from_frame(g, fp)
        };
        let mut n = 0;
        for frame in walk.skip(skip).take(max) {
            *pcs.add(n) = frame.pc;
            n += 1;
        }
        n
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_stack_dump(buffer: *mut u8, bytes: usize, all: usize) -> usize {
    let mut out = String::new();
    // SAFETY: with `all` the world is stopped while others' stacks are read.
    unsafe {
        let g = current_g();
        if all & 1 != 0 {
            let stopped = world::stop_for(Some(Text::StopAllStacks));
            dump_all(&mut out, g);
            drop(stopped);
        } else {
            dump_own(&mut out, g);
        }
        let n = out.len().min(bytes);
        std::ptr::copy_nonoverlapping(out.as_ptr(), buffer, n);
        n
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_set_traceback(name: *const u8, bytes: usize) {
    // SAFETY: Go passes a string.
    let name = unsafe { std::slice::from_raw_parts(name, bytes) };
    set_level(std::str::from_utf8(name).unwrap_or(""));
}

#[unsafe(no_mangle)]
extern "C" fn goxide_set_traceback_labels(show: usize) {
    text::show_labels(show & 1 != 0);
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_goroutine_profile(
    records: *mut GoroutineRecord,
    max: usize,
    leaked: usize,
) -> usize {
    let mut n = 0;
    // SAFETY: the world is stopped while stacks are read; Go passes `max` records.
    unsafe {
        let stopped = world::stop_for(Some(Text::StopGoroutineProfile));
        world::for_each_live(&stopped, |g: *mut G| {
            if (*g).system || leaked & 1 != 0 && !(*g).leaked {
                return;
            }
            if n < max {
                let record = &mut *records.add(n);
                record.goid = (*g).context.goid;
                record.labels = (*g).context.locals[0];
                crate::memory::wrote((&raw const record.labels).cast(), size_of::<usize>());
                record.depth = 0;
                for frame in Walk::parked(g).take(record.pcs.len()) {
                    record.pcs[record.depth] = frame.pc;
                    record.depth += 1;
                }
            }
            n += 1;
        });
        drop(stopped);
    }
    n
}
