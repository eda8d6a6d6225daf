//! Initialisation: which initialisers there are, their code, and the functions that run all
//! of them in order.
//!
//! A package's variables are initialised in the order that the checker found, then its
//! `init` functions run. Packages come in Go's order: repeatedly the first by path whose
//! imports are done, those that have nothing to do (in themselves and in what they import)
//! left out; what package `runtime` needs comes before everything else.

use crate::bodies::{Effect, Record};
use crate::facts;
use crate::func::{Counters, FuncLower, Mem, Shared};
use crate::mono::{EnvId, RType};
use crate::names::package_path;
use crate::program::{FuncInst, Lower, Target};
use crate::statics::PackageInits;
use goxide_base::{FxHashMap, FxHashSet, Pos, Symbol};
use goxide_ir::{Builder, Callee, Function, Op, Signature, SymId, Ty};
use goxide_syntax::ast::{Decl, Expr, ExprKind};
use goxide_types::{InitRef, Initializer, ObjId, PkgId};
use std::rc::Rc;

impl<'a> Lower<'a> {
    /// Queues the initialisers of all packages. One without effects waits until something
    /// refers to its variable.
    pub fn plan_inits(&mut self) {
        for pkg in self.order.clone() {
            let order = self.prog.init_order(pkg);
            let state = PackageInits {
                order: order.clone(),
                code: FxHashMap::default(),
                counters: Rc::new(Counters::default()),
            };
            self.statics.inits.insert(pkg, state);
            for (at, init) in order.iter().enumerate() {
                self.plan_init(pkg, at, init);
            }
            for init in self.prog.pkg(pkg).inits.clone() {
                self.func_sym(FuncInst::plain(init));
            }
        }
    }

    fn plan_init(&mut self, pkg: PkgId, at: usize, init: &Initializer) {
        let Some(value) = self.init_value(pkg, init.init) else {
            return;
        };
        let is_table = |&var: &ObjId| self.prog.is_unchecked_table(var);
        if !init.lhs.iter().any(is_table) && !self.is_pure(pkg, value) {
            return self.queue_init(pkg, at);
        }
        for &var in &init.lhs {
            if !self.prog.obj(var).name.is_blank() {
                self.statics.waiting.insert(var, (pkg, at));
            }
        }
    }

