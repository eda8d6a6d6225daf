//! SSA construction: small functions and the IR that must come of them.

use expect_test::{Expect, expect};
use goxide_base::{Pos, Symbol};
use goxide_ir::{
    BinaryOp, Builder, Function, IntCc, Op, Signature, SymId, SymKind, Symbols, Ty, Value, verify,
};

fn build(body: impl FnOnce(&mut Builder, &[Value])) -> (Function, Symbols) {
    let mut symbols = Symbols::default();
    let name = Symbol::intern("f");
    let sym: SymId = symbols.get(name, SymKind::Func);
    let sig = Signature {
        params: [Ty::I64, Ty::I64].into_iter().collect(),
        results: [Ty::I64].into_iter().collect(),
    };
    let mut b = Builder::new(Function::new(sym, name, sig, Pos::NONE));
    let params = b.func.blocks[Function::ENTRY].params.to_vec();
    body(&mut b, &params);
    let func = b.finish();
    if let Err(e) = verify(&func) {
        panic!("{e}\n{}", func.text(&symbols, &|_| None));
    }
    (func, symbols)
}

fn check(body: impl FnOnce(&mut Builder, &[Value]), expect: Expect) {
    let (func, symbols) = build(body);
    expect.assert_eq(&func.text(&symbols, &|_| None));
}

fn add(b: &mut Builder, x: Value, y: Value) -> Value {
    b.push1(Op::Binary(BinaryOp::Iadd, x, y))
}

#[test]
fn a_variable_assigned_on_both_sides_becomes_a_parameter() {
    check(
        |b, v| {
            let x = b.new_var(Ty::I64);
            let (then, other, join) = (b.new_block(), b.new_block(), b.new_block());
            let c = b.icmp(IntCc::Slt, v[0], v[1]);
            b.branch(c, then, other);
            b.switch_to_sealed(then);
            b.def_var(x, v[0]);
            b.jump(join);
            b.switch_to_sealed(other);
            b.def_var(x, v[1]);
            b.jump(join);
            b.switch_to_sealed(join);
            let r = b.use_var(x);
            b.ret([r]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                v2 = icmp.slt v0, v1
                branch v2, b1, b2
            b1:
                jump b3(v0)
            b2:
                jump b3(v1)
            b3(v3: i64):
                return v3
            }
        "#]],
    );
}

#[test]
fn a_loop_keeps_what_changes_and_drops_what_does_not() {
    check(
        |b, v| {
            let (i, same) = (b.new_var(Ty::I64), b.new_var(Ty::I64));
            b.def_var(i, v[0]);
            b.def_var(same, v[1]);
            let (head, body, exit) = (b.new_block(), b.new_block(), b.new_block());
            b.jump(head);
            b.switch_to(head);
            let (x, n) = (b.use_var(i), b.use_var(same));
            let more = b.icmp(IntCc::Slt, x, n);
            b.branch(more, body, exit);
            b.switch_to_sealed(body);
            let (x, n) = (b.use_var(i), b.use_var(same));
            let x = add(b, x, n);
            b.def_var(i, x);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(exit);
            let r = b.use_var(i);
            b.ret([r]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                jump b1(v0)
            b1(v2: i64):
                v4 = icmp.slt v2, v1
                branch v4, b2, b3
            b2:
                v5 = iadd v2, v1
                jump b1(v5)
            b3:
                return v2
            }
        "#]],
    );
}

#[test]
fn nested_loops_share_a_variable_that_only_the_inner_changes() {
    check(
        |b, v| {
            let s = b.new_var(Ty::I64);
            b.def_var(s, v[0]);
            let (outer, inner, next, exit) =
                (b.new_block(), b.new_block(), b.new_block(), b.new_block());
            b.jump(outer);
            b.switch_to(outer);
            b.jump(inner);
            b.switch_to(inner);
            let x = b.use_var(s);
            let x = add(b, x, v[1]);
            b.def_var(s, x);
            let again = b.icmp(IntCc::Slt, x, v[0]);
            b.branch(again, inner, next);
            b.seal(inner);
            b.switch_to_sealed(next);
            let x = b.use_var(s);
            let again = b.icmp(IntCc::Slt, x, v[1]);
            b.branch(again, outer, exit);
            b.seal(outer);
            b.switch_to_sealed(exit);
            let r = b.use_var(s);
            b.ret([r]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                jump b1(v0)
            b1(v5: i64):
                jump b2(v5)
            b2(v2: i64):
                v3 = iadd v2, v1
                v4 = icmp.slt v3, v0
                branch v4, b2(v3), b3
            b3:
                v6 = icmp.slt v3, v1
                branch v6, b1(v3), b4
            b4:
                return v3
            }
        "#]],
    );
}

#[test]
fn a_variable_read_before_any_assignment_is_zero() {
    check(
        |b, _| {
            let x = b.new_var(Ty::I64);
            let r = b.use_var(x);
            b.ret([r]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                v2 = iconst.i64 0
                return v2
            }
        "#]],
    );
}

#[test]
fn code_behind_a_return_vanishes() {
    check(
        |b, v| {
            let x = b.new_var(Ty::I64);
            b.def_var(x, v[0]);
            let r = b.use_var(x);
            b.ret([r]);
            // What a front end emits for `return x; x++; if x < y { … }`.
            let y = b.use_var(x);
            let z = add(b, y, v[1]);
            b.def_var(x, z);
            let (then, join) = (b.new_block(), b.new_block());
            let c = b.icmp(IntCc::Slt, z, v[1]);
            b.branch(c, then, join);
            b.switch_to_sealed(then);
            let y = b.use_var(x);
            b.def_var(x, y);
            b.jump(join);
            b.switch_to_sealed(join);
            let y = b.use_var(x);
            b.ret([y]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                v6 = iconst.i8 0
                v4 = iconst.i64 0
                v2 = iconst.i64 0
                return v0
            }
        "#]],
    );
}

/// `return x; for x < y {}; return x`: reading x goes round a loop that has no way in.
#[test]
fn a_loop_without_a_way_in_vanishes() {
    check(
        |b, v| {
            let x = b.new_var(Ty::I64);
            b.def_var(x, v[0]);
            let r = b.use_var(x);
            b.ret([r]);
            let (head, body, exit) = (b.new_block(), b.new_block(), b.new_block());
            b.jump(head);
            b.switch_to(head);
            let c = b.icmp(IntCc::Slt, v[0], v[1]);
            b.branch(c, body, exit);
            b.switch_to_sealed(body);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(exit);
            let r = b.use_var(x);
            b.ret([r]);
        },
        expect![[r#"
            func f(i64, i64) -> i64 {
            b0(v0: i64, v1: i64):
                return v0
            }
        "#]],
    );
}

/// A variable of the entry read behind ten thousand joins, on a small stack.
#[test]
fn long_functions_need_no_deep_recursion() {
    let build_it = || {
        build(|b, v| {
            let x = b.new_var(Ty::I64);
            b.def_var(x, v[0]);
            for _ in 0..10_000 {
                let (then, join) = (b.new_block(), b.new_block());
                let c = b.icmp(IntCc::Slt, v[0], v[1]);
                b.branch(c, then, join);
                b.switch_to_sealed(then);
                b.jump(join);
                b.switch_to_sealed(join);
            }
            let r = b.use_var(x);
            b.ret([r]);
        })
    };
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    let (func, _) = thread.spawn(build_it).unwrap().join().unwrap();
    assert!(func.blocks.iter().all(|b| b.params.len() <= 2));
}
