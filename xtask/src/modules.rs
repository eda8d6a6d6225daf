//! `cargo xtask conformance modules`: programs that use much used packages of others, built
//! by both toolchains. The modules come through the module proxy, so this is no part of the
//! tests that must pass everywhere.

use crate::differential::complain;
use crate::{Failed, Outcome, root};
use goxide_testkit::{Finished, Limits, Toolchain, Toolchains, run};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(1200),
    output_bytes: 16 << 20,
};

/// Builds and runs each program of `tests/modules` with both.
pub fn modules(mut toolchains: Toolchains, work: &Path) -> Outcome {
    std::fs::create_dir_all(work).map_err(complain)?;
    // Modules come from where the user's settings say, for the reference as for goxide.
    toolchains.go.env.retain(|(name, _)| name != "GOENV");
    let folder = root().join("tests/modules");
    let entries = std::fs::read_dir(&folder).map_err(complain)?;
    let mut names: Vec<String> = entries
        .filter_map(|e| e.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    let mut failures = 0;
    for name in &names {
        let dir = folder.join(name);
        let theirs = outcome(&toolchains.go, &dir, &work.join(format!("{name}-go")));
        let ours = outcome(
            &toolchains.goxide,
            &dir,
            &work.join(format!("{name}-goxide")),
        );
        match (theirs, ours) {
            (Ok(theirs), Ok(ours)) if same(&theirs, &ours) => eprintln!("   {name}: same"),
            (Ok(theirs), Ok(ours)) => {
                failures += 1;
                eprintln!("FAIL {name}: {}", difference(&theirs, &ours));
            }
            (Err(e), _) => {
                failures += 1;
                eprintln!("FAIL {name}: the reference: {e}");
            }
            (_, Err(e)) => {
                failures += 1;
                eprintln!("FAIL {name}: {e}");
            }
        }
    }
    eprintln!("── modules: {} programs, {failures} failures", names.len());
    if failures == 0 { Ok(()) } else { Err(Failed) }
}

fn same(a: &Finished, b: &Finished) -> bool {
    a.code == b.code && a.stdout == b.stdout
}

/// Builds the folder's program and runs it.
fn outcome(toolchain: &Toolchain, dir: &Path, executable: &Path) -> Result<Finished, String> {
    let built = toolchain
        .build(dir, &[], ".", executable, LIMITS)
        .map_err(|e| e.to_string())?;
    if !built.success() {
        let text = String::from_utf8_lossy(&built.stderr).into_owned();
        return Err(format!("build: {}\n{text}", built.status()));
    }
    run(&mut Command::new(executable), b"", LIMITS).map_err(|e| e.to_string())
}

fn difference(theirs: &Finished, ours: &Finished) -> String {
    let (a, b) = (
        String::from_utf8_lossy(&theirs.stdout),
        String::from_utf8_lossy(&ours.stdout),
    );
    let line = a.lines().zip(b.lines()).position(|(a, b)| a != b);
    let at = line.unwrap_or(a.lines().count().min(b.lines().count()));
    format!(
        "{} (want {}), output differs from line {} on\n  got  {:?}\n  want {:?}\n{}",
        ours.status(),
        theirs.status(),
        at + 1,
        b.lines().nth(at),
        a.lines().nth(at),
        String::from_utf8_lossy(&ours.stderr),
    )
}
