//! The store of everything that is known: types, objects, scopes, packages. This file has
//! its shape, plain access, and the constructors of types; questions about types are in
//! the modules named after them.

use crate::constant::Value;
use crate::object::{Func, ObjId, ObjKind, Object, Var, VarKind};
use crate::package::{GoVersion, Package, PkgId};
use crate::scope::{Scope, ScopeId};
use crate::types::*;
use goxide_base::{FxHashMap, FxHashSet, IndexVec, Pos, Symbol, define_index};
use std::sync::{Arc, Mutex};

define_index! {
    /// A substitution made by [`Program::subst_map`]: type parameters and what replaces them.
    pub struct SubstId = "subst";
}

/// All types, objects, scopes and packages of a session. Entries are only ever added, and
/// what is lazily computed (instances' underlying types and methods, type sets) is added
/// on demand, which is why many questions need `&mut`.
pub struct Program {
    /// Types; entry of a TypeId may be completed later, never replaced by another type.
    pub types: IndexVec<TypeId, Type>,
    /// Objects.
    pub objects: IndexVec<ObjId, Object>,
    /// Scopes.
    pub scopes: IndexVec<ScopeId, Scope>,
    /// Packages, importees before importers.
    pub packages: IndexVec<PkgId, Package>,
    /// The scope of predeclared names.
    pub universe: ScopeId,
    /// Package `unsafe`.
    pub unsafe_pkg: PkgId,
    /// The predeclared `iota`.
    pub(crate) iota: ObjId,
    /// Hash-consed simple composites.
    pub(crate) simple: FxHashMap<SimpleKey, TypeId>,
    /// Instances by origin and arguments.
    pub(crate) instances: FxHashMap<(TypeId, List<TypeId>), TypeId>,
    /// Substitutions, and their results.
    pub(crate) subst_ids: FxHashMap<(List<TypeId>, List<TypeId>), SubstId>,
    pub(crate) substs: IndexVec<SubstId, crate::subst::Subst>,
    /// Canonical types.
    pub(crate) canon: crate::canonical::Canon,
    /// What lazily run computations found questionable; the running check looks at it.
    pub(crate) pending: Vec<Pending>,
    /// The package whose names messages leave unqualified.
    pub(crate) current: Option<PkgId>,
    /// By package: the names that several of the packages have which it imports, directly
    /// or not. Found when a message first asks.
    pub(crate) ambiguous_names: Mutex<FxHashMap<PkgId, Arc<FxHashSet<Symbol>>>>,
    /// By package that is checked whole: where its types are declared that are local to
    /// functions, in order. Found when first asked for.
    pub(crate) local_types: Mutex<FxHashMap<PkgId, Arc<Vec<Pos>>>>,
    /// Nesting of types being measured.
    pub(crate) size_depth: u32,
    /// Language version of the file being checked.
    pub(crate) version: GoVersion,
}

/// Something to be judged by the check under way, when all types are set up.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// A method met twice in an interface: wrong if declared twice or not the same.
    DuplicateMethod {
        pos: Pos,
        m: ObjId,
        other: ObjId,
        other_pos: Pos,
        explicit: bool,
        /// The language version wants them disjoint.
        old: bool,
    },
    /// A union that is too long.
    TooManyTerms(Pos),
}

/// Structure of a hash-consed type.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum SimpleKey {
    Pointer(TypeId),
    Slice(TypeId),
    Array(i64, TypeId),
    Map(TypeId, TypeId),
    Chan(ChanDir, TypeId),
}

impl Default for Program {
    fn default() -> Self {
        Program::new()
    }
}

