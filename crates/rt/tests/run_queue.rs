//! The run queue with real threads; `model_run_queue.rs` looks at every interleaving of a
//! small one.

use goxide_rt::sched::g::G;
use goxide_rt::sched::runq::RunQueue;
use std::sync::atomic::{AtomicUsize, Ordering};

fn fake(i: usize) -> *mut G {
    (i * 16) as *mut G
}

#[test]
fn the_slot_comes_first_and_overflow_takes_the_older_half() {
    let q = RunQueue::new();
    for i in 1..=256 {
        q.push(fake(i), |_| panic!("room is left"));
    }
    let mut out = Vec::new();
    q.push(fake(257), |batch| out.extend(batch));
    assert_eq!(out.len(), 129);
    assert_eq!((out[0], out[128]), (fake(1), fake(257)));
    assert!(q.set_next(fake(999)).is_null());
    assert_eq!(q.pop(), (fake(999), true));
    assert_eq!(q.pop(), (fake(129), false));
    let thief = RunQueue::new();
    let g = q.steal(&thief, false);
    assert!(!g.is_null());
    assert_eq!(thief.len() + 1 + q.len(), 127);
}

#[test]
fn under_stealing_every_goroutine_comes_out_once() {
    const N: usize = 40_000;
    let q = RunQueue::new();
    let seen: Vec<AtomicUsize> = (0..=N).map(|_| AtomicUsize::new(0)).collect();
    let done = AtomicUsize::new(0);
    let mark = |g: *mut G| {
        seen[g as usize / 16].fetch_add(1, Ordering::Relaxed);
        done.fetch_add(1, Ordering::Relaxed);
    };
    std::thread::scope(|s| {
        s.spawn(|| {
            let mine = RunQueue::new();
            while done.load(Ordering::Relaxed) < N {
                let g = q.steal(&mine, true);
                if !g.is_null() {
                    mark(g);
                }
                loop {
                    let (g, _) = mine.pop();
                    if g.is_null() {
                        break;
                    }
                    mark(g);
                }
            }
        });
        for i in 1..=N {
            q.push(fake(i), |batch| batch.for_each(mark));
            if i % 3 == 0 {
                let (g, _) = q.pop();
                if !g.is_null() {
                    mark(g);
                }
            }
        }
        loop {
            let (g, _) = q.pop();
            if g.is_null() {
                break;
            }
            mark(g);
        }
    });
    assert!(seen[1..].iter().all(|n| n.load(Ordering::Relaxed) == 1));
}
