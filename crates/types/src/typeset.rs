//! Type sets of interfaces, and questions over all types of a set.

use crate::object::ObjId;
use crate::program::{Pending, Program};
use crate::types::*;
use goxide_base::{FxHashMap, Pos, Symbol};
use std::cmp::Ordering;
use std::sync::Arc;

/// More terms than this in a union take too long: the operations are quadratic.
pub(crate) const MAX_TERMS: usize = 100;

impl Program {
    /// The type set of an interface or type parameter (or a name for one). The set of all
    /// types for anything else, and for an interface that is still being declared.
    pub fn type_set(&mut self, ty: TypeId) -> Arc<TypeSet> {
        let u = self.under(ty);
        let Type::Interface(i) = self.ty(u) else {
            return Arc::default();
        };
        if let Some(tset) = &i.tset {
            return tset.clone();
        }
        if !i.complete {
            return Arc::default();
        }
        // Infinite interfaces are reported elsewhere; here they must only end.
        self.set_tset(u, Arc::default());
        let tset = Arc::new(self.compute_type_set(u));
        self.set_tset(u, tset.clone());
        tset
    }

    fn set_tset(&mut self, iface: TypeId, tset: Arc<TypeSet>) {
        if let Type::Interface(i) = &mut self.types[iface] {
            i.tset = Some(tset);
        }
    }

    fn compute_type_set(&mut self, iface: TypeId) -> TypeSet {
        let Type::Interface(i) = self.ty(iface).clone() else {
            return TypeSet::default();
        };
        let mut methods = MethodCollector::default();
        for &m in i.methods.iter() {
            methods.add(self, self.obj(m).pos, m, true);
        }
        let mut terms = TermList::All;
        let mut comparable = false;
        for (at, &e) in i.embeds.iter().enumerate() {
            let pos = i.embed_pos.get(at).copied().unwrap_or_default();
            let u = self.under(e);
            let (t, c) = match self.ty(u).clone() {
                Type::Interface(_) => {
                    let tset = self.type_set(u);
                    for &m in &tset.methods {
                        methods.add(self, pos, m, false);
                    }
                    (tset.terms.clone(), tset.comparable)
                }
                Type::Union(list) => match self.union_terms(pos, &list) {
                    Some(t) => (t, false),
                    None => continue,
                },
                Type::Basic(Basic::Invalid) => continue,
                _ => (
                    TermList::Terms(vec![Term {
                        tilde: false,
                        ty: e,
                    }]),
                    false,
                ),
            };
            (terms, comparable) = self.intersect_sets((&terms, comparable), (&t, c));
        }
        let mut methods = methods.list;
        methods.sort_by(|&a, &b| self.method_order(a, b));
        TypeSet {
            methods,
            terms,
            comparable,
        }
    }

    fn intersect_sets(&mut self, x: (&TermList, bool), y: (&TermList, bool)) -> (TermList, bool) {
        let terms = self.terms_intersect(x.0, y.0);
        let comparable = x.1 || y.1;
        match terms {
            TermList::Terms(list) if comparable => {
                let list = list
                    .into_iter()
                    .filter(|t| self.strictly_comparable(t.ty))
                    .collect();
                (TermList::Terms(list), false)
            }
            terms => (terms, comparable),
        }
    }

    /// The terms of a union; `None` if there are too many.
    pub(crate) fn union_terms(&mut self, pos: Pos, list: &[Term]) -> Option<TermList> {
        let mut all = TermList::Terms(Vec::new());
        for &t in list {
            let u = self.under(t.ty);
            let terms = match self.ty(u).clone() {
                Type::Interface(_) => self.type_set(u).terms.clone(),
                Type::Basic(Basic::Invalid) => continue,
                // No type has this underlying type.
                _ if t.tilde && !self.identical(t.ty, u) => TermList::Terms(Vec::new()),
                _ => TermList::Terms(vec![t]),
            };
            all = self.terms_union(all, terms);
            if all.as_slice().len() > MAX_TERMS {
                self.pending.push(Pending::TooManyTerms(pos));
                return None;
            }
        }
        Some(all)
    }

    /// Go's order of methods: exported first, then by name, then by package path.
    pub fn method_order(&self, a: ObjId, b: ObjId) -> Ordering {
        let (a, b) = (self.obj(a), self.obj(b));
        let exported = b.exported().cmp(&a.exported());
        exported
            .then_with(|| a.name.as_str().cmp(b.name.as_str()))
            .then_with(|| {
                if a.exported() {
                    return Ordering::Equal;
                }
                let path = |p: Option<crate::PkgId>| p.map(|p| self.pkg(p).path.as_str());
                path(a.pkg).cmp(&path(b.pkg))
            })
    }

