//! Index and slice expressions.

use crate::checker::Checker;
use crate::constant::Value;
use crate::expr::Target;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_syntax::ast::{Expr, IndexExpr, SliceExpr};

/// What indexing a type gives.
struct Indexed {
    /// Elements; for maps with the key type.
    elem: TypeId,
    key: Option<TypeId>,
    /// Length, if it is known.
    len: i64,
    mode: OpMode,
}

impl<'a> Checker<'_, 'a> {
    pub(crate) fn index_expr(
        &mut self,
        target: Option<&Target>,
        e: &'a Expr,
        index: &'a IndexExpr,
    ) -> Operand<'a> {
        let mut x = self.expr_or_type(&index.x, true);
        match x.mode {
            OpMode::Invalid => {
                self.use_exprs(&index.indices);
                return Operand::invalid(e);
            }
            OpMode::TypeExpr => {
                // An instantiated type.
                let ty = self.typ(e);
                let mode = if self.p.is_valid(ty) {
                    OpMode::TypeExpr
                } else {
                    OpMode::Invalid
                };
                return Operand::new(mode, ty, e);
            }
            _ => {}
        }
        if let Type::Signature(sig) = self.p.under_ty(x.ty).clone()
            && !sig.tparams.is_empty()
        {
            self.instantiate_func(target, &mut x, e, index);
            x.expr = Some(e);
            return x;
        }
        self.single_value(&mut x);
        if !x.ok() {
            self.use_exprs(&index.indices);
            return Operand::invalid(e);
        }
        self.index_value_of(x, e, index)
    }

    fn index_value_of(&mut self, x: Operand<'a>, e: &'a Expr, index: &'a IndexExpr) -> Operand<'a> {
        if !self.indexable(x.ty) {
            return Operand::invalid(e);
        }
        let Some(indexed) = self.indexed(&x) else {
            let msg = format!("cannot index {}", self.show(&x));
            self.err(e.pos, "NonSliceableOperand", msg);
            self.use_exprs(&index.indices);
            return Operand::invalid(e);
        };
        let Some(i) = self.single_index(index) else {
            return Operand::invalid(e);
        };
        if let Some(key) = indexed.key {
            let mut k = self.generic_expr(i);
            self.assignment(&mut k, Some(key), "map index");
            return Operand::new(indexed.mode, indexed.elem, e);
        }
        // Constant strings indexed by constants give byte values, not constants.
        self.index_operand(i, indexed.len);
        Operand::new(indexed.mode, indexed.elem, e)
    }

    /// Whether a type, and what indexing it goes through, is set up.
    fn indexable(&mut self, ty: TypeId) -> bool {
        self.is_complete(ty)
            && match *self.p.under_ty(ty) {
                Type::Pointer(base) => self.is_complete(base),
                Type::Map(_, elem) => self.is_complete(elem),
                _ => true,
            }
    }

    fn single_index(&mut self, index: &'a IndexExpr) -> Option<&'a Expr> {
        if index.indices.len() > 1 {
            let at = index.indices[1].start();
            self.err(at, "InvalidIndex", "unexpected comma; expecting ]");
            self.use_exprs(&index.indices);
            return None;
        }
        index.indices.first()
    }

    fn indexed(&mut self, x: &Operand<'a>) -> Option<Indexed> {
        if self.p.is_type_param(x.ty) {
            return self.indexed_param(x);
        }
        let under = self.p.under(x.ty);
        let mut found = self.indexed_type(under)?;
        match self.p.ty(under) {
            Type::Basic(_) => {
                if let Some(len) = x.val().and_then(Value::string_len) {
                    found.len = len as i64;
                }
            }
            Type::Array(..) if matches!(x.mode, OpMode::Variable) => found.mode = OpMode::Variable,
            _ => {}
        }
        Some(found)
    }

    fn indexed_type(&mut self, under: TypeId) -> Option<Indexed> {
        let make = |elem, key, len, mode| {
            Some(Indexed {
                elem,
                key,
                len,
                mode,
            })
        };
        match *self.p.ty(under) {
            Type::Basic(b) if b.is_string() => make(TypeId::BYTE, None, -1, OpMode::Value),
            Type::Array(len, elem) => make(elem, None, len, OpMode::Value),
            Type::Pointer(base) => match self.p.under_ty(base).clone() {
                Type::Array(len, elem) if !self.p.is_type_param(base) => {
                    make(elem, None, len, OpMode::Variable)
                }
                _ => None,
            },
            Type::Slice(elem) => make(elem, None, -1, OpMode::Variable),
            Type::Map(key, elem) => make(elem, Some(key), -1, OpMode::MapIndex),
            _ => None,
        }
    }

    /// Indexing of a type parameter's values: all types of its set must allow it, with one
    /// element type, and either all or none of them be maps (with one key type).
    fn indexed_param(&mut self, x: &Operand<'a>) -> Option<Indexed> {
        let mut result: Option<Indexed> = None;
        for pair in self.p.specific_types(x.ty) {
            let (_, under) = pair?;
            let is_array = matches!(self.p.ty(under), Type::Array(..));
            let mut one = self.indexed_type(under)?;
            if is_array && matches!(x.mode, OpMode::Variable) {
                one.mode = OpMode::Variable;
            }
            let Some(known) = &mut result else {
                result = Some(one);
                continue;
            };
            if !self.p.identical(known.elem, one.elem) {
                return None;
            }
            match (known.key, one.key) {
                (None, None) => {}
                (Some(a), Some(b)) if self.p.identical(a, b) => {}
                _ => return None,
            }
            if one.len >= 0 && (known.len < 0 || one.len < known.len) {
                known.len = one.len;
            }
            // Strings make elements unassignable.
            if matches!(one.mode, OpMode::Value) {
                known.mode = OpMode::Value;
            }
        }
        result
    }

    /// Checks an index (not of a map) below `len`, if that is known: gives its value if it
    /// is constant.
    pub fn index_operand(&mut self, e: &'a Expr, len: i64) -> Option<i64> {
        let x = self.expr(None, e);
        self.index_value(x, len)
    }

    /// Checks that an operand can be an index below `len`.
    pub fn index_value(&mut self, mut x: Operand<'a>, len: i64) -> Option<i64> {
        if !self.valid_index(&mut x, "index", false) {
            return None;
        }
        let value = x.val()?;
        if value.is_unknown() {
            return None;
        }
        match value.as_i64() {
            Some(i) if len < 0 || i < len => Some(i),
            _ => {
                let shown = self.index_text(&x);
                let msg = format!("invalid argument: index {shown} out of bounds [0:{len}]");
                self.err(x.pos(), "InvalidIndex", msg);
                None
            }
        }
    }

    fn index_text(&self, x: &Operand<'a>) -> String {
        match x.val() {
            Some(v) => v.to_string(),
            None => x.expr.map_or(String::new(), Expr::to_string),
        }
    }

    /// Whether `x` is of integer type, or an untyped constant that can be an int, and not a
    /// negative constant (unless that is allowed).
    pub fn valid_index(&mut self, x: &mut Operand<'a>, what: &str, allow_negative: bool) -> bool {
        if !x.ok() {
            return false;
        }
        self.convert_untyped(x, TypeId::INT);
        if !x.ok() {
            return false;
        }
        if !self.p.all_integer(x.ty) {
            let msg = format!("invalid argument: {what} {} must be integer", self.show(x));
            self.err(x.pos(), "InvalidIndex", msg);
            return false;
        }
        let Some(value) = x.val() else { return true };
        if value.is_unknown() {
            return true;
        }
        if !allow_negative && value.sign() < 0 {
            let msg = format!(
                "invalid argument: {what} {} must not be negative",
                self.show(x)
            );
            self.err(x.pos(), "InvalidIndex", msg);
            return false;
        }
        if crate::untyped::represent_const(value, Basic::Int).is_none() {
            let msg = format!("invalid argument: {what} {} overflows int", self.show(x));
            self.err(x.pos(), "InvalidIndex", msg);
            return false;
        }
        true
    }

    pub(crate) fn slice_expr(&mut self, e: &'a Expr, slice: &'a SliceExpr) -> Operand<'a> {
        let mut x = self.expr(None, &slice.x);
        let bounds = [&slice.lo, &slice.hi, &slice.max];
        if !x.ok() {
            self.use_exprs(bounds.into_iter().flatten());
            return Operand::invalid(e);
        }
        if let &Type::Pointer(base) = self.p.under_ty(x.ty)
            && !self.is_complete(base)
        {
            return Operand::invalid(e);
        }
        let Some(len) = self.sliced(&mut x, slice) else {
            self.use_exprs(bounds.into_iter().flatten());
            return Operand::invalid(e);
        };
        x.expr = Some(e);
        if slice.full && (slice.hi.is_none() || slice.max.is_none()) {
            // The parser has complained.
            x.invalidate();
            return x;
        }
        let mut known: Vec<(i64, &'a Expr)> = Vec::new();
        for bound in bounds.into_iter().flatten() {
            let max = if len >= 0 { len + 1 } else { -1 };
            if let Some(value) = self.index_operand(bound, max) {
                known.push((value, bound));
            }
        }
        // Constant bounds must not decrease.
        for (i, &(value, _)) in known.iter().enumerate() {
            if let Some(&(later, at)) = known[i + 1..].iter().find(|k| k.0 < value) {
                let msg = format!("invalid slice indices: {later} < {value}");
                self.err(at.start(), "SwappedSliceIndices", msg);
                break;
            }
        }
        x
    }

    /// Makes `x` what slicing it gives; the length if it is known, −1 if not, `None` for
    /// an error, which is reported.
    fn sliced(&mut self, x: &mut Operand<'a>, slice: &'a SliceExpr) -> Option<i64> {
        let mut cause = String::new();
        let under = match self.string_or_bytes_under(x.ty) {
            Ok(under) => under,
            Err(why) => {
                cause = why;
                TypeId::INVALID
            }
        };
        match self.p.ty(under).clone() {
            Type::Basic(b) if b.is_string() => {
                if slice.full {
                    let msg = "invalid operation: 3-index slice of string";
                    let at = slice.max.as_ref().map_or(x.pos(), Expr::start);
                    self.err(at, "InvalidSliceExpr", msg);
                    return None;
                }
                let len = x.val().and_then(Value::string_len).map_or(-1, |n| n as i64);
                // An untyped string constant becomes a string; so does bytes|string.
                if self.p.is_untyped(x.ty) {
                    self.convert_untyped(x, TypeId::STRING);
                    x.ty = TypeId::STRING;
                }
                x.mode = OpMode::Value;
                Some(len)
            }
            Type::Array(len, elem) => {
                if !matches!(x.mode, OpMode::Variable) {
                    let msg = format!("cannot slice unaddressable value {}", self.show(x));
                    self.err(x.pos(), "NonSliceableOperand", msg);
                    return None;
                }
                x.mode = OpMode::Value;
                x.ty = self.p.slice_of(elem);
                Some(len)
            }
            Type::Pointer(base) if matches!(self.p.under_ty(base), Type::Array(..)) => {
                let &Type::Array(len, elem) = self.p.under_ty(base) else {
                    return None;
                };
                x.mode = OpMode::Value;
                x.ty = self.p.slice_of(elem);
                Some(len)
            }
            Type::Slice(_) => {
                x.mode = OpMode::Value;
                Some(-1)
            }
            _ => {
                let shown = self.show(x);
                let msg = if cause.is_empty() {
                    format!("cannot slice {shown}")
                } else {
                    format!("cannot slice {shown}: {cause}")
                };
                self.err(x.pos(), "NonSliceableOperand", msg);
                None
            }
        }
    }

    /// Like `common_under`, but if a type parameter's types are strings and byte slices, the
    /// answer is `string`.
    pub fn string_or_bytes_under(&mut self, ty: TypeId) -> Result<TypeId, String> {
        let mut has_string = false;
        let mut all = true;
        let types = self.p.specific_types(ty);
        for pair in &types {
            let Some((_, under)) = *pair else {
                all = false;
                break;
            };
            match self.p.ty(under).clone() {
                Type::Basic(b) if b.is_string() => has_string = true,
                Type::Slice(elem) if self.is_byte(elem) => {}
                _ => all = false,
            }
        }
        if all && has_string && types.len() > 1 {
            return Ok(TypeId::STRING);
        }
        self.p.common_under(ty)
    }

    /// Whether the underlying type is `byte`.
    pub fn is_byte(&mut self, ty: TypeId) -> bool {
        !self.p.is_type_param(ty)
            && matches!(self.p.under_ty(ty), Type::Basic(b) if b.canonical() == Basic::Uint8)
    }
}
