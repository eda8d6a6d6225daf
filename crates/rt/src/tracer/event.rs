//! The format's numbers: kinds of events, states, and the strings that every generation has.
//!
//! Source: the SDK's `internal/trace/tracev2`, format version 1.26.

use goxide_abi::WaitReason;

/// What a trace begins with.
pub const HEADER: [u8; 16] = *b"go 1.26 trace\0\0\0";
/// Most bytes of events in a batch; what the format allows, less room for the last event.
pub const BATCH_BYTES: usize = (64 << 10) - EVENT_BYTES;
/// An event is a kind and at most six numbers of at most ten bytes.
pub const EVENT_BYTES: usize = 64;
/// Most calls in a stack.
pub const MAX_FRAMES: usize = 128;
/// Longest string.
pub const MAX_STRING_BYTES: usize = 1 << 10;
/// "Thread" of batches that are no thread's, and of goroutines on none.
pub const NO_THREAD: u64 = u64::MAX;

/// Timestamps are ns divided by 2 to this: most differences then fit two bytes.
pub const CLOCK_SHIFT: u32 = 6;
/// Timestamps in a second.
pub const CLOCK_HZ: u64 = 1_000_000_000 >> CLOCK_SHIFT;

/// A kind of event, by its number in the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Event {
    Batch = 1,
    Stacks = 2,
    Stack = 3,
    Strings = 4,
    String = 5,
    CpuSamples = 6,
    CpuSample = 7,
    Frequency = 8,
    ProcsChange = 9,
    ProcStart = 10,
    ProcStop = 11,
    ProcSteal = 12,
    ProcStatus = 13,
    GoCreate = 14,
    GoStart = 16,
    GoDestroy = 17,
    GoStop = 19,
    GoBlock = 20,
    GoUnblock = 21,
    GoSyscallBegin = 22,
    GoSyscallEnd = 23,
    GoSyscallEndBlocked = 24,
    StwBegin = 26,
    StwEnd = 27,
    GcActive = 28,
    GcBegin = 29,
    GcEnd = 30,
    SweepBegin = 32,
    SweepEnd = 33,
    AssistBegin = 35,
    AssistEnd = 36,
    HeapAlloc = 37,
    HeapGoal = 38,
    TaskBegin = 40,
    TaskEnd = 41,
    RegionBegin = 42,
    RegionEnd = 43,
    Log = 44,
    GoStatusStack = 48,
    Sync = 50,
    ClockSnapshot = 51,
    EndOfGeneration = 52,
}

/// What the reader believes of a goroutine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum GoState {
    /// It has not heard of it.
    Unknown = 0,
    /// Ready to run.
    Runnable = 1,
    /// On a thread.
    Running = 2,
    /// In a system call.
    Syscall = 3,
    /// Parked.
    Waiting = 4,
}

/// What the reader believes of a P.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum ProcState {
    /// It has not heard of it.
    Unknown = 0,
    /// A thread has it.
    Running = 1,
    /// No thread has it.
    Idle = 2,
    /// Left behind by a thread in a system call.
    Syscall = 3,
}

/// A string that every generation has, so that using it takes no look-up. Its number in the
/// string table is its place here plus one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Text {
    Unspecified,
    Forever,
    Network,
    Select,
    CondWait,
    Sync,
    ChanSend,
    ChanReceive,
    SystemWait,
    UntilGcEnds,
    Sleep,
    Synctest,
    Gosched,
    Preempted,
    StopUnknown,
    StopMarkTermination,
    StopSweepTermination,
    StopGoroutineProfile,
    StopAllStacks,
    StopGomaxprocs,
    StopStartTrace,
}

impl Text {
    /// The strings: Go's words for these things.
    pub const ALL: [&'static str; 21] = [
        "unspecified",
        "forever",
        "network",
        "select",
        "sync.(*Cond).Wait",
        "sync",
        "chan send",
        "chan receive",
        "system goroutine wait",
        "wait until GC ends",
        "sleep",
        "synctest",
        "runtime.Gosched",
        "preempted",
        "unknown",
        "GC mark termination",
        "GC sweep termination",
        "goroutine profile",
        "all goroutines stack trace",
        "GOMAXPROCS",
        "start trace",
    ];

    /// Its number in the string table.
    pub fn id(self) -> u64 {
        self as u64 + 1
    }

    /// Whether the reason for a stop of the world is the collector.
    pub fn is_collection(self) -> bool {
        matches!(self, Text::StopMarkTermination | Text::StopSweepTermination)
    }

    /// Why a goroutine blocks.
    pub fn of_wait(reason: WaitReason) -> Text {
        use WaitReason::*;
        match reason {
            SelectNoCases | NilSend | NilReceive | PanicWait => Text::Forever,
            Semacquire | SyncMutex | SyncRwMutexRead | SyncRwMutex | SyncWaitGroup => Text::Sync,
            SyncCond => Text::CondWait,
            SynctestRun | SynctestWait => Text::Synctest,
            Finalizer | TraceReader => Text::SystemWait,
            ChanReceive => Text::ChanReceive,
            ChanSend => Text::ChanSend,
            Select => Text::Select,
            Sleep => Text::Sleep,
            IoWait => Text::Network,
            GcCycle => Text::UntilGcEnds,
            Coroutine | SignalWait | None => Text::Unspecified,
        }
    }
}

/// Appends a number as the format has it: seven bits a byte, the lowest first.
pub fn put_number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_seven_bits_a_byte() {
        let bytes = |n| {
            let mut out = Vec::new();
            put_number(&mut out, n);
            out
        };
        assert_eq!(bytes(0), [0]);
        assert_eq!(bytes(127), [0x7f]);
        assert_eq!(bytes(300), [0xac, 2]);
        assert_eq!(bytes(u64::MAX).len(), 10);
    }

    #[test]
    fn texts_are_found_by_their_numbers() {
        let text = |t: Text| Text::ALL[t.id() as usize - 1];
        assert_eq!(text(Text::Unspecified), "unspecified");
        assert_eq!(
            text(Text::of_wait(WaitReason::SyncCond)),
            "sync.(*Cond).Wait"
        );
        assert_eq!(text(Text::of_wait(WaitReason::IoWait)), "network");
        assert_eq!(text(Text::StopStartTrace), "start trace");
    }
}
