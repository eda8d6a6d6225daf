//! Calls of built-in functions.

use super::call::Results;
use super::{FuncLower, Listed, Mem, Val};
use crate::mono::{RKind, RType};
use goxide_abi::PanicKind;
use goxide_base::Pos;
use goxide_ir::{BinaryOp as Ir, ConvertOp, IntCc, Op, Ty, Value};
use goxide_syntax::ast::{CallExpr, Expr, ExprKind};
use goxide_types::{Basic, Builtin, ObjKind};
use smallvec::smallvec;

/// Evaluated arguments of a built-in: value and type.
pub type Args = Vec<(Val, RType)>;

impl FuncLower<'_, '_> {
    /// Calls a built-in.
    pub fn builtin_call(&mut self, e: &Expr, c: &CallExpr) -> Results {
        let Some(builtin) = self.builtin_of(&c.fun) else {
            self.unsupported(e.pos, "this built-in");
            return Vec::new();
        };
        self.builtin_first_round(builtin, e, c);
        match builtin {
            Builtin::Append => self.append(e, c),
            Builtin::Make => self.make(e, c),
            Builtin::New => self.new_value(e, c),
            Builtin::Len | Builtin::Cap => self.len_cap(e, c, builtin == Builtin::Len),
            _ => {
                let args = self.builtin_args(builtin, e, c);
                self.at(c.lparen);
                self.builtin_values(builtin, e, c, args)
            }
        }
    }

    /// The first round of evaluating a built-in's arguments (see `order`).
    pub fn builtin_first_round(&mut self, builtin: Builtin, e: &Expr, c: &CallExpr) {
        let args = c.args.iter();
        match builtin {
            Builtin::Sizeof | Builtin::Alignof | Builtin::Offsetof => {}
            Builtin::Append if !c.has_dots() => {
                let ty = self.type_of(e);
                let types = std::iter::once(ty).chain(std::iter::repeat(self.elem_of(ty)));
                self.first_round(args.zip(types).map(|(e, ty)| Listed::As(e, ty)));
            }
            _ => self.first_round_of_all(args),
        }
    }

    /// The built-in that an expression names.
    pub fn builtin_of(&mut self, fun: &Expr) -> Option<Builtin> {
        let obj = self.named_object(fun)?;
        match self.l.prog.obj(obj).kind {
            ObjKind::Builtin(b) => Some(b),
            _ => None,
        }
    }

    /// Evaluates a built-in's arguments, converted as it wants them.
    pub fn builtin_args(&mut self, builtin: Builtin, e: &Expr, c: &CallExpr) -> Args {
        let mut args = Args::new();
        let map = match builtin {
            Builtin::Delete => {
                let ty = self.type_of_single(&c.args[0]);
                match self.l.under_kind(ty) {
                    RKind::Map(key, _) => Some(key),
                    _ => None,
                }
            }
            _ => None,
        };
        let wanted = |this: &mut Self, i: usize, own: RType| match builtin {
            Builtin::Panic => RType::EMPTY_INTERFACE,
            Builtin::Delete if i == 1 => map.unwrap_or(own),
            Builtin::Min | Builtin::Max => this.type_of(e),
            Builtin::Complex => match this.node_type_basic(e) {
                Some(Basic::Complex64) => RType::FLOAT32,
                _ => RType::FLOAT64,
            },
            _ => own,
        };
        if let Some(values) = self.several_args(c) {
            for (i, (val, own)) in values.into_iter().enumerate() {
                let to = wanted(self, i, own);
                args.push((self.assign_convert(val, own, to), to));
            }
            return args;
        }
        for (i, arg) in c.args.iter().enumerate() {
            let own = match self.is_nil(arg) {
                true => RType::EMPTY_INTERFACE,
                false => self.type_of_single(arg),
            };
            let to = wanted(self, i, own);
            let val = self.expr_as(arg, to);
            args.push((val, to));
        }
        args
    }

