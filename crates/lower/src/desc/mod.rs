//! Type descriptors and itabs, in the layout of Go's `internal/abi`; which methods live.
//!
//! A descriptor that only the allocator and the map and channel operations need is
//! *shallow*: sizes, pointer mask, key, element. It becomes *live* when values of its type
//! can get into an interface, from where `reflect` can reach everything: then it is
//! complete, and so are those of all types in it.
//!
//! A live type's method is compiled when reachable code calls an interface method of its
//! name and signature, or when `reflect` can be asked for it. One that merely has the name
//! of some interface's method keeps its type, so that run-time assertions find it; the
//! others have -1 in all three offsets, as in programs of gc.

mod emit;
mod name;

use crate::bodies::Effect;
use crate::equality::Alg;
use crate::methods::{Method, MethodTarget};
use crate::mono::{IMethod, RKind, RType};
use crate::program::{Lower, Synthetic, Target};
use goxide_base::{FxHashMap, FxHashSet, Symbol};
use goxide_ir::{DataSection, SymId};
use goxide_types::{PkgId, Type};

/// Larger pointer masks are made by the collector when it needs them.
const MAX_MASK_BYTES: u64 = 2048;
/// Larger map keys and elements are behind pointers.
const MAX_IN_SLOT_BYTES: u64 = 128;
/// Slots of a map's group.
const GROUP_SLOTS: u64 = 8;

/// Descriptors and itabs asked for.
#[derive(Default)]
pub struct Descs {
    syms: FxHashMap<RType, SymId>,
    order: Vec<RType>,
    live: FxHashSet<RType>,
    live_order: Vec<RType>,
    /// Types whose equality function is needed though they are not live: map keys.
    compared: FxHashSet<RType>,
    /// Methods of live types, in descriptor order.
    methods: FxHashMap<RType, Vec<DescMethod>>,
    /// Names of methods of all interface types that have descriptors.
    in_interfaces: FxHashSet<(Symbol, Option<PkgId>)>,
    itabs: FxHashMap<(RType, RType), SymId>,
    itab_order: Vec<(RType, RType, SymId)>,
    unreachable_method: Option<SymId>,
    zero: Option<(SymId, u64)>,
    names: name::Names,
    masks: FxHashMap<Vec<u8>, SymId>,
    pub(crate) algs: FxHashMap<RType, Alg>,
    pub(crate) sized_funcs: FxHashSet<SymId>,
}

/// What is kept of a method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Keep {
    Name,
    Type,
    Interface,
    All,
}

struct DescMethod {
    method: Method,
    sig: RType,
    keep: Keep,
    /// Code that takes the data word.
    ifn: Option<SymId>,
    /// Code that takes the receiver.
    tfn: Option<SymId>,
}

