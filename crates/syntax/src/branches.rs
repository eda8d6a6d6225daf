//! Labels and branch statements of a function body: `break`, `continue` and `fallthrough`
//! where they may not stand; labels undefined, unused, defined twice or of the wrong kind;
//! `goto` into a block or over a variable's declaration.

use crate::SyntaxError;
use crate::ast::*;
use goxide_base::{FxHashMap, Pos, Symbol};

/// Checks one function body, without the function literals in it.
pub(crate) fn check_body(body: &Block, errors: &mut Vec<SyntaxError>) {
    let mut checker = Checker {
        errors,
        labels: FxHashMap::default(),
        blocks: vec![],
    };
    let forward = checker.block(None, Context::default(), None, body.lbrace, &body.stmts);
    // No label was found for these, or one in a block that they can't jump into.
    for goto in forward {
        let name = goto.name;
        match checker.labels.get_mut(&name) {
            Some(label) => {
                label.used = true;
                let start = checker.blocks[label.block].start;
                let at = start.in_message();
                checker.error(
                    goto.pos,
                    format!("goto {name} jumps into block starting at {at}"),
                );
            }
            None => checker.error(goto.pos, format!("label {name} not defined")),
        }
    }
    let mut unused: Vec<Ident> = checker
        .labels
        .values()
        .filter(|l| !l.used)
        .map(|l| l.ident)
        .collect();
    unused.sort_by_key(|label| label.pos);
    for label in unused {
        checker.error(
            label.pos,
            format!("label {} defined and not used", label.name),
        );
    }
}

/// What encloses a block's statements.
#[derive(Clone, Copy, Default)]
struct Context {
    breaks: Breaks,
    continues: bool,
    /// The index of the clause of the switch right around.
    clause: Option<usize>,
}

/// The innermost statement that `break` leaves.
#[derive(Clone, Copy, Default)]
enum Breaks {
    #[default]
    None,
    LoopOrSelect,
    Switch {
        clauses: usize,
    },
    TypeSwitch,
}

/// What a label stands before.
#[derive(Clone, Copy, PartialEq)]
enum Labelled {
    Loop,
    SwitchOrSelect,
    Other,
}

struct Label {
    ident: Ident,
    /// The block it stands in.
    block: usize,
    labelled: Labelled,
    used: bool,
}

struct BlockInfo {
    parent: Option<usize>,
    start: Pos,
    /// The label of the statement that the block belongs to.
    label: Option<NodeId>,
}

struct Checker<'a> {
    errors: &'a mut Vec<SyntaxError>,
    labels: FxHashMap<Symbol, Label>,
    blocks: Vec<BlockInfo>,
}

/// What is known of the jumps in one block.
#[derive(Default)]
struct Jumps {
    /// Labels of `goto`s that have met no label yet.
    forward: Vec<Ident>,
    /// The last variable declaration, and the `goto`s before it.
    declared: Option<(Pos, String)>,
    before_declared: Vec<NodeId>,
}

impl Jumps {
    fn declare(&mut self, pos: Pos, names: String) {
        self.declared = Some((pos, names));
        self.before_declared = self.forward.iter().map(|goto| goto.id).collect();
    }
}

