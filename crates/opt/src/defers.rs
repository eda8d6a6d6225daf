//! Frames of deferred calls that are less than they look.
//!
//! - *No landing*: if none of a frame's deferred calls can recover, the function cannot go on
//!   after a panic. `recover` works only in the deferred function itself, so that function's
//!   own code says it.
//! - *No frame*: only a panic or `Goexit` ever looks for a frame. If neither can happen while
//!   it lives, it need not be, and what remains is calls at the function's end.
//!
//! Frames to which other functions may add records are not looked at: what they hold is not
//! known here.

use crate::whole::Outline;
use goxide_base::{FxHashMap, FxHashSet, Pos};
use goxide_ir::{
    Block, Callee, DeferKind, DeferWord, Function, Inst, Op, Slot, SymId, Term, Value,
};

/// What is known about the functions of a module.
pub struct Facts<'w> {
    /// Functions in which, called as deferred ones, `recover` has no effect.
    no_recover: &'w FxHashSet<SymId>,
    /// Functions that always return, or run for ever.
    no_panic: FxHashSet<SymId>,
}

/// One frame of a function.
struct Frame {
    slot: Slot,
    block: Block,
    at: usize,
    has_landing: bool,
    kind: DeferKind,
}

/// Looks at all functions for calls of `recover`: those in which, called as deferred ones, it
/// has no effect. (A tail call makes the callee what the caller was: the deferred function.)
pub fn no_recover(functions: &[&Outline]) -> FxHashSet<SymId> {
    let mut no_recover: FxHashSet<SymId> = functions.iter().map(|f| f.sym).collect();
    // By function: those that end as it.
    let mut ends_as: FxHashMap<SymId, Vec<SymId>> = FxHashMap::default();
    let mut todo = Vec::new();
    for func in functions {
        if func.may_recover {
            todo.push(func.sym);
        }
        for &to in &func.ends_as {
            if no_recover.contains(&to) {
                ends_as.entry(to).or_default().push(func.sym);
            } else {
                todo.push(func.sym);
            }
        }
    }
    while let Some(sym) = todo.pop() {
        if no_recover.remove(&sym) {
            todo.extend(ends_as.get(&sym).into_iter().flatten());
        }
    }
    no_recover
}

/// Whether a function looks for its caller, as `recover` does, or ends as one that is not
/// known.
pub fn may_recover(func: &Function) -> bool {
    asks_for_caller(func)
        || func.blocks.iter().any(|block| match &block.term {
            Term::TailCall(callee, _) => !matches!(
                callee,
                Callee::Direct(..) | Callee::Known(..) | Callee::Runtime(_)
            ),
            _ => false,
        })
}

