//! The cache of executables, so that an unchanged program starts at once.
//!
//! ```text
//! CACHE/programs/KEY-SUM  executables; KEY is a hash of everything they were made from, SUM
//!                         the check sum of the file
//! CACHE/code/             machine code of functions: see `code_cache`
//! CACHE/requests/KEY      for a command line in a folder: the files and folders that it read,
//!                         with their state then, and the executable that it led to; a check
//!                         sum in a line before it
//! ```
//!
//! A request whose files are all as they were needs nothing but to be looked up. Files are
//! written beside their place and renamed, so that killed and parallel runs do no harm.

use crate::check_sum;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
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
    /// The file's name.
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
        let bytes = fs::read(dir.join("requests").join(&request.0)).ok()?;
        let text = without_sum(&bytes)?;
        let request: Request = serde_json::from_slice(text).ok()?;
        let unchanged = request
            .inputs
            .iter()
            .all(|(path, state)| State::of(path) == *state);
        unchanged
            .then(|| whole_program(&dir.join("programs").join(request.program)))
            .flatten()
    }

    /// The executable with a key.
    pub fn find_program(&self, program: &Key) -> Option<PathBuf> {
        let entries = fs::read_dir(self.dir.join("programs")).ok()?;
        let of_key = entries.flatten().filter(|entry| {
            let name = entry.file_name();
            name.as_encoded_bytes().starts_with(program.0.as_bytes())
        });
        of_key
            .map(|entry| entry.path())
            .find_map(|path| whole_program(&path))
    }

    /// Stores an executable.
    pub fn store_program(&self, program: &Key, bytes: &[u8]) -> io::Result<PathBuf> {
        let name = format!("{}-{:016x}", program.0, check_sum::of_bytes(bytes));
        let path = self.dir.join("programs").join(name);
        write_program(&path, bytes)?;
        trim_dir(
            &self.dir.join("programs"),
            KEPT_PROGRAM_BYTES,
            KEPT_PROGRAMS,
        );
        trim_dir(&self.dir.join("requests"), u64::MAX, KEPT_REQUESTS);
        Ok(path)
    }

    /// Remembers what executable of the cache a request that was begun at `started` led to.
    /// Not if an input changed too shortly before (or since): it may not be what was read.
    pub fn store_request(
        &self,
        request: &Key,
        program: &Path,
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
        let name = program.file_name().unwrap_or_default();
        let entry = Request {
            program: name.to_string_lossy().into_owned(),
            inputs: states,
        };
        let text = serde_json::to_vec(&entry).map_err(io::Error::other)?;
        let path = self.dir.join("requests").join(&request.0);
        write_file(&path, &with_sum(&text), 0o666)
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

/// The executable at `path`, if it is there and is as it was written: a machine that stops at
/// the wrong moment may leave a file that is not.
fn whole_program(path: &Path) -> Option<PathBuf> {
    let (_, sum) = path.file_name()?.to_str()?.split_once('-')?;
    // Not opened for writing: a parallel run could not start it then.
    let file = fs::File::open(path).ok()?;
    if check_sum::of_file(&file).ok() != u64::from_str_radix(sum, 16).ok() {
        return None;
    }
    // Its time of modification is the time of its last use.
    let _ = file.set_modified(SystemTime::now());
    Some(path.to_path_buf())
}

/// A text behind a line with its check sum.
fn with_sum(text: &[u8]) -> Vec<u8> {
    let sum = format!("{:016x}\n", check_sum::of_bytes(text));
    [sum.as_bytes(), text].concat()
}

/// What [`with_sum`] was given; `None`: it is damaged.
fn without_sum(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let sum = std::str::from_utf8(&bytes[..end]).ok()?;
    let text = &bytes[end + 1..];
    (u64::from_str_radix(sum, 16) == Ok(check_sum::of_bytes(text))).then_some(text)
}

/// Writes an executable file by way of one beside it.
pub fn write_program(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_file(path, bytes, 0o777)
}

/// Copies an executable file in the same way; its bytes do not come by here.
pub fn copy_program(from: &Path, path: &Path) -> io::Result<()> {
    let mut source = fs::File::open(from)?;
    write_by_way(path, 0o777, |file| io::copy(&mut source, file).map(|_| ()))
}

/// Writes a file by way of one beside it: it is there as a whole or not at all.
pub fn write_file(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    use io::Write;
    write_by_way(path, mode, |file| file.write_all(bytes))
}

fn write_by_way(
    path: &Path,
    mode: u32,
    fill: impl FnOnce(&mut fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let temp = beside(path);
    let write = || {
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(mode)
            .open(&temp)?;
        fill(&mut file)?;
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

    #[test]
    fn an_executable_is_found_if_it_is_whole() {
        let dir = std::env::temp_dir().join(format!("goxide-whole-{}", std::process::id()));
        let cache = Cache::open(&dir).expect("temp dir");
        let bytes: Vec<u8> = (0..100).collect();
        let path = cache.store_program(&key("p"), &bytes).expect("store");
        assert_eq!(cache.find_program(&key("p")), Some(path.clone()));
        assert_eq!(cache.find_program(&key("q")), None);
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).expect("write");
            assert_eq!(cache.find_program(&key("p")), None, "{length} bytes");
        }
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            fs::write(&path, damaged).expect("write");
            assert_eq!(cache.find_program(&key("p")), None, "damaged at {at}");
        }
        let again = cache.store_program(&key("p"), &bytes).expect("store");
        assert_eq!(cache.find_program(&key("p")), Some(again));
        fs::remove_dir_all(&dir).expect("clean up");
    }

    #[test]
    fn a_request_holds_until_an_input_changes() {
        let dir = std::env::temp_dir().join(format!("goxide-cache-{}", std::process::id()));
        let cache = Cache::open(&dir).expect("temp dir");
        let input = dir.join("x.go");
        fs::write(&input, "package x").expect("write");
        let later = SystemTime::now() + Duration::from_secs(1);
        let program = cache.store_program(&key("p"), b"program").expect("store");
        let inputs = || [input.clone(), dir.join("absent")];
        cache
            .store_request(&key("r"), &program, inputs(), later)
            .expect("store");
        assert_eq!(Cache::find_request(&dir, &key("r")), Some(program.clone()));
        assert_eq!(Cache::find_request(&dir, &key("other")), None);
        let entry = dir.join("requests").join(key("r").name());
        let bytes = fs::read(&entry).expect("read");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(&entry, damaged).expect("write");
            assert_eq!(Cache::find_request(&dir, &key("r")), None, "damage at {at}");
        }
        fs::write(&entry, bytes).expect("write");
        fs::write(&input, "package xy").expect("write");
        assert_eq!(Cache::find_request(&dir, &key("r")), None, "a changed file");
        // An input that changed at the time of the run is not trusted.
        let earlier = SystemTime::now() - Duration::from_secs(1);
        cache
            .store_request(&key("s"), &program, inputs(), earlier)
            .expect("skip");
        assert_eq!(Cache::find_request(&dir, &key("s")), None);
        cache
            .store_request(
                &key("t"),
                &program,
                inputs(),
                later + Duration::from_secs(9),
            )
            .expect("store");
        fs::write(dir.join("absent"), "").expect("write");
        assert_eq!(Cache::find_request(&dir, &key("t")), None, "a new file");
        fs::remove_dir_all(&dir).expect("clean up");
    }
}
