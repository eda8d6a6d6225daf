//! Terminators.

use super::arith::{float_cc, int_cc};
use super::checks::UNREACHABLE;
use super::{Step, Translator};
use cranelift_codegen::ir::condcodes::{CondCode, IntCC};
use cranelift_codegen::ir::{self as clif, BlockArg, InstBuilder, types};
use cranelift_frontend::Switch;
use goxide_base::Idx;
use goxide_ir::{Block, BlockCall, Op, Term, Value};

/// With fewer cases than this comparisons beat a jump table: its indirect branch is
/// predicted worse, and the clamp and the load before it take time.
const TABLE_CASES: usize = 9;
/// So many cases are compared one after the other, more are halved first.
const CHAIN_CASES: usize = 4;

/// An edge's own block, the target and its arguments.
type UnfilledEdge = (clif::Block, clif::Block, Vec<BlockArg>);

impl Translator<'_> {
    pub(super) fn terminator(&mut self, from: Block) -> Step {
        let func = self.func;
        match &func.blocks[from].term {
            Term::Open => return Err("a block without an end".into()),
            Term::Jump(to) => {
                let (block, args) = self.edge(to);
                self.b.ins().jump(block, &args);
            }
            Term::Branch(condition, then, other) => self.branch(from, *condition, then, other),
            Term::Switch(value, cases, default) => self.switch(*value, cases, default),
            Term::Return(values) => {
                let values = self.values(values);
                self.b.ins().return_(&values);
            }
            Term::TailCall(callee, args) => return self.tail_call(callee, args),
            Term::TryCall {
                callee,
                args,
                record,
                normal,
                handler,
            } => return self.try_call(callee, args, *record, *normal, *handler),
            Term::Unreachable => {
                self.b.ins().trap(UNREACHABLE);
            }
        }
        Ok(())
    }

    /// The target that should follow becomes the second. The first gets a block for the
    /// moves of its edge, where it needs one: Cranelift would put that right behind the
    /// branch, too.
    fn branch(&mut self, from: Block, condition: Value, then: &BlockCall, other: &BlockCall) {
        let loops = self.loops.as_ref().expect("loops are known");
        let turn = !loops.prefers_second(self.func, from, then.block, other.block);
        let (first, second) = if turn { (other, then) } else { (then, other) };
        let apart = loops.is_join(first.block) && !loops.is_back_edge(from, first.block);
        let mut unfilled = Vec::new();
        let (first_block, first_args) = if apart {
            let block = self.edge_block(first, &mut unfilled);
            if self.func.blocks[first.block].cold && !unfilled.is_empty() {
                self.b.set_cold_block(block);
            }
            (block, Vec::new())
        } else {
            self.edge(first)
        };
        let (second, second_args) = self.edge(second);
        let condition = if turn {
            self.inverted(condition)
        } else {
            self.value(condition)
        };
        self.b
            .ins()
            .brif(condition, first_block, &first_args, second, &second_args);
        self.fill_edges(unfilled);
    }

    /// The negation of a condition: of the comparison where there is one.
    fn inverted(&mut self, condition: Value) -> clif::Value {
        let compare = self.func.def_inst(condition);
        match compare.map(|inst| &self.func.insts[inst].op) {
            Some(Op::Icmp(cc, a, b)) => {
                let cc = int_cc(*cc).complement();
                let (a, b) = (self.value(*a), self.value(*b));
                self.b.ins().icmp(cc, a, b)
            }
            Some(Op::Fcmp(cc, a, b)) => {
                let cc = float_cc(*cc).complement();
                let (a, b) = (self.value(*a), self.value(*b));
                self.b.ins().fcmp(cc, a, b)
            }
            _ => {
                let condition = self.value(condition);
                let zero = self.iconst(types::I8, 0);
                self.b.ins().icmp(IntCC::Equal, condition, zero)
            }
        }
    }

    fn edge(&self, to: &BlockCall) -> (clif::Block, Vec<BlockArg>) {
        let order = &self.param_order[to.block.index()];
        let args = order.iter().map(|at| self.value(to.args[*at as usize]));
        (self.block(to.block), args.map(BlockArg::Value).collect())
    }

    /// A block that stands for an edge until [`Translator::fill_edges`]: the target itself
    /// if it takes no arguments.
    fn edge_block(&mut self, to: &BlockCall, unfilled: &mut Vec<UnfilledEdge>) -> clif::Block {
        let (block, args) = self.edge(to);
        if args.is_empty() {
            return block;
        }
        let between = self.b.create_block();
        unfilled.push((between, block, args));
        between
    }

    fn fill_edges(&mut self, unfilled: Vec<UnfilledEdge>) {
        for (between, block, args) in unfilled {
            self.b.switch_to_block(between);
            self.b.ins().jump(block, &args);
        }
    }

    fn switch(&mut self, value: Value, cases: &[(i64, BlockCall)], default: &BlockCall) {
        let ty = self.ty(value);
        let value = self.value(value);
        if cases.len() < TABLE_CASES {
            let bits = ty.bits();
            let signed = |n: i64| n << (64 - bits) >> (64 - bits);
            let mut cases: Vec<(i64, &BlockCall)> =
                cases.iter().map(|(n, to)| (signed(*n), to)).collect();
            if cases.len() > CHAIN_CASES {
                cases.sort_by_key(|(n, _)| *n);
            }
            self.compare_cases(value, &cases, default);
            return;
        }
        let mask = u64::MAX >> (64 - ty.bits());
        let mut table = Switch::new();
        let mut unfilled = Vec::new();
        for (constant, to) in cases {
            let block = self.edge_block(to, &mut unfilled);
            table.set_entry(u128::from(*constant as u64 & mask), block);
        }
        let default = self.edge_block(default, &mut unfilled);
        table.emit(&mut self.b, value, default);
        self.fill_edges(unfilled);
    }

    /// Finds the case by comparisons. Cases are ascending if they are more than a chain.
    fn compare_cases(
        &mut self,
        value: clif::Value,
        cases: &[(i64, &BlockCall)],
        default: &BlockCall,
    ) {
        let ty = self.b.func.dfg.value_type(value);
        if cases.len() > CHAIN_CASES {
            let (low, high) = cases.split_at(cases.len() / 2);
            let first_high = self.iconst(ty, high[0].0);
            let is_low = self.b.ins().icmp(IntCC::SignedLessThan, value, first_high);
            let (low_block, high_block) = (self.b.create_block(), self.b.create_block());
            self.b.ins().brif(is_low, low_block, &[], high_block, &[]);
            for (block, part) in [(high_block, high), (low_block, low)] {
                self.b.switch_to_block(block);
                self.compare_cases(value, part, default);
            }
            return;
        }
        for &(constant, to) in cases {
            let (block, args) = self.edge(to);
            let next = self.b.create_block();
            let constant = self.iconst(ty, constant);
            let equal = self.b.ins().icmp(IntCC::Equal, value, constant);
            self.b.ins().brif(equal, block, &args, next, &[]);
            self.b.switch_to_block(next);
        }
        let (block, args) = self.edge(default);
        self.b.ins().jump(block, &args);
    }
}
