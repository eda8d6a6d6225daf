//! `GODEBUG=goxideschedseed=N`: the schedule follows the seed. Started with `ORDER` set, this
//! is the program whose schedule is looked at.

use goxide_rt::native::{Chan, WaitGroup, run, yield_now};
use goxide_rt::select;
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::{Arc, Mutex};

/// Prints the order in which five goroutines took their steps, and a select its cases.
fn program() {
    let order = run(4, || {
        let order = Arc::new(Mutex::new(String::new()));
        let group = WaitGroup::new();
        for name in 'a'..='e' {
            let order = order.clone();
            group.go(move || {
                for _ in 0..3 {
                    order.lock().unwrap().push(name);
                    yield_now();
                }
            });
        }
        group.wait();
        let (x, y) = (Chan::new(8), Chan::new(8));
        for _ in 0..8 {
            x.send(()).unwrap();
            y.send(()).unwrap();
        }
        let mut order = std::mem::take(&mut *order.lock().unwrap());
        for _ in 0..8 {
            select! {
                recv(x) -> _ => order.push('x'),
                recv(y) -> _ => order.push('y'),
            }
        }
        order
    });
    println!("{order}");
}

fn with_seed(seed: u32) -> String {
    let out = Command::new(std::env::current_exe().unwrap())
        .env("ORDER", "1")
        .env("GODEBUG", format!("goxideschedseed={seed}"))
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stdout).unwrap()
}

fn main() {
    if std::env::var_os("ORDER").is_some() {
        return program();
    }
    let orders: Vec<String> = (1..=8).map(with_seed).collect();
    let again: Vec<String> = (1..=8).map(with_seed).collect();
    assert_eq!(orders, again, "a seed gives one schedule");
    let distinct: BTreeSet<&String> = orders.iter().collect();
    assert!(distinct.len() >= 7, "seeds give different ones: {orders:?}");
    println!("seeded schedules ... ok");
}
