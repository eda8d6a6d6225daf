//! Removes instructions whose results nobody uses and that have no effect.

use goxide_base::{Idx, IndexVec};
use goxide_ir::{Function, Inst, MemFlags, Op, Value, ValueDef};

/// Whether an instruction can go if its results are unused.
pub fn is_removable(op: &Op) -> bool {
    match op {
        Op::Iconst(..)
        | Op::Fconst(..)
        | Op::SymAddr(..)
        | Op::SlotAddr(..)
        | Op::Unary(..)
        | Op::Binary(..)
        | Op::AddCarry(..)
        | Op::SubBorrow(..)
        | Op::Div128(..)
        | Op::Icmp(..)
        | Op::Fcmp(..)
        | Op::Convert(..)
        | Op::Select(..)
        | Op::Fma(..)
        | Op::New { .. }
        | Op::GetG
        | Op::DeferRecord(_)
        | Op::FramePtr
        | Op::ClosureCtx => true,
        // A load that may trap is a nil check.
        Op::Load(_, _, _, MemFlags { no_trap, .. }) => *no_trap,
        _ => false,
    }
}

/// Removes dead instructions, and block parameters that only feed themselves or nothing.
pub fn run(func: &mut Function) {
    let mut live: IndexVec<Value, bool> = IndexVec::filled(false, func.values.len());
    let mut todo: Vec<Value> = Vec::new();
    for block in func.blocks.indices() {
        for at in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            if !is_removable(&func.insts[inst].op) {
                func.insts[inst].op.for_each_use_mut(|v| todo.push(*v));
            }
        }
        mark_term(func, block, &mut todo);
    }
    while let Some(value) = todo.pop() {
        if std::mem::replace(&mut live[value], true) {
            continue;
        }
        match func.values[value].def {
            ValueDef::Result(inst, _) => {
                func.insts[inst].op.for_each_use_mut(|v| todo.push(*v));
            }
            ValueDef::Param(block, position) => {
                mark_incoming(func, block, position as usize, &mut todo);
            }
            ValueDef::Alias(to) => todo.push(to),
        }
    }
    sweep(func, &live);
}

/// Values a terminator needs by itself: not the arguments it passes on.
fn mark_term(func: &mut Function, block: goxide_ir::Block, todo: &mut Vec<Value>) {
    use goxide_ir::Term;
    match &mut func.blocks[block].term {
        Term::Branch(c, ..) | Term::Switch(c, ..) => todo.push(*c),
        Term::Jump(_) => {}
        other => other.for_each_use_mut(|v| todo.push(*v)),
    }
}

fn mark_incoming(
    func: &mut Function,
    block: goxide_ir::Block,
    position: usize,
    todo: &mut Vec<Value>,
) {
    for from in func.blocks.indices() {
        func.blocks[from].term.for_each_edge_mut(|edge| {
            if edge.block == block {
                todo.push(edge.args[position]);
            }
        });
    }
}

fn sweep(func: &mut Function, live: &IndexVec<Value, bool>) {
    let mut drop = goxide_base::FxHashMap::default();
    for block in func.blocks.indices() {
        let insts = std::mem::take(&mut func.blocks[block].insts);
        let keep = |inst: &Inst| {
            let data = &func.insts[*inst];
            !is_removable(&data.op) || data.results.iter().any(|r| live[*r])
        };
        func.blocks[block].insts = insts.into_iter().filter(keep).collect();
        if block.index() > 0 {
            let params = &func.blocks[block].params;
            let dead = params.iter().enumerate().filter(|(_, p)| !live[**p]);
            let dead: Vec<usize> = dead.map(|(i, _)| i).collect();
            if !dead.is_empty() {
                drop.insert(block, dead);
            }
        }
    }
    if !drop.is_empty() {
        func.drop_params(&drop);
    }
}
