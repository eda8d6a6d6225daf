//! Binary floats of bounded precision and huge exponent, for constants beyond what exact
//! rationals can hold in reasonable space; and correct rounding to IEEE formats.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use std::cmp::Ordering;

/// Mantissa bits of constants, as in Go's compiler.
pub(crate) const PRECISION: u64 = 512;

/// Exponents beyond this overflow.
const MAX_EXPONENT: i64 = i32::MAX as i64;

/// `±mantissa · 2^exponent`, mantissa of at most [`PRECISION`] bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BigFloat {
    negative: bool,
    mantissa: BigUint,
    exponent: i64,
}

impl BigFloat {
    fn zero() -> BigFloat {
        BigFloat {
            negative: false,
            mantissa: BigUint::zero(),
            exponent: 0,
        }
    }

    /// Rounds to `precision` bits, half to even; `sticky` says that the true value is a
    /// little farther from zero. `None` on overflow.
    fn round(
        negative: bool,
        mantissa: BigUint,
        exponent: i64,
        sticky: bool,
        precision: u64,
    ) -> Option<BigFloat> {
        if mantissa.is_zero() {
            return Some(BigFloat::zero());
        }
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        let bits = mantissa.bits();
        if bits > precision {
            let drop = bits - precision;
            let mask = (BigUint::one() << drop) - 1u32;
            let rest = &mantissa & mask;
            let half = BigUint::one() << (drop - 1);
            mantissa >>= drop;
            exponent += drop as i64;
            let up = match rest.cmp(&half) {
                Ordering::Greater => true,
                Ordering::Equal => sticky || mantissa.is_odd(),
                Ordering::Less => false,
            };
            if up {
                mantissa += 1u32;
            }
        }
        let top = exponent + mantissa.bits() as i64;
        if top > MAX_EXPONENT {
            return None;
        }
        if top < -MAX_EXPONENT {
            return Some(BigFloat::zero());
        }
        Some(BigFloat {
            negative,
            mantissa,
            exponent,
        })
    }

    /// The nearest float to a rational.
    pub fn from_rational(r: &BigRational) -> Option<BigFloat> {
        let int = |n: &BigInt| {
            BigFloat::round(
                n.sign() == Sign::Minus,
                n.magnitude().clone(),
                0,
                false,
                u64::MAX,
            )
        };
        int(r.numer())?.div(&int(r.denom())?)
    }

    /// `mantissa · 10^power`, or `· 2^power` if `binary`.
    pub fn from_parts(mantissa: BigUint, power: i64, binary: bool) -> Option<BigFloat> {
        if binary {
            return BigFloat::round(false, mantissa, power, false, PRECISION);
        }
        if mantissa.is_zero() {
            return Some(BigFloat::zero());
        }
        let wide = PRECISION + 128;
        let m = BigFloat::round(false, mantissa, 0, false, wide)?;
        let Some(ten) = BigFloat::power_of_ten(power.unsigned_abs(), wide) else {
            return (power < 0).then(BigFloat::zero);
        };
        let wide = if power < 0 {
            m.div_to(&ten, wide)
        } else {
            m.mul_to(&ten, wide)
        }?;
        BigFloat::round(false, wide.mantissa, wide.exponent, false, PRECISION)
    }

