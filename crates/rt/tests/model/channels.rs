//! Channels and select.

use crate::chan::{self, Channel, WaitQueue};
use crate::check;
use crate::sched::call;
use crate::sync::Lock;
use shuttle::thread;
use std::sync::Arc;

/// A channel of words. The model's threads share it as goroutines do.
pub struct Chan {
    channel: *mut Channel,
    _buffer: Vec<u64>,
}
unsafe impl Send for Chan {}
unsafe impl Sync for Chan {}

impl Chan {
    pub fn new(capacity: usize) -> Arc<Chan> {
        let mut buffer = vec![0u64; capacity];
        let channel = Box::into_raw(Box::new(Channel {
            count: 0,
            capacity,
            buffer: buffer.as_mut_ptr().cast(),
            elem_bytes: 8,
            send_index: 0,
            receive_index: 0,
            receivers: WaitQueue::new(),
            senders: WaitQueue::new(),
            timer: 0,
            bubble: 0,
            flags: 0,
            lock: Lock::new(),
        }));
        Arc::new(Chan {
            channel,
            _buffer: buffer,
        })
    }

    fn send(&self, value: u64) -> bool {
        let element = (&raw const value).cast();
        let done = call(|| (unsafe { chan::chansend(self.channel, element, true) }, 0));
        done.0 == chan::SENT
    }

    pub fn receive(&self) -> Option<u64> {
        let mut value = 0u64;
        let element = (&raw mut value).cast();
        let done = call(|| (unsafe { chan::chanrecv(self.channel, element, true) }, 0));
        (done.0 & chan::RECEIVED != 0).then_some(value)
    }

    pub fn address(&self) -> usize {
        self.channel as usize
    }

    /// As the Go half does with a new timer's channel.
    pub fn set_timer(&self, timer: usize) {
        unsafe {
            (*self.channel).timer = timer;
            (*self.channel).flags |= chan::TIMER_BIT;
        }
    }

    /// The bits of a receive that does not wait.
    pub fn try_receive(&self) -> usize {
        call(|| {
            (
                unsafe { chan::chanrecv(self.channel, std::ptr::null_mut(), false) },
                0,
            )
        })
        .0
    }

    pub fn close(&self) {
        assert_eq!(call(|| (unsafe { chan::close(self.channel) }, 0)).0, 0);
    }
}

impl Drop for Chan {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.channel) });
    }
}

/// Selects between sending to `to` and receiving from `from`: what was received, or None.
fn exchange(to: &Chan, value: u64, from: &Chan) -> Option<u64> {
    let mut got = 0u64;
    let cases = [
        chan::Case {
            channel: to.channel as usize,
            element: &raw const value as usize,
        },
        chan::Case {
            channel: from.channel as usize,
            element: &raw mut got as usize,
        },
    ];
    let done = call(|| {
        let words = unsafe { chan::select(cases.as_ptr(), 1, 1, true) };
        (words.0, words.1)
    });
    match done.0 {
        0 => {
            assert_eq!(done.1, 0, "nobody closes");
            None
        }
        1 => {
            assert_eq!(done.1, 1);
            Some(got)
        }
        i => panic!("case {i}"),
    }
}

fn values_arrive_once_and_in_order(capacity: usize) {
    let c = Chan::new(capacity);
    let senders: Vec<_> = [10u64, 20]
        .into_iter()
        .map(|base| {
            let c = c.clone();
            thread::spawn(move || (1..=2).for_each(|i| assert!(c.send(base + i))))
        })
        .collect();
    let receivers: Vec<_> = (0..2)
        .map(|_| {
            let c = c.clone();
            thread::spawn(move || std::iter::from_fn(|| c.receive()).collect::<Vec<_>>())
        })
        .collect();
    for s in senders {
        s.join().unwrap();
    }
    c.close();
    let got: Vec<Vec<u64>> = receivers.into_iter().map(|r| r.join().unwrap()).collect();
    for one in &got {
        for base in [10, 20] {
            let mine: Vec<u64> = one
                .iter()
                .copied()
                .filter(|v| v / 10 * 10 == base)
                .collect();
            assert!(mine.is_sorted(), "{got:?}");
        }
    }
    let mut all: Vec<u64> = got.concat();
    all.sort_unstable();
    assert_eq!(all, [11, 12, 21, 22]);
}

#[test]
fn unbuffered_values_arrive_once_and_in_order() {
    check(|| values_arrive_once_and_in_order(0));
}

#[test]
fn buffered_values_arrive_once_and_in_order() {
    check(|| values_arrive_once_and_in_order(1));
}

#[test]
fn goroutines_that_select_on_both_directions_meet() {
    check(|| {
        let (a, b) = (Chan::new(0), Chan::new(0));
        let other = {
            let (a, b) = (a.clone(), b.clone());
            thread::spawn(move || exchange(&b, 2, &a))
        };
        let mine = exchange(&a, 1, &b);
        let theirs = other.join().unwrap();
        // One of the two sent, the other got it.
        assert!(matches!((mine, theirs), (Some(2), None) | (None, Some(1))));
    });
}

#[test]
fn three_selecting_goroutines_pass_every_value_on() {
    check(|| {
        let c = Chan::new(0);
        let d = Chan::new(1);
        let sums: Vec<_> = (1..=2u64)
            .map(|i| {
                let (c, d) = (c.clone(), d.clone());
                thread::spawn(move || exchange(&d, i, &c).unwrap_or(0))
            })
            .collect();
        // Each of the two either puts its number into d's one place or takes 100 from here.
        assert!(c.send(100));
        let got: u64 = sums.into_iter().map(|s| s.join().unwrap()).sum();
        assert_eq!(got, 100);
        assert!(matches!(d.receive(), Some(1 | 2)));
    });
}

#[test]
fn close_wakes_all_that_wait() {
    check(|| {
        let c = Chan::new(0);
        let waiting: Vec<_> = (0..3)
            .map(|i| {
                let c = c.clone();
                thread::spawn(move || {
                    if i == 0 {
                        c.send(1);
                    } else {
                        c.receive();
                    }
                })
            })
            .collect();
        c.close();
        for w in waiting {
            w.join().unwrap();
        }
        assert_eq!(c.try_receive(), chan::SELECTED);
    });
}
