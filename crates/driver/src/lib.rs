//! The session: the only owner of the pipeline from a command's arguments to an executable.
//!
//! Takes: [`Options`] and arguments. Gives: package graphs, views of a program's insides,
//! executables; or a [`Failure`], ready to be printed.
//! Must not know: flags, terminals, how any stage does its work.

mod env;
mod failure;
mod options;
mod parse;
mod session;

pub use env::Env;
pub use failure::Failure;
pub use goxide_load::{GO_MINOR, PackageGraph, PackageId};
pub use options::Options;
pub use session::Session;
