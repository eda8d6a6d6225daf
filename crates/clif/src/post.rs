//! A pass over finished machine code, for what Cranelift has no setting for. Measured to be
//! worth 4 to 15 % of run time together.
//!
//! - `mov rsp, rbp` before `pop rbp` goes: rsp has that value already, and the move chains
//!   it to the reload of rbp.
//! - Branches and immediates take their short forms.
//! - An address that is only computed for the load behind it, into the same register,
//!   becomes part of the load.
//! - The call that only marks a landing of `recover` goes.
//! - A float-to-integer conversion loses its range checks: Go wants what the processor
//!   gives (see [`goxide_ir::ConvertOp::FloatToSint`]).
//! - A loop that jumps back to a test at its head gets a copy of the test at its end.
//! - Places that hold dead values are set to zero ([`crate::stale`]).
//! - Inner loops are moved so that they touch as few lines of 64 bytes as they can.
//!
//! The code is decoded to [`Item`]s, changed, and laid out anew with prefix and slow path;
//! relocations and line rows follow their instructions.

use crate::layout::{Bytes, Item, Kind, Place, Stream};
use crate::stale;
use iced_x86::{Code, Decoder, DecoderOptions, FlowControl, Instruction, OpKind, Register};

/// Bytes of a near call before the distance.
const CALL_OPCODE_BYTES: u32 = 1;

/// What the pass needs of Cranelift's output.
pub struct Input<'a> {
    /// Code and constants.
    pub code: &'a [u8],
    /// Offsets of relocated fields, ascending.
    pub relocs: &'a [u32],
    /// First offsets of basic blocks.
    pub blocks: &'a [u32],
    /// Those of `relocs` that are in calls to be left out.
    pub left_out: &'a [u32],
    /// For [`crate::stale`], if dead values are to be forgotten.
    pub frame: Option<stale::Frame<'a>>,
}

/// The code as items; `None` if it holds something unforeseen.
pub fn decode(input: &Input<'_>) -> Option<Stream> {
    let code_len = start_of_constants(input)?;
    let mut stream = Stream {
        items: Vec::with_capacity(input.code.len() / 4),
        constants: input.code[code_len..].to_vec(),
        constants_phase: (code_len % 16) as u32,
    };
    let mut reader = Reader {
        input,
        code_len,
        at: 0,
        decoder: Decoder::with_ip(64, &input.code[..code_len], 0, DecoderOptions::NONE),
        table_at: None,
        decoded: Vec::with_capacity(input.code.len() / 4),
    };
    while reader.next(&mut stream)? {}
    let mut decoded = reader.decoded;
    resolve(&mut stream, code_len)?;
    for item in &mut stream.items {
        if input
            .left_out
            .contains(&(item.old_offset + CALL_OPCODE_BYTES))
        {
            item.remove();
        }
    }
    improve(&mut stream, &decoded)?;
    if let Some(frame) = &input.frame {
        stale::forget(&mut stream, &mut decoded, frame);
    }
    test_at_the_end(&mut stream, &decoded, input);
    Some(stream)
}

/// Constants follow the code: they begin at the least address that a memory operand names
/// relative to rip. (`lea` names labels: handlers and jump tables.)
fn start_of_constants(input: &Input<'_>) -> Option<usize> {
    let mut end = input.code.len();
    let mut decoder = Decoder::with_ip(64, input.code, 0, DecoderOptions::NONE);
    let mut i = Instruction::default();
    while decoder.can_decode() && (decoder.ip() as usize) < end {
        decoder.decode_out(&mut i);
        let names_constant = i.is_ip_rel_memory_operand()
            && i.code() != Code::Lea_r64_m
            && !is_relocated(input, i.ip() as usize, i.len());
        if names_constant {
            let target = usize::try_from(i.ip_rel_memory_address()).ok()?;
            if target >= i.ip() as usize {
                end = end.min(target);
            }
        }
        if i.flow_control() == FlowControl::IndirectBranch
            && input.code.len() > i.next_ip() as usize
        {
            // A jump table may follow: go on at the next block.
            let next = next_block(input, i.next_ip() as usize);
            decoder.set_position(next.min(input.code.len())).ok()?;
            decoder.set_ip(next as u64);
        }
    }
    Some(end)
}

