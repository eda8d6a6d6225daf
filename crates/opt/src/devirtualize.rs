//! Calls of func values and of interface methods whose code is known become direct calls.
//!
//! A func value is known if it is the address of a static one-word object (a top-level
//! function or a literal that captures nothing), a method if the interface value's itab is.

use crate::whole::Context;
use goxide_base::{FxHashMap, task};
use goxide_ir::{
    Callee, DataReloc, DataSection, Function, Module, Op, SymId, SymKind, Term, Value,
};

/// Offset of the first method in an itab.
const ITAB_METHODS: u64 = 24;

/// What static data says about code.
pub struct Known {
    /// Static func values: the object's symbol and that of its code.
    pub funcs: FxHashMap<SymId, SymId>,
    /// Itabs: the methods' code, where it is compiled.
    itabs: FxHashMap<SymId, Vec<Option<SymId>>>,
    /// Itabs by the interface type's descriptor, in the module's order.
    of_interface: FxHashMap<SymId, Vec<SymId>>,
}

/// Rewrites all calls of known func values and methods.
pub fn run(module: &mut Module, context: &mut Context) {
    let known = context.known(module);
    for func in &mut module.functions {
        task::working_on("optimise", func.name);
        run_function(func, &known);
    }
}

impl Known {
    /// Looks through a module's data.
    pub fn of(module: &Module) -> Known {
        let mut known = Known {
            funcs: FxHashMap::default(),
            itabs: FxHashMap::default(),
            of_interface: FxHashMap::default(),
        };
        let is_func = |sym: SymId| module.symbols.kind(sym) == SymKind::Func;
        for &itab in &module.itabs {
            known.itabs.insert(itab, Vec::new());
        }
        for data in &module.data {
            if data.section != DataSection::ReadOnly {
                continue;
            }
            if let Some(methods) = known.itabs.get_mut(&data.sym) {
                let count = data.size.saturating_sub(ITAB_METHODS) / 8;
                methods.resize(count as usize, None);
                for reloc in &data.relocs {
                    match *reloc {
                        DataReloc::Abs64(0, interface, 0) => {
                            let list = known.of_interface.entry(interface).or_default();
                            list.push(data.sym);
                        }
                        DataReloc::Abs64(at, code, 0) if at >= ITAB_METHODS && is_func(code) => {
                            methods[((at - ITAB_METHODS) / 8) as usize] = Some(code);
                        }
                        _ => {}
                    }
                }
            } else if data.size == 8
                && let [DataReloc::Abs64(0, target, 0)] = data.relocs[..]
                && is_func(target)
            {
                known.funcs.insert(data.sym, target);
            }
        }
        known
    }

    /// Itabs of an interface type that were made at compile time. (The run time makes others
    /// for types that are only known then.)
    pub fn itabs_of(&self, interface: SymId) -> &[SymId] {
        self.of_interface.get(&interface).map_or(&[], Vec::as_slice)
    }

    /// The code of a method in an itab.
    pub fn method(&self, itab: SymId, index: u32) -> Option<SymId> {
        *self.itabs.get(&itab)?.get(index as usize)?
    }

    /// The code of all methods in an itab, if the symbol is one.
    pub fn methods(&self, itab: SymId) -> Option<&[Option<SymId>]> {
        self.itabs.get(&itab).map(Vec::as_slice)
    }

    /// What to call instead.
    fn direct(&self, func: &Function, callee: &Callee) -> Option<Callee> {
        let (value, sig) = match callee {
            Callee::Closure(value, sig) => (*value, sig),
            Callee::Interface { itab, sig, .. } => (*itab, sig),
            _ => return None,
        };
        let inst = func.def_inst(value)?;
        let Op::SymAddr(object, 0) = func.insts[inst].op else {
            return None;
        };
        let code = match callee {
            Callee::Interface { index, .. } => self.method(object, *index)?,
            _ => *self.funcs.get(&object)?,
        };
        Some(Callee::Direct(code, sig.clone()))
    }
}

/// Rewrites the calls of one function; says whether there were any.
pub fn run_function(func: &mut Function, known: &Known) -> bool {
    let mut changed = false;
    for block in func.blocks.indices() {
        for at in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            let new = match &func.insts[inst].op {
                Op::Call { callee, .. } => known.direct(func, callee),
                _ => None,
            };
            if let (Some(new), Op::Call { callee, .. }) = (new, &mut func.insts[inst].op) {
                *callee = new;
                changed = true;
            }
        }
        let new = match &func.blocks[block].term {
            Term::TailCall(callee, _) => known.direct(func, callee),
            _ => None,
        };
        if let (Some(new), Term::TailCall(callee, _)) = (new, &mut func.blocks[block].term) {
            *callee = new;
            changed = true;
        }
    }
    changed
}

/// Closure objects made in this function, with their code: objects whose first word is the
/// address of a function. A func value's code is written once, when it is made.
pub fn closures(func: &Function) -> FxHashMap<Value, SymId> {
    let mut found = FxHashMap::default();
    let insts = func.blocks.iter().flat_map(|b| &b.insts);
    for &inst in insts {
        let Op::StorePtr {
            addr,
            offset: 0,
            value,
            ..
        } = func.insts[inst].op
        else {
            continue;
        };
        let made = |v: Value| func.def_inst(v).map(|inst| &func.insts[inst].op);
        if let (Some(Op::New { .. }), Some(Op::SymAddr(code, 0))) = (made(addr), made(value)) {
            found.insert(addr, *code);
        }
    }
    found
}

/// Whether a value is a function known here.
pub fn is_known_function(
    func: &Function,
    value: Value,
    known: &Known,
    closures: &FxHashMap<Value, SymId>,
) -> bool {
    let Some(inst) = func.def_inst(value) else {
        return false;
    };
    match func.insts[inst].op {
        Op::SymAddr(object, 0) => known.funcs.contains_key(&object),
        Op::New { .. } => closures.contains_key(&value),
        _ => false,
    }
}
