//! Declarations.

use super::*;

impl Parser<'_> {
    /// A declaration that may also stand in a function.
    pub(super) fn const_type_or_var(&mut self) -> Option<Decl> {
        Some(match self.tok() {
            Tok::Const => {
                let mut group = self.group(Self::const_spec);
                resolve_repetition(&mut group.specs);
                Decl::Const(group)
            }
            Tok::Type => Decl::Type(self.group(Self::type_spec)),
            Tok::Var => Decl::Var(self.group(Self::var_spec)),
            _ => return None,
        })
    }

    /// `keyword ( Spec | "(" { Spec ";" } ")" )`
    pub(super) fn group<S>(&mut self, spec: fn(&mut Self) -> S) -> Group<S> {
        let mut group = Group {
            id: self.id(),
            pos: self.pos(),
            lparen: Pos::NONE,
            specs: vec![],
            rparen: Pos::NONE,
            doc: self.s.doc,
        };
        self.next();
        if self.tok() == Tok::Lparen {
            group.lparen = self.pos();
            // Before the next token is read: what stands after the parenthesis may be a
            // directive for the first specification.
            self.drop_directives();
            self.next();
            group.rparen = self.list("grouped declaration", Tok::Semi, Tok::Rparen, |p| {
                group.specs.push(spec(p));
                false
            });
        } else {
            group.specs.push(spec(self));
        }
        group
    }

    /// `ImportSpec = [ "." | PackageName ] ImportPath .`
    pub(super) fn import_spec(&mut self) -> ImportSpec {
        let (id, pos, directives) = (self.id(), self.pos(), self.take_directives());
        let name = match self.tok() {
            Tok::Name => Some(self.name()),
            Tok::Dot => {
                let dot = Ident {
                    id: self.id(),
                    pos,
                    name: Symbol::intern("."),
                };
                self.next();
                Some(dot)
            }
            _ => None,
        };
        let mut path = self.opt_literal();
        match &mut path {
            None => {
                self.syntax_error("missing import path");
                self.advance(&[Tok::Semi, Tok::Rparen]);
            }
            Some(path) if !path.bad && path.kind != LitKind::String => {
                self.syntax_error_at(path.pos, "import path must be a string");
                path.bad = true;
            }
            Some(_) => {}
        }
        ImportSpec {
            id,
            pos,
            name,
            path,
            directives,
        }
    }

    /// `ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .`
    fn const_spec(&mut self) -> ConstSpec {
        let (id, pos, directives) = (self.id(), self.pos(), self.take_directives());
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, vec![]);
        if !matches!(self.tok(), Tok::Eof | Tok::Semi | Tok::Rparen) {
            ty = self.opt_type();
            if self.got_assign().is_some() {
                values = self.expr_list();
            }
        }
        ConstSpec {
            id,
            pos,
            names,
            ty,
            values,
            iota: 0,
            source: None,
            directives,
        }
    }

    /// `VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .`
    fn var_spec(&mut self) -> VarSpec {
        let (id, pos, directives) = (self.id(), self.pos(), self.take_directives());
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, vec![]);
        let mut assigned = self.got_assign().is_some();
        if !assigned {
            ty = Some(self.ty());
            assigned = self.got_assign().is_some();
        }
        if assigned {
            values = self.expr_list();
        }
        VarSpec {
            id,
            pos,
            names,
            ty,
            values,
            directives,
        }
    }

    /// `TypeSpec = identifier [ TypeParams ] [ "=" ] Type .`
    fn type_spec(&mut self) -> TypeSpec {
        let (id, pos, directives) = (self.id(), self.pos(), self.take_directives());
        let name = self.name();
        let (type_params, assign, ty) = match self.tok() {
            Tok::Lbrack => self.type_params_or_array(),
            _ => (None, self.got_assign(), self.opt_type()),
        };
        let ty = ty.unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("in type declaration");
            self.advance(&[Tok::Semi, Tok::Rparen]);
            bad
        });
        TypeSpec {
            id,
            pos,
            name,
            type_params,
            assign,
            ty,
            directives,
        }
    }

    /// Reads what follows `type name` when that is a bracket: type parameters and a type, or
    /// an array or slice type.
    ///
    /// What is inside the bracket is read as an expression first. If that can be taken apart
    /// into a name and a constraint (`P *T,` was read as a product) it was the beginning of
    /// type parameters; a single name before `]`, and anything that may as well be a
    /// constant, is an array's length.
    fn type_params_or_array(&mut self) -> (Option<FieldList>, Pos, Option<Expr>) {
        let lbrack = self.pos();
        self.next();
        match self.tok() {
            Tok::Name => {}
            Tok::Rbrack => {
                self.next();
                return (None, Pos::NONE, Some(self.slice_type(lbrack)));
            }
            _ => return (None, Pos::NONE, Some(self.array_type(lbrack, None))),
        }
        let name = self.name();
        let mut x = ident_expr(name);
        // `P [` begins a parameter whose constraint is an array or slice: an index
        // expression is never constant, hence no array length.
        if self.tok() != Tok::Lbrack {
            self.expr_depth += 1;
            let operand = self.primary_expr(Some(x));
            x = self.binary_expr(Some(operand), 0);
            self.expr_depth -= 1;
        }
        let force = self.tok() == Tok::Comma;
        let is_param = match can_split(&x, force) {
            Split::No => false,
            Split::Name => self.tok() != Tok::Rbrack,
            Split::NameAndType => true,
        };
        if !is_param {
            return (None, Pos::NONE, Some(self.array_type(lbrack, Some(x))));
        }
        let (name, constraint) = split(x);
        let mut params = self.param_list(Some((name, constraint)), Tok::Rbrack, Params::TYPE);
        params.opening = lbrack;
        let assign = self.got_assign();
        (Some(params), assign, self.opt_type())
    }

    /// `FunctionDecl = "func" FunctionName [ TypeParams ] Signature [ FunctionBody ] .`
    /// `MethodDecl = "func" Receiver MethodName [ TypeParams ] Signature [ FunctionBody ] .`
    pub(super) fn func_decl(&mut self) -> FuncDecl {
        let (id, doc, func_pos) = (self.id(), self.s.doc, self.pos());
        self.next();
        let (pos, directives) = (self.pos(), self.take_directives());
        let (recv, has_recv) = self.receiver();
        let (name, ty) = if self.tok() == Tok::Name {
            let name = self.name();
            (name, self.func_type(func_pos, None))
        } else {
            let name = Ident {
                id: self.id(),
                pos: self.pos(),
                name: Symbol::BLANK,
            };
            let ty = FuncType {
                id: self.id(),
                pos: self.pos(),
                func_pos,
                type_params: None,
                params: FieldList::default(),
                results: None,
            };
            self.syntax_error(if has_recv {
                "expected name"
            } else {
                "expected name or ("
            });
            self.advance(&[Tok::Lbrace, Tok::Semi]);
            (name, ty)
        };
        let body = (self.tok() == Tok::Lbrace).then(|| match self.later {
            Some(later) => self.skip_body(later),
            None => self.func_body().into(),
        });
        FuncDecl {
            id,
            pos,
            func_pos,
            recv,
            name,
            ty,
            body,
            directives,
            doc,
        }
    }

    /// Reads a receiver, if there is one; also says whether there were its parentheses.
    fn receiver(&mut self) -> (Option<FieldList>, bool) {
        let opening = self.pos();
        if !self.got(Tok::Lparen) {
            return (None, false);
        }
        let mut list = self.param_list(None, Tok::Rparen, Params::RESULT);
        list.opening = opening;
        match list.count() {
            0 => self.error("method has no receiver"),
            1 => {}
            _ => {
                self.error("method has multiple receivers");
                list.fields.truncate(1);
                list.fields[0].names.truncate(1);
            }
        }
        ((!list.fields.is_empty()).then_some(list), true)
    }

    /// Leaves a body to be read later.
    fn skip_body(&mut self, (source, package): (&Arc<SourceFile>, &Arc<LaterBodies>)) -> Body {
        let offset = |pos: Pos| pos.0 - source.base.0;
        let start = offset(self.pos());
        let mut depth = 0_u32;
        loop {
            match self.tok() {
                Tok::Lbrace => depth += 1,
                Tok::Rbrace => depth -= 1,
                Tok::Eof => {
                    self.syntax_error("expected }");
                    break;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.next();
        }
        let end = offset(self.pos()) + u32::from(depth == 0);
        self.next();
        Body::later(source, start..end, package)
    }

    pub(super) fn func_body(&mut self) -> Block {
        let errors_before = self.s.errors.len();
        self.function_depth += 1;
        let body = self.block("");
        self.function_depth -= 1;
        // A body with mistakes may lack the labels that its branches go to.
        let clean = self.s.encoding_errors().next().is_none();
        if clean && self.s.errors.len() == errors_before {
            crate::branches::check_body(&body, &mut self.branch_errors);
        }
        body
    }
}

/// Numbers a group's constants and finds what the implicitly repeated ones repeat.
fn resolve_repetition(specs: &mut [ConstSpec]) {
    let mut source = None;
    for (i, spec) in specs.iter_mut().enumerate() {
        spec.iota = i as u32;
        if spec.ty.is_some() || !spec.values.is_empty() {
            source = Some(i as u32);
        }
        spec.source = source;
    }
}

pub(super) fn ident_expr(name: Ident) -> Expr {
    Expr {
        id: name.id,
        pos: name.pos,
        kind: ExprKind::Ident(name.name),
    }
}

/// How an expression can be taken apart into a type parameter's name and constraint.
#[derive(PartialEq)]
enum Split {
    No,
    /// It is just a name.
    Name,
    NameAndType,
}

/// Says how `x` splits. `P*E`, `P(E)` and unions beginning so are values as well; they split
/// only if something in them must be a type, or by `force`.
fn can_split(x: &Expr, force: bool) -> Split {
    let split = match &x.kind {
        ExprKind::Ident(_) => return Split::Name,
        ExprKind::Binary(e) if e.op == BinaryOp::Mul => {
            e.x.as_ident().is_some() && (force || is_type_elem(&e.y))
        }
        ExprKind::Binary(e) if e.op == BinaryOp::Or => {
            can_split(&e.x, force || is_type_elem(&e.y)) == Split::NameAndType
        }
        ExprKind::Call(e) => match e.args.as_slice() {
            [arg] if !e.has_dots() => e.fun.as_ident().is_some() && (force || is_type_elem(arg)),
            _ => false,
        },
        _ => false,
    };
    if split { Split::NameAndType } else { Split::No }
}

/// Splits an expression for which [`can_split`] did not say no.
fn split(x: Expr) -> (Ident, Option<Expr>) {
    let Expr { id, pos, kind } = x;
    let make = |kind| Some(Expr { id, pos, kind });
    match kind {
        ExprKind::Ident(name) => (Ident { id, pos, name }, None),
        ExprKind::Binary(e) => {
            let (op, x, y) = e.into_parts();
            let (name, rest) = split(x);
            match rest {
                None => (name, make(ExprKind::Star(Box::new(y)))),
                Some(x) => (
                    name,
                    make(ExprKind::Binary(Box::new(BinaryExpr { op, x, y }))),
                ),
            }
        }
        ExprKind::Call(e) => {
            let CallExpr {
                fun,
                mut args,
                rparen,
                ..
            } = *e;
            let paren = args.pop().map(|x| ParenExpr { x, rparen });
            (
                split(fun).0,
                paren.and_then(|p| make(ExprKind::Paren(Box::new(p)))),
            )
        }
        other => unreachable!("can't be split: {other:?}"),
    }
}

/// Whether `x` can only be a type or a constraint, not a value.
fn is_type_elem(x: &Expr) -> bool {
    match &x.kind {
        ExprKind::ArrayType(_)
        | ExprKind::SliceType(_)
        | ExprKind::StructType(_)
        | ExprKind::FuncType(_)
        | ExprKind::InterfaceType(_)
        | ExprKind::MapType(_)
        | ExprKind::ChanType(_) => true,
        ExprKind::Binary(e) => is_type_elem(&e.x) || is_type_elem(&e.y),
        ExprKind::Unary(e) => e.op == UnaryOp::Tilde || is_type_elem(&e.x),
        ExprKind::Star(x) => is_type_elem(x),
        ExprKind::Paren(e) => is_type_elem(&e.x),
        _ => false,
    }
}
