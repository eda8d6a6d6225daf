//! Lowered bodies that are kept: a function's IR with all that lowering it asked of the rest
//! of the program, so that asking the same again has the same effect as lowering it again.
//!
//! While a function is lowered, everything that it asks of [`Lower`] is noted as an
//! [`Effect`], in order: the functions it calls, descriptors, strings, sites. Symbols are
//! numbers in that list, types and functions are written by name ([`wire`]). Replaying a body
//! is to ask for all of it in the same order, and to put the answers into the IR; so what is
//! queued, and in which order, is what lowering would have queued.
//!
//! Where kept bodies lie, and when they may be used, is for [`Bodies`] to know: under a name
//! that stands for the package's text and that of everything it imports, package `runtime`,
//! and all linknames of the program. A body that names what has no lasting name (types
//! declared in functions) is not kept.

mod effect;
mod wire;

pub(crate) use effect::{Effect, Record, places};

use crate::mono::RType;
use crate::program::{FuncInst, Lower};
use goxide_base::Pos;
use goxide_ir::{SiteId, SymId};
use goxide_types::PkgId;
use wire::Unit;

/// A place where bodies are kept.
pub trait Bodies {
    /// The body of a function of a package, by its symbol's name.
    fn find(&mut self, package: PkgId, function: &str) -> Option<Vec<u8>>;

    /// Whether bodies of a package are kept.
    fn is_kept(&self, package: PkgId) -> bool;

    /// Keeps a body.
    fn keep(&mut self, package: PkgId, function: &str, body: Vec<u8>);

    /// Nothing more will be asked for.
    fn finish(&mut self);
}

impl Lower<'_> {
    /// Lowers a function, or replays its kept body.
    pub fn lower_or_replay(&mut self, inst: &FuncInst, sym: SymId) {
        let pkg = self.prog.obj(inst.func).pkg;
        let kept = self.bodies.as_ref();
        let pkg = pkg.filter(|&pkg| inst.targs.is_empty() && kept.is_some_and(|b| b.is_kept(pkg)));
        let Some(pkg) = pkg else {
            return self.lower_body(inst, sym);
        };
        let name = self.module.symbols.name(sym).as_str();
        let body = self.bodies.as_mut().and_then(|b| b.find(pkg, name));
        let anchor = self.anchor(inst);
        if let Some((start, _)) = anchor
            && let Some(body) = body
            && let Some(unit) = Unit::read(&body)
            && let Some(effects) = self.decode(&unit)
        {
            return self.replay(unit, effects, sym, start);
        }
        self.record = Some(Record::new(sym));
        let errors = self.errors.len();
        self.lower_body(inst, sym);
        let record = self.record.take();
        if let Some((start, end)) = anchor
            && let Some(record) = record.filter(|_| self.errors.len() == errors)
            && let Some(body) = self.encode(record, start, end)
            && let Some(bodies) = self.bodies.as_mut()
        {
            bodies.keep(pkg, name, body);
        }
    }

    /// Where the file begins and ends that a function is declared in.
    fn anchor(&self, inst: &FuncInst) -> Option<(Pos, Pos)> {
        let o = self.prog.obj(inst.func);
        let file = self.files[o.pkg?].get(o.func()?.decl?.file as usize)?;
        Some((file.pos, file.eof))
    }

    fn replay(&mut self, unit: Unit, effects: Vec<Effect>, sym: SymId, start: Pos) {
        let mut syms = vec![Some(sym)];
        let mut sites = Vec::new();
        let pos = |n: u32| match n {
            0 => Pos::NONE,
            n => start.offset(n - 1),
        };
        for mut effect in effects {
            if let Effect::Site(site) = &mut effect {
                site.pos = pos(site.pos.0);
            }
            let Some(answer) = self.ask(effect, &syms, &mut sites) else {
                return self.misfit(sym);
            };
            syms.push(answer);
        }
        for mut function in unit.functions {
            let mut fits = true;
            function.for_each_sym_mut(|sym| match syms.get(sym.0 as usize) {
                Some(Some(known)) => *sym = *known,
                _ => fits = false,
            });
            function.for_each_site_mut(|site| match sites.get(site.0 as usize) {
                Some(known) => *site = *known,
                None => fits = false,
            });
            match function.unpack(pos).filter(|_| fits) {
                Some(function) => self.add_function(function),
                None => return self.misfit(sym),
            }
        }
    }

    /// Cannot happen: bodies are found by all that they depend on.
    fn misfit(&mut self, sym: SymId) {
        let name = self.module.symbols.name(sym);
        let message =
            format!("internal error: the kept body of {name} does not fit; remove goxide's cache");
        self.error(Pos::NONE, message);
    }

    /// Asks for what an effect says; `None`: it makes no sense.
    fn ask(
        &mut self,
        effect: Effect,
        syms: &[Option<SymId>],
        sites: &mut Vec<SiteId>,
    ) -> Option<Option<SymId>> {
        let at = |sym: SymId| syms.get(sym.0 as usize).copied().flatten();
        Some(match effect {
            Effect::Target(inst) => match self.target(inst, Pos::NONE)? {
                crate::program::Target::Func(sym) => Some(sym),
                _ => None,
            },
            Effect::Synthetic(s) => Some(self.synthetic(s)),
            Effect::Desc(ty) => Some(self.desc(ty)),
            Effect::LiveDesc(ty) => Some(self.live_desc(ty)),
            Effect::DescName(ty) => Some(self.desc_name(ty)),
            Effect::Itab(iface, ty) => Some(self.itab(iface, ty)),
            Effect::String(text) => Some(self.string_data(&text)),
            Effect::Constant(bytes, places, align) => {
                let places = places.into_iter();
                let relocs = places
                    .map(|(at_byte, sym, addend)| {
                        Some(goxide_ir::DataReloc::Abs64(at_byte, at(sym)?, addend))
                    })
                    .collect::<Option<_>>()?;
                Some(self.constant_object(bytes, relocs, align))
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
            Effect::Site(site) => {
                sites.push(self.add_site(site));
                None
            }
            Effect::SiteNumber(sym, site) => {
                let site = *sites.get(site.0 as usize)?;
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
        })
    }

    /// The package with an import path.
    fn package_of_path(&mut self, path: goxide_base::Symbol) -> Option<PkgId> {
        if self.by_path.is_empty() {
            let packages = self.prog.packages.iter_enumerated();
            self.by_path = packages.map(|(id, p)| (p.path, id)).collect();
        }
        self.by_path.get(&path).copied()
    }
}

/// Types by their numbers in a unit.
type Types = Vec<RType>;
