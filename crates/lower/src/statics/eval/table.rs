//! Tables of constants as data, without code: what running an initialiser would come to.

use super::{Home, Known, MAX_OBJECT_BYTES, Object, Outcome};
use crate::mono::{EnvId, RField, RKind, RType};
use crate::program::Lower;
use goxide_ir::SymId;
use goxide_syntax::ast::{CompositeLit, Expr, ExprKind, UnaryOp};
use goxide_types::{Basic, PkgId, Value as Const};

/// A table under way.
struct Table<'l, 'a> {
    l: &'l mut Lower<'a>,
    pkg: PkgId,
    objects: Vec<Object>,
}

/// A place in an object.
#[derive(Clone, Copy)]
struct Place {
    object: usize,
    at: u64,
}

impl Place {
    fn offset(self, by: u64) -> Place {
        Place {
            at: self.at + by,
            ..self
        }
    }
}

impl Lower<'_> {
    /// Makes data of a variable's initialiser that consists of constants. `false`: it has
    /// something in it that only its code says.
    pub fn table_init(
        &mut self,
        pkg: PkgId,
        (sym, size): (SymId, u64),
        ty: RType,
        value: &Expr,
    ) -> bool {
        if size > MAX_OBJECT_BYTES {
            return false;
        }
        let mut table = Table {
            l: self,
            pkg,
            objects: vec![Object::new(Home::Variable(sym), size, 1)],
        };
        if table.value(Place { object: 0, at: 0 }, ty, value).is_none() {
            return false;
        }
        let outcome = Outcome {
            objects: table.objects,
        };
        let Some(images) = self.link_objects(&outcome) else {
            return false;
        };
        for image in images {
            self.set_image(sym, image);
        }
        true
    }
}

impl Table<'_, '_> {
    fn store(&mut self, place: Place, bytes: u64, value: Known) -> Option<()> {
        self.objects[place.object].store(place.at as i64, bytes, value)
    }

    fn value(&mut self, place: Place, ty: RType, e: &Expr) -> Option<()> {
        let e = e.unparen();
        let info = &self.l.prog.pkg(self.pkg).info;
        if let Some(constant) = info.value(e.id).cloned() {
            return self.constant(place, ty, &constant);
        }
        let own = info.ty(e.id)?;
        if self.l.rtype(own, EnvId::EMPTY) != ty {
            return None; // converted to an interface type
        }
        match &e.kind {
            ExprKind::CompositeLit(c) => self.composite(place, ty, c),
            ExprKind::Unary(u) if u.op == UnaryOp::Addr => match &u.x.unparen().kind {
                ExprKind::CompositeLit(c) => self.pointer(place, ty, c),
                _ => None,
            },
            _ => None,
        }
    }

    fn constant(&mut self, place: Place, ty: RType, c: &Const) -> Option<()> {
        let RKind::Basic(basic) = self.l.under_kind(ty) else {
            return None;
        };
        let bits = match basic {
            Basic::Bool => c.as_bool()?.into(),
            Basic::Float32 => c.to_f32()?.to_bits().into(),
            Basic::Float64 => c.to_f64()?.to_bits(),
            Basic::Complex64 | Basic::Complex128 => return None,
            Basic::String => {
                let text = c.as_bytes()?;
                if !text.is_empty() {
                    let sym = self.l.string_data(text);
                    self.store(place, 8, Known::Sym(sym, 0))?;
                }
                return self.store(place.offset(8), 8, Known::Bits(text.len() as u64));
            }
            _ => c.as_bits()?,
        };
        let bytes = self.l.layout(ty).size;
        self.store(place, bytes, Known::Bits(bits))
    }

    /// `&T{…}`, also where the `&T` is left out.
    fn pointer(&mut self, place: Place, ty: RType, c: &CompositeLit) -> Option<()> {
        let RKind::Pointer(to) = self.l.under_kind(ty) else {
            return None;
        };
        let object = self.object(to)?;
        self.composite(Place { object, at: 0 }, to, c)?;
        self.store(place, 8, Known::Object(object, 0))
    }

    fn object(&mut self, ty: RType) -> Option<usize> {
        let layout = self.l.layout(ty);
        if layout.size == 0 || layout.size > MAX_OBJECT_BYTES {
            return None;
        }
        let home = Home::Heap(layout.has_pointers());
        self.objects
            .push(Object::new(home, layout.size, layout.align as u32));
        Some(self.objects.len() - 1)
    }

    fn composite(&mut self, place: Place, ty: RType, c: &CompositeLit) -> Option<()> {
        match self.l.under_kind(ty) {
            RKind::Pointer(_) => self.pointer(place, ty, c),
            RKind::Struct(fields) => self.fields(place, ty, &fields, c),
            RKind::Array(_, elem) => self.elements(place, elem, c),
            RKind::Slice(elem) => {
                let n = self.length(c)?;
                let array = self.l.mono.array(n, elem);
                let object = self.object(array)?;
                self.elements(Place { object, at: 0 }, elem, c)?;
                self.store(place, 8, Known::Object(object, 0))?;
                self.store(place.offset(8), 8, Known::Bits(n))?;
                self.store(place.offset(16), 8, Known::Bits(n))
            }
            _ => None,
        }
    }

    fn fields(
        &mut self,
        place: Place,
        ty: RType,
        fields: &[RField],
        c: &CompositeLit,
    ) -> Option<()> {
        let layout = self.l.layout(ty);
        for (i, elem) in c.elems.iter().enumerate() {
            let (i, value) = match &elem.kind {
                ExprKind::KeyValue(kv) => {
                    let name = kv.key.as_ident()?.name;
                    // A promoted field is none of these.
                    (fields.iter().position(|f| f.name == name)?, &kv.value)
                }
                _ => (i, elem),
            };
            let field = fields.get(i).filter(|field| !field.name.is_blank())?;
            self.value(place.offset(*layout.fields.get(i)?), field.ty, value)?;
        }
        Some(())
    }

    fn elements(&mut self, place: Place, elem: RType, c: &CompositeLit) -> Option<()> {
        let size = self.l.layout(elem).size;
        let mut index = 0;
        for e in &c.elems {
            let value = match &e.kind {
                ExprKind::KeyValue(kv) => {
                    index = self.index(&kv.key)?;
                    &kv.value
                }
                _ => e,
            };
            self.value(place.offset(index * size), elem, value)?;
            index += 1;
        }
        Some(())
    }

    /// One more than the largest index of an array or slice literal.
    fn length(&self, c: &CompositeLit) -> Option<u64> {
        let (mut next, mut length) = (0, 0);
        for e in &c.elems {
            if let ExprKind::KeyValue(kv) = &e.kind {
                next = self.index(&kv.key)?;
            }
            next += 1;
            length = length.max(next);
        }
        Some(length)
    }

    fn index(&self, key: &Expr) -> Option<u64> {
        let info = &self.l.prog.pkg(self.pkg).info;
        info.value(key.id)?.as_u64()
    }
}
