//! Allocation in a system call, where the M has no P and so no cache: from one cache that
//! all such Ms share under a lock, which the collector takes too.

use super::{PCache, heap};
use crate::sync::Lock;
use goxide_heap::Type;
use std::cell::UnsafeCell;

struct Shared {
    lock: Lock,
    cache: UnsafeCell<Option<PCache>>,
}

// SAFETY: the cache is reached under the lock only.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared {
    lock: Lock::new(),
    cache: UnsafeCell::new(None),
};

/// A zeroed object. No collection starts here, and the next one sees the object: the stub
/// of this call has saved a stack pointer below all frames that may hold it.
///
/// # Safety
/// As for [`super::alloc`], without a P.
pub unsafe fn alloc(size: usize, ty: *const Type) -> *mut u8 {
    SHARED.lock.with(|| {
        // SAFETY: the lock is held; `ty` is the caller's.
        unsafe {
            let cache = (*SHARED.cache.get()).get_or_insert_with(PCache::new);
            heap().alloc(cache.get(), size, ty, true)
        }
    })
}

/// Runs `f` while nobody allocates here.
pub fn excluded<R>(f: impl FnOnce() -> R) -> R {
    SHARED.lock.with(f)
}
