//! Types.

use super::decl::ident_expr;
use super::*;

/// What `name [` turns out to begin.
pub(super) enum ArrayOrArgs {
    /// `[n]E` or `[]E`, the type of `name`.
    Type(Expr),
    /// `[T1, T2]`, type arguments for `name`.
    Args {
        lbrack: Pos,
        args: Vec<Expr>,
        rbrack: Pos,
    },
}

impl Parser<'_> {
    /// A type, which must come here.
    pub(super) fn ty(&mut self) -> Expr {
        const FOLLOW: [Tok; 6] = [
            Tok::Comma,
            Tok::Colon,
            Tok::Semi,
            Tok::Rparen,
            Tok::Rbrack,
            Tok::Rbrace,
        ];
        self.opt_type().unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("expected type");
            self.advance(&FOLLOW);
            bad
        })
    }

    /// A type, if one comes here.
    ///
    /// `Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" .`
    pub(super) fn opt_type(&mut self) -> Option<Expr> {
        self.nested(Self::opt_type_nested, |p| Some(p.bad_expr()))
    }

    fn opt_type_nested(&mut self) -> Option<Expr> {
        let pos = self.pos();
        Some(match self.tok() {
            Tok::Name => self.qualified_name(None),
            Tok::Star => {
                self.next();
                let elem = Box::new(self.ty());
                self.make(pos, ExprKind::Star(elem))
            }
            Tok::Arrow => {
                self.next();
                self.want(Tok::Chan);
                self.chan_type(pos, ChanDir::Recv, pos)
            }
            Tok::Chan => {
                self.next();
                let arrow = self.pos();
                match self.got(Tok::Arrow) {
                    true => self.chan_type(pos, ChanDir::Send, arrow),
                    false => self.chan_type(pos, ChanDir::Both, Pos::NONE),
                }
            }
            Tok::Func => {
                self.next();
                let ty = self.func_type(pos, Some("function type"));
                func_type_expr(ty)
            }
            Tok::Lbrack => {
                self.next();
                match self.got(Tok::Rbrack) {
                    true => self.slice_type(pos),
                    false => self.array_type(pos, None),
                }
            }
            Tok::Map => self.map_type(),
            Tok::Struct => self.struct_type(),
            Tok::Interface => self.interface_type(),
            Tok::Lparen => {
                self.next();
                let x = self.ty();
                let rparen = self.want(Tok::Rparen);
                self.make(pos, ExprKind::Paren(Box::new(ParenExpr { x, rparen })))
            }
            _ => return None,
        })
    }

    fn map_type(&mut self) -> Expr {
        let pos = self.want(Tok::Map);
        self.want(Tok::Lbrack);
        let key = self.ty();
        self.want(Tok::Rbrack);
        let value = self.ty();
        self.make(pos, ExprKind::MapType(Box::new(MapType { key, value })))
    }

    fn chan_type(&mut self, pos: Pos, dir: ChanDir, arrow: Pos) -> Expr {
        let elem = self.opt_type().unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("missing channel element type");
            bad
        });
        self.make(
            pos,
            ExprKind::ChanType(Box::new(ChanType { dir, arrow, elem })),
        )
    }

    /// The rest of a slice type after `[]`.
    pub(super) fn slice_type(&mut self, lbrack: Pos) -> Expr {
        let elem = Box::new(self.ty());
        self.make(lbrack, ExprKind::SliceType(elem))
    }

    /// The rest of an array type after `[`, or after its length if that was read already.
    pub(super) fn array_type(&mut self, lbrack: Pos, len: Option<Expr>) -> Expr {
        let dots = self.pos();
        let len = match len {
            Some(len) => ArrayLen::Expr(len),
            None if self.got(Tok::DotDotDot) => ArrayLen::Dots(dots),
            None => {
                self.expr_depth += 1;
                let len = self.expr();
                self.expr_depth -= 1;
                ArrayLen::Expr(len)
            }
        };
        if self.tok() == Tok::Comma {
            // Right in a list of type parameters, not here.
            self.syntax_error("unexpected comma; expected ]");
            self.next();
        }
        self.want(Tok::Rbrack);
        let elem = self.ty();
        self.make(
            lbrack,
            ExprKind::ArrayType(Box::new(ArrayType { len, elem })),
        )
    }

    /// The rest of a declaration after a name, from `[`: the name may have an array or slice
    /// type, or be itself a generic type with arguments.
    pub(super) fn array_or_args(&mut self) -> ArrayOrArgs {
        let lbrack = self.want(Tok::Lbrack);
        if self.got(Tok::Rbrack) {
            return ArrayOrArgs::Type(self.slice_type(lbrack));
        }
        let (mut args, comma) = self.type_list(false);
        let rbrack = self.want(Tok::Rbrack);
        if !comma
            && let Some(elem) = self.opt_type()
            && let Some(len) = args.pop()
        {
            let len = ArrayLen::Expr(len);
            let array = Box::new(ArrayType { len, elem });
            return ArrayOrArgs::Type(self.make(lbrack, ExprKind::ArrayType(array)));
        }
        ArrayOrArgs::Args {
            lbrack,
            args,
            rbrack,
        }
    }

    pub(super) fn instance(&mut self, x: Expr, args: ArrayOrArgs) -> Expr {
        match args {
            ArrayOrArgs::Type(ty) => ty,
            ArrayOrArgs::Args {
                lbrack,
                args: indices,
                rbrack,
            } => {
                let index = IndexExpr {
                    x,
                    lbrack,
                    indices,
                    rbrack,
                };
                self.make(lbrack, ExprKind::Index(Box::new(index)))
            }
        }
    }

    /// `TypeName [ TypeArgs ]`; the first name may have been read already.
    pub(super) fn qualified_name(&mut self, name: Option<Ident>) -> Expr {
        let mut x = match name {
            Some(name) => ident_expr(name),
            None if self.tok() == Tok::Name => ident_expr(self.name()),
            None => {
                let blank = self.make(self.pos(), ExprKind::Ident(Symbol::BLANK));
                self.syntax_error("expected name");
                self.advance(&[Tok::Dot, Tok::Semi, Tok::Rbrace]);
                blank
            }
        };
        let dot = self.pos();
        if self.got(Tok::Dot) {
            let sel = self.name();
            x = self.make(dot, ExprKind::Selector(Box::new(SelectorExpr { x, sel })));
        }
        if self.tok() == Tok::Lbrack {
            let args = self.type_args();
            x = self.instance(x, args);
        }
        x
    }

    /// `TypeArgs = "[" TypeList [ "," ] "]" .`
    fn type_args(&mut self) -> ArrayOrArgs {
        let lbrack = self.want(Tok::Lbrack);
        let args = if self.tok() == Tok::Rbrack {
            self.syntax_error("expected type argument list");
            vec![self.bad_expr()]
        } else {
            self.type_list(true).0
        };
        let rbrack = self.want(Tok::Rbrack);
        ArrayOrArgs::Args {
            lbrack,
            args,
            rbrack,
        }
    }

    /// Types with commas between; also says whether there was a comma, which may be a
    /// trailing one. Unless `strict` the first may be any expression.
    pub(super) fn type_list(&mut self, strict: bool) -> (Vec<Expr>, bool) {
        self.expr_depth += 1;
        let mut list = vec![if strict { self.ty() } else { self.expr() }];
        let mut comma = false;
        while self.got(Tok::Comma) {
            comma = true;
            match self.opt_type() {
                Some(ty) => list.push(ty),
                None => break,
            }
        }
        self.expr_depth -= 1;
        (list, comma)
    }

    /// `Signature`, with type parameters unless `context` names something that can't have
    /// them. The name or `func` has been read.
    pub(super) fn func_type(&mut self, func_pos: Pos, context: Option<&str>) -> FuncType {
        let (id, pos) = (self.id(), self.pos());
        let mut type_params = None;
        if self.got(Tok::Lbrack) {
            if let Some(context) = context {
                self.syntax_error_at(pos, &format!("{context} must have no type parameters"));
            }
            if self.tok() == Tok::Rbrack {
                self.syntax_error("empty type parameter list");
                self.next();
            } else {
                let mut list = self.param_list(None, Tok::Rbrack, Params::TYPE);
                list.opening = pos;
                type_params = context.is_none().then_some(list);
            }
        }
        let opening = self.want(Tok::Lparen);
        let mut params = self.param_list(None, Tok::Rparen, Params::PARAMETER);
        params.opening = opening;
        let results = self.results();
        FuncType {
            id,
            pos,
            func_pos,
            type_params,
            params,
            results,
        }
    }

    /// `Result = Parameters | Type .`
    fn results(&mut self) -> Option<FieldList> {
        let pos = self.pos();
        if self.got(Tok::Lparen) {
            let mut list = self.param_list(None, Tok::Rparen, Params::RESULT);
            list.opening = pos;
            return Some(list);
        }
        let ty = self.opt_type()?;
        let field = Field {
            id: self.id(),
            pos,
            names: vec![],
            ty,
            tag: None,
        };
        Some(FieldList {
            opening: Pos::NONE,
            fields: vec![field],
            closing: Pos::NONE,
        })
    }
}

/// A signature as a type.
pub(super) fn func_type_expr(ty: FuncType) -> Expr {
    Expr {
        id: ty.id,
        pos: ty.pos,
        kind: ExprKind::FuncType(Box::new(ty)),
    }
}
