//! The first half of the optimiser for a program of which some functions are not there,
//! because what comes of them is known from earlier.
//!
//! What the first half makes of a function depends on the function, on what the symbols in it
//! lead to ([`crate::References`]), and, where it calls methods of interfaces, on which types
//! there are ([`Partly::cases`]): who says that the result is known has to see to these.

use crate::interfaces::Interfaces;
use crate::whole::Context;
use crate::{INTERFACES, Options, PASSES, Whole, devirtualize, run, simplify};
use goxide_ir::{Function, Module, SymId};

/// The first half under way.
pub struct Partly {
    interfaces: Interfaces,
    options: Options,
}

impl Partly {
    /// Runs the passes up to the one for interfaces on the functions of a module. `others`:
    /// the functions that are not there, with their costs ([`Partly::small_cost`]).
    pub fn begin(
        module: &mut Module,
        options: &Options,
        others: impl IntoIterator<Item = (SymId, u32)>,
    ) -> Partly {
        let mut context = Context::new(*options, Whole::default());
        let passes = PASSES.iter().take_while(|pass| pass.name != INTERFACES);
        run(module, passes, &mut context, |_, _| {});
        Partly {
            interfaces: Interfaces::of(module, others),
            options: *options,
        }
    }

    /// What a function costs once it is inlined, if it is small.
    pub fn small_cost(&self, function: SymId) -> Option<u32> {
        self.interfaces.small_cost(function)
    }

    /// What a call of a method of an interface type is compared with, and what is called then.
    pub fn cases(&mut self, interface: SymId, index: u32) -> Option<&[(SymId, SymId)]> {
        match self.options.inline {
            true => self.interfaces.cases(interface, index),
            false => None,
        }
    }

    /// Runs the rest of the first half.
    pub fn finish(&mut self, module: &mut Module) {
        for func in &mut module.functions {
            self.last(func);
        }
    }

    /// Runs the whole first half on a function that was not there.
    pub fn one(&mut self, func: &mut Function) {
        simplify::run(func);
        devirtualize::run_function(func, self.interfaces.known());
        self.last(func);
    }

    fn last(&mut self, func: &mut Function) {
        if self.options.inline {
            self.interfaces.rewrite(func);
        }
    }
}
