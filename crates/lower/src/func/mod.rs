//! Lowering of function bodies: the context that all of `func/` works in.

mod assign;
mod builtin;
mod call;
mod chan;
mod closure;
mod composite;
mod constant;
mod convert;
mod defer;
mod expr;
mod iface;
mod map;
mod ops;
mod order;
mod place;
mod range;
mod rangefunc;
mod shown;
mod stmt;
mod switch;
mod thunk;
mod value;

pub use order::Listed;
pub use place::Operand;
pub use value::{Element, Mem, Place, Scalars, Val};

use crate::abi::Abi;
use crate::facts::Facts;
use crate::mono::{EnvId, RType};
use crate::program::{Lower, Target};
use goxide_abi::SiteKind;
use goxide_base::{FxHashMap, Pos, Symbol};
use goxide_ir::{
    Block, Builder, Callee, ConvertOp, FuncFlags, Function, LocData, Op, SiteData, SiteId, SymId,
    Ty, Value,
};
use goxide_syntax::ast::{self, Expr, NodeId};
use goxide_types::{GoVersion, Info, ObjId, PkgId};
use smallvec::SmallVec;
use std::cell::Cell;
use std::rc::Rc;

/// One function being lowered. Helpers on values and memory are in `value.rs`; expressions
/// start at [`FuncLower::expr`], statements at [`FuncLower::stmt`].
pub struct FuncLower<'l, 'a> {
    /// The program.
    pub l: &'l mut Lower<'a>,
    /// The IR so far.
    pub b: Builder,
    /// What all literals of one top-level function share.
    pub shared: Rc<Shared>,
    /// The function literal it is (0: the outermost), as numbered in the facts.
    pub level: u32,
    /// Where variables are.
    pub places: FxHashMap<ObjId, Place>,
    /// Its calling convention.
    pub abi: Rc<Abi>,
    /// Where results live, if they have a place before `return`: named ones, and all in a
    /// function with `defer`.
    pub results: Vec<Place>,
    /// The address of the result area, if results travel there.
    pub area: Option<Value>,
    /// Enclosing statements that `break` and `continue` can leave.
    pub jumps: Vec<Jump>,
    /// Labels seen or jumped to.
    pub labels: FxHashMap<Symbol, Block>,
    /// The label right before the statement being lowered.
    pub pending_label: Option<Symbol>,
    /// The body of the next clause of the innermost `switch`.
    pub fall_to: Option<Block>,
    /// Its name in tracebacks.
    pub name: Symbol,
    /// Numbers for the names of literals.
    pub counters: Rc<Counters>,
    /// Its frame of deferred calls, if it has some.
    pub defer: Option<defer::DeferState>,
    /// The enclosing function, in the body of a range over a function.
    pub range_func: Option<rangefunc::RangeFunc>,
    /// Func values made here: their code, and whether it needs the func value.
    pub codes: FxHashMap<Value, (SymId, bool)>,
    /// Values of operands that come before their turn, by node (see `order`).
    pub early: order::EarlyValues,
    /// Elements of the literal being evaluated are evaluated each by itself.
    pub by_element: bool,
    /// The next closure object is to be part of a record of a deferred call.
    pub wants_record: bool,
    /// That record, once it is made.
    pub pushed: Option<defer::PushedRecord>,
}

/// What all literals of one top-level function share.
pub struct Shared {
    /// Package of the source.
    pub pkg: PkgId,
    /// What type parameters stand for.
    pub env: EnvId,
    /// About variables.
    pub facts: Facts,
    /// Language version of the file.
    pub version: GoVersion,
    /// Position of the outermost declaration.
    pub pos: Pos,
}

/// Counters for names of literals inside one function.
#[derive(Default)]
pub struct Counters {
    /// `func1`, `func2` …
    pub literals: Cell<u32>,
    /// `gowrap1` …
    pub go_wraps: Cell<u32>,
    /// `deferwrap1` …
    pub defer_wraps: Cell<u32>,
    /// `-range1` …
    pub ranges: Cell<u32>,
    /// Data that belongs to a place in the code.
    pub places: Cell<u32>,
}

impl Counters {
    /// What they all stand at.
    pub fn all(&self) -> [u32; 5] {
        let Counters {
            literals,
            go_wraps,
            defer_wraps,
            ranges,
            places,
        } = self;
        [literals, go_wraps, defer_wraps, ranges, places].map(Cell::get)
    }
}

/// A statement that `break` or `continue` can leave.
pub struct Jump {
    /// Its label.
    pub label: Option<Symbol>,
    /// Where `break` goes.
    pub break_to: Option<Block>,
    /// Where `continue` goes, for a loop.
    pub continue_to: Option<Block>,
}

