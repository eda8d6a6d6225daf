//! Size classes of small objects.
//!
//! The sizes are part of Go's observable behaviour (`cap` after `append` shows them), so
//! they are Go's; how many pages a span has is our own choice.

use crate::space::PAGE_BYTES;

/// Number of size classes; class 0 stands for large objects.
pub const SIZE_CLASSES: usize = SIZES.len();
/// Number of span classes: two for each size class.
pub const SPAN_CLASSES: usize = goxide_abi::SPAN_CLASSES;
const _: () = assert!(SPAN_CLASSES == SIZE_CLASSES * 2);
/// Larger requests are large objects. (Go's limit: the last class less one header.)
pub const MAX_SMALL_BYTES: usize = 32768 - HEADER_BYTES;
/// Objects with pointers above this size begin with a header word: their type.
pub const MAX_BITMAP_BYTES: usize = goxide_abi::MAX_PTR_BITS_BYTES;
/// Size of that header.
pub const HEADER_BYTES: usize = 8;
/// Pointer-free objects below this size share blocks of this size.
pub const TINY_BYTES: usize = goxide_abi::TINY_BYTES;

/// Object sizes by class.
pub const SIZES: [u16; 68] = [
    0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320,
    352, 384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792,
    2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728,
    10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672,
    32768,
];

/// Pages of a span, by class.
pub static SPAN_PAGES: [u8; SIZE_CLASSES] = span_pages();
/// Slots of a span, by class.
pub static SPAN_SLOTS: [u16; SIZE_CLASSES] = span_slots();
/// `offset * RECIPROCALS[c] >> 32` is `offset / SIZES[c]` within a span.
pub static RECIPROCALS: [u32; SIZE_CLASSES] = reciprocals();

const FINE_LIMIT: usize = 1024;
static FINE: [u8; FINE_LIMIT / 8 + 1] = fine();
static COARSE: [u8; (32768 - FINE_LIMIT) / 128 + 1] = coarse();

/// The class for objects of this many bytes (1 to 32768).
#[inline]
pub fn size_to_class(bytes: usize) -> usize {
    if bytes <= FINE_LIMIT {
        FINE[bytes.div_ceil(8)] as usize
    } else {
        COARSE[(bytes - FINE_LIMIT).div_ceil(128)] as usize
    }
}

/// The span class of a size class.
#[inline]
pub const fn span_class(size_class: usize, noscan: bool) -> usize {
    size_class * 2 + noscan as usize
}

/// True for span classes without pointers.
#[inline]
pub const fn is_noscan(span_class: usize) -> bool {
    span_class & 1 == 1
}

/// Bytes that an allocation of `size` can use.
pub fn round_up_size(size: usize, noscan: bool) -> usize {
    if size == 0 {
        return 0;
    }
    if size > MAX_SMALL_BYTES {
        return size.checked_next_multiple_of(PAGE_BYTES).unwrap_or(size);
    }
    let header = if !noscan && size > MAX_BITMAP_BYTES {
        HEADER_BYTES
    } else {
        0
    };
    SIZES[size_to_class(size + header)] as usize - header
}

/// The fewest pages with at least 32 slots or 32 KiB that leave at most a sixteenth unused.
const fn span_pages() -> [u8; SIZE_CLASSES] {
    let mut table = [0; SIZE_CLASSES];
    let mut class = 1;
    while class < SIZE_CLASSES {
        let size = SIZES[class] as usize;
        let mut pages = 1;
        loop {
            let bytes = pages * PAGE_BYTES;
            let slots = bytes / size;
            let enough = slots >= 32 || (bytes >= 32 * 1024 && slots >= 2);
            if enough && (bytes - slots * size) * 16 <= bytes {
                break;
            }
            pages += 1;
        }
        table[class] = pages as u8;
        class += 1;
    }
    table
}

const fn span_slots() -> [u16; SIZE_CLASSES] {
    let pages = span_pages();
    let mut table = [1; SIZE_CLASSES];
    let mut class = 1;
    while class < SIZE_CLASSES {
        table[class] = (pages[class] as usize * PAGE_BYTES / SIZES[class] as usize) as u16;
        class += 1;
    }
    table
}

const fn reciprocals() -> [u32; SIZE_CLASSES] {
    let mut table = [0; SIZE_CLASSES];
    let mut class = 1;
    while class < SIZE_CLASSES {
        table[class] = (1u64 << 32).div_ceil(SIZES[class] as u64) as u32;
        class += 1;
    }
    table
}

pub(crate) const fn smallest_class_for(bytes: usize) -> u8 {
    let mut class = 1;
    while (SIZES[class] as usize) < bytes {
        class += 1;
    }
    class as u8
}

const fn fine() -> [u8; FINE_LIMIT / 8 + 1] {
    let mut table = [0; FINE_LIMIT / 8 + 1];
    let mut i = 0;
    while i < table.len() {
        table[i] = smallest_class_for(i * 8);
        i += 1;
    }
    table
}

const fn coarse() -> [u8; (32768 - FINE_LIMIT) / 128 + 1] {
    let mut table = [0; (32768 - FINE_LIMIT) / 128 + 1];
    let mut i = 0;
    while i < table.len() {
        table[i] = smallest_class_for(FINE_LIMIT + i * 128);
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_class_that_holds_it() {
        for bytes in 1..=32768 {
            let class = size_to_class(bytes);
            assert!(SIZES[class] as usize >= bytes && (SIZES[class - 1] as usize) < bytes);
        }
    }

    #[test]
    fn reciprocals_divide_every_offset_of_a_span() {
        for class in 1..SIZE_CLASSES {
            let size = SIZES[class] as usize;
            for offset in 0..SPAN_PAGES[class] as usize * PAGE_BYTES {
                let quotient = (offset as u64 * RECIPROCALS[class] as u64) >> 32;
                assert_eq!(quotient as usize, offset / size, "{offset} / {size}");
            }
        }
    }

    #[test]
    fn spans_are_short_and_waste_little() {
        for class in 1..SIZE_CLASSES {
            let bytes = SPAN_PAGES[class] as usize * PAGE_BYTES;
            let used = SPAN_SLOTS[class] as usize * SIZES[class] as usize;
            assert!(bytes <= 16 * PAGE_BYTES && (bytes - used) * 16 <= bytes);
            assert!(SPAN_SLOTS[class] as usize <= SPAN_PAGES[class] as usize * 1024);
        }
    }

    /// As `append` shows them in Go.
    #[test]
    fn capacities_round_up_as_in_go() {
        assert_eq!(round_up_size(5, true), 8);
        assert_eq!(round_up_size(513, true), 576);
        assert_eq!(round_up_size(513, false), 568);
        assert_eq!(round_up_size(512, false), 512);
        assert_eq!(round_up_size(32760, false), 32760);
        assert_eq!(round_up_size(32760, true), 32768);
        assert_eq!(round_up_size(32761, false), 32768);
        assert_eq!(round_up_size(32769, false), 40960);
        assert_eq!(round_up_size(usize::MAX, false), usize::MAX);
    }
}
