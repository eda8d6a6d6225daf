//! Statements.

use super::*;

/// What a simple statement turns out to be.
enum Simple {
    Stmt(Stmt),
    /// `lhs := range x`, in the header of a `for`.
    Range(RangeHeader),
    /// `bind := x.(type)`, in the header of a `switch`.
    Guard {
        bind: Ident,
        define_pos: Pos,
        x: Expr,
    },
}

struct RangeHeader {
    lhs: Vec<Expr>,
    op_pos: Pos,
    define: bool,
    range_pos: Pos,
    x: Expr,
}

/// What stands between the keyword of `if`, `for` or `switch` and the block.
#[derive(Default)]
struct Header {
    init: Option<Stmt>,
    cond: Option<Expr>,
    post: Option<Stmt>,
    range: Option<RangeHeader>,
    /// Variable and `:=` of a type switch; the guard is `cond` then.
    bind: Option<(Ident, Pos)>,
}

impl Parser<'_> {
    fn make_stmt(&mut self, pos: Pos, kind: StmtKind) -> Stmt {
        Stmt {
            id: self.id(),
            pos,
            kind,
        }
    }

    fn expr_stmt(&mut self, x: Expr) -> Stmt {
        self.make_stmt(x.pos, StmtKind::Expr(x))
    }

    /// `StatementList = { Statement ";" } .`
    pub(super) fn stmt_list(&mut self) -> Vec<Stmt> {
        let mut list = vec![];
        while !matches!(
            self.tok(),
            Tok::Eof | Tok::Rbrace | Tok::Case | Tok::Default
        ) {
            let stmt = self.nested(Self::opt_stmt, |_| None);
            self.drop_directives();
            let Some(stmt) = stmt else { break };
            list.push(stmt);
            if !self.got(Tok::Semi) && self.tok() != Tok::Rbrace {
                self.syntax_error("at end of statement");
                self.advance(&[Tok::Semi, Tok::Rbrace, Tok::Case, Tok::Default]);
                self.got(Tok::Semi);
            }
        }
        list
    }

    /// A statement, if one comes here.
    fn opt_stmt(&mut self) -> Option<Stmt> {
        let pos = self.pos();
        if self.tok() == Tok::Name {
            self.drop_directives();
            let lhs = self.expr_list();
            if self.tok() == Tok::Colon
                && let [label] = lhs.as_slice()
                && let Some(label) = label.as_ident()
            {
                return self.labeled_stmt(label);
            }
            return Some(self.simple_stmt(Some(lhs)));
        }
        if let Some(decl) = self.const_type_or_var() {
            return Some(self.make_stmt(pos, StmtKind::Decl(Box::new(decl))));
        }
        self.drop_directives();
        if self.begins_expr() {
            return Some(self.simple_stmt(None));
        }
        let kind = match self.tok() {
            Tok::Lbrace => StmtKind::Block(Box::new(self.block(""))),
            Tok::For => self.for_stmt(),
            Tok::Switch => self.switch_stmt(),
            Tok::Select => self.select_stmt(),
            Tok::If => StmtKind::If(Box::new(self.if_stmt())),
            Tok::Go | Tok::Defer => self.go_or_defer(),
            Tok::Break | Tok::Continue | Tok::Goto | Tok::Fallthrough => self.branch_stmt(),
            Tok::Return => {
                self.next();
                let bare = matches!(self.tok(), Tok::Semi | Tok::Rbrace);
                StmtKind::Return(if bare { vec![] } else { self.expr_list() })
            }
            Tok::Semi => StmtKind::Empty,
            _ => return None,
        };
        Some(self.make_stmt(pos, kind))
    }

    /// Whether the current token, not a name, begins an expression.
    fn begins_expr(&self) -> bool {
        use BinaryOp::{Add, And, Sub, Xor};
        match self.tok() {
            Tok::Operator => {
                matches!(self.s.op, Op::Not | Op::Binary(Add | Sub | And | Xor))
            }
            Tok::Star
            | Tok::Literal
            | Tok::Func
            | Tok::Lparen
            | Tok::Lbrack
            | Tok::Struct
            | Tok::Map
            | Tok::Chan
            | Tok::Interface
            | Tok::Arrow => true,
            _ => false,
        }
    }

    fn simple_stmt(&mut self, lhs: Option<Vec<Expr>>) -> Stmt {
        match self.simple(lhs, Tok::Eof) {
            Simple::Stmt(stmt) => stmt,
            Simple::Range(_) | Simple::Guard { .. } => unreachable!("only in headers"),
        }
    }

    /// `SimpleStmt = EmptyStmt | ExpressionStmt | SendStmt | IncDecStmt | Assignment |
    /// ShortVarDecl .` The left side may have been read already. `keyword` is that of the
    /// statement in whose header this stands: `range` and type switch guards are understood
    /// there.
    fn simple(&mut self, lhs: Option<Vec<Expr>>, keyword: Tok) -> Simple {
        if keyword == Tok::For && self.tok() == Tok::Range {
            return Simple::Range(self.range_header(vec![], Pos::NONE, false));
        }
        let mut lhs = lhs.unwrap_or_else(|| self.expr_list());
        let pos = self.pos();
        match self.tok() {
            Tok::Assign | Tok::Define => return self.assignment(lhs, keyword),
            _ if lhs.len() > 1 => {
                self.syntax_error("expected := or = or comma");
                self.advance(&[Tok::Semi, Tok::Rbrace]);
            }
            _ => {}
        }
        let x = lhs.swap_remove(0);
        let kind = match self.tok() {
            Tok::AssignOp => {
                let op = match self.s.op {
                    Op::Binary(op) => AssignOp::Op(op),
                    _ => AssignOp::Assign,
                };
                self.next();
                let rhs = vec![self.expr()];
                StmtKind::Assign(Box::new(AssignStmt {
                    lhs: vec![x],
                    op,
                    op_pos: pos,
                    rhs,
                }))
            }
            Tok::IncOp => {
                let inc = self.s.op == Op::Binary(BinaryOp::Add);
                self.next();
                StmtKind::IncDec(Box::new(IncDecStmt {
                    x,
                    op_pos: pos,
                    inc,
                }))
            }
            Tok::Arrow => {
                self.next();
                let value = self.expr();
                StmtKind::Send(Box::new(SendStmt {
                    chan: x,
                    arrow: pos,
                    value,
                }))
            }
            _ => return Simple::Stmt(self.expr_stmt(x)),
        };
        Simple::Stmt(self.make_stmt(pos, kind))
    }

    /// The rest of a simple statement from `=` or `:=`.
    fn assignment(&mut self, lhs: Vec<Expr>, keyword: Tok) -> Simple {
        let op_pos = self.pos();
        let define = self.tok() == Tok::Define;
        self.next();
        if keyword == Tok::For && self.tok() == Tok::Range {
            return Simple::Range(self.range_header(lhs, op_pos, define));
        }
        let mut rhs = self.expr_list();
        if keyword == Tok::Switch
            && define
            && let ([left], [right]) = (lhs.as_slice(), rhs.as_slice())
            && let Some(bind) = left.as_ident()
            && is_guard(right)
        {
            return Simple::Guard {
                bind,
                define_pos: op_pos,
                x: rhs.swap_remove(0),
            };
        }
        let op = if define {
            AssignOp::Define
        } else {
            AssignOp::Assign
        };
        let assign = AssignStmt {
            lhs,
            op,
            op_pos,
            rhs,
        };
        Simple::Stmt(self.make_stmt(op_pos, StmtKind::Assign(Box::new(assign))))
    }

    fn range_header(&mut self, lhs: Vec<Expr>, op_pos: Pos, define: bool) -> RangeHeader {
        let range_pos = self.want(Tok::Range);
        let x = self.expr();
        RangeHeader {
            lhs,
            op_pos,
            define,
            range_pos,
            x,
        }
    }

    /// The rest of a labeled statement after its label.
    fn labeled_stmt(&mut self, label: Ident) -> Option<Stmt> {
        let colon = self.want(Tok::Colon);
        let stmt = match self.tok() {
            // The semicolon after an empty statement may be missing here.
            Tok::Rbrace => Some(self.make_stmt(self.pos(), StmtKind::Empty)),
            _ => self.nested(Self::opt_stmt, |_| None),
        };
        let Some(stmt) = stmt else {
            self.syntax_error_at(colon, "missing statement after label");
            return None;
        };
        let labeled = LabeledStmt { label, colon, stmt };
        Some(self.make_stmt(colon, StmtKind::Labeled(Box::new(labeled))))
    }

    /// `Block = "{" StatementList "}" .` `context` is what the block comes after; empty if
    /// its brace is known to come.
    pub(super) fn block(&mut self, context: &str) -> Block {
        let (id, lbrace) = (self.id(), self.pos());
        if !self.got(Tok::Lbrace) {
            self.syntax_error(&format!("expected {{ after {context}"));
            self.advance(&[Tok::Name, Tok::Rbrace]);
            let rbrace = self.pos();
            if self.got(Tok::Rbrace) {
                return Block {
                    id,
                    lbrace,
                    stmts: vec![],
                    rbrace,
                };
            }
        }
        let stmts = self.stmt_list();
        let rbrace = self.want(Tok::Rbrace);
        Block {
            id,
            lbrace,
            stmts,
            rbrace,
        }
    }

    fn for_stmt(&mut self) -> StmtKind {
        let header = self.header(Tok::For);
        let body = self.block("for clause");
        let Some(range) = header.range else {
            let Header {
                init, cond, post, ..
            } = header;
            return StmtKind::For(Box::new(ForStmt {
                init,
                cond,
                post,
                body,
            }));
        };
        let RangeHeader {
            lhs,
            op_pos,
            define,
            range_pos,
            x,
        } = range;
        let mut lhs = lhs.into_iter();
        let (key, value) = (lhs.next(), lhs.next());
        let extra = lhs.collect();
        StmtKind::Range(Box::new(RangeStmt {
            key,
            value,
            extra,
            op_pos,
            define,
            range_pos,
            x,
            body,
        }))
    }

    fn if_stmt(&mut self) -> IfStmt {
        let header = self.header(Tok::If);
        let then = self.block("if clause");
        let mut els = None;
        if self.got(Tok::Else) {
            let pos = self.pos();
            let kind = match self.tok() {
                Tok::If => self.nested(|p| StmtKind::If(Box::new(p.if_stmt())), |_| StmtKind::Bad),
                Tok::Lbrace => StmtKind::Block(Box::new(self.block(""))),
                _ => {
                    self.syntax_error("else must be followed by if or statement block");
                    self.advance(&[Tok::Name, Tok::Rbrace]);
                    StmtKind::Bad
                }
            };
            els = Some(self.make_stmt(pos, kind));
        }
        let cond = header.cond.unwrap_or_else(|| self.bad_expr());
        IfStmt {
            init: header.init,
            cond,
            then,
            els,
        }
    }

    fn switch_stmt(&mut self) -> StmtKind {
        let Header {
            init, cond, bind, ..
        } = self.header(Tok::Switch);
        let lbrace = self.pos();
        self.clause_list_start("missing { after switch clause");
        let mut clauses = vec![];
        while !matches!(self.tok(), Tok::Eof | Tok::Rbrace) {
            clauses.push(self.case_clause());
        }
        let rbrace = self.want(Tok::Rbrace);
        match cond {
            Some(guard) if is_guard(&guard) => {
                let (bind, define_pos) = bind.map_or((None, Pos::NONE), |(n, p)| (Some(n), p));
                StmtKind::TypeSwitch(Box::new(TypeSwitchStmt {
                    init,
                    bind,
                    define_pos,
                    guard,
                    lbrace,
                    clauses,
                    rbrace,
                }))
            }
            tag => StmtKind::Switch(Box::new(SwitchStmt {
                init,
                tag,
                lbrace,
                clauses,
                rbrace,
            })),
        }
    }

    fn select_stmt(&mut self) -> StmtKind {
        self.want(Tok::Select);
        let lbrace = self.pos();
        self.clause_list_start("missing { after select clause");
        let mut clauses = vec![];
        while !matches!(self.tok(), Tok::Eof | Tok::Rbrace) {
            clauses.push(self.comm_clause());
        }
        let rbrace = self.want(Tok::Rbrace);
        StmtKind::Select(Box::new(SelectStmt {
            lbrace,
            clauses,
            rbrace,
        }))
    }

    fn clause_list_start(&mut self, missing: &str) {
        if !self.got(Tok::Lbrace) {
            self.syntax_error(missing);
            self.advance(&[Tok::Case, Tok::Default, Tok::Rbrace]);
        }
    }

    fn case_clause(&mut self) -> CaseClause {
        let (id, pos) = (self.id(), self.pos());
        let exprs = self.clause_head(Self::expr_list);
        let colon = self.want(Tok::Colon);
        let body = self.stmt_list();
        CaseClause {
            id,
            pos,
            exprs,
            colon,
            body,
        }
    }

    fn comm_clause(&mut self) -> CommClause {
        let (id, pos) = (self.id(), self.pos());
        // Whether it is a send or receive is checked with the types.
        let comm = self.clause_head(|p| p.simple_stmt(None));
        let colon = self.want(Tok::Colon);
        let body = self.stmt_list();
        CommClause {
            id,
            pos,
            comm,
            colon,
            body,
        }
    }

    /// `case` and what it lists, or `default`.
    fn clause_head<T>(&mut self, listed: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.tok() {
            Tok::Case => {
                self.next();
                return Some(listed(self));
            }
            Tok::Default => self.next(),
            _ => {
                self.syntax_error("expected case or default or }");
                self.advance(&[Tok::Colon, Tok::Case, Tok::Default, Tok::Rbrace]);
            }
        }
        None
    }

    fn go_or_defer(&mut self) -> StmtKind {
        let keyword = self.tok();
        self.next();
        let mut x = self.nested(|p| p.primary_expr(None), Self::bad_expr);
        if matches!(x.kind, ExprKind::Paren(_)) {
            let msg = format!(
                "expression in {} must not be parenthesized",
                keyword.as_str()
            );
            self.error_at(x.pos, msg);
        }
        while let ExprKind::Paren(inner) = x.kind {
            x = inner.x;
        }
        match keyword {
            Tok::Go => StmtKind::Go(Box::new(x)),
            _ => StmtKind::Defer(Box::new(x)),
        }
    }

    fn branch_stmt(&mut self) -> StmtKind {
        let kind = match self.tok() {
            Tok::Break => BranchKind::Break,
            Tok::Continue => BranchKind::Continue,
            Tok::Goto => BranchKind::Goto,
            _ => BranchKind::Fallthrough,
        };
        self.next();
        let label = match kind {
            BranchKind::Goto => Some(self.name()),
            BranchKind::Break | BranchKind::Continue if self.tok() == Tok::Name => {
                Some(self.name())
            }
            _ => None,
        };
        StmtKind::Branch(BranchStmt { kind, label })
    }
}

