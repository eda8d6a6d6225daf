//! Flags for the tools behind the command, `-gcflags` and `-ldflags`.
//!
//! Each value is for the packages that fit the pattern before it (`net/...=-m`), or for those
//! named on the command line. Of several that a package fits, the last counts, whole.

use crate::stamp::split_quoted;
use goxide_load::{Package, fits};
use std::path::Path;

/// The values of such a flag, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToolFlags {
    values: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Value {
    /// `None`: the packages named on the command line.
    pattern: Option<String>,
    words: Vec<String>,
}

impl ToolFlags {
    /// Reads the values of a flag.
    ///
    /// # Errors
    /// Go's words for what is wrong with the form of one.
    pub fn parse(values: &[String]) -> Result<ToolFlags, String> {
        let values = values.iter().map(|value| Value::parse(value));
        Ok(ToolFlags {
            values: values.collect::<Result<_, _>>()?,
        })
    }

    /// The flags of a package, seen from a folder.
    pub fn of(&self, package: &Package, cwd: &Path) -> &[String] {
        let fit = |value: &&Value| match &value.pattern {
            None => package.is_root,
            Some(pattern) => fits(pattern, package, cwd),
        };
        let last = self.values.iter().rfind(fit);
        last.map_or(&[], |value| &value.words)
    }

    /// The flags of whatever package, value by value.
    pub fn lists(&self) -> impl Iterator<Item = &[String]> {
        self.values.iter().map(|value| &value.words[..])
    }

    /// Whether a flag is among those of whatever package.
    pub fn has(&self, flag: &str) -> bool {
        self.lists().flatten().any(|word| word == flag)
    }
}

impl Value {
    fn parse(text: &str) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() || text.starts_with('-') {
            return Ok(Value {
                pattern: None,
                words: split_quoted(text)?,
            });
        }
        let Some((pattern, flags)) = text.split_once('=') else {
            return Err("missing =<value> in <pattern>=<value>".into());
        };
        if pattern.is_empty() {
            return Err("missing <pattern> in <pattern>=<value>".into());
        }
        if let Some(quote) = pattern.chars().next().filter(|c| matches!(c, '\'' | '"')) {
            return Err(format!(
                "parameter may not start with quote character {quote}"
            ));
        }
        Ok(Value {
            pattern: Some(pattern.trim_end().to_string()),
            words: split_quoted(flags)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_values() {
        let parse = |value: &str| ToolFlags::parse(&[value.to_string()]);
        let lists = |value: &str| {
            let flags = parse(value).unwrap();
            flags.lists().map(|l| l.join("|")).collect::<String>()
        };
        assert_eq!(lists(""), "");
        assert_eq!(lists(" -N  -l"), "-N|-l");
        assert_eq!(
            lists("all=-lang=go1.21 '-X a=b c'"),
            "-lang=go1.21|-X a=b c"
        );
        assert_eq!(lists("net/... ="), "");
        let wrong = |value: &str| parse(value).unwrap_err();
        assert_eq!(wrong("m"), "missing =<value> in <pattern>=<value>");
        assert_eq!(wrong("=-m"), "missing <pattern> in <pattern>=<value>");
        assert_eq!(
            wrong("'-m'=x"),
            "parameter may not start with quote character '"
        );
        assert_eq!(wrong("all=\"-m"), "unterminated \" string");
    }
}
