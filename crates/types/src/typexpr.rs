//! Identifiers and type expressions.

use crate::checker::{Checker, MAX_DEPTH};
use crate::info::Mode;
use crate::object::{ObjId, ObjKind, VarKind};
use crate::operand::{OpMode, Operand};
use crate::types::*;
use goxide_base::{Pos, Symbol};
use goxide_syntax::ast::{self, Expr, ExprKind};
use goxide_syntax::expr_string;

impl<'a> Checker<'_, 'a> {
    /// Checks an identifier; with `want_type` it is expected to be a type.
    pub fn ident(&mut self, e: &'a Expr, want_type: bool) -> Operand<'a> {
        let Some(name) = e.as_ident().map(|i| i.name) else {
            return Operand::invalid(e);
        };
        let Some((scope, obj)) = self.lookup_scope(name) else {
            if name.is_blank() {
                self.err(e.pos, "InvalidBlank", "cannot use _ as value or type");
            } else {
                self.err(e.pos, "UndeclaredName", format!("undefined: {name}"));
            }
            return Operand::invalid(e);
        };
        if scope == self.p.universe
            && matches!(name.as_str(), "any" | "comparable")
            && !self.need_version(e.pos, 18, &format!("predeclared {name}"))
        {
            return Operand::invalid(e);
        }
        self.info().set_use(e.id, obj);
        let is_type = matches!(self.p.obj(obj).kind, ObjKind::TypeName);
        if want_type && !is_type {
            let msg = format!("{name} ({}) is not a type", self.object_kind(obj));
            self.err(e.pos, "NotAType", msg);
            self.mark_used(obj);
            return Operand::invalid(e);
        }
        let local = self.p.obj(obj).pkg == Some(self.pkg);
        if self.p.obj(obj).ty.is_none() || is_type && want_type && local {
            self.obj_decl(obj);
        }
        if let Some(&pkg_name) = self.dot_imports.get(&(scope, name)) {
            self.mark_used(pkg_name);
        }
        self.object_operand(obj, e)
    }

    /// What an identifier that means `obj` stands for.
    fn object_operand(&mut self, obj: ObjId, e: &'a Expr) -> Operand<'a> {
        let ty = self.p.obj_type(obj);
        let mode = match self.p.obj(obj).kind.clone() {
            ObjKind::PkgName { .. } => {
                let msg = format!("use of package {} not in selector", self.p.obj(obj).name);
                self.err(e.pos, "InvalidPkgUse", msg);
                return Operand::invalid(e);
            }
            ObjKind::Const { value } => {
                self.add_dep(obj);
                if !self.p.is_valid(ty) {
                    return Operand::invalid(e);
                }
                if obj == self.p.iota {
                    match self.env.iota.clone() {
                        Some(iota) => OpMode::Constant(iota),
                        None => {
                            let msg = "cannot use iota outside constant declaration";
                            self.err(e.pos, "InvalidIota", msg);
                            return Operand::invalid(e);
                        }
                    }
                } else {
                    OpMode::Constant(value)
                }
            }
            ObjKind::TypeName => OpMode::TypeExpr,
            ObjKind::Var(_) => {
                self.mark_used(obj);
                self.add_dep(obj);
                if !self.p.is_valid(ty) {
                    return Operand::invalid(e);
                }
                OpMode::Variable
            }
            ObjKind::Func(_) => {
                self.add_dep(obj);
                OpMode::Value
            }
            ObjKind::Builtin(b) => OpMode::Builtin(b),
            ObjKind::Nil => OpMode::Nil,
            ObjKind::Label { .. } => return Operand::invalid(e),
        };
        Operand::new(mode, ty, e)
    }

    /// The kind of an object in a word or two.
    pub fn object_kind(&self, obj: ObjId) -> &'static str {
        match &self.p.obj(obj).kind {
            ObjKind::PkgName { .. } => "package name",
            ObjKind::Const { .. } => "constant",
            ObjKind::TypeName => match self.p.obj(obj).ty.map(|t| self.p.ty(t)) {
                Some(Type::Alias(_)) => "type alias",
                Some(Type::TypeParam(_)) => "type parameter",
                _ => "defined type",
            },
            ObjKind::Var(v) => match v.kind {
                VarKind::Package => "package-level variable",
                VarKind::Local => "local variable",
                VarKind::Recv => "receiver",
                VarKind::Param => "parameter",
                VarKind::Result => "result variable",
                VarKind::Field => "struct field",
            },
            ObjKind::Func(f) if f.is_method => "method",
            ObjKind::Func(_) => "function",
            ObjKind::Label { .. } => "label",
            ObjKind::Builtin(_) => "built-in function",
            ObjKind::Nil => "untyped nil",
        }
    }

    /// Checks a type expression; generic types must be instantiated.
    pub fn typ(&mut self, e: &'a Expr) -> TypeId {
        self.declared_type(e, None)
    }

    /// Checks the type of a variable: no constraint interface either.
    pub fn var_type(&mut self, e: &'a Expr) -> TypeId {
        let ty = self.declared_type(e, None);
        self.valid_var_type(e.start(), ty);
        ty
    }

    /// Reports a constraint interface used as a variable's type, when types are set up.
    pub fn valid_var_type(&mut self, pos: Pos, ty: TypeId) {
        if self.p.is_type_param(ty) || self.p.is_type_lit(ty) && !self.may_be_interface(ty) {
            return;
        }
        self.later(move |c| {
            if !c.p.is_interface(ty) || c.p.is_method_set(ty) {
                return;
            }
            let comparable = c.p.type_set(ty).comparable;
            let why = if comparable {
                "interface is (or embeds) comparable"
            } else {
                "interface contains type constraints"
            };
            let msg = format!(
                "cannot use type {} outside a type constraint: {why}",
                c.ts(ty)
            );
            c.soft_err(pos, "MisplacedConstraintIface", msg);
        });
    }

    fn may_be_interface(&self, ty: TypeId) -> bool {
        matches!(self.p.ty(self.p.unalias(ty)), Type::Interface(_)) || !self.p.is_valid(ty)
    }

    /// Checks a type expression that is the right-hand side of `def`'s declaration.
    pub fn declared_type(&mut self, e: &'a Expr, def: Option<ObjId>) -> TypeId {
        let mut ty = self.type_expr(e, def);
        if self.p.is_generic(ty) {
            let msg = format!(
                "cannot use generic type {} without instantiation",
                self.ts(ty)
            );
            self.err(e.start(), "WrongTypeArgCount", msg);
            ty = TypeId::INVALID;
        }
        self.record_type(e, Mode::TypeExpr, ty, None);
        ty
    }

    /// Checks an expression that must be a generic type; else `Err` has what is wrong with
    /// it, empty if it was reported.
    pub fn generic_type(&mut self, e: &'a Expr) -> Result<TypeId, String> {
        let ty = self.type_expr(e, None);
        if !self.p.is_valid(ty) {
            self.record_type(e, Mode::TypeExpr, TypeId::INVALID, None);
            return Err(String::new());
        }
        if !self.p.is_generic(ty) {
            self.record_type(e, Mode::TypeExpr, TypeId::INVALID, None);
            return Err(format!("{} is not a generic type", self.ts(ty)));
        }
        self.record_type(e, Mode::TypeExpr, ty, None);
        Ok(ty)
    }

    fn type_expr(&mut self, e: &'a Expr, def: Option<ObjId>) -> TypeId {
        if self.depth > MAX_DEPTH {
            self.err(e.pos, "InvalidSyntaxTree", "type nested too deeply");
            return TypeId::INVALID;
        }
        self.depth += 1;
        let ty = self.type_expr_inner(e, def);
        self.depth -= 1;
        ty
    }

    fn type_expr_inner(&mut self, e: &'a Expr, def: Option<ObjId>) -> TypeId {
        match &e.kind {
            ExprKind::Bad => TypeId::INVALID,
            ExprKind::Ident(_) => {
                let x = self.ident(e, true);
                self.type_operand(&x)
            }
            ExprKind::Selector(s) => {
                let x = self.selector(e, &s.x, s.sel, true);
                self.type_operand(&x)
            }
            ExprKind::Index(i) => {
                self.need_version(e.start(), 18, "type instantiation");
                self.instantiated_type(&i.x, &i.indices)
            }
            ExprKind::Paren(x) => self.declared_type(&x.x, def),
            ExprKind::ArrayType(a) => self.array_type(e.start(), a),
            ExprKind::SliceType(elem) => {
                let elem = self.var_type(elem);
                self.p.slice_of(elem)
            }
            ExprKind::Ellipsis(_) => {
                self.err(e.start(), "InvalidSyntaxTree", "invalid use of ...");
                TypeId::INVALID
            }
            ExprKind::StructType(s) => self.struct_type(s),
            ExprKind::Star(base) => {
                let base = self.var_type(base);
                // A pointer to a wrong type only leads to follow-on errors.
                if self.p.is_valid(base) {
                    self.p.pointer_to(base)
                } else {
                    TypeId::INVALID
                }
            }
            ExprKind::FuncType(f) => self.func_type(None, f).0,
            ExprKind::InterfaceType(i) => {
                let ty = self.interface_type(i, def);
                if !self.p.pkg(self.pkg).lazy_bodies {
                    self.interfaces.push((e.start(), ty));
                }
                ty
            }
            ExprKind::MapType(m) => self.map_type(m),
            ExprKind::ChanType(c) => {
                let elem = self.var_type(&c.elem);
                self.limit_chan(e.start(), elem);
                let dir = match c.dir {
                    ast::ChanDir::Both => ChanDir::Both,
                    ast::ChanDir::Send => ChanDir::Send,
                    ast::ChanDir::Recv => ChanDir::Recv,
                };
                self.p.chan_of(dir, elem)
            }
            _ => {
                let msg = format!("{} is not a type", expr_string(e));
                self.err(e.start(), "NotAType", msg);
                self.use_exprs([e]);
                TypeId::INVALID
            }
        }
    }

    fn type_operand(&mut self, x: &Operand<'a>) -> TypeId {
        match x.mode {
            OpMode::TypeExpr => return x.ty,
            OpMode::Invalid => {}
            OpMode::NoValue => {
                let msg = format!("{} used as type", self.show(x));
                self.err(x.pos(), "NotAType", msg);
            }
            _ => {
                let msg = format!("{} is not a type", self.show(x));
                self.err(x.pos(), "NotAType", msg);
            }
        }
        TypeId::INVALID
    }

    fn array_type(&mut self, pos: Pos, a: &'a ast::ArrayType) -> TypeId {
        let len = match &a.len {
            ast::ArrayLen::Expr(len) => self.array_length(len),
            ast::ArrayLen::Dots(_) => {
                let msg = "invalid use of [...] array (outside a composite literal)";
                self.err(pos, "BadDotDotDotSyntax", msg);
                -1
            }
        };
        let elem = self.var_type(&a.elem);
        self.limit_array(pos, len, elem);
        if len >= 0 {
            self.p.array_of(len, elem)
        } else {
            TypeId::INVALID
        }
    }

    fn map_type(&mut self, m: &'a ast::MapType) -> TypeId {
        let key = self.var_type(&m.key);
        let elem = self.var_type(&m.value);
        let pos = m.key.start();
        self.later(move |c| {
            if !c.p.comparable(key) {
                let why = if c.p.is_type_param(key) {
                    " (missing comparable constraint)"
                } else {
                    ""
                };
                let msg = format!("invalid map key type {}{why}", c.ts(key));
                c.err(pos, "IncomparableMapKey", msg);
            }
        });
        self.p.map_of(key, elem)
    }

    /// Checks `x[list]` as a type.
    pub fn instantiated_type(&mut self, x: &'a Expr, list: &'a [Expr]) -> TypeId {
        let generic = match self.generic_type(x) {
            Ok(generic) => generic,
            Err(cause) => {
                if !cause.is_empty() {
                    let args: Vec<String> = list.iter().map(expr_string).collect();
                    let (x_str, args) = (expr_string(x), args.join(", "));
                    let msg = format!("invalid operation: {x_str}[{args}] ({cause})");
                    self.err(x.start(), "NotAGenericType", msg);
                }
                // Generic or not, what is in the brackets was meant.
                return TypeId::INVALID;
            }
        };
        let Some(targs) = self.type_list(list) else {
            return TypeId::INVALID;
        };
        if let Type::Alias(_) = self.p.ty(generic)
            && !self.valid_targ_count(x.start(), generic, targs.len())
        {
            return TypeId::INVALID;
        }
        let inst = self.p.instance(generic, &targs);
        if inst == TypeId::INVALID {
            return inst;
        }
        let positions: Vec<Pos> = list.iter().map(Expr::start).collect();
        let x_pos = x.start();
        if let Type::Named(n) = &mut self.p.types[inst]
            && !n.pos.is_some()
        {
            n.pos = x_pos;
        }
        self.later(move |c| {
            c.record_instance(x, &targs, inst);
            let tparams = c.p.type_params_of(generic);
            if !c.valid_targ_count(x_pos, generic, targs.len()) {
                return;
            }
            match c.p.verify_instance(&tparams, &targs) {
                Ok(()) => c.mono_instance(x_pos, &tparams, &targs, &positions),
                Err((i, cause)) => {
                    let pos = positions.get(i).copied().unwrap_or(x_pos);
                    c.soft_err(pos, "InvalidTypeArg", cause);
                }
            }
        });
        inst
    }

    /// Reports a wrong number of type arguments for a generic type.
    fn valid_targ_count(&mut self, pos: Pos, generic: TypeId, got: usize) -> bool {
        let want = self.p.type_params_of(generic).len();
        let name = match self.p.ty(generic) {
            Type::Named(n) => self.p.obj(n.obj).name,
            Type::Alias(a) => self.p.obj(a.obj).name,
            _ => Symbol::EMPTY,
        };
        self.valid_targs(pos, name.as_str(), want, got)
    }

    /// Reports a wrong number of type arguments.
    pub fn valid_targs(&mut self, pos: Pos, name: &str, want: usize, got: usize) -> bool {
        if got == want {
            return true;
        }
        let what = if got < want { "not enough" } else { "too many" };
        let msg = format!("{what} type arguments for type {name}: have {got}, want {want}");
        self.err(pos, "WrongTypeArgCount", msg);
        false
    }

    /// Checks a list of type arguments; `None` if one is wrong.
    pub fn type_list(&mut self, list: &'a [Expr]) -> Option<Vec<TypeId>> {
        let types: Vec<TypeId> = list.iter().map(|e| self.var_type(e)).collect();
        types.iter().all(|&t| self.p.is_valid(t)).then_some(types)
    }

    /// The value of an array length; negative if it is wrong, which was reported.
    pub fn array_length(&mut self, e: &'a Expr) -> i64 {
        // `[N]T` may be a parameterised type whose constraint is missing.
        if let Some(name) = e.as_ident() {
            match self.lookup(name.name) {
                None => {
                    let msg = format!(
                        "undefined array length {} or missing type constraint",
                        name.name
                    );
                    self.err(e.pos, "InvalidArrayLen", msg);
                    return -1;
                }
                Some(obj) if !matches!(self.p.obj(obj).kind, ObjKind::Const { .. }) => {
                    let msg = format!("invalid array length {}", name.name);
                    self.err(e.pos, "InvalidArrayLen", msg);
                    return -1;
                }
                _ => {}
            }
        }
        let x = self.expr(None, e);
        let Some(value) = x.val().cloned() else {
            if x.ok() {
                let msg = format!("array length {} must be constant", self.show(&x));
                self.err(x.pos(), "InvalidArrayLen", msg);
            }
            return -1;
        };
        let integer = self.p.is_integer(x.ty);
        if (self.p.is_untyped(x.ty) || integer)
            && let Some(n) = value.clone().into_int().as_i64()
            && n >= 0
        {
            return n;
        }
        if !value.is_unknown() {
            let shown = self.show(&x);
            let msg = if integer {
                format!("invalid array length {shown}")
            } else {
                format!("array length {shown} must be integer")
            };
            self.err(x.pos(), "InvalidArrayLen", msg);
        }
        -1
    }
}
