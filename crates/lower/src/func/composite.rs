//! Composite literals.

use super::shown::literal_text;
use super::{FuncLower, Listed, Mem, Val};
use crate::mono::{RKind, RType};
use goxide_syntax::ast::{CompositeLit, Expr, ExprKind, UnaryOp};

impl FuncLower<'_, '_> {
    /// `T{…}`
    pub fn composite(&mut self, e: &Expr, c: &CompositeLit) -> Val {
        let ty = self.type_of(e);
        match self.l.under_kind(ty) {
            // An inner `{…}` whose type is a pointer stands for `&T{…}`.
            RKind::Pointer(to) => {
                let addr = self.new_object(to, None);
                self.composite_into(Mem::safe(addr), to, e, c, true);
                Val::one(addr)
            }
            RKind::Slice(elem) => {
                let n = self.literal_length(c);
                let array = self.l.mono.array(n, elem);
                let addr = self.new_object(array, None);
                if let Some(text) = literal_text(c) {
                    self.name_object(addr, c.lbrace, || text);
                }
                self.elements_into(Mem::safe(addr), elem, c);
                let len = self.int(n as i64);
                Val::list(&[addr, len, len])
            }
            RKind::Map(key, elem) => self.map_literal(ty, key, elem, c),
            RKind::Struct(_) if !self.layout(ty).in_memory() => self.struct_scalars(ty, c),
            _ => {
                let mem = self.slot(ty);
                self.composite_into(mem, ty, e, c, false);
                if self.layout(ty).in_memory() {
                    Val::Memory(mem)
                } else {
                    self.load(mem, ty)
                }
            }
        }
    }

    /// A struct literal of register class.
    fn struct_scalars(&mut self, ty: RType, c: &CompositeLit) -> Val {
        let place = self.new_vars(ty);
        let zero = self.zero(ty);
        self.write(&place, ty, &zero);
        for (i, elem) in c.elems.iter().enumerate() {
            let (path, value) = self.field_of_elem(i, elem, ty);
            if self.is_blank_field(ty, &path) {
                self.discard(value);
                continue;
            }
            let (mut at, mut field) = (place.clone(), ty);
            for i in path {
                at = self.field_place(&at, field, i);
                field = self.field_info(field, i).0;
            }
            let val = self.element_value(value, field);
            self.write(&at, field, &val);
        }
        self.read(&place, ty)
    }

    /// The type of the field that an element of a struct literal is for.
    pub fn type_of_field(&mut self, i: usize, elem: &Expr, ty: RType) -> RType {
        let (path, _) = self.field_of_elem(i, elem, ty);
        path.into_iter().fold(ty, |ty, i| self.field_info(ty, i).0)
    }

    /// Whether a path leads to a blank field, which stays zero whatever it is given.
    fn is_blank_field(&mut self, ty: RType, path: &[usize]) -> bool {
        match (self.l.under_kind(ty), path) {
            (RKind::Struct(fields), &[i]) => fields.get(i).is_some_and(|f| f.name.is_blank()),
            _ => false,
        }
    }

