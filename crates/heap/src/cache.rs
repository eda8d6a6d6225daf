//! What one P allocates from without locks, and the fast path of allocation.
//!
//! A cache holds for each span class a *run*: free slots in a row, whose *allocated* bits
//! are set already and whose memory is zero (pointer-free slots over
//! [`EAGER_ZERO_BYTES`] excepted). Allocation bumps `next`. What is left of a run when the
//! cache is flushed is given back.

use crate::Heap;
use crate::sample::Sampling;
use crate::size_class::{
    HEADER_BYTES, MAX_BITMAP_BYTES, MAX_SMALL_BYTES, SIZES, SPAN_CLASSES, TINY_BYTES,
    size_to_class, smallest_class_for, span_class,
};
use crate::space::Page;
use crate::sync::atomic::{AtomicU64, Ordering::Relaxed};
use crate::types::{ANY_WORD, Type};
use goxide_abi::{AllocCache, FAST_CLASSES, SlotRun};

/// Pointer-free slots above this size are zeroed when they are allocated, if at all.
pub(crate) const EAGER_ZERO_BYTES: usize = 1024;
/// Go's limit on the size of an allocation.
const MAX_BYTES: usize = 1 << 48;
/// `Cache::spans` of a class without a span.
pub(crate) const NO_SPAN: Page = Page::MAX;

/// [`AllocCache::classes`].
static CLASS_ENTRIES: [u32; FAST_CLASSES] = {
    let mut entries = [0; FAST_CLASSES];
    let mut words = 1;
    while words < FAST_CLASSES {
        let class = smallest_class_for(words * 8) as usize;
        let offset = span_class(class, false) * size_of::<SlotRun>();
        entries[words] = SIZES[class] as u32 | (offset as u32) << 16;
        words += 1;
    }
    entries
};

/// Address of all objects without bytes.
static ZERO_SIZED: u64 = 0;

/// A P's share of the heap.
#[repr(C)]
pub struct Cache {
    /// What the fast path in assembly touches, too; its address is that of the cache.
    pub(crate) head: AllocCache,
    /// The span that a class's run comes from.
    pub(crate) spans: [Page; SPAN_CLASSES],
    /// The run may hold old contents (pointer-free classes over `EAGER_ZERO_BYTES`).
    pub(crate) dirty: [bool; SPAN_CLASSES],
    /// Slots of all runs so far, by class; atomic for the sake of statistics only.
    pub(crate) mallocs: [AtomicU64; SPAN_CLASSES],
    /// What `head.shaded` points into: pointers that write barriers recorded.
    shaded: Box<[usize; SHADED_WORDS]>,
    /// For the profile of allocations.
    pub(crate) sampling: Sampling,
}

/// Pointers that a cache collects before it hands them to the markers.
const SHADED_WORDS: usize = 512;

impl Cache {
    pub(crate) fn new(ptr_bits: usize) -> Self {
        let shaded = Box::new([0; SHADED_WORDS]);
        let words = shaded.as_ptr_range();
        Self {
            head: AllocCache {
                tiny: SlotRun::default(),
                tiny_count: 0,
                ptr_bits,
                classes: CLASS_ENTRIES.as_ptr(),
                shaded: SlotRun {
                    next: words.start as usize,
                    end: words.end as usize,
                },
                runs: [SlotRun::default(); SPAN_CLASSES],
            },
            spans: [NO_SPAN; SPAN_CLASSES],
            dirty: [false; SPAN_CLASSES],
            mallocs: [const { AtomicU64::new(0) }; SPAN_CLASSES],
            shaded,
            sampling: Sampling::new(),
        }
    }

    #[inline]
    pub(crate) fn has_room_for_shaded(&self) -> bool {
        self.head.shaded.next < self.head.shaded.end
    }

    /// Records a pointer; there must be room.
    #[inline]
    pub(crate) fn push_shaded(&mut self, pointer: usize) {
        let at = (self.head.shaded.next - self.shaded.as_ptr() as usize) / 8;
        self.shaded[at] = pointer;
        self.head.shaded.next += 8;
    }

    /// The pointers recorded, and forgets them.
    pub(crate) fn take_shaded(&mut self) -> Vec<usize> {
        let start = self.shaded.as_ptr() as usize;
        let count = (self.head.shaded.next - start) / 8;
        self.head.shaded.next = start;
        self.shaded[..count].to_vec()
    }

    /// The next slot of the class's run.
    #[inline]
    fn bump(&mut self, class: usize) -> Option<usize> {
        let run = &mut self.head.runs[class];
        let slot = run.next;
        let next = slot + SIZES[class / 2] as usize;
        if next > run.end {
            return None;
        }
        run.next = next;
        Some(slot)
    }

    /// Room for a tiny object in the shared block.
    #[inline]
    fn bump_tiny(&mut self, size: usize) -> Option<usize> {
        let align = match size {
            _ if size & 7 == 0 => 8,
            _ if size & 3 == 0 => 4,
            _ if size & 1 == 0 => 2,
            _ => 1,
        };
        let at = self.head.tiny.next.next_multiple_of(align);
        if at + size > self.head.tiny.end {
            return None;
        }
        self.head.tiny.next = at + size;
        Some(at)
    }

