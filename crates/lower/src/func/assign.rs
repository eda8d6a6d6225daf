//! Assignments and variable declarations.

use super::order::may_be_early;
use super::{Element, FuncLower, Listed, Place, Val};
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_syntax::ast::{
    AssignOp, AssignStmt, BinaryOp, Expr, ExprKind, IncDecStmt, UnaryOp, VarSpec,
};
use goxide_syntax::visit::{self, Visitor};
use goxide_types::{Mode, Value as Const};

impl FuncLower<'_, '_> {
    /// `=`, `:=`, `op=`.
    pub fn assign_stmt(&mut self, s: &AssignStmt) {
        match s.op {
            AssignOp::Op(op) => self.assign_op(&s.lhs[0], op, &s.rhs[0]),
            _ if s.lhs.len() == 1 && s.rhs.len() == 1 => self.assign_one(&s.lhs[0], &s.rhs[0]),
            _ if s.lhs.len() == s.rhs.len() => self.assign_parallel(&s.lhs, &s.rhs),
            _ => self.assign_unpacked(&s.lhs, &s.rhs[0]),
        }
    }

    /// Whether a left side is `_`.
    fn is_blank(e: &Expr) -> bool {
        matches!(&e.unparen().kind, ExprKind::Ident(name) if name.is_blank())
    }

    /// The type of what is assigned to; `None` for `_`.
    fn target_type(&mut self, e: &Expr) -> Option<RType> {
        if Self::is_blank(e) {
            return None;
        }
        match e.as_ident().and_then(|_| self.info().object_of(e.id)) {
            Some(obj) => Some(self.obj_type(obj)),
            None => Some(self.type_of_single(e)),
        }
    }

    fn assign_one(&mut self, lhs: &Expr, rhs: &Expr) {
        if let Some(obj) = self.info().def_of(lhs.id) {
            let ty = self.obj_type(obj);
            self.first_round(std::iter::once(Listed::As(rhs, ty)));
            let val = self.expr_as(rhs, ty);
            if !lhs.as_ident().is_some_and(|i| i.is_blank()) {
                self.declare(obj, ty, Some(&val));
            }
            return;
        }
        let Some(ty) = self.target_type(lhs) else {
            if self.info().mode(rhs.id) != Some(Mode::NilValue) {
                self.first_round_of(rhs);
                self.discard(rhs);
            }
            return;
        };
        let sides = [Listed::Target(lhs), Listed::As(rhs, ty)];
        let value_first = sides.into_iter().all(|side| self.may_panic_late(side));
        match value_first {
            true => self.whole_first_round(sides.into_iter()),
            false => self.first_round(sides.into_iter()),
        }
        // The element that is assigned is looked at after a call on the right side; the
        // operands of the left side come first only if they call something themselves, and
        // even then an index is checked last.
        let (place, val) = match (has_call(lhs) && !value_first, has_call(rhs) || value_first) {
            (false, true) => {
                let val = self.expr_as(rhs, ty);
                (self.place(lhs), val)
            }
            (true, true) => {
                let element = self.slice_element(lhs).map(Place::Element);
                let place = element.unwrap_or_else(|| self.place(lhs));
                (place, self.expr_as(rhs, ty))
            }
            (_, false) => {
                let place = self.place(lhs);
                (place, self.expr_as(rhs, ty))
            }
        };
        self.at(lhs.pos);
        self.write(&place, ty, &val);
    }

    fn assign_parallel(&mut self, lhs: &[Expr], rhs: &[Expr]) {
        if lhs.iter().chain(rhs).any(may_be_early) {
            let mut list = Vec::new();
            list.extend(lhs.iter().map(Listed::Target));
            for (to, e) in lhs.iter().zip(rhs) {
                list.push(match self.target_type(to) {
                    Some(ty) => Listed::As(e, ty),
                    None => Listed::Value(e),
                });
            }
            self.first_round(list.into_iter());
        }
        let mut targets = Vec::new();
        for e in lhs {
            targets.push(self.target(e));
        }
        let mut values = Vec::new();
        for ((_, ty), e) in targets.iter().zip(rhs) {
            let ty = match ty {
                Some(ty) => *ty,
                None => self.type_of_single(e),
            };
            let val = self.expr_as(e, ty);
            values.push(self.stable(val, ty));
        }
        for (((place, ty), val), e) in targets.into_iter().zip(values).zip(lhs) {
            self.at(e.pos);
            self.finish_target(e, place, ty, val);
        }
    }

