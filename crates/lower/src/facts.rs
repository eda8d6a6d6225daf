//! What a function's body does with its variables: which ones are captured, assigned more
//! than once, or have their address taken. Decides where each variable lives.

use crate::mono::{EnvId, RKind, RType};
use crate::program::Lower;
use goxide_base::{FxHashMap, FxHashSet, Symbol};
use goxide_syntax::ast::*;
use goxide_syntax::visit::{self, Visitor};
use goxide_types::{ObjId, ObjKind, PkgId, SelectionKind};

/// Facts about one variable.
#[derive(Clone, Copy, Debug, Default)]
pub struct VarFact {
    /// The function literal it is declared in (0: the outermost function).
    pub level: u32,
    /// Used by a function literal inside that one.
    pub captured: bool,
    /// Its address, or that of a part, is taken.
    pub address: bool,
    /// Assigned after its declaration.
    pub assigned: bool,
}

impl VarFact {
    /// Whether it needs an object of its own that pointers lead to.
    pub fn shared(&self) -> bool {
        self.address || (self.captured && self.assigned)
    }
}

/// Facts about the whole body of a top-level function or initialiser.
#[derive(Debug, Default)]
pub struct Facts {
    /// By variable.
    pub vars: FxHashMap<ObjId, VarFact>,
    /// By node of the function literal (or of the range statement over a function): its
    /// level and the outer variables it uses.
    pub literals: FxHashMap<NodeId, (u32, Vec<ObjId>)>,
    /// By node of a function literal or 0-level body: whether it contains `recover` calls
    /// or `defer` statements directly.
    pub defers: FxHashMap<u32, DeferFacts>,
    /// Labels that some `goto` names.
    pub gotos: FxHashSet<Symbol>,
    /// Labels, with the level they are declared in.
    pub labels: FxHashSet<(u32, Symbol)>,
    /// `defer` statements that may run more than once.
    pub repeated_defers: FxHashSet<NodeId>,
}

/// Deferred calls of one function.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeferFacts {
    /// `defer` statements outside loops.
    pub plain: u32,
    /// `defer` statements in loops or behind labels.
    pub in_loops: u32,
    /// A range-over-func body inside has `defer` statements.
    pub in_range_func: bool,
    /// Calls `recover`.
    pub recovers: bool,
    /// The first `defer` statement.
    pub first: Option<NodeId>,
    /// `return` statements.
    pub returns: u32,
}

impl DeferFacts {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.plain > 0 || self.in_loops > 0 || self.in_range_func
    }
}

struct Walker<'w, 'a> {
    l: &'w mut Lower<'a>,
    pkg: PkgId,
    env: EnvId,
    old_loops: bool,
    facts: Facts,
    level: u32,
    /// Enclosing level and node of each level; whether it is a range-func body.
    levels: Vec<(u32, Option<NodeId>, bool)>,
    loops: u32,
    has_labels: bool,
}

/// Looks at a function's declaration.
pub fn of_function(
    l: &mut Lower<'_>,
    pkg: PkgId,
    env: EnvId,
    old_loops: bool,
    decl: &FuncDecl,
) -> Facts {
    let mut w = Walker::new(l, pkg, env, old_loops);
    if let Some(recv) = &decl.recv {
        w.declare_fields(recv);
    }
    w.declare_signature(&decl.ty);
    if let Some(body) = &decl.body {
        w.visit_block(body);
    }
    w.facts
}

/// Looks at an initialiser.
pub fn of_expr(l: &mut Lower<'_>, pkg: PkgId, env: EnvId, expr: &Expr) -> Facts {
    let mut w = Walker::new(l, pkg, env, false);
    w.visit_expr(expr);
    w.facts
}

impl<'w, 'a> Walker<'w, 'a> {
    fn new(l: &'w mut Lower<'a>, pkg: PkgId, env: EnvId, old_loops: bool) -> Self {
        Walker {
            l,
            pkg,
            env,
            old_loops,
            facts: Facts::default(),
            level: 0,
            levels: vec![(0, None, false)],
            loops: 0,
            has_labels: false,
        }
    }

    fn rtype(&mut self, e: &Expr) -> RType {
        match self.l.prog.pkg(self.pkg).info.ty(e.id) {
            Some(ty) => self.l.rtype(ty, self.env),
            None => RType::INVALID,
        }
    }

    fn declare(&mut self, obj: Option<ObjId>) {
        if let Some(obj) = obj {
            let level = self.level;
            let fact = VarFact {
                level,
                ..VarFact::default()
            };
            self.facts.vars.insert(obj, fact);
        }
    }

    fn declare_ident(&mut self, ident: NodeId) {
        let obj = self.l.prog.pkg(self.pkg).info.def_of(ident);
        self.declare(obj);
    }

    fn declare_fields(&mut self, list: &FieldList) {
        for f in &list.fields {
            for name in &f.names {
                self.declare_ident(name.id);
            }
            if f.names.is_empty() {
                let obj = self.l.prog.pkg(self.pkg).info.implicits.get(&f.id).copied();
                self.declare(obj);
            }
        }
    }

