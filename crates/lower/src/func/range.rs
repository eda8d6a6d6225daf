//! `for … range` over everything but functions.

use super::place::Operand;
use super::{FuncLower, Mem, Place, Val};
use crate::mono::{RKind, RType};
use goxide_abi::SiteKind;
use goxide_base::Symbol;
use goxide_ir::{BinaryOp as Ir, Block, IntCc, MemFlags, Op, Ty, Value, Var};
use goxide_syntax::ast::{Expr, ExprKind, RangeStmt, Stmt};
use goxide_types::Basic;

/// Blocks of a loop that is being built.
struct Loop {
    header: Block,
    post: Block,
    done: Block,
}

/// Size of `maps.Iter`.
const MAP_ITER_BYTES: u64 = 96;

impl FuncLower<'_, '_> {
    /// `for k, v := range x {…}`
    pub fn range_stmt(&mut self, stmt: &Stmt, s: &RangeStmt, label: Option<Symbol>) {
        let ty = self.type_of_single(&s.x);
        self.old_loop_vars(s);
        self.first_round_of(&s.x);
        match self.l.under_kind(ty) {
            RKind::Basic(Basic::String) => self.range_string(s, label),
            RKind::Basic(_) => self.range_int(s, ty, label),
            RKind::Slice(elem) => {
                let slice = match self.converted_string(&s.x) {
                    Some(string) => {
                        self.first_round_of(string);
                        self.expr(string)
                    }
                    None => self.expr(&s.x),
                };
                let (base, len) = (self.comp(&slice, 0), self.comp(&slice, 1));
                self.range_elements(s, base, len, elem, label);
            }
            RKind::Array(n, elem) => self.range_array(s, ty, n, elem, label),
            RKind::Pointer(array) => {
                let RKind::Array(n, elem) = self.l.under_kind(array) else {
                    return self.unsupported(s.x.pos, "range over this type");
                };
                let ptr = self.expr(&s.x);
                let ptr = self.scalar(&ptr);
                if s.value.as_ref().is_some_and(|v| !is_blank(v)) && n > 0 {
                    self.b.push(Op::NilCheck(ptr));
                }
                let len = self.int(n as i64);
                self.range_elements(s, ptr, len, elem, label);
            }
            RKind::Map(key, elem) => self.range_map(s, ty, key, elem, label),
            RKind::Chan(_, elem) => self.range_chan(s, ty, elem, label),
            RKind::Func(_) => self.range_func(stmt, s, ty, label),
            _ => self.unsupported(s.x.pos, "range over this type"),
        }
    }

    /// Before Go 1.22 the variables of all iterations are the same.
    fn old_loop_vars(&mut self, s: &RangeStmt) {
        if !s.define || self.shared.version.per_iteration_vars() {
            return;
        }
        for e in s.key.iter().chain(s.value.iter()) {
            if let Some(obj) = self.info().def_of(e.id)
                && self.shared.facts.var(obj).shared()
            {
                let ty = self.obj_type(obj);
                self.declare(obj, ty, None);
            }
        }
    }

    fn start_loop(&mut self) -> Loop {
        let (header, post, done) = (self.b.new_block(), self.b.new_block(), self.b.new_block());
        self.b.jump(header);
        self.b.switch_to(header);
        Loop { header, post, done }
    }

    /// Runs the body; goes on in `post`.
    fn loop_body(&mut self, l: &Loop, s: &RangeStmt, label: Option<Symbol>) {
        self.with_jump(label, l.done, Some(l.post), |this| this.block(&s.body));
        self.b.jump(l.post);
        self.b.switch_to_sealed(l.post);
        self.at(s.range_pos);
    }

    fn end_loop(&mut self, l: Loop) {
        self.b.jump(l.header);
        self.b.seal(l.header);
        self.b.switch_to_sealed(l.done);
    }

    /// Assigns an iteration variable.
    pub fn range_var(
        &mut self,
        e: Option<&Expr>,
        define: bool,
        val: impl FnOnce(&mut Self) -> Val,
        ty: RType,
    ) {
        let Some(e) = e.filter(|e| !is_blank(e)) else {
            return;
        };
        let val = val(self);
        if define
            && !self.shared.version.per_iteration_vars()
            && let Some(obj) = self.info().def_of(e.id)
            && let Some(place @ Place::Mem(_)) = self.places.get(&obj).cloned()
            && self.shared.facts.var(obj).shared()
        {
            let to = self.obj_type(obj);
            let val = self.assign_convert(val, ty, to);
            return self.write(&place, to, &val);
        }
        self.assign_value(e, define, val, ty);
    }

