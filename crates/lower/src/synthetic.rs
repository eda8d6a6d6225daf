//! Functions of the compiler's making: method wrappers, method values and expressions,
//! runtime calls and intrinsics as functions.
//!
//! Wrappers end in a tail call, so that `recover` and tracebacks see through them.

use crate::abi::Abi;
use crate::func::{FuncLower, Mem, Operand, Place, Shared, Val};
use crate::methods::{Method, MethodTarget};
use crate::mono::{EnvId, RKind, RType};
use crate::names::package_path;
use crate::program::{FuncInst, Lower, Synthetic, Target};
use goxide_base::Pos;
use goxide_ir::{Callee, IntCc, Op, SymId, Term, Value};
use goxide_types::{GoVersion, PkgId};
use std::rc::Rc;

impl<'a> Lower<'a> {
    /// The symbol that an itab or descriptor holds for a method of a type: its receiver is
    /// the data word.
    pub fn data_word_method(&mut self, ty: RType, m: &Method) -> SymId {
        if let MethodTarget::Declared {
            func,
            recv,
            ptr_recv,
        } = m.target
            && m.path.is_empty()
        {
            let pointer = self.mono.pointer(recv);
            let same = match ptr_recv {
                true => ty == pointer,
                // The data word of a memory-class value is its address, as the method wants it.
                false => ty == recv && (self.layout(ty).in_memory() || self.is_direct(ty)),
            };
            if same {
                let inst = self.method_inst(func, recv, &m.own);
                if let Some(Target::Func(sym)) = self.target(inst, Pos::NONE) {
                    return sym;
                }
            }
        }
        self.synthetic(Synthetic::DataWord(ty, m.clone()))
    }

    /// The symbol of a method as a function whose first parameter is a receiver of the type.
    pub fn expr_method(&mut self, ty: RType, m: &Method) -> SymId {
        if let MethodTarget::Declared {
            func,
            recv,
            ptr_recv,
        } = m.target
            && m.path.is_empty()
        {
            let takes = if ptr_recv {
                self.mono.pointer(recv)
            } else {
                recv
            };
            if takes == ty {
                let inst = self.method_inst(func, recv, &m.own);
                if let Some(Target::Func(sym)) = self.target(inst, Pos::NONE) {
                    return sym;
                }
            }
        }
        self.synthetic(Synthetic::Expr(ty, m.clone()))
    }

    /// Facts for functions that have no source.
    pub fn no_source(&self) -> Rc<Shared> {
        Rc::new(Shared {
            pkg: self.runtime.unwrap_or(PkgId(0)),
            env: EnvId::EMPTY,
            facts: Default::default(),
            version: GoVersion::CURRENT,
            pos: Pos::NONE,
        })
    }

    /// Lowers a function of the compiler's making.
    pub fn lower_synthetic(&mut self, s: &Synthetic, sym: SymId) {
        match s {
            Synthetic::Equal(ty) => return self.lower_equal(*ty, sym),
            Synthetic::Hash(ty) => return self.lower_hash(*ty, sym),
            Synthetic::Stub(inst) => return self.lower_stub(inst, sym),
            _ => {}
        }
        let (recv, sig) = match s {
            Synthetic::DataWord(_, m) => (Some(RType::UNSAFE_POINTER), self.method_sig(m)),
            Synthetic::Expr(ty, m) => (Some(*ty), self.method_sig(m)),
            Synthetic::Bound(_, m) => (None, self.method_sig(m)),
            Synthetic::InterfaceExpr(ty, i) => {
                (Some(*ty), self.interface_methods(*ty)[*i as usize].sig)
            }
            Synthetic::InterfaceBound(ty, i) => {
                (None, self.interface_methods(*ty)[*i as usize].sig)
            }
            _ => return,
        };
        let abi = self.abi(recv, sig);
        let name = self.synthetic_show_name(s);
        let shared = self.no_source();
        let mut f = FuncLower::new(self, shared, sym, name, abi, Pos::NONE);
        f.synthetic_body(s, sig);
        let closure = matches!(s, Synthetic::Bound(..) | Synthetic::InterfaceBound(..));
        f.finish(|flags| {
            flags.wrapper = true;
            flags.closure = closure;
        });
    }

