//! The one seam for every choice that the runtime is free to make: which victim to steal
//! from, which select case, the order of equal timers, seeds. Here it is filled with a fast
//! random generator for each thread; exploring schedules means filling it otherwise.

use std::cell::Cell;

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// A random word.
pub fn random() -> u64 {
    STATE.with(|state| {
        let mut s = state.get();
        if s == 0 {
            s = seed();
        }
        s = s.wrapping_add(0x9e37_79b9_7f4a_7c15);
        state.set(s);
        // The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
        // number generators", 2014).
        let mut z = s;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
}

/// A number below `bound` (which is not 0).
pub fn below(bound: u32) -> u32 {
    ((random() as u32 as u64 * bound as u64) >> 32) as u32
}

fn seed() -> u64 {
    let mut bytes = [0u8; 8];
    // SAFETY: a buffer of this length.
    let n = unsafe { libc::getrandom(bytes.as_mut_ptr().cast(), 8, libc::GRND_NONBLOCK) };
    let s = u64::from_ne_bytes(bytes);
    if n == 8 && s != 0 {
        s
    } else {
        crate::time::nanotime() as u64 | 1
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_fastrand() -> usize {
    random() as usize
}
