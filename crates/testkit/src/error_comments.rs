//! Go's `// ERROR "regexp"` comments, and whether a compiler's messages are what they say.
//!
//! Each quoted expression must match a message on its line, and each message must be
//! matched by one. `LINE`, `LINE+n`, `LINE-n` stand for positions; `ERRORAUTO` is for
//! messages about generated code, which goxide does not have; `////` switches a line off.

use regex::Regex;
use std::sync::LazyLock;

/// A message that a source line asks for.
#[derive(Debug)]
pub struct Wanted {
    file: String,
    line: usize,
    pattern: Regex,
}

static ERROR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("// (?:GC_)?ERROR (.*)").expect("a constant"));
static QUOTED: LazyLock<Regex> = LazyLock::new(|| Regex::new("\"([^\"]*)\"").expect("a constant"));
static REPETITION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\{\d+(,\d*)?\}").expect("a constant"));
static FOLDER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"[^\s:("]*/([^/\s:("]+\.go:\d)"#).expect("a constant"));
static LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"LINE(?:([+-])(\d+))?").expect("a constant"));

/// The messages that a file asks for. `name` is how messages name the file.
///
/// # Errors
/// If a comment is malformed.
pub fn wanted(name: &str, text: &str) -> Result<Vec<Wanted>, String> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let Some(all) = ERROR.captures(line).filter(|_| !line.contains("////")) else {
            continue;
        };
        let number = index + 1;
        for quoted in QUOTED.captures_iter(&all[1]) {
            let text = LINE.replace_all(&quoted[1], |m: &regex::Captures| {
                let delta: usize = m.get(2).and_then(|d| d.as_str().parse().ok()).unwrap_or(0);
                let line = match m.get(1).map(|s| s.as_str()) {
                    Some("-") => number - delta,
                    _ => number + delta,
                };
                format!("{name}:{line}")
            });
            let pattern =
                Regex::new(&literal_braces(&text)).map_err(|e| format!("{name}:{number}: {e}"))?;
            found.push(Wanted {
                file: name.to_string(),
                line: number,
                pattern,
            });
        }
    }
    Ok(found)
}

/// Go's expressions take a brace that begins no repetition literally.
fn literal_braces(text: &str) -> String {
    let mut result = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == '{' && !escaped && !REPETITION.is_match(&text[at..]) {
            result.push('\\');
        }
        escaped = c == '\\' && !escaped;
        result.push(c);
    }
    result
}

/// Compares a compiler's output with what is wanted; returns complaints.
pub fn compare(output: &str, wanted: &[Wanted]) -> Vec<String> {
    let mut messages = messages(output);
    let mut complaints = Vec::new();
    for want in wanted {
        let (here, rest): (Vec<String>, Vec<String>) = messages
            .into_iter()
            .partition(|m| is_at(m, &want.file, want.line));
        messages = rest;
        let count = messages.len();
        let mut matched = false;
        for message in &here {
            let text = message.split_once(' ').map_or("", |(_, text)| text);
            if want.pattern.is_match(text) {
                matched = true;
            } else {
                messages.push(message.clone());
            }
        }
        let at = format!("{}:{}", want.file, want.line);
        if here.is_empty() {
            complaints.push(format!("{at}: missing error {:?}", want.pattern.as_str()));
        } else if !matched {
            let unmatched = messages[count..].join(" | ");
            complaints.push(format!(
                "{at}: {:?} does not match: {unmatched}",
                want.pattern.as_str()
            ));
        }
    }
    complaints.extend(
        messages
            .into_iter()
            .map(|m| format!("unmatched error: {m}")),
    );
    complaints
}

/// The messages of an output: continuation lines joined, headers and folders left out.
fn messages(output: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in output.lines() {
        let line = FOLDER.replace_all(line, "$1");
        if line.starts_with('\t') {
            if let Some(last) = found.last_mut() {
                last.push('\n');
                last.push_str(&line);
            }
        } else if !line.starts_with('#') && !line.starts_with("go tool") && !line.trim().is_empty()
        {
            found.push(line.to_string());
        }
    }
    found
}

/// Whether a message is about a line: `file:line:column: text` or without column.
fn is_at(message: &str, file: &str, line: usize) -> bool {
    let Some((name, rest)) = message.split_once(':') else {
        return false;
    };
    let number = rest.split([':', '[']).next().unwrap_or_default();
    name == file && number.parse() == Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_message_is_matched_once() {
        let source = "a // ERROR \"undefined: a\"\nb // GC_ERROR \"one\" \"LINE-1\"\n\nd // ERROR \"never\" ////\n";
        let wanted = wanted("x.go", source).expect("well-formed");
        let output =
            "# p\n./x.go:1:1: undefined: a\n./x.go:2:1: one\n./x.go:2:5: see ./a/x.go:1\n\tmore\n";
        assert_eq!(compare(output, &wanted), Vec::<String>::new());
        assert_eq!(
            compare("./x.go:1:1: other\n./x.go:3:1: extra\n", &wanted),
            [
                "x.go:1: \"undefined: a\" does not match: x.go:1:1: other",
                "x.go:2: missing error \"one\"",
                "x.go:2: missing error \"x.go:1\"",
                "unmatched error: x.go:3:1: extra",
                "unmatched error: x.go:1:1: other",
            ]
        );
    }
}
