//! Takes the first round out of small inner loops that repeat themselves: that load what
//! nothing in the loop writes, or check what does not change.
//!
//! The copy of the first round does it all, in order; in the loop behind it value numbering
//! ([`crate::gvn`]) finds every such load and check done. So panics keep their order and
//! nothing is loaded that the program would not load, which hoisting to a place before the
//! loop cannot promise of loads behind a condition or behind another check.
//!
//! Values of the loop that are used behind it have two definitions afterwards. They go
//! through a stack slot each, and [`promote`] makes values of the slots again.
//!
//! Rejected: rotation and hoisting (covers only what comes before the first effect of a
//! round), and copies of outer loops (code grows with the depth).

use crate::cfg::{Cfg, Loop};
use crate::memory::{Memory, Place};
use crate::promote;
use goxide_base::{FxHashMap, FxHashSet};
use goxide_ir::{
    AliasTag, Block, Function, Inst, Loc, MemFlags, Op, Slot, SlotData, Term, Ty, Value, ValueDef,
};

/// Loops of more instructions stay as they are.
const MAX_INSTS: usize = 60;
/// Loops of more blocks stay as they are.
const MAX_BLOCKS: usize = 16;
/// A function does not grow by more instructions.
const MAX_GROWTH: usize = 600;

/// Peels the loops of a function that are worth it; says whether there were any.
pub fn run(func: &mut Function) -> bool {
    let unwinds = |term: &Term| matches!(term, Term::TryCall { .. });
    if func.blocks.iter().any(|b| unwinds(&b.term)) {
        return false;
    }
    let cfg = Cfg::of(func);
    let loops = cfg.loops();
    if loops.is_empty() {
        return false;
    }
    let memory = Memory::of(func, &cfg);
    let mut growth = 0;
    let chosen: Vec<Vec<Block>> = loops
        .iter()
        .filter(|l| {
            !loops
                .iter()
                .any(|inner| inner.header != l.header && l.contains(inner.header))
        })
        .filter_map(|l| {
            let members = worth_it(func, &cfg, &memory, l)?;
            let size: usize = members.iter().map(|b| func.blocks[*b].insts.len()).sum();
            growth += size;
            (growth <= MAX_GROWTH).then_some(members)
        })
        .collect();
    for members in &chosen {
        Peeling::of(func, members).run();
    }
    if !chosen.is_empty() {
        func.remove_unreachable_blocks();
        promote::run(func);
        func.resolve_aliases();
        func.remove_trivial_params();
    }
    !chosen.is_empty()
}

/// The members of a loop, header first, if its first round should be taken out.
fn worth_it(func: &Function, cfg: &Cfg, memory: &Memory, l: &Loop) -> Option<Vec<Block>> {
    if l.header == Function::ENTRY || func.blocks[l.header].cold {
        return None;
    }
    let mut members = vec![l.header];
    let start = cfg.position(l.header) as usize + 1;
    // Members follow their header in reverse postorder, mostly at once.
    for &block in cfg.order[start..].iter().filter(|b| l.contains(**b)) {
        members.push(block);
        if members.len() > MAX_BLOCKS {
            return None;
        }
    }
    let size: usize = members.iter().map(|b| func.blocks[*b].insts.len()).sum();
    if size > MAX_INSTS {
        return None;
    }
    let mut inside: FxHashSet<Value> = FxHashSet::default();
    for &block in &members {
        inside.extend(&func.blocks[block].params);
        for &inst in &func.blocks[block].insts {
            inside.extend(&func.insts[inst].results);
        }
    }
    let latches: Vec<Block> = cfg.preds[l.header]
        .iter()
        .copied()
        .filter(|p| l.contains(*p))
        .collect();
    let mut fixed = Fixed {
        func,
        inside,
        invariant: FxHashSet::default(),
    };
    let mut found = false;
    for &block in &members {
        let always = latches.iter().all(|latch| cfg.dominates(block, *latch));
        for &inst in &func.blocks[block].insts {
            if !fixed.look(inst) {
                continue;
            }
            let repeats = match func.insts[inst].op {
                Op::BoundsCheck(..) | Op::Check(..) | Op::NilCheck(_) => true,
                Op::Load(ty, addr, offset, flags) => {
                    let bytes = ty.bytes().into();
                    let place = Place::of(func, addr, offset.into(), bytes, flags.tag);
                    let same = flags.immutable || !memory.changes_in_loop(l.header, &place);
                    if same {
                        fixed.invariant.insert(func.insts[inst].results[0]);
                    }
                    same
                }
                _ => false,
            };
            found |= repeats && always;
        }
    }
    found.then_some(members)
}

