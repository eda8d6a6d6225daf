//! Profiles: where the program spends CPU time, allocates, waits, and makes others wait.
//!
//! - [`cpu`]: timers on the threads send SIGPROF; its handler ([`tick`]) takes the stack of what
//!   it interrupted and puts it into a ring ([`ring`]) that a goroutine empties.
//! - [`allocations`], [`waits`]: events counted by stack in tables ([`table`]).
//! - [`symbols`]: names of the runtime's own functions.
//!
//! Everything here deals in physical frames; the Go half (`overlay/runtime/profile.go`) unfolds
//! inlined calls, as it is code and not the runtime that knows them.

pub mod allocations;
pub mod cpu;
mod ring;
mod symbols;
mod table;
pub mod tick;
pub mod waits;

pub(crate) use ring::{Ring, Sample};

use goxide_abi::{PROFILE_FRAMES, ProfileKind, ProfileRecord, ProfileSetting};

use crate::sched::g::G;
use crate::traceback::Walk;

/// The stack of a goroutine in a runtime call, or parked.
///
/// # Safety
/// Its stack does not change meanwhile.
unsafe fn stack_of(g: *const G, pcs: &mut [usize; PROFILE_FRAMES]) -> &[usize] {
    let mut depth = 0;
    // SAFETY: Gs are never freed.
    if unsafe { (*g).is_rust } {
        return &[];
    }
    // SAFETY: see above.
    for frame in unsafe { Walk::parked(g) }.take(PROFILE_FRAMES) {
        pcs[depth] = frame.pc;
        depth += 1;
    }
    &pcs[..depth]
}

/// Roughly what the tables of all profiles occupy.
pub fn bytes() -> u64 {
    (allocations::bytes() + waits::BLOCK.bytes() + waits::MUTEX.bytes()) as u64
}

#[unsafe(no_mangle)]
extern "C" fn goxide_profile_setting(which: usize, value: usize) -> usize {
    match which {
        // SAFETY: called at the start of the program, by a goroutine that runs.
        w if w == ProfileSetting::MemoryRate as usize => unsafe {
            allocations::set_rate_address(value)
        },
        w if w == ProfileSetting::BlockRate as usize => waits::set_block_rate(value),
        w if w == ProfileSetting::MutexFraction as usize => waits::set_mutex_fraction(value),
        _ => 0,
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_profile_record(
    kind: usize,
    index: usize,
    record: *mut ProfileRecord,
) -> usize {
    // SAFETY: Go passes a record to fill, or 0.
    let record = unsafe { record.as_mut() };
    match kind {
        k if k == ProfileKind::Memory as usize => allocations::record(index, record),
        k if k == ProfileKind::Block as usize => waits::BLOCK.record(index, record),
        k if k == ProfileKind::Mutex as usize => waits::MUTEX.record(index, record),
        _ => crate::sched::m::count(),
    }
}
