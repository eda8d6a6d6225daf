//! Inference of type arguments: from the types of function arguments, then from
//! constraints, then from default types of untyped constants.

use crate::checker::Checker;
use crate::object::ObjId;
use crate::operand::Operand;
use crate::program::Program;
use crate::types::*;
use crate::unify::{Unifier, UnifyMode};
use goxide_base::{FxHashSet, Pos};
use std::sync::Arc;

/// Why inference failed: where, and what to say; `None` if that was reported before.
pub(crate) type InferError = Option<(Pos, String)>;

impl<'a> Checker<'_, 'a> {
    /// Infers the missing ones of `targs` (`None`, or beyond its length) for `tparams` from
    /// the types of `args`, passed one by one to `params`. For an assignment of a generic
    /// function, `reverse` is what it is assigned to.
    pub fn infer(
        &mut self,
        pos: Pos,
        tparams: &[TypeId],
        targs: &[Option<TypeId>],
        params: &[ObjId],
        args: &[Operand<'a>],
        reverse: Option<&str>,
    ) -> Result<Vec<TypeId>, InferError> {
        let mut known: Vec<Option<TypeId>> = targs.to_vec();
        known.resize(tparams.len(), None);
        if let Some(all) = known.iter().copied().collect::<Option<Vec<TypeId>>>() {
            return Ok(all);
        }
        if args.iter().any(|a| !a.ok()) {
            return Err(None);
        }
        let params = self.known_params(tparams, &known, params);
        let mut u = Unifier::new(tparams, &known, self.env.version.allows(21));
        let untyped = self.infer_from_args(&mut u, tparams, &params, args, reverse)?;
        self.infer_from_constraints(&mut u, pos, tparams)?;
        self.infer_from_untyped(&mut u, &untyped, &params, args)?;
        let mut inferred = u.inferred(tparams);
        kill_cycles(self.p, tparams, &mut inferred);
        self.simplify(tparams, &known, &mut inferred);
        self.require_all(pos, tparams, &inferred)
    }

    /// Parameter types with what is known put in.
    fn known_params(
        &mut self,
        tparams: &[TypeId],
        known: &[Option<TypeId>],
        params: &[ObjId],
    ) -> Vec<TypeId> {
        let s = self.partial_subst(tparams, known);
        params
            .iter()
            .map(|&v| self.p.subst(self.p.obj_type(v), s))
            .collect()
    }

    /// A substitution of those parameters that are known.
    fn partial_subst(&mut self, tparams: &[TypeId], known: &[Option<TypeId>]) -> crate::SubstId {
        let pairs = tparams
            .iter()
            .zip(known)
            .filter_map(|(&p, t)| Some((p, (*t)?)));
        let (from, to): (Vec<TypeId>, Vec<TypeId>) = pairs.unzip();
        self.p.subst_map(&from, &to)
    }

    /// Unifies typed arguments with their parameters; gives the indices of untyped ones whose
    /// parameter is a bare type parameter.
    fn infer_from_args(
        &mut self,
        u: &mut Unifier,
        tparams: &[TypeId],
        params: &[TypeId],
        args: &[Operand<'a>],
        reverse: Option<&str>,
    ) -> Result<Vec<usize>, InferError> {
        let mut untyped = Vec::new();
        for (i, (&param, arg)) in params.iter().zip(args).enumerate() {
            if !self.p.uses_params(tparams, param) && !self.p.uses_params(tparams, arg.ty) {
                continue;
            }
            if self.p.is_typed(arg.ty) {
                if !u.unify(self.p, param, arg.ty, UnifyMode::ASSIGN) {
                    let text = self.mismatch(u, tparams, param, arg, reverse);
                    return Err(Some((arg.pos(), text)));
                }
            } else if matches!(self.p.ty(param), Type::TypeParam(_)) && !arg.is_nil() {
                untyped.push(i);
            }
        }
        Ok(untyped)
    }

    fn mismatch(
        &mut self,
        u: &Unifier,
        tparams: &[TypeId],
        param: TypeId,
        arg: &Operand<'a>,
        reverse: Option<&str>,
    ) -> String {
        let expr = match (arg.expr, reverse) {
            (Some(e), _) => goxide_syntax::expr_string(e),
            (None, to) => to.unwrap_or_default().to_string(),
        };
        let (arg_type, param_type) = (self.ts(arg.ty), self.ts(param));
        let inferred = u.inferred(tparams);
        if inferred.iter().all(Option::is_none) {
            let names = self.param_names(tparams);
            return format!(
                "type {arg_type} of {expr} does not match {param_type} (cannot infer {names})"
            );
        }
        let s = self.partial_subst(tparams, &inferred);
        let so_far = self.p.subst(param, s);
        let known = self.ts(so_far);
        if so_far == param {
            format!("type {arg_type} of {expr} does not match {param_type}")
        } else if reverse.is_some() {
            format!(
                "inferred type {known} for {param_type} does not match type {arg_type} of {expr}"
            )
        } else {
            format!(
                "type {arg_type} of {expr} does not match inferred type {known} for {param_type}"
            )
        }
    }

    fn param_names(&self, tparams: &[TypeId]) -> String {
        let names: Vec<String> = tparams.iter().map(|&t| self.ts(t)).collect();
        match names.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            [a, b] => format!("{a} and {b}"),
            [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
        }
    }

    /// Unifies parameters with their constraints as long as that finds more.
    fn infer_from_constraints(
        &mut self,
        u: &mut Unifier,
        pos: Pos,
        tparams: &[TypeId],
    ) -> Result<(), InferError> {
        loop {
            let unknown = u.unknowns();
            for &param in tparams {
                self.infer_from_constraint(u, pos, tparams, param)?;
            }
            if u.unknowns() == unknown {
                return Ok(());
            }
        }
    }

    fn infer_from_constraint(
        &mut self,
        u: &mut Unifier,
        pos: Pos,
        tparams: &[TypeId],
        param: TypeId,
    ) -> Result<(), InferError> {
        let known = u.at(param);
        let fail = |c: &Self, tx: TypeId, cause: &str| {
            let bound =
                c.p.as_type_param(param)
                    .map_or(TypeId::INVALID, |p| p.bound);
            let (param, tx, bound) = (c.ts(param), c.ts(tx), c.ts(bound));
            let space = if cause.is_empty() { "" } else { " " };
            let text = format!("{param} (type {tx}) does not satisfy {bound}{space}{cause}");
            Err(Some((pos, text)))
        };
        if let Some((core, single)) = self.p.core_term(param) {
            match known {
                Some(tx) if !u.unify(self.p, tx, core.ty, UnifyMode::INEXACT) => {
                    return fail(self, tx, "");
                }
                None if single && !core.tilde => u.set(param, core.ty),
                _ => {}
            }
        }
        let Some(tx) = known.filter(|&t| !self.p.uses_params(tparams, t)) else {
            return Ok(());
        };
        // What it is made of must have the constraint's methods; matching them may tell more.
        let iface = self.p.type_param_iface(param);
        if !self.p.is_valid(tx) {
            return Ok(());
        }
        let mut cause = String::new();
        let missing = self
            .p
            .missing_method_by(tx, iface, true, Some(&mut cause), |p, a, b| {
                u.unify(p, a, b, UnifyMode::EXACT)
            });
        if missing.is_some() && !self.p.has_invalid_embedded(tx, &mut Vec::new()) {
            return fail(self, tx, &cause);
        }
        Ok(())
    }

    /// Gives parameters that only untyped arguments speak of the largest default type.
    fn infer_from_untyped(
        &mut self,
        u: &mut Unifier,
        untyped: &[usize],
        params: &[TypeId],
        args: &[Operand<'a>],
    ) -> Result<(), InferError> {
        let mut largest: Vec<(TypeId, TypeId)> = Vec::new();
        for &i in untyped {
            let (param, arg) = (params[i], &args[i]);
            if u.at(param).is_some() {
                continue;
            }
            let Some(entry) = largest.iter_mut().find(|l| l.0 == param) else {
                largest.push((param, arg.ty));
                continue;
            };
            match self.p.max_untyped(entry.1, arg.ty) {
                Some(max) => entry.1 = max,
                None => {
                    let (a, b, name) = (self.ts(entry.1), self.ts(arg.ty), self.ts(param));
                    let text = format!("mismatched types {a} and {b} (cannot infer {name})");
                    return Err(Some((arg.pos(), text)));
                }
            }
        }
        for (param, ty) in largest {
            u.set(param, self.p.default_type(ty));
        }
        Ok(())
    }

    /// Replaces parameters inside of what was inferred until nothing changes.
    fn simplify(
        &mut self,
        tparams: &[TypeId],
        known: &[Option<TypeId>],
        inferred: &mut [Option<TypeId>],
    ) {
        let mut dirty: Vec<usize> = (0..inferred.len())
            .filter(|&i| inferred[i].is_some() && known[i].is_none())
            .collect();
        let mut rounds = 0;
        while !dirty.is_empty() && rounds < 100 {
            rounds += 1;
            let s = self.partial_subst(tparams, inferred);
            dirty.retain(|&i| {
                let Some(old) = inferred[i] else { return false };
                let mut new = self.p.subst(old, s);
                if new == old {
                    return false;
                }
                if let Type::Signature(sig) = self.p.ty(new).clone()
                    && !sig.tparams.is_empty()
                    && !self.p.uses_params(tparams, new)
                {
                    // A generic function argument that is not generic any more.
                    let sig = Signature {
                        tparams: List::default(),
                        ..(*sig).clone()
                    };
                    new = self.p.add_type(Type::Signature(Arc::new(sig)));
                }
                inferred[i] = Some(new);
                true
            });
        }
    }

    fn require_all(
        &mut self,
        pos: Pos,
        tparams: &[TypeId],
        inferred: &[Option<TypeId>],
    ) -> Result<Vec<TypeId>, InferError> {
        let mut result = Vec::new();
        for (&param, ty) in tparams.iter().zip(inferred) {
            match ty.filter(|&t| !self.p.uses_params(tparams, t)) {
                Some(t) => result.push(t),
                None => {
                    let mut text = format!("cannot infer {}", self.ts(param));
                    if let Type::TypeParam(p) = self.p.ty(param) {
                        let declared = self.p.obj(p.obj).pos.in_message();
                        text += &format!(" (declared at {declared})");
                    }
                    return Err(Some((pos, text)));
                }
            }
        }
        Ok(result)
    }

    /// Type parameters like `tparams` but with an identity of their own, and `ty` in terms of
    /// them: so that a generic function's own parameters, in its recursive call, are not
    /// taken for those to be inferred.
    pub fn rename_tparams(&mut self, tparams: &[TypeId], ty: TypeId) -> (Vec<TypeId>, TypeId) {
        if tparams.is_empty() {
            return (Vec::new(), ty);
        }
        let fresh: Vec<TypeId> = tparams
            .iter()
            .map(|&t| {
                let Type::TypeParam(p) = self.p.ty(t).clone() else {
                    return t;
                };
                let o = self.p.obj(p.obj).clone();
                let obj = self.p.new_object(o.kind, o.name, o.pos, o.pkg, None);
                self.p.new_type_param(obj, p.index, TypeId::INVALID)
            })
            .collect();
        let s = self.p.subst_map(tparams, &fresh);
        for (&old, &new) in tparams.iter().zip(&fresh) {
            let bound = self
                .p
                .as_type_param(old)
                .map_or(TypeId::INVALID, |p| p.bound);
            let bound = self.p.subst(bound, s);
            if let Type::TypeParam(p) = &mut self.p.types[new] {
                p.bound = bound;
            }
        }
        let ty = self.p.subst(ty, s);
        (fresh, ty)
    }
}

impl Program {
    /// The typed type that an untyped constant gets by itself; other types unchanged.
    pub fn default_type(&self, ty: TypeId) -> TypeId {
        match ty {
            TypeId::UNTYPED_BOOL => TypeId::BOOL,
            TypeId::UNTYPED_INT => TypeId::INT,
            TypeId::UNTYPED_RUNE => TypeId::RUNE,
            TypeId::UNTYPED_FLOAT => TypeId::FLOAT64,
            TypeId::UNTYPED_COMPLEX => TypeId::COMPLEX128,
            TypeId::UNTYPED_STRING => TypeId::STRING,
            ty => ty,
        }
    }

    /// The larger of two untyped numeric kinds, or the kind if they are equal.
    pub fn max_untyped(&self, x: TypeId, y: TypeId) -> Option<TypeId> {
        if x == y {
            return Some(x);
        }
        let numeric = self.is_untyped_numeric(x) && self.is_untyped_numeric(y);
        // Ids of basic kinds are in order of size.
        numeric.then(|| x.max(y))
    }

    /// If a type parameter's constraint has a single term: that one, and true. Else the
    /// common underlying type of its terms, if any, with a tilde if one of them has it.
    pub(crate) fn core_term(&mut self, param: TypeId) -> Option<(Term, bool)> {
        let tset = self.type_set(param);
        let terms = tset.terms.as_slice();
        if let [single] = terms {
            return Some((*single, true));
        }
        let tilde = terms.iter().any(|t| t.tilde);
        let ty = self.common_under(param).ok()?;
        Some((Term { tilde, ty }, false))
    }

    /// Whether a type mentions one of these parameters. A generic function's own ones do not
    /// count unless they are among them.
    pub fn uses_params(&mut self, tparams: &[TypeId], ty: TypeId) -> bool {
        self.uses(tparams, ty, &mut FxHashSet::default())
    }

    fn uses(&mut self, tparams: &[TypeId], ty: TypeId, seen: &mut FxHashSet<TypeId>) -> bool {
        let list = match self.ty(ty) {
            Type::Basic(_) => return false,
            Type::TypeParam(_) => return tparams.contains(&ty),
            _ if !seen.insert(ty) => return false,
            _ => self.components(ty),
        };
        list.iter().any(|&t| self.uses(tparams, t, seen))
    }

    /// The types that a type is directly made of.
    pub(crate) fn components(&mut self, ty: TypeId) -> Vec<TypeId> {
        match self.ty(ty).clone() {
            Type::Basic(_) | Type::TypeParam(_) => Vec::new(),
            Type::Alias(_) => vec![self.unalias(ty)],
            Type::Pointer(t) | Type::Slice(t) | Type::Array(_, t) | Type::Chan(_, t) => vec![t],
            Type::Map(k, v) => vec![k, v],
            Type::Tuple(vars) => self.types_of(&vars).to_vec(),
            Type::Struct(s) => self.types_of(&s.fields).to_vec(),
            Type::Signature(s) => {
                [&*self.types_of(&s.params), &*self.types_of(&s.results)].concat()
            }
            Type::Union(terms) => terms.iter().map(|t| t.ty).collect(),
            Type::Named(n) => n.targs.to_vec(),
            Type::Interface(_) => {
                let set = self.type_set(ty);
                let methods = self.types_of(&set.methods);
                methods
                    .iter()
                    .copied()
                    .chain(set.terms.as_slice().iter().map(|t| t.ty))
                    .collect()
            }
        }
    }
}

/// Unsets inferred types that lead back to their own parameter, which replacing would
/// expand for ever.
fn kill_cycles(p: &mut Program, tparams: &[TypeId], inferred: &mut [Option<TypeId>]) {
    for &param in tparams {
        walk(p, tparams, inferred, param, &mut Vec::new());
    }
}

fn walk(
    p: &mut Program,
    tparams: &[TypeId],
    inferred: &mut [Option<TypeId>],
    ty: TypeId,
    path: &mut Vec<TypeId>,
) {
    let ty = p.unalias(ty);
    let index = tparams.iter().position(|&t| t == ty);
    if path.contains(&ty) {
        if let Some(i) = index {
            inferred[i] = None;
        }
        return;
    }
    path.push(ty);
    let next = match index {
        Some(i) => inferred[i].into_iter().collect(),
        None => p.components(ty),
    };
    for t in next {
        walk(p, tparams, inferred, t, path);
    }
    path.pop();
}
