//! Symbols and data objects of the program: strings, constants, static func values.

use crate::bodies::{Effect, Record, places};
use crate::program::Lower;
use goxide_base::{FxHashMap, Symbol};
use goxide_ir::{Data, DataReloc, DataSection, SiteId, SymId, SymKind};

/// Bytes, addresses in them, alignment.
type ConstantKey = (Vec<u8>, Vec<(u64, SymId, i64)>, u64);

/// Data objects that are shared by all who want the same.
#[derive(Default)]
pub(crate) struct Known {
    strings: FxHashMap<Vec<u8>, SymId>,
    constants: FxHashMap<ConstantKey, SymId>,
    func_values: FxHashMap<SymId, SymId>,
    /// For names of the compiler's making.
    counter: u32,
}

impl Lower<'_> {
    /// A function's symbol by name.
    pub fn sym(&mut self, name: &str) -> SymId {
        let name = Symbol::intern(name);
        let work = |l: &mut Self| l.module.symbols.get(name, SymKind::Func);
        self.noted_sym(|_| Some(Effect::Func(name)), work)
    }

    /// A data object's symbol by name.
    pub fn data_sym(&mut self, name: &str) -> SymId {
        let name = Symbol::intern(name);
        let work = |l: &mut Self| l.module.symbols.get(name, SymKind::Data);
        self.noted_sym(|_| Some(Effect::Data(name)), work)
    }

    /// Adds a zeroed data object of so many bytes, which hold no pointers.
    pub fn add_word(&mut self, sym: SymId, bytes: u64) {
        let section = DataSection::Bss;
        let work = |l: &mut Self| l.add_data(sym, section, 8, Vec::new(), bytes, Vec::new());
        let effect = |record: &Record| Some(Effect::Word(record.number(sym)?, bytes));
        self.noted(effect, work);
    }

    /// Adds a data object that holds a site's number.
    pub fn add_site_number(&mut self, sym: SymId, site: SiteId) {
        let number = site.0.to_le_bytes().to_vec();
        let section = DataSection::ReadOnly;
        let work = |l: &mut Self| l.add_data(sym, section, 4, number, 4, Vec::new());
        let effect =
            |record: &Record| Some(Effect::SiteNumber(record.number(sym)?, record.site(site)?));
        self.noted(effect, work);
    }

    /// The word that makes things escape.
    pub fn escape_word(&mut self) -> SymId {
        self.noted_sym(
            |_| Some(Effect::EscapeWord),
            |l| {
                let sym = l.data_sym("go:escape");
                if !std::mem::replace(&mut l.statics.escape_word, true) {
                    l.add_word(sym, 8);
                }
                sym
            },
        )
    }

    /// A new data symbol with a name of the compiler's making.
    pub fn fresh_data_sym(&mut self, prefix: &str) -> SymId {
        self.note_part();
        self.known.counter += 1;
        let sym = self.data_sym(&format!("{prefix}.{}", self.known.counter));
        self.module.numbered.insert(sym);
        sym
    }

    /// Adds a finished data object.
    pub fn add_data(
        &mut self,
        sym: SymId,
        section: DataSection,
        align: u64,
        bytes: Vec<u8>,
        size: u64,
        relocs: Vec<DataReloc>,
    ) {
        self.note_part();
        self.module.data.push(Data {
            sym,
            section,
            align: align.clamp(1, 4096) as u32,
            bytes,
            size,
            relocs,
        });
    }

    /// Read-only bytes: the text of a string.
    pub fn string_data(&mut self, bytes: &[u8]) -> SymId {
        let effect = |_: &Record| Some(Effect::String(bytes.to_vec()));
        self.noted_sym(effect, |l| l.new_string_data(bytes))
    }

    fn new_string_data(&mut self, bytes: &[u8]) -> SymId {
        if let Some(&sym) = self.known.strings.get(bytes) {
            return sym;
        }
        let sym = self.fresh_data_sym("go:string");
        let size = bytes.len() as u64;
        self.add_data(
            sym,
            DataSection::ReadOnly,
            1,
            bytes.to_vec(),
            size,
            Vec::new(),
        );
        self.known.strings.insert(bytes.to_vec(), sym);
        sym
    }

    /// Read-only data for a constant, shared among equal ones.
    pub fn constant_object(&mut self, bytes: Vec<u8>, relocs: Vec<DataReloc>, align: u64) -> SymId {
        let noted = self
            .record
            .is_some()
            .then(|| (bytes.clone(), relocs.clone()));
        let effect = |record: &Record| {
            let (bytes, relocs) = noted?;
            Some(Effect::Constant(bytes, places(record, &relocs)?, align))
        };
        self.noted_sym(effect, |l| l.new_constant_object(bytes, relocs, align))
    }

    fn new_constant_object(&mut self, bytes: Vec<u8>, relocs: Vec<DataReloc>, align: u64) -> SymId {
        let places = relocs.iter().map(|r| match *r {
            DataReloc::Abs64(at, sym, addend) => (at, sym, addend),
            DataReloc::RodataOff32(at, sym) | DataReloc::TextOff32(at, sym) => (at, sym, 0),
        });
        let key = (bytes.clone(), places.collect::<Vec<_>>(), align);
        if let Some(&sym) = self.known.constants.get(&key) {
            return sym;
        }
        let sym = self.fresh_data_sym("go:constant");
        let size = bytes.len() as u64;
        self.add_data(sym, DataSection::ReadOnly, align, bytes, size, relocs);
        self.known.constants.insert(key, sym);
        sym
    }

    /// The static one-word object that is the func value of a function.
    pub fn func_value(&mut self, func: SymId) -> SymId {
        let effect = |record: &Record| Some(Effect::FuncValue(record.number(func)?));
        self.noted_sym(effect, |l| l.new_func_value(func))
    }

    fn new_func_value(&mut self, func: SymId) -> SymId {
        if let Some(&sym) = self.known.func_values.get(&func) {
            return sym;
        }
        let name = format!("{}·f", self.module.symbols.name(func));
        let sym = self.data_sym(&name);
        let relocs = vec![DataReloc::Abs64(0, func, 0)];
        self.add_data(sym, DataSection::ReadOnly, 8, vec![0; 8], 8, relocs);
        self.known.func_values.insert(func, sym);
        sym
    }
}
