//! The bytes of descriptors and itabs. Offsets are those of `internal/abi` on amd64.
//!
//! ```text
//! Type (48) │ fields of the kind │ UncommonType (16)? │ parameters, methods or fields │ methods
//! ```

use super::name::Name;
use super::{DescMethod, Keep, MAX_IN_SLOT_BYTES};
use crate::mono::{ChanDirKey, RField, RKind, RType};
use crate::program::Lower;
use goxide_base::Symbol;
use goxide_ir::{DataReloc, DataSection, SymId};
use goxide_types::{Basic, ObjId, PkgId, is_exported};

const UNCOMMON: u8 = 1;
const EXTRA_STAR: u8 = 2;
const NAMED: u8 = 4;
const REGULAR_MEMORY: u8 = 8;
const MASK_ON_DEMAND: u8 = 16;
const DIRECT_IFACE: u8 = 32;

const COMMON_BYTES: usize = 48;
const UNCOMMON_BYTES: usize = 16;

const MAP_NEED_KEY_UPDATE: u32 = 1;
const MAP_HASH_MIGHT_PANIC: u32 = 2;
const MAP_INDIRECT_KEY: u32 = 4;
const MAP_INDIRECT_ELEM: u32 = 8;

/// Number of a kind in `internal/abi`.
fn kind_number(kind: &RKind) -> u8 {
    match kind {
        RKind::Basic(Basic::String) => 24,
        RKind::Basic(Basic::UnsafePointer) => 26,
        RKind::Basic(b) => *b as u8,
        RKind::Array(..) => 17,
        RKind::Chan(..) => 18,
        RKind::Func(_) => 19,
        RKind::Interface(_) => 20,
        RKind::Map(..) => 21,
        RKind::Pointer(_) => 22,
        RKind::Slice(_) => 23,
        RKind::Struct(_) => 25,
        RKind::Named(_) | RKind::Tuple(_) => 0,
    }
}

/// Bytes of the fixed part of a kind's descriptor.
fn fixed_bytes(kind: &RKind) -> usize {
    match kind {
        RKind::Array(..) => 72,
        RKind::Chan(..) => 64,
        RKind::Func(_) | RKind::Pointer(_) | RKind::Slice(_) => 56,
        RKind::Interface(_) | RKind::Struct(_) => 80,
        RKind::Map(..) => 136,
        _ => COMMON_BYTES,
    }
}

