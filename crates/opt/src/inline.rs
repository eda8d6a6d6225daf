//! Replaces calls by the callee's body.
//!
//! Functions are visited callees first, so a callee has taken in what it calls before it is
//! looked at itself. A call is inlined if the callee is small, or not so small and called
//! from one place only, or if it is given a function that is known here: then the calls of
//! that function inside can be inlined in their turn. Never if the callee must keep its own
//! frame or may be gone on with after `recover`. Locations of inlined instructions keep the
//! call as parent, so tracebacks and `runtime.CallersFrames` show the frames that are gone.
//!
//! A callee with a loop is not worth it as a rule: a call costs little against a loop, and
//! the registers of the loop would be shared with the caller (Cranelift spills inside a loop
//! what lives across a call behind it).
//!
//! A small recursive function without loops takes in itself, a level or two deep. Rejected:
//! inlining members of larger recursions into each other (order would matter, little won).

use crate::callgraph::for_each_direct_call;
use crate::whole::{Context, Learned, Whole};
use crate::{Options, defers, devirtualize, simplify};
use goxide_base::{FxHashMap, FxHashSet, IndexVec, Symbol, task};
use goxide_ir::{
    Block, BlockCall, Callee, Function, Inst, Loc, LocData, Module, Note, Op, Slot, SymId, Term,
    Topic, Value, ValueDef,
};

/// Callees of at most this cost are inlined wherever they are called.
const SMALL_COST: u32 = 40;
/// A callee with a loop may cost this much.
const LOOP_COST: u32 = 24;
/// A callee called from one place only may cost this much.
const SINGLE_CALL_COST: u32 = 160;
/// A callee that is given a known function may cost this much.
const FUNC_ARG_COST: u32 = 160;
/// A call, without its arguments.
const CALL_COST: u32 = 8;
/// Callers do not grow beyond this cost.
const MAX_CALLER_COST: u32 = 4000;
/// A function that takes in itself does not grow beyond this cost.
const MAX_RECURSIVE_COST: u32 = 240;
/// How often a function is looked through for calls that became direct by inlining.
const ROUNDS: usize = 3;

/// Inlines all over the module and simplifies frames of deferred calls, which are part of
/// what a caller takes in. Leaves the functions whose results were not known before.
pub fn run(module: &mut Module, context: &mut Context) {
    let Options { inline, notes, .. } = context.options;
    let whole = &context.whole;
    let mut facts = defers::Facts::new(&whole.no_recover);
    let mut inliner = Inliner {
        index: (module.functions.iter().enumerate())
            .map(|(i, f)| (f.sym, i))
            .collect(),
        known: devirtualize::Known::of(module),
        module,
        whole,
        notes,
    };
    let mut learned = FxHashMap::default();
    for &sym in &whole.order {
        let outside = whole.outside.get(&sym);
        let Some(&f) = inliner.index.get(&sym) else {
            facts.note_known(sym, outside.is_some_and(|known| known.no_panic));
            continue;
        };
        let mut func = take(inliner.module, f);
        task::working_on("inline", func.name);
        if inline {
            inliner.take_in(&mut func);
            if whole.is_recursive_alone(sym) {
                inline_itself(&mut func);
            }
        }
        inliner.simplify_frames(&mut func, &facts);
        if notes {
            note_function(&func, &mut inliner.module.notes);
        }
        facts.note(&func);
        if outside.is_none() {
            let found = Learned {
                no_panic: facts.is_noted(sym),
                may_inline: may_inline(&func),
                summary: None,
                handlers: defers::handlers(&func),
            };
            learned.insert(sym, found);
        }
        inliner.module.functions[f] = func;
    }
    keep_new(module, whole, &learned);
    context.learned = learned;
}

/// What is needed to judge the calls of a function.
struct Inliner<'m> {
    module: &'m mut Module,
    whole: &'m Whole,
    known: devirtualize::Known,
    /// Functions by symbol.
    index: FxHashMap<SymId, usize>,
    notes: bool,
}

