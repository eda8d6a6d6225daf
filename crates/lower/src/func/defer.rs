//! Frames of deferred calls: where they lie, when they begin and end, and how the calls are
//! kept and run (ARCHITECTURE.md, "Defer, panic, recover"). The calls themselves are made
//! closures in `thunk.rs`.
//!
//! ```text
//! DeferFrame | slots (open-coded) or stack records | addresses of results, result area
//!
//! DeferRecord | func value's object                    (on the stack of deferred calls)
//! ```
//!
//! The addresses are for the function that goes on after `recover`, which knows nothing of
//! the frame but this.

use super::closure::Parts;
use super::{Counters, FuncLower, Mem, Place, Shared};
use crate::abi::Abi;
use crate::facts::DeferFacts;
use crate::mono::RType;
use crate::program::{Lower, Target};
use goxide_abi::{DEFER_FRAME_BYTES, DeferFrame, DeferRecord, G_OFFSETS, OPEN_CODED, SiteKind};
use goxide_base::{FxHashSet, Pos};
use goxide_ir::{
    BinaryOp, Callee, ConvertOp, DeferKind, DeferWord, IntCc, Landing, Note, Op, Signature, SymId,
    Topic, Ty, Value, Var,
};
use goxide_syntax::ast::{Expr, NodeId, Stmt};
use std::cell::Cell;
use std::mem::offset_of;
use std::rc::Rc;

/// More deferred calls than this in one function are not open-coded.
const MAX_OPEN_CODED: u32 = 8;
/// Nor if they would be written out more often than this, at all the exits together.
const MAX_WRITTEN_OUT: u32 = 15;

/// What a function with deferred calls knows about its frame.
pub struct DeferState {
    plan: Rc<FramePlan>,
    /// Address of the `DeferFrame`.
    pub frame: Value,
    /// Memory whose addresses the frame holds, by offset.
    homes: Vec<(i32, Value)>,
    /// Whether the frame's life has begun, in what has been lowered so far.
    entered: Cell<bool>,
    /// `DeferFrame::pending`, if the calls are open-coded.
    pending: Var,
    /// Variables for the calls of statements to come, the next one last.
    unused: Vec<Var>,
    /// The open-coded calls, in order of their statements.
    calls: Vec<OpenCoded>,
    /// Statements that every way from them on to an end of the function has passed: those
    /// in the function's own list, if nothing jumps over them.
    passed: FxHashSet<NodeId>,
    /// Stack records so far.
    records: u32,
}

/// An open-coded call.
#[derive(Clone, Copy)]
struct OpenCoded {
    /// Its func value.
    closure: Var,
    call: Deferred,
    /// It is pending at every end that comes behind its statement.
    certain: bool,
}

/// How a frame is laid out and used.
struct FramePlan {
    kind: DeferKind,
    /// Offset of the first address.
    homes_at: i32,
    /// Results that have no object of their own: the index, and the offset among them.
    together: Vec<Option<u64>>,
    /// Bytes of those.
    together_bytes: u64,
    bytes: u32,
    landing: Landing,
}

/// A deferred call as a func value without parameters.
#[derive(Clone, Copy)]
pub struct Deferred {
    /// The func value.
    pub closure: Value,
    /// Its code, if it is known, and whether that needs the func value to find what is
    /// captured.
    pub code: Option<(SymId, bool)>,
}

/// A record on the goroutine's stack of deferred calls.
#[derive(Clone, Copy)]
pub struct PushedRecord {
    /// Its address, as a number.
    address: Value,
    /// And as a pointer.
    record: Value,
}

const PENDING: u32 = offset_of!(DeferFrame, pending) as u32;

/// The bit of an open-coded call in `DeferFrame::pending`.
fn pending_bit(call: usize) -> i64 {
    2 << call
}

impl FramePlan {
    const SLOTS: i32 = DEFER_FRAME_BYTES as i32;

    fn open_coded(&self) -> bool {
        self.kind == DeferKind::OpenCoded
    }

    fn slot(i: usize) -> i32 {
        Self::SLOTS + 8 * i as i32
    }

    fn record(i: u32) -> i32 {
        Self::SLOTS + size_of::<DeferRecord>() as i32 * i as i32
    }

    /// The address of result `i` (or of all those together, for `None`).
    fn home(&self, i: Option<usize>) -> i32 {
        self.homes_at + i.map_or(8, |i| 16 + 8 * i as i32)
    }

