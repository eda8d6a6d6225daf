//! The heap as a whole: its parts and its public face.

use crate::{
    Cache, Collection, Due, MemStats, OutOfMemory, RootSet, SetFinalizerError, Trigger, Type,
};
use std::ptr::NonNull;

/// How to make a [`Heap`].
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Address space to reserve; halved until the OS agrees. A multiple of 64 MiB.
    pub reserve_bytes: usize,
    /// Address to reserve it at if that is free, or 0.
    pub address_hint: usize,
    /// `GOGC`; negative: off.
    pub gc_percent: i32,
    /// `GOMEMLIMIT` in bytes; `i64::MAX`: none.
    pub memory_limit: i64,
    /// Threads that mark, the one that calls `collect` included.
    pub workers: usize,
    /// `should_collect` is always true, and freed memory is filled with a pattern.
    pub torture: bool,
    /// Compare every collection with the slow, obviously right one; abort on a difference.
    pub sanity: bool,
    /// The OS refused this many bytes. Must not return.
    pub out_of_memory: fn(bytes: usize) -> !,
}

/// An object found by an address in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Object {
    /// Its first byte, as `alloc` gave it.
    pub base: usize,
    /// Usable bytes from `base`.
    pub size: usize,
    /// It holds no pointers.
    pub noscan: bool,
}

/// The heap.
pub struct Heap {
    _private: (),
}

#[allow(unused_variables)]
impl Heap {
    /// Reserves the address space and makes an empty heap.
    pub fn new(config: Config) -> Result<Box<Heap>, OutOfMemory> {
        unimplemented!("heap: contract only")
    }

    /// A new cache, registered with the heap for as long as that lives.
    pub fn new_cache(&self) -> NonNull<Cache> {
        unimplemented!("heap: contract only")
    }

    /// Gives back what the cache of a P that goes out of use holds; it may be used again.
    ///
    /// # Safety
    /// The cache is this heap's and no other thread uses it.
    pub unsafe fn flush_cache(&self, cache: NonNull<Cache>) {
        unimplemented!("heap: contract only")
    }

    /// Allocates `size` bytes. `ty` null (or a type without pointers): never scanned. `size`
    /// may be a multiple of the type's size: an array. Memory that may hold pointers is
    /// always zeroed, other memory if `zeroed`.
    ///
    /// # Safety
    /// `ty` is null or a type descriptor that stays valid while the object lives.
    #[inline]
    pub unsafe fn alloc(
        &self,
        cache: &mut Cache,
        size: usize,
        ty: *const Type,
        zeroed: bool,
    ) -> *mut u8 {
        unimplemented!("heap: contract only")
    }

    /// Allocates `count` elements; `None` if their size overflows Go's limit (2^48).
    ///
    /// # Safety
    /// As [`alloc`](Self::alloc), and `elem` is not null.
    pub unsafe fn alloc_array(
        &self,
        cache: &mut Cache,
        elem: *const Type,
        count: usize,
        zeroed: bool,
    ) -> Option<*mut u8> {
        unimplemented!("heap: contract only")
    }

    /// Allocates zeroed memory every word of which is taken for a possible pointer.
    pub fn alloc_conservative(&self, cache: &mut Cache, size: usize) -> *mut u8 {
        unimplemented!("heap: contract only")
    }

    /// True if a collection is due: one relaxed load.
    #[inline]
    pub fn should_collect(&self) -> bool {
        unimplemented!("heap: contract only")
    }

    /// Collects. Finishes the sweeping of the collection before first.
    ///
    /// # Safety
    /// The world is stopped and `roots` names every word outside the heap that may hold a
    /// pointer into it.
    pub unsafe fn collect(&self, trigger: Trigger, roots: &dyn RootSet) -> Collection {
        unimplemented!("heap: contract only")
    }

    /// Sweeps up to `spans` spans; false when nothing is left to sweep. Any thread, world
    /// running or not.
    pub fn sweep_step(&self, spans: usize) -> bool {
        unimplemented!("heap: contract only")
    }

    /// Sweeps all that is left and gives all free pages back to the OS.
    pub fn free_os_memory(&self) {
        unimplemented!("heap: contract only")
    }

    /// The object that this address is in, if it is in an allocated one.
    pub fn find_object(&self, address: usize) -> Option<Object> {
        unimplemented!("heap: contract only")
    }

    /// True if the address is in the heap's range (not: in an object).
    #[inline]
    pub fn contains(&self, address: usize) -> bool {
        unimplemented!("heap: contract only")
    }

    /// Bytes that an allocation of `size` can use; `append` rounds capacities up to it.
    pub fn round_up_size(size: usize, noscan: bool) -> usize {
        unimplemented!("heap: contract only")
    }

    /// Sets `GOGC` and gives the old value; negative: off.
    pub fn set_gc_percent(&self, percent: i32) -> i32 {
        unimplemented!("heap: contract only")
    }

    /// Sets `GOMEMLIMIT` and gives the old value; a negative value only asks.
    pub fn set_memory_limit(&self, bytes: i64) -> i64 {
        unimplemented!("heap: contract only")
    }

    /// Figures, exact if no thread allocates meanwhile.
    pub fn mem_stats(&self) -> MemStats {
        unimplemented!("heap: contract only")
    }

    /// Sets (or with `closure` 0 clears) the finalizer of the object at `object`. An address
    /// outside the heap is accepted if `object` is not in the heap's range at all and then
    /// never runs (globals).
    pub fn set_finalizer(&self, object: usize, closure: usize) -> Result<(), SetFinalizerError> {
        unimplemented!("heap: contract only")
    }

    /// Adds a cleanup to the object that `object` is in; gives its id, never 0.
    pub fn add_cleanup(&self, object: usize, closure: usize) -> u64 {
        unimplemented!("heap: contract only")
    }

    /// Removes a cleanup that has not been queued yet.
    pub fn stop_cleanup(&self, object: usize, id: u64) {
        unimplemented!("heap: contract only")
    }

    /// True if [`take_due`](Self::take_due) has something.
    #[inline]
    pub fn has_due(&self) -> bool {
        unimplemented!("heap: contract only")
    }

    /// The next finalizer or cleanup to run. The caller must keep what it got visible to the
    /// collector until it has run.
    pub fn take_due(&self) -> Option<Due> {
        unimplemented!("heap: contract only")
    }

    /// The weak handle of the object that `object` is in: a heap object itself, the same one
    /// as long as the object lives.
    pub fn weak_register(&self, cache: &mut Cache, object: usize) -> usize {
        unimplemented!("heap: contract only")
    }

    /// The object of a weak handle, or 0 if it is gone.
    pub fn weak_strong(&self, handle: usize) -> usize {
        unimplemented!("heap: contract only")
    }

    /// Must be called before a pointer is stored to `slot` while marking runs concurrently.
    /// Marking stops the world now, so this does nothing.
    #[inline]
    pub fn write_barrier(&self, _slot: *mut usize, _new: usize) {}
}
