//! The runtime image.
fn main() {}
