//! Parses every `.go` file under the directories given, or under `$GOXIDE_SDK/src`, and
//! reports errors and speed. With `-q` errors are only counted, with `-a` all are shown,
//! sorted, at their real lines and columns.

use goxide_base::SourceMap;
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, in_report_order, parse_file};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let (flags, mut roots): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|a| a.starts_with('-'));
    if roots.is_empty() {
        let sdk = std::env::var("GOXIDE_SDK").expect("give directories or set GOXIDE_SDK");
        roots.push(format!("{sdk}/src"));
    }
    let mut paths = vec![];
    for root in &roots {
        collect(Path::new(root), &mut paths);
    }
    paths.sort();
    let map = SourceMap::new();
    let read = |p: &PathBuf| Some(map.add(p, &p.to_string_lossy(), std::fs::read(p).ok()?));
    let sources: Vec<_> = paths.iter().filter_map(read).collect();
    let bytes: usize = sources.iter().map(|s| s.text.len()).sum();

    let start = Instant::now();
    let (mut bad_files, mut errors, mut nodes) = (0, vec![], 0);
    for source in &sources {
        let parsed = parse_file(source, NodeId::default(), ParseMode::default());
        nodes += u64::from(parsed.next_id.0);
        if !parsed.errors.is_empty() {
            bad_files += 1;
            errors.push((source.clone(), parsed.errors));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let flag = |name: &str| flags.iter().any(|f| f == name);
    for (source, mut errors) in errors.into_iter().filter(|_| !flag("-q")) {
        if flag("-a") {
            errors.sort_by_key(|e| e.pos);
            errors.dedup();
            for error in errors {
                let (line, column) = source.line_col(error.pos.0 - source.base.0);
                println!("{}:{line}:{column}: {}", source.name, error.msg);
            }
            continue;
        }
        for error in in_report_order(errors, &source) {
            let at = source.shown(error.pos.0 - source.base.0);
            println!("{}:{}:{}: {}", at.file, at.line, at.column, error.msg);
        }
    }
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{} files, {bad_files} with errors; {megabytes:.1} MB and {nodes} nodes in {seconds:.2} s: {:.1} MB/s",
        sources.len(),
        megabytes / seconds,
    );
}

fn collect(path: &Path, out: &mut Vec<PathBuf>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        entries.flatten().for_each(|e| collect(&e.path(), out));
    } else if path.extension().is_some_and(|e| e == "go") {
        out.push(path.into());
    }
}
