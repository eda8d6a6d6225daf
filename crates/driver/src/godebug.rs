//! The `GODEBUG` settings that a program is built with: those that its `go` line's release
//! had as defaults, then the `godebug` lines of `go.mod` or `go.work`, then the main
//! package's `//go:debug` lines. What settings there are stands in the SDK's own table.

use crate::check::Checked;
use crate::failure::{Failure, PackageErrors};
use goxide_base::FxHashMap;
use goxide_load::{Defaults, GO_MINOR, GoFile, PackageId};
use std::collections::BTreeMap;
use std::path::Path;

/// The SDK's table of settings.
const TABLE: &str = "internal/godebugs/table.go";

/// A setting that goes back to an older release's behaviour.
#[derive(Debug, PartialEq, Eq)]
struct Setting {
    name: String,
    /// The release that changed the default, and what it was before.
    changed: Option<(u32, String)>,
    /// The release in which the setting went, and its values that are no longer possible.
    removed: Option<(u32, Vec<String>)>,
}

/// The settings of the program whose main package is `main`, as `name=value,…`.
///
/// # Errors
/// Unknown and malformed settings, in the go command's words.
pub fn settings(checked: &Checked, main: PackageId) -> Result<String, Failure> {
    let package = &checked.graph.packages[main];
    let defaults = &checked.graph.defaults;
    let directives: Vec<Directive> = package.files.iter().flat_map(directives_of).collect();
    let minor = defaults.go.map_or(GO_MINOR, |go| go.0);
    if directives.is_empty() && defaults.godebug.is_empty() && minor >= GO_MINOR {
        return Ok(String::new());
    }
    let path = checked.graph.sdk.src().join(TABLE);
    let text = std::fs::read_to_string(&path).map_err(|e| {
        let why = goxide_load::os_text(&e);
        Failure::Other(format!("reading {}: {why}", path.display()))
    })?;
    let table: Vec<Setting> = text.lines().filter_map(parse_entry).collect();
    check_module(&table, defaults)?;
    let messages = check_directives(&table, &directives);
    if !messages.is_empty() {
        return Err(Failure::Compile(vec![PackageErrors {
            package: package.path.clone(),
            messages,
        }]));
    }
    let lines = directives.iter().map(|d| d.text.as_str());
    let given: Vec<&str> = defaults
        .godebug
        .iter()
        .map(|g| g.1.as_str())
        .chain(lines)
        .collect();
    Ok(combine(&table, minor, &given))
}

/// All settings together; later ones win, and `default=go1.N` names another release.
fn combine(table: &[Setting], minor: u32, given: &[&str]) -> String {
    let mut minor = minor;
    let mut own: BTreeMap<&str, &str> = given.iter().filter_map(|s| s.split_once('=')).collect();
    if let Some(asked) = own.remove("default").and_then(release) {
        minor = asked;
    }
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    for setting in table {
        if let Some((changed, old)) = &setting.changed
            && minor < *changed
        {
            all.insert(&setting.name, old);
        }
    }
    all.extend(own);
    let list: Vec<String> = all.iter().map(|(k, v)| format!("{k}={v}")).collect();
    list.join(",")
}

/// N of `go1.N` and what may follow.
fn release(text: &str) -> Option<u32> {
    let minor = text.strip_prefix("go1.")?;
    minor.split(['.', 'r', 'b']).next()?.parse().ok()
}

/// An entry of the SDK's table.
fn parse_entry(line: &str) -> Option<Setting> {
    let entry = line.trim().strip_prefix("{Name: \"")?;
    let (name, rest) = entry.split_once('"')?;
    let number = |key: &str| -> Option<u32> {
        let digits = rest.split_once(key)?.1.trim_start();
        digits
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse()
            .ok()
    };
    let old = rest.split_once("Old: ").map(|(_, old)| old);
    let quoted = old.and_then(|old| old.strip_prefix('"')?.split('"').next());
    Some(Setting {
        name: name.to_string(),
        changed: number("Changed:").zip(quoted.map(str::to_string)),
        removed: number("Removed:").map(|n| (n, old.map(refused).unwrap_or_default())),
    })
}

/// The values that the function of a removed setting is true for: it is called `one` or
/// `zero`, or compares with each.
fn refused(function: &str) -> Vec<String> {
    let code = function.split("//").next().unwrap_or_default();
    if code.starts_with("one") {
        return vec!["1".to_string()];
    }
    if code.starts_with("zero") {
        return vec!["0".to_string()];
    }
    let compared = code.split("== \"").skip(1);
    let values = compared.filter_map(|rest| rest.split('"').next());
    values.map(str::to_string).collect()
}

