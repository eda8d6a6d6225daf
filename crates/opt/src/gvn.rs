//! Removes what is known already: equal computations, loads of what memory is known to hold,
//! checks and comparisons whose outcome dominating branches and checks decide.
//!
//! One walk over the dominator tree. A table holds what the blocks above have computed, keyed
//! by operation or, for loads, by place and origin ([`Def`]); entries are taken back when a
//! part of the tree is left. A load whose place has different contents on the ways into a
//! block, all of them known, becomes a parameter of the block: this is what keeps a field in
//! a register over a loop. The stores stay where they are, so panics, other goroutines and
//! the collector see memory as the program wrote it.
//!
//! A load that may trap is a nil check. It is removed only below an equal access, which has
//! trapped before; it is marked as not trapping only below a check of the same pointer.
//!
//! Rejected: removing stores (a panic or a goroutine may look), and moving loads upwards
//! (the order of panics would change).

use crate::cfg::Cfg;
use crate::facts::Facts;
use crate::memory::{Base, Def, Found, Memory, Place};
use crate::{dce, simplify};
use goxide_abi::PanicKind;
use goxide_base::{FxHashMap, IndexVec};
use goxide_ir::{
    AliasTag, BinaryOp, Block, Function, Inst, IntCc, MemFlags, Op, Term, Ty, Value, ValueDef,
};
use smallvec::SmallVec;

/// Blocks entered on more ways get no parameters for memory.
const MAX_WAYS: usize = 6;

/// What is in the table.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The value of an operation.
    Pure(Op),
    /// The contents of a place.
    Load(Ty, Base, i64, Def),
    /// The pointer is not nil (the value says nothing).
    NotNil(Value),
    /// The condition is true (value 1) or false (value 0).
    Truth(Value),
}

/// Runs over one function.
pub fn run(func: &mut Function) {
    if func.flags.reinterprets {
        clear_tags(func);
    }
    let cfg = Cfg::of(func);
    let memory = Memory::of(func, &cfg);
    let mut gvn = Gvn {
        home: homes(func),
        func,
        cfg,
        memory,
        facts: Facts::default(),
        table: FxHashMap::default(),
        log: Vec::new(),
        decided: Vec::new(),
        folded: false,
        joined: false,
    };
    gvn.walk();
    let Gvn {
        decided,
        folded,
        joined,
        ..
    } = gvn;
    func.resolve_aliases();
    let branches = !decided.is_empty();
    for (block, truth) in decided {
        if let Term::Branch(_, a, b) = &func.blocks[block].term {
            let to = if truth { a } else { b };
            func.blocks[block].term = Term::Jump(to.clone());
        }
    }
    if joined {
        func.remove_trivial_params();
    }
    if branches || folded {
        simplify::run(func);
    } else {
        dce::run(func);
    }
}

fn clear_tags(func: &mut Function) {
    for inst in func.insts.iter_mut() {
        if let Op::Load(_, _, _, flags) | Op::Store { flags, .. } | Op::StorePtr { flags, .. } =
            &mut inst.op
        {
            flags.tag = AliasTag::default();
        }
    }
}

/// The block of each instruction.
fn homes(func: &Function) -> IndexVec<Inst, Block> {
    let mut homes = IndexVec::filled(Function::ENTRY, func.insts.len());
    for (block, data) in func.blocks.iter_enumerated() {
        for &inst in &data.insts {
            homes[inst] = block;
        }
    }
    homes
}

struct Gvn<'f> {
    func: &'f mut Function,
    cfg: Cfg,
    memory: Memory,
    home: IndexVec<Inst, Block>,
    facts: Facts,
    table: FxHashMap<Key, i64>,
    /// What the table held before, to be put back.
    log: Vec<(Key, Option<i64>)>,
    /// Branches whose way is known.
    decided: Vec<(Block, bool)>,
    /// Whether something became a constant.
    folded: bool,
    /// Whether parameters were added.
    joined: bool,
}

