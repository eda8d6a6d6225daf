//! Types, operations and terminators.

use crate::packed::panic_kind;
use crate::{Block, Slot, SymId, Value, module::SiteId};
use goxide_abi::PanicKind;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::fmt;

/// Type of a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Ty {
    /// 8-bit integer; also `bool` (0 or 1, nothing else).
    I8,
    /// 16-bit integer.
    I16,
    /// 32-bit integer.
    I32,
    /// 64-bit integer (`int`, `uintptr`, … ).
    I64,
    /// Address the collector may have to follow: pointers, unsafe.Pointer, maps, channels,
    /// func values, type words, data words.
    Ptr,
    /// 32-bit float.
    F32,
    /// 64-bit float.
    F64,
}

impl Ty {
    /// Size in bytes.
    pub const fn bytes(self) -> u32 {
        match self {
            Ty::I8 => 1,
            Ty::I16 => 2,
            Ty::I32 | Ty::F32 => 4,
            Ty::I64 | Ty::Ptr | Ty::F64 => 8,
        }
    }

    /// Whether this is a float.
    pub const fn is_float(self) -> bool {
        matches!(self, Ty::F32 | Ty::F64)
    }

    /// Whether this is an integer or a pointer.
    pub const fn is_int(self) -> bool {
        !self.is_float()
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ty::I8 => "i8",
            Ty::I16 => "i16",
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::Ptr => "ptr",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
        })
    }
}

/// Parameters and results of a function, all scalars, hidden ones included.
/// At most 8 integer and 8 float results ([`goxide_abi::MAX_INT_RESULTS`]).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Signature {
    /// Parameter types.
    pub params: SmallVec<[Ty; 6]>,
    /// Result types.
    pub results: SmallVec<[Ty; 4]>,
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |tys: &[Ty]| tys.iter().map(Ty::to_string).collect::<Vec<_>>().join(", ");
        write!(f, "({})", list(&self.params))?;
        if !self.results.is_empty() {
            write!(f, " -> {}", list(&self.results))?;
        }
        Ok(())
    }
}

/// What memory an access can touch: accesses with different, non-zero tags never overlap.
/// `lower` derives tags from Go's types; 0 may overlap anything. In a function that looks at
/// memory as another type than it has ([`crate::FuncFlags::reinterprets`]) tags say nothing.
#[derive(
    Clone, Copy, PartialEq, Eq, Hash, Debug, Default, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct AliasTag(pub u16);

impl AliasTag {
    /// Numbers: integers and floats of every width, so that code that looks at numbers as
    /// bytes or at floats as integers stays right.
    pub const NUMBER: AliasTag = AliasTag(1);
    /// Pointers, maps, channels, func values, both words of an interface value.
    pub const POINTER: AliasTag = AliasTag(2);
    /// Lengths and capacities in slice and string headers; never negative.
    pub const LENGTH: AliasTag = AliasTag(3);

    /// The tag of a scalar that is no length.
    pub fn of(ty: Ty) -> AliasTag {
        match ty {
            Ty::Ptr => AliasTag::POINTER,
            _ => AliasTag::NUMBER,
        }
    }
}

/// How a load or store behaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub struct MemFlags {
    /// See [`AliasTag`].
    pub tag: AliasTag,
    /// The address is known to be mapped: the access is no nil check and cannot trap.
    pub no_trap: bool,
    /// The memory never changes while it can be read (string bytes, type descriptors,
    /// itabs, captured constants): loads may move over stores and calls.
    pub immutable: bool,
}

/// Operations with one operand of the result's type, unless said.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum UnaryOp {
    /// Two's complement negation.
    Ineg,
    /// Bitwise complement.
    Bnot,
    /// Float negation (sign bit).
    Fneg,
    /// Float magnitude.
    Fabs,
    /// IEEE square root.
    Sqrt,
    /// Round down, up, toward zero, to nearest even.
    Floor,
    /// Round up.
    Ceil,
    /// Round toward zero.
    Trunc,
    /// Round to nearest, ties to even.
    Nearest,
    /// Leading zero bits; the width for 0.
    Clz,
    /// Trailing zero bits; the width for 0.
    Ctz,
    /// One bits.
    Popcnt,
    /// Reverses the bytes (not i8).
    Bswap,
    /// Reverses the bits.
    Bitrev,
}

