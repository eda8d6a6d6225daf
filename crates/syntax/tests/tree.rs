//! Trees in Go's own form, expressions in messages, and what is attached to files and
//! declarations.

mod common;

use common::valid;
use expect_test::{Expect, expect};
use goxide_syntax::ast::*;
use goxide_syntax::{dump, expr_string};

#[test]
fn a_file_prints_as_go_prints_it() {
    let (source, file) = valid("package p\n\nimport \"os\"\n\nfunc f() { defer g(1, \"x\") }\n");
    expect![[r#"
        a.go:
             0  *ast.File {
             1  .  Package: a.go:1:1
             2  .  Name: *ast.Ident {
             3  .  .  NamePos: a.go:1:9
             4  .  .  Name: "p"
             5  .  }
             6  .  Decls: []ast.Decl (len = 2) {
             7  .  .  0: *ast.GenDecl {
             8  .  .  .  TokPos: a.go:3:1
             9  .  .  .  Tok: import
            10  .  .  .  Lparen: -
            11  .  .  .  Specs: []ast.Spec (len = 1) {
            12  .  .  .  .  0: *ast.ImportSpec {
            13  .  .  .  .  .  Path: *ast.BasicLit {
            14  .  .  .  .  .  .  ValuePos: a.go:3:8
            15  .  .  .  .  .  .  ValueEnd: a.go:3:12
            16  .  .  .  .  .  .  Kind: STRING
            17  .  .  .  .  .  .  Value: "\"os\""
            18  .  .  .  .  .  }
            19  .  .  .  .  .  EndPos: -
            20  .  .  .  .  }
            21  .  .  .  }
            22  .  .  .  Rparen: -
            23  .  .  }
            24  .  .  1: *ast.FuncDecl {
            25  .  .  .  Name: *ast.Ident {
            26  .  .  .  .  NamePos: a.go:5:6
            27  .  .  .  .  Name: "f"
            28  .  .  .  }
            29  .  .  .  Type: *ast.FuncType {
            30  .  .  .  .  Func: a.go:5:1
            31  .  .  .  .  Params: *ast.FieldList {
            32  .  .  .  .  .  Opening: a.go:5:7
            33  .  .  .  .  .  Closing: a.go:5:8
            34  .  .  .  .  }
            35  .  .  .  }
            36  .  .  .  Body: *ast.BlockStmt {
            37  .  .  .  .  Lbrace: a.go:5:10
            38  .  .  .  .  List: []ast.Stmt (len = 1) {
            39  .  .  .  .  .  0: *ast.DeferStmt {
            40  .  .  .  .  .  .  Defer: a.go:5:12
            41  .  .  .  .  .  .  Call: *ast.CallExpr {
            42  .  .  .  .  .  .  .  Fun: *ast.Ident {
            43  .  .  .  .  .  .  .  .  NamePos: a.go:5:18
            44  .  .  .  .  .  .  .  .  Name: "g"
            45  .  .  .  .  .  .  .  }
            46  .  .  .  .  .  .  .  Lparen: a.go:5:19
            47  .  .  .  .  .  .  .  Args: []ast.Expr (len = 2) {
            48  .  .  .  .  .  .  .  .  0: *ast.BasicLit {
            49  .  .  .  .  .  .  .  .  .  ValuePos: a.go:5:20
            50  .  .  .  .  .  .  .  .  .  ValueEnd: a.go:5:21
            51  .  .  .  .  .  .  .  .  .  Kind: INT
            52  .  .  .  .  .  .  .  .  .  Value: "1"
            53  .  .  .  .  .  .  .  .  }
            54  .  .  .  .  .  .  .  .  1: *ast.BasicLit {
            55  .  .  .  .  .  .  .  .  .  ValuePos: a.go:5:23
            56  .  .  .  .  .  .  .  .  .  ValueEnd: a.go:5:26
            57  .  .  .  .  .  .  .  .  .  Kind: STRING
            58  .  .  .  .  .  .  .  .  .  Value: "\"x\""
            59  .  .  .  .  .  .  .  .  }
            60  .  .  .  .  .  .  .  }
            61  .  .  .  .  .  .  .  Ellipsis: -
            62  .  .  .  .  .  .  .  Rparen: a.go:5:26
            63  .  .  .  .  .  .  }
            64  .  .  .  .  .  }
            65  .  .  .  .  }
            66  .  .  .  .  Rbrace: a.go:5:28
            67  .  .  .  }
            68  .  .  }
            69  .  }
            70  .  FileStart: a.go:1:1
            71  .  FileEnd: a.go:5:30
            72  .  Imports: []*ast.ImportSpec (len = 1) {
            73  .  .  0: *(obj @ 12)
            74  .  }
            75  .  GoVersion: ""
            76  }
    "#]]
    .assert_eq(&format!("a.go:\n{}", dump::to_text(&file, &source)));
}

#[test]
fn a_file_as_json() {
    let (source, file) = valid("package p\nvar x = -1\n");
    expect![[r#"
        {"file":"a.go","ast":{"node":"File","Package":"1:1","Name":{"node":"Ident","NamePos":"1:9","Name":"p"},"Decls":[{"node":"GenDecl","TokPos":"2:1","Tok":"var","Lparen":null,"Specs":[{"node":"ValueSpec","Names":[{"node":"Ident","NamePos":"2:5","Name":"x"}],"Values":[{"node":"UnaryExpr","OpPos":"2:9","Op":"-","X":{"node":"BasicLit","ValuePos":"2:10","ValueEnd":"2:11","Kind":"INT","Value":"1"}}]}],"Rparen":null}],"FileStart":"1:1","FileEnd":"3:1","GoVersion":""}}
    "#]]
    .assert_eq(&dump::to_json(&file, &source));
}

/// The expression `x`, as it is shown in messages.
fn shown(x: &str) -> String {
    let (_, file) = valid(&format!("package p; var _ = {x}"));
    let Decl::Var(group) = &file.decls[0] else {
        panic!("not a variable")
    };
    expr_string(&group.specs[0].values[0])
}

#[test]
fn expressions_are_shown_on_one_line() {
    for x in [
        "f(x, y...)",
        "a[i].b.(T)",
        "s[1:2:3]",
        "s[:]",
        "*p & ^q",
        "<-ch",
        "(a + b) * c",
        "G[int, string]",
        "[]int{}",
        "[...]string{…}",
        "map[string]chan<- int{}",
        "func(a, b int, rest ...string) (x, y error) {…}",
        "interface{m(int) string; ~int | E}(nil)",
        "struct{a, b int \"tag\"; *T}{}",
        "chan (<-chan int)(nil)",
    ] {
        assert_eq!(
            shown(&x.replace("{…}", "{ 0: }").replace(
                "{ 0: }",
                match x {
                    _ if x.starts_with("func") => "{ return }",
                    _ => "{\"\"}",
                }
            )),
            x
        );
    }
}

/// The type declaration `type x`, as its parameters and its type.
fn type_params(x: &str) -> String {
    let (_, file) = valid(&format!("package p; type {x}"));
    let Decl::Type(group) = &file.decls[0] else {
        panic!("not a type")
    };
    let spec = &group.specs[0];
    let params = spec.type_params.iter().flat_map(|l| &l.fields).map(|f| {
        let names: Vec<_> = f.names.iter().map(|n| n.name.as_str()).collect();
        format!("{} {}", names.join(", "), expr_string(&f.ty))
    });
    let params: Vec<_> = params.collect();
    format!("<{}> {}", params.join("; "), expr_string(&spec.ty))
}

#[test]
fn brackets_after_a_type_name_hold_parameters_or_a_length() {
    assert_eq!(type_params("T[P any] int"), "<P any> int");
    assert_eq!(type_params("T[P] int"), "<> [P]int");
    assert_eq!(type_params("T[P *C] int"), "<> [P * C]int");
    assert_eq!(type_params("T[P *C,] int"), "<P *C> int");
    assert_eq!(type_params("T[P *C, Q any] int"), "<P *C; Q any> int");
    assert_eq!(type_params("T[P *struct{}] int"), "<P *struct{}> int");
    assert_eq!(type_params("T[P (C)] int"), "<> [P(C)]int");
    assert_eq!(type_params("T[P *C|Q] int"), "<> [P * C | Q]int");
    assert_eq!(type_params("T[P *C|~Q] int"), "<P *C | ~Q> int");
    assert_eq!(type_params("T[P []E, E any] P"), "<P []E; E any> P");
    assert_eq!(type_params("T[P, Q any] struct{}"), "<P, Q any> struct{}");
    assert_eq!(type_params("T[N * 2] int"), "<> [N * 2]int");
    assert_eq!(type_params("T[] int"), "<> []int");
}

#[test]
fn constants_know_what_they_repeat() {
    let (_, file) = valid("package p; const (\na = iota\nb\nc int = 2\nd; e)");
    let Decl::Const(group) = &file.decls[0] else {
        panic!("not constants")
    };
    let found: Vec<_> = group.specs.iter().map(|s| (s.iota, s.source)).collect();
    assert_eq!(
        found,
        [
            (0, Some(0)),
            (1, Some(0)),
            (2, Some(2)),
            (3, Some(2)),
            (4, Some(2))
        ]
    );
}

fn check_directives(text: &str, expected: Expect) {
    let (source, file) = valid(text);
    let mut out = String::new();
    let mut show = |owner: &str, list: &[Directive]| {
        for d in list {
            let line = source.line_col(d.pos.0 - source.base.0).0;
            out += &format!("{owner}: line {line}: {} [{}]\n", d.verb(), d.args());
        }
    };
    show("file", &file.directives);
    for decl in &file.decls {
        match decl {
            Decl::Func(f) => show(f.name.name.as_str(), &f.directives),
            Decl::Var(g) => {
                g.specs
                    .iter()
                    .for_each(|s| show(s.names[0].name.as_str(), &s.directives));
            }
            Decl::Type(g) => g
                .specs
                .iter()
                .for_each(|s| show(s.name.name.as_str(), &s.directives)),
            _ => {}
        }
    }
    show("stray", &file.stray_directives);
    expected.assert_eq(&out);
}

#[test]
fn directives_belong_to_the_next_declaration() {
    check_directives(
        "//go:build linux && go1.21\n\npackage p\n\n//go:linkname f runtime.f\n//go:noinline\n\
         func f() {\n\t//go:nosplit\n\tg()\n}\n\nvar (\n\t//go:embed a b\n\tx string\n\ty int\n)\n\n\
         //go:notinheap\ntype T int\n\n//go:noinline\nvar (\n)\n",
        expect![[r#"
            file: line 1: go:build [linux && go1.21]
            f: line 5: go:linkname [f runtime.f]
            f: line 6: go:noinline []
            x: line 13: go:embed [a b]
            T: line 18: go:notinheap []
            stray: line 8: go:nosplit []
            stray: line 21: go:noinline []
        "#]],
    );
    let (_, file) = valid("//go:build linux && go1.21\n\npackage p\n");
    assert_eq!(file.go_minor, Some(21));
    assert_eq!(file.build_line.map(|d| d.args()), Some("linux && go1.21"));
}

#[test]
fn comments_document_what_follows_at_once() {
    let text = "// Package p.\npackage p\n\n// Far.\n\n// F is.\n// More.\nfunc F() {}\n\n\
                var x int // x\nfunc G() {}\n\n// Far.\n\nfunc H() {}\n";
    let (source, file) = valid(text);
    let shown = |doc: Option<Comment>| {
        doc.map(|d| {
            text[(d.pos.0 - source.base.0) as usize..(d.end.0 - source.base.0) as usize].to_owned()
        })
    };
    assert_eq!(shown(file.doc).as_deref(), Some("// Package p."));
    let docs: Vec<_> = file
        .decls
        .iter()
        .filter_map(|d| match d {
            Decl::Func(f) => Some(shown(f.doc)),
            _ => None,
        })
        .collect();
    assert_eq!(docs, [Some("// F is.\n// More.".into()), None, None]);
    assert_eq!(file.comments.len(), 6);
}

#[test]
fn extents_cover_the_source() {
    let text = "package p; var _ = a.b(c[1:2], func() int { return 1 })(x...).(*T)";
    let (source, file) = valid(text);
    let Decl::Var(group) = &file.decls[0] else {
        panic!("not a variable")
    };
    let x = &group.specs[0].values[0];
    let range = (x.start().0 - source.base.0) as usize..(x.end().0 - source.base.0) as usize;
    assert_eq!(
        &text[range],
        "a.b(c[1:2], func() int { return 1 })(x...).(*T)"
    );
}
