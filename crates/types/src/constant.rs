//! Exact constant values, as the Go specification wants them: integers and rationals of any
//! size, floats of 512 bits of mantissa beyond that, complex numbers of two of these,
//! strings of bytes, booleans.

use crate::bigfloat::{BigFloat, Ieee};
use goxide_syntax::ast::{BinaryOp, LitKind, UnaryOp};
use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Rationals with more bits than this become floats.
const MAX_RATIONAL_BITS: u64 = 4 << 10;

/// A constant's value. `Unknown` stands for the value of a wrong expression and absorbs
/// everything.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// No value: an error was reported, or a float overflowed.
    #[default]
    Unknown,
    /// A boolean.
    Bool(bool),
    /// A string; not necessarily UTF-8.
    String(Arc<[u8]>),
    /// An integer.
    Int(Arc<BigInt>),
    /// A real number; possibly integral.
    Float(Arc<Real>),
    /// A complex number: real and imaginary part, each `Int` or `Float`.
    Complex(Arc<(Value, Value)>),
}

/// A real number.
#[derive(Clone, Debug)]
pub enum Real {
    /// Exact.
    Ratio(BigRational),
    /// Too large or small to be exact.
    Big(BigFloat),
}

/// Kinds of values, in order of promotion.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[allow(missing_docs)]
pub enum Kind {
    Unknown,
    Bool,
    String,
    Int,
    Float,
    Complex,
}

impl From<i64> for Value {
    fn from(n: i64) -> Value {
        Value::int(n.into())
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::Bool(b)
    }
}

/// Construction.
impl Value {
    /// An integer.
    pub fn int(n: BigInt) -> Value {
        Value::Int(Arc::new(n))
    }

    /// A string.
    pub fn string(bytes: &[u8]) -> Value {
        Value::String(bytes.into())
    }

    /// An exact real; a float if it has too many digits.
    pub fn ratio(r: BigRational) -> Value {
        if r.numer().bits() < MAX_RATIONAL_BITS && r.denom().bits() < MAX_RATIONAL_BITS {
            return Value::Float(Arc::new(Real::Ratio(r)));
        }
        Value::big(BigFloat::from_rational(&r))
    }

    fn big(f: Option<BigFloat>) -> Value {
        match f {
            None => Value::Unknown,
            Some(f) if f.is_zero() => Value::from(0).to_float(),
            Some(f) => Value::Float(Arc::new(Real::Big(f))),
        }
    }

    /// A double; `Unknown` unless finite.
    pub fn f64(f: f64) -> Value {
        BigRational::from_float(f).map_or(Value::Unknown, Value::ratio)
    }

    /// A complex number of two real values.
    pub fn complex(re: Value, im: Value) -> Value {
        if re.kind() == Kind::Unknown || im.kind() == Kind::Unknown {
            return Value::Unknown;
        }
        Value::Complex(Arc::new((re, im)))
    }

    /// The value of a literal as written; `Unknown` if it is malformed.
    pub fn literal(kind: LitKind, text: &str) -> Value {
        match kind {
            LitKind::Int => parse_int(text).map_or(Value::Unknown, Value::int),
            LitKind::Float => parse_real(text),
            LitKind::Imag => match text.strip_suffix('i') {
                Some(text) => Value::complex(Value::from(0), parse_real(text)),
                None => Value::Unknown,
            },
            LitKind::Rune => goxide_syntax::literal::rune_value(text)
                .map_or(Value::Unknown, |c| Value::from(i64::from(c))),
            LitKind::String => goxide_syntax::literal::string_value(text)
                .map_or(Value::Unknown, |s| Value::string(&s)),
        }
    }
}

/// Base and digits of a number with `0x`, `0b`, `0o`.
fn split_base(text: &str) -> Option<(u32, &str)> {
    let base = match text.get(..2)? {
        "0x" | "0X" => 16,
        "0b" | "0B" => 2,
        "0o" | "0O" => 8,
        _ => return None,
    };
    Some((base, &text[2..]))
}

fn parse_int(text: &str) -> Option<BigInt> {
    let text = text.replace('_', "");
    let (base, digits) = match split_base(&text) {
        Some(x) => x,
        None if text.len() > 1 && text.starts_with('0') => (8, &text[1..]),
        None => (10, &text[..]),
    };
    BigInt::parse_bytes(digits.as_bytes(), base)
}

fn parse_real(text: &str) -> Value {
    parse_real_parts(&text.replace('_', "")).unwrap_or_default()
}