    /// The address of the result area.
    fn area(&self) -> i32 {
        self.homes_at
    }
}

/// Whether deferred calls can have a bit each and be written out at the exits.
fn is_open_coded(facts: &DeferFacts) -> bool {
    facts.in_loops == 0
        && !facts.in_range_func
        && facts.plain <= MAX_OPEN_CODED
        && facts.plain * facts.returns <= MAX_WRITTEN_OUT
}

fn why_not_open_coded(facts: &DeferFacts) -> &'static str {
    if facts.in_range_func {
        "the body of a range over a function defers, too"
    } else if facts.in_loops > 0 {
        "another defer statement is in a loop or behind a label"
    } else if facts.plain > MAX_OPEN_CODED {
        "more than 8 defer statements in the function"
    } else {
        "defer statements times return statements are more than 15"
    }
}

impl Lower<'_> {
    /// Lowers a function with deferred calls.
    pub fn lower_deferring(
        &mut self,
        shared: &Rc<Shared>,
        parts: Parts<'_>,
        counters: Rc<Counters>,
    ) {
        let Some(plan) = self.frame_plan(shared, &parts) else {
            return;
        };
        let plan = Rc::new(plan);
        let mut f = FuncLower::new(
            &mut *self,
            shared.clone(),
            parts.sym,
            parts.name,
            parts.abi.clone(),
            parts.pos,
        );
        f.level = parts.level;
        f.counters = counters;
        f.at(parts.pos);
        if let Some((captures, object)) = &parts.captures {
            let ctx = f.b.push1(Op::ClosureCtx);
            f.bind_captures(ctx, captures, *object);
        }
        f.bind_params(&parts);
        f.begin_deferring(&parts, plan.clone());
        if !f.can_enter_late(&parts.body.stmts) {
            f.enter_defer_frame();
        }
        f.body(parts.body);
        let mut flags = parts.flags;
        flags.closure = parts.captures.is_some();
        flags.no_params = parts.params.is_empty();
        flags.no_inline |= shared.facts.defer(parts.level).recovers;
        f.finish(|to| *to = flags);
        self.lower_landing(shared, &parts, &plan);
    }

    fn frame_plan(&mut self, shared: &Rc<Shared>, parts: &Parts<'_>) -> Option<FramePlan> {
        let facts = shared.facts.defer(parts.level);
        let (kind, calls) = match is_open_coded(&facts) {
            true => (DeferKind::OpenCoded, FramePlan::slot(facts.plain as usize)),
            false if facts.in_range_func => {
                (DeferKind::SharedRecords, FramePlan::record(facts.plain))
            }
            false => (DeferKind::Records, FramePlan::record(facts.plain)),
        };
        let mut together_bytes = 0u64;
        let mut together = Vec::new();
        for (i, &ty) in parts.abi.results.iter().enumerate() {
            let obj = parts.results.get(i).and_then(|r| r.0);
            if obj.is_some_and(|o| shared.facts.var(o).shared()) {
                together.push(None);
                continue;
            }
            let layout = self.layout(ty);
            let at = together_bytes.next_multiple_of(layout.align.max(1));
            together.push(Some(at));
            together_bytes = at + layout.size;
        }
        let Some((Target::Func(mark), _)) = self.runtime_target("deferlanding") else {
            return None;
        };
        let handler = format!("{}·recovered", self.module.symbols.name(parts.sym));
        let handler = self.sym(&handler);
        Some(FramePlan {
            kind,
            homes_at: calls,
            bytes: calls as u32 + 16 + 8 * together.len() as u32,
            together,
            together_bytes,
            landing: Landing { handler, mark },
        })
    }

    /// What goes on after `recover`: runs what is left of the deferred calls, ends the frame
    /// and returns what the results are then.
    fn lower_landing(&mut self, shared: &Rc<Shared>, parts: &Parts<'_>, plan: &FramePlan) {
        let abi = Abi {
            params: Vec::new(),
            sig: Signature {
                params: [Ty::Ptr].into_iter().collect(),
                results: parts.abi.sig.results.clone(),
            },
            ..(*parts.abi).clone()
        };
        let sym = plan.landing.handler;
        let mut f = FuncLower::new(
            self,
            shared.clone(),
            sym,
            parts.name,
            Rc::new(abi),
            parts.pos,
        );
        f.at(parts.body.rbrace);
        let frame = f.entry_param(0);
        f.rt("deferreturn", &[frame]);
        f.b.push(Op::DeferLeave(frame));
        let word = |f: &mut FuncLower<'_, '_>, offset: i32| {
            Mem::safe(f.load_scalar(Ty::Ptr, Mem::safe(frame), offset as u32))
        };
        if parts.abi.area.is_some() {
            f.area = Some(word(&mut f, plan.area()).addr);
        }
        for (i, together) in plan.together.iter().enumerate() {
            let mem = match *together {
                None => word(&mut f, plan.home(Some(i))),
                Some(offset) => {
                    let all = word(&mut f, plan.home(None));
                    f.offset_mem(all, offset)
                }
            };
            f.results.push(Place::Mem(mem));
        }
        f.return_now();
        f.finish(|flags| {
            flags.no_inline = true;
            flags.landing = true;
        });
    }
}

