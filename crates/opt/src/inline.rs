//! Replaces calls by the callee's body.
//!
//! Functions are visited callees first, so a callee has taken in what it calls before it is
//! looked at itself. A call is inlined if the callee is small, or not so small and called
//! from one place only; never if the callee must keep its own frame, can be gone on with after
//! `recover`, reads the context of an unknown closure, or is recursive. Locations of inlined instructions keep the call as
//! parent, so tracebacks and `runtime.CallersFrames` show the frames that are gone.

use crate::callgraph::{CallGraph, for_each_direct_call};
use crate::{defers, devirtualize, simplify};
use goxide_base::{FxHashMap, IndexVec, Symbol};
use goxide_ir::{
    Block, BlockCall, Callee, Function, Inst, Loc, LocData, Module, Op, Slot, Term, Value, ValueDef,
};

/// Callees of at most this cost are inlined wherever they are called.
const SMALL_COST: u32 = 40;
/// A callee called from one place only may cost this much.
const SINGLE_CALL_COST: u32 = 160;
/// A call, without its arguments.
const CALL_COST: u32 = 8;
/// Callers do not grow beyond this cost.
const MAX_CALLER_COST: u32 = 4000;

/// Inlines all over the module, if `enabled`, and simplifies frames of deferred calls, which
/// are part of what a caller takes in.
pub fn run(module: &mut Module, enabled: bool) {
    let graph = CallGraph::of(module);
    let mut calls = vec![0u32; module.functions.len()];
    for func in &module.functions {
        for_each_direct_call(func, |sym| {
            if let Some(&i) = graph.index.get(&sym) {
                calls[i] += 1;
            }
        });
    }
    let recursive: Vec<bool> = (0..module.functions.len())
        .map(|f| graph.is_recursive(module, f))
        .collect();
    let code = devirtualize::static_func_values(module);
    let mut facts = defers::Facts::of(module);
    for &f in graph.components.iter().flatten() {
        let mut func = take(module, f);
        let changed = inline_into(&mut func, |sym, closure, caller_cost| {
            if !enabled {
                return None;
            }
            let callee = *graph.index.get(&sym)?;
            if callee == f || recursive[callee] {
                return None;
            }
            let body = &module.functions[callee];
            // A slow path called from one place must not make the fast path too large to be
            // inlined itself.
            let is_fast_path = caller_cost <= SMALL_COST && calls[f] > 1;
            let limit = if calls[callee] == 1 && !is_fast_path {
                SINGLE_CALL_COST
            } else {
                SMALL_COST
            };
            if body.flags.closure && !closure {
                return None;
            }
            let cost = can_inline(body, limit)?;
            (caller_cost + cost <= MAX_CALLER_COST).then_some((body, cost))
        });
        if changed {
            devirtualize::run_function(&mut func, &code);
            simplify::run(&mut func);
        }
        facts.simplify_frames(&mut func);
        facts.note(&func);
        module.functions[f] = func;
    }
    defers::drop_unused_handlers(module);
}

/// Takes a function out of the module; an empty one with its symbol stays in its place.
fn take(module: &mut Module, f: usize) -> Function {
    let placeholder = {
        let func = &module.functions[f];
        Function::new(func.sym, Symbol::EMPTY, func.sig.clone(), func.pos)
    };
    std::mem::replace(&mut module.functions[f], placeholder)
}

/// The cost of a body if it may be inlined and costs at most `limit`.
fn can_inline(func: &Function, limit: u32) -> Option<u32> {
    let flags = func.flags;
    if flags.no_inline || flags.no_return || flags.cold {
        return None;
    }
    let mut cost = 0u32;
    for block in &func.blocks {
        match &block.term {
            Term::Open => return None,
            Term::TailCall(_, args) => cost += CALL_COST + args.len() as u32,
            _ => cost += 1,
        }
        for &inst in &block.insts {
            cost += op_cost(&func.insts[inst].op)?;
            if cost > limit {
                return None;
            }
        }
    }
    Some(cost)
}

