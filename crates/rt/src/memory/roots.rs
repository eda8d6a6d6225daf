//! What the collector begins with: static data, stacks, and what the runtime holds.
//!
//! A stop that begins marking looks only at the stacks of goroutines that are on an M.
//! Those of the others, of which there may be very many, and timers are read while the world runs
//! ([`Parked`]); the stop that ends marking looks at what has not been seen since it changed.

use super::{heap, timers};
use crate::module;
use crate::profile::{allocations, cpu};
use crate::sched::g::{self, G, Status};
use crate::sched::m;
use crate::sched::world::{self, Stopped};
use crate::time;
use goxide_abi::{GContext, WaitReason};
use goxide_fiber::Segments;
use goxide_heap::{RootSet, Stacks};
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// With no more stacks than these a stop may look at all.
const FEW_STACKS: usize = 64;

/// Everything outside of the heap that may point into it.
pub struct Roots<'a> {
    /// The world is stopped.
    pub world: &'a Stopped,
    /// Number of the collection.
    pub epoch: u32,
    /// The goroutines it has yet to see, once they have been looked for and were few.
    pub unseen: OnceCell<Vec<*mut G>>,
    /// What goroutines in system calls keep alive, if that is looked at twice.
    pub copies: OnceCell<Vec<Copy>>,
}

/// What the roots of a goroutine in a system call held when the world had stopped. They may
/// change: the kernel writes to buffers, and the goroutine comes back from the call and goes
/// on as far as it can without a P.
pub struct Copy {
    g: *mut G,
    words: Vec<usize>,
}

impl Roots<'_> {
    /// To be called before [`of_goroutine`](Self::of_goroutine) is, for all of them.
    pub(super) fn begin(&self) {
        if heap().is_checked() {
            self.copies.get_or_init(|| self.copy_syscalls());
        }
    }

    /// What a goroutine keeps alive; the same at every look if the collection is checked.
    pub(super) fn of_goroutine(&self, g: *mut G, visit: &mut dyn FnMut(Range<usize>)) {
        let mut copies = self.copies.get().into_iter().flatten();
        match copies.find(|copy| copy.g == g) {
            Some(copy) => {
                let words = copy.words.as_ptr_range();
                visit(words.start.addr()..words.end.addr());
            }
            None => goroutine_roots(g, visit),
        }
    }

    fn copy_syscalls(&self) -> Vec<Copy> {
        let mut copies = vec![];
        world::for_each_live(self.world, |g| {
            // SAFETY: Gs are never freed.
            if unsafe { (*g).status() } == Status::Syscall {
                let mut words = vec![];
                goroutine_roots(g, &mut |range| {
                    let range = range.start.next_multiple_of(8)..range.end & !7;
                    // SAFETY: roots are readable; somebody may be writing them.
                    words.extend(
                        range
                            .step_by(8)
                            .map(|at| unsafe { std::ptr::read_volatile(at as *const usize) }),
                    );
                });
                copies.push(Copy { g, words });
            }
        });
        copies
    }
}

// SAFETY: the world is stopped: what it reads does not change; only the thread that collects
// looks at it.
unsafe impl Sync for Roots<'_> {}

impl RootSet for Roots<'_> {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.begin();
        runtime_roots(visit);
        timers::roots_in_stop(visit);
        world::for_each_live(self.world, |g| {
            note_waiting(g, time::nanotime());
            self.of_goroutine(g, visit);
        });
    }

    fn stacks(&self) -> Option<Arc<dyn Stacks>> {
        Some(Arc::new(Parked {
            epoch: self.epoch,
            timers: timers::Unread::default(),
            next: AtomicUsize::new(0),
        }))
    }

    fn are_many(&self) -> bool {
        timers::are_many() || self.more_changed_stacks_than(FEW_STACKS)
    }

    fn for_each_range_beside_stacks(&self, visit: &mut dyn FnMut(Range<usize>)) {
        runtime_roots(visit);
        m::for_each(|m| {
            // SAFETY: Ms and Gs are never freed.
            let g = unsafe { (*m).g.load(Ordering::Acquire) };
            if !g.is_null() {
                note_waiting(g, time::nanotime());
                goroutine_roots(g, visit);
            }
        });
    }

    fn for_each_changed_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        runtime_roots(visit);
        let mut look = |g: *mut G| {
            // SAFETY: Gs are never freed.
            if unsafe { (*g).status() } != Status::Dead {
                goroutine_roots(g, visit);
            }
        };
        match self.unseen.get() {
            Some(unseen) => unseen.iter().for_each(|&g| look(g)),
            None => g::for_each_unseen(self.epoch, look),
        }
    }

    fn more_changed_stacks_than(&self, count: usize) -> bool {
        let unseen = g::first_unseen(self.epoch, count + 1);
        let more = unseen.len() > count;
        if !more {
            let _ = self.unseen.set(unseen);
        }
        more
    }

    fn settled(&self) {
        allocations::marking_is_done();
    }

    fn for_each_static_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        if let Some(header) = module::header() {
            visit(header.data[0]..header.data[1]);
            visit(header.bss[0]..header.bss[1]);
        }
    }

    fn describe(&self, address: usize) -> String {
        let mut text = String::from("static data or the runtime's own");
        world::for_each_live(self.world, |g| {
            let mut holds = false;
            self.of_goroutine(g, &mut |range| holds |= range.contains(&address));
            if holds {
                // SAFETY: Gs are never freed.
                let (id, status) = unsafe { ((*g).context.goid, (*g).status()) };
                text = format!("goroutine {id}, {status:?}");
            }
        });
        text
    }
}

