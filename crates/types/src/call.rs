//! Calls: conversions, calls of built-ins and functions, with inference of type arguments.

use crate::checker::Checker;
use crate::expr::Target;
use crate::infer::InferError;
use crate::object::ObjId;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_base::Pos;
use goxide_syntax::ast::{CallExpr, Expr, ExprKind, IndexExpr};
use std::sync::Arc;

/// An argument; if it is a generic function with only some type arguments given, with these.
struct Argument<'a> {
    x: Operand<'a>,
    targs: Vec<TypeId>,
}

impl<'a> Checker<'_, 'a> {
    pub(crate) fn call_expr(&mut self, e: &'a Expr, call: &'a CallExpr) -> Operand<'a> {
        let (x, inst) = self.callee(&call.fun);
        match x.mode {
            OpMode::Invalid => {
                self.use_exprs(&call.args);
                Operand::invalid(e)
            }
            OpMode::TypeExpr => self.conversion_call(e, call, x),
            OpMode::Builtin(id) => {
                let result = self.builtin_call(e, call, id);
                if !matches!(result.mode, OpMode::Invalid | OpMode::Constant(_)) {
                    self.env.has_call_or_recv = true;
                }
                result
            }
            _ => self.function_call(e, call, x, inst),
        }
    }

    /// Checks the callee. A generic function with type arguments is left uninstantiated and
    /// the index expression returned: arguments may be needed to infer the rest.
    fn callee(&mut self, fun: &'a Expr) -> (Operand<'a>, Option<&'a IndexExpr>) {
        let ExprKind::Index(index) = &fun.kind else {
            return (self.expr_or_type(fun, true), None);
        };
        let mut x = self.expr_or_type(&index.x, true);
        let generic = !matches!(x.mode, OpMode::TypeExpr | OpMode::Invalid)
            && matches!(self.p.under_ty(x.ty), Type::Signature(s) if !s.tparams.is_empty());
        if !generic {
            if !x.ok() {
                self.use_exprs(&index.indices);
                return (Operand::invalid(fun), None);
            }
            return (self.expr_or_type(fun, true), None);
        }
        x.expr = Some(fun);
        (x, Some(index))
    }

    fn conversion_call(&mut self, e: &'a Expr, call: &'a CallExpr, x: Operand<'a>) -> Operand<'a> {
        let ty = x.ty;
        if self.p.is_generic(ty) {
            let msg = format!("cannot use generic type {} without instantiation", call.fun);
            self.err(x.pos(), "WrongTypeArgCount", msg);
            self.use_exprs(&call.args);
            return Operand::invalid(e);
        }
        if !self.is_complete(ty) {
            return Operand::invalid(e);
        }
        let ts = self.ts(ty);
        let [arg] = &call.args[..] else {
            self.use_exprs(&call.args);
            match call.args.last() {
                None => {
                    let msg = format!("missing argument in conversion to {ts}");
                    self.err(e.start(), "WrongArgCount", msg);
                }
                Some(last) => {
                    let msg = format!("too many arguments in conversion to {ts}");
                    self.err(last.start(), "WrongArgCount", msg);
                }
            }
            return Operand::invalid(e);
        };
        let mut x = self.generic_expr(arg);
        let target = self.target(Some(ty), |_| "conversion".into());
        self.non_generic(target.as_ref(), &mut x);
        if !x.ok() {
            return Operand::invalid(e);
        }
        if self.p.is_non_param_interface(ty) && !self.p.is_method_set(ty) {
            let msg = format!(
                "cannot use interface {ts} in conversion (contains specific type constraints or is comparable)"
            );
            self.err(e.start(), "MisplacedConstraintIface", msg);
            return Operand::invalid(e);
        }
        if call.has_dots() {
            let msg = format!("invalid use of ... in conversion to {ts}");
            self.err(arg.start(), "BadDotDotDotSyntax", msg);
            return Operand::invalid(e);
        }
        self.conversion(&mut x, ty);
        x.expr = Some(e);
        x
    }

    fn function_call(
        &mut self,
        e: &'a Expr,
        call: &'a CallExpr,
        x: Operand<'a>,
        inst: Option<&'a IndexExpr>,
    ) -> Operand<'a> {
        let callable = self
            .p
            .common_under_if(x.ty, |p, t, u| match (t, u.map(|u| p.ty(u))) {
                (_, None | Some(Type::Signature(_))) => Ok(()),
                (t, _) => Err(format!(
                    "{} is not a function",
                    p.type_string(t.unwrap_or_default())
                )),
            });
        let sig_type = match callable {
            Ok(u) => u,
            Err(why) => {
                let shown = self.show(&x);
                let msg = format!("invalid operation: cannot call {shown}: {why}");
                self.err(x.pos(), "InvalidCall", msg);
                return Operand::invalid(e);
            }
        };
        let Type::Signature(mut sig) = self.p.ty(sig_type).clone() else {
            return Operand::invalid(e);
        };
        let mut sig_type = sig_type;
        let was_generic = !sig.tparams.is_empty();
        let mut targs = Vec::new();
        let mut list: &'a [Expr] = &[];
        if let Some(index) = inst {
            self.need_version(call.fun.start(), 18, "function instantiation");
            list = &index.indices;
            let Some(explicit) = self.type_list(list) else {
                self.use_exprs(&call.args);
                return Operand::invalid(e);
            };
            targs = explicit;
            let (got, want) = (targs.len(), sig.tparams.len());
            if got > want {
                let msg = format!("got {got} type arguments but want {want}");
                self.err(list[want].start(), "WrongTypeArgCount", msg);
                self.use_exprs(&call.args);
                return Operand::invalid(e);
            }
            if got == want {
                sig_type =
                    self.instantiate_signature(index.lbrack, &call.fun, &targs, sig_type, list);
                let Type::Signature(new) = self.p.ty(sig_type).clone() else {
                    return Operand::invalid(e);
                };
                sig = new;
                targs.clear();
                list = &[];
            }
        }
        let args = self.argument_list(&call.args);
        let (sig_type, sig) = self.arguments(e, call, targs, list, args, sig_type, sig);
        if was_generic && sig.tparams.is_empty() {
            self.record_type(&call.fun, crate::Mode::Value, sig_type, None);
            if let ExprKind::Paren(_) = call.fun.kind {
                self.record_type(call.fun.unparen(), crate::Mode::Value, sig_type, None);
            }
        }
        self.env.has_call_or_recv = true;
        self.call_result(e, &sig)
    }

    fn call_result(&mut self, e: &'a Expr, sig: &Signature) -> Operand<'a> {
        let (mode, ty) = match &sig.results[..] {
            [] => (OpMode::NoValue, TypeId::EMPTY_TUPLE),
            [one] => (OpMode::Value, self.p.obj_type(*one)),
            _ => (OpMode::Value, self.p.tuple_of(sig.results.clone())),
        };
        // If inference failed, a result that depends on type parameters has no type.
        if matches!(mode, OpMode::Value) && !sig.tparams.is_empty() && self.p.is_parameterized(ty) {
            return Operand::invalid(e);
        }
        if matches!(mode, OpMode::Value) && (!self.p.is_valid(ty) || !self.is_complete(ty)) {
            return Operand::invalid(e);
        }
        Operand::new(mode, ty, e)
    }

    /// Checks arguments: a single call with several results is spread.
    fn argument_list(&mut self, args: &'a [Expr]) -> Vec<Argument<'a>> {
        if let [single] = args
            && !matches!(single.kind, ExprKind::Index(_))
        {
            let mut x = self.raw_expr(None, single, None, true);
            if x.ok()
                && let Type::Tuple(vars) = self.p.ty(x.ty)
                && matches!(x.mode, OpMode::Value)
            {
                let types = self.p.types_of(&vars.clone());
                let spread = |&ty: &TypeId| Argument {
                    x: Operand::new(OpMode::Value, ty, single),
                    targs: Vec::new(),
                };
                return types.iter().map(spread).collect();
            }
            self.refuse_non_value(&mut x);
            return vec![Argument {
                x,
                targs: Vec::new(),
            }];
        }
        args.iter().map(|e| self.argument(e)).collect()
    }

    fn refuse_non_value(&mut self, x: &mut Operand<'a>) {
        let Some(e) = x.expr else { return };
        let (msg, code) = match x.mode {
            OpMode::NoValue => (format!("{e} (no value) used as value"), "TooManyValues"),
            OpMode::Builtin(_) => (format!("{e} (built-in) must be called"), "UncalledBuiltin"),
            OpMode::TypeExpr => (format!("{e} (type) is not an expression"), "NotAnExpr"),
            _ => return,
        };
        self.err(x.pos(), code, msg);
        x.invalidate();
    }

    fn argument(&mut self, e: &'a Expr) -> Argument<'a> {
        if let ExprKind::Index(index) = &e.kind {
            let (mut x, inst) = self.callee(e);
            if inst.is_some() {
                // Before Go 1.21 arguments had to be instantiated by themselves.
                let alone = !self.env.version.allows(21);
                let targs = self.partial_instance(None, &mut x, e, Some(index), alone);
                if targs.is_empty() && x.ok() {
                    self.record(&x);
                }
                return Argument { x, targs };
            }
            self.refuse_non_value(&mut x);
            self.single_value(&mut x);
            return Argument {
                x,
                targs: Vec::new(),
            };
        }
        Argument {
            x: self.generic_expr(e),
            targs: Vec::new(),
        }
    }
}

/// Arguments against parameters.
impl<'a> Checker<'_, 'a> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn arguments(
        &mut self,
        e: &'a Expr,
        call: &'a CallExpr,
        targs: Vec<TypeId>,
        list: &'a [Expr],
        mut args: Vec<Argument<'a>>,
        sig_type: TypeId,
        sig: Arc<Signature>,
    ) -> (TypeId, Arc<Signature>) {
        let failed = (sig_type, sig.clone());
        let Some(params) = self.match_count(call, &args, &sig) else {
            return failed;
        };
        if args.iter().any(|a| !a.x.ok()) && !sig.tparams.is_empty() {
            // Inference would only produce errors that follow from the first one.
            return failed;
        }
        let mut params: Vec<TypeId> = params;
        let Some((sig_type, sig)) = self.infer_call(
            e,
            call,
            targs,
            list,
            &mut args,
            (sig_type, sig),
            &mut params,
        ) else {
            return failed;
        };
        let context = format!("argument to {}", call.fun);
        for (arg, &ty) in args.iter_mut().zip(&params) {
            self.assignment(&mut arg.x, Some(ty), &context);
        }
        (sig_type, sig)
    }

    /// The type of an argument for a "have" line; as gc shows it, a call without a result has
    /// that of what it calls.
    fn type_in_summary(&mut self, x: &Operand<'a>) -> TypeId {
        match x.expr.map(|e| &e.unparen().kind) {
            Some(ExprKind::Call(call)) if x.ty == TypeId::EMPTY_TUPLE => {
                self.info().ty(call.fun.id).unwrap_or(x.ty)
            }
            _ => x.ty,
        }
    }

    /// Types of the parameters, one per argument; `None` if the numbers do not agree, which
    /// is reported.
    fn match_count(
        &mut self,
        call: &'a CallExpr,
        args: &[Argument<'a>],
        sig: &Signature,
    ) -> Option<Vec<TypeId>> {
        let mut params = self.p.types_of(&sig.params).to_vec();
        let got = args.len();
        let mut want = params.len();
        if sig.variadic && call.has_dots() {
            if call.args.len() == 1 && got > 1 {
                let msg = format!("cannot use ... with {got}-valued {}", call.args[0]);
                self.err(call.fun.start(), "InvalidDotDotDot", msg);
                return None;
            }
        } else if sig.variadic {
            if got + 1 >= want {
                let last = params.pop().unwrap_or(TypeId::INVALID);
                let elem = match *self.p.under_ty(last) {
                    Type::Slice(elem) => elem,
                    _ => TypeId::INVALID,
                };
                params.resize(got, elem);
                want = got;
            } else {
                want -= 1;
            }
        } else if call.has_dots() {
            let msg = format!("cannot use ... in call to non-variadic {}", call.fun);
            self.err(call.fun.start(), "NonVariadicDotDotDot", msg);
            return None;
        }
        if got == want {
            return Some(params);
        }
        let (at, what) = if got > want {
            (args[want].x.pos(), "too many")
        } else {
            let last = args.last().map_or(call.fun.start(), |a| a.x.pos());
            (last, "not enough")
        };
        let have: Vec<TypeId> = args.iter().map(|a| self.type_in_summary(&a.x)).collect();
        let have = self.types_summary(&have, false, call.has_dots());
        let wanted = self.p.types_of(&sig.params);
        let wanted = self.types_summary(&wanted, sig.variadic, false);
        let msg = format!(
            "{what} arguments in call to {}\n\thave {have}\n\twant {wanted}",
            call.fun
        );
        self.err(at, "WrongArgCount", msg);
        None
    }

    /// Infers missing type arguments of the callee and of generic functions among the
    /// arguments, and instantiates all of them.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call")]
    fn infer_call(
        &mut self,
        e: &'a Expr,
        call: &'a CallExpr,
        targs: Vec<TypeId>,
        list: &'a [Expr],
        args: &mut [Argument<'a>],
        (sig_type, sig): (TypeId, Arc<Signature>),
        params: &mut [TypeId],
    ) -> Option<(TypeId, Arc<Signature>)> {
        let n = sig.tparams.len();
        let mut tparams: Vec<TypeId> = Vec::new();
        let mut targs: Vec<Option<TypeId>> = targs.into_iter().map(Some).collect();
        if n > 0 {
            // Fresh parameters, in case the callee calls itself.
            let (renamed, map) = self.fresh_tparams(&sig.tparams);
            for ty in params.iter_mut() {
                *ty = self.p.subst(*ty, map);
            }
            tparams = renamed;
            targs.resize(n, None);
        }
        let mut generic: Vec<(usize, usize)> = Vec::new();
        for (i, arg) in args.iter_mut().enumerate() {
            if let Type::Signature(s) = self.p.ty(arg.x.ty).clone()
                && !s.tparams.is_empty()
                && arg.x.ok()
            {
                let what = if arg.targs.is_empty() {
                    "implicitly"
                } else {
                    "partially"
                };
                let what = format!("{what} instantiated function as argument");
                self.need_version(arg.x.pos(), 21, &what);
                let (renamed, map) = self.fresh_tparams(&s.tparams);
                let new = self.p.subst(arg.x.ty, map);
                if let Type::Signature(new) = self.p.ty(new).clone() {
                    let new = Signature {
                        tparams: renamed.clone().into(),
                        ..(*new).clone()
                    };
                    arg.x.ty = self.p.add_type(Type::Signature(Arc::new(new)));
                }
                generic.push((i, renamed.len()));
                let partial = std::mem::take(&mut arg.targs);
                let given = partial.len();
                targs.extend(partial.into_iter().map(Some));
                targs.extend(std::iter::repeat_n(
                    None,
                    renamed.len().saturating_sub(given),
                ));
                tparams.extend(renamed);
            }
        }
        if tparams.is_empty() {
            return Some((sig_type, sig));
        }
        if n > 0 && list.is_empty() {
            self.need_version(e.start(), 18, "implicit function instantiation");
        }
        let vars: Vec<ObjId> = params.iter().map(|&t| self.p.new_param(t)).collect();
        let operands: Vec<Operand<'a>> = args.iter().map(|a| a.x.clone()).collect();
        let inferred = match self.infer(call.lparen, &tparams, &targs, &vars, &operands, None) {
            Ok(inferred) => inferred,
            Err(why) => {
                if let Some((at, why)) = why {
                    let msg = format!("in call to {}, {why}", call.fun);
                    self.err(at, "CannotInferTypeArgs", msg);
                }
                return None;
            }
        };
        let mut result = (sig_type, sig.clone());
        if n > 0 {
            let base = match &call.fun.kind {
                ExprKind::Paren(_) => call.fun.unparen(),
                _ => &call.fun,
            };
            let at = e.pos;
            let new = self.instantiate_signature(at, base, &inferred[..n], sig_type, list);
            let Type::Signature(s) = self.p.ty(new).clone() else {
                return None;
            };
            result = (new, s);
            let map = self.p.subst_map(&tparams[..n], &inferred[..n]);
            for ty in params.iter_mut() {
                *ty = self.p.subst(*ty, map);
            }
        }
        let mut at = n;
        for (i, count) in generic {
            let arg = &mut args[i];
            let Some(expr) = arg.x.expr else { continue };
            let inferred = &inferred[at..at + count];
            arg.x.ty = self.instantiate_signature(e.pos, expr, inferred, arg.x.ty, &[]);
            self.record(&arg.x.clone());
            at += count;
        }
        Some(result)
    }

    /// Fresh type parameters in place of `tparams`, and the substitution that puts them in.
    fn fresh_tparams(&mut self, tparams: &[TypeId]) -> (Vec<TypeId>, crate::SubstId) {
        let (fresh, _) = self.rename_tparams(tparams, TypeId::INVALID);
        let map = self.p.subst_map(tparams, &fresh);
        (fresh, map)
    }
}

/// Instantiation of functions.
impl<'a> Checker<'_, 'a> {
    /// The instance of a generic function's type; whether the arguments satisfy their
    /// constraints is looked at when all types are set up. `list` has the explicit ones.
    pub fn instantiate_signature(
        &mut self,
        pos: Pos,
        e: &'a Expr,
        targs: &[TypeId],
        generic: TypeId,
        list: &'a [Expr],
    ) -> TypeId {
        let inst = self.p.instance(generic, targs);
        self.record_instance(e, targs, inst);
        let tparams = self.p.type_params_of(generic);
        let targs: List<TypeId> = targs.into();
        self.later(move |c| match c.p.verify_instance(&tparams, &targs) {
            Ok(()) => {
                let positions: Vec<Pos> = list.iter().map(Expr::start).collect();
                c.mono_instance(pos, &tparams, &targs, &positions);
            }
            Err((i, why)) => {
                let at = list.get(i).map_or(pos, Expr::start);
                c.soft_err(at, "InvalidTypeArg", why);
            }
        });
        inst
    }

    /// Instantiates a generic function used as a value: `f[T]` with all type arguments, or
    /// what is missing inferred from the `target`.
    pub fn instantiate_func(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand<'a>,
        e: &'a Expr,
        index: &'a IndexExpr,
    ) {
        x.expr = Some(e);
        self.partial_instance(target, x, e, Some(index), true);
    }

    /// Instantiates a generic function assigned to something of a function type.
    pub fn instantiate_for(&mut self, target: &Target, x: &mut Operand<'a>) {
        let Some(e) = x.expr else { return };
        self.partial_instance(Some(target), x, e, None, true);
    }

    /// Instantiates generic function `x`, if its type arguments are all given or (with
    /// `infer`) can be found. Otherwise gives those that are there.
    fn partial_instance(
        &mut self,
        target: Option<&Target>,
        x: &mut Operand<'a>,
        e: &'a Expr,
        index: Option<&'a IndexExpr>,
        infer: bool,
    ) -> Vec<TypeId> {
        let list: &'a [Expr] = index.map_or(&[], |i| &i.indices);
        let at = index.map_or(e.start(), |i| i.lbrack);
        let allowed = self.need_version(at, 18, "function instantiation");
        let mut targs = Vec::new();
        if index.is_some() {
            match self.type_list(list) {
                Some(explicit) => targs = explicit,
                None => {
                    x.invalidate();
                    return Vec::new();
                }
            }
        }
        let generic = self.p.under(x.ty);
        let Type::Signature(sig) = self.p.ty(generic).clone() else {
            return Vec::new();
        };
        let (got, want) = (targs.len(), sig.tparams.len());
        if got > want {
            let msg = format!("got {got} type arguments but want {want}");
            self.err(list[got - 1].start(), "WrongTypeArgCount", msg);
            x.invalidate();
            return Vec::new();
        }
        if got < want && allowed && infer && target.is_some() && !self.env.version.allows(21) {
            let how = if index.is_some() {
                "partially"
            } else {
                "implicitly"
            };
            self.need_version(
                at,
                21,
                &format!("{how} instantiated function in assignment"),
            );
        }
        if got < want {
            if !infer {
                return targs;
            }
            match self.infer_for_target(target, at, &sig, &targs) {
                Ok(all) => targs = all,
                Err(why) => {
                    if let Some((at, why)) = why {
                        self.err(at, "CannotInferTypeArgs", why);
                    }
                    x.invalidate();
                    return Vec::new();
                }
            }
        }
        x.ty = self.instantiate_signature(e.start(), e, &targs, generic, list);
        x.mode = OpMode::Value;
        Vec::new()
    }

    /// Type arguments of a function assigned to `target`, found as if a function with a
    /// parameter of `x`'s type were called with the target.
    fn infer_for_target(
        &mut self,
        target: Option<&Target>,
        at: Pos,
        sig: &Signature,
        targs: &[TypeId],
    ) -> Result<Vec<TypeId>, InferError> {
        let (tparams, map) = self.fresh_tparams(&sig.tparams);
        let targs: Vec<Option<TypeId>> = targs.iter().copied().map(Some).collect();
        let Some(target) = target else {
            return self.infer(at, &tparams, &targs, &[], &[], None);
        };
        let plain = Signature {
            params: sig.params.clone(),
            results: sig.results.clone(),
            variadic: sig.variadic,
            ..Signature::default()
        };
        let plain = self.p.add_type(Type::Signature(Arc::new(plain)));
        let param = self.p.subst(plain, map);
        let param = self.p.new_param(param);
        let arg = Operand {
            mode: OpMode::Value,
            ty: target.sig,
            expr: None,
            at,
            result: 0,
        };
        self.infer(at, &tparams, &targs, &[param], &[arg], Some(&target.desc))
    }
}