fn op_cost(op: &Op) -> Option<u32> {
    Some(match op {
        Op::FramePtr | Op::CallerFrame(_) => return None,
        Op::DeferEnter {
            landing: Some(_), ..
        } => return None,
        Op::ClosureCtx
        | Op::Iconst(..)
        | Op::Fconst(..)
        | Op::SymAddr(..)
        | Op::SlotAddr(..)
        | Op::GetG => 0,
        Op::Call { args, .. } => CALL_COST + args.len() as u32,
        Op::New { .. } => 6,
        Op::MemCopy { .. } | Op::MemZero { .. } => 4,
        Op::BoundsCheck(..) | Op::Check(..) => 2,
        _ => 1,
    })
}

/// Inlines into one function what `choose` gives for a callee, whether its closure is at
/// hand, and the caller's cost.
fn inline_into<'m>(
    func: &mut Function,
    choose: impl Fn(goxide_ir::SymId, bool, u32) -> Option<(&'m Function, u32)>,
) -> bool {
    let mut cost: u32 = func
        .blocks
        .iter()
        .map(|b| b.insts.len() as u32)
        .fold(0, u32::saturating_add);
    let mut changed = false;
    // New blocks are appended: they are not looked at again, their calls were judged when
    // the callee itself was the caller.
    for block in func.blocks.indices() {
        let mut block = block;
        let mut at = 0;
        while at < func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            at += 1;
            let Op::Call { callee, .. } = &func.insts[inst].op else {
                continue;
            };
            let (sym, closure) = match callee {
                Callee::Direct(sym, _) => (*sym, None),
                Callee::Known(sym, closure, _) => (*sym, Some(*closure)),
                _ => continue,
            };
            let Some((body, added)) = choose(sym, closure.is_some(), cost) else {
                continue;
            };
            block = Splice::new(func, body, closure).run(block, at - 1, inst);
            at = 0;
            cost += added;
            changed = true;
        }
    }
    changed
}

/// One inlining: the copy of a body into a caller.
struct Splice<'f, 'm> {
    func: &'f mut Function,
    body: &'m Function,
    /// What the body's closure context is.
    closure: Option<Value>,
    values: IndexVec<Value, Value>,
    blocks: IndexVec<Block, Block>,
    slots: IndexVec<Slot, Slot>,
    locs: FxHashMap<Loc, Loc>,
}

impl<'f, 'm> Splice<'f, 'm> {
    fn new(func: &'f mut Function, body: &'m Function, closure: Option<Value>) -> Self {
        Splice {
            closure,
            values: IndexVec::filled(Value(u32::MAX), body.values.len()),
            blocks: IndexVec::new(),
            slots: IndexVec::new(),
            locs: FxHashMap::default(),
            func,
            body,
        }
    }

    /// Splits `block` at its instruction `at`, the call, and puts the body in between. Gives
    /// the block with the rest.
    fn run(mut self, block: Block, at: usize, call: Inst) -> Block {
        let call_loc = self.func.insts[call].loc;
        let rest = self.split(block, at);
        let results = self.func.insts[call].results.clone();
        for (i, &result) in results.iter().enumerate() {
            // The call's results become the parameters of the rest.
            self.func.values[result].def = ValueDef::Param(rest, i as u32);
            self.func.blocks[rest].params.push(result);
        }
        self.func.insts[call].results.clear();
        self.copy_slots();
        self.make_blocks(call);
        for source in self.body.reverse_postorder() {
            self.copy_block(source, rest, call_loc);
        }
        let entry = self.blocks[Function::ENTRY];
        self.func.blocks[block].term = Term::Jump(BlockCall {
            block: entry,
            args: Default::default(),
        });
        self.func.blocks[block].term_loc = call_loc;
        rest
    }

    /// Moves what follows the call to a new block; drops the call.
    fn split(&mut self, block: Block, at: usize) -> Block {
        let rest = self.func.add_block();
        let data = &mut self.func.blocks[block];
        let tail = data.insts.split_off(at + 1);
        data.insts.pop();
        let term = std::mem::replace(&mut data.term, Term::Open);
        let (loc, cold) = (data.term_loc, data.cold);
        let data = &mut self.func.blocks[rest];
        data.insts = tail;
        data.term = term;
        data.term_loc = loc;
        data.cold = cold;
        rest
    }

