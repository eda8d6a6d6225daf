//! Reports on how packages were compiled, asked for with `-gcflags`: `-m`, `-d=defer`, `-S`.
//! Only about the packages named on the command line, on standard error, as Go's compiler
//! prints them.

use crate::check::Checked;
use crate::views::View;
use goxide_base::Pos;
use goxide_clif::CompiledFunction;
use goxide_ir::{Module, Note, Topic};
use goxide_load::PackageId;
use std::fmt::Write;

/// Which reports are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reports {
    /// `-m`: 1 for decisions, 2 with costs and reasons.
    pub decisions: u32,
    /// `-d=defer`.
    pub defers: bool,
    /// `-S`.
    pub listing: bool,
}

impl Reports {
    /// Whether there is anything to report.
    pub fn any(self) -> bool {
        self.decisions > 0 || self.defers || self.listing
    }

    /// The report on a compiled program.
    pub fn text(
        self,
        checked: &Checked,
        module: &Module,
        functions: &[CompiledFunction],
    ) -> String {
        let mut out = String::new();
        for &root in &checked.graph.roots {
            let lines =
                self.notes(checked, module, root) + &self.code(checked, module, functions, root);
            if !lines.is_empty() {
                let _ = write!(out, "# {}\n{lines}", checked.graph.packages[root].path);
            }
        }
        out
    }

    fn notes(self, checked: &Checked, module: &Module, root: PackageId) -> String {
        let mut notes: Vec<&Note> = module
            .notes
            .iter()
            .filter(|n| match n.topic {
                Topic::Defer => self.defers,
                Topic::CanInline => {
                    self.decisions > 1 || self.decisions == 1 && n.text.starts_with("can ")
                }
                Topic::Inlined | Topic::Escape => self.decisions > 0,
            })
            .filter(|n| is_in(checked, root, n.pos))
            .collect();
        notes.sort_by_key(|n| (n.topic, n.pos));
        notes.dedup();
        let mut out = String::new();
        for note in notes {
            let text = match (note.topic, self.decisions) {
                (Topic::CanInline, 1) => note.text.split(" with cost ").next().unwrap_or_default(),
                _ => &note.text,
            };
            let _ = writeln!(out, "{}: {text}", checked.positions.shown(note.pos));
        }
        out
    }

    fn code(
        self,
        checked: &Checked,
        module: &Module,
        functions: &[CompiledFunction],
        root: PackageId,
    ) -> String {
        if !self.listing {
            return String::new();
        }
        let source = View {
            module,
            sources: &checked.positions.sources,
        };
        let own = functions.iter().filter(|f| is_in(checked, root, f.pos));
        own.map(|f| goxide_clif::listing(f, &source)).collect()
    }
}

/// Whether a position lies in a file of a package.
fn is_in(checked: &Checked, package: PackageId, pos: Pos) -> bool {
    let id = checked.ids[package];
    let files = &checked.program.pkg(id).files;
    files.iter().any(|f| f.pos <= pos && pos <= f.eof)
}
