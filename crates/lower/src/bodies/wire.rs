//! Kept bodies as bytes. Types are rows of a table, children first; defined types, functions
//! and variables are package path and name. Whether a name means the same again is checked
//! when a body is written: what does not come back as it was is not kept.

use super::effect::{Contents, Effect, Object, Record};
use super::{LoweredUnit, Types};
use crate::methods::{Method, MethodTarget};
use crate::mono::{ChanDirKey, EnvId, FuncSig, IMethod, NamedKey, RField, RKind, RType};
use crate::program::{FuncInst, Lower, Synthetic};
use goxide_abi::SiteKind;
use goxide_base::{FxHashMap, Pos, Symbol};
use goxide_ir::{SiteData, SiteId, SymId};
use goxide_types::{Basic, ObjId, PkgId, Type};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The effects of a body.
#[derive(Serialize, Deserialize)]
pub struct Unit {
    names: Vec<String>,
    types: Vec<WireType>,
    effects: Vec<WireEffect>,
}

impl Unit {
    /// Reads a unit.
    pub fn read(bytes: &[u8]) -> Option<Unit> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A type's row; numbers are those of rows and names.
#[derive(Serialize, Deserialize)]
enum WireType {
    Basic(u8),
    /// Package (none: predeclared), name, type arguments.
    Named(Option<u32>, u32, Vec<u32>),
    Pointer(u32),
    Slice(u32),
    Array(u64, u32),
    Map(u32, u32),
    Chan(u8, u32),
    Struct(Vec<WireField>),
    Func(Vec<u32>, Vec<u32>, bool),
    Interface(Vec<WireMember>),
    Tuple(Vec<u32>),
}

#[derive(Serialize, Deserialize)]
struct WireField {
    name: u32,
    pkg: Option<u32>,
    ty: u32,
    embedded: bool,
    tag: Vec<u8>,
}

/// A method of an interface.
#[derive(Serialize, Deserialize)]
struct WireMember {
    name: u32,
    pkg: Option<u32>,
    sig: u32,
}

/// A declared function: package, receiver's type, name, type arguments.
#[derive(Serialize, Deserialize)]
struct WireFunc(u32, Option<u32>, u32, Vec<u32>);

#[derive(Serialize, Deserialize)]
struct WireMethod {
    name: u32,
    pkg: Option<u32>,
    path: Vec<u32>,
    indirect: bool,
    target: WireTarget,
    own: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
enum WireTarget {
    Declared(WireFunc, u32, bool),
    Interface(u32, u32),
}

#[derive(Serialize, Deserialize)]
enum WireSynthetic {
    DataWord(u32, WireMethod),
    Expr(u32, WireMethod),
    InterfaceExpr(u32, u32),
    Bound(u32, WireMethod),
    InterfaceBound(u32, u32),
    Stub(WireFunc),
    Equal(u32),
    Hash(u32),
}

#[derive(Serialize, Deserialize)]
enum WireEffect {
    Target(WireFunc, bool),
    Synthetic(WireSynthetic),
    Desc(u32),
    LiveDesc(u32),
    DescName(u32),
    Itab(u32, u32),
    String(#[serde(with = "as_bytes")] Vec<u8>),
    Constant(Contents, u64),
    FuncValue(SymId),
    Global(u32, u32),
    Zero(u64),
    Func(u32),
    Data(u32),
    EscapeWord,
    Word(SymId, u64),
    Site(u8, u32, u32),
    SiteNumber(SymId, SiteId),
    Call(WireMember),
    Reflect(Option<u32>),
    Fresh(u32),
    Object(SymId, Object),
    Image(SymId, Contents),
    InitCode(u32, u32, SymId),
}

const SITE_KINDS: [SiteKind; 7] = [
    SiteKind::Defer,
    SiteKind::Go,
    SiteKind::Select,
    SiteKind::Send,
    SiteKind::Receive,
    SiteKind::RangeChannel,
    SiteKind::Call,
];

/// Bytes in one piece, not one by one.
pub mod as_bytes {
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        let bytes: &[u8] = serde::Deserialize::deserialize(from)?;
        Ok(bytes.to_vec())
    }
}

impl Lower<'_> {
    /// What was noted about a function, as it can be kept.
    pub(super) fn encode(&mut self, record: Record) -> Option<LoweredUnit> {
        if record.broken {
            return None;
        }
        let mut writer = Writer {
            l: self,
            names: Vec::new(),
            by_name: FxHashMap::default(),
            types: Vec::new(),
            by_type: FxHashMap::default(),
        };
        // Positions of sites are written as numbers in the file.
        let mut effects = record.effects.clone();
        for effect in &mut effects {
            if let Effect::Site(site) = effect {
                site.pos = Pos(record.place(site.pos)?);
            }
        }
        let wire = effects.iter().map(|effect| writer.effect(effect));
        let unit = Unit {
            effects: wire.collect::<Option<_>>()?,
            names: writer.names,
            types: writer.types,
        };
        if self.decode(&unit)? != effects {
            return None;
        }
        Some(LoweredUnit {
            effects: postcard::to_allocvec(&unit).ok()?,
            symbols: record.symbols,
            file: record.file.0,
            functions: record.functions,
        })
    }

