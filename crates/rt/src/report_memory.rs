//! Memory for the thread that reports what ends the process.
//!
//! It may be in a signal handler that found this very thread inside the system's allocator,
//! or have stopped others there: whoever waited for that one's locks would wait for ever. So
//! from [`begin`] on it takes nothing from there, and gives nothing back: it has a range of
//! its own, which is used from one end to the other. What was taken since a [`mark`] can be
//! given back together. If the system has no memory to give, a small one must do.

use std::alloc::Layout;
use std::cell::{Cell, UnsafeCell};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

/// Address space that is asked for; less if there is a limit. Pages count when they are used.
const MOST_BYTES: usize = 1 << 30;
const LEAST_BYTES: usize = 8 << 20;
const SMALL_BYTES: usize = 512 << 10;
const LARGEST_ALIGNMENT: usize = 16;

#[repr(align(4096))]
struct Small(UnsafeCell<[u8; SMALL_BYTES]>);
// SAFETY: the first thread that begins has it.
unsafe impl Sync for Small {}
static SMALL: Small = Small(UnsafeCell::new([0; SMALL_BYTES]));
static SMALL_TAKEN: AtomicBool = AtomicBool::new(false);

/// Some thread reports: looked at by every allocation.
static REPORTS: AtomicBool = AtomicBool::new(false);

thread_local! {
    static NEXT: Cell<usize> = const { Cell::new(0) };
    static END: Cell<usize> = const { Cell::new(0) };
}

/// From here on this thread's allocations are of the other kind.
pub fn begin() {
    if END.get() != 0 {
        return;
    }
    let mut bytes = MOST_BYTES;
    while bytes >= LEAST_BYTES {
        // SAFETY: a fresh mapping.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if start != libc::MAP_FAILED {
            return use_range(start as usize, bytes);
        }
        bytes /= 2;
    }
    if !SMALL_TAKEN.swap(true, Ordering::Relaxed) {
        use_range(SMALL.0.get() as usize, SMALL_BYTES);
    }
}

fn use_range(start: usize, bytes: usize) {
    // Nothing of the system's ends where this begins: it would look like what was taken last.
    NEXT.set(start + LARGEST_ALIGNMENT);
    END.set(start + bytes);
    REPORTS.store(true, Ordering::Relaxed);
}

/// Whether this thread's allocations are of the other kind.
#[inline]
pub fn is_own() -> bool {
    REPORTS.load(Ordering::Relaxed) && END.get() != 0
}

/// A place to go back to.
pub fn mark() -> usize {
    NEXT.get()
}

/// Gives back all that was taken since the mark.
///
/// # Safety
/// None of it is in use, and the mark is of this thread.
pub unsafe fn back_to(mark: usize) {
    NEXT.set(mark);
}

/// For [`is_own`] threads; null if there is no more.
pub fn take(layout: Layout) -> *mut u8 {
    let start = NEXT.get().next_multiple_of(layout.align());
    if layout.size() > END.get().saturating_sub(start) {
        return ptr::null_mut();
    }
    NEXT.set(start + layout.size());
    start as *mut u8
}

/// Gives back what was taken last; anything else stays as it is.
pub fn give_back(old: *mut u8, layout: Layout) {
    if old as usize + layout.size() == NEXT.get() {
        NEXT.set(old as usize);
    }
}

/// As [`take`], with what was at `old`, be it of this kind or not. What was taken last grows
/// where it is.
///
/// # Safety
/// `old` was taken with this layout.
pub unsafe fn take_more(old: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
    if old as usize + layout.size() == NEXT.get() && bytes <= END.get() - old as usize {
        NEXT.set(old as usize + bytes);
        return old;
    }
    // SAFETY: the caller of `realloc` promises that the size is not too large; see above.
    unsafe {
        let new = take(Layout::from_size_align_unchecked(bytes, layout.align()));
        if !new.is_null() {
            ptr::copy_nonoverlapping(old, new, bytes.min(layout.size()));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_last_grows_in_place_and_marks_give_back() {
        std::thread::spawn(|| {
            begin();
            assert!(is_own());
            let words = Layout::new::<[u64; 4]>();
            let before = mark();
            let first = take(words);
            let second = take(words);
            assert_eq!(first as usize % 8, 0);
            // SAFETY: taken just now.
            unsafe {
                first.write(7);
                assert_eq!(take_more(second, words, 64), second);
                let moved = take_more(first, words, 64);
                assert_ne!(moved, first);
                assert_eq!(moved.read(), 7);
                back_to(before);
            }
            assert_eq!(take(words), first);
            assert!(take(Layout::from_size_align(2 << 30, 8).unwrap()).is_null());
        })
        .join()
        .unwrap();
        assert!(!is_own());
    }
}
