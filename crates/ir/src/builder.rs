//! Builds a function block by block, turning mutable variables into SSA on the way.
//!
//! The algorithm is that of Braun, Buchwald, Hack, Leißa, Mallon and Zwinkau, "Simple and
//! Efficient Construction of Static Single Assignment Form" (CC 2013): a block is *sealed*
//! when all its predecessors are known; reading a variable in an unsealed block makes a
//! parameter whose arguments are filled in at sealing. Parameters that turn out to have one
//! value only are replaced by it.

use crate::{
    Block, BlockCall, Callee, Function, Inst, IntCc, Loc, LocData, MemFlags, Op, Slot, SlotData,
    Term, Ty, Value, ValueDef,
};
use goxide_base::{FxHashMap, Idx, IndexVec, define_index};
use smallvec::{SmallVec, smallvec};

define_index! {
    /// A variable of the builder: a scalar that can be assigned many times.
    pub struct Var = "var";
}

/// Builds one function. Every block must be filled (have a terminator) and sealed before
/// [`Builder::finish`].
pub struct Builder {
    /// The function so far. Blocks and values may be read at any time.
    pub func: Function,
    current: Option<Block>,
    loc: Loc,
    locs: FxHashMap<LocData, Loc>,
    vars: IndexVec<Var, Ty>,
    /// Value of a variable at the end (so far) of a block.
    defs: FxHashMap<(Block, Var), Value>,
    sealed: Vec<bool>,
    preds: IndexVec<Block, SmallVec<[Block; 4]>>,
    /// Parameters of unsealed blocks that wait for their arguments.
    incomplete: FxHashMap<Block, Vec<(Var, Value)>>,
}

impl Builder {
    /// Starts in the (sealed) entry block of `func`.
    pub fn new(func: Function) -> Builder {
        let mut builder = Builder {
            current: Some(Function::ENTRY),
            loc: Loc(0),
            locs: FxHashMap::default(),
            vars: IndexVec::new(),
            defs: FxHashMap::default(),
            sealed: vec![true],
            preds: IndexVec::new(),
            incomplete: FxHashMap::default(),
            func,
        };
        builder.preds.push(SmallVec::new());
        builder
    }

    /// The block being filled; `None` after a terminator.
    pub fn current(&self) -> Option<Block> {
        self.current
    }

    /// Whether some edge leads to a block so far.
    pub fn has_predecessors(&self, block: Block) -> bool {
        !self.preds[block].is_empty()
    }

    /// Whether code added now could run.
    pub fn is_reachable(&self) -> bool {
        self.current.is_some()
    }

    /// A new empty block, unsealed.
    pub fn new_block(&mut self) -> Block {
        let block = self.func.add_block();
        self.sealed.push(false);
        self.preds.push(SmallVec::new());
        block
    }

    /// Marks a block as unlikely to run.
    pub fn set_cold(&mut self, block: Block) {
        self.func.blocks[block].cold = true;
    }

    /// Goes on in `block`. The block before must have been ended.
    pub fn switch_to(&mut self, block: Block) {
        debug_assert!(self.current.is_none(), "the block before is not ended");
        debug_assert!(
            self.func.blocks[block].term == Term::Open,
            "{block} is ended already"
        );
        self.current = Some(block);
    }

    /// Sets the location of what is added from here on.
    pub fn set_loc(&mut self, loc: LocData) {
        self.loc = match self.locs.get(&loc) {
            Some(&known) => known,
            None => {
                let new = self.func.locs.push(loc);
                self.locs.insert(loc, new);
                new
            }
        };
    }

    /// The location of what is added now.
    pub fn loc(&self) -> Loc {
        self.loc
    }

    /// Goes back to a location got from [`Builder::loc`].
    pub fn restore_loc(&mut self, loc: Loc) {
        self.loc = loc;
    }

    // ---- variables ----

    /// A new variable.
    pub fn new_var(&mut self, ty: Ty) -> Var {
        self.vars.push(ty)
    }

    /// Assigns a variable. Does nothing where code cannot be reached.
    pub fn def_var(&mut self, var: Var, value: Value) {
        debug_assert_eq!(self.vars[var], self.func.ty(value), "type of {var}");
        if let Some(block) = self.current {
            self.defs.insert((block, var), value);
        }
    }

