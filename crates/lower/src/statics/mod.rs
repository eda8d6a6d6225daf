//! Package-level variables: symbols, sections, initial values known at compile time.
//!
//! An initialiser is first lowered as code, like everything else. If that code does nothing
//! but make objects and store constants and addresses ([`eval`] runs it to find out), the
//! result becomes data and the code is dropped; `unicode`'s tables are data this way. An
//! initialiser without effects whose variables nothing refers to is not even lowered, so
//! that large maps cost nothing in programs that don't use them.

mod embed;
mod eval;
mod pure;

pub use embed::{EmbedFile, Embeds};
pub use eval::Image;

use crate::bodies::{Contents, Effect, Object, Record, places};
use crate::func::Counters;
use crate::links::lacking;
use crate::mono::EnvId;
use crate::names::package_path;
use crate::program::Lower;
use goxide_base::{FxHashMap, Symbol};
use goxide_ir::{DataSection, SymId};
use goxide_syntax::ast::Decl;
use goxide_types::{InitOrder, ObjId, PkgId, Program};
use std::rc::Rc;

/// Variables asked for, and what is known of initialisers.
#[derive(Default)]
pub struct Statics {
    syms: FxHashMap<ObjId, SymId>,
    /// Variables that define their symbols, in the order they were asked for.
    order: Vec<(ObjId, SymId)>,
    known: FxHashMap<SymId, ObjId>,
    /// Initialisers that wait for someone to refer to their variable.
    pub(crate) waiting: FxHashMap<ObjId, (PkgId, usize)>,
    /// Initial values found at compile time.
    pub(crate) images: FxHashMap<SymId, Image>,
    /// By package, the state of its initialisers.
    pub(crate) inits: FxHashMap<PkgId, PackageInits>,
    /// Whether the word that makes things escape exists.
    pub(crate) escape_word: bool,
}

/// Initialisers of a package.
pub struct PackageInits {
    /// In order of execution.
    pub order: InitOrder,
    /// Functions of those that run at start, by position.
    pub code: FxHashMap<usize, SymId>,
    /// For the names of function literals.
    pub counters: Rc<Counters>,
}

/// Whether a package-level variable's declaration has an initial value.
pub fn has_value(p: &Program, var: ObjId) -> bool {
    let Some(pkg) = p.obj(var).pkg else {
        return false;
    };
    let package = p.pkg(pkg);
    let decls = package.files.iter().flat_map(|f| f.decls.iter());
    let mut specs = decls.flat_map(|d| match d {
        Decl::Var(group) => group.specs.as_slice(),
        _ => &[],
    });
    specs.any(|s| {
        !s.values.is_empty()
            && s.names
                .iter()
                .any(|n| package.info.def_of(n.id) == Some(var))
    })
}

impl Lower<'_> {
    /// The data object of a package-level variable.
    pub fn global_sym(&mut self, var: ObjId) -> SymId {
        self.noted_sym(|_| Some(Effect::Global(var)), |l| l.new_global_sym(var))
    }

    fn new_global_sym(&mut self, var: ObjId) -> SymId {
        if let Some(&sym) = self.statics.syms.get(&var) {
            return sym;
        }
        let ty = self.prog.obj_type(var);
        let ty = self.rtype(ty, EnvId::EMPTY);
        if self.layout(ty).size == 0 {
            // All objects without size are at one place.
            let sym = self.zero_data(8);
            self.statics.syms.insert(var, sym);
            return sym;
        }
        let o = self.prog.obj(var);
        let pkg = o
            .pkg
            .map(|p| package_path(self.prog, p))
            .unwrap_or_default();
        let (own, pos) = (Symbol::intern(&format!("{pkg}.{}", o.name)), o.pos);
        let symbol = self.links.bound(var).unwrap_or(own);
        let definition = self.links.definition(self.prog, symbol);
        let definition = definition.filter(|&d| self.prog.obj(d).var().is_some());
        if definition.is_none() && symbol.as_str().starts_with("runtime.") {
            // A variable of zeroes would pass for the runtime's.
            let why = format!("linknamed variable {symbol} is {}", lacking(symbol));
            self.error(pos, why);
        }
        let owner = definition.unwrap_or(var);
        let sym = self.data_sym(symbol.as_str());
        self.statics.syms.insert(var, sym);
        if self.statics.known.insert(sym, owner).is_none() {
            self.statics.order.push((owner, sym));
            if let Some((pkg, at)) = self.statics.waiting.remove(&owner) {
                self.queue_init(pkg, at);
            }
        }
        sym
    }

    /// Writes all variables that were asked for.
    pub fn emit_statics(&mut self) {
        for (var, sym) in std::mem::take(&mut self.statics.order) {
            let ty = self.prog.obj_type(var);
            let ty = self.rtype(ty, EnvId::EMPTY);
            let layout = self.layout(ty);
            let image = match self.embedded_image(var, ty) {
                Some(image) => Some(image),
                None => self.statics.images.remove(&sym),
            };
            let (pointers, image) = (layout.has_pointers(), image.unwrap_or_default());
            let section = match (pointers, image.is_zero()) {
                (false, _) => DataSection::NoPointers,
                (true, true) => DataSection::Bss,
                (true, false) => DataSection::Data,
            };
            self.add_image(sym, section, layout.align, image, layout.size);
        }
    }

    /// Adds a data object with initial contents.
    pub(crate) fn add_image(
        &mut self,
        sym: SymId,
        section: DataSection,
        align: u64,
        image: Image,
        size: u64,
    ) {
        let noted = self.record.is_some().then(|| image.clone());
        let effect = |record: &Record| {
            let object = Object {
                section,
                align,
                size,
                contents: noted?.noted(record)?,
            };
            Some(Effect::Object(record.number(sym)?, object))
        };
        let add = |l: &mut Self| l.new_image(sym, section, align, image, size);
        self.noted(effect, add);
    }

    /// Sets the initial contents of a variable.
    pub(crate) fn set_image(&mut self, sym: SymId, image: Image) {
        let noted = self.record.is_some().then(|| image.clone());
        let effect = |record: &Record| {
            let contents = noted?.noted(record)?;
            Some(Effect::Image(record.number(sym)?, contents))
        };
        self.noted(effect, |l| drop(l.statics.images.insert(sym, image)));
    }

    fn new_image(&mut self, sym: SymId, section: DataSection, align: u64, image: Image, size: u64) {
        let (bytes, relocs) = match image.is_zero() {
            true => (Vec::new(), Vec::new()),
            false => (image.bytes, image.relocs),
        };
        self.add_data(sym, section, align, bytes, size, relocs);
    }
}

impl Image {
    fn noted(self, record: &Record) -> Option<Contents> {
        let places = places(record, &self.relocs)?;
        Some(Contents {
            bytes: self.bytes,
            places,
        })
    }
}
