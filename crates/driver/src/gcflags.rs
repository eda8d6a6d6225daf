//! `-gcflags`: which flags of Go's compiler there are. A few mean something here; others
//! change nothing in what a program does and are accepted; all else is an error.

use crate::failure::Failure;

/// Flags without a value that mean something.
const SWITCHES: [&str; 6] = ["N", "S", "complete", "e", "l", "m"];

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

/// Refuses what is no flag of Go's compiler. `list` is without the pattern before it.
pub fn check(list: &str) -> Result<(), Failure> {
    let mut words = list.split_whitespace();
    while let Some(word) = words.next() {
        let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'));
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return Err(unknown(word));
        };
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (name, None),
        };
        let has_value = VALUES.contains(&name) || HARMLESS_VALUES.contains(&name);
        if !has_value && !SWITCHES.contains(&name) && !HARMLESS.contains(&name) {
            return Err(unknown(word));
        }
        if has_value && value.is_none() {
            words.next();
        }
    }
    Ok(())
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

    #[test]
    fn flags_of_gc() {
        let ok = |list: &str| check(list).is_ok();
        assert!(ok(
            "-N -l -m=2 -e=1 -d=ssa/check/on -live -c=4 -lang go1.21 -m -m"
        ));
        assert!(!ok("-zork"));
        assert!(!ok("-e zork"));
        assert!(!ok("-E=1 -zork=2"));
    }
}
