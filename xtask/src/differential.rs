//! `cargo xtask programs`: the programs of `tests/run` and `examples` under goxide and
//! under the reference, compared.

use crate::{Failed, Outcome, filter, goxide, root, target, threads};
use goxide_testkit::{Comparison, Differential, TestProgram, Toolchains};

/// Compares all programs whose path contains the filter.
pub fn programs(options: &[&str]) -> Outcome {
    let goxide = goxide(options)?;
    let work = target().join("testkit");
    let differential = Differential {
        toolchains: Toolchains::find(&goxide, &work).map_err(complain)?,
        work,
        threads: threads(),
    };
    let mut programs = TestProgram::find(&root().join("tests/run")).map_err(complain)?;
    if let Some(filter) = filter(options) {
        programs.retain(|p| p.path.display().to_string().contains(filter));
    }
    eprintln!(
        "── {} programs under goxide and {}",
        programs.len(),
        differential.toolchains.version
    );
    let mut failed: Vec<Comparison> = Vec::new();
    differential.compare_all(&programs, |c| {
        if let Some(difference) = &c.difference {
            let path = c.path.strip_prefix(root()).unwrap_or(&c.path);
            eprintln!("FAIL {}\n{}", path.display(), indent(difference));
            failed.push(c.clone());
        }
    });
    eprintln!(
        "── {} equal, {} differ",
        programs.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failed)
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|l| format!("    {l}\n")).collect()
}

/// Prints an error and fails.
pub fn complain(error: impl std::fmt::Display) -> Failed {
    eprintln!("{error}");
    Failed
}
