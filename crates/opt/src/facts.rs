//! What is known about values at a point: ranges, and relations of pairs.
//!
//! Facts come from branches and checks that dominate the point and from how values are made
//! (lengths are not negative, counters that are compared before each step do not overflow).
//! [`Facts::mark`] and [`Facts::undo`] bracket the part of the dominator tree where a fact
//! holds.
//!
//! Integers are compared in their own width, constants are kept sign-extended, so signed
//! facts hold for every width. Nothing is assumed not to overflow unless a range shows it.
//!
//! Rejected: a graph of difference constraints (ABCD): one step through a known upper bound
//! finds nearly all of what it finds in loops written by people.

use goxide_base::FxHashMap;
use goxide_ir::{AliasTag, BinaryOp, ConvertOp, Function, IntCc, Op, Ty, Value, ValueDef};

/// Which of less, equal, greater are possible.
type Mask = u8;
const LT: Mask = 1;
const EQ: Mask = 2;
const GT: Mask = 4;
const ANY: Mask = 7;

/// How deep ranges are derived from operands.
const DEPTH: u32 = 4;

/// A signed range, ends included.
pub type Range = (i64, i64);

#[derive(Clone, Copy)]
enum Undo {
    Relation((Value, Value), Option<(Mask, Mask)>),
    Range(Value, Option<Range>),
    Upper(Value, Option<Value>),
}

/// The facts at a point.
#[derive(Default)]
pub struct Facts {
    /// Of a pair (lower number first): signed and unsigned relation.
    relations: FxHashMap<(Value, Value), (Mask, Mask)>,
    ranges: FxHashMap<Value, Range>,
    /// A value that is not less (signed).
    uppers: FxHashMap<Value, Value>,
    log: Vec<Undo>,
}

fn mask_of(cc: IntCc) -> Mask {
    match cc {
        IntCc::Eq => EQ,
        IntCc::Ne => LT | GT,
        IntCc::Slt | IntCc::Ult => LT,
        IntCc::Sle | IntCc::Ule => LT | EQ,
        IntCc::Sgt | IntCc::Ugt => GT,
        IntCc::Sge | IntCc::Uge => GT | EQ,
    }
}

fn is_unsigned(cc: IntCc) -> bool {
    matches!(cc, IntCc::Ult | IntCc::Ule | IntCc::Ugt | IntCc::Uge)
}

fn turned(mask: Mask) -> Mask {
    (mask & EQ) | (mask & LT) << 2 | (mask & GT) >> 2
}

/// All values of a type, signed.
fn full(ty: Ty) -> Range {
    match ty {
        Ty::I8 => (i8::MIN.into(), i8::MAX.into()),
        Ty::I16 => (i16::MIN.into(), i16::MAX.into()),
        Ty::I32 => (i32::MIN.into(), i32::MAX.into()),
        _ => (i64::MIN, i64::MAX),
    }
}

impl Facts {
    /// A point to come back to.
    pub fn mark(&self) -> usize {
        self.log.len()
    }

    /// Forgets what was learnt since `mark`.
    pub fn undo(&mut self, mark: usize) {
        while self.log.len() > mark {
            match self.log.pop().expect("not empty") {
                Undo::Relation(key, old) => restore(&mut self.relations, key, old),
                Undo::Range(key, old) => restore(&mut self.ranges, key, old),
                Undo::Upper(key, old) => restore(&mut self.uppers, key, old),
            }
        }
    }

    // ---- learning ----

    /// A comparison is known to be true.
    pub fn learn(&mut self, func: &Function, cc: IntCc, a: Value, b: Value) {
        let mask = mask_of(cc);
        let (signed, unsigned) = match cc {
            IntCc::Eq | IntCc::Ne => (mask, mask),
            _ if is_unsigned(cc) => (ANY, mask),
            _ => (mask, ANY),
        };
        self.relate(a, b, signed, unsigned);
        let (ra, rb) = (self.range(func, a), self.range(func, b));
        if is_unsigned(cc) {
            // Below something that is not negative: not negative itself.
            if mask & GT == 0 && rb.0 >= 0 {
                self.narrow(func, a, (0, cap(mask, rb.1)));
            }
            if mask & LT == 0 && ra.0 >= 0 {
                self.narrow(func, b, (0, cap(turned(mask), ra.1)));
            }
            return;
        }
        if cc == IntCc::Ne {
            self.exclude(func, a, rb);
            self.exclude(func, b, ra);
            return;
        }
        let low = |mask: Mask, r: i64| match (mask & LT, mask & EQ) {
            (0, 0) => r.saturating_add(1),
            (0, _) => r,
            _ => i64::MIN,
        };
        let high = |mask: Mask, r: i64| match (mask & GT, mask & EQ) {
            (0, 0) => r.saturating_sub(1),
            (0, _) => r,
            _ => i64::MAX,
        };
        self.narrow(func, a, (low(mask, rb.0), high(mask, rb.1)));
        let mask = turned(mask);
        self.narrow(func, b, (low(mask, ra.0), high(mask, ra.1)));
    }

