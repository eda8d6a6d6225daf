//! Descriptors and package variables as bytes. The numbers of the descriptors are those that
//! Go 1.27.3's compiler writes for the same declarations.

use expect_test::{Expect, expect};
use goxide_base::{SourceMap, Symbol};
use goxide_ir::{Data, DataReloc, Module};
use goxide_lower::{Options, lower_program};
use goxide_syntax::ast::NodeId;
use goxide_syntax::{ParseMode, parse_file};
use goxide_types::{PackageInput, Program};
use std::fmt::Write as _;
use std::sync::Arc;

fn lower(text: &str) -> Module {
    let sources = SourceMap::new();
    let source = sources.add("x.go".as_ref(), "x.go", text.as_bytes());
    let parsed = parse_file(&source, NodeId::default(), ParseMode::default());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let mut program = Program::new();
    let files = vec![Arc::new(parsed.file)];
    let main = program.add_package(PackageInput::new("main", files, parsed.next_id.0 as usize));
    assert_eq!(program.pkg(main).errors, []);
    let options = Options {
        verify: true,
        ..Options::default()
    };
    lower_program(&mut program, main, &options).unwrap_or_else(|e| panic!("{e:?}"))
}

fn data<'m>(module: &'m Module, name: &str) -> &'m Data {
    let sym = module.symbols.find(Symbol::intern(name));
    let found = module.data.iter().find(|d| Some(d.sym) == sym);
    found.unwrap_or_else(|| panic!("no {name}"))
}

fn number(data: &Data, at: usize, bytes: usize) -> u64 {
    let mut word = [0; 8];
    word[..bytes].copy_from_slice(&data.bytes[at..at + bytes]);
    u64::from_le_bytes(word)
}

/// The object that a word or offset refers to.
fn target<'m>(module: &'m Module, data: &Data, at: u64) -> Option<&'m Data> {
    let sym = data.relocs.iter().find_map(|r| match *r {
        DataReloc::Abs64(o, sym, _) | DataReloc::RodataOff32(o, sym) if o == at => Some(sym),
        _ => None,
    })?;
    module.data.iter().find(|d| d.sym == sym)
}

/// The head of a descriptor, and what follows the fixed part.
fn show(module: &Module, name: &str) -> String {
    let d = data(module, name);
    let mut out = format!(
        "{name}: size {} ptr {} tflag {} align {} kind {}",
        number(d, 0, 8),
        number(d, 8, 8),
        d.bytes[20],
        d.bytes[21],
        d.bytes[23]
    );
    if let Some(mask) = target(module, d, 32) {
        let _ = write!(out, " mask {:x}", number(mask, 0, 8));
    }
    let text = target(module, d, 40).map(|n| String::from_utf8_lossy(&n.bytes[2..]).into_owned());
    let _ = write!(out, " str {}", text.unwrap_or_default());
    out
}

