//! Calls of the functions of package unsafe.

use crate::builtin::Builtin;
use crate::builtin_call::BuiltinCall;
use crate::checker::Checker;
use crate::operand::Operand;
use crate::types::*;
use goxide_base::Symbol;
use goxide_syntax::ast::ExprKind;

impl<'a> Checker<'_, 'a> {
    pub(crate) fn unsafe_call(
        &mut self,
        b: BuiltinCall<'a>,
        mut args: Vec<Operand<'a>>,
    ) -> Operand<'a> {
        let needs = match b.id {
            Builtin::Add | Builtin::Slice => 17,
            Builtin::SliceData | Builtin::String | Builtin::StringData => 20,
            _ => 0,
        };
        if needs > 0 {
            let what = format!("unsafe.{}", b.id.name());
            self.need_version(b.call.fun.start(), needs, &what);
        }
        match b.id {
            Builtin::Add => {
                self.assignment(
                    &mut args[0],
                    Some(TypeId::UNSAFE_POINTER),
                    "argument to unsafe.Add",
                );
                if !args[0].ok() || !self.valid_index(&mut args[1], "length", true) {
                    return b.wrong();
                }
                self.record_use(
                    b,
                    &[TypeId::UNSAFE_POINTER, args[1].ty],
                    &[TypeId::UNSAFE_POINTER],
                    false,
                );
                b.value(TypeId::UNSAFE_POINTER)
            }
            Builtin::Alignof | Builtin::Sizeof => self.size_call(b, args),
            Builtin::Offsetof => self.offset_of(b),
            Builtin::Slice | Builtin::String => self.unsafe_make(b, args),
            Builtin::SliceData => {
                let x = args[0].clone();
                let under = self.p.common_under(x.ty).map(|u| self.p.ty(u).clone());
                let Ok(Type::Slice(elem)) = under else {
                    let why = format!("{} is not a slice", self.show(&x));
                    return self.bad_argument(b, &x, "InvalidUnsafeSliceData", &why);
                };
                let pointer = self.p.pointer_to(elem);
                self.record_use(b, &[x.ty], &[pointer], false);
                b.value(pointer)
            }
            _ => {
                // StringData
                self.assignment(
                    &mut args[0],
                    Some(TypeId::STRING),
                    "argument to unsafe.StringData",
                );
                if !args[0].ok() {
                    return b.wrong();
                }
                let pointer = self.p.pointer_to(TypeId::BYTE);
                self.record_use(b, &[TypeId::STRING], &[pointer], false);
                b.value(pointer)
            }
        }
    }

    fn size_call(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        let context = format!("argument to unsafe.{}", b.id.name());
        self.assignment(&mut args[0], None, &context);
        if !args[0].ok() {
            return b.wrong();
        }
        let ty = args[0].ty;
        if self.has_var_size(ty) {
            self.record_use(b, &[ty], &[TypeId::UINTPTR], false);
            return b.value(TypeId::UINTPTR);
        }
        let n = if b.id == Builtin::Sizeof {
            self.p.sizeof(ty)
        } else {
            Some(self.p.alignof(ty))
        };
        let Some(n) = n else {
            let shown = self.show(&args[0]);
            let msg = format!("{shown} is too large");
            self.err(args[0].pos(), "TypeTooLarge", msg);
            return b.wrong();
        };
        b.constant(n.into(), TypeId::UINTPTR)
    }

    fn offset_of(&mut self, b: BuiltinCall<'a>) -> Operand<'a> {
        let arg = &b.call.args[0];
        let ExprKind::Selector(sel) = &arg.unparen().kind else {
            let msg = format!("invalid argument: {arg} is not a selector expression");
            self.err(arg.start(), "BadOffsetofSyntax", msg);
            self.use_exprs([arg]);
            return b.wrong();
        };
        let x = self.expr(None, &sel.x);
        if !x.ok() {
            return b.wrong();
        }
        let base = self.p.deref_struct(x.ty);
        let name: Symbol = sel.sel.name;
        let found = self
            .p
            .lookup_field_or_method(base, false, Some(self.pkg), name);
        let crate::Lookup::Found {
            obj,
            path,
            indirect,
        } = found
        else {
            let msg = format!(
                "invalid argument: {} has no single field {name}",
                self.ts(base)
            );
            self.err(x.pos(), "MissingFieldOrMethod", msg);
            return b.wrong();
        };
        if self.p.obj(obj).var().is_none() {
            let msg = format!("invalid argument: {arg} is a method value");
            self.err(arg.start(), "InvalidOffsetof", msg);
            return b.wrong();
        }
        if indirect {
            let msg = format!(
                "invalid argument: field {name} is embedded via a pointer in {}",
                self.ts(base)
            );
            self.err(x.pos(), "InvalidOffsetof", msg);
            return b.wrong();
        }
        self.info().set_use(sel.sel.id, obj);
        let selection = crate::Selection {
            kind: crate::SelectionKind::Field,
            recv: base,
            obj,
            path: path.clone().into(),
            indirect: false,
        };
        let field_type = self.p.obj_type(obj);
        self.info().selections.insert(arg.unparen().id, selection);
        self.record_type(arg, crate::Mode::Variable, field_type, None);
        if self.has_var_size(base) {
            self.record_use(b, &[field_type], &[TypeId::UINTPTR], false);
            return b.value(TypeId::UINTPTR);
        }
        match self.p.offset_along(base, &path) {
            Some(offset) => b.constant(offset.into(), TypeId::UINTPTR),
            None => {
                let msg = format!("{} is too large", self.show(&x));
                self.err(x.pos(), "TypeTooLarge", msg);
                b.wrong()
            }
        }
    }

    fn unsafe_make(&mut self, b: BuiltinCall<'a>, mut args: Vec<Operand<'a>>) -> Operand<'a> {
        if b.id == Builtin::String {
            let byte = self.p.pointer_to(TypeId::BYTE);
            self.assignment(&mut args[0], Some(byte), "argument to unsafe.String");
            if !args[0].ok() || !self.valid_index(&mut args[1], "length", false) {
                return b.wrong();
            }
            self.record_use(b, &[byte, args[1].ty], &[TypeId::STRING], false);
            return b.value(TypeId::STRING);
        }
        let x = args[0].clone();
        let under = self.p.common_under(x.ty).map(|u| self.p.ty(u).clone());
        let Ok(Type::Pointer(elem)) = under else {
            let why = format!("{} is not a pointer", self.show(&x));
            return self.bad_argument(b, &x, "InvalidUnsafeSlice", &why);
        };
        if !self.valid_index(&mut args[1], "length", false) {
            return b.wrong();
        }
        let slice = self.p.slice_of(elem);
        self.record_use(b, &[x.ty, args[1].ty], &[slice], false);
        b.value(slice)
    }
}
