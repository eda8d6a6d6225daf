//! The compiled program beside the runtime: its header, found through [`GOXIDE_MODULE`].

use goxide_abi::{MODULE_MAGIC, ModuleHeader};
use std::ptr;

/// Address of the program's [`ModuleHeader`], patched in the executable file by `link`;
/// 0 in the bare image.
#[unsafe(no_mangle)]
#[used]
#[unsafe(link_section = ".data")]
pub static mut GOXIDE_MODULE: u64 = 0;

/// The program's header, if there is a program.
pub fn header() -> Option<&'static ModuleHeader> {
    // SAFETY: only the linker writes the word; volatile, since it does so behind rustc.
    let address = unsafe { ptr::read_volatile(&raw const GOXIDE_MODULE) };
    if address == 0 {
        return None;
    }
    // SAFETY: the linker placed a header there, which lives as long as the process.
    let header = unsafe { &*(address as *const ModuleHeader) };
    (header.magic == MODULE_MAGIC).then_some(header)
}
