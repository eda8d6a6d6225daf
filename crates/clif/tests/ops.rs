//! Every operation against what it must give, edge cases first.

mod common;

use common::{Program, levels};
use goxide_ir::{BinaryOp, ConvertOp, FloatCc, IntCc, Op, Ty, UnaryOp};

const MIN: u64 = i64::MIN as u64;

/// Runs a two-operand integer operation; narrow operands get garbage above their width.
fn binary(op: BinaryOp, ty: Ty, cases: &[(u64, u64, u64)]) {
    let mut program = Program::default();
    let second = match op {
        BinaryOp::Shl | BinaryOp::Ushr | BinaryOp::Sshr | BinaryOp::Rotl => Ty::I64,
        BinaryOp::ShlInRange | BinaryOp::UshrInRange | BinaryOp::SshrInRange => Ty::I64,
        _ => ty,
    };
    let f = program.add_op("f", &[ty, second], |p| Op::Binary(op, p[0], p[1]));
    // The same with a constant second operand, which takes other paths.
    let constants: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(i, case)| {
            program.add(&format!("c{i}"), common::sig(&[ty], &[ty]), |b, p| {
                let width = 64 - 8 * second.bytes();
                let n = ((case.1 << width) as i64) >> width;
                let n = b.iconst(second, n);
                let r = b.push1(Op::Binary(op, p[0], n));
                b.ret([r]);
            })
        })
        .collect();
    let mask = u64::MAX >> (64 - 8 * ty.bytes());
    let garbage = |ty: Ty| {
        let bits = 8 * ty.bytes();
        if bits == 64 {
            0
        } else {
            0xaaaa_aaaa_aaaa_aaaa << bits
        }
    };
    for level in levels() {
        let image = program.link_for(level);
        for (&(a, b, want), &c) in cases.iter().zip(&constants) {
            let x = (a & mask) | garbage(ty);
            let y = if second == Ty::I64 {
                b
            } else {
                (b & mask) | garbage(ty)
            };
            let got = image.run(f, &[x, y], &[]).int() & mask;
            assert_eq!(got, want & mask, "{op:?}.{ty} {a:#x}, {b:#x} on {level:?}");
            let got = image.run(c, &[x], &[]).int() & mask;
            assert_eq!(
                got,
                want & mask,
                "{op:?}.{ty} {a:#x}, constant {b:#x} on {level:?}"
            );
        }
    }
}

fn neg(n: i64) -> u64 {
    (-n) as u64
}

#[test]
fn integer_arithmetic_wraps() {
    use BinaryOp::*;
    binary(Iadd, Ty::I64, &[(1, 2, 3), (u64::MAX, 1, 0)]);
    binary(Iadd, Ty::I8, &[(0xff, 2, 1)]);
    binary(Isub, Ty::I32, &[(1, 2, 0xffff_ffff)]);
    binary(
        Imul,
        Ty::I64,
        &[(1 << 63, 3, 1 << 63), (7, neg(3), neg(21))],
    );
    binary(Imul, Ty::I8, &[(100, 100, 16)]);
    binary(Imul, Ty::I16, &[(1000, 1000, 16960)]);
    binary(
        Umulhi,
        Ty::I64,
        &[(u64::MAX, u64::MAX, u64::MAX - 1), (1 << 63, 6, 3)],
    );
    binary(
        Smulhi,
        Ty::I64,
        &[(u64::MAX, u64::MAX, 0), (MIN, 2, u64::MAX)],
    );
    binary(Band, Ty::I64, &[(0b1100, 0b1010, 0b1000)]);
    binary(Bor, Ty::I64, &[(0b1100, 0b1010, 0b1110)]);
    binary(Bxor, Ty::I64, &[(0b1100, 0b1010, 0b0110)]);
    binary(BandNot, Ty::I64, &[(0b1100, 0b1010, 0b0100)]);
}

