//! Escape analysis: objects that no one can reach once their function has returned are
//! moved from the heap to the frame.
//!
//! Inside a function the analysis is that of Steensgaard ("Points-to Analysis in Almost
//! Linear Time", POPL 1996): all pointers that may be copies of each other form a class,
//! and all pointers stored in what a class points to form one class, its *content*. Two
//! marks are then spread from classes to their contents:
//!
//! - *escaped*: a pointer of the class may become known anywhere (stored globally, passed
//!   to unknown code);
//! - *outlives*: the class is content of something the caller owns.
//!
//! An object (`New`) whose class has neither mark goes to the frame. Between functions only
//! a [`Summary`] per function is kept: for each parameter, and the closure context, how many
//! loads away from it something escapes, and which results may be copies of it. Callees come
//! first; inside a recursion everything passed on is taken to escape. The func value of a
//! deferred call counts as called where it is deferred.
//!
//! `moving.rs` has the second half: which objects go to the frame.

mod moving;
mod report;

use crate::callgraph::CallGraph;
use crate::whole::{Context, Whole};
use goxide_base::{FxHashMap, Idx, task};
use goxide_ir::{
    BinaryOp, Block, Callee, DeferWord, Function, Inst, Module, Note, Op, SymId, Term, Topic, Ty,
    Value,
};

/// Runtime calls that use the memory they are given before they return, and forget it.
const LOOKS_ONLY: [&str; 14] = [
    "memmove",
    "memmove_pointers",
    "memclr",
    "memequal",
    "raw_syscall6",
    "raw_syscall_all",
    "raw_vfork",
    "cpuid",
    "xgetbv",
    "clocks",
    "write_err",
    "callers",
    "func_info",
    "read_mem_stats",
];

/// What a caller must know of a function.
#[derive(Clone, Default)]
struct Summary {
    /// By parameter.
    params: Vec<ParamFlow>,
    /// The closure context.
    context: ParamFlow,
}

/// Where a parameter goes.
#[derive(Clone, Default)]
struct ParamFlow {
    /// How many loads away the first pointer is that becomes known elsewhere, with all it
    /// leads to: 0 is the parameter itself. At most [`MAX_LEVEL`].
    leaks: Option<u32>,
    /// What lies one number of loads away may also lie another number away.
    ring: Option<(u32, u32)>,
    /// Results that may be copies of it.
    results: Vec<u32>,
}

/// What leaks only behind more loads than this is taken to leak here.
const MAX_LEVEL: u32 = 6;

/// Moves objects to frames all over the module.
pub fn run(module: &mut Module, context: &mut Context) {
    let graph = CallGraph::of(module);
    let whole = &context.whole;
    let known = whole.outside.iter();
    let mut summaries: FxHashMap<SymId, Summary> = known
        .filter_map(|(&sym, known)| Some((sym, Summary::read(known.summary.as_deref()?)?)))
        .collect();
    let mut written = Vec::new();
    for component in &graph.components {
        let recursive = component.iter().any(|&f| graph.is_recursive(f));
        for &f in component {
            let func = &mut module.functions[f];
            task::working_on("optimise", func.name);
            let summary = Analysis::new(func, &summaries, whole).run();
            if context.options.notes {
                note_variables(func, &mut module.notes);
                report::note(func, &summary.params, &mut module.notes);
            }
            // Members of a recursion do not see each other's summaries.
            if !recursive {
                written.push((func.sym, summary.write()));
                summaries.insert(func.sym, summary);
            }
        }
    }
    for (sym, summary) in written {
        context.learned(sym).summary = Some(summary);
    }
}

impl Summary {
    /// The summary as words: the number of parameters, then their flows and the context's,
    /// each: leaks + 1 or 0, the ring's ends + 1 or two 0, the number of results, these.
    fn write(&self) -> Box<[u32]> {
        let mut words = vec![self.params.len() as u32];
        for flow in self.params.iter().chain([&self.context]) {
            let (a, b) = flow.ring.map_or((0, 0), |(a, b)| (a + 1, b + 1));
            let leaks = flow.leaks.map_or(0, |level| level + 1);
            words.extend([leaks, a, b, flow.results.len() as u32]);
            words.extend(&flow.results);
        }
        words.into()
    }

