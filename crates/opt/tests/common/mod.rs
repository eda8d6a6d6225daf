//! What the tests of this folder share: making small functions and looking at them after all
//! passes.

#![allow(dead_code, reason = "not every test file uses everything")]

use expect_test::Expect;
use goxide_base::{Pos, Symbol};
use goxide_ir::{
    Builder, Data, DataReloc, DataSection, Function, Module, Op, Signature, SymId, SymKind, Ty,
    Value,
};
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

/// A data object of addresses at offsets.
pub fn add_data(module: &mut Module, name: &str, size: u64, words: &[(u64, SymId)]) -> SymId {
    let sym = module.symbols.get(Symbol::intern(name), SymKind::Data);
    let relocs = words.iter().map(|&(at, to)| DataReloc::Abs64(at, to, 0));
    module.data.push(Data {
        sym,
        section: DataSection::ReadOnly,
        align: 8,
        bytes: vec![0; size as usize],
        size,
        relocs: relocs.collect(),
    });
    sym
}
