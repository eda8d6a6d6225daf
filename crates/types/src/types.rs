//! The representation of types: one arena entry per type, named by a [`TypeId`].
//!
//! Entries are small and cheap to clone (shared lists), so a match on `prog.ty(id).clone()`
//! never holds a borrow of the program. Unnamed composite types without objects in them
//! (pointers, slices, arrays, maps, channels) are hash-consed on creation; all other equal
//! types may have several ids: ask [`crate::Program::identical`], or compare
//! [`crate::Program::canonical`] ids.

use crate::object::ObjId;
use goxide_base::{Pos, define_index};
use std::sync::Arc;

define_index! {
    /// A type of the session's [`crate::Program`].
    pub struct TypeId = "t";
}

/// A shared immutable list.
pub type List<T> = Arc<[T]>;

/// A type. See the module's documentation for identity.
#[derive(Clone, Debug)]
pub enum Type {
    /// Predeclared basic type, untyped kinds and `invalid type` included.
    Basic(Basic),
    /// Defined type, generic type, or an instance of one.
    Named(Box<Named>),
    /// Alias name; transparent to everything but messages and parameters.
    Alias(Box<Alias>),
    /// `*T`
    Pointer(TypeId),
    /// `[]T`
    Slice(TypeId),
    /// `[N]T`
    Array(ArrayLen, TypeId),
    /// `map[K]V`
    Map(TypeId, TypeId),
    /// `chan T` and the directed forms.
    Chan(ChanDir, TypeId),
    /// `struct { … }`
    Struct(Arc<Struct>),
    /// Several values: results of a call. Never a variable's type.
    Tuple(List<ObjId>),
    /// `func(…) …`
    Signature(Arc<Signature>),
    /// `interface { … }`
    Interface(Box<Interface>),
    /// `~A | B`: only as an interface element.
    Union(List<Term>),
    /// A type parameter, in the scope of its declaration.
    TypeParam(Box<TypeParam>),
}

/// Length of an array; negative when the length expression was wrong.
pub type ArrayLen = i64;

/// The basic kinds, in the order of Go's own tables. `byte` and `rune` are only other
/// names of [`Basic::Uint8`] and [`Basic::Int32`]: they have type ids of their own, but
/// equal kinds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Basic {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    String,
    UnsafePointer,
    UntypedBool,
    UntypedInt,
    UntypedRune,
    UntypedFloat,
    UntypedComplex,
    UntypedString,
    UntypedNil,
    /// Alias name `byte`; kind of its own only for messages.
    Byte,
    /// Alias name `rune`; kind of its own only for messages.
    Rune,
}

impl Basic {
    /// `byte` and `rune` as the types they name.
    pub fn canonical(self) -> Basic {
        match self {
            Basic::Byte => Basic::Uint8,
            Basic::Rune => Basic::Int32,
            b => b,
        }
    }

    /// Whether this is one of the untyped kinds.
    pub fn is_untyped(self) -> bool {
        (Basic::UntypedBool..=Basic::UntypedNil).contains(&self)
    }

    /// Boolean, typed or not.
    pub fn is_boolean(self) -> bool {
        matches!(self, Basic::Bool | Basic::UntypedBool)
    }

    /// String, typed or not.
    pub fn is_string(self) -> bool {
        matches!(self, Basic::String | Basic::UntypedString)
    }

    /// Integer, typed or not, runes included.
    pub fn is_integer(self) -> bool {
        let b = self.canonical();
        (Basic::Int..=Basic::Uintptr).contains(&b)
            || matches!(b, Basic::UntypedInt | Basic::UntypedRune)
    }

    /// Unsigned integer.
    pub fn is_unsigned(self) -> bool {
        (Basic::Uint..=Basic::Uintptr).contains(&self.canonical())
    }

    /// Floating point, typed or not.
    pub fn is_float(self) -> bool {
        matches!(self, Basic::Float32 | Basic::Float64 | Basic::UntypedFloat)
    }

    /// Complex, typed or not.
    pub fn is_complex(self) -> bool {
        matches!(
            self,
            Basic::Complex64 | Basic::Complex128 | Basic::UntypedComplex
        )
    }

