//! Statements.

use super::{BinaryOp, Decl, Expr, Ident, NodeId};
use goxide_base::Pos;

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// This node.
    pub id: NodeId,
    /// Where messages about it are placed: the keyword, or for simple statements the
    /// operator (`=`, `:=`, `+=`, `<-`, `++`).
    pub pos: Pos,
    /// What it is.
    pub kind: StmtKind,
}

/// The forms of [`Stmt`].
#[derive(Debug)]
pub enum StmtKind {
    /// What could not be parsed; an error was reported.
    Bad,
    /// Nothing, before an explicit semicolon or a closing brace.
    Empty,
    /// `const`, `type` or `var` inside a function.
    Decl(Box<Decl>),
    /// `label: stmt`. `pos` is the colon.
    Labeled(Box<LabeledStmt>),
    /// An expression; in a valid program a call or a receive.
    Expr(Expr),
    /// `ch <- value`.
    Send(Box<SendStmt>),
    /// `x++`, `x--`.
    IncDec(Box<IncDecStmt>),
    /// `lhs = rhs`, `lhs := rhs`, `lhs op= rhs`.
    Assign(Box<AssignStmt>),
    /// `go call`. Whether it is a call is for the type checker to say.
    Go(Box<Expr>),
    /// `defer call`.
    Defer(Box<Expr>),
    /// `return results`.
    Return(Vec<Expr>),
    /// `break`, `continue`, `goto`, `fallthrough`.
    Branch(BranchStmt),
    /// `{…}`.
    Block(Box<Block>),
    /// `if …`.
    If(Box<IfStmt>),
    /// `switch …` over values.
    Switch(Box<SwitchStmt>),
    /// `switch x := y.(type) …`.
    TypeSwitch(Box<TypeSwitchStmt>),
    /// `select …`.
    Select(Box<SelectStmt>),
    /// `for` with at most three clauses.
    For(Box<ForStmt>),
    /// `for … range x`.
    Range(Box<RangeStmt>),
}

/// `{…}`, which opens a scope.
#[derive(Debug)]
pub struct Block {
    /// This node.
    pub id: NodeId,
    /// `{`.
    pub lbrace: Pos,
    /// The statements.
    pub stmts: Vec<Stmt>,
    /// `}`, where a missing return is reported.
    pub rbrace: Pos,
}

/// `label: stmt`.
#[derive(Debug)]
pub struct LabeledStmt {
    /// The label.
    pub label: Ident,
    /// `:`.
    pub colon: Pos,
    /// What is labelled.
    pub stmt: Stmt,
}

/// `ch <- value`.
#[derive(Debug)]
pub struct SendStmt {
    /// The channel.
    pub chan: Expr,
    /// `<-`.
    pub arrow: Pos,
    /// What is sent.
    pub value: Expr,
}

/// `x++`, `x--`.
#[derive(Debug)]
pub struct IncDecStmt {
    /// What is changed.
    pub x: Expr,
    /// `++` or `--`.
    pub op_pos: Pos,
    /// Whether it is `++`.
    pub inc: bool,
}

/// `lhs = rhs`, `lhs := rhs`, `lhs op= rhs`.
#[derive(Debug)]
pub struct AssignStmt {
    /// What is assigned to or defined.
    pub lhs: Vec<Expr>,
    /// The operator.
    pub op: AssignOp,
    /// Where the operator stands.
    pub op_pos: Pos,
    /// The values.
    pub rhs: Vec<Expr>,
}

/// Kinds of assignments.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AssignOp {
    /// `=`
    Assign,
    /// `:=`
    Define,
    /// `+=` and the like: both sides are single expressions.
    Op(BinaryOp),
}

/// `break`, `continue`, `goto`, `fallthrough`.
#[derive(Clone, Copy, Debug)]
pub struct BranchStmt {
    /// Which one.
    pub kind: BranchKind,
    /// The label, if given.
    pub label: Option<Ident>,
}