/// What is wrong with a setting; `kind` says what it is called.
fn complaint(table: &[Setting], kind: &str, text: &str) -> Option<String> {
    let Some((name, value)) = text.split_once('=') else {
        return Some("missing key=value".to_string());
    };
    for (what, part) in [("key", name), ("value", value)] {
        if part.contains([' ', '\t']) {
            return Some(format!("{what} contains space"));
        }
        if part.contains(',') {
            return Some(format!("{what} contains comma"));
        }
    }
    if name == "default" {
        return match release(value) {
            None => Some("value for default= must be goVERSION".to_string()),
            Some(minor) if minor > GO_MINOR => Some(format!(
                "default={value} too new (toolchain is go1.{GO_MINOR})"
            )),
            Some(_) => None,
        };
    }
    let Some(known) = table.iter().find(|s| s.name == name) else {
        return Some(format!("unknown {kind} {name:?}"));
    };
    let (minor, old) = known.removed.as_ref()?;
    old.iter().any(|o| o == value).then(|| {
        format!(
            "removed GODEBUG {name:?} set to old value {value:?} \
             (https://go.dev/doc/godebug#go-1{minor})"
        )
    })
}

fn check_module(table: &[Setting], defaults: &Defaults) -> Result<(), Failure> {
    for (line, setting) in &defaults.godebug {
        if let Some(why) = complaint(table, "godebug", setting) {
            return Err(Failure::Plain(format!(
                "go: error loading go.mod:\ngo.mod:{line}: {why}"
            )));
        }
    }
    Ok(())
}

/// A `//go:debug` line.
struct Directive {
    /// `./main.go:1:1`
    at: String,
    /// `name=value`
    text: String,
}

/// The directives before a file's package clause: only there they count.
fn directives_of(file: &GoFile) -> Vec<Directive> {
    let text = String::from_utf8_lossy(&file.text);
    let head = text
        .lines()
        .enumerate()
        .take_while(|(_, line)| !line.starts_with("package "));
    let shown = match Path::new(&file.shown).components().count() {
        1 => format!("./{}", file.shown),
        _ => file.shown.clone(),
    };
    head.filter_map(|(index, line)| {
        let rest = line.strip_prefix("//go:debug")?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| Directive {
            at: format!("{shown}:{}:1", index + 1),
            text: rest.trim().to_string(),
        })
    })
    .collect()
}

fn check_directives(table: &[Setting], directives: &[Directive]) -> Vec<String> {
    let mut messages = Vec::new();
    let mut seen: FxHashMap<&str, &str> = FxHashMap::default();
    for d in directives {
        if let Some(why) = complaint(table, "//go:debug setting", &d.text) {
            messages.push(format!("{}: invalid //go:debug: {why}", d.at));
            continue;
        }
        let name = d.text.split('=').next().unwrap_or_default();
        if let Some(other) = seen.insert(name, &d.at) {
            messages.push(format!(
                "{}: repeated //go:debug for {name}\n\t{other}: previous //go:debug",
                d.at
            ));
        }
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Vec<Setting> {
        let text = "var All = []Info{\n\
                    \t{Name: \"cache\", Package: \"cmd/go\"},\n\
                    \t{Name: \"nilpanic\", Package: \"runtime\", Changed: 21, Old: \"1\"},\n\
                    \t{Name: \"procs\", Package: \"runtime\", Opaque: true, Changed: 25, Old: \"0\"},\n\
                    \t{Name: \"gone\", Removed: 24, Old: one}, // Old: \"1\"\n\
                    \t{Name: \"both\", Removed: 27, Old: func(s string) bool \
                    { return s == \"1\" || s == \"2\" }}, // Old: \"1\" or \"2\"\n}\n";
        text.lines().filter_map(parse_entry).collect()
    }

    #[test]
    fn an_older_release_has_older_defaults() {
        let check = |minor, given: &[&str], want: &str| {
            assert_eq!(combine(&table(), minor, given), want);
        };
        check(27, &[], "");
        check(24, &[], "procs=0");
        check(20, &["procs=1"], "nilpanic=1,procs=1");
        check(20, &["default=go1.25.3", "cache=1"], "cache=1");
        check(27, &["cache=1", "cache=2"], "cache=2");
    }

    #[test]
    fn what_is_no_setting() {
        let check = |text: &str, want: &str| {
            let found = complaint(&table(), "setting", text).unwrap_or_default();
            assert_eq!(found, want, "{text}");
        };
        check("cache=1", "");
        check("gone=0", "");
        check(
            "gone=1",
            "removed GODEBUG \"gone\" set to old value \"1\" (https://go.dev/doc/godebug#go-124)",
        );
        check("both=0", "");
        check(
            "both=2",
            "removed GODEBUG \"both\" set to old value \"2\" (https://go.dev/doc/godebug#go-127)",
        );
        check("zork=1", "unknown setting \"zork\"");
        check("cache", "missing key=value");
        check("cache=1,2", "value contains comma");
        check("default=1.2", "value for default= must be goVERSION");
        check(
            "default=go1.99",
            "default=go1.99 too new (toolchain is go1.27)",
        );
    }
}
