//! The way to the heap.

/// What a P keeps for the allocator.
pub struct PCache;

impl PCache {
    /// For a new P.
    pub fn new() -> PCache {
        PCache
    }
}

impl Default for PCache {
    fn default() -> Self {
        Self::new()
    }
}

/// Before anything is allocated.
pub fn initialize() {}

/// Starts the goroutine that runs finalizers.
///
/// # Safety
/// On an M with a P.
pub unsafe fn start_finalizers() {}

/// sysmon's look at the heap.
pub fn periodic(_now_ns: i64) {}

/// A zeroed object of `size` bytes; `ty` describes it (or the elements it consists of), 0:
/// no pointers.
///
/// # Safety
/// `ty` is 0 or the address of a type descriptor; on an M with a P.
pub unsafe fn alloc(size: usize, _ty: usize) -> *mut u8 {
    use std::sync::Mutex;
    static BUMP: Mutex<(usize, usize)> = Mutex::new((0, 0));
    let mut bump = BUMP.lock().unwrap();
    let size = (size.max(1) + 15) & !15;
    if bump.0 + size > bump.1 {
        let chunk = size.max(1 << 20);
        // SAFETY: a fresh anonymous mapping.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                chunk,
                3,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        *bump = (p as usize, p as usize + chunk);
    }
    let p = bump.0;
    bump.0 += size;
    p as *mut u8
}

/// Descriptor of [`crate::chan::Channel`] for the collector: its third word is a pointer.
pub fn channel_type() -> usize {
    0
}

/// A point where a collection may run: what the caller holds must be on the goroutine.
pub fn may_collect() {}

#[unsafe(no_mangle)]
unsafe extern "C" fn goxide_mallocgc_slow(size: usize, ty: usize, _zero: usize) -> usize {
    // SAFETY: Go passes a type descriptor or 0.
    unsafe { alloc(size, ty) as usize }
}
