//! The part of a goroutine's G that compiled code and stubs touch through r15, and the
//! records of deferred calls.

use core::mem::offset_of;

/// Head of every G; r15 points to it. Up to `raw_syscall` it is mirrored by `type g` in
/// `overlay/runtime/g.go`. The runtime's own G begins with this struct.
///
/// The first four cache lines are what every goroutine touches: where it stands, its
/// deferred calls and what a runtime call leaves, results and operands, its own words.
#[repr(C)]
pub struct GContext {
    /// A function whose frame would reach below this address goes to `morestack`.
    pub stack_limit: usize,
    /// Closure context: set by the caller of a func value right before the call.
    pub closure_ctx: usize,
    /// Top of the system stack of the M that runs this G (16-aligned).
    pub system_sp: usize,
    /// The M that runs this G.
    pub m: usize,
    /// Saved stack pointer while the G is not running Go code.
    pub sched_sp: usize,
    /// Saved frame pointer.
    pub sched_fp: usize,
    /// Saved program counter: where `gogo` jumps to.
    pub sched_pc: usize,
    /// Current stack segment (`fiber::Segment`).
    pub segment: usize,
    /// Innermost frame with pending deferred calls.
    pub defer_frames: *mut DeferFrame,
    /// Innermost running panic (`runtime._panic`, in overlay Go).
    pub panics: usize,
    /// First free address on the stack of deferred calls; [`NO_DEFER_CHUNK`] without a chunk.
    pub defer_top: usize,
    /// End of the chunk that `defer_top` is in, or 0.
    pub defer_end: usize,
    /// That chunk, or null.
    pub defer_chunk: *mut DeferChunk,
    /// Not 0 while the collector marks: write barriers are on. Changed while the world is
    /// stopped, and set whenever this G is put on an M.
    pub gc_marking: usize,
    /// The allocation cache ([`AllocCache`](crate::AllocCache)) of the P that runs this G, set
    /// whenever it is put on one; 0 sends every allocation the slow way.
    pub cache: usize,
    /// Not 0 when a preemption found the goroutine in a runtime call: it happens where that
    /// returns.
    pub preempt_late: usize,
    /// Result words of a runtime call that parked, set by whoever made the G ready.
    pub park_results: [u64; 2],
    /// Goroutine id.
    pub goid: u64,
    /// The pointer that a write barrier passes to `runtime.gc_shade`.
    pub shade: usize,
    /// Operands of a failed check, stored by the cold block before the call of its panic.
    pub check_operands: [u64; 2],
    /// Results of slow-path calls that preserve all registers.
    pub slow_results: [u64; 2],
    /// Words for the Go half of the runtime, scanned for pointers. The first
    /// [`INHERITED_LOCALS`] are copied to a new goroutine, the rest start zeroed.
    pub locals: [usize; LOCALS],
    /// Argument block of a tail call: its words are read by the callee before anything
    /// else, so one is enough. May hold the only reference to an object: scanned.
    pub tail_args: [u64; TAIL_ARGS],
    /// Address of the fault being turned into a panic, and its pc (`runtime.sigpanic`).
    pub fault: [usize; 2],
    /// Number and code of the signal behind `fault`.
    pub fault_signal: [usize; 2],
    /// Number and arguments of a raw system call, then its results: such a call may not
    /// allocate.
    pub raw_syscall: [usize; 7],
    /// Code and arguments of a *cold call* (`runtime.cold_call`), and its results.
    pub cold_call: ColdCall,
}

/// Head of every M; [`GContext::m`] points to it.
#[repr(C)]
pub struct MContext {
    /// Depth of `proc_pin`.
    pub pins: u32,
    /// Number of the P that the M owns, or owned last.
    pub p: u32,
}

/// A call out of a cold block that must not cost the hot code its registers: everything
/// travels in memory, and the stub preserves every register.
#[repr(C)]
pub struct ColdCall {
    /// The Go function to call.
    pub code: usize,
    /// Its integer parameters; afterwards its first integer results, from the same place on.
    pub words: [u64; 6],
}

/// Stack that `runtime.cold_call` takes, return address included; compiled code counts it
/// as part of its own frame.
pub const COLD_CALL_BYTES: u32 = 352;

/// Length of [`GContext::tail_args`]. A tail call with more words beyond the registers is
/// compiled as a call.
pub const TAIL_ARGS: usize = 24;
/// Length of [`GContext::locals`].
pub const LOCALS: usize = 8;
/// Words of [`GContext::locals`] that a new goroutine inherits: profile labels, bubble, flags.
pub const INHERITED_LOCALS: usize = 3;

/// A frame of deferred calls. Lives in a stack slot of the function that defers them.
#[repr(C)]
pub struct DeferFrame {
    /// The next outer frame of the same goroutine.
    pub link: *mut DeferFrame,
    /// What is pending. Odd, if the calls are open-coded: bit i + 1 says that of `slots[i]`.
    /// Else the newest [`DeferRecord`], or 0.
    pub pending: usize,
    /// `g.defer_top` when the frame's life began, if its calls are not open-coded.
    pub base: usize,
    /// Where `recover` goes on: the landing of the function.
    pub resume_pc: usize,
    /// Stack pointer to resume with.
    pub resume_sp: usize,
    /// Frame pointer to resume with.
    pub resume_fp: usize,
}

