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

/// GOMAXPROCS, if it is a number that counts.
pub fn procs() -> Option<usize> {
    let set = variable("GOMAXPROCS").parse::<i32>().ok();
    set.filter(|&n| n > 0).map(|n| n as usize)
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

/// Settings of the heap.
pub struct Settings {
    /// GOGC; -1: off.
    pub gc_percent: i32,
    /// GOMEMLIMIT in bytes.
    pub memory_limit: i64,
    /// GODEBUG=gctrace=1
    pub gc_trace: bool,
    /// GODEBUG=goxidegctorture=N: take a step of a collection at every Nth allocation.
    pub gc_torture: usize,
    /// Mark while the program runs: not with GODEBUG=gcstoptheworld=1 or
    /// goxidegcconcurrent=0.
    pub gc_concurrent: bool,
    /// GODEBUG=goxidegcsanity=1: check every collection.
    pub gc_sanity: bool,
}

impl Settings {
    /// From the environment.
    pub fn read() -> Settings {
        let gogc = variable("GOGC");
        let gc_percent = if gogc == "off" {
            -1
        } else {
            gogc.parse().unwrap_or(100).max(-1)
        };
        Settings {
            gc_percent,
            memory_limit: {
                let text = variable("GOMEMLIMIT");
                memory_limit(&text).unwrap_or_else(|| malformed_limit(&text))
            },
            gc_trace: debug("gctrace") > 0,
            gc_torture: debug("goxidegctorture").max(0) as usize,
            gc_concurrent: debug("gcstoptheworld") <= 0 && setting("goxidegcconcurrent") != Some(0),
            gc_sanity: debug("goxidegcsanity") > 0,
        }
    }
}

/// A number in GODEBUG, 0 if it is not there.
pub fn debug(name: &str) -> i64 {
    setting(name).unwrap_or(0)
}

/// A number in GODEBUG.
pub fn setting(name: &str) -> Option<i64> {
    let all = variable("GODEBUG");
    let found = all
        .split(',')
        .filter_map(|s| s.split_once('='))
        .rfind(|s| s.0 == name);
    found.and_then(|s| s.1.parse().ok())
}

/// Bytes with an optional unit B, KiB, MiB, GiB, TiB; "off" and nothing are no limit.
fn memory_limit(text: &str) -> Option<i64> {
    if text.is_empty() || text == "off" {
        return Some(i64::MAX);
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let n = text[..digits].parse::<i64>().ok()?;
    let shift = match &text[digits..] {
        "" | "B" => 0,
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        "TiB" => 40,
        _ => return None,
    };
    n.checked_mul(1 << shift)
}

fn malformed_limit(text: &str) -> ! {
    crate::fatal::throw_after(
        &format!("GOMEMLIMIT={text}\n"),
        "malformed GOMEMLIMIT; see `go doc runtime/debug.SetMemoryLimit`",
    )
}

#[cfg(test)]
mod tests {
    use super::memory_limit;

    #[test]
    fn memory_limits_have_units() {
        assert_eq!(memory_limit("1024"), Some(1024));
        assert_eq!(memory_limit("512MiB"), Some(512 << 20));
        assert_eq!(memory_limit("off"), Some(i64::MAX));
        assert_eq!(memory_limit(""), Some(i64::MAX));
        for nonsense in ["1MB", "-1", "KiB", "9999999TiB"] {
            assert_eq!(memory_limit(nonsense), None, "{nonsense}");
        }
    }
}
