//! Loading whole programs: small source trees and the errors or package lists they give.

use expect_test::{Expect, expect};
use goxide_load::{BuildContext, Config, GoEnv, GoFile, ModuleOptions, Overlay, load};
use std::path::{Path, PathBuf};

/// A folder of files that is removed again. In expectations its path reads `$DIR`.
struct Tree(PathBuf);

impl Tree {
    /// Files are given as `-- name` lines followed by their text.
    fn new(name: &str, files: &str) -> Tree {
        let root = std::env::temp_dir().join(format!("goxide-graph-{}-{name}", std::process::id()));
        let mut tree = files.to_string();
        for file in [
            "sdk/VERSION\ngo1.27.3",
            "sdk/src/builtin/builtin.go\npackage builtin",
            "sdk/src/fmt/print.go\npackage fmt\nimport \"internal/abi\"",
            "sdk/src/internal/abi/type.go\npackage abi",
            "sdk/src/runtime/proc.go\npackage runtime\nimport \"internal/abi\"",
            "sdk/src/unsafe/unsafe.go\npackage unsafe",
            "sdk/src/net/net.go\npackage net\nimport \"golang.org/x/dns\"",
            "sdk/src/vendor/golang.org/x/dns/dns.go\npackage dns",
            "sdk/src/os/os_linux.go\npackage os",
            "sdk/src/os/os_windows.go\npackage os",
        ] {
            tree += &format!("\n-- {file}\n");
        }
        for file in tree.split("-- ").skip(1) {
            let (name, text) = file.split_once('\n').expect("a name line");
            let path = root.join(name.trim());
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("temp dir");
            std::fs::write(path, text).expect("write");
        }
        Tree(root)
    }

    fn load(&self, cwd: &str, args: &[&str]) -> String {
        let vars = [
            ("GOXIDE_SDK", self.0.join("sdk")),
            ("GOMODCACHE", self.0.join("mod")),
            ("GOPROXY", PathBuf::from("off")),
            ("GOENV", PathBuf::from("off")),
        ];
        let vars = vars.map(|(k, v)| (k.to_string(), v.display().to_string()));
        let overlay_dir = self.0.join("overlay");
        let config = Config {
            cwd: self.0.join(cwd),
            env: GoEnv::from_vars(vars),
            context: BuildContext::new([]),
            modules: ModuleOptions::default(),
            overlay: match Path::exists(&overlay_dir) {
                true => Overlay::read(&overlay_dir).expect("overlay"),
                false => Overlay::default(),
            },
            implicit: vec!["runtime".to_string()],
            compiler_only: false,
        };
        let args: Vec<String> = args.iter().map(|a| a.to_string()).collect();
        let text = match load(&config, &args) {
            Err(errors) => errors.iter().map(|e| format!("{e}\n")).collect(),
            Ok(graph) => {
                let mut text: String = graph
                    .warnings
                    .iter()
                    .map(|w| format!("warning: {w}\n"))
                    .collect();
                for (id, p) in graph.packages.iter_enumerated() {
                    // Else a cached program would outlive a change of the file.
                    let unseen = |f: &&GoFile| !f.overlay && !graph.inputs.contains(&f.path);
                    assert!(!p.files.iter().any(|f| unseen(&f)), "{}", p.path);
                    let mark = if graph.roots.contains(&id) { "*" } else { " " };
                    let files: Vec<String> = p.files.iter().map(|f| f.shown.clone()).collect();
                    text += &format!("{mark}{} go{} {}\n", p.path, p.go_version, files.join(" "));
                }
                text
            }
        };
        text.replace(&self.0.display().to_string(), "$DIR")
    }

