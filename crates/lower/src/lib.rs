//! Lowering: a checked program becomes the IR of everything that can run.
//!
//! Takes: a [`goxide_types::Program`] and the main package. Gives: an [`ir::Module`] with
//! all reachable functions, type descriptors, itabs, variables and sites, or diagnostics.
//! Must not know: Cranelift, files on disk.
//!
//! # How it works
//!
//! [`program::Lower`] holds everything and runs a worklist. Roots are the runtime's entry
//! points (`abi::EntryPoint`), the handlers of failed checks, and with `runtime.main` the
//! initialisers of all packages and `main.main`. Asking for a function's symbol queues its
//! body; asking for a descriptor queues what the descriptor refers to; a map-valued
//! package variable's initialiser is queued when something refers to the variable. When the
//! queue is empty, methods of types whose descriptors are *live* (convertible to an
//! interface) are matched against the interface methods that reachable code calls (rapid type
//! analysis); new ones are queued, until nothing is added. Then data is written.
//!
//! | module | what |
//! |---|---|
//! | [`mono`] | concrete types ([`mono::RType`]): one id for all identical types |
//! | [`layout`] | sizes, components, pointer masks |
//! | [`methods`] | method sets of concrete types |
//! | [`names`], [`func_names`] | type and function names |
//! | [`links`] | `//go:linkname` |
//! | [`abi`] | Go signatures as scalars |
//! | [`program`] | worklist, function instances, names |
//! | [`symbols`] | symbols, strings, constants and other data |
//! | [`facts`] | which variables are captured, shared, reassigned |
//! | [`desc`] | type descriptors, itabs, live methods |
//! | [`equality`] | generated equality and hash functions |
//! | [`statics`] | package variables: data where possible, initialiser functions elsewhere |
//! | [`init`] | order of initialisation |
//! | [`intrinsics`] | functions that become a few instructions |
//! | [`synthetic`] | method wrappers, method values and expressions, stubs |
//! | [`func`] | bodies: [`func::FuncLower`] |
//! | [`bodies`] | bodies kept from one compilation to the next |
//!
//! # Values
//!
//! A value of register class is its scalars, one of memory class an address
//! ([`func::Val`]). Variables that are neither captured by reference nor have their address
//! taken are builder variables (register class) or stack slots (memory class); the others
//! are `New` objects, which the escape pass of `opt` moves to the frame where it can.

pub mod abi;
pub mod bodies;
pub mod desc;
pub mod equality;
pub mod facts;
pub mod func;
pub mod func_names;
pub mod init;
pub mod intrinsics;
pub mod layout;
pub mod links;
pub mod methods;
pub mod mono;
pub mod names;
pub mod program;
pub mod statics;
pub mod symbols;
pub mod synthetic;

pub use bodies::{Answers, Bodies, Key, LoweredUnit};
pub use links::Diagnostic;
pub use program::Options;
pub use statics::{EmbedFile, Embeds};

use goxide_base::IndexVec;
use goxide_ir as ir;
use goxide_types::{PkgId, Program};

/// Lowers a program. `program` holds all packages that `main` imports, and `runtime` with
/// what it imports.
///
/// # Errors
/// Everything that cannot be compiled, with positions.
pub fn lower_program(
    program: &mut Program,
    main: PkgId,
    options: &Options,
) -> Result<ir::Module, Vec<Diagnostic>> {
    lower_program_with(program, main, options, None)
}

/// The same; bodies that `bodies` has are not lowered again.
///
/// # Errors
/// As [`lower_program`].
pub fn lower_program_with(
    program: &mut Program,
    main: PkgId,
    options: &Options,
    bodies: Option<&mut dyn Bodies>,
) -> Result<ir::Module, Vec<Diagnostic>> {
    let files: IndexVec<PkgId, _> = program.packages.iter().map(|p| p.files.clone()).collect();
    let mut lower = program::Lower::new(program, &files, main, options);
    if let Some(bodies) = bodies {
        lower.bodies = Some(bodies);
    }
    lower.run();
    if lower.errors.is_empty() {
        Ok(lower.module)
    } else {
        Err(lower.errors)
    }
}
