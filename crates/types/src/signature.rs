//! Function types: receivers, type parameters, parameters, results.

use crate::checker::Checker;
use crate::info::Mode;
use crate::object::{ObjId, VarKind};
use crate::scope::ScopeId;
use crate::types::*;
use goxide_base::{Pos, Symbol};
use goxide_syntax::ast::{self, Expr, ExprKind, Ident};
use std::sync::Arc;

/// A receiver's type expression in its parts: `*T[A, _]`.
pub(crate) struct RecvParts<'a> {
    pub ptr: bool,
    /// `T`; not necessarily a name in wrong programs.
    pub base: &'a Expr,
    /// `A, _`
    pub params: &'a [Expr],
}

/// Takes a receiver's type expression apart.
pub(crate) fn unpack_recv(e: &Expr) -> RecvParts<'_> {
    let mut base = e.unparen();
    let mut ptr = false;
    if let ExprKind::Star(inner) = &base.kind {
        ptr = true;
        base = inner.unparen();
    }
    match &base.kind {
        ExprKind::Index(i) => RecvParts {
            ptr,
            base: &i.x,
            params: &i.indices,
        },
        _ => RecvParts {
            ptr,
            base,
            params: &[],
        },
    }
}

impl<'a> Checker<'_, 'a> {
    /// Checks the signature of a function, method or function literal: gives its type and the
    /// scope that holds parameters and the body.
    pub fn func_type(
        &mut self,
        recv: Option<&'a ast::FieldList>,
        ty: &'a ast::FuncType,
    ) -> (TypeId, ScopeId) {
        let id = self.p.add_type(Type::Signature(Arc::default()));
        let scope = self.func_type_into(id, recv, ty);
        (id, scope)
    }

    /// Checks a signature whose type id exists already.
    pub fn func_type_into(
        &mut self,
        id: TypeId,
        recv: Option<&'a ast::FieldList>,
        ty: &'a ast::FuncType,
    ) -> ScopeId {
        let scope = self.open_scope(ty.id);
        self.p.scopes[scope].is_func = true;
        let mut sig = Signature::default();
        let mut recv_ident = None;
        if let Some(field) = recv.and_then(|r| r.fields.first()) {
            recv_ident = field.names.first().copied();
            let (var, tparams) = self.collect_recv(field);
            sig.recv = Some(var);
            sig.recv_tparams = tparams;
        }
        if let Some(list) = &ty.type_params {
            let set = |c: &mut Self, tparams| {
                let sig = Signature {
                    tparams,
                    ..Signature::default()
                };
                c.p.types[id] = Type::Signature(Arc::new(sig));
            };
            sig.tparams = self.collect_type_params(list, set);
        }
        let (param_names, params, variadic) = self.collect_params(VarKind::Param, &ty.params);
        let (result_names, results) = match &ty.results {
            Some(list) => {
                let (names, vars, _) = self.collect_params(VarKind::Result, list);
                (names, vars)
            }
            None => Default::default(),
        };
        if let (Some(ident), Some(var)) = (recv_ident, sig.recv) {
            self.declare(scope, Some(ident), var);
        }
        let named = param_names
            .iter()
            .zip(&params)
            .chain(result_names.iter().zip(&results));
        for (ident, &var) in named {
            if let Some(ident) = *ident {
                self.declare(scope, Some(ident), var);
            }
        }
        sig.params = params.into();
        sig.results = results.into();
        sig.variadic = variadic;
        self.p.types[id] = Type::Signature(Arc::new(sig));
        self.close_scope();
        scope
    }

    fn collect_recv(&mut self, field: &'a ast::Field) -> (ObjId, List<TypeId>) {
        let parts = unpack_recv(&field.ty);
        let (ty, tparams) = if parts.params.is_empty() {
            (self.plain_recv_type(&field.ty, parts.base), List::default())
        } else {
            self.generic_recv_type(&field.ty, &parts)
        };
        let pkg = Some(self.pkg);
        let var = match field.names.first() {
            Some(i) => self.p.new_var(VarKind::Recv, i.name, i.pos, pkg, Some(ty)),
            None => {
                let pos = field.pos;
                let var = self
                    .p
                    .new_var(VarKind::Recv, Symbol::EMPTY, pos, pkg, Some(ty));
                self.info().implicits.insert(field.id, var);
                var
            }
        };
        let pos = parts.base.start();
        self.later(move |c| c.valid_recv(pos, var));
        (var, tparams)
    }

    fn plain_recv_type(&mut self, e: &'a Expr, base: &'a Expr) -> TypeId {
        let ty = self.var_type(e);
        // An alias may hide an instance, whose methods can't be declared.
        let mut at = self.unpointer(ty);
        while let Type::Alias(a) = self.p.ty(at) {
            let Some(rhs) = a.rhs else { break };
            at = self.unpointer(rhs);
            if !self.p.type_params_of(at).is_empty() {
                let msg = format!(
                    "cannot define new methods on instantiated type {}",
                    self.ts(at)
                );
                self.err(base.start(), "InvalidRecv", msg);
                return TypeId::INVALID;
            }
        }
        ty
    }

    fn unpointer(&self, mut ty: TypeId) -> TypeId {
        while let Type::Pointer(base) = *self.p.ty(ty) {
            ty = base;
        }
        ty
    }

    fn generic_recv_type(&mut self, e: &'a Expr, parts: &RecvParts<'a>) -> (TypeId, List<TypeId>) {
        let base_pos = parts.base.start();
        let base = match self.generic_type(parts.base) {
            Ok(t) if matches!(self.p.ty(t), Type::Named(_)) => Some(t),
            Ok(t) => {
                let msg = format!(
                    "cannot define new methods on generic alias type {}",
                    self.ts(t)
                );
                self.err(base_pos, "InvalidRecv", msg);
                None
            }
            Err(cause) => {
                if !cause.is_empty() {
                    self.err(base_pos, "InvalidRecv", cause);
                }
                None
            }
        };
        let tparams = self.recv_tparams(parts.params);
        let Some(base) = base else {
            return (TypeId::INVALID, tparams);
        };
        let base_tparams = self.p.type_params_of(base);
        if base_tparams.len() == tparams.len() {
            let s = self.p.subst_map(&base_tparams, &tparams);
            for (&mine, &theirs) in tparams.iter().zip(base_tparams.iter()) {
                self.mono.record_canon(mine, theirs);
                let bound = self
                    .p
                    .as_type_param(theirs)
                    .map_or(TypeId::INVALID, |p| p.bound);
                let bound = self.p.subst(bound, s);
                self.set_bound(mine, bound);
            }
        } else {
            let n = tparams.len();
            let plural = if n == 1 { "" } else { "s" };
            let msg = format!(
                "receiver declares {n} type parameter{plural}, but receiver base type declares {}",
                base_tparams.len()
            );
            self.err(base_pos, "BadRecv", msg);
        }
        self.need_version(base_pos, 18, "type instantiation");
        let mut ty = self.p.instance(base, &tparams);
        self.record_instance(parts.base, &tparams, ty);
        if parts.ptr {
            ty = self.p.pointer_to(ty);
        }
        self.record_recv(e, ty);
        (ty, tparams)
    }

    /// Declares the names in a receiver's brackets.
    fn recv_tparams(&mut self, params: &'a [Expr]) -> List<TypeId> {
        let mut tparams = Vec::new();
        for (i, e) in params.iter().enumerate() {
            let ident = e.as_ident();
            if ident.is_none() && !matches!(e.kind, ExprKind::Bad) {
                let shown = goxide_syntax::expr_string(e);
                let msg = format!("receiver type parameter {shown} must be an identifier");
                self.err(e.start(), "BadDecl", msg);
            }
            let ident = ident.unwrap_or(Ident {
                id: e.id,
                pos: e.pos,
                name: Symbol::BLANK,
            });
            let param = self.declare_type_param(ident, i);
            if let Some(obj) = self.p.as_type_param(param).map(|p| p.obj) {
                self.info().set_use(ident.id, obj);
            }
            self.record_type(e, Mode::TypeExpr, param, None);
            tparams.push(param);
        }
        tparams.into()
    }

    /// Records the types of a receiver expression's parts.
    fn record_recv(&mut self, e: &'a Expr, ty: TypeId) {
        let (mut e, mut ty) = (e, ty);
        loop {
            self.record_type(e, Mode::TypeExpr, ty, None);
            match &e.kind {
                ExprKind::Paren(p) => e = &p.x,
                ExprKind::Star(x) => {
                    e = x;
                    ty = self.p.deref(ty).0;
                }
                _ => return,
            }
        }
    }

    /// Reports a receiver type that can't have methods.
    fn valid_recv(&mut self, pos: Pos, recv: ObjId) {
        let full = self.p.obj_type(recv);
        let (ty, _) = self.p.deref(full);
        let actual = self.p.unalias(ty);
        if !self.p.is_valid(actual) {
            return;
        }
        let shown = self.ts(ty);
        let msg = match self.p.ty(actual) {
            Type::Named(n) if self.p.obj(n.obj).pkg != Some(self.pkg) => {
                format!("cannot define new methods on non-local type {shown}")
            }
            Type::Named(_) => {
                let why = match self.p.under_ty(actual) {
                    Type::Basic(Basic::UnsafePointer) => "unsafe.Pointer",
                    Type::Pointer(_) | Type::Interface(_) => "pointer or interface type",
                    _ => return,
                };
                format!("invalid receiver type {shown} ({why})")
            }
            Type::Basic(_) => format!("cannot define new methods on non-local type {shown}"),
            _ => format!("invalid receiver type {}", self.ts(full)),
        };
        self.err(pos, "InvalidRecv", msg);
    }

    /// Declares the type parameters of a list and checks their constraints. `set` is called
    /// between the two, because constraints may refer to what has the parameters.
    pub fn collect_type_params(
        &mut self,
        list: &'a ast::FieldList,
        set: impl FnOnce(&mut Self, List<TypeId>),
    ) -> List<TypeId> {
        let idents = || list.fields.iter().flat_map(|f| f.names.iter().copied());
        let tparams: List<TypeId> = idents()
            .enumerate()
            .map(|(i, ident)| self.declare_type_param(ident, i))
            .collect();
        set(self, tparams.clone());
        let outer = std::mem::replace(&mut self.env.in_tparams, true);
        let mut at = 0;
        for f in &list.fields {
            let mut bound = self.bound(&f.ty);
            if self.p.is_type_param(bound) {
                let msg = "cannot use a type parameter as constraint";
                self.err(f.ty.start(), "MisplacedTypeParam", msg);
                bound = TypeId::INVALID;
            }
            for _ in &f.names {
                self.set_bound(tparams[at], bound);
                at += 1;
            }
        }
        self.env.in_tparams = outer;
        tparams
    }

    fn set_bound(&mut self, param: TypeId, bound: TypeId) {
        if let Type::TypeParam(p) = &mut self.p.types[param] {
            p.bound = bound;
            p.iface = None;
        }
    }

    fn declare_type_param(&mut self, ident: Ident, index: usize) -> TypeId {
        let kind = crate::ObjKind::TypeName;
        let obj = self
            .p
            .new_object(kind, ident.name, ident.pos, Some(self.pkg), None);
        // Wrong until the constraint is known.
        let param = self.p.new_type_param(obj, index, TypeId::INVALID);
        self.declare(self.env.scope, Some(ident), obj);
        param
    }

    #[allow(
        clippy::type_complexity,
        reason = "used once, and read where it is used"
    )]
    fn collect_params(
        &mut self,
        kind: VarKind,
        list: &'a ast::FieldList,
    ) -> (Vec<Option<Ident>>, Vec<ObjId>, bool) {
        let mut names = Vec::new();
        let mut params = Vec::new();
        let mut variadic = false;
        for (i, f) in list.fields.iter().enumerate() {
            let mut e = &f.ty;
            let mut dots = false;
            if let ExprKind::Ellipsis(elem) = &e.kind {
                e = elem;
                let last = i + 1 == list.fields.len() && f.names.len() < 2;
                dots = kind == VarKind::Param && last;
                if !dots {
                    let msg = "can only use ... with final parameter in list";
                    self.soft_err(f.ty.start(), "MisplacedDotDotDot", msg);
                }
            }
            let mut ty = self.var_type(e);
            if dots {
                variadic = true;
                ty = self.p.slice_of(ty);
                self.record_type(&f.ty, Mode::TypeExpr, ty, None);
            }
            let pkg = Some(self.pkg);
            if f.names.is_empty() {
                let var = self.p.new_var(kind, Symbol::EMPTY, f.pos, pkg, Some(ty));
                self.info().implicits.insert(f.id, var);
                names.push(None);
                params.push(var);
            }
            for &ident in &f.names {
                names.push(Some(ident));
                params.push(self.p.new_var(kind, ident.name, ident.pos, pkg, Some(ty)));
            }
        }
        (names, params, variadic)
    }
}

/// Where the first of a list of type parameters stands.
pub(crate) fn first_param(list: &ast::FieldList) -> Pos {
    list.fields.first().map_or(list.opening, |f| f.pos)
}
