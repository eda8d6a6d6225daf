//! Goroutine dumps in Go's text form.

use super::walk::{Frame, Walk};
use super::{ancestors, labels};
use crate::sched::bubble;
use crate::sched::freeze::Stop;
use crate::sched::g::{self, G, Status};
use crate::sched::m::M;
use crate::{module, time};
use goxide_abi::{FUNC_NO_PARAMS, FUNC_RUNTIME, FUNC_WRAPPER, FuncEntry, Location, WaitReason};
use goxide_fiber::start_go_address;
use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// How much a dump shows: GOTRACEBACK.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// No goroutines.
    None,
    /// The current one.
    Single,
    /// All but the runtime's.
    All,
    /// All, and the runtime's frames.
    System,
    /// As `System`, then a core dump.
    Crash,
}

// The setting as bits, so that what the environment asks for stays in force.
const CRASH: u32 = 1;
const ALL: u32 = 2;
const LEVEL_SHIFT: u32 = 2;
static SETTING: AtomicU32 = AtomicU32::new(1 << LEVEL_SHIFT);
static FROM_ENVIRONMENT: AtomicU32 = AtomicU32::new(0);
/// Frames shown of one goroutine, at either end of a longer stack.
const HALF_FRAMES: usize = 50;

/// The report that ends the process is of a fault of the runtime, or of a fatal signal.
static AT_FAULT: AtomicBool = AtomicBool::new(false);
/// GODEBUG=tracebacklabels
static LABELS: AtomicBool = AtomicBool::new(true);

/// The level in force.
pub fn level() -> Level {
    let bits = SETTING.load(Ordering::Relaxed);
    let level = match bits >> LEVEL_SHIFT {
        _ if bits & CRASH != 0 => Level::Crash,
        0 => Level::None,
        1 if bits & ALL == 0 => Level::Single,
        1 => Level::All,
        _ => Level::System,
    };
    if AT_FAULT.load(Ordering::Relaxed) {
        return level.max(Level::System);
    }
    level
}

/// From here on dumps show all that they can, whatever GOTRACEBACK says.
pub fn runtime_is_at_fault() {
    AT_FAULT.store(true, Ordering::Relaxed);
}

/// Whether a goroutine's labels are shown.
pub fn show_labels(show: bool) {
    LABELS.store(show, Ordering::Relaxed);
}

/// Takes the level from GOTRACEBACK, once, at the start.
pub fn level_from_environment(name: &str) {
    let bits = bits(name);
    FROM_ENVIRONMENT.store(bits, Ordering::Relaxed);
    SETTING.store(bits, Ordering::Relaxed);
}

/// Sets it as `debug.SetTraceback` does: never to less than the environment's.
pub fn set_level(name: &str) {
    let bits = bits(name) | FROM_ENVIRONMENT.load(Ordering::Relaxed);
    SETTING.store(bits, Ordering::Relaxed);
}

/// A name or a number; what is neither shows nothing, as in Go.
fn bits(name: &str) -> u32 {
    match name {
        "none" => 0,
        "single" | "" => 1 << LEVEL_SHIFT,
        "all" => 1 << LEVEL_SHIFT | ALL,
        "system" => 2 << LEVEL_SHIFT | ALL,
        "crash" => 2 << LEVEL_SHIFT | ALL | CRASH,
        number => number.parse::<u32>().unwrap_or(0) << LEVEL_SHIFT | ALL,
    }
}

/// Why the stacks of goroutines other than this thread's do not change while they are looked
/// at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stacks {
    /// The world is stopped.
    OfStoppedWorld,
    /// The process ends, and threads were stopped wherever they were, if they could be
    /// ([`freeze`](crate::sched::freeze)).
    OfFrozen,
}

/// This M's goroutine, which is in a runtime call.
///
/// # Safety
/// It is.
pub unsafe fn dump_own(out: &mut String, g: *mut G) {
    // SAFETY: see above.
    unsafe {
        header(out, g, "running");
        frames(out, g, Walk::parked(g));
    }
}

