//! Make, send, receive, close.

use super::queue::Sudog;
use super::timed::receivers_changed;
use super::{
    BUBBLE_BIT, CLOSED_BIT, Channel, TIMER_BIT, clear_element, copy_element, forget_element,
};
use crate::memory;
use crate::sched::bubble;
use crate::sched::m::current_g;
use crate::sched::park::{park, ready, set_durable, unlock_commit};
use crate::timer;
use goxide_abi::WaitReason;
use std::ptr;

/// Result of a send.
pub const SENT: usize = 1;
/// Result of a send to a closed channel.
pub const CLOSED: usize = 2;
/// Bit of a receive that was done.
pub const SELECTED: usize = 1;
/// Bit of a receive that got a value.
pub const RECEIVED: usize = 2;

/// A channel with room for `capacity` elements of `elem_bytes`; `elem_type` describes them
/// to the collector (0: no pointers).
///
/// # Safety
/// The type is 0 or a descriptor; on an M with a P; the product was checked.
pub unsafe fn make(elem_type: usize, elem_bytes: usize, capacity: usize) -> *mut Channel {
    // SAFETY: see above; fresh memory is zeroed.
    unsafe {
        let c = memory::alloc(size_of::<Channel>(), memory::channel_type()).cast::<Channel>();
        (*c).capacity = capacity;
        (*c).elem_bytes = elem_bytes;
        (*c).bubble = bubble::of(current_g());
        if (*c).bubble != 0 {
            (*c).flags = BUBBLE_BIT;
            memory::wrote((&raw const (*c).bubble).cast(), size_of::<usize>());
        }
        if capacity * elem_bytes > 0 {
            // Only this M's stack holds the new channel: no collection may come between.
            (*c).buffer = memory::alloc(capacity * elem_bytes, elem_type);
        }
        memory::may_collect(c as usize);
        c
    }
}

/// What somebody does with a channel.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use {
    Send,
    Receive,
    Close,
    Select,
}

/// Only goroutines of its bubble may use a channel that was made in one.
///
/// # Safety
/// A channel; on an M that runs a goroutine.
#[inline]
pub(super) unsafe fn check_bubble(c: *const Channel, what: Use) {
    // SAFETY: see above; the bubble of a channel does not change.
    unsafe {
        if (*c).bubble != 0 && (*c).bubble != bubble::of(current_g()) {
            used_from_outside(what);
        }
    }
}

#[cold]
fn used_from_outside(what: Use) -> ! {
    crate::fatal::misuse(match what {
        Use::Send => "send on synctest channel from outside bubble",
        Use::Receive => "receive on synctest channel from outside bubble",
        Use::Close => "close of synctest channel from outside bubble",
        Use::Select => "select on synctest channel from outside bubble",
    })
}

/// A goroutine met its counterpart: passes on the result and makes it runnable.
pub(super) unsafe fn wake(s: *mut Sudog, results: [u64; 2]) {
    // SAFETY: we took the sudog off its queue, so its goroutine is ours to wake.
    unsafe {
        let g = (*s).g;
        (*g).context.park_results = if (*s).case >= 0 {
            [(*s).case as u64, results[1]]
        } else {
            [results[0], results[1]]
        };
        ready(g);
    }
}

/// What a waiting sender gets: select's second word is 2 when the channel was closed.
fn sender_results(sent: bool) -> [u64; 2] {
    if sent {
        [SENT as u64, 0]
    } else {
        [CLOSED as u64, 2]
    }
}

pub(super) fn receiver_results(received: bool) -> [u64; 2] {
    let bits = SELECTED | if received { RECEIVED } else { 0 };
    [bits as u64, u64::from(received)]
}

