//! Calls of built-in functions.

use crate::builtin::Builtin;
use crate::checker::Checker;
use crate::constant::Value;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_syntax::ast::{CallExpr, Expr};

/// One call of a built-in.
#[derive(Clone, Copy)]
pub(crate) struct BuiltinCall<'a> {
    /// The call.
    pub e: &'a Expr,
    /// Its parts.
    pub call: &'a CallExpr,
    /// What is called.
    pub id: Builtin,
}

impl<'a> BuiltinCall<'a> {
    pub(crate) fn value(&self, ty: TypeId) -> Operand<'a> {
        Operand::new(OpMode::Value, ty, self.e)
    }

    pub(crate) fn no_value(&self) -> Operand<'a> {
        Operand::new(OpMode::NoValue, TypeId::EMPTY_TUPLE, self.e)
    }

    pub(crate) fn constant(&self, value: Value, ty: TypeId) -> Operand<'a> {
        Operand::new(OpMode::Constant(value), ty, self.e)
    }

    pub(crate) fn wrong(&self) -> Operand<'a> {
        Operand::invalid(self.e)
    }
}

impl<'a> Checker<'_, 'a> {
    pub(crate) fn builtin_call(
        &mut self,
        e: &'a Expr,
        call: &'a CallExpr,
        id: Builtin,
    ) -> Operand<'a> {
        let b = BuiltinCall { e, call, id };
        let name = id.name();
        if call.has_dots() && id != Builtin::Append {
            let msg = format!("invalid operation: invalid use of ... with built-in {name}");
            self.err(e.start(), "InvalidDotDotDot", msg);
            self.use_exprs(&call.args);
            return b.wrong();
        }
        // For len and cap: whether the argument contains a call or receive.
        let saved = std::mem::replace(&mut self.env.has_call_or_recv, false);
        let result = self.builtin_with_args(b);
        if !(matches!(id, Builtin::Len | Builtin::Cap)) || saved {
            self.env.has_call_or_recv |= saved;
        }
        result
    }

    pub(crate) fn builtin_with_args(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let takes_type = matches!(
            b.id,
            Builtin::Make | Builtin::New | Builtin::Offsetof | Builtin::Trace
        );
        let mut args: Vec<Operand<'a>> = Vec::new();
        if !takes_type {
            args = self.builtin_args(b);
            if args.iter().any(|a| !a.ok()) {
                return b.wrong();
            }
        }
        let count = if takes_type {
            b.call.args.len()
        } else {
            args.len()
        };
        if !self.builtin_count_ok(b, count) {
            if takes_type {
                self.use_exprs(&b.call.args);
            }
            return b.wrong();
        }
        match b.id {
            Builtin::Append => self.append(b, args),
            Builtin::Cap | Builtin::Len => self.len_cap(b, args),
            Builtin::Clear => self.clear(b, args),
            Builtin::Close => self.close(b, args),
            Builtin::Complex => self.complex(b, args),
            Builtin::Copy => self.copy(b, args),
            Builtin::Delete => self.delete(b, args),
            Builtin::Imag | Builtin::Real => self.real_imag(b, args),
            Builtin::Make => self.make(b),
            Builtin::Max | Builtin::Min => self.min_max(b, args),
            Builtin::New => self.new_call(b),
            Builtin::Panic => self.panic(b, args),
            Builtin::Print | Builtin::Println => self.print(b, args),
            Builtin::Recover => {
                let sig = self.p.func_of(&[], &[TypeId::EMPTY_INTERFACE], false);
                self.record_builtin(&b.call.fun, sig);
                b.value(TypeId::EMPTY_INTERFACE)
            }
            Builtin::Assert => {
                let holds = args[0].val().and_then(Value::as_bool);
                match holds {
                    Some(true) => {}
                    Some(false) => {
                        self.err(b.e.start(), "Test", format!("{} failed", b.e));
                    }
                    None => self.err(
                        args[0].pos(),
                        "Test",
                        "invalid argument: not a boolean constant",
                    ),
                }
                // The argument stands for the result, so that no further errors follow.
                Operand {
                    expr: Some(b.e),
                    ..args.swap_remove(0)
                }
            }
            Builtin::Trace => {
                let Some(first) = b.call.args.first() else {
                    return b.no_value();
                };
                let mut x = self.raw_expr(None, first, None, true);
                x.expr = Some(b.e);
                x
            }
            _ => self.unsafe_call(b, args),
        }
    }

    /// Evaluates arguments; one call may give several.
    pub(crate) fn builtin_args(&mut self, b: BuiltinCall<'a>) -> Vec<Operand<'a>> {
        if let [single] = &b.call.args[..] {
            return match self.multi_expr(single, false) {
                Some((values, _)) if values.len() > 1 && b.call.has_dots() => {
                    let msg = format!("cannot use ... with {}-valued {single}", values.len());
                    self.err(single.start(), "InvalidDotDotDot", msg);
                    vec![Operand::invalid(single)]
                }
                Some((values, _)) => values,
                None => vec![Operand::invalid(single)],
            };
        }
        b.call.args.iter().map(|e| self.expr(None, e)).collect()
    }

    pub(crate) fn builtin_count_ok(&mut self, b: BuiltinCall<'a>, count: usize) -> bool {
        let what = if count < b.id.min_args() {
            "not enough"
        } else if !b.id.variadic() && count > b.id.min_args() {
            "too many"
        } else {
            return true;
        };
        let msg = format!(
            "{what} arguments for {} (expected {}, found {count})",
            b.e,
            b.id.min_args()
        );
        self.err(
            b.e.start(),
            "WrongArgCount",
            format!("invalid operation: {msg}"),
        );
        false
    }

    pub(crate) fn bad_argument(
        &mut self,
        b: BuiltinCall<'a>,
        x: &Operand<'a>,
        code: &'static str,
        why: &str,
    ) -> Operand<'a> {
        let msg = format!("invalid argument: {why}");
        self.err(x.pos(), code, msg);
        b.wrong()
    }

    /// Records the signature a built-in is used with.
    pub(crate) fn record_use(
        &mut self,
        b: BuiltinCall<'a>,
        params: &[TypeId],
        results: &[TypeId],
        variadic: bool,
    ) {
        let sig = self.p.func_of(params, results, variadic);
        self.record_builtin(&b.call.fun, sig);
    }
}

