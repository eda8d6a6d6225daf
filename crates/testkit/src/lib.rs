//! What tests that run whole programs share: processes with time limits, the reference
//! toolchain, the comparison of two toolchains on one program, sources for fuzzing, Go's `ERROR` comments.
//!
//! Takes: Go programs and the two toolchains' executables. Gives: verdicts with reasons.
//! Must not know: anything inside the compiler; it sees goxide as a user does.

mod differential;
pub mod error_comments;
pub mod mutate;
mod outcome;
mod process;
mod program;
pub mod stored;
mod toolchain;

pub use differential::{Comparison, Differential};
pub use outcome::Outcome;
pub use process::{Finished, Limits, run};
pub use program::TestProgram;
pub use toolchain::{Toolchain, Toolchains};
