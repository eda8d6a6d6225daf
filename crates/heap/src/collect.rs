//! A collection from beginning to end.

use std::ops::Range;

/// Where the collector starts from; provided by the runtime.
pub trait RootSet: Sync {
    /// Calls `visit` for each range of words that may hold pointers. Ranges are shrunk to
    /// multiples of 8 bytes. Called once for a collection, on the thread that collects.
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>));
}

/// Why a collection runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// The heap has grown to its goal.
    Growth,
    /// `runtime.GC` and its like.
    Forced,
    /// Two minutes have passed.
    Periodic,
}

/// What a collection did; `gctrace` prints it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Collection {
    /// Its number, from 1.
    pub number: u32,
    /// Bytes in objects when it began.
    pub heap_before_bytes: u64,
    /// Bytes in marked objects.
    pub heap_marked_bytes: u64,
    /// The heap size that starts the next one.
    pub goal_bytes: u64,
    /// Bytes of roots.
    pub root_bytes: u64,
    /// Time to finish sweeping and prepare.
    pub prepare_ns: u64,
    /// Time to mark, with finalizers and weak handles.
    pub mark_ns: u64,
    /// Threads that marked.
    pub workers: usize,
}
