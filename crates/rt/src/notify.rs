//! Condition lists: what `sync.Cond` waits on.
//!
//! A waiter takes a ticket (in Go, by adding to `wait`) before it gives up the caller's
//! lock, and comes here afterwards; `notify` is the ticket to be notified next. A ticket
//! below it was notified before its owner arrived.

use crate::atomic::{AtomicU32, Ordering};
use crate::chan::{Sudog, WaitQueue};
use crate::sched::m::current_g;
use crate::sched::park::{park, ready, set_durable, unlock_commit};
use crate::sync::Lock;
use goxide_abi::WaitReason;

/// Layout of `sync.notifyList`.
#[repr(C)]
pub struct NotifyList {
    wait: AtomicU32,
    notify: AtomicU32,
    lock: Lock,
    _pad: u32,
    waiters: WaitQueue,
}

const _: () = assert!(size_of::<NotifyList>() == 32);

/// Whether ticket `a` was drawn before `b`; tickets wrap around.
fn before(a: u32, b: u32) -> bool {
    (a.wrapping_sub(b) as i32) < 0
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_notify_wait(list: *mut NotifyList, ticket: usize) {
    // SAFETY: Go passes a live list; its queue is reached under its lock.
    unsafe {
        (*list).lock.lock();
        if before(ticket as u32, (*list).notify.load(Ordering::Relaxed)) {
            (*list).lock.unlock();
            return;
        }
        let g = current_g();
        let s = &raw mut (*g).sudog;
        (*s).set(g, list as usize, std::ptr::null_mut(), -1);
        (*s).ticket = ticket as u32;
        (*list).waiters.push(s);
        set_durable(true);
        park(
            WaitReason::SyncCond,
            Some(unlock_commit),
            (&raw const (*list).lock) as usize,
        );
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_notify_all(list: *mut NotifyList) {
    // SAFETY: as above.
    unsafe {
        if (*list).wait.load(Ordering::SeqCst) == (*list).notify.load(Ordering::SeqCst) {
            return;
        }
        (*list).lock.lock();
        let mut woken: Vec<*mut Sudog> = Vec::new();
        loop {
            let s = (*list).waiters.pop();
            if s.is_null() {
                break;
            }
            woken.push(s);
        }
        let last = (*list).wait.load(Ordering::SeqCst);
        (*list).notify.store(last, Ordering::SeqCst);
        (*list).lock.unlock();
        for s in woken {
            ready((*s).g);
        }
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_notify_one(list: *mut NotifyList) {
    // SAFETY: as above.
    unsafe {
        if (*list).wait.load(Ordering::SeqCst) == (*list).notify.load(Ordering::SeqCst) {
            return;
        }
        (*list).lock.lock();
        let ticket = (*list).notify.load(Ordering::Relaxed);
        if ticket == (*list).wait.load(Ordering::SeqCst) {
            (*list).lock.unlock();
            return;
        }
        (*list)
            .notify
            .store(ticket.wrapping_add(1), Ordering::SeqCst);
        let found = (*list).waiters.iter().find(|&s| (*s).ticket == ticket);
        if let Some(s) = found {
            (*list).waiters.remove(s);
        }
        (*list).lock.unlock();
        if let Some(s) = found {
            ready((*s).g);
        }
    }
}
