//! Random functions, compiled with and without optimisation, must do the same.

mod common;

use common::{Outcome, Program, levels, sig};
use goxide_abi::PanicKind;
use goxide_ir::{
    BinaryOp, Block, BlockCall, Builder, Callee, ConvertOp, FloatCc, IntCc, MemFlags, Op,
    Signature, SymId, Term, Ty, UnaryOp, Value, Var,
};

/// A small generator (xorshift), so that a failure can be run again by its seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }
    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }
    /// Numbers near the edges more often than others.
    fn number(&mut self) -> i64 {
        match self.below(6) {
            0 => self.below(5) as i64 - 2,
            1 => i64::MIN + self.below(2) as i64,
            2 => 1 << self.below(64),
            3 => self.below(256) as i64,
            4 => i64::from(self.next() as i32),
            _ => self.next() as i64,
        }
    }
    fn float(&mut self) -> f64 {
        match self.below(4) {
            0 => self.pick(&[0.0, -0.0, f64::NAN, f64::INFINITY, 0.5, -1.5, 1e19, -1e300]),
            1 => self.number() as f64,
            _ => (self.next() as i32 as f64) / 1000.0,
        }
    }
}

/// Builds a function whose state is in variables, memory and a budget that ends loops.
struct Generator<'a> {
    r: &'a mut Random,
    b: &'a mut Builder,
    ints: Vec<Var>,
    floats: Vec<Var>,
    memory: Value,
    budget: Var,
    callee: SymId,
}

const WORDS: u64 = 8;
/// Variables that hold integers; the first four are the results.
const INTS: usize = 9;

