//! Blocks, loops, switches and memory.

mod common;

use common::{Outcome, Program, levels, sig};
use goxide_ir::{
    AliasTag, AtomicOp, BinaryOp, BlockCall, Builder, IntCc, MemFlags, Op, Term, Ty, Value,
};
use smallvec::smallvec;

fn bin(b: &mut Builder, op: BinaryOp, x: Value, y: Value) -> Value {
    b.push1(Op::Binary(op, x, y))
}

#[test]
fn a_loop_carries_its_variables_as_block_parameters() {
    let mut p = Program::default();
    // Fibonacci by iteration: (a, b) = (b, a + b), n times.
    let fib = p.add("fib", sig(&[Ty::I64], &[Ty::I64]), |b, params| {
        let (a, c, n) = (b.new_var(Ty::I64), b.new_var(Ty::I64), b.new_var(Ty::I64));
        let zero = b.iconst(Ty::I64, 0);
        let one = b.iconst(Ty::I64, 1);
        b.def_var(a, zero);
        b.def_var(c, one);
        b.def_var(n, params[0]);
        let (head, body, exit) = (b.new_block(), b.new_block(), b.new_block());
        b.jump(head);
        b.switch_to(head);
        let left = b.use_var(n);
        let more = b.icmp(IntCc::Sgt, left, zero);
        b.branch(more, body, exit);
        b.switch_to_sealed(body);
        let (x, y) = (b.use_var(a), b.use_var(c));
        let sum = bin(b, BinaryOp::Iadd, x, y);
        b.def_var(a, y);
        b.def_var(c, sum);
        let left = b.use_var(n);
        let left = bin(b, BinaryOp::Isub, left, one);
        b.def_var(n, left);
        b.jump(head);
        b.seal(head);
        b.switch_to_sealed(exit);
        let result = b.use_var(a);
        b.ret([result]);
    });
    let image = p.link();
    assert_eq!(image.run(fib, &[50], &[]).int(), 12_586_269_025);
}

fn switch_program(ty: Ty, cases: &[i64]) -> (Program, goxide_ir::SymId) {
    let mut p = Program::default();
    let f = p.add("f", sig(&[ty], &[Ty::I64]), |b, params| {
        // All edges lead to one block, with the number of the case as its argument.
        let join = b.new_block();
        let number = b.func.add_param(join, Ty::I64);
        let edges: Vec<(i64, BlockCall)> = cases
            .iter()
            .enumerate()
            .map(|(i, &case)| {
                let n = b.iconst(Ty::I64, i as i64);
                (
                    case,
                    BlockCall {
                        block: join,
                        args: smallvec![n],
                    },
                )
            })
            .collect();
        let n = b.iconst(Ty::I64, -1);
        let default = BlockCall {
            block: join,
            args: smallvec![n],
        };
        b.terminate(Term::Switch(params[0], edges, default));
        b.switch_to_sealed(join);
        b.ret([number]);
    });
    (p, f)
}

#[test]
fn switches_find_their_case() {
    let lists: [&[i64]; 5] = [
        &[],
        &[5, -1],
        &[0, 1, 2, 3, 4, 5, 6, 7],
        &[-3, -2, -1, 0, 1, 2, 100, 101, 102, 103, 104, 120],
        &[i64::MIN, i64::MAX, 0, 1 << 40, 77, -77, 12, 13],
    ];
    for cases in lists {
        for ty in [Ty::I8, Ty::I16, Ty::I32, Ty::I64] {
            let bits = 64 - 8 * ty.bytes();
            let fits = |n: i64| (n << bits) >> bits == n;
            if !cases.iter().copied().all(fits) {
                continue;
            }
            let (p, f) = switch_program(ty, cases);
            let image = p.link();
            for probe in (-130..130).chain(cases.iter().copied()) {
                let want = cases.iter().position(|c| *c == (probe << bits) >> bits);
                let want = want.map_or(-1, |n| n as i64);
                let got = image.run(f, &[probe as u64], &[]).int() as i64;
                assert_eq!(got, want, "{probe} among {cases:?} as {ty}");
            }
        }
    }
}

