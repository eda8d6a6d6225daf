//! What the tests of this folder share: making small functions and looking at them after all
//! passes.

#![allow(dead_code, reason = "not every test file uses everything")]

use expect_test::Expect;
use goxide_base::{Pos, Symbol};
use goxide_ir::{Builder, Function, Module, Op, Signature, SymId, SymKind, Ty};
use goxide_opt::{Options, optimize};

pub fn sig(params: &[Ty], results: &[Ty]) -> Signature {
    Signature {
        params: params.into(),
        results: results.into(),
    }
}

pub fn start(module: &mut Module, name: &str, signature: Signature) -> Builder {
    let name = Symbol::intern(name);
    let sym = module.symbols.get(name, SymKind::Func);
    Builder::new(Function::new(sym, name, signature, Pos::NONE))
}

pub fn finish(module: &mut Module, builder: Builder) -> SymId {
    let func = builder.finish();
    let sym = func.sym;
    module.functions.push(func);
    sym
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

pub fn new_object(b: &mut Builder, bytes: u64) -> goxide_ir::Value {
    b.push1(Op::New {
        desc: None,
        bytes,
        align: 8,
        escaped: None,
    })
}
