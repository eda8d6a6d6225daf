//! Stack segments: memory, the cache of free ones, growth and its limit.
//!
//! ```text
//!  lo                    limit                                    hi
//!  ├── margin (1 KB) ─────┼──────────── frames grow down ◄─────────┤ Segment (header)
//! ```
//!
//! The header sits above the stack it describes, next to the memory that is hot first.
//! Segments of one goroutine are linked both ways; `next` outlives a return from it, so
//! that a loop whose callee crosses the boundary does not allocate.

use core::mem::size_of;
use core::ops::Range;
use core::ptr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use goxide_abi::{GContext, MAX_STACK_BYTES, STACK_MARGIN_BYTES};

/// Header of a stack segment.
#[repr(C)]
pub struct Segment {
    /// The segment this one was entered from; null for a goroutine's first.
    pub prev: *mut Segment,
    /// The segment entered last from this one, kept for the next crossing.
    pub next: *mut Segment,
    /// Stack pointer of the frame below, where it continues: at its return address.
    pub saved_sp: usize,
    /// What `g.stack_limit` is while this segment is current.
    pub limit: usize,
    /// First byte.
    pub lo: usize,
    /// End of the stack memory (and address of this header).
    pub hi: usize,
    /// Largest frame that fits.
    pub usable_bytes: usize,
    /// Size of the whole block, header included.
    pub block_bytes: usize,
    /// Bytes of this segment and all before it.
    pub total_bytes: usize,
}

/// Block size of a goroutine's first segment.
pub const FIRST_SEGMENT_BYTES: usize = 1792;
/// Below the stack of code that does not check it.
const GUARD_BYTES: usize = 4096;
/// Such stacks are cut from mappings of so many.
const STACKS_IN_CHUNK: usize = 16;
const SECOND_SEGMENT_BYTES: usize = 8 << 10;
/// Block size of class 0; each further class doubles it.
const CLASS_BYTES: usize = 4 << 10;
const LARGEST_CACHED_BYTES: usize = 1 << 20;
const LARGEST_SEGMENT_BYTES: usize = 256 << 20;
/// Space that `morestack` needs beside the frame itself.
const FRAME_SLACK_BYTES: usize = 64;

/// Free segments by size class: blocks of `CLASS_BYTES << i`.
struct Cache {
    classes: [Class; CLASSES],
    /// Of those that have memory.
    bytes: usize,
}

/// Free segments of one size.
struct Class {
    /// Those that have memory; the last is taken first.
    warm: Vec<usize>,
    /// The fewest that they were since [`note_unused`] looked last: so many nobody needed.
    fewest: usize,
    /// So many are to give their memory back.
    unused: usize,
    /// Those whose memory was given back. (Unmapping single ones would cut mappings to
    /// pieces, and there may not be many of these.)
    cold: Vec<usize>,
}

impl Class {
    const EMPTY: Class = Class {
        warm: Vec::new(),
        fewest: 0,
        unused: 0,
        cold: Vec::new(),
    };
}

const CLASSES: usize = (LARGEST_CACHED_BYTES / CLASS_BYTES).trailing_zeros() as usize + 1;
const CACHE_LIMIT_BYTES: usize = 64 << 20;

static CACHE: Mutex<Cache> = Mutex::new(Cache {
    classes: [Class::EMPTY; CLASSES],
    bytes: 0,
});

static MAX_BYTES: AtomicUsize = AtomicUsize::new(MAX_STACK_BYTES);

/// Limit on one goroutine's stack.
pub fn max_stack_bytes() -> usize {
    MAX_BYTES.load(Ordering::Relaxed)
}

/// Sets it; gives the old one.
pub fn set_max_stack_bytes(bytes: usize) -> usize {
    MAX_BYTES.swap(bytes, Ordering::Relaxed)
}

/// The goroutine's stack would pass Go's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StackOverflow;

impl Segment {
    /// A segment whose block has at least `block_bytes`, from the cache or the system.
    pub fn allocate(block_bytes: usize) -> *mut Segment {
        let bytes = block_bytes.next_power_of_two().max(CLASS_BYTES);
        let lo = take_cached(bytes).unwrap_or_else(|| map(bytes));
        init(lo, bytes)
    }

