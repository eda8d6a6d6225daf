//! The modules of a build: the main ones (`go.mod`, `go.work`), those they require, and
//! which module an import path belongs to.
//!
//! Versions are chosen by minimal version selection. Since Go 1.17 a tidy `go.mod` names
//! every module that its packages need, so its own requirements are the build list; for
//! older ones the whole requirement graph is walked.

use crate::error::{LoadError, Result};
use crate::files::Files;
use crate::folder::Shown;
use crate::goenv::GoEnv;
use crate::modcache::{ModCache, Wanted};
use crate::modfile::{ModFile, Replace};
use crate::vendor::{Vendor, parse_modules_txt};
use crate::version::{GoVersion, compare};
use goxide_base::FxHashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// A module whose files are on disk.
#[derive(Debug, PartialEq, Eq)]
pub struct Module {
    /// Module path.
    pub path: String,
    /// Version; empty for a main module or a folder that replaces one.
    pub version: String,
    /// Its root folder.
    pub dir: PathBuf,
    /// Its language version.
    pub go: GoVersion,
    /// Whether it is a main module.
    pub main: bool,
    /// Folders of it that patterns pass over.
    pub ignore: Vec<String>,
}

/// All modules of a build.
pub struct Modules {
    mains: Vec<Arc<Module>>,
    deps: Vec<Dep>,
    vendor: Option<Vendor>,
    sums: FxHashMap<(String, String), String>,
    cache: Option<ModCache>,
    /// Files that were looked for, whether there or not.
    inputs: Vec<PathBuf>,
    /// Replaced files.
    files: Files,
    defaults: Defaults,
}

/// What a build's `go.mod` or `go.work` decides about all of a program.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// Its `go` line; `None` without such a file.
    pub go: Option<GoVersion>,
    /// Its `godebug` settings, `name=value`, each with its line.
    pub godebug: Vec<(u32, String)>,
}

/// How modules are looked for.
#[derive(Clone, Debug, Default)]
pub struct ModuleOptions {
    /// `-mod`: `Some(true)` for `vendor`, `Some(false)` for `mod`, `None` to decide by the
    /// `go` line.
    pub use_vendor: Option<bool>,
    /// `-modfile`: what is read instead of the main module's `go.mod`, and, with another
    /// ending, of its `go.sum`.
    pub mod_file: Option<PathBuf>,
    /// `-overlay`: replaced files.
    pub files: Files,
}

/// A module of the build list that is not a main one.
struct Dep {
    path: String,
    version: String,
    replaced_by: Option<(String, Option<String>)>,
    module: OnceLock<Result<Arc<Module>>>,
}

/// Where a package was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its module.
    pub module: Arc<Module>,
    /// Its folder.
    pub dir: PathBuf,
}

impl Modules {
    /// No modules at all: a build outside any module.
    pub fn none() -> Modules {
        Modules {
            mains: Vec::new(),
            deps: Vec::new(),
            vendor: None,
            sums: FxHashMap::default(),
            cache: None,
            inputs: Vec::new(),
            files: Files::default(),
            defaults: Defaults::default(),
        }
    }

    /// The modules of a build that is started in `cwd`.
    pub fn find(cwd: &Path, env: &GoEnv, options: &ModuleOptions) -> Result<Modules> {
        let replaced = &options.files;
        let work = match env.get("GOWORK") {
            Some("off") => None,
            Some(path) => Some(PathBuf::from(path)),
            None => find_up(replaced, cwd, "go.work"),
        };
        let mut modules = Modules::none();
        modules.files = replaced.clone();
        modules.inputs.extend(replaced.inputs().cloned());
        modules.cache = env
            .gomodcache()
            .map(|root| ModCache::new(root, env.goproxy()));
        for dir in cwd.ancestors() {
            modules
                .inputs
                .extend([dir.join("go.work"), dir.join("go.mod")]);
        }
        let shown = Shown { cwd };
        let mains = match work {
            Some(work) => modules.find_workspace(&work, options, &shown)?,
            None => modules.find_module(&shown, options)?,
        };
        for (dir, file) in &mains.files {
            modules.inputs.push(dir.join("go.mod"));
            modules
                .mains
                .push(Arc::new(main_module(dir, file, &shown)?));
            if options.mod_file.is_none() {
                modules.read_sums(&dir.join("go.sum"));
            }
        }
        if let Some(root) = &mains.root {
            modules.read_sums(&root.join("go.work.sum"));
            modules.find_vendor(root, &mains, options.use_vendor);
            if let Some(vendor) = &modules.vendor {
                vendor.check(&mains, &shown)?;
            }
        }
        for (base, replace) in &mains.replaces {
            if replace.new_version.is_none() {
                let dir = normalize(&base.join(&replace.new_path));
                modules.inputs.push(dir.join("go.mod"));
            }
        }
        if modules.vendor.is_none() {
            modules.deps = modules.build_list(&mains)?;
        }
        Ok(modules)
    }

