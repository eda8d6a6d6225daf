//! Correct rounding to the IEEE formats.

use num_bigint::BigUint;
use num_traits::{One, ToPrimitive, Zero};

/// A binary floating-point format.
#[derive(Clone, Copy)]
pub struct Format {
    /// Bits of the mantissa, the hidden one included.
    precision: u64,
    /// Exponent of the lowest bit of the smallest numbers.
    min_exponent: i64,
    /// Largest biased exponent, that of infinity.
    infinite_exponent: u64,
}

/// IEEE binary64.
pub const F64: Format = Format {
    precision: 53,
    min_exponent: -1074,
    infinite_exponent: 0x7ff,
};
/// IEEE binary32.
pub const F32: Format = Format {
    precision: 24,
    min_exponent: -149,
    infinite_exponent: 0xff,
};

impl Format {
    fn sign_shift(self) -> u64 {
        if self.precision == 53 { 63 } else { 31 }
    }
}

/// Bits of an infinity.
pub fn infinity(negative: bool, format: Format) -> u64 {
    zero(negative, format) | format.infinite_exponent << (format.precision - 1)
}

/// Bits of a zero.
pub fn zero(negative: bool, format: Format) -> u64 {
    u64::from(negative) << format.sign_shift()
}

/// `n >> shift`, rounded to nearest, ties to even. `sticky`: something below was lost before.
pub fn shift_right_to_even(n: &BigUint, shift: u64, sticky: bool) -> BigUint {
    if shift == 0 {
        return n.clone();
    }
    let kept = n >> shift;
    let half = n.bit(shift - 1);
    let below = sticky || n.trailing_zeros().is_some_and(|zeros| zeros < shift - 1);
    if half && (below || kept.bit(0)) {
        kept + 1u32
    } else {
        kept
    }
}

/// Bits of the value of the format nearest to `numerator / denominator`.
pub fn quotient(numerator: &BigUint, denominator: &BigUint, negative: bool, format: Format) -> u64 {
    if numerator.is_zero() {
        return 0;
    }
    // The exponent of the quotient's lowest kept bit: so that `precision` bits are kept, or
    // fewer where the format's smallest numbers begin.
    let magnitude = numerator.bits() as i64 - denominator.bits() as i64;
    let mut exponent = (magnitude - format.precision as i64).max(format.min_exponent);
    let mut mantissa = divide(numerator, denominator, exponent);
    if mantissa.bits() > format.precision {
        exponent += 1;
        mantissa = divide(numerator, denominator, exponent);
        if mantissa.bits() > format.precision {
            // Rounding carried into a new bit; the mantissa is a power of two.
            mantissa >>= 1u32;
            exponent += 1;
        }
    }
    let mantissa = mantissa.to_u64().unwrap_or(0);
    let hidden = 1u64 << (format.precision - 1);
    let biased = if mantissa < hidden {
        0
    } else {
        exponent - format.min_exponent + 1
    };
    if biased >= format.infinite_exponent as i64 {
        return infinity(negative, format);
    }
    zero(negative, format) | (biased as u64) << (format.precision - 1) | (mantissa & (hidden - 1))
}

/// `numerator / denominator / 2^exponent`, rounded to an integer, ties to even.
fn divide(numerator: &BigUint, denominator: &BigUint, exponent: i64) -> BigUint {
    let (n, d) = if exponent >= 0 {
        (numerator.clone(), denominator << exponent as u64)
    } else {
        (numerator << exponent.unsigned_abs(), denominator.clone())
    };
    let whole = &n / &d;
    let twice_rest = (n - &whole * &d) << 1u32;
    match twice_rest.cmp(&d) {
        std::cmp::Ordering::Greater => whole + BigUint::one(),
        std::cmp::Ordering::Equal if whole.bit(0) => whole + BigUint::one(),
        _ => whole,
    }
}
