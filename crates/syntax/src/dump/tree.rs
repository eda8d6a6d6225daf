//! From our tree to the nodes of `go/ast`: files, declarations, expressions and types.

use super::value::{Node, Value};
use crate::ast::*;
use goxide_base::{Pos, SourceFile};
use std::cell::Cell;

/// Makes nodes; the source says where raw strings end.
pub(super) struct Builder<'a> {
    source: &'a SourceFile,
    /// How many import declarations were met.
    imports: Cell<usize>,
}

pub(super) fn file(file: &File, source: &SourceFile) -> Value {
    let b = Builder {
        source,
        imports: Cell::new(0),
    };
    let decls: Vec<Node> = file.decls.iter().map(|d| b.decl(d)).collect();
    let version = file.go_minor.map(|minor| match minor {
        0 => "go1".into(),
        minor => format!("go1.{minor}"),
    });
    Node::new("File")
        .field("Package", file.pos)
        .field("Name", ident(&file.name))
        .list("Decls", "[]ast.Decl", decls)
        .field("FileStart", source.base)
        .field("FileEnd", source.base.offset(source.text.len() as u32))
        .list(
            "Imports",
            "[]*ast.ImportSpec",
            (0..b.imports.get()).map(Value::Import),
        )
        .field("GoVersion", Value::Str(version.unwrap_or_default()))
        .into()
}

pub(super) fn ident(name: &Ident) -> Node {
    name_at(name.pos, name.name.as_str())
}

fn name_at(pos: Pos, name: &str) -> Node {
    Node::new("Ident")
        .field("NamePos", pos)
        .field("Name", Value::Str(name.into()))
}

fn idents(list: &[Ident]) -> impl Iterator<Item = Node> {
    list.iter().map(ident)
}

