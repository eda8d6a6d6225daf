//! Functions: blocks, instructions, values, stack slots and source locations.

use crate::{Op, Signature, SiteId, SymId, Term, Ty};
use goxide_base::{IndexVec, Pos, Symbol, define_index};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

define_index! {
    /// A basic block. Block 0 is the entry; its parameters are the function's.
    pub struct Block = "b";
}
define_index! {
    /// An SSA value.
    pub struct Value = "v";
}
define_index! {
    /// An instruction.
    pub struct Inst = "i";
}
define_index! {
    /// A place in the frame.
    pub struct Slot = "s";
}
define_index! {
    /// A source location of the function, with the calls it was inlined through.
    pub struct Loc = "l";
}

/// One function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its symbol.
    pub sym: SymId,
    /// Name as tracebacks show it (`main.f`, `main.(*T).m`, `main.f.func1`).
    pub name: Symbol,
    /// Parameters and results.
    pub sig: Signature,
    /// Position of the declaration.
    pub pos: Pos,
    /// Blocks; [`Block`] 0 is the entry. Order is layout order where nothing speaks for another.
    pub blocks: IndexVec<Block, BlockData>,
    /// Instructions; those in no block are dead.
    pub insts: IndexVec<Inst, InstData>,
    /// Values.
    pub values: IndexVec<Value, ValueData>,
    /// Stack slots.
    pub slots: IndexVec<Slot, SlotData>,
    /// Locations; 0 is the declaration itself.
    pub locs: IndexVec<Loc, LocData>,
    /// Flags.
    pub flags: FuncFlags,
    /// What reports call its parts.
    pub shown: Option<Box<crate::Shown>>,
}

/// Properties of a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FuncFlags {
    /// Wrapper or thunk: hidden in tracebacks.
    pub wrapper: bool,
    /// `//go:noinline`, or calls `recover`, or must keep its own frame.
    pub no_inline: bool,
    /// `//go:nosplit`: no stack check (runtime only; must fit the margin).
    pub no_split: bool,
    /// Reads the closure context.
    pub closure: bool,
    /// Never returns (`gopanic` and the like).
    pub no_return: bool,
    /// Rarely called: panics and other slow paths.
    pub cold: bool,
    /// Only called where a function goes on after `recover` ([`crate::Landing`]).
    pub landing: bool,
    /// Turns an `unsafe.Pointer` into a pointer to some type: alias tags say nothing here.
    pub reinterprets: bool,
    /// The source declares it without parameters and receiver: reports say `f()`.
    pub no_params: bool,
}

/// One block.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BlockData {
    /// Parameters.
    pub params: SmallVec<[Value; 4]>,
    /// Instructions in order.
    pub insts: Vec<Inst>,
    /// How it ends.
    pub term: Term,
    /// Location of the terminator.
    pub term_loc: Loc,
    /// Unlikely to run.
    pub cold: bool,
}

/// One instruction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InstData {
    /// What it does.
    pub op: Op,
    /// Values it defines, in order.
    pub results: SmallVec<[Value; 2]>,
    /// Where it comes from.
    pub loc: Loc,
}

/// One value.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ValueData {
    /// Type.
    pub ty: Ty,
    /// Definition.
    pub def: ValueDef,
}

/// Where a value is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ValueDef {
    /// Parameter of a block, by position.
    Param(Block, u32),
    /// Result of an instruction, by position.
    Result(Inst, u32),
    /// Replaced by another value (only while a function is being built or rewritten).
    Alias(Value),
}

/// One stack slot. Its contents at entry are undefined; the frame is scanned conservatively.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct SlotData {
    /// Size in bytes.
    pub bytes: u32,
    /// Alignment in bytes, at most 16.
    pub align: u32,
}