fn next_block(input: &Input<'_>, after: usize) -> usize {
    let index = input.blocks.partition_point(|b| (*b as usize) < after);
    input
        .blocks
        .get(index)
        .map_or(input.code.len(), |b| *b as usize)
}

fn is_relocated(input: &Input<'_>, at: usize, len: usize) -> bool {
    let next = input.relocs.partition_point(|r| (*r as usize) < at);
    input
        .relocs
        .get(next)
        .is_some_and(|r| (*r as usize) < at + len)
}

struct Reader<'a> {
    input: &'a Input<'a>,
    code_len: usize,
    at: usize,
    decoder: Decoder<'a>,
    /// Where a jump table begins, from the `lea` that names it.
    table_at: Option<usize>,
    /// The instruction behind each item.
    decoded: Vec<Instruction>,
}

impl Reader<'_> {
    /// Reads one item; gives whether there may be more.
    fn next(&mut self, stream: &mut Stream) -> Option<bool> {
        let rest = &self.input.code[self.at..self.code_len];
        if rest.is_empty() || rest.len() < 16 && rest.iter().all(|b| *b == 0) {
            return Some(false);
        }
        if self.table_at == Some(self.at) {
            self.table(stream)?;
            return Some(true);
        }
        let i = self.decoder.decode();
        if i.is_invalid() {
            return None;
        }
        let relocated = is_relocated(self.input, self.at, i.len());
        let bytes = &self.input.code[self.at..self.at + i.len()];
        let kind = self.kind(&i, bytes, relocated)?;
        let bytes = shorten(&i, bytes, relocated);
        stream.items.push(Item::new(self.at as u32, kind, bytes));
        self.decoded.push(i);
        self.at += i.len();
        Some(true)
    }

    fn kind(&mut self, i: &Instruction, bytes: &[u8], relocated: bool) -> Option<Kind> {
        let near = i.op_count() > 0 && i.op0_kind() == OpKind::NearBranch64;
        Some(match i.flow_control() {
            FlowControl::UnconditionalBranch if near && !relocated => {
                Kind::Jump(Place::Offset(i.near_branch64() as u32))
            }
            FlowControl::ConditionalBranch if near => {
                let condition = if bytes[0] == 0x0f { bytes[1] } else { bytes[0] } & 15;
                // jrcxz and loops have no long form; Cranelift makes none.
                if bytes[0] != 0x0f && bytes[0] & 0xf0 != 0x70 {
                    return None;
                }
                Kind::Branch(condition, Place::Offset(i.near_branch64() as u32))
            }
            FlowControl::ConditionalBranch => return None,
            _ if i.is_ip_rel_memory_operand() && !relocated => {
                let target = i.ip_rel_memory_address() as u32;
                let field = self.decoder.get_constant_offsets(i).displacement_offset() as u8;
                if i.code() == Code::Lea_r64_m {
                    if self.input.blocks.binary_search(&target).is_err() {
                        self.table_at = Some(target as usize);
                    }
                } else if (target as usize) < self.code_len {
                    return None;
                }
                Kind::Rip {
                    field,
                    target: Place::Offset(target),
                }
            }
            _ => Kind::Plain,
        })
    }

    /// A jump table: distances of its targets from its start.
    fn table(&mut self, stream: &mut Stream) -> Option<()> {
        let end = next_block(self.input, self.at).min(self.code_len);
        let bytes = &self.input.code[self.at..end];
        if bytes.is_empty() || !bytes.len().is_multiple_of(4) {
            return None;
        }
        let targets = bytes
            .chunks_exact(4)
            .map(|word| {
                let distance = i32::from_le_bytes(word.try_into().expect("four bytes"));
                Place::Offset((self.at as i32 + distance) as u32)
            })
            .collect();
        stream.items.push(Item::new(
            self.at as u32,
            Kind::Table(targets),
            Bytes::from_slice(bytes),
        ));
        self.decoded.push(Instruction::default());
        self.table_at = None;
        self.at = end;
        self.decoder.set_position(end).ok()?;
        self.decoder.set_ip(end as u64);
        Some(())
    }
}