    /// Path to the field that an element of a struct literal is for, and its value.
    fn field_of_elem<'x>(&mut self, i: usize, elem: &'x Expr, ty: RType) -> (Vec<usize>, &'x Expr) {
        let ExprKind::KeyValue(kv) = &elem.kind else {
            return (vec![i], elem);
        };
        // A promoted field's key has a selection.
        if let Some(sel) = self.info().selections.get(&kv.key.id) {
            return (sel.path.iter().map(|&i| i as usize).collect(), &kv.value);
        }
        let name = kv.key.as_ident().map(|i| i.name);
        let position = match self.l.under_kind(ty) {
            RKind::Struct(fields) => fields.iter().position(|f| Some(f.name) == name),
            _ => None,
        };
        if position.is_none() {
            self.unsupported(kv.key.pos, "key of this struct literal");
        }
        (vec![position.unwrap_or(0)], &kv.value)
    }

    /// Writes a struct or array literal to memory; `zeroed` says that it is zero already.
    pub fn composite_into(
        &mut self,
        mem: Mem,
        ty: RType,
        e: &Expr,
        c: &CompositeLit,
        zeroed: bool,
    ) {
        match self.l.under_kind(ty) {
            RKind::Struct(fields) => {
                let direct = c.elems.iter().all(|e| self.is_direct_key(e));
                let blanks = fields.iter().any(|f| f.name.is_blank());
                let clean = zeroed || c.elems.len() < fields.len() || !direct || blanks;
                if !zeroed && clean {
                    self.clear(mem, ty);
                }
                for (i, elem) in c.elems.iter().enumerate() {
                    let (path, value) = self.field_of_elem(i, elem, ty);
                    if self.is_blank_field(ty, &path) {
                        self.discard(value);
                        continue;
                    }
                    let (mut at, mut field) = (mem, ty);
                    for i in path {
                        let (next, offset, _) = self.field_info(field, i);
                        (at, field) = (self.offset_mem(at, offset), next);
                    }
                    self.init_into(at, field, value, clean);
                }
            }
            RKind::Array(n, elem) => {
                let full = c.elems.len() as u64 == n
                    && !c
                        .elems
                        .iter()
                        .any(|e| matches!(e.kind, ExprKind::KeyValue(_)));
                if !zeroed && !full {
                    self.clear(mem, ty);
                }
                self.elements_into_with(mem, elem, c, zeroed || !full);
            }
            _ => {
                let val = self.composite(e, c);
                self.store(mem, ty, &val);
            }
        }
    }

    /// Whether an element's key, if it has one, is a field of the struct itself.
    fn is_direct_key(&self, elem: &Expr) -> bool {
        match &elem.kind {
            ExprKind::KeyValue(kv) => !self.info().selections.contains_key(&kv.key.id),
            _ => true,
        }
    }

    /// Evaluates an expression into fresh memory.
    pub fn init_into(&mut self, mem: Mem, ty: RType, e: &Expr, zeroed: bool) {
        if let ExprKind::CompositeLit(c) = &e.unparen().kind
            && self.layout(ty).in_memory()
            && self.type_of(e) == ty
        {
            return self.composite_into(mem, ty, e.unparen(), c, zeroed);
        }
        let val = self.element_value(e, ty);
        self.store(mem, ty, &val);
    }

    /// The value of an element; where each has its turn (see `by_element`), in two rounds of
    /// its own.
    fn element_value(&mut self, e: &Expr, ty: RType) -> Val {
        if !self.by_element || self.is_list_literal(e) {
            return self.expr_as(e, ty);
        }
        self.by_element = false;
        self.first_round(std::iter::once(Listed::As(e, ty)));
        let val = self.expr_as(e, ty);
        self.by_element = true;
        val
    }

    /// Gives a package-level variable its first value. The elements of a literal are assigned
    /// one after the other, as if each was a statement.
    pub fn initial_value_into(&mut self, mem: Mem, ty: RType, e: &Expr) {
        self.by_element = true;
        self.init_into(mem, ty, e, true);
        self.by_element = false;
    }

    /// Whether an expression is a literal of a struct, array or slice, or the address of one.
    fn is_list_literal(&mut self, e: &Expr) -> bool {
        match &e.unparen().kind {
            ExprKind::CompositeLit(_) => {
                let ty = self.type_of(e);
                !self.is_map(ty)
            }
            ExprKind::Unary(u) if u.op == UnaryOp::Addr => self.is_list_literal(&u.x),
            _ => false,
        }
    }

    fn elements_into(&mut self, mem: Mem, elem: RType, c: &CompositeLit) {
        self.elements_into_with(mem, elem, c, true);
    }

    fn elements_into_with(&mut self, mem: Mem, elem: RType, c: &CompositeLit, zeroed: bool) {
        let size = self.layout(elem).size;
        let mut index = 0u64;
        for e in &c.elems {
            let value = match &e.kind {
                ExprKind::KeyValue(kv) => {
                    index = self.constant_index(&kv.key);
                    &kv.value
                }
                _ => e,
            };
            let at = self.offset_mem(mem, index * size);
            self.init_into(at, elem, value, zeroed);
            index += 1;
        }
    }

    fn constant_index(&mut self, key: &Expr) -> u64 {
        let n = self.info().value(key.id).and_then(|v| v.as_u64());
        n.unwrap_or_else(|| {
            self.unsupported(key.pos, "index that is no constant in a literal");
            0
        })
    }

    /// One more than the largest index of an array or slice literal.
    pub fn literal_length(&mut self, c: &CompositeLit) -> u64 {
        let (mut index, mut max) = (0, 0);
        for e in &c.elems {
            if let ExprKind::KeyValue(kv) = &e.kind {
                index = self.constant_index(&kv.key);
            }
            index += 1;
            max = max.max(index);
        }
        max
    }

    fn map_literal(&mut self, ty: RType, key: RType, elem: RType, c: &CompositeLit) -> Val {
        let hint = self.int(c.elems.len() as i64);
        let map = self.make_map(ty, Some(hint));
        for e in &c.elems {
            let ExprKind::KeyValue(kv) = &e.kind else {
                continue;
            };
            let list = [Listed::Key(&kv.key, ty), Listed::As(&kv.value, elem)];
            self.first_round(list.into_iter());
            let key_val = self.expr_as(&kv.key, key);
            let key_val = self.stable(key_val, key);
            let val = self.expr_as(&kv.value, elem);
            self.map_store(ty, map, &key_val, &val);
        }
        Val::one(map)
    }
}
