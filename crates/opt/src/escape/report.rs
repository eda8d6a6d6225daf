//! What `-gcflags=-m` says of a function's parameters and objects, in gc's words.

use super::ParamFlow;
use goxide_base::FxHashMap;
use goxide_ir::{Function, Inst, Note, Op, Shown, ShownParam, Topic};

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
        add(param.pos, param_text(shown, param, params));
    }
    let live: FxHashMap<Inst, ()> = func
        .blocks
        .iter()
        .flat_map(|b| b.insts.iter().map(|&i| (i, ())))
        .collect();
    for (inst, pos, text) in &shown.objects {
        let verdict = match func.insts[*inst].op {
            _ if !live.contains_key(inst) => continue,
            Op::New { .. } | Op::Call { .. } => "escapes to heap",
            Op::SlotAddr(..) => "does not escape",
            _ => continue,
        };
        add(*pos, format!("{text} {verdict}"));
    }
}

/// Where a parameter goes: the worst that any of its pointers does.
fn param_text(shown: &Shown, param: &ShownParam, flows: &[ParamFlow]) -> String {
    let first = param.first as usize;
    let own = flows.get(first..first + param.count as usize);
    let own = own.unwrap_or_default();
    let name = param.name;
    // The value itself is one load away from the address of where it is.
    let level = u32::from(param.in_memory);
    let leaks = own.iter().filter_map(|f| f.leaks).min();
    if leaks.is_some_and(|l| l <= level) {
        return format!("leaking param: {name}");
    }
    if leaks.is_some() {
        return format!("leaking param content: {name}");
    }
    let result = own.iter().flat_map(|f| &f.results).min();
    let result = result.and_then(|&r| shown.results.iter().find(|s| r < s.end));
    match result {
        Some(result) => format!("leaking param: {name} to result {} level=0", result.name),
        None => format!("{name} does not escape"),
    }
}
