//! The views of a compiler writer: a file's tree, a function's IR and machine code.

use crate::check::Checked;
use crate::compile::{generate, lower, optimize};
use crate::failure::Failure;
use crate::guard::guard;
use crate::reports::Reports;
use crate::session::Session;
use goxide_base::{Pos, SourceMap, Symbol, show_positions};
use goxide_clif::Source;
use goxide_ir::{LocData, Module, SymId};
use goxide_load::{PackageId, os_text};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, dump, in_report_order, parse_file};
use goxide_types::ObjKind;
use std::path::Path;

impl Session {
    /// The IR of one function after every pass, or after one. Passes that change nothing
    /// are only named.
    pub fn ssa(
        &self,
        function: &str,
        args: &[String],
        after: Option<&str>,
    ) -> Result<String, Failure> {
        if let Some(pass) = after
            && pass != "lower"
            && !goxide_opt::PASSES.iter().any(|p| p.name == pass)
        {
            let names: Vec<&str> = goxide_opt::PASSES.iter().map(|p| p.name).collect();
            return Err(Failure::Other(format!(
                "there is no pass {pass}; they are lower, {}",
                names.join(", ")
            )));
        }
        let (checked, mut module) = self.lowered(args)?;
        let function = find(&checked, &module, function)?;
        let mut text = String::new();
        let mut last = String::new();
        let sources = checked.positions.sources.clone();
        optimize(&mut module, &self.compile_options(None)?, |pass, module| {
            if after.is_some_and(|after| after != pass) {
                return;
            }
            let now = function_text(module, &function, &sources);
            text += &match (&now, now == last) {
                (_, true) => format!("; after {pass}: unchanged\n"),
                (now, false) if now.is_empty() => {
                    format!("; after {pass}: gone (inlined everywhere, or never used)\n")
                }
                (now, false) => format!("; after {pass}\n{now}\n"),
            };
            last = now;
        })?;
        Ok(text)
    }

    /// The machine code of one function, or of all instances of a generic one, under its
    /// source lines.
    pub fn asm(&self, function: &str, args: &[String]) -> Result<String, Failure> {
        let (checked, mut module) = self.lowered(args)?;
        let options = self.compile_options(None)?;
        optimize(&mut module, &options, |_, _| {})?;
        let name = find(&checked, &module, function)?;
        let all = module.functions.iter();
        let of_name: Vec<_> = all.filter(|f| f.name.as_str() == name).cloned().collect();
        let compiled = generate(&of_name, &options)?.functions;
        let source = View {
            module: &module,
            sources: &checked.positions.sources,
        };
        Ok(compiled
            .iter()
            .map(|f| goxide_clif::listing(f, &source))
            .collect())
    }

    fn lowered(&self, args: &[String]) -> Result<(Checked, Module), Failure> {
        let mut checked = self.check(args)?;
        let main = main_of(&checked)?;
        let module = lower(&mut checked, main, &Reports::default())?;
        Ok((checked, module))
    }
}

/// A file's syntax tree, as text or JSON.
///
/// # Errors
/// If the file cannot be read or has syntax errors.
pub fn ast_text(path: &Path, json: bool) -> Result<String, Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read(path)
        .map_err(|e| Failure::Other(format!("reading {shown}: {}", os_text(&e))))?;
    let source = SourceMap::new().add(path, &shown, text);
    let parsed = guard("parsing", || {
        parse_file(&source, NodeId::default(), ParseMode::default())
    })?;
    let errors = in_report_order(parsed.errors, &source);
    if errors.is_empty() {
        let print = if json { dump::to_json } else { dump::to_text };
        return guard("printing the tree", || print(&parsed.file, &source));
    }
    let messages = errors.iter().map(|e| {
        let show = |pos: Pos| {
            let at = source.shown(pos.0 - source.base.0);
            format!("{}:{}:{}", at.file, at.line, at.column)
        };
        format!("{}: {}", show(e.pos), show_positions(&e.msg, show))
    });
    Err(Failure::Plain(messages.collect::<Vec<_>>().join("\n")))
}

fn main_of(checked: &Checked) -> Result<PackageId, Failure> {
    let graph = &checked.graph;
    let main = graph.roots.iter().find(|id| graph.packages[**id].is_main());
    main.copied().ok_or_else(|| {
        Failure::Other("functions are shown as compiled in a program: name a main package".into())
    })
}

