//! Marking: everything that can be reached from the roots, by several threads.
//!
//! Each worker has a stack of grey objects and gives half of it away when another one has
//! nothing to do. Roots are cut into jobs that the workers take one by one.

mod copied;
mod pool;
mod queue;
mod roots;
mod worker;

pub(crate) use copied::Copied;
pub(crate) use pool::{Job, Pool};
pub(crate) use queue::Work;
pub(crate) use roots::{RootJob, due_jobs, root_jobs, shrink_to_words};
pub(crate) use worker::{Phase, PhaseRef, mark};
