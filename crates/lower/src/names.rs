//! Names of types and functions: as `reflect` and tracebacks show them, and as the linker
//! needs them (unique).

use crate::mono::{ChanDirKey, EnvId, Mono, RKind, RType};
use goxide_types::{ObjId, PkgId, Program};
use std::fmt::Write as _;

/// How packages are named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// By name: `reflect.Type.String`.
    Reflect,
    /// By path, unique: symbols.
    Link,
}

/// A package's path in symbols and descriptors; `main` for the main package.
pub fn package_path(p: &Program, pkg: PkgId) -> String {
    let package = p.pkg(pkg);
    if package.name.as_str() == "main" {
        return "main".into();
    }
    escape_path(package.path.as_str())
}

/// Go's linker names write dots in the last element of a path as `%2e`.
pub fn escape_path(path: &str) -> String {
    let last = path.rfind('/').map_or(0, |i| i + 1);
    if !path[last..].contains('.') {
        return path.into();
    }
    format!("{}{}", &path[..last], path[last..].replace('.', "%2e"))
}

/// The text of a type.
pub fn type_name(p: &mut Program, mono: &Mono, ty: RType, style: Style) -> String {
    let mut w = Writer {
        p,
        mono,
        style,
        out: String::new(),
    };
    w.ty(ty);
    w.out
}

/// A list of type arguments as symbols write it: `[int,main.T]`; empty for none.
pub fn targs_name(p: &mut Program, mono: &Mono, targs: &[RType]) -> String {
    if targs.is_empty() {
        return String::new();
    }
    let list: Vec<String> = targs
        .iter()
        .map(|&t| type_name(p, mono, t, Style::Link))
        .collect();
    format!("[{}]", list.join(","))
}

struct Writer<'a> {
    p: &'a mut Program,
    mono: &'a Mono,
    style: Style,
    out: String,
}

impl Writer<'_> {
    fn ty(&mut self, ty: RType) {
        match self.mono.kind(ty).clone() {
            RKind::Basic(b) => self.out.push_str(b.canonical().name()),
            RKind::Named(n) => self.named(n.obj, &n.targs, n.env),
            RKind::Pointer(t) => self.prefixed("*", t),
            RKind::Slice(t) => self.prefixed("[]", t),
            RKind::Array(n, t) => {
                let _ = write!(self.out, "[{n}]");
                self.ty(t);
            }
            RKind::Map(k, v) => {
                self.prefixed("map[", k);
                self.prefixed("]", v);
            }
            RKind::Chan(dir, t) => self.chan(dir, t),
            RKind::Struct(fields) => {
                self.out.push_str("struct {");
                for (i, f) in fields.iter().enumerate() {
                    self.out.push_str(if i > 0 { "; " } else { " " });
                    if self.style == Style::Link
                        && let Some(pkg) = f.pkg
                    {
                        let path = package_path(self.p, pkg);
                        let _ = write!(self.out, "{path}.");
                    }
                    if f.embedded && self.style == Style::Link {
                        self.out.push('=');
                    }
                    if !f.embedded || self.style == Style::Link {
                        let _ = write!(self.out, "{} ", f.name);
                    }
                    self.ty(f.ty);
                    if !f.tag.is_empty() {
                        let _ = write!(self.out, " {}", quote(&f.tag));
                    }
                }
                self.out
                    .push_str(if fields.is_empty() { "}" } else { " }" });
            }
            RKind::Func(_) => {
                self.out.push_str("func");
                self.signature(ty);
            }
            RKind::Interface(methods) => {
                self.out.push_str("interface {");
                for (i, m) in methods.iter().enumerate() {
                    self.out.push_str(if i > 0 { "; " } else { " " });
                    if let Some(pkg) = m.pkg {
                        self.package(pkg);
                    }
                    self.out.push_str(m.name.as_str());
                    self.signature(m.sig);
                }
                self.out
                    .push_str(if methods.is_empty() { "}" } else { " }" });
            }
            RKind::Tuple(list) => self.list(&list, false),
        }
    }

    fn prefixed(&mut self, prefix: &str, ty: RType) {
        self.out.push_str(prefix);
        self.ty(ty);
    }

    fn chan(&mut self, dir: ChanDirKey, elem: RType) {
        match dir {
            ChanDirKey::Send => self.prefixed("chan<- ", elem),
            ChanDirKey::Recv => self.prefixed("<-chan ", elem),
            ChanDirKey::Both => {
                let inner = matches!(self.mono.kind(elem), RKind::Chan(ChanDirKey::Recv, _));
                self.prefixed(if inner { "chan (" } else { "chan " }, elem);
                if inner {
                    self.out.push(')');
                }
            }
        }
    }

    fn signature(&mut self, sig: RType) {
        let RKind::Func(f) = self.mono.kind(sig).clone() else {
            return;
        };
        self.list(&f.params, f.variadic);
        match &*f.results {
            [] => {}
            [one] => self.prefixed(" ", *one),
            many => {
                self.out.push(' ');
                self.list(many, false);
            }
        }
    }

    fn list(&mut self, types: &[RType], variadic: bool) {
        self.out.push('(');
        for (i, &t) in types.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            match self.mono.kind(t) {
                RKind::Slice(elem) if variadic && i + 1 == types.len() => {
                    let elem = *elem;
                    self.prefixed("...", elem);
                }
                _ => self.ty(t),
            }
        }
        self.out.push(')');
    }

    fn package(&mut self, pkg: PkgId) {
        let name = match self.style {
            Style::Reflect => self.p.pkg(pkg).name.as_str().to_owned(),
            Style::Link => package_path(self.p, pkg),
        };
        self.out.push_str(&name);
        self.out.push('.');
    }

    fn named(&mut self, obj: ObjId, targs: &[RType], env: EnvId) {
        let o = self.p.obj(obj).clone();
        if let Some(pkg) = o.pkg {
            self.package(pkg);
        }
        self.out.push_str(o.name.as_str());
        let implicit: Vec<RType> = self.mono.bindings(env).iter().map(|b| b.1).collect();
        if !targs.is_empty() || !implicit.is_empty() {
            // Arguments are written by path in both styles, as gc's instances are named;
            // those of the function that a type is declared in come first.
            let mut list = |types: &[RType]| {
                let names = types
                    .iter()
                    .map(|&t| type_name(self.p, self.mono, t, Style::Link));
                names.collect::<Vec<_>>().join(",")
            };
            let between = if targs.is_empty() || implicit.is_empty() {
                ""
            } else {
                ";"
            };
            let args = format!("[{}{between}{}]", list(&implicit), list(targs));
            self.out.push_str(&args);
        }
        let local = matches!((o.parent, o.pkg), (Some(s), Some(pkg)) if s != self.p.pkg(pkg).scope);
        if local && self.style == Style::Link {
            let _ = write!(self.out, "·{}", self.p.local_type_number(obj));
        }
    }
}

/// A Go string literal.
fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for c in String::from_utf8_lossy(bytes).chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
