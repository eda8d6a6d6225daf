//! Functions that become a few instructions: atomics, arithmetic that machines have, and
//! what only the compiler can define. The table says which; [`FuncLower::intrinsic`] how.
//!
//! Every function here has either no body at all, one that must not be used (plain loads
//! where an atomic one is meant, panics), or one that does the same, only slower.

use crate::func::{FuncLower, Mem, Val};
use crate::mono::{FuncSig, RType};
use goxide_abi::PanicKind;
use goxide_base::Pos;
use goxide_ir::{AtomicOp, BinaryOp, ConvertOp, IntCc, MemFlags, Op, Ty, UnaryOp, Value};
use smallvec::{SmallVec, smallvec};

/// What a function comes to. Widths are those of its operands unless given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Intrinsic {
    /// `func(*T) T`
    AtomicLoad(Ty),
    /// `func(*T, T)`
    AtomicStore,
    /// `func(*T, T) T`, the new value.
    AtomicAdd,
    /// `func(*T, T) T`, the old value.
    AtomicOld(AtomicOp),
    /// `func(*T, T)`
    AtomicDrop(AtomicOp),
    /// `func(*T, T, T) bool`
    AtomicCas,
    /// g.
    GetG,
    /// Own frame pointer.
    FramePointer,
    /// Own closure object.
    ClosurePointer,
    /// Own return address.
    CallerPc,
    /// Stack pointer of the caller.
    CallerSp,
    /// Code address of the func value in an `any`.
    FuncPc,
    /// Makes what the argument points to escape.
    Escape,
    /// Keeps the argument alive.
    KeepAlive,
    /// Nothing: hints.
    Nothing,
    /// The argument as it is.
    Same,
    /// `func(v, x, y int) int`: x if v is not 0.
    Choose,
    /// One operand, same type.
    Unary(UnaryOp),
    /// Two operands, same type.
    Binary(BinaryOp),
    /// Bits needed for an unsigned operand, as int.
    Len,
    /// Trailing zero bits of an operand, as int; its width for 0.
    TrailingZeros,
    /// One bits, as int.
    OnesCount,
    /// `func(x T, k int) T`
    RotateLeft,
    /// `func(x, y, carry) (sum, carryOut)`
    AddCarry,
    /// `func(x, y, borrow) (difference, borrowOut)`
    SubBorrow,
    /// `func(x, y) (hi, lo)`
    MulWide,
    /// `func(hi, lo, y) (quotient, remainder)`, with checks.
    DivWide,
    /// `func(x, y) (product, overflow bool)`
    MulOverflow,
}

/// The intrinsic that a function of a package is.
pub fn find(path: &str, name: &str) -> Option<Intrinsic> {
    use Intrinsic::*;
    let found = match (path, name) {
        ("sync/atomic", _) => return sync_atomic(name),
        ("internal/runtime/atomic", _) => return runtime_atomic(name),
        ("math/bits", _) => return bits(name),
        ("runtime", "getg") => GetG,
        ("runtime", "getfp") => FramePointer,
        ("runtime", "getclosureptr") => ClosurePointer,
        ("runtime", "KeepAlive") => KeepAlive,
        ("internal/runtime/sys", "GetCallerPC") => CallerPc,
        ("internal/runtime/sys", "GetCallerSP") => CallerSp,
        ("internal/runtime/sys", "GetClosurePtr") => ClosurePointer,
        ("internal/runtime/sys", "Prefetch" | "PrefetchStreamed") => Nothing,
        ("internal/runtime/sys", "Bswap32" | "Bswap64") => Unary(UnaryOp::Bswap),
        ("internal/runtime/sys", "Len8" | "Len64") => Len,
        ("internal/runtime/sys", "OnesCount64") => OnesCount,
        ("internal/runtime/sys", "TrailingZeros8" | "TrailingZeros32" | "TrailingZeros64") => {
            TrailingZeros
        }
        ("internal/abi", "FuncPCABI0" | "FuncPCABIInternal") => FuncPc,
        ("internal/abi", "EscapeNonString") => Escape,
        ("crypto/internal/constanttime", "boolToUint8") => Same,
        ("crypto/internal/constanttime", "Select") => Choose,
        ("internal/runtime/math", "Add64") => AddCarry,
        ("internal/runtime/math", "Mul64") => MulWide,
        ("internal/runtime/math", "MulUintptr") => MulOverflow,
        ("math/big", "mulWW") => MulWide,
        ("math", "sqrt" | "Sqrt") => Unary(UnaryOp::Sqrt),
        ("math", "Abs") => Unary(UnaryOp::Fabs),
        ("math", "Floor") => Unary(UnaryOp::Floor),
        ("math", "Ceil") => Unary(UnaryOp::Ceil),
        ("math", "Trunc") => Unary(UnaryOp::Trunc),
        ("math", "RoundToEven") => Unary(UnaryOp::Nearest),
        ("math", "Copysign") => Binary(BinaryOp::Fcopysign),
        _ => return None,
    };
    Some(found)
}

