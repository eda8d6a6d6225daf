//! Operations on constants.

use super::{Real, Value};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};
use std::cmp::Ordering;

/// Binary operators on constants, shifts and comparisons apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Operator {
    Add,
    Sub,
    Mul,
    /// `/`: of integers the exact quotient, a float if need be.
    Quo,
    /// `/` of integers, toward zero.
    IntQuo,
    Rem,
    And,
    Or,
    Xor,
    AndNot,
    LAnd,
    LOr,
}

/// Comparison operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl CompareOp {
    fn holds(self, order: Ordering) -> bool {
        match self {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }
}

/// Why an operation has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ArithmeticError {
    /// The divisor is 0.
    DivisionByZero,
    /// The operands do not fit the operator.
    Mismatch,
}

type Outcome = Result<Value, ArithmeticError>;
const MISMATCH: Outcome = Err(ArithmeticError::Mismatch);

impl Value {
    /// `-x`.
    pub fn negate(&self) -> Value {
        match self {
            Value::Int(n) => (-(**n).clone()).into(),
            Value::Float(r) => r.neg().into(),
            Value::Complex(c) => Value::complex(c.0.negate(), c.1.negate()),
            _ => Value::Unknown,
        }
    }

    /// `^x`; `unsigned_bits` is the size of an unsigned type, to which the result is cut.
    pub fn complement(&self, unsigned_bits: Option<u32>) -> Value {
        let Value::Int(n) = self else {
            return Value::Unknown;
        };
        let inverted: BigInt = !(**n).clone();
        match unsigned_bits {
            Some(bits) => {
                let modulus = BigInt::one() << bits;
                inverted.mod_floor(&modulus).into()
            }
            None => inverted.into(),
        }
    }

    /// `!x`.
    pub fn not(&self) -> Value {
        self.as_bool().map_or(Value::Unknown, |b| Value::Bool(!b))
    }

    /// `x op y`. Numbers of different kinds are brought to the larger kind first.
    pub fn binary(&self, op: Operator, other: &Value) -> Outcome {
        let (x, y) = match_kinds(self, other);
        match (&x, &y) {
            (Value::Unknown, _) | (_, Value::Unknown) => Ok(Value::Unknown),
            (Value::Bool(a), Value::Bool(b)) => match op {
                Operator::LAnd => Ok(Value::Bool(*a && *b)),
                Operator::LOr => Ok(Value::Bool(*a || *b)),
                _ => MISMATCH,
            },
            (Value::String(a), Value::String(b)) if op == Operator::Add => {
                Ok(Value::String(a.concat(b)))
            }
            (Value::Int(a), Value::Int(b)) => int_op(a, op, b),
            (Value::Float(a), Value::Float(b)) => real_op(a, op, b),
            (Value::Complex(a), Value::Complex(b)) => complex_op(a, op, b),
            _ => MISMATCH,
        }
    }

    /// `x << n` or `x >> n` of an integer.
    pub fn shift(&self, left: bool, count: u32) -> Value {
        let Value::Int(n) = self else {
            return Value::Unknown;
        };
        // BigInt shifts right toward negative infinity, as Go does.
        if left {
            ((**n).clone() << count).into()
        } else {
            ((**n).clone() >> count).into()
        }
    }

    /// `x op y`. `None` if the operands cannot be compared so.
    pub fn compare(&self, op: CompareOp, other: &Value) -> Option<bool> {
        let (x, y) = match_kinds(self, other);
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        match (&x, &y) {
            (Value::Unknown, _) | (_, Value::Unknown) => Some(false),
            (Value::Bool(a), Value::Bool(b)) => equality.then(|| op.holds(a.cmp(b))),
            (Value::String(a), Value::String(b)) => Some(op.holds(a.bytes().cmp(b.bytes()))),
            (Value::Int(a), Value::Int(b)) => Some(op.holds(a.cmp(b))),
            (Value::Float(a), Value::Float(b)) => Some(op.holds(a.compare(b))),
            (Value::Complex(a), Value::Complex(b)) if equality => {
                let same = a.0.compare(CompareOp::Eq, &b.0)? && a.1.compare(CompareOp::Eq, &b.1)?;
                Some(same == (op == CompareOp::Eq))
            }
            _ => None,
        }
    }
}

fn match_kinds(x: &Value, y: &Value) -> (Value, Value) {
    fn rank(v: &Value) -> u8 {
        match v {
            Value::Int(_) => 1,
            Value::Float(_) => 2,
            Value::Complex(_) => 3,
            _ => 0,
        }
    }
    fn raise(v: &Value, to: u8) -> Value {
        match (v, to) {
            (Value::Int(n), 2) => Real::from_int(n).into(),
            (_, 3) => v.clone().into_complex(),
            _ => v.clone(),
        }
    }
    let (a, b) = (rank(x), rank(y));
    if a == 0 || b == 0 || a == b {
        return (x.clone(), y.clone());
    }
    let to = a.max(b);
    (raise(x, to), raise(y, to))
}

fn int_op(a: &BigInt, op: Operator, b: &BigInt) -> Outcome {
    let zero = b.is_zero();
    Ok(match op {
        Operator::Add => (a + b).into(),
        Operator::Sub => (a - b).into(),
        Operator::Mul => (a * b).into(),
        Operator::Quo | Operator::IntQuo | Operator::Rem if zero => {
            return Err(ArithmeticError::DivisionByZero);
        }
        Operator::Quo => Real::from_quotient(a.clone(), b.clone()).into(),
        Operator::IntQuo => (a / b).into(),
        Operator::Rem => (a % b).into(),
        Operator::And => (a & b).into(),
        Operator::Or => (a | b).into(),
        Operator::Xor => (a ^ b).into(),
        Operator::AndNot => (a & !b.clone()).into(),
        Operator::LAnd | Operator::LOr => return MISMATCH,
    })
}

fn real_op(a: &Real, op: Operator, b: &Real) -> Outcome {
    Ok(match op {
        Operator::Add => a.add(b),
        Operator::Sub => a.sub(b),
        Operator::Mul => a.mul(b),
        Operator::Quo if b.is_zero() => return Err(ArithmeticError::DivisionByZero),
        Operator::Quo => a.div(b),
        _ => return MISMATCH,
    }
    .into())
}

fn complex_op(a: &(Value, Value), op: Operator, b: &(Value, Value)) -> Outcome {
    let (re, im) = match op {
        Operator::Add | Operator::Sub => (a.0.binary(op, &b.0)?, a.1.binary(op, &b.1)?),
        Operator::Mul => {
            let re = mul(&a.0, &b.0)?.binary(Operator::Sub, &mul(&a.1, &b.1)?)?;
            let im = mul(&a.1, &b.0)?.binary(Operator::Add, &mul(&a.0, &b.1)?)?;
            (re, im)
        }
        Operator::Quo => {
            let norm = mul(&b.0, &b.0)?.binary(Operator::Add, &mul(&b.1, &b.1)?)?;
            let re = mul(&a.0, &b.0)?.binary(Operator::Add, &mul(&a.1, &b.1)?)?;
            let im = mul(&a.1, &b.0)?.binary(Operator::Sub, &mul(&a.0, &b.1)?)?;
            (
                re.binary(Operator::Quo, &norm)?,
                im.binary(Operator::Quo, &norm)?,
            )
        }
        _ => return MISMATCH,
    };
    Ok(Value::complex(re, im))
}

fn mul(a: &Value, b: &Value) -> Outcome {
    a.binary(Operator::Mul, b)
}
