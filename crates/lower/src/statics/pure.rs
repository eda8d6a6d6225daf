//! Which initialisers have no effect but to give their variable a value.

use crate::program::Lower;
use goxide_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use goxide_types::{Builtin, Mode, ObjKind, PkgId, SelectionKind, Type};

impl Lower<'_> {
    /// Whether evaluating an initialiser can do nothing else, panics and calls included, so
    /// that it may be left out.
    pub fn is_pure(&self, pkg: PkgId, e: &Expr) -> bool {
        let info = &self.prog.pkg(pkg).info;
        if info.value(e.id).is_some()
            || matches!(info.mode(e.id), Some(Mode::TypeExpr | Mode::NilValue))
        {
            return true;
        }
        match &e.kind {
            ExprKind::Paren(p) => self.is_pure(pkg, &p.x),
            ExprKind::Ident(_) | ExprKind::BasicLit(_) | ExprKind::FuncLit(_) => true,
            ExprKind::CompositeLit(c) => c.elems.iter().all(|elem| match &elem.kind {
                ExprKind::KeyValue(kv) => {
                    // A struct's field name is no expression, and has no facts.
                    let key = info.mode(kv.key.id).is_none() || self.is_pure(pkg, &kv.key);
                    key && self.is_pure(pkg, &kv.value)
                }
                _ => self.is_pure(pkg, elem),
            }),
            // A nested literal of a pointer type's element has no `&`.
            ExprKind::Unary(u) => match u.op {
                UnaryOp::Addr => {
                    matches!(
                        u.x.unparen().kind,
                        ExprKind::CompositeLit(_) | ExprKind::Ident(_) | ExprKind::Selector(_)
                    ) && self.is_pure(pkg, &u.x)
                }
                UnaryOp::Recv => false,
                _ => self.is_pure(pkg, &u.x),
            },
            ExprKind::Binary(b) => {
                let harmless = !matches!(
                    b.op,
                    BinaryOp::Quo | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr
                ) && !b.op.is_comparison();
                harmless && self.is_pure(pkg, &b.x) && self.is_pure(pkg, &b.y)
            }
            ExprKind::Selector(s) => match info.selections.get(&e.id) {
                Some(sel) if sel.kind == SelectionKind::Field => {
                    !sel.indirect && self.is_pure(pkg, &s.x)
                }
                Some(sel) => sel.kind == SelectionKind::MethodExpr,
                None => true,
            },
            ExprKind::Index(i) => match info.mode(i.x.id) {
                // An instantiated function.
                Some(Mode::Value) => i
                    .indices
                    .iter()
                    .all(|t| info.mode(t.id) == Some(Mode::TypeExpr)),
                _ => false,
            },
            ExprKind::Call(c) => {
                // `make` panics for bad lengths.
                let sized = |a: &Expr| self.is_make(pkg, &c.fun) && info.value(a.id).is_none();
                self.is_pure_call(pkg, &c.fun)
                    && c.args.iter().all(|a| self.is_pure(pkg, a))
                    && !c.args.iter().skip(1).any(sized)
            }
            _ => false,
        }
    }

    fn is_make(&self, pkg: PkgId, fun: &Expr) -> bool {
        let info = &self.prog.pkg(pkg).info;
        let obj = info.use_of(fun.unparen().id);
        obj.is_some_and(|o| matches!(self.prog.obj(o).kind, ObjKind::Builtin(Builtin::Make)))
    }

    fn is_pure_call(&self, pkg: PkgId, fun: &Expr) -> bool {
        let info = &self.prog.pkg(pkg).info;
        let fun = fun.unparen();
        if info.mode(fun.id) == Some(Mode::TypeExpr) {
            // A conversion of a slice to an array can panic.
            return info.ty(fun.id).is_some_and(|t| {
                !matches!(self.under_now(t), Some(Type::Array(..) | Type::Pointer(_)))
            });
        }
        let obj = match &fun.kind {
            ExprKind::Ident(_) => info.use_of(fun.id),
            ExprKind::Selector(s) if !info.selections.contains_key(&fun.id) => {
                info.use_of(s.sel.id)
            }
            _ => None,
        };
        let Some(o) = obj.map(|o| self.prog.obj(o)) else {
            return false;
        };
        match o.kind {
            ObjKind::Builtin(b) => matches!(
                b,
                Builtin::New
                    | Builtin::Make
                    | Builtin::Len
                    | Builtin::Cap
                    | Builtin::Complex
                    | Builtin::Real
                    | Builtin::Imag
            ),
            ObjKind::Func(_) => {
                let path = o.pkg.map(|p| self.prog.pkg(p).path.as_str());
                path == Some("errors") && o.name.as_str() == "New"
            }
            _ => false,
        }
    }

    /// The underlying type if it is known already.
    fn under_now(&self, ty: goxide_types::TypeId) -> Option<&Type> {
        let ty = self.prog.unalias(ty);
        match self.prog.ty(ty) {
            Type::Named(n) => n.underlying.map(|u| self.prog.ty(u)),
            other => Some(other),
        }
    }
}
