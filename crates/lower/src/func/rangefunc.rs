//! `range` over functions: the loop's body becomes a function of its own.
//!
//! The body gets, besides the variables it uses, the address of the loop's *state* and of a
//! *control* record of the enclosing real function. To leave the loop other than by its end
//! the body stores a code to the record (and the values of a `return`), sets the state to
//! done and returns false; the code behind the loop's call looks at the code and jumps on,
//! or, being a body itself, returns false in turn.

use super::closure::Capture;
use super::place::Operand;
use super::{Counters, FuncLower, Jump, Listed, Mem, Place, Val};
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_base::Symbol;
use goxide_ir::{IntCc, Op, Ty, Value};
use goxide_syntax::ast::{BranchKind, Expr, RangeStmt, Stmt};
use smallvec::smallvec;
use std::rc::Rc;

/// States of a loop, as Go's runtime numbers them.
mod state {
    pub const DONE: i64 = 0;
    pub const READY: i64 = 1;
    pub const PANIC: i64 = 2;
    pub const EXHAUSTED: i64 = 3;
    pub const MISSING_PANIC: i64 = 4;
}

/// A way out of a loop's body that is no `break` or `continue` of the loop itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// To a place in an enclosing function.
    Jump(BranchKind, Option<Symbol>),
    /// `return` with values, which are in the control record.
    Values,
    /// `return` of what the result variables hold.
    Bare,
}

/// What the body of a loop over a function knows about the loop.
pub struct RangeFunc {
    /// Address of the control record: the code, then the values of a `return`.
    control: Value,
    /// Type of that record.
    record: RType,
    /// Address of the loop's state.
    state: Value,
    /// The frame pointer that `recover` of the real function compares.
    recover: Value,
    /// The real function's frame of deferred calls, nil if it has none.
    frame: Value,
    /// Result types of the real function.
    results: Rc<[RType]>,
    /// Ways out that were used; the code is the position plus 1.
    exits: Vec<Exit>,
}

impl FuncLower<'_, '_> {
    /// The outer function's frame of deferred calls, in the body of a loop over a function.
    pub fn outer_defer_frame(&mut self) -> Option<Value> {
        self.range_func.as_ref().map(|r| r.frame)
    }

    /// The frame pointer that `recover` compares, in such a body.
    pub fn recover_frame(&mut self) -> Option<Value> {
        self.range_func.as_ref().map(|r| r.recover)
    }

    /// `for … range f {…}`
    pub fn range_func(&mut self, stmt: &Stmt, s: &RangeStmt, ty: RType, label: Option<Symbol>) {
        let iterator = self.expr(&s.x);
        let iterator = self.scalar(&iterator);
        let sig = self.l.func_sig(ty);
        let Some(&yield_ty) = sig.params.first() else {
            return self.unsupported(s.x.pos, "range over this function");
        };
        let (control, record, results) = self.control();
        let state = self.new_object(RType::INT, None);
        self.set_state(state, state::READY);
        let recover = self.own_recover_frame();
        let frame = self.own_defer_frame();
        let (level, captured) = self.shared.facts.literal(stmt.id);
        let captures = self.captures(&captured);
        let mut types = vec![
            RType::UINTPTR,
            RType::UNSAFE_POINTER,
            RType::UNSAFE_POINTER,
            RType::UINTPTR,
            RType::UINTPTR,
        ];
        for c in &captures {
            types.push(if c.by_ref {
                self.l.mono.pointer(c.ty)
            } else {
                c.ty
            });
        }
        let object = self.l.mono.tuple_struct(&types);
        let sym = {
            let n = self.counters.ranges.get() + 1;
            self.counters.ranges.set(n);
            let name = format!("{}-range{n}", self.name);
            self.literal_sym(&name)
        };
        let own = Own {
            record,
            results,
            object,
            captures: &captures,
        };
        let exits = self.range_body(s, sym, level, yield_ty, label, own);
        let mut values = vec![
            Val::one(control),
            Val::one(state),
            Val::one(recover),
            Val::one(frame),
        ];
        for c in &captures {
            values.push(self.captured_value(c));
        }
        let body = self.closure_object(sym, object, &values);
        self.at(s.range_pos);
        let callable = super::call::Callable {
            whom: super::call::Whom::Closure(iterator),
            recv_ty: None,
            recv: None,
            sig_ty: ty,
        };
        self.invoke(callable, vec![body], &sig, s.range_pos);
        self.after_range_func(state, control, record, &exits, s);
    }

    fn captured_value(&mut self, c: &Capture) -> Val {
        match (c.by_ref, self.var_place(c.obj, goxide_base::Pos::NONE)) {
            (true, Place::Mem(mem)) => Val::one(self.mem_addr(mem)),
            (_, place) => self.read(&place, c.ty),
        }
    }

    /// The control record of the real function: made for the outermost loop, handed on.
    fn control(&mut self) -> (Value, RType, Rc<[RType]>) {
        if let Some(r) = &self.range_func {
            return (r.control, r.record, r.results.clone());
        }
        let results = self.abi.results.clone();
        let tuple = self.l.mono.tuple_struct(&results);
        let record = self.l.mono.tuple_struct(&[RType::INT, tuple]);
        (self.new_object(record, None), record, results)
    }