    /// The values of the one argument that is a call with several results, if that is so.
    fn several_args(&mut self, c: &CallExpr) -> Option<Results> {
        let [arg] = &c.args[..] else {
            return None;
        };
        let ExprKind::Call(inner) = &arg.unparen().kind else {
            return None;
        };
        let ty = self.type_of(arg);
        match self.l.mono.kind(ty) {
            RKind::Tuple(list) if list.len() > 1 => Some(self.call_multi(arg.unparen(), inner)),
            _ => None,
        }
    }

    fn node_type_basic(&mut self, e: &Expr) -> Option<Basic> {
        let ty = self.type_of(e);
        self.basic(ty)
    }

    /// A built-in on evaluated arguments.
    pub fn builtin_values(
        &mut self,
        builtin: Builtin,
        e: &Expr,
        c: &CallExpr,
        args: Args,
    ) -> Results {
        let first = args.first().cloned();
        let (val, ty) = first.unwrap_or((Val::unit(), RType::INVALID));
        match builtin {
            Builtin::Panic => {
                let words = [self.comp(&val, 0), self.comp(&val, 1)];
                self.rt("gopanic", &words);
                self.unreachable();
                Vec::new()
            }
            Builtin::Recover => {
                let r = self.recover();
                vec![(r, RType::EMPTY_INTERFACE)]
            }
            Builtin::Print | Builtin::Println => {
                self.refuse_unprintable(c.lparen, builtin, &args);
                self.print(&args, builtin == Builtin::Println);
                Vec::new()
            }
            Builtin::Close => {
                let ch = self.scalar(&val);
                self.rt("chanclose", &[ch]);
                Vec::new()
            }
            Builtin::Delete => {
                let map = self.scalar(&val);
                if let Some((key, _)) = args.get(1) {
                    self.map_delete(ty, map, key);
                }
                Vec::new()
            }
            Builtin::Clear => {
                self.clear_value(&val, ty);
                Vec::new()
            }
            Builtin::Copy => vec![(Val::one(self.copy_slices(&args)), RType::INT)],
            Builtin::Complex => {
                let re = self.scalar(&val);
                let im = args.get(1).map(|a| a.0.clone()).unwrap_or(Val::unit());
                let im = self.scalar(&im);
                let to = self.type_of(e);
                vec![(Val::list(&[re, im]), to)]
            }
            Builtin::Real | Builtin::Imag => {
                let part = self.comp(&val, usize::from(builtin == Builtin::Imag));
                let to = self.type_of(e);
                vec![(Val::one(part), to)]
            }
            Builtin::Min | Builtin::Max => {
                let to = self.type_of(e);
                let mut all = args.into_iter();
                let Some((mut acc, _)) = all.next() else {
                    return Vec::new();
                };
                for (next, _) in all {
                    acc = self.min_max(builtin == Builtin::Min, to, acc, next);
                }
                vec![(acc, to)]
            }
            Builtin::Add => {
                let ptr = self.scalar(&val);
                let n = self.int_arg(&args, 1);
                vec![(Val::one(self.bin(Ir::Iadd, ptr, n)), RType::UNSAFE_POINTER)]
            }
            Builtin::Slice => self.unsafe_slice(e, &args),
            Builtin::String => self.unsafe_string(&args),
            Builtin::SliceData | Builtin::StringData => {
                let to = self.type_of(e);
                vec![(Val::one(self.comp(&val, 0)), to)]
            }
            Builtin::Sizeof | Builtin::Alignof | Builtin::Offsetof => self.sizes(builtin, e, c),
            _ => {
                self.unsupported(e.pos, builtin.name());
                Vec::new()
            }
        }
    }

    /// Argument `i`, an integer, as i64.
    fn int_arg(&mut self, args: &Args, i: usize) -> Value {
        let Some((val, ty)) = args.get(i).cloned() else {
            return self.int(0);
        };
        let v = self.scalar(&val);
        let unsigned = self.basic(ty).is_some_and(|b| b.is_unsigned());
        self.extend(v, Ty::I64, unsigned)
    }

