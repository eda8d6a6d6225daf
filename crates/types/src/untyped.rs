//! Untyped expressions: which values are representable in which types, conversion to the
//! type that the context asks for, and the delayed update of what was recorded.

use crate::checker::Checker;
use crate::constant::Value;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_base::Pos;
use goxide_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// Longer constant strings are an error.
const MAX_STRING: u64 = 2_000_000_000;

/// Untyped integer constants of more bits are an error.
const MAX_CONSTANT_BITS: u64 = 512;

/// Why a value cannot become one of a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Misfit {
    /// A number that is not an integer, for an integer type.
    Truncated,
    /// Too large.
    Overflow,
    /// Wrong kind.
    Kind,
}

impl Misfit {
    /// The error code.
    pub fn code(self) -> &'static str {
        match self {
            Misfit::Truncated => "TruncatedFloat",
            Misfit::Overflow => "NumericOverflow",
            Misfit::Kind => "InvalidUntypedConversion",
        }
    }
}

/// `value` as a constant of basic type `ty`, rounded to it; `None` if it does not fit.
pub(crate) fn represent_const(value: &Value, ty: Basic) -> Option<Value> {
    if value.is_unknown() {
        return Some(Value::Unknown);
    }
    let ty = ty.canonical();
    if ty.is_integer() {
        let n = Value::Int(value.to_int()?);
        return integer_fits(&n, ty).then_some(n);
    }
    match ty {
        Basic::Float32 | Basic::Float64 | Basic::UntypedFloat => {
            round_real(&value.to_real().map(|_| value.clone().into_float())?, ty)
        }
        Basic::Complex64 | Basic::Complex128 | Basic::UntypedComplex => {
            if !value.is_numeric() {
                return None;
            }
            let part = match ty {
                Basic::Complex64 => Basic::Float32,
                Basic::Complex128 => Basic::Float64,
                _ => Basic::UntypedFloat,
            };
            let re = round_real(&value.real_part(), part)?;
            let im = round_real(&value.imag_part(), part)?;
            Some(Value::complex(re, im))
        }
        _ if ty.is_string() => value.string_len().map(|_| value.clone()),
        _ if ty.is_boolean() => value.as_bool().map(|_| value.clone()),
        _ => None,
    }
}

fn integer_fits(n: &Value, ty: Basic) -> bool {
    match ty {
        Basic::Int | Basic::Int64 => n.fits(64, true),
        Basic::Int8 => n.fits(8, true),
        Basic::Int16 => n.fits(16, true),
        Basic::Int32 => n.fits(32, true),
        Basic::Uint | Basic::Uint64 | Basic::Uintptr => n.fits(64, false),
        Basic::Uint8 => n.fits(8, false),
        Basic::Uint16 => n.fits(16, false),
        Basic::Uint32 => n.fits(32, false),
        _ => true,
    }
}

/// A real number rounded to a float type. Untyped ones stay as they are.
fn round_real(value: &Value, ty: Basic) -> Option<Value> {
    let rounded = match ty {
        Basic::Float32 => f64::from(value.to_f32()?),
        Basic::Float64 => value.to_f64()?,
        _ => {
            return match value.to_real()? {
                crate::constant::Real::Float(f) if f.is_infinite() => None,
                _ => Some(value.clone()),
            };
        }
    };
    match value {
        _ if !rounded.is_finite() => None,
        // Small integers are exact: they may stay integers.
        Value::Int(n) if n.bits() <= 24 => Some(value.clone()),
        _ => Some(Value::from_f64(rounded)),
    }
}

