//! Statements.

use super::{FuncLower, Jump, Listed, Mem, Place, Val};
use goxide_base::Symbol;
use goxide_ir::{Block, Value};
use goxide_syntax::ast::{
    self, BranchKind, BranchStmt, Decl, Expr, ExprKind, ForStmt, IfStmt, Stmt, StmtKind,
};
use goxide_types::ObjId;

impl FuncLower<'_, '_> {
    /// Statements in order.
    pub fn stmts(&mut self, list: &[Stmt]) {
        for s in list {
            // What cannot be reached is left out, unless something jumps into it.
            if self.b.is_reachable() || matches!(s.kind, StmtKind::Labeled(_)) {
                self.stmt(s);
            }
        }
    }

    /// A block.
    pub fn block(&mut self, b: &ast::Block) {
        self.stmts(&b.stmts);
    }

    /// One statement.
    pub fn stmt(&mut self, s: &Stmt) {
        // Not taken, it would have been evaluated twice.
        assert!(self.early.is_empty(), "values that nobody has taken");
        self.at(s.pos);
        let label = self.pending_label.take();
        match &s.kind {
            StmtKind::Bad | StmtKind::Empty => {}
            StmtKind::Decl(d) => self.local_decl(d),
            StmtKind::Labeled(l) => {
                if self.shared.facts.gotos.contains(&l.label.name) {
                    let block = self.label_block(l.label.name);
                    self.b.jump(block);
                    self.b.switch_to(block);
                } else if !self.b.is_reachable() {
                    return;
                }
                self.pending_label = Some(l.label.name);
                let jump = !matches!(
                    l.stmt.kind,
                    StmtKind::For(_)
                        | StmtKind::Range(_)
                        | StmtKind::Switch(_)
                        | StmtKind::TypeSwitch(_)
                        | StmtKind::Select(_)
                );
                if jump {
                    // `break L` can leave any labelled block only of those kinds.
                    self.pending_label = None;
                }
                self.stmt(&l.stmt);
            }
            StmtKind::Expr(e) => self.discard(e),
            StmtKind::Send(send) => self.send_stmt(s, send),
            StmtKind::IncDec(i) => self.inc_dec(i),
            StmtKind::Assign(a) => self.assign_stmt(a),
            StmtKind::Go(call) => self.go_stmt(s.pos, call),
            StmtKind::Defer(call) => self.defer_stmt(s.id, s.pos, call),
            StmtKind::Return(results) => self.return_stmt(results),
            StmtKind::Branch(b) => self.branch_stmt(s, b),
            StmtKind::Block(b) => self.block(b),
            StmtKind::If(i) => self.if_stmt(i),
            StmtKind::Switch(w) => self.switch_stmt(w, label),
            StmtKind::TypeSwitch(w) => self.type_switch(w, label),
            StmtKind::Select(w) => self.select_stmt(s.pos, w, label),
            StmtKind::For(f) => self.for_stmt(f, label),
            StmtKind::Range(r) => self.range_stmt(s, r, label),
        }
    }

    fn local_decl(&mut self, d: &Decl) {
        if let Decl::Var(group) = d {
            for spec in &group.specs {
                self.at(spec.pos);
                self.var_spec(spec);
            }
        }
    }

    /// The block of a label, made when first met.
    pub fn label_block(&mut self, label: Symbol) -> Block {
        if let Some(&block) = self.labels.get(&label) {
            return block;
        }
        let block = self.b.new_block();
        self.labels.insert(label, block);
        block
    }

    fn if_stmt(&mut self, s: &IfStmt) {
        if let Some(init) = &s.init {
            self.stmt(init);
        }
        let (then, done) = (self.b.new_block(), self.b.new_block());
        let other = if s.els.is_some() {
            self.b.new_block()
        } else {
            done
        };
        self.cond(&s.cond, then, other);
        self.b.switch_to_sealed(then);
        self.block(&s.then);
        self.b.jump(done);
        if let Some(els) = &s.els {
            self.b.switch_to_sealed(other);
            self.stmt(els);
            self.b.jump(done);
        }
        self.end_block(done);
    }

