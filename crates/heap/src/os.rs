//! The door to the operating system's memory: reserve, commit, release.

use std::io;

/// The OS refused memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfMemory {
    /// What was asked for.
    pub bytes: usize,
}

impl std::fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the operating system refused {} bytes of memory",
            self.bytes
        )
    }
}

impl std::error::Error for OutOfMemory {}

/// A range of address space, inaccessible until committed.
#[derive(Debug)]
pub(crate) struct Reservation {
    base: usize,
    bytes: usize,
}

impl Reservation {
    /// Reserves `bytes`, at `hint` if it is not 0 and the place is free, aligned to `align`
    /// (a power of two, at least a page).
    pub(crate) fn new(hint: usize, bytes: usize, align: usize) -> Result<Self, OutOfMemory> {
        let refused = OutOfMemory { bytes };
        if hint != 0
            && hint.is_multiple_of(align)
            && let Ok(base) = map(hint, bytes)
        {
            if base == hint {
                return Ok(Self { base, bytes });
            }
            unmap(base, bytes);
        }
        let wide = bytes.checked_add(align).ok_or(refused)?;
        let start = map(0, wide).map_err(|_| refused)?;
        let base = start.next_multiple_of(align);
        unmap(start, base - start);
        unmap(base + bytes, start + wide - (base + bytes));
        Ok(Self { base, bytes })
    }

    /// First address.
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// Makes part of the range readable and writable; its first reads give zeroes.
    pub(crate) fn commit(&self, start: usize, bytes: usize) -> Result<(), OutOfMemory> {
        assert!(start >= self.base && start + bytes <= self.base + self.bytes);
        // SAFETY: the range belongs to this reservation (asserted), so no other memory changes.
        let status =
            unsafe { libc::mprotect(start as *mut _, bytes, libc::PROT_READ | libc::PROT_WRITE) };
        if status == 0 {
            Ok(())
        } else {
            Err(OutOfMemory { bytes })
        }
    }

    /// Asks for huge pages in part of the range: fewer faults, fewer address translations.
    pub(crate) fn prefer_huge_pages(&self, start: usize, bytes: usize) {
        // SAFETY: advice does not change what the memory holds.
        unsafe { libc::madvise(start as *mut _, bytes, libc::MADV_HUGEPAGE) };
    }

    /// Gives the memory of part of the range back; it reads as zeroes afterwards.
    ///
    /// # Safety
    /// The range is committed, whole pages, and nothing in it is in use.
    pub(crate) unsafe fn release(&self, start: usize, bytes: usize) -> bool {
        debug_assert!(start >= self.base && start + bytes <= self.base + self.bytes);
        // SAFETY: promised by the caller.
        unsafe { libc::madvise(start as *mut _, bytes, libc::MADV_DONTNEED) == 0 }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        unmap(self.base, self.bytes);
    }
}

/// Processor time of this thread.
pub(crate) fn thread_cpu_ns() -> u64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: a clock that every thread has, and a place for its time.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn map(hint: usize, bytes: usize) -> io::Result<usize> {
    let mut flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    if hint != 0 {
        flags |= libc::MAP_FIXED_NOREPLACE;
    }
    // SAFETY: a new anonymous mapping that replaces nothing.
    let p = unsafe { libc::mmap(hint as *mut _, bytes, libc::PROT_NONE, flags, -1, 0) };
    if p == libc::MAP_FAILED {
        Err(io::Error::last_os_error())
    } else {
        Ok(p as usize)
    }
}

fn unmap(start: usize, bytes: usize) {
    if bytes > 0 {
        // SAFETY: the callers pass ranges of mappings they own and do not use again.
        unsafe { libc::munmap(start as *mut _, bytes) };
    }
}
