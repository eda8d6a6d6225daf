//! The optimiser: makes the IR of a whole program better.
//!
//! Takes: an [`ir::Module`]. Gives: the same module, changed in place.
//! Must not know: Go's types, Cranelift. What Cranelift does well on its own (value
//! numbering, strength reduction, dead code inside a function) is left to it.
//!
//! [`PASSES`] lists the passes in order, each with the reason for its place. A pass is one
//! file and one function; it must leave functions that [`ir::verify`] accepts.
//!
//! [`ir::Module`]: goxide_ir::Module
//! [`ir::verify`]: goxide_ir::verify

mod callgraph;
mod cfg;
mod dce;
mod defers;
mod devirtualize;
mod escape;
mod facts;
mod gvn;
mod inline;
mod interfaces;
mod memory;
mod partly;
mod peel;
mod promote;
mod simplify;
mod thread;
mod whole;

pub use callgraph::components;
pub use partly::Partly;
pub use whole::{Leads, Learned, Outline, References, Whole};

use goxide_base::{FxHashMap, task};
use goxide_ir::{Function, Module, SymId};
use rayon::prelude::*;
use whole::Context;

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Optimise at all (`-N` switches it off).
    pub optimize: bool,
    /// Inline calls (`-l` switches it off).
    pub inline: bool,
    /// Note what is done, for reports.
    pub notes: bool,
    /// Check every function after every pass.
    pub verify: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            optimize: true,
            inline: true,
            notes: false,
            verify: cfg!(debug_assertions),
        }
    }
}

/// One pass.
pub struct Pass {
    /// Its name, as `goxide ssa --after` takes it.
    pub name: &'static str,
    /// Why it stands where it stands.
    pub reason: &'static str,
    run: fn(&mut Module, &mut Context),
}

/// All passes, in order.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "simplify",
        reason: "constants and dead branches first: everything after has less to look at",
        run: |module, _| each(module, simplify::run),
    },
    Pass {
        name: "devirtualize",
        reason: "before inlining, so that calls of known func values can be inlined",
        run: devirtualize::run,
    },
    Pass {
        name: "interfaces",
        reason: "before inlining, which is what makes the direct calls cheap",
        run: interfaces::run,
    },
    Pass {
        name: "inline",
        reason: "callees first, so that what is inlined is small already; with it frames of deferred calls, which may be gone before the caller is looked at",
        run: inline::run,
    },
    Pass {
        name: "simplify2",
        reason: "arguments that became constants decide branches of what was inlined",
        run: |module, _| each(module, simplify::run),
    },
    Pass {
        name: "escape",
        reason: "after inlining, which makes most objects local to one function",
        run: escape::run,
    },
    Pass {
        name: "promote",
        reason: "objects that escape analysis moved to the frame become values here",
        run: |module, _| each(module, promote::run),
    },
    Pass {
        name: "simplify3",
        reason: "values that came out of memory may be constants",
        run: |module, _| each(module, simplify::run),
    },
    Pass {
        name: "gvn",
        reason: "when all that can be a value is one: what is left in memory stays there",
        run: |module, _| each(module, gvn::run),
    },
    Pass {
        name: "peel",
        reason: "behind value numbering, which says what a round repeats, and before another",
        run: |module, _| {
            each(module, |func| {
                if peel::run(func) {
                    gvn::run(func);
                }
            });
        },
    },
    Pass {
        name: "dce",
        reason: "last: removes what all others left unused",
        run: |module, _| each(module, dce::run),
    },
];

/// The pass of [`prepare`] that looks at more than data and one function.
const INTERFACES: &str = "interfaces";
/// The first pass behind [`prepare`].
const SECOND_HALF: &str = "inline";

/// Runs all passes. `observe` sees the module after each one, with the pass's name.
///
/// # Panics
/// With `options.verify`, if a pass leaves a function that breaks the rules of form: the
/// message names pass and function.
pub fn optimize(module: &mut Module, options: &Options, mut observe: impl FnMut(&str, &Module)) {
    prepare(module, options, &mut observe);
    if options.optimize {
        finish(module, Whole::of(module), options, observe);
    }
}

/// The first half: passes whose result for one function depends on that function, the data
/// it names and how many types implement the interfaces that it uses. (See [`Partly`] for
/// programs of which some functions are not there.)
///
/// # Panics
/// As [`optimize`].
pub fn prepare(module: &mut Module, options: &Options, mut observe: impl FnMut(&str, &Module)) {
    observe("lower", module);
    if options.optimize {
        let mut context = Context::new(*options, Whole::default());
        run(module, first_half(), &mut context, observe);
    }
}

/// The passes of [`prepare`].
fn first_half() -> impl Iterator<Item = &'static Pass> {
    PASSES.iter().take_while(|pass| pass.name != SECOND_HALF)
}

/// The second half, of all functions or of some. `whole` was made from all of them, and is
/// told ([`Whole::leave_out`]) about those that are not in the module now or only to be
/// inlined; these are gone afterwards. Gives what there is to know about the others.
///
/// # Panics
/// As [`optimize`].
pub fn finish(
    module: &mut Module,
    whole: Whole,
    options: &Options,
    observe: impl FnMut(&str, &Module),
) -> FxHashMap<SymId, Learned> {
    let mut context = Context::new(*options, whole);
    let passes = PASSES.iter().skip_while(|pass| pass.name != SECOND_HALF);
    run(module, passes, &mut context, observe);
    context.learned
}

fn run<'p>(
    module: &mut Module,
    passes: impl Iterator<Item = &'p Pass>,
    context: &mut Context,
    mut observe: impl FnMut(&str, &Module),
) {
    for pass in passes {
        (pass.run)(module, context);
        if context.options.verify {
            for function in &module.functions {
                if let Err(error) = goxide_ir::verify(function) {
                    panic!("after pass {}: {error}", pass.name);
                }
            }
        }
        observe(pass.name, module);
    }
}

/// Runs a pass that looks at one function at a time, on all threads.
fn each(module: &mut Module, pass: fn(&mut Function)) {
    module.functions.par_iter_mut().for_each(|function| {
        task::working_on("optimise", function.name);
        pass(function);
    });
}