/// Representability.
impl<'a> Checker<'_, 'a> {
    /// The value of constant `x` as one of basic type `ty`.
    pub fn representation(&mut self, x: &Operand<'a>, ty: Basic) -> Result<Value, Misfit> {
        let Some(value) = x.val() else {
            return Err(Misfit::Kind);
        };
        match represent_const(value, ty) {
            Some(value) => Ok(value),
            None if self.p.is_numeric(x.ty) && ty.is_numeric() => {
                if !self.p.is_integer(x.ty) && ty.is_integer() {
                    Err(Misfit::Truncated)
                } else {
                    Err(Misfit::Overflow)
                }
            }
            None => Err(Misfit::Kind),
        }
    }

    /// Makes constant `x` one of the basic type underlying `ty`, or reports that it can't be.
    pub fn representable(&mut self, x: &mut Operand<'a>, ty: TypeId) {
        let Some(basic) = self.p.basic(ty) else {
            return;
        };
        match self.representation(x, basic) {
            Ok(value) => x.mode = OpMode::Constant(value),
            Err(misfit) => {
                let basic = self.p.under(ty);
                self.invalid_conversion(misfit, x, basic);
                x.invalidate();
            }
        }
    }

    /// Reports that `x` cannot become a `target`.
    pub fn invalid_conversion(&mut self, misfit: Misfit, x: &Operand<'a>, target: TypeId) {
        let (shown, ty) = (self.show(x), self.ts(target));
        let msg = match misfit {
            Misfit::Truncated => format!("{shown} truncated to {ty}"),
            Misfit::Overflow => format!("{shown} overflows {ty}"),
            Misfit::Kind => format!("cannot convert {shown} to type {ty}"),
        };
        self.err(x.pos(), misfit.code(), msg);
    }

    /// Checks that the result of a constant operation can be held.
    pub fn overflow(&mut self, x: &mut Operand<'a>, op_pos: Pos) {
        let Some(value) = x.val() else { return };
        if value.is_unknown() {
            self.err(
                op_pos,
                "InvalidConstVal",
                "constant result is not representable",
            );
            return;
        }
        let len = value.string_len();
        if len.is_none() && self.p.is_typed(x.ty) {
            self.representable(x, x.ty);
            return;
        }
        if let Some(len) = len
            && len > MAX_STRING
        {
            let msg = format!("constant string too long ({len} bytes > {MAX_STRING} bytes)");
            self.err(op_pos, "InvalidConstVal", msg);
            x.mode = OpMode::Constant(Value::Unknown);
            return;
        }
        if value.bit_len() > MAX_CONSTANT_BITS {
            let op = x.expr.map_or("", operation_name);
            self.err(op_pos, "InvalidConstVal", format!("constant {op}overflow"));
            x.mode = OpMode::Constant(Value::Unknown);
        }
    }
}

/// What an operator does, followed by a blank.
fn operation_name(e: &Expr) -> &'static str {
    match &e.kind {
        ExprKind::Binary(b) => match b.op {
            BinaryOp::Add => "addition ",
            BinaryOp::Sub => "subtraction ",
            BinaryOp::Xor => "bitwise XOR ",
            BinaryOp::Mul => "multiplication ",
            BinaryOp::Shl => "shift ",
            _ => "",
        },
        ExprKind::Unary(u) if u.op == UnaryOp::Xor => "bitwise complement ",
        _ => "",
    }
}

