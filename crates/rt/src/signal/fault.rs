//! Faults: a bad access in Go code, or in a routine that only computes on memory of the
//! program's, becomes a panic, in other Rust code a crash report. Other signals that end the
//! process are reported here as well.

use super::{notify, table};
use crate::accel;
use crate::calls::stub_at;
use crate::fatal::{self, current_goroutine};
use crate::module;
use crate::sched::freeze;
use crate::sched::g::G;
use crate::sched::m::here;
use crate::traceback::{self, Interrupted, Walk};
use goxide_abi::EntryPoint;
use std::fmt::Write;

const PC: usize = libc::REG_RIP as usize;
const SP: usize = libc::REG_RSP as usize;
const FP: usize = libc::REG_RBP as usize;
/// More than the routines of [`accel`] take of a system stack.
const ROUTINE_BYTES: usize = 64 << 10;

/// Handler of SIGSEGV, SIGBUS, SIGFPE.
pub extern "C" fn on_fault(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes the interrupted context; if it is Go code, g is the M's.
    unsafe {
        let context = context.cast::<libc::ucontext_t>();
        let pc = (*context).uc_mcontext.gregs[PC] as usize;
        let g = current_goroutine();
        let address = (*info).si_addr() as usize;
        let code = (*info).si_code;
        if is_sent(info) {
            if notify::queue(signal) || notify::is_ignored(signal) {
                return;
            }
            return report(signal, info, context);
        }
        let by_instruction = code > 0;
        if freeze::is_reporter() || !by_instruction || g.is_null() {
            crash(signal, code, address, context);
        }
        if !in_go(pc, g, context) && !leave_routine(g, context) {
            crash(signal, code, address, context);
        }
        let g = &mut (*g).context;
        g.fault = [address, pc];
        g.fault_signal = [signal as usize, code as usize];
        inject(context, pc);
    }
}

/// Whether the instruction belongs to Go code, or is a jump to nowhere made by it, or a
/// memory routine called by it.
unsafe fn in_go(pc: usize, g: *mut G, context: *const libc::ucontext_t) -> bool {
    if module::is_go_body(pc) {
        return true;
    }
    // SAFETY: the goroutine's stack is alive; a leaf routine or a call of a bad address has
    // left the return address of Go code on top.
    unsafe {
        let sp = (*context).uc_mcontext.gregs[SP] as usize;
        let segment = (*g).context.segment as *const goxide_fiber::Segment;
        if segment.is_null() || sp < (*segment).lo || sp + 8 > (*segment).hi {
            return false;
        }
        return_address(context).is_some()
    }
}

/// The Go return address nearest to the top of the stack, within what leaf routines push.
unsafe fn return_address(context: *const libc::ucontext_t) -> Option<usize> {
    // SAFETY: see `in_go`.
    unsafe {
        let sp = (*context).uc_mcontext.gregs[SP] as usize as *const usize;
        (0..3).find(|&i| module::function_at((*sp.add(i)).wrapping_sub(1)).is_some())
    }
}

/// If the goroutine is in Rust code that a runtime call of [`accel`] has led to, puts back
/// the registers that it had there: it holds no locks and leaves nothing to tidy up. Then it
/// is in Go code, as if that call were an instruction.
unsafe fn leave_routine(g: *mut G, context: *mut libc::ucontext_t) -> bool {
    // SAFETY: the goroutine is this thread's. If it is in a runtime call, the stub's return
    // address lies on top of the frame of `execute`, and the stub has pushed the registers
    // that calls preserve (`fiber::x86_64::stub`).
    unsafe {
        let registers = &mut (*context).uc_mcontext.gregs;
        let c = &(*g).context;
        let below = c.system_sp.wrapping_sub(registers[SP] as usize);
        if !(1..ROUTINE_BYTES).contains(&below) {
            return false;
        }
        let stub = stub_at(*((c.system_sp - 8) as *const usize));
        if !stub.is_some_and(|stub| accel::ROUTINES.contains(&stub.name)) {
            return false;
        }
        let saved = c.sched_sp as *const i64;
        for (i, to) in [libc::REG_R14, libc::REG_R13, libc::REG_R12, libc::REG_RBX]
            .into_iter()
            .enumerate()
        {
            registers[to as usize] = *saved.add(i);
        }
        registers[libc::REG_R15 as usize] = g as i64;
        registers[FP] = *(c.sched_fp as *const i64);
        // The return address is on top, as when a leaf routine has faulted.
        registers[SP] = c.sched_fp as i64 + 8;
        true
    }
}

