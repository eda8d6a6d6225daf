//! Errors of this crate: what is wrong, and what to do about it.

use std::fmt;
use std::path::Path;

/// Why the sources of a program could not be found or read.
///
/// The message is complete (with position and import stack, worded as the go command
/// words it where it has the same error); the hint says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// What is wrong; may have several lines.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

/// The result of most functions here.
pub type Result<T, E = LoadError> = std::result::Result<T, E>;

impl LoadError {
    /// An error without a hint.
    pub fn new(message: impl Into<String>) -> LoadError {
        LoadError {
            message: message.into(),
            hint: None,
        }
    }

    /// The same error with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> LoadError {
        self.hint = Some(hint.into());
        self
    }

    /// A failed operation on a file or folder: `reading /x: no such file or directory`.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> LoadError {
        LoadError::new(format!("{doing} {}: {}", path.display(), os_text(error)))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n\t{hint}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for LoadError {}

/// The text of an operating-system error as Go prints it: lower case, without the number.
pub fn os_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
