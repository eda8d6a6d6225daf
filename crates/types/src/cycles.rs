//! Cycles of declarations: direct ones (`type A B; type B A`) are found and cut before
//! anything is declared, so that following names always ends.

use crate::checker::Checker;
use crate::object::{ObjId, ObjKind};
use crate::package::TypeError;
use crate::resolver::DeclKind;
use crate::types::*;
use crate::typestring::Qualify;
use goxide_base::{FxHashSet, Pos};
use goxide_syntax::ast::ExprKind;
use std::ops::Range;

/// How many instances of one generic type may be in each other by value.
const MOST_INSTANCES: usize = 100;

/// A member of a cycle: where it is, and its name.
type Link = (Pos, String);

impl<'a> Checker<'_, 'a> {
    /// Finds chains of type names that lead back to themselves; their first name becomes
    /// invalid.
    pub fn direct_cycles(&mut self) {
        let mut done = FxHashSet::default();
        for obj in self.decl_list.clone() {
            if matches!(self.p.obj(obj).kind, ObjKind::TypeName) {
                self.direct_cycle(obj, &mut done);
            }
        }
    }

    fn direct_cycle(&mut self, start: ObjId, done: &mut FxHashSet<ObjId>) {
        let mut path: Vec<ObjId> = Vec::new();
        let mut at = start;
        while !done.contains(&at) {
            if let Some(i) = path.iter().position(|&o| o == at) {
                self.p.objects[at].ty = Some(TypeId::INVALID);
                let cycle = path[i..].to_vec();
                self.cycle_error(&cycle, self.first_in_source(&cycle));
                break;
            }
            path.push(at);
            let Some(DeclKind::Type(spec)) = self.decls.get(&at).map(|d| &d.kind) else {
                break;
            };
            let ExprKind::Ident(name) = spec.ty.unparen().kind else {
                break;
            };
            let scope = self.p.pkg(self.pkg).scope;
            match self.p.scopes[scope].lookup(name) {
                Some(next) if matches!(self.p.obj(next).kind, ObjKind::TypeName) => at = next,
                _ => break,
            }
        }
        done.extend(path);
    }

    /// Whether a type has an underlying type already; if not, reports the cycle that must be
    /// the reason.
    pub fn is_complete(&mut self, mut ty: TypeId) -> bool {
        loop {
            let (obj, rhs) = match self.p.ty(ty) {
                Type::Alias(a) => (a.obj, a.rhs),
                Type::Named(n) if n.targs.is_empty() => (n.obj, n.from_rhs),
                Type::Named(n) => match self.p.ty(n.origin) {
                    Type::Named(o) => (o.obj, o.from_rhs),
                    _ => return true,
                },
                _ => return true,
            };
            if let Some(at) = self.path.iter().position(|&o| o == obj) {
                let cycle = self.path[at..].to_vec();
                self.cycle_error(&cycle, self.first_in_source(&cycle));
                return false;
            }
            match rhs {
                Some(rhs) => ty = rhs,
                None => return true,
            }
        }
    }

    /// Whether a type's size depends on type parameters, so that it is no constant. A type of
    /// infinite size is reported, and has none either.
    pub fn has_var_size(&mut self, ty: TypeId) -> bool {
        let ty = self.p.unalias(ty);
        match self.p.ty(ty).clone() {
            Type::TypeParam(_) => true,
            Type::Array(_, elem) => self.has_var_size(elem),
            Type::Struct(s) => s
                .fields
                .iter()
                .any(|&f| self.has_var_size(self.p.obj_type(f))),
            Type::Named(n) => {
                if let Some(&known) = self.var_sizes.get(&ty) {
                    return known;
                }
                let met = |&o: &ObjId| o == n.obj || self.p.obj(o).ty == Some(ty);
                let met = self.path.iter().position(met).map(|at| at..self.path.len());
                if let Some(cycle) = met.or_else(|| self.expansion(n.obj)) {
                    let cycle = self.path[cycle].to_vec();
                    self.cycle_error(&cycle, self.first_in_source(&cycle));
                    return true;
                }
                let on_path = self.object_on_path(ty, &n);
                self.path.push(on_path);
                let rhs = self.p.rhs_of(ty);
                let varies = rhs.is_some_and(|rhs| self.has_var_size(rhs));
                self.path.pop();
                self.var_sizes.insert(ty, varies);
                varies
            }
            _ => false,
        }
    }

    /// The first turn of a generic type that leads to ever new instances of itself, as
    /// `type T[P any] struct{ f [1]T[[]P] }` does: so many of them are on the path that it
    /// would not end.
    fn expansion(&self, generic: ObjId) -> Option<Range<usize>> {
        let is_instance = |&i: &usize| {
            let ty = self.p.obj(self.path[i]).ty;
            let named = ty.and_then(|ty| self.p.as_named(ty));
            named.is_some_and(|n| n.obj == generic && !n.targs.is_empty())
        };
        let mut instances = (0..self.path.len()).filter(is_instance);
        let turn = instances.next()?..instances.next()?;
        (instances.count() >= MOST_INSTANCES).then_some(turn)
    }

    /// What stands for a named type on the path. An instance gets an object of its own, with
    /// the place where it was first written: its cycles are those of the arguments it has,
    /// not of all instances.
    fn object_on_path(&mut self, ty: TypeId, n: &Named) -> ObjId {
        if n.targs.is_empty() {
            return n.obj;
        }
        let (name, pkg) = (self.p.obj(n.obj).name, self.p.obj(n.obj).pkg);
        // One that was only made by substitution is where the instance is that it is in.
        let outer = self.path.last().map_or(Pos::NONE, |&o| self.p.obj(o).pos);
        let pos = if n.pos.is_some() { n.pos } else { outer };
        self.p
            .new_object(ObjKind::TypeName, name, pos, pkg, Some(ty))
    }

    /// Index of the object that stands first in the source.
    pub fn first_in_source(&self, cycle: &[ObjId]) -> usize {
        (0..cycle.len())
            .min_by_key(|&i| self.p.obj(cycle[i]).pos)
            .unwrap_or(0)
    }

    /// Reports a cycle of declarations, beginning with the one at index `start`.
    pub fn cycle_error(&mut self, cycle: &[ObjId], start: usize) {
        let Some(&obj) = cycle.get(start) else { return };
        let is_type = matches!(self.p.obj(obj).kind, ObjKind::TypeName);
        if is_type
            && let Some(ty) = self.p.obj(obj).ty
            && let Type::Alias(a) = &mut self.p.types[ty]
        {
            // Not broken for what follows.
            a.rhs = Some(TypeId::INVALID);
        }
        let link = |&o: &ObjId| {
            let object = self.p.obj(o);
            let ty = object.ty.map(|ty| self.p.unalias(ty));
            let named = ty.and_then(|ty| self.p.as_named(ty));
            if let Some(instance) = ty
                && is_type
                && named.is_some_and(|n| !n.targs.is_empty())
            {
                return (object.pos, self.ts(instance));
            }
            let prefix = self.p.package_prefix(object.pkg, Qualify::Name);
            (object.pos, format!("{prefix}{}", object.name))
        };
        let mut links: Vec<Link> = cycle.iter().map(link).collect();
        links.rotate_left(start);
        self.report_cycle(&links, is_type);
    }

    /// Reports a cycle of named types and instances, beginning with the first.
    pub fn type_cycle_error(&mut self, cycle: &[TypeId]) {
        let link = |&t: &TypeId| {
            let (pos, obj) = self
                .p
                .as_named(t)
                .map_or((Pos::NONE, None), |n| (n.pos, Some(n.obj)));
            let declared = obj.map_or(Pos::NONE, |o| self.p.obj(o).pos);
            let name = match obj {
                Some(o) if !pos.is_some() => self.p.obj(o).name.to_string(),
                _ => self.ts(t),
            };
            (if pos.is_some() { pos } else { declared }, name)
        };
        let links: Vec<Link> = cycle.iter().map(link).collect();
        self.report_cycle(&links, true);
    }

    fn report_cycle(&mut self, links: &[Link], is_type: bool) {
        let Some((pos, first)) = links.first().cloned() else {
            return;
        };
        let code = "InvalidDeclCycle";
        if links.len() == 1 {
            let what = if is_type {
                "recursive type"
            } else {
                "cycle in declaration"
            };
            self.err(
                pos,
                code,
                format!("invalid {what}: {first} refers to itself"),
            );
            return;
        }
        let what = if is_type {
            "recursive type"
        } else {
            "cycle in declaration of"
        };
        let msg = format!("invalid {what} {first}");
        let next = links.iter().cycle().skip(1);
        let related = links
            .iter()
            .zip(next)
            .map(|((pos, from), (_, to))| (*pos, format!("{from} refers to {to}")))
            .collect();
        self.report(TypeError {
            pos,
            msg,
            related,
            code,
            soft: false,
        });
    }
}
