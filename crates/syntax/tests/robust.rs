//! No input makes the parser panic, overflow the stack or give an inconsistent tree.

mod common;

use goxide_base::{Idx, SourceFile};
use goxide_syntax::ast::*;
use goxide_syntax::visit::{self, Visitor};
use goxide_syntax::{MAX_DEPTH, Parsed, dump, expr_string};

/// Fixtures: valid files that between them use every production.
const FIXTURES: [&str; 2] = [
    include_str!("fixtures/decls.go"),
    include_str!("fixtures/stmts.go"),
];

/// Checks that each node's id is its own and below `next_id`, and that positions are in the
/// file; prints every expression on the way.
struct Consistent<'a> {
    source: &'a SourceFile,
    seen: Vec<bool>,
}

impl Consistent<'_> {
    fn see(&mut self, id: NodeId, pos: goxide_base::Pos) {
        assert!(
            !std::mem::replace(&mut self.seen[id.index()], true),
            "two nodes are {id}"
        );
        let end = self.source.base.0 + self.source.text.len() as u32;
        assert!(
            (self.source.base.0..=end).contains(&pos.0),
            "{id} is outside the file"
        );
    }
}

impl Visitor for Consistent<'_> {
    fn visit_expr(&mut self, x: &Expr) {
        if !matches!(x.kind, ExprKind::FuncType(_)) {
            self.see(x.id, x.pos);
        }
        expr_string(x);
        visit::walk_expr(self, x);
    }
    fn visit_stmt(&mut self, s: &Stmt) {
        self.see(s.id, s.pos);
        visit::walk_stmt(self, s);
    }
    fn visit_block(&mut self, b: &Block) {
        self.see(b.id, b.lbrace);
        visit::walk_block(self, b);
    }
    fn visit_func_type(&mut self, ty: &FuncType) {
        self.see(ty.id, ty.pos);
        visit::walk_func_type(self, ty);
    }
    fn visit_field(&mut self, f: &Field) {
        self.see(f.id, f.pos);
        visit::walk_field(self, f);
    }
    fn visit_ident(&mut self, n: &Ident) {
        self.see(n.id, n.pos);
    }
}

fn check_consistent(source: &SourceFile, parsed: &Parsed) {
    let seen = vec![false; parsed.next_id.index()];
    visit::walk_file(&mut Consistent { source, seen }, &parsed.file);
}

#[test]
fn fixtures_are_valid_and_consistent() {
    for text in FIXTURES {
        let (source, parsed) = common::parse(text);
        assert_eq!(common::errors(text), "");
        check_consistent(&source, &parsed);
        dump::to_text(&parsed.file, &source);
    }
}

/// A small generator of pseudo-random numbers (xorshift), the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// Pieces to throw in.
const PIECES: [&[u8]; 40] = [
    b"(",
    b")",
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b";",
    b":",
    b".",
    b"...",
    b":=",
    b"=",
    b"<-",
    b"*",
    b"~",
    b"|",
    b"++",
    b"+=",
    b"func ",
    b"type ",
    b"var ",
    b"if ",
    b"for ",
    b"range ",
    b"switch ",
    b"case ",
    b"select ",
    b"go ",
    b"chan ",
    b"struct{",
    b"interface{",
    b"0x",
    b"'",
    b"\"",
    b"`",
    b"/*",
    b"//line x:",
    b"\x00\xff",
    b"\xef\xbb\xbf",
];

fn mutated(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = text.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(text.len());
        match random.below(4) {
            0 => {
                let end = (at + 1 + random.below(8)).min(text.len());
                text.drain(at..end);
            }
            1 => text.truncate(at.max(1)),
            2 => {
                let other = random.below(text.len());
                text.swap(at, other);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                text.splice(at..at, piece.iter().copied());
            }
        }
        if text.is_empty() {
            break;
        }
    }
    text
}

#[test]
fn mutated_files_never_panic() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..4000 {
        let text = mutated(FIXTURES[round % FIXTURES.len()].as_bytes(), &mut random);
        let (source, parsed) = common::parse(&text);
        check_consistent(&source, &parsed);
        for error in &parsed.errors {
            source.shown(error.pos.0 - source.base.0);
        }
    }
}

#[test]
fn deep_nesting_is_an_error() {
    let in_expr =
        |before: &str, after: &str| (format!("package p; var _ = {before}"), after.into());
    let in_type = |before: &str| (format!("package p; type _ {before}"), String::new());
    let in_body = |before: &str| (format!("package p; func _() {{ {before}"), String::new());
    let cases: Vec<(String, String)> = vec![
        in_expr("(", ")"),
        in_expr("[]T{", "}"),
        in_expr("- ", ""),
        in_expr("*", ""),
        in_expr("<-", ""),
        in_expr("a[", "]"),
        in_expr("f(", ")"),
        in_expr("func() { _ = ", "}"),
        in_expr("1+(2*", ")"),
        in_expr("a+", ""),
        in_expr("a.", ""),
        in_type("[]"),
        in_type("map[int]"),
        in_type("chan "),
        in_type("func("),
        in_type("struct{ a "),
        in_type("interface{ m("),
        in_type("T["),
        in_type("(*"),
        in_body("{"),
        in_body("if x {"),
        in_body("if x {} else "),
        in_body("for {"),
        in_body("switch { case x: "),
        in_body("select { case <-c: "),
        in_body("L: "),
        in_body("go func() {"),
    ];
    let run = move || {
        for (before, after) in cases {
            let (head, unit) = split_head(&before);
            let n = 50_000;
            let text = format!("{head}{}x{}", unit.repeat(n), after.repeat(n));
            let errors = common::errors(&text);
            assert!(
                errors.contains("nested too deeply"),
                "{before}: {errors:.200}"
            );
        }
    };
    // What the documentation of MAX_DEPTH promises.
    let thread = std::thread::Builder::new().stack_size(4 << 20).spawn(run);
    thread.expect("a thread").join().expect("no overflow");
    const { assert!(MAX_DEPTH >= 1000) }
}

/// Splits `package p; var _ = (` before what is to be repeated.
fn split_head(text: &str) -> (&str, &str) {
    let start = ["var _ = ", "type _ ", "func _() { "]
        .iter()
        .find_map(|head| text.find(head).map(|i| i + head.len()));
    text.split_at(start.unwrap_or(0))
}

#[test]
fn long_chains_are_fine() {
    for chain in [
        "1 + ".repeat(9_000) + "1",
        "a".to_owned() + &".b()".repeat(900),
    ] {
        let (source, parsed) = common::parse(format!("package p\nvar _ = {chain}\n"));
        assert_eq!(parsed.errors, []);
        check_consistent(&source, &parsed);
    }
}
