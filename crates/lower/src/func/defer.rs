//! `defer` and `go`.
//!
//! A function with `defer` becomes two (ARCHITECTURE.md, "Defer, panic, recover"). The
//! wrapper's frame holds, one after another: the `DeferFrame`, the slots of open-coded
//! deferred calls or the stack records, and the results that have no object of their own.
//! Records must not lie in the body's frame: after `recover` that frame is gone while
//! what is left of them still runs.

use super::call::{Callable, Whom};
use super::closure::Parts;
use super::{Counters, FuncLower, Mem, Place, Shared, Val};
use crate::abi::{Abi, Param};
use crate::mono::{FuncSig, RType};
use crate::program::{Lower, Target};
use goxide_abi::{DEFER_FRAME_BYTES, DeferFrame, DeferRecord, G_OFFSETS, SiteKind};
use goxide_base::{Pos, Symbol};
use goxide_ir::{Callee, ConvertOp, MemFlags, Op, Signature, Term, Ty, Value};
use goxide_syntax::ast::{CallExpr, Expr, ExprKind, NodeId};
use goxide_types::{Builtin, Mode};
use std::cell::Cell;
use std::mem::offset_of;
use std::rc::Rc;

/// More deferred calls than this in one function are not open-coded.
const MAX_OPEN_CODED: u32 = 8;
/// Offset of the first method in an itab.
const ITAB_METHODS: i32 = 24;

/// What the body of a function with deferred calls knows about its frame.
pub struct DeferState {
    /// Address of the `DeferFrame`.
    pub frame: Value,
    /// Whether the calls are open-coded: slots and bits, no records.
    open_coded: bool,
    /// The next slot or stack record.
    next: Cell<u32>,
}

/// How a wrapper's frame is laid out.
struct FrameLayout {
    open_coded: bool,
    plain: u32,
    results: Vec<ResultHome>,
    bytes: u64,
}

enum ResultHome {
    /// In an object of its own, whose address the body gets.
    Boxed,
    /// In the frame at this offset.
    Frame(u64),
}

