//! What `goxide asm` shows, and with it the shape of compiled code.

mod common;

use common::{Program, sig};
use expect_test::{Expect, expect};
use goxide_abi::PanicKind;
use goxide_clif::{Backend, Options, Source, listing};
use goxide_ir::{BinaryOp, Builder, Callee, IntCc, LocData, MemFlags, Op, SymId, Ty};

struct Names<'a>(&'a Program);

impl Source for Names<'_> {
    fn symbol_name(&self, sym: SymId) -> String {
        self.0.symbols.name(sym).to_string()
    }
    fn line(&self, loc: &LocData) -> Option<(String, Option<String>)> {
        Some((format!("x.go:{}", loc.pos.0), None))
    }
}

fn check(program: &Program, expect: Expect) {
    let backend = Backend::new(Options::default());
    let compiled = backend.compile_all(&program.functions).unwrap();
    let texts: Vec<String> = compiled
        .iter()
        .map(|f| listing(f, &Names(program)))
        .collect();
    expect.assert_eq(&texts.join("\n"));
}

fn line(b: &mut Builder, line: u32) {
    let mut loc = b.func.locs[goxide_ir::Loc(0)];
    loc.pos = goxide_base::Pos(line);
    b.set_loc(loc);
}

#[test]
fn a_checked_loop_over_a_slice() {
    let mut p = Program::default();
    let params = [Ty::Ptr, Ty::I64, Ty::I64];
    p.add("sum", sig(&params, &[Ty::I64]), |b, v| {
        let (i, s) = (b.new_var(Ty::I64), b.new_var(Ty::I64));
        let zero = b.iconst(Ty::I64, 0);
        b.def_var(i, zero);
        b.def_var(s, zero);
        let (head, body, exit) = (b.new_block(), b.new_block(), b.new_block());
        line(b, 2);
        b.jump(head);
        b.switch_to(head);
        let at = b.use_var(i);
        let more = b.icmp(IntCc::Slt, at, v[2]);
        b.branch(more, body, exit);
        b.switch_to_sealed(body);
        line(b, 3);
        let at = b.use_var(i);
        b.push(Op::BoundsCheck(PanicKind::Index, at, v[1]));
        let three = b.iconst(Ty::I64, 3);
        let offset = b.push1(Op::Binary(BinaryOp::ShlInRange, at, three));
        let place = b.push1(Op::Binary(BinaryOp::Iadd, v[0], offset));
        let flags = MemFlags {
            no_trap: true,
            ..MemFlags::default()
        };
        let element = b.load(Ty::I64, place, 0, flags);
        let sum = b.use_var(s);
        let sum = b.push1(Op::Binary(BinaryOp::Iadd, sum, element));
        b.def_var(s, sum);
        line(b, 2);
        let one = b.iconst(Ty::I64, 1);
        let next = b.push1(Op::Binary(BinaryOp::Iadd, at, one));
        b.def_var(i, next);
        b.jump(head);
        b.seal(head);
        b.switch_to_sealed(exit);
        line(b, 5);
        let sum = b.use_var(s);
        b.ret([sum]);
    });
    check(
        &p,
        expect![[r#"
            sum  59 bytes, frame 8, align 16
              x.go:0
                0000  push rbp
                0001  mov rbp, rsp
                0004  xor rax, rax
                0007  mov r8, rax
              x.go:2
                000a  cmp r8, rdx
                000d  jge .L2
              x.go:3
            .L1:
                000f  cmp r8, rsi
                0012  jae .L3
                0014  add rax, [rdi+r8*8]
                0018  add r8, 1
              x.go:2
                001c  cmp r8, rdx
                001f  jl .L1
              x.go:5
            .L2:
                0021  pop rbp
                0022  ret
              x.go:3
            .L3:
                0023  mov rax, r15
                0026  mov [rax+0xa0], r8
                002d  mov [rax+0xa8], rsi
                0034  call runtime.panicIndex
                0039  ud2
        "#]],
    );
}

#[test]
fn calls_checks_and_constants() {
    let mut p = Program::default();
    let one = sig(&[Ty::I64], &[Ty::I64]);
    let f = p.sym("main.f");
    let table = p.sym("main.table");
    p.add(
        "main.g",
        sig(&[Ty::Ptr, Ty::F64], &[Ty::I64, Ty::F64]),
        |b, v| {
            line(b, 10);
            let ten = b.iconst(Ty::I64, 10);
            let callee = goxide_ir::Callee::Closure(v[0], Box::new(one.clone()));
            let r = b.call(callee, vec![ten])[0];
            line(b, 11);
            let callee = goxide_ir::Callee::Direct(f, Box::new(one.clone()));
            let r = b.call(callee, vec![r])[0];
            line(b, 12);
            let base = b.push1(Op::SymAddr(table, 0));
            let flags = MemFlags {
                no_trap: true,
                ..MemFlags::default()
            };
            let entry = b.load(Ty::I64, base, 16, flags);
            b.push(Op::BoundsCheck(PanicKind::Index, r, entry));
            let c = b.push1(Op::Fconst(Ty::F64, 1.5f64.to_bits()));
            let x = b.push1(Op::Binary(BinaryOp::Fmul, v[1], c));
            b.ret([entry, x]);
        },
    );
    check(
        &p,
        expect![[r#"
            main.g  144 bytes, frame 24, align 16
              x.go:0
                0000  cmp rsp, [r15]  ; g.stack_limit
                0004  jbe .L2
            .body:
                0006  push rbp
                0007  mov rbp, rsp
                000a  sub rsp, 0x10
                000e  movdqu [rsp], xmm0
              x.go:10
                0013  mov r11, [rdi]
                0016  mov rax, r15
                0019  mov [rax+8], rdi
                001d  mov edi, 0xa
                0022  call r11
                0025  mov rdi, rax
              x.go:11
                0028  call main.f
                002d  mov rcx, rax
              x.go:12
                0030  mov rax, [rip+main.table+16]
                0037  cmp rcx, rax
                003a  jae .L1
                003c  movdqu xmm0, [rsp]
                0041  mulsd xmm0, [rip+0x37]
                0049  add rsp, 0x10
                004d  pop rbp
                004e  ret
            .L1:
                004f  mov rdx, r15
                0052  mov [rdx+0xa0], rcx
                0059  mov [rdx+0xa8], rax
                0060  call runtime.panicIndex
                0065  ud2
            .L2:
                0067  xor r10d, r10d
                006a  lea r11, [rip+.body]
                0071  jmp runtime.morestack
                0076  int3
                0077  int3
                0078  int3
                0079  int3
                007a  int3
                007b  int3
                007c  int3
                007d  int3
                007e  int3
                007f  int3
                0080  16 bytes of constants
        "#]],
    );
}

/// `x` and `y` live across calls; then they are forgotten, `y`, which is last used between two
/// calls, before the loop that calls, and not in each of its rounds.
#[test]
fn dead_values_are_forgotten() {
    let mut p = Program::default();
    let callee_sig = sig(&[Ty::Ptr], &[Ty::Ptr]);
    let callee = p.add("callee", callee_sig.clone(), |b, v| b.ret([v[0]]));
    p.functions.clear();
    p.add("f", sig(&[Ty::Ptr], &[]), |b, v| {
        let call = |b: &mut Builder, x| {
            b.call(
                Callee::Direct(callee, Box::new(callee_sig.clone())),
                vec![x],
            )[0]
        };
        let x = call(b, v[0]);
        let y = call(b, v[0]);
        call(b, x);
        b.store(y, 0, x, MemFlags::default());
        let (body, exit) = (b.new_block(), b.new_block());
        let i = b.new_var(Ty::I64);
        let three = b.iconst(Ty::I64, 3);
        b.def_var(i, three);
        b.jump(body);
        b.switch_to(body);
        let nil = b.iconst(Ty::Ptr, 0);
        call(b, nil);
        let at = b.use_var(i);
        let one = b.iconst(Ty::I64, 1);
        let next = b.push1(Op::Binary(BinaryOp::Isub, at, one));
        b.def_var(i, next);
        let zero = b.iconst(Ty::I64, 0);
        let more = b.icmp(IntCc::Ne, next, zero);
        b.branch(more, body, exit);
        b.seal(body);
        b.switch_to_sealed(exit);
        b.ret([]);
    });
    check(
        &p,
        expect![[r#"
        f  206 bytes, frame 40, align 16
          x.go:0
            0000  cmp rsp, [r15]  ; g.stack_limit
            0004  jbe .L5
        .body:
            000a  push rbp
            000b  mov rbp, rsp
            000e  sub rsp, 0x20
            0012  mov [rsp], rbx
            0016  mov [rsp+8], r12
            001b  mov [rsp+0x10], r14
            0020  mov rbx, rdi
            0023  xor r11d, r11d
            0026  mov [rsp+0x18], r11
            002b  call callee
            0030  mov rdi, rbx
            0033  mov r14, rax
            0036  xor ebx, ebx
            0038  call callee
            003d  mov rbx, r14
            0040  mov r12, rax
            0043  mov rdi, rbx
            0046  xor r14d, r14d
            0049  call callee
            004e  mov rax, r12
            0051  mov [rax], rbx
            0054  mov rax, [r15+0x68]
            0058  test rax, rax
            005b  mov r12d, 0
            0061  jne .L4
        .L1:
            0063  mov ebx, 3
            0068  nop [rax+rax]
            0071  nop [rax+rax]
            007a  nop [rax+rax]
        .L2:
            0080  xor rdi, rdi
            0083  call callee
            0088  mov rcx, rbx
            008b  sub rcx, 1
            008f  cmp rbx, 1
            0093  je .L3
            0095  mov rbx, rcx
            0098  jmp .L2
        .L3:
            009a  mov rbx, [rsp]
            009e  mov r12, [rsp+8]
            00a3  mov r14, [rsp+0x10]
            00a8  add rsp, 0x20
            00ac  pop rbp
            00ad  ret
        .L4:
            00ae  mov rax, r15
            00b1  mov [rax+0x98], rbx
            00b8  call runtime.gc_shade
            00bd  jmp .L1
        .L5:
            00bf  xor r10d, r10d
            00c2  lea r11, [rip+.body]
            00c9  jmp runtime.morestack
    "#]],
    );
}
