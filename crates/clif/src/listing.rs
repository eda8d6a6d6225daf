//! Disassembly for people (`goxide asm`): source lines, block labels, names instead of
//! relocated fields, and site ids.
//!
//! ```text
//! main.add  96 bytes, frame 24, align 16
//!   main.go:7
//!     0010  push rbp
//!     0011  mov rbp, rsp
//!   main.go:8  site3
//! .L1:
//!     0020  call main.f
//! ```

use crate::{CodeReloc, CompiledFunction, RelocTarget};
use goxide_abi::G_OFFSETS;
use goxide_ir::{Loc, LocData, SymId};
use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Formatter, Instruction, IntelFormatter, OpKind, Register,
    SymbolResolver, SymbolResult,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What a listing needs to know of the program.
pub trait Source {
    /// Linker name of a symbol.
    fn symbol_name(&self, sym: SymId) -> String;
    /// `file:line` of a location, and the line's text if it is at hand.
    fn line(&self, loc: &LocData) -> Option<(String, Option<String>)>;
}

/// The function as text.
pub fn listing(func: &CompiledFunction, source: &dyn Source) -> String {
    let instructions = decode(func);
    let labels = labels(func, &instructions);
    let mut formatter =
        IntelFormatter::with_options(Some(Box::new(Names::new(func, source, &labels))), None);
    let options = formatter.options_mut();
    options.set_space_after_operand_separator(true);
    options.set_rip_relative_addresses(true);
    options.set_branch_leading_zeros(false);
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_small_hex_numbers_in_decimal(true);
    options.set_show_branch_size(false);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{}  {} bytes, frame {}, align {}",
        func.name,
        func.code.len(),
        func.frame_size,
        func.align
    );
    let mut rows = func.lines.iter().peekable();
    let mut text = String::new();
    let mut last_line = String::new();
    for instruction in &instructions {
        let at = instruction.ip() as u32;
        while let Some(row) = rows.next_if(|row| row.offset <= at) {
            let line = line_text(func, row.loc, source);
            if !line.is_empty() && line != last_line {
                out.push_str(&line);
                last_line = line;
            }
        }
        if let Some(label) = labels.get(&instruction.ip()) {
            let _ = writeln!(out, "{label}:");
        }
        text.clear();
        formatter.format(instruction, &mut text);
        let note = note(instruction);
        let _ = writeln!(out, "    {at:04x}  {text}{note}");
    }
    let end = instructions.last().map_or(0, |i| i.next_ip()) as usize;
    if end < func.code.len() {
        let _ = writeln!(
            out,
            "    {end:04x}  {} bytes of constants",
            func.code.len() - end
        );
    }
    out
}

/// Instructions up to the constants, and those behind them (the prefix's slow path).
fn decode(func: &CompiledFunction) -> Vec<Instruction> {
    let code = &func.code;
    let mut out = Vec::new();
    let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
    let mut constants: Option<u64> = None;
    while decoder.can_decode() && constants.is_none_or(|start| decoder.ip() < start) {
        let i = decoder.decode();
        if i.is_invalid() {
            break;
        }
        let relocated = reloc_in(func, i.ip() as u32, i.len() as u32).is_some();
        if i.is_ip_rel_memory_operand() && !relocated {
            let target = i.ip_rel_memory_address();
            if target > i.ip() && target < code.len() as u64 {
                constants = Some(constants.map_or(target, |c| c.min(target)));
            }
        }
        out.push(i);
    }
    out
}

fn reloc_in(func: &CompiledFunction, at: u32, len: u32) -> Option<&CodeReloc> {
    let next = func.relocs.partition_point(|r| r.offset < at);
    func.relocs.get(next).filter(|r| r.offset < at + len)
}

