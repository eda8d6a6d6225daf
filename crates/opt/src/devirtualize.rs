//! Calls of func values whose code is known become direct calls.
//!
//! A func value is known if it is the address of a static one-word object (a top-level
//! function or a literal that captures nothing), or an object made in the same function (a
//! literal that captures something).

use goxide_base::FxHashMap;
use goxide_ir::{
    Callee, DataReloc, DataSection, Function, Module, Op, SymId, SymKind, Term, Value,
};

/// Rewrites all calls of known func values.
pub fn run(module: &mut Module) {
    let code = static_func_values(module);
    for func in &mut module.functions {
        run_function(func, &code);
    }
}

/// Static func values: the object's symbol and that of its code.
pub fn static_func_values(module: &Module) -> FxHashMap<SymId, SymId> {
    let mut code = FxHashMap::default();
    for data in &module.data {
        if data.section == DataSection::ReadOnly
            && data.size == 8
            && let [DataReloc::Abs64(0, target, 0)] = data.relocs[..]
            && module.symbols.kind(target) == SymKind::Func
        {
            code.insert(data.sym, target);
        }
    }
    code
}

/// Rewrites the calls of one function; says whether there were any.
pub fn run_function(func: &mut Function, code: &FxHashMap<SymId, SymId>) -> bool {
    let objects = closure_objects(func);
    let known = |func: &Function, callee: &Callee| -> Option<Callee> {
        let Callee::Closure(value, sig) = callee else {
            return None;
        };
        let value = func.resolve(*value);
        if let Some(&code) = objects.get(&value) {
            return Some(Callee::Known(code, value, sig.clone()));
        }
        let inst = func.def_inst(value)?;
        let Op::SymAddr(object, 0) = func.insts[inst].op else {
            return None;
        };
        Some(Callee::Direct(*code.get(&object)?, sig.clone()))
    };
    let mut changed = false;
    for block in func.blocks.indices() {
        for at in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            let new = match &func.insts[inst].op {
                Op::Call { callee, .. } => known(func, callee),
                _ => None,
            };
            if let (Some(new), Op::Call { callee, .. }) = (new, &mut func.insts[inst].op) {
                *callee = new;
                changed = true;
            }
        }
        let new = match &func.blocks[block].term {
            Term::TailCall(callee, _) => known(func, callee),
            _ => None,
        };
        if let (Some(new), Term::TailCall(callee, _)) = (new, &mut func.blocks[block].term) {
            *callee = new;
            changed = true;
        }
    }
    changed
}

/// Objects made here whose first word is written once, with the address of code: as func
/// values their code is known.
fn closure_objects(func: &Function) -> FxHashMap<Value, SymId> {
    let mut objects: FxHashMap<Value, SymId> = FxHashMap::default();
    let mut written_again: Vec<Value> = Vec::new();
    for block in &func.blocks {
        for &inst in &block.insts {
            let (Op::StorePtr {
                addr,
                offset: 0,
                value,
                ..
            }
            | Op::Store {
                addr,
                offset: 0,
                value,
                ..
            }) = &func.insts[inst].op
            else {
                continue;
            };
            let addr = func.resolve(*addr);
            let is_new = func
                .def_inst(addr)
                .is_some_and(|i| matches!(func.insts[i].op, Op::New { .. }));
            if !is_new {
                continue;
            }
            let code = func.def_inst(*value).map(|i| &func.insts[i].op);
            match code {
                Some(Op::SymAddr(sym, 0)) if !objects.contains_key(&addr) => {
                    objects.insert(addr, *sym);
                }
                _ => written_again.push(addr),
            }
        }
    }
    for object in written_again {
        objects.remove(&object);
    }
    objects
}