    /// A segment that never grows and is never freed, with a page below it that cannot be
    /// touched: for code that does not check its stack.
    pub fn allocate_guarded(block_bytes: usize) -> *mut Segment {
        /// Tops of stacks that are all at the same offset in their pages would share few
        /// lines of the processor's caches.
        const COLOURS: usize = 32;
        const COLOUR_BYTES: usize = 192;
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        static CHUNK: Mutex<Range<usize>> = Mutex::new(0..0);
        let bytes = GUARD_BYTES + block_bytes.next_multiple_of(GUARD_BYTES);
        let mut chunk = CHUNK.lock().unwrap();
        if chunk.len() < bytes {
            let start = map(STACKS_IN_CHUNK * bytes);
            *chunk = start..start + STACKS_IN_CHUNK * bytes;
        }
        let lo = chunk.start;
        chunk.start += bytes;
        drop(chunk);
        guard(lo);
        let colour = COUNT.fetch_add(1, Ordering::Relaxed) % COLOURS;
        init(lo + GUARD_BYTES, block_bytes - colour * COLOUR_BYTES)
    }

    /// Returns the segment's memory to the cache or the system.
    ///
    /// # Safety
    /// Nothing may use the segment any more, and it must be linked to no other.
    pub unsafe fn free(segment: *mut Segment) {
        // SAFETY: the caller owns the segment.
        let (lo, bytes) = unsafe { ((*segment).lo, (*segment).block_bytes) };
        let mut cache = CACHE.lock().unwrap();
        if bytes <= LARGEST_CACHED_BYTES && cache.bytes + bytes <= CACHE_LIMIT_BYTES {
            cache.classes[class(bytes)].warm.push(lo);
            cache.bytes += bytes;
            return;
        }
        drop(cache);
        // SAFETY: `map` made this block, and the caller gave it up.
        unsafe { unmap(lo, bytes) };
    }
}

/// # Safety
/// The caller's own mapping, or a part of it, that nobody uses.
unsafe fn unmap(lo: usize, bytes: usize) {
    MAPPED_BYTES.fetch_sub(bytes, Ordering::Relaxed);
    // SAFETY: see above.
    unsafe { libc::munmap(lo as *mut libc::c_void, bytes) };
}

fn class(bytes: usize) -> usize {
    (bytes / CLASS_BYTES).trailing_zeros() as usize
}

fn take_cached(bytes: usize) -> Option<usize> {
    if bytes > LARGEST_CACHED_BYTES {
        return None;
    }
    let mut cache = CACHE.lock().unwrap();
    let class = &mut cache.classes[class(bytes)];
    let Some(lo) = class.warm.pop() else {
        let lo = class.cold.pop()?;
        MAPPED_BYTES.fetch_add(bytes, Ordering::Relaxed);
        return Some(lo);
    };
    class.fewest = class.fewest.min(class.warm.len());
    cache.bytes -= bytes;
    Some(lo)
}

/// Free segments that nobody needed since the last call, or `all`, are to give their memory
/// back ([`trim_cache`]). A few small ones of each size stay.
pub fn note_unused(all: bool) {
    const KEPT_BYTES: usize = 64 << 10;
    let mut cache = CACHE.lock().unwrap();
    for (i, class) in cache.classes.iter_mut().enumerate() {
        let len = class.warm.len();
        let most = len - len.min(KEPT_BYTES / (CLASS_BYTES << i));
        class.unused = if all { len } else { class.fewest }.min(most);
        class.fewest = len;
    }
}

/// Gives the memory of some of these back to the system, at most `count`; whether there are
/// more.
pub fn trim_cache(mut count: usize) -> bool {
    let mut cache = CACHE.lock().unwrap();
    let Cache {
        classes,
        bytes: cached_bytes,
    } = &mut *cache;
    for (i, class) in classes.iter_mut().enumerate() {
        let bytes = CLASS_BYTES << i;
        class.unused = class.unused.min(class.warm.len());
        let some = class.unused.min(count);
        for lo in class.warm.drain(..some) {
            forget_pages(lo, bytes);
            MAPPED_BYTES.fetch_sub(bytes, Ordering::Relaxed);
            *cached_bytes -= bytes;
            class.cold.push(lo);
        }
        class.unused -= some;
        class.fewest = class.fewest.min(class.warm.len());
        count -= some;
    }
    cache.classes.iter().any(|class| class.unused > 0)
}