impl Generator<'_> {
    fn int(&mut self) -> Value {
        if self.r.below(5) == 0 {
            let n = self.r.number();
            return self.b.iconst(Ty::I64, n);
        }
        let var = self.r.below(self.ints.len());
        self.b.use_var(self.ints[var])
    }

    fn float(&mut self) -> Value {
        let var = self.r.below(self.floats.len());
        self.b.use_var(self.floats[var])
    }

    fn set_int(&mut self, value: Value) {
        let var = self.r.below(self.ints.len());
        self.b.def_var(self.ints[var], value);
    }

    fn set_float(&mut self, value: Value) {
        let var = self.r.below(self.floats.len());
        self.b.def_var(self.floats[var], value);
    }

    fn place(&mut self) -> Value {
        let at = self.int();
        let mask = self.b.iconst(Ty::I64, WORDS as i64 - 1);
        let at = self.b.push1(Op::Binary(BinaryOp::Band, at, mask));
        let three = self.b.iconst(Ty::I64, 3);
        let at = self.b.push1(Op::Binary(BinaryOp::ShlInRange, at, three));
        self.b.push1(Op::Binary(BinaryOp::Iadd, self.memory, at))
    }

    fn statement(&mut self) {
        use BinaryOp::*;
        match self.r.below(14) {
            // What lives across it is in preserved registers or in the frame.
            12 | 13 => {
                let (x, y) = (self.int(), self.int());
                let callee = Callee::Direct(self.callee, Box::new(callee_sig()));
                let z = self.b.call(callee, vec![x, y])[0];
                self.set_int(z);
            }
            0..=2 => {
                let op = self.r.pick(&[
                    Iadd, Isub, Imul, Band, Bor, Bxor, BandNot, Shl, Ushr, Sshr, Rotl, Umulhi,
                    Smulhi,
                ]);
                let (x, y) = (self.int(), self.int());
                let z = self.b.push1(Op::Binary(op, x, y));
                self.set_int(z);
            }
            3 => {
                // Narrow arithmetic.
                let ty = self.r.pick(&[Ty::I8, Ty::I16, Ty::I32]);
                let (x, count) = (self.int(), self.int());
                let x = self.b.push1(Op::Convert(ConvertOp::Trunc, ty, x));
                let op = self.r.pick(&[Shl, Ushr, Sshr, Rotl]);
                let x = self.b.push1(Op::Binary(op, x, count));
                let extend = self.r.pick(&[ConvertOp::Sext, ConvertOp::Zext]);
                let x = self.b.push1(Op::Convert(extend, Ty::I64, x));
                self.set_int(x);
            }
            4 => {
                let (x, y) = (self.int(), self.int());
                let one = self.b.iconst(Ty::I64, 1);
                let y = self.b.push1(Op::Binary(Bor, y, one));
                let op = self.r.pick(&[Sdiv, Udiv, Srem, Urem]);
                let z = self.b.push1(Op::Binary(op, x, y));
                self.set_int(z);
            }
            5 => {
                let x = self.int();
                let op = self.r.pick(&[
                    UnaryOp::Ineg,
                    UnaryOp::Bnot,
                    UnaryOp::Clz,
                    UnaryOp::Ctz,
                    UnaryOp::Popcnt,
                    UnaryOp::Bswap,
                    UnaryOp::Bitrev,
                ]);
                let x = self.b.push1(Op::Unary(op, x));
                self.set_int(x);
            }
            6 => {
                let (x, y) = (self.float(), self.float());
                let op = self.r.pick(&[Fadd, Fsub, Fmul, Fdiv, Fmin, Fmax]);
                let z = self.b.push1(Op::Binary(op, x, y));
                self.set_float(z);
            }
            7 => {
                let x = self.float();
                let op = self
                    .r
                    .pick(&[ConvertOp::FloatToSint, ConvertOp::FloatToUint]);
                let n = self.b.push1(Op::Convert(op, Ty::I64, x));
                self.set_int(n);
            }
            8 => {
                let x = self.int();
                let op = self
                    .r
                    .pick(&[ConvertOp::SintToFloat, ConvertOp::UintToFloat]);
                let x = self.b.push1(Op::Convert(op, Ty::F64, x));
                self.set_float(x);
            }
            9 => {
                let (at, x) = (self.place(), self.int());
                self.b.store(at, 0, x, MemFlags::default());
            }
            10 => {
                let at = self.place();
                let x = self.b.load(Ty::I64, at, 0, MemFlags::default());
                self.set_int(x);
            }
            _ => {
                let c = self.condition();
                let (x, y) = (self.int(), self.int());
                let z = self.b.push1(Op::Select(c, x, y));
                self.set_int(z);
            }
        }
    }

    fn condition(&mut self) -> Value {
        if self.r.below(4) == 0 {
            let cc = self
                .r
                .pick(&[FloatCc::Eq, FloatCc::Ne, FloatCc::Lt, FloatCc::Ge]);
            let (x, y) = (self.float(), self.float());
            return self.b.push1(Op::Fcmp(cc, x, y));
        }
        let cc = self
            .r
            .pick(&[IntCc::Eq, IntCc::Slt, IntCc::Uge, IntCc::Ugt, IntCc::Sle]);
        let (x, y) = (self.int(), self.int());
        self.b.icmp(cc, x, y)
    }

    /// Ends every loop: counts the budget down and leaves when it is used up.
    fn pay(&mut self, exit: Block) {
        let left = self.b.use_var(self.budget);
        let one = self.b.iconst(Ty::I64, 1);
        let left = self.b.push1(Op::Binary(BinaryOp::Isub, left, one));
        self.b.def_var(self.budget, left);
        let zero = self.b.iconst(Ty::I64, 0);
        let some = self.b.icmp(IntCc::Sgt, left, zero);
        let on = self.b.new_block();
        self.b.branch(some, on, exit);
        self.b.switch_to_sealed(on);
    }

    /// Any graph at all: every block goes to blocks of a fixed list.
    fn blocks(&mut self, exit: Block) {
        let count = 2 + self.r.below(7);
        let blocks: Vec<Block> = (0..count).map(|_| self.b.new_block()).collect();
        self.b.jump(blocks[0]);
        for &block in &blocks {
            self.b.switch_to(block);
            self.pay(exit);
            for _ in 0..self.r.below(12) {
                self.statement();
            }
            if self.r.below(4) == 0 {
                let (i, n) = (self.int(), self.int());
                let kind = self.r.pick(&[PanicKind::Index, PanicKind::SliceAlen]);
                self.b.push(Op::BoundsCheck(kind, i, n));
            }
            match self.r.below(6) {
                0 => self.b.jump(self.r.pick(&blocks)),
                1 => {
                    let v = self.int();
                    let mask = self.b.iconst(Ty::I64, 15);
                    let v = self.b.push1(Op::Binary(BinaryOp::Band, v, mask));
                    let edge = |block| BlockCall {
                        block,
                        args: Default::default(),
                    };
                    let cases = 1 + self.r.below(12) as i64;
                    let cases = (0..cases)
                        .map(|n| (n, edge(self.r.pick(&blocks))))
                        .collect();
                    let default = edge(self.r.pick(&blocks));
                    self.b.terminate(Term::Switch(v, cases, default));
                }
                _ => {
                    let c = self.condition();
                    let (x, y) = (self.r.pick(&blocks), self.r.pick(&blocks));
                    self.b.branch(c, x, y);
                }
            }
        }
        for block in blocks {
            self.b.seal(block);
        }
    }
}