#[test]
fn division_is_toward_zero_and_min_by_minus_one_is_min() {
    use BinaryOp::*;
    let cases = |min: u64| {
        [
            (7, 2, 3),
            (neg(7), 2, neg(3)),
            (7, neg(2), neg(3)),
            (neg(7), neg(2), 3),
            (min, u64::MAX, min),
            (5, u64::MAX, neg(5)),
            (min, 2, ((min as i64) / 2) as u64),
            (100, 10, 10),
            (neg(100), 8, neg(12)),
        ]
    };
    let rests = |min: u64| {
        [
            (7, 2, 1),
            (neg(7), 2, neg(1)),
            (7, neg(2), 1),
            (neg(7), neg(2), neg(1)),
            (min, u64::MAX, 0),
            (min, 3, ((min as i64) % 3) as u64),
            (neg(100), 8, neg(4)),
        ]
    };
    for (ty, min) in [
        (Ty::I8, i64::from(i8::MIN)),
        (Ty::I16, i64::from(i16::MIN)),
        (Ty::I32, i64::from(i32::MIN)),
        (Ty::I64, i64::MIN),
    ] {
        binary(Sdiv, ty, &cases(min as u64));
        binary(Srem, ty, &rests(min as u64));
        binary(Udiv, ty, &[(7, 2, 3), (100, 7, 14), (0x80, 0xff & 0x7f, 1)]);
        binary(Urem, ty, &[(7, 2, 1), (100, 7, 2)]);
    }
    binary(
        Udiv,
        Ty::I64,
        &[(u64::MAX, 3, u64::MAX / 3), (u64::MAX, u64::MAX, 1)],
    );
    binary(Urem, Ty::I8, &[(0xff, 0x10, 0xf), (0xfe, 0xff, 0xfe)]);
}

#[test]
fn shifts_by_the_width_or_more_give_zero_or_the_sign() {
    use BinaryOp::*;
    for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
        let bits = u64::from(8 * ty.bytes());
        let top = 1u64 << (bits - 1);
        let huge = [bits, bits + 1, 32, 64, 256, 1 << 32, u64::MAX];
        let huge = || huge.into_iter().filter(|n| *n >= bits);
        let mut shl = vec![
            (5, 1, 10),
            (1, bits - 1, top),
            (3, 0, 3),
            (3, bits - 1, top),
        ];
        shl.extend(huge().map(|n| (u64::MAX, n, 0)));
        binary(Shl, ty, &shl);
        let mut ushr = vec![(top, bits - 1, 1), (6, 1, 3), (top, 0, top)];
        ushr.extend(huge().map(|n| (u64::MAX, n, 0)));
        binary(Ushr, ty, &ushr);
        let mut sshr = vec![(top, bits - 1, u64::MAX), (6, 1, 3), (neg(6), 1, neg(3))];
        sshr.extend(huge().map(|n| (top, n, u64::MAX)));
        sshr.extend(huge().map(|n| (5, n, 0)));
        binary(Sshr, ty, &sshr);
        binary(ShlInRange, ty, &[(5, 1, 10), (1, bits - 1, top)]);
        binary(UshrInRange, ty, &[(top, bits - 1, 1)]);
        binary(SshrInRange, ty, &[(top, bits - 1, u64::MAX)]);
        binary(
            Rotl,
            ty,
            &[
                (top | 1, 1, 3),
                (1, bits - 1, top),
                (5, bits, 5),
                (5, bits + 1, 10),
            ],
        );
    }
}

