//! Exact constant values, as the Go specification wants them: integers and rationals of any
//! size, floats of 512 bits of mantissa beyond that, complex numbers of two of these,
//! strings of bytes, booleans.

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
    String(Arc<[u8]>),
    /// An integer.
    Int(Arc<num_bigint::BigInt>),
    /// A number that is not (known to be) an integer.
    Float(Arc<Real>),
    /// A complex number: real and imaginary part, each `Int` or `Float`.
    Complex(Arc<(Value, Value)>),
}

/// A real number.
#[derive(Clone, Debug)]
pub struct Real;

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::Int(Arc::new(n.into()))
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("?")
    }
}
