//! The checks that need the whole graph — cycles, `internal`, programs as imports — and
//! the report of all errors in the go command's form, with its import stacks.

use crate::error::LoadError;
use crate::graph::{Node, NodeError};
use crate::resolve::Resolver;

/// Checks everything reachable and returns the nodes in dependency order: what `implicit`
/// needs first, then what `roots` need.
pub(crate) fn check(
    nodes: &[Node],
    implicit: &[usize],
    roots: &[usize],
    resolver: &Resolver,
) -> Result<Vec<usize>, Vec<LoadError>> {
    let mut walk = Walk {
        nodes,
        resolver,
        state: vec![State::New; nodes.len()],
        stack: Vec::new(),
        order: Vec::new(),
        errors: Vec::new(),
        damage: Vec::new(),
    };
    for &index in implicit.iter().chain(roots) {
        walk.visit(index, None);
    }
    if walk.errors.is_empty() && walk.damage.is_empty() {
        return Ok(walk.order);
    }
    // What the standard library lacks is told once, with what to do.
    let mut errors = walk.errors;
    if !walk.damage.is_empty() {
        errors.extend(walk.damage);
        if let Some(last) = errors.last_mut() {
            last.hint = Some(resolver.sdk.damaged());
        }
    }
    Err(errors)
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

struct Walk<'a> {
    nodes: &'a [Node],
    resolver: &'a Resolver<'a>,
    state: Vec<State>,
    /// Open packages, each with the file that imports it.
    stack: Vec<(usize, String)>,
    order: Vec<usize>,
    errors: Vec<LoadError>,
    /// Those of the standard library's own files, each once.
    damage: Vec<LoadError>,
}

impl Walk<'_> {
    /// Visits a package; `import` is file and position of the import that led here.
    fn visit(&mut self, index: usize, import: Option<(&str, &str)>) {
        match self.state[index] {
            State::Done => return,
            State::Open => return self.cycle(index, import.map_or("", |(file, _)| file)),
            State::New => {}
        }
        self.state[index] = State::Open;
        self.stack
            .push((index, import.map_or("", |(file, _)| file).to_string()));
        let node = &self.nodes[index];
        self.node_error(node, import.map(|(_, pos)| pos));
        for edge in node.imports.values() {
            match &edge.target {
                Ok(target) => {
                    self.check_edge(node, &self.nodes[*target], &edge.pos);
                    self.visit(*target, Some((&edge.file, &edge.pos)));
                }
                Err(e) => {
                    let mut e = e.clone();
                    let why = e.message.clone();
                    e.message = format!("{}: {why}", edge.pos);
                    if !node.place.is_std || node.is_root {
                        self.errors.push(e);
                    } else if !self.damage.iter().any(|d| d.message.ends_with(&why)) {
                        self.damage.push(e);
                    }
                }
            }
        }
        self.stack.pop();
        self.state[index] = State::Done;
        self.order.push(index);
    }

    fn node_error(&mut self, node: &Node, import_pos: Option<&str>) {
        let stack = self.import_stack();
        let texts = match &node.error {
            None => return,
            Some(NodeError::Own(texts)) => texts.clone(),
            Some(NodeError::AtImport(text)) => vec![match import_pos {
                Some(pos) => format!("{pos}: {text}"),
                None => text.clone(),
            }],
            Some(NodeError::NoGo(text)) if import_pos.is_none() && text.starts_with("no Go") => {
                vec![text.clone()]
            }
            Some(NodeError::NoGo(text)) => vec![format!("package {stack}: {text}")],
        };
        let damaged = node.place.is_std && matches!(node.error, Some(NodeError::Own(_)));
        let to = match damaged && !node.is_root {
            true => &mut self.damage,
            false => &mut self.errors,
        };
        to.extend(texts.into_iter().map(LoadError::new));
    }

    fn check_edge(&mut self, importer: &Node, imported: &Node, pos: &str) {
        if let Some(complaint) = self
            .resolver
            .check_internal(&importer.place, &imported.place)
        {
            let stack = self.import_stack();
            self.errors.push(LoadError::new(format!(
                "package {stack}\n\t{pos}: {complaint}"
            )));
        } else if imported.name == "main" && imported.error.is_none() {
            self.errors.push(LoadError::new(format!(
                "{pos}: import {:?} is a program, not an importable package",
                imported.place.path
            )));
        }
    }

    fn import_stack(&self) -> String {
        let paths: Vec<&str> = self
            .stack
            .iter()
            .map(|(i, _)| self.nodes[*i].place.path.as_str())
            .collect();
        paths.join("\n\timports ")
    }

    fn cycle(&mut self, index: usize, file: &str) {
        let mut text = String::from("package ");
        for (at, (open, from)) in self.stack.iter().enumerate() {
            let path = &self.nodes[*open].place.path;
            text += &match at {
                0 => path.clone(),
                _ => format!("\n\timports {path} from {from}"),
            };
        }
        let path = &self.nodes[index].place.path;
        text += &format!("\n\timports {path} from {file}: import cycle not allowed");
        self.errors.push(LoadError::new(text));
    }
}
