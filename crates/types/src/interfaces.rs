//! Interface types, unions, constraints.

use crate::checker::Checker;
use crate::info::Mode;
use crate::object::{Func, ObjId, VarKind};
use crate::types::*;
use crate::typeset::MAX_TERMS;
use goxide_base::{Pos, Symbol};
use goxide_syntax::ast::{self, BinaryOp, Expr, ExprKind, UnaryOp};
use std::sync::Arc;

impl<'a> Checker<'_, 'a> {
    /// Checks `interface { … }`, the right-hand side of `def`'s declaration if given.
    pub fn interface_type(&mut self, i: &'a ast::InterfaceType, def: Option<ObjId>) -> TypeId {
        let id = self.p.add_type(Type::Interface(Box::default()));
        let recv = match def.map(|d| self.p.obj_type(d)) {
            Some(named) if matches!(self.p.ty(named), Type::Named(_)) => named,
            _ => id,
        };
        let mut methods = Vec::new();
        let mut embeds = Vec::new();
        let mut embed_pos = Vec::new();
        for f in &i.elems.fields {
            match f.names.first() {
                None => {
                    embeds.push(self.union_type(&f.ty));
                    embed_pos.push(f.ty.start());
                }
                Some(name) => methods.extend(self.interface_method(*name, &f.ty, recv)),
            }
        }
        methods.sort_by(|&a, &b| self.p.method_order(a, b));
        self.finish_interface(id, methods, embeds, embed_pos, false);
        id
    }

    fn finish_interface(
        &mut self,
        id: TypeId,
        methods: Vec<ObjId>,
        embeds: Vec<TypeId>,
        embed_pos: Vec<Pos>,
        implicit: bool,
    ) {
        let trivial = methods.is_empty() && embeds.is_empty();
        self.p.types[id] = Type::Interface(Box::new(Interface {
            methods: methods.into(),
            embeds: embeds.clone().into(),
            embed_pos: embed_pos.clone().into(),
            implicit,
            complete: true,
            tset: None,
        }));
        if trivial {
            return;
        }
        self.later(move |c| {
            for (&e, &pos) in embeds.iter().zip(&embed_pos) {
                if c.embed_version(e, pos) {
                    continue;
                }
                // As if it were not there: no errors follow from it.
                if let Type::Interface(i) = &mut c.p.types[id] {
                    let kept = i.embeds.iter().zip(i.embed_pos.iter());
                    let kept = kept.filter(|(_, p)| **p != pos);
                    let (embeds, places): (Vec<TypeId>, Vec<Pos>) = kept.unzip();
                    (i.embeds, i.embed_pos) = (embeds.into(), places.into());
                    i.tset = None;
                }
            }
            c.p.type_set(id);
        });
    }

    /// Reports embedded elements that the language version does not allow; whether all is
    /// well.
    fn embed_version(&mut self, e: TypeId, pos: Pos) -> bool {
        if self.env.version.allows(18) {
            return true;
        }
        let u = self.p.under(e);
        let shown = self.ts(e);
        let what = match self.p.ty(u).clone() {
            Type::Interface(_) if self.p.is_method_set(u) => return true,
            // Reported where it is declared.
            Type::Interface(_) if !self.is_imported(e) => return true,
            Type::Interface(_) => format!("embedding constraint interface {shown}"),
            Type::Union(_) => format!("embedding interface element {shown}"),
            Type::Basic(Basic::Invalid) => return true,
            _ => format!("embedding non-interface type {shown}"),
        };
        self.need_version(pos, 18, &what)
    }

    /// Whether a type is declared in another package.
    fn is_imported(&self, ty: TypeId) -> bool {
        let pkg = self.p.as_named(ty).and_then(|n| self.p.obj(n.obj).pkg);
        pkg.is_some_and(|p| p != self.pkg)
    }

    fn interface_method(&mut self, name: ast::Ident, ty: &'a Expr, recv: TypeId) -> Option<ObjId> {
        if name.is_blank() {
            let msg = "methods must have a unique non-blank name";
            self.err(name.pos, "BlankIfaceMethod", msg);
            return None;
        }
        let sig_type = self.typ(ty);
        let Type::Signature(sig) = self.p.ty(sig_type).clone() else {
            return None;
        };
        let pkg = Some(self.pkg);
        let recv = self
            .p
            .new_var(VarKind::Recv, Symbol::EMPTY, name.pos, pkg, Some(recv));
        let sig = Signature {
            recv: Some(recv),
            ..(*sig).clone()
        };
        self.p.types[sig_type] = Type::Signature(Arc::new(sig));
        let func = Func {
            is_method: true,
            is_interface_method: true,
            ..Func::default()
        };
        let method = self
            .p
            .new_func(name.name, name.pos, pkg, Some(sig_type), func);
        self.info().set_def(name.id, method);
        Some(method)
    }

    /// Checks an embedded element: a type, `~T`, or a union.
    pub fn union_type(&mut self, e: &'a Expr) -> TypeId {
        let mut leaves = Vec::new();
        flatten(e, &mut leaves);
        let mut terms: Vec<Term> = Vec::new();
        for &(x, bar) in &leaves {
            let term = self.union_term(x);
            if leaves.len() == 1 && !term.tilde {
                return term.ty;
            }
            if terms.len() >= MAX_TERMS {
                let msg = format!(
                    "cannot handle more than {MAX_TERMS} union terms (implementation limitation)"
                );
                self.err(x.start(), "InvalidUnion", msg);
                return TypeId::INVALID;
            }
            terms.push(term);
            if let Some(bar) = bar {
                let union = self.p.add_type(Type::Union(terms.as_slice().into()));
                self.record_type(bar, Mode::TypeExpr, union, None);
            }
        }
        let union = self.p.add_type(Type::Union(terms.as_slice().into()));
        let positions: Vec<Pos> = leaves.iter().map(|(x, _)| x.start()).collect();
        self.later(move |c| {
            for (i, &term) in terms.iter().enumerate() {
                c.check_term(term, &terms[..i], positions[i]);
            }
        });
        union
    }

    fn union_term(&mut self, e: &'a Expr) -> Term {
        let (tilde, x) = match &e.kind {
            ExprKind::Unary(u) if u.op == UnaryOp::Tilde => (true, &u.x),
            _ => (false, e),
        };
        let mut ty = self.typ(x);
        if self.p.is_type_param(ty) {
            if tilde {
                let shown = goxide_syntax::expr_string(e);
                let msg = format!("type in term {shown} cannot be a type parameter");
                self.err(x.start(), "MisplacedTypeParam", msg);
            } else {
                self.err(
                    x.start(),
                    "MisplacedTypeParam",
                    "term cannot be a type parameter",
                );
            }
            ty = TypeId::INVALID;
        }
        let term = Term { tilde, ty };
        if tilde {
            let union = self.p.add_type(Type::Union([term].into()));
            self.record_type(e, Mode::TypeExpr, union, None);
        }
        term
    }

    /// Reports a term that makes no sense, or overlaps an earlier one.
    fn check_term(&mut self, t: Term, before: &[Term], pos: Pos) {
        if !self.p.is_valid(t.ty) {
            return;
        }
        let u = self.p.under(t.ty);
        let is_interface = self.p.is_interface(u);
        let shown = self.ts(t.ty);
        let code = "InvalidUnion";
        if t.tilde && is_interface {
            self.err(
                pos,
                code,
                format!("invalid use of ~ ({shown} is an interface)"),
            );
            return;
        }
        if t.tilde && !self.p.identical(u, t.ty) {
            let msg = format!(
                "invalid use of ~ (underlying type of {shown} is {})",
                self.ts(u)
            );
            self.err(pos, code, msg);
            return;
        }
        if is_interface {
            let tset = self.p.type_set(u);
            if !tset.methods.is_empty() {
                let shown = self.p.term_string(t);
                let msg = format!("cannot use {shown} in union ({shown} contains methods)");
                self.err(pos, code, msg);
            } else if t.ty == TypeId::COMPARABLE {
                self.err(pos, code, "cannot use comparable in union");
            } else if tset.comparable {
                let shown = self.p.term_string(t);
                let msg = format!("cannot use {shown} in union ({shown} embeds comparable)");
                self.err(pos, code, msg);
            }
            return;
        }
        for &other in before {
            if !self.p.is_interface(other.ty) && !self.p.terms_disjoint(other, t) {
                let (a, b) = (self.p.term_string(t), self.p.term_string(other));
                self.soft_err(pos, code, format!("overlapping terms {a} and {b}"));
                return;
            }
        }
    }

    /// Checks a constraint: a type, or a bare union, which stands for an interface.
    pub fn bound(&mut self, e: &'a Expr) -> TypeId {
        let bare = match &e.kind {
            ExprKind::Unary(u) => u.op == UnaryOp::Tilde,
            ExprKind::Binary(b) => b.op == BinaryOp::Or,
            _ => false,
        };
        if !bare {
            return self.typ(e);
        }
        let id = self.p.add_type(Type::Interface(Box::default()));
        let union = self.union_type(e);
        self.finish_interface(id, Vec::new(), vec![union], vec![e.start()], true);
        id
    }
}

/// The leaves of `A | B | C` in order, each with the bar expression that ends at it.
fn flatten<'a>(e: &'a Expr, leaves: &mut Vec<(&'a Expr, Option<&'a Expr>)>) {
    let mut bars = Vec::new();
    let mut x = e;
    while let ExprKind::Binary(b) = &x.kind
        && b.op == BinaryOp::Or
    {
        bars.push((x, &b.y));
        x = &b.x;
    }
    leaves.push((x, None));
    leaves.extend(bars.into_iter().rev().map(|(bar, y)| (y, Some(bar))));
}
