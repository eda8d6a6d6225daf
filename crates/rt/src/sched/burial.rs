//! Goroutines that have ended give their memory back, some time later.
//!
//! A dead G and its first segment, 2.6 KB, wait in [`free`](super::free) to be used again.
//! What nobody needed there for a while is *buried*: the pages in which nothing else lies go
//! back to the system (`madvise`). The address space stays, and is never used for anything
//! else than the same Gs, which are *revived* when those in the list are not enough.
//!
//! # Invariants
//!
//! - **B1** Whatever is at the address of a G is a G: its last content, the next one's, or
//!   zeros, and zeros are a dead G that is linked to nothing, owns nothing and waits for
//!   nothing. Whoever has kept a pointer to a G must expect that it is dead or another
//!   goroutine's by now, burial or no: so nobody else has to know about burials.
//! - **B2** Nobody is in the midst of doing something with a goroutine that is buried: between
//!   its end and its burial lies a stop of the world, in which no M with a P is in a runtime
//!   call or in the scheduler. (A thread without a P that makes a goroutine ready has done
//!   with it when that is in a queue.) Should somebody write to it all the same, a page becomes
//!   memory again, and a word differs from zero that nobody looks at: [`G::revive`] sets all.
//! - **B3** Of a buried G the list of all knows (`BURIED` in the word of who has seen it), and
//!   whoever looks for Gs passes it over, so that nothing touches its pages.
//! - **B4** No burial while markers read stacks: that begins and ends in stops of the world,
//!   and a burial is done in small steps, each of an M that has a P and does not halt during
//!   it. So no marker has found a G that is being buried. (To revive one is allowed always: the
//!   word is reset when the G is whole.)
//! - **B5** A G is in one place: in a list of free ones, marked here, in a grave, or in use.
//!
//! # How
//!
//! Idle Gs are taken from the bottom of the list and marked in a bitmap by their index, and so
//! come to be in order of their addresses, of which the list knows nothing. Then the bitmap is
//! walked: Gs that lie side by side are a grave, if there are whole pages in them. Others go
//! back to the list. So one goroutine that lives on keeps two pages, seldom three: when a
//! million end but for one in 100 anywhere among them, 97 % of the memory goes back, and 75 %
//! if one in ten lives on (28 % if one in three does). Nothing of this is done in a stop of
//! the world, and what a million buried goroutines go on occupying is 12 MB of the list of all.
//!
//! *Idle* is what stayed in the list for five seconds or more, from the end of one collection
//! to that of another: a program that again and again starts many goroutines and waits for
//! them finds them as they were. (To touch a page anew costs some microseconds on a virtual
//! machine, as much as two goroutines.) `debug.FreeOSMemory` does not wait.
//!
//! # Why not otherwise
//!
//! - *To unmap the memory, or use it for stacks of another size*: half of the runtime would
//!   have to prove that it keeps no pointer to a G (timers, semaphores, `select`, descriptors,
//!   the tracer, tracebacks, whoever looks at another thread's goroutine from a signal).
//! - *To give back stacks only*, and keep the Gs apart from them as Go does: a G is 832 bytes,
//!   a third of the whole, and on other lines and pages than its stack, which costs each `go`
//!   statement.
//! - *By chunks*, given back when none of their goroutines is alive: one in 100 that lives on
//!   keeps nearly all of them, and a second kind of bookkeeping is needed to know when.
//! - *`MADV_FREE`*: what is read later is either zeros or not, and memory that the system
//!   could have counts as used until it needs it.

use super::SCHED;
use super::free::FREE;
use super::g::{self, G};
use crate::time::nanotime;
use goxide_fiber::{FIRST_SEGMENT_BYTES, comes_back, pages_of};
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

/// How long the shortest while is.
const WHILE_NS: i64 = 5_000_000_000;
/// How long a step goes on with small ones, and how long there is none after it.
const STEP_NS: i64 = 200_000;
const REST_NS: i64 = 800_000;
/// A small one: of so many Gs, or so many words of the bitmap.
const LOOK: usize = 256;
const WORDS: usize = 8;
/// With fewer idle Gs than these it is not worth beginning.
const FEW: usize = 64;
/// A call of the system for less costs more than it gives.
const LEAST_BYTES: usize = 8 << 10;
/// Memory of a G with its first segment.
const EACH_BYTES: usize = FIRST_SEGMENT_BYTES + size_of::<G>();

