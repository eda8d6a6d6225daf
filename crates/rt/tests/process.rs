//! Whole processes: hand-written programs in the compiler's convention, placed where the
//! linker would place them, run by the runtime's `main` in a child of this test.
//!
//! Started with `PROGRAM=name` it is that program; otherwise it runs each and compares.

use goxide_abi::{
    EntryPoint, FuncEntry, GContext, LineEntry, Location, MODULE_MAGIC, ModuleHeader,
};
use goxide_rt::module::GOXIDE_MODULE;
use std::arch::global_asm;
use std::mem::offset_of;
use std::process::{Command, Stdio};

global_asm!(
    ".pushsection .text.test_programs,\"ax\",@progbits",
    ".globl p_start", "p_start:",
    // main.deadlock: starts a goroutine that waits for ever, then does so itself
    ".globl p_deadlock", "p_deadlock:",
    "push rbp", "mov rbp, rsp",
    "lea rdi, [rip + p_waiter_closure]",
    "mov rsi, -1",
    "call \"runtime.newproc\"",
    "mov edi, 2", // nil channel receive
    "call \"runtime.gopark_forever\"",
    "ud2",
    ".globl p_deadlock_end", "p_deadlock_end:",
    // main.waiter
    ".globl p_waiter", "p_waiter:",
    "push rbp", "mov rbp, rsp",
    "mov edi, 7", // WaitGroup
    "call \"runtime.gopark_forever\"",
    "ud2",
    ".globl p_waiter_end", "p_waiter_end:",
    // main.fault: loads from address 24
    ".globl p_fault", "p_fault:",
    "push rbp", "mov rbp, rsp",
    "xor eax, eax",
    "mov rax, [rax + 24]",
    "ud2",
    ".globl p_fault_end", "p_fault_end:",
    // runtime.sigpanic: exits with the low byte of the fault's address
    ".globl p_sigpanic", "p_sigpanic:",
    "push rbp", "mov rbp, rsp",
    "mov rdi, [r15 + {fault}]",
    "call \"runtime.os_exit\"",
    "ud2",
    ".globl p_sigpanic_end", "p_sigpanic_end:",
    // main.overflow: recursion without end
    ".globl p_overflow", "p_overflow:",
    "cmp rsp, [r15 + {limit}]",
    "jbe 9f",
    "8:",
    "push rbp", "mov rbp, rsp",
    "sub rsp, 240",
    "call p_overflow",
    "leave",
    "ret",
    "9:",
    "lea r11, [rip + 8b]",
    "xor r10d, r10d",
    "jmp \"runtime.morestack\"",
    ".globl p_overflow_end", "p_overflow_end:",
    // main.spin
    ".globl p_spin", "p_spin:",
    "push rbp", "mov rbp, rsp",
    "7: jmp 7b",
    ".globl p_spin_end", "p_spin_end:",
    // main.exit: sleeps 20 ms, then exits with 3
    ".globl p_exit", "p_exit:",
    "push rbp", "mov rbp, rsp",
    "mov edi, 20000000",
    "call \"runtime.time_sleep\"",
    "mov edi, 3",
    "call \"runtime.os_exit\"",
    "ud2",
    ".globl p_exit_end", "p_exit_end:",
    ".globl p_end", "p_end:",
    ".popsection",
    ".pushsection .data.test_programs,\"aw\",@progbits",
    ".balign 8",
    "p_waiter_closure: .quad p_waiter",
    ".popsection",
    fault = const offset_of!(GContext, fault),
    limit = const offset_of!(GContext, stack_limit),
);

macro_rules! programs {
    ($($name:literal: $start:ident, $end:ident;)*) => {
        unsafe extern "C" { $(fn $start(); fn $end();)* }
        /// Go name, first byte, end.
        fn functions() -> Vec<(&'static str, usize, usize)> {
            vec![$(($name, $start as *const () as usize, $end as *const () as usize)),*]
        }
    };
}
programs! {
    "main.deadlock": p_deadlock, p_deadlock_end;
    "main.waiter": p_waiter, p_waiter_end;
    "main.fault": p_fault, p_fault_end;
    "runtime.sigpanic": p_sigpanic, p_sigpanic_end;
    "main.overflow": p_overflow, p_overflow_end;
    "main.spin": p_spin, p_spin_end;
    "main.exit": p_exit, p_exit_end;
}

fn leak<T>(items: Vec<T>) -> [usize; 2] {
    let items = items.leak();
    [items.as_ptr() as usize, items.len()]
}

