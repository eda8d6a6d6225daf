//! Underlying types, and the lazy expansion of instances: their underlying types and
//! methods come into being when asked for.

use crate::object::ObjId;
use crate::program::Program;
use crate::types::*;
use std::sync::Arc;

impl Program {
    /// The underlying type: never a name. For a type parameter its constraint's interface.
    /// [`TypeId::INVALID`] for types that are wrong or not yet set up.
    pub fn under(&mut self, ty: TypeId) -> TypeId {
        match self.ty(ty) {
            Type::Named(n) => match n.underlying {
                Some(u) => u,
                None => self.resolve_underlying(ty),
            },
            Type::Alias(_) => {
                let actual = self.unalias(ty);
                match self.ty(actual) {
                    // Still being declared.
                    Type::Alias(_) => TypeId::INVALID,
                    _ => self.under(actual),
                }
            }
            Type::TypeParam(_) => self.type_param_iface(ty),
            _ => ty,
        }
    }

    /// The entry of [`Self::under`].
    pub fn under_ty(&mut self, ty: TypeId) -> &Type {
        let u = self.under(ty);
        &self.types[u]
    }

    /// Follows right-hand sides until something that is no name.
    fn resolve_underlying(&mut self, ty: TypeId) -> TypeId {
        let mut path = Vec::new();
        let mut at = ty;
        let found = loop {
            match self.ty(at) {
                Type::Named(n) => {
                    if let Some(u) = n.underlying {
                        break u;
                    }
                    if path.contains(&at) {
                        break TypeId::INVALID;
                    }
                    path.push(at);
                    match self.rhs_of(at) {
                        Some(rhs) => at = rhs,
                        None => return TypeId::INVALID,
                    }
                }
                Type::Alias(a) => match a.rhs {
                    Some(rhs) => at = rhs,
                    None => return TypeId::INVALID,
                },
                // Reported where declared.
                Type::TypeParam(_) => break TypeId::INVALID,
                _ => break at,
            }
        };
        for name in path {
            if let Type::Named(n) = &mut self.types[name] {
                n.underlying = Some(found);
            }
        }
        found
    }

    /// The right-hand side of a named type's declaration, made by substitution for an
    /// instance. `None` while the declaration is not far enough.
    pub(crate) fn rhs_of(&mut self, ty: TypeId) -> Option<TypeId> {
        let Type::Named(n) = self.ty(ty) else {
            return None;
        };
        if n.targs.is_empty() || n.from_rhs.is_some() {
            return n.from_rhs;
        }
        if n.expanding {
            return None;
        }
        let (origin, targs) = (n.origin, n.targs.clone());
        let Type::Named(o) = self.ty(origin) else {
            return None;
        };
        let (tparams, rhs) = (o.tparams.clone(), o.from_rhs?);
        if let Type::Interface(i) = self.ty(rhs)
            && !i.complete
        {
            return None;
        }
        if tparams.len() != targs.len() {
            self.set_rhs(ty, TypeId::INVALID);
            return Some(TypeId::INVALID);
        }
        self.set_expanding(ty, true);
        let s = self.subst_map(&tparams, &targs);
        let mut new = self.subst(rhs, s);
        new = self.rebind_interface(new, rhs, origin, ty);
        self.set_expanding(ty, false);
        self.set_rhs(ty, new);
        Some(new)
    }

    fn set_expanding(&mut self, ty: TypeId, on: bool) {
        if let Type::Named(n) = &mut self.types[ty] {
            n.expanding = on;
        }
    }

    pub(crate) fn set_rhs(&mut self, ty: TypeId, rhs: TypeId) {
        if let Type::Named(n) = &mut self.types[ty] {
            n.from_rhs = Some(rhs);
        }
    }

