//! `cargo xtask conformance …`: goxide against Go's own tests and programs.

use crate::differential::complain;
use crate::go_test::{Case, Runner, Verdict};
use crate::{Failed, Outcome, cargo, filter, goxide, root, step, target, threads, words};
use goxide_testkit::Toolchains;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Chooses the suite.
pub fn conformance(options: &[&str]) -> Outcome {
    match options {
        ["go-test", options @ ..] => go_test(options),
        ["types", options @ ..] => types(&words(options)),
        ["programs", options @ ..] => {
            let goxide = goxide(options)?;
            let work = target().join("testkit");
            let toolchains = Toolchains::find(&goxide, &work).map_err(complain)?;
            crate::programs::programs(toolchains, &work.join("programs"))
        }
        ["modules", options @ ..] => {
            let goxide = goxide(options)?;
            let work = target().join("testkit");
            let toolchains = Toolchains::find(&goxide, &work).map_err(complain)?;
            crate::modules::modules(toolchains, &work.join("modules"))
        }
        _ => Err(complain(
            "conformance: the suites are go-test, types, programs and modules",
        )),
    }
}

/// The type checker's and the parser's own test files of the SDK: errors on exactly the
/// lines where they are expected.
fn types(files: &[&str]) -> Outcome {
    let run = |title: &str, mode: &str, files: &[&str]| {
        let args = [
            "run",
            "--release",
            "--quiet",
            "--package",
            "goxide-types",
            "--example",
            "check",
            "--",
            mode,
        ];
        step(title, cargo().args(args).args(files))
    };
    let types = run("type checker", "testdata", files);
    match files {
        [] => run("parser", "parser", files).and(types),
        _ => types,
    }
}

/// Runs the cases of Go's `test/` and compares with the list of passing ones and that of
/// failing ones, where each has its reason. With
/// `--sample N`, only every case of that list whose number is a multiple of N.
fn go_test(options: &[&str]) -> Outcome {
    let goxide = goxide(options)?;
    let work = target().join("testkit");
    let toolchains = Toolchains::find(&goxide, &work).map_err(complain)?;
    let Some(tests) = test_folder(&toolchains) else {
        eprintln!("── go-test: skipped: this machine has no test/ folder of a Go installation");
        return Ok(());
    };
    let lists = root().join("tests/go-test");
    let mut cases = Case::read_list(&lists.join("reference.tsv")).map_err(complain)?;
    let passing = read_lines(&lists.join("passing.txt"));
    let failing = read_reasons(&lists.join("failing.tsv")).map_err(complain)?;
    if let Some(filter) = filter(options) {
        cases.retain(|c| c.path.contains(filter) || c.action == filter);
    }
    if let Some(step) = sample(options) {
        cases.retain(|c| passing.contains(&c.path));
        let mut number = 0;
        cases.retain(|_| {
            number += 1;
            number % step == 0
        });
    }
    eprintln!("── go-test: {} cases of {}", cases.len(), tests.display());
    let runner = Runner {
        toolchains,
        tests,
        work: work.join("go-test"),
    };
    let verdicts = run_all(&runner, &cases);
    report(
        &cases,
        &verdicts,
        &passing,
        &target().join("testkit/go-test.txt"),
    );
    if options.contains(&"--bless") {
        return bless(&lists.join("passing.txt"), &cases, &verdicts, passing);
    }
    let lost: Vec<&str> = cases
        .iter()
        .zip(&verdicts)
        .filter(|(c, v)| passing.contains(&c.path) && !matches!(v, Verdict::Pass))
        .map(|(c, _)| c.path.as_str())
        .collect();
    let with = |pass: bool, listed: bool| -> Vec<&str> {
        let all = cases.iter().zip(&verdicts);
        all.filter(|(c, v)| {
            let passes = matches!(v, Verdict::Pass);
            let ran = passes || matches!(v, Verdict::Fail(_));
            ran && passes == pass && failing.contains_key(&c.path) == listed
        })
        .map(|(c, _)| c.path.as_str())
        .collect()
    };
    let found = [
        ("passed before and do not now", lost),
        ("fail without a reason in failing.tsv", with(false, false)),
        (
            "pass although failing.tsv has a reason why not",
            with(true, true),
        ),
    ];
    let mut outcome = Ok(());
    for (what, cases) in found.iter().filter(|(_, cases)| !cases.is_empty()) {
        eprintln!("── {} cases {what}: {}", cases.len(), cases.join(" "));
        outcome = Err(Failed);
    }
    outcome
}