    /// Sets the pointer bits of an object of at most 64 words.
    ///
    /// # Safety
    /// The object is a slot of this cache's runs, and `mask` has no bit beyond it.
    #[inline]
    unsafe fn set_ptr_bits(&mut self, object: usize, mask: u64) {
        let word = self.head.ptr_bits.wrapping_add(object >> 9 << 3) as *mut u64;
        let shift = (object >> 3 & 63) as u32;
        // SAFETY: the words of bits belong to the span, and only the cache that owns the
        // span writes them; a second one is touched only if the object reaches into it.
        unsafe {
            *word |= mask << shift;
            let rest = (mask >> 1) >> (63 - shift);
            if rest != 0 {
                *word.add(1) |= rest;
            }
        }
    }
}

impl Heap {
    /// Allocates `size` bytes. `ty` null (or a type without pointers): never scanned. `size`
    /// may be a multiple of the type's size: an array. Memory that may hold pointers is
    /// always zeroed, other memory if `zeroed`.
    ///
    /// # Safety
    /// `ty` is null or a type descriptor that stays valid while the object lives. The cache
    /// is this heap's.
    #[inline]
    pub unsafe fn alloc(
        &self,
        cache: &mut Cache,
        size: usize,
        ty: *const Type,
        zeroed: bool,
    ) -> *mut u8 {
        // SAFETY: `ty` is null or valid.
        let ty = unsafe { ty.as_ref() }.filter(|ty| ty.ptr_bytes != 0);
        match ty {
            None if size < TINY_BYTES => self.alloc_tiny(cache, size),
            None if size <= MAX_SMALL_BYTES => self.alloc_noscan(cache, size, zeroed),
            Some(ty) if size <= MAX_BITMAP_BYTES => {
                // SAFETY: `ty` is valid and has pointers.
                unsafe { self.alloc_with_bits(cache, size, ty) }
            }
            Some(ty) if size <= MAX_SMALL_BYTES => self.alloc_with_header(cache, size, ty),
            _ => self.alloc_large(size, ty, zeroed),
        }
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
        // SAFETY: `elem` is valid.
        let size = unsafe { (*elem).size }
            .checked_mul(count)
            .filter(|&size| size <= MAX_BYTES)?;
        // SAFETY: `elem` is valid.
        Some(unsafe { self.alloc(cache, size, elem, zeroed) })
    }

    /// Allocates zeroed memory every word of which is taken for a possible pointer.
    pub fn alloc_conservative(&self, cache: &mut Cache, size: usize) -> *mut u8 {
        // SAFETY: the descriptor is static.
        unsafe { self.alloc(cache, size.next_multiple_of(8), &ANY_WORD, true) }
    }

    #[inline]
    fn alloc_tiny(&self, cache: &mut Cache, size: usize) -> *mut u8 {
        if size == 0 {
            return (&raw const ZERO_SIZED) as *mut u8;
        }
        if let Some(object) = cache.bump_tiny(size) {
            cache.head.tiny_count += 1;
            return object as *mut u8;
        }
        let class = span_class(size_to_class(TINY_BYTES), true);
        let block = match cache.bump(class) {
            Some(block) => block,
            None => self.alloc_slow(cache, class, size, None),
        };
        // With one object to a slot (torture, sanity) blocks are not shared.
        if !self.one_by_one()
            && cache.head.tiny.end.wrapping_sub(cache.head.tiny.next) < TINY_BYTES - size
        {
            cache.head.tiny = SlotRun {
                next: block + size,
                end: block + TINY_BYTES,
            };
        }
        block as *mut u8
    }

    #[inline]
    fn alloc_noscan(&self, cache: &mut Cache, size: usize, zeroed: bool) -> *mut u8 {
        let class = span_class(size_to_class(size), true);
        let object = match cache.bump(class) {
            Some(object) => object,
            None => self.alloc_slow(cache, class, size, None),
        } as *mut u8;
        if zeroed && size > EAGER_ZERO_BYTES && cache.dirty[class] {
            // SAFETY: the slot is new and has at least `size` bytes.
            unsafe { object.write_bytes(0, size) };
        }
        object
    }

    /// # Safety
    /// The type is valid and has pointers.
    #[inline]
    unsafe fn alloc_with_bits(&self, cache: &mut Cache, size: usize, ty: &Type) -> *mut u8 {
        if size == 0 {
            return (&raw const ZERO_SIZED) as *mut u8;
        }
        let class = span_class(size_to_class(size), false);
        let object = match cache.bump(class) {
            Some(object) => object,
            None => self.alloc_slow(cache, class, size, Some(ty)),
        };
        // SAFETY: the type is valid; the slot is new, in a span of the cache, and holds the
        // whole mask.
        unsafe { cache.set_ptr_bits(object, ty.small_mask(size)) };
        object as *mut u8
    }

    #[inline]
    fn alloc_with_header(&self, cache: &mut Cache, size: usize, ty: &Type) -> *mut u8 {
        let class = span_class(size_to_class(size + HEADER_BYTES), false);
        let slot = match cache.bump(class) {
            Some(slot) => slot,
            None => self.alloc_slow(cache, class, size, Some(ty)),
        };
        // SAFETY: the slot is new and has room for the header and the object.
        unsafe {
            *(slot as *mut *const Type) = ty;
            (slot as *mut u8).add(HEADER_BYTES)
        }
    }
}

/// Reads a counter that its owner alone changes.
pub(crate) fn read(counter: &AtomicU64) -> u64 {
    counter.load(Relaxed)
}