pub(super) fn runtime_roots(visit: &mut dyn FnMut(Range<usize>)) {
    visit(cpu::root_range());
    m::for_each(|m| {
        // SAFETY: Ms are never freed.
        let start = unsafe { &raw const (*m).pending as usize };
        visit(start..start + size_of::<[usize; m::PENDING]>());
    });
}

/// What a goroutine keeps in its context. Most words of it live for a few instructions of Go
/// code only (what they held last would keep objects for long), and a goroutine that is in a
/// runtime call or waits is past these:
/// - after a preemption it may be between any two of them, so all words count;
/// - in a system call it may be as well, though from its beginning on only
///   ([`forget_operands`]);
/// - before it has started, its closure is in `park_results`. (Nothing else that is put there
///   is a pointer.)
///
/// While it is on an M, `sched_pc` says how it got there, not where it is.
///
/// # Safety
/// The context is a G's, which does not run Go code.
unsafe fn context_roots(c: *const GContext, status: Status, visit: &mut dyn FnMut(Range<usize>)) {
    // SAFETY: see above.
    unsafe {
        let pc = match status {
            Status::Running => 0,
            _ => (*c).sched_pc,
        };
        if pc == goxide_fiber::resume_preempted_address() || status == Status::Syscall {
            return visit(c.addr()..c.addr() + size_of::<GContext>());
        }
        let mut field = |start: usize, bytes: usize| visit(start..start + bytes);
        field((&raw const (*c).defer_frames).addr(), 8);
        field((&raw const (*c).panics).addr(), 8);
        field((&raw const (*c).locals).addr(), size_of_val(&(*c).locals));
        let starts = [
            goxide_fiber::start_go_address(),
            goxide_fiber::start_rust_address(),
        ];
        if starts.contains(&pc) {
            field((&raw const (*c).park_results).addr(), 16);
        }
    }
}

/// What a goroutine waits for, and where what it sends or receives is: the call that it waits in
/// had them in registers, and whoever called that may need them no more. Without them, what
/// comes to lie in the place of a semaphore that was freed would find waiters there.
///
/// While it is made ready again it leaves the queues of its `select`, which takes the cases.
///
/// # Safety
/// The goroutine is on no M, or the world is stopped.
unsafe fn waiter_roots(g: *const G, visit: &mut dyn FnMut(Range<usize>)) {
    // SAFETY: see above: nobody changes what it says of the wait.
    unsafe {
        let waits = (*g).status() == Status::Waiting;
        if waits && waits_in_queue((*g).wait_reason) {
            for word in [
                (&raw const (*g).sudog.key).addr(),
                (&raw const (*g).sudog.element).addr(),
            ] {
                visit(word..word + 8);
            }
        }
        if let Some(select) = &(*g).select
            && (*g).finish.is_some()
        {
            let cases = (&raw const select.cases).addr();
            visit(cases..cases + 8);
        }
    }
}

/// Whether whoever waits for this reason stands in a queue by its own `sudog`. (Some that
/// "sleep" do so for a semaphore, which their timer keeps alive.)
fn waits_in_queue(reason: WaitReason) -> bool {
    use WaitReason::*;
    match reason {
        ChanReceive | ChanSend | Semacquire | SyncMutex | SyncRwMutexRead | SyncRwMutex => true,
        SyncWaitGroup | SyncCond | Coroutine | SynctestRun | SynctestWait => true,
        SelectNoCases | NilSend | NilReceive | Finalizer | Select | Sleep => false,
        TraceReader | PanicWait | IoWait | GcCycle | SignalWait | None => false,
    }
}

/// A system call begins, during which all words of the context are roots: what compiled code
/// has passed in them, and is past by now, should not be.
pub fn forget_operands(c: &mut GContext) {
    c.closure_ctx = 0;
    c.park_results = [0; 2];
    c.shade = 0;
    c.tail_args.fill(0);
    c.cold_call.words.fill(0);
}

/// The timers, and the stacks of goroutines that are on no M.
struct Parked {
    epoch: u32,
    timers: timers::Unread,
    /// The first group that nobody has looked at.
    next: AtomicUsize,
}