/// One source location.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct LocData {
    /// Source position.
    pub pos: Pos,
    /// Name and declaration of the function the code was written in.
    pub function: Symbol,
    /// Position of that function's declaration.
    pub function_pos: Pos,
    /// Location of the call that was inlined, if it was.
    pub parent: Option<Loc>,
    /// Site of the statement, if it is one.
    pub site: Option<SiteId>,
}

impl Function {
    /// An empty function whose entry block has the signature's parameters and is open.
    pub fn new(sym: SymId, name: Symbol, sig: Signature, pos: Pos) -> Function {
        let mut func = Function {
            sym,
            name,
            sig,
            pos,
            blocks: IndexVec::new(),
            insts: IndexVec::new(),
            values: IndexVec::new(),
            slots: IndexVec::new(),
            locs: IndexVec::new(),
            flags: FuncFlags::default(),
            shown: None,
        };
        let here = LocData {
            pos,
            function: name,
            function_pos: pos,
            parent: None,
            site: None,
        };
        func.locs.push(here);
        let entry = func.add_block();
        for ty in func.sig.params.clone() {
            func.add_param(entry, ty);
        }
        func
    }

    /// The entry block.
    pub const ENTRY: Block = Block(0);

    /// A new open block without parameters.
    pub fn add_block(&mut self) -> Block {
        self.blocks.push(BlockData {
            params: SmallVec::new(),
            insts: Vec::new(),
            term: Term::Open,
            term_loc: Loc(0),
            cold: false,
        })
    }

    /// A new last parameter of a block.
    pub fn add_param(&mut self, block: Block, ty: Ty) -> Value {
        let position = self.blocks[block].params.len() as u32;
        let value = self.values.push(ValueData {
            ty,
            def: ValueDef::Param(block, position),
        });
        self.blocks[block].params.push(value);
        value
    }

    /// A new instruction in no block, with values for its results.
    pub fn make_inst(&mut self, op: Op, loc: Loc) -> Inst {
        let types = self.result_types(&op);
        let inst = self.insts.push(InstData {
            op,
            results: SmallVec::new(),
            loc,
        });
        for (i, ty) in types.into_iter().enumerate() {
            let def = ValueDef::Result(inst, i as u32);
            let value = self.values.push(ValueData { ty, def });
            self.insts[inst].results.push(value);
        }
        inst
    }

    /// Appends an instruction to a block.
    pub fn append(&mut self, block: Block, op: Op, loc: Loc) -> Inst {
        let inst = self.make_inst(op, loc);
        self.blocks[block].insts.push(inst);
        inst
    }

    /// Cuts a block behind its instruction `at`: what follows, and the end, go to a new block,
    /// which is returned; the old one is left open.
    pub fn split_block(&mut self, block: Block, at: usize) -> Block {
        let rest = self.add_block();
        let data = &mut self.blocks[block];
        let insts = data.insts.split_off(at + 1);
        let term = std::mem::replace(&mut data.term, Term::Open);
        let (term_loc, cold) = (data.term_loc, data.cold);
        self.blocks[rest] = BlockData {
            params: SmallVec::new(),
            insts,
            term,
            term_loc,
            cold,
        };
        rest
    }

    /// The type of a value.
    pub fn ty(&self, value: Value) -> Ty {
        self.values[value].ty
    }

    /// The value behind aliases.
    pub fn resolve(&self, mut value: Value) -> Value {
        while let ValueDef::Alias(to) = self.values[value].def {
            value = to;
        }
        value
    }

    /// The instruction that defines a value, if one does.
    pub fn def_inst(&self, value: Value) -> Option<Inst> {
        match self.values[self.resolve(value)].def {
            ValueDef::Result(inst, _) => Some(inst),
            _ => None,
        }
    }

    /// The constant a value is, if an `Iconst` defines it.
    pub fn as_iconst(&self, value: Value) -> Option<i64> {
        match self.insts[self.def_inst(value)?].op {
            Op::Iconst(_, n) => Some(n),
            _ => None,
        }
    }