/// Operations with two operands of one type, which is the result's.
/// Integer arithmetic wraps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum BinaryOp {
    /// Addition. `ptr + i64` gives `ptr`.
    Iadd,
    /// Subtraction. `ptr - i64` gives `ptr`.
    Isub,
    /// Multiplication.
    Imul,
    /// High half of the unsigned double-width product (i64).
    Umulhi,
    /// High half of the signed double-width product (i64).
    Smulhi,
    /// Signed division as in Go: toward zero, MIN / -1 = MIN. The divisor is not 0 (checked before).
    Sdiv,
    /// Unsigned division; the divisor is not 0.
    Udiv,
    /// Signed remainder as in Go: sign of the dividend, MIN % -1 = 0. Divisor not 0.
    Srem,
    /// Unsigned remainder; divisor not 0.
    Urem,
    /// Bitwise and.
    Band,
    /// Bitwise or.
    Bor,
    /// Bitwise exclusive or.
    Bxor,
    /// Bitwise and of a with the complement of b.
    BandNot,
    /// Left shift; the second operand is i64 and unsigned; counts of the width or more give 0.
    Shl,
    /// Unsigned right shift; as `Shl`.
    Ushr,
    /// Signed right shift; counts of the width or more give copies of the sign.
    Sshr,
    /// Left shift by a count known to be below the width (i64 operand).
    ShlInRange,
    /// Unsigned right shift by a count known to be below the width.
    UshrInRange,
    /// Signed right shift by a count known to be below the width.
    SshrInRange,
    /// Rotate left by an i64 count, modulo the width.
    Rotl,
    /// Float addition.
    Fadd,
    /// Float subtraction.
    Fsub,
    /// Float multiplication.
    Fmul,
    /// Float division.
    Fdiv,
    /// Go's `min` on floats: NaN if either is, -0 below +0.
    Fmin,
    /// Go's `max` on floats.
    Fmax,
    /// Float with the magnitude of a and the sign of b.
    Fcopysign,
}

/// Integer comparisons; the result is i8.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the usual names")]
pub enum IntCc {
    Eq,
    Ne,
    Slt,
    Sle,
    Sgt,
    Sge,
    Ult,
    Ule,
    Ugt,
    Uge,
}

impl IntCc {
    /// The comparison that holds exactly if this one does not.
    pub const fn negated(self) -> IntCc {
        match self {
            IntCc::Eq => IntCc::Ne,
            IntCc::Ne => IntCc::Eq,
            IntCc::Slt => IntCc::Sge,
            IntCc::Sge => IntCc::Slt,
            IntCc::Sgt => IntCc::Sle,
            IntCc::Sle => IntCc::Sgt,
            IntCc::Ult => IntCc::Uge,
            IntCc::Uge => IntCc::Ult,
            IntCc::Ugt => IntCc::Ule,
            IntCc::Ule => IntCc::Ugt,
        }
    }

    /// The comparison with operands exchanged.
    pub const fn turned(self) -> IntCc {
        match self {
            IntCc::Slt => IntCc::Sgt,
            IntCc::Sgt => IntCc::Slt,
            IntCc::Sle => IntCc::Sge,
            IntCc::Sge => IntCc::Sle,
            IntCc::Ult => IntCc::Ugt,
            IntCc::Ugt => IntCc::Ult,
            IntCc::Ule => IntCc::Uge,
            IntCc::Uge => IntCc::Ule,
            same => same,
        }
    }
}

/// Float comparisons as Go's operators; all but `Ne` are false if an operand is NaN.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the usual names")]
pub enum FloatCc {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Conversions; the target type is the result's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum ConvertOp {
    /// Sign extension to a wider integer.
    Sext,
    /// Zero extension to a wider integer.
    Zext,
    /// Low bits, to a narrower integer.
    Trunc,
    /// Signed integer (i32, i64) to float, correctly rounded.
    SintToFloat,
    /// Unsigned 64-bit integer to float, correctly rounded.
    UintToFloat,
    /// Float to i64 as Go on amd64 does it: toward zero; out of range gives MIN.
    FloatToSint,
    /// Float to unsigned 64-bit as Go on amd64 does it.
    FloatToUint,
    /// f32 to f64 or back, correctly rounded.
    FloatToFloat,
    /// Same bits between float and integer of one size, or ptr and i64.
    Bitcast,
}

