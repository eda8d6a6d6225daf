//! Collections: when, with which roots, and what is printed about them.

use super::heap;
use super::roots::Roots;
use super::stacks;
use crate::metrics::ASSIST_NS;
use crate::profile::allocations;
use crate::sched::SCHED;
use crate::sched::burial;
use crate::sched::g::{self, Status};
use crate::sched::lifecycle::new_go;
use crate::sched::m::{self, Leave, here};
use crate::sched::park;
use crate::sched::wake::wake_p;
use crate::sched::world::{self, Stopped};
use crate::tracer::{self, Text};
use crate::{fatal, module, time};
use goxide_abi::EntryPoint;
use goxide_heap::{Collection, RootSet, Trigger};
use std::cell::OnceCell;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

static TRACE: AtomicBool = AtomicBool::new(false);
static START_NS: AtomicI64 = AtomicI64::new(0);
static LAST_NS: AtomicI64 = AtomicI64::new(0);
/// Set while Go code runs with the world stopped: it must not start a collection.
static COLLECTING: AtomicBool = AtomicBool::new(false);
/// sysmon asks for a step.
static STEP_DUE: AtomicBool = AtomicBool::new(false);
/// An M sweeps, to begin a collection after that.
static PREPARING: AtomicBool = AtomicBool::new(false);
/// See [`set_torture`].
static TORTURE: AtomicUsize = AtomicUsize::new(0);
/// Number of the collection, for [`g::for_each_unseen`].
static EPOCH: AtomicU32 = AtomicU32::new(0);
/// What assists had taken when this collection began.
static ASSIST_BEFORE_NS: AtomicU64 = AtomicU64::new(0);
/// All stops of the world in this collection.
static PAUSE_NS: AtomicU64 = AtomicU64::new(0);
const PERIOD_NS: i64 = 120_000_000_000;
/// Spans to sweep at a time: some ten microseconds.
const SWEEP_SPANS: usize = 256;
/// How long sysmon sweeps at a time.
const SWEEP_NS: i64 = 200_000;
/// Bytes that `runtime.GC` marks between two looks at the scheduler, ...
const HELP_BYTES: u64 = 256 << 10;
/// ... and how long it waits if the markers have left it nothing.
const MARKERS_BUSY: Duration = Duration::from_micros(20);

/// GODEBUG=gctrace=1.
pub fn set_trace(on: bool) {
    TRACE.store(on, Ordering::Relaxed);
    START_NS.store(time::nanotime(), Ordering::Relaxed);
    LAST_NS.store(time::nanotime(), Ordering::Relaxed);
}

/// A collection is due or under way, and `object` was just allocated.
///
/// # Safety
/// In a runtime call of a goroutine, on an M with a P.
#[cold]
pub unsafe fn after_allocation(object: usize) {
    // SAFETY: see above.
    unsafe {
        let m = here();
        if (*m).context.pins != 0 || COLLECTING.load(Ordering::Relaxed) {
            return; // the pools of package sync rely on it
        }
        if !torture_wants_a_step() {
            return;
        }
        if heap().is_marking() && !heap().markers_are_done() && TORTURE.load(Ordering::Relaxed) == 0
        {
            let stopping = || SCHED.stopping.load(Ordering::Relaxed);
            let began = time::nanotime();
            tracer::assist(|| heap().assist(stopping));
            let ns = (time::nanotime() - began) as u64;
            ASSIST_NS.fetch_add(ns, Ordering::Relaxed);
            return;
        }
        let slot = (*m).pending.iter().position(|&p| p == 0).unwrap_or(0);
        (*m).pending[slot] = object;
        step(Trigger::Growth);
        (*m).pending[slot] = 0;
    }
}

/// The program has changed the rate of the profile of allocations, and `object` was just
/// allocated: what the caches of all Ps hold was cut at the old rate.
///
/// # Safety
/// As for [`after_allocation`].
#[cold]
pub unsafe fn after_new_rate(object: usize) {
    // SAFETY: see above; nobody uses a cache in a stopped world.
    unsafe {
        let m = here();
        if (*m).context.pins != 0 || COLLECTING.load(Ordering::Relaxed) {
            return;
        }
        allocations::rate_is_known();
        let slot = (*m).pending.iter().position(|&p| p == 0).unwrap_or(0);
        (*m).pending[slot] = object;
        let world = world::stop();
        heap().flush_caches();
        drop(world);
        (*m).pending[slot] = 0;
    }
}

