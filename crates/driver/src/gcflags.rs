//! `-gcflags`: which flags of Go's compiler there are. A few mean something here; others
//! change nothing in what a program does and are accepted; all else is an error.

use crate::failure::Failure;
use crate::reports::Wanted;
use goxide_load::GoVersion;

/// Flags with a value that mean something.
const VALUES: [&str; 2] = ["d", "lang"];

/// Switches that ask for what is so anyway, or for nothing that goxide could do differently.
const HARMLESS: [&str; 34] = [
    "%",
    "+",
    "B",
    "C",
    "E",
    "K",
    "L",
    "V",
    "W",
    "asan",
    "clobberdead",
    "clobberdeadreg",
    "dwarf",
    "dwarfbasentries",
    "dwarflocationlists",
    "dynlink",
    "errorurl",
    "h",
    "j",
    "linkshared",
    "live",
    "msan",
    "nolocalimports",
    "pack",
    "r",
    "race",
    "shared",
    "smallframes",
    "std",
    "t",
    "u",
    "v",
    "w",
    "wb",
];

/// The same with a value.
const HARMLESS_VALUES: [&str; 27] = [
    "D",
    "I",
    "asmhdr",
    "bench",
    "blockprofile",
    "buildid",
    "c",
    "coveragecfg",
    "cpuprofile",
    "embedcfg",
    "env",
    "gendwarfinl",
    "goversion",
    "importcfg",
    "installsuffix",
    "json",
    "linkobj",
    "memprofile",
    "memprofilerate",
    "mutexprofile",
    "o",
    "p",
    "pgoprofile",
    "spectre",
    "symabis",
    "traceprofile",
    "trimpath",
];

/// What flags of the compiler ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CompilerFlags {
    /// `-N`: no optimisation.
    pub plain: bool,
    /// `-l`: no inlining. (A level above that allows more of it.)
    pub calls_stay: bool,
    /// `-e`: all errors, not only ten.
    pub all_errors: bool,
    /// `-complete`: no functions without a body.
    pub complete: bool,
    /// `-lang`.
    pub language: Option<GoVersion>,
    /// `-m`, `-S`, `-d=defer`.
    pub reports: Wanted,
}

impl CompilerFlags {
    /// Reads the words of a value of `-gcflags`.
    ///
    /// # Errors
    /// For what is no flag of Go's compiler.
    pub fn parse(list: &[String]) -> Result<CompilerFlags, Failure> {
        let mut flags = CompilerFlags::default();
        let mut inlining = 0;
        let mut words = list.iter().map(String::as_str);
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
            let Some(name) = name.filter(|name| !name.is_empty()) else {
                return Err(unknown(word));
            };
            let (name, mut value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (name, None),
            };
            let has_value = VALUES.contains(&name) || HARMLESS_VALUES.contains(&name);
            if has_value && value.is_none() {
                value = words.next();
            }
            match name {
                "N" => flags.plain = count(0, value) > 0,
                "S" => flags.reports.listing = count(0, value) > 0,
                "complete" => flags.complete = count(0, value) > 0,
                "e" => flags.all_errors = count(0, value) > 0,
                "l" => inlining = count(inlining, value),
                "m" => flags.reports.decisions = count(flags.reports.decisions, value),
                "d" => {
                    let debug = value.unwrap_or_default().split(',');
                    flags.reports.defers |= debug.into_iter().any(|what| what == "defer");
                }
                "lang" => flags.language = value.and_then(GoVersion::parse),
                _ if has_value || HARMLESS.contains(&name) => {}
                _ => return Err(unknown(word)),
            }
        }
        flags.calls_stay = inlining == 1;
        Ok(flags)
    }
}

/// A flag that counts, given once more: by itself, as a switch, or with a number.
fn count(so_far: u32, value: Option<&str>) -> u32 {
    match value {
        None | Some("true") => so_far + 1,
        Some("false") => 0,
        Some(number) => number.parse().unwrap_or(1),
    }
}

fn unknown(word: &str) -> Failure {
    let name = word.split('=').next().unwrap_or(word);
    Failure::Plain(format!(
        "goxide: -gcflags: flag provided but not defined: {name}\n\
         \tthose that mean something here: -N -S -d=defer -e -l -lang=go1.N -m"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(list: &str) -> Result<CompilerFlags, Failure> {
        let words: Vec<String> = list.split(' ').map(str::to_string).collect();
        CompilerFlags::parse(&words)
    }

    #[test]
    fn flags_of_gc() {
        let flags = parse("-N -m=2 -e=1 -d=ssa/check/on,defer -live -c=4 -lang go1.21 -m").unwrap();
        assert!(flags.plain && flags.all_errors && !flags.calls_stay);
        assert_eq!(flags.language, GoVersion::parse("go1.21"));
        assert_eq!(flags.reports.decisions, 3);
        assert!(flags.reports.defers && !flags.reports.listing);
        assert!(parse("-l").unwrap().calls_stay);
        assert!(!parse("-l=4").unwrap().calls_stay);
        assert!(!parse("--e --e=false").unwrap().all_errors);
        assert!(parse("-zork").is_err());
        assert!(parse("-e zork").is_err());
        assert!(parse("-E=1 -zork=2").is_err());
    }
}
