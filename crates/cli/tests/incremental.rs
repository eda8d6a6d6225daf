//! After an edit, a program is what it would be if everything had been compiled anew.

mod common;

use common::{Folder, names};
use std::process::Command;

const MAIN: &str = r#"package main

import (
	"fmt"
	"os"
	"runtime"

	"m/geo"
	"m/store"
	"m/text"
)

//above
type local struct{ n int }

func (l local) Area() int { return l.n }

func where() int {
	_, _, line, _ := runtime.Caller(1)
	return line
}

func guarded(n int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered %v", r)
		}
	}()
	/*defer*/
	return fmt.Errorf("%d", []int{1, 2, 3}[n])
}

func main() {
	shapes := []geo.Shape{geo.Square{2}, geo.Rect{W: 2, H: 3} /*local*/}
	total := 0
	for _, s := range shapes {
		total += s.Area()
	}
	var funcs []func() int
	for i := 0; i < 3; i++ {
		funcs = append(funcs, func() int { return i })
	}
	fmt.Println(total, geo.Total(shapes), funcs[0](), where(), shapes[0])
	fmt.Println(store.Sum(7), store.Limit(), text.Up("word"), text.Words, text.Data)
	fmt.Println(guarded(1), guarded(5), store.Pulled())
	fmt.Fprintln(os.Stdout, store.Names([]int{1, 2, 3}))
	boxed := text.Box[geo.Square]{V: geo.Square{4}}
	fmt.Printf("%v %T %v\n", boxed.Get().Area(), boxed, text.Kinds())
}
"#;

const GEO: &str = r#"package geo

//above
type Shape interface{ Area() int }

type Square struct{ Side int }

type Rect struct {
	W, H int
	/*field*/
}

func (s Square) Area() int { return s.Side * s.Side }

func (r Rect) Area() int { return r.W * r.H }

func Total(list []Shape) (sum int) {
	for _, s := range list {
		sum += s.Area()
	}
	return sum
}

//method
"#;

const STORE: &str = r#"package store

import (
	"strconv"

	"m/text"
	_ "unsafe"
)

var limit = 10

func compute() int { return len(text.Words) + 20 }

func Limit() int { return limit }

func Sum(n int) int {
	sum := n
	ch := make(chan int, 1)
	ch <- n
	/*go*/
	/*recursion*/
	select {
	case v := <-ch:
		sum += v
	default:
	}
	return sum
}

func Map[T, U any](list []T, f func(T) U) (out []U) {
	for _, t := range list {
		out = append(out, f(t))
	}
	return out
}

func Names(list []int) []string {
	/*generic*/
	return Map(list, strconv.Itoa)
}

func Note(s string) { text.Words = append(text.Words, s) }

//go:linkname Pulled m/text.pulled
func Pulled() int
"#;

const TEXT: &str = r#"package text

import (
	_ "embed"
	"strings"
)

//go:embed data.txt
var Data string

var Words = []string{"a", "b"}

//x y
func Up(s string) string { return strings.ToUpper(s) }

func pulled() int { return 5 }

type Box[T any] struct{ V T }

func (b Box[T]) Get() T { return b.V }

// Its types have no names outside.
func Kinds() []any {
	type kind struct{ n int }
	type named interface{ name() string }
	var none named
	return []any{kind{1}, &none != nil}
}

//init
"#;

/// File, what stands in it, what an edit puts there.
const EDITS: [(&str, &str, &str); 18] = [
    ("geo/geo.go", "//above", "// a line more\n//above"),
    ("main.go", "//above", "// a line more\n\n//above"),
    ("text/text.go", "//x y\n", "//x\n\n\n"),
    ("geo/geo.go", "s.Side * s.Side }", "s.Side*s.Side + 1 }"),
    ("main.go", "/*local*/", ", local{7}"),
    ("geo/geo.go", "/*field*/", "Extra [3]int"),
    (
        "geo/geo.go",
        "//method",
        "func (s Square) String() string { return \"square\" }",
    ),
    (
        "store/store.go",
        "/*go*/",
        "go func() { ch <- n + 1 }(); sum += <-ch; ch <- 3",
    ),
    (
        "store/store.go",
        "/*recursion*/",
        "if n > 3 { return Sum(n-3) }",
    ),
    ("store/store.go", "limit = 10", "limit = compute()"),
    (
        "store/store.go",
        "/*generic*/",
        "_ = Map(list, func(n int) error { Note(\"n\"); return nil })",
    ),
    ("text/text.go", "ToUpper", "ToLower"),
    ("text/text.go", "return 5", "println(\"pulled\"); return 6"),
    (
        "text/text.go",
        "//init",
        "func init() { Words = append(Words, Up(\"init\")) }",
    ),
    ("text/data.txt", "one", "one\ntwo"),
    ("main.go", "/*defer*/", "defer store.Note(\"deferred\")"),
    ("main.go", "\"%d\", []int{1, 2, 3}[n]", "\"%v\", n"),
    ("go.mod", "go 1.27", "go 1.21"),
];

