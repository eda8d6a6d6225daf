//! Names in descriptors: a byte of flags, a length, the text; a length and a tag; the offset
//! of a package's name.

use crate::program::Lower;
use goxide_base::FxHashMap;
use goxide_ir::{DataReloc, DataSection, SymId};
use goxide_types::PkgId;

const EXPORTED: u8 = 1;
const HAS_TAG: u8 = 2;
const HAS_PACKAGE: u8 = 4;
const EMBEDDED: u8 = 8;

/// A name as it is encoded.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Name {
    /// Text.
    pub text: String,
    /// A field's tag.
    pub tag: Vec<u8>,
    /// Begins with an upper-case letter.
    pub exported: bool,
    /// An embedded field's.
    pub embedded: bool,
    /// The package it belongs to, where that does not follow from the type.
    pub pkg: Option<PkgId>,
}

/// Names written so far.
pub type Names = FxHashMap<Name, SymId>;

fn put_length(bytes: &mut Vec<u8>, mut n: usize) {
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
}

/// The bytes of a name, up to the package's offset.
pub fn encode(name: &Name) -> Vec<u8> {
    let flag = |on: bool, bit: u8| if on { bit } else { 0 };
    let mut bytes = vec![
        flag(name.exported, EXPORTED)
            | flag(!name.tag.is_empty(), HAS_TAG)
            | flag(name.pkg.is_some(), HAS_PACKAGE)
            | flag(name.embedded, EMBEDDED),
    ];
    put_length(&mut bytes, name.text.len());
    bytes.extend(name.text.as_bytes());
    if !name.tag.is_empty() {
        put_length(&mut bytes, name.tag.len());
        bytes.extend(&name.tag);
    }
    bytes
}

impl Lower<'_> {
    /// The data object of a name.
    pub(super) fn name_sym(&mut self, name: Name) -> SymId {
        if let Some(&sym) = self.descs.names.get(&name) {
            return sym;
        }
        let sym = self.fresh_data_sym("type:.namedata");
        self.descs.names.insert(name.clone(), sym);
        let mut bytes = encode(&name);
        let mut relocs = Vec::new();
        if let Some(pkg) = name.pkg {
            let package = self.package_name_sym(pkg);
            relocs.push(DataReloc::RodataOff32(bytes.len() as u64, package));
            bytes.extend([0; 4]);
        }
        let size = bytes.len() as u64;
        self.add_data(sym, DataSection::ReadOnly, 1, bytes, size, relocs);
        sym
    }

    /// The data object of a package's import path, as a name.
    pub(super) fn package_name_sym(&mut self, pkg: PkgId) -> SymId {
        let package = self.prog.pkg(pkg);
        let text = match package.name.as_str() {
            "main" => "main",
            _ => package.path.as_str(),
        };
        self.name_sym(Name {
            text: text.into(),
            ..Name::default()
        })
    }
}
