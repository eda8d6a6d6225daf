//! Names for reports: which expression an object comes from, and what parameters and results
//! are called.

use super::closure::Parts;
use super::{FuncLower, Val};
use goxide_base::{Pos, Symbol};
use goxide_ir::{Op, Shown, ShownParam, ShownResult, Ty, Value, ValueDef};
use goxide_syntax::ast::{CompositeLit, Expr, ExprKind};

impl FuncLower<'_, '_> {
    /// Whether reports are about this function.
    pub fn has_reports(&self) -> bool {
        self.l.shown.contains(&self.shared.pkg)
    }

    fn shown(&mut self) -> &mut Shown {
        self.b.func.shown.get_or_insert_default()
    }

    /// Remembers that the object at `addr` was made for an expression at `pos`; nothing if it
    /// was not made here.
    pub fn name_object(&mut self, addr: Value, pos: Pos, text: impl FnOnce() -> String) {
        if !self.has_reports() {
            return;
        }
        let ValueDef::Result(inst, 0) = self.b.func.values[addr].def else {
            return;
        };
        if matches!(
            self.b.func.insts[inst].op,
            Op::New { escaped: None, .. } | Op::Call { .. }
        ) {
            let text = Symbol::intern(&text());
            self.shown().objects.push((inst, pos, text));
        }
    }

    /// The same for the object that a slice, pointer or func value leads to.
    pub fn name_value(&mut self, val: &Val, pos: Pos, text: impl FnOnce() -> String) {
        if let Val::Scalars(scalars) = val
            && let Some(&first) = scalars.first()
        {
            self.name_object(first, pos, text);
        }
    }

    /// The same for what a value that is put into an interface is copied to.
    pub fn name_boxed(&mut self, val: &Val, e: &Expr) {
        if let Val::Scalars(scalars) = val
            && let [_, data] = scalars[..]
        {
            self.name_object(data, e.start(), || e.to_string());
        }
    }

    /// Remembers the names of parameters and results.
    pub fn name_params(&mut self, parts: &Parts<'_>) {
        if !self.has_reports() {
            return;
        }
        for (i, &(obj, _)) in parts.params.iter().enumerate() {
            let param = &parts.abi.params[i];
            let Some(object) = obj.map(|o| self.l.prog.obj(o)) else {
                continue;
            };
            let (name, pos) = (object.name, object.pos);
            let in_memory = param.layout.comps.is_none();
            let count = param.layout.comps.as_ref().map_or(1, |c| c.len());
            let first = param.first;
            let params = &self.b.func.blocks[goxide_ir::Function::ENTRY].params;
            let pointers = params[first..first + count].iter();
            let has_pointers = pointers.copied().any(|v| self.b.func.ty(v) == Ty::Ptr);
            if has_pointers && !name.is_blank() && (!in_memory || param.layout.has_pointers()) {
                self.shown().params.push(ShownParam {
                    name,
                    pos,
                    first: first as u32,
                    count: count as u32,
                    in_memory,
                });
            }
        }
        let mut end = 0;
        for (i, &(obj, _)) in parts.results.iter().enumerate() {
            let layout = &parts.abi.result_layouts[i];
            end += layout.comps.as_ref().map_or(1, |c| c.len()) as u32;
            let own = obj.map(|o| self.l.prog.obj(o).name);
            let name = own.unwrap_or_else(|| Symbol::intern(&format!("~r{i}")));
            self.shown().results.push(ShownResult { name, end });
        }
    }
}

/// A literal as reports write it: `[]int{...}`.
pub fn literal_text(c: &CompositeLit) -> Option<String> {
    let inside = if c.elems.is_empty() { "" } else { "..." };
    let ty = c.ty.as_ref()?;
    let short = |e: &Expr| !matches!(e.kind, ExprKind::StructType(_));
    Some(match short(ty) {
        true => format!("{ty}{{{inside}}}"),
        false => format!("struct {{ ... }}{{{inside}}}"),
    })
}