    /// Place and type of a left side; no place yet for a variable that is declared by it.
    fn target(&mut self, e: &Expr) -> (Option<Place>, Option<RType>) {
        if Self::is_blank(e) {
            return (Some(Place::Blank), None);
        }
        let ty = self.target_type(e);
        if self.info().def_of(e.id).is_some() {
            return (None, ty);
        }
        let element = self.slice_element(e).map(Place::Element);
        (Some(element.unwrap_or_else(|| self.place(e))), ty)
    }

    /// An element of a slice with its operands evaluated.
    fn slice_element(&mut self, e: &Expr) -> Option<Element> {
        let ExprKind::Index(i) = &e.unparen().kind else {
            return None;
        };
        let ty = self.type_of(&i.x);
        let RKind::Slice(elem) = self.l.under_kind(ty) else {
            return None;
        };
        let slice = self.expr(&i.x);
        let (index, kind) = self.index_value(&i.indices[0], PanicKind::Index, PanicKind::IndexU);
        Some(Element {
            base: self.comp(&slice, 0),
            len: self.comp(&slice, 1),
            index,
            kind,
            elem,
        })
    }

    fn finish_target(&mut self, e: &Expr, place: Option<Place>, ty: Option<RType>, val: Val) {
        match (place, ty) {
            (Some(place), Some(ty)) => self.write(&place, ty, &val),
            (None, Some(ty)) => {
                if let Some(obj) = self.info().def_of(e.id) {
                    self.declare(obj, ty, Some(&val));
                }
            }
            _ => {}
        }
    }

    /// `a, b = f()` and the `v, ok` forms.
    fn assign_unpacked(&mut self, lhs: &[Expr], rhs: &Expr) {
        self.whole_first_round(lhs.iter().map(Listed::Target));
        let values = self.several(rhs);
        let list = lhs.iter().zip(values);
        self.assign_at_once(list.map(|(e, (val, from))| (e, val, from)).collect());
    }

    /// Assigns values to existing variables at once: all operands on the left are evaluated
    /// before the first one changes.
    pub fn assign_at_once(&mut self, list: Vec<(&Expr, Val, RType)>) {
        self.first_round(list.iter().map(|item| Listed::Target(item.0)));
        let mut targets = Vec::new();
        for (e, val, from) in list {
            let (place, ty) = self.target(e);
            let to = ty.unwrap_or(from);
            let val = self.assign_convert(val, from, to);
            targets.push((e, place, ty, self.stable(val, to)));
        }
        for (e, place, ty, val) in targets {
            self.at(e.pos);
            self.finish_target(e, place, ty, val);
        }
    }

    /// The several values of one expression.
    pub fn several(&mut self, e: &Expr) -> Vec<(Val, RType)> {
        if let ExprKind::Call(c) = &e.unparen().kind {
            return self.call_multi(e.unparen(), c);
        }
        let (val, ty, ok) = self.comma_ok(e);
        vec![(val, ty), (Val::one(ok), RType::BOOL)]
    }

