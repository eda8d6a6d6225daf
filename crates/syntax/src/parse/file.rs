//! Files: package clause, then declarations.

use super::*;
use crate::constraint::Constraint;

impl Parser<'_> {
    /// `SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .`
    pub(super) fn file(&mut self, mode: ParseMode) -> File {
        let mut file = File {
            id: self.id(),
            pos: self.pos(),
            name: Ident {
                id: self.id(),
                pos: self.pos(),
                name: Symbol::BLANK,
            },
            decls: vec![],
            eof: Pos::NONE,
            directives: vec![],
            all_directives: vec![],
            stray_directives: vec![],
            build_line: None,
            go_minor: None,
            doc: self.s.doc,
            comments: vec![],
        };
        self.build_line(&mut file);
        if self.package_clause(&mut file) {
            self.top_level(&mut file, mode);
        }
        self.drop_directives();
        file.eof = self.pos();
        file.all_directives = std::mem::take(&mut self.s.directives);
        file.stray_directives = std::mem::take(&mut self.stray);
        file.comments = std::mem::take(&mut self.s.comments);
        file
    }

    /// Finds the build line among the directives before the package clause.
    fn build_line(&mut self, file: &mut File) {
        let build_lines = self.s.pending.iter().filter(|d| d.verb() == "go:build");
        for line in build_lines {
            if let Some(constraint) = Constraint::parse_line(line.text.as_str()) {
                file.build_line = Some(*line);
                file.go_minor = constraint.go_version();
            }
        }
    }

    /// Reads the package clause; `false` if it makes no sense to go on.
    fn package_clause(&mut self, file: &mut File) -> bool {
        if !self.got(Tok::Package) {
            self.syntax_error("package statement must be first");
            return false;
        }
        file.directives = self.take_directives();
        file.name = self.name();
        self.want(Tok::Semi);
        !self.had_errors()
    }

    fn top_level(&mut self, file: &mut File, mode: ParseMode) {
        const BEGINS: [Tok; 5] = [Tok::Import, Tok::Const, Tok::Type, Tok::Var, Tok::Func];
        let mut previous = Tok::Import;
        while self.tok() != Tok::Eof {
            if mode.imports_only && self.tok() != Tok::Import {
                return;
            }
            if self.tok() == Tok::Import && previous != Tok::Import {
                self.syntax_error("imports must appear before other declarations");
            }
            previous = self.tok();
            let Some(decl) = self.top_level_decl() else {
                let after_func =
                    matches!(file.decls.last(), Some(Decl::Func(f)) if f.body.is_none());
                self.syntax_error(match self.tok() {
                    Tok::Lbrace if after_func => "unexpected semicolon or newline before {",
                    _ => "non-declaration statement outside function body",
                });
                self.advance(&BEGINS);
                continue;
            };
            file.decls.push(decl);
            // Before the next token is read: what stands before that may be a directive for
            // the next declaration.
            self.drop_directives();
            if self.tok() != Tok::Eof && !self.got(Tok::Semi) {
                self.syntax_error("after top level declaration");
                self.advance(&BEGINS);
            }
        }
    }

    fn top_level_decl(&mut self) -> Option<Decl> {
        Some(match self.tok() {
            Tok::Import => Decl::Import(self.group(Self::import_spec)),
            Tok::Func => Decl::Func(Box::new(self.func_decl())),
            _ => return self.const_type_or_var(),
        })
    }
}
