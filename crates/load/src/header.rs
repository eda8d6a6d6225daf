//! Reads the head of a Go file: build constraint, package clause, imports and
//! `//go:embed` patterns, without parsing the rest.
//!
//! Loading looks at every file of every folder it meets, most of which another
//! platform's constraint excludes; so this reads bytes and stops early.

use goxide_syntax::Constraint;

/// An import declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSpec {
    /// The path between the quotes.
    pub path: String,
    /// Byte offset of the spec (of its name if it has one).
    pub offset: u32,
}

/// One pattern of a `//go:embed` directive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedPattern {
    /// The pattern, unquoted, with its `all:` prefix if it has one.
    pub pattern: String,
    /// Byte offset of the pattern.
    pub offset: u32,
}

/// What stands at the head of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The build constraint, if there is one.
    pub constraint: Option<Constraint>,
    /// The package name; empty if [`Header::error`] came first.
    pub package: String,
    /// Byte offset of the package name.
    pub package_offset: u32,
    /// Imports in order.
    pub imports: Vec<ImportSpec>,
    /// Patterns of all `//go:embed` directives; only looked for when `embed` is imported.
    pub embeds: Vec<EmbedPattern>,
    /// The first syntax error in the head and its byte offset.
    pub error: Option<(u32, String)>,
}

impl Header {
    /// Whether the file imports `path`.
    pub fn has_import(&self, path: &str) -> bool {
        self.imports.iter().any(|i| i.path == path)
    }
}

/// Reads the head of a file.
pub fn scan(text: &[u8]) -> Header {
    let mut header = Header::default();
    match read_constraint(text) {
        Ok(constraint) => header.constraint = constraint,
        Err(message) => {
            header.error = Some((0, format!("parsing //go:build line: {message}")));
            return header;
        }
    }
    let mut scanner = Scanner {
        text,
        at: if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        },
    };
    if let Err(error) = scanner.package_and_imports(&mut header) {
        header.error = Some(error);
    } else if header.has_import("embed") {
        header.embeds = scanner.embed_directives();
    }
    header
}

/// Only the build constraint of a file. The error is Go's wording.
pub fn read_constraint(text: &[u8]) -> Result<Option<Constraint>, String> {
    let mut plus_build: Option<Constraint> = None;
    let mut pending: Option<Constraint> = None;
    let mut in_block = false;
    for line in text.split(|&b| b == b'\n') {
        let mut line = line.trim_ascii();
        if line.is_empty() && !in_block {
            // `// +build` lines count only if a blank line follows their comment.
            if let Some(x) = pending.take() {
                plus_build = Some(match plus_build {
                    Some(all) => Constraint::And(Box::new(all), Box::new(x)),
                    None => x,
                });
            }
            continue;
        }
        if !in_block && let Some(comment) = line.strip_prefix(b"//") {
            if let Some(expression) = comment.strip_prefix(b"go:build")
                && expression.first().is_some_and(u8::is_ascii_whitespace)
            {
                return Constraint::parse(&String::from_utf8_lossy(expression)).map(Some);
            }
            if let Some(words) = comment.trim_ascii_start().strip_prefix(b"+build")
                && words.first().is_none_or(u8::is_ascii_whitespace)
                && let Some(x) = Constraint::parse_plus_build(&String::from_utf8_lossy(words))
            {
                pending = Some(match pending {
                    Some(all) => Constraint::And(Box::new(all), Box::new(x)),
                    None => x,
                });
            }
            continue;
        }
        // Skip block comments; anything else ends the head.
        loop {
            if in_block {
                let Some(end) = find(line, b"*/") else { break };
                line = line[end + 2..].trim_ascii_start();
                in_block = false;
            } else if let Some(rest) = line.strip_prefix(b"/*") {
                line = rest;
                in_block = true;
            } else {
                break;
            }
        }
        if !in_block && !line.is_empty() && !line.starts_with(b"//") {
            return Ok(plus_build);
        }
    }
    Ok(plus_build)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}

type Error = (u32, String);

