//! The state of one check of a package or of a single body, shared by everything that looks
//! at syntax: environment, scopes, delayed actions, errors, recorded facts.

use crate::constant::Value;
use crate::info::{Info, Mode};
use crate::object::{ObjId, ObjKind, VarKind};
use crate::operand::{OpMode, Operand};
use crate::package::{GoVersion, PkgId, TypeError};
use crate::program::{Pending, Program};
use crate::resolver::DeclInfo;
use crate::scope::ScopeId;
use crate::types::*;
use goxide_base::{FxHashMap, FxHashSet, Pos, Symbol};
use goxide_syntax::ast::{Expr, ExprKind, File, Ident, NodeId};
use std::sync::Arc;

/// Something to do at the end of the current statement or declaration, when types are
/// set up further.
pub(crate) type Action<'a> = Box<dyn for<'p> FnOnce(&mut Checker<'p, 'a>) + 'a>;

/// An untyped expression whose final type is not known yet.
#[derive(Clone, Debug)]
pub(crate) struct Untyped<'a> {
    /// The expression.
    pub expr: &'a Expr,
    /// The left operand of a shift whose check waits for the type.
    pub is_lhs: bool,
    /// Mode; with the value of a constant.
    pub mode: OpMode,
    /// The untyped kind so far.
    pub ty: TypeId,
}

/// What surrounds the thing being checked.
#[derive(Clone, Default)]
pub(crate) struct Env {
    /// The package-level declaration whose initializer or body is checked: it gets the
    /// dependencies.
    pub decl: Option<ObjId>,
    /// Where names are looked up.
    pub scope: ScopeId,
    /// Language version of the file.
    pub version: GoVersion,
    /// The value of `iota` in a constant declaration.
    pub iota: Option<Value>,
    /// Where to report errors of an inherited constant initializer, if set.
    pub errpos: Pos,
    /// Inside a list of type parameters.
    pub in_tparams: bool,
    /// The function's signature, inside a function.
    pub sig: Option<Arc<Signature>>,
    /// Calls of the predeclared panic (for the termination analysis).
    pub panics: FxHashSet<NodeId>,
    /// Whether the expression contains a call or receive.
    pub has_call_or_recv: bool,
}

/// A check under way. `'a` is the life of the syntax.
pub(crate) struct Checker<'p, 'a> {
    /// Everything known.
    pub p: &'p mut Program,
    /// The package.
    pub pkg: PkgId,
    /// Its files.
    pub files: &'a [Arc<File>],
    /// The current environment.
    pub env: Env,
    /// Package-level declarations and methods not yet forgotten, by object.
    pub decls: FxHashMap<ObjId, DeclInfo<'a>>,
    /// The keys of `decls` in source order.
    pub decl_list: Vec<ObjId>,
    /// Methods by the type name they belong to, until they are attached.
    pub methods: FxHashMap<ObjId, Vec<ObjId>>,
    /// Objects being declared, outermost first.
    pub path: Vec<ObjId>,
    /// Actions not yet run.
    pub delayed: Vec<(GoVersion, Action<'a>)>,
    /// Untyped expressions without final type, by node.
    pub untyped: FxHashMap<NodeId, Untyped<'a>>,
    /// Errors so far.
    pub errors: Vec<TypeError>,
    /// Imported names of dot-imports: scope and name to the package name object.
    pub dot_imports: FxHashMap<(ScopeId, Symbol), ObjId>,
    /// All import declarations' objects, with whether they must be used.
    pub import_objs: Vec<ObjId>,
    /// Instantiations seen, to find those that would never end.
    pub mono: crate::mono::MonoGraph,
    /// Named types and whether their sizes depend on type parameters.
    pub var_sizes: FxHashMap<TypeId, bool>,
    /// Interface literals of a package that is checked whole.
    pub interfaces: Vec<(Pos, TypeId)>,
    /// Local variables declared in the function being checked.
    pub locals: Vec<ObjId>,
    /// Nesting of types and expressions, which must not exhaust the stack.
    pub depth: u32,
}

/// Deeper nesting than this is given up on.
pub(crate) const MAX_DEPTH: u32 = 1000;

impl<'p, 'a> Checker<'p, 'a> {
    /// A check of (part of) `pkg`.
    pub fn new(p: &'p mut Program, pkg: PkgId, files: &'a [Arc<File>]) -> Checker<'p, 'a> {
        p.current = Some(pkg);
        let scope = p.pkg(pkg).scope;
        Checker {
            p,
            pkg,
            files,
            env: Env {
                scope,
                ..Env::default()
            },
            decls: FxHashMap::default(),
            decl_list: Vec::new(),
            methods: FxHashMap::default(),
            path: Vec::new(),
            delayed: Vec::new(),
            untyped: FxHashMap::default(),
            errors: Vec::new(),
            dot_imports: FxHashMap::default(),
            import_objs: Vec::new(),
            mono: Default::default(),
            locals: Vec::new(),
            interfaces: Vec::new(),
            var_sizes: FxHashMap::default(),
            depth: 0,
        }
    }

