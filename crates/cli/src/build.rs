//! `goxide build`.

use crate::flags::Parsed;
use crate::options;
use goxide_driver::{COMMAND_LINE, Failure, Package, Program, Session, copy_program};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is written there is thrown away.
const NOWHERE: &str = "/dev/null";

/// Compiles packages; one program is written to a file, as `-o` or its name says.
pub fn build(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let graph = session.load(&parsed.args)?;
        options::warn(&graph);
        let programs: Vec<&Package> = graph
            .roots
            .iter()
            .map(|id| &graph.packages[*id])
            .filter(|p| p.is_main())
            .collect();
        let output = parsed.get("o").filter(|o| !o.is_empty()).map(Path::new);
        let folder =
            output.filter(|o| o.is_dir() || o.as_os_str().to_string_lossy().ends_with('/'));
        match (&programs[..], output, folder) {
            (_, _, Some(folder)) if programs.is_empty() => Err(Failure::Other(format!(
                "no main packages to build into {}",
                folder.display()
            ))),
            (_, _, Some(folder)) => {
                std::fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
                for program in &programs {
                    let path = folder.join(default_name(program));
                    write(session, &arguments_of(program, &parsed.args), &path)?;
                }
                session.check(&parsed.args).map(|_| ExitCode::SUCCESS)
            }
            ([program], output, None) if graph.roots.len() == 1 => {
                let path =
                    output.map_or_else(|| PathBuf::from(default_name(program)), PathBuf::from);
                refuse_other(&path)?;
                let mut program = session.program_loaded(&parsed.args, graph)?;
                program.leave_rest();
                if !session.options.dry_run {
                    copy(&program, &path)?;
                }
                Ok(ExitCode::SUCCESS)
            }
            (_, Some(file), None) if graph.roots.len() > 1 && file != Path::new(NOWHERE) => {
                Err(Failure::Other(format!(
                    "cannot write multiple packages to non-directory {}",
                    file.display()
                )))
            }
            _ => session
                .compile_and_discard(&parsed.args)
                .map(|()| ExitCode::SUCCESS),
        }
    })
}

fn arguments_of(program: &Package, args: &[String]) -> Vec<String> {
    if program.path == COMMAND_LINE {
        args.to_vec()
    } else {
        vec![program.path.clone()]
    }
}

/// The last part of the import path (a version suffix left out), or the first file's name.
fn default_name(package: &Package) -> String {
    if package.path == COMMAND_LINE {
        let first = package.files.first().and_then(|f| f.path.file_stem());
        return first.unwrap_or_default().to_string_lossy().into_owned();
    }
    let mut parts = package.path.rsplit('/');
    let last = parts.next().unwrap_or_default();
    let name = match is_version(last) {
        true => parts.next().unwrap_or(last),
        false => last,
    };
    name.to_string()
}

/// Whether the last part of an import path is a module's major version: 2 or more.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|number| {
        number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0') && number != "1"
    }) && part.len() > 1
}

fn write(session: &Session, args: &[String], path: &Path) -> Result<(), Failure> {
    refuse_other(path)?;
    let program = session.program(args)?;
    if session.options.dry_run {
        return Ok(());
    }
    copy(&program, path)
}

/// Refuses to write over a folder, or over a file that is no program.
fn refuse_other(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::Plain(format!(
            "go: build output {:?} already exists and is a directory",
            path.display().to_string()
        )));
    }
    let shown = path.display();
    if !may_replace(path) {
        return Err(Failure::Plain(format!(
            "go: build output {:?} already exists and is not an object file",
            shown.to_string()
        )));
    }
    Ok(())
}

/// Whether what lies at a path is a program, or nothing anybody would miss: not a source.
fn may_replace(path: &Path) -> bool {
    /// Beginnings of files: ELF, archives, and programs for other systems.
    const OBJECTS: [&[u8]; 5] = [
        b"\x7FELF",
        b"!<arch>\n",
        b"MZ",
        b"\xCF\xFA\xED\xFE",
        b"\0asm",
    ];
    let file = path.metadata().is_ok_and(|m| m.is_file() && m.len() > 0);
    let mut head = Vec::new();
    let read = |head: &mut Vec<u8>| {
        let file = std::fs::File::open(path)?;
        file.take(8).read_to_end(head)
    };
    if !file || read(&mut head).is_err() {
        return true;
    }
    OBJECTS.iter().any(|start| head.starts_with(start))
}

/// Writes the executable to where it is wanted.
fn copy(program: &Program, path: &Path) -> Result<(), Failure> {
    std::fs::File::open(&program.path).map_err(|e| cannot_write(&program.path, &e))?;
    if path == Path::new(NOWHERE) {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        std::fs::create_dir_all(folder).map_err(|e| cannot_write(path, &e))?;
    }
    // A device or a pipe is written to; a file is put in the place of whatever is there.
    let special = path.metadata().is_ok_and(|m| !m.is_file());
    let written = match special {
        true => std::fs::read(&program.path).and_then(|bytes| {
            let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
            file.write_all(&bytes)
        }),
        false => copy_program(&program.path, path),
    };
    written.map_err(|e| cannot_write(path, &e))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Other(format!(
        "cannot write {}: {}; -o names another place",
        path.display(),
        goxide_driver::os_text(error)
    ))
}
