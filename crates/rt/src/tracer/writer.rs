//! A thread's buffer of events, which becomes a batch when it is full.

use super::event::{BATCH_BYTES, EVENT_BYTES, Event, NO_THREAD, put_number};
use super::stacks::StackTable;
use super::{queue, time_stamp};

/// Events of one thread in the present generation that are in no batch yet.
pub struct Writer {
    /// The thread's id in the trace.
    pub thread: u64,
    /// Stacks that its events name.
    pub stacks: StackTable,
    data: Vec<u8>,
    first: u64,
    last: u64,
}

impl Writer {
    /// Empty; takes no memory before the first event.
    pub const fn new() -> Writer {
        Writer {
            thread: NO_THREAD,
            stacks: StackTable::new(),
            data: Vec::new(),
            first: 0,
            last: 0,
        }
    }

    /// Adds an event that happens now.
    pub fn event(&mut self, kind: Event, arguments: &[u64]) {
        self.event_at(time_stamp(), kind, arguments);
    }

    /// Adds an event that happens at this time, which is not before that of the last one.
    pub fn event_at(&mut self, now: u64, kind: Event, arguments: &[u64]) {
        if self.data.len() + EVENT_BYTES > BATCH_BYTES {
            self.flush();
        }
        if self.data.is_empty() {
            self.data.reserve_exact(BATCH_BYTES);
            (self.first, self.last) = (now, now);
        }
        self.data.push(kind as u8);
        put_number(&mut self.data, now.saturating_sub(self.last));
        self.last = now.max(self.last);
        for &n in arguments {
            put_number(&mut self.data, n);
        }
    }

    /// Hands what there is to the reader.
    pub fn flush(&mut self) {
        if !self.data.is_empty() {
            queue::push(batch(
                super::generation(),
                self.thread,
                self.first,
                &self.data,
            ));
            self.data.clear();
        }
    }

    /// Gives the buffer's memory back.
    pub fn release(&mut self) {
        debug_assert!(self.data.is_empty());
        self.data = Vec::new();
    }
}

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

/// A batch: a header and these bytes.
fn batch(generation: u64, thread: u64, time: u64, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 40);
    out.push(Event::Batch as u8);
    for n in [generation, thread, time, data.len() as u64] {
        put_number(&mut out, n);
    }
    out.extend_from_slice(data);
    out
}

/// Makes batches that belong to no thread: a kind of table, then its records.
pub struct TableWriter {
    kind: Event,
    generation: u64,
    data: Vec<u8>,
    batches: Vec<Vec<u8>>,
}

impl TableWriter {
    /// For records of this kind of table.
    pub fn new(kind: Event, generation: u64) -> TableWriter {
        TableWriter {
            kind,
            generation,
            data: vec![kind as u8],
            batches: Vec::new(),
        }
    }

    /// Adds a record.
    pub fn record(&mut self, bytes: &[u8]) {
        if self.data.len() + bytes.len() > BATCH_BYTES {
            self.end_batch();
        }
        self.data.extend_from_slice(bytes);
    }

    fn end_batch(&mut self) {
        let data = std::mem::replace(&mut self.data, vec![self.kind as u8]);
        let batch = batch(self.generation, NO_THREAD, time_stamp(), &data);
        self.batches.push(batch);
    }

    /// The batches.
    pub fn finish(mut self) -> Vec<Vec<u8>> {
        if self.data.len() > 1 {
            self.end_batch();
        }
        self.batches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_split_into_batches_of_the_size_allowed() {
        let mut out = TableWriter::new(Event::Strings, 3);
        let record = [7; 1000];
        for _ in 0..100 {
            out.record(&record);
        }
        let batches = out.finish();
        assert_eq!(batches.len(), 2);
        let records: usize = batches.iter().map(|b| b.len() / 1000).sum();
        assert_eq!(records, 100);
        for b in &batches {
            assert!(b.len() <= 64 << 10);
            assert_eq!(b[..2], [Event::Batch as u8, 3]);
        }
        assert!(TableWriter::new(Event::Stacks, 3).finish().is_empty());
    }
}
