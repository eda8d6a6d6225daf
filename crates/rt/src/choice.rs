//! The one seam for every choice that the runtime is free to make: the goroutine to run
//! next, the victim to steal from, the order in which a select tries its cases, the order
//! of timers that are due at the same time, and random words for Go code.
//!
//! It is filled in one of two ways. Ordinarily each thread has a fast random generator, and
//! the next goroutine is the first of the queue. `GODEBUG=goxideschedseed=N` makes every
//! choice from one generator that begins with N, and runs on one P: the same seed gives the
//! same schedule, as far as nothing outside (clock, network, a goroutine that uses up its
//! time slice) decides, and another seed another one.

use crate::environment;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Choice {
    /// Of the goroutines that could run.
    Next,
    /// A P to steal from.
    Victim,
    /// Place of a select case in the order of trying.
    SelectCase,
    /// Place of a timer among those of the same time.
    TimerTie,
}

static SEEDED: AtomicBool = AtomicBool::new(false);
static SEEDED_STATE: AtomicU64 = AtomicU64::new(0);

/// Reads GODEBUG. Before the first choice.
pub fn initialize() {
    let seed = environment::debug("goxideschedseed");
    if seed != 0 {
        SEEDED_STATE.store(seed as u64, Ordering::Relaxed);
        SEEDED.store(true, Ordering::Release);
    }
}

/// Whether choices follow a seed.
#[inline]
pub fn seeded() -> bool {
    SEEDED.load(Ordering::Relaxed)
}

/// One of `bound` (not 0) possibilities; the first is what happens if nothing speaks for
/// another one.
#[inline]
pub fn pick(what: Choice, bound: u32) -> u32 {
    match what {
        // No choice, and none is used up: how often an idle M looks around must not matter.
        _ if bound <= 1 => 0,
        Choice::Next | Choice::TimerTie if !seeded() => 0,
        _ => below(bound),
    }
}

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// What SplitMix64 adds at each step (Steele, Lea, Flood: "Fast splittable pseudorandom
/// number generators", 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// Its finaliser.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A random word.
pub fn random() -> u64 {
    if seeded() {
        return mix(SEEDED_STATE
            .fetch_add(STEP, Ordering::Relaxed)
            .wrapping_add(STEP));
    }
    STATE.with(|state| {
        let s = match state.get() {
            0 => entropy(),
            s => s,
        };
        state.set(s.wrapping_add(STEP));
        mix(s.wrapping_add(STEP))
    })
}

/// A number below `bound` (which is not 0).
fn below(bound: u32) -> u32 {
    ((random() as u32 as u64 * bound as u64) >> 32) as u32
}

fn entropy() -> u64 {
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
