//! The first stage: all packages' files to syntax trees, patched by the overlay.

use crate::positions::file_name;
use goxide_base::{IndexVec, SourceFile, SourceMap};
use goxide_load::{GoFile, Package, PackageGraph, PackageId, patch};
use goxide_syntax::ast::{File, LaterBodies, NodeId};
use goxide_syntax::{ParseMode, SyntaxError, in_report_order, parse_declarations, parse_file};
use rayon::prelude::*;
use std::sync::Arc;

/// A package's syntax.
pub struct ParsedPackage {
    /// Its files in order; ours among the SDK's last.
    pub files: Vec<Arc<File>>,
    /// One more than the largest node id.
    pub node_count: usize,
    /// What is wrong with it, in the order in which to report it.
    pub errors: Vec<SyntaxError>,
    /// The bodies that are left to be read, if they are.
    pub later: Option<Arc<LaterBodies>>,
}

/// Parses every package. Positions are given out in the graph's order, so equal input
/// gives equal positions whatever the threads do.
pub fn parse_all(
    graph: &PackageGraph,
    sources: &SourceMap,
    trim_paths: bool,
) -> Result<IndexVec<PackageId, ParsedPackage>, String> {
    let texts: Vec<Vec<Arc<SourceFile>>> = graph
        .packages
        .iter()
        .map(|package| {
            let add = |f: &GoFile| {
                let name = file_name(package, f, trim_paths);
                sources.add(&f.path, &name, f.text.clone())
            };
            package.files.iter().map(add).collect()
        })
        .collect();
    let packages: Vec<&Package> = graph.packages.iter().collect();
    packages
        .into_par_iter()
        .zip(texts)
        .map(|(package, sources)| parse_package(package, &sources))
        .collect::<Result<Vec<_>, String>>()
        .map(|parsed| parsed.into_iter().collect())
}

fn parse_package(package: &Package, sources: &[Arc<SourceFile>]) -> Result<ParsedPackage, String> {
    let mut next_id = NodeId::default();
    let mut files = Vec::new();
    let mut errors = Vec::new();
    // What is checked only as far as it is used is also read only so far.
    let later = (package.is_std && !package.is_root).then(Arc::<LaterBodies>::default);
    for source in sources {
        let parsed = match &later {
            Some(later) => parse_declarations(source, next_id, later),
            None => parse_file(source, next_id, ParseMode::default()),
        };
        next_id = parsed.next_id;
        files.push(parsed.file);
        errors.extend(in_report_order(parsed.errors, source));
    }
    if let Some(later) = &later {
        later.begin_at(next_id);
    }
    apply_overlay(package, &mut files)?;
    let files = files.into_iter().map(Arc::new).collect();
    Ok(ParsedPackage {
        files,
        node_count: next_id.0 as usize,
        errors,
        later,
    })
}

fn apply_overlay(package: &Package, files: &mut [File]) -> Result<(), String> {
    if !package.files.iter().any(|f| f.overlay) {
        return Ok(());
    }
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for (file, tree) in package.files.iter().zip(files) {
        match file.overlay {
            true => ours.push(&*tree),
            false => theirs.push(tree),
        }
    }
    let missing = patch(&mut theirs, &ours, &package.removed);
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!(
        "goxide's patch of package {} does not fit this Go source tree: it has no {}",
        package.path,
        missing.join(", ")
    ))
}
