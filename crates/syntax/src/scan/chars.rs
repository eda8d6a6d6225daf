//! Classes of characters, and characters as error messages show them.

use super::tables::{DIGITS, LETTERS, PRINTABLE};

/// Whether `c` may begin an identifier.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && contains(LETTERS, c))
}

/// Whether `c` is a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || (!c.is_ascii() && contains(DIGITS, c))
}

fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~') || (!c.is_ascii() && contains(PRINTABLE, c))
}

fn contains(ranges: &[(u32, u32)], c: char) -> bool {
    let c = c as u32;
    let after = ranges.partition_point(|&(first, _)| first <= c);
    after > 0 && c <= ranges[after - 1].1
}

/// `U+0040 '@'`; without the character if it can't be seen.
pub(super) fn with_code_point(c: char) -> String {
    let code = c as u32;
    if is_printable(c) {
        format!("U+{code:04X} '{c}'")
    } else {
        format!("U+{code:04X}")
    }
}

/// The character as a rune literal.
pub(super) fn quoted(c: char) -> String {
    format!("'{}'", escaped(c, '\''))
}

/// The text as a Go string literal.
pub(crate) fn go_quoted(text: &str) -> String {
    let inner: String = text.chars().map(|c| escaped(c, '"')).collect();
    format!("\"{inner}\"")
}

fn escaped(c: char, quote: char) -> String {
    match c {
        '\\' => r"\\".into(),
        '\x07' => r"\a".into(),
        '\x08' => r"\b".into(),
        '\x0c' => r"\f".into(),
        '\n' => r"\n".into(),
        '\r' => r"\r".into(),
        '\t' => r"\t".into(),
        '\x0b' => r"\v".into(),
        c if c == quote => format!("\\{c}"),
        c if is_printable(c) => c.into(),
        c if (c as u32) < 0x80 => format!("\\x{:02x}", c as u32),
        c if (c as u32) < 0x10000 => format!("\\u{:04x}", c as u32),
        c => format!("\\U{:08x}", c as u32),
    }
}