    /// `unsafe.Sizeof` and the like of types that only instances know.
    fn sizes(&mut self, builtin: Builtin, e: &Expr, c: &CallExpr) -> Results {
        let n = match (builtin, c.args.first()) {
            (Builtin::Sizeof, Some(x)) => {
                let ty = self.type_of(x);
                self.layout(ty).size
            }
            (Builtin::Alignof, Some(x)) => {
                let ty = self.type_of(x);
                self.layout(ty).align
            }
            (_, Some(x)) => match self.info().selections.get(&x.unparen().id).cloned() {
                Some(sel) => {
                    let mut ty = self.rtype(sel.recv);
                    let mut total = 0;
                    for &i in sel.path.iter() {
                        if let RKind::Pointer(to) = self.l.under_kind(ty) {
                            (ty, total) = (to, 0);
                        }
                        let (field, offset, _) = self.field_info(ty, i as usize);
                        (ty, total) = (field, total + offset);
                    }
                    total
                }
                None => {
                    self.unsupported(e.pos, "unsafe.Offsetof of this");
                    0
                }
            },
            _ => 0,
        };
        vec![(Val::one(self.int(n as i64)), RType::UINTPTR)]
    }

    fn len_cap(&mut self, e: &Expr, c: &CallExpr, len: bool) -> Results {
        let ty = self.type_of_single(&c.args[0]);
        let n = match self.l.under_kind(ty) {
            RKind::Array(n, _) => {
                self.discard(&c.args[0]);
                self.int(n as i64)
            }
            RKind::Pointer(p) => {
                self.discard(&c.args[0]);
                match self.l.under_kind(p) {
                    RKind::Array(n, _) => self.int(n as i64),
                    _ => self.int(0),
                }
            }
            kind => {
                let val = self.expr(&c.args[0]);
                self.at(e.pos);
                match kind {
                    RKind::Map(..) => {
                        let map = self.scalar(&val);
                        self.map_len(map)
                    }
                    RKind::Chan(..) => {
                        let ch = self.scalar(&val);
                        self.rt1(if len { "chanlen" } else { "chancap" }, &[ch])
                    }
                    _ => self.comp(&val, if len { 1 } else { 2 }),
                }
            }
        };
        vec![(Val::one(n), RType::INT)]
    }

    fn new_value(&mut self, e: &Expr, c: &CallExpr) -> Results {
        let ptr = self.type_of(e);
        let ty = match self.l.under_kind(ptr) {
            RKind::Pointer(to) => to,
            _ => RType::INVALID,
        };
        // `new(x)` with a value gives a copy of it.
        let arg = &c.args[0];
        let init = match self.info().mode(arg.id) {
            Some(goxide_types::Mode::TypeExpr) => None,
            _ => Some(self.expr_as(arg, ty)),
        };
        let addr = self.new_object(ty, None);
        self.name_object(addr, c.lparen, || e.to_string());
        if let Some(val) = init {
            self.store(Mem::safe(addr), ty, &val);
        }
        vec![(Val::one(addr), ptr)]
    }

    /// A size argument of `make` as i64; unsigned ones that don't fit become negative.
    fn size_arg(&mut self, e: &Expr) -> Value {
        let ty = self.type_of(e);
        if let Some(n) = self.info().value(e.id).and_then(|v| v.as_i64()) {
            return self.int(n);
        }
        let val = self.expr(e);
        let v = self.scalar(&val);
        let unsigned = self.basic(ty).is_some_and(|b| b.is_unsigned());
        self.extend(v, Ty::I64, unsigned)
    }

    fn make(&mut self, e: &Expr, c: &CallExpr) -> Results {
        let ty = self.type_of(e);
        let sizes: Vec<Value> = c.args.iter().skip(1).map(|a| self.size_arg(a)).collect();
        self.at(c.lparen);
        let val = match self.l.under_kind(ty) {
            RKind::Slice(elem) => {
                let len = sizes.first().copied();
                let len = len.unwrap_or_else(|| self.int(0));
                let cap = sizes.get(1).copied().unwrap_or(len);
                let desc = self.desc(elem);
                let ptr = self.make_slice(elem, desc, len, cap);
                self.name_object(ptr, c.lparen, || e.to_string());
                Val::list(&[ptr, len, cap])
            }
            RKind::Map(..) => Val::one(self.make_map(ty, sizes.first().copied())),
            RKind::Chan(..) => {
                let desc = self.desc(ty);
                let size = sizes.first().copied();
                let size = size.unwrap_or_else(|| self.int(0));
                Val::one(self.rt1("chanmake", &[desc, size]))
            }
            _ => self.bad(ty),
        };
        vec![(val, ty)]
    }

