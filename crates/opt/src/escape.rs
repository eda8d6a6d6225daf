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
//! a [`Summary`] per function is kept: for each parameter whether it, or what it leads
//! to, escapes, and which results may be copies of it. Callees come first; inside a
//! recursion everything passed on is taken to escape.
//!
//! A frame has one slot for an object made in a loop, so such an object must be dead when
//! the next one is made: no pointer of its class may be carried round the loop or lie in
//! memory that was there before.

use crate::callgraph::CallGraph;
use crate::cfg::{Cfg, Loop};
use goxide_base::{FxHashMap, Idx};
use goxide_ir::{
    BinaryOp, Block, Callee, Function, Inst, Module, Op, SlotData, SymId, Term, Ty, Value, ValueDef,
};

/// Objects larger than this stay on the heap.
const MAX_OBJECT_BYTES: u64 = 8 << 10;
/// A frame does not grow beyond this by objects.
const MAX_FRAME_BYTES: u64 = 32 << 10;

/// Runtime calls that use the memory they are given before they return, and forget it.
const LOOKS_ONLY: [&str; 13] = [
    "memmove",
    "memmove_pointers",
    "memclr",
    "memequal",
    "raw_syscall6",
    "raw_vfork",
    "cpuid",
    "xgetbv",
    "walltime",
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
}

/// Where a parameter goes.
#[derive(Clone, Default)]
struct ParamFlow {
    /// The pointer itself becomes known elsewhere.
    leaks: bool,
    /// Pointers reached through it do.
    content_leaks: bool,
    /// Results that may be copies of it.
    results: Vec<u32>,
}

