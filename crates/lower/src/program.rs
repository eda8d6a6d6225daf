//! The lowering of a whole program: what is reachable, what has been made, what is still
//! to be made.

use crate::abi::Abi;
use crate::bodies::{Bodies, Effect, Record};
use crate::desc::Descs;
use crate::intrinsics::{self, Intrinsic};
use crate::layout::{Layout, Layouts};
use crate::links::{Diagnostic, Links, has_body, lacking};
use crate::methods::{Method, MethodSets};
use crate::mono::{EnvId, FuncSig, IMethod, Mono, RKind, RType};
use crate::names::{Style, package_path, type_name};
use crate::statics::Statics;
use crate::symbols::Known;
use goxide_abi::{EntryPoint, PanicKind};
use goxide_base::{FxHashMap, FxHashSet, IndexVec, Pos, Symbol, task};
use goxide_ir::{Function, Module, SymId};
use goxide_syntax::ast::{self, File};
use goxide_types::{ObjId, PkgId, Program, Type, TypeId};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// What to leave out or add.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Lower every function without type parameters, reachable or not: finds what lowering
    /// cannot do.
    pub everything: bool,
    /// Check every function with [`goxide_ir::verify`], also in release builds.
    pub verify: bool,
    /// Files that variables embed.
    pub embeds: crate::statics::Embeds,
    /// Packages of which every function is lowered, reachable or not.
    pub whole: Vec<PkgId>,
    /// Give functions of these packages the names for reports ([`goxide_ir::Shown`]).
    pub shown: Vec<PkgId>,
}

/// A function of the source with concrete types for all type parameters (the receiver's
/// first, then its own).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FuncInst {
    /// The declaration; for methods of instances the generic type's.
    pub func: ObjId,
    /// Type arguments.
    pub targs: Rc<[RType]>,
}

/// What a call of a declared function comes to.
#[derive(Clone, Debug)]
pub enum Target {
    /// A function of the program.
    Func(SymId),
    /// A runtime call.
    Runtime(u16),
    /// Open code.
    Intrinsic(Intrinsic),
}

/// Functions that are no declared function's own body.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Synthetic {
    /// Method as an itab or descriptor holds it: the receiver is the data word.
    DataWord(RType, Method),
    /// Method as a function whose first parameter is the receiver: method expressions,
    /// promoted methods, `Tfn` of descriptors.
    Expr(RType, Method),
    /// Method of an interface type as such a function.
    InterfaceExpr(RType, u32),
    /// A closure body that calls a method on the receiver captured in it.
    Bound(RType, Method),
    /// The same for an interface receiver.
    InterfaceBound(RType, u32),
    /// A runtime call or intrinsic as an ordinary function.
    Stub(FuncInst),
    /// Equality of two values given by address.
    Equal(RType),
    /// Hash of a value given by address.
    Hash(RType),
}

enum Work {
    Body(FuncInst, SymId),
    Synthetic(Synthetic, SymId),
    /// The initialiser at this position of the package's order.
    Init(PkgId, usize),
    /// What a descriptor refers to.
    Desc(RType),
}

