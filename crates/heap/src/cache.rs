//! What one P allocates from without locks.

/// A P's share of the heap. Its fields are not part of the contract yet.
#[repr(C)]
pub struct Cache {
    _private: (),
}