    /// Gives key and value of an iteration to their variables, in one assignment.
    fn range_vars(
        &mut self,
        s: &RangeStmt,
        key: (impl FnOnce(&mut Self) -> Val, RType),
        value: (impl FnOnce(&mut Self) -> Val, RType),
    ) {
        let wanted = |e: &Option<Expr>| e.as_ref().is_some_and(|e| !is_blank(e));
        if s.define || !wanted(&s.key) || !wanted(&s.value) {
            self.range_var(s.key.as_ref(), s.define, key.0, key.1);
            self.range_var(s.value.as_ref(), s.define, value.0, value.1);
            return;
        }
        let (key_val, value_val) = (key.0(self), value.0(self));
        let mut list = Vec::new();
        for (e, val, ty) in [(&s.key, key_val, key.1), (&s.value, value_val, value.1)] {
            if let Some(e) = e {
                list.push((e, val, ty));
            }
        }
        self.assign_at_once(list);
    }

    fn counter(&mut self, start: Value) -> Var {
        let var = self.b.new_var(self.b.func.ty(start));
        self.b.def_var(var, start);
        var
    }

    fn bump(&mut self, var: Var) {
        let v = self.b.use_var(var);
        let one = self.b.iconst(self.b.func.ty(v), 1);
        let next = self.bin(Ir::Iadd, v, one);
        self.b.def_var(var, next);
    }

    fn range_int(&mut self, s: &RangeStmt, ty: RType, label: Option<Symbol>) {
        // The variable's type may be wider known than that of a constant bound.
        let var_ty = match s.key.as_ref().filter(|k| !is_blank(k)) {
            Some(k) => match self.info().object_of(k.id) {
                Some(obj) if k.as_ident().is_some() => self.obj_type(obj),
                _ => self.type_of_single(k),
            },
            None => ty,
        };
        let n = match self.info().value(s.x.id).cloned() {
            Some(c) => self.constant(&c, var_ty),
            None => self.expr(&s.x),
        };
        let n = self.scalar(&n);
        let unsigned = self.basic(var_ty).is_some_and(|b| b.is_unsigned());
        let start = self.b.zero(self.b.func.ty(n));
        let i = self.counter(start);
        let l = self.start_loop();
        let now = self.b.use_var(i);
        let more = self
            .b
            .icmp(if unsigned { IntCc::Ult } else { IntCc::Slt }, now, n);
        let body = self.b.new_block();
        self.b.branch(more, body, l.done);
        self.b.switch_to_sealed(body);
        self.range_var(s.key.as_ref(), s.define, |_| Val::one(now), var_ty);
        self.loop_body(&l, s, label);
        self.bump(i);
        self.end_loop(l);
    }

    fn range_elements(
        &mut self,
        s: &RangeStmt,
        base: Value,
        len: Value,
        elem: RType,
        label: Option<Symbol>,
    ) {
        let start = self.int(0);
        let i = self.counter(start);
        let l = self.start_loop();
        let now = self.b.use_var(i);
        let more = self.b.icmp(IntCc::Slt, now, len);
        let body = self.b.new_block();
        self.b.branch(more, body, l.done);
        self.b.switch_to_sealed(body);
        let load = |this: &mut Self| {
            let mem = this.element(base, now, elem);
            this.load(mem, elem)
        };
        let key = |_: &mut Self| Val::one(now);
        self.range_vars(s, (key, RType::INT), (load, elem));
        self.loop_body(&l, s, label);
        self.bump(i);
        self.end_loop(l);
    }

    fn range_array(
        &mut self,
        s: &RangeStmt,
        ty: RType,
        n: u64,
        elem: RType,
        label: Option<Symbol>,
    ) {
        let len = self.int(n as i64);
        if s.value.as_ref().is_none_or(is_blank) {
            // Only the length matters; the array is evaluated if that does something.
            if super::assign::has_call(&s.x) {
                self.discard(&s.x);
            }
            let base = self.nil();
            return self.range_elements(s, base, len, elem, label);
        }
        // The loop is over a copy.
        let op = self.operand(&s.x);
        let val = match op {
            Operand::Place(p) => self.read(&p, ty),
            Operand::Val(v) => v,
        };
        let val = self.stable(val, ty);
        let base = self.addr_of_val(&val, ty);
        self.range_elements(s, base, len, elem, label);
    }

