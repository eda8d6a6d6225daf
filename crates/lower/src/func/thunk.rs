//! `go` statements, and the func values without parameters that deferred calls and new
//! goroutines are: their operands are evaluated at the statement and captured.

use super::call::{Callable, Whom};
use super::defer::Deferred;
use super::{FuncLower, Mem, Val};
use crate::abi::Abi;
use crate::mono::{FuncSig, RType};
use crate::program::Target;
use goxide_abi::SiteKind;
use goxide_base::{Pos, Symbol};
use goxide_ir::{Callee, Op, SymId, Term, Ty, Value};
use goxide_syntax::ast::{CallExpr, Expr, ExprKind};
use goxide_types::{Builtin, Mode};
use std::rc::Rc;

/// Offset of the first method in an itab.
const ITAB_METHODS: i32 = 24;

/// What a thunk is called and where it is made.
struct ThunkPlace {
    name: String,
    pos: Pos,
    /// Its object is to be part of a record of a deferred call.
    in_record: bool,
}

/// Whom a thunk calls.
struct Later {
    /// A declared function; otherwise the first captured value says it.
    target: Option<Target>,
    /// That value is the address of code, not a func value.
    by_code: bool,
    /// The code of the func value, if known, and whether it needs it.
    code: Option<(SymId, bool)>,
}

impl FuncLower<'_, '_> {
    /// `go f(x)`
    pub fn go_stmt(&mut self, pos: Pos, call: &Expr) {
        let closure = self.deferred(call, "gowrap", false).closure;
        self.at(pos);
        let site = self.site_word(SiteKind::Go, pos);
        self.rt("gostart", &[closure, site]);
    }

    /// A closure without parameters that makes the call later, its operands evaluated now.
    /// With `in_record` its object becomes part of a record of a deferred call.
    pub fn deferred(&mut self, call: &Expr, kind: &str, in_record: bool) -> Deferred {
        let call = call.unparen();
        let ExprKind::Call(c) = &call.kind else {
            self.unsupported(call.pos, "deferred expression that is no call");
            return self.no_deferred();
        };
        let fun = c.fun.unparen();
        if self.info().mode(fun.id) == Some(Mode::TypeExpr) {
            // A conversion: it has no effect later.
            self.first_round_of(call);
            self.discard(call);
            let name = self.thunk_name(kind);
            return self.thunk(name, &[], false, |_, _| {});
        }
        if let Some(builtin) = self.builtin_of(fun) {
            return self.deferred_builtin(builtin, call, c, kind, in_record);
        }
        let in_literal = in_record && matches!(fun.kind, ExprKind::FuncLit(_));
        let (callable, sig, args) = self.call_operands(c, in_literal);
        let abi = self.l.abi(callable.recv_ty, callable.sig_ty);
        if let Whom::Closure(v) = callable.whom
            && sig.params.is_empty()
            && abi.area.is_none()
        {
            return Deferred {
                closure: v,
                code: self.codes.get(&v).copied(),
            };
        }
        if kind == "gowrap"
            && let Whom::Declared(inst) = &callable.whom
            && callable.recv_ty.is_none()
            && sig.params.is_empty()
            && abi.area.is_none()
            && let Some(Target::Func(sym)) = self.l.target(inst.clone(), c.lparen)
        {
            // The goroutine begins with the function itself: profiles and traces have its
            // name, as Go's do.
            let value = self.func_inst_value(inst.clone(), c.lparen);
            return Deferred {
                closure: self.scalar(&value),
                code: Some((sym, false)),
            };
        }
        let numbers = self.pointer_numbers(c, &args, &sig);
        self.at(c.lparen);
        let name = self.thunk_name(kind);
        let place = ThunkPlace {
            name,
            pos: c.lparen,
            in_record,
        };
        self.call_thunk(callable, args, numbers, &sig, &abi, place)
    }

    fn thunk_name(&mut self, kind: &str) -> String {
        let counter = match kind {
            "gowrap" => &self.counters.go_wraps,
            _ => &self.counters.defer_wraps,
        };
        let n = counter.get() + 1;
        counter.set(n);
        format!("{}.{kind}{n}", self.name)
    }

    fn deferred_builtin(
        &mut self,
        builtin: Builtin,
        e: &Expr,
        c: &CallExpr,
        kind: &str,
        in_record: bool,
    ) -> Deferred {
        let args = match builtin {
            // It recovers what this very function could recover now: called by the
            // function's end it is as good as written there, called by a panic it is not.
            Builtin::Recover => {
                let frame = self.own_recover_frame();
                vec![(Val::one(frame), RType::UINTPTR)]
            }
            _ => {
                self.builtin_first_round(builtin, e, c);
                self.builtin_args(builtin, e, c)
            }
        };
        let name = self.thunk_name(kind);
        self.thunk(name, &args, in_record, |t, args| {
            if builtin != Builtin::Recover {
                t.builtin_values(builtin, e, c, args);
            } else if let Some((frame, _)) = args.first() {
                let frame = t.scalar(frame);
                t.rt("gorecover", &[frame]);
            }
        })
    }

