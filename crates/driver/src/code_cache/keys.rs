//! Under what the result for a function is kept: a hash of all that it was made from.
//!
//! That is (see [`goxide_opt::Whole`]) the function as the first passes leave it, with its
//! positions; how often it is called; what the symbols in it lead to; and the same of every
//! function it leads to. Functions that lead to each other have one key, with a number for
//! each.

use super::hash::{Bytes, Hash};
use super::names::Files;
use super::program::{Item, Program};
use super::shape::Shape;
use goxide_base::{FxHashMap, Pos, Symbol};
use goxide_ir::{Function, Loc, SymId, ValueDef};
use goxide_opt::{Leads, Whole};
use rayon::prelude::*;

/// Keys of all functions of a program, by their numbers in it.
pub struct Keys {
    /// The keys; `None`: the result for this function cannot be kept.
    pub of: Vec<Option<Hash>>,
    /// The functions that each leads to.
    pub leads_to: Vec<Vec<usize>>,
    /// Functions that lead to each other.
    pub components: Vec<Vec<usize>>,
}

/// All of a function but what the symbols in it lead to.
pub struct Base {
    /// Its hash: the code and positions.
    pub hash: Hash,
    /// The symbols in it, in order of their first use, without itself.
    pub symbols: Vec<SymId>,
}

/// What a key is made from.
struct Maker<'a> {
    functions: FxHashMap<SymId, usize>,
    program: &'a Program,
    whole: &'a Whole,
}

impl Keys {
    /// The keys of a program's functions after the first passes.
    pub fn of(program: &Program, whole: &Whole) -> Keys {
        let functions = program.functions.iter().enumerate();
        let maker = Maker {
            functions: functions.map(|(i, f)| (f.sym, i)).collect(),
            program,
            whole,
        };
        let items = &program.functions;
        let (own, leads_to): (Vec<Option<Hash>>, Vec<Vec<usize>>) =
            (items.par_iter().map(|item| maker.own(item))).unzip();
        let mut components = goxide_opt::components(&leads_to);
        let mut of: Vec<Option<Hash>> = vec![None; own.len()];
        let mut component_of = vec![usize::MAX; own.len()];
        for (number, members) in components.iter_mut().enumerate() {
            members.sort_by_key(|&f| whole.position(items[f].sym));
            members.iter().for_each(|&f| component_of[f] = number);
            let inside = |f: usize| component_of[f] == number;
            let Some(shared) = shared(members, &own, &leads_to, &of, inside) else {
                continue;
            };
            for (number, &f) in members.iter().enumerate() {
                let mut bytes = Bytes::default();
                bytes.text("result");
                bytes.word(number as u32);
                bytes.0.extend(shared);
                of[f] = Some(bytes.hash());
            }
        }
        Keys {
            of,
            leads_to,
            components,
        }
    }
}

/// The hash of the members of a component, in order, and of all that they lead to. All other
/// components that these lead to have their keys.
fn shared(
    members: &[usize],
    own: &[Option<Hash>],
    leads_to: &[Vec<usize>],
    of: &[Option<Hash>],
    inside: impl Fn(usize) -> bool,
) -> Option<Hash> {
    let mut bytes = Bytes::default();
    for &f in members {
        bytes.0.extend(own[f]?);
        for &to in leads_to[f].iter().filter(|to| !inside(**to)) {
            bytes.0.extend(of[to]?);
        }
    }
    Some(bytes.hash())
}

impl Maker<'_> {
    /// The hash of one function, and the functions that it leads to.
    fn own(&self, item: &Item) -> (Option<Hash>, Vec<usize>) {
        let mut bytes = Bytes::default();
        let mut leads_to = Vec::new();
        bytes.0.extend(item.base.hash);
        bytes.word(self.whole.is_called_often(item.sym).into());
        bytes.word(self.whole.is_called_once(item.sym).into());
        let mut lasting = true;
        for sym in [item.sym].iter().chain(&item.base.symbols) {
            match self.program.names.get(*sym) {
                Some(name) => bytes.0.extend(name),
                None => lasting = false,
            }
            self.function(item.sym, *sym, &mut bytes, &mut leads_to);
            match self.program.references.of_symbol(*sym) {
                Leads::Nowhere => {}
                Leads::Code(code) => {
                    bytes.text("code");
                    self.function(item.sym, code, &mut bytes, &mut leads_to);
                }
                Leads::Methods(methods) => {
                    bytes.text("methods");
                    for method in methods {
                        bytes.word(method.is_some().into());
                        if let Some(code) = method {
                            self.function(item.sym, *code, &mut bytes, &mut leads_to);
                        }
                    }
                }
            }
        }
        let itself = self.functions.get(&item.sym);
        leads_to.retain(|to| Some(to) != itself);
        leads_to.sort_unstable();
        leads_to.dedup();
        (lasting.then(|| bytes.hash()), leads_to)
    }

    /// Notes that a function leads to another, if it is one of the program.
    fn function(&self, from: SymId, to: SymId, bytes: &mut Bytes, leads_to: &mut Vec<usize>) {
        let Some(&index) = self.functions.get(&to) else {
            return bytes.word(0);
        };
        let comes_first = self.whole.position(to) < self.whole.position(from);
        bytes.word(1 + u32::from(comes_first));
        if let Some(name) = self.program.names.get(to) {
            bytes.0.extend(name);
        }
        leads_to.push(index);
    }
}

impl Base {
    /// Looks at a function.
    pub fn of(func: &Function, files: &Files) -> Base {
        let shape = Shape::of(func);
        let mut bytes = Bytes::default();
        bytes.0.extend(shape.hash);
        for value in func.values.iter() {
            let (form, a, b) = match value.def {
                ValueDef::Param(block, at) => (0, block.0, at),
                ValueDef::Result(inst, at) => (1, inst.0, at),
                ValueDef::Alias(to) => (2, to.0, 0),
            };
            bytes.word(form);
            bytes.word(a);
            bytes.word(b);
        }
        positions(func, files, &mut bytes);
        Base {
            hash: bytes.hash(),
            symbols: shape.symbols,
        }
    }
}

fn positions(func: &Function, all: &Files, bytes: &mut Bytes) {
    let mut files: Vec<usize> = Vec::new();
    let mut function = func.name;
    bytes.text(func.name.as_str());
    let mut place = |bytes: &mut Bytes, pos: Pos| {
        let Some((file, at)) = all.place(pos) else {
            return bytes.word(u32::MAX);
        };
        let known = files.iter().position(|f| *f == file);
        let number = known.unwrap_or_else(|| {
            files.push(file);
            files.len() - 1
        });
        bytes.word(number as u32);
        bytes.word(at);
    };
    place(bytes, func.pos);
    for loc in func.locs.iter() {
        place(bytes, loc.pos);
        place(bytes, loc.function_pos);
        bytes.word(loc.parent.map_or(u32::MAX, |Loc(parent)| parent));
        bytes.word((loc.function != function).into());
        if loc.function != function {
            function = loc.function;
            bytes.text(Symbol::as_str(function));
        }
    }
    for file in files {
        bytes.0.extend(all.contents(file));
    }
}
