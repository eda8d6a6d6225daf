//! What memory an operation touches, and where the contents of a place were last changed.
//!
//! Every block has a list of its effects: stores, copies, calls. To find what a load reads,
//! the lists are walked backwards along the dominator tree; between a block and its
//! dominator stands a [`Summary`] of all effects on the ways between the two. The walk ends
//! at a [`Def`]: two loads of one place that end at the same one read the same value.
//!
//! Places do not overlap if their bytes differ with the same base, if they are in different
//! objects, if one is in an object whose address never leaves the function and the other is
//! reached through a pointer of unknown origin, or if their tags differ.
//!
//! Calls and atomic operations change everything that others can reach: Go's memory model
//! lets other goroutines' writes appear there, and nowhere else is it owed to see them.
//!
//! Rejected: full memory SSA (its construction costs what the walk costs, for every function,
//! loads or not), and field-sensitive tags (little is won after the rules above).

use crate::cfg::Cfg;
use goxide_base::{FxHashSet, IndexVec};
use goxide_ir::{
    AliasTag, BinaryOp, Block, Callee, Function, Inst, Op, Slot, SymId, Term, Ty, Value,
};
use smallvec::SmallVec;

/// Effects and blocks a walk looks at before it gives up.
const WALK_STEPS: u32 = 40;
/// Objects a summary lists by name.
const SUMMARY_ROOTS: usize = 6;

/// What an address is computed from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Root {
    /// A stack slot.
    Slot(Slot),
    /// Static data.
    Sym(SymId),
    /// An object made in this function.
    New(Value),
    /// Anything.
    Unknown,
}

/// An address without its constant part.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Base {
    /// Start of a slot.
    Slot(Slot),
    /// Start of static data.
    Sym(SymId),
    /// A value.
    Value(Value),
}

/// Some bytes of memory.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where the address comes from.
    pub root: Root,
    /// What the offset is counted from.
    pub base: Base,
    /// Offset from the base.
    pub offset: i64,
    /// Number of bytes.
    pub bytes: u64,
    /// Tag of the access.
    pub tag: AliasTag,
}

impl Place {
    /// The place of an access.
    pub fn of(func: &Function, addr: Value, offset: i64, bytes: u64, tag: AliasTag) -> Place {
        let (base, offset) = base_of(func, addr, offset);
        Place {
            root: root_of(func, addr),
            base,
            offset,
            bytes,
            tag,
        }
    }

    /// Whether both are the same bytes.
    pub fn is(&self, other: &Place) -> bool {
        self.base == other.base && self.offset == other.offset && self.bytes == other.bytes
    }

    fn covers(&self, other: &Place) -> bool {
        self.base == other.base
            && self.offset <= other.offset
            && other.offset.wrapping_sub(self.offset) as u64 + other.bytes <= self.bytes
    }
}

/// Splits off constant offsets.
fn base_of(func: &Function, addr: Value, mut offset: i64) -> (Base, i64) {
    let mut at = func.resolve(addr);
    while let Some(inst) = func.def_inst(at) {
        match func.insts[inst].op {
            Op::Binary(BinaryOp::Iadd, base, by) if func.ty(base) == Ty::Ptr => {
                let Some(sum) = func.as_iconst(by).and_then(|n| offset.checked_add(n)) else {
                    break;
                };
                offset = sum;
                at = func.resolve(base);
            }
            Op::SlotAddr(slot, n) => return (Base::Slot(slot), offset.wrapping_add(n.into())),
            Op::SymAddr(sym, n) => return (Base::Sym(sym), offset.wrapping_add(n)),
            _ => break,
        }
    }
    (Base::Value(at), offset)
}

/// The object that an address is derived from.
fn root_of(func: &Function, addr: Value) -> Root {
    let mut at = func.resolve(addr);
    while let Some(inst) = func.def_inst(at) {
        match func.insts[inst].op {
            Op::Binary(BinaryOp::Iadd | BinaryOp::Isub, base, _) if func.ty(base) == Ty::Ptr => {
                at = func.resolve(base);
            }
            Op::SlotAddr(slot, _) => return Root::Slot(slot),
            Op::SymAddr(sym, _) => return Root::Sym(sym),
            Op::New { .. } => return Root::New(at),
            _ => break,
        }
    }
    Root::Unknown
}

