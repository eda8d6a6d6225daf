//! `GODEBUG=tracebackancestors=N`: dumps tell for each goroutine where the one was that made it,
//! and the one that made that, N of them.

use super::text;
use super::walk::{Frame, Walk};
use crate::sched::g::G;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// Frames kept of one.
const FRAMES: usize = 50;

/// A goroutine at a `go` statement.
struct Ancestor {
    goid: u64,
    pcs: Vec<usize>,
    /// [`G::go_pcs`] of its own.
    go_pcs: [usize; 2],
}

/// How many are kept for each goroutine; 0: the setting is off.
static MOST: AtomicUsize = AtomicUsize::new(0);
/// Of each goroutine that is alive, the nearest first.
static KNOWN: Mutex<BTreeMap<u64, Vec<Arc<Ancestor>>>> = Mutex::new(BTreeMap::new());

/// Takes the setting, at the start.
pub fn keep(most: i64) {
    MOST.store(usize::try_from(most).unwrap_or(0), Ordering::Relaxed);
}

/// A goroutine is made.
///
/// # Safety
/// `parent` is in the runtime call that makes `g`.
#[inline]
pub unsafe fn note(g: *const G, parent: *const G) {
    let most = MOST.load(Ordering::Relaxed);
    if most != 0 {
        // SAFETY: see above.
        unsafe { note_up_to(most, g, parent) };
    }
}

#[cold]
unsafe fn note_up_to(most: usize, g: *const G, parent: *const G) {
    // SAFETY: see `note`.
    let (new, nearest) = unsafe {
        let nearest = Ancestor {
            goid: (*parent).context.goid,
            pcs: Walk::parked(parent).take(FRAMES).map(|f| f.pc).collect(),
            go_pcs: (*parent).go_pcs,
        };
        ((*g).context.goid, nearest)
    };
    let mut known = KNOWN.lock().unwrap();
    let further = known.get(&nearest.goid).into_iter().flatten().cloned();
    let all = std::iter::once(Arc::new(nearest)).chain(further.collect::<Vec<_>>());
    let all = all.take(most).collect();
    known.insert(new, all);
}

/// A goroutine has ended.
#[inline]
pub fn forget(goid: u64) {
    if MOST.load(Ordering::Relaxed) != 0 {
        KNOWN.lock().unwrap().remove(&goid);
    }
}

/// What is known of a goroutine. (Nothing, if a thread was stopped in the middle of a change.)
pub fn write(out: &mut String, goid: u64) {
    if MOST.load(Ordering::Relaxed) == 0 {
        return;
    }
    let Ok(known) = KNOWN.try_lock() else { return };
    for ancestor in known.get(&goid).into_iter().flatten() {
        let _ = writeln!(out, "[originating from goroutine {}]:", ancestor.goid);
        for &pc in &ancestor.pcs {
            let frame = Frame {
                pc,
                fp: 0,
                sp: 0,
                exact: false,
            };
            for line in text::logical(frame, false) {
                without_values(out, &line);
            }
        }
        if ancestor.pcs.len() == FRAMES {
            out.push_str("...additional frames elided...\n");
        }
        if ancestor.goid != 1 {
            text::made_by(out, ancestor.go_pcs, 0);
        }
    }
}

/// A frame's lines without arguments and addresses, which were others then.
fn without_values(out: &mut String, line: &str) {
    let (call, place) = line.split_once('\n').unwrap_or((line, ""));
    let name = call.rfind('(').map_or(call, |at| &call[..at]);
    let place = place.trim_end();
    let place = place.find(" fp=").map_or(place, |at| &place[..at]);
    let _ = writeln!(out, "{name}(...)\n{place}");
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_are_left_out() {
        let mut out = String::new();
        super::without_values(
            &mut out,
            "main.(*T).f()\n\tx.go:3 +0x1 fp=0x2 sp=0x3 pc=0x4\n",
        );
        super::without_values(&mut out, "main.g(...)\n\tx.go:4 +0x1\n");
        let expected = "main.(*T).f(...)\n\tx.go:3 +0x1\nmain.g(...)\n\tx.go:4 +0x1\n";
        assert_eq!(out, expected);
    }
}