    /// The package's facts.
    pub fn info(&mut self) -> &mut Info {
        &mut self.p.packages[self.pkg].info
    }
}

/// Delayed actions.
impl<'a> Checker<'_, 'a> {
    /// Runs `action` at the end of the current statement, or before a local constant or
    /// variable comes into scope; at package level when everything is declared.
    pub fn later(&mut self, action: impl for<'p> FnOnce(&mut Checker<'p, 'a>) + 'a) {
        self.delayed.push((self.env.version, Box::new(action)));
    }

    /// Runs all actions from index `top` on (a former `self.delayed.len()`), new ones too.
    pub fn process_delayed(&mut self, top: usize) {
        let saved = self.env.version;
        loop {
            // Actions may push more behind; each batch runs in order.
            if self.delayed.len() <= top {
                if self.p.pending.is_empty() {
                    break;
                }
                self.judge_pending();
                continue;
            }
            for (version, action) in self.delayed.split_off(top) {
                self.set_version(version);
                action(self);
            }
        }
        self.set_version(saved);
    }

    /// Sets the language version of what follows.
    pub fn set_version(&mut self, version: GoVersion) {
        self.env.version = version;
        self.p.version = version;
    }

    /// Looks at what type set computations found.
    fn judge_pending(&mut self) {
        for pending in std::mem::take(&mut self.p.pending) {
            match pending {
                Pending::TooManyTerms(pos) => {
                    let max = crate::typeset::MAX_TERMS;
                    let msg = format!(
                        "cannot handle more than {max} union terms (implementation limitation)"
                    );
                    self.err(pos, "InvalidUnion", msg);
                }
                Pending::DuplicateMethod {
                    pos,
                    m,
                    other,
                    other_pos,
                    explicit,
                    old,
                } => {
                    let (t, u) = (self.p.obj_type(m), self.p.obj_type(other));
                    if explicit || old || !self.p.identical(t, u) {
                        let name = self.p.obj(m).name;
                        let related =
                            vec![(other_pos, format!("other declaration of method {name}"))];
                        self.report(TypeError {
                            pos,
                            msg: format!("duplicate method {name}"),
                            related,
                            code: "DuplicateDecl",
                            soft: false,
                        });
                    }
                }
            }
        }
    }
}

