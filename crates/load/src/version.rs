//! Versions: of the Go language (`1.27`) and of modules (semantic versions with Go's `v`).

use std::cmp::Ordering;
use std::fmt;

/// A version of the Go language, 1.N.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct GoVersion(pub u32);

impl GoVersion {
    /// The language version of this compiler.
    pub const CURRENT: GoVersion = GoVersion(crate::context::GO_MINOR);
    /// What a module without a `go` line has.
    pub const MODULE_DEFAULT: GoVersion = GoVersion(16);

    /// Parses `1.N`, `1.N.P`, `1.NrcM` (with or without `go` before it).
    pub fn parse(text: &str) -> Option<GoVersion> {
        let text = text.strip_prefix("go").unwrap_or(text);
        let minor = match text.strip_prefix("1") {
            Some("") => return Some(GoVersion(0)),
            rest => rest?.strip_prefix('.')?,
        };
        let digits = minor
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(minor.len());
        let (number, rest) = minor.split_at(digits);
        let well_formed = rest.is_empty()
            || ["rc", "beta", "."].iter().any(|p| {
                rest.strip_prefix(p)
                    .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
            });
        well_formed
            .then(|| number.parse().ok().map(GoVersion))
            .flatten()
    }
}

impl fmt::Display for GoVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("1"),
            n => write!(f, "1.{n}"),
        }
    }
}

/// Orders two module versions (`v1.2.3-pre+meta`) as semantic versioning does. A text that
/// is no version is less than every version.
pub fn compare(a: &str, b: &str) -> Ordering {
    match (Semver::parse(a), Semver::parse(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

#[derive(PartialEq, Eq)]
struct Semver<'a> {
    numbers: [u64; 3],
    pre: Option<&'a str>,
}

impl<'a> Semver<'a> {
    fn parse(text: &'a str) -> Option<Semver<'a>> {
        let text = text.strip_prefix('v')?;
        let text = text.split('+').next()?;
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, Some(pre)),
            None => (text, None),
        };
        let mut parts = core.split('.');
        let mut number = || parts.next()?.parse().ok();
        let numbers = [number()?, number()?, number()?];
        parts.next().is_none().then_some(Semver { numbers, pre })
    }
}

impl Ord for Semver<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| match (self.pre, other.pre) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => Ordering::Greater,
                (Some(_), None) => Ordering::Less,
                (Some(a), Some(b)) => compare_pre(a, b),
            })
    }
}

impl PartialOrd for Semver<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Pre-release parts: numbers by value and before names, names by text, fewer parts first.
fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (x, y) = match (a.next(), b.next()) {
            (Some(x), Some(y)) => (x, y),
            (x, y) => return x.is_some().cmp(&y.is_some()),
        };
        let order = match (x.parse::<u64>(), y.parse::<u64>()) {
            (Ok(x), Ok(y)) => x.cmp(&y),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => x.cmp(y),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_versions_in_order() {
        let sorted = [
            "v0.0.0-20200101000000-abcdef012345",
            "v0.1.0",
            "v1.0.0-alpha",
            "v1.0.0-alpha.1",
            "v1.0.0-alpha.beta",
            "v1.0.0-rc.2",
            "v1.0.0-rc.10",
            "v1.0.0",
            "v1.2.0",
            "v1.10.0",
            "v2.0.0+incompatible",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(
                compare(pair[0], pair[1]),
                Ordering::Less,
                "{} < {}",
                pair[0],
                pair[1]
            );
        }
        assert_eq!(compare("v1.2", "v1.0.0"), Ordering::Less);
    }

    #[test]
    fn language_versions() {
        let parse = |t| GoVersion::parse(t).map(|v| v.to_string());
        assert_eq!(parse("1.21").as_deref(), Some("1.21"));
        assert_eq!(parse("go1.27.3").as_deref(), Some("1.27"));
        assert_eq!(parse("1.22rc1").as_deref(), Some("1.22"));
        assert_eq!(parse("1").as_deref(), Some("1"));
        assert_eq!(parse("2.1"), None);
        assert_eq!(parse("1.x"), None);
    }
}
