//! Turns stack slots into values: slots whose address is only used to read and write whole
//! scalars at fixed places.

use crate::{cfg::Cfg, dce};
use goxide_base::{FxHashMap, Idx};
use goxide_ir::{BinaryOp, Block, BlockData, Function, Inst, Op, Slot, Term, Ty, Value, ValueDef};

/// One scalar of a slot: where it lies and what it is.
type Field = (Slot, i64);

/// What a slot is used for.
#[derive(Default)]
struct Uses {
    /// Scalars by offset.
    fields: FxHashMap<i64, Ty>,
    /// Its address goes somewhere else, or its scalars overlap.
    unfit: bool,
}

/// Promotes what can be promoted. A slot whose address lies in another slot is fit only when
/// that has become a value, hence the rounds.
pub fn run(func: &mut Function) {
    for _ in 0..3 {
        if !promote(func) {
            break;
        }
    }
}

fn promote(func: &mut Function) -> bool {
    // The targets of a `TryCall` take no parameters, so values cannot be joined there.
    let unwinds = |b: &BlockData| matches!(b.term, Term::TryCall { .. });
    if func.slots.is_empty() || func.blocks.iter().any(unwinds) {
        return false;
    }
    let addresses = slot_addresses(func);
    let uses = collect_uses(func, &addresses);
    let fit: Vec<bool> = uses
        .iter()
        .map(|u| !u.unfit && !overlap(&u.fields))
        .collect();
    if !fit.iter().any(|f| *f) {
        return false;
    }
    let changed = Promoter::new(func, addresses, uses, fit).run();
    func.resolve_aliases();
    func.remove_trivial_params();
    dce::run(func);
    changed
}

/// Values that are the address of a slot plus a constant.
fn slot_addresses(func: &Function) -> FxHashMap<Value, (Slot, i64)> {
    let mut known: FxHashMap<Value, (Slot, i64)> = FxHashMap::default();
    for block in func.reverse_postorder() {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            let place = match data.op {
                Op::SlotAddr(slot, offset) => Some((slot, i64::from(offset))),
                Op::Binary(BinaryOp::Iadd, base, by) => known
                    .get(&base)
                    .copied()
                    .and_then(|(slot, at)| Some((slot, at.checked_add(func.as_iconst(by)?)?))),
                _ => None,
            };
            if let Some(place) = place {
                known.insert(data.results[0], place);
            }
        }
    }
    known
}

fn collect_uses(func: &mut Function, addresses: &FxHashMap<Value, (Slot, i64)>) -> Vec<Uses> {
    let mut uses: Vec<Uses> = func.slots.iter().map(|_| Uses::default()).collect();
    for block in func.blocks.indices() {
        for at in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            inst_uses(func, inst, addresses, &mut uses);
        }
        let mut term = func.blocks[block].term.clone();
        term.for_each_use_mut(|v| {
            if let Some((slot, _)) = addresses.get(v) {
                uses[slot.index()].unfit = true;
            }
        });
    }
    uses
}

fn inst_uses(
    func: &mut Function,
    inst: Inst,
    addresses: &FxHashMap<Value, (Slot, i64)>,
    uses: &mut [Uses],
) {
    let value_type = |v: Value| func.ty(v);
    let access = match &func.insts[inst].op {
        Op::Load(ty, addr, offset, _) => Some((*addr, *offset, *ty, None)),
        Op::Store {
            addr,
            offset,
            value,
            ..
        }
        | Op::StorePtr {
            addr,
            offset,
            value,
            ..
        } => Some((*addr, *offset, value_type(*value), Some(*value))),
        Op::MemZero { dst, bytes, .. } => {
            let Some(&(slot, at)) = addresses.get(dst) else {
                return;
            };
            // Only the whole slot, so that it is plain what becomes zero.
            if at != 0 || *bytes < u64::from(func.slots[slot].bytes) {
                uses[slot.index()].unfit = true;
            }
            return;
        }
        Op::SlotAddr(..) => return,
        Op::NilCheck(v) if addresses.contains_key(v) => return,
        Op::Binary(BinaryOp::Iadd, base, _)
            if addresses.contains_key(base)
                && addresses.contains_key(&func.insts[inst].results[0]) =>
        {
            return;
        }
        _ => None,
    };
    if let Some((addr, offset, ty, stored)) = access
        && let Some(&(slot, at)) = addresses.get(&addr)
    {
        let use_ = &mut uses[slot.index()];
        let known = *use_.fields.entry(at + i64::from(offset)).or_insert(ty);
        use_.unfit |= known != ty;
        if let Some((slot, _)) = stored.and_then(|v| addresses.get(&v)) {
            uses[slot.index()].unfit = true;
        }
        return;
    }
    func.insts[inst].op.for_each_use_mut(|v| {
        if let Some((slot, _)) = addresses.get(v) {
            uses[slot.index()].unfit = true;
        }
    });
}

