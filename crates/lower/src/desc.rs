//! Type descriptors and itabs, in the layout of Go's `internal/abi`; which methods live.

use crate::mono::RType;
use crate::program::Lower;
use goxide_base::FxHashMap;
use goxide_ir::{DataSection, SymId};

/// Descriptors and itabs asked for.
#[derive(Default)]
pub struct Descs {
    syms: FxHashMap<RType, SymId>,
    zero: Option<(SymId, u64)>,
}

impl Lower<'_> {
    /// The descriptor of a type, for allocation and copying.
    pub fn desc(&mut self, ty: RType) -> SymId {
        if let Some(&sym) = self.descs.syms.get(&ty) {
            return sym;
        }
        let name = format!("type:{}", self.type_link_name(ty));
        let sym = self.data_sym(&name);
        self.descs.syms.insert(ty, sym);
        self.queue_desc(ty);
        sym
    }

    /// The descriptor of a type whose values get into interfaces.
    pub fn live_desc(&mut self, ty: RType) -> SymId {
        self.desc(ty)
    }

    /// The itab of a type for an interface type with methods.
    pub fn itab(&mut self, iface: RType, ty: RType) -> SymId {
        let name = format!("go:itab.{},{}", self.type_link_name(ty), self.type_link_name(iface));
        self.data_sym(&name)
    }

    /// Read-only zero bytes, at least this many.
    pub fn zero_data(&mut self, bytes: u64) -> SymId {
        let sym = self.data_sym("go:zero");
        let size = self.descs.zero.map_or(bytes, |z| z.1.max(bytes));
        self.descs.zero = Some((sym, size));
        sym
    }

    /// Queues what a new descriptor refers to.
    pub fn visit_desc(&mut self, _ty: RType) {}

    /// Queues methods that have become live.
    pub fn link_methods(&mut self) {}

    /// Writes all descriptors and itabs.
    pub fn emit_descs(&mut self) {
        if let Some((sym, size)) = self.descs.zero {
            self.add_data(sym, DataSection::ReadOnly, 16, Vec::new(), size, Vec::new());
        }
    }
}
