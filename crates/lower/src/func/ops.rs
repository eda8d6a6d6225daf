//! Arithmetic, shifts, comparisons, string concatenation.

use super::{FuncLower, Mem, Val};
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_ir::{BinaryOp as Ir, ConvertOp, FloatCc, IntCc, MemFlags, Op, Ty, UnaryOp, Value};
use goxide_syntax::ast::{BinaryOp, Expr, ExprKind};
use goxide_types::Basic;
use smallvec::{SmallVec, smallvec};

/// Comparisons with a string constant of at most so many bytes are done in line.
const MAX_INLINE_BYTES: i64 = 16;

impl FuncLower<'_, '_> {
    /// `a op b` for numbers and strings of one type; no comparison, no shift.
    pub fn arith(&mut self, op: BinaryOp, ty: RType, a: Val, b: Val) -> Val {
        let Some(basic) = self.basic(ty) else {
            return self.bad(ty);
        };
        if basic == Basic::String {
            return self.concat_values(&[a, b]);
        }
        if basic.is_complex() {
            return self.complex_arith(op, basic, a, b);
        }
        let (x, y) = (self.scalar(&a), self.scalar(&b));
        if basic.is_float() {
            let op = match op {
                BinaryOp::Add => Ir::Fadd,
                BinaryOp::Sub => Ir::Fsub,
                BinaryOp::Mul => Ir::Fmul,
                _ => Ir::Fdiv,
            };
            return Val::one(self.bin(op, x, y));
        }
        Val::one(self.int_arith(op, basic, x, y))
    }

    fn int_arith(&mut self, op: BinaryOp, basic: Basic, x: Value, y: Value) -> Value {
        let unsigned = basic.is_unsigned();
        let op = match op {
            BinaryOp::Add => Ir::Iadd,
            BinaryOp::Sub => Ir::Isub,
            BinaryOp::Mul => Ir::Imul,
            BinaryOp::And => Ir::Band,
            BinaryOp::Or => Ir::Bor,
            BinaryOp::Xor => Ir::Bxor,
            BinaryOp::AndNot => Ir::BandNot,
            BinaryOp::Quo | BinaryOp::Rem => {
                if self.b.func.as_iconst(y).is_none_or(|n| n == 0) {
                    let zero = self.b.zero(self.b.func.ty(y));
                    let ok = self.b.icmp(IntCc::Ne, y, zero);
                    self.b
                        .push(Op::Check(PanicKind::Divide, ok, SmallVec::new()));
                }
                match (op, unsigned) {
                    (BinaryOp::Quo, true) => Ir::Udiv,
                    (BinaryOp::Quo, false) => Ir::Sdiv,
                    (_, true) => Ir::Urem,
                    (_, false) => Ir::Srem,
                }
            }
            _ => return x,
        };
        self.bin(op, x, y)
    }

    fn complex_arith(&mut self, op: BinaryOp, basic: Basic, a: Val, b: Val) -> Val {
        let (ar, ai) = (self.comp(&a, 0), self.comp(&a, 1));
        let (br, bi) = (self.comp(&b, 0), self.comp(&b, 1));
        match op {
            BinaryOp::Add => Val::Scalars(smallvec![
                self.bin(Ir::Fadd, ar, br),
                self.bin(Ir::Fadd, ai, bi)
            ]),
            BinaryOp::Sub => Val::Scalars(smallvec![
                self.bin(Ir::Fsub, ar, br),
                self.bin(Ir::Fsub, ai, bi)
            ]),
            BinaryOp::Mul => {
                let (rr, ii) = (self.bin(Ir::Fmul, ar, br), self.bin(Ir::Fmul, ai, bi));
                let (ri, ir) = (self.bin(Ir::Fmul, ar, bi), self.bin(Ir::Fmul, ai, br));
                Val::Scalars(smallvec![
                    self.bin(Ir::Fsub, rr, ii),
                    self.bin(Ir::Fadd, ri, ir)
                ])
            }
            _ => {
                let narrow = basic == Basic::Complex64;
                let wide: Vec<Value> = [ar, ai, br, bi]
                    .into_iter()
                    .map(|v| if narrow { self.float_to(v, Ty::F64) } else { v })
                    .collect();
                let q = self.rt("complex128div", &wide);
                let q: SmallVec<[Value; 3]> = q
                    .iter()
                    .take(2)
                    .map(|&v| if narrow { self.float_to(v, Ty::F32) } else { v })
                    .collect();
                Val::Scalars(q)
            }
        }
    }

