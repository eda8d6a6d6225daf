//! Calls: packing, closures, interfaces, tail calls, recover, stack checks.

mod common;

use common::{Outcome, Program, Registers, new_g, sig};
use goxide_abi::{DEFER_FRAME_BYTES, PanicKind};
use goxide_ir::{
    BinaryOp, Builder, Callee, ConvertOp, DeferKind, Landing, MemFlags, Op, Signature, Term, Ty,
    Value,
};
use smallvec::smallvec;

fn add(b: &mut Builder, x: Value, y: Value) -> Value {
    b.push1(Op::Binary(BinaryOp::Iadd, x, y))
}

fn mul(b: &mut Builder, x: Value, n: i64) -> Value {
    let n = b.iconst(Ty::I64, n);
    b.push1(Op::Binary(BinaryOp::Imul, x, n))
}

/// Σ (i + 1) · argument, floats converted to integers.
fn weigh(b: &mut Builder, params: &[Value]) -> Value {
    let mut sum = b.iconst(Ty::I64, 0);
    for (i, &p) in params.iter().enumerate() {
        let word = match b.func.ty(p) {
            Ty::F64 => b.push1(Op::Convert(ConvertOp::FloatToSint, Ty::I64, p)),
            Ty::I64 => p,
            ty => panic!("{ty}"),
        };
        let term = mul(b, word, i as i64 + 1);
        sum = add(b, sum, term);
    }
    sum
}

fn boxed(sig: &Signature) -> Box<Signature> {
    Box::new(sig.clone())
}

fn ten_and_twelve() -> Signature {
    let mut params = Vec::new();
    for i in 0..22 {
        params.push(if i % 2 == 0 && i < 20 {
            Ty::I64
        } else {
            Ty::F64
        });
    }
    sig(&params, &[Ty::I64])
}

/// Constants 3, 4, 5, … of the signature's types, and what `weigh` makes of them.
fn constants(b: &mut Builder, sig: &Signature) -> (Vec<Value>, u64) {
    let mut total = 0;
    let values = sig.params.iter().enumerate().map(|(i, ty)| {
        total += (i as u64 + 1) * (i as u64 + 3);
        match ty {
            Ty::F64 => b.push1(Op::Fconst(Ty::F64, (i as f64 + 3.0).to_bits())),
            _ => b.iconst(Ty::I64, i as i64 + 3),
        }
    });
    let values = values.collect();
    (values, total)
}

#[test]
fn ten_integers_and_twelve_floats_arrive() {
    let mut p = Program::default();
    let signature = ten_and_twelve();
    assert_eq!(signature.params.iter().filter(|t| t.is_float()).count(), 12);
    let callee = p.add("callee", signature.clone(), |b, params| {
        let sum = weigh(b, params);
        b.ret([sum]);
    });
    let mut want = 0;
    let caller = p.add("caller", sig(&[], &[Ty::I64]), |b, _| {
        let (args, total) = constants(b, &signature);
        want = total;
        let sum = b.call(Callee::Direct(callee, boxed(&signature)), args);
        b.ret(sum);
    });
    assert_eq!(p.link().run(caller, &[], &[]).int(), want);
}

#[test]
fn a_tail_call_passes_its_block_through_g() {
    let mut p = Program::default();
    let signature = ten_and_twelve();
    let last = p.add("last", signature.clone(), |b, params| {
        let sum = weigh(b, params);
        b.ret([sum]);
    });
    // Swaps the arguments of the block on the way, so that reading and writing meet in g.
    let middle = p.add("middle", signature.clone(), |b, params| {
        let mut args = params.to_vec();
        args.swap(16, 18);
        args.swap(19, 21);
        let callee = Callee::Direct(last, boxed(&signature));
        b.terminate(Term::TailCall(callee, args));
    });
    let mut want = 0;
    let first = p.add("first", sig(&[], &[Ty::I64]), |b, _| {
        let (mut args, total) = constants(b, &signature);
        want = total;
        args.swap(16, 18);
        args.swap(19, 21);
        let callee = Callee::Direct(middle, boxed(&signature));
        b.terminate(Term::TailCall(callee, args));
    });
    let image = p.link();
    assert_eq!(image.run(first, &[], &[]).int(), want);
    // A function that only jumps on has no frame to check.
    let middle = &image.functions[1];
    assert_eq!((middle.name.as_str(), middle.body_offset), ("middle", 0));
}

