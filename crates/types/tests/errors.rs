//! What the checker says about small programs.

mod common;

use common::check;
use expect_test::expect;

#[test]
fn a_correct_program_has_no_errors() {
    check(
        "type List[T any] struct { next *List[T]; val T }
         func (l *List[T]) Push(v T) *List[T] { return &List[T]{l, v} }
         func Map[T, U any](l *List[T], f func(T) U) (r []U) {
             for ; l != nil; l = l.next { r = append(r, f(l.val)) }
             return
         }
         var lengths = Map((*List[string])(nil).Push(\"a\"), func(s string) int { return len(s) })",
        expect![[""]],
    );
}

#[test]
fn unused_things_are_reported() {
    check(
        "import \"unsafe\"
         func f() { x := 1; var y, z int; _ = z }",
        expect![[r#"
            2:8: "unsafe" imported and not used
            3:21: declared and not used: x
            3:33: declared and not used: y
        "#]],
    );
}

#[test]
fn assignments_must_fit() {
    check(
        "var a int = \"x\"
         var b, c = 1
         func f() (int, string) { return 1 }
         func g() { a, b := f(), 2; _ = a + b }
         var d uint8 = 256
         var e = nil",
        expect![[r#"
            2:13: cannot use "x" (untyped string constant) as int value in variable declaration
            3:21: assignment mismatch: 2 variables but 1 value
            4:42: not enough return values
            	have (number)
            	want (int, string)
            5:29: multiple-value f() (value of type (int, string)) in single-value context
            6:24: cannot use 256 (untyped int constant) as uint8 value in variable declaration (overflows)
            7:18: use of untyped nil in variable declaration
        "#]],
    );
}

#[test]
fn numbers_of_values_come_before_what_is_assigned_to() {
    check(
        "func f2() (int, int)
         func none()
         func take(a, b int)
         func f(c chan int, x any) {
             <-c = f2()
             x.(int) = 0, false
             unknown = f2()
             take(none())
         }
         func convert[P []byte](p string) { _ = (*P)(p) }
         type S[T any] V.M
         type V = S[any]",
        expect![[r#"
            6:20: assignment mismatch: 1 variable but f2 returns 2 values
            7:24: assignment mismatch: 1 variable but 2 values
            8:14: undefined: unknown
            8:24: assignment mismatch: 1 variable but f2 returns 2 values
            9:19: none() (no value) used as value
            9:19: not enough arguments in call to take
            	have (func())
            	want (int, int)
            11:54: cannot convert p (variable of type string) to type *P: string does not implement *P (type *P is pointer to type parameter, not type parameter)
            12:26: V.M is not a type
        "#]],
    );
}

#[test]
fn results_overflow_the_underlying_type() {
    check(
        "type w uint8
         const a w = 255
         const b = a + 1
         const c w = 256
         var d = -a",
        expect![[r#"
            4:20: a + 1 (constant 256 of uint8 type w) overflows uint8
            5:22: cannot use 256 (untyped int constant) as w value in constant declaration (overflows)
            6:18: -a (constant -255 of uint8 type w) overflows uint8
        "#]],
    );
}

#[test]
fn interfaces_say_what_is_missing() {
    check(
        "type I interface { M(int) string; N() }
         type A struct{}
         func (A) M(int) {}
         type B struct{}
         func (*B) M(int) string { return \"\" }
         func (*B) N() {}
         var _ I = A{}
         var _ I = B{}
         var _ I = &B{}",
        expect![[r#"
            8:20: cannot use A{} (value of struct type A) as I value in variable declaration: A does not implement I (wrong type for method M)
            		have M(int)
            		want M(int) string
            9:20: cannot use B{} (value of struct type B) as I value in variable declaration: B does not implement I (method M has pointer receiver)
        "#]],
    );
}

#[test]
fn cycles_are_found() {
    check(
        "type T struct { t T }
         type A = B
         type B = A
         var x = y
         var y = f()
         func f() int { return x }
         func g[P any]() { g[*P]() }",
        expect![[r#"
            2:6: invalid recursive type: T refers to itself
            3:15: invalid recursive type A
            	3:15: A refers to B
            	4:15: B refers to A
            5:14: initialization cycle for x
            	5:14: x refers to y
            	6:14: y refers to f
            	7:15: f refers to x
        "#]],
    );
}

#[test]
fn expanding_types_have_no_size() {
    check(
        "import \"unsafe\"
         type T[P any] struct { f [1]T[[]P] }
         const _ = unsafe.Sizeof(T[int]{})
         type U[P any] struct { f V[[]P]; g V[*P] }
         type V[P any] struct { f [2]U[P] }
         const _ = unsafe.Sizeof(U[int]{})",
        expect![[r#"
            3:38: invalid recursive type: T[[]P] refers to itself
            4:20: unsafe.Sizeof(T[int]{}) (value of type uintptr) is not constant
            4:34: invalid recursive type: T[int] refers to itself
            5:35: invalid recursive type V[[]P]
            	5:35: V[[]P] refers to U[P]
            	6:38: U[P] refers to V[[]P]
            7:20: unsafe.Sizeof(U[int]{}) (value of type uintptr) is not constant
            7:34: invalid recursive type U[int]
            	7:34: U[int] refers to V[[]int]
            	7:34: V[[]int] refers to U[int]
        "#]],
    );
}

#[test]
fn cycles_of_instances_are_theirs() {
    check(
        "import \"unsafe\"
         type T[P any] struct { T[P] }
         const _ = unsafe.Sizeof(T[int]{})
         type U[P any] struct { f V[P] }
         type V[P any] struct { f [2]U[P] }
         var _ = unsafe.Sizeof(U[string]{})
         type A struct { f W[A] }
         type W[P any] struct { p P }
         var _ = unsafe.Sizeof(A{})",
        expect![[r#"
            3:33: invalid recursive type: T[P] refers to itself
            4:20: unsafe.Sizeof(T[int]{}) (value of type uintptr) is not constant
            4:34: invalid recursive type: T[int] refers to itself
            5:35: invalid recursive type V[P]
            	5:35: V[P] refers to U[P]
            	6:38: U[P] refers to V[P]
            7:32: invalid recursive type U[string]
            	7:32: U[string] refers to V[string]
            	7:32: V[string] refers to U[string]
            8:15: invalid recursive type A
            	8:15: A refers to W[A]
            	8:28: W[A] refers to A
            8:15: invalid recursive type A
            	8:15: A refers to W[A]
            	8:28: W[A] refers to A
        "#]],
    );
}

#[test]
fn type_arguments_must_satisfy_constraints() {
    check(
        "type Num interface { ~int | ~float64 }
         func Sum[T Num](x ...T) (s T) { for _, v := range x { s += v }; return }
         type My int
         var _ = Sum(My(1), 2)
         var _ = Sum(\"a\")
         var _ = Sum[int](1, 2.5)
         func Make[T any]() T { panic(0) }
         var _ = Make()",
        expect![[r#"
            6:21: string does not satisfy Num (string missing in ~int | ~float64)
            7:30: cannot use 2.5 (untyped float constant) as int value in argument to Sum[int] (truncated)
            9:22: in call to Make, cannot infer T (declared at a.go:8:20)
        "#]],
    );
}

#[test]
fn control_must_not_reach_the_end() {
    check(
        "func f(x int) int { for { if x > 0 { break } } }
         func g(x int) int { switch x { case 1: return 1; default: panic(x) } }
         func h(x any) int { switch x := x.(type) { case int: return x }; return 0 }",
        expect![[r#"
            2:48: missing return
        "#]],
    );
}

#[test]
fn parentheses_do_not_hide_cycles() {
    check(
        "type T (T)
         type A = ((B))
         type B (A)
         func f() { type L (L); var l L; _ = l }
         var t T
         var x = t.m",
        expect![[r#"
            2:6: invalid recursive type: T refers to itself
            3:15: invalid recursive type A
            	3:15: A refers to B
            	4:15: B refers to A
            5:26: invalid recursive type: L refers to itself
        "#]],
    );
}

#[test]
fn values_of_calls_are_counted() {
    check(
        "func pair() (int, string) { return 1, \"\" }
         func take(a int, b float64) {}
         var a, b float64 = pair()
         func f() {
             take(pair())
             take(1)
             take()
             var s []int
             s[1:2] = nil
             _ = append(s, pair()...)
             take(s...)
         }",
        expect![[r#"
            4:29: cannot use 1st function result (value of type int) as float64 value in multiple assignment
            4:29: cannot use 2nd function result (value of type string) as float64 value in multiple assignment
            6:19: cannot use pair() (value of type string) as float64 value in argument to take
            7:19: not enough arguments in call to take
            	have (number)
            	want (int, float64)
            8:14: not enough arguments in call to take
            	have ()
            	want (int, float64)
            10:15: cannot assign to s[1:2] (neither addressable nor a map index expression)
            11:28: multiple-value pair() (value of type (int, string)) in single-value context
            12:14: cannot use ... in call to non-variadic take
        "#]],
    );
}

#[test]
fn other_places_are_named() {
    check(
        "type T struct{}
         func (T) m() {}
         func (*T) m() {}
         func f(x int) {
             switch { default: ; default: }
             switch x { case 1: ; case 2, 1: }
             var c chan<- int
             <-c
             <-x
             int(\"a\" + 1)
         }",
        expect![[r#"
            4:20: method T.m already declared at a.go:3:19
            6:34: multiple defaults (first at a.go:6:23)
            7:43: duplicate case 1 (constant of type int) in expression switch
            	7:30: previous case
            9:16: invalid operation: cannot receive from send-only channel chan<- int c (variable of type chan<- int)
            10:16: invalid operation: cannot receive from non-channel int x (variable of type int)
            11:18: invalid operation: "a" + 1 (mismatched types untyped string and untyped int)
        "#]],
    );
}

#[test]
fn the_back_end_has_limits() {
    check(
        "type big [1 << 50]byte
         var i interface { m() interface { m() } }
         var r interface { m(r2 interface { R }) }
         type R interface { m(r2 interface { R }) }",
        expect![[r#"
            4:16: invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)
        "#]],
    );
    // At the variables, as gc has it.
    check(
        "var x [1 << 50]byte
         var c chan [1 << 16]byte",
        expect![[r#"
            2:5: type [1125899906842624]byte larger than address space
            3:14: channel element type too large (>64kB)
        "#]],
    );
    check(
        "var x [2000000000]byte
         var y [2000000001]byte
         var _ [2000000001]byte",
        expect![[r#"
            3:14: p.y: symbol too large (2000000001 bytes > 2000000000 bytes)
        "#]],
    );
}

#[test]
fn broken_input_is_survived() {
    for text in [
        "func f() { x. }",
        "type T struct { T[",
        "var x = [...]int{1",
        "type A [len(a)]int; var a A",
    ] {
        common::errors(text);
    }
}
