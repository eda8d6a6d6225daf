//! The cache of executables, so that an unchanged program starts at once.
//!
//! ```text
//! CACHE/programs/KEY   executables; KEY is a hash of everything they were made from
//! CACHE/code/          machine code of functions: see `code_cache`
//! CACHE/requests/KEY   for a command line in a folder: the files and folders that it read,
//!                      with their state then, and the executable that it led to
//! ```
//!
//! A request whose files are all as they were needs nothing but to be looked up. Files are
//! written beside their place and renamed, so that killed and parallel runs do no harm.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How many executables are kept, and how many bytes of them.
const KEPT_PROGRAMS: usize = 100;
const KEPT_PROGRAM_BYTES: u64 = 1 << 30;
/// How many requests are kept: a quarter of a megabyte each, as they name every file of the
/// standard library that was read.
const KEPT_REQUESTS: usize = 200;

/// An input changed so shortly before it was read may have changed once more unseen.
const RACY_NS: i128 = 20_000_000;

/// A hash that names an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key(String);

/// Makes a [`Key`] from parts; their boundaries count.
pub struct KeyMaker(Sha256);

impl KeyMaker {
    /// Begins with what makes this compiler different from others.
    pub fn new() -> KeyMaker {
        let mut maker = KeyMaker(Sha256::new());
        maker.add(env!("CARGO_PKG_VERSION").as_bytes());
        // Asked once: it is this process.
        static EXE: LazyLock<String> = LazyLock::new(|| {
            let exe = std::env::current_exe().ok();
            format!("{:?}", exe.and_then(|exe| State::of(&exe)))
        });
        maker.add(EXE.as_bytes());
        maker
    }

    /// Adds a part.
    pub fn add(&mut self, part: &[u8]) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The key.
    pub fn finish(self) -> Key {
        Key(self
            .0
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect())
    }
}

impl Key {
    /// The key as a file's name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What of a file or folder changes when its contents do. `None`: there is none.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct State {
    modified_ns: i128,
    changed_ns: i128,
    size: u64,
    inode: u64,
}

impl State {
    fn of(path: &Path) -> Option<State> {
        let meta = fs::metadata(path).ok()?;
        let ns = |s: i64, ns: i64| i128::from(s) * 1_000_000_000 + i128::from(ns);
        Some(State {
            modified_ns: ns(meta.mtime(), meta.mtime_nsec()),
            changed_ns: ns(meta.ctime(), meta.ctime_nsec()),
            size: meta.size(),
            inode: meta.ino(),
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Request {
    program: String,
    inputs: Vec<(PathBuf, Option<State>)>,
}

/// The cache's folder.
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// The cache in `dir`, made if need be. An error if it cannot be written.
    pub fn open(dir: &Path) -> io::Result<Cache> {
        for part in ["programs", "requests"] {
            fs::create_dir_all(dir.join(part))?;
        }
        // The only sure way to know.
        let probe = beside(&dir.join("probe"));
        fs::write(&probe, b"").and_then(|()| fs::remove_file(&probe))?;
        Ok(Cache {
            dir: dir.to_path_buf(),
        })
    }

    /// The executable of a request whose inputs are all as they were. Needs no permission
    /// to write, so it is looked for before the cache is opened.
    pub fn find_request(dir: &Path, request: &Key) -> Option<PathBuf> {
        let text = fs::read(dir.join("requests").join(&request.0)).ok()?;
        let request: Request = serde_json::from_slice(&text).ok()?;
        let unchanged = request
            .inputs
            .iter()
            .all(|(path, state)| State::of(path) == *state);
        unchanged
            .then(|| find_program(dir, &request.program))
            .flatten()
    }

    /// The executable with a key.
    pub fn find_program(&self, program: &Key) -> Option<PathBuf> {
        find_program(&self.dir, &program.0)
    }

    /// Stores an executable.
    pub fn store_program(&self, program: &Key, bytes: &[u8]) -> io::Result<PathBuf> {
        let path = self.dir.join("programs").join(&program.0);
        write_program(&path, bytes)?;
        trim_dir(
            &self.dir.join("programs"),
            KEPT_PROGRAM_BYTES,
            KEPT_PROGRAMS,
        );
        trim_dir(&self.dir.join("requests"), u64::MAX, KEPT_REQUESTS);
        Ok(path)
    }

    /// Remembers what a request that was begun at `started` led to. Not if an input
    /// changed too shortly before (or since): it may not be what was read.
    pub fn store_request(
        &self,
        request: &Key,
        program: &Key,
        inputs: impl IntoIterator<Item = PathBuf>,
        started: SystemTime,
    ) -> io::Result<()> {
        let started = started
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO)
            .as_nanos();
        let latest = started as i128 - RACY_NS;
        let mut states = Vec::new();
        for path in inputs {
            let state = State::of(&path);
            if state
                .as_ref()
                .is_some_and(|s| s.modified_ns.max(s.changed_ns) > latest)
            {
                return Ok(());
            }
            states.push((path, state));
        }
        let entry = Request {
            program: program.0.clone(),
            inputs: states,
        };
        let text = serde_json::to_vec(&entry).map_err(io::Error::other)?;
        let path = self.dir.join("requests").join(&request.0);
        write_file(&path, &text, 0o666)
    }
}

/// Removes the files of a folder that were not used for the longest time, so that no more
/// than `bytes` and no more than `count` of them are left.
pub fn trim_dir(dir: &Path, bytes: u64, count: usize) {
    let mut files: Vec<(SystemTime, u64, PathBuf)> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|e| {
            let meta = e.metadata().ok()?;
            Some((meta.modified().ok()?, meta.len(), e.path()))
        })
        .collect();
    files.sort_by_key(|(time, ..)| std::cmp::Reverse(*time));
    let mut sum = 0;
    for (number, (_, size, path)) in files.iter().enumerate() {
        sum += size;
        if number >= count || sum > bytes {
            let _ = fs::remove_file(path);
        }
    }
}

fn find_program(dir: &Path, key: &str) -> Option<PathBuf> {
    let path = dir.join("programs").join(key);
    // Not opened for writing: a parallel run could not start it then.
    let file = fs::File::open(&path).ok()?;
    if !is_whole(&file).unwrap_or(false) {
        return None;
    }
    // Its time of modification is the time of its last use.
    let _ = file.set_modified(SystemTime::now());
    Some(path)
}

/// Whether an executable is as long as its headers say: a machine that stops at the wrong
/// moment may leave a file that is not.
fn is_whole(file: &fs::File) -> io::Result<bool> {
    let mut head = [0; 64];
    file.read_exact_at(&mut head, 0)?;
    let word = |bytes: &[u8], at: usize| {
        u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i])) // offsets and sizes
    };
    let half = |at: usize| u64::from(u16::from_le_bytes([head[at], head[at + 1]]));
    let (segments, segment_bytes, count) = (word(&head, 32), half(54), half(56));
    let mut end = word(&head, 40).saturating_add(half(58) * half(60)); // section headers
    for number in 0..count {
        let mut segment = [0; 56];
        let at = segments.saturating_add(number * segment_bytes);
        file.read_exact_at(&mut segment, at)?;
        end = end.max(word(&segment, 8).saturating_add(word(&segment, 32)));
    }
    Ok(head.starts_with(b"\x7fELF") && count > 0 && file.metadata()?.len() >= end)
}