impl Lower<'_> {
    /// The descriptor of a type, for allocation and copying.
    pub fn desc(&mut self, ty: RType) -> SymId {
        self.noted_sym(|_| Some(Effect::Desc(ty)), |l| l.new_desc(ty))
    }

    fn new_desc(&mut self, ty: RType) -> SymId {
        let sym = self.desc_name(ty);
        if self.descs.syms.insert(ty, sym).is_none() {
            self.descs.order.push(ty);
            if self.mask_on_demand(ty) {
                // The collector walks its elements and fields.
                return self.live_desc(ty);
            }
            self.queue_desc(ty);
        }
        sym
    }

    /// The symbol of a type's descriptor, which may not come into being.
    pub fn desc_name(&mut self, ty: RType) -> SymId {
        self.noted_sym(|_| Some(Effect::DescName(ty)), |l| l.new_desc_name(ty))
    }

    fn new_desc_name(&mut self, ty: RType) -> SymId {
        if let Some(&sym) = self.descs.syms.get(&ty) {
            return sym;
        }
        let name = format!("type:{}", self.type_link_name(ty));
        self.data_sym(&name)
    }

    /// The descriptor of a type whose values get into interfaces, or that is asked for by
    /// an assertion.
    pub fn live_desc(&mut self, ty: RType) -> SymId {
        self.noted_sym(|_| Some(Effect::LiveDesc(ty)), |l| l.new_live_desc(ty))
    }

    fn new_live_desc(&mut self, ty: RType) -> SymId {
        let sym = self.desc_name(ty);
        if self.descs.live.insert(ty) {
            self.descs.live_order.push(ty);
            if self.descs.syms.insert(ty, sym).is_none() {
                self.descs.order.push(ty);
            }
            self.queue_desc(ty);
        }
        sym
    }

    /// The itab of a type for an interface type with methods.
    pub fn itab(&mut self, iface: RType, ty: RType) -> SymId {
        self.noted_sym(|_| Some(Effect::Itab(iface, ty)), |l| l.new_itab(iface, ty))
    }

    fn new_itab(&mut self, iface: RType, ty: RType) -> SymId {
        if let Some(&sym) = self.descs.itabs.get(&(iface, ty)) {
            return sym;
        }
        let name = format!(
            "go:itab.{},{}",
            self.type_link_name(ty),
            self.type_link_name(iface)
        );
        let sym = self.data_sym(&name);
        self.descs.itabs.insert((iface, ty), sym);
        self.descs.itab_order.push((iface, ty, sym));
        self.live_desc(ty);
        self.desc(iface);
        if self.descs.unreachable_method.is_none()
            && self.runtime.is_some()
            && let Some((Target::Func(code), _)) = self.runtime_target("unreachableMethod")
        {
            self.descs.unreachable_method = Some(code);
        }
        sym
    }

    /// Read-only zero bytes, at least this many.
    pub fn zero_data(&mut self, bytes: u64) -> SymId {
        self.noted_sym(|_| Some(Effect::Zero(bytes)), |l| l.new_zero_data(bytes))
    }

    fn new_zero_data(&mut self, bytes: u64) -> SymId {
        let sym = self.data_sym("go:zero");
        let size = self.descs.zero.map_or(bytes, |z| z.1.max(bytes));
        self.descs.zero = Some((sym, size));
        sym
    }

    fn mask_on_demand(&mut self, ty: RType) -> bool {
        self.layout(ty).ptr_bytes / 64 > MAX_MASK_BYTES
    }

    /// Asks for what a descriptor refers to.
    pub fn visit_desc(&mut self, ty: RType) {
        let live = self.descs.live.contains(&ty);
        let child = |l: &mut Self, ty: RType| {
            if live {
                l.live_desc(ty);
            } else {
                l.desc(ty);
            }
        };
        match self.under_kind(ty) {
            RKind::Map(key, elem) => {
                child(self, key);
                child(self, elem);
                let group = self.map_group(key, elem);
                self.desc(group);
                self.hash_value(key);
                if self.descs.compared.insert(key) {
                    self.equal_value(key);
                }
            }
            RKind::Chan(_, elem) => child(self, elem),
            RKind::Interface(methods) => {
                for m in methods.iter() {
                    child(self, m.sig);
                    self.descs.in_interfaces.insert((m.name, m.pkg));
                }
            }
            kind if live => self.visit_parts(kind),
            _ => {}
        }
        if live {
            self.visit_live(ty);
        }
    }

    fn visit_parts(&mut self, kind: RKind) {
        match kind {
            RKind::Pointer(elem) | RKind::Slice(elem) => {
                self.live_desc(elem);
            }
            RKind::Array(_, elem) => {
                self.live_desc(elem);
                let slice = self.mono.slice(elem);
                self.live_desc(slice);
            }
            RKind::Struct(fields) => {
                for f in fields.iter() {
                    self.live_desc(f.ty);
                }
            }
            RKind::Func(sig) => {
                for &ty in sig.params.iter().chain(sig.results.iter()) {
                    self.live_desc(ty);
                }
            }
            _ => {}
        }
    }

    fn visit_live(&mut self, ty: RType) {
        self.equal_value(ty);
        if !matches!(self.mono.kind(ty), RKind::Pointer(_)) {
            let pointer = self.mono.pointer(ty);
            if !self.method_set(pointer).is_empty() {
                self.live_desc(pointer);
            }
        }
        if self.mono.named(ty).is_some() && matches!(self.under_kind(ty), RKind::Map(..)) {
            // Converted by reflection, a map must keep its hash function.
            let under = self.under(ty);
            self.live_desc(under);
        }
    }

    /// The struct that a map's group of slots is.
    fn map_group(&mut self, key: RType, elem: RType) -> RType {
        let slot = self.map_slot(key, elem);
        let slots = self.mono.array(GROUP_SLOTS, slot);
        self.mono.tuple_struct(&[RType::UINT64, slots])
    }

    fn map_slot(&mut self, key: RType, elem: RType) -> RType {
        let parts = [key, elem].map(|ty| match self.layout(ty).size > MAX_IN_SLOT_BYTES {
            true => self.mono.pointer(ty),
            false => ty,
        });
        self.mono.tuple_struct(&parts)
    }

    // ---- methods ----

    /// Queues methods that have become live.
    pub fn link_methods(&mut self) {
        let mut at = 0;
        while let Some(&ty) = self.descs.live_order.get(at) {
            at += 1;
            if !self.descs.methods.contains_key(&ty) {
                let list = self.desc_methods(ty);
                self.descs.methods.insert(ty, list);
            }
            for i in 0..self.descs.methods[&ty].len() {
                self.link_method(ty, i);
            }
        }
    }

    /// The methods that a type's descriptor lists.
    fn desc_methods(&mut self, ty: RType) -> Vec<DescMethod> {
        if self.is_interface(ty) {
            return Vec::new();
        }
        let mut list = Vec::new();
        for method in self.method_set(ty) {
            if self.is_generic_method(&method) {
                continue;
            }
            let sig = self.method_sig(&method);
            list.push(DescMethod {
                method,
                sig,
                keep: Keep::Name,
                ifn: None,
                tfn: None,
            });
        }
        list
    }

    /// Whether a method has type parameters of its own: no interface has such a method.
    fn is_generic_method(&self, m: &Method) -> bool {
        let MethodTarget::Declared { func, .. } = m.target else {
            return false;
        };
        match self.prog.ty(self.prog.obj_type(func)) {
            Type::Signature(s) => !s.tparams.is_empty(),
            _ => false,
        }
    }

    fn link_method(&mut self, ty: RType, i: usize) {
        let m = &self.descs.methods[&ty][i];
        let (name, pkg, sig, keep) = (m.method.name, m.method.pkg, m.sig, m.keep);
        if keep == Keep::All {
            return;
        }
        let by_reflection =
            pkg.is_none() && (self.reflect_all || self.reflect_names.contains(&name));
        let wanted = if by_reflection {
            Keep::All
        } else if self.called.contains(&IMethod { name, pkg, sig }) {
            Keep::Interface
        } else if self.descs.in_interfaces.contains(&(name, pkg)) {
            Keep::Type
        } else {
            Keep::Name
        };
        if wanted <= keep {
            return;
        }
        let method = m.method.clone();
        match wanted {
            Keep::All => self.live_desc(sig),
            _ => self.desc(sig),
        };
        let ifn = (wanted >= Keep::Interface).then(|| self.data_word_func(ty, &method));
        let tfn = (wanted == Keep::All).then(|| self.receiver_func(ty, &method));
        if let Some(m) = self
            .descs
            .methods
            .get_mut(&ty)
            .and_then(|list| list.get_mut(i))
        {
            m.keep = wanted;
            m.ifn = ifn;
            m.tfn = tfn;
        }
    }

    /// The method's own code, if it takes its receiver as a `ty` without any detour.
    fn own_code(&mut self, ty: RType, m: &Method) -> Option<SymId> {
        let MethodTarget::Declared {
            func,
            recv,
            ptr_recv,
        } = m.target
        else {
            return None;
        };
        if !m.path.is_empty() || ptr_recv != matches!(self.mono.kind(ty), RKind::Pointer(_)) {
            return None;
        }
        let inst = self.method_inst(func, recv, &[]);
        match self.target(inst, goxide_base::Pos::NONE)? {
            Target::Func(sym) => Some(sym),
            _ => None,
        }
    }

    /// The code of a method that takes the data word of an interface.
    fn data_word_func(&mut self, ty: RType, m: &Method) -> SymId {
        if self.is_direct(ty)
            && let Some(sym) = self.own_code(ty, m)
        {
            return sym;
        }
        self.synthetic(Synthetic::DataWord(ty, m.clone()))
    }

    /// The code of a method that takes the receiver as a value.
    fn receiver_func(&mut self, ty: RType, m: &Method) -> SymId {
        match self.own_code(ty, m) {
            Some(sym) => sym,
            None => self.synthetic(Synthetic::Expr(ty, m.clone())),
        }
    }

    /// Writes all descriptors and itabs.
    pub fn emit_descs(&mut self) {
        for ty in std::mem::take(&mut self.descs.order) {
            self.emit_desc(ty);
        }
        for (iface, ty, sym) in std::mem::take(&mut self.descs.itab_order) {
            self.emit_itab(iface, ty, sym);
        }
        self.list_typelinks();
        if let Some((sym, size)) = self.descs.zero {
            self.add_data(sym, DataSection::ReadOnly, 16, Vec::new(), size, Vec::new());
        }
    }

    /// Lists the types, for `reflect`, which could otherwise make some of them a second time.
    fn list_typelinks(&mut self) {
        let mut list: Vec<(String, SymId)> = Vec::new();
        for ty in self.descs.live_order.clone() {
            list.push((self.type_text(ty), self.desc_name(ty)));
        }
        list.sort_by(|a, b| a.0.cmp(&b.0));
        self.module.typelinks = list.into_iter().map(|(_, sym)| sym).collect();
    }
}
