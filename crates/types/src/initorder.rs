//! The order in which a package's variables are initialized.
//!
//! Go's rule: repeatedly the first variable in the source that depends on no uninitialized
//! one. A variable depends on what its initializer mentions, directly or through functions
//! and methods. Functions are taken out of the graph first, by closing over them.

use crate::checker::Checker;
use crate::info::{InitOrder, Initializer};
use crate::object::{ObjId, ObjKind};
use crate::package::{PkgId, TypeError};
use crate::program::Program;
use goxide_base::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

impl Program {
    /// The initializers of a package's variables in order of execution. Checks the bodies of
    /// functions that they reach, where those are lazy.
    pub fn init_order(&mut self, pkg: PkgId) -> InitOrder {
        if let Some(order) = &self.pkg(pkg).init_order {
            return order.clone();
        }
        let vars = self.pkg(pkg).vars.clone();
        let mut seen = FxHashSet::default();
        let mut work = vars.clone();
        while let Some(obj) = work.pop() {
            if !seen.insert(obj) {
                continue;
            }
            if self.obj(obj).func().is_some() {
                self.check_body(obj);
            }
            work.extend(self.pkg(pkg).deps.get(&obj).into_iter().flatten());
        }
        let order = self.order_of(pkg, &vars).0;
        self.packages[pkg].init_order = Some(order.clone());
        order
    }

    /// The order for these package-level values (in source order), and the objects that are
    /// still part of a cycle when their turn comes.
    pub(crate) fn order_of(&self, pkg: PkgId, values: &[ObjId]) -> (InitOrder, Vec<ObjId>) {
        let package = self.pkg(pkg);
        let rank: FxHashMap<ObjId, usize> =
            values.iter().enumerate().map(|(i, &o)| (o, i)).collect();
        let needs: Vec<FxHashSet<ObjId>> = values
            .iter()
            .map(|&o| {
                // Constants, where they are not in the list, are there from the start.
                let mut reached = self.values_reached(pkg, o);
                reached.retain(|to| rank.contains_key(to));
                reached
            })
            .collect();
        let mut users: FxHashMap<ObjId, Vec<usize>> = FxHashMap::default();
        for (i, set) in needs.iter().enumerate() {
            for &o in set {
                users.entry(o).or_default().push(i);
            }
        }
        let is_var = |o: ObjId| !matches!(self.obj(o).kind, ObjKind::Const { .. });
        let mut missing: Vec<usize> = needs.iter().map(FxHashSet::len).collect();
        let key = |i: usize, missing: &[usize]| (is_var(values[i]), missing[i], i);
        let mut queue: BTreeSet<_> = (0..values.len()).map(|i| key(i, &missing)).collect();
        let mut order = Vec::new();
        let mut cyclic = Vec::new();
        let mut emitted = FxHashSet::default();
        while let Some((_, count, i)) = queue.pop_first() {
            let obj = values[i];
            if count > 0 {
                cyclic.push(obj);
            }
            for &user in users.get(&obj).map_or(&[][..], Vec::as_slice) {
                if queue.remove(&key(user, &missing)) {
                    missing[user] -= 1;
                    queue.insert(key(user, &missing));
                }
            }
            let Some(decl) = package.var_decls.get(&obj) else {
                continue;
            };
            let Some(init) = decl.init else { continue };
            let first = decl
                .lhs
                .first()
                .and_then(|o| rank.get(o))
                .copied()
                .unwrap_or(i);
            if emitted.insert(first) {
                order.push(Initializer {
                    lhs: decl.lhs.clone(),
                    init,
                });
            }
        }
        (order.into(), cyclic)
    }

    /// Where an object's dependencies are kept: variables of one initializer share them.
    fn deps_of(&self, pkg: PkgId, obj: ObjId) -> &[ObjId] {
        let package = self.pkg(pkg);
        let owner = package
            .var_decls
            .get(&obj)
            .and_then(|d| d.lhs.first())
            .copied();
        package
            .deps
            .get(&owner.unwrap_or(obj))
            .map_or(&[], Vec::as_slice)
    }

    /// Values that an object needs, directly or through functions.
    fn values_reached(&self, pkg: PkgId, from: ObjId) -> FxHashSet<ObjId> {
        let mut values = FxHashSet::default();
        let mut funcs = FxHashSet::default();
        let mut work = vec![from];
        while let Some(obj) = work.pop() {
            for &to in self.deps_of(pkg, obj) {
                if self.obj(to).func().is_none() {
                    values.insert(to);
                } else if funcs.insert(to) {
                    work.push(to);
                }
            }
        }
        values
    }
}

impl<'a> Checker<'_, 'a> {
    /// Computes the order of initialization and reports cycles in it.
    pub fn check_init_order(&mut self) {
        let values: Vec<ObjId> = self
            .decl_list
            .iter()
            .copied()
            .filter(|&o| matches!(self.p.obj(o).kind, ObjKind::Const { .. } | ObjKind::Var(_)))
            .collect();
        let (order, cyclic) = self.p.order_of(self.pkg, &values);
        for obj in cyclic {
            let mut seen = FxHashSet::default();
            if let Some(cycle) = self.find_path(obj, obj, &mut seen) {
                self.report_init_cycle(&cycle);
            }
        }
        self.p.packages[self.pkg].init_order = Some(order);
    }

    /// The objects from `to` back to the one after `from` on a path of dependencies.
    fn find_path(&self, from: ObjId, to: ObjId, seen: &mut FxHashSet<ObjId>) -> Option<Vec<ObjId>> {
        // With a stack of its own: chains of functions can be long.
        let sorted = |o: ObjId| {
            let mut deps = self.p.deps_of(self.pkg, o).to_vec();
            deps.sort_by_key(|&d| std::cmp::Reverse(self.p.obj(d).pos));
            deps
        };
        let mut path = vec![from];
        let mut stack = vec![sorted(from)];
        seen.insert(from);
        while let Some(top) = stack.last_mut() {
            let Some(next) = top.pop() else {
                stack.pop();
                path.pop();
                continue;
            };
            if next == to {
                path.remove(0);
                path.push(to);
                path.reverse();
                return Some(path);
            }
            if seen.insert(next) {
                path.push(next);
                stack.push(sorted(next));
            }
        }
        None
    }

    fn report_init_cycle(&mut self, cycle: &[ObjId]) {
        let name = |c: &Self, o: ObjId| c.p.obj(o).name;
        let obj = cycle[0];
        let pos = self.p.obj(obj).pos;
        let code = "InvalidInitCycle";
        if cycle.len() == 1 {
            let msg = format!("initialization cycle: {} refers to itself", name(self, obj));
            self.err(pos, code, msg);
            return;
        }
        let msg = format!("initialization cycle for {}", name(self, obj));
        let mut related = Vec::new();
        let mut from = obj;
        for &to in cycle.iter().rev() {
            let text = format!("{} refers to {}", name(self, from), name(self, to));
            related.push((self.p.obj(from).pos, text));
            from = to;
        }
        self.report(TypeError {
            pos,
            msg,
            related,
            code,
            soft: false,
        });
    }
}