    /// The modules that a `go.work` lists.
    fn find_workspace(
        &mut self,
        work: &Path,
        options: &ModuleOptions,
        shown: &Shown,
    ) -> Result<Mains> {
        if options.mod_file.is_some() {
            return Err(LoadError::new(
                "go: -modfile cannot be used in workspace mode",
            ));
        }
        let replaced = &options.files;
        let root = work.parent().unwrap_or(work).to_path_buf();
        let parsed = ModFile::read_main(replaced, work, shown)?;
        self.defaults = defaults(&parsed);
        // go.work's replacements override those of its modules.
        let mut mains = Mains {
            workspace: true,
            vendors: parsed.go_version() >= GoVersion(22),
            ..Mains::default()
        };
        mains.add_replaces(&root, &parsed);
        for dir in &parsed.uses {
            let file = normalize(&root.join(dir)).join("go.mod");
            if !replaced.is_file(&file) {
                let name = work.file_name().unwrap_or_default().display();
                return Err(LoadError::new(format!(
                    "go: cannot load module {dir} listed in {name} file: open {}: no such file \
                     or directory",
                    file.display()
                )));
            }
            let module = ModFile::read_main(replaced, &file, shown)?;
            if module.go_version() > parsed.go_version() && module.go.is_some() {
                let needs = module.go.as_deref().unwrap_or_default();
                return Err(LoadError::new(format!(
                    "go: module {} listed in go.work file requires go >= {needs}, but go.work \
                     lists go {}; to download and use go {needs}:\n\tgo work use",
                    shown.path(file.parent().unwrap_or(&file)),
                    parsed.go.as_deref().unwrap_or("1.18")
                )));
            }
            mains.add(&file, module);
        }
        mains.root = Some(root);
        Ok(mains)
    }

    /// The module of a folder, if it is in one.
    fn find_module(&mut self, shown: &Shown, options: &ModuleOptions) -> Result<Mains> {
        let cwd = shown.cwd;
        let mut mains = Mains::default();
        let Some(file) = find_up(&options.files, cwd, "go.mod") else {
            if options.mod_file.is_some() {
                return Err(LoadError::new(
                    "go: cannot find main module, but -modfile was set.\n\t-modfile cannot be \
                     used to set the module root directory.",
                ));
            }
            return Ok(mains);
        };
        let other = options.mod_file.as_ref().map(|f| normalize(&cwd.join(f)));
        let parsed = ModFile::read_main(&options.files, other.as_ref().unwrap_or(&file), shown)?;
        if let Some(other) = other {
            self.read_sums(&other.with_extension("sum"));
            self.inputs.push(other);
        }
        self.defaults = defaults(&parsed);
        mains.vendors = parsed.go_version() >= GoVersion(14);
        mains.add(&file, parsed);
        mains.root = Some(file.parent().unwrap_or(cwd).to_path_buf());
        Ok(mains)
    }

    /// The files that decided which modules there are, those included that do not exist.
    pub fn inputs(&self) -> &[PathBuf] {
        &self.inputs
    }

    /// What decides about all of the program.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// The files of the build.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Whether there is a main module.
    pub fn any(&self) -> bool {
        !self.mains.is_empty()
    }

    /// The main modules.
    pub fn mains(&self) -> &[Arc<Module>] {
        &self.mains
    }

    /// The package that an import path names (in a package, `importer`), or `None` if no
    /// module has it. An error if its module cannot be had.
    pub fn lookup(&self, path: &str, importer: Option<&str>) -> Result<Option<Found>> {
        let mut mains: Vec<&Arc<Module>> = self
            .mains
            .iter()
            .filter(|m| within(&m.path, path).is_some())
            .collect();
        mains.sort_by_key(|m| std::cmp::Reverse(m.path.len()));
        for module in mains {
            let dir = folder_of(module, path);
            if has_go_files(&self.files, &dir) && !crosses_module(&module.dir, &dir) {
                return Ok(Some(Found {
                    module: module.clone(),
                    dir,
                }));
            }
        }
        if let Some(vendor) = &self.vendor {
            return Ok(vendor.lookup(path));
        }
        let mut deps: Vec<&Dep> = self
            .deps
            .iter()
            .filter(|d| within(&d.path, path).is_some())
            .collect();
        deps.sort_by_key(|d| std::cmp::Reverse(d.path.len()));
        for dep in deps {
            if self.lacks_sum(dep) {
                return Err(missing_sum(dep, path, importer));
            }
            let module = dep.module.get_or_init(|| self.fetch(dep)).clone()?;
            let dir = folder_of(&module, path);
            if has_go_files(&self.files, &dir) && !crosses_module(&module.dir, &dir) {
                return Ok(Some(Found { module, dir }));
            }
        }
        Ok(None)
    }

