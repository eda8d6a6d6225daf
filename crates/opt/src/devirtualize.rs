//! Calls of func values whose code is known become direct calls.
//!
//! A func value is known if it is the address of a static one-word object (a top-level
//! function or a literal that captures nothing).

use goxide_base::FxHashMap;
use goxide_ir::{Callee, DataReloc, DataSection, Function, Module, Op, SymId, SymKind, Term};

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
    let known = |func: &Function, callee: &Callee| -> Option<Callee> {
        let Callee::Closure(value, sig) = callee else {
            return None;
        };
        let inst = func.def_inst(*value)?;
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
            Term::TailCall(callee, _) | Term::TryCall { callee, .. } => known(func, callee),
            _ => None,
        };
        if let (Some(new), Term::TailCall(callee, _) | Term::TryCall { callee, .. }) =
            (new, &mut func.blocks[block].term)
        {
            *callee = new;
            changed = true;
        }
    }
    changed
}