    fn power_of_ten(mut n: u64, precision: u64) -> Option<BigFloat> {
        let mut base = BigFloat {
            negative: false,
            mantissa: BigUint::from(10u32),
            exponent: 0,
        };
        let mut result = BigFloat {
            negative: false,
            mantissa: BigUint::one(),
            exponent: 0,
        };
        while n > 0 {
            if n & 1 == 1 {
                result = result.mul_to(&base, precision)?;
            }
            n >>= 1;
            if n > 0 {
                base = base.mul_to(&base, precision)?;
            }
        }
        Some(result)
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        }
    }

    /// The power of two just above the absolute value.
    pub fn top(&self) -> i64 {
        self.exponent + self.mantissa.bits() as i64
    }

    /// The negated value.
    pub fn neg(&self) -> BigFloat {
        BigFloat {
            negative: !self.negative && !self.is_zero(),
            ..self.clone()
        }
    }

    /// Product; `None` on overflow.
    pub fn mul(&self, y: &BigFloat) -> Option<BigFloat> {
        self.mul_to(y, PRECISION)
    }

    fn mul_to(&self, y: &BigFloat, precision: u64) -> Option<BigFloat> {
        let negative = self.negative != y.negative;
        let exponent = self.exponent + y.exponent;
        BigFloat::round(
            negative,
            &self.mantissa * &y.mantissa,
            exponent,
            false,
            precision,
        )
    }

    /// Quotient; `None` on overflow or for a zero divisor.
    pub fn div(&self, y: &BigFloat) -> Option<BigFloat> {
        self.div_to(y, PRECISION)
    }

    fn div_to(&self, y: &BigFloat, precision: u64) -> Option<BigFloat> {
        if y.is_zero() {
            return None;
        }
        let shift = (precision + 2 + y.mantissa.bits()).saturating_sub(self.mantissa.bits());
        let (q, r) = (&self.mantissa << shift).div_rem(&y.mantissa);
        // Two more bits, the lowest telling of the rest, make the rounding exact.
        let q = (q << 1u32) + u32::from(!r.is_zero());
        let exponent = self.exponent - y.exponent - shift as i64 - 1;
        BigFloat::round(self.negative != y.negative, q, exponent, false, precision)
    }

    /// Sum; `None` on overflow.
    pub fn add(&self, y: &BigFloat) -> Option<BigFloat> {
        if self.is_zero() {
            return Some(y.clone());
        }
        if y.is_zero() {
            return Some(self.clone());
        }
        let (hi, lo) = if self.top() >= y.top() {
            (self, y)
        } else {
            (y, self)
        };
        let gap = PRECISION as i64 + 4;
        if hi.top() - lo.top() > 2 * gap {
            // Too small to matter but for the direction of rounding, and that only at a tie,
            // which a mantissa of full precision cannot be.
            return Some(hi.clone());
        }
        let exponent = hi.exponent.min(lo.exponent);
        let at = |f: &BigFloat| {
            let m = f.mantissa.clone() << (f.exponent - exponent) as u64;
            BigInt::from_biguint(if f.negative { Sign::Minus } else { Sign::Plus }, m)
        };
        let (sign, mantissa) = (at(hi) + at(lo)).into_parts();
        BigFloat::round(sign == Sign::Minus, mantissa, exponent, false, PRECISION)
    }

    /// The value as a rational; only for small exponents.
    pub fn to_rational(&self) -> BigRational {
        let sign = if self.negative {
            Sign::Minus
        } else {
            Sign::Plus
        };
        let m = BigInt::from_biguint(sign, self.mantissa.clone());
        if self.exponent >= 0 {
            BigRational::from_integer(m << self.exponent as u64)
        } else {
            BigRational::new(m, BigInt::one() << (-self.exponent) as u64)
        }
    }

    /// The value if it is an integer, or is one but for the last four bits of the mantissa
    /// (rounding of earlier operations). Only for small exponents.
    pub fn to_integer(&self) -> Option<BigInt> {
        let exact = self.to_rational();
        if exact.is_integer() {
            return Some(exact.to_integer());
        }
        let bits = self.mantissa.bits();
        let keep = PRECISION - 4;
        if bits <= keep {
            return None;
        }
        let drop = bits - keep;
        let down = &self.mantissa >> drop;
        for m in [down.clone(), down + 1u32] {
            let f = BigFloat {
                negative: self.negative,
                mantissa: m,
                exponent: self.exponent + drop as i64,
            };
            let r = f.to_rational();
            if r.is_integer() {
                return Some(r.to_integer());
            }
        }
        None
    }

    /// Order of two floats.
    pub fn cmp(&self, y: &BigFloat) -> Ordering {
        let (s, t) = (self.sign(), y.sign());
        if s != t || s == 0 {
            return s.cmp(&t);
        }
        let magnitude = self.top().cmp(&y.top()).then_with(|| {
            let exponent = self.exponent.min(y.exponent);
            let at = |f: &BigFloat| f.mantissa.clone() << (f.exponent - exponent) as u64;
            at(self).cmp(&at(y))
        });
        if s < 0 {
            magnitude.reverse()
        } else {
            magnitude
        }
    }

    /// The nearest value of an IEEE format; infinite on overflow.
    pub fn to_ieee(&self, format: Ieee) -> f64 {
        let f = format.round(&self.mantissa, &BigUint::one(), self.exponent);
        if self.negative { -f } else { f }
    }

    /// Decimal digits of the mantissa (six significant) and decimal exponent, for messages.
    pub fn decimal(&self) -> (f64, i64) {
        // log10(m · 2^e) from the top 64 bits.
        let bits = self.mantissa.bits();
        let shift = bits.saturating_sub(64);
        let top = (&self.mantissa >> shift).to_f64().unwrap_or(0.0);
        let log = top.log10() + (self.exponent + shift as i64) as f64 * std::f64::consts::LOG10_2;
        let power = log.floor();
        let digits = 10f64.powf(log - power);
        (if self.negative { -digits } else { digits }, power as i64)
    }
}

