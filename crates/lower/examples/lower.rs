//! Lowers a program and prints its functions as IR text: `lower ARGS [-- NAME…]`, where
//! names are parts of the names of the functions to print. With GOXIDE_LOWER_EVERYTHING set,
//! functions that the program cannot reach are lowered too.

use goxide_base::{FxHashMap, IndexVec, SourceMap, Symbol};
use goxide_load::{BuildContext, Config, GoEnv, ModuleOptions, Overlay, PackageGraph, load, patch};
use goxide_lower::{Options, lower_program};
use goxide_syntax::ast::{File, NodeId};
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{GoVersion, PackageInput, Program};
use std::sync::Arc;
use std::time::Instant;

const STACK_BYTES: usize = 1 << 29;

fn main() {
    let run = || {
        let args: Vec<String> = std::env::args().skip(1).collect();
        let mut parts = args.split(|a| a == "--");
        let packages = parts.next().unwrap_or_default().to_vec();
        let names = parts.next().unwrap_or_default().to_vec();
        if let Err(message) = lower(&packages, &names) {
            eprintln!("{message}");
            std::process::exit(1);
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    thread
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no panic");
}

fn lower(args: &[String], names: &[String]) -> Result<(), String> {
    let mut since = Instant::now();
    let mut step = |what: &str| {
        eprintln!("{what}: {} ms", since.elapsed().as_millis());
        since = Instant::now();
    };
    let env = GoEnv::from_process();
    let overlay = match env.get("GOXIDE_OVERLAY") {
        Some(dir) => Overlay::read(std::path::Path::new(dir)).map_err(|e| e.to_string())?,
        None => Overlay::embedded(),
    };
    let config = Config {
        cwd: std::env::current_dir().map_err(|e| e.to_string())?,
        env,
        context: BuildContext::new([]),
        modules: ModuleOptions::default(),
        overlay,
        implicit: vec!["runtime".into()],
        compiler_only: false,
    };
    let graph = load(&config, args).map_err(|e| format!("{e:?}"))?;
    step("load");
    let sources = Arc::new(SourceMap::new());
    let (mut program, ids) = check(&graph, &sources)?;
    step("check");
    let main = graph
        .packages
        .indices()
        .find(|&i| graph.packages[i].is_root && program.pkg(ids[i]).name.as_str() == "main");
    let main = ids[main.ok_or("no main package")?];
    let options = Options {
        verify: true,
        everything: std::env::var_os("GOXIDE_LOWER_EVERYTHING").is_some(),
        ..Options::default()
    };
    let lowered = lower_program(&mut program, main, &options);
    step("lower");
    let module = lowered.map_err(|list| {
        let mut text = String::new();
        for d in list.iter().take(60) {
            let at = sources
                .shown(d.pos)
                .map_or("-".into(), |p| format!("{}:{}", p.file, p.line));
            text += &format!("{at}: {}\n", d.message);
        }
        format!("{text}{} errors", list.len())
    })?;
    let insts: usize = module
        .functions
        .iter()
        .map(|f| f.blocks.iter().map(|b| b.insts.len()).sum::<usize>())
        .sum();
    let bytes: usize = module.data.iter().map(|d| d.bytes.len()).sum();
    eprintln!(
        "{} functions, {insts} instructions, {} data objects, {bytes} bytes",
        module.functions.len(),
        module.data.len()
    );
    for f in &module.functions {
        let name = module.symbols.name(f.sym).as_str();
        if names.iter().any(|n| name.contains(n.as_str())) {
            println!(
                "{}",
                f.text(&module.symbols, &|pos| sources.shown(pos).map(|p| p.line))
            );
        }
    }
    Ok(())
}

fn check(
    graph: &PackageGraph,
    sources: &SourceMap,
) -> Result<
    (
        Program,
        IndexVec<goxide_load::PackageId, goxide_types::PkgId>,
    ),
    String,
> {
    let mut program = Program::new();
    let mut ids = IndexVec::new();
    let mut errors = Vec::new();
    for package in graph.packages.iter() {
        let mut next_id = NodeId::default();
        let mut files: Vec<File> = Vec::new();
        for f in &package.files {
            let source = sources.add(&f.path, &f.shown, f.text.clone());
            let parsed = parse_file(&source, next_id, ParseMode::default());
            next_id = parsed.next_id;
            files.push(parsed.file);
            errors.extend(parsed.errors.iter().map(|e| (e.pos, e.msg.clone())));
        }
        let (mut theirs, mut ours) = (Vec::new(), Vec::new());
        for (file, tree) in package.files.iter().zip(&mut files) {
            match file.overlay {
                true => ours.push(&*tree),
                false => theirs.push(tree),
            }
        }
        let missing = patch(&mut theirs, &ours, &package.removed);
        if !missing.is_empty() {
            return Err(format!(
                "{}: overlay without target: {missing:?}",
                package.path
            ));
        }
        let mut imports = FxHashMap::default();
        for (path, import) in &package.imports {
            imports.insert(Symbol::intern(path), ids[*import]);
        }
        let pkg = program.add_package(PackageInput {
            path: Symbol::intern(package.symbol_path()),
            files: files.into_iter().map(Arc::new).collect(),
            node_count: next_id.0 as usize,
            imports,
            go_version: GoVersion(package.go_version.0),
            lazy_bodies: package.is_std && !package.is_root,
            allow_bodyless: package.is_std,
            checker_tests: false,
        });
        errors.extend(
            program
                .pkg(pkg)
                .errors
                .iter()
                .map(|e| (e.pos, e.msg.clone())),
        );
        ids.push(pkg);
    }
    for (pos, msg) in errors.iter().take(20) {
        let at = sources
            .shown(*pos)
            .map_or("-".into(), |p| format!("{}:{}", p.file, p.line));
        eprintln!("{at}: {msg}");
    }
    Ok((program, ids))
}
