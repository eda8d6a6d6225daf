//! The ways into the checker: adding a package, checking a body on demand.

use crate::checker::{Checker, Env};
use crate::info::Info;
use crate::object::ObjId;
use crate::package::{GoVersion, Package, PackageInput, PkgId, TypeError};
use crate::program::Program;
use crate::types::Type;
use goxide_base::Symbol;
use goxide_syntax::ast::File;
use std::sync::Arc;

impl Program {
    /// Checks a package whose importees have been added before. Errors are in
    /// [`Package::errors`]; whatever they are, everything can be asked afterwards.
    pub fn add_package(&mut self, input: PackageInput) -> PkgId {
        let (pkg, files) = self.enter_package(input);
        let mut c = Checker::new(self, pkg, &files);
        c.init_files();
        c.collect_objects();
        c.direct_cycles();
        c.package_objects();
        c.process_delayed(0);
        let lazy = c.p.pkg(pkg).lazy_bodies;
        if !lazy {
            c.check_init_order();
            c.unused_imports();
            c.back_end_limits();
        }
        c.record_untyped();
        if c.errors.is_empty() {
            c.monomorph();
        }
        let errors = std::mem::take(&mut c.errors);
        self.add_errors(pkg, errors);
        pkg
    }

    fn enter_package(&mut self, input: PackageInput) -> (PkgId, Vec<Arc<File>>) {
        let named = |f: &&Arc<File>| !f.name.is_blank();
        let name = input
            .files
            .iter()
            .find(named)
            .map_or(Symbol::BLANK, |f| f.name.name);
        let scope = self.new_scope(self.universe);
        let mut package = Package::empty(input.path.as_str(), name.as_str(), scope);
        package.file_scopes = input.files.iter().map(|_| self.new_scope(scope)).collect();
        package.file_versions = input
            .files
            .iter()
            .map(|f| file_version(f, input.go_version))
            .collect();
        package.go_version = input.go_version;
        package.info = Info::with_nodes(input.node_count);
        package.lazy_bodies = input.lazy_bodies;
        package.allow_bodyless = input.allow_bodyless;
        package.checker_tests = input.checker_tests;
        package.import_map = input.imports;
        package.files = input.files.clone();
        if input.checker_tests {
            for b in [crate::Builtin::Assert, crate::Builtin::Trace] {
                let obj = self.new_builtin(b, None);
                self.insert(self.universe, obj);
            }
        }
        (self.packages.push(package), input.files)
    }

    fn add_errors(&mut self, pkg: PkgId, errors: Vec<TypeError>) {
        self.packages[pkg].errors.extend(errors);
    }

    /// Checks the body of a function or method declared in a package with lazy bodies, unless
    /// that was done. For a method of an instance, that of the generic type.
    pub fn check_body(&mut self, func: ObjId) {
        let func = self.obj(func).func().and_then(|f| f.origin).unwrap_or(func);
        let object = self.obj(func);
        let Some(pkg) = object.pkg else { return };
        let name = object.name;
        let Some(at) = object.func().and_then(|f| f.decl) else {
            return;
        };
        if !self.packages[pkg].checked_bodies.insert(func) {
            return;
        }
        let files = self.pkg(pkg).files.clone();
        let Some(goxide_syntax::ast::Decl::Func(f)) = files
            .get(at.file as usize)
            .and_then(|f| f.decls.get(at.decl as usize))
        else {
            return;
        };
        let Type::Signature(sig) = self.ty(self.obj_type(func)).clone() else {
            return;
        };
        let scope = self.pkg(pkg).info.scopes.get(&f.ty.id).copied();
        let (Some(body), Some(scope)) = (&f.body, scope) else {
            return;
        };
        let version = self.pkg(pkg).file_versions[at.file as usize];
        let mut c = Checker::new(self, pkg, &files);
        c.env = Env {
            scope,
            version,
            ..Env::default()
        };
        c.set_version(version);
        c.func_body(Some(func), name, sig, scope, body, None);
        c.process_delayed(0);
        c.record_untyped();
        let errors = std::mem::take(&mut c.errors);
        self.add_errors(pkg, errors);
    }

    /// Checks all bodies of a package that have not been checked.
    pub fn check_all_bodies(&mut self, pkg: PkgId) {
        for func in self.pkg(pkg).funcs.clone() {
            self.check_body(func);
        }
    }
}

/// The language version of a file: its build line may raise it, or lower it to 1.21.
fn file_version(file: &File, package: GoVersion) -> GoVersion {
    match file.go_minor {
        Some(minor) => GoVersion(minor.max(21)),
        None => package,
    }
}

impl<'a> Checker<'_, 'a> {
    /// Reports files that do not belong together, and versions that are too new.
    fn init_files(&mut self) {
        let name = self.p.pkg(self.pkg).name;
        for (i, file) in self.files.iter().enumerate() {
            if file.name.is_blank() {
                self.err(file.name.pos, "BlankPkgName", "invalid package name _");
            } else if file.name.name != name {
                let msg = format!("package {}; expected package {name}", file.name.name);
                self.err(file.name.pos, "MismatchedPkgName", msg);
            }
            if i == 0 && self.p.pkg(self.pkg).go_version > GoVersion::CURRENT {
                let (have, want) = (GoVersion::CURRENT.0, self.p.pkg(self.pkg).go_version.0);
                let msg = format!(
                    "package requires newer Go version go1.{want} (application built with go1.{have})"
                );
                self.err(file.name.pos, "TooNew", msg);
            }
            if let Some(minor) = file.go_minor
                && minor > GoVersion::CURRENT.0
            {
                let msg = format!("file requires newer Go version go1.{minor}");
                self.err(file.name.pos, "TooNew", msg);
            }
        }
    }
}
