//! Memory of goroutines: a goroutine's first segment, and its G behind it, which lie together
//! because whoever touches one touches the other.
//!
//! ```text
//!  ├ stack, Segment, G ┼ stack, Segment, G ┼ ... ┤
//! ```
//!
//! Such memory is never unmapped and never becomes anything else. Its pages can be given back
//! to the system: then what was in them reads as zeros.

use core::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use crate::segment::{FIRST_SEGMENT_BYTES, MAPPED_BYTES, Segment, init, reserve};

const PAGE_BYTES: usize = 4096;
/// In one piece of address space. A multiple of 64, so that a piece is whole pages and shares
/// none with another, however large a G is.
const IN_CHUNK: usize = 128;

/// A goroutine's first segment, and behind it `g_bytes` (a multiple of 64, always the same)
/// for its G, at a multiple of 64.
pub fn allocate_first(g_bytes: usize) -> (*mut Segment, *mut u8) {
    static CHUNK: Mutex<Range<usize>> = Mutex::new(0..0);
    assert!(g_bytes.is_multiple_of(64));
    let bytes = FIRST_SEGMENT_BYTES + g_bytes;
    let mut chunk = CHUNK.lock().unwrap();
    if chunk.len() < bytes {
        let start = reserve(IN_CHUNK * bytes);
        *chunk = start..start + IN_CHUNK * bytes;
    }
    let lo = chunk.start;
    chunk.start += bytes;
    MAPPED_BYTES.fetch_add(bytes, Ordering::Relaxed);
    let g = (lo + FIRST_SEGMENT_BYTES) as *mut u8;
    (first_segment_of(g), g)
}

/// Makes the first segment anew that belongs to memory for a G.
pub fn first_segment_of(g: *mut u8) -> *mut Segment {
    init(g.addr() - FIRST_SEGMENT_BYTES, FIRST_SEGMENT_BYTES)
}

/// The pages that hold nothing else than some goroutines whose memory lies side by side: from
/// that of `first` on, `count` with Gs of `g_bytes`. Also which of the goroutines have memory
/// in them.
pub fn pages_of(first: *mut u8, count: usize, g_bytes: usize) -> Pages {
    let each = FIRST_SEGMENT_BYTES + g_bytes;
    let lo = first.addr() - FIRST_SEGMENT_BYTES;
    let start = lo.next_multiple_of(PAGE_BYTES);
    let end = (lo + count * each) & !(PAGE_BYTES - 1);
    if start >= end {
        return Pages::default();
    }
    Pages {
        bytes: start..end,
        touched: (start - lo) / each..(end - lo).div_ceil(each),
    }
}

/// See [`pages_of`].
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Pages {
    /// Their addresses.
    pub bytes: Range<usize>,
    /// Goroutines with memory in them.
    pub touched: Range<usize>,
}

impl Pages {
    /// Gives them back to the system. Gives false, and changes nothing, if that refuses.
    ///
    /// # Safety
    /// Nobody needs what is in them.
    pub unsafe fn give_back(&self) -> bool {
        let (at, len) = (self.bytes.start as *mut libc::c_void, self.bytes.len());
        // SAFETY: pages of our own, and see above.
        let done = unsafe { libc::madvise(at, len, libc::MADV_DONTNEED) == 0 };
        if done {
            MAPPED_BYTES.fetch_sub(len, Ordering::Relaxed);
        }
        done
    }
}

/// So much of what was given back is going to be used again.
pub fn comes_back(bytes: usize) {
    MAPPED_BYTES.fetch_add(bytes, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    const G_BYTES: usize = 832;
    const EACH: usize = FIRST_SEGMENT_BYTES + G_BYTES;

    #[test]
    fn goroutines_lie_side_by_side_in_whole_pages() {
        let base = 0x10_0000;
        let g = |i: usize| (base + i * EACH + FIRST_SEGMENT_BYTES) as *mut u8;
        let all = pages_of(g(0), IN_CHUNK, G_BYTES);
        assert_eq!(all.bytes, base..base + IN_CHUNK * EACH);
        assert_eq!(all.touched, 0..IN_CHUNK);
        // 2624..7872: no whole page.
        let two = pages_of(g(1), 2, G_BYTES);
        assert_eq!(two, Pages::default());
        // 2624..13120
        let some = pages_of(g(1), 4, G_BYTES);
        assert_eq!(some.bytes, base + 4096..base + 12288);
        assert_eq!(some.touched, 0..4);
        // 13120..36736: the first one's memory ends where the pages begin, or before.
        let more = pages_of(g(5), 9, G_BYTES);
        assert_eq!(more.bytes, base + 16384..base + 32768);
        assert_eq!(more.touched, 1..8);
    }

    #[test]
    fn what_was_given_back_is_zero_and_can_be_used_again() {
        let gs: Vec<*mut u8> = (0..2 * IN_CHUNK).map(|_| allocate_first(64).1).collect();
        let each = FIRST_SEGMENT_BYTES + 64;
        let beside = |w: &&[*mut u8]| w[0].addr() + 9 * each == w[9].addr();
        let ten = gs.windows(10).find(beside).expect("they lie side by side");
        // SAFETY: memory of this test.
        unsafe {
            ten.iter().for_each(|&g| *g = 7);
            let pages = pages_of(ten[0], 10, 64);
            assert!(pages.give_back());
            for (i, &g) in ten.iter().enumerate() {
                let given = pages.bytes.contains(&g.addr());
                assert_eq!(*g, if given { 0 } else { 7 }, "{i}");
                assert!(!given || pages.touched.contains(&i));
            }
            comes_back(pages.bytes.len());
            let segment = first_segment_of(ten[5]);
            assert_eq!((*segment).lo + FIRST_SEGMENT_BYTES, ten[5].addr());
        }
    }
}