/// Words that are no names.
const KEYWORDS: [&str; 25] = [
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    fn package_and_imports(&mut self, header: &mut Header) -> Result<(), Error> {
        self.skip_blank();
        if self.word() != "package" {
            return Err(self.expected("'package'"));
        }
        self.at += "package".len();
        self.skip_blank();
        header.package_offset = self.at as u32;
        header.package = self.word().to_string();
        if header.package.is_empty() {
            return Err(self.expected("'IDENT'"));
        }
        self.at += header.package.len();
        loop {
            // Comments after the last import may be directives: leave them unread.
            let end = self.at;
            self.skip_blank_and(b";");
            if self.word() != "import" {
                self.at = end;
                return Ok(());
            }
            self.at += "import".len();
            self.skip_blank();
            if self.peek() != Some(b'(') {
                header.imports.push(self.import_spec()?);
                continue;
            }
            self.at += 1;
            loop {
                self.skip_blank_and(b";");
                if self.peek() == Some(b')') {
                    self.at += 1;
                    break;
                }
                header.imports.push(self.import_spec()?);
            }
        }
    }

    fn import_spec(&mut self) -> Result<ImportSpec, Error> {
        let offset = self.at as u32;
        match self.peek() {
            Some(b'.') => self.at += 1,
            _ => self.at += self.word().len(),
        }
        self.skip_blank();
        let path_at = self.at;
        let path = match self.peek() {
            Some(b'"' | b'`') => self.string()?,
            Some(b'\'' | b'0'..=b'9') => {
                return Err(self.error("import path must be a string"));
            }
            _ => return Err(self.error("missing import path")),
        };
        self.end_of_spec()?;
        if path.is_empty()
            || path
                .chars()
                .any(|c| " !\"#$%&'()*,:;<=>?[\\]^`{|}\u{fffd}".contains(c))
        {
            return Err((path_at as u32, format!("invalid import path: {path:?}")));
        }
        Ok(ImportSpec { path, offset })
    }

    /// Nothing but the end of a line, a semicolon or a closing parenthesis follows a spec.
    fn end_of_spec(&mut self) -> Result<(), Error> {
        let rest = &self.text[self.at..];
        let blanks = rest.iter().take_while(|b| b" \t\r".contains(b)).count();
        match rest.get(blanks) {
            None | Some(b'\n' | b';' | b')' | b'/') => Ok(()),
            Some(_) => {
                self.at += blanks;
                Err(self.expected("';'"))
            }
        }
    }

    /// The value of a string literal.
    fn string(&mut self) -> Result<String, Error> {
        let start = self.at;
        let quote = self.text[start];
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == quote {
                let literal = String::from_utf8_lossy(&self.text[start..self.at]);
                let value = goxide_syntax::literal::string_value(&literal);
                // Of a wrong literal the text: the parser will say what is wrong.
                let value = value.unwrap_or_else(|| literal.trim_matches('"').into());
                return Ok(String::from_utf8_lossy(&value).into_owned());
            }
            if byte == b'\n' && quote == b'"' {
                break;
            }
        }
        self.at = start;
        Err(self.error("string literal not terminated"))
    }

    /// The patterns of the `//go:embed` lines in the rest of the file.
    fn embed_directives(&mut self) -> Vec<EmbedPattern> {
        let mut found = Vec::new();
        let mut line_start = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    line_start = true;
                    self.at += 1;
                    continue;
                }
                b' ' | b'\t' | b'\r' => {
                    self.at += 1;
                    continue;
                }
                b'/' if self.text[self.at..].starts_with(b"//") => {
                    let end = self.line_end();
                    let line = &self.text[self.at..end];
                    if line_start && let Some(args) = line.strip_prefix(b"//go:embed") {
                        let offset = self.at + "//go:embed".len();
                        patterns(&String::from_utf8_lossy(args), offset, &mut found);
                    }
                    self.at = end;
                }
                b'/' if self.text[self.at..].starts_with(b"/*") => self.skip_block_comment(),
                b'"' | b'`' | b'\'' => self.skip_quoted(byte),
                _ => self.at += 1,
            }
            line_start = false;
        }
        found
    }

    fn skip_quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' if quote != b'`' => self.at += 1,
                b'\n' if quote != b'`' => return,
                b if b == quote => return,
                _ => {}
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// The identifier at this point; empty if there is none.
    fn word(&self) -> &str {
        let rest = &self.text[self.at.min(self.text.len())..];
        let length = rest
            .iter()
            .position(|&b| !(b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80))
            .unwrap_or(rest.len());
        std::str::from_utf8(&rest[..length]).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        self.skip_blank_and(b"");
    }

    /// Skips white space, comments and the bytes of `also`.
    fn skip_blank_and(&mut self, also: &[u8]) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'/' if self.text[self.at..].starts_with(b"//") => self.at = self.line_end(),
                b'/' if self.text[self.at..].starts_with(b"/*") => self.skip_block_comment(),
                b if also.contains(&b) => self.at += 1,
                _ => return,
            }
        }
    }

    fn line_end(&self) -> usize {
        let rest = &self.text[self.at..];
        self.at + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len())
    }

    fn skip_block_comment(&mut self) {
        let body = &self.text[self.at + 2..];
        self.at = find(body, b"*/").map_or(self.text.len(), |end| self.at + 2 + end + 2);
    }

    /// What is here is not what should be.
    fn expected(&self, what: &str) -> Error {
        let word = self.word();
        let is_keyword = KEYWORDS.contains(&word);
        let found = match (word, self.peek()) {
            ("", None) => "'EOF'".to_string(),
            ("", Some(quote @ (b'"' | b'`' | b'\''))) => {
                let rest = &self.text[self.at + 1..];
                let len = rest.iter().position(|&b| b == quote || b == b'\n');
                let end = self.at + 1 + len.map_or(rest.len(), |n| n + 1);
                String::from_utf8_lossy(&self.text[self.at..end]).into_owned()
            }
            ("", Some(byte)) => format!("'{}'", byte.escape_ascii()),
            (word, _) if is_keyword => format!("'{word}'"),
            (word, _) => word.to_string(),
        };
        self.error(&format!("expected {what}, found {found}"))
    }

    fn error(&self, message: &str) -> Error {
        (self.at as u32, message.to_string())
    }
}

