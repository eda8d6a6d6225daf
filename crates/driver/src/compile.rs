//! The back half of the pipeline: from a checked program to the bytes of an executable.

use crate::check::Checked;
use crate::failure::{Failure, PackageErrors};
use crate::guard::{guard, working_on};
use goxide_base::{FxHashMap, Symbol};
use goxide_clif::{Backend, CompiledFunction};
use goxide_ir::{Function, Module};
use goxide_load::PackageId;
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{PackageInput, PkgId};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Code generation.
    pub backend: goxide_clif::Options,
    /// Optimisation.
    pub passes: goxide_opt::Options,
    /// Print each stage with its time.
    pub print_steps: bool,
}

/// Lowers the program whose main package is `main`.
pub fn lower(checked: &mut Checked, main: PackageId) -> Result<Module, Failure> {
    let package = checked.graph.packages[main].path.clone();
    let options = goxide_lower::Options {
        embeds: embeds(checked),
        ..Default::default()
    };
    lower_with(checked, checked.ids[main], &package, &options)
}

fn lower_with(
    checked: &mut Checked,
    main: PkgId,
    package: &str,
    options: &goxide_lower::Options,
) -> Result<Module, Failure> {
    let program = &mut checked.program;
    let lowered = guard("lowering", || {
        goxide_lower::lower_program(program, main, options)
    })?;
    lowered.map_err(|diagnostics| {
        let message = |d: &goxide_lower::Diagnostic| {
            format!("{}: {}", checked.positions.shown(d.pos), d.message)
        };
        Failure::Compile(vec![PackageErrors {
            package: package.to_string(),
            messages: diagnostics.iter().map(message).collect(),
        }])
    })
}

/// The files that variables embed, by package and pattern.
fn embeds(checked: &Checked) -> goxide_lower::Embeds {
    let mut all = goxide_lower::Embeds::default();
    for (id, package) in checked.graph.packages.iter_enumerated() {
        if package.embeds.is_empty() {
            continue;
        }
        let by_pattern = package.embeds.iter().map(|(pattern, files)| {
            let files = files.iter().map(|f| goxide_lower::EmbedFile {
                name: f.name.clone(),
                text: f.text.clone(),
            });
            (pattern.clone(), files.collect())
        });
        all.insert(checked.ids[id], by_pattern.collect());
    }
    all
}

/// Runs the optimiser's passes; `observe` sees the module after each.
pub fn optimize(
    module: &mut Module,
    options: &CompileOptions,
    observe: impl FnMut(&str, &Module),
) -> Result<(), Failure> {
    guard("optimising", || {
        goxide_opt::optimize(module, &options.passes, observe)
    })
}

/// Compiles every function, in parallel.
pub fn generate(
    functions: &[Function],
    options: &CompileOptions,
) -> Result<Vec<CompiledFunction>, Failure> {
    let backend = Backend::new(options.backend);
    let compile = |function: &Function| {
        working_on(|| format!("compiling {}", function.name));
        backend.compile(function)
    };
    let compiled: Result<Vec<_>, _> = guard("generating code", || {
        functions.par_iter().map(compile).collect()
    })?;
    compiled.map_err(|e: goxide_clif::CodegenError| Failure::Other(e.to_string()))
}

/// Compiles a checked program to an executable.
pub fn executable(
    mut checked: Checked,
    main: PackageId,
    options: &CompileOptions,
) -> Result<Vec<u8>, Failure> {
    let mut steps = Steps::new(options.print_steps);
    let module = lower(&mut checked, main)?;
    steps.done("lower");
    let info = build_info(&checked, main);
    finish(module, &checked, &info, options, steps)
}

/// Compiles and links packages that are no programs, every function of them, so that all
/// that could be wrong with them is found.
pub fn libraries(
    mut checked: Checked,
    packages: &[PackageId],
    options: &CompileOptions,
) -> Result<(), Failure> {
    let mut steps = Steps::new(options.print_steps);
    let whole: Vec<PkgId> = packages.iter().map(|id| checked.ids[*id]).collect();
    let main = program_that_imports(&mut checked, packages);
    let lower_options = goxide_lower::Options {
        embeds: embeds(&checked),
        whole,
        ..Default::default()
    };
    let shown = packages
        .first()
        .map(|id| checked.graph.packages[*id].path.clone());
    let module = lower_with(
        &mut checked,
        main,
        &shown.unwrap_or_default(),
        &lower_options,
    )?;
    steps.done("lower");
    finish(module, &checked, "", options, steps).map(|_| ())
}

/// Adds a program that does nothing but import packages.
fn program_that_imports(checked: &mut Checked, packages: &[PackageId]) -> PkgId {
    let mut text = String::from("package main\n");
    let mut imports = FxHashMap::default();
    for id in packages {
        let path = &checked.graph.packages[*id].path;
        text += &format!("import _ {path:?}\n");
        imports.insert(Symbol::intern(path), checked.ids[*id]);
    }
    text += "func main() {}\n";
    let name = "goxide/build.go";
    let source = checked
        .positions
        .sources
        .add(Path::new(name), name, text.into_bytes());
    let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
    let input = PackageInput::new(
        "main",
        vec![Arc::new(parsed.file)],
        parsed.next_id.0 as usize,
    );
    checked
        .program
        .add_package(PackageInput { imports, ..input })
}

fn finish(
    mut module: Module,
    checked: &Checked,
    build_info: &str,
    options: &CompileOptions,
    mut steps: Steps,
) -> Result<Vec<u8>, Failure> {
    optimize(&mut module, options, |_, _| {})?;
    steps.done("optimise");
    let functions = generate(&module.functions, options)?;
    steps.done("generate code");
    let program = goxide_link::Program {
        module: &module,
        functions: &functions,
        sources: &checked.positions.sources,
        build_info,
    };
    let linked = guard("linking", || {
        goxide_link::link(goxide_link::RUNTIME_IMAGE, &program)
    })?;
    steps.done("link");
    linked.map_err(|e| Failure::Other(e.to_string()))
}

/// The text that `runtime/debug.ReadBuildInfo` parses.
fn build_info(checked: &Checked, main: PackageId) -> String {
    let package = &checked.graph.packages[main];
    let mut text = format!("path\t{}\n", package.path);
    if let Some(module) = &package.module {
        text += &format!("mod\t{}\t(devel)\t\n", module.path);
    }
    for setting in [
        "-compiler=goxide",
        "CGO_ENABLED=0",
        "GOARCH=amd64",
        "GOOS=linux",
        "GOAMD64=v1",
    ] {
        text += &format!("build\t{setting}\n");
    }
    text
}

/// Prints what was done and how long it took.
pub struct Steps {
    print: bool,
    since: std::time::Instant,
}

impl Steps {
    /// Begins to count.
    pub fn new(print: bool) -> Steps {
        Steps {
            print,
            since: std::time::Instant::now(),
        }
    }

    /// A step has ended now.
    pub fn done(&mut self, step: &str) {
        if self.print {
            eprintln!("{step}: {} ms", self.since.elapsed().as_millis());
        }
        self.since = std::time::Instant::now();
    }
}
