//! Finalizers, cleanups and weak handles.

mod common;

use common::*;
use goxide_heap::{Config, Due, SetFinalizerError, Trigger, Watched};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn a_finalizer_revives_its_object_once() {
    let mut world = World::new(config());
    let ty = type_of(2, &[0]);
    let (object, child, closure) = (
        world.alloc(16, Some(ty)),
        world.alloc(16, Some(ty)),
        world.alloc(16, None),
    );
    store(object, child);
    world.heap.set_finalizer(object, closure).unwrap();
    assert_eq!(
        world.heap.set_finalizer(object, closure),
        Err(SetFinalizerError::HasOne)
    );
    world.roots.0.push(object);
    world.collect_and_sweep();
    assert!(!world.heap.has_due());
    world.roots.0.clear();
    world.collect_and_sweep();
    assert!(world.heap.has_due());
    // Queued, it is alive, with what it reaches.
    world.collect_and_sweep();
    assert!(
        [object, child, closure]
            .iter()
            .all(|&o| world.heap.find_object(o).is_some())
    );
    assert_eq!(world.heap.take_due(), Some(Due { object, closure }));
    assert!(!world.heap.has_due());
    world.collect_and_sweep();
    assert_eq!(world.heap.take_due(), None);
    assert!(
        [object, child, closure]
            .iter()
            .all(|&o| world.heap.find_object(o).is_none())
    );
}

#[test]
fn finalizers_run_in_the_order_of_dependence_and_never_on_cycles() {
    let mut world = World::new(config());
    let ty = type_of(2, &[0]);
    let (a, b) = (world.alloc(16, Some(ty)), world.alloc(16, Some(ty)));
    let (c, d) = (world.alloc(16, Some(ty)), world.alloc(16, Some(ty)));
    let closure = world.alloc(16, None);
    store(a, b);
    store(c, d);
    store(d, c);
    [a, b, c]
        .iter()
        .for_each(|&object| world.heap.set_finalizer(object, closure).unwrap());
    let mut order = vec![];
    for _ in 0..4 {
        world.collect_and_sweep();
        order.extend(world.heap.take_due().map(|due| due.object));
    }
    assert_eq!(order, [a, b]);
    assert!(world.heap.find_object(a).is_none() && world.heap.find_object(c).is_some());
}

#[test]
fn finalizers_are_refused_where_go_refuses_them() {
    let mut world = World::new(config());
    let object = world.alloc(64, None);
    let heap = &world.heap;
    assert_eq!(
        heap.set_finalizer(object + 8, 1),
        Err(SetFinalizerError::NotItsStart)
    );
    assert_eq!(
        heap.set_finalizer(object + (1 << 20), 1),
        Err(SetFinalizerError::NotAnObject)
    );
    assert_eq!(heap.set_finalizer(&raw const world as usize, 1), Ok(()));
    heap.set_finalizer(object, object).unwrap();
    heap.set_finalizer(object, 0).unwrap();
    world.collect_and_sweep();
    assert_eq!(world.heap.take_due(), None);
}

#[test]
fn cleanups_run_when_the_object_is_gone() {
    let mut world = World::new(config());
    let object = world.alloc(64, None);
    let closures: Vec<_> = (0..3).map(|_| world.alloc(16, None)).collect();
    let finalizer = world.alloc(16, None);
    let ids: Vec<_> = closures
        .iter()
        .map(|&closure| world.heap.add_cleanup(object + 8, closure))
        .collect();
    world.heap.stop_cleanup(object, ids[1]);
    world.heap.set_finalizer(object, finalizer).unwrap();
    world.collect_and_sweep();
    assert_eq!(
        world.heap.take_due(),
        Some(Due {
            object,
            closure: finalizer
        })
    );
    assert_eq!(world.heap.take_due(), None);
    world.collect_and_sweep();
    assert_eq!(
        world.heap.take_due(),
        Some(Due {
            object: 0,
            closure: closures[0]
        })
    );
    assert_eq!(
        world.heap.take_due(),
        Some(Due {
            object: 0,
            closure: closures[2]
        })
    );
    assert_eq!(world.heap.find_object(object), None);
}

#[test]
fn weak_handles_are_zeroed_when_their_object_dies() {
    let mut world = World::new(config());
    let object = world.alloc(64, None);
    let (handle, inner) = (world.weak(object), world.weak(object + 8));
    assert_eq!(world.weak(object), handle);
    assert_ne!(inner, handle);
    world.roots.0 = vec![object, handle, inner];
    world.collect_and_sweep();
    assert_eq!(
        (world.strong(handle), world.strong(inner)),
        (object, object + 8)
    );
    assert_eq!(world.weak(object), handle);
    world.roots.0.remove(0);
    world.collect_and_sweep();
    assert_eq!((world.strong(handle), world.strong(inner)), (0, 0));
    assert_eq!(world.heap.find_object(object), None);
}