/// What becomes of an instruction.
enum Fate {
    Stays,
    /// Its result is this value.
    Is(Value),
    /// It is this constant.
    Becomes(Op),
    /// It does nothing.
    Goes,
}

impl Gvn<'_> {
    fn walk(&mut self) {
        let mut children: IndexVec<Block, SmallVec<[Block; 4]>> =
            IndexVec::filled(SmallVec::new(), self.func.blocks.len());
        for &block in self.cfg.order[1..].iter().rev() {
            children[self.cfg.idom(block)].push(block);
        }
        enum Step {
            Enter(Block),
            Leave(usize, usize),
        }
        let mut todo = vec![Step::Enter(Function::ENTRY)];
        while let Some(step) = todo.pop() {
            match step {
                Step::Enter(block) => {
                    todo.push(Step::Leave(self.facts.mark(), self.log.len()));
                    self.block(block);
                    todo.extend(children[block].iter().map(|b| Step::Enter(*b)));
                }
                Step::Leave(facts, entries) => {
                    self.facts.undo(facts);
                    while self.log.len() > entries {
                        let (key, old) = self.log.pop().expect("not empty");
                        match old {
                            Some(value) => self.table.insert(key, value),
                            None => self.table.remove(&key),
                        };
                    }
                }
            }
        }
    }

    fn enter(&mut self, key: Key, value: i64) {
        let old = self.table.insert(key.clone(), value);
        self.log.push((key, old));
    }

    fn known(&self, key: &Key) -> Option<Value> {
        self.table.get(key).map(|v| Value(*v as u32))
    }

    fn block(&mut self, block: Block) {
        self.learn_from_edge(block);
        self.learn_counters(block);
        let insts = std::mem::take(&mut self.func.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len());
        let mut effects = 0;
        for inst in insts {
            let mut op = std::mem::replace(&mut self.func.insts[inst].op, Op::GetG);
            op.for_each_use_mut(|v| *v = self.func.resolve(*v));
            self.func.insts[inst].op = op;
            match self.fate(block, inst, effects) {
                Fate::Stays => kept.push(inst),
                Fate::Is(value) => {
                    let result = self.func.insts[inst].results[0];
                    self.func.values[result].def = ValueDef::Alias(value);
                }
                Fate::Becomes(op) => {
                    self.func.insts[inst].op = op;
                    self.folded = true;
                    kept.push(inst);
                }
                Fate::Goes => {}
            }
            if self.memory.is_effect(block, effects, inst) {
                self.memory.update(self.func, block, effects);
                effects += 1;
            }
        }
        self.func.blocks[block].insts = kept;
        if let Term::Branch(c, a, b) = &self.func.blocks[block].term
            && a.block != b.block
            && let Some(&truth) = self.table.get(&Key::Truth(self.func.resolve(*c)))
        {
            self.decided.push((block, truth != 0));
        }
    }

    fn fate(&mut self, block: Block, inst: Inst, effects: usize) -> Fate {
        let op = self.func.insts[inst].op.clone();
        match op {
            Op::Load(ty, addr, offset, flags) => {
                let fate = self.load(ty, addr, offset, flags, inst, (block, effects));
                if matches!(fate, Fate::Stays) {
                    self.access(inst, addr);
                }
                fate
            }
            Op::Store { addr, .. } | Op::StorePtr { addr, .. } => {
                self.access(inst, addr);
                Fate::Stays
            }
            Op::NilCheck(v) => {
                if self.is_not_nil(v) {
                    return Fate::Goes;
                }
                self.enter(Key::NotNil(v), 1);
                Fate::Stays
            }
            Op::BoundsCheck(kind, index, bound) => {
                let strict = matches!(kind, PanicKind::Index | PanicKind::IndexU);
                if self.facts.in_bounds(self.func, index, bound, strict) {
                    return Fate::Goes;
                }
                self.facts.learn_index(self.func, index, bound, strict);
                Fate::Stays
            }
            Op::Check(_, condition, _) => {
                if self.table.get(&Key::Truth(condition)) == Some(&1) {
                    return Fate::Goes;
                }
                self.learn(condition, true);
                Fate::Stays
            }
            Op::Icmp(cc, a, b) => match self.decide(cc, a, b) {
                Some(truth) => Fate::Becomes(Op::Iconst(Ty::I8, i64::from(truth))),
                None => self.pure(op, inst),
            },
            _ if is_pure(&op) => self.pure(op, inst),
            _ => Fate::Stays,
        }
    }

    fn pure(&mut self, op: Op, inst: Inst) -> Fate {
        let key = Key::Pure(in_order(self.func, op));
        if let Some(value) = self.known(&key) {
            return Fate::Is(value);
        }
        let result = self.func.insts[inst].results[0];
        self.enter(key, result.0.into());
        Fate::Stays
    }

    // ---- nil ----

    fn is_not_nil(&self, v: Value) -> bool {
        self.table.contains_key(&Key::NotNil(v)) || simplify::is_not_nil(self.func, v)
    }

    /// An access that may trap does not below a check of its pointer, and is one itself.
    fn access(&mut self, inst: Inst, addr: Value) {
        let not_nil = self.is_not_nil(addr);
        let (Op::Load(_, _, _, flags) | Op::Store { flags, .. } | Op::StorePtr { flags, .. }) =
            &mut self.func.insts[inst].op
        else {
            return;
        };
        if flags.no_trap {
            return;
        }
        if not_nil {
            flags.no_trap = true;
        } else {
            self.enter(Key::NotNil(addr), 1);
        }
    }

    // ---- memory ----

    fn load(
        &mut self,
        ty: Ty,
        addr: Value,
        offset: i32,
        flags: MemFlags,
        inst: Inst,
        at: (Block, usize),
    ) -> Fate {
        let bytes = ty.bytes().into();
        let place = Place::of(self.func, addr, offset.into(), bytes, flags.tag);
        let found = self
            .memory
            .find(self.func, &self.cfg, &place, ty, flags.immutable, at);
        let def = match found {
            Found::Value(value) => return Fate::Is(value),
            Found::Zero if ty.is_float() => return Fate::Becomes(Op::Fconst(ty, 0)),
            Found::Zero => return Fate::Becomes(Op::Iconst(ty, 0)),
            Found::Def(def) => def,
        };
        let key = Key::Load(ty, place.base, place.offset, def);
        if let Some(value) = self.known(&key) {
            return Fate::Is(value);
        }
        if let Def::Start(join) = def
            && let Some(param) = self.join(&place, ty, join)
        {
            self.enter(key, param.0.into());
            return Fate::Is(param);
        }
        let result = self.func.insts[inst].results[0];
        self.enter(key, result.0.into());
        Fate::Stays
    }

    /// A parameter of a block for what a place holds there, if that is known on every way in.
    fn join(&mut self, place: &Place, ty: Ty, block: Block) -> Option<Value> {
        let mut preds = self.cfg.preds[block].clone();
        preds.sort_unstable();
        preds.dedup();
        if preds.len() < 2 || preds.len() > MAX_WAYS || !self.is_available(place.base, block) {
            return None;
        }
        // `None`: unchanged since the block was entered.
        let mut args: SmallVec<[(Block, Option<Value>); MAX_WAYS]> = SmallVec::new();
        for &pred in &preds {
            if !self.cfg.is_reachable(pred) {
                return None;
            }
            let end = (pred, self.memory.count(pred));
            let found = self
                .memory
                .find(self.func, &self.cfg, place, ty, false, end);
            let arg = match found {
                Found::Value(value) => Some(value),
                Found::Zero => return None,
                Found::Def(Def::Start(b)) if b == block => None,
                Found::Def(def) => {
                    let known = self.known(&Key::Load(ty, place.base, place.offset, def))?;
                    // (A load here that need not look at stores may have been named alike.)
                    if !self.is_available(Base::Value(known), block) {
                        return None;
                    }
                    Some(known)
                }
            };
            args.push((pred, arg));
        }
        let param = self.func.add_param(block, ty);
        for (pred, arg) in args {
            self.func.blocks[pred].term.for_each_edge_mut(|edge| {
                if edge.block == block {
                    edge.args.push(arg.unwrap_or(param));
                }
            });
        }
        self.joined = true;
        Some(param)
    }

    /// Whether an address is the same whenever the block is entered from one and the same
    /// execution of what computes it.
    fn is_available(&self, base: Base, block: Block) -> bool {
        let Base::Value(value) = base else {
            return true;
        };
        let home = match self.func.values[value].def {
            ValueDef::Param(home, _) => home,
            ValueDef::Result(inst, _) => match self.home.get(inst) {
                Some(home) => *home,
                None => return false,
            },
            ValueDef::Alias(_) => return false,
        };
        home != block && self.cfg.dominates(home, block)
    }

    // ---- conditions ----

    fn decide(&self, cc: IntCc, a: Value, b: Value) -> Option<bool> {
        if matches!(cc, IntCc::Eq | IntCc::Ne) && self.func.ty(a) == Ty::Ptr {
            let is_nil = |v: Value| self.func.as_iconst(v) == Some(0);
            let not_nil = is_nil(b) && self.is_not_nil(a) || is_nil(a) && self.is_not_nil(b);
            return not_nil.then_some(cc == IntCc::Ne);
        }
        if !self.func.ty(a).is_int() || self.func.ty(a) == Ty::Ptr {
            return None;
        }
        self.facts.decide(self.func, cc, a, b)
    }

    /// A condition is known to hold, or not to, from here on.
    fn learn(&mut self, condition: Value, truth: bool) {
        self.enter(Key::Truth(condition), truth.into());
        let Some(inst) = self.func.def_inst(condition) else {
            return;
        };
        let Op::Icmp(cc, a, b) = self.func.insts[inst].op else {
            return;
        };
        let (a, b) = (self.func.resolve(a), self.func.resolve(b));
        let cc = if truth { cc } else { cc.negated() };
        if self.func.ty(a) == Ty::Ptr {
            if cc == IntCc::Ne && self.func.as_iconst(b) == Some(0) {
                self.enter(Key::NotNil(a), 1);
            }
            return;
        }
        self.facts.learn(self.func, cc, a, b);
    }

    /// What the only edge into a block says.
    fn learn_from_edge(&mut self, block: Block) {
        let [pred] = self.cfg.preds[block][..] else {
            return;
        };
        match &self.func.blocks[pred].term {
            Term::Branch(c, a, b) if a.block != b.block => {
                let (condition, truth) = (self.func.resolve(*c), a.block == block);
                self.learn(condition, truth);
            }
            Term::Switch(v, cases, default) if default.block != block => {
                let mut here = cases.iter().filter(|(_, to)| to.block == block);
                if let (Some((n, _)), None) = (here.next(), here.next()) {
                    let (v, n) = (self.func.resolve(*v), *n);
                    let n = simplify::normalize(self.func.ty(v), n);
                    self.facts.narrow(self.func, v, (n, n));
                }
            }
            _ => {}
        }
    }

    /// Counters of a loop: a parameter that is stepped by a constant, and compared before
    /// each step so that it cannot overflow, never passes its first value backwards.
    fn learn_counters(&mut self, head: Block) {
        if !self.cfg.preds[head]
            .iter()
            .any(|p| self.cfg.is_reachable(*p) && self.cfg.dominates(head, *p))
        {
            return;
        }
        for position in 0..self.func.blocks[head].params.len() {
            let param = self.func.blocks[head].params[position];
            if self.func.ty(param) == Ty::I64
                && let Some(counter) = self.counter(head, position)
            {
                let (low, high) = self.facts.range(self.func, counter.first);
                if counter.step > 0 {
                    self.facts.narrow(self.func, param, (low, i64::MAX));
                } else {
                    self.facts.narrow(self.func, param, (i64::MIN, high));
                    self.facts.learn_upper(param, counter.first);
                }
            }
        }
    }

    fn counter(&self, head: Block, position: usize) -> Option<Counter> {
        let param = self.func.blocks[head].params[position];
        let (mut first, mut step) = (None, None);
        let mut preds = self.cfg.preds[head].clone();
        preds.sort_unstable();
        preds.dedup();
        for &pred in &preds {
            let mut args = SmallVec::<[Value; 2]>::new();
            let mut term = self.func.blocks[pred].term.clone();
            term.for_each_edge_mut(|edge| {
                if edge.block == head {
                    args.push(self.func.resolve(edge.args[position]));
                }
            });
            for arg in args {
                let (known, new) = if self.cfg.dominates(head, pred) {
                    (&mut step, step_of(self.func, param, arg)?)
                } else {
                    (&mut first, i64::from(arg.0))
                };
                if known.is_some_and(|old| old != new) {
                    return None;
                }
                *known = Some(new);
            }
        }
        let (first, step) = (Value(first? as u32), step?);
        self.is_bounded(head, param, step)
            .then_some(Counter { first, step })
    }

    /// Whether the head's comparison keeps the next step of a counter from overflowing.
    fn is_bounded(&self, head: Block, param: Value, step: i64) -> bool {
        let Term::Branch(condition, then, other) = &self.func.blocks[head].term else {
            return false;
        };
        let stays = |to: Block| {
            let backs = self.cfg.preds[head].iter();
            let mut backs = backs.filter(|p| self.cfg.dominates(head, **p));
            self.cfg.preds[to].len() == 1 && backs.all(|p| self.cfg.dominates(to, *p))
        };
        let truth = match (stays(then.block), stays(other.block)) {
            (true, false) => true,
            (false, true) => false,
            _ => return false,
        };
        let Some(inst) = self.func.def_inst(*condition) else {
            return false;
        };
        let Op::Icmp(cc, a, b) = self.func.insts[inst].op else {
            return false;
        };
        let cc = if truth { cc } else { cc.negated() };
        let (a, b) = (self.func.resolve(a), self.func.resolve(b));
        let (cc, limit) = if a == param {
            (cc, b)
        } else if b == param {
            (cc.turned(), a)
        } else {
            return false;
        };
        let (low, high) = self.facts.range(self.func, limit);
        match cc {
            IntCc::Slt if step > 0 => step == 1 || high.checked_add(step).is_some(),
            IntCc::Sle if step > 0 => high.checked_add(step).is_some(),
            IntCc::Sgt if step < 0 => step == -1 || low.checked_add(step).is_some(),
            IntCc::Sge if step < 0 => low.checked_add(step).is_some(),
            _ => false,
        }
    }
}

