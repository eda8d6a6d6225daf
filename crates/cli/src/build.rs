//! `goxide build`.

use crate::flags::Parsed;
use crate::options;
use goxide_driver::{COMMAND_LINE, Failure, Package, Program, Session, write_program};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compiles packages; one program is written to a file, as `-o` or its name says.
pub fn build(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session| {
        let graph = session.load(&parsed.args)?;
        for warning in &graph.warnings {
            eprintln!("goxide: warning: {warning}");
        }
        let programs: Vec<&Package> = graph
            .roots
            .iter()
            .map(|id| &graph.packages[*id])
            .filter(|p| p.is_main())
            .collect();
        let output = parsed.get("o").map(Path::new);
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
                refuse_folder(&path)?;
                let mut program = session.program_loaded(&parsed.args, graph)?;
                program.leave_rest();
                if !session.options.dry_run {
                    copy(&program, &path)?;
                }
                Ok(ExitCode::SUCCESS)
            }
            (_, Some(_), None) if graph.roots.len() > 1 => Err(Failure::Other(
                "cannot write multiple packages to non-directory".to_string(),
            )),
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
    let is_version =
        last.len() > 1 && last.starts_with('v') && last[1..].bytes().all(|b| b.is_ascii_digit());
    if is_version {
        parts.next().unwrap_or(last)
    } else {
        last
    }
    .to_string()
}

fn write(session: &Session, args: &[String], path: &Path) -> Result<(), Failure> {
    refuse_folder(path)?;
    let program = session.program(args)?;
    if session.options.dry_run {
        return Ok(());
    }
    copy(&program, path)
}

fn refuse_folder(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Err(Failure::Plain(format!(
            "go: build output {:?} already exists and is a directory",
            path.display().to_string()
        )));
    }
    Ok(())
}

/// Writes the executable to where it is wanted.
fn copy(program: &Program, path: &Path) -> Result<(), Failure> {
    let bytes = std::fs::read(&program.path).map_err(|e| cannot_write(&program.path, &e))?;
    if path == Path::new("/dev/null") {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        std::fs::create_dir_all(folder).map_err(|e| cannot_write(path, &e))?;
    }
    write_program(path, &bytes).map_err(|e| cannot_write(path, &e))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Other(format!(
        "cannot write {}: {}; -o names another place",
        path.display(),
        goxide_driver::os_text(error)
    ))
}
