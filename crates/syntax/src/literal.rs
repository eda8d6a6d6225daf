//! The values of string and rune literals.

/// The bytes of a string literal given as written, quotes included; `None` if it is
/// malformed. Escapes like `\xff` may make them invalid UTF-8.
pub fn string_value(text: &str) -> Option<Vec<u8>> {
    let quote = text.chars().next()?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    match quote {
        '`' => Some(inner.bytes().filter(|b| *b != b'\r').collect()),
        '"' => {
            let mut value = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while let Some((unit, tail)) = next_unit(rest, '"')? {
                unit.append_to(&mut value);
                rest = tail;
            }
            Some(value)
        }
        _ => None,
    }
}

/// The code point of a rune literal given as written, quotes included; `None` if it is
/// malformed.
pub fn rune_value(text: &str) -> Option<u32> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    match next_unit(inner, '\'')?? {
        (Unit::Char(c), "") => Some(c as u32),
        (Unit::Byte(b), "") => Some(b.into()),
        _ => None,
    }
}

/// One character or escape of a literal.
enum Unit {
    Char(char),
    Byte(u8),
}

impl Unit {
    fn append_to(self, out: &mut Vec<u8>) {
        match self {
            Unit::Byte(b) => out.push(b),
            Unit::Char(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Splits off the first unit of a literal in the given quotes. `Some(None)` at the end,
/// `None` for a malformed one.
#[allow(clippy::option_option, reason = "the end is no mistake")]
fn next_unit(text: &str, quote: char) -> Option<Option<(Unit, &str)>> {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return Some(None);
    };
    if first == quote || first == '\n' {
        return None;
    }
    if first != '\\' {
        return Some(Some((Unit::Char(first), chars.as_str())));
    }
    let escape = chars.next()?;
    let tail = chars.as_str();
    let (unit, tail) = match escape {
        'a' => (Unit::Byte(7), tail),
        'b' => (Unit::Byte(8), tail),
        'f' => (Unit::Byte(12), tail),
        'n' => (Unit::Byte(b'\n'), tail),
        'r' => (Unit::Byte(b'\r'), tail),
        't' => (Unit::Byte(b'\t'), tail),
        'v' => (Unit::Byte(11), tail),
        '\\' => (Unit::Byte(b'\\'), tail),
        c if c == quote => (Unit::Byte(c as u8), tail),
        '0'..='7' => {
            let (value, tail) = digits(&text[1..], 8, 3)?;
            (Unit::Byte(u8::try_from(value).ok()?), tail)
        }
        'x' => {
            let (value, tail) = digits(tail, 16, 2)?;
            (Unit::Byte(value as u8), tail)
        }
        'u' | 'U' => {
            let (value, tail) = digits(tail, 16, if escape == 'u' { 4 } else { 8 })?;
            (Unit::Char(char::from_u32(value)?), tail)
        }
        _ => return None,
    };
    Some(Some((unit, tail)))
}

/// Reads exactly `count` digits.
fn digits(text: &str, radix: u32, count: usize) -> Option<(u32, &str)> {
    let digits = text
        .get(..count)
        .filter(|d| d.chars().all(|c| c.is_digit(radix)))?;
    Some((u32::from_str_radix(digits, radix).ok()?, &text[count..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_bytes() {
        let value = |s| string_value(s).map(|v| v.escape_ascii().to_string());
        assert_eq!(
            value(r#""a\n\x41\101é\u00e9""#).as_deref(),
            Some(r"a\nAA\xc3\xa9\xc3\xa9")
        );
        assert_eq!(value(r#""\xff\"'""#).as_deref(), Some(r#"\xff\"\'"#));
        assert_eq!(value("`a\r\n\\n`").as_deref(), Some(r"a\n\\n"));
        for bad in [
            r#""\q""#,
            r#""\400""#,
            r#""\ud800""#,
            r#""\'""#,
            r#"""#,
            "'a'",
            "",
        ] {
            assert_eq!(value(bad), None, "{bad}");
        }
    }

    #[test]
    fn runes_have_code_points() {
        assert_eq!(rune_value(r"'a'"), Some(97));
        assert_eq!(rune_value(r"'\''"), Some(39));
        assert_eq!(rune_value(r"'\xff'"), Some(255));
        assert_eq!(rune_value(r"'本'"), Some(0x672c));
        assert_eq!(rune_value(r"'\U0010ffff'"), Some(0x10ffff));
        for bad in ["''", "'ab'", r#"'\"'"#, "'"] {
            assert_eq!(rune_value(bad), None, "{bad}");
        }
    }
}
