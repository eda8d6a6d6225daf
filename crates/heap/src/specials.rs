//! Finalizers, cleanups and weak handles.

/// A finalizer or cleanup whose time has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    /// The object, made reachable again; 0 for a cleanup.
    pub object: usize,
    /// The func value to call.
    pub closure: usize,
}

/// Why a finalizer could not be set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SetFinalizerError {
    /// The address is in the heap's range but in no object.
    NotAnObject,
    /// The address is inside an object, not at its start.
    NotItsStart,
    /// The object has a finalizer already.
    HasOne,
}
