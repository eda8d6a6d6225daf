//! Stackful coroutines of `may`.

use crate::measure::{Rows, length, print_lateness};
use may::coroutine::{sleep, yield_now};
use may::go;
use may::sync::{Mutex, mpmc, mpsc};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// All rows, on so many threads.
pub fn run(workers: usize, rows: Rows) {
    may::config().set_workers(workers).set_stack_size(0x2000);
    go!(move || all(&rows)).join().unwrap();
}

fn all(rows: &Rows) {
    const N: u64 = 20_000;
    rows.measure("spawn and wait", N, || {
        may::coroutine::scope(|scope| {
            for _ in 0..N {
                go!(scope, || {});
            }
        });
        N
    });
    rows.measure("spawn and join one", N, || {
        (0..N).map(|i| go!(move || i).join().unwrap()).sum()
    });
    rows.measure("Gosched pair", 2 * N, || {
        let pair = [0, 1].map(|_| go!(move || (0..N).for_each(|_| yield_now())));
        pair.into_iter().for_each(|c| c.join().unwrap());
        N
    });
    rows.measure("ping-pong, buffered", N, || {
        let ((there, requests), (answers, back)) = (mpsc::channel(), mpsc::channel());
        go!(move || requests
            .iter()
            .for_each(|x: u64| answers.send(x + 1).unwrap()));
        let mut sum = 0;
        for i in 0..N {
            there.send(i).unwrap();
            sum += back.recv().unwrap();
        }
        sum
    });
    rows.measure("4x4 producers and consumers", 4 * N, || crowd(N));
    rows.measure("ring of 1000, buffered", 20_000, || ring(1000, 20));
    rows.measure("Mutex, free", 10 * N, || {
        let lock = Mutex::new(0);
        (0..10 * N).for_each(|_| *lock.lock().unwrap() += 1);
        lock.into_inner().unwrap()
    });
    rows.measure("Mutex, 8 contend", 8 * N, || {
        let lock = Arc::new(Mutex::new(0));
        let crowd: Vec<_> = (0..8)
            .map(|_| {
                let lock = lock.clone();
                go!(move || (0..N).for_each(|_| *lock.lock().unwrap() += 1))
            })
            .collect();
        crowd.into_iter().for_each(|c| c.join().unwrap());
        *lock.lock().unwrap()
    });
    if rows.row("10000 sleepers late", 1).is_some() {
        let sleepers: Vec<_> = (0..10_000).map(|i| go!(move || sleeper(i))).collect();
        print_lateness(sleepers.into_iter().map(|s| s.join().unwrap()).collect());
    }
}

fn sleeper(i: u64) -> Duration {
    let begin = Instant::now();
    sleep(length(i));
    begin.elapsed().saturating_sub(length(i))
}

fn crowd(each: u64) -> u64 {
    let (to, from) = mpmc::channel();
    let consumers: Vec<_> = (0..4)
        .map(|_| {
            let from = from.clone();
            go!(move || {
                let mut sum = 0;
                while let Ok(x) = from.recv() {
                    sum += x;
                }
                sum
            })
        })
        .collect();
    for _ in 0..4 {
        let to = to.clone();
        go!(move || (0..each).for_each(|i| to.send(i).unwrap()));
    }
    drop(to);
    consumers.into_iter().map(|c| c.join().unwrap()).sum()
}

fn ring(size: usize, laps: u64) -> u64 {
    let (first, mut from) = mpsc::channel();
    for _ in 1..size {
        let (to, next) = mpsc::channel();
        let input = from;
        go!(move || input.iter().for_each(|x| to.send(x + 1).unwrap()));
        from = next;
    }
    let mut x = 0;
    for _ in 0..laps {
        first.send(x).unwrap();
        x = from.recv().unwrap();
    }
    drop(first);
    assert!(from.recv().is_err());
    x
}
