//! Queues of waiting goroutines.

use crate::atomic::Ordering;
use crate::sched::g::G;
use std::ptr;

/// A goroutine's place in a queue ("pseudo-g"). Lives in the G, in Rust memory.
pub struct Sudog {
    /// The goroutine.
    pub g: *mut G,
    /// Where its element is or goes; null: dropped.
    pub element: *mut u8,
    /// What it waits for: a channel, the address of a semaphore, a condition list.
    pub key: usize,
    /// Index of the select case, or -1 if it does not select.
    pub case: i32,
    /// For condition lists.
    pub ticket: u32,
    /// For the profile of contention: when it began to wait for a lock, or 0.
    pub since_ns: i64,
    /// For metrics: likewise, of any lock.
    pub lock_ns: i64,
    next: *mut Sudog,
    prev: *mut Sudog,
    queued: bool,
}

impl Sudog {
    /// Of nobody.
    pub const fn new() -> Sudog {
        Sudog {
            g: ptr::null_mut(),
            element: ptr::null_mut(),
            key: 0,
            case: -1,
            ticket: 0,
            since_ns: 0,
            lock_ns: 0,
            next: ptr::null_mut(),
            prev: ptr::null_mut(),
            queued: false,
        }
    }

    /// Fills it in for a wait of `g` for `key`.
    pub fn set(&mut self, g: *mut G, key: usize, element: *mut u8, case: i32) {
        self.g = g;
        self.key = key;
        self.element = element;
        self.case = case;
    }
}

impl Default for Sudog {
    fn default() -> Self {
        Self::new()
    }
}

/// A queue; zeroed memory is an empty one.
#[repr(C)]
pub struct WaitQueue {
    first: *mut Sudog,
    last: *mut Sudog,
}

impl WaitQueue {
    /// Empty.
    pub const fn new() -> WaitQueue {
        WaitQueue {
            first: ptr::null_mut(),
            last: ptr::null_mut(),
        }
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    /// Adds at the end.
    ///
    /// # Safety
    /// `s` is in no queue and stays where it is while it is in this one.
    pub unsafe fn push(&mut self, s: *mut Sudog) {
        // SAFETY: queued sudogs are live; the owner of the queue holds its lock.
        unsafe {
            (*s).next = ptr::null_mut();
            (*s).prev = self.last;
            (*s).queued = true;
            if self.last.is_null() {
                self.first = s;
            } else {
                (*self.last).next = s;
            }
        }
        self.last = s;
    }

    /// Adds at the front.
    ///
    /// # Safety
    /// As for `push`.
    pub unsafe fn push_front(&mut self, s: *mut Sudog) {
        // SAFETY: as in `push`.
        unsafe {
            (*s).prev = ptr::null_mut();
            (*s).next = self.first;
            (*s).queued = true;
            if self.first.is_null() {
                self.last = s;
            } else {
                (*self.first).prev = s;
            }
        }
        self.first = s;
    }

    /// Takes `s` out, if it is still in.
    ///
    /// # Safety
    /// `s` is in this queue or in none.
    pub unsafe fn remove(&mut self, s: *mut Sudog) {
        // SAFETY: as in `push`.
        unsafe {
            if !(*s).queued {
                return;
            }
            (*s).queued = false;
            let (prev, next) = ((*s).prev, (*s).next);
            if prev.is_null() {
                self.first = next;
            } else {
                (*prev).next = next;
            }
            if next.is_null() {
                self.last = prev;
            } else {
                (*next).prev = prev;
            }
        }
    }

    /// Takes the first whose goroutine may be woken, or null: of a goroutine that selects,
    /// only one case wins.
    ///
    /// # Safety
    /// The queue's lock is held.
    pub unsafe fn pop(&mut self) -> *mut Sudog {
        loop {
            let s = self.first;
            if s.is_null() {
                return s;
            }
            // SAFETY: as in `push`.
            unsafe {
                self.remove(s);
                if (*s).case < 0 {
                    return s;
                }
                let done = &(*(*s).g).select_done;
                if done
                    .compare_exchange(0, 1, Ordering::AcqRel, Ordering::Relaxed)
                    .is_ok()
                {
                    return s;
                }
            }
        }
    }

    /// The waiters from the first, without taking them.
    ///
    /// # Safety
    /// The queue's lock is held while the iterator is used.
    pub unsafe fn iter(&self) -> impl Iterator<Item = *mut Sudog> + use<> {
        let mut s = self.first;
        std::iter::from_fn(move || {
            let this = s;
            if this.is_null() {
                return None;
            }
            // SAFETY: see above.
            s = unsafe { (*this).next };
            Some(this)
        })
    }
}

impl Default for WaitQueue {
    fn default() -> Self {
        Self::new()
    }
}
