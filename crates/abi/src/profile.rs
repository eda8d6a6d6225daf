//! What the two halves of the runtime tell each other about profiles.
//!
//! Stacks are lists of *physical* frames: return addresses, innermost first. The Go half
//! unfolds them into the calls that were inlined.

/// Frames of a sample of the CPU profile: Go's number.
pub const CPU_SAMPLE_FRAMES: usize = 64;
/// Frames of a stack in the other profiles: Go's number.
pub const PROFILE_FRAMES: usize = 128;

/// One sample of the CPU profile, as `cpu_profile_next` gives it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct CpuSample {
    /// Profile labels of the goroutine (`locals[0]`), or 0.
    pub labels: usize,
    /// How many ticks it stands for.
    pub count: usize,
    /// How many ticks were lost since the sample before, as there was no room for them.
    pub lost: usize,
    /// How many of `pcs` are used.
    pub depth: usize,
    /// Return addresses, innermost first; the first is the interrupted instruction's address
    /// plus 1. Numbers below [`PSEUDO_FRAMES`] are [`PseudoFrame`]s.
    pub pcs: [usize; CPU_SAMPLE_FRAMES],
}

/// What time is charged to where no Go code is responsible; Go's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum PseudoFrame {
    /// `runtime._System`: the scheduler and other threads of the runtime.
    System = 1,
    /// `runtime._GC`.
    Gc,
    /// `runtime._ExternalCode`: neither the program nor the runtime.
    ExternalCode,
}

/// Bound of [`PseudoFrame`]'s numbers.
pub const PSEUDO_FRAMES: usize = 4;

/// Profiles of events that are counted by stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum ProfileKind {
    /// Allocations.
    Memory,
    /// Waits.
    Block,
    /// What holders of locks made others wait.
    Mutex,
    /// Threads; only their number is known.
    Threads,
}

/// What `profile_setting` sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(usize)]
pub enum ProfileSetting {
    /// Address of the Go variable `runtime.MemProfileRate`.
    MemoryRate,
    /// Waits of this many ns are counted for certain; 0: none are.
    BlockRate,
    /// One in so many contentions is counted; 0: none are.
    MutexFraction,
}

/// The events of one stack, as `profile_record` gives them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct ProfileRecord {
    /// Bytes of each object; 0 in profiles of other things.
    pub size: usize,
    /// Objects allocated, or events.
    pub count: usize,
    /// Objects freed, or ns.
    pub amount: usize,
    /// How many of `pcs` are used.
    pub depth: usize,
    /// Return addresses, innermost first.
    pub pcs: [usize; PROFILE_FRAMES],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudo_frames_are_no_addresses() {
        assert!((PseudoFrame::ExternalCode as usize) < PSEUDO_FRAMES);
    }
}