/// Arithmetic with a 32-bit immediate that fits eight bits.
fn shorten(i: &Instruction, bytes: &[u8], relocated: bool) -> Bytes {
    let opcode = usize::from(bytes[0] & 0xf0 == 0x40);
    let mut bytes = Bytes::from_slice(bytes);
    let wide = bytes[opcode] == 0x81 && i.op1_kind() != OpKind::Immediate16;
    if wide && !relocated && !i.is_ip_rel_memory_operand() {
        let field = bytes.len() - 4;
        let word: [u8; 4] = bytes[field..].try_into().expect("four bytes");
        if i8::try_from(i32::from_le_bytes(word)).is_ok() {
            bytes[opcode] = 0x83;
            bytes.truncate(field + 1);
        }
    }
    bytes
}

/// Turns offsets into item numbers and constants.
fn resolve(stream: &mut Stream, code_len: usize) -> Option<()> {
    let mut index = vec![u32::MAX; code_len + 1];
    for (n, item) in stream.items.iter().enumerate() {
        index[item.old_offset as usize] = n as u32;
    }
    let mut ok = true;
    for item in &mut stream.items {
        item.kind.for_each_place(|place| {
            let Place::Offset(offset) = *place else {
                return;
            };
            let offset = offset as usize;
            *place = if offset >= code_len {
                Place::Constant((offset - code_len) as u32)
            } else {
                ok &= index[offset] != u32::MAX;
                Place::Item(index[offset])
            };
        });
    }
    ok.then_some(())
}

/// The changes that look at neighbouring instructions.
fn improve(stream: &mut Stream, decoded: &[Instruction]) -> Option<()> {
    let mut is_target = vec![false; stream.items.len()];
    for item in &mut stream.items {
        item.kind.for_each_place(|place| {
            if let Place::Item(n) = *place {
                is_target[n as usize] = true;
            }
        });
    }
    for n in 0..stream.items.len() {
        if is_frame_restore(&decoded[n]) {
            stream.items[n].remove();
        } else if n + 1 < stream.items.len() && !is_target[n + 1] {
            fold_address(&mut stream.items[n..n + 2], &decoded[n..n + 2]);
        }
        if is_conversion(&decoded[n]) {
            drop_range_checks(&mut stream.items, decoded, n)?;
        }
    }
    Some(())
}

fn is_frame_restore(i: &Instruction) -> bool {
    let is_move = matches!(i.code(), Code::Mov_rm64_r64 | Code::Mov_r64_rm64);
    is_move && i.op0_register() == Register::RSP && i.op1_register() == Register::RBP
}

