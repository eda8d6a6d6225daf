//! The shape of a function: all of it that the code generator's work depends on.

use goxide_base::FxHashMap;
use goxide_ir::{FuncFlags, Function, Op, SymId};
use sha2::{Digest, Sha256};
use std::hash::{Hash, Hasher};

/// A hash of a shape.
pub type ShapeHash = [u8; 16];

/// A function's shape, and what its code will refer to.
pub struct Shape {
    /// The shape's hash.
    pub hash: ShapeHash,
    /// Symbols in order of their first use: in the shape they are numbers in this list.
    pub symbols: Vec<SymId>,
}

impl Shape {
    /// The shape of a finished function. What is left out — names, positions, sites — is
    /// copied from the function to the compiled one and not looked at between.
    pub fn of(function: &Function) -> Shape {
        let mut out = Bytes(Vec::with_capacity(64 * function.insts.len()));
        let mut symbols = Symbols::default();
        let FuncFlags {
            wrapper,
            no_inline,
            no_split,
            closure,
            no_return,
            cold,
            reinterprets,
        } = function.flags;
        let flags = [
            wrapper,
            no_inline,
            no_split,
            closure,
            no_return,
            cold,
            reinterprets,
        ];
        flags.hash(&mut out);
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
        let mut hash = ShapeHash::default();
        hash.copy_from_slice(&Sha256::digest(&out.0)[..size_of::<ShapeHash>()]);
        Shape {
            hash,
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

/// What is hashed, as bytes, so that a strong hash can be taken of it.
struct Bytes(Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Discriminants of enums: none of ours has more than 65,536 variants.
    fn write_isize(&mut self, n: isize) {
        self.0.extend_from_slice(&(n as u16).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        unreachable!("the bytes are hashed as a whole")
    }
}
