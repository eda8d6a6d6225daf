//! Words of the roots as the stop that begins marking finds them.
//!
//! What a stack points to is spread over the heap, so a look at each object's bits is a miss
//! of the processor's caches or two. That stop therefore only copies the words, and a marker
//! looks where they point. The stop that ends marking passes over those that have not changed:
//! what they point to is marked.

use crate::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::ops::Range;

/// More words than these are not copied: there the stop itself marks.
const MOST_WORDS: usize = 4096;
/// Most of them do not point into the heap.
const USUAL_WORDS: usize = 256;

/// Some words that may be pointers, with their addresses, which rise.
#[derive(Debug, Default)]
pub(crate) struct Copied {
    words: Vec<(usize, usize)>,
}

impl Copied {
    /// Copies the words that lie in `in_heap`, and removes the ranges of which it has done so.
    ///
    /// # Safety
    /// The ranges are readable.
    pub(crate) unsafe fn take(ranges: &mut Vec<Range<usize>>, in_heap: &Range<usize>) -> Copied {
        ranges.sort_unstable_by_key(|range| range.start);
        let mut words = Vec::with_capacity(USUAL_WORDS);
        ranges.retain(|range| {
            let too_many = words.len() + range.len() / 8 > MOST_WORDS;
            if !too_many {
                let copy = |at, word| words.push((at, word));
                // SAFETY: promised by the caller.
                unsafe { each_pointer(range.clone(), in_heap, copy) };
            }
            too_many
        });
        Copied { words }
    }

    /// The words.
    pub(crate) fn words(&self) -> impl Iterator<Item = usize> {
        self.words.iter().map(|&(_, word)| word)
    }

    /// Calls `visit` for the words of a range that may be pointers and are not as they were.
    ///
    /// # Safety
    /// The range is readable.
    pub(crate) unsafe fn each_changed(
        &self,
        range: Range<usize>,
        in_heap: &Range<usize>,
        mut visit: impl FnMut(usize),
    ) {
        let from = self.words.partition_point(|&(at, _)| at < range.start);
        let mut old = self.words[from..].iter();
        let see = |at, word| {
            while old
                .as_slice()
                .first()
                .is_some_and(|&(old_at, _)| old_at < at)
            {
                old.next();
            }
            if old.as_slice().first() != Some(&(at, word)) {
                visit(word);
            }
        };
        // SAFETY: promised by the caller.
        unsafe { each_pointer(range, in_heap, see) };
    }
}

/// Calls `visit` with address and value of each word that lies in `in_heap`.
///
/// # Safety
/// The range is readable; somebody may be writing it.
unsafe fn each_pointer(
    range: Range<usize>,
    in_heap: &Range<usize>,
    mut visit: impl FnMut(usize, usize),
) {
    for at in range.step_by(8) {
        // SAFETY: promised by the caller.
        let word = unsafe { (*(at as *const AtomicUsize)).load(Relaxed) };
        if in_heap.contains(&word) {
            visit(at, word);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_HEAP: Range<usize> = 100..200;

    fn range_of(words: &[usize]) -> Range<usize> {
        let words = words.as_ptr_range();
        words.start.addr()..words.end.addr()
    }

    fn changed(copied: &Copied, words: &[usize]) -> Vec<usize> {
        let mut found = vec![];
        // SAFETY: the words are there.
        unsafe { copied.each_changed(range_of(words), &IN_HEAP, |word| found.push(word)) };
        found
    }

    #[test]
    fn what_has_not_changed_is_passed_over() {
        let mut stack = [100, 5, 101, 102, 7, 103];
        let mut ranges = vec![range_of(&stack[3..]), range_of(&stack[..3])];
        // SAFETY: the words are there.
        let copied = unsafe { Copied::take(&mut ranges, &IN_HEAP) };
        assert!(ranges.is_empty());
        assert_eq!(copied.words().collect::<Vec<_>>(), [100, 101, 102, 103]);
        assert_eq!(changed(&copied, &stack), []);
        stack[1..5].copy_from_slice(&[101, 104, 6, 102]);
        assert_eq!(changed(&copied, &stack), [101, 104, 102]);
        assert_eq!(changed(&copied, &stack[2..5]), [104, 102]);
        assert_eq!(changed(&copied, &[103, 100]), [103, 100]);
    }

    #[test]
    fn a_large_stack_is_left_to_the_stop() {
        let (small, large) = ([100; 8], vec![101; MOST_WORDS + 1]);
        let mut ranges = vec![range_of(&large), range_of(&small)];
        // SAFETY: the words are there.
        let copied = unsafe { Copied::take(&mut ranges, &IN_HEAP) };
        assert_eq!(ranges, [range_of(&large)]);
        assert_eq!(copied.words().count(), 8);
    }
}
