//! What the tests share: small heaps, type descriptors, roots, random numbers.
#![allow(dead_code, reason = "each test binary uses a part")]

use goxide_heap::{Cache, Collection, Config, Heap, RootSet, Trigger, Type};
use std::ops::Range;

/// A heap with one cache and a list of words as its only roots.
pub struct World {
    pub heap: Box<Heap>,
    pub roots: Roots,
    cache: std::ptr::NonNull<Cache>,
}

/// Words that are roots.
#[derive(Default)]
pub struct Roots(pub Vec<usize>);

impl RootSet for Roots {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        let range = self.0.as_ptr_range();
        visit(range.start as usize..range.end as usize);
    }
}

pub fn config() -> Config {
    Config {
        reserve_bytes: 4 << 30,
        address_hint: 0,
        gc_percent: -1,
        workers: 2,
        ..Config::default()
    }
}

impl World {
    pub fn new(config: Config) -> Self {
        let heap = Heap::new(config).unwrap();
        let cache = heap.new_cache();
        Self {
            heap,
            roots: Roots::default(),
            cache,
        }
    }

    pub fn alloc(&mut self, size: usize, ty: Option<&Type>) -> usize {
        let ty = ty.map_or(std::ptr::null(), |ty| ty as *const Type);
        // SAFETY: the only user of the cache; types outlive the heap.
        unsafe { self.heap.alloc(self.cache.as_mut(), size, ty, true) as usize }
    }

    pub fn weak(&mut self, object: usize) -> usize {
        // SAFETY: the only user of the cache.
        self.heap
            .weak_register(unsafe { self.cache.as_mut() }, object)
    }

    pub fn strong(&self, handle: usize) -> usize {
        // SAFETY: the tests pass handles of live objects.
        unsafe { self.heap.weak_strong(handle) }
    }

    pub fn collect(&mut self) -> Collection {
        // SAFETY: no other thread uses the heap.
        unsafe { self.heap.collect(Trigger::Forced, &self.roots) }
    }

    /// Collects and sweeps everything.
    pub fn collect_and_sweep(&mut self) -> Collection {
        let collection = self.collect();
        while self.heap.sweep_step(100) {}
        collection
    }
}

/// A type of this many words, with pointers in the words listed.
pub fn type_of(words: usize, pointers: &[usize]) -> &'static Type {
    let mut mask = vec![0u64; words.div_ceil(64).max(1)];
    pointers
        .iter()
        .for_each(|&word| mask[word / 64] |= 1 << (word % 64));
    let ptr_words = pointers.iter().max().map_or(0, |last| last + 1);
    Box::leak(Box::new(Type {
        size: words * 8,
        ptr_bytes: ptr_words * 8,
        hash: 0,
        tflag: 0,
        align: 8,
        field_align: 8,
        kind: 25,
        equal: 0,
        gc_data: Box::leak(mask.into_boxed_slice()).as_ptr() as *const u8,
        str: 0,
        ptr_to_this: 0,
    }))
}

pub fn load(at: usize) -> usize {
    // SAFETY: the tests read words of objects they keep alive.
    unsafe { (at as *const usize).read() }
}

pub fn store(at: usize, value: usize) {
    // SAFETY: the tests write words of objects they keep alive.
    unsafe { (at as *mut usize).write(value) }
}

/// xorshift64*.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }
}