    fn make_slice(&mut self, elem: RType, desc: Value, len: Value, cap: Value) -> Value {
        // Of a small constant size it is an object like any other.
        let size = self.layout(elem).size;
        if let (Some(n), Some(m)) = (self.b.func.as_iconst(len), self.b.func.as_iconst(cap))
            && 0 <= n
            && n <= m
            && (m as u64).saturating_mul(size) <= MAX_PLAIN_SLICE_BYTES
        {
            let array = self.l.mono.array(m as u64, elem);
            return self.new_object(array, None);
        }
        self.rt1("makeslice", &[desc, len, cap])
    }

    // ---- append and copy ----

    fn append(&mut self, e: &Expr, c: &CallExpr) -> Results {
        let ty = self.type_of(e);
        let elem = self.elem_of(ty);
        if let Some(values) = self.several_args(c) {
            let mut values = values.into_iter();
            let slice = match values.next() {
                Some((val, from)) => self.assign_convert(val, from, ty),
                None => self.zero(ty),
            };
            let values: Vec<Val> = values
                .map(|(val, from)| self.assign_convert(val, from, elem))
                .collect();
            return vec![(self.append_values(slice, &values, elem), ty)];
        }
        let slice = self.expr_as(&c.args[0], ty);
        if c.args.len() == 1 {
            return vec![(slice, ty)];
        }
        if c.has_dots() {
            let more_ty = self.type_of_single(&c.args[1]);
            let more = match self.is_nil(&c.args[1]) {
                true => self.zero(ty),
                false => self.expr(&c.args[1]),
            };
            let _ = more_ty;
            self.at(c.lparen);
            return vec![(self.append_slice(slice, &more, elem), ty)];
        }
        let mut values = Vec::new();
        for arg in &c.args[1..] {
            let val = self.expr_as(arg, elem);
            values.push(self.stable(val, elem));
        }
        self.at(c.lparen);
        vec![(self.append_values(slice, &values, elem), ty)]
    }

    fn append_values(&mut self, slice: Val, values: &[Val], elem: RType) -> Val {
        let (base, len, cap) = self.reserve(&slice, elem, values.len() as i64);
        let old_len = self.comp(&slice, 1);
        let size = self.layout(elem).size;
        let first = self.element(base, old_len, elem);
        for (i, val) in values.iter().enumerate() {
            let mem = self.offset_mem(first, i as u64 * size);
            self.store(mem, elem, val);
        }
        Val::list(&[base, len, cap])
    }

    /// Room for `n` more elements: base, new length, capacity.
    fn reserve(&mut self, slice: &Val, elem: RType, n: i64) -> (Value, Value, Value) {
        let n = self.int(n);
        self.reserve_dynamic(slice, elem, n)
    }

    fn reserve_dynamic(&mut self, slice: &Val, elem: RType, n: Value) -> (Value, Value, Value) {
        let (base, len, cap) = (
            self.comp(slice, 0),
            self.comp(slice, 1),
            self.comp(slice, 2),
        );
        let new_len = self.bin(Ir::Iadd, len, n);
        let vars = [Ty::Ptr, Ty::I64].map(|ty| self.b.new_var(ty));
        self.b.def_var(vars[0], base);
        self.b.def_var(vars[1], cap);
        let (grow, done) = (self.b.new_block(), self.b.new_block());
        let short = self.b.icmp(IntCc::Ugt, new_len, cap);
        self.b.branch(short, grow, done);
        self.b.set_cold(grow);
        self.b.switch_to_sealed(grow);
        let desc = self.desc(elem);
        let grown = self.rt("growslice", &[base, new_len, cap, n, desc]);
        self.b.def_var(vars[0], grown[0]);
        self.b.def_var(vars[1], grown[2]);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        (self.b.use_var(vars[0]), new_len, self.b.use_var(vars[1]))
    }