    /// A float of another width.
    pub fn float_to(&mut self, v: Value, ty: Ty) -> Value {
        if self.b.func.ty(v) == ty {
            return v;
        }
        self.b.push1(Op::Convert(ConvertOp::FloatToFloat, ty, v))
    }

    /// `-x`
    pub fn negate(&mut self, val: Val, ty: RType) -> Val {
        let op = match self.basic(ty) {
            Some(b) if b.is_float() || b.is_complex() => UnaryOp::Fneg,
            _ => UnaryOp::Ineg,
        };
        match val {
            Val::Scalars(s) => Val::Scalars(
                s.into_iter()
                    .map(|v| self.b.push1(Op::Unary(op, v)))
                    .collect(),
            ),
            other => other,
        }
    }

    // ---- shifts ----

    /// A shift count as an unsigned i64; panics if it is negative.
    pub fn shift_count(&mut self, e: &Expr) -> Value {
        if let Some(c) = self.info().value(e.id) {
            // It is no negative number, but may be an untyped one of any kind and size.
            let n = c.as_u64().unwrap_or(u64::MAX);
            return self.int(n as i64);
        }
        let ty = self.type_of(e);
        let val = self.expr(e);
        let mut v = self.scalar(&val);
        let Some(basic) = self.basic(ty) else {
            return v;
        };
        let unsigned = basic.is_unsigned();
        v = self.extend(v, Ty::I64, unsigned);
        if !unsigned && self.b.func.as_iconst(v).is_none_or(|n| n < 0) {
            let zero = self.int(0);
            let ok = self.b.icmp(IntCc::Sge, v, zero);
            self.at(e.pos);
            self.b
                .push(Op::Check(PanicKind::Shift, ok, SmallVec::new()));
        }
        v
    }

    /// `a << count`, `a >> count`.
    pub fn shift(&mut self, op: BinaryOp, a: Val, ty: RType, count: Value) -> Val {
        let v = self.scalar(&a);
        let width = self.b.func.ty(v).bytes() * 8;
        let small = self
            .b
            .func
            .as_iconst(count)
            .is_some_and(|n| (0..i64::from(width)).contains(&n));
        let unsigned = self.basic(ty).is_some_and(|b| b.is_unsigned());
        let op = match (op, unsigned, small) {
            (BinaryOp::Shl, _, false) => Ir::Shl,
            (BinaryOp::Shl, _, true) => Ir::ShlInRange,
            (_, true, false) => Ir::Ushr,
            (_, true, true) => Ir::UshrInRange,
            (_, false, false) => Ir::Sshr,
            (_, false, true) => Ir::SshrInRange,
        };
        Val::one(self.bin(op, v, count))
    }

    // ---- strings ----

    /// A tree of `+` on strings as one concatenation.
    pub fn concat(&mut self, e: &Expr, ty: RType) -> Val {
        let mut parts = Vec::new();
        self.concat_parts(e, ty, &mut parts);
        self.at(e.pos);
        self.concat_values(&parts)
    }

    fn concat_parts(&mut self, e: &Expr, ty: RType, parts: &mut Vec<Val>) {
        if self.info().value(e.id).is_none() {
            match &e.kind {
                ExprKind::Paren(p) => return self.concat_parts(&p.x, ty, parts),
                ExprKind::Binary(b) if b.op == BinaryOp::Add => {
                    self.concat_parts(&b.x, ty, parts);
                    return self.concat_parts(&b.y, ty, parts);
                }
                _ => {}
            }
        }
        let val = self.expr_as(e, ty);
        parts.push(val);
    }

