//! Declarations: constants, variables, types, functions; package level and local.

use crate::checker::Checker;
use crate::object::ObjId;
use goxide_syntax::ast;

impl<'a> Checker<'_, 'a> {
    /// Checks the declaration of an object unless that is done; reports cycles.
    pub fn obj_decl(&mut self, _obj: ObjId) {}

    /// Checks a local declaration.
    pub fn decl_stmt(&mut self, _decl: &'a ast::Decl) {}
}
