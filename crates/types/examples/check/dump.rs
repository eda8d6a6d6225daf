//! Prints what is known about every expression of some packages, to be compared with what
//! other checkers say: `file:start-end <tab> what <tab> type <tab> value`.

use crate::packages::{add_all, graph};
use goxide_base::SourceMap;
use goxide_load::Overlay;
use goxide_syntax::ast::{Block, Decl, Expr, ExprKind, FuncType, Ident, Stmt};
use goxide_syntax::visit::{self, Visitor};
use goxide_types::{Mode, Package, Program, Qualify, SelectionKind, Value};
use std::io::Write;

/// Dumps the packages that the patterns mean and all they import.
pub fn run(patterns: &[String]) -> bool {
    let Some(graph) = graph(patterns, Overlay::default()) else {
        return false;
    };
    let (mut program, map) = (Program::new(), SourceMap::new());
    add_all(&mut program, &map, &graph, true);
    let out = std::io::stdout().lock();
    let mut out = std::io::BufWriter::new(out);
    for package in graph.packages.iter() {
        let names: Vec<&str> = package.files.iter().map(|f| f.shown.as_str()).collect();
        let _ = writeln!(out, "package\t{}\t{}", package.path, names.join(" "));
        for (path, target) in &package.imports {
            let _ = writeln!(out, "import\t{path}\t{}", graph.packages[*target].path);
        }
        let Some(id) = program.package_by_path(&package.path) else {
            continue;
        };
        let order = program.init_order(id);
        let package = program.pkg(id);
        let mut dump = Dump {
            program: &program,
            package,
            map: &map,
            out: &mut out,
        };
        for file in &package.files {
            visit::walk_file(&mut dump, file);
        }
        for init in order.iter() {
            let names: Vec<&str> = init
                .lhs
                .iter()
                .map(|&v| program.obj(v).name.as_str())
                .collect();
            let _ = writeln!(out, "init\t{}", names.join(" "));
        }
    }
    true
}

struct Dump<'a, W: Write> {
    program: &'a Program,
    package: &'a Package,
    map: &'a SourceMap,
    out: &'a mut W,
}

impl<W: Write> Dump<'_, W> {
    fn line(&mut self, e: &Expr) {
        let info = &self.package.info;
        let Some(file) = self.map.file(e.start()) else {
            return;
        };
        let at = |p: goxide_base::Pos| p.0 - file.base.0;
        let (Some(mode), Some(ty)) = (info.mode(e.id), info.ty(e.id)) else {
            return;
        };
        let what = match mode {
            Mode::NoValue => "void",
            Mode::Builtin => "builtin",
            Mode::TypeExpr => "type",
            Mode::Constant => "const",
            Mode::Variable => "var",
            Mode::MapIndex => "map",
            Mode::Value => "value",
            Mode::NilValue => "nil",
            Mode::CommaOk => "ok",
        };
        let ty = self.program.type_string_with(ty, Qualify::Path);
        let value = info.value(e.id).map_or(String::new(), exact);
        let _ = writeln!(
            self.out,
            "{}:{}-{}\t{what}\t{ty}\t{value}",
            file.name,
            at(e.start()),
            at(e.end()),
        );
    }
}

impl<W: Write> Dump<'_, W> {
    /// What a selector means, and what an identifier is instantiated with.
    fn selection(&mut self, e: &Expr) {
        let info = &self.package.info;
        let Some(file) = self.map.file(e.start()) else {
            return;
        };
        let place = format!(
            "{}:{}-{}",
            file.name,
            e.start().0 - file.base.0,
            e.end().0 - file.base.0
        );
        let text = |t| self.program.type_string_with(t, Qualify::Path);
        if let (ExprKind::Selector(_), Some(s)) = (&e.kind, info.selections.get(&e.id)) {
            let kind = match s.kind {
                SelectionKind::Field => "field",
                SelectionKind::MethodValue => "method",
                SelectionKind::MethodExpr => "expr",
            };
            let recv = text(s.recv);
            let _ = writeln!(
                self.out,
                "{place}\tsel {kind} {:?} {}\t{recv}\t",
                s.path, s.indirect
            );
        }
        let id = match &e.kind {
            ExprKind::Ident(_) => e.id,
            ExprKind::Selector(s) => s.sel.id,
            _ => return,
        };
        if let Some(i) = info.instances.get(&id) {
            let targs: Vec<String> = i.targs.iter().map(|&t| text(t)).collect();
            let _ = writeln!(self.out, "{place}\tinst\t{}\t", targs.join(" ; "));
        }
    }
}

/// Constants so that equal ones look equal.
fn exact(v: &Value) -> String {
    match v {
        Value::String(_) => v.as_bytes().unwrap_or(&[]).escape_ascii().to_string(),
        Value::Bool(b) => b.to_string(),
        Value::Complex(_) => format!("{} {}", exact(&v.real_part()), exact(&v.imag_part())),
        _ => match v.to_int() {
            Some(n) => n.to_string(),
            None => format!("{:e}", v.to_f64().unwrap_or(f64::NAN)),
        },
    }
}

impl<W: Write> Visitor for Dump<'_, W> {
    fn visit_expr(&mut self, e: &Expr) {
        match e.as_ident() {
            Some(ident) => {
                self.visit_ident(&ident);
                if self.package.info.def_of(e.id).is_none() {
                    self.line(e);
                }
            }
            None => self.line(e),
        }
        self.selection(e);
        if !matches!(e.kind, ExprKind::Bad) {
            visit::walk_expr(self, e);
        }
    }
    fn visit_decl(&mut self, d: &Decl) {
        visit::walk_decl(self, d);
    }
    fn visit_stmt(&mut self, s: &Stmt) {
        visit::walk_stmt(self, s);
    }
    fn visit_block(&mut self, b: &Block) {
        visit::walk_block(self, b);
    }
    fn visit_func_type(&mut self, t: &FuncType) {
        visit::walk_func_type(self, t);
    }
    fn visit_ident(&mut self, i: &Ident) {
        let info = &self.package.info;
        let Some(file) = self.map.file(i.pos) else {
            return;
        };
        let Some(obj) = info.def_of(i.id).or(info.use_of(i.id)) else {
            return;
        };
        let o = self.program.obj(obj);
        let Some(ty) = o.ty else { return };
        if !matches!(
            o.kind,
            goxide_types::ObjKind::Var(_) | goxide_types::ObjKind::Func(_)
        ) {
            return;
        }
        let ty = self.program.type_string_with(ty, Qualify::Path);
        let at = i.pos.0 - file.base.0;
        let _ = writeln!(
            self.out,
            "{}:{at}-{}\tobj\t{ty}\t",
            file.name,
            i.end().0 - file.base.0
        );
    }
}