/// A hash of a type's unique name (FNV-1a).
fn hash_of(name: &str) -> u32 {
    let step = |h: u32, b: u8| (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    name.bytes().fold(0x811c_9dc5, step)
}

/// Bytes being written, with the addresses in them.
struct Writer {
    bytes: Vec<u8>,
    relocs: Vec<DataReloc>,
}

impl Writer {
    fn new(size: usize) -> Writer {
        Writer {
            bytes: vec![0; size],
            relocs: Vec::new(),
        }
    }

    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn word(&mut self, at: usize, n: u64) {
        self.put(at, &n.to_le_bytes());
    }

    fn u32(&mut self, at: usize, n: u32) {
        self.put(at, &n.to_le_bytes());
    }

    fn addr(&mut self, at: usize, sym: SymId) {
        self.relocs.push(DataReloc::Abs64(at as u64, sym, 0));
    }

    /// Offset of read-only data.
    fn off(&mut self, at: usize, sym: SymId) {
        self.relocs.push(DataReloc::RodataOff32(at as u64, sym));
    }

    fn text_off(&mut self, at: usize, sym: Option<SymId>) {
        match sym {
            Some(sym) => self.relocs.push(DataReloc::TextOff32(at as u64, sym)),
            None => self.u32(at, u32::MAX),
        }
    }

    /// A slice of `n` things that stand at an offset in the same object.
    fn slice(&mut self, at: usize, own: SymId, offset: usize, n: usize) {
        self.relocs
            .push(DataReloc::Abs64(at as u64, own, offset as i64));
        self.word(at + 8, n as u64);
        self.word(at + 16, n as u64);
    }
}

impl Lower<'_> {
    /// The declaration that gives a type its name; its package, if it has one.
    fn type_name_obj(&self, ty: RType) -> Option<ObjId> {
        self.mono.named(ty).map(|n| n.obj)
    }

    /// The package in a type's descriptor: its own, or its element's.
    fn desc_package(&mut self, ty: RType) -> Option<PkgId> {
        let named = match *self.mono.kind(ty) {
            RKind::Basic(Basic::UnsafePointer) => return Some(self.prog.unsafe_pkg),
            RKind::Array(_, e) | RKind::Slice(e) | RKind::Pointer(e) | RKind::Chan(_, e) => e,
            _ => ty,
        };
        let obj = self.type_name_obj(named)?;
        self.prog.obj(obj).pkg
    }

    /// Writes a type's descriptor.
    pub(super) fn emit_desc(&mut self, ty: RType) {
        let live = self.descs.live.contains(&ty);
        let sym = self.desc_name(ty);
        let kind = self.under_kind(ty);
        let methods = if live {
            self.descs.methods.remove(&ty).unwrap_or_default()
        } else {
            Vec::new()
        };
        let named = matches!(self.mono.kind(ty), RKind::Named(_) | RKind::Basic(_));
        let uncommon = live && (named || !methods.is_empty());
        let fixed = fixed_bytes(&kind);
        let lists_at = fixed + if uncommon { UNCOMMON_BYTES } else { 0 };
        let lists = match &kind {
            RKind::Func(sig) if live => 8 * (sig.params.len() + sig.results.len()),
            RKind::Interface(m) => 8 * m.len(),
            RKind::Struct(fields) if live => 24 * fields.len(),
            _ => 0,
        };
        let methods_at = lists_at + lists;
        let mut w = Writer::new(methods_at + 16 * methods.len());
        self.common(&mut w, ty, &kind, live, named, uncommon);
        self.kind_part(&mut w, sym, ty, &kind, live, lists_at);
        if uncommon {
            self.uncommon(&mut w, ty, fixed, methods_at, &methods);
        }
        // Itabs, which are written later, look methods up.
        self.descs.methods.insert(ty, methods);
        let size = w.bytes.len() as u64;
        self.add_data(sym, DataSection::ReadOnly, 8, w.bytes, size, w.relocs);
    }

    fn common(
        &mut self,
        w: &mut Writer,
        ty: RType,
        kind: &RKind,
        live: bool,
        named: bool,
        uncommon: bool,
    ) {
        let layout = self.layout(ty);
        let link_name = self.type_link_name(ty);
        let mut text = self.type_text(ty);
        let mut flags = 0;
        let mut set = |on: bool, flag: u8| flags |= if on { flag } else { 0 };
        set(uncommon, UNCOMMON);
        set(named, NAMED);
        set(self.is_plain_memory(ty), REGULAR_MEMORY);
        set(self.is_direct(ty), DIRECT_IFACE);
        let on_demand = self.mask_on_demand(ty);
        set(on_demand, MASK_ON_DEMAND);
        set(!text.starts_with('*'), EXTRA_STAR);
        let owner = match *self.mono.kind(ty) {
            RKind::Pointer(to) => to,
            _ => ty,
        };
        let owner = self.type_name_obj(owner);
        let exported = owner.is_some_and(|o| self.prog.obj(o).exported());
        if !text.starts_with('*') {
            text.insert(0, '*');
        }
        w.word(0, layout.size);
        w.word(8, layout.ptr_bytes);
        w.u32(16, hash_of(&link_name));
        w.put(
            20,
            &[
                flags,
                layout.align as u8,
                layout.align as u8,
                kind_number(kind),
            ],
        );
        if (live || self.descs.compared.contains(&ty))
            && let Some(equal) = self.equal_value(ty)
        {
            w.addr(24, equal);
        }
        if let Some(mask) = self.mask_sym(ty, on_demand) {
            w.addr(32, mask);
        }
        let text = self.name_sym(Name {
            text,
            exported,
            ..Name::default()
        });
        w.off(40, text);
        let pointer = self.mono.pointer(ty);
        if live && self.descs.live.contains(&pointer) {
            let pointer = self.desc_name(pointer);
            w.off(44, pointer);
        }
    }

    /// The pointer mask, in whole words; with `on_demand` the word for its address.
    fn mask_sym(&mut self, ty: RType, on_demand: bool) -> Option<SymId> {
        if !self.layout(ty).has_pointers() {
            return None;
        }
        if on_demand {
            let name = format!("type:.gcmask.{}", self.type_link_name(ty));
            let sym = self.data_sym(&name);
            self.add_data(sym, DataSection::NoPointers, 8, Vec::new(), 8, Vec::new());
            return Some(sym);
        }
        let mut mask = self.layouts.pointer_mask(&mut self.mono, self.prog, ty);
        mask.resize(mask.len().next_multiple_of(8), 0);
        if let Some(&sym) = self.descs.masks.get(&mask) {
            return Some(sym);
        }
        let sym = self.fresh_data_sym("runtime.gcbits");
        self.descs.masks.insert(mask.clone(), sym);
        let size = mask.len() as u64;
        self.add_data(sym, DataSection::ReadOnly, 8, mask, size, Vec::new());
        Some(sym)
    }

    fn kind_part(
        &mut self,
        w: &mut Writer,
        sym: SymId,
        ty: RType,
        kind: &RKind,
        live: bool,
        lists_at: usize,
    ) {
        match kind {
            RKind::Pointer(elem) | RKind::Slice(elem) if live => {
                let elem = self.desc_name(*elem);
                w.addr(48, elem);
            }
            RKind::Array(n, elem) => {
                if live {
                    let slice = self.mono.slice(*elem);
                    let (elem, slice) = (self.desc_name(*elem), self.desc_name(slice));
                    w.addr(48, elem);
                    w.addr(56, slice);
                }
                w.word(64, *n);
            }
            RKind::Chan(dir, elem) => {
                let elem = self.desc_name(*elem);
                w.addr(48, elem);
                let dir = match dir {
                    ChanDirKey::Recv => 1,
                    ChanDirKey::Send => 2,
                    ChanDirKey::Both => 3,
                };
                w.word(56, dir);
            }
            RKind::Func(sig) => {
                let variadic = if sig.variadic { 1 << 15 } else { 0 };
                w.put(48, &(sig.params.len() as u16).to_le_bytes());
                w.put(50, &(sig.results.len() as u16 | variadic).to_le_bytes());
                if live {
                    for (i, &ty) in sig.params.iter().chain(sig.results.iter()).enumerate() {
                        let ty = self.desc_name(ty);
                        w.addr(lists_at + 8 * i, ty);
                    }
                }
            }
            RKind::Interface(methods) => {
                let own = self.type_name_obj(ty).and_then(|o| self.prog.obj(o).pkg);
                if let Some(pkg) = own {
                    let pkg = self.package_name_sym(pkg);
                    w.addr(48, pkg);
                }
                w.slice(56, sym, lists_at, methods.len());
                for (i, m) in methods.iter().enumerate() {
                    let name = self.method_name_sym(m.name, m.pkg, own);
                    w.off(lists_at + 8 * i, name);
                    let sig = self.desc_name(m.sig);
                    w.off(lists_at + 8 * i + 4, sig);
                }
            }
            RKind::Map(key, elem) => self.map_part(w, *key, *elem),
            RKind::Struct(fields) if live => self.struct_part(w, sym, ty, fields, lists_at),
            _ => {}
        }
    }

    fn struct_part(&mut self, w: &mut Writer, sym: SymId, ty: RType, fields: &[RField], at: usize) {
        if let Some(pkg) = fields.iter().find_map(|f| f.pkg) {
            let pkg = self.package_name_sym(pkg);
            w.addr(48, pkg);
        }
        w.slice(56, sym, at, fields.len());
        let offsets = self.layout(ty).fields.clone();
        for (i, f) in fields.iter().enumerate() {
            let name = self.name_sym(Name {
                text: f.name.as_str().into(),
                tag: f.tag.to_vec(),
                exported: is_exported(f.name),
                embedded: f.embedded,
                pkg: None,
            });
            w.addr(at + 24 * i, name);
            let field = self.desc_name(f.ty);
            w.addr(at + 24 * i + 8, field);
            w.word(at + 24 * i + 16, offsets[i]);
        }
    }

    fn map_part(&mut self, w: &mut Writer, key: RType, elem: RType) {
        let group = self.map_group(key, elem);
        let slot = self.map_slot(key, elem);
        let (group_layout, slot_layout) = (self.layout(group), self.layout(slot));
        let slots_at = group_layout.fields[1];
        let elem_at = slot_layout.fields[1];
        let syms = [
            self.desc_name(key),
            self.desc_name(elem),
            self.desc_name(group),
        ];
        for (i, sym) in syms.into_iter().enumerate() {
            w.addr(48 + 8 * i, sym);
        }
        if let Some(hasher) = self.hash_value(key) {
            w.addr(72, hasher);
        }
        let stride = slot_layout.size;
        let words = [
            group_layout.size,
            slots_at,
            stride,
            slots_at + elem_at,
            stride,
            elem_at,
        ];
        for (i, word) in words.into_iter().enumerate() {
            w.word(80 + 8 * i, word);
        }
        let mut flags = 0;
        let mut set = |on: bool, flag: u32| flags |= if on { flag } else { 0 };
        set(self.needs_key_update(key), MAP_NEED_KEY_UPDATE);
        set(self.hash_may_panic(key), MAP_HASH_MIGHT_PANIC);
        set(self.layout(key).size > MAX_IN_SLOT_BYTES, MAP_INDIRECT_KEY);
        set(
            self.layout(elem).size > MAX_IN_SLOT_BYTES,
            MAP_INDIRECT_ELEM,
        );
        w.u32(128, flags);
    }

    /// Whether equal keys can differ in their bytes, so that an update must store the key:
    /// zeros of both signs, strings of different backing.
    fn needs_key_update(&mut self, key: RType) -> bool {
        match self.under_kind(key) {
            RKind::Basic(b) => b.is_float() || b.is_complex() || b == Basic::String,
            RKind::Interface(_) => true,
            RKind::Array(_, elem) => self.needs_key_update(elem),
            RKind::Struct(fields) => fields.iter().any(|f| self.needs_key_update(f.ty)),
            _ => false,
        }
    }

    fn hash_may_panic(&mut self, key: RType) -> bool {
        match self.under_kind(key) {
            RKind::Interface(_) => true,
            RKind::Array(_, elem) => self.hash_may_panic(elem),
            RKind::Struct(fields) => fields.iter().any(|f| self.hash_may_panic(f.ty)),
            _ => false,
        }
    }

    /// A method's name; with its package where that is not `own`.
    fn method_name_sym(&mut self, name: Symbol, pkg: Option<PkgId>, own: Option<PkgId>) -> SymId {
        self.name_sym(Name {
            text: name.as_str().into(),
            exported: pkg.is_none(),
            pkg: pkg.filter(|_| pkg != own),
            ..Name::default()
        })
    }

    fn uncommon(
        &mut self,
        w: &mut Writer,
        ty: RType,
        at: usize,
        methods_at: usize,
        methods: &[DescMethod],
    ) {
        let pkg = self.desc_package(ty);
        if let Some(pkg) = pkg {
            let pkg = self.package_name_sym(pkg);
            w.off(at, pkg);
        }
        let exported = methods.iter().filter(|m| m.method.pkg.is_none()).count();
        w.put(at + 4, &(methods.len() as u16).to_le_bytes());
        w.put(at + 6, &(exported as u16).to_le_bytes());
        w.u32(at + 8, (methods_at - at) as u32);
        for (i, m) in methods.iter().enumerate() {
            let entry = methods_at + 16 * i;
            let name = self.method_name_sym(m.method.name, m.method.pkg, pkg);
            w.off(entry, name);
            if m.keep >= Keep::Type {
                let sig = self.desc_name(m.sig);
                w.off(entry + 4, sig);
            } else {
                w.u32(entry + 4, u32::MAX);
            }
            w.text_off(entry + 8, m.ifn);
            w.text_off(entry + 12, m.tfn);
        }
    }

    /// Writes an itab. Methods that nothing calls lead to `runtime.unreachableMethod`.
    pub(super) fn emit_itab(&mut self, iface: RType, ty: RType, sym: SymId) {
        let wanted = self.interface_methods(iface);
        let mut w = Writer::new(24 + 8 * wanted.len().max(1));
        let inter = self.desc_name(iface);
        let desc = self.desc_name(ty);
        w.addr(0, inter);
        w.addr(8, desc);
        let hash = hash_of(&self.type_link_name(ty));
        w.u32(16, hash);
        for (i, m) in wanted.iter().enumerate() {
            let methods = self
                .descs
                .methods
                .get(&ty)
                .map(Vec::as_slice)
                .unwrap_or_default();
            let found = methods
                .iter()
                .find(|d| d.method.name == m.name && d.method.pkg == m.pkg);
            let code = found.and_then(|d| d.ifn).or(self.descs.unreachable_method);
            match code {
                Some(code) => w.addr(24 + 8 * i, code),
                // Not nil: that would say that the type lacks the methods.
                None => w.word(24 + 8 * i, 1),
            }
        }
        let size = w.bytes.len() as u64;
        self.add_data(sym, DataSection::ReadOnly, 8, w.bytes, size, w.relocs);
        self.module.itabs.push(sym);
    }
}
