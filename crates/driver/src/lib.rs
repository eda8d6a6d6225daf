//! The session: the only owner of the pipeline from a command's arguments to an executable.
//!
//! Takes: [`Options`] and arguments. Gives: package graphs, views of a program's insides,
//! executables; or a [`Failure`], ready to be printed.
//! Must not know: flags, terminals, how any stage does its work.

mod cache;
mod check;
mod check_sum;
mod code_cache;
mod compile;
mod directives;
mod env;
mod error_list;
mod failure;
mod frames;
mod gcflags;
mod godebug;
mod guard;
mod options;
mod parse;
mod positions;
mod program;
mod reports;
mod session;
mod stamp;
mod tool_flags;
mod views;

pub use cache::copy_program;
pub use check::Checked;
pub use env::Env;
pub use failure::Failure;
pub use goxide_load::{COMMAND_LINE, GO_MINOR, Package, PackageGraph, PackageId, os_text};
pub use options::Options;
pub use positions::Positions;
pub use program::{Program, Rest};
pub use session::Session;
pub use stamp::split_quoted;
pub use tool_flags::ToolFlags;
pub use views::ast_text;
