//! What `goxide build` makes, and what it does not make again.

mod common;

use common::Folder;
use std::process::Command;

const VERSION: &str = "package main\n\nimport \"runtime\"\n\nvar version = \"none\"\nvar number int\n\n\
    func main() {\n\tprintln(version, number, runtime.Version(), runtime.GOROOT() != \"\")\n}\n";

fn program(folder: &Folder, name: &str) -> String {
    folder.shown(&mut Command::new(folder.path.join(name)))
}

#[test]
fn variables_that_the_linker_sets() {
    let folder = Folder::new("set", &[("x.go", VERSION)]);
    let build = |flags: &str| folder.run(&["build", "-ldflags", flags, "-o", "x", "x.go"]);
    assert_eq!(build(""), "");
    let plain = program(&folder, "x");
    let release = plain.split(' ').nth(2).expect("a version").to_string();
    assert!(release.starts_with("go1.27"), "{plain}");
    assert_eq!(plain, format!("none 0 {release} true\n"));
    let size = |name| {
        std::fs::metadata(folder.path.join(name))
            .expect("a file")
            .len()
    };
    let whole = size("x");
    assert_eq!(build("-s -w -X 'main.version=1 2' -X main.nothing=x"), "");
    assert_eq!(program(&folder, "x"), format!("1 2 0 {release} true\n"));
    assert!(size("x") < whole, "no symbol table");
    assert_eq!(
        build("-X main.number=3"),
        "link: main.number: cannot set with -X: not a var of type string\nstatus 1\n"
    );
}

#[test]
fn go_version_reads_the_build_information() {
    let folder = Folder::new(
        "info",
        &[("go.mod", "module a.b/c\n\ngo 1.27\n"), ("x.go", VERSION)],
    );
    assert_eq!(folder.run(&["build", "-tags=one,two", "-o", "x", "."]), "");
    let go = folder.run(&["env", "GOROOT"]).trim().to_string() + "/bin/go";
    let mut command = Command::new(go);
    command
        .args(["version", "-m", "x"])
        .current_dir(&folder.path);
    let text = folder.shown(command.env("GOTOOLCHAIN", "local"));
    assert!(text.starts_with("x: go1.27"), "{text}");
    let wanted = "\tpath\ta.b/c\n\tmod\ta.b/c\t(devel)\t\n\tbuild\t-buildmode=exe\n\
                  \tbuild\t-compiler=goxide\n\tbuild\t-tags=one,two\n";
    assert!(text.contains(wanted), "{text}");
}

#[test]
fn programs_into_a_folder() {
    let main = "package main\n\nfunc main() { println(\"hello\") }\n";
    let files = [
        ("m/go.mod", "module m\n\ngo 1.27\n"),
        ("m/a/a.go", main),
        ("m/b/b.go", main),
    ];
    let folder = Folder::new("folder", &files);
    assert_eq!(folder.run(&["build", "-C", "m", "-o", "bin/", "./..."]), "");
    assert_eq!(common::names(&folder.path.join("m/bin")), "a b");
    assert_eq!(program(&folder, "m/bin/b"), "hello\n");
    // Several programs without a folder are compiled and discarded.
    assert_eq!(folder.run(&["build", "-C", "m", "./..."]), "");
    assert_eq!(common::names(&folder.path.join("m")), "a b bin go.mod");
}

/// How many functions a build compiled, by what it says.
fn compiled(steps: &str) -> usize {
    let number = steps
        .split_once("generate code (")
        .and_then(|(_, rest)| rest.split_once(' '));
    number
        .and_then(|(number, _)| number.parse().ok())
        .unwrap_or_else(|| panic!("{steps}"))
}

#[test]
fn an_edit_compiles_what_it_changes() {
    let package = |n: usize| {
        format!("package p{n}\n\nimport \"fmt\"\n\nfunc F() string {{ return fmt.Sprint({n}) }}\n")
    };
    let mut main = String::from("package main\n\nimport (\n");
    (0..9).for_each(|n| main += &format!("\t\"m/p{n}\"\n"));
    main += ")\n\nfunc main() {\n";
    (0..9).for_each(|n| main += &format!("\tprint(p{n}.F())\n"));
    main += "\tprintln()\n}\n";
    let folder = Folder::new(
        "edit",
        &[("go.mod", "module m\n\ngo 1.27\n"), ("m.go", &main)],
    );
    (0..9).for_each(|n| folder.write(&format!("p{n}/p.go"), &package(n)));
    let build = || folder.run(&["build", "-x", "-o", "x", "."]);
    let first = compiled(&build());
    assert!(first > 100, "{first}");
    folder.write("p4/p.go", &package(44).replace("package p44", "package p4"));
    let steps = build();
    assert!(compiled(&steps) < 10, "{steps}");
    assert_eq!(program(&folder, "x"), "0123445678\n");
    // What was damaged is compiled again.
    for pack in std::fs::read_dir(folder.path.join(".cache/code"))
        .expect("packs")
        .flatten()
    {
        let mut bytes = std::fs::read(pack.path()).expect("a pack");
        let middle = bytes.len() / 2;
        bytes[middle..].fill(0xcc);
        std::fs::write(pack.path(), bytes).expect("a pack");
    }
    folder.write("p4/p.go", &package(5).replace("package p5", "package p4"));
    let steps = build();
    assert!(compiled(&steps) > 100, "{steps}");
    assert_eq!(program(&folder, "x"), "012355678\n");
}