    /// The value of a variable here. A variable read before any assignment is zero.
    pub fn use_var(&mut self, var: Var) -> Value {
        match self.current {
            Some(block) => self.read(block, var),
            None => self.dead_value(self.vars[var]),
        }
    }

    /// A value of the type for code that cannot be reached.
    pub fn dead_value(&mut self, ty: Ty) -> Value {
        // It lives in a block of its own without predecessors, which no one sees.
        let op = zero_of(ty);
        let inst = self.func.make_inst(op, self.loc);
        self.func.blocks[Function::ENTRY].insts.insert(0, inst);
        self.func.insts[inst].results[0]
    }

    fn read(&mut self, block: Block, var: Var) -> Value {
        let mut unfilled = Vec::new();
        let value = self.find(block, var, &mut unfilled);
        self.fill_params(var, unfilled);
        value
    }

    /// The value of a variable at the end of a block. Parameters of sealed blocks made on
    /// the way are left to the caller to fill: recursion would go as deep as the function
    /// is long.
    fn find(&mut self, block: Block, var: Var, unfilled: &mut Vec<Block>) -> Value {
        if let Some(&value) = self.defs.get(&(block, var)) {
            return self.func.resolve(value);
        }
        let mut chain = vec![block];
        let mut at = block;
        let value = loop {
            if let Some(&value) = self.defs.get(&(at, var)) {
                break self.func.resolve(value);
            }
            if self.sealed[at.index()] && self.preds[at].len() == 1 {
                if chain.len() > self.func.blocks.len() {
                    // A loop that nothing leads into: it never runs, any value will do.
                    break self.zero_at_start(at, self.vars[var]);
                }
                at = self.preds[at][0];
                chain.push(at);
                continue;
            }
            break self.find_at_join(at, var, unfilled);
        };
        for block in chain {
            self.defs.insert((block, var), value);
        }
        value
    }

    /// A new zero at the start of a block.
    fn zero_at_start(&mut self, block: Block, ty: Ty) -> Value {
        let inst = self.func.make_inst(zero_of(ty), Loc(0));
        self.func.blocks[block].insts.insert(0, inst);
        self.func.insts[inst].results[0]
    }

    fn find_at_join(&mut self, block: Block, var: Var, unfilled: &mut Vec<Block>) -> Value {
        let ty = self.vars[var];
        let sealed = self.sealed[block.index()];
        if sealed && self.preds[block].is_empty() {
            return self.zero_at_start(block, ty);
        }
        let param = self.func.add_param(block, ty);
        self.defs.insert((block, var), param);
        if sealed {
            unfilled.push(block);
        } else {
            self.incomplete.entry(block).or_default().push((var, param));
        }
        param
    }

    /// Gives every edge into the blocks its argument for the parameter, which is the one of
    /// `var` there, and goes on until no parameter is left without arguments. A block gets
    /// at most one parameter on the way, so arguments keep the order of parameters.
    fn fill_params(&mut self, var: Var, mut unfilled: Vec<Block>) {
        while let Some(block) = unfilled.pop() {
            let mut preds = self.preds[block].clone();
            preds.sort_unstable();
            preds.dedup();
            for pred in preds {
                let arg = self.find(pred, var, &mut unfilled);
                self.func.blocks[pred].term.for_each_edge_mut(|edge| {
                    if edge.block == block {
                        edge.args.push(arg);
                    }
                });
            }
        }
    }

    /// States that all predecessors of `block` are known.
    pub fn seal(&mut self, block: Block) {
        if std::mem::replace(&mut self.sealed[block.index()], true) {
            return;
        }
        // Reading arguments can add parameters to this block no more: it is sealed, and
        // every variable waiting here has its parameter already.
        for (var, _) in self.incomplete.remove(&block).unwrap_or_default() {
            self.fill_params(var, vec![block]);
        }
    }

    /// Switches to `block`, all of whose predecessors are known.
    pub fn switch_to_sealed(&mut self, block: Block) {
        self.seal(block);
        self.switch_to(block);
    }

    // ---- instructions ----

