//! `defer!`.

/// Runs its closure when it goes out of scope; made by [`defer!`](crate::defer).
pub struct Deferred<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Deferred<F> {
    /// Defers `f`.
    pub fn new(f: F) -> Self {
        Deferred(Some(f))
    }
}

impl<F: FnOnce()> Drop for Deferred<F> {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}

/// Runs the statements when the enclosing *block* ends, by return, `?`, `break` or panic;
/// the last deferred runs first. (In Go it is the function's end that counts.) What they
/// result in is dropped.
///
/// ```
/// use goxide_rt::defer;
/// use std::cell::RefCell;
/// let order = RefCell::new(Vec::new());
/// {
///     defer! { order.borrow_mut().push("first deferred") }
///     defer! { order.borrow_mut().push("last deferred") }
///     defer!(order.borrow().len());
///     order.borrow_mut().push("body");
/// }
/// assert_eq!(*order.borrow(), ["body", "last deferred", "first deferred"]);
/// ```
#[macro_export]
macro_rules! defer {
    ($($body:tt)*) => {
        #[allow(clippy::let_unit_value)]
        let _deferred = $crate::native::Deferred::new(|| {
            let _ = { $($body)* };
        });
    };
}
