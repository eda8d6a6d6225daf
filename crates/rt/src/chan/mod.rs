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

mod ops;
mod queue;
mod select;

pub use ops::{
    CLOSED, RECEIVED, SELECTED, SENT, chanrecv, chansend, close, drain_timer, make, mark_timer,
};
pub use queue::{Sudog, WaitQueue};
pub use select::{Case, select};

use crate::memory::wrote;
use crate::sync::Lock;

/// A channel, in the Go heap. `lower` and the overlay read none of it.
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
    /// 1 once closed.
    pub closed: u32,
    /// Guards the rest.
    pub lock: Lock,
}

impl Channel {
    unsafe fn slot(&self, index: usize) -> *mut u8 {
        // SAFETY: the index is below the capacity.
        unsafe { self.buffer.add(index * self.elem_bytes) }
    }

    /// Copies an element into the buffer, which has room.
    unsafe fn push(&mut self, element: *const u8) {
        // SAFETY: the lock is held and there is room.
        unsafe {
            let slot = self.slot(self.send_index);
            core::ptr::copy_nonoverlapping(element, slot, self.elem_bytes);
            wrote(slot, self.elem_bytes);
        }
        self.send_index += 1;
        if self.send_index == self.capacity {
            self.send_index = 0;
        }
        self.count += 1;
    }

    /// Moves the oldest element out of the buffer, which has one; `element` may be null.
    pub(crate) unsafe fn pop(&mut self, element: *mut u8) {
        // SAFETY: the lock is held and there is an element.
        unsafe {
            let slot = self.slot(self.receive_index);
            if !element.is_null() {
                core::ptr::copy_nonoverlapping(slot, element, self.elem_bytes);
                // The element's place may be on the heap.
                wrote(element, self.elem_bytes);
            }
            core::ptr::write_bytes(slot, 0, self.elem_bytes);
        }
        self.receive_index += 1;
        if self.receive_index == self.capacity {
            self.receive_index = 0;
        }
        self.count -= 1;
    }
}
