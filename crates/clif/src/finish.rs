//! From Cranelift's output to a [`CompiledFunction`].

use crate::layout::LaidOut;
use crate::prefix::{LEAF_FRAME_BYTES, Reach, StackCheck};
use crate::translate::{LocalHelper, Namespace, Translated};
use crate::{CodeReloc, CompiledFunction, LineRow, RelocKind, RelocTarget};
use crate::{post, stale};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::{ExternalName, UserExternalName};
use cranelift_codegen::{Context, FinalizedMachReloc, FinalizedRelocTarget};
use goxide_abi::{COLD_CALL_BYTES, RuntimeCall, RuntimeCallKind};
use goxide_base::{FxHashSet, Symbol};
use goxide_ir::{Function, Loc, SymId};
use std::ops::Range;
use std::sync::LazyLock;

/// Bytes of stack below the return address for a saved rbp.
const SAVED_RBP_BYTES: u32 = 8;

/// Puts prefix, body, local helpers and slow path together. With `improve` the body goes
/// through [`crate::post`]; `None` if that pass finds something unforeseen.
pub fn finish(
    func: &Function,
    context: &Context,
    translated: &Translated,
    improve: bool,
) -> Option<CompiledFunction> {
    let compiled = context.compiled_code().expect("just compiled");
    let buffer = &compiled.buffer;
    let frame_to_fp = buffer
        .frame_layout()
        .map_or(0, |layout| layout.frame_to_fp_offset);
    let frame_size = frame_to_fp + SAVED_RBP_BYTES;
    let leaf = !translated.calls_go && frame_size <= LEAF_FRAME_BYTES;
    let stub_frame = if translated.has_cold_calls {
        COLD_CALL_BYTES
    } else {
        0
    };
    let check = (!func.flags.no_split && !leaf).then(|| StackCheck::new(frame_size + stub_frame));
    let relocs: Vec<(u32, Target)> = buffer
        .relocs()
        .iter()
        .map(|r| (r.offset, target(r, context, translated)))
        .collect();
    let left_out = marks(&relocs, translated);
    let helpers = Helpers::used(&relocs);
    let slow_path = check.map_or(0, |c| c.slow_path().len());
    let tail = helpers.len() + slow_path;
    let (mut code, body_offset, reach, map) = if improve {
        laid_out(context, &relocs, &left_out, check, tail)?
    } else {
        as_it_is(context, check, tail)
    };
    let tail_at = map.tail;
    helpers.place(&mut code[tail_at..]);
    let mut out = Vec::with_capacity(relocs.len() + 1);
    for (old, target) in relocs {
        if improve && left_out.contains(&old) {
            continue;
        }
        let (offset, add) = map.field(old);
        match target {
            Target::Outside(mut reloc) => {
                reloc.offset = offset;
                reloc.addend += add;
                out.push(reloc);
            }
            Target::Helper(helper) => {
                let distance = (tail_at + helpers.offset(helper)) as i32 - (offset as i32 + 4);
                let field = offset as usize;
                code[field..field + 4].copy_from_slice(&distance.to_le_bytes());
            }
        }
    }
    if let Some(check) = check {
        let at = tail_at + helpers.len();
        out.push(check.connect(&mut code, body_offset as usize, at, reach));
    }
    out.sort_by_key(|r| r.offset);
    Some(CompiledFunction {
        sym: func.sym,
        name: func.name,
        pos: func.pos,
        align: 16.max(buffer.alignment),
        body_offset,
        frame_size,
        relocs: out,
        lines: line_rows(context, &map),
        locs: func.locs.clone(),
        flags: func.flags,
        code,
    })
}

/// Where old offsets went.
struct Map {
    tail: usize,
    laid_out: Option<LaidOut>,
    shift: u32,
}

impl Map {
    fn field(&self, old: u32) -> (u32, i64) {
        match &self.laid_out {
            Some(laid_out) => laid_out.field(old),
            None => (old + self.shift, 0),
        }
    }

    fn offset(&self, old: u32) -> u32 {
        match &self.laid_out {
            Some(laid_out) => laid_out.offset(old),
            None => old + self.shift,
        }
    }
}

/// Code, body offset, form of the prefix's branch, and the map.
type Placed = (Vec<u8>, u32, Reach, Map);