/// Read-modify-write atomics; the result is the *old* value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the usual names")]
pub enum AtomicOp {
    Add,
    And,
    Or,
    Xchg,
}

/// Whom a call calls.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Callee {
    /// A function of the program, with this signature.
    Direct(SymId, Box<Signature>),
    /// `abi::RUNTIME_CALLS[i]`.
    Runtime(u16),
    /// Code at an address.
    Code(Value, Box<Signature>),
    /// A func value: its address is stored to `g.closure_ctx`, then the code it begins
    /// with is called. Loading the code is the nil check.
    Closure(Value, Box<Signature>),
    /// As `Closure`, where the code that the object begins with is known to be this.
    Known(SymId, Value, Box<Signature>),
    /// Method `index` (in itab order) of an interface value: code at `itab + 24 + 8 index`.
    /// The first argument is the data word. Loading from the itab is the nil check.
    Interface {
        /// The itab word.
        itab: Value,
        /// Position in the interface type's sorted method list.
        index: u32,
        /// Type descriptor of the interface type, for devirtualisation.
        iface: SymId,
        /// Signature, data word included.
        sig: Box<Signature>,
    },
}

/// Instructions. Those that produce values say so; all memory operations are in program
/// order unless flags allow more.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Op {
    /// Integer or null/absolute pointer constant, sign-extended in the i64.
    Iconst(Ty, i64),
    /// Float constant: the bits (f32 in the low half).
    Fconst(Ty, u64),
    /// Address of a symbol plus an offset.
    SymAddr(SymId, i64),
    /// Address in a stack slot.
    SlotAddr(Slot, i32),
    /// See [`UnaryOp`].
    Unary(UnaryOp, Value),
    /// See [`BinaryOp`].
    Binary(BinaryOp, Value, Value),
    /// a + b + carry (i64, carry 0 or 1): sum, carry out (i64).
    AddCarry(Value, Value, Value),
    /// a - b - borrow: difference, borrow out (i64).
    SubBorrow(Value, Value, Value),
    /// Unsigned 128-by-64 division (hi, lo, divisor), hi < divisor: quotient, remainder.
    Div128(Value, Value, Value),
    /// Integer or pointer comparison: i8.
    Icmp(IntCc, Value, Value),
    /// Float comparison: i8.
    Fcmp(FloatCc, Value, Value),
    /// Conversion to the type.
    Convert(ConvertOp, Ty, Value),
    /// a if the i8 is not 0, else b.
    Select(Value, Value, Value),
    /// A float multiply-add with one rounding: a * b + c.
    Fma(Value, Value, Value),
    /// Reads a scalar at address + offset.
    Load(Ty, Value, i32, MemFlags),
    /// Writes a scalar (no pointer the collector must see) at address + offset.
    Store {
        /// Address.
        addr: Value,
        /// Offset in bytes.
        offset: i32,
        /// Value to write.
        value: Value,
        /// Flags.
        flags: MemFlags,
    },
    /// Writes a pointer at address + offset: the one place for a write barrier.
    StorePtr {
        /// Address.
        addr: Value,
        /// Offset in bytes.
        offset: i32,
        /// Pointer to write.
        value: Value,
        /// Flags.
        flags: MemFlags,
    },
    /// Copies a fixed number of bytes between places that are the same or do not overlap.
    MemCopy {
        /// Destination address.
        dst: Value,
        /// Source address.
        src: Value,
        /// Number of bytes.
        bytes: u64,
        /// The type descriptor if pointers are among them (barrier), else none.
        pointers: Option<SymId>,
    },
    /// Zeroes a fixed number of bytes.
    MemZero {
        /// Destination address.
        dst: Value,
        /// Number of bytes.
        bytes: u64,
        /// The type descriptor if pointers are among them (barrier), else none.
        pointers: Option<SymId>,
    },
    /// Sequentially consistent load.
    AtomicLoad(Ty, Value),
    /// Sequentially consistent store (address, value; `true`: the value is a pointer).
    AtomicStore(Value, Value, bool),
    /// Atomic read-modify-write: old value (`true`: the value is a pointer).
    AtomicRmw(AtomicOp, Value, Value, bool),
    /// Compare and swap (address, old, new): i8, 1 if swapped (`true`: pointers).
    AtomicCas(Value, Value, Value, bool),
    /// Panics (nil dereference) if the pointer is nil. Result: none.
    NilCheck(Value),
    /// Panics with (index, bound) unless `index < bound` unsigned — for the slice kinds
    /// `index <= bound` unsigned. Both i64; narrower indices are extended before.
    BoundsCheck(#[serde(with = "panic_kind")] PanicKind, Value, Value),
    /// Panics unless the i8 is not 0, with up to two i64 operands.
    Check(
        #[serde(with = "panic_kind")] PanicKind,
        Value,
        SmallVec<[Value; 2]>,
    ),
    /// A new zeroed object on the heap, or in the frame where it does not escape: ptr.
    New {
        /// Type descriptor (None: no pointers).
        desc: Option<SymId>,
        /// Size in bytes, not 0.
        bytes: u64,
        /// Alignment in bytes.
        align: u32,
        /// Name of the variable that was moved to the heap, for `-m`.
        #[serde(skip)]
        escaped: Option<goxide_base::Symbol>,
    },
    /// A call. Results: the signature's.
    Call {
        /// Whom.
        callee: Callee,
        /// Arguments.
        args: Vec<Value>,
        /// Site, where it is one.
        site: Option<SiteId>,
    },
    /// The closure context; only at the very start of the entry block: ptr.
    ClosureCtx,
    /// g: ptr. Read anew after nothing: it is constant in a function.
    GetG,
    /// This frame's frame pointer: i64.
    FramePtr,
    /// The frame pointer of the n-th caller, n ≥ 1, by following saved frame pointers: i64.
    CallerFrame(u32),
    /// Keeps the value alive up to here.
    KeepAlive(Value),
    /// Begins the life of a frame of deferred calls (`abi::DeferFrame`): empties it and puts
    /// it at the head of g's list.
    DeferEnter {
        /// Its address, in this function's frame.
        frame: Value,
        /// Where `recover` goes on; none if nothing can recover here.
        landing: Option<Landing>,
        /// How its calls are kept.
        kind: DeferKind,
    },
    /// The address, i64, of memory on the goroutine's stack of deferred calls: ptr. What is
    /// stored there the collector sees as it sees frames.
    DeferRecord(Value),
    /// Ends the life of a frame: takes it off g's list, whose head it is.
    DeferLeave(Value),
    /// Stores a pointer into a frame of deferred calls, where only the runtime, and what runs
    /// after `recover`, read it; for as long as the frame lives.
    DeferStore {
        /// The frame, or a record (`DeferRecord`) of a frame.
        frame: Value,
        /// Offset in bytes from its address.
        offset: i32,
        /// The pointer.
        value: Value,
        /// What it is.
        word: DeferWord,
    },
}