fn folder(name: &str) -> Folder {
    let files = [
        ("go.mod", "module m\n\ngo 1.27\n"),
        ("main.go", MAIN),
        ("geo/geo.go", GEO),
        ("store/store.go", STORE),
        ("store/empty.s", ""),
        ("text/text.go", TEXT),
        ("text/data.txt", "one"),
    ];
    Folder::new(name, &files)
}

fn edit(folder: &Folder, (file, from, to): (&str, &str, &str)) {
    let text = std::fs::read_to_string(folder.path.join(file)).expect("a file");
    assert!(text.contains(from), "{file}: {from}");
    folder.write(file, &text.replacen(from, to, 1));
}

fn bytes(folder: &Folder, name: &str) -> Vec<u8> {
    std::fs::read(folder.path.join(name)).expect("an executable")
}

/// The number behind some words in what a build says of its steps.
fn number(steps: &str, words: &str) -> usize {
    let rest = steps.split_once(words).map(|(_, rest)| rest);
    let number = rest.and_then(|rest| rest.split(' ').next());
    number
        .and_then(|n| n.parse().ok())
        .unwrap_or_else(|| panic!("{words} in {steps}"))
}

/// Compiles with the cache and without one: nothing may differ. Gives the steps.
fn check(folder: &Folder, what: &str) -> String {
    let steps = folder.run(&["build", "-x", "-o", "cached", "."]);
    // A folder that cannot be made.
    let no_cache = folder.path.join("go.mod/none").display().to_string();
    let plain = folder.run_with(
        &["build", "-o", "plain", "."],
        &[("GOXIDE_CACHE", &no_cache)],
    );
    assert!(plain.contains("compiling without it"), "{plain}");
    let same = bytes(folder, "cached") == bytes(folder, "plain");
    assert!(same, "after {what}: other bytes\n{steps}");
    steps
}

#[test]
fn any_edit_gives_the_bytes_of_a_compilation_from_nothing() {
    let folder = folder("bytes");
    check(&folder, "nothing");
    let first = bytes(&folder, "cached");
    // Every edit, in an order that a fixed seed gives.
    let mut left: Vec<_> = EDITS.to_vec();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut done = Vec::new();
    while !left.is_empty() {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let one = left.remove((seed % left.len() as u64) as usize);
        edit(&folder, one);
        let steps = check(&folder, &format!("{one:?}"));
        let (found, anew) = (number(&steps, "look up ("), number(&steps, "second half ("));
        assert!(found > 10 * anew, "{one:?}: {steps}");
        done.push(one);
    }
    let program = |name: &str| folder.shown(&mut Command::new(folder.path.join(name)));
    assert_eq!(program("cached"), program("plain"));
    for (file, from, to) in done.into_iter().rev() {
        edit(&folder, (file, to, from));
    }
    check(&folder, "all edits undone");
    assert!(bytes(&folder, "cached") == first);
}

#[test]
fn lines_in_tracebacks_move_with_the_source() {
    let source = "package main\n\nfunc fail(p *int) int { return *p }\n\nfunc main() {\n\tprintln(fail(nil))\n}\n";
    let folder = Folder::new("lines", &[("x.go", source)]);
    let line = |folder: &Folder| {
        let text = folder.run(&["run", "x.go"]);
        let at = text.find("DIR/x.go:").expect("a traceback");
        text[at..].split_whitespace().next().map(str::to_string)
    };
    assert_eq!(line(&folder).as_deref(), Some("DIR/x.go:3"));
    folder.write(
        "x.go",
        &source.replacen("main\n", "main\n\n// More.\n\n", 1),
    );
    assert_eq!(line(&folder).as_deref(), Some("DIR/x.go:6"));
}

#[test]
fn two_at_once_share_a_cache() {
    let folder = folder("twice");
    check(&folder, "nothing");
    for (round, one) in EDITS[3..6].iter().enumerate() {
        edit(&folder, *one);
        let outputs = std::thread::scope(|threads| {
            let build = |name: &'static str| {
                let folder = &folder;
                threads.spawn(move || folder.run(&["build", "-o", name, "."]))
            };
            [build("one"), build("two")].map(|thread| thread.join().expect("it ends"))
        });
        assert_eq!(outputs, ["", ""]);
        check(&folder, &format!("{one:?}"));
        let same = bytes(&folder, "one") == bytes(&folder, "two");
        assert!(
            same && bytes(&folder, "one") == bytes(&folder, "plain"),
            "round {round}"
        );
    }
    let files = "cached geo go.mod main.go one plain store text two";
    assert_eq!(names(&folder.path), files, "nothing half-written is left");
}

