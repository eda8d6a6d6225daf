//! What the linker's flags and the build itself put into a program's variables and data:
//! `-X`, the defaults of package `runtime`, the information that `go version -m` shows.

use crate::check::Checked;
use crate::failure::Failure;
use goxide_base::Symbol;
use goxide_ir::{Data, DataReloc, DataSection, Module, SymKind};
use goxide_load::PackageId;
use goxide_lower::names::escape_path;
use goxide_types::{Basic, ObjKind, Type};

/// The meaning of `-ldflags`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkFlags {
    /// `-s`: no symbol table. (`-w` asks for nothing more: there is no DWARF.)
    pub strip: bool,
    /// `-X`: variables, as `import/path.name`, and their values.
    pub set: Vec<(String, String)>,
}

/// Flags of Go's linker that ask for what is so anyway, or for nothing that matters here.
const HARMLESS: [&str; 13] = [
    "-w",
    "-v",
    "-c",
    "-n",
    "-a",
    "-d",
    "-g",
    "-compressdwarf",
    "-buildid",
    "-k",
    "-strictdups",
    "-extld",
    "-extldflags",
];

/// Those of them that have a value.
const WITH_VALUE: [&str; 4] = ["-buildid", "-k", "-extld", "-extldflags"];

impl LinkFlags {
    /// Reads the flags of a program's linker.
    ///
    /// # Errors
    /// For a flag that would change the program in a way that is not supported.
    pub fn parse(words: &[String]) -> Result<LinkFlags, Failure> {
        let mut flags = LinkFlags::default();
        let mut words = words.iter().map(String::as_str);
        while let Some(word) = words.next() {
            // One dash or two.
            let flag = word.strip_prefix('-').filter(|f| f.starts_with('-'));
            let flag = flag.unwrap_or(word);
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (flag, None),
            };
            match name {
                "-s" => flags.strip = value.is_none_or(|v| v != "false" && v != "0"),
                "-X" => flags.set.push(setting(value.or_else(|| words.next()))?),
                "-linkmode" => {
                    let mode = value.or_else(|| words.next()).unwrap_or_default();
                    if !matches!(mode, "internal" | "auto") {
                        return Err(refuse(&format!("-linkmode={mode}"), "not supported"));
                    }
                }
                _ if HARMLESS.contains(&name) => {
                    if value.is_none() && WITH_VALUE.contains(&name) {
                        words.next();
                    }
                }
                _ => return Err(refuse(word, NOT_SUPPORTED)),
            }
        }
        Ok(flags)
    }
}

const NOT_SUPPORTED: &str =
    "not supported\n\tthose that mean something here: -s, -w and -X import/path.name=value";

fn refuse(flag: &str, why: &str) -> Failure {
    Failure::Usage(format!("-ldflags={flag}: {why}"))
}

/// `import/path.name=value`.
fn setting(text: Option<&str>) -> Result<(String, String), Failure> {
    let wanted = "-X flag requires argument of the form importpath.name=value";
    let text = text.unwrap_or_default();
    match text.split_once('=') {
        Some((name, value)) if name.contains('.') => Ok((name.to_string(), value.to_string())),
        _ => Err(Failure::Usage(format!("-ldflags: {wanted}"))),
    }
}

/// Words between blanks; a word that begins with a quote goes up to the next one.
///
/// # Errors
/// If there is no next one.
pub fn split_quoted(list: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = list.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, tail) = match first {
            '\'' | '"' => {
                let closed = rest[1..].split_once(first);
                closed.ok_or_else(|| format!("unterminated {first} string"))?
            }
            _ => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_string());
        rest = tail.trim_start();
    }
    Ok(words)
}

/// Gives the variables of `-X` their values.
///
/// # Errors
/// If one is not a variable of type string. One that the program does not have, or does
/// not use, is passed over, as by Go's linker.
pub fn set_variables(
    module: &mut Module,
    checked: &Checked,
    main: PackageId,
    settings: &[(String, String)],
) -> Result<(), Failure> {
    let program = &checked.program;
    for (variable, value) in settings {
        let Some((path, name)) = variable.rsplit_once('.') else {
            continue;
        };
        let package = match path {
            "main" => Some(checked.ids[main]),
            _ => program.package_by_path(path),
        };
        let Some(object) = package.and_then(|pkg| program.lookup_package(pkg, name)) else {
            continue;
        };
        let object = &program.objects[object];
        let is_string = object
            .ty
            .is_some_and(|ty| matches!(program.ty(ty), Type::Basic(b) if *b == Basic::String));
        if !is_string || !matches!(object.kind, ObjKind::Var(_)) {
            return Err(Failure::Plain(format!(
                "link: {variable}: cannot set with -X: not a var of type string"
            )));
        }
        set_string(module, &format!("{}.{name}", escape_path(path)), value);
    }
    Ok(())
}

