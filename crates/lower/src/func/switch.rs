//! `switch` over values and over types.

use super::{FuncLower, Val};
use crate::mono::RType;
use goxide_base::Symbol;
use goxide_ir::{Block, BlockCall, Term, Value};
use goxide_syntax::ast::{CaseClause, Expr, ExprKind, SwitchStmt, TypeSwitchStmt};
use smallvec::smallvec;

/// From so many constant cases on an integer switch is one terminator.
const MIN_TABLE_CASES: usize = 4;

impl FuncLower<'_, '_> {
    /// `switch tag {…}`
    pub fn switch_stmt(&mut self, s: &SwitchStmt, label: Option<Symbol>) {
        if let Some(init) = &s.init {
            self.stmt(init);
        }
        let done = self.b.new_block();
        let bodies: Vec<Block> = s.clauses.iter().map(|_| self.b.new_block()).collect();
        let default = s.clauses.iter().position(|c| c.exprs.is_none());
        let default = default.map_or(done, |i| bodies[i]);
        // `switch x := f(); true {` is one without tag.
        let tag = s.tag.as_ref().filter(|tag| !self.is_constant_true(tag));
        match tag {
            Some(tag) => {
                let ty = self.type_of_single(tag);
                self.first_round_of(tag);
                let constant = |e: &Expr| self.info().value(e.id).is_some();
                let cases = s.clauses.iter().flat_map(|c| c.exprs.iter().flatten());
                let val = match cases.into_iter().all(constant) {
                    true => self.glance(tag, ty),
                    false => self.expr(tag),
                };
                let val = self.stable(val, ty);
                if !self.switch_table(s, ty, &val, &bodies, default) {
                    self.switch_compare(s, tag, ty, &val, &bodies);
                    self.b.jump(default);
                }
            }
            None => {
                for (c, &body) in s.clauses.iter().zip(&bodies) {
                    for e in c.exprs.iter().flatten() {
                        let next = self.b.new_block();
                        self.condition_case(e, body, next);
                        self.b.switch_to_sealed(next);
                    }
                }
                self.b.jump(default);
            }
        }
        self.clauses(&s.clauses, &bodies, done, label, |_, _| {});
    }

    fn is_constant_true(&self, e: &Expr) -> bool {
        self.info().value(e.id).and_then(|c| c.as_bool()) == Some(true)
    }

    /// A case of a switch without tag: usually a condition, but an interface that holds
    /// `true` is one too.
    fn condition_case(&mut self, e: &Expr, body: Block, next: Block) {
        let ty = self.type_of_single(e);
        if !self.l.is_interface(ty) {
            return self.cond(e, body, next);
        }
        let yes = Val::one(self.bool(true));
        let a = self.assign_convert(yes, RType::BOOL, ty);
        self.first_round_of(e);
        let b = self.expr(e);
        let hit = self.equal(ty, a, b);
        self.b.branch(hit, body, next);
    }

    fn clauses(
        &mut self,
        clauses: &[CaseClause],
        bodies: &[Block],
        done: Block,
        label: Option<Symbol>,
        mut enter: impl FnMut(&mut Self, usize),
    ) {
        let outer = self.fall_to.take();
        for (i, c) in clauses.iter().enumerate() {
            // An earlier clause's `fallthrough` comes from the block before: all edges to
            // this one are known.
            self.b.switch_to_sealed(bodies[i]);
            self.fall_to = bodies.get(i + 1).copied();
            enter(self, i);
            self.with_jump(label, done, None, |this| this.stmts(&c.body));
            self.b.jump(done);
        }
        self.fall_to = outer;
        self.end_block(done);
    }

    /// `fallthrough`
    pub fn fallthrough(&mut self) {
        if let Some(next) = self.fall_to {
            self.b.jump(next);
        }
    }

    /// One multi-way branch, if the tag is an integer and all cases are constants.
    fn switch_table(
        &mut self,
        s: &SwitchStmt,
        ty: RType,
        val: &Val,
        bodies: &[Block],
        default: Block,
    ) -> bool {
        if !self.basic(ty).is_some_and(|b| b.is_integer()) {
            return false;
        }
        let mut cases: Vec<(i64, Block)> = Vec::new();
        for (c, &body) in s.clauses.iter().zip(bodies) {
            for e in c.exprs.iter().flatten() {
                let Some(n) = self.info().value(e.id).and_then(|v| v.as_bits()) else {
                    return false;
                };
                let scalar = self.layout(ty).single().unwrap_or(goxide_ir::Ty::I64);
                let n = super::constant::truncate(n as i64, scalar);
                if cases.iter().any(|c| c.0 == n) {
                    continue;
                }
                cases.push((n, body));
            }
        }
        if cases.len() < MIN_TABLE_CASES {
            return false;
        }
        let v = self.scalar(val);
        let edge = |block| BlockCall {
            block,
            args: smallvec![],
        };
        let cases = cases.into_iter().map(|(n, b)| (n, edge(b))).collect();
        self.b.terminate(Term::Switch(v, cases, edge(default)));
        true
    }

