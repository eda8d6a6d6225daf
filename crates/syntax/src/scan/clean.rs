//! Bytes to text. NUL bytes, invalid UTF-8 and byte order marks are reported and left out,
//! so that everything after works on valid text; positions still count them.

use std::borrow::Cow;

/// A file's text as it is to be scanned.
pub(crate) struct Clean<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What was left out: offset in `text`, and how many bytes are missing up to there.
    cuts: Vec<(u32, u32)>,
    /// What was wrong, with real offsets.
    pub(crate) errors: Vec<(u32, &'static str)>,
}

const BOM: &[u8] = "\u{feff}".as_bytes();

impl Clean<'_> {
    /// The text of a file.
    pub(crate) fn new(bytes: &[u8]) -> Clean<'_> {
        match std::str::from_utf8(bytes) {
            Ok(text) if memchr::memchr(0, bytes).is_none() && !text.contains('\u{feff}') => Clean {
                text: text.into(),
                cuts: vec![],
                errors: vec![],
            },
            _ => clean(bytes),
        }
    }

    /// The real offset of an offset in the text.
    #[inline]
    pub(crate) fn real_offset(&self, offset: u32) -> u32 {
        if self.cuts.is_empty() {
            return offset;
        }
        let after = self.cuts.partition_point(|&(at, _)| at <= offset);
        after
            .checked_sub(1)
            .map_or(offset, |i| offset + self.cuts[i].1)
    }
}

fn clean(bytes: &[u8]) -> Clean<'_> {
    let mut out = Clean {
        text: String::with_capacity(bytes.len()).into(),
        cuts: vec![],
        errors: vec![],
    };
    let mut missing = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let at = out.text.len() as u32 + missing;
            match c {
                '\0' => out.errors.push((at, "invalid NUL character")),
                '\u{feff}' if at == 0 => {}
                '\u{feff}' => out
                    .errors
                    .push((at, "invalid BOM in the middle of the file")),
                _ => {
                    out.text.to_mut().push(c);
                    continue;
                }
            }
            missing += if c == '\0' { 1 } else { BOM.len() as u32 };
            out.cuts.push((out.text.len() as u32, missing));
        }
        for _ in chunk.invalid() {
            out.errors
                .push((out.text.len() as u32 + missing, "invalid UTF-8 encoding"));
            missing += 1;
            out.cuts.push((out.text.len() as u32, missing));
        }
    }
    out
}
