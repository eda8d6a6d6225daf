//! The stack check in front of a compiled body.
//!
//! ```text
//!         cmp rsp, [r15 + stack_limit]       or  lea r11, [rsp - need]
//!         jbe slow                               cmp r11, [r15 + stack_limit]
//!         nop…                                   jbe slow
//! body:   push rbp …
//!         …
//! slow:   mov r10d, need (0 if small)
//!         lea r11, [rip + body]
//!         jmp runtime.morestack
//! ```
//!
//! Every segment has [`goxide_abi::STACK_MARGIN_BYTES`] below its limit. A frame of up to
//! [`SMALL_FRAME_BYTES`] is entered without looking at its size and so uses at most half of
//! them; the rest is for stubs, `morestack`'s register save area, a signal-injected call
//! and one unchecked leaf: a function with a frame of at most [`LEAF_FRAME_BYTES`] that
//! calls nothing but runtime stubs and handlers of failed checks (which check for
//! themselves).

use crate::{CodeReloc, RelocKind, RelocTarget};
use goxide_abi::{G_OFFSETS, SMALL_FRAME_BYTES};

/// Largest frame that a leaf function may have without a check.
pub const LEAF_FRAME_BYTES: u32 = 128;

/// What goes before and behind a body.
pub struct StackCheck {
    /// Bytes before the body, a multiple of 16 (constants in the body stay aligned).
    pub prefix: Vec<u8>,
    /// Offset of the prefix's 32-bit displacement to the slow path; it is relative to the
    /// end of the field.
    pub branch_field: usize,
    /// Bytes needed by the frame, as told to `morestack`.
    need: u32,
}

impl StackCheck {
    /// The check for a frame that takes `frame_size` bytes below its return address.
    pub fn new(frame_size: u32) -> StackCheck {
        // The return address of a call that this function makes.
        let need = frame_size + 8;
        let small = need as usize <= SMALL_FRAME_BYTES;
        let limit = u8::try_from(G_OFFSETS.stack_limit).expect("a short displacement");
        let mut prefix = Vec::with_capacity(32);
        if small {
            prefix.extend([0x49, 0x3b, 0x67, limit]); // cmp rsp, [r15+limit]
        } else {
            prefix.extend([0x4c, 0x8d, 0x9c, 0x24]); // lea r11, [rsp-need]
            prefix.extend((-(need as i32)).to_le_bytes());
            prefix.extend([0x4d, 0x3b, 0x5f, limit]); // cmp r11, [r15+limit]
        }
        prefix.extend([0x0f, 0x86]); // jbe slow
        let branch_field = prefix.len();
        prefix.extend([0; 4]);
        match 16 - prefix.len() % 16 {
            6 => prefix.extend([0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00]),
            14 => {
                prefix.extend([0x0f, 0x1f, 0x80, 0, 0, 0, 0]);
                prefix.extend([0x0f, 0x1f, 0x80, 0, 0, 0, 0]);
            }
            other => unreachable!("prefix of an unforeseen length, {other} short"),
        }
        StackCheck {
            prefix,
            branch_field,
            need: if small { 0 } else { need },
        }
    }

    /// Appends the slow path to code that has the prefix in front, and connects both.
    pub fn append_slow_path(&self, code: &mut Vec<u8>) -> CodeReloc {
        let distance = code.len() - (self.branch_field + 4);
        code[self.branch_field..self.branch_field + 4]
            .copy_from_slice(&(distance as u32).to_le_bytes());
        if self.need == 0 {
            code.extend([0x45, 0x31, 0xd2]); // xor r10d, r10d
        } else {
            code.extend([0x41, 0xba]); // mov r10d, need
            code.extend(self.need.to_le_bytes());
        }
        code.extend([0x4c, 0x8d, 0x1d]); // lea r11, [rip+body]
        let back = self.prefix.len() as i32 - (code.len() as i32 + 4);
        code.extend(back.to_le_bytes());
        code.push(0xe9); // jmp runtime.morestack
        let offset = code.len() as u32;
        code.extend([0; 4]);
        CodeReloc {
            offset,
            kind: RelocKind::Rel32,
            target: RelocTarget::Named("runtime.morestack".into()),
            addend: -4,
        }
    }
}