/// All goroutines, the current one (or null) first.
///
/// # Safety
/// The world is stopped.
pub unsafe fn dump_all(out: &mut String, current: *mut G) {
    // SAFETY: see above.
    unsafe {
        if !current.is_null() {
            dump_own(out, current);
        }
        for g in others(current, |_| true) {
            out.push('\n');
            dump_other(out, g, Stacks::OfStoppedWorld);
        }
    }
}

/// All goroutines that are wanted and to be shown, but for `current`, by number.
pub fn others(current: *mut G, wanted: impl Fn(*mut G) -> bool) -> Vec<*mut G> {
    let mut all = Vec::new();
    g::for_each(|g| {
        // SAFETY: Gs are never freed.
        let shown =
            unsafe { (*g).status() != Status::Dead && (!(*g).system || level() >= Level::System) };
        if g != current && shown && wanted(g) {
            all.push(g);
        }
    });
    // SAFETY: as above.
    all.sort_unstable_by_key(|&g| unsafe { (*g).context.goid });
    all
}

/// A goroutine that is not this thread's.
///
/// # Safety
/// Stacks are as `stacks` says.
pub unsafe fn dump_other(out: &mut String, g: *mut G, stacks: Stacks) {
    // SAFETY: see above.
    unsafe {
        let walk = walk(g, stacks);
        header(out, g, state(g, stacks));
        match walk {
            Some(walk) => frames(out, g, walk),
            None => {
                out.push_str("\tgoroutine running on other thread; stack unavailable\n");
                created_by(out, g);
            }
        }
    }
}

/// Its stack; `None` if its thread goes on.
unsafe fn walk(g: *mut G, stacks: Stacks) -> Option<Walk> {
    // SAFETY: as in `dump_other`.
    unsafe {
        let c = &(*g).context;
        // Until it has left Go code once, it has no frame pointer that was saved.
        let starts = c.sched_pc == start_go_address() && c.sched_fp == 0;
        let at_rest = || {
            if starts {
                Walk::start(g, (*g).start_pc)
            } else {
                Walk::parked(g)
            }
        };
        if stacks == Stacks::OfStoppedWorld || (*g).status() != Status::Running {
            return Some(match (*g).status() {
                Status::Syscall => Walk::parked(g),
                _ => at_rest(),
            });
        }
        // What an M has not quite taken, or has just put down, has not moved.
        let m = (c.m as *const M).as_ref();
        let Some(m) = m.filter(|m| m.g.load(Ordering::Acquire) == g) else {
            return Some(at_rest());
        };
        match m.frozen.get() {
            Stop::At(_) if (*g).is_rust => Some(Walk::from_frame(g, 0)),
            Stop::At(place) => Some(place.walk(g).unwrap_or_else(at_rest)),
            Stop::InCall => Some(at_rest()),
            Stop::Not => None,
        }
    }
}

/// What it is doing.
unsafe fn state(g: *const G, stacks: Stacks) -> &'static str {
    // SAFETY: Gs are never freed.
    unsafe {
        match (*g).status() {
            Status::Dead => "dead",
            // It stands where it was found in a runtime call, and goes on later.
            Status::Running if stacks == Stacks::OfStoppedWorld => "runnable",
            Status::Runnable => "runnable",
            Status::Running => "running",
            Status::Syscall => "syscall",
            Status::Waiting => (*g).wait_reason.text(),
        }
    }
}

/// What the goroutine does that a signal has interrupted on this thread.
///
/// # Safety
/// `g` is a G.
pub unsafe fn interrupted_state(g: *const G) -> &'static str {
    // SAFETY: see above.
    unsafe { state(g, Stacks::OfFrozen) }
}

/// "goroutine 1 [running]:"
///
/// # Safety
/// `g` is a G.
pub unsafe fn header(out: &mut String, g: *const G, state: &str) {
    // SAFETY: Gs are never freed.
    unsafe {
        let _ = write!(out, "goroutine {}", (*g).context.goid);
        if level() >= Level::System {
            let on = matches!((*g).status(), Status::Running | Status::Syscall);
            let _ = match ((*g).context.m as *const M).as_ref().filter(|_| on) {
                Some(m) => write!(out, " gp={g:p} m={} mp={m:p}", m.id),
                None => write!(out, " gp={g:p} m=nil"),
            };
        }
        let _ = write!(out, " [{state}");
        match (*g).status() {
            Status::Waiting => waiting(out, g),
            Status::Syscall => minutes(out, g),
            _ => {}
        }
        if !(*g).locked_m.is_null() {
            out.push_str(", locked to thread");
        }
        if let Some(bubble) = bubble::number(g) {
            let _ = write!(out, ", synctest bubble {bubble}");
        }
        out.push(']');
        if LABELS.load(Ordering::Relaxed) {
            labels::write(out, g);
        }
        out.push_str(":\n");
    }
}