/// Where a function goes on after `recover`: its code there calls a function of its own, with
/// the frame as only argument and this function's results as results, and returns what that
/// returns.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Landing {
    /// That function.
    pub handler: SymId,
    /// A function that does nothing: a call that has the landing as its exception edge.
    pub mark: SymId,
}

/// How the calls of a frame are kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum DeferKind {
    /// Each has a `DeferStore` of its own, and its bit.
    OpenCoded,
    /// In records, each with a `DeferStore` in this function.
    Records,
    /// In records, to which other functions may add.
    SharedRecords,
}

/// What a word of a frame of deferred calls is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum DeferWord {
    /// A func value that will be called, without arguments, while the frame lives; its code
    /// if that is known.
    Call(Option<SymId>),
    /// Memory that the landing's handler reads.
    Home,
}

/// A jump target with arguments for its parameters.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct BlockCall {
    /// Target.
    pub block: Block,
    /// One value per parameter.
    pub args: SmallVec<[Value; 4]>,
}

/// How a block ends.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub enum Term {
    /// Not yet filled; never in a finished function.
    Open,
    /// Unconditional.
    Jump(BlockCall),
    /// By an i8: first if not 0.
    Branch(Value, BlockCall, BlockCall),
    /// By an integer.
    Switch(Value, Vec<(i64, BlockCall)>, BlockCall),
    /// Return.
    Return(SmallVec<[Value; 4]>),
    /// Leaves by calling; the callee returns to our caller. Its results are ours, or
    /// dropped if ours are none.
    TailCall(Callee, Vec<Value>),
    /// Never reached: after a call that does not return.
    Unreachable,
}

