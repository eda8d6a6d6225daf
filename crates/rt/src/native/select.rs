//! `select!`.
//!
//! The macro puts its cases into a nested tuple, `(case, (case, ()))`, asks
//! [`select_cases`] which one is done, and reads the result from it; so each case keeps its
//! own types. The runtime wants sends before receives, so the order is mapped here.

use super::call_two;
use super::channel::{Chan, SendError};
use crate::calls::Words;
use crate::chan;
use std::mem::{ManuallyDrop, MaybeUninit};

/// A case of a select.
pub trait Case {
    /// Whether it sends.
    const SENDS: bool;
    /// The channel, and the address of the element, which does not move until the end of
    /// the select.
    fn raw(&mut self) -> chan::Case;
}

/// Receives.
pub struct ReceiveCase<'a, T> {
    channel: &'a Chan<T>,
    slot: MaybeUninit<T>,
}

impl<'a, T: Send> ReceiveCase<'a, T> {
    /// From this channel.
    pub fn new(channel: &'a Chan<T>) -> Self {
        ReceiveCase {
            channel,
            slot: MaybeUninit::uninit(),
        }
    }

    /// The value, after this case was chosen with that second result.
    ///
    /// # Safety
    /// Called once, with the second result of the select that chose this case.
    pub unsafe fn result(self, second: usize) -> Option<T> {
        // SAFETY: it says whether a value was moved into the slot.
        (second & 1 != 0).then(|| unsafe { self.slot.assume_init() })
    }
}

impl<T: Send> Case for ReceiveCase<'_, T> {
    const SENDS: bool = false;
    fn raw(&mut self) -> chan::Case {
        chan::Case {
            channel: self.channel.address(),
            element: self.slot.as_mut_ptr() as usize,
        }
    }
}

/// Sends. If the case is not chosen, the value is dropped with it.
pub struct SendCase<'a, T> {
    channel: &'a Chan<T>,
    value: ManuallyDrop<T>,
    sent: bool,
}

impl<'a, T: Send> SendCase<'a, T> {
    /// To this channel.
    pub fn new(channel: &'a Chan<T>, value: T) -> Self {
        SendCase {
            channel,
            value: ManuallyDrop::new(value),
            sent: false,
        }
    }

    /// Whether the value was sent, after this case was chosen with that second result.
    ///
    /// # Safety
    /// Called once, with the second result of the select that chose this case.
    pub unsafe fn result(mut self, second: usize) -> Result<(), SendError<T>> {
        self.sent = true;
        if second & 2 == 0 {
            return Ok(());
        }
        // SAFETY: the channel was closed, so the value is still here; `sent` keeps it from
        // being dropped.
        Err(SendError(unsafe { ManuallyDrop::take(&mut self.value) }))
    }
}

impl<T> Drop for SendCase<'_, T> {
    fn drop(&mut self) {
        if !self.sent {
            // SAFETY: the value never left.
            unsafe { ManuallyDrop::drop(&mut self.value) };
        }
    }
}

impl<T: Send> Case for SendCase<'_, T> {
    const SENDS: bool = true;
    fn raw(&mut self) -> chan::Case {
        chan::Case {
            channel: self.channel.address(),
            element: &raw mut self.value as usize,
        }
    }
}

/// The cases of a select, in the order written.
pub trait Cases {
    /// How many.
    const COUNT: usize;
    /// Adds each: whether it sends, and what the runtime needs.
    fn collect(&mut self, add: &mut impl FnMut(bool, chan::Case));
}

impl Cases for () {
    const COUNT: usize = 0;
    fn collect(&mut self, _: &mut impl FnMut(bool, chan::Case)) {}
}

impl<C: Case, Rest: Cases> Cases for (C, Rest) {
    const COUNT: usize = 1 + Rest::COUNT;
    fn collect(&mut self, add: &mut impl FnMut(bool, chan::Case)) {
        add(C::SENDS, self.0.raw());
        self.1.collect(add);
    }
}

extern "C" fn select_call(cases: usize, sends: usize, receives: usize, block: usize) -> Words {
    // SAFETY: the goroutine keeps the cases while it waits.
    unsafe { chan::select(cases as *const chan::Case, sends, receives, block != 0) }
}

/// Waits for one of the cases (or not, unless `block`): its index in the order written
/// (`usize::MAX`: none) and the second result.
pub fn select_cases<C: Cases>(cases: &mut C, block: bool) -> (usize, usize) {
    let mut sorted: Vec<(bool, usize, chan::Case)> = Vec::with_capacity(C::COUNT);
    cases.collect(&mut |sends, case| {
        let written = sorted.len();
        sorted.push((sends, written, case));
    });
    sorted.sort_by_key(|&(sends, written, _)| (!sends, written));
    let sends = sorted.iter().filter(|c| c.0).count();
    let (order, raw): (Vec<usize>, Vec<chan::Case>) =
        sorted.into_iter().map(|(_, at, case)| (at, case)).unzip();
    let arguments = [
        raw.as_ptr() as usize,
        sends,
        raw.len() - sends,
        block as usize,
    ];
    let done = call_two(select_call as *const () as usize, arguments);
    (order.get(done.0).copied().unwrap_or(usize::MAX), done.1)
}

/// Receives from the first of several channels that has something or is closed: its index
/// and the value. For sets of channels that are known only at run time; else see
/// [`select!`](crate::select).
///
/// # Panics
/// If there are no channels; outside of a goroutine.
pub fn receive_any<T: Send>(channels: &[&Chan<T>]) -> (usize, Option<T>) {
    assert!(!channels.is_empty(), "nothing to receive from");
    let mut cases: Vec<ReceiveCase<T>> = channels.iter().map(|c| ReceiveCase::new(c)).collect();
    let raw: Vec<chan::Case> = cases.iter_mut().map(Case::raw).collect();
    let done = call_two(
        select_call as *const () as usize,
        [raw.as_ptr() as usize, 0, raw.len(), 1],
    );
    let chosen = cases.swap_remove(done.0);
    // SAFETY: that case was chosen, with that second result.
    (done.0, unsafe { chosen.result(done.1) })
}

