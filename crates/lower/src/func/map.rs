//! Maps.

use super::{FuncLower, Mem, Val};
use crate::mono::{RKind, RType};
use goxide_ir::{Op, Ty, Value};
use goxide_types::Basic;

/// Which family of map functions a key type uses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum MapForm {
    /// Key by address.
    Slow,
    /// 4-byte key by value.
    Fast32,
    /// 8-byte key by value.
    Fast64,
    /// Pointer key by value.
    Pointer,
    /// String key by value.
    Str,
}

/// When a key is copied before calls that come behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyCopy {
    /// It is passed by value: never.
    Never,
    /// It is passed by address.
    UnlessVariable,
    /// It has to become another type.
    Always,
}

/// Elements beyond this are not handled by the fast forms.
const MAX_FAST_ELEM: u64 = 128;
/// What `mapaccess1` can give a zero value of.
const ZERO_VALUE_BYTES: u64 = 1024;

impl FuncLower<'_, '_> {
    fn map_types(&mut self, map_ty: RType) -> (RType, RType) {
        match self.l.under_kind(map_ty) {
            RKind::Map(key, elem) => (key, elem),
            _ => (RType::INVALID, RType::INVALID),
        }
    }

    fn map_form(&mut self, key: RType, elem: RType) -> MapForm {
        if self.layout(elem).size > MAX_FAST_ELEM {
            return MapForm::Slow;
        }
        match self.l.under_kind(key) {
            RKind::Basic(Basic::String) => MapForm::Str,
            RKind::Basic(Basic::UnsafePointer) | RKind::Pointer(_) | RKind::Chan(..) => {
                MapForm::Pointer
            }
            RKind::Basic(b) if b.is_integer() => match self.layout(key).size {
                4 => MapForm::Fast32,
                8 => MapForm::Fast64,
                _ => MapForm::Slow,
            },
            _ => MapForm::Slow,
        }
    }

    /// When a key is copied before calls of the same statement (see `order`).
    pub fn key_copy(&mut self, map_ty: RType) -> KeyCopy {
        let (key, elem) = self.map_types(map_ty);
        if self.map_form(key, elem) != MapForm::Slow {
            return KeyCopy::Never;
        }
        match self.layout(elem).size <= MAX_FAST_ELEM && self.is_packed_key(key) {
            true => KeyCopy::Always,
            false => KeyCopy::UnlessVariable,
        }
    }

    /// Whether a struct or array is treated as the number or string that it consists of, in
    /// Go's maps.
    fn is_packed_key(&mut self, key: RType) -> bool {
        let only = match self.l.under_kind(key) {
            RKind::Array(1, elem) => Some(elem),
            RKind::Struct(fields) if fields.len() == 1 => Some(fields[0].ty),
            RKind::Struct(_) | RKind::Array(..) => None,
            _ => return false,
        };
        let layout = self.layout(key);
        matches!((layout.size, layout.align), (4, 4) | (8, 8)) && self.l.is_plain_memory(key)
            || only.is_some_and(|ty| self.is_string(ty) || self.is_packed_key(ty))
    }

    /// The key as the arguments of a map function.
    fn map_key(&mut self, form: MapForm, key: &Val, ty: RType, assign: bool) -> Vec<Value> {
        match form {
            MapForm::Slow => vec![self.addr_of_val(key, ty)],
            MapForm::Str => vec![self.comp(key, 0), self.comp(key, 1)],
            MapForm::Pointer if !assign => {
                let v = self.scalar(key);
                vec![self.to_int(v)]
            }
            _ => vec![self.scalar(key)],
        }
    }

    /// A pointer's bits.
    pub fn to_int(&mut self, v: Value) -> Value {
        if self.b.func.ty(v) != Ty::Ptr {
            return v;
        }
        self.b
            .push1(Op::Convert(goxide_ir::ConvertOp::Bitcast, Ty::I64, v))
    }