/// Moves objects to frames all over the module.
pub fn run(module: &mut Module) {
    let graph = CallGraph::of(module);
    let mut summaries: FxHashMap<SymId, Summary> = FxHashMap::default();
    for component in &graph.components {
        let recursive = component.iter().any(|&f| graph.is_recursive(module, f));
        for &f in component {
            let func = &mut module.functions[f];
            let summary = Analysis::new(func, &summaries).run();
            // Members of a recursion do not see each other's summaries.
            if !recursive {
                summaries.insert(func.sym, summary);
            }
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
    classes: Vec<Class>,
    /// Class of each pointer value.
    of_value: FxHashMap<Value, u32>,
    /// Class of each stack slot's address.
    of_slot: Vec<u32>,
    /// Values and results returned.
    returned: Vec<(u32, Value)>,
}

impl<'f> Analysis<'f> {
    fn new(func: &'f mut Function, summaries: &'f FxHashMap<SymId, Summary>) -> Self {
        Analysis {
            func,
            summaries,
            classes: Vec::new(),
            of_value: FxHashMap::default(),
            of_slot: Vec::new(),
            returned: Vec::new(),
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
            Op::SymAddr(..) | Op::GetG => {
                // What is stored in global memory is known everywhere.
                if let Some(r) = result {
                    self.escapes(r);
                }
            }
            Op::ClosureCtx => {
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
            _ => {}
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
            Callee::Direct(sym, _) => self.summaries.get(sym),
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
        if let Callee::Closure(value, _) = callee {
            // Code does not leak its own closure object (checked where it is lowered: only
            // the runtime asks for it), but may leak all it leads to.
            let class = self.class(*value);
            let content = self.content(class);
            self.mark(content, |c| c.escaped = true);
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
        let class = self.class(arg);
        if flow.leaks {
            self.mark(class, |c| c.escaped = true);
        }
        if flow.content_leaks {
            let content = self.content(class);
            self.mark(content, |c| c.escaped = true);
        }
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
            Term::TailCall(callee, args) | Term::TryCall { callee, args, .. } => {
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
        let mut contents: Vec<Option<u32>> = Vec::new();
        for &p in params {
            let content = (self.func.ty(p) == Ty::Ptr).then(|| {
                let class = self.class(p);
                self.content(class)
            });
            contents.push(content);
        }
        let mut flows = Vec::new();
        for (i, &p) in params.iter().enumerate() {
            let Some(content) = contents[i] else {
                flows.push(ParamFlow::default());
                continue;
            };
            let class = self.class(p);
            let mut flow = self.flow(class, content);
            // Contents of two parameters that flow into each other: from one's to the other's
            // owner is as good as anywhere.
            flow.content_leaks |= contents
                .iter()
                .enumerate()
                .any(|(j, c)| i != j && c.is_some_and(|c| self.reaches(c, content)));
            flows.push(flow);
        }
        Summary { params: flows }
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

    fn flow(&mut self, class: u32, content: u32) -> ParamFlow {
        let (class, content) = (self.find(class), self.find(content));
        let own = self.classes[class as usize];
        let mut results = Vec::new();
        let mut content_returned = false;
        let mut kept = false;
        for (i, value) in self.returned.clone() {
            let returned = self.class(value);
            if returned == class {
                results.push(i);
            }
            content_returned |= self.reaches(content, returned);
            // Put into what is returned, the pointer lives as long as that does.
            if let Some(held) = self.classes[returned as usize].content {
                kept |= self.reaches(held, class);
                content_returned |= self.reaches(held, content);
            }
        }
        let mut content_leaks = content_returned;
        let mut at = content;
        for _ in 0..self.classes.len() {
            content_leaks |= self.classes[at as usize].escaped;
            match self.classes[at as usize].content {
                Some(next) => at = self.find(next),
                None => break,
            }
        }
        results.dedup();
        ParamFlow {
            leaks: own.escaped || own.outlives || kept,
            content_leaks,
            results,
        }
    }

    // ---- moving ----

    fn move_objects(&mut self) {
        let objects = self.candidates();
        if objects.is_empty() {
            return;
        }
        let cfg = Cfg::of(self.func);
        if cfg.is_irreducible() {
            return;
        }
        let loops = cfg.loops();
        let mut frame: u64 = self.func.slots.iter().map(|s| u64::from(s.bytes)).sum();
        for (block, inst, bytes, align) in objects {
            let inside: Vec<&Loop> = loops.iter().filter(|l| l.contains(block)).collect();
            let result = self.func.insts[inst].results[0];
            let class = self.class(result);
            if frame + bytes > MAX_FRAME_BYTES
                || (!inside.is_empty() && !self.dies_in(class, &inside))
            {
                continue;
            }
            frame += bytes;
            self.move_to_slot(block, inst, bytes, align);
        }
    }

    fn candidates(&mut self) -> Vec<(Block, Inst, u64, u32)> {
        let mut returned: Vec<u32> = Vec::new();
        for (_, value) in self.returned.clone() {
            let class = self.class(value);
            // What is returned, and all it leads to, lives on.
            let mut at = class;
            for _ in 0..self.classes.len() {
                if returned.contains(&at) {
                    break;
                }
                returned.push(at);
                match self.classes[at as usize].content {
                    Some(content) => at = self.find(content),
                    None => break,
                }
            }
        }
        let mut list = Vec::new();
        for block in self.func.blocks.indices() {
            for at in 0..self.func.blocks[block].insts.len() {
                let inst = self.func.blocks[block].insts[at];
                let Op::New { bytes, align, .. } = self.func.insts[inst].op else {
                    continue;
                };
                let class = self.class(self.func.insts[inst].results[0]);
                let Class {
                    escaped, outlives, ..
                } = self.classes[class as usize];
                let stays = escaped || outlives || returned.contains(&class);
                if !stays && bytes <= MAX_OBJECT_BYTES {
                    list.push((block, inst, bytes, align));
                }
            }
        }
        list
    }

    /// Whether no pointer of the class outlasts a round of these loops.
    fn dies_in(&mut self, class: u32, inside: &[&Loop]) -> bool {
        // In memory of any kind: it may have been there before the loop.
        let containers: Vec<u32> = (0..self.classes.len() as u32)
            .filter(|&c| self.classes[c as usize].parent == c)
            .collect();
        for container in containers {
            if let Some(content) = self.classes[container as usize].content
                && self.find(content) == class
                && !self.is_inert(container)
            {
                return false;
            }
        }
        for l in inside {
            for param in self.func.blocks[l.header].params.clone() {
                if self.func.ty(param) == Ty::Ptr && self.class(param) == class {
                    return false;
                }
            }
        }
        true
    }

    /// A class that no value of the function belongs to has no memory.
    fn is_inert(&mut self, class: u32) -> bool {
        let values: Vec<u32> = self
            .of_value
            .values()
            .chain(&self.of_slot)
            .copied()
            .collect();
        values.into_iter().all(|v| self.find(v) != class)
    }

    /// Replaces an object by a zeroed slot.
    fn move_to_slot(&mut self, block: Block, inst: Inst, bytes: u64, align: u32) {
        let slot = self.func.slots.push(SlotData {
            bytes: bytes as u32,
            align: align.clamp(1, 16),
        });
        let loc = self.func.insts[inst].loc;
        let dst = self.func.insts[inst].results[0];
        self.func.insts[inst].op = Op::SlotAddr(slot, 0);
        debug_assert!(matches!(self.func.values[dst].def, ValueDef::Result(..)));
        let zero = self.func.make_inst(
            Op::MemZero {
                dst,
                bytes,
                pointers: None,
            },
            loc,
        );
        let insts = &mut self.func.blocks[block].insts;
        let at = insts.iter().position(|i| *i == inst).expect("in its block");
        insts.insert(at + 1, zero);
    }
}