    /// The effects of a unit; positions still are numbers in the file. `None`: something is
    /// not there.
    pub(super) fn decode(&mut self, unit: &Unit) -> Option<Vec<Effect>> {
        let names = unit.names.iter().map(|name| Symbol::intern(name)).collect();
        let mut reader = Reader {
            l: self,
            names,
            types: Vec::new(),
        };
        for ty in &unit.types {
            let ty = reader.kind(ty)?;
            let ty = reader.l.mono.intern(ty);
            reader.types.push(ty);
        }
        let effects = unit.effects.iter();
        effects.map(|effect| reader.effect(effect)).collect()
    }
}

struct Writer<'w, 'a> {
    l: &'w Lower<'a>,
    names: Vec<String>,
    by_name: FxHashMap<Symbol, u32>,
    types: Vec<WireType>,
    by_type: FxHashMap<RType, u32>,
}

impl Writer<'_, '_> {
    fn name(&mut self, name: Symbol) -> u32 {
        if let Some(&known) = self.by_name.get(&name) {
            return known;
        }
        let number = self.names.len() as u32;
        self.names.push(name.as_str().to_string());
        self.by_name.insert(name, number);
        number
    }

    fn package(&mut self, pkg: PkgId) -> u32 {
        self.name(self.l.prog.pkg(pkg).path)
    }

    fn hidden(&mut self, pkg: Option<PkgId>) -> Option<u32> {
        pkg.map(|pkg| self.package(pkg))
    }

    fn list(&mut self, types: &[RType]) -> Option<Vec<u32>> {
        types.iter().map(|&ty| self.ty(ty)).collect()
    }

