//! The word-sized lock, the parker, and semaphores.

use crate::atomic::{AtomicU32, AtomicUsize, Ordering};
use crate::sched::call;
use crate::sync::{Lock, Parker};
use crate::{check, sema};
use goxide_abi::WaitReason;
use shuttle::thread;
use std::sync::Arc;

#[test]
fn a_lock_lets_one_in_and_forgets_nobody() {
    check(|| {
        let shared = Arc::new((Lock::new(), AtomicUsize::new(0)));
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let shared = shared.clone();
                thread::spawn(move || {
                    for _ in 0..2 {
                        shared.0.lock();
                        let n = shared.1.load(Ordering::SeqCst);
                        thread::yield_now();
                        shared.1.store(n + 1, Ordering::SeqCst);
                        shared.0.unlock();
                    }
                })
            })
            .collect();
        for t in threads {
            t.join().unwrap();
        }
        assert_eq!(shared.1.load(Ordering::SeqCst), 6);
    });
}

#[test]
fn a_parker_keeps_a_wake_up_that_comes_first() {
    check(|| {
        let shared = Arc::new((Parker::new(), AtomicUsize::new(0)));
        let sleeper = {
            let shared = shared.clone();
            thread::spawn(move || {
                for round in 1..=3 {
                    while shared.1.load(Ordering::SeqCst) < round {
                        shared.0.park();
                    }
                }
            })
        };
        for round in 1..=3 {
            shared.1.store(round, Ordering::SeqCst);
            shared.0.unpark();
        }
        sleeper.join().unwrap();
    });
}

/// A semaphore at an address of its own.
struct Semaphore(AtomicU32);

impl Semaphore {
    fn acquire(&self, first: bool) {
        let address = &raw const self.0 as usize;
        call(|| {
            unsafe { sema::acquire(address, first, false, WaitReason::Semacquire) };
            (0, 0)
        });
    }

    fn release(&self, hand_off: bool) {
        let address = &raw const self.0 as usize;
        call(|| {
            unsafe { sema::release(address, hand_off) };
            (0, 0)
        });
    }
}

#[test]
fn a_semaphore_of_one_excludes_and_wakes() {
    check(|| {
        let shared = Arc::new((Semaphore(AtomicU32::new(1)), AtomicUsize::new(0)));
        let threads: Vec<_> = (0..3)
            .map(|i| {
                let shared = shared.clone();
                thread::spawn(move || {
                    for _ in 0..2 {
                        shared.0.acquire(i == 0);
                        assert_eq!(shared.1.fetch_add(1, Ordering::SeqCst), 0);
                        thread::yield_now();
                        assert_eq!(shared.1.fetch_sub(1, Ordering::SeqCst), 1);
                        shared.0.release(i == 1);
                    }
                })
            })
            .collect();
        for t in threads {
            t.join().unwrap();
        }
        assert_eq!(shared.0.0.load(Ordering::SeqCst), 1, "every unit came back");
    });
}

#[test]
fn every_release_lets_one_through() {
    check(|| {
        let s = Arc::new(Semaphore(AtomicU32::new(0)));
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let s = s.clone();
                thread::spawn(move || s.acquire(false))
            })
            .collect();
        for _ in 0..3 {
            s.release(false);
        }
        for w in waiting {
            w.join().unwrap();
        }
        assert_eq!(s.0.load(Ordering::SeqCst), 0);
    });
}
