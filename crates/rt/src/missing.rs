//! Runtime calls that are not there yet: calling one is a fatal error that names it.

use crate::fatal;

macro_rules! missing {
    ($($function:ident: $name:literal,)*) => {
        $(#[unsafe(no_mangle)]
        extern "C" fn $function() -> ! {
            fatal::throw_text(concat!("runtime call ", $name, " is not implemented"))
        })*
    };
}

missing! {
    goxide_typedmemmove_bulk: "typedmemmove_bulk",
    goxide_gc_start: "gc_start",
    goxide_gc_set_percent: "gc_set_percent",
    goxide_gc_set_limit: "gc_set_limit",
    goxide_gc_free_os: "gc_free_os",
    goxide_read_mem_stats: "read_mem_stats",
    goxide_set_finalizer: "set_finalizer",
    goxide_add_cleanup: "add_cleanup",
    goxide_stop_cleanup: "stop_cleanup",
    goxide_find_object: "find_object",
    goxide_weak_register: "weak_register",
    goxide_weak_strong: "weak_strong",
    goxide_next_finalizer: "next_finalizer",
    goxide_round_up_size: "round_up_size",
}
