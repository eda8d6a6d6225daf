//! Packages as the rest of the compiler sees them.

use crate::embed::EmbedFile;
use crate::header::Header;
use crate::modules::Module;
use crate::sdk::Sdk;
use crate::version::GoVersion;
use goxide_base::{FxHashMap, IndexVec, define_index};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// The import path of a package that was given as a list of files.
pub const COMMAND_LINE: &str = "command-line-arguments";

define_index! {
    /// A package of a [`PackageGraph`].
    pub struct PackageId = "pkg";
}

/// A Go file that takes part in the build.
#[derive(Clone, Debug)]
pub struct GoFile {
    /// Its absolute path; for a file of the overlay `goxide/IMPORT/PATH/x.go`.
    pub path: PathBuf,
    /// The name that messages show: relative to the working directory if it lies there.
    pub shown: String,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Its head.
    pub header: Header,
    /// Its language version: the package's, unless its build constraint sets one.
    pub go_version: GoVersion,
    /// Whether it is one of our patches.
    pub overlay: bool,
}

/// A package: the non-test Go files of one folder that match the build context.
#[derive(Debug)]
pub struct Package {
    /// Import path. A vendored package of the SDK has its `vendor/` before it.
    pub path: String,
    /// The name in its package clauses.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its files, sorted by name, ours last.
    pub files: Vec<GoFile>,
    /// What each import path means that its files use. `unsafe` is not among them.
    pub imports: BTreeMap<String, PackageId>,
    /// Its language version.
    pub go_version: GoVersion,
    /// The files of each `//go:embed` pattern.
    pub embeds: FxHashMap<String, Vec<EmbedFile>>,
    /// Whether it belongs to the SDK.
    pub is_std: bool,
    /// The module it belongs to, if that is not the SDK's.
    pub module: Option<Arc<Module>>,
    /// Whether it has files in Go's assembly, which are not compiled: functions without a
    /// body are an error only where they are used.
    pub has_assembly: bool,
    /// Declarations that the overlay removes from the SDK's files without replacing them.
    pub removed: Vec<String>,
    /// Whether it was named by the user (or matched the user's pattern), so that it is
    /// checked whole.
    pub is_root: bool,
}

impl Package {
    /// Whether this is a program.
    pub fn is_main(&self) -> bool {
        self.name == "main"
    }

    /// The name under which Go's tables and symbols know the package: a program's is
    /// `main` whatever its import path.
    pub fn symbol_path(&self) -> &str {
        if self.is_main() { "main" } else { &self.path }
    }
}

/// All packages of a build, each after those it imports.
#[derive(Debug)]
pub struct PackageGraph {
    /// The source tree of the standard library.
    pub sdk: Sdk,
    /// The packages in dependency order.
    pub packages: IndexVec<PackageId, Package>,
    /// The packages that the command's arguments mean, in order.
    pub roots: Vec<PackageId>,
    /// Every file and folder that the graph depends on, those included that there are not:
    /// as long as they stay as they are, the graph does.
    pub inputs: Vec<PathBuf>,
    /// What the user should hear about without it being an error.
    pub warnings: Vec<String>,
    /// What `go.mod` or `go.work` decides about the program.
    pub defaults: crate::modules::Defaults,
}

impl PackageGraph {
    /// The package with an import path.
    pub fn find(&self, path: &str) -> Option<PackageId> {
        self.packages
            .iter_enumerated()
            .find(|(_, p)| p.path == path)
            .map(|(id, _)| id)
    }

    /// The order in which packages are initialised: repeatedly the first by import path
    /// whose imports are done, the run-time system's own imports before all others.
    /// Packages without anything to initialise (in themselves and in what they import)
    /// take no part in the choice, as in Go's linker.
    pub fn init_order(&self, has_init: impl Fn(PackageId) -> bool) -> Vec<PackageId> {
        let mut takes_part: IndexVec<PackageId, bool> = IndexVec::new();
        for (id, package) in self.packages.iter_enumerated() {
            let imports = package.imports.values().any(|i| takes_part[*i]);
            takes_part.push(imports || has_init(id));
        }
        let early = self
            .find("runtime")
            .map(|id| self.closure(id))
            .unwrap_or_default();
        let mut order = Vec::new();
        let mut done = vec![false; self.packages.len()];
        for only_early in [true, false] {
            let mut waiting: Vec<PackageId> = self
                .packages
                .indices()
                .filter(|id| takes_part[*id] && early.contains(id) == only_early)
                .collect();
            waiting.sort_by(|a, b| self.packages[*a].path.cmp(&self.packages[*b].path));
            self.drain_ready(&mut waiting, &takes_part, &mut done, &mut order);
        }
        order
    }

    fn drain_ready(
        &self,
        waiting: &mut Vec<PackageId>,
        takes_part: &IndexVec<PackageId, bool>,
        done: &mut [bool],
        order: &mut Vec<PackageId>,
    ) {
        let ready = |id: PackageId, done: &[bool]| {
            self.packages[id]
                .imports
                .values()
                .all(|i| !takes_part[*i] || done[i.0 as usize])
        };
        while let Some(at) = waiting.iter().position(|id| ready(*id, done)) {
            let id = waiting.remove(at);
            done[id.0 as usize] = true;
            order.push(id);
        }
    }

    /// A package and all that it imports, directly or not.
    pub fn closure(&self, root: PackageId) -> Vec<PackageId> {
        let mut found = vec![root];
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            for import in self.packages[id].imports.values() {
                if !found.contains(import) {
                    found.push(*import);
                }
            }
        }
        found
    }
}