/// The rest of the universe's.
impl<'a> Checker<'_, 'a> {
    pub(crate) fn new_call(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let arg = &b.call.args[0];
        let mut x = self.expr_or_type(arg, false);
        let ty = match x.mode {
            OpMode::Invalid => return b.wrong(),
            OpMode::Builtin(_) => {
                let msg = format!("{arg} (built-in) must be called");
                self.err(arg.start(), "UncalledBuiltin", msg);
                return b.wrong();
            }
            OpMode::TypeExpr => {
                self.valid_var_type(arg.start(), x.ty);
                x.ty
            }
            _ => {
                self.assignment(&mut x, None, "argument to new");
                if !x.ok() {
                    return b.wrong();
                }
                self.need_version(b.call.fun.start(), 26, &format!("new({arg})"));
                x.ty
            }
        };
        if !self.p.is_valid(ty) {
            return b.wrong();
        }
        let pointer = self.p.pointer_to(ty);
        self.record_use(b, &[ty], &[pointer], false);
        b.value(pointer)
    }

    pub(crate) fn panic(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        // Remembered for the analysis of missing returns.
        if let Some(sig) = &self.env.sig
            && !sig.results.is_empty()
        {
            self.env.panics.insert(b.e.id);
        }
        self.assignment(
            &mut args[0],
            Some(TypeId::EMPTY_INTERFACE),
            "argument to panic",
        );
        if !args[0].ok() {
            return b.wrong();
        }
        self.record_use(b, &[TypeId::EMPTY_INTERFACE], &[], false);
        b.no_value()
    }

    pub(crate) fn print(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let context = format!("argument to built-in {}", b.id.name());
        let mut types = Vec::new();
        for x in &mut args {
            self.assignment(x, None, &context);
            if !x.ok() {
                return b.wrong();
            }
            types.push(x.ty);
            self.limit_print(b.e.pos, b.id.name(), x.ty);
        }
        self.record_use(b, &types, &[], false);
        b.no_value()
    }
}