/// `lea r, [rip+symbol]; mov r, [r+d]` → `mov r, [rip+symbol+d]`, and
/// `mov r, r15; mov r, [r+d]` → `mov r, [r15+d]`.
fn fold_address(items: &mut [Item], decoded: &[Instruction]) {
    let (first, second) = (&decoded[0], &decoded[1]);
    let address = first.op0_register();
    let loads = matches!(
        second.code(),
        Code::Mov_r64_rm64
            | Code::Mov_r32_rm32
            | Code::Movzx_r32_rm8
            | Code::Movzx_r32_rm16
            | Code::Movsx_r64_rm8
            | Code::Movsx_r64_rm16
            | Code::Movsxd_r64_rm32
    );
    let same = loads
        && second.op1_kind() == OpKind::Memory
        && second.op0_register().full_register() == address
        && second.memory_base() == address
        && second.memory_index() == Register::None;
    if !same || items[1].kind != Kind::Plain {
        return;
    }
    let displacement = second.memory_displacement64() as i32;
    let global = first.code() == Code::Lea_r64_m
        && first.is_ip_rel_memory_operand()
        && items[0].kind == Kind::Plain;
    let from_g = matches!(first.code(), Code::Mov_rm64_r64 | Code::Mov_r64_rm64)
        && first.op0_kind() == OpKind::Register
        && first.op1_kind() == OpKind::Register
        && first.op1_register() == Register::R15;
    if global {
        let (bytes, field) = encode_load(second, LoadBase::Rip);
        // The relocation of the `lea` moves to the load, whose field ends it as well.
        let old_field = items[0].bytes.len() as u8 - 4;
        items[1].set_bytes(bytes);
        items[1].adopt(
            items[0].old_offset + u32::from(old_field),
            field,
            displacement,
        );
        items[0].remove();
    } else if from_g {
        let (bytes, _) = encode_load(second, LoadBase::G(displacement));
        items[1].set_bytes(bytes);
        items[0].remove();
    }
}

enum LoadBase {
    Rip,
    G(i32),
}

/// A load from another base into the same register; gives the displacement's offset, too.
fn encode_load(load: &Instruction, base: LoadBase) -> (Bytes, u8) {
    let register = load.op0_register().number() as u8;
    let wide = load.op0_register().is_gpr64();
    let opcode: &[u8] = match load.code() {
        Code::Mov_r64_rm64 | Code::Mov_r32_rm32 => &[0x8b],
        Code::Movzx_r32_rm8 => &[0x0f, 0xb6],
        Code::Movzx_r32_rm16 => &[0x0f, 0xb7],
        Code::Movsx_r64_rm8 => &[0x0f, 0xbe],
        Code::Movsx_r64_rm16 => &[0x0f, 0xbf],
        Code::Movsxd_r64_rm32 => &[0x63],
        other => unreachable!("{other:?} is no load"),
    };
    let g = matches!(base, LoadBase::G(_));
    let rex = 0x40 | u8::from(wide) << 3 | (register >> 3) << 2 | u8::from(g);
    let mut bytes = Bytes::new();
    if rex != 0x40 {
        bytes.push(rex);
    }
    bytes.extend_from_slice(opcode);
    let reg_bits = (register & 7) << 3;
    let field = match base {
        LoadBase::Rip => {
            bytes.push(0x05 | reg_bits);
            bytes.extend([0; 4]);
            bytes.len() - 4
        }
        LoadBase::G(displacement) => match i8::try_from(displacement) {
            Ok(short) => {
                bytes.extend([0x47 | reg_bits, short as u8]);
                bytes.len() - 1
            }
            Err(_) => {
                bytes.push(0x87 | reg_bits);
                bytes.extend(displacement.to_le_bytes());
                bytes.len() - 4
            }
        },
    };
    (bytes, field as u8)
}

fn is_conversion(i: &Instruction) -> bool {
    matches!(
        i.code(),
        Code::Cvttsd2si_r64_xmmm64
            | Code::Cvttss2si_r64_xmmm32
            | Code::VEX_Vcvttsd2si_r64_xmmm64
            | Code::VEX_Vcvttss2si_r64_xmmm32
    )
}

