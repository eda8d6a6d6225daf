//! Flags: defined once, as data, for parsing and for help.
//!
//! The form is the go command's: one or two dashes, `-name=value` or `-name value`, flags
//! before arguments, `--` ends them. Switches take a value only with `=`.

use std::fmt::Write as _;

/// What stands for a value that is a number.
pub const NUMBER: &str = "n";
/// For tags: with commas between them, or with blanks and perhaps quotes.
pub const TAGS: &str = "tag,...";
/// For flags of the compiler or the linker, perhaps with a pattern of packages before them.
pub const TOOL_FLAGS: &str = "[pattern=]flags";

/// A flag's definition.
pub struct Flag {
    /// Its name, without dashes.
    pub name: &'static str,
    /// What stands for its value in help; empty for a switch.
    pub value: &'static str,
    /// What it does.
    pub help: &'static str,
    /// How far it is supported.
    pub support: Support,
}

/// Whether goxide does what the go command does for a flag.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Full,
    /// The flag is accepted and makes no difference.
    Accepted,
    /// These values are accepted and make no difference, all others are errors.
    Only(&'static [&'static str]),
    /// Giving it is an error.
    Missing,
}

/// A flag that works.
pub const fn flag(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        value,
        help,
        support: Support::Full,
    }
}

/// A flag that is taken and has no effect.
pub const fn accepted(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        value,
        help,
        support: Support::Accepted,
    }
}

/// A flag of which only some values are supported, those that say what is done anyway.
pub const fn only(
    name: &'static str,
    value: &'static str,
    values: &'static [&'static str],
    help: &'static str,
) -> Flag {
    Flag {
        name,
        value,
        help,
        support: Support::Only(values),
    }
}

/// A flag that the go command has and goxide does not.
pub const fn missing(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag {
        name,
        value,
        help,
        support: Support::Missing,
    }
}

/// The flags and arguments of a command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    values: Vec<(&'static str, String)>,
    /// What is not a flag.
    pub args: Vec<String>,
}

/// What was wrong with a command line.
#[derive(Debug, PartialEq, Eq)]
pub enum FlagError {
    /// The flags are not those of the command; Go's words.
    Usage(String),
    /// `-h` or `-help`.
    Help,
    /// A flag that is not supported.
    Missing(String),
}

impl Parsed {
    /// The last value given for a flag.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values
            .iter()
            .rev()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v.as_str())
    }

    /// All values given for a flag, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values
            .iter()
            .filter(move |(n, _)| *n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether a switch is on.
    pub fn on(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }
}

/// Reads `args` by the flag tables of a command. Flags may stand between arguments if
/// `mixed` (the views' habit; the go command stops at the first argument).
pub fn parse(
    tables: &[&'static [Flag]],
    args: &[String],
    mixed: bool,
) -> Result<Parsed, FlagError> {
    let mut parsed = Parsed::default();
    let first = args.first();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let name = match arg.strip_prefix("--").or_else(|| arg.strip_prefix('-')) {
            Some("") if arg == "--" => break,
            Some(name) if !name.is_empty() => name,
            _ => {
                parsed.args.push(arg.clone());
                if mixed {
                    continue;
                }
                break;
            }
        };
        if name.starts_with(['-', '=']) {
            return Err(FlagError::Usage(format!("bad flag syntax: {arg}")));
        }
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (name, None),
        };
        let Some(flag) = tables
            .iter()
            .flat_map(|t| t.iter())
            .find(|f| f.name == name)
        else {
            return Err(match name {
                "h" | "help" => FlagError::Help,
                _ => FlagError::Usage(format!("flag provided but not defined: -{name}")),
            });
        };
        let value = match (flag.value.is_empty(), value) {
            (true, value) => switch(name, value.unwrap_or("true"))?.to_string(),
            (false, Some(value)) => value.to_string(),
            (false, None) => match args.next() {
                Some(value) => value.clone(),
                None => return Err(FlagError::Usage(format!("flag needs an argument: -{name}"))),
            },
        };
        check_value(flag, &value)?;
        if name == "C" && first != Some(arg) {
            return Err(FlagError::Usage(format!(
                "invalid value {value:?} for flag -C: -C flag must be first flag on command line"
            )));
        }
        parsed.values.push((flag.name, value));
    }
    parsed.args.extend(args.cloned());
    Ok(parsed)
}