/// Splits a name into operation and type: `AddInt32` into `Add`, `Int32`.
fn split_type(name: &str) -> Option<(&str, Ty)> {
    let types = [
        ("Int32", Ty::I32),
        ("Uint32", Ty::I32),
        ("Int64", Ty::I64),
        ("Uint64", Ty::I64),
        ("Uintptr", Ty::I64),
        ("Pointer", Ty::Ptr),
    ];
    // `Uint32` ends in `int32` only in lower case, so the first that fits is right.
    types
        .iter()
        .find_map(|&(suffix, ty)| Some((name.strip_suffix(suffix)?, ty)))
}

fn sync_atomic(name: &str) -> Option<Intrinsic> {
    use Intrinsic::*;
    let (op, ty) = split_type(name)?;
    Some(match op {
        "Load" => AtomicLoad(ty),
        "Store" => AtomicStore,
        "Add" => AtomicAdd,
        "Swap" => AtomicOld(AtomicOp::Xchg),
        "And" => AtomicOld(AtomicOp::And),
        "Or" => AtomicOld(AtomicOp::Or),
        "CompareAndSwap" => AtomicCas,
        _ => return None,
    })
}

fn runtime_atomic(name: &str) -> Option<Intrinsic> {
    use Intrinsic::*;
    Some(match name {
        "Load8" => AtomicLoad(Ty::I8),
        "Load" | "LoadAcq" | "Loadint32" => AtomicLoad(Ty::I32),
        "Load64" | "LoadAcq64" | "LoadAcquintptr" | "Loadint64" | "Loaduint" | "Loaduintptr" => {
            AtomicLoad(Ty::I64)
        }
        "Loadp" => AtomicLoad(Ty::Ptr),
        "Store" | "Store8" | "Store64" | "StoreRel" | "StoreRel64" | "StoreReluintptr"
        | "Storeint32" | "Storeint64" | "Storeuintptr" | "StorepNoWB" | "storePointer" => {
            AtomicStore
        }
        "Xadd" | "Xadd64" | "Xaddint32" | "Xaddint64" | "Xadduintptr" => AtomicAdd,
        "Xchg" | "Xchg8" | "Xchg64" | "Xchgint32" | "Xchgint64" | "Xchguintptr" => {
            AtomicOld(AtomicOp::Xchg)
        }
        "Cas" | "Cas64" | "CasRel" | "Casint32" | "Casint64" | "Casuintptr" | "Casp1"
        | "casPointer" => AtomicCas,
        "And8" | "And" => AtomicDrop(AtomicOp::And),
        "Or8" | "Or" => AtomicDrop(AtomicOp::Or),
        "And32" | "And64" | "Anduintptr" => AtomicOld(AtomicOp::And),
        "Or32" | "Or64" | "Oruintptr" => AtomicOld(AtomicOp::Or),
        _ => return None,
    })
}