impl Lower<'_> {
    /// Lowers a function with deferred calls to its two halves.
    pub fn lower_split(&mut self, shared: &Rc<Shared>, parts: Parts<'_>, counters: Rc<Counters>) {
        let frame = self.frame_layout(shared, &parts);
        let name = format!("{}·body", self.module.symbols.name(parts.sym));
        let body_sym = self.sym(&name);
        let abi = self.body_abi(&parts, &frame);
        self.lower_wrapper(shared, &parts, &frame, body_sym, &abi);
        self.lower_inner(shared, parts, frame, body_sym, abi, counters);
    }

    fn frame_layout(&mut self, shared: &Rc<Shared>, parts: &Parts<'_>) -> FrameLayout {
        let facts = shared.facts.defer(parts.level);
        let open_coded =
            facts.in_loops == 0 && !facts.in_range_func && facts.plain <= MAX_OPEN_CODED;
        let each = if open_coded {
            8
        } else {
            size_of::<DeferRecord>()
        };
        let mut bytes = (DEFER_FRAME_BYTES + each * facts.plain as usize) as u64;
        let mut results = Vec::new();
        for (i, &ty) in parts.abi.results.iter().enumerate() {
            let obj = parts.results.get(i).and_then(|r| r.0);
            if obj.is_some_and(|o| shared.facts.var(o).shared()) {
                results.push(ResultHome::Boxed);
                continue;
            }
            let layout = self.layout(ty);
            bytes = bytes.div_ceil(layout.align.max(1)) * layout.align.max(1);
            results.push(ResultHome::Frame(bytes));
            bytes += layout.size;
        }
        FrameLayout {
            open_coded,
            plain: facts.plain,
            results,
            bytes,
        }
    }

    /// The convention of the body: frame, boxes of results, closure object, parameters.
    fn body_abi(&mut self, parts: &Parts<'_>, frame: &FrameLayout) -> Rc<Abi> {
        let mut sig = Signature::default();
        sig.params.push(Ty::Ptr);
        let boxes = frame
            .results
            .iter()
            .filter(|r| matches!(r, ResultHome::Boxed));
        sig.params.extend(boxes.map(|_| Ty::Ptr));
        if parts.captures.is_some() {
            sig.params.push(Ty::Ptr);
        }
        let skip = usize::from(parts.abi.area.is_some());
        let shift = sig.params.len();
        sig.params
            .extend(parts.abi.sig.params.iter().skip(skip).copied());
        let params = parts.abi.params.iter().map(|p| Param {
            first: p.first - skip + shift,
            ..p.clone()
        });
        Rc::new(Abi {
            params: params.collect(),
            results: parts.abi.results.clone(),
            result_layouts: parts.abi.result_layouts.clone(),
            area: None,
            sig,
        })
    }

    fn lower_wrapper(
        &mut self,
        shared: &Rc<Shared>,
        parts: &Parts<'_>,
        frame: &FrameLayout,
        body: goxide_ir::SymId,
        body_abi: &Abi,
    ) {
        let mut f = FuncLower::new(
            self,
            shared.clone(),
            parts.sym,
            parts.name,
            parts.abi.clone(),
            parts.pos,
        );
        f.at(parts.pos);
        let ctx = parts.captures.as_ref().map(|_| f.b.push1(Op::ClosureCtx));
        f.area = parts.abi.area.as_ref().map(|_| f.entry_param(0));
        let slot = f.slot_of(frame.bytes, 16);
        f.link_frame(slot);
        let mut args = vec![slot.addr];
        for (home, &ty) in frame.results.iter().zip(parts.abi.results.iter()) {
            let place = match home {
                ResultHome::Boxed => {
                    let place = f.boxed(ty, None, None);
                    if let Place::Mem(mem) = place {
                        args.push(mem.addr);
                    }
                    place
                }
                ResultHome::Frame(offset) => {
                    let mem = f.offset_mem(slot, *offset);
                    f.clear(mem, ty);
                    Place::Mem(mem)
                }
            };
            f.results.push(place);
        }
        args.extend(ctx);
        let skip = usize::from(parts.abi.area.is_some());
        let count = parts.abi.sig.params.len();
        args.extend((skip..count).map(|i| f.entry_param(i)));
        let (exit, handler) = (f.b.new_block(), f.b.new_block());
        f.b.terminate(Term::TryCall {
            callee: Callee::Direct(body, Box::new(body_abi.sig.clone())),
            args,
            record: slot.addr,
            normal: exit,
            handler,
        });
        f.b.switch_to(handler);
        f.run_rest(slot, exit, handler);
        f.b.seal(handler);
        f.b.switch_to_sealed(exit);
        f.unlink_frame(slot);
        f.return_now();
        f.finish(|flags| {
            flags.wrapper = true;
            flags.closure = ctx.is_some();
            flags.no_inline = true;
        });
    }

    fn lower_inner(
        &mut self,
        shared: &Rc<Shared>,
        parts: Parts<'_>,
        frame: FrameLayout,
        sym: goxide_ir::SymId,
        abi: Rc<Abi>,
        counters: Rc<Counters>,
    ) {
        let mut f = FuncLower::new(
            self,
            shared.clone(),
            sym,
            parts.name,
            abi.clone(),
            parts.pos,
        );
        f.level = parts.level;
        f.counters = counters;
        f.split = true;
        f.at(parts.pos);
        let frame_addr = f.entry_param(0);
        f.defer = Some(DeferState {
            frame: frame_addr,
            open_coded: frame.open_coded,
            next: Cell::new(0),
        });
        debug_assert!(!frame.open_coded || frame.plain <= MAX_OPEN_CODED);
        let mut next = 1;
        for (i, home) in frame.results.iter().enumerate() {
            let mem = match home {
                ResultHome::Boxed => {
                    next += 1;
                    Mem::safe(f.entry_param(next - 1))
                }
                ResultHome::Frame(offset) => f.offset_mem(Mem::safe(frame_addr), *offset),
            };
            f.results.push(Place::Mem(mem));
            if let Some(obj) = parts.results.get(i).and_then(|r| r.0) {
                f.places.insert(obj, Place::Mem(mem));
            }
        }
        if let Some((captures, object)) = &parts.captures {
            let ctx = f.entry_param(next);
            f.bind_captures(ctx, captures, *object);
        }
        let inner = Parts { abi, ..parts };
        f.bind_params(&inner);
        f.body(inner.body);
        let mut flags = inner.flags;
        flags.no_inline = true;
        f.finish(|to| *to = flags);
    }
}

