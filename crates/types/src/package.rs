//! A checked package: its syntax, scope, functions, facts and errors; and what is needed
//! to add one.

use crate::info::{Info, InitOrder, InitRef};
use crate::object::{DeclRef, ObjId};
use crate::scope::ScopeId;
use goxide_base::{FxHashMap, FxHashSet, Pos, Symbol, define_index};
use goxide_syntax::ast;
use std::sync::Arc;

pub use goxide_syntax::ast::NodeId;

define_index! {
    /// A package of the session's [`crate::Program`].
    pub struct PkgId = "pkg";
}

/// A Go language version 1.N. Zero means none given: everything is allowed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct GoVersion(pub u32);

impl GoVersion {
    /// No version given.
    pub const NONE: GoVersion = GoVersion(0);
    /// The version this checker implements.
    pub const CURRENT: GoVersion = GoVersion(27);

    /// Parses `go1.21`, `1.21`, `1.21.3`, `1.21rc1`; `None` if it is malformed.
    pub fn parse(text: &str) -> Option<GoVersion> {
        let rest = text.strip_prefix("go").unwrap_or(text).strip_prefix("1")?;
        if rest.is_empty() {
            return Some(GoVersion(1));
        }
        let rest = rest.strip_prefix('.')?;
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest[..digits].parse().ok().map(GoVersion)
    }

    /// Whether a feature of version 1.`minor` may be used.
    pub fn allows(self, minor: u32) -> bool {
        self.0 == 0 || self.0 >= minor
    }

    /// Whether each iteration of a `for` loop has its own variables (Go ≥ 1.22).
    pub fn per_iteration_vars(self) -> bool {
        self.allows(22)
    }
}

/// What [`crate::Program::add_package`] needs to know.
pub struct PackageInput {
    /// Import path.
    pub path: Symbol,
    /// Parsed files, in the order of their names; node ids unique among them.
    pub files: Vec<Arc<ast::File>>,
    /// One more than the largest node id.
    pub node_count: usize,
    /// What each import path written in the files means (vendored paths included). A
    /// missing entry is reported as an import error. `unsafe` needs none; `C` has none.
    pub imports: FxHashMap<Symbol, PkgId>,
    /// The module's language version (`go` line), if any.
    pub go_version: GoVersion,
    /// Check function bodies only on demand ([`crate::Program::check_body`]); unused imports
    /// and variables are not looked for. For the standard library and other dependencies.
    pub lazy_bodies: bool,
    /// Functions without body are allowed: assembly or the runtime may have them.
    pub allow_bodyless: bool,
    /// As Go's tests of its type checker want it: `assert` and `trace` are declared, and what
    /// gc refuses after its type checker is accepted.
    pub checker_tests: bool,
}

impl PackageInput {
    /// A user's package: everything is checked.
    pub fn new(path: &str, files: Vec<Arc<ast::File>>, node_count: usize) -> PackageInput {
        PackageInput {
            path: Symbol::intern(path),
            files,
            node_count,
            imports: FxHashMap::default(),
            go_version: GoVersion::NONE,
            lazy_bodies: false,
            allow_bodyless: false,
            checker_tests: false,
        }
    }
}

/// A package.
#[derive(Debug)]
pub struct Package {
    /// Import path.
    pub path: Symbol,
    /// Name.
    pub name: Symbol,
    /// Its own scope, whose parent is the universe's.
    pub scope: ScopeId,
    /// Syntax.
    pub files: Vec<Arc<ast::File>>,
    /// Scope of each file (imported names), child of the package's scope.
    pub file_scopes: Vec<ScopeId>,
    /// Language version of each file.
    pub file_versions: Vec<GoVersion>,
    /// Language version of the package.
    pub go_version: GoVersion,
    /// Directly imported packages, in order of first import.
    pub imports: Vec<PkgId>,
    /// All functions and methods declared, `init` and `_` functions included, by file and
    /// position. Their [`crate::Func::decl`] says where.
    pub funcs: Vec<ObjId>,
    /// The `init` functions, in order of execution.
    pub inits: Vec<ObjId>,
    /// All package-level variables in source order, blank ones included.
    pub vars: Vec<ObjId>,
    /// Facts about the syntax.
    pub info: Info,
    /// What is wrong, by position.
    pub errors: Vec<TypeError>,
    /// See [`PackageInput::lazy_bodies`].
    pub lazy_bodies: bool,
    /// See [`PackageInput::allow_bodyless`].
    pub allow_bodyless: bool,
    /// See [`PackageInput::checker_tests`].
    pub checker_tests: bool,
    /// Functions whose bodies have been checked.
    pub checked_bodies: FxHashSet<ObjId>,
    /// Package-level variables, constants and functions that each of them refers to.
    pub(crate) deps: FxHashMap<ObjId, Vec<ObjId>>,
    /// Where the variables' initializers are.
    pub(crate) var_decls: FxHashMap<ObjId, VarDecl>,
    pub(crate) init_order: Option<InitOrder>,
    /// Variables whose initializers wait until somebody asks for their facts.
    pub(crate) unchecked_tables: FxHashSet<ObjId>,
    /// The importer's map.
    pub(crate) import_map: FxHashMap<Symbol, PkgId>,
    /// Made up for an import that failed: nothing in it is known.
    pub fake: bool,
}

/// How a package-level variable is initialized.
#[derive(Clone, Debug)]
pub(crate) struct VarDecl {
    /// All variables set together (`var a, b = f()`), or this one.
    pub lhs: Vec<ObjId>,
    /// The initializer, if any.
    pub init: Option<InitRef>,
}

impl Package {
    /// The declaration of a function.
    pub fn func_decl(&self, at: DeclRef) -> Option<&ast::FuncDecl> {
        match self
            .files
            .get(at.file as usize)?
            .decls
            .get(at.decl as usize)?
        {
            ast::Decl::Func(f) => Some(f),
            _ => None,
        }
    }

    /// The expression that initializes a variable.
    pub fn var_init(&self, at: InitRef) -> Option<&ast::Expr> {
        match self
            .files
            .get(at.file as usize)?
            .decls
            .get(at.decl as usize)?
        {
            ast::Decl::Var(g) => g.specs.get(at.spec as usize)?.values.get(at.value as usize),
            _ => None,
        }
    }
}

/// Something wrong with a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeError {
    /// Where.
    pub pos: Pos,
    /// What: one line, or a first line and tab-indented further ones.
    pub msg: String,
    /// Further places and what is there, to be shown as tab-indented lines below.
    pub related: Vec<(Pos, String)>,
    /// Kind of error, as Go's `internal/types/errors` names them; empty where none is kept.
    pub code: &'static str,
    /// Soft errors (unused things) leave the program's meaning intact.
    pub soft: bool,
}
