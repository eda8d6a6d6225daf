//! The parser: recursive descent, one function per production.
//!
//! It never fails: what it can't read becomes [`ExprKind::Bad`] or is skipped, and an error
//! worded as Go's compiler words it is recorded. Where the recovery goes on after an error
//! follows Go's compiler too, so that the same mistakes give the same messages. Nesting is
//! limited to [`MAX_DEPTH`], so that no input overflows the stack.

mod decl;
mod expr;
mod field;
mod file;
mod stmt;
mod types;

use crate::SyntaxError;
use crate::ast::*;
use crate::scan::{Clean, Scanner};
use crate::token::{Op, Tok};
use field::Params;
use goxide_base::{FxHashMap, Idx, Pos, SourceFile, Symbol};
use std::ops::Range;
use std::sync::Arc;

/// How deeply expressions, types and statements may nest. Parsing that deep takes less than
/// 4 MiB of stack.
pub const MAX_DEPTH: u32 = 2_000;

/// How many binary operators may follow one another on one level: the tree is that deep on
/// its left side. Calls, selectors and the like may follow one another [`MAX_DEPTH`] times.
pub const MAX_CHAIN: u32 = 10_000;

/// What to read of a file, and what to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ParseMode {
    /// Stop after the imports. `//line` directives are not applied then.
    pub imports_only: bool,
    /// Keep the list of comments.
    pub comments: bool,
}

/// What parsing a file gives.
#[derive(Debug)]
pub struct Parsed {
    /// The tree; partial if there are errors.
    pub file: File,
    /// Errors in the order found; see [`crate::in_report_order`].
    pub errors: Vec<SyntaxError>,
    /// The first id for the package's next file.
    pub next_id: NodeId,
}

/// Parses a file. `first_id` is the `next_id` of the package's file before it.
///
/// Applies the file's `//line` directives to `source`; parse a file fully only once.
pub fn parse_file(source: &SourceFile, first_id: NodeId, mode: ParseMode) -> Parsed {
    parse(source, first_id, mode, None)
}

/// Parses a file but for the bodies of its functions: these are read when somebody looks at
/// them, and get their node ids then, from `package`. What is wrong with them is found there.
pub fn parse_declarations(
    source: &Arc<SourceFile>,
    first_id: NodeId,
    package: &Arc<LaterBodies>,
) -> Parsed {
    let later = Some((source, package));
    parse(source, first_id, ParseMode::default(), later)
}

fn parse(
    source: &SourceFile,
    first_id: NodeId,
    mode: ParseMode,
    later: Option<Later<'_>>,
) -> Parsed {
    let clean = Clean::new(&source.text);
    let scanner = Scanner::new(source, &clean, mode.comments, !mode.imports_only);
    let mut parser = Parser::new(scanner, first_id);
    parser.later = later;
    parser.s.next();
    let file = parser.file(mode);
    Parsed {
        file,
        errors: parser.errors(),
        next_id: parser.next_id,
    }
}

/// Parses the body at some offsets of a file. Gives errors and the next free id, too.
pub(crate) fn parse_body(
    source: &SourceFile,
    range: Range<u32>,
    first_id: NodeId,
) -> (Block, Vec<SyntaxError>, NodeId) {
    let clean = Clean::new(&source.text[range.start as usize..range.end as usize]);
    let mut scanner = Scanner::new(source, &clean, false, false);
    scanner.begin_at(range.start);
    let mut parser = Parser::new(scanner, first_id);
    parser.s.next();
    let block = parser.func_body();
    (block, parser.errors(), parser.next_id)
}

/// The file, and what its package's bodies have in common.
type Later<'a> = (&'a Arc<SourceFile>, &'a Arc<LaterBodies>);

struct Parser<'a> {
    s: Scanner<'a>,
    next_id: NodeId,
    /// How many function bodies we are in.
    function_depth: u32,
    /// How many brackets we are in; -1 in the header of a statement, where `{` begins a block
    /// and not a composite literal.
    expr_depth: i32,
    /// How deeply productions are nested.
    depth: u32,
    /// Names met in this file, to ask the global table only once.
    names: FxHashMap<&'a str, Symbol>,
    /// Directives that no declaration could take.
    stray: Vec<Directive>,
    /// Misplaced labels and branches, which do not count as syntax errors.
    branch_errors: Vec<SyntaxError>,
    /// Bodies of functions are left to be read later.
    later: Option<Later<'a>>,
}

