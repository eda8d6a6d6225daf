//! Sampling of allocations: how many are sampled, which ones, and that nothing is lost.

mod common;

use common::*;
use goxide_heap::{Cache, Heap};

fn sampled(heap: &Heap, cache: &mut Cache, bytes: usize, count: usize) -> usize {
    let mut found = 0;
    for _ in 0..count {
        // SAFETY: no type.
        let object = unsafe { heap.alloc(cache, bytes, std::ptr::null(), true) } as usize;
        found += usize::from(cache.take_sampled(object));
    }
    found
}

#[test]
fn at_rate_one_every_object_is_sampled() {
    let heap = World::new(config()).heap;
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache = unsafe { cache.as_mut() };
    assert_eq!(sampled(&heap, cache, 64, 100), 0);
    heap.set_sampling(cache, 1);
    assert_eq!(sampled(&heap, cache, 64, 1000), 1000);
    assert_eq!(sampled(&heap, cache, 2000, 100), 100);
    heap.set_sampling(cache, 0);
    assert_eq!(sampled(&heap, cache, 64, 1000), 0);
}

#[test]
fn a_byte_in_so_many_is_hit_whatever_the_sizes() {
    const RATE: usize = 4096;
    let heap = World::new(config()).heap;
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache = unsafe { cache.as_mut() };
    heap.set_sampling(cache, RATE);
    for (bytes, count) in [(16, 200_000), (512, 20_000), (8192, 2_000)] {
        let expected = count as f64 * (1.0 - (-(bytes as f64) / RATE as f64).exp());
        let found = sampled(&heap, cache, bytes, count) as f64;
        // Ten standard deviations.
        let most = 10.0 * expected.sqrt();
        assert!(
            (found - expected).abs() < most,
            "{bytes}: {found} of {expected}"
        );
    }
}

#[test]
fn statistics_count_cut_runs_as_others() {
    let heap = World::new(config()).heap;
    let mut cache = heap.new_cache();
    // SAFETY: the only user of the cache.
    let cache = unsafe { cache.as_mut() };
    heap.set_sampling(cache, 3000);
    sampled(&heap, cache, 48, 12_345);
    assert_eq!(heap.mem_stats().mallocs, 12_345);
    heap.set_sampling(cache, 100);
    sampled(&heap, cache, 48, 5);
    assert_eq!(heap.mem_stats().mallocs, 12_350);
}
