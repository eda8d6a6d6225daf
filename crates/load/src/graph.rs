//! Loads the packages that a command's arguments mean and everything they import.
//!
//! Packages are read in waves: all newly named ones in parallel, then their imports are
//! resolved. Errors are kept beside the nodes and edges they belong to and reported at the
//! end, in the order in which a walk from the roots meets them, with Go's import stacks.

use crate::context::BuildContext;
use crate::embed::{self, EmbedFile};
use crate::error::LoadError;
use crate::folder::{Folder, Shown, go_file};
use crate::goenv::GoEnv;
use crate::header::scan;
use crate::modules::{Defaults, ModuleOptions, Modules, normalize};
use crate::overlay::Overlay;
use crate::package::{GoFile, Package, PackageGraph};
use crate::pattern::{Patterns, Target};
use crate::report;
use crate::resolve::{Place, Resolver};
use crate::sdk::Sdk;
use goxide_base::FxHashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a build starts from.
pub struct Config {
    /// The working directory; absolute.
    pub cwd: PathBuf,
    /// The environment.
    pub env: GoEnv,
    /// The build context.
    pub context: BuildContext,
    /// How modules are looked for.
    pub modules: ModuleOptions,
    /// Our patches of the standard library.
    pub overlay: Overlay,
    /// Packages that every program needs without importing them.
    pub implicit: Vec<String>,
    /// Leave to the compiler what it finds too: broken heads of files, imports that cannot
    /// be found. Patterns of `//go:embed` are not looked at. As with `go tool compile`.
    pub compiler_only: bool,
}

/// A package that is being loaded.
pub(crate) struct Node {
    pub place: Place,
    pub name: String,
    pub files: Vec<GoFile>,
    pub embeds: FxHashMap<String, Vec<EmbedFile>>,
    /// See [`Package::has_assembly`].
    pub has_assembly: bool,
    pub error: Option<NodeError>,
    pub imports: BTreeMap<String, Edge>,
    /// Files that decided what the package is.
    inputs: Vec<PathBuf>,
    source: Source,
    pub is_root: bool,
}

enum Source {
    Folder,
    Files(Vec<PathBuf>),
}

/// Why a package could not be read.
#[derive(Debug)]
pub(crate) enum NodeError {
    /// No Go files; passed over where a wildcard found the package.
    NoGo(String),
    /// Shown with the position of the import.
    AtImport(String),
    /// Complete with its own position.
    Own(Vec<String>),
}

/// An import of a node.
pub(crate) struct Edge {
    /// The node it leads to, or why there is none.
    pub target: Result<usize, LoadError>,
    /// File, line and column of the import.
    pub pos: String,
    /// The file's name alone.
    pub file: String,
}

struct Loader<'a> {
    config: &'a Config,
    resolver: Resolver<'a>,
    nodes: Vec<Node>,
    by_path: FxHashMap<String, usize>,
}

/// Loads the packages that `args` mean.
pub fn load(config: &Config, args: &[String]) -> Result<PackageGraph, Vec<LoadError>> {
    let one = |e| vec![e];
    let sdk = Sdk::find(&config.env).map_err(one)?;
    // In the SDK's own modules (std and cmd), packages are found without their go.mod.
    let modules = if config.cwd.starts_with(sdk.src()) {
        Modules::none()
    } else {
        find_modules(config, args).map_err(one)?
    };
    let patterns = Patterns {
        cwd: &config.cwd,
        sdk: &sdk,
        modules: &modules,
    };
    let (targets, warnings) = patterns.expand(args).map_err(one)?;
    let mut loader = Loader {
        config,
        resolver: Resolver::new(&sdk, &modules, &config.overlay),
        nodes: Vec::new(),
        by_path: FxHashMap::default(),
    };
    let (roots, mut errors) = loader.load_all(&targets);
    let implicit: Vec<usize> = config
        .implicit
        .iter()
        .filter_map(|p| loader.by_path.get(p).copied())
        .collect();
    let order = match report::check(&loader.nodes, &implicit, &roots, &loader.resolver) {
        Ok(order) if errors.is_empty() => order,
        Ok(_) => return Err(errors),
        Err(more) => {
            errors.extend(more);
            return Err(errors);
        }
    };
    let nodes = loader.nodes;
    let mut inputs = vec![sdk.root.join("VERSION")];
    inputs.extend(config.env.env_file());
    inputs.extend_from_slice(modules.inputs());
    for node in &nodes {
        inputs.extend_from_slice(&node.inputs);
        if matches!(node.source, Source::Folder) {
            inputs.push(node.place.dir.clone());
            if !node.place.is_std {
                inputs.extend(modules.deciding(&node.place.path));
            }
        }
    }
    inputs.sort_unstable();
    inputs.dedup();
    let mut graph = finish(nodes, &order, &roots, sdk, &config.overlay);
    graph.inputs = inputs;
    graph.defaults = modules.defaults().clone();
    graph.warnings = warnings;
    Ok(graph)
}