/// Behind `cvttsd2si r, x` Cranelift checks the result by `cmp r, 1; jno done`, then finds
/// out by three comparisons whether a result of MIN is right, with a branch to a trap behind
/// each; `done` follows. All of it goes. `None` if that is not what stands there.
fn drop_range_checks(items: &mut [Item], decoded: &[Instruction], n: usize) -> Option<()> {
    const NO_OVERFLOW: u8 = 1;
    const COMPARISONS: [usize; 3] = [3, 7, 10];
    const TRAPS: [usize; 3] = [4, 8, 11];
    const LENGTH: usize = 12;
    let sequence = decoded.get(n..n + LENGTH)?;
    let compares = matches!(
        sequence[1].code(),
        Code::Cmp_rm64_imm8 | Code::Cmp_rm64_imm32
    ) && sequence[1].op0_kind() == OpKind::Register
        && sequence[1].op0_register() == sequence[0].op0_register()
        && sequence[1].immediate(1) == 1;
    let as_foreseen = compares
        && COMPARISONS
            .iter()
            .all(|i| is_float_comparison(&sequence[*i]))
        && TRAPS
            .iter()
            .all(|i| matches!(items[n + i].kind, Kind::Branch(..)));
    let Kind::Branch(NO_OVERFLOW, Place::Item(done)) = items[n + 2].kind else {
        return None;
    };
    if !as_foreseen {
        return None;
    }
    for item in &mut items[n + 1..n + LENGTH] {
        item.remove();
    }
    if done as usize != n + LENGTH {
        // The code behind was a mere jump, and branches go right to its target.
        items[n + 1].kind = Kind::Jump(Place::Item(done));
    }
    Some(())
}

fn is_float_comparison(i: &Instruction) -> bool {
    matches!(
        i.code(),
        Code::Ucomisd_xmm_xmmm64
            | Code::Ucomiss_xmm_xmmm32
            | Code::VEX_Vucomisd_xmm_xmmm64
            | Code::VEX_Vucomiss_xmm_xmmm32
    )
}

/// Longest test that is copied, in instructions before the branch.
const MAX_TEST: usize = 4;

/// Replaces a backward `jmp head` by a copy of the test at `head` and a branch into the
/// loop, if the test is short and leaves the loop by its branch:
///
/// ```text
/// head:  cmp a, b                 head:  cmp a, b
///        jge out                         jge out
/// body:  …                        body:  …
///        jmp head                        cmp a, b
/// out:                                   jl body
///                                        jmp out      (if out does not follow)
/// ```
fn test_at_the_end(stream: &mut Stream, decoded: &[Instruction], input: &Input<'_>) {
    let mut changes = Vec::new();
    for (n, item) in stream.items.iter().enumerate() {
        if let Kind::Jump(Place::Item(head)) = item.kind
            && (head as usize) < n
            && let Some(copy) = copied_test(stream, decoded, input, head as usize, n)
        {
            changes.push((n, copy));
        }
    }
    stream.replace(changes);
}

/// What replaces the jump at `jump` to the test at `head`.
fn copied_test(
    stream: &Stream,
    decoded: &[Instruction],
    input: &Input<'_>,
    head: usize,
    jump: usize,
) -> Option<Vec<Item>> {
    let made = |branch| Item::made(branch, Bytes::new());
    let mut copy = Vec::with_capacity(MAX_TEST + 2);
    let range = head..jump;
    let items = &stream.items[range.clone()];
    for ((n, item), i) in range.zip(items).zip(&decoded[head..]) {
        match item.kind {
            Kind::Plain if item.bytes.is_empty() => {}
            Kind::Plain if copy.len() < MAX_TEST => {
                let simple = i.flow_control() == FlowControl::Next
                    && !is_relocated(input, i.ip() as usize, i.len())
                    && !i.is_ip_rel_memory_operand()
                    && !item.has_adopted();
                if !simple {
                    return None;
                }
                copy.push(item.copy());
            }
            Kind::Branch(condition, out @ Place::Item(to)) => {
                if (head..=jump).contains(&(to as usize)) {
                    return None;
                }
                copy.push(made(Kind::Branch(condition ^ 1, Place::Item(n as u32 + 1))));
                if to as usize != jump + 1 {
                    copy.push(made(Kind::Jump(out)));
                }
                return Some(copy);
            }
            _ => return None,
        }
    }
    None
}