impl Inliner<'_> {
    /// Inlines into a function; goes on with the calls that become known by that.
    fn take_in(&mut self, func: &mut Function) {
        for _ in 0..ROUNDS {
            let closures = devirtualize::closures(func);
            let changed = inline_into(func, &closures, |func, target, cost| {
                self.body_for(func, target, cost, &closures)
            });
            if !changed {
                break;
            }
            if self.notes {
                note_calls(func, &mut self.module.notes);
            }
            simplify::run(func);
            let direct = devirtualize::run_function(func, &self.known);
            if !direct && devirtualize::closures(func).is_empty() {
                break;
            }
        }
    }

    /// The body to put in the place of a call of `func`, which has this cost by now, and what
    /// that adds to it.
    fn body_for(
        &self,
        func: &Function,
        target: &Target<'_>,
        cost: u32,
        closures: &FxHashMap<Value, SymId>,
    ) -> Option<(&Function, u32)> {
        let whole = self.whole;
        if target.sym == func.sym || whole.is_recursive(target.sym) {
            return None;
        }
        let body = &self.module.functions[*self.index.get(&target.sym)?];
        if body.sig.params.len() != target.args.len() {
            return None; // linked by name to a function of another type
        }
        // A slow path called from one place must not make the fast path too large to be
        // inlined itself.
        let is_fast_path = cost <= SMALL_COST && whole.is_called_often(func.sym);
        let limits = Limits {
            plain: if whole.is_called_once(target.sym) && !is_fast_path {
                SINGLE_CALL_COST
            } else {
                SMALL_COST
            },
            gets_function: (target.args.iter())
                .any(|a| devirtualize::is_known_function(func, *a, &self.known, closures)),
            context: target.context.is_some(),
        };
        let added = can_inline(body, &limits)?;
        (cost + added <= MAX_CALLER_COST).then_some((body, added))
    }

    fn simplify_frames(&mut self, func: &mut Function, facts: &defers::Facts<'_>) {
        for (pos, text) in facts.simplify_frames(func) {
            let mut notes = self.module.notes.iter_mut();
            if let Some(note) = notes.find(|n| n.pos == pos && n.topic == Topic::Defer) {
                note.text += text;
            }
        }
    }
}

/// Drops the functions whose results are known, and those that landings would have called.
fn keep_new(module: &mut Module, whole: &Whole, learned: &FxHashMap<SymId, Learned>) {
    let all = whole.outside.values().chain(learned.values());
    let used: FxHashSet<SymId> = all.flat_map(|known| &known.handlers).copied().collect();
    module.functions.retain(|func| {
        let unused = func.flags.landing && !used.contains(&func.sym);
        !unused && !whole.outside.contains_key(&func.sym)
    });
}

/// Whether some call of a function may be replaced by its body.
pub fn may_inline(func: &Function) -> bool {
    let limits = Limits {
        plain: SINGLE_CALL_COST.max(FUNC_ARG_COST),
        gets_function: true,
        context: true,
    };
    can_inline(func, &limits).is_some()
}

/// Notes whether a function of the source can be inlined.
fn note_function(func: &Function, notes: &mut Vec<Note>) {
    if func.flags.wrapper || func.flags.landing {
        return;
    }
    let limits = Limits {
        plain: SMALL_COST,
        gets_function: false,
        context: func.flags.closure,
    };
    let cost = can_inline(func, &limits);
    let name = without_package(func.name.as_str());
    let text = match cost {
        Some(cost) => format!("can inline {name} with cost {cost}"),
        None if func.flags.no_inline => {
            format!(
                "cannot inline {name}: keeps a frame of its own (go:noinline, recover, or the program's entry)"
            )
        }
        None => format!(
            "cannot inline {name}: too complex (cost above {SMALL_COST}, a loop, or it may go on after recover)"
        ),
    };
    notes.push(Note {
        pos: func.pos,
        topic: Topic::CanInline,
        text,
    });
}