/// Access.
impl Program {
    /// A type's entry.
    #[inline]
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id]
    }

    /// An object.
    #[inline]
    pub fn obj(&self, id: ObjId) -> &Object {
        &self.objects[id]
    }

    /// A package.
    #[inline]
    pub fn pkg(&self, id: PkgId) -> &Package {
        &self.packages[id]
    }

    /// The type of an object ([`TypeId::INVALID`] while unknown).
    #[inline]
    pub fn obj_type(&self, id: ObjId) -> TypeId {
        self.objects[id].typ()
    }

    /// The types of parameters, results or fields.
    pub fn types_of(&self, objs: &[ObjId]) -> List<TypeId> {
        objs.iter().map(|&o| self.obj_type(o)).collect()
    }

    /// The object that `name` means in `scope` or around it, and the scope that has it.
    pub fn lookup_parent(&self, mut scope: ScopeId, name: Symbol) -> Option<(ScopeId, ObjId)> {
        loop {
            if let Some(obj) = self.scopes[scope].lookup(name) {
                return Some((scope, obj));
            }
            scope = self.scopes[scope].parent?;
        }
    }

    /// The object a package declares under `name`.
    pub fn lookup_package(&self, pkg: PkgId, name: &str) -> Option<ObjId> {
        self.scopes[self.packages[pkg].scope].lookup(Symbol::intern(name))
    }

    /// The package with this import path.
    pub fn package_by_path(&self, path: &str) -> Option<PkgId> {
        let path = Symbol::intern(path);
        self.packages
            .iter_enumerated()
            .find(|(_, p)| p.path == path)
            .map(|(id, _)| id)
    }

    /// The named type's entry, aliases resolved.
    pub fn as_named(&self, id: TypeId) -> Option<&Named> {
        match self.ty(self.unalias(id)) {
            Type::Named(n) => Some(n),
            _ => None,
        }
    }

    /// The type parameter's entry, aliases resolved.
    pub fn as_type_param(&self, id: TypeId) -> Option<&TypeParam> {
        match self.ty(self.unalias(id)) {
            Type::TypeParam(p) => Some(p),
            _ => None,
        }
    }

    /// The type that a chain of aliases leads to. While one of them is still being declared,
    /// that one.
    #[inline]
    pub fn unalias(&self, mut id: TypeId) -> TypeId {
        while let Type::Alias(a) = &self.types[id] {
            match a.rhs {
                Some(rhs) => id = rhs,
                None => return id,
            }
        }
        id
    }
}

/// Constructors.
impl Program {
    /// Adds a type. For those that are not hash-consed.
    pub fn add_type(&mut self, ty: Type) -> TypeId {
        self.types.push(ty)
    }

    fn simple(&mut self, key: SimpleKey) -> TypeId {
        if let Some(&id) = self.simple.get(&key) {
            return id;
        }
        let id = self.types.push(match key {
            SimpleKey::Pointer(t) => Type::Pointer(t),
            SimpleKey::Slice(t) => Type::Slice(t),
            SimpleKey::Array(n, t) => Type::Array(n, t),
            SimpleKey::Map(k, v) => Type::Map(k, v),
            SimpleKey::Chan(d, t) => Type::Chan(d, t),
        });
        self.simple.insert(key, id);
        id
    }

    /// `*elem`
    pub fn pointer_to(&mut self, elem: TypeId) -> TypeId {
        self.simple(SimpleKey::Pointer(elem))
    }

    /// `[]elem`
    pub fn slice_of(&mut self, elem: TypeId) -> TypeId {
        self.simple(SimpleKey::Slice(elem))
    }

    /// `[len]elem`
    pub fn array_of(&mut self, len: ArrayLen, elem: TypeId) -> TypeId {
        self.simple(SimpleKey::Array(len, elem))
    }

    /// `map[key]elem`
    pub fn map_of(&mut self, key: TypeId, elem: TypeId) -> TypeId {
        self.simple(SimpleKey::Map(key, elem))
    }

    /// `chan elem` with a direction.
    pub fn chan_of(&mut self, dir: ChanDir, elem: TypeId) -> TypeId {
        self.simple(SimpleKey::Chan(dir, elem))
    }

    /// A tuple of variables.
    pub fn tuple_of(&mut self, vars: List<ObjId>) -> TypeId {
        if vars.is_empty() {
            return TypeId::EMPTY_TUPLE;
        }
        self.types.push(Type::Tuple(vars))
    }

    /// A tuple of nameless variables of these types.
    pub fn tuple_of_types(&mut self, types: &[TypeId]) -> TypeId {
        let vars = types.iter().map(|&t| self.new_param(t)).collect();
        self.tuple_of(vars)
    }

    /// A function type without type parameters, from the types alone.
    pub fn func_of(&mut self, params: &[TypeId], results: &[TypeId], variadic: bool) -> TypeId {
        let params = params.iter().map(|&t| self.new_param(t)).collect();
        let results = results.iter().map(|&t| self.new_param(t)).collect();
        self.types.push(Type::Signature(Arc::new(Signature {
            params,
            results,
            variadic,
            ..Signature::default()
        })))
    }