/// There is something to do.
static DUE: AtomicBool = AtomicBool::new(false);
/// When the next step may be.
static NEXT_NS: AtomicI64 = AtomicI64::new(0);
/// When this while began.
static MARK_NS: AtomicI64 = AtomicI64::new(0);
/// More idle ones than these are worth it: those that could not be buried the last time may
/// still be in the way of one another.
static WORTH: AtomicUsize = AtomicUsize::new(FEW);
/// Gs that are marked, and Gs in graves.
static MARKED: AtomicUsize = AtomicUsize::new(0);
static BURIED: AtomicUsize = AtomicUsize::new(0);

static BURIAL: Mutex<Burial> = Mutex::new(Burial {
    stage: Stage::Done,
    marked: Vec::new(),
    left: 0,
    graves: Vec::new(),
});

struct Burial {
    stage: Stage,
    /// A bit for each G by its index, up to the last that is marked.
    marked: Vec<u64>,
    /// How many could not be buried.
    left: usize,
    graves: Vec<Grave>,
}

enum Stage {
    /// Idle Gs are marked.
    Mark,
    /// Marked Gs are buried, from this word on.
    Bury(usize),
    Done,
}

/// Gs that were buried together.
struct Grave {
    /// Index of the first.
    first: u32,
    /// How many are still there: those at the end are revived first.
    count: u32,
    /// So much memory went back, until the first is revived.
    bytes: usize,
}

/// A collection ends, and the world stands still. With `haste` every while is short.
pub fn collection_ends(haste: bool) {
    let now = nanotime();
    let mark = haste || now - MARK_NS.load(Ordering::Relaxed) >= WHILE_NS;
    if mark {
        MARK_NS.store(now, Ordering::Relaxed);
    }
    if FREE.collection_ends(mark) >= WORTH.load(Ordering::Relaxed) {
        DUE.store(true, Ordering::Relaxed);
    }
}

/// Whether there is something to do, now or soon.
pub fn is_pending() -> bool {
    DUE.load(Ordering::Relaxed)
}

/// Whether a step may be taken.
pub fn is_due() -> bool {
    is_pending() && !g::are_stacks_read() && nanotime() >= NEXT_NS.load(Ordering::Relaxed)
}

/// Takes a step, if it is time.
///
/// # Safety
/// On an M with a P.
#[inline]
pub unsafe fn step() {
    if is_due() {
        let until = nanotime() + STEP_NS;
        NEXT_NS.store(until + REST_NS, Ordering::Relaxed);
        // SAFETY: see above.
        unsafe { work(|| nanotime() >= until) };
    }
}

/// Buries all that are dead since the last collection or longer, unless the world is to stop.
///
/// # Safety
/// On an M with a P.
pub unsafe fn hurry() {
    // SAFETY: see above.
    unsafe { work(|| false) };
    if FREE.hurry() > 0 {
        WORTH.store(0, Ordering::Relaxed);
        // SAFETY: see above.
        unsafe { work(|| false) };
    }
}

#[cold]
unsafe fn work(enough: impl Fn() -> bool) {
    DUE.store(false, Ordering::Relaxed);
    // SAFETY: this M has a P, so no marking begins while it is here.
    while !g::are_stacks_read() && unsafe { BURIAL.lock().unwrap().work() } {
        if SCHED.stopping.load(Ordering::Relaxed) || enough() {
            DUE.store(true, Ordering::Relaxed);
            return;
        }
    }
}

/// Bytes of those that are dead and wait for their burial.
pub fn waiting_bytes() -> usize {
    MARKED.load(Ordering::Relaxed) * EACH_BYTES
}

/// Moves some to `to` that are marked or buried, at most `n`.
pub fn revive(n: usize, to: &mut Vec<*mut G>) {
    if MARKED.load(Ordering::Relaxed) + BURIED.load(Ordering::Relaxed) == 0 {
        return;
    }
    let mut burial = BURIAL.lock().unwrap();
    to.extend((0..n).map_while(|_| burial.take_marked().or_else(|| burial.take_buried())));
}

impl Burial {
    /// A small part of the work; false if there is no more.
    ///
    /// # Safety
    /// No marking is under way, nor begins.
    unsafe fn work(&mut self) -> bool {
        match self.stage {
            Stage::Mark => self.mark(),
            // SAFETY: see above.
            Stage::Bury(word) => unsafe { self.bury_some(word) },
            Stage::Done if FREE.idle() >= WORTH.load(Ordering::Relaxed).max(1) => {
                self.left = 0;
                self.stage = Stage::Mark;
            }
            Stage::Done => return false,
        }
        true
    }