#[test]
fn a_tail_call_drops_results_and_takes_no_stack() {
    let mut p = Program::default();
    let one = sig(&[Ty::I64], &[]);
    let count = p.sym("count");
    let three = p.add("three", sig(&[], &[Ty::I64, Ty::F64]), |b, _| {
        let x = b.iconst(Ty::I64, 3);
        let y = b.push1(Op::Fconst(Ty::F64, 0));
        b.ret([x, y]);
    });
    p.add("count", one.clone(), |b, params| {
        let more = b.new_block();
        let done = b.new_block();
        let zero = b.iconst(Ty::I64, 0);
        let left = b.icmp(goxide_ir::IntCc::Ne, params[0], zero);
        b.branch(left, more, done);
        b.switch_to_sealed(more);
        let less = b.iconst(Ty::I64, -1);
        let less = add(b, params[0], less);
        b.terminate(Term::TailCall(
            Callee::Direct(count, boxed(&one)),
            vec![less],
        ));
        b.switch_to_sealed(done);
        let callee = Callee::Direct(three, boxed(&sig(&[], &[Ty::I64, Ty::F64])));
        b.terminate(Term::TailCall(callee, vec![]));
    });
    let outcome = p.link().run(count, &[10_000_000], &[]);
    assert!(matches!(outcome, Outcome::Returned(_)));
}