    /// Methods of a generic interface type have the generic type as receiver; those of an
    /// instance have the instance.
    fn rebind_interface(&mut self, new: TypeId, rhs: TypeId, from: TypeId, to: TypeId) -> TypeId {
        let Type::Interface(i) = self.ty(new) else {
            return new;
        };
        let i = i.clone();
        let methods = self.replace_recv(&i.methods, from, to);
        if methods == i.methods {
            return new;
        }
        if new == rhs {
            let copy = Interface {
                methods,
                tset: None,
                ..*i
            };
            return self.add_type(Type::Interface(Box::new(copy)));
        }
        if let Type::Interface(i) = &mut self.types[new] {
            i.methods = methods;
            i.tset = None;
        }
        new
    }

    /// Number of methods declared for a named type (its origin's, for an instance).
    pub fn method_count(&self, named: TypeId) -> usize {
        let Type::Named(n) = self.ty(named) else {
            return 0;
        };
        match self.ty(n.origin) {
            Type::Named(o) => o.methods.len(),
            _ => 0,
        }
    }

    /// Declared method `i` of a named type. For an instance the method's signature has the
    /// type arguments in it. `None` if its origin's signature is not yet known.
    pub fn method(&mut self, named: TypeId, i: usize) -> Option<ObjId> {
        let Type::Named(n) = self.ty(named) else {
            return None;
        };
        if let Some(&Some(m)) = n.methods.get(i) {
            return Some(m);
        }
        let (origin, targs) = (n.origin, n.targs.clone());
        if origin == named {
            return None;
        }
        let Type::Named(o) = self.ty(origin) else {
            return None;
        };
        let count = o.methods.len();
        let generic = o.methods.get(i).copied().flatten()?;
        let method = self.expand_method(named, generic, &targs)?;
        if let Type::Named(n) = &mut self.types[named] {
            if n.methods.len() < count {
                n.methods.resize(count, None);
            }
            n.methods[i] = Some(method);
        }
        Some(method)
    }

    fn expand_method(&mut self, named: TypeId, generic: ObjId, targs: &[TypeId]) -> Option<ObjId> {
        let old = self.objects[generic].ty?;
        let Type::Signature(sig) = self.ty(old).clone() else {
            return Some(generic);
        };
        let mut new = old;
        if sig.recv_tparams.len() == targs.len() {
            let s = self.subst_map(&sig.recv_tparams, targs);
            new = self.subst(old, s);
        }
        let Type::Signature(new) = self.ty(new).clone() else {
            return Some(generic);
        };
        let ptr = self.objects[generic].func().is_some_and(|f| f.ptr_recv);
        let recv_type = if ptr { self.pointer_to(named) } else { named };
        let recv = sig.recv.map(|r| self.clone_var(r, recv_type));
        let new = Signature {
            recv,
            recv_tparams: List::default(),
            ..(*new).clone()
        };
        let new = self.add_type(Type::Signature(Arc::new(new)));
        Some(self.clone_func(generic, new))
    }

    /// The constraint of a type parameter as an interface type.
    pub fn type_param_iface(&mut self, param: TypeId) -> TypeId {
        let Type::TypeParam(p) = self.ty(param) else {
            return TypeId::EMPTY_INTERFACE;
        };
        if let Some(i) = p.iface {
            return i;
        }
        let bound = p.bound;
        let u = match self.ty(self.unalias(bound)) {
            // A parameter as constraint is reported where declared.
            Type::TypeParam(_) => TypeId::INVALID,
            _ => self.under(bound),
        };
        let iface = match self.ty(u) {
            Type::Basic(Basic::Invalid) => return TypeId::EMPTY_INTERFACE,
            Type::Interface(_) => u,
            _ => {
                // `[P T]` stands for `[P interface{T}]`.
                let pos = self.objects[match self.ty(param) {
                    Type::TypeParam(p) => p.obj,
                    _ => return TypeId::EMPTY_INTERFACE,
                }]
                .pos;
                self.add_type(Type::Interface(Box::new(Interface {
                    embeds: [bound].into(),
                    embed_pos: [pos].into(),
                    implicit: true,
                    complete: true,
                    ..Interface::default()
                })))
            }
        };
        if let Type::TypeParam(p) = &mut self.types[param] {
            p.iface = Some(iface);
            if iface != u {
                p.bound = iface;
            }
        }
        iface
    }
}
