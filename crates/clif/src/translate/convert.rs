//! Conversions between types.

use super::Translator;
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{self as clif, InstBuilder, MemFlagsData, Type, types};
use goxide_ir::{ConvertOp, Value};

/// 2^63: the first float beyond the signed 64-bit integers.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

impl Translator<'_> {
    pub(super) fn convert(&mut self, op: ConvertOp, to: Type, a: Value) -> clif::Value {
        let from = self.ty(a);
        let a = self.value(a);
        match op {
            ConvertOp::Sext => self.b.ins().sextend(to, a),
            ConvertOp::Zext => self.b.ins().uextend(to, a),
            ConvertOp::Trunc => self.b.ins().ireduce(to, a),
            ConvertOp::SintToFloat => self.b.ins().fcvt_from_sint(to, a),
            ConvertOp::UintToFloat => self.b.ins().fcvt_from_uint(to, a),
            ConvertOp::FloatToSint => self.float_to_sint(a),
            ConvertOp::FloatToUint => self.float_to_uint(a),
            ConvertOp::FloatToFloat if to == types::F64 => self.b.ins().fpromote(to, a),
            ConvertOp::FloatToFloat => self.b.ins().fdemote(to, a),
            ConvertOp::Bitcast if from == to => a,
            ConvertOp::Bitcast => self.b.ins().bitcast(to, MemFlagsData::new(), a),
        }
    }

    /// Toward zero; NaN and what is out of range give MIN, as the processor does it.
    fn float_to_sint(&mut self, a: clif::Value) -> clif::Value {
        if self.target.improve {
            // `post` takes the range checks away.
            return self.b.ins().fcvt_to_sint(types::I64, a);
        }
        // Saturation gives MIN for large negative values only.
        let ty = self.b.func.dfg.value_type(a);
        let limit = self.fconst_of(ty, TWO_TO_63);
        let below = self.b.ins().fcmp(FloatCC::LessThan, a, limit);
        let converted = self.b.ins().fcvt_to_sint_sat(types::I64, a);
        let min = self.iconst(types::I64, i64::MIN);
        self.b.ins().select(below, converted, min)
    }

    /// Below 2^63 as signed, else the excess over 2^63 as signed with the top bit set.
    fn float_to_uint(&mut self, a: clif::Value) -> clif::Value {
        let ty = self.b.func.dfg.value_type(a);
        let limit = self.fconst_of(ty, TWO_TO_63);
        let below = self.b.ins().fcmp(FloatCC::LessThan, a, limit);
        let small = self.float_to_sint(a);
        let excess = self.b.ins().fsub(a, limit);
        let excess = self.float_to_sint(excess);
        let top = self.iconst(types::I64, i64::MIN);
        let large = self.b.ins().bor(excess, top);
        self.b.ins().select(below, small, large)
    }
}
