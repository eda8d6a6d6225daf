//! Calls of interface methods that only few types can answer compare the itab first.
//!
//! If the program makes at most [`MAX_TYPES`] itabs of an interface type, and the methods are
//! small enough to be inlined, a call becomes a chain of comparisons of the itab word, each
//! with a direct call behind it. The call through the itab stays as the last resort, in a cold
//! block: the run time may make itabs that the compiler does not know, and a nil interface
//! must fault there.
//!
//! Rejected: one comparison for the most frequent type (there is no profile), and larger sets
//! (a mispredicted chain costs more than a mispredicted indirect call).

use crate::devirtualize::Known;
use crate::inline;
use crate::whole::Context;
use goxide_base::{FxHashMap, task};
use goxide_ir::{
    Block, BlockCall, Callee, Function, Inst, IntCc, Module, Op, SymId, Term, ValueDef,
};
use smallvec::SmallVec;
use std::sync::Arc;

/// Larger sets of types are called through the itab.
const MAX_TYPES: usize = 4;
/// The methods of all types together may cost this much once they are inlined.
const MAX_COST: u32 = 48;

/// The itabs to compare with, and the code of the method.
type Cases = SmallVec<[(SymId, SymId); MAX_TYPES]>;

/// What is known about the interface types of a program.
pub struct Interfaces {
    known: Arc<Known>,
    /// What small functions cost once they are inlined.
    small: FxHashMap<SymId, u32>,
    /// Which cases a method of an interface type has, found once for each.
    cases: FxHashMap<(SymId, u32), Option<Cases>>,
}

/// Rewrites the calls of a whole module.
pub fn run(module: &mut Module, context: &mut Context) {
    if !context.options.inline {
        return;
    }
    let mut interfaces = Interfaces::of(module, context.known(module), []);
    for func in &mut module.functions {
        interfaces.rewrite(func);
    }
}

impl Interfaces {
    /// Looks through a module whose data is known; `others` are the costs of functions that
    /// are not in it.
    pub fn of(
        module: &Module,
        known: Arc<Known>,
        others: impl IntoIterator<Item = (SymId, u32)>,
    ) -> Interfaces {
        let functions = module.functions.iter();
        let costs = functions.filter_map(|f| Some((f.sym, inline::small_cost(f)?)));
        Interfaces {
            known,
            small: costs.chain(others).collect(),
            cases: FxHashMap::default(),
        }
    }

    /// What a function costs once it is inlined, if it is small.
    pub fn small_cost(&self, function: SymId) -> Option<u32> {
        self.small.get(&function).copied()
    }

    /// The itabs to compare with for a call of a method of an interface type, and the code
    /// of each.
    pub fn cases(&mut self, interface: SymId, index: u32) -> Option<&[(SymId, SymId)]> {
        let find = || cases_of(&self.known, &self.small, interface, index);
        let cases = self.cases.entry((interface, index)).or_insert_with(find);
        cases.as_deref()
    }

    /// Rewrites the calls of one function.
    pub fn rewrite(&mut self, func: &mut Function) {
        task::working_on("optimise", func.name);
        let mut at = 0;
        while at < func.blocks.len() {
            rewrite_block(func, Block(at as u32), |interface, index| {
                self.cases(interface, index).map(Cases::from)
            });
            at += 1;
        }
    }
}

fn cases_of(
    known: &Known,
    small: &FxHashMap<SymId, u32>,
    iface: SymId,
    index: u32,
) -> Option<Cases> {
    let itabs = known.itabs_of(iface);
    if itabs.is_empty() || itabs.len() > MAX_TYPES {
        return None;
    }
    let case = |&itab: &SymId| Some((itab, known.method(itab, index)?));
    let cases: Cases = itabs.iter().map(case).collect::<Option<_>>()?;
    let costs = cases.iter().map(|(_, f)| small.get(f).copied());
    let cost = costs.sum::<Option<u32>>()?;
    (cost <= MAX_COST).then_some(cases)
}

/// Rewrites the first fit call of a block; the rest of the block goes to a new one, which is
/// looked at later.
fn rewrite_block(
    func: &mut Function,
    block: Block,
    mut cases_of: impl FnMut(SymId, u32) -> Option<Cases>,
) {
    if func.blocks[block].cold {
        return;
    }
    for at in 0..func.blocks[block].insts.len() {
        let inst = func.blocks[block].insts[at];
        if let Op::Call {
            callee: Callee::Interface { index, iface, .. },
            ..
        } = func.insts[inst].op
            && let Some(cases) = cases_of(iface, index)
        {
            split_call(func, block, at, inst, &cases);
            return;
        }
    }
}

fn split_call(func: &mut Function, block: Block, at: usize, call: Inst, cases: &Cases) {
    let loc = func.insts[call].loc;
    let rest = func.split_block(block, at);
    func.blocks[block].insts.pop();
    let old_results = std::mem::take(&mut func.insts[call].results);
    for (i, &result) in old_results.iter().enumerate() {
        func.values[result].def = ValueDef::Param(rest, i as u32);
        func.blocks[rest].params.push(result);
    }
    let Op::Call { callee, args, site } = func.insts[call].op.clone() else {
        return;
    };
    let Callee::Interface { itab, sig, .. } = &callee else {
        return;
    };
    let mut from = block;
    for &(candidate, code) in cases {
        let address = func.append(from, Op::SymAddr(candidate, 0), loc);
        let address = func.insts[address].results[0];
        let same = func.append(from, Op::Icmp(IntCc::Eq, *itab, address), loc);
        let same = func.insts[same].results[0];
        let (hit, miss) = (func.add_block(), func.add_block());
        let edge = |block| BlockCall {
            block,
            args: SmallVec::new(),
        };
        func.blocks[from].term = Term::Branch(same, edge(hit), edge(miss));
        func.blocks[from].term_loc = loc;
        let callee = Callee::Direct(code, sig.clone());
        let args = args.clone();
        call_and_go_on(func, hit, Op::Call { callee, args, site }, loc, rest);
        from = miss;
    }
    func.blocks[from].cold = true;
    call_and_go_on(func, from, Op::Call { callee, args, site }, loc, rest);
}

/// A block with one call that goes on with its results.
fn call_and_go_on(func: &mut Function, block: Block, call: Op, loc: goxide_ir::Loc, rest: Block) {
    let call = func.append(block, call, loc);
    let args = func.insts[call].results.iter().copied().collect();
    func.blocks[block].term = Term::Jump(BlockCall { block: rest, args });
    func.blocks[block].term_loc = loc;
}
