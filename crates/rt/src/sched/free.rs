//! Dead Gs for reuse, shared by all Ps.

use super::g::G;
use std::collections::VecDeque;
use std::ptr;
use std::sync::Mutex;

/// Those with a first segment.
pub static FREE: FreeGs = FreeGs::new();
/// Those with stacks for Rust code.
pub static FREE_RUST: FreeGs = FreeGs::new();

/// A stack of dead Gs. It does not link them: most are far from the processor's caches. It
/// knows how many of those at the bottom have been there for how long; they can be taken away
/// from there.
pub struct FreeGs(Mutex<Free>);

struct Free {
    gs: VecDeque<*mut G>,
    /// So many at the bottom have been there since the last collection ended, ...
    since_collection: usize,
    /// ... since a while ago began, ...
    since_mark: usize,
    /// ... and for the whole of the while before that.
    idle: usize,
}

// SAFETY: a dead G is owned by the list that holds it.
unsafe impl Send for Free {}

impl Free {
    fn some_taken(&mut self) {
        self.at_most(self.gs.len());
    }

    fn at_most(&mut self, len: usize) {
        self.since_collection = self.since_collection.min(len);
        self.since_mark = self.since_mark.min(len);
        self.idle = self.idle.min(len);
    }
}

impl FreeGs {
    const fn new() -> FreeGs {
        FreeGs(Mutex::new(Free {
            gs: VecDeque::new(),
            since_collection: 0,
            since_mark: 0,
            idle: 0,
        }))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap().gs.len()
    }

    /// Puts one.
    pub fn push(&self, g: *mut G) {
        self.0.lock().unwrap().gs.push_back(g);
    }

    /// Puts some.
    pub fn push_all(&self, gs: impl Iterator<Item = *mut G>) {
        self.0.lock().unwrap().gs.extend(gs);
    }

    /// Takes one, or null.
    pub fn pop(&self) -> *mut G {
        let mut free = self.0.lock().unwrap();
        let g = free.gs.pop_back().unwrap_or(ptr::null_mut());
        free.some_taken();
        g
    }

    /// Moves some to `to`, at most `n`.
    pub fn take(&self, n: usize, to: &mut Vec<*mut G>) {
        let mut free = self.0.lock().unwrap();
        let rest = free.gs.len().saturating_sub(n);
        to.extend(free.gs.drain(rest..));
        free.some_taken();
    }

    /// A collection ends, and a while as well if `mark`. Gives how many idle ones there are.
    pub fn collection_ends(&self, mark: bool) -> usize {
        let mut free = self.0.lock().unwrap();
        free.since_collection = free.gs.len();
        if mark {
            free.idle = free.since_mark;
            free.since_mark = free.gs.len();
        }
        free.idle
    }

    /// How many idle ones there are.
    pub fn idle(&self) -> usize {
        self.0.lock().unwrap().idle
    }

    /// Those count as idle that are dead since the last collection.
    pub fn hurry(&self) -> usize {
        let mut free = self.0.lock().unwrap();
        free.idle = free.since_collection;
        free.idle
    }

    /// Moves some idle ones to `to`, at most `n`.
    pub fn take_idle(&self, n: usize, to: &mut Vec<*mut G>) {
        let mut free = self.0.lock().unwrap();
        let n = n.min(free.idle);
        to.extend(free.gs.drain(..n));
        free.idle -= n;
        free.since_mark -= n.min(free.since_mark);
        free.since_collection -= n.min(free.since_collection);
    }

    /// Puts some back that were taken so. They do not count as idle until the next while ends.
    pub fn put_back(&self, gs: &[*mut G]) {
        let mut free = self.0.lock().unwrap();
        gs.iter().for_each(|&g| free.gs.push_front(g));
        free.since_mark += gs.len();
        free.since_collection += gs.len();
    }

    /// Needs no more memory than it must.
    pub fn shrink(&self) {
        let mut free = self.0.lock().unwrap();
        if free.gs.capacity() / 8 > free.gs.len() {
            free.gs.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(n: usize) -> Vec<*mut G> {
        (1..=n)
            .map(|n| ptr::without_provenance_mut(n * 64))
            .collect()
    }

    fn idle(free: &FreeGs) -> Vec<*mut G> {
        let mut idle = vec![];
        free.take_idle(usize::MAX, &mut idle);
        idle
    }

    #[test]
    fn idle_is_what_stayed_from_one_mark_to_the_next() {
        let gs = some(6);
        let free = FreeGs::new();
        free.push_all(gs.iter().copied());
        assert_eq!(free.collection_ends(true), 0);
        assert_eq!(idle(&free), []);
        let mut taken = vec![];
        free.take(2, &mut taken);
        free.push_all(taken.into_iter());
        assert_eq!(free.collection_ends(false), 0);
        assert_eq!(free.collection_ends(true), 4);
        assert_eq!(free.pop(), gs[5]);
        assert_eq!(idle(&free), gs[..4]);
        free.put_back(&gs[..4]);
        assert_eq!(free.count(), 5);
        assert_eq!(idle(&free), []);
        assert_eq!(free.collection_ends(true), 5);
    }

    #[test]
    fn in_a_hurry_one_collection_is_enough() {
        let gs = some(5);
        let free = FreeGs::new();
        free.push_all(gs[..3].iter().copied());
        assert_eq!(free.hurry(), 0);
        free.collection_ends(false);
        free.push_all(gs[3..].iter().copied());
        assert_eq!(free.hurry(), 3);
        let mut two = vec![];
        free.take_idle(2, &mut two);
        assert_eq!(two, gs[..2]);
        assert_eq!(free.pop(), gs[4]);
        assert_eq!(free.pop(), gs[3]);
        assert_eq!(free.pop(), gs[2]);
        assert_eq!(idle(&free), []);
        assert!(free.pop().is_null());
    }
}
