//! Collections: what is reachable stays as it was, what is not goes.

mod common;

use common::*;
use goxide_heap::{Config, Heap, RootSet, Trigger, Type};
use std::collections::HashMap;
use std::ops::Range;

/// Layouts of the graph's nodes: words, pointer words. Word 0 holds the node's number.
fn layouts() -> Vec<(&'static Type, Vec<usize>)> {
    let mut layouts = vec![
        (2, vec![1]),
        (3, vec![2]),
        (4, vec![1, 3]),
        (10, vec![1, 2, 9]),
        (63, vec![1, 62]),
        (64, vec![5, 63]),
        (65, vec![1, 64]),
        (300, vec![1, 2, 150, 299]),
        (5000, vec![1, 64, 2500, 4999]),
        (50_000, vec![1, 49_999]),
        (7, vec![]),
    ];
    layouts.push((1000, (1..1000).collect()));
    layouts
        .into_iter()
        .map(|(words, pointers)| (type_of(words, &pointers), pointers))
        .collect()
}

/// A random program on a graph: after each step what the program can reach is intact.
fn random_graph(config: Config, seed: u64, steps: usize) {
    let mut world = World::new(config);
    let layouts = layouts();
    let mut random = Random(seed);
    // Number of a node → its layout and, by pointer word, the number of its successors.
    let mut model: HashMap<usize, (usize, HashMap<usize, usize>)> = HashMap::new();
    let mut next = 1;
    for step in 0..steps {
        match random.below(10) {
            0..5 => {
                let layout = random.below(layouts.len() * 4).min(layouts.len() - 1) % layouts.len();
                let layout = if random.below(4) > 0 {
                    layout.min(5)
                } else {
                    layout
                };
                let node = world.alloc(layouts[layout].0.size, Some(layouts[layout].0));
                store(node, next);
                model.insert(next, (layout, HashMap::new()));
                next += 1;
                let at = random.below(world.roots.0.len() + 1);
                if at == world.roots.0.len() && at < 40 {
                    world.roots.0.push(node);
                } else {
                    let at = random.below(world.roots.0.len());
                    world.roots.0[at] = node;
                }
            }
            5..9 if world.roots.0.len() > 1 => {
                // An edge between two nodes, to the inside of the second.
                let from = world.roots.0[random.below(world.roots.0.len())];
                let to = world.roots.0[random.below(world.roots.0.len())];
                let (layout, edges) = model.get_mut(&load(from)).unwrap();
                let pointers = &layouts[*layout].1;
                if !pointers.is_empty() {
                    let word = pointers[random.below(pointers.len())];
                    edges.insert(word, load(to));
                    let size = layouts[model[&load(to)].0].0.size;
                    // Roots stay at the start, so that the test finds the numbers.
                    store(from + word * 8, to + random.below(size));
                }
            }
            _ => {}
        }
        if random.below(200) == 0 || world.heap.should_collect() && step % 7 == 0 {
            world.collect();
            check(&world, &layouts, &model);
        }
    }
    world.collect_and_sweep();
    check(&world, &layouts, &model);
    world.roots.0.clear();
    world.collect_and_sweep();
    let stats = world.heap.mem_stats();
    assert_eq!(stats.mallocs, stats.frees);
    assert_eq!(stats.heap_inuse, 0);
}

