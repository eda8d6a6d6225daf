//! G: a goroutine.
//!
//! Status: `Dead → Runnable → Running → {Waiting → Runnable, Syscall → Running, Dead}`.
//! `Waiting → Runnable` is done by whoever the goroutine waits for, the rest by its M.

use super::m::M;
use super::reading::Words;
use crate::chan::Sudog;
use crate::metrics::{LATENCIES, SAMPLED};
use crate::time::nanotime;
use crate::tracer::GTrace;
use goxide_abi::{GContext, Timer, WaitReason};
use goxide_fiber::{Segment, allocate_first, drop_next, first_segment_of};
use std::arch::asm;
use std::mem::offset_of;
use std::ops::Range;
use std::ptr;
use std::sync::Mutex;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicPtr, AtomicU8, AtomicU32, AtomicU64, Ordering,
};

/// Goroutines that a P's own queue holds; more go to the global one.
pub const RUN_QUEUE_CAPACITY: u32 = 256;

/// What a goroutine is doing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Status {
    /// Not in use; may be reused.
    Dead,
    /// In a run queue.
    Runnable,
    /// On an M, with a P.
    Running,
    /// In a system call, without a claim to its P.
    Syscall,
    /// Parked.
    Waiting,
}

impl Status {
    fn of(number: u32) -> Status {
        const ALL: [Status; 5] = [
            Status::Dead,
            Status::Runnable,
            Status::Running,
            Status::Syscall,
            Status::Waiting,
        ];
        ALL[number as usize]
    }
}

/// A goroutine. Never freed, but reused; in between its memory may be given back to the
/// system. So all zeros are a dead G ([`burial`](super::burial)).
///
/// There may be a million, each with one: what only few need is behind a pointer or in the
/// M. What making, running and ending one touches comes first.
#[repr(C, align(64))]
pub struct G {
    /// What compiled code and stubs touch; r15 points here.
    pub context: GContext,
    status: AtomicU32,
    /// Why it waits.
    pub wait_reason: WaitReason,
    /// Belongs to the runtime: not counted, not shown, no reason to go on living.
    pub system: bool,
    /// Asynchronous preemption is off.
    pub no_preempt: bool,
    /// It waits for something that only its bubble can bring about.
    pub durable: bool,
    /// Next in the list that holds this G.
    pub next: *mut G,
    /// The M it must run on, if it locked one.
    pub locked_m: *mut M,
    /// Depth of `lock_os_thread`.
    pub lock_depth: u32,
    /// Address of the number of its `go` statement's site, or `u32::MAX`.
    pub go_site: u32,
    /// Return addresses of the runtime call that made it, and of that one's caller.
    pub go_pcs: [usize; 2],
    /// Code of its first function.
    pub start_pc: usize,
    /// Goroutine that made it.
    pub parent: u64,
    /// Runs on the M before the goroutine continues; false: it waits again.
    pub finish: Option<unsafe fn(*mut G) -> bool>,
    /// It runs a timer's function.
    pub is_timers: bool,
    /// For `park` and `ready`: 0 nothing, 1 parked, 2 made ready before parking.
    pub park_token: AtomicU8,
    /// A marker reads its stack.
    read: AtomicBool,
    /// It is made from a Rust closure, and its stack is large and fixed.
    pub is_rust: bool,
    /// The last search for leaks has found that nothing can wake it.
    pub leaked: bool,
    /// Turns on an M, modulo 256. For metrics, one in [`SAMPLED`] is timed.
    turns: u8,
    /// Since when it waits, or is runnable before a turn that is timed, ns; 0 unknown.
    pub since_ns: AtomicI64,
    /// For execution traces.
    pub trace: GTrace,
    /// For the profile of waits: when it began to wait and when it was made ready; 0: that is
    /// not to be known.
    pub blocked_ns: [i64; 2],
    /// Its place in a queue of waiters (channels, semaphores, condition lists).
    pub sudog: Sudog,
    /// What it needs to select, once it has done so.
    pub select: Option<Box<SelectState>>,
    /// Its sleep, once it has slept.
    pub timer: Option<Box<Timer>>,
    /// Set by the first that completes the select.
    pub select_done: AtomicU32,
    /// Its place in [`AllGs`], ...
    index: u32,
    /// ... and the chunk that has it, with words that say who has seen it; None before it is
    /// there.
    chunk: Option<&'static Chunk>,
}

