//! Stacks and strings of a generation, each under a number.
//!
//! Every thread has a table of its own, so that no event waits for another thread. (The
//! same stack has then a number for each thread that named it.) Only addresses are kept;
//! what they mean is looked up when the generation ends.

use super::event::{Event, MAX_FRAMES, MAX_STRING_BYTES, Text, put_number};
use super::writer::TableWriter;
use crate::module;
use crate::sched::g::G;
use crate::traceback::Walk;
use goxide_abi::{FUNC_WRAPPER, FuncEntry, Location};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers are unique in a generation; 0 is the empty stack.
static LAST_STACK: AtomicU64 = AtomicU64::new(0);
/// The program's strings in this generation.
static STRINGS: Mutex<Option<HashMap<Box<[u8]>, u64>>> = Mutex::new(None);

/// Return addresses, the innermost first.
type Pcs = Box<[usize]>;

/// Stacks by their addresses.
pub struct StackTable(Option<HashMap<Pcs, u64, BuildHasherDefault<Multiply>>>);

/// A quick hash for lists of addresses, which nobody chooses with ill intent.
#[derive(Default)]
pub struct Multiply(u64);

impl Hasher for Multiply {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for word in bytes.chunks(8) {
            let mut buffer = [0; 8];
            buffer[..word.len()].copy_from_slice(word);
            self.write_u64(u64::from_le_bytes(buffer));
        }
    }

    fn write_u64(&mut self, n: u64) {
        // The golden ratio's bits, as in Fibonacci hashing (Knuth, volume 3, 6.4).
        self.0 = (self.0.rotate_left(23) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

impl StackTable {
    /// Empty.
    pub const fn new() -> StackTable {
        StackTable(None)
    }

    /// The number of a stack.
    pub fn id(&mut self, pcs: &[usize]) -> u64 {
        if pcs.is_empty() {
            return 0;
        }
        let map = self.0.get_or_insert_default();
        if let Some(&id) = map.get(pcs) {
            return id;
        }
        let id = LAST_STACK.fetch_add(1, Ordering::Relaxed) + 1;
        map.insert(pcs.into(), id);
        id
    }

    /// The number of the goroutine's stack.
    ///
    /// # Safety
    /// The goroutine has left Go code, for a runtime call or off its thread, and what is on
    /// its stack does not change.
    pub unsafe fn of_goroutine(&mut self, g: *const G) -> u64 {
        // SAFETY: Gs are never freed; see above.
        unsafe {
            if g.is_null() || (*g).is_rust || (*g).context.sched_fp == 0 {
                return 0;
            }
            let mut pcs = [0; MAX_FRAMES];
            let mut n = 0;
            for frame in Walk::parked(g).unchecked().take(MAX_FRAMES) {
                pcs[n] = frame.pc;
                n += 1;
            }
            self.id(&pcs[..n])
        }
    }

    /// The number of the stack that a goroutine begins with.
    pub fn of_start(&mut self, start_pc: usize) -> u64 {
        if start_pc == 0 {
            return 0;
        }
        self.id(&[start_pc + 1])
    }

    /// Takes all stacks out.
    pub fn take(&mut self) -> Vec<(Pcs, u64)> {
        let map = self.0.take();
        map.map_or(Vec::new(), |map| map.into_iter().collect())
    }
}

/// Numbers begin anew; the tables are empty.
pub fn begin_generation() {
    LAST_STACK.store(0, Ordering::Relaxed);
}

/// The number of a string of the program's.
pub fn string_id(text: &[u8]) -> u64 {
    let text = &text[..text.len().min(MAX_STRING_BYTES)];
    if text.is_empty() {
        return 0;
    }
    let mut strings = STRINGS.lock().unwrap_or_else(|e| e.into_inner());
    id_in(strings.get_or_insert_default(), text)
}

fn id_in(map: &mut HashMap<Box<[u8]>, u64>, text: &[u8]) -> u64 {
    if let Some(&id) = map.get(text) {
        return id;
    }
    let id = (Text::ALL.len() + map.len() + 1) as u64;
    map.insert(text.into(), id);
    id
}

/// What a generation has to say when it has ended.
pub struct Tables {
    stacks: Vec<(Pcs, u64)>,
    strings: HashMap<Box<[u8]>, u64>,
}

impl Tables {
    /// Takes the strings of the generation that ends, and these stacks.
    pub fn take(stacks: Vec<(Pcs, u64)>) -> Tables {
        let mut strings = STRINGS.lock().unwrap_or_else(|e| e.into_inner());
        Tables {
            stacks,
            strings: strings.take().unwrap_or_default(),
        }
    }

    /// The batches of both tables. Names in stacks are strings, too.
    pub fn batches(mut self, generation: u64) -> Vec<Vec<u8>> {
        let mut out = TableWriter::new(Event::Stacks, generation);
        let mut record = Vec::new();
        for (pcs, id) in std::mem::take(&mut self.stacks) {
            record.clear();
            self.stack(&mut record, &pcs, id);
            out.record(&record);
        }
        let mut batches = out.finish();
        let mut out = TableWriter::new(Event::Strings, generation);
        for (i, text) in Text::ALL.iter().enumerate() {
            out.record(&string_record(i as u64 + 1, text.as_bytes()));
        }
        for (text, &id) in &self.strings {
            out.record(&string_record(id, text));
        }
        batches.extend(out.finish());
        batches
    }

    fn stack(&mut self, out: &mut Vec<u8>, pcs: &[usize], id: u64) {
        let mut calls: Vec<Call> = pcs.iter().flat_map(|&pc| calls_at(pc)).collect();
        calls.drain(..tracer_calls(&calls));
        // Everybody knows who calls main.
        if calls.len() > 1 && calls.last().is_some_and(|c| c.name == "runtime.main") {
            calls.pop();
        }
        calls.truncate(MAX_FRAMES);
        out.push(Event::Stack as u8);
        put_number(out, id);
        put_number(out, calls.len() as u64);
        for call in calls {
            let name = id_in(&mut self.strings, shortened(call.name));
            let file = id_in(&mut self.strings, shortened(call.file));
            for n in [call.pc as u64, name, file, u64::from(call.line)] {
                put_number(out, n);
            }
        }
    }
}

fn string_record(id: u64, text: &[u8]) -> Vec<u8> {
    let mut out = vec![Event::String as u8];
    put_number(&mut out, id);
    put_number(&mut out, text.len() as u64);
    out.extend_from_slice(text);
    out
}

fn shortened(text: &str) -> &[u8] {
    let text = if text.is_empty() { "?" } else { text };
    &text.as_bytes()[..text.len().min(MAX_STRING_BYTES)]
}

/// How many calls a stack begins with that are no news: the tracer's own and, as in Go's
/// traces, that of `runtime/trace` which a program annotates its trace with.
fn tracer_calls(calls: &[Call]) -> usize {
    const ANNOTATE: [&str; 3] = ["userTaskCreate", "userRegion", "userLog"];
    let Some(first) = calls.first() else {
        return 0;
    };
    match first.name.strip_prefix("runtime/trace.") {
        Some(name) if ANNOTATE.contains(&name) => 2.min(calls.len()),
        Some("userTaskEnd") => 1,
        _ => 0,
    }
}

/// One call on a stack, as users see it.
struct Call {
    /// Distinct for distinct places: the reader keeps one name for each. What was inlined
    /// shares its address with what it was inlined into, and so gets the number of its
    /// place, with the top bit set.
    pc: usize,
    name: &'static str,
    file: &'static str,
    line: u32,
}

const INLINED_BIT: usize = 1 << 63;

/// The calls that one return address stands for, the innermost first.
fn calls_at(pc: usize) -> Vec<Call> {
    let mut calls = Vec::new();
    let at = pc - 1;
    let Some(f) = module::function_at(at) else {
        return calls; // a stub of the runtime
    };
    let place = if at == f.start {
        None // the function itself, not what its first instruction was inlined from
    } else {
        module::location_at(f, at)
    };
    let Some((_, mut place)) = place else {
        calls.push(whole_function(f, pc));
        return calls;
    };
    let mut pc = pc;
    loop {
        let outer = place.parent == u32::MAX;
        if !(outer && f.flags & FUNC_WRAPPER != 0) {
            calls.push(call(pc, place));
        }
        let Some(parent) = module::location(place.parent).filter(|_| !outer) else {
            return calls;
        };
        pc = INLINED_BIT | place.parent as usize;
        place = parent;
    }
}

fn whole_function(f: &'static FuncEntry, pc: usize) -> Call {
    Call {
        pc,
        name: module::text(f.name),
        file: module::text(f.file),
        line: f.line,
    }
}

fn call(pc: usize, place: &'static Location) -> Call {
    Call {
        pc,
        name: module::text(place.function),
        file: module::text(place.file),
        line: place.line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_stacks_of_a_thread_have_one_number() {
        let (mut a, mut b) = (StackTable::new(), StackTable::new());
        assert_eq!(a.id(&[]), 0);
        let one = a.id(&[1, 2, 3]);
        assert_ne!(a.id(&[1, 2]), one);
        assert_eq!(a.id(&[1, 2, 3]), one);
        assert_ne!(b.id(&[1, 2, 3]), one);
        assert_eq!(a.take().len(), 2);
        assert!(a.take().is_empty());
    }

    #[test]
    fn the_tracers_own_calls_are_left_out() {
        let count = |names: &[&'static str]| {
            let call = |&name| Call {
                pc: 1,
                name,
                file: "f",
                line: 1,
            };
            tracer_calls(&names.iter().map(call).collect::<Vec<_>>())
        };
        assert_eq!(count(&["main.main"]), 0);
        let task_end = ["runtime/trace.userTaskEnd", "runtime/trace.(*Task).End"];
        assert_eq!(count(&task_end), 1);
        let log = ["runtime/trace.userLog", "runtime/trace.Log", "main.main"];
        assert_eq!(count(&log), 2);
    }
}