fn labels(func: &CompiledFunction, instructions: &[Instruction]) -> BTreeMap<u64, String> {
    let mut targets = BTreeSet::new();
    for i in instructions {
        let branches = matches!(
            i.flow_control(),
            FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch
        );
        let relocated = reloc_in(func, i.ip() as u32, i.len() as u32).is_some();
        if branches && i.op0_kind() == OpKind::NearBranch64 && !relocated {
            targets.insert(i.near_branch64());
        }
    }
    if func.body_offset > 0 {
        targets.remove(&u64::from(func.body_offset));
    }
    let mut labels: BTreeMap<u64, String> = targets
        .into_iter()
        .enumerate()
        .map(|(n, at)| (at, format!(".L{}", n + 1)))
        .collect();
    if func.body_offset > 0 {
        // Also the head of a loop that is the whole function.
        labels.insert(func.body_offset.into(), ".body".into());
    }
    labels
}

/// Place, site and text of a source line.
fn line_text(func: &CompiledFunction, loc: Loc, source: &dyn Source) -> String {
    let data = &func.locs[loc];
    let site = data.site.map_or(String::new(), |s| format!("  {s}"));
    let Some((place, text)) = source.line(data) else {
        return String::new();
    };
    let inlined = if data.parent.is_some() {
        format!("  in {}", data.function)
    } else {
        String::new()
    };
    let text = text.map_or(String::new(), |t| format!("  {}", t.trim()));
    format!("  {place}{inlined}{site}{text}\n")
}

/// Fields of g by name.
fn note(i: &Instruction) -> String {
    if i.memory_base() != Register::R15 {
        return String::new();
    }
    let g = &G_OFFSETS;
    let offset = i.memory_displacement64() as i32;
    let name = match offset {
        o if o == g.stack_limit => "g.stack_limit",
        o if o == g.closure_ctx => "g.closure_ctx",
        o if o == g.defer_frames => "g.defer_frames",
        o if o == g.defer_top => "g.defer_top",
        o if o == g.defer_end => "g.defer_end",
        o if o == g.panics => "g.panics",
        o if (g.check_operands..g.check_operands + 16).contains(&o) => "g.check_operands",
        o if (g.tail_args..g.tail_args + 8 * goxide_abi::TAIL_ARGS as i32).contains(&o) => {
            "g.tail_args"
        }
        _ => return String::new(),
    };
    format!("  ; {name}")
}

/// Names for branch targets and relocated fields.
struct Names {
    labels: BTreeMap<u64, String>,
    /// Offset of the field, and the name of its target.
    fields: Vec<(u32, String)>,
}

impl Names {
    fn new(func: &CompiledFunction, source: &dyn Source, labels: &BTreeMap<u64, String>) -> Names {
        let name = |r: &CodeReloc| {
            let base = match r.target {
                RelocTarget::Sym(sym) => source.symbol_name(sym),
                RelocTarget::Named(name) => name.to_string(),
            };
            // A pc-relative field's addend holds the distance to the instruction's end.
            match r.addend + i64::from(r.kind == crate::RelocKind::Rel32) * 4 {
                0 => base,
                n => format!("{base}{n:+}"),
            }
        };
        Names {
            labels: labels.clone(),
            fields: func.relocs.iter().map(|r| (r.offset, name(r))).collect(),
        }
    }
}

impl SymbolResolver for Names {
    fn symbol(
        &mut self,
        instruction: &Instruction,
        _operand: u32,
        instruction_operand: Option<u32>,
        address: u64,
        _size: u32,
    ) -> Option<SymbolResult<'_>> {
        let (start, end) = (instruction.ip() as u32, instruction.next_ip() as u32);
        let kind = instruction_operand.map(|n| instruction.op_kind(n));
        let next = self.fields.partition_point(|f| f.0 < start);
        if let Some((_, name)) = self.fields.get(next).filter(|f| f.0 < end)
            && kind != Some(OpKind::Register)
        {
            return Some(SymbolResult::with_str(address, name));
        }
        let label = self.labels.get(&address)?;
        let names_code =
            kind == Some(OpKind::NearBranch64) || instruction.is_ip_rel_memory_operand();
        names_code.then(|| SymbolResult::with_str(address, label))
    }
}