impl Term {
    /// Calls `f` for every successor block.
    pub fn for_each_successor(&self, mut f: impl FnMut(Block)) {
        self.for_each_edge(|edge| f(edge.block));
    }

    /// Calls `f` for every outgoing edge that can carry arguments.
    pub fn for_each_edge(&self, mut f: impl FnMut(&BlockCall)) {
        match self {
            Term::Jump(to) => f(to),
            Term::Branch(_, a, b) => {
                f(a);
                f(b);
            }
            Term::Switch(_, cases, default) => {
                cases.iter().for_each(|(_, c)| f(c));
                f(default);
            }
            Term::Open | Term::Return(_) | Term::TailCall(..) | Term::Unreachable => {}
        }
    }

    /// Calls `f` for every target, so that it can be replaced.
    pub fn for_each_target_mut(&mut self, mut f: impl FnMut(&mut Block)) {
        self.for_each_edge_mut(|edge| f(&mut edge.block));
    }

    /// Calls `f` for every outgoing edge that can carry arguments.
    pub fn for_each_edge_mut(&mut self, mut f: impl FnMut(&mut BlockCall)) {
        match self {
            Term::Jump(to) => f(to),
            Term::Branch(_, a, b) => {
                f(a);
                f(b);
            }
            Term::Switch(_, cases, default) => {
                cases.iter_mut().for_each(|(_, c)| f(c));
                f(default);
            }
            Term::Open | Term::Return(_) | Term::TailCall(..) | Term::Unreachable => {}
        }
    }

    /// Calls `f` for every symbol named, so that it can be replaced.
    pub fn for_each_sym_mut(&mut self, f: impl FnMut(&mut SymId)) {
        match self {
            Term::TailCall(callee, _) => callee.for_each_sym_mut(f),
            Term::Open
            | Term::Jump(_)
            | Term::Branch(..)
            | Term::Switch(..)
            | Term::Return(_)
            | Term::Unreachable => {}
        }
    }

    /// Calls `f` for every value used, so that it can be replaced.
    pub fn for_each_use_mut(&mut self, mut f: impl FnMut(&mut Value)) {
        match self {
            Term::Open | Term::Unreachable => {}
            Term::Jump(to) => to.args.iter_mut().for_each(f),
            Term::Branch(c, a, b) => {
                f(c);
                a.args.iter_mut().chain(b.args.iter_mut()).for_each(f);
            }
            Term::Switch(v, cases, default) => {
                f(v);
                for call in cases.iter_mut().map(|(_, c)| c).chain([default]) {
                    call.args.iter_mut().for_each(&mut f);
                }
            }
            Term::Return(values) => values.iter_mut().for_each(f),
            Term::TailCall(callee, args) => {
                callee.for_each_use_mut(&mut f);
                args.iter_mut().for_each(f);
            }
        }
    }
}

impl Callee {
    /// Calls `f` for every value used, so that it can be replaced.
    pub fn for_each_use_mut(&mut self, mut f: impl FnMut(&mut Value)) {
        match self {
            Callee::Direct(..) | Callee::Runtime(_) => {}
            Callee::Code(v, _) | Callee::Closure(v, _) | Callee::Known(_, v, _) => f(v),
            Callee::Interface { itab, .. } => f(itab),
        }
    }

    /// Calls `f` for every symbol named, so that it can be replaced.
    pub fn for_each_sym_mut(&mut self, mut f: impl FnMut(&mut SymId)) {
        match self {
            Callee::Direct(sym, _) | Callee::Known(sym, ..) => f(sym),
            Callee::Interface { iface, .. } => f(iface),
            Callee::Runtime(_) | Callee::Code(..) | Callee::Closure(..) => {}
        }
    }

