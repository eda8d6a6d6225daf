//! Checks that panic. The operands of the message go to g in a cold block and the handler
//! is called without arguments: operands in argument registers would reach into the
//! register allocation of the hot code.

use super::{Region, Translator};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{self as clif, InstBuilder, Signature, TrapCode};
use cranelift_codegen::isa::CallConv;
use goxide_abi::{G_OFFSETS, PanicKind};
use goxide_ir::Value;

/// Code of the trap behind what does not return.
pub(super) const UNREACHABLE: TrapCode = TrapCode::unwrap_user(1);

impl Translator<'_> {
    pub(super) fn bounds_check(&mut self, kind: PanicKind, index: Value, bound: Value) {
        let failing = match kind {
            PanicKind::Index | PanicKind::IndexU => IntCC::UnsignedGreaterThanOrEqual,
            _ => IntCC::UnsignedGreaterThan,
        };
        let (i, n) = (self.value(index), self.value(bound));
        let failed = self.b.ins().icmp(failing, i, n);
        let (cold, ok) = self.check_blocks();
        self.b.ins().brif(failed, cold, &[], ok, &[]);
        self.fail(cold, kind, &[i, n]);
        self.b.switch_to_block(ok);
    }

    pub(super) fn check(&mut self, kind: PanicKind, condition: Value, operands: &[Value]) {
        let condition = self.value(condition);
        let operands = self.values(operands);
        let (cold, ok) = self.check_blocks();
        self.b.ins().brif(condition, ok, &[], cold, &[]);
        self.fail(cold, kind, &operands);
        self.b.switch_to_block(ok);
    }

    fn check_blocks(&mut self) -> (clif::Block, clif::Block) {
        let cold = self.b.create_block();
        self.b.set_cold_block(cold);
        (cold, self.b.create_block())
    }

    fn fail(&mut self, cold: clif::Block, kind: PanicKind, operands: &[clif::Value]) {
        self.b.switch_to_block(cold);
        if !operands.is_empty() {
            let flags = self.region(Region::G);
            let g = self.g();
            for (i, &operand) in operands.iter().enumerate() {
                let offset = G_OFFSETS.check_operands + 8 * i as i32;
                self.b.ins().store(flags, operand, g, offset);
            }
        }
        let sig = Signature::new(CallConv::Tail);
        let handler = self.named_function(kind.handler().into(), sig);
        self.b.ins().call(handler, &[]);
        self.b.ins().trap(UNREACHABLE);
    }
}
