//! Unary and binary operators, comparisons, shifts.

use crate::checker::Checker;
use crate::constant::{CompareOp, Operator, Value};
use crate::operand::{OpMode, Operand};
use crate::program::Program;
use crate::types::*;
use goxide_base::Pos;
use goxide_syntax::ast::{BinaryExpr, BinaryOp, Expr, ExprKind, UnaryExpr, UnaryOp};

/// Constant shifts by more are refused: enough for the smallest float64.
const MAX_SHIFT: u64 = 1023 - 1 + 52;

impl Program {
    /// Why values of a type cannot be compared with each other.
    fn comparison_cause(&mut self, ty: TypeId) -> String {
        match self.under_ty(ty).clone() {
            Type::Slice(_) | Type::Signature(_) | Type::Map(..) if !self.is_type_param(ty) => {
                format!("{} can only be compared to nil", self.kind_name(ty))
            }
            _ => self.incomparable_cause(ty, true).unwrap_or_default(),
        }
    }
}

/// Unary operators.
impl<'a> Checker<'_, 'a> {
    pub(crate) fn unary_expr(&mut self, e: &'a Expr, unary: &'a UnaryExpr) -> Operand<'a> {
        if unary.op == UnaryOp::Addr
            && let ExprKind::CompositeLit(_) = unary.x.unparen().kind
        {
            let mut x = self.raw_expr(None, &unary.x, None, false);
            if x.ok() {
                x.mode = OpMode::Value;
                x.ty = self.p.pointer_to(x.ty);
            }
            x.expr = Some(e);
            return x;
        }
        let mut x = self.expr(None, &unary.x);
        if !x.ok() {
            return Operand::invalid(e);
        }
        match unary.op {
            UnaryOp::Addr => self.address_of(&mut x),
            UnaryOp::Recv => self.receive(&mut x),
            UnaryOp::Tilde => {
                let hint = match self.p.all_integer(x.ty) {
                    true => " (use ^ for bitwise complement)",
                    false => "",
                };
                let msg = format!("cannot use ~ outside of interface or type constraint{hint}");
                self.err(e.start(), "UndefinedOp", msg);
                x.invalidate();
            }
            op => self.arithmetic_unary(e, op, &mut x),
        }
        x.expr = Some(e);
        x
    }

    fn address_of(&mut self, x: &mut Operand<'a>) {
        if !matches!(x.mode, OpMode::Variable) {
            let msg = format!("invalid operation: cannot take address of {}", self.show(x));
            self.err(x.pos(), "UnaddressableOperand", msg);
            x.invalidate();
            return;
        }
        x.mode = OpMode::Value;
        x.ty = self.p.pointer_to(x.ty);
    }

    fn receive(&mut self, x: &mut Operand<'a>) {
        match self.chan_elem(x, x.ty, true) {
            Some(elem) if self.is_complete(elem) => {
                x.mode = OpMode::CommaOk;
                x.ty = elem;
                self.env.has_call_or_recv = true;
            }
            _ => x.invalidate(),
        }
    }

    /// The element type of channel `x` if it can be received from (or sent to); else an
    /// error is reported.
    pub fn chan_elem(&mut self, x: &Operand<'a>, ty: TypeId, recv: bool) -> Option<TypeId> {
        let mut elem: Option<(TypeId, TypeId)> = None;
        let mut cause = None;
        let ts = self.ts(ty);
        for pair in self.p.specific_types(ty) {
            let chan = pair.map(|(_, u)| self.p.ty(u).clone());
            let Some(Type::Chan(dir, e)) = chan else {
                cause = Some(match pair {
                    Some((t, _)) => format!("non-channel {}", self.ts(t)),
                    None => "no specific channel type".to_string(),
                });
                break;
            };
            if recv && dir == ChanDir::Send {
                let t = pair.map_or(ts, |(t, _)| self.ts(t));
                cause = Some(format!("send-only channel {t}"));
                break;
            }
            if !recv && dir == ChanDir::Recv {
                let t = pair.map_or(ts, |(t, _)| self.ts(t));
                cause = Some(format!("receive-only channel {t}"));
                break;
            }
            let t = pair.map_or(ty, |(t, _)| t);
            match elem {
                Some((known, from)) if !self.p.identical(known, e) => {
                    let (first, second) = (self.ts(from), self.ts(t));
                    cause = Some(format!(
                        "channels {first} and {second} have different element types"
                    ));
                    break;
                }
                _ => elem = Some((e, t)),
            }
        }
        if let Some(cause) = cause {
            let shown = self.show(x);
            let verb = if recv { "receive from" } else { "send to" };
            let code = if recv {
                "InvalidReceive"
            } else {
                "InvalidSend"
            };
            let msg = match self.p.is_type_param(ty) {
                true => format!("invalid operation: cannot {verb} {shown}: {cause}"),
                false => format!("invalid operation: cannot {verb} {cause} {shown}"),
            };
            self.err(x.pos(), code, msg);
            return None;
        }
        elem.map(|(elem, _)| elem)
    }

    fn arithmetic_unary(&mut self, e: &'a Expr, op: UnaryOp, x: &mut Operand<'a>) {
        let ok = match op {
            UnaryOp::Plus | UnaryOp::Neg => self.p.all_numeric(x.ty),
            UnaryOp::Xor => self.p.all_integer(x.ty),
            _ => self.p.all_boolean(x.ty),
        };
        if !ok {
            self.operator_not_defined(op.as_str(), x);
            return;
        }
        let OpMode::Constant(value) = &x.mode else {
            x.mode = OpMode::Value;
            return;
        };
        if value.is_unknown() {
            return;
        }
        let unsigned_bits = match self.p.basic(x.ty) {
            Some(b) if b.is_unsigned() => Some(integer_bits(b)),
            _ => None,
        };
        let result = match op {
            UnaryOp::Plus => value.clone(),
            UnaryOp::Neg => value.negate(),
            UnaryOp::Xor => value.clone().into_int().complement(unsigned_bits),
            _ => value.not(),
        };
        x.mode = OpMode::Constant(result);
        x.expr = Some(e);
        self.overflow(x, e.pos);
    }

    fn operator_not_defined(&mut self, op: &str, x: &mut Operand<'a>) {
        let msg = format!(
            "invalid operation: operator {op} not defined on {}",
            self.show(x)
        );
        self.err(x.pos(), "UndefinedOp", msg);
        x.invalidate();
    }
}

