//! Parameters, struct fields and interface elements.

use super::decl::ident_expr;
use super::types::{ArrayOrArgs, func_type_expr};
use super::*;

/// What a parameter list may hold.
#[derive(Clone, Copy)]
pub(super) struct Params {
    /// Type parameters: names are required, types are constraints.
    type_params: bool,
    /// The last one may be `...T`.
    dots: bool,
}

impl Params {
    pub(super) const TYPE: Params = Params {
        type_params: true,
        dots: false,
    };
    pub(super) const PARAMETER: Params = Params {
        type_params: false,
        dots: true,
    };
    /// Results, receivers, and what may be type arguments.
    pub(super) const RESULT: Params = Params {
        type_params: false,
        dots: false,
    };
}

/// One entry of a parameter list, before it is known whether a lone name is a parameter's
/// name or its type.
struct Entry {
    pos: Pos,
    name: Option<Ident>,
    ty: Option<Expr>,
}

impl From<(Ident, Option<Expr>)> for Entry {
    fn from((name, ty): (Ident, Option<Expr>)) -> Entry {
        Entry {
            pos: name.pos,
            name: Some(name),
            ty,
        }
    }
}

impl Parser<'_> {
    /// The rest of a parameter list after its opening bracket, or after a first name and
    /// perhaps its type. The caller sets `opening`.
    pub(super) fn param_list(
        &mut self,
        first: Option<(Ident, Option<Expr>)>,
        close: Tok,
        kind: Params,
    ) -> FieldList {
        // Much stack is used between one type and the types of its parameters.
        self.depth += 1;
        let mut entries = vec![];
        let mut first = first;
        let pos = self.pos();
        let complete = matches!(first, Some((_, Some(_))));
        // `list` asks for no element where the list ends, but then there may be one already.
        let closing = if complete && self.got(close) {
            entries.extend(first.take().map(Entry::from));
            pos
        } else {
            self.list("parameter list", Tok::Comma, close, |p| {
                match first.take() {
                    Some((name, None)) => entries.extend(p.param(Some(name), close)),
                    Some(complete) => entries.push(complete.into()),
                    None => entries.extend(p.param(None, close)),
                }
                false
            })
        };
        self.depth -= 1;
        self.check_names(&mut entries, closing, kind);
        let mut fields = self.group_fields(entries);
        self.check_dots(&mut fields, kind);
        FieldList {
            opening: Pos::NONE,
            fields,
            closing,
        }
    }

    /// `ParameterDecl = [ IdentifierList ] [ "..." ] Type .`, one name at a time; `None` if
    /// there is nothing like it.
    fn param(&mut self, name: Option<Ident>, follow: Tok) -> Option<Entry> {
        let constraint = follow == Tok::Rbrack;
        let pos = name.map_or(self.pos(), |n| n.pos);
        if name.is_none() && constraint && self.at_tilde() {
            let ty = Some(self.embedded_elem(None));
            return Some(Entry {
                pos,
                name: None,
                ty,
            });
        }
        let mut entry = Entry {
            pos,
            name,
            ty: None,
        };
        if self.tok() == Tok::Name || name.is_some() {
            let name = name.unwrap_or_else(|| self.name());
            entry.name = Some(name);
            if self.param_after_name(&mut entry, name, constraint) {
                return Some(entry);
            }
        }
        if self.tok() == Tok::DotDotDot {
            entry.ty = Some(self.dots_type());
            return Some(entry);
        }
        if constraint && self.at_tilde() {
            entry.ty = Some(self.embedded_elem(None));
            return Some(entry);
        }
        entry.ty = self.opt_type();
        if constraint && self.at_op(BinaryOp::Or) && entry.ty.is_some() {
            entry.ty = entry.ty.map(|ty| self.embedded_elem(Some(ty)));
        }
        if entry.name.is_some() || entry.ty.is_some() {
            return Some(entry);
        }
        self.syntax_error(&format!("expected {}", follow.described()));
        self.advance(&[Tok::Comma, follow]);
        None
    }

    /// Reads what may follow a parameter's name so that the entry is complete: then `true`.
    fn param_after_name(&mut self, entry: &mut Entry, name: Ident, constraint: bool) -> bool {
        let ty = match self.tok() {
            Tok::Lbrack => match self.array_or_args() {
                ArrayOrArgs::Type(ty) => ty,
                args => {
                    entry.name = None;
                    self.instance(ident_expr(name), args)
                }
            },
            Tok::Dot => {
                entry.name = None;
                self.qualified_name(Some(name))
            }
            _ if constraint && self.at_op(BinaryOp::Or) => {
                entry.name = None;
                ident_expr(name)
            }
            _ => return false,
        };
        entry.ty = Some(match constraint && self.at_op(BinaryOp::Or) {
            true => self.embedded_elem(Some(ty)),
            false => ty,
        });
        true
    }

    fn dots_type(&mut self) -> Expr {
        let pos = self.want(Tok::DotDotDot);
        match self.opt_type() {
            Some(elem) => self.make(pos, ExprKind::Ellipsis(Box::new(elem))),
            None => {
                let bad = self.bad_expr();
                self.syntax_error("... is missing type");
                bad
            }
        }
    }

    /// Decides whether lone names are names or types: types if nothing in the list has both.
    fn check_names(&mut self, entries: &mut [Entry], closing: Pos, kind: Params) {
        let named = entries
            .iter()
            .filter(|e| e.name.is_some() && e.ty.is_some())
            .count();
        let typed = entries.iter().filter(|e| e.ty.is_some()).count();
        if named == entries.len() {
            return;
        }
        if named == 0 && !kind.type_params {
            for entry in entries {
                if let Some(name) = entry.name.take() {
                    entry.ty = Some(ident_expr(name));
                }
            }
            return;
        }
        // All must be named, and names without type take that of the next one that has one.
        let mut error = Pos::NONE;
        let mut typed_after = false;
        let count = entries.len();
        for entry in entries.iter_mut().rev() {
            match (&entry.ty, entry.name) {
                (Some(ty), name) => {
                    typed_after = true;
                    if name.is_none() {
                        error = ty.unparen().start();
                        entry.name = Some(Ident {
                            id: self.id(),
                            pos: error,
                            name: Symbol::BLANK,
                        });
                    }
                }
                (None, Some(name)) if !typed_after => {
                    error = name.pos;
                    entry.ty = Some(self.make(error, ExprKind::Bad));
                }
                (None, _) => {}
            }
        }
        if !error.is_some() {
            return;
        }
        let (pos, msg) = match (named == typed, kind.type_params) {
            (true, true) => (closing, "missing type constraint"),
            (true, false) => (closing, "missing parameter type"),
            (false, true) if count == 1 => {
                (error, "missing type parameter name or invalid array length")
            }
            (false, true) => (error, "missing type parameter name"),
            (false, false) => (error, "missing parameter name"),
        };
        self.syntax_error_at(pos, msg);
    }

    /// Makes one field of the names that share a type.
    fn group_fields(&mut self, entries: Vec<Entry>) -> Vec<Field> {
        let mut fields = Vec::with_capacity(entries.len());
        let mut names = vec![];
        let mut start = None;
        for entry in entries {
            names.extend(entry.name);
            let pos = *start.get_or_insert(entry.pos);
            if let Some(ty) = entry.ty {
                let names = std::mem::take(&mut names);
                fields.push(Field {
                    id: self.id(),
                    pos,
                    names,
                    ty,
                    tag: None,
                });
                start = None;
            }
        }
        fields
    }

    /// Complains about `...T` where it can't stand, and makes it a `T`.
    fn check_dots(&mut self, fields: &mut [Field], kind: Params) {
        let mut reported = false;
        let count = fields.len();
        for (i, field) in fields.iter_mut().enumerate() {
            let last = i + 1 == count && field.names.len() <= 1;
            if !matches!(field.ty.kind, ExprKind::Ellipsis(_)) || (kind.dots && last) {
                continue;
            }
            if !std::mem::replace(&mut reported, true) {
                self.error_at(
                    field.ty.pos,
                    match kind.dots {
                        true => "can only use ... with final parameter",
                        false => "invalid use of ...",
                    },
                );
            }
            if let ExprKind::Ellipsis(elem) = std::mem::replace(&mut field.ty.kind, ExprKind::Bad) {
                field.ty = *elem;
            }
        }
    }

    /// `StructType = "struct" "{" { FieldDecl ";" } "}" .`
    pub(super) fn struct_type(&mut self) -> Expr {
        let pos = self.want(Tok::Struct);
        let opening = self.want(Tok::Lbrace);
        let mut fields = vec![];
        let closing = self.list("struct type", Tok::Semi, Tok::Rbrace, |p| {
            fields.extend(p.field_decl());
            false
        });
        let fields = FieldList {
            opening,
            fields,
            closing,
        };
        self.make(pos, ExprKind::StructType(Box::new(StructType { fields })))
    }

    /// `FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] .`
    fn field_decl(&mut self) -> Option<Field> {
        let pos = self.pos();
        let (names, ty) = match self.tok() {
            Tok::Name => self.named_field(),
            Tok::Star => {
                self.next();
                let ty = match self.tok() {
                    Tok::Lparen => self.parenthesized_embedded(),
                    _ => self.qualified_name(None),
                };
                (vec![], self.make(pos, ExprKind::Star(Box::new(ty))))
            }
            Tok::Lparen => (vec![], self.parenthesized_embedded()),
            _ => {
                self.syntax_error("expected field name or embedded type");
                self.advance(&[Tok::Semi, Tok::Rbrace]);
                return None;
            }
        };
        let tag = self.opt_literal();
        Some(Field {
            id: self.id(),
            pos,
            names,
            ty,
            tag,
        })
    }

    fn named_field(&mut self) -> (Vec<Ident>, Expr) {
        let name = self.name();
        if matches!(
            self.tok(),
            Tok::Dot | Tok::Literal | Tok::Semi | Tok::Rbrace
        ) {
            return (vec![], self.qualified_name(Some(name)));
        }
        let names = self.name_list(name);
        if names.len() == 1 && self.tok() == Tok::Lbrack {
            // A field of array or slice type, or an embedded generic type.
            return match self.array_or_args() {
                ArrayOrArgs::Type(ty) => (names, ty),
                args => (vec![], self.instance(ident_expr(name), args)),
            };
        }
        let ty = self.ty();
        (names, ty)
    }

    /// `(T)` or `(*T)` as an embedded field, which is an error.
    fn parenthesized_embedded(&mut self) -> Expr {
        self.syntax_error("cannot parenthesize embedded type");
        self.next();
        let pos = self.pos();
        let ty = match self.got(Tok::Star) {
            true => {
                let ty = self.qualified_name(None);
                self.make(pos, ExprKind::Star(Box::new(ty)))
            }
            false => self.qualified_name(None),
        };
        self.got(Tok::Rparen);
        ty
    }

    /// `InterfaceType = "interface" "{" { ( MethodDecl | EmbeddedElem ) ";" } "}" .`
    pub(super) fn interface_type(&mut self) -> Expr {
        let pos = self.want(Tok::Interface);
        let opening = self.want(Tok::Lbrace);
        let mut fields = vec![];
        let closing = self.list("interface type", Tok::Semi, Tok::Rbrace, |p| {
            let pos = p.pos();
            let mut name = None;
            let mut ty = None;
            if p.tok() == Tok::Name {
                let (method, parsed) = p.method_or_embedded();
                (name, ty) = (method, Some(parsed));
            }
            let ty = match (name, ty) {
                (Some(_), Some(ty)) => ty,
                (_, ty) => p.embedded_elem(ty),
            };
            let names = name.into_iter().collect();
            fields.push(Field {
                id: p.id(),
                pos,
                names,
                ty,
                tag: None,
            });
            false
        });
        let elems = FieldList {
            opening,
            fields,
            closing,
        };
        self.make(
            pos,
            ExprKind::InterfaceType(Box::new(InterfaceType { elems })),
        )
    }

    /// An interface element that begins with a name: a method's name and signature, or the
    /// first type of an embedded element.
    fn method_or_embedded(&mut self) -> (Option<Ident>, Expr) {
        let name = self.name();
        match self.tok() {
            Tok::Lparen => (Some(name), self.method_signature()),
            Tok::Lbrack => self.method_or_instance(name),
            _ => (None, self.qualified_name(Some(name))),
        }
    }

    fn method_signature(&mut self) -> Expr {
        func_type_expr(self.func_type(Pos::NONE, Some("interface method")))
    }

    /// The rest of an interface element after its name, from `[`: an embedded generic type,
    /// or a method with type parameters, which is an error.
    fn method_or_instance(&mut self, name: Ident) -> (Option<Ident>, Expr) {
        let lbrack = self.want(Tok::Lbrack);
        if self.tok() == Tok::Rbrack {
            let pos = self.pos();
            self.next();
            if self.tok() == Tok::Lparen {
                self.error_at(pos, "empty type parameter list");
                return (Some(name), self.method_signature());
            }
            self.error_at(pos, "empty type argument list");
            return (None, ident_expr(name));
        }
        // Type arguments look like parameters without names.
        let list = self.param_list(None, Tok::Rbrack, Params::RESULT);
        match list.fields.first() {
            None if self.tok() == Tok::Lparen => (Some(name), self.method_signature()),
            None => (None, ident_expr(name)),
            Some(field) if !field.names.is_empty() => {
                let ty = self.method_signature();
                self.error_at(lbrack, "interface method must have no type parameters");
                (Some(name), ty)
            }
            Some(_) => {
                let args = list.fields.into_iter().map(|f| f.ty).collect();
                let args = ArrayOrArgs::Args {
                    lbrack,
                    args,
                    rbrack: list.closing,
                };
                (None, self.instance(ident_expr(name), args))
            }
        }
    }

    /// `EmbeddedElem = EmbeddedTerm { "|" EmbeddedTerm } .`; the first may have been read.
    fn embedded_elem(&mut self, first: Option<Expr>) -> Expr {
        let mut x = first.unwrap_or_else(|| self.embedded_term());
        while self.at_op(BinaryOp::Or) {
            let pos = self.pos();
            self.next();
            let y = self.embedded_term();
            x = self.make(
                pos,
                ExprKind::Binary(Box::new(BinaryExpr {
                    op: BinaryOp::Or,
                    x,
                    y,
                })),
            );
        }
        x
    }

    /// `EmbeddedTerm = [ "~" ] Type .`
    fn embedded_term(&mut self) -> Expr {
        let pos = self.pos();
        if self.at_tilde() {
            self.next();
            let x = self.ty();
            return self.make(
                pos,
                ExprKind::Unary(Box::new(UnaryExpr {
                    op: UnaryOp::Tilde,
                    x,
                })),
            );
        }
        self.opt_type().unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("expected ~ term or type");
            let follow = [
                Tok::Operator,
                Tok::Semi,
                Tok::Rparen,
                Tok::Rbrack,
                Tok::Rbrace,
            ];
            self.advance(&follow);
            bad
        })
    }
}