    /// Strings joined.
    pub fn concat_values(&mut self, parts: &[Val]) -> Val {
        const NAMES: [&str; 4] = [
            "concatstring2",
            "concatstring3",
            "concatstring4",
            "concatstring5",
        ];
        if parts.len() == 1 {
            return parts[0].clone();
        }
        let result = if let Some(&name) = NAMES.get(parts.len() - 2) {
            let mut args = Vec::new();
            for p in parts {
                self.pass(p, RType::STRING, &mut args);
            }
            self.rt(name, &args)
        } else {
            let array = self.l.mono.array(parts.len() as u64, RType::STRING);
            let mem = self.slot(array);
            for (i, p) in parts.iter().enumerate() {
                let at = self.offset_mem(mem, 16 * i as u64);
                self.store(at, RType::STRING, p);
            }
            let ptr = self.mem_addr(mem);
            let n = self.int(parts.len() as i64);
            self.rt("concatstrings", &[ptr, n, n])
        };
        Val::Scalars(result.iter().take(2).copied().collect())
    }

    // ---- comparisons ----

    /// `a op b` on values of one type: i8.
    pub fn compare(&mut self, op: BinaryOp, ty: RType, a: Val, b: Val) -> Value {
        match op {
            BinaryOp::Eq => self.equal(ty, a, b),
            BinaryOp::Ne => {
                let eq = self.equal(ty, a, b);
                self.not(eq)
            }
            _ => self.order(op, ty, a, b),
        }
    }

    /// The other truth value: of a comparison, the opposite one.
    pub fn not(&mut self, v: Value) -> Value {
        let made = self.b.func.def_inst(v).map(|i| &self.b.func.insts[i].op);
        if let Some(&Op::Icmp(cc, x, y)) = made {
            return self.b.icmp(cc.negated(), x, y);
        }
        let one = self.bool(true);
        self.bin(Ir::Bxor, v, one)
    }

    fn order(&mut self, op: BinaryOp, ty: RType, a: Val, b: Val) -> Value {
        let Some(basic) = self.basic(ty) else {
            return self.b.dead_value(Ty::I8);
        };
        if basic == Basic::String {
            let args = [
                self.comp(&a, 0),
                self.comp(&a, 1),
                self.comp(&b, 0),
                self.comp(&b, 1),
            ];
            let sign = self.rt1("cmpstring", &args);
            let zero = self.int(0);
            return self.b.icmp(int_cc(op, false), sign, zero);
        }
        let (x, y) = (self.scalar(&a), self.scalar(&b));
        if basic.is_float() {
            let cc = match op {
                BinaryOp::Lt => FloatCc::Lt,
                BinaryOp::Le => FloatCc::Le,
                BinaryOp::Gt => FloatCc::Gt,
                _ => FloatCc::Ge,
            };
            return self.b.push1(Op::Fcmp(cc, x, y));
        }
        self.b.icmp(int_cc(op, basic.is_unsigned()), x, y)
    }

    /// `val == nil`, or `!=`: i8.
    pub fn compare_nil(&mut self, val: Val, ty: RType, equal: bool) -> Value {
        // Of slices the pointer, of interfaces the type word; a nil slice has a nil pointer.
        let v = self.comp(&val, 0);
        let _ = ty;
        let nil = self.b.zero(self.b.func.ty(v));
        self.b
            .icmp(if equal { IntCc::Eq } else { IntCc::Ne }, v, nil)
    }

    /// `a == b`: i8. Panics for interfaces that hold incomparable values.
    pub fn equal(&mut self, ty: RType, a: Val, b: Val) -> Value {
        match self.l.under_kind(ty) {
            RKind::Basic(Basic::String) => self.equal_strings(&a, &b),
            RKind::Basic(basic) if basic.is_float() || basic.is_complex() => {
                let n = if basic.is_complex() { 2 } else { 1 };
                let parts = (0..n).map(|i| {
                    let (x, y) = (self.comp(&a, i), self.comp(&b, i));
                    self.b.push1(Op::Fcmp(FloatCc::Eq, x, y))
                });
                let parts: Vec<Value> = parts.collect();
                self.all_of(&parts)
            }
            RKind::Interface(methods) => self.equal_interfaces(!methods.is_empty(), &a, &b),
            RKind::Struct(fields) if !self.layout(ty).in_memory() => {
                let types: Vec<(RType, bool)> =
                    fields.iter().map(|f| (f.ty, f.name.is_blank())).collect();
                self.equal_fields(ty, &types, &a, &b)
            }
            RKind::Array(1, elem) if !self.layout(ty).in_memory() => self.equal(elem, a, b),
            RKind::Array(0, _) => self.bool(true),
            RKind::Struct(_) | RKind::Array(..) => {
                let (p, q) = (self.addr_of_val(&a, ty), self.addr_of_val(&b, ty));
                self.equal_memory(ty, p, q)
            }
            _ => {
                let (x, y) = (self.scalar(&a), self.scalar(&b));
                self.b.icmp(IntCc::Eq, x, y)
            }
        }
    }

