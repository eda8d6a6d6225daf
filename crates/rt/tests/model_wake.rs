//! Going to sleep and being woken, under loom: `sched/wake.rs` and the run queue as they
//! are, with Ms that are threads of the model. A goroutine that is made ready and never run
//! leaves all of them asleep, which loom reports.
//!
//! Loom takes sequentially consistent operations for weaker ones, so what a model shows
//! rests on the barriers alone.

mod atomic {
    pub use loom::sync::atomic::{AtomicPtr, AtomicU32, Ordering, fence};
    use std::cell::Cell;

    thread_local! {
        /// The mistake that a model is to find.
        pub static WITHOUT_BARRIERS: Cell<bool> = const { Cell::new(false) };
    }

    pub fn barrier() {
        if !WITHOUT_BARRIERS.get() {
            fence(Ordering::SeqCst);
        }
    }

    pub fn full_barrier() {
        barrier();
    }
}
mod g {
    /// Numbers, not goroutines: nobody looks into one.
    pub struct G;
    pub const RUN_QUEUE_CAPACITY: u32 = 4;
}
#[allow(dead_code)]
#[path = "../src/sched/runq.rs"]
mod runq;
#[allow(dead_code)]
#[path = "../src/sched/wake.rs"]
mod wake;

use g::G;
use loom::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicUsize, Ordering};
use loom::sync::{Condvar, Mutex};
use loom::thread;
use m::M;
use p::P;
use runq::RunQueue;
use std::cell::Cell;
use std::ptr;

/// What the model has of the scheduler's state, by the same names.
struct Sched {
    shared: Mutex<Shared>,
    ps: Vec<*mut P>,
    gomaxprocs: AtomicUsize,
    global_len: AtomicUsize,
    idle_ps: AtomicI32,
    spinning: AtomicI32,
    stopping: AtomicBool,
    /// Goroutines that have begun to run.
    begun: Mutex<Vec<usize>>,
    one_more: Condvar,
    threads: Mutex<Vec<thread::JoinHandle<()>>>,
}

struct Shared {
    global: Global,
    idle_ps: Vec<*mut P>,
    idle_ms: Vec<*mut M>,
    all_ms: Vec<*mut M>,
}

/// The global queue.
struct Global(Vec<*mut G>);

impl Global {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn pop(&mut self) -> *mut G {
        self.0.remove(0)
    }
}

// SAFETY: as in the scheduler: what is not atomic has one owner at a time.
unsafe impl Send for Sched {}
// SAFETY: as above.
unsafe impl Sync for Sched {}

loom::lazy_static! {
    static ref SCHED: Sched = Sched::new(PROCS.get());
}

thread_local! {
    /// GOMAXPROCS of the model that this thread runs.
    static PROCS: Cell<usize> = const { Cell::new(1) };
    /// How many goroutines it has; then it is over.
    static GOROUTINES: Cell<usize> = const { Cell::new(0) };
    /// Another mistake: who goes to sleep does not look into the queues again.
    static WITHOUT_A_LAST_LOOK: Cell<bool> = const { Cell::new(false) };
}

impl Sched {
    fn new(procs: usize) -> Sched {
        let p = |_| {
            Box::into_raw(Box::new(P {
                queue: RunQueue::new(),
            }))
        };
        Sched {
            shared: Mutex::new(Shared {
                global: Global(Vec::new()),
                idle_ps: Vec::new(),
                idle_ms: Vec::new(),
                all_ms: Vec::new(),
            }),
            ps: (0..procs).map(p).collect(),
            gomaxprocs: AtomicUsize::new(procs),
            global_len: AtomicUsize::new(0),
            idle_ps: AtomicI32::new(0),
            spinning: AtomicI32::new(0),
            stopping: AtomicBool::new(false),
            begun: Mutex::new(Vec::new()),
            one_more: Condvar::new(),
            threads: Mutex::new(Vec::new()),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut Shared) -> R) -> R {
        f(&mut self.shared.lock().unwrap())
    }

    fn procs(&self) -> impl Iterator<Item = &P> {
        let n = if WITHOUT_A_LAST_LOOK.get() {
            0
        } else {
            self.ps.len()
        };
        // SAFETY: they live as long as the model.
        self.ps[..n].iter().map(|&p| unsafe { &*p })
    }
}

