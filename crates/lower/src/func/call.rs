//! Calls.

use super::expr::instance_node;
use super::place::Operand;
use super::{FuncLower, Listed, Mem, Place, Val};
use crate::abi::Abi;
use crate::methods::{Method, MethodTarget};
use crate::mono::{FuncSig, RKind, RType};
use crate::program::{FuncInst, Target};
use goxide_abi::SiteKind;
use goxide_base::{Pos, Symbol};
use goxide_ir::{Callee, ConvertOp, Op, Ty, Value};
use goxide_syntax::ast::{CallExpr, Expr, ExprKind, SelectorExpr};
use goxide_types::{Mode, ObjKind, Selection, SelectionKind};
use std::rc::Rc;

/// Results of a call with their types.
pub type Results = Vec<(Val, RType)>;

/// Whom a call calls, everything needed for it evaluated.
pub enum Whom {
    /// A declared function or method (its receiver is among `before`).
    Declared(FuncInst),
    /// A method of an interface value: itab, interface type, position.
    Interface(Value, RType, u32),
    /// A func value.
    Closure(Value),
    /// Code whose address was taken from an itab before.
    Code(Value),
}

/// A call with its callee evaluated and its arguments not yet.
pub struct Callable {
    /// Whom.
    pub whom: Whom,
    /// Receiver type, if the convention has one.
    pub recv_ty: Option<RType>,
    /// The receiver.
    pub recv: Option<Val>,
    /// The func type, without receiver.
    pub sig_ty: RType,
}

