//! The compiled program beside the runtime: its header, found through [`GOXIDE_MODULE`],
//! and questions about addresses in its code.

use goxide_abi::{
    EntryPoint, FrameWords, FuncEntry, LineEntry, Location, MODULE_MAGIC, ModuleHeader,
};
use std::ptr;

/// Address of the program's [`ModuleHeader`], patched in the executable file by `link`;
/// 0 in the bare image.
#[unsafe(no_mangle)]
#[used]
#[unsafe(link_section = ".data")]
pub static mut GOXIDE_MODULE: u64 = 0;

/// The program's header, if there is a program.
#[inline]
pub fn header() -> Option<&'static ModuleHeader> {
    // SAFETY: only the linker writes the word; volatile, since it does so behind rustc.
    let address = unsafe { ptr::read_volatile(&raw const GOXIDE_MODULE) };
    if address == 0 {
        return None;
    }
    // SAFETY: the linker placed a header there, which lives as long as the process.
    let header = unsafe { &*(address as *const ModuleHeader) };
    (header.magic == MODULE_MAGIC).then_some(header)
}

/// A table of the header as a slice.
fn table<T>(range: [usize; 2]) -> &'static [T] {
    if range[1] == 0 {
        return &[];
    }
    // SAFETY: the header's tables are (address, length) of read-only data.
    unsafe { std::slice::from_raw_parts(range[0] as *const T, range[1]) }
}

/// Text in the string table.
pub fn text(range: [u32; 2]) -> &'static str {
    let Some(header) = header() else { return "" };
    let strings: &[u8] = table(header.strings);
    let bytes = strings
        .get(range[0] as usize..(range[0] + range[1]) as usize)
        .unwrap_or(&[]);
    std::str::from_utf8(bytes).unwrap_or("?")
}

/// The function that contains `pc`.
pub fn function_at(pc: usize) -> Option<&'static FuncEntry> {
    let header = header()?;
    if !(header.text[0]..header.text[1]).contains(&pc) {
        return None;
    }
    let functions: &[FuncEntry] = table(header.functions);
    let i = functions
        .partition_point(|f| f.start <= pc)
        .checked_sub(1)?;
    let f = &functions[i];
    (pc < f.start + f.size as usize).then_some(f)
}

/// Whether `pc` is behind the prefix of a function: a safe point.
pub fn is_go_body(pc: usize) -> bool {
    function_at(pc).is_some_and(|f| pc >= f.start + f.body as usize)
}

/// The innermost source place of an instruction.
pub fn location_at(f: &FuncEntry, pc: usize) -> Option<(u32, &'static Location)> {
    let header = header()?;
    let lines: &[LineEntry] = table(header.lines);
    let lines = lines.get(f.lines[0] as usize..(f.lines[0] + f.lines[1]) as usize)?;
    let offset = (pc - f.start) as u32;
    let i = lines.partition_point(|l| l.pc <= offset).checked_sub(1)?;
    let index = lines[i].location;
    location(index).map(|l| (index, l))
}

/// A place by its index.
pub fn location(index: u32) -> Option<&'static Location> {
    let locations: &[Location] = table(header()?.locations);
    locations.get(index as usize)
}

/// A func value that calls an entry point: its first word is the code's address.
pub fn entry_closure(which: EntryPoint) -> usize {
    match header() {
        Some(h) if h.entry_points[which as usize] != 0 => {
            (&raw const h.entry_points[which as usize]) as usize
        }
        _ => crate::fatal::throw_text(&format!(
            "the program has no function {}",
            EntryPoint::SYMBOLS[which as usize]
        )),
    }
}

/// Address of an entry point, 0 if the program has none.
pub fn entry_address(which: EntryPoint) -> usize {
    header().map_or(0, |h| h.entry_points[which as usize])
}

#[unsafe(no_mangle)]
extern "C" fn goxide_module_header() -> usize {
    header().map_or(0, |h| h as *const ModuleHeader as usize)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_func_info(pc: usize, frame: *mut FrameWords) -> usize {
    // SAFETY: Go passes a frame to fill.
    let frame = unsafe { &mut *frame };
    let Some(f) = function_at(pc) else { return 0 };
    frame.entry = f.start;
    frame.flags = f.flags as usize;
    match location_at(f, pc).map(|(_, place)| place) {
        Some(place) => fill(frame, place),
        None => {
            frame.name = words(text(f.name));
            frame.file = words(text(f.file));
            frame.line = f.line as usize;
            frame.start_line = f.line as usize;
            frame.parent = usize::MAX;
        }
    }
    1
}

fn fill(frame: &mut FrameWords, place: &Location) {
    frame.name = words(text(place.function));
    frame.file = words(text(place.file));
    frame.line = place.line as usize;
    frame.start_line = place.function_line as usize;
    frame.parent = if place.parent == u32::MAX {
        usize::MAX
    } else {
        place.parent as usize
    };
}

/// A text as the Go half sees it.
pub fn words(s: &'static str) -> [usize; 2] {
    [s.as_ptr() as usize, s.len()]
}
