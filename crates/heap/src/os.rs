//! The door to the operating system's memory.

/// The OS refused memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory {
    /// What was asked for.
    pub bytes: usize,
}

impl std::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the operating system refused {} bytes of memory",
            self.bytes
        )
    }
}

impl std::error::Error for OutOfMemory {}
