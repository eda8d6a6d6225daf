//! Struct types.

use crate::checker::Checker;
use crate::types::*;
use goxide_base::{FxHashMap, Pos};
use goxide_syntax::ast::{self, Expr, ExprKind, Ident, LitKind};
use std::sync::Arc;

impl<'a> Checker<'_, 'a> {
    /// Checks `struct { … }`.
    pub fn struct_type(&mut self, s: &'a ast::StructType) -> TypeId {
        let mut fields = Vec::new();
        let mut tags = Vec::new();
        let mut seen = FxHashMap::default();
        for f in &s.fields.fields {
            let ty = self.var_type(&f.ty);
            let tag = self.tag(f.tag.as_ref());
            let embedded = f.names.is_empty();
            let embedded_name: Option<Ident>;
            let names = if embedded {
                embedded_name = embedded_ident(&f.ty);
                if embedded_name.is_none() && !matches!(f.ty.kind, ExprKind::Bad) {
                    let shown = goxide_syntax::expr_string(&f.ty);
                    let msg = format!("invalid embedded field type {shown}");
                    self.err(f.ty.start(), "InvalidSyntaxTree", msg);
                }
                self.check_embedded(f.ty.start(), ty);
                embedded_name.as_slice()
            } else {
                &f.names
            };
            for &ident in names {
                let pkg = Some(self.pkg);
                let field = self.p.new_field(ident.name, ident.pos, pkg, ty, embedded);
                if !ident.is_blank()
                    && let Some(&other) = seen.get(&ident.name)
                {
                    let msg = format!("{} redeclared", ident.name);
                    self.err_decl(ident.pos, "DuplicateDecl", msg, other);
                    continue;
                }
                seen.insert(ident.name, field);
                self.info().set_def(ident.id, field);
                fields.push(field);
                tags.push(tag.clone());
            }
        }
        if tags.iter().all(Option::is_none) {
            tags.clear();
        }
        let s = Struct {
            fields: fields.into(),
            tags: tags.into(),
        };
        self.p.add_type(Type::Struct(Arc::new(s)))
    }

    fn tag(&mut self, tag: Option<&ast::Literal>) -> Option<Arc<[u8]>> {
        let tag = tag.filter(|t| !t.bad)?;
        let value = goxide_syntax::literal::string_value(tag.text.as_str());
        if value.is_none() || tag.kind != LitKind::String {
            let msg = format!(
                "invalid syntax tree: incorrect tag syntax: {:?}",
                tag.text.as_str()
            );
            self.err(tag.pos, "InvalidSyntaxTree", msg);
        }
        value.map(Into::into)
    }

    /// Reports an embedded field of a type that can't be embedded, when types are set up.
    fn check_embedded(&mut self, pos: Pos, ty: TypeId) {
        self.later(move |c| {
            let (base, is_ptr) = c.p.deref(ty);
            let is_param = c.p.is_type_param(base);
            let (code, msg) = match c.p.under_ty(base) {
                Type::Basic(Basic::UnsafePointer) => (
                    "InvalidPtrEmbed",
                    "embedded field type cannot be unsafe.Pointer",
                ),
                Type::Pointer(_) => ("InvalidPtrEmbed", "embedded field type cannot be a pointer"),
                Type::Interface(_) if is_param => (
                    "MisplacedTypeParam",
                    "embedded field type cannot be a (pointer to a) type parameter",
                ),
                Type::Interface(_) if is_ptr => (
                    "InvalidPtrEmbed",
                    "embedded field type cannot be a pointer to an interface",
                ),
                _ => return,
            };
            c.err(pos, code, msg);
        });
    }
}

/// The identifier that names an embedded field.
pub(crate) fn embedded_ident(e: &Expr) -> Option<Ident> {
    match &e.kind {
        ExprKind::Ident(_) => e.as_ident(),
        ExprKind::Star(base) if !matches!(base.kind, ExprKind::Star(_)) => embedded_ident(base),
        ExprKind::Selector(s) => Some(s.sel),
        ExprKind::Index(i) => embedded_ident(&i.x),
        ExprKind::Paren(p) => embedded_ident(&p.x),
        _ => None,
    }
}
