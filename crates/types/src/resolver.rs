//! Collection of a package's declarations into scopes: imports, package-level names,
//! methods by receiver.

use crate::checker::Checker;
use crate::constant::Value;
use crate::decl::{ConstInit, const_source};
use crate::info::InitRef;
use crate::object::{DeclRef, Func, ObjId, ObjKind, VarKind};
use crate::package::{GoVersion, Package, PkgId, VarDecl};
use crate::scope::ScopeId;
use crate::signature::{first_param, unpack_recv};
use crate::types::*;
use goxide_base::{FxHashSet, Symbol};
use goxide_syntax::ast::{self, Decl, Expr, ExprKind, Ident};

/// A package-level declaration or method waiting to be checked.
#[derive(Clone)]
pub(crate) struct DeclInfo<'a> {
    /// Scope of its file.
    pub scope: ScopeId,
    /// Language version of its file.
    pub version: GoVersion,
    /// What it is.
    pub kind: DeclKind<'a>,
}

/// The kinds of [`DeclInfo`].
#[derive(Clone)]
pub(crate) enum DeclKind<'a> {
    /// A constant.
    Const(ConstInit<'a>),
    /// A variable; `lhs` has all variables of `var a, b = f()`, else nothing.
    Var {
        ty: Option<&'a Expr>,
        init: Option<&'a Expr>,
        lhs: Vec<ObjId>,
    },
    /// A type.
    Type(&'a ast::TypeSpec),
    /// A function or method.
    Func(&'a ast::FuncDecl),
}

/// A method and the name of its receiver's type.
struct MethodDecl {
    obj: ObjId,
    ptr: bool,
    base: Symbol,
}

/// The file being collected.
#[derive(Clone, Copy)]
struct FileEnv {
    index: u32,
    scope: ScopeId,
    version: GoVersion,
}

impl<'a> Checker<'_, 'a> {
    /// Declares everything that the files declare.
    pub fn collect_objects(&mut self) {
        let mut methods = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            let package = self.p.pkg(self.pkg);
            let env = FileEnv {
                index: index as u32,
                scope: package.file_scopes[index],
                version: package.file_versions[index],
            };
            self.set_version(env.version);
            self.info().scopes.insert(file.id, env.scope);
            for (i, decl) in file.decls.iter().enumerate() {
                self.collect_decl(env, i as u32, decl, &mut methods);
            }
        }
        self.check_file_scopes();
        for m in methods {
            if let Some((ptr, base)) = self.resolve_base(m.ptr, m.base) {
                if let ObjKind::Func(f) = &mut self.p.objects[m.obj].kind {
                    f.ptr_recv = ptr;
                }
                self.methods.entry(base).or_default().push(m.obj);
            }
        }
    }

    fn collect_decl(
        &mut self,
        env: FileEnv,
        index: u32,
        decl: &'a Decl,
        methods: &mut Vec<MethodDecl>,
    ) {
        match decl {
            Decl::Import(group) => {
                for spec in &group.specs {
                    self.collect_import(env, spec);
                }
            }
            Decl::Const(group) => {
                for spec in &group.specs {
                    self.collect_consts(env, &group.specs, spec);
                }
            }
            Decl::Var(group) => {
                for (i, spec) in group.specs.iter().enumerate() {
                    let at = InitRef {
                        file: env.index,
                        decl: index,
                        spec: i as u32,
                        value: 0,
                    };
                    self.collect_vars(env, at, spec);
                }
            }
            Decl::Type(group) => {
                for spec in &group.specs {
                    let (name, pos) = (spec.name.name, spec.name.pos);
                    let kind = ObjKind::TypeName;
                    let obj = self.p.new_object(kind, name, pos, Some(self.pkg), None);
                    self.declare_package_object(env, spec.name, obj, DeclKind::Type(spec));
                }
            }
            Decl::Func(f) => {
                let at = DeclRef {
                    file: env.index,
                    decl: index,
                };
                self.collect_func(env, at, f, methods);
            }
        }
    }

    fn add_decl(&mut self, env: FileEnv, obj: ObjId, kind: DeclKind<'a>) {
        let info = DeclInfo {
            scope: env.scope,
            version: env.version,
            kind,
        };
        self.decls.insert(obj, info);
        self.decl_list.push(obj);
    }

    /// Declares a package-level object that is no function.
    fn declare_package_object(
        &mut self,
        env: FileEnv,
        ident: Ident,
        obj: ObjId,
        kind: DeclKind<'a>,
    ) {
        let package = self.p.pkg(self.pkg);
        let (scope, is_main) = (package.scope, package.name.as_str() == "main");
        match ident.name.as_str() {
            "init" => {
                let msg = "cannot declare init - must be func";
                self.err(ident.pos, "InvalidInitDecl", msg);
                return;
            }
            "main" if is_main => {
                let msg = "cannot declare main - must be func";
                self.err(ident.pos, "InvalidMainDecl", msg);
                return;
            }
            _ => {}
        }
        self.declare(scope, Some(ident), obj);
        if self.p.obj(obj).parent.is_none() {
            // Blank or double names are of the package's level too.
            self.p.objects[obj].parent = Some(scope);
        }
        self.add_decl(env, obj, kind);
    }

    fn collect_consts(
        &mut self,
        env: FileEnv,
        specs: &'a [ast::ConstSpec],
        spec: &'a ast::ConstSpec,
    ) {
        let (ty, values, inherited) = const_source(specs, spec);
        for (i, &ident) in spec.names.iter().enumerate() {
            let pkg = Some(self.pkg);
            let obj = self
                .p
                .new_const(ident.name, ident.pos, pkg, None, Value::Unknown);
            let init = ConstInit {
                ty,
                init: values.get(i),
                inherited,
                iota: spec.iota,
            };
            self.declare_package_object(env, ident, obj, DeclKind::Const(init));
        }
        self.check_arity(spec.pos, &spec.names, values, true, inherited);
    }

    fn collect_vars(&mut self, env: FileEnv, at: InitRef, spec: &'a ast::VarSpec) {
        let pkg = Some(self.pkg);
        let objs: Vec<ObjId> = spec
            .names
            .iter()
            .map(|i| self.p.new_var(VarKind::Package, i.name, i.pos, pkg, None))
            .collect();
        let together = spec.values.len() == 1 && objs.len() > 1;
        for (i, (&ident, &obj)) in spec.names.iter().zip(&objs).enumerate() {
            let value = if together { 0 } else { i };
            let init = spec.values.get(value);
            let lhs = if together { objs.clone() } else { Vec::new() };
            let var = VarDecl {
                lhs: if together { objs.clone() } else { vec![obj] },
                init: init.map(|_| InitRef {
                    value: value as u32,
                    ..at
                }),
            };
            let kind = DeclKind::Var {
                ty: spec.ty.as_ref(),
                init,
                lhs,
            };
            self.declare_package_object(env, ident, obj, kind);
            let package = &mut self.p.packages[self.pkg];
            package.vars.push(obj);
            package.var_decls.insert(obj, var);
        }
        if spec.ty.is_none() || !spec.values.is_empty() {
            self.check_arity(spec.pos, &spec.names, &spec.values, false, false);
        }
    }

    fn collect_func(
        &mut self,
        env: FileEnv,
        at: DeclRef,
        f: &'a ast::FuncDecl,
        methods: &mut Vec<MethodDecl>,
    ) {
        let is_method = f.recv.is_some();
        let func = Func {
            decl: Some(at),
            is_method,
            ..Func::default()
        };
        let (name, pos) = (f.name.name, f.name.pos);
        let obj = self.p.new_func(name, pos, Some(self.pkg), None, func);
        self.p.packages[self.pkg].funcs.push(obj);
        match &f.recv {
            None => self.declare_func(f, obj),
            Some(recv) => {
                let field = recv.fields.first();
                if let Some(parts) = field.map(|f| unpack_recv(&f.ty)) {
                    if let ObjKind::Func(func) = &mut self.p.objects[obj].kind {
                        func.ptr_recv = parts.ptr;
                    }
                    if let ExprKind::Ident(base) = parts.base.kind
                        && !name.is_blank()
                    {
                        methods.push(MethodDecl {
                            obj,
                            ptr: parts.ptr,
                            base,
                        });
                    }
                }
                if let Some(list) = &f.ty.type_params {
                    self.need_version(first_param(list), 27, "generic method");
                }
                self.info().set_def(f.name.id, obj);
            }
        }
        self.add_decl(env, obj, DeclKind::Func(f));
    }

    fn declare_func(&mut self, f: &'a ast::FuncDecl, obj: ObjId) {
        let package = self.p.pkg(self.pkg);
        let (scope, is_main) = (package.scope, package.name.as_str() == "main");
        let name = f.name.name.as_str();
        if name == "init" || name == "main" && is_main {
            let code = if name == "init" {
                "InvalidInitDecl"
            } else {
                "InvalidMainDecl"
            };
            if let Some(list) = &f.ty.type_params {
                let msg = format!("func {name} must have no type parameters");
                self.soft_err(first_param(list), code, msg);
            }
            let results = f.ty.results.as_ref().map_or(0, |r| r.fields.len());
            if !f.ty.params.fields.is_empty() || results != 0 {
                let msg = format!("func {name} must have no arguments and no return values");
                self.soft_err(f.name.pos, code, msg);
            }
        } else if let Some(list) = &f.ty.type_params {
            let at = first_param(list);
            self.need_version(at, 18, "type parameter");
        }
        if name != "init" {
            self.declare(scope, Some(f.name), obj);
            if self.p.obj(obj).parent.is_none() {
                self.p.objects[obj].parent = Some(scope);
            }
            return;
        }
        // There may be many, and nothing can refer to them.
        self.p.objects[obj].parent = Some(scope);
        self.p.packages[self.pkg].inits.push(obj);
        self.info().set_def(f.name.id, obj);
        if f.body.is_none() {
            self.soft_err(f.name.pos, "MissingInitBody", "func init must have a body");
        }
    }

    fn collect_import(&mut self, env: FileEnv, spec: &'a ast::ImportSpec) {
        let Some(literal) = spec.path.filter(|p| !p.bad) else {
            return;
        };
        // What is not valid UTF-8 has no value.
        let path = spec.path_value().unwrap_or(Symbol::intern("\u{fffd}"));
        if let Some(why) = invalid_path(path.as_str()) {
            let msg = format!("invalid import path ({why})");
            self.err(literal.pos, "BadImportPath", msg);
            return;
        }
        let imported = self.import(literal.pos, path);
        let mut name = self.p.pkg(imported).name;
        if let Some(local) = spec.name {
            name = local.name;
            if path.as_str() == "C" {
                self.err(local.pos, "ImportCRenamed", "cannot rename import \"C\"");
                return;
            }
        }
        if name.as_str() == "init" {
            let msg = "cannot import package as init - init must be a func";
            self.err(spec.pos, "InvalidInitDecl", msg);
            return;
        }
        let package = &mut self.p.packages[self.pkg];
        if !package.imports.contains(&imported) {
            package.imports.push(imported);
        }
        let used = self.p.pkg(imported).fake;
        let pos = spec.name.map_or(spec.pos, |n| n.pos);
        let kind = ObjKind::PkgName { imported, used };
        let obj = self
            .p
            .new_object(kind, name, pos, Some(self.pkg), Some(TypeId::INVALID));
        match spec.name {
            Some(local) => self.info().set_def(local.id, obj),
            None => drop(self.info().implicits.insert(spec.id, obj)),
        }
        self.import_objs.push(obj);
        if name.as_str() == "." {
            self.dot_import(env, obj, imported);
        } else {
            self.declare(env.scope, None, obj);
        }
    }

    fn dot_import(&mut self, env: FileEnv, pkg_name: ObjId, imported: PkgId) {
        let pos = self.p.obj(pkg_name).pos;
        let names = self.p.scopes[self.p.pkg(imported).scope].names.clone();
        for (name, obj) in names {
            if !crate::is_exported(name) {
                continue;
            }
            if let Some(other) = self.p.scopes[env.scope].insert(name, obj) {
                let msg = format!("{name} redeclared in this block");
                self.err_decl(pos, "DuplicateDecl", msg, other);
            } else {
                self.dot_imports.insert((env.scope, name), pkg_name);
            }
        }
    }

    /// The package that an import path means; a made-up one if there is none.
    fn import(&mut self, pos: goxide_base::Pos, path: Symbol) -> PkgId {
        if path.as_str() == "unsafe" {
            return self.p.unsafe_pkg;
        }
        let clean = clean_path(path.as_str());
        if let Some(&id) = self.p.pkg(self.pkg).import_map.get(&path)
            && clean == path.as_str()
        {
            return id;
        }
        if path.as_str() != "C" {
            let why = if path.as_str().starts_with('/') {
                "import path cannot be absolute path".to_string()
            } else if clean != path.as_str() {
                format!("non-canonical import path \"{path}\" (should be \"{clean}\")")
            } else {
                "package not found".to_string()
            };
            let msg = format!("could not import {path} ({why})");
            self.err(pos, "BrokenImport", msg);
        }
        let text = path.as_str().trim_end_matches('/');
        let name = text.rsplit('/').next().unwrap_or(text);
        let scope = self.p.new_scope(self.p.universe);
        let mut package = Package::empty(path.as_str(), name, scope);
        package.fake = true;
        let id = self.p.packages.push(package);
        self.p.packages[self.pkg].import_map.insert(path, id);
        id
    }

    /// Reports names that are both a file's import and the package's.
    fn check_file_scopes(&mut self) {
        let package = self.p.pkg(self.pkg);
        let (scope, files) = (package.scope, package.file_scopes.clone());
        for file in files {
            for (name, obj) in self.p.scopes[file].names.clone() {
                let Some(own) = self.p.scopes[scope].lookup(name) else {
                    continue;
                };
                let pos = self.p.obj(own).pos;
                let what = match self.p.obj(obj).kind {
                    ObjKind::PkgName { imported, .. } => {
                        format!("import of {}", self.package_text(imported))
                    }
                    _ => {
                        let pkg = self.p.obj(obj).pkg.unwrap_or(self.pkg);
                        format!("dot-import of {}", self.package_text(pkg))
                    }
                };
                let msg = format!("{name} already declared through {what}");
                self.err_decl(pos, "DuplicateDecl", msg, obj);
            }
        }
    }

    fn package_text(&self, pkg: PkgId) -> String {
        let p = self.p.pkg(pkg);
        format!("package {} ({:?})", p.name, p.path.as_str())
    }

    /// Follows a receiver's type name through aliases to a declared type of this package;
    /// also says whether a pointer was on the way.
    fn resolve_base(&self, mut ptr: bool, mut name: Symbol) -> Option<(bool, ObjId)> {
        let scope = self.p.pkg(self.pkg).scope;
        let mut seen = FxHashSet::default();
        loop {
            let obj = self.p.scopes[scope].lookup(name)?;
            let Some(DeclKind::Type(spec)) = self.decls.get(&obj).map(|d| &d.kind) else {
                return None;
            };
            if !spec.is_alias() {
                return Some((ptr, obj));
            }
            if spec.type_params.is_some() || !seen.insert(obj) {
                return None;
            }
            let mut ty = spec.ty.unparen();
            if let ExprKind::Star(base) = &ty.kind {
                if ptr {
                    return None;
                }
                ptr = true;
                ty = base.unparen();
            }
            name = ty.as_ident()?.name;
        }
    }

    /// Checks all package-level declarations, but no bodies.
    pub fn package_objects(&mut self) {
        let list = self.decl_list.clone();
        // Definitions before aliases, since the type of an alias may be needed at once.
        // Methods before the rest, so that initializers find them with signatures.
        let phases: [fn(&DeclKind<'_>) -> bool; 4] = [
            |k| matches!(k, DeclKind::Type(t) if !t.is_alias()),
            |k| matches!(k, DeclKind::Type(t) if t.is_alias()),
            |k| matches!(k, DeclKind::Func(f) if f.recv.is_some()),
            |k| match k {
                DeclKind::Func(f) => f.recv.is_none(),
                DeclKind::Const(_) | DeclKind::Var { .. } => true,
                DeclKind::Type(_) => false,
            },
        ];
        for phase in phases {
            for &obj in &list {
                if self.decls.get(&obj).is_some_and(|d| phase(&d.kind)) {
                    self.obj_decl(obj);
                }
            }
        }
        self.methods.clear();
    }

    /// Reports imports that nothing was selected from.
    pub fn unused_imports(&mut self) {
        for obj in self.import_objs.clone() {
            let ObjKind::PkgName { imported, used } = self.p.obj(obj).kind else {
                continue;
            };
            let (name, pos) = (self.p.obj(obj).name, self.p.obj(obj).pos);
            if used || name.is_blank() {
                continue;
            }
            let path = self.p.pkg(imported).path.as_str();
            let last = path.rsplit('/').next().unwrap_or(path);
            let msg = if name.as_str() == "." || name.as_str() == last {
                format!("{path:?} imported and not used")
            } else {
                format!("{path:?} imported as {name} and not used")
            };
            self.soft_err(pos, "UnusedImport", msg);
        }
    }
}

/// What is wrong with an import path, if anything.
/// A path without empty and `.` elements.
fn clean_path(path: &str) -> String {
    let elements = path.split('/').filter(|e| !e.is_empty() && *e != ".");
    elements.collect::<Vec<_>>().join("/")
}

fn invalid_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("empty string".into());
    }
    let illegal = |c: char| {
        c.is_control() || c.is_whitespace() || "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(c)
    };
    let bad = path.chars().find(|&c| illegal(c))?;
    let shown = if bad.is_control() || bad.is_whitespace() && bad != ' ' {
        String::new()
    } else {
        format!(" '{bad}'")
    };
    Some(format!("invalid character U+{:04X}{shown}", bad as u32))
}
