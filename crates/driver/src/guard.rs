//! Panics of the compiler become [`Failure::Internal`], with what was being compiled.

use crate::failure::Failure;
use goxide_base::task;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once};

/// What is going on: a stage, for all threads that take part in it.
static STAGE: Mutex<String> = Mutex::new(String::new());

/// The first panic's message and what its thread was working on.
static FIRST: Mutex<Option<(String, String)>> = Mutex::new(None);

/// Says what is going on from now on: `checking package p`.
pub fn working_on(what: String) {
    *STAGE.lock().unwrap_or_else(|e| e.into_inner()) = what;
    task::working_on_nothing();
}

/// The stage, and the function if this thread works on one.
fn at() -> String {
    let stage = STAGE.lock().unwrap_or_else(|e| e.into_inner()).clone();
    match task::current() {
        None => stage,
        Some(function) => format!("{stage}, in function {function}"),
    }
}

/// Runs a stage. If it panics, here or on a thread it waits for, that is its failure.
pub fn guard<T>(stage: &str, run: impl FnOnce() -> T) -> Result<T, Failure> {
    install_hook();
    working_on(stage.to_string());
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| {
        let first = FIRST.lock().unwrap_or_else(|e| e.into_inner()).take();
        let (working_on, message) = first.unwrap_or_else(|| (stage.into(), "panic".into()));
        Failure::Internal {
            working_on,
            message,
        }
    })
}

/// Panics are reported once, by [`guard`]'s caller; `RUST_BACKTRACE=1` shows where.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let text = match (info.payload_as_str(), info.location()) {
                (Some(text), Some(at)) => format!("{text} ({}:{})", at.file(), at.line()),
                (text, _) => text.unwrap_or("panic").to_string(),
            };
            let what = at();
            FIRST
                .lock()
                .unwrap_or_else(|e| e.into_inner())
                .get_or_insert((what, text));
            if std::env::var_os("RUST_BACKTRACE").is_some_and(|v| !v.is_empty() && v != "0") {
                usual(info);
            }
        }));
    });
}
