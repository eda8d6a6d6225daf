//! Facts about control flow: dominators and loops.

use goxide_base::{Idx, IndexVec};
use goxide_ir::{Block, Function};
use smallvec::SmallVec;

/// Predecessors, reverse postorder and dominators of a function's blocks.
pub struct Cfg {
    /// One entry per edge.
    pub preds: IndexVec<Block, SmallVec<[Block; 4]>>,
    /// Reachable blocks in reverse postorder.
    pub order: Vec<Block>,
    /// Position in `order`; `u32::MAX` for blocks that are not reachable.
    position: IndexVec<Block, u32>,
    idom: IndexVec<Block, Block>,
}

impl Cfg {
    /// Looks at a function. Dominators by Cooper, Harvey and Kennedy's iteration ("A Simple,
    /// Fast Dominance Algorithm").
    pub fn of(func: &Function) -> Cfg {
        let order = func.reverse_postorder();
        let mut position = IndexVec::filled(u32::MAX, func.blocks.len());
        for (i, &block) in order.iter().enumerate() {
            position[block] = i as u32;
        }
        let idom = IndexVec::filled(Function::ENTRY, func.blocks.len());
        let mut cfg = Cfg {
            preds: func.predecessors(),
            order,
            position,
            idom,
        };
        cfg.find_dominators();
        cfg
    }

    fn find_dominators(&mut self) {
        let mut known = vec![false; self.idom.len()];
        known[0] = true;
        let mut changed = true;
        while changed {
            changed = false;
            for i in 1..self.order.len() {
                let block = self.order[i];
                let mut new: Option<Block> = None;
                for &pred in &self.preds[block] {
                    if known[pred.index()] {
                        new = Some(new.map_or(pred, |other| self.meet(pred, other)));
                    }
                }
                let Some(new) = new else { continue };
                if !known[block.index()] || self.idom[block] != new {
                    known[block.index()] = true;
                    self.idom[block] = new;
                    changed = true;
                }
            }
        }
    }

    fn meet(&self, mut a: Block, mut b: Block) -> Block {
        while a != b {
            if self.position[a] > self.position[b] {
                a = self.idom[a];
            } else {
                b = self.idom[b];
            }
        }
        a
    }

    /// Whether a block can be reached.
    pub fn is_reachable(&self, block: Block) -> bool {
        self.position[block] != u32::MAX
    }

    /// The closest block that every way to a reachable block leads through; the entry's own
    /// is itself.
    pub fn idom(&self, block: Block) -> Block {
        self.idom[block]
    }

    /// Position of a block in `order`.
    pub fn position(&self, block: Block) -> u32 {
        self.position[block]
    }

    /// Whether every way to `b` leads through `a`. Both reachable.
    pub fn dominates(&self, a: Block, mut b: Block) -> bool {
        while self.position[b] > self.position[a] {
            b = self.idom[b];
        }
        a == b
    }

    /// Natural loops: header and members (header included), outer ones before inner ones
    /// only by chance. Loops with one header are one.
    pub fn loops(&self) -> Vec<Loop> {
        let mut loops: Vec<Loop> = Vec::new();
        for &block in &self.order {
            let backs = self.preds[block].iter().copied();
            let backs: Vec<Block> = backs
                .filter(|&p| self.is_reachable(p) && self.dominates(block, p))
                .collect();
            if !backs.is_empty() {
                loops.push(self.natural_loop(block, &backs));
            }
        }
        loops
    }

    fn natural_loop(&self, header: Block, backs: &[Block]) -> Loop {
        let mut members = vec![false; self.idom.len()];
        members[header.index()] = true;
        let mut todo = backs.to_vec();
        while let Some(block) = todo.pop() {
            if std::mem::replace(&mut members[block.index()], true) {
                continue;
            }
            todo.extend(self.preds[block].iter().filter(|p| self.is_reachable(**p)));
        }
        Loop { header, members }
    }

    /// Whether control flow has cycles that are no natural loops (entered at two places).
    pub fn is_irreducible(&self) -> bool {
        self.order.iter().any(|&block| {
            self.preds[block].iter().any(|&pred| {
                self.is_reachable(pred)
                    && self.position[pred] >= self.position[block]
                    && !self.dominates(block, pred)
            })
        })
    }
}

/// A natural loop.
pub struct Loop {
    /// Where it is entered.
    pub header: Block,
    members: Vec<bool>,
}

impl Loop {
    /// Whether a block belongs to it.
    pub fn contains(&self, block: Block) -> bool {
        self.members[block.index()]
    }
}