/// The modules around the working directory; or, if the only argument is a folder of
/// another module, those around that folder (the go command refuses such a folder).
fn find_modules(config: &Config, args: &[String]) -> Result<Modules, LoadError> {
    let here = Modules::find(&config.cwd, &config.env, &config.modules)?;
    let [arg] = args else { return Ok(here) };
    let dir = normalize(&config.cwd.join(arg));
    if arg.ends_with(".go") || !dir.is_dir() || here.path_of_dir(&dir).is_some() {
        return Ok(here);
    }
    let there = Modules::find(&dir, &config.env, &config.modules)?;
    Ok(if there.any() { there } else { here })
}

impl Loader<'_> {
    /// Loads everything; returns the nodes of the targets, and why there is none for some.
    fn load_all(&mut self, targets: &[Target]) -> (Vec<usize>, Vec<LoadError>) {
        let mut errors = Vec::new();
        let mut wave = Vec::new();
        for path in &self.config.implicit {
            match self.resolver.resolve(None, path) {
                Ok(place) => wave.extend(self.node(place, Source::Folder).1),
                Err(e) => errors.push(e),
            }
        }
        let mut roots = Vec::new();
        for target in targets {
            let (place, source, wild) = match target {
                Target::Files(files) => {
                    let dir = files[0].parent().unwrap_or(&self.config.cwd);
                    (
                        Ok(self.resolver.command_line(dir)),
                        Source::Files(files.clone()),
                        false,
                    )
                }
                Target::Package { path, wild } => (self.root(path), Source::Folder, *wild),
            };
            match place {
                Ok(place) if place.path == "unsafe" => {}
                Ok(place) => {
                    let (index, new) = self.node(place, source);
                    wave.extend(new);
                    roots.push((index, wild));
                }
                Err(e) => errors.push(e),
            }
        }
        while !wave.is_empty() {
            self.read(&wave);
            wave = wave
                .into_iter()
                .flat_map(|index| self.resolve_imports(index))
                .collect();
        }
        let skip = |&(index, wild): &(usize, bool)| {
            !(wild && matches!(self.nodes[index].error, Some(NodeError::NoGo(_))))
        };
        let roots: Vec<usize> = roots
            .into_iter()
            .filter(skip)
            .map(|(index, _)| index)
            .collect();
        for &index in &roots {
            self.nodes[index].is_root = true;
        }
        (roots, errors)
    }

    /// The package that an argument names. Where a main module has the folder but no Go
    /// files in it, the go command complains about the folder.
    fn root(&self, path: &str) -> Result<Place, LoadError> {
        self.resolver.resolve(None, path).map_err(|e| {
            let dirs = self.resolver.modules.mains().iter().filter_map(|m| {
                match path.strip_prefix(m.path.as_str())? {
                    "" => Some(m.dir.clone()),
                    rest => Some(m.dir.join(rest.trim_start_matches('/'))),
                }
            });
            match dirs.into_iter().find(|d| d.is_dir()) {
                Some(dir) => LoadError::new(format!("no Go files in {}", dir.display())),
                None => e,
            }
        })
    }

    /// The node of a package, and the same again if it is new.
    fn node(&mut self, place: Place, source: Source) -> (usize, Option<usize>) {
        if let Some(&index) = self.by_path.get(&place.path) {
            return (index, None);
        }
        let index = self.nodes.len();
        self.by_path.insert(place.path.clone(), index);
        self.nodes.push(Node {
            place,
            name: String::new(),
            files: Vec::new(),
            embeds: FxHashMap::default(),
            has_assembly: false,
            error: None,
            imports: BTreeMap::new(),
            inputs: Vec::new(),
            source,
            is_root: false,
        });
        (index, Some(index))
    }

    /// Reads the files of these nodes, in parallel.
    fn read(&mut self, wave: &[usize]) {
        let contents: Vec<Contents> = wave
            .par_iter()
            .map(|&index| read_node(self.config, &self.nodes[index]))
            .collect();
        for (&index, contents) in wave.iter().zip(contents) {
            let node = &mut self.nodes[index];
            node.name = contents.name;
            node.files = contents.files;
            node.inputs = contents.inputs;
            node.embeds = contents.embeds;
            node.has_assembly = contents.has_assembly;
            node.error = contents.error;
        }
    }

    /// Resolves a node's imports; returns the nodes that are new.
    fn resolve_imports(&mut self, index: usize) -> Vec<usize> {
        let mut new = Vec::new();
        let mut imports: BTreeMap<String, Edge> = BTreeMap::new();
        let files = std::mem::take(&mut self.nodes[index].files);
        for file in &files {
            for import in &file.header.imports {
                if imports.contains_key(&import.path) || matches!(&*import.path, "unsafe" | "C") {
                    continue;
                }
                let target = self
                    .resolver
                    .resolve(Some(&self.nodes[index].place), &import.path);
                if self.config.compiler_only && target.is_err() {
                    continue;
                }
                let target = target.map(|place| {
                    let (index, fresh) = self.node(place, Source::Folder);
                    new.extend(fresh);
                    index
                });
                let name = file.path.file_name().unwrap_or_default().to_string_lossy();
                let pos = position(file, import.offset);
                let edge = Edge {
                    target,
                    pos,
                    file: name.into_owned(),
                };
                imports.insert(import.path.clone(), edge);
            }
        }
        self.nodes[index].files = files;
        self.nodes[index].imports = imports;
        new
    }
}

