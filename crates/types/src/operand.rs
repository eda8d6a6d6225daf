//! Operands: what is known about an expression while it is being checked.

use crate::builtin::Builtin;
use crate::constant::Value;
use crate::info::Mode;
use crate::program::Program;
use crate::types::*;
use goxide_base::Pos;
use goxide_syntax::ast::Expr;

/// [`Operand::result`] of the boolean that says whether there was a value.
pub(crate) const OK_VALUE: usize = usize::MAX;

/// What an operand stands for.
#[derive(Clone, Debug, Default)]
pub(crate) enum OpMode {
    /// Something wrong, which was reported.
    #[default]
    Invalid,
    /// A call without results.
    NoValue,
    /// A built-in function.
    Builtin(Builtin),
    /// A type.
    TypeExpr,
    /// A constant with its value.
    Constant(Value),
    /// Addressable.
    Variable,
    /// `m[k]`
    MapIndex,
    /// A computed value.
    Value,
    /// `nil`
    Nil,
    /// A value with an optional second boolean.
    CommaOk,
}

/// An expression under check.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operand<'a> {
    /// What it stands for.
    pub mode: OpMode,
    /// Its type; meaningless for `Invalid`, `NoValue` and `Builtin`.
    pub ty: TypeId,
    /// Its syntax; `None` for made-up operands (then `pos` says where).
    pub expr: Option<&'a Expr>,
    /// Where it is if there is no syntax.
    pub at: Pos,
    /// Which of the values of the expression it is, from 1; 0 if that has but one;
    /// [`OK_VALUE`] for the second of a comma-ok form.
    pub result: usize,
}

impl Default for TypeId {
    fn default() -> TypeId {
        TypeId::INVALID
    }
}

impl<'a> Operand<'a> {
    /// A wrong operand.
    pub fn invalid(expr: &'a Expr) -> Operand<'a> {
        Operand {
            expr: Some(expr),
            ..Operand::default()
        }
    }

    /// An operand for an expression.
    pub fn new(mode: OpMode, ty: TypeId, expr: &'a Expr) -> Operand<'a> {
        Operand {
            mode,
            ty,
            expr: Some(expr),
            at: Pos::NONE,
            result: 0,
        }
    }

    /// Whether nothing was wrong so far.
    pub fn ok(&self) -> bool {
        !matches!(self.mode, OpMode::Invalid)
    }

    /// Marks it as wrong.
    pub fn invalidate(&mut self) {
        self.mode = OpMode::Invalid;
    }

    /// Where it begins.
    pub fn pos(&self) -> Pos {
        self.expr.map_or(self.at, Expr::start)
    }

    /// The value of a constant.
    pub fn val(&self) -> Option<&Value> {
        match &self.mode {
            OpMode::Constant(v) => Some(v),
            _ => None,
        }
    }

    /// Whether it is `nil`, typed or not.
    pub fn is_nil(&self) -> bool {
        matches!(self.mode, OpMode::Nil)
    }

    /// The mode as recorded in [`crate::Info`]; `None` for wrong ones.
    pub fn info_mode(&self) -> Option<Mode> {
        Some(match self.mode {
            OpMode::Invalid => return None,
            OpMode::NoValue => Mode::NoValue,
            OpMode::Builtin(_) => Mode::Builtin,
            OpMode::TypeExpr => Mode::TypeExpr,
            OpMode::Constant(_) => Mode::Constant,
            OpMode::Variable => Mode::Variable,
            OpMode::MapIndex => Mode::MapIndex,
            OpMode::Value => Mode::Value,
            OpMode::Nil => Mode::NilValue,
            OpMode::CommaOk => Mode::CommaOk,
        })
    }

    fn mode_text(&self) -> &'static str {
        match self.mode {
            OpMode::Invalid => "invalid operand",
            OpMode::NoValue => "no value",
            OpMode::Builtin(_) => "built-in",
            OpMode::TypeExpr => "type",
            OpMode::Constant(_) => "constant",
            OpMode::Variable => "variable",
            OpMode::MapIndex => "map index expression",
            OpMode::Value => "value",
            OpMode::Nil => "nil",
            OpMode::CommaOk => "comma, ok expression",
        }
    }
}

/// `1st`, `2nd` and so on.
fn ordinal(n: usize) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

impl Program {
    /// An operand as messages write it: `x (variable of type T)`.
    pub(crate) fn operand_string(&mut self, x: &Operand<'_>) -> String {
        if x.is_nil() {
            return match x.ty {
                TypeId::INVALID => "nil (with invalid type)".into(),
                TypeId::UNTYPED_NIL => "nil".into(),
                t => format!("nil (of type {})", self.type_string(t)),
            };
        }
        let expr = match (x.expr, &x.mode) {
            _ if x.result == OK_VALUE => "ok value of (comma, ok) expression".into(),
            _ if x.result > 0 => ordinal(x.result) + " function result",
            (Some(e), _) => goxide_syntax::expr_string(e),
            (None, OpMode::Builtin(b)) => b.name().into(),
            (None, OpMode::TypeExpr) => self.type_string(x.ty),
            (None, OpMode::Constant(v)) => v.to_string(),
            _ => String::new(),
        };
        let mut out = String::new();
        if !expr.is_empty() {
            out.push_str(&expr);
            out.push_str(" (");
        }
        let untyped = self.is_untyped(x.ty);
        let typed = match x.mode {
            OpMode::Invalid | OpMode::NoValue | OpMode::Builtin(_) | OpMode::TypeExpr => false,
            _ if untyped => {
                out.push_str(&self.type_string(x.ty));
                out.push(' ');
                false
            }
            _ => true,
        };
        out.push_str(x.mode_text());
        if let OpMode::Constant(v) = &x.mode {
            let value = v.to_string();
            if value != expr {
                out.push(' ');
                out.push_str(&value);
            }
        }
        if typed {
            out.push_str(&self.of_type(x.ty));
        }
        if !expr.is_empty() {
            out.push(')');
        }
        out
    }

    fn of_type(&mut self, ty: TypeId) -> String {
        if !self.is_valid(ty) {
            return " with invalid type".into();
        }
        let mut what = String::new();
        let param = self.as_type_param(ty).map(|p| p.bound);
        if param.is_none() && matches!(self.ty(ty), Type::Alias(_) | Type::Named(_)) {
            what = self.kind_name(ty).to_string();
            if what.is_empty() {
                let u = self.under(ty);
                what = match u {
                    TypeId::UNSAFE_POINTER => "Pointer".into(),
                    _ => self.type_string(u),
                };
            }
        }
        let generic = if self.is_generic(ty) { "generic " } else { "" };
        if !what.is_empty() {
            what.push(' ');
        }
        let mut out = format!(" of {generic}{what}type {}", self.type_string(ty));
        if let Some(bound) = param {
            out.push_str(&format!(" constrained by {}", self.type_string(bound)));
            if self.type_set(ty).terms.is_empty() {
                out.push_str(" with empty type set");
            }
        }
        out
    }

    /// The kind of a composite type in a word; empty for basic types.
    pub(crate) fn kind_name(&mut self, ty: TypeId) -> &'static str {
        match self.under_ty(ty) {
            Type::Array(..) => "array",
            Type::Slice(_) => "slice",
            Type::Struct(_) => "struct",
            Type::Pointer(_) => "pointer",
            Type::Signature(_) => "func",
            Type::Interface(_) => "interface",
            Type::Map(..) => "map",
            Type::Chan(..) => "chan",
            Type::Tuple(_) => "tuple",
            Type::Union(_) => "union",
            _ => "",
        }
    }
}