/// A binary IEEE format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ieee {
    /// `float32`
    Single,
    /// `float64`
    Double,
}

impl Ieee {
    /// The nearest value to `num / den · 2^exp`, half to even; infinite on overflow.
    pub fn round(self, num: &BigUint, den: &BigUint, exp: i64) -> f64 {
        let (precision, lowest, highest) = match self {
            Ieee::Single => (24, -149, 127),
            Ieee::Double => (53, -1074, 1023),
        };
        if num.is_zero() {
            return 0.0;
        }
        let top = num.bits() as i64 - den.bits() as i64 + exp;
        if top > highest + 2 {
            return f64::INFINITY;
        }
        if top < lowest - 2 {
            return 0.0;
        }
        let mut unit = (top - precision).max(lowest);
        let (mut q, mut r, mut d) = scaled_div(num, den, exp - unit);
        if q.bits() as i64 > precision {
            unit += 1;
            (q, r, d) = scaled_div(num, den, exp - unit);
        }
        r <<= 1u32;
        if r > d || r == d && q.is_odd() {
            q += 1u32;
        }
        let q = q.to_u64().unwrap_or(0);
        if q == 0 {
            return 0.0;
        }
        if unit + 63 - i64::from(q.leading_zeros()) > highest {
            return f64::INFINITY;
        }
        ldexp(q, unit)
    }
}

/// Quotient, remainder and divisor of `num · 2^shift / den`.
fn scaled_div(num: &BigUint, den: &BigUint, shift: i64) -> (BigUint, BigUint, BigUint) {
    let (num, den) = if shift >= 0 {
        (num << shift as u64, den.clone())
    } else {
        (num.clone(), den << (-shift) as u64)
    };
    let (q, r) = num.div_rem(&den);
    (q, r, den)
}

/// `q · 2^unit`, which must be a double.
fn ldexp(q: u64, unit: i64) -> f64 {
    let bits = 64 - i64::from(q.leading_zeros());
    let exponent = unit + bits - 1;
    if exponent < -1022 {
        return f64::from_bits(q << (unit + 1074));
    }
    let fraction = if bits <= 53 {
        q << (53 - bits)
    } else {
        q >> (bits - 53)
    };
    f64::from_bits(((exponent + 1023) as u64) << 52 | (fraction & ((1 << 52) - 1)))
}