/// Sends if that is possible without waiting; the lock is held, and held afterwards if
/// nothing was done, else given back.
pub(super) unsafe fn try_send(c: *mut Channel, element: *const u8) -> Option<usize> {
    // SAFETY: the lock is held.
    unsafe {
        if (*c).is_closed() {
            (*c).lock.unlock();
            return Some(CLOSED);
        }
        let s = (*c).receivers.pop();
        if !s.is_null() {
            if !(*s).element.is_null() {
                copy_element(element, (*s).element, (*c).elem_bytes);
            }
            (*c).lock.unlock();
            wake(s, receiver_results(true));
            return Some(SENT);
        }
        if (*c).count < (*c).capacity {
            (*c).push(element);
            (*c).lock.unlock();
            return Some(SENT);
        }
        None
    }
}

/// As [`try_send`].
pub(super) unsafe fn try_receive(c: *mut Channel, element: *mut u8) -> Option<usize> {
    // SAFETY: the lock is held.
    unsafe {
        let s = (*c).senders.pop();
        if !s.is_null() {
            if (*c).capacity == 0 {
                if !element.is_null() {
                    copy_element((*s).element, element, (*c).elem_bytes);
                }
            } else {
                (*c).replace_oldest(element, (*s).element);
            }
            (*c).lock.unlock();
            wake(s, sender_results(true));
            return Some(SELECTED | RECEIVED);
        }
        if (*c).count > 0 {
            (*c).pop(element);
            (*c).lock.unlock();
            return Some(SELECTED | RECEIVED);
        }
        if (*c).is_closed() {
            if !element.is_null() {
                clear_element(element, (*c).elem_bytes);
            }
            (*c).lock.unlock();
            return Some(SELECTED);
        }
        if (*c).has_timer() && timer::receive((*c).timer(), element) {
            (*c).lock.unlock();
            return Some(SELECTED | RECEIVED);
        }
        None
    }
}

unsafe fn wait(c: *mut Channel, element: *mut u8, sends: bool) {
    // SAFETY: the lock is held; the running goroutine's sudog is free.
    unsafe {
        let g = current_g();
        let s = &raw mut (*g).sudog;
        (*s).set(g, c as usize, element, -1);
        let (queue, reason) = if sends {
            (&mut (*c).senders, WaitReason::ChanSend)
        } else {
            (&mut (*c).receivers, WaitReason::ChanReceive)
        };
        queue.push(s);
        receivers_changed(c);
        set_durable((*c).bubble == bubble::of(g));
        park(reason, Some(unlock_commit), (&raw const (*c).lock) as usize);
    }
}

/// Sends; may park. [`SENT`], [`CLOSED`], or 0 if it would have had to wait and may not.
///
/// # Safety
/// `c` is null or a channel; `element` points to an element that stays while it waits.
pub unsafe fn chansend(c: *mut Channel, element: *const u8, block: bool) -> usize {
    // SAFETY: see above.
    unsafe {
        if c.is_null() {
            if block {
                set_durable(true);
                park(WaitReason::NilSend, None, 0);
            }
            return 0;
        }
        if !block && looks_full(c) && is_open(c) {
            return 0;
        }
        check_bubble(c, Use::Send);
        (*c).lock.lock();
        if let Some(result) = try_send(c, element) {
            return result;
        }
        if !block {
            (*c).lock.unlock();
            return 0;
        }
        wait(c, element.cast_mut(), true);
        0
    }
}

/// Whether a send would have to wait, if it is not closed, read without the lock: nobody
/// receives, and there is no room.
unsafe fn looks_full(c: *const Channel) -> bool {
    // SAFETY: a channel; volatile because others change it.
    unsafe {
        ptr::read_volatile(&raw const (*c).receivers).is_empty()
            && ptr::read_volatile(&raw const (*c).count) == (*c).capacity
    }
}

/// Whether a receive would have to wait, likewise.
unsafe fn looks_empty(c: *const Channel) -> bool {
    // SAFETY: as above.
    unsafe {
        ptr::read_volatile(&raw const (*c).senders).is_empty()
            && ptr::read_volatile(&raw const (*c).count) == 0
    }
}