fn bits(name: &str) -> Option<Intrinsic> {
    use Intrinsic::*;
    let op = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let width = &name[op.len()..];
    Some(match (op, width) {
        ("LeadingZeros", _) => return None,
        ("Len", _) => Len,
        ("TrailingZeros", _) => TrailingZeros,
        ("OnesCount", _) => OnesCount,
        ("RotateLeft", _) => RotateLeft,
        ("ReverseBytes", _) => Unary(UnaryOp::Bswap),
        ("Add", "" | "64") => AddCarry,
        ("Sub", "" | "64") => SubBorrow,
        ("Mul", "" | "64") => MulWide,
        ("Div", "" | "64") => DivWide,
        _ => return None,
    })
}

impl FuncLower<'_, '_> {
    /// A call of an intrinsic, in Go's terms.
    pub fn intrinsic_call(
        &mut self,
        i: Intrinsic,
        args: Vec<Val>,
        sig: &FuncSig,
        _pos: Pos,
    ) -> Vec<(Val, RType)> {
        let mut scalars = Vec::new();
        for (val, &ty) in args.iter().zip(sig.params.iter()) {
            self.pass(val, ty, &mut scalars);
        }
        let values = self.intrinsic(i, &scalars);
        let mut values = values.into_iter();
        let result = |&ty: &RType| (Val::Scalars(values.next().into_iter().collect()), ty);
        sig.results.iter().map(result).collect()
    }

    /// An intrinsic on scalars. Its results are single scalars each.
    pub fn intrinsic(&mut self, i: Intrinsic, args: &[Value]) -> SmallVec<[Value; 2]> {
        use Intrinsic::*;
        match (i, args) {
            (AtomicLoad(ty), &[p]) => smallvec![self.b.push1(Op::AtomicLoad(ty, p))],
            (AtomicStore, &[p, v]) => {
                let pointer = self.b.func.ty(v) == Ty::Ptr;
                self.b.push(Op::AtomicStore(p, v, pointer));
                smallvec![]
            }
            (AtomicAdd, &[p, v]) => {
                let old = self.b.push1(Op::AtomicRmw(AtomicOp::Add, p, v, false));
                smallvec![self.bin(BinaryOp::Iadd, old, v)]
            }
            (AtomicOld(op), &[p, v]) => {
                let pointer = self.b.func.ty(v) == Ty::Ptr;
                smallvec![self.b.push1(Op::AtomicRmw(op, p, v, pointer))]
            }
            (AtomicDrop(op), &[p, v]) => {
                self.b.push1(Op::AtomicRmw(op, p, v, false));
                smallvec![]
            }
            (AtomicCas, &[p, old, new]) => {
                let pointer = self.b.func.ty(new) == Ty::Ptr;
                smallvec![self.b.push1(Op::AtomicCas(p, old, new, pointer))]
            }
            (Nothing, _) => smallvec![],
            (Same, &[v]) => smallvec![v],
            (Unary(op), &[v]) => smallvec![self.b.push1(Op::Unary(op, v))],
            (Binary(op), &[x, y]) => smallvec![self.bin(op, x, y)],
            (Len, &[v]) => smallvec![self.bit_len(v)],
            (TrailingZeros, &[v]) => smallvec![self.trailing_zeros(v)],
            (OnesCount, &[v]) => {
                let wide = self.extend(v, Ty::I64, true);
                smallvec![self.b.push1(Op::Unary(UnaryOp::Popcnt, wide))]
            }
            (RotateLeft, &[v, k]) => smallvec![self.bin(BinaryOp::Rotl, v, k)],
            (Choose, &[v, x, y]) => {
                let zero = self.int(0);
                let on = self.b.icmp(IntCc::Ne, v, zero);
                smallvec![self.b.push1(Op::Select(on, x, y))]
            }
            _ => self.wide_intrinsic(i, args),
        }
    }

