//! Costs of the runtime's own operations, without a compiler: ns each.

use goxide_rt::native::{
    Chan, Semaphore, block_on, go, go_code, receive_any, sleep, start, yield_now,
};
use std::arch::global_asm;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

// As compiled code would: a loop that starts a goroutine and waits until it has released a
// semaphore.
global_asm!(
    "b_spawner:",
    "push rbp", "mov rbp, rsp", "push rbx", "push rbx",
    "mov rbx, 300000",
    "2:",
    "lea rdi, [rip + b_child_closure]",
    "mov rsi, -1",
    "call \"runtime.newproc\"",
    "lea rdi, [rip + {sema}]", "xor esi, esi", "mov edx, 3",
    "call \"runtime.semacquire\"",
    "dec rbx",
    "jnz 2b",
    "lock inc qword ptr [rip + {done}]",
    "pop rbx", "pop rbx", "pop rbp", "ret",
    "b_child:",
    "push rbp", "mov rbp, rsp",
    "lea rdi, [rip + {sema}]", "xor esi, esi",
    "call \"runtime.semrelease\"",
    "pop rbp", "ret",
    ".pushsection .data", ".balign 8",
    ".globl b_spawner_closure",
    "b_spawner_closure: .quad b_spawner",
    "b_child_closure: .quad b_child",
    ".popsection",
    sema = sym SEMA,
    done = sym DONE,
);
static SEMA: AtomicU32 = AtomicU32::new(0);
static DONE: AtomicU64 = AtomicU64::new(0);
unsafe extern "C" {
    static b_spawner_closure: usize;
}

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
    report("spawn, end, wait", N, || {
        let before = DONE.load(Ordering::SeqCst);
        // SAFETY: a func value in the compiler's convention.
        unsafe { go_code(&raw const b_spawner_closure as usize) };
        while DONE.load(Ordering::SeqCst) == before {
            sleep(Duration::from_micros(200));
        }
    });
    report("select with two ready", N, || {
        let (a, b) = (Chan::<u64>::new(1), Chan::<u64>::new(1));
        a.send(1).unwrap();
        b.send(1).unwrap();
        for _ in 0..N {
            let (i, _) = receive_any(&[&a, &b]);
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