    fn lower_stub(&mut self, inst: &FuncInst, sym: SymId) {
        let Some(target) = self.target(inst.clone(), Pos::NONE) else {
            return;
        };
        let env = self.inst_env(inst);
        let sig_ty = self.rtype(self.prog.obj_type(inst.func), env);
        let abi = self.abi(None, sig_ty);
        let name = self.func_show_name(inst);
        let shared = self.no_source();
        let mut f = FuncLower::new(self, shared, sym, name, abi.clone(), Pos::NONE);
        match target {
            Target::Intrinsic(i) => {
                let args = abi
                    .params
                    .iter()
                    .map(|p| f.param_val(p.first, p.ty))
                    .collect();
                let sig = f.l.func_sig(sig_ty);
                let results = f.intrinsic_call(i, args, &sig, Pos::NONE);
                let values: Vec<Val> = results.into_iter().map(|r| r.0).collect();
                f.return_these(&values);
            }
            target => {
                let args = (0..abi.sig.params.len())
                    .map(|i| f.entry_param(i))
                    .collect();
                let values = f.call_target(&target, &abi, args, None);
                f.b.ret(values);
            }
        }
        f.finish(|flags| flags.wrapper = true);
    }
}

impl FuncLower<'_, '_> {
    /// A parameter as a Go value, by the position of its first scalar.
    pub fn param_val(&mut self, first: usize, ty: RType) -> Val {
        let layout = self.layout(ty);
        match &layout.comps {
            Some(comps) => Val::Scalars(
                (0..comps.len())
                    .map(|k| self.entry_param(first + k))
                    .collect(),
            ),
            None => Val::Memory(Mem::safe(self.entry_param(first))),
        }
    }

    fn synthetic_body(&mut self, s: &Synthetic, sig: RType) {
        let abi = self.abi.clone();
        let area = usize::from(abi.area.is_some());
        match s {
            Synthetic::DataWord(ty, m) => {
                let data = self.entry_param(area);
                let op = if self.l.is_direct(*ty) {
                    Operand::Val(Val::one(data))
                } else {
                    Operand::Place(Place::Mem(Mem::safe(data)))
                };
                self.check_wrapped_nil(&op, *ty, m);
                self.forward(op, *ty, m, sig, area + 1);
            }
            Synthetic::Expr(ty, m) => {
                let first = abi.params[0].first;
                let val = self.param_val(first, *ty);
                let taken = match &self.layout(*ty).comps {
                    Some(comps) => comps.len(),
                    None => 1,
                };
                let op = match val {
                    Val::Memory(mem) => Operand::Place(Place::Mem(mem)),
                    val => Operand::Val(val),
                };
                self.check_wrapped_nil(&op, *ty, m);
                self.forward(op, *ty, m, sig, first + taken);
            }
            Synthetic::Bound(ty, m) => {
                let op = Operand::Place(Place::Mem(self.bound_receiver(*ty)));
                self.forward(op, *ty, m, sig, area);
            }
            Synthetic::InterfaceExpr(ty, i) => {
                let (itab, data) = (self.entry_param(area), self.entry_param(area + 1));
                self.forward_interface(itab, data, *ty, *i, sig, area + 2);
            }
            Synthetic::InterfaceBound(ty, i) => {
                let mem = self.bound_receiver(*ty);
                let val = self.load(mem, *ty);
                let (itab, data) = (self.comp(&val, 0), self.comp(&val, 1));
                self.forward_interface(itab, data, *ty, *i, sig, area);
            }
            _ => {}
        }
    }

    /// Where a closure of a method value keeps the receiver.
    fn bound_receiver(&mut self, ty: RType) -> Mem {
        let ctx = self.b.push1(Op::ClosureCtx);
        let object = self.l.mono.tuple_struct(&[RType::UINTPTR, ty]);
        let (_, offset, _) = self.field_info(object, 1);
        self.offset_mem(Mem::safe(ctx), offset)
    }