/// Errors.
impl<'a> Checker<'_, 'a> {
    /// Reports an error. `code` as in Go's `internal/types/errors`.
    pub fn err(&mut self, pos: Pos, code: &'static str, msg: impl Into<String>) {
        self.report(TypeError {
            pos,
            msg: msg.into(),
            related: Vec::new(),
            code,
            soft: false,
        });
    }

    /// Reports an error that leaves the program's meaning intact.
    pub fn soft_err(&mut self, pos: Pos, code: &'static str, msg: impl Into<String>) {
        self.report(TypeError {
            pos,
            msg: msg.into(),
            related: Vec::new(),
            code,
            soft: true,
        });
    }

    /// Reports an error that points at another declaration too.
    pub fn err_decl(&mut self, pos: Pos, code: &'static str, msg: impl Into<String>, other: ObjId) {
        let o = self.p.obj(other);
        let mut related = Vec::new();
        if o.pos.is_some() {
            related.push((o.pos, format!("other declaration of {}", o.name)));
        }
        self.report(TypeError {
            pos,
            msg: msg.into(),
            related,
            code,
            soft: false,
        });
    }

    /// Reports an error, unless it only follows from another one.
    pub fn report(&mut self, mut e: TypeError) {
        let follows = |what| e.msg.find(what).is_some_and(|at| at > 0);
        if !self.errors.is_empty() && (follows("invalid operand") || follows("invalid type")) {
            return;
        }
        if self.env.errpos.is_some() {
            e.pos = self.env.errpos;
        }
        self.errors.push(e);
    }

    /// Reports that something needs language version 1.`minor`, if it is not allowed here;
    /// says whether it is.
    pub fn need_version(&mut self, pos: Pos, minor: u32, what: &str) -> bool {
        let ok = self.env.version.allows(minor);
        if !ok {
            let msg = format!("{what} requires go1.{minor} or later");
            self.err(pos, "UnsupportedFeature", msg);
        }
        ok
    }

    /// An operand as messages write it.
    pub fn show(&mut self, x: &Operand<'_>) -> String {
        self.p.operand_string(x)
    }

    /// A type as messages write it.
    pub fn ts(&self, ty: TypeId) -> String {
        self.p.type_string(ty)
    }
}

/// Scopes.
impl<'a> Checker<'_, 'a> {
    /// The object that a name means here, and the scope that has it.
    pub fn lookup_scope(&self, name: Symbol) -> Option<(ScopeId, ObjId)> {
        self.p.lookup_parent(self.env.scope, name)
    }

    /// The object that a name means here.
    pub fn lookup(&self, name: Symbol) -> Option<ObjId> {
        self.lookup_scope(name).map(|x| x.1)
    }

    /// Opens a scope that belongs to `node` and makes it current.
    pub fn open_scope(&mut self, node: NodeId) -> ScopeId {
        let scope = self.p.new_scope(self.env.scope);
        self.info().scopes.insert(node, scope);
        self.env.scope = scope;
        scope
    }

    /// Closes the current scope.
    pub fn close_scope(&mut self) {
        if let Some(parent) = self.p.scopes[self.env.scope].parent {
            self.env.scope = parent;
        }
    }

    /// Declares `obj` in `scope` and records it as what `ident` defines; reports a double
    /// declaration. Blank names are only recorded.
    pub fn declare(&mut self, scope: ScopeId, ident: Option<Ident>, obj: ObjId) {
        let (name, pos) = (self.p.obj(obj).name, self.p.obj(obj).pos);
        if !name.is_blank()
            && let Some(other) = self.p.insert(scope, obj)
        {
            let msg = format!("{name} redeclared in this block");
            self.err_decl(pos, "DuplicateDecl", msg, other);
            return;
        }
        if !name.is_blank()
            && self
                .p
                .obj(obj)
                .var()
                .is_some_and(|v| v.kind == VarKind::Local)
        {
            self.locals.push(obj);
        }
        if let Some(ident) = ident {
            self.info().set_def(ident.id, obj);
        }
    }

    /// A new local variable, not yet declared.
    pub fn new_local(&mut self, ident: Ident, ty: Option<TypeId>) -> ObjId {
        let pkg = Some(self.pkg);
        self.p
            .new_var(VarKind::Local, ident.name, ident.pos, pkg, ty)
    }

    /// Marks a variable or package name as used.
    pub fn mark_used(&mut self, obj: ObjId) {
        if self.p.obj(obj).pkg != Some(self.pkg) {
            return;
        }
        match &mut self.p.objects[obj].kind {
            ObjKind::Var(v) => v.used = true,
            ObjKind::PkgName { used, .. } | ObjKind::Label { used } => *used = true,
            _ => {}
        }
    }

    /// Records that the declaration under way depends on `obj`, if that is of this
    /// package's level.
    pub fn add_dep(&mut self, obj: ObjId) {
        let Some(from) = self.env.decl else { return };
        let o = self.p.obj(obj);
        if o.pkg != Some(self.pkg) {
            return;
        }
        let to = match &o.kind {
            ObjKind::Func(f) if f.decl.is_some() => f.origin.unwrap_or(obj),
            _ if o.parent == Some(self.p.pkg(self.pkg).scope) => obj,
            _ => return,
        };
        let deps = self.p.packages[self.pkg].deps.entry(from).or_default();
        if !deps.contains(&to) {
            deps.push(to);
        }
    }
}

