//! Reports on how packages were compiled, asked for with `-gcflags`: `-m`, `-d=defer`, `-S`.
//! They go to standard error, as Go's compiler prints them.

use crate::check::Checked;
use crate::gcflags::CompilerFlags;
use crate::tool_flags::ToolFlags;
use crate::views::View;
use goxide_base::Pos;
use goxide_clif::CompiledFunction;
use goxide_ir::{Module, Note, Topic};
use goxide_load::{Package, PackageId};
use std::fmt::Write;
use std::path::PathBuf;

/// Which reports are wanted about a package.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `-m`: 1 for decisions, 2 with costs and reasons.
    pub decisions: u32,
    /// `-d=defer`.
    pub defers: bool,
    /// `-S`.
    pub listing: bool,
}

/// Which reports are wanted about which packages.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    flags: ToolFlags,
    cwd: PathBuf,
    any: bool,
}

impl Reports {
    /// Those that the compiler's flags ask for, which can all be parsed.
    pub fn new(flags: ToolFlags, cwd: PathBuf) -> Reports {
        let any = flags.lists().any(|list| wanted(list) != Wanted::default());
        Reports { flags, cwd, any }
    }

    /// Whether there may be anything to report.
    pub fn any(&self) -> bool {
        self.any
    }

    /// What is wanted about a package.
    pub fn of(&self, package: &Package) -> Wanted {
        wanted(self.flags.of(package, &self.cwd))
    }

    /// The report on a compiled program.
    pub fn text(
        &self,
        checked: &Checked,
        module: &Module,
        functions: &[CompiledFunction],
    ) -> String {
        let mut out = String::new();
        for (id, package) in checked.graph.packages.iter_enumerated() {
            let wanted = self.of(package);
            if wanted == Wanted::default() {
                continue;
            }
            let lines =
                wanted.notes(checked, module, id) + &wanted.code(checked, module, functions, id);
            if !lines.is_empty() {
                let _ = write!(out, "# {}\n{lines}", package.path);
            }
        }
        out
    }
}

fn wanted(list: &[String]) -> Wanted {
    CompilerFlags::parse(list).unwrap_or_default().reports
}

impl Wanted {
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
