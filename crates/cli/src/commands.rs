//! The commands: one table that parsing, help and dispatch use.

use crate::flags::{Flag, NUMBER, Parsed, TAGS, TOOL_FLAGS, accepted, flag, missing, only};
use crate::{build, info, run, view};
use std::process::ExitCode;

/// A command's definition.
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Its arguments, for the usage line.
    pub args: &'static str,
    /// What it does, in a line.
    pub summary: &'static str,
    /// What else there is to know.
    pub details: &'static str,
    /// Its flags.
    pub flags: &'static [&'static [Flag]],
    /// Whether flags may follow arguments.
    pub mixed: bool,
    /// Whether the list of commands shows it.
    pub listed: bool,
    /// Runs it.
    pub run: fn(&Parsed) -> ExitCode,
}

/// Flags of every command that builds.
const BUILD: &[Flag] = &[
    flag("C", "dir", "change to dir before running the command"),
    flag("tags", TAGS, "comma-separated build tags that are set"),
    flag(
        "gcflags",
        TOOL_FLAGS,
        "compiler flags: -e (all errors), -N, -l, -m, -S, -d=defer",
    ),
    flag("mod", "mode", "module mode: readonly, vendor or mod"),
    flag("modfile", "file", "read this file instead of go.mod"),
    flag(
        "overlay",
        "file",
        "read replacements of files from this JSON file",
    ),
    flag("a", "", "compile everything anew"),
    flag("p", NUMBER, "number of threads to compile with"),
    flag("v", "", "print the names of packages as they are compiled"),
    flag("n", "", "print what would be compiled, without doing it"),
    flag("x", "", "print each step of the compiler with its time"),
    flag(
        "work",
        "",
        "keep a copy of the executable in a temporary folder and print its name",
    ),
    flag(
        "trimpath",
        "",
        "leave file system paths out of the executable",
    ),
    flag(
        "ldflags",
        TOOL_FLAGS,
        "linker flags: -s (no symbol table), -w, -X import/path.name=value",
    ),
    accepted(
        "buildvcs",
        "mode",
        "version control stamps are never written",
    ),
    only("compiler", "name", &["gc"], "there is one compiler"),
    only(
        "buildmode",
        "mode",
        &["exe", "default"],
        "executables are made, no shared libraries, plugins and archives",
    ),
    accepted("pgo", "file", "profiles are not used"),
    accepted("modcacherw", "", "modules in the cache are left read-only"),
    missing("race", "", "the race detector"),
    missing("msan", "", "the memory sanitizer"),
    missing("asan", "", "the address sanitizer"),
    missing("cover", "", "coverage"),
    missing("covermode", "mode", "coverage"),
    missing("coverpkg", "list", "coverage"),
    missing("asmflags", "list", "assembly"),
    missing("gccgoflags", "list", "gccgo"),
    missing("installsuffix", "suffix", "package archives"),
    missing("json", "", "output as JSON"),
    missing("linkshared", "", "shared libraries"),
    missing("pkgdir", "dir", "package archives"),
    missing("toolexec", "cmd", "wrapping the compiler's programs"),
];

const OUTPUT: &[Flag] = &[flag(
    "o",
    "file",
    "write the executable to file, or into a folder",
)];
const EXEC: &[Flag] = &[flag(
    "exec",
    "xprog",
    "run the program by another one, which gets its name and arguments",
)];
const JSON: &[Flag] = &[flag("json", "", "print as JSON")];
const AFTER: &[Flag] = &[flag("after", "pass", "show the IR after this pass only")];
const LIST: &[Flag] = &[
    flag("deps", "", "also list all packages that are imported"),
    flag("f", "what", "what to list: path (default), files, init"),
];

/// All commands, in the order in which help lists them.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        args: "[build flags] package|files.go... [arguments...]",
        summary: "compile and run a program",
        details: "The program is a package (an import path or a folder) or a list of .go files.\n\
                  Its exit status, if it is not 0, is printed and becomes 1; what is compiled is\n\
                  kept, so that the next run of an unchanged program starts at once.",
        flags: &[BUILD, EXEC],
        mixed: false,
        listed: true,
        run: run::run,
    },
    Command {
        name: "build",
        args: "[-o output] [build flags] [packages|files.go...]",
        summary: "compile packages and dependencies",
        details: "A main package becomes an executable that needs nothing else on the machine it\n\
                  runs on. Other packages, or several packages, are compiled and discarded, unless\n\
                  -o names a folder for the executables.",
        flags: &[OUTPUT, BUILD],
        mixed: false,
        listed: true,
        run: build::build,
    },
    Command {
        name: "list",
        args: "[-deps] [-f what] [build flags] [packages|files.go...]",
        summary: "list packages",
        details: "",
        flags: &[LIST, BUILD],
        mixed: false,
        listed: true,
        run: info::list,
    },
    Command {
        name: "check",
        args: "[build flags] [packages|files.go...]",
        summary: "type-check packages",
        details: "",
        flags: &[BUILD],
        mixed: false,
        listed: false,
        run: info::check,
    },
    Command {
        name: "ast",
        args: "file.go",
        summary: "print a file's syntax tree",
        details: "The form is that of ast.Print in Go's go/ast.",
        flags: &[JSON],
        mixed: true,
        listed: true,
        run: view::ast,
    },
    Command {
        name: "ssa",
        args: "[--after pass] [build flags] package.function [package|files.go...]",
        summary: "print a function's IR after every pass",
        details: "The function is named as Go's symbols are: main.f, main.(*T).m, fmt.Println.\n\
                  The program in which it is compiled is the package in the current folder unless\n\
                  one is given.",
        flags: &[AFTER, BUILD],
        mixed: true,
        listed: true,
        run: view::ssa,
    },
    Command {
        name: "asm",
        args: "[build flags] package.function [package|files.go...]",
        summary: "print a function's machine code under its source lines",
        details: "The function is named as Go's symbols are: main.f, main.(*T).m, fmt.Println.\n\
                  The program in which it is compiled is the package in the current folder unless\n\
                  one is given.",
        flags: &[BUILD],
        mixed: true,
        listed: true,
        run: view::asm,
    },
    Command {
        name: "env",
        args: "[-json] [variables...]",
        summary: "print the settings that goxide uses",
        details: "",
        flags: &[JSON],
        mixed: true,
        listed: true,
        run: info::env,
    },
    Command {
        name: "version",
        args: "",
        summary: "print the version",
        details: "",
        flags: &[],
        mixed: true,
        listed: true,
        run: info::version,
    },
    Command {
        name: "help",
        args: "[command]",
        summary: "explain a command",
        details: "",
        flags: &[],
        mixed: true,
        listed: false,
        run: info::help,
    },
];

/// Flags of the go command's other commands, which `$GOFLAGS` may have.
const OF_OTHERS: [&str; 12] = [
    "bench", "count", "cpu", "failfast", "fullpath", "list", "parallel", "run", "short", "skip",
    "timeout", "vet",
];

/// Whether some command has a flag.
pub fn any_flag(name: &str) -> bool {
    let tables = COMMANDS.iter().flat_map(|c| c.flags.iter());
    let mut flags = tables.flat_map(|t| t.iter());
    flags.any(|f| f.name == name) || OF_OTHERS.contains(&name)
}

/// The command of a name.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|c| c.name == name)
}
