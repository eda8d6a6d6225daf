//! The back half of the pipeline: from a checked program to the bytes of an executable.

use crate::check::Checked;
use crate::code_cache::{Bodies, CodeCache, Files, Generated, Program, Reuse};
use crate::failure::{Failure, PackageErrors};
use crate::frames;
use crate::godebug;
use crate::guard::guard;
use crate::program::Rest;
use crate::reports::Reports;
use crate::stamp::{self, LinkFlags};
use goxide_base::{FxHashMap, Symbol, task};
use goxide_clif::{Backend, CodegenError, CompiledFunction};
use goxide_ir::{Function, Module};
use goxide_load::PackageId;
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{PackageInput, PkgId};
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How to compile.
#[derive(Clone, Debug, Default)]
pub struct CompileOptions {
    /// Code generation.
    pub backend: goxide_clif::Options,
    /// Optimisation.
    pub passes: goxide_opt::Options,
    /// Print each stage with its time.
    pub print_steps: bool,
    /// Where machine code is kept from one run to the next.
    pub cache: Option<CodeCache>,
    /// What `-ldflags` asks for.
    pub link: LinkFlags,
    /// Leave the SDK's place out of the executable.
    pub trim_paths: bool,
    /// The user's choices that the build information shows.
    pub settings: Vec<(&'static str, String)>,
    /// What to report.
    pub reports: Reports,
}

/// Lowers the program whose main package is `main`.
pub fn lower(checked: &mut Checked, main: PackageId, reports: &Reports) -> Result<Module, Failure> {
    lower_kept(checked, main, reports, None)
}

/// The same, with what is kept of earlier compilations.
fn lower_kept(
    checked: &mut Checked,
    main: PackageId,
    reports: &Reports,
    bodies: Option<&mut Bodies>,
) -> Result<Module, Failure> {
    let package = checked.graph.packages[main].path.clone();
    let options = goxide_lower::Options {
        embeds: embeds(checked),
        ..lower_options(checked, reports)
    };
    lower_with(checked, checked.ids[main], &package, &options, bodies)
}

/// Reports are about all of a package of the user's, also what no program uses.
fn lower_options(checked: &Checked, reports: &Reports) -> goxide_lower::Options {
    let mut options = goxide_lower::Options::default();
    for (id, package) in checked.graph.packages.iter_enumerated() {
        if reports.any() && reports.of(package).decisions > 0 {
            options.shown.push(checked.ids[id]);
            if !package.is_std {
                options.whole.push(checked.ids[id]);
            }
        }
    }
    options
}

fn lower_with(
    checked: &mut Checked,
    main: PkgId,
    package: &str,
    options: &goxide_lower::Options,
    bodies: Option<&mut Bodies>,
) -> Result<Module, Failure> {
    let program = &mut checked.program;
    let bodies = bodies.map(|bodies| -> &mut dyn goxide_lower::Bodies { bodies });
    let lowered = guard("lowering", || {
        goxide_lower::lower_program_with(program, main, options, bodies)
    })?;
    checked.bodies_were_right()?;
    lowered.map_err(|diagnostics| {
        let message = |d: &goxide_lower::Diagnostic| {
            if d.pos.is_some() {
                format!("{}: {}", checked.positions.shown(d.pos), d.message)
            } else {
                d.message.clone()
            }
        };
        let mut messages: Vec<String> = diagnostics.iter().map(message).collect();
        // The library's own bodies are checked when they are used.
        let broken = |d: &&goxide_lower::Diagnostic| {
            d.message.starts_with("undefined: ") && checked.positions.in_library(d.pos)
        };
        if diagnostics.iter().find(broken).is_some() {
            messages.push(format!("\t{}", checked.graph.sdk.damaged()));
        }
        Failure::Compile(vec![PackageErrors {
            package: package.to_string(),
            messages,
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
pub fn generate(functions: &[Function], options: &CompileOptions) -> Result<Generated, Failure> {
    let backend = Backend::new(options.backend);
    let generated = guard("generating code", || {
        let done = functions.par_iter().map(|f| compile(&backend, f));
        done.collect::<Result<Vec<_>, _>>()
    })?;
    let functions = generated.map_err(no_code)?;
    Ok(Generated {
        compiled: functions.len(),
        functions,
    })
}

fn compile(backend: &Backend, function: &Function) -> Result<CompiledFunction, CodegenError> {
    task::working_on("compile", function.name);
    backend.compile(function)
}

fn no_code(error: CodegenError) -> Failure {
    Failure::Other(error.to_string())
}

/// What is kept of earlier compilations, on its way through this one.
struct Kept<'a> {
    cache: &'a CodeCache,
    bodies: Bodies,
    files: Files,
}

impl<'a> Kept<'a> {
    /// `None` if nothing is to be kept. What is found is not looked at again: there would be
    /// nothing to report about it.
    fn of(checked: &Checked, options: &'a CompileOptions) -> Option<Kept<'a>> {
        let passes = options.passes;
        let wanted = passes.optimize && !passes.notes && !options.reports.any();
        let cache = options.cache.as_ref().filter(|_| wanted)?;
        let files = Files::of(&checked.positions.sources);
        Some(Kept {
            cache,
            bodies: Bodies::new(cache, checked, &files),
            files,
        })
    }
}

/// Optimises and compiles the functions that are not in the cache.
fn optimize_and_generate(
    module: &mut Module,
    checked: &Checked,
    options: &CompileOptions,
    kept: Kept<'_>,
    steps: &mut Steps,
) -> Result<Generated, Failure> {
    let backend = Backend::new(options.backend);
    let (mut whole, reuse) = guard("optimising", || -> Result<_, Failure> {
        let program = Program::prepare(module, kept.bodies, kept.files, &options.passes)?;
        steps.done("optimise, first half");
        let mut whole = program.whole();
        let reuse = Reuse::begin(kept.cache, &backend, module, program, &mut whole)?;
        steps.done(&format!("look up ({} functions found)", reuse.found()));
        Ok((whole, reuse))
    })??;
    let learned = guard("optimising", || {
        let whole = std::mem::take(&mut whole);
        goxide_opt::finish(module, whole, &options.passes, |_, _| {})
    })?;
    frames::check(module, checked)?;
    let left = module.functions.len();
    steps.done(&format!("optimise, second half ({left} functions)"));
    let generated = guard("generating code", || {
        reuse.finish(&module.functions, &learned, |f| compile(&backend, f))
    })?;
    let generated = generated.map_err(no_code)?;
    if generated.compiled > 0 {
        kept.cache.trim();
    }
    steps.done(&format!("generate code ({} functions)", generated.compiled));
    Ok(generated)
}

/// Compiles a checked program to an executable.
pub fn executable(
    mut checked: Checked,
    main: PackageId,
    options: &CompileOptions,
) -> Result<(Vec<u8>, Rest), Failure> {
    let mut steps = Steps::new(options.print_steps);
    let mut kept = Kept::of(&checked, options);
    let bodies = kept.as_mut().map(|kept| &mut kept.bodies);
    let mut module = lower_kept(&mut checked, main, &options.reports, bodies)?;
    steps.lowered(&module);
    let info = stamp_program(&mut module, &checked, main, options)?;
    let bytes = finish(&mut module, &checked, &info, options, kept, steps)?;
    Ok((bytes, Rest(Some(Box::new((checked, module))))))
}

/// Puts what the build decides into a program's variables; gives the build information.
fn stamp_program(
    module: &mut Module,
    checked: &Checked,
    main: PackageId,
    options: &CompileOptions,
) -> Result<String, Failure> {
    let sdk = &checked.graph.sdk;
    stamp::set_string(module, "runtime.buildVersion", &sdk.version);
    if !options.trim_paths {
        let root = sdk.root.display().to_string();
        stamp::set_string(module, "runtime.defaultGOROOT", &root);
    }
    let debug = godebug::settings(checked, main)?;
    stamp::set_string(module, "runtime.godebugDefault", &debug);
    stamp::set_variables(module, checked, main, &options.link.set)?;
    let mut settings = options.settings.clone();
    if !debug.is_empty() {
        settings.push(("DefaultGODEBUG", debug));
    }
    let info = stamp::build_info(checked, main, &settings);
    stamp::add_build_info(module, &sdk.version, &info);
    Ok(info)
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
        ..lower_options(&checked, &options.reports)
    };
    let shown = packages
        .first()
        .map(|id| checked.graph.packages[*id].path.clone());
    let mut kept = Kept::of(&checked, options);
    let bodies = kept.as_mut().map(|kept| &mut kept.bodies);
    let mut module = lower_with(
        &mut checked,
        main,
        &shown.unwrap_or_default(),
        &lower_options,
        bodies,
    )?;
    steps.lowered(&module);
    finish(&mut module, &checked, "", options, kept, steps).map(|_| ())
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
    module: &mut Module,
    checked: &Checked,
    build_info: &str,
    options: &CompileOptions,
    kept: Option<Kept<'_>>,
    mut steps: Steps,
) -> Result<Vec<u8>, Failure> {
    let Generated { functions, .. } = match kept {
        Some(kept) => optimize_and_generate(module, checked, options, kept, &mut steps)?,
        None => {
            optimize(module, options, |_, _| {})?;
            steps.done("optimise");
            frames::check(module, checked)?;
            let generated = generate(&module.functions, options)?;
            steps.done(&format!("generate code ({} functions)", generated.compiled));
            generated
        }
    };
    if options.reports.any() {
        eprint!("{}", options.reports.text(checked, module, &functions));
    }
    let program = goxide_link::Program {
        module,
        functions: &functions,
        sources: &checked.positions.sources,
        build_info,
        strip: options.link.strip,
    };
    let linked = guard("linking", || {
        goxide_link::link(goxide_link::RUNTIME_IMAGE, &program)
    })?;
    steps.done("link");
    linked.map_err(|e| Failure::Other(e.to_string()))
}

/// Prints what was done and how long it took: by the clock, and of all processors together.
pub struct Steps {
    print: bool,
    since: std::time::Instant,
    processor_since: Duration,
}

impl Steps {
    /// Begins to count.
    pub fn new(print: bool) -> Steps {
        Steps {
            print,
            since: std::time::Instant::now(),
            processor_since: processor_time(),
        }
    }

    fn lowered(&mut self, module: &Module) {
        self.done(&format!("lower ({} functions)", module.functions.len()));
    }

    /// A step has ended now.
    pub fn done(&mut self, step: &str) {
        let (now, processor) = (std::time::Instant::now(), processor_time());
        if self.print {
            let wall = now - self.since;
            let used = processor.saturating_sub(self.processor_since);
            eprintln!(
                "{step}: {} ms ({} ms of processor time)",
                wall.as_millis(),
                used.as_millis()
            );
        }
        (self.since, self.processor_since) = (now, processor);
    }
}

/// What all threads of this process have used so far.
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