/// [`DeferFrame::pending`] of a frame of open-coded calls none of which is pending.
pub const OPEN_CODED: usize = 1;

/// [`GContext::defer_top`] of a goroutine without a chunk: above [`GContext::defer_end`].
pub const NO_DEFER_CHUNK: usize = 8;

/// Head of a chunk of a goroutine's stack of deferred calls. The records that defer
/// statements in loops make follow it.
#[repr(C)]
pub struct DeferChunk {
    /// The chunk below, or null.
    pub below: *mut DeferChunk,
    /// `defer_top` in that when this one began.
    pub below_top: usize,
    /// Size of this one, head included.
    pub bytes: usize,
}

/// One deferred call kept as a record: in the frame, on the goroutine's stack of deferred
/// calls (then the func value's object follows), or an object of its own.
#[repr(C)]
pub struct DeferRecord {
    /// The record deferred before this one in the same frame.
    pub next: *mut DeferRecord,
    /// The func value to call.
    pub closure: usize,
    /// Site id of the `defer` statement.
    pub site: u32,
    /// 1 if the record came from the pool and goes back there.
    pub pooled: u32,
}

/// Size of [`DeferFrame`] in bytes without its slots; slot i is 8 bytes at this + 8 i.
pub const DEFER_FRAME_BYTES: usize = size_of::<DeferFrame>();

/// Byte offsets in [`GContext`], for code generators.
pub struct GOffsets {
    /// See [`GContext::stack_limit`].
    pub stack_limit: i32,
    /// See [`GContext::closure_ctx`].
    pub closure_ctx: i32,
    /// See [`GContext::system_sp`].
    pub system_sp: i32,
    /// See [`GContext::m`].
    pub m: i32,
    /// See [`GContext::sched_sp`].
    pub sched_sp: i32,
    /// See [`GContext::sched_fp`].
    pub sched_fp: i32,
    /// See [`GContext::sched_pc`].
    pub sched_pc: i32,
    /// See [`GContext::segment`].
    pub segment: i32,
    /// See [`GContext::defer_frames`].
    pub defer_frames: i32,
    /// See [`GContext::panics`].
    pub panics: i32,
    /// See [`GContext::defer_top`].
    pub defer_top: i32,
    /// See [`GContext::defer_end`].
    pub defer_end: i32,
    /// See [`GContext::gc_marking`].
    pub gc_marking: i32,
    /// See [`GContext::shade`].
    pub shade: i32,
    /// See [`GContext::check_operands`].
    pub check_operands: i32,
    /// See [`GContext::slow_results`].
    pub slow_results: i32,
    /// See [`GContext::park_results`].
    pub park_results: i32,
    /// See [`GContext::tail_args`].
    pub tail_args: i32,
    /// See [`GContext::cold_call`].
    pub cold_call: i32,
}

/// The offsets.
pub const G_OFFSETS: GOffsets = GOffsets {
    stack_limit: offset_of!(GContext, stack_limit) as i32,
    closure_ctx: offset_of!(GContext, closure_ctx) as i32,
    system_sp: offset_of!(GContext, system_sp) as i32,
    m: offset_of!(GContext, m) as i32,
    sched_sp: offset_of!(GContext, sched_sp) as i32,
    sched_fp: offset_of!(GContext, sched_fp) as i32,
    sched_pc: offset_of!(GContext, sched_pc) as i32,
    segment: offset_of!(GContext, segment) as i32,
    defer_frames: offset_of!(GContext, defer_frames) as i32,
    panics: offset_of!(GContext, panics) as i32,
    defer_top: offset_of!(GContext, defer_top) as i32,
    defer_end: offset_of!(GContext, defer_end) as i32,
    gc_marking: offset_of!(GContext, gc_marking) as i32,
    shade: offset_of!(GContext, shade) as i32,
    check_operands: offset_of!(GContext, check_operands) as i32,
    slow_results: offset_of!(GContext, slow_results) as i32,
    park_results: offset_of!(GContext, park_results) as i32,
    tail_args: offset_of!(GContext, tail_args) as i32,
    cold_call: offset_of!(GContext, cold_call) as i32,
};

/// A bubble of `testing/synctest`: what `locals[1]` of its goroutines points to, 0 for none.
///
/// A wait is *durable* if only the bubble can end it: a semaphore with that flag, a
/// condition list, a nil channel, `select {}`, and channels that were made in the bubble.
#[repr(C)]
pub struct Bubble {
    /// Goroutines that are not in a durable wait, and whatever else keeps the clock from
    /// moving. The runtime adds 1 for a new goroutine and for one that leaves a durable
    /// wait, takes 1 for one that ends or begins such a wait (once it can be woken), and
    /// releases `wake` whenever that gives 0.
    pub busy: core::sync::atomic::AtomicI64,
    /// Goroutines that have not ended.
    pub total: core::sync::atomic::AtomicI64,
    /// Semaphore on which the bubble's conductor waits.
    pub wake: core::sync::atomic::AtomicU32,
    /// Its number, from 1.
    pub id: u64,
}
