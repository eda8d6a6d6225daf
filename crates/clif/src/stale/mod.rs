//! Forgetting dead values: what a goroutine does not need any more should not keep objects
//! alive.
//!
//! Stacks and saved registers are scanned conservatively, and the register allocator leaves
//! values where they are when it is done with them: the first node of a list, once looked at,
//! would keep the whole list for as long as the function runs. What code still reads can be
//! found out from the code itself. So, before each call in which a goroutine may stay (block,
//! or take part in a collection), what is dead and may hold a pointer is set to zero:
//!
//! - *Places* are the registers that a called function preserves, and the words of the frame
//!   that only the register allocator uses (Cranelift's spill slots). Variables in memory are
//!   none: they may be read through pointers.
//! - A place is *live* if it may be read before it is written. A landing of `recover` may be
//!   reached from every call: what it reads is live at all of them.
//! - A place is *stale* from a write that may be of a pointer, or (spill slots) from the
//!   function's beginning, until it is set to zero. What is in the registers at the beginning
//!   is the caller's, which has seen to it.
//!
//! What a loop would set to zero in each round without having written it is set to zero
//! before the loop.
//!
//! It can only go wrong by taking something for dead: at what is not understood (another use
//! of rsp, the address of a spill slot), and if a call returns twice on one stack (`vfork`),
//! the code stays as it is.

mod effects;
mod flow;

use crate::layout::{Bytes, Insertion, Item, Kind, Stream};
use effects::PRESERVED;
pub use effects::WORD;
use flow::{Clearing, Code};
use iced_x86::{Decoder, DecoderOptions, Instruction, OpKind, Register};
use std::ops::Range;

/// Where the register allocator has spilled to, and which calls do not matter.
pub struct Frame<'a> {
    /// Offsets from rsp between which spill slots are, in bytes: behind the variables.
    pub spills: Range<u32>,
    /// Offsets of the relocated fields of calls in which no goroutine stays, ascending.
    pub quiet: &'a [u32],
}

/// Puts stores of zero into the code; `decoded` has the instruction of each item.
pub fn forget(stream: &mut Stream, decoded: &mut Vec<Instruction>, frame: &Frame<'_>) {
    let Some(code) = Code::read(&stream.items, decoded, frame) else {
        return;
    };
    let mut insertions: Vec<Insertion> = code
        .clearings()
        .into_iter()
        .map(|clearing| insertion(&clearing, &decoded[clearing.item], frame))
        .collect();
    insertions.sort_by_key(|insertion| (insertion.at, !insertion.after_jumps));
    stream.insert(&insertions);
    insert_decoded(decoded, &insertions);
}

/// The instruction of each item again.
fn insert_decoded(decoded: &mut Vec<Instruction>, insertions: &[Insertion]) {
    let old = std::mem::take(decoded);
    let mut insertions = insertions.iter().peekable();
    for (n, i) in old.into_iter().enumerate() {
        while let Some(insertion) = insertions.next_if(|insertion| insertion.at == n) {
            for item in &insertion.items {
                let mut decoder = Decoder::new(64, &item.bytes, DecoderOptions::NONE);
                // Far from all that has a relocation.
                decoder.set_ip(u64::MAX / 2);
                decoded.push(decoder.decode());
            }
        }
        decoded.push(i);
    }
}

fn insertion(clearing: &Clearing, i: &Instruction, frame: &Frame<'_>) -> Insertion {
    // Before a call nobody needs the flags, nor r11, unless the call itself does.
    let at_call = i.is_call_near() || i.is_call_near_indirect();
    let scratch = at_call && !names(i, Register::R11);
    let mut items = Vec::new();
    let mut push = |bytes: &[u8]| items.push(Item::made(Kind::Plain, Bytes::from_slice(bytes)));
    let mut is_zero = false;
    for place in clearing.places.iter() {
        if let Some(&register) = PRESERVED.get(place as usize) {
            push(&clear_register(register, at_call));
            continue;
        }
        if scratch && !is_zero {
            push(&[0x45, 0x31, 0xdb]); // xor r11d, r11d
            is_zero = true;
        }
        let slot = place - PRESERVED.len() as u32;
        push(&clear_slot(frame.spills.start + slot * WORD, scratch));
    }
    Insertion {
        at: clearing.item,
        after_jumps: clearing.after_jumps,
        items,
    }
}

/// Whether `i` has the register as an operand, or in an address.
fn names(i: &Instruction, register: Register) -> bool {
    let operands = (0..i.op_count())
        .any(|n| i.op_kind(n) == OpKind::Register && i.op_register(n).full_register() == register);
    operands || i.memory_base() == register || i.memory_index() == register
}

/// `xor r, r`, or if the flags matter `mov r, 0`.
fn clear_register(register: Register, flags_are_free: bool) -> Bytes {
    let number = register.number() as u8;
    let (high, low) = (number >> 3, number & 7);
    let mut bytes = Bytes::new();
    if flags_are_free {
        if high == 1 {
            bytes.push(0x45);
        }
        bytes.extend([0x31, 0xc0 | low << 3 | low]);
    } else {
        if high == 1 {
            bytes.push(0x41);
        }
        bytes.push(0xb8 | low);
        bytes.extend([0; 4]);
    }
    bytes
}

/// `mov [rsp + offset], r11`, or without `scratch` `mov qword [rsp + offset], 0`.
fn clear_slot(offset: u32, scratch: bool) -> Bytes {
    let mut bytes = Bytes::new();
    let (opcode, register): ([u8; 2], u8) = if scratch {
        ([0x4c, 0x89], 3)
    } else {
        ([0x48, 0xc7], 0)
    };
    bytes.extend(opcode);
    let short = i8::try_from(offset).ok();
    let mode: u8 = if short.is_some() { 0x44 } else { 0x84 };
    bytes.extend([mode | register << 3, 0x24]);
    match short {
        Some(offset) => bytes.push(offset as u8),
        None => bytes.extend(offset.to_le_bytes()),
    }
    if !scratch {
        bytes.extend([0; 4]);
    }
    bytes
}
