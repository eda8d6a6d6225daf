//! Why a goroutine waits, as `gopark_forever`, `park` and `semacquire` are told by Go code.

/// A reason; its number is the word passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum WaitReason {
    /// `select {}`.
    SelectNoCases,
    /// Send on a nil channel.
    NilSend,
    /// Receive from a nil channel.
    NilReceive,
    /// Other semaphores.
    Semacquire,
    /// `sync.Mutex.Lock`.
    SyncMutex,
    /// `sync.RWMutex.RLock`.
    SyncRwMutexRead,
    /// `sync.RWMutex.Lock`.
    SyncRwMutex,
    /// `sync.WaitGroup.Wait`.
    SyncWaitGroup,
    /// `sync.Cond.Wait`.
    SyncCond,
    /// `iter.Pull`.
    Coroutine,
    /// `synctest.Run`.
    SynctestRun,
    /// `synctest.Wait`.
    SynctestWait,
    /// The finalizer goroutine, which does not count as alive.
    Finalizer,
    /// Receive.
    ChanReceive,
    /// Send.
    ChanSend,
    /// `select`.
    Select,
    /// `time.Sleep`.
    Sleep,
    /// `runtime.ReadTrace`.
    TraceReader,
}

impl WaitReason {
    /// All reasons, by number, with the text that tracebacks show in brackets.
    pub const TEXTS: [&'static str; 18] = [
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
        "trace reader (blocked)",
    ];
}
