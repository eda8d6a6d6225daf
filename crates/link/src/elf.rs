//! Writes the executable: the image's bytes, the program's segments behind them, and new
//! program headers, section headers and symbol table.

use crate::image::{Image, pod_bytes};
use crate::layout::{HEADERS_BYTES, Layout, PAGE_BYTES};
use crate::{BUILD_INFO, LinkError, Program};
use object::elf::{
    FileHeader64, PF_R, PF_W, PF_X, PT_LOAD, PT_PHDR, ProgramHeader64, SHF_ALLOC, SHF_EXECINSTR,
    SHF_WRITE, SHN_LORESERVE, SHT_NOBITS, SHT_PROGBITS, SHT_STRTAB, SHT_SYMTAB, STB_LOCAL,
    STT_FUNC, STT_OBJECT, SectionHeader64, Sym64,
};
use object::read::elf::{ProgramHeader, Sym};
use object::{LittleEndian, U16, U32, U64};

const LE: LittleEndian = LittleEndian;
type Section = SectionHeader64<LittleEndian>;
type Segment = ProgramHeader64<LittleEndian>;

/// File offsets of the three segments.
struct Offsets {
    text: u64,
    rodata: u64,
    data: u64,
}

/// The executable's bytes.
pub fn write(
    program: &Program<'_>,
    image: &Image<'_>,
    layout: &Layout,
) -> Result<Vec<u8>, LinkError> {
    let mut out = image.bytes.to_vec();
    patch_module_word(image, layout, &mut out)?;
    let offsets = Offsets {
        text: append_page_aligned(&mut out, &layout.text.bytes),
        rodata: append_page_aligned(&mut out, &layout.rodata.bytes),
        data: append_page_aligned(&mut out, &layout.data.bytes),
    };
    let segments = write_segments(image, layout, &offsets, &mut out)?;
    let sections = write_sections(program, image, layout, &offsets, &mut out);
    let header = FileHeader64::<LittleEndian> {
        e_phoff: U64::new(LE, offsets.rodata),
        e_phnum: U16::new(LE, segments),
        e_shoff: U64::new(LE, sections.offset),
        e_shnum: U16::new(LE, sections.count),
        e_shstrndx: U16::new(LE, sections.count - 1),
        ..*image.header
    };
    let bytes = pod_bytes(&header);
    out[..bytes.len()].copy_from_slice(bytes);
    Ok(out)
}

/// Tells the image where the module header is.
fn patch_module_word(image: &Image<'_>, layout: &Layout, out: &mut [u8]) -> Result<(), LinkError> {
    let missing = || LinkError::BadImage("it has no word GOXIDE_MODULE".into());
    let word = image.address("GOXIDE_MODULE").ok_or_else(missing)?;
    let at = image.file_offset(word).ok_or_else(missing)?;
    out[at..at + 8].copy_from_slice(&layout.module_header.to_le_bytes());
    Ok(())
}

fn append_page_aligned(out: &mut Vec<u8>, bytes: &[u8]) -> u64 {
    let at = out.len().next_multiple_of(PAGE_BYTES as usize);
    out.resize(at, 0);
    out.extend_from_slice(bytes);
    at as u64
}

fn load(flags: u32, offset: u64, address: u64, file_bytes: u64, memory_bytes: u64) -> Segment {
    Segment {
        p_type: U32::new(LE, PT_LOAD),
        p_flags: U32::new(LE, flags),
        p_offset: U64::new(LE, offset),
        p_vaddr: U64::new(LE, address),
        p_paddr: U64::new(LE, address),
        p_filesz: U64::new(LE, file_bytes),
        p_memsz: U64::new(LE, memory_bytes),
        p_align: U64::new(LE, PAGE_BYTES),
    }
}