/// Writes an executable file by way of one beside it.
pub fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_file(path, bytes, 0o777)
}

/// Writes a file by way of one beside it: it is there as a whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let temp = beside(path);
    let write = || {
        use io::Write;
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temp)?;
        file.write_all(bytes)?;
        drop(file);
        fs::rename(&temp, path)
    };
    write().inspect_err(|_| {
        let _ = fs::remove_file(&temp);
    })
}

/// A name in the same folder that no other run uses.
fn beside(path: &Path) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.{count}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        let mut maker = KeyMaker::new();
        maker.add(text.as_bytes());
        maker.finish()
    }

    /// The headers of an executable whose one segment has so many bytes.
    fn executable(bytes: u8) -> Vec<u8> {
        let mut all = vec![0; 64 + 56 + usize::from(bytes)];
        all[..4].copy_from_slice(b"\x7fELF");
        (all[32], all[54], all[56]) = (64, 56, 1);
        (all[64 + 8], all[64 + 32]) = (64 + 56, bytes);
        all
    }

    #[test]
    fn an_executable_is_found_if_it_is_whole() {
        let dir = std::env::temp_dir().join(format!("goxide-whole-{}", std::process::id()));
        let cache = Cache::open(&dir).expect("temp dir");
        let bytes = executable(100);
        let path = cache.store_program(&key("p"), &bytes).expect("store");
        assert_eq!(cache.find_program(&key("p")), Some(path.clone()));
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).expect("write");
            assert_eq!(cache.find_program(&key("p")), None, "{length} bytes");
        }
        fs::remove_dir_all(&dir).expect("clean up");
    }

    #[test]
    fn a_request_holds_until_an_input_changes() {
        let dir = std::env::temp_dir().join(format!("goxide-cache-{}", std::process::id()));
        let cache = Cache::open(&dir).expect("temp dir");
        let input = dir.join("x.go");
        fs::write(&input, "package x").expect("write");
        let later = SystemTime::now() + Duration::from_secs(1);
        let program = cache.store_program(&key("p"), &executable(0));
        let program = program.expect("store");
        let inputs = || [input.clone(), dir.join("absent")];
        cache
            .store_request(&key("r"), &key("p"), inputs(), later)
            .expect("store");
        assert_eq!(Cache::find_request(&dir, &key("r")), Some(program));
        assert_eq!(Cache::find_request(&dir, &key("other")), None);
        fs::write(&input, "package xy").expect("write");
        assert_eq!(Cache::find_request(&dir, &key("r")), None, "a changed file");
        // An input that changed at the time of the run is not trusted.
        let earlier = SystemTime::now() - Duration::from_secs(1);
        cache
            .store_request(&key("s"), &key("p"), inputs(), earlier)
            .expect("skip");
        assert_eq!(Cache::find_request(&dir, &key("s")), None);
        cache
            .store_request(
                &key("t"),
                &key("p"),
                inputs(),
                later + Duration::from_secs(9),
            )
            .expect("store");
        fs::write(dir.join("absent"), "").expect("write");
        assert_eq!(Cache::find_request(&dir, &key("t")), None, "a new file");
        fs::remove_dir_all(&dir).expect("clean up");
    }
}