    /// Goes on in a block that may have no predecessors: then what follows is unreachable.
    pub fn end_block(&mut self, block: Block) {
        self.b.switch_to_sealed(block);
        if !self.b.has_predecessors(block) {
            self.unreachable();
        }
    }

    /// Runs `body` with `break` and `continue` going to these blocks.
    pub fn with_jump(
        &mut self,
        label: Option<Symbol>,
        break_to: Block,
        continue_to: Option<Block>,
        body: impl FnOnce(&mut Self),
    ) {
        self.jumps.push(Jump {
            label,
            break_to: Some(break_to),
            continue_to,
        });
        body(self);
        self.jumps.pop();
    }

    fn branch_stmt(&mut self, s: &Stmt, b: &BranchStmt) {
        let label = b.label.map(|l| l.name);
        if b.kind == BranchKind::Fallthrough {
            // `switch` takes the ones that end its clauses.
            return self.fallthrough();
        }
        match self.jump_target(b.kind, label) {
            Some(block) => self.b.jump(block),
            None if self.range_func.is_some() => {
                self.leave_range_func(super::rangefunc::Exit::Jump(b.kind, label))
            }
            None => self.unsupported(s.pos, "jump out of here"),
        }
    }

    /// Where a jump goes, if that is inside this function.
    pub fn jump_target(&mut self, kind: BranchKind, label: Option<Symbol>) -> Option<Block> {
        match kind {
            BranchKind::Break => {
                let mut jumps = self.jumps.iter().rev();
                jumps
                    .find(|j| label.is_none() || j.label == label)
                    .and_then(|j| j.break_to)
            }
            BranchKind::Continue => {
                let mut jumps = self.jumps.iter().rev();
                let found = jumps.find(|j| match label {
                    None => j.continue_to.is_some(),
                    some => j.label == some,
                });
                found.and_then(|j| j.continue_to)
            }
            BranchKind::Goto => match label {
                Some(label)
                    if self.range_func.is_none()
                        || self.shared.facts.labels.contains(&(self.level, label)) =>
                {
                    Some(self.label_block(label))
                }
                _ => None,
            },
            BranchKind::Fallthrough => None,
        }
    }

    // ---- loops ----

    fn for_stmt(&mut self, s: &ForStmt, label: Option<Symbol>) {
        if let Some(init) = &s.init {
            self.stmt(init);
        }
        let copied = self.copied_loop_vars(s);
        let boxes: Vec<_> = copied
            .iter()
            .map(|&(obj, addr)| {
                let var = self.b.new_var(goxide_ir::Ty::Ptr);
                self.b.def_var(var, addr);
                (obj, var)
            })
            .collect();
        let (header, body) = (self.b.new_block(), self.b.new_block());
        let (post, done) = (self.b.new_block(), self.b.new_block());
        self.b.jump(header);
        self.b.switch_to(header);
        for &(obj, var) in &boxes {
            let addr = self.b.use_var(var);
            self.places.insert(obj, Place::Mem(Mem::safe(addr)));
        }
        match &s.cond {
            Some(cond) => self.cond(cond, body, done),
            None => self.b.jump(body),
        }
        self.b.switch_to_sealed(body);
        self.with_jump(label, done, Some(post), |this| this.block(&s.body));
        self.b.jump(post);
        self.b.switch_to_sealed(post);
        for &(obj, var) in &boxes {
            let addr = self.next_iteration(obj);
            self.b.def_var(var, addr);
        }
        if let Some(p) = &s.post {
            self.stmt(p);
        }
        self.b.jump(header);
        self.b.seal(header);
        self.end_block(done);
    }

    /// Loop variables in objects of their own, of which each iteration has another one.
    fn copied_loop_vars(&mut self, s: &ForStmt) -> Vec<(ObjId, Value)> {
        if !self.shared.version.per_iteration_vars() {
            return Vec::new();
        }
        let Some(StmtKind::Assign(a)) = s.init.as_ref().map(|i| &i.kind) else {
            return Vec::new();
        };
        let defined = a
            .lhs
            .iter()
            .filter_map(|e| self.info().def_of(e.id))
            .collect::<Vec<_>>();
        let mut list = Vec::new();
        for obj in defined {
            if self.shared.facts.var(obj).shared()
                && let Some(Place::Mem(mem)) = self.places.get(&obj).cloned()
            {
                list.push((obj, self.mem_addr(mem)));
            }
        }
        list
    }

