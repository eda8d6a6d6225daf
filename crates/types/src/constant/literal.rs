//! Values of literals.

use super::{Real, Value};
use goxide_syntax::ast::LitKind;
use goxide_syntax::literal::{rune_value, string_value};
use num_bigint::BigInt;
use num_traits::Zero;

impl Value {
    /// The value of a literal as written. `Unknown` if it is malformed or out of range.
    pub fn from_literal(kind: LitKind, text: &str) -> Value {
        match kind {
            LitKind::Int => int(text).map_or(Value::Unknown, Value::from),
            LitKind::Float => real(text).map_or(Value::Unknown, Value::from),
            LitKind::Imag => imaginary(text).unwrap_or_default(),
            LitKind::Rune => rune_value(text).map_or(Value::Unknown, |r| i64::from(r).into()),
            LitKind::String => {
                string_value(text).map_or(Value::Unknown, |s| Value::String(s.into()))
            }
        }
    }
}

fn digits(text: &str, radix: u32) -> Option<BigInt> {
    let plain: Vec<u8> = text.bytes().filter(|b| *b != b'_').collect();
    BigInt::parse_bytes(&plain, radix)
}

/// Prefix and radix of an integer literal.
fn split_prefix(text: &str) -> (u32, &str) {
    let lower = text.get(..2).map(str::to_ascii_lowercase);
    match lower.as_deref() {
        Some("0x") => (16, &text[2..]),
        Some("0o") => (8, &text[2..]),
        Some("0b") => (2, &text[2..]),
        _ if text.len() > 1 && text.starts_with('0') => (8, &text[1..]),
        _ => (10, text),
    }
}

fn int(text: &str) -> Option<BigInt> {
    let (radix, rest) = split_prefix(text);
    digits(rest, radix)
}

fn real(text: &str) -> Option<Real> {
    let hex = text.get(..2).is_some_and(|p| p.eq_ignore_ascii_case("0x"));
    let (radix, body, markers): (u32, &str, [char; 2]) = if hex {
        (16, &text[2..], ['p', 'P'])
    } else {
        (10, text, ['e', 'E'])
    };
    let (mantissa, exponent) = match body.find(markers) {
        Some(at) => (&body[..at], &body[at + 1..]),
        None => (body, "0"),
    };
    let exponent: i64 = match exponent.replace('_', "").parse() {
        Ok(e) => e,
        // More digits than an i64 holds: hopeless unless the mantissa is 0.
        Err(_) if mantissa.chars().all(|c| matches!(c, '0' | '.' | '_')) => 0,
        Err(_) => return None,
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let fraction = fraction.replace('_', "");
    let n = digits(&format!("{whole}{fraction}"), radix)?;
    if n.is_zero() {
        return Some(Real::from_int(&n));
    }
    let (base, step) = if hex { (2, 4) } else { (10, 1) };
    let exponent = exponent.checked_sub(fraction.len() as i64 * step)?;
    Real::from_scaled(&n, base, exponent)
}

fn imaginary(text: &str) -> Option<Value> {
    let number = text.strip_suffix('i')?;
    let prefixed = number.get(..2).is_some_and(|p| {
        ["0x", "0o", "0b"]
            .iter()
            .any(|known| p.eq_ignore_ascii_case(known))
    });
    let is_hex_float = prefixed && number.contains(['.', 'p', 'P']);
    let im: Value = if prefixed && !is_hex_float {
        int(number)?.into()
    } else if is_hex_float || number.contains(['.', 'e', 'E']) {
        real(number)?.into()
    } else {
        // `0123i` is decimal, for old times' sake.
        digits(number, 10)?.into()
    };
    Some(Value::complex(0.into(), im))
}