impl FuncLower<'_, '_> {
    /// Makes the frame's place and that of the results.
    fn begin_deferring(&mut self, parts: &Parts<'_>, plan: Rc<FramePlan>) {
        let slot = self.b.new_slot(plan.bytes, 16);
        let frame = self.b.push1(Op::SlotAddr(slot, 0));
        let mut homes = Vec::new();
        homes.extend(self.area.map(|area| (plan.area(), area)));
        let all = (plan.together_bytes > 0).then(|| {
            let all = self.slot_of(plan.together_bytes, 16);
            homes.push((plan.home(None), all.addr));
            all
        });
        for (i, &ty) in parts.abi.results.iter().enumerate() {
            let obj = parts.results.get(i).and_then(|r| r.0);
            let place = match (plan.together[i], all) {
                (Some(offset), Some(all)) => {
                    let mem = self.offset_mem(all, offset);
                    self.clear(mem, ty);
                    Place::Mem(mem)
                }
                // Of no size: any place does.
                (Some(_), None) => Place::Mem(Mem::safe(frame)),
                (None, _) => {
                    let name = obj.map(|o| self.l.prog.obj(o).name);
                    let place = self.boxed(ty, name, None);
                    if let Place::Mem(mem) = place {
                        homes.push((plan.home(Some(i)), mem.addr));
                    }
                    place
                }
            };
            if let Some(obj) = obj {
                self.places.insert(obj, place.clone());
            }
            self.results.push(place);
        }
        let pending = self.b.new_var(Ty::I64);
        let none = self.int(OPEN_CODED as i64);
        self.b.def_var(pending, none);
        let mut calls = Vec::new();
        if plan.open_coded() {
            let nil = self.nil();
            for _ in 0..self.shared.facts.defer(parts.level).plain {
                let var = self.b.new_var(Ty::Ptr);
                self.b.def_var(var, nil);
                calls.push(var);
            }
        }
        calls.reverse();
        let mut passed = FxHashSet::default();
        if self.shared.facts.gotos.is_empty() {
            passed.extend(parts.body.stmts.iter().map(|s| s.id));
        }
        self.defer = Some(DeferState {
            plan,
            frame,
            homes,
            entered: Cell::new(false),
            pending,
            unused: calls,
            calls: Vec::new(),
            passed,
            records: 0,
        });
    }

    /// Whether the frame's life can begin at the first `defer` statement: every way to it and
    /// past it is through the function's own list of statements.
    fn can_enter_late(&self, stmts: &[Stmt]) -> bool {
        let facts = self.shared.facts.defer(self.level);
        is_open_coded(&facts)
            && self.shared.facts.gotos.is_empty()
            && facts
                .first
                .is_some_and(|first| stmts.iter().any(|s| s.id == first))
    }

    /// Begins the life of the frame.
    fn enter_defer_frame(&mut self) {
        let Some(state) = &self.defer else { return };
        if state.entered.replace(true) {
            return;
        }
        let (frame, plan, homes) = (state.frame, state.plan.clone(), state.homes.clone());
        for (offset, value) in homes {
            self.b.push(Op::DeferStore {
                frame,
                offset,
                value,
                word: DeferWord::Home,
            });
        }
        self.b.push(Op::DeferEnter {
            frame,
            landing: Some(plan.landing),
            kind: plan.kind,
        });
    }