/// GODEBUG=goxidegctorture=N: only every Nth allocation takes a step, unless one is due.
fn torture_wants_a_step() -> bool {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let every = TORTURE.load(Ordering::Relaxed);
    every <= 1
        || COUNT.fetch_add(1, Ordering::Relaxed).is_multiple_of(every)
        || heap().is_over_trigger() && (!heap().is_marking() || heap().markers_are_done())
}

/// Says that every `n`th allocation takes a step; 0: only when one is due.
pub fn set_torture(n: usize) {
    TORTURE.store(n, Ordering::Relaxed);
}

/// A point where a collection may run: whatever the caller holds is reachable.
///
/// # Safety
/// As for [`after_allocation`].
pub unsafe fn may_collect(held: usize) {
    if heap().should_collect() {
        // SAFETY: see above.
        unsafe { after_allocation(held) };
    }
}

/// Stops the world for the next step of a collection: begins marking, ends it, or does it
/// all. Nothing happens if another M was faster.
///
/// # Safety
/// As for [`after_allocation`].
unsafe fn step(trigger: Trigger) {
    let (cycle, marking) = (heap().cycles(), heap().is_marking());
    if !marking && TORTURE.load(Ordering::Relaxed) == 0 {
        if PREPARING.swap(true, Ordering::Acquire) {
            return; // somebody is about to begin
        }
        // What is left to sweep is swept while the world runs.
        // SAFETY: see above.
        unsafe { tracer::sweep(|| while heap().sweep_step(SWEEP_SPANS) {}) };
        PREPARING.store(false, Ordering::Release);
    }
    // SAFETY: as in `after_allocation`.
    unsafe {
        heap().hold_markers();
        let world = world::stop_for(Some(if marking {
            Text::StopMarkTermination
        } else {
            Text::StopSweepTermination
        }));
        let same = cycle == heap().cycles() && marking == heap().is_marking();
        if same && (trigger != Trigger::Growth || heap().should_collect()) {
            step_stopped(world, |roots| heap().advance(trigger, roots).done());
        } else {
            drop(world);
        }
        heap().start_markers();
        super::finalize::wake();
    }
}

/// Gives the sum of this collection.
fn note_pause(ns: u64) -> u64 {
    super::stats::note_pause(ns);
    PAUSE_NS.fetch_add(ns, Ordering::Relaxed) + ns
}

/// A whole collection in one stop of the world, with roots made from all there are.
///
/// # Safety
/// As for [`after_allocation`].
pub(super) unsafe fn collect_now(
    roots: impl for<'a> FnOnce(&'a Roots<'a>) -> Box<dyn RootSet + 'a>,
) {
    // SAFETY: as in `after_allocation`; the world is stopped.
    unsafe {
        heap().hold_markers();
        let world = world::stop();
        step_stopped(world, |all| {
            if heap().is_marking() {
                heap().collect(Trigger::Forced, all);
            }
            Some(heap().collect(Trigger::Forced, &*roots(all)))
        });
        heap().start_markers();
        super::finalize::wake();
    }
}

