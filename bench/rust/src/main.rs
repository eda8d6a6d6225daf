//! `cargo xtask bench rust`: the operations of `bench/sched` on goroutines of Rust closures,
//! on coroutines of `may` and on tasks of `tokio`, in one process each.
//!
//! Called as `bench-rust goxide|may|tokio [FILTER]`, it prints `row NAME NANOSECONDS` for one
//! operation, the best of several times, and what the operations computed, which must be
//! equal. A runtime has the rows whose operation it has: tokio has neither channels without
//! a buffer nor channels of many receivers, may no bounded ones.

mod goxide;
mod may_rows;
mod measure;
mod tokio_rows;

use measure::Rows;

/// Threads of each runtime.
const WORKERS: usize = 2;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let runtime = arguments.next().unwrap_or_default();
    let rows = Rows::new(arguments.next());
    match runtime.as_str() {
        "goxide" => goxide_rt::native::run(WORKERS, move || goxide::all(&rows)),
        "may" => may_rows::run(WORKERS, rows),
        "tokio" => tokio_rows::run(WORKERS, &rows),
        _ => {
            eprintln!("usage: bench-rust goxide|may|tokio [FILTER]");
            std::process::exit(2);
        }
    }
}
