//! The scanner: text to tokens, with semicolons inserted where the specification says.
//!
//! One token is current; [`Scanner::next`] moves on. Nothing is allocated for a token: its
//! text is a slice of the source. Comments are skipped, but for directives, documentation
//! comments (remembered as positions) and, if asked for, a list of all of them.

mod chars;
mod clean;
mod directive;
mod literal;
mod tables;

pub(crate) use chars::go_quoted;
pub(crate) use clean::Clean;

use crate::SyntaxError;
use crate::ast::{BinaryOp, Comment, Directive, LitKind};
use crate::token::{Op, Semi, Tok};
use goxide_base::{Pos, SourceFile};

pub(crate) struct Scanner<'a> {
    source: &'a SourceFile,
    /// The position of the text's first byte.
    base: Pos,
    clean: &'a Clean<'a>,
    text: &'a str,
    /// Offset of the next byte to read.
    at: usize,
    /// Whether a newline or the end of the file ends a statement here.
    ends: bool,

    /// The current token.
    pub(crate) tok: Tok,
    /// Where it begins.
    pub(crate) pos: Pos,
    /// Its offset in the text.
    start: usize,
    /// Text of a name or literal.
    pub(crate) lit: &'a str,
    /// Kind of a literal.
    pub(crate) kind: LitKind,
    /// Whether a literal is malformed.
    pub(crate) bad: bool,
    /// Operator of an operator token.
    pub(crate) op: Op,
    /// What a [`Tok::Semi`] was in the source.
    pub(crate) semi: Semi,
    /// The comment that ends right before the token's line, if any.
    pub(crate) doc: Option<Comment>,

    /// Errors so far.
    pub(crate) errors: Vec<SyntaxError>,
    /// Directives that no declaration has taken yet.
    pub(crate) pending: Vec<Directive>,
    /// All directives.
    pub(crate) directives: Vec<Directive>,
    /// All comments, if they are kept.
    pub(crate) comments: Vec<Comment>,
    keep_comments: bool,
    /// Whether `//line` is heeded.
    line_directives: bool,
    /// The file name that the last `//line` gave.
    line_name: Option<String>,
}

impl<'a> Scanner<'a> {
    /// A scanner at the file's start, with no current token yet.
    pub(crate) fn new(
        source: &'a SourceFile,
        clean: &'a Clean<'a>,
        keep_comments: bool,
        line_directives: bool,
    ) -> Self {
        Scanner {
            source,
            base: source.base,
            clean,
            text: &clean.text,
            at: 0,
            ends: false,
            tok: Tok::Eof,
            pos: source.base,
            start: 0,
            lit: "",
            kind: LitKind::Int,
            bad: false,
            op: Op::Not,
            semi: Semi::Eof,
            doc: None,
            errors: vec![],
            pending: vec![],
            directives: vec![],
            comments: vec![],
            keep_comments,
            line_directives,
            line_name: None,
        }
    }

    /// The position of an offset in the scanned text.
    #[inline]
    fn pos_at(&self, offset: usize) -> Pos {
        self.base.offset(self.clean.real_offset(offset as u32))
    }

    /// The text is not the file's, but begins at this offset of it.
    pub(crate) fn begin_at(&mut self, offset: u32) {
        self.base = self.source.base.offset(offset);
        self.pos = self.base;
    }

    /// What was wrong with the file's encoding, as far as it was read.
    pub(crate) fn encoding_errors(&self) -> impl Iterator<Item = SyntaxError> {
        let read = self.clean.real_offset(self.at as u32);
        let errors = self.clean.errors.iter().take_while(move |e| e.0 <= read);
        errors.map(|&(offset, msg)| SyntaxError {
            pos: self.base.offset(offset),
            msg: msg.into(),
        })
    }

    pub(crate) fn error(&mut self, pos: Pos, msg: impl Into<String>) {
        self.errors.push(SyntaxError {
            pos,
            msg: msg.into(),
        });
    }

    /// Reports an error at an offset in the text.
    fn error_at(&mut self, offset: usize, msg: impl Into<String>) {
        let pos = self.pos_at(offset);
        self.error(pos, msg);
    }

