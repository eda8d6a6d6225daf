//! Orders that Cranelift takes over from us: which successor of a branch should follow it
//! in the code, and which argument of an edge is computed first.
//!
//! Cranelift lays blocks out in reverse postorder and puts a branch's second target right
//! behind it. A loop whose exit is that target would jump twice each round, so loops are
//! found here and branches turned round where that keeps loops together.

use goxide_base::Idx;
use goxide_ir::{BinaryOp, Block, Function, Inst, Op, Ty, Value};
use smallvec::SmallVec;

/// Larger functions keep their order: finding loops may look at a block once per loop.
const WORK_LIMIT: usize = 200_000;

/// For each block the head of the innermost loop it is in.
pub struct Loops {
    head: Vec<Option<Block>>,
    /// Number of edges into each block.
    edges_in: Vec<u32>,
    /// Blocks of the loop by head, for the question whether an edge leaves it.
    members: Vec<SmallVec<[Block; 8]>>,
}

impl Loops {
    /// Finds the natural loops of a function. `order` is its reverse postorder.
    pub fn find(func: &Function, order: &[Block]) -> Loops {
        let count = func.blocks.len();
        let mut position = vec![usize::MAX; count];
        for (i, block) in order.iter().enumerate() {
            position[block.index()] = i;
        }
        let mut back_edges: Vec<(Block, Block)> = Vec::new();
        let mut edges_in = vec![0; count];
        for &block in order {
            func.blocks[block].term.for_each_successor(|to| {
                edges_in[to.index()] += 1;
                if position[to.index()] <= position[block.index()] {
                    back_edges.push((to, block));
                }
            });
        }
        let mut loops = Loops {
            head: vec![None; count],
            edges_in,
            members: vec![SmallVec::new(); count],
        };
        if back_edges.is_empty() {
            return loops;
        }
        let preds = func.predecessors();
        // Inner heads come later in reverse postorder and are done last, so that the
        // innermost head is the one that stays.
        back_edges.sort_by_key(|(head, _)| position[head.index()]);
        let mut work = 0;
        let mut marked: Vec<Option<Block>> = vec![None; count];
        for (head, latch) in back_edges {
            let mut todo = vec![latch];
            let mark = |b: Block, loops: &mut Loops, marked: &mut Vec<Option<Block>>| {
                let new = marked[b.index()] != Some(head);
                if new {
                    marked[b.index()] = Some(head);
                    loops.head[b.index()] = Some(head);
                    loops.members[head.index()].push(b);
                }
                new
            };
            mark(head, &mut loops, &mut marked);
            while let Some(block) = todo.pop() {
                // Blocks before the head belong to it only in irreducible graphs.
                if position[block.index()] < position[head.index()]
                    || !mark(block, &mut loops, &mut marked)
                {
                    continue;
                }
                work += preds[block].len() + 1;
                todo.extend(&preds[block]);
            }
            if work > WORK_LIMIT {
                break;
            }
        }
        loops
    }

    /// Whether the edge stays in the innermost loop that its source is in.
    fn stays(&self, from: Block, to: Block) -> bool {
        self.head[from.index()].is_none_or(|head| {
            self.head[to.index()] == Some(head) || self.members[head.index()].contains(&to)
        })
    }

    /// Whether an edge leads back to the head of a loop that its source is in.
    pub fn is_back_edge(&self, from: Block, to: Block) -> bool {
        self.members[to.index()].contains(&from)
    }

    /// Whether several edges lead to a block.
    pub fn is_join(&self, block: Block) -> bool {
        self.edges_in[block.index()] > 1
    }

    /// Values that Cranelift would compute anew in every round of a loop though they are
    /// made outside of it: sums with a constant, which it takes for cheaper than a register.
    pub fn sums_to_keep(&self, func: &Function) -> Vec<bool> {
        let mut keep = vec![false; func.values.len()];
        let mut home = vec![None; func.insts.len()];
        for (block, data) in func.blocks.iter_enumerated() {
            for &inst in &data.insts {
                home[inst.index()] = Some(block);
            }
        }
        for (block, data) in func.blocks.iter_enumerated() {
            let Some(head) = self.head[block.index()] else {
                continue;
            };
            let mut note = |value: &mut Value| {
                let made_by = func.def_inst(*value).filter(|inst| is_sum(func, *inst));
                let made_in = made_by.and_then(|inst| home[inst.index()]);
                let outside = made_in.is_some_and(|b| {
                    self.head[b.index()] != Some(head) && !self.members[head.index()].contains(&b)
                });
                keep[value.index()] |= outside;
            };
            for &inst in &data.insts {
                func.insts[inst].op.clone().for_each_use_mut(&mut note);
            }
            data.term.clone().for_each_use_mut(&mut note);
        }
        keep
    }

    /// Whether a block is cold and its loop goes on behind it.
    pub fn is_cold_part(&self, func: &Function, block: Block) -> bool {
        func.blocks[block].cold && self.head[block.index()].is_some_and(|h| !func.blocks[h].cold)
    }

    /// Whether the second of two targets, and not the first, should come next.
    pub fn prefers_second(
        &self,
        func: &Function,
        from: Block,
        first: Block,
        second: Block,
    ) -> bool {
        let rank = |to: Block| (func.blocks[to].cold, !self.stays(from, to));
        rank(second) < rank(first)
    }
}

/// For each block the order of its parameters: those that count a loop last. Cranelift
/// computes an edge's arguments in order, and a counter that is stepped while its old value
/// is still wanted costs a register and a move.
pub fn param_orders(func: &Function) -> Vec<SmallVec<[u32; 4]>> {
    let mut counts: Vec<u64> = vec![0; func.blocks.len()];
    for block in func.blocks.iter() {
        let mut term = block.term.clone();
        term.for_each_edge_mut(|edge| {
            let params = &func.blocks[edge.block].params;
            for (i, (&param, &arg)) in params.iter().zip(&edge.args).enumerate().take(64) {
                if is_step(func, param, arg) {
                    counts[edge.block.index()] |= 1 << i;
                }
            }
        });
    }
    let order = |(block, counters): (Block, u64)| {
        let count = func.blocks[block].params.len() as u32;
        let is_counter = |i: &u32| *i < 64 && counters >> i & 1 == 1;
        let others = (0..count).filter(|i| !is_counter(i));
        others.chain((0..count).filter(is_counter)).collect()
    };
    func.blocks.indices().zip(counts).map(order).collect()
}

/// Whether `arg` is `param` plus or minus a constant.
fn is_step(func: &Function, param: Value, arg: Value) -> bool {
    func.def_inst(arg).is_some_and(|inst| {
        matches!(func.insts[inst].op, Op::Binary(BinaryOp::Iadd | BinaryOp::Isub, a, b)
            if a == param && func.as_iconst(b).is_some())
    })
}

/// Whether an instruction adds a constant to a number. (Addresses are another matter: the
/// constant goes into the instruction that uses them.)
fn is_sum(func: &Function, inst: Inst) -> bool {
    let data = &func.insts[inst];
    matches!(data.op, Op::Binary(BinaryOp::Iadd | BinaryOp::Isub, a, b)
        if func.ty(data.results[0]) == Ty::I64
            && (func.as_iconst(a).is_some() || func.as_iconst(b).is_some()))
}
