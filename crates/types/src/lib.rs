//! Go's type checker.
//!
//! Takes: parsed packages, importees first. Gives: a [`Program`] of types, objects and
//! scopes, and for every package [`Info`] about each node of its syntax. Pure: no files, no
//! output, no panics on any input. Must not know: IR, code generation, where sources
//! come from.

mod builtin;
mod canonical;
pub mod constant;
mod info;
mod instantiate;
mod lookup;
mod object;
mod package;
mod predicates;
mod program;
mod scope;
mod subst;
mod terms;
mod types;
mod typeset;
mod typestring;
mod under;
mod universe;

pub use builtin::{Builtin, CallKind};
pub use constant::Value;
pub use info::{Info, InitOrder, InitRef, Initializer, Instance, Mode, Selection, SelectionKind};
pub use lookup::{Lookup, MethodEntry};
pub use object::{DeclRef, Func, ObjId, ObjKind, Object, Var, VarKind, is_exported};
pub use package::{GoVersion, NodeId, Package, PackageInput, PkgId, TypeError};
pub use predicates::Comparer;
pub use program::{Program, SubstId};
pub use scope::{Scope, ScopeId};
pub use types::*;
pub use typestring::Qualify;
