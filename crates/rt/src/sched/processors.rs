//! How many processors there are to use: `NumCPU`, and what GOMAXPROCS is by default.
//!
//! The default follows changes of the affinity mask and of the control group's limit, looked
//! at by sysmon once a second, until the program or the environment sets a number of its own.

use super::SCHED;
use super::cgroup::Group;
use super::world::{set_procs, stop_for};
use crate::sync::Lock;
use crate::tracer::{self, Text};
use crate::{choice, environment};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicUsize, Ordering};

/// Processors that a mask has room for: the kernel is built for fewer.
const MASK_BITS: usize = 1 << 16;
const LOOK_NS: i64 = 1_000_000_000;

// What the default depends on.
/// GODEBUG=containermaxprocs: the limit of the control group counts.
const HEED_GROUP: u32 = 1;
/// GODEBUG=updatemaxprocs: changes are followed.
const FOLLOW: u32 = 2;
static POLICY: AtomicU32 = AtomicU32::new(HEED_GROUP | FOLLOW);

/// Somebody has set GOMAXPROCS: the environment, the program, or whoever runs Rust closures.
static IS_SET: AtomicBool = AtomicBool::new(true);
/// Held while sysmon looks: afterwards it makes no system call for a program that has set
/// GOMAXPROCS.
static LOOKS: Lock = Lock::new();
static LAST_LOOK_NS: AtomicI64 = AtomicI64::new(0);
/// What GOMAXPROCS is to become; 0: nothing else.
static DUE: AtomicUsize = AtomicUsize::new(0);

/// Processors that this thread may run on.
fn in_mask() -> usize {
    let mut mask = vec![0u64; MASK_BITS / 64];
    // SAFETY: the kernel fills in what fits.
    let bytes = unsafe { libc::sched_getaffinity(0, MASK_BITS / 8, mask.as_mut_ptr().cast()) };
    if bytes < 0 {
        return 1;
    }
    let count = mask.iter().map(|word| word.count_ones() as usize).sum();
    std::cmp::max(count, 1)
}

/// Those that the process could use when it started.
fn at_start() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(in_mask)
}

/// GOMAXPROCS at the start.
pub fn initial() -> usize {
    let all = at_start();
    if choice::seeded() {
        return 1;
    }
    if let Some(n) = environment::procs() {
        return n;
    }
    IS_SET.store(false, Ordering::Relaxed);
    if environment::setting("containermaxprocs") == Some(0) {
        POLICY.store(FOLLOW, Ordering::Relaxed);
    }
    by_default(all)
}

/// GOMAXPROCS by default, with so many processors. A group's limit below two counts as two.
fn by_default(processors: usize) -> usize {
    static GROUP: OnceLock<Option<Group>> = OnceLock::new();
    if POLICY.load(Ordering::Relaxed) & HEED_GROUP == 0 {
        return processors;
    }
    let group = GROUP.get_or_init(Group::own).as_ref();
    let limit = group.and_then(Group::limit).map(|l| l.ceil().max(2.0));
    limit.map_or(processors, |l| processors.min(l as usize))
}

/// sysmon's look.
pub fn periodic(now_ns: i64) {
    if now_ns - LAST_LOOK_NS.load(Ordering::Relaxed) < LOOK_NS {
        return;
    }
    LAST_LOOK_NS.store(now_ns, Ordering::Relaxed);
    let due = LOOKS.with(|| {
        let follows = POLICY.load(Ordering::Relaxed) & FOLLOW != 0;
        if !follows || IS_SET.load(Ordering::SeqCst) {
            return false;
        }
        let n = by_default(in_mask());
        let changes = n != SCHED.gomaxprocs.load(Ordering::Relaxed);
        if changes {
            DUE.store(n, Ordering::SeqCst);
        }
        changes
    });
    if due {
        super::wake::wake_p();
    }
}

/// Called by the scheduler between goroutines: does what sysmon has found to be due.
///
/// # Safety
/// On an M with a P that runs no goroutine.
#[inline]
pub unsafe fn follow() {
    if DUE.load(Ordering::Relaxed) != 0 {
        // SAFETY: see above.
        unsafe { change(|| DUE.swap(0, Ordering::SeqCst)) };
    }
}

/// Stops the world for another GOMAXPROCS, unless that is 0 or there are so many by then.
unsafe fn change(procs: impl FnOnce() -> usize) {
    // SAFETY: on an M with a P.
    unsafe {
        let world = stop_for(Some(Text::StopGomaxprocs));
        let n = procs();
        if n != 0 && n != SCHED.gomaxprocs.load(Ordering::Relaxed) {
            set_procs(n, false);
            tracer::procs_changed();
        }
        drop(world);
    }
}

/// The running goroutine goes on, perhaps elsewhere: its P may be out of use.
unsafe fn go_on(result: usize) {
    // SAFETY: the running goroutine.
    unsafe { (*super::m::current_g()).context.park_results = [result as u64, 0] };
    super::park::yield_to(super::m::Leave::YieldLocal);
}

/// `runtime.GOMAXPROCS`.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_gomaxprocs(n: usize) -> usize {
    let old = SCHED.gomaxprocs.load(Ordering::Relaxed);
    if n as isize <= 0 {
        return old;
    }
    IS_SET.store(true, Ordering::SeqCst);
    LOOKS.with(|| DUE.store(0, Ordering::SeqCst));
    if n == old {
        return old;
    }
    // SAFETY: Go code calls this on an M with a P.
    unsafe {
        change(|| n);
        go_on(old);
    }
    old
}

/// `runtime.SetDefaultGOMAXPROCS`, with the policy from now on.
#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_gomaxprocs_default(policy: usize) {
    if choice::seeded() {
        return;
    }
    POLICY.store(policy as u32, Ordering::Relaxed);
    IS_SET.store(false, Ordering::SeqCst);
    let n = by_default(in_mask());
    if n == SCHED.gomaxprocs.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: as above.
    unsafe {
        change(|| n);
        go_on(0);
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_num_cpu() -> usize {
    at_start()
}
