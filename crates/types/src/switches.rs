//! Switches over values and types.

use crate::checker::Checker;
use crate::constant::Value;
use crate::object::{ObjId, ObjKind};
use crate::operand::Operand;
use crate::package::TypeError;
use crate::types::*;
use goxide_base::{FxHashMap, Pos};
use goxide_syntax::ast::*;

/// Constants of the cases seen so far, with types and positions.
type SeenValues = FxHashMap<String, Vec<(TypeId, Pos)>>;

impl<'a> Checker<'_, 'a> {
    /// Checks a switch over values; its scope is open, its first statement checked.
    pub fn switch_stmt(&mut self, s: &'a SwitchStmt) {
        let mut x = match &s.tag {
            Some(tag) => self.switch_tag(tag),
            None => {
                let pos = s.clauses.first().map_or(s.rbrace, |c| c.pos);
                self.made_up_const(Value::Bool(true), TypeId::BOOL, pos)
            }
        };
        self.multiple_defaults(defaults(&s.clauses));
        let mut seen = SeenValues::default();
        for clause in &s.clauses {
            for e in clause.exprs.iter().flatten() {
                self.case_value(&mut x, e, &mut seen);
            }
            self.open_scope(clause.id);
            self.stmts(&clause.body);
            self.close_scope();
        }
    }

    fn switch_tag(&mut self, tag: &'a Expr) -> Operand<'a> {
        let mut x = self.expr(None, tag);
        self.assignment(&mut x, None, "switch expression");
        if x.ok() && !self.p.comparable(x.ty) && !self.p.has_nil(x.ty) {
            let (shown, ty) = (self.show(&x), self.ts(x.ty));
            let msg = format!("cannot switch on {shown} ({ty} is not comparable)");
            self.err(x.pos(), "InvalidExprSwitch", msg);
            x.invalidate();
        }
        x
    }

    fn case_value(&mut self, x: &mut Operand<'a>, e: &'a Expr, seen: &mut SeenValues) {
        let mut v = self.expr(None, e);
        if !x.ok() || !v.ok() {
            return;
        }
        self.convert_untyped(&mut v, x.ty);
        if !v.ok() {
            return;
        }
        let mut result = v.clone();
        let mut tag = x.clone();
        self.comparison(&mut result, &mut tag, BinaryOp::Eq, true);
        if !result.ok() {
            return;
        }
        let Some(value @ (Value::Int(_) | Value::Float(_) | Value::String(_))) = v.val() else {
            return;
        };
        let key = crate::literals::duplicate_key(value);
        let same = seen.entry(key).or_default();
        let pos = v.pos();
        let own = v.expr.map_or(pos, |e| e.pos);
        let ty = v.ty;
        let before = same
            .iter()
            .find(|(t, _)| self.p.identical(*t, ty))
            .map(|s| s.1);
        let Some(before) = before else {
            same.push((ty, own));
            return;
        };
        let msg = format!("duplicate case {} in expression switch", self.show(&v));
        self.duplicate_case(pos, msg, before);
    }

    fn duplicate_case(&mut self, pos: Pos, msg: String, before: Pos) {
        let related = vec![(before, "previous case".to_string())];
        self.report(TypeError {
            pos,
            msg,
            related,
            code: "DuplicateCase",
            soft: false,
        });
    }

    /// Checks a switch over types; its scope is open, its first statement checked.
    pub fn type_switch_stmt(&mut self, s: &'a TypeSwitchStmt) {
        let mut bind = s.bind;
        if let Some(b) = bind
            && b.is_blank()
        {
            self.soft_err(b.pos, "NoNewVar", "no new variable on left side of :=");
            bind = None;
        }
        let x = self.type_switch_operand(&s.guard);
        self.multiple_defaults(defaults(&s.clauses));
        let mut vars: Vec<ObjId> = Vec::new();
        let mut seen: Vec<(Option<TypeId>, Pos)> = Vec::new();
        for clause in &s.clauses {
            let exprs = clause.exprs.as_deref().unwrap_or(&[]);
            let ty = self.case_types(x.as_ref(), exprs, &mut seen);
            self.open_scope(clause.id);
            if let Some(b) = bind {
                let obj = self.new_local(b, Some(ty));
                self.declare(self.env.scope, None, obj);
                self.info().implicits.insert(clause.id, obj);
                vars.push(obj);
            }
            self.stmts(&clause.body);
            self.close_scope();
        }
        if let Some(b) = bind {
            let used = vars
                .iter()
                .any(|&v| self.p.obj(v).var().is_some_and(|v| v.used));
            for v in vars {
                // Said once for all clauses.
                self.mark_used(v);
            }
            if !used {
                let msg = format!("{} declared and not used", b.name);
                self.soft_err(b.pos, "UnusedVar", msg);
            }
        }
    }

    /// The operand of `x.(type)`; `None` if it is wrong.
    fn type_switch_operand(&mut self, guard: &'a Expr) -> Option<Operand<'a>> {
        let ExprKind::TypeAssert(assert) = &guard.unparen().kind else {
            return None;
        };
        let x = self.expr(None, &assert.x);
        if !x.ok() {
            return None;
        }
        let msg = if self.p.is_type_param(x.ty) {
            format!(
                "cannot use type switch on type parameter value {}",
                self.show(&x)
            )
        } else if self.p.is_interface(x.ty) {
            return Some(x);
        } else {
            format!("{} is not an interface", self.show(&x))
        };
        self.err(x.pos(), "InvalidTypeSwitch", msg);
        None
    }

    /// Checks the types of a clause; gives the type of the clause's variable.
    fn case_types(
        &mut self,
        x: Option<&Operand<'a>>,
        exprs: &'a [Expr],
        seen: &mut Vec<(Option<TypeId>, Pos)>,
    ) -> TypeId {
        let mut last = None;
        for e in exprs {
            let ty = if self.is_nil_expr(e) {
                self.expr(None, e);
                None
            } else {
                let ty = self.var_type(e);
                last = Some(ty);
                if !self.p.is_valid(ty) {
                    continue;
                }
                Some(ty)
            };
            last = ty;
            let same = |c: &mut Self, t: Option<TypeId>| match (t, ty) {
                (Some(a), Some(b)) => c.p.identical(a, b),
                (a, b) => a == b,
            };
            let before = seen.iter().find(|s| same(self, s.0)).map(|s| s.1);
            if let Some(before) = before {
                let shown = ty.map_or("nil".to_string(), |t| self.ts(t));
                let msg = format!("duplicate case {shown} in type switch");
                self.duplicate_case(e.start(), msg, before);
                continue;
            }
            seen.push((ty, e.start()));
            if let (Some(x), Some(ty)) = (x, ty) {
                self.type_assert_possible(e, x, ty, true);
            }
        }
        match last {
            Some(ty) if exprs.len() == 1 => ty,
            _ => x.map_or(TypeId::INVALID, |x| x.ty),
        }
    }

    fn is_nil_expr(&self, e: &Expr) -> bool {
        let obj = e.unparen().as_ident().and_then(|i| self.lookup(i.name));
        obj.is_some_and(|o| matches!(self.p.obj(o).kind, ObjKind::Nil))
    }
}

fn defaults(clauses: &[CaseClause]) -> Vec<Pos> {
    clauses
        .iter()
        .filter(|c| c.exprs.is_none())
        .map(|c| c.pos)
        .collect()
}
