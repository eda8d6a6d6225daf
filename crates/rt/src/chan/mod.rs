//! Channels.
//!
//! Under a channel's lock:
//! - at least one of the two queues is empty, but for a goroutine that selects on both
//!   directions of the same channel;
//! - if there is room in the buffer, no sender waits; if there is something in it, no
//!   receiver does;
//! - a closed channel has no receiver waiting, and no sender.
//!
//! A waiting goroutine's element is copied straight from or to its place (on its stack or in
//! the heap), by the goroutine that meets it.
//!
//! Whoever only wants to know whether there is something to do looks without the lock, here
//! and in Go code: so `count` is what it says at every moment, not only when the lock is
//! given back.

mod ops;
mod queue;
mod select;
mod timed;

pub use ops::{CLOSED, RECEIVED, SELECTED, SENT, chanrecv, chansend, close, make};
pub use queue::{Sudog, WaitQueue};
pub use select::{Case, select};
pub use timed::{timer_is_due, with_timers_channel};

use crate::memory::wrote;
use crate::sync::Lock;
use core::mem::offset_of;

/// A channel, in the Go heap. `hchan` of the overlay mirrors it.
#[repr(C)]
pub struct Channel {
    /// Elements in the buffer.
    pub count: usize,
    /// Size of the buffer in elements.
    pub capacity: usize,
    /// The buffer: an array of elements in the Go heap, or null.
    pub buffer: *mut u8,
    /// Size of an element.
    pub elem_bytes: usize,
    /// Index of the next element to send.
    pub send_index: usize,
    /// Index of the next element to receive.
    pub receive_index: usize,
    /// Waiting receivers.
    pub receivers: WaitQueue,
    /// Waiting senders.
    pub senders: WaitQueue,
    /// The timer that sends to it, or 0.
    pub timer: usize,
    /// The bubble it was made in, or 0. Only compared.
    pub bubble: usize,
    /// [`CLOSED_BIT`], and from the beginning [`BUBBLE_BIT`] and [`TIMER_BIT`].
    pub flags: u32,
    /// Guards the rest.
    pub lock: Lock,
}

// What Go code looks at.
const _: () = assert!(offset_of!(Channel, receivers) == 48);
const _: () = assert!(offset_of!(Channel, senders) == 64);
const _: () = assert!(offset_of!(Channel, timer) == 80);
const _: () = assert!(offset_of!(Channel, flags) == 96);

/// The channel is closed.
pub const CLOSED_BIT: u32 = 1;
/// It was made in a bubble: whoever looks at it without its lock finds the flags not 0, as
/// if it might be closed, so that only the operations themselves have to ask who uses it.
pub const BUBBLE_BIT: u32 = 2;
/// A timer feeds it that is not a bubble's: what there is to receive is not in the buffer but
/// found by the clock. Likewise seen without the lock.
pub const TIMER_BIT: u32 = 4;

impl Channel {
    fn is_closed(&self) -> bool {
        self.flags & CLOSED_BIT != 0
    }

    /// Whether a timer feeds it, by the clock.
    fn has_timer(&self) -> bool {
        self.flags & TIMER_BIT != 0
    }

    unsafe fn slot(&self, index: usize) -> *mut u8 {
        // SAFETY: the index is below the capacity.
        unsafe { self.buffer.add(index * self.elem_bytes) }
    }

    /// Whether a send seems possible; of the receivers none may be left to wake. Locked.
    #[inline]
    fn can_send(&self) -> bool {
        self.count < self.capacity || !self.receivers.is_empty() || self.is_closed()
    }

    /// Whether a receive seems possible, likewise.
    #[inline]
    fn can_receive(&self) -> bool {
        self.count > 0
            || !self.senders.is_empty()
            || self.flags & (CLOSED_BIT | TIMER_BIT) != 0
                && (self.is_closed() || self.timer_is_due())
    }

    /// Copies an element into the buffer, which has room.
    unsafe fn push(&mut self, element: *const u8) {
        // SAFETY: the lock is held and there is room.
        unsafe {
            let slot = self.slot(self.send_index);
            copy_element(element, slot, self.elem_bytes);
        }
        self.send_index += 1;
        if self.send_index == self.capacity {
            self.send_index = 0;
        }
        self.count += 1;
    }

    /// Moves the oldest element out of the buffer, which is full, and another one in at its
    /// end; `element` may be null.
    unsafe fn replace_oldest(&mut self, element: *mut u8, new: *const u8) {
        // SAFETY: the lock is held. The oldest's place is the one behind the newest's.
        unsafe {
            let slot = self.slot(self.receive_index);
            if !element.is_null() {
                copy_element(slot, element, self.elem_bytes);
            }
            copy_element(new, slot, self.elem_bytes);
        }
        self.receive_index += 1;
        if self.receive_index == self.capacity {
            self.receive_index = 0;
        }
        self.send_index = self.receive_index;
    }

    /// Moves the oldest element out of the buffer, which has one; `element` may be null.
    pub(crate) unsafe fn pop(&mut self, element: *mut u8) {
        // SAFETY: the lock is held and there is an element.
        unsafe {
            let slot = self.slot(self.receive_index);
            if !element.is_null() {
                copy_element(slot, element, self.elem_bytes);
            }
            clear_element(slot, self.elem_bytes);
        }
        self.receive_index += 1;
        if self.receive_index == self.capacity {
            self.receive_index = 0;
        }
        self.count -= 1;
    }
}

/// Copies an element, to a place that may be on the heap.
///
/// # Safety
/// Both are places of so many bytes.
#[inline]
unsafe fn copy_element(from: *const u8, to: *mut u8, bytes: usize) {
    // SAFETY: see above.
    unsafe {
        match bytes {
            // A call for a word costs more than the rest of the operation.
            8 => to
                .cast::<u64>()
                .write_unaligned(from.cast::<u64>().read_unaligned()),
            _ => core::ptr::copy_nonoverlapping(from, to, bytes),
        }
        wrote(to, bytes);
    }
}

/// Zeroes an element.
///
/// # Safety
/// It is a place of so many bytes.
#[inline]
unsafe fn clear_element(place: *mut u8, bytes: usize) {
    // SAFETY: see above.
    unsafe {
        match bytes {
            8 => place.cast::<u64>().write_unaligned(0),
            _ => core::ptr::write_bytes(place, 0, bytes),
        }
    }
}

/// A goroutine is about to wait for an element: what it received into the same place before
/// should not be kept alive by that until then.
///
/// # Safety
/// The place is null, or of so many bytes.
unsafe fn forget_element(place: *mut u8, bytes: usize) {
    if !place.is_null() {
        // SAFETY: see above.
        unsafe { clear_element(place, bytes) };
    }
}
