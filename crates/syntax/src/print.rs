//! Expressions and simple statements on one line, as error messages show them: bodies of
//! functions and composite literals are shortened to `…`.

use crate::ast::*;

/// The expression on one line.
pub fn expr_string(x: &Expr) -> String {
    let mut p = Printer { out: String::new() };
    p.expr(x);
    p.out
}

/// A simple statement on one line; other statements only as their keyword and `…`.
pub fn stmt_string(s: &Stmt) -> String {
    let mut p = Printer { out: String::new() };
    p.stmt(s);
    p.out
}

/// The parameters and results of a signature, without `func`.
pub fn signature_string(ty: &FuncType) -> String {
    let mut p = Printer { out: String::new() };
    p.signature(ty);
    p.out
}

struct Printer {
    out: String,
}

impl Printer {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn expr(&mut self, x: &Expr) {
        match &x.kind {
            ExprKind::Bad => self.put("<bad expr>"),
            ExprKind::Ident(name) => self.put(name.as_str()),
            ExprKind::BasicLit(e) => self.put(e.text.as_str()),
            ExprKind::CompositeLit(e) => {
                e.ty.iter().for_each(|t| self.expr(t));
                self.body(e.elems.is_empty());
            }
            ExprKind::FuncLit(e) => {
                self.put("func");
                self.signature(&e.ty);
                self.put(" ");
                self.body(e.body.stmts.is_empty());
            }
            ExprKind::Paren(e) => self.wrapped("(", &e.x, ")"),
            ExprKind::Selector(e) => {
                self.expr(&e.x);
                self.put(".");
                self.put(e.sel.name.as_str());
            }
            ExprKind::Index(e) => {
                self.expr(&e.x);
                self.put("[");
                self.exprs(&e.indices);
                self.put("]");
            }
            ExprKind::Slice(e) => self.slice(e),
            ExprKind::TypeAssert(e) => {
                self.expr(&e.x);
                match &e.ty {
                    Some(ty) => self.wrapped(".(", ty, ")"),
                    None => self.put(".(type)"),
                }
            }
            ExprKind::Call(e) => {
                self.expr(&e.fun);
                self.put("(");
                self.exprs(&e.args);
                self.put(if e.has_dots() { "...)" } else { ")" });
            }
            ExprKind::Star(x) => self.wrapped("*", x, ""),
            ExprKind::Unary(e) => self.wrapped(e.op.as_str(), &e.x, ""),
            ExprKind::Binary(e) => {
                self.expr(&e.x);
                self.put(" ");
                self.put(e.op.as_str());
                self.wrapped(" ", &e.y, "");
            }
            ExprKind::KeyValue(e) => {
                self.expr(&e.key);
                self.wrapped(": ", &e.value, "");
            }
            _ => self.type_literal(x),
        }
    }

    fn slice(&mut self, e: &SliceExpr) {
        self.expr(&e.x);
        self.put("[");
        e.lo.iter().for_each(|i| self.expr(i));
        self.put(":");
        e.hi.iter().for_each(|i| self.expr(i));
        e.max.iter().for_each(|i| self.wrapped(":", i, ""));
        self.put("]");
    }

    fn type_literal(&mut self, x: &Expr) {
        match &x.kind {
            ExprKind::ArrayType(e) => {
                match &e.len {
                    ArrayLen::Expr(len) => self.wrapped("[", len, "]"),
                    ArrayLen::Dots(_) => self.put("[...]"),
                }
                self.expr(&e.elem);
            }
            ExprKind::SliceType(elem) => self.wrapped("[]", elem, ""),
            ExprKind::Ellipsis(elem) => self.wrapped("...", elem, ""),
            ExprKind::StructType(e) => {
                self.put("struct{");
                self.fields(&e.fields, "; ");
                self.put("}");
            }
            ExprKind::FuncType(e) => {
                self.put("func");
                self.signature(e);
            }
            ExprKind::InterfaceType(e) => {
                self.put("interface{");
                self.interface_elems(&e.elems);
                self.put("}");
            }
            ExprKind::MapType(e) => {
                self.wrapped("map[", &e.key, "]");
                self.expr(&e.value);
            }
            ExprKind::ChanType(e) => self.chan(e),
            other => unreachable!("not a type literal: {other:?}"),
        }
    }

