//! Trees of Go values, as far as syntax trees need them.

use goxide_base::Pos;

/// A Go value.
pub(super) enum Value {
    /// A pointer to a struct.
    Node(Node),
    /// A pointer to the n-th import declaration, shown elsewhere.
    Import(usize),
    /// A slice: its type and elements.
    Slice(&'static str, Vec<Value>),
    /// A position.
    Pos(Pos),
    /// A string.
    Str(String),
    /// A token or a number, shown as it is.
    Token(String),
    /// A bool.
    Bool(bool),
}

/// A struct of package `go/ast`.
pub(super) struct Node {
    /// Its name: `File`.
    pub(super) name: &'static str,
    /// Its fields, without those that are nil.
    pub(super) fields: Vec<(&'static str, Value)>,
    /// Which import declaration it is, so that [`Value::Import`] can point to it.
    pub(super) import: Option<usize>,
}

impl Node {
    pub(super) fn new(name: &'static str) -> Node {
        Node {
            name,
            fields: vec![],
            import: None,
        }
    }

    pub(super) fn field(mut self, name: &'static str, value: impl Into<Value>) -> Node {
        self.fields.push((name, value.into()));
        self
    }

    /// Adds a field unless it is nil.
    pub(super) fn opt(self, name: &'static str, value: Option<impl Into<Value>>) -> Node {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds a slice unless it is empty: `go/parser` leaves such nil.
    pub(super) fn list<T: Into<Value>>(
        self,
        name: &'static str,
        element_type: &'static str,
        list: impl IntoIterator<Item = T>,
    ) -> Node {
        let list: Vec<Value> = list.into_iter().map(T::into).collect();
        let value = (!list.is_empty()).then_some(Value::Slice(element_type, list));
        self.opt(name, value)
    }
}

impl From<Node> for Value {
    fn from(node: Node) -> Value {
        Value::Node(node)
    }
}

impl From<Pos> for Value {
    fn from(pos: Pos) -> Value {
        Value::Pos(pos)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(token: &str) -> Value {
        Value::Token(token.into())
    }
}