    fn append_slice(&mut self, slice: Val, more: &Val, elem: RType) -> Val {
        let (from, n) = (self.comp(more, 0), self.comp(more, 1));
        let old_len = self.comp(&slice, 1);
        let (base, len, cap) = self.reserve_dynamic(&slice, elem, n);
        // Nothing is copied for an empty rest, so that no address past the end is used.
        let (some, done) = (self.b.new_block(), self.b.new_block());
        let zero = self.int(0);
        let any = self.b.icmp(IntCc::Ne, n, zero);
        self.b.branch(any, some, done);
        self.b.switch_to_sealed(some);
        let to = self.element(base, old_len, elem);
        let to = self.mem_addr(to);
        self.move_elements(to, from, n, elem);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        Val::list(&[base, len, cap])
    }

    /// Copies `n` elements, which may overlap.
    fn move_elements(&mut self, to: Value, from: Value, n: Value, elem: RType) {
        let layout = self.layout(elem);
        if layout.size == 0 {
            return;
        }
        if layout.has_pointers() {
            let desc = self.desc(elem);
            self.rt("typedslicecopy", &[desc, to, n, from, n]);
            return;
        }
        let bytes = self.scaled(n, layout.size);
        self.rt("memmove", &[to, from, bytes]);
    }

    /// `n * size`.
    pub fn scaled(&mut self, n: Value, size: u64) -> Value {
        if size == 1 {
            return n;
        }
        let size = self.int(size as i64);
        self.bin(Ir::Imul, n, size)
    }

    fn copy_slices(&mut self, args: &Args) -> Value {
        let [(to, to_ty), (from, _)] = &args[..] else {
            return self.int(0);
        };
        let elem = self.elem_of(*to_ty);
        let (to_ptr, to_len) = (self.comp(to, 0), self.comp(to, 1));
        let (from_ptr, from_len) = (self.comp(from, 0), self.comp(from, 1));
        let less = self.b.icmp(IntCc::Slt, to_len, from_len);
        let n = self.b.push1(Op::Select(less, to_len, from_len));
        self.move_elements(to_ptr, from_ptr, n, elem);
        n
    }

    fn clear_value(&mut self, val: &Val, ty: RType) {
        match self.l.under_kind(ty) {
            RKind::Map(..) => {
                let desc = self.desc(ty);
                let map = self.scalar(val);
                self.rt("mapclear", &[desc, map]);
            }
            _ => {
                let elem = self.elem_of(ty);
                let layout = self.layout(elem);
                let (ptr, len) = (self.comp(val, 0), self.comp(val, 1));
                let bytes = self.scaled(len, layout.size);
                let name = if layout.has_pointers() {
                    "memclrHasPointers"
                } else {
                    "memclr"
                };
                self.rt(name, &[ptr, bytes]);
            }
        }
    }

    // ---- unsafe ----

    fn unsafe_slice(&mut self, e: &Expr, args: &Args) -> Results {
        let ty = self.type_of(e);
        let elem = self.elem_of(ty);
        let ptr = self.comp(&args[0].0.clone(), 0);
        let len = self.int_arg(args, 1);
        self.check_unsafe_len(
            ptr,
            len,
            elem,
            PanicKind::UnsafeSliceLen,
            PanicKind::UnsafeSliceNilPtr,
        );
        vec![(Val::list(&[ptr, len, len]), ty)]
    }

    fn unsafe_string(&mut self, args: &Args) -> Results {
        let ptr = self.comp(&args[0].0.clone(), 0);
        let len = self.int_arg(args, 1);
        let (a, b) = (PanicKind::UnsafeStringLen, PanicKind::UnsafeStringNilPtr);
        self.check_unsafe_len(ptr, len, RType::UINT8, a, b);
        vec![(Val::list(&[ptr, len]), RType::STRING)]
    }

