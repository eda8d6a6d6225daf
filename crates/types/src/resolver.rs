//! Collection of a package's declarations into scopes.

use crate::package::GoVersion;
use crate::scope::ScopeId;
use goxide_syntax::ast;

/// A package-level declaration or method waiting to be checked.
#[derive(Clone, Debug)]
pub(crate) struct DeclInfo<'a> {
    /// Scope of its file.
    pub scope: ScopeId,
    /// Language version of its file.
    pub version: GoVersion,
    /// What it is.
    pub kind: DeclKind<'a>,
}

/// The kinds of [`DeclInfo`].
#[derive(Clone, Debug)]
pub(crate) enum DeclKind<'a> {
    /// A constant: its type and value, possibly those of an earlier specification.
    Const {
        ty: Option<&'a ast::Expr>,
        init: Option<&'a ast::Expr>,
        inherited: bool,
        iota: u32,
    },
    /// A variable; `lhs` has all variables of `var a, b = f()`.
    Var {
        ty: Option<&'a ast::Expr>,
        init: Option<&'a ast::Expr>,
        lhs: Vec<crate::ObjId>,
    },
    /// A type.
    Type(&'a ast::TypeSpec),
    /// A function or method.
    Func(&'a ast::FuncDecl),
}
