//! Figures for `runtime.MemStats`.

/// Of one size class.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SizeClassStats {
    /// Bytes of its objects.
    pub size: u32,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects ever freed.
    pub frees: u64,
}

/// The heap's part of `runtime.MemStats`, under the same names.
#[derive(Clone, Debug, Default)]
pub struct MemStats {
    /// Bytes in allocated objects, those not yet swept included.
    pub heap_alloc: u64,
    /// Bytes ever allocated.
    pub total_alloc: u64,
    /// Objects ever allocated.
    pub mallocs: u64,
    /// Objects ever freed.
    pub frees: u64,
    /// Bytes of address space in use for objects, free pages included.
    pub heap_sys: u64,
    /// Bytes in free pages.
    pub heap_idle: u64,
    /// Bytes in pages that hold objects.
    pub heap_inuse: u64,
    /// Bytes of free pages given back to the OS.
    pub heap_released: u64,
    /// Bytes of side tables.
    pub gc_sys: u64,
    /// The heap size that starts the next collection.
    pub next_gc: u64,
    /// When the last one ended, ns since 1970.
    pub last_gc_unix_ns: u64,
    /// All time the collector worked with the world stopped.
    pub pause_total_ns: u64,
    /// Collections.
    pub num_gc: u32,
    /// Of those, forced ones.
    pub num_forced_gc: u32,
    /// By size class, 0 (large objects) first.
    pub by_class: Vec<SizeClassStats>,
}
