//! Whose a P is around system calls, under loom: `sched/p_status.rs` as it is, with Ms in
//! system calls, the watcher that takes Ps from them, and one who stops the world. What only
//! an owner may touch is a cell of loom's, which reports two at a time, and an owner that
//! does not see what the last one did.
//!
//! Mistakes that the models find: `Claim::take_away` as a look and a store; `Claim::set`
//! relaxed; `Claim::count` after the status in `Claim::leave_behind`.

mod atomic {
    pub use loom::sync::atomic::{AtomicU32, Ordering};
}
#[allow(dead_code)]
#[path = "../src/sched/p_status.rs"]
mod p_status;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use p_status::{Claim, PStatus};

struct P {
    claim: Claim,
    /// The M that owns it, or 0.
    m: AtomicUsize,
    /// What only the owner touches: how often it was used.
    own: UnsafeCell<u32>,
    /// How often the tick was counted.
    counted: UnsafeCell<u32>,
}

// SAFETY: what this model is to show; loom reports it if not.
unsafe impl Sync for P {}
// SAFETY: as above.
unsafe impl Send for P {}

impl P {
    fn running_on(m: usize) -> Arc<P> {
        Arc::new(P {
            claim: Claim::new(PStatus::Running),
            m: AtomicUsize::new(m),
            own: UnsafeCell::new(0),
            counted: UnsafeCell::new(0),
        })
    }

    fn use_by_owner(&self) {
        // SAFETY: the caller owns the P; loom reports it if not.
        self.own.with_mut(|n| unsafe { *n += 1 });
    }

    /// As that, by an M that must be known as the owner.
    fn use_by(&self, m: usize) {
        assert_eq!(self.m.load(Ordering::Acquire), m);
        self.use_by_owner();
    }

    fn note_count(&self) {
        // SAFETY: as above.
        self.counted.with_mut(|n| unsafe { *n += 1 });
    }

    /// As an M enters a system call.
    fn enter(&self) {
        self.note_count();
        self.m.store(0, Ordering::Release);
        self.claim.leave_behind();
    }

    /// As it comes back; whether it has the P again.
    fn exit(&self, m: usize) -> bool {
        let back = self.claim.take_back();
        if back {
            self.m.store(m, Ordering::Release);
            self.use_by(m);
        }
        back
    }

    /// As another M gets a P that has no other owner than its thread.
    fn acquire(&self, m: usize) {
        self.m.store(m, Ordering::Release);
        self.claim.set(PStatus::Running);
        self.use_by(m);
    }

    /// As the watcher looks at it; whether it has taken the P.
    fn retake(&self) -> bool {
        let taken = self.claim.status() == PStatus::Syscall && self.claim.take_away(PStatus::Idle);
        if taken {
            self.use_by_owner();
            self.note_count();
            self.claim.count();
        }
        taken
    }

    /// As one who stops the world looks at it; whether it has the P.
    fn stop(&self) -> bool {
        let taken =
            self.claim.status() == PStatus::Syscall && self.claim.take_away(PStatus::Stopped);
        if taken {
            self.use_by_owner();
        }
        taken
    }

    /// All owners have ended: nothing they did was lost.
    fn look(&self, uses: u32) {
        // SAFETY: as above.
        let used = self.own.with(|n| unsafe { *n });
        // SAFETY: as above.
        let counted = self.counted.with(|n| unsafe { *n });
        assert_eq!(used, uses);
        assert_eq!(self.claim.syscall_tick(), counted);
    }
}

fn check(model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(4);
    builder.check(model);
}

#[test]
fn one_has_the_p_after_a_system_call() {
    check(|| {
        let p = P::running_on(1);
        let others = [P::retake, P::stop].map(|look| {
            let p = p.clone();
            thread::spawn(move || look(&p))
        });
        p.use_by(1);
        p.enter();
        let back = p.exit(1);
        let [retaken, stopped] = others.map(|other| other.join().unwrap());
        let owners = [back, retaken, stopped].map(u32::from).iter().sum::<u32>();
        assert_eq!(owners, 1);
        p.look(2);
    });
}

/// The M that comes back may take its old P from another M that is in a system call in turn.
#[test]
fn so_it_is_if_the_p_has_been_in_two() {
    check(|| {
        let p = P::running_on(1);
        let second = {
            let p = p.clone();
            thread::spawn(move || {
                if !p.retake() {
                    return (0, false);
                }
                p.acquire(2);
                p.use_by(2);
                p.enter();
                (3, p.exit(2))
            })
        };
        p.use_by(1);
        p.enter();
        let first = p.exit(1);
        let (uses, back) = second.join().unwrap();
        assert!(first != back, "one of them has the P");
        p.look(2 + uses);
    });
}

#[test]
fn two_system_calls_are_two_chances() {
    check(|| {
        let p = P::running_on(1);
        let watcher = {
            let p = p.clone();
            thread::spawn(move || p.retake())
        };
        let mut uses = 0;
        for _ in 0..2 {
            p.use_by(1);
            p.enter();
            uses += 2;
            if !p.exit(1) {
                assert!(watcher.join().unwrap());
                // The watcher's use is in the place of the one after the call.
                return p.look(uses);
            }
        }
        assert!(!watcher.join().unwrap());
        p.look(uses);
    });
}
