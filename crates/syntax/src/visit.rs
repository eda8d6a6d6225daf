//! Walking a tree: a [`Visitor`] overrides what it is interested in and calls the `walk_…`
//! function of the same name to go on into the children. Children come in source order.

use crate::ast::*;

/// Called for each node of a tree. Each method's default walks the node's children.
pub trait Visitor {
    /// A declaration, at top level or in a function.
    fn visit_decl(&mut self, decl: &Decl) {
        walk_decl(self, decl);
    }
    /// A statement.
    fn visit_stmt(&mut self, stmt: &Stmt) {
        walk_stmt(self, stmt);
    }
    /// A block: a function's body or that of a statement.
    fn visit_block(&mut self, block: &Block) {
        walk_block(self, block);
    }
    /// An expression or type.
    fn visit_expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }
    /// A signature: of a declaration, literal, interface method or type.
    fn visit_func_type(&mut self, ty: &FuncType) {
        walk_func_type(self, ty);
    }
    /// A field, parameter, type parameter or interface element.
    fn visit_field(&mut self, field: &Field) {
        walk_field(self, field);
    }
    /// A name that is not an expression: one that is declared, selected or a label.
    fn visit_ident(&mut self, _ident: &Ident) {}
}

/// Visits a file's name and declarations.
pub fn walk_file<V: Visitor + ?Sized>(v: &mut V, file: &File) {
    v.visit_ident(&file.name);
    for decl in &file.decls {
        v.visit_decl(decl);
    }
}

/// Visits the parts of a declaration.
pub fn walk_decl<V: Visitor + ?Sized>(v: &mut V, decl: &Decl) {
    match decl {
        Decl::Import(group) => {
            group
                .specs
                .iter()
                .filter_map(|s| s.name.as_ref())
                .for_each(|n| v.visit_ident(n));
        }
        Decl::Const(group) => {
            for spec in &group.specs {
                idents(v, &spec.names);
                exprs(v, &spec.ty);
                exprs(v, &spec.values);
            }
        }
        Decl::Type(group) => {
            for spec in &group.specs {
                v.visit_ident(&spec.name);
                fields(v, spec.type_params.as_ref());
                v.visit_expr(&spec.ty);
            }
        }
        Decl::Var(group) => {
            for spec in &group.specs {
                idents(v, &spec.names);
                exprs(v, &spec.ty);
                exprs(v, &spec.values);
            }
        }
        Decl::Func(f) => {
            fields(v, f.recv.as_ref());
            v.visit_ident(&f.name);
            v.visit_func_type(&f.ty);
            f.body.iter().for_each(|b| v.visit_block(b));
        }
    }
}

/// Visits a block's statements.
pub fn walk_block<V: Visitor + ?Sized>(v: &mut V, block: &Block) {
    stmts(v, &block.stmts);
}

/// Visits the parts of a statement.
pub fn walk_stmt<V: Visitor + ?Sized>(v: &mut V, stmt: &Stmt) {
    match &stmt.kind {
        StmtKind::Bad | StmtKind::Empty => {}
        StmtKind::Decl(d) => v.visit_decl(d),
        StmtKind::Labeled(s) => {
            v.visit_ident(&s.label);
            v.visit_stmt(&s.stmt);
        }
        StmtKind::Expr(x) => v.visit_expr(x),
        StmtKind::Send(s) => {
            v.visit_expr(&s.chan);
            v.visit_expr(&s.value);
        }
        StmtKind::IncDec(s) => v.visit_expr(&s.x),
        StmtKind::Assign(s) => {
            exprs(v, &s.lhs);
            exprs(v, &s.rhs);
        }
        StmtKind::Go(x) | StmtKind::Defer(x) => v.visit_expr(x),
        StmtKind::Return(results) => exprs(v, results),
        StmtKind::Branch(s) => s.label.iter().for_each(|l| v.visit_ident(l)),
        StmtKind::Block(b) => v.visit_block(b),
        StmtKind::If(s) => {
            stmts(v, &s.init);
            v.visit_expr(&s.cond);
            v.visit_block(&s.then);
            stmts(v, &s.els);
        }
        StmtKind::Switch(s) => {
            stmts(v, &s.init);
            exprs(v, &s.tag);
            clauses(v, &s.clauses);
        }
        StmtKind::TypeSwitch(s) => {
            stmts(v, &s.init);
            s.bind.iter().for_each(|n| v.visit_ident(n));
            v.visit_expr(&s.guard);
            clauses(v, &s.clauses);
        }
        StmtKind::Select(s) => {
            for clause in &s.clauses {
                stmts(v, &clause.comm);
                stmts(v, &clause.body);
            }
        }
        StmtKind::For(s) => {
            stmts(v, &s.init);
            exprs(v, &s.cond);
            stmts(v, &s.post);
            v.visit_block(&s.body);
        }
        StmtKind::Range(s) => {
            exprs(v, &s.key);
            exprs(v, &s.value);
            exprs(v, &s.extra);
            v.visit_expr(&s.x);
            v.visit_block(&s.body);
        }
    }
}