impl<'l, 'a> FuncLower<'l, 'a> {
    /// Starts a function.
    pub fn new(
        l: &'l mut Lower<'a>,
        shared: Rc<Shared>,
        sym: SymId,
        name: Symbol,
        abi: Rc<Abi>,
        pos: Pos,
    ) -> Self {
        let func = Function::new(sym, name, abi.sig.clone(), pos);
        FuncLower {
            l,
            b: Builder::new(func),
            shared,
            level: 0,
            places: FxHashMap::default(),
            abi,
            results: Vec::new(),
            area: None,
            jumps: Vec::new(),
            labels: FxHashMap::default(),
            pending_label: None,
            fall_to: None,
            name,
            counters: Rc::default(),
            defer: None,
            range_func: None,
            codes: FxHashMap::default(),
            early: FxHashMap::default(),
            by_element: false,
            wants_record: false,
            pushed: None,
        }
    }

    /// Ends the function: seals labels, adds it to the program.
    pub fn finish(mut self, flags: impl FnOnce(&mut FuncFlags)) {
        assert!(self.early.is_empty(), "values that nobody has taken");
        let mut labels: Vec<Block> = std::mem::take(&mut self.labels).into_values().collect();
        // In the order of the source: the map's depends on the numbers of names, which
        // threads give out in any order.
        labels.sort_unstable();
        for block in labels {
            self.b.seal(block);
        }
        // What the body itself has found out stays.
        let found = self.b.func.flags;
        flags(&mut self.b.func.flags);
        self.b.func.flags.no_inline |= found.no_inline;
        self.b.func.flags.reinterprets |= found.reinterprets;
        let func = self.b.finish();
        self.l.add_function(func);
    }

    // ---- facts about the syntax ----

    /// The package's facts.
    pub fn info(&self) -> &Info {
        &self.l.prog.pkg(self.shared.pkg).info
    }

    /// The concrete type of a checker's type here.
    pub fn rtype(&mut self, ty: goxide_types::TypeId) -> RType {
        self.l.rtype(ty, self.shared.env)
    }

    /// The type of an expression.
    pub fn type_of(&mut self, e: &Expr) -> RType {
        self.node_type(e.id, e.pos)
    }

    /// The type recorded for a node.
    pub fn node_type(&mut self, id: NodeId, pos: Pos) -> RType {
        match self.info().ty(id) {
            Some(ty) => self.rtype(ty),
            None => {
                self.unsupported(pos, "expression without a type");
                RType::INVALID
            }
        }
    }

    /// The type of an object here.
    pub fn obj_type(&mut self, obj: ObjId) -> RType {
        let ty = self.l.prog.obj_type(obj);
        self.rtype(ty)
    }

    /// Reports what cannot be compiled; what is built from here on does not matter.
    pub fn unsupported(&mut self, pos: Pos, what: &str) {
        self.l.error(pos, format!("not supported: {what}"));
    }

    /// A value for code after an error.
    pub fn bad(&mut self, ty: RType) -> Val {
        self.zero(ty)
    }

    /// What follows comes from this position.
    pub fn at(&mut self, pos: Pos) {
        let loc = LocData {
            pos,
            function: self.name,
            function_pos: self.b.func.pos,
            parent: None,
            site: None,
        };
        self.b.set_loc(loc);
    }

    /// A new site.
    pub fn site(&mut self, kind: SiteKind, pos: Pos) -> SiteId {
        let function = self.name;
        self.l.add_site(SiteData {
            kind,
            pos,
            function,
        })
    }

