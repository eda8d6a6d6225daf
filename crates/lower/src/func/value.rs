//! Values and memory: components, loads, stores, copies, fields and elements.

use super::FuncLower;
use crate::layout::{Comp, Layout};
use crate::mono::{RKind, RType};
use goxide_abi::{NIL_PAGE_BYTES, PanicKind};
use goxide_ir::{AliasTag, BinaryOp, MemFlags, Op, Ty, Value, Var};
use smallvec::{SmallVec, smallvec};
use std::rc::Rc;

/// The scalars of a value of register class.
pub type Scalars = SmallVec<[Value; 3]>;

/// A Go value while it is being worked with.
#[derive(Clone, Debug)]
pub enum Val {
    /// Its components.
    Scalars(Scalars),
    /// Memory class: where it is. The memory must not change until the value is used;
    /// what keeps a value for longer copies it ([`FuncLower::stable`]).
    Memory(Mem),
    /// Memory class, all zero.
    Zero,
}

/// A place in memory.
#[derive(Clone, Copy, Debug)]
pub struct Mem {
    /// Base address (ptr).
    pub addr: Value,
    /// Offset from it in bytes.
    pub offset: i32,
    /// Whether the base is known to be no nil pointer; otherwise the access is its check.
    pub safe: bool,
}

/// Where a variable is, or what an assignment assigns to.
#[derive(Clone, Debug)]
pub enum Place {
    /// Builder variables, one for each component.
    Vars(SmallVec<[Var; 3]>),
    /// Memory.
    Mem(Mem),
    /// An element of a map: descriptor type, the map, the key (stable).
    MapElem(RType, Value, Val),
    /// An element of a slice whose index is checked only when it is used: in an assignment to
    /// several places, those before it have changed by then.
    Element(Element),
    /// `_`
    Blank,
}

/// An element of a slice, its index not yet checked.
#[derive(Clone, Copy, Debug)]
pub struct Element {
    /// Address of the first element.
    pub base: Value,
    /// Length of the slice.
    pub len: Value,
    /// Index as i64.
    pub index: Value,
    /// The panic for a bad index.
    pub kind: PanicKind,
    /// Type of the elements.
    pub elem: RType,
}

impl Mem {
    /// Memory at an address that is not nil.
    pub fn safe(addr: Value) -> Mem {
        Mem {
            addr,
            offset: 0,
            safe: true,
        }
    }

    /// Memory at a pointer that may be nil.
    pub fn unchecked(addr: Value) -> Mem {
        Mem {
            addr,
            offset: 0,
            safe: false,
        }
    }
}

impl Val {
    /// One scalar.
    pub fn one(value: Value) -> Val {
        Val::Scalars(smallvec![value])
    }

    /// Several scalars.
    pub fn list(values: &[Value]) -> Val {
        Val::Scalars(values.into())
    }

    /// Nothing: a value of no components.
    pub fn unit() -> Val {
        Val::Scalars(SmallVec::new())
    }
}

impl FuncLower<'_, '_> {
    // ---- scalars ----

    /// i64 constant.
    pub fn int(&mut self, n: i64) -> Value {
        self.b.iconst(Ty::I64, n)
    }

    /// i8 0 or 1.
    pub fn bool(&mut self, on: bool) -> Value {
        self.b.iconst(Ty::I8, on as i64)
    }

    /// Null pointer.
    pub fn nil(&mut self) -> Value {
        self.b.iconst(Ty::Ptr, 0)
    }

    /// `a op b`.
    pub fn bin(&mut self, op: BinaryOp, a: Value, b: Value) -> Value {
        self.b.push1(Op::Binary(op, a, b))
    }

    /// Pointer plus constant.
    pub fn add_offset(&mut self, addr: Value, offset: i64) -> Value {
        if offset == 0 {
            return addr;
        }
        let offset = self.int(offset);
        self.bin(BinaryOp::Iadd, addr, offset)
    }

    /// The one scalar of a value that has one.
    pub fn scalar(&mut self, val: &Val) -> Value {
        match val {
            Val::Scalars(s) if !s.is_empty() => s[0],
            _ => {
                debug_assert!(
                    !self.b.is_reachable() || !self.l.errors.is_empty(),
                    "scalar of {val:?}"
                );
                self.b.dead_value(Ty::I64)
            }
        }
    }