fn parse_real_parts(text: &str) -> Option<Value> {
    let (base, rest) = split_base(text).unwrap_or((10, text));
    let marks: &[char] = if base == 16 { &['p', 'P'] } else { &['e', 'E'] };
    let (mantissa, exponent) = match rest.find(marks) {
        Some(at) => (&rest[..at], parse_exponent(&rest[at + 1..])?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = BigUint::parse_bytes(format!("{whole}{fraction}").as_bytes(), base)?;
    if digits.is_zero() {
        return Some(Value::from(0).to_float());
    }
    let (power, binary) = match base {
        16 => (exponent.saturating_sub(4 * fraction.len() as i64), true),
        _ => (exponent.saturating_sub(fraction.len() as i64), false),
    };
    // Decimal digits are about ten bits for three.
    let bits = digits.bits() as i64
        + if binary {
            power
        } else {
            power.saturating_mul(10) / 3
        };
    if bits.unsigned_abs() < MAX_RATIONAL_BITS - 8 && power.unsigned_abs() < MAX_RATIONAL_BITS {
        let scale = BigInt::from(if binary { 2 } else { 10 }).pow(power.unsigned_abs() as u32);
        let digits = BigInt::from(digits);
        return Some(Value::ratio(if power < 0 {
            BigRational::new(digits, scale)
        } else {
            BigRational::from_integer(digits * scale)
        }));
    }
    Some(Value::big(BigFloat::from_parts(digits, power, binary)))
}

/// An exponent; absurd ones are cut to something that still overflows.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.trim_start_matches(['+', '-']);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n = digits.parse::<i64>().unwrap_or(i64::MAX).min(1 << 33);
    Some(if text.starts_with('-') { -n } else { n })
}

/// Access.
impl Value {
    /// The kind.
    pub fn kind(&self) -> Kind {
        match self {
            Value::Unknown => Kind::Unknown,
            Value::Bool(_) => Kind::Bool,
            Value::String(_) => Kind::String,
            Value::Int(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            Value::Complex(_) => Kind::Complex,
        }
    }

    /// Whether there is no value.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// The boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The string's bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    /// The integer; only if of kind `Int`.
    pub fn as_int(&self) -> Option<&BigInt> {
        match self {
            Value::Int(n) => Some(n),
            _ => None,
        }
    }

    /// The integer as i64, if it fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_int()?.to_i64()
    }

    /// The integer as u64, if it fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_int()?.to_u64()
    }

    /// The nearest double of a real number; infinite on overflow. Zero for other kinds.
    pub fn as_f64(&self) -> f64 {
        self.ieee(Ieee::Double)
    }

    /// The nearest single of a real number; infinite on overflow. Zero for other kinds.
    pub fn as_f32(&self) -> f32 {
        self.ieee(Ieee::Single) as f32
    }

    fn ieee(&self, format: Ieee) -> f64 {
        let ratio = |n: &BigInt, d: &BigInt| {
            let f = format.round(n.magnitude(), d.magnitude(), 0);
            if n.is_negative() { -f } else { f }
        };
        match self {
            Value::Int(n) => ratio(n, &BigInt::one()),
            Value::Float(r) => match &**r {
                Real::Ratio(r) => ratio(r.numer(), r.denom()),
                Real::Big(f) => f.to_ieee(format),
            },
            _ => 0.0,
        }
    }

    /// Rounded to a single; `Unknown` on overflow.
    pub fn round_f32(&self) -> Value {
        Value::f64(self.ieee(Ieee::Single))
    }

    /// Rounded to a double; `Unknown` on overflow.
    pub fn round_f64(&self) -> Value {
        Value::f64(self.ieee(Ieee::Double))
    }

    /// Real part of a number.
    pub fn real(&self) -> Value {
        match self {
            Value::Complex(c) => c.0.clone(),
            Value::Int(_) | Value::Float(_) => self.clone(),
            _ => Value::Unknown,
        }
    }

    /// Imaginary part of a number.
    pub fn imag(&self) -> Value {
        match self {
            Value::Complex(c) => c.1.clone(),
            Value::Int(_) | Value::Float(_) => Value::from(0),
            _ => Value::Unknown,
        }
    }

    /// -1, 0 or 1; for complex numbers 0 only if both parts are zero. 1 for other kinds.
    pub fn sign(&self) -> i32 {
        match self {
            Value::Int(n) => match n.sign() {
                Sign::Minus => -1,
                Sign::NoSign => 0,
                Sign::Plus => 1,
            },
            Value::Float(r) => match &**r {
                Real::Ratio(r) if r.is_zero() => 0,
                Real::Ratio(r) => 1 - 2 * i32::from(r.is_negative()),
                Real::Big(f) => f.sign(),
            },
            Value::Complex(c) => c.0.sign() | c.1.sign(),
            _ => 1,
        }
    }

    /// Bits of an integer's magnitude; 0 for other kinds.
    pub fn bit_len(&self) -> u64 {
        self.as_int().map_or(0, BigInt::bits)
    }
}

