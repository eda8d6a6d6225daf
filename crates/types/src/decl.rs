//! Declarations: constants, variables, types, functions; package level and local.

use crate::checker::{Checker, Env};
use crate::constant::Value;
use crate::object::{ObjId, ObjKind};
use crate::operand::Operand;
use crate::resolver::{DeclInfo, DeclKind};
use crate::signature::first_param;
use crate::types::*;
use goxide_base::{FxHashMap, Pos};
use goxide_syntax::ast::{self, Decl, Expr, Ident};
use goxide_syntax::expr_string;
use std::sync::Arc;

/// What gives a constant its type and value.
#[derive(Clone, Copy)]
pub(crate) struct ConstInit<'a> {
    pub ty: Option<&'a Expr>,
    pub init: Option<&'a Expr>,
    /// Type and value are those of an earlier specification.
    pub inherited: bool,
    pub iota: u32,
}

impl<'a> Checker<'_, 'a> {
    /// Checks the declaration of an object unless that is done; reports cycles.
    pub fn obj_decl(&mut self, obj: ObjId) {
        if let Some(at) = self.path.iter().position(|&o| o == obj) {
            self.meet_again(obj, at);
            return;
        }
        if self.p.obj(obj).ty.is_some() {
            return;
        }
        let Some(info) = self.decls.get(&obj).cloned() else {
            // Nothing is known of it; only wrong programs get here.
            self.p.objects[obj].ty = Some(TypeId::INVALID);
            return;
        };
        self.path.push(obj);
        let env = Env {
            scope: info.scope,
            version: info.version,
            ..Env::default()
        };
        let outer = std::mem::replace(&mut self.env, env);
        self.set_version(info.version);
        self.declare_object(obj, &info);
        self.env = outer;
        self.set_version(self.env.version);
        self.path.pop();
    }

    fn declare_object(&mut self, obj: ObjId, info: &DeclInfo<'a>) {
        match &info.kind {
            &DeclKind::Const(init) => {
                self.env.decl = Some(obj);
                self.const_decl(obj, init);
            }
            DeclKind::Var { ty, init, lhs } => {
                // Variables of one initializer share its dependencies.
                self.env.decl = Some(lhs.first().copied().unwrap_or(obj));
                self.var_decl(obj, lhs, *ty, *init);
            }
            DeclKind::Type(spec) => {
                self.type_decl(obj, spec);
                self.collect_methods(obj);
            }
            DeclKind::Func(f) => self.func_decl(obj, f),
        }
        if self.p.obj(obj).ty.is_none() {
            self.p.objects[obj].ty = Some(TypeId::INVALID);
        }
    }

    /// Judges a cycle: `obj` is at index `at` of the path, and met again.
    fn meet_again(&mut self, obj: ObjId, at: usize) {
        let valid = self.valid_cycle(at);
        let unknown = self.p.obj(obj).ty.is_none();
        match self.p.obj(obj).kind {
            ObjKind::Const { .. } | ObjKind::Var(_) if !valid || unknown => {
                self.p.objects[obj].ty = Some(TypeId::INVALID);
            }
            ObjKind::TypeName if !valid || unknown => {
                self.p.objects[obj].ty = Some(TypeId::INVALID);
            }
            // A function keeps its (still empty) signature.
            _ => {}
        }
    }

    /// Whether the cycle that starts at index `at` of the path is allowed; reports it if not.
    fn valid_cycle(&mut self, at: usize) -> bool {
        let cycle: Vec<ObjId> = self.path[at..].to_vec();
        let (mut values, mut definitions) = (0, 0);
        for &obj in &cycle {
            match self.p.obj(obj).kind {
                ObjKind::Const { .. } | ObjKind::Var(_) => values += 1,
                ObjKind::TypeName => {
                    let ty = self.p.obj_type(obj);
                    if self.env.in_tparams && self.p.is_generic(ty) {
                        // A cycle through a list of type parameters is fine.
                        return true;
                    }
                    definitions += usize::from(!self.is_alias_decl(obj));
                }
                _ => {}
            }
        }
        // Cycles of values are reported with the order of initialization; cycles of types
        // need a definition, else alias names would expand for ever.
        if values == cycle.len() || values == 0 && definitions > 0 {
            return true;
        }
        self.cycle_error(&cycle, self.first_in_source(&cycle));
        false
    }

    fn is_alias_decl(&self, obj: ObjId) -> bool {
        match self.decls.get(&obj).map(|d| &d.kind) {
            Some(DeclKind::Type(spec)) => spec.is_alias(),
            _ => matches!(self.p.ty(self.p.obj_type(obj)), Type::Alias(_)),
        }
    }

    /// Checks a constant's declaration.
    pub fn const_decl(&mut self, obj: ObjId, decl: ConstInit<'a>) {
        let iota = self.env.iota.replace(Value::from(i64::from(decl.iota)));
        let errpos = std::mem::replace(&mut self.env.errpos, Pos::NONE);
        self.const_decl_inner(obj, decl);
        self.env.iota = iota;
        self.env.errpos = errpos;
    }

    fn const_decl_inner(&mut self, obj: ObjId, decl: ConstInit<'a>) {
        if let Some(e) = decl.ty {
            let ty = self.typ(e);
            if !self.p.is_const_type(ty) {
                let u = self.p.under(ty);
                if self.p.is_valid(u) {
                    let msg = format!("invalid constant type {}", self.ts(ty));
                    self.err(e.start(), "InvalidConstType", msg);
                }
                self.p.objects[obj].ty = Some(TypeId::INVALID);
                return;
            }
            self.p.objects[obj].ty = Some(ty);
        }
        let mut x = Operand::default();
        if let Some(init) = decl.init {
            if decl.inherited {
                // The expression stands elsewhere; errors belong to this constant.
                self.env.errpos = self.p.obj(obj).pos;
            }
            x = self.expr(None, init);
        }
        self.init_const(obj, &mut x);
    }

    /// Checks a variable's declaration; `lhs` has all variables of `var a, b = f()`.
    pub fn var_decl(
        &mut self,
        obj: ObjId,
        lhs: &[ObjId],
        ty: Option<&'a Expr>,
        init: Option<&'a Expr>,
    ) {
        if let Some(e) = ty {
            let ty = self.var_type(e);
            self.p.objects[obj].ty = Some(ty);
        }
        let Some(init) = init else {
            if ty.is_none() {
                self.p.objects[obj].ty = Some(TypeId::INVALID);
            }
            return;
        };
        if self.put_off_table(obj, init) {
            return;
        }
        let known = self.p.obj(obj).ty;
        if lhs.len() < 2 {
            let target = self.target(known, |c| c.p.obj(obj).name.to_string());
            let mut x = self.expr(target.as_ref(), init);
            self.init_var(obj, &mut x, "variable declaration");
            return;
        }
        if let Some(known) = known {
            for &v in lhs {
                self.p.objects[v].ty = Some(known);
            }
        }
        self.init_vars(lhs, std::slice::from_ref(init), None);
    }

    /// Checks a type's declaration.
    fn type_decl(&mut self, obj: ObjId, spec: &'a ast::TypeSpec) {
        self.later(move |c| {
            let ty = c.p.obj_type(obj);
            if let Type::Named(_) = c.p.ty(ty) {
                c.valid_type(ty);
            }
        });
        if spec.is_alias() {
            self.alias_decl(obj, spec);
            return;
        }
        let named = self.p.new_named(obj);
        if let Some(list) = &spec.type_params {
            let at = first_param(list);
            self.need_version(at, 18, "type parameter");
            self.open_scope(spec.id);
            self.collect_type_params(list, |c, tparams| {
                if let Type::Named(n) = &mut c.p.types[named] {
                    n.tparams = tparams;
                }
            });
        }
        let mut rhs = self.declared_type(&spec.ty, Some(obj));
        if self.p.is_type_param(rhs) {
            let msg = "cannot use a type parameter as RHS in type declaration";
            self.err(spec.ty.start(), "MisplacedTypeParam", msg);
            rhs = TypeId::INVALID;
        }
        self.imported_constraint(&spec.ty, rhs);
        self.p.set_rhs(named, rhs);
        if spec.type_params.is_some() {
            self.close_scope();
        }
    }

    fn imported_constraint(&mut self, e: &'a Expr, rhs: TypeId) {
        if self.env.version.allows(18) {
            return;
        }
        let pos = e.start();
        self.later(move |c| {
            let pkg = c.p.as_named(rhs).and_then(|n| c.p.obj(n.obj).pkg);
            if pkg.is_some_and(|p| p != c.pkg) && c.p.is_interface(rhs) && !c.p.is_method_set(rhs) {
                let what = format!("using type constraint {}", c.ts(rhs));
                c.need_version(pos, 18, &what);
            }
        });
    }

    fn alias_decl(&mut self, obj: ObjId, spec: &'a ast::TypeSpec) {
        let generic = spec.type_params.as_ref();
        let _ = generic
            .is_some_and(|l| !self.need_version(first_param(l), 23, "generic type alias"))
            || !self.need_version(spec.pos, 9, "type alias");
        let alias = self.p.new_alias(obj, None);
        let mut tparams: List<TypeId> = List::default();
        if let Some(list) = generic {
            self.open_scope(spec.id);
            tparams = self.collect_type_params(list, |c, tparams| {
                if let Type::Alias(a) = &mut c.p.types[alias] {
                    a.tparams = tparams;
                }
            });
        }
        let mut rhs = self.declared_type(&spec.ty, Some(obj));
        if tparams.contains(&rhs) {
            let msg = "cannot use type parameter declared in alias declaration as RHS";
            self.err(spec.ty.start(), "MisplacedTypeParam", msg);
            rhs = TypeId::INVALID;
        }
        if self.leads_to(rhs, alias) {
            rhs = TypeId::INVALID;
        }
        if let Type::Alias(a) = &mut self.p.types[alias]
            && a.rhs.is_none()
        {
            a.rhs = Some(rhs);
        }
        if generic.is_some() {
            self.close_scope();
        }
    }

    /// Whether a chain of aliases from `ty` comes to `alias`.
    fn leads_to(&self, mut ty: TypeId, alias: TypeId) -> bool {
        loop {
            if ty == alias {
                return true;
            }
            match self.p.ty(ty) {
                Type::Alias(a) => match a.rhs {
                    Some(rhs) => ty = rhs,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    /// Attaches the methods declared for a type to it.
    pub fn collect_methods(&mut self, obj: ObjId) {
        let Some(methods) = self.methods.remove(&obj) else {
            return;
        };
        let base = self.p.obj_type(obj);
        let is_named = matches!(self.p.ty(base), Type::Named(_));
        let mut seen = FxHashMap::default();
        for m in methods {
            let name = self.p.obj(m).name;
            if let Some(&other) = seen.get(&name) {
                let before = self.p.obj(other).pos.in_message();
                let msg = format!(
                    "method {}.{name} already declared at {before}",
                    self.p.obj(obj).name
                );
                self.err(self.p.obj(m).pos, "DuplicateMethod", msg);
                continue;
            }
            seen.insert(name, m);
            if let Type::Named(n) = &mut self.p.types[base] {
                n.methods.push(Some(m));
            }
        }
        if is_named {
            self.later(move |c| c.check_field_uniqueness(base));
        }
    }

    /// Reports fields and methods of the same name.
    fn check_field_uniqueness(&mut self, base: TypeId) {
        let Type::Struct(s) = self.p.under_ty(base).clone() else {
            return;
        };
        let Type::Named(n) = self.p.ty(base) else {
            return;
        };
        let methods: FxHashMap<_, _> = n
            .methods
            .iter()
            .flatten()
            .map(|&m| (self.p.obj(m).name, m))
            .collect();
        for &f in s.fields.iter() {
            let name = self.p.obj(f).name;
            if let Some(&m) = methods.get(&name) {
                let msg = format!("field and method with the same name {name}");
                self.err_decl(self.p.obj(m).pos, "DuplicateFieldAndMethod", msg, f);
            }
        }
    }

    /// Checks a function's signature, and puts its body off.
    fn func_decl(&mut self, obj: ObjId, f: &'a ast::FuncDecl) {
        // Known at once, so that a cycle finds a signature.
        let sig = self.p.add_type(Type::Signature(Arc::default()));
        self.p.objects[obj].ty = Some(sig);
        let scope = self.func_type_into(sig, f.recv.as_ref(), &f.ty);
        let package = self.p.pkg(self.pkg);
        let (lazy, bodyless) = (package.lazy_bodies, package.allow_bodyless);
        let Some(body) = &f.body else {
            if f.ty.type_params.is_some() {
                let msg = "generic function is missing function body";
                self.soft_err(f.pos, "BadDecl", msg);
            } else if !bodyless && f.name.name.as_str() != "init" && !self.is_linknamed(obj) {
                self.limit_body(f.pos);
            }
            return;
        };
        if lazy {
            return;
        }
        self.p.packages[self.pkg].checked_bodies.insert(obj);
        self.later(move |c| {
            let Type::Signature(sig) = c.p.ty(sig).clone() else {
                return;
            };
            let outer = std::mem::take(&mut c.env);
            c.env.scope = scope;
            c.env.version = outer.version;
            c.func_body(Some(obj), f.name.name, sig, scope, body, None);
            c.env = outer;
        });
    }

    /// Whether a `//go:linkname` directive names the function.
    fn is_linknamed(&self, obj: ObjId) -> bool {
        let name = self.p.obj(obj).name.as_str();
        self.files
            .iter()
            .flat_map(|f| &f.all_directives)
            .any(|d| d.verb() == "go:linkname" && d.args().split_whitespace().next() == Some(name))
    }

    /// Reports numbers of names and values that don't match. `pos` is the specification's.
    pub fn check_arity(
        &mut self,
        pos: Pos,
        names: &[Ident],
        values: &[Expr],
        is_const: bool,
        inherited: bool,
    ) {
        let code = "WrongAssignCount";
        if let Some(extra) = values.get(names.len()) {
            let msg = "extra init expr".to_string();
            if inherited {
                let at = extra.start().in_message();
                self.err(pos, code, format!("{msg} at {at}"));
            } else {
                self.err(extra.start(), code, format!("{msg} {}", expr_string(extra)));
            }
        } else if let Some(name) = names.get(values.len())
            && (is_const || values.len() != 1)
        {
            self.err(
                name.pos,
                code,
                format!("missing init expr for {}", name.name),
            );
        }
    }

    /// Checks a local declaration.
    pub fn decl_stmt(&mut self, decl: &'a Decl) {
        match decl {
            Decl::Const(group) => {
                for spec in &group.specs {
                    self.local_const(&group.specs, spec);
                }
            }
            Decl::Var(group) => {
                for spec in &group.specs {
                    self.local_var(spec);
                }
            }
            Decl::Type(group) => {
                for spec in &group.specs {
                    self.local_type(spec);
                }
            }
            Decl::Import(_) | Decl::Func(_) => {}
        }
    }

    fn local_const(&mut self, specs: &'a [ast::ConstSpec], spec: &'a ast::ConstSpec) {
        let top = self.delayed.len();
        let (ty, values, inherited) = const_source(specs, spec);
        let mut objs = Vec::new();
        for (i, ident) in spec.names.iter().enumerate() {
            let pkg = Some(self.pkg);
            let obj = self
                .p
                .new_const(ident.name, ident.pos, pkg, None, Value::Unknown);
            let init = values.get(i);
            self.const_decl(
                obj,
                ConstInit {
                    ty,
                    init,
                    inherited,
                    iota: spec.iota,
                },
            );
            objs.push(obj);
        }
        self.check_arity(spec.pos, &spec.names, values, true, inherited);
        self.process_delayed(top);
        for (&ident, obj) in spec.names.iter().zip(objs) {
            self.declare(self.env.scope, Some(ident), obj);
        }
    }

    fn local_var(&mut self, spec: &'a ast::VarSpec) {
        let top = self.delayed.len();
        let objs: Vec<ObjId> = spec
            .names
            .iter()
            .map(|&i| self.new_local(i, None))
            .collect();
        let values = spec.values.as_slice();
        for (i, &obj) in objs.iter().enumerate() {
            let together = values.len() == 1 && objs.len() > 1;
            let (lhs, init) = if together {
                (objs.as_slice(), values.first())
            } else {
                (&[][..], values.get(i))
            };
            self.var_decl(obj, lhs, spec.ty.as_ref(), init);
            if values.len() == 1 {
                break;
            }
        }
        for &obj in &objs {
            if self.p.obj(obj).ty.is_none() {
                self.p.objects[obj].ty = Some(TypeId::INVALID);
            }
        }
        if spec.ty.is_none() || !values.is_empty() {
            self.check_arity(spec.pos, &spec.names, values, false, false);
        }
        self.process_delayed(top);
        for (&ident, obj) in spec.names.iter().zip(objs) {
            self.declare(self.env.scope, Some(ident), obj);
        }
    }

    fn local_type(&mut self, spec: &'a ast::TypeSpec) {
        let (name, pos) = (spec.name.name, spec.name.pos);
        let obj = self
            .p
            .new_object(ObjKind::TypeName, name, pos, Some(self.pkg), None);
        self.declare(self.env.scope, Some(spec.name), obj);
        self.path.push(obj);
        self.type_decl(obj, spec);
        self.path.pop();
    }
}

/// Type and values that hold for a constant specification, and whether they are those of
/// an earlier one.
pub(crate) fn const_source<'a>(
    specs: &'a [ast::ConstSpec],
    spec: &'a ast::ConstSpec,
) -> (Option<&'a Expr>, &'a [Expr], bool) {
    let own = spec.ty.is_some() || !spec.values.is_empty();
    match spec.source.and_then(|i| specs.get(i as usize)) {
        Some(source) => (source.ty.as_ref(), &source.values, !own),
        None => (None, &[], false),
    }
}
