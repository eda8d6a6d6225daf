//! The first half of the optimiser does the same to functions that come late.

mod common;

use common::{add_data, define, sig};
use goxide_base::FxHashMap;
use goxide_ir::{BinaryOp, Callee, Function, MemFlags, Module, Op, SymId, Ty};
use goxide_opt::{Options, Partly, prepare};

const OPTIONS: Options = Options {
    optimize: true,
    inline: true,
    notes: false,
    verify: true,
};

/// Functions for each pass of the first half to change.
fn module() -> Module {
    let mut module = Module::default();
    let iface = add_data(&mut module, "type:I", 8, &[]);
    let method = define(&mut module, "T.m", &[Ty::Ptr], &[Ty::I64], |b, p| {
        let x = b.load(Ty::I64, p[0], 0, MemFlags::default());
        b.ret([x]);
    });
    let itab = add_data(&mut module, "itab:T", 32, &[(0, iface), (24, method)]);
    module.itabs.push(itab);
    define(&mut module, "simplified", &[], &[Ty::I64], |b, _| {
        let (two, three) = (b.iconst(Ty::I64, 2), b.iconst(Ty::I64, 3));
        let five = b.push1(Op::Binary(BinaryOp::Iadd, two, three));
        b.ret([five]);
    });
    let value = add_data(&mut module, "T.m·f", 8, &[(0, method)]);
    define(&mut module, "direct", &[Ty::Ptr], &[Ty::I64], |b, p| {
        let function = b.push1(Op::SymAddr(value, 0));
        let callee = Callee::Closure(function, Box::new(sig(&[Ty::Ptr], &[Ty::I64])));
        let x = b.call(callee, vec![p[0]])[0];
        b.ret([x]);
    });
    let by_itab = [Ty::Ptr, Ty::Ptr];
    define(&mut module, "compared", &by_itab, &[Ty::I64], |b, p| {
        let callee = Callee::Interface {
            itab: p[0],
            index: 0,
            iface,
            sig: Box::new(sig(&[Ty::Ptr], &[Ty::I64])),
        };
        let x = b.call(callee, vec![p[1]])[0];
        b.ret([x]);
    });
    module
}

fn texts(module: &Module) -> FxHashMap<SymId, String> {
    let text = |f: &Function| (f.sym, f.text(&module.symbols, &|_| None));
    module.functions.iter().map(text).collect()
}

#[test]
fn functions_that_come_late_go_through_every_pass() {
    let mut whole = module();
    let mut last = texts(&whole);
    prepare(&mut whole, &OPTIONS, |pass, module| {
        let now = texts(module);
        assert!(
            pass == "lower" || now != last,
            "add a function to this test that {pass} changes"
        );
        last = now;
    });
    let costs = Partly::begin(&mut module(), &OPTIONS, []);
    let count = whole.functions.len();
    // One of them is late, or all are.
    let one = (0..count).map(|f| f..f + 1);
    for late in one.chain(std::iter::once(0..count)) {
        let mut module = module();
        let mut functions: Vec<Function> = module.functions.drain(late.clone()).collect();
        let cost = |f: &Function| Some((f.sym, costs.small_cost(f.sym)?));
        let others: Vec<(SymId, u32)> = functions.iter().filter_map(cost).collect();
        let mut partly = Partly::begin(&mut module, &OPTIONS, others);
        partly.finish(&mut module);
        partly.late(&mut module, &mut functions);
        module.functions.append(&mut functions);
        assert_eq!(texts(&module), texts(&whole), "late: {late:?}");
    }
}