#[test]
fn an_edit_optimises_little_in_whatever_order_files_were_read() {
    // Functions with labels in the library; the first edit is the hard one.
    let source = "package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"strings\"\n)\n\n\
                  func main() {\n\tconst n = 0\n\ttext, err := json.Marshal([]int{n, 2})\n\t\
                  fmt.Println(string(text), err, strings.IndexRune(\"a\u{e9}b\", 'b'))\n}\n";
    let folder = Folder::new(
        "little",
        &[("go.mod", "module m\n\ngo 1.27\n"), ("main.go", source)],
    );
    let steps = folder.run(&["build", "-x", "-o", "cached", "."]);
    let all = number(&steps, "lower (");
    for n in 1..5 {
        folder.write("main.go", &source.replacen("n = 0", &format!("n = {n}"), 1));
        let steps = folder.run(&["build", "-x", "-o", "cached", "."]);
        let anew = number(&steps, "second half (");
        assert!(anew < 40, "edit {n}: {steps}");
        // What lowering writes itself (wrappers, comparisons, initialisers) it writes again.
        let lowered = number(&steps, "lower (");
        assert!(lowered < all / 3, "edit {n}: {steps}");
    }
    check(&folder, "the last edit");
}

#[test]
fn programs_share_what_they_have_in_common() {
    let program = |imports: &str, body: &str| {
        format!("package main\n\nimport (\n{imports})\n\nfunc main() {{\n{body}\n}}\n")
    };
    let one = program(
        "\t\"fmt\"\n\t\"sort\"\n",
        "\tlist := []int{3, 1, 2}\n\tsort.Ints(list)\n\tfmt.Println(list)",
    );
    let other = program(
        "\t\"encoding/json\"\n\t\"fmt\"\n\t\"sort\"\n\t\"time\"\n",
        "\tlist := []time.Duration{3, 1, 2}\n\t\
         sort.Slice(list, func(i, j int) bool { return list[i] < list[j] })\n\t\
         text, err := json.Marshal(list)\n\tfmt.Println(string(text), err)",
    );
    let files = [
        ("go.mod", "module m\n\ngo 1.27\n"),
        ("main.go", one.as_str()),
    ];
    let folder = Folder::new("shared", &files);
    let first = number(&check(&folder, "the first program"), "lower (");
    folder.write("main.go", &other);
    let second = check(&folder, "the second one");
    let lowered = number(&second, "lower (");
    let of_all = number(&second, "look up (") + number(&second, "second half (");
    assert!(lowered + first / 2 < of_all, "{first}, {second}");
    // Back again: the types that answer an interface's method are others.
    folder.write("main.go", &one);
    check(&folder, "the first one once more");
}

#[test]
fn types_of_generic_functions_change_with_their_arguments() {
    let files = [
        ("go.mod", "module m\n\ngo 1.27\n"),
        (
            "main.go",
            "package main\n\nimport (\n\t\"m/a\"\n\t\"m/b\"\n)\n\nfunc main() { println(a.Local[b.B]()) }\n",
        ),
        (
            "a/a.go",
            "package a\n\nimport \"unsafe\"\n\nfunc Size[T any]() uintptr { var t T; return unsafe.Sizeof(t) }\n\nfunc Local[X any]() uintptr {\n\ttype local struct {\n\t\tx X\n\t\ty int\n\t}\n\treturn Size[local]()\n}\n",
        ),
        ("b/b.go", "package b\n\ntype B struct{ n [1]int }\n"),
    ];
    let folder = Folder::new("around", &files);
    for (edit_to, shown) in [("[1]", "16"), ("[3]", "32"), ("[1]", "16"), ("[7]", "64")] {
        folder.write("b/b.go", &files[3].1.replace("[1]", edit_to));
        check(&folder, edit_to);
        let out = folder.shown(&mut Command::new(folder.path.join("cached")));
        assert!(out.contains(shown), "{out}");
    }
}