/// Whether two scalars share bytes.
fn overlap(fields: &FxHashMap<i64, Ty>) -> bool {
    let mut list: Vec<(i64, Ty)> = fields.iter().map(|(o, t)| (*o, *t)).collect();
    list.sort_unstable();
    list.windows(2)
        .any(|w| w[0].0 + i64::from(w[0].1.bytes()) > w[1].0)
}

struct Promoter<'f> {
    func: &'f mut Function,
    cfg: Cfg,
    addresses: FxHashMap<Value, (Slot, i64)>,
    uses: Vec<Uses>,
    fit: Vec<bool>,
    /// Value of a field at the end (so far) of a block.
    ends: FxHashMap<(Block, Field), Value>,
    /// Value of a field at the start of a block.
    starts: FxHashMap<(Block, Field), Value>,
    /// Parameters made, whose arguments are filled in at the end.
    joins: Vec<(Block, Field, Value)>,
}

impl<'f> Promoter<'f> {
    fn new(
        func: &'f mut Function,
        addresses: FxHashMap<Value, (Slot, i64)>,
        uses: Vec<Uses>,
        fit: Vec<bool>,
    ) -> Self {
        let cfg = Cfg::of(func);
        Promoter {
            func,
            cfg,
            addresses,
            uses,
            fit,
            ends: FxHashMap::default(),
            starts: FxHashMap::default(),
            joins: Vec::new(),
        }
    }

    /// Says whether an access became a value.
    fn run(mut self) -> bool {
        // In reverse postorder a block's dominator has been rewritten before it, so its end
        // values are known; those over back edges are filled in by `join`s at the end.
        let count = |func: &Function| func.blocks.iter().map(|b| b.insts.len()).sum::<usize>();
        let before = count(self.func);
        for block in self.cfg.order.clone() {
            self.rewrite(block);
        }
        let changed = count(self.func) != before;
        while let Some((block, field, param)) = self.joins.pop() {
            let position = self.func.blocks[block]
                .params
                .iter()
                .position(|p| *p == param);
            let position = position.expect("a parameter of the block");
            for pred in self.distinct_preds(block) {
                let value = self.end_value(pred, field);
                self.func.blocks[pred].term.for_each_edge_mut(|edge| {
                    if edge.block == block {
                        // Joins of one block are filled last to first; others later.
                        if edge.args.len() <= position {
                            edge.args.resize(position + 1, Value(u32::MAX));
                        }
                        edge.args[position] = value;
                    }
                });
            }
        }
        changed
    }

    fn distinct_preds(&self, block: Block) -> Vec<Block> {
        let mut preds: Vec<Block> = self.cfg.preds[block]
            .iter()
            .copied()
            .filter(|p| self.cfg.is_reachable(*p))
            .collect();
        preds.sort_unstable();
        preds.dedup();
        preds
    }

    fn field(&self, addr: Value, offset: i32) -> Option<Field> {
        let (slot, at) = *self.addresses.get(&addr)?;
        self.fit[slot.index()].then_some((slot, at + i64::from(offset)))
    }