#[derive(Default)]
struct Contents {
    name: String,
    files: Vec<GoFile>,
    inputs: Vec<PathBuf>,
    embeds: FxHashMap<String, Vec<EmbedFile>>,
    error: Option<NodeError>,
    has_assembly: bool,
}

fn read_node(config: &Config, node: &Node) -> Contents {
    let mut contents = Contents::default();
    let shown = Shown { cwd: &config.cwd };
    let folder = match &node.source {
        Source::Folder => read_folder(config, &node.place, &shown),
        Source::Files(files) => read_files(config, files, &node.place, &shown),
    };
    match folder {
        Ok(folder) => fill(&mut contents, folder, &node.place, config.compiler_only),
        Err(e) => contents.error = Some(NodeError::Own(vec![e.to_string()])),
    }
    contents
}

fn read_folder(config: &Config, place: &Place, shown: &Shown) -> Result<Folder, LoadError> {
    let patch = config.overlay.package(&place.path, place.is_std);
    let mut folder = match patch {
        Some(patch) if patch.replace => Folder::default(),
        _ => Folder::read(place, config, shown, patch)?,
    };
    if let Some(patch) = patch {
        folder.add_overlay(&place.path, patch, &config.context);
    }
    Ok(folder)
}

/// Files named one by one take part whatever their constraints say.
fn read_files(
    config: &Config,
    files: &[PathBuf],
    place: &Place,
    shown: &Shown,
) -> Result<Folder, LoadError> {
    let mut folder = Folder::default();
    for path in files {
        let read = config.modules.files.read(path);
        let text = read.map_err(|e| LoadError::io("reading", path, &e))?;
        let header = scan(&text);
        folder.all.push(path.clone());
        folder
            .files
            .push(go_file(path.clone(), text, header, place.go, shown));
    }
    folder.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(folder)
}

/// Checks a folder's files and takes them over.
fn fill(contents: &mut Contents, folder: Folder, place: &Place, compiler_only: bool) {
    let header_errors: Vec<String> = folder
        .files
        .iter()
        .filter(|_| !compiler_only)
        .filter_map(|f| {
            let (offset, message) = f.header.error.as_ref()?;
            Some(format!("{}: {message}", position(f, *offset)))
        })
        .collect();
    contents.error = if !header_errors.is_empty() {
        Some(NodeError::Own(header_errors))
    } else {
        cgo_error(&folder, place)
            .or_else(|| no_go(&folder, place))
            .or_else(|| two_names(&folder, place))
    };
    contents.name = folder
        .files
        .first()
        .map(|f| f.header.package.clone())
        .unwrap_or_default();
    if contents.error.is_none() && !compiler_only {
        match embeds(&folder.files, place, &mut contents.inputs) {
            Ok(embeds) => contents.embeds = embeds,
            Err(errors) => contents.error = Some(NodeError::Own(errors)),
        }
    }
    contents.has_assembly = folder.has_assembly;
    contents.files = folder.files;
    contents.inputs.extend(folder.all);
    for file in contents.embeds.values().flatten() {
        contents.inputs.push(place.dir.join(&file.name));
    }
}

