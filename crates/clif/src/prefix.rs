//! The stack check in front of a compiled body.
//!
//! ```text
//!         cmp rsp, [r15 + stack_limit]       or  lea r11, [rsp - need]
//!         jbe slow                               cmp r11, [r15 + stack_limit]
//!                                                jbe slow
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

use crate::layout::pad;
use crate::{CodeReloc, RelocKind, RelocTarget};
use goxide_abi::{G_OFFSETS, SMALL_FRAME_BYTES};

/// Largest frame that a leaf function may have without a check.
pub const LEAF_FRAME_BYTES: u32 = 128;

/// How far the branch to the slow path reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// At most 127 bytes.
    Short,
    /// Any distance.
    Long,
    /// Any distance, and the prefix is filled up to a multiple of 16 bytes.
    Padded,
}

/// The check for one frame.
#[derive(Clone, Copy, Debug)]
pub struct StackCheck {
    /// Bytes needed by the frame and by the return address of a call it makes.
    need: u32,
}

impl StackCheck {
    /// Length of the slow path at most.
    pub const MAX_SLOW_PATH_BYTES: usize = 18;

    /// The check for a frame that takes `frame_size` bytes below its return address.
    pub fn new(frame_size: u32) -> StackCheck {
        StackCheck {
            need: frame_size + 8,
        }
    }

    fn is_small(self) -> bool {
        self.need as usize <= SMALL_FRAME_BYTES
    }

    /// The prefix, with the branch's displacement left open.
    pub fn prefix(self, reach: Reach) -> Vec<u8> {
        let limit = u8::try_from(G_OFFSETS.stack_limit).expect("a short displacement");
        let mut out = Vec::with_capacity(32);
        if self.is_small() {
            out.extend([0x49, 0x3b, 0x67, limit]); // cmp rsp, [r15+limit]
        } else {
            out.extend([0x4c, 0x8d, 0x9c, 0x24]); // lea r11, [rsp-need]
            out.extend((-(self.need as i32)).to_le_bytes());
            out.extend([0x4d, 0x3b, 0x5f, limit]); // cmp r11, [r15+limit]
        }
        match reach {
            Reach::Short => out.extend([0x76, 0]), // jbe slow
            Reach::Long | Reach::Padded => out.extend([0x0f, 0x86, 0, 0, 0, 0]),
        }
        if reach == Reach::Padded {
            let end = out.len().next_multiple_of(16);
            pad(&mut out, end);
        }
        out
    }

    /// Writes the slow path to `code` at `at` (where there is room) and connects the
    /// prefix, which ends at `body`.
    pub fn connect(self, code: &mut [u8], body: usize, at: usize, reach: Reach) -> CodeReloc {
        let branch_end =
            if self.is_small() { 4 } else { 12 } + if reach == Reach::Short { 2 } else { 6 };
        let distance = at - branch_end;
        if reach == Reach::Short {
            code[branch_end - 1] = i8::try_from(distance).expect("a short distance") as u8;
        } else {
            code[branch_end - 4..branch_end].copy_from_slice(&(distance as u32).to_le_bytes());
        }
        let mut slow = self.slow_path();
        let lea_end = slow.len() - 5;
        let back = body as i32 - (at + lea_end) as i32;
        slow[lea_end - 4..lea_end].copy_from_slice(&back.to_le_bytes());
        code[at..at + slow.len()].copy_from_slice(&slow);
        CodeReloc {
            offset: (at + slow.len() - 4) as u32,
            kind: RelocKind::Rel32,
            target: RelocTarget::Named("runtime.morestack".into()),
            addend: -4,
        }
    }

    /// The slow path with both displacements open.
    pub fn slow_path(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::MAX_SLOW_PATH_BYTES);
        if self.is_small() {
            out.extend([0x45, 0x31, 0xd2]); // xor r10d, r10d
        } else {
            out.extend([0x41, 0xba]); // mov r10d, need
            out.extend(self.need.to_le_bytes());
        }
        out.extend([0x4c, 0x8d, 0x1d, 0, 0, 0, 0]); // lea r11, [rip+body]
        out.extend([0xe9, 0, 0, 0, 0]); // jmp runtime.morestack
        out
    }
}
