//! Expressions.

use super::decl::ident_expr;
use super::types::func_type_expr;
use super::*;

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Expr {
        self.binary_expr(None, 0)
    }

    /// `ExpressionList = Expression { "," Expression } .`
    pub(super) fn expr_list(&mut self) -> Vec<Expr> {
        let mut list = vec![self.expr()];
        while self.got(Tok::Comma) {
            list.push(self.expr());
        }
        list
    }

    /// `Expression = UnaryExpr | Expression binary_op Expression .`, with operators that bind
    /// tighter than `precedence`. The first operand may have been read already.
    pub(super) fn binary_expr(&mut self, x: Option<Expr>, precedence: u8) -> Expr {
        let mut x = x.unwrap_or_else(|| self.unary_expr());
        let mut chain = 0;
        while matches!(self.tok(), Tok::Operator | Tok::Star) {
            let Op::Binary(op) = self.s.op else { break };
            if op.precedence() <= precedence {
                break;
            }
            let pos = self.pos();
            self.next();
            let y = self.binary_expr(None, op.precedence());
            x = self.make(pos, ExprKind::Binary(Box::new(BinaryExpr { op, x, y })));
            chain += 1;
            self.check_chain(chain, MAX_CHAIN);
        }
        x
    }

    fn check_chain(&mut self, chain: u32, limit: u32) {
        if chain == limit {
            self.too_deep();
        }
    }

    /// `UnaryExpr = PrimaryExpr | unary_op UnaryExpr .`
    fn unary_expr(&mut self) -> Expr {
        let pos = self.pos();
        let op = match (self.tok(), self.s.op) {
            (Tok::Arrow, _) => return self.receive_or_chan_type(),
            (Tok::Star, _) => {
                self.next();
                let x = self.nested(Self::unary_expr, Self::bad_expr);
                return self.make(pos, ExprKind::Star(Box::new(x)));
            }
            (Tok::Operator, Op::Not) => UnaryOp::Not,
            (Tok::Operator, Op::Tilde) => UnaryOp::Tilde,
            (Tok::Operator, Op::Binary(BinaryOp::Add)) => UnaryOp::Plus,
            (Tok::Operator, Op::Binary(BinaryOp::Sub)) => UnaryOp::Neg,
            (Tok::Operator, Op::Binary(BinaryOp::Xor)) => UnaryOp::Xor,
            (Tok::Operator, Op::Binary(BinaryOp::And)) => UnaryOp::Addr,
            _ => return self.nested(|p| p.primary_expr(None), Self::bad_expr),
        };
        self.next();
        let x = self.nested(Self::unary_expr, Self::bad_expr);
        self.make(pos, ExprKind::Unary(Box::new(UnaryExpr { op, x })))
    }

    /// `<-x`, which is a receive unless `x` is a channel type: then the arrow is part of it.
    fn receive_or_chan_type(&mut self) -> Expr {
        let pos = self.want(Tok::Arrow);
        let mut x = self.nested(Self::unary_expr, Self::bad_expr);
        if matches!(x.kind, ExprKind::ChanType(_)) {
            self.reassociate_arrow(&mut x, pos);
            return x;
        }
        self.make(
            pos,
            ExprKind::Unary(Box::new(UnaryExpr {
                op: UnaryOp::Recv,
                x,
            })),
        )
    }

    /// Gives the arrow before a channel type to it: `<-(chan E)` is `<-chan E`, and
    /// `<-(chan<- E)` is `<-chan (<-E)`, where `E` must be a channel type again.
    fn reassociate_arrow(&mut self, x: &mut Expr, arrow: Pos) {
        let mut arrow = arrow;
        let mut dir = ChanDir::Send;
        let mut t = x;
        while dir == ChanDir::Send {
            let Expr {
                pos,
                kind: ExprKind::ChanType(c),
                ..
            } = t
            else {
                break;
            };
            dir = std::mem::replace(&mut c.dir, ChanDir::Recv);
            if dir == ChanDir::Recv {
                self.syntax_error("unexpected <-, expected chan");
            }
            *pos = arrow;
            arrow = std::mem::replace(&mut c.arrow, arrow);
            t = &mut c.elem;
        }
        if dir == ChanDir::Send {
            let found = crate::expr_string(t);
            self.syntax_error(&format!("unexpected {found}, expected chan"));
        }
    }

    /// `Operand = Literal | OperandName | "(" Expression ")" .`, and types.
    fn operand(&mut self) -> Expr {
        let pos = self.pos();
        match self.tok() {
            Tok::Name => ident_expr(self.name()),
            Tok::Literal => {
                let lit = BasicLit {
                    kind: self.s.kind,
                    text: self.literal_text(),
                    bad: self.s.bad,
                };
                self.next();
                self.make(pos, ExprKind::BasicLit(lit))
            }
            Tok::Lparen => {
                self.next();
                self.expr_depth += 1;
                let x = self.expr();
                self.expr_depth -= 1;
                let rparen = self.want(Tok::Rparen);
                self.make(pos, ExprKind::Paren(Box::new(ParenExpr { x, rparen })))
            }
            Tok::Func => self.func_type_or_literal(),
            Tok::Lbrack | Tok::Chan | Tok::Map | Tok::Struct | Tok::Interface => self.ty(),
            _ => {
                let bad = self.bad_expr();
                self.syntax_error("expected expression");
                self.advance(&[Tok::Rparen, Tok::Rbrack, Tok::Rbrace]);
                bad
            }
        }
    }

    fn func_type_or_literal(&mut self) -> Expr {
        let pos = self.want(Tok::Func);
        let ty = self.func_type(pos, Some("function type"));
        if self.tok() != Tok::Lbrace {
            return func_type_expr(ty);
        }
        self.expr_depth += 1;
        let body = self.func_body();
        self.expr_depth -= 1;
        self.make(pos, ExprKind::FuncLit(Box::new(FuncLit { ty, body })))
    }

    /// `PrimaryExpr = Operand | PrimaryExpr ( Selector | Index | Slice | TypeAssertion |
    /// Arguments | LiteralValue ) .` The operand may have been read already.
    pub(super) fn primary_expr(&mut self, operand: Option<Expr>) -> Expr {
        let mut x = operand.unwrap_or_else(|| self.operand());
        let mut chain = 0;
        loop {
            x = match self.tok() {
                Tok::Dot => self.selector_or_assertion(x),
                Tok::Lbrack => self.index_or_slice(x),
                Tok::Lparen => self.call(x),
                Tok::Lbrace if self.may_be_literal_type(&x) => {
                    if matches!(x.kind, ExprKind::Paren(_)) {
                        self.syntax_error("cannot parenthesize type in composite literal");
                    }
                    self.literal_value(Some(x))
                }
                _ => return x,
            };
            chain += 1;
            self.check_chain(chain, MAX_DEPTH);
        }
    }

    /// Whether `{` after `x` begins a literal value: for names only where it can't begin a
    /// block.
    fn may_be_literal_type(&self, x: &Expr) -> bool {
        match &x.unparen().kind {
            ExprKind::Ident(_) | ExprKind::Selector(_) => self.expr_depth >= 0,
            ExprKind::Index(_) => self.expr_depth >= 0 && !is_value(x),
            ExprKind::ArrayType(_)
            | ExprKind::SliceType(_)
            | ExprKind::StructType(_)
            | ExprKind::MapType(_) => true,
            _ => false,
        }
    }

    fn selector_or_assertion(&mut self, x: Expr) -> Expr {
        let dot = self.want(Tok::Dot);
        match self.tok() {
            Tok::Name => {
                let sel = self.name();
                self.make(dot, ExprKind::Selector(Box::new(SelectorExpr { x, sel })))
            }
            Tok::Lparen => {
                let lparen = self.want(Tok::Lparen);
                let ty = if self.got(Tok::Type) {
                    None
                } else {
                    Some(self.ty())
                };
                let rparen = self.want(Tok::Rparen);
                let assertion = TypeAssertExpr {
                    x,
                    lparen,
                    ty,
                    rparen,
                };
                self.make(dot, ExprKind::TypeAssert(Box::new(assertion)))
            }
            _ => {
                self.syntax_error("expected name or (");
                self.advance(&[Tok::Semi, Tok::Rparen]);
                x
            }
        }
    }

    fn index_or_slice(&mut self, x: Expr) -> Expr {
        let lbrack = self.want(Tok::Lbrack);
        let mut lo = None;
        if self.tok() != Tok::Colon {
            let (mut indices, comma) = if self.tok() == Tok::Rbrack {
                self.syntax_error("expected operand");
                (vec![self.bad_expr()], false)
            } else {
                self.type_list(false)
            };
            if comma || self.tok() == Tok::Rbrack {
                let rbrack = self.want(Tok::Rbrack);
                let index = IndexExpr {
                    x,
                    lbrack,
                    indices,
                    rbrack,
                };
                return self.make(lbrack, ExprKind::Index(Box::new(index)));
            }
            lo = indices.pop();
        }
        if !self.got(Tok::Colon) {
            self.syntax_error("expected comma, : or ]");
            self.advance(&[Tok::Comma, Tok::Colon, Tok::Rbrack]);
        }
        self.slice_bounds(x, lbrack, lo)
    }

    /// The rest of a slice expression after its first colon.
    fn slice_bounds(&mut self, x: Expr, lbrack: Pos, lo: Option<Expr>) -> Expr {
        self.expr_depth += 1;
        let (mut hi, mut max) = (None, None);
        if !matches!(self.tok(), Tok::Colon | Tok::Rbrack) {
            hi = Some(self.expr());
        }
        let full = self.tok() == Tok::Colon;
        if full {
            if hi.is_none() {
                self.error("middle index required in 3-index slice");
                hi = Some(self.bad_expr());
            }
            self.next();
            max = Some(if self.tok() == Tok::Rbrack {
                self.error("final index required in 3-index slice");
                self.bad_expr()
            } else {
                self.expr()
            });
        }
        self.expr_depth -= 1;
        let rbrack = self.want(Tok::Rbrack);
        let slice = SliceExpr {
            x,
            lbrack,
            lo,
            hi,
            max,
            full,
            rbrack,
        };
        self.make(lbrack, ExprKind::Slice(Box::new(slice)))
    }

    /// `Arguments = "(" [ ( ExpressionList | Type [ "," ExpressionList ] ) [ "..." ] [ "," ] ]
    /// ")" .`
    fn call(&mut self, fun: Expr) -> Expr {
        let lparen = self.want(Tok::Lparen);
        let mut args = vec![];
        let mut ellipsis = Pos::NONE;
        self.expr_depth += 1;
        let rparen = self.list("argument list", Tok::Comma, Tok::Rparen, |p| {
            args.push(p.expr());
            let pos = p.pos();
            let dots = p.got(Tok::DotDotDot);
            if dots {
                ellipsis = pos;
            }
            dots
        });
        self.expr_depth -= 1;
        let call = CallExpr {
            fun,
            lparen,
            args,
            ellipsis,
            rparen,
        };
        self.make(lparen, ExprKind::Call(Box::new(call)))
    }

    /// `LiteralValue = "{" [ ElementList [ "," ] ] "}" .`
    fn literal_value(&mut self, ty: Option<Expr>) -> Expr {
        let mut elems = vec![];
        self.expr_depth += 1;
        let lbrace = self.want(Tok::Lbrace);
        let rbrace = self.list("composite literal", Tok::Comma, Tok::Rbrace, |p| {
            let mut x = p.element();
            let pos = p.pos();
            if p.got(Tok::Colon) {
                let value = p.element();
                x = p.make(
                    pos,
                    ExprKind::KeyValue(Box::new(KeyValueExpr { key: x, value })),
                );
            }
            elems.push(x);
            false
        });
        self.expr_depth -= 1;
        let literal = CompositeLit {
            ty,
            lbrace,
            elems,
            rbrace,
        };
        self.make(lbrace, ExprKind::CompositeLit(Box::new(literal)))
    }

    /// `Element = Expression | LiteralValue .`
    fn element(&mut self) -> Expr {
        match self.tok() {
            Tok::Lbrace => self.nested(|p| p.literal_value(None), Self::bad_expr),
            _ => self.expr(),
        }
    }
}

/// Whether `x` can only be a value, not a type.
fn is_value(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::BasicLit(_)
        | ExprKind::CompositeLit(_)
        | ExprKind::FuncLit(_)
        | ExprKind::Slice(_)
        | ExprKind::TypeAssert(_)
        | ExprKind::Call(_)
        | ExprKind::Unary(_)
        | ExprKind::Binary(_) => true,
        ExprKind::Paren(e) => is_value(&e.x),
        ExprKind::Index(e) => is_value(&e.x) || matches!(&e.indices[..], [i] if is_value(i)),
        _ => false,
    }
}
