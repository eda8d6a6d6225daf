//! The graph of direct calls, and its strongly connected components.

use goxide_base::FxHashMap;
use goxide_ir::{Callee, DeferWord, Function, Module, Op, SymId, Term};

/// An order in which callees come before callers. Functions are indices in
/// `Module::functions`.
pub struct CallGraph {
    /// Components of functions that call each other (mostly single ones), callees first.
    pub components: Vec<Vec<usize>>,
    /// Component of each function.
    pub component_of: Vec<usize>,
    /// Functions that call themselves directly.
    calls_itself: Vec<bool>,
}

/// Calls `f` with every function that is called by name, now or by a deferred call.
pub fn for_each_direct_call(func: &Function, mut f: impl FnMut(SymId)) {
    for block in &func.blocks {
        for &inst in &block.insts {
            match &func.insts[inst].op {
                Op::Call { callee, .. } => visit_known(callee, &mut f),
                Op::DeferStore {
                    word: DeferWord::Call(Some(code)),
                    ..
                } => f(*code),
                _ => {}
            }
        }
        if let Term::TailCall(callee, _) = &block.term {
            visit_known(callee, &mut f);
        }
    }
}

fn visit_known(callee: &Callee, f: &mut impl FnMut(SymId)) {
    if let Callee::Direct(sym, _) | Callee::Known(sym, ..) = callee {
        f(*sym);
    }
}

impl CallGraph {
    /// The graph of a module.
    pub fn of(module: &Module) -> CallGraph {
        let calls = |func: &Function| {
            let mut list = Vec::new();
            for_each_direct_call(func, |sym| list.push(sym));
            list
        };
        let functions = module.functions.iter();
        CallGraph::new(functions.map(|func| (func.sym, calls(func))).collect())
    }

    /// The graph of functions that call others.
    pub fn new(functions: Vec<(SymId, Vec<SymId>)>) -> CallGraph {
        let symbols = functions.iter().enumerate();
        let index: FxHashMap<SymId, usize> = symbols.map(|(i, (sym, _))| (*sym, i)).collect();
        let callees = |(_, calls): &(SymId, Vec<SymId>)| {
            let known = calls.iter().filter_map(|sym| index.get(sym).copied());
            let mut list: Vec<usize> = known.collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        let callees: Vec<Vec<usize>> = functions.iter().map(callees).collect();
        let calls_itself = callees
            .iter()
            .enumerate()
            .map(|(f, list)| list.contains(&f));
        let calls_itself = calls_itself.collect();
        let components = Tarjan::run(&callees);
        let mut component_of = vec![0; functions.len()];
        for (i, members) in components.iter().enumerate() {
            for &f in members {
                component_of[f] = i;
            }
        }
        CallGraph {
            components,
            component_of,
            calls_itself,
        }
    }

    /// Whether the function calls itself through no other.
    pub fn is_alone(&self, f: usize) -> bool {
        self.components[self.component_of[f]].len() == 1
    }

    /// Whether the function calls itself, directly or through others.
    pub fn is_recursive(&self, f: usize) -> bool {
        !self.is_alone(f) || self.calls_itself[f]
    }
}

/// Strongly connected components of a graph, what they lead to first.
pub fn components(leads_to: &[Vec<usize>]) -> Vec<Vec<usize>> {
    Tarjan::run(leads_to)
}

/// Tarjan's algorithm, without recursion.
struct Tarjan<'a> {
    callees: &'a [Vec<usize>],
    number: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: u32,
    components: Vec<Vec<usize>>,
}

impl Tarjan<'_> {
    fn run(callees: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let n = callees.len();
        let mut t = Tarjan {
            callees,
            number: vec![0; n],
            low: vec![0; n],
            on_stack: vec![false; n],
            stack: Vec::new(),
            next: 1,
            components: Vec::new(),
        };
        for f in 0..n {
            if t.number[f] == 0 {
                t.visit(f);
            }
        }
        t.components
    }

    fn enter(&mut self, f: usize) {
        self.number[f] = self.next;
        self.low[f] = self.next;
        self.next += 1;
        self.stack.push(f);
        self.on_stack[f] = true;
    }

    fn visit(&mut self, root: usize) {
        self.enter(root);
        let mut work: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((f, at)) = work.last_mut() {
            let f = *f;
            if let Some(&callee) = self.callees[f].get(*at) {
                *at += 1;
                if self.number[callee] == 0 {
                    self.enter(callee);
                    work.push((callee, 0));
                } else if self.on_stack[callee] {
                    self.low[f] = self.low[f].min(self.number[callee]);
                }
                continue;
            }
            work.pop();
            if let Some(&(caller, _)) = work.last() {
                self.low[caller] = self.low[caller].min(self.low[f]);
            }
            if self.low[f] == self.number[f] {
                self.pop_component(f);
            }
        }
    }

    fn pop_component(&mut self, root: usize) {
        let mut members = Vec::new();
        while let Some(f) = self.stack.pop() {
            self.on_stack[f] = false;
            members.push(f);
            if f == root {
                break;
            }
        }
        self.components.push(members);
    }
}
