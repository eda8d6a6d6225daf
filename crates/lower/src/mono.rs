//! The mono world: concrete types only, one [`RType`] for all identical types.
//!
//! An [`RType`] is made from a checker's type and an environment that says what each type
//! parameter in scope stands for. Two types are identical exactly if their ids are equal.

use goxide_base::{FxHashMap, Idx, IndexVec, Symbol, define_index};
use goxide_types::{Basic, ChanDir, ObjId, PkgId, Program, Type, TypeId};
use std::rc::Rc;
use std::sync::Arc;

define_index! {
    /// A concrete type.
    pub struct RType = "r";
}
define_index! {
    /// What the type parameters in scope stand for.
    pub struct EnvId = "env";
}

impl EnvId {
    /// No type parameters.
    pub const EMPTY: EnvId = EnvId(0);
}

/// Structure of a concrete type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RKind {
    /// A basic type, `byte` and `rune` as what they name, never untyped.
    Basic(Basic),
    /// A defined type or an instance of a generic one.
    Named(NamedKey),
    /// `*T`
    Pointer(RType),
    /// `[]T`
    Slice(RType),
    /// `[N]T`
    Array(u64, RType),
    /// `map[K]V`
    Map(RType, RType),
    /// `chan T`
    Chan(ChanDirKey, RType),
    /// `struct { … }`
    Struct(Rc<[RField]>),
    /// `func(…) …`
    Func(Rc<FuncSig>),
    /// `interface { … }`: all methods, sorted as Go's compiler sorts them.
    Interface(Rc<[IMethod]>),
    /// Several values.
    Tuple(Rc<[RType]>),
}

/// Direction of a channel, hashable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChanDirKey {
    /// `chan T`
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Recv,
}

/// What makes a defined type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct NamedKey {
    /// The declaring type name.
    pub obj: ObjId,
    /// The declared (generic) type.
    pub origin: TypeId,
    /// Type arguments.
    pub targs: Rc<[RType]>,
    /// For a type declared inside a generic function: that function's environment.
    pub env: EnvId,
}

/// A struct field.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RField {
    /// Name.
    pub name: Symbol,
    /// The package, if the name is not exported.
    pub pkg: Option<PkgId>,
    /// Type.
    pub ty: RType,
    /// Embedded.
    pub embedded: bool,
    /// Tag, empty if none.
    pub tag: Arc<[u8]>,
}

/// A function type.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct FuncSig {
    /// Parameters; the last one a slice if variadic.
    pub params: Rc<[RType]>,
    /// Results.
    pub results: Rc<[RType]>,
    /// `...T` at the end.
    pub variadic: bool,
}

/// A method of an interface type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct IMethod {
    /// Name.
    pub name: Symbol,
    /// The package, if the name is not exported.
    pub pkg: Option<PkgId>,
    /// Signature, without receiver.
    pub sig: RType,
}

/// Bindings of type parameters.
pub type Env = Rc<[(TypeId, RType)]>;

/// All concrete types met so far.
pub struct Mono {
    kinds: IndexVec<RType, RKind>,
    by_kind: FxHashMap<RKind, RType>,
    /// By type, where it has been asked for.
    under: Vec<Option<RType>>,
    envs: IndexVec<EnvId, Env>,
    env_ids: FxHashMap<Env, EnvId>,
    /// Types without type parameters around them, by the checker's number.
    plain: Vec<Option<RType>>,
    cache: FxHashMap<(EnvId, TypeId), RType>,
    /// Type parameters that were met without a binding: a fault in the checker's facts.
    pub unbound: u32,
    /// Nesting of instances, to find those that never end.
    depth: u32,
    /// Set when a type grew too deep.
    pub too_deep: bool,
}

/// Deeper nesting of types than this is taken for an instantiation that never ends.
const MAX_TYPE_DEPTH: u32 = 1000;

/// Ids of types that every program has, in the order [`Mono::new`] makes them.
#[allow(missing_docs, reason = "the names say it")]
impl RType {
    pub const INVALID: RType = RType(0);
    pub const BOOL: RType = RType(1);
    pub const INT: RType = RType(2);
    pub const INT8: RType = RType(3);
    pub const INT16: RType = RType(4);
    pub const INT32: RType = RType(5);
    pub const INT64: RType = RType(6);
    pub const UINT: RType = RType(7);
    pub const UINT8: RType = RType(8);
    pub const UINT16: RType = RType(9);
    pub const UINT32: RType = RType(10);
    pub const UINT64: RType = RType(11);
    pub const UINTPTR: RType = RType(12);
    pub const FLOAT32: RType = RType(13);
    pub const FLOAT64: RType = RType(14);
    pub const COMPLEX64: RType = RType(15);
    pub const COMPLEX128: RType = RType(16);
    pub const STRING: RType = RType(17);
    pub const UNSAFE_POINTER: RType = RType(18);
    pub const EMPTY_INTERFACE: RType = RType(19);
    pub const BYTES: RType = RType(20);
    pub const RUNES: RType = RType(21);
    pub const VOID_FUNC: RType = RType(22);
    pub const EMPTY_TUPLE: RType = RType(23);
    pub const EMPTY_STRUCT: RType = RType(24);
}

