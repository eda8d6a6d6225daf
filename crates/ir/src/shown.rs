//! What reports (`-gcflags=-m`) call a function's parameters, results and objects. Only there
//! when reports are asked for, and no part of what a function does.

use crate::func::Inst;
use goxide_base::{Pos, Symbol};

/// Names of the source for parts of a function.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Parameters that hold pointers, the receiver first.
    pub params: Vec<ShownParam>,
    /// Results.
    pub results: Vec<ShownResult>,
    /// Instructions that make objects, with the expressions that ask for them.
    pub objects: Vec<(Inst, Pos, Symbol)>,
}

impl Shown {
    /// The result that a returned scalar belongs to.
    pub fn result_of(&self, scalar: u32) -> Option<&ShownResult> {
        self.results.iter().find(|r| scalar < r.end)
    }
}

/// A parameter of the source.
#[derive(Clone, Copy, Debug)]
pub struct ShownParam {
    /// Its name.
    pub name: Symbol,
    /// Where it is declared.
    pub pos: Pos,
    /// Its first scalar among the function's parameters.
    pub first: u32,
    /// How many it has.
    pub count: u32,
    /// Whether the only scalar is the address of the value.
    pub in_memory: bool,
}

/// A result of the source.
#[derive(Clone, Copy, Debug)]
pub struct ShownResult {
    /// Its name, or `~r` and its number.
    pub name: Symbol,
    /// The first scalar after it among those returned.
    pub end: u32,
}
