//! Scopes: names to objects, nested: universe, package, file, function, block.

use crate::object::ObjId;
use goxide_base::{FxHashMap, Symbol, define_index};

define_index! {
    #[derive(Default)]
    /// A scope of the session's [`crate::Program`].
    pub struct ScopeId = "s";
}

/// One scope.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The enclosing scope; `None` for the universe.
    pub parent: Option<ScopeId>,
    /// Names declared here, in order of declaration.
    pub names: Vec<(Symbol, ObjId)>,
    index: FxHashMap<Symbol, ObjId>,
    /// Whether this is a function's outermost scope (parameters and body).
    pub is_func: bool,
}

/// Up to this many names a scan beats the hash map.
const SMALL: usize = 8;

impl Scope {
    /// An empty scope inside `parent`.
    pub fn new(parent: Option<ScopeId>) -> Scope {
        Scope {
            parent,
            ..Scope::default()
        }
    }

    /// The object declared here under `name`, outer scopes not asked.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        if self.names.len() <= SMALL {
            return self.names.iter().find(|n| n.0 == name).map(|n| n.1);
        }
        self.index.get(&name).copied()
    }

    /// Declares `name`; gives the object that was there before, which stays.
    pub fn insert(&mut self, name: Symbol, obj: ObjId) -> Option<ObjId> {
        if let Some(old) = self.lookup(name) {
            return Some(old);
        }
        self.names.push((name, obj));
        if self.names.len() > SMALL {
            if self.index.is_empty() {
                self.index.extend(self.names.iter().copied());
            }
            self.index.insert(name, obj);
        }
        None
    }
}
