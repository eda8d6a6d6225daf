//! The runtime image: `goxide-rt` as a static executable that is not position independent
//! and holds no program. `goxide-link` adds one: it places the program's segments after
//! the image's, resolves `runtime.*` against the image's symbol table, and stores the
//! address of the program's `ModuleHeader` in the image's `GOXIDE_MODULE` word.
//!
//! How to build it: `README.md` beside this crate.
//!
//! Must not know: anything; this is only the shell around the runtime.

#[global_allocator]
static SYSTEM_MEMORY: goxide_rt::SystemMemory = goxide_rt::SystemMemory;

fn main() {
    goxide_rt::main()
}