    /// The frame pointer that `recover` in this function compares; 0 if it has none.
    pub fn own_recover_frame(&mut self) -> Value {
        if let Some(r) = &self.range_func {
            return r.recover;
        }
        if !self.shared.facts.defer(self.level).recovers {
            return self.int(0);
        }
        self.b.push1(Op::CallerFrame(1))
    }

    fn own_defer_frame(&mut self) -> Value {
        if let Some(frame) = self.range_func.as_ref().map(|r| r.frame) {
            return self.to_int(frame);
        }
        let frame = self.defer.as_ref().map(|d| d.frame);
        match frame {
            Some(frame) => self.to_int(frame),
            None => self.int(0),
        }
    }

    fn set_state(&mut self, state: Value, to: i64) {
        let to = self.int(to);
        self.store_scalar(Mem::safe(state), 0, to);
    }

    /// Builds the body's function; gives the ways out that it uses.
    fn range_body(
        &mut self,
        s: &RangeStmt,
        sym: goxide_ir::SymId,
        level: u32,
        yield_ty: RType,
        label: Option<Symbol>,
        own: Own<'_>,
    ) -> Vec<Exit> {
        let abi = self.l.abi(None, yield_ty);
        let params = self.l.func_sig(yield_ty).params.clone();
        let name = Symbol::intern(self.l.module.symbols.name(sym).as_str());
        let shared = self.shared.clone();
        // Literals and loops in it are numbered by themselves.
        let counters: Rc<Counters> = Rc::default();
        let mut f = FuncLower::new(&mut *self.l, shared, sym, name, abi, s.range_pos);
        f.level = level;
        f.counters = counters;
        f.at(s.range_pos);
        let ctx = f.b.push1(Op::ClosureCtx);
        let mut word = |i: usize, ty: Ty| {
            let (_, offset, _) = f.field_info(own.object, i);
            f.load_scalar(ty, Mem::safe(ctx), offset as u32)
        };
        let (control, state) = (word(1, Ty::Ptr), word(2, Ty::Ptr));
        let (recover, frame) = (word(3, Ty::I64), word(4, Ty::I64));
        let frame =
            f.b.push1(Op::Convert(goxide_ir::ConvertOp::Bitcast, Ty::Ptr, frame));
        f.bind_range_captures(ctx, own.captures, own.object);
        f.range_func = Some(RangeFunc {
            control,
            record: own.record,
            state,
            recover,
            frame,
            results: own.results,
            exits: Vec::new(),
        });
        f.enter_body(state);
        let (next, stop) = (f.b.new_block(), f.b.new_block());
        f.range_params(s, &params);
        f.jumps.push(Jump {
            label,
            break_to: Some(stop),
            continue_to: Some(next),
        });
        f.block(&s.body);
        f.jumps.pop();
        f.b.jump(next);
        f.b.switch_to_sealed(next);
        f.set_state(state, state::READY);
        let yes = f.bool(true);
        f.b.ret([yes]);
        f.b.switch_to_sealed(stop);
        f.set_state(state, state::DONE);
        let no = f.bool(false);
        f.b.ret([no]);
        let exits = f.range_func.take().map(|r| r.exits).unwrap_or_default();
        f.finish(|flags| {
            flags.closure = true;
            flags.no_params = params.is_empty();
        });
        exits
    }

    fn bind_range_captures(&mut self, ctx: Value, captures: &[Capture], object: RType) {
        // Four words stand before the captured variables.
        let shifted: Vec<Capture> = captures.to_vec();
        for (i, c) in shifted.iter().enumerate() {
            let (_, offset, _) = self.field_info(object, i + 5);
            let mem = self.offset_mem(Mem::safe(ctx), offset);
            let place = if c.by_ref {
                Place::Mem(Mem::safe(self.load_scalar(Ty::Ptr, mem, 0)))
            } else if self.layout(c.ty).in_memory() {
                Place::Mem(mem)
            } else {
                let val = self.load(mem, c.ty);
                let place = self.new_vars(c.ty);
                self.write(&place, c.ty, &val);
                place
            };
            self.places.insert(c.obj, place);
        }
    }

    /// Panics unless the loop is ready for another round.
    fn enter_body(&mut self, state: Value) {
        let now = self.load_scalar(Ty::I64, Mem::safe(state), 0);
        self.require_state(now, state::READY, now);
        self.set_state(state, state::PANIC);
    }

    /// Panics with `reason` unless `now` is `want`.
    fn require_state(&mut self, now: Value, want: i64, reason: Value) {
        let want = self.int(want);
        let ok = self.b.icmp(IntCc::Eq, now, want);
        self.b
            .push(Op::Check(PanicKind::RangeState, ok, smallvec![reason]));
    }