    /// `index` is below `bound` (or not above it) as an index is: neither is negative.
    pub fn learn_index(&mut self, func: &Function, index: Value, bound: Value, strict: bool) {
        let mask = if strict { LT } else { LT | EQ };
        self.relate(index, bound, mask, mask);
        let (low, high) = self.range(func, bound);
        self.narrow(func, bound, (low.max(i64::from(strict)), high));
        self.narrow(func, index, (0, cap(mask, high)));
    }

    /// `value` is never above `upper` (signed).
    pub fn learn_upper(&mut self, value: Value, upper: Value) {
        let old = self.uppers.insert(value, upper);
        self.log.push(Undo::Upper(value, old));
    }

    /// The value is in a range.
    pub fn narrow(&mut self, func: &Function, value: Value, to: Range) {
        if func.as_iconst(value).is_some() {
            return;
        }
        let now = self.range(func, value);
        let new = (now.0.max(to.0), now.1.min(to.1));
        // An empty range is that of code that cannot run: leave it.
        if new != now && new.0 <= new.1 {
            let old = self.ranges.insert(value, new);
            self.log.push(Undo::Range(value, old));
        }
    }

    fn exclude(&mut self, func: &Function, value: Value, point: Range) {
        if point.0 != point.1 {
            return;
        }
        let (low, high) = self.range(func, value);
        if low == point.0 && low < high {
            self.narrow(func, value, (low + 1, high));
        } else if high == point.0 && low < high {
            self.narrow(func, value, (low, high - 1));
        }
    }

    fn relate(&mut self, a: Value, b: Value, signed: Mask, unsigned: Mask) {
        if a == b {
            return;
        }
        let (key, signed, unsigned) = if a < b {
            ((a, b), signed, unsigned)
        } else {
            ((b, a), turned(signed), turned(unsigned))
        };
        let old = self.relations.get(&key).copied();
        let (s, u) = old.unwrap_or((ANY, ANY));
        self.relations.insert(key, (s & signed, u & unsigned));
        self.log.push(Undo::Relation(key, old));
    }

    // ---- asking ----

    fn relation(&self, a: Value, b: Value) -> (Mask, Mask) {
        if a == b {
            return (EQ, EQ);
        }
        if a < b {
            return self.relations.get(&(a, b)).copied().unwrap_or((ANY, ANY));
        }
        let (s, u) = self.relations.get(&(b, a)).copied().unwrap_or((ANY, ANY));
        (turned(s), turned(u))
    }

    /// The signed range of an integer.
    pub fn range(&self, func: &Function, value: Value) -> Range {
        self.range_to(func, value, DEPTH)
    }

    fn range_to(&self, func: &Function, value: Value, depth: u32) -> Range {
        let value = func.resolve(value);
        let whole = full(func.ty(value));
        let made = match func.values[value].def {
            ValueDef::Result(inst, 0) if depth > 0 => {
                self.made_range(func, &func.insts[inst].op, func.ty(value), depth - 1)
            }
            _ => whole,
        };
        match self.ranges.get(&value) {
            Some(&(low, high)) => (made.0.max(low), made.1.min(high)),
            None => made,
        }
    }

    /// The range of what an operation makes.
    fn made_range(&self, func: &Function, op: &Op, ty: Ty, depth: u32) -> Range {
        use BinaryOp::*;
        let whole = full(ty);
        let of = |v: Value| self.range_to(func, v, depth);
        match *op {
            Op::Iconst(ty, n) => {
                let n = crate::simplify::normalize(ty, n);
                (n, n)
            }
            Op::Icmp(..) | Op::Fcmp(..) => (0, 1),
            Op::Load(_, _, _, flags) if flags.tag == AliasTag::LENGTH => (0, i64::MAX),
            Op::Convert(ConvertOp::Zext, _, from) => {
                let (low, high) = of(from);
                match low {
                    0.. => (low, high),
                    _ => (0, (1i64 << (8 * func.ty(from).bytes())) - 1),
                }
            }
            Op::Convert(ConvertOp::Sext, _, from) => of(from),
            Op::Binary(Band, a, b) => match (of(a), of(b)) {
                ((0.., x), (0.., y)) => (0, x.min(y)),
                ((0.., x), _) | (_, (0.., x)) => (0, x),
                _ => whole,
            },
            Op::Binary(Ushr | UshrInRange, a, by) => match (of(a), func.as_iconst(by)) {
                ((0.., high), Some(n @ 0..=63)) => (0, high >> n),
                (_, Some(n)) if n >= 1 && n < i64::from(ty.bytes()) * 8 => {
                    (0, (u64::MAX >> (64 - 8 * ty.bytes()) >> n) as i64)
                }
                _ => whole,
            },
            Op::Binary(Sshr | SshrInRange, a, by) => match (of(a), func.as_iconst(by)) {
                ((low, high), Some(n @ 0..=63)) => (low >> n, high >> n),
                _ => whole,
            },
            Op::Binary(op @ (Iadd | Isub), a, b) => {
                let (x, y) = (of(a), of(b));
                let y = if op == Iadd {
                    y
                } else {
                    (y.1.wrapping_neg(), y.0.wrapping_neg())
                };
                let fits = |n: Option<i64>| n.filter(|n| (whole.0..=whole.1).contains(n));
                let turned_well = y.0 <= y.1;
                match (fits(x.0.checked_add(y.0)), fits(x.1.checked_add(y.1))) {
                    (Some(low), Some(high)) if turned_well => (low, high),
                    _ => whole,
                }
            }
            Op::Binary(Sdiv, a, b) => match (of(a), of(b)) {
                ((0.., high), (1.., _)) => (0, high),
                _ => whole,
            },
            Op::Binary(Srem, a, b) => match (of(a), of(b)) {
                ((0.., high), (1.., most)) => (0, high.min(most - 1)),
                (_, (1.., most)) => (1 - most, most - 1),
                _ => whole,
            },
            Op::Binary(Urem, _, b) => match of(b) {
                (1.., most) => (0, most - 1),
                _ => whole,
            },
            _ => whole,
        }
    }

