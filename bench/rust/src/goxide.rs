//! goxide's runtime through its Rust interface.

use crate::measure::{Rows, length, print_lateness};
use goxide_rt::native::{Chan, Mutex, WaitGroup, go, sleep, spawn, yield_now};
use goxide_rt::select;
use std::sync::Arc;
use std::time::Instant;

/// All rows, from a goroutine.
pub fn all(rows: &Rows) {
    const N: u64 = 20_000;
    rows.measure("spawn and wait", N, || {
        let group = WaitGroup::new();
        (0..N).for_each(|_| group.go(|| {}));
        group.wait();
        N
    });
    rows.measure("spawn and join one", N, || {
        (0..N).map(|i| spawn(move || i).join().unwrap()).sum()
    });
    rows.measure("Gosched pair", 2 * N, || {
        let group = WaitGroup::new();
        for _ in 0..2 {
            group.go(|| (0..N).for_each(|_| yield_now()));
        }
        group.wait();
        N
    });
    rows.measure("ping-pong", N, || ping_pong(N, 0));
    rows.measure("ping-pong, buffered", N, || ping_pong(N, 1));
    rows.measure("buffered channel", 5 * N, || {
        let channel = Chan::new(128);
        let sender = channel.clone();
        go(move || {
            (0..5 * N).for_each(|i| sender.send(i).unwrap());
            sender.close();
        });
        channel.iter().sum()
    });
    rows.measure("4x4 producers and consumers", 4 * N, || crowd(N));
    rows.measure("ring of 1000", 20_000, || ring(1000, 20, 0));
    rows.measure("ring of 1000, buffered", 20_000, || ring(1000, 20, 1));
    rows.measure("Mutex, free", 10 * N, || {
        let lock = Mutex::new(0);
        (0..10 * N).for_each(|_| *lock.lock() += 1);
        lock.into_inner()
    });
    rows.measure("Mutex, 8 contend", 8 * N, || {
        let lock = Arc::new(Mutex::new(0));
        let group = WaitGroup::new();
        for _ in 0..8 {
            let lock = lock.clone();
            group.go(move || (0..N).for_each(|_| *lock.lock() += 1));
        }
        group.wait();
        *lock.lock()
    });
    rows.measure("select, ready", N, || {
        let (ready, never) = (Chan::new(1), Chan::<u64>::new(1));
        let mut sum = 0;
        for i in 0..N {
            ready.send(i).unwrap();
            select! {
                recv(ready) -> x => sum += x.unwrap(),
                recv(never) -> x => sum -= x.unwrap(),
            }
        }
        sum
    });
    if rows.row("10000 sleepers late", 1).is_some() {
        let sleepers: Vec<_> = (0..10_000).map(|i| spawn(move || sleeper(i))).collect();
        print_lateness(sleepers.into_iter().map(|s| s.join().unwrap()).collect());
    }
}

fn sleeper(i: u64) -> std::time::Duration {
    let begin = Instant::now();
    sleep(length(i));
    begin.elapsed() - length(i)
}

fn ping_pong(rounds: u64, capacity: usize) -> u64 {
    let (there, back) = (Chan::new(capacity), Chan::new(capacity));
    let (requests, answers) = (there.clone(), back.clone());
    go(move || requests.iter().for_each(|x| answers.send(x + 1).unwrap()));
    let mut sum = 0;
    for i in 0..rounds {
        there.send(i).unwrap();
        sum += back.receive().unwrap();
    }
    there.close();
    sum
}

fn crowd(each: u64) -> u64 {
    let (channel, sums) = (Chan::new(64), Chan::new(4));
    let sending = WaitGroup::new();
    for _ in 0..4 {
        let to = channel.clone();
        sending.go(move || (0..each).for_each(|i| to.send(i).unwrap()));
        let (from, sums) = (channel.clone(), sums.clone());
        go(move || sums.send(from.iter().sum()).unwrap());
    }
    sending.wait();
    channel.close();
    (0..4).map(|_| -> u64 { sums.receive().unwrap() }).sum()
}

fn ring(size: usize, laps: u64, capacity: usize) -> u64 {
    let first = Chan::new(capacity);
    let mut from = first.clone();
    for _ in 1..size {
        let (input, to) = (from, Chan::new(capacity));
        let output = to.clone();
        go(move || {
            input.iter().for_each(|x| output.send(x + 1).unwrap());
            output.close();
        });
        from = to;
    }
    let mut x = 0;
    for _ in 0..laps {
        first.send(x).unwrap();
        x = from.receive().unwrap();
    }
    first.close();
    assert!(from.receive().is_none());
    x
}
