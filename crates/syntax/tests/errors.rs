//! What is wrong, where, and in which words. The expected texts are those of Go's compiler.

mod common;

use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&common::errors(text));
}

/// Checks statements in a function.
fn check_body(text: &str, expected: Expect) {
    check(&format!("package p; func _() {{\n{text}\n}}\n"), expected);
}

#[test]
fn package_clause() {
    check(
        "func f() {}",
        expect![[r#"
        a.go:1:1: syntax error: package statement must be first
    "#]],
    );
    check(
        "",
        expect![[r#"
        a.go:1:1: syntax error: package statement must be first
    "#]],
    );
}

#[test]
fn top_level() {
    check(
        "package p\nx := 1\nimport \"fmt\"\n",
        expect![[r#"
            a.go:2:1: syntax error: non-declaration statement outside function body
            a.go:3:1: syntax error: imports must appear before other declarations
        "#]],
    );
    check(
        "package p\nvar x int\nimport \"fmt\"\n",
        expect![[r#"
        a.go:3:1: syntax error: imports must appear before other declarations
    "#]],
    );
    check(
        "package p\nfunc f()\n{\n}\n",
        expect![[r#"
        a.go:3:1: syntax error: unexpected semicolon or newline before {
    "#]],
    );
    check(
        "package p\nimport 5\nimport fmt\n",
        expect![[r#"
        a.go:2:8: syntax error: import path must be a string
        a.go:3:11: syntax error: missing import path
    "#]],
    );
}

#[test]
fn methods() {
    check(
        "package p\nfunc () f()\nfunc (a, b T) g()\nfunc (T) ()\n",
        expect![[r#"
        a.go:2:9: method has no receiver
        a.go:3:15: method has multiple receivers
        a.go:4:10: syntax error: unexpected (, expected name
    "#]],
    );
    check(
        "package p\ntype _ interface { m[T any](T) }\nvar _ func[T any]()\n",
        expect![[r#"
        a.go:2:21: interface method must have no type parameters
        a.go:3:11: syntax error: function type must have no type parameters
    "#]],
    );
}

#[test]
fn parameters() {
    check(
        "package p\nfunc f(a, b, int) {}\nfunc g(a int, b) {}\n",
        expect![[r#"
            a.go:3:16: syntax error: missing parameter type
        "#]],
    );
    check(
        "package p\nfunc f(a ...int, b int)\nfunc g() ...int\n",
        expect![[r#"
        a.go:2:10: can only use ... with final parameter
        a.go:3:10: syntax error: unexpected ... after top level declaration
    "#]],
    );
    check(
        "package p\nfunc f[](a int)\nfunc g[T]()\nfunc h[T any, *int]()\n",
        expect![[r#"
        a.go:2:8: syntax error: empty type parameter list
        a.go:3:9: syntax error: missing type constraint
        a.go:4:15: syntax error: missing type parameter name
    "#]],
    );
}

#[test]
fn conditions() {
    check_body(
        "if x = 1 {}\nif a := b {}\nif {}\nif x; {}\nfor x := 0; x < 1 {}",
        expect![[r#"
            a.go:2:6: syntax error: cannot use assignment x = 1 as value
            a.go:3:6: syntax error: cannot use a := b as value
            a.go:4:4: syntax error: missing condition in if statement
            a.go:5:5: syntax error: missing condition in if statement
            a.go:6:19: syntax error: unexpected {, expected semicolon or newline
        "#]],
    );
    check_body(
        "if x\n{\n}",
        expect![[r#"
        a.go:2:5: syntax error: unexpected newline, expected { after if clause
    "#]],
    );
    check_body(
        "for i := 0; i < 10; i := 1 {}",
        expect![[r#"
        a.go:2:23: syntax error: cannot declare in post statement of for loop
    "#]],
    );
}

#[test]
fn statements() {
    check_body(
        "a b\nx, y\ngo (f())\nelse {}",
        expect![[r#"
        a.go:2:3: syntax error: unexpected name b at end of statement
        a.go:3:5: syntax error: unexpected newline, expected := or = or comma
        a.go:4:4: expression in go must not be parenthesized
        a.go:5:1: syntax error: unexpected keyword else, expected }
    "#]],
    );
    check_body(
        "switch x { foo() }\nL:",
        expect![[r#"
            a.go:2:12: syntax error: unexpected name foo, expected case or default or }
        "#]],
    );
}

#[test]
fn expressions() {
    check_body(
        "f(1, 2\nx := a[]\ny := a[1:2:]\nz := a.3",
        expect![[r#"
            a.go:2:7: syntax error: unexpected newline in argument list; possibly missing comma or )
            a.go:3:8: syntax error: unexpected ] at end of statement
            a.go:4:12: final index required in 3-index slice
            a.go:5:7: syntax error: unexpected literal .3 at end of statement
        "#]],
    );
    check_body(
        "x := (T){}\ny := <-chan<-int",
        expect![[r#"
        a.go:2:9: syntax error: cannot parenthesize type in composite literal
        a.go:3:17: syntax error: unexpected int, expected chan
    "#]],
    );
}

#[test]
fn numbers() {
    let text = "x := []any{0x, 08, 0b12, 1_, 0_x1, 1e, 0x1.0, 0b1.0, 0o1e1, 1p1, 0x1p, 09.5, 08i}";
    check_body(
        text,
        expect![[r#"
            a.go:2:14: hexadecimal literal has no digits
            a.go:2:17: invalid digit '8' in octal literal
            a.go:2:23: invalid digit '2' in binary literal
            a.go:2:27: '_' must separate successive digits
            a.go:2:31: '_' must separate successive digits
            a.go:2:32: syntax error: unexpected name x1 in composite literal; possibly missing comma or }
            a.go:2:38: exponent has no digits
            a.go:2:45: hexadecimal mantissa requires a 'p' exponent
            a.go:2:50: invalid radix point in binary literal
            a.go:2:57: 'e' exponent requires decimal mantissa
            a.go:2:62: 'p' exponent requires hexadecimal mantissa
            a.go:2:70: exponent has no digits
        "#]],
    );
}

#[test]
fn strings_and_runes() {
    check_body(
        r#"a = "\q" + "\400" + "\ud800" + "\x4" + 'ab' + '' + '\'"#,
        expect![[r#"
            a.go:2:7: unknown escape
            a.go:2:17: octal escape value 256 > 255
            a.go:2:28: escape is invalid Unicode code point U+D800
            a.go:2:36: invalid character '"' in hexadecimal escape
            a.go:2:40: more than one character in rune literal
            a.go:2:48: empty rune literal or unescaped '
            a.go:2:55: newline in rune literal
        "#]],
    );
    check(
        "package p\nvar x = \"abc\nvar y = `abc",
        expect![[r#"
        a.go:2:13: newline in string
        a.go:3:9: string not terminated
    "#]],
    );
}

#[test]
fn characters() {
    check(
        "package p\nvar a\u{301} = 1 # 2\nvar \u{661}x int\n/* x",
        expect![[r#"
            a.go:2:6: invalid character U+0301 '́' in identifier
            a.go:2:13: invalid character U+0023 '#'
            a.go:2:15: syntax error: unexpected literal 2 after top level declaration
            a.go:3:5: identifier cannot begin with digit U+0661 '١'
            a.go:4:1: comment not terminated
        "#]],
    );
    let encoding = b"\xef\xbb\xbfpackage p\nvar a = \"\xff\x00\"\nvar \xef\xbb\xbfb int\n";
    expect![[r#"
        a.go:2:10: invalid UTF-8 encoding
        a.go:2:11: invalid NUL character
        a.go:3:5: invalid BOM in the middle of the file
    "#]]
    .assert_eq(&common::errors(encoding));
}

#[test]
fn labels_and_branches() {
    let text = "goto L\nx := 1\nL:\nfor { break M; continue L }\n{ M: }\ngoto M\nbreak\n\
                switch { case true: fallthrough }\nL:\ncontinue";
    check_body(
        text,
        expect![[r#"
        a.go:2:6: goto L jumps over declaration of x at a.go:3:3
        a.go:5:13: break label not defined: M
        a.go:7:6: goto M jumps into block starting at a.go:6:1
        a.go:8:1: break is not in a loop, switch, or select
        a.go:9:21: cannot fallthrough final case in switch
        a.go:10:1: label L already defined at a.go:4:1
        a.go:11:1: continue is not in a loop
    "#]],
    );
}

#[test]
fn errors_follow_line_directives() {
    check(
        "package p\n//line x.y:10\nvar\n/*line z.go:3:7*/x\n",
        expect![[r#"
            z.go:3:8: syntax error: unexpected newline, expected type
        "#]],
    );
    check(
        "package p\n//line x.y:a\n//line x.y:0\n//line x.y:1:0\n",
        expect![[r#"
        a.go:2:12: invalid line number: a
        a.go:3:12: invalid line number: 0
        a.go:4:14: invalid column number: 0
    "#]],
    );
}
