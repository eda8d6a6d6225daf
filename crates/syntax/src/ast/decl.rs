//! Declarations and files.

use super::{Body, Comment, Directive, Expr, FieldList, FuncType, Ident, Literal, NodeId};
use goxide_base::{Pos, Symbol};

/// A parsed file.
#[derive(Debug)]
pub struct File {
    /// This node; stands for the file's scope.
    pub id: NodeId,
    /// `package`.
    pub pos: Pos,
    /// The package's name.
    pub name: Ident,
    /// Declarations in source order, imports among them.
    pub decls: Vec<Decl>,
    /// End of the file.
    pub eof: Pos,
    /// Directives before the package clause that no declaration took.
    pub directives: Vec<Directive>,
    /// Every `//go:` directive of the file in source order, attached or not (`go:linkname`
    /// means the same wherever it stands).
    pub all_directives: Vec<Directive>,
    /// Directives that stand where no declaration can take them.
    pub stray_directives: Vec<Directive>,
    /// The last `//go:build` line before the package clause, as written.
    pub build_line: Option<Directive>,
    /// The minor N of the least Go version 1.N that the build line requires.
    pub go_minor: Option<u32>,
    /// The comment right before `package`, first and last line of it.
    pub doc: Option<Comment>,
    /// All comments in source order; empty unless asked for.
    pub comments: Vec<Comment>,
}

impl File {
    /// The imports in source order.
    pub fn imports(&self) -> impl Iterator<Item = &ImportSpec> {
        self.decls.iter().flat_map(|d| match d {
            Decl::Import(group) => group.specs.as_slice(),
            _ => &[],
        })
    }
}

/// A declaration.
#[derive(Debug)]
pub enum Decl {
    /// `import …`.
    Import(Group<ImportSpec>),
    /// `const …`.
    Const(Group<ConstSpec>),
    /// `type …`.
    Type(Group<TypeSpec>),
    /// `var …`.
    Var(Group<VarSpec>),
    /// `func …`.
    Func(Box<FuncDecl>),
}

/// One keyword with one specification, or with several in parentheses.
#[derive(Debug)]
pub struct Group<S> {
    /// This node.
    pub id: NodeId,
    /// The keyword.
    pub pos: Pos,
    /// `(`, or [`Pos::NONE`].
    pub lparen: Pos,
    /// What is declared.
    pub specs: Vec<S>,
    /// `)`, or [`Pos::NONE`].
    pub rparen: Pos,
    /// The comment right before the keyword.
    pub doc: Option<Comment>,
}

/// `name "path"`.
#[derive(Debug)]
pub struct ImportSpec {
    /// This node; stands for the implicitly declared package name when `name` is `None`.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// The local name: an identifier, `_` or `.`.
    pub name: Option<Ident>,
    /// The path as written; `None` if it is missing, which was reported.
    pub path: Option<Literal>,
    /// Directives before it.
    pub directives: Vec<Directive>,
}

/// `a, b T = x, y`, or `a, b` repeating what came before.
#[derive(Debug)]
pub struct ConstSpec {
    /// This node.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// The names.
    pub names: Vec<Ident>,
    /// The type.
    pub ty: Option<Expr>,
    /// The values; empty for an implicit repetition.
    pub values: Vec<Expr>,
    /// The value of `iota`: the index within the group.
    pub iota: u32,
    /// The index within the group of the specification whose type and values hold here:
    /// its own, or with neither type nor values, that of the last one that has some. `None`
    /// if there is none, which the type checker reports.
    pub source: Option<u32>,
    /// Directives before it.
    pub directives: Vec<Directive>,
}

/// `name[params] T`, `name[params] = T`.
#[derive(Debug)]
pub struct TypeSpec {
    /// This node.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// The name.
    pub name: Ident,
    /// Type parameters, with their brackets.
    pub type_params: Option<FieldList>,
    /// `=` of an alias, or [`Pos::NONE`].
    pub assign: Pos,
    /// The type.
    pub ty: Expr,
    /// Directives before it.
    pub directives: Vec<Directive>,
}

impl TypeSpec {
    /// Whether this declares an alias.
    pub fn is_alias(&self) -> bool {
        self.assign.is_some()
    }
}

/// `a, b T = x, y`.
#[derive(Debug)]
pub struct VarSpec {
    /// This node.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// The names.
    pub names: Vec<Ident>,
    /// The type.
    pub ty: Option<Expr>,
    /// The values.
    pub values: Vec<Expr>,
    /// Directives before it.
    pub directives: Vec<Directive>,
}

/// `func (recv) name[params](…) … {…}`.
#[derive(Debug)]
pub struct FuncDecl {
    /// This node; stands for the function's scope.
    pub id: NodeId,
    /// Where messages about it are placed: what follows `func`.
    pub pos: Pos,
    /// `func`.
    pub func_pos: Pos,
    /// The receiver of a method: one field with at most one name. A generic receiver's
    /// type is an [`super::ExprKind::Index`] whose indices are the names it declares.
    pub recv: Option<FieldList>,
    /// The name.
    pub name: Ident,
    /// The signature; its `type_params` are the function's, or the method's own.
    pub ty: FuncType,
    /// The body; `None` if it is elsewhere.
    pub body: Option<Body>,
    /// Directives before it.
    pub directives: Vec<Directive>,
    /// The comment right before it.
    pub doc: Option<Comment>,
}

impl ImportSpec {
    /// The unquoted path; `None` if it is missing or malformed.
    pub fn path_value(&self) -> Option<Symbol> {
        let path = self.path.filter(|p| !p.bad)?;
        let bytes = crate::literal::string_value(path.text.as_str())?;
        std::str::from_utf8(&bytes).ok().map(Symbol::intern)
    }
}
