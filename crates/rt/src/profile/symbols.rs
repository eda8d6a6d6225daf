//! Names of the runtime's own functions, from the symbol table of the executable file: what is
//! in no table of the program is Rust code or a stub. Read at the first question.

use crate::module::words;
use goxide_abi::FrameWords;
use std::sync::OnceLock;

/// A function: start, size, name.
struct Symbol {
    start: usize,
    size: usize,
    name: &'static str,
}

static SYMBOLS: OnceLock<Vec<Symbol>> = OnceLock::new();
/// What profiles show as the file of these functions.
const FILE: &str = "goxide/runtime";

fn at(pc: usize) -> Option<&'static Symbol> {
    let symbols = SYMBOLS.get_or_init(|| {
        let file = std::fs::read("/proc/self/exe").unwrap_or_default();
        let mut symbols = functions(&file).unwrap_or_default();
        symbols.sort_by_key(|s| s.start);
        symbols
    });
    let i = symbols.partition_point(|s| s.start <= pc).checked_sub(1)?;
    let symbol = &symbols[i];
    (pc < symbol.start + symbol.size).then_some(symbol)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_image_symbol(pc: usize, frame: *mut FrameWords) -> usize {
    let Some(symbol) = at(pc) else { return 0 };
    // SAFETY: Go passes a frame to fill.
    let frame = unsafe { &mut *frame };
    *frame = FrameWords {
        name: words(symbol.name),
        file: words(FILE),
        line: 1,
        entry: symbol.start,
        parent: usize::MAX,
        start_line: 1,
        flags: goxide_abi::FUNC_RUNTIME as usize,
    };
    1
}

/// The functions in an ELF file's symbol table (System V ABI, chapter 4).
fn functions(file: &[u8]) -> Option<Vec<Symbol>> {
    const SECTION_TABLE: usize = 40;
    const SECTION_COUNT: usize = 60;
    const SECTION_BYTES: usize = 64;
    const SYMBOL_TABLE: usize = 2;
    const SYMBOL_BYTES: usize = 24;
    const FUNCTION: u8 = 2;
    let sections = word(file, SECTION_TABLE)?;
    let count = usize::from(u16::from_le_bytes(
        file.get(SECTION_COUNT..)?.get(..2)?.try_into().ok()?,
    ));
    let section = |i: usize| {
        file.get(sections + i * SECTION_BYTES..)?
            .get(..SECTION_BYTES)
    };
    let table = (0..count)
        .filter_map(section)
        .find(|s| half(s, 4) == Some(SYMBOL_TABLE))?;
    let texts = section(half(table, 40)?)?;
    let texts = file.get(word(texts, 24)?..)?.get(..word(texts, 32)?)?;
    let symbols = file.get(word(table, 24)?..)?.get(..word(table, 32)?)?;
    let function = |s: &[u8]| {
        let (start, size) = (word(s, 8)?, word(s, 16)?);
        let name = texts.get(half(s, 0)?..)?;
        let name = &name[..name.iter().position(|&b| b == 0)?];
        let name = readable(std::str::from_utf8(name).ok()?);
        (s[4] & 15 == FUNCTION && size > 0).then(|| Symbol {
            start,
            size,
            name: name.leak(),
        })
    };
    Some(
        symbols
            .chunks_exact(SYMBOL_BYTES)
            .filter_map(function)
            .collect(),
    )
}

fn word(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 8)?.try_into().ok()?;
    Some(u64::from_le_bytes(bytes) as usize)
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes) as usize)
}

/// A Rust symbol as a path, near enough: the names in it, without hashes, traits and type
/// arguments; other symbols as they are.
fn readable(symbol: &str) -> String {
    let names = if let Some(path) = symbol.strip_prefix("_ZN") {
        old_names(path)
    } else if let Some(path) = symbol.strip_prefix("_R") {
        new_names(path)
    } else {
        return symbol.to_owned();
    };
    if names.is_empty() {
        return symbol.to_owned();
    }
    names.join("::")
}

/// The names of the old mangling: lengths and texts up to an E, the last text a hash. A text
/// may be an escaped `<T as Trait>` or `<impl T>`.
fn old_names(mut rest: &str) -> Vec<String> {
    let mut names = Vec::new();
    while let Some((name, behind)) = text_by_length(rest, false) {
        rest = behind;
        let name = name.replace("$u20$", " ").replace("..", "::");
        let name = name.replace("$u7b$", "{").replace("$u7d$", "}");
        let name = match name.split_once("$LT$") {
            Some(("_", inner)) if inner.starts_with("impl ") => continue,
            Some(("_", inner)) => inner.split(" as ").next().unwrap_or("").to_owned(),
            Some((outer, _)) => outer.to_owned(),
            None => name.trim_start_matches('_').to_owned(),
        };
        names.push(name);
    }
    if names
        .last()
        .is_some_and(|n| n.len() == 17 && n.starts_with('h'))
    {
        names.pop();
    }
    names
}

/// The names of the new mangling (RFC 2603), which has tags and hashes in between.
fn new_names(mut rest: &str) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(tag) = rest.chars().next() {
        if let Some((name, behind)) = text_by_length(rest, true) {
            names.push(name.to_owned());
            rest = behind;
            continue;
        }
        // A hash or a reference back ends with _.
        let end = matches!(tag, 's' | 'B').then(|| rest.find('_')).flatten();
        rest = &rest[end.unwrap_or(0) + tag.len_utf8().max(1)..];
    }
    names
}

/// A text that follows its length, if there is one; `separated` if a `_` may stand between.
fn text_by_length(rest: &str, separated: bool) -> Option<(&str, &str)> {
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length: usize = rest[..digits].parse().ok()?;
    let text = &rest[digits..];
    let text = text.strip_prefix('_').filter(|_| separated).unwrap_or(text);
    Some((text.get(..length)?, text.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_names_become_paths() {
        let name = "_ZN9goxide_rt5table14Table$LT$T$GT$5count17h60a1b0f4a6d5ebb1E";
        assert_eq!(readable(name), "goxide_rt::table::Table::count");
        let name = "_ZN2ab2cd26_$LT$impl$u20$ab..Heap$GT$5alloc17h60a1b0f4a6d5ebb1E.70";
        assert_eq!(readable(name), "ab::cd::alloc");
        let name = "_ZN35_$LT$ab..X$u20$as$u20$ab..Clone$GT$5clone17h60a1b0f4a6d5ebb1E";
        assert_eq!(readable(name), "ab::X::clone");
        let name = "_RNvMs4_NtCsgY6Mt91CT9J_14rustc_demangle2v07Printer10print_type";
        assert_eq!(readable(name), "rustc_demangle::v0::Printer::print_type");
        assert_eq!(readable("runtime.mallocgc"), "runtime.mallocgc");
    }

    #[test]
    fn this_executable_has_functions() {
        let file = std::fs::read("/proc/self/exe").unwrap();
        let functions = functions(&file).unwrap();
        assert!(
            functions
                .iter()
                .any(|f| f.name.contains("this_executable_has_functions"))
        );
        assert!(super::functions(&file[..100]).is_none());
        assert!(super::functions(b"").is_none());
    }
}
