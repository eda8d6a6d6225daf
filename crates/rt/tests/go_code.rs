//! Hand-written functions in the compiler's convention on the real scheduler: stack growth,
//! preemption in a loop without calls, runtime calls through their stubs.

use goxide_abi::{FuncEntry, MODULE_MAGIC, ModuleHeader};
use goxide_rt::module::GOXIDE_MODULE;
use goxide_rt::native::{Chan, block_on, go_code, sleep, start};
use std::arch::global_asm;
use std::mem::offset_of;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

// A prefix as the compiler makes it: compare, and on the cold path r11 = body, r10 = bytes.
global_asm!(
    ".pushsection .text.test_go,\"ax\",@progbits",
    ".globl test_go_start",
    "test_go_start:",
    // deep(n in rdi) -> rax = n + (n-1) + … + 1; a 48-byte frame
    ".globl test_deep",
    "test_deep:",
    "cmp rsp, [r15 + {limit}]",
    "jbe 9f",
    ".globl test_deep_body",
    "test_deep_body:",
    "push rbp",
    "mov rbp, rsp",
    "sub rsp, 32",
    "mov [rsp], rdi",
    "test rdi, rdi",
    "jz 2f",
    "dec rdi",
    "call test_deep",
    "add rax, [rsp]",
    "jmp 3f",
    "2: xor eax, eax",
    "3:",
    "add rsp, 32",
    "pop rbp",
    "ret",
    "9:",
    "lea r11, [rip + test_deep_body]",
    "xor r10d, r10d",
    "jmp \"runtime.morestack\"",
    // entry: stores deep(TEST_ARGUMENT) to TEST_RESULT
    ".globl test_entry",
    "test_entry:",
    "push rbp",
    "mov rbp, rsp",
    "mov rdi, [rip + {argument}]",
    "call test_deep",
    "mov [rip + {result}], rax",
    "pop rbp",
    "ret",
    // spin: counts in registers until TEST_STOP is set, checks that they survived
    ".globl test_spin",
    "test_spin:",
    "push rbp",
    "mov rbp, rsp",
    "push rbx",
    "push r12",
    "xor ebx, ebx",
    "xor r12d, r12d",
    "cvtsi2sd xmm3, rbx",
    "mov eax, 1",
    "cvtsi2sd xmm4, rax",
    "4:",
    "inc rbx",
    "dec r12",
    "addsd xmm3, xmm4",
    "cmp qword ptr [rip + {stop}], 0",
    "je 4b",
    "add r12, rbx",
    "cvtsd2si rax, xmm3",
    "sub rax, rbx",
    "or rax, r12",
    "lock add [rip + {result}], rax",
    "lock inc qword ptr [rip + {finished}]",
    "pop r12",
    "pop rbx",
    "pop rbp",
    "ret",
    // allocates 300,000 objects of 64 bytes, keeps the last in a register across calls
    ".globl test_allocate",
    "test_allocate:",
    "push rbp",
    "mov rbp, rsp",
    "push rbx",
    "push r12",
    "mov r12d, 300000",
    "xor ebx, ebx",
    "5:",
    "mov edi, 64",
    "xor esi, esi",
    "mov edx, 1",
    "call \"runtime.mallocgc\"",
    "mov rcx, [rax]",
    "lock add [rip + {result}], rcx",
    "test rbx, rbx",
    "jz 6f",
    "mov rcx, [rbx]",
    "sub rcx, 77",
    "lock add [rip + {result}], rcx",
    "6:",
    "mov qword ptr [rax], 77",
    "mov rbx, rax",
    "dec r12",
    "jnz 5b",
    "lock inc qword ptr [rip + {finished}]",
    "pop r12",
    "pop rbx",
    "pop rbp",
    "ret",
    ".globl test_go_end",
    "test_go_end:",
    ".popsection",
    limit = const offset_of!(goxide_abi::GContext, stack_limit),
    argument = sym ARGUMENT,
    result = sym RESULT,
    stop = sym STOP,
    finished = sym FINISHED,
);

static ARGUMENT: AtomicU64 = AtomicU64::new(0);
static RESULT: AtomicU64 = AtomicU64::new(0);
static STOP: AtomicU64 = AtomicU64::new(0);
static FINISHED: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" {
    fn test_go_start();
    fn test_go_end();
    fn test_entry();
    fn test_spin();
    fn test_allocate();
}

/// A module whose one function is all of the assembly above.
fn install_module() {
    // SAFETY: all-zero is a valid header of an empty module.
    let mut header: Box<ModuleHeader> = Box::new(unsafe { std::mem::zeroed() });
    let (lo, hi) = (
        test_go_start as *const () as usize,
        test_go_end as *const () as usize,
    );
    // SAFETY: plain numbers.
    let mut entry: FuncEntry = unsafe { std::mem::zeroed() };
    entry.start = lo;
    entry.size = (hi - lo) as u32;
    header.magic = MODULE_MAGIC;
    header.text = [lo, hi];
    header.functions = [Box::leak(Box::new(entry)) as *const FuncEntry as usize, 1];
    // SAFETY: before any goroutine runs.
    unsafe { GOXIDE_MODULE = Box::leak(header) as *const ModuleHeader as u64 };
}

fn closure(code: unsafe extern "C" fn()) -> usize {
    Box::leak(Box::new(code as usize)) as *const usize as usize
}

fn spawn(code: unsafe extern "C" fn()) {
    let closure = closure(code);
    // SAFETY: the functions above follow the convention.
    unsafe { go_code(closure) }
}

fn wait_for(n: u64) {
    for _ in 0..60_000 {
        if FINISHED.load(Ordering::SeqCst) == n {
            return;
        }
        sleep(Duration::from_millis(2));
    }
    panic!(
        "{} of {n} goroutines finished",
        FINISHED.load(Ordering::SeqCst)
    );
}

/// One test, since the parts share the process's only scheduler and statics.
#[test]
fn compiled_code_grows_its_stack_is_preempted_and_allocates() {
    install_module();
    start(2);
    block_on(|| {
        ARGUMENT.store(100_000, Ordering::SeqCst);
        spawn(test_entry);
        while RESULT.load(Ordering::SeqCst) == 0 {
            sleep(Duration::from_millis(1));
        }
        assert_eq!(RESULT.swap(0, Ordering::SeqCst), 100_000 * 100_001 / 2);

        // More spinning goroutines than Ps: this one runs again only by preemption.
        (0..3).for_each(|_| spawn(test_spin));
        sleep(Duration::from_millis(100));
        STOP.store(1, Ordering::SeqCst);
        wait_for(3);
        assert_eq!(
            RESULT.load(Ordering::SeqCst),
            0,
            "registers survive preemption"
        );

        // Collections with goroutines that spin and allocate.
        STOP.store(0, Ordering::SeqCst);
        spawn(test_spin);
        (0..3).for_each(|_| spawn(test_allocate));
        let c = Chan::<u64>::new(1);
        c.send(5).unwrap();
        for _ in 0..60_000 {
            if FINISHED.load(Ordering::SeqCst) == 6 {
                break;
            }
            sleep(Duration::from_millis(2));
        }
        STOP.store(1, Ordering::SeqCst);
        wait_for(7);
        assert_eq!(c.receive(), Some(5));
        assert_eq!(
            RESULT.load(Ordering::SeqCst),
            0,
            "new memory is zero, live memory kept"
        );
    });
    assert!(goxide_rt::memory::collections() > 0, "the collector ran");
}