    fn range_string(&mut self, s: &RangeStmt, label: Option<Symbol>) {
        let string = self.expr(&s.x);
        let (base, len) = (self.comp(&string, 0), self.comp(&string, 1));
        let start = self.int(0);
        let i = self.counter(start);
        let next = self.b.new_var(Ty::I64);
        let rune = self.b.new_var(Ty::I32);
        let l = self.start_loop();
        let now = self.b.use_var(i);
        let more = self.b.icmp(IntCc::Slt, now, len);
        let (body, ready) = (self.b.new_block(), self.b.new_block());
        self.b.branch(more, body, l.done);
        self.b.switch_to_sealed(body);
        let addr = self.bin(Ir::Iadd, base, now);
        let flags = MemFlags {
            no_trap: true,
            tag: goxide_ir::AliasTag::NUMBER,
            ..MemFlags::default()
        };
        let byte = self.b.load(Ty::I8, addr, 0, flags);
        let wide = self.extend(byte, Ty::I32, true);
        self.b.def_var(rune, wide);
        let one = self.int(1);
        let after = self.bin(Ir::Iadd, now, one);
        self.b.def_var(next, after);
        let limit = self.b.iconst(Ty::I32, 0x80);
        let ascii = self.b.icmp(IntCc::Ult, wide, limit);
        let multi = self.b.new_block();
        self.b.branch(ascii, ready, multi);
        self.b.switch_to_sealed(multi);
        let r = self.rt("decoderune", &[base, len, now]);
        self.b.def_var(rune, r[0]);
        self.b.def_var(next, r[1]);
        self.b.jump(ready);
        self.b.switch_to_sealed(ready);
        let value = self.b.use_var(rune);
        let key = |_: &mut Self| Val::one(now);
        self.range_vars(
            s,
            (key, RType::INT),
            (|_: &mut Self| Val::one(value), RType::INT32),
        );
        self.loop_body(&l, s, label);
        let after = self.b.use_var(next);
        self.b.def_var(i, after);
        self.end_loop(l);
    }

    fn range_map(
        &mut self,
        s: &RangeStmt,
        ty: RType,
        key: RType,
        elem: RType,
        label: Option<Symbol>,
    ) {
        let map = self.expr(&s.x);
        let map = self.scalar(&map);
        let iter = self.slot_of(MAP_ITER_BYTES, 8);
        let at = self.mem_addr(iter);
        self.b.push(Op::MemZero {
            dst: at,
            bytes: MAP_ITER_BYTES,
            pointers: None,
        });
        let desc = self.desc(ty);
        self.rt("mapIterStart", &[desc, map, at]);
        let l = self.start_loop();
        let key_at = self.load_scalar(Ty::Ptr, iter, 0);
        let nil = self.nil();
        let more = self.b.icmp(IntCc::Ne, key_at, nil);
        let body = self.b.new_block();
        self.b.branch(more, body, l.done);
        self.b.switch_to_sealed(body);
        let elem_at = self.load_scalar(Ty::Ptr, iter, 8);
        let load_key = |this: &mut Self| this.load(Mem::safe(key_at), key);
        let load_elem = |this: &mut Self| this.load(Mem::safe(elem_at), elem);
        self.range_vars(s, (load_key, key), (load_elem, elem));
        self.loop_body(&l, s, label);
        let at = self.mem_addr(iter);
        self.rt("mapIterNext", &[at]);
        self.end_loop(l);
    }

    fn range_chan(&mut self, s: &RangeStmt, ty: RType, elem: RType, label: Option<Symbol>) {
        let ch = self.expr(&s.x);
        let ch = self.scalar(&ch);
        let l = self.start_loop();
        let (val, ok) = self.receive_from(ch, ty, s.range_pos, true, SiteKind::RangeChannel);
        let body = self.b.new_block();
        self.b.branch(ok, body, l.done);
        self.b.switch_to_sealed(body);
        self.range_var(s.key.as_ref(), s.define, |_| val, elem);
        self.loop_body(&l, s, label);
        self.end_loop(l);
    }
}

/// Whether an expression is `_`.
pub fn is_blank(e: &Expr) -> bool {
    matches!(&e.unparen().kind, ExprKind::Ident(name) if name.is_blank())
}