impl<'a> Parser<'a> {
    fn new(scanner: Scanner<'a>, first_id: NodeId) -> Parser<'a> {
        Parser {
            s: scanner,
            next_id: first_id,
            function_depth: 0,
            expr_depth: 0,
            depth: 0,
            names: FxHashMap::default(),
            stray: vec![],
            branch_errors: vec![],
            later: None,
        }
    }

    /// All that was wrong.
    fn errors(&mut self) -> Vec<SyntaxError> {
        let mut errors: Vec<_> = self.s.encoding_errors().collect();
        errors.append(&mut self.s.errors);
        errors.append(&mut self.branch_errors);
        errors
    }

    fn tok(&self) -> Tok {
        self.s.tok
    }

    fn pos(&self) -> Pos {
        self.s.pos
    }

    fn next(&mut self) {
        self.s.next();
    }

    fn id(&mut self) -> NodeId {
        let id = self.next_id;
        self.next_id = NodeId::new(id.index() + 1);
        id
    }

    fn make(&mut self, pos: Pos, kind: ExprKind) -> Expr {
        Expr {
            id: self.id(),
            pos,
            kind,
        }
    }

    fn bad_expr(&mut self) -> Expr {
        self.make(self.pos(), ExprKind::Bad)
    }

    fn at_op(&self, op: BinaryOp) -> bool {
        self.tok() == Tok::Operator && self.s.op == Op::Binary(op)
    }

    fn at_tilde(&self) -> bool {
        self.tok() == Tok::Operator && self.s.op == Op::Tilde
    }

    /// Skips the current token if it is `tok`.
    fn got(&mut self, tok: Tok) -> bool {
        let found = self.tok() == tok;
        if found {
            self.next();
        }
        found
    }

    /// Skips `tok`, which must come here; gives its position.
    fn want(&mut self, tok: Tok) -> Pos {
        let pos = self.pos();
        if !self.got(tok) {
            self.syntax_error(&format!("expected {}", tok.described()));
            self.advance(&[]);
        }
        pos
    }

    /// Skips `=`, and for `:=` complains; gives its position or [`Pos::NONE`].
    fn got_assign(&mut self) -> Pos {
        let pos = self.pos();
        match self.tok() {
            Tok::Define => self.syntax_error("expected ="),
            Tok::Assign => {}
            _ => return Pos::NONE,
        }
        self.next();
        pos
    }

    /// The symbol of the current name.
    fn symbol(&mut self) -> Symbol {
        let text = self.s.lit;
        *self
            .names
            .entry(text)
            .or_insert_with(|| Symbol::intern(text))
    }

    /// The text of the current literal.
    fn literal_text(&mut self) -> Symbol {
        if self.s.lit.starts_with('`') && self.s.lit.contains('\r') {
            return Symbol::intern(&self.s.lit.replace('\r', ""));
        }
        self.symbol()
    }

    /// Reads a name; `_` if there is none.
    fn name(&mut self) -> Ident {
        let id = self.id();
        let pos = self.pos();
        if self.tok() == Tok::Name {
            let name = self.symbol();
            self.next();
            return Ident { id, pos, name };
        }
        self.syntax_error("expected name");
        self.advance(&[]);
        Ident {
            id,
            pos,
            name: Symbol::BLANK,
        }
    }

    /// Reads the names after a first one.
    fn name_list(&mut self, first: Ident) -> Vec<Ident> {
        let mut names = vec![first];
        while self.got(Tok::Comma) {
            names.push(self.name());
        }
        names
    }

    /// Reads a literal, if one is next.
    fn opt_literal(&mut self) -> Option<Literal> {
        if self.tok() != Tok::Literal {
            return None;
        }
        let literal = Literal {
            pos: self.pos(),
            kind: self.s.kind,
            text: self.literal_text(),
            bad: self.s.bad,
        };
        self.next();
        Some(literal)
    }

    /// Reads `{ element separator } close` by calling `element` until it gives `true`; gives
    /// the position of `close`.
    fn list(
        &mut self,
        context: &str,
        separator: Tok,
        close: Tok,
        mut element: impl FnMut(&mut Self) -> bool,
    ) -> Pos {
        let mut done = false;
        while self.tok() != Tok::Eof && self.tok() != close && !done {
            done = element(self);
            if !self.got(separator) && self.tok() != close {
                let (separator, close_name) = (separator.described(), close.described());
                self.syntax_error(&format!(
                    "in {context}; possibly missing {separator} or {close_name}"
                ));
                self.advance(&[Tok::Rparen, Tok::Rbrack, Tok::Rbrace]);
                if self.tok() != close {
                    return self.pos();
                }
            }
        }
        self.want(close)
    }

    /// Runs `production` one level deeper, or gives up on the file if that is too deep.
    fn nested<T>(
        &mut self,
        production: impl FnOnce(&mut Self) -> T,
        otherwise: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return otherwise(self);
        }
        self.depth += 1;
        let result = production(self);
        self.depth -= 1;
        result
    }