    /// What decided about where a package was found, beside its files: the folders that it
    /// might have been in, and a `go.mod` that would cut them off from their modules. (Modules
    /// in Go's module cache stay as they are.)
    pub fn deciding(&self, path: &str) -> Vec<PathBuf> {
        let deps = self
            .deps
            .iter()
            .filter_map(|d| d.module.get()?.as_ref().ok());
        let mut all = Vec::new();
        for module in self.mains.iter().chain(deps) {
            if module.version.is_empty() && within(&module.path, path).is_some() {
                let dir = folder_of(module, path);
                let between = dir.ancestors().take_while(|d| *d != module.dir);
                all.extend(between.map(|d| d.join("go.mod")));
                all.push(dir);
            }
        }
        all
    }

    /// Go's words for a package that no module has.
    pub fn not_found(&self, path: &str) -> String {
        if self.vendor.is_some() {
            return format!(
                "cannot find module providing package {path}: import lookup disabled by \
                 -mod=vendor"
            );
        }
        if !self.any() {
            return format!(
                "no required module provides package {path}: go.mod file not found in current \
                 directory or any parent directory; see 'go help modules'"
            );
        }
        let longest = self.deps.iter().filter(|d| within(&d.path, path).is_some());
        match longest.max_by_key(|d| d.path.len()) {
            Some(dep) => format!(
                "module {}@{} found, but does not contain package {path}",
                dep.path, dep.version
            ),
            None => {
                format!("no required module provides package {path}; to add it:\n\tgo get {path}")
            }
        }
    }

    /// The import path of a folder in a main module (or in its vendor folder's sources).
    pub fn path_of_dir(&self, dir: &Path) -> Option<(Arc<Module>, String)> {
        let module = self
            .mains
            .iter()
            .filter(|m| dir.starts_with(&m.dir) && !crosses_module(&m.dir, dir))
            .max_by_key(|m| m.dir.as_os_str().len())?;
        let rest = dir.strip_prefix(&module.dir).ok()?.to_str()?;
        let path = if rest.is_empty() {
            module.path.clone()
        } else {
            format!("{}/{rest}", module.path)
        };
        Some((module.clone(), path))
    }

    fn read_sums(&mut self, file: &Path) {
        self.inputs.push(file.to_path_buf());
        let text = std::fs::read_to_string(file).unwrap_or_default();
        for line in text.lines() {
            if let [path, version, hash] = line.split_whitespace().collect::<Vec<_>>()[..] {
                self.sums
                    .insert((path.to_string(), version.to_string()), hash.to_string());
            }
        }
    }

    fn find_vendor(&mut self, root: &Path, mains: &Mains, asked: Option<bool>) {
        let dir = root.join("vendor");
        self.inputs.push(dir.join("modules.txt"));
        let text = std::fs::read_to_string(dir.join("modules.txt")).unwrap_or_default();
        let of_workspace = text.starts_with("## workspace");
        let by_default = mains.vendors && dir.is_dir() && of_workspace == mains.workspace;
        if !asked.unwrap_or(by_default) {
            return;
        }
        self.vendor = Some(Vendor {
            dir,
            modules: parse_modules_txt(&text),
        });
    }

    /// Chooses a version of every required module.
    fn build_list(&self, mains: &Mains) -> Result<Vec<Dep>> {
        let (files, replaces) = (&mains.files, &mains.replaces);
        let mut chosen: FxHashMap<String, String> = FxHashMap::default();
        let mut pending: Vec<(String, String)> = Vec::new();
        let mut whole_graph = false;
        for (_, file) in files {
            whole_graph |= file.go_version() < GoVersion(17);
            pending.extend(
                file.require
                    .iter()
                    .map(|r| (r.path.clone(), r.version.clone())),
            );
        }
        while let Some((path, version)) = pending.pop() {
            let excluded = |f: &ModFile| {
                f.exclude
                    .iter()
                    .any(|x| x.path == path && x.version == version)
            };
            let is_main = self.mains.iter().any(|m| m.path == path);
            if is_main || files.iter().any(|(_, f)| excluded(f)) {
                continue;
            }
            let old = chosen.get(&path);
            if old.is_some_and(|old| compare(old, &version).is_ge()) {
                continue;
            }
            chosen.insert(path.clone(), version.clone());
            if whole_graph {
                let file = self.go_mod_of(&path, &version, replaces)?;
                pending.extend(file.require.into_iter().map(|r| (r.path, r.version)));
            }
        }
        let mut deps: Vec<Dep> = chosen
            .into_iter()
            .map(|(path, version)| Dep {
                replaced_by: replacement(replaces, &path, &version),
                path,
                version,
                module: OnceLock::new(),
            })
            .collect();
        deps.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(deps)
    }