    fn copy_slots(&mut self) {
        for slot in &self.body.slots {
            let new = self.func.slots.push(*slot);
            self.slots.push(new);
        }
    }

    /// New blocks with parameters; the entry's stand for the call's arguments.
    fn make_blocks(&mut self, call: Inst) {
        let args = match &self.func.insts[call].op {
            Op::Call { args, .. } => args.clone(),
            _ => Vec::new(),
        };
        for (source, data) in self.body.blocks.iter_enumerated() {
            let new = self.func.add_block();
            self.func.blocks[new].cold = data.cold;
            self.blocks.push(new);
            for (i, &param) in data.params.iter().enumerate() {
                self.values[param] = if source == Function::ENTRY {
                    args[i]
                } else {
                    self.func.add_param(new, self.body.ty(param))
                };
            }
        }
    }

    fn copy_block(&mut self, source: Block, rest: Block, call_loc: Loc) {
        let data = &self.body.blocks[source];
        let target = self.blocks[source];
        for &inst in &data.insts {
            let original = &self.body.insts[inst];
            if let (Op::ClosureCtx, Some(closure)) = (&original.op, self.closure) {
                self.values[original.results[0]] = closure;
                continue;
            }
            let mut op = original.op.clone();
            op.for_each_use_mut(|v| *v = self.values[*v]);
            if let Op::SlotAddr(slot, _) = &mut op {
                *slot = self.slots[*slot];
            }
            let loc = self.loc(original.loc, call_loc);
            let new = self.func.append(target, op, loc);
            for (old, new) in original
                .results
                .iter()
                .zip(self.func.insts[new].results.clone())
            {
                self.values[*old] = new;
            }
        }
        let mut term = match &data.term {
            Term::Return(values) => {
                let args = values.iter().copied().collect();
                // Values are mapped below, the target is the caller's.
                let mut to = BlockCall { block: rest, args };
                to.args.iter_mut().for_each(|v| *v = self.values[*v]);
                self.func.blocks[target].term = Term::Jump(to);
                self.func.blocks[target].term_loc = self.loc(data.term_loc, call_loc);
                return;
            }
            Term::TailCall(callee, args) => {
                return self.copy_tail_call(target, rest, callee, args, data.term_loc, call_loc);
            }
            other => other.clone(),
        };
        term.for_each_use_mut(|v| *v = self.values[*v]);
        term.for_each_target_mut(|b| *b = self.blocks[*b]);
        self.func.blocks[target].term = term;
        self.func.blocks[target].term_loc = self.loc(data.term_loc, call_loc);
    }

    /// A tail call becomes a call; its results are the body's, or dropped if it has none.
    fn copy_tail_call(
        &mut self,
        target: Block,
        rest: Block,
        callee: &Callee,
        args: &[Value],
        loc: Loc,
        call_loc: Loc,
    ) {
        let mut op = Op::Call {
            callee: callee.clone(),
            args: args.to_vec(),
            site: None,
        };
        op.for_each_use_mut(|v| *v = self.values[*v]);
        let loc = self.loc(loc, call_loc);
        let inst = self.func.append(target, op, loc);
        let wanted = self.func.blocks[rest].params.len();
        let results = self.func.insts[inst].results.iter().take(wanted);
        let args = results.copied().collect();
        self.func.blocks[target].term = Term::Jump(BlockCall { block: rest, args });
        self.func.blocks[target].term_loc = loc;
    }

    /// A location of the body with the call as outermost parent; a wrapper has none of its
    /// own.
    fn loc(&mut self, loc: Loc, call: Loc) -> Loc {
        if let Some(&known) = self.locs.get(&loc) {
            return known;
        }
        let data = self.body.locs[loc];
        if self.body.flags.wrapper && data.parent.is_none() {
            return call;
        }
        let parent = match data.parent {
            Some(parent) => self.loc(parent, call),
            None => call,
        };
        let new = self.func.locs.push(LocData {
            parent: Some(parent),
            ..data
        });
        self.locs.insert(loc, new);
        new
    }
}
