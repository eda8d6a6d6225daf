//! A goroutine's labels (`runtime/pprof.Do`) behind its state in a dump.

use crate::sched::g::G;
use std::fmt::Write;

/// Index in `GContext::locals` of the address of a `label.Set`.
const LOCAL: usize = 0;
/// More are not believed: the goroutine may be changing them.
const MOST: usize = 1000;

/// What a `label.Set` begins with: a slice of labels.
#[repr(C)]
struct Set {
    list: *const Label,
    len: usize,
}

/// Two strings.
#[repr(C)]
struct Label {
    key: (*const u8, usize),
    value: (*const u8, usize),
}

/// ` {key: value, key: value}`, nothing if there are none.
///
/// # Safety
/// The goroutine is stopped, or the process about to end.
pub unsafe fn write(out: &mut String, g: *const G) {
    // SAFETY: see above; the set is alive while the goroutine has it, and never changed.
    let labels = unsafe {
        let Some(set) = ((*g).context.locals[LOCAL] as *const Set).as_ref() else {
            return;
        };
        if set.len == 0 || set.len > MOST {
            return;
        }
        std::slice::from_raw_parts(set.list, set.len)
    };
    let mut before = " {";
    for label in labels {
        out.push_str(before);
        // SAFETY: strings of Go's.
        unsafe {
            text(out, label.key);
            out.push_str(": ");
            text(out, label.value);
        }
        before = ", ";
    }
    out.push('}');
}

/// A string, in quotes unless it is of letters, digits and `._/`.
unsafe fn text(out: &mut String, (bytes, len): (*const u8, usize)) {
    let bytes = if len == 0 {
        &[]
    } else {
        // SAFETY: see `write`.
        unsafe { std::slice::from_raw_parts(bytes, len) }
    };
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"._/".contains(b);
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().all(plain) => out.push_str(text),
        _ => quoted(out, bytes),
    }
}

/// As Go's runtime quotes: printable ASCII as it is, else escapes.
fn quoted(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let _ = match c {
                '\n' => write!(out, "\\n"),
                '\r' => write!(out, "\\r"),
                '\t' => write!(out, "\\t"),
                '"' | '\\' => write!(out, "\\{c}"),
                ' '..='~' => write!(out, "{c}"),
                ..' ' => write!(out, "\\x{:02x}", c as u32),
                ..'\u{10000}' => write!(out, "\\u{:04x}", c as u32),
                _ => write!(out, "\\U{:08x}", c as u32),
            };
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_escape_what_is_not_printable() {
        let shown = |bytes: &[u8]| {
            let mut out = String::new();
            quoted(&mut out, bytes);
            out
        };
        assert_eq!(
            shown("a \"b\"\n\u{1}é😀".as_bytes()),
            r#""a \"b\"\n\x01\u00e9\U0001f600""#
        );
        assert_eq!(shown(b"\x7f \xff\xc3"), r#""\u007f \xff\xc3""#);
    }
}
