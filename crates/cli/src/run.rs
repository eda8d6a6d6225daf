//! `goxide run`: compiles a program (or finds it in the cache) and runs it as a child.

use crate::flags::Parsed;
use crate::options;
use goxide_driver::{Failure, Program, os_text};
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
};
use signal_hook::iterator::Signals;
use std::ffi::OsStr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

/// Signals that are passed on to the program.
const PASSED_ON: [i32; 9] = [
    SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
];

/// Compiles a program and runs it.
pub fn run(parsed: &Parsed) -> ExitCode {
    let (what, arguments) = split(&parsed.args);
    let mut options = options::options(parsed);
    let here = [".".to_string()];
    let mut what = what;
    if let Ok(options) = &mut options
        && let [only] = what
        && let Some(dir) = module_of_its_own(&options.cwd, only)
    {
        options.cwd = dir;
        what = &here;
    }
    options::with_options(options, |session| {
        if what.is_empty() {
            return Err(Failure::Plain("go: no go files listed".to_string()));
        }
        if let Some(test) = what.iter().find(|a| a.ends_with("_test.go")) {
            return Err(Failure::Other(format!(
                "cannot run *_test.go files ({test})"
            )));
        }
        if let [file] = what
            && file.ends_with(".go")
            && session.options.replaced_files.is_none()
        {
            must_be_file(file)?;
        }
        let mut program = session.program(what)?;
        if session.options.dry_run {
            return Ok(ExitCode::SUCCESS);
        }
        match parsed.get("exec") {
            None | Some("") => {
                let path = program.path.clone();
                start(&mut program, &path, &[], &what[0], arguments)
            }
            Some(wrapper) => {
                let words: Vec<&str> = wrapper.split_whitespace().collect();
                let (by, before) = words.split_first().unwrap_or((&"", &[]));
                let path = program.path.clone();
                let path = [path.as_os_str()];
                let before: Vec<&OsStr> = before.iter().map(OsStr::new).chain(path).collect();
                start(&mut program, Path::new(by), &before, by, arguments)
            }
        }
    })
}

/// What is to be compiled: leading `.go` files, or else one package; and the program's own
/// arguments.
fn split(args: &[String]) -> (&[String], &[String]) {
    let files = args.iter().take_while(|a| a.ends_with(".go")).count();
    args.split_at(if files > 0 { files } else { args.len().min(1) })
}

/// What ends in `.go` is a file for `run`, where for other commands it may be a package.
fn must_be_file(name: &str) -> Result<(), Failure> {
    match std::fs::metadata(name) {
        Ok(meta) if meta.is_dir() => Err(Failure::Plain(format!(
            "{name} is a directory, should be a Go file"
        ))),
        Ok(_) => Ok(()),
        Err(e) => Err(Failure::Plain(format!("stat {name}: {}", os_text(&e)))),
    }
}

/// The folder an argument names, if that is the root of a module: a program in its own
/// module is run as if from there, whatever module the working directory belongs to. (The
/// `go` command refuses such an argument, so nothing it accepts changes its meaning.)
fn module_of_its_own(cwd: &Path, argument: &str) -> Option<PathBuf> {
    let dir = cwd.join(argument);
    (argument != "." && dir.join("go.mod").is_file()).then(|| dir.canonicalize().ok())?
}

/// Starts what is at `path` with `before` and `arguments`, and waits for its end.
fn start(
    program: &mut Program,
    path: &Path,
    before: &[&OsStr],
    name: &str,
    arguments: &[String],
) -> Result<ExitCode, Failure> {
    let failed = |e: std::io::Error| {
        let why = os_text(&e);
        Failure::Other(format!("starting {name} ({}): {why}", path.display()))
    };
    // Before the child starts, so that no signal is lost between.
    let mut signals = Signals::new(PASSED_ON).map_err(failed)?;
    let mut command = Command::new(path);
    let mut child = command
        .args(before)
        .args(arguments)
        .spawn()
        .map_err(failed)?;
    program.free_rest();
    let pid = Pid::from_raw(child.id() as i32);
    let handle = signals.handle();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            // An interrupt from the terminal has reached the whole group already; a second
            // one would make a program that counts them stop early.
            let from_terminal = matches!(signal, SIGINT | SIGQUIT | SIGWINCH)
                && std::io::IsTerminal::is_terminal(&std::io::stdin());
            if let (Some(pid), Some(signal)) = (pid, Signal::from_named_raw(signal))
                && !from_terminal
            {
                // It fails only if the child has ended.
                let _ = kill_process(pid, signal);
            }
        }
    });
    let status = child.wait().map_err(failed)?;
    handle.close();
    Ok(report(status))
}

/// Like `go run`: the child's status is printed and becomes 1.
fn report(status: ExitStatus) -> ExitCode {
    if status.success() {
        return ExitCode::SUCCESS;
    }
    match (status.code(), status.signal()) {
        (Some(code), _) => eprintln!("exit status {code}"),
        (None, Some(signal)) => {
            let core = if status.core_dumped() {
                " (core dumped)"
            } else {
                ""
            };
            eprintln!("signal: {}{core}", signal_name(signal));
        }
        (None, None) => eprintln!("{status}"),
    }
    ExitCode::FAILURE
}

/// A signal as Go names it.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        10 => "user defined signal 1",
        11 => "segmentation fault",
        12 => "user defined signal 2",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => return format!("signal {signal}"),
    };
    name.to_string()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn files_or_a_package_come_before_arguments() {
        let check = |line: &str, want: &str| {
            let args: Vec<String> = line.split_whitespace().map(str::to_string).collect();
            let (what, arguments) = split(&args);
            assert_eq!(
                format!("{} | {}", what.join(" "), arguments.join(" ")),
                want
            );
        };
        check("a.go b.go x -y", "a.go b.go | x -y");
        check(". a.go", ". | a.go");
        check("./cmd", "./cmd | ");
    }
}