/// What an instruction does to memory.
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// Writes a value to a place.
    Store(Place, Value),
    /// Zeroes a place.
    Zero(Place),
    /// Writes a place in a way not followed.
    Write(Place),
    /// Makes a zeroed object.
    New(Value),
    /// May write all that others can reach.
    All,
}

/// Where the contents of a place come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Def {
    /// They are what they were right after this instruction (`u32::MAX`: a terminator).
    After(Inst),
    /// They are what they were at the start of this block.
    Start(Block),
}

/// What a walk found.
pub enum Found {
    /// The value that was stored.
    Value(Value),
    /// Zero.
    Zero,
    /// An unknown value of this origin.
    Def(Def),
}

/// What may be written on the ways between two points.
#[derive(Clone, Default)]
struct Summary {
    /// Calls or other unknown effects.
    all: bool,
    /// Bit n: a store with tag n through an unknown pointer; tags of 63 and more share a bit.
    tags: u64,
    /// Objects written to.
    roots: SmallVec<[Root; SUMMARY_ROOTS]>,
    /// More objects than fit.
    many_roots: bool,
}

impl Summary {
    fn add(&mut self, effect: &Effect) {
        match effect {
            Effect::All => self.all = true,
            // A new object has no old contents, but one of the last round has.
            Effect::New(v) => self.add_root(Root::New(*v)),
            Effect::Store(p, _) | Effect::Zero(p) | Effect::Write(p) => {
                self.tags |= 1 << p.tag.0.min(63);
                if p.root != Root::Unknown {
                    self.add_root(p.root);
                }
            }
        }
    }

    fn add_root(&mut self, root: Root) {
        if self.roots.contains(&root) {
            return;
        }
        if self.roots.len() == SUMMARY_ROOTS {
            self.many_roots = true;
        } else {
            self.roots.push(root);
        }
    }

    fn join(&mut self, other: &Summary) {
        self.all |= other.all;
        self.tags |= other.tags;
        self.many_roots |= other.many_roots;
        for root in &other.roots {
            self.add_root(*root);
        }
    }

    fn writes(&self, place: &Place, private: bool) -> bool {
        if private {
            return self.many_roots || self.roots.contains(&place.root);
        }
        let tags = match place.tag.0 {
            0 => u64::MAX,
            n => 1 | 1 << n.min(63),
        };
        self.all || self.tags & tags != 0
    }
}

/// The effects of a function.
pub struct Memory {
    effects: IndexVec<Block, Vec<(Inst, Effect)>>,
    /// For each block what is written between its dominator and its start.
    before: IndexVec<Block, Summary>,
    /// For each head of a loop what is written in the loop.
    rounds: IndexVec<Block, Option<Summary>>,
    /// Objects whose address leaves the function's own loads and stores.
    shared: FxHashSet<Root>,
}

impl Memory {
    /// Looks through a function.
    pub fn of(func: &Function, cfg: &Cfg) -> Memory {
        let mut memory = Memory {
            effects: IndexVec::filled(Vec::new(), func.blocks.len()),
            before: IndexVec::filled(Summary::default(), func.blocks.len()),
            rounds: IndexVec::filled(None, func.blocks.len()),
            shared: FxHashSet::default(),
        };
        let mut any = false;
        for &block in &cfg.order {
            for &inst in &func.blocks[block].insts {
                memory.note_shared(func, &func.insts[inst].op);
                if let Some(effect) = effect_of(func, inst) {
                    memory.effects[block].push((inst, effect));
                    any = true;
                }
            }
            memory.note_shared_by_term(func, &func.blocks[block].term);
            if matches!(func.blocks[block].term, Term::TryCall { .. }) {
                let end = (Inst(u32::MAX - block.0), Effect::All);
                memory.effects[block].push(end);
                any = true;
            }
        }
        if any {
            memory.summarize(cfg);
        }
        memory
    }

