//! The rules of form of a finished function, and their check.
//!
//! 1. Every block ends in a terminator other than `Open`.
//! 2. Block 0 has the signature's parameters; no edge leads to it.
//! 3. Every edge has one argument per parameter of its target, of the same type.
//! 4. Every use is dominated by its definition, and no alias is left.
//! 5. Operands have the types that [`Op`] asks for; calls have the signature's arguments.
//! 6. `Return` gives the signature's results.
//! 7. `ClosureCtx` stands at the start of the entry block.

use crate::{
    BinaryOp, Block, BlockCall, Callee, ConvertOp, Function, Inst, IntCc, Op, Signature, Term, Ty,
    Value, ValueDef,
};
use goxide_base::{Idx, IndexVec};
use std::fmt;

/// A broken rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Function it was found in.
    pub function: &'static str,
    /// Block it was found in.
    pub block: Block,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.function, self.block, self.message)
    }
}

/// Checks a function; gives the first broken rule.
pub fn verify(func: &Function) -> Result<(), VerifyError> {
    let order = func.reverse_postorder();
    let mut checker = Checker {
        func,
        block: Function::ENTRY,
        idom: dominators(func, &order),
        places: places(func),
    };
    for &block in &order {
        checker.block = block;
        checker.check_block().map_err(|message| VerifyError {
            function: func.name.as_str(),
            block: checker.block,
            message,
        })?;
    }
    Ok(())
}

type Check = Result<(), String>;

struct Checker<'a> {
    func: &'a Function,
    block: Block,
    /// Immediate dominator by block, and position in reverse postorder; `None`: unreachable.
    idom: Vec<Option<(Block, usize)>>,
    /// Block of an instruction and position in it.
    places: IndexVec<Inst, Option<(Block, usize)>>,
}

fn places(func: &Function) -> IndexVec<Inst, Option<(Block, usize)>> {
    let mut places = IndexVec::filled(None, func.insts.len());
    for (block, data) in func.blocks.iter_enumerated() {
        for (position, &inst) in data.insts.iter().enumerate() {
            places[inst] = Some((block, position));
        }
    }
    places
}

/// Immediate dominators by Cooper, Harvey and Kennedy's iteration, with each block's
/// position in `order` (reverse postorder).
fn dominators(func: &Function, order: &[Block]) -> Vec<Option<(Block, usize)>> {
    let preds = func.predecessors();
    let mut idom: Vec<Option<(Block, usize)>> = vec![None; func.blocks.len()];
    idom[0] = Some((Function::ENTRY, 0));
    let mut changed = true;
    while changed {
        changed = false;
        for (position, &block) in order.iter().enumerate().skip(1) {
            let mut new: Option<Block> = None;
            for &pred in preds[block].iter().filter(|p| idom[p.index()].is_some()) {
                new = Some(new.map_or(pred, |other| meet(&idom, pred, other)));
            }
            let new = new.map(|b| (b, position));
            if new != idom[block.index()] {
                idom[block.index()] = new;
                changed = true;
            }
        }
    }
    idom
}

fn meet(idom: &[Option<(Block, usize)>], mut a: Block, mut b: Block) -> Block {
    let at = |x: Block| idom[x.index()].expect("processed");
    while a != b {
        if at(a).1 > at(b).1 {
            a = at(a).0
        } else {
            b = at(b).0
        }
    }
    a
}

