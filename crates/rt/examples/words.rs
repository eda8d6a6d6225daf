//! Counts the words of the files named on the command line, a goroutine for each file:
//! `cargo run --release --package goxide-rt --example words -- FILE…`

use goxide_rt::native::{Chan, WaitGroup, after, go, run};
use goxide_rt::{defer, select};
use std::time::Duration;

fn main() {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let procs = std::thread::available_parallelism().map_or(1, |n| n.get());
    run(procs, move || {
        let counts = Chan::new(0);
        let readers = WaitGroup::new();
        for file in files {
            let counts = counts.clone();
            readers.go(move || {
                let text = std::fs::read_to_string(&file);
                let words = text.map(|t| t.split_whitespace().count());
                // The main goroutine receives until every reader is done.
                let _ = counts.send((file, words));
            });
        }
        go({
            let counts = counts.clone();
            move || {
                defer! { counts.close(); }
                readers.wait();
            }
        });
        let mut total = 0;
        loop {
            select! {
                recv(counts) -> count => match count {
                    Some((file, Ok(words))) => {
                        println!("{words:8} {file}");
                        total += words;
                    }
                    Some((file, Err(e))) => eprintln!("{file}: {e}"),
                    None => break,
                },
                recv(after(Duration::from_secs(5))) -> _ => eprintln!("still waiting"),
            }
        }
        println!("{total:8} in all");
    });
}
