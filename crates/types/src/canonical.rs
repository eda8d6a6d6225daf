//! Canonical types: one id for all identical types.

use crate::object::ObjId;
use crate::package::PkgId;
use crate::program::Program;
use crate::types::*;
use goxide_base::{FxHashMap, Symbol};
use std::sync::Arc;

/// Known canonical ids, by type and by structure.
#[derive(Default)]
pub(crate) struct Canon {
    by_type: FxHashMap<TypeId, TypeId>,
    by_key: FxHashMap<Key, TypeId>,
    /// Anonymous interfaces under way: one may contain itself through a method.
    active: Vec<TypeId>,
    /// Depth of the outermost active interface that was met again.
    met: usize,
}

/// What makes two types identical, over canonical ids.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Struct(Vec<FieldKey>),
    Tuple(Vec<TypeId>),
    Func(Vec<TypeId>, Vec<TypeId>, bool),
    Interface(
        Vec<(Symbol, Option<PkgId>, TypeId)>,
        Option<Vec<(bool, TypeId)>>,
        bool,
    ),
    Union(Vec<(bool, TypeId)>),
    Instance(TypeId, Vec<TypeId>),
    /// The interface this many levels further out.
    Outer(usize),
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct FieldKey {
    name: Symbol,
    pkg: Option<PkgId>,
    ty: TypeId,
    embedded: bool,
    tag: Arc<[u8]>,
}

impl Program {
    /// One id for all types identical to `ty`: for types without type parameters,
    /// `identical(a, b)` exactly if `canonical(a) == canonical(b)`. Only after the packages
    /// that declare the types have been checked.
    pub fn canonical(&mut self, ty: TypeId) -> TypeId {
        if let Some(&c) = self.canon.by_type.get(&ty) {
            return c;
        }
        let outer_met = std::mem::replace(&mut self.canon.met, usize::MAX);
        let c = self.canonical_of(ty);
        let met = self.canon.met;
        self.canon.met = met.min(outer_met);
        // A result that depends on an enclosing interface holds only inside it.
        if met >= self.canon.active.len() {
            self.canon.met = outer_met;
            self.canon.by_type.insert(ty, c);
            self.canon.by_type.insert(c, c);
        }
        c
    }

    fn canonical_of(&mut self, ty: TypeId) -> TypeId {
        match self.ty(ty).clone() {
            Type::Basic(b) => b.canonical().id(),
            Type::Alias(_) => {
                let actual = self.unalias(ty);
                if actual == ty {
                    ty
                } else {
                    self.canonical(actual)
                }
            }
            Type::TypeParam(_) => ty,
            Type::Named(n) if n.targs.is_empty() => ty,
            Type::Named(n) => {
                let targs = self.canonical_list(&n.targs);
                let origin = n.origin;
                let fresh = |p: &mut Program| p.instance(origin, &targs);
                self.keyed(Key::Instance(origin, targs.clone()), fresh)
            }
            Type::Pointer(t) => {
                let t = self.canonical(t);
                self.pointer_to(t)
            }
            Type::Slice(t) => {
                let t = self.canonical(t);
                self.slice_of(t)
            }
            Type::Array(n, t) => {
                let t = self.canonical(t);
                self.array_of(n, t)
            }
            Type::Map(k, v) => {
                let (k, v) = (self.canonical(k), self.canonical(v));
                self.map_of(k, v)
            }
            Type::Chan(d, t) => {
                let t = self.canonical(t);
                self.chan_of(d, t)
            }
            Type::Tuple(vars) => {
                let types = self.canonical_objs(&vars);
                self.keyed(Key::Tuple(types), |_| ty)
            }
            Type::Struct(s) => self.canonical_struct(ty, &s),
            Type::Signature(s) => {
                let params = self.canonical_objs(&s.params);
                let results = self.canonical_objs(&s.results);
                self.keyed(
                    Key::Func(params.clone(), results.clone(), s.variadic),
                    |p| {
                        // Without receiver and names, so that nothing leaks from the first seen.
                        p.func_of(&params, &results, s.variadic)
                    },
                )
            }
            Type::Union(terms) => {
                let terms = self.canonical_terms(&terms);
                self.keyed(Key::Union(terms), |_| ty)
            }
            Type::Interface(_) => self.canonical_interface(ty),
        }
    }

    fn keyed(&mut self, key: Key, make: impl FnOnce(&mut Program) -> TypeId) -> TypeId {
        if let Some(&id) = self.canon.by_key.get(&key) {
            return id;
        }
        let id = make(self);
        self.canon.by_key.insert(key, id);
        id
    }

    fn canonical_list(&mut self, list: &[TypeId]) -> Vec<TypeId> {
        list.iter().map(|&t| self.canonical(t)).collect()
    }

    fn canonical_objs(&mut self, objs: &[ObjId]) -> Vec<TypeId> {
        objs.iter()
            .map(|&o| self.canonical(self.obj_type(o)))
            .collect()
    }

    fn canonical_terms(&mut self, terms: &[Term]) -> Vec<(bool, TypeId)> {
        let mut terms: Vec<(bool, TypeId)> = terms
            .iter()
            .map(|t| (t.tilde, self.canonical(t.ty)))
            .collect();
        terms.sort();
        terms
    }

    fn canonical_struct(&mut self, ty: TypeId, s: &Struct) -> TypeId {
        let key = s.fields.iter().enumerate().map(|(i, &f)| {
            let (ty, o) = (self.canonical(self.obj_type(f)), &self.objects[f]);
            FieldKey {
                name: o.name,
                pkg: if o.exported() { None } else { o.pkg },
                ty,
                embedded: o.embedded(),
                tag: s.tag(i).into(),
            }
        });
        let key = Key::Struct(key.collect());
        self.keyed(key, |_| ty)
    }

    fn canonical_interface(&mut self, ty: TypeId) -> TypeId {
        if let Some(at) = self.canon.active.iter().position(|&t| t == ty) {
            self.canon.met = self.canon.met.min(at);
            let levels = self.canon.active.len() - at;
            return self.keyed(Key::Outer(levels), |_| ty);
        }
        self.canon.active.push(ty);
        let tset = self.type_set(ty);
        let methods = tset
            .methods
            .iter()
            .map(|&m| {
                let o = self.obj(m);
                let (name, pkg) = (o.name, if o.exported() { None } else { o.pkg });
                (name, pkg, self.canonical(self.obj_type(m)))
            })
            .collect();
        let terms = match &tset.terms {
            TermList::All => None,
            TermList::Terms(t) => Some(self.canonical_terms(t)),
        };
        self.canon.active.pop();
        self.keyed(Key::Interface(methods, terms, tset.comparable), |_| ty)
    }
}
