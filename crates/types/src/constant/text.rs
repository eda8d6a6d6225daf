//! Strings of constants, put together when someone asks for their bytes: `"a" + "b" + …`
//! would else copy what it has at every plus.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

/// A constant's string: any bytes.
#[derive(Clone)]
pub struct Text(Arc<Node>);

struct Node {
    len_bytes: u64,
    bytes: OnceLock<Box<[u8]>>,
    /// The two halves, until the bytes are there.
    halves: Mutex<Option<(Text, Text)>>,
}

impl Text {
    /// Its length in bytes.
    pub fn len(&self) -> u64 {
        self.0.len_bytes
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One text after another.
    pub fn concat(&self, other: &Text) -> Text {
        if self.is_empty() {
            return other.clone();
        }
        if other.is_empty() {
            return self.clone();
        }
        Text(Arc::new(Node {
            len_bytes: self.len().saturating_add(other.len()),
            bytes: OnceLock::new(),
            halves: Mutex::new(Some((self.clone(), other.clone()))),
        }))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.0.bytes.get_or_init(|| self.gather(self.len()).into())
    }

    /// Its first bytes, so many if it has them.
    pub fn head(&self, bytes: usize) -> Vec<u8> {
        self.gather(bytes as u64)
    }

    /// Puts its first `most_bytes` together. A part that occurs again, as in a chain of
    /// doublings, is copied from where it came first.
    fn gather(&self, most_bytes: u64) -> Vec<u8> {
        let most = usize::try_from(most_bytes.min(self.len())).unwrap_or(usize::MAX);
        let mut all = Vec::with_capacity(most);
        let mut seen: HashMap<*const Node, usize> = HashMap::new();
        let mut rest = vec![self.clone()];
        while let Some(text) = rest.pop()
            && all.len() < most
        {
            let len = usize::try_from(text.len()).unwrap_or(usize::MAX);
            let start = seen.get(&Arc::as_ptr(&text.0)).copied();
            if let Some(start) = start.filter(|start| start.saturating_add(len) <= all.len()) {
                all.extend_from_within(start..start + len);
                continue;
            }
            // The bytes of `self` may be being made: asking for them here would not end.
            let known = (!Arc::ptr_eq(&text.0, &self.0)).then(|| text.0.bytes.get());
            match (known.flatten(), text.halves()) {
                (Some(bytes), _) => all.extend_from_slice(&bytes[..len.min(most - all.len())]),
                (None, Some((left, right))) => {
                    seen.insert(Arc::as_ptr(&text.0), all.len());
                    rest.extend([right, left]);
                }
                // Another thread has just made them.
                (None, None) => all.extend_from_slice(text.bytes()),
            }
        }
        all.truncate(most);
        all
    }

    fn halves(&self) -> Option<(Text, Text)> {
        self.0.halves.lock().ok()?.clone()
    }
}

impl Drop for Node {
    /// Without recursion: a text may be put together from very many pieces.
    fn drop(&mut self) {
        let mut rest = Vec::new();
        let take = |node: &mut Node| node.halves.get_mut().ok().and_then(Option::take);
        rest.extend(take(self));
        while let Some((left, right)) = rest.pop() {
            for half in [left, right] {
                if let Ok(mut node) = Arc::try_unwrap(half.0) {
                    rest.extend(take(&mut node));
                }
            }
        }
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Text {
        Text(Arc::new(Node {
            len_bytes: bytes.len() as u64,
            bytes: OnceLock::from(bytes.into_boxed_slice()),
            halves: Mutex::new(None),
        }))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_put_together_in_order() {
        let text = |s: &str| Text::from(s.as_bytes().to_vec());
        let ab = text("a").concat(&text("b"));
        let all = ab.concat(&text("")).concat(&ab).concat(&text("c"));
        assert_eq!((all.len(), all.bytes()), (5, &b"ababc"[..]));
        assert_eq!(ab.bytes(), b"ab");
    }

    #[test]
    fn doubling_again_and_again_takes_no_time_per_byte() {
        let mut text = Text::from(b"ab".to_vec()).concat(&Text::from(b"c".to_vec()));
        for _ in 0..20 {
            text = text.concat(&text);
        }
        assert_eq!(text.head(7), b"abcabca");
        assert_eq!(text.bytes(), b"abc".repeat(1 << 20));
        for _ in 0..60 {
            text = text.concat(&text);
        }
        assert_eq!(text.head(4), b"abca");
    }

    #[test]
    fn very_many_pieces_are_no_trouble() {
        let piece = Text::from(b"x".to_vec());
        let mut text = Text::from(Vec::new());
        for _ in 0..200_000 {
            text = text.concat(&piece);
        }
        assert_eq!(text.clone().bytes().len(), 200_000);
        drop(text);
        let mut doubled = piece;
        for _ in 0..80 {
            doubled = doubled.concat(&doubled);
        }
        assert_eq!(doubled.len(), u64::MAX);
    }
}