    /// Appends an instruction. Where code cannot be reached its results are dead values.
    pub fn push(&mut self, op: Op) -> Inst {
        match self.current {
            Some(block) => self.func.append(block, op, self.loc),
            None => {
                let inst = self.func.make_inst(op, self.loc);
                let results = self.func.insts[inst].results.clone();
                for result in results {
                    let zero = self.dead_value(self.func.ty(result));
                    self.func.values[result].def = ValueDef::Alias(zero);
                }
                inst
            }
        }
    }

    /// Appends an instruction with exactly one result.
    pub fn push1(&mut self, op: Op) -> Value {
        let inst = self.push(op);
        debug_assert_eq!(self.func.insts[inst].results.len(), 1);
        self.func.insts[inst].results[0]
    }

    /// Results of an instruction.
    pub fn results(&self, inst: Inst) -> SmallVec<[Value; 2]> {
        self.func.insts[inst].results.clone()
    }

    /// Integer constant.
    pub fn iconst(&mut self, ty: Ty, value: i64) -> Value {
        self.push1(Op::Iconst(ty, value))
    }

    /// Zero of a type: 0, nil or +0.0.
    pub fn zero(&mut self, ty: Ty) -> Value {
        self.push1(zero_of(ty))
    }

    /// Reads a scalar.
    pub fn load(&mut self, ty: Ty, addr: Value, offset: i32, flags: MemFlags) -> Value {
        self.push1(Op::Load(ty, addr, offset, flags))
    }

    /// Writes a scalar: a `StorePtr` if it is a pointer.
    pub fn store(&mut self, addr: Value, offset: i32, value: Value, flags: MemFlags) {
        if self.func.ty(value) == Ty::Ptr {
            self.push(Op::StorePtr {
                addr,
                offset,
                value,
                flags,
            });
        } else {
            self.push(Op::Store {
                addr,
                offset,
                value,
                flags,
            });
        }
    }

    /// Compares integers or pointers.
    pub fn icmp(&mut self, cc: IntCc, a: Value, b: Value) -> Value {
        self.push1(Op::Icmp(cc, a, b))
    }

    /// A call; gives the results.
    pub fn call(&mut self, callee: Callee, args: Vec<Value>) -> SmallVec<[Value; 2]> {
        let inst = self.push(Op::Call {
            callee,
            args,
            site: None,
        });
        self.results(inst)
    }

    /// A new stack slot.
    pub fn new_slot(&mut self, bytes: u32, align: u32) -> Slot {
        self.func.slots.push(SlotData { bytes, align })
    }

    // ---- terminators ----

    /// Ends the current block.
    pub fn terminate(&mut self, term: Term) {
        let Some(block) = self.current.take() else {
            return;
        };
        term.for_each_successor(|to| {
            debug_assert!(!self.sealed[to.index()], "new edge to sealed {to}");
            self.preds[to].push(block);
        });
        self.func.blocks[block].term = term;
        self.func.blocks[block].term_loc = self.loc;
    }

    /// Jumps.
    pub fn jump(&mut self, to: Block) {
        self.terminate(Term::Jump(BlockCall {
            block: to,
            args: smallvec![],
        }));
    }

    /// Branches on an i8.
    pub fn branch(&mut self, cond: Value, then: Block, other: Block) {
        let edge = |block| BlockCall {
            block,
            args: smallvec![],
        };
        self.terminate(Term::Branch(cond, edge(then), edge(other)));
    }

    /// Returns.
    pub fn ret(&mut self, values: impl IntoIterator<Item = Value>) {
        self.terminate(Term::Return(values.into_iter().collect()));
    }

    /// Finishes: drops blocks that cannot be reached and parameters with one value only.
    ///
    /// # Panics
    /// In debug builds, if a reachable block is open or unsealed.
    pub fn finish(mut self) -> Function {
        debug_assert!(
            self.current.is_none(),
            "{}: last block not ended",
            self.func.name
        );
        debug_assert!(
            self.incomplete.is_empty(),
            "{}: blocks not sealed",
            self.func.name
        );
        for block in self.func.blocks.indices() {
            if self.func.blocks[block].term == Term::Open {
                debug_assert!(
                    self.preds[block].is_empty(),
                    "{}: {block} is open",
                    self.func.name
                );
                self.func.blocks[block].term = Term::Unreachable;
            }
        }
        self.func.remove_unreachable_blocks();
        self.func.resolve_aliases();
        self.func.remove_trivial_params();
        self.func
    }
}