    /// Number of effects of a block.
    pub fn count(&self, block: Block) -> usize {
        self.effects[block].len()
    }

    /// Whether an instruction is effect `n` of a block.
    pub fn is_effect(&self, block: Block, n: usize, inst: Inst) -> bool {
        self.effects[block].get(n).is_some_and(|e| e.0 == inst)
    }

    /// The effect of a block's `n`th effective instruction may be known better now.
    pub fn update(&mut self, func: &Function, block: Block, n: usize) {
        let inst = self.effects[block][n].0;
        if let Some(effect) = effect_of(func, inst) {
            self.effects[block][n].1 = effect;
        }
    }

    /// Whether something in the loop with this head may write a place.
    pub fn changes_in_loop(&self, head: Block, place: &Place) -> bool {
        let private = self.is_private(place.root);
        let rounds = self.rounds[head].as_ref();
        rounds.is_some_and(|sum| sum.writes(place, private))
    }

    fn is_private(&self, root: Root) -> bool {
        matches!(root, Root::Slot(_) | Root::New(_)) && !self.shared.contains(&root)
    }

    fn overlap(&self, a: &Place, b: &Place) -> bool {
        if a.tag != b.tag && a.tag.0 != 0 && b.tag.0 != 0 {
            return false;
        }
        if a.base == b.base {
            let (first, second) = if a.offset <= b.offset { (a, b) } else { (b, a) };
            return (second.offset.wrapping_sub(first.offset) as u64) < first.bytes;
        }
        match (a.root, b.root) {
            (Root::Unknown, Root::Unknown) => true,
            (Root::Unknown, known) | (known, Root::Unknown) => !self.is_private(known),
            (x, y) => x == y,
        }
    }

    /// Looks for the contents of a place before effect `n` of a block. `immutable`: nothing
    /// changes them once they can be read.
    pub fn find(
        &self,
        func: &Function,
        cfg: &Cfg,
        place: &Place,
        ty: Ty,
        immutable: bool,
        (mut block, mut n): (Block, usize),
    ) -> Found {
        let private = self.is_private(place.root);
        for _ in 0..WALK_STEPS {
            for (inst, effect) in self.effects[block][..n]
                .iter()
                .rev()
                .take(WALK_STEPS as usize)
            {
                let changes =
                    |p: &Place| self.overlap(p, place) && (!immutable || p.base == place.base);
                let changed = match effect {
                    Effect::Store(p, value) if p.is(place) && func.ty(*value) == ty => {
                        return Found::Value(func.resolve(*value));
                    }
                    Effect::Zero(p) if p.covers(place) => return Found::Zero,
                    Effect::Store(p, _) | Effect::Zero(p) | Effect::Write(p) => changes(p),
                    Effect::New(v) if place.root == Root::New(func.resolve(*v)) => {
                        return Found::Zero;
                    }
                    Effect::New(_) => false,
                    Effect::All => !private && !immutable,
                };
                if changed {
                    return Found::Def(Def::After(*inst));
                }
            }
            let too_many = n > WALK_STEPS as usize;
            if too_many {
                let at = n - WALK_STEPS as usize;
                return Found::Def(Def::After(self.effects[block][at].0));
            }
            let changed = !immutable && self.before[block].writes(place, private);
            if block == Function::ENTRY || changed {
                return Found::Def(Def::Start(block));
            }
            block = cfg.idom(block);
            n = self.effects[block].len();
        }
        // Right behind the last effect of the block is as good a name as any.
        Found::Def(match self.effects[block].last() {
            Some((inst, _)) => Def::After(*inst),
            None => Def::Start(block),
        })
    }

    // ---- addresses that leave ----

    fn share(&mut self, func: &Function, value: Value) {
        if func.ty(value) == Ty::Ptr {
            let root = root_of(func, value);
            if root != Root::Unknown {
                self.shared.insert(root);
            }
        }
    }

