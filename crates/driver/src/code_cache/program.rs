//! All functions of a program behind the first half of the optimiser: those that were
//! lowered, and those that are kept from earlier and not looked at.

use super::bodies::{Bodies, KeptFunction, NewUnit};
use super::facts::{Facts, Meaning};
use super::keys::Base;
use super::names::{Files, Names};
use crate::failure::Failure;
use goxide_base::{FxHashMap, Pos, Symbol};
use goxide_ir::{Function, Module, SymId};
use goxide_opt::{Options, Outline, Partly, References, Whole};
use rayon::prelude::*;

/// A program on its way through the optimiser.
pub struct Program {
    /// Its symbols' names.
    pub names: Names,
    /// Its files.
    pub files: Files,
    /// What its static data says about code.
    pub references: References,
    /// Its functions, in order.
    pub functions: Vec<Item>,
    bodies: Bodies,
    partly: Partly,
}

/// A function.
pub struct Item {
    /// Its symbol.
    pub sym: SymId,
    /// Its name.
    pub name: Symbol,
    /// Where it is declared.
    pub pos: Pos,
    /// Only called where another goes on after `recover`.
    pub is_handler: bool,
    /// All of it but what symbols lead to.
    pub base: Base,
    /// What a look at the whole program needs.
    pub outline: Outline,
    /// Where it is.
    place: Place,
}

enum Place {
    /// In the module, by number.
    Module(usize),
    /// In the cache.
    Kept(KeptFunction),
}

/// Where a function is, with all about it if it is in the cache and is what it was.
enum Slot {
    Module(usize),
    Kept(Item),
}

impl Program {
    /// Runs the first half of the optimiser on the functions of a module and on those kept
    /// ones for which it may do something else than it did.
    ///
    /// # Errors
    /// If the cache is damaged in a way that was not noticed before.
    pub fn prepare(
        module: &mut Module,
        bodies: Bodies,
        files: Files,
        options: &Options,
    ) -> Result<Program, Failure> {
        let names = Names::of(module);
        let references = References::of(module);
        let meaning = Meaning {
            names: &names,
            references: &references,
        };
        let kept = bodies.kept();
        let cost = |f: &KeptFunction| Some((f.sym, bodies.facts(f).small_cost?));
        let costs: Vec<(SymId, u32)> = kept.iter().filter_map(cost).collect();
        let places = arrange(module, &bodies, kept, &meaning)?;
        let mut partly = Partly::begin(module, options, costs);
        let mut late = Vec::new();
        let mut slots = Vec::with_capacity(places.len());
        for place in places {
            slots.push(match place {
                Place::Module(number) => Slot::Module(number),
                Place::Kept(function) => match known(&bodies, function, &meaning, &mut partly) {
                    Ok(item) => Slot::Kept(item),
                    Err(function) => {
                        late.push(read(&bodies, &function)?);
                        Slot::Module(module.functions.len() + late.len() - 1)
                    }
                },
            });
        }
        partly.finish(module);
        partly.late(module, &mut late);
        module.functions.append(&mut late);
        let mut program = Program {
            functions: items(module, &files, slots),
            names,
            files,
            references,
            bodies,
            partly,
        };
        program.keep_new();
        Ok(program)
    }

    /// What there is to know about the whole program.
    pub fn whole(&self) -> Whole {
        Whole::new(self.functions.iter().map(|item| &item.outline))
    }

    /// Leaves in a module those functions that are wanted, in order.
    ///
    /// # Errors
    /// As [`Program::prepare`].
    pub fn leave(&mut self, module: &mut Module, wanted: &[bool]) -> Result<(), Failure> {
        let places = self.functions.iter().zip(wanted).filter(|(_, w)| **w);
        let places: Vec<&Place> = places.map(|(item, _)| &item.place).collect();
        let kept = |place: &&Place| match place {
            Place::Module(_) => None,
            Place::Kept(kept) => Some(read(&self.bodies, kept)),
        };
        let kept = places.par_iter().filter_map(kept);
        let mut kept: Vec<Function> = kept.collect::<Result<_, _>>()?;
        self.partly.late(module, &mut kept);
        let mut kept = kept.into_iter();
        let mut all: Vec<Option<Function>> = module.functions.drain(..).map(Some).collect();
        module
            .functions
            .extend(places.iter().filter_map(|place| match place {
                Place::Module(number) => all[*number].take(),
                Place::Kept(_) => kept.next(),
            }));
        Ok(())
    }