    /// Runs the deferred calls that are pending and ends the frame's life.
    pub fn run_deferred(&mut self) {
        let Some(state) = self.defer.as_ref().filter(|s| s.entered.get()) else {
            return;
        };
        let frame = state.frame;
        if !state.plan.open_coded() {
            self.rt("deferreturn", &[frame]);
            self.b.push(Op::DeferLeave(frame));
            return;
        }
        let (calls, pending_var) = (state.calls.clone(), state.pending);
        if calls.is_empty() {
            // The way here passes no statement, but the frame's life began at entry.
            self.b.push(Op::DeferLeave(frame));
        }
        for (i, &open) in calls.iter().enumerate().rev() {
            if i == 0 {
                // Nothing can be pending while the last one runs.
                self.b.push(Op::DeferLeave(frame));
            }
            let pending = self.b.use_var(pending_var);
            let bit = self.int(pending_bit(i));
            let done = (!open.certain).then(|| {
                let is_pending = self.bin(BinaryOp::Band, pending, bit);
                let zero = self.int(0);
                let is_pending = self.b.icmp(IntCc::Ne, is_pending, zero);
                let (run, done) = (self.b.new_block(), self.b.new_block());
                self.b.branch(is_pending, run, done);
                self.b.switch_to_sealed(run);
                done
            });
            if i > 0 {
                let rest = self.bin(BinaryOp::Bxor, pending, bit);
                self.set_pending(rest);
            }
            self.call_deferred(open.closure, open.call);
            if let Some(done) = done {
                self.join(done);
            }
        }
    }

    fn set_pending(&mut self, pending: Value) {
        let Some(state) = &self.defer else { return };
        let (frame, var) = (state.frame, state.pending);
        self.b.def_var(var, pending);
        self.store_scalar(Mem::safe(frame), PENDING, pending);
    }

    fn call_deferred(&mut self, var: Var, call: Deferred) {
        let closure = self.b.use_var(var);
        let sig = self.l.abi(None, RType::VOID_FUNC).sig.clone();
        let sig = Box::new(sig);
        let callee = match call.code {
            Some((code, false)) => Callee::Direct(code, sig),
            Some((code, true)) => Callee::Known(code, closure, sig),
            None => Callee::Closure(closure, sig),
        };
        self.b.call(callee, Vec::new());
    }

    /// `defer f(x)`
    pub fn defer_stmt(&mut self, node: NodeId, pos: Pos, call: &Expr) {
        let repeated = self.shared.facts.repeated_defers.contains(&node);
        let on_stack = repeated && self.outer_defer_frame().is_none();
        let deferred = self.deferred(call, "deferwrap", on_stack);
        self.at(pos);
        if let Some(outer) = self.outer_defer_frame() {
            self.note_defer(
                pos,
                "heap-allocated",
                "in the body of a range over a function",
            );
            let site = self.site_word(SiteKind::Defer, pos);
            let frame = self.rt1("deferrangefunc", &[outer]);
            self.rt("deferproc", &[frame, deferred.closure, site]);
            return;
        }
        self.enter_defer_frame();
        let Some(state) = &mut self.defer else {
            return self.unsupported(pos, "defer statement here");
        };
        if repeated {
            self.note_defer(pos, "heap-allocated", "in a loop or behind a label");
            return self.pushed_record(pos, deferred);
        }
        if !state.plan.open_coded() {
            let i = state.records;
            state.records += 1;
            let why = why_not_open_coded(&self.shared.facts.defer(self.level));
            self.note_defer(pos, "stack-allocated", why);
            return self.stack_record(i, pos, deferred);
        }
        let Some(var) = state.unused.pop() else {
            return self.unsupported(pos, "more defer statements than were counted");
        };
        let i = state.calls.len();
        state.calls.push(OpenCoded {
            closure: var,
            call: deferred,
            certain: state.passed.contains(&node),
        });
        let (frame, pending_var) = (state.frame, state.pending);
        self.note_defer(pos, "open-coded", "called where the function ends");
        self.b.def_var(var, deferred.closure);
        self.store_deferred(frame, FramePlan::slot(i), deferred);
        let pending = self.b.use_var(pending_var);
        let bit = self.int(pending_bit(i));
        let pending = self.bin(BinaryOp::Bor, pending, bit);
        self.set_pending(pending);
    }

