//! Unification of types: what type parameters must be for two types to match.
//!
//! Inexact unification ignores the difference between a defined type and its underlying
//! type if the other one is a literal, directions of channels, and lets an interface match
//! what has its methods; elements of composite types in an assignment match exactly. What
//! is found may still fail to be assignable: that is checked afterwards.

use crate::lookup::Lookup;
use crate::object::ObjId;
use crate::program::Program;
use crate::types::*;
use goxide_base::FxHashMap;

/// Deeper recursion fails: only unreasonable types get there.
const MAX_DEPTH: u32 = 50;

/// How types are to match.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct UnifyMode {
    /// An assignment: elements must match exactly.
    pub assign: bool,
    /// Types must become identical.
    pub exact: bool,
}

impl UnifyMode {
    pub const INEXACT: UnifyMode = UnifyMode {
        assign: false,
        exact: false,
    };
    pub const ASSIGN: UnifyMode = UnifyMode {
        assign: true,
        exact: false,
    };
    pub const EXACT: UnifyMode = UnifyMode {
        assign: false,
        exact: true,
    };
}

/// Type parameters and what they were found to be. Joined parameters share a slot.
pub(crate) struct Unifier {
    slots: FxHashMap<TypeId, usize>,
    types: Vec<Option<TypeId>>,
    depth: u32,
    /// Interfaces match what has their methods (Go ≥ 1.21).
    interfaces: bool,
}

/// Interfaces being compared.
type Pairs = Vec<(TypeId, TypeId)>;

impl Unifier {
    /// A unifier for these parameters, some of which may be known.
    pub fn new(tparams: &[TypeId], targs: &[Option<TypeId>], interfaces: bool) -> Unifier {
        let slots = tparams.iter().enumerate().map(|(i, &p)| (p, i)).collect();
        let types = (0..tparams.len())
            .map(|i| targs.get(i).copied().flatten())
            .collect();
        Unifier {
            slots,
            types,
            depth: 0,
            interfaces,
        }
    }

    /// What a parameter was found to be.
    pub fn at(&self, param: TypeId) -> Option<TypeId> {
        self.slots.get(&param).and_then(|&i| self.types[i])
    }

    /// Sets a parameter, and all joined with it.
    pub fn set(&mut self, param: TypeId, ty: TypeId) {
        if let Some(&i) = self.slots.get(&param) {
            self.types[i] = Some(ty);
        }
    }

    /// Number of parameters not found yet.
    pub fn unknowns(&self) -> usize {
        self.slots
            .values()
            .filter(|&&i| self.types[i].is_none())
            .count()
    }

    /// What all parameters were found to be.
    pub fn inferred(&self, tparams: &[TypeId]) -> Vec<Option<TypeId>> {
        tparams.iter().map(|&p| self.at(p)).collect()
    }

    /// Makes two types match, if they can.
    pub fn unify(&mut self, p: &mut Program, x: TypeId, y: TypeId, mode: UnifyMode) -> bool {
        self.nify(p, x, y, mode, &mut Vec::new())
    }

    fn bound(&self, p: &Program, ty: TypeId) -> Option<TypeId> {
        Some(p.unalias(ty)).filter(|t| self.slots.contains_key(t))
    }

    fn join(&mut self, x: TypeId, y: TypeId) -> bool {
        let (i, j) = (self.slots[&x], self.slots[&y]);
        let (from, to) = match (self.types[i], self.types[j]) {
            _ if i == j => return true,
            (Some(_), Some(_)) => return false,
            (Some(_), None) => (j, i),
            _ => (i, j),
        };
        for slot in self.slots.values_mut().filter(|s| **s == from) {
            *slot = to;
        }
        true
    }

    fn nify(
        &mut self,
        p: &mut Program,
        x: TypeId,
        y: TypeId,
        mode: UnifyMode,
        pairs: &mut Pairs,
    ) -> bool {
        if x == y || p.unalias(x) == p.unalias(y) {
            return true;
        }
        if self.depth >= MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let result = self.nify_names(p, x, y, mode, pairs);
        self.depth -= 1;
        result
    }

