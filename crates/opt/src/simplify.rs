//! Folds constants, removes checks that always hold, decides branches on constants, joins
//! blocks.

use crate::{cfg::Cfg, dce, thread};
use goxide_ir::{
    BinaryOp, Block, Callee, ConvertOp, FloatCc, Function, Inst, IntCc, MemFlags, Op, Term, Ty,
    UnaryOp, Value, ValueDef,
};

/// Simplifies a function until nothing changes (a few rounds at most).
pub fn run(func: &mut Function) {
    rounds(func, 4);
    dce::run(func);
    if thread::run(func) {
        rounds(func, 2);
        dce::run(func);
    }
}

fn rounds(func: &mut Function, most: usize) {
    for _ in 0..most {
        let mut changed = fold_all(func);
        changed |= decide_branches(func);
        func.remove_unreachable_blocks();
        func.remove_trivial_params();
        changed |= join_blocks(func);
        if !changed {
            break;
        }
    }
}

/// What an instruction can be replaced by.
enum Folded {
    /// Nothing better.
    Keep,
    /// Another operation with the same result.
    Op(Op),
    /// An existing value.
    Value(Value),
    /// Nothing: it has no effect.
    Gone,
}

fn fold_all(func: &mut Function) -> bool {
    let order = func.reverse_postorder();
    let mut changed = false;
    for &block in &order {
        let insts = std::mem::take(&mut func.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for inst in insts {
            resolve_uses(func, inst);
            match fold(func, inst) {
                Folded::Keep => kept.push(inst),
                Folded::Op(op) => {
                    func.insts[inst].op = op;
                    kept.push(inst);
                    changed = true;
                }
                Folded::Value(value) => {
                    let result = func.insts[inst].results[0];
                    func.values[result].def = ValueDef::Alias(value);
                    changed = true;
                }
                Folded::Gone => changed = true,
            }
        }
        func.blocks[block].insts = kept;
    }
    func.resolve_aliases();
    changed
}

fn resolve_uses(func: &mut Function, inst: Inst) {
    let mut op = std::mem::replace(&mut func.insts[inst].op, Op::GetG);
    op.for_each_use_mut(|v| *v = func.resolve(*v));
    func.insts[inst].op = op;
}

fn fold(func: &Function, inst: Inst) -> Folded {
    let constant = |v: Value| func.as_iconst(v);
    match &func.insts[inst].op {
        Op::Binary(op, a, b) => fold_binary(func, *op, *a, *b),
        Op::Unary(op, a) => match constant(*a) {
            Some(n) => fold_unary(*op, func.ty(*a), n),
            None => Folded::Keep,
        },
        Op::Icmp(cc, a, b) => fold_icmp(func, *cc, *a, *b),
        Op::Convert(op, to, a) => fold_convert(func, *op, *to, *a),
        Op::Select(c, a, b) => match constant(*c) {
            Some(0) => Folded::Value(*b),
            Some(_) => Folded::Value(*a),
            None if a == b => Folded::Value(*a),
            None => Folded::Keep,
        },
        Op::NilCheck(v) if is_not_nil(func, *v) => Folded::Gone,
        Op::Check(_, c, _) if constant(*c).is_some_and(|c| c != 0) => Folded::Gone,
        Op::BoundsCheck(kind, index, bound) => match (constant(*index), constant(*bound)) {
            (Some(i), Some(n)) => {
                let (i, n) = (i as u64, n as u64);
                let ok = if is_index(*kind) { i < n } else { i <= n };
                if ok { Folded::Gone } else { Folded::Keep }
            }
            // x[0:], x[:0]
            (Some(0), None) if !is_index(*kind) => Folded::Gone,
            _ if index == bound && !is_index(*kind) => Folded::Gone,
            _ => Folded::Keep,
        },
        Op::MemCopy { dst, src, .. } if dst == src => Folded::Gone,
        // `x != x` of generic code, with strings.
        Op::Call {
            callee: Callee::Runtime(index),
            args,
            ..
        } if args.len() == 3 && args[0] == args[1] && is_memequal(*index) => {
            Folded::Op(Op::Iconst(Ty::I64, 1))
        }
        Op::Load(ty, addr, offset, flags) => fold_address(func, *addr, *offset, *flags)
            .map_or(Folded::Keep, |(a, o, f)| Folded::Op(Op::Load(*ty, a, o, f))),
        Op::Store {
            addr,
            offset,
            value,
            flags,
        } => fold_address(func, *addr, *offset, *flags).map_or(
            Folded::Keep,
            |(addr, offset, flags)| {
                Folded::Op(Op::Store {
                    addr,
                    offset,
                    value: *value,
                    flags,
                })
            },
        ),
        Op::StorePtr {
            addr,
            offset,
            value,
            flags,
        } => fold_address(func, *addr, *offset, *flags).map_or(
            Folded::Keep,
            |(addr, offset, flags)| {
                Folded::Op(Op::StorePtr {
                    addr,
                    offset,
                    value: *value,
                    flags,
                })
            },
        ),
        _ => Folded::Keep,
    }
}

fn is_memequal(index: u16) -> bool {
    let call = goxide_abi::RUNTIME_CALLS.get(index as usize);
    call.is_some_and(|c| c.name == "memequal")
}

fn is_index(kind: goxide_abi::PanicKind) -> bool {
    matches!(
        kind,
        goxide_abi::PanicKind::Index | goxide_abi::PanicKind::IndexU
    )
}

/// Whether a pointer is known not to be nil.
pub fn is_not_nil(func: &Function, value: Value) -> bool {
    let Some(inst) = func.def_inst(value) else {
        return false;
    };
    match &func.insts[inst].op {
        Op::SymAddr(..) | Op::SlotAddr(..) | Op::New { .. } | Op::DeferRecord(_) => true,
        Op::GetG | Op::ClosureCtx => true,
        Op::Binary(BinaryOp::Iadd, base, offset) => {
            func.as_iconst(*offset).is_some() && is_not_nil(func, *base)
        }
        _ => false,
    }
}

/// Moves a constant offset from an address into the access; notes that an object's address
/// does not trap.
fn fold_address(
    func: &Function,
    addr: Value,
    offset: i32,
    flags: MemFlags,
) -> Option<(Value, i32, MemFlags)> {
    if let Some(inst) = func.def_inst(addr)
        && let Op::Binary(BinaryOp::Iadd, base, by) = func.insts[inst].op
        && let Some(by) = func.as_iconst(by)
        && (flags.no_trap || is_not_nil(func, base))
    {
        let total = i64::from(offset).checked_add(by)?;
        let total = i32::try_from(total).ok()?;
        return Some((
            base,
            total,
            MemFlags {
                no_trap: true,
                ..flags
            },
        ));
    }
    if !flags.no_trap && is_not_nil(func, addr) {
        return Some((
            addr,
            offset,
            MemFlags {
                no_trap: true,
                ..flags
            },
        ));
    }
    None
}

/// `n` cut to the width of `ty` and sign-extended, as constants are kept.
pub fn normalize(ty: Ty, n: i64) -> i64 {
    match ty {
        Ty::I8 => i64::from(n as i8),
        Ty::I16 => i64::from(n as i16),
        Ty::I32 => i64::from(n as i32),
        _ => n,
    }
}

/// `n` of type `ty` without sign.
fn unsigned(ty: Ty, n: i64) -> u64 {
    match ty {
        Ty::I8 => u64::from(n as u8),
        Ty::I16 => u64::from(n as u16),
        Ty::I32 => u64::from(n as u32),
        _ => n as u64,
    }
}

fn fold_binary(func: &Function, op: BinaryOp, a: Value, b: Value) -> Folded {
    use BinaryOp::*;
    let ty = func.ty(a);
    if ty.is_float() {
        // Constants go to the right, where the code generator reads them from memory.
        let constant = |v: Value| {
            func.def_inst(v)
                .is_some_and(|inst| matches!(func.insts[inst].op, Op::Fconst(..)))
        };
        return match op {
            Fadd | Fmul if constant(a) && !constant(b) => Folded::Op(Op::Binary(op, b, a)),
            _ => Folded::Keep,
        };
    }
    let (x, y) = (func.as_iconst(a), func.as_iconst(b));
    if let (Some(x), Some(y)) = (x, y)
        && let Some(n) = binary_value(op, ty, x, y)
    {
        return Folded::Op(Op::Iconst(ty, normalize(ty, n)));
    }
    match (op, x, y) {
        (Iadd | Isub | Bor | Bxor, _, Some(0)) => Folded::Value(a),
        (Shl | Ushr | Sshr | ShlInRange | UshrInRange | SshrInRange | Rotl, _, Some(0)) => {
            Folded::Value(a)
        }
        (Iadd | Bor | Bxor, Some(0), _) if ty == func.ty(b) => Folded::Value(b),
        (Imul, _, Some(1)) | (Sdiv | Udiv, _, Some(1)) => Folded::Value(a),
        (Imul, Some(1), _) => Folded::Value(b),
        (Imul | Band, _, Some(0)) | (Imul | Band, Some(0), _) => Folded::Op(Op::Iconst(ty, 0)),
        (Band, _, Some(-1)) => Folded::Value(a),
        (Bxor, _, Some(1)) if ty == Ty::I8 => negated(func, a),
        (Isub | Bxor, ..) if a == b && ty != Ty::Ptr => Folded::Op(Op::Iconst(ty, 0)),
        (Shl, _, Some(n)) if in_range(ty, n) => Folded::Op(Op::Binary(ShlInRange, a, b)),
        (Ushr, _, Some(n)) if in_range(ty, n) => Folded::Op(Op::Binary(UshrInRange, a, b)),
        (Sshr, _, Some(n)) if in_range(ty, n) => Folded::Op(Op::Binary(SshrInRange, a, b)),
        // Constants go to the right, where the code generator folds them into operands.
        (Iadd | Imul | Band | Bor | Bxor, Some(_), None) if ty == func.ty(b) && ty != Ty::Ptr => {
            Folded::Op(Op::Binary(op, b, a))
        }
        _ => Folded::Keep,
    }
}

/// The negation of a comparison.
fn negated(func: &Function, condition: Value) -> Folded {
    let Some(inst) = func.def_inst(condition) else {
        return Folded::Keep;
    };
    match func.insts[inst].op {
        Op::Icmp(cc, a, b) => Folded::Op(Op::Icmp(cc.negated(), a, b)),
        Op::Fcmp(FloatCc::Eq, a, b) => Folded::Op(Op::Fcmp(FloatCc::Ne, a, b)),
        Op::Fcmp(FloatCc::Ne, a, b) => Folded::Op(Op::Fcmp(FloatCc::Eq, a, b)),
        _ => Folded::Keep,
    }
}

fn in_range(ty: Ty, n: i64) -> bool {
    (0..i64::from(ty.bytes()) * 8).contains(&n)
}

fn binary_value(op: BinaryOp, ty: Ty, x: i64, y: i64) -> Option<i64> {
    use BinaryOp::*;
    let bits = ty.bytes() * 8;
    let (ux, uy) = (unsigned(ty, x), unsigned(ty, y));
    // Shift counts are i64 whatever is shifted.
    let count = y as u64;
    let small = count < u64::from(bits);
    Some(match op {
        Iadd => x.wrapping_add(y),
        Isub => x.wrapping_sub(y),
        Imul => x.wrapping_mul(y),
        Sdiv if y != 0 => x.wrapping_div(y),
        Srem if y != 0 => x.wrapping_rem(y),
        Udiv if uy != 0 => (ux / uy) as i64,
        Urem if uy != 0 => (ux % uy) as i64,
        Band => x & y,
        Bor => x | y,
        Bxor => x ^ y,
        BandNot => x & !y,
        Shl | ShlInRange => {
            if small {
                x << count
            } else {
                0
            }
        }
        Ushr | UshrInRange => {
            if small {
                (ux >> count) as i64
            } else {
                0
            }
        }
        Sshr | SshrInRange => x >> count.min(u64::from(bits) - 1),
        Umulhi => ((u128::from(x as u64) * u128::from(y as u64)) >> 64) as i64,
        Smulhi => ((i128::from(x) * i128::from(y)) >> 64) as i64,
        _ => return None,
    })
}

fn fold_unary(op: UnaryOp, ty: Ty, n: i64) -> Folded {
    let bits = ty.bytes() * 8;
    let u = unsigned(ty, n);
    let value = match op {
        UnaryOp::Ineg => n.wrapping_neg(),
        UnaryOp::Bnot => !n,
        UnaryOp::Clz => i64::from(u.leading_zeros() - (64 - bits)),
        UnaryOp::Ctz => i64::from(u.trailing_zeros().min(bits)),
        UnaryOp::Popcnt => i64::from(u.count_ones()),
        _ => return Folded::Keep,
    };
    Folded::Op(Op::Iconst(ty, normalize(ty, value)))
}

fn fold_icmp(func: &Function, cc: IntCc, a: Value, b: Value) -> Folded {
    let ty = func.ty(a);
    let truth = |t: bool| Folded::Op(Op::Iconst(Ty::I8, i64::from(t)));
    if a == b {
        return truth(matches!(
            cc,
            IntCc::Eq | IntCc::Sle | IntCc::Sge | IntCc::Ule | IntCc::Uge
        ));
    }
    if let (Some(x), Some(y)) = (func.as_iconst(a), func.as_iconst(b)) {
        let (ux, uy) = (unsigned(ty, x), unsigned(ty, y));
        return truth(match cc {
            IntCc::Eq => x == y,
            IntCc::Ne => x != y,
            IntCc::Slt => x < y,
            IntCc::Sle => x <= y,
            IntCc::Sgt => x > y,
            IntCc::Sge => x >= y,
            IntCc::Ult => ux < uy,
            IntCc::Ule => ux <= uy,
            IntCc::Ugt => ux > uy,
            IntCc::Uge => ux >= uy,
        });
    }
    if ty == Ty::Ptr
        && func.as_iconst(b) == Some(0)
        && matches!(cc, IntCc::Eq | IntCc::Ne)
        && is_not_nil(func, a)
    {
        return truth(cc == IntCc::Ne);
    }
    Folded::Keep
}

fn fold_convert(func: &Function, op: ConvertOp, to: Ty, a: Value) -> Folded {
    let from = func.ty(a);
    let Some(n) = func.as_iconst(a) else {
        return if op == ConvertOp::Bitcast && from == to {
            Folded::Value(a)
        } else {
            Folded::Keep
        };
    };
    match op {
        ConvertOp::Sext | ConvertOp::Trunc => Folded::Op(Op::Iconst(to, normalize(to, n))),
        ConvertOp::Zext => Folded::Op(Op::Iconst(to, unsigned(from, n) as i64)),
        ConvertOp::Bitcast if to.is_int() => Folded::Op(Op::Iconst(to, n)),
        ConvertOp::Bitcast if to == Ty::F64 => Folded::Op(Op::Fconst(to, n as u64)),
        ConvertOp::SintToFloat if to == Ty::F64 => Folded::Op(Op::Fconst(to, (n as f64).to_bits())),
        _ => Folded::Keep,
    }
}

/// Turns branches on constants into jumps.
fn decide_branches(func: &mut Function) -> bool {
    let mut changed = false;
    for block in func.blocks.indices() {
        // The condition of a branch is a bool: `!x` turns the branch.
        if let Term::Branch(c, a, b) = &func.blocks[block].term
            && let Some(inst) = func.def_inst(*c)
            && let Op::Binary(BinaryOp::Bxor, x, one) = func.insts[inst].op
            && func.as_iconst(one) == Some(1)
        {
            func.blocks[block].term = Term::Branch(x, b.clone(), a.clone());
            changed = true;
        }
        let new = match &func.blocks[block].term {
            Term::Branch(c, a, b) => match func.as_iconst(*c) {
                Some(0) => Some(b.clone()),
                Some(_) => Some(a.clone()),
                None if a == b => Some(a.clone()),
                None => None,
            },
            Term::Switch(v, cases, default) => func.as_iconst(*v).map(|n| {
                cases
                    .iter()
                    .find(|(case, _)| *case == n)
                    .map_or(default, |(_, to)| to)
                    .clone()
            }),
            _ => None,
        };
        if let Some(to) = new {
            func.blocks[block].term = Term::Jump(to);
            changed = true;
        }
    }
    changed
}

/// Appends to a block that ends in a jump the target, if nothing else leads there; skips
/// empty blocks that only jump on.
fn join_blocks(func: &mut Function) -> bool {
    let cfg = Cfg::of(func);
    let mut changed = skip_empty(func);
    if changed {
        func.remove_unreachable_blocks();
        return true;
    }
    for &block in &cfg.order {
        while let Term::Jump(to) = &func.blocks[block].term {
            let to = to.clone();
            if to.block == block || to.block == Function::ENTRY || cfg.preds[to.block].len() != 1 {
                break;
            }
            let target = std::mem::replace(
                &mut func.blocks[to.block],
                goxide_ir::BlockData {
                    params: Default::default(),
                    insts: Vec::new(),
                    term: Term::Unreachable,
                    term_loc: goxide_ir::Loc(0),
                    cold: true,
                },
            );
            for (param, arg) in target.params.iter().zip(&to.args) {
                func.values[*param].def = ValueDef::Alias(*arg);
            }
            let data = &mut func.blocks[block];
            data.insts.extend(target.insts);
            data.term = target.term;
            data.term_loc = target.term_loc;
            changed = true;
        }
    }
    if changed {
        func.remove_unreachable_blocks();
        func.resolve_aliases();
    }
    changed
}

/// Edges to a block without instructions that jumps on without arguments of its own go
/// to where it jumps. (Only blocks without parameters: their arguments would have to be
/// mapped.)
fn skip_empty(func: &mut Function) -> bool {
    let mut next: Vec<Option<goxide_ir::BlockCall>> = Vec::new();
    for (block, data) in func.blocks.iter_enumerated() {
        next.push(match &data.term {
            Term::Jump(to)
                if block != Function::ENTRY
                    && data.insts.is_empty()
                    && data.params.is_empty()
                    && to.block != block =>
            {
                Some(to.clone())
            }
            _ => None,
        });
    }
    let mut changed = false;
    for block in func.blocks.indices() {
        let own: Block = block;
        func.blocks[block].term.for_each_edge_mut(|edge| {
            // One step at a time: rings of empty blocks end the walk by themselves.
            if let Some(to) = &next[edge.block.0 as usize]
                && edge.block != own
                && to.block != edge.block
            {
                *edge = to.clone();
                changed = true;
            }
        });
    }
    // An empty infinite loop of several blocks would go round for ever: the caller's number
    // of rounds is bounded.
    changed
}