/// Kinds of branches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BranchKind {
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `goto`
    Goto,
    /// `fallthrough`
    Fallthrough,
}

/// `if init; cond {…} else …`, which opens a scope around its block.
#[derive(Debug)]
pub struct IfStmt {
    /// The statement before the condition.
    pub init: Option<Stmt>,
    /// The condition.
    pub cond: Expr,
    /// What runs if it holds.
    pub then: Block,
    /// A [`StmtKind::Block`] or [`StmtKind::If`].
    pub els: Option<Stmt>,
}

/// `switch init; tag {…}`, which opens a scope.
#[derive(Debug)]
pub struct SwitchStmt {
    /// The statement before the tag.
    pub init: Option<Stmt>,
    /// What is compared; `None` means `true`.
    pub tag: Option<Expr>,
    /// `{`.
    pub lbrace: Pos,
    /// The clauses.
    pub clauses: Vec<CaseClause>,
    /// `}`.
    pub rbrace: Pos,
}

/// `switch init; bind := x.(type) {…}`, which opens a scope.
#[derive(Debug)]
pub struct TypeSwitchStmt {
    /// The statement before the guard.
    pub init: Option<Stmt>,
    /// The variable that each clause declares anew (attach it to the clause's id).
    pub bind: Option<Ident>,
    /// `:=`, or [`Pos::NONE`] without a variable.
    pub define_pos: Pos,
    /// `x.(type)`: a [`super::ExprKind::TypeAssert`] without type.
    pub guard: Expr,
    /// `{`.
    pub lbrace: Pos,
    /// The clauses; their expressions are types or `nil`.
    pub clauses: Vec<CaseClause>,
    /// `}`.
    pub rbrace: Pos,
}

/// `case exprs:` or `default:` with what follows, which opens a scope.
#[derive(Debug)]
pub struct CaseClause {
    /// This node.
    pub id: NodeId,
    /// `case` or `default`.
    pub pos: Pos,
    /// What is listed after `case`; `None` for `default`.
    pub exprs: Option<Vec<Expr>>,
    /// `:`.
    pub colon: Pos,
    /// The statements.
    pub body: Vec<Stmt>,
}

/// `select {…}`.
#[derive(Debug)]
pub struct SelectStmt {
    /// `{`.
    pub lbrace: Pos,
    /// The clauses.
    pub clauses: Vec<CommClause>,
    /// `}`.
    pub rbrace: Pos,
}

/// `case comm:` or `default:` with what follows, which opens a scope.
#[derive(Debug)]
pub struct CommClause {
    /// This node.
    pub id: NodeId,
    /// `case` or `default`.
    pub pos: Pos,
    /// In a valid program a send, a receive, or an assignment or definition from a receive;
    /// `None` for `default`.
    pub comm: Option<Stmt>,
    /// `:`.
    pub colon: Pos,
    /// The statements.
    pub body: Vec<Stmt>,
}

/// `for init; cond; post {…}`, which opens a scope around its block.
#[derive(Debug)]
pub struct ForStmt {
    /// Runs once before.
    pub init: Option<Stmt>,
    /// The condition; `None` means `true`.
    pub cond: Option<Expr>,
    /// Runs after each round.
    pub post: Option<Stmt>,
    /// The body.
    pub body: Block,
}

/// `for key, value := range x {…}`, which opens a scope around its block.
#[derive(Debug)]
pub struct RangeStmt {
    /// The first iteration variable.
    pub key: Option<Expr>,
    /// The second.
    pub value: Option<Expr>,
    /// Further ones, which are an error the type checker reports.
    pub extra: Vec<Expr>,
    /// `:=` or `=`, or [`Pos::NONE`] if there are no variables.
    pub op_pos: Pos,
    /// Whether the variables are defined here (`:=`).
    pub define: bool,
    /// `range`.
    pub range_pos: Pos,
    /// What is ranged over.
    pub x: Expr,
    /// The body.
    pub body: Block,
}