    /// Component `i` of a value of register class.
    pub fn comp(&mut self, val: &Val, i: usize) -> Value {
        match val {
            Val::Scalars(s) if i < s.len() => s[i],
            _ => self.b.dead_value(Ty::I64),
        }
    }

    // ---- whole values ----

    /// The layout of a type.
    pub fn layout(&mut self, ty: RType) -> Rc<Layout> {
        self.l.layout(ty)
    }

    /// The zero value of a type.
    pub fn zero(&mut self, ty: RType) -> Val {
        let layout = self.layout(ty);
        match &layout.comps {
            Some(comps) => Val::Scalars(comps.iter().map(|c| self.b.zero(c.ty)).collect()),
            None => Val::Zero,
        }
    }

    fn flags(&mut self, mem: &mut Mem, bytes: u64, tag: AliasTag) -> MemFlags {
        if !mem.safe && mem.offset as i64 as u64 + bytes > NIL_PAGE_BYTES {
            self.b.push(Op::NilCheck(mem.addr));
            mem.safe = true;
        }
        MemFlags {
            no_trap: mem.safe,
            tag,
            ..MemFlags::default()
        }
    }

    /// Reads a scalar that may overlap anything.
    pub fn load_scalar(&mut self, ty: Ty, mem: Mem, offset: u32) -> Value {
        let tag = AliasTag::default();
        self.load_comp(Comp { ty, offset, tag }, mem)
    }

    /// Writes a scalar that may overlap anything.
    pub fn store_scalar(&mut self, mem: Mem, offset: u32, value: Value) {
        let (ty, tag) = (self.b.func.ty(value), AliasTag::default());
        self.store_comp(Comp { ty, offset, tag }, mem, value);
    }

    /// Reads a component of a value in memory.
    fn load_comp(&mut self, comp: Comp, mem: Mem) -> Value {
        let mut mem = self.offset_mem(mem, comp.offset.into());
        let flags = self.flags(&mut mem, comp.ty.bytes().into(), comp.tag);
        self.b.load(comp.ty, mem.addr, mem.offset, flags)
    }

    /// Writes a component of a value in memory.
    fn store_comp(&mut self, comp: Comp, mem: Mem, value: Value) {
        let mut mem = self.offset_mem(mem, comp.offset.into());
        let bytes = self.b.func.ty(value).bytes();
        let flags = self.flags(&mut mem, bytes.into(), comp.tag);
        self.b.store(mem.addr, mem.offset, value, flags);
    }

    /// Reads a value: all components, or the place itself for memory class.
    pub fn load(&mut self, mem: Mem, ty: RType) -> Val {
        let layout = self.layout(ty);
        match &layout.comps {
            Some(comps) => {
                if comps.is_empty() && !mem.safe {
                    self.b.push(Op::NilCheck(mem.addr));
                }
                Val::Scalars(comps.iter().map(|c| self.load_comp(*c, mem)).collect())
            }
            None => Val::Memory(mem),
        }
    }

    /// Writes a value. The source of a memory-class value may be the same place.
    pub fn store(&mut self, mem: Mem, ty: RType, val: &Val) {
        let layout = self.layout(ty);
        match val {
            Val::Scalars(values) => {
                if values.is_empty() && !mem.safe {
                    self.b.push(Op::NilCheck(mem.addr));
                }
                let comps = layout.comps.clone().unwrap_or_default();
                for (c, &v) in comps.iter().zip(values.iter()) {
                    self.store_comp(*c, mem, v);
                }
            }
            Val::Memory(from) => self.copy(mem, *from, ty),
            Val::Zero => self.clear(mem, ty),
        }
    }

    /// Copies a value in memory.
    pub fn copy(&mut self, to: Mem, from: Mem, ty: RType) {
        let layout = self.layout(ty);
        let dst = self.mem_addr(to);
        let src = self.mem_addr(from);
        if layout.size > 0 {
            let pointers = self.barrier_desc(ty);
            let bytes = layout.size;
            self.b.push(Op::MemCopy {
                dst,
                src,
                bytes,
                pointers,
            });
        }
    }

    /// Zeroes a value in memory.
    pub fn clear(&mut self, mem: Mem, ty: RType) {
        let layout = self.layout(ty);
        match &layout.comps {
            Some(_) => {
                let zero = self.zero(ty);
                self.store(mem, ty, &zero);
            }
            None => {
                let dst = self.mem_addr(mem);
                if layout.size > 0 {
                    let pointers = self.barrier_desc(ty);
                    let bytes = layout.size;
                    self.b.push(Op::MemZero {
                        dst,
                        bytes,
                        pointers,
                    });
                }
            }
        }
    }

