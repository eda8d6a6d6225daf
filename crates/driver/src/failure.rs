//! Why a command failed: plain data, printed last.

use goxide_load::LoadError;
use std::fmt;

/// Why a command failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The command line asks for something that does not exist.
    Usage(String),
    /// Sources could not be found or read.
    Load(Vec<LoadError>),
    /// Packages do not compile.
    Compile(Vec<PackageErrors>),
    /// A message of the go command's own, printed as it is.
    Plain(String),
    /// Something else that is not the compiler's fault: a file that can't be written, an
    /// unsupported construct, a function that does not exist.
    Other(String),
    /// The compiler failed.
    Internal {
        /// What it was working on: a stage and, if known, a function of the user's.
        working_on: String,
        /// The panic's message.
        message: String,
    },
}

/// The errors of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageErrors {
    /// Import path.
    pub package: String,
    /// Positioned messages, `./x.go:3:5: undefined: f`, in order; the last may be that
    /// there are too many.
    pub messages: Vec<String>,
}

impl From<Vec<LoadError>> for Failure {
    fn from(errors: Vec<LoadError>) -> Failure {
        Failure::Load(errors)
    }
}

impl Failure {
    /// The status with which the command ends.
    pub fn exit_code(&self) -> u8 {
        match self {
            Failure::Load(_) | Failure::Compile(_) | Failure::Plain(_) | Failure::Other(_) => 1,
            Failure::Usage(_) | Failure::Internal { .. } => 2,
        }
    }
}

impl fmt::Display for Failure {
    /// The text for standard error, as the go command prints such failures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Other(message) => writeln!(f, "goxide: {message}"),
            Failure::Plain(message) => writeln!(f, "{message}"),
            Failure::Load(errors) => errors.iter().try_for_each(|e| writeln!(f, "{e}")),
            Failure::Compile(packages) => packages.iter().try_for_each(|p| {
                writeln!(f, "# {}", p.package)?;
                p.messages.iter().try_for_each(|m| writeln!(f, "{m}"))
            }),
            Failure::Internal {
                working_on,
                message,
            } => write!(
                f,
                "goxide: internal compiler error while {working_on}: {message}\n\
                 This is a bug in goxide. The program may still be right.\n"
            ),
        }
    }
}