    /// Writes the bodies that are new.
    pub fn finish(self) {
        self.bodies.finish();
    }

    /// Puts new bodies beside the kept ones, where all of their functions can be kept.
    fn keep_new(&mut self) {
        let new = std::mem::take(&mut self.bodies.new);
        let numbers = self.functions.iter().enumerate();
        let numbers: FxHashMap<SymId, usize> = numbers.map(|(n, item)| (item.sym, n)).collect();
        for unit in new {
            if let Some(facts) = self.facts_of(&unit, &numbers) {
                self.bodies.keep(unit, &facts);
            }
        }
    }

    fn facts_of(
        &mut self,
        unit: &NewUnit,
        numbers: &FxHashMap<SymId, usize>,
    ) -> Option<Vec<Facts>> {
        let lowered = &unit.lowered;
        let mut by_symbol: FxHashMap<SymId, u32> = FxHashMap::default();
        for (number, sym) in lowered.symbols.iter().enumerate() {
            if let Some(sym) = sym {
                by_symbol.entry(*sym).or_insert(number as u32);
            }
        }
        let number = |sym: SymId| by_symbol.get(&sym).copied();
        let meaning = Meaning {
            names: &self.names,
            references: &self.references,
        };
        let mut all = Vec::new();
        for packed in &lowered.functions {
            let item = &self.functions[*numbers.get(&packed.sym)?];
            let file = lowered.file;
            let facts = Facts::of(item, packed, file, number, &meaning, &mut self.partly);
            all.push(facts?);
        }
        Some(all)
    }
}

/// All functions in the order of the program. Those that name what does not lead where it led
/// are read: the first passes look at what symbols lead to.
fn arrange(
    module: &mut Module,
    bodies: &Bodies,
    kept: Vec<KeptFunction>,
    meaning: &Meaning<'_>,
) -> Result<Vec<Place>, Failure> {
    let mut places: Vec<Place> = Vec::new();
    let lowered = module.functions.len();
    let mut next = 0;
    for function in kept {
        let before = function.at - places.len();
        places.extend((next..next + before).map(Place::Module));
        next += before;
        let answers = bodies.answers(&function);
        if bodies.facts(&function).leads_there(answers, meaning) {
            places.push(Place::Kept(function));
        } else {
            places.push(Place::Module(module.functions.len()));
            module.functions.push(read(bodies, &function)?);
        }
    }
    places.extend((next..lowered).map(Place::Module));
    Ok(places)
}

/// What is known about a kept function behind the first half; gives it back if that may come
/// to something else now.
fn known(
    bodies: &Bodies,
    function: KeptFunction,
    meaning: &Meaning<'_>,
    partly: &mut Partly,
) -> Result<Item, KeptFunction> {
    let (facts, answers) = (bodies.facts(&function), bodies.answers(&function));
    let same = facts.has_cases(answers, meaning, partly);
    let prepared = same.then(|| facts.prepared(answers, meaning.names));
    let Some((base, outline)) = prepared.flatten() else {
        return Err(function);
    };
    Ok(Item {
        sym: function.sym,
        name: Symbol::intern(&facts.name),
        pos: Pos::from_file(answers.file, facts.pos),
        is_handler: facts.is_handler,
        base,
        outline,
        place: Place::Kept(function),
    })
}

/// Looks at the functions of a module, and puts them between the others.
fn items(module: &Module, files: &Files, slots: Vec<Slot>) -> Vec<Item> {
    let look = |(number, function): (usize, &Function)| {
        Some(Item {
            sym: function.sym,
            name: function.name,
            pos: function.pos,
            is_handler: function.flags.landing,
            base: Base::of(function, files),
            outline: Outline::of(function),
            place: Place::Module(number),
        })
    };
    let functions = module.functions.par_iter().enumerate();
    let mut looked_at: Vec<Option<Item>> = functions.map(look).collect();
    let item = |slot| match slot {
        Slot::Module(number) => {
            let item: Option<Item> = looked_at[number].take();
            item.expect("a function of the module has one slot")
        }
        Slot::Kept(item) => item,
    };
    slots.into_iter().map(item).collect()
}

/// A kept function as it was lowered.
fn read(bodies: &Bodies, function: &KeptFunction) -> Result<Function, Failure> {
    bodies.function(function).ok_or_else(|| {
        let name = &bodies.facts(function).name;
        Failure::Other(format!(
            "the kept body of {name} does not fit: goxide's cache is damaged; remove it"
        ))
    })
}