// It is a whole number of cache lines, of which none is wasted.
const _: () = assert!(size_of::<G>() <= 832);

/// What a goroutine that selects needs; kept for the next time.
#[derive(Default)]
pub struct SelectState {
    /// Its place in the queue of each case's channel.
    pub sudogs: Vec<Sudog>,
    /// Cases by address of the channel.
    pub lock_order: Vec<u16>,
    /// The cases, on the goroutine's stack: an array, of which the first `sends` send.
    pub cases: usize,
    /// See `cases`.
    pub sends: usize,
}

impl G {
    /// Its select state.
    pub fn select(&mut self) -> &mut SelectState {
        self.select.get_or_insert_default()
    }
}

/// All Gs ever made.
static ALL: Mutex<AllGs> = Mutex::new(AllGs {
    len: 0,
    chunks: Vec::new(),
});

struct AllGs {
    len: usize,
    chunks: Vec<&'static Chunk>,
}

const CHUNK: usize = 1024;
/// How many Gs a marker reads, one after the other, between two looks at the list of all.
pub const GROUP: usize = 32;
/// Instead of a collection's number ([`next_epoch`]): there is nothing to see, as the G is buried.
const BURIED: u32 = u32::MAX;
static NEVER_SEEN: AtomicU32 = AtomicU32::new(0);

/// Some Gs. Chunks are linked as well, so that reports can look at all without a lock.
struct Chunk {
    gs: [AtomicPtr<G>; CHUNK],
    /// For each the collection that has seen what it keeps alive, if that has not changed
    /// since. Apart from the Gs, so that a stop of the world can pass over many.
    seen: [AtomicU32; CHUNK],
    /// The same for each group of them.
    groups: [AtomicU32; CHUNK / GROUP],
    newer: AtomicPtr<Chunk>,
}

static FIRST: AtomicPtr<Chunk> = AtomicPtr::new(ptr::null_mut());

impl Chunk {
    fn make() -> &'static Chunk {
        Box::leak(Box::new(Chunk {
            gs: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNK],
            seen: [const { AtomicU32::new(0) }; CHUNK],
            groups: [const { AtomicU32::new(0) }; CHUNK / GROUP],
            newer: AtomicPtr::new(ptr::null_mut()),
        }))
    }
}

// SAFETY: Gs are shared by design; see the ownership rule above.
unsafe impl Send for AllGs {}

impl AllGs {
    fn add(&mut self, g: *mut G) {
        let at = self.len;
        if at.is_multiple_of(CHUNK) {
            let chunk = Chunk::make();
            let link = self.chunks.last().map_or(&FIRST, |last| &last.newer);
            link.store(ptr::from_ref(chunk).cast_mut(), Ordering::Release);
            self.chunks.push(chunk);
        }
        let chunk = self.chunks[at / CHUNK];
        // SAFETY: nobody else knows the new G.
        unsafe {
            (*g).index = at as u32;
            (*g).chunk = Some(chunk);
        }
        chunk.gs[at % CHUNK].store(g, Ordering::Release);
        self.len += 1;
    }

    fn get(&self, at: usize) -> *mut G {
        self.chunks[at / CHUNK].gs[at % CHUNK].load(Ordering::Relaxed)
    }

    /// Those of a range of indices that the collection has yet to see.
    fn unseen(&self, range: Range<usize>, epoch: u32) -> impl Iterator<Item = *mut G> {
        let end = range.end.min(self.len);
        let seen = |i: usize| self.chunks[i / CHUNK].seen[i % CHUNK].load(Ordering::Acquire);
        (range.start..end)
            .filter(move |&i| !matches!(seen(i), seen if seen == epoch || seen == BURIED))
            .map(|i| self.get(i))
    }