/// A loop's counter.
struct Counter {
    first: Value,
    step: i64,
}

/// The constant by which `next` differs from `param`, not 0.
fn step_of(func: &Function, param: Value, next: Value) -> Option<i64> {
    let inst = func.def_inst(next)?;
    let by = match func.insts[inst].op {
        Op::Binary(BinaryOp::Iadd, a, c) if func.resolve(a) == param => func.as_iconst(c)?,
        Op::Binary(BinaryOp::Isub, a, c) if func.resolve(a) == param => {
            func.as_iconst(c)?.checked_neg()?
        }
        _ => return None,
    };
    (by != 0).then_some(by)
}

/// Whether equal operands give equal results, of which there is one.
fn is_pure(op: &Op) -> bool {
    matches!(
        op,
        Op::Iconst(..)
            | Op::Fconst(..)
            | Op::SymAddr(..)
            | Op::SlotAddr(..)
            | Op::Unary(..)
            | Op::Binary(..)
            | Op::Fcmp(..)
            | Op::Convert(..)
            | Op::Select(..)
            | Op::Fma(..)
    )
}

/// The operation with operands that may be exchanged in a fixed order.
fn in_order(func: &Function, op: Op) -> Op {
    use BinaryOp::*;
    match op {
        Op::Binary(op @ (Iadd | Imul | Band | Bor | Bxor), a, b)
            if a > b && func.ty(a) == func.ty(b) && func.ty(a) != Ty::Ptr =>
        {
            Op::Binary(op, b, a)
        }
        other => other,
    }
}
