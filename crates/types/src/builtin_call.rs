//! Calls of built-in functions.

use crate::builtin::Builtin;
use crate::checker::Checker;
use crate::constant::{CompareOp, Value};
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_syntax::ast::{CallExpr, Expr};

/// One call of a built-in.
#[derive(Clone, Copy)]
pub(crate) struct BuiltinCall<'a> {
    pub e: &'a Expr,
    pub call: &'a CallExpr,
    pub id: Builtin,
}

impl<'a> BuiltinCall<'a> {
    pub fn value(&self, ty: TypeId) -> Operand<'a> {
        Operand::new(OpMode::Value, ty, self.e)
    }

    pub fn no_value(&self) -> Operand<'a> {
        Operand::new(OpMode::NoValue, TypeId::EMPTY_TUPLE, self.e)
    }

    pub fn constant(&self, value: Value, ty: TypeId) -> Operand<'a> {
        Operand::new(OpMode::Constant(value), ty, self.e)
    }

    pub fn wrong(&self) -> Operand<'a> {
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
            self.err(
                call.args.last().map_or(call.rparen, Expr::start),
                "InvalidDotDotDot",
                msg,
            );
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

    fn builtin_with_args(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
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
    fn builtin_args(&mut self, b: BuiltinCall<'a>) -> Vec<Operand<'a>> {
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

    fn builtin_count_ok(&mut self, b: BuiltinCall<'a>, count: usize) -> bool {
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
        let at = if what == "not enough" {
            b.call.rparen
        } else {
            b.call
                .args
                .get(b.id.min_args())
                .map_or(b.call.lparen, Expr::start)
        };
        self.err(at, "WrongArgCount", format!("invalid operation: {msg}"));
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

/// Slices, maps, channels.
impl<'a> Checker<'_, 'a> {
    fn append(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let slice = args[0].ty;
        if args[0].is_nil() {
            let x = args[0].clone();
            return self.bad_argument(
                b,
                &x,
                "InvalidAppend",
                "first argument to append must be a typed slice; have untyped nil",
            );
        }
        // append([]byte, string...)
        if b.call.has_dots()
            && args.len() == 2
            && let Ok(under) = self.p.common_under(slice)
            && let Type::Slice(elem) = *self.p.ty(under)
            && self.is_byte(elem)
            && let Ok(other) = self.string_or_bytes_under(args[1].ty)
            && matches!(self.p.ty(other), Type::Basic(k) if k.is_string())
        {
            if self.p.is_untyped(args[1].ty) {
                self.convert_untyped(&mut args[1], TypeId::STRING);
            }
            self.record_use(b, &[slice, args[1].ty], &[slice], true);
            return b.value(slice);
        }
        let elem = match self.p.common_under(slice) {
            Ok(under) => match *self.p.ty(under) {
                Type::Slice(elem) => Some(elem),
                _ => None,
            },
            Err(_) => None,
        };
        let Some(elem) = elem else {
            let x = args[0].clone();
            let why = format!("{} is not a slice", self.show(&x));
            return self.bad_argument(b, &x, "InvalidAppend", &why);
        };
        // As if a variadic function were called.
        let under = self.p.slice_of(elem);
        let context = format!("argument to {}", b.call.fun);
        if b.call.has_dots() {
            if args.len() != 2 {
                let at = b.call.args.last().map_or(b.call.rparen, Expr::start);
                let what = if args.len() < 2 {
                    "not enough"
                } else {
                    "too many"
                };
                let (slice, elem) = (self.ts(slice), self.ts(elem));
                let have: Vec<String> = args.iter().map(|a| self.ts(a.ty)).collect();
                let msg = format!(
                    "{what} arguments in call to append\n\thave ({}...)\n\twant ({slice}, ...{elem})",
                    have.join(", ")
                );
                self.err(at, "WrongArgCount", msg);
                return b.wrong();
            }
            self.assignment(&mut args[1], Some(under), &context);
        } else {
            for x in &mut args[1..] {
                self.assignment(x, Some(elem), &context);
            }
        }
        self.record_use(b, &[slice, under], &[slice], true);
        b.value(slice)
    }

    fn len_cap(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let x = &mut args[0];
        let is_len = b.id == Builtin::Len;
        if is_len && let Some(bytes) = x.val().and_then(Value::as_bytes) {
            let n = bytes.len() as i64;
            if self.p.is_untyped(x.ty) {
                self.convert_untyped(&mut args[0], TypeId::STRING);
            }
            return b.constant(n.into(), TypeId::INT);
        }
        let ty = x.ty;
        let under = self.p.under(ty);
        // A pointer to an array is taken for the array.
        let base = match self.p.ty(under).clone() {
            Type::Pointer(base)
                if matches!(self.p.under_ty(base), Type::Array(..))
                    && !self.p.is_type_param(base) =>
            {
                self.p.under(base)
            }
            _ => under,
        };
        let has_call = self.env.has_call_or_recv;
        let ok = match *self.p.ty(base) {
            Type::Basic(k) => k.is_string() && is_len,
            Type::Array(n, _) => {
                if !has_call && n >= 0 {
                    return b.constant(n.into(), TypeId::INT);
                }
                true
            }
            Type::Slice(_) | Type::Chan(..) => true,
            Type::Map(..) => is_len,
            Type::Interface(_) if self.p.is_type_param(ty) => self.p.all_under(ty, |p, u| {
                u.is_some_and(|u| match *p.ty(u) {
                    Type::Basic(k) => k.is_string() && is_len,
                    Type::Array(..) | Type::Slice(_) | Type::Chan(..) => true,
                    Type::Map(..) => is_len,
                    Type::Pointer(base) => matches!(p.under_ty(base), Type::Array(..)),
                    _ => false,
                })
            }),
            _ => false,
        };
        if !ok {
            let x = args[0].clone();
            let why = format!("{} for built-in {}", self.show(&x), b.id.name());
            let code = if is_len { "InvalidLen" } else { "InvalidCap" };
            return self.bad_argument(b, &x, code, &why);
        }
        self.record_use(b, &[ty], &[TypeId::INT], false);
        b.value(TypeId::INT)
    }

    fn clear(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
        let x = &args[0];
        if !self.need_version(b.call.fun.start(), 21, "clear") {
            return b.wrong();
        }
        let ok = self.p.all_under(x.ty, |p, u| {
            u.is_some_and(|u| matches!(p.ty(u), Type::Map(..) | Type::Slice(_)))
        });
        if !ok {
            let why = format!("clear {} must be a map or slice", self.show(x));
            return self.bad_argument(b, x, "InvalidClear", &why);
        }
        self.record_use(b, &[x.ty], &[], false);
        b.no_value()
    }

    fn close(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
        let x = &args[0];
        let mut why = None;
        for pair in self.p.specific_types(x.ty) {
            let chan = pair.map(|(_, u)| self.p.ty(u).clone());
            match chan {
                Some(Type::Chan(ChanDir::Recv, _)) => {
                    why = Some("cannot close receive-only channel")
                }
                Some(Type::Chan(..)) => {}
                _ => why = Some("cannot close non-channel"),
            }
        }
        if let Some(why) = why {
            let msg = format!("invalid operation: {why} {}", self.show(x));
            self.err(x.pos(), "InvalidClose", msg);
            return b.wrong();
        }
        self.record_use(b, &[x.ty], &[], false);
        b.no_value()
    }

    fn copy(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let (dst, src) = (args[0].clone(), args[1].clone());
        let dst_elem = self
            .p
            .common_under(dst.ty)
            .ok()
            .and_then(|u| match *self.p.ty(u) {
                Type::Slice(elem) => Some(elem),
                _ => None,
            });
        let src_under = self.string_or_bytes_under(src.ty);
        let src_elem = src_under.ok().and_then(|u| match *self.p.ty(u) {
            Type::Slice(elem) => Some(elem),
            Type::Basic(k) if k.is_string() => Some(TypeId::BYTE),
            _ => None,
        });
        let (Some(d), Some(s)) = (dst_elem, src_elem) else {
            let (d, s) = (self.show(&dst), self.show(&src));
            let why = format!("copy expects slice arguments; found {d} and {s}");
            return self.bad_argument(b, &dst, "InvalidCopy", &why);
        };
        if !self.p.identical(d, s) {
            let why = format!(
                "arguments to copy {} and {} have different element types {} and {}",
                self.show(&dst),
                self.show(&src),
                self.ts(d),
                self.ts(s)
            );
            return self.bad_argument(b, &dst, "InvalidCopy", &why);
        }
        if self.p.is_untyped(args[1].ty) {
            self.convert_untyped(&mut args[1], TypeId::STRING);
        }
        self.record_use(b, &[dst.ty, args[1].ty], &[TypeId::INT], false);
        b.value(TypeId::INT)
    }

    fn delete(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let map = args[0].clone();
        let mut key: Option<TypeId> = None;
        let mut bad = false;
        for pair in self.p.specific_types(map.ty) {
            match pair.map(|(_, u)| self.p.ty(u).clone()) {
                Some(Type::Map(k, _)) => match key {
                    Some(known) if !self.p.identical(known, k) => bad = true,
                    _ => key = Some(k),
                },
                _ => bad = true,
            }
        }
        let (Some(key), false) = (key, bad) else {
            let why = format!("{} is not a map", self.show(&map));
            return self.bad_argument(b, &map, "InvalidDelete", &why);
        };
        self.assignment(&mut args[1], Some(key), "argument to delete");
        if !args[1].ok() {
            return b.wrong();
        }
        self.record_use(b, &[map.ty, key], &[], false);
        b.no_value()
    }

    fn make(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let arg = &b.call.args[0];
        let ty = self.var_type(arg);
        if !self.p.is_valid(ty) {
            self.use_exprs(&b.call.args[1..]);
            return b.wrong();
        }
        let under = self.p.common_under(ty);
        let min = match under.as_ref().map(|u| self.p.ty(*u)) {
            Ok(Type::Slice(_)) => 2,
            Ok(Type::Map(..) | Type::Chan(..)) => 1,
            other => {
                let cause = if let Err(cause) = other {
                    format!(": {cause}")
                } else {
                    "; type must be slice, map, or channel".into()
                };
                let msg = format!("invalid argument: cannot make {arg}{cause}");
                self.err(arg.start(), "InvalidMake", msg);
                self.use_exprs(&b.call.args[1..]);
                return b.wrong();
            }
        };
        let n = b.call.args.len();
        if n < min || n > min + 1 {
            let msg = format!(
                "invalid operation: {} expects {min} or {} arguments; found {n}",
                b.e,
                min + 1
            );
            self.err(b.e.start(), "WrongArgCount", msg);
            self.use_exprs(&b.call.args[1..]);
            return b.wrong();
        }
        let mut types = vec![ty];
        let mut sizes: Vec<i64> = Vec::new();
        for size in &b.call.args[1..] {
            let value = self.index_operand(size, -1);
            types.push(self.info_type(size));
            sizes.extend(value);
        }
        if let [len, cap] = sizes[..]
            && len > cap
        {
            let msg = "invalid argument: length and capacity swapped";
            self.err(b.call.args[1].start(), "SwappedMakeArgs", msg);
        }
        self.record_use(b, &types, &[ty], false);
        b.value(ty)
    }

    fn info_type(&mut self, e: &'a Expr) -> TypeId {
        self.info().ty(e.id).unwrap_or(TypeId::INT)
    }
}

/// Numbers.
impl<'a> Checker<'_, 'a> {
    fn complex(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
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

    fn real_imag(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
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

    fn min_max(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
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

/// The rest of the universe's.
impl<'a> Checker<'_, 'a> {
    fn new_call(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let arg = &b.call.args[0];
        let mut x = self.expr_or_type(arg, false);
        let ty = match x.mode {
            OpMode::Invalid => return b.wrong(),
            OpMode::TypeExpr => {
                self.valid_var_type(arg.start(), x.ty);
                x.ty
            }
            _ => {
                if !self.need_version(arg.start(), 26, "new(expr)") {
                    return b.wrong();
                }
                self.assignment(&mut x, None, "argument to new");
                if !x.ok() {
                    return b.wrong();
                }
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

    fn panic(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
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

    fn print(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let context = format!("argument to built-in {}", b.id.name());
        let mut types = Vec::new();
        for x in &mut args {
            self.assignment(x, None, &context);
            if !x.ok() {
                return b.wrong();
            }
            types.push(x.ty);
        }
        self.record_use(b, &types, &[], false);
        b.no_value()
    }
}
