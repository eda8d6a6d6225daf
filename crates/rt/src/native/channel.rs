//! Channels of Rust values.
//!
//! The channel is the same structure as Go's, but lives in Rust's memory: an element is
//! moved as bytes into the buffer or to a waiting receiver, and belongs to whoever got it.

use super::call;
use crate::chan::{self, Channel};
use std::alloc::Layout;
use std::fmt;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

/// A channel, as in Go: any number of senders and receivers, a buffer of a fixed size
/// (perhaps 0: a send waits for its receiver), closed explicitly. Clones are the same
/// channel.
pub struct Chan<T>(Arc<Owned<T>>);

// A panic never leaves a channel half changed.
impl<T> UnwindSafe for Chan<T> {}
impl<T> RefUnwindSafe for Chan<T> {}

impl<T> Clone for Chan<T> {
    fn clone(&self) -> Self {
        Chan(self.0.clone())
    }
}

/// The channel's memory.
struct Owned<T> {
    channel: *mut Channel,
    elements: PhantomData<T>,
}

// SAFETY: a channel is guarded by its lock, and its elements may be sent.
unsafe impl<T: Send> Send for Owned<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Owned<T> {}

fn buffer_layout<T>(capacity: usize) -> Layout {
    Layout::array::<T>(capacity).expect("a channel's buffer fits in memory")
}

impl<T> Owned<T> {
    fn new(capacity: usize) -> Owned<T> {
        let layout = buffer_layout::<T>(capacity);
        // SAFETY: all-zero is an empty open channel; the layouts are not empty.
        unsafe {
            let channel: *mut Channel = Box::into_raw(Box::new(core::mem::zeroed()));
            (*channel).capacity = capacity;
            (*channel).elem_bytes = size_of::<T>();
            (*channel).buffer = if layout.size() == 0 {
                std::ptr::dangling_mut::<T>().cast()
            } else {
                std::alloc::alloc(layout)
            };
            if (*channel).buffer.is_null() {
                std::alloc::handle_alloc_error(layout);
            }
            Owned {
                channel,
                elements: PhantomData,
            }
        }
    }
}

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the last handle: nobody waits, for a waiting goroutine holds one. What is
        // in the buffer belongs to the channel.
        unsafe {
            let mut channel = Box::from_raw(self.channel);
            while channel.count > 0 {
                let mut element = MaybeUninit::<T>::uninit();
                channel.pop(element.as_mut_ptr().cast());
                element.assume_init_drop();
            }
            let layout = buffer_layout::<T>(channel.capacity);
            if layout.size() > 0 {
                std::alloc::dealloc(channel.buffer, layout);
            }
        }
    }
}

/// The channel is closed; here is the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

/// Why a value was not sent; here it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TrySendError<T> {
    /// A send would have to wait.
    Full(T),
    /// The channel is closed.
    Closed(T),
}

/// Why nothing was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryReceiveError {
    /// A receive would have to wait.
    Empty,
    /// The channel is closed, and nothing is left in it.
    Closed,
}

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SendError(..)")
    }
}

impl<T> fmt::Debug for TrySendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrySendError::Full(_) => "Full(..)",
            TrySendError::Closed(_) => "Closed(..)",
        })
    }
}

extern "C" fn send_call(c: usize, element: usize, block: usize, _: usize) -> usize {
    // SAFETY: the element is on the goroutine's stack while it waits.
    unsafe { chan::chansend(c as *mut Channel, element as *const u8, block != 0) }
}

extern "C" fn receive_call(c: usize, element: usize, block: usize, _: usize) -> usize {
    // SAFETY: as above.
    unsafe { chan::chanrecv(c as *mut Channel, element as *mut u8, block != 0) }
}

impl<T: Send> Chan<T> {
    /// With a buffer for `capacity` values.
    pub fn new(capacity: usize) -> Chan<T> {
        Chan(Arc::new(Owned::new(capacity)))
    }

    pub(super) fn address(&self) -> usize {
        self.0.channel as usize
    }

    /// Sends; waits for room or a receiver.
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        let slot = ManuallyDrop::new(value);
        match call(send_call, [self.address(), &raw const slot as usize, 1, 0]) {
            chan::CLOSED => Err(SendError(ManuallyDrop::into_inner(slot))),
            _ => Ok(()),
        }
    }

    /// Sends, if that needs no waiting.
    pub fn try_send(&self, value: T) -> Result<(), TrySendError<T>> {
        let slot = ManuallyDrop::new(value);
        match call(send_call, [self.address(), &raw const slot as usize, 0, 0]) {
            chan::SENT => Ok(()),
            chan::CLOSED => Err(TrySendError::Closed(ManuallyDrop::into_inner(slot))),
            _ => Err(TrySendError::Full(ManuallyDrop::into_inner(slot))),
        }
    }

    /// Receives; waits for a value. None: the channel is closed and empty.
    pub fn receive(&self) -> Option<T> {
        let mut slot = MaybeUninit::<T>::uninit();
        let element = slot.as_mut_ptr() as usize;
        let bits = call(receive_call, [self.address(), element, 1, 0]);
        // SAFETY: the bit says that a value was moved into the slot.
        (bits & chan::RECEIVED != 0).then(|| unsafe { slot.assume_init() })
    }

    /// Receives, if that needs no waiting.
    pub fn try_receive(&self) -> Result<T, TryReceiveError> {
        let mut slot = MaybeUninit::<T>::uninit();
        let element = slot.as_mut_ptr() as usize;
        let bits = call(receive_call, [self.address(), element, 0, 0]);
        if bits & chan::RECEIVED != 0 {
            // SAFETY: as in `receive`.
            Ok(unsafe { slot.assume_init() })
        } else if bits & chan::SELECTED != 0 {
            Err(TryReceiveError::Closed)
        } else {
            Err(TryReceiveError::Empty)
        }
    }

    /// Closes it: receivers get what is left, then None; senders an error. False: it was
    /// closed already.
    pub fn close(&self) -> bool {
        extern "C" fn f(c: usize, _: usize, _: usize, _: usize) -> usize {
            // SAFETY: a channel.
            unsafe { chan::close(c as *mut Channel) }
        }
        call(f, [self.address(), 0, 0, 0]) == 0
    }

    /// Values in the buffer, at some moment during the call.
    pub fn len(&self) -> usize {
        // SAFETY: a live channel; volatile because others change it.
        unsafe { std::ptr::read_volatile(&raw const (*self.0.channel).count) }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Size of the buffer.
    pub fn capacity(&self) -> usize {
        // SAFETY: never changed.
        unsafe { (*self.0.channel).capacity }
    }

    /// Receives until the channel is closed and empty.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        std::iter::from_fn(|| self.receive())
    }
}

impl<T> fmt::Debug for Chan<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Chan({:p})", self.0.channel)
    }
}