/// Writes the program headers to the head of the read-only segment, where the kernel and
/// the C library find them in memory; gives their number.
fn write_segments(
    image: &Image<'_>,
    layout: &Layout,
    offsets: &Offsets,
    out: &mut [u8],
) -> Result<u16, LinkError> {
    let mut segments: Vec<Segment> = image.segments.to_vec();
    let (text, rodata, data) = (&layout.text, &layout.rodata, &layout.data);
    let length = |part: &crate::layout::Part| part.bytes.len() as u64;
    let last_load = segments
        .iter()
        .rposition(|s| s.p_type(LE) == PT_LOAD)
        .map_or(0, |i| i + 1);
    let memory = layout.noptr_bss[1] - data.address;
    let new = [
        load(
            PF_R | PF_X,
            offsets.text,
            text.address,
            length(text),
            length(text),
        ),
        load(
            PF_R,
            offsets.rodata,
            rodata.address,
            length(rodata),
            length(rodata),
        ),
        load(
            PF_R | PF_W,
            offsets.data,
            data.address,
            length(data),
            memory,
        ),
    ];
    segments.splice(last_load..last_load, new);
    let count = segments.len();
    let bytes_needed = (count * size_of::<Segment>()) as u64;
    if bytes_needed > HEADERS_BYTES {
        return Err(LinkError::BadImage("it has too many segments".into()));
    }
    for segment in &mut segments {
        if segment.p_type(LE) == PT_PHDR {
            segment.p_offset = U64::new(LE, offsets.rodata);
            segment.p_vaddr = U64::new(LE, rodata.address);
            segment.p_paddr = U64::new(LE, rodata.address);
            segment.p_filesz = U64::new(LE, bytes_needed);
            segment.p_memsz = U64::new(LE, bytes_needed);
        }
    }
    let mut at = offsets.rodata as usize;
    for segment in &segments {
        let bytes = pod_bytes(segment);
        out[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    }
    Ok(count as u16)
}

struct SectionTable {
    offset: u64,
    count: u16,
}

/// A string table being written.
struct Strings(Vec<u8>);

impl Strings {
    fn add(&mut self, text: &[u8]) -> u32 {
        let at = self.0.len() as u32;
        self.0.extend_from_slice(text);
        self.0.push(0);
        at
    }
}

/// Writes symbol table, string tables and section headers. The image's sections keep
/// their numbers; its symbol and string tables are replaced by ours at the end.
fn write_sections(
    program: &Program<'_>,
    image: &Image<'_>,
    layout: &Layout,
    offsets: &Offsets,
    out: &mut Vec<u8>,
) -> SectionTable {
    let mut names = Strings(vec![0]);
    let mut sections: Vec<Section> = Vec::new();
    for (name, section) in &image.sections {
        let mut section = **section;
        let kind = section.sh_type.get(LE);
        if kind == SHT_SYMTAB || (kind == SHT_STRTAB && section.sh_flags.get(LE) == 0) {
            // Emptied rather than removed, so that section numbers stay what they are.
            section.sh_type = U32::new(LE, object::elf::SHT_NULL);
            section.sh_size = U64::new(LE, 0);
        } else {
            section.sh_name = U32::new(LE, names.add(name));
        }
        sections.push(section);
    }
    let first_new = sections.len() as u16;
    let alloc = u64::from(SHF_ALLOC);
    let (text, rodata, data) = (&layout.text, &layout.rodata, &layout.data);
    let length = |part: &crate::layout::Part| part.bytes.len() as u64;
    for (name, flags, address, offset, size) in [
        (
            ".gotext",
            alloc | u64::from(SHF_EXECINSTR),
            text.address,
            offsets.text,
            length(text),
        ),
        (
            ".gorodata",
            alloc,
            rodata.address,
            offsets.rodata,
            length(rodata),
        ),
        (
            ".godata",
            alloc | u64::from(SHF_WRITE),
            data.address,
            offsets.data,
            length(data),
        ),
    ] {
        let name = names.add(name.as_bytes());
        sections.push(section(
            name,
            SHT_PROGBITS,
            flags,
            address,
            offset,
            size,
            16,
        ));
    }
    let bss_name = names.add(b".gobss");
    let bss_flags = alloc | u64::from(SHF_WRITE);
    let bss_bytes = layout.noptr_bss[1] - layout.bss[0];
    sections.push(section(
        bss_name,
        SHT_NOBITS,
        bss_flags,
        layout.bss[0],
        0,
        bss_bytes,
        64,
    ));

    sections.extend(build_info_section(program, layout, offsets, &mut names));
    let (symbols, locals, strings) = symbol_table(program, image, layout, first_new);
    let symtab_offset = append_page_aligned(out, &symbols);
    let strtab_offset = out.len() as u64;
    out.extend_from_slice(&strings.0);
    let strtab_index = sections.len() as u32 + 1;
    let (symtab_name, strtab_name) = (names.add(b".symtab"), names.add(b".strtab"));
    let mut symtab = section(
        symtab_name,
        SHT_SYMTAB,
        0,
        0,
        symtab_offset,
        symbols.len() as u64,
        8,
    );
    symtab.sh_link = U32::new(LE, strtab_index);
    symtab.sh_info = U32::new(LE, locals);
    symtab.sh_entsize = U64::new(LE, size_of::<Sym64<LittleEndian>>() as u64);
    sections.push(symtab);
    let strtab_bytes = strings.0.len() as u64;
    sections.push(section(
        strtab_name,
        SHT_STRTAB,
        0,
        0,
        strtab_offset,
        strtab_bytes,
        1,
    ));

    let shstrtab_name = names.add(b".shstrtab");
    let names_offset = out.len() as u64;
    out.extend_from_slice(&names.0);
    let names_bytes = names.0.len() as u64;
    sections.push(section(
        shstrtab_name,
        SHT_STRTAB,
        0,
        0,
        names_offset,
        names_bytes,
        1,
    ));
    out.resize(out.len().next_multiple_of(8), 0);
    let table = SectionTable {
        offset: out.len() as u64,
        count: sections.len() as u16,
    };
    sections
        .iter()
        .for_each(|s| out.extend_from_slice(pod_bytes(s)));
    table
}

/// The section by which `debug/buildinfo` finds its data: a part of the read-only one.
fn build_info_section(
    program: &Program<'_>,
    layout: &Layout,
    offsets: &Offsets,
    names: &mut Strings,
) -> Option<Section> {
    let sym = program.module.symbols.find(BUILD_INFO.into())?;
    let data = program.module.data.iter().find(|d| d.sym == sym)?;
    let address = layout.address(sym)?;
    let offset = offsets.rodata + (address - layout.rodata.address);
    let (name, alloc) = (names.add(b".go.buildinfo"), u64::from(SHF_ALLOC));
    Some(section(
        name,
        SHT_PROGBITS,
        alloc,
        address,
        offset,
        data.size,
        16,
    ))
}

fn section(
    name: u32,
    kind: u32,
    flags: u64,
    address: u64,
    offset: u64,
    size: u64,
    align: u64,
) -> Section {
    Section {
        sh_name: U32::new(LE, name),
        sh_type: U32::new(LE, kind),
        sh_flags: U64::new(LE, flags),
        sh_addr: U64::new(LE, address),
        sh_offset: U64::new(LE, offset),
        sh_size: U64::new(LE, size),
        sh_link: U32::new(LE, 0),
        sh_info: U32::new(LE, 0),
        sh_addralign: U64::new(LE, align),
        sh_entsize: U64::new(LE, 0),
    }
}

/// The joined symbol table: bytes, index of the first global symbol, and names. Local
/// symbols come first, as ELF wants; the program's are all local.
fn symbol_table(
    program: &Program<'_>,
    image: &Image<'_>,
    layout: &Layout,
    first_new: u16,
) -> (Vec<u8>, u32, Strings) {
    let mut strings = Strings(vec![0]);
    let empty = Sym64::<LittleEndian> {
        st_name: U32::new(LE, 0),
        st_info: 0,
        st_other: 0,
        st_shndx: U16::new(LE, 0),
        st_value: U64::new(LE, 0),
        st_size: U64::new(LE, 0),
    };
    let mut locals = vec![empty];
    let mut globals = Vec::new();
    let kept = if program.strip { 0 } else { usize::MAX };
    for symbol in image.symbols.iter().take(kept) {
        let name = U32::new(LE, strings.add(symbol.name));
        debug_assert!(
            symbol.sym.st_shndx(LE) < first_new || symbol.sym.st_shndx(LE) >= SHN_LORESERVE
        );
        let sym = Sym64 {
            st_name: name,
            ..*symbol.sym
        };
        if sym.st_bind() == STB_LOCAL {
            locals.push(sym)
        } else {
            globals.push(sym)
        }
    }
    let mut add = |name: &str, kind: u8, section: u16, address: u64, size: u64| {
        locals.push(Sym64 {
            st_name: U32::new(LE, strings.add(name.as_bytes())),
            st_info: (STB_LOCAL << 4) | kind,
            st_other: 0,
            st_shndx: U16::new(LE, section),
            st_value: U64::new(LE, address),
            st_size: U64::new(LE, size),
        });
    };
    for &(index, address) in layout.functions.iter().take(kept) {
        let function = &program.functions[index];
        let name = program.module.symbols.name(function.sym);
        add(
            name.as_str(),
            STT_FUNC,
            first_new,
            address,
            function.code.len() as u64,
        );
    }
    for data in program.module.data.iter().take(kept) {
        let Some(address) = layout.address(data.sym) else {
            continue;
        };
        let section = match address {
            a if a < layout.data.address => first_new + 1,
            a if a < layout.bss[0] => first_new + 2,
            _ => first_new + 3,
        };
        let name = program.module.symbols.name(data.sym);
        add(name.as_str(), STT_OBJECT, section, address, data.size);
    }
    let first_global = locals.len() as u32;
    let all = locals.iter().chain(&globals);
    (
        all.flat_map(|s| pod_bytes(s).to_vec()).collect(),
        first_global,
        strings,
    )
}
