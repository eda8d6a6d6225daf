//! Constants, arithmetic, shifts and comparisons.

use super::{LocalHelper, Namespace, Step, Translator};
use crate::CpuLevel;
use crate::convention::{go_signature, pack};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{self as clif, InstBuilder, Type, types};
use goxide_ir::{BinaryOp, FloatCc, Inst, IntCc, Ty, UnaryOp, Value};

impl Translator<'_> {
    pub(super) fn iconst(&mut self, ty: Type, value: i64) -> clif::Value {
        // Cranelift wants the bits above the type's width to be zero.
        let mask = u64::MAX >> (64 - ty.bits());
        self.b.ins().iconst(ty, (value as u64 & mask) as i64)
    }

    pub(super) fn fconst(&mut self, ty: Type, bits: u64) -> clif::Value {
        if ty == types::F32 {
            self.b.ins().f32const(Ieee32::with_bits(bits as u32))
        } else {
            self.b.ins().f64const(Ieee64::with_bits(bits))
        }
    }

    /// The constant of a float type nearest to `value`.
    pub(super) fn fconst_of(&mut self, ty: Type, value: f64) -> clif::Value {
        let bits = if ty == types::F32 {
            u64::from((value as f32).to_bits())
        } else {
            value.to_bits()
        };
        self.fconst(ty, bits)
    }

    pub(super) fn unary(&mut self, op: UnaryOp, a: Value) -> clif::Value {
        let a = self.value(a);
        match op {
            UnaryOp::Ineg => self.b.ins().ineg(a),
            UnaryOp::Bnot => self.b.ins().bnot(a),
            UnaryOp::Fneg => self.b.ins().fneg(a),
            UnaryOp::Fabs => self.b.ins().fabs(a),
            UnaryOp::Sqrt => self.b.ins().sqrt(a),
            UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc | UnaryOp::Nearest => self.round(op, a),
            UnaryOp::Clz => self.b.ins().clz(a),
            UnaryOp::Ctz => self.b.ins().ctz(a),
            UnaryOp::Popcnt => self.b.ins().popcnt(a),
            UnaryOp::Bswap => self.b.ins().bswap(a),
            UnaryOp::Bitrev => self.b.ins().bitrev(a),
        }
    }

    /// Rounding to an integral value.
    fn round(&mut self, op: UnaryOp, a: clif::Value) -> clif::Value {
        if self.target.cpu == CpuLevel::V1 {
            return self.round_without_sse41(op, a);
        }
        match op {
            UnaryOp::Floor => self.b.ins().floor(a),
            UnaryOp::Ceil => self.b.ins().ceil(a),
            UnaryOp::Trunc => self.b.ins().trunc(a),
            _ => self.b.ins().nearest(a),
        }
    }

    /// Adding and taking away 2^(mantissa bits) rounds to nearest even; the other ways
    /// correct that by one. From this size on (and for NaN and infinities) a value is its
    /// own result. The sign is copied back, for results that are zero.
    fn round_without_sse41(&mut self, op: UnaryOp, a: clif::Value) -> clif::Value {
        let ty = self.b.func.dfg.value_type(a);
        let limit = if ty == types::F32 { 23 } else { 52 };
        let magic = self.fconst_of(ty, f64::from(limit).exp2());
        let one = self.fconst_of(ty, 1.0);
        let magnitude = self.b.ins().fabs(a);
        let is_small = self.b.ins().fcmp(FloatCC::LessThan, magnitude, magic);
        let up = self.b.ins().fadd(magnitude, magic);
        let nearest = self.b.ins().fsub(up, magic);
        let rounded = match op {
            UnaryOp::Nearest => nearest,
            UnaryOp::Trunc => {
                let less = self.b.ins().fsub(nearest, one);
                let over = self.b.ins().fcmp(FloatCC::GreaterThan, nearest, magnitude);
                self.b.ins().select(over, less, nearest)
            }
            _ => {
                let signed = self.b.ins().fcopysign(nearest, a);
                let (cc, corrected) = if op == UnaryOp::Floor {
                    (FloatCC::GreaterThan, self.b.ins().fsub(signed, one))
                } else {
                    (FloatCC::LessThan, self.b.ins().fadd(signed, one))
                };
                let off = self.b.ins().fcmp(cc, signed, a);
                self.b.ins().select(off, corrected, signed)
            }
        };
        let signed = self.b.ins().fcopysign(rounded, a);
        self.b.ins().select(is_small, signed, a)
    }

    pub(super) fn binary(&mut self, op: BinaryOp, a: Value, b: Value) -> clif::Value {
        use BinaryOp::*;
        let (x, y) = (self.value(a), self.value(b));
        match op {
            Iadd => self.b.ins().iadd(x, y),
            Isub => self.b.ins().isub(x, y),
            Imul => self.b.ins().imul(x, y),
            Umulhi => self.b.ins().umulhi(x, y),
            Smulhi => self.b.ins().smulhi(x, y),
            Sdiv | Srem => self.signed_division(op == Srem, a, b),
            Udiv => self.b.ins().udiv(x, y),
            Urem => self.b.ins().urem(x, y),
            Band => self.b.ins().band(x, y),
            Bor => self.b.ins().bor(x, y),
            Bxor => self.b.ins().bxor(x, y),
            BandNot => self.b.ins().band_not(x, y),
            Shl | Ushr | Sshr => self.shift(op, a, b),
            ShlInRange => self.shift_in_range(Shl, x, y),
            UshrInRange => self.shift_in_range(Ushr, x, y),
            SshrInRange => self.shift_in_range(Sshr, x, y),
            Rotl => self.b.ins().rotl(x, y),
            Fadd => self.b.ins().fadd(x, y),
            Fsub => self.b.ins().fsub(x, y),
            Fmul => self.b.ins().fmul(x, y),
            Fdiv => self.b.ins().fdiv(x, y),
            Fmin => self.b.ins().fmin(x, y),
            Fmax => self.b.ins().fmax(x, y),
            Fcopysign => self.b.ins().fcopysign(x, y),
        }
    }

    /// A sum that stays where it is: Cranelift leaves operations with two results alone.
    pub(super) fn kept_sum(&mut self, op: BinaryOp, a: Value, b: Value) -> clif::Value {
        let (x, y) = (self.value(a), self.value(b));
        if op == BinaryOp::Iadd {
            self.b.ins().uadd_overflow(x, y).0
        } else {
            self.b.ins().usub_overflow(x, y).0
        }
    }

    /// The processor faults at MIN / -1, so a divisor of -1 goes another way.
    fn signed_division(&mut self, remainder: bool, a: Value, b: Value) -> clif::Value {
        let (x, y) = (self.value(a), self.value(b));
        let ty = self.ty(a);
        let divide = |t: &mut Self| {
            if remainder {
                t.b.ins().srem(x, y)
            } else {
                t.b.ins().sdiv(x, y)
            }
        };
        let by_minus_one = |t: &mut Self| {
            if remainder {
                t.iconst(ty, 0)
            } else {
                t.b.ins().ineg(x)
            }
        };
        match self.func.as_iconst(b) {
            Some(-1) => return by_minus_one(self),
            Some(n) if n != 0 => return divide(self),
            _ => {}
        }
        let special = self.b.create_block();
        let usual = self.b.create_block();
        let join = self.b.create_block();
        let result = self.b.append_block_param(join, ty);
        self.b.set_cold_block(special);
        let minus_one = self.iconst(ty, -1);
        let is_special = self.b.ins().icmp(IntCC::Equal, y, minus_one);
        self.b.ins().brif(is_special, special, &[], usual, &[]);
        self.b.switch_to_block(special);
        let value = by_minus_one(self);
        self.b.ins().jump(join, &[value.into()]);
        self.b.switch_to_block(usual);
        let value = divide(self);
        self.b.ins().jump(join, &[value.into()]);
        self.b.switch_to_block(join);
        result
    }

    /// A shift by any unsigned count. The processor takes the count modulo the width, so
    /// large ones are replaced or the result is.
    fn shift(&mut self, op: BinaryOp, a: Value, count: Value) -> clif::Value {
        let bits = i64::from(self.ty(a).bits());
        let (x, y) = (self.value(a), self.value(count));
        if let Some(n) = self.func.as_iconst(count) {
            return match (op, (0..bits).contains(&n)) {
                (_, true) => self.shift_in_range(op, x, y),
                (BinaryOp::Sshr, false) => {
                    let all = self.iconst(types::I64, bits - 1);
                    self.shift_in_range(op, x, all)
                }
                (_, false) => self.iconst(self.ty(a), 0),
            };
        }
        let limit = self.iconst(types::I64, bits);
        let in_range = self.b.ins().icmp(IntCC::UnsignedLessThan, y, limit);
        if op == BinaryOp::Sshr {
            let last = self.iconst(types::I64, bits - 1);
            let count = self.b.ins().select(in_range, y, last);
            return self.shift_in_range(op, x, count);
        }
        let shifted = self.shift_in_range(op, x, y);
        let zero = self.iconst(self.ty(a), 0);
        self.b.ins().select(in_range, shifted, zero)
    }

    /// A shift by less than the width. Narrow values are shifted as 32 bits: the processor
    /// masks the count to five bits then, and Cranelift adds no mask of its own.
    fn shift_in_range(&mut self, op: BinaryOp, x: clif::Value, count: clif::Value) -> clif::Value {
        let ty = self.b.func.dfg.value_type(x);
        let narrow = ty.bits() < 32;
        let wide = match (narrow, op) {
            (false, _) => x,
            (true, BinaryOp::Sshr) => self.b.ins().sextend(types::I32, x),
            (true, _) => self.b.ins().uextend(types::I32, x),
        };
        let shifted = match op {
            BinaryOp::Shl => self.b.ins().ishl(wide, count),
            BinaryOp::Ushr => self.b.ins().ushr(wide, count),
            _ => self.b.ins().sshr(wide, count),
        };
        if narrow {
            self.b.ins().ireduce(ty, shifted)
        } else {
            shifted
        }
    }

    pub(super) fn add_carry(&mut self, inst: Inst, a: Value, b: Value, carry: Value) -> Step {
        let (a, b, carry) = (self.value(a), self.value(b), self.value(carry));
        let (sum, first) = self.b.ins().uadd_overflow(a, b);
        let (sum, second) = self.b.ins().uadd_overflow(sum, carry);
        let either = self.b.ins().bor(first, second);
        let either = self.b.ins().uextend(types::I64, either);
        self.results(inst, &[sum, either]);
        Ok(())
    }

    pub(super) fn sub_borrow(&mut self, inst: Inst, a: Value, b: Value, borrow: Value) -> Step {
        let (a, b, borrow) = (self.value(a), self.value(b), self.value(borrow));
        let (difference, first) = self.b.ins().usub_overflow(a, b);
        let (difference, second) = self.b.ins().usub_overflow(difference, borrow);
        let either = self.b.ins().bor(first, second);
        let either = self.b.ins().uextend(types::I64, either);
        self.results(inst, &[difference, either]);
        Ok(())
    }

    pub(super) fn div128(&mut self, inst: Inst, hi: Value, lo: Value, divisor: Value) -> Step {
        let params = [Ty::I64; 3];
        let sig = go_signature(&params, &[Ty::I64; 2], &pack(&params));
        let index = LocalHelper::Div128 as u32;
        let function = self.function(Namespace::Helper, index, sig);
        let args = self.values(&[hi, lo, divisor]);
        let call = self.b.ins().call(function, &args);
        let results = self.b.inst_results(call).to_vec();
        self.results(inst, &results);
        Ok(())
    }

    pub(super) fn fma(&mut self, a: Value, b: Value, c: Value) -> Result<clif::Value, String> {
        if !self.target.cpu.has_fma() {
            return Err("fused multiply-add needs the processor level v3".into());
        }
        let (a, b, c) = (self.value(a), self.value(b), self.value(c));
        Ok(self.b.ins().fma(a, b, c))
    }

    pub(super) fn icmp(&mut self, cc: IntCc, a: Value, b: Value) -> clif::Value {
        let (a, b) = (self.value(a), self.value(b));
        self.b.ins().icmp(int_cc(cc), a, b)
    }

    pub(super) fn fcmp(&mut self, cc: FloatCc, a: Value, b: Value) -> clif::Value {
        let (a, b) = (self.value(a), self.value(b));
        self.b.ins().fcmp(float_cc(cc), a, b)
    }
}

