//! Allocation without collections: objects do not overlap, are zero, and are found.

mod common;

use common::*;
use goxide_heap::{Heap, Object};
use std::collections::BTreeMap;

fn fill(start: usize, bytes: usize, value: u8) {
    // SAFETY: an object of the test.
    unsafe { (start as *mut u8).write_bytes(value, bytes) }
}

fn is_filled(start: usize, bytes: usize, value: u8) -> bool {
    // SAFETY: an object of the test.
    unsafe { std::slice::from_raw_parts(start as *const u8, bytes) }
        .iter()
        .all(|&b| b == value)
}

#[test]
fn objects_do_not_overlap_and_start_zeroed() {
    let mut world = World::new(config());
    let mut random = Random(1);
    let pointers = type_of(1, &[0]);
    let mut objects = BTreeMap::new();
    for i in 0..20_000u32 {
        let exponent = random.below(17);
        let size = 1 + random.below(1 << exponent);
        let (size, ty) = match random.below(2) {
            0 => (size.next_multiple_of(8), Some(pointers)),
            _ => (size, None),
        };
        let object = world.alloc(size, ty);
        assert!(is_filled(object, size, 0), "{size}");
        fill(object, size, i as u8);
        objects.insert(object, (size, i as u8, ty.is_none()));
    }
    let mut end = 0;
    for (&object, &(size, value, noscan)) in &objects {
        assert!(object >= end);
        end = object + size;
        assert!(is_filled(object, size, value));
        for inside in [object, object + size / 2, object + size - 1] {
            let found = world.heap.find_object(inside).unwrap();
            assert!(found.base <= object && found.base + found.size >= object + size);
            assert_eq!(found.noscan, noscan);
            if size >= 16 {
                assert_eq!(found.size, Heap::round_up_size(size, noscan));
                assert_eq!(found.base, object);
            }
        }
    }
}

#[test]
fn addresses_outside_of_objects_are_in_none() {
    let mut world = World::new(config());
    let object = world.alloc(100, None);
    assert_eq!(
        world.heap.find_object(object + 111),
        Some(Object {
            base: object,
            size: 112,
            noscan: true
        })
    );
    let after_the_last_slot = object - object % 8192 + 8192 - 1;
    for address in [
        0,
        8,
        object - 1,
        after_the_last_slot,
        usize::MAX,
        &raw const world as usize,
    ] {
        assert_eq!(world.heap.find_object(address), None, "{address:#x}");
    }
}

#[test]
fn alignment_is_that_of_the_size() {
    let mut world = World::new(config());
    for (size, align) in [
        (8, 8),
        (4, 4),
        (2, 2),
        (12, 4),
        (6, 2),
        (16, 16),
        (24, 8),
        (64, 64),
    ] {
        for _ in 0..100 {
            world.alloc(1, None);
            assert_eq!(world.alloc(size, None) % align, 0, "{size}");
        }
    }
}

#[test]
fn array_sizes_that_overflow_are_refused() {
    let world = World::new(config());
    let mut cache = world.heap.new_cache();
    let ty = type_of(2, &[0]);
    // SAFETY: the only user of the cache.
    let cache = unsafe { cache.as_mut() };
    for (count, possible) in [
        (0, true),
        (3, true),
        (1 << 50, false),
        (usize::MAX / 8, false),
    ] {
        // SAFETY: the type is valid.
        let array = unsafe { world.heap.alloc_array(cache, ty, count, true) };
        assert_eq!(array.is_some(), possible, "{count}");
    }
}

#[test]
fn a_full_address_space_is_reported() {
    let config = goxide_heap::Config {
        reserve_bytes: 64 << 20,
        out_of_memory: |bytes| panic!("asked for {bytes}"),
        ..config()
    };
    let mut world = World::new(config);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        world.alloc(65 << 20, None);
    }));
    let message = *result.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(message, format!("asked for {}", 65 << 20));
}

#[test]
fn threads_allocate_at_once() {
    let heap = Heap::new(config()).unwrap();
    let objects: Vec<Vec<(usize, usize, u8)>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let heap = &heap;
                scope.spawn(move || {
                    let mut cache = heap.new_cache();
                    let mut random = Random(7 + thread as u64);
                    let mut objects = vec![];
                    for _ in 0..20_000 {
                        let size = 1 + random.below(600);
                        // SAFETY: the only user of the cache; no type.
                        let object = unsafe {
                            heap.alloc(cache.as_mut(), size, std::ptr::null(), true) as usize
                        };
                        assert!(is_filled(object, size, 0));
                        fill(object, size, thread);
                        objects.push((object, size, thread));
                    }
                    objects
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    for (object, size, value) in objects.concat() {
        assert!(is_filled(object, size, value));
    }
    let stats = heap.mem_stats();
    assert_eq!(
        stats.mallocs - stats.frees,
        stats.by_class.iter().map(|c| c.mallocs).sum()
    );
}

#[test]
fn statistics_count_every_object() {
    let mut world = World::new(config());
    for _ in 0..1000 {
        world.alloc(24, None);
        world.alloc(48, Some(type_of(6, &[1])));
        world.alloc(100_000, None);
    }
    let stats = world.heap.mem_stats();
    assert_eq!((stats.mallocs, stats.frees), (3000, 0));
    let bytes = 1000 * (24 + 48 + 13 * 8192);
    assert_eq!((stats.total_alloc, stats.heap_alloc), (bytes, bytes));
    world.collect_and_sweep();
    let stats = world.heap.mem_stats();
    assert_eq!((stats.mallocs, stats.frees), (3000, 3000));
    assert_eq!(
        (stats.total_alloc, stats.heap_alloc, stats.heap_inuse),
        (bytes, 0, 0)
    );
}
