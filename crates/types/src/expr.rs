//! Expressions: the entry points, and the dispatch over their forms.

use crate::checker::{Checker, MAX_DEPTH};
use crate::operand::{OK_VALUE, OpMode, Operand};
use crate::types::*;
use goxide_syntax::ast::{Expr, ExprKind};

/// What an expression is assigned to, for inference of generic functions' arguments.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The function type wanted.
    pub sig: TypeId,
    /// What is assigned to, in messages.
    pub desc: String,
}

/// Entry points.
impl<'a> Checker<'_, 'a> {
    /// The target for a variable of type `ty`, if that is a function type; `desc` says in
    /// messages what the variable is.
    pub fn target(
        &mut self,
        ty: Option<TypeId>,
        desc: impl FnOnce(&Self) -> String,
    ) -> Option<Target> {
        let sig = self.p.common_under(ty?).ok()?;
        let is_func = matches!(self.p.ty(sig), crate::Type::Signature(_));
        is_func.then(|| Target {
            sig,
            desc: desc(self),
        })
    }

    /// Checks an expression of any mode and records it; `hint` is the type of a composite
    /// literal that leaves its own out. Generic functions and types must be instantiated
    /// unless `allow_generic`.
    pub fn raw_expr(
        &mut self,
        target: Option<&Target>,
        e: &'a Expr,
        hint: Option<TypeId>,
        allow_generic: bool,
    ) -> Operand<'a> {
        if self.depth >= MAX_DEPTH {
            self.err(e.start(), "", "expression nested too deeply");
            return Operand::invalid(e);
        }
        self.depth += 1;
        let mut x = self.expr_form(target, e, hint);
        x.expr = Some(e);
        if !allow_generic {
            self.non_generic(target, &mut x);
        }
        self.record(&x);
        self.depth -= 1;
        x
    }

    /// Checks an expression that must be a single value.
    pub fn expr(&mut self, target: Option<&Target>, e: &'a Expr) -> Operand<'a> {
        let mut x = self.raw_expr(target, e, None, false);
        self.exclude(&mut x, true);
        self.single_value(&mut x);
        x
    }

    /// Checks a single value that may be a generic function.
    pub fn generic_expr(&mut self, e: &'a Expr) -> Operand<'a> {
        let mut x = self.raw_expr(None, e, None, true);
        self.exclude(&mut x, true);
        self.single_value(&mut x);
        x
    }

    /// Checks an expression, possibly a generic function, with a type for a literal without
    /// one.
    pub fn expr_with_hint(&mut self, e: &'a Expr, hint: TypeId) -> Operand<'a> {
        let mut x = self.raw_expr(None, e, Some(hint), true);
        self.exclude(&mut x, true);
        self.single_value(&mut x);
        x
    }

    /// Checks an expression that may be a generic function or a type.
    pub fn expr_or_type(&mut self, e: &'a Expr, allow_generic: bool) -> Operand<'a> {
        let mut x = self.raw_expr(None, e, None, allow_generic);
        self.exclude(&mut x, false);
        self.single_value(&mut x);
        x
    }

    /// Checks an expression that may have several values: gives them one by one, and
    /// whether the second of two is the optional one of a comma-ok form (only if that is
    /// wanted). `None` if it is wrong.
    pub fn multi_expr(&mut self, e: &'a Expr, want_ok: bool) -> Option<(Vec<Operand<'a>>, bool)> {
        let mut x = self.raw_expr(None, e, None, false);
        self.exclude(&mut x, true);
        if !x.ok() {
            return None;
        }
        if let Type::Tuple(vars) = self.p.ty(x.ty) {
            let types = self.p.types_of(&vars.clone());
            let values = types
                .iter()
                .enumerate()
                .map(|(i, &ty)| Operand {
                    result: i + 1,
                    ..Operand::new(OpMode::Value, ty, e)
                })
                .collect();
            return Some((values, false));
        }
        if want_ok && matches!(x.mode, OpMode::MapIndex | OpMode::CommaOk) {
            // The second value has no node of its own that could be updated later.
            let ok = Operand {
                expr: None,
                at: e.start(),
                result: OK_VALUE,
                ..Operand::new(OpMode::Value, TypeId::UNTYPED_BOOL, e)
            };
            return Some((vec![x, ok], true));
        }
        Some((vec![x], false))
    }

    /// Checks expressions of a statement that was wrong, so that what they mention counts as
    /// used.
    pub fn use_exprs(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) {
        for e in exprs {
            match &e.kind {
                ExprKind::KeyValue(kv) => {
                    self.use_exprs([&kv.value]);
                }
                ExprKind::Bad => {}
                _ => {
                    self.raw_expr(None, e, None, true);
                }
            }
        }
    }

    /// Reports operands that are no values (or, unless `no_types`, neither values nor types).
    fn exclude(&mut self, x: &mut Operand<'a>, no_types: bool) {
        let (msg, code) = match &x.mode {
            OpMode::NoValue => {
                let kind = if no_types { "value" } else { "value or type" };
                (
                    format!("{} (no value) used as {kind}", shown(x)),
                    "TooManyValues",
                )
            }
            OpMode::Builtin(_) if no_types => (
                format!("{} (built-in) must be called", shown(x)),
                "UncalledBuiltin",
            ),
            OpMode::TypeExpr if no_types => {
                let e = shown(x);
                (format!("{e} (type) is not an expression"), "NotAnExpr")
            }
            _ => return,
        };
        self.err(x.pos(), code, msg);
        x.invalidate();
    }

    /// Reports (or, with a target, instantiates) generic functions and types.
    pub fn non_generic(&mut self, target: Option<&Target>, x: &mut Operand<'a>) {
        if matches!(x.mode, OpMode::Invalid | OpMode::NoValue) {
            return;
        }
        let what = match self.p.ty(x.ty) {
            Type::Alias(_) | Type::Named(_) if self.p.is_generic(x.ty) => "type",
            Type::Signature(sig) if !sig.tparams.is_empty() => {
                if let Some(target) = target {
                    self.instantiate_for(target, x);
                    return;
                }
                "function"
            }
            _ => return,
        };
        let msg = format!(
            "cannot use generic {what} {} without instantiation",
            shown(x)
        );
        self.err(x.pos(), "WrongTypeArgCount", msg);
        x.invalidate();
    }
}

/// The expression of an operand as written.
fn shown(x: &Operand<'_>) -> String {
    x.expr.map_or(String::new(), Expr::to_string)
}

/// The forms.
impl<'a> Checker<'_, 'a> {
    fn expr_form(
        &mut self,
        target: Option<&Target>,
        e: &'a Expr,
        hint: Option<TypeId>,
    ) -> Operand<'a> {
        match &e.kind {
            ExprKind::Bad => Operand::invalid(e),
            ExprKind::Ident(_) => self.ident(e, false),
            ExprKind::Ellipsis(x) => {
                self.err(e.start(), "InvalidSyntaxTree", "invalid use of ...");
                self.use_exprs([&**x]);
                Operand::invalid(e)
            }
            ExprKind::BasicLit(lit) => self.basic_lit(e, lit),
            ExprKind::FuncLit(lit) => self.func_lit(e, lit),
            ExprKind::CompositeLit(lit) => self.composite_lit(e, lit, hint),
            ExprKind::Paren(inner) => {
                // Types and generic functions in parentheses are what they are without.
                let mut x = self.raw_expr(None, &inner.x, None, false);
                x.expr = Some(e);
                x
            }
            ExprKind::Selector(sel) => self.selector(e, &sel.x, sel.sel, false),
            ExprKind::Index(index) => self.index_expr(target, e, index),
            ExprKind::Slice(slice) => self.slice_expr(e, slice),
            ExprKind::TypeAssert(assert) => self.type_assertion(e, assert),
            ExprKind::Call(call) => self.call_expr(e, call),
            ExprKind::Star(inner) => self.star_expr(e, inner),
            ExprKind::Unary(unary) => self.unary_expr(e, unary),
            ExprKind::Binary(binary) => self.binary_expr(e, binary),
            ExprKind::KeyValue(_) => {
                self.err(e.start(), "InvalidSyntaxTree", "no key:value expected");
                Operand::invalid(e)
            }
            ExprKind::ArrayType(_)
            | ExprKind::SliceType(_)
            | ExprKind::StructType(_)
            | ExprKind::FuncType(_)
            | ExprKind::InterfaceType(_)
            | ExprKind::MapType(_)
            | ExprKind::ChanType(_) => {
                let ty = self.typ(e);
                Operand::new(OpMode::TypeExpr, ty, e)
            }
        }
    }

    fn star_expr(&mut self, e: &'a Expr, inner: &'a Expr) -> Operand<'a> {
        let mut x = self.expr_or_type(inner, false);
        match x.mode {
            OpMode::Invalid => {}
            OpMode::TypeExpr => {
                let base = x.ty;
                // A constraint cannot be pointed to; known when types are set up.
                self.later(move |c| {
                    c.valid_var_type(inner.start(), base);
                });
                x.ty = self.p.pointer_to(base);
            }
            _ => self.dereference(&mut x),
        }
        x.expr = Some(e);
        x
    }

    fn dereference(&mut self, x: &mut Operand<'a>) {
        if x.is_nil() {
            let shown = self.show(x);
            self.err(
                x.pos(),
                "InvalidIndirection",
                format!("invalid operation: cannot indirect {shown}"),
            );
            x.invalidate();
            return;
        }
        let mut base = None;
        let mut wrong = None;
        for pair in self.p.specific_types(x.ty) {
            let Some((_, under)) = pair else {
                wrong = Some(String::new());
                break;
            };
            let &Type::Pointer(elem) = self.p.ty(under) else {
                wrong = Some(String::new());
                break;
            };
            match base {
                Some(known) if !self.p.identical(known, elem) => {
                    let shown = self.show(x);
                    wrong = Some(format!(
                        "pointers of {shown} must have identical base types"
                    ));
                    break;
                }
                _ => base = Some(elem),
            }
        }
        match (wrong, base) {
            (None, Some(elem)) if !self.is_complete(elem) => x.invalidate(),
            (None, Some(elem)) => {
                x.mode = OpMode::Variable;
                x.ty = elem;
            }
            (cause, _) => {
                let shown = self.show(x);
                let msg = match cause.filter(|c| !c.is_empty()) {
                    Some(cause) => format!("invalid operation: {cause}"),
                    None => format!("invalid operation: cannot indirect {shown}"),
                };
                self.err(x.pos(), "InvalidIndirection", msg);
                x.invalidate();
            }
        }
    }

    fn type_assertion(
        &mut self,
        e: &'a Expr,
        assert: &'a goxide_syntax::ast::TypeAssertExpr,
    ) -> Operand<'a> {
        let mut x = self.expr(None, &assert.x);
        let Some(ty) = &assert.ty else {
            if x.ok() {
                let msg = "invalid syntax tree: use of .(type) outside type switch";
                self.err(e.start(), "InvalidSyntaxTree", msg);
            }
            return Operand::invalid(e);
        };
        if !x.ok() {
            self.typ(ty);
            return Operand::invalid(e);
        }
        if self.p.is_type_param(x.ty) {
            let msg = format!(
                "invalid operation: cannot use type assertion on type parameter value {}",
                self.show(&x)
            );
            self.err(x.pos(), "InvalidAssert", msg);
            self.typ(ty);
            return Operand::invalid(e);
        }
        if !self.p.is_interface(x.ty) {
            let msg = format!("invalid operation: {} is not an interface", self.show(&x));
            self.err(x.pos(), "InvalidAssert", msg);
            self.typ(ty);
            return Operand::invalid(e);
        }
        let to = self.var_type(ty);
        if !self.p.is_valid(to) || !self.is_complete(to) {
            return Operand::invalid(e);
        }
        self.type_assert_possible(e, &x, to, false);
        x.mode = OpMode::CommaOk;
        x.ty = to;
        x.expr = Some(e);
        x
    }

    /// Reports a type assertion or switch case that can never hold.
    pub fn type_assert_possible(
        &mut self,
        e: &'a Expr,
        x: &Operand<'a>,
        to: TypeId,
        type_switch: bool,
    ) {
        let mut cause = String::new();
        if self.p.assertable_to(x.ty, to, Some(&mut cause)) {
            return;
        }
        let msg = if type_switch {
            format!(
                "impossible type switch case: {e}\n\t{} cannot have dynamic type {} {}",
                self.show(x),
                self.ts(to),
                assert_cause(&cause)
            )
        } else {
            format!(
                "impossible type assertion: {e}\n\t{} does not implement {} {}",
                self.ts(to),
                self.ts(x.ty),
                assert_cause(&cause)
            )
        };
        self.err(e.start(), "ImpossibleAssert", msg);
    }
}

/// The part in parentheses of why a type does not implement an interface.
fn assert_cause(cause: &str) -> &str {
    cause.find('(').map_or(cause, |at| &cause[at..])
}
