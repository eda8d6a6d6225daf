//! What mutators, markers and the sweeper do to one another, under loom: every interleaving
//! that the memory model allows. The sources are the crate's own, with loom's atomics and
//! locks in the place of the ordinary ones.

mod sync {
    pub mod atomic {
        pub use loom::sync::atomic::*;
    }

    /// As the crate's.
    pub struct Mutex<T>(loom::sync::Mutex<T>);

    impl<T> Mutex<T> {
        pub fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }

        pub fn lock(&self) -> loom::sync::MutexGuard<'_, T> {
            self.0.lock().unwrap()
        }
    }

    pub use loom::thread::yield_now as wait_a_little;
}

mod space {
    pub type Page = u32;
}
#[allow(dead_code, reason = "the models use a part")]
#[path = "../src/class_spans.rs"]
mod class_spans;
#[allow(dead_code, reason = "the models use a part")]
#[path = "../src/due.rs"]
mod due;
#[allow(dead_code, reason = "the models use a part")]
#[path = "../src/mark/queue.rs"]
mod queue;
#[allow(dead_code, reason = "the models use a part")]
#[path = "../src/settling.rs"]
mod settling;
#[allow(dead_code, reason = "the models use a part")]
#[path = "../src/slot_bits.rs"]
mod slot_bits;

