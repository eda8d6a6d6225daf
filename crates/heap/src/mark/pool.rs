//! Threads that help to mark: made at the first collection that wants them, asleep between.

use crate::sync::Mutex;
use std::sync::{Arc, Condvar};
use std::thread::JoinHandle;

/// The helpers of one heap.
#[derive(Default)]
pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What to run, and for how many more helpers.
    job: Option<Job>,
    to_start: usize,
    running: usize,
    closing: bool,
}

/// A borrowed closure; `Pool::run` does not return before all helpers are done with it.
#[derive(Clone, Copy)]
struct Job(*const (dyn Fn() + Sync));

// SAFETY: the closure is `Sync` and outlives its use by the helpers.
unsafe impl Send for Job {}

impl Pool {
    /// How many of the wanted helpers there are, after trying to start the missing ones.
    pub(crate) fn helpers(&self, wanted: usize) -> usize {
        let mut threads = self.threads.lock();
        while threads.len() < wanted {
            let shared = self.shared.clone();
            let builder = std::thread::Builder::new().name("goxide-mark".into());
            match with_signals_blocked(|| builder.spawn(move || shared.help())) {
                Ok(thread) => threads.push(thread),
                // Fewer threads mark as well, only slower.
                Err(_) => break,
            }
        }
        threads.len().min(wanted)
    }

    /// Runs `job` here and on so many helpers (no more than there are) at once.
    pub(crate) fn run(&self, helpers: usize, job: &(dyn Fn() + Sync)) {
        if helpers == 0 {
            return job();
        }
        // SAFETY: only the lifetime changes; the helpers are waited for below.
        let forever: &'static (dyn Fn() + Sync) = unsafe { std::mem::transmute(job) };
        {
            let mut state = self.shared.state.lock();
            state.job = Some(Job(forever));
            state.to_start = helpers;
            state.running = helpers;
        }
        self.shared.changed.notify_all();
        job();
        let mut state = self.shared.state.lock();
        while state.running > 0 {
            state = self.shared.wait(state);
        }
        state.job = None;
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.shared.state.lock().closing = true;
        self.shared.changed.notify_all();
        for thread in self.threads.lock().drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn wait<'a>(&self, state: crate::sync::Guard<'a, State>) -> crate::sync::Guard<'a, State> {
        self.changed.wait(state).unwrap_or_else(|e| e.into_inner())
    }

    fn help(&self) {
        let mut state = self.state.lock();
        while !state.closing {
            let Some(Job(job)) = state.job.filter(|_| state.to_start > 0) else {
                state = self.wait(state);
                continue;
            };
            state.to_start -= 1;
            drop(state);
            // SAFETY: `run` waits for this helper before the closure ends.
            unsafe { (*job)() };
            state = self.state.lock();
            state.running -= 1;
            if state.running == 0 {
                self.changed.notify_all();
            }
        }
    }
}

/// Threads made meanwhile get no signals: those of a Go program are for threads that run Go.
fn with_signals_blocked<T>(f: impl FnOnce() -> T) -> T {
    // SAFETY: plain calls with valid sets; the old mask is restored.
    unsafe {
        let (mut all, mut old) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut old);
        let result = f();
        libc::pthread_sigmask(libc::SIG_SETMASK, &old, std::ptr::null_mut());
        result
    }
}
