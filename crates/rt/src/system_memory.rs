//! The allocator of the runtime's own Rust data: the system's, and when that refuses, Go's
//! fatal error instead of Rust's abort. A thread that reports what ends the process has
//! another ([`report_memory`]).

use crate::{fatal, report_memory};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

static IN_USE_BYTES: AtomicU64 = AtomicU64::new(0);

/// Bytes of all that the runtime has allocated for itself.
pub fn in_use_bytes() -> u64 {
    IN_USE_BYTES.load(Relaxed)
}

/// They grow, or shrink, by so many.
fn count(bytes: isize) {
    IN_USE_BYTES.fetch_add(bytes as u64, Relaxed);
}

/// For `#[global_allocator]` of an executable that runs Go programs.
pub struct SystemMemory;

// SAFETY: the system's allocator, but for null pointers, which it does not return.
unsafe impl GlobalAlloc for SystemMemory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if report_memory::is_own() {
            return checked(report_memory::take(layout));
        }
        count(layout.size() as isize);
        // SAFETY: promised by the caller, here and below.
        checked(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if report_memory::is_own() {
            let new = checked(report_memory::take(layout));
            // SAFETY: as large as that; it may have been in use before.
            unsafe { new.write_bytes(0, layout.size()) };
            return new;
        }
        count(layout.size() as isize);
        // SAFETY: see above.
        checked(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        if report_memory::is_own() {
            // SAFETY: see above.
            return checked(unsafe { report_memory::take_more(old, layout, bytes) });
        }
        count(bytes as isize - layout.size() as isize);
        // SAFETY: see above.
        checked(unsafe { System.realloc(old, layout, bytes) })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        if report_memory::is_own() {
            return report_memory::give_back(old, layout);
        }
        count(-(layout.size() as isize));
        // SAFETY: see above.
        unsafe { System.dealloc(old, layout) }
    }
}

#[inline]
fn checked(p: *mut u8) -> *mut u8 {
    if p.is_null() {
        refused()
    }
    p
}

/// Anything more than this, a list of goroutines for example, would need memory.
#[cold]
fn refused() -> ! {
    fatal::write_stderr(b"fatal error: runtime: cannot allocate memory\n");
    fatal::exit(2)
}
