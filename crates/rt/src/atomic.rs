//! Atomics, by a name of our own: the models in `tests/` compile the same sources with those
//! of a model checker.

pub use std::sync::atomic::{AtomicI64, AtomicPtr, AtomicU32, AtomicUsize, Ordering};
