//! Applies the overlay to syntax trees: takes those declarations out of the SDK's files
//! that ours replace or remove.
//!
//! A declaration goes by its name (`f`, `T`, `x`) or, for a method, by `T.m`. Constants
//! and variables that share a specification with others that stay become `_`, so that
//! `iota` and the order of initialisation stay as they were. The directives of what is
//! taken out, `//go:linkname` lines among them, go too, and imports that nothing uses any more become `_`.

use goxide_base::{FxHashSet, Pos, Symbol};
use goxide_syntax::ast::{Decl, Directive, Expr, ExprKind, File, FuncDecl, Ident, ImportSpec};
use goxide_syntax::visit::{Visitor, walk_expr, walk_file};

/// Patches a package: `theirs` are the SDK's files, `ours` the overlay's, `removed` what
/// the overlay removes by name. Returns names in `removed` that no file declares: the SDK
/// is not the one that the patch was written for.
pub fn patch(theirs: &mut [&mut File], ours: &[&File], removed: &[String]) -> Vec<String> {
    let mut names: FxHashSet<String> = removed.iter().cloned().collect();
    for file in ours {
        file.decls.iter().for_each(|d| declared(d, &mut names));
    }
    // Every file and package may have its own `init`s and `_`s.
    names.remove("init");
    names.remove("_");
    let mut found = FxHashSet::default();
    for file in theirs {
        let mut pass = Pass {
            names: &names,
            found: &mut found,
            changed: false,
            directives: FxHashSet::default(),
        };
        pass.file(file);
    }
    removed
        .iter()
        .filter(|name| !found.contains(*name))
        .cloned()
        .collect()
}

/// The name of a function, or `T.m` of a method.
fn func_name(f: &FuncDecl) -> String {
    let receiver = f
        .recv
        .as_ref()
        .and_then(|r| r.fields.first())
        .and_then(|r| base_name(&r.ty));
    match receiver {
        Some(base) => format!("{base}.{}", f.name.name),
        None => f.name.name.to_string(),
    }
}

/// `T` of `T`, `*T`, `T[P]`, `(*T[P])`.
fn base_name(ty: &Expr) -> Option<Symbol> {
    match &ty.kind {
        ExprKind::Ident(name) => Some(*name),
        ExprKind::Star(x) => base_name(x),
        ExprKind::Paren(paren) => base_name(&paren.x),
        ExprKind::Index(index) => base_name(&index.x),
        _ => None,
    }
}

fn declared(decl: &Decl, names: &mut FxHashSet<String>) {
    let mut add = |ident: &Ident| {
        names.insert(ident.name.to_string());
    };
    match decl {
        Decl::Import(_) => {}
        Decl::Const(group) => group.specs.iter().flat_map(|s| &s.names).for_each(add),
        Decl::Var(group) => group.specs.iter().flat_map(|s| &s.names).for_each(add),
        Decl::Type(group) => group.specs.iter().for_each(|s| add(&s.name)),
        Decl::Func(f) => {
            names.insert(func_name(f));
        }
    }
}

struct Pass<'a> {
    names: &'a FxHashSet<String>,
    found: &'a mut FxHashSet<String>,
    changed: bool,
    /// Where directives of what was taken out stand.
    directives: FxHashSet<Pos>,
}

impl Pass<'_> {
    fn file(&mut self, file: &mut File) {
        file.decls.retain_mut(|decl| self.keep(decl));
        if self.changed {
            let first_word = |d: &Directive| d.args().split_whitespace().next().map(str::to_string);
            let gone = |d: &Directive| {
                self.directives.contains(&d.pos)
                    || d.verb() == "go:linkname"
                        && first_word(d).is_some_and(|n| self.names.contains(&n))
            };
            file.all_directives.retain(|d| !gone(d));
            file.stray_directives.retain(|d| !gone(d));
            blank_unused_imports(file);
        }
    }

    fn takes(&mut self, name: &str) -> bool {
        let takes = self.names.contains(name);
        if takes {
            self.found.insert(name.to_string());
            self.changed = true;
        }
        takes
    }

    /// Whether a declaration stays; parts of it may be taken out.
    fn keep(&mut self, decl: &mut Decl) -> bool {
        match decl {
            Decl::Import(_) => true,
            Decl::Func(f) => {
                let takes = self.takes(&func_name(f));
                if takes {
                    // A linkname names what it is about, wherever it stands.
                    let own = f.directives.iter().filter(|d| d.verb() != "go:linkname");
                    self.directives.extend(own.map(|d| d.pos));
                }
                !takes
            }
            Decl::Type(group) => {
                group.specs.retain(|s| !self.takes(s.name.name.as_str()));
                !group.specs.is_empty()
            }
            Decl::Const(group) => {
                group
                    .specs
                    .iter_mut()
                    .for_each(|s| self.blank(&mut s.names));
                true
            }
            Decl::Var(group) => {
                for spec in &mut group.specs {
                    self.blank(&mut spec.names);
                }
                // Nothing reads these: neither are they initialised.
                group
                    .specs
                    .retain(|s| !(self.changed && s.names.iter().all(Ident::is_blank)));
                !group.specs.is_empty()
            }
        }
    }

    fn blank(&mut self, names: &mut [Ident]) {
        for ident in names {
            if self.takes(ident.name.as_str()) {
                ident.name = Symbol::BLANK;
            }
        }
    }
}

