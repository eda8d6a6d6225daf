//! Goroutines made from Rust closures on the real scheduler.

use goxide_rt::native::{
    Chan, Mutex, Semaphore, SendError, TryReceiveError, TrySendError, WaitGroup, after, block_on,
    go, receive_any, sleep, spawn, start, yield_now,
};
use goxide_rt::{defer, select};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[test]
fn every_spawned_goroutine_runs_once() {
    start(2);
    let sum = block_on(|| {
        let sum = Arc::new(AtomicU64::new(0));
        let done = Arc::new(Semaphore::new(0));
        for i in 1..=2000u64 {
            let (sum, done) = (sum.clone(), done.clone());
            go(move || {
                yield_now();
                sum.fetch_add(i, Ordering::Relaxed);
                done.release();
            });
        }
        (0..2000).for_each(|_| done.acquire());
        sum.load(Ordering::Relaxed)
    });
    assert_eq!(sum, 2000 * 2001 / 2);
}

#[test]
fn ping_pong_over_unbuffered_channels() {
    start(2);
    let last = block_on(|| {
        let (ping, pong) = (Chan::<u64>::new(0), Chan::<u64>::new(0));
        let (ping2, pong2) = (ping.clone(), pong.clone());
        go(move || {
            while let Some(n) = ping2.receive() {
                pong2.send(n + 1).unwrap();
            }
            pong2.close();
        });
        let mut n = 0;
        for _ in 0..20_000 {
            ping.send(n).unwrap();
            n = pong.receive().unwrap();
        }
        ping.close();
        assert_eq!(pong.receive(), None);
        assert!(!ping.close(), "closing twice is reported");
        assert!(ping.send(1).is_err());
        n
    });
    assert_eq!(last, 20_000);
}

#[test]
fn a_buffered_channel_keeps_order_and_count() {
    start(2);
    let got = block_on(|| {
        let c = Chan::<u64>::new(7);
        let c2 = c.clone();
        go(move || {
            (0..5000).for_each(|i| c2.send(i).unwrap());
            c2.close();
        });
        let mut got = Vec::new();
        while let Some(v) = c.receive() {
            got.push(v);
        }
        got
    });
    assert_eq!(got, (0..5000).collect::<Vec<_>>());
}

#[test]
fn select_takes_every_value_of_every_channel() {
    start(2);
    let (sum, per_channel) = block_on(|| {
        let channels: Vec<Chan<u64>> = (0..4).map(|i| Chan::new(i % 2)).collect();
        for c in &channels {
            let c = c.clone();
            go(move || {
                for i in 0..2000 {
                    c.send(i).unwrap();
                    if i % 64 == 0 {
                        yield_now();
                    }
                }
            });
        }
        let all: Vec<&Chan<u64>> = channels.iter().collect();
        let (mut sum, mut counts) = (0, [0usize; 4]);
        for _ in 0..8000 {
            let (i, v) = receive_any(&all);
            sum += v.unwrap();
            counts[i] += 1;
        }
        (sum, counts)
    });
    assert_eq!(per_channel, [2000; 4]);
    assert_eq!(sum, 4 * (1999 * 2000 / 2));
}

