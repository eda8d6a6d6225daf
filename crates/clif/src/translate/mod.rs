//! IR to Cranelift's IR. Blocks map to blocks and values to values; SSA form is kept as it
//! is, so nothing here needs Cranelift's variables. Every operation has the meaning that
//! stands on [`goxide_ir::Op`].

mod arith;
mod calls;
mod checks;
mod control;
mod convert;
mod defer;
mod memory;
mod order;

use crate::CpuLevel;
use crate::convention::{Place, clif_type, go_signature, pack};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self as clif, ExtFuncData, ExternalName, FuncRef, InstBuilder, MemFlagsData, SourceLoc,
    StackSlotData, StackSlotKind, UserExternalName, UserFuncName, types,
};
use cranelift_codegen::ir::{AliasRegionData, GlobalValueData};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use goxide_base::{FxHashMap, Idx, Symbol};
use goxide_ir::{BinaryOp, Block, Function, Inst, Op, Slot, SymId, Value};
use smallvec::SmallVec;

/// Result of a step that can find something unsupported.
type Step = Result<(), String>;

/// What translation knows that the finished code needs.
#[derive(Default)]
pub struct Translated {
    /// Names behind the indices of [`Namespace::Named`].
    pub names: Vec<Symbol>,
    /// Whether Go functions are called, handlers of failed checks apart.
    pub calls_go: bool,
    /// Whether `runtime.cold_call` is used, whose frame counts as ours.
    pub has_cold_calls: bool,
    /// The function that does nothing, if there is a landing of `recover`: its calls can go.
    pub landing_mark: Option<SymId>,
}

/// Kinds of external names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Namespace {
    /// The index is a [`SymId`].
    Symbol,
    /// The index is one in [`Translated::names`].
    Named,
    /// The index is one in [`LocalHelper::ALL`].
    Helper,
}

impl Namespace {
    /// The namespace with this number.
    pub fn of(number: u32) -> Namespace {
        match number {
            0 => Namespace::Symbol,
            1 => Namespace::Named,
            2 => Namespace::Helper,
            other => unreachable!("namespace {other}"),
        }
    }
}

/// Routines for what Cranelift has no operation for, appended to each function that uses
/// them. They take no stack and preserve what calls preserve.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LocalHelper {
    /// (hi, lo, divisor) → (quotient, remainder), as a Go function.
    Div128,
}

impl LocalHelper {
    /// All helpers.
    pub const ALL: &[LocalHelper] = &[LocalHelper::Div128];

    /// Machine code.
    pub fn code(self) -> &'static [u8] {
        match self {
            LocalHelper::Div128 => &[
                0x48, 0x89, 0xf0, // mov rax, rsi
                0x48, 0x89, 0xd1, // mov rcx, rdx
                0x48, 0x89, 0xfa, // mov rdx, rdi
                0x48, 0xf7, 0xf1, // div rcx
                0x48, 0x89, 0xd1, // mov rcx, rdx
                0xc3, // ret
            ],
        }
    }
}

/// What the code is for.
#[derive(Clone, Copy)]
pub struct Target {
    /// Instructions to use.
    pub cpu: CpuLevel,
    /// Whether [`crate::post`] will see the code.
    pub improve: bool,
    /// Cranelift's description.
    pub frontend: TargetFrontendConfig,
}

/// Translates `func` into `out`, which is empty.
///
/// # Errors
/// A description of what is not supported.
pub fn translate(
    func: &Function,
    target: Target,
    out: &mut clif::Function,
    context: &mut FunctionBuilderContext,
) -> Result<Translated, String> {
    let packing = pack(&func.sig.params);
    out.name = UserFuncName::user(Namespace::Symbol as u32, func.sym.0);
    out.signature = go_signature(&func.sig.params, &func.sig.results, &packing);
    let mut translator = Translator {
        func,
        target,
        b: FunctionBuilder::new(out, context),
        blocks: vec![None; func.blocks.len()],
        values: vec![None; func.values.len()],
        slots: vec![None; func.slots.len()],
        functions: FxHashMap::default(),
        loops: None,
        keep: Vec::new(),
        param_order: order::param_orders(func),
        in_cold_part_of_loop: false,
        max_block_words: calls::max_block_words(func),
        argument_slot: None,
        result: Translated::default(),
    };
    let done = translator.run();
    let Translator { mut b, result, .. } = translator;
    if done.is_err() {
        // The context can only be used again after an orderly end.
        *context = FunctionBuilderContext::new();
        return done.map(|()| result);
    }
    b.seal_all_blocks();
    b.finalize(target.frontend);
    Ok(result)
}