/// Gives a variable of type string a value, if the program uses it.
pub fn set_string(module: &mut Module, variable: &str, value: &str) {
    let Some(sym) = module.symbols.find(Symbol::intern(variable)) else {
        return;
    };
    let text_name = Symbol::intern(&format!("{variable}·set"));
    let Some(at) = module
        .data
        .iter()
        .position(|d| d.sym == sym && d.size == 16)
    else {
        return;
    };
    let text = module.symbols.get(text_name, SymKind::Data);
    let data = &mut module.data[at];
    data.section = DataSection::Data;
    data.bytes = vec![0; 8];
    data.bytes.extend((value.len() as u64).to_le_bytes());
    data.relocs.clear();
    if value.is_empty() {
        return;
    }
    data.relocs.push(DataReloc::Abs64(0, text, 0));
    add_bytes(module, text_name, 1, value.as_bytes().to_vec());
}

fn add_bytes(module: &mut Module, name: Symbol, align: u32, bytes: Vec<u8>) {
    let sym = module.symbols.get(name, SymKind::Data);
    if module.data.iter().any(|d| d.sym == sym) {
        module.data.retain(|d| d.sym != sym);
    }
    module.data.push(Data {
        sym,
        section: DataSection::ReadOnly,
        align,
        size: bytes.len() as u64,
        bytes,
        relocs: Vec::new(),
    });
}

/// What surrounds the module information in an executable of Go's.
const INFO_START: [u8; 16] = [
    0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6,
];
const INFO_END: [u8; 16] = [
    0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2,
];

/// Adds what `debug/buildinfo` looks for: a header of 32 bytes (with flag 2: strings follow
/// in line), the version, and the text that `runtime/debug.ReadBuildInfo` gives.
pub fn add_build_info(module: &mut Module, version: &str, info: &str) {
    let mut bytes = b"\xff Go buildinf:".to_vec();
    bytes.extend([8, 2]);
    bytes.resize(32, 0);
    let info = [&INFO_START[..], info.as_bytes(), &INFO_END].concat();
    for text in [version.as_bytes(), &info] {
        let mut length = text.len();
        while length >= 0x80 {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        bytes.extend(text);
    }
    add_bytes(module, Symbol::intern(goxide_link::BUILD_INFO), 16, bytes);
}

/// The text that `runtime/debug.ReadBuildInfo` parses. `settings` are those of the build
/// that a user chose.
pub fn build_info(checked: &Checked, main: PackageId, settings: &[(&str, String)]) -> String {
    let packages = &checked.graph.packages;
    let package = &packages[main];
    let mut text = format!("path\t{}\n", package.path);
    if let Some(module) = &package.module {
        text += &format!("mod\t{}\t(devel)\t\n", module.path);
    }
    let mut modules: Vec<_> = packages.iter().filter_map(|p| p.module.as_ref()).collect();
    modules.sort_by(|a, b| a.path.cmp(&b.path));
    modules.dedup_by(|a, b| a.path == b.path);
    for module in modules.iter().filter(|m| !m.main) {
        let version = match module.version.as_str() {
            "" => "(devel)",
            version => version,
        };
        text += &format!("dep\t{}\t{version}\n", module.path);
    }
    let fixed = [
        ("-buildmode", "exe".to_string()),
        ("-compiler", "goxide".to_string()),
    ];
    let target = [
        ("CGO_ENABLED", "0".to_string()),
        ("GOARCH", "amd64".to_string()),
        ("GOOS", "linux".to_string()),
        ("GOAMD64", "v1".to_string()),
    ];
    for (name, value) in fixed.iter().chain(settings).chain(&target) {
        let quoted = value.contains([' ', '\t', '\n', '"', '`']);
        let value = if quoted {
            format!("{value:?}")
        } else {
            value.clone()
        };
        text += &format!("build\t{name}={value}\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(list: &str, want: &str) {
        let shown = match LinkFlags::parse(&split_quoted(list).unwrap()) {
            Ok(flags) => {
                let set = flags
                    .set
                    .iter()
                    .map(|(name, value)| format!(" {name}=<{value}>"));
                format!("{}{}", flags.strip, set.collect::<String>())
            }
            Err(failure) => failure.to_string(),
        };
        assert_eq!(shown.trim_end(), want, "{list}");
    }

    #[test]
    fn flags_of_the_linker() {
        check("", "false");
        check("-s -w", "true");
        check("-s=false --buildid x", "false");
        check(
            "-X main.v=1 -X=a/b.c.V=x=y",
            "false main.v=<1> a/b.c.V=<x=y>",
        );
        check(
            "-X 'main.v=a b' \"-X=main.w=\"",
            "false main.v=<a b> main.w=<>",
        );
        check(
            "-X main",
            "goxide: -ldflags: -X flag requires argument of the form importpath.name=value",
        );
        check(
            "-linkmode external",
            "goxide: -ldflags=-linkmode=external: not supported",
        );
        check(
            "-T 0x1000",
            "goxide: -ldflags=-T: not supported\n\tthose that mean something here: -s, -w and \
             -X import/path.name=value",
        );
    }
}
