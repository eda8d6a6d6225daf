//! Lowered bodies that are kept: a function's IR with all that lowering it asked of the rest
//! of the program, so that asking the same again has the same effect as lowering it again.
//!
//! While a function is lowered, everything that it asks of [`Lower`] is noted as an
//! [`Effect`], in order: the functions it calls, descriptors, strings, sites. Symbols are
//! numbers in that list, types and functions are written by name ([`wire`]). *Replaying* a
//! body is to ask for all of it in the same order; so what is queued, and in which order, is
//! what lowering would have queued. The IR itself is not needed for that: who keeps it reads
//! it when somebody wants to look at it, with the answers as [`goxide_ir::Numbers`].
//!
//! Where kept bodies lie, and when they may be used, is for [`Bodies`] to know: under a name
//! that stands for the compiler, the package's text and that of everything it imports, and
//! package `runtime`; for an instance of a generic function also the packages of its type
//! arguments. (What a `//go:linkname` of another package means for a name is found out again
//! when it is asked for.) A body that names what has no lasting name (types declared in
//! functions) is not kept.
//!
//! Initialisers of package-level variables are kept in the same way, but for those with
//! function literals, whose names depend on other initialisers.

mod effect;
mod wire;

pub(crate) use effect::{Contents, Effect, Object, Record, places};

use crate::mono::{RKind, RType};
use crate::names::package_path;
use crate::program::{FuncInst, Lower, Target};
use crate::statics::Image;
use goxide_base::{Pos, Symbol};
use goxide_ir::{DataReloc, Packed, SiteId, SymId};
use goxide_types::PkgId;
use wire::Unit;

/// A place where bodies are kept.
pub trait Bodies {
    /// The effects that are kept for a function.
    fn find(&mut self, function: &Key) -> Option<Vec<u8>>;

    /// What was found last has been replayed, when the module had so many functions. `None`:
    /// it does not fit.
    fn replayed(&mut self, answers: Answers, functions: usize) -> Option<()>;

    /// A function was lowered that is to be kept: its functions are the module's last ones.
    fn lowered(&mut self, function: &Key, unit: LoweredUnit);
}

/// Which function.
pub struct Key {
    /// Its package.
    pub package: PkgId,
    /// The packages of the types among its type arguments, in order of their mention.
    pub others: Vec<PkgId>,
    /// Its symbol's name.
    pub name: Symbol,
}

/// What the numbers in a kept body stand for in this program.
pub struct Answers {
    /// Symbols.
    pub symbols: Vec<Option<SymId>>,
    /// Sites.
    pub sites: Vec<SiteId>,
    /// Where the file begins that the function is in.
    pub file: Pos,
}

/// A lowered function as it can be kept.
pub struct LoweredUnit {
    /// What was asked for, for [`Bodies::find`] to give.
    pub effects: Vec<u8>,
    /// The symbols by their numbers.
    pub symbols: Vec<Option<SymId>>,
    /// Where the file begins that the function is in.
    pub file: Pos,
    /// It and its literals.
    pub functions: Vec<Packed>,
}

