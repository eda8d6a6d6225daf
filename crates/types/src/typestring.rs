//! Types as Go's compiler writes them in messages.

use crate::object::ObjId;
use crate::package::PkgId;
use crate::program::Program;
use crate::types::*;
use goxide_base::{FxHashSet, Symbol};
use std::fmt::Write as _;
use std::sync::Arc;

/// How names of other packages are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Qualify {
    /// By package name, nothing for this package's own.
    #[default]
    Name,
    /// By import path, also the current package's.
    Path,
    /// By package name, also the current package's.
    AllNames,
}

impl Program {
    /// A type as messages about the current package write it.
    pub fn type_string(&self, ty: TypeId) -> String {
        self.type_string_with(ty, Qualify::Name)
    }

    /// A type with a choice of qualification.
    pub fn type_string_with(&self, ty: TypeId, qualify: Qualify) -> String {
        let mut w = Writer::new(self, qualify);
        w.ty(ty);
        w.out
    }

    /// A list of types, separated by commas.
    pub fn type_list_string(&self, types: &[TypeId]) -> String {
        types
            .iter()
            .map(|&t| self.type_string(t))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// A signature without `func`, parameters' names left out if `names` is false.
    pub fn signature_string(&self, sig: &Signature, names: bool, qualify: Qualify) -> String {
        let mut w = Writer::new(self, qualify);
        w.names = names;
        w.pkg_info = qualify == Qualify::Path;
        w.signature(sig);
        w.out
    }

    /// A union term: `~T` or `T`. gc writes names in terms with their packages' paths.
    pub fn term_string(&self, t: Term) -> String {
        let tilde = if t.tilde { "~" } else { "" };
        format!("{tilde}{}", self.type_string_with(t.ty, Qualify::Path))
    }

    /// Terms separated by bars.
    pub fn terms_string(&self, list: &TermList) -> String {
        match list {
            TermList::All => "𝓤".into(),
            TermList::Terms(t) if t.is_empty() => "∅".into(),
            TermList::Terms(t) => t
                .iter()
                .map(|&t| self.term_string(t))
                .collect::<Vec<_>>()
                .join(" | "),
        }
    }

    /// The prefix (with dot) of names of `pkg`, as messages about the current package need
    /// it.
    pub fn package_prefix(&self, pkg: Option<PkgId>, qualify: Qualify) -> String {
        let Some(id) = pkg else { return String::new() };
        let p = self.pkg(id);
        match qualify {
            Qualify::Path => format!("{}.", p.path),
            Qualify::AllNames => format!("{}.", p.name),
            Qualify::Name if self.current == Some(id) => String::new(),
            Qualify::Name if self.ambiguous_name(id) => format!("{:?}.", p.path.as_str()),
            Qualify::Name => format!("{}.", p.name),
        }
    }

    /// Whether another package that the current one imports, directly or not, has the same
    /// name (or it has itself).
    fn ambiguous_name(&self, id: PkgId) -> bool {
        let Some(current) = self.current else {
            return false;
        };
        let mut known = self.ambiguous_names.lock().expect("no panic while held");
        let names = known
            .entry(current)
            .or_insert_with(|| Arc::new(self.names_of_several(current)));
        names.contains(&self.pkg(id).name)
    }

    /// The names that several packages have among `root` and those it imports.
    fn names_of_several(&self, root: PkgId) -> FxHashSet<Symbol> {
        let mut met = FxHashSet::default();
        let mut names = FxHashSet::default();
        let mut several = FxHashSet::default();
        let mut work = vec![root];
        while let Some(id) = work.pop() {
            if !met.insert(id) {
                continue;
            }
            let package = self.pkg(id);
            if !names.insert(package.name) {
                several.insert(package.name);
            }
            work.extend(package.imports.iter().copied());
        }
        several
    }
}

struct Writer<'a> {
    p: &'a Program,
    qualify: Qualify,
    out: String,
    names: bool,
    /// Say the package of the first unexported struct field.
    pkg_info: bool,
    active: Vec<TypeId>,
}

