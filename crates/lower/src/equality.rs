//! How values of a type are compared and hashed: which types are plain memory, the func
//! values in descriptors, and the functions generated for the rest.
//!
//! A hash is that of each field or element in turn, starting with the hash before it; plain
//! memory is hashed whole. `runtime.typehash` does the same by walking descriptors, and the
//! fast map operations of `internal/runtime/maps` count on `memhash32`, `memhash64` and
//! `strhash` for keys of 4 and 8 bytes and strings.

use crate::facts::Facts;
use crate::func::{FuncLower, Mem, Shared};
use crate::mono::{EnvId, RField, RKind, RType};
use crate::program::{Lower, Synthetic, Target};
use goxide_base::Pos;
use goxide_ir::{BinaryOp, Callee, DataReloc, DataSection, IntCc, Op, Signature, SymId, Ty, Value};
use goxide_types::{Basic, GoVersion};
use smallvec::smallvec;
use std::rc::Rc;

/// How values of a type are compared and hashed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alg {
    /// Not at all.
    None,
    /// As so many bytes.
    Plain(u64),
    /// A string.
    String,
    /// `float32`
    F32,
    /// `float64`
    F64,
    /// `complex64`
    C64,
    /// `complex128`
    C128,
    /// An interface without methods.
    Eface,
    /// An interface with methods.
    Iface,
    /// A struct or array of various things.
    Parts,
}

impl Alg {
    /// Name of the runtime's equality function; none where one must be generated.
    fn equal_name(self) -> Option<&'static str> {
        Some(match self {
            Alg::None | Alg::Parts => return None,
            Alg::Plain(0) => "memequal0",
            Alg::Plain(1) => "memequal8",
            Alg::Plain(2) => "memequal16",
            Alg::Plain(4) => "memequal32",
            Alg::Plain(8) => "memequal64",
            Alg::Plain(16) => "memequal128",
            Alg::Plain(_) => "memequal_varlen",
            Alg::String => "strequal",
            Alg::F32 => "f32equal",
            Alg::F64 => "f64equal",
            Alg::C64 => "c64equal",
            Alg::C128 => "c128equal",
            Alg::Eface => "nilinterequal",
            Alg::Iface => "interequal",
        })
    }

    fn hash_name(self) -> Option<&'static str> {
        Some(match self {
            Alg::None | Alg::Parts => return None,
            Alg::Plain(0) => "memhash0",
            Alg::Plain(1) => "memhash8",
            Alg::Plain(2) => "memhash16",
            Alg::Plain(4) => "memhash32",
            Alg::Plain(8) => "memhash64",
            Alg::Plain(16) => "memhash128",
            Alg::Plain(_) => "memhash_varlen",
            Alg::String => "strhash",
            Alg::F32 => "f32hash",
            Alg::F64 => "f64hash",
            Alg::C64 => "c64hash",
            Alg::C128 => "c128hash",
            Alg::Eface => "nilinterhash",
            Alg::Iface => "interhash",
        })
    }

    /// The size to capture if the runtime's functions are closures over it.
    fn captured_size(self) -> Option<u64> {
        match self {
            Alg::Plain(n) if ![0, 1, 2, 4, 8, 16].contains(&n) => Some(n),
            _ => None,
        }
    }
}

