//! The reference's outcome of a program, kept in the tree beside it (`name.out` beside
//! `name.go` or the folder `name`), so that a comparison runs only goxide.
//!
//! ```text
//! go1.27.3, program 3f6a09c2d1e4b785
//! -- exit status 2
//! -- stderr
//! panic: boom
//! -- stdout
//! everything up to the end, byte for byte
//! ```
//!
//! A program that must not compile has `-- build failed` and the messages instead. The
//! first line tells whether the outcome is still that of the program beside it.

use crate::outcome::Outcome;
use crate::program::TestProgram;
use sha2::{Digest, Sha256};
use std::io::{Error, ErrorKind};
use std::path::PathBuf;

const STDOUT: &[u8] = b"-- stdout\n";

/// Where a program's outcome is kept.
pub fn place(program: &TestProgram) -> PathBuf {
    program.path.with_extension("out")
}

/// The stored outcome.
///
/// # Errors
/// If there is none, or it is of another version or another text of the program: it must
/// be blessed.
pub fn load(program: &TestProgram, version: &str) -> std::io::Result<Outcome> {
    let place = place(program);
    let complain = |what: &str| {
        let text = format!("{} {what}: run with --bless", place.display());
        Error::new(ErrorKind::InvalidData, text)
    };
    let text = std::fs::read(&place).map_err(|_| complain("is missing"))?;
    let rest = text.strip_prefix(head(program, version)?.as_bytes());
    let rest = rest.ok_or_else(|| complain("is out of date"))?;
    parse(rest).ok_or_else(|| complain("is malformed"))
}

/// Stores an outcome.
pub fn save(program: &TestProgram, version: &str, outcome: &Outcome) -> std::io::Result<()> {
    let mut text = head(program, version)?.into_bytes();
    text.extend(render(outcome));
    std::fs::write(place(program), text)
}

fn head(program: &TestProgram, version: &str) -> std::io::Result<String> {
    let sum = Sha256::digest(program.contents()?);
    let sum: String = sum.iter().take(8).map(|b| format!("{b:02x}")).collect();
    Ok(format!("{version}, program {sum}\n"))
}

fn render(outcome: &Outcome) -> Vec<u8> {
    match outcome {
        Outcome::BuildFailed(messages) => format!("-- build failed\n{messages}").into_bytes(),
        Outcome::TimedOut(stage) => format!("-- {stage} timed out\n").into_bytes(),
        Outcome::Ran {
            code,
            stdout,
            stderr,
        } => {
            let mut text = format!("-- exit status {code}\n").into_bytes();
            if !stderr.is_empty() {
                let end = if stderr.ends_with('\n') { "" } else { "\n" };
                text.extend(format!("-- stderr\n{stderr}{end}").into_bytes());
            }
            text.extend(STDOUT);
            text.extend(stdout);
            text
        }
    }
}

fn parse(text: &[u8]) -> Option<Outcome> {
    if let Some(messages) = text.strip_prefix(b"-- build failed\n") {
        return Some(Outcome::BuildFailed(
            String::from_utf8_lossy(messages).into_owned(),
        ));
    }
    let at = text.windows(STDOUT.len()).position(|w| w == STDOUT)?;
    let (before, stdout) = (
        std::str::from_utf8(&text[..at]).ok()?,
        &text[at + STDOUT.len()..],
    );
    let (first, rest) = before.split_once('\n')?;
    Some(Outcome::Ran {
        code: first.strip_prefix("-- exit status ")?.parse().ok()?,
        stdout: stdout.to_vec(),
        stderr: rest.strip_prefix("-- stderr\n").unwrap_or("").to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_survive_being_stored() {
        let outcomes = [
            Outcome::BuildFailed("./a.go:1:1: no\n".to_string()),
            Outcome::Ran {
                code: 2,
                stdout: b"no end of line, and \xff".to_vec(),
                stderr: "panic: a\n".to_string(),
            },
            Outcome::Ran {
                code: 0,
                stdout: b"-- stdout\n".to_vec(),
                stderr: String::new(),
            },
        ];
        for outcome in outcomes {
            assert_eq!(parse(&render(&outcome)), Some(outcome));
        }
        assert_eq!(parse(b"-- exit status x\n-- stdout\n"), None);
    }
}