impl FuncLower<'_, '_> {
    fn g_word(&mut self) -> (Value, MemFlags) {
        let g = self.b.push1(Op::GetG);
        let flags = MemFlags {
            no_trap: true,
            ..MemFlags::default()
        };
        (g, flags)
    }

    /// Puts a new frame at the head of g's list.
    fn link_frame(&mut self, frame: Mem) {
        let (g, flags) = self.g_word();
        let link = self.b.load(Ty::I64, g, G_OFFSETS.defer_frames, flags);
        let zero = self.int(0);
        self.store_scalar(frame, offset_of!(DeferFrame, link) as u32, link);
        self.store_scalar(frame, offset_of!(DeferFrame, records) as u32, zero);
        self.store_scalar(frame, offset_of!(DeferFrame, bits) as u32, zero);
        self.store_scalar(frame, offset_of!(DeferFrame, open_coded) as u32, zero);
        // The frame is no object of the heap: its address is stored as a plain word.
        let word = self
            .b
            .push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, frame.addr));
        self.b.store(g, G_OFFSETS.defer_frames, word, flags);
    }

    fn unlink_frame(&mut self, frame: Mem) {
        let (g, flags) = self.g_word();
        let link = self.load_scalar(Ty::I64, frame, offset_of!(DeferFrame, link) as u32);
        self.b.store(g, G_OFFSETS.defer_frames, link, flags);
    }

    /// In the handler: runs what is left of the deferred calls.
    fn run_rest(&mut self, frame: Mem, exit: goxide_ir::Block, handler: goxide_ir::Block) {
        let Some((Target::Func(sym), sig)) = self.l.runtime_target("deferreturn") else {
            return self.b.jump(exit);
        };
        let abi = self.l.abi(None, sig);
        self.b.terminate(Term::TryCall {
            callee: Callee::Direct(sym, Box::new(abi.sig.clone())),
            args: vec![frame.addr],
            record: frame.addr,
            normal: exit,
            handler,
        });
    }

    /// The end of a body: results are stored already.
    pub fn return_from_split(&mut self) {
        if let Some(frame) = self.defer.as_ref().map(|d| d.frame) {
            self.rt("deferreturn", &[frame]);
        }
        self.b.ret([]);
    }

    /// `defer f(x)`
    pub fn defer_stmt(&mut self, node: NodeId, pos: Pos, call: &Expr) {
        let closure = self.deferred(call, "deferwrap");
        self.at(pos);
        let site = self.site_word(SiteKind::Defer, pos);
        if let Some(outer) = self.outer_defer_frame() {
            let frame = self.rt1("deferrangefunc", &[outer]);
            self.rt("deferproc", &[frame, closure, site]);
            return;
        }
        let Some(state) = &self.defer else {
            return self.unsupported(pos, "defer statement here");
        };
        let (frame, open_coded, i) = (state.frame, state.open_coded, state.next.get());
        if self.shared.facts.repeated_defers.contains(&node) {
            self.rt("deferproc", &[frame, closure, site]);
            return;
        }
        state.next.set(i + 1);
        let at = Mem::safe(frame);
        if open_coded {
            self.store_scalar(at, DEFER_FRAME_BYTES as u32 + 8 * i, closure);
            let bits_at = offset_of!(DeferFrame, bits) as u32;
            let bits = self.load_scalar(Ty::I64, at, bits_at);
            let bit = self.int(1 << i);
            let bits = self.bin(goxide_ir::BinaryOp::Bor, bits, bit);
            return self.store_scalar(at, bits_at, bits);
        }
        let record = self.offset_mem(
            at,
            (DEFER_FRAME_BYTES + size_of::<DeferRecord>() * i as usize) as u64,
        );
        self.store_scalar(record, offset_of!(DeferRecord, closure) as u32, closure);
        let site = self.extend(site, Ty::I32, true);
        self.store_scalar(record, offset_of!(DeferRecord, site) as u32, site);
        let zero = self.b.iconst(Ty::I32, 0);
        self.store_scalar(record, offset_of!(DeferRecord, pooled) as u32, zero);
        let addr = self.mem_addr(record);
        self.rt("deferprocStack", &[frame, addr]);
    }

    /// `go f(x)`
    pub fn go_stmt(&mut self, pos: Pos, call: &Expr) {
        let closure = self.deferred(call, "gowrap");
        self.at(pos);
        let site = self.site_word(SiteKind::Go, pos);
        self.rt("gostart", &[closure, site]);
    }

    /// A closure without parameters that makes the call later, its operands evaluated now.
    fn deferred(&mut self, call: &Expr, kind: &str) -> Value {
        let call = call.unparen();
        let ExprKind::Call(c) = &call.kind else {
            self.unsupported(call.pos, "deferred expression that is no call");
            return self.nil();
        };
        let fun = c.fun.unparen();
        if self.info().mode(fun.id) == Some(Mode::TypeExpr) {
            // A conversion: it has no effect later.
            self.discard(call);
            let name = self.thunk_name(kind);
            return self.thunk(name, &[], |_, _| {});
        }
        if let Some(builtin) = self.builtin_of(fun) {
            return self.deferred_builtin(builtin, call, c, kind);
        }
        let callable = self.callable(fun);
        let sig = self.l.func_sig(callable.sig_ty);
        let abi = self.l.abi(callable.recv_ty, callable.sig_ty);
        if let Whom::Closure(v) = callable.whom
            && sig.params.is_empty()
            && abi.area.is_none()
        {
            return v;
        }
        let args = self.arguments(c, &sig);
        self.at(c.lparen);
        let name = self.thunk_name(kind);
        self.call_thunk(name, callable, args, &sig, &abi, c.lparen)
    }

    fn thunk_name(&mut self, kind: &str) -> String {
        let counter = match kind {
            "gowrap" => &self.counters.go_wraps,
            _ => &self.counters.defer_wraps,
        };
        let n = counter.get() + 1;
        counter.set(n);
        format!("{}.{kind}{n}", self.name)
    }

    fn deferred_builtin(&mut self, builtin: Builtin, e: &Expr, c: &CallExpr, kind: &str) -> Value {
        let args = match builtin {
            // It recovers what this very function could recover now: called by the
            // function's end it is as good as written there, called by a panic it is not.
            Builtin::Recover => {
                let frame = self.own_recover_frame();
                vec![(Val::one(frame), RType::UINTPTR)]
            }
            _ => self.builtin_args(builtin, e, c),
        };
        let name = self.thunk_name(kind);
        self.thunk(name, &args, |t, args| {
            if builtin != Builtin::Recover {
                t.builtin_values(builtin, e, c, args);
            } else if let Some((frame, _)) = args.first() {
                let frame = t.scalar(frame);
                t.rt("gorecover", &[frame]);
            }
        })
    }

    /// A closure of no parameters over some values; `body` gets them back inside it.
    fn thunk(
        &mut self,
        name: String,
        values: &[(Val, RType)],
        body: impl FnOnce(&mut FuncLower<'_, '_>, Vec<(Val, RType)>),
    ) -> Value {
        let sym = self.literal_sym(&name);
        let mut types = vec![RType::UINTPTR];
        types.extend(values.iter().map(|v| v.1));
        let object = self.l.mono.tuple_struct(&types);
        let abi = self.l.abi(None, RType::VOID_FUNC);
        let pos = self.b.func.pos;
        let loc = self.b.func.locs[self.b.loc()].pos;
        let shared = self.shared.clone();
        let mut t = FuncLower::new(&mut *self.l, shared, sym, Symbol::intern(&name), abi, pos);
        t.at(loc);
        if values.is_empty() {
            body(&mut t, Vec::new());
        } else {
            let ctx = t.b.push1(Op::ClosureCtx);
            let mut inner = Vec::new();
            for (i, &(_, ty)) in values.iter().enumerate() {
                let (_, offset, _) = t.field_info(object, i + 1);
                let mem = t.offset_mem(Mem::safe(ctx), offset);
                inner.push((t.load(mem, ty), ty));
            }
            body(&mut t, inner);
        }
        if t.b.is_reachable() {
            t.b.ret([]);
        }
        let closure = !values.is_empty();
        t.finish(|flags| {
            flags.wrapper = true;
            flags.closure = closure;
            flags.no_inline = true;
        });
        let val = if values.is_empty() {
            self.static_closure(sym)
        } else {
            let vals: Vec<Val> = values.iter().map(|v| v.0.clone()).collect();
            self.closure_object(sym, object, &vals)
        };
        self.scalar(&val)
    }

    fn call_thunk(
        &mut self,
        name: String,
        callable: Callable,
        args: Vec<Val>,
        sig: &Rc<FuncSig>,
        abi: &Rc<Abi>,
        pos: Pos,
    ) -> Value {
        let mut values = Vec::new();
        // What is called, unless it is known by name.
        let declared = match callable.whom {
            Whom::Declared(inst) => Some(inst),
            Whom::Closure(v) => {
                values.push((Val::one(v), RType::UNSAFE_POINTER));
                None
            }
            Whom::Code(v) => {
                values.push((Val::one(v), RType::UNSAFE_POINTER));
                None
            }
            Whom::Interface(itab, iface, index) => {
                let methods = self.l.interface_methods(iface);
                self.l.note_call(&methods[index as usize]);
                let at = Mem::unchecked(itab);
                let code = self.load_scalar(Ty::Ptr, at, ITAB_METHODS as u32 + 8 * index);
                values.push((Val::one(code), RType::UNSAFE_POINTER));
                None
            }
        };
        let by_code = matches!(callable.recv_ty, Some(RType::UNSAFE_POINTER)) && declared.is_none();
        if let (Some(recv), Some(ty)) = (callable.recv, callable.recv_ty) {
            values.push((recv, ty));
        }
        values.extend(args.into_iter().zip(sig.params.iter().copied()));
        let target = match &declared {
            Some(inst) => match self.l.target(inst.clone(), pos) {
                Some(target) => Some(target),
                None => return self.nil(),
            },
            None => None,
        };
        let (sig, abi) = (sig.clone(), abi.clone());
        self.thunk(name, &values, move |t, inner| {
            t.tail_call(target, by_code, inner, &sig, &abi, pos);
        })
    }

    /// Inside a thunk: calls with the captured values and returns.
    fn tail_call(
        &mut self,
        target: Option<Target>,
        by_code: bool,
        values: Vec<(Val, RType)>,
        sig: &Rc<FuncSig>,
        abi: &Abi,
        pos: Pos,
    ) {
        let mut values = values.into_iter();
        let whom = match target {
            Some(_) => None,
            None => values.next().map(|v| self.scalar(&v.0)),
        };
        if let Some(Target::Intrinsic(i)) = target {
            let args = values.map(|v| v.0).collect();
            self.intrinsic_call(i, args, sig, pos);
            return;
        }
        let mut scalars = Vec::new();
        if let Some(layout) = &abi.area {
            // Nobody reads the results, and this frame is gone when they are written.
            let desc = None;
            scalars.push(self.b.push1(Op::New {
                desc,
                bytes: layout.size.max(1),
                align: layout.align as u32,
                escaped: None,
            }));
        }
        for (val, ty) in values {
            self.pass(&val, ty, &mut scalars);
        }
        let boxed = Box::new(abi.sig.clone());
        let callee = match (target, whom) {
            (Some(Target::Func(sym)), _) => Callee::Direct(sym, boxed),
            (Some(target), _) => {
                self.call_target(&target, abi, scalars, None);
                return;
            }
            (None, Some(v)) if by_code => Callee::Code(v, boxed),
            (None, Some(v)) => Callee::Closure(v, boxed),
            (None, None) => return,
        };
        self.b.terminate(Term::TailCall(callee, scalars));
    }
}
