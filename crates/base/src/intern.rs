//! Interned strings. The table is global and never shrinks: names live as long as the
//! process, so a [`Symbol`] can be turned back into text anywhere without a context.

use crate::FxHashMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock, RwLock};

/// An interned string: equal text, equal symbol. Order is order of first interning, so
/// sort by [`Symbol::as_str`] where a stable order matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

#[derive(Default)]
struct Interner {
    map: FxHashMap<&'static str, u32>,
}

/// The texts by number, in pieces that never move, so that they can be read without a lock:
/// piece `i` has `1 << (i + PIECE_BITS)` places.
static TEXTS: [OnceLock<Piece>; PIECES] = [const { OnceLock::new() }; PIECES];

type Piece = Box<[OnceLock<&'static str>]>;

/// The first piece has as many places as a number of so many bits can name.
const PIECE_BITS: u32 = 12;
const PIECES: usize = 33 - PIECE_BITS as usize;

/// The piece that has the text of a symbol, and the place in it.
fn place(id: u32) -> (usize, usize) {
    let n = u64::from(id) + (1 << PIECE_BITS);
    let bits = n.ilog2();
    ((bits - PIECE_BITS) as usize, (n - (1 << bits)) as usize)
}

fn text(id: u32) -> Option<&'static str> {
    let (piece, at) = place(id);
    TEXTS[piece].get()?[at].get().copied()
}

static INTERNER: LazyLock<RwLock<Interner>> = LazyLock::new(|| {
    let mut table = Interner::default();
    for name in ["", "_"] {
        table.add(name);
    }
    RwLock::new(table)
});

impl Interner {
    fn add(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.map.get(text) {
            return id;
        }
        let id = u32::try_from(self.map.len()).expect("too many names");
        let (piece, at) = place(id);
        let text: &'static str = Box::leak(text.into());
        let new = || (0..1_usize << (piece as u32 + PIECE_BITS)).map(|_| OnceLock::new());
        let piece = TEXTS[piece].get_or_init(|| new().collect());
        let first = piece[at].set(text).is_ok();
        debug_assert!(first, "a number is given out once");
        self.map.insert(text, id);
        id
    }
}

impl Symbol {
    /// The empty string.
    pub const EMPTY: Symbol = Symbol(0);
    /// The blank identifier `_`.
    pub const BLANK: Symbol = Symbol(1);

    /// The symbol for `text`.
    pub fn intern(text: &str) -> Symbol {
        if let Some(&id) = INTERNER.read().expect("interner lock").map.get(text) {
            return Symbol(id);
        }
        Symbol(INTERNER.write().expect("interner lock").add(text))
    }

    /// The text.
    pub fn as_str(self) -> &'static str {
        text(self.0).unwrap_or_else(|| {
            // One of the first, which come with the table.
            LazyLock::force(&INTERNER);
            text(self.0).expect("a symbol has a text")
        })
    }

    /// Whether this is `_`.
    pub fn is_blank(self) -> bool {
        self == Symbol::BLANK
    }

    /// Whether this is the empty string.
    pub fn is_empty(self) -> bool {
        self == Symbol::EMPTY
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::intern(text)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_places() {
        let first = 1 << PIECE_BITS;
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(first - 1), (0, first as usize - 1));
        assert_eq!(place(first), (1, 0));
        assert_eq!(place(3 * first), (2, 0));
        assert_eq!(place(u32::MAX).0, PIECES - 1);
        let many: Vec<Symbol> = (0..10_000)
            .map(|i| Symbol::intern(&format!("many{i}")))
            .collect();
        for (i, symbol) in many.iter().enumerate() {
            assert_eq!(symbol.as_str(), format!("many{i}"));
        }
        assert_eq!((Symbol::EMPTY.as_str(), Symbol::BLANK.as_str()), ("", "_"));
    }

    #[test]
    fn equal_text_is_one_symbol() {
        assert_eq!(Symbol::intern("select"), Symbol::intern("select"));
        assert_ne!(Symbol::intern("select"), Symbol::intern("selects"));
        assert_eq!(Symbol::intern("_"), Symbol::BLANK);
        assert_eq!(Symbol::intern("gopanic").as_str(), "gopanic");
    }
}
