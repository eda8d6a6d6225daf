//! Collections: when, with which roots, and what is printed about them.

use super::heap;
use crate::sched::SCHED;
use crate::sched::g::{G, Status};
use crate::sched::lifecycle::new_go;
use crate::sched::m::{self, Leave, here};
use crate::sched::park;
use crate::sched::world::{self, Stopped};
use crate::{fatal, module, time};
use goxide_abi::{EntryPoint, GContext};
use goxide_fiber::Segments;
use goxide_heap::{Collection, RootSet, Trigger};
use std::ops::Range;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

static TRACE: AtomicBool = AtomicBool::new(false);
static START_NS: AtomicI64 = AtomicI64::new(0);
static LAST_NS: AtomicI64 = AtomicI64::new(0);
/// Set while Go code runs with the world stopped: it must not start a collection.
static COLLECTING: AtomicBool = AtomicBool::new(false);
/// sysmon asks for a collection.
static PERIODIC_DUE: AtomicBool = AtomicBool::new(false);
const PERIOD_NS: i64 = 120_000_000_000;
/// Spans that sysmon sweeps at a time: some ten microseconds.
const SWEEP_SPANS: usize = 256;

/// GODEBUG=gctrace=1.
pub fn set_trace(on: bool) {
    TRACE.store(on, Ordering::Relaxed);
    START_NS.store(time::nanotime(), Ordering::Relaxed);
    LAST_NS.store(time::nanotime(), Ordering::Relaxed);
}

/// A collection is due and `object` was just allocated.
///
/// # Safety
/// In a runtime call of a goroutine, on an M with a P.
#[cold]
pub unsafe fn after_allocation(object: usize) {
    // SAFETY: see above.
    unsafe {
        let m = here();
        if (*m).pins != 0 {
            return; // the pools of package sync rely on it
        }
        let slot = (*m).pending.iter().position(|&p| p == 0).unwrap_or(0);
        (*m).pending[slot] = object;
        collect_if(Trigger::Growth);
        (*m).pending[slot] = 0;
    }
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

unsafe fn collect_if(trigger: Trigger) {
    if COLLECTING.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: as in `after_allocation`.
    unsafe {
        let world = world::stop();
        if trigger != Trigger::Growth || heap().should_collect() {
            collect_stopped(&world, trigger);
        }
        drop(world);
        super::finalize::wake();
    }
}

unsafe fn collect_stopped(world: &Stopped, trigger: Trigger) {
    let began = time::nanotime();
    // SAFETY: the world is stopped.
    let done = unsafe {
        COLLECTING.store(true, Ordering::Relaxed);
        run_prologue();
        let done = super::no_p::excluded(|| heap().collect(trigger, &Roots { _world: world }));
        COLLECTING.store(false, Ordering::Relaxed);
        done
    };
    let ended = time::nanotime();
    LAST_NS.store(ended, Ordering::Relaxed);
    PERIODIC_DUE.store(false, Ordering::Relaxed);
    super::stats::note_pause((ended - began) as u64);
    if TRACE.load(Ordering::Relaxed) {
        print_trace(&done, trigger, ended - began);
    }
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

/// Everything outside of the heap that may point into it.
struct Roots<'a> {
    _world: &'a Stopped,
}

// SAFETY: the world is stopped: what it reads does not change.
unsafe impl Sync for Roots<'_> {}

impl RootSet for Roots<'_> {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        if let Some(header) = module::header() {
            visit(header.data[0]..header.data[1]);
            visit(header.bss[0]..header.bss[1]);
        }
        for p in SCHED.all_procs() {
            let (start, end) = p.timers.root_range();
            visit(start..end);
        }
        m::for_each(|m| {
            // SAFETY: Ms are never freed.
            let start = unsafe { &raw const (*m).pending as usize };
            visit(start..start + size_of::<[usize; m::PENDING]>());
        });
        world::for_each_live(self._world, |g| {
            let start = g as usize;
            visit(start..start + size_of::<GContext>());
            shrink(g);
            // SAFETY: the goroutine does not run, or runs in a system call, where what it
            // keeps alive lies above the stack pointer it had when it entered.
            for (from, to) in unsafe { Segments::of(g.cast()) } {
                visit(from..to);
            }
        });
    }
}

/// Gives back the stack segments that a parked goroutine has returned from.
fn shrink(g: *mut G) {
    // SAFETY: the world is stopped and the goroutine is parked.
    unsafe {
        if (*g).status() == Status::Waiting {
            goxide_fiber::drop_next((*g).context.segment as *mut goxide_fiber::Segment);
        }
    }
}

/// Go's line, as far as its parts have a counterpart here.
fn print_trace(c: &Collection, trigger: Trigger, pause_ns: i64) {
    let since = (time::nanotime() - START_NS.load(Ordering::Relaxed)) as f64 / 1e9;
    let ms = |ns: u64| ns as f64 / 1e6;
    let mb = |b: u64| b >> 20;
    let sweep = (pause_ns as u64).saturating_sub(c.prepare_ns + c.mark_ns);
    let percent = super::stats::pause_total_ns() as f64 / (since * 1e9).max(1.0) * 100.0;
    let forced = if trigger == Trigger::Forced {
        " (forced)"
    } else {
        ""
    };
    fatal::write_stderr(
        format!(
            "gc {} @{since:.3}s {percent:.0}%: {:.3}+{:.3}+{:.3} ms clock, \
             {:.3}+0/{:.3}/0+{:.3} ms cpu, {}->{}->{} MB, {} MB goal, 0 MB stacks, \
             {} MB globals, {} P{forced}\n",
            c.number,
            ms(c.prepare_ns),
            ms(c.mark_ns),
            ms(sweep),
            ms(c.prepare_ns),
            ms(c.mark_ns),
            ms(sweep),
            mb(c.heap_before_bytes),
            mb(c.heap_before_bytes),
            mb(c.heap_marked_bytes),
            mb(c.goal_bytes),
            mb(c.root_bytes),
            c.workers,
        )
        .as_bytes(),
    );
}

/// sysmon's look at the heap: sweeps some of it and gives free memory back.
pub fn periodic(now_ns: i64) {
    heap().sweep_step(SWEEP_SPANS);
    if now_ns - LAST_NS.load(Ordering::Relaxed) > PERIOD_NS {
        PERIODIC_DUE.store(true, Ordering::Relaxed);
    }
}

/// Called by the scheduler between goroutines: a periodic collection, if one is due.
///
/// # Safety
/// On an M with a P that runs no goroutine.
pub unsafe fn collect_if_periodic() {
    if PERIODIC_DUE.load(Ordering::Relaxed) && PERIODIC_DUE.swap(false, Ordering::SeqCst) {
        // SAFETY: see above.
        unsafe { collect_if(Trigger::Periodic) };
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_start() {
    // SAFETY: a runtime call of a goroutine. Sweeping frees what finalizers wait for.
    unsafe { collect_if(Trigger::Forced) };
    while heap().sweep_step(64) {}
    // As Go's, let finalizers and others run before the caller goes on.
    park::yield_to(Leave::Yield);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_free_os() {
    // SAFETY: as above.
    unsafe { collect_if(Trigger::Forced) };
    heap().free_os_memory();
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_set_percent(percent: usize) -> usize {
    heap().set_gc_percent(percent as i32) as isize as usize
}

#[unsafe(no_mangle)]
extern "C" fn goxide_gc_set_limit(bytes: usize) -> usize {
    heap().set_memory_limit(bytes as i64) as usize
}
