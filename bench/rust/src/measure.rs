//! Rows: timing, and what is printed.

use std::time::{Duration, Instant};

/// How often an operation is repeated; the best time counts.
const TIMES: usize = 5;

/// Which rows are wanted.
pub struct Rows {
    filter: Option<String>,
}

/// A measurement under way.
pub struct Row {
    name: &'static str,
    operations: u64,
    best: Duration,
    result: Option<u64>,
    left: usize,
}

impl Rows {
    /// Those whose name contains `filter`.
    pub fn new(filter: Option<String>) -> Rows {
        Rows { filter }
    }

    /// Begins a row of so many operations a time, if it is wanted.
    pub fn row(&self, name: &'static str, operations: u64) -> Option<Row> {
        let wanted = self
            .filter
            .as_ref()
            .is_none_or(|f| name.contains(f.as_str()));
        wanted.then_some(Row {
            name,
            operations,
            best: Duration::MAX,
            result: None,
            left: TIMES,
        })
    }

    /// Measures `f`, which gives what it computed.
    pub fn measure(&self, name: &'static str, operations: u64, mut f: impl FnMut() -> u64) {
        let Some(mut row) = self.row(name, operations) else {
            return;
        };
        while let Some(begin) = row.begin() {
            let result = f();
            row.end(begin, result);
        }
    }
}

impl Row {
    /// When the next repetition began; prints the row if there is none.
    pub fn begin(&mut self) -> Option<Instant> {
        if self.left == 0 {
            let ns = self.best.as_nanos() as f64 / self.operations as f64;
            println!("result {} {}", self.name, self.result.unwrap_or(0));
            println!("row {} {ns:.2}", self.name);
            return None;
        }
        self.left -= 1;
        Some(Instant::now())
    }

    /// Ends a repetition.
    pub fn end(&mut self, begin: Instant, result: u64) {
        self.best = self.best.min(begin.elapsed());
        assert!(self.result.is_none_or(|old| old == result), "{}", self.name);
        self.result = Some(result);
    }
}

/// Prints how late sleepers woke.
pub fn print_lateness(mut late: Vec<Duration>) {
    late.sort();
    for (name, at) in [("p50", late.len() / 2), ("p99", late.len() * 99 / 100)] {
        println!("row 10000 sleepers late, {name} {}", late[at].as_nanos());
    }
}

/// How long the `i`th sleeper sleeps.
pub fn length(i: u64) -> Duration {
    Duration::from_millis(20 + i % 50)
}