/// Cranelift's name of a comparison.
pub(super) fn int_cc(cc: IntCc) -> IntCC {
    match cc {
        IntCc::Eq => IntCC::Equal,
        IntCc::Ne => IntCC::NotEqual,
        IntCc::Slt => IntCC::SignedLessThan,
        IntCc::Sle => IntCC::SignedLessThanOrEqual,
        IntCc::Sgt => IntCC::SignedGreaterThan,
        IntCc::Sge => IntCC::SignedGreaterThanOrEqual,
        IntCc::Ult => IntCC::UnsignedLessThan,
        IntCc::Ule => IntCC::UnsignedLessThanOrEqual,
        IntCc::Ugt => IntCC::UnsignedGreaterThan,
        IntCc::Uge => IntCC::UnsignedGreaterThanOrEqual,
    }
}

/// Cranelift's name of a comparison.
pub(super) fn float_cc(cc: FloatCc) -> FloatCC {
    match cc {
        FloatCc::Eq => FloatCC::Equal,
        FloatCc::Ne => FloatCC::NotEqual,
        FloatCc::Lt => FloatCC::LessThan,
        FloatCc::Le => FloatCC::LessThanOrEqual,
        FloatCc::Gt => FloatCC::GreaterThan,
        FloatCc::Ge => FloatCC::GreaterThanOrEqual,
    }
}
