//! The front end: parsed and type-checked packages, or their errors as Go prints them.

use crate::directives;
use crate::error_list::ErrorList;
use crate::failure::{Failure, PackageErrors};
use crate::gcflags::CompilerFlags;
use crate::guard::{guard, working_on};
use crate::parse::{ParsedPackage, parse_all};
use crate::positions::Positions;
use crate::tool_flags::ToolFlags;
use goxide_base::{FxHashMap, IndexVec, Pos, Symbol};
use goxide_load::{Package, PackageGraph, PackageId, Sdk};
use goxide_syntax::SyntaxError;
use goxide_syntax::ast::{File, LaterBodies};
use goxide_types::{GoVersion, PackageInput, PkgId, Program};
use std::path::PathBuf;
use std::sync::Arc;

/// A program that the type checker has accepted.
pub struct Checked {
    /// Its packages.
    pub graph: PackageGraph,
    /// The texts of all files.
    pub positions: Positions,
    /// What is known about it.
    pub program: Program,
    /// The checker's names for the packages.
    pub ids: IndexVec<PackageId, PkgId>,
    /// The language version that each was checked as.
    pub languages: IndexVec<PackageId, GoVersion>,
    /// The bodies that are read when they are used, by package.
    later: Vec<(PackageId, Arc<LaterBodies>)>,
}

impl Checked {
    /// The errors of syntax in bodies that have been read since.
    ///
    /// # Errors
    /// If there are some.
    pub fn bodies_were_right(&self) -> Result<(), Failure> {
        let mut failed = Vec::new();
        for (id, later) in &self.later {
            let found = later.errors();
            if found.is_empty() {
                continue;
            }
            let mut errors = ErrorList::new(&self.positions, false);
            for e in &found {
                errors.add(e.pos, &e.msg, &[]);
            }
            let package = &self.graph.packages[*id];
            failed.push(package_errors(&self.graph.sdk, package, errors));
        }
        match failed.is_empty() {
            true => Ok(()),
            false => Err(Failure::Compile(failed)),
        }
    }
}

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// The folder from which positions are seen.
    pub cwd: PathBuf,
    /// Leave file system paths out of the sources' names.
    pub trim_paths: bool,
    /// `-gcflags`.
    pub flags: ToolFlags,
    /// Functions of the user's may have no body, unless flags say otherwise.
    pub bodyless_allowed: bool,
}

impl CheckOptions {
    fn flags_of(&self, package: &Package) -> CompilerFlags {
        let words = self.flags.of(package, &self.cwd);
        CompilerFlags::parse(words).expect("flags that have been looked at")
    }

    fn language_of(&self, package: &Package) -> GoVersion {
        let asked = self.flags_of(package).language;
        GoVersion(asked.unwrap_or(package.go_version).0)
    }
}

/// Parses and checks all packages of a graph. User packages are checked whole, others as
/// far as they are used.
pub fn check(graph: PackageGraph, options: &CheckOptions) -> Result<Checked, Failure> {
    let positions = Positions::new(&options.cwd, &graph.sdk.root);
    let sources = &positions.sources;
    let parsed = guard("parsing", || parse_all(&graph, sources, options.trim_paths))?
        .map_err(Failure::Other)?;
    let mut checker = Checker {
        graph: &graph,
        positions: &positions,
        options,
        program: Program::new(),
        ids: IndexVec::new(),
        failed: Vec::new(),
    };
    for (id, parsed) in graph.packages.indices().zip(&parsed) {
        let path = &graph.packages[id].path;
        let pkg = guard(&format!("checking package {path}"), || {
            checker.package(id, parsed)
        })?;
        checker.ids.push(pkg);
    }
    let Checker {
        program,
        ids,
        failed,
        ..
    } = checker;
    if !failed.is_empty() {
        return Err(Failure::Compile(failed));
    }
    let ids = ids
        .iter()
        .map(|id| id.expect("a package without errors is known"))
        .collect();
    let later = parsed.iter_enumerated();
    let later = later.filter_map(|(id, package)| Some((id, package.later.clone()?)));
    let languages = graph.packages.iter().map(|p| options.language_of(p));
    Ok(Checked {
        languages: languages.collect(),
        later: later.collect(),
        graph,
        positions,
        program,
        ids,
    })
}