    fn switch_compare(
        &mut self,
        s: &SwitchStmt,
        tag: &Expr,
        ty: RType,
        val: &Val,
        bodies: &[Block],
    ) {
        for (c, &body) in s.clauses.iter().zip(bodies) {
            for e in c.exprs.iter().flatten() {
                let next = self.b.new_block();
                let hit = self.case_test(tag, ty, val, e);
                self.b.branch(hit, body, next);
                self.b.switch_to_sealed(next);
            }
        }
    }

    fn case_test(&mut self, tag: &Expr, ty: RType, val: &Val, e: &Expr) -> Value {
        if self.is_nil(e) {
            return self.compare_nil(val.clone(), ty, true);
        }
        let case_ty = self.type_of_single(e);
        let common = if !self.l.is_interface(ty) && self.l.is_interface(case_ty) {
            case_ty
        } else {
            ty
        };
        let a = self.assign_convert(val.clone(), ty, common);
        self.first_round_of(e);
        let b = self.expr_as(e, common);
        self.at(e.pos);
        let _ = tag;
        self.equal(common, a, b)
    }

    // ---- types ----

    /// `switch x := y.(type) {…}`
    pub fn type_switch(&mut self, s: &TypeSwitchStmt, label: Option<Symbol>) {
        if let Some(init) = &s.init {
            self.stmt(init);
        }
        let ExprKind::TypeAssert(guard) = &s.guard.unparen().kind else {
            return self.unsupported(s.guard.pos, "guard of this type switch");
        };
        let iface_ty = self.type_of_single(&guard.x);
        self.first_round_of(&guard.x);
        let iface = self.expr(&guard.x);
        self.at(s.guard.pos);
        let typ = self.type_word(&iface, iface_ty);
        let done = self.b.new_block();
        let bodies: Vec<Block> = s.clauses.iter().map(|_| self.b.new_block()).collect();
        let default = s.clauses.iter().position(|c| c.exprs.is_none());
        let default = default.map_or(done, |i| bodies[i]);
        // The itab found for a clause of one interface type.
        let mut itabs: Vec<Option<Value>> = vec![None; s.clauses.len()];
        for (i, c) in s.clauses.iter().enumerate() {
            for e in c.exprs.iter().flatten() {
                self.at(e.pos);
                let next = self.b.new_block();
                let (hit, itab) = self.type_test(typ, e);
                itabs[i] = itab;
                self.b.branch(hit, bodies[i], next);
                self.b.switch_to_sealed(next);
            }
        }
        self.b.jump(default);
        let clauses = &s.clauses;
        self.clauses(clauses, &bodies, done, label, |this, i| {
            let c = &clauses[i];
            let Some(obj) = this.info().implicits.get(&c.id).copied() else {
                return;
            };
            let ty = this.obj_type(obj);
            let val = match c.exprs.as_deref() {
                Some([one]) if !this.is_nil(one) => {
                    this.switched_value(&iface, iface_ty, typ, ty, itabs[i])
                }
                _ => iface.clone(),
            };
            this.declare(obj, ty, Some(&val));
        });
    }

    /// Whether a dynamic type is the one (or has the interface) that a case lists.
    fn type_test(&mut self, typ: Value, e: &Expr) -> (Value, Option<Value>) {
        use goxide_ir::IntCc;
        let nil = self.nil();
        if self.is_nil(e) {
            return (self.b.icmp(IntCc::Eq, typ, nil), None);
        }
        let ty = self.type_of(e);
        if !self.l.is_interface(ty) {
            let want = self.live_desc(ty);
            return (self.b.icmp(IntCc::Eq, typ, want), None);
        }
        if self.l.interface_methods(ty).is_empty() {
            return (self.b.icmp(IntCc::Ne, typ, nil), None);
        }
        let inter = self.live_desc(ty);
        let itab = self.assert_itab("assertE2I2", inter, typ);
        (self.b.icmp(IntCc::Ne, itab, nil), Some(itab))
    }

    fn switched_value(
        &mut self,
        iface: &Val,
        iface_ty: RType,
        typ: Value,
        ty: RType,
        itab: Option<Value>,
    ) -> Val {
        let _ = iface_ty;
        let data = self.comp(iface, 1);
        if !self.l.is_interface(ty) {
            return self.unpack(data, ty);
        }
        Val::list(&[itab.unwrap_or(typ), data])
    }
}
