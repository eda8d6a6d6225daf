//! What gc's back end refuses in types that the language allows: anonymous interfaces that
//! contain themselves, types larger than the address space, large channel elements, structs
//! and arrays as arguments of `print`. Only looked for in packages that are checked whole.

use crate::checker::Checker;
use crate::object::{ObjKind, Object, VarKind};
use crate::types::*;
use goxide_base::{FxHashSet, Pos};

/// The code of these errors.
const LIMIT: &str = "BackEndLimit";

/// The code of those that are about a type.
const TYPE_LIMIT: &str = "BackEndTypeLimit";

/// Types must be smaller than this.
const MAX_SIZE: i64 = 1 << 50;

/// Package-level variables are at most this large.
const MAX_VARIABLE: i64 = 2_000_000_000;

/// Elements of channels must be smaller than this.
const MAX_CHAN_ELEM: i64 = 1 << 16;

impl crate::TypeError {
    /// Whether gc would find this only after its front end.
    pub fn is_limit(&self) -> bool {
        self.code == LIMIT || self.code == TYPE_LIMIT
    }
}

impl<'a> Checker<'_, 'a> {
    fn has_limits(&self) -> bool {
        let pkg = self.p.pkg(self.pkg);
        !pkg.lazy_bodies && !pkg.checker_tests
    }

    /// Reports an array type that is too large, when types are set up.
    pub fn limit_array(&mut self, pos: Pos, len: ArrayLen, elem: TypeId) {
        if len < 1 << 24 || !self.has_limits() {
            return;
        }
        let array = self.p.array_of(len, elem);
        self.later(move |c| {
            if c.has_var_size(array) || c.p.sizeof(array).is_some_and(|n| n < MAX_SIZE) {
                return;
            }
            let msg = format!("type {} larger than address space", c.ts(array));
            c.err(pos, TYPE_LIMIT, msg);
        });
    }

    /// Reports a channel whose elements are too large, when types are set up.
    pub fn limit_chan(&mut self, pos: Pos, elem: TypeId) {
        if !self.has_limits() {
            return;
        }
        self.later(move |c| {
            if c.has_var_size(elem) || c.p.sizeof(elem).is_none_or(|n| n < MAX_CHAN_ELEM) {
                return;
            }
            c.err(pos, TYPE_LIMIT, "channel element type too large (>64kB)");
        });
    }

    /// Reports an argument of `print` or `println` (the call is at `pos`) that has no printed
    /// form. What a type parameter stands for is looked at when instances are made.
    pub fn limit_print(&mut self, pos: Pos, name: &str, ty: TypeId) {
        if matches!(self.p.under_ty(ty), Type::Struct(_) | Type::Array(..)) {
            let msg = format!("illegal types for operand: {name}\n\t{}", self.ts(ty));
            self.err(pos, LIMIT, msg);
        }
    }

    /// Reports a function that has no body.
    pub fn limit_body(&mut self, pos: Pos) {
        self.err(pos, LIMIT, "missing function body");
    }

    /// Reports what the back end would, which is not asked if there are other errors.
    pub fn back_end_limits(&mut self) {
        if !self.has_limits() {
            return;
        }
        self.limit_variables();
        self.place_type_limits();
        let before = |e: &crate::TypeError| !e.is_limit();
        if !self.errors.iter().any(before) {
            self.anonymous_cycles();
        }
        if self.errors.iter().any(before) {
            self.errors.retain(before);
        }
    }

    /// Reports package-level variables that are too large.
    fn limit_variables(&mut self) {
        let pkg = self.p.pkg(self.pkg);
        let (name, vars) = (pkg.name, pkg.vars.clone());
        for var in vars {
            let (var, pos, ty) = {
                let o = self.p.obj(var);
                (o.name, o.pos, o.ty)
            };
            let Some(ty) = ty.filter(|_| !var.is_blank()) else {
                continue;
            };
            if self.has_var_size(ty) {
                continue;
            }
            let size = self.p.sizeof(ty).unwrap_or(0);
            if (MAX_VARIABLE + 1..MAX_SIZE).contains(&size) {
                let msg =
                    format!("{name}.{var}: symbol too large ({size} bytes > {MAX_VARIABLE} bytes)");
                self.err(pos, LIMIT, msg);
            }
        }
    }

    /// gc's back end knows types only by what was declared last before them: a variable, a
    /// type or a function. Errors that are at the same place then are one.
    fn place_type_limits(&mut self) {
        let found = |e: &crate::TypeError| e.code == TYPE_LIMIT;
        if !self.errors.iter().any(found) {
            return;
        }
        let mut errors = std::mem::take(&mut self.errors);
        let declared = self.declared_places();
        for e in errors.iter_mut().filter(|e| found(e)) {
            let before = declared.iter().rev().find(|&&pos| pos <= e.pos);
            e.pos = before.copied().unwrap_or(e.pos);
        }
        let mut said = FxHashSet::default();
        errors.retain(|e| !found(e) || said.insert((e.pos, e.msg.clone())));
        self.errors = errors;
    }

    /// Where variables (but no parameters and fields), types and functions are declared, in
    /// order.
    fn declared_places(&mut self) -> Vec<Pos> {
        let defs: Vec<_> = self.info().defs().collect();
        let counts = |o: &Object| match &o.kind {
            ObjKind::Var(v) => matches!(v.kind, VarKind::Package | VarKind::Local),
            ObjKind::TypeName | ObjKind::Func(_) => !o.name.is_blank(),
            _ => false,
        };
        let objects = defs.into_iter().map(|o| self.p.obj(o));
        let mut places: Vec<Pos> = objects.filter(|o| counts(o)).map(|o| o.pos).collect();
        places.sort();
        places
    }

    /// Reports interface literals that contain themselves without a name in between, the
    /// outer before the inner ones.
    fn anonymous_cycles(&mut self) {
        let mut done = FxHashSet::default();
        let mut interfaces = std::mem::take(&mut self.interfaces);
        interfaces.sort_by_key(|(pos, _)| *pos);
        for (pos, ty) in interfaces {
            if self.in_cycle(ty, &mut Vec::new(), &mut done) {
                let msg = "invalid recursive type: anonymous interface refers to itself \
                           (see https://go.dev/issue/56103)";
                self.err(pos, "InvalidTypeCycle", msg);
            }
        }
    }

    /// Whether an interface on the way from `ty` is met again. What is done is not looked
    /// at twice, so each cycle is found once.
    fn in_cycle(
        &mut self,
        ty: TypeId,
        path: &mut Vec<TypeId>,
        done: &mut FxHashSet<TypeId>,
    ) -> bool {
        let ty = self.p.unalias(ty);
        if !matches!(self.p.ty(ty), Type::Interface(_)) {
            let parts = self.p.components(ty);
            return parts.into_iter().any(|t| self.in_cycle(t, path, done));
        }
        if path.contains(&ty) {
            return true;
        }
        if !done.insert(ty) {
            return false;
        }
        path.push(ty);
        let parts = self.p.components(ty);
        let found = parts.into_iter().any(|t| self.in_cycle(t, path, done));
        path.pop();
        found
    }
}
