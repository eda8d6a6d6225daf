//! Clocks.

use crate::calls::Words;

/// Monotonic time in ns.
#[inline]
pub fn nanotime() -> i64 {
    clock(libc::CLOCK_MONOTONIC).0
}

fn clock(id: libc::clockid_t) -> (i64, libc::timespec) {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: a valid place for the result.
    unsafe { libc::clock_gettime(id, &mut t) };
    (t.tv_sec * 1_000_000_000 + t.tv_nsec, t)
}

/// ns since 1970.
pub fn wall_ns() -> i64 {
    clock(libc::CLOCK_REALTIME).0
}

#[unsafe(no_mangle)]
extern "C" fn goxide_nanotime() -> usize {
    nanotime() as usize
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_clocks(monotonic_ns: *mut i64) -> Words {
    let t = clock(libc::CLOCK_REALTIME).1;
    // SAFETY: Go passes the address of a variable.
    unsafe { *monotonic_ns = nanotime() };
    Words(t.tv_sec as usize, t.tv_nsec as usize)
}