impl Checker<'_> {
    fn check_block(&mut self) -> Check {
        let data = &self.func.blocks[self.block];
        if self.block == Function::ENTRY {
            let params: Vec<Ty> = data.params.iter().map(|p| self.func.ty(*p)).collect();
            ensure(params[..] == self.func.sig.params[..], || {
                "entry parameters".into()
            })?;
        }
        for (position, &inst) in data.insts.iter().enumerate() {
            let mut op = self.func.insts[inst].op.clone();
            let mut bad = Ok(());
            op.for_each_use_mut(|v| {
                if bad.is_ok() {
                    bad = self.check_use(*v, position);
                }
            });
            bad.and_then(|()| self.check_op(&op, position))
                .map_err(|e| format!("{}: {e}", self.func.inst_text(inst)))?;
        }
        let mut term = data.term.clone();
        let mut bad = Ok(());
        term.for_each_use_mut(|v| {
            if bad.is_ok() {
                bad = self.check_use(*v, usize::MAX);
            }
        });
        bad.and_then(|()| self.check_term(&term))
            .map_err(|e| format!("terminator: {e}"))
    }

    fn check_use(&self, value: Value, position: usize) -> Check {
        let block = match self.func.values[value].def {
            ValueDef::Alias(_) => return Err(format!("{value} is an alias")),
            ValueDef::Param(block, i) => {
                let known = self
                    .func
                    .blocks
                    .get(block)
                    .and_then(|b| b.params.get(i as usize));
                ensure(known == Some(&value), || {
                    format!("{value} is no parameter of {block}")
                })?;
                block
            }
            ValueDef::Result(inst, _) => match self.places[inst] {
                Some((block, made)) if block == self.block => {
                    return ensure(made < position, || {
                        format!("{value} is used before it is made")
                    });
                }
                Some((block, _)) => block,
                None => return Err(format!("{value} is made in no block")),
            },
        };
        ensure(self.dominates(block, self.block), || {
            format!("{value} of {block} not available")
        })
    }

    fn dominates(&self, a: Block, mut b: Block) -> bool {
        loop {
            if a == b {
                return true;
            }
            match self.idom[b.index()] {
                Some((up, _)) if up != b => b = up,
                _ => return false,
            }
        }
    }

    fn ty(&self, value: Value) -> Ty {
        self.func.ty(value)
    }

    fn want(&self, value: Value, ty: Ty) -> Check {
        ensure(self.ty(value) == ty, || {
            format!("{value} is {}, not {ty}", self.ty(value))
        })
    }

    fn same(&self, a: Value, b: Value) -> Check {
        self.want(b, self.ty(a))
    }

    fn check_op(&self, op: &Op, position: usize) -> Check {
        match op {
            Op::Iconst(ty, _) => ensure(ty.is_int(), || "float Iconst".into()),
            Op::Fconst(ty, _) => ensure(ty.is_float(), || "integer Fconst".into()),
            Op::Binary(op, a, b) => self.check_binary(*op, *a, *b),
            Op::Icmp(cc, a, b) => {
                ensure(self.ty(*a).is_int(), || "Icmp of floats".into())?;
                let ordered = !matches!(
                    cc,
                    IntCc::Eq | IntCc::Ne | IntCc::Ult | IntCc::Ule | IntCc::Ugt | IntCc::Uge
                );
                ensure(!(ordered && self.ty(*a) == Ty::Ptr), || {
                    "signed compare of ptr".into()
                })?;
                self.same(*a, *b)
            }
            Op::Fcmp(_, a, b) => {
                ensure(self.ty(*a).is_float(), || "Fcmp of integers".into())?;
                self.same(*a, *b)
            }
            Op::Convert(op, ty, a) => self.check_convert(*op, *ty, *a),
            Op::Select(c, a, b) => self.want(*c, Ty::I8).and_then(|()| self.same(*a, *b)),
            Op::Fma(a, b, c) => self.same(*a, *b).and_then(|()| self.same(*a, *c)),
            Op::AddCarry(a, b, c) | Op::SubBorrow(a, b, c) | Op::Div128(a, b, c) => [a, b, c]
                .into_iter()
                .try_for_each(|v| self.want(*v, Ty::I64)),
            Op::Load(_, a, ..) | Op::NilCheck(a) | Op::AtomicLoad(_, a) => self.want(*a, Ty::Ptr),
            Op::Store { addr, value, .. } => {
                self.want(*addr, Ty::Ptr)?;
                ensure(self.ty(*value) != Ty::Ptr, || "Store of a ptr".into())
            }
            Op::StorePtr { addr, value, .. } => self
                .want(*addr, Ty::Ptr)
                .and_then(|()| self.want(*value, Ty::Ptr)),
            Op::MemCopy { dst, src, .. } => self
                .want(*dst, Ty::Ptr)
                .and_then(|()| self.want(*src, Ty::Ptr)),
            Op::MemZero { dst, .. } => self.want(*dst, Ty::Ptr),
            Op::AtomicStore(a, _, _) | Op::AtomicRmw(_, a, _, _) => self.want(*a, Ty::Ptr),
            Op::AtomicCas(a, old, new, _) => {
                self.want(*a, Ty::Ptr).and_then(|()| self.same(*old, *new))
            }
            Op::BoundsCheck(_, a, b) => {
                self.want(*a, Ty::I64).and_then(|()| self.want(*b, Ty::I64))
            }
            Op::Check(_, c, operands) => {
                self.want(*c, Ty::I8)?;
                operands.iter().try_for_each(|v| self.want(*v, Ty::I64))
            }
            Op::Call { callee, args, .. } => self.check_call(callee, args),
            Op::New { bytes, .. } => ensure(*bytes > 0, || "New of no bytes".into()),
            Op::ClosureCtx => {
                let first = self.block == Function::ENTRY
                    && self.func.blocks[self.block].insts[..position]
                        .iter()
                        .all(|i| {
                            matches!(
                                self.func.insts[*i].op,
                                Op::Iconst(..)
                                    | Op::Fconst(..)
                                    | Op::GetG
                                    | Op::SymAddr(..)
                                    | Op::SlotAddr(..)
                            )
                        });
                ensure(first, || "ClosureCtx is not first".into())
            }
            Op::CallerFrame(n) => ensure(*n >= 1, || "CallerFrame(0)".into()),
            Op::SymAddr(..) | Op::SlotAddr(..) | Op::Unary(..) | Op::KeepAlive(_) => Ok(()),
            Op::GetG | Op::FramePtr => Ok(()),
            Op::DeferEnter { frame, .. } | Op::DeferLeave(frame) => self.want(*frame, Ty::Ptr),
            Op::DeferRecord(addr) => self.want(*addr, Ty::I64),
            Op::DeferStore { frame, value, .. } => self
                .want(*frame, Ty::Ptr)
                .and_then(|()| self.want(*value, Ty::Ptr)),
        }
    }

    fn check_binary(&self, op: BinaryOp, a: Value, b: Value) -> Check {
        use BinaryOp::*;
        match op {
            Shl | Ushr | Sshr | ShlInRange | UshrInRange | SshrInRange | Rotl => {
                ensure(self.ty(a).is_int(), || "shift of a float".into())?;
                self.want(b, Ty::I64)
            }
            Iadd | Isub if self.ty(a) == Ty::Ptr => self.want(b, Ty::I64),
            Fadd | Fsub | Fmul | Fdiv | Fmin | Fmax | Fcopysign => {
                ensure(self.ty(a).is_float(), || {
                    "float operation on integers".into()
                })?;
                self.same(a, b)
            }
            _ => {
                ensure(self.ty(a).is_int(), || "integer operation on floats".into())?;
                self.same(a, b)
            }
        }
    }

    fn check_convert(&self, op: ConvertOp, to: Ty, value: Value) -> Check {
        use ConvertOp::*;
        let from = self.ty(value);
        let ok = match op {
            Sext | Zext => from.is_int() && to.is_int() && from.bytes() < to.bytes(),
            Trunc => from.is_int() && to.is_int() && from.bytes() > to.bytes(),
            SintToFloat => matches!(from, Ty::I32 | Ty::I64) && to.is_float(),
            UintToFloat => from == Ty::I64 && to.is_float(),
            FloatToSint | FloatToUint => from.is_float() && to == Ty::I64,
            FloatToFloat => from.is_float() && to.is_float() && from != to,
            Bitcast => from.bytes() == to.bytes(),
        };
        ensure(ok, || format!("{op:?} from {from} to {to}"))
    }

    fn check_call(&self, callee: &Callee, args: &[Value]) -> Check {
        let sig: &Signature = match callee {
            Callee::Runtime(i) => {
                let call = goxide_abi::RUNTIME_CALLS.get(*i as usize);
                let call = call.ok_or("no such runtime call")?;
                ensure(args.len() == call.params as usize, || {
                    "number of arguments".into()
                })?;
                return args.iter().try_for_each(|a| {
                    ensure(self.ty(*a).is_int() && self.ty(*a).bytes() == 8, || {
                        "runtime calls take words".into()
                    })
                });
            }
            Callee::Direct(_, sig) => sig,
            Callee::Code(_, sig) | Callee::Closure(_, sig) => sig,
            Callee::Known(_, _, sig) | Callee::Interface { sig, .. } => sig,
        };
        ensure(args.len() == sig.params.len(), || {
            "number of arguments".into()
        })?;
        args.iter()
            .zip(&sig.params)
            .try_for_each(|(a, ty)| self.want(*a, *ty))
    }

    fn check_term(&self, term: &Term) -> Check {
        match term {
            Term::Open => Err("block is open".into()),
            Term::Jump(to) => self.check_edge(to),
            Term::Branch(c, a, b) => {
                self.want(*c, Ty::I8)?;
                self.check_edge(a).and_then(|()| self.check_edge(b))
            }
            Term::Switch(v, cases, default) => {
                ensure(self.ty(*v).is_int(), || "switch on a float".into())?;
                cases.iter().try_for_each(|(_, to)| self.check_edge(to))?;
                self.check_edge(default)
            }
            Term::Return(values) => {
                let types: Vec<Ty> = values.iter().map(|v| self.ty(*v)).collect();
                ensure(types[..] == self.func.sig.results[..], || {
                    "result types".into()
                })
            }
            Term::TailCall(callee, args) => self.check_call(callee, args),
            Term::Unreachable => Ok(()),
        }
    }

    fn check_edge(&self, to: &BlockCall) -> Check {
        ensure(to.block != Function::ENTRY, || "edge to the entry".into())?;
        let params = &self.func.blocks[to.block].params;
        ensure(params.len() == to.args.len(), || {
            format!("arguments for {}", to.block)
        })?;
        to.args
            .iter()
            .zip(params)
            .try_for_each(|(a, p)| self.same(*p, *a))
    }
}

fn ensure(ok: bool, message: impl FnOnce() -> String) -> Check {
    if ok { Ok(()) } else { Err(message()) }
}