/// The program under way. `'a` is the life of the syntax.
pub struct Lower<'a> {
    /// Everything the checker knows.
    pub prog: &'a mut Program,
    /// Syntax of each package, apart from `prog` so that it can be held on to.
    pub files: &'a IndexVec<PkgId, Vec<Arc<File>>>,
    /// Concrete types.
    pub mono: Mono,
    /// Their layouts.
    pub layouts: Layouts,
    /// Their methods.
    pub methods: MethodSets,
    /// What has been made.
    pub module: Module,
    /// Linknames.
    pub links: Links,
    /// Descriptors and itabs.
    pub descs: Descs,
    /// Package-level variables.
    pub statics: Statics,
    /// What is wrong.
    pub errors: Vec<Diagnostic>,
    /// Packages of the program in order of initialisation.
    pub order: Vec<PkgId>,
    /// The main package.
    pub main: PkgId,
    /// Package `runtime`.
    pub runtime: Option<PkgId>,
    /// Check functions.
    pub verify: bool,
    everything: bool,
    /// Files that variables embed.
    pub embeds: crate::statics::Embeds,
    whole: Vec<PkgId>,
    /// Packages that reports are about.
    pub shown: Vec<PkgId>,
    /// Interface methods that some reachable code may call.
    pub called: FxHashSet<IMethod>,
    /// Names of exported methods that `reflect` may be asked for; all if `reflect_all`.
    pub reflect_names: FxHashSet<Symbol>,
    /// `reflect` may be asked for any method.
    pub reflect_all: bool,
    queue: VecDeque<Work>,
    insts: FxHashMap<FuncInst, SymId>,
    pub(crate) targets: FxHashMap<FuncInst, Option<Target>>,
    synthetics: FxHashMap<Synthetic, SymId>,
    abis: FxHashMap<(Option<RType>, RType), Rc<Abi>>,
    runtime_funcs: FxHashMap<&'static str, Option<FuncInst>>,
    checked: FxHashSet<ObjId>,
    /// Data objects that are shared.
    pub(crate) known: Known,
    /// Where bodies are kept.
    pub(crate) bodies: Option<&'a mut dyn Bodies>,
    /// What is noted about the body that is being lowered.
    pub(crate) record: Option<Record>,
    /// Packages by path, if they have been asked for.
    pub(crate) by_path: FxHashMap<Symbol, PkgId>,
}

