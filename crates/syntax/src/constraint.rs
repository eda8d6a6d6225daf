//! Build constraints: the expression of a `//go:build` line.

/// A constraint over build tags.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Constraint {
    /// A tag is set.
    Tag(String),
    /// The inner one does not hold.
    Not(Box<Constraint>),
    /// Both hold.
    And(Box<Constraint>, Box<Constraint>),
    /// One of them holds.
    Or(Box<Constraint>, Box<Constraint>),
}

/// How deeply a constraint may nest.
const MAX_DEPTH: u32 = 100;

impl Constraint {
    /// Parses a `//go:build` line, given with or without the leading `//`. `None` if it is
    /// not one or is malformed.
    pub fn parse(line: &str) -> Option<Constraint> {
        let line = line.strip_prefix("//").unwrap_or(line).trim_end();
        let text = line.strip_prefix("go:build")?;
        if !text.starts_with([' ', '\t']) {
            return None;
        }
        let mut parser = Parser {
            rest: text,
            depth: 0,
        };
        let constraint = parser.or()?;
        parser.rest.trim_start().is_empty().then_some(constraint)
    }

    /// Whether it holds, given which tags are set.
    pub fn eval(&self, is_set: &mut impl FnMut(&str) -> bool) -> bool {
        match self {
            Constraint::Tag(tag) => is_set(tag),
            Constraint::Not(x) => !x.eval(is_set),
            // Both sides are evaluated, so that `is_set` sees every tag.
            Constraint::And(x, y) => x.eval(is_set) & y.eval(is_set),
            Constraint::Or(x, y) => x.eval(is_set) | y.eval(is_set),
        }
    }

    /// The minor N of the least Go version 1.N that the constraint implies; `None` if it
    /// implies none.
    pub fn min_go_minor(&self) -> Option<u32> {
        self.min_minor(true)
    }

    /// The least version implied by the constraint's holding or (`!holds`) not holding.
    fn min_minor(&self, holds: bool) -> Option<u32> {
        match self {
            Constraint::Tag(_) if !holds => None,
            Constraint::Tag(tag) if tag == "go1" => Some(0),
            Constraint::Tag(tag) => tag.strip_prefix("go1.")?.parse().ok(),
            Constraint::Not(x) => x.min_minor(!holds),
            Constraint::And(x, y) | Constraint::Or(x, y) => {
                let (x, y) = (x.min_minor(holds), y.min_minor(holds));
                let both = matches!(self, Constraint::And(..)) == holds;
                // `None` orders before every version.
                if both { x.max(y) } else { x.min(y) }
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    depth: u32,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(token) {
            Some(tail) => {
                self.rest = tail;
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Option<Constraint> {
        let mut x = self.and()?;
        while self.eat("||") {
            x = Constraint::Or(Box::new(x), Box::new(self.and()?));
        }
        Some(x)
    }

    fn and(&mut self) -> Option<Constraint> {
        let mut x = self.not()?;
        while self.eat("&&") {
            x = Constraint::And(Box::new(x), Box::new(self.not()?));
        }
        Some(x)
    }

    fn not(&mut self) -> Option<Constraint> {
        if !self.eat("!") {
            return self.atom();
        }
        // A doubled negation is an error in Go too.
        if self.rest.trim_start().starts_with('!') {
            return None;
        }
        Some(Constraint::Not(Box::new(self.atom()?)))
    }

    fn atom(&mut self) -> Option<Constraint> {
        if self.eat("(") {
            self.depth += 1;
            let x = if self.depth < MAX_DEPTH {
                self.or()?
            } else {
                return None;
            };
            self.depth -= 1;
            return self.eat(")").then_some(x);
        }
        let rest = self.rest.trim_start();
        let is_tag = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let end = rest.find(|c| !is_tag(c)).unwrap_or(rest.len());
        let (tag, tail) = rest.split_at(end);
        self.rest = tail;
        (!tag.is_empty()).then(|| Constraint::Tag(tag.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minor(text: &str) -> Option<u32> {
        Constraint::parse(text)?.min_go_minor()
    }

    #[test]
    fn constraints_hold_or_not() {
        let holds = |text, tags: &[&str]| {
            Constraint::parse(text).map(|c| c.eval(&mut |tag| tags.contains(&tag)))
        };
        let line = "//go:build (linux && !cgo) || darwin";
        assert_eq!(holds(line, &["linux"]), Some(true));
        assert_eq!(holds(line, &["linux", "cgo"]), Some(false));
        assert_eq!(holds(line, &["darwin", "cgo"]), Some(true));
        for bad in [
            "//go:build",
            "//go:build a b",
            "//go:build (a",
            "//go:build a ||",
            "//go:builda",
        ] {
            assert_eq!(holds(bad, &[]), None, "{bad}");
        }
    }

    #[test]
    fn a_constraint_implies_a_language_version() {
        assert_eq!(minor("//go:build go1.21"), Some(21));
        assert_eq!(minor("//go:build linux && go1.21 && go1.22"), Some(22));
        assert_eq!(minor("//go:build go1.21 || go1.22"), Some(21));
        assert_eq!(minor("//go:build linux || go1.22"), None);
        assert_eq!(minor("//go:build !go1.22"), None);
        assert_eq!(minor("//go:build !(linux || !go1.22)"), Some(22));
    }
}