use class_spans::{ClassSpans, ForCache};
use due::{Due, DueQueue};
use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{
    AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use loom::thread::spawn;
use queue::{Queue, Work};
use settling::Settling;
use slot_bits::SlotBits;

/// Interleavings with this many forced switches: more take minutes and have found nothing.
fn check(f: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(f);
}

/// Slots with these objects.
fn with_objects(slots: u64) -> Arc<SlotBits> {
    let bits = Arc::new(SlotBits::default());
    bits.take(slots, false);
    bits
}

#[test]
fn no_marker_looks_into_a_slot_that_is_being_taken() {
    check(|| {
        let bits = with_objects(0b0001);
        let markers = [1, 2].map(|slot| {
            let bits = bits.clone();
            spawn(move || assert!(!bits.mark(slot), "slot {slot} was not written yet"))
        });
        bits.take(0b0110, true);
        for marker in markers {
            marker.join().unwrap();
        }
        assert_eq!(bits.sweep(), (0b0110, 0b0001));
    });
}

#[test]
fn one_marker_looks_into_an_object() {
    check(|| {
        let bits = with_objects(0b11);
        let markers = [0, 1].map(|_| {
            let bits = bits.clone();
            spawn(move || (bits.mark(0), bits.mark(1)))
        });
        let firsts = markers.map(|marker| marker.join().unwrap());
        assert!(firsts[0].0 != firsts[1].0 && firsts[0].1 != firsts[1].1);
        assert_eq!(bits.sweep(), (0b11, 0));
    });
}

#[test]
fn marks_survive_what_the_cache_does_beside_them() {
    check(|| {
        let bits = with_objects(0b1001);
        let marker = {
            let bits = bits.clone();
            spawn(move || assert!(bits.mark(0)))
        };
        bits.take(0b0110, true);
        bits.give_back(0b0100, true);
        marker.join().unwrap();
        assert_eq!(bits.sweep(), (0b0011, 0b1000));
    });
}

#[test]
fn a_slot_given_back_is_free_whatever_a_stray_word_does() {
    check(|| {
        let bits = with_objects(0);
        bits.take(0b11, true);
        let marker = {
            let bits = bits.clone();
            spawn(move || bits.mark(1))
        };
        bits.give_back(0b10, true);
        marker.join().unwrap();
        assert_eq!(bits.sweep(), (0b01, 0));
        assert_eq!(bits.allocated(), 0b01);
        assert!(!bits.is_marked(1));
    });
}

/// Counts the words of a piece of work, which leads to one with one word less.
fn do_piece(queue: &Queue, piece: Work, words_done: &AtomicUsize) {
    let Work::Words(mut words) = piece else {
        unreachable!("no other work in these tests");
    };
    words_done.fetch_add(words.len(), SeqCst);
    words.pop();
    if !words.is_empty() {
        assert!(queue.push(Work::Words(words)).is_ok(), "closed too early");
    }
}

/// A worker that does all work there is.
fn work(queue: &Queue, words_done: &AtomicUsize) {
    while let Some(piece) = queue.take() {
        do_piece(queue, piece, words_done);
    }
}

#[test]
fn workers_stop_when_all_is_done_and_not_before() {
    check(|| {
        let shared = Arc::new((Queue::new(2), AtomicUsize::new(0)));
        assert!(shared.0.push(Work::Words(vec![0, 0])).is_ok());
        let other = {
            let shared = shared.clone();
            spawn(move || work(&shared.0, &shared.1))
        };
        work(&shared.0, &shared.1);
        // It is closed: nothing can come any more, and all that came is done.
        assert_eq!(shared.1.load(SeqCst), 3);
        assert!(!shared.0.join());
        other.join().unwrap();
    });
}

#[test]
fn what_a_mutator_adds_is_done_or_given_back() {
    check(|| {
        let shared = Arc::new((Queue::new(1), AtomicUsize::new(0)));
        let mutator = {
            let shared = shared.clone();
            spawn(move || shared.0.push(Work::Words(vec![0])).is_ok())
        };
        work(&shared.0, &shared.1);
        let taken = mutator.join().unwrap();
        assert_eq!(shared.1.load(SeqCst), usize::from(taken));
    });
}

#[test]
fn a_mutator_that_helps_keeps_the_queue_open_while_it_has_work() {
    check(|| {
        let shared = Arc::new((Queue::new(1), AtomicUsize::new(0)));
        assert!(shared.0.push(Work::Words(vec![0, 0])).is_ok());
        let mutator = {
            let shared = shared.clone();
            spawn(move || {
                let (queue, words_done) = &*shared;
                if !queue.join() {
                    return;
                }
                if let Some(piece) = queue.try_take() {
                    do_piece(queue, piece, words_done);
                }
                queue.leave();
            })
        };
        work(&shared.0, &shared.1);
        mutator.join().unwrap();
        // Whoever was last, the workers are told only when nothing is left.
        assert!(shared.0.is_empty());
        assert_eq!(shared.1.load(SeqCst), 3);
    });
}

/// The settling of two shards, and what is done to each.
#[derive(Default)]
struct Shards {
    settling: Settling,
    settled: [AtomicUsize; 2],
}

/// Settles a shard or finds none left; then, if all are settled, looks at what was done.
fn settle_and_look(shards: &Shards) {
    if let Some(shard) = shards.settling.take(2) {
        shards.settled[shard].fetch_add(1, Relaxed);
        shards.settling.note_shard();
        shards.settling.note_settled(2);
    }
    // The runtime looks for what it has to forget.
    if shards.settling.shards_are_settled(2) {
        let settled = [0, 1].map(|shard| shards.settled[shard].load(Relaxed));
        assert_eq!(settled, [1, 1], "forgotten before all was revived");
    }
    if !shards.settling.is_on() {
        let settled = [0, 1].map(|shard| shards.settled[shard].load(Relaxed));
        assert_eq!(settled, [1, 1], "swept before all was settled");
    }
}

#[test]
fn nothing_is_swept_before_all_shards_are_settled() {
    check(|| {
        let shards = Arc::new(Shards::default());
        shards.settling.begin();
        let others = [0, 1].map(|_| {
            let shards = shards.clone();
            spawn(move || settle_and_look(&shards))
        });
        settle_and_look(&shards);
        for other in others {
            other.join().unwrap();
        }
        assert!(!shards.settling.is_on());
    });
}

/// A class with three spans to be swept, of which the first has no free slot, and for each
/// span how often it was swept. That is a cell of loom's, which reports two owners at a time.
struct Class {
    lists: sync::Mutex<ClassSpans>,
    swept: [UnsafeCell<u32>; SPANS as usize],
}

const SPANS: u32 = 3;

// SAFETY: what this model is to show; loom reports it if not.
unsafe impl Sync for Class {}
// SAFETY: as above.
unsafe impl Send for Class {}

impl Class {
    fn unswept() -> Class {
        let mut lists = ClassSpans::new();
        (0..SPANS).for_each(|at| lists.add(at));
        lists.begin_sweeping();
        Class {
            lists: sync::Mutex::new(lists),
            swept: Default::default(),
        }
    }

    /// As `Heap::sweep_span`; whether it has free slots.
    fn sweep(&self, at: u32) -> bool {
        // SAFETY: the caller has it; loom reports it if not.
        self.swept[at as usize].with_mut(|n| unsafe { *n += 1 });
        at != 0
    }

    /// As `Heap::take_listed_span`, for a cache, which then touches it.
    fn take(&self) -> Option<u32> {
        loop {
            let next = self.lists.lock().take(true);
            let at = match next? {
                ForCache::Free(at) => at,
                ForCache::Unswept(at) if self.sweep(at) => at,
                ForCache::Unswept(_) => continue,
            };
            // SAFETY: as above.
            self.swept[at as usize].with_mut(|n| unsafe { assert_eq!(*n, 1) });
            return Some(at);
        }
    }

    /// As `Heap::sweep_some`.
    fn sweep_one(&self) {
        let next = self.lists.lock().take_unswept();
        if let Some(at) = next {
            let free = self.sweep(at);
            self.lists.lock().file(at, free);
        }
    }
}

/// Mistakes that this finds: `take` and `take_unswept` that leave the span in the list, `take`
/// that puts what it has from `unswept` among the partial ones as well, and `file` that does
/// not put it among the swept ones.
#[test]
fn a_span_is_swept_once_and_has_one_owner() {
    check(|| {
        let class = Arc::new(Class::unswept());
        let cache = {
            let class = class.clone();
            spawn(move || class.take())
        };
        let sweeper = {
            let class = class.clone();
            spawn(move || (class.sweep_one(), class.sweep_one()))
        };
        let mut in_caches = vec![class.take()];
        in_caches.push(cache.join().unwrap());
        sweeper.join().unwrap();
        while let Some(at) = class.take() {
            in_caches.push(Some(at));
        }
        let mut in_caches: Vec<u32> = in_caches.into_iter().flatten().collect();
        in_caches.sort_unstable();
        assert_eq!(
            in_caches,
            [1, 2],
            "those with free slots are in one cache each"
        );
        for swept in &class.swept {
            // SAFETY: all have ended.
            assert_eq!(swept.with(|n| unsafe { *n }), 1);
        }
        assert_eq!(class.lists.lock().count(), SPANS as usize);
    });
}

#[test]
fn what_is_due_is_read_or_taken_whoever_is_first() {
    check(|| {
        let queue = Arc::new(DueQueue::default());
        let due = |object| Due { object, closure: 9 };
        queue.add(vec![due(1), due(2), due(3), due(4)]);
        // A stop: marking begins. From now on whoever takes one records it.
        queue.take();
        let numbers = queue.numbers();
        assert_eq!(numbers, 1..4);
        let mutator = {
            let queue = queue.clone();
            spawn(move || [queue.take(), queue.take()].map(|due| due.unwrap().object))
        };
        let marker = {
            let queue = queue.clone();
            spawn(move || queue.words(3..4))
        };
        let mut seen = queue.words(1..3);
        seen.extend(marker.join().unwrap());
        let taken = mutator.join().unwrap();
        assert_eq!(taken, [2, 3]);
        seen.extend(taken);
        assert!((2..=4).all(|object| seen.contains(&object)));
        assert!(!seen.contains(&1) && queue.has_some());
    });
}
