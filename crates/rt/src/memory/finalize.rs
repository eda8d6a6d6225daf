//! Finalizers, cleanups and weak handles for Go code.

use super::{cache, heap};
use crate::module;
use crate::sched::g::{G, Status};
use crate::sched::lifecycle::new_go;
use crate::sched::m::current_g;
use crate::sched::park::{park, put_last, ready};
use crate::sched::sysmon;
use goxide_abi::{DueFinalizer, EntryPoint, WaitReason};
use goxide_heap::SetFinalizerError;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// The goroutine that runs finalizers, while it waits.
static WAITER: AtomicPtr<G> = AtomicPtr::new(ptr::null_mut());

/// Starts that goroutine with the first finalizer or cleanup. On an M with a P.
fn start() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    if STARTED.load(Ordering::Relaxed) || STARTED.swap(true, Ordering::SeqCst) {
        return;
    }
    if module::entry_address(EntryPoint::Finalizers) == 0 {
        return;
    }
    // SAFETY: see above.
    unsafe {
        let g = new_go(module::entry_closure(EntryPoint::Finalizers), [0; 6]);
        (*g).system = true;
        (*g).set_status(Status::Runnable);
        put_last(g);
    }
}

/// After a collection: lets the finalizer goroutine go on if there is work for it.
///
/// # Safety
/// On an M with a P.
pub unsafe fn wake() {
    if !heap().has_due() {
        return;
    }
    let g = WAITER.swap(ptr::null_mut(), Ordering::SeqCst);
    if !g.is_null() {
        // SAFETY: the parked goroutine was ours to take.
        unsafe { ready(g) };
    }
}

/// Something has become due while the world runs, on whatever thread, or nothing can any more.
static NOTED: AtomicBool = AtomicBool::new(false);

/// The heap says so.
pub fn note_due() {
    NOTED.store(true, Ordering::SeqCst);
    sysmon::rouse();
}

/// Whether [`wake_if_noted`] has something to do.
pub(super) fn is_noted() -> bool {
    NOTED.load(Ordering::SeqCst)
}

/// Whether finalizers or cleanups may begin to run, or have yet to be handed on. When that is
/// over an M looks around once more.
pub fn may_come() -> bool {
    is_noted() || heap().is_settling()
}

/// What [`note_due`] wanted.
///
/// # Safety
/// On an M with a P.
#[inline]
pub unsafe fn wake_if_noted() {
    if NOTED.load(Ordering::Relaxed) && NOTED.swap(false, Ordering::SeqCst) {
        // SAFETY: see above.
        unsafe { wake() };
    }
}

unsafe fn commit(g: *mut G, _: usize) -> bool {
    WAITER.store(g, Ordering::SeqCst);
    if !heap().has_due() {
        return true;
    }
    // Work came meanwhile: unless somebody saw us and wakes us, go on.
    WAITER.swap(ptr::null_mut(), Ordering::SeqCst).is_null()
}

/// Before the goroutine runs again: hands it the work, or parks it again.
unsafe fn deliver(g: *mut G) -> bool {
    // SAFETY: the goroutine is ours; its `sudog.key` is the place that Go passed.
    unsafe {
        if fill((*g).sudog.key as *mut DueFinalizer) {
            (*g).context.park_results = [1, 0];
            return true;
        }
        (*g).finish = Some(deliver);
        (*g).set_status(Status::Waiting);
        if commit(g, 0) {
            return false;
        }
        (*g).finish = None;
        (*g).set_status(Status::Running);
        (*g).wait_for_reader();
        deliver(g)
    }
}

unsafe fn fill(out: *mut DueFinalizer) -> bool {
    let Some(due) = heap().take_due() else {
        return false;
    };
    let kind = usize::from(due.object == 0);
    // SAFETY: Go passes a place, which keeps both alive.
    unsafe {
        *out = DueFinalizer {
            object: due.object,
            closure: due.closure,
            kind,
            reserved: 0,
        };
        super::wrote(out.cast(), size_of::<DueFinalizer>());
    }
    true
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_next_finalizer(out: *mut DueFinalizer) -> usize {
    // SAFETY: see `fill`.
    unsafe {
        if fill(out) {
            return 1;
        }
        let g = current_g();
        (*g).sudog.key = out as usize;
        (*g).finish = Some(deliver);
    }
    park(WaitReason::Finalizer, Some(commit), 0);
    0
}

#[unsafe(no_mangle)]
extern "C" fn goxide_set_finalizer(
    object: usize,
    closure: usize,
    _unused: usize,
    _unused2: usize,
) -> usize {
    start();
    match heap().set_finalizer(object, closure) {
        Ok(()) => 0,
        Err(SetFinalizerError::NotAnObject) => 1,
        Err(SetFinalizerError::NotItsStart) => 2,
        Err(SetFinalizerError::HasOne) => 3,
    }
}

#[unsafe(no_mangle)]
extern "C" fn goxide_add_cleanup(object: usize, closure: usize, _unused: usize) -> usize {
    start();
    heap().add_cleanup(object, closure) as usize
}

#[unsafe(no_mangle)]
extern "C" fn goxide_stop_cleanup(object: usize, id: usize) {
    heap().stop_cleanup(object, id as u64);
}

#[unsafe(no_mangle)]
extern "C" fn goxide_weak_register(object: usize) -> usize {
    // SAFETY: Go code runs on an M with a P.
    heap().weak_register(unsafe { cache() }, object)
}

#[unsafe(no_mangle)]
extern "C" fn goxide_weak_strong(handle: usize) -> usize {
    // SAFETY: Go passes what `weak_register` gave.
    unsafe { heap().weak_strong(handle) }
}
