//! Compiles IR functions, links them into this process and runs them on a made-up g.
#![allow(dead_code, reason = "each test binary uses a part")]

use goxide_abi::{DeferFrame, G_OFFSETS, GContext, PanicKind};
use goxide_base::{Pos, Symbol};
use goxide_clif::{Backend, CompiledFunction, CpuLevel, OptLevel, Options, RelocKind, RelocTarget};
use goxide_ir::{Builder, Function, Op, Signature, SymId, SymKind, Symbols, Ty, Value, verify};
use std::arch::naked_asm;
use std::collections::HashMap;
use std::mem::offset_of;

/// Registers around a call: parameters before, results after.
#[repr(C)]
#[derive(Clone, Copy, Default, Debug, PartialEq)]
pub struct Registers {
    pub ints: [u64; 8],
    pub floats: [u64; 8],
}

/// What a run ended in.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Outcome {
    Returned(Registers),
    /// A failed check, with its operands.
    Panicked(PanicKind, [u64; 2]),
}

impl Outcome {
    pub fn int(self) -> u64 {
        match self {
            Outcome::Returned(r) => r.ints[0],
            other => panic!("{other:?}"),
        }
    }
    pub fn float(self) -> f64 {
        match self {
            Outcome::Returned(r) => f64::from_bits(r.floats[0]),
            other => panic!("{other:?}"),
        }
    }
}

/// Functions being put together for one test.
#[derive(Default)]
pub struct Program {
    pub symbols: Symbols,
    pub functions: Vec<Function>,
}

pub fn sig(params: &[Ty], results: &[Ty]) -> Signature {
    Signature {
        params: params.iter().copied().collect(),
        results: results.iter().copied().collect(),
    }
}

impl Program {
    pub fn sym(&mut self, name: &str) -> SymId {
        self.symbols.get(Symbol::intern(name), SymKind::Func)
    }

    /// Adds a function built by `body`, which gets the builder and the parameters.
    pub fn add(
        &mut self,
        name: &str,
        signature: Signature,
        body: impl FnOnce(&mut Builder, &[Value]),
    ) -> SymId {
        let sym = self.sym(name);
        let func = Function::new(sym, Symbol::intern(name), signature, Pos::NONE);
        let mut builder = Builder::new(func);
        let params = builder.func.blocks[Function::ENTRY].params.to_vec();
        body(&mut builder, &params);
        let func = builder.finish();
        if let Err(e) = verify(&func) {
            panic!("{e}\n{}", func.text(&self.symbols, &|_| None));
        }
        self.functions.push(func);
        sym
    }

    pub fn link(&self) -> Image {
        self.link_for((CpuLevel::V1, OptLevel::Speed))
    }

    pub fn link_for(&self, (cpu, opt): Level) -> Image {
        let backend = Backend::new(Options {
            cpu,
            opt,
            verify: true,
        });
        let compiled = backend.compile_all(&self.functions).expect("compiles");
        if opt == OptLevel::Speed {
            for f in &compiled {
                // `mov rsp, rbp`: the pass over finished code takes it away.
                let restores = f.code.windows(3).any(|w| w == [0x48, 0x89, 0xec]);
                assert!(!restores, "the pass over finished code gave up {}", f.name);
            }
        }
        Image::new(compiled)
    }
}

/// Linked code.
pub struct Image {
    base: *mut u8,
    pub functions: Vec<CompiledFunction>,
    addresses: HashMap<SymId, usize>,
}

const IMAGE_BYTES: usize = 1 << 20;

impl Image {
    fn new(functions: Vec<CompiledFunction>) -> Image {
        // SAFETY: a fresh anonymous mapping.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                IMAGE_BYTES,
                libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        assert_ne!(base, libc::MAP_FAILED);
        let mut image = Image {
            base: base.cast(),
            functions,
            addresses: HashMap::new(),
        };
        image.place();
        image
    }