impl Stacks for Parked {
    fn read_some(&self, visit: &mut dyn FnMut(Range<usize>)) -> bool {
        if let Some(timers) = self.timers.take_some() {
            let words = timers.as_ptr_range();
            visit(words.start.addr()..words.end.addr());
            return true;
        }
        let group = self.next.fetch_add(1, Ordering::Relaxed);
        let Some(batch) = g::unseen(self.epoch, group) else {
            return false;
        };
        let now = time::nanotime();
        for g in batch {
            // SAFETY: each G is in one group, which is taken once in one marking phase, and there is one phase at
            // a time.
            unsafe {
                G::read(g, self.epoch, |g, status| {
                    if status != Status::Dead {
                        note_waiting(g, now);
                        goroutine_roots(g, visit);
                    }
                });
            }
        }
        g::note_group(self.epoch, group);
        true
    }
}

pub(super) fn goroutine_roots(g: *mut G, visit: &mut dyn FnMut(Range<usize>)) {
    // SAFETY: the goroutine does not run, or runs in a system call, where what it keeps
    // alive lies above the stack pointer it had when it entered.
    unsafe {
        context_roots(&raw const (*g).context, (*g).status(), visit);
        waiter_roots(g, visit);
        crate::defer_stack::roots(&raw const (*g).context, visit);
        if (*g).status() == Status::Syscall {
            let m = (*g).context.m as *const m::M;
            let registers = (&raw const (*m).syscall_registers).addr();
            visit(registers..registers + size_of_val(&(*m).syscall_registers));
        }
        for (from, to) in Segments::of(g.cast()) {
            visit(from..to);
        }
    }
}

/// If a goroutine waits, gives back the stack segments that it has returned from; otherwise
/// those that it has not come back to since the last collection. "N minutes" in a dump count
/// from the first collection that sees it wait, or in a system call.
fn note_waiting(g: *mut G, now_ns: i64) {
    // SAFETY: the goroutine cannot run now: it is off its M, or in a system call and the world
    // is stopped.
    unsafe {
        let status = (*g).status();
        let segment = (*g).context.segment as *mut goxide_fiber::Segment;
        match status {
            Status::Waiting => goxide_fiber::drop_next(segment),
            Status::Runnable | Status::Running => goxide_fiber::discard_unused_next(segment),
            Status::Syscall | Status::Dead => {}
        }
        if matches!(status, Status::Waiting | Status::Syscall) {
            let since = &(*g).since_ns;
            let _ = since.compare_exchange(0, now_ns, Ordering::Relaxed, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of `c` that count, by what they hold.
    fn roots_of(c: &GContext, status: Status) -> Vec<usize> {
        let mut found = vec![];
        let mut visit = |range: Range<usize>| {
            // SAFETY: words of `c`.
            found.extend(range.step_by(8).map(|at| unsafe { *(at as *const usize) }));
        };
        // SAFETY: nobody runs on it.
        unsafe { context_roots(c, status, &mut visit) };
        found.retain(|word| (1..=7).contains(word));
        found
    }

    fn context(sched_pc: usize) -> Box<GContext> {
        // SAFETY: all-zero is valid for the context.
        let mut c: Box<GContext> = Box::new(unsafe { core::mem::zeroed() });
        c.sched_pc = sched_pc;
        c.closure_ctx = 1;
        c.panics = 2;
        c.park_results[0] = 3;
        c.locals[7] = 4;
        c.tail_args[23] = 5;
        c.cold_call.words[0] = 6;
        c.shade = 7;
        c
    }

    #[test]
    fn operands_count_only_between_two_instructions() {
        let preempted = context(goxide_fiber::resume_preempted_address());
        let all = [1, 2, 3, 7, 4, 5, 6];
        assert_eq!(roots_of(&preempted, Status::Runnable), all);
        // It goes on, and calls the runtime: `sched_pc` is what it was.
        assert_eq!(roots_of(&preempted, Status::Running), [2, 4]);
        let parked = context(goxide_fiber::resume_parked_address());
        assert_eq!(roots_of(&parked, Status::Waiting), [2, 4]);
        assert_eq!(roots_of(&parked, Status::Runnable), [2, 4]);
    }

    #[test]
    fn a_closure_counts_until_its_goroutine_starts() {
        let new = context(goxide_fiber::start_go_address());
        assert_eq!(roots_of(&new, Status::Runnable), [2, 4, 3]);
        assert_eq!(roots_of(&new, Status::Running), [2, 4]);
    }

    #[test]
    fn a_system_call_forgets_the_operands_of_what_came_before() {
        let mut c = context(0);
        forget_operands(&mut c);
        assert_eq!(roots_of(&c, Status::Syscall), [2, 4]);
    }
}