/// What there is to say of a wait.
unsafe fn waiting(out: &mut String, g: *const G) {
    // SAFETY: Gs are never freed.
    unsafe {
        if (*g).leaked {
            out.push_str(" (leaked)");
        }
        // Whoever runs a bubble is not counted among those that it waits for.
        if (*g).durable || (*g).wait_reason == WaitReason::SynctestRun {
            out.push_str(" (durable)");
        }
    }
    // SAFETY: as above.
    unsafe { minutes(out, g) };
}

/// For how long it has waited.
unsafe fn minutes(out: &mut String, g: *const G) {
    // SAFETY: Gs are never freed.
    unsafe {
        let since = (*g).since_ns.load(Ordering::Relaxed);
        let minutes = (time::nanotime() - since) / 60_000_000_000;
        if since != 0 && minutes >= 1 {
            let _ = write!(out, ", {minutes} minutes");
        }
    }
}

/// The frames of a walk, and who made the goroutine.
///
/// # Safety
/// The stack does not change meanwhile.
pub unsafe fn frames(out: &mut String, g: *const G, walk: Walk) {
    let before = out.len();
    write_frames(out, walk.clone(), false);
    if out.len() == before {
        // A goroutine that is in nothing but the runtime.
        write_frames(out, walk, true);
    }
    // SAFETY: Gs are never freed.
    unsafe {
        created_by(out, g);
        ancestors::write(out, (*g).context.goid);
    }
}

fn write_frames(out: &mut String, walk: Walk, hidden: bool) {
    // A stack that overflowed has tens of millions of frames: only those that are shown are
    // made text, and the rest is counted, equal pcs in a row by a single look.
    let mut shown = 0usize;
    let mut total = 0usize;
    let mut last: VecDeque<Frame> = VecDeque::with_capacity(HALF_FRAMES + 1);
    let mut count = (0, 0);
    for frame in walk {
        if shown < HALF_FRAMES {
            for line in logical(frame, hidden) {
                if shown > 0 || level() >= Level::System || !is_reporter(&line) {
                    out.push_str(&line);
                    shown += 1;
                }
            }
            continue;
        }
        if count.0 != frame.pc {
            count = (frame.pc, logical(frame, hidden).len());
        }
        if count.1 == 0 {
            continue;
        }
        total += count.1;
        last.push_back(frame);
        if last.len() > HALF_FRAMES {
            last.pop_front();
        }
    }
    let end: Vec<String> = last.into_iter().flat_map(|f| logical(f, hidden)).collect();
    let end = &end[end.len().saturating_sub(HALF_FRAMES)..];
    if total > end.len() {
        let _ = writeln!(out, "...{} frames elided...", total - end.len());
    }
    end.iter().for_each(|line| out.push_str(line));
}

/// What asked for the dump, at its very beginning, is no news: `runtime.Stack`, or the
/// panic that the report is about.
fn is_reporter(line: &str) -> bool {
    line.starts_with("runtime.Stack(") || line.starts_with("panic(")
}

unsafe fn created_by(out: &mut String, g: *const G) {
    // SAFETY: Gs are never freed.
    let (pcs, goid, parent) = unsafe { ((*g).go_pcs, (*g).context.goid, (*g).parent) };
    if goid != 1 {
        made_by(out, pcs, parent);
    }
}