/// `run` takes the step; then the world runs. A pause that ends a collection lasts until its
/// figures are taken, any other until the world runs, as in Go.
unsafe fn step_stopped(world: Stopped, run: impl FnOnce(&Roots<'_>) -> Option<Collection>) {
    let marking = heap().is_marking();
    // SAFETY: the world is stopped.
    let done = unsafe {
        if !marking {
            PAUSE_NS.store(0, Ordering::Relaxed);
            ASSIST_BEFORE_NS.store(ASSIST_NS.load(Ordering::Relaxed), Ordering::Relaxed);
            super::stats::collection_begins();
            let last = EPOCH.load(Ordering::Relaxed);
            EPOCH.store(g::next_epoch(last), Ordering::Relaxed);
            tracer::gc_begin();
            COLLECTING.store(true, Ordering::Relaxed);
            run_prologue();
            COLLECTING.store(false, Ordering::Relaxed);
        }
        let epoch = EPOCH.load(Ordering::Relaxed);
        let roots = Roots {
            world: &world,
            epoch,
            unseen: OnceCell::new(),
            copies: OnceCell::new(),
        };
        g::stacks_are_read(true);
        (*here()).collecting = true;
        let done = super::no_p::excluded(|| run(&roots));
        (*here()).collecting = false;
        g::stacks_are_read(heap().is_marking());
        tell_running(heap().is_marking());
        done
    };
    let (began, ended) = (world.began_ns(), time::nanotime());
    let pause_ns = (ended - began) as u64;
    let pauses_ns = note_pause(pause_ns);
    let Some(done) = done else {
        note_pause((world.end() - ended) as u64);
        return;
    };
    // SAFETY: as above.
    unsafe { tracer::gc_end(done.next_goal_bytes) };
    LAST_NS.store(ended, Ordering::Relaxed);
    stacks::collection_ends(TORTURE.load(Ordering::Relaxed) != 0);
    super::stats::collection_ends(pauses_ns, &done);
    drop(world);
    if TRACE.load(Ordering::Relaxed) {
        print_trace(&done, pauses_ns, pause_ns);
    }
}

/// Turns the barriers of the goroutines that are on Ms on or off; others are told when they
/// are put on one.
unsafe fn tell_running(marking: bool) {
    m::for_each(|m| {
        // SAFETY: Ms and Gs are never freed; the world is stopped.
        unsafe {
            let g = (*m).g.load(Ordering::Acquire);
            if !g.is_null() {
                (*g).context.gc_marking = usize::from(marking);
            }
        }
    });
}

/// Calls `runtime.gcPrologue` on a goroutine of its own, with the world stopped.
unsafe fn run_prologue() {
    if module::entry_address(EntryPoint::GcPrologue) == 0 {
        return;
    }
    // SAFETY: this M runs nothing else meanwhile; the goroutine neither parks nor grows
    // beyond what its stack segments allow.
    unsafe {
        let m = here();
        let g = new_go(module::entry_closure(EntryPoint::GcPrologue), [0; 6]);
        g::PROLOGUES.fetch_add(1, Ordering::Relaxed);
        (*g).system = true;
        (*g).no_preempt = true;
        (*g).set_status(Status::Running);
        (*g).context.m = m as usize;
        (*g).context.cache = 0;
        let outer = (*m).g.swap(g, Ordering::AcqRel);
        let leave = (*m).leave;
        goxide_fiber::execute(&raw mut (*g).context);
        if !matches!((*m).leave, Leave::Exit) {
            fatal::throw_text("runtime.gcPrologue blocked");
        }
        (*m).leave = leave;
        (*m).g.store(outer, Ordering::Release);
        let locked = std::mem::replace(&mut (*m).locked_g, ptr::null_mut());
        crate::sched::lifecycle::finished(m, g);
        (*m).locked_g = locked;
    }
}

/// Go's line. Its parts: stop that begins, marking, stop that ends; the same as CPU time,
/// with that of marking as assists, markers, idle (there are no idle markers here).
fn print_trace(c: &Collection, pauses_ns: u64, last_ns: u64) {
    let since = (time::nanotime() - START_NS.load(Ordering::Relaxed)) as f64 / 1e9;
    let ms = |ns: u64| Milliseconds(ns);
    let mb = |b: u64| b >> 20;
    let first_ns = pauses_ns - last_ns;
    // With one stop of the world only, that is the first.
    let (first_ns, last_ns) = if c.mark_ns == 0 {
        (last_ns, 0)
    } else {
        (first_ns, last_ns)
    };
    let assist_ns = ASSIST_NS.load(Ordering::Relaxed) - ASSIST_BEFORE_NS.load(Ordering::Relaxed);
    let procs = SCHED.gomaxprocs.load(Ordering::Relaxed);
    let percent = super::stats::cpu_share(procs) * 100.0;
    let stack_bytes = goxide_fiber::mapped_segment_bytes() as u64;
    let globals = super::global_bytes();
    let forced = if c.trigger == Trigger::Forced {
        " (forced)"
    } else {
        ""
    };
    fatal::write_stderr(
        format!(
            "gc {} @{since:.3}s {percent:.0}%: {}+{}+{} ms clock, {}+{}/{}/0+{} ms cpu, \
             {}->{}->{} MB, {} MB goal, {} MB stacks, {} MB globals, {procs} P{forced}\n",
            c.number,
            ms(first_ns),
            ms(c.mark_ns),
            ms(last_ns),
            ms(first_ns * procs as u64),
            ms(assist_ns),
            ms(c.mark_ns * c.workers as u64),
            ms(last_ns * procs as u64),
            mb(c.heap_before_bytes),
            mb(c.heap_after_bytes),
            mb(c.heap_marked_bytes),
            mb(c.goal_bytes),
            mb(stack_bytes),
            mb(globals),
        )
        .as_bytes(),
    );
}

/// Nanoseconds in milliseconds, as Go's trace has them: two digits that count, but none
/// below a microsecond.
struct Milliseconds(u64);

impl std::fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ms = self.0 as f64 / 1e6;
        match self.0 {
            0 => f.write_str("0"),
            10_000_000.. => write!(f, "{ms:.0}"),
            1_000_000.. => write!(f, "{ms:.1}"),
            100_000.. => write!(f, "{ms:.2}"),
            _ => write!(f, "{ms:.3}"),
        }
    }
}