fn function_text(module: &Module, name: &str, sources: &SourceMap) -> String {
    let line = |pos: Pos| sources.shown(pos).map(|at| at.line);
    let found = module.functions.iter().filter(|f| f.name.as_str() == name);
    found.map(|f| f.text(&module.symbols, &line)).collect()
}

/// The whole name of a function, of which a generic one's `[...]` can be left out. If there
/// is none, the error says why, or names the nearest.
fn find(checked: &Checked, module: &Module, name: &str) -> Result<String, Failure> {
    let names = || module.functions.iter().map(|f| f.name.as_str());
    let same = names().find(|known| *known == name);
    if let Some(found) = same.or_else(|| names().find(|known| known.replace("[...]", "") == name)) {
        return Ok(found.to_string());
    }
    if is_unused(checked, name) {
        return Err(Failure::Other(format!(
            "the program does not use {name}, so it is not compiled"
        )));
    }
    let nearest = names()
        .map(|known| (difference(name, known), known))
        .min()
        .filter(|(distance, nearest)| *distance <= nearest.len().max(name.len()) / 2);
    Err(Failure::Other(match nearest {
        Some((_, nearest)) => {
            format!("no function {name} in the program; did you mean {nearest}?")
        }
        None => format!("no function {name} in the program"),
    }))
}

/// Whether a package of the program declares this function.
fn is_unused(checked: &Checked, name: &str) -> bool {
    let mut packages = checked.graph.packages.iter_enumerated();
    packages.any(|(id, package)| {
        let rest = name.strip_prefix(package.symbol_path());
        let Some(function) = rest.and_then(|rest| rest.strip_prefix('.')) else {
            return false;
        };
        let program = &checked.program;
        let scope = &program.scopes[program.pkg(checked.ids[id]).scope];
        let object = scope.lookup(Symbol::intern(function));
        object.is_some_and(|o| matches!(program.obj(o).kind, ObjKind::Func(_)))
    })
}

/// How far what a user has written is from a name. Receivers in another form, or left out,
/// and type arguments count as one mistake.
fn difference(written: &str, known: &str) -> usize {
    let (short, wanted) = (without_marks(written), without_marks(known));
    if short == wanted {
        return usize::from(written != known);
    }
    let ends = |name: &str| {
        let package = name.rfind('/').map_or(0, |at| at + 1);
        let dot = name[package..].find('.').map(|at| package + at);
        let last = name.rfind('.').map_or("", |at| &name[at..]);
        dot.map(|dot| (name[..dot].to_string(), last.to_string()))
    };
    if ends(&short).is_some_and(|ours| Some(ours) == ends(&wanted)) {
        return 1;
    }
    distance(written, known).min(distance(&short, &wanted) + 1)
}

/// A name without the stars and parentheses of a receiver, and without type arguments.
fn without_marks(name: &str) -> String {
    let mut depth = 0;
    let mut short = String::new();
    for c in name.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            '(' | ')' | '*' => {}
            _ if depth > 0 => {}
            _ => short.push(c),
        }
    }
    short
}

/// How many characters must be put in, left out or changed to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// What a listing needs of the program.
pub(crate) struct View<'a> {
    pub(crate) module: &'a Module,
    pub(crate) sources: &'a SourceMap,
}

impl Source for View<'_> {
    fn symbol_name(&self, sym: SymId) -> String {
        self.module.symbols.name(sym).to_string()
    }

    fn line(&self, loc: &LocData) -> Option<(String, Option<String>)> {
        let at = self.sources.shown(loc.pos)?;
        let file = self.sources.file(loc.pos)?;
        let (line, _) = file.line_col(loc.pos.0 - file.base.0);
        let text = String::from_utf8_lossy(file.line_text(line))
            .trim()
            .to_string();
        Some((format!("{}:{}", at.file, at.line), Some(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::{difference, distance};

    #[test]
    fn distances() {
        assert_eq!(distance("main.fib", "main.fib"), 0);
        assert_eq!(distance("main.fob", "main.fib"), 1);
        assert_eq!(distance("fib", "main.fib"), 5);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn receivers_and_type_arguments_are_one_mistake() {
        for written in ["main.T.m", "main.m", "main.(*T[int]).m", "main.T[int].m"] {
            assert_eq!(difference(written, "main.(*T[...]).m"), 1, "{written}");
        }
        assert!(difference("main.n", "main.(*T).m") > 1);
        assert!(difference("a/b.m", "c/b.T.m") > 1);
    }
}
