//! Runs the code of an initialiser at compile time, if it only makes objects and stores
//! constants and addresses.

mod table;

use crate::program::Lower;
use goxide_base::{FxHashMap, Idx, Symbol};
use goxide_ir::{
    BinaryOp, Block, BlockCall, Callee, ConvertOp, DataReloc, DataSection, Function, Inst, IntCc,
    Op, Slot, SymId, Term, Ty, Value,
};
use std::collections::BTreeMap;

/// Initial contents of a data object.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// Bytes; what is missing at the end is zero.
    pub bytes: Vec<u8>,
    /// Addresses.
    pub relocs: Vec<DataReloc>,
}

impl Image {
    /// Whether there is nothing in it but zeros.
    pub fn is_zero(&self) -> bool {
        self.relocs.is_empty() && self.bytes.iter().all(|&b| b == 0)
    }
}

/// Initialisers that do more steps than this stay code.
const MAX_STEPS: u32 = 30_000_000;
/// Larger objects are made at run time.
const MAX_OBJECT_BYTES: u64 = 16 << 20;

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Known {
    /// A number, zero-extended from its width; a float's bits.
    Bits(u64),
    /// An address in an object of the run.
    Object(usize, i64),
    /// An address relative to a symbol.
    Sym(SymId, i64),
}

/// Where an object comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Home {
    /// The variable itself.
    Variable(SymId),
    /// A place in the frame.
    Frame,
    /// The heap; whether its type has pointers.
    Heap(bool),
    /// What an interface holds: never written.
    Boxed,
}

struct Object {
    home: Home,
    bytes: Vec<u8>,
    align: u32,
    /// Addresses in it, by offset.
    refs: BTreeMap<u64, Known>,
}

impl Object {
    fn new(home: Home, size: u64, align: u32) -> Object {
        Object {
            home,
            bytes: vec![0; size as usize],
            align,
            refs: BTreeMap::new(),
        }
    }

    /// The range of these bytes, if they are in the object.
    fn range(&self, at: i64, n: u64) -> Option<std::ops::Range<usize>> {
        let start = usize::try_from(at).ok()?;
        let end = start.checked_add(n as usize)?;
        (end <= self.bytes.len()).then_some(start..end)
    }

    fn forget_refs(&mut self, start: usize, end: usize) {
        let from = (start as u64).saturating_sub(7);
        let gone: Vec<u64> = self
            .refs
            .range(from..end as u64)
            .map(|(&at, _)| at)
            .collect();
        for at in gone {
            self.refs.remove(&at);
        }
    }

    fn store(&mut self, at: i64, n: u64, value: Known) -> Option<()> {
        let range = self.range(at, n)?;
        self.forget_refs(range.start, range.end);
        match value {
            Known::Bits(bits) => {
                self.bytes[range].copy_from_slice(&bits.to_le_bytes()[..n as usize])
            }
            reference if n == 8 => {
                self.bytes[range.clone()].fill(0);
                self.refs.insert(range.start as u64, reference);
            }
            _ => return None,
        }
        Some(())
    }

    fn load(&self, at: i64, n: u64) -> Option<Known> {
        let range = self.range(at, n)?;
        if let Some(&known) = self.refs.get(&(range.start as u64)) {
            return (n == 8).then_some(known);
        }
        let from = (range.start as u64).saturating_sub(7);
        if self.refs.range(from..range.end as u64).next().is_some() {
            return None;
        }
        let mut word = [0; 8];
        word[..n as usize].copy_from_slice(&self.bytes[range]);
        Some(Known::Bits(u64::from_le_bytes(word)))
    }
}

/// The state of a run.
struct Run<'r, 'a> {
    l: &'r Lower<'a>,
    func: &'r Function,
    values: Vec<Option<Known>>,
    objects: Vec<Object>,
    slots: FxHashMap<Slot, usize>,
    variables: FxHashMap<SymId, usize>,
    steps: u32,
}

fn mask(ty: Ty, bits: u64) -> u64 {
    match ty.bytes() {
        8 => bits,
        n => bits & ((1 << (8 * n)) - 1),
    }
}

/// The bits as a signed number of the type's width.
fn signed(ty: Ty, bits: u64) -> i64 {
    let unused = 64 - 8 * ty.bytes();
    ((bits << unused) as i64) >> unused
}

