//! Go's module cache: where modules lie, and putting one there.
//!
//! A module is unpacked into a folder beside its place and renamed into it when its hash
//! is right, so a killed run leaves nothing that looks whole, and the go command finds
//! what it expects. The go command's own lock file keeps parallel runs (of either) apart.

use crate::archive;
use crate::error::{LoadError, Result};
use crate::proxy::Proxies;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// A module cache and the proxies that fill it.
#[derive(Debug)]
pub struct ModCache {
    root: PathBuf,
    proxies: Proxies,
}

/// What to install.
pub struct Wanted<'a> {
    /// Module path.
    pub path: &'a str,
    /// Module version.
    pub version: &'a str,
    /// The `h1:` hash that the zip must have.
    pub hash: &'a str,
    /// What the progress bar is called; empty for none.
    pub title: &'a str,
    /// Which files are programs, from their path in the module.
    pub executable: fn(&str) -> bool,
    /// Last touches to the unpacked folder before it is put in place.
    pub finish: fn(&Path) -> Result<()>,
}

impl ModCache {
    /// The cache at `root`, filled through a `GOPROXY` list.
    pub fn new(root: PathBuf, goproxy: &str) -> ModCache {
        ModCache {
            root,
            proxies: Proxies::parse(goproxy),
        }
    }

    /// The folder of a module's files.
    pub fn module_dir(&self, path: &str, version: &str) -> PathBuf {
        self.root
            .join(format!("{}@{}", escape(path), escape(version)))
    }

    /// A module's file in the download cache, by its extension (`mod`, `zip`, …).
    fn download_file(&self, path: &str, version: &str, extension: &str) -> PathBuf {
        let file = format!(
            "cache/download/{}/@v/{}.{extension}",
            escape(path),
            escape(version)
        );
        self.root.join(file)
    }

    /// Whether a module is there as a whole. The go command marks one that it is still
    /// unpacking with a `.partial` file.
    pub fn is_complete(&self, path: &str, version: &str) -> bool {
        self.module_dir(path, version).is_dir()
            && !self.download_file(path, version, "partial").exists()
    }

    /// The text of a module's `go.mod`, fetched when it is not in the cache.
    pub fn go_mod(&self, path: &str, version: &str) -> Result<String> {
        let file = self.download_file(path, version, "mod");
        if let Ok(text) = fs::read_to_string(&file) {
            return Ok(text);
        }
        if self.is_complete(path, version) {
            let inside = self.module_dir(path, version).join("go.mod");
            return Ok(fs::read_to_string(inside).unwrap_or_else(|_| format!("module {path}\n")));
        }
        let mut text = Vec::new();
        self.proxies
            .fetch(&url_path(path, version, "mod"), "", &mut text)?;
        // The cache saves the next fetch; where it can't be written, this one is enough.
        let _ = write_beside(&file, &text);
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Puts a module into the cache, unless it is there, and returns its folder.
    pub fn install(&self, wanted: &Wanted) -> Result<PathBuf> {
        let dir = self.module_dir(wanted.path, wanted.version);
        if self.is_complete(wanted.path, wanted.version) {
            return Ok(dir);
        }
        let _lock = self.lock(wanted)?;
        if self.is_complete(wanted.path, wanted.version) {
            return Ok(dir);
        }
        let zip = self.download_file(wanted.path, wanted.version, "zip");
        if zip.exists() && self.unpack(wanted, &zip, &dir).is_ok() {
            return Ok(dir);
        }
        let download = zip.with_extension(format!("zip.goxide{}", std::process::id()));
        let result = self
            .download(wanted, &download)
            .and_then(|()| self.unpack(wanted, &download, &dir));
        let _ = fs::remove_file(&download);
        result.map(|()| dir).map_err(|e| match e.hint {
            Some(_) => e,
            None => e.hint(format!(
                "{} needs free space and must be writable; GOMODCACHE names another folder",
                self.root.display()
            )),
        })
    }

    fn lock(&self, wanted: &Wanted) -> Result<File> {
        let path = self.download_file(wanted.path, wanted.version, "lock");
        let open = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|e| {
            LoadError::io("locking", &path, &e).hint(format!(
                "{}@{} has to be downloaded: set GOMODCACHE to a folder that can be written",
                wanted.path, wanted.version
            ))
        })
    }

    fn download(&self, wanted: &Wanted, to: &Path) -> Result<()> {
        let mut file = File::create(to).map_err(|e| LoadError::io("creating", to, &e))?;
        let from = url_path(wanted.path, wanted.version, "zip");
        self.proxies.fetch(&from, wanted.title, &mut file)?;
        file.flush().map_err(|e| LoadError::io("writing", to, &e))
    }

