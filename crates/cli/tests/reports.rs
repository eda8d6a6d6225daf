//! What `-gcflags=-m` says: gc's words, about what this compiler does.

mod common;

use common::{Folder, names};
use expect_test::expect;

const SOURCE: &str = r#"package main

type T struct {
	a    int
	next *T
}

var sink *T
var ints []int

func leak(p *T)             { sink = p }
func keep(p *T) int         { return p.a }
func content(p *T)          { sink = p.next }
func result(p *T, n int) *T { return p }
func unused(_ *T, b [8]*T)  {}

func made(n int) int {
	t := &T{a: 1}
	s := make([]int, 4)
	ints = make([]int, n)
	f := func() int { return t.a }
	return f() + s[0]
}

func counter() func() int {
	x := 0
	return func() int { x++; return x }
}

func list() []int { return []int{1, 2, 3} }

func main() {
	leak(&T{})
	leak(result(new(T), keep(&T{})))
	content(sink)
	unused(nil, [8]*T{})
	println(made(2), counter()(), len(list()))
}
"#;

#[test]
fn parameters_and_objects() {
    let folder = Folder::new("m", &[("x.go", SOURCE)]);
    assert_eq!(names(&folder.path), "x.go");
    let all = folder.run(&["build", "-o", ".cache/x", "-gcflags=-m", "x.go"]);
    let escapes = all
        .lines()
        .filter(|line| !line.contains(" inline ") && !line.contains(": inlining "));
    let escapes: Vec<&str> = escapes.collect();
    expect![[r#"
        # command-line-arguments
        ./x.go:11:11: leaking param: p
        ./x.go:12:11: p does not escape
        ./x.go:13:14: leaking param content: p
        ./x.go:14:13: leaking param content: p
        ./x.go:14:13: leaking param: p to result ~r0 level=0
        ./x.go:15:19: b does not escape
        ./x.go:18:7: &T{...} does not escape
        ./x.go:19:11: make([]int, 4) does not escape
        ./x.go:20:13: make([]int, n) escapes to heap
        ./x.go:21:7: func literal does not escape
        ./x.go:26:2: moved to heap: x
        ./x.go:27:9: func literal escapes to heap
        ./x.go:30:33: []int{...} escapes to heap
        ./x.go:33:7: &T{} escapes to heap
        ./x.go:34:17: new(T) escapes to heap
    "#]]
    .assert_eq(&(escapes.join("\n") + "\n"));
}
