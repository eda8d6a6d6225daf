//! Joins compiled code and data with the runtime image into an executable.
//!
//! Takes: the runtime image (a static, non-PIE ELF file), an [`ir::Module`]'s data and
//! symbols, and compiled functions. Gives: the bytes of an ELF executable.
//! Must not know: how code was made, or what the IR in the module means.
//!
//! The image stays as it is, at its addresses. Behind it, at [`layout::PROGRAM_BASE`], come
//! three segments of the program:
//!
//! ```text
//!  R   program headers | module header | tables | read-only data   (.gorodata)
//!  RX  functions                                                    (.gotext)
//!  RW  data | data without pointers | zeroed | zeroed, no pointers  (.godata, .gobss)
//! ```
//!
//! Every relocation is resolved here; the kernel loads the result as it lies. The image
//! finds the program through its word `GOXIDE_MODULE`, in which the address of the
//! [`abi::ModuleHeader`] is put.
//!
//! [`ir::Module`]: goxide_ir::Module
//! [`abi::ModuleHeader`]: goxide_abi::ModuleHeader

mod elf;
mod image;
mod layout;
mod relocate;
mod tables;

use goxide_base::SourceMap;
use goxide_clif::CompiledFunction;
use goxide_ir::Module;
use std::fmt;

/// The runtime image that this build of goxide embeds.
pub static RUNTIME_IMAGE: &[u8] = include_bytes!(env!("GOXIDE_RUNTIME_IMAGE"));

/// What is to be linked.
pub struct Program<'a> {
    /// Symbols, data, sites. Functions in it are not looked at.
    pub module: &'a Module,
    /// The compiled functions.
    pub functions: &'a [CompiledFunction],
    /// For file names and lines.
    pub sources: &'a SourceMap,
    /// What `runtime/debug.ReadBuildInfo` parses.
    pub build_info: &'a str,
    /// Leave out the symbol table.
    pub strip: bool,
}

/// The data object that `debug/buildinfo` reads; it gets a section of its own name.
pub const BUILD_INFO: &str = "go:buildinfo";

/// Why linking failed.
#[derive(Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The runtime image is not what this crate can extend.
    BadImage(String),
    /// Symbols that nothing defines, with one user each: (symbol, who refers to it).
    Undefined(Vec<(String, String)>),
    /// Two definitions of one symbol.
    Duplicate(String),
    /// The program does not fit the 2 GiB that code can reach.
    TooLarge,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::BadImage(why) => write!(f, "the runtime image cannot be used: {why}"),
            LinkError::Undefined(list) => {
                for (i, (symbol, user)) in list.iter().enumerate() {
                    let newline = if i == 0 { "" } else { "\n" };
                    write!(f, "{newline}{user}: relocation target {symbol} not defined")?;
                }
                Ok(())
            }
            LinkError::Duplicate(symbol) => write!(f, "duplicated definition of symbol {symbol}"),
            LinkError::TooLarge => f.write_str("the program is larger than 2 GiB"),
        }
    }
}

impl std::error::Error for LinkError {}

/// Links `program` to the runtime image. The same input gives the same bytes.
pub fn link(image: &[u8], program: &Program<'_>) -> Result<Vec<u8>, LinkError> {
    let image = image::Image::parse(image)?;
    let mut layout = layout::Layout::place(program, &image)?;
    tables::write(program, &mut layout)?;
    relocate::resolve(program, &image, &mut layout)?;
    elf::write(program, &image, &layout)
}