#[test]
fn unary_integer_operations() {
    let cases: &[(UnaryOp, Ty, u64, u64)] = &[
        (UnaryOp::Ineg, Ty::I64, 5, neg(5)),
        (UnaryOp::Ineg, Ty::I8, 0x80, 0x80),
        (UnaryOp::Bnot, Ty::I16, 0x00ff, 0xff00),
        (UnaryOp::Clz, Ty::I64, 0, 64),
        (UnaryOp::Clz, Ty::I64, 1, 63),
        (UnaryOp::Clz, Ty::I32, 0, 32),
        (UnaryOp::Clz, Ty::I16, 0, 16),
        (UnaryOp::Clz, Ty::I8, 0, 8),
        (UnaryOp::Clz, Ty::I8, 0x10, 3),
        (UnaryOp::Ctz, Ty::I64, 0, 64),
        (UnaryOp::Ctz, Ty::I64, 8, 3),
        (UnaryOp::Ctz, Ty::I32, 0, 32),
        (UnaryOp::Ctz, Ty::I16, 0, 16),
        (UnaryOp::Ctz, Ty::I8, 0, 8),
        (UnaryOp::Ctz, Ty::I8, 0x40, 6),
        (UnaryOp::Popcnt, Ty::I64, u64::MAX, 64),
        (UnaryOp::Popcnt, Ty::I64, 0x1_0001_0000_0001, 3),
        (UnaryOp::Popcnt, Ty::I32, 0xf0f0, 8),
        (UnaryOp::Popcnt, Ty::I16, 0xffff, 16),
        (UnaryOp::Popcnt, Ty::I8, 0xff, 8),
        (
            UnaryOp::Bswap,
            Ty::I64,
            0x0102_0304_0506_0708,
            0x0807_0605_0403_0201,
        ),
        (UnaryOp::Bswap, Ty::I32, 0x0102_0304, 0x0403_0201),
        (UnaryOp::Bswap, Ty::I16, 0x0102, 0x0201),
        (UnaryOp::Bitrev, Ty::I64, 1, 1 << 63),
        (UnaryOp::Bitrev, Ty::I32, 2, 1 << 30),
        (UnaryOp::Bitrev, Ty::I16, 1, 1 << 15),
        (UnaryOp::Bitrev, Ty::I8, 3, 0xc0),
    ];
    let mut program = Program::default();
    let functions: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(i, &(op, ty, ..))| program.add_op(&format!("f{i}"), &[ty], |p| Op::Unary(op, p[0])))
        .collect();
    for level in levels() {
        let image = program.link_for(level);
        for (&(op, ty, a, want), &f) in cases.iter().zip(&functions) {
            let bits = 8 * ty.bytes();
            let mask = u64::MAX >> (64 - bits);
            let garbage = if bits == 64 {
                0
            } else {
                0x5555_5555_5555_5555 << bits
            };
            let got = image.run(f, &[a | garbage], &[]).int() & mask;
            assert_eq!(got, want, "{op:?}.{ty} {a:#x} on {level:?}");
        }
    }
}

/// An operation, and Rust's for both widths.
type Rounding = (UnaryOp, fn(f64) -> f64, fn(f32) -> f32);

#[test]
fn rounding_keeps_signs_and_large_values() {
    let values = [
        0.0,
        -0.0,
        0.25,
        -0.25,
        0.5,
        -0.5,
        0.75,
        1.5,
        -1.5,
        2.5,
        -2.5,
        2.75,
        -2.75,
        1e15 + 0.5,
        4503599627370495.5,
        -4503599627370495.5,
        4503599627370496.0,
        9007199254740993.0,
        1e300,
        -1e300,
        0.49999999999999994,
        -0.49999999999999994,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::NAN,
        5e-324,
    ];
    let ops: [Rounding; 6] = [
        (UnaryOp::Floor, f64::floor, f32::floor),
        (UnaryOp::Ceil, f64::ceil, f32::ceil),
        (UnaryOp::Trunc, f64::trunc, f32::trunc),
        (UnaryOp::Nearest, f64::round_ties_even, f32::round_ties_even),
        (UnaryOp::Fneg, |x| -x, |x| -x),
        (UnaryOp::Fabs, f64::abs, f32::abs),
    ];
    let mut program = Program::default();
    let functions = ops.map(|(op, ..)| {
        let wide = program.add_op(&format!("{op:?}64"), &[Ty::F64], |p| Op::Unary(op, p[0]));
        let narrow = program.add_op(&format!("{op:?}32"), &[Ty::F32], |p| Op::Unary(op, p[0]));
        (wide, narrow)
    });
    for level in levels() {
        let image = program.link_for(level);
        for (&(op, wide, narrow), &(f64_, f32_)) in ops.iter().zip(&functions) {
            for x in values {
                let got = image.run(f64_, &[], &[x.to_bits()]).float();
                assert_same(got, wide(x), &format!("{op:?} {x:e} on {level:?}"));
                let x = x as f32;
                let got = image
                    .run(f32_, &[], &[x.to_bits().into()])
                    .float()
                    .to_bits() as u32;
                let got = f32::from_bits(got);
                assert_same(
                    got.into(),
                    narrow(x).into(),
                    &format!("{op:?} f32 {x:e} on {level:?}"),
                );
            }
        }
    }
}

fn assert_same(got: f64, want: f64, what: &str) {
    let same = got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan();
    assert!(same, "{what}: {got:e}, not {want:e}");
}

