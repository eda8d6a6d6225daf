//! The shape of a function: all of it that the code generator's work depends on.

use super::hash::{self, Bytes};
use goxide_base::FxHashMap;
use goxide_ir::{Function, Op, SymId};
use std::hash::Hash;

/// A function's shape, and what its code will refer to.
pub struct Shape {
    /// The shape's hash.
    pub hash: hash::Hash,
    /// Symbols in order of their first use: in the shape they are numbers in this list.
    pub symbols: Vec<SymId>,
}

impl Shape {
    /// The shape of a finished function. What is left out — names, positions, sites — is
    /// copied from the function to the compiled one and not looked at between.
    pub fn of(function: &Function) -> Shape {
        let mut out = Bytes(Vec::with_capacity(64 * function.insts.len()));
        let mut symbols = Symbols::default();
        super::result::flag_bits(function.flags).hash(&mut out);
        function.sig.hash(&mut out);
        // Large functions are compiled in another way.
        function.insts.len().hash(&mut out);
        function.values.len().hash(&mut out);
        function.values.iter().for_each(|v| v.ty.hash(&mut out));
        function.slots.len().hash(&mut out);
        for slot in function.slots.iter() {
            (slot.bytes, slot.align).hash(&mut out);
        }
        for block in function.blocks.iter() {
            (&block.params, block.term_loc, block.cold).hash(&mut out);
            block.insts.len().hash(&mut out);
            for &inst in &block.insts {
                let data = &function.insts[inst];
                let mut op = data.op.clone();
                op.for_each_sym_mut(|sym| symbols.number(sym));
                match &mut op {
                    Op::Call { site, .. } => *site = None,
                    Op::New { escaped, .. } => *escaped = None,
                    _ => {}
                }
                (inst, &data.results, data.loc, op).hash(&mut out);
            }
            let mut term = block.term.clone();
            term.for_each_sym_mut(|sym| symbols.number(sym));
            term.hash(&mut out);
        }
        Shape {
            hash: out.hash(),
            symbols: symbols.list,
        }
    }
}

#[derive(Default)]
struct Symbols {
    list: Vec<SymId>,
    numbers: FxHashMap<SymId, u32>,
}

impl Symbols {
    fn number(&mut self, sym: &mut SymId) {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(*sym).or_insert(next);
        if number == next {
            self.list.push(*sym);
        }
        *sym = SymId(number);
    }
}
