//! Goroutines come and go.

use super::SCHED;
use super::burial;
use super::free::{FREE, FREE_RUST};
use super::g::{G, Status};
use super::m::{Leave, M, current_g, here, leave};
use super::p::P;
use super::park::put_next;
use super::wake::wake_p;
use crate::traceback::ancestors;
use crate::tracer;
use goxide_abi::{INHERITED_LOCALS, NO_DEFER_CHUNK};
use goxide_fiber::{Segment, start_go_address, start_rust_address};
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Dead Gs that a P keeps for itself.
const FREE_PER_P: usize = 32;

/// A dead G with an empty stack.
unsafe fn take_dead() -> *mut G {
    // SAFETY: the M's own P, if it has one.
    let g = unsafe {
        let m = here();
        if m.is_null() || (*m).p.is_null() {
            let mut one = Vec::new();
            FREE.take(1, &mut one);
            if one.is_empty() {
                burial::revive(1, &mut one);
            }
            one.pop().unwrap_or(ptr::null_mut())
        } else {
            let p = &*(*m).p;
            let free = &mut p.own().free;
            if free.is_empty() {
                FREE.take(FREE_PER_P / 2, free);
                if free.is_empty() {
                    burial::revive(FREE_PER_P / 2, free);
                }
            }
            let g = free.pop().unwrap_or(ptr::null_mut());
            p.free_gs.store(free.len() as u32, Ordering::Relaxed);
            // Who starts one goroutine will soon start the next.
            if let Some(&next) = free.last() {
                G::prefetch(next);
            }
            g
        }
    };
    if g.is_null() { G::allocate() } else { g }
}

/// Sets up a dead G as a new goroutine that will call the closure with these arguments.
///
/// # Safety
/// `closure` is a Go func value that takes as many words.
pub unsafe fn new_go(closure: usize, arguments: [usize; 6]) -> *mut G {
    // SAFETY: the dead G is ours; its stack is empty.
    unsafe {
        let g = take_dead();
        let top = (*((*g).context.segment as *mut Segment)).hi - size_of::<[usize; 6]>();
        *(top as *mut [usize; 6]) = arguments;
        (*g).context.sched_sp = top;
        (*g).context.sched_fp = 0;
        (*g).context.sched_pc = start_go_address();
        (*g).context.park_results = [closure as u64, 0];
        (*g).start_pc = *(closure as *const usize);
        prepare(g);
        g
    }
}

/// Sets up a goroutine that will call `f(data)`, Rust code on a stack of this size, which
/// is always the same one.
///
/// # Safety
/// `f` may be called with `data`, once, on any M.
pub unsafe fn new_rust(f: extern "C" fn(usize), data: usize, stack_bytes: usize) -> *mut G {
    let mut g = FREE_RUST.pop();
    if g.is_null() {
        g = G::allocate_rust(stack_bytes);
    }
    // SAFETY: the new G is ours.
    unsafe {
        let top = (*((*g).context.segment as *mut Segment)).hi;
        (*g).context.sched_sp = top;
        (*g).context.sched_fp = 0;
        (*g).context.sched_pc = start_rust_address();
        (*g).context.park_results = [f as usize as u64, data as u64];
        (*g).start_pc = 0;
        prepare(g);
        (*g).no_preempt = true;
    }
    g
}

/// What all new goroutines share. They stay `Dead` for markers: whoever makes one runnable
/// sets its status, when all that it keeps alive has been written.
unsafe fn prepare(g: *mut G) {
    // SAFETY: the dead G is the caller's.
    unsafe {
        let c = &mut (*g).context;
        c.defer_frames = ptr::null_mut();
        c.panics = 0;
        c.defer_top = NO_DEFER_CHUNK;
        c.defer_end = 0;
        c.defer_chunk = ptr::null_mut();
        c.closure_ctx = 0;
        c.locals = Default::default();
        c.goid = G::next_id();
        (*g).parent = 0;
        (*g).go_site = u32::MAX;
        (*g).go_pcs = [0; 2];
        (*g).system = false;
        // A timer's or the collector's goroutine may have had this G before.
        (*g).no_preempt = false;
        (*g).lock_depth = 0;
        (*g).locked_m = ptr::null_mut();
        (*g).finish = None;
        (*g).durable = false;
        (*g).leaked = false;
        (*g).is_timers = false;
        (*g).park_token.store(0, Ordering::Relaxed);
        (*g).trace = tracer::GTrace::new();
        G::count_turns_from(g, c.goid as u8);
    }
}

/// The two innermost return addresses of a goroutine in a runtime call.
unsafe fn callers_of_stub(g: *const G) -> [usize; 2] {
    // SAFETY: stubs and compiled functions have frame pointers; the outermost is 0.
    unsafe {
        let stub = (*g).context.sched_fp as *const usize;
        let caller = *stub as *const usize;
        let outer = if caller.is_null() || (*g).is_rust {
            0
        } else {
            *caller.add(1)
        };
        [*stub.add(1), outer]
    }
}

