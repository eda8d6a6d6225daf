//! Module zips: unpacking one and checking its hash, in one pass over the data.
//!
//! The hash is Go's `h1:`: SHA-256 over the lines `HEX-SHA-256  NAME\n` of all files,
//! sorted by name, in base 64 (`golang.org/x/mod/sumdb/dirhash`, Hash1).

use crate::error::{LoadError, Result};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

type Archive = zip::ZipArchive<Cursor<Arc<[u8]>>>;

/// Unpacks the files of `zip_file`, whose names all begin with `prefix`, below `target`
/// (which must not exist yet) and returns the archive's `h1:` hash. `executable` says,
/// from the name without prefix, which files can be executed. Files are read-only, as in
/// the module cache; folders are left writable.
///
/// The caller compares the hash before it makes `target` visible to anyone.
pub fn unpack(
    zip_file: &Path,
    prefix: &str,
    target: &Path,
    executable: impl Fn(&str) -> bool + Sync,
) -> Result<String> {
    let bytes: Arc<[u8]> = fs::read(zip_file)
        .map_err(|e| LoadError::io("reading", zip_file, &e))?
        .into();
    let damaged = |e: &dyn std::fmt::Display| {
        LoadError::new(format!(
            "{} is not a whole zip archive: {e}",
            zip_file.display()
        ))
    };
    let archive = Archive::new(Cursor::new(bytes)).map_err(|e| damaged(&e))?;
    let names = checked_names(&archive, prefix)?;
    for dir in folders(&names) {
        let dir = target.join(dir);
        fs::create_dir_all(&dir).map_err(|e| LoadError::io("creating", &dir, &e))?;
    }
    let lines: Vec<Result<(String, String)>> = names
        .par_iter()
        .map_init(
            || archive.clone(),
            |archive, (index, name)| {
                let mut text = Vec::new();
                let mut entry = archive.by_index(*index).map_err(|e| damaged(&e))?;
                entry.read_to_end(&mut text).map_err(|e| damaged(&e))?;
                write_file(&target.join(name), &text, executable(name))?;
                Ok((format!("{prefix}{name}"), hex(&Sha256::digest(&text))))
            },
        )
        .collect();
    h1(lines.into_iter().collect::<Result<_>>()?)
}

/// Index and name (without prefix) of each file.
fn checked_names(archive: &Archive, prefix: &str) -> Result<Vec<(usize, String)>> {
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let Some(name) = archive.name_for_index(index) else {
            continue;
        };
        if name.ends_with('/') {
            continue;
        }
        let inside = name.strip_prefix(prefix).filter(|n| {
            !n.contains('\n') && n.split('/').all(|part| !matches!(part, "" | "." | ".."))
        });
        match inside {
            Some(inside) => names.push((index, inside.to_string())),
            None => {
                return Err(LoadError::new(format!(
                    "unexpected file name in zip: {name:?}"
                )));
            }
        }
    }
    Ok(names)
}

fn folders(names: &[(usize, String)]) -> Vec<&str> {
    let mut found: Vec<&str> = names
        .iter()
        .map(|(_, name)| name.rsplit_once('/').map_or("", |(dir, _)| dir))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn write_file(path: &Path, text: &[u8], executable: bool) -> Result<()> {
    let mode = if executable { 0o555 } else { 0o444 };
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| file.write_all(text))
        .map_err(|e| LoadError::io("writing", path, &e))
}

/// The `h1:` hash of files given by name and hexadecimal SHA-256.
fn h1(mut files: Vec<(String, String)>) -> Result<String> {
    files.sort_unstable();
    let mut sum = Sha256::new();
    for (name, hash) in files {
        sum.update(format!("{hash}  {name}\n"));
    }
    Ok(format!("h1:{}", base64(&sum.finalize())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=chunk.len()].copy_from_slice(chunk);
        let word = u32::from_be_bytes(word);
        for digit in 0..4 {
            match digit <= chunk.len() {
                true => text.push(DIGITS[(word >> (18 - 6 * digit)) as usize & 63] as char),
                false => text.push('='),
            }
        }
    }
    text
}

/// Takes the write permission from `root` and all folders below it, as the go command
/// does in its module cache. Errors are left: the folder is usable as it is.
pub fn make_read_only(root: &Path) {
    let Ok(entries) = fs::read_dir(root) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            make_read_only(&entry.path());
        }
    }
    let _ = fs::set_permissions(root, fs::Permissions::from_mode(0o555));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_is_gos() {
        // The module rsc.io/quote's go.sum line for a zip of one known file would need
        // the file; Hash1 of no files and of one empty file are fixed points instead.
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(
            h1(vec![]).expect("hash"),
            "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(base64(b"ab"), "YWI=");
        assert_eq!(base64(b"abc"), "YWJj");
        assert_eq!(hex(&Sha256::digest(b"")), empty);
    }
}
