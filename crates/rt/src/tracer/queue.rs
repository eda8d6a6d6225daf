//! Finished batches on their way to the goroutine that reads the trace.
//!
//! The reader gets a generation's batches before those of the next, and the end of a
//! generation when it is sealed: its tables come after the world runs again, when threads
//! may already fill batches of the next one.

use super::event::{Event, HEADER};
use std::collections::VecDeque;
use std::sync::Mutex;

/// What the reader gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Nothing yet.
    Nothing,
    /// A batch: address and bytes. It lives until the next one is asked for.
    Chunk(usize, usize),
    /// The trace has ended.
    End,
}

struct Generation {
    number: u64,
    chunks: VecDeque<Vec<u8>>,
    sealed: bool,
}

struct Queue {
    generations: VecDeque<Generation>,
    current: Vec<u8>,
    header_due: bool,
    ended: bool,
    /// The generation whose end the reader has and will have dealt with when it asks again.
    ending: u64,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    generations: VecDeque::new(),
    current: Vec::new(),
    header_due: false,
    ended: true,
    ending: 0,
});

fn with<R>(f: impl FnOnce(&mut Queue) -> R) -> R {
    f(&mut QUEUE.lock().unwrap_or_else(|e| e.into_inner()))
}

/// A trace begins.
pub fn begin() {
    with(|q| (q.header_due, q.ended) = (true, false));
}

/// From now on batches belong to this generation.
pub fn open(number: u64) {
    with(|q| {
        q.generations.push_back(Generation {
            number,
            chunks: VecDeque::new(),
            sealed: false,
        });
    });
}

/// No batch of this generation will come any more.
pub fn seal(number: u64) {
    with(|q| {
        if let Some(g) = q.generations.iter_mut().find(|g| g.number == number) {
            g.sealed = true;
        }
    });
}

/// After the generations that are there, the trace ends.
pub fn end() {
    with(|q| q.ended = true);
}

/// Adds a batch of the generation that its header names.
pub fn push(batch: Vec<u8>) {
    let number = generation_of(&batch);
    with(|q| {
        if let Some(g) = q.generations.iter_mut().find(|g| g.number == number) {
            g.chunks.push_back(batch);
        }
    });
}

fn generation_of(batch: &[u8]) -> u64 {
    let number = &batch[1..];
    let (mut n, mut shift) = (0, 0);
    for &b in number {
        n |= u64::from(b & 0x7f) << shift;
        if b < 0x80 {
            break;
        }
        shift += 7;
    }
    n
}

/// Whether the last trace was read to its end.
pub fn is_idle() -> bool {
    with(|q| q.ended && q.generations.is_empty() && !q.header_due)
}

/// Whether the reader would get something.
pub fn has_next() -> bool {
    with(|q| {
        q.header_due
            || match q.generations.front() {
                Some(g) => g.sealed || !g.chunks.is_empty(),
                None => q.ended,
            }
    })
}

/// The next piece for the reader, and the generation (or 0) that it has read to its end.
pub fn next() -> (Next, u64) {
    with(|q| {
        let read = std::mem::take(&mut q.ending);
        (q.take(), read)
    })
}

impl Queue {
    fn take(&mut self) -> Next {
        if std::mem::take(&mut self.header_due) {
            // The reader keeps the header for others that join later.
            static KEPT: [u8; 16] = HEADER;
            return Next::Chunk(KEPT.as_ptr() as usize, KEPT.len());
        }
        let Some(g) = self.generations.front_mut() else {
            self.current = Vec::new();
            return if self.ended { Next::End } else { Next::Nothing };
        };
        if let Some(chunk) = g.chunks.pop_front() {
            return self.hand_out(chunk);
        }
        if !g.sealed {
            return Next::Nothing;
        }
        self.ending = g.number;
        self.generations.pop_front();
        self.hand_out(vec![Event::EndOfGeneration as u8])
    }

    fn hand_out(&mut self, chunk: Vec<u8>) -> Next {
        self.current = chunk;
        Next::Chunk(self.current.as_ptr() as usize, self.current.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A batch of a generation; what follows the number is of no interest here.
    fn batch(generation: u8, content: u8) -> Vec<u8> {
        vec![Event::Batch as u8, generation, content]
    }

    /// What the reader gets: the bytes, and the generation that it has read to its end.
    fn read() -> (Option<Vec<u8>>, u64) {
        let (next, read) = next();
        let bytes = match next {
            Next::Chunk(address, n) => {
                // SAFETY: the piece lives until the next call.
                let piece = unsafe { std::slice::from_raw_parts(address as *const u8, n) };
                Some(piece.to_vec())
            }
            Next::Nothing => None,
            Next::End => Some(b"the end".to_vec()),
        };
        (bytes, read)
    }

    #[test]
    fn generations_come_one_after_the_other() {
        let end = vec![Event::EndOfGeneration as u8];
        assert!(is_idle());
        begin();
        assert_eq!(read(), (Some(HEADER.to_vec()), 0));
        open(1);
        assert_eq!(read(), (None, 0));
        push(batch(1, 10));
        open(2);
        push(batch(2, 20));
        push(batch(1, 11));
        assert_eq!(read(), (Some(batch(1, 10)), 0));
        assert_eq!(read(), (Some(batch(1, 11)), 0));
        // The next generation has something, but this one's tables are still to come.
        assert_eq!(read(), (None, 0));
        assert!(!has_next());
        push(batch(1, 12));
        seal(1);
        assert_eq!(read(), (Some(batch(1, 12)), 0));
        assert_eq!(read(), (Some(end.clone()), 0));
        assert_eq!(read(), (Some(batch(2, 20)), 1));
        end_now(2);
        assert_eq!(read(), (Some(end), 0));
        assert!(!is_idle() || has_next());
        assert_eq!(read(), (Some(b"the end".to_vec()), 2));
        assert!(is_idle());
    }

    fn end_now(number: u64) {
        end();
        seal(number);
    }
}
