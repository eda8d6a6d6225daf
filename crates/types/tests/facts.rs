//! Facts that later stages rely on: order of initialization, sizes, method sets,
//! instances, canonical types.

mod common;

use common::{Checked, package, package_with};
use expect_test::expect;
use goxide_types::{Type, TypeId};

fn type_of(c: &Checked, name: &str) -> TypeId {
    let obj = c.program.lookup_package(c.pkg, name).expect("declared");
    c.program.obj_type(obj)
}

#[test]
fn variables_are_initialized_after_what_they_need() {
    let mut c = package(
        "var a = b + f()
         var b = 1
         func f() int { return g }
         var g, h = two()
         func two() (int, int) { return b, 2 }
         var z int",
    );
    let order = c.program.init_order(c.pkg);
    let names: Vec<Vec<&str>> = order
        .iter()
        .map(|i| {
            i.lhs
                .iter()
                .map(|&v| c.program.obj(v).name.as_str())
                .collect()
        })
        .collect();
    expect![[r#"[["b"], ["g", "h"], ["a"]]"#]].assert_eq(&format!("{names:?}"));
}

#[test]
fn sizes_are_those_of_amd64() {
    let mut c = package(
        "type A struct { a bool; b int64; c uint16 }
         type B struct { x int32; y struct{} }
         type C [3]A
         type D interface{ M() }
         type E struct { s string; c complex64; p *E; f []int }",
    );
    let mut sizes = Vec::new();
    for name in ["A", "B", "C", "D", "E"] {
        let ty = type_of(&c, name);
        sizes.push((
            name,
            c.program.sizeof(ty).unwrap_or(-1),
            c.program.alignof(ty),
        ));
    }
    expect![[r#"[("A", 24, 8), ("B", 8, 4), ("C", 72, 8), ("D", 16, 8), ("E", 56, 8)]"#]]
        .assert_eq(&format!("{sizes:?}"));
}

#[test]
fn method_sets_have_promoted_methods() {
    let mut c = package(
        "type I interface { M(); n() }
         type A struct{}
         func (A) V() {}
         func (*A) P() {}
         type B struct { A; I }
         type C struct { *A; x int }",
    );
    let mut out = String::new();
    for name in ["I", "A", "B", "C"] {
        let ty = type_of(&c, name);
        let pointer = c.program.pointer_to(ty);
        for (star, ty) in [("", ty), ("*", pointer)] {
            let set = c.program.method_set(ty);
            let names: Vec<&str> = set
                .iter()
                .map(|m| c.program.obj(m.obj).name.as_str())
                .collect();
            out += &format!("{star}{name}: {}\n", names.join(" "));
        }
    }
    expect![[r#"
        I: M n
        *I: 
        A: V
        *A: P V
        B: M V n
        *B: M P V n
        C: P V
        *C: P V
    "#]]
    .assert_eq(&out);
}

#[test]
fn identical_types_have_one_canonical_id() {
    let mut c = package(
        "type G[T any] struct { f func(T) []T }
         type A = int
         var x struct { m map[string]G[int]; i interface{ N(A); M() } }
         var y struct { m map[string]G[A]; i interface{ M(); N(int) } }
         var z struct { m map[string]G[string]; i interface{ M() } }",
    );
    let ids: Vec<TypeId> = ["x", "y", "z"].map(|n| type_of(&c, n)).into();
    let canonical: Vec<TypeId> = ids.iter().map(|&t| c.program.canonical(t)).collect();
    assert!(c.program.identical(ids[0], ids[1]) && canonical[0] == canonical[1]);
    assert!(!c.program.identical(ids[0], ids[2]) && canonical[0] != canonical[2]);
}

#[test]
fn instances_are_expanded_on_demand() {
    let mut c = package(
        "type G[T any] struct { v T; next *G[T] }
         func (g *G[T]) Get() (T, *G[T]) { return g.v, g.next }
         var x G[[]int]",
    );
    let x = type_of(&c, "x");
    let under = c.program.under(x);
    let method = c.program.method(x, 0).expect("Get");
    let text = |c: &Checked, t| c.program.type_string(t);
    let get = c.program.obj_type(method);
    expect![[r#"
        struct{v []int; next *p.G[[]int]}
        func() ([]int, *p.G[[]int])
    "#]]
    .assert_eq(&format!("{}\n{}\n", text(&c, under), text(&c, get)).replace("*G", "*p.G"));
    assert!(matches!(c.program.ty(under), Type::Struct(_)));
}

#[test]
fn tables_are_checked_when_somebody_asks() {
    let mut c = package_with(
        "type R struct { lo, hi uint16; name string }
         type T struct { list []R; more *R }
         const big = 1 << 15
         var a = &T{list: []R{{0x41, big, \"A\"}, {hi: 7}}, more: &R{}}
         var b = []R{{lo: 70000}}
         var c = map[string]int8{\"x\": -1, \"y\": 300}
         var d = [...]int{1, 2}
         var e = []*T{a}
         var f = []int{len(d)}
         var g T
         var h = [...]R{{1, 2, \"\"}, {lo: 70000}}
         var i = [...]int{4: 1}
         var j [len(h)]int",
        true,
    );
    let mut found = Vec::new();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        let var = c.program.lookup_package(c.pkg, name).expect("declared");
        let waits = c.program.is_unchecked_table(var);
        c.program.check_table(var);
        assert!(!c.program.is_unchecked_table(var));
        let errors = std::mem::take(&mut c.program.packages[c.pkg].errors).len();
        found.push((name, waits, errors));
    }
    // Of a table, and what is wrong in it, nothing was looked at before.
    expect![[
        r#"[("a", true, 0), ("b", true, 1), ("c", true, 1), ("d", true, 0), ("e", false, 0), ("f", false, 0), ("g", false, 0), ("h", true, 1), ("i", false, 0), ("j", false, 0)]"#
    ]]
    .assert_eq(&format!("{found:?}"));
}
