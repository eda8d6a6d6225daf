//! Write barriers: which stores have one, and that it tells the collector the pointer and
//! changes nothing else.

mod common;

use common::{Program, levels, new_g, sig};
use goxide_ir::{AtomicOp, BinaryOp, Builder, MemFlags, Op, SlotData, Ty, Value};

/// Runs a function of (place, pointer, x, y) that `store`s and gives x + y, with and without
/// marking; gives what was stored, how often the barrier was called, and the last pointer.
fn run(store: impl Fn(&mut Builder, Value, Value)) -> (u64, u64, u64) {
    let mut p = Program::default();
    let tys = [Ty::Ptr, Ty::Ptr, Ty::I64, Ty::I64];
    let f = p.add("f", sig(&tys, &[Ty::I64]), |b, params| {
        store(b, params[0], params[1]);
        let sum = b.push1(Op::Binary(BinaryOp::Iadd, params[2], params[3]));
        b.ret([sum]);
    });
    let mut seen = None;
    for level in levels() {
        let image = p.link_for(level);
        let outcome = |marking| {
            let mut place = [0u64; 2];
            let mut g = new_g();
            g.gc_marking = marking;
            let args = [place.as_mut_ptr() as u64, 0xc0de, 40, 2];
            assert_eq!(image.run_on(&mut g, f, &args, &[]).int(), 42);
            (place[1], g.slow_results[0], g.slow_results[1])
        };
        let (stored, calls, _) = outcome(0);
        let marking = outcome(1);
        assert_eq!(stored, marking.0);
        assert!(calls == 0 || calls == marking.1, "copies are always calls");
        assert_eq!(*seen.get_or_insert(marking), marking);
    }
    seen.expect("there is a level")
}

fn store_ptr(b: &mut Builder, addr: Value, value: Value) {
    b.push(Op::StorePtr {
        addr,
        offset: 8,
        value,
        flags: MemFlags::default(),
    });
}

#[test]
fn a_pointer_stored_while_marking_is_recorded() {
    assert_eq!(run(store_ptr), (0xc0de, 1, 0xc0de));
    let twice = |b: &mut Builder, place, pointer| {
        store_ptr(b, place, pointer);
        store_ptr(b, place, pointer);
    };
    assert_eq!(run(twice).1, 2, "the second look is not the first one's");
}

#[test]
fn nil_and_the_frame_need_no_barrier() {
    let nil = |b: &mut Builder, place, _| {
        let nil = b.push1(Op::Iconst(Ty::Ptr, 0));
        store_ptr(b, place, nil);
    };
    assert_eq!(run(nil), (0, 0, 0));
    let frame = |b: &mut Builder, _, pointer| {
        let slot = b.func.slots.push(SlotData {
            bytes: 16,
            align: 8,
        });
        let place = b.push1(Op::SlotAddr(slot, 0));
        store_ptr(b, place, pointer);
    };
    assert_eq!(run(frame).1, 0);
}

#[test]
fn atomics_that_store_pointers_record_them() {
    let place_of = |b: &mut Builder, place| {
        let eight = b.push1(Op::Iconst(Ty::I64, 8));
        b.push1(Op::Binary(BinaryOp::Iadd, place, eight))
    };
    let store = |b: &mut Builder, place, pointer| {
        let place = place_of(b, place);
        b.push(Op::AtomicStore(place, pointer, true));
    };
    assert_eq!(run(store), (0xc0de, 1, 0xc0de));
    let swap = |b: &mut Builder, place, pointer| {
        let place = place_of(b, place);
        b.push(Op::AtomicRmw(AtomicOp::Xchg, place, pointer, true));
    };
    assert_eq!(run(swap), (0xc0de, 1, 0xc0de));
    let cas = |b: &mut Builder, place, pointer| {
        let place = place_of(b, place);
        let nil = b.push1(Op::Iconst(Ty::Ptr, 0));
        b.push(Op::AtomicCas(place, nil, pointer, true));
    };
    assert_eq!(run(cas), (0xc0de, 1, 0xc0de));
    let number = |b: &mut Builder, place, pointer| {
        let place = place_of(b, place);
        b.push(Op::AtomicStore(place, pointer, false));
    };
    assert_eq!(run(number), (0xc0de, 0, 0));
}
