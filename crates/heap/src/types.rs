//! Go's type descriptors, as far as the collector reads them.

/// Head of `internal/abi.Type`.
#[repr(C)]
#[derive(Debug)]
pub struct Type {
    /// Bytes of a value.
    pub size: usize,
    /// Bytes up to the end of the last pointer in it.
    pub ptr_bytes: usize,
    /// Hash of the type.
    pub hash: u32,
    /// Flags.
    pub tflag: u8,
    /// Alignment of a variable.
    pub align: u8,
    /// Alignment of a field.
    pub field_align: u8,
    /// Kind.
    pub kind: u8,
    /// Equality func value.
    pub equal: usize,
    /// Pointer mask: a bit for each word of `ptr_bytes`, lowest first; with
    /// [`GC_MASK_ON_DEMAND`](Self::GC_MASK_ON_DEMAND) the address of a word for its address.
    pub gc_data: *const u8,
    /// Offset of the type's string.
    pub str: i32,
    /// Offset of the pointer type to it.
    pub ptr_to_this: i32,
}

impl Type {
    /// Flag in `tflag`: the pointer mask is made when first needed (types made by reflect).
    pub const GC_MASK_ON_DEMAND: u8 = 1 << 4;
}