impl<'w> Facts<'w> {
    /// Nothing known but where `recover` has no effect.
    pub fn new(no_recover: &'w FxHashSet<SymId>) -> Facts<'w> {
        Facts {
            no_recover,
            no_panic: FxHashSet::default(),
        }
    }

    /// What was found out about a function earlier.
    pub fn note_known(&mut self, function: SymId, no_panic: bool) {
        if no_panic {
            self.no_panic.insert(function);
        }
    }

    /// Whether a function was noted as one that never panics.
    pub fn is_noted(&self, function: SymId) -> bool {
        self.no_panic.contains(&function)
    }

    /// Remembers about a function what its callers need. Callees are noted first; what a
    /// recursion does is not known.
    pub fn note(&mut self, func: &Function) {
        let quiet = func.blocks.iter().all(|block| {
            let calls_on = match &block.term {
                Term::TailCall(callee, _) => self.is_quiet(callee),
                _ => true,
            };
            calls_on && !block.insts.iter().any(|&i| self.may_panic(func, i))
        });
        if quiet {
            self.no_panic.insert(func.sym);
        }
    }

    /// Takes away from a function's frames what they do not need.
    /// Says of each deferred call of the function's own what it came to.
    pub fn simplify_frames(&self, func: &mut Function) -> Vec<(Pos, &'static str)> {
        let mut found = Vec::new();
        for slot in frames(func) {
            let Some(frame) = find(func, slot) else {
                continue;
            };
            let before = found.len();
            if frame.kind == DeferKind::OpenCoded && self.is_quiet_frame(func, &frame) {
                note(
                    func,
                    slot,
                    "; inlined away, nothing can panic before",
                    &mut found,
                );
                remove(func, |func, inst| {
                    let on = match &func.insts[inst].op {
                        Op::DeferEnter { frame, .. }
                        | Op::DeferLeave(frame)
                        | Op::DeferStore { frame, .. } => *frame,
                        _ => return false,
                    };
                    slot_of(func, on) == Some(frame.slot)
                });
            } else if frame.has_landing && !self.can_recover(func, frame.slot) {
                remove_landing(func, &frame);
            }
            if found.len() == before && find(func, slot).is_some_and(|f| f.has_landing) {
                note(func, slot, "; may recover", &mut found);
            }
        }
        found
    }

    /// Whether a deferred call of a frame may recover. (Records on the goroutine's stack of
    /// deferred calls may be any frame's here.)
    fn can_recover(&self, func: &Function, slot: Slot) -> bool {
        let mut insts = func.blocks.iter().flat_map(|b| &b.insts);
        insts.any(|&inst| match &func.insts[inst].op {
            Op::DeferStore {
                frame,
                word: DeferWord::Call(code),
                ..
            } if slot_of(func, *frame).is_none_or(|s| s == slot) => {
                code.is_none_or(|code| !self.no_recover.contains(&code))
            }
            _ => false,
        })
    }

    /// Whether nothing can panic from the frame's beginning to its end.
    fn is_quiet_frame(&self, func: &Function, frame: &Frame) -> bool {
        let mut seen: FxHashSet<Block> = FxHashSet::default();
        let mut todo: Vec<(Block, usize)> = vec![(frame.block, frame.at + 1)];
        while let Some((block, from)) = todo.pop() {
            let data = &func.blocks[block];
            let mut ended = false;
            for &inst in &data.insts[from..] {
                if let Op::DeferLeave(value) = func.insts[inst].op
                    && slot_of(func, value) == Some(frame.slot)
                {
                    ended = true;
                    break;
                }
                if self.may_panic(func, inst) {
                    return false;
                }
            }
            if ended {
                continue;
            }
            if matches!(data.term, Term::TailCall(..)) {
                return false;
            }
            data.term.for_each_successor(|to| {
                if seen.insert(to) {
                    todo.push((to, 0));
                }
            });
        }
        true
    }

    fn is_quiet(&self, callee: &Callee) -> bool {
        match callee {
            Callee::Direct(sym, _) | Callee::Known(sym, ..) => self.no_panic.contains(sym),
            _ => false,
        }
    }

    fn may_panic(&self, func: &Function, inst: Inst) -> bool {
        match &func.insts[inst].op {
            Op::Load(_, _, _, flags) | Op::Store { flags, .. } | Op::StorePtr { flags, .. } => {
                !flags.no_trap
            }
            Op::AtomicLoad(_, addr)
            | Op::AtomicStore(addr, ..)
            | Op::AtomicRmw(_, addr, ..)
            | Op::AtomicCas(addr, ..)
            | Op::NilCheck(addr) => !is_mapped(func, *addr),
            Op::BoundsCheck(..) | Op::Check(..) => true,
            Op::Call { callee, .. } => !self.is_quiet(callee),
            _ => false,
        }
    }
}

/// Whether the function's own code looks at frames, as `recover` does.
fn asks_for_caller(func: &Function) -> bool {
    let mut insts = func.blocks.iter().flat_map(|b| &b.insts);
    insts.any(|&i| matches!(func.insts[i].op, Op::CallerFrame(_) | Op::FramePtr))
}

/// The address of something that is certainly there.
fn is_mapped(func: &Function, addr: Value) -> bool {
    func.def_inst(addr).is_some_and(|inst| {
        matches!(
            func.insts[inst].op,
            Op::SymAddr(..) | Op::SlotAddr(..) | Op::New { .. }
        )
    })
}

fn slot_of(func: &Function, frame: Value) -> Option<Slot> {
    match func.insts[func.def_inst(frame)?].op {
        Op::SlotAddr(slot, 0) => Some(slot),
        _ => None,
    }
}

/// The frames whose calls are known.
fn frames(func: &Function) -> Vec<Slot> {
    let mut slots = Vec::new();
    for &inst in func.blocks.iter().flat_map(|b| &b.insts) {
        if let Op::DeferEnter { frame, kind, .. } = func.insts[inst].op
            && kind != DeferKind::SharedRecords
        {
            slots.extend(slot_of(func, frame));
        }
    }
    slots
}

/// Where the one frame in a slot begins.
fn find(func: &Function, slot: Slot) -> Option<Frame> {
    let mut found = None;
    for (block, data) in func.blocks.iter_enumerated() {
        for (at, &inst) in data.insts.iter().enumerate() {
            if let Op::DeferEnter {
                frame,
                landing,
                kind,
            } = func.insts[inst].op
                && slot_of(func, frame) == Some(slot)
            {
                let new = Frame {
                    slot,
                    block,
                    at,
                    has_landing: landing.is_some(),
                    kind,
                };
                if found.replace(new).is_some() {
                    return None;
                }
            }
        }
    }
    found
}

/// Notes something about the deferred calls of a frame that stand in the function itself.
fn note(func: &Function, slot: Slot, text: &'static str, to: &mut Vec<(Pos, &'static str)>) {
    for &inst in func.blocks.iter().flat_map(|b| &b.insts) {
        let data = &func.insts[inst];
        if let Op::DeferStore {
            frame,
            word: DeferWord::Call(_),
            ..
        } = data.op
            && slot_of(func, frame).is_none_or(|s| s == slot)
            && func.locs[data.loc].parent.is_none()
        {
            to.push((func.locs[data.loc].pos, text));
        }
    }
}

fn remove(func: &mut Function, is_unneeded: impl Fn(&Function, Inst) -> bool) {
    for block in func.blocks.indices() {
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        insts.retain(|&inst| !is_unneeded(func, inst));
        func.blocks[block].insts = insts;
    }
}

fn remove_landing(func: &mut Function, frame: &Frame) {
    let enter = func.blocks[frame.block].insts[frame.at];
    if let Op::DeferEnter { landing, .. } = &mut func.insts[enter].op {
        *landing = None;
    }
    remove(func, |func, inst| match &func.insts[inst].op {
        Op::DeferStore {
            frame: on,
            word: DeferWord::Home,
            ..
        } => slot_of(func, *on) == Some(frame.slot),
        _ => false,
    });
}

/// The functions that a function's landings call.
pub fn handlers(func: &Function) -> Vec<SymId> {
    let insts = func.blocks.iter().flat_map(|b| &b.insts);
    let handler = |inst: &Inst| match func.insts[*inst].op {
        Op::DeferEnter { landing, .. } => landing.map(|landing| landing.handler),
        _ => None,
    };
    insts.filter_map(handler).collect()
}