impl Drop for Sched {
    fn drop(&mut self) {
        for &p in &self.ps {
            // SAFETY: made by `new`; the model's threads have ended.
            drop(unsafe { Box::from_raw(p) });
        }
    }
}

mod p {
    pub struct P {
        pub queue: crate::runq::RunQueue,
    }
}

mod m {
    use super::*;

    pub struct M {
        pub p: *mut P,
        pub spinning: bool,
        pub next_p: AtomicPtr<P>,
        pub woken: Mutex<bool>,
        pub wake: Condvar,
    }

    impl M {
        pub fn with(p: *mut P, spinning: bool) -> *mut M {
            let m = Box::into_raw(Box::new(M {
                p,
                spinning,
                next_p: AtomicPtr::new(ptr::null_mut()),
                woken: Mutex::new(false),
                wake: Condvar::new(),
            }));
            SCHED.with(|shared| shared.all_ms.push(m));
            m
        }

        pub fn park(&self) {
            let mut woken = self.woken.lock().unwrap();
            while !*woken {
                woken = self.wake.wait(woken).unwrap();
            }
            *woken = false;
        }

        pub fn unpark(&self) {
            *self.woken.lock().unwrap() = true;
            self.wake.notify_one();
        }
    }
}

mod idle {
    use super::*;

    pub fn take_idle_p(shared: &mut Shared) -> Option<*mut P> {
        let p = shared.idle_ps.pop()?;
        SCHED.idle_ps.fetch_sub(1, Ordering::SeqCst);
        Some(p)
    }

    pub unsafe fn acquire(m: *mut M, p: *mut P) {
        // SAFETY: the M is this thread's.
        unsafe { (*m).p = p };
    }
}

mod threads {
    use super::*;

    pub unsafe fn retire_p(shared: &mut Shared, m: *mut M) {
        // SAFETY: the M is this thread's.
        let p = unsafe { std::mem::replace(&mut (*m).p, ptr::null_mut()) };
        shared.idle_ps.push(p);
        SCHED.idle_ps.fetch_add(1, Ordering::SeqCst);
    }

    pub fn start_m(p: *mut P, spinning: bool) {
        match SCHED.with(|shared| shared.idle_ms.pop()) {
            // SAFETY: it waits, and reads these once it is awake.
            Some(m) => unsafe {
                (*m).spinning = spinning;
                (*m).next_p.store(p, Ordering::Release);
                (*m).unpark();
            },
            None => begin(M::with(p, spinning)),
        }
    }
}

mod proc {
    use super::*;

    pub unsafe fn wait_for_work(m: *mut M, _: bool) -> Option<*mut G> {
        SCHED.with(|shared| shared.idle_ms.push(m));
        // SAFETY: the M is this thread's.
        unsafe {
            (*m).park();
            (*m).p = (*m).next_p.swap(ptr::null_mut(), Ordering::AcqRel);
        }
        None
    }
}

struct Handle(*mut M);
// SAFETY: the M is the new thread's.
unsafe impl Send for Handle {}

/// A thread for an M that has its P.
fn begin(m: *mut M) {
    let handle = Handle(m);
    let thread = thread::spawn(move || {
        let handle = handle;
        schedule(handle.0);
    });
    SCHED.threads.lock().unwrap().push(thread);
}

/// Waits for the end of all threads, and of those that they have begun.
fn join() {
    while let Some(thread) = { SCHED.threads.lock().unwrap().pop() } {
        thread.join().unwrap();
    }
}

/// What the scheduler's loop does, without all that has no part in this.
fn schedule(m: *mut M) {
    while let Some(g) = find_runnable(m) {
        // SAFETY: the M is this thread's.
        if unsafe { wake::stop_spinning(m) } {
            wake::wake_p();
        }
        run(g as usize);
    }
}

fn find_runnable(m: *mut M) -> Option<*mut G> {
    // SAFETY: the M is this thread's, and has a P unless the model is over.
    unsafe {
        while !is_over() {
            let p = &*(*m).p;
            let (g, _) = p.queue.pop();
            if !g.is_null() {
                return Some(g);
            }
            if wake::may_spin(m) {
                for &victim in SCHED.ps.iter().filter(|&&victim| !ptr::eq(victim, p)) {
                    let g = (*victim).queue.steal(&p.queue, true);
                    if !g.is_null() {
                        return Some(g);
                    }
                }
            }
            // Takes what is in the global queue, too.
            if let Some(g) = wake::go_idle(m) {
                return Some(g);
            }
        }
        None
    }
}