    /// Reads what [`Summary::write`] wrote.
    fn read(words: &[u32]) -> Option<Summary> {
        let (count, mut rest) = words.split_first()?;
        let mut flow = || {
            let (&[leaks, a, b, count], tail) = rest.split_first_chunk()?;
            let (results, tail) = tail.split_at_checked(count as usize)?;
            rest = tail;
            Some(ParamFlow {
                leaks: leaks.checked_sub(1),
                ring: a.checked_sub(1).zip(b.checked_sub(1)),
                results: results.to_vec(),
            })
        };
        Some(Summary {
            params: (0..*count).map(|_| flow()).collect::<Option<_>>()?,
            context: flow()?,
        })
    }
}

/// Notes the variables that stay on the heap.
fn note_variables(func: &Function, notes: &mut Vec<Note>) {
    for &inst in func.blocks.iter().flat_map(|b| &b.insts) {
        let data = &func.insts[inst];
        if let Op::New {
            escaped: Some(name),
            ..
        } = data.op
            && func.locs[data.loc].parent.is_none()
        {
            notes.push(Note {
                pos: func.locs[data.loc].pos,
                topic: Topic::Escape,
                text: format!("moved to heap: {name}"),
            });
        }
    }
}

/// A class of pointers.
#[derive(Clone, Copy)]
struct Class {
    parent: u32,
    content: Option<u32>,
    escaped: bool,
    outlives: bool,
}

struct Analysis<'f> {
    func: &'f mut Function,
    summaries: &'f FxHashMap<SymId, Summary>,
    /// All functions.
    whole: &'f Whole,
    classes: Vec<Class>,
    /// Class of each pointer value.
    of_value: FxHashMap<Value, u32>,
    /// Class of each stack slot's address.
    of_slot: Vec<u32>,
    /// Values and results returned.
    returned: Vec<(u32, Value)>,
    /// The closure context, if the function reads it.
    context: Option<Value>,
}

impl<'f> Analysis<'f> {
    fn new(
        func: &'f mut Function,
        summaries: &'f FxHashMap<SymId, Summary>,
        whole: &'f Whole,
    ) -> Self {
        Analysis {
            whole,
            func,
            summaries,
            classes: Vec::new(),
            of_value: FxHashMap::default(),
            of_slot: Vec::new(),
            returned: Vec::new(),
            context: None,
        }
    }

    fn run(mut self) -> Summary {
        self.of_slot = (0..self.func.slots.len())
            .map(|_| self.new_class())
            .collect();
        let params = self.func.blocks[Function::ENTRY].params.clone();
        for &param in &params {
            if self.func.ty(param) == Ty::Ptr {
                let class = self.class(param);
                let content = self.content(class);
                self.mark(content, |c| c.outlives = true);
            }
        }
        for block in self.func.blocks.indices() {
            for at in 0..self.func.blocks[block].insts.len() {
                let inst = self.func.blocks[block].insts[at];
                self.instruction(inst);
            }
            self.terminator(block);
        }
        self.spread();
        let summary = self.summarize(&params);
        self.move_objects();
        summary
    }

    // ---- classes ----

    fn new_class(&mut self) -> u32 {
        let id = self.classes.len() as u32;
        self.classes.push(Class {
            parent: id,
            content: None,
            escaped: false,
            outlives: false,
        });
        id
    }

    fn find(&mut self, mut class: u32) -> u32 {
        while self.classes[class as usize].parent != class {
            let up = self.classes[class as usize].parent;
            self.classes[class as usize].parent = self.classes[up as usize].parent;
            class = up;
        }
        class
    }

    fn class(&mut self, value: Value) -> u32 {
        let value = self.func.resolve(value);
        match self.of_value.get(&value) {
            Some(&class) => self.find(class),
            None => {
                let class = self.new_class();
                self.of_value.insert(value, class);
                class
            }
        }
    }

    fn content(&mut self, class: u32) -> u32 {
        let class = self.find(class);
        match self.classes[class as usize].content {
            Some(content) => self.find(content),
            None => {
                let content = self.new_class();
                self.classes[class as usize].content = Some(content);
                content
            }
        }
    }

    fn mark(&mut self, class: u32, set: impl Fn(&mut Class)) {
        let class = self.find(class);
        set(&mut self.classes[class as usize]);
    }