    /// The expression on the right of a variable's declaration.
    fn init_value(&self, pkg: PkgId, at: InitRef) -> Option<&'a Expr> {
        let file = self.files[pkg].get(at.file as usize)?;
        match file.decls.get(at.decl as usize)? {
            Decl::Var(group) => group
                .specs
                .get(at.spec as usize)?
                .values
                .get(at.value as usize),
            _ => None,
        }
    }

    /// Lowers an initialiser, to data if possible.
    pub fn lower_init(&mut self, pkg: PkgId, at: usize) {
        let Some(inits) = self.statics.inits.get(&pkg) else {
            return;
        };
        let (init, counters) = (inits.order[at].clone(), inits.counters.clone());
        let Some(value) = self.init_value(pkg, init.init) else {
            return;
        };
        let is_table = |&var: &ObjId| self.prog.is_unchecked_table(var);
        let is_table = init.lhs.iter().any(is_table);
        if !self.check_tables(pkg, &init.lhs) || is_table && self.table(pkg, &init.lhs, value) {
            return;
        }
        let path = package_path(self.prog, pkg);
        let sym = self.sym(&format!("{path}.init·{at}"));
        let facts = facts::of_expr(self, pkg, EnvId::EMPTY, value);
        let versions = &self.prog.pkg(pkg).file_versions;
        let shared = Rc::new(Shared {
            pkg,
            env: EnvId::EMPTY,
            facts,
            version: versions
                .get(init.init.file as usize)
                .copied()
                .unwrap_or_default(),
            pos: value.pos,
        });
        let abi = self.abi(None, RType::VOID_FUNC);
        let name = Symbol::intern(&format!("{path}.init"));
        let mut f = FuncLower::new(self, shared, sym, name, abi, value.pos);
        let before = counters.all();
        f.counters = counters.clone();
        f.at(value.pos);
        f.initialise(&init.lhs, value);
        f.b.ret([]);
        let func = f.b.finish();
        if counters.all() != before {
            self.note_nothing();
        }
        let variables: Vec<(SymId, u64)> = init
            .lhs
            .iter()
            .filter_map(|&var| self.variable(var))
            .collect();
        if self.errors.is_empty() && self.evaluate_init(&func, &variables) {
            return;
        }
        self.add_function(func);
        self.set_init_code(pkg, at, sym);
    }

    /// Notes that a function is the code of an initialiser.
    pub(crate) fn set_init_code(&mut self, pkg: PkgId, at: usize, sym: SymId) {
        let effect = |record: &Record| Some(Effect::InitCode(pkg, at, record.number(sym)?));
        self.noted(effect, |l| {
            if let Some(inits) = l.statics.inits.get_mut(&pkg) {
                inits.code.insert(at, sym);
            }
        });
    }

    /// Makes sure that initialisers have been checked; `false` if they are wrong.
    fn check_tables(&mut self, pkg: PkgId, variables: &[ObjId]) -> bool {
        let before = self.prog.pkg(pkg).errors.len();
        variables.iter().for_each(|&var| self.prog.check_table(var));
        self.report_errors(pkg, before)
    }

    /// Makes data of a table, if possible.
    fn table(&mut self, pkg: PkgId, variables: &[ObjId], value: &Expr) -> bool {
        let &[var] = variables else { return false };
        let Some(variable) = self.variable(var) else {
            return false;
        };
        let ty = self.rtype(self.prog.obj_type(var), EnvId::EMPTY);
        self.errors.is_empty() && self.table_init(pkg, variable, ty, value)
    }

    fn variable(&mut self, var: ObjId) -> Option<(SymId, u64)> {
        let o = self.prog.obj(var);
        if o.name.is_blank() {
            return None;
        }
        let ty = self.rtype(o.typ(), EnvId::EMPTY);
        Some((self.global_sym(var), self.layout(ty).size))
    }

    // ---- running them ----

    /// Writes the functions that initialise packages, `runtime.main_inits` and
    /// `runtime.runtime_inits`, and all variables.
    pub fn finish_inits(&mut self) {
        let mut inits: FxHashMap<PkgId, SymId> = FxHashMap::default();
        for pkg in self.order.clone() {
            if let Some(sym) = self.package_init(pkg) {
                inits.insert(pkg, sym);
            }
        }
        let early = self.early_packages();
        let order = self.init_order(&inits, &early);
        for (name, of_runtime) in [
            ("runtime.runtime_inits", true),
            ("runtime.main_inits", false),
        ] {
            if self.module.symbols.find(Symbol::intern(name)).is_some() {
                let list = order.iter().filter(|p| early.contains(p) == of_runtime);
                let list = list.filter_map(|&p| Some((*inits.get(&p)?, Some(p))));
                let list: Vec<_> = list.collect();
                let sym = self.sym(name);
                self.calls_in_order(sym, name, &list);
            }
        }
        self.emit_statics();
    }

    /// The function that initialises a package, if there is something to do.
    fn package_init(&mut self, pkg: PkgId) -> Option<SymId> {
        let inits = self.statics.inits.get(&pkg)?;
        let mut code: Vec<(usize, SymId)> =
            inits.code.iter().map(|(&at, &sym)| (at, sym)).collect();
        code.sort_unstable();
        let mut list: Vec<_> = code.into_iter().map(|c| (c.1, None)).collect();
        for init in self.prog.pkg(pkg).inits.clone() {
            list.push((self.func_sym(FuncInst::plain(init)), None));
        }
        if list.is_empty() {
            return None;
        }
        let name = format!("{}.init", package_path(self.prog, pkg));
        let sym = self.sym(&name);
        self.calls_in_order(sym, &name, &list);
        Some(sym)
    }

    /// Makes a function that calls these. After one that initialises a whole package it
    /// tells the runtime so, for `GODEBUG=inittrace=1`.
    fn calls_in_order(&mut self, sym: SymId, name: &str, list: &[(SymId, Option<PkgId>)]) {
        let func = Function::new(sym, Symbol::intern(name), Signature::default(), Pos::NONE);
        let mut b = Builder::new(func);
        let init_done = self.init_done();
        for &(callee, pkg) in list {
            b.call(Callee::Direct(callee, Box::default()), Vec::new());
            if let (Some(pkg), Some(done)) = (pkg, &init_done) {
                let path = package_path(self.prog, pkg);
                let text = b.push1(Op::SymAddr(self.string_data(path.as_bytes()), 0));
                let len = b.iconst(Ty::I64, path.len() as i64);
                b.call(done.clone(), vec![text, len]);
            }
        }
        b.ret([]);
        b.func.flags.wrapper = true;
        self.add_function(b.finish());
    }

    /// The function that is told of an initialised package, if the runtime has it.
    pub fn init_done(&mut self) -> Option<Callee> {
        self.runtime_func("initDone")?;
        let (target, sig) = self.runtime_target("initDone")?;
        let abi = self.abi(None, sig);
        match target {
            Target::Func(sym) => Some(Callee::Direct(sym, Box::new(abi.sig.clone()))),
            _ => None,
        }
    }

    /// Package `runtime` and what it imports.
    fn early_packages(&self) -> FxHashSet<PkgId> {
        let mut found = FxHashSet::default();
        let mut todo: Vec<PkgId> = self.runtime.into_iter().collect();
        while let Some(pkg) = todo.pop() {
            if found.insert(pkg) {
                todo.extend(self.prog.pkg(pkg).imports.iter().copied());
            }
        }
        found
    }

    fn init_order(&self, inits: &FxHashMap<PkgId, SymId>, early: &FxHashSet<PkgId>) -> Vec<PkgId> {
        // `order` has importees first.
        let mut takes_part: FxHashSet<PkgId> = FxHashSet::default();
        for &pkg in &self.order {
            let imports = &self.prog.pkg(pkg).imports;
            if inits.contains_key(&pkg) || imports.iter().any(|i| takes_part.contains(i)) {
                takes_part.insert(pkg);
            }
        }
        let mut waiting: Vec<PkgId> = self
            .order
            .iter()
            .copied()
            .filter(|p| takes_part.contains(p))
            .collect();
        waiting.sort_by_key(|&p| (!early.contains(&p), self.prog.pkg(p).path.as_str()));
        let mut order: Vec<PkgId> = Vec::new();
        let mut done: FxHashSet<PkgId> = FxHashSet::default();
        let ready = |pkg: PkgId, done: &FxHashSet<PkgId>| {
            let imports = &self.prog.pkg(pkg).imports;
            imports
                .iter()
                .all(|i| !takes_part.contains(i) || done.contains(i))
        };
        while let Some(at) = waiting.iter().position(|&p| ready(p, &done)) {
            let pkg = waiting.remove(at);
            done.insert(pkg);
            order.push(pkg);
        }
        order
    }
}