    /// Types of the results of an operation.
    pub fn result_types(&self, op: &Op) -> SmallVec<[Ty; 4]> {
        use smallvec::smallvec;
        match op {
            Op::Iconst(ty, _) | Op::Fconst(ty, _) | Op::Convert(_, ty, _) => smallvec![*ty],
            Op::Load(ty, ..) | Op::AtomicLoad(ty, _) => smallvec![*ty],
            Op::SymAddr(..) | Op::SlotAddr(..) | Op::New { .. } => smallvec![Ty::Ptr],
            Op::ClosureCtx | Op::GetG | Op::DeferRecord(_) => smallvec![Ty::Ptr],
            Op::FramePtr | Op::CallerFrame(_) => smallvec![Ty::I64],
            Op::Unary(_, a) | Op::Binary(_, a, _) | Op::Fma(a, ..) => smallvec![self.ty(*a)],
            Op::Select(_, a, _) | Op::AtomicRmw(_, _, a, _) => smallvec![self.ty(*a)],
            Op::AddCarry(..) | Op::SubBorrow(..) | Op::Div128(..) => smallvec![Ty::I64, Ty::I64],
            Op::Icmp(..) | Op::Fcmp(..) | Op::AtomicCas(..) => smallvec![Ty::I8],
            Op::Call { callee, .. } => callee.results(),
            Op::Store { .. } | Op::StorePtr { .. } | Op::MemCopy { .. } | Op::MemZero { .. } => {
                smallvec![]
            }
            Op::AtomicStore(..) | Op::NilCheck(_) | Op::BoundsCheck(..) => smallvec![],
            Op::Check(..) | Op::KeepAlive(_) => smallvec![],
            Op::DeferEnter { .. } | Op::DeferLeave(_) | Op::DeferStore { .. } => smallvec![],
        }
    }

    /// Predecessors of every block, one entry per edge.
    pub fn predecessors(&self) -> IndexVec<Block, SmallVec<[Block; 4]>> {
        let mut preds = IndexVec::filled(SmallVec::new(), self.blocks.len());
        for (block, data) in self.blocks.iter_enumerated() {
            data.term.for_each_successor(|to: Block| {
                let list: &mut SmallVec<[Block; 4]> = &mut preds[to];
                list.push(block);
            });
        }
        preds
    }

    /// Blocks reachable from the entry, in reverse postorder.
    pub fn reverse_postorder(&self) -> Vec<Block> {
        let mut seen = vec![false; self.blocks.len()];
        let mut order = Vec::with_capacity(self.blocks.len());
        // Blocks under way, each with where its successors begin in `todo`: those of the
        // last one are what is behind that, to be visited from the end.
        let mut stack: Vec<(Block, usize)> = vec![(Self::ENTRY, 0)];
        let mut todo: Vec<Block> = Vec::new();
        seen[0] = true;
        self.blocks[Self::ENTRY]
            .term
            .for_each_successor(|to| todo.push(to));
        while let Some(&(block, from)) = stack.last() {
            let next = match todo.pop() {
                Some(next) if todo.len() >= from => next,
                behind => {
                    todo.extend(behind);
                    order.push(block);
                    stack.pop();
                    continue;
                }
            };
            if !std::mem::replace(&mut seen[next.0 as usize], true) {
                stack.push((next, todo.len()));
                self.blocks[next]
                    .term
                    .for_each_successor(|to| todo.push(to));
            }
        }
        order.reverse();
        order
    }

    /// Replaces every use of an aliased value by what it stands for.
    pub fn resolve_aliases(&mut self) {
        let targets: Vec<Value> = self.values.indices().map(|v| self.resolve(v)).collect();
        let fix = |v: &mut Value| *v = targets[v.0 as usize];
        for inst in self.insts.iter_mut() {
            inst.op.for_each_use_mut(fix);
        }
        for block in self.blocks.iter_mut() {
            block.term.for_each_use_mut(fix);
        }
    }
}
