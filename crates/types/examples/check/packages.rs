//! Loading and checking of packages with all they import.

use goxide_base::{FxHashMap, SourceMap, Symbol, show_positions};
use goxide_load::{BuildContext, Config, GoEnv, ModuleOptions, Overlay, PackageGraph, load};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{GoVersion, PackageInput, PkgId, Program};
use std::path::Path;
use std::sync::Arc;

/// Loads packages by pattern.
pub fn graph(patterns: &[String], overlay: Overlay) -> Option<PackageGraph> {
    let config = Config {
        cwd: std::env::current_dir().ok()?,
        env: GoEnv::from_process(),
        context: BuildContext::default(),
        modules: ModuleOptions::default(),
        compiler_only: false,
        overlay,
        implicit: vec!["runtime".into()],
    };
    match load(&config, patterns) {
        Ok(graph) => Some(graph),
        Err(errors) => {
            errors.iter().for_each(|e| eprintln!("{e}"));
            None
        }
    }
}

/// Parses and adds all packages of a graph; gives the ids by import path.
pub fn add_all(
    program: &mut Program,
    map: &SourceMap,
    graph: &PackageGraph,
    all_bodies: bool,
) -> FxHashMap<String, PkgId> {
    let mut ids: FxHashMap<String, PkgId> = FxHashMap::default();
    for package in graph.packages.iter() {
        let mut next = NodeId::default();
        let mut files = Vec::new();
        for f in &package.files {
            let source = map.add(&f.path, &f.shown, f.text.clone());
            let parsed = parse_file(&source, next, ParseMode::default());
            for e in &parsed.errors {
                println!(
                    "{}: {}",
                    show(map, e.pos),
                    show_positions(&e.msg, |p| show(map, p))
                );
            }
            next = parsed.next_id;
            files.push(Arc::new(parsed.file));
        }
        let mut input = PackageInput::new(&package.path, files, next.0 as usize);
        // The library is taken to be in use, a user's package is checked whole.
        input.lazy_bodies = package.is_std;
        input.allow_bodyless = package.is_std;
        input.go_version = GoVersion(27);
        for (path, target) in &package.imports {
            let target = &graph.packages[*target].path;
            if let Some(&id) = ids.get(target) {
                input.imports.insert(Symbol::intern(path), id);
            }
        }
        let id = program.add_package(input);
        ids.insert(package.path.clone(), id);
        if all_bodies {
            program.check_all_bodies(id);
        }
    }
    ids
}

/// A position as text.
pub fn show(map: &SourceMap, pos: goxide_base::Pos) -> String {
    map.shown(pos).map_or("?".into(), |l| {
        format!("{}:{}:{}", l.file, l.line, l.column)
    })
}

/// Checks packages and everything they import; true if there are no errors.
pub fn run(patterns: &[String]) -> bool {
    let overlay = match std::env::var("GOXIDE_OVERLAY") {
        Ok(dir) => match Overlay::read(Path::new(&dir)) {
            Ok(overlay) => overlay,
            Err(e) => {
                eprintln!("{e}");
                return false;
            }
        },
        Err(_) => Overlay::default(),
    };
    let Some(graph) = graph(patterns, overlay) else {
        return false;
    };
    let (mut program, map) = (Program::new(), SourceMap::new());
    let start = std::time::Instant::now();
    add_all(&mut program, &map, &graph, true);
    let mut count = 0;
    for package in program.packages.iter() {
        for e in &package.errors {
            count += 1;
            println!(
                "{}: {}",
                show(&map, e.pos),
                show_positions(&e.msg, |p| show(&map, p))
            );
            for (pos, text) in &e.related {
                println!("\t{}: {text}", show(&map, *pos));
            }
        }
    }
    let packages = program.packages.len();
    println!(
        "{packages} packages, {count} errors, {:.1?}",
        start.elapsed()
    );
    count == 0
}
