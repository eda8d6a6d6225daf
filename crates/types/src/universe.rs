//! The predeclared names and package unsafe.

use crate::builtin::Builtin;
use crate::canonical::Canon;
use crate::constant::Value;
use crate::info::Info;
use crate::object::{Func, ObjId, ObjKind};
use crate::package::{GoVersion, Package, PkgId};
use crate::program::Program;
use crate::scope::{Scope, ScopeId};
use crate::types::*;
use goxide_base::{FxHashMap, FxHashSet, IndexVec, Pos, Symbol};
use std::sync::Arc;

impl Program {
    /// A program with the universe and package unsafe.
    pub fn new() -> Program {
        let mut scopes = IndexVec::new();
        let universe: ScopeId = scopes.push(Scope::new(None));
        let unsafe_scope = scopes.push(Scope::new(Some(universe)));
        let mut packages = IndexVec::new();
        let unsafe_pkg = packages.push(Package::empty("unsafe", "unsafe", unsafe_scope));
        let mut p = Program {
            types: Basic::ALL.iter().map(|&b| Type::Basic(b)).collect(),
            objects: IndexVec::new(),
            scopes,
            packages,
            universe,
            unsafe_pkg,
            iota: ObjId(0),
            simple: FxHashMap::default(),
            instances: FxHashMap::default(),
            subst_ids: FxHashMap::default(),
            substs: IndexVec::new(),
            canon: Canon::default(),
            pending: Vec::new(),
            current: None,
            ambiguous_names: Default::default(),
            local_types: Default::default(),
            version: GoVersion::NONE,
            size_depth: 0,
        };
        p.declare_types();
        p.declare_consts();
        p.declare_builtins();
        p
    }

    fn predeclare(&mut self, kind: ObjKind, name: &str, ty: Option<TypeId>) -> ObjId {
        let obj = self.new_object(kind, Symbol::intern(name), Pos::NONE, None, ty);
        self.insert(self.universe, obj);
        obj
    }

    fn declare_types(&mut self) {
        for b in Basic::ALL {
            if b == Basic::UnsafePointer {
                let (name, pkg) = (Symbol::intern("Pointer"), self.unsafe_pkg);
                let kind = ObjKind::TypeName;
                let obj = self.new_object(kind, name, Pos::NONE, Some(pkg), Some(b.id()));
                self.insert(self.packages[pkg].scope, obj);
            } else if b != Basic::Invalid && !b.is_untyped() {
                self.predeclare(ObjKind::TypeName, b.name(), Some(b.id()));
            }
        }
        let tuple = self.add_type(Type::Tuple(List::default()));
        assert_eq!(tuple, TypeId::EMPTY_TUPLE);
        let empty = Interface {
            complete: true,
            ..Interface::default()
        };
        let empty = self.add_type(Type::Interface(Box::new(empty)));
        assert_eq!(empty, TypeId::EMPTY_INTERFACE);

        let any = self.predeclare(ObjKind::TypeName, "any", None);
        assert_eq!(self.new_alias(any, Some(empty)), TypeId::ANY);

        let error = self.predeclare(ObjKind::TypeName, "error", None);
        let error_type = self.new_named(error);
        assert_eq!(error_type, TypeId::ERROR);
        let comparable = self.predeclare(ObjKind::TypeName, "comparable", None);
        assert_eq!(self.new_named(comparable), TypeId::COMPARABLE);
        self.define_error(error_type);
        self.define_comparable();
    }

    fn define_error(&mut self, error_type: TypeId) {
        let recv = self.new_param(error_type);
        let result = self.new_param(TypeId::STRING);
        let sig = Signature {
            recv: Some(recv),
            results: [result].into(),
            ..Signature::default()
        };
        let sig = self.add_type(Type::Signature(Arc::new(sig)));
        let func = Func {
            is_method: true,
            is_interface_method: true,
            ..Func::default()
        };
        let method = self.new_func(Symbol::intern("Error"), Pos::NONE, None, Some(sig), func);
        let iface = Interface {
            methods: [method].into(),
            complete: true,
            ..Interface::default()
        };
        let iface = self.add_type(Type::Interface(Box::new(iface)));
        self.set_underlying(TypeId::ERROR, iface);
    }

    fn define_comparable(&mut self) {
        let tset = TypeSet {
            comparable: true,
            ..TypeSet::default()
        };
        let iface = Interface {
            complete: true,
            tset: Some(Arc::new(tset)),
            ..Interface::default()
        };
        let iface = self.add_type(Type::Interface(Box::new(iface)));
        self.set_underlying(TypeId::COMPARABLE, iface);
    }

    /// Completes a declared type at once.
    pub(crate) fn set_underlying(&mut self, named: TypeId, underlying: TypeId) {
        if let Type::Named(n) = &mut self.types[named] {
            n.from_rhs = Some(underlying);
            n.underlying = Some(underlying);
        }
    }

    fn declare_consts(&mut self) {
        for (name, value) in [("true", true), ("false", false)] {
            let kind = ObjKind::Const {
                value: Value::Bool(value),
            };
            self.predeclare(kind, name, Some(TypeId::UNTYPED_BOOL));
        }
        let kind = ObjKind::Const {
            value: Value::from(0),
        };
        self.iota = self.predeclare(kind, "iota", Some(TypeId::UNTYPED_INT));
        self.predeclare(ObjKind::Nil, "nil", Some(TypeId::UNTYPED_NIL));
    }

    fn declare_builtins(&mut self) {
        for b in Builtin::UNIVERSE {
            self.predeclare(ObjKind::Builtin(b), b.name(), Some(TypeId::INVALID));
        }
        let scope = self.packages[self.unsafe_pkg].scope;
        for b in Builtin::UNSAFE {
            let obj = self.new_builtin(b, Some(self.unsafe_pkg));
            self.insert(scope, obj);
        }
    }

    pub(crate) fn new_builtin(&mut self, b: Builtin, pkg: Option<PkgId>) -> ObjId {
        let name = Symbol::intern(b.name());
        self.new_object(
            ObjKind::Builtin(b),
            name,
            Pos::NONE,
            pkg,
            Some(TypeId::INVALID),
        )
    }
}

impl Package {
    /// A package without files.
    pub(crate) fn empty(path: &str, name: &str, scope: ScopeId) -> Package {
        Package {
            path: Symbol::intern(path),
            name: Symbol::intern(name),
            scope,
            files: Vec::new(),
            file_scopes: Vec::new(),
            file_versions: Vec::new(),
            go_version: GoVersion::NONE,
            imports: Vec::new(),
            funcs: Vec::new(),
            inits: Vec::new(),
            vars: Vec::new(),
            info: Info::default(),
            errors: Vec::new(),
            lazy_bodies: false,
            allow_bodyless: true,
            checker_tests: false,
            checked_bodies: FxHashSet::default(),
            deps: FxHashMap::default(),
            var_decls: FxHashMap::default(),
            init_order: None,
            unchecked_tables: FxHashSet::default(),
            import_map: FxHashMap::default(),
            fake: false,
        }
    }
}