#[test]
fn eight_integers_and_eight_floats_return_in_registers() {
    let mut results = vec![Ty::I64; 8];
    results.extend([Ty::F64; 8]);
    let signature = sig(&[Ty::I64, Ty::F64], &results);
    let mut p = Program::default();
    let callee = p.add("callee", signature.clone(), |b, params| {
        let mut out = Vec::new();
        for i in 0..8 {
            out.push(mul(b, params[0], i + 1));
        }
        for i in 0..8 {
            let n = b.push1(Op::Fconst(Ty::F64, f64::from(i + 1).to_bits()));
            out.push(b.push1(Op::Binary(BinaryOp::Fmul, params[1], n)));
        }
        b.ret(out);
    });
    let caller = p.add("caller", signature.clone(), |b, params| {
        let results = b.call(Callee::Direct(callee, boxed(&signature)), params.to_vec());
        b.ret(results);
    });
    let Outcome::Returned(Registers { ints, floats }) =
        p.link().run(caller, &[10], &[0.5f64.to_bits()])
    else {
        panic!()
    };
    assert_eq!(ints, [10, 20, 30, 40, 50, 60, 70, 80]);
    assert_eq!(
        floats.map(f64::from_bits),
        [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    );
}

#[test]
fn closures_find_their_captures_and_interfaces_their_methods() {
    let mut p = Program::default();
    let method = sig(&[Ty::Ptr, Ty::I64], &[Ty::I64]);
    let closure_sig = sig(&[Ty::I64], &[Ty::I64]);
    let body = p.add("closure", closure_sig.clone(), |b, params| {
        let ctx = b.push1(Op::ClosureCtx);
        let captured = b.load(Ty::I64, ctx, 8, MemFlags::default());
        let sum = add(b, captured, params[0]);
        b.ret([sum]);
    });
    let through = sig(&[Ty::Ptr, Ty::I64], &[Ty::I64]);
    let call = p.add("call", through.clone(), |b, params| {
        let callee = Callee::Closure(params[0], boxed(&closure_sig));
        let r = b.call(callee, vec![params[1]]);
        let r = mul(b, r[0], 2);
        b.ret([r]);
    });
    let tail = p.add("tail", through, |b, params| {
        let callee = Callee::Closure(params[0], boxed(&closure_sig));
        b.terminate(Term::TailCall(callee, vec![params[1]]));
    });
    let get = p.add("get", method.clone(), |b, params| {
        let field = b.load(Ty::I64, params[0], 0, MemFlags::default());
        let r = mul(b, field, 10);
        let r = add(b, r, params[1]);
        b.ret([r]);
    });
    let iface = p.sym("type:I");
    let dispatch = p.add(
        "dispatch",
        sig(&[Ty::Ptr, Ty::Ptr], &[Ty::I64]),
        |b, params| {
            let callee = Callee::Interface {
                itab: params[0],
                index: 2,
                iface,
                sig: boxed(&method),
            };
            let five = b.iconst(Ty::I64, 5);
            let r = b.call(callee, vec![params[1], five]);
            b.ret(r);
        },
    );
    let image = p.link();
    let object = [image.address(body) as u64, 40];
    let at = object.as_ptr() as u64;
    assert_eq!(image.run(call, &[at, 2], &[]).int(), 84);
    assert_eq!(image.run(tail, &[at, 2], &[]).int(), 42);
    let itab = [0, 0, 0, 0, 0, image.address(get) as u64];
    let data = [7u64];
    let args = [itab.as_ptr() as u64, data.as_ptr() as u64];
    assert_eq!(image.run(dispatch, &args, &[]).int(), 75);
}

#[test]
fn runtime_calls_preserve_values_that_live_across() {
    let mut p = Program::default();
    let index = goxide_abi::runtime_call_index("round_up_size").unwrap() as u16;
    let f = p.add("f", sig(&[Ty::I64; 6], &[Ty::I64]), |b, params| {
        let r = b.call(Callee::Runtime(index), vec![params[0], params[1]]);
        let sum = weigh(b, params);
        let r = mul(b, r[0], 1000);
        let r = add(b, r, sum);
        b.ret([r]);
    });
    let image = p.link();
    assert_eq!(image.run(f, &[1, 2, 3, 4, 5, 6], &[]).int(), 3000 + 91);
    assert_eq!(image.functions[0].body_offset, 0, "calls only the runtime");
}

#[test]
fn failing_checks_bring_their_operands() {
    let mut p = Program::default();
    let params = [Ty::I64; 2];
    let index = p.add("index", sig(&params, &[]), |b, p| {
        b.push(Op::BoundsCheck(PanicKind::Index, p[0], p[1]));
        b.ret([]);
    });
    let slice = p.add("slice", sig(&params, &[]), |b, p| {
        b.push(Op::BoundsCheck(PanicKind::SliceAlen, p[0], p[1]));
        b.ret([]);
    });
    let check = p.add("check", sig(&[Ty::I8, Ty::I64], &[]), |b, p| {
        b.push(Op::Check(PanicKind::Divide, p[0], smallvec![p[1]]));
        b.ret([]);
    });
    let image = p.link();
    let run = |f, a: i64, b: i64| image.run(f, &[a as u64, b as u64], &[]);
    let ok = |o: Outcome| assert!(matches!(o, Outcome::Returned(_)), "{o:?}");
    ok(run(index, 0, 1));
    ok(run(slice, 1, 1));
    ok(run(check, 1, 1));
    assert_eq!(
        run(index, 1, 1),
        Outcome::Panicked(PanicKind::Index, [1, 1])
    );
    assert_eq!(
        run(index, -1, 3),
        Outcome::Panicked(PanicKind::Index, [u64::MAX, 3])
    );
    assert_eq!(
        run(slice, 2, 1),
        Outcome::Panicked(PanicKind::SliceAlen, [2, 1])
    );
    assert_eq!(
        run(check, 0, 9),
        Outcome::Panicked(PanicKind::Divide, [9, 0])
    );
}

/// Calls a body that recovers (by `resume_frame`) if its argument is not 0; then the handler
/// gives the result, of what the frame holds.
#[test]
fn recover_goes_on_at_the_landing() {
    let mut p = Program::default();
    let body_sig = sig(&[Ty::Ptr, Ty::I64], &[]);
    let resume = goxide_abi::runtime_call_index("resume_frame").unwrap() as u16;
    let body = p.add("f.body", body_sig.clone(), |b, params| {
        let (jump, out) = (b.new_block(), b.new_block());
        let zero = b.iconst(Ty::I64, 0);
        let panics = b.icmp(goxide_ir::IntCc::Ne, params[1], zero);
        b.branch(panics, jump, out);
        b.switch_to_sealed(jump);
        let record = b.push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, params[0]));
        b.call(Callee::Runtime(resume), vec![record]);
        b.terminate(Term::Unreachable);
        b.switch_to_sealed(out);
        b.ret([]);
    });
    let nothing = sig(&[], &[]);
    let mark = p.add("mark", nothing.clone(), |b, _| b.ret([]));
    let home = DEFER_FRAME_BYTES as i32;
    let handler = p.add("f.recovered", sig(&[Ty::Ptr], &[Ty::I64]), |b, params| {
        b.push(Op::DeferLeave(params[0]));
        let sum = b.load(Ty::I64, params[0], home, MemFlags::default());
        let sum = mul(b, sum, -1);
        b.ret([sum]);
    });
    let f = p.add("f", sig(&[Ty::I64; 4], &[Ty::I64]), |b, params| {
        let slot = b.new_slot(DEFER_FRAME_BYTES as u32 + 8, 8);
        let frame = b.push1(Op::SlotAddr(slot, 0));
        let sum = weigh(b, &params[1..]);
        b.store(frame, home, sum, MemFlags::default());
        b.push(Op::DeferEnter {
            frame,
            landing: Some(Landing { handler, mark }),
            kind: DeferKind::OpenCoded,
        });
        b.call(
            Callee::Direct(body, boxed(&body_sig)),
            vec![frame, params[0]],
        );
        b.push(Op::DeferLeave(frame));
        let sum = weigh(b, &params[1..]);
        b.ret([sum]);
    });
    // A caller with values in callee-saved registers, which the wrapper must restore.
    let caller_sig = sig(&[Ty::I64; 4], &[Ty::I64]);
    let caller = p.add("caller", caller_sig.clone(), |b, params| {
        let r = b.call(Callee::Direct(f, boxed(&caller_sig)), params.to_vec());
        let sum = weigh(b, params);
        let sum = mul(b, sum, 1000);
        let sum = add(b, sum, r[0]);
        b.ret([sum]);
    });
    let image = p.link();
    assert_eq!(image.run(f, &[0, 1, 2, 3], &[]).int() as i64, 14);
    assert_eq!(image.run(f, &[1, 1, 2, 3], &[]).int() as i64, -14);
    assert_eq!(image.run(caller, &[0, 1, 2, 3], &[]).int() as i64, 20_014);
    assert_eq!(
        image.run(caller, &[1, 1, 2, 3], &[]).int() as i64,
        21_000 - 14
    );
}

