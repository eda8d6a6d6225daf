//! Whose a P is: its status, and how it changes hands when its M is in a system call.
//! Everything here is atomic and names no other part of the runtime: `tests/model_p.rs`
//! compiles it with a model checker's atomics.

use crate::atomic::{AtomicU32, Ordering};

/// What a P is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum PStatus {
    /// On the idle list.
    Idle,
    /// Owned by an M.
    Running,
    /// Left behind by an M in a system call; may be taken by a compare-and-swap.
    Syscall,
    /// Stopped with the world.
    Stopped,
    /// GOMAXPROCS became smaller.
    Dead,
}

/// A P's status, and how many system calls it has seen.
///
/// Whoever owns the P sets the status as it likes. One in a system call has no owner: it
/// belongs to the first that changes the status from `Syscall` to another.
pub struct Claim {
    status: AtomicU32,
    /// Grows with each system call, and when the P is taken from one. Changed by the owner.
    syscall_tick: AtomicU32,
}

impl Claim {
    /// Of a new P.
    pub fn new(status: PStatus) -> Claim {
        Claim {
            status: AtomicU32::new(status as u32),
            syscall_tick: AtomicU32::new(0),
        }
    }

    /// The status.
    pub fn status(&self) -> PStatus {
        use PStatus::*;
        [Idle, Running, Syscall, Stopped, Dead][self.status.load(Ordering::Acquire) as usize]
    }

    /// Sets it, by the owner.
    pub fn set(&self, status: PStatus) {
        self.status.store(status as u32, Ordering::SeqCst);
    }

    /// The owner enters a system call, and is the owner no longer.
    pub fn leave_behind(&self) {
        self.count();
        self.set(PStatus::Syscall);
    }

    /// Back from a system call: whether the P is still there, and the caller's again.
    pub fn take_back(&self) -> bool {
        self.take_away(PStatus::Running)
    }

    /// Takes the P from a system call, with a new status; whether it is the caller's now.
    pub fn take_away(&self, status: PStatus) -> bool {
        let (from, to) = (PStatus::Syscall as u32, status as u32);
        self.status
            .compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }

    /// How many system calls, and ends of such, there were.
    pub fn syscall_tick(&self) -> u32 {
        self.syscall_tick.load(Ordering::Relaxed)
    }

    /// Counts, by the owner: others change the tick only once they have taken the P.
    pub fn count(&self) {
        let tick = self.syscall_tick.load(Ordering::Relaxed);
        self.syscall_tick
            .store(tick.wrapping_add(1), Ordering::Relaxed);
    }
}
