//! Assignability.

use crate::checker::Checker;
use crate::operand::Operand;
use crate::types::*;

impl<'a> Checker<'_, 'a> {
    /// Whether `x` can be assigned to a variable of type `target`; if not, why (possibly
    /// empty text), with the error code.
    pub fn assignable_to(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(), (String, &'static str)> {
        const CODE: &str = "IncompatibleAssign";
        if !x.ok() || !self.p.is_valid(target) || !self.p.is_valid(x.ty) {
            return Ok(());
        }
        let (v, t) = (self.p.unalias(x.ty), self.p.unalias(target));
        if self.p.identical(v, t) {
            return Ok(());
        }
        if self.p.is_untyped(v) {
            return self.untyped_assignable(x, t);
        }
        let (vu, tu) = (self.p.under(v), self.p.under(t));
        let (v_param, t_param) = (self.p.is_type_param(v), self.p.is_type_param(t));
        // Identical underlying types, one of them without a name.
        if self.p.identical(vu, tu)
            && (!self.p.has_name(v) || !self.p.has_name(t))
            && !v_param
            && !t_param
        {
            return Ok(());
        }
        // An interface that x implements.
        if matches!(self.p.ty(tu), Type::Interface(_)) && !t_param || self.is_interface_pointer(tu)
        {
            let mut cause = String::new();
            if self.p.implements(v, t, false, Some(&mut cause)) {
                return Ok(());
            }
            // The types that a type parameter stands for may still be assignable.
            if !v_param {
                return Err((cause, "InvalidIfaceAssign"));
            }
        }
        // The other way round: perhaps a type assertion was forgotten.
        if matches!(self.p.ty(vu), Type::Interface(_))
            && !v_param
            && self.p.implements(t, v, false, None)
        {
            return Err(("need type assertion".into(), CODE));
        }
        // A bidirectional channel.
        if let (&Type::Chan(ChanDir::Both, ve), &Type::Chan(_, te)) = (self.p.ty(vu), self.p.ty(tu))
            && self.p.identical(ve, te)
            && (!self.p.has_name(v) || !self.p.has_name(t))
        {
            return Ok(());
        }
        if v_param || t_param {
            return self.param_assignable(x, target);
        }
        Err((String::new(), CODE))
    }

    /// Also of a type parameter, whose underlying type is its constraint.
    fn is_interface_pointer(&mut self, ty: TypeId) -> bool {
        match *self.p.ty(ty) {
            Type::Pointer(base) => {
                self.p.is_type_param(base) || matches!(self.p.under_ty(base), Type::Interface(_))
            }
            _ => false,
        }
    }

    fn untyped_assignable(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(), (String, &'static str)> {
        if self.p.is_type_param(target) {
            // To every type of its type set.
            for pair in self.p.specific_types(target) {
                let Some((ty, _)) = pair else {
                    return Err((String::new(), "IncompatibleAssign"));
                };
                if self.implicit_type(x, ty).is_err() {
                    return Err((String::new(), "IncompatibleAssign"));
                }
            }
            return Ok(());
        }
        match self.implicit_type(x, target) {
            Ok((ty, _)) if ty != TypeId::INVALID => Ok(()),
            _ => Err((String::new(), "IncompatibleAssign")),
        }
    }

    /// Assignability to or from a type parameter: each type of its set with an unnamed type
    /// on the other side.
    fn param_assignable(
        &mut self,
        x: &Operand<'a>,
        target: TypeId,
    ) -> Result<(), (String, &'static str)> {
        const CODE: &str = "IncompatibleAssign";
        let source = x.ty;
        if self.p.is_type_param(target) && !self.p.has_name(source) {
            let ts = self.ts(target);
            for pair in self.p.specific_types(target) {
                let Some((ty, _)) = pair else {
                    return Err((String::new(), CODE));
                };
                if let Err((why, code)) = self.assignable_to(x, ty) {
                    let (vs, tys) = (self.ts(source), self.ts(ty));
                    let msg = format!("cannot assign {vs} to {tys} (in {ts})");
                    return Err((with_reason(msg, &why), code));
                }
            }
            return Ok(());
        }
        if self.p.is_type_param(source) && !self.p.has_name(target) {
            let vs = self.ts(source);
            for pair in self.p.specific_types(source) {
                let Some((ty, _)) = pair else {
                    return Err((String::new(), CODE));
                };
                let y = Operand { ty, ..x.clone() };
                if let Err((why, code)) = self.assignable_to(&y, target) {
                    let (tys, ts) = (self.ts(ty), self.ts(target));
                    let msg = format!("cannot assign {tys} (in {vs}) to {ts}");
                    return Err((with_reason(msg, &why), code));
                }
            }
            return Ok(());
        }
        Err((String::new(), CODE))
    }
}

/// A message, and below it what was found before.
pub(crate) fn with_reason(message: String, reason: &str) -> String {
    match reason.is_empty() {
        true => message,
        false => format!("{message}\n\t{reason}"),
    }
}
