//! What is fuzzed: the parser, the type checker, the whole compiler.

use crate::corpus;
use goxide_base::{FxHashMap, SourceMap, Symbol};
use goxide_driver::{Failure, Options, Session};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, dump, in_report_order, parse_file};
use goxide_testkit::mutate::Mutator;
use goxide_types::{GoVersion, PackageInput, PkgId, Program};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A part of the compiler.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The parser, and the printing of trees.
    Syntax,
    /// Parser and type checker.
    Types,
    /// Everything up to machine code, for sources that have no errors.
    Compile,
}

/// Packages that sources may import without an error.
const LIBRARY: [&str; 10] = [
    "errors", "fmt", "iter", "math", "os", "reflect", "runtime", "strings", "sync", "unsafe",
];

impl Target {
    /// By its name on the command line.
    pub fn named(name: &str) -> Option<Target> {
        match name {
            "syntax" => Some(Target::Syntax),
            "types" => Some(Target::Types),
            "compile" => Some(Target::Compile),
            _ => None,
        }
    }

    /// Processor time that one source may take.
    pub fn time(self) -> Duration {
        Duration::from_secs(match self {
            Target::Syntax => 2,
            Target::Types => 5,
            Target::Compile => 60,
        })
    }

    /// Whether a source can be run hundreds of times.
    pub fn is_cheap(self) -> bool {
        self != Target::Compile
    }

    /// The source with a number.
    pub fn source(self, seed: u64, number: u64) -> Vec<u8> {
        static MUTATOR: OnceLock<Mutator> = OnceLock::new();
        let mutator = MUTATOR.get_or_init(|| match self {
            Target::Syntax | Target::Types => Mutator::new(&corpus::front_end(), seed, 4),
            Target::Compile => Mutator::new(&corpus::programs(), seed, 2),
        });
        mutator.source(number)
    }
}

/// Runs sources.
pub struct Runner {
    target: Target,
    library: Option<Library>,
    folder: PathBuf,
}

impl Runner {
    /// Prepares for a target.
    pub fn new(target: Target) -> Runner {
        let folder = std::env::temp_dir().join(format!("goxide-fuzz-{}", std::process::id()));
        Runner {
            target,
            library: (target != Target::Syntax).then(Library::load).flatten(),
            folder,
        }
    }

    /// Runs one source: panics if the compiler does.
    pub fn run(&mut self, text: &[u8]) {
        match (self.target, &mut self.library) {
            (Target::Syntax, _) | (_, None) => parse(text),
            (Target::Types, Some(library)) => drop(library.check(text)),
            (Target::Compile, Some(library)) => {
                if library.check(text) {
                    compile(&self.folder, text);
                }
            }
        }
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn parse(text: &[u8]) {
    let source = SourceMap::new().add(Path::new("a.go"), "a.go", text.to_vec());
    let mode = ParseMode {
        comments: true,
        ..ParseMode::default()
    };
    let parsed = parse_file(&source, NodeId::default(), mode);
    for e in in_report_order(parsed.errors, &source) {
        source.shown(e.pos.0 - source.base.0);
    }
    dump::to_text(&parsed.file, &source);
}

/// A checker that knows some of the standard library.
struct Library {
    program: Program,
    map: SourceMap,
    imports: FxHashMap<Symbol, PkgId>,
    count: usize,
}

impl Library {
    fn load() -> Option<Library> {
        let session = Session::new(options(&std::env::current_dir().ok()?)).ok()?;
        let graph = session.load(&LIBRARY.map(str::to_string)).ok()?;
        let (mut program, map) = (Program::new(), SourceMap::new());
        let mut ids: FxHashMap<String, PkgId> = FxHashMap::default();
        for package in graph.packages.iter() {
            let mut next = NodeId::default();
            let mut files = Vec::new();
            for f in package.files.iter().filter(|f| !f.overlay) {
                let source = map.add(&f.path, &f.shown, f.text.clone());
                let parsed = parse_file(&source, next, ParseMode::default());
                next = parsed.next_id;
                files.push(Arc::new(parsed.file));
            }
            let mut input = PackageInput::new(&package.path, files, next.0 as usize);
            input.lazy_bodies = true;
            input.allow_bodyless = true;
            input.go_version = GoVersion(27);
            for (path, target) in &package.imports {
                let target = &graph.packages[*target].path;
                if let Some(&id) = ids.get(target) {
                    input.imports.insert(Symbol::intern(path), id);
                }
            }
            ids.insert(package.path.clone(), program.add_package(input));
        }
        let imports = ids.iter().map(|(path, &id)| (Symbol::intern(path), id));
        Some(Library {
            imports: imports.collect(),
            program,
            map,
            count: 0,
        })
    }

    /// Parses and checks a package of one file; whether it has no errors.
    fn check(&mut self, text: &[u8]) -> bool {
        let source = self.map.add(Path::new("a.go"), "a.go", text.to_vec());
        let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
        if !parsed.errors.is_empty() && !text.len().is_multiple_of(4) {
            // The checker sees broken trees too, but not mostly.
            return false;
        }
        let good = parsed.errors.is_empty();
        let nodes = parsed.next_id.0 as usize;
        self.count += 1;
        let path = format!("fuzz{}", self.count);
        let mut input = PackageInput::new(&path, vec![Arc::new(parsed.file)], nodes);
        input.go_version = GoVersion(27);
        input.imports = self.imports.clone();
        let id = self.program.add_package(input);
        good && self.program.pkg(id).errors.is_empty()
    }
}

fn options(cwd: &Path) -> Options {
    Options {
        cwd: cwd.to_path_buf(),
        compile_anew: true,
        ..Options::default()
    }
}

/// Compiles a program. A failure of the compiler itself becomes a panic again.
fn compile(folder: &Path, text: &[u8]) {
    let written =
        std::fs::create_dir_all(folder).and_then(|()| std::fs::write(folder.join("a.go"), text));
    let (Ok(()), Ok(session)) = (written, Session::new(options(folder))) else {
        return;
    };
    let args = ["a.go".to_string()];
    if let Err(Failure::Internal {
        working_on,
        message,
    }) = session.compile_and_discard(&args)
    {
        panic!("while {working_on}: {message}");
    }
}
