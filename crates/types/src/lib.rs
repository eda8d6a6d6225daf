//! Go's type checker.
//!
//! Takes: parsed packages, importees first. Gives: a [`Program`] of types, objects and
//! scopes, and for every package [`Info`] about each node of its syntax. Pure: no files, no
//! output, no panics on any input. Must not know: IR, code generation, where sources
//! come from.
//!
//! Where things are:
//!
//! | files | idea |
//! |---|---|
//! | `types`, `object`, `scope`, `package`, `program`, `info`, `builtin` | the data model |
//! | `universe` | predeclared names |
//! | `constant` | exact constant values |
//! | `under`, `subst`, `instantiate`, `canonical` | expansion of generic types |
//! | `terms`, `typeset`, `predicates`, `lookup`, `sizes` | questions about types |
//! | `unify`, `infer` | type inference |
//! | `typestring`, `operand`, `local_types` | types and operands in messages, numbers of local types |
//! | `checker` | state of a check: environment, delayed actions, errors, recording |
//! | `resolver`, `decl`, `cycles`, `validtype`, `limits`, `mono`, `initorder` | declarations |
//! | `typexpr`, `structs`, `interfaces`, `signature` | type expressions |
//! | `expr`, `operators`, `untyped`, `literals`, `index` | expressions |
//! | `call`, `selector`, `builtin_call`, `builtin_data`, `builtin_numbers`, `unsafe_call`, `conversion` | calls and selections |
//! | `assignable`, `assignment`, `stmt`, `switches`, `range`, `returns` | statements |
//!
//! Rules of the house: state lives in `Checker`, facts in `Program`; ids are copied,
//! entries cloned, so that nothing stays borrowed; names that are still being declared
//! have no type (`Object::ty` is `None`) and must go through `Checker::obj_decl` first;
//! anything that needs underlying types while declarations are collected is put off with
//! `Checker::later`.

mod assignable;
mod assignment;
mod builtin;
mod builtin_call;
mod builtin_data;
mod builtin_numbers;
mod call;
mod canonical;
mod checker;
pub mod constant;
mod conversion;
mod cycles;
mod decl;
mod expr;
mod hints;
mod index;
mod infer;
mod info;
mod initorder;
mod instantiate;
mod interfaces;
mod limits;
mod literals;
mod local_types;
mod lookup;
mod mono;
mod object;
mod operand;
mod operators;
mod package;
mod predicates;
mod program;
mod range;
mod resolver;
mod returns;
mod scope;
mod selector;
mod session;
mod signature;
mod sizes;
mod stmt;
mod structs;
mod subst;
mod switches;
mod tables;
mod terms;
mod types;
mod typeset;
mod typestring;
mod typexpr;
mod under;
mod unify;
mod universe;
mod unsafe_call;
mod untyped;
mod validtype;

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
