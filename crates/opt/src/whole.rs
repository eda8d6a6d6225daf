//! What passes that look at more than one function know of the whole program, and what they
//! find out about a function that its callers need: so that a part of a program can be
//! optimised as if all of it were.
//!
//! This is what makes it possible to keep the result for a function. It may depend on nothing
//! but
//! - the function as [`crate::prepare`] leaves it,
//! - those that [`References`] leads to from there, directly or not,
//! - whether these are called from one place or from more ([`Whole::is_called_often`]), and
//!   which of them come before it ([`Whole::position`]).
//!
//! A pass that wants to know more has to say so here, and the cache of results (in the
//! driver) has to put it into its keys.

use crate::callgraph::{CallGraph, for_each_direct_call};
use crate::defers;
use crate::devirtualize::Known;
use crate::{Options, inline};
use goxide_base::{FxHashMap, FxHashSet};
use goxide_ir::{Callee, Function, Module, SymId, Term};
use rayon::prelude::*;
use std::sync::Arc;

/// What is known about the functions of a whole program after [`crate::prepare`].
#[derive(Default)]
pub struct Whole {
    /// All functions, callees before callers.
    pub(crate) order: Vec<SymId>,
    position: FxHashMap<SymId, u32>,
    /// How many calls in the text of the program there are of each.
    calls: FxHashMap<SymId, u32>,
    recursive: FxHashSet<SymId>,
    /// Those that call themselves and no other function that calls them.
    recursive_alone: FxHashSet<SymId>,
    /// Functions in which, called as deferred ones, `recover` has no effect.
    pub(crate) no_recover: FxHashSet<SymId>,
    /// Those whose results are known already.
    pub(crate) outside: FxHashMap<SymId, Learned>,
}

/// What callers need to know of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learned {
    /// It always returns, or runs for ever.
    pub no_panic: bool,
    /// Some call of it may be replaced by its body.
    pub may_inline: bool,
    /// What becomes of its parameters, as the escape pass writes it; `None`: not known.
    pub summary: Option<Box<[u32]>>,
    /// The functions that its landings call.
    pub handlers: Vec<SymId>,
}

/// What a look at all functions of a program needs of each, after [`crate::prepare`].
#[derive(Clone, Debug)]
pub struct Outline {
    /// The function.
    pub sym: SymId,
    /// The functions that it calls by name, one for each call, deferred ones too.
    pub calls: Vec<SymId>,
    /// Those of them in whose place it ends (tail calls).
    pub ends_as: Vec<SymId>,
    /// If it is called as a deferred function, `recover` may have an effect in it.
    pub may_recover: bool,
    /// Some call of it may be replaced by its body.
    pub may_inline: bool,
}

impl Outline {
    /// Looks at a function.
    pub fn of(func: &Function) -> Outline {
        let mut calls = Vec::new();
        for_each_direct_call(func, |sym| calls.push(sym));
        let ends_as = func.blocks.iter().filter_map(|block| match &block.term {
            Term::TailCall(Callee::Direct(to, _) | Callee::Known(to, ..), _) => Some(*to),
            _ => None,
        });
        Outline {
            sym: func.sym,
            calls,
            ends_as: ends_as.collect(),
            may_recover: defers::may_recover(func),
            may_inline: inline::may_inline(func),
        }
    }
}

impl Whole {
    /// Looks at all functions of a program.
    pub fn of(module: &Module) -> Whole {
        let outlines = module.functions.par_iter().map(Outline::of);
        Whole::new(&outlines.collect::<Vec<_>>())
    }

