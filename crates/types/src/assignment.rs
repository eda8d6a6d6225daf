//! Assignments and initializations.

use crate::checker::Checker;
use crate::object::ObjId;
use crate::operand::Operand;
use crate::types::TypeId;
use goxide_base::Pos;
use goxide_syntax::ast::Expr;

impl<'a> Checker<'_, 'a> {
    /// Converts `x` for an assignment to type `ty` (`None`: its default type), or reports
    /// why it can't be and invalidates it. `context` as in "argument", "assignment".
    pub fn assignment(&mut self, _x: &mut Operand<'a>, _ty: Option<TypeId>, _context: &str) {}

    /// Sets type and value of a constant from its initializer. An invalid `x` is fine.
    pub fn init_const(&mut self, _obj: ObjId, _x: &mut Operand<'a>) {}

    /// Sets the type of a variable, if it has none, from its initializer. An invalid `x` is
    /// fine.
    pub fn init_var(&mut self, _obj: ObjId, _x: &mut Operand<'a>, _context: &str) {}

    /// Initializes variables from several expressions or one with several values.
    /// `return_pos` is set in a return statement.
    pub fn init_vars(&mut self, _lhs: &[ObjId], _rhs: &'a [Expr], _return_pos: Option<Pos>) {}
}
