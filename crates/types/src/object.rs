//! Declared things: packages' names, constants, types, variables, fields, functions,
//! methods, labels, built-ins.

use crate::builtin::Builtin;
use crate::constant::Value;
use crate::package::PkgId;
use crate::scope::ScopeId;
use crate::types::TypeId;
use goxide_base::{Pos, Symbol, define_index};

define_index! {
    /// An object of the session's [`crate::Program`].
    pub struct ObjId = "o";
}

/// A declared entity.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is.
    pub kind: ObjKind,
    /// Its name; `_` and (for anonymous parameters) empty are possible.
    pub name: Symbol,
    /// Where it is declared; no position for universe objects.
    pub pos: Pos,
    /// The package it belongs to; `None` in the universe.
    pub pkg: Option<PkgId>,
    /// The scope that holds it; `None` for fields, methods and blank objects.
    pub parent: Option<ScopeId>,
    /// Its type; `None` until declared. Errors give [`TypeId::INVALID`].
    pub ty: Option<TypeId>,
}

/// The kinds of [`Object`].
#[derive(Clone, Debug)]
pub enum ObjKind {
    /// An imported package's name, in a file scope.
    PkgName {
        /// The package.
        imported: PkgId,
        /// Whether something was selected from it.
        used: bool,
    },
    /// A constant.
    Const {
        /// The value; [`Value::Unknown`] after an error.
        value: Value,
    },
    /// A type name: its type is the Named, Alias, TypeParam or Basic type.
    TypeName,
    /// A variable or field.
    Var(Var),
    /// A function, method or interface method.
    Func(Func),
    /// A label.
    Label {
        /// Whether something jumps to it.
        used: bool,
    },
    /// A built-in function.
    Builtin(Builtin),
    /// `nil`
    Nil,
}

/// What is particular to variables.
#[derive(Clone, Debug)]
pub struct Var {
    /// Where it lives.
    pub kind: VarKind,
    /// For fields: embedded.
    pub embedded: bool,
    /// Whether it was read.
    pub used: bool,
    /// The variable this one was made from by substitution; itself `None`.
    pub origin: Option<ObjId>,
}

/// Where a variable lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum VarKind {
    Package,
    Local,
    Recv,
    Param,
    Result,
    Field,
}

/// What is particular to functions.
#[derive(Clone, Debug, Default)]
pub struct Func {
    /// The method of the generic type this one was made from by substitution.
    pub origin: Option<ObjId>,
    /// Whether the receiver was declared as a pointer (known before the signature is).
    pub ptr_recv: bool,
    /// Whether it is a method (of a type or an interface).
    pub is_method: bool,
    /// Whether it is declared by an interface.
    pub is_interface_method: bool,
    /// Where its declaration is.
    pub decl: Option<DeclRef>,
}

/// A top-level declaration: the file's index in [`crate::Package::files`] and the
/// declaration's index in that file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct DeclRef {
    /// Index of the file.
    pub file: u32,
    /// Index of the declaration.
    pub decl: u32,
}

impl Object {
    /// Whether the name can be used by other packages: begins with an upper-case letter.
    pub fn exported(&self) -> bool {
        is_exported(self.name)
    }

    /// The variable's part, if it is one.
    pub fn var(&self) -> Option<&Var> {
        match &self.kind {
            ObjKind::Var(v) => Some(v),
            _ => None,
        }
    }

    /// The function's part, if it is one.
    pub fn func(&self) -> Option<&Func> {
        match &self.kind {
            ObjKind::Func(f) => Some(f),
            _ => None,
        }
    }

    /// The type, [`TypeId::INVALID`] if there is none yet.
    pub fn typ(&self) -> TypeId {
        self.ty.unwrap_or(TypeId::INVALID)
    }

    /// Whether it is a field.
    pub fn is_field(&self) -> bool {
        self.var().is_some_and(|v| v.kind == VarKind::Field)
    }

    /// Whether it is an embedded field.
    pub fn embedded(&self) -> bool {
        self.var().is_some_and(|v| v.embedded)
    }
}

/// Whether `name` begins with an upper-case letter.
pub fn is_exported(name: Symbol) -> bool {
    name.as_str().chars().next().is_some_and(char::is_uppercase)
}
