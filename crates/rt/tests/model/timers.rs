//! Timers: a thread that runs what is due against others that stop, reset, and wait.

use crate::atomic::{AtomicI64, AtomicUsize, Ordering};
use crate::chan;
use crate::channels::Chan;
use crate::check;
use crate::sched::call;
use crate::sched::g::G;
use crate::sched::p::P;
use crate::timer::{self, Timers, words};
use goxide_abi::Timer;
use shuttle::sync::Mutex;
use shuttle::thread;
use std::sync::Arc;

/// What the clock shows at first.
const NOW: i64 = 100;

struct World {
    p: P,
    clock: AtomicI64,
    /// How many receivers are through.
    received: AtomicUsize,
    /// How often functions of timers without a channel have run.
    calls: Mutex<usize>,
}
unsafe impl Send for World {}
unsafe impl Sync for World {}

shuttle::lazy_static! {
    static ref WORLD: World = World {
        p: P { id: 0, timers: Timers::new(0) },
        clock: AtomicI64::new(NOW),
        received: AtomicUsize::new(0),
        calls: Mutex::new(0),
    };
}

pub fn only_p() -> *mut P {
    &raw const WORLD.p as *mut P
}

pub fn now() -> i64 {
    WORLD.clock.load(Ordering::SeqCst)
}

fn set_clock(now: i64) {
    WORLD.clock.store(now, Ordering::SeqCst);
}

/// A timer's goroutine became runnable.
pub fn due(_: *mut G) {
    *WORLD.calls.lock().unwrap() += 1;
}

fn run_timers() {
    WORLD.p.timers.run_due();
}

/// What an M does: runs due timers until so many receivers are through. Each look is later
/// than the one before by `step`.
fn run_timers_for(receivers: usize, step: i64) {
    while WORLD.received.load(Ordering::SeqCst) < receivers {
        set_clock(now() + step);
        run_timers();
        thread::yield_now();
    }
}

/// A goroutine that receives one value.
fn receiver(c: &Arc<Chan>) -> thread::JoinHandle<Option<u64>> {
    let c = c.clone();
    thread::spawn(move || {
        let value = c.receive();
        WORLD.received.fetch_add(1, Ordering::SeqCst);
        value
    })
}

/// A timer at an address of its own.
struct Shared(*mut Timer);
unsafe impl Send for Shared {}
unsafe impl Sync for Shared {}

impl Shared {
    fn stop(&self) -> bool {
        unsafe { timer::stop(self.0) }
    }

    fn reset(&self, when_ns: i64) -> bool {
        unsafe { timer::reset(self.0, when_ns, 0) }
    }
}

fn made(when_ns: i64, channel: usize) -> Shared {
    let mut t: Box<Timer> = Box::new(unsafe { std::mem::zeroed() });
    words::attach(&mut t);
    t.when_ns = when_ns;
    t.channel = channel;
    Shared(Box::into_raw(t))
}

/// One that calls a function.
fn started(when_ns: i64) -> Arc<Shared> {
    let t = made(when_ns, 0);
    unsafe { timer::start(t.0) };
    Arc::new(t)
}

/// One with a channel, which nobody waits for yet.
fn with_channel(when_ns: i64) -> (Arc<Shared>, Arc<Chan>) {
    let c = Chan::new(1);
    let t = made(when_ns, c.address());
    c.set_timer(t.0 as usize);
    (Arc::new(t), c)
}

/// What came first: a value of the timer's, or the end of `quit`.
fn receive_or_quit(c: &Chan, quit: &Chan) -> Option<u64> {
    let mut value = 0u64;
    let cases = [
        chan::Case {
            channel: c.address(),
            element: &raw mut value as usize,
        },
        chan::Case {
            channel: quit.address(),
            element: 0,
        },
    ];
    let (case, _) = call(|| {
        let chosen = unsafe { chan::select(cases.as_ptr(), 0, 2, true) };
        (chosen.0, chosen.1)
    });
    (case == 0).then_some(value)
}

/// Nothing is in the heap, or will be.
fn is_idle() -> bool {
    WORLD.p.timers.is_empty()
}

#[test]
fn a_timer_fires_or_is_stopped() {
    check(|| {
        let t = started(NOW - 1);
        let m = thread::spawn(run_timers);
        let other = {
            let t = t.clone();
            thread::spawn(move || t.stop())
        };
        let stopped = [t.stop(), other.join().unwrap()];
        m.join().unwrap();
        let stops = stopped.iter().filter(|&&s| s).count();
        assert_eq!(stops + *WORLD.calls.lock().unwrap(), 1);
        assert!(is_idle());
    });
}

