//! Resolves relocations of code and data.

use crate::{LinkError, Program, image::Image, layout::Layout};
use goxide_abi::EntryPoint;
use goxide_base::Symbol;
use goxide_clif::{RelocKind, RelocTarget};
use goxide_ir::{DataReloc, SymId};

struct Resolver<'a> {
    program: &'a Program<'a>,
    image: &'a Image<'a>,
    undefined: Vec<(String, String)>,
}

impl Resolver<'_> {
    /// Address of a symbol of the program or, by name, of the image. Notes it when missing.
    fn sym(&mut self, layout: &Layout, sym: SymId, user: SymId) -> u64 {
        let name = self.program.module.symbols.name(sym);
        layout
            .address(sym)
            .or_else(|| self.image.address(name.as_str()))
            .unwrap_or_else(|| {
                self.missing(name.as_str(), user);
                0
            })
    }

    fn named(&mut self, layout: &Layout, name: Symbol, user: SymId) -> u64 {
        let known = self.program.module.symbols.find(name);
        let address = known.and_then(|sym| layout.address(sym));
        address
            .or_else(|| self.image.address(name.as_str()))
            .unwrap_or_else(|| {
                self.missing(name.as_str(), user);
                0
            })
    }

    fn missing(&mut self, name: &str, user: SymId) {
        if !self.undefined.iter().any(|(known, _)| known == name) {
            let user = self.program.module.symbols.name(user);
            self.undefined.push((name.to_string(), user.to_string()));
        }
    }
}

/// Resolves everything, or names all that is undefined.
pub fn resolve(
    program: &Program<'_>,
    image: &Image<'_>,
    layout: &mut Layout,
) -> Result<(), LinkError> {
    let mut resolver = Resolver {
        program,
        image,
        undefined: Vec::new(),
    };
    resolve_code(&mut resolver, layout)?;
    resolve_data(&mut resolver, layout)?;
    if resolver.undefined.is_empty() {
        Ok(())
    } else {
        resolver.undefined.sort();
        Err(LinkError::Undefined(resolver.undefined))
    }
}

fn resolve_code(resolver: &mut Resolver<'_>, layout: &mut Layout) -> Result<(), LinkError> {
    for (index, start) in layout.functions.clone() {
        let function = &resolver.program.functions[index];
        for reloc in &function.relocs {
            let target = match &reloc.target {
                RelocTarget::Sym(sym) => resolver.sym(layout, *sym, function.sym),
                RelocTarget::Named(name) => resolver.named(layout, *name, function.sym),
            };
            let value = target.wrapping_add_signed(reloc.addend);
            let at = start + u64::from(reloc.offset);
            match reloc.kind {
                RelocKind::Abs64 => layout.text.patch(at, &value.to_le_bytes()),
                RelocKind::Rel32 => {
                    let displacement = i32::try_from(value.wrapping_sub(at) as i64);
                    // An undefined target is reported by name, not as out of reach.
                    let displacement = match displacement {
                        Err(_) if target != 0 => return Err(LinkError::TooLarge),
                        other => other.unwrap_or(0),
                    };
                    layout.text.patch(at, &displacement.to_le_bytes());
                }
            }
        }
    }
    Ok(())
}

fn resolve_data(resolver: &mut Resolver<'_>, layout: &mut Layout) -> Result<(), LinkError> {
    for data in &resolver.program.module.data {
        if data.relocs.is_empty() {
            continue;
        }
        let start = layout
            .address(data.sym)
            .expect("every data object is placed");
        for reloc in &data.relocs {
            match *reloc {
                DataReloc::Abs64(offset, sym, addend) => {
                    let value = resolver
                        .sym(layout, sym, data.sym)
                        .wrapping_add_signed(addend);
                    patch(layout, start + offset, &value.to_le_bytes());
                }
                DataReloc::RodataOff32(offset, sym) => {
                    let base = layout.rodata.address;
                    let value = resolver.sym(layout, sym, data.sym).wrapping_sub(base);
                    patch(layout, start + offset, &offset32(value)?.to_le_bytes());
                }
                DataReloc::TextOff32(offset, sym) => {
                    let base = layout.text.address;
                    let value = resolver.sym(layout, sym, data.sym).wrapping_sub(base);
                    patch(layout, start + offset, &offset32(value)?.to_le_bytes());
                }
            }
        }
    }
    Ok(())
}

fn offset32(value: u64) -> Result<i32, LinkError> {
    // An undefined symbol (address 0) gives nonsense here and is reported by name.
    i32::try_from(value as i64).map_err(|_| LinkError::TooLarge)
}

fn patch(layout: &mut Layout, at: u64, bytes: &[u8]) {
    if at >= layout.data.address {
        layout.data.patch(at, bytes);
    } else {
        layout.rodata.patch(at, bytes);
    }
}

/// The functions that the runtime starts must be there.
pub fn check_entry_points(program: &Program<'_>, layout: &Layout) -> Result<(), LinkError> {
    let needed = EntryPoint::SYMBOLS[EntryPoint::Main as usize];
    let sym = program.module.symbols.find(Symbol::intern(needed));
    match sym.and_then(|s| layout.address(s)) {
        Some(_) => Ok(()),
        None => Err(LinkError::Undefined(vec![(
            needed.into(),
            "the runtime image".into(),
        )])),
    }
}
