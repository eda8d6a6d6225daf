//! Types of infinite size: a type that contains itself other than through a pointer,
//! slice, map, channel or function.
//!
//! A generic type's instance is followed into the generic declaration, where a type
//! parameter stands for the argument of the innermost instance on the way, seen from
//! outside of it.

use crate::checker::Checker;
use crate::types::*;

/// An instance or declared type being looked into.
type Nest = Vec<TypeId>;

impl<'a> Checker<'_, 'a> {
    /// Reports a declared type that contains itself.
    pub fn valid_type(&mut self, ty: TypeId) {
        self.valid_inside(ty, &mut Vec::new(), &mut Vec::new());
    }

    fn valid_inside(&mut self, ty: TypeId, nest: &mut Nest, path: &mut Vec<TypeId>) -> bool {
        let ty = self.p.unalias(ty);
        match self.p.ty(ty).clone() {
            Type::Array(_, elem) => self.valid_inside(elem, nest, path),
            Type::Struct(s) => s
                .fields
                .iter()
                .all(|&f| self.valid_inside(self.p.obj_type(f), nest, path)),
            Type::Union(terms) => terms.iter().all(|t| self.valid_inside(t.ty, nest, path)),
            Type::Interface(i) => i.embeds.iter().all(|&e| self.valid_inside(e, nest, path)),
            Type::Named(n) => self.valid_named(ty, &n, nest, path),
            Type::TypeParam(_) => self.valid_param(ty, nest, path),
            _ => true,
        }
    }

    fn valid_named(
        &mut self,
        ty: TypeId,
        n: &Named,
        nest: &mut Nest,
        path: &mut Vec<TypeId>,
    ) -> bool {
        if self.p.obj(n.obj).pkg != Some(self.pkg) && n.targs.is_empty() {
            // Checked with its own package, and it can't contain a type of this one.
            return true;
        }
        if nest.iter().any(|&e| self.p.identical(e, ty)) {
            let start = path
                .iter()
                .position(|&e| self.p.identical(e, ty))
                .unwrap_or(0);
            self.p.set_rhs(n.origin, TypeId::INVALID);
            if let Type::Named(o) = &mut self.p.types[n.origin] {
                o.underlying = Some(TypeId::INVALID);
            }
            self.type_cycle_error(&path[start..]);
            return false;
        }
        let Type::Named(origin) = self.p.ty(n.origin) else {
            return true;
        };
        let Some(rhs) = origin.from_rhs else {
            return true;
        };
        if nest.len() > 100 {
            return true;
        }
        nest.push(ty);
        path.push(ty);
        let valid = self.valid_inside(rhs, nest, path);
        nest.pop();
        path.pop();
        valid
    }

    fn valid_param(&mut self, ty: TypeId, nest: &mut Nest, path: &mut Vec<TypeId>) -> bool {
        let Some(&inst) = nest.last() else {
            return true;
        };
        let tparams = self.p.type_params_of(inst);
        let Type::Named(n) = self.p.ty(inst) else {
            return true;
        };
        let Some(targ) = tparams
            .iter()
            .position(|&p| p == ty)
            .and_then(|i| n.targs.get(i))
        else {
            return true;
        };
        let targ = *targ;
        nest.pop();
        let valid = self.valid_inside(targ, nest, path);
        nest.push(inst);
        valid
    }
}