impl<'a> Lower<'a> {
    /// Nothing lowered yet.
    pub fn new(
        prog: &'a mut Program,
        files: &'a IndexVec<PkgId, Vec<Arc<File>>>,
        main: PkgId,
        options: &Options,
    ) -> Lower<'a> {
        let links = Links::new(prog, crate::statics::has_value);
        let runtime = prog.package_by_path("runtime");
        Lower {
            order: init_order_of_packages(prog, main, runtime),
            prog,
            files,
            mono: Mono::new(),
            layouts: Layouts::default(),
            methods: MethodSets::default(),
            module: Module::default(),
            links,
            descs: Descs::default(),
            statics: Statics::default(),
            errors: Vec::new(),
            main,
            runtime,
            verify: options.verify || cfg!(debug_assertions),
            everything: options.everything,
            embeds: options.embeds.clone(),
            whole: options.whole.clone(),
            shown: options.shown.clone(),
            called: FxHashSet::default(),
            reflect_names: FxHashSet::default(),
            reflect_all: false,
            queue: VecDeque::new(),
            insts: FxHashMap::default(),
            targets: FxHashMap::default(),
            synthetics: FxHashMap::default(),
            abis: FxHashMap::default(),
            runtime_funcs: FxHashMap::default(),
            checked: FxHashSet::default(),
            known: Known::default(),
            bodies: None,
            record: None,
            by_path: FxHashMap::default(),
        }
    }

    /// Lowers everything reachable.
    pub fn run(&mut self) {
        self.add_roots();
        loop {
            while let Some(work) = self.queue.pop_front() {
                self.do_work(work);
            }
            self.link_methods();
            if self.queue.is_empty() {
                break;
            }
        }
        self.finish_inits();
        self.emit_descs();
        if self.mono.too_deep {
            self.error(Pos::NONE, "instantiation of generic types does not end");
        }
    }

    fn add_roots(&mut self) {
        self.init_done();
        for symbol in &EntryPoint::SYMBOLS[..EntryPoint::ALWAYS] {
            let name = symbol.trim_start_matches("runtime.");
            if self.runtime_func(name).is_some() {
                self.runtime_target(name);
            }
        }
        for handler in PanicKind::ALL.map(PanicKind::handler) {
            let name = handler.trim_start_matches("runtime.");
            if self.runtime_func(name).is_some() {
                self.runtime_target(name);
            }
        }
        if self.runtime.is_none()
            && let Some(main) = self.prog.lookup_package(self.main, "main")
        {
            self.func_sym(FuncInst::plain(main));
        }
        self.plan_inits();
        let whole = match self.everything {
            true => self.order.clone(),
            false => self.whole.clone(),
        };
        for pkg in whole {
            self.add_whole(pkg);
        }
    }

    /// Queues every function of a package that has a body and no type parameters.
    fn add_whole(&mut self, pkg: PkgId) {
        for func in self.prog.pkg(pkg).funcs.clone() {
            let decl = self.prog.obj(func).func().and_then(|f| f.decl);
            let has_body = decl
                .and_then(|at| self.prog.pkg(pkg).func_decl(at))
                .is_some_and(|f| f.body.is_some() && !f.name.is_blank());
            if has_body && self.func_tparams(func).is_empty() {
                self.target(FuncInst::plain(func), Pos::NONE);
            }
        }
    }

    fn do_work(&mut self, work: Work) {
        if let Work::Body(_, sym) | Work::Synthetic(_, sym) = &work {
            task::working_on("lower", self.module.symbols.name(*sym));
        }
        match work {
            Work::Body(inst, sym) => self.lower_or_replay(&inst, sym),
            Work::Synthetic(s, sym) => self.lower_synthetic(&s, sym),
            Work::Init(pkg, at) => self.init_or_replay(pkg, at),
            Work::Desc(ty) => self.visit_desc(ty),
        }
    }

    /// Queues an initialiser.
    pub fn queue_init(&mut self, pkg: PkgId, at: usize) {
        self.queue.push_back(Work::Init(pkg, at));
    }

    /// Queues what a descriptor refers to.
    pub fn queue_desc(&mut self, ty: RType) {
        self.queue.push_back(Work::Desc(ty));
    }

    /// Reports something wrong.
    pub fn error(&mut self, pos: Pos, message: impl Into<String>) {
        let message = message.into();
        let diagnostic = Diagnostic { pos, message };
        if !self.errors.contains(&diagnostic) {
            self.errors.push(diagnostic);
        }
    }

    // ---- types ----

    /// The concrete type of a checker's type.
    pub fn rtype(&mut self, ty: TypeId, env: EnvId) -> RType {
        self.mono.rtype(self.prog, ty, env)
    }

    /// The underlying type.
    pub fn under(&mut self, ty: RType) -> RType {
        self.mono.under(self.prog, ty)
    }

    /// Structure of the underlying type.
    pub fn under_kind(&mut self, ty: RType) -> RKind {
        let under = self.under(ty);
        self.mono.kind(under).clone()
    }

    /// The layout of a type.
    pub fn layout(&mut self, ty: RType) -> Rc<Layout> {
        self.layouts.of(&mut self.mono, self.prog, ty)
    }

    /// Whether the type is an interface.
    pub fn is_interface(&mut self, ty: RType) -> bool {
        matches!(self.under_kind(ty), RKind::Interface(_))
    }

    /// The signature behind a function type.
    pub fn func_sig(&mut self, ty: RType) -> Rc<FuncSig> {
        match self.under_kind(ty) {
            RKind::Func(sig) => sig,
            _ => Rc::default(),
        }
    }

    /// Methods of an interface type, in itab order.
    pub fn interface_methods(&mut self, ty: RType) -> Rc<[IMethod]> {
        match self.under_kind(ty) {
            RKind::Interface(methods) => methods,
            _ => Rc::from([]),
        }
    }

    /// Whether a value is its interface's data word: pointers and what consists of one.
    pub fn is_direct(&mut self, ty: RType) -> bool {
        match self.under_kind(ty) {
            RKind::Pointer(_) | RKind::Map(..) | RKind::Chan(..) | RKind::Func(_) => true,
            RKind::Basic(b) => b == goxide_types::Basic::UnsafePointer,
            RKind::Array(1, elem) => self.is_direct(elem),
            RKind::Struct(fields) => match &fields[..] {
                [one] => self.is_direct(one.ty),
                _ => false,
            },
            _ => false,
        }
    }

    /// A type's text as `reflect` gives it.
    pub fn type_text(&mut self, ty: RType) -> String {
        type_name(self.prog, &self.mono, ty, Style::Reflect)
    }

    /// A type's unique name.
    pub fn type_link_name(&mut self, ty: RType) -> String {
        type_name(self.prog, &self.mono, ty, Style::Link)
    }

    /// The calling convention of a function type, with a receiver or without.
    pub fn abi(&mut self, recv: Option<RType>, func: RType) -> Rc<Abi> {
        let func = self.under(func);
        if let Some(known) = self.abis.get(&(recv, func)) {
            return known.clone();
        }
        let sig = self.func_sig(func);
        let types: Vec<RType> = recv.iter().chain(sig.params.iter()).copied().collect();
        let params = types.iter().map(|&t| (t, self.layout(t))).collect();
        let layouts = sig.results.iter().map(|&t| self.layout(t)).collect();
        let tuple = self.mono.intern(RKind::Tuple(sig.results.clone()));
        let area = self.layout(tuple);
        let abi = Rc::new(Abi::new(params, sig.results.clone(), layouts, area));
        self.abis.insert((recv, func), abi.clone());
        abi
    }

    // ---- functions ----

    /// Adds a finished function.
    pub fn add_function(&mut self, func: Function) {
        if self.verify
            && let Err(e) = goxide_ir::verify(&func)
        {
            let message = format!("internal error: wrong IR: {e}");
            self.error(func.pos, message);
        }
        self.note_function(&func);
        self.module.functions.push(func);
    }

    /// The declaration of a function, or `None` if there is none.
    pub fn func_decl(&self, func: ObjId) -> Option<&'a ast::FuncDecl> {
        let o = self.prog.obj(func);
        let at = o.func()?.decl?;
        let file = self.files[o.pkg?].get(at.file as usize)?;
        match file.decls.get(at.decl as usize)? {
            ast::Decl::Func(f) => Some(f),
            _ => None,
        }
    }

    /// The method or function that an instance's object was made from.
    pub fn origin(&self, func: ObjId) -> ObjId {
        self.prog
            .obj(func)
            .func()
            .and_then(|f| f.origin)
            .unwrap_or(func)
    }

    /// Type parameters of a declared function: the receiver's, then its own.
    pub fn func_tparams(&mut self, func: ObjId) -> Vec<TypeId> {
        match self.prog.ty(self.prog.obj_type(func)) {
            Type::Signature(s) => s
                .recv_tparams
                .iter()
                .chain(s.tparams.iter())
                .copied()
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The environment in which an instance's body is read.
    pub fn inst_env(&mut self, inst: &FuncInst) -> EnvId {
        let tparams = self.func_tparams(inst.func);
        let bindings: Vec<_> = tparams
            .into_iter()
            .zip(inst.targs.iter().copied())
            .collect();
        self.mono.env(bindings)
    }

    /// The symbol of a compiled function, which is lowered sooner or later.
    pub fn func_sym(&mut self, inst: FuncInst) -> SymId {
        if let Some(&sym) = self.insts.get(&inst) {
            return sym;
        }
        let name = self.func_link_name(&inst);
        let sym = self.sym(&name);
        self.insts.insert(inst.clone(), sym);
        self.queue.push_back(Work::Body(inst, sym));
        sym
    }

    /// The symbol of a function of the compiler's making.
    pub fn synthetic(&mut self, s: Synthetic) -> SymId {
        let noted = self.record.is_some().then(|| s.clone());
        self.noted_sym(|_| noted.map(Effect::Synthetic), |l| l.new_synthetic(s))
    }

    fn new_synthetic(&mut self, s: Synthetic) -> SymId {
        if let Some(&sym) = self.synthetics.get(&s) {
            return sym;
        }
        let name = self.synthetic_name(&s);
        let sym = self.sym(&name);
        self.synthetics.insert(s.clone(), sym);
        self.queue.push_back(Work::Synthetic(s, sym));
        sym
    }

    /// What calling a declared function means. `None` after an error: nothing defines it.
    pub fn target(&mut self, inst: FuncInst, pos: Pos) -> Option<Target> {
        let noted = self.record.is_some().then(|| inst.clone());
        let effect = |_: &Record, target: &Option<Target>| {
            let sym = match target {
                Some(Target::Func(sym)) => Some(*sym),
                _ => None,
            };
            (noted.map(|inst| Effect::Target(inst, sym.is_some())), sym)
        };
        self.noted_with(effect, |l| l.known_target(inst, pos))
    }

    fn known_target(&mut self, inst: FuncInst, pos: Pos) -> Option<Target> {
        if let Some(known) = self.targets.get(&inst) {
            return known.clone();
        }
        let target = self.resolve_target(&inst, pos);
        self.targets.insert(inst, target.clone());
        target
    }

    fn resolve_target(&mut self, inst: &FuncInst, pos: Pos) -> Option<Target> {
        let o = self.prog.obj(inst.func).clone();
        let pkg = o.pkg?;
        let path = self.prog.pkg(pkg).path.as_str();
        let method = o.func().is_some_and(|f| f.is_method);
        if !method && let Some(i) = intrinsics::find(path, o.name.as_str()) {
            return Some(Target::Intrinsic(i));
        }
        if has_body(self.prog, inst.func) {
            return Some(Target::Func(self.func_sym(inst.clone())));
        }
        if let Some(target) = self.generated(path, o.name.as_str()) {
            return Some(target);
        }
        if path == "runtime"
            && let Some(i) = goxide_abi::runtime_call_index(o.name.as_str())
        {
            return Some(Target::Runtime(i as u16));
        }
        let own = Symbol::intern(&format!("{}.{}", package_path(self.prog, pkg), o.name));
        let symbol = self.links.bound(inst.func).unwrap_or(own);
        match self.links.definition(self.prog, symbol) {
            Some(def) if def != inst.func && self.prog.obj(def).func().is_some() => {
                let inst = FuncInst {
                    func: def,
                    targs: inst.targs.clone(),
                };
                self.target(inst, pos)
            }
            _ => {
                let why = match self.links.bound(inst.func) {
                    Some(symbol) => format!("linknamed function {symbol} is {}", lacking(symbol)),
                    None => {
                        format!("function {symbol} has no body in Go: assembly is not supported")
                    }
                };
                self.error(pos, why);
                None
            }
        }
    }

    /// Functions of package runtime that lowering itself writes.
    fn generated(&mut self, path: &str, name: &str) -> Option<Target> {
        match (path, name) {
            ("runtime", "main_inits" | "runtime_inits") => {
                Some(Target::Func(self.sym(&format!("runtime.{name}"))))
            }
            ("runtime", "main_main") => {
                let Some(main) = self.prog.lookup_package(self.main, "main") else {
                    let why =
                        "runtime.main_main·f: function main is undeclared in the main package";
                    self.error(Pos::NONE, why);
                    return Some(Target::Func(self.sym("runtime.main_main")));
                };
                Some(Target::Func(self.func_sym(FuncInst::plain(main))))
            }
            _ => None,
        }
    }

    /// The function of package runtime with this name.
    pub fn runtime_func(&mut self, name: &'static str) -> Option<FuncInst> {
        if let Some(known) = self.runtime_funcs.get(name) {
            return known.clone();
        }
        let obj = self.runtime.and_then(|r| self.prog.lookup_package(r, name));
        let inst = obj
            .filter(|&o| self.prog.obj(o).func().is_some())
            .map(FuncInst::plain);
        self.runtime_funcs.insert(name, inst.clone());
        inst
    }

    /// What calling the runtime's function `name` means.
    pub fn runtime_target(&mut self, name: &'static str) -> Option<(Target, RType)> {
        let Some(inst) = self.runtime_func(name) else {
            self.error(Pos::NONE, format!("package runtime lacks function {name}"));
            return None;
        };
        let sig = self.prog.obj_type(inst.func);
        let sig = self.rtype(sig, EnvId::EMPTY);
        Some((self.target(inst, Pos::NONE)?, sig))
    }

    /// The symbol to take the address of for a declared function used as a value.
    pub fn func_value_sym(&mut self, inst: FuncInst, pos: Pos) -> Option<SymId> {
        match self.target(inst.clone(), pos)? {
            Target::Func(sym) => Some(sym),
            _ => Some(self.synthetic(Synthetic::Stub(inst))),
        }
    }

    /// Makes sure a function's body has been checked; `false` if it is wrong.
    pub fn check_body(&mut self, func: ObjId) -> bool {
        if !self.checked.insert(func) {
            return true;
        }
        let Some(pkg) = self.prog.obj(func).pkg else {
            return true;
        };
        let before = self.prog.pkg(pkg).errors.len();
        self.prog.check_body(func);
        self.report_errors(pkg, before)
    }

    /// Reports the errors that a package has beyond the first ones; `false` if some make it
    /// wrong.
    pub fn report_errors(&mut self, pkg: PkgId, first: usize) -> bool {
        let errors: Vec<_> = self.prog.pkg(pkg).errors[first..].to_vec();
        let hard: Vec<_> = errors.into_iter().filter(|e| !e.soft).collect();
        for e in &hard {
            self.error(e.pos, e.msg.clone());
        }
        hard.is_empty()
    }

    // ---- methods ----

    /// The method set of a type.
    pub fn method_set(&mut self, ty: RType) -> Vec<Method> {
        self.methods.of(&mut self.mono, self.prog, ty)
    }

    /// The method of this name that a selector on `ty` means.
    pub fn find_method(&mut self, ty: RType, name: Symbol, pkg: Option<PkgId>) -> Option<Method> {
        self.methods.find(&mut self.mono, self.prog, ty, name, pkg)
    }

    /// The signature of a method, without receiver.
    pub fn method_sig(&mut self, m: &Method) -> RType {
        use crate::methods::MethodTarget;
        match m.target {
            MethodTarget::Interface(ty, i) => self.interface_methods(ty)[i as usize].sig,
            MethodTarget::Declared { func, recv, .. } => {
                let inst = self.method_inst(func, recv, &m.own);
                let env = self.inst_env(&inst);
                let sig = self.prog.obj_type(func);
                self.rtype(sig, env)
            }
        }
    }

    /// The instance of a declared method for a receiver's type (and own type arguments).
    pub fn method_inst(&mut self, func: ObjId, recv: RType, own: &[RType]) -> FuncInst {
        let targs = self
            .mono
            .named(recv)
            .map(|n| n.targs.to_vec())
            .unwrap_or_default();
        let targs: Vec<RType> = targs.into_iter().chain(own.iter().copied()).collect();
        FuncInst {
            func,
            targs: targs.into(),
        }
    }

    /// Notes that some code calls this interface method.
    pub fn note_call(&mut self, m: &IMethod) {
        let work = |l: &mut Self| {
            if !l.called.contains(m) {
                l.called.insert(m.clone());
            }
        };
        self.noted(|_| Some(Effect::Call(m.clone())), work);
    }

    /// Notes that `reflect` may be asked for the method of this name, or for any.
    pub fn note_reflect(&mut self, name: Option<Symbol>) {
        let work = |l: &mut Self| match name {
            Some(name) => drop(l.reflect_names.insert(name)),
            None => l.reflect_all = true,
        };
        self.noted(|_| Some(Effect::Reflect(name)), work);
    }
}

impl FuncInst {
    /// A function without type parameters.
    pub fn plain(func: ObjId) -> FuncInst {
        FuncInst {
            func,
            targs: Rc::from([]),
        }
    }
}

/// The packages `main` (and `runtime`) import, directly or not, in Go's order of
/// initialisation: always the first by path of those whose imports are done.
fn init_order_of_packages(p: &Program, main: PkgId, runtime: Option<PkgId>) -> Vec<PkgId> {
    let mut closure: Vec<PkgId> = Vec::new();
    let mut todo: Vec<PkgId> = runtime.into_iter().chain([main]).collect();
    while let Some(pkg) = todo.pop() {
        if !closure.contains(&pkg) {
            closure.push(pkg);
            todo.extend(p.pkg(pkg).imports.iter().copied());
        }
    }
    closure.sort_by_key(|&pkg| p.pkg(pkg).path.as_str());
    let mut order: Vec<PkgId> = Vec::new();
    while order.len() < closure.len() {
        let ready = closure.iter().copied().find(|&pkg| {
            !order.contains(&pkg) && p.pkg(pkg).imports.iter().all(|i| order.contains(i))
        });
        match ready {
            Some(pkg) => order.push(pkg),
            None => break,
        }
    }
    order
}