    fn chan(&mut self, e: &ChanType) {
        self.put(match e.dir {
            ChanDir::Both => "chan ",
            ChanDir::Send => "chan<- ",
            ChanDir::Recv => "<-chan ",
        });
        let elem = e.elem.unparen();
        match &elem.kind {
            // `chan <-chan T` would read as `chan<- chan T`.
            ExprKind::ChanType(inner) if e.dir == ChanDir::Both && inner.dir == ChanDir::Recv => {
                self.wrapped("(", elem, ")");
            }
            _ => self.expr(elem),
        }
    }

    fn interface_elems(&mut self, list: &FieldList) {
        for (i, field) in list.fields.iter().enumerate() {
            if i > 0 {
                self.put("; ");
            }
            match (&field.ty.kind, field.names.first()) {
                (ExprKind::FuncType(ty), Some(name)) => {
                    self.put(name.name.as_str());
                    self.signature(ty);
                }
                _ => self.expr(&field.ty),
            }
        }
    }

    fn signature(&mut self, ty: &FuncType) {
        if let Some(list) = &ty.type_params {
            self.put("[");
            self.fields(list, ", ");
            self.put("]");
        }
        self.put("(");
        self.fields(&ty.params, ", ");
        self.put(")");
        let Some(results) = &ty.results else { return };
        match results.fields.as_slice() {
            [] => {}
            [only] if only.names.is_empty() => self.wrapped(" ", &only.ty, ""),
            _ => {
                self.put(" (");
                self.fields(results, ", ");
                self.put(")");
            }
        }
    }

    fn fields(&mut self, list: &FieldList, separator: &str) {
        for (i, field) in list.fields.iter().enumerate() {
            if i > 0 {
                self.put(separator);
            }
            for (i, name) in field.names.iter().enumerate() {
                self.put(if i > 0 { ", " } else { "" });
                self.put(name.name.as_str());
            }
            self.wrapped(if field.names.is_empty() { "" } else { " " }, &field.ty, "");
            if let Some(tag) = &field.tag {
                self.put(" ");
                self.put(tag.text.as_str());
            }
        }
    }

    fn stmt(&mut self, s: &Stmt) {
        match &s.kind {
            StmtKind::Expr(x) => self.expr(x),
            StmtKind::Send(s) => {
                self.expr(&s.chan);
                self.wrapped(" <- ", &s.value, "");
            }
            StmtKind::IncDec(s) => {
                self.wrapped("", &s.x, if s.inc { "++" } else { "--" });
            }
            StmtKind::Assign(s) => {
                self.exprs(&s.lhs);
                match s.op {
                    AssignOp::Assign => self.put(" = "),
                    AssignOp::Define => self.put(" := "),
                    AssignOp::Op(op) => {
                        self.put(" ");
                        self.put(op.as_str());
                        self.put("= ");
                    }
                }
                self.exprs(&s.rhs);
            }
            StmtKind::Go(x) => self.wrapped("go ", x, ""),
            StmtKind::Defer(x) => self.wrapped("defer ", x, ""),
            StmtKind::Return(results) => {
                self.put(if results.is_empty() {
                    "return"
                } else {
                    "return "
                });
                self.exprs(results);
            }
            StmtKind::Branch(s) => {
                self.put(s.kind.as_str());
                if let Some(label) = &s.label {
                    self.put(" ");
                    self.put(label.name.as_str());
                }
            }
            other => self.compound(other),
        }
    }

    fn compound(&mut self, kind: &StmtKind) {
        self.put(match kind {
            StmtKind::Bad => "<bad stmt>",
            StmtKind::Decl(_) => "declaration …",
            StmtKind::Block(_) => "{…}",
            StmtKind::If(_) => "if …",
            StmtKind::Switch(_) | StmtKind::TypeSwitch(_) => "switch …",
            StmtKind::Select(_) => "select …",
            StmtKind::For(_) | StmtKind::Range(_) => "for …",
            _ => "",
        });
    }

    fn body(&mut self, empty: bool) {
        self.put(if empty { "{}" } else { "{…}" });
    }

    fn exprs(&mut self, list: &[Expr]) {
        for (i, x) in list.iter().enumerate() {
            self.wrapped(if i > 0 { ", " } else { "" }, x, "");
        }
    }

    fn wrapped(&mut self, before: &str, x: &Expr, after: &str) {
        self.put(before);
        self.expr(x);
        self.put(after);
    }
}

/// As [`expr_string`].
impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&expr_string(self))
    }
}