    fn check_unsafe_len(
        &mut self,
        ptr: Value,
        len: Value,
        elem: RType,
        bad_len: PanicKind,
        nil_ptr: PanicKind,
    ) {
        let size = self.layout(elem).size.max(1);
        let max = self.int((i64::MAX as u64 / size) as i64);
        let ok = self.b.icmp(IntCc::Ule, len, max);
        self.b.push(Op::Check(bad_len, ok, smallvec![]));
        let zero = self.int(0);
        let nil = self.nil();
        let empty = self.b.icmp(IntCc::Eq, len, zero);
        let some = self.b.icmp(IntCc::Ne, ptr, nil);
        let ok = self.bin(Ir::Bor, empty, some);
        self.b.push(Op::Check(nil_ptr, ok, smallvec![]));
        // What follows the pointer must hold it all: no address wraps around.
        let size = self.int(size as i64);
        let bytes = self.bin(Ir::Imul, len, size);
        let addr = self.b.push1(Op::Convert(ConvertOp::Bitcast, Ty::I64, ptr));
        let room = self.bin(Ir::Isub, zero, addr);
        let ok = self.b.icmp(IntCc::Ule, bytes, room);
        self.b.push(Op::Check(bad_len, ok, smallvec![]));
    }

    // ---- print ----

    /// Reports structs and arrays that a type parameter stands for; the checker has reported
    /// all others.
    fn refuse_unprintable(&mut self, pos: Pos, builtin: Builtin, args: &Args) {
        for &(_, ty) in args {
            if matches!(self.l.under_kind(ty), RKind::Struct(_) | RKind::Array(..)) {
                let shown = self.l.type_text(ty);
                let name = builtin.name();
                let text = format!("illegal types for operand: {name}\n\t{shown}");
                self.l.error(pos, text);
            }
        }
    }

    fn print(&mut self, args: &Args, line: bool) {
        self.rt("printlock", &[]);
        for (i, (val, ty)) in args.iter().enumerate() {
            if line && i > 0 {
                self.rt("printsp", &[]);
            }
            self.print_value(val, *ty);
        }
        if line {
            self.rt("printnl", &[]);
        }
        self.rt("printunlock", &[]);
    }

    fn print_value(&mut self, val: &Val, ty: RType) {
        let words: Vec<Value> = match val {
            Val::Scalars(s) => s.to_vec(),
            _ => Vec::new(),
        };
        let name = match self.l.under_kind(ty) {
            RKind::Interface(m) if m.is_empty() => "printeface",
            RKind::Interface(_) => "printiface",
            RKind::Slice(_) => "printslice",
            RKind::Basic(b) => {
                return self.print_basic(b, &words);
            }
            _ => "printpointer",
        };
        self.rt(name, &words);
    }

    fn print_basic(&mut self, b: Basic, words: &[Value]) {
        let name = match b {
            Basic::Bool => "printbool",
            Basic::String => "printstring",
            Basic::Float32 => "printfloat32",
            Basic::Float64 => "printfloat64",
            Basic::Complex64 => "printcomplex64",
            Basic::Complex128 => "printcomplex128",
            Basic::UnsafePointer => "printpointer",
            Basic::Uintptr => "printuintptr",
            b if b.is_unsigned() => "printuint",
            _ => "printint",
        };
        let wide = match name {
            "printint" | "printuint" => vec![self.extend(words[0], Ty::I64, b.is_unsigned())],
            _ => words.to_vec(),
        };
        self.rt(name, &wide);
    }

    // ---- recover ----

    /// `recover()`
    fn recover(&mut self) -> Val {
        let frame = self.caller_frame();
        let words = self.rt("gorecover", &[frame]);
        Val::Scalars(words.iter().take(2).copied().collect())
    }

    /// The frame pointer of this function's caller, which `recover` compares.
    pub fn caller_frame(&mut self) -> Value {
        match self.recover_frame() {
            Some(frame) => frame,
            None => self.b.push1(Op::CallerFrame(1)),
        }
    }

    /// The low bits of a word as a truth value.
    pub fn truth(&mut self, word: Value) -> Value {
        match self.b.func.ty(word) {
            Ty::I8 => word,
            _ => self.b.push1(Op::Convert(ConvertOp::Trunc, Ty::I8, word)),
        }
    }
}

/// Slices made with a constant size up to this are objects that may stay in the frame.
const MAX_PLAIN_SLICE_BYTES: u64 = 64 * 1024;