impl Run<'_, '_> {
    fn run(&mut self) -> Option<()> {
        let mut block = Function::ENTRY;
        loop {
            for inst in self.func.blocks[block].insts.clone() {
                self.steps += 1;
                if self.steps > MAX_STEPS {
                    return None;
                }
                self.step(inst)?;
            }
            block = match &self.func.blocks[block].term {
                Term::Return(_) => return Some(()),
                Term::Jump(to) => self.enter(to)?,
                Term::Branch(cond, then, other) => {
                    let to = if self.bits(*cond)? != 0 { then } else { other };
                    self.enter(to)?
                }
                _ => return None,
            };
        }
    }

    fn enter(&mut self, to: &BlockCall) -> Option<Block> {
        let args: Option<Vec<Known>> = to.args.iter().map(|&a| self.get(a)).collect();
        let params = self.func.blocks[to.block].params.clone();
        for (param, arg) in params.into_iter().zip(args?) {
            self.values[param.index()] = Some(arg);
        }
        self.steps += 1;
        Some(to.block)
    }

    fn get(&self, v: Value) -> Option<Known> {
        self.values[v.index()]
    }

    fn bits(&self, v: Value) -> Option<u64> {
        match self.get(v)? {
            Known::Bits(bits) => Some(bits),
            _ => None,
        }
    }

    fn new_object(&mut self, home: Home, size: u64, align: u32) -> Option<Known> {
        if size > MAX_OBJECT_BYTES {
            return None;
        }
        self.objects.push(Object::new(home, size, align));
        Some(Known::Object(self.objects.len() - 1, 0))
    }

    fn slot(&mut self, slot: Slot) -> Option<usize> {
        if let Some(&known) = self.slots.get(&slot) {
            return Some(known);
        }
        let data = self.func.slots[slot];
        self.new_object(Home::Frame, data.bytes.into(), data.align)?;
        let index = self.objects.len() - 1;
        self.slots.insert(slot, index);
        Some(index)
    }

    fn step(&mut self, inst: Inst) -> Option<()> {
        let data = &self.func.insts[inst];
        let result = match &data.op {
            Op::Iconst(ty, n) => Known::Bits(mask(*ty, *n as u64)),
            Op::Fconst(_, bits) => Known::Bits(*bits),
            Op::SymAddr(sym, offset) => match self.variables.get(sym) {
                Some(&object) => Known::Object(object, *offset),
                None => Known::Sym(*sym, *offset),
            },
            Op::SlotAddr(slot, offset) => Known::Object(self.slot(*slot)?, (*offset).into()),
            Op::New {
                desc, bytes, align, ..
            } => self.new_object(Home::Heap(desc.is_some()), *bytes, *align)?,
            Op::Binary(op, a, b) => {
                self.binary(*op, self.func.ty(*a), self.get(*a)?, self.get(*b)?)?
            }
            Op::Convert(op, to, a) => self.convert(*op, *to, *a)?,
            Op::Icmp(cc, a, b) => {
                self.compare(*cc, self.func.ty(*a), self.get(*a)?, self.get(*b)?)?
            }
            Op::Select(c, a, b) => {
                let chosen = if self.bits(*c)? != 0 { a } else { b };
                self.get(*chosen)?
            }
            Op::Load(ty, addr, offset, _) => {
                let Known::Object(object, at) = self.get(*addr)? else {
                    return None;
                };
                self.objects[object].load(at + i64::from(*offset), ty.bytes().into())?
            }
            Op::Call { callee, args, .. } => self.call(callee, args)?,
            _ => return self.effect(&data.op),
        };
        self.values[data.results.first()?.index()] = Some(result);
        Some(())
    }

