//! Floats with 512 bits of mantissa and a 32-bit exponent, rounded to nearest even.

use super::real::Real;
use super::round;
use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One, Zero};
use std::cmp::Ordering;

/// Bits of the mantissa.
const PRECISION: u64 = 512;
/// Exponents beyond this overflow.
const MAX_EXPONENT: i64 = i32::MAX as i64;

/// `±mantissa × 2^exponent`. The mantissa is 0, or has exactly 512 bits.
#[derive(Clone, Debug)]
pub struct BigFloat {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
    /// Too large to hold: absorbs everything.
    infinite: bool,
}

impl BigFloat {
    /// An integer, rounded.
    pub fn from_int(n: &BigInt) -> BigFloat {
        BigFloat::rounded(
            n.sign() == num_bigint::Sign::Minus,
            n.magnitude().clone(),
            0,
            false,
        )
    }

    /// Rounds `mantissa × 2^exponent`; `sticky` says that a bit below was lost.
    fn rounded(negative: bool, mantissa: BigUint, exponent: i64, sticky: bool) -> BigFloat {
        let bits = mantissa.bits();
        if bits == 0 {
            return BigFloat {
                negative: false,
                mantissa,
                exponent: 0,
                infinite: false,
            };
        }
        let (mut mantissa, mut exponent) = match bits.cmp(&PRECISION) {
            Ordering::Less => (
                mantissa << (PRECISION - bits),
                exponent - (PRECISION - bits) as i64,
            ),
            Ordering::Equal => (mantissa, exponent),
            Ordering::Greater => {
                let extra = bits - PRECISION;
                let rounded = round::shift_right_to_even(&mantissa, extra, sticky);
                (rounded, exponent + extra as i64)
            }
        };
        if mantissa.bits() > PRECISION {
            mantissa >>= 1u32;
            exponent += 1;
        }
        let top = exponent + PRECISION as i64;
        if top < -MAX_EXPONENT {
            return BigFloat {
                negative: false,
                mantissa: BigUint::zero(),
                exponent: 0,
                infinite: false,
            };
        }
        BigFloat {
            negative,
            mantissa,
            exponent,
            infinite: top > MAX_EXPONENT,
        }
    }

    /// Whether it was too large to hold.
    pub fn is_infinite(&self) -> bool {
        self.infinite
    }

