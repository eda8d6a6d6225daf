//! Prints the time of an allocation by size class, and of marking and sweeping.
//!
//! `cargo run --release -p goxide-heap --example alloc`

use goxide_heap::{Cache, Config, Heap, RootSet, Trigger, Type};
use std::ops::Range;
use std::time::Instant;

struct Roots(Vec<usize>);

impl RootSet for Roots {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        let range = self.0.as_ptr_range();
        visit(range.start as usize..range.end as usize);
    }
}

static MASK: u64 = 0b101;

/// `struct { left *T; value uintptr; right *T }`
static NODE: Type = Type {
    size: 24,
    ptr_bytes: 24,
    hash: 0,
    tflag: 0,
    align: 8,
    field_align: 8,
    kind: 25,
    equal: 0,
    gc_data: &raw const MASK as *const u8,
    str: 0,
    ptr_to_this: 0,
};

fn main() {
    println!(
        "{:>8} {:>14} {:>14} {:>14}",
        "bytes", "no pointers", "pointers", "with GC"
    );
    for size in [8, 16, 24, 48, 96, 240, 504, 1008, 4080, 16368, 65520] {
        let count = (400_000_000 / size).min(20_000_000);
        let (plain, pointers, collected) = (
            allocate(size, count, false, false),
            allocate(size, count, true, false),
            allocate(size, count, true, true),
        );
        println!("{size:>8} {plain:>11.1} ns {pointers:>11.1} ns {collected:>11.1} ns");
    }
    tree();
    residency(
        std::env::args()
            .nth(1)
            .map_or(4, |gb| gb.parse().expect("a number of GB")),
    );
}

/// Nanoseconds of an allocation; without `collect`, memory is fresh until 400 MB.
fn allocate(size: usize, count: usize, pointers: bool, collect: bool) -> f64 {
    let heap = Heap::new(Config {
        gc_percent: 100,
        ..Config::default()
    })
    .unwrap();
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache: &mut Cache = unsafe { cache.as_mut() };
    let ty = if pointers {
        &raw const NODE
    } else {
        std::ptr::null()
    };
    let roots = Roots(vec![0; 8]);
    let size = if pointers {
        size.next_multiple_of(24)
    } else {
        size
    };
    if !collect {
        heap.set_gc_percent(-1);
    }
    let begin = Instant::now();
    for _ in 0..count {
        // SAFETY: the type is valid.
        std::hint::black_box(unsafe { heap.alloc(cache, size, ty, true) });
        if heap.should_collect() {
            // SAFETY: no other thread uses the heap.
            unsafe { heap.collect(Trigger::Growth, &roots) };
        }
    }
    begin.elapsed().as_nanos() as f64 / count as f64
}

/// Builds a tree of two million nodes and marks it.
fn tree() {
    let heap = Heap::new(Config {
        gc_percent: -1,
        ..Config::default()
    })
    .unwrap();
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache: &mut Cache = unsafe { cache.as_mut() };
    let begin = Instant::now();
    let mut roots = Roots(vec![build(&heap, cache, 21)]);
    println!(
        "tree of 2^21 nodes: {:.1} ms to build",
        begin.elapsed().as_secs_f64() * 1e3
    );
    for _ in 0..3 {
        // SAFETY: no other thread uses the heap.
        let collection = unsafe { heap.collect(Trigger::Forced, &roots) };
        println!(
            "  marked {} MB in {:.1} ms with {} threads, all {:.1} ms",
            collection.heap_marked_bytes >> 20,
            collection.mark_ns as f64 / 1e6,
            collection.workers,
            collection.total_ns as f64 / 1e6
        );
        let begin = Instant::now();
        while heap.sweep_step(100) {}
        println!("  swept in {:.1} ms", begin.elapsed().as_secs_f64() * 1e3);
    }
    roots.0.clear();
}

fn build(heap: &Heap, cache: &mut Cache, depth: usize) -> usize {
    // SAFETY: the type is valid.
    let node = unsafe { heap.alloc(cache, 24, &NODE, true) } as *mut usize;
    if depth > 1 {
        let (left, right) = (build(heap, cache, depth - 1), build(heap, cache, depth - 1));
        // SAFETY: the node is a new object of three words.
        unsafe {
            node.write(left);
            node.add(2).write(right);
        }
    }
    node as usize
}

/// Many GB in small pieces with 50 MB live: how much memory stays resident?
fn residency(gigabytes: usize) {
    let heap = Heap::new(Config {
        gc_percent: 100,
        ..Config::default()
    })
    .unwrap();
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache: &mut Cache = unsafe { cache.as_mut() };
    const LIVE: usize = 50_000_000 / 48;
    let mut roots = Roots(vec![0; LIVE]);
    let (mut collections, mut paused_ns) = (0, 0);
    let begin = Instant::now();
    let mut seed = 1u64;
    let mut most = 0;
    for i in 0..gigabytes * 1_000_000_000 / 48 {
        // SAFETY: the type is valid.
        let node = unsafe { heap.alloc(cache, 48, &NODE, true) } as usize;
        if i % 16 == 0 {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            roots.0[(seed >> 33) as usize % LIVE] = node;
        }
        if heap.should_collect() {
            // SAFETY: no other thread uses the heap.
            let collection = unsafe { heap.collect(Trigger::Growth, &roots) };
            collections += 1;
            paused_ns += collection.total_ns;
            most = most.max(resident_bytes());
        }
    }
    println!(
        "{gigabytes} GB with 50 MB live: {:.1} s, {collections} collections of {:.1} ms, most resident \
         {} MB (roots {} MB)",
        begin.elapsed().as_secs_f64(),
        paused_ns as f64 / 1e6 / collections as f64,
        most >> 20,
        (LIVE * 8) >> 20,
    );
}

fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
