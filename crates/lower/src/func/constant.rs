//! Constants as values.

use super::{FuncLower, Val};
use crate::mono::{RKind, RType};
use goxide_ir::{Op, Ty, Value};
use goxide_types::{Basic, Value as Const};
use smallvec::smallvec;

impl FuncLower<'_, '_> {
    /// A constant as a value of a type.
    pub fn constant(&mut self, c: &Const, ty: RType) -> Val {
        let basic = match self.l.under_kind(ty) {
            RKind::Basic(b) => b,
            RKind::Interface(_) => return self.constant_in_interface(c, ty),
            // Pointers made of constants: unsafe.Pointer(uintptr(1)) is not constant, so only
            // errors come here.
            _ => return self.zero(ty),
        };
        match basic {
            Basic::Bool => {
                let on = c.as_bool().unwrap_or(false);
                Val::one(self.bool(on))
            }
            Basic::String => {
                let bytes = c.as_bytes().unwrap_or(&[]).to_vec();
                self.string_const(&bytes)
            }
            Basic::Float32 => {
                let v = c.to_f32().unwrap_or(0.0);
                Val::one(self.f32_const(v))
            }
            Basic::Float64 => {
                let v = c.to_f64().unwrap_or(0.0);
                Val::one(self.f64_const(v))
            }
            Basic::Complex64 => {
                let re = c.real_part().to_f32().unwrap_or(0.0);
                let im = c.imag_part().to_f32().unwrap_or(0.0);
                Val::Scalars(smallvec![self.f32_const(re), self.f32_const(im)])
            }
            Basic::Complex128 => {
                let re = c.real_part().to_f64().unwrap_or(0.0);
                let im = c.imag_part().to_f64().unwrap_or(0.0);
                Val::Scalars(smallvec![self.f64_const(re), self.f64_const(im)])
            }
            _ => {
                let layout = self.layout(ty);
                let scalar = layout.single().unwrap_or(Ty::I64);
                let bits = c.as_bits().unwrap_or(0) as i64;
                Val::one(self.b.iconst(scalar, truncate(bits, scalar)))
            }
        }
    }

    /// An untyped constant that went straight into an interface.
    fn constant_in_interface(&mut self, c: &Const, ty: RType) -> Val {
        let from = match c {
            Const::Bool(_) => RType::BOOL,
            Const::String(_) => RType::STRING,
            Const::Int(_) => RType::INT,
            Const::Float(_) => RType::FLOAT64,
            Const::Complex(_) => RType::COMPLEX128,
            Const::Unknown => return self.zero(ty),
        };
        let val = self.constant(c, from);
        self.to_interface(val, from, ty)
    }

    /// The text as a string value.
    pub fn string_const(&mut self, bytes: &[u8]) -> Val {
        let ptr = if bytes.is_empty() {
            self.nil()
        } else {
            let sym = self.l.string_data(bytes);
            self.b.push1(Op::SymAddr(sym, 0))
        };
        let len = self.int(bytes.len() as i64);
        Val::Scalars(smallvec![ptr, len])
    }

    /// f64 constant.
    pub fn f64_const(&mut self, v: f64) -> Value {
        self.b.push1(Op::Fconst(Ty::F64, v.to_bits()))
    }

    /// f32 constant.
    pub fn f32_const(&mut self, v: f32) -> Value {
        self.b.push1(Op::Fconst(Ty::F32, v.to_bits().into()))
    }
}

/// The constant sign-extended from its width, as IR constants are written.
pub fn truncate(bits: i64, ty: Ty) -> i64 {
    match ty {
        Ty::I8 => bits as i8 as i64,
        Ty::I16 => bits as i16 as i64,
        Ty::I32 => bits as i32 as i64,
        _ => bits,
    }
}