    /// The next byte; 0 at the end (the text has no NUL).
    #[inline]
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The next character.
    fn peek_char(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// Skips the next byte if it is `byte`.
    #[inline]
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Goes to the end of the text: what is left is not worth reading.
    pub(crate) fn give_up(&mut self) {
        self.at = self.text.len();
        self.ends = false;
        self.next();
    }

    /// Reads the next token.
    pub(crate) fn next(&mut self) {
        self.doc = None;
        loop {
            self.skip_blanks();
            self.start = self.at;
            match self.comment() {
                Trivia::None => {}
                Trivia::Comment => continue,
                Trivia::Newline => {
                    self.tok = Tok::Semi;
                    self.semi = Semi::Newline;
                    self.doc = None;
                    break;
                }
            }
            let ends = std::mem::replace(&mut self.ends, false);
            if let Some(tok) = self.token(ends) {
                self.tok = tok;
                break;
            }
            self.ends = ends;
        }
        self.pos = self.pos_at(self.start);
        self.ends = self.tok.ends_statement();
        if self.doc.is_some() {
            self.drop_distant_doc();
        }
    }

    #[inline]
    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if !self.ends => self.at += 1,
                _ => return,
            }
        }
    }

    /// Reads one token; `None` if there was a character that begins none.
    fn token(&mut self, ends: bool) -> Option<Tok> {
        let byte = self.peek();
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return Some(self.word()),
            b'0'..=b'9' => return Some(self.number(false)),
            0 => {
                if ends {
                    self.semi = Semi::Eof;
                    return Some(Tok::Semi);
                }
                return Some(Tok::Eof);
            }
            0x80.. => {
                let c = self.peek_char()?;
                self.ident_char(c, true);
                self.at += c.len_utf8();
                return Some(self.word());
            }
            _ => self.at += 1,
        }
        Some(match byte {
            b'\n' => {
                self.semi = Semi::Newline;
                Tok::Semi
            }
            b';' => {
                self.semi = Semi::Semicolon;
                Tok::Semi
            }
            b'"' => self.string(),
            b'`' => self.raw_string(),
            b'\'' => self.rune(),
            b'(' => Tok::Lparen,
            b'[' => Tok::Lbrack,
            b'{' => Tok::Lbrace,
            b')' => Tok::Rparen,
            b']' => Tok::Rbrack,
            b'}' => Tok::Rbrace,
            b',' => Tok::Comma,
            b':' if self.eat(b'=') => Tok::Define,
            b':' => Tok::Colon,
            b'.' => self.dot(),
            _ => return self.operator(byte),
        })
    }

    fn dot(&mut self) -> Tok {
        if self.peek().is_ascii_digit() {
            return self.number(true);
        }
        if self.text.as_bytes()[self.at..].starts_with(b"..") {
            self.at += 2;
            return Tok::DotDotDot;
        }
        Tok::Dot
    }

    /// Reads what follows the first byte of an operator.
    fn operator(&mut self, byte: u8) -> Option<Tok> {
        use BinaryOp::*;
        let op = match byte {
            b'+' if self.eat(b'+') => return Some(self.with_op(Add, Tok::IncOp)),
            b'-' if self.eat(b'-') => return Some(self.with_op(Sub, Tok::IncOp)),
            b'+' => Add,
            b'-' => Sub,
            b'*' if self.eat(b'=') => return Some(self.with_op(Mul, Tok::AssignOp)),
            b'*' => return Some(self.with_op(Mul, Tok::Star)),
            b'/' => Quo,
            b'%' => Rem,
            b'&' if self.eat(b'&') => return Some(self.with_op(LAnd, Tok::Operator)),
            b'&' if self.eat(b'^') => AndNot,
            b'&' => And,
            b'|' if self.eat(b'|') => return Some(self.with_op(LOr, Tok::Operator)),
            b'|' => Or,
            b'^' => Xor,
            b'<' if self.eat(b'=') => return Some(self.with_op(Le, Tok::Operator)),
            b'<' if self.eat(b'<') => Shl,
            b'<' if self.eat(b'-') => return Some(Tok::Arrow),
            b'<' => return Some(self.with_op(Lt, Tok::Operator)),
            b'>' if self.eat(b'=') => return Some(self.with_op(Ge, Tok::Operator)),
            b'>' if self.eat(b'>') => Shr,
            b'>' => return Some(self.with_op(Gt, Tok::Operator)),
            b'=' if self.eat(b'=') => return Some(self.with_op(Eq, Tok::Operator)),
            b'=' => return Some(Tok::Assign),
            b'!' if self.eat(b'=') => return Some(self.with_op(Ne, Tok::Operator)),
            b'!' | b'~' => {
                self.op = if byte == b'!' { Op::Not } else { Op::Tilde };
                return Some(Tok::Operator);
            }
            _ => {
                let shown = chars::with_code_point(byte.into());
                self.error_at(self.start, format!("invalid character {shown}"));
                return None;
            }
        };
        let tok = if self.eat(b'=') {
            Tok::AssignOp
        } else {
            Tok::Operator
        };
        Some(self.with_op(op, tok))
    }

    fn with_op(&mut self, op: BinaryOp, tok: Tok) -> Tok {
        self.op = Op::Binary(op);
        tok
    }

    /// Reads the rest of a name or keyword.
    #[inline]
    fn word(&mut self) -> Tok {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9') => self.at += 1,
                Some(0x80..) => {
                    let Some(c) = self.peek_char() else { break };
                    self.ident_char(c, false);
                    self.at += c.len_utf8();
                }
                _ => break,
            }
        }
        self.lit = &self.text[self.start..self.at];
        match self.lit.len() {
            2..=11 => Tok::keyword(self.lit).unwrap_or(Tok::Name),
            _ => Tok::Name,
        }
    }

    /// Complains if a character outside ASCII can't stand in an identifier.
    fn ident_char(&mut self, c: char, first: bool) {
        if chars::is_letter(c) || (chars::is_digit(c) && !first) {
            return;
        }
        let shown = chars::with_code_point(c);
        self.error_at(
            self.at,
            match chars::is_digit(c) {
                true => format!("identifier cannot begin with digit {shown}"),
                false => format!("invalid character {shown} in identifier"),
            },
        );
    }

    /// Skips a comment, if one is next.
    #[inline]
    fn comment(&mut self) -> Trivia {
        if self.peek() != b'/' {
            return Trivia::None;
        }
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest.get(1) {
            Some(b'/') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => match memchr::memmem::find(&rest[2..], b"*/") {
                Some(n) => n + 4,
                None => {
                    self.error_at(self.start, "comment not terminated");
                    rest.len()
                }
            },
            _ => return Trivia::None,
        };
        self.at += length;
        self.note_comment();
        let is_newline = rest[1] == b'*' && self.ends && rest[..length].contains(&b'\n');
        if is_newline {
            Trivia::Newline
        } else {
            Trivia::Comment
        }
    }
}

/// What was skipped.
enum Trivia {
    None,
    Comment,
    /// A comment over several lines where a newline ends a statement.
    Newline,
}
