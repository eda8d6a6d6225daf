//! Timers: a thread that runs what is due against others that stop and reset.

use crate::chan::{self, Channel};
use crate::channels::Chan;
use crate::check;
use crate::sched::g::G;
use crate::sched::lifecycle;
use crate::sched::m::here;
use crate::sched::p::P;
use crate::timer::{self, Timers, words};
use goxide_abi::Timer;
use shuttle::sync::Mutex;
use shuttle::thread;
use std::collections::VecDeque;
use std::sync::Arc;

/// What the clock always shows: timers due before it are due at once, later ones never.
pub const NOW: i64 = 100;

struct World {
    p: P,
    /// Goroutines of timers that are due.
    runnable: Mutex<VecDeque<usize>>,
    /// How often functions of timers without a channel have run.
    calls: Mutex<usize>,
}
unsafe impl Send for World {}
unsafe impl Sync for World {}

shuttle::lazy_static! {
    static ref WORLD: World = World {
        p: P { id: 0, timers: Timers::new(0) },
        runnable: Mutex::new(VecDeque::new()),
        calls: Mutex::new(0),
    };
}

pub fn only_p() -> *mut P {
    &raw const WORLD.p as *mut P
}

/// A timer's goroutine became runnable.
pub fn due(g: *mut G) {
    WORLD.runnable.lock().unwrap().push_back(g as usize);
}

/// What an M does: runs due timers and their goroutines.
fn run_timers() {
    WORLD.p.timers.run_due();
    loop {
        let next = WORLD.runnable.lock().unwrap().pop_front();
        let Some(g) = next else { return };
        let g = g as *mut G;
        unsafe {
            if !timer::begin(g) {
                continue;
            }
            match (*(*g).fires).channel {
                0 => *WORLD.calls.lock().unwrap() += 1,
                c => {
                    let value = 1u64;
                    chan::chansend(c as *mut Channel, (&raw const value).cast(), false);
                }
            }
            lifecycle::finished(here(), g);
        }
    }
}

/// A timer at an address of its own.
struct Shared(*mut Timer);
unsafe impl Send for Shared {}
unsafe impl Sync for Shared {}

fn started(when_ns: i64, channel: usize) -> Arc<Shared> {
    let mut t: Box<Timer> = Box::new(unsafe { std::mem::zeroed() });
    words::attach(&mut t);
    t.when_ns = when_ns;
    t.channel = channel;
    let t = Box::into_raw(t);
    unsafe { timer::start(t) };
    Arc::new(Shared(t))
}

#[test]
fn a_timer_fires_or_is_stopped() {
    check(|| {
        let t = started(NOW - 1, 0);
        let m = thread::spawn(run_timers);
        let other = {
            let t = t.clone();
            thread::spawn(move || unsafe { timer::stop(t.0) })
        };
        let stopped = [unsafe { timer::stop(t.0) }, other.join().unwrap()];
        m.join().unwrap();
        let stops = stopped.iter().filter(|&&s| s).count();
        assert_eq!(stops + *WORLD.calls.lock().unwrap(), 1);
        assert!(WORLD.p.timers.is_empty());
    });
}

#[test]
fn after_a_reset_no_old_value_is_received() {
    check(|| {
        let c = Chan::new(1);
        let t = started(NOW - 1, c.address());
        let m = thread::spawn(run_timers);
        let active = unsafe { timer::reset(t.0, NOW + 1, 0) };
        assert!(active, "nobody received, so it was still going to");
        assert_eq!(c.try_receive(), 0, "a value of the time before the reset");
        m.join().unwrap();
        assert_eq!(c.try_receive(), 0, "a value of the time before the reset");
        assert!(!WORLD.p.timers.is_empty(), "it is started anew");
    });
}

#[test]
fn a_channel_timer_gives_its_value_or_is_stopped() {
    check(|| {
        let c = Chan::new(1);
        let t = started(NOW - 1, c.address());
        let ms: Vec<_> = (0..2).map(|_| thread::spawn(run_timers)).collect();
        let stopped = unsafe { timer::stop(t.0) };
        assert!(stopped, "nobody received");
        for m in ms {
            m.join().unwrap();
        }
        assert_eq!(c.try_receive(), 0);
    });
}

#[test]
fn resets_from_two_sides_leave_it_started_once() {
    check(|| {
        let t = started(NOW - 1, 0);
        let m = thread::spawn(run_timers);
        let other = {
            let t = t.clone();
            thread::spawn(move || unsafe { timer::reset(t.0, NOW + 1, 0) })
        };
        let active = [
            unsafe { timer::reset(t.0, NOW + 2, 0) },
            other.join().unwrap(),
        ];
        m.join().unwrap();
        assert!(active.contains(&true), "the second finds it started");
        let fired = *WORLD.calls.lock().unwrap();
        let first_found_it = active.iter().filter(|&&a| a).count() == 2;
        assert_eq!(fired, usize::from(!first_found_it));
        assert_eq!(WORLD.p.timers.len(), 1);
    });
}
