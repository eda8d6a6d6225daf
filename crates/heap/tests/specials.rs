//! Finalizers, cleanups and weak handles.

mod common;

use common::*;
use goxide_heap::{Due, SetFinalizerError};

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
