//! When the next collection is due, and how much free memory stays with the process.

use crate::concurrent::QUICK_BYTES;
use crate::pages::Pages;
use crate::space::Space;
use crate::sync::atomic::Ordering::{Relaxed, SeqCst};
use crate::{Heap, OutOfMemory};
use std::time::Instant;

/// With `GOGC=100` no collection starts below this heap size.
const MIN_GOAL_BYTES: u64 = 4 << 20;
/// Room above the live heap that even a memory limit leaves, as a share of it.
const LIMIT_ROOM_SHARE: u64 = 16;
const LIMIT_ROOM_BYTES: u64 = 1 << 20;
/// What is kept free below a memory limit, as a share of it, for what comes unforeseen.
const LIMIT_RESERVE_SHARE: u64 = 32;
const LIMIT_RESERVE_BYTES: u64 = 1 << 20;
/// A collector that needs more than this share of the processors gives up a limit, for ...
const MOST_SHARE: f64 = 0.5;
/// ... room of at most this share of the live heap, ...
const MOST_ROOM_SHARE: u64 = 2;
/// ... and takes it back when it needs less than this.
const LESS_SHARE: f64 = 0.4;
/// Spans to sweep for each one that takes the process beyond a limit.
const SWEEP_BEYOND_LIMIT: usize = 32;
/// Heaps smaller than this say little about the pages that objects need.
const TELLING_BYTES: u64 = 4 << 20;
/// More pages for the bytes of its objects no heap is expected to need.
const MOST_PAGES_PER_LIVE: f64 = 2.0;

/// Of the pages that a cycle is expected to use, what stays with the process.
const KEEP_SHARE: f64 = 1.1;
/// A cycle is not expected to use more for a byte of its goal.
const MOST_PAGES_PER_GOAL: f64 = 1.5;
/// Free pages that stay with the process, if a memory limit leaves room for them.
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
    /// The same for each byte of objects that there were, those to be freed included.
    pages_per_live: f64,
    /// Room that a memory limit has to leave beyond the usual, or the collector would take
    /// more than half of the processors.
    extra_room: u64,
    /// When the last collection was complete.
    last_end: Instant,
}

impl Pacer {
    pub(crate) fn new(gc_percent: i32, memory_limit: i64) -> Self {
        Self {
            gc_percent,
            memory_limit,
            marked_bytes: 0,
            root_bytes: 0,
            pages_per_goal: 1.0,
            pages_per_live: 1.0,
            extra_room: 0,
            last_end: Instant::now(),
        }
    }

    fn limit(&self) -> Option<u64> {
        let limited = self.memory_limit != i64::MAX;
        limited.then(|| self.memory_limit.max(0) as u64)
    }

    /// Bytes of pages that the limit leaves for objects.
    fn limit_of_pages(&self, overhead: u64) -> Option<u64> {
        let limit = self.limit()?;
        let reserve = (limit / LIMIT_RESERVE_SHARE).max(LIMIT_RESERVE_BYTES);
        Some(limit.saturating_sub(overhead + reserve))
    }

    /// A collection with a limit took this share of the processors since the last one.
    fn note_share(&mut self, share: f64) {
        if self.limit().is_none() || share < LESS_SHARE {
            self.extra_room /= 2;
        } else if share > MOST_SHARE {
            let share = |parts: u64| (self.marked_bytes / parts).max(LIMIT_ROOM_BYTES);
            let most = share(MOST_ROOM_SHARE);
            self.extra_room = (2 * self.extra_room).clamp(share(LIMIT_ROOM_SHARE), most);
        }
    }

    /// The heap size at which to collect; `overhead` is memory that is not objects.
    fn goal_bytes(&self, overhead: u64) -> u64 {
        let by_percent = u64::try_from(self.gc_percent).map_or(u64::MAX, |percent| {
            let scanned = self.marked_bytes + self.root_bytes;
            let room = scanned.saturating_mul(percent) / 100;
            (self.marked_bytes + room).max(MIN_GOAL_BYTES * percent / 100)
        });
        let by_limit = self.limit_of_pages(overhead).map_or(u64::MAX, |pages| {
            ((pages as f64 / self.pages_per_live) as u64).max(self.least_goal())
        });
        by_percent.min(by_limit)
    }

    /// A limit below the live heap must not mean a collection at every allocation.
    fn least_goal(&self) -> u64 {
        let room = (self.marked_bytes / LIMIT_ROOM_SHARE).max(LIMIT_ROOM_BYTES);
        self.marked_bytes + room + self.extra_room
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
        let overhead = self.overhead();
        let (goal, marked_bytes, pages) = {
            let pacer = self.pacer.lock();
            let goal = pacer.goal_bytes(overhead);
            (goal, pacer.marked_bytes, pacer.limit_of_pages(overhead))
        };
        self.most_resident.store(pages.unwrap_or(u64::MAX), Relaxed);
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
        let overhead = self.overhead();
        let pacer = self.pacer.lock();
        (pacer.goal_bytes(overhead), pacer.marked_bytes)
    }

    /// What a memory limit is for beside the pages of objects.
    fn overhead(&self) -> u64 {
        let touched = self.space.committed_bytes() - self.pages.lock().released_bytes();
        Space::table_bytes(touched) as u64 + (self.config.other_bytes)()
    }

