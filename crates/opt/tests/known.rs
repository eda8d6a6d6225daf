//! What is known is not computed, loaded or checked again.

mod common;

use common::{check_one, new_object};
use expect_test::expect;
use goxide_abi::PanicKind;
use goxide_ir::{AliasTag, BinaryOp, Builder, IntCc, MemFlags, Op, Ty, Value};

fn tagged(tag: AliasTag) -> MemFlags {
    MemFlags {
        tag,
        ..MemFlags::default()
    }
}

fn add(b: &mut Builder, x: Value, y: Value) -> Value {
    b.push1(Op::Binary(BinaryOp::Iadd, x, y))
}

#[test]
fn a_number_stored_changes_no_length_but_other_numbers() {
    check_one(
        &[Ty::Ptr, Ty::Ptr, Ty::I64],
        &[Ty::I64],
        |b, p| {
            let length = b.load(Ty::I64, p[0], 8, tagged(AliasTag::LENGTH));
            let number = b.load(Ty::I64, p[0], 16, tagged(AliasTag::NUMBER));
            b.store(p[1], 0, p[2], tagged(AliasTag::NUMBER));
            let again = b.load(Ty::I64, p[0], 8, tagged(AliasTag::LENGTH));
            let changed = b.load(Ty::I64, p[0], 16, tagged(AliasTag::NUMBER));
            let stored = b.load(Ty::I64, p[1], 0, tagged(AliasTag::NUMBER));
            let mut sum = add(b, length, number);
            for x in [again, changed, stored] {
                sum = add(b, sum, x);
            }
            b.ret([sum]);
        },
        expect![[r#"
        func f(ptr, ptr, i64) -> i64 {
        b0(v0: ptr, v1: ptr, v2: i64):
            v3 = load.i64 v0+8 tag3
            v4 = load.i64 v0+16 notrap tag1
            store v1+0, v2 tag1
            v6 = load.i64 v0+16 notrap tag1
            v8 = iadd v3, v4
            v9 = iadd v8, v3
            v10 = iadd v9, v6
            v11 = iadd v10, v2
            return v11
        }
    "#]],
    );
}

#[test]
fn where_memory_is_reinterpreted_tags_say_nothing() {
    check_one(
        &[Ty::Ptr, Ty::Ptr, Ty::I64],
        &[Ty::I64],
        |b, p| {
            b.func.flags.reinterprets = true;
            let before = b.load(Ty::I64, p[0], 8, tagged(AliasTag::LENGTH));
            b.store(p[1], 0, p[2], tagged(AliasTag::NUMBER));
            let after = b.load(Ty::I64, p[0], 8, tagged(AliasTag::LENGTH));
            let sum = add(b, before, after);
            b.ret([sum]);
        },
        expect![[r#"
        func f(ptr, ptr, i64) -> i64 {
        b0(v0: ptr, v1: ptr, v2: i64):
            v3 = load.i64 v0+8
            store v1+0, v2
            v4 = load.i64 v0+8 notrap
            v5 = iadd v3, v4
            return v5
        }
    "#]],
    );
}

#[test]
fn an_atomic_load_lets_others_stores_be_seen() {
    check_one(
        &[Ty::Ptr, Ty::Ptr],
        &[Ty::I64],
        |b, p| {
            let before = b.load(Ty::I64, p[0], 0, tagged(AliasTag::NUMBER));
            b.push1(Op::AtomicLoad(Ty::I64, p[1]));
            let after = b.load(Ty::I64, p[0], 0, tagged(AliasTag::NUMBER));
            let sum = add(b, before, after);
            b.ret([sum]);
        },
        expect![[r#"
        func f(ptr, ptr) -> i64 {
        b0(v0: ptr, v1: ptr):
            v2 = load.i64 v0+0 tag1
            v3 = atomic_load.i64 v1
            v4 = load.i64 v0+0 notrap tag1
            v5 = iadd v2, v4
            return v5
        }
    "#]],
    );
}

/// `for i := 0; i < n; i++ { body }`
fn counted(b: &mut Builder, n: Value, body: impl FnOnce(&mut Builder, Value)) {
    let var = b.new_var(Ty::I64);
    let zero = b.iconst(Ty::I64, 0);
    b.def_var(var, zero);
    let (head, inside, done) = (b.new_block(), b.new_block(), b.new_block());
    b.jump(head);
    b.switch_to(head);
    let i = b.use_var(var);
    let more = b.icmp(IntCc::Slt, i, n);
    b.branch(more, inside, done);
    b.switch_to_sealed(inside);
    body(b, i);
    let one = b.iconst(Ty::I64, 1);
    let next = add(b, i, one);
    b.def_var(var, next);
    b.jump(head);
    b.seal(head);
    b.switch_to_sealed(done);
}

#[test]
fn a_counter_below_the_length_needs_no_check() {
    check_one(
        &[Ty::I64, Ty::I64],
        &[],
        |b, p| {
            counted(b, p[0], |b, i| {
                b.push(Op::BoundsCheck(PanicKind::Index, i, p[0]));
                // Another length: this one stays, once.
                b.push(Op::BoundsCheck(PanicKind::Index, i, p[1]));
                b.push(Op::BoundsCheck(PanicKind::Index, i, p[1]));
            });
            b.ret([]);
        },
        expect![[r#"
        func f(i64, i64) {
        b0(v0: i64, v1: i64):
            v2 = iconst.i64 0
            jump b1(v2)
        b1(v3: i64):
            v4 = icmp.slt v3, v0
            branch v4, b2, b3
        b2:
            check.Index v3, v1
            v5 = iconst.i64 1
            v6 = iadd v3, v5
            jump b1(v6)
        b3:
            return
        }
    "#]],
    );
}

#[test]
fn the_place_before_a_counter_needs_no_check() {
    // for j := i; j > 0; j-- { a[j]; a[j-1] }, i in bounds
    check_one(
        &[Ty::I64, Ty::I64],
        &[],
        |b, p| {
            b.push(Op::BoundsCheck(PanicKind::Index, p[0], p[1]));
            let var = b.new_var(Ty::I64);
            b.def_var(var, p[0]);
            let (head, inside, done) = (b.new_block(), b.new_block(), b.new_block());
            b.jump(head);
            b.switch_to(head);
            let (j, zero) = (b.use_var(var), b.iconst(Ty::I64, 0));
            let more = b.icmp(IntCc::Sgt, j, zero);
            b.branch(more, inside, done);
            b.switch_to_sealed(inside);
            b.push(Op::BoundsCheck(PanicKind::Index, j, p[1]));
            let one = b.iconst(Ty::I64, 1);
            let next = b.push1(Op::Binary(BinaryOp::Isub, j, one));
            b.push(Op::BoundsCheck(PanicKind::Index, next, p[1]));
            b.def_var(var, next);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(done);
            b.ret([]);
        },
        expect![[r#"
        func f(i64, i64) {
        b0(v0: i64, v1: i64):
            check.Index v0, v1
            jump b1(v0)
        b1(v2: i64):
            v3 = iconst.i64 0
            v4 = icmp.sgt v2, v3
            branch v4, b2, b3
        b2:
            v5 = iconst.i64 1
            v6 = isub v2, v5
            jump b1(v6)
        b3:
            return
        }
    "#]],
    );
}

#[test]
fn a_counter_that_may_overflow_is_checked() {
    // for i := 0; i <= n; i++: i can wrap if n is the greatest integer.
    check_one(
        &[Ty::I64, Ty::I64],
        &[],
        |b, p| {
            let var = b.new_var(Ty::I64);
            let zero = b.iconst(Ty::I64, 0);
            b.def_var(var, zero);
            let (head, inside, done) = (b.new_block(), b.new_block(), b.new_block());
            b.jump(head);
            b.switch_to(head);
            let i = b.use_var(var);
            let more = b.icmp(IntCc::Sle, i, p[0]);
            b.branch(more, inside, done);
            b.switch_to_sealed(inside);
            let zero = b.iconst(Ty::I64, 0);
            let natural = b.icmp(IntCc::Sge, i, zero);
            b.push(Op::Check(PanicKind::Shift, natural, Default::default()));
            let one = b.iconst(Ty::I64, 1);
            let next = add(b, i, one);
            b.def_var(var, next);
            b.jump(head);
            b.seal(head);
            b.switch_to_sealed(done);
            b.ret([]);
        },
        expect![[r#"
        func f(i64, i64) {
        b0(v0: i64, v1: i64):
            v2 = iconst.i64 0
            jump b1(v2)
        b1(v3: i64):
            v4 = icmp.sle v3, v0
            branch v4, b2, b3
        b2:
            v6 = icmp.sge v3, v2
            check.Shift v6 []
            v7 = iconst.i64 1
            v8 = iadd v3, v7
            jump b1(v8)
        b3:
            return
        }
    "#]],
    );
}

#[test]
fn a_field_stays_in_a_register_over_a_loop_and_is_still_stored() {
    check_one(
        &[Ty::Ptr, Ty::I64],
        &[],
        |b, p| {
            let zero = b.iconst(Ty::I64, 0);
            b.store(p[0], 8, zero, tagged(AliasTag::NUMBER));
            counted(b, p[1], |b, i| {
                let sum = b.load(Ty::I64, p[0], 8, tagged(AliasTag::NUMBER));
                let sum = add(b, sum, i);
                b.store(p[0], 8, sum, tagged(AliasTag::NUMBER));
            });
            b.ret([]);
        },
        expect![[r#"
        func f(ptr, i64) {
        b0(v0: ptr, v1: i64):
            v2 = iconst.i64 0
            store v0+8, v2 tag1
            jump b1(v2, v2)
        b1(v4: i64, v10: i64):
            v5 = icmp.slt v4, v1
            branch v5, b2, b3
        b2:
            v7 = iadd v10, v4
            store v0+8, v7 notrap tag1
            v8 = iconst.i64 1
            v9 = iadd v4, v8
            jump b1(v9, v7)
        b3:
            return
        }
    "#]],
    );
}

#[test]
fn the_first_access_checks_for_nil_and_no_other() {
    check_one(
        &[Ty::Ptr],
        &[Ty::I64],
        |b, p| {
            let x = b.load(Ty::I64, p[0], 8, MemFlags::default());
            b.push(Op::NilCheck(p[0]));
            b.load(Ty::I64, p[0], 24, MemFlags::default());
            let (nil, var) = (b.zero(Ty::Ptr), b.new_var(Ty::I64));
            let some = b.icmp(IntCc::Ne, p[0], nil);
            let (yes, no) = (b.new_block(), b.new_block());
            b.def_var(var, x);
            b.branch(some, yes, no);
            b.switch_to_sealed(yes);
            b.ret([x]);
            b.switch_to_sealed(no);
            let zero = b.iconst(Ty::I64, 0);
            b.ret([zero]);
        },
        expect![[r#"
        func f(ptr) -> i64 {
        b0(v0: ptr):
            v1 = load.i64 v0+8
            return v1
        }
    "#]],
    );
}

#[test]
fn what_a_new_object_holds_is_known_until_others_see_it() {
    check_one(
        &[Ty::Ptr, Ty::I64],
        &[Ty::I64],
        |b, p| {
            let object = new_object(b, 16);
            b.store(p[0], 0, object, tagged(AliasTag::POINTER));
            let zero = b.load(Ty::I64, object, 8, tagged(AliasTag::NUMBER));
            b.store(p[0], 64, p[1], tagged(AliasTag::NUMBER));
            let unknown = b.load(Ty::I64, object, 8, tagged(AliasTag::NUMBER));
            let sum = add(b, zero, unknown);
            b.ret([sum]);
        },
        expect![[r#"
        func f(ptr, i64) -> i64 {
        b0(v0: ptr, v1: i64):
            v2 = new 16 align 8
            store_ptr v0+0, v2 tag2
            store v0+64, v1 notrap tag1
            v4 = load.i64 v2+8 notrap tag1
            return v4
        }
    "#]],
    );
}
