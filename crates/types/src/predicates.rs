//! Questions about types: kinds, identity, comparability.

use crate::object::ObjId;
use crate::program::Program;
use crate::types::*;
use goxide_base::{FxHashSet, Symbol};

/// Kinds: none looks inside type parameters except the `all_` ones.
impl Program {
    /// Not the type of a wrong expression.
    pub fn is_valid(&self, ty: TypeId) -> bool {
        self.unalias(ty) != TypeId::INVALID
    }

    /// The basic kind of the underlying type.
    pub fn basic(&mut self, ty: TypeId) -> Option<Basic> {
        match *self.under_ty(ty) {
            Type::Basic(b) => Some(b),
            _ => None,
        }
    }

    fn is_basic(&mut self, ty: TypeId, f: fn(Basic) -> bool) -> bool {
        self.basic(ty).is_some_and(f)
    }

    /// Whether `f` holds for the kinds of all types that `ty` stands for.
    pub fn all_basic(&mut self, ty: TypeId, f: fn(Basic) -> bool) -> bool {
        self.all_under(ty, |p, u| u.is_some_and(|u| p.is_basic(u, f)))
    }

    /// Whether the type is no untyped kind.
    pub fn is_typed(&self, ty: TypeId) -> bool {
        !self.is_untyped(ty)
    }

    /// Whether the type is an untyped kind.
    pub fn is_untyped(&self, ty: TypeId) -> bool {
        matches!(self.ty(ty), Type::Basic(b) if b.is_untyped())
    }

    /// Untyped integer, rune, float or complex.
    pub fn is_untyped_numeric(&self, ty: TypeId) -> bool {
        matches!(self.ty(ty), Type::Basic(b) if b.is_untyped() && b.is_numeric())
    }

    /// Any interface, type parameters included.
    pub fn is_interface(&mut self, ty: TypeId) -> bool {
        matches!(self.under_ty(ty), Type::Interface(_))
    }

    /// An interface that is no type parameter.
    pub fn is_non_param_interface(&mut self, ty: TypeId) -> bool {
        !self.is_type_param(ty) && self.is_interface(ty)
    }

    /// A type parameter.
    pub fn is_type_param(&self, ty: TypeId) -> bool {
        matches!(self.ty(self.unalias(ty)), Type::TypeParam(_))
    }

    /// Predeclared, defined, or a type parameter.
    pub fn has_name(&self, ty: TypeId) -> bool {
        matches!(
            self.ty(self.unalias(ty)),
            Type::Basic(_) | Type::Named(_) | Type::TypeParam(_)
        )
    }

    /// Neither defined nor a type parameter; basic types count as literals.
    pub fn is_type_lit(&self, ty: TypeId) -> bool {
        !matches!(
            self.ty(self.unalias(ty)),
            Type::Named(_) | Type::TypeParam(_)
        )
    }

    /// A generic type or alias without arguments.
    pub fn is_generic(&self, ty: TypeId) -> bool {
        if let Type::Alias(a) = self.ty(ty)
            && !a.tparams.is_empty()
            && a.targs.is_empty()
        {
            return true;
        }
        self.as_named(ty)
            .is_some_and(|n| n.targs.is_empty() && !n.tparams.is_empty())
    }

    /// Whether the type mentions a type parameter (outside of generic declarations).
    pub fn is_parameterized(&self, ty: TypeId) -> bool {
        self.mentions_param(ty, &mut FxHashSet::default())
    }

    fn mentions_param(&self, ty: TypeId, seen: &mut FxHashSet<TypeId>) -> bool {
        let objs = |list: &[ObjId], seen: &mut FxHashSet<TypeId>| {
            list.iter()
                .any(|&o| self.mentions_param(self.obj_type(o), seen))
        };
        match self.ty(ty) {
            Type::Basic(_) => false,
            Type::TypeParam(_) => true,
            Type::Pointer(t) | Type::Slice(t) | Type::Array(_, t) | Type::Chan(_, t) => {
                self.mentions_param(*t, seen)
            }
            Type::Map(k, v) => self.mentions_param(*k, seen) || self.mentions_param(*v, seen),
            Type::Named(n) => n.targs.iter().any(|&t| self.mentions_param(t, seen)),
            Type::Alias(a) => a.rhs.is_some() && self.mentions_param(self.unalias(ty), seen),
            Type::Union(terms) => terms.iter().any(|t| self.mentions_param(t.ty, seen)),
            Type::Tuple(vars) => objs(vars, seen),
            Type::Struct(s) => objs(&s.fields, seen),
            Type::Signature(s) => objs(&s.params, seen) || objs(&s.results, seen),
            Type::Interface(i) => {
                seen.insert(ty)
                    && (objs(&i.methods, seen)
                        || i.embeds.iter().any(|&t| self.mentions_param(t, seen)))
            }
        }
    }

