//! What a session is asked to do, beside its arguments.

use std::path::PathBuf;

/// Options of a session. Lists hold the flags' values as given, in order.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The working directory; absolute.
    pub cwd: PathBuf,
    /// Build tags that are set in addition to the standard ones.
    pub tags: Vec<String>,
    /// `-mod`: `Some(true)` for `vendor`, `Some(false)` for `mod` and `readonly`.
    pub use_vendor: Option<bool>,
    /// `-modfile`: the file that is read instead of `go.mod`.
    pub mod_file: Option<PathBuf>,
    /// `-overlay`: the file that says which files are replaced.
    pub replaced_files: Option<PathBuf>,
    /// Number of threads to compile with; `None`: one for each processor.
    pub threads: Option<usize>,
    /// `-gcflags`.
    pub compiler_flags: Vec<String>,
    /// `-ldflags`.
    pub linker_flags: Vec<String>,
    /// Leave file system paths out of the executable.
    pub trim_paths: bool,
    /// Do not use what is in the cache.
    pub compile_anew: bool,
    /// Print the names of packages as they are compiled.
    pub print_packages: bool,
    /// Print each step with its time.
    pub print_steps: bool,
    /// Only print what would be compiled.
    pub dry_run: bool,
    /// Behave as the bare compiler: no `go` command's errors about files and imports,
    /// functions without bodies allowed.
    pub compiler_only: bool,
    /// Print the temporary folder and keep it.
    pub keep_work: bool,
}
