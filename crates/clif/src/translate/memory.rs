//! Loads, stores, copies, atomics and new objects.

use super::Translator;
use crate::convention::runtime_signature;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    self as clif, AtomicRmwOp, ConstantData, InstBuilder, MemFlagsData, Type, types,
};
use cranelift_codegen::isa::CallConv;
use goxide_abi::G_OFFSETS;
use goxide_ir::{AtomicOp, BinaryOp, MemFlags, Op, SymId, Value};

/// Larger copies and clears are calls.
const INLINE_COPY_BYTES: u64 = 128;
const INLINE_ZERO_BYTES: u64 = 192;

impl Translator<'_> {
    /// Flags of an access. Alias tags stay behind: to Cranelift, accesses without a region are
    /// a region of their own, which others do not overlap, while here they may overlap all.
    /// What tags can tell, value numbering has used by now.
    pub(super) fn mem_flags(&mut self, addr: Value, flags: MemFlags) -> MemFlagsData {
        let mut out = MemFlagsData::new();
        if flags.no_trap || self.is_mapped(addr) {
            out = out.with_notrap();
        }
        // Cranelift takes a read-only load that cannot trap for something it may compute
        // anywhere; `no_trap` only says that it does not trap here, behind a nil check, and an
        // object in the frame is only immutable once it has been filled.
        let anywhere = !flags.no_trap || self.is_mapped(addr) && !self.is_in_frame(addr);
        if flags.immutable && anywhere {
            out = out.with_readonly();
        }
        out
    }

    /// The flags of the load that a store belongs to, if it stores what was loaded from the same
    /// place and changed. Cranelift makes one instruction of the two if their flags are equal,
    /// while the nil check is the load's alone. (That processors pass the result of one such
    /// instruction on to the next without going through memory is worth more than the space.)
    pub(super) fn updated(&self, addr: Value, offset: i32, value: Value) -> Option<MemFlags> {
        use BinaryOp::{Band, Bor, Bxor, Iadd, Isub};
        let func = self.func;
        let by = func.def_inst(value)?;
        let Op::Binary(Iadd | Isub | Band | Bor | Bxor, a, b) = func.insts[by].op else {
            return None;
        };
        [a, b].into_iter().find_map(|operand| {
            let load = func.def_inst(operand)?;
            match func.insts[load].op {
                Op::Load(_, from, at, flags) if at == offset => {
                    (func.resolve(from) == func.resolve(addr)).then_some(flags)
                }
                _ => None,
            }
        })
    }

    /// The one place where a pointer is written to memory that the collector scans: a write
    /// barrier goes here.
    pub(super) fn emit_pointer_store(
        &mut self,
        addr: Value,
        offset: i32,
        value: Value,
        flags: MemFlagsData,
    ) {
        let needs_barrier = !self.is_in_frame(addr);
        let (place, pointer) = (self.value(addr), self.value(value));
        self.b.ins().store(flags, pointer, place, offset);
        if needs_barrier {
            self.write_barrier(value, flags);
        }
    }

    /// Whether memory is known to be of this frame, or a record of a deferred call of it: both
    /// the collector looks at itself.
    fn is_in_frame(&self, addr: Value) -> bool {
        self.defined_by(addr, |op| {
            matches!(op, Op::SlotAddr(..) | Op::DeferRecord(_))
        })
    }

    fn defined_by(&self, value: Value, is: impl Fn(&Op) -> bool) -> bool {
        let inst = self.func.def_inst(value);
        inst.is_some_and(|inst| is(&self.func.insts[inst].op))
    }

    /// After a store of `pointer` outside of the stack: while the collector marks, tells it
    /// of the pointer. The store comes first, so that wherever the world stops, the pointer
    /// is in a register or the markers see it (ARCHITECTURE.md, "Collector"). `store` are
    /// the flags of that store: in its alias region no older look at g serves for this one.
    fn write_barrier(&mut self, pointer: Value, store: MemFlagsData) {
        // Neither nil nor what is not on the heap matters to the collector.
        let no_object = |op: &Op| {
            matches!(
                op,
                Op::Iconst(..) | Op::SymAddr(..) | Op::SlotAddr(..) | Op::GetG
            )
        };
        if self.defined_by(pointer, no_object) {
            return;
        }
        let flags = MemFlagsData::trusted().with_alias_region(store.alias_region());
        let g = self.g();
        let marking = self
            .b
            .ins()
            .load(types::I64, flags, g, G_OFFSETS.gc_marking);
        let (cold, go_on) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(cold);
        self.b.ins().brif(marking, cold, &[], go_on, &[]);
        self.b.switch_to_block(cold);
        let pointer = self.value(pointer);
        self.store_g(G_OFFSETS.shade, pointer);
        let stub = clif::Signature::new(CallConv::PreserveAll);
        let stub = self.named_function("runtime.gc_shade".into(), stub);
        self.b.ins().call(stub, &[]);
        self.b.ins().jump(go_on, &[]);
        self.b.switch_to_block(go_on);
    }

    /// Whether an address is known to be mapped: it is in the frame or in static data, or
    /// comes from an allocation.
    fn is_mapped(&self, addr: Value) -> bool {
        self.func.def_inst(addr).is_some_and(|inst| {
            matches!(
                self.func.insts[inst].op,
                Op::SlotAddr(..) | Op::SymAddr(..) | Op::New { .. } | Op::DeferRecord(_)
            )
        })
    }

    /// Flags of the first access to `addr`: it finds a nil pointer.
    fn first_access(&self, addr: Value) -> MemFlagsData {
        if self.is_mapped(addr) {
            MemFlagsData::new().with_notrap()
        } else {
            MemFlagsData::new()
        }
    }

    /// A read that faults if the pointer is nil and is never removed.
    fn touch(&mut self, addr: Value) {
        if !self.is_mapped(addr) {
            let addr = self.value(addr);
            self.b.ins().load(types::I8, MemFlagsData::new(), addr, 0);
        }
    }

    pub(super) fn nil_check(&mut self, addr: Value) {
        self.touch(addr);
    }

    /// With `pointers` among the bytes the copy needs a barrier, and has to be one with it:
    /// a stop of the world between them would leave pointers that no register holds.
    pub(super) fn mem_copy(&mut self, dst: Value, src: Value, bytes: u64, pointers: bool) {
        let barrier = pointers && !self.is_in_frame(dst);
        if bytes > INLINE_COPY_BYTES || barrier {
            self.touch(src);
            self.touch(dst);
            let size = self.iconst(types::I64, bytes as i64);
            let args = [self.value(dst), self.value(src), size];
            let routine = if barrier {
                "memmove_pointers"
            } else {
                "memmove"
            };
            self.runtime_call(routine, &args);
            return;
        }
        let (mut read, mut write) = (self.first_access(src), self.first_access(dst));
        let (dst, src) = (self.value(dst), self.value(src));
        // All is read before anything is written: the two may overlap, as arrays do that
        // are parts of one slice.
        let mut values = Vec::new();
        for (ty, offset) in pieces(bytes) {
            values.push((self.b.ins().load(ty, read, src, offset), offset));
            read = read.with_notrap();
        }
        for (value, offset) in values {
            self.b.ins().store(write, value, dst, offset);
            write = write.with_notrap();
        }
    }

    pub(super) fn mem_zero(&mut self, dst: Value, bytes: u64) {
        if bytes > INLINE_ZERO_BYTES {
            self.touch(dst);
            let size = self.iconst(types::I64, bytes as i64);
            let args = [self.value(dst), size];
            self.runtime_call("memclr", &args);
            return;
        }
        let mut write = self.first_access(dst);
        let dst = self.value(dst);
        let mut vector = None;
        for (ty, offset) in pieces(bytes) {
            let zero = if ty == types::I8X16 {
                *vector.get_or_insert_with(|| {
                    let data = ConstantData::from(&[0u8; 16][..]);
                    let data = self.b.func.dfg.constants.insert(data);
                    self.b.ins().vconst(ty, data)
                })
            } else {
                self.iconst(ty, 0)
            };
            self.b.ins().store(write, zero, dst, offset);
            write = write.with_notrap();
        }
    }

    /// Calls a runtime stub without unpacking anything; gives its first result, if any.
    pub(super) fn runtime_call(&mut self, name: &str, args: &[clif::Value]) -> Option<clif::Value> {
        let index = goxide_abi::runtime_call_index(name).expect("a runtime call");
        let call = &goxide_abi::RUNTIME_CALLS[index];
        let sig = runtime_signature(call.params.into(), call.results.into());
        let function = self.named_function(format!("runtime.{name}").as_str().into(), sig);
        let inst = self.b.ins().call(function, args);
        self.b.inst_results(inst).first().copied()
    }

    pub(super) fn new_object(&mut self, desc: Option<SymId>, bytes: u64) -> clif::Value {
        let size = self.iconst(types::I64, bytes as i64);
        let desc = match desc {
            Some(sym) => self.symbol_address(sym, 0),
            None => self.iconst(types::I64, 0),
        };
        let zeroed = self.iconst(types::I64, 1);
        self.runtime_call("mallocgc", &[size, desc, zeroed])
            .expect("mallocgc gives an address")
    }

    pub(super) fn atomic_load(&mut self, ty: Type, addr: Value) -> clif::Value {
        let addr = self.value(addr);
        self.b.ins().atomic_load(ty, MemFlagsData::new(), addr)
    }

    /// An exchange whose result nobody reads: cheaper than a store and a fence.
    pub(super) fn atomic_store(&mut self, addr: Value, value: Value, pointer: bool) {
        self.atomic_rmw(AtomicOp::Xchg, addr, value, pointer);
    }

    pub(super) fn atomic_rmw(
        &mut self,
        op: AtomicOp,
        addr: Value,
        value: Value,
        pointer: bool,
    ) -> clif::Value {
        let op = match op {
            AtomicOp::Add => AtomicRmwOp::Add,
            AtomicOp::And => AtomicRmwOp::And,
            AtomicOp::Or => AtomicRmwOp::Or,
            AtomicOp::Xchg => AtomicRmwOp::Xchg,
        };
        let (ty, addr, word) = (self.ty(value), self.value(addr), self.value(value));
        let old = self
            .b
            .ins()
            .atomic_rmw(ty, MemFlagsData::new(), op, addr, word);
        if pointer {
            self.write_barrier(value, MemFlagsData::new());
        }
        old
    }

    /// (The barrier of a swap that failed does no harm.)
    pub(super) fn atomic_cas(
        &mut self,
        addr: Value,
        old: Value,
        new: Value,
        pointer: bool,
    ) -> clif::Value {
        let (addr, old, word) = (self.value(addr), self.value(old), self.value(new));
        let found = self
            .b
            .ins()
            .atomic_cas(MemFlagsData::new(), addr, old, word);
        let swapped = self.b.ins().icmp(IntCC::Equal, found, old);
        if pointer {
            self.write_barrier(new, MemFlagsData::new());
        }
        swapped
    }
}

