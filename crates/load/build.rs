//! Puts the sources of `overlay/` into the crate as a table of import path, file name and
//! text, so that the finished program needs no files of the repository.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let root = manifest.join("../../overlay");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut table = String::from("&[\n");
    for file in files {
        let inside = file.strip_prefix(&root).expect("below the root");
        let package = inside
            .parent()
            .expect("a file in a package")
            .display()
            .to_string();
        let name = inside.file_name().expect("a file").to_string_lossy();
        let path = fs::canonicalize(&file).expect("a file that exists");
        writeln!(table, "({package:?}, {name:?}, include_bytes!({path:?})),").expect("to memory");
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("overlay.rs");
    fs::write(out, table).expect("the output folder can be written");
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", dir.display());
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "go") {
            files.push(path);
        }
    }
}