    /// All that the collection has yet to see, by groups: mostly they are few of many.
    fn all_unseen(&self, epoch: u32) -> impl Iterator<Item = *mut G> {
        let groups = self.chunks.iter().flat_map(|chunk| &chunk.groups);
        let some = groups.take(self.len.div_ceil(GROUP)).enumerate();
        some.filter(move |(_, group)| group.load(Ordering::Relaxed) != epoch)
            .flat_map(move |(i, _)| self.unseen(i * GROUP..(i + 1) * GROUP, epoch))
    }
}

static NEXT_ID: AtomicU64 = AtomicU64::new(1);
/// Whether any G was ever made; read without the lock by crash reports.
pub static ANY: AtomicBool = AtomicBool::new(false);

impl G {
    /// A dead G with a first segment.
    pub fn allocate() -> *mut G {
        let (segment, place) = allocate_first(size_of::<G>());
        let g: *mut G = place.cast();
        // SAFETY: room for a G, at a multiple of 64.
        unsafe { g.write(Self::new(segment, false)) };
        Self::known(g)
    }

    /// A dead G whose fixed stack is for Rust code.
    pub fn allocate_rust(stack_bytes: usize) -> *mut G {
        let segment = Segment::allocate_guarded(stack_bytes);
        let g = Self::new(segment, true);
        Self::known(Box::into_raw(Box::new(g)))
    }

    /// Its index among all Gs.
    pub fn index(&self) -> usize {
        self.index as usize
    }

    /// Frees what a dead G keeps for its next goroutine beside its memory; gives its index.
    ///
    /// # Safety
    /// The caller owns it, and it has been dead since before the world stopped last.
    pub unsafe fn strip(g: *mut G) -> usize {
        // SAFETY: it has left all queues, and its timer has fired: nobody knows these.
        unsafe {
            debug_assert!(
                (*g).first_segment()
                    .as_ref()
                    .is_some_and(|s| s.next.is_null())
            );
            (*g).select = None;
            (*g).timer = None;
            (*g).index()
        }
    }

    /// Nobody is to look at it any more who looks for Gs.
    ///
    /// # Safety
    /// The G is dead and the caller's, and no marking is under way.
    pub unsafe fn hide(g: *mut G) {
        // SAFETY: see above.
        let g = unsafe { &*g };
        if let Some(chunk) = g.chunk {
            chunk.seen[g.index as usize % CHUNK].store(BURIED, Ordering::Release);
        }
    }

    /// Makes the hidden G at this index anew.
    ///
    /// # Safety
    /// It is the caller's, and its memory may be written.
    pub unsafe fn revive(index: usize) -> *mut G {
        let (g, chunk) = {
            let all = ALL.lock().unwrap();
            (all.get(index), all.chunks[index / CHUNK])
        };
        // SAFETY: see above.
        unsafe {
            let mut new = Self::new(first_segment_of(g.cast()), false);
            new.index = index as u32;
            new.chunk = Some(chunk);
            g.write(new);
            (*g).words().unsee();
        }
        g
    }

    fn known(g: *mut G) -> *mut G {
        ALL.lock().unwrap().add(g);
        ANY.store(true, Ordering::Release);
        g
    }

    fn new(segment: *mut Segment, is_rust: bool) -> G {
        // SAFETY: all-zero is valid for the context.
        let mut context: GContext = unsafe { core::mem::zeroed() };
        context.segment = segment as usize;
        // SAFETY: a segment just made.
        context.stack_limit = unsafe { (*segment).limit };
        G {
            context,
            status: AtomicU32::new(Status::Dead as u32),
            next: ptr::null_mut(),
            locked_m: ptr::null_mut(),
            lock_depth: 0,
            wait_reason: WaitReason::None,
            since_ns: AtomicI64::new(0),
            go_site: u32::MAX,
            go_pcs: [0; 2],
            start_pc: 0,
            parent: 0,
            system: false,
            no_preempt: false,
            durable: false,
            park_token: AtomicU8::new(0),
            finish: None,
            sudog: Sudog::new(),
            select: None,
            select_done: AtomicU32::new(0),
            timer: None,
            is_timers: false,
            is_rust,
            index: 0,
            chunk: None,
            read: AtomicBool::new(false),
            trace: GTrace::new(),
            leaked: false,
            blocked_ns: [0; 2],
            turns: 0,
        }
    }

