//! Sizes and alignments as Go's compiler lays values out on amd64.

use crate::program::Program;
use crate::types::*;

/// Deeper types are taken to be of infinite size.
const MAX_NESTING: u32 = 500;

/// Size of a machine word.
const WORD: i64 = 8;

impl Program {
    /// Size of a value in bytes; `None` if it exceeds the address space, or the type is not
    /// known. Type parameters have none.
    pub fn sizeof(&mut self, ty: TypeId) -> Option<i64> {
        self.measured(None, |p| p.sizeof_type(ty))
    }

    /// Runs `f` unless types nest too deeply: those of infinite size do.
    fn measured<T>(&mut self, otherwise: T, f: impl FnOnce(&mut Program) -> T) -> T {
        if self.size_depth > MAX_NESTING {
            return otherwise;
        }
        self.size_depth += 1;
        let result = f(self);
        self.size_depth -= 1;
        result
    }

    fn sizeof_type(&mut self, ty: TypeId) -> Option<i64> {
        let u = self.under(ty);
        match self.ty(u).clone() {
            Type::Basic(b) => basic_size(b),
            Type::Array(n, elem) => {
                let size = self.sizeof(elem)?;
                if n <= 0 { Some(0) } else { size.checked_mul(n) }
            }
            Type::Slice(_) => Some(3 * WORD),
            Type::Struct(s) => self.struct_layout(&s).map(|l| l.1),
            Type::Interface(_) => (!self.is_type_param(ty)).then_some(2 * WORD),
            Type::Tuple(_) | Type::Union(_) => None,
            _ => Some(WORD),
        }
    }

    /// Alignment of a value in bytes.
    pub fn alignof(&mut self, ty: TypeId) -> i64 {
        self.measured(1, |p| p.alignof_type(ty))
    }

    fn alignof_type(&mut self, ty: TypeId) -> i64 {
        let u = self.under(ty);
        match self.ty(u).clone() {
            Type::Array(_, elem) => self.alignof(elem),
            Type::Struct(s) => {
                if s.fields.is_empty() && self.is_align64(ty) {
                    return WORD;
                }
                s.fields
                    .iter()
                    .map(|&f| self.alignof(self.obj_type(f)))
                    .max()
                    .unwrap_or(1)
            }
            Type::Basic(Basic::Complex64) => 4,
            Type::Basic(b) => basic_size(b).unwrap_or(1).clamp(1, WORD),
            _ => WORD,
        }
    }

    /// `sync/atomic` and its runtime twin mark 64-bit fields by a type that aligns to 8.
    fn is_align64(&self, ty: TypeId) -> bool {
        let Some(n) = self.as_named(ty) else {
            return false;
        };
        let o = self.obj(n.obj);
        let path = o.pkg.map(|p| self.pkg(p).path.as_str());
        o.name.as_str() == "align64"
            && matches!(path, Some("sync/atomic" | "internal/runtime/atomic"))
    }

    /// Offsets of a struct's fields; `None` if it is too large.
    pub fn offsetsof(&mut self, s: &Struct) -> Option<Vec<i64>> {
        self.struct_layout(s).map(|l| l.0)
    }

    /// Offsets of the fields, and the size of the whole.
    fn struct_layout(&mut self, s: &Struct) -> Option<(Vec<i64>, i64)> {
        let mut offsets = Vec::with_capacity(s.fields.len());
        let (mut at, mut align, mut last) = (0i64, 1, 1);
        for &f in s.fields.iter() {
            let ty = self.obj_type(f);
            let a = self.alignof(ty);
            at = round_up(at, a)?;
            offsets.push(at);
            last = self.sizeof(ty)?;
            at = at.checked_add(last)?;
            align = align.max(a);
        }
        // A pointer to a last field of no size must not point past the struct.
        if at > 0 && last == 0 {
            at += 1;
        }
        Some((offsets, round_up(at, align)?))
    }

    /// The offset of the field that `path` leads to without following pointers.
    pub fn offset_along(&mut self, ty: TypeId, path: &[u32]) -> Option<i64> {
        let (mut ty, mut offset) = (ty, 0i64);
        for &i in path {
            let Type::Struct(s) = self.under_ty(ty).clone() else {
                return None;
            };
            offset = offset.checked_add(*self.offsetsof(&s)?.get(i as usize)?)?;
            ty = self.obj_type(*s.fields.get(i as usize)?);
        }
        Some(offset)
    }
}

fn round_up(n: i64, align: i64) -> Option<i64> {
    Some(n.checked_add(align - 1)? & !(align - 1))
}

fn basic_size(b: Basic) -> Option<i64> {
    Some(match b.canonical() {
        Basic::Bool | Basic::Int8 | Basic::Uint8 => 1,
        Basic::Int16 | Basic::Uint16 => 2,
        Basic::Int32 | Basic::Uint32 | Basic::Float32 => 4,
        Basic::Int64 | Basic::Uint64 | Basic::Float64 | Basic::Complex64 => 8,
        Basic::Int | Basic::Uint | Basic::Uintptr | Basic::UnsafePointer => WORD,
        Basic::Complex128 | Basic::String => 16,
        // Wrong types were reported.
        _ => WORD,
    })
}