    /// The descriptor for copies of values with pointers.
    pub fn barrier_desc(&mut self, ty: RType) -> Option<goxide_ir::SymId> {
        let pointers = self.layout(ty).has_pointers();
        pointers.then(|| self.l.desc(ty))
    }

    /// The address of a place; checks for nil if that has not been done.
    pub fn mem_addr(&mut self, mem: Mem) -> Value {
        if !mem.safe {
            self.b.push(Op::NilCheck(mem.addr));
        }
        self.add_offset(mem.addr, mem.offset.into())
    }

    /// A place `offset` bytes on.
    pub fn offset_mem(&mut self, mem: Mem, offset: u64) -> Mem {
        let total = mem.offset as i64 + offset as i64;
        if total < i64::from(i32::MAX) {
            return Mem {
                offset: total as i32,
                ..mem
            };
        }
        let base = self.mem_addr(mem);
        Mem::safe(self.add_offset(base, offset as i64))
    }

    /// A new stack slot for a value of the type; not zeroed.
    pub fn slot(&mut self, ty: RType) -> Mem {
        let layout = self.layout(ty);
        if layout.size > MAX_FRAME_OBJECT_BYTES {
            return Mem::safe(self.new_object(ty, None));
        }
        self.slot_of(layout.size, layout.align)
    }

    /// A new stack slot, whatever is to be in it: as an object all words of it may be pointers.
    pub fn slot_of(&mut self, bytes: u64, align: u64) -> Mem {
        if bytes > MAX_FRAME_OBJECT_BYTES {
            let what = self.new_words(bytes.next_multiple_of(8), align);
            return Mem::safe(what);
        }
        let slot = self
            .b
            .new_slot(bytes.max(1) as u32, align.clamp(1, 16) as u32);
        Mem::safe(self.b.push1(Op::SlotAddr(slot, 0)))
    }

    /// A new zeroed object of the type: its address.
    pub fn new_object(&mut self, ty: RType, name: Option<goxide_base::Symbol>) -> Value {
        let layout = self.layout(ty);
        if layout.size == 0 {
            return self.zero_base();
        }
        let desc = self.barrier_desc(ty);
        self.b.push1(Op::New {
            desc,
            bytes: layout.size,
            align: layout.align as u32,
            escaped: name,
        })
    }

    /// A new zeroed object, each word of which may be a pointer.
    pub fn new_words(&mut self, bytes: u64, align: u64) -> Value {
        let desc = Some(self.l.desc(RType::UNSAFE_POINTER));
        self.b.push1(Op::New {
            desc,
            bytes,
            align: align as u32,
            escaped: None,
        })
    }

    /// The address of all objects without size.
    pub fn zero_base(&mut self) -> Value {
        let sym = self.l.zero_data(8);
        self.b.push1(Op::SymAddr(sym, 0))
    }

    /// Memory that holds the value: where it is already, or a new slot.
    pub fn in_memory(&mut self, val: &Val, ty: RType) -> Mem {
        match val {
            Val::Memory(mem) => *mem,
            Val::Zero => {
                let size = self.layout(ty).size;
                let sym = self.l.zero_data(size);
                Mem::safe(self.b.push1(Op::SymAddr(sym, 0)))
            }
            Val::Scalars(_) => {
                let mem = self.slot(ty);
                self.store(mem, ty, val);
                mem
            }
        }
    }

    /// The address of memory that holds the value.
    pub fn addr_of_val(&mut self, val: &Val, ty: RType) -> Value {
        let mem = self.in_memory(val, ty);
        self.mem_addr(mem)
    }

    /// The value in a form that later stores don't change: memory-class values are copied.
    pub fn stable(&mut self, val: Val, ty: RType) -> Val {
        match val {
            Val::Memory(from) => {
                let mem = self.slot(ty);
                self.copy(mem, from, ty);
                Val::Memory(mem)
            }
            other => other,
        }
    }

    /// The value as the scalars a call passes: components, or an address.
    pub fn pass(&mut self, val: &Val, ty: RType, out: &mut Vec<Value>) {
        match val {
            Val::Scalars(values) => out.extend(values.iter().copied()),
            _ => out.push(self.addr_of_val(val, ty)),
        }
    }

    // ---- parts ----