impl Default for Mono {
    fn default() -> Self {
        Mono::new()
    }
}

impl Mono {
    /// The types every program has.
    pub fn new() -> Mono {
        let mut m = Mono {
            kinds: IndexVec::new(),
            by_kind: FxHashMap::default(),
            under: Vec::new(),
            envs: IndexVec::new(),
            env_ids: FxHashMap::default(),
            plain: Vec::new(),
            cache: FxHashMap::default(),
            unbound: 0,
            depth: 0,
            too_deep: false,
        };
        m.env(Vec::new());
        for b in &Basic::ALL[..19] {
            m.intern(RKind::Basic(*b));
        }
        let fixed = [
            RKind::Interface(Rc::from([])),
            RKind::Slice(RType::UINT8),
            RKind::Slice(RType::INT32),
            RKind::Func(Rc::default()),
            RKind::Tuple(Rc::from([])),
            RKind::Struct(Rc::from([])),
        ];
        for kind in fixed {
            m.intern(kind);
        }
        debug_assert_eq!(m.kinds[RType::EMPTY_STRUCT], RKind::Struct(Rc::from([])));
        m
    }

    /// The type of this structure.
    pub fn intern(&mut self, kind: RKind) -> RType {
        if let Some(&id) = self.by_kind.get(&kind) {
            return id;
        }
        let id = self.kinds.push(kind.clone());
        self.by_kind.insert(kind, id);
        id
    }

    /// Structure of a type; `Named` for defined ones.
    pub fn kind(&self, ty: RType) -> &RKind {
        &self.kinds[ty]
    }

    /// The environment with these bindings.
    pub fn env(&mut self, bindings: Vec<(TypeId, RType)>) -> EnvId {
        let env: Env = bindings.into();
        if let Some(&id) = self.env_ids.get(&env) {
            return id;
        }
        let id = self.envs.push(env.clone());
        self.env_ids.insert(env, id);
        id
    }

    /// Bindings of an environment.
    pub fn bindings(&self, env: EnvId) -> Env {
        self.envs[env].clone()
    }

    /// `*T`
    pub fn pointer(&mut self, to: RType) -> RType {
        self.intern(RKind::Pointer(to))
    }

    /// `[]T`
    pub fn slice(&mut self, of: RType) -> RType {
        self.intern(RKind::Slice(of))
    }

    /// `[n]T`
    pub fn array(&mut self, n: u64, of: RType) -> RType {
        self.intern(RKind::Array(n, of))
    }

    /// `func(params) results`
    pub fn func(&mut self, params: &[RType], results: &[RType], variadic: bool) -> RType {
        let sig = FuncSig {
            params: params.into(),
            results: results.into(),
            variadic,
        };
        self.intern(RKind::Func(Rc::new(sig)))
    }

    /// An unexported-field-free struct made by the compiler.
    pub fn tuple_struct(&mut self, types: &[RType]) -> RType {
        let fields = types.iter().enumerate().map(|(i, &ty)| RField {
            name: Symbol::intern(&format!("F{i}")),
            pkg: None,
            ty,
            embedded: false,
            tag: Arc::from([]),
        });
        let fields = fields.collect();
        self.intern(RKind::Struct(fields))
    }

    /// The concrete type that `ty` is in an environment.
    pub fn rtype(&mut self, p: &mut Program, ty: TypeId, env: EnvId) -> RType {
        let known = match env {
            EnvId::EMPTY => self.plain.get(ty.index()).copied().flatten(),
            _ => self.cache.get(&(env, ty)).copied(),
        };
        if let Some(id) = known {
            return id;
        }
        if self.depth > MAX_TYPE_DEPTH {
            self.too_deep = true;
            return RType::INVALID;
        }
        self.depth += 1;
        let id = self.convert(p, ty, env);
        self.depth -= 1;
        match env {
            EnvId::EMPTY => remember(&mut self.plain, ty.index(), id),
            _ => drop(self.cache.insert((env, ty), id)),
        }
        id
    }