/// Where the `go` statement is, by the return addresses of the runtime call that made a
/// goroutine; `parent` 0 is not named.
pub(super) fn made_by(out: &mut String, pcs: [usize; 2], parent: u64) {
    // The runtime call is in a function of the runtime's, inlined or not; the first that is
    // not has the `go` statement.
    for pc in pcs.into_iter().filter(|&pc| pc != 0) {
        let Some(f) = module::function_at(pc - 1) else {
            continue;
        };
        let Some(place) = first_outside_runtime(f, pc - 1) else {
            continue;
        };
        let (name, file) = (module::text(place.function), module::text(place.file));
        let _ = write!(out, "created by {name}");
        if parent != 0 {
            let _ = write!(out, " in goroutine {parent}");
        }
        out.push('\n');
        let _ = writeln!(out, "\t{file}:{} +{:#x}", place.line, pc - f.start);
        return;
    }
}

fn first_outside_runtime(f: &FuncEntry, pc: usize) -> Option<&'static Location> {
    let (_, mut place) = module::location_at(f, pc)?;
    while module::text(place.function).starts_with("runtime.") {
        if place.parent == u32::MAX {
            return None;
        }
        place = module::location(place.parent)?;
    }
    Some(place)
}

/// The calls that one physical frame stands for, innermost first, as text; also those that are
/// otherwise not shown, if `hidden`.
pub(super) fn logical(frame: Frame, hidden: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let at = if frame.exact { frame.pc } else { frame.pc - 1 };
    let Some(f) = module::function_at(at) else {
        return lines;
    };
    let mut push = |name: &str, file: &str, line: u32, physical: Option<Frame>| {
        if hidden || shown(f, name, physical.is_some()) {
            lines.push(call(f, name, file, line, physical));
        }
    };
    let Some((_, mut place)) = module::location_at(f, at) else {
        let (name, file) = (module::text(f.name), module::text(f.file));
        push(name, file, f.line, Some(frame));
        return lines;
    };
    loop {
        let outer = place.parent == u32::MAX;
        let physical = outer.then_some(frame);
        let (name, file) = (module::text(place.function), module::text(place.file));
        push(name, file, place.line, physical);
        if outer {
            return lines;
        }
        match module::location(place.parent) {
            Some(parent) => place = parent,
            None => return lines,
        }
    }
}

/// One call; `physical`: that which has the frame, the others are inlined there.
fn call(f: &FuncEntry, name: &str, file: &str, line: u32, physical: Option<Frame>) -> String {
    // The runtime's spelling of a panic in a dump.
    let name = if name == "runtime.gopanic" {
        "panic"
    } else {
        name
    };
    let none = physical.is_some() && f.flags & FUNC_NO_PARAMS != 0;
    let args = if none { "()" } else { "(...)" };
    let mut text = format!("{name}{args}\n\t{file}:{line}");
    if let Some(Frame { pc, fp, sp, .. }) = physical {
        if pc > f.start {
            let _ = write!(text, " +{:#x}", pc - f.start);
        }
        if level() >= Level::System {
            // Go's frame pointer is where the frame ends, above the return address.
            let end = if fp == 0 { 0 } else { fp + 16 };
            let _ = write!(text, " fp={end:#x} sp={sp:#x} pc={pc:#x}");
        }
    }
    text.push('\n');
    text
}

fn shown(f: &FuncEntry, name: &str, physical: bool) -> bool {
    if level() >= Level::System {
        return true;
    }
    if physical && f.flags & FUNC_WRAPPER != 0 {
        return false;
    }
    let runtime = name.starts_with("runtime.") || physical && f.flags & FUNC_RUNTIME != 0;
    if !runtime {
        return true;
    }
    // As in Go: exported functions of the runtime, and panics, are the program's business.
    let exported = name
        .strip_prefix("runtime.")
        .and_then(|n| n.chars().next())
        .is_some_and(|c| c.is_ascii_uppercase());
    exported || name == "runtime.gopanic" || name == "runtime.runFinalizers"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_calls_show_minutes_as_waits_do() {
        let g = G::allocate();
        // SAFETY: nobody else uses the new G.
        unsafe {
            (*g).context.goid = 7;
            let since = time::nanotime() - 125_000_000_000;
            (*g).since_ns.store(since, Ordering::Relaxed);
            for (status, text) in [(Status::Syscall, "syscall"), (Status::Waiting, "")] {
                (*g).set_status(status);
                let mut out = String::new();
                header(&mut out, g, text);
                assert_eq!(out, format!("goroutine 7 [{text}, 2 minutes]:\n"));
            }
            (*g).set_status(Status::Dead);
        }
    }
}