    /// For `-d=defer`.
    fn note_defer(&mut self, pos: Pos, form: &str, reason: &str) {
        self.l.module.notes.push(Note {
            pos,
            topic: Topic::Defer,
            text: format!("{form} defer: {reason}"),
        });
    }

    fn store_deferred(&mut self, frame: Value, offset: i32, deferred: Deferred) {
        self.b.push(Op::DeferStore {
            frame,
            offset,
            value: deferred.closure,
            word: DeferWord::Call(deferred.code.map(|(code, _)| code)),
        });
    }

    /// Fills stack record `i` and puts it first.
    fn stack_record(&mut self, i: u32, pos: Pos, deferred: Deferred) {
        let Some(frame) = self.defer.as_ref().map(|s| s.frame) else {
            return;
        };
        let at = FramePlan::record(i);
        let field = offset_of!(DeferRecord, closure) as i32;
        self.store_deferred(frame, at + field, deferred);
        let record = self.offset_mem(Mem::safe(frame), at as u64);
        // Addresses within the frame are plain words: the list is no memory of its own.
        let addr = self.mem_addr(record);
        let word = self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, addr));
        self.link_record(frame, record, word, pos);
    }

    /// Puts a record first in the frame's list. `address` is its address as a number.
    fn link_record(&mut self, frame: Value, record: Mem, address: Value, pos: Pos) {
        // An address in an executable, of 32 bits: with `pooled`, which is 0, one word.
        let site = self.site_word(SiteKind::Defer, pos);
        self.store_scalar(record, offset_of!(DeferRecord, site) as u32, site);
        let next = self.load_scalar(Ty::I64, Mem::safe(frame), PENDING);
        self.store_scalar(record, offset_of!(DeferRecord, next) as u32, next);
        self.store_scalar(Mem::safe(frame), PENDING, address);
    }

    /// Room for a record, and the object of its func value behind it, on the goroutine's
    /// stack of deferred calls. The object has what it captures from here on; nothing that
    /// may panic comes before the record is linked.
    fn push_record(&mut self, object_bytes: u64) -> PushedRecord {
        let bytes = size_of::<DeferRecord>() as u64 + object_bytes.next_multiple_of(8);
        let g = Mem::safe(self.b.push1(Op::GetG));
        let (top, end) = (G_OFFSETS.defer_top as u32, G_OFFSETS.defer_end as u32);
        let address = self.b.new_var(Ty::I64);
        let at = self.load_scalar(Ty::I64, g, top);
        self.b.def_var(address, at);
        let bytes = self.int(bytes as i64);
        let new_top = self.bin(BinaryOp::Iadd, at, bytes);
        let end = self.load_scalar(Ty::I64, g, end);
        let fits = self.b.icmp(IntCc::Ule, new_top, end);
        let (fast, slow, done) = (self.b.new_block(), self.b.new_block(), self.b.new_block());
        self.b.set_cold(slow);
        self.b.branch(fits, fast, slow);
        self.b.switch_to_sealed(slow);
        let at = self.rt1("newDeferChunk", &[bytes]);
        self.b.def_var(address, at);
        self.b.jump(done);
        self.b.switch_to_sealed(fast);
        self.store_scalar(g, top, new_top);
        self.join(done);
        let address = self.b.use_var(address);
        let record = self.b.push1(Op::DeferRecord(address));
        PushedRecord { address, record }
    }

    /// Room for a closure object behind a new record.
    pub fn pushed_object(&mut self, bytes: u64) -> Value {
        let pushed = self.push_record(bytes);
        self.pushed = Some(pushed);
        let object = self.offset_mem(Mem::safe(pushed.record), size_of::<DeferRecord>() as u64);
        self.mem_addr(object)
    }

    /// A record on the goroutine's stack of deferred calls; the func value's object is there
    /// already if it has one of its own.
    fn pushed_record(&mut self, pos: Pos, deferred: Deferred) {
        let Some(frame) = self.defer.as_ref().map(|s| s.frame) else {
            return;
        };
        let pushed = self.pushed.take();
        let pushed = pushed.unwrap_or_else(|| self.push_record(0));
        let field = offset_of!(DeferRecord, closure) as i32;
        self.store_deferred(pushed.record, field, deferred);
        self.link_record(frame, Mem::safe(pushed.record), pushed.address, pos);
    }
}
