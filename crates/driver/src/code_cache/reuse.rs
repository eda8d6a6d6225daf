//! Optimising and compiling what is not in the cache, as if it were all.
//!
//! Results are looked up before the second half of the optimiser. Of a function whose result
//! is found nothing is done again, except that its body is made once more, up to inlining, if
//! some function to be optimised may take it in.

use super::blob::{self, Frame};
use super::hash::Hash;
use super::keys::Keys;
use super::pack::Pack;
use super::program::{Item, Program};
use super::shape::Shape;
use super::{CodeCache, Entry, Generated, package_of, result};
use crate::failure::Failure;
use goxide_base::{FxHashMap, FxHashSet};
use goxide_clif::{Backend, CodegenError, CompiledFunction};
use goxide_ir::{Function, Module, SymId};
use goxide_opt::{Learned, Whole};
use rayon::prelude::*;
use std::borrow::Cow;

/// A program on its way through the second half of the optimiser.
pub struct Reuse {
    packs: FxHashMap<&'static str, Pack>,
    program: Program,
    /// All functions, in the program's order.
    all: Vec<Known>,
    /// The functions that landings call in results that were found.
    handlers: FxHashSet<SymId>,
}

/// One function.
struct Known {
    sym: SymId,
    package: &'static str,
    may_inline: bool,
    /// Under what its result is kept.
    key: Option<Hash>,
    /// The result, if it was found.
    found: Option<Found>,
    /// Only called where another goes on after `recover`.
    is_handler: bool,
}

struct Found {
    learned: Learned,
    shape: Hash,
    compiled: CompiledFunction,
}

impl Reuse {
    /// Looks up the results for a program that the first half of the optimiser is done with.
    /// Leaves in `module` what is to be optimised and what that may take in.
    ///
    /// # Errors
    /// If the cache is damaged in a way that was not noticed before.
    pub fn begin(
        cache: &CodeCache,
        backend: &Backend,
        module: &mut Module,
        program: Program,
        whole: &mut Whole,
    ) -> Result<Reuse, Failure> {
        let keys = Keys::of(&program, whole);
        let package = |item: &Item| package_of(item.name.as_str());
        let packages: FxHashSet<&'static str> = program.functions.iter().map(package).collect();
        let packs = (packages.into_par_iter())
            .map(|package| (package, cache.open(backend, package)))
            .collect();
        let functions = program.functions.par_iter().zip(&keys.of);
        let known = |(item, &key): (&Item, _)| Known {
            sym: item.sym,
            package: package(item),
            may_inline: item.outline.may_inline,
            key,
            found: None,
            is_handler: item.is_handler,
        };
        let mut reuse = Reuse {
            all: functions.map(known).collect(),
            packs,
            program,
            handlers: FxHashSet::default(),
        };
        reuse.look_up(&keys);
        let needed = reuse.leave_out(whole, &keys);
        reuse.program.leave(module, &needed)?;
        Ok(reuse)
    }

    fn look_up(&mut self, keys: &Keys) {
        let mut found: Vec<Option<Found>> = (self.all.par_iter().zip(&self.program.functions))
            .map(|(known, item)| self.find(known, item))
            .collect();
        // Functions that lead to each other are optimised together.
        for members in keys.components.iter().filter(|members| members.len() > 1) {
            if members.iter().any(|f| found[*f].is_none()) {
                members.iter().for_each(|f| found[*f] = None);
            }
        }
        for (known, found) in self.all.iter_mut().zip(found) {
            known.found = found;
        }
    }

    fn find(&self, known: &Known, item: &Item) -> Option<Found> {
        let pack = &self.packs[known.package];
        let program = &self.program;
        let kept = result::read(pack.get(&known.key?)?, &program.names, &program.files)?;
        let frame = Frame {
            sym: item.sym,
            name: item.name,
            pos: item.pos,
            locs: Cow::Owned(kept.locs),
            flags: kept.flags,
        };
        Some(Found {
            learned: kept.learned,
            shape: kept.shape,
            compiled: blob::read(pack.get(&kept.shape)?, frame, &kept.symbols)?,
        })
    }

