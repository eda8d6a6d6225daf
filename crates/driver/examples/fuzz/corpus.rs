//! The good sources to begin with: Go's own tests of its front end, packages of the standard
//! library, and programs that run.

use goxide_driver::Env;
use goxide_load::Sdk;
use std::path::{Path, PathBuf};

/// Larger files take too long.
const MAX_BYTES: u64 = 20_000;

/// Sources for the parser and the type checker.
pub fn front_end() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    if let Ok(sdk) = Sdk::find(&Env::from_process().go) {
        let src = sdk.src();
        for folder in ["check", "examples", "fixedbugs", "spec"] {
            collect(
                &src.join("internal/types/testdata").join(folder),
                &mut files,
            );
        }
        collect(
            &src.join("cmd/compile/internal/syntax/testdata"),
            &mut files,
        );
        for package in [
            "sort",
            "container/list",
            "errors",
            "iter",
            "maps",
            "strings",
        ] {
            collect(&src.join(package), &mut files);
        }
    }
    if let Some(tests) = go_tests() {
        for folder in ["fixedbugs", "typeparam", "ken"] {
            collect(&tests.join(folder), &mut files);
        }
    }
    read(files, |_| true)
}

/// Whole programs of one file.
pub fn programs() -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    if let Some(tests) = go_tests() {
        for folder in [".", "fixedbugs", "typeparam", "ken", "chan", "interface"] {
            collect(&tests.join(folder), &mut files);
        }
    }
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/run");
    for folder in ["language", "runtime"] {
        collect(&own.join(folder), &mut files);
    }
    let runs = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        text.contains("func main()") && !text.contains("ERROR") && !text.contains("import \"C\"")
    };
    read(files, runs)
}

fn go_tests() -> Option<PathBuf> {
    let places = [
        std::env::var_os("GOXIDE_GO_TEST").map(PathBuf::from),
        Some("/usr/local/go/test".into()),
        Some("/usr/lib/go/test".into()),
    ];
    places.into_iter().flatten().find(|p| p.is_dir())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    files.extend(
        entries
            .flatten()
            .filter(|e| {
                e.metadata()
                    .is_ok_and(|m| m.is_file() && m.len() < MAX_BYTES)
            })
            .map(|e| e.path())
            .filter(|p| p.extension().is_some_and(|e| e == "go"))
            .filter(|p| !p.to_string_lossy().ends_with("_test.go")),
    );
}

fn read(mut files: Vec<PathBuf>, wanted: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    files.sort();
    files
        .iter()
        .filter_map(|f| std::fs::read(f).ok())
        .filter(|text| wanted(text))
        .collect()
}
