//! Places: variables, fields, elements, what pointers lead to.

use super::{FuncLower, Mem, Place, Val};
use crate::facts::VarFact;
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_base::{Pos, Symbol};
use goxide_ir::{ConvertOp, Op, Ty, Value};
use goxide_syntax::ast::{Expr, ExprKind, IndexExpr};
use goxide_types::{Basic, Mode, ObjId, SelectionKind};

/// An operand that may be somewhere or only be a value.
pub enum Operand {
    /// It has a place.
    Place(Place),
    /// It is a value.
    Val(Val),
}

impl FuncLower<'_, '_> {
    // ---- variables ----

    /// Makes a place for a new variable (in each execution of its declaration) and gives it
    /// its first value; zero if `None`.
    pub fn declare(&mut self, obj: ObjId, ty: RType, init: Option<&Val>) -> Place {
        let fact = self.shared.facts.var(obj);
        let place = self.new_place(obj, ty, fact, init);
        self.places.insert(obj, place.clone());
        place
    }

    fn new_place(&mut self, obj: ObjId, ty: RType, fact: VarFact, init: Option<&Val>) -> Place {
        let name = self.l.prog.obj(obj).name;
        if fact.shared() {
            // At the declaration, for `-m`.
            let saved = self.b.loc();
            let pos = self.l.prog.obj(obj).pos;
            if pos != Pos::NONE {
                self.at(pos);
            }
            let place = self.boxed(ty, Some(name), init);
            self.b.restore_loc(saved);
            return place;
        }
        if self.layout(ty).in_memory() {
            if fact.captured && self.layout(ty).size > super::closure::MAX_CAPTURED_COPY {
                return self.boxed(ty, Some(name), init);
            }
            let mem = self.slot(ty);
            self.store(mem, ty, init.unwrap_or(&Val::Zero));
            return Place::Mem(mem);
        }
        let place = self.new_vars(ty);
        let zero;
        let init = match init {
            Some(val) => val,
            None => {
                zero = self.zero(ty);
                &zero
            }
        };
        self.write(&place, ty, init);
        place
    }

    /// A variable in an object of its own.
    pub fn boxed(&mut self, ty: RType, name: Option<Symbol>, init: Option<&Val>) -> Place {
        let addr = self.new_object(ty, name);
        let mem = Mem::safe(addr);
        match init {
            // The object is zero already.
            None | Some(Val::Zero) => {}
            Some(val) => self.store(mem, ty, val),
        }
        Place::Mem(mem)
    }

    /// The place of a local or package-level variable.
    pub fn var_place(&mut self, obj: ObjId, pos: Pos) -> Place {
        if let Some(place) = self.places.get(&obj) {
            return place.clone();
        }
        let o = self.l.prog.obj(obj);
        let package = o
            .var()
            .is_some_and(|v| v.kind == goxide_types::VarKind::Package);
        if !package {
            let name = o.name;
            self.unsupported(pos, &format!("variable {name} is not available here"));
            return Place::Blank;
        }
        let sym = self.l.global_sym(obj);
        Place::Mem(Mem::safe(self.sym_addr(sym)))
    }

    // ---- operands ----

    /// An expression as a place if it has one, else its value.
    pub fn operand(&mut self, e: &Expr) -> Operand {
        if let Some(val) = self.take_early(e) {
            return Operand::Val(val);
        }
        if self.info().value(e.id).is_some() {
            return Operand::Val(self.expr(e));
        }
        match &e.kind {
            ExprKind::Paren(p) => self.operand(&p.x),
            ExprKind::Ident(name) => {
                if name.is_blank() {
                    return Operand::Place(Place::Blank);
                }
                match self.info().object_of(e.id) {
                    Some(obj) if self.l.prog.obj(obj).var().is_some() => {
                        Operand::Place(self.var_place(obj, e.pos))
                    }
                    _ => Operand::Val(self.expr(e)),
                }
            }
            ExprKind::Selector(s) => {
                let Some(sel) = self.info().selections.get(&e.id).cloned() else {
                    return match self.info().use_of(s.sel.id) {
                        Some(obj) if self.l.prog.obj(obj).var().is_some() => {
                            Operand::Place(self.var_place(obj, e.pos))
                        }
                        _ => Operand::Val(self.expr(e)),
                    };
                };
                if sel.kind != SelectionKind::Field {
                    return Operand::Val(self.expr(e));
                }
                let ty = self.type_of(&s.x);
                let base = self.operand(&s.x);
                self.at(e.pos);
                self.walk_path(base, ty, &sel.path).0
            }
            ExprKind::Index(i) => self.index_operand(e, i),
            ExprKind::Star(x) => {
                if self.info().mode(e.id) == Some(Mode::TypeExpr) {
                    return Operand::Val(self.expr(e));
                }
                let ptr = self.expr(x);
                let ptr = self.scalar(&ptr);
                self.at(e.pos);
                Operand::Place(Place::Mem(Mem::unchecked(ptr)))
            }
            _ => Operand::Val(self.expr_value(e)),
        }
    }

