//! Sizes, offsets, scalar components and pointer maps of concrete types, by the rules of
//! gc on amd64 and of ARCHITECTURE.md, "Calling convention".

use crate::mono::{Mono, RKind, RType};
use goxide_abi::MAX_COMPONENTS;
use goxide_base::Idx;
use goxide_ir::{AliasTag, Ty};
use goxide_types::{Basic, Program};
use std::rc::Rc;

/// One scalar of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Comp {
    /// Its type.
    pub ty: Ty,
    /// Where it stands when the value is in memory.
    pub offset: u32,
    /// What can overlap it there.
    pub tag: AliasTag,
}

/// How values of a type lie in memory and in registers.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Size in bytes.
    pub size: u64,
    /// Alignment in bytes.
    pub align: u64,
    /// Prefix of the value that can hold pointers, in bytes.
    pub ptr_bytes: u64,
    /// Scalars, if the type is of register class.
    pub comps: Option<Rc<[Comp]>>,
    /// Offsets of a struct's fields; of another type empty.
    pub fields: Rc<[u64]>,
    /// First component of each field of a struct of register class.
    pub field_comps: Rc<[u32]>,
}

impl Layout {
    /// Whether values live in memory rather than in scalars.
    pub fn in_memory(&self) -> bool {
        self.comps.is_none()
    }

    /// Whether values hold pointers.
    pub fn has_pointers(&self) -> bool {
        self.ptr_bytes > 0
    }

    /// The only scalar of a type that has one.
    pub fn single(&self) -> Option<Ty> {
        match self.comps.as_deref() {
            Some([c]) => Some(c.ty),
            _ => None,
        }
    }
}

/// Known layouts.
#[derive(Default)]
pub struct Layouts {
    /// By type, where it has been asked for.
    known: Vec<Option<Rc<Layout>>>,
}

fn scalars(list: &[(Ty, u32)], size: u64, align: u64, ptr_bytes: u64) -> Layout {
    let tagged: Vec<_> = list
        .iter()
        .map(|&(ty, offset)| (ty, offset, AliasTag::of(ty)))
        .collect();
    tagged_scalars(&tagged, size, align, ptr_bytes)
}

fn tagged_scalars(list: &[(Ty, u32, AliasTag)], size: u64, align: u64, ptr_bytes: u64) -> Layout {
    let comps = list
        .iter()
        .map(|&(ty, offset, tag)| Comp { ty, offset, tag });
    Layout {
        size,
        align,
        ptr_bytes,
        comps: Some(comps.collect()),
        fields: Rc::from([]),
        field_comps: Rc::from([]),
    }
}

/// A slice: pointer, length, capacity. A string has the first two.
const HEADER: [(Ty, u32, AliasTag); 3] = [
    (Ty::Ptr, 0, AliasTag::POINTER),
    (Ty::I64, 8, AliasTag::LENGTH),
    (Ty::I64, 16, AliasTag::LENGTH),
];

fn basic(b: Basic) -> Layout {
    let one = |ty: Ty| scalars(&[(ty, 0)], ty.bytes().into(), ty.bytes().into(), 0);
    match b {
        Basic::Bool | Basic::Int8 | Basic::Uint8 | Basic::Byte => one(Ty::I8),
        Basic::Int16 | Basic::Uint16 => one(Ty::I16),
        Basic::Int32 | Basic::Uint32 | Basic::Rune => one(Ty::I32),
        Basic::Float32 => one(Ty::F32),
        Basic::Float64 => one(Ty::F64),
        Basic::Complex64 => scalars(&[(Ty::F32, 0), (Ty::F32, 4)], 8, 4, 0),
        Basic::Complex128 => scalars(&[(Ty::F64, 0), (Ty::F64, 8)], 16, 8, 0),
        Basic::String => tagged_scalars(&HEADER[..2], 16, 8, 8),
        Basic::UnsafePointer => scalars(&[(Ty::Ptr, 0)], 8, 8, 8),
        _ => one(Ty::I64),
    }
}

fn round_up(n: u64, align: u64) -> u64 {
    n.div_ceil(align) * align
}