    fn place(&mut self) {
        let mut at = 0;
        for f in &self.functions {
            at = usize::next_multiple_of(at, f.align as usize);
            self.addresses.insert(f.sym, self.base as usize + at);
            // SAFETY: the mapping is larger than the code (checked below).
            unsafe {
                std::ptr::copy_nonoverlapping(f.code.as_ptr(), self.base.add(at), f.code.len())
            };
            at += f.code.len();
        }
        // Far functions of this process are reached by `jmp [rip]; address`.
        let mut stubs: HashMap<Symbol, usize> = HashMap::new();
        at = at.next_multiple_of(16);
        for f in &self.functions {
            for r in &f.relocs {
                let target = match r.target {
                    RelocTarget::Sym(sym) => self.addresses[&sym],
                    RelocTarget::Named(name) => *stubs.entry(name).or_insert_with(|| {
                        let stub = self.base as usize + at;
                        let mut code = vec![0xff, 0x25, 0, 0, 0, 0];
                        code.extend((runtime_symbol(name.as_str()) as u64).to_le_bytes());
                        // SAFETY: as above.
                        unsafe {
                            std::ptr::copy_nonoverlapping(
                                code.as_ptr(),
                                stub as *mut u8,
                                code.len(),
                            );
                        }
                        at += 16;
                        stub
                    }),
                };
                let field = self.addresses[&f.sym] + r.offset as usize;
                let value = target as i64 + r.addend;
                // SAFETY: the field is inside of the function's code.
                unsafe {
                    match r.kind {
                        RelocKind::Abs64 => (field as *mut i64).write_unaligned(value),
                        RelocKind::Rel32 => (field as *mut i32)
                            .write_unaligned(i32::try_from(value - field as i64).unwrap()),
                    }
                }
            }
        }
        assert!(at < IMAGE_BYTES);
    }

    pub fn address(&self, sym: SymId) -> usize {
        self.addresses[&sym]
    }

    pub fn run(&self, sym: SymId, ints: &[u64], floats: &[u64]) -> Outcome {
        self.run_on(&mut new_g(), sym, ints, floats)
    }