/// Makes a prepared goroutine known as a child of the running one, and runs it soon.
///
/// # Safety
/// As for [`announce`].
pub unsafe fn launch(g: *mut G, parent: *mut G, site: u32) {
    // SAFETY: see above.
    unsafe {
        announce(g, parent, site);
        put_next(g);
    }
    wake_p();
}

/// Makes a prepared goroutine known as a child of the running one, and runnable. It is the
/// caller's to queue or run.
///
/// # Safety
/// `g` comes from `new_go` or `new_rust`; this is an M with a P.
pub unsafe fn announce(g: *mut G, parent: *mut G, site: u32) {
    // SAFETY: see above.
    unsafe {
        if !parent.is_null() {
            // What a timer starts is nobody's child.
            let by_timer = (*parent).is_timers;
            (*g).parent = if by_timer { 0 } else { (*parent).context.goid };
            (*g).go_pcs = callers_of_stub(parent);
            ancestors::note(g, parent);
            for i in 0..INHERITED_LOCALS {
                (*g).context.locals[i] = (*parent).context.locals[i];
            }
        }
        (*g).go_site = site;
        super::bubble::enter(g);
        (*g).set_status(Status::Runnable);
        tracer::go_create(g);
        P::count(&(*(*here()).p).made);
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_newproc(closure: usize, site: usize) {
    // SAFETY: Go passes a func value without parameters.
    unsafe {
        let g = new_go(closure, [0; 6]);
        launch(g, current_g(), site as u32);
    }
}

/// The running goroutine ends.
#[unsafe(no_mangle)]
pub extern "C" fn goxide_goexit0() {
    leave(Leave::Exit);
}

/// Puts away a goroutine that has ended.
///
/// # Safety
/// It is off the M, which is this thread's.
pub unsafe fn finished(m: *mut M, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        super::bubble::exit(g);
        ancestors::forget((*g).context.goid);
        (*g).set_status(Status::Dead);
        if !(*g).system {
            P::count(&(*(*m).p).ended);
        }
        if !(*m).locked_g.is_null() {
            (*m).ends = true;
            (*m).locked_g = ptr::null_mut();
            (*g).locked_m = ptr::null_mut();
        }
        (*g).lock_depth = 0;
        if (*g).is_rust {
            FREE_RUST.push(g);
            return;
        }
        (*g).reset_stack(true);
        let p = &*(*m).p;
        let own = p.own();
        crate::defer_stack::clear(&raw mut (*g).context, own);
        let free = &mut own.free;
        free.push(g);
        if free.len() > FREE_PER_P {
            FREE.push_all(free.drain(FREE_PER_P / 2..).inspect(|&g| {
                (*g).reset_stack(false);
            }));
        }
        p.free_gs.store(free.len() as u32, Ordering::Relaxed);
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_num_goroutine() -> usize {
    count()
}

/// Bytes of the stacks and Gs of goroutines that have ended.
pub fn dead_bytes() -> usize {
    let kept = SCHED
        .all_procs()
        .map(|p| p.free_gs.load(Ordering::Relaxed) as usize);
    let dead = kept.sum::<usize>() + FREE.count();
    dead * (goxide_fiber::FIRST_SEGMENT_BYTES + size_of::<G>()) + burial::waiting_bytes()
}

/// How many goroutines there are, system ones apart. Each P counts for itself, for a counter
/// of all would travel between processors with every goroutine; what has ended is added up
/// first, so that none counts as ended that does not count as made.
pub fn count() -> usize {
    let sum = |counter: fn(&P) -> &AtomicUsize| {
        let values = SCHED
            .all_procs()
            .map(|p| counter(p).load(Ordering::Acquire));
        values.fold(0, usize::wrapping_add)
    };
    let ended = sum(|p| &p.ended);
    let made = SCHED.made_outside.load(Ordering::SeqCst);
    made.wrapping_add(sum(|p| &p.made)).wrapping_sub(ended)
}

/// `runtime.LockOSThread`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn goxide_lock_os_thread() {
    super::threads::start_maker();
    // SAFETY: the running goroutine and its M.
    unsafe {
        let (m, g) = (here(), current_g());
        (*g).lock_depth += 1;
        (*g).locked_m = m;
        (*m).locked_g = g;
    }
}

/// `runtime.UnlockOSThread`.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn goxide_unlock_os_thread() {
    // SAFETY: as above.
    unsafe {
        let (m, g) = (here(), current_g());
        if (*g).lock_depth == 0 {
            return;
        }
        (*g).lock_depth -= 1;
        if (*g).lock_depth == 0 {
            (*g).locked_m = ptr::null_mut();
            (*m).locked_g = ptr::null_mut();
        }
    }
}