struct Checker<'a> {
    graph: &'a PackageGraph,
    positions: &'a Positions,
    options: &'a CheckOptions,
    program: Program,
    /// `None`: the package or one that it imports has errors.
    ids: IndexVec<PackageId, Option<PkgId>>,
    failed: Vec<PackageErrors>,
}

impl Checker<'_> {
    /// Checks a package, unless one that it imports has errors: then its own would mostly
    /// be about that.
    fn package(&mut self, id: PackageId, parsed: &ParsedPackage) -> Option<PkgId> {
        let package = &self.graph.packages[id];
        let flags = self.options.flags_of(package);
        let bodyless_allowed = self.options.bodyless_allowed && !flags.complete;
        let mut errors = ErrorList::new(self.positions, flags.all_errors);
        // Other errors of the parser do not keep gc from looking at types.
        let broken = |e: &SyntaxError| e.msg.starts_with("syntax error");
        if parsed.errors.iter().any(broken) {
            let mut found: Vec<(Pos, &str)> = Vec::new();
            found.extend(parsed.errors.iter().map(|e| (e.pos, e.msg.as_str())));
            for file in parsed.files.iter().filter(|_| !package.is_std) {
                found.extend(directives::while_parsing(file));
            }
            found.sort_by_key(|(pos, _)| *pos);
            for (pos, message) in found {
                errors.add(pos, message, &[]);
            }
            self.fail(package, errors);
            return None;
        }
        for e in &parsed.errors {
            errors.add(e.pos, &e.msg, &[]);
        }
        let mut imports = FxHashMap::default();
        for (path, import) in &package.imports {
            imports.insert(Symbol::intern(path), self.ids[*import]?);
        }
        working_on(format!("checking package {}", package.path));
        let language = self.options.language_of(package);
        let pkg = self.program.add_package(PackageInput {
            path: Symbol::intern(package.symbol_path()),
            files: parsed.files.clone(),
            node_count: parsed.node_count,
            imports,
            go_version: language,
            lazy_bodies: package.is_std && !package.is_root,
            allow_bodyless: package.is_std || package.has_assembly || bodyless_allowed,
            checker_tests: false,
        });
        // The back end is not asked about what the front end refuses; a body too many
        // is for itself to find.
        let mut refused = !errors.is_empty();
        if !package.is_std {
            for (pos, text) in directives::check_linknames(&parsed.files) {
                refused = true;
                errors.add(pos, &text, &[]);
            }
            for file in &parsed.files {
                for (pos, text) in directives::check(file, language.0) {
                    let reason = version_reason(&text, pos, &parsed.files, language.0);
                    refused |= text != directives::BODY_NOT_EXPECTED;
                    errors.add(pos, &(text + &reason), &[]);
                }
            }
        }
        for e in &self.program.pkg(pkg).errors {
            if e.is_limit() && refused {
                continue;
            }
            let reason = version_reason(&e.msg, e.pos, &parsed.files, language.0);
            errors.add(e.pos, &(e.msg.clone() + &reason), &e.related);
        }
        if errors.is_empty() {
            return Some(pkg);
        }
        self.fail(package, errors);
        None
    }

    fn fail(&mut self, package: &Package, errors: ErrorList) {
        let errors = package_errors(&self.graph.sdk, package, errors);
        self.failed.push(errors);
    }
}

fn package_errors(sdk: &Sdk, package: &Package, errors: ErrorList) -> PackageErrors {
    let mut messages = errors.messages();
    if package.is_std && !package.is_root {
        messages.push(format!("\t{}", sdk.damaged()));
    }
    PackageErrors {
        package: package.path.clone(),
        messages,
    }
}

/// Why a feature is not there: the version that the file or the module asks for.
fn version_reason(message: &str, pos: Pos, files: &[Arc<File>], minor: u32) -> String {
    let needs = message.split("requires go1.").nth(1);
    if !needs.is_some_and(|rest| {
        rest.trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(" or later")
    }) {
        return String::new();
    }
    let file = files.iter().find(|f| f.pos <= pos && pos <= f.eof);
    match file.and_then(|f| f.go_minor) {
        Some(own) => format!(" (file declares //go:build go1.{})", own.max(21)),
        None => format!(" (-lang was set to go1.{minor}; check go.mod)"),
    }
}