    /// Brings towards the processor, to be written, what making or starting a goroutine
    /// touches: the top of its stack, the segment's header and its own first lines. Often
    /// another processor had them last. `g` may be anything.
    #[inline]
    pub fn prefetch(g: *mut G) {
        // SAFETY: hints, which may name any address.
        unsafe {
            asm!(
                "prefetchw [{g} - 128]",
                "prefetchw [{g} - 64]",
                "prefetchw [{g}]",
                "prefetchw [{g} + 64]",
                "prefetchw [{g} + 128]",
                "prefetchw [{g} + 192]",
                "prefetchw [{g} + {first}]",
                "prefetchw [{g} + {first} + 64]",
                g = in(reg) g,
                first = const offset_of!(G, status),
                options(nostack, preserves_flags, readonly),
            );
        }
    }

    /// Its status.
    pub fn status(&self) -> Status {
        Status::of(self.status.load(Ordering::SeqCst))
    }

    /// Changes its status.
    #[inline]
    pub fn set_status(&self, status: Status) {
        if status == Status::Runnable && self.is_timed() {
            self.since_ns.store(nanotime(), Ordering::Relaxed);
        }
        if STACKS_ARE_READ.load(Ordering::Relaxed) {
            self.change_status_while_read(status);
        } else {
            self.status.store(status as u32, Ordering::Release);
        }
    }

    fn is_timed(&self) -> bool {
        self.turns.is_multiple_of(SAMPLED)
    }

    /// It is about to run: counts its turn, and for how long it was runnable if that is timed.
    ///
    /// # Safety
    /// The caller owns it.
    #[inline]
    pub unsafe fn begins_turn(g: *mut G) {
        // SAFETY: see above.
        unsafe {
            if (*g).is_timed() {
                let since = (*g).since_ns.load(Ordering::Relaxed);
                if since != 0 {
                    LATENCIES.note(nanotime() - since);
                }
            }
            (*g).since_ns.store(0, Ordering::Relaxed);
            (*g).turns = (*g).turns.wrapping_add(1);
        }
    }

    /// It is new. Goroutines begin to count at different numbers, as most have one turn only.
    ///
    /// # Safety
    /// The caller owns it.
    pub unsafe fn count_turns_from(g: *mut G, turns: u8) {
        // SAFETY: see above.
        unsafe { (*g).turns = turns };
    }

    /// See [`reading`](super::reading) for the order.
    #[cold]
    fn change_status_while_read(&self, status: Status) {
        self.words().change_status(status as u32);
    }

