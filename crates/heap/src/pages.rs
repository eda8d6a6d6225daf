//! The page heap: which runs of pages are free, and which of them the OS has back.

use crate::os::OutOfMemory;
use crate::space::{ARENA_PAGES, PAGE_BYTES, Page, Space};
use std::collections::{BTreeMap, BTreeSet};

/// Free runs, never adjacent; best fit, lowest address first.
///
/// What the last request left of its run stays out of the lists, *open*: the next one will
/// probably be served from it, and only has to look whether a shorter run would do.
#[derive(Default)]
pub(crate) struct PageHeap {
    by_start: BTreeMap<Page, u32>,
    by_length: BTreeSet<(u32, Page)>,
    /// First page and length (0: there is none).
    open: (Page, u32),
    /// A bit for each committed page: free and known to read as zeroes.
    released: Vec<u64>,
    free_pages: usize,
    released_pages: usize,
}

/// Pages taken from the heap.
pub(crate) struct Pages {
    pub(crate) start: Page,
    /// All of them read as zeroes.
    pub(crate) zeroed: bool,
}

impl PageHeap {
    /// Takes `count` pages, committing more memory if there is no such run.
    pub(crate) fn take(&mut self, space: &Space, count: u32) -> Result<Pages, OutOfMemory> {
        let start = self.take_run(space, count)?;
        let released = self.count_released(start, count);
        self.set_released(start, count, false);
        self.free_pages -= count as usize;
        self.released_pages -= released;
        Ok(Pages {
            start,
            zeroed: released == count as usize,
        })
    }

    /// The first `count` pages of the shortest run that has as many.
    fn take_run(&mut self, space: &Space, count: u32) -> Result<Page, OutOfMemory> {
        let listed = self.by_length.range((count, 0)..).next().copied();
        let (start, length) = self.open;
        if length >= count && listed.is_none_or(|(listed, _)| length <= listed) {
            self.open = (start + count, length - count);
            return Ok(start);
        }
        self.close();
        let (length, start) = match listed {
            Some(run) => run,
            None => {
                self.grow(space, count)?;
                let run = self.by_length.range((count, 0)..).next();
                *run.expect("grown by enough")
            }
        };
        self.remove(start, length);
        self.open = (start + count, length - count);
        Ok(start)
    }

    /// Puts the open run to the others. (It has no neighbours: they would have been put to it.)
    fn close(&mut self) {
        let (start, length) = std::mem::take(&mut self.open);
        if length > 0 {
            self.insert(start, length);
        }
    }

    /// Gives pages back to the heap, not to the OS.
    pub(crate) fn put(&mut self, start: Page, count: u32) {
        if count > 0 {
            self.free_pages += count as usize;
            self.insert_coalesced(start, count);
        }
    }

    /// Gives free pages back to the OS, the longest runs first, until no more than
    /// `keep_bytes` of free pages are resident or `most_bytes` have been given back. True if
    /// there is more to give back.
    pub(crate) fn release(&mut self, space: &Space, keep_bytes: usize, most_bytes: usize) -> bool {
        self.close();
        let mut released_bytes = 0;
        let mut done = u32::MAX;
        while self.resident_free_bytes() > keep_bytes {
            if released_bytes >= most_bytes {
                return true;
            }
            let Some((length, start)) = self.longest_resident_run(done) else {
                break;
            };
            done = length;
            match self.release_run(space, start, length) {
                0 => break,
                bytes => released_bytes += bytes,
            }
        }
        false
    }

    /// Gives free pages back to the OS, about so many bytes and no more; how many there were.
    pub(crate) fn release_parts(&mut self, space: &Space, bytes: usize) -> usize {
        if self.resident_free_bytes() == 0 {
            return 0;
        }
        self.close();
        let (mut released_bytes, mut done) = (0, u32::MAX);
        while released_bytes < bytes {
            let Some((length, start)) = self.longest_resident_run(done) else {
                break;
            };
            let wanted = (bytes - released_bytes).div_ceil(PAGE_BYTES);
            let mut part = length.min(u32::try_from(wanted).unwrap_or(u32::MAX));
            if self.count_released(start + length - part, part) > 0 {
                part = length;
            }
            done = length;
            match self.release_run(space, start + length - part, part) {
                0 => break,
                bytes => released_bytes += bytes,
            }
        }
        released_bytes
    }

