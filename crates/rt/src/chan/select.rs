//! `select`.
//!
//! All channels are locked, in order of address; the cases are tried in random order. If
//! none can go on, the goroutine queues at every channel and parks; whoever sets its
//! `select_done` has chosen the case. It leaves the other queues before it runs again.

use super::Channel;
use super::ops::{CLOSED, RECEIVED, try_receive, try_send};
use super::queue::Sudog;
use crate::atomic::Ordering;
use crate::calls::Words;
use crate::choice::{self, Choice};
use crate::sched::bubble;
use crate::sched::g::G;
use crate::sched::m::current_g;
use crate::sched::park::{park, set_durable};
use goxide_abi::SelectCase;
use goxide_abi::WaitReason;

/// One case, with its direction by position: sends come first.
pub type Case = SelectCase;

/// Second result of a select whose send met a closed channel.
const SEND_ON_CLOSED: usize = 2;

unsafe fn channel(cases: *const Case, i: usize) -> *mut Channel {
    // SAFETY: i is below the number of cases.
    unsafe { (*cases.add(i)).channel as *mut Channel }
}

/// Locks or unlocks every channel of the select once, in the order of `g.lock_order`.
///
/// Nothing of the goroutine is read after `f` was called for the last channel: when that
/// gives back the last lock, the goroutine may be running again.
unsafe fn for_each_channel(g: *mut G, cases: *const Case, f: impl Fn(*mut Channel)) {
    // SAFETY: the running goroutine, or one that is off its M and cannot get past the locks
    // that are still held (see `leave_queues`).
    let order = unsafe { &(*g).select().lock_order };
    // SAFETY: the order holds indices of cases.
    let at = |k: usize| order.get(k).map(|&i| unsafe { channel(cases, i as usize) });
    let mut k = 0;
    while let Some(c) = at(k) {
        k += 1;
        while at(k) == Some(c) {
            k += 1;
        }
        let last = k == order.len();
        f(c);
        if last {
            return;
        }
    }
}

/// Selects; parks if it must and `block`. The case's index (-1: none) and whether a value
/// was received.
///
/// # Safety
/// `cases` points to `sends + receives` cases that stay while the goroutine waits.
pub unsafe fn select(cases: *const Case, sends: usize, receives: usize, block: bool) -> Words {
    // SAFETY: see above.
    unsafe {
        let g = current_g();
        let n = sends + receives;
        let mut polls: Vec<u16> = std::mem::take(&mut (*g).select().poll_order);
        prepare(g, cases, n, &mut polls);
        for_each_channel(g, cases, |c| (*c).lock.lock());
        let done = try_cases(g, cases, sends, &polls);
        (*g).select().poll_order = polls;
        if let Some(words) = done {
            return words;
        }
        if !block {
            for_each_channel(g, cases, |c| (*c).lock.unlock());
            return Words(usize::MAX, 0);
        }
        enqueue(g, cases, sends, n);
        (*g).select().cases = cases as usize;
        (*g).select().sends = sends;
        (*g).finish = Some(leave_queues);
        let own = bubble::of(g);
        set_durable(
            (0..n)
                .map(|i| channel(cases, i))
                .all(|c| c.is_null() || (*c).bubble == own),
        );
        park(
            if n == 0 {
                WaitReason::SelectNoCases
            } else {
                WaitReason::Select
            },
            Some(unlock),
            0,
        );
        Words::default()
    }
}

/// Fills the poll order (random) and the lock order (by address), without nil channels.
unsafe fn prepare(g: *mut G, cases: *const Case, n: usize, polls: &mut Vec<u16>) {
    polls.clear();
    for i in 0..n {
        // SAFETY: i is below n.
        if unsafe { channel(cases, i) }.is_null() {
            continue;
        }
        polls.push(i as u16);
        let last = polls.len() - 1;
        let j = choice::pick(Choice::SelectCase, polls.len() as u32) as usize;
        polls.swap(last, j);
    }
    // SAFETY: the running goroutine.
    let order = unsafe { &mut (*g).select().lock_order };
    order.clear();
    order.extend_from_slice(polls);
    // SAFETY: indices of cases.
    order.sort_unstable_by_key(|&i| unsafe { channel(cases, i as usize) } as usize);
}

/// Tries each case with all channels locked; if one is done, they are unlocked.
unsafe fn try_cases(g: *mut G, cases: *const Case, sends: usize, polls: &[u16]) -> Option<Words> {
    // SAFETY: as in `select`.
    unsafe {
        for &i in polls {
            let i = i as usize;
            let c = channel(cases, i);
            let element = (*cases.add(i)).element as *mut u8;
            let done = if i < sends {
                try_send(c, element)
            } else {
                try_receive(c, element)
            };
            let Some(result) = done else { continue };
            // That channel is unlocked already; now the others.
            for_each_channel(g, cases, |other| {
                if other != c {
                    (*other).lock.unlock();
                }
            });
            let second = match (i < sends, result) {
                (true, CLOSED) => SEND_ON_CLOSED,
                (true, _) => 0,
                (false, bits) => usize::from(bits & RECEIVED != 0),
            };
            return Some(Words(i, second));
        }
    }
    None
}

unsafe fn enqueue(g: *mut G, cases: *const Case, sends: usize, n: usize) {
    // SAFETY: as in `select`; the channels are locked.
    unsafe {
        (*g).select_done.store(0, Ordering::Relaxed);
        let state = (*g).select();
        state.sudogs.clear();
        state.sudogs.resize_with(n, Sudog::new);
        let base = state.sudogs.as_mut_ptr();
        for &i in &state.lock_order {
            let i = i as usize;
            let c = channel(cases, i);
            let s = base.add(i);
            (*s).set(g, c as usize, (*cases.add(i)).element as *mut u8, i as i32);
            if i < sends {
                (*c).senders.push(s);
            } else {
                (*c).receivers.push(s);
            }
        }
    }
}

unsafe fn unlock(g: *mut G, _: usize) -> bool {
    // SAFETY: the goroutine is off the M, its cases are on its stack.
    unsafe {
        for_each_channel(g, (*g).select().cases as *const Case, |c| {
            (*c).lock.unlock()
        })
    };
    true
}

/// Before the goroutine runs again: out of the queues of the cases that lost.
unsafe fn leave_queues(g: *mut G) -> bool {
    // SAFETY: the goroutine is ours, its cases are on its stack.
    unsafe {
        let state = (*g).select();
        let cases = state.cases as *const Case;
        let base = state.sudogs.as_mut_ptr();
        for &i in &state.lock_order {
            let i = i as usize;
            let c = channel(cases, i);
            (*c).lock.lock();
            let queue = if i < state.sends {
                &mut (*c).senders
            } else {
                &mut (*c).receivers
            };
            queue.remove(base.add(i));
            (*c).lock.unlock();
        }
    }
    true
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_selectgo(
    cases: *const Case,
    sends: usize,
    receives: usize,
    block: usize,
    _site: usize,
) -> Words {
    // SAFETY: Go builds the cases on its stack.
    unsafe { select(cases, sends, receives, block & 1 != 0) }
}