    /// −1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match (self.mantissa.is_zero(), self.negative) {
            (true, _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    /// Negation.
    pub fn neg(&self) -> BigFloat {
        BigFloat {
            negative: !self.negative && self.sign() != 0,
            ..self.clone()
        }
    }

    fn infinity(negative: bool) -> BigFloat {
        BigFloat {
            negative,
            mantissa: BigUint::one(),
            exponent: 0,
            infinite: true,
        }
    }

    /// Product.
    pub fn mul(&self, other: &BigFloat) -> BigFloat {
        let negative = self.negative != other.negative;
        if self.infinite || other.infinite {
            return BigFloat::infinity(negative);
        }
        let mantissa = &self.mantissa * &other.mantissa;
        BigFloat::rounded(negative, mantissa, self.exponent + other.exponent, false)
    }

    /// Quotient. A divisor of 0 gives an infinite value.
    pub fn div(&self, other: &BigFloat) -> BigFloat {
        let negative = self.negative != other.negative;
        if self.infinite || other.sign() == 0 {
            return BigFloat::infinity(negative);
        }
        if other.infinite {
            return BigFloat::from_int(&BigInt::zero());
        }
        // Two more bits than needed, and whether anything is left.
        let shift = PRECISION + 2;
        let dividend = &self.mantissa << shift;
        let quotient = &dividend / &other.mantissa;
        let sticky = &quotient * &other.mantissa != dividend;
        // A set lowest bit stands for what is left.
        let quotient = (quotient << 1u32) + u32::from(sticky);
        let exponent = self.exponent - other.exponent - shift as i64 - 1;
        BigFloat::rounded(negative, quotient, exponent, sticky)
    }

    /// Sum.
    pub fn add(&self, other: &BigFloat) -> BigFloat {
        if self.infinite || other.sign() == 0 {
            return self.clone();
        }
        if other.infinite || self.sign() == 0 {
            return other.clone();
        }
        let (high, low) = if self.exponent >= other.exponent {
            (self, other)
        } else {
            (other, self)
        };
        let gap = (high.exponent - low.exponent) as u64;
        if gap > 2 * PRECISION + 2 {
            return high.clone();
        }
        let a = BigInt::from_biguint(Real::sign_of(high.negative), &high.mantissa << gap);
        let b = BigInt::from_biguint(Real::sign_of(low.negative), low.mantissa.clone());
        let sum = a + b;
        let negative = sum.sign() == num_bigint::Sign::Minus;
        BigFloat::rounded(negative, sum.magnitude().clone(), low.exponent, false)
    }

    /// Order.
    pub fn compare(&self, other: &BigFloat) -> Ordering {
        if self.infinite && other.infinite {
            return Ordering::Equal;
        }
        self.add(&other.neg()).sign().cmp(&0)
    }

    /// Times `base^exponent` (base 2 or 10). `None` if that is too large.
    pub fn scale(&self, base: u32, exponent: i64) -> Option<BigFloat> {
        if exponent.unsigned_abs() > 4 * MAX_EXPONENT as u64 {
            return (exponent < 0).then(|| BigFloat::from_int(&BigInt::zero()));
        }
        let mut power = BigFloat::from_int(&BigInt::one());
        let mut square = BigFloat::from_int(&base.into());
        let mut left = exponent.unsigned_abs();
        while left > 0 && !power.infinite {
            if left & 1 == 1 {
                power = power.mul(&square);
            }
            square = square.mul(&square);
            left >>= 1;
        }
        let result = if exponent < 0 {
            self.div(&power)
        } else {
            self.mul(&power)
        };
        (!result.infinite).then_some(result)
    }

    /// The integer this is, if it is one (and not absurdly large).
    pub fn to_integer(&self) -> Option<BigInt> {
        if self.infinite {
            return None;
        }
        let sign = Real::sign_of(self.negative);
        if self.exponent >= 0 {
            let fits = self.exponent < 1 << 20;
            return fits
                .then(|| BigInt::from_biguint(sign, &self.mantissa << self.exponent as u64));
        }
        let drop = self.exponent.unsigned_abs();
        let whole = self
            .mantissa
            .trailing_zeros()
            .is_none_or(|zeros| zeros >= drop);
        whole.then(|| BigInt::from_biguint(sign, &self.mantissa >> drop))
    }

    /// The exact quotient, if numerator and denominator have at most `max_bits`.
    pub fn to_rational(&self, max_bits: u64) -> Option<BigRational> {
        if self.infinite || self.exponent.unsigned_abs() > max_bits {
            return None;
        }
        let n = BigInt::from_biguint(Real::sign_of(self.negative), self.mantissa.clone());
        Some(if self.exponent >= 0 {
            BigRational::from_integer(n << self.exponent as u64)
        } else {
            BigRational::new(n, BigInt::one() << self.exponent.unsigned_abs())
        })
    }

    /// Bits of the nearest value of a format.
    pub(super) fn round(&self, format: round::Format) -> u64 {
        let top = self.exponent + PRECISION as i64;
        if self.infinite || top > 2000 {
            return round::infinity(self.negative, format);
        }
        if self.sign() == 0 || top < -2000 {
            return round::zero(self.negative, format);
        }
        let (numerator, denominator) = if self.exponent >= 0 {
            (&self.mantissa << self.exponent as u64, BigUint::one())
        } else {
            (
                self.mantissa.clone(),
                BigUint::one() << self.exponent.unsigned_abs(),
            )
        };
        round::quotient(&numerator, &denominator, self.negative, format)
    }

    /// `log10` of the magnitude, roughly, for showing numbers no f64 can hold.
    pub(super) fn log10(&self) -> f64 {
        let top = self.mantissa.bits().saturating_sub(64);
        let head = (&self.mantissa >> top)
            .iter_u64_digits()
            .next()
            .unwrap_or(0) as f64;
        head.log10() + (top as f64 + self.exponent as f64) * std::f64::consts::LOG10_2
    }
}
