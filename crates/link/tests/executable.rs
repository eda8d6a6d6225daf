//! Programs made by hand, linked and run.

use goxide_abi::{PanicKind, runtime_call_index};
use goxide_base::{Pos, SourceMap, Symbol};
use goxide_clif::Backend;
use goxide_ir::{
    Builder, Callee, ConvertOp, Data, DataReloc, DataSection, Function, Module, Op, Signature,
    SymId, SymKind, Ty,
};
use goxide_link::{LinkError, Program, RUNTIME_IMAGE, link};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output};

fn start(module: &mut Module, name: &str) -> Builder {
    let name = Symbol::intern(name);
    let sym = module.symbols.get(name, SymKind::Func);
    Builder::new(Function::new(sym, name, Signature::default(), Pos::NONE))
}

fn add_data(module: &mut Module, name: &str, section: DataSection, bytes: &[u8]) -> SymId {
    let sym = module.symbols.get(Symbol::intern(name), SymKind::Data);
    let (bytes, size) = (bytes.to_vec(), bytes.len() as u64);
    module.data.push(Data {
        sym,
        section,
        align: 8,
        bytes,
        size,
        relocs: Vec::new(),
    });
    sym
}

fn runtime(b: &mut Builder, name: &str, args: Vec<goxide_ir::Value>) {
    let call = runtime_call_index(name).expect("a runtime call");
    b.call(Callee::Runtime(call as u16), args);
}

/// The text goes out through a pointer kept in writable data, then the program ends.
fn hello() -> Module {
    let mut module = Module::default();
    let text = add_data(
        &mut module,
        "text",
        DataSection::ReadOnly,
        b"hello from the program\n",
    );
    let pointer = add_data(&mut module, "pointer", DataSection::Data, &[0; 8]);
    module.data[1].relocs.push(DataReloc::Abs64(0, text, 0));
    let mut b = start(&mut module, "runtime.main");
    let address = b.push1(Op::SymAddr(pointer, 0));
    let text = b.load(Ty::Ptr, address, 0, Default::default());
    let length = b.iconst(Ty::I64, 23);
    runtime(&mut b, "write_err", vec![text, length]);
    let status = b.iconst(Ty::I8, 7);
    let status = b.push1(Op::Convert(ConvertOp::Zext, Ty::I64, status));
    runtime(&mut b, "os_exit", vec![status]);
    b.terminate(goxide_ir::Term::Unreachable);
    module.functions.push(b.finish());
    module
}

fn link_module(module: &Module) -> Result<Vec<u8>, LinkError> {
    let backend = Backend::new(Default::default());
    let compile = |f| backend.compile(f).expect("compiles");
    let functions: Vec<_> = module.functions.iter().map(compile).collect();
    let sources = SourceMap::new();
    let program = Program {
        module,
        functions: &functions,
        sources: &sources,
        build_info: "",
        strip: false,
    };
    link(RUNTIME_IMAGE, &program)
}

fn run(name: &str, executable: &[u8]) -> Output {
    let path = std::env::temp_dir().join(format!("goxide-link-{}-{name}", std::process::id()));
    std::fs::write(&path, executable).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("executable");
    let output = Command::new(&path).output().expect("starts");
    std::fs::remove_file(&path).expect("removed");
    output
}

#[test]
fn a_linked_program_runs() {
    let executable = link_module(&hello()).expect("links");
    let output = run("hello", &executable);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "hello from the program\n"
    );
    assert_eq!(output.status.code(), Some(7));
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    assert!(link_module(&hello()) == link_module(&hello()));
}

#[test]
fn symbols_of_the_program_are_in_the_file() {
    use object::{Object, ObjectSymbol};
    let executable = link_module(&hello()).expect("links");
    let file = object::File::parse(&*executable).expect("an ELF file");
    for name in [
        "runtime.main",
        "text",
        "runtime.morestack",
        "runtime.mallocgc",
    ] {
        assert!(file.symbols().any(|s| s.name() == Ok(name)), "{name}");
    }
}

#[test]
fn what_is_not_defined_is_named() {
    let mut module = hello();
    let mut b = start(&mut module, "main.f");
    let (missing, sig) = (
        Symbol::intern("main.missing"),
        Box::new(Signature::default()),
    );
    let missing = module.symbols.get(missing, SymKind::Func);
    b.call(Callee::Direct(missing, sig), vec![]);
    let (index, bound) = (b.iconst(Ty::I64, 1), b.iconst(Ty::I64, 1));
    b.push(Op::BoundsCheck(PanicKind::Index, index, bound));
    b.ret([]);
    module.functions.push(b.finish());
    let error = link_module(&module).expect_err("a symbol is missing");
    assert_eq!(
        error.to_string(),
        "main.f: relocation target main.missing not defined\n\
         main.f: relocation target runtime.panicIndex not defined"
    );
}
