//! Marking while threads change the graph.

mod common;

use common::*;
use goxide_heap::{Cache, Collection, Config, Heap, RootSet, Trigger, Type};
use std::ops::Range;
use std::sync::{Mutex, RwLock};

struct All<'a>(&'a [Mutex<Roots>]);

impl RootSet for All<'_> {
    fn for_each_range(&self, visit: &mut dyn FnMut(Range<usize>)) {
        self.0
            .iter()
            .for_each(|roots| roots.lock().unwrap().for_each_range(visit));
    }
}

const KEY: usize = 0x5a5a_5a5a;
const ROOTS: usize = 64;

/// A thread that builds and takes apart a graph of nodes {left, check, right, data}.
struct Mutator<'a> {
    heap: &'a Heap,
    cache: &'a mut Cache,
    random: Random,
    ty: &'static Type,
}

impl Mutator<'_> {
    fn new_node(&mut self, left: usize, right: usize) -> usize {
        // SAFETY: the type is valid, the cache this thread's.
        let node = unsafe { self.heap.alloc(self.cache, self.ty.size, self.ty, true) } as usize;
        self.set(node, left);
        store(node + 8, node ^ KEY);
        self.set(node + 16, right);
        node
    }

    /// Stores a pointer, with the barrier.
    fn set(&mut self, slot: usize, value: usize) {
        store(slot, value);
        self.heap.shade(self.cache, value);
    }

    fn step(&mut self, roots: &mut [usize]) {
        let (i, j) = (self.random.below(ROOTS), self.random.below(ROOTS));
        let (a, b) = (roots[i], roots[j]);
        [a, b]
            .iter()
            .filter(|&&node| node != 0)
            .for_each(|&node| check(node));
        let side = 16 * self.random.below(2);
        match self.random.below(8) {
            0..3 => roots[i] = self.new_node(a, b),
            3 => roots[i] = 0,
            // The pointer moves from the heap to the "stack", which has no barrier.
            4..6 if a != 0 => {
                roots[j] = load(a + side);
                self.set(a + side, 0);
                if roots[j] != 0 {
                    check(roots[j]);
                }
            }
            6 if a != 0 => self.set(a + side, b),
            _ if a != 0 => {
                let next = load(a + side);
                roots[i] = next;
            }
            _ => {}
        }
    }
}

fn check(node: usize) {
    assert_eq!(load(node + 8), node ^ KEY, "a node was freed while in use");
}

/// Gives the number of collections.
fn run(config: Config, threads: u64, steps: usize, words: usize) -> u32 {
    let heap = Heap::new(Config {
        concurrent: true,
        ..config
    })
    .unwrap();
    let roots: Vec<_> = (0..threads)
        .map(|_| Mutex::new(Roots(vec![0; ROOTS])))
        .collect();
    let world = RwLock::new(());
    let ty = type_of(words, &[0, 2]);
    std::thread::scope(|scope| {
        for thread in 0..threads as usize {
            let (heap, roots, world) = (&*heap, &roots, &world);
            scope.spawn(move || {
                let mut cache = heap.new_cache();
                // SAFETY: only this thread uses it, but for collections.
                let cache = unsafe { cache.as_mut() };
                let random = Random(thread as u64 + 99);
                let mut mutator = Mutator {
                    heap,
                    cache,
                    random,
                    ty,
                };
                for _ in 0..steps {
                    let wanted = || {
                        heap.should_collect()
                            && (config.torture || !heap.is_marking() || heap.markers_are_done())
                    };
                    if wanted() {
                        let _stopped = world.write().unwrap();
                        if wanted() {
                            // SAFETY: all others wait for the lock.
                            unsafe { heap.advance(Trigger::Growth, &All(roots)) };
                            heap.start_markers();
                        }
                    }
                    if heap.is_marking() {
                        let _running = world.read().unwrap();
                        heap.assist(|| false);
                    }
                    let _running = world.read().unwrap();
                    mutator.step(&mut roots[thread].lock().unwrap().0);
                }
            });
        }
    });
    let reachable = check_all(&roots);
    // SAFETY: all threads are done.
    let collection = unsafe { heap.collect(Trigger::Forced, &All(&roots)) };
    let node_bytes = Heap::round_up_size(ty.size, false) as u64;
    if words <= 64 {
        assert_eq!(collection.heap_marked_bytes, reachable as u64 * node_bytes);
    }
    assert_eq!(check_all(&roots), reachable);
    heap.mem_stats().num_gc
}

/// Follows all pointers; gives the number of nodes.
fn check_all(roots: &[Mutex<Roots>]) -> usize {
    let mut seen = std::collections::HashSet::new();
    let mut todo: Vec<_> = roots
        .iter()
        .flat_map(|roots| roots.lock().unwrap().0.clone())
        .collect();
    while let Some(node) = todo.pop() {
        if node != 0 && seen.insert(node) {
            check(node);
            todo.extend([load(node), load(node + 16)]);
        }
    }
    seen.len()
}

