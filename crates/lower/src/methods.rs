//! Method sets of concrete types, promoted methods included.

use crate::mono::{Mono, RKind, RType, method_key};
use goxide_base::{FxHashMap, Symbol};
use goxide_types::{ObjId, PkgId, Program, Type};
use std::rc::Rc;

/// Where a method's code is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MethodTarget {
    /// Declared for `recv` (a defined type, without pointer).
    Declared {
        /// The declaration (of the generic type, for an instance).
        func: ObjId,
        /// The concrete defined type.
        recv: RType,
        /// Whether the receiver is declared as a pointer.
        ptr_recv: bool,
    },
    /// Of an embedded interface: its type, and the position in it.
    Interface(RType, u32),
}

/// One method of a type.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Method {
    /// Name.
    pub name: Symbol,
    /// The package, if the name is not exported.
    pub pkg: Option<PkgId>,
    /// Embedded fields to follow first.
    pub path: Rc<[u32]>,
    /// Whether a pointer is followed on that way.
    pub indirect: bool,
    /// What is called.
    pub target: MethodTarget,
    /// Type arguments of the method itself, if it is generic.
    pub own: Rc<[RType]>,
}

impl Method {
    fn needs_pointer(&self) -> bool {
        !self.indirect && matches!(self.target, MethodTarget::Declared { ptr_recv: true, .. })
    }
}

/// Known method sets.
#[derive(Default)]
pub struct MethodSets {
    all: FxHashMap<RType, Rc<[Method]>>,
}

type Name = (Symbol, Option<PkgId>);

#[derive(Clone)]
struct Level {
    ty: RType,
    path: Vec<u32>,
    indirect: bool,
    multiple: bool,
}

impl MethodSets {
    /// Methods of `*T` (or of an interface), in descriptor order, whatever their receivers.
    pub fn all(&mut self, mono: &mut Mono, p: &mut Program, ty: RType) -> Rc<[Method]> {
        if let Some(known) = self.all.get(&ty) {
            return known.clone();
        }
        let mut list = collect(mono, p, ty);
        list.sort_by(|a, b| method_key(p, a.name, a.pkg).cmp(&method_key(p, b.name, b.pkg)));
        let list: Rc<[Method]> = list.into();
        self.all.insert(ty, list.clone());
        list
    }

    /// The method set of a type: what an interface holding such a value can call.
    pub fn of(&mut self, mono: &mut Mono, p: &mut Program, ty: RType) -> Vec<Method> {
        if let &RKind::Pointer(base) = mono.kind(ty) {
            let u = mono.under(p, base);
            if matches!(mono.kind(u), RKind::Interface(_) | RKind::Pointer(_)) {
                return Vec::new();
            }
            return self.all(mono, p, base).to_vec();
        }
        let all = self.all(mono, p, ty);
        all.iter().filter(|m| !m.needs_pointer()).cloned().collect()
    }

    /// The method of this name that a selector on a `ty` (or through its address) means.
    pub fn find(
        &mut self,
        mono: &mut Mono,
        p: &mut Program,
        ty: RType,
        name: Symbol,
        pkg: Option<PkgId>,
    ) -> Option<Method> {
        let base = match mono.kind(ty) {
            &RKind::Pointer(base) => base,
            _ => ty,
        };
        let all = self.all(mono, p, base);
        all.iter().find(|m| m.name == name && m.pkg == pkg).cloned()
    }
}

fn collect(mono: &mut Mono, p: &mut Program, ty: RType) -> Vec<Method> {
    let mut result = Vec::new();
    let mut decided: FxHashMap<Name, ()> = FxHashMap::default();
    let mut seen: Vec<RType> = Vec::new();
    let mut current = vec![Level {
        ty,
        path: Vec::new(),
        indirect: false,
        multiple: false,
    }];
    while !current.is_empty() {
        // Per name: how often it occurs at this depth, and the method if it is one.
        let mut here: Vec<(Name, u32, Option<Method>)> = Vec::new();
        let mut next: Vec<Level> = Vec::new();
        for level in &current {
            if mono.named(level.ty).is_some() {
                if seen.contains(&level.ty) {
                    continue;
                }
                seen.push(level.ty);
            }
            names_of(mono, p, level, &mut here, &mut next);
        }
        for (name, count, method) in here {
            if decided.insert(name, ()).is_none() && count == 1 {
                result.extend(method);
            }
        }
        current = consolidate(next);
    }
    result
}

fn add(
    here: &mut Vec<(Name, u32, Option<Method>)>,
    name: Name,
    level: &Level,
    method: Option<Method>,
) {
    let times = if level.multiple { 2 } else { 1 };
    match here.iter_mut().find(|h| h.0 == name) {
        Some(h) => h.1 += times,
        None => here.push((name, times, method)),
    }
}

fn names_of(
    mono: &mut Mono,
    p: &mut Program,
    level: &Level,
    here: &mut Vec<(Name, u32, Option<Method>)>,
    next: &mut Vec<Level>,
) {
    if let Some(n) = mono.named(level.ty).cloned()
        && let Type::Named(origin) = p.ty(n.origin)
    {
        let declared: Vec<ObjId> = origin.methods.iter().copied().flatten().collect();
        for func in declared {
            let o = p.obj(func);
            let name = (o.name, if o.exported() { None } else { o.pkg });
            let ptr_recv = o.func().is_some_and(|f| f.ptr_recv);
            let target = MethodTarget::Declared {
                func,
                recv: level.ty,
                ptr_recv,
            };
            let method = Method {
                name: name.0,
                pkg: name.1,
                path: level.path.as_slice().into(),
                indirect: level.indirect,
                target,
                own: Rc::from([]),
            };
            add(here, name, level, Some(method));
        }
    }
    let under = mono.under(p, level.ty);
    match mono.kind(under).clone() {
        RKind::Struct(fields) => {
            for (i, f) in fields.iter().enumerate() {
                add(here, (f.name, f.pkg), level, None);
                if !f.embedded {
                    continue;
                }
                let (ty, ptr) = match mono.kind(f.ty) {
                    &RKind::Pointer(base) => (base, true),
                    _ => (f.ty, false),
                };
                let mut path = level.path.clone();
                path.push(i as u32);
                next.push(Level {
                    ty,
                    path,
                    indirect: level.indirect || ptr,
                    multiple: level.multiple,
                });
            }
        }
        RKind::Interface(methods) => {
            for (i, m) in methods.iter().enumerate() {
                let method = Method {
                    name: m.name,
                    pkg: m.pkg,
                    path: level.path.as_slice().into(),
                    indirect: level.indirect,
                    target: MethodTarget::Interface(level.ty, i as u32),
                    own: Rc::from([]),
                };
                add(here, (m.name, m.pkg), level, Some(method));
            }
        }
        _ => {}
    }
}

fn consolidate(list: Vec<Level>) -> Vec<Level> {
    let mut result: Vec<Level> = Vec::new();
    for level in list {
        match result.iter_mut().find(|r| r.ty == level.ty) {
            Some(known) => known.multiple = true,
            None => result.push(level),
        }
    }
    result
}
