//! Numbers of the types that are declared in functions: they tell types of one name apart.

use crate::object::{ObjId, ObjKind, Object};
use crate::package::PkgId;
use crate::program::Program;
use crate::types::Type;
use goxide_base::Pos;
use std::sync::Arc;

impl Program {
    /// The number of a type that is local to a function: as gc counts them in a package,
    /// from 1 in the order of declarations. In a package that is checked only as far as it
    /// is used, where not all are known, the place in its text. Ask when all is checked.
    pub fn local_type_number(&self, obj: ObjId) -> u32 {
        let o = self.obj(obj);
        let Some(pkg) = o.pkg else {
            return obj.0;
        };
        if self.pkg(pkg).lazy_bodies {
            return self.place_in_text(pkg, o.pos).unwrap_or(obj.0);
        }
        let mut known = self.local_types.lock().expect("no panic while held");
        let places = known
            .entry(pkg)
            .or_insert_with(|| Arc::new(self.local_types_of(pkg)));
        match places.binary_search(&o.pos) {
            Ok(at) => at as u32 + 1,
            Err(_) => obj.0,
        }
    }

    /// How far from the begin of a package's first file a position is, its files put one
    /// behind the other.
    fn place_in_text(&self, pkg: PkgId, pos: Pos) -> Option<u32> {
        let mut before = 0;
        for file in &self.pkg(pkg).files {
            if file.pos <= pos && pos <= file.eof {
                return Some(before + pos.0 - file.pos.0);
            }
            before += file.eof.0 - file.pos.0 + 1;
        }
        None
    }

    /// Where the package's local types are declared, in order.
    fn local_types_of(&self, pkg: PkgId) -> Vec<Pos> {
        let outer = Some(self.pkg(pkg).scope);
        let is_local = |o: &&Object| {
            o.pkg == Some(pkg)
                && o.parent != outer
                && matches!(o.kind, ObjKind::TypeName)
                && o.ty.is_some_and(|t| matches!(self.ty(t), Type::Named(_)))
        };
        let mut places: Vec<Pos> = self
            .objects
            .iter()
            .filter(is_local)
            .map(|o| o.pos)
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}
