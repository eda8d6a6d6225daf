//! Substitution of type parameters, memoised per substitution.
//!
//! Nothing here looks at underlying types: substitution runs while declarations are still
//! being set up, and an instance met on the way is only replaced by another instance,
//! whose expansion waits until somebody asks.

use crate::object::{ObjId, ObjKind};
use crate::program::{Program, SubstId};
use crate::types::*;
use goxide_base::FxHashMap;
use std::sync::Arc;

/// A substitution: what replaces which parameters, and what it has given so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subst {
    pub tparams: List<TypeId>,
    pub targs: List<TypeId>,
    cache: FxHashMap<TypeId, TypeId>,
}

impl Program {
    /// The substitution of `targs[i]` for `tparams[i]`. The lists must be of equal length;
    /// extra entries are ignored.
    pub fn subst_map(&mut self, tparams: &[TypeId], targs: &[TypeId]) -> SubstId {
        let key: (List<TypeId>, List<TypeId>) = (tparams.into(), targs.into());
        if let Some(&id) = self.subst_ids.get(&key) {
            return id;
        }
        let (tparams, targs) = key.clone();
        let id = self.substs.push(Subst {
            tparams,
            targs,
            cache: FxHashMap::default(),
        });
        self.subst_ids.insert(key, id);
        id
    }

    /// `ty` with its parameters replaced. Gives `ty` itself if it mentions none of them.
    pub fn subst(&mut self, ty: TypeId, s: SubstId) -> TypeId {
        match self.ty(ty) {
            Type::Basic(_) => return ty,
            Type::Named(n) if n.targs.is_empty() => return ty,
            Type::TypeParam(_) => {
                let s = &self.substs[s];
                let at = s.tparams.iter().position(|&p| p == ty);
                return at.and_then(|i| s.targs.get(i).copied()).unwrap_or(ty);
            }
            _ => {}
        }
        if let Some(&known) = self.substs[s].cache.get(&ty) {
            return known;
        }
        let result = self.subst_composite(ty, s);
        if self.is_settled(ty) {
            self.substs[s].cache.insert(ty, result);
        }
        result
    }

    /// Whether a type's entry will not change any more.
    fn is_settled(&self, ty: TypeId) -> bool {
        match self.ty(ty) {
            Type::Interface(i) => i.complete,
            Type::Alias(a) => a.rhs.is_some(),
            _ => true,
        }
    }

    fn subst_composite(&mut self, ty: TypeId, s: SubstId) -> TypeId {
        match self.ty(ty).clone() {
            Type::Basic(_) | Type::TypeParam(_) => ty,
            Type::Pointer(t) => {
                let u = self.subst(t, s);
                if u == t { ty } else { self.pointer_to(u) }
            }
            Type::Slice(t) => {
                let u = self.subst(t, s);
                if u == t { ty } else { self.slice_of(u) }
            }
            Type::Array(n, t) => {
                let u = self.subst(t, s);
                if u == t { ty } else { self.array_of(n, u) }
            }
            Type::Map(k, v) => {
                let (k2, v2) = (self.subst(k, s), self.subst(v, s));
                if (k2, v2) == (k, v) {
                    ty
                } else {
                    self.map_of(k2, v2)
                }
            }
            Type::Chan(d, t) => {
                let u = self.subst(t, s);
                if u == t { ty } else { self.chan_of(d, u) }
            }
            Type::Tuple(vars) => match self.subst_vars(&vars, s) {
                Some(vars) => self.tuple_of(vars),
                None => ty,
            },
            Type::Struct(st) => match self.subst_vars(&st.fields, s) {
                Some(fields) => {
                    let tags = st.tags.clone();
                    self.add_type(Type::Struct(Arc::new(Struct { fields, tags })))
                }
                None => ty,
            },
            Type::Signature(sig) => self.subst_signature(ty, &sig, s),
            Type::Interface(i) => self.subst_interface(ty, &i, s),
            Type::Union(terms) => self.subst_union(ty, &terms, s),
            // A wrong number of arguments is reported elsewhere.
            Type::Named(n) if n.targs.len() != self.type_params_of(ty).len() => TypeId::INVALID,
            Type::Named(n) => match self.subst_list(&n.targs, s) {
                Some(targs) => self.instance(n.origin, &targs),
                None => ty,
            },
            Type::Alias(a) if a.targs.is_empty() => ty,
            Type::Alias(a) => match self.subst_list(&a.targs, s) {
                Some(targs) => self.instance(a.origin, &targs),
                None => ty,
            },
        }
    }

    /// The list with replacements, or `None` if nothing in it changes.
    pub(crate) fn subst_list(&mut self, list: &[TypeId], s: SubstId) -> Option<List<TypeId>> {
        let new: Vec<TypeId> = list.iter().map(|&t| self.subst(t, s)).collect();
        (new != list).then(|| new.into())
    }

    fn subst_vars(&mut self, vars: &[ObjId], s: SubstId) -> Option<List<ObjId>> {
        let new: Vec<ObjId> = vars.iter().map(|&v| self.subst_var(v, s)).collect();
        (new != vars).then(|| new.into())
    }

    fn subst_var(&mut self, var: ObjId, s: SubstId) -> ObjId {
        let old = self.obj_type(var);
        let new = self.subst(old, s);
        if new == old {
            var
        } else {
            self.clone_var(var, new)
        }
    }

