//! Calls of every kind: packing of arguments, closures, interfaces, tail calls.

use super::{Namespace, Region, Step, Translator};
use crate::convention::{Packing, Place, clif_type, go_signature, pack, runtime_signature};
use cranelift_codegen::ir::{self as clif, FuncRef, InstBuilder, MemFlagsData, SigRef, types};
use cranelift_codegen::isa::CallConv;
use goxide_abi::{ColdCall, G_OFFSETS, TAIL_ARGS};
use goxide_ir::{Callee, Function, Op, Signature, Term, Ty, Value};
use std::mem::offset_of;

/// Parameters and results that `runtime.cold_call` passes on.
const COLD_ARGS: usize = 6;
const COLD_RESULTS: usize = 4;
/// Offset of the first method in an itab.
const ITAB_METHODS: i32 = 24;

/// What a call jumps to.
enum Target {
    Near(FuncRef),
    Address(SigRef, clif::Value),
}

/// Where the argument block of a call is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BlockHome {
    /// In this frame.
    Frame,
    /// In g: this frame is gone when the callee reads it.
    G,
}

impl Translator<'_> {
    pub(super) fn call(
        &mut self,
        callee: &Callee,
        args: &[Value],
    ) -> Result<Vec<clif::Value>, String> {
        let args = self.values(args);
        self.result.calls_go |= !matches!(callee, Callee::Runtime(_));
        if let Some(results) = self.cold_call(callee, &args) {
            return Ok(results);
        }
        let (target, args) = self.prepare(callee, &args, None, BlockHome::Frame);
        let call = match target {
            Target::Near(function) => self.b.ins().call(function, &args),
            Target::Address(sig, code) => self.b.ins().call_indirect(sig, code, &args),
        };
        Ok(self.b.inst_results(call).to_vec())
    }

    /// A direct or interface call in a cold block of a loop, by way of `runtime.cold_call`;
    /// `None` if it is not one, or has more parameters or results than the stub passes on.
    fn cold_call(&mut self, callee: &Callee, args: &[clif::Value]) -> Option<Vec<clif::Value>> {
        let (Callee::Direct(_, sig) | Callee::Interface { sig, .. }) = callee else {
            return None;
        };
        let ints = |tys: &[Ty]| tys.iter().all(|ty| ty.is_int());
        let fits = sig.params.len() <= COLD_ARGS && sig.results.len() <= COLD_RESULTS;
        if !self.in_cold_part_of_loop || !fits || !ints(&sig.params) || !ints(&sig.results) {
            return None;
        }
        self.result.has_cold_calls = true;
        let base = G_OFFSETS.cold_call;
        let code = match callee {
            Callee::Direct(sym, _) => self.symbol_address(*sym, 0),
            Callee::Interface { itab, index, .. } => self.method_code(*itab, *index),
            _ => unreachable!("seen above"),
        };
        let flags = self.region(Region::G);
        let g = self.g();
        let offset = base + offset_of!(ColdCall, code) as i32;
        self.b.ins().store(flags, code, g, offset);
        for (i, &arg) in args.iter().enumerate() {
            let offset = base + offset_of!(ColdCall, words) as i32 + 8 * i as i32;
            self.b.ins().store(flags, arg, g, offset);
        }
        let stub = clif::Signature::new(CallConv::PreserveAll);
        let stub = self.named_function("runtime.cold_call".into(), stub);
        self.b.ins().call(stub, &[]);
        let g = self.g();
        let load = |(i, ty): (usize, &Ty)| {
            let offset = base + offset_of!(ColdCall, words) as i32 + 8 * i as i32;
            self.b.ins().load(clif_type(*ty), flags, g, offset)
        };
        Some(sig.results.iter().enumerate().map(load).collect())
    }

    /// Packs the arguments, finds the code and hands a closure over. With `results` the
    /// callee's results are taken to be these.
    fn prepare(
        &mut self,
        callee: &Callee,
        args: &[clif::Value],
        results: Option<&[goxide_ir::Ty]>,
        home: BlockHome,
    ) -> (Target, Vec<clif::Value>) {
        if let Callee::Runtime(index) = callee {
            let call = &goxide_abi::RUNTIME_CALLS[*index as usize];
            let sig = runtime_signature(call.params.into(), call.results.into());
            let name = format!("runtime.{}", call.name);
            let function = self.named_function(name.as_str().into(), sig);
            return (Target::Near(function), args.to_vec());
        }
        let sig = go_callee_signature(callee).expect("a Go function");
        let packing = pack(&sig.params);
        let packed = self.pack_arguments(&packing, args, home);
        let results = results.unwrap_or(&sig.results);
        let clif_sig = go_signature(&sig.params, results, &packing);
        let target = match callee {
            Callee::Direct(sym, _) => {
                Target::Near(self.function(Namespace::Symbol, sym.0, clif_sig))
            }
            Callee::Known(sym, closure, _) => {
                let closure = self.value(*closure);
                self.store_g(G_OFFSETS.closure_ctx, closure);
                Target::Near(self.function(Namespace::Symbol, sym.0, clif_sig))
            }
            Callee::Code(code, _) => {
                Target::Address(self.b.import_signature(clif_sig), self.value(*code))
            }
            Callee::Closure(closure, _) => {
                let closure = self.value(*closure);
                let flags = MemFlagsData::new().with_readonly();
                let code = self.b.ins().load(types::I64, flags, closure, 0);
                self.store_g(G_OFFSETS.closure_ctx, closure);
                Target::Address(self.b.import_signature(clif_sig), code)
            }
            Callee::Interface { itab, index, .. } => {
                let code = self.method_code(*itab, *index);
                Target::Address(self.b.import_signature(clif_sig), code)
            }
            Callee::Runtime(_) => unreachable!("done above"),
        };
        (target, packed)
    }

    /// Reads the code of a method from an itab, which finds a nil interface.
    fn method_code(&mut self, itab: Value, index: u32) -> clif::Value {
        let itab = self.value(itab);
        let flags = MemFlagsData::new().with_readonly();
        let offset = ITAB_METHODS + 8 * index as i32;
        self.b.ins().load(types::I64, flags, itab, offset)
    }

    fn pack_arguments(
        &mut self,
        packing: &Packing,
        args: &[clif::Value],
        home: BlockHome,
    ) -> Vec<clif::Value> {
        let mut packed = Vec::with_capacity(args.len() + 1);
        let block = (packing.block_words > 0).then(|| self.argument_block(packing, home));
        for (&arg, place) in args.iter().zip(&packing.places) {
            match (*place, block) {
                (Place::Block(word), Some((base, flags, address))) => {
                    let offset = base + word as i32 * 8;
                    self.b.ins().store(flags, arg, address, offset);
                }
                _ => packed.push(arg),
            }
        }
        if let Some((base, _, address)) = block {
            packed.push(match base {
                0 => address,
                offset => {
                    let offset = self.iconst(types::I64, i64::from(offset));
                    self.b.ins().iadd(address, offset)
                }
            });
        }
        packed
    }

    /// Offset, flags and address with which the block's words are written.
    fn argument_block(
        &mut self,
        packing: &Packing,
        home: BlockHome,
    ) -> (i32, MemFlagsData, clif::Value) {
        match home {
            BlockHome::Frame => {
                let slot = self.argument_slot();
                debug_assert!(packing.block_words <= self.max_block_words);
                let flags = self.region(Region::Arguments);
                let address = self.b.ins().stack_addr(types::I64, slot, 0);
                (0, flags, address)
            }
            BlockHome::G => {
                // The same region as the reads of our own block: it may lie here, too.
                let flags = self.region(Region::Arguments);
                (G_OFFSETS.tail_args, flags, self.g())
            }
        }
    }

    /// One slot serves all calls: a block is read by the callee before anything else.
    fn argument_slot(&mut self) -> clif::StackSlot {
        match self.argument_slot {
            Some(slot) => slot,
            None => {
                let slot = self.new_slot(self.max_block_words as u32 * 8, 8);
                self.argument_slot = Some(slot);
                slot
            }
        }
    }

    /// Leaves by a jump. A runtime stub, and a function with more words than g has room
    /// for, is called instead.
    pub(super) fn tail_call(&mut self, callee: &Callee, args: &[Value]) -> Step {
        let ours = &self.func.sig.results;
        let words = go_callee_signature(callee).map(|sig| pack(&sig.params).block_words);
        if words.is_none_or(|words| words > TAIL_ARGS) {
            let results = self.call(callee, args)?;
            let results = if ours.is_empty() { &[] } else { &results[..] };
            self.b.ins().return_(results);
            return Ok(());
        }
        let args = self.values(args);
        let (target, args) = self.prepare(callee, &args, Some(ours), BlockHome::G);
        match target {
            Target::Near(function) => self.b.ins().return_call(function, &args),
            Target::Address(sig, code) => self.b.ins().return_call_indirect(sig, code, &args),
        };
        Ok(())
    }
}

/// The largest argument block that any call of a function needs.
pub(super) fn max_block_words(func: &Function) -> usize {
    let words = |callee: &Callee| {
        go_callee_signature(callee).map_or(0, |sig| pack(&sig.params).block_words)
    };
    let calls = func.insts.iter().map(|inst| match &inst.op {
        Op::Call { callee, .. } => words(callee),
        _ => 0,
    });
    let ends = func.blocks.iter().map(|block| match &block.term {
        Term::TailCall(callee, _) => words(callee),
        _ => 0,
    });
    calls.chain(ends).max().unwrap_or(0)
}

fn go_callee_signature(callee: &Callee) -> Option<&Signature> {
    match callee {
        Callee::Direct(_, sig) | Callee::Code(_, sig) | Callee::Closure(_, sig) => Some(sig),
        Callee::Known(_, _, sig) | Callee::Interface { sig, .. } => Some(sig),
        Callee::Runtime(_) => None,
    }
}
