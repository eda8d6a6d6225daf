//! The stacks of deferred calls: one for each goroutine that defers in loops.
//!
//! Such a stack is a list of chunks, the newest first. Compiled code makes records between
//! `g.defer_top` and `g.defer_end` itself (`lower`, `func/defer.rs`); here is what happens at
//! the ends of a chunk. Chunks of the ordinary size are kept by the Ps.
//!
//! The collector looks at what is used of the chunks as it looks at stacks: without a write
//! barrier, one word at a time, and again when marking ends.

use crate::sched::m::{current_g, here};
use crate::sched::p::Own;
use goxide_abi::{DeferChunk, GContext, NO_DEFER_CHUNK};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::Range;
use std::ptr;

/// Size of a goroutine's first chunk.
const FIRST_BYTES: usize = 2 << 10;
/// Chunks do not become larger than this.
const MAX_BYTES: usize = 1 << 20;
/// An empty stack does not keep a larger chunk.
const MAX_KEPT_BYTES: usize = 64 << 10;
/// How many chunks of the first size a P keeps.
const KEPT_BY_P: usize = 32;

const HEAD: usize = size_of::<DeferChunk>();

fn layout(bytes: usize) -> Layout {
    Layout::from_size_align(bytes, 16).expect("chunks are small")
}

/// # Safety
/// `own` belongs to this M's P.
unsafe fn new_chunk(own: &mut Own, bytes: usize) -> *mut DeferChunk {
    if bytes == FIRST_BYTES
        && let Some(chunk) = own.defer_chunks.pop()
    {
        return chunk;
    }
    // SAFETY: the size is not 0.
    let chunk = unsafe { alloc(layout(bytes)) } as *mut DeferChunk;
    if chunk.is_null() {
        handle_alloc_error(layout(bytes));
    }
    // SAFETY: it is ours.
    unsafe { (*chunk).bytes = bytes };
    chunk
}

/// # Safety
/// `own` belongs to this M's P; nobody uses the chunk any more.
unsafe fn free_chunk(own: &mut Own, chunk: *mut DeferChunk) {
    // SAFETY: it came from `new_chunk`.
    unsafe {
        let bytes = (*chunk).bytes;
        if bytes == FIRST_BYTES && own.defer_chunks.len() < KEPT_BY_P {
            own.defer_chunks.push(chunk);
        } else {
            dealloc(chunk.cast(), layout(bytes));
        }
    }
}

/// # Safety
/// The context is that of a goroutine that runs on this M or has just ended there.
unsafe fn set_top(c: *mut GContext, chunk: *mut DeferChunk, top: usize) {
    // SAFETY: see above.
    unsafe {
        (*c).defer_chunk = chunk;
        (*c).defer_top = top;
        (*c).defer_end = if chunk.is_null() {
            0
        } else {
            chunk.addr() + (*chunk).bytes
        };
    }
}

/// `runtime.defer_grow`
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_defer_grow(record_bytes: usize) -> usize {
    // SAFETY: the running goroutine's context and the P it runs on.
    unsafe {
        let c = &raw mut (*current_g()).context;
        grow(c, (*(*here()).p).own(), record_bytes)
    }
}

/// `runtime.defer_shrink`
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_defer_shrink(top: usize) {
    // SAFETY: the running goroutine's context and the P it runs on.
    unsafe {
        let c = &raw mut (*current_g()).context;
        shrink(c, (*(*here()).p).own(), top);
    }
}

/// A record on a new chunk.
///
/// # Safety
/// The context is the running goroutine's, `own` its P's.
unsafe fn grow(c: *mut GContext, own: &mut Own, record_bytes: usize) -> usize {
    // SAFETY: see above.
    unsafe {
        let below = (*c).defer_chunk;
        let ordinary = match below.is_null() {
            true => FIRST_BYTES,
            false => (2 * (*below).bytes).min(MAX_BYTES),
        };
        let bytes = ordinary.max((HEAD + record_bytes).next_power_of_two());
        let chunk = new_chunk(own, bytes);
        (*chunk).below = below;
        (*chunk).below_top = (*c).defer_top;
        let record = start(chunk);
        set_top(c, chunk, record + record_bytes);
        record
    }
}

/// Makes the stack what it was when its top was there. An address in no chunk is one of a
/// time when the stack was empty: only a chunk with nothing in it, and nothing below, is ever
/// replaced.
///
/// # Safety
/// As for `grow`; there is a chunk.
unsafe fn shrink(c: *mut GContext, own: &mut Own, top: usize) {
    // SAFETY: see above.
    unsafe {
        let holder = find((*c).defer_chunk, |chunk| holds(chunk, top));
        let is_empty = holder.is_null() || (*holder).below.is_null() && top == start(holder);
        if !is_empty {
            free_down_to(own, (*c).defer_chunk, holder);
            set_top(c, holder, top);
            return;
        }
        // What was large once will be again: of all chunks the largest is the one to keep.
        let keep = find((*c).defer_chunk, |chunk| (*chunk).bytes <= MAX_KEPT_BYTES);
        free_down_to(own, (*c).defer_chunk, keep);
        if keep.is_null() {
            return set_top(c, keep, NO_DEFER_CHUNK);
        }
        free_down_to(own, (*keep).below, ptr::null_mut());
        (*keep).below = ptr::null_mut();
        set_top(c, keep, start(keep));
    }
}

