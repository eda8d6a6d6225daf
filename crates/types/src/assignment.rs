//! Assignments and initializations.

use crate::checker::Checker;
use crate::constant::Value;
use crate::object::{ObjId, ObjKind};
use crate::operand::{OpMode, Operand};
use crate::types::*;
use crate::untyped::Misfit;
use goxide_base::Pos;
use goxide_syntax::ast::{Expr, ExprKind, Ident};

/// Single values.
impl<'a> Checker<'_, 'a> {
    /// Converts `x` for an assignment to type `ty` (`None`: its default type), or reports
    /// why it can't be and invalidates it. `context` as in "argument", "assignment".
    pub fn assignment(&mut self, x: &mut Operand<'a>, ty: Option<TypeId>, context: &str) {
        self.single_value(x);
        match x.mode {
            OpMode::Invalid => return,
            OpMode::Constant(_)
            | OpMode::Variable
            | OpMode::MapIndex
            | OpMode::Value
            | OpMode::Nil
            | OpMode::CommaOk => {}
            _ => {
                // Types, built-ins: whoever evaluated x should have refused them.
                let shown = self.show(x);
                let msg = format!("cannot assign {shown} to variable in {context}");
                self.err(x.pos(), "AssignmentMismatch", msg);
                x.invalidate();
                return;
            }
        }
        if self.p.is_untyped(x.ty) && !self.settle_untyped(x, ty, context) {
            return;
        }
        // A generic function must be instantiated by now.
        let target = self.target(ty, |_| context.into());
        self.non_generic(target.as_ref(), x);
        if !x.ok() {
            return;
        }
        let Some(ty) = ty else { return };
        if let Err((cause, code)) = self.assignable_to(x, ty) {
            let (shown, ts) = (self.show(x), self.ts(ty));
            let mut msg = format!("cannot use {shown} as {ts} value in {context}");
            if !cause.is_empty() {
                msg += &format!(": {cause}");
            }
            self.err(x.pos(), code, msg);
            x.invalidate();
        }
    }

    /// Gives untyped `x` its final type for an assignment; `false` if that was an error.
    fn settle_untyped(&mut self, x: &mut Operand<'a>, ty: Option<TypeId>, context: &str) -> bool {
        let mut target = ty.unwrap_or(x.ty);
        // To an interface, or with no type given, goes a value of the default type.
        let default = match ty {
            None => true,
            Some(ty) => self.p.is_non_param_interface(ty),
        };
        if default {
            if ty.is_none() && x.ty == TypeId::UNTYPED_NIL {
                let msg = format!("use of untyped nil in {context}");
                self.err(x.pos(), "UntypedNilUse", msg);
                x.invalidate();
                return false;
            }
            if x.is_nil() {
                // nil itself takes the interface's type.
                let interface = ty.unwrap_or(TypeId::INVALID);
                self.set_implicit(x, interface, None);
                return true;
            }
            target = self.p.default_type(x.ty);
        }
        match self.implicit_type(x, target) {
            Ok((ty, value)) => {
                self.set_implicit(x, ty, value);
                true
            }
            Err(misfit) => {
                let (shown, ts) = (self.show(x), self.ts(target));
                let mut msg = format!("cannot use {shown} as {ts} value in {context}");
                match misfit {
                    Misfit::Truncated => msg += " (truncated)",
                    Misfit::Overflow => msg += " (overflows)",
                    Misfit::Kind => {}
                }
                self.err(x.pos(), "IncompatibleAssign", msg);
                x.invalidate();
                false
            }
        }
    }

    /// Reports an operand of several values where one is wanted.
    pub fn single_value(&mut self, x: &mut Operand<'a>) {
        if let OpMode::Value = x.mode
            && let Type::Tuple(vars) = self.p.ty(x.ty)
            && vars.len() != 1
        {
            let e = x.expr.map_or(String::new(), Expr::to_string);
            let ts = self.ts(x.ty);
            let msg = format!("multiple-value {e} (value of type {ts}) in single-value context");
            self.err(x.pos(), "TooManyValues", msg);
            x.invalidate();
        }
    }

    /// Sets type and value of a constant from its initializer. An invalid `x` is fine.
    pub fn init_const(&mut self, obj: ObjId, x: &mut Operand<'a>) {
        let known = self.p.obj(obj).ty;
        if !x.ok() || !self.p.is_valid(x.ty) || known == Some(TypeId::INVALID) {
            self.p.objects[obj].ty = Some(known.unwrap_or(TypeId::INVALID));
            return;
        }
        if !matches!(x.mode, OpMode::Constant(_)) {
            let shown = self.show(x);
            self.err(
                x.pos(),
                "InvalidConstInit",
                format!("{shown} is not constant"),
            );
            self.p.objects[obj].ty = Some(known.unwrap_or(TypeId::INVALID));
            return;
        }
        let ty = *self.p.objects[obj].ty.get_or_insert(x.ty);
        self.assignment(x, Some(ty), "constant declaration");
        if let (OpMode::Constant(v), ObjKind::Const { value }) =
            (&x.mode, &mut self.p.objects[obj].kind)
        {
            *value = v.clone();
        }
    }

    /// Sets the type of a variable, if it has none, from its initializer. An invalid `x` is
    /// fine.
    pub fn init_var(&mut self, obj: ObjId, x: &mut Operand<'a>, context: &str) {
        let known = self.p.obj(obj).ty;
        if !x.ok() || !self.p.is_valid(x.ty) || known == Some(TypeId::INVALID) {
            self.p.objects[obj].ty.get_or_insert(TypeId::INVALID);
            x.invalidate();
            return;
        }
        let ty = match known {
            Some(ty) => ty,
            None => {
                let mut ty = x.ty;
                if self.p.is_untyped(ty) {
                    if ty == TypeId::UNTYPED_NIL {
                        let msg = format!("use of untyped nil in {context}");
                        self.err(x.pos(), "UntypedNilUse", msg);
                        self.p.objects[obj].ty = Some(TypeId::INVALID);
                        x.invalidate();
                        return;
                    }
                    ty = self.p.default_type(ty);
                }
                self.p.objects[obj].ty = Some(ty);
                ty
            }
        };
        self.assignment(x, Some(ty), context);
    }

    /// Checks the left side of an assignment; gives its type, or `None` if it is wrong (or
    /// blank with nothing known).
    fn lhs_var(&mut self, lhs: &'a Expr) -> Lhs {
        let ident = lhs.unparen().as_ident();
        if let Some(ident) = ident
            && ident.is_blank()
        {
            // No object behind it; recorded as if it defined nothing.
            return Lhs::Blank;
        }
        // A variable that is only assigned to is not thereby used.
        let saved = ident.and_then(|ident| self.unused_local(ident));
        let x = self.expr(None, lhs);
        self.forget_use(saved);
        if !x.ok() {
            return Lhs::Wrong;
        }
        match x.mode {
            OpMode::Variable | OpMode::MapIndex => Lhs::Type(x.ty),
            _ => {
                self.not_assignable(&x);
                Lhs::Wrong
            }
        }
    }

    /// What [`Self::unused_local`] gave is not used by what was checked since.
    fn forget_use(&mut self, saved: Option<ObjId>) {
        if let Some(var) = saved
            && let ObjKind::Var(v) = &mut self.p.objects[var].kind
        {
            v.used = false;
        }
    }

    fn not_assignable(&mut self, x: &Operand<'a>) {
        let e = x.expr.map_or(String::new(), Expr::to_string);
        if let Some(Expr {
            kind: ExprKind::Selector(sel),
            ..
        }) = x.expr
            && self.info().mode(sel.x.id) == Some(crate::Mode::MapIndex)
        {
            let msg = format!("cannot assign to struct field {e} in map");
            self.err(x.pos(), "UnaddressableFieldAssign", msg);
            return;
        }
        let msg = format!("cannot assign to {e} (neither addressable nor a map index expression)");
        self.err(x.pos(), "UnassignableOperand", msg);
    }

    /// The local variable that an identifier means, if it was not used so far.
    fn unused_local(&self, ident: Ident) -> Option<ObjId> {
        let (_, obj) = self.lookup_scope(ident.name)?;
        let o = self.p.obj(obj);
        let var = o.var()?;
        (!var.used && o.pkg == Some(self.pkg)).then_some(obj)
    }

    /// Assigns expression `rhs` (or, if `None`, operand `x`) to `lhs`.
    pub fn assign_var(
        &mut self,
        lhs: &'a Expr,
        rhs: Option<&'a Expr>,
        x: Option<Operand<'a>>,
        context: &str,
    ) {
        let target = match self.lhs_var(lhs) {
            Lhs::Type(ty) => Some(ty),
            Lhs::Blank => None,
            Lhs::Wrong => {
                match (x, rhs) {
                    (Some(_), _) => {}
                    (None, Some(rhs)) => self.use_exprs([rhs]),
                    (None, None) => {}
                }
                return;
            }
        };
        let mut x = match (x, rhs) {
            (Some(x), _) => x,
            (None, Some(rhs)) => {
                let hint = self.target(target, |_| goxide_syntax::expr_string(lhs));
                self.expr(hint.as_ref(), rhs)
            }
            (None, None) => return,
        };
        let context = if target.is_none() && context == "assignment" {
            "assignment to _ identifier"
        } else {
            context
        };
        self.assignment(&mut x, target, context);
    }
}