#[test]
fn copies_and_clears_touch_exactly_their_bytes() {
    for bytes in [
        1u64, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 48, 100, 128, 129, 192, 193, 1000,
    ] {
        let mut p = Program::default();
        let copy = p.add("copy", sig(&[Ty::Ptr; 2], &[]), |b, params| {
            let (dst, src) = (params[0], params[1]);
            b.push(Op::MemCopy {
                dst,
                src,
                bytes,
                pointers: None,
            });
            b.ret([]);
        });
        let clear = p.add("clear", sig(&[Ty::Ptr], &[]), |b, params| {
            b.push(Op::MemZero {
                dst: params[0],
                bytes,
                pointers: None,
            });
            b.ret([]);
        });
        for level in levels() {
            let image = p.link_for(level);
            let n = bytes as usize;
            let source: Vec<u8> = (0..n).map(|i| (i * 7 + 1) as u8).collect();
            let mut target = vec![0xee; n + 2];
            let at = target[1..].as_mut_ptr() as u64;
            image.run(copy, &[at, source.as_ptr() as u64], &[]);
            assert_eq!((target[0], target[n + 1]), (0xee, 0xee));
            assert_eq!(target[1..=n], source[..]);
            image.run(copy, &[at, at], &[]);
            assert_eq!(target[1..=n], source[..], "onto itself");
            image.run(clear, &[at], &[]);
            assert_eq!((target[0], target[n + 1]), (0xee, 0xee));
            assert!(target[1..=n].iter().all(|b| *b == 0));
        }
    }
}

#[test]
fn loads_and_stores_of_every_width() {
    for (ty, value) in [
        (Ty::I8, 0x80u64),
        (Ty::I16, 0x8001),
        (Ty::I32, 0x8000_0001),
        (Ty::I64, 0x8000_0000_0000_0001),
        (Ty::Ptr, 0x7f00_0000_1234),
    ] {
        let mut p = Program::default();
        let flags = MemFlags {
            tag: AliasTag(3),
            no_trap: true,
            immutable: false,
        };
        let f = p.add("f", sig(&[Ty::Ptr, ty], &[ty]), |b, params| {
            b.store(params[0], 4, params[1], flags);
            let back = b.load(ty, params[0], 4, flags);
            b.ret([back]);
        });
        let mut memory = [0xffu8; 16];
        let mask = u64::MAX >> (64 - 8 * ty.bytes());
        let got = p
            .link()
            .run(f, &[memory.as_mut_ptr() as u64, value], &[])
            .int();
        assert_eq!(got & mask, value);
        let n = ty.bytes() as usize;
        assert_eq!(memory[4..4 + n], value.to_le_bytes()[..n]);
        assert!(memory[4 + n..].iter().all(|b| *b == 0xff));
    }
}

/// Accesses without a tag may overlap those with one, and calls and atomics change all.
#[test]
fn untagged_stores_are_seen_by_tagged_loads() {
    let mut p = Program::default();
    let tagged = MemFlags {
        tag: AliasTag(1),
        no_trap: true,
        immutable: false,
    };
    let untagged = MemFlags {
        no_trap: true,
        ..MemFlags::default()
    };
    let f = p.add("f", sig(&[Ty::Ptr, Ty::Ptr], &[Ty::I64]), |b, params| {
        let before = b.load(Ty::I64, params[0], 0, tagged);
        let one = b.iconst(Ty::I64, 1);
        let next = bin(b, BinaryOp::Iadd, before, one);
        b.store(params[1], 0, next, untagged);
        let after = b.load(Ty::I64, params[0], 0, tagged);
        b.push(Op::AtomicRmw(AtomicOp::Add, params[1], one, false));
        let last = b.load(Ty::I64, params[0], 0, tagged);
        let ten = b.iconst(Ty::I64, 10);
        let sum = bin(b, BinaryOp::Imul, after, ten);
        let sum = bin(b, BinaryOp::Iadd, sum, last);
        b.ret([sum]);
    });
    let mut memory = 5u64;
    let at = &raw mut memory as u64;
    assert_eq!(p.link().run(f, &[at, at], &[]).int(), 67);
}