/// In the user's own packages, a file that imports `C` is an error; in others it is left
/// out, as with the go command when cgo is off.
fn cgo_error(folder: &Folder, place: &Place) -> Option<NodeError> {
    let own = !place.is_std && place.module.as_ref().is_none_or(|m| m.main);
    let left_out = folder.cgo.iter().filter(|_| own);
    let pos = folder.files.iter().chain(left_out).find_map(|f| {
        let import = f.header.imports.iter().find(|i| i.path == "C")?;
        Some(position(f, import.offset))
    })?;
    Some(NodeError::Own(vec![format!(
        "{pos}: import \"C\": cgo is not supported\n\tkeep such files for cgo builds with \
         \"//go:build cgo\""
    )]))
}

fn no_go(folder: &Folder, place: &Place) -> Option<NodeError> {
    if !folder.files.is_empty() {
        return None;
    }
    let dir = place.dir.display();
    Some(NodeError::NoGo(if !folder.cgo.is_empty() {
        format!("build constraints exclude all Go files in {dir} (cgo is not supported)")
    } else if folder.excluded > 0 {
        format!("build constraints exclude all Go files in {dir}")
    } else if !folder.tests.is_empty() {
        format!("no non-test Go files in {dir}")
    } else {
        format!("no Go files in {dir}")
    }))
}

fn two_names(folder: &Folder, place: &Place) -> Option<NodeError> {
    let files = folder.files.iter().map(|f| {
        let name = f
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        (name, f.header.package.clone())
    });
    let tests = folder.tests.iter().map(|(file, name)| {
        (
            file.clone(),
            name.strip_suffix("_test").unwrap_or(name).to_string(),
        )
    });
    let mut all: Vec<(String, String)> =
        files.chain(tests).filter(|(_, n)| !n.is_empty()).collect();
    all.sort();
    let (first_file, first) = all.first()?;
    let (other_file, other) = all.iter().find(|(_, name)| name != first)?;
    Some(NodeError::AtImport(format!(
        "found packages {first} ({first_file}) and {other} ({other_file}) in {}",
        place.dir.display()
    )))
}

type Embeds = FxHashMap<String, Vec<EmbedFile>>;

/// The files that patterns mean; `folders`: those that decide which.
fn embeds(
    files: &[GoFile],
    place: &Place,
    folders: &mut Vec<PathBuf>,
) -> Result<Embeds, Vec<String>> {
    let mut found = Embeds::default();
    let mut errors = Vec::new();
    for file in files {
        for embed in &file.header.embeds {
            match embed::resolve(&place.dir, &embed.pattern, folders) {
                Ok(files) => {
                    found.insert(embed.pattern.clone(), files);
                }
                Err(message) => {
                    errors.push(format!("{}: {message}", position(file, embed.offset)));
                }
            }
        }
    }
    if errors.is_empty() {
        Ok(found)
    } else {
        Err(errors)
    }
}

/// `file:line:column` of a byte offset.
fn position(file: &GoFile, offset: u32) -> String {
    let before = &file.text[..(offset as usize).min(file.text.len())];
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
    format!("{}:{line}:{column}", file.shown)
}

/// Turns nodes into packages, in the order of `order`.
fn finish(
    nodes: Vec<Node>,
    order: &[usize],
    roots: &[usize],
    sdk: Sdk,
    overlay: &Overlay,
) -> PackageGraph {
    use goxide_base::{Idx, IndexVec};
    let mut ids = vec![None; nodes.len()];
    for (at, &index) in order.iter().enumerate() {
        ids[index] = Some(crate::package::PackageId::new(at));
    }
    let id = |index: usize| ids[index].expect("a checked package is in the order");
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut packages = IndexVec::new();
    for &index in order {
        let node = nodes[index]
            .take()
            .expect("each package is in the order once");
        let target = |edge: Edge| id(edge.target.expect("a checked import has a target"));
        let patch = overlay.package(&node.place.path, node.place.is_std);
        packages.push(Package {
            path: node.place.path,
            name: node.name,
            dir: node.place.dir,
            files: node.files,
            imports: node
                .imports
                .into_iter()
                .map(|(path, edge)| (path, target(edge)))
                .collect(),
            go_version: node.place.go,
            embeds: node.embeds,
            is_std: node.place.is_std,
            module: node.place.module,
            has_assembly: node.has_assembly,
            removed: patch.map(|p| p.remove.clone()).unwrap_or_default(),
            is_root: node.is_root,
        });
    }
    let roots = roots.iter().map(|&index| id(index)).collect();
    PackageGraph {
        sdk,
        packages,
        roots,
        inputs: Vec::new(),
        warnings: Vec::new(),
        defaults: Defaults::default(),
    }
}