/// Whether it is not closed, likewise; then it was not before either. (Not told of one that
/// belongs to a bubble or is fed by a timer.)
unsafe fn is_open(c: *const Channel) -> bool {
    // SAFETY: as above.
    unsafe { ptr::read_volatile(&raw const (*c).flags) == 0 }
}

/// Whether its timer has nothing to receive, likewise. Not told of other channels.
unsafe fn timer_must_wait(c: *const Channel) -> bool {
    // SAFETY: as above; a channel's timer does not change.
    unsafe {
        ptr::read_volatile(&raw const (*c).flags) == TIMER_BIT && !timer::is_due((*c).timer())
    }
}

/// Receives; may park. Bits [`SELECTED`] and [`RECEIVED`].
///
/// # Safety
/// As for [`chansend`]; `element` may be null.
pub unsafe fn chanrecv(c: *mut Channel, element: *mut u8, block: bool) -> usize {
    // SAFETY: see above.
    unsafe {
        if c.is_null() {
            if block {
                set_durable(true);
                park(WaitReason::NilReceive, None, 0);
            }
            return 0;
        }
        if !block && looks_empty(c) && (is_open(c) || timer_must_wait(c)) {
            return 0;
        }
        check_bubble(c, Use::Receive);
        (*c).lock.lock();
        if let Some(result) = try_receive(c, element) {
            return result;
        }
        if !block {
            (*c).lock.unlock();
            return 0;
        }
        forget_element(element, (*c).elem_bytes);
        wait(c, element, false);
        0
    }
}

/// Closes; 0 done, 1 nil channel, 2 closed already.
///
/// # Safety
/// `c` is null or a channel.
pub unsafe fn close(c: *mut Channel) -> usize {
    // SAFETY: see above.
    unsafe {
        if c.is_null() {
            return 1;
        }
        check_bubble(c, Use::Close);
        (*c).lock.lock();
        if (*c).is_closed() {
            (*c).lock.unlock();
            return 2;
        }
        (*c).flags |= CLOSED_BIT;
        let mut woken: Vec<(*mut Sudog, [u64; 2])> = Vec::new();
        loop {
            let s = (*c).receivers.pop();
            if s.is_null() {
                break;
            }
            // What it gets is zero already: see `forget_element`.
            woken.push((s, receiver_results(false)));
        }
        loop {
            let s = (*c).senders.pop();
            if s.is_null() {
                break;
            }
            woken.push((s, sender_results(false)));
        }
        (*c).lock.unlock();
        for (s, results) in woken {
            wake(s, results);
        }
        0
    }
}

/// Head of Go's `internal/abi.ChanType`, as far as it is needed here.
#[repr(C)]
struct ChanType {
    common: [u8; 48],
    elem: *const Type,
}

/// Head of Go's `internal/abi.Type`.
#[repr(C)]
struct Type {
    size: usize,
    pointer_bytes: usize,
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_makechan(ty: usize, capacity: usize) -> *mut Channel {
    // SAFETY: Go passes a channel type's descriptor and checked the size.
    unsafe {
        let elem = (*(ty as *const ChanType)).elem;
        let scanned = if (*elem).pointer_bytes == 0 {
            0
        } else {
            elem as usize
        };
        make(scanned, (*elem).size, capacity)
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_chansend(
    c: *mut Channel,
    element: *const u8,
    block: usize,
    _site: usize,
) -> usize {
    // SAFETY: Go passes a channel and an element that lives in its frame or the heap.
    unsafe { chansend(c, element, block & 1 != 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_chanrecv(
    c: *mut Channel,
    element: *mut u8,
    block: usize,
    _site: usize,
) -> usize {
    // SAFETY: as above.
    unsafe { chanrecv(c, element, block & 1 != 0) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_closechan(c: *mut Channel) -> usize {
    // SAFETY: Go passes a channel or nil.
    unsafe { close(c) }
}