fn callee_sig() -> Signature {
    sig(&[Ty::I64; 2], &[Ty::I64])
}

/// What random functions call. It has values across a call as well.
fn callee(p: &mut Program) -> SymId {
    let leaf = p.add("leaf", callee_sig(), |b, v| {
        let z = b.push1(Op::Binary(BinaryOp::Bxor, v[0], v[1]));
        b.ret([z]);
    });
    p.add("callee", callee_sig(), |b, v| {
        let callee = Callee::Direct(leaf, Box::new(callee_sig()));
        let z = b.call(callee, vec![v[1], v[0]])[0];
        let z = b.push1(Op::Binary(BinaryOp::Imul, z, v[0]));
        let z = b.push1(Op::Binary(BinaryOp::Iadd, z, v[1]));
        b.ret([z]);
    })
}

fn random_function(p: &mut Program, name: &str, callee: SymId, r: &mut Random) -> SymId {
    let params = [Ty::Ptr, Ty::I64, Ty::I64, Ty::I64, Ty::F64, Ty::F64];
    let results = [Ty::I64, Ty::I64, Ty::I64, Ty::I64, Ty::F64, Ty::F64];
    p.add(name, sig(&params, &results), |b, v| {
        let ints: Vec<Var> = (0..INTS).map(|_| b.new_var(Ty::I64)).collect();
        let floats: Vec<Var> = (0..2).map(|_| b.new_var(Ty::F64)).collect();
        let budget = b.new_var(Ty::I64);
        for i in 0..3 {
            b.def_var(ints[i], v[i + 1]);
        }
        b.def_var(floats[0], v[4]);
        b.def_var(floats[1], v[5]);
        let limit = b.iconst(Ty::I64, 40);
        b.def_var(budget, limit);
        let exit = b.new_block();
        let mut g = Generator {
            r,
            b,
            ints,
            floats,
            memory: v[0],
            budget,
            callee,
        };
        g.blocks(exit);
        let (ints, floats) = (g.ints, g.floats);
        b.switch_to_sealed(exit);
        let mut out: Vec<Value> = ints[..4].iter().map(|v| b.use_var(*v)).collect();
        out.extend(floats.iter().map(|v| b.use_var(*v)).collect::<Vec<_>>());
        b.ret(out);
    })
}

/// What a run gave, without the registers that hold no result. NaNs are all alike.
fn shown(outcome: Outcome, memory: &[u64]) -> String {
    match outcome {
        Outcome::Returned(r) => {
            let floats: Vec<String> = r.floats[..2]
                .iter()
                .map(|f| format!("{:?}", f64::from_bits(*f)))
                .collect();
            format!("{:x?} {floats:?} {memory:x?}", &r.ints[..4])
        }
        other => format!("{other:x?} {memory:x?}"),
    }
}

