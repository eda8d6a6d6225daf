//! The sanity collector: slow and obviously right.
//!
//! With `Config::sanity` a shadow heap remembers every allocation: where, how large, of what
//! type. After marking, reachability is computed once more from the shadow alone, one object
//! and one word at a time, and compared with the mark bits. It shares with the collector
//! proper only the list of roots and the pointer masks of types.

use crate::size_class::{HEADER_BYTES, MAX_BITMAP_BYTES};
use crate::types::Type;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

/// Every object that may be alive, by slot address.
#[derive(Default)]
pub(crate) struct Shadow {
    objects: BTreeMap<usize, ShadowObject>,
}

struct ShadowObject {
    slot_bytes: usize,
    /// What was asked for.
    bytes: usize,
    /// Address of the descriptor, or 0.
    ty: usize,
}

const LARGEST_WITH_HEADER: usize = 32768;

impl ShadowObject {
    fn header_bytes(&self) -> usize {
        let range = MAX_BITMAP_BYTES + 1..=LARGEST_WITH_HEADER;
        if self.ty != 0 && range.contains(&self.slot_bytes) {
            HEADER_BYTES
        } else {
            0
        }
    }
}

impl Shadow {
    /// Remembers an allocation.
    pub(crate) fn alloc(
        &mut self,
        slot: usize,
        slot_bytes: usize,
        bytes: usize,
        ty: Option<&Type>,
    ) {
        let ty = ty.map_or(0, |ty| ty as *const Type as usize);
        self.objects.insert(
            slot,
            ShadowObject {
                slot_bytes,
                bytes,
                ty,
            },
        );
    }

    /// Compares reachability from the roots with the marks; forgets what is not marked.
    /// Unless `exact`, what is marked need not be reachable.
    ///
    /// # Safety
    /// The world is stopped; the roots are readable.
    pub(crate) unsafe fn check(
        &mut self,
        ranges: &[Range<usize>],
        words: &[usize],
        contents_of: &[usize],
        marked: impl Fn(usize) -> bool,
        exact: bool,
    ) {
        let mut reached = HashSet::new();
        let mut todo: Vec<usize> = words.to_vec();
        for range in ranges {
            // SAFETY: promised by the caller.
            todo.extend(range.clone().step_by(8).map(|at| unsafe { read_word(at) }));
        }
        for &object in contents_of {
            if let Some(slot) = self.slot_of(object) {
                // SAFETY: an allocated object.
                unsafe { self.push_pointers(slot, &mut todo) };
            }
        }
        while let Some(address) = todo.pop() {
            if let Some(slot) = self.slot_of(address)
                && reached.insert(slot)
            {
                // SAFETY: an allocated object.
                unsafe { self.push_pointers(slot, &mut todo) };
            }
        }
        for (&slot, object) in &self.objects {
            let (reachable, marked) = (reached.contains(&slot), marked(slot));
            assert!(
                reachable == marked || marked && !exact,
                "sanity collector: object {slot:#x} of {} bytes, type {:#x}: reachable \
                 {reachable}, marked {marked}",
                object.bytes,
                object.ty,
            );
        }
        self.objects.retain(|&slot, _| marked(slot));
    }

    fn slot_of(&self, address: usize) -> Option<usize> {
        let (&slot, object) = self.objects.range(..=address).next_back()?;
        (address - slot < object.slot_bytes).then_some(slot)
    }

    /// # Safety
    /// The object at `slot` is allocated and its type valid.
    unsafe fn push_pointers(&self, slot: usize, todo: &mut Vec<usize>) {
        let object = &self.objects[&slot];
        if object.ty == 0 {
            return;
        }
        // SAFETY: types of live objects are valid.
        let (ty, mask) = unsafe {
            let ty = &*(object.ty as *const Type);
            (ty, ty.mask())
        };
        let start = slot + object.header_bytes();
        for element in 0..object.bytes / ty.size {
            for word in 0..ty.ptr_bytes / 8 {
                // SAFETY: the mask has a bit for each word of `ptr_bytes`.
                let is_pointer = unsafe { *mask.add(word / 64) } >> (word % 64) & 1 == 1;
                if is_pointer {
                    // SAFETY: a word of the object.
                    todo.push(unsafe { read_word(start + element * ty.size + word * 8) });
                }
            }
        }
    }
}

/// # Safety
/// The word is readable.
unsafe fn read_word(at: usize) -> usize {
    // SAFETY: promised by the caller.
    unsafe { (at as *const usize).read() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::ANY_WORD;

    /// Three objects of two words: the first points to the second, nothing to the third.
    fn check(marked: [bool; 3]) -> bool {
        let mut memory = [[0usize; 2]; 3];
        memory[0][1] = &raw const memory[1] as usize + 8;
        let slots = [0, 1, 2].map(|i| &raw const memory[i] as usize);
        let mut shadow = Shadow::default();
        slots
            .iter()
            .for_each(|&slot| shadow.alloc(slot, 16, 16, Some(&ANY_WORD)));
        let is_marked = |slot| marked[slots.iter().position(|&s| s == slot).unwrap()];
        let check = std::panic::AssertUnwindSafe(|| {
            // SAFETY: the objects are in `memory`.
            unsafe { shadow.check(&[], &[slots[0]], &[], is_marked, true) }
        });
        std::panic::catch_unwind(check).is_ok()
    }

    #[test]
    fn differences_are_found() {
        assert!(check([true, true, false]));
        assert!(!check([true, false, false]), "freed too early");
        assert!(!check([true, true, true]), "kept for nothing");
    }
}
