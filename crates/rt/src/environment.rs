//! Arguments, environment and auxiliary vector as the kernel left them, and the settings
//! that the runtime itself reads: GOMAXPROCS, GOTRACEBACK, GOGC, GOMEMLIMIT, GODEBUG.

use crate::calls::Words;
use std::ffi::c_char;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

static ARGV: AtomicPtr<*const c_char> = AtomicPtr::new(std::ptr::null_mut());
static ARGC: AtomicUsize = AtomicUsize::new(0);

/// Called by the C start-up code before `main`, with what the kernel put on the stack.
#[used]
#[unsafe(link_section = ".init_array")]
static NOTE_ARGUMENTS: extern "C" fn(i32, *mut *const c_char, *const *const c_char) = {
    extern "C" fn note(argc: i32, argv: *mut *const c_char, _envp: *const *const c_char) {
        ARGV.store(argv, Ordering::Relaxed);
        ARGC.store(argc as usize, Ordering::Relaxed);
    }
    note
};

/// A variable of the environment; empty if it is not set.
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// GOMAXPROCS at the start.
pub fn procs() -> usize {
    let set = variable("GOMAXPROCS")
        .parse::<usize>()
        .ok()
        .filter(|&n| n > 0);
    set.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()))
}

/// First word and number of words of argv (0), environment (1), auxiliary vector (2).
#[unsafe(no_mangle)]
extern "C" fn goxide_args(which: usize) -> Words {
    let argv = ARGV.load(Ordering::Relaxed);
    let argc = ARGC.load(Ordering::Relaxed);
    if argv.is_null() {
        return Words(0, 0);
    }
    // SAFETY: the kernel's vectors follow one another: argv, null, environment, null,
    // auxiliary pairs up to a pair that begins with 0.
    unsafe {
        if which == 0 {
            return Words(argv as usize, argc);
        }
        let environment = argv.add(argc + 1);
        let mut n = 0;
        while !(*environment.add(n)).is_null() {
            n += 1;
        }
        if which == 1 {
            return Words(environment as usize, n);
        }
        let auxiliary = environment.add(n + 1).cast::<[usize; 2]>();
        let mut n = 0;
        while (*auxiliary.add(n))[0] != 0 {
            n += 1;
        }
        Words(auxiliary as usize, 2 * n)
    }
}

/// Go's `os.Setenv` changes Go's copy only; the runtime reads its settings once.
#[unsafe(no_mangle)]
extern "C" fn goxide_setenv_changed(_name: usize, _name_len: usize, _value: usize, _len: usize) {}
