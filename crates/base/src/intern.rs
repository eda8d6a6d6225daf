//! Interned strings. The table is global and never shrinks: names live as long as the
//! process, so a [`Symbol`] can be turned back into text anywhere without a context.

use crate::FxHashMap;
use std::fmt;
use std::sync::{LazyLock, RwLock};

/// An interned string: equal text, equal symbol. Order is order of first interning, so
/// sort by [`Symbol::as_str`] where a stable order matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

#[derive(Default)]
struct Interner {
    map: FxHashMap<&'static str, u32>,
    names: Vec<&'static str>,
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
        let id = u32::try_from(self.names.len()).expect("too many names");
        let text: &'static str = Box::leak(text.into());
        self.map.insert(text, id);
        self.names.push(text);
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
        INTERNER.read().expect("interner lock").names[self.0 as usize]
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
    fn equal_text_is_one_symbol() {
        assert_eq!(Symbol::intern("select"), Symbol::intern("select"));
        assert_ne!(Symbol::intern("select"), Symbol::intern("selects"));
        assert_eq!(Symbol::intern("_"), Symbol::BLANK);
        assert_eq!(Symbol::intern("gopanic").as_str(), "gopanic");
    }
}
