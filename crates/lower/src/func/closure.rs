//! Function bodies, function literals, method values and expressions.

use super::place::Operand;
use super::{Counters, FuncLower, Mem, Place, Shared, Val};
use crate::abi::Abi;
use crate::facts;
use crate::methods::{Method, MethodTarget};
use crate::mono::RType;
use crate::program::{FuncInst, Lower, Synthetic};
use goxide_base::{Pos, Symbol};
use goxide_ir::{FuncFlags, MemFlags, Op, SymId, Ty, Value};
use goxide_syntax::ast::{Block, Expr, FieldList, FuncLit, FuncType, NodeId, SelectorExpr};
use goxide_types::{ObjId, PkgId, Selection};
use std::rc::Rc;

/// Captured variables that are never reassigned are copied if they are not larger.
pub const MAX_CAPTURED_COPY: u64 = 128;

/// A parameter or result: its variable, if it has a name, and its type.
pub type Param = (Option<ObjId>, RType);

/// A variable captured by a literal.
#[derive(Clone, Copy, Debug)]
pub struct Capture {
    /// The variable.
    pub obj: ObjId,
    /// Its type.
    pub ty: RType,
    /// Whether the closure holds a pointer to it, or a copy.
    pub by_ref: bool,
}

/// Everything about a function with a body.
pub struct Parts<'x> {
    /// Symbol.
    pub sym: SymId,
    /// Name in tracebacks.
    pub name: Symbol,
    /// Position of the declaration.
    pub pos: Pos,
    /// Receiver and parameters.
    pub params: Vec<Param>,
    /// Results.
    pub results: Vec<Param>,
    /// The convention.
    pub abi: Rc<Abi>,
    /// Its number in the facts.
    pub level: u32,
    /// Captured variables and the type of the closure object, for a literal that has some.
    pub captures: Option<(Vec<Capture>, RType)>,
    /// The body.
    pub body: &'x Block,
    /// Flags from directives.
    pub flags: FuncFlags,
}

impl<'a> Lower<'a> {
    /// Lowers a declared function.
    pub fn lower_body(&mut self, inst: &FuncInst, sym: SymId) {
        let Some(decl) = self.func_decl(inst.func) else {
            return;
        };
        if !self.check_body(inst.func) {
            return;
        }
        let o = self.prog.obj(inst.func).clone();
        let (Some(pkg), Some(body)) = (o.pkg, &decl.body) else {
            return;
        };
        let env = self.inst_env(inst);
        let version = self.file_version(pkg, inst.func);
        let facts = facts::of_function(self, pkg, env, !version.per_iteration_vars(), decl);
        let shared = Rc::new(Shared {
            pkg,
            env,
            facts,
            version,
            pos: decl.pos,
        });
        let sig_ty = self.rtype(o.typ(), env);
        let recv = decl.recv.as_ref().and_then(|r| r.fields.first());
        let mut params = Vec::new();
        let mut recv_ty = None;
        if recv.is_some() {
            let var = match self.prog.ty(o.typ()) {
                goxide_types::Type::Signature(s) => s.recv,
                _ => None,
            };
            if let Some(var) = var {
                let ty = self.rtype(self.prog.obj_type(var), env);
                recv_ty = Some(ty);
                params.push((Some(var), ty));
            }
        }
        let sig = self.func_sig(sig_ty);
        params.extend(self.named_params(pkg, &decl.ty.params, &sig.params));
        let results = match &decl.ty.results {
            Some(list) => self.named_params(pkg, list, &sig.results),
            None => Vec::new(),
        };
        let name = self.func_show_name(inst);
        let mut flags = FuncFlags::default();
        for d in &decl.directives {
            match d.verb() {
                "go:noinline" => flags.no_inline = true,
                "go:nosplit" => flags.no_split |= self.prog.pkg(pkg).path.as_str() == "runtime",
                _ => {}
            }
        }
        flags.wrapper = is_passage(name.as_str());
        // Its frame is where the user's part of every trace ends.
        flags.no_inline |= name.as_str() == "main.main";
        let parts = Parts {
            sym,
            name,
            pos: decl.pos,
            params,
            results,
            abi: self.abi(recv_ty, sig_ty),
            level: 0,
            captures: None,
            body,
            flags,
        };
        self.lower_parts(&shared, parts, Rc::new(Counters::default()));
    }

    /// The language version of the file a function is declared in.
    pub fn file_version(&self, pkg: PkgId, func: ObjId) -> goxide_types::GoVersion {
        let at = self.prog.obj(func).func().and_then(|f| f.decl);
        let versions = &self.prog.pkg(pkg).file_versions;
        at.and_then(|d| versions.get(d.file as usize).copied())
            .unwrap_or_default()
    }