fn check(text: &str, names: &[&str], expected: Expect) {
    let module = lower(text);
    let shown: Vec<String> = names.iter().map(|n| show(&module, n)).collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn heads_of_descriptors_are_as_gc_writes_them() {
    check(
        r#"package main

type T struct {
	A int `json:"a"`
	b string
	*E
}
type E struct{ x [3]float32 }

func (t *E) M(int) string { return "" }
func (t E) n()            {}

type Small struct{ p *int }
type F func(int, ...string) error
type I interface {
	M(int) string
	n()
}

var all = [...]any{(*T)(nil), Small{}, F(nil), (chan<- int)(nil), (*[4]T)(nil), (*[]I)(nil), (*struct{a int8; b int32})(nil)}

func main() { _ = all }
"#,
        &[
            "type:main.T",
            "type:*main.T",
            "type:*main.E",
            "type:main.Small",
            "type:main.F",
            "type:[4]main.T",
            "type:chan<- int",
            "type:[]main.I",
            "type:int",
            "type:struct { main.a int8; main.b int32 }",
        ],
        expect![[r#"
            type:main.T: size 32 ptr 32 tflag 7 align 8 kind 25 mask a str *main.T
            type:*main.T: size 8 ptr 8 tflag 41 align 8 kind 22 mask 1 str *main.T
            type:*main.E: size 8 ptr 8 tflag 41 align 8 kind 22 mask 1 str *main.E
            type:main.Small: size 8 ptr 8 tflag 47 align 8 kind 25 mask 1 str *main.Small
            type:main.F: size 8 ptr 8 tflag 39 align 8 kind 19 mask 1 str *main.F
            type:[4]main.T: size 128 ptr 128 tflag 2 align 8 kind 17 mask aaaa str *[4]main.T
            type:chan<- int: size 8 ptr 8 tflag 42 align 8 kind 18 mask 1 str *chan<- int
            type:[]main.I: size 24 ptr 8 tflag 2 align 8 kind 23 mask 1 str *[]main.I
            type:int: size 8 ptr 0 tflag 15 align 8 kind 2 str *int
            type:struct { main.a int8; main.b int32 }: size 8 ptr 0 tflag 2 align 4 kind 25 str *struct { a int8; b int32 }"#]],
    );
}

#[test]
fn methods_follow_the_fields() {
    let module = lower(
        r#"package main

type T struct {
	A int
	b string
	c *int
}

func (t *T) M(int) string { return "" }
func (t T) n()            {}

var x any = (*T)(nil)

func main() { _ = x }
"#,
    );
    let d = data(&module, "type:*main.T");
    // Methods, exported ones, distance from here.
    let head = (number(d, 60, 2), number(d, 62, 2), number(d, 64, 4));
    assert_eq!(head, (2, 1, 0x10));
    // Nothing calls them.
    assert_eq!(number(d, 72 + 8, 8), u64::MAX);
    let d = data(&module, "type:main.T");
    let head = (number(d, 84, 2), number(d, 86, 2), number(d, 88, 4));
    assert_eq!(head, (1, 0, 0x58));
}

/// Maps of gc for `map[string]int` and `map[[200]byte]any`.
#[test]
fn map_descriptors_know_their_slots() {
    let module = lower(
        r#"package main

var all = [...]any{(map[string]int)(nil), (map[[200]byte]any)(nil)}

func main() { _ = all }
"#,
    );
    for (name, words) in [
        ("type:map[string]int", [200, 8, 24, 24, 24, 16, 1]),
        (
            "type:map[[200]uint8]interface {}",
            [200, 8, 24, 16, 24, 8, 4],
        ),
    ] {
        let d = data(&module, name);
        let found: Vec<u64> = (0..7).map(|i| number(d, 80 + 8 * i, 8)).collect();
        assert_eq!(found, words, "{name}");
    }
}

/// Contents of a variable, with what it points to.
fn contents(module: &Module, d: &Data) -> String {
    let mut out = format!("{:?} {}:", d.section, d.size);
    for (i, word) in d.bytes.chunks(8).enumerate() {
        let at = 8 * i as u64;
        let reloc = d.relocs.iter().find_map(|r| match *r {
            DataReloc::Abs64(o, sym, addend) if o == at => Some((sym, addend)),
            _ => None,
        });
        match reloc {
            Some((sym, addend)) => match module.data.iter().find(|d| d.sym == sym) {
                Some(to)
                    if addend == 0 && !module.symbols.name(sym).as_str().starts_with("type:") =>
                {
                    let _ = write!(out, " ({})", contents(module, to));
                }
                _ => {
                    let _ = write!(out, " @{}+{addend}", module.symbols.name(sym));
                }
            },
            None => {
                let hex: String = word.iter().rev().map(|b| format!("{b:02x}")).collect();
                let _ = write!(out, " {}", hex.trim_start_matches('0'));
            }
        }
    }
    out
}

fn check_variables(text: &str, names: &[&str], expected: Expect) {
    let module = lower(text);
    let shown: Vec<String> = names
        .iter()
        .map(|n| format!("{n} = {}", contents(&module, data(&module, n))))
        .collect();
    expected.assert_eq(&shown.join("\n"));
    let code: Vec<&str> = module.functions.iter().map(|f| f.name.as_str()).collect();
    assert!(!code.iter().any(|n| n.ends_with(".init")), "{code:?}");
}

#[test]
fn literals_become_data() {
    check_variables(
        r#"package main

type R struct{ Lo, Hi, Stride uint16 }
type Table struct {
	R16 []R
	Latin int
}

var zero [4]int
var pointers [4]*int
var number = int32(-2)
var text = "abc"
var table = &Table{R16: []R{{1, 2, 3}, {4, 5, 6}}, Latin: 7}
var boxed any = 1.5
var function = func() {}
var nested = [2]struct { p *int; s []string }{1: {&other, []string{"x"}}}
var other = 5

func main() { _, _, _, _, _, _, _, _ = zero, pointers, number, text, table, boxed, function, nested }
"#,
        &[
            "main.zero",
            "main.pointers",
            "main.number",
            "main.text",
            "main.table",
            "main.boxed",
            "main.nested",
        ],
        expect![[r#"
            main.zero = NoPointers 32:
            main.pointers = Bss 32:
            main.number = NoPointers 4: fffffffe
            main.text = Data 16: (ReadOnly 3: 636261) 3
            main.table = Data 8: (Data 32: (NoPointers 12: 4000300020001 60005) 2 2 7)
            main.boxed = Data 16: @type:float64+0 (ReadOnly 8: 3ff8000000000000)
            main.nested = Data 64:     (NoPointers 8: 5) (Data 16: (ReadOnly 1: 78) 1) 1 1"#]],
    );
}