/// Visits the parts of an expression.
pub fn walk_expr<V: Visitor + ?Sized>(v: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Bad | ExprKind::Ident(_) | ExprKind::BasicLit(_) => {}
        ExprKind::CompositeLit(e) => {
            exprs(v, &e.ty);
            exprs(v, &e.elems);
        }
        ExprKind::FuncLit(e) => {
            v.visit_func_type(&e.ty);
            v.visit_block(&e.body);
        }
        ExprKind::Paren(e) => v.visit_expr(&e.x),
        ExprKind::Selector(e) => {
            v.visit_expr(&e.x);
            v.visit_ident(&e.sel);
        }
        ExprKind::Index(e) => {
            v.visit_expr(&e.x);
            exprs(v, &e.indices);
        }
        ExprKind::Slice(e) => {
            v.visit_expr(&e.x);
            exprs(v, e.lo.iter().chain(&e.hi).chain(&e.max));
        }
        ExprKind::TypeAssert(e) => {
            v.visit_expr(&e.x);
            exprs(v, &e.ty);
        }
        ExprKind::Call(e) => {
            v.visit_expr(&e.fun);
            exprs(v, &e.args);
        }
        ExprKind::Star(x) | ExprKind::SliceType(x) | ExprKind::Ellipsis(x) => v.visit_expr(x),
        ExprKind::Unary(e) => v.visit_expr(&e.x),
        ExprKind::Binary(e) => {
            v.visit_expr(&e.x);
            v.visit_expr(&e.y);
        }
        ExprKind::KeyValue(e) => {
            v.visit_expr(&e.key);
            v.visit_expr(&e.value);
        }
        ExprKind::ArrayType(e) => {
            if let ArrayLen::Expr(len) = &e.len {
                v.visit_expr(len);
            }
            v.visit_expr(&e.elem);
        }
        ExprKind::StructType(e) => fields(v, Some(&e.fields)),
        ExprKind::FuncType(e) => v.visit_func_type(e),
        ExprKind::InterfaceType(e) => fields(v, Some(&e.elems)),
        ExprKind::MapType(e) => {
            v.visit_expr(&e.key);
            v.visit_expr(&e.value);
        }
        ExprKind::ChanType(e) => v.visit_expr(&e.elem),
    }
}

/// Visits the type parameters, parameters and results of a signature.
pub fn walk_func_type<V: Visitor + ?Sized>(v: &mut V, ty: &FuncType) {
    fields(v, ty.type_params.as_ref());
    fields(v, Some(&ty.params));
    fields(v, ty.results.as_ref());
}

/// Visits the names and type of a field.
pub fn walk_field<V: Visitor + ?Sized>(v: &mut V, field: &Field) {
    idents(v, &field.names);
    v.visit_expr(&field.ty);
}

fn exprs<'a, V: Visitor + ?Sized>(v: &mut V, list: impl IntoIterator<Item = &'a Expr>) {
    list.into_iter().for_each(|x| v.visit_expr(x));
}

fn stmts<'a, V: Visitor + ?Sized>(v: &mut V, list: impl IntoIterator<Item = &'a Stmt>) {
    list.into_iter().for_each(|s| v.visit_stmt(s));
}

fn idents<V: Visitor + ?Sized>(v: &mut V, list: &[Ident]) {
    list.iter().for_each(|n| v.visit_ident(n));
}

fn fields<V: Visitor + ?Sized>(v: &mut V, list: Option<&FieldList>) {
    list.iter()
        .flat_map(|l| &l.fields)
        .for_each(|f| v.visit_field(f));
}

fn clauses<V: Visitor + ?Sized>(v: &mut V, list: &[CaseClause]) {
    for clause in list {
        exprs(v, clause.exprs.iter().flatten());
        stmts(v, &clause.body);
    }
}
