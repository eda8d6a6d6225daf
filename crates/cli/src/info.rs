//! Commands that only tell: `help`, `version`, `env`, `list`, `check`.

use crate::commands::{COMMANDS, Command, find};
use crate::flags::{Parsed, describe};
use crate::options;
use goxide_driver::{Env, Failure, Options, PackageGraph, Session};
use std::fmt::Write as _;
use std::process::ExitCode;

/// What `goxide` prints without a command.
pub fn overview() -> String {
    let mut text = String::from(
        "goxide compiles and runs Go programs.\n\nUsage:\n\n\tgoxide <command> [arguments]\n\n\
         The commands are:\n\n",
    );
    for command in COMMANDS.iter().filter(|c| c.listed) {
        let _ = writeln!(text, "\t{:<11} {}", command.name, command.summary);
    }
    text + "\nUse \"goxide help <command>\" for more about a command.\n"
}

/// Commands of `go` that goxide is to have.
const TO_COME: [&str; 2] = ["test", "vet"];

/// Other commands of `go`. They work on what goxide compiles as well.
const OF_GO: [&str; 10] = [
    "clean",
    "doc",
    "fmt",
    "generate",
    "get",
    "install",
    "mod",
    "telemetry",
    "tool",
    "work",
];

/// What is said of a command that is none.
pub fn unknown(name: &str) -> String {
    if TO_COME.contains(&name) {
        return format!("goxide {name}: not supported yet\nRun 'goxide help' for usage.\n");
    }
    let hint = match OF_GO.contains(&name) {
        true => {
            format!("\t'go {name}' can be used beside goxide: modules and files are the same\n")
        }
        false => String::new(),
    };
    format!("goxide {name}: unknown command\n{hint}Run 'goxide help' for usage.\n")
}

/// The two lines that follow a usage error.
pub fn usage(command: &Command) -> String {
    let line = format!("usage: goxide {} {}", command.name, command.args);
    format!(
        "{}\nRun 'goxide help {}' for details.\n",
        line.trim_end(),
        command.name
    )
}

/// `goxide help`.
pub fn help(parsed: &Parsed) -> ExitCode {
    let Some(name) = parsed.args.first() else {
        print!("{}", overview());
        return ExitCode::SUCCESS;
    };
    let Some(command) = find(name) else {
        eprintln!("goxide help {name}: unknown help topic. Run 'goxide help'.");
        return ExitCode::from(2);
    };
    let line = format!("usage: goxide {} {}", command.name, command.args);
    println!("{}\n\n{}.", line.trim_end(), capitalised(command.summary));
    if !command.details.is_empty() {
        println!("\n{}", command.details);
    }
    print!("{}", describe(command.flags));
    ExitCode::SUCCESS
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// `goxide version`.
pub fn version(parsed: &Parsed) -> ExitCode {
    if let Some(file) = parsed.args.first() {
        eprintln!("goxide version: {file}: versions of executables are not read");
        return ExitCode::from(2);
    }
    println!(
        "goxide version {} (Go 1.{}) linux/amd64",
        env!("CARGO_PKG_VERSION"),
        goxide_driver::GO_MINOR
    );
    ExitCode::SUCCESS
}

/// `goxide env`.
pub fn env(parsed: &Parsed) -> ExitCode {
    let all = Env::from_process().describe();
    let wanted = match &parsed.args[..] {
        [] => all,
        names => {
            let value = |name: &str| all.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
            let field = |name: &String| (name.clone(), value(name).unwrap_or_default());
            names.iter().map(field).collect()
        }
    };
    if parsed.on("json") {
        let field = |(name, value): &(String, String)| format!("\t{}: {}", json(name), json(value));
        let fields: Vec<String> = wanted.iter().map(field).collect();
        println!("{{\n{}\n}}", fields.join(",\n"));
        return ExitCode::SUCCESS;
    }
    for (name, value) in &wanted {
        match parsed.args.is_empty() {
            true => println!("{name}='{}'", value.replace('\'', "'\\''")),
            false => println!("{value}"),
        }
    }
    ExitCode::SUCCESS
}

fn json(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Values of `goxide list -f`.
const LISTED: [&str; 3] = ["path", "files", "init"];

/// `goxide list`.
pub fn list(parsed: &Parsed) -> ExitCode {
    options::with_session(parsed, |session: &Session| {
        if let Some(what) = parsed.get("f").filter(|f| !LISTED.contains(f)) {
            return Err(Failure::Usage(format!(
                "list: -f={what} is not supported; what can be listed: {}",
                LISTED.join(", ")
            )));
        }
        let graph = session.load(&parsed.args)?;
        options::warn(&graph);
        let ids = match (parsed.get("f"), parsed.on("deps")) {
            (Some("init"), _) => graph.init_order(|_| true),
            (_, true) => graph.packages.indices().collect(),
            (_, false) => graph.roots.clone(),
        };
        for id in ids {
            match parsed.get("f") {
                Some("files") => print_files(&graph, id),
                _ => println!("{}", graph.packages[id].path),
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn print_files(graph: &PackageGraph, id: goxide_driver::PackageId) {
    for file in &graph.packages[id].files {
        println!("{}", file.path.display());
    }
}

/// `goxide check`: the front end alone, as `go tool compile` is without the go command.
pub fn check(parsed: &Parsed) -> ExitCode {
    let options = options::options(parsed).map(|o| Options {
        compiler_only: true,
        ..o
    });
    options::with_options(options, |session| {
        session.check(&parsed.args)?;
        Ok(ExitCode::SUCCESS)
    })
}