    /// Whether all of some truth values hold.
    pub fn all_of(&mut self, parts: &[Value]) -> Value {
        let mut parts = parts.iter().copied();
        let Some(first) = parts.next() else {
            return self.bool(true);
        };
        parts.fold(first, |a, b| self.bin(Ir::Band, a, b))
    }

    /// Compares struct fields in order, stopping at the first that differ. Where none can
    /// panic the cheap ones and the lengths of strings go first.
    fn equal_fields(&mut self, ty: RType, fields: &[(RType, bool)], a: &Val, b: &Val) -> Value {
        let done = self.b.new_block();
        let var = self.b.new_var(Ty::I8);
        let no = self.bool(false);
        self.b.def_var(var, no);
        let all: Vec<(usize, RType)> = fields
            .iter()
            .enumerate()
            .filter(|(_, f)| !f.1)
            .map(|(i, f)| (i, f.0))
            .collect();
        let mut rest = &all[..];
        while !rest.is_empty() {
            let calm = rest
                .iter()
                .take_while(|f| !self.compare_may_panic(f.1))
                .count();
            let (now, later) = rest.split_at(calm.max(1));
            for cheap in [true, false] {
                for &(i, field) in now {
                    let (x, y) = (self.field_val(a, ty, i), self.field_val(b, ty, i));
                    let eq = match (cheap, self.is_cheap(field), self.is_string(field)) {
                        (true, true, _) | (false, false, _) => self.equal(field, x, y),
                        (true, false, true) => {
                            let (n, m) = (self.comp(&x, 1), self.comp(&y, 1));
                            self.b.icmp(IntCc::Eq, n, m)
                        }
                        _ => continue,
                    };
                    let next = self.b.new_block();
                    self.b.branch(eq, next, done);
                    self.b.switch_to_sealed(next);
                }
            }
            rest = later;
        }
        let yes = self.bool(true);
        self.b.def_var(var, yes);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        self.b.use_var(var)
    }

    fn is_cheap(&mut self, ty: RType) -> bool {
        match self.l.under_kind(ty) {
            RKind::Basic(b) => b != Basic::String,
            RKind::Pointer(_) | RKind::Chan(..) => true,
            _ => false,
        }
    }

    /// Compares two values of memory class by address: i8.
    pub fn equal_memory(&mut self, ty: RType, p: Value, q: Value) -> Value {
        let size = self.layout(ty).size;
        if size == 0 {
            return self.bool(true);
        }
        if self.l.is_plain_memory(ty) {
            let n = self.int(size as i64);
            return self.rt_memequal(p, q, n);
        }
        let sym = self.l.equal_func(ty);
        let sig = goxide_ir::Signature {
            params: smallvec![Ty::Ptr, Ty::Ptr],
            results: smallvec![Ty::I8],
        };
        self.b
            .call(goxide_ir::Callee::Direct(sym, Box::new(sig)), vec![p, q])[0]
    }

    /// Calls `memequal`: i8.
    pub fn rt_memequal(&mut self, p: Value, q: Value, n: Value) -> Value {
        let Some(i) = goxide_abi::runtime_call_index("memequal") else {
            return self.b.dead_value(Ty::I8);
        };
        let word = self
            .b
            .call(goxide_ir::Callee::Runtime(i as u16), vec![p, q, n])[0];
        self.b.push1(Op::Convert(ConvertOp::Trunc, Ty::I8, word))
    }

