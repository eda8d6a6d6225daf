//! Build constraints: the expression of a `//go:build` line and of the older `// +build`
//! lines, their value under a set of tags, and the Go version they imply.
//!
//! Grammar (Go's `go/build/constraint`): `!` binds tighter than `&&`, which binds tighter
//! than `||`; tags are letters, digits, `_` and `.`.
//!
//! `syntax` needs the version, `load` the value.

use std::fmt;

/// A build constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    /// Satisfied when the tag is set.
    Tag(String),
    /// `!x`
    Not(Box<Constraint>),
    /// `x && y`
    And(Box<Constraint>, Box<Constraint>),
    /// `x || y`
    Or(Box<Constraint>, Box<Constraint>),
}

use Constraint::{And, Not, Or, Tag};

impl Constraint {
    /// Parses a whole `//go:build` line, with or without its `//`. `None`: it is none, or
    /// malformed.
    pub fn parse_line(line: &str) -> Option<Constraint> {
        let line = line.strip_prefix("//").unwrap_or(line);
        let text = line.trim_end().strip_prefix("go:build")?;
        if !text.starts_with([' ', '\t']) {
            return None;
        }
        Constraint::parse(text).ok()
    }

    /// Parses the expression after `//go:build`. The error is Go's wording.
    pub fn parse(text: &str) -> Result<Constraint, String> {
        let mut parser = Parser {
            tokens: tokens(text)?,
            at: 0,
        };
        let constraint = parser.or()?;
        match parser.peek() {
            None => Ok(constraint),
            Some(token) => Err(format!("unexpected token {token}")),
        }
    }

    /// Parses the arguments of one `// +build` line: words are alternatives, commas
    /// conjunctions.
    pub fn parse_plus_build(text: &str) -> Option<Constraint> {
        let word = |w: &str| {
            w.split(',')
                .map(|t| match t.strip_prefix('!') {
                    Some(t) => Not(Box::new(Tag(t.to_string()))),
                    None => Tag(t.to_string()),
                })
                .reduce(|a, b| And(Box::new(a), Box::new(b)))
        };
        text.split_whitespace()
            .filter_map(word)
            .reduce(|a, b| Or(Box::new(a), Box::new(b)))
    }

    /// The constraint's value when `tag` says which tags are set.
    pub fn eval(&self, tag: &impl Fn(&str) -> bool) -> bool {
        match self {
            Tag(name) => tag(name),
            Not(x) => !x.eval(tag),
            And(x, y) => x.eval(tag) && y.eval(tag),
            Or(x, y) => x.eval(tag) || y.eval(tag),
        }
    }

    /// The least minor version N of Go (as in `go1.N`) that the constraint demands, if it
    /// demands one. Such a file is compiled with that language version.
    pub fn go_version(&self) -> Option<u32> {
        u32::try_from(self.least(true)).ok()
    }

    /// -1: no demand. `positive` is false under an odd number of negations.
    fn least(&self, positive: bool) -> i64 {
        match self {
            Tag(name) if positive => match name.strip_prefix("go1") {
                Some("") => 0,
                Some(rest) => rest
                    .strip_prefix('.')
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(-1),
                None => -1,
            },
            Tag(_) => -1,
            Not(x) => x.least(!positive),
            And(x, y) if positive => x.least(true).max(y.least(true)),
            And(x, y) => x.least(false).min(y.least(false)),
            Or(x, y) if positive => x.least(true).min(y.least(true)),
            Or(x, y) => x.least(false).max(y.least(false)),
        }
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tag(name) => f.write_str(name),
            Not(x) => match **x {
                Tag(_) | Not(_) => write!(f, "!{x}"),
                _ => write!(f, "!({x})"),
            },
            And(x, y) => write!(f, "{} && {}", Operand(x), Operand(y)),
            Or(x, y) => write!(f, "{x} || {y}"),
        }
    }
}

/// Displays an operand of `&&`.
struct Operand<'a>(&'a Constraint);

