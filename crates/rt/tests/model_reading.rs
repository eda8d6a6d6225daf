//! Stacks read while the world runs, under loom: `sched/reading.rs` as it is, with a marker
//! that reads a stack, one who makes its goroutine ready, and an M that runs it. The stack
//! is a cell of loom's, which reports who runs on it while it is read.
//!
//! Mistakes that the models find: without the barriers (a test of its own); an M that does
//! not wait for the reader; `Words::read` without the second look at the status, and
//! `Words::change_status` that forgets `seen` before it changes the status (what was written
//! stays unseen), or that looks at the group before it; `note_group` that looks at the Gs before
//! it writes.

mod atomic {
    pub use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering, fence};
    use std::cell::Cell;

    thread_local! {
        /// The mistake that a model is to find.
        pub static WITHOUT_BARRIERS: Cell<bool> = const { Cell::new(false) };
    }

    pub fn barrier() {
        if !WITHOUT_BARRIERS.get() {
            fence(Ordering::SeqCst);
        }
    }
}
#[path = "../src/sched/reading.rs"]
mod reading;

use atomic::{AtomicBool, AtomicU32, Ordering};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use reading::Words;

const RUNNABLE: u32 = 1;
const RUNNING: u32 = 2;
const WAITING: u32 = 4;
/// The collection that reads.
const EPOCH: u32 = 7;

struct G {
    status: AtomicU32,
    read: AtomicBool,
    seen: [AtomicU32; 1],
    group: AtomicU32,
    /// What only the goroutine changes.
    stack: UnsafeCell<u32>,
    /// A word of the stack into which whoever makes the goroutine ready writes a pointer.
    result: AtomicU32,
}

// SAFETY: what this model is to show; loom reports it if not.
unsafe impl Sync for G {}
// SAFETY: as above.
unsafe impl Send for G {}

impl G {
    fn waiting() -> Arc<G> {
        Arc::new(G {
            status: AtomicU32::new(WAITING),
            read: AtomicBool::new(false),
            seen: [AtomicU32::new(0)],
            group: AtomicU32::new(0),
            stack: UnsafeCell::new(0),
            result: AtomicU32::new(0),
        })
    }

    fn words(&self) -> Words<'_> {
        Words {
            status: &self.status,
            read: &self.read,
            seen: &self.seen[0],
            group: &self.group,
        }
    }

    fn ready(&self) {
        self.result.store(1, Ordering::Relaxed);
        self.words().change_status(RUNNABLE);
    }

    fn run(&self) {
        self.words().change_status(RUNNING);
        while self.words().is_read() {
            thread::yield_now();
        }
        // SAFETY: it runs; loom reports it if somebody reads.
        self.stack.with_mut(|n| unsafe { *n += 1 });
    }

    fn park(&self) {
        self.words().change_status(WAITING);
    }

    /// As a marker does; what it saw, if anything.
    fn mark(&self) -> Option<(u32, u32)> {
        let mut saw = None;
        self.words().read(EPOCH, |status| {
            let still = matches!(status, WAITING | RUNNABLE);
            if still {
                // SAFETY: nobody runs on it; loom reports it if not.
                let stack = self.stack.with(|n| unsafe { *n });
                saw = Some((stack, self.result.load(Ordering::Relaxed)));
            }
            still
        });
        reading::note_group(&self.group, &self.seen, [EPOCH, u32::MAX]);
        saw
    }
}

/// A marker reads while another thread does all this.
fn check(switches: usize, acts: fn(&G)) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(switches);
    builder.check(move || {
        let g = G::waiting();
        let marker = {
            let g = g.clone();
            thread::spawn(move || g.mark())
        };
        acts(&g);
        let saw = marker.join().unwrap();
        let seen = g.seen[0].load(Ordering::Relaxed) == EPOCH;
        let in_group = g.group.load(Ordering::Relaxed) == EPOCH;
        assert!(seen || !in_group, "the group is seen, but not this one");
        if seen {
            // SAFETY: all have ended.
            let stack = g.stack.with(|n| unsafe { *n });
            let is = (stack, g.result.load(Ordering::Relaxed));
            assert_eq!(saw, Some(is), "seen, but not as it is");
        }
    });
}

#[test]
fn nobody_runs_on_a_stack_that_is_read() {
    check(4, |g| {
        g.ready();
        g.run();
    });
}

#[test]
fn what_a_waker_wrote_does_not_stay_unseen() {
    check(4, G::ready);
}

#[test]
fn what_it_did_until_it_waits_again_does_not_stay_unseen() {
    check(3, |g| {
        g.ready();
        g.run();
        g.park();
    });
}

#[test]
#[should_panic]
fn without_the_barriers_one_runs_on_a_stack_that_is_read() {
    atomic::WITHOUT_BARRIERS.set(true);
    check(4, |g| {
        g.ready();
        g.run();
    });
}
