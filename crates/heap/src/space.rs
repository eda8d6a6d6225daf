//! The address space: one range for objects, and side tables found from an object's address
//! by arithmetic alone.
//!
//! ```text
//! objects     base ────────────────────────────── base + reserved   pages of 8 KiB
//! page map    8 bytes a page: which span is this page of?
//! spans       64 bytes a page, in use for a span's first page: `Span`
//! slot bits   256 bytes a page: pairs of words {allocated, marked}, a bit for each slot of
//!             the span, counted from its first page
//! ptr bits    128 bytes a page: a bit for each word, set where small objects hold pointers
//! ```
//! Memory is committed in arenas of 64 MiB, with their part of each table.

use crate::os::{OutOfMemory, Reservation};
use crate::size_class::{RECIPROCALS, SIZES, SPAN_SLOTS};
use crate::slot_bits::SlotBits;
use crate::span::Span;
use crate::sync::atomic::{
    AtomicU64, AtomicUsize,
    Ordering::{Acquire, Relaxed, Release},
};

/// Bytes of a page.
pub const PAGE_BYTES: usize = 8192;
/// Bytes of an arena, the unit in which memory is committed.
pub const ARENA_BYTES: usize = 64 << 20;
/// Pages of an arena.
pub const ARENA_PAGES: usize = ARENA_BYTES / PAGE_BYTES;

/// Address space that is left for stacks, threads and tables if there is not enough for the
/// whole object range.
const OTHERS_BYTES: usize = 96 << 20;
/// The first bytes of the object range are left in small pages of the OS.
const SMALL_PAGES_BYTES: usize = 4 << 20;
const PAGE_SHIFT: u32 = PAGE_BYTES.trailing_zeros();
const MAP_STRIDE: usize = 8;
const SPAN_STRIDE: usize = 64;
const SLOT_BITS_STRIDE: usize = 256;
const PTR_BITS_STRIDE: usize = 128;

/// Number of a page, from the start of the object range.
pub(crate) type Page = u32;

/// Where in the heap an address is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Location {
    /// First page of the span.
    pub(crate) span: Page,
    /// The span's class.
    pub(crate) class: u8,
    /// Slot in the span.
    pub(crate) slot: u32,
}

/// The reserved range and its tables.
pub(crate) struct Space {
    objects: Reservation,
    tables: Reservation,
    /// Bytes of the object range that are committed.
    committed: AtomicUsize,
    reserved: usize,
    map: usize,
    spans: usize,
    slot_bits: usize,
    ptr_bits: usize,
}

impl Space {
    /// Reserves `bytes` (halved until the OS agrees) and the tables for them.
    pub(crate) fn new(hint: usize, bytes: usize) -> Result<Self, OutOfMemory> {
        let mut bytes = bytes.next_multiple_of(ARENA_BYTES);
        if let Ok(space) = Self::reserve(hint, bytes) {
            return Ok(space);
        }
        while bytes > ARENA_BYTES {
            bytes = (bytes / 2).next_multiple_of(ARENA_BYTES);
            // The limit is near: other things need some of it as well.
            let Ok(_others) = Reservation::new(0, OTHERS_BYTES, PAGE_BYTES) else {
                break;
            };
            if let Ok(space) = Self::reserve(hint, bytes) {
                return Ok(space);
            }
        }
        Self::reserve(hint, ARENA_BYTES)
    }

    fn reserve(hint: usize, bytes: usize) -> Result<Self, OutOfMemory> {
        let pages = bytes / PAGE_BYTES;
        assert!(pages <= Page::MAX as usize);
        let total = MAP_STRIDE + SPAN_STRIDE + SLOT_BITS_STRIDE + PTR_BITS_STRIDE;
        let objects = Reservation::new(hint, bytes, ARENA_BYTES)?;
        let tables = Reservation::new(0, pages * total, 4096)?;
        let map = tables.base();
        let spans = map + pages * MAP_STRIDE;
        let slot_bits = spans + pages * SPAN_STRIDE;
        let ptr_bits = slot_bits + pages * SLOT_BITS_STRIDE;
        let committed = AtomicUsize::new(0);
        Ok(Self {
            objects,
            tables,
            committed,
            reserved: bytes,
            map,
            spans,
            slot_bits,
            ptr_bits,
        })
    }

    /// Commits the next `arenas` arenas and gives their first page. The caller holds the page
    /// heap's lock.
    pub(crate) fn grow(&self, arenas: usize) -> Result<Page, OutOfMemory> {
        let old = self.committed.load(Relaxed);
        let bytes = arenas.saturating_mul(ARENA_BYTES);
        let refused = OutOfMemory { bytes };
        if bytes > self.reserved - old {
            return Err(refused);
        }
        let (first, pages) = (old / PAGE_BYTES, bytes / PAGE_BYTES);
        self.objects.commit(self.base() + old, bytes)?;
        // Small programs do better with small pages.
        let small = SMALL_PAGES_BYTES.saturating_sub(old);
        self.objects
            .prefer_huge_pages(self.base() + old + small, bytes - small);
        for (table, stride) in [
            (self.map, MAP_STRIDE),
            (self.spans, SPAN_STRIDE),
            (self.slot_bits, SLOT_BITS_STRIDE),
            (self.ptr_bits, PTR_BITS_STRIDE),
        ] {
            self.tables.commit(table + first * stride, pages * stride)?;
        }
        self.committed.store(old + bytes, Relaxed);
        Ok(first as Page)
    }