    /// A closure of no parameters over some values; `body` gets them back inside it.
    fn thunk(
        &mut self,
        name: String,
        values: &[(Val, RType)],
        in_record: bool,
        body: impl FnOnce(&mut FuncLower<'_, '_>, Vec<(Val, RType)>),
    ) -> Deferred {
        let sym = self.literal_sym(&name);
        let mut types = vec![RType::UINTPTR];
        types.extend(values.iter().map(|v| v.1));
        let object = self.l.mono.tuple_struct(&types);
        let abi = self.l.abi(None, RType::VOID_FUNC);
        let pos = self.b.func.pos;
        let loc = self.b.func.locs[self.b.loc()].pos;
        let shared = self.shared.clone();
        let mut t = FuncLower::new(&mut *self.l, shared, sym, Symbol::intern(&name), abi, pos);
        t.at(loc);
        if values.is_empty() {
            body(&mut t, Vec::new());
        } else {
            let ctx = t.b.push1(Op::ClosureCtx);
            let mut inner = Vec::new();
            for (i, &(_, ty)) in values.iter().enumerate() {
                let (_, offset, _) = t.field_info(object, i + 1);
                let mem = t.offset_mem(Mem::safe(ctx), offset);
                inner.push((t.captured_copy(ty, mem), ty));
            }
            body(&mut t, inner);
        }
        if t.b.is_reachable() {
            t.b.ret([]);
        }
        let closure = !values.is_empty();
        t.finish(|flags| {
            flags.wrapper = true;
            flags.closure = closure;
        });
        let val = if values.is_empty() {
            self.static_closure(sym)
        } else {
            let vals: Vec<Val> = values.iter().map(|v| v.0.clone()).collect();
            self.wants_record = in_record;
            self.closure_object(sym, object, &vals)
        };
        Deferred {
            closure: self.scalar(&val),
            code: Some((sym, closure)),
        }
    }

    fn no_deferred(&mut self) -> Deferred {
        Deferred {
            closure: self.nil(),
            code: None,
        }
    }

    fn call_thunk(
        &mut self,
        callable: Callable,
        args: Vec<Val>,
        numbers: Vec<Value>,
        sig: &Rc<FuncSig>,
        abi: &Rc<Abi>,
        place: ThunkPlace,
    ) -> Deferred {
        let ThunkPlace {
            name,
            pos,
            in_record,
        } = place;
        let mut values = Vec::new();
        let mut code = None;
        // What is called, unless it is known by name.
        let declared = match callable.whom {
            Whom::Declared(inst) => Some(inst),
            Whom::Closure(v) => {
                code = self.codes.get(&v).copied();
                values.push((Val::one(v), RType::UNSAFE_POINTER));
                None
            }
            Whom::Code(v) => {
                values.push((Val::one(v), RType::UNSAFE_POINTER));
                None
            }
            Whom::Interface(itab, iface, index) => {
                let methods = self.l.interface_methods(iface);
                self.l.note_call(&methods[index as usize]);
                let at = Mem::unchecked(itab);
                let code = self.load_scalar(Ty::Ptr, at, ITAB_METHODS as u32 + 8 * index);
                values.push((Val::one(code), RType::UNSAFE_POINTER));
                None
            }
        };
        let by_code = matches!(callable.recv_ty, Some(RType::UNSAFE_POINTER)) && declared.is_none();
        if let (Some(recv), Some(ty)) = (callable.recv, callable.recv_ty) {
            values.push((recv, ty));
        }
        values.extend(args.into_iter().zip(sig.params.iter().copied()));
        let count = values.len();
        // What arguments that are numbers point to has to live until the call.
        for number in numbers {
            let pointer = self.as_pointer(number);
            values.push((Val::one(pointer), RType::UNSAFE_POINTER));
        }
        let target = match &declared {
            Some(inst) => match self.l.target(inst.clone(), pos) {
                Some(target) => Some(target),
                None => return self.no_deferred(),
            },
            None => None,
        };
        let (sig, abi) = (sig.clone(), abi.clone());
        self.thunk(name, &values, in_record, move |t, mut inner| {
            inner.truncate(count);
            let whom = Later {
                target,
                by_code,
                code,
            };
            t.tail_call(whom, inner, &sig, &abi, pos);
        })
    }

    /// Inside a thunk: calls with the captured values and returns.
    fn tail_call(
        &mut self,
        later: Later,
        values: Vec<(Val, RType)>,
        sig: &Rc<FuncSig>,
        abi: &Abi,
        pos: Pos,
    ) {
        let Later {
            target,
            by_code,
            code,
        } = later;
        let mut values = values.into_iter();
        let whom = match target {
            Some(_) => None,
            None => values.next().map(|v| self.scalar(&v.0)),
        };
        if let Some(Target::Intrinsic(i)) = target {
            let args = values.map(|v| v.0).collect();
            self.intrinsic_call(i, args, sig, pos);
            return;
        }
        let mut scalars = Vec::new();
        if let Some(layout) = &abi.area {
            // Nobody reads the results, and this frame is gone when they are written. But the
            // function may keep there what it has nowhere else, as long as it runs.
            let (bytes, align) = (layout.size.max(1), layout.align);
            scalars.push(self.new_words(bytes.next_multiple_of(8), align));
        }
        for (val, ty) in values {
            self.pass(&val, ty, &mut scalars);
        }
        let boxed = Box::new(abi.sig.clone());
        let callee = match (target, whom) {
            (Some(Target::Func(sym)), _) => Callee::Direct(sym, boxed),
            (Some(target), _) => {
                self.call_target(&target, abi, scalars, None);
                return;
            }
            (None, Some(v)) if by_code => Callee::Code(v, boxed),
            (None, Some(v)) => match code {
                Some((code, false)) => Callee::Direct(code, boxed),
                Some((code, true)) => Callee::Known(code, v, boxed),
                None => Callee::Closure(v, boxed),
            },
            (None, None) => return,
        };
        self.b.terminate(Term::TailCall(callee, scalars));
    }
}
