//! Reasons for which a check in compiled code fails.

/// What a failed check panics with. The cold block stores up to two operands to
/// `g.check_operands` and calls the overlay function [`PanicKind::handler`], which takes
/// no arguments and does not return.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum PanicKind {
    /// `a[i]`, `i` signed: operands i, len.
    Index,
    /// `a[i]`, `i` unsigned.
    IndexU,
    /// `s[:x]` beyond the length of a string or array: x, len.
    SliceAlen,
    /// Same, unsigned x.
    SliceAlenU,
    /// `s[:x]` beyond the capacity of a slice: x, cap.
    SliceAcap,
    /// Same, unsigned x.
    SliceAcapU,
    /// `s[x:y]` with x > y: x, y.
    SliceB,
    /// Same, unsigned x.
    SliceBU,
    /// `s[::x]` beyond the length: x, len.
    Slice3Alen,
    /// Same, unsigned x.
    Slice3AlenU,
    /// `s[::x]` beyond the capacity: x, cap.
    Slice3Acap,
    /// Same, unsigned x.
    Slice3AcapU,
    /// `s[:x:y]` with x > y: x, y.
    Slice3B,
    /// Same, unsigned x.
    Slice3BU,
    /// `s[x:y:]` with x > y: x, y.
    Slice3C,
    /// Same, unsigned x.
    Slice3CU,
    /// Slice to array conversion: length of the slice, of the array.
    SliceConvert,
    /// Integer division by zero.
    Divide,
    /// Negative shift count.
    Shift,
    /// Nil dereference found by an explicit check.
    NilDereference,
    /// `unsafe.Slice` and `unsafe.String` checks.
    UnsafeSliceLen,
    /// `unsafe.Slice`: pointer is nil and length is not zero.
    UnsafeSliceNilPtr,
    /// `unsafe.String`: length out of range.
    UnsafeStringLen,
    /// `unsafe.String`: pointer is nil and length is not zero.
    UnsafeStringNilPtr,
    /// `make([]T, n)`: length out of range.
    MakeSliceLen,
    /// `make([]T, n, m)`: capacity out of range.
    MakeSliceCap,
    /// A range function continued its loop after the loop had ended.
    RangeState,
}

impl PanicKind {
    /// All kinds, in order.
    pub const ALL: [PanicKind; 27] = {
        use PanicKind::*;
        [
            Index,
            IndexU,
            SliceAlen,
            SliceAlenU,
            SliceAcap,
            SliceAcapU,
            SliceB,
            SliceBU,
            Slice3Alen,
            Slice3AlenU,
            Slice3Acap,
            Slice3AcapU,
            Slice3B,
            Slice3BU,
            Slice3C,
            Slice3CU,
            SliceConvert,
            Divide,
            Shift,
            NilDereference,
            UnsafeSliceLen,
            UnsafeSliceNilPtr,
            UnsafeStringLen,
            UnsafeStringNilPtr,
            MakeSliceLen,
            MakeSliceCap,
            RangeState,
        ]
    };

    /// The Go function (in `overlay/runtime`) that panics.
    pub const fn handler(self) -> &'static str {
        use PanicKind::*;
        match self {
            Index => "runtime.panicIndex",
            IndexU => "runtime.panicIndexU",
            SliceAlen => "runtime.panicSliceAlen",
            SliceAlenU => "runtime.panicSliceAlenU",
            SliceAcap => "runtime.panicSliceAcap",
            SliceAcapU => "runtime.panicSliceAcapU",
            SliceB => "runtime.panicSliceB",
            SliceBU => "runtime.panicSliceBU",
            Slice3Alen => "runtime.panicSlice3Alen",
            Slice3AlenU => "runtime.panicSlice3AlenU",
            Slice3Acap => "runtime.panicSlice3Acap",
            Slice3AcapU => "runtime.panicSlice3AcapU",
            Slice3B => "runtime.panicSlice3B",
            Slice3BU => "runtime.panicSlice3BU",
            Slice3C => "runtime.panicSlice3C",
            Slice3CU => "runtime.panicSlice3CU",
            SliceConvert => "runtime.panicSliceConvert",
            Divide => "runtime.panicdivide",
            Shift => "runtime.panicshift",
            NilDereference => "runtime.panicmem",
            UnsafeSliceLen => "runtime.panicunsafeslicelen",
            UnsafeSliceNilPtr => "runtime.panicunsafeslicenilptr",
            UnsafeStringLen => "runtime.panicunsafestringlen",
            UnsafeStringNilPtr => "runtime.panicunsafestringnilptr",
            MakeSliceLen => "runtime.panicmakeslicelen",
            MakeSliceCap => "runtime.panicmakeslicecap",
            RangeState => "runtime.panicRangeState",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PanicKind;

    #[test]
    fn all_kinds_are_listed_in_order() {
        for (i, kind) in PanicKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, i, "{kind:?}");
        }
        let last = PanicKind::RangeState as usize;
        assert_eq!(PanicKind::ALL.len(), last + 1);
    }
}