    pub fn run_on(&self, g: &mut GContext, sym: SymId, ints: &[u64], floats: &[u64]) -> Outcome {
        let mut registers = Registers::default();
        registers.ints[..ints.len()].copy_from_slice(ints);
        registers.floats[..floats.len()].copy_from_slice(floats);
        g.goid = NO_PANIC;
        // SAFETY: the code was compiled from verified IR and follows the convention; the
        // stub saves what it may change.
        unsafe { enter(&mut registers, self.address(sym), g) };
        if g.goid == NO_PANIC {
            Outcome::Returned(registers)
        } else {
            Outcome::Panicked(PANICS[g.goid as usize], g.check_operands)
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: the mapping is ours and no code of it runs any more.
        unsafe { libc::munmap(self.base.cast(), IMAGE_BYTES) };
    }
}

const NO_PANIC: u64 = 99;

/// A g whose stack check always passes.
pub fn new_g() -> GContext {
    // SAFETY: integers and pointers may be zero.
    unsafe { std::mem::zeroed() }
}

/// Handlers that the tests know, by position.
const PANICS: [PanicKind; 5] = [
    PanicKind::Index,
    PanicKind::SliceAlen,
    PanicKind::Divide,
    PanicKind::NilDereference,
    PanicKind::SliceB,
];

fn runtime_symbol(name: &str) -> usize {
    let panics: [unsafe extern "C" fn(); 5] = [
        panic_n::<0>,
        panic_n::<1>,
        panic_n::<2>,
        panic_n::<3>,
        panic_n::<4>,
    ];
    if let Some(n) = PANICS.iter().position(|p| p.handler() == name) {
        return panics[n] as *const () as usize;
    }
    match name {
        "runtime.morestack" => morestack as *const () as usize,
        "runtime.cold_call" => goxide_fiber::x86_64::cold_call::go_cold_call as *const () as usize,
        "runtime.memmove" => libc::memmove as *const () as usize,
        "runtime.memmove_pointers" => memmove_pointers as *const () as usize,
        "runtime.gc_shade" => gc_shade as *const () as usize,
        "runtime.memclr" => memclr as *const () as usize,
        "runtime.mallocgc" => mallocgc as *const () as usize,
        "runtime.resume_frame" => resume_frame as *const () as usize,
        "runtime.round_up_size" => clobber as *const () as usize,
        other => panic!("no {other} in the tests"),
    }
}

extern "C" fn memclr(at: *mut u8, bytes: usize) {
    // SAFETY: compiled code passes memory of its own.
    unsafe { at.write_bytes(0, bytes) }
}

extern "C" fn mallocgc(bytes: usize, _desc: usize, _zeroed: usize) -> *mut u8 {
    // SAFETY: never freed; the tests are small.
    unsafe { libc::calloc(1, bytes.max(16)).cast() }
}

/// A runtime call that leaves nothing in the registers it may change.
#[unsafe(naked)]
unsafe extern "C" fn clobber(_a: u64, _b: u64) -> u64 {
    naked_asm!(
        "lea rax, [rdi + rsi]",
        "mov rcx, -1",
        "mov rdx, -1",
        "mov rsi, -1",
        "mov rdi, -1",
        "mov r8, -1",
        "mov r9, -1",
        "mov r10, -1",
        "mov r11, -1",
        "pcmpeqd xmm0, xmm0",
        "movaps xmm1, xmm0",
        "movaps xmm2, xmm0",
        "movaps xmm3, xmm0",
        "movaps xmm4, xmm0",
        "movaps xmm5, xmm0",
        "movaps xmm8, xmm0",
        "movaps xmm15, xmm0",
        "ret",
    )
}

/// Gives the function "a new segment": lifts the limit, counts in `goid` of the slow
/// results and leaves garbage in the free registers.
#[unsafe(naked)]
unsafe extern "C" fn morestack() {
    naked_asm!(
        "mov qword ptr [r15 + {limit}], 0",
        "inc qword ptr [r15 + {count}]",
        "mov [r15 + {count} + 8], r10",
        "mov rax, -1",
        "mov r10, -1",
        "jmp r11",
        limit = const G_OFFSETS.stack_limit,
        count = const G_OFFSETS.slow_results,
    )
}

/// A write barrier: counts, and notes the pointer.
#[unsafe(naked)]
unsafe extern "C" fn gc_shade() {
    naked_asm!(
        "push rax",
        "mov rax, [r15 + {shade}]",
        "mov [r15 + {noted} + 8], rax",
        "inc qword ptr [r15 + {noted}]",
        "pop rax",
        "ret",
        shade = const G_OFFSETS.shade,
        noted = const G_OFFSETS.slow_results,
    )
}

/// Counts like the barrier, and copies.
#[unsafe(naked)]
unsafe extern "C" fn memmove_pointers() {
    naked_asm!(
        "inc qword ptr [r15 + {noted}]",
        "jmp {copy}",
        noted = const G_OFFSETS.slow_results,
        copy = sym libc::memmove,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn resume_frame(_frame: *mut DeferFrame) {
    naked_asm!(
        "mov rsp, [rdi + {sp}]", "mov rbp, [rdi + {fp}]", "mov rdx, [rdi + {pc}]",
        "mov rax, -1", "mov rbx, -1", "mov r12, -1", "mov r13, -1", "mov r14, -1",
        "jmp rdx",
        sp = const offset_of!(DeferFrame, resume_sp),
        fp = const offset_of!(DeferFrame, resume_fp),
        pc = const offset_of!(DeferFrame, resume_pc),
    )
}

/// Handler of a failed check: leaves the compiled code altogether.
#[unsafe(naked)]
unsafe extern "C" fn panic_n<const N: usize>() {
    naked_asm!(
        "mov qword ptr [r15 + {goid}], {n}",
        "mov rsp, [r15 + {sp}]",
        "jmp [r15 + {pc}]",
        n = const N,
        goid = const offset_of!(GContext, goid),
        sp = const G_OFFSETS.sched_sp,
        pc = const G_OFFSETS.sched_pc,
    )
}

#[unsafe(naked)]
unsafe extern "C" fn enter(_registers: *mut Registers, _code: usize, _g: *mut GContext) {
    naked_asm!(
        "push rbx", "push rbp", "push r12", "push r13", "push r14", "push r15", "sub rsp, 8",
        "mov r15, rdx",
        "mov [r15 + {sp}], rsp",
        "mov [r15 + {fp}], rdi",
        "lea rax, [rip + 2f]",
        "mov [r15 + {pc}], rax",
        "mov rax, rsi",
        "movsd xmm0, [rdi + 64]", "movsd xmm1, [rdi + 72]",
        "movsd xmm2, [rdi + 80]", "movsd xmm3, [rdi + 88]",
        "movsd xmm4, [rdi + 96]", "movsd xmm5, [rdi + 104]",
        "movsd xmm6, [rdi + 112]", "movsd xmm7, [rdi + 120]",
        "mov rsi, [rdi + 8]", "mov rdx, [rdi + 16]", "mov rcx, [rdi + 24]",
        "mov r8, [rdi + 32]", "mov r9, [rdi + 40]", "mov rdi, [rdi]",
        // Callee-saved registers get values that must come back.
        "mov rbx, 0x1111", "mov r12, 0x2222", "mov r13, 0x3333", "mov r14, 0x4444",
        "call rax",
        "cmp rbx, 0x1111", "jne 3f", "cmp r12, 0x2222", "jne 3f",
        "cmp r13, 0x3333", "jne 3f", "cmp r14, 0x4444", "jne 3f",
        "2:",
        "mov rbx, [r15 + {fp}]",
        "mov [rbx], rax", "mov [rbx + 8], rcx", "mov [rbx + 16], rdx", "mov [rbx + 24], rsi",
        "mov [rbx + 32], rdi", "mov [rbx + 40], r8", "mov [rbx + 48], r9", "mov [rbx + 56], r10",
        "movsd [rbx + 64], xmm0", "movsd [rbx + 72], xmm1",
        "movsd [rbx + 80], xmm2", "movsd [rbx + 88], xmm3",
        "movsd [rbx + 96], xmm4", "movsd [rbx + 104], xmm5",
        "movsd [rbx + 112], xmm6", "movsd [rbx + 120], xmm7",
        "add rsp, 8", "pop r15", "pop r14", "pop r13", "pop r12", "pop rbp", "pop rbx",
        "ret",
        "3: ud2",
        sp = const G_OFFSETS.sched_sp,
        fp = const G_OFFSETS.sched_fp,
        pc = const G_OFFSETS.sched_pc,
    )
}

pub type Level = (CpuLevel, OptLevel);

/// The levels that this machine can run, and the unoptimised build of the first.
pub fn levels() -> Vec<Level> {
    let mut levels = vec![CpuLevel::V1];
    if std::arch::is_x86_feature_detected!("sse4.2") {
        levels.push(CpuLevel::V2);
    }
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        levels.push(CpuLevel::V3);
    }
    let fast = levels.into_iter().map(|l| (l, OptLevel::Speed));
    fast.chain([(CpuLevel::V1, OptLevel::None)]).collect()
}

/// A program of one function that returns what one operation on its parameters gives.
pub fn one_op(params: &[Ty], op: impl FnOnce(&[Value]) -> Op) -> (Program, SymId) {
    let mut program = Program::default();
    let sym = program.add_op("f", params, op);
    (program, sym)
}

impl Program {
    /// A function that returns what one operation on its parameters gives.
    pub fn add_op(&mut self, name: &str, params: &[Ty], op: impl FnOnce(&[Value]) -> Op) -> SymId {
        // The result types follow from the operation, which needs the parameters first.
        let mut probe = Function::new(SymId(0), Symbol::EMPTY, sig(params, &[]), Pos::NONE);
        let values = probe.blocks[Function::ENTRY].params.to_vec();
        let op = op(&values);
        let results = probe.result_types(&op);
        let _ = &mut probe;
        self.add(name, sig(params, &results), |b, _| {
            let inst = b.push(op);
            let results = b.results(inst);
            b.ret(results);
        })
    }
}
