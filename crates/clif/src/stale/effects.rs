//! What single instructions do to the places that are looked at.

use iced_x86::{
    Code, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind, Register, UsedMemory,
};
use std::ops::Range;

/// Preserved by called functions, and the register allocator's.
pub const PRESERVED: [Register; 4] = [Register::RBX, Register::R12, Register::R13, Register::R14];
/// Bytes of a spill slot.
pub const WORD: u32 = 8;

/// What an instruction does. Places are numbered: the registers, then the spill slots.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// It may read the place.
    Read(u32),
    /// It replaces the whole place, by what may be a pointer.
    Write(u32),
    /// It replaces the whole place, by what is no pointer.
    WriteNumber(u32),
}

/// The instruction is not understood.
#[derive(Debug)]
pub struct NotUnderstood;

/// Finds effects.
pub struct Effects {
    factory: InstructionInfoFactory,
    spills: Range<u32>,
}

impl Effects {
    /// For a function whose spill slots are at these offsets from rsp.
    pub fn new(spills: Range<u32>) -> Effects {
        Effects {
            factory: InstructionInfoFactory::new(),
            spills,
        }
    }

    /// Number of places.
    pub fn places(&self) -> u32 {
        PRESERVED.len() as u32 + (self.spills.end - self.spills.start) / WORD
    }

    /// Appends what `i` does, reads first.
    ///
    /// # Errors
    /// If it moves rsp in the middle of the function, or takes the address of a spill slot.
    pub fn of(&mut self, i: &Instruction, out: &mut Vec<Effect>) -> Result<(), NotUnderstood> {
        if moves_stack(i) || names_slot(&self.spills, i) {
            return Err(NotUnderstood);
        }
        let from = out.len();
        let number = gives_number(i);
        let info = self.factory.info(i);
        for used in info.used_registers() {
            let register = used.register().full_register();
            let Some(place) = PRESERVED.iter().position(|&p| p == register) else {
                continue;
            };
            let place = place as u32;
            // A write of a part leaves the rest.
            let whole = used.register().is_gpr64() || used.register().is_gpr32();
            if reads(used.access()) || !whole {
                out.push(Effect::Read(place));
            }
            if used.access() == OpAccess::Write || used.access() == OpAccess::ReadWrite {
                out.push(if number || used.register().is_gpr32() {
                    Effect::WriteNumber(place)
                } else {
                    Effect::Write(place)
                });
            }
        }
        for memory in info.used_memory() {
            memory_effects(&self.spills, memory, number, out)?;
        }
        // The order of iced is that of the operands.
        out[from..].sort_by_key(|effect| !matches!(effect, Effect::Read(_)));
        Ok(())
    }
}

fn reads(access: OpAccess) -> bool {
    !matches!(access, OpAccess::Write | OpAccess::None)
}

/// Whether rsp changes other than by calls, and at the beginning and end of a function.
fn moves_stack(i: &Instruction) -> bool {
    let to_rsp = i.op_count() > 0
        && i.op0_kind() == OpKind::Register
        && i.op0_register().full_register() == Register::RSP;
    match i.mnemonic() {
        Mnemonic::Push | Mnemonic::Pop => i.op0_register() != Register::RBP,
        Mnemonic::Enter | Mnemonic::Leave => true,
        Mnemonic::Sub | Mnemonic::Add => to_rsp && i.op1_kind() == OpKind::Register,
        Mnemonic::Cmp | Mnemonic::Test => false,
        _ => to_rsp,
    }
}

/// Whether the address of a spill slot is computed.
fn names_slot(spills: &Range<u32>, i: &Instruction) -> bool {
    let from_frame = matches!(i.memory_base(), Register::RSP | Register::RBP);
    if i.mnemonic() != Mnemonic::Lea || !from_frame {
        return false;
    }
    let offset = i.memory_displacement64().cast_signed();
    let below = i64::from(spills.start) <= offset && offset < i64::from(spills.end);
    i.memory_base() == Register::RBP || i.memory_index() != Register::None || below
}

/// Whether what is written is certainly no pointer.
fn gives_number(i: &Instruction) -> bool {
    match i.mnemonic() {
        Mnemonic::Imul
        | Mnemonic::Shl
        | Mnemonic::Shr
        | Mnemonic::Sar
        | Mnemonic::Neg
        | Mnemonic::Not
        | Mnemonic::Movsd
        | Mnemonic::Movss
        | Mnemonic::Vmovsd
        | Mnemonic::Vmovss => true,
        Mnemonic::Mov => {
            i.code() != Code::Mov_r64_imm64
                && i.op1_kind() != OpKind::Register
                && i.op1_kind() != OpKind::Memory
        }
        _ => false,
    }
}

fn memory_effects(
    spills: &Range<u32>,
    memory: &UsedMemory,
    number: bool,
    out: &mut Vec<Effect>,
) -> Result<(), NotUnderstood> {
    let offset = memory.displacement().cast_signed();
    match memory.base() {
        Register::RSP if memory.index() == Register::None => {}
        // What lies above the frame pointer are arguments.
        Register::RBP if memory.index() == Register::None && offset >= 0 => return Ok(()),
        Register::RSP | Register::RBP => return Err(NotUnderstood),
        _ => return Ok(()),
    }
    let end = offset + memory.memory_size().size() as i64;
    let (low, high) = (i64::from(spills.start), i64::from(spills.end));
    if end <= low || offset >= high {
        return Ok(());
    }
    let word = i64::from(WORD);
    let place = |at: i64| PRESERVED.len() as u32 + ((at - low) / word) as u32;
    let mut at = low + (offset.max(low) - low) / word * word;
    while at < end.min(high) {
        let whole = offset <= at && at + word <= end;
        if reads(memory.access()) {
            out.push(Effect::Read(place(at)));
        }
        if whole && matches!(memory.access(), OpAccess::Write | OpAccess::ReadWrite) {
            out.push(if number {
                Effect::WriteNumber(place(at))
            } else {
                Effect::Write(place(at))
            });
        }
        at += word;
    }
    Ok(())
}