#[test]
fn nothing_reachable_is_freed() {
    let config = Config {
        gc_percent: 20,
        ..config()
    };
    let collections = run(config, 3, 400_000, 60);
    assert!(collections > 5, "{collections}");
}

#[test]
fn large_nodes_survive() {
    let config = Config {
        gc_percent: 20,
        ..config()
    };
    assert!(run(config, 2, 10_000, 500) > 2);
    assert!(run(config, 2, 4_000, 8000) > 2);
}

#[test]
fn with_a_step_at_every_allocation_nothing_reachable_is_freed() {
    run(
        Config {
            torture: true,
            ..config()
        },
        3,
        4_000,
        4,
    );
}

#[test]
fn the_sanity_collector_agrees() {
    run(
        Config {
            torture: true,
            sanity: true,
            ..config()
        },
        2,
        2_000,
        4,
    );
    run(
        Config {
            gc_percent: 1,
            sanity: true,
            ..config()
        },
        3,
        40_000,
        60,
    );
}

/// Ends the collection that is under way.
fn finish(world: &World) -> Collection {
    loop {
        // SAFETY: no other thread uses the heap.
        let step = unsafe { world.heap.advance(Trigger::Growth, &world.roots) };
        world.heap.start_markers();
        if let Some(collection) = step.done() {
            return collection;
        }
    }
}

#[test]
fn weak_handles_revive_what_they_lead_to_while_marking() {
    let mut world = World::new(Config {
        concurrent: true,
        torture: true,
        ..config()
    });
    let object = world.alloc(64, None);
    let handle = world.weak(object);
    world.roots.0 = vec![handle];
    // SAFETY: no other thread uses the heap.
    let begun = unsafe { world.heap.advance(Trigger::Growth, &world.roots) };
    world.heap.start_markers();
    assert!(begun.done().is_none());
    // SAFETY: the handle is a root.
    unsafe { assert_eq!(world.heap.weak_strong(handle), object) };
    finish(&world);
    assert_eq!(world.strong(handle), object);
    world.collect();
    assert_eq!(world.strong(handle), 0);
}

#[test]
fn objects_made_while_marking_live_through_it() {
    let mut world = World::new(Config {
        concurrent: true,
        torture: true,
        ..config()
    });
    // SAFETY: no other thread uses the heap.
    unsafe { world.heap.advance(Trigger::Growth, &world.roots) };
    world.heap.start_markers();
    let objects = [8, 600, 5000, 100_000].map(|size| world.alloc(size, Some(type_of(1, &[0]))));
    let collection = finish(&world);
    assert_eq!(collection.heap_marked_bytes, 8 + 640 + 5376 + 13 * 8192);
    assert!(
        objects
            .iter()
            .all(|&object| world.heap.find_object(object).is_some())
    );
    world.collect_and_sweep();
    assert!(
        objects
            .iter()
            .all(|&object| world.heap.find_object(object).is_none())
    );
}

#[test]
fn what_is_due_lives_while_it_waits_and_when_it_is_taken_while_marking() {
    const QUEUED: usize = 5_000;
    const TAKEN: usize = 3_000;
    let mut world = World::new(Config {
        concurrent: true,
        torture: true,
        ..config()
    });
    let ty = type_of(2, &[0]);
    for _ in 0..QUEUED {
        let [object, child, closure] = [0; 3].map(|_| world.alloc(16, Some(ty)));
        store(object, child);
        world.heap.set_finalizer(object, closure).unwrap();
    }
    world.collect_and_sweep();
    // SAFETY: no other thread uses the heap.
    let begun = unsafe { world.heap.advance(Trigger::Growth, &world.roots) };
    assert!(begun.done().is_none());
    // Some before a marker can be there, others in its midst.
    let mut taken = vec![];
    for i in 0..TAKEN {
        let due = world.heap.take_due().unwrap();
        for word in [due.object, due.closure] {
            world.heap.shade_alone(word);
        }
        taken.push(due);
        if i == TAKEN / 2 {
            world.heap.start_markers();
        }
    }
    finish(&world);
    while world.heap.sweep_step(100) {}
    taken.extend(std::iter::from_fn(|| world.heap.take_due()));
    assert_eq!(taken.len(), QUEUED);
    for due in taken {
        let all = [due.object, load(due.object), due.closure];
        assert!(all.iter().all(|&o| world.heap.find_object(o).is_some()));
    }
    finish(&world);
    while world.heap.sweep_step(100) {}
    assert_eq!(world.heap.live_bytes(), 0);
}
