//! Threads that mark: made at the first collection that wants them, asleep between.

use crate::sync::{Guard, Mutex};
use std::sync::{Arc, Condvar};
use std::thread::JoinHandle;

/// What helpers run.
pub(crate) type Job = Arc<dyn Fn() + Send + Sync>;

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
    /// What to run, and how many helpers have yet to begin and to end with it.
    job: Option<Job>,
    to_start: usize,
    running: usize,
    closing: bool,
}

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

    /// Lets so many helpers (no more than there are) run the job, after the last one.
    pub(crate) fn start(&self, helpers: usize, job: Job) {
        if helpers > 0 {
            self.wait();
            let mut state = self.shared.state.lock();
            state.job = Some(job);
            state.to_start = helpers;
            state.running = helpers;
            self.shared.changed.notify_all();
        }
    }

    /// The same, but none helps if some are not through with the last job.
    pub(crate) fn start_if_idle(&self, helpers: usize, job: Job) {
        if self.shared.state.lock().running == 0 {
            self.start(helpers, job);
        }
    }

    /// Waits until the helpers are done, and drops the job. (Who knows that there is nothing
    /// left to do need not: it may take a helper long to notice on a busy machine.)
    fn wait(&self) {
        let mut state = self.shared.state.lock();
        while state.running > 0 {
            state = self.shared.wait(state);
        }
        state.job = None;
    }

    /// Waits for the helpers and ends them.
    pub(crate) fn close(&self) {
        self.wait();
        self.shared.state.lock().closing = true;
        self.shared.changed.notify_all();
        for thread in self.threads.lock().drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn wait<'a>(&self, state: Guard<'a, State>) -> Guard<'a, State> {
        self.changed.wait(state).unwrap_or_else(|e| e.into_inner())
    }

    fn help(&self) {
        let mut state = self.state.lock();
        while !state.closing {
            let Some(job) = state.job.clone().filter(|_| state.to_start > 0) else {
                state = self.wait(state);
                continue;
            };
            state.to_start -= 1;
            drop(state);
            job();
            drop(job);
            state = self.state.lock();
            state.running -= 1;
            if state.running == 0 {
                self.changed.notify_all();
            }
        }
    }
}

/// Threads made meanwhile get no signals, as those of a Go program are for threads that run Go;
/// but the profile of CPU time is about all, and a system call for all threads is made in the
/// handler of SIGURG.
fn with_signals_blocked<T>(f: impl FnOnce() -> T) -> T {
    // SAFETY: plain calls with valid sets; the old mask is restored.
    unsafe {
        let (mut all, mut old) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&mut all);
        libc::sigdelset(&mut all, libc::SIGPROF);
        libc::sigdelset(&mut all, libc::SIGURG);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut old);
        let result = f();
        libc::pthread_sigmask(libc::SIG_SETMASK, &old, std::ptr::null_mut());
        result
    }
}