#[test]
fn an_error_of_a_kept_body_has_its_place() {
    let push = "package from\n\nimport _ \"unsafe\"\n\n//go:linkname f m/to.F\nfunc f() int { return 7 }\n";
    let files = [
        ("go.mod", "module m\n\ngo 1.27\n"),
        (
            "main.go",
            "package main\n\nimport (\n\t_ \"m/from\"\n\t\"m/to\"\n)\n\nfunc main() { println(to.Use()) }\n",
        ),
        (
            "to/to.go",
            "package to\n\nfunc F() int\n\nfunc Use() int { return F() }\n",
        ),
        ("to/empty.s", ""),
        ("from/from.go", push),
    ];
    let folder = Folder::new("place", &files);
    check(&folder, "nothing");
    folder.write("from/from.go", &push.replace("to.F", "to.G"));
    for _ in 0..2 {
        let shown = folder.run(&["build", "-o", "cached", "."]);
        assert!(
            shown.contains("to/to.go:5:26: function m/to.F has no body"),
            "{shown}"
        );
    }
    folder.write("from/from.go", push);
    check(&folder, "the body is back");
}

#[test]
fn whatever_decides_about_inputs_is_one() {
    let files = [
        (
            "go.mod",
            "module m\n\ngo 1.27\n\nrequire x.org/d v1.0.0\n\nreplace x.org/d => ./d\n",
        ),
        (
            "main.go",
            "package main\n\nimport (\n\t\"embed\"\n\n\t\"x.org/d\"\n)\n\n//go:embed data all/*/x\nvar files embed.FS\n\nfunc main() {\n\tlist, _ := files.ReadDir(\"data/in\")\n\tmore, _ := files.ReadDir(\"all\")\n\tprintln(len(list), len(more), d.Sum())\n}\n",
        ),
        ("data/in/a/x", "1"),
        ("all/a/x", "1"),
        ("d/go.mod", "module x.org/d\n\ngo 1.20\n"),
        (
            "d/d.go",
            "package d\n\nfunc Sum() (s int) {\n\tvar all []func()\n\tfor i := 0; i < 3; i++ {\n\t\tall = append(all, func() { s += i })\n\t}\n\tfor _, f := range all {\n\t\tf()\n\t}\n\treturn s\n}\n",
        ),
    ];
    let folder = Folder::new("inputs", &files);
    // A build remembers its inputs if they have not changed just before it.
    let shown = |folder: &Folder| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        check(folder, "an edit");
        folder.shown(&mut Command::new(folder.path.join("cached")))
    };
    let mut seen = vec![shown(&folder)];
    let edits = [
        ("data/in/b/y/x", "1"),
        ("all/b/x", "1"),
        ("data/in/a/go.mod", "module other\n"),
        ("d/go.mod", "module x.org/d\n\ngo 1.24\n"),
    ];
    for (file, text) in edits {
        folder.write(file, text);
        let now = shown(&folder);
        assert!(!seen.contains(&now), "{file}: {now}");
        seen.push(now);
    }
}

#[test]
fn flags_that_change_the_language_count() {
    let source = "package main\n\nfunc main() {\n\tvar all []func()\n\tfor i := 0; i < 3; i++ {\n\t\tall = append(all, func() { print(i) })\n\t}\n\tfor _, f := range all {\n\t\tf()\n\t}\n}\n";
    let files = [("go.mod", "module m\n\ngo 1.27\n"), ("main.go", source)];
    let folder = Folder::new("language", &files);
    let cache = folder.path.join("cache");
    let vars = [("GOXIDE_CACHE", cache.to_str().expect("a name"))];
    let run = |flags: &str| folder.run_with(&["run", "-gcflags", flags, "."], &vars);
    let as_of = ["", "-lang=go1.21", "-lang=go1.22"].map(run);
    assert_eq!(as_of, ["012", "333", "012"]);
}

#[test]
fn a_damaged_executable_is_made_again() {
    let source = "package main\n\nfunc main() { println(\"whole\") }\n";
    let folder = Folder::new("short", &[("x.go", source)]);
    let cache = folder.path.join("cache");
    let run = || {
        let vars = [("GOXIDE_CACHE", cache.to_str().expect("a name"))];
        folder.run_with(&["run", "x.go"], &vars)
    };
    assert_eq!(run(), "whole\n");
    let programs = cache.join("programs");
    let damage = |what: &str, how: &dyn Fn(&mut Vec<u8>)| {
        for entry in std::fs::read_dir(&programs).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mut bytes = std::fs::read(&path).expect("an executable");
            how(&mut bytes);
            std::fs::remove_file(&path).expect("it goes");
            std::fs::write(&path, &bytes).expect("written");
        }
        assert_eq!(run(), "whole\n", "{what}");
    };
    damage("nothing left", &Vec::clear);
    damage("a third left", &|bytes| bytes.truncate(bytes.len() / 3));
    damage("a page of zeros", &|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle..middle + 4096].fill(0);
    });
}
