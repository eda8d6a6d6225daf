//! Interface values: conversions, type assertions.

use super::{FuncLower, Mem, Place, Val};
use crate::mono::{RKind, RType};
use goxide_ir::{BinaryOp as Ir, DataReloc, IntCc, MemFlags, Op, Ty, Value};
use goxide_syntax::ast::{Expr, TypeAssertExpr};
use goxide_types::Basic;

/// Offset of the type in an itab.
const ITAB_TYPE: i32 = 8;

impl FuncLower<'_, '_> {
    /// A value as an interface.
    pub fn to_interface(&mut self, val: Val, from: RType, to: RType) -> Val {
        if from == to {
            return val;
        }
        if self.l.is_interface(from) {
            return self.interface_to_interface(val, from, to);
        }
        let word = if self.l.interface_methods(to).is_empty() {
            self.live_desc(from)
        } else {
            let sym = self.l.itab(to, from);
            self.sym_addr(sym)
        };
        let data = self.data_word(&val, from);
        Val::list(&[word, data])
    }

    fn interface_to_interface(&mut self, val: Val, from: RType, to: RType) -> Val {
        let (have, want) = (self.l.interface_methods(from), self.l.interface_methods(to));
        // An itab belongs to one interface type: another with the same methods has its own.
        if have.is_empty() && want.is_empty() {
            return val;
        }
        let typ = self.type_word(&val, from);
        let data = self.comp(&val, 1);
        if want.is_empty() {
            return Val::list(&[typ, data]);
        }
        // A nil interface stays nil.
        let (some, done) = (self.b.new_block(), self.b.new_block());
        let var = self.b.new_var(Ty::Ptr);
        let nil = self.nil();
        self.b.def_var(var, nil);
        let not_nil = self.b.icmp(IntCc::Ne, typ, nil);
        self.b.branch(not_nil, some, done);
        self.b.switch_to_sealed(some);
        let inter = self.live_desc(to);
        let canfail = self.bool(false);
        let itab = self.rt1("getitab", &[inter, typ, canfail]);
        self.b.def_var(var, itab);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        let itab = self.b.use_var(var);
        Val::list(&[itab, data])
    }

    /// The dynamic type of an interface value: its descriptor's address, nil if it is nil.
    pub fn type_word(&mut self, val: &Val, ty: RType) -> Value {
        let word = self.comp(val, 0);
        if self.l.interface_methods(ty).is_empty() {
            return word;
        }
        let (some, done) = (self.b.new_block(), self.b.new_block());
        let var = self.b.new_var(Ty::Ptr);
        let nil = self.nil();
        self.b.def_var(var, nil);
        let not_nil = self.b.icmp(IntCc::Ne, word, nil);
        self.b.branch(not_nil, some, done);
        self.b.switch_to_sealed(some);
        let flags = MemFlags {
            no_trap: true,
            immutable: true,
            ..MemFlags::default()
        };
        let typ = self.b.load(Ty::Ptr, word, ITAB_TYPE, flags);
        self.b.def_var(var, typ);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        self.b.use_var(var)
    }

    /// The data word for a value.
    pub fn data_word(&mut self, val: &Val, ty: RType) -> Value {
        if self.l.is_direct(ty) {
            return self.comp(val, 0);
        }
        if self.layout(ty).size == 0 {
            return self.zero_base();
        }
        if let Some(v) = self.constant_data(val, ty) {
            return v;
        }
        let scalar = match val {
            Val::Scalars(s) if s.len() == 1 => Some(s[0]),
            _ => None,
        };
        match (
            scalar.map(|v| (v, self.b.func.ty(v))),
            self.l.under_kind(ty),
        ) {
            (Some((v, Ty::I8)), _) if self.has_byte_table() => self.byte_data(v),
            (Some((v, Ty::I16)), _) => self.rt1("convT16", &[v]),
            (Some((v, Ty::I32)), _) => self.rt1("convT32", &[v]),
            (Some((v, Ty::I64)), _) => self.rt1("convT64", &[v]),
            (None, RKind::Basic(Basic::String)) => {
                let args = [self.comp(val, 0), self.comp(val, 1)];
                self.rt1("convTstring", &args)
            }
            _ => {
                let addr = self.new_object(ty, None);
                self.store(Mem::safe(addr), ty, val);
                addr
            }
        }
    }

    fn has_byte_table(&mut self) -> bool {
        self.byte_table().is_some()
    }

    fn byte_table(&mut self) -> Option<goxide_ir::SymId> {
        let runtime = self.l.runtime?;
        let obj = self.l.prog.lookup_package(runtime, "staticuint64s")?;
        self.l.prog.obj(obj).var()?;
        Some(self.l.global_sym(obj))
    }

    /// The place in the runtime's table of all bytes.
    fn byte_data(&mut self, v: Value) -> Value {
        let Some(sym) = self.byte_table() else {
            return self.nil();
        };
        let base = self.sym_addr(sym);
        let wide = self.extend(v, Ty::I64, true);
        let three = self.int(3);
        let offset = self.bin(Ir::ShlInRange, wide, three);
        self.bin(Ir::Iadd, base, offset)
    }