    /// Unpacks `zip` to `dir` by way of a folder beside it, checking the hash between.
    fn unpack(&self, wanted: &Wanted, zip: &Path, dir: &Path) -> Result<()> {
        let beside = PathBuf::from(format!("{}.goxide-tmp", dir.display()));
        // The lock is held: what lies here was left by a run that was killed.
        remove_tree(&beside);
        remove_tree(dir);
        let prefix = format!("{}@{}/", wanted.path, wanted.version);
        let finish = |hash: String| {
            if hash != wanted.hash {
                return Err(LoadError::new(format!(
                    "{}@{}: checksum mismatch\n\tdownloaded: {hash}\n\texpected:   {}",
                    wanted.path, wanted.version, wanted.hash
                ))
                .hint("the proxy or the network changed the file: nothing was installed"));
            }
            (wanted.finish)(&beside)?;
            archive::make_read_only(&beside);
            fs::rename(&beside, dir).map_err(|e| LoadError::io("renaming to", dir, &e))?;
            let stamp = self.download_file(wanted.path, wanted.version, "ziphash");
            write_beside(&stamp, hash.as_bytes())
                .map_err(|e| LoadError::io("writing", &stamp, &e))?;
            let _ = fs::remove_file(self.download_file(wanted.path, wanted.version, "partial"));
            Ok(())
        };
        let result = archive::unpack(zip, &prefix, &beside, wanted.executable).and_then(finish);
        if result.is_err() {
            remove_tree(&beside);
        }
        result
    }
}

/// Writes a file by way of one beside it, so that it is never seen half-written.
fn write_beside(path: &Path, text: &[u8]) -> std::io::Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    let beside = PathBuf::from(format!("{}.goxide{}", path.display(), std::process::id()));
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .inspect_err(|_| {
            let _ = fs::remove_file(&beside);
        })
}

/// Removes a tree whose folders may be read-only.
fn remove_tree(root: &Path) {
    fn unlock(dir: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(dir, fs::Permissions::from_mode(0o755));
        for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|t| t.is_dir()) {
                unlock(&entry.path());
            }
        }
    }
    if root.is_dir() {
        unlock(root);
        let _ = fs::remove_dir_all(root);
    }
}

fn url_path(path: &str, version: &str, extension: &str) -> String {
    format!("{}/@v/{}.{extension}", escape(path), escape(version))
}

/// The form of a module path or version in file names and URLs: `A` is `!a`, since file
/// systems may not tell letters' case.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_uppercase() {
            escaped.push('!');
        }
        escaped.push(c.to_ascii_lowercase());
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A zip of one module with one file, in a proxy's layout below `root`.
    fn publish(root: &Path) {
        let dir = root.join("ex.org/!m/@v");
        fs::create_dir_all(&dir).expect("temp dir");
        let file = File::create(dir.join("v1.0.0.zip")).expect("zip");
        let mut zip = zip::ZipWriter::new(file);
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file("ex.org/M@v1.0.0/bin/x", options)
            .expect("entry");
        zip.write_all(b"#!/bin/true\n").expect("entry");
        zip.finish().expect("zip");
    }

    #[test]
    fn installs_once_and_refuses_a_wrong_hash() {
        let temp = std::env::temp_dir().join(format!("goxide-modcache-{}", std::process::id()));
        let proxy = temp.join("proxy");
        publish(&proxy);
        let proxies = format!("file://{}", proxy.display());
        let cache = ModCache::new(temp.join("mod"), &proxies);
        let mut wanted = Wanted {
            path: "ex.org/M",
            version: "v1.0.0",
            hash: "h1:wrong",
            title: "",
            executable: |name| name.starts_with("bin/"),
            finish: |_| Ok(()),
        };
        let error = cache.install(&wanted).expect_err("wrong hash").to_string();
        assert!(error.contains("checksum mismatch"), "{error}");
        assert!(!cache.is_complete("ex.org/M", "v1.0.0"));
        let hash = error
            .split("downloaded: ")
            .nth(1)
            .and_then(|t| t.lines().next());
        wanted.hash = hash.expect("the real hash");
        let dir = cache.install(&wanted).expect("install");
        assert_eq!(dir, temp.join("mod/ex.org/!m@v1.0.0"));
        assert_eq!(fs::read(dir.join("bin/x")).expect("file"), b"#!/bin/true\n");
        // The second time needs no proxy.
        fs::remove_dir_all(&proxy).expect("clean up");
        cache.install(&wanted).expect("is there");
        let left: Vec<_> = fs::read_dir(temp.join("mod/ex.org"))
            .expect("dir")
            .flatten()
            .collect();
        assert_eq!(left.len(), 1, "{left:?}");
        remove_tree(&temp);
    }
}