    fn ty(&mut self, ty: RType) -> Option<u32> {
        if let Some(&known) = self.by_type.get(&ty) {
            return Some(known);
        }
        let row = match self.l.mono.kind(ty).clone() {
            RKind::Basic(b) => {
                WireType::Basic(Basic::ALL.iter().position(|x| *x == b)?.try_into().ok()?)
            }
            RKind::Named(n) if n.env == EnvId::EMPTY => {
                let o = self.l.prog.obj(n.obj);
                let (name, pkg) = (o.name, o.pkg);
                WireType::Named(self.hidden(pkg), self.name(name), self.list(&n.targs)?)
            }
            RKind::Named(_) => return None,
            RKind::Pointer(to) => WireType::Pointer(self.ty(to)?),
            RKind::Slice(of) => WireType::Slice(self.ty(of)?),
            RKind::Array(n, of) => WireType::Array(n, self.ty(of)?),
            RKind::Map(key, elem) => WireType::Map(self.ty(key)?, self.ty(elem)?),
            RKind::Chan(dir, of) => {
                let dir = match dir {
                    ChanDirKey::Both => 0,
                    ChanDirKey::Send => 1,
                    ChanDirKey::Recv => 2,
                };
                WireType::Chan(dir, self.ty(of)?)
            }
            RKind::Struct(fields) => {
                let field = |f: &RField| {
                    Some(WireField {
                        name: self.name(f.name),
                        pkg: self.hidden(f.pkg),
                        ty: self.ty(f.ty)?,
                        embedded: f.embedded,
                        tag: f.tag.to_vec(),
                    })
                };
                WireType::Struct(fields.iter().map(field).collect::<Option<_>>()?)
            }
            RKind::Func(sig) => {
                let (params, results) = (self.list(&sig.params)?, self.list(&sig.results)?);
                WireType::Func(params, results, sig.variadic)
            }
            RKind::Interface(methods) => {
                let members = methods.iter().map(|m| self.member(m));
                WireType::Interface(members.collect::<Option<_>>()?)
            }
            RKind::Tuple(types) => WireType::Tuple(self.list(&types)?),
        };
        let number = self.types.len() as u32;
        self.types.push(row);
        self.by_type.insert(ty, number);
        Some(number)
    }

    fn member(&mut self, m: &IMethod) -> Option<WireMember> {
        Some(WireMember {
            name: self.name(m.name),
            pkg: self.hidden(m.pkg),
            sig: self.ty(m.sig)?,
        })
    }

    fn func(&mut self, func: ObjId, targs: &[RType]) -> Option<WireFunc> {
        let prog = &self.l.prog;
        let o = prog.obj(func);
        let f = o.func().filter(|f| !f.is_interface_method)?;
        let (name, pkg) = (o.name, o.pkg?);
        let recv = match prog.ty(prog.obj_type(func)) {
            Type::Signature(s) if f.is_method => {
                let ty = prog.obj_type(s.recv?);
                let ty = match prog.ty(ty) {
                    Type::Pointer(to) => *to,
                    _ => ty,
                };
                let Type::Named(n) = prog.ty(ty) else {
                    return None;
                };
                Some(prog.obj(n.obj).name)
            }
            _ if f.is_method => return None,
            _ => None,
        };
        let recv = recv.map(|recv| self.name(recv));
        let (pkg, name) = (self.package(pkg), self.name(name));
        Some(WireFunc(pkg, recv, name, self.list(targs)?))
    }

    fn inst(&mut self, inst: &FuncInst) -> Option<WireFunc> {
        self.func(inst.func, &inst.targs)
    }

    fn method(&mut self, m: &Method) -> Option<WireMethod> {
        let target = match &m.target {
            MethodTarget::Declared {
                func,
                recv,
                ptr_recv,
            } => WireTarget::Declared(self.func(*func, &[])?, self.ty(*recv)?, *ptr_recv),
            MethodTarget::Interface(ty, at) => WireTarget::Interface(self.ty(*ty)?, *at),
        };
        Some(WireMethod {
            name: self.name(m.name),
            pkg: self.hidden(m.pkg),
            path: m.path.to_vec(),
            indirect: m.indirect,
            target,
            own: self.list(&m.own)?,
        })
    }

    fn synthetic(&mut self, s: &Synthetic) -> Option<WireSynthetic> {
        Some(match s {
            Synthetic::DataWord(ty, m) => WireSynthetic::DataWord(self.ty(*ty)?, self.method(m)?),
            Synthetic::Expr(ty, m) => WireSynthetic::Expr(self.ty(*ty)?, self.method(m)?),
            Synthetic::InterfaceExpr(ty, at) => WireSynthetic::InterfaceExpr(self.ty(*ty)?, *at),
            Synthetic::Bound(ty, m) => WireSynthetic::Bound(self.ty(*ty)?, self.method(m)?),
            Synthetic::InterfaceBound(ty, at) => WireSynthetic::InterfaceBound(self.ty(*ty)?, *at),
            Synthetic::Stub(inst) => WireSynthetic::Stub(self.inst(inst)?),
            Synthetic::Equal(ty) => WireSynthetic::Equal(self.ty(*ty)?),
            Synthetic::Hash(ty) => WireSynthetic::Hash(self.ty(*ty)?),
        })
    }

