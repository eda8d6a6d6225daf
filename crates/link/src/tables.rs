//! Writes the module header and the tables it points to: functions, lines, locations,
//! strings, sites, type links, itabs.

use crate::{LinkError, Program, layout::Layout, relocate};
use goxide_abi::{
    EntryPoint, FUNC_NO_PARAMS, FUNC_RUNTIME, FUNC_WRAPPER, FuncEntry, LineEntry, Location,
    MODULE_MAGIC, ModuleHeader, Site,
};
use goxide_base::{FxHashMap, IndexVec, Pos, SourceMap, Symbol};
use goxide_clif::CompiledFunction;
use goxide_ir::{Loc, LocData};
use std::mem::offset_of;

/// Marks the absence of a parent location or a site.
const NONE: u32 = u32::MAX;

/// Writes all tables to the read-only segment, then places writable data behind it.
pub fn write(program: &Program<'_>, layout: &mut Layout) -> Result<(), LinkError> {
    let mut tables = Tables::new(program.sources);
    for &(index, address) in &layout.functions {
        tables.add_function(&program.functions[index], address);
    }
    tables.add_sentinel(layout.text.end());
    tables.add_sites(program);

    let header = layout.module_header;
    let field = |offset: usize| header + offset as u64;
    let functions = put(layout, &tables.functions);
    let lines = put(layout, &tables.lines);
    let locations = put(layout, &tables.locations);
    let sites = put(layout, &tables.sites);
    let typelinks = put(layout, &addresses(layout, &program.module.typelinks));
    let itabs = put(layout, &addresses(layout, &program.module.itabs));
    let strings_at = layout.rodata.append(&tables.strings.bytes, 1);
    let strings = [strings_at, tables.strings.bytes.len() as u64];
    let build_info_at = layout.rodata.append(program.build_info.as_bytes(), 1);
    let build_info = [build_info_at, program.build_info.len() as u64];
    layout.place_writable(program)?;

    let text = [layout.text.address, layout.text.end()];
    let rodata = [layout.rodata.address, layout.rodata.end()];
    let data = [layout.data.address, layout.noptr_data];
    let noptr = [layout.noptr_data, layout.data.end()];
    for (offset, pair) in [
        (offset_of!(ModuleHeader, text), text),
        (offset_of!(ModuleHeader, rodata), rodata),
        (offset_of!(ModuleHeader, data), data),
        (offset_of!(ModuleHeader, bss), layout.bss),
        (offset_of!(ModuleHeader, noptr), noptr),
        (offset_of!(ModuleHeader, noptr_bss), layout.noptr_bss),
        (offset_of!(ModuleHeader, functions), functions),
        (offset_of!(ModuleHeader, lines), lines),
        (offset_of!(ModuleHeader, locations), locations),
        (offset_of!(ModuleHeader, strings), strings),
        (offset_of!(ModuleHeader, typelinks), typelinks),
        (offset_of!(ModuleHeader, itabs), itabs),
        (offset_of!(ModuleHeader, sites), sites),
        (offset_of!(ModuleHeader, build_info), build_info),
    ] {
        layout.rodata.patch(field(offset), &pair[0].to_le_bytes());
        layout
            .rodata
            .patch(field(offset + 8), &pair[1].to_le_bytes());
    }
    layout.rodata.patch(
        field(offset_of!(ModuleHeader, magic)),
        &MODULE_MAGIC.to_le_bytes(),
    );
    for (i, name) in EntryPoint::SYMBOLS.iter().enumerate() {
        let sym = program.module.symbols.find(Symbol::intern(name));
        let address = sym.and_then(|s| layout.address(s)).unwrap_or(0);
        let at = field(offset_of!(ModuleHeader, entry_points) + 8 * i);
        layout.rodata.patch(at, &address.to_le_bytes());
    }
    relocate::check_entry_points(program, layout)
}

/// Appends an array of table entries; gives its address and length.
fn put<T: TableEntry>(layout: &mut Layout, entries: &[T]) -> [u64; 2] {
    let mut bytes = Vec::with_capacity(entries.len() * T::BYTES);
    entries.iter().for_each(|entry| entry.write(&mut bytes));
    debug_assert_eq!(bytes.len(), entries.len() * T::BYTES);
    [layout.rodata.append(&bytes, 8), entries.len() as u64]
}

fn addresses(layout: &Layout, symbols: &[goxide_ir::SymId]) -> Vec<u64> {
    symbols.iter().filter_map(|s| layout.address(*s)).collect()
}

/// Something that is written field by field as its `repr(C)` layout in `abi` has it.
trait TableEntry {
    const BYTES: usize;
    fn write(&self, out: &mut Vec<u8>);
}

fn words(out: &mut Vec<u8>, words: &[u32]) {
    words
        .iter()
        .for_each(|w| out.extend_from_slice(&w.to_le_bytes()));
}