fn integer_bits(b: Basic) -> u32 {
    match b.canonical() {
        Basic::Int8 | Basic::Uint8 => 8,
        Basic::Int16 | Basic::Uint16 => 16,
        Basic::Int32 | Basic::Uint32 => 32,
        _ => 64,
    }
}

/// Binary operators.
impl<'a> Checker<'_, 'a> {
    pub(crate) fn binary_expr(&mut self, e: &'a Expr, binary: &'a BinaryExpr) -> Operand<'a> {
        // Long chains `a + b + c …` nest to the left: walk them in a loop.
        let mut chain = vec![(e, binary)];
        let mut left = &binary.x;
        while let ExprKind::Binary(inner) = &left.kind {
            chain.push((left, inner));
            left = &inner.x;
        }
        let mut x = self.expr(None, left);
        while let Some((e, binary)) = chain.pop() {
            x = self.binary_with_left(Some(e), x, &binary.x, &binary.y, binary.op, e.pos);
            x.expr = Some(e);
            if !chain.is_empty() {
                // What raw_expr does for the outermost one.
                self.record(&x);
                self.single_value(&mut x);
            }
        }
        x
    }

    /// `lhs op rhs`, where `x` is the checked left operand. `e` is `None` for `lhs op= rhs`.
    pub fn binary_with_left(
        &mut self,
        e: Option<&'a Expr>,
        mut x: Operand<'a>,
        lhs: &'a Expr,
        rhs: &'a Expr,
        op: BinaryOp,
        op_pos: Pos,
    ) -> Operand<'a> {
        let mut y = self.expr(None, rhs);
        if !x.ok() {
            return x;
        }
        if !y.ok() {
            x.invalidate();
            return x;
        }
        if op.is_shift() {
            self.shift(&mut x, &mut y, e, op, op_pos);
            return x;
        }
        self.match_types(&mut x, &mut y);
        if !x.ok() {
            return x;
        }
        if op.is_comparison() {
            self.comparison(&mut x, &mut y, op, false);
            return x;
        }
        if !self.p.identical(x.ty, y.ty) {
            if self.p.is_valid(x.ty) && self.p.is_valid(y.ty) {
                let (xs, ys) = (self.ts(x.ty), self.ts(y.ty));
                let what = match e {
                    Some(e) => e.to_string(),
                    None => format!("{lhs} {}= {rhs}", op.as_str()),
                };
                let msg = format!("invalid operation: {what} (mismatched types {xs} and {ys})");
                let at = e.map_or(x.pos(), |e| e.start());
                self.err(at, "MismatchedTypes", msg);
            }
            x.invalidate();
            return x;
        }
        if !self.operator_applies(op, x.ty) {
            self.operator_not_defined(op.as_str(), &mut x);
            return x;
        }
        if matches!(op, BinaryOp::Quo | BinaryOp::Rem) && self.divides_by_zero(&x, &y) {
            self.err(y.pos(), "DivByZero", "invalid operation: division by zero");
            x.invalidate();
            return x;
        }
        self.fold_binary(&mut x, &y, e, op, op_pos);
        x
    }

    fn operator_applies(&mut self, op: BinaryOp, ty: TypeId) -> bool {
        match op {
            BinaryOp::Add => self.p.all_numeric_or_string(ty),
            BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Quo => self.p.all_numeric(ty),
            BinaryOp::LAnd | BinaryOp::LOr => self.p.all_boolean(ty),
            _ => self.p.all_integer(ty),
        }
    }

    fn divides_by_zero(&mut self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        let Some(divisor) = y.val() else { return false };
        if divisor.is_unknown() {
            return false;
        }
        let constant = x.val().is_some();
        if divisor.is_zero() {
            return constant || self.p.all_integer(x.ty);
        }
        // A complex divisor whose squares underflow divides by zero too.
        let square = |part: Value| part.binary(Operator::Mul, &part).unwrap_or_default();
        constant
            && self.p.is_complex(x.ty)
            && square(divisor.real_part()).is_zero()
            && square(divisor.imag_part()).is_zero()
    }

    fn fold_binary(
        &mut self,
        x: &mut Operand<'a>,
        y: &Operand<'a>,
        e: Option<&'a Expr>,
        op: BinaryOp,
        op_pos: Pos,
    ) {
        let (Some(a), Some(b)) = (x.val(), y.val()) else {
            x.mode = OpMode::Value;
            return;
        };
        let operator = match op {
            BinaryOp::Quo if self.p.is_integer(x.ty) => Operator::IntQuo,
            BinaryOp::Quo => Operator::Quo,
            BinaryOp::Add => Operator::Add,
            BinaryOp::Sub => Operator::Sub,
            BinaryOp::Mul => Operator::Mul,
            BinaryOp::Rem => Operator::Rem,
            BinaryOp::And => Operator::And,
            BinaryOp::Or => Operator::Or,
            BinaryOp::Xor => Operator::Xor,
            BinaryOp::AndNot => Operator::AndNot,
            BinaryOp::LAnd => Operator::LAnd,
            _ => Operator::LOr,
        };
        // Values of integer type may be held as floats with integer value, and the other
        // way round: bring them to the kind of the type.
        let (a, b) = if self.p.is_integer(x.ty) {
            (a.clone().into_int(), b.clone().into_int())
        } else {
            (a.clone(), b.clone())
        };
        let result = a.binary(operator, &b).unwrap_or_default();
        let unknown = a.is_unknown() || b.is_unknown();
        x.mode = OpMode::Constant(result);
        if unknown {
            return;
        }
        if let Some(e) = e {
            x.expr = Some(e);
        }
        self.overflow(x, op_pos);
    }

    /// If one operand is untyped and can take the other's type, gives it that.
    pub fn match_types(&mut self, x: &mut Operand<'a>, y: &mut Operand<'a>) {
        if !self.may_convert(x, y) {
            return;
        }
        self.convert_untyped(x, y.ty);
        if !x.ok() {
            return;
        }
        self.convert_untyped(y, x.ty);
        if !y.ok() {
            x.invalidate();
        }
    }

    fn may_convert(&mut self, x: &Operand<'a>, y: &Operand<'a>) -> bool {
        if self.p.is_typed(x.ty) && self.p.is_typed(y.ty) {
            return false;
        }
        if self.p.all_numeric(x.ty) != self.p.all_numeric(y.ty) {
            return false;
        }
        if self.p.is_non_param_interface(x.ty) || self.p.is_non_param_interface(y.ty) {
            return true;
        }
        if self.p.all_boolean(x.ty) != self.p.all_boolean(y.ty)
            || self.p.all_string(x.ty) != self.p.all_string(y.ty)
        {
            return false;
        }
        if x.is_nil() {
            return self.p.has_nil(y.ty);
        }
        if y.is_nil() {
            return self.p.has_nil(x.ty);
        }
        let pointer = |c: &mut Self, ty| matches!(c.p.under_ty(ty), Type::Pointer(_));
        !pointer(self, x.ty) && !pointer(self, y.ty)
    }

    /// Compares `x` with `y`: the result, an untyped boolean, is left in `x`. For a case of a
    /// switch, `x` is the case and `y` the tag.
    pub fn comparison(
        &mut self,
        x: &mut Operand<'a>,
        y: &mut Operand<'a>,
        op: BinaryOp,
        switch_case: bool,
    ) {
        if !self.p.is_valid(x.ty) || !self.p.is_valid(y.ty) {
            x.invalidate();
            return;
        }
        if let Err((on_y, cause, code)) = self.comparable_operands(x, y, op) {
            self.report_comparison(x, y, op, switch_case, (on_y, cause, code));
            x.invalidate();
            return;
        }
        match (x.val(), y.val()) {
            (Some(a), Some(b)) => {
                let result = a.compare(compare_op(op), b).unwrap_or(false);
                let unknown = a.is_unknown() || b.is_unknown();
                let value = if unknown {
                    Value::Unknown
                } else {
                    Value::Bool(result)
                };
                x.mode = OpMode::Constant(value);
            }
            _ => {
                x.mode = OpMode::Value;
                // The operands take their final types now.
                for operand in [&*x, &*y] {
                    let ty = self.p.default_type(operand.ty);
                    if let Some(e) = operand.expr {
                        self.update_expr_type(e, ty, true);
                    }
                }
            }
        }
        x.ty = TypeId::UNTYPED_BOOL;
    }

    /// Whether the operands can be compared; else whether the second is to blame, why, and
    /// the error code.
    fn comparable_operands(
        &mut self,
        x: &Operand<'a>,
        y: &Operand<'a>,
        op: BinaryOp,
    ) -> Result<(), (bool, String, &'static str)> {
        if self.assignable_to(x, y.ty).is_err() && self.assignable_to(y, x.ty).is_err() {
            let (xs, ys) = (self.ts(x.ty), self.ts(y.ty));
            let cause = format!("mismatched types {xs} and {ys}");
            return Err((true, cause, "MismatchedTypes"));
        }
        const CODE: &str = "UndefinedOp";
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            for (on_y, ty) in [(false, x.ty), (true, y.ty)] {
                if !self.p.all_ordered(ty) {
                    return Err((on_y, String::new(), CODE));
                }
            }
            return Ok(());
        }
        if x.is_nil() || y.is_nil() {
            let ty = if x.is_nil() { y.ty } else { x.ty };
            let ok = ty == TypeId::UNTYPED_NIL && !(x.is_nil() && y.is_nil()) || self.p.has_nil(ty);
            return if ok {
                Ok(())
            } else {
                Err((true, String::new(), CODE))
            };
        }
        for (on_y, ty) in [(false, x.ty), (true, y.ty)] {
            if !self.p.comparable(ty) {
                return Err((on_y, self.p.comparison_cause(ty), CODE));
            }
        }
        Ok(())
    }

    fn report_comparison(
        &mut self,
        x: &Operand<'a>,
        y: &Operand<'a>,
        op: BinaryOp,
        switch_case: bool,
        (on_y, cause, code): (bool, String, &'static str),
    ) {
        let op = op.as_str();
        let mut blamed = if on_y { y } else { x };
        let cause = if !cause.is_empty() {
            cause
        } else if self.p.is_type_param(x.ty) || self.p.is_type_param(y.ty) {
            blamed = if self.p.is_type_param(x.ty) { x } else { y };
            format!(
                "type parameter {} cannot use operator {op}",
                self.ts(blamed.ty)
            )
        } else {
            let kind = self.p.kind_name(blamed.ty);
            let what = if kind.is_empty() {
                self.ts(blamed.ty)
            } else {
                kind.into()
            };
            format!("operator {op} not defined on {what}")
        };
        let text = |o: &Operand<'a>| o.expr.map_or(String::new(), Expr::to_string);
        let (xe, ye) = (text(x), text(y));
        if switch_case {
            // A switch without a tag.
            let ye = if ye.is_empty() { "true" } else { &ye };
            let msg = format!("invalid case {xe} in switch on {ye} ({cause})");
            self.err(x.pos(), code, msg);
        } else {
            let msg = format!("invalid operation: {xe} {op} {ye} ({cause})");
            self.err(blamed.pos(), code, msg);
        }
    }
}

