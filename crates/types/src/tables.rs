//! Tables: initializers of package-level variables that are made of literals and constants
//! only. In packages that are checked as far as they are used (the standard library's, with
//! all of Unicode in them) their elements are checked when somebody asks for their facts;
//! the variable's type can be told from the head of the literal.

use crate::checker::{Checker, Env};
use crate::object::{ObjId, ObjKind};
use crate::program::Program;
use goxide_base::Symbol;
use goxide_syntax::ast::{ArrayLen, Decl, Expr, ExprKind, UnaryOp};

impl Program {
    /// Whether a variable's initializer is a table that has not been checked yet.
    /// Initialising the variable has no other effect then, and needs no other variable.
    pub fn is_unchecked_table(&self, var: ObjId) -> bool {
        let pkg = self.obj(var).pkg;
        pkg.is_some_and(|pkg| self.pkg(pkg).unchecked_tables.contains(&var))
    }

    /// Checks a variable's initializer, if it is such a table. Errors are added to the
    /// package's.
    pub fn check_table(&mut self, var: ObjId) {
        let Some(pkg) = self.obj(var).pkg else { return };
        if !self.packages[pkg].unchecked_tables.remove(&var) {
            return;
        }
        let package = self.pkg(pkg);
        let Some(at) = package.var_decls.get(&var).and_then(|decl| decl.init) else {
            return;
        };
        let scope = package.file_scopes[at.file as usize];
        let version = package.file_versions[at.file as usize];
        let files = package.files.clone();
        let Decl::Var(group) = &files[at.file as usize].decls[at.decl as usize] else {
            return;
        };
        let init = &group.specs[at.spec as usize].values[at.value as usize];
        let mut c = Checker::new(self, pkg, &files);
        c.env = Env {
            decl: Some(var),
            scope,
            version,
            ..Env::default()
        };
        c.set_version(version);
        let mut x = c.expr(None, init);
        c.init_var(var, &mut x, "variable declaration");
        c.process_delayed(0);
        c.record_untyped();
        let errors = std::mem::take(&mut c.errors);
        self.packages[pkg].errors.extend(errors);
    }
}

impl<'a> Checker<'_, 'a> {
    /// Gives a variable the type of its initializer and puts the check of that off, if it is
    /// a table in a package that is checked as far as it is used.
    pub(crate) fn put_off_table(&mut self, var: ObjId, init: &'a Expr) -> bool {
        let package = self.p.pkg(self.pkg);
        let alone = |var| (package.var_decls.get(&var)).is_some_and(|decl| decl.lhs.len() == 1);
        if !package.lazy_bodies || !alone(var) || !self.is_table(init) {
            return false;
        }
        let (literal, is_pointer) = match &init.kind {
            ExprKind::Unary(u) => (&u.x, true),
            _ => (init, false),
        };
        let ExprKind::CompositeLit(literal) = &literal.kind else {
            return false;
        };
        let Some(ty) = &literal.ty else { return false };
        let counted = counted_elem(ty);
        let is_keyed = |e: &Expr| matches!(e.kind, ExprKind::KeyValue(_));
        if counted.is_some() && literal.elems.iter().any(is_keyed) {
            return false; // which index is the last?
        }
        if self.p.obj(var).ty.is_none() {
            let mut ty = self.typ(counted.unwrap_or(ty));
            if !self.p.is_valid(ty) {
                return false;
            }
            if counted.is_some() {
                ty = self.p.array_of(literal.elems.len() as i64, ty);
            }
            if is_pointer {
                ty = self.p.pointer_to(ty);
            }
            self.p.objects[var].ty = Some(ty);
        }
        self.p.packages[self.pkg].unchecked_tables.insert(var);
        true
    }

    /// Whether an expression is a literal, a constant's name, or a composite literal of such.
    fn is_table(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::BasicLit(literal) => !literal.bad,
            ExprKind::Ident(name) => self.is_constant(*name),
            ExprKind::CompositeLit(c) => {
                let is_plain = |ty| is_plain_type(ty) || counted_elem(ty).is_some();
                c.ty.as_ref().is_none_or(is_plain) && c.elems.iter().all(|e| self.is_elem(e))
            }
            ExprKind::Unary(u) => match u.op {
                UnaryOp::Addr => {
                    matches!(u.x.kind, ExprKind::CompositeLit(_)) && self.is_table(&u.x)
                }
                UnaryOp::Plus | UnaryOp::Neg | UnaryOp::Xor | UnaryOp::Not => {
                    matches!(u.x.kind, ExprKind::BasicLit(_)) && self.is_table(&u.x)
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn is_elem(&self, e: &Expr) -> bool {
        let ExprKind::KeyValue(kv) = &e.kind else {
            return self.is_table(e);
        };
        let key = match kv.key.kind {
            // A field's name, which may be no name here, or a constant.
            ExprKind::Ident(name) => self.lookup(name).is_none() || self.is_constant(name),
            _ => self.is_table(&kv.key),
        };
        key && self.is_table(&kv.value)
    }

    fn is_constant(&self, name: Symbol) -> bool {
        let object = self.lookup(name);
        object.is_some_and(|o| matches!(self.p.obj(o).kind, ObjKind::Const { .. } | ObjKind::Nil))
    }
}

/// The element type in an array type of a literal that leaves the length out.
fn counted_elem(e: &Expr) -> Option<&Expr> {
    match &e.kind {
        ExprKind::ArrayType(a) if matches!(a.len, ArrayLen::Dots(_)) => {
            Some(&a.elem).filter(|elem| is_plain_type(elem))
        }
        _ => None,
    }
}

/// Whether a type's syntax says all: a name, or made of names, without the length left out.
fn is_plain_type(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Ident(_) => true,
        ExprKind::Selector(s) => matches!(s.x.kind, ExprKind::Ident(_)),
        ExprKind::Star(base) => is_plain_type(base),
        ExprKind::SliceType(elem) => is_plain_type(elem),
        ExprKind::ArrayType(a) => matches!(a.len, ArrayLen::Expr(_)) && is_plain_type(&a.elem),
        ExprKind::MapType(m) => is_plain_type(&m.key) && is_plain_type(&m.value),
        _ => false,
    }
}