    /// Variables of a parameter list, with concrete types.
    pub fn named_params(&mut self, pkg: PkgId, list: &FieldList, types: &[RType]) -> Vec<Param> {
        let info = &self.prog.pkg(pkg).info;
        let mut vars = Vec::new();
        for f in &list.fields {
            if f.names.is_empty() {
                vars.push(None);
            }
            vars.extend(f.names.iter().map(|n| {
                if n.is_blank() {
                    None
                } else {
                    info.def_of(n.id)
                }
            }));
        }
        vars.into_iter().zip(types.iter().copied()).collect()
    }

    /// Lowers a function with a body.
    pub fn lower_parts(&mut self, shared: &Rc<Shared>, parts: Parts<'_>, counters: Rc<Counters>) {
        if shared.facts.defer(parts.level).any() {
            return self.lower_deferring(shared, parts, counters);
        }
        let mut f = FuncLower::new(
            self,
            shared.clone(),
            parts.sym,
            parts.name,
            parts.abi.clone(),
            parts.pos,
        );
        f.level = parts.level;
        f.counters = counters;
        f.at(parts.pos);
        if let Some((captures, object)) = &parts.captures {
            let ctx = f.b.push1(Op::ClosureCtx);
            f.bind_captures(ctx, captures, *object);
        }
        f.bind_params(&parts);
        f.bind_results(&parts);
        f.body(parts.body);
        let mut flags = parts.flags;
        flags.closure = parts.captures.is_some();
        flags.no_params = parts.params.is_empty();
        flags.no_inline |= shared.facts.defer(parts.level).recovers;
        f.finish(|to| *to = flags);
    }
}