/// A copy moves 16 bytes at once, of which a tagged store may have changed 8 since.
#[test]
fn tagged_stores_are_seen_by_copies() {
    let mut p = Program::default();
    let tagged = MemFlags {
        tag: AliasTag(1),
        no_trap: true,
        immutable: false,
    };
    let copy = |dst, src| Op::MemCopy {
        dst,
        src,
        bytes: 16,
        pointers: None,
    };
    let types = [Ty::Ptr, Ty::Ptr, Ty::Ptr, Ty::I64];
    let f = p.add("f", sig(&types, &[Ty::I64]), |b, params| {
        b.push(copy(params[1], params[0]));
        b.store(params[1], 8, params[3], tagged);
        b.push(copy(params[2], params[1]));
        let last = b.load(Ty::I64, params[2], 8, tagged);
        b.ret([last]);
    });
    let mut memory = [[1u64, 2], [3, 4], [5, 6]];
    let [x, y, z] = memory.each_mut().map(|m| m.as_mut_ptr() as u64);
    assert_eq!(p.link().run(f, &[x, y, z, 7], &[]).int(), 7);
    assert_eq!([read(z), read(z + 8)], [1, 7]);
}

/// What compiled code left in a variable behind the compiler's back.
fn read(at: u64) -> u64 {
    // SAFETY: the tests pass addresses of variables that live on.
    unsafe { (at as *const u64).read_volatile() }
}

#[test]
fn atomics_give_the_old_value() {
    let mut memory = 0b1100u64;
    let at = &raw mut memory as u64;
    for (op, operand, want) in [
        (AtomicOp::Add, 4, 0b10000),
        (AtomicOp::And, 0b10100, 0b10000),
        (AtomicOp::Or, 0b11, 0b10011),
        (AtomicOp::Xchg, 9, 9),
    ] {
        let make = |v: &[Value]| Op::AtomicRmw(op, v[0], v[1], false);
        let (p, f) = common::one_op(&[Ty::Ptr, Ty::I64], make);
        let before = read(at);
        assert_eq!(p.link().run(f, &[at, operand], &[]).int(), before);
        assert_eq!(read(at), want, "{op:?}");
    }
    let mut p = Program::default();
    let store = p.add("store", sig(&[Ty::Ptr, Ty::I32], &[Ty::I32]), |b, v| {
        b.push(Op::AtomicStore(v[0], v[1], false));
        let back = b.push1(Op::AtomicLoad(Ty::I32, v[0]));
        b.ret([back]);
    });
    let cas = p.add_op("cas", &[Ty::Ptr, Ty::I8, Ty::I8], |v| {
        Op::AtomicCas(v[0], v[1], v[2], false)
    });
    let image = p.link();
    assert_eq!(image.run(store, &[at, 0x1_0000_0007], &[]).int() as u32, 7);
    assert_eq!(image.run(cas, &[at, 0xaa06, 8], &[]).int() & 0xff, 0);
    assert_eq!(image.run(cas, &[at, 0xaa07, 8], &[]).int() & 0xff, 1);
    assert_eq!(read(at) & 0xff, 8);
}

#[test]
fn new_objects_are_zeroed_and_slots_are_places() {
    let mut p = Program::default();
    let f = p.add("f", sig(&[Ty::I64], &[Ty::I64]), |b, v| {
        let object = b.push1(Op::New {
            desc: None,
            bytes: 24,
            align: 8,
            escaped: None,
        });
        let zero = b.load(Ty::I64, object, 16, MemFlags::default());
        let slot = b.new_slot(32, 16);
        let place = b.push1(Op::SlotAddr(slot, 8));
        b.store(place, 8, v[0], MemFlags::default());
        b.push(Op::KeepAlive(object));
        b.push(Op::NilCheck(place));
        let back = b.load(Ty::I64, place, 8, MemFlags::default());
        let sum = bin(b, BinaryOp::Iadd, zero, back);
        b.ret([sum]);
    });
    assert_eq!(p.link().run(f, &[12], &[]).int(), 12);
}

/// Equal input, equal bytes, in whatever order threads finish.
#[test]
fn output_is_deterministic() {
    let mut p = Program::default();
    for n in 0..40 {
        p.add(
            &format!("f{n}"),
            sig(&[Ty::I64, Ty::F64], &[Ty::F64]),
            |b, v| {
                let c = b.push1(Op::Fconst(Ty::F64, f64::from(n).to_bits()));
                let x = bin(b, BinaryOp::Fmul, v[1], c);
                b.push(Op::BoundsCheck(goxide_abi::PanicKind::Index, v[0], v[0]));
                b.ret([x]);
            },
        );
    }
    let (first, second) = (p.link(), p.link());
    assert_eq!(first.functions, second.functions);
    assert!(matches!(
        first.run(first.functions[3].sym, &[3], &[]),
        Outcome::Panicked(..)
    ));
}