    /// The truth of a comparison, where it is known.
    pub fn decide(&self, func: &Function, cc: IntCc, a: Value, b: Value) -> Option<bool> {
        let (signed, unsigned) = self.relation(a, b);
        let (ra, rb) = (self.range(func, a), self.range(func, b));
        let mut by_range = ANY;
        if ra.0 > rb.1 {
            by_range = GT;
        } else if ra.1 < rb.0 {
            by_range = LT;
        } else if ra.0 == ra.1 && ra == rb {
            by_range = EQ;
        } else {
            by_range &= if ra.0 == rb.1 { GT | EQ } else { ANY };
            by_range &= if ra.1 == rb.0 { LT | EQ } else { ANY };
        }
        let both_natural = ra.0 >= 0 && rb.0 >= 0;
        let possible = if is_unsigned(cc) {
            unsigned & if both_natural { signed & by_range } else { ANY }
        } else if matches!(cc, IntCc::Eq | IntCc::Ne) {
            // Signed and unsigned order need not be the same one.
            let differ = LT | GT;
            let can_differ = signed & by_range & differ != 0 && unsigned & differ != 0;
            signed & unsigned & by_range & EQ | if can_differ { differ } else { 0 }
        } else {
            signed & by_range & if both_natural { unsigned } else { ANY }
        };
        let wanted = mask_of(cc);
        if possible == 0 {
            None // code that cannot run
        } else if possible & !wanted == 0 {
            Some(true)
        } else if possible & wanted == 0 {
            Some(false)
        } else {
            None
        }
    }

    /// Whether an index is known to be in bounds.
    pub fn in_bounds(&self, func: &Function, index: Value, bound: Value, strict: bool) -> bool {
        let cc = if strict { IntCc::Ult } else { IntCc::Ule };
        if self.decide(func, cc, index, bound) == Some(true) {
            return true;
        }
        let low = self.range(func, index).0;
        if low < 0 {
            return false;
        }
        let signed = if strict { IntCc::Slt } else { IntCc::Sle };
        if self.decide(func, signed, index, bound) == Some(true) {
            return true;
        }
        if let Some(&upper) = self.uppers.get(&index)
            && self.decide(func, signed, upper, bound) == Some(true)
        {
            return true;
        }
        self.below_by_step(func, index, bound, low)
    }

    /// Whether `index` is `j - c` with c > 0 and j in bounds or at their end; `index` is not
    /// negative.
    fn below_by_step(&self, func: &Function, index: Value, bound: Value, low: i64) -> bool {
        let Some(inst) = func.def_inst(index) else {
            return false;
        };
        let (from, step) = match func.insts[inst].op {
            Op::Binary(BinaryOp::Iadd, j, c) => (j, func.as_iconst(c).map(i64::wrapping_neg)),
            Op::Binary(BinaryOp::Isub, j, c) => (j, func.as_iconst(c)),
            _ => return false,
        };
        // Not negative, and less than j: the difference did not wrap if j is at least c.
        let natural = step.is_some_and(|c| c > 0 && self.range(func, from).0 >= c) && low >= 0;
        let is_below = |j: Value| {
            self.decide(func, IntCc::Ule, j, bound) == Some(true)
                || self.decide(func, IntCc::Sle, j, bound) == Some(true)
        };
        natural && (is_below(from) || self.uppers.get(&from).is_some_and(|u| is_below(*u)))
    }
}

/// The greatest value a range leaves to something below its end.
fn cap(mask: Mask, high: i64) -> i64 {
    if mask & EQ == 0 {
        high.saturating_sub(1)
    } else {
        high
    }
}

fn restore<K: std::hash::Hash + Eq, V>(map: &mut FxHashMap<K, V>, key: K, old: Option<V>) {
    match old {
        Some(value) => map.insert(key, value),
        None => map.remove(&key),
    };
}
