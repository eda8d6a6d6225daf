//! A scheduler for models: every goroutine is a thread of the model, and parks on a
//! condition of its own.

pub mod g {
    use crate::atomic::AtomicU32;
    use crate::chan::Sudog;
    use shuttle::sync::{Condvar, Mutex};

    #[derive(Default)]
    pub struct Context {
        pub park_results: [u64; 2],
    }

    pub type Commit = unsafe fn(*mut G, usize) -> bool;

    pub struct G {
        pub context: Context,
        pub sudog: Sudog,
        pub select: SelectState,
        pub select_done: AtomicU32,
        pub finish: Option<unsafe fn(*mut G) -> bool>,
        pub system: bool,
        pub no_preempt: bool,
        pub is_timers: bool,
        /// It asked to be parked.
        pub parking: Option<(Option<Commit>, usize)>,
        /// Waits, and was made ready.
        pub state: Mutex<(bool, bool)>,
        pub woken: Condvar,
    }

    #[derive(Default)]
    pub struct SelectState {
        pub sudogs: Vec<Sudog>,
        pub lock_order: Vec<u16>,
        pub cases: usize,
        pub sends: usize,
    }

    pub enum Status {
        Runnable,
    }

    impl G {
        /// No marker looks at it here.
        pub fn set_status(&self, _: Status) {}

        pub fn select(&mut self) -> &mut SelectState {
            &mut self.select
        }

        pub fn allocate() -> *mut G {
            Box::into_raw(Box::new(G {
                context: Context::default(),
                sudog: Sudog::new(),
                select: SelectState::default(),
                select_done: AtomicU32::new(0),
                finish: None,
                system: false,
                no_preempt: false,
                is_timers: false,
                parking: None,
                state: Mutex::new((false, false)),
                woken: Condvar::new(),
            }))
        }
    }
}

pub mod m {
    use super::g::G;
    use super::p::P;

    pub enum Leave {
        YieldLocal,
    }

    pub struct M {
        pub p: *mut P,
    }

    shuttle::thread_local! {
        static CURRENT: *mut G = G::allocate();
    }

    pub fn current_g() -> *mut G {
        CURRENT.with(|g| *g)
    }

    shuttle::thread_local! {
        static HERE: *mut M = Box::into_raw(Box::new(M { p: crate::timers::only_p() }));
    }

    pub fn here() -> *mut M {
        HERE.with(|m| *m)
    }
}

pub mod p {
    pub struct P {
        pub id: usize,
        pub timers: crate::timer::Timers,
    }
}

/// What timers look up in it.
pub struct Sched;
pub static SCHED: Sched = Sched;

impl Sched {
    pub fn proc(&self, id: usize) -> &'static p::P {
        assert_eq!(id, 0);
        unsafe { &*crate::timers::only_p() }
    }
}

pub mod park {
    use super::g::{Commit, G};
    use super::m::{Leave, current_g};
    use goxide_abi::WaitReason;

    pub fn park(_: WaitReason, commit: Option<Commit>, argument: usize) {
        unsafe { (*current_g()).parking = Some((commit, argument)) };
    }

    pub unsafe fn unlock_commit(_: *mut G, lock: usize) -> bool {
        (*(lock as *const crate::sync::Lock)).unlock();
        true
    }

    pub unsafe fn ready(g: *mut G) {
        let mut state = (*g).state.lock().unwrap();
        assert!(state.0, "made ready while it does not wait");
        assert!(!state.1, "made ready twice");
        state.1 = true;
        (*g).woken.notify_one();
    }

    pub fn set_durable(_: bool) {}

    pub fn yield_to(_: Leave) {
        shuttle::thread::yield_now();
    }

    pub unsafe fn put_last(g: *mut G) {
        crate::timers::due(g);
    }
}

pub mod bubble {
    pub unsafe fn of(_: *const super::g::G) -> usize {
        0
    }
}

pub mod idle {
    pub fn pinned() -> bool {
        false
    }
}

pub mod wake {
    pub fn wake_p_after_push() {}
}

pub mod lifecycle {
    use super::g::G;

    pub unsafe fn new_go(_: usize, _: [usize; 6]) -> *mut G {
        G::allocate()
    }
}

/// A runtime call of the goroutine that this thread is.
pub fn call(f: impl FnOnce() -> (usize, usize)) -> (usize, usize) {
    let g = m::current_g();
    let results = f();
    unsafe {
        let Some((commit, argument)) = (*g).parking.take() else {
            return results;
        };
        (*g).state.lock().unwrap().0 = true;
        if let Some(commit) = commit {
            assert!(commit(g, argument));
        }
        let mut state = (*g).state.lock().unwrap();
        while !state.1 {
            state = (*g).woken.wait(state).unwrap();
        }
        *state = (false, false);
        drop(state);
        if let Some(finish) = (*g).finish.take() {
            assert!(finish(g));
        }
        let [a, b] = (*g).context.park_results;
        (a as usize, b as usize)
    }
}