    fn rewrite(&mut self, block: Block) {
        let insts = std::mem::take(&mut self.func.blocks[block].insts);
        let mut kept = Vec::with_capacity(insts.len());
        for inst in insts {
            match self.func.insts[inst].op.clone() {
                Op::Load(_, addr, offset, _) => {
                    if let Some(field) = self.field(addr, offset) {
                        let value = self.current(block, field, &mut kept);
                        let result = self.func.insts[inst].results[0];
                        self.func.values[result].def = ValueDef::Alias(value);
                        continue;
                    }
                }
                Op::Store {
                    addr,
                    offset,
                    value,
                    ..
                }
                | Op::StorePtr {
                    addr,
                    offset,
                    value,
                    ..
                } => {
                    if let Some(field) = self.field(addr, offset) {
                        self.ends.insert((block, field), value);
                        continue;
                    }
                }
                Op::MemZero { dst, .. } => {
                    if let Some((slot, _)) = self.field(dst, 0) {
                        self.zero_slot(block, slot, &mut kept);
                        continue;
                    }
                }
                Op::NilCheck(v) if self.field(v, 0).is_some() => continue,
                _ => {}
            }
            kept.push(inst);
        }
        self.func.blocks[block].insts = kept;
    }

    fn zero_slot(&mut self, block: Block, slot: Slot, kept: &mut Vec<Inst>) {
        let mut fields: Vec<(i64, Ty)> = self.uses[slot.index()]
            .fields
            .iter()
            .map(|(o, t)| (*o, *t))
            .collect();
        fields.sort_unstable();
        for (offset, ty) in fields {
            let value = self.zero(ty, kept);
            self.ends.insert((block, (slot, offset)), value);
        }
    }

    fn zero(&mut self, ty: Ty, kept: &mut Vec<Inst>) -> Value {
        let op = if ty.is_float() {
            Op::Fconst(ty, 0)
        } else {
            Op::Iconst(ty, 0)
        };
        let inst = self.func.make_inst(op, goxide_ir::Loc(0));
        kept.push(inst);
        self.func.insts[inst].results[0]
    }

    fn ty(&self, field: Field) -> Ty {
        self.uses[field.0.index()].fields[&field.1]
    }

    /// The value of a field at this point of a block that is being rewritten.
    fn current(&mut self, block: Block, field: Field, kept: &mut Vec<Inst>) -> Value {
        if let Some(&value) = self.ends.get(&(block, field)) {
            return self.func.resolve(value);
        }
        if block == Function::ENTRY {
            // Read before any write: whatever is there will do.
            let zero = self.zero(self.ty(field), kept);
            self.ends.insert((block, field), zero);
            return zero;
        }
        self.start_value(block, field)
    }

    fn end_value(&mut self, block: Block, field: Field) -> Value {
        if let Some(&value) = self.ends.get(&(block, field)) {
            return self.func.resolve(value);
        }
        if block == Function::ENTRY {
            let ty = self.ty(field);
            let op = if ty.is_float() {
                Op::Fconst(ty, 0)
            } else {
                Op::Iconst(ty, 0)
            };
            let inst = self.func.make_inst(op, goxide_ir::Loc(0));
            self.func.blocks[block].insts.insert(0, inst);
            let value = self.func.insts[inst].results[0];
            self.ends.insert((block, field), value);
            return value;
        }
        self.start_value(block, field)
    }

    fn start_value(&mut self, block: Block, field: Field) -> Value {
        let mut chain = Vec::new();
        let mut at = block;
        let value = loop {
            if let Some(&value) = self.starts.get(&(at, field)) {
                break self.func.resolve(value);
            }
            chain.push(at);
            let preds = self.distinct_preds(at);
            let single = match preds[..] {
                [pred] => Some(pred),
                _ => None,
            };
            match single {
                Some(pred) => {
                    if let Some(&value) = self.ends.get(&(pred, field)) {
                        break self.func.resolve(value);
                    }
                    if pred == Function::ENTRY {
                        break self.end_value(pred, field);
                    }
                    at = pred;
                }
                None => {
                    let param = self.func.add_param(at, self.ty(field));
                    self.joins.push((at, field, param));
                    break param;
                }
            }
        };
        for block in chain {
            self.starts.insert((block, field), value);
        }
        value
    }
}
