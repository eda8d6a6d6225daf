//! From process start to goroutine 1.

use crate::{fatal, module};

/// Runs the program; does not return.
pub fn main() -> ! {
    let Some(_module) = module::header() else {
        fatal::write_stderr(b"this is goxide's runtime image: it holds no program\n");
        fatal::exit(2)
    };
    fatal::throw_text("the scheduler is not implemented")
}

#[unsafe(no_mangle)]
extern "C" fn goxide_os_exit(status: usize) -> ! {
    fatal::exit(status as i32)
}

#[unsafe(no_mangle)]
extern "C" fn goxide_write_err(ptr: *const u8, bytes: usize) {
    // SAFETY: Go passes a live byte range.
    fatal::write_stderr(unsafe { core::slice::from_raw_parts(ptr, bytes) });
}
