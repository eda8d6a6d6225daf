//! Expressions and types.

use super::{Block, Ident, Literal, NodeId};
use goxide_base::{Pos, Symbol};

/// An expression or a type.
#[derive(Debug)]
pub struct Expr {
    /// This node.
    pub id: NodeId,
    /// Where messages about it are placed; see each [`ExprKind`].
    pub pos: Pos,
    /// What it is.
    pub kind: ExprKind,
}

/// The forms of [`Expr`]. Unless said otherwise `pos` is where the expression begins.
#[derive(Debug)]
pub enum ExprKind {
    /// What could not be parsed; an error was reported.
    Bad,
    /// A name.
    Ident(Symbol),
    /// A number, rune or string.
    BasicLit(BasicLit),
    /// `T{…}`, or `{…}` inside another one. `pos` is the opening brace.
    CompositeLit(Box<CompositeLit>),
    /// `func(…) {…}`.
    FuncLit(Box<FuncLit>),
    /// `(x)`.
    Paren(Box<ParenExpr>),
    /// `x.sel`. `pos` is the dot.
    Selector(Box<SelectorExpr>),
    /// `x[i]` or an instantiation `x[T1, T2]`. `pos` is the bracket.
    Index(Box<IndexExpr>),
    /// `x[lo:hi]`, `x[lo:hi:max]`. `pos` is the bracket.
    Slice(Box<SliceExpr>),
    /// `x.(T)`, `x.(type)`. `pos` is the dot.
    TypeAssert(Box<TypeAssertExpr>),
    /// `fun(args…)`. `pos` is the parenthesis.
    Call(Box<CallExpr>),
    /// `*x`: an indirection or a pointer type.
    Star(Box<Expr>),
    /// An operator before its operand.
    Unary(Box<UnaryExpr>),
    /// An operator between two operands. `pos` is the operator.
    Binary(Box<BinaryExpr>),
    /// `key: value` in a composite literal. `pos` is the colon.
    KeyValue(Box<KeyValueExpr>),
    /// `[n]T`, `[...]T`.
    ArrayType(Box<ArrayType>),
    /// `[]T`.
    SliceType(Box<Expr>),
    /// `struct {…}`.
    StructType(Box<StructType>),
    /// `func(…) …` as a type. The [`FuncType`] has the expression's own id and `pos`.
    FuncType(Box<FuncType>),
    /// `interface {…}`.
    InterfaceType(Box<InterfaceType>),
    /// `map[K]V`.
    MapType(Box<MapType>),
    /// `chan T`, `<-chan T`, `chan<- T`.
    ChanType(Box<ChanType>),
    /// `...T`, the type of a last parameter.
    Ellipsis(Box<Expr>),
}

/// Kinds of literals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LitKind {
    /// `42`, `0x_2a`, `0b1`, `0o7`, `017`.
    Int,
    /// `1.5`, `1e9`, `0x1p-2`.
    Float,
    /// `2i`, `1.5i`, `0x1i`.
    Imag,
    /// `'a'`.
    Rune,
    /// `"a"` or a raw string in back quotes.
    String,
}

/// A number, rune or string.
#[derive(Clone, Copy, Debug)]
pub struct BasicLit {
    /// What kind of literal it is.
    pub kind: LitKind,
    /// Its source text, quotes included, carriage returns of raw strings removed. See
    /// [`crate::literal`] for its value.
    pub text: Symbol,
    /// Whether the text is malformed; an error was reported then.
    pub bad: bool,
}

/// `T{…}`.
#[derive(Debug)]
pub struct CompositeLit {
    /// The type; `None` for an inner literal with elided type.
    pub ty: Option<Expr>,
    /// `{`.
    pub lbrace: Pos,
    /// Elements; those with keys are [`ExprKind::KeyValue`].
    pub elems: Vec<Expr>,
    /// `}`.
    pub rbrace: Pos,
}

/// `func(…) {…}`.
#[derive(Debug)]
pub struct FuncLit {
    /// The signature.
    pub ty: FuncType,
    /// The body.
    pub body: Block,
}

/// `(x)`.
#[derive(Debug)]
pub struct ParenExpr {
    /// What is inside.
    pub x: Expr,
    /// `)`.
    pub rparen: Pos,
}

/// `x.sel`.
#[derive(Debug)]
pub struct SelectorExpr {
    /// What is selected from: a value, type or package.
    pub x: Expr,
    /// The name selected.
    pub sel: Ident,
}

