//! Which successor of a branch should follow it in the code.
//!
//! Cranelift lays blocks out in reverse postorder and puts a branch's second target right
//! behind it. A loop whose exit is that target would jump twice each round, so loops are
//! found here and branches turned round where that keeps loops together.

use goxide_base::Idx;
use goxide_ir::{Block, Function};
use smallvec::SmallVec;

/// Larger functions keep their order: finding loops may look at a block once per loop.
const WORK_LIMIT: usize = 200_000;

/// For each block the head of the innermost loop it is in.
pub struct Loops {
    head: Vec<Option<Block>>,
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
        for &block in order {
            func.blocks[block].term.for_each_successor(|to| {
                if position[to.index()] <= position[block.index()] {
                    back_edges.push((to, block));
                }
            });
        }
        let mut loops = Loops {
            head: vec![None; count],
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