    /// Operations without a result.
    fn effect(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Store {
                addr,
                offset,
                value,
                ..
            }
            | Op::StorePtr {
                addr,
                offset,
                value,
                ..
            } => {
                let Known::Object(object, at) = self.get(*addr)? else {
                    return None;
                };
                let (value, ty) = (self.get(*value)?, self.func.ty(*value));
                self.objects[object].store(at + i64::from(*offset), ty.bytes().into(), value)
            }
            Op::MemCopy {
                dst, src, bytes, ..
            } => self.copy(self.get(*dst)?, self.get(*src)?, *bytes),
            Op::MemZero { dst, bytes, .. } => {
                let Known::Object(object, at) = self.get(*dst)? else {
                    return None;
                };
                let object = &mut self.objects[object];
                let range = object.range(at, *bytes)?;
                object.forget_refs(range.start, range.end);
                object.bytes[range].fill(0);
                Some(())
            }
            Op::NilCheck(v) => (self.get(*v)? != Known::Bits(0)).then_some(()),
            Op::BoundsCheck(kind, index, bound) => {
                let (index, bound) = (self.bits(*index)?, self.bits(*bound)?);
                use goxide_abi::PanicKind::{Index, IndexU};
                let ok = if matches!(kind, Index | IndexU) {
                    index < bound
                } else {
                    index <= bound
                };
                ok.then_some(())
            }
            Op::Check(_, cond, _) => (self.bits(*cond)? != 0).then_some(()),
            Op::KeepAlive(_) => Some(()),
            _ => None,
        }
    }

    fn copy(&mut self, dst: Known, src: Known, bytes: u64) -> Option<()> {
        let Known::Object(to, at) = dst else {
            return None;
        };
        let (contents, refs) = match src {
            Known::Object(from, start) => {
                let object = &self.objects[from];
                let range = object.range(start, bytes)?;
                let refs = object.refs.range(range.start as u64..range.end as u64);
                let refs: Vec<(u64, Known)> =
                    refs.map(|(&at, &r)| (at - range.start as u64, r)).collect();
                (object.bytes[range].to_vec(), refs)
            }
            Known::Sym(sym, start) => (self.read_only(sym, start, bytes)?, Vec::new()),
            Known::Bits(_) => return None,
        };
        let object = &mut self.objects[to];
        let range = object.range(at, bytes)?;
        object.forget_refs(range.start, range.end);
        let base = range.start as u64;
        object.bytes[range].copy_from_slice(&contents);
        object
            .refs
            .extend(refs.into_iter().map(|(at, r)| (base + at, r)));
        Some(())
    }

    /// Bytes of read-only data without addresses.
    fn read_only(&self, sym: SymId, at: i64, bytes: u64) -> Option<Vec<u8>> {
        if self.l.module.symbols.name(sym) == Symbol::intern("go:zero") {
            return Some(vec![0; bytes as usize]);
        }
        let data = self.l.module.data.iter().rev().find(|d| d.sym == sym)?;
        if data.section != DataSection::ReadOnly || !data.relocs.is_empty() {
            return None;
        }
        let mut contents = data.bytes.clone();
        contents.resize(data.size as usize, 0);
        let start = usize::try_from(at).ok()?;
        contents
            .get(start..start + bytes as usize)
            .map(<[u8]>::to_vec)
    }

    fn binary(&self, op: BinaryOp, ty: Ty, a: Known, b: Known) -> Option<Known> {
        use BinaryOp::*;
        if let (Known::Bits(x), Known::Bits(y)) = (a, b) {
            let bits = match op {
                Iadd => x.wrapping_add(y),
                Isub => x.wrapping_sub(y),
                Imul => x.wrapping_mul(y),
                Band => x & y,
                Bor => x | y,
                Bxor => x ^ y,
                BandNot => x & !y,
                _ => return None,
            };
            return Some(Known::Bits(mask(ty, bits)));
        }
        let (base, offset) = match (op, a, b) {
            (Iadd, base, Known::Bits(n)) | (Iadd, Known::Bits(n), base) => (base, n as i64),
            (Isub, base, Known::Bits(n)) => (base, (n as i64).wrapping_neg()),
            _ => return None,
        };
        Some(match base {
            Known::Object(o, at) => Known::Object(o, at.wrapping_add(offset)),
            Known::Sym(s, at) => Known::Sym(s, at.wrapping_add(offset)),
            Known::Bits(_) => return None,
        })
    }

    fn convert(&self, op: ConvertOp, to: Ty, a: Value) -> Option<Known> {
        let from = self.func.ty(a);
        let known = self.get(a)?;
        let Known::Bits(bits) = known else {
            // An address as a number is none that data could hold.
            return (op == ConvertOp::Bitcast && to == Ty::Ptr).then_some(known);
        };
        Some(Known::Bits(match op {
            ConvertOp::Zext | ConvertOp::Bitcast => bits,
            ConvertOp::Sext => mask(to, signed(from, bits) as u64),
            ConvertOp::Trunc => mask(to, bits),
            _ => return None,
        }))
    }

    fn compare(&self, cc: IntCc, ty: Ty, a: Known, b: Known) -> Option<Known> {
        let (x, y) = match (a, b) {
            (Known::Bits(x), Known::Bits(y)) => (x, y),
            // No object is at nil.
            (_, Known::Bits(0)) if matches!(cc, IntCc::Eq | IntCc::Ne) => (1, 0),
            (Known::Bits(0), _) if matches!(cc, IntCc::Eq | IntCc::Ne) => (0, 1),
            _ => return None,
        };
        let (i, j) = (signed(ty, x), signed(ty, y));
        let holds = match cc {
            IntCc::Eq => x == y,
            IntCc::Ne => x != y,
            IntCc::Slt => i < j,
            IntCc::Sle => i <= j,
            IntCc::Sgt => i > j,
            IntCc::Sge => i >= j,
            IntCc::Ult => x < y,
            IntCc::Ule => x <= y,
            IntCc::Ugt => x > y,
            IntCc::Uge => x >= y,
        };
        Some(Known::Bits(holds.into()))
    }

    /// Calls that put a value behind an interface's data word.
    fn call(&mut self, callee: &Callee, args: &[Value]) -> Option<Known> {
        let Callee::Direct(sym, _) = callee else {
            return None;
        };
        let size = match self.l.module.symbols.name(*sym).as_str() {
            "runtime.convT16" => 2,
            "runtime.convT32" => 4,
            "runtime.convT64" | "runtime.convTstring" | "runtime.convTslice" => 8,
            _ => return None,
        };
        let known: Option<Vec<Known>> = args.iter().map(|&a| self.get(a)).collect();
        let known = known?;
        let boxed = self.new_object(Home::Boxed, size * known.len() as u64, size as u32)?;
        let Known::Object(object, _) = boxed else {
            return None;
        };
        for (i, &value) in known.iter().enumerate() {
            self.objects[object].store(i as i64 * size as i64, size, value)?;
        }
        Some(boxed)
    }
}

