//! Names of functions and of what lowering adds: as symbols, and as tracebacks show them.

use crate::methods::Method;
use crate::mono::{RKind, RType};
use crate::names::{package_path, targs_name};
use crate::program::{FuncInst, Lower, Synthetic};
use goxide_base::Symbol;
use goxide_types::{ObjId, PkgId, Type, TypeId};

impl Lower<'_> {
    /// Name without package or type arguments: `F`, `T.m`, `(*T).m`. With `targs`
    /// the receiver's arguments are written after its name.
    fn func_base_name(&mut self, func: ObjId, recv_targs: &str) -> String {
        let o = self.prog.obj(func).clone();
        let Some(f) = o.func().filter(|f| f.is_method) else {
            return o.name.as_str().into();
        };
        let recv = match self.prog.ty(o.typ()) {
            Type::Signature(s) => s.recv,
            _ => None,
        };
        let recv = recv
            .map(|r| self.prog.obj_type(r))
            .unwrap_or(TypeId::INVALID);
        let (base, _) = self.prog.deref(recv);
        let ty = self.prog.as_named(base).map(|n| n.obj);
        let ty = ty.map_or("?", |t| self.prog.obj(t).name.as_str());
        if f.ptr_recv {
            format!("(*{ty}{recv_targs}).{}", o.name)
        } else {
            format!("{ty}{recv_targs}.{}", o.name)
        }
    }

    fn func_name_with(
        &mut self,
        inst: &FuncInst,
        arguments: impl Fn(&mut Self, &[RType]) -> String,
    ) -> String {
        let func = inst.func;
        if let Some(bound) = self.links.bound(func).filter(|_| inst.targs.is_empty()) {
            return bound.as_str().into();
        }
        let own = match self.prog.ty(self.prog.obj_type(func)) {
            Type::Signature(s) => s.tparams.len(),
            _ => 0,
        };
        let split = inst.targs.len().saturating_sub(own);
        let recv = arguments(self, &inst.targs[..split]);
        let rest = arguments(self, &inst.targs[split..]);
        let base = self.func_base_name(func, &recv);
        let pkg = self
            .prog
            .obj(func)
            .pkg
            .map(|p| package_path(self.prog, p))
            .unwrap_or_default();
        let name = self.prog.obj(func).name.as_str();
        if name == "init" && self.prog.obj(func).func().is_some_and(|f| !f.is_method) {
            let inits = self
                .prog
                .obj(func)
                .pkg
                .map(|p| self.prog.pkg(p).inits.clone());
            let at = inits
                .and_then(|i| i.iter().position(|&x| x == func))
                .unwrap_or(0);
            return format!("{pkg}.init.{at}");
        }
        format!("{pkg}.{base}{rest}")
    }

    /// A function's symbol name.
    pub fn func_link_name(&mut self, inst: &FuncInst) -> String {
        self.func_name_with(inst, |l, targs| targs_name(l.prog, &l.mono, targs))
    }

    /// A function's name as tracebacks show it.
    pub fn func_show_name(&mut self, inst: &FuncInst) -> Symbol {
        let name = self.func_name_with(inst, |_, targs| {
            if targs.is_empty() {
                String::new()
            } else {
                "[...]".into()
            }
        });
        Symbol::intern(&name)
    }

    /// A generic method's own type arguments.
    fn own_arguments(&mut self, m: &Method) -> String {
        let names: Vec<String> = m
            .own
            .iter()
            .map(|&t| self.type_link_name(t).to_string())
            .collect();
        match names.is_empty() {
            true => String::new(),
            false => format!("[{}]", names.join(",")),
        }
    }

    /// The symbol of a function of the compiler's making.
    pub fn synthetic_name(&mut self, s: &Synthetic) -> String {
        let of = |l: &mut Self, ty: RType, name: &str, suffix: &str| {
            let ty = l.type_link_name(ty);
            format!("{ty}.{name}{suffix}")
        };
        match s {
            Synthetic::DataWord(ty, m) => {
                let name = self.method_name(m.name, m.pkg);
                of(self, *ty, &name, "-iface")
            }
            Synthetic::Expr(ty, m) => {
                let name = self.method_name(m.name, m.pkg) + &self.own_arguments(m);
                of(self, *ty, &name, "-expr")
            }
            Synthetic::Bound(ty, m) => {
                let name = self.method_name(m.name, m.pkg) + &self.own_arguments(m);
                of(self, *ty, &name, "-fm")
            }
            Synthetic::InterfaceExpr(ty, i) => {
                let m = self.interface_methods(*ty)[*i as usize].clone();
                let name = self.method_name(m.name, m.pkg);
                of(self, *ty, &name, "-expr")
            }
            Synthetic::InterfaceBound(ty, i) => {
                let m = self.interface_methods(*ty)[*i as usize].clone();
                let name = self.method_name(m.name, m.pkg);
                of(self, *ty, &name, "-fm")
            }
            Synthetic::Stub(inst) => format!("{}·stub", self.func_link_name(inst)),
            Synthetic::Equal(ty) => format!("type:.eq.{}", self.type_link_name(*ty)),
            Synthetic::Hash(ty) => format!("type:.hash.{}", self.type_link_name(*ty)),
        }
    }

    fn method_name(&mut self, name: Symbol, pkg: Option<PkgId>) -> String {
        match pkg {
            Some(pkg) => format!("{}.{name}", package_path(self.prog, pkg)),
            None => name.as_str().into(),
        }
    }

    /// The name a synthetic function shows in tracebacks: methods' as the methods' own, and
    /// method values' with an ending.
    pub fn synthetic_show_name(&mut self, s: &Synthetic) -> Symbol {
        let (ty, method, generic, suffix) = match s {
            Synthetic::Expr(ty, m) => (*ty, m.name, !m.own.is_empty(), ""),
            Synthetic::Bound(ty, m) => (*ty, m.name, !m.own.is_empty(), "-fm"),
            Synthetic::InterfaceExpr(ty, i) => {
                (*ty, self.interface_method_name(*ty, *i), false, "")
            }
            Synthetic::InterfaceBound(ty, i) => {
                (*ty, self.interface_method_name(*ty, *i), false, "-fm")
            }
            _ => return Symbol::intern(&self.synthetic_name(s)),
        };
        let receiver = self.receiver_show_name(ty);
        let arguments = if generic { "[...]" } else { "" };
        Symbol::intern(&format!("{receiver}.{method}{arguments}{suffix}"))
    }

    fn interface_method_name(&mut self, ty: RType, index: u32) -> Symbol {
        self.interface_methods(ty)[index as usize].name
    }

    /// A receiver's type as names of methods have it: `path.T`, `path.(*T)`.
    fn receiver_show_name(&mut self, ty: RType) -> String {
        let pointee = match self.mono.kind(ty) {
            RKind::Pointer(to) => Some(*to),
            _ => None,
        };
        let RKind::Named(named) = self.mono.kind(pointee.unwrap_or(ty)).clone() else {
            return self.type_link_name(ty).to_string();
        };
        let object = self.prog.obj(named.obj).clone();
        let arguments = if named.targs.is_empty() { "" } else { "[...]" };
        let name = match pointee {
            Some(_) => format!("(*{}{arguments})", object.name),
            None => format!("{}{arguments}", object.name),
        };
        match object.pkg {
            Some(pkg) => format!("{}.{name}", package_path(self.prog, pkg)),
            None => name,
        }
    }
}