/// Names that are used as the first part of a qualified name (or in any other way).
#[derive(Default)]
struct Used(FxHashSet<Symbol>);

impl Visitor for Used {
    fn visit_expr(&mut self, expr: &Expr) {
        if let ExprKind::Ident(name) = &expr.kind {
            self.0.insert(*name);
        }
        walk_expr(self, expr);
    }
}

fn blank_unused_imports(file: &mut File) {
    let mut used = Used::default();
    walk_file(&mut used, file);
    for decl in &mut file.decls {
        let Decl::Import(group) = decl else { continue };
        for spec in &mut group.specs {
            let local = local_name(spec);
            if local.is_some_and(|name| !used.0.contains(&name)) {
                let (id, pos) = (spec.id, spec.pos);
                spec.name = Some(Ident {
                    id,
                    pos,
                    name: Symbol::BLANK,
                });
            }
        }
    }
}

/// The name that an import declares in its file, or `None` if it declares none of its own.
/// In the SDK, a package's name is its path's last part, a version suffix left out.
fn local_name(spec: &ImportSpec) -> Option<Symbol> {
    if let Some(name) = spec.name {
        return (!name.is_blank() && name.name.as_str() != ".").then_some(name.name);
    }
    let path = spec.path_value()?.as_str();
    let mut parts = path.rsplit('/');
    let last = parts.next()?;
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let last = if is_version {
        parts.next().unwrap_or(last)
    } else {
        last
    };
    Some(Symbol::intern(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use goxide_base::SourceMap;
    use goxide_syntax::ast::NodeId;
    use goxide_syntax::{ParseMode, parse_file};
    use std::path::Path;

    fn check(theirs: &str, ours: &str, removed: &str, want: Expect) {
        let map = SourceMap::new();
        let mut id = NodeId::default();
        let mut parse = |text: &str| {
            let source = map.add(Path::new("x.go"), "x.go", text.as_bytes());
            let parsed = parse_file(&source, id, ParseMode::default());
            assert_eq!(parsed.errors, []);
            id = parsed.next_id;
            parsed.file
        };
        let (mut theirs, ours) = (parse(theirs), parse(ours));
        let removed: Vec<String> = removed.split_whitespace().map(str::to_string).collect();
        let missing = patch(&mut [&mut theirs], &[&ours], &removed);
        let mut shown = String::new();
        for decl in &theirs.decls {
            shown += &match decl {
                Decl::Import(g) => g.specs.iter().map(import).collect(),
                Decl::Const(g) => format!("const {}\n", names(g.specs.iter().map(|s| &s.names))),
                Decl::Var(g) => format!("var {}\n", names(g.specs.iter().map(|s| &s.names))),
                Decl::Type(g) => g
                    .specs
                    .iter()
                    .map(|s| format!("type {}\n", s.name.name))
                    .collect(),
                Decl::Func(f) => format!("func {}\n", func_name(f)),
            };
        }
        for d in &theirs.all_directives {
            shown += &format!("{}\n", d.text);
        }
        if !missing.is_empty() {
            shown += &format!("missing {}\n", missing.join(" "));
        }
        want.assert_eq(&shown);
    }

    fn import(spec: &ImportSpec) -> String {
        let name = spec.name.map_or(String::new(), |n| format!("{} ", n.name));
        format!("import {name}{}\n", spec.path_value().expect("a path"))
    }

    fn names<'a>(specs: impl Iterator<Item = &'a Vec<Ident>>) -> String {
        let specs: Vec<String> = specs
            .map(|names| {
                names
                    .iter()
                    .map(|n| n.name.as_str())
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .collect();
        specs.join("; ")
    }

    #[test]
    fn declarations_are_replaced_by_name() {
        check(
            r#"package p
import ("a/used"; "b/gone"; m "c"; _ "d"; "math/rand/v2")
const (x = iota; y; z)
var u, v = used.F()
var w = gone.G()
type T struct{}
type G[P any] struct{}
func f() { rand.N(1) }
func g() { m.X() }
func (t *T) f() {}
func (*T) h() {}
func (g G[P]) f() {}
func init() {}
//go:linkname f other.f
//go:linkname g other.g

//go:noescape
func replaced()

//go:noinline
func stays() {}
"#,
            "package p\nconst y = 1\nvar u, w int\nfunc g()\nfunc replaced() {}\nfunc (T) f() {}\nfunc init() {}\n",
            "G.f Gone",
            expect![[r#"
                import a/used
                import _ b/gone
                import _ c
                import _ d
                import math/rand/v2
                const x; _; z
                var _,v
                type T
                type G
                func f
                func T.h
                func init
                func stays
                go:linkname f other.f
                go:noinline
                missing Gone
            "#]],
        );
    }
}
