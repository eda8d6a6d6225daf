//! Fields and methods: selection by name, missing methods, method sets.

use crate::object::{ObjId, ObjKind};
use crate::package::PkgId;
use crate::program::Program;
use crate::types::*;
use crate::typestring::Qualify;
use goxide_base::Symbol;

/// What [`Program::lookup_field_or_method`] found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// A field or method. For a method of a type that is still being declared, the
    /// object's type may not be known yet.
    Found {
        /// The field or method; the instance's own for a method of an instance.
        obj: ObjId,
        /// Indices of fields to follow; the last is that of the field in its struct, of the
        /// method among its type's declared methods, or among an interface's sorted ones.
        path: Vec<u32>,
        /// Whether a pointer was followed on the way.
        indirect: bool,
    },
    /// The name occurs more than once at the shallowest depth.
    Ambiguous(Vec<u32>),
    /// A method that needs a pointer receiver, and there is none.
    NeedsPointer,
    /// Nothing of that name.
    NotFound,
}

impl Lookup {
    /// The object, if found.
    pub fn obj(&self) -> Option<ObjId> {
        match self {
            Lookup::Found { obj, .. } => Some(*obj),
            _ => None,
        }
    }
}

/// A type to search at the current depth of embedding.
#[derive(Clone)]
struct Embedded {
    ty: TypeId,
    path: Vec<u32>,
    indirect: bool,
    /// Occurs several times at this depth: whatever it has is ambiguous.
    multiple: bool,
}

impl Program {
    /// The field or method that `name`, written in package `pkg`, selects in a value of type
    /// `ty`; `addressable` says that it is a variable whose address can be taken.
    pub fn lookup_field_or_method(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
    ) -> Lookup {
        self.lookup_fold(ty, addressable, pkg, name, false)
    }

