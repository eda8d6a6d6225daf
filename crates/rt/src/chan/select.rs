//! `select`.
//!
//! All channels are locked, in order of address; of the cases that can go on, one is chosen
//! at random. If there is none, the goroutine queues at every channel and parks; whoever
//! sets its `select_done` has chosen the case. It leaves the other queues before it runs
//! again.
//!
//! All are locked even if there is a default case: looked at one after another, each of two
//! channels may have nothing to offer while at every moment one of them had.

use super::ops::{CLOSED, RECEIVED, Use, check_bubble, try_receive, try_send};
use super::queue::Sudog;
use super::timed::receivers_changed;
use super::{Channel, forget_element};
use crate::atomic::Ordering;
use crate::calls::Words;
use crate::choice::{self, Choice};
use crate::sched::bubble;
use crate::sched::g::G;
use crate::sched::m::current_g;
use crate::sched::park::{park, set_durable};
use goxide_abi::{SelectCase, WaitReason};

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
        for c in (0..n).map(|i| channel(cases, i)).filter(|c| !c.is_null()) {
            check_bubble(c, Use::Select);
        }
        order_channels(&mut (*g).select().lock_order, cases, n);
        for_each_channel(g, cases, |c| (*c).lock.lock());
        while let Some(i) = choose(cases, sends, n) {
            if let Some(words) = try_case(g, cases, i, i < sends) {
                return words;
            }
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

/// Longer orders are not sorted by insertion.
const FEW: usize = 12;

/// Fills in the cases by address of their channels, without those of nil channels.
unsafe fn order_channels(order: &mut Vec<u16>, cases: *const Case, n: usize) {
    // SAFETY: indices of cases.
    let at = |i: u16| unsafe { channel(cases, i as usize) };
    order.clear();
    for i in 0..n as u16 {
        if at(i).is_null() {
            continue;
        }
        order.push(i);
        if n <= FEW {
            let mut k = order.len() - 1;
            while k > 0 && at(order[k - 1]) > at(i) {
                order.swap(k - 1, k);
                k -= 1;
            }
        }
    }
    if n > FEW {
        order.sort_unstable_by_key(|&i| at(i) as usize);
    }
}

/// One of the cases that seem to be able to go on, with all channels locked.
unsafe fn choose(cases: *const Case, sends: usize, n: usize) -> Option<usize> {
    let can = |i: usize| {
        // SAFETY: i is below n, and the channel is locked.
        unsafe {
            let c = channel(cases, i);
            !c.is_null()
                && if i < sends {
                    (*c).can_send()
                } else {
                    (*c).can_receive()
                }
        }
    };
    let first = (0..n).find(|&i| can(i))?;
    let others = (first + 1..n).filter(|&i| can(i));
    let bound = 1 + others.clone().count() as u32;
    match choice::pick(Choice::SelectCase, bound) {
        0 => Some(first),
        k => others.clone().nth(k as usize - 1),
    }
}

/// Tries a case with all channels locked; if it is done, they are unlocked.
unsafe fn try_case(g: *mut G, cases: *const Case, i: usize, sends: bool) -> Option<Words> {
    // SAFETY: as in `select`.
    unsafe {
        let c = channel(cases, i);
        let element = (*cases.add(i)).element as *mut u8;
        let result = if sends {
            try_send(c, element)
        } else {
            try_receive(c, element)
        }?;
        // That channel is unlocked already; now the others.
        for_each_channel(g, cases, |other| {
            if other != c {
                (*other).lock.unlock();
            }
        });
        let second = match (sends, result) {
            (true, CLOSED) => SEND_ON_CLOSED,
            (true, _) => 0,
            (false, bits) => usize::from(bits & RECEIVED != 0),
        };
        Some(Words(i, second))
    }
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
                forget_element((*s).element, (*c).elem_bytes);
                (*c).receivers.push(s);
                receivers_changed(c);
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
            if i < state.sends {
                (*c).senders.remove(base.add(i));
            } else {
                (*c).receivers.remove(base.add(i));
                receivers_changed(c);
            }
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