/// Makes the instruction at `pc` a call of `runtime.sigpanic`.
unsafe fn inject(context: *mut libc::ucontext_t, pc: usize) {
    let target = module::entry_address(EntryPoint::SigPanic);
    // SAFETY: the margin below the stack limit has room for a return address.
    unsafe {
        let registers = &mut (*context).uc_mcontext.gregs;
        if module::is_go_body(pc) {
            // A return address lies behind its call: make it one past the instruction.
            let sp = (registers[SP] as usize & !15) - 8;
            *(sp as *mut usize) = pc + 1;
            registers[SP] = sp as i64;
        } else if let Some(i) = return_address(context) {
            // In a leaf routine or at a bad address: its caller panics.
            registers[SP] += 8 * i as i64;
        }
        registers[PC] = target as i64;
    }
}

/// Whether a program has sent the signal (kill, tgkill).
///
/// # Safety
/// The kernel's description of a signal.
pub unsafe fn is_sent(info: *const libc::siginfo_t) -> bool {
    // SAFETY: see above.
    matches!(unsafe { (*info).si_code }, libc::SI_USER | libc::SI_TKILL)
}

/// A fault outside of Go code.
unsafe fn crash(signal: i32, code: i32, address: usize, context: *const libc::ucontext_t) -> ! {
    // SAFETY: the kernel's context.
    let (at, registers) = unsafe { (Interrupted::new(context), (*context).uc_mcontext.gregs) };
    fatal::begin_report(Some(at));
    let_faults_come();
    let mut out = String::from("fatal error: unexpected signal during runtime execution\n");
    let _ = writeln!(
        out,
        "[signal {} code={code:#x} addr={address:#x} pc={:#x} sp={:#x} fp={:#x}]",
        table::name(signal),
        registers[PC],
        registers[SP],
        registers[FP]
    );
    fatal::write_report(out.as_bytes());
    traceback::runtime_is_at_fault();
    freeze::others();
    let g = current_goroutine();
    if !g.is_null() {
        let mut out = String::from("\n");
        // SAFETY: the process is about to end; a second fault ends it at once.
        unsafe { dump_interrupted(&mut out, g, &at) };
        fatal::write_report(out.as_bytes());
    }
    fatal::write_others(g, |_| true);
    fatal::exit_after_report()
}

/// A fault in a handler, where all signals are blocked, would end the process without a word:
/// in one that reports they come, and end it with one.
fn let_faults_come() {
    // SAFETY: this thread's mask.
    unsafe {
        let mut faults: libc::sigset_t = core::mem::zeroed();
        libc::sigemptyset(&mut faults);
        for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE] {
            libc::sigaddset(&mut faults, signal);
        }
        libc::pthread_sigmask(libc::SIG_UNBLOCK, &faults, std::ptr::null_mut());
    }
}

/// The goroutine that this thread was running when the signal came.
unsafe fn dump_interrupted(out: &mut String, g: *mut G, at: &Interrupted) {
    // SAFETY: the thread is in the handler.
    unsafe {
        traceback::header(out, g, traceback::interrupted_state(g));
        let walk = if (*g).is_rust { None } else { at.walk(g) };
        traceback::frames(out, g, walk.unwrap_or_else(|| Walk::parked(g)));
    }
}

