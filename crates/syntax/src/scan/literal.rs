//! Numbers, runes and strings.

use super::Scanner;
use super::chars::quoted;
use crate::ast::LitKind;
use crate::token::Tok;

/// What a run of digits held.
#[derive(Clone, Copy, Default)]
struct Digits {
    any: bool,
    separators: bool,
}

impl Digits {
    fn add(&mut self, other: Digits) {
        self.any |= other.any;
        self.separators |= other.separators;
    }
}

/// The letter of a base's prefix and the base; decimal and old-style octal have none.
#[derive(Clone, Copy, PartialEq)]
enum Prefix {
    None,
    Zero,
    Letter(u8),
}

impl Scanner<'_> {
    fn literal(&mut self, kind: LitKind, ok: bool) -> Tok {
        self.lit = &self.text[self.start..self.at];
        self.kind = kind;
        self.bad = !ok;
        Tok::Literal
    }

    /// Reports an error where the scanner stands, unless one was reported already.
    fn check(&mut self, ok: &mut bool, good: bool, msg: impl FnOnce(&Self) -> String) {
        if *ok && !good {
            let msg = msg(self);
            self.error_at(self.at, msg);
            *ok = false;
        }
    }

    /// Reads a number, from its first digit or (`fraction`) after its leading dot.
    pub(super) fn number(&mut self, fraction: bool) -> Tok {
        let mut ok = true;
        let mut kind = LitKind::Int;
        let mut digits = Digits::default();
        let mut invalid = None;
        let (base, prefix) = if fraction {
            (10, Prefix::None)
        } else {
            self.base_prefix()
        };
        let mut point = fraction;
        if !fraction {
            digits.any = prefix == Prefix::Zero;
            digits.add(self.digits(base, &mut invalid));
            if self.peek() == b'.' {
                self.check(
                    &mut ok,
                    !matches!(prefix, Prefix::Letter(b'o' | b'b')),
                    |_| format!("invalid radix point in {} literal", base_name(base)),
                );
                self.at += 1;
                point = true;
            }
        }
        if point {
            kind = LitKind::Float;
            digits.add(self.digits(base, &mut invalid));
        }
        self.check(&mut ok, digits.any, |_| {
            format!("{} literal has no digits", base_name(base))
        });
        if matches!(self.peek() | 0x20, b'e' | b'p') {
            kind = LitKind::Float;
            self.exponent(prefix, &mut digits, &mut ok);
        } else if prefix == Prefix::Letter(b'x') && point {
            self.check(&mut ok, false, |_| {
                "hexadecimal mantissa requires a 'p' exponent".into()
            });
        }
        if self.eat(b'i') {
            kind = LitKind::Imag;
        }
        self.literal(kind, ok);
        if let (LitKind::Int, Some(at), true) = (kind, invalid, ok) {
            let digit = quoted(self.text.as_bytes()[at].into());
            self.error_at(
                at,
                format!("invalid digit {digit} in {} literal", base_name(base)),
            );
            ok = false;
        }
        if let (true, true, Some(i)) = (digits.separators, ok, misplaced_separator(self.lit)) {
            self.error_at(self.start + i, "'_' must separate successive digits");
            ok = false;
        }
        self.bad = !ok;
        Tok::Literal
    }

    fn base_prefix(&mut self) -> (u32, Prefix) {
        if !self.eat(b'0') {
            return (10, Prefix::None);
        }
        let letter = self.peek() | 0x20;
        let base = match letter {
            b'x' => 16,
            b'o' => 8,
            b'b' => 2,
            _ => return (8, Prefix::Zero),
        };
        self.at += 1;
        (base, Prefix::Letter(letter))
    }

    fn exponent(&mut self, prefix: Prefix, digits: &mut Digits, ok: &mut bool) {
        let letter = self.peek();
        let (good, mantissa) = match letter | 0x20 {
            b'e' => (!matches!(prefix, Prefix::Letter(_)), "decimal"),
            _ => (prefix == Prefix::Letter(b'x'), "hexadecimal"),
        };
        self.check(ok, good, |_| {
            format!(
                "{} exponent requires {mantissa} mantissa",
                quoted(letter.into())
            )
        });
        self.at += 1;
        if matches!(self.peek(), b'+' | b'-') {
            self.at += 1;
        }
        let exponent = self.digits(10, &mut None);
        digits.add(exponent);
        self.check(ok, exponent.any, |_| "exponent has no digits".into());
    }

    /// Skips digits and `_`. For bases up to 10 all decimal digits are accepted; the offset
    /// of the first that is too large is left in `invalid`.
    fn digits(&mut self, base: u32, invalid: &mut Option<usize>) -> Digits {
        let mut found = Digits::default();
        loop {
            match self.peek() {
                b'_' => found.separators = true,
                digit @ b'0'..=b'9' => {
                    found.any = true;
                    if u32::from(digit - b'0') >= base && invalid.is_none() {
                        *invalid = Some(self.at);
                    }
                }
                b'a'..=b'f' | b'A'..=b'F' if base == 16 => found.any = true,
                _ => return found,
            }
            self.at += 1;
        }
    }

    /// Reads a rune literal after its opening quote.
    pub(super) fn rune(&mut self) -> Tok {
        let mut ok = true;
        let mut count = 0;
        loop {
            match self.peek_char() {
                Some('\'') => {
                    if ok && count == 0 {
                        self.error_at(self.at, "empty rune literal or unescaped '");
                        ok = false;
                    } else if ok && count != 1 {
                        self.error_at(self.start, "more than one character in rune literal");
                        ok = false;
                    }
                    self.at += 1;
                    break;
                }
                Some('\\') => {
                    self.at += 1;
                    ok &= self.escape(b'\'');
                }
                Some('\n') => {
                    self.check(&mut ok, false, |_| "newline in rune literal".into());
                    break;
                }
                None => {
                    if ok {
                        self.error_at(self.start, "rune literal not terminated");
                    }
                    ok = false;
                    break;
                }
                Some(c) => self.at += c.len_utf8(),
            }
            count += 1;
        }
        self.literal(LitKind::Rune, ok)
    }

    /// Reads a string after its opening quote.
    pub(super) fn string(&mut self) -> Tok {
        let mut ok = true;
        loop {
            let rest = &self.text.as_bytes()[self.at..];
            self.at += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
            match self.peek() {
                b'"' => {
                    self.at += 1;
                    break;
                }
                b'\\' => {
                    self.at += 1;
                    ok &= self.escape(b'"');
                }
                b'\n' => {
                    self.error_at(self.at, "newline in string");
                    ok = false;
                    break;
                }
                _ => {
                    self.error_at(self.start, "string not terminated");
                    ok = false;
                    break;
                }
            }
        }
        self.literal(LitKind::String, ok)
    }

    /// Reads a raw string after its opening quote.
    pub(super) fn raw_string(&mut self) -> Tok {
        let rest = &self.text.as_bytes()[self.at..];
        let end = memchr::memchr(b'`', rest);
        self.at += end.map_or(rest.len(), |n| n + 1);
        if end.is_none() {
            self.error_at(self.start, "string not terminated");
        }
        self.literal(LitKind::String, end.is_some())
    }

    /// Reads an escape after its backslash; `false` if it is malformed, which is reported.
    fn escape(&mut self, quote: u8) -> bool {
        let byte = self.peek();
        let (count, base, max) = match byte {
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' => (0, 0, 0),
            _ if byte == quote => (0, 0, 0),
            b'0'..=b'7' => (3, 8, 255),
            b'x' => (2, 16, 255),
            b'u' => (4, 16, char::MAX as u32),
            b'U' => (8, 16, char::MAX as u32),
            // The end of the file is reported by the caller.
            0 => return true,
            _ => {
                self.error_at(self.at, "unknown escape");
                return false;
            }
        };
        if base != 8 {
            self.at += 1;
        }
        let mut value = 0u32;
        for _ in 0..count {
            let Some(c) = self.peek_char() else {
                return true;
            };
            let Some(digit) = c.to_digit(base) else {
                let msg = format!(
                    "invalid character {} in {} escape",
                    quoted(c),
                    base_name(base)
                );
                self.error_at(self.at, msg);
                return false;
            };
            value = value.wrapping_mul(base) + digit;
            self.at += 1;
        }
        if value > max && base == 8 {
            self.error_at(self.at, format!("octal escape value {value} > 255"));
            return false;
        }
        if value > max || (0xd800..0xe000).contains(&value) {
            let msg = format!("escape is invalid Unicode code point U+{value:04X}");
            self.error_at(self.at, msg);
            return false;
        }
        true
    }
}

fn base_name(base: u32) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        10 => "decimal",
        _ => "hexadecimal",
    }
}

/// The index of the first `_` that does not stand between digits, where a base prefix counts
/// as a digit.
fn misplaced_separator(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let prefix = bytes.get(1).map_or(0, |b| b | 0x20);
    let prefixed = bytes[0] == b'0' && matches!(prefix, b'x' | b'o' | b'b');
    let is_digit =
        |b: u8| b.is_ascii_digit() || (prefixed && prefix == b'x' && b.is_ascii_hexdigit());
    let mut previous = if prefixed { b'0' } else { b'.' };
    for (i, &b) in bytes.iter().enumerate().skip(if prefixed { 2 } else { 0 }) {
        if b == b'_' && previous != b'0' {
            return Some(i);
        }
        if b != b'_' && !is_digit(b) && previous == b'_' {
            return Some(i - 1);
        }
        previous = match b {
            b'_' => b'_',
            b if is_digit(b) => b'0',
            _ => b'.',
        };
    }
    (previous == b'_').then(|| bytes.len() - 1)
}
