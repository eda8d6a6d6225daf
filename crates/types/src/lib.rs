//! Go's type checker.
//!
//! Takes: parsed packages, importees first. Gives: a [`Program`] of types, objects and
//! scopes, and for every package [`Info`] about each node of its syntax. Pure: no files, no
//! output, no panics on any input. Must not know: IR, code generation, where sources
//! come from.

mod builtin;
pub mod constant;
mod info;
mod object;
mod package;
mod program;
mod scope;
mod types;
mod universe;

pub use builtin::{Builtin, CallKind};
pub use constant::Value;
pub use info::{Info, InitOrder, InitRef, Initializer, Instance, Mode, Selection, SelectionKind};
pub use object::{DeclRef, Func, ObjId, ObjKind, Object, Var, VarKind, is_exported};
pub use package::{GoVersion, NodeId, Package, PackageInput, PkgId, TypeError};
pub use program::{Program, SubstId};
pub use scope::{Scope, ScopeId};
pub use types::*;
