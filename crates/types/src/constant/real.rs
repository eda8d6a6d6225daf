//! Real numbers: rationals while they are small, 512-bit floats beyond.

use super::float::BigFloat;
use super::round;
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// Numerators and denominators of more bits become floats.
const MAX_RATIONAL_BITS: u64 = 4096;

/// A real number.
#[derive(Clone, Debug)]
pub enum Real {
    /// An exact quotient.
    Rational(BigRational),
    /// A rounded number.
    Float(BigFloat),
}

impl Real {
    /// An integer.
    pub fn from_int(n: &BigInt) -> Real {
        if n.bits() < MAX_RATIONAL_BITS {
            Real::Rational(BigRational::from_integer(n.clone()))
        } else {
            Real::Float(BigFloat::from_int(n))
        }
    }

    /// A quotient; the denominator is not 0.
    pub fn from_quotient(numerator: BigInt, denominator: BigInt) -> Real {
        Real::normalized(BigRational::new(numerator, denominator))
    }

    fn normalized(r: BigRational) -> Real {
        if r.numer().bits() < MAX_RATIONAL_BITS && r.denom().bits() < MAX_RATIONAL_BITS {
            Real::Rational(r)
        } else {
            Real::Float(BigFloat::from_int(r.numer()).div(&BigFloat::from_int(r.denom())))
        }
    }

    /// A float as a rational if that stays small.
    pub fn from_float(f: BigFloat) -> Real {
        match f.to_rational(MAX_RATIONAL_BITS) {
            Some(r) => Real::normalized(r),
            None => Real::Float(f),
        }
    }

    /// Exactly this value; `None` for infinities and NaN.
    pub fn from_f64(x: f64) -> Option<Real> {
        BigRational::from_float(x).map(Real::normalized)
    }

    /// The value as a float.
    pub fn to_big_float(&self) -> BigFloat {
        match self {
            Real::Rational(r) => BigFloat::from_int(r.numer()).div(&BigFloat::from_int(r.denom())),
            Real::Float(f) => f.clone(),
        }
    }

    /// The integer this is, if it is one.
    pub fn to_integer(&self) -> Option<BigInt> {
        match self {
            Real::Rational(r) => r.is_integer().then(|| r.numer().clone()),
            Real::Float(f) => f.to_integer(),
        }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.sign() == 0
    }

    /// −1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match self {
            Real::Rational(r) if r.is_zero() => 0,
            Real::Rational(r) => {
                if r.is_negative() {
                    -1
                } else {
                    1
                }
            }
            Real::Float(f) => f.sign(),
        }
    }

    /// Nearest f64, ties to even; infinite beyond the largest.
    pub fn to_f64(&self) -> f64 {
        f64::from_bits(self.round(round::F64))
    }

    /// Nearest f32, ties to even; infinite beyond the largest.
    pub fn to_f32(&self) -> f32 {
        f32::from_bits(self.round(round::F32) as u32)
    }

    fn round(&self, format: round::Format) -> u64 {
        match self {
            Real::Rational(r) => {
                let negative = r.is_negative();
                round::quotient(
                    r.numer().magnitude(),
                    r.denom().magnitude(),
                    negative,
                    format,
                )
            }
            Real::Float(f) => f.round(format),
        }
    }

    /// Negation.
    pub fn neg(&self) -> Real {
        match self {
            Real::Rational(r) => Real::Rational(-r),
            Real::Float(f) => Real::Float(f.neg()),
        }
    }

    fn combine(
        &self,
        other: &Real,
        exact: impl FnOnce(&BigRational, &BigRational) -> BigRational,
        rounded: impl FnOnce(&BigFloat, &BigFloat) -> BigFloat,
    ) -> Real {
        match (self, other) {
            (Real::Rational(a), Real::Rational(b)) => Real::normalized(exact(a, b)),
            _ => Real::Float(rounded(&self.to_big_float(), &other.to_big_float())),
        }
    }

    /// Sum.
    pub fn add(&self, other: &Real) -> Real {
        self.combine(other, |a, b| a + b, BigFloat::add)
    }

    /// Difference.
    pub fn sub(&self, other: &Real) -> Real {
        self.add(&other.neg())
    }

    /// Product.
    pub fn mul(&self, other: &Real) -> Real {
        self.combine(other, |a, b| a * b, BigFloat::mul)
    }

    /// Quotient. The divisor is not 0.
    pub fn div(&self, other: &Real) -> Real {
        self.combine(other, |a, b| a / b, BigFloat::div)
    }

    /// Order.
    pub fn compare(&self, other: &Real) -> std::cmp::Ordering {
        match (self, other) {
            (Real::Rational(a), Real::Rational(b)) => a.cmp(b),
            _ => self.to_big_float().compare(&other.to_big_float()),
        }
    }

    /// Mantissa times a power of ten or two, as literals give it: `digits × base^exponent`.
    /// `None` if the exponent is out of the range that Go's compiler accepts.
    pub fn from_scaled(digits: &BigInt, base: u32, exponent: i64) -> Option<Real> {
        if digits.is_zero() {
            return Some(Real::Rational(BigRational::zero()));
        }
        let magnitude = exponent.unsigned_abs();
        let bits_per_step = if base == 10 { 4 } else { 1 };
        if magnitude * bits_per_step + digits.bits() < MAX_RATIONAL_BITS * 4 {
            let power = BigInt::from(base).pow(magnitude as u32);
            let r = if exponent < 0 {
                BigRational::new(digits.clone(), power)
            } else {
                BigRational::new(digits * power, BigInt::one())
            };
            return Some(Real::normalized(r));
        }
        BigFloat::from_int(digits)
            .scale(base, exponent)
            .map(Real::Float)
    }

    /// Sign for building values.
    pub(super) fn sign_of(negative: bool) -> Sign {
        if negative { Sign::Minus } else { Sign::Plus }
    }
}
