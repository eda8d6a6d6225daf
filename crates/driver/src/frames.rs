//! Functions whose frames are larger than Go allows, found before machine code is made for
//! them.

use crate::check::Checked;
use crate::failure::{Failure, PackageErrors};
use goxide_ir::Module;

/// The most that all of a function's frame may take.
const MAX_FRAME_BYTES: u64 = 1 << 30;

/// Refuses functions with too large a frame, in gc's words.
pub fn check(module: &Module, checked: &Checked) -> Result<(), Failure> {
    let mut messages = Vec::new();
    for function in &module.functions {
        let bytes: u64 = function.slots.iter().map(|s| u64::from(s.bytes)).sum();
        if bytes >= MAX_FRAME_BYTES {
            let megabytes = bytes >> 20;
            let why = format!("stack frame too large (>1GB): {megabytes} MB locals + 0 MB args");
            messages.push((function.pos, checked.positions.message(function.pos, &why)));
        }
    }
    if messages.is_empty() {
        return Ok(());
    }
    messages.sort();
    let named = checked.graph.roots.first();
    let package = named.map_or("", |id| checked.graph.packages[*id].path.as_str());
    Err(Failure::Compile(vec![PackageErrors {
        package: package.to_string(),
        messages: messages.into_iter().map(|(_, text)| text).collect(),
    }]))
}
