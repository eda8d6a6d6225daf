//! Go's type descriptors, as far as the collector reads them, and their pointer masks.

use crate::sync::atomic::{AtomicUsize, Ordering};

/// Head of `internal/abi.Type`.
///
/// The mask behind `gc_data` is readable in whole 8-byte words: the compiler pads it.
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

// SAFETY: descriptors are immutable but for the on-demand mask, which is set atomically.
unsafe impl Sync for Type {}

/// Tail of an array type's descriptor.
#[repr(C)]
struct ArrayType {
    head: Type,
    elem: *const Type,
    slice: *const Type,
    len: usize,
}

/// Tail of a struct type's descriptor.
#[repr(C)]
struct StructType {
    head: Type,
    package: usize,
    fields: *const StructField,
    field_count: usize,
    field_cap: usize,
}

#[repr(C)]
struct StructField {
    name: usize,
    ty: *const Type,
    offset: usize,
}

/// The type of memory whose words may all be pointers: one of them, repeated.
pub(crate) static ANY_WORD: Type = Type {
    size: 8,
    ptr_bytes: 8,
    hash: 0,
    tflag: 0,
    align: 8,
    field_align: 8,
    kind: 12,
    equal: 0,
    gc_data: &raw const ANY_WORD_MASK as *const u8,
    str: 0,
    ptr_to_this: 0,
};
static ANY_WORD_MASK: u64 = 1;

impl Type {
    /// Flag in `tflag`: the pointer mask is made when first needed (types made by reflect).
    pub const GC_MASK_ON_DEMAND: u8 = 1 << 4;
    const KIND_MASK: u8 = 31;
    const KIND_ARRAY: u8 = 17;
    const KIND_STRUCT: u8 = 25;

    /// The mask's words: bit i of word w for word 64 w + i of a value.
    ///
    /// # Safety
    /// The descriptor is valid.
    #[inline]
    pub(crate) unsafe fn mask(&self) -> *const u64 {
        if self.tflag & Self::GC_MASK_ON_DEMAND == 0 {
            return self.gc_data as *const u64;
        }
        // SAFETY: with the flag, `gc_data` points to a word that is 0 or a mask's address.
        unsafe { self.mask_on_demand() }
    }

    /// The type whose values, one after another, make up a value of this one, if that saves
    /// making a large mask: the element of a large array.
    ///
    /// # Safety
    /// The descriptor is valid.
    pub(crate) unsafe fn repeated_part(&self) -> &Type {
        let mut ty = self;
        while ty.tflag & Self::GC_MASK_ON_DEMAND != 0
            && ty.kind & Self::KIND_MASK == Self::KIND_ARRAY
        {
            // SAFETY: an array type has this tail, and its element type is valid.
            ty = unsafe { &*(*(ty as *const Type as *const ArrayType)).elem };
        }
        ty
    }

    /// # Safety
    /// The descriptor is valid and has [`GC_MASK_ON_DEMAND`](Self::GC_MASK_ON_DEMAND).
    #[cold]
    unsafe fn mask_on_demand(&self) -> *const u64 {
        // SAFETY: see above; the word is only accessed here.
        let place = unsafe { &*(self.gc_data as *const AtomicUsize) };
        let known = place.load(Ordering::Acquire);
        if known != 0 {
            return known as *const u64;
        }
        let mut mask = vec![0u64; self.ptr_bytes.div_ceil(512)];
        // SAFETY: the descriptor is valid.
        unsafe { self.add_bits(&mut mask, 0) };
        // Types made at run time are never freed, so the mask is not either.
        let mask = Box::leak(mask.into_boxed_slice()).as_ptr() as usize;
        match place.compare_exchange(0, mask, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => mask as *const u64,
            Err(theirs) => theirs as *const u64,
        }
    }

    /// Sets the bits of a value of this type that begins at `word`.
    ///
    /// # Safety
    /// The descriptor is valid, its tail included.
    unsafe fn add_bits(&self, mask: &mut [u64], word: usize) {
        if self.ptr_bytes == 0 {
            return;
        }
        if self.tflag & Self::GC_MASK_ON_DEMAND == 0 {
            for i in 0..self.ptr_bytes / 8 {
                // SAFETY: the mask has a bit for each word of `ptr_bytes`.
                let byte = unsafe { *self.gc_data.add(i / 8) };
                if byte >> (i % 8) & 1 == 1 {
                    mask[(word + i) / 64] |= 1 << ((word + i) % 64);
                }
            }
            return;
        }
        let this = self as *const Type;
        match self.kind & Self::KIND_MASK {
            Self::KIND_ARRAY => {
                // SAFETY: an array type has this tail, and its element type is valid.
                let (elem, len) = unsafe {
                    let array = &*(this as *const ArrayType);
                    (&*array.elem, array.len)
                };
                for i in 0..len {
                    // SAFETY: the element type is valid.
                    unsafe { elem.add_bits(mask, word + i * elem.size / 8) };
                }
            }
            Self::KIND_STRUCT => {
                // SAFETY: a struct type has this tail; its fields' types are valid.
                let fields = unsafe {
                    let tail = &*(this as *const StructType);
                    std::slice::from_raw_parts(tail.fields, tail.field_count)
                };
                for field in fields {
                    // SAFETY: the field's type is valid.
                    unsafe { (*field.ty).add_bits(mask, word + field.offset / 8) };
                }
            }
            kind => unreachable!("no type of kind {kind} has its pointer mask made on demand"),
        }
    }

    /// Pointer bits of `bytes` (at most 512) that hold values of this type one after another.
    ///
    /// # Safety
    /// The descriptor is valid and has pointers; `bytes` is a multiple of 8.
    #[inline]
    pub(crate) unsafe fn small_mask(&self, bytes: usize) -> u64 {
        // SAFETY: the mask is readable in words.
        let mut mask = unsafe { *self.mask() } & low_bits(self.ptr_bytes / 8);
        let mut filled = self.size / 8;
        let words = bytes / 8;
        while filled < words {
            mask |= mask << filled;
            filled *= 2;
        }
        mask & low_bits(words)
    }
}

/// The lowest `count` bits set, all of them for 64 or more.
#[inline]
pub(crate) fn low_bits(count: usize) -> u64 {
    if count >= 64 {
        u64::MAX
    } else {
        (1 << count) - 1
    }
}
