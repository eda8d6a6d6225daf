//! How a marker reads the stack of a goroutine that is on no M while the world runs, and how
//! those who make it ready and run it keep out of its way. Everything here is atomic and
//! names no other part of the runtime: `tests/model_reading.rs` compiles it with a model
//! checker's atomics.
//!
//! A reader says so in `read`, looks at the status, reads, notes the G as seen and looks at
//! the status again. Whoever changes the status does that first, then notes the G as not
//! seen, and does not run it while somebody reads. All of it is in one order for all
//! threads: so no stack changes under a reader but by those who make a goroutine ready,
//! which write to it before they change its status, and then it does not stay seen.
//!
//! So that a stop need not look at each of very many Gs, a *group* of them counts as seen when
//! all are. A reader that is through with a group says so before it looks whether that is
//! true; whoever makes one of them unseen looks at what the group says after that.

use crate::atomic::{AtomicBool, AtomicU32, Ordering, barrier};

/// The words of a G that readers and those who run it share.
pub struct Words<'a> {
    /// What it is doing.
    pub status: &'a AtomicU32,
    /// A marker reads its stack.
    pub read: &'a AtomicBool,
    /// The collection that has seen what it keeps alive, or 0.
    pub seen: &'a AtomicU32,
    /// The same of its group.
    pub group: &'a AtomicU32,
}

impl Words<'_> {
    /// Changes the status while there may be readers.
    pub fn change_status(&self, status: u32) {
        self.status.swap(status, Ordering::SeqCst);
        barrier();
        self.unsee();
    }

    /// It has not been seen, or not as it is.
    pub fn unsee(&self) {
        self.seen.swap(0, Ordering::SeqCst);
        barrier();
        if self.group.load(Ordering::SeqCst) != 0 {
            self.group.store(0, Ordering::SeqCst);
        }
    }

    /// Whether somebody reads; asked after the change to a status of which no reader reads
    /// the stack.
    #[inline]
    pub fn is_read(&self) -> bool {
        self.read.load(Ordering::SeqCst)
    }

    /// Lets `look` see the stack, and what that keeps alive counts as seen by collection
    /// `epoch` until the status changes. `look` says whether it has looked, which depends on
    /// the status. One reader at a time.
    pub fn read(&self, epoch: u32, look: impl FnOnce(u32) -> bool) {
        self.read.swap(true, Ordering::SeqCst);
        barrier();
        let status = self.status.load(Ordering::SeqCst);
        if look(status) {
            self.seen.swap(epoch, Ordering::SeqCst);
            barrier();
            if self.status.load(Ordering::SeqCst) != status {
                self.unsee();
            }
        }
        self.read.store(false, Ordering::Release);
    }
}

/// Notes that collection `epoch` has seen all Gs of a group, if it has: their words in `seen` are
/// `epoch`, or `nothing` where there is nothing to see. Their only reader calls it.
pub fn note_group(group: &AtomicU32, seen: &[AtomicU32], [epoch, nothing]: [u32; 2]) {
    group.swap(epoch, Ordering::SeqCst);
    barrier();
    let all = [epoch, nothing];
    if !seen
        .iter()
        .all(|seen| all.contains(&seen.load(Ordering::SeqCst)))
    {
        group.store(0, Ordering::SeqCst);
    }
}