    fn check(&self, cwd: &str, args: &[&str], want: Expect) {
        want.assert_eq(&self.load(cwd, args));
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_of_no_module() {
    let t = Tree::new(
        "files",
        r#"-- w/a.go
//go:build ignore
package main
import ("fmt"; "net"; "unsafe")
-- w/b.go
package main
import "internal/abi"
-- w/c.go
package main
import "nope/x"
import "ex.org/y"
"#,
    );
    t.check(
        "w",
        &["a.go"],
        expect![[r#"
         internal/abi go1.27 ../sdk/src/internal/abi/type.go
         runtime go1.27 ../sdk/src/runtime/proc.go
         fmt go1.27 ../sdk/src/fmt/print.go
         vendor/golang.org/x/dns go1.27 ../sdk/src/vendor/golang.org/x/dns/dns.go
         net go1.27 ../sdk/src/net/net.go
        *command-line-arguments go1.27 a.go
    "#]],
    );
    t.check(
        "w",
        &["b.go"],
        expect![[r#"
        package command-line-arguments
        	b.go:2:8: use of internal package internal/abi not allowed
    "#]],
    );
    t.check("w", &["c.go"], expect![[r#"
        c.go:3:8: no required module provides package ex.org/y: go.mod file not found in current directory or any parent directory; see 'go help modules'
        c.go:2:8: package nope/x is not in std ($DIR/sdk/src/nope/x)
    "#]]);
    t.check("w", &["d.go"], expect![[r#"
        no required module provides package d.go: go.mod file not found in current directory or any parent directory; see 'go help modules'
        	(stat d.go: no such file or directory)
    "#]]);
    t.check(
        "w",
        &["./d.go", "a.go"],
        expect![[r#"
        stat ./d.go: no such file or directory
    "#]],
    );
    t.check("w", &["."], expect![[r#"
        go: go.mod file not found in current directory or any parent directory; see 'go help modules'
        	run "go mod init NAME", or name the .go files themselves
    "#]]);
    t.check(
        "",
        &["w/a.go", "sdk/src/fmt/print.go"],
        expect![[r#"
        named files must all be in one directory; have w and sdk/src/fmt
    "#]],
    );
}

#[test]
fn a_module_with_everything_wrong() {
    let t = Tree::new(
        "wrong",
        r#"-- go.mod
module ex.org/m
go 1.21
-- main.go
package main
import _ "ex.org/m/a"
import _ "ex.org/m/nope"
import _ "ex.org/m/c"
import _ "ex.org/m/d"
import _ "ex.org/m/e"
import _ "./a"
import _ "ex.org/m/p"
-- a/a.go
package a
import _ "ex.org/m/b"
-- b/b.go
package b
import _ "ex.org/m/a"
-- c/c.go
package c
-- c/c2.go
package c2
-- d/d.go
//go:build windows

package d
-- e/e_test.go
package e
-- p/p.go
package main
-- g/g.go
package g
import "C"
-- h/h.go
package h
import "fmt
-- i/i.go
package i
import "embed"
//go:embed nope.txt
"#,
    );
    t.check(
        "",
        &["."],
        expect![[r#"
        main.go:7:8: "./a" is relative, but relative import paths are not supported in module mode
        package ex.org/m
        	imports ex.org/m/a from main.go
        	imports ex.org/m/b from a.go
        	imports ex.org/m/a from b.go: import cycle not allowed
        main.go:4:8: found packages c (c.go) and c2 (c2.go) in $DIR/c
        package ex.org/m
        	imports ex.org/m/d: build constraints exclude all Go files in $DIR/d
        package ex.org/m
        	imports ex.org/m/e: no non-test Go files in $DIR/e
        main.go:3:8: no required module provides package ex.org/m/nope; to add it:
        	go get ex.org/m/nope
        main.go:8:8: import "ex.org/m/p" is a program, not an importable package
    "#]],
    );
    t.check(
        "",
        &["./d"],
        expect![[r#"
        package ex.org/m/d: build constraints exclude all Go files in $DIR/d
    "#]],
    );
    t.check(
        "",
        &["./f"],
        expect![[r#"
        stat $DIR/f: directory not found
    "#]],
    );
    t.check(
        "",
        &["./g", "./h", "./i"],
        expect![[r#"
        g/g.go:2:8: import "C": cgo is not supported
        	keep such files for cgo builds with "//go:build cgo"
        h/h.go:2:8: string literal not terminated
        i/i.go:3:12: pattern nope.txt: no matching files found
        i/i.go:2:8: package embed is not in std ($DIR/sdk/src/embed)
    "#]],
    );
}

#[test]
fn modules_replaced_vendored_and_in_the_cache() {
    let t = Tree::new(
        "mods",
        r#"-- m/go.mod
module ex.org/m
go 1.21
require (
ex.org/dep v1.2.0
ex.org/Up v1.0.0
ex.org/far v0.1.0
)
replace ex.org/dep => ../dep
-- m/main.go
package main
import _ "ex.org/dep/sub"
import _ "ex.org/Up"
-- m/far/far.go
package far
import _ "ex.org/far"
-- m/x/x.go
//go:build go1.24

package x
-- dep/go.mod
module ex.org/dep
go 1.18
-- dep/sub/s.go
package sub
-- mod/ex.org/!up@v1.0.0/up.go
package up
-- v/go.mod
module ex.org/v
go 1.20
require ex.org/dep v1.0.0
-- v/vendor/modules.txt
# ex.org/dep v1.0.0
## explicit; go 1.15
ex.org/dep/a
-- v/vendor/ex.org/dep/a/a.go
package a
-- v/v.go
package v
import _ "ex.org/dep/a"
import _ "ex.org/dep/b"
-- v/ok/v.go
package ok
import _ "ex.org/dep/a"
-- work/go.work
go 1.21
use ./a
use ./b
-- work/a/go.mod
module a.org
go 1.21
-- work/a/a.go
package main
import _ "b.org/b"
-- work/b/go.mod
module b.org
-- work/b/b/b.go
package b
"#,
    );
    t.check(
        "m",
        &["."],
        expect![[r#"
         internal/abi go1.27 ../sdk/src/internal/abi/type.go
         runtime go1.27 ../sdk/src/runtime/proc.go
         ex.org/Up go1.16 ../mod/ex.org/!up@v1.0.0/up.go
         ex.org/dep/sub go1.18 ../dep/sub/s.go
        *ex.org/m go1.21 main.go
    "#]],
    );
    t.check(
        "m",
        &["./far"],
        expect![[r#"
            far/far.go:2:8: missing go.sum entry for module providing package ex.org/far (imported by ex.org/m/far); to add:
            	go get ex.org/m/far
        "#]],
    );
    t.check(
        "m",
        &["./x", "std"],
        expect![[r#"
        *internal/abi go1.27 ../sdk/src/internal/abi/type.go
        *runtime go1.27 ../sdk/src/runtime/proc.go
        *ex.org/m/x go1.21 x/x.go
        *fmt go1.27 ../sdk/src/fmt/print.go
        *vendor/golang.org/x/dns go1.27 ../sdk/src/vendor/golang.org/x/dns/dns.go
        *net go1.27 ../sdk/src/net/net.go
        *os go1.27 ../sdk/src/os/os_linux.go
    "#]],
    );
    t.check("v", &["."], expect![[r#"
        v.go:3:8: cannot find module providing package ex.org/dep/b: import lookup disabled by -mod=vendor
    "#]]);
    t.check(
        "v",
        &["./ok"],
        expect![[r#"
         internal/abi go1.27 ../sdk/src/internal/abi/type.go
         runtime go1.27 ../sdk/src/runtime/proc.go
         ex.org/dep/a go1.15 vendor/ex.org/dep/a/a.go
        *ex.org/v/ok go1.20 ok/v.go
    "#]],
    );
    t.check(
        "work/a",
        &["."],
        expect![[r#"
         internal/abi go1.27 ../../sdk/src/internal/abi/type.go
         runtime go1.27 ../../sdk/src/runtime/proc.go
         b.org/b go1.16 ../b/b/b.go
        *a.org go1.21 a.go
    "#]],
    );
    // A folder of another module, with and without `./`.
    t.check(
        "",
        &["m/x"],
        expect![[r#"
         internal/abi go1.27 sdk/src/internal/abi/type.go
         runtime go1.27 sdk/src/runtime/proc.go
        *ex.org/m/x go1.21 m/x/x.go
    "#]],
    );
    t.check(
        "m",
        &["../v/ok"],
        expect![[r#"
         internal/abi go1.27 ../sdk/src/internal/abi/type.go
         runtime go1.27 ../sdk/src/runtime/proc.go
         ex.org/dep/a go1.15 ../v/vendor/ex.org/dep/a/a.go
        *ex.org/v/ok go1.20 ../v/ok/v.go
    "#]],
    );
}

#[test]
fn overlay_replaces_adds_skips_and_takes() {
    let t = Tree::new(
        "overlay",
        r#"-- overlay/runtime/r.go
//goxide:replace package
package runtime
import "goxide/x"
-- overlay/goxide/x/x.go
//goxide:replace package
package x
-- overlay/os/patch.go
//goxide:skip os_linux.go
//goxide:take os_windows.go
package os
-- a.go
package main
import "os"
"#,
    );
    t.check(
        "",
        &["a.go"],
        expect![[r#"
         goxide/x go1.27 goxide/goxide/x/x.go
         runtime go1.27 goxide/runtime/r.go
         os go1.27 sdk/src/os/os_windows.go goxide/os/patch.go
        *command-line-arguments go1.27 a.go
    "#]],
    );
}