/// Conversion between kinds: `Unknown` where it would lose something.
impl Value {
    /// As an integer, if it is one.
    pub fn to_int(&self) -> Value {
        match self {
            Value::Int(_) => self.clone(),
            Value::Float(r) => match &**r {
                Real::Ratio(r) if r.is_integer() => Value::int(r.to_integer()),
                Real::Big(f) if f.top().unsigned_abs() < MAX_RATIONAL_BITS => {
                    f.to_integer().map_or(Value::Unknown, Value::int)
                }
                _ => Value::Unknown,
            },
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_int(),
            _ => Value::Unknown,
        }
    }

    /// As a real number, if it is one.
    pub fn to_float(&self) -> Value {
        match self {
            Value::Int(n) => Value::ratio(BigRational::from_integer((**n).clone())),
            Value::Float(_) => self.clone(),
            Value::Complex(c) if c.1.sign() == 0 => c.0.to_float(),
            _ => Value::Unknown,
        }
    }

    /// As a complex number, if it is a number.
    pub fn to_complex(&self) -> Value {
        match self {
            Value::Int(_) | Value::Float(_) => Value::complex(self.clone(), Value::from(0)),
            Value::Complex(_) => self.clone(),
            _ => Value::Unknown,
        }
    }
}

/// Operations.
impl Value {
    /// `x op y`, for operators other than shifts and comparisons. Operands must be of kinds
    /// the operator takes; they are brought to the larger kind. `/` of integers is exact
    /// unless `int_div`. `Unknown` for division by zero.
    pub fn binary(op: BinaryOp, x: &Value, y: &Value, int_div: bool) -> Value {
        match (x, y) {
            (Value::Bool(x), Value::Bool(y)) => match op {
                BinaryOp::LAnd => Value::Bool(*x && *y),
                BinaryOp::LOr => Value::Bool(*x || *y),
                _ => Value::Unknown,
            },
            (Value::String(x), Value::String(y)) if op == BinaryOp::Add => {
                Value::String([&**x, &**y].concat().into())
            }
            (Value::Int(x), Value::Int(y)) => int_binary(op, x, y, int_div),
            _ if x.kind() < Kind::Int || y.kind() < Kind::Int => Value::Unknown,
            (Value::Complex(_), _) | (_, Value::Complex(_)) => complex_binary(op, x, y),
            _ => real_binary(op, x, y),
        }
    }

    /// `op x`; for `^` of an unsigned type its size in bits is needed.
    pub fn unary(op: UnaryOp, x: &Value, unsigned_bits: Option<u32>) -> Value {
        match (op, x) {
            (UnaryOp::Plus, _) if x.kind() >= Kind::Int => x.clone(),
            (UnaryOp::Neg, Value::Int(n)) => Value::int(-&**n),
            (UnaryOp::Neg, Value::Float(r)) => match &**r {
                Real::Ratio(r) => Value::ratio(-r.clone()),
                Real::Big(f) => Value::big(Some(f.neg())),
            },
            (UnaryOp::Neg, Value::Complex(c)) => {
                let neg = |v| Value::unary(UnaryOp::Neg, v, None);
                Value::complex(neg(&c.0), neg(&c.1))
            }
            (UnaryOp::Xor, Value::Int(n)) => {
                let flipped = !&**n;
                Value::int(match unsigned_bits {
                    Some(bits) => flipped & ((BigInt::one() << bits) - 1),
                    None => flipped,
                })
            }
            (UnaryOp::Not, Value::Bool(b)) => Value::Bool(!b),
            _ => Value::Unknown,
        }
    }

    /// `x << n` or `x >> n` of an integer.
    pub fn shift(&self, left: bool, n: u32) -> Value {
        match self {
            Value::Int(x) if left => Value::int(&**x << n),
            Value::Int(x) => Value::int(&**x >> n),
            _ => Value::Unknown,
        }
    }