#[test]
fn float_arithmetic_and_minimum() {
    use BinaryOp::*;
    let inf = f64::INFINITY;
    let cases: &[(BinaryOp, f64, f64, f64)] = &[
        (Fadd, 0.1, 0.2, 0.1 + 0.2),
        (Fsub, 1.0, 1.0, 0.0),
        (Fmul, 3.0, -0.0, -0.0),
        (Fdiv, 1.0, 0.0, inf),
        (Fdiv, 0.0, 0.0, f64::NAN),
        (Fmin, 0.0, -0.0, -0.0),
        (Fmin, -0.0, 0.0, -0.0),
        (Fmax, -0.0, 0.0, 0.0),
        (Fmax, 0.0, -0.0, 0.0),
        (Fmin, f64::NAN, 1.0, f64::NAN),
        (Fmin, 1.0, f64::NAN, f64::NAN),
        (Fmax, f64::NAN, inf, f64::NAN),
        (Fmax, inf, f64::NAN, f64::NAN),
        (Fmin, -inf, 3.0, -inf),
        (Fmax, 2.0, 3.0, 3.0),
        (Fcopysign, 3.0, -0.0, -3.0),
        (Fcopysign, -3.0, 1.0, 3.0),
    ];
    for level in levels() {
        for &(op, a, b, want) in cases {
            let (program, f) = common::one_op(&[Ty::F64; 2], |p| Op::Binary(op, p[0], p[1]));
            let got = program
                .link_for(level)
                .run(f, &[], &[a.to_bits(), b.to_bits()])
                .float();
            assert_same(got, want, &format!("{op:?} {a} {b} on {level:?}"));
        }
    }
}

#[test]
fn comparisons_with_nan_are_false_but_for_not_equal() {
    let nan = f64::NAN;
    let cases: &[(FloatCc, f64, f64, u64)] = &[
        (FloatCc::Eq, nan, nan, 0),
        (FloatCc::Ne, nan, nan, 1),
        (FloatCc::Lt, nan, 1.0, 0),
        (FloatCc::Le, 1.0, nan, 0),
        (FloatCc::Gt, nan, 1.0, 0),
        (FloatCc::Ge, 1.0, nan, 0),
        (FloatCc::Eq, 0.0, -0.0, 1),
        (FloatCc::Ne, 0.0, -0.0, 0),
        (FloatCc::Lt, 1.0, 2.0, 1),
        (FloatCc::Ge, 2.0, 2.0, 1),
    ];
    for &(cc, a, b, want) in cases {
        let (program, f) = common::one_op(&[Ty::F64; 2], |p| Op::Fcmp(cc, p[0], p[1]));
        let image = program.link();
        let got = image.run(f, &[], &[a.to_bits(), b.to_bits()]).int() & 0xff;
        assert_eq!(got, want, "{cc:?} {a} {b}");
    }
    let cases: &[(IntCc, u64, u64, u64)] = &[
        (IntCc::Slt, neg(1), 1, 1),
        (IntCc::Ult, neg(1), 1, 0),
        (IntCc::Uge, neg(1), 1, 1),
        (IntCc::Sge, neg(1), 1, 0),
        (IntCc::Eq, 4, 4, 1),
        (IntCc::Ne, 4, 4, 0),
        (IntCc::Sle, 4, 4, 1),
        (IntCc::Sgt, 4, 4, 0),
        (IntCc::Ule, 4, 4, 1),
        (IntCc::Ugt, 5, 4, 1),
    ];
    for &(cc, a, b, want) in cases {
        for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
            let (program, f) = common::one_op(&[ty; 2], |p| Op::Icmp(cc, p[0], p[1]));
            let got = program.link().run(f, &[a, b], &[]).int() & 0xff;
            assert_eq!(got, want, "{cc:?}.{ty} {a:#x} {b:#x}");
        }
    }
}

