//! Expressions.

use super::place::Operand;
use super::{FuncLower, Listed, Mem, Place, Val};
use crate::mono::{RKind, RType};
use crate::program::FuncInst;
use goxide_abi::PanicKind;
use goxide_base::Pos;
use goxide_ir::{BinaryOp as Ir, Block, IntCc, Op, Ty, UnaryOp as IrUnary, Value};
use goxide_syntax::ast::{BinaryOp, Expr, ExprKind, NodeId, SliceExpr, UnaryOp};
use goxide_types::{Basic, Mode, ObjId, ObjKind, SelectionKind};
use smallvec::smallvec;
use std::rc::Rc;

/// The node that an instantiation of this (possibly qualified) name is recorded at.
pub fn instance_node(e: &Expr) -> NodeId {
    match &e.kind {
        ExprKind::Paren(p) => instance_node(&p.x),
        ExprKind::Selector(s) => s.sel.id,
        ExprKind::Index(i) => instance_node(&i.x),
        _ => e.id,
    }
}

impl<'a> FuncLower<'_, 'a> {
    /// The value of an expression, in its own type.
    pub fn expr(&mut self, e: &Expr) -> Val {
        if let Some(val) = self.take_early(e) {
            return val;
        }
        if let Some(c) = self.info().value(e.id).cloned() {
            let ty = self.type_of(e);
            return self.constant(&c, ty);
        }
        if self.info().mode(e.id) == Some(Mode::NilValue) {
            let ty = self.type_of(e);
            return self.zero(ty);
        }
        match &e.kind {
            ExprKind::Paren(p) => self.expr(&p.x),
            ExprKind::Index(i) if self.info().instances.contains_key(&instance_node(&i.x)) => {
                self.function_value(&i.x)
            }
            ExprKind::Index(i) if self.is_converted_bytes(&i.indices[0]) => {
                self.map_of_bytes(e, &i.x, &i.indices[0])
            }
            ExprKind::Selector(s) if !self.is_place_selector(e, s) => self.selector_value(e, s),
            ExprKind::Ident(_) => self.ident(e),
            ExprKind::Selector(_) | ExprKind::Index(_) | ExprKind::Star(_) => {
                let ty = self.type_of_single(e);
                let op = self.operand(e);
                self.operand_val(op, ty)
            }
            _ => self.expr_value(e),
        }
    }

    /// `m[string(bytes)]`, read: the map gets the bytes themselves to look for.
    fn map_of_bytes(&mut self, e: &Expr, map: &Expr, index: &Expr) -> Val {
        let map_ty = self.type_of(map);
        let RKind::Map(key, _) = self.l.under_kind(map_ty) else {
            self.unsupported(e.pos, "index of this type");
            return Val::unit();
        };
        self.first_round_of_all([map, index]);
        let map = self.expr(map);
        let map = self.scalar(&map);
        let key = self.glance(index, key);
        self.at(e.pos);
        self.map_load(map_ty, map, &key)
    }

    /// The type of an expression used for one value: of a `v, ok` form the first.
    pub fn type_of_single(&mut self, e: &Expr) -> RType {
        let ty = self.type_of(e);
        match self.l.mono.kind(ty) {
            RKind::Tuple(list) if !list.is_empty() => list[0],
            _ => ty,
        }
    }

    fn is_place_selector(&mut self, e: &Expr, s: &goxide_syntax::ast::SelectorExpr) -> bool {
        match self.info().selections.get(&e.id) {
            Some(sel) => sel.kind == SelectionKind::Field,
            None => {
                let obj = self.info().use_of(s.sel.id);
                obj.is_some_and(|o| self.l.prog.obj(o).var().is_some())
            }
        }
    }

    /// An expression that is no place.
    pub fn expr_value(&mut self, e: &Expr) -> Val {
        match &e.kind {
            ExprKind::Call(c) => self.call_single(e, c),
            ExprKind::Binary(b) => self.binary(e, b.op, &b.x, &b.y),
            ExprKind::Unary(u) => self.unary(e, u.op, &u.x),
            ExprKind::CompositeLit(c) => self.composite(e, c),
            ExprKind::FuncLit(f) => self.func_lit(e, f),
            ExprKind::Slice(s) => self.slice_expr(e, s),
            ExprKind::TypeAssert(t) => self.type_assert(e, t),
            ExprKind::Ident(_) | ExprKind::Selector(_) | ExprKind::Index(_) | ExprKind::Star(_) => {
                self.expr(e)
            }
            ExprKind::Paren(p) => self.expr(&p.x),
            _ => {
                self.unsupported(e.pos, "expression of this form");
                Val::unit()
            }
        }
    }

    /// The value of an expression converted, as by assignment, to a type.
    pub fn expr_as(&mut self, e: &Expr, to: RType) -> Val {
        if self.info().mode(e.id) == Some(Mode::NilValue) {
            return self.zero(to);
        }
        let from = self.type_of_single(e);
        let val = self.expr(e);
        let boxed = self.l.is_interface(to) && !self.l.is_interface(from);
        let val = self.assign_convert(val, from, to);
        if boxed {
            self.name_boxed(&val, e);
        }
        val
    }

    fn ident(&mut self, e: &Expr) -> Val {
        let Some(obj) = self.info().object_of(e.id) else {
            self.unsupported(e.pos, "unresolved name");
            return Val::unit();
        };
        match self.l.prog.obj(obj).kind {
            ObjKind::Var(_) => {
                let ty = self.obj_type(obj);
                let place = self.var_place(obj, e.pos);
                self.read(&place, ty)
            }
            ObjKind::Func(_) => self.function_value(e),
            ObjKind::Nil => {
                let ty = self.type_of(e);
                self.zero(ty)
            }
            _ => {
                self.unsupported(e.pos, "name of this kind as a value");
                Val::unit()
            }
        }
    }

    /// The declared function that an expression names, with its type arguments.
    pub fn named_function(&mut self, e: &Expr) -> Option<FuncInst> {
        let node = instance_node(e);
        let obj = self.info().use_of(node)?;
        // The name in an instance of a generic method is a use of it, too.
        if self.l.prog.obj(obj).func()?.is_method {
            return None;
        }
        let func = self.l.origin(obj);
        let targs = self.instance_targs(node);
        Some(FuncInst { func, targs })
    }

    /// Type arguments recorded for an instantiated name.
    pub fn instance_targs(&mut self, node: NodeId) -> Rc<[RType]> {
        let targs = self.info().instances.get(&node).map(|i| i.targs.clone());
        let targs = targs.unwrap_or_default();
        targs.iter().map(|&t| self.rtype(t)).collect()
    }

    /// A declared function as a func value.
    fn function_value(&mut self, e: &Expr) -> Val {
        let method = match &e.unparen().kind {
            ExprKind::Selector(s) => self
                .info()
                .selections
                .contains_key(&e.unparen().id)
                .then_some(s),
            _ => None,
        };
        if let Some(s) = method {
            return self.selector_value(e.unparen(), s);
        }
        match self.named_function(e) {
            Some(inst) => self.func_inst_value(inst, e.pos),
            None => {
                self.unsupported(e.pos, "this function value");
                let nil = self.nil();
                Val::one(nil)
            }
        }
    }

    /// A function instance as a func value.
    pub fn func_inst_value(&mut self, inst: FuncInst, pos: Pos) -> Val {
        match self.l.func_value_sym(inst, pos) {
            Some(sym) => self.static_closure(sym),
            None => Val::one(self.nil()),
        }
    }

    /// The static func value of a compiled function.
    pub fn static_closure(&mut self, sym: goxide_ir::SymId) -> Val {
        let object = self.l.func_value(sym);
        let value = self.sym_addr(object);
        self.codes.insert(value, (sym, false));
        Val::one(value)
    }

    /// `x.f` that is no field: method values and expressions, functions of packages.
    fn selector_value(&mut self, e: &Expr, s: &goxide_syntax::ast::SelectorExpr) -> Val {
        match self.info().selections.get(&e.id).cloned() {
            Some(sel) if sel.kind == SelectionKind::MethodExpr => self.method_expr(e, s, &sel),
            Some(sel) => self.method_value(e, s, &sel),
            None => self.function_value(e),
        }
    }

    // ---- operators ----

    fn unary(&mut self, e: &Expr, op: UnaryOp, x: &Expr) -> Val {
        match op {
            UnaryOp::Addr => return self.address_of(e, x),
            UnaryOp::Recv => return self.receive(e, x, false).0,
            _ => {}
        }
        let ty = self.type_of(e);
        let val = self.expr_as(x, ty);
        match op {
            UnaryOp::Neg => self.negate(val, ty),
            UnaryOp::Not => {
                let v = self.scalar(&val);
                let one = self.bool(true);
                Val::one(self.bin(Ir::Bxor, v, one))
            }
            UnaryOp::Xor => {
                let v = self.scalar(&val);
                Val::one(self.b.push1(Op::Unary(IrUnary::Bnot, v)))
            }
            _ => val,
        }
    }

    /// `&x`
    fn address_of(&mut self, e: &Expr, x: &Expr) -> Val {
        let x = x.unparen();
        if let ExprKind::CompositeLit(c) = &x.kind {
            let ty = self.type_of(x);
            let addr = self.new_object(ty, None);
            if let Some(text) = super::shown::literal_text(c) {
                self.name_object(addr, e.pos, || format!("&{text}"));
            }
            self.composite_into(Mem::safe(addr), ty, x, c, true);
            return Val::one(addr);
        }
        let place = self.place(x);
        self.at(e.pos);
        match place {
            Place::Mem(mem) => Val::one(self.mem_addr(mem)),
            _ => {
                self.unsupported(e.pos, "address of this operand");
                Val::one(self.nil())
            }
        }
    }

    fn binary(&mut self, e: &Expr, op: BinaryOp, x: &Expr, y: &Expr) -> Val {
        match op {
            BinaryOp::LAnd | BinaryOp::LOr => return self.short_circuit(e),
            BinaryOp::Shl | BinaryOp::Shr => {
                let ty = self.type_of(e);
                let a = self.expr_as(x, ty);
                let count = self.shift_count(y);
                self.at(e.pos);
                return self.shift(op, a, ty, count);
            }
            _ => {}
        }
        if op.is_comparison() {
            return self.comparison(e, op, x, y);
        }
        let ty = self.type_of(e);
        if op == BinaryOp::Add && self.is_string(ty) {
            return self.concat(e, ty);
        }
        let a = self.expr_as(x, ty);
        let b = self.expr_as(y, ty);
        self.at(e.pos);
        self.arith(op, ty, a, b)
    }

    /// Whether the underlying type is string.
    pub fn is_string(&mut self, ty: RType) -> bool {
        matches!(self.l.under_kind(ty), RKind::Basic(Basic::String))
    }

    /// The basic kind of the underlying type.
    pub fn basic(&mut self, ty: RType) -> Option<Basic> {
        match self.l.under_kind(ty) {
            RKind::Basic(b) => Some(b),
            _ => None,
        }
    }

    fn comparison(&mut self, e: &Expr, op: BinaryOp, x: &Expr, y: &Expr) -> Val {
        let (nil_x, nil_y) = (self.is_nil(x), self.is_nil(y));
        if nil_x || nil_y {
            let side = if nil_x { y } else { x };
            let ty = self.type_of_single(side);
            let val = self.expr(side);
            return Val::one(self.compare_nil(val, ty, op == BinaryOp::Eq));
        }
        let (tx, ty) = (self.type_of_single(x), self.type_of_single(y));
        // Of an interface and another value, the other is converted first.
        let common = match (self.l.is_interface(tx), self.l.is_interface(ty)) {
            (false, true) => ty,
            (true, true)
                if tx != ty
                    && self.l.interface_methods(tx).len() > self.l.interface_methods(ty).len() =>
            {
                ty
            }
            _ => tx,
        };
        let a = self.glance(x, common);
        let b = self.glance(y, common);
        self.at(e.pos);
        Val::one(self.compare(op, common, a, b))
    }

    /// Whether an expression is the literal `nil`.
    pub fn is_nil(&mut self, e: &Expr) -> bool {
        self.info().mode(e.unparen().id) == Some(Mode::NilValue)
    }

    fn short_circuit(&mut self, e: &Expr) -> Val {
        let (yes, no, done) = (self.b.new_block(), self.b.new_block(), self.b.new_block());
        let var = self.b.new_var(Ty::I8);
        self.cond(e, yes, no);
        for (block, value) in [(yes, true), (no, false)] {
            self.b.switch_to_sealed(block);
            let v = self.bool(value);
            self.b.def_var(var, v);
            self.b.jump(done);
        }
        self.b.switch_to_sealed(done);
        Val::one(self.b.use_var(var))
    }

    /// Branches on a condition. Does not seal the targets.
    pub fn cond(&mut self, e: &Expr, then: Block, other: Block) {
        if self.info().value(e.id).is_none() {
            match &e.kind {
                ExprKind::Paren(p) => return self.cond(&p.x, then, other),
                ExprKind::Unary(u) if u.op == UnaryOp::Not => return self.cond(&u.x, other, then),
                ExprKind::Binary(b) if b.op == BinaryOp::LAnd => {
                    let next = self.b.new_block();
                    self.cond(&b.x, next, other);
                    self.b.switch_to_sealed(next);
                    return self.cond(&b.y, then, other);
                }
                ExprKind::Binary(b) if b.op == BinaryOp::LOr => {
                    let next = self.b.new_block();
                    self.cond(&b.x, then, next);
                    self.b.switch_to_sealed(next);
                    return self.cond(&b.y, then, other);
                }
                _ => {}
            }
        }
        self.first_round_of(e);
        let val = self.expr(e);
        let v = self.scalar(&val);
        match self.b.func.as_iconst(v) {
            Some(0) => self.b.jump(other),
            Some(_) => self.b.jump(then),
            None => self.b.branch(v, then, other),
        }
    }

    // ---- slicing ----

    fn slice_expr(&mut self, e: &Expr, s: &SliceExpr) -> Val {
        let bounds = s.lo.iter().chain(&s.hi).chain(&s.max).map(Listed::Bound);
        self.first_round(std::iter::once(Listed::Value(&s.x)).chain(bounds));
        let ty = self.type_of(&s.x);
        let (base, len, cap, elem, kind) = match self.l.under_kind(ty) {
            RKind::Slice(elem) => {
                let v = self.expr(&s.x);
                let (base, len, cap) = (self.comp(&v, 0), self.comp(&v, 1), self.comp(&v, 2));
                (base, len, cap, Some(elem), SliceOf::Slice)
            }
            RKind::Basic(_) => {
                let v = self.expr(&s.x);
                let (base, len) = (self.comp(&v, 0), self.comp(&v, 1));
                (base, len, len, None, SliceOf::Fixed)
            }
            RKind::Pointer(array) => {
                let v = self.expr(&s.x);
                let ptr = self.scalar(&v);
                self.at(e.pos);
                self.b.push(Op::NilCheck(ptr));
                self.array_parts(ptr, array)
            }
            _ => {
                let place = self.place(&s.x);
                self.at(e.pos);
                let base = match place {
                    Place::Mem(mem) => self.mem_addr(mem),
                    _ => {
                        self.unsupported(e.pos, "slice of this operand");
                        self.nil()
                    }
                };
                self.array_parts(base, ty)
            }
        };
        let bound = |this: &mut Self, e: &Option<Expr>| {
            e.as_ref().map(|e| {
                let (v, k) = this.index_value(e, PanicKind::Index, PanicKind::IndexU);
                (v, k == PanicKind::IndexU)
            })
        };
        let lo = bound(self, &s.lo);
        let hi = bound(self, &s.hi);
        let max = bound(self, &s.max);
        self.at(e.pos);
        let bounds = self.slice_bounds(lo, hi, max, len, cap, kind);
        self.slice_result(base, cap, elem, bounds)
    }

    fn array_parts(
        &mut self,
        base: Value,
        array: RType,
    ) -> (Value, Value, Value, Option<RType>, SliceOf) {
        let (n, elem) = match self.l.under_kind(array) {
            RKind::Array(n, elem) => (n, elem),
            _ => (0, RType::INVALID),
        };
        let len = self.int(n as i64);
        (base, len, len, Some(elem), SliceOf::Fixed)
    }

    /// Checks the bounds; gives low, high and capacity bound.
    fn slice_bounds(
        &mut self,
        lo: Option<(Value, bool)>,
        hi: Option<(Value, bool)>,
        max: Option<(Value, bool)>,
        len: Value,
        cap: Value,
        of: SliceOf,
    ) -> (Value, Value, Value) {
        use PanicKind::*;
        let zero = self.int(0);
        let pick = |u: bool, a: PanicKind, b: PanicKind| if u { b } else { a };
        let Some((max, max_u)) = max else {
            let high = match hi {
                Some((h, u)) => {
                    let kind = match of {
                        SliceOf::Slice => pick(u, SliceAcap, SliceAcapU),
                        SliceOf::Fixed => pick(u, SliceAlen, SliceAlenU),
                    };
                    self.check_bound(kind, h, cap);
                    h
                }
                None => len,
            };
            let low = match lo {
                Some((l, u)) => {
                    self.check_bound(pick(u, SliceB, SliceBU), l, high);
                    l
                }
                None => zero,
            };
            return (low, high, cap);
        };
        let kind = match of {
            SliceOf::Slice => pick(max_u, Slice3Acap, Slice3AcapU),
            SliceOf::Fixed => pick(max_u, Slice3Alen, Slice3AlenU),
        };
        self.check_bound(kind, max, cap);
        let (high, high_u) = hi.unwrap_or((len, false));
        self.check_bound(pick(high_u, Slice3B, Slice3BU), high, max);
        let low = match lo {
            Some((l, u)) => {
                self.check_bound(pick(u, Slice3C, Slice3CU), l, high);
                l
            }
            None => zero,
        };
        (low, high, max)
    }

    /// Panics unless `x <= bound`.
    fn check_bound(&mut self, kind: PanicKind, x: Value, bound: Value) {
        if let (Some(a), Some(b)) = (self.b.func.as_iconst(x), self.b.func.as_iconst(bound))
            && a as u64 <= b as u64
        {
            return;
        }
        if x != bound {
            self.b.push(Op::BoundsCheck(kind, x, bound));
        }
    }

    fn slice_result(
        &mut self,
        base: Value,
        _cap: Value,
        elem: Option<RType>,
        bounds: (Value, Value, Value),
    ) -> Val {
        let (low, high, max) = bounds;
        if self.b.func.as_iconst(low) == Some(0) {
            return match elem {
                Some(_) => Val::Scalars(smallvec![base, high, max]),
                None => Val::Scalars(smallvec![base, high]),
            };
        }
        let len = self.bin(Ir::Isub, high, low);
        let (rest, size) = match elem {
            Some(elem) => (self.bin(Ir::Isub, max, low), self.layout(elem).size as i64),
            None => (len, 1),
        };
        // An empty rest keeps the base: no pointer one past the end is ever made.
        let zero = self.int(0);
        let offset = if size == 1 {
            low
        } else {
            let size = self.int(size);
            self.bin(Ir::Imul, low, size)
        };
        let some = self.b.icmp(IntCc::Ne, rest, zero);
        let offset = self.b.push1(Op::Select(some, offset, zero));
        let ptr = self.bin(Ir::Iadd, base, offset);
        match elem {
            Some(_) => Val::Scalars(smallvec![ptr, len, rest]),
            None => Val::Scalars(smallvec![ptr, len]),
        }
    }

    // ---- two-valued forms ----

    /// `v, ok` of a map index, type assertion or receive.
    pub fn comma_ok(&mut self, e: &Expr) -> (Val, RType, Value) {
        let e = e.unparen();
        let ty = self.type_of_single(e);
        match &e.kind {
            ExprKind::Index(i) => {
                let map_ty = self.type_of(&i.x);
                let RKind::Map(key, elem) = self.l.under_kind(map_ty) else {
                    return (self.bad(ty), ty, self.b.dead_value(Ty::I8));
                };
                self.first_round_of_all([&i.x, &i.indices[0]]);
                let map = self.expr(&i.x);
                let map = self.scalar(&map);
                let key_val = self.glance(&i.indices[0], key);
                self.at(e.pos);
                let (val, ok) = self.map_load_ok(map_ty, map, &key_val);
                (val, elem, ok)
            }
            ExprKind::TypeAssert(t) => {
                let (val, ok) = self.type_assert_ok(e, t);
                (val, ty, ok)
            }
            ExprKind::Unary(u) if u.op == UnaryOp::Recv => {
                let (val, ok) = self.receive(e, &u.x, true);
                (val, ty, ok)
            }
            _ => {
                self.unsupported(e.pos, "two values of this expression");
                (self.bad(ty), ty, self.b.dead_value(Ty::I8))
            }
        }
    }

    /// Evaluates an expression for its effects only.
    pub fn discard(&mut self, e: &Expr) {
        if self.info().value(e.id).is_some() || self.take_early(e.unparen()).is_some() {
            return;
        }
        match &e.unparen().kind {
            ExprKind::Call(c) => {
                self.call_multi(e.unparen(), c);
            }
            _ => {
                let op = self.operand(e);
                // Reading through a pointer panics for nil even if the value is dropped.
                if let Operand::Place(Place::Mem(mem)) = op
                    && !mem.safe
                {
                    self.mem_addr(mem);
                } else if let Operand::Place(place @ Place::MapElem(..)) = op {
                    let ty = self.type_of_single(e);
                    self.read(&place, ty);
                }
            }
        }
    }

    /// The object that an expression names, if it is a name.
    pub fn named_object(&self, e: &Expr) -> Option<ObjId> {
        match &e.unparen().kind {
            ExprKind::Ident(_) => self.info().use_of(e.unparen().id),
            ExprKind::Selector(s) if !self.info().selections.contains_key(&e.unparen().id) => {
                self.info().use_of(s.sel.id)
            }
            _ => None,
        }
    }
}

/// What is sliced: decides which panic a bad bound gives.
#[derive(Clone, Copy, PartialEq, Eq)]
enum SliceOf {
    Slice,
    Fixed,
}