/// Which values do not change in a loop.
struct Fixed<'f> {
    func: &'f Function,
    /// Values made in the loop.
    inside: FxHashSet<Value>,
    /// Those of them that are the same in every round.
    invariant: FxHashSet<Value>,
}

impl Fixed<'_> {
    /// Whether all operands of an instruction are the same in every round; notes its result
    /// if that follows from them alone.
    fn look(&mut self, inst: Inst) -> bool {
        let data = &self.func.insts[inst];
        let mut same = true;
        data.op.clone().for_each_use_mut(|v| {
            same &= !self.inside.contains(v) || self.invariant.contains(v);
        });
        let computes = matches!(
            data.op,
            Op::Iconst(..)
                | Op::Fconst(..)
                | Op::SymAddr(..)
                | Op::SlotAddr(..)
                | Op::Unary(..)
                | Op::Binary(..)
                | Op::Icmp(..)
                | Op::Fcmp(..)
                | Op::Convert(..)
                | Op::Select(..)
        );
        if same && computes {
            self.invariant.insert(data.results[0]);
        }
        same
    }
}

/// One loop whose first round is being copied.
struct Peeling<'f, 'm> {
    func: &'f mut Function,
    members: &'m [Block],
    blocks: FxHashMap<Block, Block>,
    values: FxHashMap<Value, Value>,
}

impl<'f, 'm> Peeling<'f, 'm> {
    fn of(func: &'f mut Function, members: &'m [Block]) -> Self {
        Peeling {
            func,
            members,
            blocks: FxHashMap::default(),
            values: FxHashMap::default(),
        }
    }

    fn run(mut self) {
        let head = self.members[0];
        let outside: Vec<Block> = self
            .func
            .blocks
            .indices()
            .filter(|b| !self.members.contains(b))
            .collect();
        self.copy();
        for &block in &outside {
            let copy = self.blocks[&head];
            self.func.blocks[block].term.for_each_target_mut(|to| {
                if *to == head {
                    *to = copy;
                }
            });
        }
        self.mend(&outside);
    }

    /// Copies the members; jumps back to the head leave the copy for the loop itself.
    fn copy(&mut self) {
        let head = self.members[0];
        for &block in self.members {
            let new = self.func.add_block();
            self.func.blocks[new].cold = self.func.blocks[block].cold;
            self.blocks.insert(block, new);
            for param in self.func.blocks[block].params.clone() {
                let ty = self.func.ty(param);
                let copy = self.func.add_param(new, ty);
                self.values.insert(param, copy);
            }
        }
        // In reverse postorder definitions come before their uses.
        for &block in self.members {
            let new = self.blocks[&block];
            for inst in self.func.blocks[block].insts.clone() {
                let data = self.func.insts[inst].clone();
                let mut op = data.op;
                op.for_each_use_mut(|v| *v = *self.values.get(v).unwrap_or(v));
                let copy = self.func.append(new, op, data.loc);
                let results = self.func.insts[copy].results.clone();
                for (old, new) in data.results.iter().zip(results) {
                    self.values.insert(*old, new);
                }
            }
            let mut term = self.func.blocks[block].term.clone();
            term.for_each_use_mut(|v| *v = *self.values.get(v).unwrap_or(v));
            term.for_each_target_mut(|to| {
                if *to != head {
                    *to = *self.blocks.get(to).unwrap_or(to);
                }
            });
            let loc = self.func.blocks[block].term_loc;
            self.func.blocks[new].term = term;
            self.func.blocks[new].term_loc = loc;
        }
    }

