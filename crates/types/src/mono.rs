//! Detection of generic code whose instantiation would never end, such as
//! `func f[T any]() { f[*T]() }`.
//!
//! Vertices are type parameters (and local types, which depend on the parameters around
//! them); an edge says that a parameter's argument is made of another parameter, with
//! weight 1 if something is put around it. A cycle of positive weight never ends.

use crate::checker::Checker;
use crate::object::{ObjId, ObjKind};
use crate::package::TypeError;
use crate::types::*;
use goxide_base::{FxHashMap, FxHashSet, Pos};

/// The graph of type parameters that flow into each other.
#[derive(Default)]
pub(crate) struct MonoGraph {
    vertices: Vec<Vertex>,
    edges: Vec<Edge>,
    /// Receivers' type parameters stand for those of the type.
    canon: FxHashMap<TypeId, TypeId>,
    index: FxHashMap<ObjId, Option<usize>>,
}

struct Vertex {
    obj: ObjId,
    /// Weight of the heaviest path known to end here, its last edge and its length.
    weight: u32,
    pre: usize,
    len: usize,
}

#[derive(Clone, Copy)]
struct Edge {
    dst: usize,
    src: usize,
    weight: u32,
    pos: Pos,
    ty: TypeId,
}

impl MonoGraph {
    /// Makes `mine` stand for `theirs`.
    pub fn record_canon(&mut self, mine: TypeId, theirs: TypeId) {
        self.canon.insert(mine, theirs);
    }

    fn vertex(&mut self, obj: ObjId) -> usize {
        if let Some(&Some(i)) = self.index.get(&obj) {
            return i;
        }
        let i = self.vertices.len();
        self.vertices.push(Vertex {
            obj,
            weight: 0,
            pre: 0,
            len: 0,
        });
        self.index.insert(obj, Some(i));
        i
    }
}

impl<'a> Checker<'_, 'a> {
    /// Records that `tparams` are instantiated by `targs`; `positions` are those of the
    /// explicit arguments.
    pub fn mono_instance(
        &mut self,
        pos: Pos,
        tparams: &[TypeId],
        targs: &[TypeId],
        positions: &[Pos],
    ) {
        for (i, (&param, &arg)) in tparams.iter().zip(targs).enumerate() {
            let pos = positions.get(i).copied().unwrap_or(pos);
            self.mono_assign(pos, param, arg);
        }
    }

    fn mono_assign(&mut self, pos: Pos, param: TypeId, arg: TypeId) {
        let Some(obj) = self.p.as_type_param(param).map(|p| p.obj) else {
            return;
        };
        if self.p.obj(obj).pkg != Some(self.pkg) {
            return;
        }
        let mut flows = Vec::new();
        self.mono_flows(arg, &mut flows, &mut FxHashSet::default());
        for (src, ty) in flows {
            let dst = self.param_vertex(param);
            let weight = u32::from(ty != arg);
            self.mono.edges.push(Edge {
                dst,
                src,
                weight,
                pos,
                ty: arg,
            });
        }
    }

    fn param_vertex(&mut self, param: TypeId) -> usize {
        let param = self.mono.canon.get(&param).copied().unwrap_or(param);
        let obj = self.p.as_type_param(param).map_or(ObjId(0), |p| p.obj);
        self.mono.vertex(obj)
    }

    /// The vertices that a type argument is made of.
    fn mono_flows(
        &mut self,
        ty: TypeId,
        flows: &mut Vec<(usize, TypeId)>,
        seen: &mut FxHashSet<TypeId>,
    ) {
        let ty = self.p.unalias(ty);
        let objs = |c: &Self, list: &[ObjId]| c.p.types_of(list).to_vec();
        let parts = match self.p.ty(ty).clone() {
            Type::TypeParam(_) => {
                flows.push((self.param_vertex(ty), ty));
                return;
            }
            Type::Named(n) => {
                if let Some(v) = self.local_vertex(n.obj) {
                    flows.push((v, ty));
                }
                n.targs.to_vec()
            }
            Type::Array(_, t) | Type::Chan(_, t) | Type::Pointer(t) | Type::Slice(t) => vec![t],
            Type::Map(k, v) => vec![k, v],
            Type::Interface(_) if !seen.insert(ty) => return,
            Type::Interface(_) => {
                let set = self.p.type_set(ty);
                objs(self, &set.methods)
            }
            Type::Signature(s) => [objs(self, &s.params), objs(self, &s.results)].concat(),
            Type::Struct(s) => objs(self, &s.fields),
            _ => return,
        };
        for t in parts {
            self.mono_flows(t, flows, seen);
        }
    }

    /// The vertex of a type declared inside a generic function.
    fn local_vertex(&mut self, obj: ObjId) -> Option<usize> {
        let object = self.p.obj(obj);
        let root = self.p.pkg(self.pkg).scope;
        if object.pkg != Some(self.pkg) || object.parent == Some(root) {
            return None;
        }
        if let Some(&known) = self.mono.index.get(&obj) {
            return known;
        }
        let pos = object.pos;
        let mut scope = object.parent;
        let mut params = Vec::new();
        while let Some(s) = scope.filter(|&s| s != root) {
            for &(_, o) in &self.p.scopes[s].names {
                let other = self.p.obj(o);
                if matches!(other.kind, ObjKind::TypeName)
                    && other.pos < pos
                    && matches!(self.p.ty(other.typ()), Type::TypeParam(_))
                {
                    params.push(other.typ());
                }
            }
            scope = self.p.scopes[s].parent;
        }
        if params.is_empty() {
            self.mono.index.insert(obj, None);
            return None;
        }
        let dst = self.mono.vertex(obj);
        for ty in params {
            let src = self.param_vertex(ty);
            self.mono.edges.push(Edge {
                dst,
                src,
                weight: 1,
                pos,
                ty,
            });
        }
        Some(dst)
    }

    /// Reports an instantiation that would never end.
    pub fn monomorph(&mut self) {
        let mut again = true;
        while std::mem::take(&mut again) {
            for i in 0..self.mono.edges.len() {
                let e = self.mono.edges[i];
                let (weight, len) = {
                    let src = &self.mono.vertices[e.src];
                    (src.weight + e.weight, src.len + 1)
                };
                let count = self.mono.vertices.len();
                let dst = &mut self.mono.vertices[e.dst];
                if weight <= dst.weight {
                    continue;
                }
                dst.pre = i;
                dst.len = len;
                if len == count {
                    self.report_loop(e.dst);
                    return;
                }
                dst.weight = weight;
                again = true;
            }
        }
    }

    fn report_loop(&mut self, mut v: usize) {
        let mut stack = Vec::new();
        while !stack.contains(&v) {
            stack.push(v);
            v = self.mono.edges[self.mono.vertices[v].pre].src;
        }
        let start = stack.iter().position(|&s| s == v).unwrap_or(0);
        let pos = self.p.obj(self.mono.vertices[v].obj).pos;
        let related = stack[start..]
            .iter()
            .map(|&v| {
                let edge = self.mono.edges[self.mono.vertices[v].pre];
                let obj = self.mono.vertices[edge.dst].obj;
                let (name, arg) = (self.p.obj(obj).name, self.ts(edge.ty));
                let text = match self.p.ty(self.p.obj_type(obj)) {
                    Type::Named(_) => format!("{name} implicitly parameterized by {arg}"),
                    _ => format!("{name} instantiated as {arg}"),
                };
                (edge.pos, text)
            })
            .collect();
        self.report(TypeError {
            pos,
            msg: "instantiation cycle:".into(),
            related,
            code: "InvalidInstanceCycle",
            soft: false,
        });
    }
}
