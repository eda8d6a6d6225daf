//! Small kernels as a front end would lower them, timed on demand:
//! `cargo test --release -p goxide-clif --test kernels -- --ignored --nocapture`.

mod common;

use common::{Image, Program, new_g, sig};
use goxide_abi::PanicKind;
use goxide_ir::{BinaryOp, Builder, Callee, ConvertOp, IntCc, MemFlags, Op, SymId, Ty, Value, Var};

fn bin(b: &mut Builder, op: BinaryOp, x: Value, y: Value) -> Value {
    b.push1(Op::Binary(op, x, y))
}

/// `for var := from; var < to; var++ { body }`.
fn count_up(b: &mut Builder, var: Var, from: Value, to: Value, body: impl FnOnce(&mut Builder)) {
    let (head, inside, exit) = (b.new_block(), b.new_block(), b.new_block());
    b.def_var(var, from);
    b.jump(head);
    b.switch_to(head);
    let i = b.use_var(var);
    let more = b.icmp(IntCc::Slt, i, to);
    b.branch(more, inside, exit);
    b.switch_to_sealed(inside);
    body(b);
    let i = b.use_var(var);
    let one = b.iconst(Ty::I64, 1);
    let i = bin(b, BinaryOp::Iadd, i, one);
    b.def_var(var, i);
    b.jump(head);
    b.seal(head);
    b.switch_to_sealed(exit);
}

/// Address of an element of 2^shift bytes, checked.
fn element(b: &mut Builder, base: Value, len: Value, i: Value, shift: i64) -> Value {
    b.push(Op::BoundsCheck(PanicKind::Index, i, len));
    let shift = b.iconst(Ty::I64, shift);
    let offset = bin(b, BinaryOp::ShlInRange, i, shift);
    bin(b, BinaryOp::Iadd, base, offset)
}

const PLAIN: MemFlags = MemFlags {
    tag: goxide_ir::AliasTag(0),
    no_trap: true,
    immutable: false,
};

fn fib(p: &mut Program) -> SymId {
    let signature = sig(&[Ty::I64], &[Ty::I64]);
    let fib = p.sym("fib");
    p.add("fib", signature.clone(), |b, v| {
        let (small, large) = (b.new_block(), b.new_block());
        let two = b.iconst(Ty::I64, 2);
        let less = b.icmp(IntCc::Slt, v[0], two);
        b.branch(less, small, large);
        b.switch_to_sealed(small);
        b.ret([v[0]]);
        b.switch_to_sealed(large);
        let one = b.iconst(Ty::I64, 1);
        let n = bin(b, BinaryOp::Isub, v[0], one);
        let x = b.call(Callee::Direct(fib, Box::new(signature.clone())), vec![n])[0];
        let n = bin(b, BinaryOp::Isub, v[0], two);
        let y = b.call(Callee::Direct(fib, Box::new(signature.clone())), vec![n])[0];
        let r = bin(b, BinaryOp::Iadd, x, y);
        b.ret([r]);
    })
}

/// c[i*n+j] += a[i*n+k] * b[k*n+j], all in one slice of 3n² floats.
fn matmul(p: &mut Program) -> SymId {
    p.add("matmul", sig(&[Ty::Ptr, Ty::I64, Ty::I64], &[]), |b, v| {
        let (base, len, n) = (v[0], v[1], v[2]);
        let [i, j, k] = [(); 3].map(|()| b.new_var(Ty::I64));
        let sum = b.new_var(Ty::F64);
        let zero = b.iconst(Ty::I64, 0);
        let square = bin(b, BinaryOp::Imul, n, n);
        count_up(b, i, zero, n, |b| {
            let row = b.use_var(i);
            let row = bin(b, BinaryOp::Imul, row, n);
            count_up(b, j, zero, n, |b| {
                let nothing = b.zero(Ty::F64);
                b.def_var(sum, nothing);
                count_up(b, k, zero, n, |b| {
                    let (j, k) = (b.use_var(j), b.use_var(k));
                    let at = bin(b, BinaryOp::Iadd, row, k);
                    let x = element(b, base, len, at, 3);
                    let x = b.load(Ty::F64, x, 0, PLAIN);
                    let at = bin(b, BinaryOp::Imul, k, n);
                    let at = bin(b, BinaryOp::Iadd, at, j);
                    let at = bin(b, BinaryOp::Iadd, at, square);
                    let y = element(b, base, len, at, 3);
                    let y = b.load(Ty::F64, y, 0, PLAIN);
                    let product = bin(b, BinaryOp::Fmul, x, y);
                    let s = b.use_var(sum);
                    let s = bin(b, BinaryOp::Fadd, s, product);
                    b.def_var(sum, s);
                });
                let j = b.use_var(j);
                let at = bin(b, BinaryOp::Iadd, row, j);
                let at = bin(b, BinaryOp::Iadd, at, square);
                let at = bin(b, BinaryOp::Iadd, at, square);
                let place = element(b, base, len, at, 3);
                let s = b.use_var(sum);
                b.store(place, 0, s, PLAIN);
            });
        });
        b.ret([]);
    })
}