    /// A new site as the runtime is told of it: the address of its number. (The number
    /// itself would change the code of functions that come after an edited one.)
    pub fn site_word(&mut self, kind: SiteKind, pos: Pos) -> Value {
        let site = self.site(kind, pos);
        let sym = self.place_sym("go:site");
        self.l.add_site_number(sym, site);
        let address = self.sym_addr(sym);
        self.b
            .push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, address))
    }

    /// A new data symbol for a place in the function. Its name depends on nothing outside.
    pub fn place_sym(&mut self, prefix: &str) -> SymId {
        let number = self.counters.places.get();
        self.counters.places.set(number + 1);
        let function = self.l.module.symbols.name(self.b.func.sym);
        self.l.data_sym(&format!("{prefix}.{function}.{number}"))
    }

    // ---- blocks ----

    /// Branches, and goes on in `then`; `other` is left for later. All new.
    pub fn branch_new(&mut self, cond: Value) -> (Block, Block) {
        let (then, other) = (self.b.new_block(), self.b.new_block());
        self.b.branch(cond, then, other);
        self.b.seal(then);
        self.b.seal(other);
        (then, other)
    }

    /// Jumps to `block` and goes on there; no more edges will come.
    pub fn join(&mut self, block: Block) {
        self.b.jump(block);
        self.b.switch_to_sealed(block);
    }

    /// Marks what follows as never reached.
    pub fn unreachable(&mut self) {
        self.b.terminate(goxide_ir::Term::Unreachable);
    }

    // ---- descriptors and the runtime's functions ----

    /// Address of a type's descriptor for the runtime.
    pub fn desc(&mut self, ty: RType) -> Value {
        let sym = self.l.desc(ty);
        self.b.push1(Op::SymAddr(sym, 0))
    }

    /// Address of a type's descriptor for interfaces and reflection.
    pub fn live_desc(&mut self, ty: RType) -> Value {
        let sym = self.l.live_desc(ty);
        self.b.push1(Op::SymAddr(sym, 0))
    }

    /// Address of a symbol.
    pub fn sym_addr(&mut self, sym: SymId) -> Value {
        self.b.push1(Op::SymAddr(sym, 0))
    }

    /// Calls a function of package runtime with scalars; gives its result scalars.
    pub fn rt(&mut self, name: &'static str, args: &[Value]) -> SmallVec<[Value; 2]> {
        let Some((target, sig)) = self.l.runtime_target(name) else {
            // An error was reported; any values do.
            return SmallVec::from_elem(self.b.dead_value(Ty::I64), 3);
        };
        let abi = self.l.abi(None, sig);
        self.call_target(&target, &abi, args.to_vec(), None)
    }

    /// Calls a function of package runtime that has one result scalar.
    pub fn rt1(&mut self, name: &'static str, args: &[Value]) -> Value {
        let results = self.rt(name, args);
        match results.first() {
            Some(&v) => v,
            None => self.b.dead_value(Ty::I64),
        }
    }

    /// Calls a declared function that is no intrinsic, all in scalars.
    pub fn call_target(
        &mut self,
        target: &Target,
        abi: &Abi,
        args: Vec<Value>,
        site: Option<SiteId>,
    ) -> SmallVec<[Value; 2]> {
        let callee = match target {
            Target::Func(sym) => Callee::Direct(*sym, Box::new(abi.sig.clone())),
            Target::Runtime(i) => return self.call_runtime(*i, abi, args, site),
            Target::Intrinsic(_) => return SmallVec::new(),
        };
        let inst = self.b.push(Op::Call { callee, args, site });
        self.b.results(inst)
    }

    fn call_runtime(
        &mut self,
        i: u16,
        abi: &Abi,
        args: Vec<Value>,
        site: Option<SiteId>,
    ) -> SmallVec<[Value; 2]> {
        let args = args.into_iter().map(|a| self.to_word(a)).collect();
        let callee = Callee::Runtime(i);
        let inst = self.b.push(Op::Call { callee, args, site });
        let words = self.b.results(inst);
        if goxide_abi::RUNTIME_CALLS[i as usize].kind == goxide_abi::RuntimeCallKind::NoReturn {
            self.unreachable();
        }
        let types = abi.sig.results.clone();
        words
            .iter()
            .zip(types.iter())
            .map(|(&w, &ty)| self.word_to(w, ty))
            .collect()
    }

    /// A scalar as a 64-bit word for a runtime call.
    pub fn to_word(&mut self, v: Value) -> Value {
        let convert = |op, ty| Op::Convert(op, ty, v);
        match self.b.func.ty(v) {
            Ty::I64 | Ty::Ptr => v,
            Ty::F64 => self.b.push1(convert(ConvertOp::Bitcast, Ty::I64)),
            Ty::F32 => {
                let bits = self.b.push1(convert(ConvertOp::Bitcast, Ty::I32));
                self.b.push1(Op::Convert(ConvertOp::Zext, Ty::I64, bits))
            }
            _ => self.b.push1(convert(ConvertOp::Zext, Ty::I64)),
        }
    }

    /// A word from a runtime call as a scalar of a type.
    pub fn word_to(&mut self, v: Value, ty: Ty) -> Value {
        match ty {
            Ty::I64 => v,
            Ty::Ptr | Ty::F64 => self.b.push1(Op::Convert(ConvertOp::Bitcast, ty, v)),
            Ty::F32 => {
                let bits = self.b.push1(Op::Convert(ConvertOp::Trunc, Ty::I32, v));
                self.b.push1(Op::Convert(ConvertOp::Bitcast, ty, bits))
            }
            _ => self.b.push1(Op::Convert(ConvertOp::Trunc, ty, v)),
        }
    }

    /// A declaration's syntax, for its life.
    pub fn decl_of(&self, func: ObjId) -> Option<&'a ast::FuncDecl> {
        self.l.func_decl(func)
    }
}
