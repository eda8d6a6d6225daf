//! Bodies of functions, which may be read only when somebody looks at them.

use super::{Block, NodeId};
use crate::SyntaxError;
use crate::parse::parse_body;
use goxide_base::SourceFile;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// A function's body. To look at it is to read it.
pub struct Body {
    block: OnceLock<Block>,
    later: Option<Box<Later>>,
}

/// Where a body stands that has not been read.
struct Later {
    source: Arc<SourceFile>,
    /// From its opening brace up to behind the closing one, as offsets.
    range: std::ops::Range<u32>,
    package: Arc<LaterBodies>,
}

/// What the bodies of a package that are read later have in common.
#[derive(Default)]
pub struct LaterBodies {
    next_id: AtomicU32,
    errors: Mutex<Vec<SyntaxError>>,
}

impl LaterBodies {
    /// Node ids from here on are free for bodies.
    pub fn begin_at(&self, next_id: NodeId) {
        self.next_id.store(next_id.0, Ordering::Relaxed);
    }

    /// What was wrong with the bodies that have been read.
    pub fn errors(&self) -> Vec<SyntaxError> {
        self.errors.lock().expect("no panic while held").clone()
    }
}

impl Body {
    /// A body that stands at these offsets of a file.
    pub(crate) fn later(
        source: &Arc<SourceFile>,
        range: std::ops::Range<u32>,
        package: &Arc<LaterBodies>,
    ) -> Body {
        let later = Later {
            source: source.clone(),
            range,
            package: package.clone(),
        };
        Body {
            block: OnceLock::new(),
            later: Some(Box::new(later)),
        }
    }
}

impl Later {
    fn read(&self) -> Block {
        // One body of a package after the other: each goes on with the ids.
        let mut errors = self.package.errors.lock().expect("no panic while held");
        let next_id = &self.package.next_id;
        let first = NodeId(next_id.load(Ordering::Relaxed));
        let (block, wrong, next) = parse_body(&self.source, self.range.clone(), first);
        next_id.store(next.0, Ordering::Relaxed);
        errors.extend(wrong);
        block
    }
}

impl From<Block> for Body {
    fn from(block: Block) -> Body {
        Body {
            block: block.into(),
            later: None,
        }
    }
}

impl Deref for Body {
    type Target = Block;

    fn deref(&self) -> &Block {
        self.block.get_or_init(|| {
            let later = self.later.as_ref().expect("a body is there or can be read");
            later.read()
        })
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::to_text;
    use crate::{ParseMode, parse_declarations, parse_file};
    use goxide_base::SourceMap;
    use std::path::Path;

    fn source(text: &str) -> Arc<SourceFile> {
        SourceMap::new().add(Path::new("a.go"), "a.go", text.as_bytes())
    }

    #[test]
    fn a_body_read_later_is_the_body() {
        let text = "package p

import \"fmt\"

type t[T any] struct{ x T }

func (v *t[T]) m(f func() struct{}) (n int) {
	// } is no end,
	fmt.Println(\"}\", '}', `}\n{`) /* } */
	for i := range 3 { if i > 1 { defer func() { n++ }() } }
	return map[string]int{\"é\": 1}[\"é\"]
}

func empty() {}; func g() int
var x = func() int { return 1 }
func last() { L: for { break L } }
";
        let source = source(text);
        let whole = parse_file(&source, NodeId::default(), ParseMode::default());
        let package = Arc::new(LaterBodies::default());
        let later = parse_declarations(&source, NodeId::default(), &package);
        assert!(later.next_id < whole.next_id, "bodies were not read");
        package.begin_at(later.next_id);
        assert_eq!(to_text(&later.file, &source), to_text(&whole.file, &source));
        assert_eq!(
            package.next_id.load(Ordering::Relaxed),
            whole.next_id.0,
            "each node has one id"
        );
        assert!(package.errors().is_empty());
    }

    #[test]
    fn what_is_wrong_in_a_body_is_found_when_it_is_read() {
        let source = source("package p\nfunc f() {\n\tx :=\n}\nfunc g() { goto L }\n");
        let package = Arc::new(LaterBodies::default());
        let parsed = parse_declarations(&source, NodeId::default(), &package);
        assert!(parsed.errors.is_empty());
        package.begin_at(parsed.next_id);
        to_text(&parsed.file, &source);
        let found = package.errors().into_iter().map(|e| {
            let at = source.shown(e.pos.0 - source.base.0);
            format!("{}:{}: {}", at.line, at.column, e.msg)
        });
        let found: Vec<String> = found.collect();
        let eager = parse_file(&source, NodeId::default(), ParseMode::default());
        let eager = eager.errors.into_iter().map(|e| {
            let at = source.shown(e.pos.0 - source.base.0);
            format!("{}:{}: {}", at.line, at.column, e.msg)
        });
        let mut eager: Vec<String> = eager.collect();
        eager.sort();
        assert_eq!(found, eager);
        assert_eq!(found.len(), 2);
    }
}