    fn unify(&mut self, a: u32, b: u32) {
        let mut todo = vec![(a, b)];
        while let Some((a, b)) = todo.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            let from = self.classes[b as usize];
            self.classes[b as usize].parent = a;
            let to = &mut self.classes[a as usize];
            to.escaped |= from.escaped;
            to.outlives |= from.outlives;
            match (to.content, from.content) {
                (Some(x), Some(y)) => todo.push((x, y)),
                (None, Some(y)) => to.content = Some(y),
                _ => {}
            }
        }
    }

    fn unify_values(&mut self, a: Value, b: Value) {
        if self.func.ty(a) == Ty::Ptr && self.func.ty(b) == Ty::Ptr {
            let (a, b) = (self.class(a), self.class(b));
            self.unify(a, b);
        }
    }

    fn escapes(&mut self, value: Value) {
        if self.func.ty(value) == Ty::Ptr {
            let class = self.class(value);
            self.mark(class, |c| c.escaped = true);
        }
    }

    /// Spreads marks to contents.
    fn spread(&mut self) {
        let mut todo: Vec<u32> = (0..self.classes.len() as u32).collect();
        while let Some(class) = todo.pop() {
            let class = self.find(class);
            let Class {
                content,
                escaped,
                outlives,
                ..
            } = self.classes[class as usize];
            let Some(content) = content else { continue };
            let content = self.find(content);
            let c = &mut self.classes[content as usize];
            if (escaped && !c.escaped) || (outlives && !c.outlives) {
                c.escaped |= escaped;
                c.outlives |= outlives;
                todo.push(content);
            }
        }
    }

    // ---- instructions ----

    fn instruction(&mut self, inst: Inst) {
        let data = self.func.insts[inst].clone();
        let result = data.results.first().copied();
        match &data.op {
            Op::SlotAddr(slot, _) => {
                let (slot, class) = (self.of_slot[slot.index()], result.map(|r| self.class(r)));
                if let Some(class) = class {
                    self.unify(slot, class);
                }
            }
            // Nothing is stored in code.
            Op::SymAddr(sym, _) if self.whole.is_function(*sym) => {}
            Op::SymAddr(..) | Op::GetG => {
                // What is stored in global memory is known everywhere.
                if let Some(r) = result {
                    let class = self.class(r);
                    let content = self.content(class);
                    self.mark(content, |c| c.escaped = true);
                }
            }
            Op::ClosureCtx => {
                self.context = result;
                if let Some(r) = result {
                    let class = self.class(r);
                    let content = self.content(class);
                    self.mark(content, |c| c.outlives = true);
                }
            }
            Op::Binary(BinaryOp::Iadd | BinaryOp::Isub, base, _) => {
                if let Some(r) = result {
                    self.unify_values(r, *base);
                }
            }
            Op::Select(_, a, b) => {
                if let Some(r) = result {
                    self.unify_values(r, *a);
                    self.unify_values(r, *b);
                }
            }
            Op::Convert(_, _, v) => self.integer_conversion(result, *v),
            Op::Load(Ty::Ptr, addr, ..) | Op::AtomicLoad(Ty::Ptr, addr) => {
                let class = self.class(*addr);
                let content = self.content(class);
                if let Some(r) = result {
                    let r = self.class(r);
                    self.unify(content, r);
                }
            }
            // Eight bytes of memory may be a pointer read as a number.
            Op::StorePtr { addr, value, .. } => self.store(*addr, *value),
            Op::AtomicStore(addr, value, true) => self.store(*addr, *value),
            Op::AtomicRmw(_, addr, value, true) => {
                self.store(*addr, *value);
                if let Some(r) = result {
                    self.unify_values(r, *value);
                }
            }
            Op::AtomicCas(addr, old, new, true) => {
                self.store(*addr, *new);
                self.unify_values(*old, *new);
            }
            Op::MemCopy { dst, src, .. } => {
                let (dst, src) = (self.class(*dst), self.class(*src));
                let (a, b) = (self.content(dst), self.content(src));
                self.unify(a, b);
            }
            Op::Call { callee, args, .. } => self.call(callee, args, &data.results),
            Op::DeferEnter { frame, .. } => {
                // What is stored there in the plain way, the runtime finds.
                let class = self.class(*frame);
                let content = self.content(class);
                self.mark(content, |c| c.escaped = true);
            }
            // There is one for each round of a loop.
            Op::DeferRecord(_) => {
                if let Some(r) = result {
                    let class = self.class(r);
                    let content = self.content(class);
                    self.mark(content, |c| c.escaped = true);
                }
            }
            // The object lives as long as the frame, if it is this function's.
            Op::DeferStore {
                frame,
                value,
                word: DeferWord::Call(code),
                ..
            } => {
                self.call_closure(*value, *code);
                if self.is_record(*frame) {
                    self.store(*frame, *value);
                }
            }
            _ => {}
        }
    }

    fn is_record(&self, frame: Value) -> bool {
        let def = self.func.def_inst(frame);
        def.is_some_and(|inst| matches!(self.func.insts[inst].op, Op::DeferRecord(_)))
    }

    /// Code does not leak its own closure object (checked where it is lowered: only the
    /// runtime asks for it), but may leak what it leads to.
    fn call_closure(&mut self, value: Value, code: Option<SymId>) {
        match code.and_then(|code| self.summaries.get(&code)) {
            Some(summary) => self.apply(value, &summary.context),
            None => {
                let class = self.class(value);
                let content = self.content(class);
                self.mark(content, |c| c.escaped = true);
            }
        }
    }

    /// Pointers made into integers are lost sight of.
    fn integer_conversion(&mut self, result: Option<Value>, v: Value) {
        let Some(r) = result else { return };
        match (self.func.ty(v), self.func.ty(r)) {
            (Ty::Ptr, Ty::Ptr) => self.unify_values(r, v),
            (Ty::Ptr, _) => self.escapes(v),
            (_, Ty::Ptr) => self.escapes(r),
            _ => {}
        }
    }

    fn store(&mut self, addr: Value, value: Value) {
        let class = self.class(addr);
        let content = self.content(class);
        let value = self.class(value);
        self.unify(content, value);
    }

    fn call(&mut self, callee: &Callee, args: &[Value], results: &[Value]) {
        let known = match callee {
            Callee::Direct(sym, _) | Callee::Known(sym, ..) => self.summaries.get(sym),
            _ => None,
        };
        let mut to_results: Vec<(u32, Value)> = Vec::new();
        match (known, callee) {
            (Some(summary), _) => {
                for (i, &arg) in args.iter().enumerate() {
                    if self.func.ty(arg) != Ty::Ptr {
                        continue;
                    }
                    let flow = summary.params.get(i).cloned().unwrap_or_default();
                    self.apply(arg, &flow);
                    to_results.extend(flow.results.iter().map(|&r| (r, arg)));
                }
            }
            (None, Callee::Runtime(call)) => {
                let name = goxide_abi::RUNTIME_CALLS[*call as usize].name;
                if !LOOKS_ONLY.contains(&name) {
                    args.iter().for_each(|&a| self.escapes(a));
                } else if name.starts_with("memmove") {
                    let (dst, src) = (self.class(args[0]), self.class(args[1]));
                    let (a, b) = (self.content(dst), self.content(src));
                    self.unify(a, b);
                }
            }
            _ => args.iter().for_each(|&a| self.escapes(a)),
        }
        match callee {
            Callee::Closure(value, _) => self.call_closure(*value, None),
            Callee::Known(code, value, _) => self.call_closure(*value, Some(*code)),
            _ => {}
        }
        for (i, &result) in results.iter().enumerate() {
            if self.func.ty(result) != Ty::Ptr {
                continue;
            }
            // A result leads to memory that others know of.
            let class = self.class(result);
            let content = self.content(class);
            self.mark(content, |c| c.escaped = true);
            for &(r, arg) in &to_results {
                if r as usize == i {
                    let arg = self.class(arg);
                    self.unify(class, arg);
                }
            }
        }
    }

    fn apply(&mut self, arg: Value, flow: &ParamFlow) {
        if let Some((a, b)) = flow.ring {
            let (a, b) = (self.content_at(arg, a), self.content_at(arg, b));
            self.unify(a, b);
        }
        if let Some(level) = flow.leaks {
            let class = self.content_at(arg, level);
            self.mark(class, |c| c.escaped = true);
        }
    }

    /// The class of what lies some loads behind a pointer.
    fn content_at(&mut self, pointer: Value, level: u32) -> u32 {
        let class = self.class(pointer);
        (0..level).fold(class, |class, _| self.content(class))
    }

    fn terminator(&mut self, block: Block) {
        let mut term = self.func.blocks[block].term.clone();
        match &mut term {
            Term::Return(values) => {
                for (i, &value) in values.iter().enumerate() {
                    if self.func.ty(value) == Ty::Ptr {
                        self.returned.push((i as u32, value));
                    }
                }
            }
            Term::TailCall(callee, args) => {
                args.iter().for_each(|&a| self.escapes(a));
                callee.for_each_use_mut(|v| self.escapes(*v));
            }
            other => {
                let mut pairs: Vec<(Value, Value)> = Vec::new();
                other.for_each_edge_mut(|edge| {
                    let params = &self.func.blocks[edge.block].params;
                    pairs.extend(params.iter().copied().zip(edge.args.iter().copied()));
                });
                for (param, arg) in pairs {
                    self.unify_values(param, arg);
                }
            }
        }
    }

    // ---- results ----

    fn summarize(&mut self, params: &[Value]) -> Summary {
        let mut roots: Vec<Option<u32>> = Vec::new();
        for value in params.iter().copied().map(Some).chain([self.context]) {
            let pointer = value.filter(|&v| self.func.ty(v) == Ty::Ptr);
            roots.push(pointer.map(|v| self.class(v)));
        }
        let contents: Vec<Option<u32>> = roots
            .iter()
            .map(|root| root.map(|class| self.content(class)))
            .collect();
        let mut flows = Vec::new();
        for (i, root) in roots.iter().enumerate() {
            flows.push(match root {
                Some(class) => self.flow(*class, i, &contents),
                None => ParamFlow::default(),
            });
        }
        let context = flows.pop().unwrap_or_default();
        Summary {
            params: flows,
            context,
        }
    }

    /// Whether `to` is `from` or content (of content …) of it.
    fn reaches(&mut self, from: u32, to: u32) -> bool {
        let (mut at, to) = (self.find(from), self.find(to));
        // Contents can form rings.
        for _ in 0..self.classes.len() {
            if at == to {
                return true;
            }
            match self.classes[at as usize].content {
                Some(content) => at = self.find(content),
                None => return false,
            }
        }
        false
    }

    /// Where parameter `i` goes, whose class this is; `contents` are those of all.
    fn flow(&mut self, class: u32, i: usize, contents: &[Option<u32>]) -> ParamFlow {
        let class = self.find(class);
        let own = self.classes[class as usize];
        let returned: Vec<(u32, u32)> = self
            .returned
            .clone()
            .into_iter()
            .map(|(i, value)| (i, self.class(value)))
            .collect();
        let mut results: Vec<u32> = Vec::new();
        // Put into what is returned, the pointer lives as long as that does.
        let mut kept = false;
        for &(i, at) in &returned {
            if at == class {
                results.push(i);
            }
            let held = self.classes[at as usize].content;
            kept |= held.is_some_and(|held| self.reaches(held, class));
        }
        results.dedup();
        if own.escaped || own.outlives || kept {
            return ParamFlow {
                leaks: Some(0),
                ring: None,
                results,
            };
        }
        let mut chain = vec![class];
        let mut ring = None;
        let leaks = loop {
            let level = chain.len() as u32;
            let last = chain[chain.len() - 1];
            let Some(content) = self.classes[last as usize].content else {
                break None;
            };
            let at = self.find(content);
            if let Some(earlier) = chain.iter().position(|&c| c == at) {
                ring = Some((earlier as u32, level));
                break None;
            }
            chain.push(at);
            let is_returned =
                |this: &mut Self| returned.iter().any(|&(_, from)| this.reaches(from, at));
            // From one parameter's content to another's is as good as anywhere.
            let is_shared = |this: &mut Self| {
                let mut others = contents.iter().enumerate().filter(|(j, _)| *j != i);
                others.any(|(_, c)| c.is_some_and(|c| this.reaches(c, at)))
            };
            if level == MAX_LEVEL
                || self.classes[at as usize].escaped
                || is_returned(self)
                || is_shared(self)
            {
                break Some(level);
            }
        };
        ParamFlow {
            leaks,
            ring,
            results,
        }
    }
}
