//! Finds everything a program is made of: the Go source tree (SDK), modules, packages,
//! files, embedded files, and our patches of the standard library.
//!
//! Takes: the arguments of a command, the environment. Gives: an [`Sdk`] and the packages
//! in dependency order with the text of their files.
//! Must not know: types, or anything the compiler does with the sources.

mod archive;
mod constraint;
mod context;
mod error;
mod goenv;
mod header;
mod modcache;
mod modfile;
mod proxy;
mod sdk;
mod version;

pub use constraint::Constraint;
pub use context::{BuildContext, GO_MINOR};
pub use error::{LoadError, Result, os_text};
pub use goenv::GoEnv;
pub use header::{EmbedPattern, Header, ImportSpec, scan};
pub use modcache::ModCache;
pub use sdk::Sdk;
pub use version::{GoVersion, compare as compare_versions, is_version};