    fn note_shared(&mut self, func: &Function, op: &Op) {
        match op {
            Op::Load(..) | Op::NilCheck(_) | Op::Icmp(..) | Op::Store { .. } => {}
            Op::MemCopy { .. } | Op::MemZero { .. } | Op::KeepAlive(_) => {}
            Op::Binary(BinaryOp::Iadd | BinaryOp::Isub, ..) => {}
            Op::StorePtr { value, .. } => self.share(func, *value),
            other => {
                let mut uses = SmallVec::<[Value; 8]>::new();
                other.clone().for_each_use_mut(|v| uses.push(*v));
                uses.into_iter().for_each(|v| self.share(func, v));
            }
        }
    }

    fn note_shared_by_term(&mut self, func: &Function, term: &Term) {
        let mut uses = SmallVec::<[Value; 8]>::new();
        term.clone().for_each_use_mut(|v| uses.push(*v));
        uses.into_iter().for_each(|v| self.share(func, v));
    }

    // ---- summaries ----

    fn summarize(&mut self, cfg: &Cfg) {
        let own: IndexVec<Block, Summary> = self
            .effects
            .iter()
            .map(|list| {
                let mut sum = Summary::default();
                list.iter().for_each(|(_, e)| sum.add(e));
                sum
            })
            .collect();
        for l in cfg.loops() {
            let mut sum = Summary::default();
            for &member in cfg.order.iter().filter(|b| l.contains(**b)) {
                sum.join(&own[member]);
            }
            self.rounds[l.header] = Some(sum);
        }
        for &block in &cfg.order[1..] {
            let mut sum = self.rounds[block].clone().unwrap_or_default();
            let dominator = cfg.idom(block);
            for &pred in &cfg.preds[block] {
                if !cfg.is_reachable(pred) || cfg.dominates(block, pred) {
                    continue;
                }
                if cfg.position(pred) >= cfg.position(block) {
                    // No natural loop: nothing is known.
                    sum.all = true;
                    sum.tags = u64::MAX;
                    sum.many_roots = true;
                    continue;
                }
                let mut at = pred;
                while at != dominator {
                    sum.join(&own[at]);
                    sum.join(&self.before[at]);
                    at = cfg.idom(at);
                }
            }
            self.before[block] = sum;
        }
    }
}

fn effect_of(func: &Function, inst: Inst) -> Option<Effect> {
    Some(match &func.insts[inst].op {
        Op::Store {
            addr,
            offset,
            value,
            flags,
        }
        | Op::StorePtr {
            addr,
            offset,
            value,
            flags,
        } => {
            let bytes = func.ty(*value).bytes().into();
            let place = Place::of(func, *addr, i64::from(*offset), bytes, flags.tag);
            Effect::Store(place, *value)
        }
        Op::MemZero { dst, bytes, .. } => {
            Effect::Zero(Place::of(func, *dst, 0, *bytes, AliasTag::default()))
        }
        Op::MemCopy { dst, bytes, .. } => {
            Effect::Write(Place::of(func, *dst, 0, *bytes, AliasTag::default()))
        }
        Op::New { .. } => Effect::New(func.insts[inst].results[0]),
        Op::Call {
            callee: Callee::Runtime(index),
            ..
        } if only_reads(*index) => return None,
        Op::Call { .. }
        | Op::AtomicLoad(..)
        | Op::AtomicStore(..)
        | Op::AtomicRmw(..)
        | Op::AtomicCas(..) => Effect::All,
        _ => return None,
    })
}

/// Runtime calls that write no memory that Go code reads.
fn only_reads(index: u16) -> bool {
    let call = goxide_abi::RUNTIME_CALLS.get(index as usize);
    call.is_some_and(|c| matches!(c.name, "memequal" | "index_byte" | "mem_compare"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use goxide_base::Idx;

    #[test]
    fn a_summary_of_many_objects_still_answers() {
        let mut sum = Summary::default();
        for i in 0..10 {
            sum.add_root(Root::Slot(Slot::new(i)));
        }
        let place = Place {
            root: Root::Slot(Slot::new(9)),
            base: Base::Slot(Slot::new(9)),
            offset: 0,
            bytes: 8,
            tag: AliasTag::NUMBER,
        };
        assert!(sum.writes(&place, true));
        assert!(!sum.writes(&place, false), "no store was noted");
    }
}
