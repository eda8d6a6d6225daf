//! Function types.

use crate::checker::Checker;
use crate::scope::ScopeId;
use crate::types::TypeId;
use goxide_syntax::ast;

impl<'a> Checker<'_, 'a> {
    /// Checks the signature of a function, method or function literal: gives its type and the
    /// scope that holds parameters and the body.
    pub fn func_type(
        &mut self,
        _recv: Option<&'a ast::FieldList>,
        ty: &'a ast::FuncType,
    ) -> (TypeId, ScopeId) {
        let scope = self.open_scope(ty.id);
        self.close_scope();
        (TypeId::INVALID, scope)
    }
}
