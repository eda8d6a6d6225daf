//! Conversions.

use super::{FuncLower, Mem, Val};
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_ir::{BinaryOp as Ir, ConvertOp, FloatCc, IntCc, Op, Ty, Value};
use goxide_syntax::ast::{Expr, ExprKind};
use goxide_types::{Basic, Mode};
use smallvec::smallvec;

impl FuncLower<'_, '_> {
    /// A value assigned to a variable of another type: only interfaces change it.
    pub fn assign_convert(&mut self, val: Val, from: RType, to: RType) -> Val {
        if from == to || !self.l.is_interface(to) {
            return val;
        }
        self.to_interface(val, from, to)
    }

    /// What `T(x)` converts, and the two types, if an expression is such a conversion of
    /// something that is not constant.
    fn converted<'e>(&mut self, e: &'e Expr) -> Option<(&'e Expr, RType, RType)> {
        let e = e.unparen();
        let ExprKind::Call(c) = &e.kind else {
            return None;
        };
        let x = c.args.first()?;
        if self.info().mode(c.fun.unparen().id) != Some(Mode::TypeExpr)
            || self.info().value(x.id).is_some()
        {
            return None;
        }
        Some((x, self.type_of_single(x), self.type_of(e)))
    }

    fn is_bytes(&mut self, ty: RType) -> bool {
        match self.l.under_kind(ty) {
            RKind::Slice(elem) => self.basic(elem) == Some(Basic::Uint8),
            _ => false,
        }
    }

    /// The string in `[]byte(string)`, for a loop over the bytes: nobody else sees them, so it
    /// can read those of the string.
    pub fn converted_string<'e>(&mut self, e: &'e Expr) -> Option<&'e Expr> {
        let (x, from, to) = self.converted(e)?;
        (self.is_string(from) && self.is_bytes(to)).then_some(x)
    }

    /// The value of a string expression for somebody who reads it at once and does not keep
    /// it: of converted bytes, these themselves.
    pub fn glance(&mut self, e: &Expr, ty: RType) -> Val {
        match self.converted(e) {
            Some((x, from, to)) if self.is_bytes(from) && to == ty && self.is_string(to) => {
                let bytes = self.expr(x);
                Val::Scalars(smallvec![self.comp(&bytes, 0), self.comp(&bytes, 1)])
            }
            _ => self.expr_as(e, ty),
        }
    }

    /// Whether [`glance`](Self::glance) spares a copy.
    pub fn is_converted_bytes(&mut self, e: &Expr) -> bool {
        let converted = self.converted(e);
        converted.is_some_and(|(_, from, to)| self.is_bytes(from) && self.is_string(to))
    }

    /// `T(x)`
    pub fn conversion(&mut self, e: &Expr, x: &Expr, to: RType) -> Val {
        if self.is_nil(x) {
            return self.zero(to);
        }
        if self.info().value(x.id).is_some() && self.l.is_interface(to) {
            return self.expr_as(x, to);
        }
        if let Some(c) = self.info().value(x.id).cloned()
            && let Some(basic) = self.basic(to)
            && (basic != Basic::String || c.as_bytes().is_some())
            && basic != Basic::UnsafePointer
        {
            // The conversion is no constant itself, but to a type parameter's type.
            return self.constant(&c, to);
        }
        let from = self.type_of_single(x);
        if self.is_early_conversion(x, to) {
            self.first_round_of(x);
        }
        let val = self.expr(x);
        self.at(e.pos);
        self.convert(val, from, to)
    }

    /// Converts a value.
    pub fn convert(&mut self, val: Val, from: RType, to: RType) -> Val {
        if from == to {
            return val;
        }
        let (f, t) = (self.l.under_kind(from), self.l.under_kind(to));
        if matches!(
            (&f, &t),
            (RKind::Basic(Basic::UnsafePointer), RKind::Pointer(_))
        ) {
            self.b.func.flags.reinterprets = true;
        }
        match (&f, &t) {
            (_, RKind::Interface(_)) => self.to_interface(val, from, to),
            _ if f == t => val,
            (RKind::Basic(a), RKind::Basic(b)) => self.convert_basic(val, *a, *b),
            (RKind::Slice(elem), RKind::Basic(Basic::String)) => {
                let name = match self.basic(*elem) {
                    Some(Basic::Uint8) => {
                        let args = [self.comp(&val, 0), self.comp(&val, 1)];
                        let r = self.rt("slicebytetostring", &args);
                        return Val::Scalars(r.iter().take(2).copied().collect());
                    }
                    _ => "slicerunetostring",
                };
                let args = [self.comp(&val, 0), self.comp(&val, 1), self.comp(&val, 2)];
                let r = self.rt(name, &args);
                Val::Scalars(r.iter().take(2).copied().collect())
            }
            (RKind::Basic(Basic::String), RKind::Slice(elem)) => {
                let name = match self.basic(*elem) {
                    Some(Basic::Uint8) => "stringtoslicebyte",
                    _ => "stringtoslicerune",
                };
                let args = [self.comp(&val, 0), self.comp(&val, 1)];
                let r = self.rt(name, &args);
                Val::Scalars(r.iter().take(3).copied().collect())
            }
            (RKind::Slice(_), RKind::Array(n, _)) => {
                let ptr = self.slice_to_array_ptr(&val, *n);
                if *n == 0 {
                    return self.zero(to);
                }
                self.load(Mem::safe(ptr), to)
            }
            (RKind::Slice(_), RKind::Pointer(array)) => {
                let n = match self.l.under_kind(*array) {
                    RKind::Array(n, _) => n,
                    _ => 0,
                };
                Val::one(self.slice_to_array_ptr(&val, n))
            }
            (RKind::Basic(Basic::Uintptr), _) => {
                let v = self.scalar(&val);
                Val::one(self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::Ptr, v)))
            }
            (_, RKind::Basic(Basic::Uintptr)) => {
                let v = self.scalar(&val);
                Val::one(self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, v)))
            }
            // Pointers, channels, structs that differ in tags or names only.
            _ => val,
        }
    }

    fn slice_to_array_ptr(&mut self, val: &Val, n: u64) -> Value {
        let (ptr, len) = (self.comp(val, 0), self.comp(val, 1));
        if n > 0 {
            let want = self.int(n as i64);
            let ok = self.b.icmp(IntCc::Uge, len, want);
            self.b
                .push(Op::Check(PanicKind::SliceConvert, ok, smallvec![len, want]));
        }
        ptr
    }

    fn convert_basic(&mut self, val: Val, from: Basic, to: Basic) -> Val {
        if from.is_complex() && to.is_complex() {
            let ty = if to == Basic::Complex64 {
                Ty::F32
            } else {
                Ty::F64
            };
            let (re, im) = (self.comp(&val, 0), self.comp(&val, 1));
            return Val::Scalars(smallvec![self.float_to(re, ty), self.float_to(im, ty)]);
        }
        let v = self.scalar(&val);
        match (from, to) {
            (_, Basic::String) if from.is_integer() => self.int_to_string(v, from),
            (Basic::UnsafePointer, Basic::Uintptr) => {
                Val::one(self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, v)))
            }
            (Basic::Uintptr, Basic::UnsafePointer) => {
                Val::one(self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::Ptr, v)))
            }
            _ if from.is_integer() && to.is_integer() => {
                let ty = int_ty(to);
                Val::one(self.extend(v, ty, from.is_unsigned()))
            }
            _ if from.is_integer() && to.is_float() => {
                Val::one(self.int_to_float(v, from, float_ty(to)))
            }
            _ if from.is_float() && to.is_integer() => Val::one(self.float_to_int(v, to)),
            _ if from.is_float() && to.is_float() => Val::one(self.float_to(v, float_ty(to))),
            _ => val,
        }
    }

    fn int_to_string(&mut self, v: Value, from: Basic) -> Val {
        let unsigned = from.is_unsigned();
        let mut wide = self.extend(v, Ty::I64, unsigned);
        if unsigned && int_ty(from) == Ty::I64 {
            // Values beyond 2⁶³ are no runes either: make them negative for sure.
            let zero = self.int(0);
            let bad = self.int(-1);
            let ok = self.b.icmp(IntCc::Sge, wide, zero);
            wide = self.b.push1(Op::Select(ok, wide, bad));
        }
        let r = self.rt("intstring", &[wide]);
        Val::Scalars(r.iter().take(2).copied().collect())
    }

    /// An integer as a float.
    pub fn int_to_float(&mut self, v: Value, from: Basic, ty: Ty) -> Value {
        let unsigned = from.is_unsigned();
        match int_ty(from) {
            Ty::I64 if unsigned => self.b.push1(Op::Convert(ConvertOp::UintToFloat, ty, v)),
            Ty::I32 if !unsigned => self.b.push1(Op::Convert(ConvertOp::SintToFloat, ty, v)),
            _ => {
                let wide = self.extend(v, Ty::I64, unsigned);
                self.b.push1(Op::Convert(ConvertOp::SintToFloat, ty, wide))
            }
        }
    }

    /// A float as an integer, as gc does it on amd64: 64 bits, then cut.
    fn float_to_int(&mut self, v: Value, to: Basic) -> Value {
        let op = match to {
            Basic::Uint | Basic::Uint64 | Basic::Uintptr => ConvertOp::FloatToUint,
            _ => ConvertOp::FloatToSint,
        };
        let wide = self.b.push1(Op::Convert(op, Ty::I64, v));
        self.extend(wide, int_ty(to), false)
    }

    /// `min` or `max` of two values of one type.
    pub fn min_max(&mut self, is_min: bool, ty: RType, a: Val, b: Val) -> Val {
        let Some(basic) = self.basic(ty) else {
            return self.bad(ty);
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
            let cc = if is_min { IntCc::Sle } else { IntCc::Sge };
            let first = self.b.icmp(cc, sign, zero);
            let ptr = self.b.push1(Op::Select(first, args[0], args[2]));
            let len = self.b.push1(Op::Select(first, args[1], args[3]));
            return Val::Scalars(smallvec![ptr, len]);
        }
        let (x, y) = (self.scalar(&a), self.scalar(&b));
        if basic.is_float() {
            let op = if is_min { Ir::Fmin } else { Ir::Fmax };
            return Val::one(self.bin(op, x, y));
        }
        let cc = match (is_min, basic.is_unsigned()) {
            (true, true) => IntCc::Ult,
            (true, false) => IntCc::Slt,
            (false, true) => IntCc::Ugt,
            (false, false) => IntCc::Sgt,
        };
        let first = self.b.icmp(cc, x, y);
        Val::one(self.b.push1(Op::Select(first, x, y)))
    }

    /// Whether a float is no number: i8.
    pub fn is_nan(&mut self, v: Value) -> Value {
        self.b.push1(Op::Fcmp(FloatCc::Ne, v, v))
    }
}

/// The scalar of an integer kind.
pub fn int_ty(b: Basic) -> Ty {
    match b.canonical() {
        Basic::Bool | Basic::Int8 | Basic::Uint8 => Ty::I8,
        Basic::Int16 | Basic::Uint16 => Ty::I16,
        Basic::Int32 | Basic::Uint32 => Ty::I32,
        _ => Ty::I64,
    }
}

/// The scalar of a float kind.
pub fn float_ty(b: Basic) -> Ty {
    if b == Basic::Float32 {
        Ty::F32
    } else {
        Ty::F64
    }
}
