//! Function bodies and statements.

use crate::checker::Checker;
use crate::constant::Value;
use crate::object::ObjId;
use crate::scope::ScopeId;
use crate::types::*;
use goxide_base::Symbol;
use goxide_syntax::ast::Block;
use std::sync::Arc;

impl<'a> Checker<'_, 'a> {
    /// Checks a function's body in `scope`, which has its parameters. `decl` is the
    /// package-level declaration that gets the dependencies, `iota` the surrounding
    /// constant declaration's value for function literals. The environment is saved and
    /// restored.
    pub fn func_body(
        &mut self,
        _decl: Option<ObjId>,
        _name: Symbol,
        _sig: Arc<Signature>,
        _scope: ScopeId,
        _body: &'a Block,
        _iota: Option<Value>,
    ) {
    }
}
