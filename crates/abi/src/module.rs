//! What `link` writes beside a program's code and the runtime reads: the module header,
//! the function table, and small structures passed by address.
//!
//! All addresses in the tables are absolute: the executable is not position independent.

/// Start of the program, patched into the image's `GOXIDE_MODULE` word by `link`.
#[repr(C)]
pub struct ModuleHeader {
    /// [`MODULE_MAGIC`].
    pub magic: u64,
    /// Compiled Go code: first byte and end.
    pub text: [usize; 2],
    /// Read-only data; offsets in type descriptors (`NameOff`, `TypeOff`) count from its
    /// start. First byte and end.
    pub rodata: [usize; 2],
    /// Writable data with initial values: first byte and end. Scanned for pointers.
    pub data: [usize; 2],
    /// Zeroed writable data that may hold pointers: first byte and end. Scanned.
    pub bss: [usize; 2],
    /// Writable data without pointers, with initial values: first byte and end. Not scanned.
    pub noptr: [usize; 2],
    /// Zeroed writable data without pointers: first byte and end. Not scanned.
    pub noptr_bss: [usize; 2],
    /// [`FuncEntry`] array sorted by `start`, and its length. The last is a sentinel.
    pub functions: [usize; 2],
    /// [`LineEntry`] array, and its length.
    pub lines: [usize; 2],
    /// [`Location`] array, and its length.
    pub locations: [usize; 2],
    /// String table: function and file names are (offset, length) in it.
    pub strings: [usize; 2],
    /// Addresses of type descriptors sorted by string (`reflect.typelinks`), and count.
    pub typelinks: [usize; 2],
    /// Addresses of statically made itabs, and count.
    pub itabs: [usize; 2],
    /// [`Site`] array, and its length.
    pub sites: [usize; 2],
    /// Go functions that the runtime calls, by [`EntryPoint`]; 0 if absent.
    pub entry_points: [usize; EntryPoint::COUNT],
    /// Build information string (`runtime/debug.ReadBuildInfo`): address, length.
    pub build_info: [usize; 2],
}

/// First word of a module header.
pub const MODULE_MAGIC: u64 = u64::from_le_bytes(*b"goxide\x01\0");

/// Go functions that the runtime starts or injects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum EntryPoint {
    /// Runs the initialisers and `main.main`, on goroutine 1.
    Main,
    /// Called at a faulting instruction.
    SigPanic,
    /// Runs the finalizers, on a goroutine of its own that the runtime starts with the first
    /// finalizer or cleanup and that neither counts as one nor keeps a program alive.
    Finalizers,
    /// Runs a timer's function on a timer goroutine's behalf: `func(f func(any, uintptr, int64), arg any, seq uintptr, delta int64)`.
    TimerCall,
    /// Called with the world stopped at the start of each collection; neither allocates
    /// nor blocks (it empties the pools of package `sync`).
    GcPrologue,
    /// Never called: a program has it if it can ask for the profile of its allocations, and
    /// only then are they sampled.
    MemProfile,
}

impl EntryPoint {
    /// How many there are.
    pub const COUNT: usize = 6;
    /// The first so many are in every program, the others in those that need them.
    pub const ALWAYS: usize = 5;
    /// Symbols, in order.
    pub const SYMBOLS: [&'static str; Self::COUNT] = [
        "runtime.main",
        "runtime.sigpanic",
        "runtime.runFinalizers",
        "runtime.timerCall",
        "runtime.gcPrologue",
        "runtime.memProfileRecords",
    ];
}

/// One function of the program.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct FuncEntry {
    /// First byte (the stack-check prefix).
    pub start: usize,
    /// Offset of the body behind the prefix.
    pub body: u32,
    /// Code size in bytes, prefix included.
    pub size: u32,
    /// Name in the string table.
    pub name: [u32; 2],
    /// File and line of the declaration.
    pub file: [u32; 2],
    /// Line of the declaration.
    pub line: u32,
    /// `FUNC_*` flags.
    pub flags: u32,
    /// First entry in `lines`, and count.
    pub lines: [u32; 2],
}

