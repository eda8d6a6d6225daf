//! From Cranelift's output to a [`CompiledFunction`].

use crate::prefix::{LEAF_FRAME_BYTES, StackCheck};
use crate::translate::{LocalHelper, Namespace, Translated};
use crate::{CodeReloc, CompiledFunction, LineRow, RelocKind, RelocTarget};
use cranelift_codegen::binemit::Reloc;
use cranelift_codegen::ir::{ExternalName, UserExternalName};
use cranelift_codegen::{Context, FinalizedRelocTarget};
use goxide_ir::{Function, Loc, SymId};

/// Bytes of stack below the return address for a saved rbp.
const SAVED_RBP_BYTES: u32 = 8;

/// Puts prefix, body, local helpers and slow path together.
pub fn finish(func: &Function, context: &Context, translated: &Translated) -> CompiledFunction {
    let compiled = context.compiled_code().expect("just compiled");
    let buffer = &compiled.buffer;
    let frame_to_fp = buffer
        .frame_layout()
        .map_or(0, |layout| layout.frame_to_fp_offset);
    let frame_size = frame_to_fp + SAVED_RBP_BYTES;
    let leaf = !translated.calls_go && frame_size <= LEAF_FRAME_BYTES;
    let check = (!func.flags.no_split && !leaf).then(|| StackCheck::new(frame_size));
    let mut code = check.as_ref().map_or(Vec::new(), |c| c.prefix.clone());
    let body_offset = code.len() as u32;
    code.extend_from_slice(buffer.data());
    let mut relocs = Vec::with_capacity(buffer.relocs().len() + 1);
    let mut helpers = Helpers::default();
    for reloc in buffer.relocs() {
        let offset = reloc.offset + body_offset;
        let kind = reloc_kind(reloc.kind);
        match target(&reloc.target, context, translated) {
            Target::Outside(target) => relocs.push(CodeReloc {
                offset,
                kind,
                target,
                addend: reloc.addend,
            }),
            Target::Helper(helper) => helpers.calls.push((helper, offset)),
        }
    }
    helpers.place(&mut code);
    if let Some(check) = check {
        relocs.push(check.append_slow_path(&mut code));
    }
    relocs.sort_by_key(|r| r.offset);
    CompiledFunction {
        sym: func.sym,
        name: func.name,
        pos: func.pos,
        align: 16.max(buffer.alignment),
        body_offset,
        frame_size,
        relocs,
        lines: line_rows(context, body_offset, code.len() as u32),
        locs: func.locs.clone(),
        flags: func.flags,
        code,
    }
}

fn reloc_kind(kind: Reloc) -> RelocKind {
    match kind {
        Reloc::X86CallPCRel4 | Reloc::X86PCRel4 => RelocKind::Rel32,
        Reloc::Abs8 => RelocKind::Abs64,
        other => unreachable!("Cranelift made a relocation of kind {other:?}"),
    }
}

enum Target {
    Outside(RelocTarget),
    Helper(LocalHelper),
}

fn target(target: &FinalizedRelocTarget, context: &Context, translated: &Translated) -> Target {
    let FinalizedRelocTarget::ExternalName(name) = target else {
        unreachable!("a relocation into the function itself");
    };
    let ExternalName::User(name) = name else {
        // `translate` uses no operation that is a library call at the chosen level.
        unreachable!("Cranelift made a library call: {name:?}");
    };
    let UserExternalName { namespace, index } = context.func.params.user_named_funcs()[*name];
    match Namespace::of(namespace) {
        Namespace::Symbol => Target::Outside(RelocTarget::Sym(SymId(index))),
        Namespace::Named => Target::Outside(RelocTarget::Named(translated.names[index as usize])),
        Namespace::Helper => Target::Helper(LocalHelper::ALL[index as usize]),
    }
}

/// Calls to routines that are appended to the function itself.
#[derive(Default)]
struct Helpers {
    calls: Vec<(LocalHelper, u32)>,
}

impl Helpers {
    fn place(&self, code: &mut Vec<u8>) {
        for helper in LocalHelper::ALL {
            let mut calls = self.calls.iter().filter(|(h, _)| h == helper).peekable();
            if calls.peek().is_none() {
                continue;
            }
            let at = code.len();
            code.extend_from_slice(helper.code());
            for &(_, field) in calls {
                let field = field as usize;
                let distance = (at - (field + 4)) as i32;
                code[field..field + 4].copy_from_slice(&distance.to_le_bytes());
            }
        }
    }
}

/// Cranelift's ranges as rows; gaps belong to what came before them.
fn line_rows(context: &Context, body_offset: u32, end: u32) -> Vec<LineRow> {
    let compiled = context.compiled_code().expect("just compiled");
    let declaration = Loc(0);
    let mut rows = vec![LineRow {
        offset: 0,
        loc: declaration,
    }];
    for range in compiled.buffer.get_srclocs_sorted() {
        if range.loc.is_default() {
            continue;
        }
        let row = LineRow {
            offset: range.start + body_offset,
            loc: Loc(range.loc.bits()),
        };
        debug_assert!(row.offset < end);
        match rows.last_mut() {
            Some(last) if last.loc == row.loc => {}
            Some(last) if last.offset == row.offset => *last = row,
            _ => rows.push(row),
        }
    }
    rows
}
