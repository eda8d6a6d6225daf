//! Atomics, by a name of our own: the models in `tests/` compile the same sources with those
//! of a model checker.

pub use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
use std::sync::atomic::{compiler_fence, fence};

/// What this thread stored before, all see before it loads anything after: behind an atomic
/// operation that reads and writes, which on x86-64 is such a barrier itself.
#[inline]
pub fn barrier() {
    compiler_fence(Ordering::SeqCst);
}

/// The same, behind stores of any kind.
#[inline]
pub fn full_barrier() {
    fence(Ordering::SeqCst);
}
