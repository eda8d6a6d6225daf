//! What `-gcflags=-m` says of a function's parameters and objects, in gc's words.

use super::ParamFlow;
use goxide_base::{FxHashMap, FxHashSet};
use goxide_ir::{Callee, Function, Inst, Loc, Note, Op, Shown, ShownParam, Topic};

/// Notes where parameters go and which objects are in the frame, once that is decided.
pub fn note(func: &Function, params: &[ParamFlow], notes: &mut Vec<Note>) {
    let Some(shown) = &func.shown else { return };
    let mut add = |pos, text| {
        notes.push(Note {
            pos,
            topic: Topic::Escape,
            text,
        });
    };
    for param in &shown.params {
        for text in param_texts(shown, param, params) {
            add(param.pos, text);
        }
    }
    let live: FxHashSet<Inst> = func.blocks.iter().flat_map(|b| &b.insts).copied().collect();
    let inlined = Inlined::of(func, shown, &live);
    for (inst, pos, text) in &shown.objects {
        let on_heap = match func.insts[*inst].op {
            _ if !live.contains(inst) => inlined.verdict(func.insts[*inst].loc),
            Op::New { .. } | Op::Call { .. } => Some(true),
            Op::SlotAddr(..) => Some(false),
            _ => None,
        };
        match on_heap {
            Some(true) => add(*pos, format!("{text} escapes to heap")),
            Some(false) => add(*pos, format!("{text} does not escape")),
            None => {}
        }
    }
}

/// Objects made by calls that were inlined.
struct Inlined {
    /// Calls that make named objects, by their location.
    calls: FxHashMap<Loc, usize>,
    /// What was found of each: whether it is on the heap.
    made: FxHashMap<Loc, Vec<bool>>,
}

impl Inlined {
    fn of(func: &Function, shown: &Shown, live: &FxHashSet<Inst>) -> Inlined {
        let mut made: FxHashMap<Loc, Vec<bool>> = FxHashMap::default();
        let mut calls: FxHashMap<Loc, usize> = FxHashMap::default();
        for (inst, ..) in shown.objects.iter().filter(|o| !live.contains(&o.0)) {
            *calls.entry(func.insts[*inst].loc).or_default() += 1;
        }
        for &inst in live {
            let data = &func.insts[inst];
            let on_heap = match &data.op {
                Op::New { .. } => true,
                Op::SlotAddr(..) => false,
                Op::Call {
                    callee: Callee::Runtime(call),
                    ..
                } if goxide_abi::RUNTIME_CALLS[*call as usize].name == "mallocgc" => true,
                _ => continue,
            };
            let mut at = func.locs[data.loc].parent;
            while let Some(loc) = at {
                if calls.contains_key(&loc) {
                    made.entry(loc).or_default().push(on_heap);
                    break;
                }
                at = func.locs[loc].parent;
            }
        }
        Inlined { calls, made }
    }

    /// Whether the objects of the calls at one place are on the heap; `None` if it is not
    /// clear which made what.
    fn verdict(&self, call: Loc) -> Option<bool> {
        let made = self.made.get(&call)?;
        let first = *made.first()?;
        let clear = self.calls.get(&call) == Some(&made.len());
        (clear && made.iter().all(|on_heap| *on_heap == first)).then_some(first)
    }
}

/// Where a parameter goes: the worst that any of its pointers does.
fn param_texts(shown: &Shown, param: &ShownParam, flows: &[ParamFlow]) -> Vec<String> {
    let first = param.first as usize;
    let own = flows.get(first..first + param.count as usize);
    let own = own.unwrap_or_default();
    let name = param.name;
    // The value itself is one load away from the address of where it is.
    let level = u32::from(param.in_memory);
    let leaks = own.iter().filter_map(|f| f.leaks).min();
    if leaks.is_some_and(|l| l <= level) {
        return vec![format!("leaking param: {name}")];
    }
    let mut texts = Vec::new();
    if leaks.is_some() {
        texts.push(format!("leaking param content: {name}"));
    }
    for result in &shown.results {
        let goes_there = |r: &u32| shown.result_of(*r).is_some_and(|s| s.end == result.end);
        if own.iter().flat_map(|f| &f.results).any(goes_there) {
            texts.push(format!(
                "leaking param: {name} to result {} level=0",
                result.name
            ));
        }
    }
    if texts.is_empty() {
        texts.push(format!("{name} does not escape"));
    }
    texts
}