    fn mark(&mut self) {
        let mut gs = Vec::with_capacity(LOOK);
        FREE.take_idle(LOOK, &mut gs);
        for &g in &gs {
            // SAFETY: dead Gs, which are ours.
            let index = unsafe { G::strip(g) };
            let words = self.marked.len().max(index / 64 + 1);
            self.marked.resize(words, 0);
            self.marked[index / 64] |= 1 << (index % 64);
        }
        MARKED.fetch_add(gs.len(), Ordering::Relaxed);
        if gs.len() < LOOK {
            self.stage = Stage::Bury(0);
        }
    }

    /// # Safety
    /// As for [`work`](Self::work).
    unsafe fn bury_some(&mut self, start: usize) {
        let end = (start + WORDS).min(self.marked.len());
        if start >= end {
            return self.done();
        }
        let mut row: Range<usize> = 0..0;
        let mut next_g = 0;
        for index in start * 64..end * 64 {
            if self.marked[index / 64] >> (index % 64) & 1 == 0 {
                continue;
            }
            let g = g::at(index);
            if index != row.end || g.addr() != next_g {
                // SAFETY: Gs side by side, which are marked, so ours; here and below.
                unsafe { self.bury(row) };
                row = index..index;
            }
            row.end = index + 1;
            next_g = g.addr() + EACH_BYTES;
        }
        // SAFETY: see above.
        unsafe { self.bury(row) };
        self.marked[start..end].fill(0);
        self.stage = Stage::Bury(end);
    }

    /// Buries those of a row that can be.
    ///
    /// # Safety
    /// They are marked, and lie side by side. No marking is under way.
    unsafe fn bury(&mut self, row: Range<usize>) {
        if row.is_empty() {
            return;
        }
        MARKED.fetch_sub(row.len(), Ordering::Relaxed);
        let gs: Vec<*mut G> = row.clone().map(g::at).collect();
        let mut pages = pages_of(gs[0].cast(), gs.len(), size_of::<G>());
        if pages.bytes.len() < LEAST_BYTES {
            pages = Default::default();
        }
        let Range { start, end } = pages.touched.clone();
        for left in [&gs[..start], &gs[end..]] {
            self.left += left.len();
            FREE.put_back(left);
        }
        if start == end {
            return;
        }
        // SAFETY: nobody has anything to do with them.
        unsafe {
            gs[start..end].iter().for_each(|&g| G::hide(g));
            let given = if pages.give_back() { pages.bytes } else { 0..0 };
            // What is in the pages beside is not zero by itself.
            gs[start..end].iter().for_each(|&g| clear(g, &given));
            self.graves.push(Grave {
                first: (row.start + start) as u32,
                count: (end - start) as u32,
                bytes: given.len(),
            });
        }
        BURIED.fetch_add(end - start, Ordering::Relaxed);
    }

    fn done(&mut self) {
        self.stage = Stage::Done;
        self.marked = Vec::new();
        WORTH.store(FEW + self.left + self.left / 4, Ordering::Relaxed);
        FREE.shrink();
    }

    /// One that is needed after all. Those with the highest indices come first, from behind
    /// those that are being buried.
    fn take_marked(&mut self) -> Option<*mut G> {
        while let Some(last) = self.marked.last_mut() {
            if let Some(bit) = last.checked_ilog2() {
                *last &= !(1 << bit);
                MARKED.fetch_sub(1, Ordering::Relaxed);
                return Some(g::at((self.marked.len() - 1) * 64 + bit as usize));
            }
            self.marked.pop();
        }
        None
    }

    fn take_buried(&mut self) -> Option<*mut G> {
        let grave = self.graves.last_mut()?;
        comes_back(std::mem::take(&mut grave.bytes));
        grave.count -= 1;
        let index = (grave.first + grave.count) as usize;
        if grave.count == 0 {
            self.graves.pop();
        }
        BURIED.fetch_sub(1, Ordering::Relaxed);
        // SAFETY: it was buried, so it is ours.
        Some(unsafe { G::revive(index) })
    }
}