impl<'a> FuncLower<'_, 'a> {
    /// Makes places for captured variables.
    pub fn bind_captures(&mut self, ctx: Value, captures: &[Capture], object: RType) {
        for (i, c) in captures.iter().enumerate() {
            let (_, offset, _) = self.field_info(object, i + 1);
            let mem = self.offset_mem(Mem::safe(ctx), offset);
            let place = if c.by_ref {
                Place::Mem(Mem::safe(self.load_captured(Ty::Ptr, mem)))
            } else {
                match self.captured_copy(c.ty, mem) {
                    Val::Memory(mem) => Place::Mem(mem),
                    val => {
                        let place = self.new_vars(c.ty);
                        self.write(&place, c.ty, &val);
                        place
                    }
                }
            };
            self.places.insert(c.obj, place);
        }
    }

    /// A captured value: its place in the closure object, if it is of memory class.
    pub fn captured_copy(&mut self, ty: RType, mem: Mem) -> Val {
        let layout = self.layout(ty);
        if layout.in_memory() {
            return Val::Memory(mem);
        }
        let comps = layout.comps.clone().unwrap_or_default();
        let values = comps.iter().map(|k| {
            let mem = self.offset_mem(mem, k.offset.into());
            self.load_captured(k.ty, mem)
        });
        Val::Scalars(values.collect())
    }

    /// Reads a word of a closure object, which nothing writes once it is one.
    pub fn load_captured(&mut self, ty: Ty, mem: Mem) -> Value {
        let flags = MemFlags {
            no_trap: true,
            immutable: true,
            ..MemFlags::default()
        };
        self.b.load(ty, mem.addr, mem.offset, flags)
    }

    /// Gives parameters their values.
    pub fn bind_params(&mut self, parts: &Parts<'_>) {
        self.name_params(parts);
        self.area = parts.abi.area.as_ref().map(|_| self.entry_param(0));
        for (i, &(obj, ty)) in parts.params.iter().enumerate() {
            let param = &parts.abi.params[i];
            let (first, layout) = (param.first, param.layout.clone());
            let val = match &layout.comps {
                Some(comps) => Val::Scalars(
                    (0..comps.len())
                        .map(|k| self.entry_param(first + k))
                        .collect(),
                ),
                None => Val::Memory(Mem::safe(self.entry_param(first))),
            };
            if let Some(obj) = obj.filter(|&o| !self.l.prog.obj(o).name.is_blank()) {
                self.declare(obj, ty, Some(&val));
            }
        }
    }

    /// A parameter of the function, by its position among the scalars.
    pub fn entry_param(&self, i: usize) -> Value {
        self.b.func.blocks[goxide_ir::Function::ENTRY].params[i]
    }

    fn bind_results(&mut self, parts: &Parts<'_>) {
        if !parts.results.iter().any(|r| r.0.is_some()) {
            return;
        }
        for &(obj, ty) in &parts.results {
            let place = match obj {
                Some(obj) => self.declare(obj, ty, None),
                None => {
                    let zero = self.zero(ty);
                    match zero {
                        Val::Zero => {
                            let mem = self.slot(ty);
                            self.clear(mem, ty);
                            Place::Mem(mem)
                        }
                        val => {
                            let place = self.new_vars(ty);
                            self.write(&place, ty, &val);
                            place
                        }
                    }
                }
            };
            self.results.push(place);
        }
    }

    /// Lowers the statements and the end of a function.
    pub fn body(&mut self, block: &Block) {
        self.stmts(&block.stmts);
        if self.b.is_reachable() {
            self.at(block.rbrace);
            self.return_now();
        }
    }

    // ---- literals ----

    /// `func(…) {…}` as a value.
    pub fn func_lit(&mut self, e: &Expr, lit: &FuncLit) -> Val {
        let sig_ty = self.type_of(e);
        let name = self.literal_name();
        let val = self.literal_closure(e.id, e.pos, &lit.ty, sig_ty, &lit.body, name);
        self.name_value(&val, e.pos, || "func literal".into());
        val
    }

    /// The name of the next literal in this function: `main.f.func1`, inside that
    /// `main.f.func1.1`.
    pub fn literal_name(&mut self) -> String {
        let n = self.counters.literals.get() + 1;
        self.counters.literals.set(n);
        let outer = self.name.as_str();
        if self.level == 0 {
            format!("{outer}.func{n}")
        } else {
            format!("{outer}.{n}")
        }
    }

    fn literal_closure(
        &mut self,
        node: NodeId,
        pos: Pos,
        ty: &FuncType,
        sig_ty: RType,
        body: &Block,
        name: String,
    ) -> Val {
        let (level, captured) = self.shared.facts.literal(node);
        let captures = self.captures(&captured);
        let sym = self.literal_sym(&name);
        let sig = self.l.func_sig(sig_ty);
        let pkg = self.shared.pkg;
        let params = self.l.named_params(pkg, &ty.params, &sig.params);
        let results = match &ty.results {
            Some(list) => self.l.named_params(pkg, list, &sig.results),
            None => Vec::new(),
        };
        let object = self.closure_type(&captures);
        let parts = Parts {
            sym,
            name: Symbol::intern(&name),
            pos,
            params,
            results,
            abi: self.l.abi(None, sig_ty),
            level,
            captures: (!captures.is_empty()).then(|| (captures.clone(), object)),
            body,
            flags: FuncFlags::default(),
        };
        let shared = self.shared.clone();
        self.l
            .lower_parts(&shared, parts, Rc::new(Counters::default()));
        self.make_closure(sym, &captures, object)
    }

    /// A symbol for a literal; instances of generic functions share names in tracebacks only.
    pub fn literal_sym(&mut self, name: &str) -> SymId {
        let own = self.l.module.symbols.name(self.b.func.sym).as_str();
        let shown = self.name.as_str();
        let suffix = name.strip_prefix(shown).unwrap_or(name);
        self.l.sym(&format!("{own}{suffix}"))
    }

    /// How variables get into a closure.
    pub fn captures(&mut self, objs: &[ObjId]) -> Vec<Capture> {
        let capture = |this: &mut Self, obj: ObjId| {
            let fact = this.shared.facts.var(obj);
            let ty = this.obj_type(obj);
            let large = this.layout(ty).size > MAX_CAPTURED_COPY;
            Capture {
                obj,
                ty,
                by_ref: fact.shared() || (large && this.layout(ty).in_memory()),
            }
        };
        objs.iter().map(|&o| capture(self, o)).collect()
    }

    /// The type of a closure object: the code's address, then what is captured.
    pub fn closure_type(&mut self, captures: &[Capture]) -> RType {
        let mut types = vec![RType::UINTPTR];
        for c in captures {
            let ty = if c.by_ref {
                self.l.mono.pointer(c.ty)
            } else {
                c.ty
            };
            types.push(ty);
        }
        self.l.mono.tuple_struct(&types)
    }

    /// A func value of compiled code and captured variables.
    pub fn make_closure(&mut self, sym: SymId, captures: &[Capture], object: RType) -> Val {
        if captures.is_empty() {
            return self.static_closure(sym);
        }
        let values: Vec<Val> = captures
            .iter()
            .map(|c| {
                let place = self.var_place(c.obj, Pos::NONE);
                match (c.by_ref, place) {
                    (true, Place::Mem(mem)) => Val::one(self.mem_addr(mem)),
                    (true, _) => {
                        self.unsupported(Pos::NONE, "capture of a variable without an address");
                        Val::one(self.nil())
                    }
                    (false, place) => self.read(&place, c.ty),
                }
            })
            .collect();
        self.closure_object(sym, object, &values)
    }

    /// A closure object with these captured values.
    pub fn closure_object(&mut self, sym: SymId, object: RType, values: &[Val]) -> Val {
        let addr = if std::mem::take(&mut self.wants_record) {
            let bytes = self.layout(object).size;
            self.pushed_object(bytes)
        } else {
            self.new_object(object, None)
        };
        let code = self.sym_addr(sym);
        self.store_scalar(Mem::safe(addr), 0, code);
        for (i, val) in values.iter().enumerate() {
            let (ty, offset, _) = self.field_info(object, i + 1);
            let mem = self.offset_mem(Mem::safe(addr), offset);
            self.store(mem, ty, val);
        }
        self.codes.insert(addr, (sym, true));
        Val::one(addr)
    }

    // ---- methods as values ----

    /// `x.m` not called.
    pub fn method_value(&mut self, e: &Expr, s: &SelectorExpr, sel: &Selection) -> Val {
        let ty = self.type_of(&s.x);
        let Some(method) = self.instantiated_method(ty, s, sel, e.pos) else {
            return Val::one(self.nil());
        };
        let func = self.l.method_sig(&method);
        let sig = self.l.func_sig(func);
        self.note_reflection(method.name, &sig, &[]);
        let (recv, recv_ty) = self.receiver(&s.x, ty, &method, e.pos);
        self.bound_method(recv, recv_ty, &method)
    }

    /// The selected method with its own type arguments, if it is generic.
    fn instantiated_method(
        &mut self,
        ty: RType,
        s: &SelectorExpr,
        sel: &Selection,
        pos: Pos,
    ) -> Option<Method> {
        let own = self.instance_targs(s.sel.id);
        let method = self.selected_method(ty, sel, pos)?;
        Some(Method { own, ..method })
    }

    /// A closure that calls a method on a receiver evaluated now.
    pub fn bound_method(&mut self, recv: Val, recv_ty: RType, method: &Method) -> Val {
        let synthetic = match method.target {
            MethodTarget::Interface(iface, i) => {
                let itab = self.comp(&recv, 0);
                self.b.push(Op::NilCheck(itab));
                Synthetic::InterfaceBound(iface, i)
            }
            MethodTarget::Declared { .. } => {
                let direct = Method {
                    path: Rc::from([]),
                    indirect: false,
                    ..method.clone()
                };
                Synthetic::Bound(recv_ty, direct)
            }
        };
        let sym = self.l.synthetic(synthetic);
        let object = self.l.mono.tuple_struct(&[RType::UINTPTR, recv_ty]);
        self.closure_object(sym, object, &[recv])
    }

    /// `T.m`
    pub fn method_expr(&mut self, e: &Expr, s: &SelectorExpr, sel: &Selection) -> Val {
        let ty = self.type_of(&s.x);
        let Some(method) = self.instantiated_method(ty, s, sel, e.pos) else {
            return Val::one(self.nil());
        };
        let func = self.l.method_sig(&method);
        let sig = self.l.func_sig(func);
        self.note_reflection(method.name, &sig, &[]);
        if let MethodTarget::Interface(iface, i) = method.target
            && method.path.is_empty()
        {
            let sym = self.l.synthetic(Synthetic::InterfaceExpr(iface, i));
            return self.static_closure(sym);
        }
        if let Some(inst) = self.plain_method(ty, &method) {
            return self.func_inst_value(inst, e.pos);
        }
        let sym = self.l.synthetic(Synthetic::Expr(ty, method));
        self.static_closure(sym)
    }

    /// The declared method that takes exactly a `ty` as receiver, if `method` is one.
    fn plain_method(&mut self, ty: RType, method: &Method) -> Option<FuncInst> {
        let MethodTarget::Declared {
            func,
            recv,
            ptr_recv,
        } = method.target
        else {
            return None;
        };
        let takes = if ptr_recv {
            self.l.mono.pointer(recv)
        } else {
            recv
        };
        (method.path.is_empty() && takes == ty).then(|| self.l.method_inst(func, recv, &method.own))
    }

    /// An operand for a value.
    pub fn val_operand(&self, val: Val) -> Operand {
        Operand::Val(val)
    }
}

/// Whether a function stands between a call by way of `reflect` and the function called, where
/// Go has assembly or hides the frame by name.
fn is_passage(name: &str) -> bool {
    matches!(
        name,
        "reflect.call"
            | "reflect.callMethod"
            | "reflect.callReflect"
            | "reflect.makeFuncEntry"
            | "reflect.methodValueEntry"
    )
}