#[test]
fn floats_to_integers_as_on_amd64() {
    let two63 = 9223372036854775808.0f64;
    let signed = [
        (0.0, 0),
        (1.9, 1),
        (-1.9, -1i64),
        (two63, i64::MIN),
        (-two63, i64::MIN),
        (two63 - 1024.0, i64::MAX - 1023),
        (-two63 - 2048.0, i64::MIN),
        (1e300, i64::MIN),
        (-1e300, i64::MIN),
        (f64::INFINITY, i64::MIN),
        (f64::NAN, i64::MIN),
    ];
    let unsigned = [
        (0.0, 0u64),
        (1.9, 1),
        (-1.0, neg(1)),
        (-1.9, neg(1)),
        (two63, 1 << 63),
        (two63 + 4096.0, (1 << 63) + 4096),
        (two63 * 2.0 - 2048.0, u64::MAX - 2047),
        (two63 * 2.0, 1 << 63),
        (f64::INFINITY, 1 << 63),
        (f64::NEG_INFINITY, 1 << 63),
        (f64::NAN, 1 << 63),
    ];
    let mut program = Program::default();
    let convert = |op, to| move |p: &[goxide_ir::Value]| Op::Convert(op, to, p[0]);
    let s64 = program.add_op("s64", &[Ty::F64], convert(ConvertOp::FloatToSint, Ty::I64));
    let u64_ = program.add_op("u64", &[Ty::F64], convert(ConvertOp::FloatToUint, Ty::I64));
    let s32 = program.add_op("s32", &[Ty::F32], convert(ConvertOp::FloatToSint, Ty::I64));
    let u32_ = program.add_op("u32", &[Ty::F32], convert(ConvertOp::FloatToUint, Ty::I64));
    for level in levels() {
        let image = program.link_for(level);
        for (x, want) in signed {
            let got = image.run(s64, &[], &[x.to_bits()]).int() as i64;
            assert_eq!(got, want, "{x} signed on {level:?}");
        }
        for (x, want) in unsigned {
            let got = image.run(u64_, &[], &[x.to_bits()]).int();
            assert_eq!(got, want, "{x} unsigned on {level:?}");
        }
        for (x, want) in [
            (1.5f32, 1i64),
            (f32::NAN, i64::MIN),
            (1e30, i64::MIN),
            (-2.5, -2),
        ] {
            let got = image.run(s32, &[], &[x.to_bits().into()]).int() as i64;
            assert_eq!(got, want, "{x} f32 signed on {level:?}");
        }
        for (x, want) in [
            (1.5f32, 1u64),
            (9.5e18, 9.5e18f32 as u64),
            (f32::NAN, 1 << 63),
        ] {
            let got = image.run(u32_, &[], &[x.to_bits().into()]).int();
            assert_eq!(got, want, "{x} f32 unsigned on {level:?}");
        }
    }
}

#[test]
fn integers_to_floats_round_correctly() {
    let values = [
        0,
        1,
        neg(1),
        MIN,
        i64::MAX as u64,
        (1 << 53) + 1,
        (1 << 54) + 2,
        u64::MAX - 1024,
        (1 << 63) + 1025,
        0x8000_0080_0000_0001,
        16777217,
        0x7fff_ff40_0000_0001,
    ];
    let mut program = Program::default();
    let convert = |op, to| move |p: &[goxide_ir::Value]| Op::Convert(op, to, p[0]);
    let fs = program.add_op("fs", &[Ty::I64], convert(ConvertOp::SintToFloat, Ty::F64));
    let fu = program.add_op("fu", &[Ty::I64], convert(ConvertOp::UintToFloat, Ty::F64));
    let gs = program.add_op("gs", &[Ty::I64], convert(ConvertOp::SintToFloat, Ty::F32));
    let gu = program.add_op("gu", &[Ty::I64], convert(ConvertOp::UintToFloat, Ty::F32));
    let hs = program.add_op("hs", &[Ty::I32], convert(ConvertOp::SintToFloat, Ty::F64));
    for level in levels() {
        let image = program.link_for(level);
        for x in values {
            assert_eq!(image.run(fs, &[x], &[]).float(), x as i64 as f64, "{x:#x}");
            assert_eq!(image.run(fu, &[x], &[]).float(), x as f64, "{x:#x}");
            let narrow = |f| f32::from_bits(image.run(f, &[x], &[]).float().to_bits() as u32);
            assert_eq!(narrow(gs), x as i64 as f32, "{x:#x}");
            assert_eq!(narrow(gu), x as f32, "{x:#x}");
            assert_eq!(
                image.run(hs, &[x], &[]).float(),
                f64::from(x as i32),
                "{x:#x}"
            );
        }
    }
}