/// The arguments of a command, before them those flags of `$GOFLAGS` that it has; a flag that
/// no command has is an error.
pub fn from_environment(
    tables: &[&'static [Flag]],
    args: &[String],
) -> Result<Vec<String>, String> {
    let given = goxide_driver::Env::from_process();
    let given = given.go.get("GOFLAGS").unwrap_or_default().to_string();
    let mut all = Vec::new();
    let words = goxide_driver::split_quoted(&given)
        .map_err(|why| format!("go: parsing $GOFLAGS: {why}"))?;
    for word in &words {
        let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        let Some(name) = name else {
            return Err(format!("go: parsing $GOFLAGS: non-flag {word:?}"));
        };
        let name = name.split('=').next().unwrap_or_default();
        let has = |f: &Flag| f.name == name;
        if tables.iter().any(|t| t.iter().any(has)) {
            all.push(word.to_string());
        } else if !crate::commands::any_flag(name) {
            return Err(format!("go: parsing $GOFLAGS: unknown flag -{name}"));
        }
    }
    // `-C` stays the first.
    let first = usize::from(
        args.first()
            .is_some_and(|a| a.starts_with("-C") || a.starts_with("--C")),
    );
    let own = args
        .iter()
        .take(first + usize::from(first == 1 && !args[0].contains('=')));
    let head: Vec<String> = own.cloned().collect();
    let tail = args[head.len().min(args.len())..].to_vec();
    Ok(head.into_iter().chain(all).chain(tail).collect())
}

/// Whether a flag can have a value.
fn check_value(flag: &Flag, value: &str) -> Result<(), FlagError> {
    let name = flag.name;
    match flag.support {
        Support::Missing if value != "false" => Err(FlagError::Missing(format!(
            "-{name} ({}) is not supported yet",
            flag.help
        ))),
        Support::Only(values) if !values.contains(&value) => Err(FlagError::Missing(format!(
            "-{name}={value} is not supported ({}; supported: {})",
            flag.help,
            values.join(", ")
        ))),
        _ => match form(flag.value, value) {
            Ok(()) => Ok(()),
            Err(why) => Err(FlagError::Usage(format!(
                "invalid value {value:?} for flag -{name}: {why}"
            ))),
        },
    }
}

/// Whether a value has the form that a flag wants.
fn form(wanted: &str, value: &str) -> Result<(), String> {
    match wanted {
        NUMBER if value.parse::<i64>().is_err() => Err("parse error".to_string()),
        TAGS if value.contains([' ', '\'']) => goxide_driver::split_quoted(value).map(drop),
        TOOL_FLAGS => goxide_driver::ToolFlags::parse(&[value.to_string()]).map(drop),
        _ => Ok(()),
    }
}

fn switch(name: &str, value: &str) -> Result<bool, FlagError> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(FlagError::Usage(format!(
            "invalid boolean value {value:?} for -{name}: parse error"
        ))),
    }
}

/// The help text of flag tables.
pub fn describe(tables: &[&'static [Flag]]) -> String {
    let mut text = String::new();
    let headings = [
        "Flags:",
        "Accepted for the go command's sake, without effect:",
        "Not supported yet (an error):",
    ];
    for (group, heading) in headings.into_iter().enumerate() {
        let is_in = |f: &&Flag| match f.support {
            Support::Full => group == 0,
            Support::Accepted | Support::Only(_) => group == 1,
            Support::Missing => group == 2,
        };
        let of_kind: Vec<&Flag> = tables.iter().flat_map(|t| t.iter()).filter(is_in).collect();
        if of_kind.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n{heading}");
        for flag in of_kind {
            let head = format!("-{} {}", flag.name, flag.value);
            let _ = writeln!(text, "    {:<18} {}", head.trim_end(), flag.help);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAGS: &[Flag] = &[
        flag("o", "file", "output"),
        flag("v", "", "verbose"),
        missing("race", "", "races"),
    ];

    fn check(line: &str, want: &str) {
        let args: Vec<String> = line.split_whitespace().map(str::to_string).collect();
        let shown = match parse(&[FLAGS], &args, false) {
            Ok(p) => format!(
                "o={:?} v={} args={}",
                p.get("o"),
                p.on("v"),
                p.args.join(",")
            ),
            Err(e) => format!("{e:?}"),
        };
        assert_eq!(shown, want, "{line}");
    }

    #[test]
    fn gos_flag_forms() {
        check("-o x -v a -b", "o=Some(\"x\") v=true args=a,-b");
        check("--o=x -v=false -- -a", "o=Some(\"x\") v=false args=-a");
        check("-o", "Usage(\"flag needs an argument: -o\")");
        check("-zork", "Usage(\"flag provided but not defined: -zork\")");
        check(
            "-v=maybe",
            "Usage(\"invalid boolean value \\\"maybe\\\" for -v: parse error\")",
        );
        check("---v", "Usage(\"bad flag syntax: ---v\")");
        check("-race a", "Missing(\"-race (races) is not supported yet\")");
        check("-race=false a", "o=None v=false args=a");
        check("- a", "o=None v=false args=-,a");
        check("-h", "Help");
    }
}
