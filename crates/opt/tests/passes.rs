//! Small functions before and after the whole pipeline.

mod common;

use common::{add_data, check, check_one, define, new_object, sig};
use expect_test::expect;
use goxide_ir::{BinaryOp, Callee, FuncFlags, IntCc, MemFlags, Module, Op, Ty};

#[test]
fn a_local_object_becomes_values() {
    check_one(
        &[Ty::I64],
        &[Ty::I64],
        |b, p| {
            let x = p[0];
            let object = new_object(b, 16);
            b.store(object, 8, x, MemFlags::default());
            let zero = b.load(Ty::I64, object, 0, MemFlags::default());
            let back = b.load(Ty::I64, object, 8, MemFlags::default());
            let sum = b.push1(Op::Binary(BinaryOp::Iadd, back, zero));
            b.ret([sum]);
        },
        expect![[r#"
            func f(i64) -> i64 {
                s0 = slot 16 align 8
            b0(v0: i64):
                return v0
            }
        "#]],
    );
}

#[test]
fn a_returned_or_stored_object_stays_on_the_heap() {
    check_one(
        &[Ty::Ptr],
        &[Ty::Ptr],
        |b, p| {
            let owner = p[0];
            let stored = new_object(b, 8);
            b.store(owner, 0, stored, MemFlags::default());
            let returned = new_object(b, 24);
            b.ret([returned]);
        },
        expect![[r#"
            func f(ptr) -> ptr {
            b0(v0: ptr):
                v1 = new 8 align 8
                store_ptr v0+0, v1
                v2 = new 24 align 8
                return v2
            }
        "#]],
    );
}

#[test]
fn what_a_callee_keeps_in_its_result_stays_on_the_heap() {
    // wrap(p) returns a new object that holds p; it must not be inlined here.
    let mut module = Module::default();
    let wrap = define(&mut module, "wrap", &[Ty::Ptr], &[Ty::Ptr], |b, p| {
        b.func.flags = FuncFlags {
            no_inline: true,
            ..FuncFlags::default()
        };
        let kept = p[0];
        let holder = new_object(b, 8);
        b.store(holder, 0, kept, MemFlags::default());
        b.ret([holder]);
    });
    define(&mut module, "f", &[], &[Ty::Ptr], |b, _| {
        let object = new_object(b, 16);
        let callee = Callee::Direct(wrap, Box::new(sig(&[Ty::Ptr], &[Ty::Ptr])));
        let holder = b.call(callee, vec![object])[0];
        b.ret([holder]);
    });
    check(
        module,
        expect![[r#"
            func f() -> ptr {
            b0:
                v0 = new 16 align 8
                v1 = call @wrap(v0)
                return v1
            }
        "#]],
    );
}

#[test]
fn an_object_carried_round_a_loop_stays_on_the_heap() {
    check_one(
        &[Ty::I64],
        &[Ty::I64],
        |b, p| {
            let n = p[0];
            let list = b.new_var(Ty::Ptr);
            let left = b.new_var(Ty::I64);
            let nil = b.zero(Ty::Ptr);
            b.def_var(list, nil);
            b.def_var(left, n);
            let (header, body, done) = (b.new_block(), b.new_block(), b.new_block());
            b.jump(header);
            b.switch_to(header);
            let (zero, count) = (b.iconst(Ty::I64, 0), b.use_var(left));
            let more = b.icmp(IntCc::Sgt, count, zero);
            b.branch(more, body, done);
            b.switch_to_sealed(body);
            // node.next = list; list = node
            let node = new_object(b, 16);
            let old = b.use_var(list);
            b.store(node, 0, old, MemFlags::default());
            b.def_var(list, node);
            let (one, count) = (b.iconst(Ty::I64, 1), b.use_var(left));
            let count = b.push1(Op::Binary(BinaryOp::Isub, count, one));
            b.def_var(left, count);
            b.jump(header);
            b.seal(header);
            b.switch_to_sealed(done);
            let head = b.use_var(list);
            let value = b.load(Ty::I64, head, 8, MemFlags::default());
            b.ret([value]);
        },
        expect![[r#"
            func f(i64) -> i64 {
            b0(v0: i64):
                v1 = iconst.ptr 0
                jump b1(v0, v1)
            b1(v3: i64, v6: ptr):
                v2 = iconst.i64 0
                v4 = icmp.sgt v3, v2
                branch v4, b2, b3
            b2:
                v5 = new 16 align 8
                store_ptr v5+0, v6 notrap
                v7 = iconst.i64 1
                v8 = isub v3, v7
                jump b1(v8, v5)
            b3:
                v9 = load.i64 v6+8
                return v9
            }
        "#]],
    );
}

#[test]
fn a_small_callee_is_inlined_and_its_branch_decided() {
    let mut module = Module::default();
    let clamp = define(
        &mut module,
        "clamp",
        &[Ty::I64, Ty::I64],
        &[Ty::I64],
        |b, p| {
            let over = b.icmp(IntCc::Sgt, p[0], p[1]);
            let (yes, no) = (b.new_block(), b.new_block());
            b.branch(over, yes, no);
            b.switch_to_sealed(yes);
            b.ret([p[1]]);
            b.switch_to_sealed(no);
            b.ret([p[0]]);
        },
    );

    define(&mut module, "f", &[Ty::I64], &[Ty::I64], |b, p| {
        let x = p[0];
        let callee = Callee::Direct(clamp, Box::new(sig(&[Ty::I64, Ty::I64], &[Ty::I64])));
        let (big, small) = (b.iconst(Ty::I64, 9), b.iconst(Ty::I64, 7));
        let seven = b.call(callee, vec![big, small])[0];
        let sum = b.push1(Op::Binary(BinaryOp::Iadd, x, seven));
        b.ret([sum]);
    });
    check(
        module,
        expect![[r#"
            func f(i64) -> i64 {
            b0(v0: i64):
                v2 = iconst.i64 7
                v4 = iadd v0, v2
                return v4
            }
        "#]],
    );
}

#[test]
fn what_must_keep_its_frame_is_not_inlined() {
    let mut module = Module::default();
    let callee = define(&mut module, "g", &[], &[Ty::I64], |b, _| {
        let fp = b.push1(Op::FramePtr);
        b.func.flags = FuncFlags {
            no_inline: true,
            ..FuncFlags::default()
        };
        b.ret([fp]);
    });
    define(&mut module, "f", &[], &[Ty::I64], |b, _| {
        let call = Callee::Direct(callee, Box::new(sig(&[], &[Ty::I64])));
        let fp = b.call(call, vec![])[0];
        b.ret([fp]);
    });
    check(
        module,
        expect![[r#"
            func f() -> i64 {
            b0:
                v0 = call @g()
                return v0
            }
        "#]],
    );
}

#[test]
fn a_function_given_to_a_loop_is_inlined_into_it() {
    let mut module = Module::default();
    let twice = define(&mut module, "twice", &[Ty::I64], &[Ty::I64], |b, p| {
        let x = p[0];
        let sum = b.push1(Op::Binary(BinaryOp::Iadd, x, x));
        b.ret([sum]);
    });
    let value = add_data(&mut module, "twice·f", 8, &[(0, twice)]);
    // apply calls its parameter for ever.
    let apply = define(&mut module, "apply", &[Ty::Ptr, Ty::I64], &[], |b, p| {
        let var = b.new_var(Ty::I64);
        b.def_var(var, p[1]);
        let head = b.new_block();
        b.jump(head);
        b.switch_to(head);
        let x = b.use_var(var);
        let callee = Callee::Closure(p[0], Box::new(sig(&[Ty::I64], &[Ty::I64])));
        let x = b.call(callee, vec![x])[0];
        b.def_var(var, x);
        b.jump(head);
        b.seal(head);
    });
    define(&mut module, "f", &[Ty::I64], &[], |b, p| {
        let n = p[0];
        let function = b.push1(Op::SymAddr(value, 0));
        let callee = Callee::Direct(apply, Box::new(sig(&[Ty::Ptr, Ty::I64], &[])));
        b.call(callee, vec![function, n]);
        b.ret([]);
    });
    check(
        module,
        expect![[r#"
        func f(i64) {
        b0(v0: i64):
            jump b1
        b1:
            jump b1
        }
    "#]],
    );
}

#[test]
fn a_closure_with_captured_variables_is_inlined_and_its_object_gone() {
    let mut module = Module::default();
    let code = define(&mut module, "f.func1", &[Ty::I64], &[Ty::I64], |b, p| {
        b.func.flags.closure = true;
        let x = p[0];
        let context = b.push1(Op::ClosureCtx);
        let captured = b.load(Ty::I64, context, 8, MemFlags::default());
        let sum = b.push1(Op::Binary(BinaryOp::Iadd, x, captured));
        b.ret([sum]);
    });
    define(&mut module, "f", &[Ty::I64, Ty::I64], &[Ty::I64], |b, p| {
        let object = new_object(b, 16);
        let address = b.push1(Op::SymAddr(code, 0));
        b.store(object, 0, address, MemFlags::default());
        b.store(object, 8, p[0], MemFlags::default());
        let callee = Callee::Closure(object, Box::new(sig(&[Ty::I64], &[Ty::I64])));
        let sum = b.call(callee, vec![p[1]])[0];
        b.ret([sum]);
    });
    check(
        module,
        expect![[r#"
        func f(i64, i64) -> i64 {
            s0 = slot 16 align 8
        b0(v0: i64, v1: i64):
            v6 = iadd v1, v0
            return v6
        }
    "#]],
    );
}

#[test]
fn a_method_that_few_types_have_is_found_by_comparing_itabs() {
    let mut module = Module::default();
    let iface = add_data(&mut module, "type:I", 8, &[]);
    for (name, itab) in [("T.m", "itab:T"), ("U.m", "itab:U")] {
        let method = define(&mut module, name, &[Ty::Ptr], &[Ty::I64], |b, p| {
            let data = p[0];
            let x = b.load(Ty::I64, data, 0, MemFlags::default());
            b.ret([x]);
        });
        let itab = add_data(&mut module, itab, 32, &[(0, iface), (24, method)]);
        module.itabs.push(itab);
    }
    define(&mut module, "f", &[Ty::Ptr, Ty::Ptr], &[Ty::I64], |b, p| {
        let callee = Callee::Interface {
            itab: p[0],
            index: 0,
            iface,
            sig: Box::new(sig(&[Ty::Ptr], &[Ty::I64])),
        };
        let x = b.call(callee, vec![p[1]])[0];
        b.ret([x]);
    });
    check(
        module,
        expect![[r#"
        func f(ptr, ptr) -> i64 {
        b0(v0: ptr, v1: ptr):
            v3 = addr @itab:T
            v4 = icmp.eq v0, v3
            branch v4, b4, b2
        b1(v2: i64):
            return v2
        b2:
            v6 = addr @itab:U
            v7 = icmp.eq v0, v6
            branch v7, b5, b3
        b3 cold:
            v9 = call method v0.0 of @type:I (ptr) -> i64 (v1)
            jump b1(v9)
        b4:
            v10 = load.i64 v1+0
            jump b1(v10)
        b5:
            v11 = load.i64 v1+0
            jump b1(v11)
        }
    "#]],
    );
}

#[test]
fn a_small_recursive_function_takes_in_itself() {
    // f(n) = n > 0 ? f(n - 1) : n
    check_one(
        &[Ty::I64],
        &[Ty::I64],
        |b, p| {
            let n = p[0];
            let zero = b.iconst(Ty::I64, 0);
            let more = b.icmp(IntCc::Sgt, n, zero);
            let (yes, no) = (b.new_block(), b.new_block());
            b.branch(more, yes, no);
            b.switch_to_sealed(yes);
            let one = b.iconst(Ty::I64, 1);
            let less = b.push1(Op::Binary(BinaryOp::Isub, n, one));
            let own = b.func.sym;
            let callee = Callee::Direct(own, Box::new(sig(&[Ty::I64], &[Ty::I64])));
            let x = b.call(callee, vec![less])[0];
            b.ret([x]);
            b.switch_to_sealed(no);
            b.ret([n]);
        },
        expect![[r#"
        func f(i64) -> i64 {
        b0(v0: i64):
            v1 = iconst.i64 0
            v2 = icmp.sgt v0, v1
            branch v2, b1, b2
        b1:
            v3 = iconst.i64 1
            v4 = isub v0, v3
            v7 = icmp.sgt v4, v1
            branch v7, b4, b3(v4)
        b2:
            return v0
        b3(v5: i64):
            return v5
        b4:
            v9 = isub v4, v3
            v12 = icmp.sgt v9, v1
            branch v12, b6, b5(v9)
        b5(v10: i64):
            jump b3(v10)
        b6:
            v14 = isub v9, v3
            v15 = call @f(v14)
            jump b5(v15)
        }
    "#]],
    );
}