    fn effect(&mut self, effect: &Effect) -> Option<WireEffect> {
        Some(match effect {
            Effect::Target(inst, is_func) => WireEffect::Target(self.inst(inst)?, *is_func),
            Effect::Synthetic(s) => WireEffect::Synthetic(self.synthetic(s)?),
            Effect::Desc(ty) => WireEffect::Desc(self.ty(*ty)?),
            Effect::LiveDesc(ty) => WireEffect::LiveDesc(self.ty(*ty)?),
            Effect::DescName(ty) => WireEffect::DescName(self.ty(*ty)?),
            Effect::Itab(iface, ty) => WireEffect::Itab(self.ty(*iface)?, self.ty(*ty)?),
            Effect::String(text) => WireEffect::String(text.clone()),
            Effect::Constant(contents, align) => WireEffect::Constant(contents.clone(), *align),
            Effect::FuncValue(sym) => WireEffect::FuncValue(*sym),
            Effect::Global(var) => {
                let o = self.l.prog.obj(*var);
                let (pkg, name) = (o.pkg?, o.name);
                WireEffect::Global(self.package(pkg), self.name(name))
            }
            Effect::Zero(bytes) => WireEffect::Zero(*bytes),
            Effect::Func(name) => WireEffect::Func(self.name(*name)),
            Effect::Data(name) => WireEffect::Data(self.name(*name)),
            Effect::EscapeWord => WireEffect::EscapeWord,
            Effect::Word(sym, bytes) => WireEffect::Word(*sym, *bytes),
            Effect::Site(site) => {
                let kind = SITE_KINDS.iter().position(|kind| *kind == site.kind)?;
                WireEffect::Site(kind as u8, site.pos.0, self.name(site.function))
            }
            Effect::SiteNumber(sym, site) => WireEffect::SiteNumber(*sym, *site),
            Effect::Call(m) => WireEffect::Call(self.member(m)?),
            Effect::Reflect(name) => WireEffect::Reflect(name.map(|name| self.name(name))),
            Effect::Fresh(prefix) => WireEffect::Fresh(self.name(*prefix)),
            Effect::Object(sym, object) => WireEffect::Object(*sym, object.clone()),
            Effect::Image(sym, contents) => WireEffect::Image(*sym, contents.clone()),
            Effect::InitCode(pkg, at, sym) => {
                WireEffect::InitCode(self.package(*pkg), *at as u32, *sym)
            }
        })
    }
}

struct Reader<'r, 'a> {
    l: &'r mut Lower<'a>,
    names: Vec<Symbol>,
    types: Types,
}

impl Reader<'_, '_> {
    fn name(&self, number: u32) -> Option<Symbol> {
        self.names.get(number as usize).copied()
    }

    fn package(&mut self, number: u32) -> Option<PkgId> {
        let path = self.name(number)?;
        self.l.package_of_path(path)
    }

    /// The package of a name that is not exported.
    fn hidden(&mut self, number: Option<u32>) -> Option<Option<PkgId>> {
        match number {
            Some(number) => self.package(number).map(Some),
            None => Some(None),
        }
    }

    fn ty(&self, number: u32) -> Option<RType> {
        self.types.get(number as usize).copied()
    }

    fn list(&self, numbers: &[u32]) -> Option<Rc<[RType]>> {
        numbers.iter().map(|&number| self.ty(number)).collect()
    }