    #[cold]
    fn too_deep(&mut self) {
        self.syntax_error("nested too deeply");
        self.s.give_up();
    }

    /// Takes the directives before the current token for a declaration.
    fn take_directives(&mut self) -> Vec<Directive> {
        std::mem::take(&mut self.s.pending)
    }

    /// Notes that the directives before the current token belong to nothing.
    fn drop_directives(&mut self) {
        self.stray.append(&mut self.s.pending);
    }
}

/// Errors and recovery.
impl Parser<'_> {
    fn had_errors(&self) -> bool {
        !self.s.errors.is_empty() || self.s.encoding_errors().next().is_some()
    }

    fn error_at(&mut self, pos: Pos, msg: impl Into<String>) {
        self.s.error(pos, msg);
    }

    fn error(&mut self, msg: impl Into<String>) {
        self.error_at(self.pos(), msg);
    }

    /// Reports a syntax error at the current token; see [`Self::syntax_error_at`].
    #[cold]
    fn syntax_error(&mut self, msg: &str) {
        self.syntax_error_at(self.pos(), msg);
    }

    /// Reports a syntax error. A message that begins with `in`, `at`, `after` or `expected`
    /// is one about the current token, which is then named before it.
    #[cold]
    fn syntax_error_at(&mut self, pos: Pos, msg: &str) {
        if self.tok() == Tok::Eof && self.had_errors() {
            return;
        }
        let link = match msg.split(' ').next() {
            Some("in" | "at" | "after") => " ",
            Some("expected") => ", ",
            _ => return self.error_at(pos, format!("syntax error: {msg}")),
        };
        let found = self.current_described();
        self.error_at(pos, format!("syntax error: unexpected {found}{link}{msg}"));
    }

    fn current_described(&self) -> String {
        match self.tok() {
            Tok::Name => format!("name {}", self.s.lit),
            Tok::Semi => self.s.semi.as_str().into(),
            Tok::Literal => format!("literal {}", self.s.lit),
            Tok::Operator => self.s.op.as_str().into(),
            Tok::AssignOp => format!("{}=", self.s.op.as_str()),
            Tok::IncOp => self.s.op.as_str().repeat(2),
            tok => tok.described(),
        }
    }

    /// Skips to a token of `follow` or, inside a function, to one that begins a statement.
    /// With an empty list skips one token, so that there is progress.
    #[cold]
    fn advance(&mut self, follow: &[Tok]) {
        if follow.is_empty() {
            self.next();
            return;
        }
        while self.tok() != Tok::Eof
            && !follow.contains(&self.tok())
            && !(self.function_depth > 0 && begins_statement(self.tok()))
        {
            self.next();
        }
    }
}

/// Whether a keyword begins a statement, and parsing can start anew there after an error.
fn begins_statement(tok: Tok) -> bool {
    use Tok::*;
    matches!(
        tok,
        Break
            | Const
            | Continue
            | Defer
            | Fallthrough
            | For
            | Go
            | Goto
            | If
            | Return
            | Select
            | Switch
            | Type
            | Var
    )
}
