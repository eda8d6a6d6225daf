//! Conversions `T(x)`.

use crate::assignable::with_reason;
use crate::checker::Checker;
use crate::constant::Value;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use crate::untyped::represent_const;

impl<'a> Checker<'_, 'a> {
    /// Converts `x` to type `ty`, or reports that it can't be.
    pub fn conversion(&mut self, x: &mut Operand<'a>, ty: TypeId) {
        let constant = x.val().cloned();
        let target_is_const = self.p.is_const_type(ty) && !self.p.is_type_param(ty);
        let mut cause = String::new();
        let ok = match &constant {
            Some(value) if target_is_const => match self.convert_const(x, value, ty) {
                Some(value) => {
                    x.mode = OpMode::Constant(value);
                    true
                }
                None => false,
            },
            Some(_) if self.p.is_type_param(ty) => {
                let ok = self.const_to_param(x, ty, &mut cause);
                x.mode = OpMode::Value;
                ok
            }
            _ => {
                let ok = self.convertible(x, ty, &mut cause);
                if ok {
                    x.mode = OpMode::Value;
                }
                ok
            }
        };
        if !ok && constant.is_some() && self.p.is_integer(x.ty) && self.p.is_integer(ty) {
            let value = constant.unwrap_or_default();
            let msg = format!("constant {value} overflows {}", self.ts(ty));
            self.err(x.pos(), "InvalidConversion", msg);
            x.invalidate();
            return;
        }
        if !ok {
            let ts = self.ts(ty);
            // Tried as an integer, a constant is shown as one.
            if self.p.is_integer(ty)
                && let OpMode::Constant(value) = &mut x.mode
                && let Some(int) = value.to_int()
            {
                *value = Value::Int(int);
            }
            let shown = self.show(x);
            let msg = match cause.is_empty() {
                true => format!("cannot convert {shown} to type {ts}"),
                false => format!("cannot convert {shown} to type {ts}: {cause}"),
            };
            self.err(x.pos(), "InvalidConversion", msg);
            x.invalidate();
            return;
        }
        self.settle_converted(x, ty, constant.is_some());
        x.ty = ty;
    }

    /// Gives what was converted, if untyped, its final type.
    fn settle_converted(&mut self, x: &mut Operand<'a>, ty: TypeId, constant: bool) {
        if !self.p.is_untyped(x.ty) {
            return;
        }
        let mut last = ty;
        // Values that go into an interface or type parameter take their default type, as do
        // integers converted to strings, and constants converted to non-constant types.
        if x.is_nil() {
            last = ty;
        } else if self.p.is_non_param_interface(ty)
            || self.p.is_type_param(ty)
            || constant && !self.p.is_const_type(ty)
        {
            last = self.p.default_type(x.ty);
        } else if matches!(x.mode, OpMode::Constant(_))
            && self.p.is_integer(x.ty)
            && self.p.all_string(ty)
        {
            last = x.ty;
        }
        if let Some(e) = x.expr {
            let keep = x.clone();
            self.update_expr_type(e, last, true);
            *x = keep;
        }
    }

    fn convert_const(&mut self, x: &Operand<'a>, value: &Value, ty: TypeId) -> Option<Value> {
        let basic = self.p.basic(ty)?;
        if value.is_unknown() {
            return Some(Value::Unknown);
        }
        // An integer to a string: a rune.
        if basic.is_string() && self.p.is_integer(x.ty) {
            let rune = value
                .as_u64()
                .and_then(|n| u32::try_from(n).ok())
                .and_then(char::from_u32);
            let c = rune.unwrap_or('\u{fffd}');
            return Some(Value::from(c.to_string().as_str()));
        }
        represent_const(value, basic)
    }

    /// A constant to a type parameter: it must convert to every type of the set.
    fn const_to_param(&mut self, x: &Operand<'a>, ty: TypeId, cause: &mut String) -> bool {
        let ts = self.ts(ty);
        for pair in self.p.specific_types(ty) {
            let Some((_, under)) = pair else {
                *cause = format!("{ts} does not contain specific types");
                return false;
            };
            if self.p.is_string(x.ty)
                && let Type::Slice(elem) = *self.p.ty(under)
                && self.is_byte_or_rune(elem)
            {
                continue;
            }
            let value = x.val().cloned().unwrap_or_default();
            let fits =
                self.p.is_const_type(under) && self.convert_const(x, &value, under).is_some();
            if !fits {
                let us = self.ts(under);
                *cause = match self.p.is_integer(x.ty) && self.p.is_integer(under) {
                    true => format!("constant {value} overflows {us} (in {ts})"),
                    false => {
                        format!("cannot convert {} to type {us} (in {ts})", self.show(x))
                    }
                };
                return false;
            }
        }
        true
    }

    fn is_byte_or_rune(&mut self, ty: TypeId) -> bool {
        matches!(self.p.under_ty(ty), Type::Basic(b)
            if matches!(b.canonical(), Basic::Uint8 | Basic::Int32))
    }

    /// Whether a value of `x`'s type can be converted to `target`.
    pub fn convertible(&mut self, x: &Operand<'a>, target: TypeId, cause: &mut String) -> bool {
        match self.assignable_to(x, target) {
            Ok(()) => return true,
            Err((why, _)) if why.is_empty() => {}
            Err((why, _)) => *cause = with_reason(why, cause),
        }
        let (v, t) = (x.ty, target);
        let (v_param, t_param) = (self.p.is_type_param(v), self.p.is_type_param(t));
        let (vu, tu) = (self.p.under(v), self.p.under(t));
        if !v_param && !t_param {
            if self.p.identical_ignore_tags(vu, tu) {
                return true;
            }
            // Unnamed pointers to identical underlying types.
            let (va, ta) = (self.p.unalias(v), self.p.unalias(t));
            if let (&Type::Pointer(vb), &Type::Pointer(tb)) = (self.p.ty(va), self.p.ty(ta))
                && !self.p.is_type_param(vb)
                && !self.p.is_type_param(tb)
            {
                let (vbu, tbu) = (self.p.under(vb), self.p.under(tb));
                if self.p.identical_ignore_tags(vbu, tbu) {
                    return true;
                }
            }
            return self.convertible_basic(v, t, vu, tu, cause);
        }
        self.convertible_params(x, target, cause)
    }

    fn convertible_basic(
        &mut self,
        v: TypeId,
        t: TypeId,
        vu: TypeId,
        tu: TypeId,
        cause: &mut String,
    ) -> bool {
        let p = &mut *self.p;
        if p.is_integer_or_float(v) && p.is_integer_or_float(t)
            || p.is_complex(v) && p.is_complex(t)
            || p.is_string(t) && p.is_integer(v)
        {
            return true;
        }
        let is = |c: &Self, ty, b| matches!(c.p.ty(ty), Type::Basic(k) if *k == b);
        if self.p.is_string(t)
            && let Type::Slice(elem) = *self.p.ty(vu)
            && self.is_byte_or_rune(elem)
        {
            return true;
        }
        if self.p.is_string(v)
            && let Type::Slice(elem) = *self.p.ty(tu)
            && self.is_byte_or_rune(elem)
        {
            return true;
        }
        let pointer_like =
            |c: &Self, ty| matches!(c.p.ty(ty), Type::Pointer(_)) || is(c, ty, Basic::Uintptr);
        if pointer_like(self, vu) && is(self, tu, Basic::UnsafePointer)
            || is(self, vu, Basic::UnsafePointer) && pointer_like(self, tu)
        {
            return true;
        }
        self.slice_to_array(vu, tu, cause)
    }

    /// `[N]T(slice)` and `(*[N]T)(slice)`.
    fn slice_to_array(&mut self, vu: TypeId, tu: TypeId, cause: &mut String) -> bool {
        let &Type::Slice(elem) = self.p.ty(vu) else {
            return false;
        };
        let (array, minor, what) = match *self.p.ty(tu) {
            Type::Array(..) => (tu, 20, "conversion of slice to array"),
            Type::Pointer(base) => (
                self.p.under(base),
                17,
                "conversion of slice to array pointer",
            ),
            _ => return false,
        };
        let &Type::Array(_, array_elem) = self.p.ty(array) else {
            return false;
        };
        if !self.p.identical(elem, array_elem) {
            return false;
        }
        if self.env.version.allows(minor) {
            return true;
        }
        *cause = format!("{what} requires go1.{minor} or later");
        false
    }

    fn convertible_params(&mut self, x: &Operand<'a>, target: TypeId, cause: &mut String) -> bool {
        let source = x.ty;
        let from: Vec<_> = if self.p.is_type_param(source) {
            self.p.specific_types(source)
        } else {
            vec![Some((source, source))]
        };
        let to: Vec<_> = if self.p.is_type_param(target) {
            self.p.specific_types(target)
        } else {
            vec![Some((target, target))]
        };
        let (ss, ts) = (self.ts(source), self.ts(target));
        for f in &from {
            let Some((f, _)) = *f else { return false };
            for t in &to {
                let Some((t, _)) = *t else { return false };
                let y = Operand {
                    ty: f,
                    mode: OpMode::Value,
                    ..x.clone()
                };
                if self.convertible(&y, t, cause) {
                    continue;
                }
                let (fs, tys) = (self.ts(f), self.ts(t));
                let msg = match (self.p.is_type_param(source), self.p.is_type_param(target)) {
                    (true, true) => {
                        format!("cannot convert {fs} (in {ss}) to type {tys} (in {ts})")
                    }
                    (true, false) => format!("cannot convert {fs} (in {ss}) to type {tys}"),
                    _ => format!("cannot convert {fs} to type {tys} (in {ts})"),
                };
                *cause = with_reason(msg, cause);
                return false;
            }
        }
        true
    }
}