/// Does what the linker does: tables for the functions above, `main.NAME` as entry.
fn install(program: &str) {
    let mut strings = String::from("/src/main.go");
    let file = [0, strings.len() as u32];
    let (mut entries, mut lines, mut locations) = (Vec::new(), Vec::new(), Vec::new());
    // SAFETY: all-zero is a valid header of an empty module.
    let mut header: Box<ModuleHeader> = Box::new(unsafe { std::mem::zeroed() });
    for (i, (name, start, end)) in functions().into_iter().enumerate() {
        let at = [strings.len() as u32, name.len() as u32];
        strings.push_str(name);
        let line = 10 * (i as u32 + 1);
        let size = (end - start) as u32;
        entries.push(FuncEntry {
            start,
            body: 0,
            size,
            name: at,
            file,
            line,
            flags: 0,
            lines: [i as u32, 1],
        });
        lines.push(LineEntry {
            pc: 0,
            location: i as u32,
        });
        locations.push(Location {
            file,
            line: line + 1,
            parent: u32::MAX,
            function: at,
            function_line: line,
            site: u32::MAX,
        });
        if name == format!("main.{program}") {
            header.entry_points[EntryPoint::Main as usize] = start;
        }
        if name == "runtime.sigpanic" {
            header.entry_points[EntryPoint::SigPanic as usize] = start;
        }
        header.text[0] = if i == 0 { start } else { header.text[0] };
        header.text[1] = end;
    }
    header.magic = MODULE_MAGIC;
    header.functions = leak(entries);
    header.lines = leak(lines);
    header.locations = leak(locations);
    header.strings = leak(strings.into_bytes());
    // SAFETY: before the runtime starts.
    unsafe { GOXIDE_MODULE = Box::leak(header) as *const ModuleHeader as u64 };
}

/// Whether a process has a handler for SIGQUIT: on a busy machine that may take a while.
fn catches_quit(pid: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let mask = status.lines().find_map(|l| l.strip_prefix("SigCgt:\t"));
    let mask = mask.and_then(|m| u64::from_str_radix(m, 16).ok());
    mask.is_some_and(|m| m & 1 << (libc::SIGQUIT - 1) != 0)
}

/// How long a process has computed, in ticks of 10 ms.
fn ticks(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    fields.split(' ').nth(12).map_or(0, |t| t.parse().unwrap())
}

/// Exit status and standard error of a program; with `interrupt` one that computes without
/// end gets a SIGQUIT when it does.
fn run(program: &str, interrupt: bool) -> (Option<i32>, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env("PROGRAM", program)
        .env("GOMAXPROCS", "2")
        .env_remove("GOTRACEBACK")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if interrupt {
        // Its beginning takes a tick or two.
        let begun = |pid| catches_quit(pid) && ticks(pid) >= 20;
        while !begun(child.id()) && child.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        Command::new("kill")
            .args(["-QUIT", &child.id().to_string()])
            .status()
            .unwrap();
    }
    use std::io::Read;
    let mut text = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    (child.wait().unwrap().code(), text)
}

/// Blanks out numbers behind "+0x" and the like, which depend on the assembler.
fn without_offsets(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(i) = rest.find("0x") {
        out.push_str(&rest[..i + 2]);
        rest = rest[i + 2..].trim_start_matches(|c: char| c.is_ascii_hexdigit());
        out.push('_');
    }
    out + rest
}

fn check(program: &str, status: i32, want: &str) {
    let (code, text) = run(program, false);
    let text = without_offsets(&text);
    assert_eq!(
        code,
        Some(status),
        "status of {program}; its output:\n{text}"
    );
    assert_eq!(text, want, "output of {program}");
    println!("program {program} ... ok");
}

fn main() {
    if let Ok(program) = std::env::var("PROGRAM") {
        install(&program);
        goxide_rt::main();
    }
    check("exit", 3, "");
    check("fault", 24, "");
    // (What `runtime.main` does, to unlock the first goroutine, these programs do not.)
    check(
        "deadlock",
        2,
        "fatal error: all goroutines are asleep - deadlock!\n\
         \n\
         goroutine 1 [chan receive (nil chan), locked to thread]:\n\
         main.deadlock(...)\n\
         \t/src/main.go:11 +0x_\n\
         \n\
         goroutine 2 [sync.WaitGroup.Wait]:\n\
         main.waiter(...)\n\
         \t/src/main.go:21 +0x_\n\
         created by main.deadlock in goroutine 1\n\
         \t/src/main.go:11 +0x_\n",
    );
    let frames = "main.overflow(...)\n\t/src/main.go:51 +0x_ fp=0x_ sp=0x_ pc=0x_\n".repeat(50);
    let (code, text) = run("overflow", false);
    let text = without_offsets(&text);
    assert_eq!(code, Some(2), "{text}");
    let head = "runtime: goroutine stack exceeds 1000000000-byte limit\n\
                runtime: sp=0x_ stack=[0x_, 0x_]\n\
                fatal error: stack overflow\n\n\
                goroutine 1 gp=0x_ m=0 mp=0x_ [running, locked to thread]:\n";
    assert!(text.starts_with(&format!("{head}{frames}...")), "{text}");
    assert!(
        text.contains(&format!(" frames elided...\n{frames}")),
        "{text}"
    );
    println!("program overflow ... ok");
    let (code, text) = run("spin", true);
    assert_eq!(code, Some(2), "{text}");
    let text = without_offsets(&text);
    assert!(text.starts_with("SIGQUIT: quit\nPC=0x_ m="), "{text}");
    assert!(text.contains("goroutine 1 gp=0x_ m="), "{text}");
    assert!(text.contains("\nrax    0x_\n"), "{text}");
    println!("program spin ... ok");
}
