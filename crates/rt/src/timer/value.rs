//! What is received from a timer's channel: the time at which the timer was due, as package
//! `time` would have it.

use crate::memory;
use crate::time::{nanotime, wall_ns};
use goxide_abi::Timer;

/// Go's `time.Time`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
struct Time {
    /// Bit 63: there is a monotonic reading; then 33 bits for seconds, else 0; the lowest 30
    /// are for the nanoseconds of the second.
    wall: u64,
    /// The monotonic reading if there is one, else the seconds since January 1 of year 1.
    ext: i64,
    location: usize,
}

const SECOND_NS: i64 = 1_000_000_000;
/// Seconds from January 1 of year 1 to that of 1970, and of 1885, where those in `wall` begin.
const YEAR_1970: i64 = 62_135_596_800;
const YEAR_1885: i64 = 59_453_308_800;
const HAS_MONOTONIC: u64 = 1 << 63;

impl Time {
    /// The time that is `wall_ns` after 1970 and at which a monotonic clock shows `ext`.
    fn new(wall_ns: i64, ext: i64, location: usize) -> Time {
        let seconds = wall_ns.div_euclid(SECOND_NS) + YEAR_1970;
        let ns = wall_ns.rem_euclid(SECOND_NS) as u64;
        let (wall, ext) = match u64::try_from(seconds - YEAR_1885) {
            Ok(short) if short >> 33 == 0 => (HAS_MONOTONIC | short << 30 | ns, ext),
            _ => (ns, seconds),
        };
        Time {
            wall,
            ext,
            location,
        }
    }
}

/// Writes the time at which the timer was due.
///
/// # Safety
/// A timer with a channel; the place is writable.
pub unsafe fn write(t: *const Timer, place: *mut u8) {
    // SAFETY: see above; `local` is the address of a variable.
    unsafe {
        let late_ns = nanotime() - (*t).when_ns;
        let monotonic_ns = (*t).when_ns - (*t).seq as i64;
        let location = ((*t).local as *const usize).read();
        let time = Time::new(wall_ns() - late_ns, monotonic_ns, location);
        place.cast::<Time>().write(time);
        memory::wrote(place, size_of::<Time>());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // As `fmt.Printf("%#x", *(*[3]uint64)(unsafe.Pointer(&t)))` shows them.
    #[test]
    fn a_time_has_the_words_that_go_gives_it() {
        let words = |wall_ns, ext| {
            let t = Time::new(wall_ns, ext, 7);
            (t.wall, t.ext, t.location)
        };
        assert_eq!(
            words(1_700_000_000_000_000_123, 55),
            (1 << 63 | 4_382_288_000 << 30 | 123, 55, 7)
        );
        assert_eq!(words(-1, 55).0, 1 << 63 | 2_682_287_999 << 30 | 999_999_999);
        // Before 1885, and after 2157.
        assert_eq!(
            words(-2_682_288_001 * SECOND_NS, 55),
            (0, 59_453_308_799, 7)
        );
        let last = 5_907_646_591 * SECOND_NS;
        assert_eq!(words(last, 55).1, 55);
        assert_eq!(words(last + SECOND_NS, 55), (0, 68_043_243_392, 7));
    }
}