    /// Whether nil is a value of the type.
    pub fn has_nil(&mut self, ty: TypeId) -> bool {
        match *self.under_ty(ty) {
            Type::Basic(b) => b == Basic::UnsafePointer,
            Type::Slice(_)
            | Type::Pointer(_)
            | Type::Signature(_)
            | Type::Map(..)
            | Type::Chan(..) => true,
            Type::Interface(_) => {
                !self.is_type_param(ty)
                    || self.all_under(ty, |p, u| u.is_some_and(|u| p.has_nil(u)))
            }
            _ => false,
        }
    }
}

macro_rules! kinds {
    ($($is:ident $all:ident $test:path, $what:literal;)*) => {
        impl Program { $(
            #[doc = concat!("Whether the underlying type is ", $what, ".")]
            pub fn $is(&mut self, ty: TypeId) -> bool {
                self.is_basic(ty, $test)
            }

            #[doc = concat!("Whether every type it stands for is ", $what, ".")]
            pub fn $all(&mut self, ty: TypeId) -> bool {
                self.all_basic(ty, $test)
            }
        )* }
    };
}

fn integer_or_float(b: Basic) -> bool {
    b.is_integer() || b.is_float()
}

fn numeric_or_string(b: Basic) -> bool {
    b.is_numeric() || b.is_string()
}

kinds! {
    is_boolean all_boolean Basic::is_boolean, "boolean";
    is_integer all_integer Basic::is_integer, "an integer";
    is_unsigned all_unsigned Basic::is_unsigned, "an unsigned integer";
    is_float all_float Basic::is_float, "a float";
    is_complex all_complex Basic::is_complex, "complex";
    is_numeric all_numeric Basic::is_numeric, "a number";
    is_string all_string Basic::is_string, "a string";
    is_ordered all_ordered Basic::is_ordered, "ordered";
    is_integer_or_float all_integer_or_float integer_or_float, "an integer or float";
    is_numeric_or_string all_numeric_or_string numeric_or_string, "a number or a string";
    is_const_type all_const_type Basic::is_const_type, "of a kind that constants have";
}

/// What [`Program::identical_with`] leaves out of account.
#[derive(Clone, Copy, Default, Debug)]
pub struct Comparer {
    /// Tags of struct fields.
    pub ignore_tags: bool,
    /// Wrong types: they equal everything.
    pub ignore_invalid: bool,
}

/// Interfaces under comparison.
type Pairs = Vec<(TypeId, TypeId)>;

/// Identity.
impl Program {
    /// Whether two types are identical.
    pub fn identical(&mut self, x: TypeId, y: TypeId) -> bool {
        x == y || Comparer::default().identical(self, x, y, &mut Vec::new())
    }

    /// Whether two types are identical when tags of fields are left out.
    pub fn identical_ignore_tags(&mut self, x: TypeId, y: TypeId) -> bool {
        self.identical_with(
            x,
            y,
            Comparer {
                ignore_tags: true,
                ..Comparer::default()
            },
        )
    }

    /// Whether two types are identical under a relaxed rule.
    pub fn identical_with(&mut self, x: TypeId, y: TypeId, how: Comparer) -> bool {
        x == y || how.identical(self, x, y, &mut Vec::new())
    }

    /// Whether two names are the same when the second is used in another package.
    pub(crate) fn same_name(&self, a: ObjId, b: ObjId) -> bool {
        let (a, b) = (self.obj(a), self.obj(b));
        a.name == b.name && (a.exported() || a.pkg == b.pkg)
    }