impl Lower<'_> {
    /// How values of a type are compared.
    pub fn alg(&mut self, ty: RType) -> Alg {
        if let Some(&known) = self.descs.algs.get(&ty) {
            return known;
        }
        let size = self.layout(ty).size;
        let alg = match self.under_kind(ty) {
            RKind::Basic(Basic::String) => Alg::String,
            RKind::Basic(Basic::Float32) => Alg::F32,
            RKind::Basic(Basic::Float64) => Alg::F64,
            RKind::Basic(Basic::Complex64) => Alg::C64,
            RKind::Basic(Basic::Complex128) => Alg::C128,
            RKind::Basic(_) | RKind::Pointer(_) | RKind::Chan(..) => Alg::Plain(size),
            RKind::Slice(_) | RKind::Map(..) | RKind::Func(_) => Alg::None,
            RKind::Interface(methods) if methods.is_empty() => Alg::Eface,
            RKind::Interface(_) => Alg::Iface,
            RKind::Array(n, elem) => match (n, self.alg(elem)) {
                (_, Alg::None) => Alg::None,
                (0, _) => Alg::Plain(0),
                (1, alg) => alg,
                (_, Alg::Plain(_)) => Alg::Plain(size),
                _ => Alg::Parts,
            },
            RKind::Struct(fields) => self.struct_alg(&fields, size),
            RKind::Named(_) | RKind::Tuple(_) => Alg::None,
        };
        self.descs.algs.insert(ty, alg);
        alg
    }

    fn struct_alg(&mut self, fields: &[RField], size: u64) -> Alg {
        let algs: Vec<Alg> = fields.iter().map(|f| self.alg(f.ty)).collect();
        if algs.contains(&Alg::None) {
            return Alg::None;
        }
        if let ([one], [alg]) = (fields, &algs[..])
            && !one.name.is_blank()
        {
            return *alg;
        }
        let mut covered = 0;
        for (f, alg) in fields.iter().zip(algs) {
            match alg {
                Alg::Plain(n) if !f.name.is_blank() => covered += n,
                _ => return Alg::Parts,
            }
        }
        // Padding may hold anything.
        if covered == size {
            Alg::Plain(size)
        } else {
            Alg::Parts
        }
    }

    /// Whether `==` on values is the same as on their bytes.
    pub fn is_plain_memory(&mut self, ty: RType) -> bool {
        matches!(self.alg(ty), Alg::Plain(_))
    }

    /// The generated function that compares two values by address.
    pub fn equal_func(&mut self, ty: RType) -> SymId {
        self.synthetic(Synthetic::Equal(ty))
    }

    /// The func value that compares two values by address; none for incomparable types.
    pub fn equal_value(&mut self, ty: RType) -> Option<SymId> {
        let alg = self.alg(ty);
        if alg == Alg::Parts {
            let sym = self.equal_func(ty);
            return Some(self.func_value(sym));
        }
        self.runtime_func_value(alg.equal_name()?, alg.captured_size())
    }

    /// The func value that hashes a value by address; none for incomparable types.
    pub fn hash_value(&mut self, ty: RType) -> Option<SymId> {
        let alg = self.alg(ty);
        if alg == Alg::Parts {
            let sym = self.synthetic(Synthetic::Hash(ty));
            return Some(self.func_value(sym));
        }
        self.runtime_func_value(alg.hash_name()?, alg.captured_size())
    }

    /// A function of the runtime as a func value, with a size as captured word.
    fn runtime_func_value(&mut self, name: &'static str, size: Option<u64>) -> Option<SymId> {
        self.runtime?;
        let Some((Target::Func(code), _)) = self.runtime_target(name) else {
            return None;
        };
        let Some(size) = size else {
            return Some(self.func_value(code));
        };
        let sym = self.data_sym(&format!("runtime.{name}·{size}"));
        if self.descs.sized_funcs.insert(sym) {
            let mut bytes = vec![0; 8];
            bytes.extend(size.to_le_bytes());
            let relocs = vec![DataReloc::Abs64(0, code, 0)];
            self.add_data(sym, DataSection::ReadOnly, 8, bytes, 16, relocs);
        }
        Some(sym)
    }

    // ---- generated functions ----

    fn generated_shared(&self) -> Rc<Shared> {
        Rc::new(Shared {
            pkg: self.main,
            env: EnvId::EMPTY,
            facts: Facts::default(),
            version: GoVersion::default(),
            pos: Pos::NONE,
        })
    }

    /// Writes the function that compares two values of a type given by address.
    pub fn lower_equal(&mut self, ty: RType, sym: SymId) {
        let func = self.mono.func(
            &[RType::UNSAFE_POINTER, RType::UNSAFE_POINTER],
            &[RType::BOOL],
            false,
        );
        let abi = self.abi(None, func);
        let name = self.synthetic_show_name(&Synthetic::Equal(ty));
        let shared = self.generated_shared();
        let mut f = FuncLower::new(self, shared, sym, name, abi, Pos::NONE);
        let (p, q) = (f.entry_param(0), f.entry_param(1));
        let differ = f.b.new_block();
        match f.l.under_kind(ty) {
            RKind::Struct(fields) => f.equal_struct_parts(ty, &fields, p, q, differ),
            RKind::Array(n, elem) => f.equal_elements(n, elem, p, q, differ),
            _ => {
                let eq = f.equal_at(ty, Mem::safe(p), Mem::safe(q));
                f.or_leave(eq, differ);
            }
        }
        for (result, at) in [(true, None), (false, Some(differ))] {
            if let Some(block) = at {
                f.b.switch_to_sealed(block);
            }
            let result = f.bool(result);
            f.b.ret([result]);
        }
        f.finish(|flags| flags.wrapper = true);
    }

    /// Writes the function that hashes a value of a type given by address.
    pub fn lower_hash(&mut self, ty: RType, sym: SymId) {
        let func = self.mono.func(
            &[RType::UNSAFE_POINTER, RType::UINTPTR],
            &[RType::UINTPTR],
            false,
        );
        let abi = self.abi(None, func);
        let name = self.synthetic_show_name(&Synthetic::Hash(ty));
        let shared = self.generated_shared();
        let mut f = FuncLower::new(self, shared, sym, name, abi, Pos::NONE);
        let (p, mut hash) = (f.entry_param(0), f.entry_param(1));
        match f.l.under_kind(ty) {
            RKind::Struct(fields) => {
                let offsets = f.layout(ty).fields.clone();
                for (field, &offset) in fields.iter().zip(offsets.iter()) {
                    if !field.name.is_blank() {
                        let at = f.add_offset(p, offset as i64);
                        hash = f.hash_part(field.ty, at, hash);
                    }
                }
            }
            RKind::Array(n, elem) => hash = f.hash_elements(n, elem, p, hash),
            _ => hash = f.hash_part(ty, p, hash),
        }
        f.b.ret([hash]);
        f.finish(|flags| flags.wrapper = true);
    }
}

