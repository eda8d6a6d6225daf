//! Threads jumps: an edge that carries a constant into a block that only branches on it goes
//! to where the branch leads.
//!
//! Inlined functions that return a bool leave such blocks, and so do `&&` and `||`. Heads of
//! loops stay: an edge past one would give the loop a second entry.

use goxide_base::{FxHashMap, FxHashSet, IndexVec};
use goxide_ir::{Block, BlockCall, Function, Term, Value};

/// Threads all jumps of a function; says whether there were any.
pub fn run(func: &mut Function) -> bool {
    let mut forks = forks(func);
    if forks.is_empty() {
        return false;
    }
    let used = used_elsewhere(func);
    forks.retain(|block, _| {
        let params = &func.blocks[*block].params;
        !params.iter().any(|p| used.contains(p))
    });
    let mut changed = false;
    for block in func.blocks.indices() {
        let mut term = func.blocks[block].term.clone();
        let mut new = false;
        term.for_each_edge_mut(|edge| {
            if edge.block != block
                && let Some(fork) = forks.get(&edge.block)
                && let Some(n) = func.as_iconst(edge.args[fork.position])
            {
                let to = if n != 0 { &fork.then } else { &fork.other };
                *edge = pass_on(func, edge, to);
                new = true;
            }
        });
        if new {
            func.blocks[block].term = term;
            changed = true;
        }
    }
    if changed {
        func.remove_unreachable_blocks();
    }
    changed
}

/// A block that only branches on one of its parameters.
struct Fork {
    /// Position of the parameter.
    position: usize,
    then: BlockCall,
    other: BlockCall,
}

fn forks(func: &Function) -> FxHashMap<Block, Fork> {
    let order = func.reverse_postorder();
    let mut position: IndexVec<Block, usize> = IndexVec::filled(usize::MAX, func.blocks.len());
    for (i, &block) in order.iter().enumerate() {
        position[block] = i;
    }
    let mut forks = FxHashMap::default();
    for &block in &order {
        let data = &func.blocks[block];
        if let Term::Branch(c, then, other) = &data.term
            && data.insts.is_empty()
            && let Some(at) = data.params.iter().position(|p| p == c)
            && then.block != block
            && other.block != block
        {
            let fork = Fork {
                position: at,
                then: then.clone(),
                other: other.clone(),
            };
            forks.insert(block, fork);
        }
    }
    if !forks.is_empty() {
        for &block in &order {
            func.blocks[block].term.for_each_successor(|to| {
                if position[to] <= position[block] {
                    forks.remove(&to);
                }
            });
        }
    }
    forks
}

/// Values that are used by anything but the end of the block whose parameters they are.
fn used_elsewhere(func: &Function) -> FxHashSet<Value> {
    let mut used = FxHashSet::default();
    for (block, data) in func.blocks.iter_enumerated() {
        for &inst in &data.insts {
            func.insts[inst].op.clone().for_each_use_mut(|v| {
                used.insert(*v);
            });
        }
        let own = &func.blocks[block].params;
        data.term.clone().for_each_use_mut(|v| {
            if !own.contains(v) {
                used.insert(*v);
            }
        });
    }
    used
}

/// The edge that `edge` followed by `to`, an edge of the block it leads to, amounts to.
fn pass_on(func: &Function, edge: &BlockCall, to: &BlockCall) -> BlockCall {
    let params = &func.blocks[edge.block].params;
    let arg = |v: &Value| match params.iter().position(|p| p == v) {
        Some(at) => edge.args[at],
        None => *v,
    };
    BlockCall {
        block: to.block,
        args: to.args.iter().map(arg).collect(),
    }
}
