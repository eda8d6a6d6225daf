//! Names of symbols and positions that mean the same in every compilation.

use super::hash::{Bytes, Hash, hash_of};
use goxide_base::{FxHashMap, Idx, Pos, SourceMap};
use goxide_ir::{Data, DataReloc, DataSection, Module, SymId};
use rayon::prelude::*;
use std::path::Path;

/// Symbols: by the name, or, where that is a number given out by chance, by the contents.
pub struct Names {
    /// `None`: nothing lasting is known.
    of: Vec<Option<Hash>>,
    by_name: FxHashMap<Hash, SymId>,
}

impl Names {
    /// Names all symbols of a program.
    pub fn of(module: &Module) -> Names {
        let count = module.symbols.len();
        let plain = |i: usize| {
            let sym = SymId::new(i);
            let mut bytes = Bytes::default();
            bytes.text("name");
            bytes.text(module.symbols.name(sym).as_str());
            (!module.numbered.contains(&sym)).then(|| bytes.hash())
        };
        let mut of: Vec<Option<Hash>> = (0..count).into_par_iter().map(plain).collect();
        let numbered = |data: &&Data| module.numbered.contains(&data.sym);
        let data = module.data.iter().filter(numbered);
        let mut contents = Contents {
            module,
            data: data.map(|data| (data.sym, Some(data))).collect(),
            of: &mut of,
        };
        for data in &module.data {
            contents.name(data.sym);
        }
        let mut by_name: FxHashMap<Hash, SymId> = FxHashMap::default();
        let mut twice = Vec::new();
        for (i, name) in of.iter().enumerate() {
            if let Some(name) = name
                && by_name.insert(*name, SymId::new(i)).is_some()
            {
                twice.push(*name);
            }
        }
        for name in twice {
            by_name.remove(&name);
        }
        // What has its name in common with another has none.
        of.par_iter_mut().for_each(|name| {
            *name = name.filter(|name| by_name.contains_key(name));
        });
        Names { of, by_name }
    }

    /// The name of a symbol.
    pub fn get(&self, sym: SymId) -> Option<Hash> {
        self.of[sym.index()]
    }

    /// The symbol of a name.
    pub fn find(&self, name: &[u8]) -> Option<SymId> {
        let name: Hash = name.try_into().ok()?;
        self.by_name.get(&name).copied()
    }
}

/// Names data by its contents.
struct Contents<'a> {
    module: &'a Module,
    /// Data without lasting names; `None` while it is being looked at.
    data: FxHashMap<SymId, Option<&'a Data>>,
    of: &'a mut Vec<Option<Hash>>,
}

impl Contents<'_> {
    fn name(&mut self, sym: SymId) -> Option<Hash> {
        if let Some(data) = self.data.insert(sym, None).flatten() {
            let name = self.contents(data);
            self.of[sym.index()] = name;
            self.data.remove(&sym);
        }
        self.of[sym.index()]
    }

    fn contents(&mut self, data: &Data) -> Option<Hash> {
        if data.section != DataSection::ReadOnly {
            return None; // equal contents do not make it the same
        }
        let name = self.module.symbols.name(data.sym).as_str();
        let mut bytes = Bytes::default();
        bytes.text("contents");
        bytes.text(name.rsplit_once('.')?.0);
        bytes.word(data.align);
        bytes.0.extend(data.size.to_le_bytes());
        bytes.word(data.bytes.len() as u32);
        bytes.0.extend(&data.bytes);
        for reloc in &data.relocs {
            let (form, at, sym, addend) = match *reloc {
                DataReloc::Abs64(at, sym, addend) => (0, at, sym, addend),
                DataReloc::RodataOff32(at, sym) => (1, at, sym, 0),
                DataReloc::TextOff32(at, sym) => (2, at, sym, 0),
            };
            bytes.word(form);
            bytes.0.extend(at.to_le_bytes());
            bytes.0.extend(addend.to_le_bytes());
            bytes.0.extend(self.name(sym)?);
        }
        Some(bytes.hash())
    }
}

/// Files, to say positions as places in files.
pub struct Files {
    /// First position, name that lasts while the text does, name that lasts.
    files: Vec<(Pos, Hash, Hash)>,
    /// Numbers by the name that lasts.
    by_path: FxHashMap<Hash, usize>,
}

impl Files {
    /// All files of a program.
    pub fn of(sources: &SourceMap) -> Files {
        let files: Vec<_> = (sources.all().par_iter())
            .map(|file| {
                let path = name_of_file(&file.path, &file.name);
                let mut bytes = Bytes::default();
                bytes.0.extend(path);
                bytes.0.extend(hash_of(&file.text));
                (file.base, bytes.hash(), path)
            })
            .collect();
        let numbers = files.iter().enumerate();
        let by_path = numbers.map(|(number, file)| (file.2, number)).collect();
        Files { files, by_path }
    }

    /// The number of the file with a position, and the place in it; `None` for no position.
    pub fn place(&self, pos: Pos) -> Option<(usize, u32)> {
        let after = self.files.partition_point(|f| f.0 <= pos);
        let file = after.checked_sub(1).filter(|_| pos.is_some())?;
        Some((file, pos.0 - self.files[file].0.0))
    }

    /// What stands for a file and its text.
    pub fn contents(&self, file: usize) -> Hash {
        self.files[file].1
    }

    /// What stands for a file whatever is in it.
    pub fn path(&self, file: usize) -> Hash {
        self.files[file].2
    }

    /// The first position of a file.
    pub fn find(&self, path: &[u8]) -> Option<Pos> {
        let path: Hash = path.try_into().ok()?;
        Some(self.files[*self.by_path.get(&path)?].0)
    }

    /// What stands for a file and its text, by path and shown name.
    pub fn text_of(&self, path: &Path, shown: &str) -> Option<Hash> {
        let number = self.by_path.get(&name_of_file(path, shown))?;
        Some(self.contents(*number))
    }
}

fn name_of_file(path: &Path, shown: &str) -> Hash {
    let mut bytes = Bytes::default();
    bytes.text(&path.to_string_lossy());
    bytes.text(shown);
    bytes.hash()
}
