//! Gives every function and data object its address.

use crate::{LinkError, Program, image::Image};
use goxide_abi::ModuleHeader;
use goxide_base::{FxHashMap, Idx};
use goxide_ir::{DataSection, SymId};

/// Where the program's segments begin, well behind the image.
pub const PROGRAM_BASE: u64 = 0x0200_0000;
/// Alignment of segments.
pub const PAGE_BYTES: u64 = 4096;
/// Room for the program headers at the start of the read-only segment.
pub const HEADERS_BYTES: u64 = 1024;
/// Code reaches data and other code with signed 32-bit displacements and addresses.
const LIMIT: u64 = 0x7fff_0000;
/// `int3`, between functions.
const TRAP: u8 = 0xcc;
/// Least alignment of functions.
const FUNCTION_ALIGN: u64 = 16;

/// A run of bytes at an address.
#[derive(Default)]
pub struct Part {
    pub address: u64,
    pub bytes: Vec<u8>,
}

impl Part {
    /// Address behind the last byte.
    pub fn end(&self) -> u64 {
        self.address + self.bytes.len() as u64
    }

    /// Pads to `align` and appends, giving the address.
    pub fn append(&mut self, bytes: &[u8], align: u64) -> u64 {
        let at = self.end().next_multiple_of(align);
        self.bytes.resize((at - self.address) as usize, 0);
        self.bytes.extend_from_slice(bytes);
        at
    }

    /// Overwrites bytes at an address inside.
    pub fn patch(&mut self, address: u64, bytes: &[u8]) {
        let at = (address - self.address) as usize;
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// The placed program.
pub struct Layout {
    /// Read-only segment: headers, tables, read-only data.
    pub rodata: Part,
    /// Code.
    pub text: Part,
    /// Initialised writable data; first with pointers, then without.
    pub data: Part,
    /// Where data without pointers begins in `data`.
    pub noptr_data: u64,
    /// Zeroed data that may hold pointers, and its end.
    pub bss: [u64; 2],
    /// Zeroed data without pointers, and its end.
    pub noptr_bss: [u64; 2],
    /// Address of the module header (in `rodata`).
    pub module_header: u64,
    /// Addresses of functions and data objects.
    pub addresses: FxHashMap<SymId, u64>,
    /// Functions by address: index in `Program::functions` and address.
    pub functions: Vec<(usize, u64)>,
}

impl Layout {
    /// Places everything. Code comes first, then read-only data (whose tables refer to
    /// code), then writable data.
    pub fn place(program: &Program<'_>, image: &Image<'_>) -> Result<Layout, LinkError> {
        if image.end > PROGRAM_BASE {
            return Err(LinkError::BadImage("it is too large".into()));
        }
        let mut layout = Layout {
            rodata: Part::default(),
            text: Part {
                address: PROGRAM_BASE,
                bytes: Vec::new(),
            },
            data: Part::default(),
            noptr_data: 0,
            bss: [0; 2],
            noptr_bss: [0; 2],
            module_header: 0,
            addresses: FxHashMap::default(),
            functions: Vec::new(),
        };
        layout.place_functions(program)?;
        layout.place_rodata(program)?;
        Ok(layout)
    }

    fn define(&mut self, program: &Program<'_>, sym: SymId, at: u64) -> Result<(), LinkError> {
        match self.addresses.insert(sym, at) {
            None => Ok(()),
            Some(_) => Err(LinkError::Duplicate(
                program.module.symbols.name(sym).to_string(),
            )),
        }
    }

    fn place_functions(&mut self, program: &Program<'_>) -> Result<(), LinkError> {
        // Offset 0 from the start of text means "no such method": nothing lies there.
        self.text.append(&[TRAP; 16], FUNCTION_ALIGN);
        for (index, function) in program.functions.iter().enumerate() {
            let align = FUNCTION_ALIGN.max(u64::from(function.align));
            let padding = self.text.end().next_multiple_of(align) - self.text.end();
            self.text.append(&vec![TRAP; padding as usize], 1);
            let at = self.text.append(&function.code, align);
            self.define(program, function.sym, at)?;
            self.functions.push((index, at));
        }
        Ok(())
    }

    fn place_rodata(&mut self, program: &Program<'_>) -> Result<(), LinkError> {
        self.rodata.address = self.text.end().next_multiple_of(PAGE_BYTES);
        self.rodata.append(&vec![0; HEADERS_BYTES as usize], 16);
        let header = vec![0; size_of::<ModuleHeader>()];
        self.module_header = self.rodata.append(&header, 16);
        for data in &program.module.data {
            if data.section == DataSection::ReadOnly {
                let mut bytes = data.bytes.clone();
                bytes.resize(data.size as usize, 0);
                let at = self.rodata.append(&bytes, u64::from(data.align.max(1)));
                self.define(program, data.sym, at)?;
            }
        }
        Ok(())
    }

    /// Places writable data behind the read-only segment, which must be complete.
    pub fn place_writable(&mut self, program: &Program<'_>) -> Result<(), LinkError> {
        self.data.address = self.rodata.end().next_multiple_of(PAGE_BYTES);
        self.place_initialised(program, DataSection::Data)?;
        self.data.append(&[], 16);
        self.noptr_data = self.data.end();
        self.place_initialised(program, DataSection::NoPointers)?;
        self.bss = self.place_zeroed(program, DataSection::Bss, self.data.end())?;
        self.noptr_bss = self.place_zeroed(program, DataSection::NoPointers, self.bss[1])?;
        if self.noptr_bss[1] > LIMIT {
            Err(LinkError::TooLarge)
        } else {
            Ok(())
        }
    }

    fn place_initialised(
        &mut self,
        program: &Program<'_>,
        section: DataSection,
    ) -> Result<(), LinkError> {
        for data in &program.module.data {
            let zeroed = data.bytes.is_empty() && data.relocs.is_empty();
            if data.section == section && (section == DataSection::Data || !zeroed) {
                let mut bytes = data.bytes.clone();
                bytes.resize(data.size as usize, 0);
                let at = self.data.append(&bytes, u64::from(data.align.max(1)));
                self.define(program, data.sym, at)?;
            }
        }
        Ok(())
    }

    fn place_zeroed(
        &mut self,
        program: &Program<'_>,
        section: DataSection,
        from: u64,
    ) -> Result<[u64; 2], LinkError> {
        let start = from.next_multiple_of(64);
        let mut at = start;
        for data in &program.module.data {
            let zeroed = data.bytes.is_empty() && data.relocs.is_empty();
            if data.section == section && zeroed {
                at = at.next_multiple_of(u64::from(data.align.max(1)));
                self.define(program, data.sym, at)?;
                at += data.size;
            }
        }
        Ok([start, at.next_multiple_of(64)])
    }

    /// Address of a function or data object.
    pub fn address(&self, sym: SymId) -> Option<u64> {
        debug_assert!(sym.index() < u32::MAX as usize);
        self.addresses.get(&sym).copied()
    }
}