/// The first chunk from here down for which something holds, or null.
///
/// # Safety
/// The chunk is in use, or null.
unsafe fn find(
    mut chunk: *mut DeferChunk,
    is: impl Fn(*mut DeferChunk) -> bool,
) -> *mut DeferChunk {
    while !chunk.is_null() && !is(chunk) {
        // SAFETY: see above.
        chunk = unsafe { (*chunk).below };
    }
    chunk
}

/// Frees chunks from this one down to `end`, which is not freed.
///
/// # Safety
/// As `free_chunk` has it, for all of them.
unsafe fn free_down_to(own: &mut Own, mut chunk: *mut DeferChunk, end: *mut DeferChunk) {
    while chunk != end {
        // SAFETY: see above.
        unsafe {
            let below = (*chunk).below;
            free_chunk(own, chunk);
            chunk = below;
        }
    }
}

fn start(chunk: *mut DeferChunk) -> usize {
    chunk.addr() + HEAD
}

/// # Safety
/// The chunk is one in use.
unsafe fn holds(chunk: *mut DeferChunk, top: usize) -> bool {
    // SAFETY: see above.
    let bytes = unsafe { (*chunk).bytes };
    (start(chunk)..=chunk.addr() + bytes).contains(&top)
}

/// Gives back the chunks of a goroutine.
///
/// # Safety
/// It has ended on this M, which has a P, and `own` is that P's.
pub unsafe fn clear(c: *mut GContext, own: &mut Own) {
    // SAFETY: see above.
    unsafe {
        free_down_to(own, (*c).defer_chunk, ptr::null_mut());
        set_top(c, ptr::null_mut(), NO_DEFER_CHUNK);
    }
}

/// Calls `visit` with the memory in use.
///
/// # Safety
/// The context is that of a goroutine that does not run.
pub unsafe fn roots(c: *const GContext, visit: &mut dyn FnMut(Range<usize>)) {
    // SAFETY: see above.
    unsafe {
        let (mut chunk, mut top) = ((*c).defer_chunk, (*c).defer_top);
        while !chunk.is_null() {
            visit(start(chunk)..top);
            top = (*chunk).below_top;
            chunk = (*chunk).below;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::PCache;
    use std::sync::Once;

    struct Stack {
        context: GContext,
        own: Own,
    }

    impl Stack {
        fn new() -> Stack {
            // A P's part has a share of the heap.
            static HEAP: Once = Once::new();
            HEAP.call_once(crate::memory::initialize);
            // SAFETY: all fields are integers and pointers.
            let mut context: GContext = unsafe { std::mem::zeroed() };
            context.defer_top = NO_DEFER_CHUNK;
            let (free, defer_chunks) = (Vec::new(), Vec::new());
            let memory = PCache::new();
            let own = Own {
                free,
                defer_chunks,
                memory,
            };
            Stack { context, own }
        }

        /// What compiled code does.
        fn push(&mut self, bytes: usize) -> usize {
            let top = self.context.defer_top + bytes;
            if top > self.context.defer_end {
                // SAFETY: the context is of no goroutine that runs.
                return unsafe { grow(&mut self.context, &mut self.own, bytes) };
            }
            std::mem::replace(&mut self.context.defer_top, top)
        }

        fn drop_to(&mut self, base: usize) {
            // SAFETY: as above.
            unsafe { shrink(&mut self.context, &mut self.own, base) }
        }

        fn used(&self) -> Vec<usize> {
            let mut used = Vec::new();
            // SAFETY: as above.
            unsafe { roots(&self.context, &mut |range| used.push(range.len())) };
            used
        }
    }

    impl Drop for Stack {
        fn drop(&mut self) {
            // SAFETY: as above.
            unsafe {
                clear(&mut self.context, &mut self.own);
                for chunk in self.own.defer_chunks.drain(..) {
                    dealloc(chunk.cast(), layout((*chunk).bytes));
                }
            }
        }
    }

    #[test]
    fn frames_end_where_they_began() {
        let mut stack = Stack::new();
        let nothing = stack.context.defer_top;
        assert!(stack.used().is_empty());
        let first = stack.push(40);
        let outer = stack.context.defer_top;
        assert_eq!(stack.used(), [40]);
        for _ in 0..200 {
            stack.push(40);
        }
        assert_eq!(stack.used().iter().sum::<usize>(), 201 * 40);
        stack.drop_to(outer);
        assert_eq!((stack.used(), stack.context.defer_top), (vec![40], outer));
        stack.drop_to(nothing);
        assert_eq!(stack.used(), [0]);
        assert_eq!(stack.push(8), first, "the chunk is still there");
    }

    #[test]
    fn an_empty_stack_keeps_the_largest_chunk_that_is_not_too_large() {
        let mut stack = Stack::new();
        let nothing = stack.context.defer_top;
        let before = stack.push(16);
        for _ in 0..10_000 {
            stack.push(100);
        }
        // The base of a frame that began with nothing pending: the chunk is another now.
        stack.drop_to(before);
        assert_eq!(stack.used(), [0]);
        assert_eq!(
            stack.context.defer_end - stack.context.defer_top,
            MAX_KEPT_BYTES - HEAD
        );
        stack.push(16);
        stack.drop_to(nothing);
        assert_eq!(stack.used(), [0]);
    }

    #[test]
    fn a_large_record_has_a_chunk_of_its_size() {
        let mut stack = Stack::new();
        let base = stack.context.defer_top;
        stack.push(3 * MAX_BYTES);
        assert_eq!(stack.used(), [3 * MAX_BYTES]);
        stack.drop_to(base);
        assert!(stack.context.defer_chunk.is_null());
        assert_eq!(stack.context.defer_top, NO_DEFER_CHUNK);
    }
}
