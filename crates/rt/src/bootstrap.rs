//! From process start to goroutine 1.

use crate::sched::m::{M, here};
use crate::sched::{
    PS, SCHED, deadlock, idle, lifecycle, preempt, proc, processors, sysmon, world,
};
use crate::{environment, fatal, memory, module, signal, traceback};
use goxide_abi::EntryPoint;
use std::sync::atomic::Ordering;

/// Runs the program; does not return.
pub fn main() -> ! {
    if module::header().is_none() {
        fatal::write_stderr(b"this is goxide's runtime image: it holds no program\n");
        fatal::exit(2)
    }
    traceback::level_from_environment(&environment::variable("GOTRACEBACK"));
    traceback::ancestors::keep(environment::debug("tracebackancestors"));
    crate::choice::initialize();
    crate::sched::trace::initialize();
    memory::initialize();
    signal::set_up_thread();
    signal::set_up_process();
    deadlock::ENABLED.store(true, Ordering::Relaxed);
    // SAFETY: the first thread becomes the first M, with the first P.
    unsafe {
        let m = start_scheduler(processors::initial());
        let g = lifecycle::new_go(module::entry_closure(EntryPoint::Main), [0; 6]);
        lifecycle::announce(g, std::ptr::null_mut(), u32::MAX);
        // Initialisers may count on the main thread; `runtime.main` unlocks it.
        (*g).lock_depth = 1;
        (*g).locked_m = m;
        (*m).locked_g = g;
        sysmon::start();
        proc::run_first(m, g);
        proc::schedule(m);
        // The process would end with its first thread.
        loop {
            std::thread::park();
        }
    }
}

/// Makes this thread the first M, with a P.
///
/// # Safety
/// Called once.
pub unsafe fn start_scheduler(procs: usize) -> *mut M {
    // SAFETY: no goroutine runs yet.
    unsafe {
        goxide_fiber::set_goexit(lifecycle::goxide_goexit0);
        goxide_fiber::set_preempt_call(preempt::preempted);
        goxide_fiber::set_overflow(fatal::stack_overflow);
        let m = M::allocate();
        M::bind(m);
        SCHED.with(|shared| shared.m_count += 1);
        world::set_procs(procs, true);
        idle::acquire(m, PS[0].load(Ordering::Relaxed));
        debug_assert_eq!(here(), m);
        m
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_os_exit(status: usize) {
    fatal::exit(status as i32)
}

#[unsafe(no_mangle)]
extern "C" fn goxide_set_max_stack(bytes: usize) -> usize {
    goxide_fiber::set_max_stack_bytes(bytes)
}