    /// Defined types and type parameters under unification.
    fn nify_names(
        &mut self,
        p: &mut Program,
        mut x: TypeId,
        mut y: TypeId,
        mode: UnifyMode,
        pairs: &mut Pairs,
    ) -> bool {
        // A defined type comes to y, a parameter to x.
        if p.as_named(x).is_some() || self.bound(p, y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }
        if !mode.exact
            && p.as_named(y).is_some()
            && p.is_type_lit(x)
            && !(self.interfaces && p.is_interface(x))
        {
            y = p.under(y);
            if x == y || p.unalias(x) == p.unalias(y) {
                return true;
            }
        }
        match (self.bound(p, x), self.bound(p, y)) {
            (Some(px), Some(py)) => {
                if self.join(px, py) {
                    return true;
                }
                let (Some(x), Some(y)) = (self.at(px), self.at(py)) else {
                    return false;
                };
                self.nify(p, x, y, mode, pairs)
            }
            (Some(px), None) => match self.at(px) {
                Some(known) => self.nify_known(p, px, known, y, mode, pairs),
                None => {
                    self.set(px, y);
                    true
                }
            },
            _ => self.nify_plain(p, x, y, mode, pairs),
        }
    }

    /// Parameter `px`, known to be `x`, meets `y`.
    fn nify_known(
        &mut self,
        p: &mut Program,
        px: TypeId,
        x: TypeId,
        y: TypeId,
        mode: UnifyMode,
        pairs: &mut Pairs,
    ) -> bool {
        if !self.nify(p, x, y, mode, pairs) {
            return false;
        }
        let (xi, yi) = (p.is_non_param_interface(x), p.is_non_param_interface(y));
        let (xn, yn) = (p.as_named(x).is_some(), p.as_named(y).is_some());
        if xi && yi {
            // Neither name is the right one; and with unequal methods neither type is.
            if xn && yn {
                return p.identical(x, y);
            }
            if p.type_set(x).methods.len() != p.type_set(y).methods.len() {
                return false;
            }
        } else if xi || yi {
            // Either would do, so the order of arguments would decide.
            return false;
        }
        if !mode.exact && !xn {
            // A defined type wins over a literal, a directed channel over a free one.
            let directed = matches!(p.under_ty(y), Type::Chan(ChanDir::Send | ChanDir::Recv, _));
            if yn || directed {
                self.set(px, y);
            }
        }
        true
    }