/// Alias regions that are not from the IR's tags (which fit 16 bits).
#[derive(Clone, Copy)]
enum Region {
    /// Fields of g.
    G = 1 << 16,
    /// Argument blocks.
    Arguments,
}

/// Key of an imported function: namespace, index in it, and the signature.
type FunctionKey = (u32, u32, clif::Signature);

struct Translator<'a> {
    func: &'a Function,
    target: Target,
    b: FunctionBuilder<'a>,
    blocks: Vec<Option<clif::Block>>,
    values: Vec<Option<clif::Value>>,
    slots: Vec<Option<clif::StackSlot>>,
    functions: FxHashMap<FunctionKey, FuncRef>,
    loops: Option<order::Loops>,
    /// Whether the current block is a cold one that leads back into a loop.
    in_cold_part_of_loop: bool,
    /// Order of each block's parameters.
    param_order: Vec<SmallVec<[u32; 4]>>,
    /// Sums that must not be computed anew where they are used.
    keep: Vec<bool>,
    max_block_words: usize,
    argument_slot: Option<clif::StackSlot>,
    result: Translated,
}

impl Translator<'_> {
    fn run(&mut self) -> Step {
        let order = self.func.reverse_postorder();
        for &block in &order {
            let new = self.b.create_block();
            if self.func.blocks[block].cold {
                self.b.set_cold_block(new);
            }
            self.blocks[block.index()] = Some(new);
        }
        let loops = order::Loops::find(self.func, &order);
        self.keep = loops.sums_to_keep(self.func);
        self.loops = Some(loops);
        self.entry();
        for &block in &order {
            if block != Function::ENTRY {
                self.b.switch_to_block(self.block(block));
                for at in self.param_order[block.index()].clone() {
                    let param = self.func.blocks[block].params[at as usize];
                    let ty = clif_type(self.func.ty(param));
                    let at = self.block(block);
                    let value = self.b.append_block_param(at, ty);
                    self.set(param, value);
                }
            }
            let loops = self.loops.as_ref().expect("loops are known");
            self.in_cold_part_of_loop = loops.is_cold_part(self.func, block);
            for &inst in &self.func.blocks[block].insts {
                self.b
                    .set_srcloc(SourceLoc::new(self.func.insts[inst].loc.0));
                self.inst(inst)?;
            }
            self.b
                .set_srcloc(SourceLoc::new(self.func.blocks[block].term_loc.0));
            self.terminator(block)?;
        }
        Ok(())
    }

    /// Parameters of registers and argument block. The whole block is read at once, before
    /// any call: a tail caller keeps it in g.
    fn entry(&mut self) {
        let entry = self.block(Function::ENTRY);
        self.b.append_block_params_for_function_params(entry);
        self.b.switch_to_block(entry);
        let packing = pack(&self.func.sig.params);
        let given = self.b.block_params(entry).to_vec();
        let flags = self.region(Region::Arguments);
        let params = &self.func.blocks[Function::ENTRY].params;
        for (&param, place) in params.iter().zip(&packing.places) {
            let value = match *place {
                Place::Register(n) => given[n],
                Place::Block(word) => {
                    let base = *given.last().expect("the block's address");
                    let ty = clif_type(self.func.ty(param));
                    self.b.ins().load(ty, flags, base, word as i32 * 8)
                }
            };
            self.set(param, value);
        }
    }

    // ---- names ----

    fn block(&self, block: Block) -> clif::Block {
        self.blocks[block.index()].expect("a reachable block")
    }

    fn value(&self, value: Value) -> clif::Value {
        self.values[value.index()].expect("a value that dominates its use")
    }

    fn values(&self, values: &[Value]) -> Vec<clif::Value> {
        values.iter().map(|v| self.value(*v)).collect()
    }

    fn set(&mut self, value: Value, to: clif::Value) {
        self.values[value.index()] = Some(to);
    }

    fn ty(&self, value: Value) -> clif::Type {
        clif_type(self.func.ty(value))
    }

    fn slot(&mut self, slot: Slot) -> clif::StackSlot {
        if let Some(known) = self.slots[slot.index()] {
            return known;
        }
        let data = self.func.slots[slot];
        let new = self.new_slot(data.bytes, data.align);
        self.slots[slot.index()] = Some(new);
        new
    }

    fn new_slot(&mut self, bytes: u32, align: u32) -> clif::StackSlot {
        let shift = align.max(1).trailing_zeros() as u8;
        self.b.create_sized_stack_slot(StackSlotData::new(
            StackSlotKind::ExplicitSlot,
            bytes.max(1),
            shift,
        ))
    }

    /// An external function. All are near: `link` keeps code within 2 GB.
    fn function(&mut self, space: Namespace, index: u32, sig: clif::Signature) -> FuncRef {
        let key = (space as u32, index, sig);
        if let Some(&known) = self.functions.get(&key) {
            return known;
        }
        let name = self
            .b
            .func
            .declare_imported_user_function(UserExternalName::new(key.0, key.1));
        let signature = self.b.import_signature(key.2.clone());
        let new = self.b.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.functions.insert(key, new);
        new
    }

    fn named_function(&mut self, name: Symbol, sig: clif::Signature) -> FuncRef {
        let names = &mut self.result.names;
        let index = names.iter().position(|n| *n == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        self.function(Namespace::Named, index as u32, sig)
    }

    fn symbol_address(&mut self, sym: SymId, offset: i64) -> clif::Value {
        let name = UserExternalName::new(Namespace::Symbol as u32, sym.0);
        let name = self.b.func.declare_imported_user_function(name);
        let global = self.b.create_global_value(GlobalValueData::Symbol {
            name: ExternalName::user(name),
            offset: offset.into(),
            colocated: true,
            tls: false,
        });
        self.b.ins().symbol_value(types::I64, global)
    }

    // ---- memory flags ----

    /// Flags of accesses that cannot trap, to memory of a region of ours.
    fn region(&mut self, region: Region) -> MemFlagsData {
        let region = self.alias_region(region as u32);
        MemFlagsData::trusted().with_alias_region(Some(region))
    }

    fn alias_region(&mut self, id: u32) -> clif::AliasRegion {
        self.b.func.dfg.alias_regions.insert(AliasRegionData {
            user_id: id,
            description: "".into(),
        })
    }

    /// g. Read where it is needed: holding it would cost a second register.
    fn g(&mut self) -> clif::Value {
        self.b.ins().get_pinned_reg(types::I64)
    }

    fn load_g(&mut self, offset: i32) -> clif::Value {
        let flags = self.region(Region::G);
        let g = self.g();
        self.b.ins().load(types::I64, flags, g, offset)
    }

    fn store_g(&mut self, offset: i32, value: clif::Value) {
        let flags = self.region(Region::G);
        let g = self.g();
        self.b.ins().store(flags, value, g, offset);
    }

    // ---- instructions ----

    fn results(&mut self, inst: Inst, values: &[clif::Value]) {
        let results = &self.func.insts[inst].results;
        debug_assert_eq!(results.len(), values.len());
        for (&result, &value) in results.iter().zip(values) {
            self.set(result, value);
        }
    }

    fn inst(&mut self, inst: Inst) -> Step {
        let func = self.func;
        let op = &func.insts[inst].op;
        let one = match op {
            Op::Iconst(ty, n) => self.iconst(clif_type(*ty), *n),
            Op::Fconst(ty, bits) => self.fconst(clif_type(*ty), *bits),
            Op::SymAddr(sym, offset) => self.symbol_address(*sym, *offset),
            Op::SlotAddr(slot, offset) => {
                let slot = self.slot(*slot);
                self.b.ins().stack_addr(types::I64, slot, *offset)
            }
            Op::Unary(op, a) => self.unary(*op, *a),
            Op::Binary(op @ (BinaryOp::Iadd | BinaryOp::Isub), a, b)
                if self.keep[func.insts[inst].results[0].index()] =>
            {
                self.kept_sum(*op, *a, *b)
            }
            Op::Binary(op, a, b) => self.binary(*op, *a, *b),
            Op::AddCarry(a, b, c) => return self.add_carry(inst, *a, *b, *c),
            Op::SubBorrow(a, b, c) => return self.sub_borrow(inst, *a, *b, *c),
            Op::Div128(hi, lo, d) => return self.div128(inst, *hi, *lo, *d),
            Op::Icmp(cc, a, b) => self.icmp(*cc, *a, *b),
            Op::Fcmp(cc, a, b) => self.fcmp(*cc, *a, *b),
            Op::Convert(op, to, a) => self.convert(*op, clif_type(*to), *a),
            Op::Select(c, a, b) => {
                let (c, a, b) = (self.value(*c), self.value(*a), self.value(*b));
                self.b.ins().select(c, a, b)
            }
            Op::Fma(a, b, c) => self.fma(*a, *b, *c)?,
            Op::Load(ty, addr, offset, flags) => {
                let flags = self.mem_flags(*addr, *flags);
                let addr = self.value(*addr);
                self.b.ins().load(clif_type(*ty), flags, addr, *offset)
            }
            Op::AtomicLoad(ty, addr) => self.atomic_load(clif_type(*ty), *addr),
            Op::AtomicRmw(op, addr, value, pointer) => {
                self.atomic_rmw(*op, *addr, *value, *pointer)
            }
            Op::AtomicCas(addr, old, new, pointers) => {
                self.atomic_cas(*addr, *old, *new, *pointers)
            }
            Op::New { desc, bytes, .. } => self.new_object(*desc, *bytes),
            Op::ClosureCtx => self.load_g(goxide_abi::G_OFFSETS.closure_ctx),
            Op::GetG => self.g(),
            Op::DeferRecord(address) => self.value(*address),
            Op::FramePtr => self.b.ins().get_frame_pointer(types::I64),
            Op::CallerFrame(n) => self.caller_frame(*n),
            _ => return self.effect(inst, op),
        };
        self.results(inst, &[one]);
        Ok(())
    }

    /// Instructions without a result, and calls.
    fn effect(&mut self, inst: Inst, op: &Op) -> Step {
        match op {
            Op::Store {
                addr,
                offset,
                value,
                flags,
            } => {
                let flags = self.updated(*addr, *offset, *value).unwrap_or(*flags);
                let flags = self.mem_flags(*addr, flags);
                let (addr, value) = (self.value(*addr), self.value(*value));
                self.b.ins().store(flags, value, addr, *offset);
            }
            Op::StorePtr {
                addr,
                offset,
                value,
                flags,
            } => {
                let flags = self.mem_flags(*addr, *flags);
                self.emit_pointer_store(*addr, *offset, *value, flags);
            }
            Op::MemCopy {
                dst,
                src,
                bytes,
                pointers,
            } => self.mem_copy(*dst, *src, *bytes, pointers.is_some()),
            Op::MemZero { dst, bytes, .. } => self.mem_zero(*dst, *bytes),
            Op::AtomicStore(addr, value, pointer) => self.atomic_store(*addr, *value, *pointer),
            Op::NilCheck(addr) => self.nil_check(*addr),
            Op::BoundsCheck(kind, index, bound) => self.bounds_check(*kind, *index, *bound),
            Op::Check(kind, ok, operands) => self.check(*kind, *ok, operands),
            Op::Call { callee, args, .. } => {
                let results = self.call(callee, args)?;
                self.results(inst, &results);
            }
            Op::KeepAlive(value) => self.keep_alive(*value),
            Op::DeferEnter {
                frame,
                landing,
                kind,
            } => self.defer_enter(*frame, *landing, *kind),
            Op::DeferLeave(frame) => self.defer_leave(*frame),
            Op::DeferStore {
                frame,
                offset,
                value,
                ..
            } => self.defer_store(*frame, *offset, *value),
            other => unreachable!("{other:?} has a result"),
        }
        Ok(())
    }

    fn caller_frame(&mut self, n: u32) -> clif::Value {
        let mut frame = self.b.ins().get_frame_pointer(types::I64);
        for _ in 0..n {
            frame = self
                .b
                .ins()
                .load(types::I64, MemFlagsData::trusted(), frame, 0);
        }
        frame
    }

    /// Up to here the value has to be somewhere, in a register or in the frame: it is compared
    /// with what no pointer of Go is, the M. That is loaded here, so that the comparison is
    /// neither made earlier nor taken for one made before. (Stored to a place that nobody
    /// reads, the value would stay there too long, and go as soon as something else is stored
    /// to the same place.)
    fn keep_alive(&mut self, value: Value) {
        let value = self.value(value);
        if self.b.func.dfg.value_type(value) == types::I64 {
            let m = self.load_g(goxide_abi::G_OFFSETS.m);
            let never = self.b.ins().icmp(IntCC::Equal, value, m);
            self.b.ins().trapnz(never, checks::UNREACHABLE);
        }
    }
}