    fn go_mod_of(
        &self,
        path: &str,
        version: &str,
        replaces: &[(PathBuf, Replace)],
    ) -> Result<ModFile> {
        let shown = format!("{path}@{version}/go.mod");
        let text = match replacement(replaces, path, version) {
            Some((dir, None)) => {
                let file = Path::new(&dir).join("go.mod");
                std::fs::read_to_string(&file).map_err(|e| LoadError::io("reading", &file, &e))?
            }
            Some((path, Some(version))) => self.cache()?.go_mod(&path, &version)?,
            None => self.cache()?.go_mod(path, version)?,
        };
        ModFile::parse(&text, &shown, false)
    }

    fn cache(&self) -> Result<&ModCache> {
        self.cache.as_ref().ok_or_else(|| {
            LoadError::new("cannot tell where Go's module cache is")
                .hint("set HOME, GOPATH or GOMODCACHE")
        })
    }

    fn sum(&self, path: &str, version: &str) -> Option<&String> {
        self.sums.get(&(path.to_string(), version.to_string()))
    }

    /// Whether a module would have to be downloaded, and `go.sum` has no hash for it.
    fn lacks_sum(&self, dep: &Dep) -> bool {
        let (path, version) = match &dep.replaced_by {
            None => (&dep.path, &dep.version),
            Some((path, Some(version))) => (path, version),
            Some((_, None)) => return false,
        };
        let there = |cache: &ModCache| cache.is_complete(path, version);
        self.sum(path, version).is_none() && !self.cache.as_ref().is_some_and(there)
    }

    /// The files of a required module, downloaded when they are not in the cache.
    fn fetch(&self, dep: &Dep) -> Result<Arc<Module>> {
        let (path, version) = match &dep.replaced_by {
            None => (dep.path.as_str(), dep.version.as_str()),
            Some((path, Some(version))) => (path.as_str(), version.as_str()),
            Some((dir, None)) => return dep_module(dep, PathBuf::from(dir), ""),
        };
        let cache = self.cache()?;
        if cache.is_complete(path, version) {
            return dep_module(dep, cache.module_dir(path, version), version);
        }
        let hash = self
            .sum(path, version)
            .ok_or_else(|| LoadError::new(format!("{path}@{version}: missing go.sum entry")))?;
        let title = format!("{path}@{version}");
        let wanted = Wanted {
            path,
            version,
            hash,
            title: &title,
            executable: |_| false,
            finish: |_| Ok(()),
        };
        let dir = cache.install(&wanted)?;
        dep_module(dep, dir, version)
    }
}

/// The go command's words for a package of a module that `go.sum` does not know.
fn missing_sum(dep: &Dep, path: &str, importer: Option<&str>) -> LoadError {
    let what = format!("missing go.sum entry for module providing package {path}");
    LoadError::new(match importer {
        Some(importer) => {
            format!("{what} (imported by {importer}); to add:\n\tgo get {importer}")
        }
        None => format!("{what}; to add:\n\tgo mod download {}", dep.path),
    })
}

fn main_module(dir: &Path, file: &ModFile, shown: &Shown) -> Result<Module> {
    let name = shown.path(&dir.join("go.mod"));
    if file.module.is_empty() {
        return Err(LoadError::new(format!(
            "go: error reading {name}: missing module declaration. To specify the module path:\n\
             \tgo mod edit -module=example.com/mod"
        )));
    }
    if file.go_version() > GoVersion::CURRENT {
        return Err(LoadError::new(format!(
            "go: {name} requires go >= {} (goxide has Go {})",
            file.go.as_deref().unwrap_or_default(),
            GoVersion::CURRENT
        )));
    }
    Ok(Module {
        path: file.module.clone(),
        version: String::new(),
        dir: dir.to_path_buf(),
        go: file.go_version(),
        main: true,
        ignore: file.ignore.clone(),
    })
}