    /// A run with resident pages, the longest of at most `limit` pages.
    fn longest_resident_run(&self, limit: u32) -> Option<(u32, Page)> {
        let mut runs = self.by_length.range(..=(limit, Page::MAX)).rev().copied();
        runs.find(|&(length, start)| self.count_released(start, length) < length as usize)
    }

    /// Gives one run back; the bytes that were resident.
    fn release_run(&mut self, space: &Space, start: Page, length: u32) -> usize {
        // SAFETY: the run is in the free lists, and their lock is held.
        if !unsafe { space.release(start, length) } {
            return 0;
        }
        let resident = length as usize - self.count_released(start, length);
        self.set_released(start, length, true);
        self.released_pages += resident;
        resident * PAGE_BYTES
    }

    /// Bytes of free pages.
    pub(crate) fn free_bytes(&self) -> usize {
        self.free_pages * PAGE_BYTES
    }

    /// Bytes of free pages that the OS has back.
    pub(crate) fn released_bytes(&self) -> usize {
        self.released_pages * PAGE_BYTES
    }

    /// Bytes of free pages that the OS does not have back.
    pub(crate) fn resident_free_bytes(&self) -> usize {
        (self.free_pages - self.released_pages) * PAGE_BYTES
    }

    fn grow(&mut self, space: &Space, count: u32) -> Result<(), OutOfMemory> {
        let arenas = (count as usize).div_ceil(ARENA_PAGES);
        let start = space.grow(arenas)?;
        let pages = (arenas * ARENA_PAGES) as u32;
        self.released.resize((start + pages) as usize / 64, 0);
        self.set_released(start, pages, true);
        self.free_pages += pages as usize;
        self.released_pages += pages as usize;
        self.insert_coalesced(start, pages);
        Ok(())
    }

    fn insert_coalesced(&mut self, mut start: Page, mut count: u32) {
        let (open, length) = self.open;
        if start + count == open || open + length == start {
            self.close();
        }
        if let Some((&before, &length)) = self.by_start.range(..start).next_back() {
            debug_assert!(before + length <= start, "pages freed twice");
            if before + length == start {
                self.remove(before, length);
                (start, count) = (before, length + count);
            }
        }
        if let Some(&length) = self.by_start.get(&(start + count)) {
            self.remove(start + count, length);
            count += length;
        }
        self.insert(start, count);
    }

    fn insert(&mut self, start: Page, count: u32) {
        self.by_start.insert(start, count);
        self.by_length.insert((count, start));
    }

    fn remove(&mut self, start: Page, count: u32) {
        let was = self.by_start.remove(&start);
        let listed = self.by_length.remove(&(count, start));
        debug_assert!(was == Some(count) && listed);
    }

    fn count_released(&self, start: Page, count: u32) -> usize {
        crate::bits::range_masks(start as usize, count as usize)
            .map(|(word, mask)| (self.released[word] & mask).count_ones() as usize)
            .sum()
    }

    fn set_released(&mut self, start: Page, count: u32, value: bool) {
        for (word, mask) in crate::bits::range_masks(start as usize, count as usize) {
            if value {
                self.released[word] |= mask;
            } else {
                self.released[word] &= !mask;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_coalesce_and_are_zero_after_release() {
        let space = Space::new(0, 256 << 20).unwrap();
        let mut heap = PageHeap::default();
        let a = heap.take(&space, 3).unwrap();
        let b = heap.take(&space, 5).unwrap();
        assert!(a.zeroed && b.zeroed && b.start == a.start + 3);
        // SAFETY: the page was just taken, nobody else uses it.
        unsafe { *(space.address(a.start) as *mut u8) = 7 };
        heap.put(a.start, 3);
        heap.put(b.start, 5);
        assert_eq!(heap.resident_free_bytes(), 8 * PAGE_BYTES);
        let c = heap.take(&space, 4).unwrap();
        assert!(c.start == a.start && !c.zeroed);
        heap.put(c.start, 4);
        heap.release(&space, 0, usize::MAX);
        assert_eq!(heap.resident_free_bytes(), 0);
        let d = heap.take(&space, ARENA_PAGES as u32).unwrap();
        assert!(d.zeroed && d.start == a.start);
        // SAFETY: the page was just taken.
        assert_eq!(unsafe { *(space.address(d.start) as *const u8) }, 0);
        assert!(heap.take(&space, 4 * ARENA_PAGES as u32).is_err());
    }
}
