//! Faults: a bad access in Go code becomes a panic, in Rust code a crash report.

use crate::fatal;
use crate::module;
use crate::sched::g::G;
use crate::sched::m::here;
use crate::traceback::{self, Level, Walk, level};
use goxide_abi::EntryPoint;
use std::fmt::Write;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

const PC: usize = libc::REG_RIP as usize;
const SP: usize = libc::REG_RSP as usize;
const FP: usize = libc::REG_RBP as usize;

/// Handler of SIGSEGV, SIGBUS, SIGFPE.
pub extern "C" fn on_fault(signal: i32, info: *mut libc::siginfo_t, context: *mut libc::c_void) {
    // SAFETY: the kernel passes the interrupted context; if it is Go code, g is the M's.
    unsafe {
        let context = context.cast::<libc::ucontext_t>();
        let pc = (*context).uc_mcontext.gregs[PC] as usize;
        let g = current();
        let address = (*info).si_addr() as usize;
        let code = (*info).si_code;
        // Sent by kill, not by an instruction.
        let sent = code <= 0;
        if sent || g.is_null() || !in_go(pc, g, context) {
            crash(signal, code, address, context);
        }
        let g = &mut (*g).context;
        g.fault = [address, pc];
        g.fault_signal = [signal as usize, code as usize];
        inject(context, pc);
    }
}

unsafe fn current() -> *mut G {
    let m = here();
    if m.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: this thread's M.
    unsafe { (*m).g.load(Ordering::Relaxed) }
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

fn name(signal: i32) -> &'static str {
    match signal {
        libc::SIGSEGV => "SIGSEGV: segmentation violation",
        libc::SIGBUS => "SIGBUS: bus error",
        libc::SIGFPE => "SIGFPE: floating-point exception",
        _ => "fatal signal",
    }
}

/// A fault outside of Go code.
unsafe fn crash(signal: i32, code: i32, address: usize, context: *const libc::ucontext_t) -> ! {
    static CRASHES: AtomicU32 = AtomicU32::new(0);
    if CRASHES.fetch_add(1, Ordering::SeqCst) > 0 {
        fatal::exit(2);
    }
    // SAFETY: the kernel's context.
    let registers = unsafe { (*context).uc_mcontext.gregs };
    let mut out = String::from("fatal error: unexpected signal during runtime execution\n");
    let _ = writeln!(
        out,
        "[signal {} code={code:#x} addr={address:#x} pc={:#x} sp={:#x} fp={:#x}]",
        name(signal),
        registers[PC],
        registers[SP],
        registers[FP]
    );
    fatal::write_report(out.as_bytes());
    let mut out = String::new();
    // SAFETY: the process is about to end; a second fault ends it at once.
    unsafe {
        let g = current();
        if !g.is_null() {
            out.push('\n');
            traceback::dump_one(&mut out, g, true);
        }
    }
    fatal::write_report(out.as_bytes());
    if level() == Level::Crash {
        // SAFETY: default action.
        unsafe {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
    }
    fatal::exit(2)
}

/// SIGQUIT: name, goroutines, registers, status 2.
///
/// # Safety
/// In a signal handler with this context.
pub unsafe fn dump_for_signal(title: &str, context: *const libc::ucontext_t) -> ! {
    let mut out = format!("{title}\n");
    // SAFETY: the process is about to end.
    unsafe {
        let registers = (*context).uc_mcontext.gregs;
        let g = current();
        let _ = writeln!(out, "PC={:#x} m={} sigcode=0\n", registers[PC], machine());
        if !g.is_null() && module::is_go_body(registers[PC] as usize) {
            traceback::header(&mut out, g, true);
            let walk = Walk::interrupted(g, registers[PC] as usize, registers[FP] as usize);
            traceback::frames(&mut out, g, walk);
            traceback::dump_others(&mut out, g);
        } else {
            traceback::dump_all(&mut out, g);
        }
    }
    out.push('\n');
    fatal::write_report(out.as_bytes());
    fatal::exit(2)
}

unsafe fn machine() -> usize {
    let m = here();
    // SAFETY: this thread's M.
    if m.is_null() { 0 } else { unsafe { (*m).id } }
}
