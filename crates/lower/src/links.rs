//! `//go:linkname`: which declaration a symbol name means.
//!
//! A directive binds a local name to a symbol. With a body (or an initial value) the
//! declaration *is* that symbol (push); without one it *refers* to it (pull). A body-less
//! function without any directive refers to the symbol of its own name, which some other
//! package may push.

use crate::names::package_path;
use goxide_base::{FxHashMap, Pos, Symbol};
use goxide_syntax::ast::File;
use goxide_types::{ObjId, ObjKind, PkgId, Program, Type};
use std::sync::Arc;

/// All bindings of a program.
#[derive(Default)]
pub struct Links {
    /// Symbol that a local declaration is bound to.
    bound: FxHashMap<ObjId, Symbol>,
    /// Declarations with body or value that are bound to a symbol.
    pushed: FxHashMap<Symbol, ObjId>,
    /// Packages by path as it stands in symbols.
    packages: FxHashMap<String, PkgId>,
}

/// Whether a function has a body.
pub fn has_body(p: &Program, func: ObjId) -> bool {
    let o = p.obj(func);
    let (Some(f), Some(pkg)) = (o.func(), o.pkg) else {
        return false;
    };
    let decl = f.decl.and_then(|d| p.pkg(pkg).func_decl(d));
    decl.is_some_and(|d| d.body.is_some())
}

impl Links {
    /// Reads the directives of all packages. `has_value` says whether a variable has an
    /// initial value.
    pub fn new(p: &Program, has_value: impl Fn(&Program, ObjId) -> bool) -> Links {
        let mut links = Links::default();
        for (pkg, package) in p.packages.iter_enumerated() {
            links.packages.insert(package_path(p, pkg), pkg);
            for file in &package.files {
                links.read_file(p, pkg, file, &has_value);
            }
        }
        links
    }

    fn read_file(
        &mut self,
        p: &Program,
        pkg: PkgId,
        file: &Arc<File>,
        has_value: &impl Fn(&Program, ObjId) -> bool,
    ) {
        for d in &file.all_directives {
            if !matches!(d.verb(), "go:linkname" | "go:linknamestd") {
                continue;
            }
            let mut words = d.args().split_whitespace();
            let (Some(local), target) = (words.next(), words.next()) else {
                continue;
            };
            let Some(obj) = p.lookup_package(pkg, local) else {
                continue;
            };
            let own = format!("{}.{local}", package_path(p, pkg));
            let target = Symbol::intern(target.unwrap_or(&own));
            let defines = match p.obj(obj).kind {
                ObjKind::Func(_) => has_body(p, obj),
                ObjKind::Var(_) => has_value(p, obj),
                _ => continue,
            };
            if target.as_str() != own {
                self.bound.insert(obj, target);
            }
            if defines {
                self.pushed.insert(target, obj);
            }
        }
    }

    /// The symbol a declaration is bound to, if a directive says so.
    pub fn bound(&self, obj: ObjId) -> Option<Symbol> {
        self.bound.get(&obj).copied()
    }

    /// The package with this path in symbols.
    pub fn package(&self, path: &str) -> Option<PkgId> {
        self.packages.get(path).copied()
    }

    /// The declaration that defines a symbol: one pushed to it, or the one of that name.
    pub fn definition(&self, p: &Program, symbol: Symbol) -> Option<ObjId> {
        if let Some(&obj) = self.pushed.get(&symbol) {
            return Some(obj);
        }
        let text = symbol.as_str();
        let slash = text.rfind('/').map_or(0, |i| i + 1);
        let dot = slash + text[slash..].find('.')?;
        let pkg = self.package(&text[..dot])?;
        let name = &text[dot + 1..];
        match name
            .strip_prefix("(*")
            .and_then(|n| n.split_once(")."))
            .or(name.split_once('.'))
        {
            Some((ty, method)) => method_named(p, pkg, ty, method),
            None => p.lookup_package(pkg, name),
        }
    }
}

fn method_named(p: &Program, pkg: PkgId, ty: &str, method: &str) -> Option<ObjId> {
    let ty = p.obj_type(p.lookup_package(pkg, ty)?);
    let Type::Named(n) = p.ty(ty) else {
        return None;
    };
    let mut methods = n.methods.iter().copied().flatten();
    methods.find(|&m| p.obj(m).name.as_str() == method)
}

/// Where a symbol is missing that a directive names.
pub fn lacking(symbol: Symbol) -> &'static str {
    match symbol.as_str().strip_prefix("runtime.") {
        Some(_) => "not in goxide's runtime",
        None => "defined nowhere in Go: assembly is not supported",
    }
}

/// Something wrong with the program that only lowering sees.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Where.
    pub pos: Pos,
    /// What.
    pub message: String,
}
