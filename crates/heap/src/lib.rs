//! The garbage-collected heap of Go programs: allocator and collector.
//!
//! **Takes** requests for objects with Go type descriptors, and, at a collection, the roots
//! as ranges of words that may hold pointers. **Gives** zeroed memory, answers about
//! addresses (which object is this in?), finalizers and cleanups that are due, and figures.
//! **Must not know** goroutines, stacks, or how the world is stopped: the caller does that.
//!
//! # Contract with the runtime
//!
//! - One [`Heap`] for the process, made once: `Heap::new(Config)`. One [`Cache`] for each P:
//!   [`Heap::new_cache`]; the cache lives as long as the heap, is known to it, and may be
//!   used by one thread at a time.
//! - [`Heap::alloc`] is `mallocgc`: `ty` is the descriptor of the object or, when `size` is
//!   larger than the type, of the elements of an array. No collection ever starts in it.
//!   After it, `if heap.should_collect() { … }`: one relaxed load.
//! - [`Heap::advance`] takes a step of a collection, with the world stopped; between two
//!   steps marking goes on while the world runs (`concurrent`), and mutators call
//!   [`Heap::shade`] after they store a pointer anywhere but on a stack. As soon as the
//!   world runs after a step: [`Heap::start_markers`].
//! - [`Heap::collect`] runs a whole collection. The caller has stopped the world: no thread
//!   allocates, stores to the heap or calls into this crate, until it returns. Roots are all
//!   words of the ranges that [`RootSet`] names, taken conservatively: goroutine stacks from
//!   sp to the top, saved registers, data and bss, and runtime structures that hold objects
//!   (timers, run queues, …). The new object of an allocation that collects (torture mode)
//!   must be among them. Sweeping goes on later, by allocation and [`Heap::sweep_step`].
//! - Pointers to an object's first byte or inside it keep it alive; one past its end does
//!   not (**I5**).
//! - Finalizers: when [`Heap::has_due`] turns true (look after each collection, and when
//!   `Config::on_due` is called) wake the finalizer goroutine, which takes them with
//!   [`Heap::take_due`].
//! - Memory that the OS refuses is reported by `Config::out_of_memory`, which must not return.
//! - All calls come from system stacks; they take short locks, never block on goroutines.
//!
//! # How it works
//!
//! One large address range is reserved; everything about a page of it (its span, mark bits,
//! pointer bits) lies in side tables found by arithmetic ([`space`]). Spans are runs of
//! pages cut into slots of one size class ([`size_class`]), pointer-free ones apart. A cache
//! owns one span for each class and hands out *runs* of free slots by bumping a pointer.
//! Marking is parallel, precise in the heap and conservative in the roots; sweeping turns
//! mark bits into allocation bits, span by span, when the memory is needed.

mod bits;
mod cache;
mod central;
mod class_spans;
mod collect;
mod concurrent;
mod due;
mod figures;
mod heap;
mod large;
mod mark;
mod os;
mod pacer;
mod pages;
mod sample;
mod sanity;
mod settle;
mod settling;
pub mod size_class;
mod slot_bits;
pub mod space;
mod span;
mod specials;
mod stats;
mod sweep;
mod sync;
mod types;

pub use cache::Cache;
pub use collect::{Collection, RootSet, Stacks, Trigger};
pub use concurrent::Step;
pub use due::Due;
pub use figures::Figures;
pub use heap::{Config, Heap, Object};
pub use os::OutOfMemory;
pub use settle::Watched;
pub use specials::SetFinalizerError;
pub use stats::{MemStats, SizeClassStats};
pub use types::Type;