    /// Takes pages. If the process has more than a memory limit allows then, gives others
    /// back, or sees to it that a collection is due as soon as that has a point.
    pub(crate) fn take_pages(&self, count: u32) -> Result<Pages, OutOfMemory> {
        let mut pages = self.pages.lock();
        let taken = pages.take(&self.space, count)?;
        let most = self.most_resident.load(Relaxed);
        if most != u64::MAX {
            let resident = self.space.committed_bytes() - pages.released_bytes();
            let beyond = (resident as u64).saturating_sub(most) as usize;
            if beyond > 0 && pages.release_parts(&self.space, beyond) < beyond {
                drop(pages);
                self.sweep_some(SWEEP_BEYOND_LIMIT);
                self.collect_beyond_limit();
            }
        }
        Ok(taken)
    }

    fn set_trigger(&self, trigger: u64) {
        self.trigger.store(trigger, Relaxed);
        let due = self.config.torture || self.is_marking() || self.live.load(Relaxed) >= trigger;
        self.collection_due.swap(due, SeqCst);
        // Marking may have begun since, where this is not called in a stop.
        if self.is_marking() {
            self.collection_due.store(true, Relaxed);
        }
    }

    /// A collection is due now, unless it would come too soon after the last.
    fn collect_beyond_limit(&self) {
        self.update_trigger();
        let live = self.live.load(Relaxed);
        if live >= self.pacer.lock().least_goal() && live < self.trigger.load(Relaxed) {
            self.set_trigger(live);
        }
    }

    /// Gives free pages beyond what the heap may grow into back to the OS, a few at a time;
    /// false when that is done.
    pub(crate) fn release_free_pages(&self, most_bytes: usize) -> bool {
        let (limited, pages_per_goal) = {
            let pacer = self.pacer.lock();
            (pacer.limit().is_some(), pacer.pages_per_goal)
        };
        let goal = match limited {
            // Stacks may have grown.
            true => self.update_trigger(),
            false => self.goal().0,
        };
        let mut pages = self.pages.lock();
        let in_use = (self.space.committed_bytes() - pages.free_bytes()) as u64;
        // What is given back in each cycle and wanted in the next costs faults. A concurrent
        // collection ends beyond its goal, and pages are not full of objects; a small heap may
        // do as it likes, up to a memory limit.
        let most = self.most_resident.load(Relaxed);
        let wanted = ((goal as f64 * pages_per_goal * KEEP_SHARE) as u64)
            .saturating_sub(in_use)
            .max(KEEP_FREE_BYTES)
            .min(most.saturating_sub(in_use));
        let keep = usize::try_from(wanted).unwrap_or(usize::MAX);
        let began = Instant::now();
        let more = pages.release(&self.space, keep, most_bytes);
        let ns = began.elapsed().as_nanos() as u64;
        self.counters.release_ns.fetch_add(ns, Relaxed);
        more
    }

    /// A collection is complete, and has freed nothing: notes how much it needed. Gives the
    /// goal that it had.
    pub(crate) fn note_pages_in_use(&self) -> u64 {
        let free_bytes = self.pages.lock().free_bytes();
        let in_use = (self.space.committed_bytes() - free_bytes) as f64;
        let (goal, _) = self.goal();
        let live = self.live.load(Relaxed);
        let mut pacer = self.pacer.lock();
        pacer.pages_per_goal = (in_use / goal as f64).clamp(1.0, MOST_PAGES_PER_GOAL);
        if live >= TELLING_BYTES {
            pacer.pages_per_live = (in_use / live as f64).clamp(1.0, MOST_PAGES_PER_LIVE);
        }
        goal
    }

    /// A collection is complete: notes how much of the processors it took since the last one.
    pub(crate) fn note_share(&self) {
        let marking = self.mark_cpu_ns.swap(0, Relaxed) as f64;
        let mut pacer = self.pacer.lock();
        let since = std::mem::replace(&mut pacer.last_end, Instant::now());
        let all = since.elapsed().as_nanos() as f64 * self.config.workers as f64;
        pacer.note_share(marking / all.max(1.0));
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
        assert_eq!(goal(100, 80 << 20, 50, 0, 10), 67);
        assert_eq!(goal(-1, 80 << 20, 50, 0, 10), 67);
        assert_eq!(goal(100, 80 << 20, 10, 0, 10), 20);
        assert_eq!(goal(100, 40 << 20, 48, 0, 10), 51);
        assert_eq!(goal(100, 0, 0, 0, 0), 1);
    }

    #[test]
    fn a_limit_reckons_with_pages_that_are_not_full() {
        let mut pacer = Pacer::new(-1, 80 << 20);
        pacer.pages_per_live = 1.25;
        assert_eq!(pacer.goal_bytes(0) >> 20, 62);
    }

    #[test]
    fn a_limit_gives_way_to_a_collector_that_takes_half_of_the_processors() {
        let mut pacer = Pacer::new(100, 40 << 20);
        pacer.marked_bytes = 48 << 20;
        let mut goals = vec![];
        for share in [0.3, 0.6, 0.6, 0.9, 0.9, 0.9, 0.9, 0.45, 0.3, 0.1] {
            pacer.note_share(share);
            goals.push(pacer.goal_bytes(0) >> 20);
        }
        assert_eq!(goals, [51, 54, 57, 63, 75, 75, 75, 75, 63, 57]);
    }
}
