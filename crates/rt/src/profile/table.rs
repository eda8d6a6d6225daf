//! Events counted by stack.

use goxide_abi::ProfileRecord;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A table of `T`, one for each different stack and size.
pub struct Table<T>(Mutex<Option<Entries<T>>>);

/// What a table holds. Entries are never removed: an index stays valid.
pub struct Entries<T> {
    index: HashMap<(usize, Box<[usize]>), usize>,
    list: Vec<Entry<T>>,
}

struct Entry<T> {
    size: usize,
    pcs: Box<[usize]>,
    counts: T,
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries {
            index: HashMap::new(),
            list: Vec::new(),
        }
    }
}

impl<T> Entries<T> {
    /// Roughly what it occupies: each stack is in the index and in the list.
    fn bytes(&self) -> usize {
        let fixed = size_of::<Entry<T>>() + size_of::<(usize, Box<[usize]>, usize)>();
        let pcs: usize = self.list.iter().map(|e| size_of_val(&*e.pcs)).sum();
        self.list.len() * fixed + 2 * pcs
    }
}

impl<T: Default> Table<T> {
    /// Empty.
    pub const fn new() -> Table<T> {
        Table(Mutex::new(None))
    }

    /// Roughly what it occupies.
    pub fn bytes(&self) -> usize {
        self.lock().as_ref().map_or(0, Entries::bytes)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Entries<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the counts of a stack, and gives their index.
    pub fn count(&self, size: usize, pcs: &[usize], change: impl FnOnce(&mut T)) -> usize {
        let mut entries = self.lock();
        let entries = entries.get_or_insert_default();
        let key = (size, Box::from(pcs));
        let next = entries.list.len();
        let index = *entries.index.entry(key).or_insert(next);
        if index == next {
            entries.list.push(Entry {
                size,
                pcs: pcs.into(),
                counts: T::default(),
            });
        }
        change(&mut entries.list[index].counts);
        index
    }

    /// Changes the counts with this index.
    pub fn change(&self, index: usize, change: impl FnOnce(&mut T)) {
        if let Some(entries) = &mut *self.lock() {
            change(&mut entries.list[index].counts);
        }
    }

    /// Calls `f` for all counts.
    pub fn for_each(&self, f: impl FnMut(&mut T)) {
        if let Some(entries) = &mut *self.lock() {
            entries.list.iter_mut().map(|e| &mut e.counts).for_each(f);
        }
    }

    /// Fills in a record, if there is one with this index; `counts` gives its two figures. How
    /// many there are.
    pub fn record(
        &self,
        index: usize,
        record: Option<&mut ProfileRecord>,
        counts: impl FnOnce(&T) -> [usize; 2],
    ) -> usize {
        let entries = self.lock();
        let Some(entries) = &*entries else { return 0 };
        if let (Some(record), Some(entry)) = (record, entries.list.get(index)) {
            record.size = entry.size;
            [record.count, record.amount] = counts(&entry.counts);
            record.depth = entry.pcs.len();
            record.pcs[..entry.pcs.len()].copy_from_slice(&entry.pcs);
        }
        entries.list.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> ProfileRecord {
        ProfileRecord {
            size: 0,
            count: 0,
            amount: 0,
            depth: 0,
            pcs: [0; goxide_abi::PROFILE_FRAMES],
        }
    }

    #[test]
    fn events_with_the_same_stack_and_size_are_counted_together() {
        let table: Table<usize> = Table::new();
        assert_eq!(table.count(8, &[1, 2], |n| *n += 1), 0);
        assert_eq!(table.count(16, &[1, 2], |n| *n += 1), 1);
        assert_eq!(table.count(8, &[1, 2], |n| *n += 1), 0);
        table.change(1, |n| *n += 10);
        let mut record = empty();
        let total = table.record(0, Some(&mut record), |&n| [n, 0]);
        assert_eq!((total, record.size, record.count), (2, 8, 2));
        assert_eq!(&record.pcs[..record.depth], [1, 2]);
        table.record(1, Some(&mut record), |&n| [n, 0]);
        assert_eq!((record.size, record.count), (16, 11));
        assert_eq!(table.record(2, None, |&n| [n, 0]), 2);
    }
}