/// Waits for the first of several channel operations that can go on; if several can, one of
/// them is chosen at random. With `default`, it does not wait.
///
/// ```
/// use goxide_rt::native::{Chan, run};
/// use goxide_rt::select;
///
/// let text = run(2, || {
///     let (numbers, words) = (Chan::new(1), Chan::new(0));
///     numbers.send(7).unwrap();
///     let first = select! {
///         recv(numbers) -> n => format!("got {n:?}"),
///         send(words, "unheard") -> sent => format!("sent: {}", sent.is_ok()),
///     };
///     let second = select! {
///         recv(numbers) -> _ => "a number".to_string(),
///         default => "nothing".to_string(),
///     };
///     format!("{first}, then {second}")
/// });
/// assert_eq!(text, "got Some(7), then nothing");
/// ```
///
/// `recv(c) -> pattern` gives an `Option`, as [`Chan::receive`] does; `send(c, value) ->
/// pattern` a `Result`, as [`Chan::send`] does. The pattern may be left out, and a channel
/// of [`after`](crate::native::after) is a timeout:
///
/// ```
/// use goxide_rt::native::{Chan, after, run};
/// use goxide_rt::select;
/// use std::time::Duration;
///
/// let late = run(2, || {
///     let never = Chan::<()>::new(0);
///     select! {
///         recv(never) => false,
///         recv(after(Duration::from_millis(5))) => true,
///     }
/// });
/// assert!(late);
/// ```
#[macro_export]
macro_rules! select {
    ($($cases:tt)*) => { $crate::select_parse!([] [] [0] [] $($cases)*) };
}

/// One case after another: `[cases so far] [arms so far] [index] [path to the case] rest`.
/// An arm is `(index, path, pattern, body)`.
#[doc(hidden)]
#[macro_export]
macro_rules! select_parse {
    ($cs:tt $arms:tt $n:tt $path:tt recv($c:expr) -> $p:pat => $body:block, $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::ReceiveCase::new(&$c)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt recv($c:expr) -> $p:pat => $body:block $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::ReceiveCase::new(&$c)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt recv($c:expr) -> $p:pat => $body:expr, $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::ReceiveCase::new(&$c)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt recv($c:expr) -> $p:pat => $body:expr) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::ReceiveCase::new(&$c)) {$p} {$body})
    };
    ($cs:tt $arms:tt $n:tt $path:tt send($c:expr, $v:expr) -> $p:pat => $body:block, $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::SendCase::new(&$c, $v)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt send($c:expr, $v:expr) -> $p:pat => $body:block $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::SendCase::new(&$c, $v)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt send($c:expr, $v:expr) -> $p:pat => $body:expr, $($rest:tt)*) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::SendCase::new(&$c, $v)) {$p} {$body} $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt send($c:expr, $v:expr) -> $p:pat => $body:expr) => {
        $crate::select_add!($cs $arms $n $path ($crate::native::SendCase::new(&$c, $v)) {$p} {$body})
    };
    ($cs:tt $arms:tt $n:tt $path:tt recv($c:expr) => $($rest:tt)*) => {
        $crate::select_parse!($cs $arms $n $path recv($c) -> _ => $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt send($c:expr, $v:expr) => $($rest:tt)*) => {
        $crate::select_parse!($cs $arms $n $path send($c, $v) -> _ => $($rest)*)
    };
    ($cs:tt $arms:tt $n:tt $path:tt default => $body:expr $(,)?) => {
        $crate::select_finish!($cs $arms false {$body})
    };
    ($cs:tt $arms:tt $n:tt $path:tt) => {
        $crate::select_finish!($cs $arms true {::core::unreachable!("a select that waits chooses a case")})
    };
    ($cs:tt $arms:tt $n:tt $path:tt $($rest:tt)+) => {
        ::core::compile_error!("a case of select! is `recv(channel) -> pattern => body`, `send(channel, value) -> pattern => body` or, as the last, `default => body`")
    };
}

/// Adds a case and goes on.
#[doc(hidden)]
#[macro_export]
macro_rules! select_add {
    ([$($cs:tt)*] [$($arms:tt)*] [$($n:tt)*] [$($path:tt)*] $case:tt $p:tt $body:tt $($rest:tt)*) => {
        $crate::select_parse!(
            [$($cs)* $case]
            [$($arms)* ([$($n)*] [$($path)*] $p $body)]
            [$($n)* + 1]
            [$($path)* . 1]
            $($rest)*
        )
    };
}

/// The expansion.
#[doc(hidden)]
#[macro_export]
macro_rules! select_finish {
    ([$($case:tt)*] [$(([$($n:tt)*] [$($path:tt)*] {$p:pat} {$body:expr}))*] $block:tt {$default:expr}) => {
        // A `match`, so that temporaries in the cases live to its end.
        match $crate::select_nest!($($case)*) {
            mut cases => {
                let (chosen, _second) = $crate::native::select_cases(&mut cases, $block);
                $(
                    if chosen == $($n)* {
                        // SAFETY: this case was chosen, with this second result.
                        let $p = unsafe { cases $($path)* .0.result(_second) };
                        $body
                    } else
                )*
                { $default }
            }
        }
    };
}

/// `a b` to `(a, (b, ()))`.
#[doc(hidden)]
#[macro_export]
macro_rules! select_nest {
    () => { () };
    ($case:tt $($rest:tt)*) => { ($case, $crate::select_nest!($($rest)*)) };
}