/// Makes zeros of a G, but for what lies in `given`, where there are zeros.
///
/// # Safety
/// The G is dead and the caller's.
unsafe fn clear(g: *mut G, given: &Range<usize>) {
    let g = g.cast::<u8>();
    let at = g.addr();
    let end = at + size_of::<G>();
    let clear = |from: usize, to: usize| {
        if from < to {
            // SAFETY: bytes of the G.
            unsafe { g.add(from - at).write_bytes(0, to - from) };
        }
    };
    clear(at, end.min(given.start));
    clear(at.max(given.end), end);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Held by tests that bury: there is one list of free ones.
    static BURYING: Mutex<()> = Mutex::new(());

    fn bury_all() {
        FREE.collection_ends(false);
        // SAFETY: nobody marks, and nobody runs on these.
        unsafe { hurry() };
    }

    fn is_buried(g: *mut G) -> bool {
        let mut found = false;
        g::for_each(|other| found |= other == g);
        !found
    }

    #[test]
    fn what_is_dead_is_zero_but_for_the_neighbours_of_survivors() {
        let _alone = BURYING.lock().unwrap();
        let gs: Vec<*mut G> = (0..1000).map(|_| G::allocate()).collect();
        let (alive, dead): (Vec<_>, Vec<_>) =
            gs.iter().enumerate().partition(|&(i, _)| i % 50 == 7);
        // SAFETY: the test's own.
        unsafe {
            gs.iter().for_each(|&g| (*g).context.goid = 5);
            FREE.push_all(dead.iter().map(|&(_, &g)| g));
            bury_all();
            let buried = dead.iter().filter(|&&(_, &g)| is_buried(g));
            let count = buried
                .inspect(|&&(_, &g)| {
                    let bytes = std::slice::from_raw_parts(g.cast::<u8>(), size_of::<G>());
                    assert!(bytes.iter().all(|&byte| byte == 0));
                })
                .count();
            assert!(count > 900, "{count}");
            let burial = BURIAL.lock().unwrap();
            let given: usize = burial.graves.iter().map(|grave| grave.bytes).sum();
            drop(burial);
            assert!(given > count * EACH_BYTES * 9 / 10, "{given}");
            assert!(alive.iter().all(|&(_, &g)| (*g).context.goid == 5));

            // All come back, none twice.
            let mut again = vec![];
            while FREE.count() + BURIED.load(Ordering::Relaxed) > 0 {
                FREE.take(7, &mut again);
                if FREE.count() == 0 {
                    revive(16, &mut again);
                }
            }
            again.sort_unstable();
            let count = again.len();
            again.dedup();
            assert_eq!(again.len(), count);
            assert!(dead.iter().all(|&(_, g)| again.binary_search(g).is_ok()));
            assert!(again.iter().all(|&g| (*g).status() == g::Status::Dead));
            FREE.push_all(again.into_iter());
        }
    }

    #[test]
    fn who_needs_goroutines_takes_those_that_are_about_to_be_buried() {
        let _alone = BURYING.lock().unwrap();
        let gs: Vec<*mut G> = (0..300).map(|_| G::allocate()).collect();
        FREE.push_all(gs.iter().copied());
        FREE.collection_ends(false);
        let dead = FREE.hurry();
        WORTH.store(0, Ordering::Relaxed);
        let mut burial = BURIAL.lock().unwrap();
        // SAFETY: nobody marks, and nobody runs on these.
        unsafe {
            while !matches!(burial.stage, Stage::Bury(_)) {
                assert!(burial.work());
            }
            drop(burial);
            assert_eq!(MARKED.load(Ordering::Relaxed), dead);
            let mut taken = vec![];
            revive(100, &mut taken);
            assert!(taken.len() == 100 && !taken.iter().any(|&g| is_buried(g)));
            assert_eq!(MARKED.load(Ordering::Relaxed), dead - 100);
            hurry();
            assert_eq!(MARKED.load(Ordering::Relaxed), 0);
            assert!(!taken.iter().any(|&g| is_buried(g)));
            FREE.push_all(taken.into_iter());
        }
    }

    #[test]
    fn a_g_becomes_zeros_where_the_system_has_not_made_them() {
        let g = G::allocate();
        // SAFETY: the test's own; it lies in no list.
        unsafe {
            let bytes = std::slice::from_raw_parts_mut(g.cast::<u8>(), size_of::<G>());
            let kept = bytes.to_vec();
            for (from, to) in [(0, 832), (0, 64), (100, 832), (64, 128), (0, 0)] {
                bytes.fill(7);
                clear(g, &(g.addr() + from..g.addr() + to));
                let given = |i: usize| (from..to).contains(&i);
                assert!(bytes.iter().enumerate().all(|(i, &b)| (b == 7) == given(i)));
            }
            bytes.copy_from_slice(&kept);
        }
    }
}