impl Builder<'_> {
    pub(super) fn decl(&self, decl: &Decl) -> Node {
        match decl {
            Decl::Import(g) => self.group(g, "import", |b, s| b.import_spec(s)),
            Decl::Const(g) => self.group(g, "const", |b, s| {
                b.value_spec(&s.names, s.ty.as_ref(), &s.values)
            }),
            Decl::Var(g) => self.group(g, "var", |b, s| {
                b.value_spec(&s.names, s.ty.as_ref(), &s.values)
            }),
            Decl::Type(g) => self.group(g, "type", |b, s| {
                Node::new("TypeSpec")
                    .field("Name", ident(&s.name))
                    .opt(
                        "TypeParams",
                        s.type_params.as_ref().map(|l| b.field_list(l)),
                    )
                    .field("Assign", s.assign)
                    .field("Type", b.expr(&s.ty))
            }),
            Decl::Func(f) => Node::new("FuncDecl")
                .opt("Recv", f.recv.as_ref().map(|l| self.field_list(l)))
                .field("Name", ident(&f.name))
                .field("Type", self.func_type(&f.ty))
                .opt("Body", f.body.as_ref().map(|b| self.block(b))),
        }
    }

    fn group<S>(
        &self,
        group: &Group<S>,
        tok: &'static str,
        spec: impl Fn(&Self, &S) -> Node,
    ) -> Node {
        let specs: Vec<Node> = group.specs.iter().map(|s| spec(self, s)).collect();
        Node::new("GenDecl")
            .field("TokPos", group.pos)
            .field("Tok", tok)
            .field("Lparen", group.lparen)
            .list("Specs", "[]ast.Spec", specs)
            .field("Rparen", group.rparen)
    }

    fn import_spec(&self, spec: &ImportSpec) -> Node {
        let mut node = Node::new("ImportSpec")
            .opt("Name", spec.name.as_ref().map(ident))
            .opt("Path", spec.path.as_ref().map(|p| self.literal(p)))
            .field("EndPos", Pos::NONE);
        node.import = Some(self.imports.get());
        self.imports.set(self.imports.get() + 1);
        node
    }

    fn value_spec(&self, names: &[Ident], ty: Option<&Expr>, values: &[Expr]) -> Node {
        Node::new("ValueSpec")
            .list("Names", "[]*ast.Ident", idents(names))
            .opt("Type", ty.map(|t| self.expr(t)))
            .list("Values", "[]ast.Expr", self.exprs(values))
    }

    pub(super) fn field_list(&self, list: &FieldList) -> Node {
        let fields = list.fields.iter().map(|f| {
            Node::new("Field")
                .list("Names", "[]*ast.Ident", idents(&f.names))
                .field("Type", self.expr(&f.ty))
                .opt("Tag", f.tag.as_ref().map(|t| self.literal(t)))
        });
        Node::new("FieldList")
            .field("Opening", list.opening)
            .list("List", "[]*ast.Field", fields)
            .field("Closing", list.closing)
    }

    fn literal(&self, literal: &Literal) -> Node {
        self.basic_lit(literal.pos, literal.kind, literal.text.as_str())
    }

    fn basic_lit(&self, pos: Pos, kind: LitKind, text: &str) -> Node {
        let kind = match kind {
            LitKind::Int => "INT",
            LitKind::Float => "FLOAT",
            LitKind::Imag => "IMAG",
            LitKind::Rune => "CHAR",
            LitKind::String => "STRING",
        };
        Node::new("BasicLit")
            .field("ValuePos", pos)
            .field("ValueEnd", self.literal_end(pos, text))
            .field("Kind", kind)
            .field("Value", Value::Str(text.into()))
    }

    /// The end of a literal. A raw string's text lacks its carriage returns.
    fn literal_end(&self, pos: Pos, text: &str) -> Pos {
        let rest = &self.source.text[(pos.0 - self.source.base.0) as usize..];
        let raw_end = match rest {
            [b'`', inner @ ..] => inner.iter().position(|b| *b == b'`'),
            _ => None,
        };
        pos.offset(raw_end.map_or(text.len(), |n| n + 2) as u32)
    }

    pub(super) fn exprs<'a>(&'a self, list: &'a [Expr]) -> impl Iterator<Item = Node> + 'a {
        list.iter().map(|x| self.expr(x))
    }

    pub(super) fn expr(&self, x: &Expr) -> Node {
        match &x.kind {
            ExprKind::Bad => Node::new("BadExpr").field("From", x.pos).field("To", x.pos),
            ExprKind::Ident(name) => name_at(x.pos, name.as_str()),
            ExprKind::BasicLit(e) => self.basic_lit(x.pos, e.kind, e.text.as_str()),
            ExprKind::CompositeLit(e) => Node::new("CompositeLit")
                .opt("Type", e.ty.as_ref().map(|t| self.expr(t)))
                .field("Lbrace", e.lbrace)
                .list("Elts", "[]ast.Expr", self.exprs(&e.elems))
                .field("Rbrace", e.rbrace)
                .field("Incomplete", false),
            ExprKind::FuncLit(e) => Node::new("FuncLit")
                .field("Type", self.func_type(&e.ty))
                .field("Body", self.block(&e.body)),
            ExprKind::Paren(e) => Node::new("ParenExpr")
                .field("Lparen", x.pos)
                .field("X", self.expr(&e.x))
                .field("Rparen", e.rparen),
            ExprKind::Selector(e) => Node::new("SelectorExpr")
                .field("X", self.expr(&e.x))
                .field("Sel", ident(&e.sel)),
            ExprKind::Index(e) => self.index(e),
            ExprKind::Slice(e) => Node::new("SliceExpr")
                .field("X", self.expr(&e.x))
                .field("Lbrack", e.lbrack)
                .opt("Low", e.lo.as_ref().map(|i| self.expr(i)))
                .opt("High", e.hi.as_ref().map(|i| self.expr(i)))
                .opt("Max", e.max.as_ref().map(|i| self.expr(i)))
                .field("Slice3", e.full)
                .field("Rbrack", e.rbrack),
            ExprKind::TypeAssert(e) => Node::new("TypeAssertExpr")
                .field("X", self.expr(&e.x))
                .field("Lparen", e.lparen)
                .opt("Type", e.ty.as_ref().map(|t| self.expr(t)))
                .field("Rparen", e.rparen),
            ExprKind::Call(e) => Node::new("CallExpr")
                .field("Fun", self.expr(&e.fun))
                .field("Lparen", e.lparen)
                .list("Args", "[]ast.Expr", self.exprs(&e.args))
                .field("Ellipsis", e.ellipsis)
                .field("Rparen", e.rparen),
            ExprKind::Star(e) => Node::new("StarExpr")
                .field("Star", x.pos)
                .field("X", self.expr(e)),
            ExprKind::Unary(e) => Node::new("UnaryExpr")
                .field("OpPos", x.pos)
                .field("Op", e.op.as_str())
                .field("X", self.expr(&e.x)),
            ExprKind::Binary(e) => Node::new("BinaryExpr")
                .field("X", self.expr(&e.x))
                .field("OpPos", x.pos)
                .field("Op", e.op.as_str())
                .field("Y", self.expr(&e.y)),
            ExprKind::KeyValue(e) => Node::new("KeyValueExpr")
                .field("Key", self.expr(&e.key))
                .field("Colon", x.pos)
                .field("Value", self.expr(&e.value)),
            _ => self.type_literal(x),
        }
    }

    fn index(&self, e: &IndexExpr) -> Node {
        let name = if e.indices.len() == 1 {
            "IndexExpr"
        } else {
            "IndexListExpr"
        };
        let node = Node::new(name)
            .field("X", self.expr(&e.x))
            .field("Lbrack", e.lbrack);
        let node = match e.indices.as_slice() {
            [index] => node.field("Index", self.expr(index)),
            indices => node.list("Indices", "[]ast.Expr", self.exprs(indices)),
        };
        node.field("Rbrack", e.rbrack)
    }

    fn type_literal(&self, x: &Expr) -> Node {
        match &x.kind {
            ExprKind::ArrayType(e) => {
                let len = match &e.len {
                    ArrayLen::Expr(len) => self.expr(len),
                    ArrayLen::Dots(pos) => Node::new("Ellipsis").field("Ellipsis", *pos),
                };
                Node::new("ArrayType")
                    .field("Lbrack", x.pos)
                    .field("Len", len)
                    .field("Elt", self.expr(&e.elem))
            }
            ExprKind::SliceType(elem) => Node::new("ArrayType")
                .field("Lbrack", x.pos)
                .field("Elt", self.expr(elem)),
            ExprKind::StructType(e) => Node::new("StructType")
                .field("Struct", x.pos)
                .field("Fields", self.field_list(&e.fields))
                .field("Incomplete", false),
            ExprKind::FuncType(e) => self.func_type(e),
            ExprKind::InterfaceType(e) => Node::new("InterfaceType")
                .field("Interface", x.pos)
                .field("Methods", self.field_list(&e.elems))
                .field("Incomplete", false),
            ExprKind::MapType(e) => Node::new("MapType")
                .field("Map", x.pos)
                .field("Key", self.expr(&e.key))
                .field("Value", self.expr(&e.value)),
            ExprKind::ChanType(e) => Node::new("ChanType")
                .field("Begin", x.pos)
                .field("Arrow", e.arrow)
                .field(
                    "Dir",
                    match e.dir {
                        ChanDir::Send => "1",
                        ChanDir::Recv => "2",
                        ChanDir::Both => "3",
                    },
                )
                .field("Value", self.expr(&e.elem)),
            ExprKind::Ellipsis(elem) => Node::new("Ellipsis")
                .field("Ellipsis", x.pos)
                .field("Elt", self.expr(elem)),
            other => unreachable!("not a type literal: {other:?}"),
        }
    }

    pub(super) fn func_type(&self, ty: &FuncType) -> Node {
        Node::new("FuncType")
            .field("Func", ty.func_pos)
            .opt(
                "TypeParams",
                ty.type_params.as_ref().map(|l| self.field_list(l)),
            )
            .field("Params", self.field_list(&ty.params))
            .opt("Results", ty.results.as_ref().map(|l| self.field_list(l)))
    }

    /// Whether a semicolon stands at `pos`.
    pub(super) fn is_semicolon(&self, pos: Pos) -> bool {
        self.source.text.get((pos.0 - self.source.base.0) as usize) == Some(&b';')
    }
}