    /// Whether `obj` is what `name`, written in `pkg`, may mean.
    pub(crate) fn matches_name(
        &self,
        obj: ObjId,
        pkg: Option<crate::PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> bool {
        let o = self.obj(obj);
        if fold_case && o.name.as_str().to_lowercase() == name.as_str().to_lowercase() {
            return true;
        }
        o.name == name && (o.exported() || o.pkg == pkg)
    }
}

impl Comparer {
    fn identical(self, p: &mut Program, x: TypeId, y: TypeId, pairs: &mut Pairs) -> bool {
        let (x, y) = (p.unalias(x), p.unalias(y));
        if x == y {
            return true;
        }
        if self.ignore_invalid && (x == TypeId::INVALID || y == TypeId::INVALID) {
            return true;
        }
        match (p.ty(x), p.ty(y)) {
            (Type::Basic(a), Type::Basic(b)) => a.canonical() == b.canonical(),
            (&Type::Pointer(a), &Type::Pointer(b)) | (&Type::Slice(a), &Type::Slice(b)) => {
                self.identical(p, a, b, pairs)
            }
            (&Type::Array(n, a), &Type::Array(m, b)) => {
                // Wrong lengths were reported.
                (n < 0 || m < 0 || n == m) && self.identical(p, a, b, pairs)
            }
            (&Type::Map(k, v), &Type::Map(l, w)) => {
                self.identical(p, k, l, pairs) && self.identical(p, v, w, pairs)
            }
            (&Type::Chan(d, a), &Type::Chan(e, b)) => d == e && self.identical(p, a, b, pairs),
            (Type::Tuple(a), Type::Tuple(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.identical_objs(p, &a, &b, pairs)
            }
            (Type::Struct(a), Type::Struct(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.identical_structs(p, &a, &b, pairs)
            }
            (Type::Signature(a), Type::Signature(b)) => {
                let (a, b) = (a.clone(), b.clone());
                self.identical_signatures(p, &a, &b, y, pairs)
            }
            (Type::Union(a), Type::Union(b)) => {
                let (a, b) = (a.clone(), b.clone());
                let a = p.union_terms(Default::default(), &a).unwrap_or_default();
                let b = p.union_terms(Default::default(), &b).unwrap_or_default();
                p.terms_equal(&a, &b)
            }
            (Type::Interface(_), Type::Interface(_)) => self.identical_interfaces(p, x, y, pairs),
            (Type::Named(a), Type::Named(b)) => {
                if a.origin != b.origin || a.targs.len() != b.targs.len() || a.targs.is_empty() {
                    return false;
                }
                let (a, b) = (a.targs.clone(), b.targs.clone());
                a.iter()
                    .zip(b.iter())
                    .all(|(&a, &b)| self.identical(p, a, b, pairs))
            }
            _ => false,
        }
    }

    fn identical_objs(self, p: &mut Program, a: &[ObjId], b: &[ObjId], pairs: &mut Pairs) -> bool {
        a.len() == b.len()
            && a.iter().zip(b).all(|(&a, &b)| {
                let (a, b) = (p.obj_type(a), p.obj_type(b));
                self.identical(p, a, b, pairs)
            })
    }

    fn identical_structs(self, p: &mut Program, a: &Struct, b: &Struct, pairs: &mut Pairs) -> bool {
        a.fields.len() == b.fields.len()
            && a.fields
                .iter()
                .zip(b.fields.iter())
                .enumerate()
                .all(|(i, (&f, &g))| {
                    p.obj(f).embedded() == p.obj(g).embedded()
                        && (self.ignore_tags || a.tag(i) == b.tag(i))
                        && p.same_name(f, g)
                        && self.identical(p, p.obj_type(f), p.obj_type(g), pairs)
                })
    }

    fn identical_signatures(
        self,
        p: &mut Program,
        a: &Signature,
        b: &Signature,
        b_type: TypeId,
        pairs: &mut Pairs,
    ) -> bool {
        if a.tparams.len() != b.tparams.len() || a.variadic != b.variadic {
            return false;
        }
        if a.tparams.is_empty() {
            return self.identical_objs(p, &a.params, &b.params, pairs)
                && self.identical_objs(p, &a.results, &b.results, pairs);
        }
        // Names of type parameters do not matter: compare with a's in place of b's.
        let s = p.subst_map(&b.tparams, &a.tparams);
        for (&t, &u) in a.tparams.iter().zip(b.tparams.iter()) {
            let bound = |p: &Program, t| p.as_type_param(t).map_or(TypeId::INVALID, |t| t.bound);
            let (t, u) = (bound(p, t), bound(p, u));
            let u = p.subst(u, s);
            if !self.identical(p, t, u, pairs) {
                return false;
            }
        }
        let renamed = p.subst(b_type, s);
        let Type::Signature(b) = p.ty(renamed).clone() else {
            return false;
        };
        self.identical_objs(p, &a.params, &b.params, pairs)
            && self.identical_objs(p, &a.results, &b.results, pairs)
    }

    fn identical_interfaces(
        self,
        p: &mut Program,
        x: TypeId,
        y: TypeId,
        pairs: &mut Pairs,
    ) -> bool {
        let (a, b) = (p.type_set(x), p.type_set(y));
        if a.comparable != b.comparable || a.methods.len() != b.methods.len() {
            return false;
        }
        if !p.terms_equal(&a.terms, &b.terms) {
            return false;
        }
        // Interfaces can contain themselves through methods without a name in between:
        // a pair met again is equal unless a difference is found elsewhere.
        if pairs.contains(&(x, y)) || pairs.contains(&(y, x)) {
            return true;
        }
        pairs.push((x, y));
        let same = a.methods.iter().zip(&b.methods).all(|(&f, &g)| {
            p.same_name(f, g) && self.identical(p, p.obj_type(f), p.obj_type(g), pairs)
        });
        pairs.pop();
        same
    }
}

/// Comparability.
impl Program {
    /// Whether values can be compared with `==`; interfaces always can, though that may
    /// panic.
    pub fn comparable(&mut self, ty: TypeId) -> bool {
        self.incomparable_cause(ty, true).is_none()
    }

    /// Whether values can be compared with `==` without a panic.
    pub fn strictly_comparable(&mut self, ty: TypeId) -> bool {
        self.incomparable_cause(ty, false).is_none()
    }

    /// Why values cannot be compared (possibly empty text), or `None` if they can. If
    /// `dynamic`, interfaces other than type parameters always can.
    pub fn incomparable_cause(&mut self, ty: TypeId, dynamic: bool) -> Option<String> {
        self.incomparable(ty, dynamic, &mut FxHashSet::default())
    }

    fn incomparable(
        &mut self,
        ty: TypeId,
        dynamic: bool,
        seen: &mut FxHashSet<TypeId>,
    ) -> Option<String> {
        if !seen.insert(ty) {
            return None;
        }
        match self.under_ty(ty).clone() {
            Type::Basic(b) => (b == Basic::UntypedNil).then(String::new),
            Type::Pointer(_) | Type::Chan(..) => None,
            Type::Struct(s) => s.fields.iter().find_map(|&f| {
                let t = self.obj_type(f);
                self.incomparable(t, dynamic, seen)?;
                Some(format!(
                    "struct containing {} cannot be compared",
                    self.type_string(t)
                ))
            }),
            Type::Array(_, elem) => {
                self.incomparable(elem, dynamic, seen)?;
                Some(format!("{} cannot be compared", self.type_string(ty)))
            }
            Type::Interface(_) => {
                if dynamic && !self.is_type_param(ty) || self.set_comparable(ty, seen) {
                    return None;
                }
                let empty = self.type_set(ty).terms.is_empty();
                let cause = if empty {
                    "empty type set"
                } else {
                    "incomparable types in type set"
                };
                Some(cause.into())
            }
            _ => Some(String::new()),
        }
    }

    /// Whether all types in a type set are comparable.
    fn set_comparable(&mut self, ty: TypeId, seen: &mut FxHashSet<TypeId>) -> bool {
        let tset = self.type_set(ty);
        match &tset.terms {
            TermList::All => tset.comparable,
            TermList::Terms(terms) => {
                !terms.is_empty()
                    && terms
                        .iter()
                        .all(|t| self.incomparable(t.ty, false, seen).is_none())
            }
        }
    }

    /// Whether an interface admits only comparable types.
    pub(crate) fn is_comparable_set(&mut self, ty: TypeId) -> bool {
        self.set_comparable(ty, &mut FxHashSet::default())
    }
}
