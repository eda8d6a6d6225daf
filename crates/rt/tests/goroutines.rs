//! Goroutines made from Rust closures on the real scheduler.

use goxide_rt::native::{Chan, Semaphore, block_on, go, sleep, start, yield_now};
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
            let (i, v) = Chan::select(&all);
            sum += v.unwrap();
            counts[i] += 1;
        }
        (sum, counts)
    });
    assert_eq!(per_channel, [2000; 4]);
    assert_eq!(sum, 4 * (1999 * 2000 / 2));
}

#[test]
fn sleepers_wake_in_order_and_not_early() {
    start(2);
    let order = block_on(|| {
        let c = Chan::<u64>::new(8);
        let began = Instant::now();
        for ms in [40u64, 10, 30, 20] {
            let c = c.clone();
            go(move || {
                sleep(Duration::from_millis(ms));
                assert!(began.elapsed() >= Duration::from_millis(ms));
                c.send(ms).unwrap();
            });
        }
        (0..4).map(|_| c.receive().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(order, [10, 20, 30, 40]);
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
