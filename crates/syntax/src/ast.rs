//! The syntax tree: plain, owned, immutable after parsing.
//!
//! Every [`Expr`], [`Stmt`], [`Ident`], clause, field, function type, block and
//! declaration has a [`NodeId`] that is unique within its *package*: the files of a package
//! are parsed one after another, each beginning where the last one stopped. What later
//! stages know about a node they keep beside the tree, in `IndexVec<NodeId, _>`. A body that is
//! read later ([`Body`]) gets its ids then, behind all others.
//!
//! A node's `pos` is where Go's compiler places messages about it, which for compound
//! expressions is the operator, bracket or dot; [`Expr::start`] and [`Expr::end`] give the
//! extent. Types and expressions are one enum, since the grammar cannot tell them apart
//! before names are resolved. Parentheses are kept ([`Expr::unparen`] looks through them).

mod body;
mod decl;
mod expr;
mod extent;
mod stmt;

pub use body::{Body, LaterBodies};
pub use decl::*;
pub use expr::*;
pub use stmt::*;

use goxide_base::{Pos, Symbol, define_index};

define_index! {
    /// A node of a package's syntax trees.
    pub struct NodeId = "n";
}

impl Default for NodeId {
    /// The first id of a package.
    fn default() -> NodeId {
        NodeId(0)
    }
}

/// A name, defined or used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ident {
    /// This occurrence. For a name that is an [`Expr`], the expression's id.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// The name; `_` also where the source lacks one and an error was reported.
    pub name: Symbol,
}

impl Ident {
    /// The position after the name.
    pub fn end(&self) -> Pos {
        self.pos.offset(self.name.as_str().len() as u32)
    }

    /// Whether this is `_`.
    pub fn is_blank(&self) -> bool {
        self.name.is_blank()
    }
}

/// A literal that is not an expression: an import path or a field tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Literal {
    /// Where it begins.
    pub pos: Pos,
    /// What kind of literal it is.
    pub kind: LitKind,
    /// Its source text, quotes included, carriage returns of raw strings removed.
    pub text: Symbol,
    /// Whether the text is malformed; an error was reported then.
    pub bad: bool,
}

/// A `//go:` compiler directive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Directive {
    /// Position of the text after `//`.
    pub pos: Pos,
    /// The text after `//`, as in `go:linkname localname importpath.name`.
    pub text: Symbol,
    /// Whether nothing but blanks stands before it on its line.
    pub own_line: bool,
}

impl Directive {
    /// The first word: `go:noinline`.
    pub fn verb(&self) -> &'static str {
        let text = self.text.as_str();
        text.split([' ', '\t']).next().unwrap_or(text)
    }

    /// What follows the first word, without surrounding blanks.
    pub fn args(&self) -> &'static str {
        self.text.as_str()[self.verb().len()..].trim()
    }
}

/// One comment, with its delimiters, where it stands in the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comment {
    /// Position of `//` or `/*`.
    pub pos: Pos,
    /// Position after it (a line comment's newline is not part of it).
    pub end: Pos,
}