/// What a run leaves: contents of the variables and of new data objects.
struct Outcome {
    objects: Vec<Object>,
}

impl Lower<'_> {
    /// Runs an initialiser of these variables (symbol, size); if that is possible its result
    /// becomes data.
    pub fn evaluate_init(&mut self, func: &Function, variables: &[(SymId, u64)]) -> bool {
        let Some(outcome) = self.run_init(func, variables) else {
            return false;
        };
        let Some(images) = self.link_objects(&outcome) else {
            return false;
        };
        for ((sym, _), image) in variables.iter().zip(images) {
            self.set_image(*sym, image);
        }
        true
    }

    fn run_init(&self, func: &Function, variables: &[(SymId, u64)]) -> Option<Outcome> {
        let mut run = Run {
            l: self,
            func,
            values: vec![None; func.values.len()],
            objects: Vec::new(),
            slots: FxHashMap::default(),
            variables: FxHashMap::default(),
            steps: 0,
        };
        for &(sym, size) in variables {
            run.new_object(Home::Variable(sym), size, 1)?;
            run.variables.insert(sym, run.objects.len() - 1);
        }
        run.run()?;
        Some(Outcome {
            objects: run.objects,
        })
    }

    /// Writes what the variables (the first objects) lead to; gives their own contents.
    fn link_objects(&mut self, outcome: &Outcome) -> Option<Vec<Image>> {
        let objects = &outcome.objects;
        let mut syms: Vec<Option<SymId>> = objects
            .iter()
            .map(|o| match o.home {
                Home::Variable(sym) => Some(sym),
                _ => None,
            })
            .collect();
        let mut todo: Vec<usize> = (0..objects.len()).filter(|&i| syms[i].is_some()).collect();
        let count = todo.len();
        let mut at = 0;
        while let Some(&index) = todo.get(at) {
            at += 1;
            for known in objects[index].refs.values() {
                let &Known::Object(to, _) = known else {
                    continue;
                };
                if syms[to].is_some() {
                    continue;
                }
                if objects[to].home == Home::Frame {
                    return None;
                }
                syms[to] = Some(self.fresh_data_sym("go:static"));
                todo.push(to);
            }
        }
        let mut images = Vec::new();
        for &index in &todo {
            let object = &objects[index];
            let image = image_of(object, &syms);
            let section = match object.home {
                Home::Variable(_) => {
                    images.push(image);
                    continue;
                }
                Home::Boxed => DataSection::ReadOnly,
                Home::Heap(true) if image.is_zero() => DataSection::Bss,
                Home::Heap(true) => DataSection::Data,
                _ => DataSection::NoPointers,
            };
            if let Some(sym) = syms[index] {
                let (align, size) = (object.align.into(), object.bytes.len() as u64);
                self.add_image(sym, section, align, image, size);
            }
        }
        debug_assert_eq!(images.len(), count);
        Some(images)
    }
}

fn image_of(object: &Object, syms: &[Option<SymId>]) -> Image {
    let relocs = object.refs.iter().filter_map(|(&at, known)| match *known {
        Known::Object(to, offset) => Some(DataReloc::Abs64(at, syms[to]?, offset)),
        Known::Sym(sym, offset) => Some(DataReloc::Abs64(at, sym, offset)),
        Known::Bits(_) => None,
    });
    Image {
        bytes: object.bytes.clone(),
        relocs: relocs.collect(),
    }
}