#[test]
fn weak_handles_are_zeroed_before_a_finalizer_revives() {
    let mut world = World::new(config());
    let (object, closure) = (world.alloc(64, None), world.alloc(16, None));
    let handle = world.weak(object);
    world.heap.set_finalizer(object, closure).unwrap();
    world.roots.0 = vec![handle];
    world.collect_and_sweep();
    assert_eq!(world.strong(handle), 0);
    assert_eq!(world.heap.take_due(), Some(Due { object, closure }));
    world.roots.0.push(object);
    assert_ne!(world.weak(object), handle);
}

#[test]
fn weak_handles_of_globals_last() {
    static GLOBAL: u64 = 0;
    let mut world = World::new(config());
    let handle = world.weak(&raw const GLOBAL as usize);
    world.collect_and_sweep();
    assert_eq!(world.strong(handle), &raw const GLOBAL as usize);
}

/// Collects while the "program" runs; what is attached to many objects is settled afterwards.
fn collect_concurrently(world: &World) {
    let cycle = world.heap.cycles();
    while world.heap.cycles() == cycle {
        // SAFETY: no other thread uses the heap.
        unsafe { world.heap.advance(Trigger::Forced, &world.roots) };
        world.heap.start_markers();
    }
}

/// What a finalizer is to get is still there for those who know of it, although several threads
/// settle at once: the last shards, and what is known.
#[test]
fn what_is_revived_is_not_forgotten() {
    const OBJECTS: usize = 100_000;
    const PARTS: usize = 64;
    static KNOWN: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    static FORGOTTEN: AtomicUsize = AtomicUsize::new(0);
    let mut world = World::new(Config {
        concurrent: true,
        watched: Watched {
            count: || OBJECTS,
            parts: PARTS,
            forget: |part, reached| {
                let known = KNOWN.lock().unwrap();
                let lost = known.iter().skip(part).step_by(PARTS);
                let lost = lost.filter(|&&object| !reached(object)).count();
                FORGOTTEN.fetch_add(lost, Ordering::Relaxed);
            },
        },
        ..config()
    });
    let closure = world.alloc(16, None);
    world.roots.0.push(closure);
    let objects: Vec<usize> = (0..OBJECTS).map(|_| world.alloc(64, None)).collect();
    *KNOWN.lock().unwrap() = objects.clone();
    for round in 0..10 {
        for &object in &objects {
            world.heap.set_finalizer(object, closure).unwrap();
        }
        collect_concurrently(&world);
        while world.heap.sweep_step(100) {}
        while world.heap.take_due().is_some() {}
        assert_eq!(FORGOTTEN.load(Ordering::Relaxed), 0, "round {round}");
    }
}

#[test]
fn many_are_settled_while_the_world_runs() {
    const OBJECTS: usize = 20_000;
    let mut world = World::new(Config {
        concurrent: true,
        ..config()
    });
    let ty = type_of(8, &[0]);
    let closure = world.alloc(16, None);
    world.roots.0.push(closure);
    let mut objects = vec![];
    for i in 0..OBJECTS {
        let (object, child) = (world.alloc(64, Some(ty)), world.alloc(64, Some(ty)));
        store(object, child);
        let handle = world.weak(object);
        match i % 4 {
            0 => world.heap.set_finalizer(object, closure).unwrap(),
            1 => _ = world.heap.add_cleanup(object, closure),
            _ => {}
        }
        world.roots.0.push(handle);
        objects.push((object, child, handle));
    }
    let lives = |i: usize| i.is_multiple_of(3);
    let kept = (0..OBJECTS).filter(|&i| lives(i)).map(|i| objects[i].0);
    world.roots.0.extend(kept);
    collect_concurrently(&world);
    let mut made = HashSet::new();
    // From now on no handle leads to what was not reached, settled or not.
    for (i, &(object, _, handle)) in objects.iter().enumerate().rev() {
        let strong = world.strong(handle);
        assert_eq!(strong, if lives(i) { object } else { 0 }, "object {i}");
        // What is made meanwhile is not taken for something that was not reached.
        if i % 100 == 0 {
            let new = world.alloc(64, Some(ty));
            let handle = world.weak(new);
            world.roots.0.extend([new, handle]);
            made.extend([new, handle]);
            assert_eq!(world.strong(handle), new);
        }
    }
    while world.heap.sweep_step(100) {}
    let mut finalizers = 0;
    let mut cleanups = 0;
    while let Some(due) = world.heap.take_due() {
        match due.object {
            0 => cleanups += 1,
            _ => finalizers += 1,
        }
    }
    let dead = |kind| (0..OBJECTS).filter(|&i| !lives(i) && i % 4 == kind).count();
    assert_eq!((finalizers, cleanups), (dead(0), dead(1)));
    for (i, &(object, child, _)) in objects.iter().enumerate() {
        let exists = |o| world.heap.find_object(o).is_some() && !made.contains(&o);
        let found = [object, child].map(exists);
        assert_eq!(found, [lives(i) || i % 4 == 0; 2], "object {i}");
    }
    collect_concurrently(&world);
    while world.heap.sweep_step(100) {}
    for (i, &(object, ..)) in objects.iter().enumerate() {
        let exists = world.heap.find_object(object).is_some() && !made.contains(&object);
        assert_eq!(exists, lives(i), "object {i}");
    }
}
