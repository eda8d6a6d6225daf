//! Who waits in each direction of a descriptor, and what ends a wait. Everything here is
//! atomic and names no other part of the runtime: `tests/model_poll.rs` compiles it with a
//! model checker's atomics.

use crate::atomic::{AtomicI64, AtomicUsize, Ordering, barrier};

// Words of a side; everything else is the G that is parked.
const NOBODY: usize = 0;
const READY: usize = 1;
const WAITING: usize = 2;

/// Codes of `internal/poll`.
pub const OK: usize = 0;
/// The descriptor is being closed.
pub const CLOSING: usize = 1;
/// The deadline has passed.
pub const TIMEOUT: usize = 2;
/// The last event said error and nothing else.
pub const NOT_POLLABLE: usize = 3;

/// A direction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// 'r'
    Read,
    /// 'w'
    Write,
}

// Bits of `Waits::state`, below the generation.
const IS_CLOSING: usize = 1;
const HAS_ERROR: usize = 2;
const ONE_GENERATION: usize = 4;

/// One direction.
pub struct Side {
    who: AtomicUsize,
    /// 0 none, negative: has passed.
    deadline_ns: AtomicI64,
}

/// Both directions of a descriptor, and what concerns both.
pub struct Waits {
    /// The generation, which tells events for an earlier use apart, and two bits: in one
    /// word, so that such an event changes nothing for the next use.
    state: AtomicUsize,
    sides: [Side; 2],
}

impl Waits {
    /// Of a descriptor that is not open.
    pub fn new() -> Waits {
        let side = || Side {
            who: AtomicUsize::new(NOBODY),
            deadline_ns: AtomicI64::new(0),
        };
        Waits {
            state: AtomicUsize::new(0),
            sides: [side(), side()],
        }
    }

    /// Begins a use.
    pub fn open(&self) {
        let next = self.generation().wrapping_add(1);
        self.state.store(next * ONE_GENERATION, Ordering::SeqCst);
        for side in &self.sides {
            side.who.store(NOBODY, Ordering::SeqCst);
            side.deadline_ns.store(0, Ordering::Relaxed);
        }
    }

    /// Ends it.
    pub fn close(&self) {
        self.state.fetch_add(ONE_GENERATION, Ordering::SeqCst);
    }

    /// The number of this use, or of the time since.
    pub fn generation(&self) -> usize {
        self.state.load(Ordering::Acquire) / ONE_GENERATION
    }

    /// Whether waits are over for good.
    pub fn is_closing(&self) -> bool {
        self.state.load(Ordering::SeqCst) & IS_CLOSING != 0
    }

    /// Waits are over for good; who waits has to be [interrupted](Self::interrupt).
    pub fn begin_closing(&self) {
        self.state.fetch_or(IS_CLOSING, Ordering::SeqCst);
    }

    /// Notes whether the last event said error and nothing else, if this is still the use
    /// that the event was for; otherwise it gives false.
    pub fn note_error(&self, meant: impl Fn(usize) -> bool, error: bool) -> bool {
        let mut old = self.state.load(Ordering::Acquire);
        loop {
            if !meant(old / ONE_GENERATION) {
                return false;
            }
            let new = old & !HAS_ERROR | if error { HAS_ERROR } else { 0 };
            if new == old {
                return true;
            }
            match self
                .state
                .compare_exchange(old, new, Ordering::SeqCst, Ordering::Acquire)
            {
                Ok(_) => return true,
                Err(now) => old = now,
            }
        }
    }

    /// A direction.
    pub fn side(&self, mode: Mode) -> &Side {
        &self.sides[mode as usize]
    }

    /// What a wait in this direction should say now.
    pub fn code(&self, mode: Mode) -> usize {
        let state = self.state.load(Ordering::SeqCst);
        if state & IS_CLOSING != 0 {
            CLOSING
        } else if self.side(mode).deadline_ns() < 0 {
            TIMEOUT
        } else if mode == Mode::Read && state & HAS_ERROR != 0 {
            NOT_POLLABLE
        } else {
            OK
        }
    }

    /// Before an attempt to read or write: forgets readiness, of which the attempt will tell.
    pub fn reset(&self, mode: Mode) -> usize {
        let code = self.code(mode);
        if code == OK {
            self.side(mode).who.store(NOBODY, Ordering::SeqCst);
        }
        code
    }

    /// After an attempt that would have blocked: `None` if the caller is to wait, with
    /// [`Side::park`]; otherwise what the wait says.
    pub fn begin(&self, mode: Mode) -> Option<usize> {
        let code = self.code(mode);
        if code != OK {
            return Some(code);
        }
        let who = &self.side(mode).who;
        let change = |from, to| {
            who.compare_exchange(from, to, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
        };
        loop {
            if change(READY, NOBODY) {
                return Some(self.code(mode));
            }
            if change(NOBODY, WAITING) {
                break;
            }
        }
        barrier();
        // Look again: a deadline or a close may have come before the word said that we wait.
        let code = self.code(mode);
        if code == OK {
            return None;
        }
        who.store(NOBODY, Ordering::SeqCst);
        Some(code)
    }

    /// An event came: gives the G that waits for it, or 0.
    pub fn event(&self, mode: Mode) -> usize {
        self.side(mode).unblock(true)
    }

    /// The deadline has passed, or closing has begun, and then came an atomic operation that
    /// reads and writes (as unlocking is): gives the G that waits, or 0.
    pub fn interrupt(&self, mode: Mode) -> usize {
        barrier();
        self.side(mode).unblock(false)
    }
}

impl Side {
    /// 0 none, negative: has passed.
    pub fn deadline_ns(&self) -> i64 {
        self.deadline_ns.load(Ordering::Relaxed)
    }

    /// Sets it; who waits has to be [interrupted](Waits::interrupt) if it has passed.
    pub fn set_deadline_ns(&self, deadline_ns: i64) {
        self.deadline_ns.store(deadline_ns, Ordering::Relaxed);
    }

    /// The G is off its M: whoever ends the wait has it from now on. False: something has
    /// ended it already.
    pub fn park(&self, g: usize) -> bool {
        let parked = self
            .who
            .compare_exchange(WAITING, g, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok();
        if !parked {
            self.who.store(NOBODY, Ordering::SeqCst);
        }
        parked
    }

    /// Takes the parked G; notes readiness if `io`.
    fn unblock(&self, io: bool) -> usize {
        let new = if io { READY } else { NOBODY };
        loop {
            let old = self.who.load(Ordering::SeqCst);
            if old == READY || old == NOBODY && !io {
                return 0;
            }
            if self
                .who
                .compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst)
                .is_ok()
            {
                return if old <= WAITING { 0 } else { old };
            }
        }
    }
}
