//! Function bodies and statements. Labels and branches are checked with the syntax.

use crate::builtin::CallKind;
use crate::checker::{Checker, Env};
use crate::constant::Value;
use crate::info::Mode;
use crate::object::{ObjId, ObjKind};
use crate::operand::{OpMode, Operand};
use crate::package::TypeError;
use crate::scope::ScopeId;
use crate::types::*;
use goxide_base::{Pos, Symbol, task};
use goxide_syntax::ast::*;
use goxide_syntax::expr_string;
use std::sync::Arc;

impl<'a> Checker<'_, 'a> {
    /// Checks a function's body in `scope`, which has its parameters. `decl` is the
    /// package-level declaration that gets the dependencies, `iota` the surrounding
    /// constant declaration's value for function literals. The environment is saved and
    /// restored.
    pub fn func_body(
        &mut self,
        decl: Option<ObjId>,
        name: Symbol,
        sig: Arc<Signature>,
        scope: ScopeId,
        body: &'a Block,
        iota: Option<Value>,
    ) {
        if decl.is_some() {
            task::working_on("check", name);
        }
        let version = self.env.version;
        let results = !sig.results.is_empty();
        let env = Env {
            decl,
            scope,
            version,
            iota,
            sig: Some(sig),
            ..Env::default()
        };
        let outer = std::mem::replace(&mut self.env, env);
        let outer_locals = std::mem::take(&mut self.locals);
        self.stmts(&body.stmts);
        if results && !self.ends_block(&body.stmts) {
            self.err(body.rbrace, "MissingReturn", "missing return");
        }
        self.unused_locals();
        self.locals = outer_locals;
        self.env = outer;
    }

    /// Reports local variables of the function that were never read.
    fn unused_locals(&mut self) {
        for obj in std::mem::take(&mut self.locals) {
            let o = self.p.obj(obj);
            if o.var().is_some_and(|v| !v.used) {
                let (pos, msg) = (o.pos, format!("declared and not used: {}", o.name));
                self.soft_err(pos, "UnusedVar", msg);
            }
        }
    }

    /// Checks statements in order.
    pub fn stmts(&mut self, list: &'a [Stmt]) {
        for s in list {
            self.stmt(s);
        }
    }

    fn block(&mut self, b: &'a Block) {
        self.open_scope(b.id);
        self.stmts(&b.stmts);
        self.close_scope();
    }

    fn opt_stmt(&mut self, s: Option<&'a Stmt>) {
        if let Some(s) = s {
            self.stmt(s);
        }
    }

    /// Checks a statement, and what it has put off.
    pub fn stmt(&mut self, s: &'a Stmt) {
        let top = self.delayed.len();
        self.stmt_form(s);
        self.process_delayed(top);
    }

    fn stmt_form(&mut self, s: &'a Stmt) {
        match &s.kind {
            // Branches are checked with the syntax.
            StmtKind::Bad | StmtKind::Empty | StmtKind::Branch(_) => {}
            StmtKind::Decl(d) => self.decl_stmt(d),
            StmtKind::Labeled(l) => self.stmt(&l.stmt),
            StmtKind::Expr(e) => self.expr_stmt(e),
            StmtKind::Send(send) => self.send_stmt(send),
            StmtKind::IncDec(x) => self.inc_dec(x),
            StmtKind::Assign(a) => self.assign_stmt(s.pos, a),
            StmtKind::Go(e) => self.suspended_call("go", "InvalidGo", e),
            StmtKind::Defer(e) => self.suspended_call("defer", "InvalidDefer", e),
            StmtKind::Return(values) => self.return_stmt(s.pos, values),
            StmtKind::Block(b) => self.block(b),
            StmtKind::If(i) => {
                self.open_scope(s.id);
                self.opt_stmt(i.init.as_ref());
                self.condition(&i.cond, "if");
                self.block(&i.then);
                self.opt_stmt(i.els.as_ref());
                self.close_scope();
            }
            StmtKind::Switch(sw) => {
                self.open_scope(s.id);
                self.opt_stmt(sw.init.as_ref());
                self.switch_stmt(sw);
                self.close_scope();
            }
            StmtKind::TypeSwitch(sw) => {
                self.open_scope(s.id);
                self.opt_stmt(sw.init.as_ref());
                self.type_switch_stmt(sw);
                self.close_scope();
            }
            StmtKind::Select(sel) => self.select_stmt(sel),
            StmtKind::For(f) => {
                self.open_scope(s.id);
                self.for_stmt(f);
                self.close_scope();
            }
            StmtKind::Range(r) => self.range_stmt(s, r),
        }
    }

    fn condition(&mut self, e: &'a Expr, of: &str) {
        let x = self.expr(None, e);
        if x.ok() && !self.p.all_boolean(x.ty) {
            let msg = format!("non-boolean condition in {of} statement");
            self.err(e.start(), "InvalidCond", msg);
        }
    }

    fn for_stmt(&mut self, f: &'a ForStmt) {
        self.opt_stmt(f.init.as_ref());
        if let Some(cond) = &f.cond {
            self.condition(cond, "for");
        }
        self.opt_stmt(f.post.as_ref());
        if let Some(StmtKind::Assign(a)) = f.post.as_ref().map(|s| &s.kind)
            && a.op == AssignOp::Define
        {
            // The parser has complained; not about unused variables as well.
            self.use_exprs(&a.lhs);
        }
        self.block(&f.body);
    }

    fn expr_stmt(&mut self, e: &'a Expr) {
        let x = self.raw_expr(None, e, None, false);
        let (code, what) = match x.mode {
            OpMode::Invalid => return,
            OpMode::Builtin(_) => ("UncalledBuiltin", "must be called"),
            OpMode::TypeExpr => ("NotAnExpr", "is not an expression"),
            _ if self.call_kind(e) == CallKind::Statement => return,
            _ => ("UnusedExpr", "is not used"),
        };
        let msg = format!("{} {what}", self.show(&x));
        self.err(x.pos(), code, msg);
    }

    /// What an expression, already checked, is as a statement.
    fn call_kind(&mut self, e: &'a Expr) -> CallKind {
        match &e.unparen().kind {
            ExprKind::Unary(u) if u.op == UnaryOp::Recv => CallKind::Statement,
            ExprKind::Call(call) => match self.info().mode(call.fun.id) {
                Some(Mode::TypeExpr) => CallKind::Conversion,
                Some(Mode::Builtin) => self.builtin_kind(&call.fun),
                _ => CallKind::Statement,
            },
            _ => CallKind::Expression,
        }
    }

    fn builtin_kind(&mut self, fun: &Expr) -> CallKind {
        let fun = fun.unparen();
        let id = match &fun.kind {
            ExprKind::Selector(s) => s.sel.id,
            _ => fun.id,
        };
        match self.info().use_of(id).map(|o| &self.p.obj(o).kind) {
            Some(ObjKind::Builtin(b)) => b.call_kind(),
            _ => CallKind::Statement,
        }
    }

    fn suspended_call(&mut self, keyword: &str, code: &'static str, e: &'a Expr) {
        if !matches!(e.kind, ExprKind::Call(_)) {
            let msg = format!("expression in {keyword} must be function call");
            self.err(e.start(), code, msg);
            self.use_exprs([e]);
            return;
        }
        let x = self.raw_expr(None, e, None, false);
        if !x.ok() {
            return;
        }
        let (code, what) = match self.call_kind(e) {
            CallKind::Statement => return,
            CallKind::Conversion => (code, "requires function call, not conversion"),
            CallKind::Expression => ("UnusedResults", "discards result of"),
        };
        let msg = format!("{keyword} {what} {}", self.show(&x));
        self.err(x.pos(), code, msg);
    }

    fn send_stmt(&mut self, s: &'a SendStmt) {
        let chan = self.expr(None, &s.chan);
        let mut value = self.generic_expr(&s.value);
        if !chan.ok() || !value.ok() {
            return;
        }
        if let Some(elem) = self.chan_elem(&chan, chan.ty, false) {
            self.assignment(&mut value, Some(elem), "send");
        }
    }

    fn inc_dec(&mut self, s: &'a IncDecStmt) {
        let x = self.expr(None, &s.x);
        if !x.ok() {
            return;
        }
        if !self.p.all_numeric(x.ty) {
            let op = if s.inc { "++" } else { "--" };
            let (shown, ty) = (expr_string(&s.x), self.ts(x.ty));
            let msg = format!("invalid operation: {shown}{op} (non-numeric type {ty})");
            self.err(s.x.start(), "NonNumericIncDec", msg);
            return;
        }
        self.assign_var(&s.x, None, Some(x), "assignment");
    }

    fn assign_stmt(&mut self, pos: Pos, a: &'a AssignStmt) {
        let op = match a.op {
            AssignOp::Assign => return self.assign_vars(&a.lhs, &a.rhs),
            AssignOp::Define => return self.short_var_decl(pos, &a.lhs, &a.rhs),
            AssignOp::Op(op) => op,
        };
        let ([lhs], [rhs]) = (a.lhs.as_slice(), a.rhs.as_slice()) else {
            let msg = format!(
                "assignment operation {}= requires single-valued expressions",
                op.as_str()
            );
            self.err(pos, "MultiValAssignOp", msg);
            return;
        };
        let x = self.expr(None, lhs);
        let x = self.binary_with_left(None, x, lhs, rhs, op, a.op_pos);
        self.assign_var(lhs, None, Some(x), "assignment");
    }

    fn return_stmt(&mut self, pos: Pos, values: &'a [Expr]) {
        let Some(sig) = self.env.sig.clone() else {
            return;
        };
        let named = sig
            .results
            .first()
            .is_some_and(|&r| !self.p.obj(r).name.is_empty());
        if !values.is_empty() || !named {
            self.init_vars(&sig.results, values, Some(pos));
            return;
        }
        for &result in sig.results.iter() {
            let name = self.p.obj(result).name;
            let Some(other) = self.lookup(name).filter(|&o| o != result) else {
                continue;
            };
            if name.is_blank() {
                continue;
            }
            let related = vec![(
                self.p.obj(other).pos,
                format!("inner declaration of {name}"),
            )];
            let msg = format!("result parameter {name} not in scope at return");
            let code = "OutOfScopeResult";
            self.report(TypeError {
                pos,
                msg,
                related,
                code,
                soft: false,
            });
        }
    }

    fn select_stmt(&mut self, s: &'a SelectStmt) {
        let defaults = s.clauses.iter().filter(|c| c.comm.is_none()).map(|c| c.pos);
        self.multiple_defaults(defaults.collect());
        for clause in &s.clauses {
            if let Some(comm) = &clause.comm
                && !is_communication(comm)
            {
                let msg = "select case must be send or receive (possibly with assignment)";
                self.err(comm.pos, "InvalidSelectCase", msg);
                continue;
            }
            self.open_scope(clause.id);
            self.opt_stmt(clause.comm.as_ref());
            self.stmts(&clause.body);
            self.close_scope();
        }
    }

    /// Reports all but the first of the `default` clauses at these positions.
    pub fn multiple_defaults(&mut self, positions: Vec<Pos>) {
        for &pos in positions.iter().skip(1) {
            let first = positions[0].in_message();
            let msg = format!("multiple defaults (first at {first})");
            self.err(pos, "DuplicateDefault", msg);
        }
    }
}

/// Whether a statement may stand after `case` in a select.
fn is_communication(s: &Stmt) -> bool {
    let received = match &s.kind {
        StmtKind::Send(_) => return true,
        StmtKind::Expr(e) => e,
        StmtKind::Assign(a) if a.rhs.len() == 1 => &a.rhs[0],
        _ => return false,
    };
    matches!(&received.unparen().kind, ExprKind::Unary(u) if u.op == UnaryOp::Recv)
}

/// A value operand of a given type that stands for an expression.
pub(crate) fn value_operand<'a>(e: &'a Expr, ty: TypeId) -> Operand<'a> {
    Operand::new(OpMode::Value, ty, e)
}