#[test]
fn optimised_and_plain_code_agree() {
    let rounds = std::env::var("GOXIDE_RANDOM_ROUNDS").map_or(30, |n| n.parse().unwrap());
    for seed in 1..=rounds {
        let mut r = Random(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(seed));
        let mut p = Program::default();
        let callee = callee(&mut p);
        let functions: Vec<SymId> = (0..8)
            .map(|n| random_function(&mut p, &format!("f{n}"), callee, &mut r))
            .collect();
        let images: Vec<_> = levels().into_iter().map(|l| (l, p.link_for(l))).collect();
        for f in functions {
            for _ in 0..4 {
                let start: Vec<u64> = (0..WORDS).map(|_| r.number() as u64).collect();
                let ints = [r.number(), r.number(), r.number()];
                let floats = [r.float().to_bits(), r.float().to_bits()];
                let results: Vec<String> = images
                    .iter()
                    .map(|(_, image)| {
                        let mut memory = start.clone();
                        let mut args = vec![memory.as_mut_ptr() as u64];
                        args.extend(ints.map(|n| n as u64));
                        let outcome = image.run(f, &args, &floats);
                        shown(outcome, &memory)
                    })
                    .collect();
                for (result, (level, _)) in results.iter().zip(&images) {
                    let name = p.symbols.name(f);
                    assert_eq!(*result, results[0], "seed {seed}, {name}, {level:?}");
                }
            }
        }
    }
}

/// Time per function, for the curious: `cargo test --release -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn compile_speed() {
    let mut r = Random(42);
    let mut p = Program::default();
    let callee = callee(&mut p);
    for n in 0..400 {
        random_function(&mut p, &format!("f{n}"), callee, &mut r);
    }
    for opt in [goxide_clif::OptLevel::Speed, goxide_clif::OptLevel::None] {
        let options = goxide_clif::Options {
            opt,
            ..Default::default()
        };
        let backend = goxide_clif::Backend::new(options);
        let start = cpu_time_ns();
        let compiled = backend.compile_all(&p.functions).unwrap();
        let each = (cpu_time_ns() - start) / 1000 / p.functions.len() as u64;
        let bytes: usize = compiled.iter().map(|f| f.code.len()).sum();
        let insts: usize = p.functions.iter().map(|f| f.insts.len()).sum();
        println!(
            "{opt:?}: {each} µs a function of {} instructions, {} bytes",
            insts / p.functions.len(),
            bytes / p.functions.len()
        );
    }
}

/// Time that this process has used: the machine may be busy with others.
fn cpu_time_ns() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the structure is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Time for one straight function with many calls, as an initialiser of a large table is.
#[test]
#[ignore = "a measurement"]
fn large_function_speed() {
    for calls in [1_000, 5_000, 20_000] {
        let mut p = Program::default();
        let one = sig(&[Ty::Ptr, Ty::Ptr, Ty::I64, Ty::I64], &[Ty::Ptr]);
        let callee = p.sym("set");
        let data = p.sym("data");
        p.add("init", sig(&[Ty::Ptr], &[]), |b, v| {
            for n in 0..calls {
                let key = b.push1(Op::SymAddr(data, n));
                let (x, y) = (b.iconst(Ty::I64, n * 3), b.iconst(Ty::I64, n));
                let callee = Callee::Direct(callee, Box::new(one.clone()));
                let slot = b.call(callee, vec![v[0], key, x, y])[0];
                b.store(slot, 0, x, MemFlags::default());
                b.store(slot, 8, key, MemFlags::default());
            }
            b.ret([]);
        });
        for opt in [goxide_clif::OptLevel::Speed, goxide_clif::OptLevel::None] {
            let options = goxide_clif::Options {
                opt,
                ..Default::default()
            };
            let start = std::time::Instant::now();
            let done = goxide_clif::Backend::new(options)
                .compile(&p.functions[0])
                .unwrap();
            let time = start.elapsed();
            println!(
                "{calls} calls, {opt:?}: {time:?}, {} bytes",
                done.code.len()
            );
        }
    }
}