/// Gives pages back to the system; they are zero when they are touched again.
fn forget_pages(lo: usize, bytes: usize) {
    // SAFETY: the caller's own mapping, which nobody uses. If the kernel refuses, the pages
    // stay.
    unsafe { libc::madvise(lo as *mut libc::c_void, bytes, libc::MADV_DONTNEED) };
}

/// Bytes of free segments kept for reuse.
pub fn cached_segment_bytes() -> usize {
    CACHE.lock().unwrap().bytes
}

pub(crate) static MAPPED_BYTES: AtomicUsize = AtomicUsize::new(0);

/// Bytes of all segments, free ones and the Gs behind first ones included, but for those whose
/// memory was given back to the system.
pub fn mapped_segment_bytes() -> usize {
    MAPPED_BYTES.load(Ordering::Relaxed)
}

fn map(bytes: usize) -> usize {
    MAPPED_BYTES.fetch_add(bytes, Ordering::Relaxed);
    reserve(bytes)
}

/// Address space for stacks, which becomes memory where it is touched.
pub(crate) fn reserve(bytes: usize) -> usize {
    // SAFETY: a fresh anonymous mapping.
    let p = unsafe {
        libc::mmap(
            ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if p == libc::MAP_FAILED {
        eprintln!("runtime: out of memory: cannot allocate a stack of {bytes} bytes");
        eprintln!("fatal error: out of memory");
        std::process::exit(2);
    }
    p as usize
}

/// Makes a page one that cannot be touched: by a mark in the page table where the kernel
/// (6.13) knows that, which keeps a thousand stacks from being two thousand mappings.
fn guard(page: usize) {
    const MADV_GUARD_INSTALL: i32 = 102;
    let page = page as *mut libc::c_void;
    // SAFETY: the caller's page, which nobody uses.
    let guarded = unsafe {
        libc::madvise(page, GUARD_BYTES, MADV_GUARD_INSTALL) == 0
            || libc::mprotect(page, GUARD_BYTES, libc::PROT_NONE) == 0
    };
    assert!(guarded, "the guard page of a stack cannot be protected");
}

pub(crate) fn init(lo: usize, block_bytes: usize) -> *mut Segment {
    let hi = (lo + block_bytes - size_of::<Segment>()) & !15;
    let limit = lo + STACK_MARGIN_BYTES;
    let segment = hi as *mut Segment;
    // SAFETY: the block is ours and holds the header at its end.
    unsafe {
        segment.write(Segment {
            prev: ptr::null_mut(),
            next: ptr::null_mut(),
            saved_sp: 0,
            limit,
            lo,
            hi,
            usable_bytes: hi - limit,
            block_bytes,
            total_bytes: block_bytes,
        });
    }
    segment
}

/// Gives the current segment of `g` a `next` with room for a frame of `frame_bytes`.
///
/// # Safety
/// `g` is a live G whose stack is not in use by another thread.
pub unsafe fn grow(g: *mut GContext, frame_bytes: usize) -> Result<(), StackOverflow> {
    // SAFETY: the caller vouches for g; its segment list is only touched by its M.
    unsafe {
        let current = (*g).segment as *mut Segment;
        drop_next(current);
        let frame = frame_bytes + STACK_MARGIN_BYTES + size_of::<Segment>() + FRAME_SLACK_BYTES;
        let wanted = if (*current).block_bytes <= FIRST_SEGMENT_BYTES {
            SECOND_SEGMENT_BYTES
        } else {
            ((*current).block_bytes * 2).min(LARGEST_SEGMENT_BYTES)
        };
        let bytes = wanted.max(frame).next_power_of_two();
        if (*current).total_bytes + bytes > max_stack_bytes() {
            return Err(StackOverflow);
        }
        let next = Segment::allocate(bytes);
        (*next).prev = current;
        (*next).total_bytes = (*current).total_bytes + (*next).block_bytes;
        (*current).next = next;
    }
    Ok(())
}

/// Frees everything behind `segment`.
///
/// # Safety
/// No frame lives on the segments behind it.
pub unsafe fn drop_next(segment: *mut Segment) {
    // SAFETY: see above; the list is owned by the caller.
    unsafe {
        let mut next = (*segment).next;
        (*segment).next = ptr::null_mut();
        while !next.is_null() {
            let after = (*next).next;
            Segment::free(next);
            next = after;
        }
    }
}

/// Segments that are to be freed.
struct Discarded {
    /// Heads of lists of them.
    heads: Vec<usize>,
    /// What is left of large ones.
    blocks: Vec<Range<usize>>,
}

static DISCARDED: Mutex<Discarded> = Mutex::new(Discarded {
    heads: Vec::new(),
    blocks: Vec::new(),
});

/// Takes from behind `segment` what was not entered since the last call: for
/// [`free_some_discarded`], as this may be a moment when nothing should take long.
///
/// # Safety
/// As for [`drop_next`].
pub unsafe fn discard_unused_next(segment: *mut Segment) {
    // SAFETY: see above. `morestack` sets `saved_sp` of a segment that it enters; nobody
    // looks at it while the segment is not in use.
    unsafe {
        let mut last = segment;
        loop {
            let next = (*last).next;
            if next.is_null() {
                return;
            }
            if (*next).saved_sp == 0 {
                (*last).next = ptr::null_mut();
                DISCARDED.lock().unwrap().heads.push(next as usize);
                return;
            }
            (*next).saved_sp = 0;
            last = next;
        }
    }
}

/// Frees a segment that was discarded, or a part of a large one; false if there is none.
pub fn free_some_discarded() -> bool {
    let mut discarded = DISCARDED.lock().unwrap();
    if let Some(block) = discarded.blocks.pop() {
        let end = block.end.min(block.start + LARGEST_CACHED_BYTES);
        // SAFETY: a block that nobody else knows, from its beginning.
        unsafe { unmap(block.start, end - block.start) };
        if end < block.end {
            discarded.blocks.push(end..block.end);
        }
        return true;
    }
    let Some(head) = discarded.heads.pop() else {
        return false;
    };
    let segment = head as *mut Segment;
    // SAFETY: nobody else knows the list.
    unsafe {
        let (lo, bytes) = ((*segment).lo, (*segment).block_bytes);
        if !(*segment).next.is_null() {
            discarded.heads.push((*segment).next as usize);
        }
        if bytes > LARGEST_CACHED_BYTES {
            discarded.blocks.push(lo..lo + bytes);
        } else {
            Segment::free(segment);
        }
    }
    true
}

/// Makes `g`'s current segment the one that holds `sp`, as when frames are left by recover.
///
/// # Safety
/// `sp` lies in one of the segments of `g` that are in use.
pub unsafe fn release(g: *mut GContext, sp: usize) {
    // SAFETY: the caller vouches that the walk ends at a segment of g.
    unsafe {
        let mut segment = (*g).segment as *mut Segment;
        while !((*segment).lo..=(*segment).hi).contains(&sp) {
            segment = (*segment).prev;
            assert!(
                !segment.is_null(),
                "stack pointer outside of the goroutine's segments"
            );
        }
        (*g).segment = segment as usize;
        (*g).stack_limit = (*segment).limit;
    }
}

/// The segments in use by a goroutine that is not running: for each, the first live byte
/// and the end, from the newest to the oldest.
pub struct Segments {
    segment: *const Segment,
    sp: usize,
}

impl Segments {
    /// # Safety
    /// `g` must not run while the iterator is used.
    pub unsafe fn of(g: *const GContext) -> Segments {
        // SAFETY: the caller vouches for g.
        unsafe {
            Segments {
                segment: (*g).segment as *const Segment,
                sp: (*g).sched_sp,
            }
        }
    }
}

impl Iterator for Segments {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        if self.segment.is_null() {
            return None;
        }
        // SAFETY: `of`'s caller keeps the list alive and still.
        let segment = unsafe { &*self.segment };
        // In a system call Go code may have run on since sp was saved: then all counts.
        let known = (segment.lo..=segment.hi).contains(&self.sp);
        let range = (if known { self.sp } else { segment.lo }, segment.hi);
        self.sp = segment.saved_sp;
        self.segment = segment.prev;
        Some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocate_first;

    /// Held by tests that free segments: there is one cache.
    static FREEING: Mutex<()> = Mutex::new(());

    fn context(segment: *mut Segment) -> GContext {
        // SAFETY: all-zero is a valid GContext.
        let mut g: GContext = unsafe { core::mem::zeroed() };
        // SAFETY: a segment just allocated.
        unsafe {
            g.segment = segment as usize;
            g.stack_limit = (*segment).limit;
            g.sched_sp = (*segment).hi - 64;
        }
        g
    }

    #[test]
    fn growth_doubles_and_release_returns_to_the_segment_of_the_frame() {
        let _alone = FREEING.lock().unwrap();
        let (first, _) = allocate_first(64);
        let mut g = context(first);
        // SAFETY: nothing runs on this stack; the segments are this test's.
        unsafe {
            grow(&mut g, 100).unwrap();
            let second = (*first).next;
            (*second).saved_sp = g.sched_sp;
            g.segment = second as usize;
            grow(&mut g, 100_000).unwrap();
            let third = (*second).next;
            assert!((*third).usable_bytes > 100_000);
            assert_eq!((*second).block_bytes, SECOND_SEGMENT_BYTES);
            let outer = (*second).saved_sp;
            release(&mut g, outer);
            assert_eq!(g.segment, first as usize);
            assert_eq!(g.stack_limit, (*first).limit);
            drop_next(first);
            assert!((*first).next.is_null());
        }
    }

    #[test]
    fn the_total_is_limited() {
        let _alone = FREEING.lock().unwrap();
        let (first, _) = allocate_first(64);
        let mut g = context(first);
        // SAFETY: as above.
        unsafe {
            assert_eq!(grow(&mut g, MAX_STACK_BYTES), Err(StackOverflow));
            let mut depth = 0;
            while grow(&mut g, 64).is_ok() {
                let next = (*(g.segment as *mut Segment)).next;
                (*next).saved_sp = (*(g.segment as *mut Segment)).hi - 64;
                g.segment = next as usize;
                depth += 1;
            }
            assert!(depth > 10 && depth < 40, "{depth}");
            drop_next(first);
        }
    }

    #[test]
    fn what_nobody_needed_is_given_back() {
        const BYTES: usize = 512 << 10;
        let _alone = FREEING.lock().unwrap();
        let trim = |all| {
            note_unused(all);
            while trim_cache(1) {}
        };
        trim(true);
        CACHE.lock().unwrap().classes[class(BYTES)].cold = Vec::new();
        let counts = || {
            let cache = CACHE.lock().unwrap();
            let class = &cache.classes[class(BYTES)];
            (class.warm.len(), class.cold.len())
        };
        // SAFETY: the segments are this test's.
        unsafe {
            let segments = [0; 3].map(|_| Segment::allocate(BYTES));
            segments.iter().for_each(|&s| Segment::free(s));
            trim(false);
            assert_eq!(counts(), (3, 0));
            let used = Segment::allocate(BYTES);
            Segment::free(used);
            trim(false);
            assert_eq!(counts(), (1, 2));
            let again = [0; 2].map(|_| Segment::allocate(BYTES));
            assert_eq!(counts(), (0, 1));
            assert_eq!((*again[1]).block_bytes, BYTES);
            again.iter().for_each(|&s| Segment::free(s));
            trim(true);
            assert_eq!(counts(), (0, 3));
        }
    }

    #[test]
    fn a_segment_not_entered_for_two_looks_is_discarded() {
        let _alone = FREEING.lock().unwrap();
        let (first, _) = allocate_first(64);
        let mut g = context(first);
        // SAFETY: as above.
        unsafe {
            grow(&mut g, 3 * LARGEST_CACHED_BYTES).unwrap();
            let second = (*first).next;
            (*second).saved_sp = g.sched_sp; // entered, and left
            discard_unused_next(first);
            assert_eq!((*first).next, second);
            (*second).saved_sp = g.sched_sp;
            discard_unused_next(first);
            assert_eq!((*first).next, second);
            discard_unused_next(first);
            assert!((*first).next.is_null());
            while free_some_discarded() {}
            assert!(!free_some_discarded());
        }
    }

    #[test]
    fn below_a_guarded_stack_is_nothing() {
        let mut ends = [0; 2];
        // SAFETY: plain system calls; the kernel says whether it could read the byte.
        unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            let can_read = |address: usize| libc::write(ends[1], address as *const _, 1) == 1;
            for _ in 0..2 * STACKS_IN_CHUNK {
                let stack = Segment::allocate_guarded(64 << 10);
                assert!(!can_read((*stack).lo - 1) && !can_read((*stack).lo - GUARD_BYTES));
                assert!(can_read((*stack).lo) && can_read((*stack).hi - 1));
                assert!((*stack).hi - (*stack).lo > 57 << 10);
            }
            libc::close(ends[0]);
            libc::close(ends[1]);
        }
    }
}