/// Notes the calls in the function's own text that have been inlined.
fn note_calls(func: &Function, notes: &mut Vec<Note>) {
    let package = package_of(func.name.as_str());
    for loc in func.locs.iter() {
        let Some(parent) = loc.parent else { continue };
        if func.locs[parent].parent.is_some() {
            continue;
        }
        let callee = loc.function.as_str();
        // What the compiler itself has put in is no call of the source.
        let is_ours = callee
            .strip_prefix("runtime.")
            .is_some_and(|name| name.starts_with(|c: char| c.is_lowercase()));
        if is_ours && package != "runtime" {
            continue;
        }
        let shown = if package_of(callee) == package {
            without_package(callee)
        } else {
            callee.rsplit('/').next().unwrap_or(callee)
        };
        let note = Note {
            pos: func.locs[parent].pos,
            topic: Topic::Inlined,
            text: format!("inlining call to {shown}"),
        };
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
}

/// The package in a function's name: up to the first dot behind the last slash.
fn package_of(name: &str) -> &str {
    let from = name.rfind('/').map_or(0, |slash| slash + 1);
    let end = name[from..].find('.').map_or(name.len(), |dot| from + dot);
    &name[..end]
}

fn without_package(name: &str) -> &str {
    name[package_of(name).len()..].trim_start_matches('.')
}

/// Lets a small recursive function take in itself.
fn inline_itself(func: &mut Function) {
    let limits = Limits {
        plain: SMALL_COST,
        gets_function: false,
        context: false,
    };
    let Some(cost) = can_inline(func, &limits) else {
        return;
    };
    if has_loop(func) {
        return;
    }
    let own = func.sym;
    let mut calls = 0;
    for_each_direct_call(func, |sym| calls += u32::from(sym == own));
    let body = func.clone();
    let (mut level, mut total) = (cost, cost);
    for _ in 0..2 {
        level *= calls;
        total += level;
        if total > MAX_RECURSIVE_COST {
            break;
        }
        inline_into(func, &FxHashMap::default(), |_, target, _| {
            (target.sym == own).then_some((&body, cost))
        });
        simplify::run(func);
    }
}

/// Takes a function out of the module; an empty one with its symbol stays in its place.
fn take(module: &mut Module, f: usize) -> Function {
    let placeholder = {
        let func = &module.functions[f];
        Function::new(func.sym, Symbol::EMPTY, func.sig.clone(), func.pos)
    };
    std::mem::replace(&mut module.functions[f], placeholder)
}

/// What a callee may cost.
struct Limits {
    /// If nothing speaks for more.
    plain: u32,
    /// Whether an argument is a function that is known.
    gets_function: bool,
    /// Whether the closure context is known.
    context: bool,
}

/// The cost of a body if it may be inlined.
fn can_inline(func: &Function, limits: &Limits) -> Option<u32> {
    let flags = func.flags;
    if flags.no_inline || flags.no_return || flags.cold || flags.closure && !limits.context {
        return None;
    }
    let calls_parameter = limits.gets_function && calls_parameter(func);
    let limit = if calls_parameter {
        limits.plain.max(FUNC_ARG_COST)
    } else {
        limits.plain
    };
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
    if cost > LOOP_COST && !calls_parameter && has_loop(func) {
        return None;
    }
    Some(cost)
}

/// Whether a function calls a func value that is one of its parameters.
fn calls_parameter(func: &Function) -> bool {
    let params = &func.blocks[Function::ENTRY].params;
    let mut insts = func.blocks.iter().flat_map(|b| &b.insts);
    insts.any(|&inst| {
        matches!(&func.insts[inst].op, Op::Call { callee: Callee::Closure(v, _), .. }
            if params.contains(v))
    })
}

/// Whether some way through a function comes back to where it was.
fn has_loop(func: &Function) -> bool {
    let mut position: IndexVec<Block, usize> = IndexVec::filled(usize::MAX, func.blocks.len());
    let order = func.reverse_postorder();
    for (i, &block) in order.iter().enumerate() {
        position[block] = i;
    }
    let mut found = false;
    for &block in &order {
        let term = &func.blocks[block].term;
        term.for_each_successor(|to| found |= position[to] <= position[block]);
    }
    found
}

fn op_cost(op: &Op) -> Option<u32> {
    Some(match op {
        Op::FramePtr
        | Op::CallerFrame(_)
        | Op::DeferEnter {
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

/// A call whose callee is known.
struct Target<'a> {
    sym: SymId,
    args: &'a [Value],
    /// The closure object, if it is one with captured variables.
    context: Option<Value>,
}

/// The target of a call instruction, if it is known.
fn target<'a>(
    func: &'a Function,
    inst: Inst,
    closures: &FxHashMap<Value, SymId>,
) -> Option<Target<'a>> {
    let Op::Call { callee, args, .. } = &func.insts[inst].op else {
        return None;
    };
    let (sym, context) = match callee {
        Callee::Direct(sym, _) => (*sym, None),
        Callee::Known(sym, object, _) => (*sym, Some(*object)),
        Callee::Closure(object, _) => (*closures.get(object)?, Some(*object)),
        _ => return None,
    };
    Some(Target { sym, args, context })
}

/// The cost of a function that is so small that it is inlined wherever it is called.
pub fn small_cost(func: &Function) -> Option<u32> {
    let limits = Limits {
        plain: SMALL_COST,
        gets_function: false,
        context: false,
    };
    can_inline(func, &limits)
}

/// Inlines into one function what `choose` gives for a call and the caller's cost.
fn inline_into<'m>(
    func: &mut Function,
    closures: &FxHashMap<Value, SymId>,
    choose: impl Fn(&Function, &Target<'_>, u32) -> Option<(&'m Function, u32)>,
) -> bool {
    let mut cost: u32 = func
        .blocks
        .iter()
        .map(|b| b.insts.len() as u32)
        .fold(0, u32::saturating_add);
    let mut changed = false;
    // New blocks are appended: they are not looked at again in this round, most of their
    // calls were judged when the callee itself was the caller.
    for block in func.blocks.indices() {
        let mut block = block;
        let mut at = 0;
        while at < func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            at += 1;
            let Some(target) = target(func, inst, closures) else {
                continue;
            };
            let context = target.context;
            let Some((body, added)) = choose(func, &target, cost) else {
                continue;
            };
            block = Splice::new(func, body, context).run(block, at - 1, inst);
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
    values: IndexVec<Value, Value>,
    blocks: IndexVec<Block, Block>,
    slots: IndexVec<Slot, Slot>,
    locs: FxHashMap<Loc, Loc>,
    /// What stands for the body's closure context.
    context: Option<Value>,
}

impl<'f, 'm> Splice<'f, 'm> {
    fn new(func: &'f mut Function, body: &'m Function, context: Option<Value>) -> Self {
        Splice {
            values: IndexVec::filled(Value(u32::MAX), body.values.len()),
            blocks: IndexVec::new(),
            slots: IndexVec::new(),
            locs: FxHashMap::default(),
            context,
            func,
            body,
        }
    }

    /// Splits `block` at its instruction `at`, the call, and puts the body in between. Gives
    /// the block with the rest.
    fn run(mut self, block: Block, at: usize, call: Inst) -> Block {
        self.func.flags.reinterprets |= self.body.flags.reinterprets;
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
        let rest = self.func.split_block(block, at);
        self.func.blocks[block].insts.pop();
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
            if original.op == Op::ClosureCtx
                && let Some(context) = self.context
            {
                self.values[original.results[0]] = context;
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
                let at = (data.term_loc, call_loc);
                return self.copy_tail_call(target, rest, callee, args, at);
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
        (loc, call_loc): (Loc, Loc),
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