impl<'a> FuncLower<'_, 'a> {
    /// A call's only result (nothing for a call without).
    pub fn call_single(&mut self, e: &Expr, c: &CallExpr) -> Val {
        let mut results = self.call_multi(e, c);
        if results.is_empty() {
            return Val::unit();
        }
        results.swap_remove(0).0
    }

    /// A call's results.
    pub fn call_multi(&mut self, e: &Expr, c: &CallExpr) -> Results {
        let fun = c.fun.unparen();
        match self.info().mode(fun.id) {
            Some(Mode::TypeExpr) => {
                let to = self.type_of(e);
                return match c.args.first() {
                    Some(x) => vec![(self.conversion(e, x, to), to)],
                    None => Vec::new(),
                };
            }
            Some(Mode::Builtin) => return self.builtin_call(e, c),
            _ => {}
        }
        if let Some(obj) = self.named_object(fun)
            && let ObjKind::Builtin(_) = self.l.prog.obj(obj).kind
        {
            return self.builtin_call(e, c);
        }
        let (callable, sig, args) = self.call_operands(c, false);
        let numbers = self.pointer_numbers(c, &args, &sig);
        self.at(c.lparen);
        let results = self.invoke(callable, args, &sig, c.lparen);
        for number in numbers {
            if self.b.is_reachable() {
                self.b.push(Op::KeepAlive(number));
            }
        }
        results
    }

    /// The arguments written `uintptr(p)` with an `unsafe.Pointer`: what they point to must
    /// live until the call returns, which may be a system call that has the number only.
    /// (Variadic ones lie in memory that the collector looks through: see `arguments`.)
    pub fn pointer_numbers(&mut self, c: &CallExpr, args: &[Val], sig: &FuncSig) -> Vec<Value> {
        let fixed = sig.params.len() - usize::from(sig.variadic);
        let mut numbers = Vec::new();
        for (e, arg) in c.args.iter().zip(args).take(fixed) {
            if self.is_pointer_number(e) {
                numbers.push(self.scalar(arg));
            }
        }
        numbers
    }

    /// Whether an expression is `uintptr(p)` with an `unsafe.Pointer`.
    fn is_pointer_number(&mut self, e: &Expr) -> bool {
        let ExprKind::Call(inner) = &e.unparen().kind else {
            return false;
        };
        let [operand] = &inner.args[..] else {
            return false;
        };
        self.info().mode(inner.fun.unparen().id) == Some(Mode::TypeExpr)
            && self.type_of(e) == RType::UINTPTR
            && self.type_of(operand) == RType::UNSAFE_POINTER
    }

    /// Evaluates what is called and the arguments. `in_record` says where the closure object
    /// of a called literal goes.
    pub fn call_operands(
        &mut self,
        c: &CallExpr,
        in_record: bool,
    ) -> (Callable, Rc<FuncSig>, Vec<Val>) {
        let fun = c.fun.unparen();
        let sig_ty = self.type_of(fun);
        let sig = self.l.func_sig(sig_ty);
        let callee = |this: &mut Self| {
            this.wants_record = in_record;
            let callable = this.callable(fun);
            this.wants_record = false;
            callable
        };
        if let Some((one, inner)) = self.spread_call(c) {
            self.whole_first_round(std::iter::once(Listed::Callee(fun)));
            let values = self.call_multi(one, inner);
            let callable = callee(self);
            let args = self.spread(values, &sig);
            return (callable, sig, args);
        }
        self.first_round_of_call(c, &sig);
        if self.callee_comes_last(c) {
            self.whole_first_round(std::iter::once(Listed::Callee(fun)));
            let args = self.arguments(c, &sig);
            return (callee(self), sig, args);
        }
        let callable = callee(self);
        let args = self.arguments(c, &sig);
        (callable, sig, args)
    }

    fn first_round_of_call(&mut self, c: &CallExpr, sig: &FuncSig) {
        let rest = match sig.params.last() {
            Some(&last) if sig.variadic && !c.has_dots() => Some(self.elem_of(last)),
            _ => None,
        };
        let fixed = sig.params.len() - usize::from(rest.is_some());
        let types = sig.params[..fixed].iter().copied();
        let types = types.chain(rest.into_iter().cycle());
        let args = c.args.iter().zip(types).map(|(e, ty)| Listed::As(e, ty));
        self.first_round(std::iter::once(Listed::Callee(&c.fun)).chain(args));
    }

    /// Whether a func value or interface is read after the arguments are computed: if both
    /// may panic, it can be told.
    fn callee_comes_last(&mut self, c: &CallExpr) -> bool {
        let fun = c.fun.unparen();
        let both = self.may_panic_late(Listed::Callee(fun))
            && c.args
                .iter()
                .any(|arg| self.may_panic_late(Listed::Value(arg)));
        if !both {
            return false;
        }
        match &fun.kind {
            ExprKind::Selector(s) => match self.info().selections.get(&fun.id).cloned() {
                Some(sel) if sel.kind == SelectionKind::MethodValue => {
                    let ty = self.type_of(&s.x);
                    let found = self.selected_method(ty, &sel, fun.pos);
                    found.is_some_and(|m| matches!(m.target, MethodTarget::Interface(..)))
                }
                _ => true,
            },
            // A method with its type arguments is a declared one.
            ExprKind::Index(i) => !self.info().instances.contains_key(&instance_node(&i.x)),
            _ => true,
        }
    }

    /// The one argument that is a call with several results, if that is so.
    fn spread_call<'e>(&mut self, c: &'e CallExpr) -> Option<(&'e Expr, &'e CallExpr)> {
        let [one] = &c.args[..] else {
            return None;
        };
        let one = one.unparen();
        let ExprKind::Call(inner) = &one.kind else {
            return None;
        };
        let ty = self.info().ty(one.id)?;
        self.is_tuple(ty).then_some((one, inner))
    }

    /// Evaluates what is called.
    pub fn callable(&mut self, fun: &Expr) -> Callable {
        let fun = fun.unparen();
        let sig_ty = self.type_of(fun);
        // A generic method with its type arguments.
        let method = match &fun.kind {
            ExprKind::Index(i) => i.x.unparen(),
            _ => fun,
        };
        let is_instance = |node| self.info().instances.contains_key(&node);
        if let ExprKind::Selector(s) = &method.kind
            && (method.id == fun.id || is_instance(s.sel.id))
            && let Some(sel) = self.info().selections.get(&method.id).cloned()
        {
            if sel.kind == SelectionKind::MethodValue {
                return self.method_callable(method, s, &sel, sig_ty);
            }
        } else if let Some(inst) = self.named_function(fun) {
            return Callable {
                whom: Whom::Declared(inst),
                recv_ty: None,
                recv: None,
                sig_ty,
            };
        }
        let closure = self.expr(fun);
        Callable {
            whom: Whom::Closure(self.scalar(&closure)),
            recv_ty: None,
            recv: None,
            sig_ty,
        }
    }

    /// The method that a selection means on the concrete type of its operand.
    pub fn selected_method(&mut self, ty: RType, sel: &Selection, pos: Pos) -> Option<Method> {
        let o = self.l.prog.obj(sel.obj).clone();
        let pkg = if o.exported() { None } else { o.pkg };
        let found = self.l.find_method(ty, o.name, pkg);
        if found.is_none() {
            let ty = self.l.type_text(ty);
            self.unsupported(pos, &format!("method {} of {ty} (not found)", o.name));
        }
        found
    }

    fn method_callable(
        &mut self,
        fun: &Expr,
        s: &SelectorExpr,
        sel: &Selection,
        sig_ty: RType,
    ) -> Callable {
        let ty = self.type_of(&s.x);
        let Some(method) = self.selected_method(ty, sel, fun.pos) else {
            return Callable {
                whom: Whom::Closure(self.nil()),
                recv_ty: None,
                recv: None,
                sig_ty,
            };
        };
        let own = self.instance_targs(s.sel.id);
        let (recv, recv_ty) = self.receiver(&s.x, ty, &method, fun.pos);
        match method.target {
            MethodTarget::Interface(iface, i) => {
                let (itab, data) = (self.comp(&recv, 0), self.comp(&recv, 1));
                Callable {
                    whom: Whom::Interface(itab, iface, i),
                    recv_ty: Some(RType::UNSAFE_POINTER),
                    recv: Some(Val::one(data)),
                    sig_ty,
                }
            }
            MethodTarget::Declared {
                func, recv: named, ..
            } => Callable {
                whom: Whom::Declared(self.l.method_inst(func, named, &own)),
                recv_ty: Some(recv_ty),
                recv: Some(recv),
                sig_ty,
            },
        }
    }

    /// Evaluates the receiver of a method: what the method itself takes, or the interface
    /// value. Gives its type too.
    pub fn receiver(&mut self, x: &Expr, ty: RType, method: &Method, pos: Pos) -> (Val, RType) {
        let op = self.operand(x);
        self.at(pos);
        self.receiver_from(op, ty, method)
    }

    /// The same from an operand.
    pub fn receiver_from(&mut self, op: Operand, ty: RType, method: &Method) -> (Val, RType) {
        let (op, holder) = self.walk_path(op, ty, &method.path);
        match method.target {
            MethodTarget::Interface(..) => {
                let (op, holder) = match self.l.is_interface(holder) {
                    true => (op, holder),
                    false => self.through_pointer(op, holder),
                };
                (self.operand_val(op, holder), holder)
            }
            MethodTarget::Declared {
                recv,
                ptr_recv: true,
                ..
            } => {
                let ptr_ty = self.l.mono.pointer(recv);
                if holder != recv && matches!(self.l.under_kind(holder), RKind::Pointer(_)) {
                    return (self.operand_val(op, holder), ptr_ty);
                }
                let addr = match op {
                    Operand::Place(Place::Mem(mem)) => self.mem_addr(mem),
                    // Not addressable: only wrappers for such values come here.
                    other => {
                        let val = self.operand_val(other, holder);
                        self.addr_of_val(&val, holder)
                    }
                };
                (Val::one(addr), ptr_ty)
            }
            MethodTarget::Declared {
                recv,
                ptr_recv: false,
                ..
            } => {
                let (op, _) = match holder == recv {
                    true => (op, holder),
                    false => self.through_pointer(op, holder),
                };
                (self.operand_val(op, recv), recv)
            }
        }
    }

    // ---- arguments ----

    /// Evaluates arguments, converted to the parameters' types; variadic ones are packed.
    fn arguments(&mut self, c: &CallExpr, sig: &FuncSig) -> Vec<Val> {
        let fixed = sig.params.len() - usize::from(sig.variadic && !c.has_dots());
        let mut args = Vec::new();
        for (e, &ty) in c.args.iter().zip(sig.params.iter()).take(fixed) {
            let val = self.expr_as(e, ty);
            args.push(val);
        }
        if sig.variadic && !c.has_dots() {
            let slice_ty = sig.params[fixed];
            let elem = self.elem_of(slice_ty);
            let rest: Vec<Val> = c
                .args
                .iter()
                .skip(fixed)
                .map(|e| self.expr_as(e, elem))
                .collect();
            let numbers = elem == RType::UINTPTR
                && c.args.iter().skip(fixed).any(|e| self.is_pointer_number(e));
            let packed = if numbers {
                self.pack_pointer_numbers(&rest)
            } else {
                self.pack(&rest, elem)
            };
            self.name_value(&packed, c.lparen, || "... argument".into());
            args.push(packed);
        }
        args
    }

    /// A new slice of numbers some of which are addresses: what these point to lives as long
    /// as the slice does.
    fn pack_pointer_numbers(&mut self, numbers: &[Val]) -> Val {
        let array = self
            .l
            .mono
            .array(numbers.len() as u64, RType::UNSAFE_POINTER);
        let addr = self.new_object(array, None);
        for (i, number) in numbers.iter().enumerate() {
            let number = self.scalar(number);
            let pointer = self.as_pointer(number);
            self.store_scalar(Mem::safe(addr), 8 * i as u32, pointer);
        }
        let len = self.int(numbers.len() as i64);
        Val::list(&[addr, len, len])
    }

    /// An address that was made a number, as a pointer again.
    pub fn as_pointer(&mut self, number: Value) -> Value {
        self.b
            .push1(Op::Convert(ConvertOp::Bitcast, Ty::Ptr, number))
    }

    fn is_tuple(&mut self, ty: goxide_types::TypeId) -> bool {
        matches!(self.l.prog.ty(ty), goxide_types::Type::Tuple(_))
    }

    /// Several values as arguments.
    fn spread(&mut self, values: Results, sig: &FuncSig) -> Vec<Val> {
        let fixed = sig.params.len() - usize::from(sig.variadic);
        let mut args = Vec::new();
        let mut values = values.into_iter();
        for &ty in sig.params.iter().take(fixed) {
            let Some((val, from)) = values.next() else {
                break;
            };
            args.push(self.assign_convert(val, from, ty));
        }
        if sig.variadic {
            let elem = self.elem_of(sig.params[fixed]);
            let rest: Vec<Val> = values
                .map(|(v, from)| self.assign_convert(v, from, elem))
                .collect();
            let packed = self.pack(&rest, elem);
            args.push(packed);
        }
        args
    }

    /// The element type of a slice, array, pointer to array, or channel.
    pub fn elem_of(&mut self, ty: RType) -> RType {
        match self.l.under_kind(ty) {
            RKind::Slice(e) | RKind::Array(_, e) | RKind::Chan(_, e) => e,
            RKind::Pointer(p) => self.elem_of(p),
            _ => RType::INVALID,
        }
    }

    /// Values as a new slice; nil if there are none.
    pub fn pack(&mut self, values: &[Val], elem: RType) -> Val {
        if values.is_empty() {
            let ty = self.l.mono.slice(elem);
            return self.zero(ty);
        }
        let n = values.len() as u64;
        let array = self.l.mono.array(n, elem);
        let addr = self.new_object(array, None);
        let size = self.layout(elem).size;
        for (i, v) in values.iter().enumerate() {
            let mem = self.offset_mem(Mem::safe(addr), i as u64 * size);
            self.store(mem, elem, v);
        }
        let len = self.int(n as i64);
        Val::list(&[addr, len, len])
    }

    // ---- the call itself ----

    /// Calls.
    pub fn invoke(
        &mut self,
        callable: Callable,
        args: Vec<Val>,
        sig: &Rc<FuncSig>,
        pos: Pos,
    ) -> Results {
        if let Whom::Declared(inst) = &callable.whom {
            let Some(target) = self.l.target(inst.clone(), pos) else {
                return self.bad_results(sig);
            };
            if let Target::Intrinsic(i) = target {
                return self.intrinsic_call(i, args, sig, pos);
            }
            let name = self.l.prog.obj(inst.func).name;
            self.note_reflection(name, sig, &args);
        }
        let abi = self.l.abi(callable.recv_ty, callable.sig_ty);
        let (area, scalars) =
            self.pass_all(&abi, callable.recv.as_ref(), &args, callable.recv_ty, sig);
        let site = Some(self.site(SiteKind::Call, pos));
        let boxed = Box::new(abi.sig.clone());
        let callee = match callable.whom {
            Whom::Declared(inst) => match self.l.target(inst, pos) {
                Some(target) => {
                    let values = self.call_target(&target, &abi, scalars, site);
                    return self.take_results(&abi, area, &values);
                }
                None => return self.bad_results(sig),
            },
            Whom::Interface(itab, iface, index) => {
                let methods = self.l.interface_methods(iface);
                let method = &methods[index as usize];
                self.l.note_call(method);
                self.note_reflection(method.name, sig, &args);
                Callee::Interface {
                    itab,
                    index,
                    iface: self.l.desc_name(iface),
                    sig: boxed,
                }
            }
            Whom::Closure(v) => Callee::Closure(v, boxed),
            Whom::Code(v) => Callee::Code(v, boxed),
        };
        let inst = self.b.push(Op::Call {
            callee,
            args: scalars,
            site,
        });
        let values = self.b.results(inst);
        self.take_results(&abi, area, &values)
    }

    fn bad_results(&mut self, sig: &FuncSig) -> Results {
        sig.results.iter().map(|&t| (self.bad(t), t)).collect()
    }

    /// Arguments as scalars, the result area first.
    pub fn pass_all(
        &mut self,
        abi: &Abi,
        recv: Option<&Val>,
        args: &[Val],
        recv_ty: Option<RType>,
        sig: &FuncSig,
    ) -> (Option<Mem>, Vec<Value>) {
        let mut scalars = Vec::new();
        let area = abi.area.as_ref().map(|l| {
            let (size, align) = (l.size, l.align);
            self.slot_of(size, align)
        });
        if let Some(mem) = area {
            scalars.push(mem.addr);
        }
        if let (Some(val), Some(ty)) = (recv, recv_ty) {
            self.pass(val, ty, &mut scalars);
        }
        for (val, &ty) in args.iter().zip(sig.params.iter()) {
            self.pass(val, ty, &mut scalars);
        }
        (area, scalars)
    }

    /// A call's result scalars or result area as Go values.
    pub fn take_results(&mut self, abi: &Abi, area: Option<Mem>, values: &[Value]) -> Results {
        let mut results = Vec::new();
        let mut at = 0;
        for (i, &ty) in abi.results.iter().enumerate() {
            let val = match (area, &abi.area) {
                (Some(mem), Some(layout)) => {
                    let mem = self.offset_mem(mem, layout.fields[i]);
                    self.load(mem, ty)
                }
                _ => {
                    let count = abi.result_layouts[i].comps.as_ref().map_or(0, |c| c.len());
                    let mut list = Vec::new();
                    for k in at..at + count {
                        list.push(match values.get(k) {
                            Some(&v) => v,
                            None => self.b.dead_value(Ty::I64),
                        });
                    }
                    at += count;
                    Val::list(&list)
                }
            };
            results.push((val, ty));
        }
        results
    }

    /// Calls that let `reflect` reach methods by number or name keep them alive: `Method` and
    /// `MethodByName` of `reflect.Type` (or any interface that it implements) and `Value`.
    pub fn note_reflection(&mut self, name: Symbol, sig: &FuncSig, args: &[Val]) {
        let by_name = name.as_str() == "MethodByName";
        if !by_name && name.as_str() != "Method" {
            return;
        }
        let Some(&result) = sig.results.first() else {
            return;
        };
        let result = self.l.type_link_name(result);
        let from_reflect = self.l.prog.pkg(self.shared.pkg).path.as_str() == "reflect";
        if from_reflect || !matches!(result.as_str(), "reflect.Method" | "reflect.Value") {
            return;
        }
        let name = args.first().filter(|_| by_name);
        let name = name.and_then(|name| self.constant_text(name));
        self.l.note_reflect(name.map(|name| Symbol::intern(&name)));
    }

    /// The text of a string that is constant.
    fn constant_text(&self, val: &Val) -> Option<String> {
        let Val::Scalars(scalars) = val else {
            return None;
        };
        let (&ptr, &len) = (scalars.first()?, scalars.get(1)?);
        let len = self.b.func.as_iconst(len)?;
        let Op::SymAddr(sym, 0) = self.b.func.insts[self.b.func.def_inst(ptr)?].op else {
            return None;
        };
        let data = self.l.module.data.iter().rev().find(|d| d.sym == sym)?;
        let bytes = data.bytes.get(..len as usize)?;
        String::from_utf8(bytes.to_vec()).ok()
    }

    /// What a method's code is called by, for calls outside expressions (wrappers): calls
    /// `method` on a receiver operand.
    pub fn call_method(
        &mut self,
        op: Operand,
        ty: RType,
        method: &Method,
        sig_ty: RType,
        args: Vec<Val>,
        pos: Pos,
    ) -> Results {
        let callable = self.method_callable_from(op, ty, method, sig_ty);
        let sig = self.l.func_sig(sig_ty);
        self.invoke(callable, args, &sig, pos)
    }

    /// A method of an operand as a callable.
    pub fn method_callable_from(
        &mut self,
        op: Operand,
        ty: RType,
        method: &Method,
        sig_ty: RType,
    ) -> Callable {
        let (recv, recv_ty) = self.receiver_from(op, ty, method);
        match method.target {
            MethodTarget::Interface(iface, i) => {
                let (itab, data) = (self.comp(&recv, 0), self.comp(&recv, 1));
                Callable {
                    whom: Whom::Interface(itab, iface, i),
                    recv_ty: Some(RType::UNSAFE_POINTER),
                    recv: Some(Val::one(data)),
                    sig_ty,
                }
            }
            MethodTarget::Declared {
                func, recv: named, ..
            } => Callable {
                whom: Whom::Declared(self.l.method_inst(func, named, &[])),
                recv_ty: Some(recv_ty),
                recv: Some(recv),
                sig_ty,
            },
        }
    }
}