    /// `x op y` for a comparison; false if the kinds do not go together.
    pub fn compare(op: BinaryOp, x: &Value, y: &Value) -> bool {
        if let (Value::Complex(_), _) | (_, Value::Complex(_)) = (x, y) {
            let equal = |a: Value, b: Value| Value::compare(BinaryOp::Eq, &a, &b);
            let same = equal(x.real(), y.real()) && equal(x.imag(), y.imag());
            return match op {
                BinaryOp::Eq => same,
                BinaryOp::Ne => !same,
                _ => false,
            };
        }
        let Some(order) = Value::order(x, y) else {
            return false;
        };
        match op {
            BinaryOp::Eq => order.is_eq(),
            BinaryOp::Ne => order.is_ne(),
            BinaryOp::Lt => order.is_lt(),
            BinaryOp::Le => order.is_le(),
            BinaryOp::Gt => order.is_gt(),
            BinaryOp::Ge => order.is_ge(),
            _ => false,
        }
    }

    fn order(x: &Value, y: &Value) -> Option<Ordering> {
        Some(match (x, y) {
            (Value::Bool(x), Value::Bool(y)) => x.cmp(y),
            (Value::String(x), Value::String(y)) => x.cmp(y),
            (Value::Int(x), Value::Int(y)) => x.cmp(y),
            _ => match (x.as_real()?, y.as_real()?) {
                (Real::Ratio(x), Real::Ratio(y)) => x.cmp(&y),
                (x, y) => x.big()?.cmp(&y.big()?),
            },
        })
    }

    fn as_real(&self) -> Option<Real> {
        match self.to_float() {
            Value::Float(r) => Some((*r).clone()),
            _ => None,
        }
    }
}

impl Real {
    fn big(&self) -> Option<BigFloat> {
        match self {
            Real::Ratio(r) => BigFloat::from_rational(r),
            Real::Big(f) => Some(f.clone()),
        }
    }
}

fn int_binary(op: BinaryOp, x: &BigInt, y: &BigInt, int_div: bool) -> Value {
    Value::int(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Quo | BinaryOp::Rem if y.is_zero() => return Value::Unknown,
        BinaryOp::Quo if int_div => x / y,
        BinaryOp::Quo => return Value::ratio(BigRational::new(x.clone(), y.clone())),
        BinaryOp::Rem => x % y,
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::AndNot => x & !y,
        _ => return Value::Unknown,
    })
}

fn real_binary(op: BinaryOp, x: &Value, y: &Value) -> Value {
    let (Some(x), Some(y)) = (x.as_real(), y.as_real()) else {
        return Value::Unknown;
    };
    if let (Real::Ratio(x), Real::Ratio(y)) = (&x, &y) {
        return match op {
            BinaryOp::Add => Value::ratio(x + y),
            BinaryOp::Sub => Value::ratio(x - y),
            BinaryOp::Mul => Value::ratio(x * y),
            BinaryOp::Quo if !y.is_zero() => Value::ratio(x / y),
            _ => Value::Unknown,
        };
    }
    let (Some(x), Some(y)) = (x.big(), y.big()) else {
        return Value::Unknown;
    };
    match op {
        BinaryOp::Add => Value::big(x.add(&y)),
        BinaryOp::Sub => Value::big(x.add(&y.neg())),
        BinaryOp::Mul => Value::big(x.mul(&y)),
        BinaryOp::Quo => Value::big(x.div(&y)),
        _ => Value::Unknown,
    }
}

fn complex_binary(op: BinaryOp, x: &Value, y: &Value) -> Value {
    use BinaryOp::{Add, Mul, Quo, Sub};
    let (a, b, c, d) = (x.real(), x.imag(), y.real(), y.imag());
    let on = |op, x: &Value, y: &Value| Value::binary(op, x, y, false);
    match op {
        Add | Sub => Value::complex(on(op, &a, &c), on(op, &b, &d)),
        Mul => {
            let re = on(Sub, &on(Mul, &a, &c), &on(Mul, &b, &d));
            let im = on(Add, &on(Mul, &b, &c), &on(Mul, &a, &d));
            Value::complex(re, im)
        }
        Quo => {
            // (ac+bd)/s + i(bc-ad)/s, s = cc+dd
            let s = on(Add, &on(Mul, &c, &c), &on(Mul, &d, &d));
            let re = on(Quo, &on(Add, &on(Mul, &a, &c), &on(Mul, &b, &d)), &s);
            let im = on(Quo, &on(Sub, &on(Mul, &b, &c), &on(Mul, &a, &d)), &s);
            Value::complex(re, im)
        }
        _ => Value::Unknown,
    }
}