    fn declared(&mut self, pkg: Option<u32>, name: u32) -> Option<ObjId> {
        let name = self.name(name)?;
        match pkg {
            Some(pkg) => {
                let pkg = self.package(pkg)?;
                self.l.prog.lookup_package(pkg, name.as_str())
            }
            None => self.l.prog.scopes[self.l.prog.universe].lookup(name),
        }
    }

    fn kind(&mut self, row: &WireType) -> Option<RKind> {
        Some(match row {
            WireType::Basic(b) => RKind::Basic(*Basic::ALL.get(usize::from(*b))?),
            WireType::Named(pkg, name, targs) => {
                let obj = self.declared(*pkg, *name)?;
                let Type::Named(n) = self.l.prog.ty(self.l.prog.obj_type(obj)) else {
                    return None;
                };
                let (obj, origin) = (n.obj, n.origin);
                RKind::Named(NamedKey {
                    obj,
                    origin,
                    targs: self.list(targs)?,
                    env: EnvId::EMPTY,
                })
            }
            WireType::Pointer(to) => RKind::Pointer(self.ty(*to)?),
            WireType::Slice(of) => RKind::Slice(self.ty(*of)?),
            WireType::Array(n, of) => RKind::Array(*n, self.ty(*of)?),
            WireType::Map(key, elem) => RKind::Map(self.ty(*key)?, self.ty(*elem)?),
            WireType::Chan(dir, of) => {
                let dir = match dir {
                    0 => ChanDirKey::Both,
                    1 => ChanDirKey::Send,
                    _ => ChanDirKey::Recv,
                };
                RKind::Chan(dir, self.ty(*of)?)
            }
            WireType::Struct(fields) => {
                let field = |f: &WireField| {
                    Some(RField {
                        name: self.name(f.name)?,
                        pkg: self.hidden(f.pkg)?,
                        ty: self.ty(f.ty)?,
                        embedded: f.embedded,
                        tag: f.tag.as_slice().into(),
                    })
                };
                RKind::Struct(fields.iter().map(field).collect::<Option<_>>()?)
            }
            WireType::Func(params, results, variadic) => RKind::Func(Rc::new(FuncSig {
                params: self.list(params)?,
                results: self.list(results)?,
                variadic: *variadic,
            })),
            WireType::Interface(members) => {
                let methods = members.iter().map(|m| self.member(m));
                RKind::Interface(methods.collect::<Option<_>>()?)
            }
            WireType::Tuple(types) => RKind::Tuple(self.list(types)?),
        })
    }

    fn member(&mut self, m: &WireMember) -> Option<IMethod> {
        Some(IMethod {
            name: self.name(m.name)?,
            pkg: self.hidden(m.pkg)?,
            sig: self.ty(m.sig)?,
        })
    }

    fn inst(&mut self, func: &WireFunc) -> Option<FuncInst> {
        let WireFunc(pkg, recv, name, targs) = func;
        let func = match recv {
            None => self.declared(Some(*pkg), *name)?,
            Some(recv) => {
                let ty = self.declared(Some(*pkg), *recv)?;
                let name = self.name(*name)?;
                let prog = &self.l.prog;
                let Type::Named(n) = prog.ty(prog.obj_type(ty)) else {
                    return None;
                };
                let mut methods = n.methods.iter().copied().flatten();
                methods.find(|&m| prog.obj(m).name == name)?
            }
        };
        self.l.prog.obj(func).func()?;
        Some(FuncInst {
            func,
            targs: self.list(targs)?,
        })
    }

    fn method(&mut self, m: &WireMethod) -> Option<Method> {
        let target = match &m.target {
            WireTarget::Declared(func, recv, ptr_recv) => MethodTarget::Declared {
                func: self.inst(func)?.func,
                recv: self.ty(*recv)?,
                ptr_recv: *ptr_recv,
            },
            WireTarget::Interface(ty, at) => MethodTarget::Interface(self.ty(*ty)?, *at),
        };
        Some(Method {
            name: self.name(m.name)?,
            pkg: self.hidden(m.pkg)?,
            path: m.path.as_slice().into(),
            indirect: m.indirect,
            target,
            own: self.list(&m.own)?,
        })
    }

