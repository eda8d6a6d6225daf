//! Selectors: qualified identifiers, fields, methods, method expressions.

use crate::checker::Checker;
use crate::info::{Selection, SelectionKind};
use crate::lookup::Lookup;
use crate::object::{ObjId, ObjKind, VarKind, is_exported};
use crate::operand::{OpMode, Operand};
use crate::package::PkgId;
use crate::types::*;
use goxide_base::{Pos, Symbol};
use goxide_syntax::ast::{Expr, Ident};
use std::sync::Arc;

impl<'a> Checker<'_, 'a> {
    /// Checks a selector expression `e` = `x.sel`; with `want_type` it is expected to be a
    /// type.
    pub fn selector(
        &mut self,
        e: &'a Expr,
        x: &'a Expr,
        sel: Ident,
        want_type: bool,
    ) -> Operand<'a> {
        if let Some(ident) = x.as_ident()
            && let Some(obj) = self.lookup(ident.name)
            && let ObjKind::PkgName { imported, .. } = self.p.obj(obj).kind
        {
            self.info().set_use(ident.id, obj);
            self.mark_used(obj);
            return self.qualified(e, imported, sel);
        }
        let base = self.expr_or_type(x, false);
        if !base.ok() {
            return Operand::invalid(e);
        }
        if let OpMode::Builtin(_) = base.mode {
            let msg = format!("invalid use of {} in selector expression", self.show(&base));
            self.err(e.pos, "UncalledBuiltin", msg);
            return Operand::invalid(e);
        }
        // Whatever an instance of an unfinished generic type has, a type it is not.
        let instance = self
            .p
            .as_named(base.ty)
            .is_some_and(|n| !n.targs.is_empty());
        let settled = want_type && instance;
        if !settled && !self.is_complete(base.ty) {
            return Operand::invalid(e);
        }
        if want_type {
            self.err(sel.pos, "NotAType", format!("{e} is not a type"));
            return Operand::invalid(e);
        }
        if let &Type::Pointer(elem) = self.p.under_ty(base.ty)
            && !self.is_complete(elem)
        {
            return Operand::invalid(e);
        }
        let addressable = matches!(base.mode, OpMode::Variable);
        let found = self
            .p
            .lookup_field_or_method(base.ty, addressable, Some(self.pkg), sel.name);
        let Lookup::Found {
            obj,
            path,
            indirect,
        } = found
        else {
            self.report_missing(&base, x, sel, found);
            return Operand::invalid(e);
        };
        if let Some(func) = self.p.obj(obj).func() {
            if let Some(origin) = func.origin {
                self.obj_decl(origin);
            }
            self.obj_decl(obj);
        }
        if matches!(base.mode, OpMode::TypeExpr) {
            return self.method_expr(e, &base, sel, obj, path, indirect);
        }
        let kind = if self.p.obj(obj).func().is_some() {
            SelectionKind::MethodValue
        } else {
            SelectionKind::Field
        };
        self.info().set_use(sel.id, obj);
        let selection = Selection {
            kind,
            recv: base.ty,
            obj,
            path: path.into(),
            indirect,
        };
        self.info().selections.insert(e.id, selection);
        let ty = self.p.obj_type(obj);
        if kind == SelectionKind::Field {
            let variable = addressable || indirect;
            let mode = if variable {
                OpMode::Variable
            } else {
                OpMode::Value
            };
            return Operand::new(mode, ty, e);
        }
        let Type::Signature(sig) = self.p.ty(ty).clone() else {
            return Operand::invalid(e);
        };
        // A method value has no receiver.
        let sig = Signature {
            recv: None,
            ..(*sig).clone()
        };
        let ty = self.p.add_type(Type::Signature(Arc::new(sig)));
        self.add_dep(obj);
        Operand::new(OpMode::Value, ty, e)
    }

    fn qualified(&mut self, e: &'a Expr, pkg: PkgId, sel: Ident) -> Operand<'a> {
        let scope = self.p.pkg(pkg).scope;
        let Some(obj) = self.p.scopes[scope].lookup(sel.name) else {
            if self.p.pkg(pkg).fake {
                // Nothing is known about it.
            } else if !sel.is_blank() {
                let alt = self.p.scopes[scope].names.iter().find(|(n, _)| {
                    is_exported(*n) && n.as_str().to_lowercase() == sel.name.as_str().to_lowercase()
                });
                let hint = alt.map_or(String::new(), |(n, _)| format!(" (but have {n})"));
                self.err(
                    sel.pos,
                    "UndeclaredImportedName",
                    format!("undefined: {e}{hint}"),
                );
            } else {
                self.err(
                    sel.pos,
                    "InvalidBlank",
                    "cannot refer to blank field or method",
                );
            }
            return Operand::invalid(e);
        };
        if !self.p.obj(obj).exported() {
            let package = self.p.pkg(pkg);
            // What gc says depends on whether its export data has the name; of the standard
            // library it mostly has not.
            let msg = match package.lazy_bodies {
                true => format!("undefined: {e}"),
                false => format!("name {} not exported by package {}", sel.name, package.name),
            };
            self.err(sel.pos, "UnexportedName", msg);
        }
        self.info().set_use(sel.id, obj);
        let ty = self.p.obj_type(obj);
        let mode = match &self.p.obj(obj).kind {
            ObjKind::Const { value } => OpMode::Constant(value.clone()),
            ObjKind::TypeName => OpMode::TypeExpr,
            ObjKind::Var(_) => OpMode::Variable,
            ObjKind::Func(_) => OpMode::Value,
            ObjKind::Builtin(b) => OpMode::Builtin(*b),
            _ => OpMode::Invalid,
        };
        let builtin = matches!(mode, OpMode::Builtin(_));
        if !builtin && !self.p.is_valid(ty) {
            return Operand::invalid(e);
        }
        Operand::new(mode, ty, e)
    }

    fn method_expr(
        &mut self,
        e: &'a Expr,
        base: &Operand<'a>,
        sel: Ident,
        obj: ObjId,
        path: Vec<u32>,
        indirect: bool,
    ) -> Operand<'a> {
        if self.p.obj(obj).func().is_none() {
            let (ts, name) = (self.ts(base.ty), sel.name);
            let msg = format!("operand for field selector {name} must be value of type {ts}");
            self.err(base.pos(), "MissingFieldOrMethod", msg);
            return Operand::invalid(e);
        }
        self.info().set_use(sel.id, obj);
        let selection = Selection {
            kind: SelectionKind::MethodExpr,
            recv: base.ty,
            obj,
            path: path.into(),
            indirect,
        };
        self.info().selections.insert(e.id, selection);
        let ty = self.p.obj_type(obj);
        let Type::Signature(sig) = self.p.ty(ty).clone() else {
            return Operand::invalid(e);
        };
        // The receiver is the first parameter. If the others have names, it needs one too.
        let named = sig
            .params
            .first()
            .is_some_and(|&v| !self.p.obj(v).name.is_empty());
        let name = match sig.recv.map(|r| self.p.obj(r).name) {
            _ if !named => Symbol::EMPTY,
            Some(name) if !name.is_empty() => name,
            _ => Symbol::BLANK,
        };
        let recv = self.p.new_var(
            VarKind::Param,
            name,
            Pos::NONE,
            Some(self.pkg),
            Some(base.ty),
        );
        let params: List<ObjId> = std::iter::once(recv)
            .chain(sig.params.iter().copied())
            .collect();
        let sig = Signature {
            tparams: sig.tparams.clone(),
            params,
            results: sig.results.clone(),
            variadic: sig.variadic,
            ..Signature::default()
        };
        let ty = self.p.add_type(Type::Signature(Arc::new(sig)));
        self.add_dep(obj);
        Operand::new(OpMode::Value, ty, e)
    }

    fn report_missing(&mut self, base: &Operand<'a>, x: &'a Expr, sel: Ident, found: Lookup) {
        let under = self.p.under(base.ty);
        if !self.p.is_valid(under) {
            return;
        }
        let (name, ts) = (sel.name, self.ts(base.ty));
        match found {
            Lookup::Ambiguous(_) => {
                self.err(
                    sel.pos,
                    "AmbiguousSelector",
                    format!("ambiguous selector {x}.{name}"),
                );
            }
            Lookup::NeedsPointer if matches!(base.mode, OpMode::TypeExpr) => {
                let msg = format!(
                    "invalid method expression {ts}.{name} (needs pointer receiver (*{ts}).{name})"
                );
                self.err(sel.pos, "InvalidMethodExpr", msg);
            }
            Lookup::NeedsPointer => {
                let msg = format!("cannot call pointer method {name} on {ts}");
                self.err(sel.pos, "InvalidMethodExpr", msg);
            }
            _ => {
                let why = match self.p.interface_pointer_error(base.ty) {
                    Some(why) => why,
                    None => {
                        let addressable = matches!(base.mode, OpMode::Variable);
                        let pkg = Some(self.pkg);
                        let alt = self.p.lookup_fold(base.ty, addressable, pkg, name, true);
                        self.lookup_error(base.ty, name, alt.obj(), false)
                    }
                };
                let msg = format!("{x}.{name} undefined ({why})");
                self.err(sel.pos, "MissingFieldOrMethod", msg);
            }
        }
    }
}
