//! Settings, and the compilation of one function or of many in parallel.

use crate::{CompiledFunction, finish, translate};
use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, control::ControlPlane};
use cranelift_frontend::FunctionBuilderContext;
use goxide_ir::Function;
use rayon::prelude::*;
use std::cell::Cell;
use std::fmt;

/// Which instructions may be used. Fixed by the user, never taken from the machine that
/// compiles: an executable must run elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord)]
pub enum CpuLevel {
    /// Every x86-64 processor.
    #[default]
    V1,
    /// SSE4.2 and POPCNT (2009).
    V2,
    /// AVX2, BMI, FMA, LZCNT (2013).
    V3,
}

/// How hard Cranelift works.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum OptLevel {
    /// Compile fast; for unoptimised builds.
    None,
    /// Optimise for speed.
    #[default]
    Speed,
}

/// Settings of the code generator; all of them change the code (part of a cache's key).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    /// Instructions to use.
    pub cpu: CpuLevel,
    /// Effort.
    pub opt: OptLevel,
    /// Run Cranelift's verifier on what is translated (slow; for tests).
    pub verify: bool,
}

impl CpuLevel {
    /// Whether [`goxide_ir::Op::Fma`] can be compiled.
    pub fn has_fma(self) -> bool {
        self >= CpuLevel::V3
    }

    fn features(self) -> &'static [&'static str] {
        const V3: &[&str] = &[
            "has_sse3",
            "has_ssse3",
            "has_cmpxchg16b",
            "has_sse41",
            "has_sse42",
            "has_popcnt",
            "has_avx",
            "has_avx2",
            "has_fma",
            "has_bmi1",
            "has_bmi2",
            "has_lzcnt",
        ];
        match self {
            CpuLevel::V1 => &[],
            CpuLevel::V2 => &V3[..6],
            CpuLevel::V3 => V3,
        }
    }
}

/// Why a function could not be compiled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodegenError {
    /// The function.
    pub function: &'static str,
    /// What is the matter.
    pub message: String,
}

impl fmt::Display for CodegenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot compile {}: {}", self.function, self.message)
    }
}

impl std::error::Error for CodegenError {}

/// Functions of more instructions (initialisers of large tables) get the simple register
/// allocator: the good one's time grows with the square of a value's uses.
const LARGE_INSTS: usize = 10_000;

/// A code generator with its settings. Shared by all worker threads.
pub struct Backend {
    isa: OwnedTargetIsa,
    /// For functions of more than [`LARGE_INSTS`] instructions.
    large_isa: OwnedTargetIsa,
    options: Options,
}

/// What a worker thread keeps from one function to the next: large buffers.
struct Worker {
    context: Context,
    builder: FunctionBuilderContext,
}

thread_local! {
    static WORKER: Cell<Option<Worker>> = const { Cell::new(None) };
}

impl Worker {
    fn new() -> Worker {
        Worker {
            context: Context::new(),
            builder: FunctionBuilderContext::new(),
        }
    }
}

impl Backend {
    /// A code generator for x86-64 Linux.
    pub fn new(options: Options) -> Backend {
        let regalloc = match options.opt {
            OptLevel::None => "single_pass",
            OptLevel::Speed => "backtracking",
        };
        Backend {
            isa: make_isa(&options, regalloc),
            large_isa: make_isa(&options, "single_pass"),
            options,
        }
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Compiles one function.
    ///
    /// # Errors
    /// If the function uses something the processor level does not have, or is beyond a
    /// limit of Cranelift (the size of a frame, for one).
    pub fn compile(&self, func: &Function) -> Result<CompiledFunction, CodegenError> {
        // Taken out while it is used: what a panic leaves behind is not used again.
        let mut worker = WORKER.take().unwrap_or_else(Worker::new);
        let result = self.compile_with(func, &mut worker);
        WORKER.set(Some(worker));
        result
    }

    /// Compiles many functions on all threads of the current rayon pool. Results are in
    /// order of the input; the first error in that order wins.
    ///
    /// # Errors
    /// As [`Backend::compile`].
    pub fn compile_all(&self, funcs: &[Function]) -> Result<Vec<CompiledFunction>, CodegenError> {
        let results: Vec<_> = funcs.par_iter().map(|f| self.compile(f)).collect();
        results.into_iter().collect()
    }

    fn compile_with(
        &self,
        func: &Function,
        worker: &mut Worker,
    ) -> Result<CompiledFunction, CodegenError> {
        if self.options.opt == OptLevel::Speed
            && let Some(done) = self.attempt(func, worker, true)?
        {
            return Ok(done);
        }
        let plain = self.attempt(func, worker, false)?;
        Ok(plain.expect("only the pass over finished code gives up"))
    }

    /// Compiles with or without the pass over finished code; `None` if the pass gave up.
    fn attempt(
        &self,
        func: &Function,
        worker: &mut Worker,
        improve: bool,
    ) -> Result<Option<CompiledFunction>, CodegenError> {
        let fail = |message: String| CodegenError {
            function: func.name.as_str(),
            message,
        };
        let large = func.insts.len() > LARGE_INSTS;
        let isa = if large { &self.large_isa } else { &self.isa };
        let target = translate::Target {
            cpu: self.options.cpu,
            improve,
            frontend: isa.frontend_config(),
        };
        worker.context.clear();
        let out = &mut worker.context.func;
        let translated =
            translate::translate(func, target, out, &mut worker.builder).map_err(fail)?;
        worker
            .context
            .compile(&**isa, &mut ControlPlane::default())
            .map_err(|e| fail(format!("{:?}", e.inner)))?;
        Ok(finish::finish(func, &worker.context, &translated, improve))
    }
}

fn make_isa(options: &Options, regalloc: &str) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    let opt_level = match options.opt {
        OptLevel::None => "none",
        OptLevel::Speed => "speed",
    };
    for (name, value) in [
        ("opt_level", opt_level),
        ("regalloc_algorithm", regalloc),
        (
            "enable_verifier",
            if options.verify { "true" } else { "false" },
        ),
        ("enable_pinned_reg", "true"),
        ("preserve_frame_pointers", "true"),
        ("unwind_info", "false"),
        ("is_pic", "false"),
        ("enable_probestack", "false"),
        ("enable_heap_access_spectre_mitigation", "false"),
        ("enable_table_access_spectre_mitigation", "false"),
        ("machine_code_cfg_info", "true"),
    ] {
        flags.set(name, value).expect("a setting of Cranelift");
    }
    let triple = "x86_64-unknown-linux-gnu".parse().expect("a known target");
    let mut isa = isa::lookup(triple).expect("Cranelift has x86-64");
    for feature in options.cpu.features() {
        isa.enable(feature).expect("a feature of x86-64");
    }
    isa.finish(settings::Flags::new(flags))
        .expect("consistent settings")
}
