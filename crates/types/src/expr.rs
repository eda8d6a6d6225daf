//! Expressions.

use crate::checker::Checker;
use crate::operand::Operand;
use crate::types::TypeId;
use goxide_syntax::ast::{Expr, Ident};

/// What an expression is assigned to, for inference of generic functions' arguments.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The function type wanted.
    pub sig: TypeId,
    /// What has it, for messages: a variable's name or "return statement".
    pub desc: String,
}

impl<'a> Checker<'_, 'a> {
    /// The target for a variable of type `ty`, if that is a function type.
    pub fn target(&mut self, ty: Option<TypeId>, desc: &str) -> Option<Target> {
        let sig = self.p.under(ty?);
        let is_func = matches!(self.p.ty(sig), crate::Type::Signature(_));
        is_func.then(|| Target {
            sig,
            desc: desc.into(),
        })
    }

    /// Checks an expression that must be a single value.
    pub fn expr(&mut self, _target: Option<&Target>, e: &'a Expr) -> Operand<'a> {
        Operand::invalid(e)
    }

    /// Checks an expression that may be a generic function or a type.
    pub fn expr_or_type(&mut self, e: &'a Expr, _allow_generic: bool) -> Operand<'a> {
        Operand::invalid(e)
    }

    /// Checks expressions of a statement that was wrong, so that what they mention counts as
    /// used.
    pub fn use_exprs(&mut self, _exprs: impl IntoIterator<Item = &'a Expr>) {}

    /// Checks a selector expression `e` = `x.sel`; with `want_type` it is expected to be a
    /// type.
    pub fn selector(
        &mut self,
        e: &'a Expr,
        _x: &'a Expr,
        _sel: Ident,
        _want_type: bool,
    ) -> Operand<'a> {
        Operand::invalid(e)
    }
}