#[test]
fn the_stack_check_goes_to_morestack_with_all_arguments() {
    let mut p = Program::default();
    let signature = sig(
        &[Ty::I64, Ty::F64, Ty::I64, Ty::I64, Ty::I64, Ty::I64],
        &[Ty::I64],
    );
    let leaf = p.add("leaf", signature.clone(), |b, params| {
        let sum = weigh(b, params);
        b.ret([sum]);
    });
    for (name, bytes) in [("small", 64), ("large", 4000)] {
        let f = p.add(name, signature.clone(), |b, params| {
            let slot = b.new_slot(bytes, 8);
            let at = b.push1(Op::SlotAddr(slot, 0));
            b.store(at, 0, params[0], MemFlags::default());
            let r = b.call(Callee::Direct(leaf, boxed(&signature)), params.to_vec());
            b.ret(r);
        });
        let image = p.link();
        let mut g = new_g();
        g.stack_limit = usize::MAX / 2;
        let args = [1, 3, 4, 5, 6];
        let outcome = image.run_on(&mut g, f, &args, &[2.0f64.to_bits()]);
        assert_eq!(outcome.int(), 91, "{name}");
        assert_eq!(g.slow_results[0], 1, "{name} and its leaf");
        let told = g.slow_results[1] as u32;
        let frame = image.functions.last().unwrap().frame_size;
        assert_eq!(told, if bytes > 512 { frame + 8 } else { 0 });
        assert!(bytes < frame && frame < bytes + 100, "{frame}");
    }
}

