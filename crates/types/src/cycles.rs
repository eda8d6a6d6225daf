//! Cycles of declarations: direct ones (`type A B; type B A`) are found and cut before
//! anything is declared, so that following names always ends.

use crate::checker::Checker;
use crate::object::{ObjId, ObjKind};
use crate::package::TypeError;
use crate::resolver::DeclKind;
use crate::types::*;
use crate::typestring::Qualify;
use goxide_base::FxHashSet;
use goxide_syntax::ast::ExprKind;

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
            let ExprKind::Ident(name) = spec.ty.kind else {
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

    /// Index of the object that stands first in the source.
    pub fn first_in_source(&self, cycle: &[ObjId]) -> usize {
        (0..cycle.len())
            .min_by_key(|&i| self.p.obj(cycle[i]).pos)
            .unwrap_or(0)
    }

    /// Reports a cycle of declarations, beginning with the one at index `start`.
    pub fn cycle_error(&mut self, cycle: &[ObjId], start: usize) {
        let Some(&obj) = cycle.get(start) else { return };
        let name = |c: &Self, o: ObjId| {
            let object = c.p.obj(o);
            let prefix = c.p.package_prefix(object.pkg, Qualify::Name);
            format!("{prefix}{}", object.name)
        };
        let is_type = matches!(self.p.obj(obj).kind, ObjKind::TypeName);
        if is_type
            && let Some(ty) = self.p.obj(obj).ty
            && let Type::Alias(a) = &mut self.p.types[ty]
        {
            // Not broken for what follows.
            a.rhs = Some(TypeId::INVALID);
        }
        let pos = self.p.obj(obj).pos;
        let first = name(self, obj);
        let code = "InvalidDeclCycle";
        if cycle.len() == 1 {
            let msg = if is_type {
                format!("invalid recursive type: {first} refers to itself")
            } else {
                format!("invalid cycle in declaration: {first} refers to itself")
            };
            self.err(pos, code, msg);
            return;
        }
        let msg = if is_type {
            format!("invalid recursive type {first}")
        } else {
            format!("invalid cycle in declaration of {first}")
        };
        let n = cycle.len();
        let related = (0..n)
            .map(|i| {
                let (from, to) = (cycle[(start + i) % n], cycle[(start + i + 1) % n]);
                (
                    self.p.obj(from).pos,
                    format!("{} refers to {}", name(self, from), name(self, to)),
                )
            })
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
