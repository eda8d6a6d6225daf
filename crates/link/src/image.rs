//! The runtime image: what of its ELF file linking needs.

use crate::LinkError;
use goxide_base::FxHashMap;
use object::elf::{FileHeader64, PT_LOAD, ProgramHeader64, SectionHeader64, Sym64};
use object::read::elf::{FileHeader, ProgramHeader, Sym};
use object::{LittleEndian, Pod};

type Elf = FileHeader64<LittleEndian>;
const LE: LittleEndian = LittleEndian;

/// A symbol of the image, kept for the executable's symbol table.
pub struct ImageSymbol<'a> {
    pub name: &'a [u8],
    pub sym: &'a Sym64<LittleEndian>,
}

/// The parsed image. Everything borrows its bytes.
pub struct Image<'a> {
    pub bytes: &'a [u8],
    pub header: &'a Elf,
    pub segments: &'a [ProgramHeader64<LittleEndian>],
    pub sections: Vec<(&'a [u8], &'a SectionHeader64<LittleEndian>)>,
    pub symbols: Vec<ImageSymbol<'a>>,
    addresses: FxHashMap<&'a [u8], u64>,
    /// First address behind all segments.
    pub end: u64,
}

fn bad(what: impl std::fmt::Display) -> LinkError {
    LinkError::BadImage(what.to_string())
}

impl<'a> Image<'a> {
    /// Parses a static executable.
    pub fn parse(bytes: &'a [u8]) -> Result<Image<'a>, LinkError> {
        let header = Elf::parse(bytes).map_err(bad)?;
        if header.e_type(LE) != object::elf::ET_EXEC {
            return Err(bad("it is position independent"));
        }
        let segments = header.program_headers(LE, bytes).map_err(bad)?;
        let table = header.sections(LE, bytes).map_err(bad)?;
        let mut sections = Vec::new();
        for section in table.iter() {
            sections.push((table.section_name(LE, section).map_err(bad)?, section));
        }
        let symtab = table
            .symbols(LE, bytes, object::elf::SHT_SYMTAB)
            .map_err(bad)?;
        let mut symbols = Vec::new();
        let mut addresses = FxHashMap::default();
        for sym in symtab.iter().skip(1) {
            let name = sym.name(LE, symtab.strings()).map_err(bad)?;
            if sym.st_shndx(LE) != object::elf::SHN_UNDEF && !name.is_empty() {
                addresses.insert(name, sym.st_value(LE));
            }
            symbols.push(ImageSymbol { name, sym });
        }
        let loads = segments.iter().filter(|s| s.p_type(LE) == PT_LOAD);
        let end = loads
            .map(|s| s.p_vaddr(LE) + s.p_memsz(LE))
            .max()
            .unwrap_or(0);
        Ok(Image {
            bytes,
            header,
            segments,
            sections,
            symbols,
            addresses,
            end,
        })
    }

    /// Address of a symbol.
    pub fn address(&self, name: &str) -> Option<u64> {
        self.addresses.get(name.as_bytes()).copied()
    }

    /// Where in the file the byte at `address` lies, if it is in the file.
    pub fn file_offset(&self, address: u64) -> Option<usize> {
        let segment = self.segments.iter().find(|s| {
            let start = s.p_vaddr(LE);
            s.p_type(LE) == PT_LOAD && (start..start + s.p_filesz(LE)).contains(&address)
        })?;
        Some((segment.p_offset(LE) + (address - segment.p_vaddr(LE))) as usize)
    }
}

/// The bytes of an ELF structure.
pub fn pod_bytes<T: Pod>(value: &T) -> &[u8] {
    object::bytes_of(value)
}
