//! A strong hash of what is written to it part by part.

use sha2::{Digest, Sha256};
use std::hash::Hasher;

/// A hash that stands for what was hashed.
pub type Hash = [u8; 16];

/// The hash of some bytes.
pub fn hash_of(bytes: &[u8]) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(&Sha256::digest(bytes)[..size_of::<Hash>()]);
    hash
}

/// What is hashed, as bytes, so that a strong hash can be taken of it.
#[derive(Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// Adds text; its end counts.
    pub fn text(&mut self, text: &str) {
        self.0.extend((text.len() as u32).to_le_bytes());
        self.0.extend(text.as_bytes());
    }

    /// Adds a number.
    pub fn word(&mut self, n: u32) {
        self.0.extend(n.to_le_bytes());
    }

    /// The hash of all.
    pub fn hash(&self) -> Hash {
        hash_of(&self.0)
    }
}

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Discriminants of enums: none of ours has more than 65,536 variants.
    fn write_isize(&mut self, n: isize) {
        self.0.extend_from_slice(&(n as u16).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        unreachable!("the bytes are hashed as a whole")
    }
}