    /// Like [`Self::lookup_field_or_method`], optionally not minding upper and lower case,
    /// to say what may have been meant.
    pub fn lookup_fold(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Lookup {
        // A defined pointer type has the fields of what it points to, but no methods.
        if self.as_named(ty).is_some() {
            let u = self.under(ty);
            if let Type::Pointer(_) = self.ty(u) {
                return match self.lookup_impl(u, false, pkg, name, fold_case) {
                    Lookup::Found { obj, .. } if self.obj(obj).func().is_some() => Lookup::NotFound,
                    found => found,
                };
            }
        }
        self.lookup_impl(ty, addressable, pkg, name, fold_case)
    }

    pub(crate) fn lookup_impl(
        &mut self,
        ty: TypeId,
        addressable: bool,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Lookup {
        if name.is_blank() {
            return Lookup::NotFound;
        }
        let (ty, is_ptr) = self.deref(ty);
        if is_ptr && self.is_interface(ty) {
            return Lookup::NotFound;
        }
        let mut current = vec![Embedded {
            ty,
            path: Vec::new(),
            indirect: is_ptr,
            multiple: false,
        }];
        let mut seen: Vec<TypeId> = Vec::new();
        while !current.is_empty() {
            let mut next = Vec::new();
            let mut found: Option<(ObjId, Vec<u32>, bool)> = None;
            for e in &current {
                let named = self.unalias(e.ty);
                if let Type::Named(_) = self.ty(named) {
                    if seen.iter().any(|&s| self.identical(s, named)) {
                        continue;
                    }
                    seen.push(named);
                }
                let matches = self.search_type(e, pkg, name, fold_case, found.is_none(), &mut next);
                for (obj, index) in matches {
                    let mut path = e.path.clone();
                    path.push(index);
                    if found.is_some() || e.multiple {
                        return Lookup::Ambiguous(path);
                    }
                    found = Some((obj, path, e.indirect));
                }
            }
            if let Some((obj, path, indirect)) = found {
                if self.needs_pointer(obj) && !indirect && !addressable {
                    return Lookup::NeedsPointer;
                }
                return Lookup::Found {
                    obj,
                    path,
                    indirect,
                };
            }
            current = self.consolidate(next);
        }
        Lookup::NotFound
    }

    /// Matches in one type, with their indices; embedded fields go to `next`.
    fn search_type(
        &mut self,
        e: &Embedded,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
        collect: bool,
        next: &mut Vec<Embedded>,
    ) -> Vec<(ObjId, u32)> {
        let named = self.unalias(e.ty);
        if let Some(i) = self.method_index(named, pkg, name, fold_case)
            && let Some(m) = self
                .method(named, i)
                .or_else(|| self.generic_method(named, i))
        {
            return vec![(m, i as u32)];
        }
        let mut matches = Vec::new();
        match self.under_ty(e.ty).clone() {
            Type::Struct(s) => {
                for (i, &f) in s.fields.iter().enumerate() {
                    if self.matches_name(f, pkg, name, fold_case) {
                        matches.push((f, i as u32));
                    } else if collect && matches.is_empty() && self.obj(f).embedded() {
                        let (ty, ptr) = self.deref(self.obj_type(f));
                        let mut path = e.path.clone();
                        path.push(i as u32);
                        let indirect = e.indirect || ptr;
                        next.push(Embedded {
                            ty,
                            path,
                            indirect,
                            multiple: e.multiple,
                        });
                    }
                }
            }
            Type::Interface(_) => {
                let tset = self.type_set(e.ty);
                let at = tset
                    .methods
                    .iter()
                    .position(|&m| self.matches_name(m, pkg, name, fold_case));
                matches.extend(at.map(|i| (tset.methods[i], i as u32)));
            }
            _ => {}
        }
        matches
    }

    /// The declared method of an instance's origin, whose signature is not yet known.
    fn generic_method(&self, named: TypeId, i: usize) -> Option<ObjId> {
        let Type::Named(n) = self.ty(named) else {
            return None;
        };
        let Type::Named(o) = self.ty(n.origin) else {
            return None;
        };
        o.methods.get(i).copied().flatten()
    }

    fn method_index(
        &self,
        named: TypeId,
        pkg: Option<PkgId>,
        name: Symbol,
        fold_case: bool,
    ) -> Option<usize> {
        let Type::Named(n) = self.ty(named) else {
            return None;
        };
        let Type::Named(origin) = self.ty(n.origin) else {
            return None;
        };
        origin
            .methods
            .iter()
            .position(|&m| m.is_some_and(|m| self.matches_name(m, pkg, name, fold_case)))
    }

    /// Whether a method was declared with a pointer receiver.
    pub fn needs_pointer(&self, obj: ObjId) -> bool {
        let Some(f) = self.obj(obj).func() else {
            return false;
        };
        // Known from the declaration even if the signature is not yet.
        f.ptr_recv && !f.is_interface_method
    }

    fn consolidate(&mut self, list: Vec<Embedded>) -> Vec<Embedded> {
        let mut result: Vec<Embedded> = Vec::new();
        for e in list {
            match result.iter().position(|r| self.identical(r.ty, e.ty)) {
                Some(i) => result[i].multiple = true,
                None => result.push(e),
            }
        }
        result
    }

    /// What an unnamed pointer points to, and whether it was one.
    pub fn deref(&self, ty: TypeId) -> (TypeId, bool) {
        match *self.ty(self.unalias(ty)) {
            Type::Pointer(base) => (base, true),
            _ => (ty, false),
        }
    }

    /// What a pointer to a struct, possibly named, points to; else the type itself.
    pub fn deref_struct(&mut self, ty: TypeId) -> TypeId {
        if let &Type::Pointer(base) = self.under_ty(ty)
            && let Type::Struct(_) = self.under_ty(base)
        {
            return base;
        }
        ty
    }

    /// The names along a path of field indices, joined by dots.
    pub fn field_path(&mut self, mut ty: TypeId, path: &[u32]) -> String {
        let mut names = Vec::new();
        for &i in path {
            let base = self.deref_struct(ty);
            let Type::Struct(s) = self.under_ty(base) else {
                break;
            };
            let Some(&f) = s.fields.get(i as usize) else {
                break;
            };
            names.push(self.obj(f).name.as_str());
            ty = self.obj_type(f);
        }
        names.join(".")
    }
}

/// Why a type lacks a method.
enum Missing {
    NotFound,
    WrongName(ObjId),
    Unexported,
    WrongType(ObjId),
    Ambiguous,
    NeedsPointer,
    IsField,
}

impl Program {
    /// The first method of interface `t` that `v` lacks, and whether it is there with a
    /// wrong type or receiver. If `v` is an interface and not `is_static`, only methods
    /// that are there are compared. `cause` says what is wrong, in parentheses.
    pub fn missing_method(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        cause: Option<&mut String>,
    ) -> Option<(ObjId, bool)> {
        self.missing_method_by(v, t, is_static, cause, |p, a, b| p.identical(a, b))
    }

    /// [`Self::missing_method`] with another notion of equal signatures.
    pub(crate) fn missing_method_by(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        cause: Option<&mut String>,
        mut same: impl FnMut(&mut Program, TypeId, TypeId) -> bool,
    ) -> Option<(ObjId, bool)> {
        let wanted = self.type_set(t);
        let v_set = self.is_interface(v).then(|| self.type_set(v));
        for &m in &wanted.methods {
            let missing = match &v_set {
                Some(have) => match have.methods.iter().copied().find(|&f| self.same_name(f, m)) {
                    None if !is_static => continue,
                    None => Missing::NotFound,
                    Some(f) if same(self, self.obj_type(f), self.obj_type(m)) => continue,
                    Some(f) => Missing::WrongType(f),
                },
                None => match self.find_method(v, m, &mut same) {
                    None => continue,
                    Some(missing) => missing,
                },
            };
            if let Some(cause) = cause {
                *cause = self.missing_cause(v, t, m, &missing);
            }
            let wrong = matches!(missing, Missing::WrongType(_) | Missing::NeedsPointer);
            return Some((m, wrong));
        }
        None
    }

    /// Looks for method `m` of an interface in a type; `None` if it is there.
    fn find_method(
        &mut self,
        v: TypeId,
        m: ObjId,
        same: &mut impl FnMut(&mut Program, TypeId, TypeId) -> bool,
    ) -> Option<Missing> {
        let (pkg, name) = (self.obj(m).pkg, self.obj(m).name);
        match self.lookup_impl(v, false, pkg, name, false) {
            Lookup::Found { obj, .. } => {
                if self.obj(obj).func().is_none() {
                    return Some(Missing::IsField);
                }
                let equal = same(self, self.obj_type(obj), self.obj_type(m));
                (!equal).then_some(Missing::WrongType(obj))
            }
            Lookup::Ambiguous(_) => Some(Missing::Ambiguous),
            Lookup::NeedsPointer => Some(Missing::NeedsPointer),
            Lookup::NotFound => {
                let similar = self.lookup_impl(v, false, pkg, name, true).obj();
                let similar = similar.filter(|&o| matches!(self.obj(o).kind, ObjKind::Func(_)));
                Some(match similar {
                    Some(f) if self.obj(f).name == name => Missing::Unexported,
                    Some(f) => Missing::WrongName(f),
                    None => Missing::NotFound,
                })
            }
        }
    }

    fn missing_cause(&mut self, v: TypeId, t: TypeId, m: ObjId, missing: &Missing) -> String {
        let name = self.obj(m).name;
        match missing {
            Missing::NotFound => {
                let pointer = self
                    .interface_pointer_error(v)
                    .or_else(|| self.interface_pointer_error(t));
                match pointer {
                    Some(text) => format!("({text})"),
                    None => format!("(missing method {name})"),
                }
            }
            Missing::WrongName(f) => {
                let (have, want) = (
                    self.func_string(*f, Qualify::Name),
                    self.func_string(m, Qualify::Name),
                );
                format!("(missing method {name})\n\t\thave {have}\n\t\twant {want}")
            }
            Missing::Unexported => format!("(unexported method {name})"),
            Missing::WrongType(f) => self.wrong_type_cause(*f, m),
            Missing::Ambiguous => format!("(ambiguous selector {}.{name})", self.type_string(v)),
            Missing::NeedsPointer => format!("(method {name} has pointer receiver)"),
            Missing::IsField => {
                format!("({}.{name} is a field, not a method)", self.type_string(v))
            }
        }
    }

    fn wrong_type_cause(&self, have: ObjId, want: ObjId) -> String {
        let name = self.obj(want).name;
        for qualify in [Qualify::Name, Qualify::Path] {
            let (h, w) = (
                self.func_string(have, qualify),
                self.func_string(want, qualify),
            );
            if h != w {
                return format!("(wrong type for method {name})\n\t\thave {h}\n\t\twant {w}");
            }
        }
        format!("(wrong type for method {name})")
    }

    /// A function's name and signature.
    pub fn func_string(&self, func: ObjId, qualify: Qualify) -> String {
        let name = self.obj(func).name;
        match self.ty(self.obj_type(func)) {
            Type::Signature(s) => format!("{name}{}", self.signature_string(s, false, qualify)),
            _ => name.to_string(),
        }
    }

    /// If the type is a pointer to an interface, what to say about that.
    pub(crate) fn interface_pointer_error(&mut self, ty: TypeId) -> Option<String> {
        let &Type::Pointer(base) = self.under_ty(ty) else {
            return None;
        };
        if !self.is_interface(base) {
            return None;
        }
        let s = self.type_string(ty);
        Some(if self.is_type_param(base) {
            format!("type {s} is pointer to type parameter, not type parameter")
        } else {
            format!("type {s} is pointer to interface, not interface")
        })
    }

    /// Whether `v` has all methods of `t`, or is too broken to tell.
    pub fn has_all_methods(
        &mut self,
        v: TypeId,
        t: TypeId,
        is_static: bool,
        cause: Option<&mut String>,
    ) -> bool {
        !self.is_valid(v)
            || self.missing_method(v, t, is_static, cause).is_none()
            || self.has_invalid_embedded(v, &mut Vec::new())
    }

    /// Whether an embedded field, at any depth, has a wrong type.
    pub(crate) fn has_invalid_embedded(&mut self, ty: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let base = self.deref_struct(ty);
        let u = self.under(base);
        let Type::Struct(s) = self.ty(u).clone() else {
            return false;
        };
        if seen.contains(&u) {
            return false;
        }
        seen.push(u);
        s.fields.iter().any(|&f| {
            let t = self.obj_type(f);
            self.obj(f).embedded() && (!self.is_valid(t) || self.has_invalid_embedded(t, seen))
        })
    }

    /// Whether a value of interface type `v` may hold a `t`. `cause` says why not.
    pub fn assertable_to(&mut self, v: TypeId, t: TypeId, cause: Option<&mut String>) -> bool {
        self.is_interface(t) || self.implements(t, v, false, cause)
    }

    /// The method set of a type: every method that a value in an interface can be called
    /// with, promoted ones included, in [`Program::method_order`].
    pub fn method_set(&mut self, ty: TypeId) -> Vec<MethodEntry> {
        if self.is_interface(ty) {
            let set = self.type_set(ty);
            let entry = |(i, &obj): (usize, &ObjId)| MethodEntry {
                obj,
                path: vec![i as u32],
                indirect: false,
            };
            return set.methods.iter().enumerate().map(entry).collect();
        }
        let mut names: Vec<(Option<PkgId>, Symbol)> = Vec::new();
        self.method_names(ty, &mut names, &mut Vec::new());
        names.sort_unstable_by_key(|n| (n.1, n.0));
        names.dedup();
        let mut set: Vec<MethodEntry> = Vec::new();
        for (pkg, name) in names {
            if let Lookup::Found {
                obj,
                path,
                indirect,
            } = self.lookup_field_or_method(ty, false, pkg, name)
                && self.obj(obj).func().is_some()
                && set.iter().all(|e| e.obj != obj)
            {
                set.push(MethodEntry {
                    obj,
                    path,
                    indirect,
                });
            }
        }
        set.sort_by(|a, b| self.method_order(a.obj, b.obj));
        set
    }

    /// Names of all methods at any depth.
    fn method_names(
        &mut self,
        ty: TypeId,
        names: &mut Vec<(Option<PkgId>, Symbol)>,
        seen: &mut Vec<TypeId>,
    ) {
        let (base, _) = self.deref(ty);
        let base = self.unalias(base);
        if seen.contains(&base) {
            return;
        }
        seen.push(base);
        let mut add = |p: &Program, m: ObjId| {
            let o = p.obj(m);
            names.push((o.pkg, o.name));
        };
        if let Type::Named(n) = self.ty(base)
            && let Type::Named(origin) = self.ty(n.origin)
        {
            for &m in origin.methods.iter().flatten() {
                add(self, m);
            }
        }
        match self.under_ty(base).clone() {
            Type::Struct(s) => {
                for &f in s.fields.iter() {
                    if self.obj(f).embedded() {
                        self.method_names(self.obj_type(f), names, seen);
                    }
                }
            }
            Type::Interface(_) => {
                for &m in &self.type_set(base).methods {
                    add(self, m);
                }
            }
            _ => {}
        }
    }
}

/// One method of a [`Program::method_set`].
#[derive(Clone, Debug)]
pub struct MethodEntry {
    /// The method.
    pub obj: ObjId,
    /// Embedded fields to follow, then the method's index.
    pub path: Vec<u32>,
    /// Whether a pointer is followed on the way.
    pub indirect: bool,
}
