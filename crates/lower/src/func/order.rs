//! The order of evaluation inside a statement, where the language leaves it open.
//!
//! Go orders calls, receive operations and `&&`/`||` from left to right, and leaves open when
//! `x` is read in `f(x, g())`. What Go's own compiler does decides here: a list of operands
//! (arguments with their callee, the sides of an assignment, results, the parts of a literal
//! or of an expression) is evaluated in two rounds.
//!
//! 1. From left to right, what is *early* gets its value: calls, receive operations, `&&` and
//!    `||`, slicing, `append`, `len` and their like, conversions of strings to slices, type
//!    assertions to types that are no pointers, map literals, and the value for an interface
//!    or a comparison that must be in memory there but is no variable. An early operand has
//!    operands of its own, which are a list again.
//! 2. Everything else is *late*: variables, fields, elements, what pointers lead to,
//!    arithmetic, the other conversions, literals. It is read and computed when all that is
//!    early has happened, and may panic only then.
//!
//! The first round is its own step only where that could be told from going from left to
//! right: if something early behind a late operand could change what that reads (variables
//! that nobody else can reach are no such thing), or if both may panic.
//! [`FuncLower::first_round`] finds out, and leaves the values in [`FuncLower::early`], where
//! [`FuncLower::expr`] and [`FuncLower::operand`] take them from.
//!
//! Whoever evaluates a list (every statement, every early operand) calls `first_round` before.

use super::map::KeyCopy;
use super::{FuncLower, Val};
use crate::mono::{RKind, RType};
use goxide_syntax::ast::{BinaryOp, CallExpr, CompositeLit, Expr, ExprKind, SelectorExpr, UnaryOp};
use goxide_syntax::visit::{self, Visitor};
use goxide_types::{Basic, Builtin, Mode, Selection, SelectionKind};
use smallvec::SmallVec;

/// What evaluating something has to do with the world.
#[derive(Clone, Copy, Default)]
struct Traits {
    /// Late: reads memory that calls can change. Early: can change memory, or can be seen.
    memory: bool,
    /// It may panic.
    panics: bool,
}

impl Traits {
    const ALL: Traits = Traits {
        memory: true,
        panics: true,
    };
    const PANICS: Traits = Traits {
        memory: false,
        panics: true,
    };

    fn add(&mut self, other: Traits) {
        self.memory |= other.memory;
        self.panics |= other.panics;
    }

    /// Whether it matters that this, which is early, comes before something late.
    fn matters_before(self, late: Traits) -> bool {
        self.memory && (late.memory || late.panics) || self.panics && late.panics
    }
}

/// Something early in a list.
struct Early<'e> {
    e: &'e Expr,
    /// Its value may be somewhere where it can change.
    copy: bool,
}

/// What a list of operands holds.
#[derive(Default)]
struct Survey<'e> {
    /// What is early, in order.
    early: SmallVec<[Early<'e>; 4]>,
    /// How many of these have to be evaluated in a round of their own.
    ahead: usize,
    /// What all that is early does.
    does: Traits,
    /// What has been late so far.
    late: Traits,
}

impl<'e> Survey<'e> {
    fn early(&mut self, e: &'e Expr, does: Traits) {
        self.early.push(Early { e, copy: false });
        self.does.add(does);
        if does.matters_before(self.late) {
            self.ahead = self.early.len();
        }
    }

    /// A value that is copied after its own early parts, so that it is late no more.
    fn copied(&mut self, e: &'e Expr, late_before: Traits) {
        let copy = !matches!(e.kind, ExprKind::CompositeLit(_));
        self.early.push(Early { e, copy });
        self.does.panics |= self.late.panics;
        if self.late.panics && late_before.panics {
            self.ahead = self.early.len();
        }
        self.late = late_before;
    }
}