/// Conversion of untyped operands.
impl<'a> Checker<'_, 'a> {
    /// The type, and for constants the value, that untyped `x` takes where a `target` is
    /// wanted. Typed operands stay as they are.
    pub fn implicit_type(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(TypeId, Option<Value>), Misfit> {
        if !x.ok() || self.p.is_typed(x.ty) || !self.p.is_valid(target) {
            return Ok((x.ty, None));
        }
        if x.is_nil() {
            let ok = target == TypeId::UNTYPED_NIL || self.p.has_nil(target);
            return if ok {
                Ok((target, None))
            } else {
                Err(Misfit::Kind)
            };
        }
        if self.p.is_untyped(target) {
            return match self.p.max_untyped(x.ty, target) {
                Some(ty) => Ok((ty, None)),
                None => Err(Misfit::Kind),
            };
        }
        match self.p.under_ty(target).clone() {
            Type::Basic(basic) => self.implicit_basic(x, target, basic),
            Type::Interface(_) if self.p.is_type_param(target) => {
                for pair in self.p.specific_types(target) {
                    let Some((_, under)) = pair else {
                        return Err(Misfit::Kind);
                    };
                    if self.implicit_type(x, under).is_err() {
                        return Err(Misfit::Kind);
                    }
                }
                Ok((target, None))
            }
            Type::Interface(_) => {
                // A value in an interface has a concrete type: the default one.
                if self.p.is_empty_interface(target) {
                    Ok((self.p.default_type(x.ty), None))
                } else {
                    Err(Misfit::Kind)
                }
            }
            _ => Err(Misfit::Kind),
        }
    }

    fn implicit_basic(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
        basic: Basic,
    ) -> Result<(TypeId, Option<Value>), Misfit> {
        if matches!(x.mode, OpMode::Constant(_)) {
            let value = self.representation(x, basic)?;
            return Ok((target, Some(value)));
        }
        // Untyped values that are no constants: booleans of comparisons, numbers of
        // shifts.
        let ok = match self.p.ty(x.ty) {
            Type::Basic(Basic::UntypedBool) => basic.is_boolean(),
            Type::Basic(Basic::UntypedString) => basic.is_string(),
            Type::Basic(b) if b.is_numeric() => basic.is_numeric(),
            _ => false,
        };
        if ok {
            Ok((target, None))
        } else {
            Err(Misfit::Kind)
        }
    }

    /// Gives untyped `x` the type that goes with `target`, or reports that it can't have it.
    pub fn convert_untyped(&mut self, x: &mut Operand<'a>, target: TypeId) {
        match self.implicit_type(x, target) {
            Ok((ty, value)) => self.set_implicit(x, ty, value),
            Err(misfit) => {
                let shown = match self.p.is_type_param(target) {
                    true => target,
                    false => self.p.under(target),
                };
                self.invalid_conversion(misfit, x, shown);
                x.invalidate();
            }
        }
    }

    /// Applies what [`Self::implicit_type`] found.
    pub fn set_implicit(&mut self, x: &mut Operand<'a>, ty: TypeId, value: Option<Value>) {
        if let Some(value) = value {
            x.mode = OpMode::Constant(value.clone());
            if let Some(e) = x.expr {
                self.update_value(e, value);
            }
        }
        if ty != x.ty {
            x.ty = ty;
            if let Some(e) = x.expr {
                self.update_expr_type(e, ty, false);
            }
        }
    }

    /// Notes the rounded value of an untyped constant expression.
    fn update_value(&mut self, e: &'a Expr, value: Value) {
        if let Some(u) = self.untyped.get_mut(&e.id) {
            u.mode = OpMode::Constant(value);
        }
    }

    /// Updates what was recorded for an untyped expression whose type is now known to be
    /// `ty`; for good if `last` or if `ty` is typed.
    pub fn update_expr_type(&mut self, e: &'a Expr, ty: TypeId, last: bool) {
        let Some(old) = self.untyped.get(&e.id).cloned() else {
            return;
        };
        let is_const = matches!(old.mode, OpMode::Constant(_));
        match &e.kind {
            ExprKind::Paren(inner) => self.update_expr_type(&inner.x, ty, last),
            // Operands of constant operations never become values of their own.
            ExprKind::Unary(u) if !is_const && u.op != UnaryOp::Recv => {
                self.update_expr_type(&u.x, ty, last);
            }
            ExprKind::Binary(b) if !is_const => {
                if b.op.is_comparison() {
                    // Its type has nothing to do with its operands'.
                } else if b.op.is_shift() {
                    self.update_expr_type(&b.x, ty, last);
                } else {
                    self.update_expr_type(&b.x, ty, last);
                    self.update_expr_type(&b.y, ty, last);
                }
            }
            _ => {}
        }
        if !last && self.p.is_untyped(ty) {
            if let Some(u) = self.untyped.get_mut(&e.id) {
                u.ty = ty;
            }
            return;
        }
        self.untyped.remove(&e.id);
        if old.is_lhs && !self.p.all_integer(ty) {
            let ts = self.ts(ty);
            let msg = format!("invalid operation: shifted operand {e} (type {ts}) must be integer");
            self.err(e.start(), "InvalidShiftOperand", msg);
            return;
        }
        let mut x = Operand::new(old.mode, old.ty, e);
        if is_const {
            // An operand that became constant of a type must fit it.
            self.convert_untyped(&mut x, ty);
            if !x.ok() {
                return;
            }
        }
        x.ty = ty;
        if let Some(mode) = x.info_mode() {
            self.record_type(e, mode, ty, x.val().cloned());
        }
    }
}