fn laid_out(
    context: &Context,
    relocs: &[(u32, Target)],
    left_out: &[u32],
    check: Option<StackCheck>,
    tail: usize,
) -> Option<Placed> {
    let compiled = context.compiled_code().expect("just compiled");
    let mut fields: Vec<u32> = relocs.iter().map(|r| r.0).collect();
    fields.sort_unstable();
    let stream = post::decode(&post::Input {
        code: compiled.buffer.data(),
        relocs: &fields,
        blocks: &compiled.bb_starts,
        left_out,
        frame: (!returns_twice(relocs)).then_some(stale::Frame {
            spills: spills(context),
            quiet: &quiet_calls(relocs),
        }),
    })?;
    let short = stream.max_len() + tail <= i8::MAX as usize;
    let reach = if short { Reach::Short } else { Reach::Long };
    let prefix = check.map_or(Vec::new(), |c| c.prefix(reach));
    let body_offset = prefix.len() as u32;
    let mut laid_out = stream.lay_out(prefix, tail);
    let code = std::mem::take(&mut laid_out.code);
    let map = Map {
        tail: laid_out.tail,
        laid_out: Some(laid_out),
        shift: 0,
    };
    Some((code, body_offset, reach, map))
}

/// Offsets from rsp between which the register allocator has its slots, and saved registers
/// are. There are no arguments on the stack, so variables are at its bottom.
fn spills(context: &Context) -> Range<u32> {
    let compiled = context.compiled_code().expect("just compiled");
    let Some(layout) = compiled.buffer.frame_layout() else {
        return 0..0;
    };
    let slots = context.func.sized_stack_slots.iter();
    let ends = slots.map(|(slot, data)| layout.stackslots[slot].offset + data.size);
    let variables = ends.max().unwrap_or(0).next_multiple_of(stale::WORD);
    variables..layout.frame_to_fp_offset.max(variables)
}

/// Whether a call returns a second time, in a child process that has the same memory: what it
/// sets to zero in the frame the parent may still need.
fn returns_twice(relocs: &[(u32, Target)]) -> bool {
    relocs.iter().any(|(_, target)| match target {
        Target::Outside(reloc) => match reloc.target {
            RelocTarget::Named(name) => name.as_str() == "runtime.raw_vfork",
            RelocTarget::Sym(_) => false,
        },
        Target::Helper(_) => false,
    })
}

/// Fields of calls that return soon and collect nothing, or never return: of leaf routines,
/// of stubs that preserve all registers, of handlers of failed checks.
fn quiet_calls(relocs: &[(u32, Target)]) -> Vec<u32> {
    let is_quiet = |target: &Target| match target {
        Target::Helper(_) => true,
        Target::Outside(reloc) => match reloc.target {
            RelocTarget::Named(name) => !STAYS.contains(&name),
            RelocTarget::Sym(_) => false,
        },
    };
    let quiet = relocs.iter().filter(|(_, target)| is_quiet(target));
    let mut fields: Vec<u32> = quiet.map(|(field, _)| *field).collect();
    fields.sort_unstable();
    fields
}

/// Runtime calls that may block or collect.
static STAYS: LazyLock<FxHashSet<Symbol>> = LazyLock::new(|| {
    let stays = |call: &&RuntimeCall| match call.kind {
        RuntimeCallKind::Sys | RuntimeCallKind::Park => true,
        RuntimeCallKind::Leaf => call.name == "mallocgc",
        RuntimeCallKind::NoReturn => false,
    };
    let calls = goxide_abi::RUNTIME_CALLS.iter().filter(stays);
    let name = |call: &RuntimeCall| Symbol::intern(&format!("runtime.{}", call.name));
    calls.map(name).collect()
});

fn as_it_is(context: &Context, check: Option<StackCheck>, tail: usize) -> Placed {
    let compiled = context.compiled_code().expect("just compiled");
    let mut code = check.map_or(Vec::new(), |c| c.prefix(Reach::Padded));
    let body_offset = code.len() as u32;
    code.extend_from_slice(compiled.buffer.data());
    let map = Map {
        tail: code.len(),
        laid_out: None,
        shift: body_offset,
    };
    code.resize(code.len() + tail, 0);
    (code, body_offset, Reach::Padded, map)
}

/// Relocations of the calls that only mark landings of `recover`.
fn marks(relocs: &[(u32, Target)], translated: &Translated) -> Vec<u32> {
    let is_mark = |target: &Target| match (target, translated.landing_mark) {
        (Target::Outside(reloc), Some(mark)) => {
            matches!(reloc.target, RelocTarget::Sym(s) if s == mark)
        }
        _ => false,
    };
    let marks = relocs.iter().filter(|(_, target)| is_mark(target));
    marks.map(|(offset, _)| *offset).collect()
}

