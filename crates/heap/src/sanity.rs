//! The sanity collector: slow and obviously right.
//!
//! With `Config::sanity` a shadow heap remembers every allocation: where, how large, of what
//! type. After marking, reachability is computed once more from the shadow alone, one object
//! and one word at a time, and compared with the mark bits. It shares with the collector
//! proper only the list of roots and the pointer masks of types.

use crate::size_class::{HEADER_BYTES, MAX_BITMAP_BYTES};
use crate::types::Type;
use std::collections::BTreeMap;
use std::collections::hash_map::{Entry, HashMap};
use std::fmt;
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
/// Steps of a way that are printed.
const LONGEST_WAY: usize = 20;

impl ShadowObject {
    fn header_bytes(&self) -> usize {
        let range = MAX_BITMAP_BYTES + 1..=LARGEST_WITH_HEADER;
        // (A large object may have the size of the largest slot: then it fills it.)
        let room = self.bytes + HEADER_BYTES <= self.slot_bytes;
        if self.ty != 0 && range.contains(&self.slot_bytes) && room {
            HEADER_BYTES
        } else {
            0
        }
    }
}

/// What reachability begins with.
pub(crate) struct ShadowRoots<'a> {
    /// Words that may be pointers.
    pub(crate) ranges: &'a [Range<usize>],
    /// Pointers of finalizers, cleanups and weak handles.
    pub(crate) words: &'a [usize],
    /// Objects whose contents are reachable.
    pub(crate) contents_of: &'a [usize],
}

/// Where a pointer was found.
#[derive(Clone, Copy)]
enum Place {
    /// At this offset from the start of the slot.
    Object { slot: usize, offset: usize },
    /// In the word at this address.
    Root(usize),
    /// In the tables of specials.
    Special,
}

/// An object on the way to another, for people.
struct Step {
    slot: usize,
    offset: usize,
    bytes: usize,
    ty: usize,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Step {
            slot,
            offset,
            bytes,
            ty,
        } = self;
        write!(
            f,
            "object {slot:#x} + {offset}, of {bytes} bytes, type {ty:#x}"
        )
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
    /// Unless `exact`, what is marked need not be reachable. `describe` says what a word
    /// outside of the heap belongs to.
    ///
    /// # Safety
    /// The world is stopped; the roots are readable.
    pub(crate) unsafe fn check(
        &mut self,
        roots: &ShadowRoots<'_>,
        marked: impl Fn(usize) -> bool,
        describe: &dyn Fn(usize) -> String,
        exact: bool,
    ) {
        // SAFETY: promised by the caller.
        let reached = unsafe { self.reach(roots) };
        for (&slot, object) in &self.objects {
            let (found, marked) = (reached.get(&slot), marked(slot));
            if found.is_some() == marked || marked && !exact {
                continue;
            }
            let way = self.way_to(slot, &reached, describe);
            panic!(
                "sanity collector: object {slot:#x} of {} bytes, type {:#x}: reachable {}, \
                 marked {marked}{way}",
                object.bytes,
                object.ty,
                found.is_some(),
            );
        }
        self.objects.retain(|&slot, _| marked(slot));
    }

    /// All objects that can be reached, each with the place that first led there.
    ///
    /// # Safety
    /// As for [`check`](Self::check).
    unsafe fn reach(&self, roots: &ShadowRoots<'_>) -> HashMap<usize, Place> {
        let mut reached = HashMap::new();
        let mut todo: Vec<(usize, Place)> = vec![];
        todo.extend(roots.words.iter().map(|&word| (word, Place::Special)));
        for range in roots.ranges {
            for at in range.clone().step_by(8) {
                // SAFETY: promised by the caller.
                todo.push((unsafe { read_word(at) }, Place::Root(at)));
            }
        }
        for &object in roots.contents_of {
            if let Some(slot) = self.slot_of(object) {
                // SAFETY: an allocated object.
                unsafe { self.push_pointers(slot, &mut todo) };
            }
        }
        while let Some((address, place)) = todo.pop() {
            let Some(slot) = self.slot_of(address) else {
                continue;
            };
            if let Entry::Vacant(entry) = reached.entry(slot) {
                entry.insert(place);
                // SAFETY: an allocated object.
                unsafe { self.push_pointers(slot, &mut todo) };
            }
        }
        reached
    }

    /// From an object back to a root, a line for each step.
    fn way_to(
        &self,
        slot: usize,
        reached: &HashMap<usize, Place>,
        describe: &dyn Fn(usize) -> String,
    ) -> String {
        let mut text = String::new();
        let mut at = slot;
        for _ in 0..LONGEST_WAY {
            let Some(&place) = reached.get(&at) else {
                break;
            };
            text.push_str("\n  from ");
            match place {
                Place::Object { slot, offset } => {
                    let ShadowObject { bytes, ty, .. } = &self.objects[&slot];
                    let step = Step {
                        slot,
                        offset,
                        bytes: *bytes,
                        ty: *ty,
                    };
                    text.push_str(&step.to_string());
                    at = slot;
                }
                Place::Root(word) => return format!("{text}{word:#x}: {}", describe(word)),
                Place::Special => return text + "a finalizer, cleanup or weak handle",
            }
        }
        text
    }

    fn slot_of(&self, address: usize) -> Option<usize> {
        let (&slot, object) = self.objects.range(..=address).next_back()?;
        (address - slot < object.slot_bytes).then_some(slot)
    }

    /// # Safety
    /// The object at `slot` is allocated and its type valid.
    unsafe fn push_pointers(&self, slot: usize, todo: &mut Vec<(usize, Place)>) {
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
                    let at = start + element * ty.size + word * 8;
                    let offset = at - slot;
                    // SAFETY: a word of the object.
                    todo.push((unsafe { read_word(at) }, Place::Object { slot, offset }));
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
        let roots = ShadowRoots {
            ranges: &[],
            words: &[slots[0]],
            contents_of: &[],
        };
        let check = std::panic::AssertUnwindSafe(|| {
            // SAFETY: the objects are in `memory`.
            unsafe { shadow.check(&roots, is_marked, &|_| String::new(), true) }
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