    /// What is shared with who reads its stack.
    fn words(&self) -> Words<'_> {
        let at = self.index as usize % CHUNK;
        let (seen, group) = match self.chunk {
            Some(chunk) => (&chunk.seen[at], &chunk.groups[at / GROUP]),
            None => (&NEVER_SEEN, &NEVER_SEEN),
        };
        Words {
            status: &self.status,
            read: &self.read,
            seen,
            group,
        }
    }

    /// Called when it is `Running` and before anything else is done with it: waits while a
    /// marker reads its stack.
    #[inline]
    pub fn wait_for_reader(&self) {
        if STACKS_ARE_READ.load(Ordering::Relaxed) {
            while self.words().is_read() {
                std::thread::yield_now();
            }
        }
    }

    /// Lets `look` see what it keeps alive while the world runs, if it is on no M, with its
    /// status; then it counts as seen by collection `epoch` until its status changes.
    ///
    /// # Safety
    /// `g` exists, and no other thread reads it.
    pub unsafe fn read(g: *mut G, epoch: u32, look: impl FnOnce(*mut G, Status)) {
        // SAFETY: Gs are never freed.
        unsafe {
            (*g).words().read(epoch, |status| {
                let status = Status::of(status);
                let still = matches!(status, Status::Waiting | Status::Runnable | Status::Dead);
                if still {
                    look(g, status);
                }
                still
            });
        }
    }

    /// Its first segment.
    pub fn first_segment(&self) -> *mut Segment {
        let mut segment = self.context.segment as *mut Segment;
        // SAFETY: the list belongs to this G, which the caller owns.
        unsafe {
            while !(*segment).prev.is_null() {
                segment = (*segment).prev;
            }
        }
        segment
    }

    /// Makes a dead G's stack empty again. Of what it grew to, its second segment stays if
    /// `keep`: the next goroutine will probably need as much.
    pub fn reset_stack(&mut self, keep: bool) {
        let first = self.first_segment();
        // SAFETY: the G is dead: nothing lives on its stack.
        unsafe {
            let second = (*first).next;
            if !keep || second.is_null() {
                drop_next(first);
            } else {
                drop_next(second);
            }
            self.context.segment = first as usize;
            self.context.stack_limit = (*first).limit;
        }
    }

    /// Gives a new goroutine its id.
    pub fn next_id() -> u64 {
        NEXT_ID.fetch_add(1, Ordering::Relaxed)
    }
}

/// How many goroutines there have been, but for those that the collector makes.
pub fn created() -> u64 {
    NEXT_ID.load(Ordering::Relaxed) - 1 - PROLOGUES.load(Ordering::Relaxed)
}

/// Goroutines that the collector has made for its own work.
pub static PROLOGUES: AtomicU64 = AtomicU64::new(0);

/// Calls `f` for every G that exists, dead ones too unless they are buried. Takes no lock.
pub fn for_each(mut f: impl FnMut(*mut G)) {
    let mut chunk = FIRST.load(Ordering::Acquire);
    // SAFETY: chunks are never freed.
    while let Some(c) = unsafe { chunk.as_ref() } {
        for (g, seen) in c.gs.iter().zip(&c.seen) {
            let g = g.load(Ordering::Acquire);
            if g.is_null() {
                return;
            }
            if seen.load(Ordering::Acquire) != BURIED {
                f(g);
            }
        }
        chunk = c.newer.load(Ordering::Acquire);
    }
}

/// Markers read the stacks of goroutines that are on no M while the world runs. Changed
/// with the world stopped. See [`reading`](super::reading) for how.
pub fn stacks_are_read(now: bool) {
    STACKS_ARE_READ.store(now, Ordering::SeqCst);
}

/// See [`stacks_are_read`].
pub fn are_stacks_read() -> bool {
    STACKS_ARE_READ.load(Ordering::SeqCst)
}

static STACKS_ARE_READ: AtomicBool = AtomicBool::new(false);

/// The number of the collection after this one: neither 0 nor [`BURIED`].
pub fn next_epoch(epoch: u32) -> u32 {
    epoch % (BURIED - 1) + 1
}

/// Calls `f` for the Gs that collection `epoch` has yet to see, with the world stopped.
pub fn for_each_unseen(epoch: u32, f: impl FnMut(*mut G)) {
    ALL.lock().unwrap().all_unseen(epoch).for_each(f);
}

/// The first `count` of them.
pub fn first_unseen(epoch: u32, count: usize) -> Vec<*mut G> {
    let all = ALL.lock().unwrap();
    all.all_unseen(epoch).take(count).collect()
}

/// Those of them in a group; `None` if there is no such group.
pub fn unseen(epoch: u32, group: usize) -> Option<Vec<*mut G>> {
    let all = ALL.lock().unwrap();
    let range = group * GROUP..(group + 1) * GROUP;
    (range.start < all.len).then(|| all.unseen(range, epoch).collect())
}