    fn synthetic(&mut self, s: &WireSynthetic) -> Option<Synthetic> {
        Some(match s {
            WireSynthetic::DataWord(ty, m) => Synthetic::DataWord(self.ty(*ty)?, self.method(m)?),
            WireSynthetic::Expr(ty, m) => Synthetic::Expr(self.ty(*ty)?, self.method(m)?),
            WireSynthetic::InterfaceExpr(ty, at) => Synthetic::InterfaceExpr(self.ty(*ty)?, *at),
            WireSynthetic::Bound(ty, m) => Synthetic::Bound(self.ty(*ty)?, self.method(m)?),
            WireSynthetic::InterfaceBound(ty, at) => Synthetic::InterfaceBound(self.ty(*ty)?, *at),
            WireSynthetic::Stub(func) => Synthetic::Stub(self.inst(func)?),
            WireSynthetic::Equal(ty) => Synthetic::Equal(self.ty(*ty)?),
            WireSynthetic::Hash(ty) => Synthetic::Hash(self.ty(*ty)?),
        })
    }

    fn effect(&mut self, effect: &WireEffect) -> Option<Effect> {
        Some(match effect {
            WireEffect::Target(func, is_func) => Effect::Target(self.inst(func)?, *is_func),
            WireEffect::Synthetic(s) => Effect::Synthetic(self.synthetic(s)?),
            WireEffect::Desc(ty) => Effect::Desc(self.ty(*ty)?),
            WireEffect::LiveDesc(ty) => Effect::LiveDesc(self.ty(*ty)?),
            WireEffect::DescName(ty) => Effect::DescName(self.ty(*ty)?),
            WireEffect::Itab(iface, ty) => Effect::Itab(self.ty(*iface)?, self.ty(*ty)?),
            WireEffect::String(text) => Effect::String(text.clone()),
            WireEffect::Constant(contents, align) => Effect::Constant(contents.clone(), *align),
            WireEffect::FuncValue(sym) => Effect::FuncValue(*sym),
            WireEffect::Global(pkg, name) => {
                let var = self.declared(Some(*pkg), *name)?;
                self.l.prog.obj(var).var()?;
                Effect::Global(var)
            }
            WireEffect::Zero(bytes) => Effect::Zero(*bytes),
            WireEffect::Func(name) => Effect::Func(self.name(*name)?),
            WireEffect::Data(name) => Effect::Data(self.name(*name)?),
            WireEffect::EscapeWord => Effect::EscapeWord,
            WireEffect::Word(sym, bytes) => Effect::Word(*sym, *bytes),
            WireEffect::Site(kind, pos, function) => Effect::Site(SiteData {
                kind: *SITE_KINDS.get(usize::from(*kind))?,
                pos: Pos(*pos),
                function: self.name(*function)?,
            }),
            WireEffect::SiteNumber(sym, site) => Effect::SiteNumber(*sym, *site),
            WireEffect::Call(m) => Effect::Call(self.member(m)?),
            WireEffect::Fresh(prefix) => Effect::Fresh(self.name(*prefix)?),
            WireEffect::Object(sym, object) => Effect::Object(*sym, object.clone()),
            WireEffect::Image(sym, contents) => Effect::Image(*sym, contents.clone()),
            WireEffect::InitCode(pkg, at, sym) => {
                Effect::InitCode(self.package(*pkg)?, *at as usize, *sym)
            }
            WireEffect::Reflect(name) => Effect::Reflect(match name {
                Some(name) => Some(self.name(*name)?),
                None => None,
            }),
        })
    }
}