    /// Types that are no parameters under unification.
    fn nify_plain(
        &mut self,
        p: &mut Program,
        mut x: TypeId,
        mut y: TypeId,
        mode: UnifyMode,
        pairs: &mut Pairs,
    ) -> bool {
        if self.interfaces && !mode.exact {
            let (xi, yi) = (p.is_non_param_interface(x), p.is_non_param_interface(y));
            if xi && yi {
                return self.nify_interfaces(p, x, y, pairs);
            }
            if yi {
                std::mem::swap(&mut x, &mut y);
            }
            if xi || yi {
                return self.nify_methods(p, x, y, pairs);
            }
        }
        if p.is_type_param(y) {
            std::mem::swap(&mut x, &mut y);
        }
        let elem = UnifyMode {
            exact: mode.exact || mode.assign,
            ..mode
        };
        let y_orig = y;
        let (x, y) = (p.unalias(x), p.unalias(y));
        match (p.ty(x).clone(), p.ty(y).clone()) {
            (Type::TypeParam(_), _) => match p.common_under(x) {
                // An outer parameter has the structure of its constraint's types.
                Ok(core) => self.nify(p, core, y_orig, UnifyMode::ASSIGN, pairs),
                Err(_) => false,
            },
            (Type::Basic(a), Type::Basic(b)) => a.canonical() == b.canonical(),
            (Type::Pointer(a), Type::Pointer(b)) | (Type::Slice(a), Type::Slice(b)) => {
                self.nify(p, a, b, elem, pairs)
            }
            (Type::Array(n, a), Type::Array(m, b)) => {
                (n < 0 || m < 0 || n == m) && self.nify(p, a, b, elem, pairs)
            }
            (Type::Map(k, v), Type::Map(l, w)) => {
                self.nify(p, k, l, elem, pairs) && self.nify(p, v, w, elem, pairs)
            }
            (Type::Chan(d, a), Type::Chan(e, b)) => {
                (!mode.exact || d == e) && self.nify(p, a, b, elem, pairs)
            }
            (Type::Tuple(a), Type::Tuple(b)) => self.nify_objs(p, &a, &b, mode, pairs),
            (Type::Signature(a), Type::Signature(b)) => {
                a.variadic == b.variadic
                    && self.nify_objs(p, &a.params, &b.params, elem, pairs)
                    && self.nify_objs(p, &a.results, &b.results, elem, pairs)
            }
            (Type::Struct(a), Type::Struct(b)) => {
                a.fields.len() == b.fields.len()
                    && a.fields
                        .iter()
                        .zip(b.fields.iter())
                        .enumerate()
                        .all(|(i, (&f, &g))| {
                            p.obj(f).embedded() == p.obj(g).embedded()
                                && a.tag(i) == b.tag(i)
                                && p.same_name(f, g)
                                && self.nify(p, p.obj_type(f), p.obj_type(g), elem, pairs)
                        })
            }
            (Type::Interface(_), Type::Interface(_)) => {
                let count = |p: &mut Program, t| p.type_set(t).methods.len();
                count(p, x) == count(p, y) && self.nify_interfaces(p, x, y, pairs)
            }
            (Type::Named(a), Type::Named(b)) => {
                a.targs.len() == b.targs.len()
                    && a.targs
                        .iter()
                        .zip(b.targs.iter())
                        .all(|(&a, &b)| self.nify(p, a, b, mode, pairs))
                    && a.origin == b.origin
            }
            _ => false,
        }
    }

    fn nify_objs(
        &mut self,
        p: &mut Program,
        a: &[ObjId],
        b: &[ObjId],
        mode: UnifyMode,
        pairs: &mut Pairs,
    ) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(&a, &b)| {
                let (a, b) = (p.obj_type(a), p.obj_type(b));
                self.nify(p, a, b, mode, pairs)
            })
    }

    /// Two interfaces: one must have all methods of the other, and those must match.
    fn nify_interfaces(
        &mut self,
        p: &mut Program,
        x: TypeId,
        y: TypeId,
        pairs: &mut Pairs,
    ) -> bool {
        let (xs, ys) = (p.type_set(x), p.type_set(y));
        if xs.comparable != ys.comparable || !p.terms_equal(&xs.terms, &ys.terms) {
            return false;
        }
        let (xu, yu) = (p.under(x), p.under(y));
        if pairs.contains(&(xu, yu)) || pairs.contains(&(yu, xu)) {
            return true;
        }
        pairs.push((xu, yu));
        let (few, many) = if xs.methods.len() <= ys.methods.len() {
            (xs, ys)
        } else {
            (ys, xs)
        };
        let same = few.methods.iter().all(|&m| {
            match many.methods.iter().copied().find(|&n| p.same_name(m, n)) {
                Some(n) => self.nify(p, p.obj_type(m), p.obj_type(n), UnifyMode::EXACT, pairs),
                None => false,
            }
        });
        pairs.pop();
        same
    }

    /// An interface and another type, which must have all its methods.
    fn nify_methods(
        &mut self,
        p: &mut Program,
        iface: TypeId,
        y: TypeId,
        pairs: &mut Pairs,
    ) -> bool {
        p.type_set(iface).methods.iter().all(|&m| {
            let (pkg, name) = (p.obj(m).pkg, p.obj(m).name);
            let Lookup::Found { obj, .. } = p.lookup_field_or_method(y, false, pkg, name) else {
                return false;
            };
            let found = p.obj_type(obj);
            // A generic method never implements one of an interface.
            let plain = matches!(p.ty(found), Type::Signature(s) if s.tparams.is_empty());
            p.obj(obj).func().is_some()
                && plain
                && self.nify(p, p.obj_type(m), found, UnifyMode::EXACT, pairs)
        })
    }
}