    fn declare_signature(&mut self, ty: &FuncType) {
        self.declare_fields(&ty.params);
        if let Some(results) = &ty.results {
            self.declare_fields(results);
            // A `return` with values assigns them.
            for name in results.fields.iter().flat_map(|f| &f.names) {
                let obj = self.l.prog.pkg(self.pkg).info.def_of(name.id);
                if let Some(fact) = obj.and_then(|o| self.facts.vars.get_mut(&o)) {
                    fact.assigned = true;
                }
            }
        }
    }

    fn use_var(&mut self, obj: ObjId) {
        let Some(fact) = self.facts.vars.get_mut(&obj) else {
            return;
        };
        if fact.level == self.level {
            return;
        }
        fact.captured = true;
        let home = fact.level;
        let mut at = self.level;
        while at != home {
            let (outer, node, _) = self.levels[at as usize];
            let Some(node) = node else { break };
            let captures = &mut self.facts.literals.entry(node).or_default().1;
            if !captures.contains(&obj) {
                captures.push(obj);
            }
            at = outer;
        }
    }

    /// The variable that a place is part of.
    fn root(&mut self, e: &Expr) -> Option<ObjId> {
        let info = &self.l.prog.pkg(self.pkg).info;
        match &e.kind {
            ExprKind::Paren(p) => self.root(&p.x),
            ExprKind::Ident(_) => {
                let obj = info.object_of(e.id)?;
                self.facts.vars.contains_key(&obj).then_some(obj)
            }
            ExprKind::Selector(s) => {
                let sel = info.selections.get(&e.id)?;
                if sel.indirect || sel.kind != SelectionKind::Field {
                    return None;
                }
                let ty = self.rtype(&s.x);
                match self.l.under_kind(ty) {
                    RKind::Pointer(_) => None,
                    _ => self.root(&s.x),
                }
            }
            ExprKind::Index(i) => {
                let ty = self.rtype(&i.x);
                match self.l.under_kind(ty) {
                    RKind::Array(..) => self.root(&i.x),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn take_address(&mut self, e: &Expr) {
        if let Some(obj) = self.root(e)
            && let Some(fact) = self.facts.vars.get_mut(&obj)
        {
            fact.address = true;
        }
    }

    fn assign(&mut self, e: &Expr) {
        if let Some(obj) = self.root(e)
            && let Some(fact) = self.facts.vars.get_mut(&obj)
        {
            fact.assigned = true;
        }
    }

    /// The left side of `:=`: new names are declared, others assigned.
    fn define(&mut self, e: &Expr) {
        match self.l.prog.pkg(self.pkg).info.def_of(e.id) {
            Some(obj) => self.declare(Some(obj)),
            None => self.assign(e),
        }
    }

    fn enter(&mut self, node: NodeId, range: bool) -> (u32, u32, bool) {
        let saved = (self.level, self.loops, self.has_labels);
        self.level = self.levels.len() as u32;
        self.levels.push((saved.0, Some(node), range));
        self.facts.literals.entry(node).or_default().0 = self.level;
        (self.loops, self.has_labels) = (0, false);
        saved
    }

    fn leave(&mut self, saved: (u32, u32, bool)) {
        (self.level, self.loops, self.has_labels) = saved;
    }

    fn literal(&mut self, node: NodeId, lit: &FuncLit) {
        let saved = self.enter(node, false);
        self.declare_signature(&lit.ty);
        self.visit_block(&lit.body);
        self.leave(saved);
    }

    /// The level of the function that a range-func body belongs to.
    fn real_level(&self) -> u32 {
        let mut at = self.level;
        while self.levels[at as usize].2 {
            at = self.levels[at as usize].0;
        }
        at
    }

    fn defer_stmt(&mut self, node: NodeId) {
        let at = self.real_level();
        let through = at != self.level;
        let in_loop = self.loops > 0 || self.has_labels;
        let facts = self.facts.defers.entry(at).or_default();
        facts.first.get_or_insert(node);
        if through {
            facts.in_range_func = true;
        } else if in_loop {
            facts.in_loops += 1;
            self.facts.repeated_defers.insert(node);
        } else {
            facts.plain += 1;
        }
    }

    fn range(&mut self, id: NodeId, s: &RangeStmt) {
        self.visit_expr(&s.x);
        let over = self.rtype(&s.x);
        let over_func = matches!(self.l.under_kind(over), RKind::Func(_));
        let vars: Vec<&Expr> = s.key.iter().chain(s.value.iter()).collect();
        if over_func {
            let saved = self.enter(id, true);
            self.range_vars(s, &vars);
            self.visit_block(&s.body);
            self.leave(saved);
            return;
        }
        self.range_vars(s, &vars);
        self.loops += 1;
        self.visit_block(&s.body);
        self.loops -= 1;
    }

    fn range_vars(&mut self, s: &RangeStmt, vars: &[&Expr]) {
        for v in vars {
            if s.define {
                self.define(v);
                if self.old_loops {
                    self.assign(v);
                }
            } else {
                self.visit_expr(v);
                self.assign(v);
            }
        }
    }
}

impl Visitor for Walker<'_, '_> {
    fn visit_decl(&mut self, decl: &Decl) {
        if let Decl::Var(group) = decl {
            for spec in &group.specs {
                spec.values.iter().for_each(|v| self.visit_expr(v));
                spec.names.iter().for_each(|n| self.declare_ident(n.id));
            }
        }
    }

    fn visit_stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign(s) => {
                s.rhs.iter().for_each(|e| self.visit_expr(e));
                for e in &s.lhs {
                    if s.op == AssignOp::Define {
                        self.define(e);
                        self.visit_expr(e);
                    } else {
                        self.visit_expr(e);
                        self.assign(e);
                    }
                }
            }
            StmtKind::IncDec(s) => {
                self.visit_expr(&s.x);
                self.assign(&s.x);
            }
            StmtKind::Range(s) => self.range(stmt.id, s),
            StmtKind::For(s) => {
                if let Some(init) = &s.init {
                    self.visit_stmt(init);
                }
                self.loops += 1;
                s.cond.iter().for_each(|e| self.visit_expr(e));
                s.post.iter().for_each(|p| self.visit_stmt(p));
                self.visit_block(&s.body);
                self.loops -= 1;
            }
            StmtKind::TypeSwitch(s) => {
                s.init.iter().for_each(|i| self.visit_stmt(i));
                self.visit_expr(&s.guard);
                for c in &s.clauses {
                    let obj = self.l.prog.pkg(self.pkg).info.implicits.get(&c.id).copied();
                    self.declare(obj);
                    c.body.iter().for_each(|b| self.visit_stmt(b));
                }
            }
            StmtKind::Defer(call) => {
                self.defer_stmt(stmt.id);
                self.visit_expr(call);
            }
            StmtKind::Return(_) => {
                self.facts.defers.entry(self.level).or_default().returns += 1;
                visit::walk_stmt(self, stmt);
            }
            StmtKind::Branch(b) if b.kind == BranchKind::Goto => {
                self.facts.gotos.extend(b.label.map(|l| l.name));
            }
            StmtKind::Labeled(l) => {
                self.facts.labels.insert((self.level, l.label.name));
                self.has_labels = true;
                visit::walk_stmt(self, stmt);
            }
            _ => visit::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, e: &Expr) {
        match &e.kind {
            ExprKind::Ident(_) => {
                if let Some(obj) = self.l.prog.pkg(self.pkg).info.use_of(e.id) {
                    self.use_var(obj);
                    if let ObjKind::Builtin(goxide_types::Builtin::Recover) =
                        self.l.prog.obj(obj).kind
                    {
                        let at = self.real_level();
                        self.facts.defers.entry(at).or_default().recovers = true;
                    }
                }
            }
            ExprKind::FuncLit(lit) => self.literal(e.id, lit),
            ExprKind::Unary(u) if u.op == UnaryOp::Addr => {
                self.take_address(&u.x);
                self.visit_expr(&u.x);
            }
            ExprKind::Slice(s) => {
                let ty = self.rtype(&s.x);
                if let RKind::Array(..) = self.l.under_kind(ty) {
                    self.take_address(&s.x);
                }
                visit::walk_expr(self, e);
            }
            ExprKind::Selector(s) => {
                let sel = self
                    .l
                    .prog
                    .pkg(self.pkg)
                    .info
                    .selections
                    .get(&e.id)
                    .cloned();
                if let Some(sel) =
                    sel.filter(|s| s.kind == SelectionKind::MethodValue && !s.indirect)
                {
                    let ptr_recv = self.l.prog.obj(sel.obj).func().is_some_and(|f| f.ptr_recv);
                    if ptr_recv {
                        self.take_address(&s.x);
                    }
                }
                self.visit_expr(&s.x);
            }
            ExprKind::CompositeLit(c) => {
                for elem in &c.elems {
                    match &elem.kind {
                        // A struct's field names are no expressions; other keys are.
                        ExprKind::KeyValue(kv) => {
                            let ty = self.rtype(e);
                            let ty = match self.l.under_kind(ty) {
                                RKind::Pointer(to) => to,
                                _ => ty,
                            };
                            if !matches!(self.l.under_kind(ty), RKind::Struct(_)) {
                                self.visit_expr(&kv.key);
                            }
                            self.visit_expr(&kv.value);
                        }
                        _ => self.visit_expr(elem),
                    }
                }
            }
            _ => visit::walk_expr(self, e),
        }
    }
}

impl Facts {
    /// Facts about a variable; of one that was not seen, the careful ones.
    pub fn var(&self, obj: ObjId) -> VarFact {
        self.vars.get(&obj).copied().unwrap_or(VarFact {
            level: u32::MAX,
            captured: true,
            address: true,
            assigned: true,
        })
    }

    /// Level and captures of a function literal or range-func statement.
    pub fn literal(&self, node: NodeId) -> (u32, Vec<ObjId>) {
        self.literals.get(&node).cloned().unwrap_or_default()
    }

    /// Deferred calls of the function at a level.
    pub fn defer(&self, level: u32) -> DeferFacts {
        self.defers.get(&level).copied().unwrap_or_default()
    }
}
