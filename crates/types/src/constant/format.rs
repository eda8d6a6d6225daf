//! How messages show constants.

use super::{Real, Value};
use std::fmt;

/// Strings longer than this are cut.
const MAX_STRING_CHARS: usize = 72;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => f.write_str("unknown"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::String(s) => f.write_str(&shortened(&quote(&s.head(4 * MAX_STRING_CHARS)))),
            Value::Int(n) => write!(f, "{n}"),
            Value::Float(r) => f.write_str(&real(r)),
            Value::Complex(c) => write!(f, "({} + {}i)", c.0, c.1),
        }
    }
}

fn shortened(quoted: &str) -> String {
    if quoted.chars().count() <= MAX_STRING_CHARS {
        return quoted.into();
    }
    let head: String = quoted.chars().take(MAX_STRING_CHARS - 3).collect();
    head + "..."
}

/// The bytes as a Go string literal in double quotes.
pub(crate) fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\u{c}' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\u{b}' => out.push_str("\\v"),
                c if c < ' ' || c == '\u{7f}' => out.push_str(&format!("\\x{:02x}", c as u32)),
                c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

fn real(r: &Real) -> String {
    if let Some(n) = r.to_integer().filter(|n| n.bits() < 70) {
        return general(n.to_string().parse().unwrap_or(f64::INFINITY));
    }
    let x = r.to_f64();
    if r.is_zero() || (x != 0.0 && x.is_finite()) {
        let short = general(x);
        // What is no integer must not look like one.
        return if short.contains('.') || r.to_integer().is_some() {
            short
        } else {
            shortest(x)
        };
    }
    // Outside the range of f64: mantissa and decimal exponent from the logarithm.
    let log = r.to_big_float().log10();
    let exponent = log.floor();
    let mantissa = 10f64.powf(log - exponent) * f64::from(r.sign());
    format!("{}e{:+}", general(mantissa), exponent as i64)
}

/// As C's `%.6g`.
/// As many digits as it takes to tell the number from its neighbours, in C's `%g` form.
fn shortest(x: f64) -> String {
    let scientific = format!("{x:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..21).contains(&exponent) {
        return format!("{x}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

fn general(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let scientific = format!("{x:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |s: &str| -> String {
        if s.contains('.') {
            s.trim_end_matches('0').trim_end_matches('.').into()
        } else {
            s.into()
        }
    };
    if (-4..6).contains(&exponent) {
        trim(&format!("{x:.*}", (5 - exponent) as usize))
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
    }
}
