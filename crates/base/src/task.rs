//! What a thread is doing, for the message should the compiler itself fail there.

use crate::intern::Symbol;
use std::cell::Cell;

thread_local! {
    static CURRENT: Cell<(&'static str, Symbol)> = const { Cell::new(("", Symbol::BLANK)) };
}

/// This thread does `what` to function `whom` from now on: `compile`, `main.f`.
pub fn working_on(what: &'static str, whom: Symbol) {
    CURRENT.set((what, whom));
    fail_if_asked(what, whom);
}

/// This thread works on nothing in particular from now on.
pub fn working_on_nothing() {
    CURRENT.set(("", Symbol::BLANK));
}

/// The function that this thread works on; `None`: nothing in particular.
pub fn current() -> Option<Symbol> {
    let (what, whom) = CURRENT.get();
    (!what.is_empty()).then_some(whom)
}

/// A way to see what a failure looks like: `GOXIDE_FAIL="compile main.f"`.
fn fail_if_asked(what: &str, whom: Symbol) {
    static ASKED: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("GOXIDE_FAIL").ok());
    if let Some(asked) = &*ASKED {
        assert!(
            *asked != format!("{what} {whom}"),
            "asked to fail by GOXIDE_FAIL"
        );
    }
}
