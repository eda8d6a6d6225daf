//! Roots, cut into jobs.

use super::copied::Copied;
use crate::Heap;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of one job.
const JOB_BYTES: usize = 64 * 1024;

/// A piece of the roots.
#[derive(Clone, Debug)]
pub(crate) enum RootJob {
    /// Words that may be pointers.
    Range(Range<usize>),
    /// Pointers.
    Words(Vec<usize>),
    /// What the stop that began found.
    Copied(Arc<Copied>),
    /// The contents of these objects, not the objects.
    ContentsOf(Vec<usize>),
    /// What a shard of the tables of specials holds when the job is done.
    Specials(usize),
    /// Those of the finalizers and cleanups that are due, by their numbers, which nobody has
    /// taken when the job is done.
    Due(Range<u64>),
}

/// How many that are due are one job: they are copied under the lock of their queue.
const DUE_PER_JOB: usize = 2048;

/// Cuts the roots into jobs of similar size.
pub(crate) fn root_jobs(
    ranges: &[Range<usize>],
    words: &[usize],
    contents_of: &[usize],
) -> Vec<RootJob> {
    let mut jobs = vec![];
    for range in ranges {
        let starts = range.clone().step_by(JOB_BYTES);
        jobs.extend(starts.map(|start| RootJob::Range(start..range.end.min(start + JOB_BYTES))));
    }
    jobs.extend(
        words
            .chunks(JOB_BYTES / 8)
            .map(|words| RootJob::Words(words.to_vec())),
    );
    jobs.extend(
        contents_of
            .chunks(256)
            .map(|objects| RootJob::ContentsOf(objects.to_vec())),
    );
    jobs
}

/// Cuts what is due into jobs.
pub(crate) fn due_jobs(numbers: Range<u64>) -> impl Iterator<Item = RootJob> {
    let starts = numbers.clone().step_by(DUE_PER_JOB);
    starts.map(move |start| RootJob::Due(start..numbers.end.min(start + DUE_PER_JOB as u64)))
}

/// The whole words in a range of bytes.
pub(crate) fn shrink_to_words(range: Range<usize>) -> Range<usize> {
    let (start, end) = (range.start.next_multiple_of(8), range.end & !7);
    start..end.max(start)
}

impl Heap {
    /// True if the object at this address has been marked.
    pub(crate) fn is_marked(&self, address: usize) -> bool {
        // What is not in the heap lives for ever.
        self.space.locate(address).is_none_or(|at| {
            let bits = self.space.slot_bits(at.span, at.slot as usize / 64);
            bits.is_marked(at.slot % 64)
        })
    }
}