/// As Go's messages show it: long strings cut, reals with six digits.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => f.write_str("unknown"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::String(s) => f.write_str(&quote_short(s)),
            Value::Int(n) => write!(f, "{n}"),
            Value::Float(r) => f.write_str(&real_string(self, r)),
            Value::Complex(c) => write!(f, "({} + {}i)", c.0, c.1),
        }
    }
}

fn quote_short(s: &[u8]) -> String {
    const MAX: usize = 72;
    let quoted = format!("{:?}", String::from_utf8_lossy(s));
    if quoted.chars().count() <= MAX {
        return quoted;
    }
    quoted.chars().take(MAX - 3).collect::<String>() + "..."
}

fn real_string(v: &Value, r: &Real) -> String {
    let x = v.as_f64();
    if x.is_finite() && (x != 0.0 || v.sign() == 0) {
        return format_g6(x);
    }
    let (digits, power) = match r {
        Real::Big(f) => f.decimal(),
        Real::Ratio(r) => BigFloat::from_rational(r).map_or((0.0, 0), |f| f.decimal()),
    };
    format!(
        "{}e{}{}",
        format_g6(digits),
        if power < 0 { '-' } else { '+' },
        power.abs()
    )
}

/// C's `%.6g`.
fn format_g6(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let scientific = format!("{x:.5e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |s: &str| match s.contains('.') {
        true => s.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => s.to_string(),
    };
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
    trim(&format!("{:.*}", (5 - exponent).max(0) as usize, x))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(text: &str) -> Value {
        let kind = if text.ends_with('i') {
            LitKind::Imag
        } else if text.contains(['.', 'p']) || text.contains('e') && !text.starts_with("0x") {
            LitKind::Float
        } else {
            LitKind::Int
        };
        Value::literal(kind, text)
    }

    #[test]
    fn literals_are_exact() {
        for (text, shown) in [
            ("0x_2a", "42"),
            ("017", "15"),
            ("0b101", "5"),
            ("1.5", "1.5"),
            ("1e3", "1000"),
            ("1e9", "1e+09"),
            ("0x1p-2", "0.25"),
            ("1e100000", "1e+100000"),
            ("1e-400", "1e-400"),
            ("2i", "(0 + 2i)"),
            ("0.1", "0.1"),
        ] {
            assert_eq!(lit(text).to_string(), shown, "{text}");
        }
    }

    #[test]
    fn rounding_is_to_nearest_even() {
        assert_eq!(lit("0.1").as_f64(), 0.1);
        assert_eq!(lit("0.1").as_f32(), 0.1f32);
        assert_eq!(lit("5e-324").as_f64(), 5e-324);
        assert_eq!(lit("2e-324").as_f64(), 0.0);
        assert_eq!(lit("1e308").as_f64(), 1e308);
        assert!(lit("1.8e308").round_f64().is_unknown());
        assert_eq!(
            lit("1.79769313486231570814527423731704356798070e308").as_f64(),
            f64::MAX
        );
        assert_eq!(lit("16777217").as_f32(), 16777216.0);
        assert_eq!(
            lit("1.401298464324817070923729583289916131280e-45").as_f32(),
            f32::from_bits(1)
        );
        assert_eq!(
            lit("3.40282346638528859811704183484516925440e+38").as_f32(),
            f32::MAX
        );
    }

    #[test]
    fn huge_floats_keep_512_bits() {
        let (x, y) = (lit("1e5000"), lit("1e4999"));
        assert_eq!(
            Value::binary(BinaryOp::Quo, &x, &y, false)
                .to_int()
                .to_string(),
            "10"
        );
        let sum = Value::binary(
            BinaryOp::Sub,
            &Value::binary(BinaryOp::Add, &x, &y, false),
            &x,
            false,
        );
        assert_eq!(Value::binary(BinaryOp::Quo, &sum, &y, false).as_f64(), 1.0);
    }

    #[test]
    fn integer_division_truncates() {
        let q = |x: i64, y: i64, op| Value::binary(op, &x.into(), &y.into(), true).to_string();
        assert_eq!(q(-7, 2, BinaryOp::Quo), "-3");
        assert_eq!(q(-7, 2, BinaryOp::Rem), "-1");
        assert_eq!(q(-7, 2, BinaryOp::AndNot), "-7");
        assert_eq!(
            Value::unary(UnaryOp::Xor, &Value::from(1), Some(8)).to_string(),
            "254"
        );
    }
}