#[test]
fn width_changes_and_bit_casts() {
    let cases: &[(ConvertOp, Ty, Ty, u64, u64)] = &[
        (
            ConvertOp::Sext,
            Ty::I8,
            Ty::I64,
            0x80,
            0xffff_ffff_ffff_ff80,
        ),
        (ConvertOp::Zext, Ty::I8, Ty::I64, 0xff80, 0x80),
        (
            ConvertOp::Sext,
            Ty::I32,
            Ty::I64,
            0x8000_0000,
            0xffff_ffff_8000_0000,
        ),
        (
            ConvertOp::Zext,
            Ty::I32,
            Ty::I64,
            0xf_8000_0000,
            0x8000_0000,
        ),
        (ConvertOp::Bitcast, Ty::I64, Ty::Ptr, 77, 77),
    ];
    for &(op, from, to, x, want) in cases {
        let (program, f) = common::one_op(&[from], |p| Op::Convert(op, to, p[0]));
        assert_eq!(
            program.link().run(f, &[x], &[]).int(),
            want,
            "{op:?} {from} {to}"
        );
    }
    let (program, f) = common::one_op(&[Ty::F64], |p| {
        Op::Convert(ConvertOp::Bitcast, Ty::I64, p[0])
    });
    let bits = 1.5f64.to_bits();
    assert_eq!(program.link().run(f, &[], &[bits]).int(), bits);
    let (program, f) = common::one_op(&[Ty::I64], |p| {
        Op::Convert(ConvertOp::Bitcast, Ty::F64, p[0])
    });
    assert_eq!(program.link().run(f, &[bits], &[]).float(), 1.5);
    let narrow = |p: &[goxide_ir::Value]| Op::Convert(ConvertOp::FloatToFloat, Ty::F32, p[0]);
    let (program, f) = common::one_op(&[Ty::F64], narrow);
    let got = program
        .link()
        .run(f, &[], &[0.1f64.to_bits()])
        .float()
        .to_bits() as u32;
    assert_eq!(f32::from_bits(got), 0.1f32);
}

#[test]
fn carries_and_double_width_division() {
    let (program, f) = common::one_op(&[Ty::I64; 3], |p| Op::AddCarry(p[0], p[1], p[2]));
    let image = program.link();
    for (a, b, c, sum, carry) in [
        (1, 2, 0, 3, 0),
        (u64::MAX, 0, 1, 0, 1),
        (u64::MAX, u64::MAX, 1, u64::MAX, 1),
        (u64::MAX, 1, 0, 0, 1),
    ] {
        let common::Outcome::Returned(r) = image.run(f, &[a, b, c], &[]) else {
            panic!()
        };
        assert_eq!((r.ints[0], r.ints[1]), (sum, carry));
    }
    let (program, f) = common::one_op(&[Ty::I64; 3], |p| Op::SubBorrow(p[0], p[1], p[2]));
    let image = program.link();
    for (a, b, c, difference, borrow) in [
        (3, 2, 0, 1, 0),
        (3, 2, 1, 0, 0),
        (2, 2, 1, u64::MAX, 1),
        (0, u64::MAX, 1, 0, 1),
    ] {
        let common::Outcome::Returned(r) = image.run(f, &[a, b, c], &[]) else {
            panic!()
        };
        assert_eq!((r.ints[0], r.ints[1]), (difference, borrow));
    }
    let (program, f) = common::one_op(&[Ty::I64; 3], |p| Op::Div128(p[0], p[1], p[2]));
    let image = program.link();
    for (hi, lo, d) in [(0, 100, 7), (6, 5, 7), (1 << 62, 12345, (1 << 63) + 1)] {
        let common::Outcome::Returned(r) = image.run(f, &[hi, lo, d], &[]) else {
            panic!()
        };
        let n = u128::from(hi) << 64 | u128::from(lo);
        let d = u128::from(d);
        assert_eq!((r.ints[0], r.ints[1]), ((n / d) as u64, (n % d) as u64));
    }
}

#[test]
fn select_takes_any_nonzero_condition_and_fma_rounds_once() {
    let (program, f) = common::one_op(&[Ty::I8, Ty::I64, Ty::I64], |p| {
        Op::Select(p[0], p[1], p[2])
    });
    let image = program.link();
    assert_eq!(image.run(f, &[1, 10, 20], &[]).int(), 10);
    assert_eq!(image.run(f, &[0xff00, 10, 20], &[]).int(), 20);
    let (program, f) = common::one_op(&[Ty::F64; 3], |p| Op::Fma(p[0], p[1], p[2]));
    if let Some(&level) = levels().iter().find(|l| l.0.has_fma()) {
        let (a, b, c) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON, -1.0);
        let image = program.link_for(level);
        let got = image.run(f, &[], &[a, b, c].map(f64::to_bits)).float();
        assert_eq!(got, a.mul_add(b, c));
    }
    let backend = goxide_clif::Backend::new(goxide_clif::Options::default());
    let error = backend.compile(&program.functions[0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot compile f: fused multiply-add needs the processor level v3"
    );
}
