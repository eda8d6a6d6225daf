//! When the next collection is due, and how much free memory stays with the process.

use crate::Heap;
use crate::space::Space;
use crate::sync::atomic::Ordering::Relaxed;

/// With `GOGC=100` no collection starts below this heap size.
const MIN_GOAL_BYTES: u64 = 4 << 20;
/// Room above the live heap that even a memory limit leaves, as a share of it.
const LIMIT_ROOM_SHARE: u64 = 16;
const LIMIT_ROOM_BYTES: u64 = 1 << 20;

/// Settings, and what the last collection found.
#[derive(Debug)]
pub(crate) struct Pacer {
    gc_percent: i32,
    memory_limit: i64,
    /// Bytes marked by the last collection.
    pub(crate) marked_bytes: u64,
    /// Bytes of roots it looked at.
    pub(crate) root_bytes: u64,
}

impl Pacer {
    pub(crate) fn new(gc_percent: i32, memory_limit: i64) -> Self {
        Self {
            gc_percent,
            memory_limit,
            marked_bytes: 0,
            root_bytes: 0,
        }
    }

    /// The heap size at which to collect; `overhead` is memory that is not objects.
    fn goal_bytes(&self, overhead: u64) -> u64 {
        let by_percent = u64::try_from(self.gc_percent).map_or(u64::MAX, |percent| {
            let scanned = self.marked_bytes + self.root_bytes;
            let room = scanned.saturating_mul(percent) / 100;
            (self.marked_bytes + room).max(MIN_GOAL_BYTES * percent / 100)
        });
        let by_limit = u64::try_from(self.memory_limit).map_or(u64::MAX, |limit| {
            // A limit below the live heap must not mean a collection at every allocation.
            let room = (self.marked_bytes / LIMIT_ROOM_SHARE).max(LIMIT_ROOM_BYTES);
            limit.saturating_sub(overhead).max(self.marked_bytes + room)
        });
        by_percent.min(by_limit)
    }
}

impl Heap {
    /// Sets `GOGC` and gives the old value; negative: off.
    pub fn set_gc_percent(&self, percent: i32) -> i32 {
        let old = std::mem::replace(&mut self.pacer.lock().gc_percent, percent.max(-1));
        self.update_trigger();
        old
    }

    /// Sets `GOMEMLIMIT` and gives the old value; a negative value only asks.
    pub fn set_memory_limit(&self, bytes: i64) -> i64 {
        let old = {
            let mut pacer = self.pacer.lock();
            let old = pacer.memory_limit;
            if bytes >= 0 {
                pacer.memory_limit = bytes;
            }
            old
        };
        self.update_trigger();
        old
    }

    /// Sweeps all that is left and gives all free pages back to the OS.
    pub fn free_os_memory(&self) {
        let _gate = self.sweep_gate.lock();
        self.sweep_some(usize::MAX);
        self.pages.lock().release(&self.space, 0);
    }

    /// Computes the trigger from the settings and the last collection.
    pub(crate) fn update_trigger(&self) -> u64 {
        let touched = self.space.committed_bytes() - self.pages.lock().released_bytes();
        let overhead = Space::table_bytes(touched) as u64;
        let pacer = self.pacer.lock();
        let goal = pacer.goal_bytes(overhead);
        self.trigger.store(goal, Relaxed);
        let due = self.config.torture || self.live.load(Relaxed) >= goal;
        self.collection_due.store(due, Relaxed);
        goal
    }

    /// Gives free pages beyond what the heap may grow into back to the OS.
    pub(crate) fn release_free_pages(&self) {
        let goal = self.trigger.load(Relaxed);
        let mut pages = self.pages.lock();
        let in_use = (self.space.committed_bytes() - pages.free_bytes()) as u64;
        let wanted = goal.saturating_add(goal / 10).saturating_sub(in_use);
        let keep = usize::try_from(wanted).unwrap_or(usize::MAX);
        pages.release(&self.space, keep);
    }
}
