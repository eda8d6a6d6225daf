//! Ratios: medians, geometric means, the printed table.

use super::pair::Row;

/// Rows of all programs.
#[derive(Default)]
pub struct Table {
    /// The program's name and its rows.
    groups: Vec<(String, Vec<Row>)>,
}

impl Table {
    /// Adds what a program measured.
    pub fn add(&mut self, program: &str, rows: Vec<Row>) {
        self.groups.push((program.to_string(), rows));
    }

    /// Prints every row, the mean of each program that has several, and the mean of all.
    pub fn print(&self) {
        println!("{:<52} {:>14} {:>14} {:>7}", "", "goxide", "go", "ratio");
        let mut all = Vec::new();
        for (program, rows) in &self.groups {
            let ratios: Vec<f64> = rows.iter().map(ratio).collect();
            for (row, ratio) in rows.iter().zip(&ratios) {
                let ours = median(row.values.iter().map(|v| v.0).collect());
                let theirs = median(row.values.iter().map(|v| v.1).collect());
                println!("{:<52} {ours:>14.2} {theirs:>14.2} {ratio:>7.2}", row.name);
            }
            if ratios.len() > 1 && self.groups.len() > 1 {
                let mean = geometric_mean(&ratios);
                println!("{:<52} {mean:>37.2}", format!("  mean of {program}"));
            }
            all.extend(ratios);
        }
        if !all.is_empty() {
            let mean = geometric_mean(&all);
            let title = format!("geometric mean of {} rows", all.len());
            println!("{title:<52} {mean:>37.2}");
        }
    }
}

/// The median of a row's ratios goxide/go.
fn ratio(row: &Row) -> f64 {
    median(
        row.values
            .iter()
            .map(|(ours, theirs)| ours / theirs)
            .collect(),
    )
}

/// The middle value; the mean of the two in the middle if there are two.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

fn geometric_mean(ratios: &[f64]) -> f64 {
    let sum: f64 = ratios.iter().map(|r| r.ln()).sum();
    (sum / ratios.len() as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_and_means() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
        assert!((geometric_mean(&[0.5, 2.0]) - 1.0).abs() < 1e-12);
    }
}
