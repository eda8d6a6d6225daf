//! Marking while the program runs.
//!
//! The scheme is *incremental update* (Dijkstra, Lamport, Martin, Scholten, Steffens 1978):
//! a pointer that is stored to the heap or to static data is recorded, and what it points to
//! is marked. So a marked object that has been looked at never leads to an unmarked one
//! unless the markers know of that. Stacks have no barrier: they are looked at while the
//! world stands still, again and again until nothing new turns up. New objects are marked
//! from birth, so each round leaves fewer unmarked ones, and there is a last one.
//!
//! ```text
//! world stopped   flush caches, copy the stacks that are in use    Heap::begin_marking
//! world runs      helpers read these and the other stacks and mark;
//!                 barriers record; allocation helps                Heap::assist
//! world stopped   shade what changed; little to mark: finished,    Heap::advance
//!                 else one more round
//! ```
//!
//! The order in a mutator is: store the pointer, look whether marking is on, record. Between
//! the store and the record the pointer is in a register of the mutator, hence a root of any
//! stop that comes between. Nothing has to be done for a pointer that is overwritten or
//! cleared. (Snapshots at the beginning, which record overwritten pointers, need no second
//! look at stacks, but a mutator that is stopped between its look at the flag and its store
//! would break them, and any instruction may be such a place.)

use crate::Heap;
use crate::cache::Cache;
use crate::collect::{Collection, RootSet, Stacks, Trigger, gather, nanoseconds};
use crate::mark::{Copied, Job, Phase, PhaseRef, RootJob, Work, due_jobs, mark, root_jobs};
use crate::specials::SpecialRoots;
use crate::sync::atomic::Ordering::Relaxed;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a stop that may end marking marks before it leaves the rest to one more round.
const LAST_MARKING: Duration = Duration::from_micros(150);
/// After so many rounds the world stands still until all is marked.
const MOST_ROUNDS: u32 = 12;
/// With no more marked bytes than these the last time, and no more bytes of static data, a
/// collection tries to be done in the stop that begins it, for so long.
pub(crate) const QUICK_BYTES: u64 = 512 << 10;
const QUICK_STATIC_BYTES: usize = 256 << 10;
const FIRST_MARKING: Duration = Duration::from_micros(200);
/// More stacks than these are read while the world runs, in one more round.
const MOST_STACKS_IN_STOP: usize = 64;
/// Heaps smaller than this are marked faster than a second stop of the world takes.
const STOPPED_BELOW_BYTES: u64 = 512 << 10;
/// Bytes to mark in one go for a mutator.
const ASSIST_BYTES: u64 = 64 << 10;
/// How long a mutator that can't help waits for the markers at a time, and how often.
const WAIT_FOR_MARKERS: Duration = Duration::from_micros(50);
const WAITS_BEYOND_GOAL: u32 = 100;
/// How long a marker sleeps between looks whether it may go on.
const HOLD_TIME: Duration = Duration::from_micros(50);
/// A mutator marks at most so many bytes for each that it allocates.
const MOST_ASSIST_RATIO: f64 = 20.0;

/// Marking that is under way.
pub(crate) struct Marking {
    phase: PhaseRef,
    report: Collection,
    /// What the stacks held when it began.
    copied: Arc<Copied>,
    rounds: u32,
    began: Instant,
    stopped_ns: u64,
    /// What helpers are to do as soon as the world runs.
    job: Option<Job>,
}

/// What marking begins with.
struct Start {
    /// In the stop: all roots are among these and the specials.
    whole: bool,
    ranges: Vec<Range<usize>>,
    specials: SpecialRoots,
    limit: Duration,
    /// Afterwards, these words and jobs.
    copied: Arc<Copied>,
    jobs: Vec<RootJob>,
    stacks: Option<Arc<dyn Stacks>>,
    report: Collection,
}

/// What one call of [`Heap::advance`] did.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Marking has begun, or goes on.
    Marking,
    /// A collection is complete.
    Done(Collection),
}

impl Step {
    /// The collection, if it is complete.
    pub fn done(self) -> Option<Collection> {
        match self {
            Step::Marking => None,
            Step::Done(collection) => Some(collection),
        }
    }
}

