//! Literals: basic, function and composite ones.

use crate::checker::Checker;
use crate::constant::Value;
use crate::info::{Mode, Selection, SelectionKind};
use crate::lookup::Lookup;
use crate::object::ObjId;
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_base::{FxHashMap, FxHashSet, Symbol};
use goxide_syntax::ast::{
    ArrayLen as LenSyntax, BasicLit, CompositeLit, Expr, ExprKind, FuncLit, LitKind,
};

/// Literals of more digits are not looked at: they could take for ever.
const MAX_LITERAL_CHARS: usize = 10_000;

impl<'a> Checker<'_, 'a> {
    pub(crate) fn basic_lit(&mut self, e: &'a Expr, lit: &'a BasicLit) -> Operand<'a> {
        if lit.bad {
            return Operand::invalid(e);
        }
        let text = lit.text.as_str();
        let numeric = matches!(lit.kind, LitKind::Int | LitKind::Float | LitKind::Imag);
        if numeric && text.len() > MAX_LITERAL_CHARS {
            let head: String = text.chars().take(10).collect();
            self.err(
                e.start(),
                "InvalidConstVal",
                format!(
                    "excessively long constant: {head}... ({} chars)",
                    text.len()
                ),
            );
            return Operand::invalid(e);
        }
        if numeric && !self.literal_version(e.start(), lit.kind, text) {
            return Operand::invalid(e);
        }
        let value = Value::from_literal(lit.kind, text);
        if value.is_unknown() {
            self.err(
                e.start(),
                "InvalidConstVal",
                format!("malformed constant: {text}"),
            );
            return Operand::invalid(e);
        }
        let ty = match lit.kind {
            LitKind::Int => TypeId::UNTYPED_INT,
            LitKind::Float => TypeId::UNTYPED_FLOAT,
            LitKind::Imag => TypeId::UNTYPED_COMPLEX,
            LitKind::Rune => Basic::UntypedRune.id(),
            LitKind::String => TypeId::UNTYPED_STRING,
        };
        let mut x = Operand::new(OpMode::Constant(value), ty, e);
        // Integers of over 512 bits.
        self.overflow(&mut x, e.start());
        x
    }

    /// Reports forms of numbers that came with Go 1.13, where that is not allowed.
    fn literal_version(&mut self, pos: goxide_base::Pos, kind: LitKind, text: &str) -> bool {
        let prefix = text.get(..2).unwrap_or("").to_ascii_lowercase();
        let what = match prefix.as_str() {
            _ if text.contains('_') => "underscore in numeric literal",
            "0b" => "binary literal",
            "0o" => "0o/0O-style octal literal",
            "0x" if kind != LitKind::Int => "hexadecimal floating-point literal",
            _ => return true,
        };
        self.need_version(pos, 13, what)
    }

    pub(crate) fn func_lit(&mut self, e: &'a Expr, lit: &'a FuncLit) -> Operand<'a> {
        let (ty, scope) = self.func_type(None, &lit.ty);
        let Type::Signature(sig) = self.p.ty(ty).clone() else {
            return Operand::invalid(e);
        };
        let (decl, iota) = (self.env.decl, self.env.iota.clone());
        // The body waits until the surrounding statement is done: types declared around it
        // may not be set up yet. Its scope sees later declarations no more for that,
        // because lookups of locals compare positions.
        self.later(move |c| {
            c.func_body(
                decl,
                Symbol::intern("<function literal>"),
                sig,
                scope,
                &lit.body,
                iota,
            );
        });
        Operand::new(OpMode::Value, ty, e)
    }

    pub(crate) fn composite_lit(
        &mut self,
        e: &'a Expr,
        lit: &'a CompositeLit,
        hint: Option<TypeId>,
    ) -> Operand<'a> {
        let elem = if lit.ty.is_none() { " element" } else { "" };
        let (ty, base) = match (&lit.ty, hint) {
            (Some(ty), _) => {
                let id = self.literal_type(ty);
                (id, id)
            }
            (None, Some(hint)) => {
                // An elided `&T`.
                let core = self.p.common_under(hint).unwrap_or(hint);
                let base = match *self.p.ty(core) {
                    Type::Pointer(base) => base,
                    _ => hint,
                };
                (hint, base)
            }
            (None, None) => {
                self.err(e.start(), "UntypedLit", "missing type in composite literal");
                self.use_exprs(&lit.elems);
                return Operand::invalid(e);
            }
        };
        if !self.p.is_valid(base) {
            self.use_exprs(&lit.elems);
            return Operand::invalid(e);
        }
        if !self.is_complete(base) {
            return Operand::invalid(e);
        }
        let under = match self.p.common_under(base) {
            Ok(under) => under,
            Err(_) => {
                let ts = self.ts(ty);
                let msg = format!(
                    "invalid composite literal{elem} type {ts} (no common underlying type)"
                );
                self.err(e.start(), "InvalidLit", msg);
                self.use_exprs(&lit.elems);
                return Operand::invalid(e);
            }
        };
        let mut ty = ty;
        match self.p.ty(under).clone() {
            Type::Struct(s) => self.struct_lit(lit, base, &s),
            Type::Array(len, elem) => {
                let n = self.indexed_elems(&lit.elems, elem, len);
                if len < 0 && lit.ty.as_ref().is_some_and(is_open_array) {
                    ty = self.p.array_of(n, elem);
                    if let Some(syntax) = &lit.ty {
                        self.record_type(syntax, crate::Mode::TypeExpr, ty, None);
                    }
                }
            }
            Type::Slice(elem) => {
                self.indexed_elems(&lit.elems, elem, -1);
            }
            Type::Map(key, elem) => self.map_lit(lit, key, elem),
            // Reported before; the type's name may be fine.
            Type::Basic(Basic::Invalid) => self.use_exprs(&lit.elems),
            _ => {
                let ts = self.ts(ty);
                self.use_exprs(&lit.elems);
                self.err(
                    e.start(),
                    "InvalidLit",
                    format!("invalid composite literal{elem} type {ts}"),
                );
                return Operand::invalid(e);
            }
        }
        Operand::new(OpMode::Value, ty, e)
    }

    /// The type written before the braces; `[...]T` has a negative length for now.
    fn literal_type(&mut self, ty: &'a Expr) -> TypeId {
        if let ExprKind::ArrayType(array) = &ty.kind
            && let LenSyntax::Dots(_) = array.len
        {
            let elem = self.var_type(&array.elem);
            return self.p.array_of(-1, elem);
        }
        self.typ(ty)
    }

    fn struct_lit(&mut self, lit: &'a CompositeLit, base: TypeId, s: &Struct) {
        let Some(first) = lit.elems.first() else {
            return;
        };
        if let ExprKind::KeyValue(_) = first.kind {
            self.keyed_fields(lit, base);
        } else {
            self.positional_fields(lit, base, s);
        }
    }

    fn keyed_fields(&mut self, lit: &'a CompositeLit, base: TypeId) {
        let mut seen = Vec::new();
        for e in &lit.elems {
            let ExprKind::KeyValue(kv) = &e.kind else {
                self.err(
                    e.start(),
                    "MixedStructLit",
                    "mixture of field:value and value elements in struct literal",
                );
                self.use_exprs([e]);
                continue;
            };
            let Some(key) = kv.key.as_ident() else {
                self.err(
                    kv.key.start(),
                    "InvalidLitField",
                    format!("invalid field name {} in struct literal", kv.key),
                );
                self.use_exprs([&kv.value]);
                continue;
            };
            self.keyed_field(base, key, &kv.value, &mut seen);
        }
    }

    fn keyed_field(
        &mut self,
        base: TypeId,
        key: goxide_syntax::ast::Ident,
        value: &'a Expr,
        seen: &mut Vec<(Vec<u32>, ObjId)>,
    ) {
        let utyp = self.p.common_under(base).unwrap_or(base);
        let pkg = Some(self.pkg);
        let found = self.p.lookup_field_or_method(utyp, false, pkg, key.name);
        let Lookup::Found {
            obj: field,
            path,
            indirect,
        } = found
        else {
            let alt = self.p.lookup_fold(utyp, false, pkg, key.name, true).obj();
            let msg = self.lookup_error(base, key.name, alt, true);
            self.err(key.pos, "MissingLitField", msg);
            self.use_exprs([value]);
            return;
        };
        if self.p.obj(field).func().is_some() {
            self.err(
                key.pos,
                "MissingLitField",
                format!("{} is not a field", key.name),
            );
            self.use_exprs([value]);
            return;
        }
        if path.len() > 1 {
            // A promoted field (Go 1.27).
            let names = self.p.field_path(utyp, &path);
            let ts = self.ts(base);
            let what = format!("use of promoted field {names} in struct literal of type {ts}");
            if !self.need_version(key.pos, 27, &what) {
                self.use_exprs([value]);
                return;
            }
        }
        if indirect {
            let name = key.name;
            let msg = format!("invalid implicit pointer indirection to reach {name}");
            self.err(key.pos, "InvalidLitField", msg);
            self.use_exprs([value]);
            return;
        }
        self.info().set_use(key.id, field);
        if path.len() > 1 {
            let selection = Selection {
                kind: SelectionKind::Field,
                recv: base,
                obj: field,
                path: path.as_slice().into(),
                indirect,
            };
            self.info().selections.insert(key.id, selection);
        }
        let ty = self.p.obj_type(field);
        let mut x = self.generic_expr(value);
        self.assignment(&mut x, Some(ty), "struct literal");
        self.double_field(key, path, field, seen);
    }

    /// Reports a field that was given a value before, alone or as part of an embedded one.
    fn double_field(
        &mut self,
        key: goxide_syntax::ast::Ident,
        path: Vec<u32>,
        field: ObjId,
        seen: &mut Vec<(Vec<u32>, ObjId)>,
    ) {
        let before = seen
            .iter()
            .find(|(p, _)| path.starts_with(p) || p.starts_with(&path));
        let Some((other_path, other)) = before else {
            seen.push((path, field));
            return;
        };
        let (name, other_name) = (self.p.obj(field).name, self.p.obj(*other).name);
        let msg = match other_path.len().cmp(&path.len()) {
            std::cmp::Ordering::Equal => {
                format!("duplicate field name {name} in struct literal")
            }
            std::cmp::Ordering::Less => format!(
                "cannot specify promoted field {name} and enclosing embedded field {other_name}"
            ),
            std::cmp::Ordering::Greater => format!(
                "cannot specify embedded field {name} and enclosed promoted field {other_name}"
            ),
        };
        self.err(key.pos, "DuplicateLitField", msg);
    }

    fn positional_fields(&mut self, lit: &'a CompositeLit, base: TypeId, s: &Struct) {
        for (i, e) in lit.elems.iter().enumerate() {
            if let ExprKind::KeyValue(kv) = &e.kind {
                self.err(
                    e.start(),
                    "MixedStructLit",
                    "mixture of field:value and value elements in struct literal",
                );
                self.use_exprs([&kv.value]);
                continue;
            }
            let Some(&field) = s.fields.get(i) else {
                self.use_exprs([e]);
                let ts = self.ts(base);
                self.err(
                    e.start(),
                    "InvalidStructLit",
                    format!("too many values in struct literal of type {ts}"),
                );
                self.use_exprs(&lit.elems[i + 1..]);
                return;
            };
            let ty = self.p.obj_type(field);
            let o = self.p.obj(field);
            let (name, hidden) = (o.name, !o.exported() && o.pkg != Some(self.pkg));
            if !hidden && self.plain_number(e, ty) {
                continue;
            }
            let mut x = self.generic_expr(e);
            if hidden {
                let ts = self.ts(base);
                let msg = format!(
                    "implicit assignment to unexported field {name} in struct literal of type {ts}"
                );
                self.err(e.start(), "UnexportedLitField", msg);
                continue;
            }
            self.assignment(&mut x, Some(ty), "struct literal");
        }
        if lit.elems.len() < s.fields.len() {
            let ts = self.ts(base);
            let msg = format!("too few values in struct literal of type {ts}");
            self.err(lit.rbrace, "InvalidStructLit", msg);
        }
    }

    /// Checks elements of an array (`len` ≥ 0) or slice literal; gives the length needed.
    fn indexed_elems(&mut self, elems: &'a [Expr], ty: TypeId, len: i64) -> i64 {
        let mut used: FxHashSet<i64> = FxHashSet::default();
        // Without keys no index comes twice.
        let keyed = elems
            .iter()
            .any(|e| matches!(e.kind, ExprKind::KeyValue(_)));
        let (mut index, mut max) = (0i64, 0i64);
        for e in elems {
            let mut valid = false;
            let mut value = e;
            if let ExprKind::KeyValue(kv) = &e.kind {
                value = &kv.value;
                if let Some(i) = self.constant_index(&kv.key, len) {
                    index = i;
                    valid = true;
                }
            } else if len >= 0 && index >= len {
                let msg = format!("index {index} is out of bounds (>= {len})");
                self.err(e.start(), "OversizeArrayLit", msg);
            } else {
                valid = true;
            }
            if keyed && valid && !used.insert(index) {
                let msg = format!("duplicate index {index} in array or slice literal");
                self.err(e.start(), "DuplicateLitKey", msg);
            }
            index = index.saturating_add(1);
            max = max.max(index);
            if self.plain_number(value, ty) {
                continue;
            }
            let mut x = self.expr_with_hint(value, ty);
            self.assignment(&mut x, Some(ty), "array or slice literal");
        }
        max
    }

    /// Checks a short integer literal where an integer type is wanted, as large tables
    /// consist of them. `false`: it is something else, or does not fit.
    fn plain_number(&mut self, e: &'a Expr, ty: TypeId) -> bool {
        let ExprKind::BasicLit(lit) = &e.kind else {
            return false;
        };
        if lit.kind != LitKind::Int || lit.bad {
            return false;
        }
        let (Some(n), Some(basic)) = (plain_value(lit.text.as_str()), self.p.basic(ty)) else {
            return false;
        };
        let most = match basic {
            Basic::Int8 => i8::MAX.into(),
            Basic::Uint8 => u8::MAX.into(),
            Basic::Int16 => i16::MAX.into(),
            Basic::Uint16 => u16::MAX.into(),
            Basic::Int32 => i32::MAX.into(),
            Basic::Uint32 => u32::MAX.into(),
            Basic::Int | Basic::Int64 | Basic::Uint | Basic::Uint64 | Basic::Uintptr => i64::MAX,
            _ => return false,
        };
        if n <= most {
            self.record_type(e, Mode::Constant, ty, Some(n.into()));
        }
        n <= most
    }

    /// A key of an array or slice literal: a constant index below `len` (if that is known).
    fn constant_index(&mut self, key: &'a Expr, len: i64) -> Option<i64> {
        let x = self.expr(None, key);
        if !x.ok() {
            return None;
        }
        if x.val().is_none() {
            let msg = format!("index {key} must be integer constant");
            self.err(key.start(), "InvalidIndex", msg);
            return None;
        }
        self.index_value(x, len)
    }

    fn map_lit(&mut self, lit: &'a CompositeLit, key: TypeId, elem: TypeId) {
        let is_interface = self.p.is_interface(key);
        let mut seen: FxHashMap<String, Vec<TypeId>> = FxHashMap::default();
        for e in &lit.elems {
            let ExprKind::KeyValue(kv) = &e.kind else {
                self.err(e.start(), "MissingLitKey", "missing key in map literal");
                self.use_exprs([e]);
                continue;
            };
            let mut x = self.expr_with_hint(&kv.key, key);
            self.assignment(&mut x, Some(key), "map literal");
            if x.ok()
                && let Some(value) = x.val()
            {
                let text = duplicate_key(value);
                let types = seen.entry(text).or_default();
                let twice = if is_interface {
                    let twice = types.iter().any(|&t| self.p.identical(t, x.ty));
                    types.push(x.ty);
                    twice
                } else {
                    types.push(x.ty);
                    types.len() > 1
                };
                if twice {
                    let value = x.val().map_or(String::new(), Value::to_string);
                    let msg = format!("duplicate key {value} in map literal");
                    self.err(x.pos(), "DuplicateLitKey", msg);
                }
            }
            let mut x = self.expr_with_hint(&kv.value, elem);
            self.assignment(&mut x, Some(elem), "map literal");
        }
    }
}