    /// Integer, float or complex.
    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }

    /// Integer, float, or string: what `<` compares.
    pub fn is_ordered(self) -> bool {
        self.is_integer() || self.is_float() || self.is_string()
    }

    /// May a constant have this type?
    pub fn is_const_type(self) -> bool {
        self.is_boolean() || self.is_numeric() || self.is_string()
    }

    /// The kind as Go writes it.
    pub fn name(self) -> &'static str {
        match self {
            Basic::Invalid => "invalid type",
            Basic::Bool => "bool",
            Basic::Int => "int",
            Basic::Int8 => "int8",
            Basic::Int16 => "int16",
            Basic::Int32 => "int32",
            Basic::Int64 => "int64",
            Basic::Uint => "uint",
            Basic::Uint8 => "uint8",
            Basic::Uint16 => "uint16",
            Basic::Uint32 => "uint32",
            Basic::Uint64 => "uint64",
            Basic::Uintptr => "uintptr",
            Basic::Float32 => "float32",
            Basic::Float64 => "float64",
            Basic::Complex64 => "complex64",
            Basic::Complex128 => "complex128",
            Basic::String => "string",
            Basic::UnsafePointer => "unsafe.Pointer",
            Basic::UntypedBool => "untyped bool",
            Basic::UntypedInt => "untyped int",
            Basic::UntypedRune => "untyped rune",
            Basic::UntypedFloat => "untyped float",
            Basic::UntypedComplex => "untyped complex",
            Basic::UntypedString => "untyped string",
            Basic::UntypedNil => "untyped nil",
            Basic::Byte => "byte",
            Basic::Rune => "rune",
        }
    }

    /// All kinds, in order of declaration: position `n` has type id `n`.
    pub const ALL: [Basic; 28] = [
        Basic::Invalid,
        Basic::Bool,
        Basic::Int,
        Basic::Int8,
        Basic::Int16,
        Basic::Int32,
        Basic::Int64,
        Basic::Uint,
        Basic::Uint8,
        Basic::Uint16,
        Basic::Uint32,
        Basic::Uint64,
        Basic::Uintptr,
        Basic::Float32,
        Basic::Float64,
        Basic::Complex64,
        Basic::Complex128,
        Basic::String,
        Basic::UnsafePointer,
        Basic::UntypedBool,
        Basic::UntypedInt,
        Basic::UntypedRune,
        Basic::UntypedFloat,
        Basic::UntypedComplex,
        Basic::UntypedString,
        Basic::UntypedNil,
        Basic::Byte,
        Basic::Rune,
    ];

    /// The kind's fixed type id.
    pub const fn id(self) -> TypeId {
        TypeId(self as u32)
    }
}

/// Fixed ids of the predeclared types, the same in every program.
#[allow(missing_docs, reason = "the names say it")]
impl TypeId {
    pub const INVALID: TypeId = Basic::Invalid.id();
    pub const BOOL: TypeId = Basic::Bool.id();
    pub const INT: TypeId = Basic::Int.id();
    pub const INT32: TypeId = Basic::Int32.id();
    pub const INT64: TypeId = Basic::Int64.id();
    pub const UINT: TypeId = Basic::Uint.id();
    pub const UINT8: TypeId = Basic::Uint8.id();
    pub const UINTPTR: TypeId = Basic::Uintptr.id();
    pub const FLOAT32: TypeId = Basic::Float32.id();
    pub const FLOAT64: TypeId = Basic::Float64.id();
    pub const COMPLEX64: TypeId = Basic::Complex64.id();
    pub const COMPLEX128: TypeId = Basic::Complex128.id();
    pub const STRING: TypeId = Basic::String.id();
    pub const UNSAFE_POINTER: TypeId = Basic::UnsafePointer.id();
    pub const UNTYPED_BOOL: TypeId = Basic::UntypedBool.id();
    pub const UNTYPED_INT: TypeId = Basic::UntypedInt.id();
    pub const UNTYPED_RUNE: TypeId = Basic::UntypedRune.id();
    pub const UNTYPED_FLOAT: TypeId = Basic::UntypedFloat.id();
    pub const UNTYPED_COMPLEX: TypeId = Basic::UntypedComplex.id();
    pub const UNTYPED_STRING: TypeId = Basic::UntypedString.id();
    pub const UNTYPED_NIL: TypeId = Basic::UntypedNil.id();
    /// The name `byte`; identical to `uint8`.
    pub const BYTE: TypeId = Basic::Byte.id();
    /// The name `rune`; identical to `int32`.
    pub const RUNE: TypeId = Basic::Rune.id();
    /// The empty tuple: type of a call without results.
    pub const EMPTY_TUPLE: TypeId = TypeId(Basic::ALL.len() as u32);
    /// `interface{}`, the literal.
    pub const EMPTY_INTERFACE: TypeId = TypeId(Basic::ALL.len() as u32 + 1);
    /// The alias `any`.
    pub const ANY: TypeId = TypeId(Basic::ALL.len() as u32 + 2);
    /// The named type `error`.
    pub const ERROR: TypeId = TypeId(Basic::ALL.len() as u32 + 3);
    /// The named constraint `comparable`.
    pub const COMPARABLE: TypeId = TypeId(Basic::ALL.len() as u32 + 4);
}

/// Direction of a channel type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChanDir {
    /// `chan T`
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Recv,
}

