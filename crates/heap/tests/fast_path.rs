//! The fast path of `runtime.mallocgc`, in assembly, against this heap: what it allocates is
//! as good as what `Heap::alloc` does.

mod common;

use common::*;
use goxide_abi::GContext;
use goxide_fiber as _;
use goxide_heap::{Cache, Heap, Type};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

thread_local! {
    static HEAP: Cell<Option<(NonNull<Heap>, NonNull<Cache>)>> = const { Cell::new(None) };
    static SLOW_CALLS: Cell<usize> = const { Cell::new(0) };
}

/// In the runtime this is a stub; here it may as well run on this stack.
#[unsafe(export_name = "runtime.mallocgc_slow")]
extern "C" fn mallocgc_slow(size: usize, ty: *const Type, zeroed: usize) -> usize {
    SLOW_CALLS.set(SLOW_CALLS.get() + 1);
    let (heap, mut cache) = HEAP.get().unwrap();
    // SAFETY: the test keeps the heap; nobody else uses the cache.
    unsafe { heap.as_ref().alloc(cache.as_mut(), size, ty, zeroed != 0) as usize }
}

unsafe extern "C" {
    #[link_name = "runtime.mallocgc"]
    fn go_mallocgc();
}

/// Calls `runtime.mallocgc` with r15 = g.
#[unsafe(naked)]
extern "C" fn call_with_g(
    _size: usize,
    _ty: *const Type,
    _zeroed: usize,
    _g: *const GContext,
) -> usize {
    std::arch::naked_asm!(
        "push r15",
        "mov r15, rcx",
        "call {mallocgc}",
        "pop r15",
        "ret",
        mallocgc = sym go_mallocgc,
    )
}

struct Fast {
    world: World,
    g: Box<GContext>,
}

impl Fast {
    fn new() -> Self {
        let world = World::new(config());
        // SAFETY: zeroes are a valid G head.
        let mut g: Box<GContext> = Box::new(unsafe { MaybeUninit::zeroed().assume_init() });
        let cache = world.heap.new_cache();
        g.cache = cache.as_ptr() as usize;
        HEAP.set(Some((NonNull::from(&*world.heap), cache)));
        SLOW_CALLS.set(0);
        Self { world, g }
    }

    fn alloc(&self, size: usize, ty: Option<&Type>) -> usize {
        call_with_g(
            size,
            ty.map_or(std::ptr::null(), |ty| ty as *const Type),
            1,
            &*self.g,
        )
    }
}

#[test]
fn pointer_free_objects_do_not_overlap_and_start_zeroed() {
    let fast = Fast::new();
    let mut random = Random(11);
    let mut objects = vec![];
    for i in 0..50_000 {
        let exponent = random.below(11);
        let size = random.below(2 << exponent);
        let object = fast.alloc(size, None);
        let align = match size {
            0 => 1,
            1..16 => size & size.wrapping_neg(),
            _ => 8,
        };
        assert_eq!(object % align, 0);
        // SAFETY: a new object.
        let bytes = unsafe { std::slice::from_raw_parts_mut(object as *mut u8, size) };
        assert!(bytes.iter().all(|&byte| byte == 0));
        bytes.fill(i as u8);
        objects.push((object, size, i as u8));
    }
    for (object, size, value) in objects {
        // SAFETY: an object of the test.
        let bytes = unsafe { std::slice::from_raw_parts(object as *const u8, size) };
        assert!(bytes.iter().all(|&byte| byte == value));
    }
    assert!(SLOW_CALLS.get() < 15_000, "{}", SLOW_CALLS.get());
}

#[test]
fn exactly_the_pointer_words_keep_objects_alive() {
    let mut fast = Fast::new();
    let mut random = Random(5);
    for round in 0..300 {
        let mut expected = vec![];
        fast.world.roots.0.clear();
        for _ in 0..40 {
            let words = 1 + random.below(64);
            let pointers: Vec<_> = (0..words).filter(|_| random.below(3) == 0).collect();
            let count = 1 + random.below(64 / words);
            let object = fast.alloc(count * words * 8, Some(type_of(words, &pointers)));
            fast.world.roots.0.push(object);
            for word in 0..words * count {
                assert_eq!(load(object + word * 8), 0);
                let target = fast.alloc(16, None);
                store(object + word * 8, target);
                expected.push((target, pointers.contains(&(word % words))));
            }
        }
        fast.world.collect();
        for (target, alive) in expected {
            // A freed slot counts as allocated again while a span is unswept, so sweep.
            while fast.world.heap.sweep_step(100) {}
            assert_eq!(
                fast.world.heap.find_object(target).is_some(),
                alive,
                "round {round}"
            );
        }
    }
}

#[test]
fn without_a_cache_everything_goes_the_slow_way() {
    let mut fast = Fast::new();
    fast.g.cache = 0;
    (0..100).for_each(|size| _ = fast.alloc(size, None));
    assert_eq!(SLOW_CALLS.get(), 100);
}

#[test]
fn statistics_include_the_fast_path() {
    let fast = Fast::new();
    (0..1000).for_each(|_| _ = fast.alloc(8, None));
    (0..1000).for_each(|_| _ = fast.alloc(24, Some(type_of(3, &[0]))));
    assert_eq!(fast.world.heap.mem_stats().mallocs, 2000);
    assert!(SLOW_CALLS.get() < 600);
}