    fn next_iteration(&mut self, obj: ObjId) -> Value {
        let ty = self.obj_type(obj);
        let name = self.l.prog.obj(obj).name;
        let old = self.var_place(obj, goxide_base::Pos::NONE);
        let val = self.read(&old, ty);
        let new = self.boxed(ty, Some(name), Some(&val));
        self.places.insert(obj, new.clone());
        match new {
            Place::Mem(mem) => mem.addr,
            _ => self.nil(),
        }
    }

    // ---- return ----

    fn return_stmt(&mut self, exprs: &[Expr]) {
        if self.range_func.is_some() {
            return self.return_from_range_func(exprs);
        }
        if exprs.is_empty() {
            return self.return_now();
        }
        let values = self.return_values(exprs);
        if self.results.is_empty() {
            return self.return_these(&values);
        }
        let types = self.abi.results.clone();
        let places = self.results.clone();
        for (i, ((place, &ty), val)) in places.iter().zip(types.iter()).zip(&values).enumerate() {
            if exprs.len() == 1 || !self.returns_itself(i, &exprs[i]) {
                self.write(place, ty, val);
            }
        }
        self.return_now();
    }

    /// Whether a returned expression is the result variable in memory that it would be
    /// copied to.
    fn returns_itself(&self, i: usize, e: &Expr) -> bool {
        let e = e.unparen();
        let ExprKind::Ident(_) = e.kind else {
            return false;
        };
        let variable = self
            .info()
            .use_of(e.id)
            .and_then(|obj| self.places.get(&obj));
        match (variable, self.results.get(i)) {
            (Some(Place::Mem(a)), Some(Place::Mem(b))) => (a.addr, a.offset) == (b.addr, b.offset),
            _ => false,
        }
    }

    /// The values of a `return`, converted to the result types.
    pub fn return_values(&mut self, exprs: &[Expr]) -> Vec<Val> {
        let types = self.abi.results.clone();
        if exprs.len() == 1 && types.len() > 1 {
            let values = self.several(&exprs[0]);
            return values
                .into_iter()
                .zip(types.iter())
                .map(|((val, from), &to)| self.assign_convert(val, from, to))
                .collect();
        }
        let list = exprs.iter().zip(types.iter());
        self.first_round(list.clone().map(|(e, &ty)| Listed::As(e, ty)));
        let mut values = Vec::new();
        for (i, (e, &ty)) in list.enumerate() {
            let val = self.expr_as(e, ty);
            let val = if exprs.len() > 1 && !self.returns_itself(i, e) {
                self.stable(val, ty)
            } else {
                val
            };
            values.push(val);
        }
        values
    }

    /// Returns what the result variables hold.
    pub fn return_now(&mut self) {
        self.run_deferred();
        let types = self.abi.results.clone();
        let places = self.results.clone();
        let values: Vec<Val> = if places.is_empty() {
            types.iter().map(|&ty| self.zero(ty)).collect()
        } else {
            places
                .iter()
                .zip(types.iter())
                .map(|(p, &ty)| self.read(p, ty))
                .collect()
        };
        self.return_these(&values);
    }

    /// Returns these values of the result types.
    pub fn return_these(&mut self, values: &[Val]) {
        let abi = self.abi.clone();
        if let (Some(layout), Some(area)) = (&abi.area, self.area) {
            for (i, (val, &ty)) in values.iter().zip(abi.results.iter()).enumerate() {
                let mem = self.offset_mem(Mem::safe(area), layout.fields[i]);
                self.store(mem, ty, val);
            }
            return self.b.ret([]);
        }
        let mut scalars = Vec::new();
        for val in values {
            if let Val::Scalars(s) = val {
                scalars.extend(s.iter().copied());
            }
        }
        self.b.ret(scalars);
    }
}
