//! Why a goroutine waits, in the words of Go's goroutine dumps.

/// A wait reason: those of [`goxide_abi::WaitReason`], with the same numbers, and the
/// runtime's own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum WaitReason {
    SelectNoCases,
    NilSend,
    NilReceive,
    Semacquire,
    SyncMutex,
    SyncRwMutexR,
    SyncRwMutex,
    SyncWaitGroup,
    SyncCond,
    Coroutine,
    SynctestRun,
    SynctestWait,
    Finalizer,
    ChanReceive,
    ChanSend,
    Select,
    Sleep,
    TraceReader,
    IoWait,
    GcCycle,
    SignalWait,
    None,
}

/// Texts of the reasons behind `abi::WaitReason`'s.
const MORE_TEXTS: [&str; 4] = ["IO wait", "wait for GC cycle", "syscall", ""];

impl WaitReason {
    /// The reason that Go code names by number.
    pub fn from_number(n: usize) -> WaitReason {
        use WaitReason::*;
        const ALL: [WaitReason; 22] = [
            SelectNoCases,
            NilSend,
            NilReceive,
            Semacquire,
            SyncMutex,
            SyncRwMutexR,
            SyncRwMutex,
            SyncWaitGroup,
            SyncCond,
            Coroutine,
            SynctestRun,
            SynctestWait,
            Finalizer,
            ChanReceive,
            ChanSend,
            Select,
            Sleep,
            TraceReader,
            IoWait,
            GcCycle,
            SignalWait,
            None,
        ];
        *ALL.get(n).unwrap_or(&None)
    }

    /// The text in a dump.
    pub fn text(self) -> &'static str {
        let (n, known) = (self as usize, &goxide_abi::WaitReason::TEXTS);
        known
            .get(n)
            .copied()
            .unwrap_or_else(|| MORE_TEXTS[n - known.len()])
    }
}
