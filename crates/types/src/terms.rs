//! Terms and lists of terms of type sets: union, intersection, inclusion.

use crate::program::Program;
use crate::types::*;

impl Program {
    /// Whether no type is in both terms.
    pub(crate) fn terms_disjoint(&mut self, x: Term, y: Term) -> bool {
        let ux = if y.tilde { self.under(x.ty) } else { x.ty };
        let uy = if x.tilde { self.under(y.ty) } else { y.ty };
        !self.identical(ux, uy)
    }

    /// Whether `ty` is in the term.
    pub(crate) fn term_includes(&mut self, x: Term, ty: TypeId) -> bool {
        let u = if x.tilde { self.under(ty) } else { ty };
        self.identical(x.ty, u)
    }

    fn term_subset(&mut self, x: Term, y: Term) -> bool {
        !self.terms_disjoint(x, y) && (!x.tilde || y.tilde)
    }

    /// Whether `ty` is in the list.
    pub(crate) fn terms_include(&mut self, list: &TermList, ty: TypeId) -> bool {
        match list {
            TermList::All => true,
            TermList::Terms(terms) => terms.iter().any(|&t| self.term_includes(t, ty)),
        }
    }

    /// Whether every type of `x` is in `y`.
    pub(crate) fn terms_subset(&mut self, x: &TermList, y: &TermList) -> bool {
        match (x, y) {
            (_, TermList::All) => true,
            (TermList::All, _) => false,
            (TermList::Terms(x), TermList::Terms(y)) => {
                x.iter().all(|&t| y.iter().any(|&u| self.term_subset(t, u)))
            }
        }
    }

    pub(crate) fn terms_equal(&mut self, x: &TermList, y: &TermList) -> bool {
        self.terms_subset(x, y) && self.terms_subset(y, x)
    }

    /// Drops terms that others cover.
    fn normalize(&mut self, terms: Vec<Term>) -> Vec<Term> {
        let mut result: Vec<Term> = Vec::new();
        for t in terms {
            match result.iter().position(|&r| !self.terms_disjoint(r, t)) {
                Some(i) => result[i].tilde |= t.tilde,
                None => result.push(t),
            }
        }
        result
    }

    pub(crate) fn terms_union(&mut self, x: TermList, y: TermList) -> TermList {
        match (x, y) {
            (TermList::Terms(mut x), TermList::Terms(y)) => {
                x.extend(y);
                TermList::Terms(self.normalize(x))
            }
            _ => TermList::All,
        }
    }

    pub(crate) fn terms_intersect(&mut self, x: &TermList, y: &TermList) -> TermList {
        let (x, y) = match (x, y) {
            (TermList::All, other) | (other, TermList::All) => return other.clone(),
            (TermList::Terms(x), TermList::Terms(y)) => (x, y),
        };
        let mut result = Vec::new();
        for &a in x {
            for &b in y {
                if !self.terms_disjoint(a, b) {
                    result.push(if !a.tilde || b.tilde { a } else { b });
                }
            }
        }
        TermList::Terms(self.normalize(result))
    }
}

impl TermList {
    /// Whether no type is admitted.
    pub fn is_empty(&self) -> bool {
        matches!(self, TermList::Terms(t) if t.is_empty())
    }

    /// Whether all types are admitted.
    pub fn is_all(&self) -> bool {
        matches!(self, TermList::All)
    }

    /// The terms, none if all types are admitted.
    pub fn as_slice(&self) -> &[Term] {
        match self {
            TermList::All => &[],
            TermList::Terms(t) => t,
        }
    }
}