impl TableEntry for u64 {
    const BYTES: usize = 8;
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl TableEntry for FuncEntry {
    const BYTES: usize = size_of::<FuncEntry>();
    fn write(&self, out: &mut Vec<u8>) {
        (self.start as u64).write(out);
        words(out, &[self.body, self.size, self.name[0], self.name[1]]);
        words(out, &[self.file[0], self.file[1], self.line, self.flags]);
        words(out, &self.lines);
    }
}

impl TableEntry for LineEntry {
    const BYTES: usize = size_of::<LineEntry>();
    fn write(&self, out: &mut Vec<u8>) {
        words(out, &[self.pc, self.location]);
    }
}

impl TableEntry for Location {
    const BYTES: usize = size_of::<Location>();
    fn write(&self, out: &mut Vec<u8>) {
        words(out, &[self.file[0], self.file[1], self.line, self.parent]);
        words(
            out,
            &[
                self.function[0],
                self.function[1],
                self.function_line,
                self.site,
            ],
        );
    }
}

impl TableEntry for Site {
    const BYTES: usize = size_of::<Site>();
    fn write(&self, out: &mut Vec<u8>) {
        words(out, &[self.kind, self.line, self.file[0], self.file[1]]);
        words(out, &self.function);
    }
}

/// Strings, each stored once.
#[derive(Default)]
struct Strings {
    bytes: Vec<u8>,
    known: FxHashMap<Box<str>, [u32; 2]>,
    /// The same for names that are asked for again and again.
    names: FxHashMap<Symbol, [u32; 2]>,
}

impl Strings {
    fn get(&mut self, text: &str) -> [u32; 2] {
        if let Some(&place) = self.known.get(text) {
            return place;
        }
        let place = [self.bytes.len() as u32, text.len() as u32];
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.into(), place);
        place
    }

    fn name(&mut self, name: Symbol) -> [u32; 2] {
        if let Some(&place) = self.names.get(&name) {
            return place;
        }
        let place = self.get(name.as_str());
        self.names.insert(name, place);
        place
    }
}

struct Tables<'a> {
    sources: &'a SourceMap,
    functions: Vec<FuncEntry>,
    lines: Vec<LineEntry>,
    locations: Vec<Location>,
    known_locations: FxHashMap<Location, u32>,
    known_places: FxHashMap<Pos, ([u32; 2], u32)>,
    sites: Vec<Site>,
    strings: Strings,
}

impl<'a> Tables<'a> {
    fn new(sources: &'a SourceMap) -> Tables<'a> {
        Tables {
            sources,
            functions: Vec::new(),
            lines: Vec::new(),
            locations: Vec::new(),
            known_locations: FxHashMap::default(),
            known_places: FxHashMap::default(),
            sites: Vec::new(),
            strings: Strings::default(),
        }
    }

    /// File (as a string) and line of a position.
    fn place(&mut self, pos: Pos) -> ([u32; 2], u32) {
        if let Some(&known) = self.known_places.get(&pos) {
            return known;
        }
        let place = self.new_place(pos);
        self.known_places.insert(pos, place);
        place
    }

    fn new_place(&mut self, pos: Pos) -> ([u32; 2], u32) {
        match self.sources.shown(pos) {
            // A `//line` directive may leave the file out.
            Some(at) if at.file.is_empty() => (self.strings.get("??"), at.line),
            Some(at) => (self.strings.get(&at.file), at.line),
            None => (self.strings.get("<autogenerated>"), 1),
        }
    }

    fn add_function(&mut self, function: &CompiledFunction, address: u64) {
        let (file, line) = self.place(function.pos);
        let first = self.lines.len() as u32;
        let mut known: IndexVec<Loc, u32> = IndexVec::filled(NONE, function.locs.len());
        let mut last = None;
        for row in &function.lines {
            let location = self.location(&function.locs, row.loc, &mut known);
            if last != Some(location) {
                self.lines.push(LineEntry {
                    pc: row.offset,
                    location,
                });
                last = Some(location);
            }
        }
        let name = function.name.as_str();
        let mut flags = 0;
        if function.flags.wrapper {
            flags |= FUNC_WRAPPER;
        }
        if function.flags.no_params {
            flags |= FUNC_NO_PARAMS;
        }
        if name.starts_with("runtime.") {
            flags |= FUNC_RUNTIME;
        }
        let name = self.strings.get(name);
        self.functions.push(FuncEntry {
            start: address as usize,
            body: function.body_offset,
            size: function.code.len() as u32,
            name,
            file,
            line,
            flags,
            lines: [first, self.lines.len() as u32 - first],
        });
    }

    fn add_sentinel(&mut self, end: u64) {
        self.functions.push(FuncEntry {
            start: end as usize,
            body: 0,
            size: 0,
            name: [0, 0],
            file: [0, 0],
            line: 0,
            flags: FUNC_WRAPPER,
            lines: [self.lines.len() as u32, 0],
        });
    }

    /// Index of a location, added with the chain of calls it was inlined through.
    fn location(
        &mut self,
        locs: &IndexVec<Loc, LocData>,
        loc: Loc,
        known: &mut IndexVec<Loc, u32>,
    ) -> u32 {
        if known[loc] != NONE {
            return known[loc];
        }
        let data = locs[loc];
        let parent = data
            .parent
            .map_or(NONE, |parent| self.location(locs, parent, known));
        let (file, line) = self.place(data.pos);
        let function_line = self.place(data.function_pos).1;
        let function = self.strings.name(data.function);
        let site = data.site.map_or(NONE, |s| s.0);
        let location = Location {
            file,
            line,
            parent,
            function,
            function_line,
            site,
        };
        let next = self.locations.len() as u32;
        let index = *self.known_locations.entry(location).or_insert(next);
        if index == next {
            self.locations.push(location);
        }
        known[loc] = index;
        index
    }

    fn add_sites(&mut self, program: &Program<'_>) {
        for site in &program.module.sites {
            let (file, line) = self.place(site.pos);
            let function = self.strings.name(site.function);
            self.sites.push(Site {
                kind: site.kind as u32,
                line,
                file,
                function,
            });
        }
    }
}