    /// First address of the object range.
    #[inline]
    pub(crate) fn base(&self) -> usize {
        self.objects.base()
    }

    /// Bytes committed for objects.
    pub(crate) fn committed_bytes(&self) -> usize {
        self.committed.load(Relaxed)
    }

    /// Addresses committed for objects.
    pub(crate) fn committed_range(&self) -> std::ops::Range<usize> {
        self.base()..self.base() + self.committed_bytes()
    }

    /// Bytes of table for this many bytes of objects, if all of it were touched.
    pub(crate) fn table_bytes(object_bytes: usize) -> usize {
        let total = MAP_STRIDE + SPAN_STRIDE + SLOT_BITS_STRIDE + PTR_BITS_STRIDE;
        object_bytes / PAGE_BYTES * total
    }

    /// The part of that which is records of spans.
    pub(crate) fn span_record_bytes(object_bytes: usize) -> usize {
        object_bytes / PAGE_BYTES * SPAN_STRIDE
    }

    /// True if the address is in the object range.
    #[inline]
    pub(crate) fn contains(&self, address: usize) -> bool {
        address.wrapping_sub(self.base()) < self.reserved
    }

    /// Address of a page.
    #[inline]
    pub(crate) fn address(&self, page: Page) -> usize {
        self.base() + ((page as usize) << PAGE_SHIFT)
    }

    #[inline]
    fn map_entry(&self, page: Page) -> &AtomicU64 {
        debug_assert!((page as usize) < self.committed_bytes() / PAGE_BYTES);
        // SAFETY: the page is committed, so its entry in the table is, and entries are only
        // accessed as atomics.
        unsafe { &*((self.map + page as usize * MAP_STRIDE) as *const AtomicU64) }
    }

    /// Says which span these pages are of.
    pub(crate) fn map_span(&self, span: Page, pages: u32, class: usize) {
        let entry = 1 << 63 | (class as u64) << 32 | span as u64;
        for page in span..span + pages {
            self.map_entry(page).store(entry, Release);
        }
    }

    /// Says that these pages are of no span.
    pub(crate) fn unmap_span(&self, span: Page, pages: u32) {
        for page in span..span + pages {
            self.map_entry(page).store(0, Relaxed);
        }
    }

    /// The slot that an address is in: of an existing span, allocated or not.
    #[inline]
    pub(crate) fn locate(&self, address: usize) -> Option<Location> {
        let offset = address.wrapping_sub(self.base());
        if offset >= self.committed.load(Relaxed) {
            return None;
        }
        let entry = self.map_entry((offset >> PAGE_SHIFT) as Page).load(Acquire);
        if entry == 0 {
            return None;
        }
        let (span, class) = (entry as u32, (entry >> 32) as u8);
        if class < 2 {
            return Some(Location {
                span,
                class,
                slot: 0,
            });
        }
        let in_span = offset - ((span as usize) << PAGE_SHIFT);
        let slot = ((in_span as u64 * RECIPROCALS[class as usize / 2] as u64) >> 32) as u32;
        (slot < SPAN_SLOTS[class as usize / 2] as u32).then_some(Location { span, class, slot })
    }

    /// First byte of a slot (the header included).
    #[inline]
    pub(crate) fn slot_address(&self, at: Location) -> usize {
        self.address(at.span) + at.slot as usize * SIZES[at.class as usize / 2] as usize
    }

    /// The record of the span that begins at this page.
    #[inline]
    pub(crate) fn span(&self, span: Page) -> &Span {
        debug_assert!((span as usize) < self.committed_bytes() / PAGE_BYTES);
        // SAFETY: the page is committed, so its record is; all its fields are atomics, for
        // which zeroes are valid values.
        unsafe { &*((self.spans + span as usize * SPAN_STRIDE) as *const Span) }
    }

    /// The word of slot bits that holds this slot's.
    #[inline]
    pub(crate) fn slot_bits(&self, span: Page, word: usize) -> &SlotBits {
        debug_assert!((span as usize) < self.committed_bytes() / PAGE_BYTES);
        let address = self.slot_bits + span as usize * SLOT_BITS_STRIDE + word * 16;
        // SAFETY: a span has at most 1024 slots a page, so the word is in the part of the
        // table for the span's pages, which are committed; accessed as atomics only.
        unsafe { &*(address as *const SlotBits) }
    }

    /// Pointer bits of the word at a heap address: address of their word and position in it.
    #[inline]
    pub(crate) fn ptr_bits(&self, address: usize) -> (*mut u64, u32) {
        let word = (address - self.base()) >> 3;
        (
            (self.ptr_bits + (word >> 6 << 3)) as *mut u64,
            (word & 63) as u32,
        )
    }

    /// What [`ptr_bits`](Self::ptr_bits) adds to `(address >> 9) * 8`.
    pub(crate) fn ptr_bits_bias(&self) -> usize {
        self.ptr_bits.wrapping_sub(self.base() >> 6)
    }

    /// Gives the memory of free pages back to the OS.
    ///
    /// # Safety
    /// The pages are free.
    pub(crate) unsafe fn release(&self, start: Page, pages: u32) -> bool {
        // SAFETY: free pages are committed and hold nothing.
        unsafe {
            self.objects
                .release(self.address(start), pages as usize * PAGE_BYTES)
        }
    }
}

const _: () = assert!(size_of::<Span>() <= SPAN_STRIDE && size_of::<SlotBits>() == 16);
