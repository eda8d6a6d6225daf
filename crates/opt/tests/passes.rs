//! Small functions before and after the whole pipeline.

use expect_test::{Expect, expect};
use goxide_base::{Pos, Symbol};
use goxide_ir::{
    BinaryOp, Builder, Callee, FuncFlags, Function, IntCc, MemFlags, Module, Op, Signature, SymId,
    SymKind, Ty,
};
use goxide_opt::{Options, optimize};

fn sig(params: &[Ty], results: &[Ty]) -> Signature {
    Signature {
        params: params.into(),
        results: results.into(),
    }
}

fn start(module: &mut Module, name: &str, signature: Signature) -> Builder {
    let name = Symbol::intern(name);
    let sym = module.symbols.get(name, SymKind::Func);
    Builder::new(Function::new(sym, name, signature, Pos::NONE))
}

fn finish(module: &mut Module, builder: Builder) -> SymId {
    let func = builder.finish();
    let sym = func.sym;
    module.functions.push(func);
    sym
}

/// Optimises and compares the text of the last function.
fn check(mut module: Module, want: Expect) {
    let options = Options {
        verify: true,
        ..Options::default()
    };
    optimize(&mut module, &options, |_, _| {});
    let last = module.functions.last().expect("a function");
    want.assert_eq(&last.text(&module.symbols, &|_| None));
}

fn new_object(b: &mut Builder, bytes: u64) -> goxide_ir::Value {
    b.push1(Op::New {
        desc: None,
        bytes,
        align: 8,
        escaped: None,
    })
}

#[test]
fn a_local_object_becomes_values() {
    let mut module = Module::default();
    let mut b = start(&mut module, "f", sig(&[Ty::I64], &[Ty::I64]));
    let x = b.func.blocks[Function::ENTRY].params[0];
    let object = new_object(&mut b, 16);
    b.store(object, 8, x, MemFlags::default());
    let zero = b.load(Ty::I64, object, 0, MemFlags::default());
    let back = b.load(Ty::I64, object, 8, MemFlags::default());
    let sum = b.push1(Op::Binary(BinaryOp::Iadd, back, zero));
    b.ret([sum]);
    finish(&mut module, b);
    check(
        module,
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
    let mut module = Module::default();
    let mut b = start(&mut module, "f", sig(&[Ty::Ptr], &[Ty::Ptr]));
    let owner = b.func.blocks[Function::ENTRY].params[0];
    let stored = new_object(&mut b, 8);
    b.store(owner, 0, stored, MemFlags::default());
    let returned = new_object(&mut b, 24);
    b.ret([returned]);
    finish(&mut module, b);
    check(
        module,
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
    let mut b = start(&mut module, "wrap", sig(&[Ty::Ptr], &[Ty::Ptr]));
    b.func.flags = FuncFlags {
        no_inline: true,
        ..FuncFlags::default()
    };
    let kept = b.func.blocks[Function::ENTRY].params[0];
    let holder = new_object(&mut b, 8);
    b.store(holder, 0, kept, MemFlags::default());
    b.ret([holder]);
    let wrap = finish(&mut module, b);
    let mut b = start(&mut module, "f", sig(&[], &[Ty::Ptr]));
    let object = new_object(&mut b, 16);
    let callee = Callee::Direct(wrap, Box::new(sig(&[Ty::Ptr], &[Ty::Ptr])));
    let holder = b.call(callee, vec![object])[0];
    b.ret([holder]);
    finish(&mut module, b);
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
    let mut module = Module::default();
    let mut b = start(&mut module, "f", sig(&[Ty::I64], &[Ty::I64]));
    let n = b.func.blocks[Function::ENTRY].params[0];
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
    let node = new_object(&mut b, 16);
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
    finish(&mut module, b);
    check(
        module,
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
    let mut b = start(&mut module, "clamp", sig(&[Ty::I64, Ty::I64], &[Ty::I64]));
    let params = b.func.blocks[Function::ENTRY].params.clone();
    let over = b.icmp(IntCc::Sgt, params[0], params[1]);
    let (yes, no) = (b.new_block(), b.new_block());
    b.branch(over, yes, no);
    b.switch_to_sealed(yes);
    b.ret([params[1]]);
    b.switch_to_sealed(no);
    b.ret([params[0]]);
    let clamp = finish(&mut module, b);

    let mut b = start(&mut module, "f", sig(&[Ty::I64], &[Ty::I64]));
    let x = b.func.blocks[Function::ENTRY].params[0];
    let callee = Callee::Direct(clamp, Box::new(sig(&[Ty::I64, Ty::I64], &[Ty::I64])));
    let (big, small) = (b.iconst(Ty::I64, 9), b.iconst(Ty::I64, 7));
    let seven = b.call(callee, vec![big, small])[0];
    let sum = b.push1(Op::Binary(BinaryOp::Iadd, x, seven));
    b.ret([sum]);
    finish(&mut module, b);
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
    let mut b = start(&mut module, "g", sig(&[], &[Ty::I64]));
    let fp = b.push1(Op::FramePtr);
    b.func.flags = FuncFlags {
        no_inline: true,
        ..FuncFlags::default()
    };
    b.ret([fp]);
    let callee = finish(&mut module, b);
    let mut b = start(&mut module, "f", sig(&[], &[Ty::I64]));
    let call = Callee::Direct(callee, Box::new(sig(&[], &[Ty::I64])));
    let fp = b.call(call, vec![])[0];
    b.ret([fp]);
    finish(&mut module, b);
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