/// sysmon's look at the heap: sweeps some of it and gives free memory back.
pub fn periodic(now_ns: i64) {
    let until = now_ns + SWEEP_NS;
    while heap().sweep_step(SWEEP_SPANS) && time::nanotime() < until {}
    if super::finalize::is_noted() || stacks::is_due() {
        wake_p();
    }
    if heap().markers_are_done() || now_ns - LAST_NS.load(Ordering::Relaxed) > PERIOD_NS {
        STEP_DUE.store(true, Ordering::Relaxed);
    }
}

/// Called by the scheduler between goroutines: a step that sysmon asked for, and work for
/// the goroutine of finalizers.
///
/// # Safety
/// On an M with a P that runs no goroutine.
pub unsafe fn collect_if_periodic() {
    // SAFETY: see above.
    unsafe {
        super::finalize::wake_if_noted();
        burial::step();
    }
    stacks::step();
    if STEP_DUE.load(Ordering::Relaxed) && STEP_DUE.swap(false, Ordering::SeqCst) {
        let long_ago = time::nanotime() - LAST_NS.load(Ordering::Relaxed) > PERIOD_NS;
        let due = if heap().is_marking() {
            heap().markers_are_done()
        } else {
            long_ago
        };
        if due {
            // SAFETY: see above.
            unsafe { step(Trigger::Periodic) };
        }
    }
}

/// `runtime.GC` begins: gives the number of collections after which it is over. One that is
/// under way does not count, as it may have seen what is garbage now.
#[unsafe(no_mangle)]
extern "C" fn goxide_gc_begin() -> usize {
    heap().cycles() as usize + 1 + usize::from(heap().is_marking())
}

/// Does a part of `runtime.GC`; gives 1 when it is over. Other goroutines run in between,
/// as finalizers should before the caller goes on.
#[unsafe(no_mangle)]
extern "C" fn goxide_gc_step(until: usize) {
    let heap = heap();
    let marked = (heap.cycles().wrapping_sub(until as u32) as i32) >= 0;
    // Sweeping frees what is counted as garbage.
    // SAFETY: a runtime call of a goroutine, on an M with a P.
    let swept = marked && !unsafe { tracer::sweep(|| heap.sweep_step(SWEEP_SPANS)) };
    let done = swept && !stacks::step();
    // SAFETY: a runtime call of a goroutine, on an M with a P.
    unsafe {
        if !marked && heap.is_marking() && !heap.markers_are_done() {
            if !heap.help_marking(HELP_BYTES) {
                std::thread::sleep(MARKERS_BUSY);
            }
        } else if !marked {
            step(Trigger::Forced);
        }
        (*m::current_g()).context.park_results = [u64::from(done), 0];
    }
    park::yield_to(Leave::Yield);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_free_os() {
    heap().free_os_memory();
    // SAFETY: a runtime call of a goroutine, on an M with a P.
    unsafe { stacks::free_all() };
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_set_percent(percent: usize) -> usize {
    heap().set_gc_percent(percent as i32) as isize as usize
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_set_limit(bytes: usize) -> usize {
    heap().set_memory_limit(bytes as i64) as usize
}
