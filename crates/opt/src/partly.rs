//! The first half of the optimiser for a program of which some functions are not there,
//! because what comes of them is known from earlier.
//!
//! What the first half makes of a function depends on the function, on what the symbols in it
//! lead to ([`crate::References`]), and, where it calls methods of interfaces, on which types
//! there are ([`Partly::cases`]): who says that the result is known has to see to these.

use crate::interfaces::Interfaces;
use crate::whole::Context;
use crate::{INTERFACES, Options, Pass, Whole, first_half, run};
use goxide_ir::{Function, Module, SymId};

/// The first half under way.
pub struct Partly {
    interfaces: Interfaces,
    context: Context,
}

/// The passes before the one for interfaces.
fn before_interfaces() -> impl Iterator<Item = &'static Pass> {
    first_half().take_while(|pass| pass.name != INTERFACES)
}

/// The passes of the first half behind it.
fn behind_interfaces() -> impl Iterator<Item = &'static Pass> {
    first_half()
        .skip_while(|pass| pass.name != INTERFACES)
        .skip(1)
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
        run(module, before_interfaces(), &mut context, |_, _| {});
        let known = context.known(module);
        Partly {
            interfaces: Interfaces::of(module, known, others),
            context,
        }
    }

    /// What a function costs once it is inlined, if it is small.
    pub fn small_cost(&self, function: SymId) -> Option<u32> {
        self.interfaces.small_cost(function)
    }

    /// What a call of a method of an interface type is compared with, and what is called then.
    pub fn cases(&mut self, interface: SymId, index: u32) -> Option<&[(SymId, SymId)]> {
        match self.context.options.inline {
            true => self.interfaces.cases(interface, index),
            false => None,
        }
    }

    /// Runs the rest of the first half on the functions of the module.
    pub fn finish(&mut self, module: &mut Module) {
        if self.context.options.inline {
            for func in &mut module.functions {
                self.interfaces.rewrite(func);
            }
        }
        run(module, behind_interfaces(), &mut self.context, |_, _| {});
    }

    /// Runs the whole first half on functions that were not there.
    pub fn late(&mut self, module: &mut Module, functions: &mut Vec<Function>) {
        if functions.is_empty() {
            return;
        }
        std::mem::swap(&mut module.functions, functions);
        run(module, before_interfaces(), &mut self.context, |_, _| {});
        self.finish(module);
        std::mem::swap(&mut module.functions, functions);
    }
}
