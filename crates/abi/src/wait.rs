//! Why a goroutine waits, in the words of Go's goroutine dumps. Go code tells
//! `gopark_forever`, `park` and `semacquire` by number.

/// Declares the reasons, each with its text.
macro_rules! wait_reasons {
    ($($(#[$doc:meta])+ $reason:ident => $text:literal,)+) => {
        /// A reason; its number is the word that Go code passes.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub enum WaitReason {
            $($(#[$doc])+ $reason,)+
        }

        impl WaitReason {
            /// All reasons, by number.
            pub const ALL: [WaitReason; [$($text),+].len()] = [$(WaitReason::$reason),+];

            /// The text that tracebacks show in brackets.
            pub const fn text(self) -> &'static str {
                match self {
                    $(WaitReason::$reason => $text,)+
                }
            }
        }
    };
}

wait_reasons! {
    /// `select {}`.
    SelectNoCases => "select (no cases)",
    /// Send on a nil channel.
    NilSend => "chan send (nil chan)",
    /// Receive from a nil channel.
    NilReceive => "chan receive (nil chan)",
    /// Other semaphores.
    Semacquire => "semacquire",
    /// `sync.Mutex.Lock`.
    SyncMutex => "sync.Mutex.Lock",
    /// `sync.RWMutex.RLock`.
    SyncRwMutexRead => "sync.RWMutex.RLock",
    /// `sync.RWMutex.Lock`.
    SyncRwMutex => "sync.RWMutex.Lock",
    /// `sync.WaitGroup.Wait`.
    SyncWaitGroup => "sync.WaitGroup.Wait",
    /// `sync.Cond.Wait`.
    SyncCond => "sync.Cond.Wait",
    /// `iter.Pull`.
    Coroutine => "coroutine",
    /// `synctest.Run`.
    SynctestRun => "synctest.Run",
    /// `synctest.Wait`.
    SynctestWait => "synctest.Wait",
    /// The finalizer goroutine, which does not count as alive.
    Finalizer => "finalizer wait",
    /// Receive.
    ChanReceive => "chan receive",
    /// Send.
    ChanSend => "chan send",
    /// `select`.
    Select => "select",
    /// `time.Sleep`.
    Sleep => "sleep",
    /// `runtime.ReadTrace`.
    TraceReader => "trace reader (blocked)",
    /// The end of main, while another goroutine's panic ends the process.
    PanicWait => "panicwait",
    /// The network poller.
    IoWait => "IO wait",
    /// `runtime.GC`.
    GcCycle => "wait for GC cycle",
    /// A signal, for `os/signal`.
    SignalWait => "syscall",
    /// No reason: not waiting.
    None => "",
}

impl WaitReason {
    /// The reason that Go code names by number.
    pub fn from_number(n: usize) -> WaitReason {
        *WaitReason::ALL.get(n).unwrap_or(&WaitReason::None)
    }
}
