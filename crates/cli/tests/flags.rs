//! The build flags of the go command: what they do here, or the refusal by name.

mod common;

use common::{Folder, names};
use expect_test::{Expect, expect};

const MAIN: &str = "package main\n\nfunc main() { println(\"hello\") }\n";

fn module(name: &str) -> Folder {
    let files = [
        ("go.mod", "module example.com/m\n\ngo 1.27\n"),
        ("main.go", MAIN),
        ("lib/lib.go", "package lib\n\nconst Name = \"lib\"\n"),
    ];
    Folder::new(name, &files)
}

fn check(name: &str, line: &[&str], want: Expect) {
    let folder = module(name);
    let before = names(&folder.path);
    want.assert_eq(&folder.run(line));
    assert_eq!(names(&folder.path), before, "files after {line:?}");
}

#[test]
fn values_that_are_none() {
    let usage = expect![[r#"
        invalid value "x" for flag -p: parse error
        usage: goxide build [-o output] [build flags] [packages|files.go...]
        Run 'goxide help build' for details.
        status 2
    "#]];
    check("p", &["build", "-p", "x", "."], usage);
    let want = expect![[r#"
        go: -p must be a positive integer: 0
        status 1
    "#]];
    check("p0", &["build", "-p=0", "."], want);
    let want = expect![[r#"
        -mod=bad not supported (can be '', 'mod', 'readonly', or 'vendor')
        status 1
    "#]];
    check("mod", &["build", "-mod=bad", "."], want);
    let want = expect![[r#"
        goxide: -gcflags: flag provided but not defined: -zork
        	those that mean something here: -N -S -d=defer -e -l -lang=go1.N -m
        status 1
    "#]];
    check("gcflags", &["build", "-gcflags=-e -zork=1", "."], want);
}

#[test]
fn what_the_go_command_has_besides() {
    let want = expect![[r#"
        goxide: list: -f={{.Dir}} is not supported; what can be listed: path, files, init
        status 2
    "#]];
    check("list-f", &["list", "-f", "{{.Dir}}"], want);
    let want = expect![[r#"
        goxide test: not supported yet
        Run 'goxide help' for usage.
        status 2
    "#]];
    check("test", &["test", "./..."], want);
    let want = expect![[r#"
        goxide mod: unknown command
        	'go mod' can be used beside goxide: modules and files are the same
        Run 'goxide help' for usage.
        status 2
    "#]];
    check("mod", &["mod", "tidy"], want);
    let want = expect![[r#"
        {
        	"GOOS": "linux"
        }
    "#]];
    check("env", &["env", "-json", "GOOS"], want);
    let want = expect![[r#"
        stat nothere.go: no such file or directory
        status 1
    "#]];
    check("run", &["run", "nothere.go"], want);
}

#[test]
fn patterns_that_match_nothing() {
    let want = "go: warning: \"nosuch/...\" matched no packages\n";
    for command in ["list", "build"] {
        assert_eq!(
            module("nothing").run(&[command, "nosuch/..."]),
            want,
            "{command}"
        );
    }
}

#[test]
fn refused_by_name() {
    let flags = [
        "race",
        "msan",
        "asan",
        "cover",
        "linkshared",
        "json",
        "covermode=set",
        "coverpkg=x",
        "asmflags=x",
        "gccgoflags=x",
        "installsuffix=x",
        "pkgdir=x",
        "toolexec=x",
    ];
    for flag in flags {
        let shown = module("refused").run(&["build", &format!("-{flag}"), "."]);
        let name = flag.split('=').next().unwrap_or_default();
        assert!(
            shown.starts_with(&format!("goxide build: -{name} ("))
                && shown.ends_with("is not supported yet\nstatus 2\n"),
            "{shown}"
        );
    }
    let want = expect![[r#"
        goxide build: -buildmode=pie is not supported (executables are made, no shared libraries, plugins and archives; supported: exe, default)
        status 2
    "#]];
    check("pie", &["build", "-buildmode=pie", "."], want);
    let want = expect!["hello\n"];
    check(
        "exe",
        &["run", "-buildmode=exe", "-compiler=gc", "-pgo=off", "."],
        want,
    );
}

#[test]
fn another_folder_comes_first() {
    let want = expect![[r#"
        invalid value "lib" for flag -C: -C flag must be first flag on command line
        usage: goxide build [-o output] [build flags] [packages|files.go...]
        Run 'goxide help build' for details.
        status 2
    "#]];
    check("c-late", &["build", "-v", "-C", "lib", "."], want);
    let want = expect![[r#"
        go: chdir nowhere: no such file or directory
        status 1
    "#]];
    check("c-none", &["build", "-C", "nowhere"], want);
    let folder = module("c");
    assert_eq!(folder.run(&["list", "-C", "lib"]), "example.com/m/lib\n");
}

#[test]
fn files_in_place_of_others() {
    let folder = module("overlay");
    folder.write(
        "over.json",
        r#"{"Replace": {"main.go": "other/main.txt", "made/up.go": "other/up.txt", "lib/lib.go": ""}}"#,
    );
    folder.write(
        "other/main.txt",
        "package main\n\nimport \"example.com/m/made\"\n\nfunc main() { println(up.N) }\n",
    );
    folder.write("other/up.txt", "package up\n\nconst N = 7\n");
    let run = || folder.run(&["run", "-overlay", "over.json", "."]);
    assert_eq!(run(), "7\n");
    folder.write("other/up.txt", "package up\n\nconst N = 70\n");
    assert_eq!(run(), "70\n", "what replaces is an input");
    assert_eq!(folder.run(&["run", "."]), "hello\n");
    expect![[r#"
        no Go files in DIR/lib
        status 1
    "#]]
    .assert_eq(&folder.run(&["build", "-overlay=over.json", "example.com/m/lib"]));
    expect![[r#"
        go: reading overlay: open none.json: no such file or directory
        status 1
    "#]]
    .assert_eq(&folder.run(&["build", "-overlay=none.json", "."]));
}

#[test]
fn another_go_mod() {
    let folder = module("modfile");
    folder.write("alt.mod", "module example.com/other\n\ngo 1.27\n");
    let list = |flags: &[&str]| folder.run(&[&["list"], flags, &["./..."]].concat());
    assert_eq!(
        list(&["-modfile=alt.mod"]),
        "example.com/other\nexample.com/other/lib\n"
    );
    assert_eq!(list(&[]), "example.com/m\nexample.com/m/lib\n");
}

#[test]
fn nothing_is_done_with_n() {
    let folder = module("n");
    let plan = folder.run(&["build", "-n", "."]);
    assert!(
        plan.ends_with("compile example.com/m\nlink example.com/m\n"),
        "{plan}"
    );
    assert_eq!(names(&folder.path), "go.mod lib main.go");
    assert!(!folder.run(&["run", "-n", "."]).contains("hello"));
}

#[test]
fn programs_run_by_others() {
    let folder = module("exec");
    assert_eq!(folder.run(&["run", "-exec", "env A=b", "."]), "hello\n");
    let shown = folder.run(&["run", "-exec", "./nothing", "."]);
    assert!(shown.contains("starting ./nothing"), "{shown}");
}

#[test]
fn tags_in_old_and_new_lists() {
    let folder = module("tags");
    folder.write(
        "extra.go",
        "//go:build extra\n\npackage main\n\nfunc init() { println(\"extra\") }\n",
    );
    let run = |tags: &str| folder.run(&["run", "-tags", tags, "."]);
    for list in ["extra", "a,extra", "a extra", "'extra'", "a,,extra,"] {
        assert_eq!(run(list), "extra\nhello\n", "{list:?}");
    }
    assert_eq!(run("'a extra' b"), "hello\n");
    let mixed = "goxide: -tags space-separated list contains comma\nstatus 2\n";
    assert_eq!(run("a b,extra"), mixed);
    let open = "invalid value \"'extra\" for flag -tags: unterminated ' string\n";
    assert!(run("'extra").starts_with(open));
}

#[test]
fn flags_for_packages_that_fit_a_pattern() {
    let folder = module("patterns");
    folder.write(
        "lib/lib.go",
        "package lib\n\nfunc F(i int) int { return i }\n",
    );
    folder.write(
        "main.go",
        "package main\n\nimport \"example.com/m/lib\"\n\nfunc main() { println(lib.F(1)) }\n",
    );
    let said = |flags: &str| {
        let flags = flags.split('|').map(|f| format!("-gcflags={f}"));
        let flags: Vec<String> = flags.collect();
        let mut line = vec!["build", "-o", "x"];
        line.extend(flags.iter().map(String::as_str));
        line.push(".");
        folder.run(&line)
    };
    let main = "# example.com/m\n./main.go:5:28: inlining call to lib.F\n";
    let lib = "# example.com/m/lib\nlib/lib.go:3:6: can inline F\n";
    let both = format!("{lib}{main}");
    let cases = [
        ("-m", main),
        ("./lib=-m", lib),
        ("example.com/m/lib=-m", lib),
        ("./lib/...=-m", lib),
        ("example.com/m=-m", main),
        ("./...=-m", &both),
        ("example.com/...=-m", &both),
        ("example.com/...=-m|./lib=", main),
        ("-m|-e", ""),
        ("nothing/...=-m", ""),
        ("std=-e", ""),
    ];
    for (flags, want) in cases {
        assert_eq!(said(flags), want, "{flags}");
    }
    folder.write(
        "lib/lib.go",
        "package lib\n\nfunc F(i int) int { return i + len([...]int{max(1, 2)}) }\n",
    );
    assert_eq!(said("-lang=go1.20"), "");
    let old = "max requires go1.21 or later (-lang was set to go1.20; check go.mod)";
    assert!(said("./lib=-lang=go1.20").contains(old));
    for (value, why) in [
        ("m", "missing =<value> in <pattern>=<value>"),
        ("=-m", "missing <pattern> in <pattern>=<value>"),
    ] {
        let want = format!("invalid value {value:?} for flag -gcflags: {why}\n");
        assert!(said(value).starts_with(&want), "{}", said(value));
    }
}

#[test]
fn errors_name_files_that_are_there() {
    let folder = module("trimmed");
    folder.write(
        "lib/lib.go",
        "package lib\n\n//line made/x.go:7\nvar V = u\n",
    );
    let want = "# example.com/m/lib\nlib/made/x.go:7: undefined: u\nstatus 1\n";
    assert_eq!(folder.run(&["build", "-trimpath", "./lib"]), want);
    assert_eq!(folder.run(&["build", "./lib"]), want);
}

#[test]
fn flags_in_the_environment() {
    let folder = module("goflags");
    folder.write(
        "extra.go",
        "//go:build extra\n\npackage main\n\nfunc init() { println(\"extra\") }\n",
    );
    let run = |flags: &str| folder.run_with(&["run", "."], &[("GOFLAGS", flags)]);
    assert_eq!(run("-tags=extra -count=1"), "extra\nhello\n");
    assert_eq!(run("'-tags=a extra' -v=false"), "extra\nhello\n");
    assert_eq!(
        run("-zork"),
        "go: parsing $GOFLAGS: unknown flag -zork\nstatus 1\n"
    );
    assert_eq!(
        run("zork"),
        "go: parsing $GOFLAGS: non-flag \"zork\"\nstatus 1\n"
    );
}