fn is_over() -> bool {
    SCHED.begun.lock().unwrap().len() == GOROUTINES.get()
}

/// Goroutine 1 keeps its P until all others have begun.
fn run(number: usize) {
    let mut begun = SCHED.begun.lock().unwrap();
    begun.push(number);
    SCHED.one_more.notify_all();
    let over = begun.len() == GOROUTINES.get();
    while number == 1 && begun.len() != GOROUTINES.get() {
        begun = SCHED.one_more.wait(begun).unwrap();
    }
    drop(begun);
    if over {
        SCHED.with(|shared| {
            for &m in &shared.all_ms {
                // SAFETY: Ms are not freed while the model runs.
                unsafe { (*m).unpark() };
            }
        });
    }
}

/// Makes a goroutine ready, as one does that runs on this P.
fn ready(p: *mut P, number: usize) {
    // SAFETY: Ps live as long as the model.
    let displaced = unsafe { (*p).queue.set_next(number as *mut G) };
    assert!(displaced.is_null());
    wake::wake_p();
}

/// Waits, without giving up its P, until the model is over.
fn stay_busy() {
    let mut begun = SCHED.begun.lock().unwrap();
    while begun.len() != GOROUTINES.get() {
        begun = SCHED.one_more.wait(begun).unwrap();
    }
}

/// Every interleaving with so many forced switches of a model with so many Ps and
/// goroutines.
fn check(switches: usize, procs: usize, goroutines: usize, model: fn()) {
    PROCS.set(procs);
    GOROUTINES.set(goroutines);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(switches);
    builder.check(move || {
        model();
        join();
    });
}

/// A goroutine makes another ready and keeps its P, while the other M goes to sleep.
fn one_is_made_ready() {
    begin(M::with(SCHED.ps[1], false));
    ready(SCHED.ps[0], 2);
    stay_busy();
}

#[test]
fn whoever_goes_to_sleep_is_woken_or_sees_the_goroutine() {
    check(3, 2, 1, one_is_made_ready);
}

#[test]
fn so_is_one_that_was_woken_to_spin() {
    check(3, 2, 1, || {
        SCHED.spinning.fetch_add(1, Ordering::SeqCst);
        begin(M::with(SCHED.ps[1], true));
        ready(SCHED.ps[0], 2);
        stay_busy();
    });
}

#[test]
fn a_push_to_the_end_of_the_queue_is_seen_as_well() {
    check(3, 2, 1, || {
        begin(M::with(SCHED.ps[1], false));
        // SAFETY: Ps live as long as the model.
        unsafe { (*SCHED.ps[0]).queue.push(2 as *mut G, |_| unreachable!()) };
        wake::wake_p_after_push();
        stay_busy();
    });
}

#[test]
fn a_thread_without_a_p_finds_the_one_that_sleeps() {
    check(3, 1, 1, || {
        begin(M::with(SCHED.ps[0], false));
        SCHED.with(|shared| {
            shared.global.0.push(2 as *mut G);
            SCHED
                .global_len
                .store(shared.global.len(), Ordering::Release);
        });
        wake::start_for_global();
    });
}

#[test]
fn whoever_finds_work_wakes_the_next() {
    check(2, 3, 2, || {
        SCHED.with(|shared| shared.idle_ps.push(SCHED.ps[2]));
        SCHED.idle_ps.fetch_add(1, Ordering::SeqCst);
        begin(M::with(SCHED.ps[1], false));
        ready(SCHED.ps[0], 1);
        // SAFETY: Ps live as long as the model.
        unsafe { (*SCHED.ps[0]).queue.push(2 as *mut G, |_| unreachable!()) };
        wake::wake_p_after_push();
        stay_busy();
    });
}

#[test]
#[should_panic = "deadlock"]
fn without_the_barriers_one_is_lost() {
    atomic::WITHOUT_BARRIERS.set(true);
    check(3, 2, 1, one_is_made_ready);
}

#[test]
#[should_panic = "deadlock"]
fn without_the_last_look_one_is_lost() {
    WITHOUT_A_LAST_LOOK.set(true);
    check(3, 2, 1, one_is_made_ready);
}