/// Recording of facts.
impl<'a> Checker<'_, 'a> {
    /// Records what an operand turned out to be; an untyped one waits for its final type.
    pub fn record(&mut self, x: &Operand<'a>) {
        let Some(expr) = x.expr else { return };
        let Some(mode) = x.info_mode() else { return };
        let ty = match x.mode {
            OpMode::NoValue => TypeId::EMPTY_TUPLE,
            _ => x.ty,
        };
        if self.p.is_untyped(ty) {
            let known = Untyped {
                expr,
                is_lhs: false,
                mode: x.mode.clone(),
                ty,
            };
            self.untyped.insert(expr.id, known);
        } else {
            self.record_type(expr, mode, ty, x.val().cloned());
        }
    }

    /// Records mode, type and value of an expression.
    pub fn record_type(&mut self, e: &Expr, mode: Mode, ty: TypeId, value: Option<Value>) {
        self.info().set_type(e.id, mode, ty, value);
    }

    /// Records what is left untyped at the end of a check, as it is.
    pub fn record_untyped(&mut self) {
        for (_, u) in std::mem::take(&mut self.untyped) {
            let x = Operand::new(u.mode, u.ty, u.expr);
            if let Some(mode) = x.info_mode() {
                self.record_type(u.expr, mode, u.ty, x.val().cloned());
            }
        }
    }

    /// Records the signature a built-in is used with, for the callee and what is inside its
    /// parentheses.
    pub fn record_builtin(&mut self, fun: &Expr, sig: TypeId) {
        let mut e = fun;
        loop {
            self.record_type(e, Mode::Builtin, sig, None);
            match &e.kind {
                ExprKind::Paren(inner) => e = &inner.x,
                _ => return,
            }
        }
    }

    /// Records that the two-value form of an expression was used.
    pub fn record_comma_ok(&mut self, x: &Expr, types: [TypeId; 2]) {
        let tuple = self.p.tuple_of_types(&types);
        let mut e = x;
        loop {
            let mode = self.info().mode(e.id).unwrap_or(Mode::CommaOk);
            self.record_type(e, mode, tuple, None);
            match &e.kind {
                ExprKind::Paren(inner) => e = &inner.x,
                _ => return,
            }
        }
    }

    /// Records an instantiation at the identifier of `e` (an identifier, selector, or an
    /// index expression on one).
    pub fn record_instance(&mut self, e: &Expr, targs: &[TypeId], ty: TypeId) {
        let mut base = e.unparen();
        if let ExprKind::Index(x) = &base.kind {
            base = x.x.unparen();
        }
        let id = match &base.kind {
            ExprKind::Selector(s) => s.sel.id,
            _ => base.id,
        };
        let instance = crate::Instance {
            targs: targs.into(),
            ty,
        };
        self.info().instances.insert(id, instance);
    }
}