    /// Read-only data for a constant value.
    fn constant_data(&mut self, val: &Val, ty: RType) -> Option<Value> {
        let Val::Scalars(values) = val else {
            return None;
        };
        let layout = self.layout(ty);
        let comps = layout.comps.clone()?;
        let mut bytes = vec![0u8; layout.size as usize];
        let mut relocs = Vec::new();
        for (c, &v) in comps.iter().zip(values.iter()) {
            let inst = self.b.func.def_inst(v)?;
            let bits = match self.b.func.insts[inst].op {
                Op::Iconst(_, n) => n as u64,
                Op::Fconst(_, bits) => bits,
                Op::SymAddr(sym, offset) => {
                    relocs.push(DataReloc::Abs64(c.offset.into(), sym, offset));
                    0
                }
                _ => return None,
            };
            let at = c.offset as usize;
            let n = c.ty.bytes() as usize;
            bytes[at..at + n].copy_from_slice(&bits.to_le_bytes()[..n]);
        }
        let sym = self.l.constant_object(bytes, relocs, layout.align);
        Some(self.sym_addr(sym))
    }

    /// The value in an interface whose dynamic type is `ty`, given its data word.
    pub fn unpack(&mut self, data: Value, ty: RType) -> Val {
        let layout = self.layout(ty);
        if self.l.is_direct(ty) {
            return Val::one(data);
        }
        if layout.size == 0 {
            return self.zero(ty);
        }
        self.load(Mem::safe(data), ty)
    }

    // ---- assertions ----

    /// `x.(T)`, which panics.
    pub fn type_assert(&mut self, e: &Expr, t: &TypeAssertExpr) -> Val {
        let to = self.type_of_single(e);
        let from = self.type_of_single(&t.x);
        self.first_round_of(&t.x);
        let val = self.expr(&t.x);
        self.at(e.pos);
        self.assert_type(val, from, to)
    }

    /// The same for a value.
    pub fn assert_type(&mut self, val: Val, from: RType, to: RType) -> Val {
        let typ = self.type_word(&val, from);
        let data = self.comp(&val, 1);
        if self.l.is_interface(to) {
            if !self.l.interface_methods(to).is_empty() {
                let inter = self.live_desc(to);
                let itab = self.assert_itab("assertE2I", inter, typ);
                return Val::list(&[itab, data]);
            }
            let nil = self.nil();
            let ok = self.b.icmp(IntCc::Ne, typ, nil);
            let (good, bad) = self.branch_new(ok);
            self.b.set_cold(bad);
            self.b.switch_to(bad);
            let want = self.live_desc(to);
            self.rt("panicnildottype", &[want]);
            self.unreachable();
            self.b.switch_to(good);
            return Val::list(&[typ, data]);
        }
        let want = self.live_desc(to);
        let ok = self.b.icmp(IntCc::Eq, typ, want);
        let (good, bad) = self.branch_new(ok);
        self.b.set_cold(bad);
        self.b.switch_to(bad);
        let iface = self.live_desc(from);
        self.rt("panicdottypeE", &[typ, want, iface]);
        self.unreachable();
        self.b.switch_to(good);
        self.unpack(data, to)
    }

    /// The method table that an assertion finds, by a runtime function that gets a word of
    /// this place to remember the last one in.
    pub fn assert_itab(&mut self, name: &'static str, inter: Value, typ: Value) -> Value {
        let word = self.place_sym("go:assert");
        self.l.add_word(word, 8);
        let word = self.sym_addr(word);
        self.rt1(name, &[inter, typ, word])
    }

    /// `v, ok := x.(T)`
    pub fn type_assert_ok(&mut self, e: &Expr, t: &TypeAssertExpr) -> (Val, Value) {
        let to = self.type_of_single(e);
        let from = self.type_of_single(&t.x);
        self.first_round_of(&t.x);
        let val = self.expr(&t.x);
        self.at(e.pos);
        let typ = self.type_word(&val, from);
        let data = self.comp(&val, 1);
        let nil = self.nil();
        if self.l.is_interface(to) {
            let word = if self.l.interface_methods(to).is_empty() {
                typ
            } else {
                let inter = self.live_desc(to);
                self.assert_itab("assertE2I2", inter, typ)
            };
            let ok = self.b.icmp(IntCc::Ne, word, nil);
            let data = self.b.push1(Op::Select(ok, data, nil));
            return (Val::list(&[word, data]), ok);
        }
        let want = self.live_desc(to);
        let ok = self.b.icmp(IntCc::Eq, typ, want);
        let place = match self.layout(to).in_memory() {
            true => {
                let mem = self.slot(to);
                self.clear(mem, to);
                Place::Mem(mem)
            }
            false => {
                let place = self.new_vars(to);
                let zero = self.zero(to);
                self.write(&place, to, &zero);
                place
            }
        };
        let (good, done) = (self.b.new_block(), self.b.new_block());
        self.b.branch(ok, good, done);
        self.b.switch_to_sealed(good);
        let val = self.unpack(data, to);
        self.write(&place, to, &val);
        self.b.jump(done);
        self.b.switch_to_sealed(done);
        (self.read(&place, to), ok)
    }
}