/// Follows the graph from the roots, in memory and in the model.
fn check(
    world: &World,
    layouts: &[(&'static Type, Vec<usize>)],
    model: &HashMap<usize, (usize, HashMap<usize, usize>)>,
) {
    let mut seen = std::collections::HashSet::new();
    let mut todo: Vec<_> = world.roots.0.clone();
    while let Some(address) = todo.pop() {
        let object = world
            .heap
            .find_object(address)
            .expect("a reachable object exists");
        if !seen.insert(object.base) {
            continue;
        }
        let (layout, edges) = &model[&load(object.base)];
        let (ty, pointers) = &layouts[*layout];
        assert!(object.size >= ty.size);
        for &word in pointers {
            let target = load(object.base + word * 8);
            match edges.get(&word) {
                None => assert_eq!(target, 0),
                Some(&number) => {
                    let found = world
                        .heap
                        .find_object(target)
                        .expect("a reachable object exists");
                    assert_eq!(load(found.base), number);
                    todo.push(target);
                }
            }
        }
    }
}

#[test]
fn random_graphs_survive() {
    for seed in 1..6 {
        random_graph(config(), seed, 20_000);
    }
}

#[test]
fn random_graphs_agree_with_the_sanity_collector() {
    for seed in 1..6 {
        random_graph(
            Config {
                sanity: true,
                ..config()
            },
            seed,
            10_000,
        );
    }
}

#[test]
fn random_graphs_survive_torture() {
    let config = Config {
        sanity: true,
        torture: true,
        ..config()
    };
    for seed in 1..4 {
        random_graph(config, seed, 3_000);
    }
}

#[test]
fn unreachable_cycles_are_freed() {
    let mut world = World::new(config());
    let ty = type_of(2, &[0]);
    let (a, b) = (world.alloc(16, Some(ty)), world.alloc(16, Some(ty)));
    store(a, b);
    store(b, a);
    world.roots.0.push(a + 15);
    assert_eq!(world.collect_and_sweep().heap_marked_bytes, 32);
    world.roots.0.clear();
    assert_eq!(world.collect_and_sweep().heap_marked_bytes, 0);
    assert_eq!(world.heap.find_object(a), None);
}

#[test]
fn only_pointer_words_keep_objects_alive() {
    let mut world = World::new(config());
    let holder = world.alloc(24, Some(type_of(3, &[1])));
    let (left, right) = (world.alloc(32, None), world.alloc(32, None));
    store(holder, left);
    store(holder + 8, right);
    world.roots.0.push(holder);
    world.collect_and_sweep();
    assert_eq!(world.heap.find_object(left), None);
    assert!(world.heap.find_object(right).is_some());
}

#[test]
fn the_address_past_an_object_does_not_keep_it_alive() {
    let mut world = World::new(config());
    let object = world.alloc(4096, None);
    world.roots.0.push(object + 4096);
    world.collect_and_sweep();
    assert_eq!(world.heap.find_object(object), None);
}

#[test]
fn pointers_into_freed_and_fresh_memory_are_harmless() {
    let mut world = World::new(config());
    let ty = type_of(1, &[0]);
    let old: Vec<_> = (0..10_000).map(|_| world.alloc(64, Some(ty))).collect();
    old.windows(2).for_each(|pair| store(pair[0], pair[1]));
    world.collect_and_sweep();
    world.roots.0 = old;
    assert_eq!(world.collect_and_sweep().heap_marked_bytes, 0);
    let base = world.alloc(64, Some(ty));
    world.roots.0 = (0..100).map(|i| base + i * 64).collect();
    assert_eq!(world.collect_and_sweep().heap_marked_bytes, 64);
}

#[test]
fn arrays_repeat_their_elements() {
    for count in [1, 2, 5, 21, 30, 1000, 20_000] {
        let mut world = World::new(Config {
            sanity: true,
            ..config()
        });
        let ty = type_of(3, &[2]);
        let array = world.alloc(count * 24, Some(ty));
        let targets: Vec<_> = (0..count).map(|_| world.alloc(16, None)).collect();
        targets
            .iter()
            .enumerate()
            .for_each(|(i, &t)| store(array + i * 24 + 16, t));
        world.roots.0.push(array);
        world.collect_and_sweep();
        assert!(
            targets
                .iter()
                .all(|&target| world.heap.find_object(target).is_some())
        );
    }
}

#[test]
fn the_sanity_collector_ends_where_a_large_object_does() {
    // As long as the slots of the largest size class, but without their header.
    const BYTES: usize = 32768;
    let mut world = World::new(Config {
        sanity: true,
        ..config()
    });
    let words = type_of(1, &[0]);
    let object = world.alloc(BYTES, Some(words));
    let behind = world.alloc(BYTES, Some(words));
    assert_eq!(behind, object + BYTES);
    store(behind, world.alloc(16, None));
    world.roots.0.push(object);
    assert_eq!(world.collect_and_sweep().heap_marked_bytes, BYTES as u64);
}

#[test]
fn a_long_list_needs_no_deep_stack() {
    let mut world = World::new(config());
    let ty = type_of(2, &[0]);
    let mut list = 0;
    for _ in 0..1_000_000 {
        let node = world.alloc(16, Some(ty));
        store(node, list);
        list = node;
    }
    world.roots.0.push(list);
    assert_eq!(world.collect().heap_marked_bytes, 16_000_000);
}

#[test]
fn memory_is_reused_and_follows_the_live_heap() {
    let mut world = World::new(Config {
        gc_percent: 100,
        ..config()
    });
    let ty = type_of(4, &[0]);
    world.roots.0 = vec![0; 1000];
    let mut random = Random(3);
    let mut collections = 0;
    for _ in 0..3_000_000 {
        let node = world.alloc(32, Some(ty));
        let at = random.below(1000);
        world.roots.0[at] = node;
        if world.heap.should_collect() {
            world.collect();
            collections += 1;
        }
    }
    assert!((20..40).contains(&collections), "{collections}");
    let stats = world.heap.mem_stats();
    assert!(stats.heap_sys - stats.heap_released < 8 << 20, "{stats:?}");
}

#[test]
fn freed_pages_go_back_to_the_os() {
    let mut world = World::new(config());
    for _ in 0..1000 {
        let object = world.alloc(100_000, None);
        world.roots.0.push(object);
    }
    world.collect_and_sweep();
    assert!(world.heap.mem_stats().heap_inuse > 100_000_000);
    world.roots.0.clear();
    world.collect_and_sweep();
    world.heap.free_os_memory();
    let stats = world.heap.mem_stats();
    assert_eq!((stats.heap_inuse, stats.heap_released), (0, stats.heap_sys));
    let object = world.alloc(100_000, Some(type_of(1, &[0])));
    assert!((0..12_500).all(|i| load(object + i * 8) == 0));
}

#[test]
fn types_made_at_run_time_get_their_mask_on_demand() {
    #[repr(C)]
    struct ArrayType(Type, &'static Type, usize, usize);
    let slot: &'static mut usize = Box::leak(Box::new(0));
    let elem = type_of(3, &[1]);
    let head = Type {
        size: 24 * 200,
        ptr_bytes: 24 * 199 + 16,
        tflag: Type::GC_MASK_ON_DEMAND,
        kind: 17,
        gc_data: slot as *mut usize as *const u8,
        ..*type_of(1, &[])
    };
    let array: &'static ArrayType = Box::leak(Box::new(ArrayType(head, elem, 0, 200)));
    let mut world = World::new(Config {
        sanity: true,
        ..config()
    });
    let object = world.alloc(24 * 200, Some(&array.0));
    let target = world.alloc(16, None);
    store(object + 24 * 150 + 8, target);
    // As elements of a large object its own elements will do: no mask is made.
    let large = world.alloc(24 * 200 * 100, Some(&array.0));
    let other = world.alloc(16, None);
    store(large + 24 * 15_000 + 8, other);
    world.roots.0 = vec![object, large];
    world.collect_and_sweep();
    assert!(world.heap.find_object(target).is_some() && world.heap.find_object(other).is_some());
}

#[test]
fn conservative_objects_hold_on_to_everything() {
    let mut world = World::new(config());
    let mut cache = world.heap.new_cache();
    for size in [8, 512, 520, 40_000] {
        // SAFETY: the only user of the cache.
        let object = world
            .heap
            .alloc_conservative(unsafe { cache.as_mut() }, size) as usize;
        let target = world.alloc(16, None);
        store(object + size - 8, target);
        world.roots.0 = vec![object];
        world.collect_and_sweep();
        assert!(world.heap.find_object(target).is_some(), "{size}");
    }
}

/// Threads allocate, and stop for a collection by one of them when one is due.
#[test]
fn threads_allocate_between_collections() {
    struct All<'a>(&'a [std::sync::Mutex<Roots>]);
    impl RootSet for All<'_> {
        fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
            self.0
                .iter()
                .for_each(|roots| roots.lock().unwrap().for_each_range(visit));
        }
    }
    let heap = Heap::new(Config {
        gc_percent: 100,
        ..config()
    })
    .unwrap();
    let roots: Vec<_> = (0..3)
        .map(|_| std::sync::Mutex::new(Roots(vec![0; 300])))
        .collect();
    let world = std::sync::RwLock::new(());
    let ty = type_of(4, &[1]);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let (heap, roots, world) = (&heap, &roots, &world);
            scope.spawn(move || {
                let mut cache = heap.new_cache();
                let mut random = Random(thread as u64 + 1);
                for i in 1..200_000 {
                    if heap.should_collect() {
                        let _stopped = world.write().unwrap();
                        if heap.should_collect() {
                            // SAFETY: all others wait for the lock.
                            unsafe { heap.collect(Trigger::Growth, &All(roots)) };
                        }
                    }
                    let _running = world.read().unwrap();
                    let mut mine = roots[thread].lock().unwrap();
                    // SAFETY: the only user of the cache.
                    let node = unsafe { heap.alloc(cache.as_mut(), 32, ty, true) } as usize;
                    store(node, i);
                    let (old, at) = (mine.0[random.below(300)], random.below(300));
                    store(node + 8, old);
                    store(node + 16, if old == 0 { 0 } else { load(old) });
                    if old != 0 {
                        // Only two long, or everything would live for ever.
                        store(old + 8, 0);
                    }
                    assert_eq!(load(node + 24), 0);
                    mine.0[at] = node;
                }
            });
        }
    });
    for root in roots
        .iter()
        .flat_map(|roots| roots.lock().unwrap().0.clone())
    {
        if root != 0 && load(root + 8) != 0 {
            assert_eq!(load(load(root + 8)), load(root + 16));
        }
    }
    assert!(heap.mem_stats().num_gc > 2);
}