/// Cases that are known to fail, with the reason.
fn read_reasons(path: &Path) -> Result<BTreeMap<String, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut reasons = BTreeMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (case, why) = line
            .split_once('\t')
            .filter(|(_, why)| !why.is_empty())
            .ok_or_else(|| format!("{}: no reason in {line:?}", path.display()))?;
        reasons.insert(case.to_string(), why.to_string());
    }
    Ok(reasons)
}

/// Go installations have `test/`; the toolchain module has not.
fn test_folder(toolchains: &Toolchains) -> Option<PathBuf> {
    let places = [
        std::env::var_os("GOXIDE_GO_TEST").map(PathBuf::from),
        Some(toolchains.goroot.join("test")),
        Some(PathBuf::from("/usr/local/go/test")),
        Some(PathBuf::from("/usr/lib/go/test")),
    ];
    places
        .into_iter()
        .flatten()
        .find(|dir| dir.join("fixedbugs").is_dir())
}

fn sample(options: &[&str]) -> Option<usize> {
    let at = options.iter().position(|o| *o == "--sample")?;
    options.get(at + 1)?.parse().ok().filter(|n| *n > 0)
}

fn read_lines(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .map(str::to_string)
        .collect()
}

fn run_all(runner: &Runner, cases: &[Case]) -> Vec<Verdict> {
    let next = AtomicUsize::new(0);
    let verdicts = Mutex::new(vec![Verdict::Skip("not run".into()); cases.len()]);
    std::thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(index) else { break };
                    let verdict = runner.run(case);
                    verdicts.lock().expect("no panic while held")[index] = verdict;
                    if index % 100 == 99 {
                        eprintln!("   {} done", index + 1);
                    }
                }
            });
        }
    });
    verdicts.into_inner().expect("no panic while held")
}

/// Prints counts by action and writes every failure with its reason to `to`.
fn report(cases: &[Case], verdicts: &[Verdict], passing: &BTreeSet<String>, to: &Path) {
    let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut text = String::new();
    let mut new = 0;
    for (case, verdict) in cases.iter().zip(verdicts) {
        let slot = match verdict {
            Verdict::Pass => {
                new += usize::from(!passing.contains(&case.path));
                0
            }
            Verdict::Fail(why) => {
                text += &format!("FAIL {} ({})\n{why}\n\n", case.path, case.action);
                1
            }
            Verdict::Skip(why) => {
                text += &format!("SKIP {} ({}): {why}\n\n", case.path, case.action);
                2
            }
        };
        counts.entry(&case.action).or_default()[slot] += 1;
    }
    let _ = std::fs::write(to, text);
    for (action, [pass, fail, skip]) in &counts {
        eprintln!("   {action:<20} {pass:>5} pass {fail:>5} fail {skip:>5} skipped");
    }
    let total = |slot: usize| counts.values().map(|c| c[slot]).sum::<usize>();
    eprintln!(
        "── {} pass ({new} new), {} fail, {} skipped; reasons in {}",
        total(0),
        total(1),
        total(2),
        to.display()
    );
}

fn bless(
    path: &Path,
    cases: &[Case],
    verdicts: &[Verdict],
    mut passing: BTreeSet<String>,
) -> Outcome {
    for (case, verdict) in cases.iter().zip(verdicts) {
        match verdict {
            Verdict::Pass => drop(passing.insert(case.path.clone())),
            _ => drop(passing.remove(&case.path)),
        }
    }
    let mut text = String::from(
        "# Cases of Go's test/ that pass. Written by cargo xtask conformance go-test --bless.\n",
    );
    passing.iter().for_each(|p| text += &format!("{p}\n"));
    std::fs::write(path, text).map_err(complain)
}
