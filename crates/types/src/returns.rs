//! Terminating statements: may control leave a function's end without a return? The rules
//! are the specification's ("Terminating statements").

use crate::checker::Checker;
use goxide_base::Symbol;
use goxide_syntax::ast::*;

impl<'a> Checker<'_, 'a> {
    /// Whether the last non-empty statement of a list is terminating.
    pub fn ends_block(&self, list: &[Stmt]) -> bool {
        let last = list
            .iter()
            .rev()
            .find(|s| !matches!(s.kind, StmtKind::Empty));
        last.is_some_and(|s| self.terminates(s, None))
    }

    fn terminates(&self, s: &Stmt, label: Option<Symbol>) -> bool {
        match &s.kind {
            StmtKind::Labeled(l) => self.terminates(&l.stmt, Some(l.label.name)),
            StmtKind::Expr(e) => {
                let e = e.unparen();
                matches!(e.kind, ExprKind::Call(_)) && self.env.panics.contains(&e.id)
            }
            StmtKind::Return(_) => true,
            StmtKind::Branch(b) => {
                matches!(b.kind, BranchKind::Goto | BranchKind::Fallthrough)
            }
            StmtKind::Block(b) => self.ends_block(&b.stmts),
            StmtKind::If(i) => {
                let els = i.els.as_ref();
                els.is_some_and(|e| self.ends_block(&i.then.stmts) && self.terminates(e, None))
            }
            StmtKind::Switch(s) => self.ends_clauses(&s.clauses, label),
            StmtKind::TypeSwitch(s) => self.ends_clauses(&s.clauses, label),
            StmtKind::Select(s) => s
                .clauses
                .iter()
                .all(|c| self.ends_block(&c.body) && !breaks_in(&c.body, label, true)),
            StmtKind::For(f) => f.cond.is_none() && !breaks_in(&f.body.stmts, label, true),
            _ => false,
        }
    }

    fn ends_clauses(&self, clauses: &[CaseClause], label: Option<Symbol>) -> bool {
        clauses.iter().any(|c| c.exprs.is_none())
            && clauses
                .iter()
                .all(|c| self.ends_block(&c.body) && !breaks_in(&c.body, label, true))
    }
}

fn breaks_in(list: &[Stmt], label: Option<Symbol>, implicit: bool) -> bool {
    list.iter().any(|s| breaks(s, label, implicit))
}

/// Whether a `break` in `s` leaves the statement labelled `label`; with `implicit` also one
/// without label, which belongs to the same statement.
fn breaks(s: &Stmt, label: Option<Symbol>, implicit: bool) -> bool {
    let inner = |list: &[Stmt]| label.is_some() && breaks_in(list, label, false);
    match &s.kind {
        StmtKind::Labeled(l) => breaks(&l.stmt, label, implicit),
        StmtKind::Branch(b) if b.kind == BranchKind::Break => match b.label {
            None => implicit,
            Some(l) => Some(l.name) == label,
        },
        StmtKind::Block(b) => breaks_in(&b.stmts, label, implicit),
        StmtKind::If(i) => {
            breaks_in(&i.then.stmts, label, implicit)
                || i.els.as_ref().is_some_and(|e| breaks(e, label, implicit))
        }
        StmtKind::Switch(s) => s.clauses.iter().any(|c| inner(&c.body)),
        StmtKind::TypeSwitch(s) => s.clauses.iter().any(|c| inner(&c.body)),
        StmtKind::Select(s) => s.clauses.iter().any(|c| inner(&c.body)),
        StmtKind::For(f) => inner(&f.body.stmts),
        StmtKind::Range(r) => inner(&r.body.stmts),
        _ => false,
    }
}