impl FuncLower<'_, '_> {
    /// Gives package-level variables their initial values.
    fn initialise(&mut self, lhs: &[ObjId], value: &Expr) {
        if let &[var] = lhs {
            return self.initialise_one(var, value);
        }
        let values: Vec<_> = match &value.unparen().kind {
            ExprKind::Call(c) => self.call_multi(value.unparen(), c),
            _ => {
                let (val, ty, ok) = self.comma_ok(value);
                vec![(val, ty), (crate::func::Val::one(ok), RType::BOOL)]
            }
        };
        for (&var, (val, from)) in lhs.iter().zip(values) {
            if let Some((mem, ty)) = self.global_place(var) {
                let val = self.assign_convert(val, from, ty);
                self.store(mem, ty, &val);
            }
        }
    }

    fn initialise_one(&mut self, var: ObjId, value: &Expr) {
        let Some((mem, ty)) = self.global_place(var) else {
            self.first_round_of(value);
            return self.discard(value);
        };
        self.initial_value_into(mem, ty, value);
    }

    /// Where a package-level variable is, and its type; none for a blank one.
    fn global_place(&mut self, var: ObjId) -> Option<(Mem, RType)> {
        if self.l.prog.obj(var).name.is_blank() {
            return None;
        }
        let ty = self.obj_type(var);
        let sym = self.l.global_sym(var);
        Some((Mem::safe(self.sym_addr(sym)), ty))
    }
}