fn dep_module(dep: &Dep, dir: PathBuf, version: &str) -> Result<Arc<Module>> {
    let file = dir.join("go.mod");
    let parsed = if file.is_file() {
        ModFile::read(&file)?
    } else if dir.is_dir() {
        ModFile::default()
    } else {
        return Err(LoadError::new(format!(
            "{}@{}: replacement directory {} does not exist",
            dep.path,
            dep.version,
            dir.display()
        )));
    };
    Ok(Arc::new(Module {
        path: dep.path.clone(),
        version: version.to_string(),
        dir,
        go: parsed.go_version(),
        main: false,
        ignore: Vec::new(),
    }))
}

/// The `replace` line that counts for a module version, with the folder that it is relative
/// to: one for exactly this version before one for all.
pub(crate) fn find_replace<'a>(
    replaces: &'a [(PathBuf, Replace)],
    path: &str,
    version: &str,
) -> Option<&'a (PathBuf, Replace)> {
    let exact = |r: &Replace| r.path == path && r.version.as_deref() == Some(version);
    let any = |r: &Replace| r.path == path && r.version.is_none();
    let find = |fits: &dyn Fn(&Replace) -> bool| replaces.iter().find(|(_, r)| fits(r));
    find(&exact).or_else(|| find(&any))
}

/// What replaces a module version: a folder (absolute) or another module version.
fn replacement(
    replaces: &[(PathBuf, Replace)],
    path: &str,
    version: &str,
) -> Option<(String, Option<String>)> {
    let (base, r) = find_replace(replaces, path, version)?;
    match &r.new_version {
        Some(version) => Some((r.new_path.clone(), Some(version.clone()))),
        None => Some((
            normalize(&base.join(&r.new_path)).display().to_string(),
            None,
        )),
    }
}

/// `path` relative to the module `module`, if it lies within it.
fn within<'a>(module: &str, path: &'a str) -> Option<&'a str> {
    let rest = path.strip_prefix(module)?;
    if rest.is_empty() {
        Some("")
    } else {
        rest.strip_prefix('/')
    }
}

/// The main modules as their files say it.
#[derive(Default)]
pub(crate) struct Mains {
    /// Where `go.work`, or the one `go.mod`, is.
    pub root: Option<PathBuf>,
    /// Whether there is a `go.work`.
    pub workspace: bool,
    /// Whether the `go` line makes a `vendor` folder count without being asked to.
    pub vendors: bool,
    /// Folders with their `go.mod`.
    pub files: Vec<(PathBuf, ModFile)>,
    /// Replacements with the folders that they are relative to; the first that fits counts.
    pub replaces: Vec<(PathBuf, Replace)>,
}

impl Mains {
    pub fn add(&mut self, file: &Path, parsed: ModFile) {
        let dir = file.parent().unwrap_or(file).to_path_buf();
        self.add_replaces(&dir, &parsed);
        self.files.push((dir, parsed));
    }

    fn add_replaces(&mut self, dir: &Path, parsed: &ModFile) {
        let own = parsed
            .replace
            .iter()
            .map(|r| (dir.to_path_buf(), r.clone()));
        self.replaces.extend(own);
    }
}

/// Where a module has a package, if it is one of its packages.
fn folder_of(module: &Module, path: &str) -> PathBuf {
    match within(&module.path, path) {
        None | Some("") => module.dir.clone(),
        Some(rest) => module.dir.join(rest),
    }
}

/// Whether a folder directly holds a Go file (tests count: the package exists then).
fn has_go_files(files: &Files, dir: &Path) -> bool {
    let names = files.names(dir).unwrap_or_default();
    names.iter().any(|name| name.ends_with(".go"))
}

/// What a `go.mod` or `go.work` decides about all of a program.
fn defaults(file: &ModFile) -> Defaults {
    Defaults {
        go: Some(file.go_version()),
        godebug: file.godebug.clone(),
    }
}

/// Whether there is a nested module between `root` (not counted) and `dir`.
fn crosses_module(root: &Path, dir: &Path) -> bool {
    dir.ancestors()
        .take_while(|d| *d != root)
        .any(|d| d.join("go.mod").is_file())
}

fn find_up(files: &Files, from: &Path, name: &str) -> Option<PathBuf> {
    from.ancestors()
        .map(|dir| dir.join(name))
        .find(|file| files.is_file(file))
}

/// Removes `.` and `..` from a path by its text alone, as Go's `filepath.Clean` does.
pub fn normalize(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !clean.pop() {
                    clean.push("..");
                }
            }
            part => clean.push(part),
        }
    }
    if clean.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        clean
    }
}
