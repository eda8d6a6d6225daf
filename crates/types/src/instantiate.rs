//! Instances of generic types and functions, and whether type arguments satisfy their
//! constraints.

use crate::program::Program;
use crate::types::*;
use goxide_base::Pos;
use std::sync::Arc;

impl Program {
    /// The instance of a generic type, alias or function type with these arguments. A named
    /// type's instance is expanded when asked about. [`TypeId::INVALID`] if the number
    /// of arguments is wrong for an alias or function, or `orig` is not generic.
    pub fn instance(&mut self, orig: TypeId, targs: &[TypeId]) -> TypeId {
        match self.ty(orig).clone() {
            Type::Named(n) => {
                let key: (TypeId, List<TypeId>) = (orig, self.instance_key(targs));
                if let Some(&id) = self.instances.get(&key) {
                    return id;
                }
                let id = self.add_type(Type::Named(Box::new(Named {
                    obj: n.obj,
                    origin: orig,
                    tparams: List::default(),
                    targs: targs.into(),
                    from_rhs: None,
                    underlying: None,
                    methods: Vec::new(),
                    pos: Pos::NONE,
                    expanding: false,
                })));
                self.instances.insert(key, id);
                id
            }
            Type::Alias(a) => self.alias_instance(orig, &a, targs),
            Type::Signature(s) if s.tparams.len() == targs.len() => {
                let map = self.subst_map(&s.tparams, targs);
                let new = self.subst(orig, map);
                let Type::Signature(s) = self.ty(new).clone() else {
                    return TypeId::INVALID;
                };
                let s = Signature {
                    tparams: List::default(),
                    ..(*s).clone()
                };
                self.add_type(Type::Signature(Arc::new(s)))
            }
            _ => TypeId::INVALID,
        }
    }

    fn alias_instance(&mut self, orig: TypeId, a: &Alias, targs: &[TypeId]) -> TypeId {
        if a.tparams.len() != targs.len() {
            return TypeId::INVALID;
        }
        let key: (TypeId, List<TypeId>) = (orig, targs.into());
        if let Some(&id) = self.instances.get(&key) {
            return id;
        }
        let Some(rhs) = a.rhs else {
            return TypeId::INVALID;
        };
        let map = self.subst_map(&a.tparams, targs);
        let rhs = self.subst(rhs, map);
        let id = self.add_type(Type::Alias(Box::new(Alias {
            obj: a.obj,
            origin: orig,
            tparams: List::default(),
            targs: targs.into(),
            rhs: Some(rhs),
        })));
        self.instances.insert(key, id);
        id
    }

    /// Arguments without aliases, so that the same instance is found under all names.
    fn instance_key(&self, targs: &[TypeId]) -> List<TypeId> {
        let key = |&t: &TypeId| match self.ty(self.unalias(t)) {
            Type::Basic(b) => b.canonical().id(),
            _ if self.unalias(t) != TypeId::INVALID => self.unalias(t),
            _ => t,
        };
        targs.iter().map(key).collect()
    }

    /// The type parameters of a generic type, alias or function type.
    pub fn type_params_of(&self, ty: TypeId) -> List<TypeId> {
        match self.ty(ty) {
            Type::Named(n) => match self.ty(n.origin) {
                Type::Named(o) => o.tparams.clone(),
                _ => List::default(),
            },
            Type::Alias(a) => match self.ty(a.origin) {
                Type::Alias(o) => o.tparams.clone(),
                _ => List::default(),
            },
            Type::Signature(s) => s.tparams.clone(),
            _ => List::default(),
        }
    }

    /// Whether each type argument satisfies its parameter's constraint; else the index of
    /// the first that does not, and why.
    pub fn verify_instance(
        &mut self,
        tparams: &[TypeId],
        targs: &[TypeId],
    ) -> Result<(), (usize, String)> {
        let map = self.subst_map(tparams, targs);
        for (i, (&param, &arg)) in tparams.iter().zip(targs).enumerate() {
            self.type_param_iface(param);
            let bound = self
                .as_type_param(param)
                .map_or(TypeId::INVALID, |p| p.bound);
            let bound = self.subst(bound, map);
            let mut cause = String::new();
            if !self.implements(arg, bound, true, Some(&mut cause)) {
                return Err((i, cause));
            }
        }
        Ok(())
    }