impl Checker<'_> {
    fn error(&mut self, pos: Pos, msg: String) {
        self.errors.push(SyntaxError { pos, msg });
    }

    /// Checks a block; gives the labels of its `goto`s that it does not define.
    fn block(
        &mut self,
        parent: Option<usize>,
        context: Context,
        label: Option<NodeId>,
        start: Pos,
        stmts: &[Stmt],
    ) -> Vec<Ident> {
        let block = self.blocks.len();
        self.blocks.push(BlockInfo {
            parent,
            start,
            label,
        });
        let mut jumps = Jumps::default();
        // Empty statements at the end do not count for `fallthrough`.
        let last = stmts
            .iter()
            .rposition(|s| !matches!(s.kind, StmtKind::Empty));
        for (i, stmt) in stmts.iter().enumerate() {
            let mut context = context;
            if Some(i) != last {
                context.clause = None;
            }
            self.stmt(block, context, &mut jumps, stmt);
        }
        jumps.forward
    }

    fn stmt(&mut self, block: usize, context: Context, jumps: &mut Jumps, stmt: &Stmt) {
        let mut stmt = stmt;
        let mut label = None;
        while let StmtKind::Labeled(s) = &stmt.kind {
            if !s.label.is_blank() {
                self.declare(block, s);
                self.resolve(jumps, s.label.name);
                label = Some(s.label.id);
            }
            stmt = &s.stmt;
        }
        match &stmt.kind {
            StmtKind::Decl(d) => {
                if let Decl::Var(group) = &**d
                    && let Some(name) = group.specs.first().and_then(|s| s.names.first())
                {
                    jumps.declare(name.pos, name.name.to_string());
                }
            }
            StmtKind::Assign(s) if s.op == AssignOp::Define => {
                let names: Vec<_> = s.lhs.iter().map(crate::expr_string).collect();
                jumps.declare(stmt.pos, names.join(", "));
            }
            StmtKind::Branch(s) => self.branch(block, context, jumps, stmt.pos, s),
            _ => self.inner_blocks(block, context, jumps, label, stmt),
        }
    }

    fn inner_blocks(
        &mut self,
        block: usize,
        context: Context,
        jumps: &mut Jumps,
        label: Option<NodeId>,
        stmt: &Stmt,
    ) {
        let nested = Context {
            clause: None,
            ..context
        };
        let in_loop = Context {
            breaks: Breaks::LoopOrSelect,
            continues: true,
            clause: None,
        };
        let mut inner = |context, start, stmts: &[Stmt]| {
            let forward = self.block(Some(block), context, label, start, stmts);
            jumps.forward.extend(forward);
        };
        match &stmt.kind {
            StmtKind::Block(b) => inner(nested, b.lbrace, &b.stmts),
            StmtKind::If(s) => {
                inner(nested, s.then.lbrace, &s.then.stmts);
                s.els
                    .iter()
                    .for_each(|e| inner(nested, e.pos, std::slice::from_ref(e)));
            }
            StmtKind::For(s) => inner(in_loop, s.body.lbrace, &s.body.stmts),
            StmtKind::Range(s) => inner(in_loop, s.body.lbrace, &s.body.stmts),
            StmtKind::Switch(s) => {
                let breaks = Breaks::Switch {
                    clauses: s.clauses.len(),
                };
                for (i, c) in s.clauses.iter().enumerate() {
                    inner(
                        Context {
                            breaks,
                            clause: Some(i),
                            ..context
                        },
                        c.pos,
                        &c.body,
                    );
                }
            }
            StmtKind::TypeSwitch(s) => {
                let context = Context {
                    breaks: Breaks::TypeSwitch,
                    ..nested
                };
                s.clauses
                    .iter()
                    .for_each(|c| inner(context, c.pos, &c.body));
            }
            StmtKind::Select(s) => {
                let context = Context {
                    breaks: Breaks::LoopOrSelect,
                    ..nested
                };
                s.clauses
                    .iter()
                    .for_each(|c| inner(context, c.pos, &c.body));
            }
            _ => {}
        }
    }

    fn declare(&mut self, block: usize, s: &LabeledStmt) {
        let name = s.label.name;
        if let Some(other) = self.labels.get(&name) {
            let at = other.ident.pos.in_message();
            self.error(s.label.pos, format!("label {name} already defined at {at}"));
            return;
        }
        let labelled = match s.stmt.kind {
            StmtKind::For(_) | StmtKind::Range(_) => Labelled::Loop,
            StmtKind::Switch(_) | StmtKind::TypeSwitch(_) | StmtKind::Select(_) => {
                Labelled::SwitchOrSelect
            }
            _ => Labelled::Other,
        };
        self.labels.insert(
            name,
            Label {
                ident: s.label,
                block,
                labelled,
                used: false,
            },
        );
    }

    /// Lets the `goto`s that wait for a label have it.
    fn resolve(&mut self, jumps: &mut Jumps, name: Symbol) {
        let forward = std::mem::take(&mut jumps.forward);
        let (found, rest): (Vec<_>, Vec<_>) = forward.into_iter().partition(|g| g.name == name);
        jumps.forward = rest;
        for goto in found {
            if let Some(label) = self.labels.get_mut(&name) {
                label.used = true;
            }
            if jumps.before_declared.contains(&goto.id)
                && let Some((pos, what)) = &jumps.declared
            {
                let at = pos.in_message();
                let msg = format!("goto {name} jumps over declaration of {what} at {at}");
                self.error(goto.pos, msg);
            }
        }
    }

    fn branch(
        &mut self,
        block: usize,
        context: Context,
        jumps: &mut Jumps,
        pos: Pos,
        s: &BranchStmt,
    ) {
        match (s.kind, s.label) {
            (BranchKind::Goto, Some(label)) => {
                if !self.is_goto_target(block, label.name) {
                    jumps.forward.push(label);
                }
            }
            (kind, Some(label)) => self.labelled_branch(block, kind, label),
            (BranchKind::Break, None) => {
                if matches!(context.breaks, Breaks::None) {
                    self.error(pos, "break is not in a loop, switch, or select".into());
                }
            }
            (BranchKind::Continue, None) => {
                if !context.continues {
                    self.error(pos, "continue is not in a loop".into());
                }
            }
            (_, None) => self.fallthrough(context, pos),
        }
    }

    fn fallthrough(&mut self, context: Context, pos: Pos) {
        let msg = match (context.breaks, context.clause) {
            (Breaks::TypeSwitch, _) => "cannot fallthrough in type switch",
            (Breaks::Switch { clauses }, Some(i)) if i + 1 == clauses => {
                "cannot fallthrough final case in switch"
            }
            (Breaks::Switch { .. }, Some(_)) => return,
            _ => "fallthrough statement out of place",
        };
        self.error(pos, msg.into());
    }

    /// Whether a label already seen stands in this block or one around it.
    fn is_goto_target(&mut self, block: usize, name: Symbol) -> bool {
        let Some(label) = self.labels.get_mut(&name) else {
            return false;
        };
        label.used = true;
        let target = label.block;
        self.enclosing(block).any(|(i, _)| i == target)
    }

    /// The block and those around it, innermost first.
    fn enclosing(&self, block: usize) -> impl Iterator<Item = (usize, &BlockInfo)> {
        std::iter::successors(Some(block), |&i| self.blocks[i].parent).map(|i| (i, &self.blocks[i]))
    }

    fn labelled_branch(&mut self, block: usize, kind: BranchKind, at: Ident) {
        let (name, verb) = (at.name, kind.as_str());
        let Some(label) = self.labels.get_mut(&name) else {
            self.error(at.pos, format!("{verb} label not defined: {name}"));
            return;
        };
        label.used = true;
        let (id, labelled) = (label.ident.id, label.labelled);
        let encloses = self.enclosing(block).any(|(_, b)| b.label == Some(id));
        let right_kind = match kind {
            BranchKind::Continue => labelled == Labelled::Loop,
            _ => labelled != Labelled::Other,
        };
        if !encloses || !right_kind {
            self.error(at.pos, format!("invalid {verb} label {name}"));
        }
    }
}