/// All of [`unseen`] have been read.
pub fn note_group(epoch: u32, group: usize) {
    let all = ALL.lock().unwrap();
    // Others may come to the last one.
    if (group + 1) * GROUP <= all.len {
        let chunk = all.chunks[group * GROUP / CHUNK];
        let group = group % (CHUNK / GROUP);
        let seen = &chunk.seen[group * GROUP..(group + 1) * GROUP];
        super::reading::note_group(&chunk.groups[group], seen, [epoch, BURIED]);
    }
}

/// The G with an index below the number of all.
pub fn at(index: usize) -> *mut G {
    ALL.lock().unwrap().get(index)
}

/// A queue of Gs linked through `next`.
pub struct GList {
    head: *mut G,
    tail: *mut G,
    len: usize,
}

impl GList {
    /// Empty.
    pub const fn new() -> GList {
        GList {
            head: ptr::null_mut(),
            tail: ptr::null_mut(),
            len: 0,
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds at the end.
    pub fn push(&mut self, g: *mut G) {
        // SAFETY: a G in a list is owned by the list.
        unsafe {
            (*g).next = ptr::null_mut();
            if self.tail.is_null() {
                self.head = g;
            } else {
                (*self.tail).next = g;
            }
        }
        self.tail = g;
        self.len += 1;
    }

    /// Takes the first, or null.
    pub fn pop(&mut self) -> *mut G {
        let g = self.head;
        if !g.is_null() {
            // SAFETY: as above.
            unsafe {
                self.head = (*g).next;
                (*g).next = ptr::null_mut();
            }
            if self.head.is_null() {
                self.tail = ptr::null_mut();
            }
            self.len -= 1;
        }
        g
    }

    /// Moves all of `other` to the end.
    pub fn append(&mut self, other: &mut GList) {
        while !other.is_empty() {
            self.push(other.pop());
        }
    }
}

impl Default for GList {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goxide_fiber::Segments;

    #[test]
    fn zeros_are_a_dead_goroutine() {
        // SAFETY: that is what is tested.
        let g: Box<G> = Box::new(unsafe { std::mem::zeroed() });
        assert_eq!(g.status(), Status::Dead);
        assert!(g.select.is_none() && g.timer.is_none() && g.finish.is_none());
        assert!(g.next.is_null() && g.locked_m.is_null() && g.sudog.g.is_null());
        assert_eq!(
            (g.context.goid, g.park_token.load(Ordering::Relaxed)),
            (0, 0)
        );
        assert_eq!(g.trace.state, crate::tracer::GoState::Unknown);
        assert!(!g.words().is_read());
        // SAFETY: nobody runs on it.
        assert_eq!(unsafe { Segments::of(&g.context) }.count(), 0);
        // Whoever comes too late disturbs nobody.
        let g = Box::into_raw(g);
        // SAFETY: the test's own.
        unsafe {
            G::read(g, 5, |_, status| assert_eq!(status, Status::Dead));
            (*g).change_status_while_read(Status::Dead);
            drop(Box::from_raw(g));
        }
    }

    /// Whether those find it who look for Gs; `index` is its.
    fn is_found(g: *mut G, index: usize) -> bool {
        let (mut found, mut is_unseen) = (false, false);
        for_each(|other| found |= other == g);
        for_each_unseen(77, |other| is_unseen |= other == g);
        let group = unseen(77, index / GROUP).unwrap();
        assert_eq!((group.contains(&g), is_unseen), (found, found));
        found
    }

    #[test]
    fn what_is_hidden_is_passed_over_until_it_is_revived() {
        let g = G::allocate();
        // SAFETY: the test's own.
        unsafe {
            let index = (*g).index();
            assert!(is_found(g, index) && at(index) == g);
            (*g).context.goid = 12;
            G::hide(g);
            assert!(!is_found(g, index));
            g.write_bytes(0, 1);
            assert!(!is_found(g, index));
            assert_eq!((G::revive(index), (*g).context.goid), (g, 0));
            assert!(is_found(g, index));
            let first = (*g).first_segment();
            assert_eq!((*g).context.stack_limit, (*first).limit);
        }
    }
}
