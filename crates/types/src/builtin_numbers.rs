//! Built-in functions on numbers: complex, real, imag, min, max.

use crate::builtin::Builtin;
use crate::builtin_call::BuiltinCall;
use crate::checker::Checker;
use crate::constant::{CompareOp, Value};
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_syntax::ast::Expr;

/// Numbers.
impl<'a> Checker<'_, 'a> {
    pub(crate) fn complex(
        &mut self,
        b: BuiltinCall<'a>,
        mut args: Vec<Operand<'a>>,
    ) -> Operand<'a> {
        let mut y = args.remove(1);
        let mut x = args.remove(0);
        // Untyped operands take each other's type, or float64 if they are no constants.
        match (self.p.is_untyped(x.ty), self.p.is_untyped(y.ty)) {
            (true, false) => self.convert_untyped(&mut x, y.ty),
            (false, true) => self.convert_untyped(&mut y, x.ty),
            (true, true) => {
                if x.val().is_some() && y.val().is_some() {
                    for o in [&mut x, &mut y] {
                        let real = self.p.is_numeric(o.ty)
                            && o.val().is_some_and(|v| v.imag_part().is_zero());
                        if real {
                            o.ty = TypeId::UNTYPED_FLOAT;
                        }
                    }
                } else {
                    self.convert_untyped(&mut x, TypeId::FLOAT64);
                    self.convert_untyped(&mut y, TypeId::FLOAT64);
                }
            }
            _ => {}
        }
        if !x.ok() || !y.ok() {
            return b.wrong();
        }
        if !self.p.identical(x.ty, y.ty) {
            let msg = format!(
                "invalid operation: {} (mismatched types {} and {})",
                b.e,
                self.ts(x.ty),
                self.ts(y.ty)
            );
            self.err(x.pos(), "InvalidComplex", msg);
            return b.wrong();
        }
        let result = match self.p.basic(x.ty).filter(|_| !self.p.is_type_param(x.ty)) {
            Some(Basic::Float32) => TypeId::COMPLEX64,
            Some(Basic::Float64) => TypeId::COMPLEX128,
            Some(Basic::UntypedFloat) => TypeId::UNTYPED_COMPLEX,
            _ if self.p.is_type_param(x.ty) && self.p.all_basic(x.ty, Basic::is_float) => {
                return self.not_for_params(b, &x);
            }
            _ => {
                let why = format!(
                    "arguments have type {}, expected floating-point",
                    self.ts(x.ty)
                );
                return self.bad_argument(b, &x, "InvalidComplex", &why);
            }
        };
        if let (Some(re), Some(im)) = (x.val(), y.val()) {
            let value = Value::complex(re.clone().into_float(), im.clone().into_float());
            return b.constant(value, result);
        }
        self.record_use(b, &[x.ty, x.ty], &[result], false);
        b.value(result)
    }

    /// Reports an argument whose type is a type parameter: the result could have no type.
    fn not_for_params(&mut self, b: BuiltinCall<'a>, x: &Operand<'a>) -> Operand<'a> {
        let msg = format!(
            "{} not supported as argument to built-in {} for go1.18 (see go.dev/issue/50937)",
            self.show(x),
            b.id.name()
        );
        self.err(x.pos(), "InvalidComplex", msg);
        b.wrong()
    }

    pub(crate) fn real_imag(
        &mut self,
        b: BuiltinCall<'a>,
        mut args: Vec<Operand<'a>>,
    ) -> Operand<'a> {
        let mut x = args.remove(0);
        if self.p.is_untyped(x.ty) {
            if x.val().is_some() {
                if self.p.is_numeric(x.ty) {
                    x.ty = TypeId::UNTYPED_COMPLEX;
                }
            } else {
                self.convert_untyped(&mut x, TypeId::COMPLEX128);
                if !x.ok() {
                    return b.wrong();
                }
            }
        }
        let result = match self.p.basic(x.ty).filter(|_| !self.p.is_type_param(x.ty)) {
            Some(Basic::Complex64) => TypeId::FLOAT32,
            Some(Basic::Complex128) => TypeId::FLOAT64,
            Some(Basic::UntypedComplex) => TypeId::UNTYPED_FLOAT,
            _ if self.p.is_type_param(x.ty) && self.p.all_basic(x.ty, Basic::is_complex) => {
                return self.not_for_params(b, &x);
            }
            _ => {
                let why = format!("argument has type {}, expected complex type", self.ts(x.ty));
                return self.bad_argument(b, &x, "InvalidReal", &why);
            }
        };
        if let Some(value) = x.val() {
            let part = if b.id == Builtin::Real {
                value.real_part()
            } else {
                value.imag_part()
            };
            return b.constant(part.into_float(), result);
        }
        self.record_use(b, &[x.ty], &[result], false);
        b.value(result)
    }

    pub(crate) fn min_max(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
        let name = b.id.name();
        if !self.need_version(b.call.fun.start(), 21, name) {
            return b.wrong();
        }
        let op = if b.id == Builtin::Max {
            CompareOp::Gt
        } else {
            CompareOp::Lt
        };
        for x in &args {
            if !self.p.all_ordered(x.ty) {
                let why = format!("{} cannot be ordered", self.show(x));
                let msg = format!("invalid argument: {why}");
                self.err(x.pos(), "InvalidMinMaxOperand", msg);
                return b.wrong();
            }
        }
        let mut args = args.into_iter();
        let Some(mut x) = args.next() else {
            return b.wrong();
        };
        let mut others: Vec<Operand<'a>> = Vec::new();
        for mut a in args {
            self.match_types(&mut x, &mut a);
            if !x.ok() {
                return b.wrong();
            }
            if !self.p.identical(x.ty, a.ty) {
                let msg = format!(
                    "invalid argument: mismatched types {} (previous argument) and {} (type of {})",
                    self.ts(x.ty),
                    self.ts(a.ty),
                    a.expr.map_or(String::new(), Expr::to_string)
                );
                self.err(a.pos(), "MismatchedTypes", msg);
                return b.wrong();
            }
            match (x.val().cloned(), a.val().cloned()) {
                (Some(v), Some(w)) => {
                    if w.compare(op, &v) == Some(true) {
                        x.mode = OpMode::Constant(w);
                    }
                }
                _ => x.mode = OpMode::Value,
            }
            others.push(a);
        }
        let ty = x.ty;
        if let Some(value) = x.val() {
            return b.constant(value.clone(), ty);
        }
        // All operands take the final type.
        let last = self.p.default_type(ty);
        for e in &b.call.args {
            self.update_expr_type(e, last, true);
        }
        let types = vec![last; b.call.args.len()];
        self.record_use(b, &types, &[last], false);
        b.value(last)
    }
}
