//! The build context: which files of a folder belong to the program.

use goxide_syntax::Constraint;
use std::collections::BTreeSet;

/// The Go release whose language and library goxide has: 1.N.
pub const GO_MINOR: u32 = 27;

/// Experiments that are on in this release's default build for linux/amd64.
const EXPERIMENTS: [&str; 7] = [
    "regabiwrappers",
    "regabiargs",
    "dwarf5",
    "jsonv2",
    "greenteagc",
    "randomizedheapbase64",
    "sizespecializedmalloc",
];

/// Tags that choose Go sources over assembly: by convention, and in `math/big`.
const NO_ASSEMBLY: [&str; 3] = ["purego", "noasm", "math_big_pure_go"];

/// Values that a file name's suffix can have to bind it to an operating system.
const KNOWN_OS: [&str; 18] = [
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "hurd",
    "illumos",
    "ios",
    "js",
    "linux",
    "nacl",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "zos",
];

/// Values that a file name's suffix can have to bind it to an architecture.
const KNOWN_ARCH: [&str; 24] = [
    "386",
    "amd64",
    "amd64p32",
    "arm",
    "armbe",
    "arm64",
    "arm64be",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64p32",
    "mips64p32le",
    "ppc",
    "ppc64",
    "ppc64le",
    "riscv",
    "riscv64",
    "s390",
    "s390x",
    "sparc",
    "sparc64",
    "wasm",
];

/// Target and tags of a build. Always linux/amd64, cgo off, compiler tag `gc`.
#[derive(Clone, Debug, Default)]
pub struct BuildContext {
    user_tags: BTreeSet<String>,
}

impl BuildContext {
    /// The context with the tags given by `-tags` set as well.
    pub fn new(user_tags: impl IntoIterator<Item = String>) -> BuildContext {
        BuildContext {
            user_tags: user_tags.into_iter().collect(),
        }
    }

    /// Whether a build tag is set.
    pub fn tag(&self, name: &str) -> bool {
        if let Some(version) = name.strip_prefix("go1.") {
            return version
                .parse::<u32>()
                .is_ok_and(|n| (1..=GO_MINOR).contains(&n))
                || self.user_tags.contains(name);
        }
        if let Some(experiment) = name.strip_prefix("goexperiment.") {
            return EXPERIMENTS.contains(&experiment) || self.user_tags.contains(name);
        }
        matches!(name, "linux" | "amd64" | "gc" | "unix" | "amd64.v1")
            || NO_ASSEMBLY.contains(&name)
            || self.user_tags.contains(name)
    }

    /// Whether a constraint is satisfied.
    pub fn satisfies(&self, constraint: &Constraint) -> bool {
        constraint.eval(&|tag| self.tag(tag))
    }

    /// Whether a file's name lets it take part: not hidden, and its operating system and
    /// architecture suffixes (`_linux`, `_amd64`, `_linux_amd64`, each also before
    /// `_test`) are ours.
    pub fn matches_name(&self, file_name: &str) -> bool {
        if file_name.starts_with(['_', '.']) {
            return false;
        }
        let stem = file_name.split('.').next().unwrap_or(file_name);
        // What stands before the first `_` is never a suffix.
        let Some((_, suffixes)) = stem.split_once('_') else {
            return true;
        };
        let mut parts: Vec<&str> = suffixes.split('_').collect();
        if parts.last() == Some(&"test") {
            parts.pop();
        }
        match parts[..] {
            [.., os, arch] if is_os(os) && is_arch(arch) => self.tag(os) && self.tag(arch),
            [.., last] if is_os(last) || is_arch(last) => self.tag(last),
            _ => true,
        }
    }

    /// A text that is equal for equal contexts: part of cache keys.
    pub fn fingerprint(&self) -> String {
        self.user_tags.iter().cloned().collect::<Vec<_>>().join(",")
    }
}

fn is_os(name: &str) -> bool {
    KNOWN_OS.contains(&name)
}

fn is_arch(name: &str) -> bool {
    KNOWN_ARCH.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        let context = BuildContext::default();
        let taken: Vec<&str> = [
            "a.go",
            "linux.go",
            "windows.go",
            "a_linux.go",
            "a_windows.go",
            "a_arm64.go",
            "a_linux_amd64.go",
            "a_windows_amd64.go",
            "a_linux_arm64.go",
            "a_unix.go",
            "a_windows_test.go",
            "a_linux_test.go",
            "_a.go",
            ".a.go",
            "a_linux.gen.go",
        ]
        .into_iter()
        .filter(|name| context.matches_name(name))
        .collect();
        assert_eq!(
            taken.join(" "),
            "a.go linux.go windows.go a_linux.go a_linux_amd64.go a_unix.go a_linux_test.go \
             a_linux.gen.go"
        );
    }

    #[test]
    fn tags() {
        let context = BuildContext::new(["mine".to_string()]);
        let set: Vec<&str> = [
            "linux",
            "unix",
            "cgo",
            "go1.1",
            "go1.27",
            "go1.28",
            "gc",
            "gccgo",
            "purego",
            "mine",
            "goexperiment.jsonv2",
            "goexperiment.simd",
            "race",
        ]
        .into_iter()
        .filter(|tag| context.tag(tag))
        .collect();
        assert_eq!(
            set.join(" "),
            "linux unix go1.1 go1.27 gc purego mine goexperiment.jsonv2"
        );
    }
}
