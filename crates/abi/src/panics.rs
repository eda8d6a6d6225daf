//! Reasons for which a check in compiled code fails.

/// Declares the kinds, each with the function that panics.
macro_rules! panic_kinds {
    ($($(#[$doc:meta])+ $kind:ident => $handler:literal,)+) => {
        /// What a failed check panics with. The cold block stores up to two operands to
        /// `g.check_operands` and calls the overlay function [`PanicKind::handler`], which takes
        /// no arguments and does not return.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum PanicKind {
            $($(#[$doc])+ $kind,)+
        }

        impl PanicKind {
            /// All kinds, in order.
            pub const ALL: [PanicKind; [$($handler),+].len()] = [$(PanicKind::$kind),+];

            /// The Go function (in `overlay/runtime`) that panics.
            pub const fn handler(self) -> &'static str {
                match self {
                    $(PanicKind::$kind => $handler,)+
                }
            }
        }
    };
}

panic_kinds! {
    /// `a[i]`, `i` signed: operands i, len.
    Index => "runtime.panicIndex",
    /// `a[i]`, `i` unsigned.
    IndexU => "runtime.panicIndexU",
    /// `s[:x]` beyond the length of a string or array: x, len.
    SliceAlen => "runtime.panicSliceAlen",
    /// Same, unsigned x.
    SliceAlenU => "runtime.panicSliceAlenU",
    /// `s[:x]` beyond the capacity of a slice: x, cap.
    SliceAcap => "runtime.panicSliceAcap",
    /// Same, unsigned x.
    SliceAcapU => "runtime.panicSliceAcapU",
    /// `s[x:y]` with x > y: x, y.
    SliceB => "runtime.panicSliceB",
    /// Same, unsigned x.
    SliceBU => "runtime.panicSliceBU",
    /// `s[::x]` beyond the length: x, len.
    Slice3Alen => "runtime.panicSlice3Alen",
    /// Same, unsigned x.
    Slice3AlenU => "runtime.panicSlice3AlenU",
    /// `s[::x]` beyond the capacity: x, cap.
    Slice3Acap => "runtime.panicSlice3Acap",
    /// Same, unsigned x.
    Slice3AcapU => "runtime.panicSlice3AcapU",
    /// `s[:x:y]` with x > y: x, y.
    Slice3B => "runtime.panicSlice3B",
    /// Same, unsigned x.
    Slice3BU => "runtime.panicSlice3BU",
    /// `s[x:y:]` with x > y: x, y.
    Slice3C => "runtime.panicSlice3C",
    /// Same, unsigned x.
    Slice3CU => "runtime.panicSlice3CU",
    /// Slice to array conversion: length of the slice, of the array.
    SliceConvert => "runtime.panicSliceConvert",
    /// Integer division by zero.
    Divide => "runtime.panicdivide",
    /// Negative shift count.
    Shift => "runtime.panicshift",
    /// Nil dereference found by an explicit check.
    NilDereference => "runtime.panicmem",
    /// `unsafe.Slice` and `unsafe.String` checks.
    UnsafeSliceLen => "runtime.panicunsafeslicelen",
    /// `unsafe.Slice`: pointer is nil and length is not zero.
    UnsafeSliceNilPtr => "runtime.panicunsafeslicenilptr",
    /// `unsafe.String`: length out of range.
    UnsafeStringLen => "runtime.panicunsafestringlen",
    /// `unsafe.String`: pointer is nil and length is not zero.
    UnsafeStringNilPtr => "runtime.panicunsafestringnilptr",
    /// `make([]T, n)`: length out of range.
    MakeSliceLen => "runtime.panicmakeslicelen",
    /// `make([]T, n, m)`: capacity out of range.
    MakeSliceCap => "runtime.panicmakeslicecap",
    /// A range function continued its loop after the loop had ended.
    RangeState => "runtime.panicRangeState",
}