/// A signal that ends the process: its name, goroutines, registers, status 2. As in Go this
/// shows frames of the runtime and addresses, whatever GOTRACEBACK says. Does nothing if
/// somebody reports already, and the signal was sent: the process is about to end.
///
/// # Safety
/// In a signal handler with this context.
pub unsafe fn report(signal: i32, info: *const libc::siginfo_t, context: *const libc::ucontext_t) {
    // SAFETY: in a handler.
    let (at, sent) = unsafe { (Interrupted::new(context), is_sent(info)) };
    // The C library's own end (SIGABRT to this thread) is in earnest.
    // SAFETY: the kernel's description.
    let aborts = signal == libc::SIGABRT && unsafe { (*info).si_code } == libc::SI_TKILL;
    if sent && !aborts && freeze::is_reported() {
        return;
    }
    fatal::begin_report(Some(at));
    let_faults_come();
    let mut out = format!("{}\n", table::name(signal));
    traceback::runtime_is_at_fault();
    // SAFETY: the process is about to end.
    unsafe {
        let registers = &(*context).uc_mcontext.gregs;
        let m = here();
        let id = if m.is_null() { 0 } else { (*m).id };
        let _ = write!(out, "PC={:#x} m={id} sigcode={}", at.pc, (*info).si_code);
        if matches!(signal, libc::SIGSEGV | libc::SIGBUS) {
            let _ = write!(out, " addr={:#x}", (*info).si_addr() as usize);
        }
        out.push('\n');
        if matches!(signal, libc::SIGILL | libc::SIGFPE) {
            instruction(&mut out, at.pc);
        }
        out.push('\n');
        freeze::others();
        let g = current_goroutine();
        if g.is_null() {
            // A thread that looks for work: there is nothing of Go's on its stack.
            let _ = writeln!(out, "goroutine 0 gp=0x0 m={id} mp={m:p} [idle]:");
        } else {
            dump_interrupted(&mut out, g, &at);
        }
        fatal::write_report(out.as_bytes());
        fatal::write_others(g, |_| true);
        out.clear();
        out.push('\n');
        dump_registers(&mut out, registers);
    }
    fatal::write_report(out.as_bytes());
    fatal::exit_after_report()
}

/// What lies at the instruction, up to the end of its page.
unsafe fn instruction(out: &mut String, pc: usize) {
    out.push_str("instruction bytes:");
    for at in pc..(pc + 16).min((pc | 0xfff) + 1) {
        // SAFETY: the processor has read the page.
        let _ = write!(out, " {:#x}", unsafe { *(at as *const u8) });
    }
    out.push('\n');
}

fn dump_registers(out: &mut String, registers: &[libc::greg_t]) {
    const NAMES: [(&str, i32); 18] = [
        ("rax", libc::REG_RAX),
        ("rbx", libc::REG_RBX),
        ("rcx", libc::REG_RCX),
        ("rdx", libc::REG_RDX),
        ("rdi", libc::REG_RDI),
        ("rsi", libc::REG_RSI),
        ("rbp", libc::REG_RBP),
        ("rsp", libc::REG_RSP),
        ("r8", libc::REG_R8),
        ("r9", libc::REG_R9),
        ("r10", libc::REG_R10),
        ("r11", libc::REG_R11),
        ("r12", libc::REG_R12),
        ("r13", libc::REG_R13),
        ("r14", libc::REG_R14),
        ("r15", libc::REG_R15),
        ("rip", libc::REG_RIP),
        ("rflags", libc::REG_EFL),
    ];
    for (name, at) in NAMES {
        let _ = writeln!(out, "{name:<6} {:#x}", registers[at as usize]);
    }
    // Three registers of 16 bits share a word: cs, gs, fs.
    let segments = registers[libc::REG_CSGSFS as usize];
    for (name, shift) in [("cs", 0), ("fs", 32), ("gs", 16)] {
        let _ = writeln!(out, "{name:<6} {:#x}", segments >> shift & 0xffff);
    }
}