impl FuncLower<'_, '_> {
    /// Goes on if the condition holds, else to `leave`.
    fn or_leave(&mut self, ok: Value, leave: goxide_ir::Block) {
        let next = self.b.new_block();
        self.b.branch(ok, next, leave);
        self.b.switch_to_sealed(next);
    }

    /// Compares fields in order, stopping at the first that differ. Where none can panic
    /// plain memory and the lengths of strings go first.
    fn equal_struct_parts(
        &mut self,
        ty: RType,
        fields: &[RField],
        p: Value,
        q: Value,
        differ: goxide_ir::Block,
    ) {
        let offsets = self.layout(ty).fields.clone();
        let all: Vec<(RType, u64)> = fields
            .iter()
            .zip(offsets.iter())
            .filter(|(f, _)| !f.name.is_blank())
            .map(|(f, &offset)| (f.ty, offset))
            .collect();
        let mut rest = &all[..];
        while !rest.is_empty() {
            let calm = rest
                .iter()
                .take_while(|f| !self.compare_may_panic(f.0))
                .count();
            let (now, later) = rest.split_at(calm.max(1));
            self.equal_calm_parts(now, p, q, differ);
            rest = later;
        }
    }

    /// Compares fields none of which can panic, or a single one.
    fn equal_calm_parts(
        &mut self,
        fields: &[(RType, u64)],
        p: Value,
        q: Value,
        differ: goxide_ir::Block,
    ) {
        let mut run: Option<(u64, u64)> = None;
        for &(ty, offset) in fields {
            match (self.l.alg(ty), run) {
                (Alg::Plain(n), Some((start, end))) if end == offset => {
                    run = Some((start, end + n))
                }
                (Alg::Plain(n), before) => {
                    if let Some((start, end)) = before {
                        self.equal_run(p, q, start, end - start, differ);
                    }
                    run = Some((offset, offset + n));
                }
                (Alg::String, _) => self.equal_run(p, q, offset + 8, 8, differ),
                _ => {}
            }
        }
        if let Some((start, end)) = run {
            self.equal_run(p, q, start, end - start, differ);
        }
        for &(ty, offset) in fields {
            if matches!(self.l.alg(ty), Alg::Plain(_)) {
                continue;
            }
            let at = |addr| Mem {
                addr,
                offset: offset as i32,
                safe: true,
            };
            let eq = self.equal_at(ty, at(p), at(q));
            self.or_leave(eq, differ);
        }
    }