    /// Result types of the call.
    pub fn results(&self) -> SmallVec<[Ty; 4]> {
        match self {
            Callee::Direct(_, sig) | Callee::Code(_, sig) | Callee::Closure(_, sig) => {
                sig.results.clone()
            }
            Callee::Known(_, _, sig) | Callee::Interface { sig, .. } => sig.results.clone(),
            Callee::Runtime(i) => {
                let call = &goxide_abi::RUNTIME_CALLS[*i as usize];
                smallvec::smallvec![Ty::I64; call.results as usize]
            }
        }
    }
}

impl Op {
    /// Calls `f` for every symbol named, so that it can be replaced.
    pub fn for_each_sym_mut(&mut self, mut f: impl FnMut(&mut SymId)) {
        match self {
            Op::SymAddr(sym, _) => f(sym),
            Op::MemCopy { pointers, .. } | Op::MemZero { pointers, .. } => {
                pointers.iter_mut().for_each(f);
            }
            Op::New { desc, .. } => desc.iter_mut().for_each(f),
            Op::Call { callee, .. } => callee.for_each_sym_mut(f),
            Op::Iconst(..) | Op::Fconst(..) | Op::SlotAddr(..) | Op::Unary(..) => {}
            Op::Binary(..) | Op::AddCarry(..) | Op::SubBorrow(..) | Op::Div128(..) => {}
            Op::Icmp(..) | Op::Fcmp(..) | Op::Convert(..) | Op::Select(..) | Op::Fma(..) => {}
            Op::Load(..) | Op::Store { .. } | Op::StorePtr { .. } => {}
            Op::AtomicLoad(..) | Op::AtomicStore(..) | Op::AtomicRmw(..) | Op::AtomicCas(..) => {}
            Op::NilCheck(_) | Op::BoundsCheck(..) | Op::Check(..) | Op::KeepAlive(_) => {}
            Op::ClosureCtx | Op::GetG | Op::FramePtr | Op::CallerFrame(_) => {}
            Op::DeferEnter { landing, .. } => {
                if let Some(landing) = landing {
                    f(&mut landing.handler);
                    f(&mut landing.mark);
                }
            }
            Op::DeferStore { word, .. } => match word {
                DeferWord::Call(code) => code.iter_mut().for_each(f),
                DeferWord::Home => {}
            },
            Op::DeferLeave(_) | Op::DeferRecord(_) => {}
        }
    }

    /// Calls `f` for every value used, so that it can be replaced.
    pub fn for_each_use_mut(&mut self, mut f: impl FnMut(&mut Value)) {
        match self {
            Op::Iconst(..) | Op::Fconst(..) | Op::SymAddr(..) | Op::SlotAddr(..) => {}
            Op::New { .. } | Op::ClosureCtx | Op::GetG | Op::FramePtr | Op::CallerFrame(_) => {}
            Op::Unary(_, a) | Op::Convert(_, _, a) | Op::Load(_, a, ..) => f(a),
            Op::AtomicLoad(_, a) | Op::NilCheck(a) | Op::KeepAlive(a) => f(a),
            Op::DeferEnter { frame, .. } | Op::DeferLeave(frame) => f(frame),
            Op::DeferRecord(a) => f(a),
            Op::DeferStore { frame, value, .. } => {
                f(frame);
                f(value);
            }
            Op::Binary(_, a, b) | Op::Icmp(_, a, b) | Op::Fcmp(_, a, b) => {
                f(a);
                f(b);
            }
            Op::AtomicStore(a, b, _) | Op::AtomicRmw(_, a, b, _) | Op::BoundsCheck(_, a, b) => {
                f(a);
                f(b);
            }
            Op::AddCarry(a, b, c)
            | Op::SubBorrow(a, b, c)
            | Op::Div128(a, b, c)
            | Op::Select(a, b, c)
            | Op::Fma(a, b, c)
            | Op::AtomicCas(a, b, c, _) => {
                f(a);
                f(b);
                f(c);
            }
            Op::Store { addr, value, .. } | Op::StorePtr { addr, value, .. } => {
                f(addr);
                f(value);
            }
            Op::MemCopy { dst, src, .. } => {
                f(dst);
                f(src);
            }
            Op::MemZero { dst, .. } => f(dst),
            Op::Check(_, cond, operands) => {
                f(cond);
                operands.iter_mut().for_each(f);
            }
            Op::Call { callee, args, .. } => {
                callee.for_each_use_mut(&mut f);
                args.iter_mut().for_each(f);
            }
        }
    }
}