/// `x[i]`, `x[T1, T2]`.
#[derive(Debug)]
pub struct IndexExpr {
    /// What is indexed or instantiated.
    pub x: Expr,
    /// `[`.
    pub lbrack: Pos,
    /// One index, or one or more type arguments. Never empty.
    pub indices: Vec<Expr>,
    /// `]`.
    pub rbrack: Pos,
}

/// `x[lo:hi]`, `x[lo:hi:max]`.
#[derive(Debug)]
pub struct SliceExpr {
    /// What is sliced.
    pub x: Expr,
    /// `[`.
    pub lbrack: Pos,
    /// The lower bound.
    pub lo: Option<Expr>,
    /// The upper bound.
    pub hi: Option<Expr>,
    /// The capacity bound.
    pub max: Option<Expr>,
    /// Whether there are two colons; in a valid tree the same as `max.is_some()`.
    pub full: bool,
    /// `]`.
    pub rbrack: Pos,
}

/// `x.(T)`, `x.(type)`.
#[derive(Debug)]
pub struct TypeAssertExpr {
    /// The interface value.
    pub x: Expr,
    /// `(`.
    pub lparen: Pos,
    /// The type; `None` for `.(type)`.
    pub ty: Option<Expr>,
    /// `)`.
    pub rparen: Pos,
}

/// `fun(args…)`: a call or a conversion.
#[derive(Debug)]
pub struct CallExpr {
    /// What is called.
    pub fun: Expr,
    /// `(`.
    pub lparen: Pos,
    /// Arguments; the first may be a type.
    pub args: Vec<Expr>,
    /// `...` after the last argument, or [`Pos::NONE`].
    pub ellipsis: Pos,
    /// `)`.
    pub rparen: Pos,
}

impl CallExpr {
    /// Whether the last argument is followed by `...`.
    pub fn has_dots(&self) -> bool {
        self.ellipsis.is_some()
    }
}

/// `op x`.
#[derive(Debug)]
pub struct UnaryExpr {
    /// The operator.
    pub op: UnaryOp,
    /// The operand.
    pub x: Expr,
}

/// `x op y`.
#[derive(Debug)]
pub struct BinaryExpr {
    /// The operator.
    pub op: BinaryOp,
    /// The left operand.
    pub x: Expr,
    /// The right operand.
    pub y: Expr,
}

/// `key: value`.
#[derive(Debug)]
pub struct KeyValueExpr {
    /// A field name, index or map key.
    pub key: Expr,
    /// The element.
    pub value: Expr,
}

/// `[n]T`, `[...]T`.
#[derive(Debug)]
pub struct ArrayType {
    /// The length.
    pub len: ArrayLen,
    /// The element type.
    pub elem: Expr,
}

/// The length of an array type.
#[derive(Debug)]
pub enum ArrayLen {
    /// A constant expression.
    Expr(Expr),
    /// `...`, at this position.
    Dots(Pos),
}

/// `struct {…}`.
#[derive(Debug)]
pub struct StructType {
    /// The fields, between the braces.
    pub fields: FieldList,
}

/// A signature.
#[derive(Debug)]
pub struct FuncType {
    /// This node.
    pub id: NodeId,
    /// Where messages about the signature are placed: its first bracket or parenthesis.
    pub pos: Pos,
    /// `func`; [`Pos::NONE`] for interface methods.
    pub func_pos: Pos,
    /// Type parameters of a function or method declaration, with their brackets.
    pub type_params: Option<FieldList>,
    /// Parameters, with their parentheses.
    pub params: FieldList,
    /// Results; without parentheses `opening` and `closing` are [`Pos::NONE`].
    pub results: Option<FieldList>,
}

/// `interface {…}`.
#[derive(Debug)]
pub struct InterfaceType {
    /// Methods and embedded elements in source order. A method is a field with one name and
    /// a [`ExprKind::FuncType`]; an embedded element has no name and is a type, a
    /// `~T` ([`UnaryOp::Tilde`]) or a union ([`BinaryOp::Or`]) of these.
    pub elems: FieldList,
}

/// `map[K]V`.
#[derive(Debug)]
pub struct MapType {
    /// The key type.
    pub key: Expr,
    /// The element type.
    pub value: Expr,
}

/// `chan T`, `<-chan T`, `chan<- T`.
#[derive(Debug)]
pub struct ChanType {
    /// What may be done with it.
    pub dir: ChanDir,
    /// `<-`, or [`Pos::NONE`].
    pub arrow: Pos,
    /// The element type.
    pub elem: Expr,
}