impl Heap {
    /// Takes the next step of a collection: begins marking, or ends it if the markers are
    /// done and little has turned up since. Without `Config::concurrent`, and for small
    /// heaps, all of it happens at once.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    pub unsafe fn advance(&self, trigger: Trigger, roots: &dyn RootSet) -> Step {
        // SAFETY: promised by the caller.
        unsafe {
            if self.is_marking() {
                return self.try_to_finish(roots);
            }
            let small = self.live.load(Relaxed) < STOPPED_BELOW_BYTES && !self.one_by_one();
            if self.config.concurrent
                && !small
                && let Some(step) = self.begin_marking(trigger, roots)
            {
                return step;
            }
            Step::Done(self.collect(trigger, roots))
        }
    }

    /// True between the beginning and the end of marking: barriers must be on.
    #[inline]
    pub fn is_marking(&self) -> bool {
        self.marking_on.load(Relaxed)
    }

    /// True if marking may come to an end with the next [`advance`](Self::advance).
    #[inline]
    pub fn markers_are_done(&self) -> bool {
        self.is_marking() && self.rounds_done.load(Relaxed) == self.rounds_begun.load(Relaxed)
    }

    /// The write barrier: sees to it that the object is marked. To be called after the
    /// pointer was stored outside of the stacks, while [`is_marking`](Self::is_marking).
    #[inline]
    pub fn shade(&self, cache: &mut Cache, pointer: usize) {
        if self.is_marking() && self.contains(pointer) {
            if !cache.has_room_for_shaded() {
                self.hand_over(cache);
            }
            cache.push_shaded(pointer);
        }
    }

    /// [`shade`](Self::shade) without a cache.
    pub fn shade_alone(&self, pointer: usize) {
        if self.is_marking() && self.contains(pointer) {
            self.recorded.lock().push(pointer);
        }
    }

    fn hand_over(&self, cache: &mut Cache) {
        let words = cache.take_shaded();
        let marking = self.marking.lock();
        if let Some(marking) = &*marking
            && let Err(Work::Words(words)) = marking.phase.queue.push(Work::Words(words))
        {
            // The markers are done already; what is left waits for the next round.
            self.recorded.lock().extend(words);
        }
    }

    /// Marks for a while if the mutators have allocated more than the markers keep up with:
    /// to be called after an allocation while [`is_marking`](Self::is_marking).
    ///
    /// If the markers hold all that is to be marked, it waits for them: a little while the
    /// goal is not reached, longer beyond, so that they run on a machine with other work;
    /// but not while the mutator is wanted elsewhere.
    pub fn assist(&self, is_wanted: impl Fn() -> bool) {
        let mut patience = 0;
        while self.is_behind() && !self.markers_are_done() && !self.help_marking(ASSIST_BYTES) {
            if is_wanted() {
                break;
            }
            let beyond = self.live.load(Relaxed) > self.goal_of_cycle.load(Relaxed);
            if patience >= if beyond { WAITS_BEYOND_GOAL } else { 1 } {
                break;
            }
            patience += 1;
            std::thread::sleep(WAIT_FOR_MARKERS);
        }
    }

    /// Marks about so many bytes; false if there was nothing to do.
    pub fn help_marking(&self, bytes: u64) -> bool {
        let phase = self.marking.lock().as_ref().map(|m| m.phase.clone());
        let Some(phase) = phase.filter(|phase| phase.queue.join()) else {
            return false;
        };
        // SAFETY: the world runs, and cannot stop before this mutator is done here.
        let found = unsafe { phase.assist(bytes) };
        if phase.queue.leave() {
            phase.note_done();
        }
        found
    }

    /// Whether less has been marked than should be by now, so that marking is done when the
    /// goal is reached.
    fn is_behind(&self) -> bool {
        let live = self.live.load(Relaxed);
        let allocated = live.saturating_sub(self.live_at_begin.load(Relaxed));
        let ratio = f64::from_bits(self.assist_ratio.load(Relaxed));
        (self.marked_so_far.load(Relaxed) as f64) < ratio * allocated as f64
    }

    /// A helper may come to say so when the next round has begun.
    pub(crate) fn note_round_done(&self, round: u32) {
        self.rounds_done.fetch_max(round, Relaxed);
    }

    /// Begins; ends as well if there proves to be little to mark. `None`, and nothing is
    /// done, if there is no thread that could mark.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    unsafe fn begin_marking(&self, trigger: Trigger, roots: &dyn RootSet) -> Option<Step> {
        let began = Instant::now();
        // Half of the threads, so that the program gets on.
        let helpers = self.pool.helpers(self.config.workers.div_ceil(2));
        if helpers == 0 {
            return None;
        }
        let _gate = self.sweep_gate.lock();
        self.prepare(0);
        // SAFETY: the world is stopped and the caller vouches for the roots.
        let start = unsafe { self.start(trigger, roots, helpers) };
        self.begin_pacing();
        self.stack_bytes.store(0, Relaxed);
        let phase = self.next_round(start.jobs, start.stacks, helpers);
        let mut all = false;
        if start.whole || !start.ranges.is_empty() {
            let SpecialRoots { words, contents_of } = &start.specials;
            let ranges = (&start.ranges[..], &Copied::default());
            // SAFETY: as above.
            all = unsafe { phase.shade(ranges, words, contents_of, Some(start.limit)) };
        }
        let mut marking = Marking {
            job: Some(self.helpers_job(&phase)),
            phase,
            report: start.report,
            copied: start.copied,
            rounds: 0,
            began,
            stopped_ns: 0,
        };
        if all && start.whole {
            // SAFETY: as above; nothing has been allocated since.
            return Some(Step::Done(unsafe {
                self.finish_marking(marking, began, roots)
            }));
        }
        self.marking_on.store(true, Relaxed);
        self.collection_due.store(true, Relaxed);
        marking.stopped_ns = nanoseconds(began);
        marking.report.prepare_ns = marking.stopped_ns;
        *self.marking.lock() = Some(marking);
        Some(Step::Marking)
    }

    /// Decides what the first stop looks at: if there was little to mark the last time, and
    /// there are few roots, at everything.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    unsafe fn start(&self, trigger: Trigger, roots: &dyn RootSet, helpers: usize) -> Start {
        let mut statics = vec![];
        roots.for_each_static_range(&mut |range| statics.push(range));
        let static_bytes: usize = statics.iter().map(Range::len).sum();
        let whole = self.pacer.lock().marked_bytes < QUICK_BYTES
            && !self.one_by_one()
            && static_bytes < QUICK_STATIC_BYTES
            && !self.settles_later()
            && self.few_are_due()
            && !roots.are_many();
        let mut ranges = match whole {
            true => gather(|visit| roots.for_each_range(visit)),
            false => gather(|visit| roots.for_each_range_beside_stacks(visit)),
        };
        let mut report = self.new_report(&ranges, &statics);
        report.trigger = trigger;
        report.workers = helpers;
        if whole {
            ranges.extend(statics);
            return Start {
                whole,
                ranges,
                specials: self.specials.roots(),
                jobs: vec![],
                stacks: None,
                limit: FIRST_MARKING,
                copied: Arc::default(),
                report,
            };
        }
        // SAFETY: promised by the caller.
        let copied = Arc::new(unsafe { Copied::take(&mut ranges, &self.space.committed_range()) });
        let mut jobs = root_jobs(&statics, &[], &[]);
        jobs.push(RootJob::Copied(copied.clone()));
        jobs.extend(due_jobs(self.specials.due.numbers()));
        jobs.extend(self.specials.occupied().map(RootJob::Specials));
        Start {
            whole,
            ranges,
            specials: SpecialRoots::default(),
            jobs,
            stacks: roots.stacks(),
            limit: Duration::ZERO,
            copied,
            report,
        }
    }

    fn next_round(
        &self,
        jobs: Vec<RootJob>,
        stacks: Option<Arc<dyn Stacks>>,
        helpers: usize,
    ) -> PhaseRef {
        let round = self.rounds_begun.load(Relaxed) + 1;
        self.rounds_begun.store(round, Relaxed);
        Phase::shared(self, round, jobs, stacks, helpers)
    }

    fn helpers_job(&self, phase: &PhaseRef) -> Job {
        let phase = phase.clone();
        // SAFETY: mutators keep to the rules (see `shade`).
        Arc::new(move || unsafe { phase.work_then_report() })
    }

    /// To be called when the world runs after a step of a collection: lets the markers work.
    pub fn start_markers(&self) {
        self.markers_hold.store(false, Relaxed);
        if let Some(marking) = &mut *self.marking.lock() {
            self.start_job(marking);
        }
        self.settle_in_background();
    }

    fn start_job(&self, marking: &mut Marking) {
        if let Some(job) = marking.job.take() {
            self.pool.start(marking.report.workers, job);
        }
    }

    /// Asks the markers to leave the processors to whoever has to stop with the world. They
    /// go on with [`start_markers`](Self::start_markers).
    pub fn hold_markers(&self) {
        self.markers_hold.store(true, Relaxed);
    }

    /// Sleeps while the world is about to stop. (Nobody hurries to wake it: whoever stops
    /// the world has better things to do.)
    pub(crate) fn hold_if_asked(&self) {
        while self.markers_hold.load(Relaxed) {
            std::thread::sleep(HOLD_TIME);
        }
    }

    fn begin_pacing(&self) {
        let (goal, marked) = self.goal();
        let live = self.live.load(Relaxed);
        let room = goal.saturating_sub(live).max(1 << 20) as f64;
        let ratio = (marked.max(1 << 20) as f64 / room).min(MOST_ASSIST_RATIO);
        self.assist_ratio.store(ratio.to_bits(), Relaxed);
        self.live_at_begin.store(live, Relaxed);
        self.goal_of_cycle.store(goal, Relaxed);
        self.marked_so_far.store(0, Relaxed);
    }

    /// Looks at what has changed; ends marking if that leads to little.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    unsafe fn try_to_finish(&self, roots: &dyn RootSet) -> Step {
        let stopped = Instant::now();
        let _gate = self.sweep_gate.lock();
        let mut guard = self.marking.lock();
        let marking = guard.as_mut().expect("marking is on");
        if !self.markers_are_done() && !self.config.torture {
            return Step::Marking;
        }
        // SAFETY: the world is stopped.
        unsafe { self.wait_for_markers(marking) };
        marking.rounds += 1;
        let last = marking.rounds >= MOST_ROUNDS;
        let limit = (!last).then_some(LAST_MARKING);
        let too_many = !last && roots.more_changed_stacks_than(MOST_STACKS_IN_STOP);
        let helpers = marking.report.workers;
        let stacks = roots.stacks().filter(|_| too_many);
        let (ranges, words, fresh) = self.changed(roots, stacks.is_some());
        let phase = self.next_round(vec![], stacks, helpers);
        let ranges = (&ranges[..], &*marking.copied);
        // SAFETY: as above.
        let all = unsafe { phase.shade(ranges, &words, &fresh, limit) } && !too_many;
        if !all {
            marking.job = Some(self.helpers_job(&phase));
            marking.phase = phase;
            marking.stopped_ns += nanoseconds(stopped);
            return Step::Marking;
        }
        let marking = guard.take().expect("marking is on");
        drop(guard);
        // SAFETY: as above.
        Step::Done(unsafe { self.finish_marking(marking, stopped, roots) })
    }

    /// Ends marking here and now, however much is left to mark.
    ///
    /// # Safety
    /// As [`collect`](Self::collect).
    pub(crate) unsafe fn finish_at_once(&self, roots: &dyn RootSet) -> Collection {
        let stopped = Instant::now();
        let _gate = self.sweep_gate.lock();
        let mut marking = self.marking.lock().take().expect("marking is on");
        // SAFETY: the world is stopped.
        unsafe {
            self.wait_for_markers(&mut marking);
            let (ranges, words, fresh) = self.changed(roots, false);
            mark(self, root_jobs(&ranges, &words, &fresh), self.workers());
            self.finish_marking(marking, stopped, roots)
        }
    }

    /// Helps the markers until they are done.
    ///
    /// # Safety
    /// The world is stopped.
    unsafe fn wait_for_markers(&self, marking: &mut Marking) {
        self.markers_hold.store(false, Relaxed);
        self.start_job(marking);
        let phase = &marking.phase;
        if phase.queue.join() {
            // SAFETY: promised by the caller.
            unsafe { phase.work() };
        }
    }

    /// Roots that may have changed (but stacks, if they are `left` for later), pointers
    /// recorded, objects with new finalizers.
    fn changed(
        &self,
        roots: &dyn RootSet,
        left: bool,
    ) -> (Vec<Range<usize>>, Vec<usize>, Vec<usize>) {
        let ranges = match left {
            true => gather(|visit| roots.for_each_range_beside_stacks(visit)),
            false => gather(|visit| roots.for_each_changed_range(visit)),
        };
        let mut words = std::mem::take(&mut *self.recorded.lock());
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: the world is stopped, so nobody uses the cache.
            words.append(&mut unsafe { cache.0.as_mut() }.take_shaded());
        }
        (ranges, words, self.specials.take_fresh())
    }

    /// # Safety
    /// As [`collect`](Self::collect), and everything reachable is marked.
    unsafe fn finish_marking(
        &self,
        marking: Marking,
        stopped: Instant,
        roots: &dyn RootSet,
    ) -> Collection {
        let mut report = marking.report;
        report.root_bytes += self.stack_bytes.load(Relaxed);
        for cache in self.caches.lock().iter_mut() {
            // SAFETY: the world is stopped, so nobody uses the cache.
            self.flush_runs(unsafe { cache.0.as_mut() }, true);
        }
        self.marking_on.store(false, Relaxed);
        let settle_later = self.shadow.is_none() && self.settles_later();
        if settle_later {
            roots.settled();
        } else {
            // SAFETY: promised by the caller.
            unsafe { self.settle(roots, vec![], false) };
        }
        report.heap_marked_bytes =
            self.marked_so_far.load(Relaxed) + self.black_bytes.swap(0, Relaxed);
        report.heap_after_bytes = self.live.load(Relaxed);
        report.mark_ns =
            nanoseconds(marking.began).saturating_sub(report.prepare_ns + nanoseconds(stopped));
        self.finish(stopped, marking.stopped_ns, &mut report);
        if settle_later {
            self.specials.settling.begin();
        }
        report
    }
}