#[test]
fn frames_are_chained_by_rbp() {
    let mut p = Program::default();
    let frames = sig(&[Ty::I64], &[Ty::I64, Ty::I64]);
    let inner = p.add("inner", frames.clone(), |b, params| {
        let up = b.push1(Op::CallerFrame(1));
        let same = b.push1(Op::Binary(BinaryOp::Isub, up, params[0]));
        let top = b.push1(Op::CallerFrame(2));
        b.ret([same, top]);
    });
    let outer = p.add("outer", sig(&[], &[Ty::I64, Ty::I64]), |b, _| {
        let fp = b.push1(Op::FramePtr);
        let r = b.call(Callee::Direct(inner, boxed(&frames)), vec![fp]);
        b.ret(r);
    });
    let Outcome::Returned(r) = p.link().run(outer, &[], &[]) else {
        panic!()
    };
    assert_eq!(r.ints[0], 0);
    assert_ne!(r.ints[1], 0);
}

/// Appends squares to a "slice" whose room is doubled by a cold call, with more live values
/// than there are registers.
#[test]
fn cold_calls_in_loops_preserve_everything() {
    let mut p = Program::default();
    let grow_sig = sig(&[Ty::Ptr, Ty::I64], &[Ty::Ptr, Ty::I64]);
    let index = goxide_abi::runtime_call_index("round_up_size").unwrap() as u16;
    let grow = p.add("grow", grow_sig.clone(), |b, v| {
        // Destroys what a callee may destroy.
        b.call(Callee::Runtime(index), vec![v[1], v[1]]);
        let more = mul(b, v[1], 2);
        b.ret([v[0], more]);
    });
    let f = p.add(
        "f",
        sig(&[Ty::Ptr, Ty::I64, Ty::F64], &[Ty::I64, Ty::F64]),
        |b, v| {
            let vars: Vec<_> = (0..12).map(|_| b.new_var(Ty::I64)).collect();
            let (base, cap, i) = (b.new_var(Ty::Ptr), b.new_var(Ty::I64), b.new_var(Ty::I64));
            let total = b.new_var(Ty::F64);
            b.def_var(base, v[0]);
            b.def_var(total, v[2]);
            let one = b.iconst(Ty::I64, 1);
            b.def_var(cap, one);
            let zero = b.iconst(Ty::I64, 0);
            b.def_var(i, zero);
            for var in &vars {
                b.def_var(*var, zero);
            }
            let (head, body, exit) = (b.new_block(), b.new_block(), b.new_block());
            let (full, room) = (b.new_block(), b.new_block());
            b.set_cold(full);
            b.jump(head);
            b.switch_to(head);
            let at = b.use_var(i);
            let more = b.icmp(goxide_ir::IntCc::Slt, at, v[1]);
            b.branch(more, body, exit);
            b.switch_to_sealed(body);
            let (at, have) = (b.use_var(i), b.use_var(cap));
            let short = b.icmp(goxide_ir::IntCc::Sge, at, have);
            b.branch(short, full, room);
            b.switch_to_sealed(full);
            let args = vec![b.use_var(base), b.use_var(cap)];
            let r = b.call(Callee::Direct(grow, boxed(&grow_sig)), args);
            b.def_var(base, r[0]);
            b.def_var(cap, r[1]);
            b.jump(room);
            b.switch_to_sealed(room);
            for (n, var) in vars.iter().enumerate() {
                let x = b.use_var(*var);
                let step = mul(b, at, n as i64);
                let x = add(b, x, step);
                b.def_var(*var, x);
            }
            let x = b.use_var(total);
            let x = b.push1(Op::Binary(BinaryOp::Fadd, x, v[2]));
            b.def_var(total, x);
            let at = b.use_var(i);
            let at = add(b, at, one);
            b.def_var(i, at);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(exit);
            let mut sum = b.use_var(cap);
            for var in &vars {
                let x = b.use_var(*var);
                sum = add(b, sum, x);
            }
            let x = b.use_var(total);
            b.ret([sum, x]);
        },
    );
    let image = p.link();
    let code = &image.functions[1];
    let stub = goxide_clif::RelocTarget::Named("runtime.cold_call".into());
    assert!(code.relocs.iter().any(|r| r.target == stub));
    let Outcome::Returned(r) = image.run(f, &[8, 100, 0], &[0.5f64.to_bits()]) else {
        panic!()
    };
    assert_eq!(r.ints[0], 128 + 4950 * 66);
    assert_eq!(f64::from_bits(r.floats[0]), 0.5 + 50.0);
}
