//! Waiting for a descriptor, under loom: `netpoll/waits.rs` as it is, with a reader, the
//! poller, a deadline that passes and a close on threads of the model. A wake-up that is
//! lost leaves the reader asleep, which loom reports.
//!
//! Loom takes sequentially consistent operations for weaker ones, so what a model shows
//! rests on the barriers and on atomic operations alone.
//!
//! Mistakes that the models find: without the barriers (a test of its own); without the
//! second look in `Waits::begin` (the reader sleeps beyond deadline and close); `Side::park`
//! with a store in the place of the compare-and-swap (it sleeps beside its data); and
//! `Waits::note_error` that sets its bit without a look at the generation, or after one (the
//! next use has the error).

mod atomic {
    pub use loom::sync::atomic::{AtomicI64, AtomicUsize, Ordering, fence};
    use std::cell::Cell;

    thread_local! {
        /// The mistake that a model is to find.
        pub static WITHOUT_BARRIERS: Cell<bool> = const { Cell::new(false) };
    }

    pub fn barrier() {
        if !WITHOUT_BARRIERS.get() {
            fence(Ordering::SeqCst);
        }
    }
}
#[allow(dead_code)]
#[path = "../src/netpoll/waits.rs"]
mod waits;

use atomic::{AtomicUsize, Ordering, fence};
use loom::sync::{Condvar, Mutex};
use loom::thread;
use waits::{CLOSING, Mode, OK, TIMEOUT, Waits};

/// The goroutine that reads.
const READER: usize = 64;

struct Model {
    waits: Waits,
    /// What the kernel has for the descriptor.
    data: AtomicUsize,
    /// Who may run the reader, which does not run by itself.
    woken: Mutex<bool>,
    wake: Condvar,
}

impl Model {
    /// Leaked: a model that ends with a deadlock drops nothing.
    fn new() -> &'static Model {
        let waits = Waits::new();
        waits.open();
        Box::leak(Box::new(Model {
            waits,
            data: AtomicUsize::new(0),
            woken: Mutex::new(false),
            wake: Condvar::new(),
        }))
    }

    /// What a read in Go does: OK when it has data, or else the code.
    fn read(&self) -> usize {
        let code = self.waits.reset(Mode::Read);
        if code != OK {
            return code;
        }
        loop {
            // The kernel's part is a barrier itself.
            fence(Ordering::SeqCst);
            if self.data.load(Ordering::Relaxed) != 0 {
                return OK;
            }
            match self.waits.begin(Mode::Read) {
                Some(OK) => continue,
                Some(code) => return code,
                None => {}
            }
            if self.waits.side(Mode::Read).park(READER) {
                self.sleep();
            }
        }
    }

    fn sleep(&self) {
        let mut woken = self.woken.lock().unwrap();
        while !*woken {
            woken = self.wake.wait(woken).unwrap();
        }
        *woken = false;
    }

    fn ready(&self, g: usize) {
        if g == 0 {
            return;
        }
        assert_eq!(g, READER);
        let mut woken = self.woken.lock().unwrap();
        assert!(!*woken, "woken twice");
        *woken = true;
        self.wake.notify_one();
    }

    /// Data arrive, and the poller says so.
    fn arrive(&self) {
        self.data.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        self.ready(self.waits.event(Mode::Read));
    }

    fn expire(&self) {
        self.waits.side(Mode::Read).set_deadline_ns(-1);
        self.ready(self.waits.interrupt(Mode::Read));
    }

    fn close(&self) {
        self.waits.begin_closing();
        self.ready(self.waits.interrupt(Mode::Read));
    }
}

/// Every interleaving of a reader with others, with so many forced switches; the reader must
/// come back with one of the codes.
fn check(others: &'static [fn(&Model)], codes: &'static [usize]) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        let model = Model::new();
        let others: Vec<_> = others
            .iter()
            .map(|other| thread::spawn(move || other(model)))
            .collect();
        assert!(codes.contains(&model.read()));
        for other in others {
            other.join().unwrap();
        }
    });
}

#[test]
fn a_reader_does_not_sleep_beside_data() {
    check(&[Model::arrive], &[OK]);
}

#[test]
fn nor_beyond_its_deadline() {
    check(&[Model::expire], &[TIMEOUT]);
}

#[test]
fn nor_beyond_a_close() {
    check(&[Model::close], &[CLOSING]);
}

#[test]
fn data_and_deadline_wake_it_once() {
    check(&[Model::arrive, Model::expire], &[OK, TIMEOUT]);
}

#[test]
fn deadline_and_close_wake_it_once() {
    check(&[Model::expire, Model::close], &[TIMEOUT, CLOSING]);
}

#[test]
fn an_event_for_an_earlier_use_is_no_error_of_the_next() {
    loom::model(|| {
        let model = Model::new();
        let meant = model.waits.generation();
        let poller = thread::spawn(move || {
            if model.waits.note_error(|now| now == meant, true) {
                model.ready(model.waits.event(Mode::Read));
            }
        });
        model.waits.begin_closing();
        model.waits.close();
        model.waits.open();
        assert_eq!(model.waits.code(Mode::Read), OK);
        poller.join().unwrap();
        assert_eq!(model.waits.code(Mode::Read), OK);
    });
}

#[test]
#[should_panic = "deadlock"]
fn without_the_barriers_a_deadline_is_missed() {
    atomic::WITHOUT_BARRIERS.set(true);
    check(&[Model::expire], &[TIMEOUT]);
}