    /// A value method called through a nil pointer says so.
    fn check_wrapped_nil(&mut self, op: &Operand, ty: RType, m: &Method) {
        let MethodTarget::Declared {
            recv,
            ptr_recv: false,
            ..
        } = m.target
        else {
            return;
        };
        if !m.path.is_empty() || !matches!(self.l.mono.kind(ty), RKind::Pointer(_)) {
            return;
        }
        let Operand::Val(val) = op else { return };
        let ptr = self.comp(val, 0);
        let nil = self.nil();
        let ok = self.b.icmp(IntCc::Ne, ptr, nil);
        let (good, bad) = self.branch_new(ok);
        self.b.set_cold(bad);
        self.b.switch_to(bad);
        let named = self.l.mono.named(recv).cloned();
        let obj = named.map(|n| self.l.prog.obj(n.obj).clone());
        let pkg = obj
            .as_ref()
            .and_then(|o| o.pkg)
            .map(|p| package_path(self.l.prog, p));
        let name = obj.map_or(String::new(), |o| o.name.as_str().to_owned());
        let mut args = Vec::new();
        for text in [pkg.unwrap_or_default(), name, m.name.as_str().to_owned()] {
            let val = self.string_const(text.as_bytes());
            self.pass(&val, RType::STRING, &mut args);
        }
        self.rt("panicwrap", &args);
        self.unreachable();
        self.b.switch_to(good);
    }

    /// Calls a method with the rest of the parameters, from scalar `from` on, as the last
    /// thing this function does.
    fn forward(&mut self, op: Operand, ty: RType, m: &Method, sig: RType, from: usize) {
        let (recv, recv_ty) = self.receiver_from(op, ty, m);
        match m.target {
            MethodTarget::Interface(iface, i) => {
                let (itab, data) = (self.comp(&recv, 0), self.comp(&recv, 1));
                self.forward_interface(itab, data, iface, i, sig, from);
            }
            MethodTarget::Declared {
                func, recv: named, ..
            } => {
                let inst = self.l.method_inst(func, named, &m.own);
                let Some(target) = self.l.target(inst, Pos::NONE) else {
                    return self.unreachable();
                };
                let callee_abi = self.l.abi(Some(recv_ty), sig);
                let mut scalars = Vec::new();
                self.pass(&recv, recv_ty, &mut scalars);
                let args = self.forwarded(scalars, from);
                match target {
                    Target::Func(sym) => {
                        let callee = Callee::Direct(sym, Box::new(callee_abi.sig.clone()));
                        self.b.terminate(Term::TailCall(callee, args));
                    }
                    target => {
                        let values = self.call_target(&target, &callee_abi, args, None);
                        self.b.ret(values);
                    }
                }
            }
        }
    }

    /// The result area, the new receiver, the parameters from `from` on.
    fn forwarded(&mut self, receiver: Vec<Value>, from: usize) -> Vec<Value> {
        let abi: Rc<Abi> = self.abi.clone();
        let mut args = Vec::new();
        if abi.area.is_some() {
            args.push(self.entry_param(0));
        }
        args.extend(receiver);
        args.extend((from..abi.sig.params.len()).map(|i| self.entry_param(i)));
        args
    }

    fn forward_interface(
        &mut self,
        itab: Value,
        data: Value,
        iface: RType,
        index: u32,
        sig: RType,
        from: usize,
    ) {
        let methods = self.l.interface_methods(iface);
        self.l.note_call(&methods[index as usize]);
        let abi = self.l.abi(Some(RType::UNSAFE_POINTER), sig);
        let args = self.forwarded(vec![data], from);
        let callee = Callee::Interface {
            itab,
            index,
            iface: self.l.desc_name(iface),
            sig: Box::new(abi.sig.clone()),
        };
        self.b.terminate(Term::TailCall(callee, args));
    }
}