    /// Those with two results, and those about the function they stand in.
    fn wide_intrinsic(&mut self, i: Intrinsic, args: &[Value]) -> SmallVec<[Value; 2]> {
        use Intrinsic::*;
        match (i, args) {
            (AddCarry, &[x, y, c]) => {
                let inst = self.b.push(Op::AddCarry(x, y, c));
                self.b.results(inst)
            }
            (SubBorrow, &[x, y, c]) => {
                let inst = self.b.push(Op::SubBorrow(x, y, c));
                self.b.results(inst)
            }
            (MulWide, &[x, y]) => {
                let hi = self.bin(BinaryOp::Umulhi, x, y);
                smallvec![hi, self.bin(BinaryOp::Imul, x, y)]
            }
            (MulOverflow, &[x, y]) => {
                let product = self.bin(BinaryOp::Imul, x, y);
                let hi = self.bin(BinaryOp::Umulhi, x, y);
                let zero = self.int(0);
                smallvec![product, self.b.icmp(IntCc::Ne, hi, zero)]
            }
            (DivWide, &[hi, lo, y]) => self.div_wide(hi, lo, y),
            (GetG, _) => smallvec![self.b.push1(Op::GetG)],
            (FramePointer | CallerPc | CallerSp, _) => smallvec![self.own_frame(i)],
            (ClosurePointer, _) => {
                self.b.func.flags.closure = true;
                self.b.func.flags.no_inline = true;
                smallvec![self.b.push1(Op::ClosureCtx)]
            }
            (FuncPc, &[_, func]) => {
                let mem = Mem::unchecked(func);
                smallvec![self.load_scalar(Ty::I64, mem, 0)]
            }
            (KeepAlive, args) => {
                for &v in args {
                    self.b.push(Op::KeepAlive(v));
                }
                smallvec![]
            }
            (Escape, args) => {
                self.let_escape(args);
                smallvec![]
            }
            _ => {
                self.unsupported(
                    Pos::NONE,
                    &format!("intrinsic {i:?} with {} operands", args.len()),
                );
                smallvec![]
            }
        }
    }

    fn bit_len(&mut self, v: Value) -> Value {
        let wide = self.extend(v, Ty::I64, true);
        let zeros = self.b.push1(Op::Unary(UnaryOp::Clz, wide));
        let width = self.int(64);
        self.bin(BinaryOp::Isub, width, zeros)
    }

    fn trailing_zeros(&mut self, v: Value) -> Value {
        let bits = self.b.func.ty(v).bytes() * 8;
        let mut wide = self.extend(v, Ty::I64, true);
        if bits < 64 {
            // A bit above the operand stops the count at its width.
            let stop = self.int(1 << bits);
            wide = self.bin(BinaryOp::Bor, wide, stop);
        }
        self.b.push1(Op::Unary(UnaryOp::Ctz, wide))
    }

    fn div_wide(&mut self, hi: Value, lo: Value, y: Value) -> SmallVec<[Value; 2]> {
        let zero = self.int(0);
        let ok = self.b.icmp(IntCc::Ne, y, zero);
        self.b.push(Op::Check(PanicKind::Divide, ok, smallvec![]));
        let fits = self.b.icmp(IntCc::Ult, hi, y);
        let (go_on, overflow) = self.branch_new(fits);
        self.b.set_cold(overflow);
        self.b.switch_to(overflow);
        self.rt("panicoverflow", &[]);
        self.unreachable();
        self.b.switch_to(go_on);
        let inst = self.b.push(Op::Div128(hi, lo, y));
        self.b.results(inst)
    }

    /// Words of the frame of the function that asks, which must keep a frame of its own.
    fn own_frame(&mut self, i: Intrinsic) -> Value {
        self.b.func.flags.no_inline = true;
        let fp = self.b.push1(Op::FramePtr);
        match i {
            Intrinsic::CallerPc => {
                let at = self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::Ptr, fp));
                let flags = MemFlags {
                    no_trap: true,
                    ..MemFlags::default()
                };
                self.b.load(Ty::I64, at, 8, flags)
            }
            Intrinsic::CallerSp => {
                let two_words = self.int(16);
                self.bin(BinaryOp::Iadd, fp, two_words)
            }
            _ => fp,
        }
    }

    /// Lends the pointers for a moment to a global word, which no analysis can see through.
    fn let_escape(&mut self, args: &[Value]) {
        let sym = self.l.escape_word();
        for &v in args {
            if self.b.func.ty(v) == Ty::Ptr {
                let word = self.sym_addr(sym);
                self.b.push(Op::AtomicStore(word, v, true));
                let nil = self.nil();
                self.b.push(Op::AtomicStore(word, nil, true));
            }
        }
    }
}
