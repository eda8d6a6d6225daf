//! Detection of generic code whose instantiation would never end.

/// The graph of type parameters that flow into each other.
#[derive(Default)]
pub(crate) struct MonoGraph;