impl Lower<'_> {
    /// Lowers a function, or replays its kept body.
    pub(crate) fn lower_or_replay(&mut self, inst: &FuncInst, sym: SymId) {
        let package = self.prog.obj(inst.func).pkg;
        let package = package.filter(|_| self.bodies.is_some());
        let (Some(package), Some(file)) = (package, self.file_of(inst)) else {
            return self.lower_body(inst, sym);
        };
        let mut others = Vec::new();
        inst.targs
            .iter()
            .for_each(|&ty| self.packages_in(ty, &mut others));
        let key = Key {
            package,
            others,
            name: self.module.symbols.name(sym),
        };
        self.replay_or(&key, Some(sym), file, |l| l.lower_body(inst, sym));
    }

    /// Lowers an initialiser, or replays what is kept of it.
    pub(crate) fn init_or_replay(&mut self, package: PkgId, at: usize) {
        let file = self.file_of_init(package, at);
        let Some(file) = file.filter(|_| self.bodies.is_some()) else {
            return self.lower_init(package, at);
        };
        let key = Key {
            package,
            others: Vec::new(),
            name: Symbol::intern(&format!("{}.init·{at}", package_path(self.prog, package))),
        };
        self.replay_or(&key, None, file, |l| l.lower_init(package, at));
    }

    fn replay_or(
        &mut self,
        key: &Key,
        sym: Option<SymId>,
        file: (Pos, Pos),
        lower: impl FnOnce(&mut Self),
    ) {
        if let Some(found) = self.bodies.as_mut().and_then(|b| b.find(key))
            && let Some(unit) = Unit::read(&found)
            && let Some(effects) = self.decode(&unit)
        {
            let errors = self.errors.len();
            if self.replay(effects, sym, file.0).is_some() {
                return;
            }
            return self.lower_again(key.name, errors, lower);
        }
        self.record = Some(Record::new(sym, file));
        let errors = self.errors.len();
        lower(self);
        let record = self.record.take();
        if let Some(record) = record.filter(|_| self.errors.len() == errors)
            && let Some(unit) = self.encode(record)
            && let Some(bodies) = self.bodies.as_mut()
        {
            bodies.lowered(key, unit);
        }
    }

    /// The packages whose types a type is made of.
    fn packages_in(&self, ty: RType, found: &mut Vec<PkgId>) {
        let mut all = |types: &[RType]| types.iter().for_each(|&ty| self.packages_in(ty, found));
        match self.mono.kind(ty) {
            RKind::Basic(_) => {}
            RKind::Pointer(to) | RKind::Slice(to) | RKind::Array(_, to) | RKind::Chan(_, to) => {
                all(&[*to]);
            }
            RKind::Map(key, elem) => all(&[*key, *elem]),
            RKind::Struct(fields) => fields.iter().for_each(|field| all(&[field.ty])),
            RKind::Func(sig) => {
                all(&sig.params);
                all(&sig.results);
            }
            RKind::Interface(methods) => methods.iter().for_each(|m| all(&[m.sig])),
            RKind::Tuple(types) => all(types),
            RKind::Named(n) => {
                all(&n.targs);
                // A type declared in a generic function is made of its type arguments, too.
                let around = self.mono.bindings(n.env);
                around.iter().for_each(|(_, ty)| all(&[*ty]));
                found.extend(self.prog.obj(n.obj).pkg);
            }
        }
    }

    /// Where the file begins and ends that an initialiser is in.
    fn file_of_init(&self, package: PkgId, at: usize) -> Option<(Pos, Pos)> {
        let init = self.statics.inits.get(&package)?.order.get(at)?.init;
        let file = self.files[package].get(init.file as usize)?;
        Some((file.pos, file.eof))
    }

    /// Where the file begins and ends that a function is declared in.
    fn file_of(&self, inst: &FuncInst) -> Option<(Pos, Pos)> {
        let o = self.prog.obj(inst.func);
        let file = self.files[o.pkg?].get(o.func()?.decl?.file as usize)?;
        Some((file.pos, file.eof))
    }

    fn replay(&mut self, effects: Vec<Effect>, sym: Option<SymId>, file: Pos) -> Option<()> {
        let mut answers = Answers {
            symbols: vec![sym],
            sites: Vec::new(),
            file,
        };
        for effect in effects {
            let answer = self.ask(effect, &mut answers)?;
            answers.symbols.push(answer);
        }
        let functions = self.module.functions.len();
        self.bodies.as_mut()?.replayed(answers, functions)
    }

    /// What a kept body asks for is an error now, as a function whose body was in another
    /// package by `//go:linkname`, and is there no more: lowers it for the error's position.
    /// Nothing else can fail: bodies are found by all else that they depend on.
    fn lower_again(&mut self, name: Symbol, errors: usize, lower: impl FnOnce(&mut Self)) {
        let unplaced = self.errors.split_off(errors);
        lower(self);
        if self.errors.len() == errors {
            self.errors.extend(unplaced);
        }
        if self.errors.is_empty() {
            let message = format!(
                "internal error: the kept body of {name} does not fit; remove goxide's cache"
            );
            self.error(Pos::NONE, message);
        }
    }

    /// Asks for what an effect says; `None`: it makes no sense, or is an error now.
    fn ask(&mut self, effect: Effect, answers: &mut Answers) -> Option<Option<SymId>> {
        let at = |sym: SymId| answers.symbols.get(sym.0 as usize).copied().flatten();
        let relocs = |places: Vec<(u64, SymId, i64)>| {
            let reloc = |(place, sym, addend)| Some(DataReloc::Abs64(place, at(sym)?, addend));
            places
                .into_iter()
                .map(reloc)
                .collect::<Option<Vec<DataReloc>>>()
        };
        Some(match effect {
            Effect::Target(inst, is_func) => {
                let errors = self.errors.len();
                match self.target(inst.clone(), Pos::NONE) {
                    Some(Target::Func(sym)) if is_func => Some(sym),
                    Some(Target::Runtime(_) | Target::Intrinsic(_)) if !is_func => None,
                    Some(_) => return None,
                    None => {
                        // The next to ask knows where.
                        if self.errors.len() > errors {
                            self.targets.remove(&inst);
                        }
                        return None;
                    }
                }
            }
            Effect::Synthetic(s) => Some(self.synthetic(s)),
            Effect::Desc(ty) => Some(self.desc(ty)),
            Effect::LiveDesc(ty) => Some(self.live_desc(ty)),
            Effect::DescName(ty) => Some(self.desc_name(ty)),
            Effect::Itab(iface, ty) => Some(self.itab(iface, ty)),
            Effect::String(text) => Some(self.string_data(&text)),
            Effect::Constant(contents, align) => {
                let relocs = relocs(contents.places)?;
                Some(self.constant_object(contents.bytes, relocs, align))
            }
            Effect::FuncValue(sym) => Some(self.func_value(at(sym)?)),
            Effect::Global(var) => Some(self.global_sym(var)),
            Effect::Zero(bytes) => Some(self.zero_data(bytes)),
            Effect::Func(name) => Some(self.sym(name.as_str())),
            Effect::Data(name) => Some(self.data_sym(name.as_str())),
            Effect::EscapeWord => Some(self.escape_word()),
            Effect::Word(sym, bytes) => {
                self.add_word(at(sym)?, bytes);
                None
            }
            Effect::Site(mut site) => {
                site.pos = Pos::from_file(answers.file, site.pos.0);
                answers.sites.push(self.add_site(site));
                None
            }
            Effect::SiteNumber(sym, site) => {
                let site = *answers.sites.get(site.0 as usize)?;
                self.add_site_number(at(sym)?, site);
                None
            }
            Effect::Call(method) => {
                self.note_call(&method);
                None
            }
            Effect::Reflect(name) => {
                self.note_reflect(name);
                None
            }
            Effect::Fresh(prefix) => Some(self.fresh_data_sym(prefix.as_str())),
            Effect::Object(sym, object) => {
                let image = Image {
                    relocs: relocs(object.contents.places)?,
                    bytes: object.contents.bytes,
                };
                self.add_image(at(sym)?, object.section, object.align, image, object.size);
                None
            }
            Effect::Image(sym, contents) => {
                let image = Image {
                    relocs: relocs(contents.places)?,
                    bytes: contents.bytes,
                };
                self.set_image(at(sym)?, image);
                None
            }
            Effect::InitCode(pkg, place, sym) => {
                self.set_init_code(pkg, place, at(sym)?);
                None
            }
        })
    }

    /// The package with an import path.
    fn package_of_path(&mut self, path: Symbol) -> Option<PkgId> {
        if self.by_path.is_empty() {
            let packages = self.prog.packages.iter_enumerated();
            self.by_path = packages.map(|(id, p)| (p.path, id)).collect();
        }
        self.by_path.get(&path).copied()
    }
}

/// Types by their numbers in a unit.
type Types = Vec<RType>;