    /// Follows field indices, through pointers where there are some; gives the type reached.
    pub fn walk_path(&mut self, mut op: Operand, mut ty: RType, path: &[u32]) -> (Operand, RType) {
        for &i in path {
            (op, ty) = self.through_pointer(op, ty);
            let i = i as usize;
            let (field, ..) = self.field_info(ty, i);
            if let Operand::Place(place @ Place::MapElem(..)) = &op {
                op = Operand::Val(self.read(place, ty));
            }
            op = match op {
                Operand::Place(p) => Operand::Place(self.field_place(&p, ty, i)),
                Operand::Val(v) => Operand::Val(self.field_val(&v, ty, i)),
            };
            ty = field;
        }
        (op, ty)
    }

    /// If the operand is a pointer: what it points to.
    pub fn through_pointer(&mut self, op: Operand, ty: RType) -> (Operand, RType) {
        let RKind::Pointer(to) = self.l.under_kind(ty) else {
            return (op, ty);
        };
        let ptr = self.operand_val(op, ty);
        let ptr = self.scalar(&ptr);
        (Operand::Place(Place::Mem(Mem::unchecked(ptr))), to)
    }

    /// The value of an operand.
    pub fn operand_val(&mut self, op: Operand, ty: RType) -> Val {
        match op {
            Operand::Place(p) => self.read(&p, ty),
            Operand::Val(v) => v,
        }
    }

    /// The place of an expression that can be assigned to or whose address can be taken.
    pub fn place(&mut self, e: &Expr) -> Place {
        match self.operand(e) {
            Operand::Place(p) => p,
            Operand::Val(v) => {
                let ty = self.type_of(e);
                let mem = self.in_memory(&v, ty);
                Place::Mem(mem)
            }
        }
    }

    // ---- elements ----

    /// An index as i64, and the kind of panic for a bad one.
    pub fn index_value(
        &mut self,
        e: &Expr,
        signed: PanicKind,
        unsigned: PanicKind,
    ) -> (Value, PanicKind) {
        let ty = self.type_of(e);
        let val = self.expr(e);
        let v = self.scalar(&val);
        self.widen_index(v, ty, signed, unsigned)
    }

    fn widen_index(
        &mut self,
        v: Value,
        ty: RType,
        signed: PanicKind,
        unsigned: PanicKind,
    ) -> (Value, PanicKind) {
        let is_unsigned = matches!(self.l.under_kind(ty), RKind::Basic(b) if b.is_unsigned());
        let wide = self.extend(v, Ty::I64, is_unsigned);
        (wide, if is_unsigned { unsigned } else { signed })
    }

    /// An integer widened or cut to another width.
    pub fn extend(&mut self, v: Value, to: Ty, unsigned: bool) -> Value {
        let from = self.b.func.ty(v);
        if from == to {
            return v;
        }
        if let Some(n) = self.b.func.as_iconst(v) {
            let n = if unsigned && from.bytes() < 8 && from.bytes() < to.bytes() {
                n & ((1i64 << (from.bytes() * 8)) - 1)
            } else {
                n
            };
            return self.b.iconst(to, super::constant::truncate(n, to));
        }
        let op = match (from.bytes() < to.bytes(), unsigned) {
            (true, true) => ConvertOp::Zext,
            (true, false) => ConvertOp::Sext,
            (false, _) if from.bytes() > to.bytes() => ConvertOp::Trunc,
            (false, _) => ConvertOp::Bitcast,
        };
        self.b.push1(Op::Convert(op, to, v))
    }

    /// Panics unless `index < len`.
    pub fn check_index(&mut self, kind: PanicKind, index: Value, len: Value) {
        if let (Some(i), Some(n)) = (self.b.func.as_iconst(index), self.b.func.as_iconst(len))
            && (i as u64) < n as u64
        {
            return;
        }
        self.b.push(Op::BoundsCheck(kind, index, len));
    }