/// Cuts a number of bytes into accesses (type, offset); the last may overlap the one
/// before it. Offset 0 comes first.
fn pieces(bytes: u64) -> Vec<(Type, i32)> {
    const WIDTHS: [(u64, Type); 5] = [
        (16, types::I8X16),
        (8, types::I64),
        (4, types::I32),
        (2, types::I16),
        (1, types::I8),
    ];
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes {
        let left = bytes - at;
        // The smallest width that covers the rest, reaching back over bytes done already,
        // or else the largest that fits.
        let back = WIDTHS
            .iter()
            .rev()
            .find(|(width, _)| *width >= left && *width <= bytes);
        if let Some(&(width, ty)) = back {
            out.push((ty, (bytes - width) as i32));
            break;
        }
        let &(width, ty) = WIDTHS
            .iter()
            .find(|(width, _)| *width <= left)
            .expect("one byte always fits");
        out.push((ty, at as i32));
        at += width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_every_byte_with_few_accesses() {
        for bytes in 1..=200u64 {
            let mut seen = vec![false; bytes as usize];
            let pieces = pieces(bytes);
            assert_eq!(pieces[0].1, 0, "{bytes}");
            for (ty, offset) in &pieces {
                for i in 0..ty.bytes() as i32 {
                    seen[(offset + i) as usize] = true;
                }
            }
            assert!(seen.iter().all(|s| *s), "{bytes}");
            assert!(pieces.len() as u64 <= bytes / 16 + 2, "{bytes}");
        }
    }
}
