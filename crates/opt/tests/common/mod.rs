//! What the tests of this folder share: making small functions and looking at them after all
//! passes.

#![allow(dead_code, reason = "not every test file uses everything")]

use expect_test::Expect;
use goxide_base::{Pos, Symbol};
use goxide_ir::{Builder, Function, Module, Op, Signature, SymId, SymKind, Ty, Value};
use goxide_opt::{Options, optimize};

pub fn sig(params: &[Ty], results: &[Ty]) -> Signature {
    Signature {
        params: params.into(),
        results: results.into(),
    }
}

/// Adds a function whose body `write` writes, given the parameters.
pub fn define(
    module: &mut Module,
    name: &str,
    params: &[Ty],
    results: &[Ty],
    write: impl FnOnce(&mut Builder, &[Value]),
) -> SymId {
    let name = Symbol::intern(name);
    let sym = module.symbols.get(name, SymKind::Func);
    let mut b = Builder::new(Function::new(sym, name, sig(params, results), Pos::NONE));
    let values = b.func.blocks[Function::ENTRY].params.to_vec();
    write(&mut b, &values);
    module.functions.push(b.finish());
    sym
}

/// A module's only function, after all passes.
pub fn check_one(
    params: &[Ty],
    results: &[Ty],
    write: impl FnOnce(&mut Builder, &[Value]),
    want: Expect,
) {
    let mut module = Module::default();
    define(&mut module, "f", params, results, write);
    check(module, want);
}

/// Optimises and compares the text of the last function.
pub fn check(mut module: Module, want: Expect) {
    let options = Options {
        verify: true,
        ..Options::default()
    };
    optimize(&mut module, &options, |_, _| {});
    let last = module.functions.last().expect("a function");
    want.assert_eq(&last.text(&module.symbols, &|_| None));
}

pub fn new_object(b: &mut Builder, bytes: u64) -> Value {
    b.push1(Op::New {
        desc: None,
        bytes,
        align: 8,
        escaped: None,
    })
}