    /// The same, from what is needed of each.
    pub fn new<'a>(functions: impl IntoIterator<Item = &'a Outline>) -> Whole {
        let functions: Vec<&Outline> = functions.into_iter().collect();
        let calls = functions.iter().map(|f| (f.sym, f.calls.clone()));
        let graph = CallGraph::new(calls.collect());
        let sym = |f: usize| functions[f].sym;
        let mut whole = Whole {
            order: graph.components.iter().flatten().map(|&f| sym(f)).collect(),
            no_recover: defers::no_recover(&functions),
            ..Whole::default()
        };
        for (f, func) in functions.iter().enumerate() {
            for &sym in &func.calls {
                *whole.calls.entry(sym).or_default() += 1;
            }
            if graph.is_recursive(f) {
                whole.recursive.insert(func.sym);
                if graph.is_alone(f) {
                    whole.recursive_alone.insert(func.sym);
                }
            }
        }
        let positions = whole.order.iter().enumerate();
        whole.position = positions.map(|(at, &sym)| (sym, at as u32)).collect();
        whole
    }

    /// A function is not to be optimised: this is known about it. Its body must stay in the
    /// module if [`Learned::may_inline`] or [`Outline::may_inline`] says so and a function that is to
    /// be optimised leads to it by way of such functions.
    pub fn leave_out(&mut self, function: SymId, learned: Learned) {
        self.outside.insert(function, learned);
    }

    /// Where a function stands in the order in which they are visited.
    pub fn position(&self, function: SymId) -> Option<u32> {
        self.position.get(&function).copied()
    }

    /// Whether a function is called from more than one place.
    pub fn is_called_often(&self, function: SymId) -> bool {
        self.calls.get(&function).is_some_and(|&n| n > 1)
    }

    /// Whether a function is called from exactly one place.
    pub fn is_called_once(&self, function: SymId) -> bool {
        self.calls.get(&function) == Some(&1)
    }

    /// Whether a function calls itself, directly or through others.
    pub(crate) fn is_recursive(&self, function: SymId) -> bool {
        self.recursive.contains(&function)
    }

    /// Whether it does so, and not through others.
    pub(crate) fn is_recursive_alone(&self, function: SymId) -> bool {
        self.recursive_alone.contains(&function)
    }

    /// Whether a symbol is a function of the program.
    pub(crate) fn is_function(&self, sym: SymId) -> bool {
        self.position.contains_key(&sym)
    }
}

/// Functions that symbols lead to: what static data says about code.
pub struct References(Known);

/// Functions that a symbol leads to; `None` stands for one that is not compiled.
pub enum Leads<'a> {
    /// A function's own symbol, or data that nothing is known about.
    Nowhere,
    /// A static func value: its code.
    Code(SymId),
    /// An itab: the code of its methods.
    Methods(&'a [Option<SymId>]),
}

impl References {
    /// Looks through a program's data.
    pub fn of(module: &Module) -> References {
        References(Known::of(module))
    }

    /// Where a symbol leads.
    pub fn of_symbol(&self, sym: SymId) -> Leads<'_> {
        match (self.0.funcs.get(&sym), self.0.methods(sym)) {
            (Some(&code), _) => Leads::Code(code),
            (None, Some(methods)) => Leads::Methods(methods),
            (None, None) => Leads::Nowhere,
        }
    }
}

/// The state of one run of passes.
pub struct Context {
    pub(crate) options: Options,
    pub(crate) whole: Whole,
    pub(crate) learned: FxHashMap<SymId, Learned>,
    known: Option<Arc<Known>>,
}

impl Context {
    pub(crate) fn new(options: Options, whole: Whole) -> Context {
        Context {
            options,
            whole,
            learned: FxHashMap::default(),
            known: None,
        }
    }

    /// What the module's data says about code. Passes add no such data, so one look is
    /// enough.
    pub(crate) fn known(&mut self, module: &Module) -> Arc<Known> {
        let known = self
            .known
            .get_or_insert_with(|| Arc::new(Known::of(module)));
        known.clone()
    }

    /// What has been found out about a function so far.
    pub(crate) fn learned(&mut self, function: SymId) -> &mut Learned {
        self.learned.entry(function).or_default()
    }
}
