//! Tasks of `tokio`: stackless, polled.

use crate::measure::{Rows, length, print_lateness};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc};
use tokio::task::{JoinSet, yield_now};

/// All rows, on so many threads.
pub fn run(workers: usize, rows: &Rows) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_time()
        .build()
        .expect("threads");
    macro_rules! row {
        ($name:literal, $operations:expr, $future:expr) => {
            // As a task of its own, as the others are.
            rows.measure($name, $operations, || {
                runtime.block_on(runtime.spawn($future)).expect("no panic")
            });
        };
    }
    const N: u64 = 20_000;
    row!("spawn and wait", N, async {
        let mut all = JoinSet::new();
        (0..N).for_each(|_| drop(all.spawn(async {})));
        while all.join_next().await.is_some() {}
        N
    });
    row!("spawn and join one", N, async {
        let mut sum = 0;
        for i in 0..N {
            sum += tokio::spawn(async move { i }).await.expect("no panic");
        }
        sum
    });
    row!("Gosched pair", 2 * N, async {
        let give_way = || async {
            for _ in 0..N {
                yield_now().await;
            }
        };
        let pair = [tokio::spawn(give_way()), tokio::spawn(give_way())];
        for task in pair {
            task.await.expect("no panic");
        }
        N
    });
    row!("ping-pong, buffered", N, ping_pong(N));
    row!("buffered channel", 5 * N, async {
        let (to, mut from) = mpsc::channel(128);
        tokio::spawn(async move {
            for i in 0..5 * N {
                to.send(i).await.expect("a receiver");
            }
        });
        let mut sum = 0;
        while let Some(x) = from.recv().await {
            sum += x;
        }
        sum
    });
    row!("ring of 1000, buffered", 20_000, ring(1000, 20));
    row!("Mutex, free", 10 * N, async {
        let lock = Mutex::new(0);
        for _ in 0..10 * N {
            *lock.lock().await += 1;
        }
        lock.into_inner()
    });
    row!("Mutex, 8 contend", 8 * N, async {
        let lock = Arc::new(Mutex::new(0));
        let mut all = JoinSet::new();
        for _ in 0..8 {
            let lock = lock.clone();
            all.spawn(async move {
                for _ in 0..N {
                    *lock.lock().await += 1;
                }
            });
        }
        while all.join_next().await.is_some() {}
        *lock.lock().await
    });
    row!("select, ready", N, async {
        let (to, mut ready) = mpsc::channel(1);
        let (_keep, mut never) = mpsc::channel::<u64>(1);
        let mut sum = 0;
        for i in 0..N {
            to.send(i).await.expect("a receiver");
            tokio::select! {
                x = ready.recv() => sum += x.unwrap_or(0),
                x = never.recv() => sum -= x.unwrap_or(0),
            }
        }
        sum
    });
    if rows.row("10000 sleepers late", 1).is_some() {
        runtime.block_on(async {
            let sleepers: Vec<_> = (0..10_000).map(|i| tokio::spawn(sleeper(i))).collect();
            let mut late = Vec::new();
            for sleeper in sleepers {
                late.push(sleeper.await.expect("no panic"));
            }
            print_lateness(late);
        });
    }
}

async fn sleeper(i: u64) -> Duration {
    let begin = Instant::now();
    tokio::time::sleep(length(i)).await;
    begin.elapsed().saturating_sub(length(i))
}

async fn ping_pong(rounds: u64) -> u64 {
    let (there, mut requests) = mpsc::channel(1);
    let (answers, mut back) = mpsc::channel(1);
    tokio::spawn(async move {
        while let Some(x) = requests.recv().await {
            answers.send(x + 1).await.expect("a receiver");
        }
    });
    let mut sum = 0;
    for i in 0..rounds {
        there.send(i).await.expect("a receiver");
        sum += back.recv().await.expect("an answer");
    }
    sum
}

async fn ring(size: usize, laps: u64) -> u64 {
    let (first, mut from) = mpsc::channel(1);
    for _ in 1..size {
        let (to, next) = mpsc::channel(1);
        let mut input = from;
        tokio::spawn(async move {
            while let Some(x) = input.recv().await {
                to.send(x + 1).await.expect("a receiver");
            }
        });
        from = next;
    }
    let mut x = 0;
    for _ in 0..laps {
        first.send(x).await.expect("a receiver");
        x = from.recv().await.expect("a value");
    }
    drop(first);
    assert!(from.recv().await.is_none());
    x
}
