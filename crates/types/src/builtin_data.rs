//! Built-in functions on slices, maps, channels and strings.

use crate::builtin::Builtin;
use crate::builtin_call::BuiltinCall;
use crate::checker::Checker;
use crate::constant::Value;
use crate::operand::Operand;
use crate::program::Program;
use crate::types::*;
use goxide_syntax::ast::Expr;

/// Slices, maps, channels.
impl<'a> Checker<'_, 'a> {
    pub(crate) fn append(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let slice = args[0].ty;
        if args[0].is_nil() {
            let msg = "invalid append: argument must be a slice; have untyped nil";
            self.err(args[0].pos(), "InvalidAppend", msg);
            return b.wrong();
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
        let elem = match self.slice_elem(&args[0]) {
            Ok(elem) => elem,
            Err(why) => {
                let msg = format!("invalid append: {why}");
                self.err(args[0].pos(), "InvalidAppend", msg);
                return b.wrong();
            }
        };
        // As if a variadic function were called.
        let under = self.p.slice_of(elem);
        let context = format!("argument to {}", b.call.fun);
        if b.call.has_dots() {
            if args.len() != 2 {
                let wrong = b.call.args.get(2).or(b.call.args.last());
                let at = wrong.map_or(b.call.rparen, Expr::start);
                let what = if args.len() < 2 {
                    "not enough"
                } else {
                    "too many"
                };
                let (slice, elem) = (self.ts(slice), self.ts(elem));
                let have: Vec<TypeId> = args.iter().map(|a| a.ty).collect();
                let have = self.types_summary(&have, false, true);
                let msg = format!(
                    "{what} arguments in call to append\n\thave {have}\n\twant ({slice}, ...{elem})"
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

    pub(crate) fn len_cap(
        &mut self,
        b: BuiltinCall<'a>,
        mut args: Vec<Operand<'a>>,
    ) -> Operand<'a> {
        let x = &mut args[0];
        let is_len = b.id == Builtin::Len;
        if is_len && let Some(len) = x.val().and_then(Value::string_len) {
            let n = len as i64;
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

    pub(crate) fn clear(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
        let x = &args[0];
        if !self.need_version(b.call.fun.start(), 21, "clear") {
            return b.wrong();
        }
        let ok = self.p.all_under(x.ty, |p, u| {
            u.is_some_and(|u| matches!(p.ty(u), Type::Map(..) | Type::Slice(_)))
        });
        if !ok {
            let why = format!(
                "cannot clear {}: argument must be (or constrained by) map or slice",
                self.show(x)
            );
            return self.bad_argument(b, x, "InvalidClear", &why);
        }
        self.record_use(b, &[x.ty], &[], false);
        b.no_value()
    }

    pub(crate) fn close(&mut self, b: BuiltinCall<'a>, args: Vec<Operand<'a>>) -> Operand<'a> {
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

    pub(crate) fn copy(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let (dst, src) = (args[0].clone(), args[1].clone());
        let d = match self.slice_elem(&dst) {
            Ok(elem) => elem,
            Err(why) => {
                let msg = format!("invalid copy: {why}");
                self.err(dst.pos(), "InvalidCopy", msg);
                return b.wrong();
            }
        };
        let src_under = self.string_or_bytes_under(src.ty);
        let src_string = src_under
            .ok()
            .filter(|&u| matches!(self.p.ty(u), Type::Basic(k) if k.is_string()));
        let s = match (src_string, self.slice_elem(&src)) {
            (Some(_), _) => TypeId::BYTE,
            (None, Ok(elem)) => elem,
            (None, Err(why)) => {
                let msg = format!("invalid copy: {why}");
                self.err(src.pos(), "InvalidCopy", msg);
                return b.wrong();
            }
        };
        if !self.p.identical(d, s) {
            let msg = format!(
                "invalid copy: arguments {} and {} have different element types {} and {}",
                self.show(&dst),
                self.show(&src),
                self.ts(d),
                self.ts(s)
            );
            self.err(dst.pos(), "InvalidCopy", msg);
            return b.wrong();
        }
        if self.p.is_untyped(args[1].ty) {
            self.convert_untyped(&mut args[1], TypeId::STRING);
        }
        self.record_use(b, &[dst.ty, args[1].ty], &[TypeId::INT], false);
        b.value(TypeId::INT)
    }

    /// The element type of a slice, the same for all types it may have.
    fn slice_elem(&mut self, x: &Operand<'a>) -> Result<TypeId, String> {
        let mut elem = None;
        for pair in self.p.specific_types(x.ty) {
            let slice = pair.map(|(_, u)| self.p.ty(u).clone());
            let Some(Type::Slice(e)) = slice else {
                let have = if x.is_nil() {
                    "untyped nil".into()
                } else {
                    self.show(x)
                };
                return Err(format!("argument must be a slice; have {have}"));
            };
            match elem {
                Some(known) if !self.p.identical(known, e) => {
                    let (a, b) = (self.ts(known), self.ts(e));
                    let shown = self.show(x);
                    return Err(format!(
                        "mismatched slice element types {a} and {b} in {shown}"
                    ));
                }
                _ => elem = Some(e),
            }
        }
        elem.ok_or_else(|| "argument must be a slice".into())
    }

    pub(crate) fn delete(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let map = args[0].clone();
        let mut key: Option<TypeId> = None;
        let mut wrong = None;
        for pair in self.p.specific_types(map.ty) {
            let Some(Type::Map(k, _)) = pair.map(|(_, u)| self.p.ty(u).clone()) else {
                wrong = Some(format!("{} is not a map", self.show(&map)));
                break;
            };
            if key.is_some_and(|known| !self.p.identical(known, k)) {
                let shown = self.show(&map);
                wrong = Some(format!("maps of {shown} must have identical key types"));
                break;
            }
            key = Some(k);
        }
        let key = match (key, wrong) {
            (Some(key), None) => key,
            (_, wrong) => {
                let why = wrong.unwrap_or_default();
                return self.bad_argument(b, &map, "InvalidDelete", &why);
            }
        };
        self.assignment(&mut args[1], Some(key), "argument to delete");
        if !args[1].ok() {
            return b.wrong();
        }
        self.record_use(b, &[map.ty, key], &[], false);
        b.no_value()
    }

    pub(crate) fn make(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let arg = &b.call.args[0];
        let ty = self.var_type(arg);
        if !self.p.is_valid(ty) {
            self.use_exprs(&b.call.args[1..]);
            return b.wrong();
        }
        let can_be_made = |p: &mut Program, _, under: Option<TypeId>| match under.map(|u| p.ty(u)) {
            None | Some(Type::Slice(_) | Type::Map(..) | Type::Chan(..)) => Ok(()),
            Some(_) => Err("type must be slice, map, or channel".to_string()),
        };
        let min = match self.p.common_under_if(ty, can_be_made) {
            Ok(under) if matches!(self.p.ty(under), Type::Slice(_)) => 2,
            Ok(_) => 1,
            Err(cause) => {
                let msg = format!("invalid argument: cannot make {arg}: {cause}");
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

    pub(crate) fn info_type(&mut self, e: &'a Expr) -> TypeId {
        self.info().ty(e.id).unwrap_or(TypeId::INT)
    }
}
