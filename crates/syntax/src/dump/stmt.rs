//! From our tree to the nodes of `go/ast`: statements.

use super::tree::{Builder, ident};
use super::value::Node;
use crate::ast::*;
use goxide_base::Pos;

impl Builder<'_> {
    pub(super) fn block(&self, block: &Block) -> Node {
        let stmts = self.stmts(&block.stmts);
        braced(block.lbrace, stmts, block.rbrace)
    }

    fn stmts(&self, list: &[Stmt]) -> Vec<Node> {
        list.iter().map(|s| self.stmt(s)).collect()
    }

    fn opt_stmt(&self, stmt: Option<&Stmt>) -> Option<Node> {
        stmt.map(|s| self.stmt(s))
    }

    fn stmt(&self, s: &Stmt) -> Node {
        match &s.kind {
            StmtKind::Bad => Node::new("BadStmt").field("From", s.pos).field("To", s.pos),
            StmtKind::Empty => Node::new("EmptyStmt")
                .field("Semicolon", s.pos)
                .field("Implicit", !self.is_semicolon(s.pos)),
            StmtKind::Decl(d) => Node::new("DeclStmt").field("Decl", self.decl(d)),
            StmtKind::Labeled(e) => Node::new("LabeledStmt")
                .field("Label", ident(&e.label))
                .field("Colon", e.colon)
                .field("Stmt", self.stmt(&e.stmt)),
            StmtKind::Expr(x) => Node::new("ExprStmt").field("X", self.expr(x)),
            StmtKind::Send(e) => Node::new("SendStmt")
                .field("Chan", self.expr(&e.chan))
                .field("Arrow", e.arrow)
                .field("Value", self.expr(&e.value)),
            StmtKind::IncDec(e) => Node::new("IncDecStmt")
                .field("X", self.expr(&e.x))
                .field("TokPos", e.op_pos)
                .field("Tok", if e.inc { "++" } else { "--" }),
            StmtKind::Assign(e) => self.assign(e),
            StmtKind::Go(x) => Node::new("GoStmt")
                .field("Go", s.pos)
                .field("Call", self.expr(x)),
            StmtKind::Defer(x) => Node::new("DeferStmt")
                .field("Defer", s.pos)
                .field("Call", self.expr(x)),
            StmtKind::Return(results) => Node::new("ReturnStmt").field("Return", s.pos).list(
                "Results",
                "[]ast.Expr",
                self.exprs(results),
            ),
            StmtKind::Branch(e) => Node::new("BranchStmt")
                .field("TokPos", s.pos)
                .field("Tok", e.kind.as_str())
                .opt("Label", e.label.as_ref().map(ident)),
            StmtKind::Block(b) => self.block(b),
            _ => self.compound(s),
        }
    }

    fn compound(&self, s: &Stmt) -> Node {
        match &s.kind {
            StmtKind::If(e) => Node::new("IfStmt")
                .field("If", s.pos)
                .opt("Init", self.opt_stmt(e.init.as_ref()))
                .field("Cond", self.expr(&e.cond))
                .field("Body", self.block(&e.then))
                .opt("Else", self.opt_stmt(e.els.as_ref())),
            StmtKind::Switch(e) => Node::new("SwitchStmt")
                .field("Switch", s.pos)
                .opt("Init", self.opt_stmt(e.init.as_ref()))
                .opt("Tag", e.tag.as_ref().map(|x| self.expr(x)))
                .field("Body", self.clauses(e.lbrace, &e.clauses, e.rbrace)),
            StmtKind::TypeSwitch(e) => Node::new("TypeSwitchStmt")
                .field("Switch", s.pos)
                .opt("Init", self.opt_stmt(e.init.as_ref()))
                .field("Assign", self.guard(e))
                .field("Body", self.clauses(e.lbrace, &e.clauses, e.rbrace)),
            StmtKind::Select(e) => {
                let clauses = e.clauses.iter().map(|c| {
                    Node::new("CommClause")
                        .field("Case", c.pos)
                        .opt("Comm", self.opt_stmt(c.comm.as_ref()))
                        .field("Colon", c.colon)
                        .list("Body", "[]ast.Stmt", self.stmts(&c.body))
                });
                let body = braced(e.lbrace, clauses.collect(), e.rbrace);
                Node::new("SelectStmt")
                    .field("Select", s.pos)
                    .field("Body", body)
            }
            StmtKind::For(e) => Node::new("ForStmt")
                .field("For", s.pos)
                .opt("Init", self.opt_stmt(e.init.as_ref()))
                .opt("Cond", e.cond.as_ref().map(|x| self.expr(x)))
                .opt("Post", self.opt_stmt(e.post.as_ref()))
                .field("Body", self.block(&e.body)),
            StmtKind::Range(e) => Node::new("RangeStmt")
                .field("For", s.pos)
                .opt("Key", e.key.as_ref().map(|x| self.expr(x)))
                .opt("Value", e.value.as_ref().map(|x| self.expr(x)))
                .field("TokPos", e.op_pos)
                .field(
                    "Tok",
                    match (&e.key, e.define) {
                        (None, _) => "ILLEGAL",
                        (_, true) => ":=",
                        (_, false) => "=",
                    },
                )
                .field("Range", e.range_pos)
                .field("X", self.expr(&e.x))
                .field("Body", self.block(&e.body)),
            other => unreachable!("not a compound statement: {other:?}"),
        }
    }

    fn assign(&self, e: &AssignStmt) -> Node {
        let tok = match e.op {
            AssignOp::Assign => "=".into(),
            AssignOp::Define => ":=".into(),
            AssignOp::Op(op) => format!("{}=", op.as_str()),
        };
        Node::new("AssignStmt")
            .list("Lhs", "[]ast.Expr", self.exprs(&e.lhs))
            .field("TokPos", e.op_pos)
            .field("Tok", tok.as_str())
            .list("Rhs", "[]ast.Expr", self.exprs(&e.rhs))
    }

    fn guard(&self, e: &TypeSwitchStmt) -> Node {
        let guard = self.expr(&e.guard);
        match &e.bind {
            None => Node::new("ExprStmt").field("X", guard),
            Some(bind) => Node::new("AssignStmt")
                .list("Lhs", "[]ast.Expr", [ident(bind)])
                .field("TokPos", e.define_pos)
                .field("Tok", ":=")
                .list("Rhs", "[]ast.Expr", [guard]),
        }
    }

    fn clauses(&self, lbrace: Pos, clauses: &[CaseClause], rbrace: Pos) -> Node {
        let clauses = clauses.iter().map(|c| {
            Node::new("CaseClause")
                .field("Case", c.pos)
                .list(
                    "List",
                    "[]ast.Expr",
                    self.exprs(c.exprs.as_deref().unwrap_or_default()),
                )
                .field("Colon", c.colon)
                .list("Body", "[]ast.Stmt", self.stmts(&c.body))
        });
        braced(lbrace, clauses.collect(), rbrace)
    }
}

fn braced(lbrace: Pos, list: Vec<Node>, rbrace: Pos) -> Node {
    Node::new("BlockStmt")
        .field("Lbrace", lbrace)
        .list("List", "[]ast.Stmt", list)
        .field("Rbrace", rbrace)
}