/// The function is a wrapper, thunk or body half that tracebacks do not show.
pub const FUNC_WRAPPER: u32 = 1;
/// The function belongs to the runtime and is hidden in user tracebacks.
pub const FUNC_RUNTIME: u32 = 2;

/// The function is declared without parameters and receiver.
pub const FUNC_NO_PARAMS: u32 = 4;

/// From code offset `pc` on (relative to the function's start), until the next entry,
/// instructions come from `location`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct LineEntry {
    /// Offset from the function's start.
    pub pc: u32,
    /// Index in `locations`.
    pub location: u32,
}

/// A source place, with the call it was inlined through.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// File name in the string table.
    pub file: [u32; 2],
    /// Line, from 1; 0 unknown.
    pub line: u32,
    /// Location of the call through which this code was inlined, or `u32::MAX`.
    pub parent: u32,
    /// Name of the function the code was written in, in the string table.
    pub function: [u32; 2],
    /// Line where that function starts.
    pub function_line: u32,
    /// Site id, or `u32::MAX`.
    pub site: u32,
}

/// A `defer`, `go`, `select`, channel operation or blocking call of the source.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// [`SiteKind`].
    pub kind: u32,
    /// Line.
    pub line: u32,
    /// File in the string table.
    pub file: [u32; 2],
    /// Function in the string table.
    pub function: [u32; 2],
}

/// What a site is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u32)]
pub enum SiteKind {
    /// A `defer` statement.
    Defer,
    /// A `go` statement.
    Go,
    /// A `select` statement.
    Select,
    /// A channel send.
    Send,
    /// A channel receive.
    Receive,
    /// A `range` over a channel.
    RangeChannel,
    /// A call.
    Call,
}

/// One case of a `select`, built on the goroutine's stack: sends first, then receives.
#[repr(C)]
pub struct SelectCase {
    /// The channel, or 0.
    pub channel: usize,
    /// Address of the element to send, or to receive into (0: dropped).
    pub element: usize,
}

/// Registers for `reflect_call` and for closures made by `reflect.MakeFunc`.
#[repr(C)]
pub struct CallRegisters {
    /// Integer parameters in, integer results out.
    pub ints: [u64; 8],
    /// Float parameters in, float results out (bits).
    pub floats: [u64; 8],
}

/// What `func_info` tells of a pc: one physical frame's innermost logical frame.
#[repr(C)]
pub struct FrameWords {
    /// Function name: address, length.
    pub name: [usize; 2],
    /// File: address, length.
    pub file: [usize; 2],
    /// Line.
    pub line: usize,
    /// Entry address of the physical function.
    pub entry: usize,
    /// Location index of the inlined call, or `usize::MAX` if there is none.
    pub parent: usize,
    /// Line where the logical function starts.
    pub start_line: usize,
    /// `FUNC_*` flags of the physical function.
    pub flags: usize,
}

/// A timer of package `time`, or of the runtime; the fields up to `private` are written by
/// Go code before `timer_start`.
#[repr(C)]
pub struct Timer {
    /// Monotonic time in ns at which it is due.
    pub when_ns: i64,
    /// Repeats every so many ns if greater than 0.
    pub period_ns: i64,
    /// Func value `func(arg any, seq uintptr, delta int64)`, called through
    /// [`EntryPoint::TimerCall`]; must not block. Not looked at if there is a channel.
    pub func: usize,
    /// The `any` that it gets.
    pub arg: [usize; 2],
    /// The `seq` that it gets. Of a timer with a channel: what the monotonic readings in its
    /// values count from, `time.startNano`.
    pub seq: usize,
    /// The timer's channel, or 0. It is a channel of `time.Time`, is marked as a timer's, and
    /// has this timer; such a timer is not started by `timer_start`, and is never in a bubble.
    pub channel: usize,
    /// Of a timer with a channel: the address of `time.Local`.
    pub local: usize,
    /// The runtime's own, zero before the first start.
    pub private: [usize; 4],
}