    /// Whether `v` implements the interface `t`; for a `constraint`: satisfies it. If not,
    /// `cause` says why.
    pub fn implements(
        &mut self,
        v: TypeId,
        t: TypeId,
        constraint: bool,
        mut cause: Option<&mut String>,
    ) -> bool {
        let (vu, tu) = (self.under(v), self.under(t));
        if vu == TypeId::INVALID || tu == TypeId::INVALID {
            return true;
        }
        if let &Type::Pointer(base) = self.ty(vu)
            && self.under(base) == TypeId::INVALID
        {
            return true;
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        if !matches!(self.ty(tu), Type::Interface(_)) {
            if let Some(cause) = cause {
                let (vs, ts) = (self.type_string(v), self.type_string(t));
                let detail = match self.interface_pointer_error(t) {
                    Some(detail) => detail,
                    None => format!("{ts} is not an interface"),
                };
                *cause = format!("{vs} does not {verb} {ts} ({detail})");
            }
            return false;
        }
        if self.is_empty_interface(tu) {
            return true;
        }
        let v_is_interface = matches!(self.ty(vu), Type::Interface(_));
        if v_is_interface && self.type_set(vu).terms.is_empty() {
            return true;
        }
        let tset = self.type_set(tu);
        if tset.terms.is_empty() {
            if let Some(cause) = cause {
                *cause = format!("cannot {verb} {} (empty type set)", self.type_string(t));
            }
            return false;
        }
        let mut detail = cause.is_some().then(String::new);
        if !self.has_all_methods(v, t, true, detail.as_mut()) {
            if let Some(cause) = cause {
                let (vs, ts) = (self.type_string(v), self.type_string(t));
                *cause = format!("{vs} does not {verb} {ts} {}", detail.unwrap_or_default());
            }
            return false;
        }
        if tset.terms.is_all() {
            return self.satisfies_comparable(v, tu, constraint, cause);
        }
        if v_is_interface {
            let vset = self.type_set(vu);
            if !self.terms_subset(&vset.terms, &tset.terms) {
                if let Some(cause) = cause {
                    let (vs, ts) = (self.type_string(v), self.type_string(t));
                    *cause = format!("{vs} does not {verb} {ts}");
                }
                return false;
            }
            return self.satisfies_comparable(v, tu, constraint, cause);
        }
        if !self.terms_include(&tset.terms, v) {
            if let Some(cause) = cause.as_deref_mut() {
                let detail = self.missing_term(v, t, &tset.terms);
                let (vs, ts) = (self.type_string(v), self.type_string(t));
                *cause = format!("{vs} does not {verb} {ts} ({detail})");
            }
            return false;
        }
        self.satisfies_comparable(v, tu, constraint, cause)
    }

    /// Why `v` is not among the types of constraint `t`.
    fn missing_term(&mut self, v: TypeId, t: TypeId, terms: &TermList) -> String {
        for &term in terms.as_slice() {
            let own = self.under(term.ty);
            let loose = Term {
                tilde: true,
                ..term
            };
            if !term.tilde && self.identical(term.ty, own) && self.term_includes(loose, v) {
                let (alt, ts) = (self.type_string(term.ty), self.type_string(t));
                return format!("possibly missing ~ for {alt} in {ts}");
            }
        }
        let (vs, ts) = (self.type_string(v), self.type_string(t));
        let tu = self.under(t);
        if self.mentions(tu, v) {
            return format!("{ts} mentions {vs}, but {vs} is not in the type set of {ts}");
        }
        format!("{vs} missing in {}", self.terms_string(terms))
    }

    /// Whether `v` is an embedded element or term of `t`.
    fn mentions(&mut self, t: TypeId, v: TypeId) -> bool {
        match self.ty(t).clone() {
            Type::Interface(i) => i.embeds.iter().any(|&e| self.mentions(e, v)),
            Type::Union(terms) => terms.iter().any(|t| self.mentions(t.ty, v)),
            _ => self.identical(t, v),
        }
    }

    fn satisfies_comparable(
        &mut self,
        v: TypeId,
        iface: TypeId,
        constraint: bool,
        cause: Option<&mut String>,
    ) -> bool {
        if !self.is_comparable_set(iface) || self.strictly_comparable(v) {
            return true;
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        // Ordinary interfaces satisfy `comparable`, though comparing may panic.
        let spec = constraint && self.comparable(v);
        if spec && self.version.allows(20) {
            return true;
        }
        if let Some(cause) = cause {
            let vs = self.type_string(v);
            *cause = if spec {
                format!("{vs} to {verb} comparable requires go1.20 or later")
            } else {
                format!("{vs} does not {verb} comparable")
            };
        }
        false
    }
}
