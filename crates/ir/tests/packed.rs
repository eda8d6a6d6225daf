//! Functions as bytes and back.

use expect_test::expect;
use goxide_base::{Pos, Symbol};
use goxide_ir::{
    Builder, Callee, Function, LocData, Numbers, Op, Packed, Signature, SiteId, SymId, SymKind,
    Symbols, Ty,
};

const FILE: Pos = Pos(1000);

/// A function that calls another and gives the address of a third symbol.
fn function(symbols: &mut Symbols) -> Function {
    let mut sym = |name: &str, kind| symbols.get(Symbol::intern(name), kind);
    let (own, callee) = (sym("m.f", SymKind::Func), sym("m.g", SymKind::Func));
    let data = sym("m.data", SymKind::Data);
    let sig = Signature {
        params: [Ty::I64].into_iter().collect(),
        results: [Ty::Ptr].into_iter().collect(),
    };
    let name = Symbol::intern("m.f");
    let mut b = Builder::new(Function::new(own, name, sig, FILE.offset(5)));
    b.set_loc(LocData {
        pos: FILE.offset(20),
        function: Symbol::intern("m.inner"),
        function_pos: FILE.offset(10),
        parent: None,
        site: None,
    });
    let param = b.func.blocks[Function::ENTRY].params[0];
    let takes_one = Signature {
        params: [Ty::I64].into_iter().collect(),
        ..Signature::default()
    };
    b.push(Op::Call {
        callee: Callee::Direct(callee, Box::new(takes_one)),
        args: vec![param],
        site: Some(SiteId(7)),
    });
    let address = b.push1(Op::SymAddr(data, 8));
    b.ret([address]);
    b.finish()
}

fn pack(function: &Function) -> Packed {
    let symbol = |sym: SymId| Some(sym.0 + 1);
    let site = |site: SiteId| (site == SiteId(7)).then_some(0);
    let packed = function.pack(symbol, site, |pos| Some(pos.in_file(FILE)));
    packed.expect("it has numbers")
}

#[test]
fn a_function_comes_back_under_other_numbers() {
    let mut symbols = Symbols::default();
    let packed = pack(&function(&mut symbols));
    assert_eq!(packed.symbols, [SymId(0), SymId(1), SymId(2)]);
    // The same names in another order, the file elsewhere.
    let mut others = Symbols::default();
    let mut sym = |name: &str, kind| Some(others.get(Symbol::intern(name), kind));
    let data = sym("m.data", SymKind::Data);
    let callee = sym("m.g", SymKind::Func);
    let own = sym("m.f", SymKind::Func);
    let numbers = Numbers {
        symbols: &[None, own, callee, data],
        sites: &[SiteId(3)],
        file: Pos(50),
    };
    let again = Function::unpack(&packed.bytes, &numbers).expect("it fits");
    let shown = again.text(&others, &|pos| Some(pos.0));
    expect![[r#"
        func m.f(i64) -> ptr {
        b0(v0: i64):
            call @m.g(v0) ; site3                                        ; line 70
            v1 = addr @m.data+8
            return v1
        }
    "#]]
    .assert_eq(&shown);
    assert_eq!(again.pos, Pos(55));
}

#[test]
fn what_does_not_fit_is_noticed() {
    let mut symbols = Symbols::default();
    let function = function(&mut symbols);
    let packed = pack(&function);
    let all = [None, Some(SymId(0)), Some(SymId(1)), Some(SymId(2))];
    let unpack = |bytes: &[u8], symbols: &[Option<SymId>], sites: &[SiteId]| {
        let numbers = Numbers {
            symbols,
            sites,
            file: FILE,
        };
        Function::unpack(bytes, &numbers).is_some()
    };
    assert!(unpack(&packed.bytes, &all, &[SiteId(0)]));
    assert!(!unpack(&packed.bytes, &all[..3], &[SiteId(0)]), "a symbol");
    assert!(!unpack(&packed.bytes, &all, &[]), "a site");
    for end in 0..packed.bytes.len() {
        assert!(!unpack(&packed.bytes[..end], &all, &[SiteId(0)]), "{end}");
    }
    let none = |_: SymId| None;
    assert!(function.pack(none, |_| Some(0), |_| Some(0)).is_none());
}
