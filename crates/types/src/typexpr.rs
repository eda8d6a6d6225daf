//! Type expressions and identifiers.

use crate::checker::Checker;
use crate::operand::Operand;
use crate::types::TypeId;
use goxide_syntax::ast::Expr;

impl<'a> Checker<'_, 'a> {
    /// Checks an identifier; with `want_type` it is expected to be a type.
    pub fn ident(&mut self, e: &'a Expr, _want_type: bool) -> Operand<'a> {
        Operand::invalid(e)
    }

    /// Checks a type expression; generic types must be instantiated.
    pub fn typ(&mut self, _e: &'a Expr) -> TypeId {
        TypeId::INVALID
    }

    /// Checks the type of a variable: no constraint interface either.
    pub fn var_type(&mut self, _e: &'a Expr) -> TypeId {
        TypeId::INVALID
    }

    /// Checks an expression that must be a generic type; else `Err` has what is wrong with
    /// it, empty if it was reported.
    pub fn generic_type(&mut self, _e: &'a Expr) -> Result<TypeId, String> {
        Err(String::new())
    }

    /// Checks a list of type arguments; `None` if one is wrong.
    pub fn type_list(&mut self, _list: &'a [Expr]) -> Option<Vec<TypeId>> {
        None
    }

    /// The value of an array length; negative if it is wrong, which was reported.
    pub fn array_length(&mut self, _e: &'a Expr) -> i64 {
        -1
    }
}