/// The direction of a channel type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChanDir {
    /// `chan T`.
    Both,
    /// `chan<- T`.
    Send,
    /// `<-chan T`.
    Recv,
}

/// A bracketed list of fields, parameters, type parameters or interface elements.
#[derive(Debug, Default)]
pub struct FieldList {
    /// The opening bracket, or [`Pos::NONE`].
    pub opening: Pos,
    /// In source order; names declared together are one field.
    pub fields: Vec<Field>,
    /// The closing bracket, or [`Pos::NONE`].
    pub closing: Pos,
}

impl FieldList {
    /// Number of things declared: an unnamed field counts once, a named one per name.
    pub fn count(&self) -> usize {
        self.fields.iter().map(|f| f.names.len().max(1)).sum()
    }
}

/// `a, b T "tag"`, or `T` alone.
#[derive(Debug)]
pub struct Field {
    /// This node.
    pub id: NodeId,
    /// Where it begins.
    pub pos: Pos,
    /// Names; none for embedded fields, unnamed parameters and embedded elements.
    pub names: Vec<Ident>,
    /// The type, shared by all names.
    pub ty: Expr,
    /// A struct field's tag.
    pub tag: Option<Literal>,
}

/// Operators before their operand, other than `*`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Neg,
    /// `!`
    Not,
    /// `^`
    Xor,
    /// `&`
    Addr,
    /// `<-`
    Recv,
    /// `~`, in constraints
    Tilde,
}

/// Operators between operands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    /// `||`
    LOr,
    /// `&&`
    LAnd,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `*`
    Mul,
    /// `/`
    Quo,
    /// `%`
    Rem,
    /// `&`
    And,
    /// `&^`
    AndNot,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
}

impl UnaryOp {
    /// The operator as written.
    pub fn as_str(self) -> &'static str {
        match self {
            UnaryOp::Plus => "+",
            UnaryOp::Neg => "-",
            UnaryOp::Not => "!",
            UnaryOp::Xor => "^",
            UnaryOp::Addr => "&",
            UnaryOp::Recv => "<-",
            UnaryOp::Tilde => "~",
        }
    }
}

impl BinaryOp {
    /// The operator as written.
    pub fn as_str(self) -> &'static str {
        match self {
            BinaryOp::LOr => "||",
            BinaryOp::LAnd => "&&",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::Mul => "*",
            BinaryOp::Quo => "/",
            BinaryOp::Rem => "%",
            BinaryOp::And => "&",
            BinaryOp::AndNot => "&^",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
        }
    }

    /// Binding strength from 1 (`||`) to 5 (`*`), as the specification numbers them.
    pub fn precedence(self) -> u8 {
        use BinaryOp::*;
        match self {
            LOr => 1,
            LAnd => 2,
            Eq | Ne | Lt | Le | Gt | Ge => 3,
            Add | Sub | Or | Xor => 4,
            Mul | Quo | Rem | And | AndNot | Shl | Shr => 5,
        }
    }

    /// Whether this is `==`, `!=`, `<`, `<=`, `>` or `>=`.
    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }

    /// Whether this is `<<` or `>>`.
    pub fn is_shift(self) -> bool {
        matches!(self, BinaryOp::Shl | BinaryOp::Shr)
    }
}

impl BinaryExpr {
    /// Takes the expression apart.
    pub fn into_parts(mut self) -> (BinaryOp, Expr, Expr) {
        (self.op, self.x.take(), self.y.take())
    }
}

/// Sums of thousands of operands are deep on their left: they are dropped in a loop.
impl Drop for BinaryExpr {
    fn drop(&mut self) {
        let mut x = self.x.take();
        while let ExprKind::Binary(e) = &mut x.kind {
            x = e.x.take();
        }
    }
}

impl Expr {
    /// Moves the expression out, leaving a [`ExprKind::Bad`].
    fn take(&mut self) -> Expr {
        let kind = std::mem::replace(&mut self.kind, ExprKind::Bad);
        Expr {
            id: self.id,
            pos: self.pos,
            kind,
        }
    }

    /// The name, if the expression is one.
    pub fn as_ident(&self) -> Option<Ident> {
        match self.kind {
            ExprKind::Ident(name) => Some(Ident {
                id: self.id,
                pos: self.pos,
                name,
            }),
            _ => None,
        }
    }

    /// The expression without the parentheses around it.
    pub fn unparen(&self) -> &Expr {
        let mut x = self;
        while let ExprKind::Paren(inner) = &x.kind {
            x = &inner.x;
        }
        x
    }
}
