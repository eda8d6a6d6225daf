//! What programs write to the trace: tasks, regions, logs.

use super::event::Event;
use super::stacks::string_id;
use super::{is_on, own_stack};
use crate::sched::m::here;

/// Writes an event of the running goroutine: these numbers, then its stack.
///
/// # Safety
/// In a runtime call of the goroutine, on an M with a P.
unsafe fn annotate(kind: Event, numbers: &[u64]) {
    // SAFETY: see above.
    unsafe {
        let w = &mut (*here()).trace.writer;
        let mut arguments = [0; 4];
        arguments[..numbers.len()].copy_from_slice(numbers);
        arguments[numbers.len()] = own_stack(w);
        w.event(kind, &arguments[..=numbers.len()]);
    }
}

/// The number of a string of Go's.
///
/// # Safety
/// The bytes can be read.
unsafe fn string(text: *const u8, bytes: usize) -> u64 {
    if bytes == 0 {
        return 0;
    }
    // SAFETY: see above.
    string_id(unsafe { std::slice::from_raw_parts(text, bytes) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_task_begin(id: u64, parent: u64, name: *const u8, bytes: usize) {
    if is_on() {
        // SAFETY: Go passes a string, in a runtime call.
        unsafe { annotate(Event::TaskBegin, &[id, parent, string(name, bytes)]) };
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_task_end(id: u64) {
    if is_on() {
        // SAFETY: a runtime call.
        unsafe { annotate(Event::TaskEnd, &[id]) };
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_region(task: u64, ends: usize, name: *const u8, bytes: usize) {
    if is_on() {
        let kind = if ends == 0 {
            Event::RegionBegin
        } else {
            Event::RegionEnd
        };
        // SAFETY: as for tasks.
        unsafe { annotate(kind, &[task, string(name, bytes)]) };
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_trace_log(
    task: u64,
    category: *const u8,
    category_bytes: usize,
    message: *const u8,
    message_bytes: usize,
) {
    if is_on() {
        // SAFETY: as for tasks.
        unsafe {
            let category = string(category, category_bytes);
            let message = string(message, message_bytes);
            annotate(Event::Log, &[task, category, message]);
        }
    }
}