    /// Type, byte offset and first component of a struct's field.
    pub fn field_info(&mut self, ty: RType, i: usize) -> (RType, u64, usize) {
        let layout = self.layout(ty);
        let field = match self.l.under_kind(ty) {
            RKind::Struct(fields) => fields.get(i).map(|f| f.ty),
            RKind::Tuple(types) => types.get(i).copied(),
            _ => None,
        };
        let offset = layout.fields.get(i).copied().unwrap_or(0);
        let first = layout.field_comps.get(i).copied().unwrap_or(0) as usize;
        (field.unwrap_or(RType::INVALID), offset, first)
    }

    /// Number of components of a type of register class.
    pub fn comp_count(&mut self, ty: RType) -> usize {
        self.layout(ty).comps.as_ref().map_or(0, |c| c.len())
    }

    /// Field `i` of a struct value.
    pub fn field_val(&mut self, val: &Val, ty: RType, i: usize) -> Val {
        let (field, offset, first) = self.field_info(ty, i);
        match val {
            Val::Scalars(values) => {
                let count = self.comp_count(field);
                Val::Scalars(values.iter().skip(first).take(count).copied().collect())
            }
            Val::Memory(mem) => {
                let mem = self.offset_mem(*mem, offset);
                self.load(mem, field)
            }
            Val::Zero => self.zero(field),
        }
    }

    /// Field `i` of a place.
    pub fn field_place(&mut self, place: &Place, ty: RType, i: usize) -> Place {
        let (field, offset, first) = self.field_info(ty, i);
        match place {
            Place::Vars(vars) => {
                let count = self.comp_count(field);
                Place::Vars(vars.iter().skip(first).take(count).copied().collect())
            }
            Place::Mem(mem) => Place::Mem(self.offset_mem(*mem, offset)),
            other => other.clone(),
        }
    }

    /// The place of element `index` (i64, in range) of elements at `base`.
    pub fn element(&mut self, base: Value, index: Value, elem: RType) -> Mem {
        let size = self.layout(elem).size as i64;
        if let Some(i) = self.b.func.as_iconst(index)
            && let Some(offset) = i.checked_mul(size)
            && (0..i64::from(i32::MAX) / 2).contains(&offset)
        {
            return Mem {
                addr: base,
                offset: offset as i32,
                safe: true,
            };
        }
        let offset = if size == 1 {
            index
        } else {
            let size = self.int(size);
            self.bin(BinaryOp::Imul, index, size)
        };
        Mem::safe(self.bin(BinaryOp::Iadd, base, offset))
    }

    // ---- places ----

    /// Reads a place.
    pub fn read(&mut self, place: &Place, ty: RType) -> Val {
        match place {
            Place::Vars(vars) => {
                let vars = vars.clone();
                Val::Scalars(vars.iter().map(|&v| self.b.use_var(v)).collect())
            }
            Place::Mem(mem) => self.load(*mem, ty),
            Place::MapElem(map_ty, map, key) => {
                let key = key.clone();
                self.map_load(*map_ty, *map, &key)
            }
            Place::Element(e) => {
                let mem = self.checked_element(*e);
                self.load(mem, ty)
            }
            Place::Blank => self.zero(ty),
        }
    }

    /// Writes a place.
    pub fn write(&mut self, place: &Place, ty: RType, val: &Val) {
        match place {
            Place::Vars(vars) => {
                if let Val::Scalars(values) = val {
                    for (&var, &v) in vars.iter().zip(values.iter()) {
                        self.b.def_var(var, v);
                    }
                }
            }
            Place::Mem(mem) => self.store(*mem, ty, val),
            Place::MapElem(map_ty, map, key) => {
                let key = key.clone();
                self.map_store(*map_ty, *map, &key, val);
            }
            Place::Element(e) => {
                let mem = self.checked_element(*e);
                self.store(mem, ty, val);
            }
            Place::Blank => {}
        }
    }

    fn checked_element(&mut self, e: Element) -> Mem {
        self.check_index(e.kind, e.index, e.len);
        self.element(e.base, e.index, e.elem)
    }

    /// Builder variables for a type of register class.
    pub fn new_vars(&mut self, ty: RType) -> Place {
        let layout = self.layout(ty);
        let comps = layout.comps.clone().unwrap_or_default();
        Place::Vars(comps.iter().map(|c| self.b.new_var(c.ty)).collect())
    }
}

/// Larger objects never live in a frame.
const MAX_FRAME_OBJECT_BYTES: u64 = 128 * 1024;