    fn range_params(&mut self, s: &RangeStmt, params: &[RType]) {
        let abi = self.abi.clone();
        let vars: [Option<&Expr>; 2] = [s.key.as_ref(), s.value.as_ref()];
        for (i, &ty) in params.iter().enumerate().take(2) {
            let (first, layout) = (abi.params[i].first, abi.params[i].layout.clone());
            let val = match &layout.comps {
                Some(comps) => Val::Scalars(
                    (0..comps.len())
                        .map(|k| self.entry_param(first + k))
                        .collect(),
                ),
                None => Val::Memory(Mem::safe(self.entry_param(first))),
            };
            if let Some(e) = vars[i].filter(|e| !super::range::is_blank(e)) {
                self.assign_value(e, s.define, val, ty);
            }
        }
    }

    /// Leaves the body: stores the code of the way out and returns false.
    pub fn leave_range_func(&mut self, exit: Exit) {
        let Some(r) = &mut self.range_func else {
            return;
        };
        let at = match r.exits.iter().position(|e| *e == exit) {
            Some(at) => at,
            None => {
                r.exits.push(exit);
                r.exits.len() - 1
            }
        };
        let (control, state) = (r.control, r.state);
        let code = self.int(at as i64 + 1);
        self.store_scalar(Mem::safe(control), 0, code);
        self.set_state(state, state::DONE);
        let no = self.bool(false);
        self.b.ret([no]);
    }

    /// `return` in such a body.
    pub fn return_from_range_func(&mut self, exprs: &[Expr]) {
        let Some(r) = &self.range_func else { return };
        let (control, record, results) = (r.control, r.record, r.results.clone());
        if exprs.is_empty() {
            return self.leave_range_func(Exit::Bare);
        }
        let mut values = Vec::new();
        if exprs.len() == 1 && results.len() > 1 {
            for ((val, from), &to) in self.several(&exprs[0]).into_iter().zip(results.iter()) {
                values.push(self.assign_convert(val, from, to));
            }
        } else {
            let list = exprs.iter().zip(results.iter());
            self.first_round(list.clone().map(|(e, &ty)| Listed::As(e, ty)));
            for (e, &ty) in list {
                values.push(self.expr_as(e, ty));
            }
        }
        let (tuple, base, _) = self.field_info(record, 1);
        for (i, val) in values.iter().enumerate() {
            let (ty, offset, _) = self.field_info(tuple, i);
            let mem = self.offset_mem(Mem::safe(control), base + offset);
            self.store(mem, ty, val);
        }
        self.leave_range_func(Exit::Values);
    }

    /// Behind the loop: looks at how it ended.
    fn after_range_func(
        &mut self,
        state: Value,
        control: Value,
        record: RType,
        exits: &[Exit],
        s: &RangeStmt,
    ) {
        self.at(s.range_pos);
        let now = self.load_scalar(Ty::I64, Mem::safe(state), 0);
        let panicked = self.int(state::PANIC);
        let ok = self.b.icmp(IntCc::Ne, now, panicked);
        let reason = self.int(state::MISSING_PANIC);
        self.b
            .push(Op::Check(PanicKind::RangeState, ok, smallvec![reason]));
        self.set_state(state, state::EXHAUSTED);
        if exits.is_empty() {
            return;
        }
        let code = self.load_scalar(Ty::I64, Mem::safe(control), 0);
        let zero = self.int(0);
        self.store_scalar(Mem::safe(control), 0, zero);
        for (i, &exit) in exits.iter().enumerate() {
            let want = self.int(i as i64 + 1);
            let hit = self.b.icmp(IntCc::Eq, code, want);
            let (leave, next) = self.branch_new(hit);
            self.b.switch_to(leave);
            self.take_exit(exit, control, record);
            self.b.switch_to(next);
        }
    }

    fn take_exit(&mut self, exit: Exit, control: Value, record: RType) {
        if let Exit::Jump(kind, label) = exit
            && let Some(block) = self.jump_target(kind, label)
        {
            return self.b.jump(block);
        }
        if self.range_func.is_some() {
            return self.leave_range_func(exit);
        }
        match exit {
            Exit::Jump(..) => self.unsupported(self.b.func.pos, "jump out of this loop"),
            Exit::Bare => self.return_now(),
            Exit::Values => {
                let op = Operand::Place(Place::Mem(Mem::safe(control)));
                let (op, tuple) = self.walk_path(op, record, &[1]);
                let RKind::Struct(fields) = self.l.under_kind(tuple) else {
                    return self.return_now();
                };
                let Operand::Place(place) = op else { return };
                let mut values = Vec::new();
                for (i, f) in fields.iter().enumerate() {
                    let at = self.field_place(&place, tuple, i);
                    values.push(self.read(&at, f.ty));
                }
                if self.results.is_empty() {
                    return self.return_these(&values);
                }
                let places = self.results.clone();
                for ((place, f), val) in places.iter().zip(fields.iter()).zip(&values) {
                    self.write(place, f.ty, val);
                }
                self.return_now();
            }
        }
        if self.b.is_reachable() {
            self.unreachable();
        }
    }
}

/// What the body's function is built from, besides the statement.
struct Own<'x> {
    record: RType,
    results: Rc<[RType]>,
    object: RType,
    captures: &'x [Capture],
}
