//! Stubs through which Go code calls Rust.
//!
//! ```text
//!   goroutine stack             system stack
//!   return address              …frame of `execute`
//!   rbp      ◄ rbp, sched_fp    request word ◄ system_sp
//!   rbx r12 r13 r14 ◄ sched_sp  goxide_NAME's frames
//! ```
//!
//! The preserved registers are stored even for calls that cannot park: a collection that
//! starts in such a call finds in them what only a register held.
//!
//! A preemption that came during the call happens at its end, as if the signal had found
//! the instruction behind it.

/// Makes the symbol `runtime.NAME`, which calls `goxide_NAME` on the system stack.
#[macro_export]
macro_rules! runtime_stub {
    ($name:ident, Sys) => {
        $crate::runtime_stub!(@emit $name, "");
    };
    ($name:ident, Park) => {
        $crate::runtime_stub!(@emit $name, "cmp qword ptr [rsp], 0\njne goxide_switch_out\n");
    };
    ($name:ident, NoReturn) => {
        $crate::runtime_stub!(@emit $name, "jmp goxide_switch_out\n");
    };
    ($name:ident, Leaf) => {};
    (@emit $name:ident, $after:literal) => {
        ::core::arch::global_asm!(
            concat!(
                ".pushsection .text.goxide_stubs,\"ax\",@progbits\n",
                ".balign 16\n",
                ".globl \"runtime.", stringify!($name), "\"\n",
                ".type \"runtime.", stringify!($name), "\",@function\n",
                "\"runtime.", stringify!($name), "\":\n",
                "push rbp\nmov rbp, rsp\npush rbx\npush r12\npush r13\npush r14\n",
                "mov [r15 + {sched_sp}], rsp\nmov [r15 + {sched_fp}], rbp\n",
                "mov rsp, [r15 + {system_sp}]\n",
                "call goxide_", stringify!($name), "\n",
                $after,
                "mov rsp, [r15 + {sched_sp}]\n",
                "mov rcx, rdx\n",
                "add rsp, 32\npop rbp\n",
                "cmp qword ptr [r15 + {late}], 0\njne goxide_preempt_late\n",
                "ret\n",
                ".size \"runtime.", stringify!($name), "\", . - \"runtime.", stringify!($name), "\"\n",
                ".popsection\n",
            ),
            sched_sp = const ::core::mem::offset_of!($crate::x86_64::stub::GContext, sched_sp),
            sched_fp = const ::core::mem::offset_of!($crate::x86_64::stub::GContext, sched_fp),
            system_sp = const ::core::mem::offset_of!($crate::x86_64::stub::GContext, system_sp),
            late = const ::core::mem::offset_of!($crate::x86_64::stub::GContext, preempt_late),
        );
    };
}

pub use goxide_abi::GContext;