    /// A nameless parameter.
    pub fn new_param(&mut self, ty: TypeId) -> ObjId {
        self.new_var(VarKind::Param, Symbol::EMPTY, Pos::NONE, None, Some(ty))
    }

    /// A variable.
    pub fn new_var(
        &mut self,
        kind: VarKind,
        name: Symbol,
        pos: Pos,
        pkg: Option<PkgId>,
        ty: Option<TypeId>,
    ) -> ObjId {
        let var = Var {
            kind,
            embedded: false,
            used: false,
            origin: None,
        };
        self.new_object(ObjKind::Var(var), name, pos, pkg, ty)
    }

    /// A field.
    pub fn new_field(
        &mut self,
        name: Symbol,
        pos: Pos,
        pkg: Option<PkgId>,
        ty: TypeId,
        embedded: bool,
    ) -> ObjId {
        let var = Var {
            kind: VarKind::Field,
            embedded,
            used: false,
            origin: None,
        };
        self.new_object(ObjKind::Var(var), name, pos, pkg, Some(ty))
    }

    /// A function or method.
    pub fn new_func(
        &mut self,
        name: Symbol,
        pos: Pos,
        pkg: Option<PkgId>,
        ty: Option<TypeId>,
        func: Func,
    ) -> ObjId {
        self.new_object(ObjKind::Func(func), name, pos, pkg, ty)
    }

    /// A constant.
    pub fn new_const(
        &mut self,
        name: Symbol,
        pos: Pos,
        pkg: Option<PkgId>,
        ty: Option<TypeId>,
        value: Value,
    ) -> ObjId {
        self.new_object(ObjKind::Const { value }, name, pos, pkg, ty)
    }

    /// An object of any kind.
    pub fn new_object(
        &mut self,
        kind: ObjKind,
        name: Symbol,
        pos: Pos,
        pkg: Option<PkgId>,
        ty: Option<TypeId>,
    ) -> ObjId {
        self.objects.push(Object {
            kind,
            name,
            pos,
            pkg,
            parent: None,
            ty,
        })
    }

    /// A scope inside `parent`.
    pub fn new_scope(&mut self, parent: ScopeId) -> ScopeId {
        self.scopes.push(Scope::new(Some(parent)))
    }

    /// Declares `obj` in `scope` under its own name, unless that is blank; gives the
    /// object that was there before, which then stays.
    pub fn insert(&mut self, scope: ScopeId, obj: ObjId) -> Option<ObjId> {
        let name = self.objects[obj].name;
        if let Some(old) = self.scopes[scope].insert(name, obj) {
            return Some(old);
        }
        if self.objects[obj].parent.is_none() {
            self.objects[obj].parent = Some(scope);
        }
        None
    }

    /// A defined type, bound to its name. `from_rhs` and methods come later.
    pub fn new_named(&mut self, obj: ObjId) -> TypeId {
        let id = self.types.next_index();
        self.types.push(Type::Named(Box::new(Named {
            obj,
            origin: id,
            tparams: List::default(),
            targs: List::default(),
            from_rhs: None,
            underlying: None,
            methods: Vec::new(),
            pos: Pos::NONE,
            expanding: false,
        })));
        if self.objects[obj].ty.is_none() {
            self.objects[obj].ty = Some(id);
        }
        id
    }

    /// An alias, bound to its name.
    pub fn new_alias(&mut self, obj: ObjId, rhs: Option<TypeId>) -> TypeId {
        let id = self.types.next_index();
        self.types.push(Type::Alias(Box::new(Alias {
            obj,
            origin: id,
            tparams: List::default(),
            targs: List::default(),
            rhs,
        })));
        if self.objects[obj].ty.is_none() {
            self.objects[obj].ty = Some(id);
        }
        id
    }

    /// A type parameter, bound to its name.
    pub fn new_type_param(&mut self, obj: ObjId, index: usize, bound: TypeId) -> TypeId {
        let param = TypeParam {
            obj,
            index,
            bound,
            iface: None,
        };
        let id = self.types.push(Type::TypeParam(Box::new(param)));
        if self.objects[obj].ty.is_none() {
            self.objects[obj].ty = Some(id);
        }
        id
    }
}
