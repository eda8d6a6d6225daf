//! The table of time and memory: goxide's programs beside the reference's.

use goxide_testkit::Finished;
use std::fmt;

/// What the ratios should not exceed.
const WANTED: f64 = 2.0;

/// One comparison: medians of its rounds, the reference first.
struct Row {
    title: String,
    millis: [f64; 2],
    cpu_millis: [f64; 2],
    megabytes: [f64; 2],
}

/// The table.
#[derive(Default)]
pub struct Ratios(Vec<Row>);

impl Ratios {
    /// Adds a comparison.
    pub fn add(&mut self, title: &str, rounds: &[[Finished; 2]]) {
        let both = |of: fn(&Finished) -> f64| {
            [0, 1].map(|side| median(rounds.iter().map(|round| of(&round[side])).collect()))
        };
        self.0.push(Row {
            title: title.to_string(),
            millis: both(|done| done.time.as_secs_f64() * 1e3),
            cpu_millis: both(|done| done.cpu_time.as_secs_f64() * 1e3),
            megabytes: both(|done| done.peak_bytes as f64 / 1e6),
        });
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ratio([theirs, ours]: [f64; 2]) -> f64 {
    ours / theirs.max(1e-3)
}

impl fmt::Display for Ratios {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "   {:<36} {:>8} {:>8} {:>6} {:>6} {:>7} {:>7} {:>6}",
            "", "go ms", "ours ms", "time", "cpu", "go MB", "ours MB", "memory"
        )?;
        for row in &self.0 {
            let ratios = [row.millis, row.cpu_millis, row.megabytes].map(ratio);
            let mark = if ratios[0] > WANTED || ratios[2] > WANTED {
                " !"
            } else {
                ""
            };
            writeln!(
                f,
                "   {:<36} {:>8.0} {:>8.0} {:>6.2} {:>6.2} {:>7.0} {:>7.0} {:>6.2}{mark}",
                row.title,
                row.millis[0],
                row.millis[1],
                ratios[0],
                ratios[1],
                row.megabytes[0],
                row.megabytes[1],
                ratios[2]
            )?;
        }
        let mean = |of: fn(&Row) -> [f64; 2]| {
            let logs = self.0.iter().map(|row| ratio(of(row)).max(1e-3).ln());
            (logs.sum::<f64>() / self.0.len().max(1) as f64).exp()
        };
        writeln!(
            f,
            "   geometric mean: time {:.2}, processor time {:.2}, peak memory {:.2} (marked: above {WANTED})",
            mean(|row| row.millis),
            mean(|row| row.cpu_millis),
            mean(|row| row.megabytes)
        )
    }
}
