//! A file of compiled functions.
//!
//! ```text
//! magic | number of entries: u32 | hash of what is above and of the table: 8 bytes
//! table: {shape's hash: 16 bytes, length: u32, hash of the entry: 8 bytes} each
//! entries, in the table's order: those used last come first
//! ```

use super::Entry;
use super::hash::Hash;
use crate::cache::write_file;
use goxide_base::FxHashMap;
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::time::SystemTime;

const MAGIC: &[u8; 8] = b"goxide\0\x01";
const HEADER_BYTES: usize = 20;
const ROW_BYTES: usize = 28;

/// Entries that were not used the last time are kept up to this many bytes, or up to three
/// times those that were.
const UNUSED_BYTES: usize = 1 << 20;

/// A pack as it was when it was opened.
pub struct Pack {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Where an entry lies, and its hash.
    index: FxHashMap<Hash, (Range<usize>, [u8; 8])>,
    /// The entries in the file's order.
    order: Vec<Hash>,
}

fn check_sum(bytes: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    sum.copy_from_slice(&Sha256::digest(bytes)[..8]);
    sum
}

impl Pack {
    /// The pack at `path`; an empty one if there is none, if it is damaged, or if it is
    /// not to be read.
    pub fn open(path: PathBuf, read: bool) -> Pack {
        let bytes = match read {
            true => fs::read(&path).unwrap_or_default(),
            false => Vec::new(),
        };
        let mut pack = Pack {
            path,
            bytes,
            index: FxHashMap::default(),
            order: Vec::new(),
        };
        if pack.read_table().is_none() {
            pack.index.clear();
            pack.order.clear();
        } else if !pack.order.is_empty() {
            // Its time of modification is the time of its last use.
            let file = fs::File::open(&pack.path);
            let _ = file.and_then(|f| f.set_modified(SystemTime::now()));
        }
        pack
    }

    fn read_table(&mut self) -> Option<()> {
        let (header, rest) = self.bytes.split_at_checked(HEADER_BYTES)?;
        let count = u32::from_le_bytes(header[8..12].try_into().ok()?) as usize;
        let (table, entries) = rest.split_at_checked(count.checked_mul(ROW_BYTES)?)?;
        if header[..8] != MAGIC[..] || header[12..] != table_sum(&header[..12], table) {
            return None;
        }
        let mut at = HEADER_BYTES + table.len();
        for row in table.chunks_exact(ROW_BYTES) {
            let hash: Hash = row[..16].try_into().ok()?;
            let end = at + u32::from_le_bytes(row[16..20].try_into().ok()?) as usize;
            if end > HEADER_BYTES + table.len() + entries.len() {
                return None;
            }
            self.index
                .insert(hash, (at..end, row[20..].try_into().ok()?));
            self.order.push(hash);
            at = end;
        }
        Some(())
    }

    /// The entry of a shape, if it is there and whole.
    pub fn get(&self, hash: &Hash) -> Option<&[u8]> {
        let (range, sum) = self.index.get(hash)?;
        let entry = &self.bytes[range.clone()];
        (check_sum(entry) == *sum).then_some(entry)
    }

    /// Writes the pack anew, if an entry of `used` is new: those used (with their bytes if
    /// they are new) first, others behind them as far as there is room.
    pub fn update(&self, used: Vec<(Hash, Option<Entry>)>) -> io::Result<()> {
        if used.iter().all(|(_, new)| new.is_none()) {
            return Ok(());
        }
        let mut written = FxHashMap::default();
        let (mut count, mut table, mut entries) = (0u32, Vec::new(), Vec::<u8>::new());
        let mut put = |hash: Hash, bytes: &[u8], sum: [u8; 8]| {
            table.extend(hash);
            table.extend((bytes.len() as u32).to_le_bytes());
            table.extend(sum);
            entries.extend(bytes);
            count += 1;
            entries.len()
        };
        let mut size = 0;
        for (hash, new) in used {
            if written.insert(hash, ()).is_some() {
                continue;
            }
            match (new, self.index.get(&hash)) {
                (Some(bytes), _) => size = put(hash, &bytes, check_sum(&bytes)),
                (None, Some((range, sum))) => size = put(hash, &self.bytes[range.clone()], *sum),
                (None, None) => {}
            }
        }
        let most = UNUSED_BYTES.max(3 * size) + size;
        for hash in self.order.iter().filter(|h| !written.contains_key(*h)) {
            let (range, sum) = &self.index[hash];
            if size + range.len() > most {
                break;
            }
            size = put(*hash, &self.bytes[range.clone()], *sum);
        }
        let mut bytes = MAGIC.to_vec();
        bytes.extend(count.to_le_bytes());
        let sum = table_sum(&bytes, &table);
        bytes.extend(sum);
        bytes.extend(table);
        bytes.extend(entries);
        if let Some(dir) = self.path.parent() {
            fs::create_dir_all(dir)?;
        }
        write_file(&self.path, &bytes, 0o666)
    }
}

fn table_sum(head: &[u8], table: &[u8]) -> [u8; 8] {
    let mut sum = [0; 8];
    let digest = Sha256::new()
        .chain_update(head)
        .chain_update(table)
        .finalize();
    sum.copy_from_slice(&digest[..8]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn temp(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("goxide-pack-{}", std::process::id()));
        dir.join(name)
    }

    fn hash(n: u8) -> Hash {
        [n; 16]
    }

    fn entry(n: u8) -> Option<Entry> {
        Some(vec![n; 100].into())
    }

    #[test]
    fn entries_are_found_again_and_damage_is_noticed() {
        let path = temp("damage");
        let pack = Pack::open(path.clone(), true);
        assert_eq!(pack.get(&hash(1)), None);
        pack.update(vec![(hash(1), entry(1)), (hash(2), entry(2))])
            .expect("write");
        let pack = Pack::open(path.clone(), true);
        assert_eq!(pack.get(&hash(2)), Some(&[2; 100][..]));
        // One entry more; the old ones stay.
        pack.update(vec![(hash(2), None), (hash(3), entry(3))])
            .expect("write");
        let whole = fs::read(&path).expect("read");
        let pack = Pack::open(path.clone(), true);
        assert_eq!(pack.order, [hash(2), hash(3), hash(1)]);
        // One byte of an entry, of the table, of the header; a file cut short.
        let places = [whole.len() - 1, HEADER_BYTES + 3, 2];
        let found = places.map(|at| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).expect("write");
            let pack = Pack::open(path.clone(), true);
            [1, 2, 3].map(|n| pack.get(&hash(n)).is_some())
        });
        assert_eq!(found, [[false, true, true], [false; 3], [false; 3]]);
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).expect("write");
            assert_eq!(
                Pack::open(path.clone(), true).get(&hash(1)),
                None,
                "cut at {end}"
            );
        }
        assert_eq!(Pack::open(path.clone(), false).get(&hash(1)), None);
        let _ = fs::remove_file(path);
    }

    #[test]
    fn what_is_not_used_goes_when_there_is_no_room() {
        let path = temp("room");
        let large = |n: u8| Some(vec![n; UNUSED_BYTES / 2].into());
        for n in 1..8 {
            let pack = Pack::open(path.clone(), true);
            pack.update(vec![(hash(n), large(n))]).expect("write");
        }
        let order = Pack::open(path.clone(), true).order;
        assert_eq!(
            order,
            [7, 6, 5, 4].map(hash),
            "one used and three times as much"
        );
        let _ = fs::remove_file(path);
    }
}