fn compare_op(op: BinaryOp) -> CompareOp {
    match op {
        BinaryOp::Eq => CompareOp::Eq,
        BinaryOp::Ne => CompareOp::Ne,
        BinaryOp::Lt => CompareOp::Lt,
        BinaryOp::Le => CompareOp::Le,
        BinaryOp::Gt => CompareOp::Gt,
        _ => CompareOp::Ge,
    }
}

/// Shifts.
impl<'a> Checker<'_, 'a> {
    fn shift(
        &mut self,
        x: &mut Operand<'a>,
        y: &mut Operand<'a>,
        e: Option<&'a Expr>,
        op: BinaryOp,
        op_pos: Pos,
    ) {
        let x_int = x.val().and_then(|v| v.to_int().map(Value::Int));
        let untyped_int = self.p.is_untyped(x.ty) && x_int.is_some();
        if !self.p.all_integer(x.ty) && !untyped_int {
            self.shifted_must_be_integer(x);
            return;
        }
        if !self.shift_count_ok(y) {
            x.invalidate();
            return;
        }
        if x.val().is_some() {
            if let Some(count) = y.val() {
                if x.val().is_some_and(Value::is_unknown) || count.is_unknown() {
                    x.mode = OpMode::Constant(Value::Unknown);
                    if !self.p.is_integer(x.ty) {
                        x.ty = TypeId::UNTYPED_INT;
                    }
                    return;
                }
                let count = count.clone().into_int();
                let Some(count) = count.as_u64().filter(|n| *n <= MAX_SHIFT) else {
                    let msg = format!("invalid operation: invalid shift count {}", self.show(y));
                    self.err(y.pos(), "InvalidShiftCount", msg);
                    x.invalidate();
                    return;
                };
                if !self.p.is_integer(x.ty) {
                    x.ty = TypeId::UNTYPED_INT;
                }
                let value = x_int.unwrap_or_default();
                x.mode = OpMode::Constant(value.shift(op == BinaryOp::Shl, count as u32));
                if let Some(e) = e {
                    x.expr = Some(e);
                }
                self.overflow(x, op_pos);
                return;
            }
            if self.p.is_untyped(x.ty) {
                // The constant takes the type it would have without the shift: known later.
                if let Some(e) = x.expr
                    && let Some(u) = self.untyped.get_mut(&e.id)
                {
                    u.is_lhs = true;
                }
                x.mode = OpMode::Value;
                return;
            }
        }
        if !self.p.all_integer(x.ty) {
            self.shifted_must_be_integer(x);
            return;
        }
        x.mode = OpMode::Value;
    }

    fn shifted_must_be_integer(&mut self, x: &mut Operand<'a>) {
        let msg = format!(
            "invalid operation: shifted operand {} must be integer",
            self.show(x)
        );
        self.err(x.pos(), "InvalidShiftOperand", msg);
        x.invalidate();
    }

    fn shift_count_ok(&mut self, y: &mut Operand<'a>) -> bool {
        if let Some(value) = y.val() {
            let value_is_integer = value.to_int().is_some();
            let negative = value.to_int().is_some_and(|n| Value::Int(n).sign() < 0);
            if negative {
                let msg = format!("invalid operation: negative shift count {}", self.show(y));
                self.err(y.pos(), "InvalidShiftCount", msg);
                return false;
            }
            if self.p.is_untyped(y.ty) {
                // It must fit a uint, but keeps its own type.
                let mut probe = y.clone();
                self.representable(&mut probe, TypeId::UINT);
                return probe.ok();
            }
            // A typed constant of any kind will do if it is integral.
            if self.p.all_integer(y.ty) || value_is_integer {
                return true;
            }
        } else if self.p.all_integer(y.ty) {
            if self.p.all_unsigned(y.ty) || self.env.version.allows(13) {
                return true;
            }
            let msg = format!(
                "invalid operation: signed shift count {} requires go1.13 or later",
                self.show(y)
            );
            self.err(y.pos(), "InvalidShiftCount", msg);
            return false;
        } else if self.p.is_untyped(y.ty) {
            self.convert_untyped(y, TypeId::UINT);
            return y.ok();
        }
        let msg = format!(
            "invalid operation: shift count {} must be integer",
            self.show(y)
        );
        self.err(y.pos(), "InvalidShiftCount", msg);
        false
    }
}
