//! `for … range x`.

use crate::checker::Checker;
use crate::object::ObjId;
use crate::operand::Operand;
use crate::stmt::value_operand;
use crate::types::*;
use goxide_syntax::ast::{Expr, RangeStmt, Stmt};
use goxide_syntax::expr_string;

/// Types of the iteration variables.
type KeyValue = (Option<TypeId>, Option<TypeId>);

impl<'a> Checker<'_, 'a> {
    /// Checks a range statement.
    pub fn range_stmt(&mut self, s: &'a Stmt, r: &'a RangeStmt) {
        let mut x = self.expr(None, &r.x);
        let (key, value) = if x.ok() {
            self.range_types(&x, r)
        } else {
            (None, None)
        };
        self.open_scope(s.id);
        let over_int = x.ok() && self.p.is_integer(x.ty);
        let pairs = [(r.key.as_ref(), key), (r.value.as_ref(), value)];
        if r.define {
            self.range_define(s, &mut x, pairs, over_int);
        } else if r.key.is_some() {
            for (lhs, ty) in pairs {
                if let (Some(lhs), Some(ty)) = (lhs, ty) {
                    self.range_assign(&mut x, lhs, ty, over_int);
                }
            }
        } else if over_int {
            // An untyped constant gets its type.
            self.assignment(&mut x, None, "range clause");
        }
        let body = &r.body;
        self.open_scope(body.id);
        self.stmts(&body.stmts);
        self.close_scope();
        self.close_scope();
    }

    /// Types for the variables; `None` where there is none or it is wrong.
    fn range_types(&mut self, x: &Operand<'a>, r: &'a RangeStmt) -> KeyValue {
        let (key, value) = match self.range_key_value(x.ty) {
            Ok(types) => types,
            Err(cause) => {
                let mut msg = format!("cannot range over {}", self.show(x));
                if !cause.is_empty() {
                    msg = format!("{msg}: {cause}");
                }
                self.soft_err(x.pos(), "InvalidRangeExpr", msg);
                return (None, None);
            }
        };
        let (at, what) = match (&r.key, &r.value, r.extra.first()) {
            (Some(k), ..) if key.is_none() => (k, "permits no iteration variables"),
            (_, Some(v), _) if value.is_none() => (v, "permits only one iteration variable"),
            (_, _, Some(extra)) => {
                let msg = "range clause permits at most two iteration variables";
                self.soft_err(extra.start(), "InvalidIterVar", msg);
                return (key, value);
            }
            _ => return (key, value),
        };
        let msg = format!("range over {} {what}", self.show(x));
        self.soft_err(at.start(), "InvalidIterVar", msg);
        (key, value)
    }

    fn range_define(
        &mut self,
        s: &'a Stmt,
        x: &mut Operand<'a>,
        pairs: [(Option<&'a Expr>, Option<TypeId>); 2],
        over_int: bool,
    ) {
        let mut vars: Vec<ObjId> = Vec::new();
        for (lhs, ty) in pairs {
            let Some(lhs) = lhs else { continue };
            let Some(ident) = lhs.as_ident() else {
                let msg = format!("cannot declare {}", expr_string(lhs));
                self.err(lhs.start(), "InvalidSyntaxTree", msg);
                continue;
            };
            let obj = self.new_local(ident, None);
            self.info().set_def(ident.id, obj);
            if !ident.is_blank() {
                vars.push(obj);
            }
            match ty.filter(|&t| self.p.is_valid(t)) {
                None => {
                    self.p.objects[obj].ty = Some(TypeId::INVALID);
                    self.mark_used(obj);
                }
                Some(_) if over_int => self.init_var(obj, x, "range clause"),
                Some(ty) => {
                    let mut y = value_operand(lhs, ty);
                    self.init_var(obj, &mut y, "assignment");
                }
            }
        }
        if vars.is_empty() {
            self.err(s.pos, "NoNewVar", "no new variables on left side of :=");
        }
        for obj in vars {
            self.declare(self.env.scope, None, obj);
        }
    }

    fn range_assign(&mut self, x: &mut Operand<'a>, lhs: &'a Expr, ty: TypeId, over_int: bool) {
        if !self.p.is_valid(ty) {
            return;
        }
        if !over_int {
            self.assign_var(lhs, None, Some(value_operand(lhs, ty)), "assignment");
            return;
        }
        self.assign_var(lhs, None, Some(x.clone()), "range clause");
        let target = self.info().ty(lhs.id);
        if let Some(ty) = target
            && self.p.is_valid(ty)
            && !self.p.is_integer(ty)
        {
            let msg = format!("cannot use iteration variable of type {}", self.ts(ty));
            self.soft_err(lhs.start(), "InvalidRangeExpr", msg);
        }
    }

    /// The types that ranging over a value of type `ty` gives, or why that is impossible.
    pub fn range_key_value(&mut self, ty: TypeId) -> Result<KeyValue, String> {
        let core = self
            .p
            .common_under_if(ty, |p, t, u| match (t, u.map(|u| p.ty(u))) {
                (Some(t), Some(Type::Chan(crate::types::ChanDir::Send, _))) => Err(format!(
                    "receive from send-only channel {}",
                    p.type_string(t)
                )),
                _ => Ok(()),
            })?;
        let core = match self.p.ty(core).clone() {
            Type::Pointer(base) if matches!(self.p.under_ty(base), Type::Array(..)) => {
                self.p.under(base)
            }
            _ => core,
        };
        match self.p.ty(core).clone() {
            Type::Basic(b) if b.is_string() => Ok((Some(TypeId::INT), Some(TypeId::RUNE))),
            Type::Basic(b) if b.is_integer() => match self.env.version.allows(22) {
                true => Ok((Some(ty), None)),
                false => Err("requires go1.22 or later".into()),
            },
            Type::Array(_, elem) | Type::Slice(elem) => Ok((Some(TypeId::INT), Some(elem))),
            Type::Map(key, elem) => Ok((Some(key), Some(elem))),
            Type::Chan(_, elem) => Ok((Some(elem), None)),
            Type::Signature(sig) => self.range_func(&sig),
            _ => Err(String::new()),
        }
    }

    fn range_func(&mut self, sig: &Signature) -> Result<KeyValue, String> {
        const FORM: &str = "func must be func(yield func(...) bool)";
        if !self.env.version.allows(23) {
            return Err("requires go1.23 or later".into());
        }
        let [param] = *sig.params else {
            return Err(format!("{FORM}: wrong argument count"));
        };
        if !sig.results.is_empty() {
            return Err(format!("{FORM}: unexpected results"));
        }
        let yield_type = match self.p.common_under(self.p.obj_type(param)) {
            Ok(u) => u,
            Err(cause) => return Err(format!("{FORM}: in yield type, {cause}")),
        };
        let Type::Signature(y) = self.p.ty(yield_type).clone() else {
            return Err(format!("{FORM}: argument is not func"));
        };
        if y.params.len() > 2 {
            return Err(format!("{FORM}: yield func has too many parameters"));
        }
        let result = match *y.results {
            [r] => Some(self.p.obj_type(r)),
            _ => None,
        };
        match result {
            Some(r) if self.p.identical(r, TypeId::BOOL) => {}
            Some(r) if self.p.is_boolean(r) => {
                return Err(format!(
                    "{FORM}: yield func returns user-defined boolean, not bool"
                ));
            }
            _ => return Err(format!("{FORM}: yield func does not return bool")),
        }
        if y.variadic {
            let shown = self.ts(yield_type);
            return Err(format!("yield func of type {shown} cannot be variadic"));
        }
        let types = self.p.types_of(&y.params);
        Ok((types.first().copied(), types.get(1).copied()))
    }
}
