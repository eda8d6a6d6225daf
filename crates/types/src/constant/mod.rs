//! Exact constant values, as the Go specification wants them: integers of any size,
//! rationals, floats with 512 bits of mantissa where rationals would grow too large,
//! complex numbers of two of these, strings of bytes, booleans.

mod float;
mod format;
mod literal;
mod ops;
mod real;
mod round;
mod text;

pub use float::BigFloat;
pub(crate) use format::quote;
pub use ops::{ArithmeticError, CompareOp, Operator};
pub use real::Real;
pub use text::Text;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::sync::Arc;

/// A constant's value. `Unknown` stands for the value of a wrong expression and absorbs
/// everything.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// No value: an error was reported.
    #[default]
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A string; not necessarily UTF-8.
    String(Text),
    /// An integer.
    Int(Arc<BigInt>),
    /// A number that is not (known to be) an integer.
    Float(Arc<Real>),
    /// A complex number: real and imaginary part, each `Int` or `Float`.
    Complex(Arc<(Value, Value)>),
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(Arc::new(n.into()))
    }
}

impl From<i32> for Value {
    fn from(n: i32) -> Value {
        Value::Int(Arc::new(n.into()))
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Value {
        Value::Int(Arc::new(n.into()))
    }
}

impl From<BigInt> for Value {
    fn from(n: BigInt) -> Value {
        Value::Int(Arc::new(n))
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::String(s.as_bytes().to_vec().into())
    }
}

impl From<Real> for Value {
    fn from(r: Real) -> Value {
        match &r {
            Real::Float(f) if f.is_infinite() => Value::Unknown,
            _ => Value::Float(Arc::new(r)),
        }
    }
}

impl Value {
    /// A complex value. Parts that are not real numbers give `Unknown`.
    pub fn complex(re: Value, im: Value) -> Value {
        match (&re, &im) {
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Value::Complex(Arc::new((re, im)))
            }
            _ => Value::Unknown,
        }
    }

    /// A float constant with exactly this value; `Unknown` for infinities and NaN.
    pub fn from_f64(x: f64) -> Value {
        Real::from_f64(x).map_or(Value::Unknown, Value::from)
    }

    /// Whether there is no value.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// Whether this is an integer, float or complex number.
    pub fn is_numeric(&self) -> bool {
        matches!(self, Value::Int(_) | Value::Float(_) | Value::Complex(_))
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The string's length in bytes.
    pub fn string_len(&self) -> Option<u64> {
        match self {
            Value::String(s) => Some(s.len()),
            _ => None,
        }
    }

    /// The string's bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::String(s) => Some(s.bytes()),
            _ => None,
        }
    }

    /// The value as an integer if it is one exactly, also when held as float or complex.
    pub fn to_int(&self) -> Option<Arc<BigInt>> {
        match self {
            Value::Int(n) => Some(n.clone()),
            Value::Float(r) => r.to_integer().map(Arc::new),
            Value::Complex(c) if c.1.is_zero() => c.0.to_int(),
            _ => None,
        }
    }

    /// The value as a real number if it is one.
    pub fn to_real(&self) -> Option<Real> {
        match self {
            Value::Int(n) => Some(Real::from_int(n)),
            Value::Float(r) => Some((**r).clone()),
            Value::Complex(c) if c.1.is_zero() => c.0.to_real(),
            _ => None,
        }
    }

    /// The value with integer kind, or `Unknown`.
    pub fn into_int(self) -> Value {
        self.to_int().map_or(Value::Unknown, Value::Int)
    }

    /// The value with float (or integer) kind, or `Unknown`.
    pub fn into_float(self) -> Value {
        match self {
            Value::Int(_) | Value::Float(_) => self,
            other => other.to_real().map_or(Value::Unknown, Value::from),
        }
    }

    /// The value with complex kind, or `Unknown`.
    pub fn into_complex(self) -> Value {
        match self {
            Value::Int(_) | Value::Float(_) => Value::complex(self, 0.into()),
            Value::Complex(_) => self,
            _ => Value::Unknown,
        }
    }

    /// The real part of a number.
    pub fn real_part(&self) -> Value {
        match self {
            Value::Int(_) | Value::Float(_) => self.clone(),
            Value::Complex(c) => c.0.clone(),
            _ => Value::Unknown,
        }
    }

    /// The imaginary part of a number.
    pub fn imag_part(&self) -> Value {
        match self {
            Value::Int(_) | Value::Float(_) => 0.into(),
            Value::Complex(c) => c.1.clone(),
            _ => Value::Unknown,
        }
    }

    /// The integer, if it is one and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.to_int()?.to_i64()
    }

    /// The integer, if it is one and fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.to_int()?.to_u64()
    }

    /// The low 64 bits of an integer in two's complement; for emitting it as any integer type
    /// that it fits.
    pub fn as_bits(&self) -> Option<u64> {
        let n = self.to_int()?;
        n.to_u64().or_else(|| n.to_i64().map(|n| n as u64))
    }

    /// The nearest f64 of a real number; infinite if it is too large.
    pub fn to_f64(&self) -> Option<f64> {
        Some(self.to_real()?.to_f64())
    }

    /// The nearest f32 of a real number; infinite if it is too large.
    pub fn to_f32(&self) -> Option<f32> {
        Some(self.to_real()?.to_f32())
    }

    /// Whether this is a number equal to 0.
    pub fn is_zero(&self) -> bool {
        match self {
            Value::Int(n) => n.is_zero(),
            Value::Float(r) => r.is_zero(),
            Value::Complex(c) => c.0.is_zero() && c.1.is_zero(),
            _ => false,
        }
    }

    /// −1, 0 or 1 for real numbers; 0 or 1 (not zero) for complex ones; 1 for anything else.
    pub fn sign(&self) -> i32 {
        match self {
            Value::Int(n) if n.is_negative() => -1,
            Value::Float(r) => r.sign(),
            Value::Int(_) | Value::Complex(_) => i32::from(!self.is_zero()),
            _ => 1,
        }
    }

    /// Bits of the magnitude of an integer; 0 for anything else.
    pub fn bit_len(&self) -> u64 {
        match self {
            Value::Int(n) => n.bits(),
            _ => 0,
        }
    }

    /// Whether an integer is representable in `bits` bits.
    pub fn fits(&self, bits: u32, signed: bool) -> bool {
        let Value::Int(n) = self else { return false };
        if !signed {
            return !n.is_negative() && n.bits() <= u64::from(bits);
        }
        let bits = u64::from(bits) - 1;
        // The most negative value has a magnitude of one bit more.
        n.bits() <= bits || (n.is_negative() && **n == -(BigInt::one() << bits))
    }
}

#[cfg(test)]
mod tests;
