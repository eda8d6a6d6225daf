//! Goroutines that wait for ever: a collection that looks for them (Saioc and others, "Dynamic
//! partial deadlock detection and recovery via garbage collection", 2025).
//!
//! A goroutine that waits for a channel or lock can go on only if somebody else can get at
//! that. So the stacks of such goroutines are no roots at first. Those whose channel or lock
//! turns out to be reachable (that of a timer which runs is) are added, whereby others may
//! become so, until nothing is added any more: what is left leaks. Their stacks are roots in the end all the same, as what
//! they hold must not be freed.

use super::collect::collect_now;
use super::roots::{Roots, goroutine_roots, runtime_roots};
use super::timers;
use crate::sched::g::{G, Status};
use crate::sched::world;
use goxide_abi::{SelectCase, WaitReason};
use goxide_heap::RootSet;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many the last search has found.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The roots of such a collection.
struct Search<'a> {
    all: &'a Roots<'a>,
    /// Goroutines whose stacks are no roots yet, ...
    waiting: Mutex<Waiting>,
}

struct Waiting {
    goroutines: Vec<*mut G>,
    /// ... until the search has ended: they leak.
    ended: bool,
}

// SAFETY: the world is stopped; Gs are never freed.
unsafe impl Send for Waiting {}

impl RootSet for Search<'_> {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.all.begin();
        runtime_roots(visit);
        timers::roots_in_stop(visit);
        let mut waiting = self.waiting.lock().unwrap();
        world::for_each_live(self.all.world, |g| {
            // SAFETY: the world is stopped.
            unsafe {
                // The check of a collection's result asks for all roots once more.
                if waiting.ended {
                    return self.all.of_goroutine(g, visit);
                }
                (*g).leaked = false;
                match may_leak(g) {
                    true => waiting.goroutines.push(g),
                    false => self.all.of_goroutine(g, visit),
                }
            }
        });
    }

    fn for_each_further_range(
        &self,
        is_marked: &dyn Fn(usize) -> bool,
        visit: &mut dyn FnMut(Range<usize>),
    ) {
        let waiting = &mut *self.waiting.lock().unwrap();
        if waiting.ended {
            return;
        }
        let before = waiting.goroutines.len();
        waiting.goroutines.retain(|&g| {
            // SAFETY: the world is stopped.
            let may_go_on = unsafe { awaited(g).into_iter().any(is_marked) };
            if may_go_on {
                goroutine_roots(g, visit);
            }
            !may_go_on
        });
        if waiting.goroutines.len() == before {
            waiting.ended = true;
            COUNT.store(before, Ordering::Relaxed);
            for &g in &waiting.goroutines {
                // SAFETY: as above.
                unsafe { (*g).leaked = true };
                goroutine_roots(g, visit);
            }
        }
    }

    fn settled(&self) {
        self.all.settled();
    }

    fn for_each_static_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.all.for_each_static_range(visit);
    }
}

/// Whether a goroutine waits for what only other goroutines can bring about.
unsafe fn may_leak(g: *const G) -> bool {
    use WaitReason::*;
    // SAFETY: the world is stopped.
    unsafe {
        let by_others = matches!(
            (*g).wait_reason,
            SelectNoCases
                | NilSend
                | NilReceive
                | ChanReceive
                | ChanSend
                | Select
                | SyncCond
                | SyncWaitGroup
                | SyncMutex
                | SyncRwMutex
                | SyncRwMutexRead
        );
        (*g).status() == Status::Waiting && by_others && !(*g).system
    }
}

/// The channels or the lock that such a goroutine waits for. (An address outside of the heap
/// counts as marked.)
unsafe fn awaited(g: *mut G) -> Vec<usize> {
    // SAFETY: the world is stopped; the cases of a select lie on the goroutine's stack.
    unsafe {
        match (*g).wait_reason {
            WaitReason::SelectNoCases | WaitReason::NilSend | WaitReason::NilReceive => vec![],
            WaitReason::Select => {
                let select = (*g).select();
                let cases = select.cases as *const SelectCase;
                let channel = |&i: &u16| (*cases.add(i.into())).channel;
                select.lock_order.iter().map(channel).collect()
            }
            _ => vec![(*g).sudog.key],
        }
    }
}

/// Runs a collection that looks for leaks.
#[unsafe(no_mangle)]
extern "C" fn goxide_gc_find_leaks() {
    // SAFETY: a runtime call of a goroutine, on an M with a P.
    unsafe {
        collect_now(|all| {
            let waiting = Mutex::new(Waiting {
                goroutines: Vec::new(),
                ended: false,
            });
            Box::new(Search { all, waiting })
        });
    }
}

/// How many goroutines the last search has found.
#[unsafe(no_mangle)]
extern "C" fn goxide_gc_leak_count() -> usize {
    COUNT.load(Ordering::Relaxed)
}