    /// Sends values that are used behind the loop through slots.
    fn mend(&mut self, outside: &[Block]) {
        let mut slots: FxHashMap<Value, Slot> = FxHashMap::default();
        for &block in outside {
            let insts = std::mem::take(&mut self.func.blocks[block].insts);
            let mut kept = Vec::with_capacity(insts.len());
            for inst in insts {
                let mut op = std::mem::replace(&mut self.func.insts[inst].op, Op::GetG);
                let loc = self.func.insts[inst].loc;
                op.for_each_use_mut(|v| self.reload(v, loc, &mut slots, &mut kept));
                self.func.insts[inst].op = op;
                kept.push(inst);
            }
            let mut term = std::mem::replace(&mut self.func.blocks[block].term, Term::Open);
            let loc = self.func.blocks[block].term_loc;
            term.for_each_use_mut(|v| self.reload(v, loc, &mut slots, &mut kept));
            self.func.blocks[block].term = term;
            self.func.blocks[block].insts = kept;
        }
        let mut stored: Vec<(Value, Slot)> = slots.into_iter().collect();
        stored.sort_unstable();
        for (value, slot) in stored {
            self.store_at_definition(value, slot);
            self.store_at_definition(self.values[&value], slot);
        }
    }

    fn reload(
        &mut self,
        value: &mut Value,
        loc: Loc,
        slots: &mut FxHashMap<Value, Slot>,
        kept: &mut Vec<Inst>,
    ) {
        if !self.values.contains_key(value) {
            return;
        }
        let ty = self.func.ty(*value);
        let slot = *slots.entry(*value).or_insert_with(|| {
            let (bytes, align) = (ty.bytes(), ty.bytes());
            self.func.slots.push(SlotData { bytes, align })
        });
        let addr = self.func.make_inst(Op::SlotAddr(slot, 0), loc);
        let load = Op::Load(ty, self.func.insts[addr].results[0], 0, slot_flags());
        let load = self.func.make_inst(load, loc);
        kept.extend([addr, load]);
        *value = self.func.insts[load].results[0];
    }

    fn store_at_definition(&mut self, value: Value, slot: Slot) {
        let (block, at) = match self.func.values[value].def {
            ValueDef::Param(block, _) => (block, 0),
            ValueDef::Result(inst, _) => {
                let mut all = self.members.iter().flat_map(|b| [*b, self.blocks[b]]);
                let find = |b: &Block| self.func.blocks[*b].insts.iter().position(|i| *i == inst);
                let place = all.find_map(|b| find(&b).map(|at| (b, at + 1)));
                place.expect("made in the loop or its copy")
            }
            ValueDef::Alias(_) => unreachable!("aliases are resolved"),
        };
        let loc = self.func.blocks[block].term_loc;
        let addr = self.func.make_inst(Op::SlotAddr(slot, 0), loc);
        let (addr_value, flags) = (self.func.insts[addr].results[0], slot_flags());
        let op = if self.func.ty(value) == Ty::Ptr {
            Op::StorePtr {
                addr: addr_value,
                offset: 0,
                value,
                flags,
            }
        } else {
            Op::Store {
                addr: addr_value,
                offset: 0,
                value,
                flags,
            }
        };
        let store = self.func.make_inst(op, loc);
        self.func.blocks[block].insts.splice(at..at, [addr, store]);
    }
}

fn slot_flags() -> MemFlags {
    MemFlags {
        tag: AliasTag::default(),
        no_trap: true,
        immutable: false,
    }
}