/// What the left side of an assignment is.
enum Lhs {
    Type(TypeId),
    Blank,
    Wrong,
}

/// Lists of values.
impl<'a> Checker<'_, 'a> {
    /// Initializes variables from several expressions or one with several values.
    /// `return_pos` is set in a return statement.
    pub fn init_vars(&mut self, lhs: &[ObjId], rhs: &'a [Expr], return_pos: Option<Pos>) {
        let context = match lhs.len() {
            _ if return_pos.is_some() => "return statement",
            0 | 1 => "assignment",
            _ => "multiple assignment",
        };
        let is_call = matches!(rhs, [e] if matches!(e.unparen().kind, ExprKind::Call(_)));
        if lhs.len() == rhs.len() && !is_call {
            for (&obj, e) in lhs.iter().zip(rhs) {
                let known = self.p.obj(obj).ty;
                let target = self.target(known, |c| match c.p.obj(obj).name.as_str() {
                    "" if return_pos.is_some() => "result variable".into(),
                    name => name.into(),
                });
                let mut x = self.expr(target.as_ref(), e);
                self.init_var(obj, &mut x, context);
            }
            return;
        }
        if rhs.len() != 1 {
            // Mismatch: check the expressions all the same, but complain once.
            self.forget_vars(lhs);
            let mut ok = true;
            for e in rhs {
                ok &= self.expr_or_multi(e).is_some();
            }
            if ok {
                self.assign_error(lhs.len(), rhs, rhs.len(), return_pos);
            }
            return;
        }
        let want_ok = lhs.len() == 2 && return_pos.is_none();
        let Some((values, comma_ok)) = self.multi_expr(&rhs[0], want_ok) else {
            self.forget_vars(lhs);
            return;
        };
        if values.len() == lhs.len() {
            for (&obj, mut x) in lhs.iter().zip(values) {
                self.init_var(obj, &mut x, context);
            }
            if comma_ok {
                let second = self.p.obj_type(lhs[1]);
                let types = [self.p.obj_type(lhs[0]), second];
                let first = self.info().ty(rhs[0].id).unwrap_or(types[0]);
                self.record_comma_ok(&rhs[0], [first, types[1]]);
            }
            return;
        }
        self.forget_vars(lhs);
        self.assign_error(lhs.len(), rhs, values.len(), return_pos);
    }

    /// Marks variables whose initialization was wrong: no further errors about them.
    fn forget_vars(&mut self, lhs: &[ObjId]) {
        for &obj in lhs {
            self.mark_used(obj);
            self.p.objects[obj].ty.get_or_insert(TypeId::INVALID);
        }
    }

    /// Assigns expressions to expressions.
    pub fn assign_vars(&mut self, lhs: &'a [Expr], rhs: &'a [Expr]) {
        let context = match lhs.len() {
            0 | 1 => "assignment",
            _ => "multiple assignment",
        };
        let is_call = matches!(rhs, [e] if matches!(e.unparen().kind, ExprKind::Call(_)));
        if lhs.len() == rhs.len() && !is_call {
            for (l, r) in lhs.iter().zip(rhs) {
                self.assign_var(l, Some(r), None, context);
            }
            return;
        }
        if rhs.len() != 1 {
            let mut ok = self.use_lhs(lhs);
            for e in rhs {
                ok &= self.expr_or_multi(e).is_some();
            }
            if ok {
                self.assign_error(lhs.len(), rhs, rhs.len(), None);
            }
            return;
        }
        let Some((values, comma_ok)) = self.multi_expr(&rhs[0], lhs.len() == 2) else {
            self.use_lhs(lhs);
            return;
        };
        if values.len() == lhs.len() {
            let types: Vec<TypeId> = values.iter().map(|v| v.ty).collect();
            for (l, x) in lhs.iter().zip(values) {
                self.assign_var(l, None, Some(x), context);
            }
            if comma_ok {
                let first = self.info().ty(rhs[0].id).unwrap_or(types[0]);
                let second = match self.info().ty(lhs[1].id) {
                    Some(ty) if self.p.is_boolean(ty) => ty,
                    _ => TypeId::BOOL,
                };
                self.record_comma_ok(&rhs[0], [first, second]);
            }
            return;
        }
        self.use_lhs(lhs);
        self.assign_error(lhs.len(), rhs, values.len(), None);
    }

    /// Checks left sides of a wrong assignment; `false` if one of them is wrong by itself.
    /// Whether they could be assigned to is not asked.
    pub fn use_lhs(&mut self, lhs: &'a [Expr]) -> bool {
        let mut ok = true;
        for e in lhs {
            let ident = e.unparen().as_ident();
            if ident.is_some_and(|ident| ident.is_blank()) {
                continue;
            }
            let saved = ident.and_then(|ident| self.unused_local(ident));
            ok &= self.raw_expr(None, e, None, true).ok();
            self.forget_use(saved);
        }
        ok
    }

    /// Reports a wrong number of values.
    fn assign_error(&mut self, want: usize, rhs: &'a [Expr], got: usize, return_pos: Option<Pos>) {
        if return_pos.is_some() {
            self.return_error(return_pos.unwrap_or_default(), rhs, got, want);
            return;
        }
        let plural = |n: usize, what: &str| {
            if n == 1 {
                format!("{n} {what}")
            } else {
                format!("{n} {what}s")
            }
        };
        let (vars, vals) = (plural(want, "variable"), plural(got, "value"));
        let at = rhs[0].start();
        let msg = match &rhs[0].unparen().kind {
            ExprKind::Call(call) if rhs.len() == 1 => {
                format!(
                    "assignment mismatch: {vars} but {} returns {vals}",
                    call.fun
                )
            }
            _ => format!("assignment mismatch: {vars} but {vals}"),
        };
        self.err(at, "WrongAssignCount", msg);
    }

    /// Reports a return statement with a wrong number of results.
    fn return_error(&mut self, pos: Pos, rhs: &'a [Expr], got: usize, want: usize) {
        let Some(sig) = self.env.sig.clone() else {
            return;
        };
        let what = if got < want { "not enough" } else { "too many" };
        let last = if got < want {
            rhs.last()
        } else {
            rhs.get(want).or(rhs.last())
        };
        let at = last.map_or(pos, Expr::start);
        let have = self.types_of_exprs(rhs);
        let have = self.types_summary(&have, false, false);
        let wanted = self.p.types_of(&sig.results);
        let wanted = self.types_summary(&wanted, false, false);
        let msg = format!("{what} return values\n\thave {have}\n\twant {wanted}");
        self.err(at, "WrongResultCount", msg);
    }

    /// The types of checked expressions, those of several values spread.
    fn types_of_exprs(&mut self, list: &'a [Expr]) -> Vec<TypeId> {
        let mut types = Vec::new();
        for e in list {
            let untyped = self.untyped.get(&e.id).map(|u| u.ty);
            let ty = untyped.or_else(|| self.info().ty(e.id)).unwrap_or_default();
            match self.p.ty(ty).clone() {
                Type::Tuple(vars) => types.extend(self.p.types_of(&vars).iter()),
                _ => types.push(ty),
            }
        }
        types
    }

    /// A list of types as "have" and "want" lines show it: untyped numbers only as such.
    /// The last may be `variadic` (`...T`), or be followed by dots.
    pub fn types_summary(&self, types: &[TypeId], variadic: bool, dots: bool) -> String {
        let mut out: Vec<String> = Vec::new();
        for (i, &ty) in types.iter().enumerate() {
            let last = i + 1 == types.len();
            out.push(match self.p.ty(ty) {
                _ if !self.p.is_valid(ty) => "unknown type".into(),
                _ if self.p.is_untyped_numeric(ty) => "number".into(),
                _ if self.p.is_untyped(ty) => self.ts(ty).replace("untyped ", ""),
                Type::Slice(elem) if variadic && last => format!("...{}", self.ts(*elem)),
                _ => self.ts(ty),
            });
            if dots && last {
                out[i].push_str("...");
            }
        }
        format!("({})", out.join(", "))
    }

    /// Checks an expression that may have any number of values.
    fn expr_or_multi(&mut self, e: &'a Expr) -> Option<usize> {
        self.multi_expr(e, false).map(|(values, _)| values.len())
    }

    /// Declares the new variables on the left of `:=` and initializes all of them.
    pub fn short_var_decl(&mut self, pos: Pos, lhs: &'a [Expr], rhs: &'a [Expr]) {
        let scope = self.env.scope;
        let mut vars = Vec::new();
        let mut new_vars = Vec::new();
        let mut seen = Vec::new();
        let mut wrong = false;
        for e in lhs {
            let Some(ident) = e.as_ident() else {
                self.use_lhs(std::slice::from_ref(e));
                let msg = format!("non-name {e} on left side of :=");
                self.err(e.start(), "BadDecl", msg);
                wrong = true;
                vars.push(self.dummy_var(e.start()));
                continue;
            };
            if !ident.is_blank() {
                if seen.contains(&ident.name) {
                    let msg = format!("{} repeated on left side of :=", ident.name);
                    self.err(ident.pos, "RepeatedDecl", msg);
                    wrong = true;
                    vars.push(self.dummy_var(ident.pos));
                    continue;
                }
                seen.push(ident.name);
            }
            match self.p.scopes[scope].lookup(ident.name) {
                Some(obj) if !ident.is_blank() => {
                    self.info().set_use(ident.id, obj);
                    if self.p.obj(obj).var().is_some() {
                        vars.push(obj);
                    } else {
                        let msg = format!("cannot assign to {e}");
                        self.err(ident.pos, "UnassignableOperand", msg);
                        wrong = true;
                        vars.push(self.dummy_var(ident.pos));
                    }
                }
                _ => {
                    let obj = self.new_local(ident, None);
                    if !ident.is_blank() {
                        new_vars.push((ident, obj));
                    } else {
                        self.info().set_def(ident.id, obj);
                    }
                    vars.push(obj);
                    if ident.is_blank() {
                        self.mark_used(obj);
                    }
                }
            }
        }
        // Errors in function literals on the right are found before the names are known.
        let top = self.delayed.len();
        self.init_vars(&vars, rhs, None);
        self.process_delayed(top);
        // Redeclared variables have their types recorded at their identifiers.
        for (e, &obj) in lhs.iter().zip(&vars) {
            let ty = self.p.obj_type(obj);
            if e.as_ident().is_some() {
                self.record_type(e, crate::Mode::Variable, ty, None);
            }
        }
        if !new_vars.is_empty() {
            for (ident, obj) in new_vars {
                self.declare(scope, Some(ident), obj);
            }
        } else if !wrong {
            self.soft_err(pos, "NoNewVar", "no new variables on left side of :=");
        }
    }

    fn dummy_var(&mut self, pos: Pos) -> ObjId {
        let ident = Ident {
            id: Default::default(),
            pos,
            name: goxide_base::Symbol::BLANK,
        };
        let obj = self.new_local(ident, None);
        self.mark_used(obj);
        obj
    }

    /// A constant operand without syntax.
    pub fn made_up_const(&self, value: Value, ty: TypeId, at: Pos) -> Operand<'a> {
        Operand {
            mode: OpMode::Constant(value),
            ty,
            expr: None,
            at,
            result: 0,
        }
    }
}
