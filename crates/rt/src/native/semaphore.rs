//! Semaphores: what the other locks wait on.

use super::call;
use crate::sema;
use goxide_abi::WaitReason;
use std::sync::atomic::AtomicU32;

/// A counting semaphore. Units are handed out in order of asking.
pub struct Semaphore(AtomicU32);

impl Semaphore {
    /// With `n` free units.
    pub const fn new(n: u32) -> Semaphore {
        Semaphore(AtomicU32::new(n))
    }

    /// Takes a unit; waits until there is one.
    pub fn acquire(&self) {
        self.acquire_for(WaitReason::Semacquire);
    }

    pub(super) fn acquire_for(&self, reason: WaitReason) {
        extern "C" fn f(address: usize, reason: usize, _: usize, _: usize) -> usize {
            // SAFETY: the semaphore outlives the call.
            unsafe { sema::acquire(address, false, false, WaitReason::from_number(reason)) };
            0
        }
        call(f, [self.0.as_ptr() as usize, reason as usize, 0, 0]);
    }

    /// Gives one back.
    pub fn release(&self) {
        extern "C" fn f(address: usize, _: usize, _: usize, _: usize) -> usize {
            // SAFETY: as above.
            unsafe { sema::release(address, false) };
            0
        }
        call(f, [self.0.as_ptr() as usize, 0, 0, 0]);
    }
}
