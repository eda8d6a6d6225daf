//! When the next collection is due, and how much free memory stays with the process.

use crate::Heap;
use crate::concurrent::QUICK_BYTES;
use crate::space::Space;
use crate::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

/// With `GOGC=100` no collection starts below this heap size.
const MIN_GOAL_BYTES: u64 = 4 << 20;
/// Room above the live heap that even a memory limit leaves, as a share of it.
const LIMIT_ROOM_SHARE: u64 = 16;
const LIMIT_ROOM_BYTES: u64 = 1 << 20;

/// Of the pages that a cycle is expected to use, what stays with the process.
const KEEP_SHARE: f64 = 1.1;
/// A cycle is not expected to use more for a byte of its goal.
const MOST_PAGES_PER_GOAL: f64 = 1.5;
/// Free pages that stay with the process unless there is a memory limit.
const KEEP_FREE_BYTES: u64 = 16 << 20;

/// A concurrent collection starts when all but this share of the room below the goal is used.
const START_EARLIER_SHARE: u64 = 4;

/// Settings, and what the last collection found.
#[derive(Debug)]
pub(crate) struct Pacer {
    pub(crate) gc_percent: i32,
    memory_limit: i64,
    /// Bytes marked by the last collection.
    pub(crate) marked_bytes: u64,
    /// Bytes of roots it looked at.
    pub(crate) root_bytes: u64,
    /// Bytes of pages that were in use when it was complete, before anything was freed, for
    /// each byte of its goal.
    pub(crate) pages_per_goal: f64,
}

impl Pacer {
    pub(crate) fn new(gc_percent: i32, memory_limit: i64) -> Self {
        Self {
            gc_percent,
            memory_limit,
            marked_bytes: 0,
            root_bytes: 0,
            pages_per_goal: 1.0,
        }
    }

    /// The heap size at which to collect; `overhead` is memory that is not objects.
    fn goal_bytes(&self, overhead: u64) -> u64 {
        let by_percent = u64::try_from(self.gc_percent).map_or(u64::MAX, |percent| {
            let scanned = self.marked_bytes + self.root_bytes;
            let room = scanned.saturating_mul(percent) / 100;
            (self.marked_bytes + room).max(MIN_GOAL_BYTES * percent / 100)
        });
        let limit = Some(self.memory_limit).filter(|&limit| limit != i64::MAX);
        let by_limit = limit.map_or(u64::MAX, |limit| {
            let limit = limit.max(0) as u64;
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
        let began = Instant::now();
        self.pages.lock().release(&self.space, 0, usize::MAX);
        let ns = began.elapsed().as_nanos() as u64;
        self.counters.forced_release_ns.fetch_add(ns, Relaxed);
    }

    /// Computes the trigger from the settings and the last collection; gives the goal.
    pub(crate) fn update_trigger(&self) -> u64 {
        let (goal, marked_bytes) = self.goal();
        let trigger = match goal.checked_sub(marked_bytes) {
            // Concurrent marking should be done when the goal is reached.
            Some(room) if self.config.concurrent && marked_bytes >= QUICK_BYTES => {
                goal - room / START_EARLIER_SHARE
            }
            _ => goal,
        };
        self.set_trigger(trigger);
        goal
    }

    /// The heap size not to be exceeded, and the bytes that the last collection marked.
    pub(crate) fn goal(&self) -> (u64, u64) {
        let touched = self.space.committed_bytes() - self.pages.lock().released_bytes();
        let overhead = Space::table_bytes(touched) as u64;
        let pacer = self.pacer.lock();
        (pacer.goal_bytes(overhead), pacer.marked_bytes)
    }

    fn set_trigger(&self, trigger: u64) {
        self.trigger.store(trigger, Relaxed);
        let due = self.config.torture || self.is_marking() || self.live.load(Relaxed) >= trigger;
        self.collection_due.store(due, Relaxed);
    }

    /// Gives free pages beyond what the heap may grow into back to the OS, a few at a time;
    /// false when that is done.
    pub(crate) fn release_free_pages(&self, most_bytes: usize) -> bool {
        let (goal, _) = self.goal();
        let (limited, pages_per_goal) = {
            let pacer = self.pacer.lock();
            (pacer.memory_limit != i64::MAX, pacer.pages_per_goal)
        };
        let mut pages = self.pages.lock();
        let in_use = (self.space.committed_bytes() - pages.free_bytes()) as u64;
        let wanted = match limited {
            true => goal.saturating_sub(in_use),
            // What is given back in each cycle and wanted in the next costs faults. A
            // concurrent collection ends beyond its goal, and pages are not full of objects;
            // a small heap may do as it likes.
            false => ((goal as f64 * pages_per_goal * KEEP_SHARE) as u64)
                .saturating_sub(in_use)
                .max(KEEP_FREE_BYTES),
        };
        let keep = usize::try_from(wanted).unwrap_or(usize::MAX);
        let began = Instant::now();
        let more = pages.release(&self.space, keep, most_bytes);
        let ns = began.elapsed().as_nanos() as u64;
        self.counters.release_ns.fetch_add(ns, Relaxed);
        more
    }

    /// A collection is complete, and has freed nothing: notes how much it needed.
    pub(crate) fn note_pages_in_use(&self) {
        let free_bytes = self.pages.lock().free_bytes();
        let in_use = (self.space.committed_bytes() - free_bytes) as f64;
        let (goal, _) = self.goal();
        self.pacer.lock().pages_per_goal = (in_use / goal as f64).clamp(1.0, MOST_PAGES_PER_GOAL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn goal(gc_percent: i32, memory_limit: i64, marked: u64, roots: u64, overhead: u64) -> u64 {
        let mut pacer = Pacer::new(gc_percent, memory_limit);
        (pacer.marked_bytes, pacer.root_bytes) = (marked << 20, roots << 20);
        pacer.goal_bytes(overhead << 20) >> 20
    }

    #[test]
    fn the_goal_follows_gogc() {
        assert_eq!(goal(100, i64::MAX, 1, 0, 0), 4);
        assert_eq!(goal(100, i64::MAX, 50, 0, 0), 100);
        assert_eq!(goal(100, i64::MAX, 50, 10, 0), 110);
        assert_eq!(goal(50, i64::MAX, 100, 0, 0), 150);
        assert_eq!(goal(400, i64::MAX, 1, 0, 0), 16);
        assert_eq!(goal(-1, i64::MAX, 50, 0, 0), u64::MAX >> 20);
    }

    #[test]
    fn the_goal_stays_below_the_limit_but_leaves_room_to_work() {
        assert_eq!(goal(100, 80 << 20, 50, 0, 10), 70);
        assert_eq!(goal(-1, 80 << 20, 50, 0, 10), 70);
        assert_eq!(goal(100, 80 << 20, 10, 0, 10), 20);
        assert_eq!(goal(100, 40 << 20, 48, 0, 10), 51);
        assert_eq!(goal(100, 0, 0, 0, 0), 1);
    }
}
