//! Generated equality and hash functions of types.

use crate::mono::RType;
use crate::program::Lower;
use goxide_base::Pos;
use goxide_ir::SymId;

impl Lower<'_> {
    /// Writes the function that compares two values of a type given by address.
    pub fn lower_equal(&mut self, ty: RType, _sym: SymId) {
        let name = self.type_text(ty);
        self.error(Pos::NONE, format!("not supported: equality function of {name}"));
    }

    /// Writes the function that hashes a value of a type given by address.
    pub fn lower_hash(&mut self, ty: RType, _sym: SymId) {
        let name = self.type_text(ty);
        self.error(Pos::NONE, format!("not supported: hash function of {name}"));
    }
}