/// An operand in a list.
#[derive(Clone, Copy)]
pub enum Listed<'e> {
    /// Its value is wanted.
    Value(&'e Expr),
    /// Its value is wanted, as one of a type.
    As(&'e Expr, RType),
    /// It is the key of a map of a type.
    Key(&'e Expr, RType),
    /// It is a bound of a slice expression.
    Bound(&'e Expr),
    /// It is assigned to.
    Target(&'e Expr),
    /// It is called.
    Callee(&'e Expr),
}

impl<'e> Listed<'e> {
    fn expr(self) -> &'e Expr {
        match self {
            Listed::Value(e)
            | Listed::As(e, _)
            | Listed::Key(e, _)
            | Listed::Bound(e)
            | Listed::Target(e)
            | Listed::Callee(e) => e,
        }
    }
}

impl FuncLower<'_, '_> {
    /// The first round of evaluating a list of operands, as far as it cannot be done along
    /// with the second.
    pub fn first_round<'e>(&mut self, list: impl Iterator<Item = Listed<'e>> + Clone) {
        if !list.clone().any(|operand| may_be_early(operand.expr())) {
            return;
        }
        let s = self.survey_list(list);
        self.evaluate_early(&s);
    }

    /// The first round in whole, for a list that something else comes before the second of.
    pub fn whole_first_round<'e>(&mut self, list: impl Iterator<Item = Listed<'e>> + Clone) {
        if !list.clone().any(|operand| may_be_early(operand.expr())) {
            return;
        }
        let mut s = self.survey_list(list);
        s.ahead = s.early.len();
        self.evaluate_early(&s);
    }

    /// The value of an operand that has been evaluated in the first round.
    pub fn take_early(&mut self, e: &Expr) -> Option<Val> {
        if self.early.is_empty() {
            return None;
        }
        self.early.remove(&e.id)
    }

    fn survey_list<'e>(&mut self, list: impl Iterator<Item = Listed<'e>>) -> Survey<'e> {
        let mut s = Survey::default();
        for operand in list {
            self.survey_listed(operand, &mut s);
        }
        s
    }

    fn evaluate_early(&mut self, s: &Survey<'_>) {
        for early in s.early.iter().take(s.ahead) {
            let mut val = self.expr(early.e);
            if early.copy {
                let ty = self.type_of_single(early.e);
                val = self.stable(val, ty);
            }
            self.early.insert(early.e.id, val);
        }
    }

    /// The same for one operand whose value is wanted.
    pub fn first_round_of(&mut self, e: &Expr) {
        self.first_round(std::iter::once(Listed::Value(e)));
    }

    /// The same for several.
    pub fn first_round_of_all<'e>(
        &mut self,
        list: impl IntoIterator<Item = &'e Expr, IntoIter: Clone>,
    ) {
        self.first_round(list.into_iter().map(Listed::Value));
    }

    /// Whether evaluating an operand may panic in the second round.
    pub fn may_panic_late(&mut self, operand: Listed<'_>) -> bool {
        self.survey_list(std::iter::once(operand)).late.panics
    }

    // ---- what a list holds ----

    fn survey_listed<'e>(&mut self, operand: Listed<'e>, s: &mut Survey<'e>) {
        match operand {
            Listed::Value(e) => self.survey(e, s),
            Listed::As(e, ty) => self.survey_as(e, ty, s),
            Listed::Key(e, map) => {
                if let RKind::Map(key, _) = self.l.under_kind(map) {
                    self.survey_key(e, map, key, s);
                }
            }
            Listed::Bound(e) => match e.unparen().kind {
                ExprKind::Ident(_) => self.survey(e, s),
                _ => self.survey_copied(e, s),
            },
            Listed::Target(e) => self.survey_place(e, s),
            Listed::Callee(e) => self.survey_callee(e, s),
        }
    }

    /// An operand that becomes a value of a type, which may be an interface.
    fn survey_as<'e>(&mut self, e: &'e Expr, to: RType, s: &mut Survey<'e>) {
        if self.is_fixed(e) || !self.l.is_interface(to) {
            return self.survey(e, s);
        }
        let from = self.type_of_single(e);
        if self.l.is_interface(from) || !self.is_boxed_by_address(from) {
            return self.survey(e, s);
        }
        self.survey_in_memory(e, s);
    }

    /// An operand whose address is taken to read it: if it is no variable, it is copied.
    fn survey_in_memory<'e>(&mut self, e: &'e Expr, s: &mut Survey<'e>) {
        match self.is_addressable(e) {
            true => self.survey(e, s),
            false => self.survey_copied(e, s),
        }
    }

    /// An operand that is copied when its own early parts have been evaluated.
    fn survey_copied<'e>(&mut self, e: &'e Expr, s: &mut Survey<'e>) {
        if self.is_fixed(e) {
            return;
        }
        let e = e.unparen();
        let before = s.late;
        self.survey(e, s);
        if s.early.last().is_none_or(|last| last.e.id != e.id) {
            s.copied(e, before);
        }
    }

    /// Whether there is nothing to evaluate: a constant, `nil`, a type, what has been
    /// evaluated.
    fn is_fixed(&self, e: &Expr) -> bool {
        let info = self.info();
        info.value(e.id).is_some()
            || !self.early.is_empty() && self.early.contains_key(&e.unparen().id)
            || matches!(
                info.mode(e.id),
                Some(Mode::NilValue | Mode::TypeExpr | Mode::Builtin)
            )
    }

    fn survey<'e>(&mut self, e: &'e Expr, s: &mut Survey<'e>) {
        if self.is_fixed(e) {
            return;
        }
        match &e.kind {
            ExprKind::Paren(p) => self.survey(&p.x, s),
            ExprKind::Ident(_) => self.survey_variable(e, s),
            ExprKind::Selector(sel) => self.survey_selector(e, sel, s),
            ExprKind::Index(i) => {
                let bytes = self.is_converted_bytes(&i.indices[0]);
                match bytes && self.is_map_operand(&i.x) {
                    true => {
                        let does = self.traits_of([&i.x, &i.indices[0]]);
                        s.early(e, does);
                        s.early.last_mut().into_iter().for_each(|x| x.copy = true);
                    }
                    false => self.survey_index(e, s),
                }
            }
            ExprKind::Star(x) => {
                self.survey(x, s);
                s.late.add(Traits::ALL);
            }
            ExprKind::Call(c) => self.survey_call(e, c, s),
            ExprKind::Unary(u) => match u.op {
                UnaryOp::Recv => s.early(e, Traits::ALL),
                UnaryOp::Addr => match &u.x.unparen().kind {
                    ExprKind::CompositeLit(_) => self.survey(&u.x, s),
                    _ => self.survey_place(&u.x, s),
                },
                _ => self.survey(&u.x, s),
            },
            ExprKind::Binary(b) => self.survey_binary(e, b.op, [&b.x, &b.y], s),
            ExprKind::CompositeLit(c) => self.survey_literal(e, c, s),
            ExprKind::Slice(x) => {
                let parts = [Some(&x.x), x.lo.as_ref(), x.hi.as_ref(), x.max.as_ref()];
                let mut does = self.traits_of(parts.into_iter().flatten());
                does.panics = true;
                s.early(e, does);
            }
            ExprKind::TypeAssert(t) => {
                let ty = self.type_of_single(e);
                if self.l.is_direct(ty) {
                    self.survey(&t.x, s);
                    return s.late.add(Traits::PANICS);
                }
                let mut does = self.traits_of([&t.x]);
                does.panics = true;
                s.early(e, does);
            }
            _ => {}
        }
    }

    /// What an early operand with these parts does.
    fn traits_of<'e>(&mut self, parts: impl IntoIterator<Item = &'e Expr>) -> Traits {
        let mut inner = Survey::default();
        for part in parts {
            self.survey(part, &mut inner);
        }
        Traits {
            memory: inner.does.memory,
            panics: inner.does.panics || inner.late.panics,
        }
    }

    /// A name: variables that others reach are read late.
    fn survey_variable(&mut self, e: &Expr, s: &mut Survey<'_>) {
        if let Some(obj) = self.named_object(e)
            && self.l.prog.obj(obj).var().is_some()
            && self.shared.facts.var(obj).shared()
        {
            s.late.memory = true;
        }
    }

    fn survey_selector<'e>(&mut self, e: &'e Expr, x: &'e SelectorExpr, s: &mut Survey<'e>) {
        let Some(sel) = self.info().selections.get(&e.id).cloned() else {
            return self.survey_variable(e, s);
        };
        match sel.kind {
            SelectionKind::Field => {
                self.survey(&x.x, s);
                if self.goes_through_pointer(&x.x, &sel) {
                    s.late.add(Traits::ALL);
                }
            }
            SelectionKind::MethodValue => self.survey_receiver(x, &sel, s),
            SelectionKind::MethodExpr => {}
        }
    }

    fn goes_through_pointer(&mut self, x: &Expr, sel: &Selection) -> bool {
        let ty = self.type_of_single(x);
        sel.indirect || matches!(self.l.under_kind(ty), RKind::Pointer(_))
    }

    /// The operand of a method, which is read for methods of values and of interfaces.
    fn survey_receiver<'e>(&mut self, x: &'e SelectorExpr, sel: &Selection, s: &mut Survey<'e>) {
        let takes_pointer = self.l.prog.obj(sel.obj).func().is_some_and(|f| f.ptr_recv);
        let through = self.goes_through_pointer(&x.x, sel);
        if takes_pointer && !through {
            return self.survey_place(&x.x, s);
        }
        self.survey(&x.x, s);
        if sel.path.len() > 1 || through && !takes_pointer {
            s.late.add(Traits::ALL);
        }
    }

    fn survey_callee<'e>(&mut self, fun: &'e Expr, s: &mut Survey<'e>) {
        let fun = fun.unparen();
        let method = match &fun.kind {
            ExprKind::Index(i) => i.x.unparen(),
            _ => fun,
        };
        if let ExprKind::Selector(x) = &method.kind
            && let Some(sel) = self.info().selections.get(&method.id).cloned()
            && sel.kind == SelectionKind::MethodValue
        {
            return self.survey_receiver(x, &sel, s);
        }
        if self.named_function(fun).is_none() {
            self.survey(fun, s);
        }
    }

    fn is_map_operand(&mut self, x: &Expr) -> bool {
        self.info().mode(x.id) != Some(Mode::TypeExpr) && {
            let ty = self.type_of_single(x);
            self.is_map(ty)
        }
    }

    fn survey_index<'e>(&mut self, e: &'e Expr, s: &mut Survey<'e>) {
        let ExprKind::Index(i) = &e.kind else { return };
        let node = super::expr::instance_node(&i.x);
        if self.info().instances.contains_key(&node) {
            return;
        }
        let index = &i.indices[0];
        let ty = self.type_of_single(&i.x);
        self.survey(&i.x, s);
        match self.l.under_kind(ty) {
            RKind::Map(key, _) => {
                self.survey_key(index, ty, key, s);
                s.late.add(Traits::ALL);
            }
            RKind::Basic(_) => {
                self.survey(index, s);
                s.late.panics = true;
            }
            RKind::Array(..) => {
                self.survey(index, s);
                s.late.panics |= self.info().value(index.id).is_none();
            }
            _ => {
                self.survey(index, s);
                s.late.add(Traits::ALL);
            }
        }
    }

    /// The key of a map: one that the map wants in memory is copied if it is no variable.
    fn survey_key<'e>(&mut self, e: &'e Expr, map: RType, key: RType, s: &mut Survey<'e>) {
        let from = self.type_of_single(e);
        let boxed = self.l.is_interface(key) && !self.l.is_interface(from);
        let copy = match self.key_copy(map) {
            // The interface made of it is no variable.
            KeyCopy::UnlessVariable if boxed => KeyCopy::Always,
            copy => copy,
        };
        match copy {
            KeyCopy::Never => self.survey(e, s),
            KeyCopy::UnlessVariable => self.survey_in_memory(e, s),
            KeyCopy::Always => self.survey_copied(e, s),
        }
    }

    /// A left side, or what `&` is applied to: the variable itself is not read.
    fn survey_place<'e>(&mut self, e: &'e Expr, s: &mut Survey<'e>) {
        match &e.kind {
            ExprKind::Paren(p) => self.survey_place(&p.x, s),
            ExprKind::Ident(_) => {}
            ExprKind::Selector(x) => match self.info().selections.get(&e.id).cloned() {
                Some(sel) if !self.goes_through_pointer(&x.x, &sel) => self.survey_place(&x.x, s),
                Some(_) => self.survey(e, s),
                None => {}
            },
            ExprKind::Index(i) => {
                let ty = self.type_of_single(&i.x);
                match self.l.under_kind(ty) {
                    RKind::Array(..) => {
                        self.survey_place(&i.x, s);
                        self.survey(&i.indices[0], s);
                        s.late.panics |= self.info().value(i.indices[0].id).is_none();
                    }
                    _ => self.survey_index(e, s),
                }
            }
            _ => self.survey(e, s),
        }
    }

    fn survey_binary<'e>(
        &mut self,
        e: &'e Expr,
        op: BinaryOp,
        [x, y]: [&'e Expr; 2],
        s: &mut Survey<'e>,
    ) {
        match op {
            BinaryOp::LAnd | BinaryOp::LOr => {
                let does = self.traits_of([x, y]);
                return s.early(e, does);
            }
            _ if op.is_comparison() => return self.survey_comparison([x, y], s),
            _ => {}
        }
        self.survey(x, s);
        self.survey(y, s);
        if self.info().value(y.id).is_some() {
            return;
        }
        let ty = self.type_of_single(y);
        let basic = self.basic(ty);
        s.late.panics |= match op {
            BinaryOp::Quo | BinaryOp::Rem => basic.is_some_and(|b| b.is_integer()),
            BinaryOp::Shl | BinaryOp::Shr => basic.is_some_and(|b| !b.is_unsigned()),
            _ => false,
        };
    }

    fn survey_comparison<'e>(&mut self, sides: [&'e Expr; 2], s: &mut Survey<'e>) {
        if sides.into_iter().any(|e| self.is_nil(e)) {
            return sides.into_iter().for_each(|e| self.survey(e, s));
        }
        let types = sides.map(|e| self.type_of_single(e));
        let interface = types.into_iter().find(|&ty| self.l.is_interface(ty));
        for (e, ty) in sides.into_iter().zip(types) {
            match (interface, self.l.under_kind(ty)) {
                (Some(interface), _) => self.survey_as(e, interface, s),
                (None, RKind::Struct(_) | RKind::Array(..)) => self.survey_in_memory(e, s),
                _ => self.survey(e, s),
            }
        }
        s.late.panics |= self.compare_may_panic(types[0]) || self.compare_may_panic(types[1]);
    }

    fn survey_literal<'e>(&mut self, e: &'e Expr, c: &'e CompositeLit, s: &mut Survey<'e>) {
        let ty = self.type_of(e);
        let ty = match self.l.under_kind(ty) {
            RKind::Pointer(to) => to,
            _ => ty,
        };
        let value = |elem: &'e Expr| match &elem.kind {
            ExprKind::KeyValue(kv) => &kv.value,
            _ => elem,
        };
        match self.l.under_kind(ty) {
            RKind::Map(..) => {
                let entries = c.elems.iter().filter_map(|elem| match &elem.kind {
                    ExprKind::KeyValue(kv) => Some([&kv.key, &kv.value]),
                    _ => None,
                });
                let mut does = self.traits_of(entries.clone().flatten());
                does.panics |= entries.flatten().any(|e| !self.is_fixed(e));
                s.early(e, does);
            }
            RKind::Struct(_) => {
                for (i, elem) in c.elems.iter().enumerate() {
                    let to = self.type_of_field(i, elem, ty);
                    self.survey_as(value(elem), to, s);
                }
            }
            RKind::Slice(to) | RKind::Array(_, to) => {
                for elem in &c.elems {
                    self.survey_as(value(elem), to, s);
                }
            }
            _ => {}
        }
    }

    // ---- calls, conversions, built-ins ----

    fn survey_call<'e>(&mut self, e: &'e Expr, c: &'e CallExpr, s: &mut Survey<'e>) {
        let fun = c.fun.unparen();
        if self.info().mode(fun.id) == Some(Mode::TypeExpr) {
            return self.survey_conversion(e, c, s);
        }
        let Some(builtin) = self.builtin_of(fun) else {
            return s.early(e, Traits::ALL);
        };
        match builtin {
            Builtin::Sizeof | Builtin::Alignof | Builtin::Offsetof => {}
            Builtin::Add
            | Builtin::Slice
            | Builtin::String
            | Builtin::SliceData
            | Builtin::StringData => {
                c.args.iter().for_each(|arg| self.survey(arg, s));
                s.late.panics = true;
            }
            Builtin::Len
            | Builtin::Cap
            | Builtin::Real
            | Builtin::Imag
            | Builtin::Complex
            | Builtin::Min
            | Builtin::Max
            | Builtin::New => {
                let does = self.traits_of(&c.args);
                s.early(e, does);
            }
            Builtin::Make => {
                let mut does = self.traits_of(&c.args);
                does.panics |= c.args.iter().any(|arg| !self.is_fixed(arg));
                s.early(e, does);
            }
            _ => s.early(e, Traits::ALL),
        }
    }

    /// Whether a conversion is early: a string to a slice.
    pub fn is_early_conversion(&mut self, x: &Expr, to: RType) -> bool {
        if self.is_fixed(x) || !matches!(self.l.under_kind(to), RKind::Slice(_)) {
            return false;
        }
        let from = self.type_of_single(x);
        self.is_string(from)
    }

    fn survey_conversion<'e>(&mut self, e: &'e Expr, c: &'e CallExpr, s: &mut Survey<'e>) {
        let Some(x) = c.args.first() else { return };
        if self.is_fixed(x) {
            return;
        }
        let to = self.type_of(e);
        if self.is_early_conversion(x, to) {
            let does = self.traits_of([x]);
            return s.early(e, does);
        }
        self.survey_as(x, to, s);
        let from = self.type_of_single(x);
        if let RKind::Slice(_) = self.l.under_kind(from) {
            match self.l.under_kind(to) {
                RKind::Basic(Basic::String) => s.late.memory = true,
                RKind::Array(..) => s.late.add(Traits::ALL),
                RKind::Pointer(_) => s.late.panics = true,
                _ => {}
            }
        }
    }

    // ---- what has to be in memory ----

    /// Whether Go's runtime makes an interface of a value of the type from its address: of
    /// all but strings, slices, and what has the size of a number and no pointers.
    fn is_boxed_by_address(&mut self, ty: RType) -> bool {
        let layout = self.layout(ty);
        let by_value = match (layout.size, layout.align) {
            (2, 2) => true,
            (4, 4) | (8, 8) => !layout.has_pointers(),
            _ => false,
        };
        !by_value && !self.is_one_string_or_slice(ty)
    }

    fn is_one_string_or_slice(&mut self, ty: RType) -> bool {
        match self.l.under_kind(ty) {
            RKind::Basic(Basic::String) | RKind::Slice(_) => true,
            RKind::Array(1, elem) => self.is_one_string_or_slice(elem),
            RKind::Struct(fields) => match &fields[..] {
                [one] => self.is_one_string_or_slice(one.ty),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether an operand is a variable, or part of one.
    fn is_addressable(&mut self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Paren(p) => self.is_addressable(&p.x),
            ExprKind::Ident(_) => self.is_variable(e),
            ExprKind::Star(_) => true,
            ExprKind::Selector(x) => match self.info().selections.get(&e.id).cloned() {
                Some(sel) => {
                    sel.kind == SelectionKind::Field
                        && (self.goes_through_pointer(&x.x, &sel) || self.is_addressable(&x.x))
                }
                None => self.is_variable(e),
            },
            ExprKind::Index(i) => {
                let ty = self.type_of_single(&i.x);
                match self.l.under_kind(ty) {
                    RKind::Array(..) => self.is_addressable(&i.x),
                    RKind::Slice(_) | RKind::Pointer(_) => true,
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn is_variable(&self, e: &Expr) -> bool {
        let obj = self.named_object(e);
        obj.is_some_and(|obj| self.l.prog.obj(obj).var().is_some())
    }
}

/// Whether an operand has something early in it that could matter to others.
pub fn may_be_early(e: &Expr) -> bool {
    struct Finder(bool);
    impl Visitor for Finder {
        fn visit_expr(&mut self, e: &Expr) {
            match &e.kind {
                _ if self.0 => {}
                ExprKind::Call(_) | ExprKind::Slice(_) | ExprKind::TypeAssert(_) => self.0 = true,
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

/// Values of the first round that wait for the second.
pub type EarlyValues = goxide_base::FxHashMap<goxide_syntax::ast::NodeId, Val>;
