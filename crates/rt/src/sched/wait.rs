//! Why a goroutine waits, in the words of Go's goroutine dumps.

/// A wait reason. The first thirteen are numbered by `overlay/runtime/g.go`.
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
    IoWait,
    GcCycle,
    SignalWait,
    None,
}

const TEXTS: [&str; 21] = [
    "select (no cases)",
    "chan send (nil chan)",
    "chan receive (nil chan)",
    "semacquire",
    "sync.Mutex.Lock",
    "sync.RWMutex.RLock",
    "sync.RWMutex.Lock",
    "sync.WaitGroup.Wait",
    "sync.Cond.Wait",
    "coroutine",
    "synctest.Run",
    "synctest.Wait",
    "finalizer wait",
    "chan receive",
    "chan send",
    "select",
    "sleep",
    "IO wait",
    "wait for GC cycle",
    "syscall",
    "",
];

impl WaitReason {
    /// The reason that Go code names by number.
    pub fn from_number(n: usize) -> WaitReason {
        use WaitReason::*;
        const ALL: [WaitReason; 21] = [
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
            IoWait,
            GcCycle,
            SignalWait,
            None,
        ];
        *ALL.get(n).unwrap_or(&None)
    }

    /// The text in a dump.
    pub fn text(self) -> &'static str {
        TEXTS[self as usize]
    }
}