impl<'a> Writer<'a> {
    fn new(p: &'a Program, qualify: Qualify) -> Writer<'a> {
        Writer {
            p,
            qualify,
            out: String::new(),
            names: true,
            pkg_info: false,
            active: Vec::new(),
        }
    }

    fn ty(&mut self, ty: TypeId) {
        if self.active.contains(&ty) {
            self.out.push_str("<cycle>");
            return;
        }
        self.active.push(ty);
        self.ty_inner(ty);
        self.active.pop();
    }

    fn ty_inner(&mut self, ty: TypeId) {
        let p = self.p;
        match p.ty(ty) {
            Type::Basic(b) => self.out.push_str(b.name()),
            Type::Pointer(t) => {
                self.out.push('*');
                self.ty(*t);
            }
            Type::Slice(t) => {
                self.out.push_str("[]");
                self.ty(*t);
            }
            Type::Array(n, t) => {
                let _ = write!(self.out, "[{n}]");
                self.ty(*t);
            }
            Type::Map(k, v) => {
                self.out.push_str("map[");
                self.ty(*k);
                self.out.push(']');
                self.ty(*v);
            }
            Type::Chan(dir, t) => self.chan(*dir, *t),
            Type::Tuple(vars) => self.tuple(vars, false),
            Type::Signature(sig) => {
                self.out.push_str("func");
                self.signature(sig);
            }
            Type::Struct(s) => self.strukt(s),
            Type::Interface(i) => self.interface(ty, i),
            Type::Union(terms) => self.union(terms),
            Type::Named(n) => self.name(n.obj, &n.targs, &n.tparams),
            Type::Alias(a) => self.name(a.obj, &a.targs, &a.tparams),
            Type::TypeParam(t) => self.type_param(t),
        }
    }

    fn chan(&mut self, dir: ChanDir, elem: TypeId) {
        let inner = matches!(self.p.ty(elem), Type::Chan(ChanDir::Recv, _));
        let parens = dir == ChanDir::Both && inner;
        self.out.push_str(match dir {
            ChanDir::Both => "chan ",
            ChanDir::Send => "chan<- ",
            ChanDir::Recv => "<-chan ",
        });
        if parens {
            self.out.push('(');
        }
        self.ty(elem);
        if parens {
            self.out.push(')');
        }
    }

    fn strukt(&mut self, s: &Struct) {
        self.out.push_str("struct{");
        for (i, &f) in s.fields.iter().enumerate() {
            if i > 0 {
                self.out.push_str("; ");
            }
            let o = self.p.obj(f);
            let annotate = self.pkg_info && !o.exported();
            if annotate {
                self.pkg_info = false;
            }
            if !o.embedded() {
                let _ = write!(self.out, "{} ", o.name);
            }
            self.ty(o.typ());
            if annotate && let Some(pkg) = o.pkg {
                let _ = write!(self.out, " /* package {} */ ", self.p.pkg(pkg).path);
            }
            if !s.tag(i).is_empty() {
                let _ = write!(self.out, " {:?}", String::from_utf8_lossy(s.tag(i)));
            }
        }
        self.out.push('}');
    }

    fn interface(&mut self, ty: TypeId, i: &Interface) {
        if matches!(self.p.ty(TypeId::COMPARABLE), Type::Named(n) if n.underlying == Some(ty)) {
            self.out.push_str("interface{comparable}");
            return;
        }
        if i.implicit && i.methods.is_empty() && i.embeds.len() == 1 {
            self.ty(i.embeds[0]);
            return;
        }
        self.out.push_str("interface{");
        let mut first = true;
        for &m in i.methods.iter() {
            self.separate(&mut first);
            self.out.push_str(self.p.obj(m).name.as_str());
            if let Type::Signature(sig) = self.p.ty(self.p.obj_type(m)) {
                self.signature(sig);
            }
        }
        for &e in i.embeds.iter() {
            self.separate(&mut first);
            self.ty(e);
        }
        self.out.push('}');
    }

    fn separate(&mut self, first: &mut bool) {
        if !std::mem::take(first) {
            self.out.push_str("; ");
        }
    }

    fn union(&mut self, terms: &[Term]) {
        for (i, t) in terms.iter().enumerate() {
            if i > 0 {
                self.out.push_str(" | ");
            }
            if t.tilde {
                self.out.push('~');
            }
            self.ty(t.ty);
        }
    }

    fn name(&mut self, obj: ObjId, targs: &[TypeId], tparams: &[TypeId]) {
        let o = self.p.obj(obj);
        self.out
            .push_str(&self.p.package_prefix(o.pkg, self.qualify));
        self.out.push_str(o.name.as_str());
        if !targs.is_empty() {
            self.out.push('[');
            for (i, &t) in targs.iter().enumerate() {
                if i > 0 {
                    self.out.push_str(", ");
                }
                self.ty(t);
            }
            self.out.push(']');
        } else if !tparams.is_empty() {
            self.tparams(tparams);
        }
    }

    fn type_param(&mut self, t: &TypeParam) {
        let name = self.p.obj(t.obj).name;
        self.out.push_str(name.as_str());
        // Not to be mistaken for what every program has under this name.
        let known = self.p.scopes[self.p.universe].lookup(name).is_some();
        if known && self.qualify == Qualify::Name {
            let declared = self.p.obj(t.obj).pos.in_message();
            let _ = write!(self.out, " /* with {name} declared at {declared} */");
        }
    }

    fn tparams(&mut self, list: &[TypeId]) {
        self.out.push('[');
        let mut last = None;
        for (i, &t) in list.iter().enumerate() {
            let Type::TypeParam(param) = self.p.ty(t) else {
                continue;
            };
            if i > 0 {
                if let Some(bound) = last.filter(|&b| b != param.bound) {
                    self.out.push(' ');
                    self.ty(bound);
                }
                self.out.push_str(", ");
            }
            last = Some(param.bound);
            self.ty(t);
        }
        if let Some(bound) = last {
            self.out.push(' ');
            self.ty(bound);
        }
        self.out.push(']');
    }

    fn tuple(&mut self, vars: &[ObjId], variadic: bool) {
        self.out.push('(');
        for (i, &v) in vars.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            let o = self.p.obj(v);
            if self.names && !o.name.is_empty() {
                let _ = write!(self.out, "{} ", o.name);
            }
            match self.p.ty(o.typ()) {
                Type::Slice(elem) if variadic && i + 1 == vars.len() => {
                    self.out.push_str("...");
                    self.ty(*elem);
                }
                _ if variadic && i + 1 == vars.len() => {
                    // Only append has such parameters: `func([]byte, T...)`.
                    self.ty(o.typ());
                    self.out.push_str("...");
                }
                _ => self.ty(o.typ()),
            }
        }
        self.out.push(')');
    }

    fn signature(&mut self, sig: &Signature) {
        if !sig.tparams.is_empty() {
            self.tparams(&sig.tparams);
        }
        self.tuple(&sig.params, sig.variadic);
        match *sig.results {
            [] => {}
            [r] if self.p.obj(r).name.is_empty() => {
                self.out.push(' ');
                self.ty(self.p.obj_type(r));
            }
            _ => {
                self.out.push(' ');
                self.tuple(&sig.results, false);
            }
        }
    }
}