#[test]
fn a_channel_timer_is_in_a_heap_only_while_somebody_waits() {
    check(|| {
        let (t, c) = with_channel(NOW + 1);
        let quit = Chan::new(0);
        assert!(is_idle(), "nobody waits yet");
        let waiters: Vec<_> = (0..2)
            .map(|_| {
                let (c, quit) = (c.clone(), quit.clone());
                thread::spawn(move || receive_or_quit(&c, &quit))
            })
            .collect();
        let m = thread::spawn(run_timers);
        quit.close();
        for w in waiters {
            assert_eq!(w.join().unwrap(), None, "it is not due");
        }
        m.join().unwrap();
        assert!(is_idle(), "nobody waits any more");
        assert_eq!(c.try_receive(), 0);
        set_clock(NOW + 1);
        assert_ne!(c.try_receive(), 0, "it is due all the same");
        assert!(!t.stop(), "the value was received");
    });
}

#[test]
fn whoever_waits_receives_what_becomes_due() {
    check(|| {
        let (t, c) = with_channel(NOW + 1);
        let receiver = receiver(&c);
        run_timers_for(1, 1);
        assert_eq!(receiver.join().unwrap(), Some(NOW as u64 + 1));
        assert!(is_idle());
        assert!(!t.stop());
    });
}

#[test]
fn a_waiter_receives_or_the_timer_is_stopped() {
    check(|| {
        let (t, c) = with_channel(NOW - 1);
        let quit = Chan::new(0);
        let receiver = {
            let (c, quit) = (c.clone(), quit.clone());
            thread::spawn(move || receive_or_quit(&c, &quit))
        };
        let m = thread::spawn(run_timers);
        let stopped = t.stop();
        quit.close();
        m.join().unwrap();
        let received = receiver.join().unwrap().is_some();
        assert_ne!(stopped, received);
        assert!(is_idle());
        assert_eq!(c.try_receive(), 0);
    });
}

#[test]
fn a_reset_reaches_whoever_waits_for_a_stopped_timer() {
    check(|| {
        let (t, c) = with_channel(NOW + 1);
        let receiver = receiver(&c);
        let other = {
            let t = t.clone();
            thread::spawn(move || t.stop())
        };
        assert!(other.join().unwrap());
        assert!(!t.reset(NOW - 1));
        run_timers_for(1, 0);
        assert_eq!(receiver.join().unwrap(), Some(NOW as u64 - 1));
    });
}

#[test]
fn every_waiter_gets_a_tick() {
    check(|| {
        let (t, c) = with_channel(NOW + 1);
        unsafe { (*t.0).period_ns = 10 };
        let receivers: Vec<_> = (0..2).map(|_| receiver(&c)).collect();
        run_timers_for(2, 10);
        let ticks = receivers.into_iter().map(|r| r.join().unwrap().unwrap());
        let mut ticks: Vec<_> = ticks.collect();
        ticks.sort();
        assert!(ticks[0] < ticks[1], "{ticks:?}");
        assert!(ticks.iter().all(|t| t % 10 == 1), "{ticks:?}");
        assert!(is_idle());
    });
}

#[test]
fn after_a_reset_no_old_value_is_received() {
    check(|| {
        let (t, c) = with_channel(NOW - 1);
        let receiver = {
            let c = c.clone();
            thread::spawn(move || c.try_receive())
        };
        let active = t.reset(NOW + 1);
        assert_eq!(c.try_receive(), 0, "a value of the time before the reset");
        let received = receiver.join().unwrap() != 0;
        assert_ne!(active, received);
        set_clock(NOW + 1);
        assert_ne!(c.try_receive(), 0, "it is started anew");
        assert_eq!(c.try_receive(), 0, "and fires once");
    });
}

#[test]
fn resets_from_two_sides_leave_it_started_once() {
    check(|| {
        let t = started(NOW - 1);
        let m = thread::spawn(run_timers);
        let other = {
            let t = t.clone();
            thread::spawn(move || t.reset(NOW + 1))
        };
        let active = [t.reset(NOW + 2), other.join().unwrap()];
        m.join().unwrap();
        assert!(active.contains(&true), "the second finds it started");
        let fired = *WORLD.calls.lock().unwrap();
        let first_found_it = active.iter().filter(|&&a| a).count() == 2;
        assert_eq!(fired, usize::from(!first_found_it));
        assert_eq!(WORLD.p.timers.len(), 1);
    });
}