    fn equal_strings(&mut self, a: &Val, b: &Val) -> Value {
        let (p, n) = (self.comp(a, 0), self.comp(a, 1));
        let (q, m) = (self.comp(b, 0), self.comp(b, 1));
        if (p, n) == (q, m) {
            // `x != x` of generic code, which asks for NaNs.
            return self.bool(true);
        }
        for len in [n, m] {
            if self.b.func.as_iconst(len) == Some(0) {
                let zero = self.int(0);
                let other = if len == n { m } else { n };
                return self.b.icmp(IntCc::Eq, other, zero);
            }
        }
        let known = [n, m].into_iter().find_map(|v| self.b.func.as_iconst(v));
        let known = known.filter(|bytes| (1..=MAX_INLINE_BYTES).contains(bytes));
        let var = self.b.new_var(Ty::I8);
        let same = self.b.icmp(IntCc::Eq, n, m);
        self.b.def_var(var, same);
        let (compare, done) = (self.b.new_block(), self.b.new_block());
        self.b.branch(same, compare, done);
        self.b.switch_to_sealed(compare);
        let eq = match known {
            Some(bytes) => self.equal_short(p, q, bytes),
            None => self.rt_memequal(p, q, n),
        };
        self.b.def_var(var, eq);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        self.b.use_var(var)
    }

    /// Compares a few bytes by at most two reads on each side, which may overlap.
    fn equal_short(&mut self, p: Value, q: Value, bytes: i64) -> Value {
        let (ty, width) = match bytes {
            1 => (Ty::I8, 1),
            2..4 => (Ty::I16, 2),
            4..8 => (Ty::I32, 4),
            _ => (Ty::I64, 8),
        };
        let flags = MemFlags {
            no_trap: true,
            ..MemFlags::default()
        };
        let mut part = |offset: i64| {
            let x = self.b.load(ty, p, offset as i32, flags);
            let y = self.b.load(ty, q, offset as i32, flags);
            self.b.icmp(IntCc::Eq, x, y)
        };
        let first = part(0);
        if bytes == width {
            return first;
        }
        let last = part(bytes - width);
        self.bin(Ir::Band, first, last)
    }

    fn equal_interfaces(&mut self, methods: bool, a: &Val, b: &Val) -> Value {
        let (ta, da) = (self.comp(a, 0), self.comp(a, 1));
        let (tb, db) = (self.comp(b, 0), self.comp(b, 1));
        let var = self.b.new_var(Ty::I8);
        let same = self.b.icmp(IntCc::Eq, ta, tb);
        self.b.def_var(var, same);
        let (compare, done) = (self.b.new_block(), self.b.new_block());
        self.b.branch(same, compare, done);
        self.b.switch_to_sealed(compare);
        let eq = self.rt1(if methods { "ifaceeq" } else { "efaceeq" }, &[ta, da, db]);
        self.b.def_var(var, eq);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        self.b.use_var(var)
    }

    /// Compares values of any type by address, as generated equality functions do: i8.
    pub fn equal_at(&mut self, ty: RType, p: Mem, q: Mem) -> Value {
        if self.layout(ty).in_memory() {
            let (p, q) = (self.mem_addr(p), self.mem_addr(q));
            return self.equal_memory(ty, p, q);
        }
        let (a, b) = (self.load(p, ty), self.load(q, ty));
        self.equal(ty, a, b)
    }
}

fn int_cc(op: BinaryOp, unsigned: bool) -> IntCc {
    match (op, unsigned) {
        (BinaryOp::Lt, false) => IntCc::Slt,
        (BinaryOp::Le, false) => IntCc::Sle,
        (BinaryOp::Gt, false) => IntCc::Sgt,
        (BinaryOp::Ge, false) => IntCc::Sge,
        (BinaryOp::Lt, true) => IntCc::Ult,
        (BinaryOp::Le, true) => IntCc::Ule,
        (BinaryOp::Gt, true) => IntCc::Ugt,
        (BinaryOp::Ge, true) => IntCc::Uge,
        (BinaryOp::Ne, _) => IntCc::Ne,
        _ => IntCc::Eq,
    }
}