    /// Whether the sets's interface has neither methods nor restrictions.
    pub fn is_empty_interface(&mut self, ty: TypeId) -> bool {
        let t = self.type_set(ty);
        t.terms.is_all() && !t.comparable && t.methods.is_empty()
    }

    /// Whether an interface can be a variable's type: it has no restrictions on types.
    pub fn is_method_set(&mut self, ty: TypeId) -> bool {
        let t = self.type_set(ty);
        t.terms.is_all() && !t.comparable
    }

    /// The pairs of type and underlying type that a type stands for: the specific types of
    /// a type parameter's constraint — a single `None` if there are none — or itself.
    pub fn specific_types(&mut self, ty: TypeId) -> Vec<Option<(TypeId, TypeId)>> {
        if !self.is_type_param(ty) {
            return vec![Some((ty, self.under(ty)))];
        }
        let tset = self.type_set(ty);
        if tset.terms.is_all() || tset.terms.is_empty() {
            return vec![None];
        }
        let terms = tset.terms.as_slice();
        terms
            .iter()
            .map(|t| Some((t.ty, self.under(t.ty))))
            .collect()
    }

    /// Whether `f` holds for the underlying type of every type that `ty` stands for;
    /// asked with `None` if it stands for no specific ones.
    pub fn all_under(
        &mut self,
        ty: TypeId,
        mut f: impl FnMut(&mut Program, Option<TypeId>) -> bool,
    ) -> bool {
        self.specific_types(ty)
            .into_iter()
            .all(|t| f(self, t.map(|t| t.1)))
    }

    /// The one underlying type of all types that `ty` stands for, channels of different
    /// directions merged; or why there is none.
    pub fn common_under(&mut self, ty: TypeId) -> Result<TypeId, String> {
        self.common_under_if(ty, |_, _, _| Ok(()))
    }

    /// Like [`Self::common_under`], with a condition on each type, given as type and
    /// underlying type, or `None` if there are no specific types.
    pub fn common_under_if(
        &mut self,
        ty: TypeId,
        mut cond: impl FnMut(&mut Program, Option<TypeId>, Option<TypeId>) -> Result<(), String>,
    ) -> Result<TypeId, String> {
        let mut common: Option<(TypeId, TypeId)> = None;
        for pair in self.specific_types(ty) {
            cond(self, pair.map(|p| p.0), pair.map(|p| p.1))?;
            let Some((t, u)) = pair else {
                return Err("no specific type".into());
            };
            let Some((ct, cu)) = common else {
                common = Some((t, u));
                continue;
            };
            if let (&Type::Chan(d1, e1), &Type::Chan(d2, e2)) = (self.ty(cu), self.ty(u)) {
                let (cs, ts) = (self.type_string(ct), self.type_string(t));
                if !self.identical(e1, e2) {
                    return Err(format!(
                        "channels {cs} and {ts} have different element types"
                    ));
                }
                if d1 == ChanDir::Both {
                    common = Some((t, u));
                } else if d1 != d2 && d2 != ChanDir::Both {
                    return Err(format!(
                        "channels {cs} and {ts} have conflicting directions"
                    ));
                }
            } else if !self.identical(cu, u) {
                let (cs, ts) = (self.type_string(ct), self.type_string(t));
                return Err(format!("{cs} and {ts} have different underlying types"));
            }
        }
        common.map(|c| c.1).ok_or_else(|| "no specific type".into())
    }
}

/// Gathers the methods of an interface, finding double ones.
#[derive(Default)]
struct MethodCollector {
    list: Vec<ObjId>,
    seen: FxHashMap<(Symbol, Option<crate::PkgId>), (ObjId, Pos)>,
}

impl MethodCollector {
    fn add(&mut self, p: &mut Program, pos: Pos, m: ObjId, explicit: bool) {
        let o = p.obj(m);
        let key = (o.name, if o.exported() { None } else { o.pkg });
        let Some(&(other, other_pos)) = self.seen.get(&key) else {
            self.seen.insert(key, (m, pos));
            self.list.push(m);
            return;
        };
        // Same methods from several embedded interfaces are fine if they agree, which is
        // looked at when all types are known.
        let old = pos.is_some() && !p.version.allows(14);
        if explicit || other != m || old {
            p.pending.push(Pending::DuplicateMethod {
                old,
                pos,
                m,
                other,
                other_pos,
                explicit,
            });
        }
    }
}