#[test]
fn sleepers_all_wake_and_not_early() {
    start(2);
    let early = block_on(|| {
        let c = Chan::<bool>::new(8);
        for ms in [40u64, 10, 30, 20] {
            let c = c.clone();
            go(move || {
                let began = Instant::now();
                sleep(Duration::from_millis(ms));
                c.send(began.elapsed() < Duration::from_millis(ms)).unwrap();
            });
        }
        (0..4).map(|_| c.receive().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(early, [false; 4]);
}

#[test]
fn a_semaphore_excludes() {
    start(2);
    let max = block_on(|| {
        let gate = Arc::new(Semaphore::new(3));
        let (inside, max) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let done = Arc::new(Semaphore::new(0));
        for _ in 0..50 {
            let (gate, inside, max, done) =
                (gate.clone(), inside.clone(), max.clone(), done.clone());
            go(move || {
                for _ in 0..40 {
                    gate.acquire();
                    let n = inside.fetch_add(1, Ordering::SeqCst) + 1;
                    max.fetch_max(n, Ordering::SeqCst);
                    yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    gate.release();
                }
                done.release();
            });
        }
        (0..50).for_each(|_| done.acquire());
        max.load(Ordering::SeqCst)
    });
    assert!((1..=3).contains(&max), "{max} goroutines at once");
}

/// Counts its drops.
struct Counted(Arc<AtomicUsize>);
impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn every_value_sent_is_dropped_once_wherever_it_ends() {
    start(2);
    let drops = Arc::new(AtomicUsize::new(0));
    let counter = drops.clone();
    block_on(move || {
        let value = || Counted(counter.clone());
        let c = Chan::new(3);
        c.send(value()).unwrap();
        c.send(value()).unwrap();
        drop(c.receive());
        assert_eq!(counter.load(Ordering::SeqCst), 1, "what was received");
        c.send(value()).unwrap();
        c.send(value()).unwrap();
        assert!(matches!(c.try_send(value()), Err(TrySendError::Full(_))));
        assert_eq!(counter.load(Ordering::SeqCst), 2, "what did not fit");
        c.close();
        let SendError(back) = c.send(value()).unwrap_err();
        drop(back);
        assert_eq!(counter.load(Ordering::SeqCst), 3, "what came back");
        select! {
            send(c, value()) -> sent => assert!(sent.is_err()),
        }
        assert_eq!(
            counter.load(Ordering::SeqCst),
            4,
            "what a select could not send"
        );
        let idle = Chan::new(0);
        select! {
            send(idle, value()) -> _ => unreachable!(),
            default => {}
        }
        assert_eq!(
            counter.load(Ordering::SeqCst),
            5,
            "what a select did not send"
        );
        drop(c);
        assert_eq!(
            counter.load(Ordering::SeqCst),
            8,
            "what was left in the buffer"
        );
    });
    assert_eq!(drops.load(Ordering::SeqCst), 8);
}

#[test]
fn select_waits_for_sends_and_receives_of_several_types() {
    start(2);
    let log = block_on(|| {
        let (words, numbers, stop) = (Chan::new(0), Chan::new(0), Chan::<()>::new(0));
        let reader = spawn({
            let numbers: Chan<u64> = numbers.clone();
            move || numbers.iter().sum::<u64>()
        });
        go({
            let (words, stop) = (words.clone(), stop.clone());
            move || {
                for i in 0..50 {
                    words.send(format!("word {i}")).unwrap();
                }
                stop.close();
            }
        });
        let (mut got, mut sent) = (Vec::new(), 0);
        loop {
            select! {
                recv(words) -> word => got.push(word.unwrap()),
                send(numbers, 1) -> result => {
                    result.unwrap();
                    sent += 1;
                }
                recv(stop) -> _ => break,
            }
        }
        numbers.close();
        assert_eq!(reader.join().unwrap(), sent);
        got
    });
    assert_eq!(log.len(), 50);
    assert_eq!(log[49], "word 49");
}

#[test]
fn try_receive_tells_empty_from_closed() {
    start(2);
    block_on(|| {
        let c = Chan::<u8>::new(1);
        assert_eq!(c.try_receive(), Err(TryReceiveError::Empty));
        c.send(1).unwrap();
        c.close();
        assert_eq!((c.len(), c.capacity()), (1, 1));
        assert_eq!(c.try_receive(), Ok(1));
        assert_eq!(c.try_receive(), Err(TryReceiveError::Closed));
        assert_eq!(c.receive(), None);
    });
}

#[test]
fn a_mutex_lets_one_at_a_time_through() {
    start(2);
    let total = block_on(|| {
        let shared = Arc::new(Mutex::new((0u64, false)));
        let group = WaitGroup::new();
        for _ in 0..20 {
            let shared = shared.clone();
            group.go(move || {
                for i in 0..500 {
                    let mut held = shared.lock();
                    assert!(!held.1, "two are in");
                    held.1 = true;
                    if i % 50 == 0 {
                        yield_now();
                    }
                    held.0 += 1;
                    held.1 = false;
                }
            });
        }
        group.wait();
        let total = shared.lock().0;
        let held = shared.try_lock();
        assert!(held.is_some() && shared.try_lock().is_none());
        total
    });
    assert_eq!(total, 10_000);
}

#[test]
fn a_panic_ends_its_goroutine_only_and_runs_what_was_deferred() {
    start(2);
    let (message, order) = block_on(|| {
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let ours = order.clone();
        let handle = spawn(move || {
            defer! { ours.lock().unwrap().push("outer") }
            // A wait while unwinding: the goroutine keeps its thread.
            defer! { sleep(Duration::from_millis(1)); ours.lock().unwrap().push("inner") }
            panic!("expected by the test");
        });
        let payload = handle.join().unwrap_err();
        let message = payload.downcast_ref::<&str>().unwrap().to_string();
        (message, order.lock().unwrap().clone())
    });
    assert_eq!(message, "expected by the test");
    assert_eq!(order, ["inner", "outer"]);
}

#[test]
fn a_wait_group_waits_for_panicking_goroutines_and_can_be_used_again() {
    start(2);
    block_on(|| {
        let group = WaitGroup::new();
        let ran = Arc::new(AtomicUsize::new(0));
        for round in 1..=100 {
            for i in 0..4 {
                let ran = ran.clone();
                group.go(move || {
                    ran.fetch_add(1, Ordering::SeqCst);
                    if round == 50 && i == 0 {
                        std::panic::resume_unwind(Box::new("silent"));
                    }
                });
            }
            group.wait();
            assert_eq!(ran.load(Ordering::SeqCst), 4 * round);
        }
    });
}

#[test]
fn a_timeout_ends_a_select() {
    start(2);
    let timed_out = block_on(|| {
        let never = Chan::<u8>::new(0);
        select! {
            recv(never) -> _ => false,
            recv(after(Duration::from_millis(2))) -> _ => true,
        }
    });
    assert!(timed_out);
}

#[test]
fn bodies_of_a_select_are_blocks_or_expressions_with_commas_or_without() {
    start(2);
    let taken = block_on(|| {
        let (from, to) = (Chan::new(1), Chan::new(1));
        from.send(1).unwrap();
        let mut taken = Vec::new();
        for _ in 0..2 {
            select! {
                recv(from) -> n => { taken.push(n); },
                send(to, 5) => { taken.push(None) },
                default => {},
            }
        }
        select! {
            recv(from) => {}
            send(to, 6) -> sent => { sent.unwrap(); }
            default => taken.push(Some(9))
        }
        taken.sort();
        taken
    });
    assert_eq!(taken, [None, Some(1), Some(9)]);
}