impl fmt::Display for Operand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Or(..) => write!(f, "({})", self.0),
            x => x.fmt(f),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '!' => 1,
            '&' | '|' if rest[1..].starts_with(first) => 2,
            '&' | '|' => return Err(format!("invalid syntax at {first}")),
            c if is_tag(c) => rest.find(|c| !is_tag(c)).unwrap_or(rest.len()),
            c => return Err(format!("invalid syntax at {c}")),
        };
        found.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

fn is_tag(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

struct Parser<'a> {
    tokens: Vec<&'a str>,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).copied()
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Constraint, String> {
        let mut x = self.and()?;
        while self.eat("||") {
            x = Or(Box::new(x), Box::new(self.and()?));
        }
        Ok(x)
    }

    fn and(&mut self) -> Result<Constraint, String> {
        let mut x = self.not()?;
        while self.eat("&&") {
            x = And(Box::new(x), Box::new(self.not()?));
        }
        Ok(x)
    }

    /// Negations are counted rather than recursed into: input decides their number.
    fn not(&mut self) -> Result<Constraint, String> {
        if !self.eat("!") {
            return self.atom();
        }
        if self.peek() == Some("!") {
            return Err("double negation not allowed".to_string());
        }
        Ok(Not(Box::new(self.atom()?)))
    }

    fn atom(&mut self) -> Result<Constraint, String> {
        if self.eat("(") {
            if self.at > 1000 {
                return Err("build expression too large".to_string());
            }
            let x = self.or()?;
            if !self.eat(")") {
                return Err("missing close paren".to_string());
            }
            return Ok(x);
        }
        let Some(token) = self.tokens.get(self.at).copied() else {
            return Err("unexpected end of expression".to_string());
        };
        if !token.starts_with(is_tag) {
            return Err(format!("unexpected token {token}"));
        }
        self.at += 1;
        Ok(Tag(token.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, want: Expect) {
        let shown = match Constraint::parse(text) {
            Ok(x) => {
                let value = x.eval(&|tag| tag == "linux" || tag == "amd64");
                let version = x
                    .go_version()
                    .map_or(String::new(), |n| format!(" go1.{n}"));
                format!("{x} = {value}{version}")
            }
            Err(message) => message,
        };
        want.assert_eq(&shown);
    }

    #[test]
    fn expressions() {
        check(
            "linux && !(windows || arm64)",
            expect!["linux && !(windows || arm64) = true"],
        );
        check(
            "linux&&cgo||darwin",
            expect!["linux && cgo || darwin = false"],
        );
        check("(linux || x) && y", expect!["(linux || x) && y = false"]);
        check("!!linux", expect!["double negation not allowed"]);
        check("linux &", expect!["invalid syntax at &"]);
        check("(linux", expect!["missing close paren"]);
        check("linux ||", expect!["unexpected end of expression"]);
        check("a b", expect!["unexpected token b"]);
    }

    #[test]
    fn implied_versions() {
        check("go1.22 && linux", expect!["go1.22 && linux = false go1.22"]);
        check("go1.22 || linux", expect!["go1.22 || linux = true"]);
        check(
            "go1.18 || go1.21",
            expect!["go1.18 || go1.21 = false go1.18"],
        );
        check("!go1.21", expect!["!go1.21 = true"]);
        check(
            "!(linux || !go1.22)",
            expect!["!(linux || !go1.22) = false go1.22"],
        );
    }

    #[test]
    fn whole_lines() {
        let parsed = |line| Constraint::parse_line(line).map(|x| x.to_string());
        assert_eq!(parsed("//go:build a&&b ").as_deref(), Some("a && b"));
        for bad in [
            "//go:build",
            "//go:builda",
            "// go:build a",
            "//go:build a b",
        ] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
        let deep = format!("//go:build {}a", "(".repeat(100_000));
        assert_eq!(parsed(&deep), None);
    }

    #[test]
    fn plus_build_lines() {
        let x = Constraint::parse_plus_build("linux,!cgo darwin").expect("a constraint");
        assert_eq!(x.to_string(), "linux && !cgo || darwin");
    }
}