    /// A copy of a variable with another type, whose origin is the first one.
    pub(crate) fn clone_var(&mut self, var: ObjId, ty: TypeId) -> ObjId {
        let mut copy = self.objects[var].clone();
        copy.ty = Some(ty);
        if let ObjKind::Var(v) = &mut copy.kind {
            v.origin = Some(v.origin.unwrap_or(var));
        }
        self.objects.push(copy)
    }

    /// A copy of a method with another signature, whose origin is the first one.
    pub(crate) fn clone_func(&mut self, func: ObjId, ty: TypeId) -> ObjId {
        let mut copy = self.objects[func].clone();
        copy.ty = Some(ty);
        if let ObjKind::Func(f) = &mut copy.kind {
            f.origin = Some(f.origin.unwrap_or(func));
        }
        self.objects.push(copy)
    }

    /// The receiver stays: it is set by who instantiates the method's type.
    fn subst_signature(&mut self, ty: TypeId, sig: &Signature, s: SubstId) -> TypeId {
        let mut tparams = sig.tparams.clone();
        let mut inner = s;
        let first = tparams.first().copied();
        if first.is_some_and(|p| !self.substs[s].tparams.contains(&p)) {
            // A generic method of an instance: its own parameters get bounds of their own.
            (tparams, inner) = self.fresh_params(&sig.tparams, s);
        }
        let params = self.subst_vars(&sig.params, inner);
        let results = self.subst_vars(&sig.results, inner);
        if params.is_none() && results.is_none() && tparams == sig.tparams {
            return ty;
        }
        self.add_type(Type::Signature(Arc::new(Signature {
            tparams,
            params: params.unwrap_or_else(|| sig.params.clone()),
            results: results.unwrap_or_else(|| sig.results.clone()),
            ..sig.clone()
        })))
    }

    /// New type parameters like `tparams`, with bounds substituted by `s`; and `s` extended
    /// by the renaming.
    fn fresh_params(&mut self, tparams: &[TypeId], s: SubstId) -> (List<TypeId>, SubstId) {
        let fresh: List<TypeId> = tparams
            .iter()
            .map(|&p| {
                let Type::TypeParam(p) = self.ty(p).clone() else {
                    return p;
                };
                let mut name = self.objects[p.obj].clone();
                name.ty = None;
                let name = self.objects.push(name);
                self.new_type_param(name, p.index, TypeId::INVALID)
            })
            .collect();
        let outer = self.substs[s].clone();
        let from: Vec<TypeId> = outer.tparams.iter().chain(tparams).copied().collect();
        let to: Vec<TypeId> = outer.targs.iter().chain(fresh.iter()).copied().collect();
        let inner = self.subst_map(&from, &to);
        for (&old, &new) in tparams.iter().zip(fresh.iter()) {
            let Type::TypeParam(p) = self.ty(old) else {
                continue;
            };
            let bound = self.subst(p.bound, inner);
            if let Type::TypeParam(p) = &mut self.types[new] {
                p.bound = bound;
            }
        }
        (fresh, inner)
    }

    fn subst_interface(&mut self, ty: TypeId, i: &Interface, s: SubstId) -> TypeId {
        if !i.complete {
            return ty;
        }
        let mut changed = false;
        let methods: Vec<ObjId> = i
            .methods
            .iter()
            .map(|&m| {
                let old = self.obj_type(m);
                let new = self.subst(old, s);
                changed |= new != old;
                if new == old {
                    m
                } else {
                    self.clone_func(m, new)
                }
            })
            .collect();
        let embeds: Vec<TypeId> = i.embeds.iter().map(|&e| self.subst(e, s)).collect();
        if !changed && embeds == *i.embeds {
            return ty;
        }
        let id = self.types.next_index();
        self.add_type(Type::Interface(Box::new(Interface {
            methods: List::default(),
            embeds: embeds.into(),
            tset: None,
            ..i.clone()
        })));
        let methods = self.replace_recv(&methods, ty, id);
        if let Type::Interface(new) = &mut self.types[id] {
            new.methods = methods;
        }
        id
    }

    /// The methods with receivers of type `old` made to have type `new`.
    pub(crate) fn replace_recv(
        &mut self,
        methods: &[ObjId],
        old: TypeId,
        new: TypeId,
    ) -> List<ObjId> {
        methods
            .iter()
            .map(|&m| {
                let Type::Signature(sig) = self.ty(self.obj_type(m)).clone() else {
                    return m;
                };
                match sig.recv {
                    Some(recv) if self.obj_type(recv) == old => {
                        let recv = Some(self.clone_var(recv, new));
                        let sig = Signature {
                            recv,
                            ..(*sig).clone()
                        };
                        let sig = self.add_type(Type::Signature(Arc::new(sig)));
                        self.clone_func(m, sig)
                    }
                    _ => m,
                }
            })
            .collect()
    }

    fn subst_union(&mut self, ty: TypeId, terms: &[Term], s: SubstId) -> TypeId {
        let new: Vec<Term> = terms
            .iter()
            .map(|t| Term {
                tilde: t.tilde,
                ty: self.subst(t.ty, s),
            })
            .collect();
        if new == terms {
            ty
        } else {
            self.add_type(Type::Union(new.into()))
        }
    }
}
