//! The built-in functions: of the universe, of package unsafe, and those that only the
//! type checker's own tests use.

/// A built-in function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Builtin {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
    /// `unsafe.Add`
    Add,
    /// `unsafe.Alignof`
    Alignof,
    /// `unsafe.Offsetof`
    Offsetof,
    /// `unsafe.Sizeof`
    Sizeof,
    /// `unsafe.Slice`
    Slice,
    /// `unsafe.SliceData`
    SliceData,
    /// `unsafe.String`
    String,
    /// `unsafe.StringData`
    StringData,
    /// `assert(b)`, declared only for test files.
    Assert,
    /// `trace(x)`, declared only for test files.
    Trace,
}

/// What a call of a built-in is, syntactically.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CallKind {
    /// Type conversion.
    Conversion,
    /// May not stand as a statement.
    Expression,
    /// May stand as a statement.
    Statement,
}

impl Builtin {
    /// Built-ins of the universe.
    pub const UNIVERSE: [Builtin; 18] = [
        Builtin::Append,
        Builtin::Cap,
        Builtin::Clear,
        Builtin::Close,
        Builtin::Complex,
        Builtin::Copy,
        Builtin::Delete,
        Builtin::Imag,
        Builtin::Len,
        Builtin::Make,
        Builtin::Max,
        Builtin::Min,
        Builtin::New,
        Builtin::Panic,
        Builtin::Print,
        Builtin::Println,
        Builtin::Real,
        Builtin::Recover,
    ];

    /// Built-ins of package unsafe.
    pub const UNSAFE: [Builtin; 8] = [
        Builtin::Add,
        Builtin::Alignof,
        Builtin::Offsetof,
        Builtin::Sizeof,
        Builtin::Slice,
        Builtin::SliceData,
        Builtin::String,
        Builtin::StringData,
    ];

    /// The declared name.
    pub fn name(self) -> &'static str {
        self.spec().0
    }

    /// The number of arguments it needs at least.
    pub fn min_args(self) -> usize {
        self.spec().1
    }

    /// Whether more arguments than [`Self::min_args`] are possible.
    pub fn variadic(self) -> bool {
        self.spec().2
    }

    /// Whether a call may be a statement.
    pub fn call_kind(self) -> CallKind {
        self.spec().3
    }

    fn spec(self) -> (&'static str, usize, bool, CallKind) {
        use CallKind::{Expression, Statement};
        match self {
            Builtin::Append => ("append", 1, true, Expression),
            Builtin::Cap => ("cap", 1, false, Expression),
            Builtin::Clear => ("clear", 1, false, Statement),
            Builtin::Close => ("close", 1, false, Statement),
            Builtin::Complex => ("complex", 2, false, Expression),
            Builtin::Copy => ("copy", 2, false, Statement),
            Builtin::Delete => ("delete", 2, false, Statement),
            Builtin::Imag => ("imag", 1, false, Expression),
            Builtin::Len => ("len", 1, false, Expression),
            Builtin::Make => ("make", 1, true, Expression),
            Builtin::Max => ("max", 1, true, Expression),
            Builtin::Min => ("min", 1, true, Expression),
            Builtin::New => ("new", 1, false, Expression),
            Builtin::Panic => ("panic", 1, false, Statement),
            Builtin::Print => ("print", 0, true, Statement),
            Builtin::Println => ("println", 0, true, Statement),
            Builtin::Real => ("real", 1, false, Expression),
            Builtin::Recover => ("recover", 0, false, Statement),
            Builtin::Add => ("Add", 2, false, Expression),
            Builtin::Alignof => ("Alignof", 1, false, Expression),
            Builtin::Offsetof => ("Offsetof", 1, false, Expression),
            Builtin::Sizeof => ("Sizeof", 1, false, Expression),
            Builtin::Slice => ("Slice", 2, false, Expression),
            Builtin::SliceData => ("SliceData", 1, false, Expression),
            Builtin::String => ("String", 2, false, Expression),
            Builtin::StringData => ("StringData", 1, false, Expression),
            Builtin::Assert => ("assert", 1, false, Statement),
            Builtin::Trace => ("trace", 0, true, Expression),
        }
    }
}