    /// Tells what is known of the functions that were found; says which functions are needed.
    fn leave_out(&mut self, whole: &mut Whole, keys: &Keys) -> Vec<bool> {
        for known in &self.all {
            if let Some(found) = &known.found {
                self.handlers.extend(&found.learned.handlers);
                whole.leave_out(known.sym, found.learned.clone());
            }
        }
        let is_new = |f: &usize| self.all[*f].found.is_none();
        let mut needed: Vec<bool> = (0..self.all.len()).map(|f| is_new(&f)).collect();
        let mut todo: Vec<usize> = (0..self.all.len()).filter(is_new).collect();
        while let Some(f) = todo.pop() {
            for &to in &keys.leads_to[f] {
                let known = &self.all[to];
                let may_inline = |found: &Found| found.learned.may_inline || known.may_inline;
                if !needed[to] && known.found.as_ref().is_some_and(may_inline) {
                    needed[to] = true;
                    todo.push(to);
                }
            }
        }
        needed
    }

    /// How many functions were found.
    pub fn found(&self) -> usize {
        self.all
            .iter()
            .filter(|known| known.found.is_some())
            .count()
    }

    /// Compiles the functions that are left, keeps their results, and gives all of the
    /// program's functions in its order.
    ///
    /// # Errors
    /// As [`Backend::compile`]; nothing is kept then.
    pub fn finish(
        mut self,
        functions: &[Function],
        learned: &FxHashMap<SymId, Learned>,
        compile: impl Fn(&Function) -> Result<CompiledFunction, CodegenError> + Sync,
    ) -> Result<Generated, CodegenError> {
        let one = |function: &Function| -> Result<_, CodegenError> {
            let pack = &self.packs[package_of(function.name.as_str())];
            let shape = Shape::of(function);
            let kept = pack
                .get(&shape.hash)
                .and_then(|entry| blob::read(entry, Frame::from(function), &shape.symbols));
            let New { compiled, code } = match kept {
                Some(compiled) => New {
                    compiled,
                    code: None,
                },
                None => {
                    let compiled = compile(function)?;
                    let code = blob::write(&compiled, &shape.symbols).map(Entry::from);
                    New { compiled, code }
                }
            };
            let result = (learned.get(&function.sym)).and_then(|learned| {
                let program = &self.program;
                result::write(&compiled, &shape, learned, &program.names, &program.files)
            });
            let new = NewEntries {
                shape: shape.hash,
                code,
                result: result.map(Entry::from),
            };
            Ok((function.sym, (compiled, new)))
        };
        let new: Vec<_> = functions.par_iter().map(one).collect::<Result<_, _>>()?;
        let compiled = new
            .iter()
            .filter(|(_, (_, new))| new.code.is_some())
            .count();
        let mut new: FxHashMap<SymId, _> = new.into_iter().collect();
        let mut used: FxHashMap<&str, Vec<(Hash, Option<Entry>)>> = FxHashMap::default();
        let mut done = Vec::with_capacity(self.all.len());
        for sym in learned.values().flat_map(|learned| &learned.handlers) {
            self.handlers.insert(*sym);
        }
        for known in self.all {
            let used = used.entry(known.package).or_default();
            if let Some(found) = known.found {
                used.extend(known.key.map(|key| (key, None)));
                used.push((found.shape, None));
                if !known.is_handler || self.handlers.contains(&known.sym) {
                    done.push(found.compiled);
                }
            } else if let Some((compiled, entries)) = new.remove(&known.sym) {
                used.extend(known.key.zip(Some(entries.result)));
                used.push((entries.shape, entries.code));
                done.push(compiled);
            }
        }
        used.into_par_iter().for_each(|(package, used)| {
            // What cannot be kept is made again the next time.
            let _ = self.packs[package].update(used);
        });
        self.program.finish();
        Ok(Generated {
            functions: done,
            compiled,
        })
    }
}

struct New {
    compiled: CompiledFunction,
    code: Option<Entry>,
}

/// What is new about a function in the cache.
struct NewEntries {
    shape: Hash,
    code: Option<Entry>,
    result: Option<Entry>,
}
