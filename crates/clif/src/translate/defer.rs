//! Frames of deferred calls, and the landing of `recover`.
//!
//! `recover` goes on in the middle of a function whose registers are gone. Cranelift knows
//! such a place: the handler of a call that may raise an exception. So a frame that can be
//! recovered to is begun by a call that does nothing and has the landing as its handler;
//! the function then saves all registers that its caller relies on, and gives them back on
//! the way from the landing. [`crate::post`] takes the call itself out.
//!
//! Where the function is when it is left for the landing, Cranelift does not know, so the
//! landing must not use any value: it finds the frame through g, and the rest is the work
//! of a function of its own.

use super::{Namespace, Translator};
use crate::convention::{go_signature, pack};
use cranelift_codegen::ir::{
    BlockCall, ExceptionTableData, ExceptionTableItem, InstBuilder, MemFlagsData, types,
};
use goxide_abi::{DeferFrame, G_OFFSETS, OPEN_CODED};
use goxide_ir::{DeferKind, Landing, Ty, Value};
use std::mem::offset_of;

impl Translator<'_> {
    pub(super) fn defer_enter(&mut self, frame: Value, landing: Option<Landing>, kind: DeferKind) {
        let frame = self.value(frame);
        let link = self.load_g(G_OFFSETS.defer_frames);
        let nothing = match kind {
            DeferKind::OpenCoded => OPEN_CODED,
            DeferKind::Records | DeferKind::SharedRecords => 0,
        };
        let nothing = self.iconst(types::I64, nothing as i64);
        let mut words = vec![
            (link, offset_of!(DeferFrame, link)),
            (nothing, offset_of!(DeferFrame, pending)),
        ];
        if kind != DeferKind::OpenCoded {
            let top = self.load_g(G_OFFSETS.defer_top);
            words.push((top, offset_of!(DeferFrame, base)));
        }
        for (value, offset) in words {
            let flags = MemFlagsData::trusted();
            self.b.ins().store(flags, value, frame, offset as i32);
        }
        self.store_g(G_OFFSETS.defer_frames, frame);
        if let Some(landing) = landing {
            self.landing(frame, landing);
        }
    }

    pub(super) fn defer_leave(&mut self, frame: Value) {
        let frame = self.value(frame);
        let offset = offset_of!(DeferFrame, link) as i32;
        let flags = MemFlagsData::trusted();
        let link = self.b.ins().load(types::I64, flags, frame, offset);
        self.store_g(G_OFFSETS.defer_frames, link);
    }

    pub(super) fn defer_store(&mut self, frame: Value, offset: i32, value: Value) {
        let (frame, value) = (self.value(frame), self.value(value));
        let flags = MemFlagsData::trusted();
        self.b.ins().store(flags, value, frame, offset);
    }

    /// Stores where `recover` goes on, and makes that place.
    fn landing(&mut self, frame: cranelift_codegen::ir::Value, landing: Landing) {
        self.result.calls_go = true;
        self.result.landing_mark = Some(landing.mark);
        let (mark, normal) = (self.b.create_block(), self.b.create_block());
        let handler = self.b.create_block();
        let pc = self
            .b
            .ins()
            .get_exception_handler_address(types::I64, mark, 0);
        let sp = self.b.ins().get_stack_pointer(types::I64);
        let fp = self.b.ins().get_frame_pointer(types::I64);
        for (value, offset) in [
            (pc, offset_of!(DeferFrame, resume_pc)),
            (sp, offset_of!(DeferFrame, resume_sp)),
            (fp, offset_of!(DeferFrame, resume_fp)),
        ] {
            let flags = MemFlagsData::trusted();
            self.b.ins().store(flags, value, frame, offset as i32);
        }
        self.b.ins().jump(mark, &[]);
        self.b.switch_to_block(mark);
        let nothing = go_signature(&[], &[], &pack(&[]));
        let call = self.function(Namespace::Symbol, landing.mark.0, nothing);
        let sig = self.b.func.dfg.ext_funcs[call].signature;
        let pool = &mut self.b.func.dfg.value_lists;
        let after = BlockCall::new(normal, [], pool);
        let item = ExceptionTableItem::Default(BlockCall::new(handler, [], pool));
        let table = ExceptionTableData::new(sig, after, [item]);
        let table = self.b.func.dfg.exception_tables.push(table);
        self.b.ins().try_call(call, &[], table);
        self.b.switch_to_block(handler);
        self.b.set_cold_block(handler);
        let params = [Ty::Ptr];
        let sig = go_signature(&params, &self.func.sig.results, &pack(&params));
        let finish = self.function(Namespace::Symbol, landing.handler.0, sig);
        let frame = self.load_g(G_OFFSETS.defer_frames);
        let call = self.b.ins().call(finish, &[frame]);
        let results = self.b.inst_results(call).to_vec();
        self.b.ins().return_(&results);
        self.b.switch_to_block(normal);
    }
}