/// A defined type (`type T …`), generic or not, or an instance `T[A]` of a generic one.
#[derive(Clone, Debug)]
pub struct Named {
    /// The declaring type name. Instances share their origin's.
    pub obj: ObjId,
    /// The generic type this is an instance of; the type's own id if it is none.
    pub origin: TypeId,
    /// Type parameters ([`TypeParam`] ids); empty for instances.
    pub tparams: List<TypeId>,
    /// Type arguments; empty unless an instance.
    pub targs: List<TypeId>,
    /// Right-hand side of the declaration, as it stands (may be named). For error
    /// messages and cycle checks.
    pub from_rhs: Option<TypeId>,
    /// The underlying type, never Named, Alias or TypeParam. `None`: not yet known (while
    /// declared) or not yet expanded (instances): ask [`crate::Program::under`].
    pub underlying: Option<TypeId>,
    /// Declared methods in source order. For an instance: expanded lazily, parallel to
    /// the origin's: ask [`crate::Program::method`].
    pub methods: Vec<Option<ObjId>>,
    /// Where an instance was first written, for messages.
    pub(crate) pos: Pos,
    /// An instance whose expansion is under way.
    pub(crate) expanding: bool,
}

/// `type A = …`, or an instance of a generic alias.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The declaring type name.
    pub obj: ObjId,
    /// The generic alias this is an instance of; own id if none.
    pub origin: TypeId,
    /// Type parameters; empty for instances.
    pub tparams: List<TypeId>,
    /// Type arguments; empty unless an instance.
    pub targs: List<TypeId>,
    /// Right-hand side, possibly another alias. `None` while being declared.
    pub rhs: Option<TypeId>,
}

/// `struct { … }`
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// Fields: [`crate::ObjKind::Var`] objects (their `embedded` flag says so there).
    pub fields: List<ObjId>,
    /// Tags, parallel to `fields`, or shorter: missing ones are empty.
    pub tags: List<Option<Arc<[u8]>>>,
}

impl Struct {
    /// The tag of field `i`, empty if it has none.
    pub fn tag(&self, i: usize) -> &[u8] {
        self.tags.get(i).and_then(|t| t.as_deref()).unwrap_or(&[])
    }
}

/// `func(…) …`
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Type parameters of the function, or of a generic method (receiver's not included).
    pub tparams: List<TypeId>,
    /// Receiver variable of a method. Not part of the type's identity.
    pub recv: Option<ObjId>,
    /// The receiver's own type parameters (`func (r T[P]) m()`: P), in terms of which the
    /// signature of a generic type's method is written.
    pub recv_tparams: List<TypeId>,
    /// Parameters; the last one has slice type if `variadic`.
    pub params: List<ObjId>,
    /// Results.
    pub results: List<ObjId>,
    /// Whether the last parameter is `...T` (its recorded type is `[]T`; only `append`'s
    /// built-in form may have `string` there).
    pub variadic: bool,
}

/// `interface { … }`
#[derive(Clone, Debug, Default)]
pub struct Interface {
    /// Explicitly declared methods in source order ([`crate::ObjKind::Func`]).
    pub methods: List<ObjId>,
    /// Embedded elements: types and unions.
    pub embeds: List<TypeId>,
    /// Positions of the embedded elements, parallel to `embeds`.
    pub embed_pos: List<Pos>,
    /// Written as a bare constraint literal (`[P ~int]`).
    pub implicit: bool,
    /// `false` while methods and embeds are still being collected.
    pub complete: bool,
    /// The type set once computed: ask [`crate::Program::type_set`].
    pub tset: Option<Arc<TypeSet>>,
}

/// One term of a union: `T` or `~T`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term {
    /// Whether all types with underlying type `ty` are meant.
    pub tilde: bool,
    /// The type.
    pub ty: TypeId,
}

/// A type parameter.
#[derive(Clone, Debug)]
pub struct TypeParam {
    /// Its type name.
    pub obj: ObjId,
    /// Position in its list.
    pub index: usize,
    /// The constraint as written: any type.
    pub bound: TypeId,
    /// The constraint as an interface, once made: ask [`crate::Program::type_param_iface`].
    pub iface: Option<TypeId>,
}

/// What an interface admits: all methods, and the types, if restricted.
#[derive(Clone, Debug, Default)]
pub struct TypeSet {
    /// All methods, embedded ones included, sorted by [`crate::Program::method_key`]'s order.
    pub methods: Vec<ObjId>,
    /// The admitted types.
    pub terms: TermList,
    /// Whether `comparable` restricts the set; only meaningful when `terms` is all types.
    pub comparable: bool,
}

/// A normalised union of disjoint terms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TermList {
    /// Every type.
    #[default]
    All,
    /// These; none if empty.
    Terms(Vec<Term>),
}