/// Counts primes below the length of a byte slice.
fn sieve(p: &mut Program) -> SymId {
    p.add("sieve", sig(&[Ty::Ptr, Ty::I64], &[Ty::I64]), |b, v| {
        let (base, len) = (v[0], v[1]);
        let [i, j, count] = [(); 3].map(|()| b.new_var(Ty::I64));
        let zero = b.iconst(Ty::I64, 0);
        b.def_var(count, zero);
        let two = b.iconst(Ty::I64, 2);
        count_up(b, i, two, len, |b| {
            let (prime, next) = (b.new_block(), b.new_block());
            let at = b.use_var(i);
            let place = element(b, base, len, at, 0);
            let crossed = b.load(Ty::I8, place, 0, PLAIN);
            let none = b.iconst(Ty::I8, 0);
            let free = b.icmp(IntCc::Eq, crossed, none);
            b.branch(free, prime, next);
            b.switch_to_sealed(prime);
            let one = b.iconst(Ty::I64, 1);
            let c = b.use_var(count);
            let c = bin(b, BinaryOp::Iadd, c, one);
            b.def_var(count, c);
            let start = bin(b, BinaryOp::Iadd, at, at);
            b.def_var(j, start);
            let (head, body) = (b.new_block(), b.new_block());
            b.jump(head);
            b.switch_to(head);
            let m = b.use_var(j);
            let more = b.icmp(IntCc::Slt, m, len);
            b.branch(more, body, next);
            b.switch_to_sealed(body);
            let m = b.use_var(j);
            let place = element(b, base, len, m, 0);
            let yes = b.iconst(Ty::I8, 1);
            b.store(place, 0, yes, PLAIN);
            let m = bin(b, BinaryOp::Iadd, m, at);
            b.def_var(j, m);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(next);
        });
        let c = b.use_var(count);
        b.ret([c]);
    })
}

/// Sum of a hash over floats converted to integers.
fn convert(p: &mut Program) -> SymId {
    p.add("convert", sig(&[Ty::I64], &[Ty::I64]), |b, v| {
        let (i, sum) = (b.new_var(Ty::I64), b.new_var(Ty::I64));
        let zero = b.iconst(Ty::I64, 0);
        b.def_var(sum, zero);
        count_up(b, i, zero, v[0], |b| {
            let n = b.use_var(i);
            let x = b.push1(Op::Convert(ConvertOp::SintToFloat, Ty::F64, n));
            let half = b.push1(Op::Fconst(Ty::F64, 0.5f64.to_bits()));
            let x = bin(b, BinaryOp::Fmul, x, half);
            let n = b.push1(Op::Convert(ConvertOp::FloatToSint, Ty::I64, x));
            let s = b.use_var(sum);
            let s = bin(b, BinaryOp::Iadd, s, n);
            b.def_var(sum, s);
        });
        let s = b.use_var(sum);
        b.ret([s]);
    })
}

fn time(image: &Image, name: &str, f: SymId, args: &[u64]) -> u64 {
    let mut g = new_g();
    let mut best = u128::MAX;
    let mut result = 0;
    for _ in 0..5 {
        let start = std::time::Instant::now();
        result = image.run_on(&mut g, f, args, &[]).int();
        best = best.min(start.elapsed().as_micros());
    }
    println!("{name}: {} µs", best);
    result
}

struct Kernels {
    image: Image,
    fib: SymId,
    matmul: SymId,
    sieve: SymId,
    convert: SymId,
}

fn kernels() -> Kernels {
    let mut p = Program::default();
    let (fib, matmul) = (fib(&mut p), matmul(&mut p));
    let (sieve, convert) = (sieve(&mut p), convert(&mut p));
    Kernels {
        image: p.link(),
        fib,
        matmul,
        sieve,
        convert,
    }
}

#[test]
fn kernels_give_the_right_results() {
    let k = kernels();
    assert_eq!(k.image.run(k.fib, &[20], &[]).int(), 6765);
    let mut bytes = vec![0u8; 1000];
    let primes = k
        .image
        .run(k.sieve, &[bytes.as_mut_ptr() as u64, 1000], &[]);
    assert_eq!(primes.int(), 168);
    assert_eq!(k.image.run(k.convert, &[10], &[]).int(), 20);
    let mut floats = vec![
        1.0f64, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 0.0, 0.0, 0.0, 0.0,
    ];
    let at = floats.as_mut_ptr() as u64;
    k.image.run(k.matmul, &[at, 12, 2], &[]);
    assert_eq!(floats[8..], [19.0, 22.0, 43.0, 50.0]);
}

#[test]
#[ignore = "a measurement"]
fn kernel_times() {
    let k = kernels();
    time(&k.image, "fib(35)", k.fib, &[35]);
    let n = 300u64;
    let mut floats = vec![1.0f64; 3 * (n * n) as usize];
    let args = [floats.as_mut_ptr() as u64, 3 * n * n, n];
    time(&k.image, "matmul(300)", k.matmul, &args);
    let mut bytes = vec![0u8; 5_000_000];
    let args = [bytes.as_mut_ptr() as u64, bytes.len() as u64];
    time(&k.image, "sieve(5e6)", k.sieve, &args);
    time(&k.image, "convert(1e8)", k.convert, &[100_000_000]);
}