/// Roots of which the second counts only once what the first points to is marked.
struct Chained {
    first: [usize; 1],
    second: [usize; 1],
    /// What must be marked for the second to count.
    needed: usize,
    named: std::sync::atomic::AtomicBool,
}

impl goxide_heap::RootSet for Chained {
    fn for_each_range(&self, visit: &mut dyn FnMut(std::ops::Range<usize>)) {
        let range = self.first.as_ptr_range();
        visit(range.start as usize..range.end as usize);
    }

    fn for_each_further_range(
        &self,
        is_marked: &dyn Fn(usize) -> bool,
        visit: &mut dyn FnMut(std::ops::Range<usize>),
    ) {
        let range = self.second.as_ptr_range();
        let ordering = std::sync::atomic::Ordering::Relaxed;
        if is_marked(self.needed) && !self.named.swap(true, ordering) {
            visit(range.start as usize..range.end as usize);
        }
    }
}

#[test]
fn further_roots_depend_on_what_is_marked() {
    for reachable in [true, false] {
        let mut world = World::new(config());
        let [key, other, kept] = [(); 3].map(|()| world.alloc(64, None));
        let roots = Chained {
            first: [if reachable { key } else { other }],
            second: [kept],
            needed: key,
            named: false.into(),
        };
        // SAFETY: no other thread uses the heap; nothing else is used again.
        unsafe { world.heap.collect(goxide_heap::Trigger::Forced, &roots) };
        while world.heap.sweep_step(100) {}
        assert_eq!(world.heap.find_object(kept).is_some(), reachable);
    }
}