    /// Whether comparing values of a type can panic: it holds an interface.
    pub fn compare_may_panic(&mut self, ty: RType) -> bool {
        match self.l.under_kind(ty) {
            RKind::Interface(_) => true,
            RKind::Array(n, elem) => n > 0 && self.compare_may_panic(elem),
            RKind::Struct(fields) => fields.iter().any(|f| self.compare_may_panic(f.ty)),
            _ => false,
        }
    }

    fn equal_run(&mut self, p: Value, q: Value, offset: u64, bytes: u64, differ: goxide_ir::Block) {
        let ty = match bytes {
            0 => return,
            1 => Some(Ty::I8),
            2 => Some(Ty::I16),
            4 => Some(Ty::I32),
            8 => Some(Ty::I64),
            _ => None,
        };
        let eq = match ty {
            Some(ty) => {
                let a = self.load_scalar(ty, Mem::safe(p), offset as u32);
                let b = self.load_scalar(ty, Mem::safe(q), offset as u32);
                self.b.icmp(IntCc::Eq, a, b)
            }
            None => {
                let a = self.add_offset(p, offset as i64);
                let b = self.add_offset(q, offset as i64);
                let n = self.int(bytes as i64);
                self.rt_memequal(a, b, n)
            }
        };
        self.or_leave(eq, differ);
    }

    fn equal_elements(
        &mut self,
        n: u64,
        elem: RType,
        p: Value,
        q: Value,
        differ: goxide_ir::Block,
    ) {
        self.each_element(n, elem, |f, offset| {
            let a = f.bin(BinaryOp::Iadd, p, offset);
            let b = f.bin(BinaryOp::Iadd, q, offset);
            let eq = f.equal_at(elem, Mem::safe(a), Mem::safe(b));
            f.or_leave(eq, differ);
        });
    }

    /// A loop over the byte offsets of `n` elements.
    fn each_element(&mut self, n: u64, elem: RType, body: impl FnOnce(&mut Self, Value)) {
        let size = self.layout(elem).size;
        let at = self.b.new_var(Ty::I64);
        let start = self.int(0);
        self.b.def_var(at, start);
        let (head, inside, done) = (self.b.new_block(), self.b.new_block(), self.b.new_block());
        self.b.jump(head);
        self.b.switch_to(head);
        let offset = self.b.use_var(at);
        let end = self.int(n.saturating_mul(size) as i64);
        let more = self.b.icmp(IntCc::Ult, offset, end);
        self.b.branch(more, inside, done);
        self.b.switch_to_sealed(inside);
        body(self, offset);
        let step = self.int(size as i64);
        let next = self.bin(BinaryOp::Iadd, offset, step);
        self.b.def_var(at, next);
        self.b.jump(head);
        self.b.seal(head);
        self.b.switch_to_sealed(done);
    }

    fn hash_elements(&mut self, n: u64, elem: RType, p: Value, hash: Value) -> Value {
        let var = self.b.new_var(Ty::I64);
        self.b.def_var(var, hash);
        self.each_element(n, elem, |f, offset| {
            let at = f.bin(BinaryOp::Iadd, p, offset);
            let before = f.b.use_var(var);
            let after = f.hash_part(elem, at, before);
            f.b.def_var(var, after);
        });
        self.b.use_var(var)
    }

    /// Hash of a part, from the hash of what comes before it.
    fn hash_part(&mut self, ty: RType, p: Value, hash: Value) -> Value {
        let alg = self.l.alg(ty);
        if let Alg::Plain(n) = alg
            && n != 4
            && n != 8
        {
            let n = self.int(n as i64);
            return self.rt1("memhash", &[p, hash, n]);
        }
        if let Some(name) = alg.hash_name() {
            return self.rt1(name, &[p, hash]);
        }
        let sym = self.l.synthetic(Synthetic::Hash(ty));
        let sig = Signature {
            params: smallvec![Ty::Ptr, Ty::I64],
            results: smallvec![Ty::I64],
        };
        let callee = Callee::Direct(sym, Box::new(sig));
        let call = Op::Call {
            callee,
            args: vec![p, hash],
            site: None,
        };
        self.b.push1(call)
    }
}
