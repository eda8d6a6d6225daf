//! Inference of type arguments.

use crate::checker::Checker;
use crate::object::ObjId;
use crate::operand::Operand;
use crate::types::TypeId;
use goxide_base::Pos;

impl<'a> Checker<'_, 'a> {
    /// Infers the missing ones of `targs` (those beyond its length) for `tparams` from the
    /// types of `args` passed to `params`. `None` if that is impossible, which `error` is
    /// told. With `reverse` the messages speak of an assignment of a generic function.
    pub fn infer(
        &mut self,
        _pos: Pos,
        _tparams: &[TypeId],
        _targs: &[TypeId],
        _params: &[ObjId],
        _args: &[Operand<'a>],
        _reverse: bool,
    ) -> Result<Vec<TypeId>, String> {
        Err("inference".into())
    }
}