/// What `read_mem_stats` fills: the layout of Go's `runtime.MemStats`.
#[repr(C)]
pub struct MemStatsWords {
    /// Alloc, TotalAlloc, Sys, Lookups, Mallocs, Frees, HeapAlloc, HeapSys, HeapIdle,
    /// HeapInuse, HeapReleased, HeapObjects, StackInuse, StackSys, MSpanInuse, MSpanSys,
    /// MCacheInuse, MCacheSys, BuckHashSys, GCSys, OtherSys, NextGC, LastGC (ns since
    /// 1970), PauseTotalNs.
    pub counters: [u64; 24],
    /// Last pauses in ns, a ring: the newest at (NumGC + 255) % 256.
    pub pause_ns: [u64; 256],
    /// Ends of the pauses in ns since 1970, likewise.
    pub pause_end: [u64; 256],
    /// Completed collections.
    pub num_gc: u32,
    /// Of those, how many were asked for.
    pub num_forced_gc: u32,
    /// Share of the CPU that went to collecting, as the bits of an `f64`.
    pub gc_cpu_fraction: u64,
    /// EnableGC (1) and DebugGC (0).
    pub enabled: [u8; 8],
    /// Size classes: size (u32, padded), mallocs, frees.
    pub by_size: [[u64; 3]; 61],
}

/// Classes of a histogram of times in [`MetricWords`]: negative ones, four below 2^8 ns, four
/// for each power of two from there to 2^47 ns, longer ones.
pub const METRIC_BUCKETS: usize = 162;

/// Size classes of the heap.
pub const METRIC_CLASSES: usize = 68;

/// What `read_metrics` fills in, for `runtime/metrics`.
#[repr(C)]
pub struct MetricWords {
    /// Waiting, runnable, running, in a system call.
    pub goroutines_by_state: [u64; 4],
    /// Since the start.
    pub goroutines_created: u64,
    /// Of the scheduler.
    pub threads: u64,
    /// GOGC; negative: off.
    pub gc_percent: u64,
    /// Objects that the last collection marked.
    pub marked_bytes: u64,
    /// Global variables.
    pub global_bytes: u64,
    /// Objects that may hold pointers.
    pub scannable_bytes: u64,
    /// Stacks that the last collection read.
    pub stack_bytes: u64,
    /// What a goroutine's stack has at first.
    pub first_stack_bytes: u64,
    /// Objects that share blocks with others.
    pub tiny_mallocs: u64,
    /// Finalizers and cleanups ever queued.
    pub queued: [u64; 2],
    /// CPU time of the collector's threads, ...
    pub mark_ns: u64,
    /// ... of goroutines that helped them, ...
    pub assist_ns: u64,
    /// ... and of all processors while the collector had the world stopped.
    pub pause_ns: u64,
    /// CPU time of giving memory back in the background, and on demand.
    pub release_ns: [u64; 2],
    /// Waits for locks.
    pub lock_wait_ns: u64,
    /// By size class, 0 for large objects: size, allocated, freed.
    pub by_class: [[u64; 3]; METRIC_CLASSES],
    /// From runnable to running, of a part of all turns.
    pub latencies: [u64; METRIC_BUCKETS],
    /// Stops of the world by the collector: until it stood, until it went on.
    pub collector_stops: [[u64; METRIC_BUCKETS]; 2],
    /// Those by others.
    pub other_stops: [[u64; METRIC_BUCKETS]; 2],
}

/// One goroutine in `goroutine_profile`.
#[repr(C)]
pub struct GoroutineRecord {
    /// Goroutine id.
    pub goid: u64,
    /// Profile labels (`locals[0]`).
    pub labels: usize,
    /// How many of `pcs` are used.
    pub depth: usize,
    /// Return addresses, innermost first.
    pub pcs: [usize; 125],
}

/// What [`RUNTIME_CALLS`](crate::RUNTIME_CALLS)' `next_finalizer` fills.
#[repr(C)]
pub struct DueFinalizer {
    /// The object, made reachable again (0 for a cleanup).
    pub object: usize,
    /// Func value: `func(unsafe.Pointer)` for a finalizer, `func()` for a cleanup.
    pub closure: usize,
    /// 0 finalizer, 1 cleanup.
    pub kind: usize,
    /// Unused.
    pub reserved: usize,
}
