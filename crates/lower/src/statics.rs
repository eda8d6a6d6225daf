//! Package-level variables: symbols, sections, static initial values.

use crate::mono::EnvId;
use crate::names::package_path;
use crate::program::Lower;
use goxide_base::FxHashMap;
use goxide_ir::{DataSection, SymId};
use goxide_types::{ObjId, Program};

/// Variables asked for.
#[derive(Default)]
pub struct Statics {
    syms: FxHashMap<ObjId, SymId>,
}

/// Whether a package-level variable's declaration has an initial value.
pub fn has_value(_p: &Program, _var: ObjId) -> bool {
    true
}

impl Lower<'_> {
    /// The data object of a package-level variable.
    pub fn global_sym(&mut self, var: ObjId) -> SymId {
        if let Some(&sym) = self.statics.syms.get(&var) {
            return sym;
        }
        let o = self.prog.obj(var).clone();
        let pkg = o.pkg.map(|p| package_path(self.prog, p)).unwrap_or_default();
        let sym = self.data_sym(&format!("{pkg}.{}", o.name));
        self.statics.syms.insert(var, sym);
        let ty = self.rtype(o.typ(), EnvId::EMPTY);
        let layout = self.layout(ty);
        self.add_data(sym, DataSection::Bss, layout.align, Vec::new(), layout.size, Vec::new());
        sym
    }
}
