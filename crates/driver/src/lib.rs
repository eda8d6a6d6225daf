//! The session: the only owner of the pipeline from a command's arguments to an executable.
//!
//! Takes: [`Options`] and arguments. Gives: package graphs, views of a program's insides,
//! executables; or a [`Failure`], ready to be printed.
//! Must not know: flags, terminals, how any stage does its work.

mod check;
mod env;
mod failure;
mod guard;
mod options;
mod parse;
mod session;

pub use check::{Checked, shown};
pub use env::Env;
pub use failure::Failure;
pub use goxide_load::{GO_MINOR, PackageGraph, PackageId};
pub use options::Options;
pub use session::Session;