/// Splits the arguments of a `//go:embed` directive: words, or Go string literals where a
/// pattern has spaces.
fn patterns(args: &str, offset: usize, found: &mut Vec<EmbedPattern>) {
    if !args.starts_with([' ', '\t']) {
        return;
    }
    let mut rest = args;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            return;
        };
        let at = (offset + args.len() - rest.len()) as u32;
        let (pattern, length) = match first {
            '"' | '`' => match rest[1..].find(first) {
                Some(end) => (&rest[1..=end], end + 2),
                None => (&rest[1..], rest.len()),
            },
            _ => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (&rest[..end], end)
            }
        };
        found.push(EmbedPattern {
            pattern: pattern.to_string(),
            offset: at,
        });
        rest = &rest[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(text: &str, want: Expect) {
        let h = scan(text.as_bytes());
        let mut shown = String::new();
        if let Some(c) = &h.constraint {
            shown += &format!("build {c}\n");
        }
        shown += &format!("package {}@{}\n", h.package, h.package_offset);
        for i in &h.imports {
            shown += &format!("import {}@{}\n", i.path, i.offset);
        }
        for e in &h.embeds {
            shown += &format!("embed {}@{}\n", e.pattern, e.offset);
        }
        if let Some((at, message)) = &h.error {
            shown += &format!("error@{at} {message}\n");
        }
        want.assert_eq(&shown);
    }

    #[test]
    fn imports_in_every_form() {
        check(
            "// c\n/* d */ package /* e */ p; import \"a\"\nimport (\n\t. \"b\"; _ \"c/d\" // x\n\tn `e`\n)\nvar x = `import \"f\"`\n",
            expect![[r#"
                package p@29
                import a@39
                import b@53
                import c/d@60
                import e@74
            "#]],
        );
    }

    #[test]
    fn constraints_come_before_the_package_clause() {
        check(
            "// Copyright\n\n//go:build linux && !cgo\n// +build x\n\npackage p\n//go:build no\n",
            expect![[r#"
                build linux && !cgo
                package p@60
            "#]],
        );
        check(
            "// +build a b\n// +build !c\n\npackage p\n",
            expect![[r#"
                build (a || b) && !c
                package p@36
            "#]],
        );
        check("// +build a\npackage p\n", expect!["package p@20\n"]);
    }

    #[test]
    fn embed_patterns() {
        check(
            "package p\nimport _ \"embed\"\n//go:embed a.txt \"b c.txt\" all:d\nvar s = `\n//go:embed no\n`\n",
            expect![[r#"
                package p@8
                import embed@17
                embed a.txt@38
                embed b c.txt@44
                embed all:d@54
            "#]],
        );
    }

    #[test]
    fn broken_heads() {
        check(
            "package e\nimport \"fmt\n",
            expect![[r#"
                package e@8
                error@17 string literal not terminated
            "#]],
        );
        check(
            "func x() {}",
            expect![[r#"
                package @0
                error@0 expected 'package', found 'func'
            "#]],
        );
    }
}
