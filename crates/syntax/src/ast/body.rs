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
    /// Offsets of its braces; the second one's is behind it.
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