/// Text that is equal for equal constants only.
pub(crate) fn duplicate_key(value: &Value) -> String {
    match value {
        Value::String(s) => crate::constant::quote(s.bytes()),
        Value::Float(_) | Value::Int(_) => match value.to_int() {
            Some(n) => n.to_string(),
            None => format!("{:?}", value.to_f64()),
        },
        Value::Complex(c) if c.1.is_zero() => duplicate_key(&c.0),
        Value::Complex(c) => format!("{} {}", duplicate_key(&c.0), duplicate_key(&c.1)),
        other => other.to_string(),
    }
}

/// The value of a short decimal or hexadecimal number of the oldest form.
fn plain_value(text: &str) -> Option<i64> {
    const MAX_CHARS: usize = 15;
    let hex = text.strip_prefix("0x").or(text.strip_prefix("0X"));
    let digits = hex.unwrap_or(text);
    let octal = hex.is_none() && text.len() > 1 && text.starts_with('0');
    if text.len() > MAX_CHARS || octal || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    i64::from_str_radix(digits, if hex.is_some() { 16 } else { 10 }).ok()
}

fn is_open_array(ty: &Expr) -> bool {
    matches!(&ty.kind, ExprKind::ArrayType(a) if matches!(a.len, LenSyntax::Dots(_)))
}
