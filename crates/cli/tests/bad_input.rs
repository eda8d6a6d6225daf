//! Bad input: a clear message, a status, nothing left half-written.

mod common;

use common::{Folder, names};
use expect_test::{Expect, expect};

const HELLO: &str = "package main\n\nfunc main() { println(\"hello\") }\n";

fn check(name: &str, files: &[(&str, &str)], line: &[&str], want: Expect) {
    let folder = Folder::new(name, files);
    let before = names(&folder.path);
    want.assert_eq(&folder.run(line));
    assert_eq!(names(&folder.path), before, "files after {line:?}");
}

#[test]
fn errors_in_the_order_in_which_gc_shows_them() {
    let source = "package main\n\nimport \"os\"\n\nfunc main() {\n\tx := 1\n\tone(); one()\n\
                  \tvar s string = 3\n\treturn 1\n}\n";
    check(
        "types",
        &[("x.go", source)],
        &["build", "x.go"],
        expect![[r#"
            # command-line-arguments
            ./x.go:3:8: "os" imported and not used
            ./x.go:6:2: declared and not used: x
            ./x.go:7:2: undefined: one
            ./x.go:8:6: declared and not used: s
            ./x.go:8:17: cannot use 3 (untyped int constant) as string value in variable declaration
            ./x.go:9:9: too many return values
            	have (number)
            	want ()
            status 1
        "#]],
    );
}

#[test]
fn the_tenth_error_is_the_last() {
    let source =
        "package main\n\nfunc main() {\n\tunused := 0\n\ta; b; c; d; e; f\n\tg; h; i; j; k\n}\n";
    let files = [("x.go", source)];
    check(
        "ten",
        &files,
        &["build", "x.go"],
        expect![[r#"
            # command-line-arguments
            ./x.go:5:2: undefined: a
            ./x.go:5:5: undefined: b
            ./x.go:5:8: undefined: c
            ./x.go:5:11: undefined: d
            ./x.go:5:14: undefined: e
            ./x.go:5:17: undefined: f
            ./x.go:6:2: undefined: g
            ./x.go:6:5: undefined: h
            ./x.go:6:8: undefined: i
            ./x.go:6:11: undefined: j
            ./x.go:6:11: too many errors
            status 1
        "#]],
    );
    let all = Folder::new("all", &files).run(&["build", "-gcflags=-e", "x.go"]);
    assert_eq!(all.lines().count(), 1 + 12 + 1, "{all}");
}

#[test]
fn syntax_errors() {
    check(
        "syntax",
        &[("x.go", "package main\n\nfunc main() {\n\tx := )\n\tif {\n")],
        &["build", "x.go"],
        expect![[r#"
            # command-line-arguments
            ./x.go:4:7: syntax error: unexpected ), expected expression
            ./x.go:5:5: syntax error: missing condition in if statement
            status 1
        "#]],
    );
}

#[test]
fn packages_that_are_missing() {
    let source = "package main\n\nimport \"example.com/x/y\"\n\nfunc main() { y.F() }\n";
    check(
        "missing",
        &[("x.go", source)],
        &["build", "x.go"],
        expect![[r#"
            x.go:3:8: no required module provides package example.com/x/y: go.mod file not found in current directory or any parent directory; see 'go help modules'
            status 1
        "#]],
    );
    check(
        "folder",
        &[("x.go", HELLO)],
        &["build", "./nowhere"],
        expect![[r#"
            stat DIR/nowhere: directory not found
            status 1
        "#]],
    );
}

#[test]
fn import_cycles_and_cgo() {
    check(
        "cycle",
        &[
            ("go.mod", "module m\n\ngo 1.27\n"),
            (
                "m.go",
                "package main\n\nimport \"m/a\"\n\nfunc main() { a.F() }\n",
            ),
            (
                "a/a.go",
                "package a\n\nimport \"m/b\"\n\nfunc F() { b.F() }\n",
            ),
            (
                "b/b.go",
                "package b\n\nimport \"m/a\"\n\nfunc F() { a.F() }\n",
            ),
        ],
        &["build", "."],
        expect![[r#"
            package m
            	imports m/a from m.go
            	imports m/b from a.go
            	imports m/a from b.go: import cycle not allowed
            status 1
        "#]],
    );
    check(
        "cgo",
        &[(
            "x.go",
            "package main\n\nimport \"C\"\n\nfunc main() { C.f() }\n",
        )],
        &["build", "x.go"],
        expect![[r#"
            x.go:3:8: import "C": cgo is not supported
            	keep such files for cgo builds with "//go:build cgo"
            status 1
        "#]],
    );
}

#[test]
fn names_that_the_runtime_lacks() {
    let source = "package main\n\nimport _ \"unsafe\"\n\n\
                  //go:linkname f runtime.moduledataverify1\nfunc f(uintptr)\n\n\
                  //go:linkname last runtime.lastmoduledatap\nvar last uintptr\n\n\
                  func main() { f(last) }\n";
    check(
        "missing names",
        &[("x.go", source)],
        &["build", "x.go"],
        expect![[r#"
            # command-line-arguments
            ./x.go:9:5: linknamed variable runtime.lastmoduledatap is not in goxide's runtime
            ./x.go:11:16: linknamed function runtime.moduledataverify1 is not in goxide's runtime
            status 1
        "#]],
    );
}

#[test]
fn command_lines() {
    let files = [("x.go", HELLO)];
    check(
        "flag",
        &files,
        &["build", "-zork", "x.go"],
        expect![[r#"
            flag provided but not defined: -zork
            usage: goxide build [-o output] [build flags] [packages|files.go...]
            Run 'goxide help build' for details.
            status 2
        "#]],
    );
    check(
        "race",
        &files,
        &["run", "-race", "x.go"],
        expect![[r#"
            goxide run: -race (the race detector) is not supported yet
            status 2
        "#]],
    );
    check(
        "ldflags",
        &files,
        &["build", "-ldflags=-T 4096", "x.go"],
        expect![[r#"
            goxide: -ldflags=-T: not supported
            	those that mean something here: -s, -w and -X import/path.name=value
            status 2
        "#]],
    );
    check(
        "command",
        &files,
        &["frobnicate"],
        expect![[r#"
            goxide frobnicate: unknown command
            Run 'goxide help' for usage.
            status 2
        "#]],
    );
    check(
        "nearest",
        &files,
        &["asm", "main.mian", "x.go"],
        expect![[r#"
            goxide: no function main.mian in the program; did you mean main.main?
            status 1
        "#]],
    );
}

#[test]
fn places_that_cannot_be_written() {
    let folder = Folder::new("places", &[("x.go", HELLO)]);
    let before = names(&folder.path);
    expect![[r#"
        goxide: cannot write x.go/program: not a directory; -o names another place
        status 1
    "#]]
    .assert_eq(&folder.run(&["build", "-o", "x.go/program", "x.go"]));
    assert_eq!(names(&folder.path), before);
    // Neither a source is written over nor a device replaced.
    expect![[r#"
        go: build output "x.go" already exists and is not an object file
        status 1
    "#]]
    .assert_eq(&folder.run(&["build", "-o", "x.go", "x.go"]));
    expect![[r#"
        goxide: cannot write /dev/full: no space left on device; -o names another place
        status 1
    "#]]
    .assert_eq(&folder.run(&["build", "-o", "/dev/full", "x.go"]));
    let device = std::fs::metadata("/dev/full");
    assert!(device.is_ok_and(|m| !m.is_file()), "/dev/full was replaced");
    assert_eq!(names(&folder.path), before);
    // A cache that cannot be written is done without.
    let cache = folder.path.join("x.go/cache").display().to_string();
    expect![[r#"
        goxide: the cache DIR/x.go/cache cannot be written (not a directory): compiling without it
        	set GOXIDE_CACHE to a folder that can be written, to start faster the next time
        hello
    "#]]
    .assert_eq(&folder.run_with(&["run", "x.go"], &[("GOXIDE_CACHE", &cache)]));
    assert_eq!(names(&folder.path), before);
}

#[test]
fn no_network() {
    let folder = Folder::new("network", &[("x.go", HELLO)]);
    let modules = folder.path.join(".cache/mod").display().to_string();
    let env = [
        ("GOPROXY", "http://127.0.0.1:1"),
        ("GOMODCACHE", modules.as_str()),
        ("GOXIDE_SDK", ""),
        ("GOROOT", ""),
        ("PATH", ""),
    ];
    let shown = folder.run_with(&["run", "x.go"], &env);
    assert!(
        shown.contains("cannot fetch golang.org/toolchain/")
            && shown.contains("check the network")
            && shown.ends_with("status 1\n"),
        "{shown}"
    );
    assert_eq!(names(&folder.path), "x.go");
}

/// If it does fail, it says where: in which function of the user's.
#[test]
fn failures_of_the_compiler_itself() {
    let source = "package main\n\nfunc twice(x int) int { return 2 * x }\n\n\
                  func main() { println(twice(1)) }\n";
    let check = |at: &str, want: &str| {
        let folder = Folder::new("internal", &[("x.go", source)]);
        let env = [("GOXIDE_FAIL", at), ("RUST_BACKTRACE", "")];
        let shown = folder.run_with(&["build", "x.go"], &env);
        let first = format!("goxide: internal compiler error while {want}: asked to fail");
        assert!(
            shown.starts_with(&first)
                && shown.ends_with("The program may still be right.\nstatus 2\n"),
            "{shown}"
        );
        assert_eq!(names(&folder.path), "x.go");
    };
    check(
        "check twice",
        "checking package command-line-arguments, in function twice",
    );
    check("lower main.twice", "lowering, in function main.twice");
    check("optimise main.main", "optimising, in function main.main");
    check("inline main.main", "optimising, in function main.main");
    check(
        "compile main.main",
        "generating code, in function main.main",
    );
}

/// Needs the right to mount; skipped where that is missing.
#[test]
fn full_disks() {
    let folder = Folder::new("full", &[("x.go", HELLO), ("full/note", "")]);
    let disk = folder.path.join("full");
    let mut mount = std::process::Command::new("mount");
    mount
        .args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"])
        .arg(&disk);
    if !mount.output().is_ok_and(|done| done.status.success()) {
        eprintln!("full_disks: skipped: a small file system cannot be mounted here");
        return;
    }
    let built = folder.run(&["build", "-o", "full/program", "x.go"]);
    let left = names(&disk);
    let cache = disk.join("cache").display().to_string();
    let ran = folder.run_with(&["run", "x.go"], &[("GOXIDE_CACHE", &cache)]);
    let unmounted = std::process::Command::new("umount").arg(&disk).output();
    assert!(unmounted.is_ok_and(|done| done.status.success()));
    expect![[r#"
        goxide: cannot write full/program: no space left on device; -o names another place
        status 1
    "#]]
    .assert_eq(&built);
    assert_eq!(left, "", "nothing half-written");
    assert!(
        ran.contains("no space left on device") && ran.ends_with("hello\n"),
        "{ran}"
    );
}

/// A tree of links to the SDK's files, without one package, and then without one file.
#[test]
fn damaged_sdk() {
    let source = "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Printf(\"%q\", 1) }\n";
    let folder = Folder::new("damaged", &[("x.go", source)]);
    let sdk = folder.run(&["env", "GOROOT"]);
    let (from, to) = (std::path::Path::new(sdk.trim()), folder.path.join("sdk"));
    let link = |name: &str| {
        let place = to.join(name);
        std::fs::create_dir_all(place.parent().expect("has one")).expect("a folder");
        std::os::unix::fs::symlink(from.join(name), place).expect("a link");
    };
    link("VERSION");
    for entry in std::fs::read_dir(from.join("src")).expect("src").flatten() {
        let name = entry.file_name().into_string().expect("a plain name");
        if name != "strconv" {
            link(&format!("src/{name}"));
        }
    }
    let run = || {
        let root = to.display().to_string();
        folder.run_with(&["build", "x.go"], &[("GOXIDE_SDK", &root)])
    };
    let hint = "\tthe Go source tree DIR/sdk is damaged: install it anew, or set GOXIDE_SDK to \
                another one\nstatus 1\n";
    let missing = run();
    let what = "package strconv is not in std (DIR/sdk/src/strconv)\n";
    assert_eq!(missing.matches(what).count(), 1, "{missing}");
    assert!(missing.ends_with(&format!("{what}{hint}")), "{missing}");
    let package = from.join("src/strconv");
    for entry in std::fs::read_dir(package).expect("strconv").flatten() {
        let name = entry.file_name().into_string().expect("a plain name");
        match name.as_str() {
            "quote.go" => std::fs::write(to.join("src/strconv/quote.go"), "package strconv\n")
                .expect("a file"),
            _ => link(&format!("src/strconv/{name}")),
        }
    }
    let missing = run();
    assert!(
        missing.contains("undefined: strconv.AppendQuote\n"),
        "{missing}"
    );
    assert!(missing.ends_with(hint), "{missing}");
    assert_eq!(names(&folder.path), "sdk x.go");
}

#[test]
fn trees_that_are_no_sdk() {
    let folder = Folder::new(
        "sdk",
        &[
            ("x.go", HELLO),
            ("old/VERSION", "go1.26.1\n"),
            ("half/VERSION", "go1.27.3\n"),
            ("empty/VERSION", ""),
        ],
    );
    let check = |sdk: &str, want: Expect| {
        want.assert_eq(&folder.run_with(&["build", "x.go"], &[("GOXIDE_SDK", sdk)]));
    };
    check(
        "old",
        expect![[r#"
            the Go source tree DIR/old is go1.26.1; goxide needs Go 1.27
            	GOXIDE_SDK must be the root of a Go 1.27 tree (unset it to use another)
            status 1
        "#]],
    );
    check(
        "half",
        expect![[r#"
            the Go source tree DIR/half is damaged: src/builtin/builtin.go is missing
            	GOXIDE_SDK must be the root of a Go 1.27 tree (unset it to use another)
            status 1
        "#]],
    );
    check(
        "empty",
        expect![[r#"
            DIR/empty is not a Go source tree: its VERSION file names no version
            	GOXIDE_SDK must be the root of a Go 1.27 tree (unset it to use another)
            status 1
        "#]],
    );
    check(
        "none",
        expect![[r#"
            DIR/none is not a Go source tree: it has no VERSION file
            	GOXIDE_SDK must be the root of a Go 1.27 tree (unset it to use another)
            status 1
        "#]],
    );
}
