//! Where nodes begin and end.

use super::*;

impl Expr {
    /// The position of the expression's first token; of a function type, as in Go's
    /// compiler, that of its parenthesis, and of a slice expression that of its bracket.
    pub fn start(&self) -> Pos {
        let mut x = self;
        loop {
            x = match &x.kind {
                ExprKind::CompositeLit(e) => match &e.ty {
                    Some(ty) => ty,
                    None => return x.pos,
                },
                ExprKind::Selector(e) => &e.x,
                ExprKind::Index(e) => &e.x,
                ExprKind::TypeAssert(e) => &e.x,
                ExprKind::Call(e) => &e.fun,
                ExprKind::Binary(e) => &e.x,
                ExprKind::KeyValue(e) => &e.key,
                _ => return x.pos,
            }
        }
    }

    /// The position after the expression's last token.
    pub fn end(&self) -> Pos {
        match &self.kind {
            ExprKind::Bad => self.pos,
            ExprKind::Ident(name) => self.pos.offset(name.as_str().len() as u32),
            // A raw string with carriage returns is longer in the source; its end is then
            // early by their number.
            ExprKind::BasicLit(e) => self.pos.offset(e.text.as_str().len() as u32),
            ExprKind::CompositeLit(e) => e.rbrace.offset(1),
            ExprKind::FuncLit(e) => e.body.end(),
            ExprKind::Paren(e) => e.rparen.offset(1),
            ExprKind::Selector(e) => e.sel.end(),
            ExprKind::Index(e) => e.rbrack.offset(1),
            ExprKind::Slice(e) => e.rbrack.offset(1),
            ExprKind::TypeAssert(e) => e.rparen.offset(1),
            ExprKind::Call(e) => e.rparen.offset(1),
            ExprKind::Star(x) | ExprKind::SliceType(x) | ExprKind::Ellipsis(x) => x.end(),
            ExprKind::Unary(e) => e.x.end(),
            ExprKind::Binary(e) => e.y.end(),
            ExprKind::KeyValue(e) => e.value.end(),
            ExprKind::ArrayType(e) => e.elem.end(),
            ExprKind::StructType(e) => e.fields.closing.offset(1),
            ExprKind::FuncType(e) => e.end(),
            ExprKind::InterfaceType(e) => e.elems.closing.offset(1),
            ExprKind::MapType(e) => e.value.end(),
            ExprKind::ChanType(e) => e.elem.end(),
        }
    }
}

impl FuncType {
    /// The position after the signature's last token.
    pub fn end(&self) -> Pos {
        let Some(results) = &self.results else {
            return self.params.closing.offset(1);
        };
        match results.fields.last() {
            Some(last) if !results.closing.is_some() => last.ty.end(),
            _ => results.closing.offset(1),
        }
    }
}

impl Block {
    /// The position after the closing brace.
    pub fn end(&self) -> Pos {
        self.rbrace.offset(1)
    }
}

impl Stmt {
    /// The position of the statement's first token.
    pub fn start(&self) -> Pos {
        match &self.kind {
            StmtKind::Labeled(s) => s.label.pos,
            StmtKind::Expr(x) => x.start(),
            StmtKind::Send(s) => s.chan.start(),
            StmtKind::IncDec(s) => s.x.start(),
            StmtKind::Assign(s) => s.lhs.first().map_or(self.pos, Expr::start),
            _ => self.pos,
        }
    }

    /// The position after the statement's last token.
    pub fn end(&self) -> Pos {
        match &self.kind {
            StmtKind::Bad | StmtKind::Empty => self.pos,
            StmtKind::Decl(d) => d.end(),
            StmtKind::Labeled(s) => s.stmt.end(),
            StmtKind::Expr(x) => x.end(),
            StmtKind::Send(s) => s.value.end(),
            StmtKind::IncDec(s) => s.op_pos.offset(2),
            StmtKind::Assign(s) => s.rhs.last().map_or(self.pos, Expr::end),
            StmtKind::Go(x) | StmtKind::Defer(x) => x.end(),
            StmtKind::Return(results) => results.last().map_or(self.pos.offset(6), Expr::end),
            StmtKind::Branch(s) => s
                .label
                .map_or(self.pos.offset(s.kind.as_str().len() as u32), |l| l.end()),
            StmtKind::Block(b) => b.end(),
            StmtKind::If(s) => s.els.as_ref().map_or(s.then.end(), Stmt::end),
            StmtKind::Switch(s) => s.rbrace.offset(1),
            StmtKind::TypeSwitch(s) => s.rbrace.offset(1),
            StmtKind::Select(s) => s.rbrace.offset(1),
            StmtKind::For(s) => s.body.end(),
            StmtKind::Range(s) => s.body.end(),
        }
    }
}

impl BranchKind {
    /// The keyword.
    pub fn as_str(self) -> &'static str {
        match self {
            BranchKind::Break => "break",
            BranchKind::Continue => "continue",
            BranchKind::Goto => "goto",
            BranchKind::Fallthrough => "fallthrough",
        }
    }
}

impl Decl {
    /// The keyword's position.
    pub fn start(&self) -> Pos {
        match self {
            Decl::Import(g) => g.pos,
            Decl::Const(g) => g.pos,
            Decl::Type(g) => g.pos,
            Decl::Var(g) => g.pos,
            Decl::Func(f) => f.func_pos,
        }
    }

    /// The position after the declaration's last token.
    pub fn end(&self) -> Pos {
        match self {
            Decl::Import(g) => g.end_or(|s| {
                s.path
                    .map_or(s.pos, |p| p.pos.offset(p.text.as_str().len() as u32))
            }),
            Decl::Const(g) => g.end_or(|s| names_end(&s.names, s.ty.as_ref(), &s.values)),
            Decl::Type(g) => g.end_or(|s| s.ty.end()),
            Decl::Var(g) => g.end_or(|s| names_end(&s.names, s.ty.as_ref(), &s.values)),
            Decl::Func(f) => f
                .body
                .as_ref()
                .map_or_else(|| f.ty.end(), |body| body.end()),
        }
    }
}

fn names_end(names: &[Ident], ty: Option<&Expr>, values: &[Expr]) -> Pos {
    let typed = values.last().or(ty).map(Expr::end);
    typed.or(names.last().map(Ident::end)).unwrap_or(Pos::NONE)
}

impl<S> Group<S> {
    fn end_or(&self, spec_end: impl Fn(&S) -> Pos) -> Pos {
        match self.specs.last() {
            Some(last) if !self.rparen.is_some() => spec_end(last),
            _ => self.rparen.offset(1),
        }
    }
}
