//! Moving objects that do not escape to slots of the frame.
//!
//! A frame has one slot for an object made in a loop, so such an object must be dead when
//! the next one is made: no pointer of its class may be carried round the loop or lie in
//! memory that was there before.

use super::{Analysis, Class};
use crate::cfg::{Cfg, Loop};
use goxide_base::{FxHashMap, FxHashSet};
use goxide_ir::{Block, Inst, Op, SlotData, Ty, Value, ValueDef};

/// Objects larger than this stay on the heap.
const MAX_OBJECT_BYTES: u64 = 8 << 10;
/// A frame does not grow beyond this by objects.
const MAX_FRAME_BYTES: u64 = 32 << 10;

/// What belongs to each class, for questions about loops.
#[derive(Default)]
struct Members {
    values: FxHashMap<u32, Vec<Value>>,
    /// Classes of slots' addresses.
    slots: FxHashSet<u32>,
    /// Classes with a content, and that.
    containers: Vec<(u32, u32)>,
    block_of: FxHashMap<Inst, Block>,
}

impl Members {
    /// A class that no value or slot of the function belongs to has no memory.
    fn has_memory(&self, class: u32) -> bool {
        self.slots.contains(&class) || self.values.contains_key(&class)
    }
}

impl Analysis<'_> {
    /// Moves every object that can be to a slot.
    pub(super) fn move_objects(&mut self) {
        let objects = self.candidates();
        if objects.is_empty() {
            return;
        }
        let cfg = Cfg::of(self.func);
        if cfg.is_irreducible() {
            return;
        }
        let loops = cfg.loops();
        let members = (!loops.is_empty()).then(|| self.members());
        let mut frame: u64 = self.func.slots.iter().map(|s| u64::from(s.bytes)).sum();
        for (block, inst, bytes, align) in objects {
            let inside: Vec<&Loop> = loops.iter().filter(|l| l.contains(block)).collect();
            let result = self.func.insts[inst].results[0];
            let class = self.class(result);
            let dies = |this: &mut Self| match &members {
                Some(members) if !inside.is_empty() => {
                    this.dies_in(class, &inside, members, &mut Vec::new())
                }
                _ => true,
            };
            if frame + bytes > MAX_FRAME_BYTES || !dies(self) {
                continue;
            }
            frame += bytes;
            self.move_to_slot(block, inst, bytes, align);
        }
    }

    /// What belongs to each class.
    fn members(&mut self) -> Members {
        let mut members = Members::default();
        for (block, data) in self.func.blocks.iter_enumerated() {
            for &inst in &data.insts {
                members.block_of.insert(inst, block);
            }
        }
        let values: Vec<(Value, u32)> = self.of_value.iter().map(|(&v, &c)| (v, c)).collect();
        for (value, class) in values {
            let class = self.find(class);
            members.values.entry(class).or_default().push(value);
        }
        for slot in self.of_slot.clone() {
            let class = self.find(slot);
            members.slots.insert(class);
        }
        members.containers = (0..self.classes.len() as u32)
            .filter(|&c| self.classes[c as usize].parent == c)
            .filter_map(|c| Some((c, self.classes[c as usize].content?)))
            .collect();
        members
    }

    fn candidates(&mut self) -> Vec<(Block, Inst, u64, u32)> {
        let mut returned: Vec<u32> = Vec::new();
        for (_, value) in self.returned.clone() {
            let class = self.class(value);
            // What is returned, and all it leads to, lives on.
            let mut at = class;
            for _ in 0..self.classes.len() {
                if returned.contains(&at) {
                    break;
                }
                returned.push(at);
                match self.classes[at as usize].content {
                    Some(content) => at = self.find(content),
                    None => break,
                }
            }
        }
        let mut list = Vec::new();
        for block in self.func.blocks.indices() {
            for at in 0..self.func.blocks[block].insts.len() {
                let inst = self.func.blocks[block].insts[at];
                let Op::New { bytes, align, .. } = self.func.insts[inst].op else {
                    continue;
                };
                let class = self.class(self.func.insts[inst].results[0]);
                let Class {
                    escaped, outlives, ..
                } = self.classes[class as usize];
                let stays = escaped || outlives || returned.contains(&class);
                if !stays && bytes <= MAX_OBJECT_BYTES {
                    list.push((block, inst, bytes, align));
                }
            }
        }
        list
    }

    /// Whether no pointer of the class outlasts a round of these loops. `seen` are classes
    /// that are being looked at.
    fn dies_in(
        &mut self,
        class: u32,
        inside: &[&Loop],
        members: &Members,
        seen: &mut Vec<u32>,
    ) -> bool {
        if seen.contains(&class) {
            return true;
        }
        seen.push(class);
        for l in inside {
            for param in self.func.blocks[l.header].params.clone() {
                if self.func.ty(param) == Ty::Ptr && self.class(param) == class {
                    return false;
                }
            }
        }
        for &(container, content) in &members.containers {
            if self.find(content) == class
                && members.has_memory(container)
                && !(self.is_fresh(container, inside, members)
                    && self.dies_in(container, inside, members, seen))
            {
                return false;
            }
        }
        true
    }

    /// Whether memory of the class is made anew in every round: it was not there before.
    fn is_fresh(&self, class: u32, inside: &[&Loop], members: &Members) -> bool {
        if members.slots.contains(&class) {
            return false;
        }
        let values = members.values.get(&class).map_or(&[][..], |v| v);
        values.iter().all(|&value| {
            let block = match self.func.values[value].def {
                ValueDef::Param(block, _) => block,
                ValueDef::Result(inst, _) => {
                    let made_here = matches!(
                        self.func.insts[inst].op,
                        Op::New { .. }
                            | Op::Binary(..)
                            | Op::Select(..)
                            | Op::Convert(..)
                            | Op::Load(..)
                    );
                    match members.block_of.get(&inst) {
                        Some(&block) if made_here => block,
                        // In no block: never made.
                        None => return true,
                        Some(_) => return false,
                    }
                }
                ValueDef::Alias(_) => return true,
            };
            inside.iter().all(|l| l.contains(block))
        })
    }

    /// Replaces an object by a zeroed slot.
    fn move_to_slot(&mut self, block: Block, inst: Inst, bytes: u64, align: u32) {
        let slot = self.func.slots.push(SlotData {
            bytes: bytes as u32,
            align: align.clamp(1, 16),
        });
        let loc = self.func.insts[inst].loc;
        let dst = self.func.insts[inst].results[0];
        self.func.insts[inst].op = Op::SlotAddr(slot, 0);
        debug_assert!(matches!(self.func.values[dst].def, ValueDef::Result(..)));
        let insts = &self.func.blocks[block].insts;
        let at = insts.iter().position(|i| *i == inst).expect("in its block");
        if self.is_filled(block, at + 1, dst, bytes) {
            return;
        }
        let zero = self.func.make_inst(
            Op::MemZero {
                dst,
                bytes,
                pointers: None,
            },
            loc,
        );
        self.func.blocks[block].insts.insert(at + 1, zero);
    }

    /// Whether every byte of an object is written, from this instruction on, before its
    /// address is used for anything else.
    fn is_filled(&mut self, block: Block, from: usize, object: Value, bytes: u64) -> bool {
        // Bit by byte.
        if bytes > 64 {
            return false;
        }
        let mut missing = u64::MAX >> (64 - bytes);
        for at in from..self.func.blocks[block].insts.len() {
            let inst = self.func.blocks[block].insts[at];
            let mut op = self.func.insts[inst].op.clone();
            if let Op::Store {
                addr,
                offset,
                value,
                ..
            }
            | Op::StorePtr {
                addr,
                offset,
                value,
                ..
            } = op
                && self.func.resolve(addr) == object
                && self.func.resolve(value) != object
            {
                let mask = (1u64 << self.func.ty(value).bytes()) - 1;
                missing &= !mask.checked_shl(offset as u32).unwrap_or(0);
                if missing == 0 {
                    return true;
                }
                continue;
            }
            let mut used = false;
            op.for_each_use_mut(|v| used |= self.func.resolve(*v) == object);
            if used {
                return false;
            }
        }
        false
    }
}
