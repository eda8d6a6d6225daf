//! Costs of the runtime's own operations, without a compiler: ns each.

use goxide_rt::native::{Chan, Semaphore, block_on, go, sleep, start, yield_now};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn report(name: &str, n: u64, f: impl FnOnce() + Send + 'static) {
    let took = block_on(move || {
        let began = Instant::now();
        f();
        began.elapsed()
    });
    println!("{name:32} {:8.1} ns", took.as_nanos() as f64 / n as f64);
}

fn main() {
    let procs = std::env::var("GOMAXPROCS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(2);
    start(procs);
    for _ in 0..2 {
        all();
    }
}

fn all() {
    const N: u64 = 300_000;
    report("ping-pong round trip", N, || {
        let (a, b) = (Chan::<u64>::new(0), Chan::<u64>::new(0));
        let (a2, b2) = (a.clone(), b.clone());
        go(move || {
            while a2.receive().is_some() {
                b2.send(1).unwrap();
            }
        });
        for _ in 0..N {
            a.send(1).unwrap();
            b.receive();
        }
        a.close();
    });
    report("buffered send and receive", N, || {
        let c = Chan::<u64>::new(16);
        for i in 0..N {
            c.send(i).unwrap();
            c.receive();
        }
    });
    report("yield among four", N, || {
        let done = Arc::new(Semaphore::new(0));
        for _ in 0..4 {
            let done = done.clone();
            go(move || {
                (0..N / 4).for_each(|_| yield_now());
                done.release();
            });
        }
        (0..4).for_each(|_| done.acquire());
    });
    report("select with two ready", N, || {
        let (a, b) = (Chan::<u64>::new(1), Chan::<u64>::new(1));
        a.send(1).unwrap();
        b.send(1).unwrap();
        for _ in 0..N {
            let (i, _) = Chan::select(&[&a, &b]);
            if i == 0 {
                a.send(1).unwrap()
            } else {
                b.send(1).unwrap()
            }
        }
    });
    block_on(|| {
        let mut late: Vec<u64> = (0..200)
            .map(|i| {
                let d = Duration::from_micros(700 + i * 13);
                let began = Instant::now();
                sleep(d);
                (began.elapsed() - d).as_micros() as u64
            })
            .collect();
        late.sort();
        println!(
            "sleeper late                     p50 {} µs, p99 {} µs",
            late[100], late[198]
        );
    });
}