    fn assign_op(&mut self, lhs: &Expr, op: BinaryOp, rhs: &Expr) {
        let ty = self.type_of_single(lhs);
        let value = match op.is_shift() {
            true => Listed::Value(rhs),
            false => Listed::As(rhs, ty),
        };
        self.first_round([Listed::Target(lhs), value].into_iter());
        let place = self.place(lhs);
        if op.is_shift() {
            let count = self.shift_count(rhs);
            self.at(lhs.pos);
            let place = self.found_once(place, op);
            let old = self.read(&place, ty);
            let new = self.shift(op, old, ty, count);
            return self.write(&place, ty, &new);
        }
        let val = self.expr_as(rhs, ty);
        self.at(lhs.pos);
        let place = self.found_once(place, op);
        let old = self.read(&place, ty);
        let new = self.arith(op, ty, old, val);
        self.write(&place, ty, &new);
    }

    /// The place of an assignment operation, where an element of a map is looked up once, for
    /// reading and writing. A division looks twice: if it panics the map must not have a new
    /// element.
    fn found_once(&mut self, place: Place, op: BinaryOp) -> Place {
        match place {
            Place::MapElem(map_ty, map, key) if !matches!(op, BinaryOp::Quo | BinaryOp::Rem) => {
                Place::Mem(self.map_slot(map_ty, map, &key))
            }
            place => place,
        }
    }

    /// `x++`, `x--`
    pub fn inc_dec(&mut self, s: &IncDecStmt) {
        let ty = self.type_of_single(&s.x);
        self.first_round(std::iter::once(Listed::Target(&s.x)));
        let place = self.place(&s.x);
        self.at(s.op_pos);
        let op = if s.inc { BinaryOp::Add } else { BinaryOp::Sub };
        let place = self.found_once(place, op);
        let old = self.read(&place, ty);
        let one = self.constant(&Const::from(1i64), ty);
        let new = self.arith(op, ty, old, one);
        self.write(&place, ty, &new);
    }

    /// `var a, b T = x, y` inside a function.
    pub fn var_spec(&mut self, spec: &VarSpec) {
        let objs: Vec<_> = spec
            .names
            .iter()
            .map(|n| self.info().def_of(n.id))
            .collect();
        if spec.values.is_empty() {
            for obj in objs.into_iter().flatten() {
                let ty = self.obj_type(obj);
                self.declare(obj, ty, None);
            }
            return;
        }
        let mut values = Vec::new();
        if spec.values.len() == objs.len() {
            if spec.values.iter().any(may_be_early) {
                let mut list = Vec::new();
                for (e, obj) in spec.values.iter().zip(&objs) {
                    list.push(match obj {
                        Some(obj) => Listed::As(e, self.obj_type(*obj)),
                        None => Listed::Value(e),
                    });
                }
                self.first_round(list.into_iter());
            }
            for (e, obj) in spec.values.iter().zip(&objs) {
                let ty = match obj {
                    Some(obj) => self.obj_type(*obj),
                    None => self.type_of_single(e),
                };
                let val = self.expr_as(e, ty);
                let val = if objs.len() > 1 {
                    self.stable(val, ty)
                } else {
                    val
                };
                values.push((val, ty));
            }
        } else {
            values = self.several(&spec.values[0]);
        }
        for ((val, from), obj) in values.into_iter().zip(objs) {
            let Some(obj) = obj else { continue };
            let ty = self.obj_type(obj);
            let val = self.assign_convert(val, from, ty);
            if !self.l.prog.obj(obj).name.is_blank() {
                self.declare(obj, ty, Some(&val));
            }
        }
    }

    /// Whether values of the type are maps.
    pub fn is_map(&mut self, ty: RType) -> bool {
        matches!(self.l.under_kind(ty), RKind::Map(..))
    }
}

/// Whether an expression may call a function or receive from a channel.
pub fn has_call(e: &Expr) -> bool {
    struct Finder(bool);
    impl Visitor for Finder {
        fn visit_expr(&mut self, e: &Expr) {
            match &e.kind {
                ExprKind::Call(_) => self.0 = true,
                ExprKind::Unary(u) if u.op == UnaryOp::Recv => self.0 = true,
                ExprKind::FuncLit(_) => {}
                _ => visit::walk_expr(self, e),
            }
        }
    }
    let mut finder = Finder(false);
    finder.visit_expr(e);
    finder.0
}