    fn convert(&mut self, p: &mut Program, ty: TypeId, env: EnvId) -> RType {
        let kind = match p.ty(ty).clone() {
            Type::Basic(b) => RKind::Basic(typed(b)),
            Type::Alias(_) => {
                let actual = p.unalias(ty);
                return self.rtype(p, actual, env);
            }
            Type::TypeParam(_) => {
                let bound = self.envs[env].iter().find(|b| b.0 == ty).map(|b| b.1);
                return bound.unwrap_or_else(|| {
                    self.unbound += 1;
                    RType::INVALID
                });
            }
            Type::Named(n) => {
                let targs = n.targs.iter().map(|&t| self.rtype(p, t, env)).collect();
                let local = env != EnvId::EMPTY && is_local(p, n.obj);
                RKind::Named(NamedKey {
                    obj: n.obj,
                    origin: n.origin,
                    targs,
                    env: if local { env } else { EnvId::EMPTY },
                })
            }
            Type::Pointer(t) => RKind::Pointer(self.rtype(p, t, env)),
            Type::Slice(t) => RKind::Slice(self.rtype(p, t, env)),
            Type::Array(n, t) => RKind::Array(n.max(0) as u64, self.rtype(p, t, env)),
            Type::Map(k, v) => RKind::Map(self.rtype(p, k, env), self.rtype(p, v, env)),
            Type::Chan(dir, t) => {
                let dir = match dir {
                    ChanDir::Both => ChanDirKey::Both,
                    ChanDir::Send => ChanDirKey::Send,
                    ChanDir::Recv => ChanDirKey::Recv,
                };
                RKind::Chan(dir, self.rtype(p, t, env))
            }
            Type::Struct(s) => {
                let field = |(i, &f): (usize, &ObjId)| {
                    let o = p.obj(f).clone();
                    RField {
                        name: o.name,
                        pkg: if o.exported() { None } else { o.pkg },
                        ty: self.rtype(p, o.typ(), env),
                        embedded: o.embedded(),
                        tag: s.tag(i).into(),
                    }
                };
                RKind::Struct(s.fields.iter().enumerate().map(field).collect())
            }
            Type::Tuple(vars) => RKind::Tuple(self.list(p, &vars, env)),
            Type::Signature(s) => RKind::Func(Rc::new(FuncSig {
                params: self.list(p, &s.params, env),
                results: self.list(p, &s.results, env),
                variadic: s.variadic,
            })),
            Type::Interface(_) => {
                let tset = p.type_set(ty);
                let methods = tset.methods.iter().map(|&m| {
                    let o = p.obj(m).clone();
                    IMethod {
                        name: o.name,
                        pkg: if o.exported() { None } else { o.pkg },
                        sig: self.rtype(p, o.typ(), env),
                    }
                });
                let mut methods: Vec<IMethod> = methods.collect();
                methods.sort_by(|a, b| {
                    method_key(p, a.name, a.pkg).cmp(&method_key(p, b.name, b.pkg))
                });
                RKind::Interface(methods.into())
            }
            Type::Union(_) => RKind::Basic(Basic::Invalid),
        };
        self.intern(kind)
    }

    fn list(&mut self, p: &mut Program, vars: &[ObjId], env: EnvId) -> Rc<[RType]> {
        vars.iter()
            .map(|&v| self.rtype(p, p.obj_type(v), env))
            .collect()
    }

    /// The underlying type.
    pub fn under(&mut self, p: &mut Program, ty: RType) -> RType {
        let RKind::Named(n) = &self.kinds[ty] else {
            return ty;
        };
        if let Some(&Some(u)) = self.under.get(ty.index()) {
            return u;
        }
        let n = n.clone();
        let env = self.named_env(p, &n);
        let u = p.under(n.origin);
        let u = self.rtype(p, u, env);
        remember(&mut self.under, ty.index(), u);
        u
    }

    /// The environment in which a defined type's declaration is to be read.
    pub fn named_env(&mut self, p: &Program, n: &NamedKey) -> EnvId {
        if n.targs.is_empty() {
            return n.env;
        }
        let Type::Named(origin) = p.ty(n.origin) else {
            return n.env;
        };
        let tparams = origin.tparams.clone();
        let mut bindings = self.envs[n.env].to_vec();
        bindings.extend(tparams.iter().copied().zip(n.targs.iter().copied()));
        self.env(bindings)
    }

    /// The defined type's key, if it is one.
    pub fn named(&self, ty: RType) -> Option<&NamedKey> {
        match &self.kinds[ty] {
            RKind::Named(n) => Some(n),
            _ => None,
        }
    }
}

/// Notes what stands at a place.
fn remember(list: &mut Vec<Option<RType>>, at: usize, ty: RType) {
    if at >= list.len() {
        list.resize((at + 1).max(list.len() * 2), None);
    }
    list[at] = Some(ty);
}

/// The order of methods in descriptors and itabs: exported names first, then by name, then
/// by package path.
pub fn method_key(
    p: &Program,
    name: Symbol,
    pkg: Option<PkgId>,
) -> (bool, &'static str, &'static str) {
    let path = pkg.map_or("", |pkg| p.pkg(pkg).path.as_str());
    (pkg.is_some(), name.as_str(), path)
}

/// Whether an object is declared inside a function.
fn is_local(p: &Program, obj: ObjId) -> bool {
    let o = p.obj(obj);
    match (o.parent, o.pkg) {
        (Some(scope), Some(pkg)) => scope != p.pkg(pkg).scope,
        _ => false,
    }
}

fn typed(b: Basic) -> Basic {
    match b {
        Basic::UntypedBool => Basic::Bool,
        Basic::UntypedInt => Basic::Int,
        Basic::UntypedRune => Basic::Int32,
        Basic::UntypedFloat => Basic::Float64,
        Basic::UntypedComplex => Basic::Complex128,
        Basic::UntypedString => Basic::String,
        Basic::UntypedNil => Basic::UnsafePointer,
        b => b.canonical(),
    }
}
