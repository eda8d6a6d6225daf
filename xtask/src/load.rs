//! `cargo xtask load [NAME] [--seconds N]`: the programs of `tests/load` under a tight
//! collector, and for a moment with a step of a collection at every few allocations.
//!
//! The programs check themselves (wrong results, goroutines left over, memory that grows)
//! and end with a status other than 0 if something was wrong. `compile` is Go's own
//! compiler, whose object files must be those of the reference.

mod compile;

use crate::differential::complain;
use crate::{Failed, Outcome, filter, goxide, root, target};
use goxide_testkit::{Limits, Toolchains, run};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A load: its folder, and what makes it small enough for the torture mode.
struct Load {
    name: &'static str,
    small: &'static [&'static str],
}

const LOADS: [Load; 7] = [
    Load {
        name: "https",
        small: &["-clients", "4"],
    },
    Load {
        name: "chat",
        small: &["-clients", "20"],
    },
    Load {
        name: "wordcount",
        small: &["-files", "3", "-workers", "3"],
    },
    Load {
        name: "million",
        small: &["-n", "1000"],
    },
    Load {
        name: "garbage",
        small: &["-mb", "2", "-live", "1"],
    },
    Load {
        name: "pauses",
        small: &["-mb", "1"],
    },
    Load {
        name: "idle",
        small: &[],
    },
];

const DEFAULT_SECONDS: u64 = 60;
const TORTURE_SECONDS: u64 = 10;
/// The collector's settings: a tight goal, and steps at allocations.
const TIGHT: (&str, &str) = ("GOGC", "10");
const TORTURE: (&str, &str) = ("GODEBUG", "goxidegctorture=50,goxidegcsanity=1");
const BUILD: Limits = Limits {
    time: Duration::from_secs(600),
    output_bytes: 1 << 20,
};

/// Runs the loads whose name contains the filter.
pub fn load(options: &[&str]) -> Outcome {
    let goxide = goxide(options)?;
    let work = target().join("testkit");
    let toolchains = Toolchains::find(&goxide, &work).map_err(complain)?;
    let seconds = match options.iter().position(|o| *o == "--seconds") {
        Some(at) => options.get(at + 1).and_then(|n| n.parse().ok()),
        None => Some(DEFAULT_SECONDS),
    };
    let seconds = seconds.ok_or_else(|| complain("--seconds wants a number"))?;
    let wanted = filter(options).unwrap_or_default();
    let mut failed = 0;
    for load in LOADS.iter().filter(|l| l.name.contains(wanted)) {
        let exe = build(&toolchains, &work, load)?;
        let tree = toolchains.goroot.join("src");
        let good = attack(load, &exe, &tree, seconds, TIGHT, &[])
            && attack(load, &exe, &tree, TORTURE_SECONDS, TORTURE, load.small);
        failed += usize::from(!good);
    }
    if "compile".contains(wanted) {
        failed += usize::from(compile::compile(toolchains, &work, seconds).is_err());
    }
    if failed == 0 { Ok(()) } else { Err(Failed) }
}

fn build(toolchains: &Toolchains, work: &Path, load: &Load) -> Result<PathBuf, Failed> {
    std::fs::create_dir_all(work).map_err(complain)?;
    let exe = work.join(format!("load-{}", load.name));
    let what = format!("./{}", load.name);
    let dir = root().join("tests/load");
    let built = toolchains.goxide.build(&dir, &[], &what, &exe, BUILD);
    let built = built.map_err(complain)?;
    match built.success() {
        true => Ok(exe),
        false => Err(complain(format!(
            "building {what}: {}\n{}",
            built.status(),
            String::from_utf8_lossy(&built.stderr)
        ))),
    }
}

/// One run; whether it went well.
fn attack(
    load: &Load,
    exe: &Path,
    tree: &Path,
    seconds: u64,
    setting: (&str, &str),
    more: &[&str],
) -> bool {
    let mut command = Command::new(exe);
    command.args(["-seconds", &seconds.to_string()]).args(more);
    if load.name == "wordcount" {
        command.arg("-dir").arg(tree);
    }
    command.env(setting.0, setting.1);
    let limits = Limits {
        time: Duration::from_secs(4 * seconds + 120),
        ..Limits::default()
    };
    eprintln!(
        "── {} for {seconds} s, {}={}",
        load.name, setting.0, setting.1
    );
    match run(&mut command, b"", limits) {
        Ok(done) => {
            eprint!("{}", String::from_utf8_lossy(&done.stdout));
            if !done.success() {
                eprintln!("FAIL {}: {}", load.name, done.status());
                eprint!("{}", String::from_utf8_lossy(&done.stderr));
            }
            done.success()
        }
        Err(e) => {
            eprintln!("FAIL {}: {e}", load.name);
            false
        }
    }
}
