//! Finds everything a program is made of: the Go source tree (SDK), modules, packages,
//! files, embedded files, and our patches of the standard library.
//!
//! Takes: the arguments of a command, the environment. Gives: an [`Sdk`] and the packages
//! in dependency order with the text of their files.
//! Must not know: types, or anything the compiler does with the sources.

mod archive;
mod context;
mod embed;
mod error;
mod files;
mod folder;
mod goenv;
mod graph;
mod header;
mod modcache;
mod modfile;
mod modules;
mod overlay;
mod package;
mod patch;
mod pattern;
mod proxy;
mod report;
mod resolve;
mod sdk;
mod vendor;
mod version;

pub use context::{BuildContext, GO_MINOR};
pub use embed::EmbedFile;
pub use error::{LoadError, Result, os_text};
pub use files::Files;
pub use folder::relative;
pub use goenv::GoEnv;
pub use graph::{Config, load};
pub use header::{EmbedPattern, Header, ImportSpec};
pub use modules::{Defaults, Module, ModuleOptions};
pub use overlay::{Overlay, PackageOverlay};
pub use package::{COMMAND_LINE, GoFile, Package, PackageGraph, PackageId};
pub use patch::patch;
pub use pattern::fits;
pub use sdk::Sdk;
pub use version::GoVersion;