/// Headers of `if`, `for` and `switch`.
impl Parser<'_> {
    fn header(&mut self, keyword: Tok) -> Header {
        self.want(keyword);
        let mut header = Header::default();
        if self.tok() == Tok::Lbrace {
            if keyword == Tok::If {
                self.syntax_error("missing condition in if statement");
                header.cond = Some(self.bad_expr());
            }
            return header;
        }
        let outer = std::mem::replace(&mut self.expr_depth, -1);
        self.header_clauses(keyword, &mut header);
        self.expr_depth = outer;
        header
    }

    fn header_clauses(&mut self, keyword: Tok, header: &mut Header) {
        let mut first = None;
        if self.tok() != Tok::Semi {
            if self.got(Tok::Var) {
                let keyword = keyword.as_str();
                self.syntax_error(&format!(
                    "var declaration not allowed in {keyword} initializer"
                ));
            }
            match self.simple(None, keyword) {
                Simple::Range(range) => {
                    header.range = Some(range);
                    return;
                }
                simple => first = Some(simple),
            }
        }
        if self.tok() == Tok::Lbrace {
            self.condition(first, keyword, None, header);
            return;
        }
        header.init = first.map(|simple| self.as_stmt(simple));
        let semi = (self.tok() == Tok::Semi).then(|| (self.pos(), self.s.semi));
        if semi.is_some() {
            self.next();
        } else {
            // To ask for a brace rather than a semicolon makes the better message.
            self.want(Tok::Lbrace);
            if self.tok() != Tok::Lbrace {
                self.advance(&[Tok::Lbrace, Tok::Rbrace]);
            }
        }
        let mut cond = None;
        if keyword == Tok::For {
            if self.tok() != Tok::Semi {
                if self.tok() == Tok::Lbrace {
                    self.syntax_error("expected for loop condition");
                    return;
                }
                cond = Some(self.simple(None, Tok::Eof));
            }
            self.want(Tok::Semi);
            if self.tok() != Tok::Lbrace {
                header.post = Some(self.post_stmt());
            }
        } else if self.tok() != Tok::Lbrace {
            cond = Some(self.simple(None, keyword));
        }
        self.condition(cond, keyword, semi, header);
    }

    fn post_stmt(&mut self) -> Stmt {
        let post = self.simple_stmt(None);
        if matches!(&post.kind, StmtKind::Assign(a) if a.op == AssignOp::Define) {
            self.syntax_error_at(post.pos, "cannot declare in post statement of for loop");
        }
        post
    }

    /// A type switch guard in the place of an ordinary statement becomes one: the type
    /// checker complains about its `.(type)`.
    fn as_stmt(&mut self, simple: Simple) -> Stmt {
        match simple {
            Simple::Stmt(stmt) => stmt,
            Simple::Guard {
                bind,
                define_pos,
                x,
            } => {
                let (lhs, rhs) = (vec![super::decl::ident_expr(bind)], vec![x]);
                let assign = AssignStmt {
                    lhs,
                    op: AssignOp::Define,
                    op_pos: define_pos,
                    rhs,
                };
                self.make_stmt(define_pos, StmtKind::Assign(Box::new(assign)))
            }
            Simple::Range(range) => self.expr_stmt(range.x),
        }
    }

    /// Takes the statement in the place of the condition for one, or complains.
    fn condition(
        &mut self,
        simple: Option<Simple>,
        keyword: Tok,
        semi: Option<(Pos, crate::token::Semi)>,
        header: &mut Header,
    ) {
        let stmt = match simple {
            None => {
                if let (Tok::If, Some((pos, semi))) = (keyword, semi) {
                    self.syntax_error_at(
                        pos,
                        &match semi {
                            crate::token::Semi::Semicolon => {
                                "missing condition in if statement".into()
                            }
                            semi => {
                                format!("unexpected {}, expected {{ after if clause", semi.as_str())
                            }
                        },
                    );
                    header.cond = Some(self.make(pos, ExprKind::Bad));
                }
                return;
            }
            Some(Simple::Guard {
                bind,
                define_pos,
                x,
            }) => {
                header.bind = Some((bind, define_pos));
                header.cond = Some(x);
                return;
            }
            Some(simple) => self.as_stmt(simple),
        };
        // `=` for `==` is the usual mistake; parentheses make it stand out.
        let shown = match stmt.kind {
            StmtKind::Expr(x) => {
                header.cond = Some(x);
                return;
            }
            StmtKind::Assign(a) if a.op == AssignOp::Assign => {
                format!("assignment {} = {}", emphasized(&a.lhs), emphasized(&a.rhs))
            }
            _ => crate::stmt_string(&stmt),
        };
        self.syntax_error_at(stmt.pos, &format!("cannot use {shown} as value"));
    }
}

/// The expressions, a lone binary one in parentheses.
fn emphasized(list: &[Expr]) -> String {
    let shown: Vec<_> = list.iter().map(crate::expr_string).collect();
    match list {
        [
            Expr {
                kind: ExprKind::Binary(_),
                ..
            },
        ] => format!("({})", shown[0]),
        _ => shown.join(", "),
    }
}

/// Whether `x` is `y.(type)`.
fn is_guard(x: &Expr) -> bool {
    matches!(&x.kind, ExprKind::TypeAssert(e) if e.ty.is_none())
}