impl Layouts {
    /// The layout of a type.
    pub fn of(&mut self, mono: &mut Mono, p: &mut Program, ty: RType) -> Rc<Layout> {
        if let Some(Some(known)) = self.known.get(ty.index()) {
            return known.clone();
        }
        let under = mono.under(p, ty);
        let layout = match mono.kind(under).clone() {
            RKind::Basic(b) => basic(b),
            RKind::Pointer(_) | RKind::Map(..) | RKind::Chan(..) | RKind::Func(_) => {
                scalars(&[(Ty::Ptr, 0)], 8, 8, 8)
            }
            RKind::Slice(_) => tagged_scalars(&HEADER, 24, 8, 8),
            RKind::Interface(_) => scalars(&[(Ty::Ptr, 0), (Ty::Ptr, 8)], 16, 8, 16),
            RKind::Array(n, elem) => self.array(mono, p, n, elem),
            RKind::Struct(fields) => {
                let types: Vec<RType> = fields.iter().map(|f| f.ty).collect();
                self.strukt(mono, p, &types)
            }
            RKind::Tuple(types) => self.strukt(mono, p, &types),
            // `under` never gives a name; a wrong cyclic type has no size.
            RKind::Named(_) => scalars(&[], 0, 1, 0),
        };
        let layout = Rc::new(layout);
        if ty.index() >= self.known.len() {
            let n = (ty.index() + 1).max(self.known.len() * 2);
            self.known.resize(n, None);
        }
        self.known[ty.index()] = Some(layout.clone());
        layout
    }

    fn array(&mut self, mono: &mut Mono, p: &mut Program, n: u64, elem: RType) -> Layout {
        let e = self.of(mono, p, elem);
        let comps = match n {
            0 => Some(Rc::from([])),
            1 => e.comps.clone(),
            _ => None,
        };
        let ptr_bytes = match (n, e.ptr_bytes) {
            (0, _) | (_, 0) => 0,
            (n, last) => (n - 1).saturating_mul(e.size).saturating_add(last),
        };
        Layout {
            size: e.size.saturating_mul(n),
            align: e.align,
            ptr_bytes,
            comps,
            fields: Rc::from([]),
            field_comps: Rc::from([]),
        }
    }

    fn strukt(&mut self, mono: &mut Mono, p: &mut Program, types: &[RType]) -> Layout {
        let (mut size, mut align, mut ptr_bytes) = (0u64, 1, 0);
        let mut comps = Some(Vec::new());
        let mut fields = Vec::new();
        let mut field_comps = Vec::new();
        let mut last_size = 1;
        for &ty in types {
            let l = self.of(mono, p, ty);
            let offset = round_up(size, l.align);
            fields.push(offset);
            field_comps.push(comps.as_ref().map_or(0, |c: &Vec<Comp>| c.len() as u32));
            align = align.max(l.align);
            size = offset.saturating_add(l.size);
            last_size = l.size;
            if l.ptr_bytes > 0 {
                ptr_bytes = offset + l.ptr_bytes;
            }
            match (&mut comps, &l.comps) {
                (Some(list), Some(new)) if list.len() + new.len() <= MAX_COMPONENTS => {
                    list.extend(new.iter().map(|c| Comp {
                        offset: c.offset + offset as u32,
                        ..*c
                    }));
                }
                _ => comps = None,
            }
        }
        // The address of a last field of no size must not be that of the next object.
        if last_size == 0 && size > 0 {
            size += 1;
        }
        Layout {
            size: round_up(size, align),
            align,
            ptr_bytes,
            comps: comps.map(Into::into),
            fields: fields.into(),
            field_comps: field_comps.into(),
        }
    }

    /// One bit for each word of the value's pointer prefix, low bit first.
    pub fn pointer_mask(&mut self, mono: &mut Mono, p: &mut Program, ty: RType) -> Vec<u8> {
        let words = (self.of(mono, p, ty).ptr_bytes / 8) as usize;
        let mut mask = vec![0; words.div_ceil(8)];
        self.mark(mono, p, ty, 0, &mut mask);
        mask
    }

    fn mark(&mut self, mono: &mut Mono, p: &mut Program, ty: RType, at: u64, mask: &mut [u8]) {
        let layout = self.of(mono, p, ty);
        if layout.ptr_bytes == 0 {
            return;
        }
        let mut set = |offset: u64| mask[(offset / 64) as usize] |= 1 << (offset / 8 % 8);
        let under = mono.under(p, ty);
        match mono.kind(under).clone() {
            RKind::Array(n, elem) => {
                let size = self.of(mono, p, elem).size;
                for i in 0..n {
                    self.mark(mono, p, elem, at + i * size, mask);
                }
            }
            RKind::Struct(fields) => {
                for (f, &offset) in fields.iter().zip(layout.fields.iter()) {
                    self.mark(mono, p, f.ty, at + offset, mask);
                }
            }
            RKind::Interface(_) => {
                set(at);
                set(at + 8);
            }
            _ => set(at),
        }
    }
}