fn zero_of(ty: Ty) -> Op {
    if ty.is_float() {
        Op::Fconst(ty, 0)
    } else {
        Op::Iconst(ty, 0)
    }
}

impl Function {
    /// Removes blocks that the entry does not reach and renumbers the rest in their order.
    pub fn remove_unreachable_blocks(&mut self) {
        let mut live = vec![false; self.blocks.len()];
        for block in self.reverse_postorder() {
            live[block.index()] = true;
        }
        if live.iter().all(|l| *l) {
            return;
        }
        let mut renumber: IndexVec<Block, Block> = IndexVec::filled(Block(0), live.len());
        let mut next = 0;
        for (block, live) in live.iter().enumerate() {
            if *live {
                renumber[Block::new(block)] = Block(next);
                next += 1;
            }
        }
        let old = std::mem::take(&mut self.blocks);
        let count = old.len();
        let mut old: Vec<_> = (0..count).map(Block::new).zip(old.into_raw()).collect();
        old.retain(|(block, _)| live[block.index()]);
        for (_, mut data) in old {
            data.term.for_each_target_mut(|to| *to = renumber[*to]);
            let block = self.blocks.push(data);
            for (i, &param) in self.blocks[block].params.iter().enumerate() {
                self.values[param].def = ValueDef::Param(block, i as u32);
            }
        }
    }

    /// Replaces block parameters whose arguments are all one value (or the parameter
    /// itself) by that value, until there are none. The entry's parameters stay.
    pub fn remove_trivial_params(&mut self) {
        loop {
            let mut incoming: FxHashMap<(Block, usize), Incoming> = FxHashMap::default();
            for block in self.blocks.indices() {
                self.blocks[block].term.for_each_edge(|edge| {
                    for (i, &arg) in edge.args.iter().enumerate() {
                        let param = self.blocks[edge.block].params[i];
                        let arg = self.resolve(arg);
                        if arg != param {
                            incoming
                                .entry((edge.block, i))
                                .and_modify(|seen| seen.add(arg))
                                .or_insert(Incoming::One(arg));
                        }
                    }
                });
            }
            let mut drop: FxHashMap<Block, Vec<usize>> = FxHashMap::default();
            for block in self.blocks.indices().skip(1) {
                for i in 0..self.blocks[block].params.len() {
                    let param = self.blocks[block].params[i];
                    let Some(&Incoming::One(value)) = incoming.get(&(block, i)) else {
                        continue;
                    };
                    let value = self.resolve(value);
                    if value != param {
                        self.values[param].def = ValueDef::Alias(value);
                        drop.entry(block).or_default().push(i);
                    }
                }
            }
            if drop.is_empty() {
                return;
            }
            self.drop_params(&drop);
            self.resolve_aliases();
        }
    }

    /// Removes parameters by position, with the arguments of all edges.
    pub fn drop_params(&mut self, drop: &FxHashMap<Block, Vec<usize>>) {
        for block in self.blocks.indices() {
            if let Some(positions) = drop.get(&block) {
                let data = &mut self.blocks[block];
                remove_positions(&mut data.params, positions);
                for (i, &param) in data.params.iter().enumerate() {
                    self.values[param].def = ValueDef::Param(block, i as u32);
                }
            }
            self.blocks[block].term.for_each_edge_mut(|edge| {
                if let Some(positions) = drop.get(&edge.block) {
                    remove_positions(&mut edge.args, positions);
                }
            });
        }
    }
}

#[derive(Clone, Copy)]
enum Incoming {
    One(Value),
    Many,
}

impl Incoming {
    fn add(&mut self, value: Value) {
        if !matches!(self, Incoming::One(seen) if *seen == value) {
            *self = Incoming::Many;
        }
    }
}

fn remove_positions(list: &mut SmallVec<[Value; 4]>, positions: &[usize]) {
    let mut at = 0;
    list.retain(|_| {
        at += 1;
        !positions.contains(&(at - 1))
    });
}
