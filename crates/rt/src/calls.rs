//! The runtime calls: one stub for each (kept in the executable by [`STUBS`]), and the
//! shape of their results.

use goxide_abi::RuntimeCallKind;

/// Two result words, returned in rax and rdx.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Words(pub usize, pub usize);

/// A stub of the image: what Go code calls.
pub struct Stub {
    /// Name without the package.
    pub name: &'static str,
    /// Its kind.
    pub kind: RuntimeCallKind,
    /// Its code.
    pub address: unsafe extern "C" fn(),
}

macro_rules! make_stubs {
    ($($name:ident($params:literal) -> $results:literal: $kind:ident, $doc:literal;)*) => {
        $(goxide_fiber::runtime_stub!($name, $kind);)*

        mod symbols {
            unsafe extern "C" {
                $(#[link_name = concat!("runtime.", stringify!($name))]
                pub fn $name();)*
            }
        }

        /// Every stub, in the order of the list. Also what keeps them in the executable.
        #[used]
        pub static STUBS: &[Stub] = &[$(Stub {
            name: stringify!($name),
            kind: RuntimeCallKind::$kind,
            address: symbols::$name,
        }),*];
    };
}
goxide_abi::runtime_calls!(make_stubs);

unsafe extern "C" {
    #[link_name = "runtime.morestack"]
    fn morestack();
}

/// The slow path of prefixes, kept likewise.
#[used]
pub static MORESTACK: unsafe extern "C" fn() = morestack;

/// What compiled code calls from cold blocks, kept likewise.
#[used]
pub static COLD_CALL: unsafe extern "C" fn() = goxide_fiber::x86_64::cold_call::go_cold_call;

/// What write barriers call, kept likewise.
#[used]
pub static GC_SHADE: unsafe extern "C" fn() = goxide_fiber::x86_64::barrier::go_gc_shade;

/// The stub whose code contains `pc`, if it is one.
pub fn stub_at(pc: usize) -> Option<&'static Stub> {
    STUBS
        .iter()
        .filter(|s| (s.address as usize) <= pc)
        .max_by_key(|s| s.address as usize)
        .filter(|s| pc - (s.address as usize) < 128)
}