fn reloc_kind(kind: Reloc) -> RelocKind {
    match kind {
        Reloc::X86CallPCRel4 | Reloc::X86PCRel4 => RelocKind::Rel32,
        Reloc::Abs8 => RelocKind::Abs64,
        other => unreachable!("Cranelift made a relocation of kind {other:?}"),
    }
}

enum Target {
    /// Offset and addend still as Cranelift gave them.
    Outside(CodeReloc),
    Helper(LocalHelper),
}

fn target(reloc: &FinalizedMachReloc, context: &Context, translated: &Translated) -> Target {
    let FinalizedRelocTarget::ExternalName(name) = &reloc.target else {
        unreachable!("a relocation into the function itself");
    };
    let ExternalName::User(name) = name else {
        // `translate` uses no operation that is a library call at the chosen level.
        unreachable!("Cranelift made a library call: {name:?}");
    };
    let UserExternalName { namespace, index } = context.func.params.user_named_funcs()[*name];
    let target = match Namespace::of(namespace) {
        Namespace::Symbol => RelocTarget::Sym(SymId(index)),
        Namespace::Named => RelocTarget::Named(translated.names[index as usize]),
        Namespace::Helper => return Target::Helper(LocalHelper::ALL[index as usize]),
    };
    Target::Outside(CodeReloc {
        offset: reloc.offset,
        kind: reloc_kind(reloc.kind),
        target,
        addend: reloc.addend,
    })
}

/// Routines that are appended to the function itself.
struct Helpers(Vec<LocalHelper>);

impl Helpers {
    fn used(relocs: &[(u32, Target)]) -> Helpers {
        let is_used = |helper: &LocalHelper| {
            let mut targets = relocs.iter().map(|r| &r.1);
            targets.any(|t| matches!(t, Target::Helper(h) if h == helper))
        };
        Helpers(LocalHelper::ALL.iter().copied().filter(is_used).collect())
    }

    fn len(&self) -> usize {
        self.0.iter().map(|h| h.code().len()).sum()
    }

    /// Where a helper begins, counted from the first.
    fn offset(&self, helper: LocalHelper) -> usize {
        let before = self.0.iter().take_while(|h| **h != helper);
        before.map(|h| h.code().len()).sum()
    }

    fn place(&self, tail: &mut [u8]) {
        for helper in &self.0 {
            let at = self.offset(*helper);
            tail[at..at + helper.code().len()].copy_from_slice(helper.code());
        }
    }
}

/// Cranelift's ranges as rows; gaps belong to what came before them.
fn line_rows(context: &Context, map: &Map) -> Vec<LineRow> {
    let compiled = context.compiled_code().expect("just compiled");
    let mut rows = vec![LineRow {
        offset: 0,
        loc: Loc(0),
    }];
    for range in compiled.buffer.get_srclocs_sorted() {
        if range.loc.is_default() {
            continue;
        }
        let row = LineRow {
            offset: map.offset(range.start),
            loc: Loc(range.loc.bits()),
        };
        push_row(&mut rows, row);
    }
    match &map.laid_out {
        Some(laid_out) if !laid_out.copies.is_empty() => {
            rows_with_copies(&rows, &laid_out.copies, |old| map.offset(old))
        }
        _ => rows,
    }
}

fn push_row(rows: &mut Vec<LineRow>, row: LineRow) {
    if rows.last().is_some_and(|last| last.offset == row.offset) {
        rows.pop();
    }
    if rows.last().is_none_or(|last| last.loc != row.loc) {
        rows.push(row);
    }
}

/// Copied instructions have the locations of their originals.
fn rows_with_copies(
    rows: &[LineRow],
    copies: &[(u32, u32, u32)],
    new_offset: impl Fn(u32) -> u32,
) -> Vec<LineRow> {
    let loc_at = |offset: u32| rows[rows.partition_point(|r| r.offset <= offset) - 1].loc;
    let mut changes: Vec<LineRow> = Vec::with_capacity(rows.len() + 2 * copies.len());
    let is_copied = |offset| {
        let next = copies.partition_point(|c| c.1 <= offset);
        copies.get(next).is_some_and(|c| c.0 <= offset)
    };
    changes.extend(rows.iter().filter(|row| !is_copied(row.offset)));
    for &(start, end, old) in copies {
        let loc = loc_at(new_offset(old));
        changes.push(LineRow { offset: start, loc });
        if !is_copied(end) {
            let loc = loc_at(end);
            changes.push(LineRow { offset: end, loc });
        }
    }
    changes.sort_by_key(|row| row.offset);
    let mut out = Vec::with_capacity(changes.len());
    for row in changes {
        push_row(&mut out, row);
    }
    out
}