    fn index_operand(&mut self, e: &Expr, i: &IndexExpr) -> Operand {
        if self
            .info()
            .instances
            .contains_key(&super::expr::instance_node(&i.x))
        {
            return Operand::Val(self.expr(e));
        }
        let ty = self.type_of(&i.x);
        let index = &i.indices[0];
        match self.l.under_kind(ty) {
            RKind::Map(key, _) => {
                let map = self.expr(&i.x);
                let map = self.scalar(&map);
                let key_val = self.expr_as(index, key);
                let key_val = self.stable(key_val, key);
                self.at(e.pos);
                Operand::Place(Place::MapElem(ty, map, key_val))
            }
            RKind::Slice(elem) => {
                let slice = self.expr(&i.x);
                let (index, kind) = self.index_value(index, PanicKind::Index, PanicKind::IndexU);
                self.at(e.pos);
                let (base, len) = (self.comp(&slice, 0), self.comp(&slice, 1));
                self.check_index(kind, index, len);
                Operand::Place(Place::Mem(self.element(base, index, elem)))
            }
            RKind::Basic(Basic::String) => {
                let string = self.expr(&i.x);
                let (index, kind) = self.index_value(index, PanicKind::Index, PanicKind::IndexU);
                self.at(e.pos);
                let (base, len) = (self.comp(&string, 0), self.comp(&string, 1));
                self.check_index(kind, index, len);
                let addr = self.bin(goxide_ir::BinaryOp::Iadd, base, index);
                let flags = goxide_ir::MemFlags {
                    no_trap: true,
                    tag: goxide_ir::AliasTag::NUMBER,
                    ..Default::default()
                };
                Operand::Val(Val::one(self.b.load(Ty::I8, addr, 0, flags)))
            }
            RKind::Pointer(array) => {
                let RKind::Array(n, elem) = self.l.under_kind(array) else {
                    return self.bad_operand(e);
                };
                let ptr = self.expr(&i.x);
                let ptr = self.scalar(&ptr);
                let base = Operand::Place(Place::Mem(Mem::unchecked(ptr)));
                self.array_element(e, base, array, n, elem, index)
            }
            RKind::Array(n, elem) => {
                let base = self.operand(&i.x);
                self.array_element(e, base, ty, n, elem, index)
            }
            _ => self.bad_operand(e),
        }
    }

    fn bad_operand(&mut self, e: &Expr) -> Operand {
        self.unsupported(e.pos, "index expression of this type");
        let ty = self.type_of(e);
        Operand::Val(self.bad(ty))
    }

    fn array_element(
        &mut self,
        e: &Expr,
        base: Operand,
        array: RType,
        n: u64,
        elem: RType,
        index: &Expr,
    ) -> Operand {
        let (index, kind) = self.index_value(index, PanicKind::Index, PanicKind::IndexU);
        self.at(e.pos);
        let len = self.int(n as i64);
        match base {
            Operand::Place(Place::Mem(mem)) => {
                // The nil check of a pointer to an array comes before the bounds check.
                let mem = self.checked(mem, n, elem, index);
                self.check_index(kind, index, len);
                Operand::Place(Place::Mem(self.array_mem(mem, index, elem)))
            }
            Operand::Place(Place::Vars(vars)) => {
                self.check_index(kind, index, len);
                match n {
                    0 => Operand::Val(self.zero(elem)),
                    _ => Operand::Place(Place::Vars(vars)),
                }
            }
            other => {
                let val = self.operand_val(other, array);
                self.check_index(kind, index, len);
                match val {
                    Val::Scalars(_) if n == 0 => Operand::Val(self.zero(elem)),
                    Val::Scalars(s) => Operand::Val(Val::Scalars(s)),
                    val => {
                        let mem = self.in_memory(&val, array);
                        Operand::Place(Place::Mem(self.array_mem(mem, index, elem)))
                    }
                }
            }
        }
    }

    fn checked(&mut self, mem: Mem, _n: u64, _elem: RType, index: Value) -> Mem {
        if mem.safe || self.b.func.as_iconst(index).is_some() {
            return mem;
        }
        let addr = self.mem_addr(mem);
        Mem::safe(addr)
    }

    /// Element `index` (in range) of an array in memory.
    pub fn array_mem(&mut self, mem: Mem, index: Value, elem: RType) -> Mem {
        let size = self.layout(elem).size;
        match self.b.func.as_iconst(index) {
            Some(i) if i >= 0 => self.offset_mem(mem, (i as u64).saturating_mul(size)),
            _ => {
                let base = self.mem_addr(mem);
                self.element(base, index, elem)
            }
        }
    }
}
