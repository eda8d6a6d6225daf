//! The run queue under loom: every interleaving that the memory model allows of one owner
//! and one or two thieves on a queue of four.

mod atomic {
    pub use loom::sync::atomic::{AtomicPtr, AtomicU32, Ordering};
}
mod g {
    /// The queue never looks at one.
    pub struct G;
    pub const RUN_QUEUE_CAPACITY: u32 = 4;
}
#[allow(dead_code, reason = "the model uses a part")]
#[path = "../src/sched/runq.rs"]
mod runq;

use g::G;
use loom::sync::Arc;
use runq::RunQueue;

fn fake(i: usize) -> *mut G {
    (i * 16) as *mut G
}

fn number(g: *mut G) -> usize {
    g as usize / 16
}

/// Takes all that is in a queue by its owner.
fn drain(q: &RunQueue, into: &mut Vec<usize>) {
    loop {
        let (g, _) = q.pop();
        if g.is_null() {
            return;
        }
        into.push(number(g));
    }
}

/// Steals once into a queue of its own, and empties that.
fn thief(q: Arc<RunQueue>, slot_too: bool) -> Vec<usize> {
    let own = RunQueue::new();
    let mut got = Vec::new();
    let g = q.steal(&own, slot_too);
    if !g.is_null() {
        got.push(number(g));
    }
    drain(&own, &mut got);
    got
}

fn assert_each_once(mut all: Vec<usize>, n: usize) {
    all.sort_unstable();
    assert_eq!(all, (1..=n).collect::<Vec<_>>());
}

/// Interleavings with this many forced switches: enough for every known bug of such queues,
/// and few enough to end.
fn check(f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(f);
}

#[test]
fn owner_and_two_thieves_get_every_goroutine_once() {
    check(|| {
        let q = Arc::new(RunQueue::new());
        for i in 1..=3 {
            q.push(fake(i), |_| panic!("room is left"));
        }
        let thieves: Vec<_> = (0..2)
            .map(|_| {
                let q = q.clone();
                loom::thread::spawn(move || thief(q, false))
            })
            .collect();
        let mut all = Vec::new();
        let (g, _) = q.pop();
        if !g.is_null() {
            all.push(number(g));
        }
        q.push(fake(4), |_| panic!("room is left"));
        for t in thieves {
            all.extend(t.join().unwrap());
        }
        drain(&q, &mut all);
        assert_each_once(all, 4);
    });
}

#[test]
fn overflow_and_stealing_do_not_take_the_same() {
    check(|| {
        let q = Arc::new(RunQueue::new());
        for i in 1..=4 {
            q.push(fake(i), |_| panic!("room is left"));
        }
        let t = {
            let q = q.clone();
            loom::thread::spawn(move || thief(q, false))
        };
        let mut all = Vec::new();
        q.push(fake(5), |batch| all.extend(batch.map(number)));
        all.extend(t.join().unwrap());
        drain(&q, &mut all);
        assert_each_once(all, 5);
    });
}

#[test]
fn the_next_slot_goes_to_one() {
    check(|| {
        let q = Arc::new(RunQueue::new());
        assert!(q.set_next(fake(1)).is_null());
        let t = {
            let q = q.clone();
            loom::thread::spawn(move || thief(q, true))
        };
        let mut all = Vec::new();
        let displaced = q.set_next(fake(2));
        if !displaced.is_null() {
            q.push(displaced, |_| panic!("room is left"));
        }
        let (g, _) = q.pop();
        if !g.is_null() {
            all.push(number(g));
        }
        all.extend(t.join().unwrap());
        drain(&q, &mut all);
        assert_each_once(all, 2);
    });
}

#[test]
fn what_stays_in_the_queue_is_not_missed() {
    check(|| {
        let q = Arc::new(RunQueue::new());
        q.push(fake(1), |_| panic!("room is left"));
        let owner = {
            let q = q.clone();
            // The goroutine moves from the ring to the slot and never is in neither.
            loom::thread::spawn(move || {
                assert!(q.set_next(fake(2)).is_null());
                let (g, from_slot) = q.pop();
                assert!(from_slot && number(g) == 2);
            })
        };
        assert!(!q.is_empty(), "goroutine 1 was there all the time");
        owner.join().unwrap();
    });
}
