//! What may have been meant where a field or method does not exist.

use crate::checker::Checker;
use crate::object::{ObjId, is_exported};
use crate::types::TypeId;
use goxide_base::Symbol;

/// How a name that exists resembles the one written.
enum Similar {
    /// There is none.
    Missing,
    /// Differs in upper and lower case.
    Misspelled,
    /// Has a lower-case first letter, in another package.
    Unexported,
    /// Is the same, but of another package.
    Inaccessible,
}

impl<'a> Checker<'_, 'a> {
    /// Why `name` can't be selected from `ty`; `alt` has the same name in other letters. In
    /// a struct literal only fields were looked for.
    pub fn lookup_error(
        &self,
        ty: TypeId,
        name: Symbol,
        alt: Option<ObjId>,
        struct_lit: bool,
    ) -> String {
        let ts = self.ts(ty);
        let similar = self.similarity(name, alt);
        let (alt_name, what) = match alt.map(|a| self.p.obj(a)) {
            Some(o) if o.func().is_some() => (o.name, "method"),
            Some(o) => (o.name, "field"),
            None => (Symbol::EMPTY, ""),
        };
        let base = if struct_lit {
            format!("unknown field {name} in struct literal of type {ts}")
        } else {
            format!("type {ts} has no field or method {name}")
        };
        let what = if struct_lit {
            String::new()
        } else {
            format!("{what} ")
        };
        match similar {
            Similar::Missing => base,
            Similar::Misspelled => format!("{base}, but does have {what}{alt_name}"),
            Similar::Unexported => format!("{base}, but does have unexported {what}{alt_name}"),
            Similar::Inaccessible if struct_lit => {
                format!(
                    "cannot refer to unexported field {alt_name} in struct literal of type {ts}"
                )
            }
            Similar::Inaccessible => format!("cannot refer to unexported {what}{alt_name}"),
        }
    }

    fn similarity(&self, name: Symbol, alt: Option<ObjId>) -> Similar {
        let Some(alt) = alt.map(|a| self.p.obj(a)) else {
            return Similar::Missing;
        };
        let tail = |s: Symbol| {
            let mut chars = s.as_str().chars();
            chars.next();
            chars.as_str()
        };
        let same_tail = tail(name) == tail(alt.name);
        match (is_exported(name), alt.exported()) {
            _ if alt.pkg == Some(self.pkg) => Similar::Misspelled,
            (true, true) => Similar::Misspelled,
            (true, false) if same_tail => Similar::Unexported,
            (false, true) if same_tail => Similar::Misspelled,
            (false, false) if name == alt.name => Similar::Inaccessible,
            _ => Similar::Missing,
        }
    }
}