    /// `m[k]`
    pub fn map_load(&mut self, map_ty: RType, map: Value, key: &Val) -> Val {
        let (key_ty, elem) = self.map_types(map_ty);
        let form = self.map_form(key_ty, elem);
        let mut args = vec![self.desc(map_ty), map];
        args.extend(self.map_key(form, key, key_ty, false));
        let size = self.layout(elem).size;
        let name = match form {
            MapForm::Slow if size > ZERO_VALUE_BYTES => {
                let zero = self.l.zero_data(size);
                args.push(self.sym_addr(zero));
                "mapaccess1_fat"
            }
            MapForm::Slow => "mapaccess1",
            MapForm::Fast32 => "mapaccess1_fast32",
            MapForm::Fast64 | MapForm::Pointer => "mapaccess1_fast64",
            MapForm::Str => "mapaccess1_faststr",
        };
        let ptr = self.rt1(name, &args);
        self.load(Mem::safe(ptr), elem)
    }

    /// `v, ok := m[k]`
    pub fn map_load_ok(&mut self, map_ty: RType, map: Value, key: &Val) -> (Val, Value) {
        let (key_ty, elem) = self.map_types(map_ty);
        let form = self.map_form(key_ty, elem);
        let mut args = vec![self.desc(map_ty), map];
        args.extend(self.map_key(form, key, key_ty, false));
        let size = self.layout(elem).size;
        let name = match form {
            MapForm::Slow if size > ZERO_VALUE_BYTES => {
                let zero = self.l.zero_data(size);
                args.push(self.sym_addr(zero));
                "mapaccess2_fat"
            }
            MapForm::Slow => "mapaccess2",
            MapForm::Fast32 => "mapaccess2_fast32",
            MapForm::Fast64 | MapForm::Pointer => "mapaccess2_fast64",
            MapForm::Str => "mapaccess2_faststr",
        };
        let results = self.rt(name, &args);
        let (ptr, ok) = (results[0], results[1]);
        (self.load(Mem::safe(ptr), elem), ok)
    }

    /// The slot for `m[k]`, made if missing.
    pub fn map_slot(&mut self, map_ty: RType, map: Value, key: &Val) -> Mem {
        let (key_ty, elem) = self.map_types(map_ty);
        let form = self.map_form(key_ty, elem);
        let mut args = vec![self.desc(map_ty), map];
        args.extend(self.map_key(form, key, key_ty, true));
        let name = match form {
            MapForm::Slow => "mapassign",
            MapForm::Fast32 => "mapassign_fast32",
            MapForm::Fast64 => "mapassign_fast64",
            MapForm::Pointer => "mapassign_fast64ptr",
            MapForm::Str => "mapassign_faststr",
        };
        Mem::safe(self.rt1(name, &args))
    }

    /// `m[k] = v`
    pub fn map_store(&mut self, map_ty: RType, map: Value, key: &Val, val: &Val) {
        let (_, elem) = self.map_types(map_ty);
        let slot = self.map_slot(map_ty, map, key);
        self.store(slot, elem, val);
    }

    /// `delete(m, k)`
    pub fn map_delete(&mut self, map_ty: RType, map: Value, key: &Val) {
        let (key_ty, elem) = self.map_types(map_ty);
        let form = self.map_form(key_ty, elem);
        let mut args = vec![self.desc(map_ty), map];
        args.extend(self.map_key(form, key, key_ty, false));
        let name = match form {
            MapForm::Slow => "mapdelete",
            MapForm::Fast32 => "mapdelete_fast32",
            MapForm::Fast64 | MapForm::Pointer => "mapdelete_fast64",
            MapForm::Str => "mapdelete_faststr",
        };
        self.rt(name, &args);
    }

    /// A new map with room for `hint` (i64) elements.
    pub fn make_map(&mut self, map_ty: RType, hint: Option<Value>) -> Value {
        match hint {
            Some(hint) if self.b.func.as_iconst(hint).is_none_or(|n| n > 8) => {
                let desc = self.desc(map_ty);
                let nil = self.nil();
                self.rt1("makemap", &[desc, hint, nil])
            }
            _ => self.rt1("makemap_small", &[]),
        }
    }

    /// `len(m)`: the first word of the map, 0 for nil.
    pub fn map_len(&mut self, map: Value) -> Value {
        let (some, done) = (self.b.new_block(), self.b.new_block());
        let var = self.b.new_var(Ty::I64);
        let zero = self.int(0);
        self.b.def_var(var, zero);
        let nil = self.nil();
        let not_nil = self.b.icmp(goxide_ir::IntCc::Ne, map, nil);
        self.b.branch(not_nil, some, done);
        self.b.switch_to_sealed(some);
        let len = self.load_scalar(Ty::I64, Mem::safe(map), 0);
        self.b.def_var(var, len);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        self.b.use_var(var)
    }
}
